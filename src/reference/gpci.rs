//! GPCI: the geographic practice cost indices of the Medicare payment localities.
//!
//! CMS, Addendum E of the physician fee schedule's final rule: a title, a heading, 109 localities, footnotes.

use std::fmt;
use std::io::Read;
use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
use crate::domain::codes::Code;
use crate::domain::dates::{Date, Period, date};

static EMBEDDED: LazyLock<Vec<Gpcis>> = LazyLock::new(|| {
    let year = |year| Period::between(date(year, 1, 1), date(year, 12, 31));
    [
        ("Addendum E, CY 2025", year(2025), include_bytes!("data/GPCI2025.csv").as_slice()),
        ("Addendum E, CY 2026", year(2026), include_bytes!("data/GPCI2026.csv").as_slice()),
    ]
    .into_iter()
    // The data are part of the program; a test below holds that both are whole.
    .filter_map(|(release, effective, text)| Gpcis::parse(release, effective, text).ok())
    .collect()
});

/// A Medicare payment locality: the contractor's five digits and its own two, such as 01112 and 05 for San Francisco.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locality {
    /// Medicare administrative contractor.
    pub mac: Code<5>,
    /// The contractor's locality number.
    pub number: Code<2>,
}

impl Locality {
    /// The nation as a whole, where every index is 1: CMS tells its national amounts under these digits.
    pub const NATION: Locality = Locality { mac: Code::new("00000"), number: Code::new("00") };

    /// From a text such as `01112-05`; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Locality> {
        text.split_once('-').and_then(|(mac, number)| Locality::parse(mac, number))
    }

    /// From five and two digits, leading zeros kept; `None` for anything else.
    pub fn parse(mac: &str, number: &str) -> Option<Locality> {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if mac.len() != 5 || number.len() != 2 || !digits(mac) || !digits(number) {
            return None;
        }
        Some(Locality { mac: Code::parse(mac)?, number: Code::parse(number)? })
    }
}

impl fmt::Display for Locality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.mac, self.number)
    }
}

/// What work, practice expense and malpractice cost in a locality, where the nation is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gpci {
    /// Physician work, with the floor of 1.0 that the law has set.
    pub work: Decimal,
    /// Practice expense.
    pub pe: Decimal,
    /// Malpractice.
    pub mp: Decimal,
}

impl Gpci {
    /// The nation: every index 1.
    pub const NATIONAL: Gpci = Gpci { work: Decimal::ONE, pe: Decimal::ONE, mp: Decimal::ONE };
}

/// A locality's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpciRow {
    /// The locality.
    pub locality: Locality,
    /// Two letters.
    pub state: String,
    /// CMS's name for it.
    pub name: String,
    /// Its indices.
    pub gpci: Gpci,
}

/// The indices of one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gpcis(Release<GpciRow>);

impl Keyed for GpciRow {
    type Key = Locality;
    const COLUMNS: &'static str = "MAC and Locality Number";

    fn key(&self) -> Locality {
        self.locality
    }

    fn key_text(&self) -> String {
        format!("{} {}", self.locality, self.name)
    }
}

impl Gpcis {
    /// The years that ship with the program, whole: CY2025 and CY2026.
    pub fn embedded() -> &'static [Gpcis] {
        &EMBEDDED
    }

    /// Reads Addendum E as csv. The indices are found by their headings, for some releases carry the work index a
    /// second time, without its floor.
    pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<Gpcis, LayoutError> {
        Gpcis::read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
    }

    fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<Gpcis, LayoutError> {
        let heading = |record: &Record| {
            let heading = Heading::of(record);
            heading.find("GPCI", |name| name.contains("gpci") && !name.starts_with("addendum")).ok()?;
            Some(Columns::from_heading(&heading))
        };
        // Footnotes fill the first column only.
        let row = |columns: &Columns, record: &Record| {
            if record.text(1).is_empty() { Ok(None) } else { columns.row(record).map(Some) }
        };
        let mut records = Records::csv(input);
        let wanted = "a line with MAC, PW GPCI, PE GPCI and MP GPCI";
        let table = Release::below_heading(edition, &mut records, sieve, wanted, heading, row)?;
        Ok(Gpcis(table))
    }

    /// The release's name.
    pub fn release(&self) -> &str {
        self.0.release()
    }

    /// The dates of service that the indices are for.
    pub fn effective(&self) -> Period {
        self.0.effective()
    }

    /// Every locality, by contractor and number.
    pub fn rows(&self) -> &[GpciRow] {
        self.0.rows()
    }

    /// The state that a locality lies in, two letters.
    pub fn state(&self, locality: Locality) -> Option<&str> {
        let at = self.rows().binary_search_by_key(&locality, |row| row.locality).ok()?;
        self.rows().get(at).map(|row| row.state.as_str())
    }

    /// A locality's indices; `None` where the file has no such locality.
    pub fn lookup(&self, locality: Locality) -> Option<&Gpci> {
        self.0.lookup(&locality).map(|row| &row.gpci)
    }
}

