//! Import: the kinds of official tables, and how each is read from its publisher's files.
//!
//! To add a kind: give it a variant of [`OfficialTable`] and a row of [`KINDS`].

use std::fmt;
use std::io::Read;
use std::sync::Arc;

use super::coverage::Coverage;
use super::layout::{Fault, LayoutError, latin1};
use super::official_tables::OfficialTable;
use super::release::Sieve;
use crate::domain::dates::Period;

/// A kind of official table.
#[derive(Debug)]
pub struct Kind {
    /// Its id, such as "pprrvu".
    pub id: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Who publishes it.
    pub publisher: &'static str,
    /// Where to find it.
    pub href: &'static str,
    /// The layouts that it may come in.
    pub layouts: &'static str,
    /// What a payer does with it.
    pub used_for: &'static str,
    /// Fewer rows no whole release has ever had.
    pub minimum_rows: u64,
    /// Whether the first part of a file, in capitals, looks like one of this kind.
    pub recognizes: fn(&str) -> bool,
    /// Its reader.
    pub read: fn(&Edition, Vec<File>) -> Result<Imported, Refusal>,
}

/// What is said of a release before it is read.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The publisher's name for it, such as "RVU26C".
    pub release: String,
    /// The days of service that it is for.
    pub period: Period,
    /// Whether it is a part of a release only.
    pub subset: bool,
}

/// One file of a release.
pub struct File {
    /// Its name.
    pub name: String,
    /// Its bytes, once.
    pub bytes: Box<dyn Read>,
}

/// A release that was read.
#[derive(Debug)]
pub struct Imported {
    /// The table.
    pub table: OfficialTable,
    /// Rows taken.
    pub rows: u64,
    /// The first rows that were refused: file and fault.
    pub refused: Vec<(String, LayoutError)>,
    /// How many were refused.
    pub refused_count: u64,
    /// What else is to be known.
    pub notes: Vec<String>,
}

/// Why a release is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A file is not in the layout.
    Layout(String, LayoutError),
    /// A file of another kind: its name, the kind wanted, the id of the kind that it looks like.
    OtherKind(String, &'static str, Option<&'static str>),
    /// A column that every release has is not there.
    MissingColumn(String, LayoutError),
    /// It is for other days than said.
    OtherYear(String),
    /// A whole release has more rows.
    TooFewRows(u64),
    /// A file cannot be read on.
    Unreadable(String, String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Layout(file, error) => write!(f, "{file}: {error}"),
            Refusal::OtherKind(file, wanted, None) => write!(f, "{file} is no file of {wanted}"),
            Refusal::OtherKind(file, wanted, Some(like)) => {
                write!(f, "{file} is no file of {wanted}; it looks like the kind `{like}`")
            }
            Refusal::MissingColumn(file, error) => {
                write!(
                    f,
                    "{file}: line {}: the column {:?} is missing from {:?}",
                    error.line, error.column, error.found
                )
            }
            Refusal::OtherYear(words) => f.write_str(words),
            Refusal::TooFewRows(rows) => {
                write!(
                    f,
                    "{rows} rows are fewer than any whole release has had: take it whole, or say that it is a subset"
                )
            }
            Refusal::Unreadable(file, words) => write!(f, "{file} cannot be read on: {words}"),
        }
    }
}

/// Every kind, by id.
pub const KINDS: &[Kind] = &[
    super::ambulance::KIND,
    super::anesthesia::FACTORS,
    super::anesthesia::BASE_UNITS,
    super::asc::SURGERY,
    super::asc::ANCILLARY,
    super::asp::KIND,
    super::x12_code_lists::REASONS,
    super::clfs::KIND,
    super::core_combinations::KIND,
    super::dmepos::KIND,
    super::gpci::KIND,
    super::hcpcs::KIND,
    super::icd10cm::KIND,
    super::icd10cm::PCS,
    super::ms_drg::KIND,
    super::mue::KIND,
    super::mue::DME,
    super::mue::OUTPATIENT,
    super::ncci::KIND,
    super::ncci::HOSPITAL,
    super::apc::KIND,
    super::opps::KIND,
    super::oppscap::KIND,
    super::payment_amounts::KIND,
    super::pprrvu::KIND,
    super::x12_code_lists::REMARKS,
    super::taxonomy::KIND,
    super::wage_index::KIND,
];

