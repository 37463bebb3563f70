//! HCPCS Level II: codes for what CPT has no code for, and modifiers, with CMS's texts.
//!
//! CMS, <https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system/quarterly-update>: the file
//! ANWEB, as fixed-width txt of 320 (layout HCPCyyyy_recordlayout.txt) or csv. Level I codes (CPT, of the AMA) and D
//! codes (CDT, of the ADA) that may stand in it are left out.

use std::io::Read;

use super::import::{Edition, Kind, one_file};
use super::layout::{Fault, LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Gathered, Heading, Keyed, Release, Sieve};
use crate::domain::codes::{Code, ProcedureCode};
use crate::domain::dates::{Date, Period, parse_d8};

/// The codes and modifiers of a release.
pub type Hcpcs = Release<HcpcsEntry>;

/// A code of five characters or a modifier of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HcpcsEntry {
    /// The code or modifier.
    pub code: ProcedureCode,
    /// CMS's long description.
    pub long: String,
    /// CMS's short description.
    pub short: String,
    /// The first pricing indicator, such as 51 for drugs; empty for a modifier.
    pub pricing: Code<2>,
    /// Coverage: C by the carrier's judgment, D special instructions apply, I not payable, M not covered by law, S not
    /// covered by statute.
    pub coverage: Code<1>,
    /// The first type of service.
    pub type_of_service: Code<1>,
    /// The day it was added.
    pub added: Date,
    /// The day since which this entry holds.
    pub effective: Date,
    /// The last day it may be used, if it ended.
    pub terminated: Option<Date>,
}

impl HcpcsEntry {
    /// Whether a service of the day may carry it.
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.added <= day && self.terminated.is_none_or(|last| day <= last)
    }
}

impl Keyed for HcpcsEntry {
    type Key = ProcedureCode;
    const COLUMNS: &'static str = "HCPC";

    fn key(&self) -> ProcedureCode {
        self.code
    }

    fn key_text(&self) -> String {
        self.code.to_string()
    }
}

/// The columns read, in the order of the constants below: where they stand in the txt, and their names in the csv.
const FIXED: &[(usize, usize)] =
    &[(1, 5), (11, 11), (12, 91), (92, 119), (120, 121), (230, 230), (261, 261), (269, 276), (277, 284), (285, 292)];
const NAMES: [&str; 10] = [
    "hcpc",
    "recid",
    "long description",
    "short description",
    "price1",
    "cov",
    "tos1",
    "add dt",
    "act eff dt",
    "term dt",
];

/// Reads the txt or the csv.
pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<Hcpcs, LayoutError> {
    parse_edition(&Edition::part(release, effective), bytes)
}

/// Reads the txt or the csv of a release that may be whole.
pub fn parse_edition(edition: &Edition, bytes: &[u8]) -> Result<Hcpcs, LayoutError> {
    read(edition, bytes, &mut Sieve::strict())
}

fn read(edition: &Edition, mut input: impl Read, sieve: &mut Sieve) -> Result<Hcpcs, LayoutError> {
    let mut head = Vec::new();
    // What is wrong with the input comes up again when it is read on.
    let _ = input.by_ref().take(1_024).read_to_end(&mut head);
    let csv = head.to_ascii_uppercase().windows(7).any(|text| text == b"SEQNUM,");
    let input = std::io::Cursor::new(head).chain(input);
    let mut records = if csv { Records::csv(input) } else { Records::fixed(input, FIXED) };
    let mut columns = (!csv).then(|| std::array::from_fn(|at| at));
    let mut record = Record::default();
    let mut entries = Entries::default();
    while records.next(&mut record)? {
        match columns {
            _ if record.is_blank() => {}
            None => columns = heading(&record)?,
            Some(columns) => entries.take(&record, columns, sieve)?,
        }
    }
    if entries.left_out > 0 {
        sieve.notes.push(format!("{} rows of CPT and CDT codes were left out", entries.left_out));
    }
    entries.check_year(edition, &record)?;
    entries.gathered.into_release(edition, sieve)
}