/// The indices for a day among several years.
pub fn gpcis_on(years: &[Gpcis], day: Date) -> Option<&Gpcis> {
    years.iter().find(|year| year.effective().contains(day))
}

#[derive(Clone, Copy)]
struct Columns {
    work: usize,
    pe: usize,
    mp: usize,
}

impl Columns {
    fn from_heading(heading: &Heading) -> Result<Columns, LayoutError> {
        Ok(Columns {
            work: heading.find("PW GPCI", |text| text.contains("pw gpci") && !text.contains("without"))?,
            pe: heading.find("PE GPCI", |text| text.contains("pe gpci"))?,
            mp: heading.find("MP GPCI", |text| text.contains("mp gpci"))?,
        })
    }

    fn row(self, record: &Record) -> Result<GpciRow, LayoutError> {
        let locality = record.read(0, "MAC and Locality Number", "five digits and two digits", |mac| {
            Locality::parse(mac, &record.text(2))
        })?;
        Ok(GpciRow {
            locality,
            state: record.read(1, "State", "two letters", |text| (text.len() == 2).then(|| text.to_owned()))?,
            name: record.text(3).trim_end_matches('*').to_owned(),
            gpci: Gpci {
                work: record.decimal(self.work, "PW GPCI")?,
                pe: record.decimal(self.pe, "PE GPCI")?,
                mp: record.decimal(self.mp, "MP GPCI")?,
            },
        })
    }
}

pub(super) const KIND: Kind = Kind {
    id: "gpci",
    title: "geographic practice cost indices of the physician fee schedule",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
    layouts: "Addendum E csv (GPCI20YY.csv)",
    used_for: "prices by locality",
    minimum_rows: 100,
    recognizes: |head| head.contains("PE GPCI") || head.contains("PW GPCI"),
    read: |edition, files| one_file(edition, files, OfficialTable::Gpcis, Gpcis::read),
};

#[cfg(test)]
mod tests {
    use super::*;

    fn gpci(work: i64, pe: i64, mp: i64) -> Gpci {
        Gpci { work: Decimal::new(work, 3), pe: Decimal::new(pe, 3), mp: Decimal::new(mp, 3) }
    }

    #[test]
    fn both_embedded_years_hold_the_109_localities() {
        let [y2025, y2026] = Gpcis::embedded() else { panic!() };
        assert_eq!((y2025.rows().len(), y2026.rows().len()), (109, 109));
        let manhattan = Locality::parse("13202", "01").unwrap();
        assert_eq!(y2026.lookup(manhattan), Some(&gpci(1064, 1162, 1586)));
        let alabama = Locality::parse("10112", "00").unwrap();
        assert_eq!(y2025.lookup(alabama), Some(&gpci(1000, 869, 575)));
        assert_eq!(gpcis_on(Gpcis::embedded(), date(2026, 1, 1)), Some(y2026));
        assert_eq!(y2026.lookup(Locality::parse("13202", "77").unwrap()), None);
    }

    const HEADING: &str = "MAC,State,Locality Number,Locality Name,2026 PW GPCI (without 1.0 Floor),2026 PW GPCI (with 1.0 Floor),2026 PE GPCI,2026 MP GPCI";

    fn parse(rows: &str) -> Result<Gpcis, LayoutError> {
        Gpcis::parse("test", Period::since(date(2026, 1, 1)), format!("TITLE\n{HEADING}\n{rows}").as_bytes())
    }

    #[test]
    fn a_second_work_column_without_the_floor_is_passed_over() {
        let table =
            parse("10112,AL,00,ALABAMA*,0.960,1.000,0.875,0.566\n\"*a footnote, with a comma\",,,,,,,\n").unwrap();
        assert_eq!(table.lookup(Locality::parse("10112", "00").unwrap()), Some(&gpci(1000, 875, 566)));
        assert_eq!(table.rows()[0].name, "ALABAMA");
    }

    #[test]
    fn mistakes_name_line_and_column() {
        let good = "10112,AL,00,ALABAMA,0.960,1.000,0.875,0.566";
        // A spreadsheet eats leading zeros.
        assert_eq!(parse("2102,AK,1,ALASKA,1,1,1,1").unwrap_err().column, "MAC and Locality Number");
        let error = parse(&format!("{good}\n02102,AK,01,ALASKA,1,1,one,1")).unwrap_err();
        assert_eq!((error.line, error.column), (4, "PE GPCI"));
        assert_eq!(parse(&format!("{good}\n{good}")).unwrap_err().expected, "each key once");
        assert_eq!(Gpcis::parse("test", Period::since(date(2026, 1, 1)), b"a,b\n").unwrap_err().column, "the heading");
    }
}
