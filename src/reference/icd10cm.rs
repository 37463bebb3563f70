//! ICD-10-CM: diagnosis codes with their official titles, each a billable code or a header over others.
//!
//! Source: NCHS, <https://www.cdc.gov/nchs/icd/icd-10-cm/>. The order file's layout: 1–5 order number, 7–13 code
//! without its point, 15 `1` billable or `0` header, 17–76 short title, from 78 long title.

use std::io::Read;
use std::sync::LazyLock;

use super::coverage::Coverage;
use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Gathered, Keyed, Sieve};
use crate::domain::codes::DiagnosisCode;
use crate::domain::dates::{Date, Period, date};

static EMBEDDED: LazyLock<Icd10Cm> = LazyLock::new(|| {
    let mut text = Vec::with_capacity(8 << 20);
    // The data are part of the program; a test below holds that they are whole.
    let _ = flate2::read::GzDecoder::new(include_bytes!("data/icd10cm_2026_april.tsv.gz").as_slice())
        .read_to_end(&mut text);
    Icd10Cm::parse_tsv("ICD-10-CM FY2026, April 2026 update", FISCAL_YEAR_2026, &text).unwrap_or_default()
});

/// A release covers discharges and encounters of a federal fiscal year (45 CFR 162.1002).
const FISCAL_YEAR_2026: Period = Period::between(date(2025, 10, 1), date(2026, 9, 30));

/// One release of ICD-10-CM.
#[derive(Clone, Debug, Default)]
pub struct Icd10Cm {
    release: String,
    period: Option<Period>,
    /// All titles, one after another.
    titles: String,
    rows: Vec<Row>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    code: DiagnosisCode,
    billable: bool,
    title_len: u16,
    title_start: u32,
}

/// What the code set says of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Whether a claim may carry it; a header stands over more specific codes.
    pub billable: bool,
    /// NCHS's title, unchanged.
    pub title: &'a str,
}

impl Icd10Cm {
    /// The release that ships with the program: fiscal year 2026, April 2026 update.
    pub fn embedded() -> &'static Icd10Cm {
        &EMBEDDED
    }

    /// Reads NCHS's order file (`icd10cm_order_YYYY.txt`).
    pub fn parse_order_file(release: &str, period: Period, bytes: &[u8]) -> Result<Icd10Cm, LayoutError> {
        Icd10Cm::read(&Edition::part(release, period), bytes, &mut Sieve::strict())
    }

    pub(super) fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<Icd10Cm, LayoutError> {
        Icd10Cm::collect(edition, Records::fixed(input, ORDER_FILE), sieve)
    }

    /// Reads `code`, `1` or `0` for billable, and title, parted by tabs, below one line of headings.
    fn parse_tsv(release: &str, period: Period, bytes: &[u8]) -> Result<Icd10Cm, LayoutError> {
        let mut records = Records::tabbed(bytes);
        records.next(&mut Record::default())?;
        Icd10Cm::collect(&Edition::part(release, period), records, &mut Sieve::strict())
    }

    fn collect(edition: &Edition, mut records: Records, sieve: &mut Sieve) -> Result<Icd10Cm, LayoutError> {
        let mut titles = String::new();
        let mut gathered = Gathered::default();
        let mut record = Record::default();
        while records.next(&mut record)? {
            if !record.is_blank() {
                let row = sieve.row(row(&record, &mut titles))?;
                gathered.push(sieve, &record, row);
            }
        }
        titles.shrink_to_fit();
        let rows = gathered.into_rows(sieve)?;
        Ok(Icd10Cm { release: edition.release.clone(), period: Some(edition.period), titles, rows })
    }

    /// The release's name.
    pub fn release(&self) -> &str {
        &self.release
    }

    /// A release holds every code of its fiscal year.
    pub fn coverage(&self) -> Coverage {
        self.period.map_or(Coverage::Partial, Coverage::Complete)
    }

    /// Whether the release speaks for the day.
    pub fn covers(&self, day: Date) -> bool {
        self.coverage().denies_absence_on(day)
    }

    /// How many codes it holds, headers included.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it holds no code.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What the release says of a code; `None` where it has no such code.
    pub fn lookup(&self, code: DiagnosisCode) -> Option<Entry<'_>> {
        let at = self.rows.binary_search_by_key(&code, |row| row.code).ok()?;
        let row = self.rows.get(at)?;
        let start = usize::try_from(row.title_start).ok()?;
        let title = self.titles.get(start..start + usize::from(row.title_len))?;
        Some(Entry { billable: row.billable, title })
    }

    /// The first `max` billable codes below a header, in order of code; a billable code is its own and only one.
    pub fn billable_under(&self, code: DiagnosisCode, max: usize) -> impl Iterator<Item = DiagnosisCode> + '_ {
        let from = self.rows.partition_point(|row| row.code < code);
        let rows = self.rows.get(from..).unwrap_or_default().iter();
        rows.take_while(move |row| row.code.as_str().starts_with(code.as_str()))
            .filter(|row| row.billable)
            .map(|row| row.code)
            .take(max)
    }
}

/// The order file's code, flag and long title.
const ORDER_FILE: &[(usize, usize)] = &[(7, 13), (15, 15), (78, usize::MAX)];