/// A kind by its id.
pub fn kind(id: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.id == id)
}

/// The most of a file that is looked at to tell what it is.
const HEAD: u64 = 64 << 10;

/// Reads a release of a kind.
pub fn read(kind: &Kind, edition: &Edition, files: Vec<File>) -> Result<Imported, Refusal> {
    let mut heads = Vec::new();
    let mut opened = Vec::new();
    for File { name, mut bytes } in files {
        let mut head = Vec::new();
        let read = bytes.by_ref().take(HEAD).read_to_end(&mut head);
        read.map_err(|error| Refusal::Unreadable(name.clone(), error.to_string()))?;
        if head.starts_with(b"PK\x03\x04") || head.starts_with(&[0x1f, 0x8b]) {
            let words = "it is packed (zip, gz) or a spreadsheet: take in the text or csv file that is in it";
            return Err(Refusal::Unreadable(name, words.to_owned()));
        }
        heads.push((name.clone(), latin1(&head).to_ascii_uppercase()));
        opened.push(File { name, bytes: Box::new(std::io::Cursor::new(head).chain(bytes)) });
    }
    let imported = (kind.read)(edition, opened).map_err(|refusal| named(kind, edition, refusal, &heads))?;
    // Layouts without a heading are known by their rows alone.
    if let Some((file, _)) = imported.refused.first().filter(|_| imported.refused_count > imported.rows) {
        let other = other_kind(kind, file.clone(), &heads);
        if imported.rows == 0 || matches!(other, Refusal::OtherKind(_, _, Some(_))) {
            return Err(other);
        }
    }
    if !edition.subset && imported.rows < kind.minimum_rows {
        // Not cut short, but another layout: the first row that could not be taken says how.
        if let Some((file, error)) = imported.refused.first().filter(|_| imported.refused_count > imported.rows) {
            return Err(Refusal::Layout(file.clone(), error.clone()));
        }
        return Err(Refusal::TooFewRows(imported.rows));
    }
    Ok(imported)
}

/// A mistake of layout under its own name: another kind, another year, a column that is missing.
fn named(kind: &Kind, edition: &Edition, refusal: Refusal, heads: &[(String, String)]) -> Refusal {
    let Refusal::Layout(file, error) = refusal else { return refusal };
    let other = other_kind(kind, file.clone(), heads);
    match error.fault {
        _ if matches!(other, Refusal::OtherKind(_, _, Some(_))) => other,
        Fault::NoHeading => other,
        Fault::MissingColumn => Refusal::MissingColumn(file, error),
        Fault::OtherYear => Refusal::OtherYear(format!(
            "{file}: line {}: {} says {:?}, and the release is for {}",
            error.line, error.column, error.found, edition.period
        )),
        Fault::Unreadable => Refusal::Unreadable(file, error.to_string()),
        Fault::Value | Fault::DoubledKey => Refusal::Layout(file, error),
    }
}

fn other_kind(kind: &Kind, file: String, heads: &[(String, String)]) -> Refusal {
    let head = heads.iter().find(|(name, _)| *name == file).map_or("", |(_, head)| head);
    let like = KINDS.iter().find(|other| (other.recognizes)(head)).filter(|_| !(kind.recognizes)(head));
    let like = like.map(|other| other.id);
    Refusal::OtherKind(file, kind.title, like)
}

impl Edition {
    /// Some rows of a release.
    pub(super) fn part(release: &str, period: Period) -> Edition {
        Edition { release: release.to_owned(), period, subset: true }
    }

    /// What the absence of a code says.
    pub fn coverage(&self) -> Coverage {
        if self.subset { Coverage::Partial } else { Coverage::Complete(self.period) }
    }
}

/// What makes a table of a file.
type Reader<T> = fn(&Edition, Box<dyn Read>, &mut Sieve) -> Result<T, LayoutError>;