fn heading(record: &Record) -> Result<Option<[usize; 10]>, LayoutError> {
    let heading = Heading::of(record);
    if !heading.has("seqnum") {
        return Ok(None);
    }
    let mut columns = [0; 10];
    for (slot, name) in columns.iter_mut().zip(NAMES) {
        *slot = heading.column(name)?;
    }
    Ok(Some(columns))
}

#[derive(Default)]
struct Entries {
    gathered: Gathered<HcpcsEntry>,
    newest: Option<Date>,
    left_out: u64,
    /// Whether the last code was left out, and its continuation with it.
    skipping: bool,
}

impl Entries {
    fn take(&mut self, record: &Record, columns: [usize; 10], sieve: &mut Sieve) -> Result<(), LayoutError> {
        let [code, kind, long, ..] = columns;
        let text = record.text(code);
        match record.text(kind).as_ref() {
            // A continuation of the long description.
            "4" | "8" => {
                if let (false, Some(last)) = (self.skipping, self.gathered.last_mut()) {
                    last.long.push(' ');
                    last.long.push_str(&record.text(long));
                }
            }
            "3" if text.starts_with(|c: char| c.is_ascii_digit() || c == 'D') => {
                self.skipping = true;
                self.left_out += 1;
            }
            "3" | "7" => {
                let entry = sieve.row(entry(record, columns))?;
                self.skipping = entry.is_none();
                self.newest = self.newest.max(entry.as_ref().map(|entry| entry.effective));
                self.gathered.push(sieve, record, entry);
            }
            other => {
                sieve.row::<()>(Err(record.error("RECID", "3, 4, 7 or 8", other)))?;
            }
        }
        Ok(())
    }

    /// Each release holds changes of its own year and none of later days.
    fn check_year(&self, edition: &Edition, record: &Record) -> Result<(), LayoutError> {
        let Some(newest) = self.newest else { return Ok(()) };
        let later = edition.period.through.is_some_and(|through| newest > through);
        let earlier = !edition.subset && newest.year() < edition.period.from.year();
        if later || earlier {
            let expected = "newest change in the year of the release";
            return Err(record.fault(Fault::OtherYear, "ACT EFF DT", expected, &newest.to_string()));
        }
        Ok(())
    }
}

fn entry(record: &Record, columns: [usize; 10]) -> Result<HcpcsEntry, LayoutError> {
    let [code, _, long, short, pricing, coverage, type_of_service, added, effective, terminated] = columns;
    let day = |at, column| record.read(at, column, "a date YYYYMMDD", parse_d8);
    Ok(HcpcsEntry {
        code: record.read(code, "HCPC", "five characters, or two for a modifier", |text| {
            ProcedureCode::parse(text).filter(|_| matches!(text.len(), 2 | 5))
        })?,
        long: record.text(long).into_owned(),
        short: record.text(short).into_owned(),
        pricing: Code::parse(&record.text(pricing)).unwrap_or_default(),
        coverage: Code::parse(&record.text(coverage)).unwrap_or_default(),
        type_of_service: Code::parse(&record.text(type_of_service)).unwrap_or_default(),
        added: day(added, "ADD DT")?,
        effective: day(effective, "ACT EFF DT")?,
        terminated: record.optional(terminated, "TERM DT", "a date YYYYMMDD or nothing", parse_d8)?,
    })
}

pub(super) const KIND: Kind = Kind {
    id: "hcpcs",
    title: "HCPCS Level II codes and modifiers",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system/quarterly-update",
    layouts: "ANWEB, fixed-width txt or csv",
    used_for: "codes and modifiers that exist, with CMS's texts",
    minimum_rows: 7_000,
    recognizes: |head| {
        let first = head.lines().next().unwrap_or_default();
        head.contains("SEQNUM,RECID") || (first.len() > 290 && first.get(5..11).is_some_and(is_sequence))
    },
    read: |edition, files| one_file(edition, files, OfficialTable::Hcpcs, read),
};