fn row(record: &Record, titles: &mut String) -> Result<Row, LayoutError> {
    let three = |text: &str| DiagnosisCode::parse(text).filter(|_| text.len() >= 3);
    let code = record.read(0, "code", "three to seven letters and digits", three)?;
    let billable = record.read(1, "billable flag", "0 or 1", |text| match text {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    })?;
    let title = record.text(2);
    let (Ok(title_start), Ok(title_len)) = (u32::try_from(titles.len()), u16::try_from(title.len())) else {
        return Err(record.error("title", "a title of one line", &title));
    };
    titles.push_str(&title);
    Ok(Row { code, billable, title_len, title_start })
}

impl Keyed for Row {
    type Key = DiagnosisCode;
    const COLUMNS: &'static str = "code";

    fn key(&self) -> DiagnosisCode {
        self.code
    }

    fn key_text(&self) -> String {
        self.code.to_string()
    }
}

pub(super) const KIND: Kind = Kind {
    id: "icd10cm",
    title: "ICD-10-CM, diagnosis codes",
    publisher: "NCHS, CDC",
    href: "https://www.cdc.gov/nchs/icd/icd-10-cm/",
    layouts: "order file (icd10cm_order_20YY.txt)",
    used_for: "diagnoses that exist and may be billed",
    minimum_rows: 70_000,
    recognizes: |head| head.starts_with("00001 A00 "),
    read: |edition, files| one_file(edition, files, OfficialTable::Icd10Cm, Icd10Cm::read),
};

pub(super) const PCS: Kind = Kind {
    id: "icd10pcs",
    title: "ICD-10-PCS, procedures in hospital",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/coding-billing/icd-10-codes",
    layouts: "order file (icd10pcs_order_20YY.txt)",
    used_for: "procedures that exist and may be billed by a hospital",
    minimum_rows: 70_000,
    recognizes: |head| head.starts_with("00001 001 "),
    read: |edition, files| one_file(edition, files, OfficialTable::Icd10Pcs, Icd10Cm::read),
};

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DiagnosisCode {
        DiagnosisCode::parse(text).unwrap()
    }

    #[test]
    fn the_embedded_release_holds_every_code_of_fiscal_year_2026() {
        let set = Icd10Cm::embedded();
        assert_eq!(set.len(), 98_166);
        assert!(set.rows.is_sorted_by(|a, b| a.code < b.code));
        assert!(set.covers(date(2025, 10, 1)) && set.covers(date(2026, 9, 30)));
        assert!(!set.covers(date(2026, 10, 1)) && !set.covers(date(2025, 9, 30)));
    }

    /// FY2024 split K35.2: since then it is a header twice over.
    #[test]
    fn appendicitis_k35_2_is_a_header_and_its_billable_codes_can_be_named() {
        let set = Icd10Cm::embedded();
        assert!(!set.lookup(code("K352")).unwrap().billable);
        assert!(!set.lookup(code("K3520")).unwrap().billable);
        let under: Vec<_> = set.billable_under(code("K352"), 10).map(|c| c.to_string()).collect();
        assert_eq!(under, ["K35200", "K35201", "K35209", "K35210", "K35211", "K35219"]);
        assert_eq!(set.billable_under(code("K35"), 2).count(), 2);
        assert_eq!(set.lookup(code("K3580")), Some(Entry { billable: true, title: "Unspecified acute appendicitis" }));
        assert_eq!(set.billable_under(code("K3580"), 9).collect::<Vec<_>>(), [code("K3580")]);
    }

    #[test]
    fn a_code_that_only_looks_right_is_not_there() {
        let set = Icd10Cm::embedded();
        assert_eq!(set.lookup(code("K35299")), None);
        assert_eq!(set.lookup(code("M545")).map(|entry| entry.billable), Some(false));
        assert_eq!(set.lookup(code("M5450")).map(|entry| entry.billable), Some(true));
        assert_eq!(set.billable_under(code("XX"), 5).count(), 0);
    }

    #[test]
    fn titles_keep_their_letters() {
        assert_eq!(Icd10Cm::embedded().lookup(code("C841")).unwrap().title, "Sézary disease");
    }

    const ORDER: &str = "\
20086 M545    0 Low back pain                                                Low back pain
20087 M5450   1 Low back pain, unspecified                                   Low back pain, unspecified
";

    #[test]
    fn the_order_file_is_read_by_its_columns() {
        let set = Icd10Cm::parse_order_file("test", FISCAL_YEAR_2026, ORDER.as_bytes()).unwrap();
        assert_eq!(set.lookup(code("M5450")), Some(Entry { billable: true, title: "Low back pain, unspecified" }));
        assert!(!set.lookup(code("M545")).unwrap().billable);
    }

    #[test]
    fn an_order_file_with_a_shifted_column_names_its_line() {
        let text = ORDER.replace("M5450   1", "M5450    1");
        let error = Icd10Cm::parse_order_file("test", FISCAL_YEAR_2026, text.as_bytes()).unwrap_err();
        assert_eq!((error.line, error.column), (2, "billable flag"));
    }
}