/// Reads a kind that comes in one file, row by row.
pub(super) fn one_file<T>(
    edition: &Edition,
    mut files: Vec<File>,
    table: fn(Arc<T>) -> OfficialTable,
    read: Reader<T>,
) -> Result<Imported, Refusal> {
    let file = match (files.pop(), files.first()) {
        (Some(file), None) => file,
        (None, _) => return Err(Refusal::Unreadable(String::new(), "there is no file".to_owned())),
        (Some(second), Some(first)) => {
            let words = format!("the kind comes in one file, and {} is there too", second.name);
            return Err(Refusal::Unreadable(first.name.clone(), words));
        }
    };
    let mut sieve = Sieve::lenient();
    match read(edition, file.bytes, &mut sieve) {
        Ok(read) => Ok(sieve.into_imported(&file.name, table(Arc::new(read)))),
        Err(error) => Err(Refusal::Layout(file.name, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    fn edition(subset: bool) -> Edition {
        let period = Period::between(date(2026, 1, 1), date(2026, 12, 31));
        Edition { release: "GPCI2026".into(), period, subset }
    }

    fn gpci() -> File {
        File { name: "GPCI2026.csv".into(), bytes: Box::new(include_bytes!("data/GPCI2026.csv").as_slice()) }
    }

    #[test]
    fn kinds_stand_in_order_of_their_ids() {
        assert!(KINDS.is_sorted_by(|a, b| a.id < b.id));
    }

    #[test]
    fn a_release_is_read_and_its_rows_are_counted() {
        let imported = read(kind("gpci").unwrap(), &edition(false), vec![gpci()]).unwrap();
        assert_eq!((imported.rows, imported.refused_count), (109, 0));
    }

    #[test]
    fn too_few_rows_are_refused_unless_it_is_said_to_be_a_part() {
        let relative_values = || {
            let bytes = include_bytes!("data/PPRRVU2026_subset.csv").as_slice();
            vec![File { name: "PPRRVU2026.csv".into(), bytes: Box::new(bytes) }]
        };
        let kind = kind("pprrvu").unwrap();
        assert!(matches!(read(kind, &edition(false), relative_values()), Err(Refusal::TooFewRows(149))));
        assert!(read(kind, &edition(true), relative_values()).is_ok());
    }

    #[test]
    fn a_second_file_where_one_is_all_is_refused() {
        let refusal = read(kind("gpci").unwrap(), &edition(false), vec![gpci(), gpci()]).unwrap_err();
        assert!(refusal.to_string().contains("comes in one file"), "{refusal}");
    }

    fn text(name: &str, text: impl Into<Vec<u8>>) -> Vec<File> {
        vec![File { name: name.into(), bytes: Box::new(std::io::Cursor::new(text.into())) }]
    }

    fn refusal(id: &str, edition: &Edition, files: Vec<File>) -> Refusal {
        read(kind(id).unwrap(), edition, files).unwrap_err()
    }

    const GPCI: &str = include_str!("data/GPCI2026.csv");
    const PPRRVU: &str = include_str!("data/PPRRVU2026_subset.csv");
    const ANES: &str = include_str!("data/ANES2025.csv");

    #[test]
    fn a_file_of_another_kind_is_named_as_such_with_the_kind_that_it_looks_like() {
        for (wanted, file, like) in [
            ("pprrvu", GPCI, Some("gpci")),
            ("gpci", PPRRVU, Some("pprrvu")),
            ("mue", ANES, Some("anesthesia-factors")),
            ("gpci", "a,b\n1,2\n", None),
        ] {
            let title = kind(wanted).unwrap().title;
            assert_eq!(refusal(wanted, &edition(true), text("f", file)), Refusal::OtherKind("f".into(), title, like));
        }
        let refusal = refusal(
            "icd10cm",
            &edition(true),
            text(
                "f",
                "00001 001     0 x\n00002 0016    0 x\n00003 0016070 9 x\n00004 0016071 9 x\n00005 0016072 9 x\n",
            ),
        );
        assert!(refusal.to_string().ends_with("it looks like the kind `icd10pcs`"), "{refusal}");
    }

    #[test]
    fn a_file_of_another_year_is_named_as_such() {
        let of_2025 = include_str!("data/GPCI2025.csv");
        let other_year = refusal("gpci", &edition(false), text("GPCI2025.csv", of_2025));
        assert!(
            matches!(&other_year, Refusal::OtherYear(words) if words.starts_with("GPCI2025.csv: line 1")),
            "{other_year}"
        );
        // Without its title the file of relative values still shows its year by the number of its columns.
        let untitled = include_str!("data/PPRRVU2025_subset.csv").replace("2025 National", "National");
        let whole = refusal("pprrvu", &edition(false), text("f", untitled));
        assert!(matches!(&whole, Refusal::OtherYear(words) if words.contains("number of columns")), "{whole}");
        let laboratory = "YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE\n2025,80053,,20250101,N,10.56\n";
        assert!(matches!(refusal("clfs", &edition(true), text("f", laboratory)), Refusal::OtherYear(_)));
    }

    #[test]
    fn the_table_of_groups_is_read_whole_and_only_for_its_fiscal_year() {
        let table = include_str!("data/MSDRG2026.txt");
        let of = |from, through| Edition { release: "x".into(), period: Period::between(from, through), subset: false };
        let fiscal = of(date(2025, 10, 1), date(2026, 9, 30));
        assert_eq!(read(kind("ms-drg").unwrap(), &fiscal, text("f", table)).unwrap().rows, 770);
        let later = refusal("ms-drg", &of(date(2026, 10, 1), date(2027, 9, 30)), text("f", table));
        assert!(matches!(later, Refusal::OtherYear(_)), "{later}");
    }

    #[test]
    fn a_packed_file_and_one_in_no_layout_are_told_as_what_they_are() {
        for packed in [&b"PK\x03\x04rest"[..], &[0x1f, 0x8b, 8]] {
            let refusal = refusal("gpci", &edition(false), text("GPCI2026.zip", packed));
            assert!(refusal.to_string().starts_with("GPCI2026.zip cannot be read on: it is packed"), "{refusal}");
        }
        // One line fits by chance.
        let tabbed = "code\tbillable\ttitle\nA00\t0\tCholera\n00002 A000    1 Cholera\n";
        let none = refusal("icd10cm", &edition(false), text("f", tabbed));
        assert!(matches!(&none, Refusal::Layout(_, error) if error.line == 1), "{none}");
    }

    #[test]
    fn a_missing_column_is_named_as_such() {
        let without = GPCI.replace("2026 MP GPCI", "2026 X");
        let refusal = refusal("gpci", &edition(false), text("f", without));
        assert!(refusal.to_string().starts_with("f: line 3: the column \"MP GPCI\" is missing"), "{refusal}");
        assert!(matches!(refusal, Refusal::MissingColumn(..)));
    }

    #[test]
    fn rows_that_cannot_be_taken_are_left_out_and_told_with_line_and_column() {
        let mended = PPRRVU.replacen("\r\n00790,", "\r\n0079,", 1);
        let doubled = mended.clone() + mended.lines().last().unwrap() + "\r\n";
        let imported = read(kind("pprrvu").unwrap(), &edition(true), text("f", doubled)).unwrap();
        assert_eq!((imported.rows, imported.refused_count), (148, 2));
        let told: Vec<_> =
            imported.refused.iter().map(|(file, e)| (file.as_str(), e.line, e.column, e.fault)).collect();
        assert_eq!(told, [("f", 12, "HCPCS", Fault::Value), ("f", 160, "HCPCS and MOD", Fault::DoubledKey)]);
    }

    #[test]
    fn a_file_that_breaks_off_is_named() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("the disk is gone"))
            }
        }
        let bytes = Box::new(std::io::Cursor::new(GPCI.repeat(20)).chain(Broken));
        let refusal = refusal("gpci", &edition(true), vec![File { name: "f".into(), bytes }]);
        assert!(matches!(&refusal, Refusal::Unreadable(_, words) if words.contains("the disk is gone")), "{refusal}");
    }
}