/// Five digits of sequence and a record id.
fn is_sequence(text: &str) -> bool {
    text.trim_start().bytes().all(|b| b.is_ascii_digit()) && text.ends_with(['3', '7'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    const CSV: &str = "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,PRICE1,COV,TOS1,ADD DT,ACT EFF DT,TERM DT,ACTION CD
   AA,0010,7,Anesthesia services performed personally by anesthesiologist,Anesthesia perf by anesgst,,D,,19840101,20010101,,N
   JG,0010,7,\"Drug or biological acquired with 340b drug pricing program discount, reported for informational purposes\",340b acquired drug,,C,,20180101,20250101,20241231,N
99213,0100,3,x,x,11,C,1,19920101,19920101,,N
D0120,0100,3,x,x,11,C,1,19920101,19920101,,N
J3301,0100,3,\"Injection, triamcinolone acetonide, not otherwise specified, 10 mg\",Triamcinolone acet inj nos,51,C,1,20090101,20090101,,N
";

    fn parsed(text: &str) -> Result<Hcpcs, LayoutError> {
        parse("x", Period::since(date(2026, 1, 1)), text.as_bytes())
    }

    #[test]
    fn codes_and_modifiers_have_days_and_cpt_and_cdt_are_left_out() {
        let table = parsed(CSV).unwrap();
        assert_eq!(table.rows().len(), 3);
        let entry = |code| table.lookup(&ProcedureCode::new(code));
        let discount = entry("JG").unwrap();
        assert!(discount.is_valid_on(date(2024, 12, 31)) && !discount.is_valid_on(date(2025, 1, 1)));
        assert_eq!(entry("J3301").unwrap().pricing, Code::new("51"));
        assert_eq!((entry("99213"), entry("D0120")), (None, None));
    }

    /// One line of the txt: code, record id, long and short description, the rest as for a drug.
    fn line(code: &str, kind: char, long: &str, short: &str) -> String {
        let mut line = format!("{code:>5}00100{kind}{long:<80}{short:<28}51");
        for (at, text) in [(230, "C"), (261, "1"), (269, "20090101"), (277, "20090101")] {
            line = format!("{line:<width$}{text}", width = at - 1);
        }
        format!("{line:<320}\n")
    }

    #[test]
    fn the_txt_goes_on_over_lines() {
        let text =
            line("J3301", '3', "Injection, triamcinolone acetonide, not otherwise", "Triamcinolone acet inj nos")
                + &line("J3301", '4', "specified, 10 mg", "")
                + &line("99213", '3', "x", "x")
                + &line("99213", '4', "y", "")
                + &line("AA", '7', "Anesthesia services performed personally by anesthesiologist", "x");
        let table = parsed(&text).unwrap();
        let drug = table.lookup(&ProcedureCode::new("J3301")).unwrap();
        assert_eq!(drug.long, "Injection, triamcinolone acetonide, not otherwise specified, 10 mg");
        assert_eq!((drug.short.as_str(), drug.added), ("Triamcinolone acet inj nos", date(2009, 1, 1)));
        assert_eq!(table.rows().len(), 2);
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, line, column, fault) in [
            ("20090101,,N", "20091301,,N", 6, "ACT EFF DT", Fault::Value),
            ("J3301", "   AA", 6, "HCPC", Fault::DoubledKey),
            ("ADD DT,", "x,", 1, "add dt", Fault::MissingColumn),
        ] {
            let error = parsed(&CSV.replacen(from, to, 1)).unwrap_err();
            assert_eq!((error.line, error.column, error.fault), (line, column, fault));
        }
    }

    #[test]
    fn changes_of_later_days_show_another_year() {
        let of_2024 = Period::between(date(2024, 1, 1), date(2024, 12, 31));
        assert_eq!(parse("x", of_2024, CSV.as_bytes()).unwrap_err().fault, Fault::OtherYear);
    }
}
