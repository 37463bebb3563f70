//! Import: the kinds of official tables, and how each is read from its publisher's files.
//!
//! To add a kind: give it a variant of [`OfficialTable`] and a row of [`KINDS`].

use std::fmt;
use std::io::Read;
use std::sync::Arc;

use super::coverage::Coverage;
use super::gpci::Gpcis;
use super::icd10cm::Icd10Cm;
use super::layout::LayoutError;
use super::mue::Mue;
use super::ncci::Ptp;
use super::official_tables::OfficialTable;
use super::pprrvu::RelativeValues;
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
            Refusal::OtherYear(words) => f.write_str(words),
            Refusal::TooFewRows(rows) => write!(f, "{rows} rows are fewer than any whole release has"),
            Refusal::Unreadable(file, words) => write!(f, "{file} cannot be read on: {words}"),
        }
    }
}

/// Every kind, by id.
pub const KINDS: &[Kind] = &[
    Kind {
        id: "gpci",
        title: "geographic practice cost indices of the physician fee schedule",
        publisher: "CMS",
        href: "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
        layouts: "Addendum E csv (GPCI20YY.csv)",
        used_for: "prices by locality",
        minimum_rows: 100,
        read: |edition, files| {
            let (name, bytes) = only(files)?;
            let gpcis = Gpcis::parse(&edition.release, edition.period, &bytes).map_err(layout(&name))?;
            let rows = gpcis.rows().len();
            Ok(Imported::whole(OfficialTable::Gpcis(Arc::new(gpcis)), rows))
        },
    },
    Kind {
        id: "icd10cm",
        title: "ICD-10-CM, diagnosis codes",
        publisher: "NCHS, CDC",
        href: "https://www.cdc.gov/nchs/icd/icd-10-cm/",
        layouts: "order file (icd10cm_order_20YY.txt)",
        used_for: "diagnoses that exist and may be billed",
        minimum_rows: 70_000,
        read: |edition, files| {
            let (name, bytes) = only(files)?;
            let set = Icd10Cm::parse_order_file(&edition.release, edition.period, &bytes).map_err(layout(&name))?;
            let rows = set.len();
            Ok(Imported::whole(OfficialTable::Icd10Cm(Arc::new(set)), rows))
        },
    },
    Kind {
        id: "mue",
        title: "NCCI medically unlikely edits",
        publisher: "CMS",
        href: "https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-medically-unlikely-edits-mues",
        layouts: "practitioner csv",
        used_for: "units that are too many",
        minimum_rows: 10_000,
        read: |edition, files| {
            let (name, bytes) = only(files)?;
            let mue = Mue::parse(&edition.release, edition.coverage(), &bytes).map_err(layout(&name))?;
            let rows = mue.len();
            Ok(Imported::whole(OfficialTable::Mue(Arc::new(mue)), rows))
        },
    },
    Kind {
        id: "ncci-ptp",
        title: "NCCI procedure-to-procedure edits",
        publisher: "CMS",
        href: "https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-procedure-procedure-ptp-edits",
        layouts: "practitioner txt, tab separated (ccipra-vNNNr0-f1.txt to -f4.txt)",
        used_for: "pairs of services that are not paid together",
        minimum_rows: 1_000_000,
        read: |edition, files| {
            let mut texts = Vec::with_capacity(files.len());
            for file in files {
                texts.push(whole(file)?);
            }
            let bytes: Vec<&[u8]> = texts.iter().map(|(_, bytes)| bytes.as_slice()).collect();
            let name = texts.first().map_or("", |(name, _)| name);
            let ptp = Ptp::parse(&edition.release, edition.coverage(), &bytes).map_err(layout(name))?;
            let rows = ptp.len();
            Ok(Imported::whole(OfficialTable::Ptp(Arc::new(ptp)), rows))
        },
    },
    Kind {
        id: "pprrvu",
        title: "relative values and payment rules of the physician fee schedule",
        publisher: "CMS",
        href: "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
        layouts: "PPRRVU csv, 31 columns (CY2025) or 32 (CY2026)",
        used_for: "prices of physicians' services",
        minimum_rows: 15_000,
        read: |edition, files| {
            let (name, bytes) = only(files)?;
            let values = RelativeValues::parse(&edition.release, edition.period, &bytes).map_err(layout(&name))?;
            let rows = values.rows().len();
            Ok(Imported::whole(OfficialTable::RelativeValues(Arc::new(values)), rows))
        },
    },
];

/// A kind by its id.
pub fn kind(id: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.id == id)
}

/// Reads a release of a kind.
pub fn read(kind: &Kind, edition: &Edition, files: Vec<File>) -> Result<Imported, Refusal> {
    let imported = (kind.read)(edition, files)?;
    if !edition.subset && imported.rows < kind.minimum_rows {
        return Err(Refusal::TooFewRows(imported.rows));
    }
    Ok(imported)
}

impl Edition {
    /// What the absence of a code says.
    pub fn coverage(&self) -> Coverage {
        if self.subset { Coverage::Partial } else { Coverage::Complete(self.period) }
    }
}

impl Imported {
    /// A table of which no row was refused.
    fn whole(table: OfficialTable, rows: usize) -> Imported {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        Imported { table, rows, refused: Vec::new(), refused_count: 0, notes: Vec::new() }
    }
}

fn layout(file: &str) -> impl FnOnce(LayoutError) -> Refusal + '_ {
    move |error| Refusal::Layout(file.to_owned(), error)
}

/// Name and bytes of the only file.
fn only(mut files: Vec<File>) -> Result<(String, Vec<u8>), Refusal> {
    match (files.pop(), files.first()) {
        (Some(file), None) => whole(file),
        (None, _) => Err(Refusal::Unreadable(String::new(), "there is no file".to_owned())),
        (Some(second), Some(first)) => {
            let words = format!("the kind comes in one file, and {} is there too", second.name);
            Err(Refusal::Unreadable(first.name.clone(), words))
        }
    }
}

fn whole(mut file: File) -> Result<(String, Vec<u8>), Refusal> {
    let mut bytes = Vec::new();
    match file.bytes.read_to_end(&mut bytes) {
        Ok(_) => Ok((file.name, bytes)),
        Err(error) => Err(Refusal::Unreadable(file.name, error.to_string())),
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
        assert!(matches!(read(kind, &edition(false), relative_values()), Err(Refusal::TooFewRows(_))));
        assert!(read(kind, &edition(true), relative_values()).is_ok());
    }

    #[test]
    fn a_second_file_where_one_is_all_is_refused() {
        let refusal = read(kind("gpci").unwrap(), &edition(false), vec![gpci(), gpci()]).unwrap_err();
        assert!(refusal.to_string().contains("comes in one file"), "{refusal}");
    }
}
