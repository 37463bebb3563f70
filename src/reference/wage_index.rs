//! Wage index: what hospital labour costs in an area, where the nation is 1.
//!
//! CMS, Table 3 of the IPPS final rule, <https://www.cms.gov/medicare/payment/prospective-payment-systems/acute-inpatient-pps>
//! (the outpatient and surgical center files give the same index in two columns, CBSA and Wage Index). Tab or comma
//! separated; columns are found by their headings. An area over several states has a row for each.

use std::io::Read;

use rust_decimal::Decimal;

use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
use crate::domain::codes::Code;
use crate::domain::dates::Period;

/// The indices of a year.
pub type WageIndices = Release<WageIndex>;

/// An area's index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WageIndex {
    /// CBSA: five digits; the two of a state for what is rural there.
    pub area: Code<5>,
    /// The state's two letters, where the file tells states apart; else empty.
    pub state: Code<2>,
    /// The index.
    pub index: Decimal,
    /// The index of hospitals that are reclassified into the area, where it differs.
    pub reclassified: Option<Decimal>,
    /// GAF: the geographic adjustment factor of capital.
    pub capital: Option<Decimal>,
}

impl Keyed for WageIndex {
    type Key = (Code<5>, Code<2>);
    const COLUMNS: &'static str = "CBSA and State";

    fn key(&self) -> Self::Key {
        (self.area, self.state)
    }

    fn key_text(&self) -> String {
        format!("{} {}", self.area, self.state).trim_end().to_owned()
    }
}

impl WageIndices {
    /// The index of an area in a state; of the area alone where the file tells no states or has none like it.
    pub fn of(&self, area: Code<5>, state: Code<2>) -> Option<&WageIndex> {
        self.lookup(&(area, state)).or_else(|| {
            let from = self.rows().partition_point(|row| row.area < area);
            self.rows().get(from).filter(|row| row.area == area)
        })
    }
}

/// Reads the file.
pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<WageIndices, LayoutError> {
    read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<WageIndices, LayoutError> {
    let heading = |record: &Record| {
        let heading = Heading::of(record);
        heading.has("cbsa").then(|| {
            let reclassified = |name: &str| name.contains("reclass");
            let own = |name: &str| name.contains("wage index") && !reclassified(name) && !name.contains("pre-");
            Ok([
                Some(heading.column("cbsa")?),
                heading.find("State", |name| name == "state").ok(),
                Some(heading.find("Wage Index", own)?),
                heading.find("Reclassified Wage Index", |name| reclassified(name) && name.contains("wage index")).ok(),
                heading.find("GAF", |name| name.contains("gaf") && !reclassified(name)).ok(),
            ])
        })
    };
    let row = |[area, state, index, reclassified, capital]: &[Option<usize>; 5], record: &Record| {
        let number = |at: Option<usize>, column| match at {
            Some(at) => record.number_if_any(at, column),
            None => Ok(None),
        };
        // Footnotes have no index.
        let Some(found) = number(*index, "Wage Index")? else { return Ok(None) };
        Ok(Some(WageIndex {
            area: record.read(area.unwrap_or_default(), "CBSA", "five digits, or two for a rural area", |text| {
                let digits = text.bytes().all(|b| b.is_ascii_digit());
                Code::parse(&format!("{text:0>2}")).filter(|_| digits && matches!(text.len(), 1 | 2 | 5))
            })?,
            state: state.and_then(|at| Code::parse(&record.text(at))).unwrap_or_default(),
            index: found,
            reclassified: number(*reclassified, "Reclassified Wage Index")?,
            capital: number(*capital, "GAF")?,
        }))
    };
    let mut records = Records::tabbed_or_csv(input);
    Release::below_heading(edition, &mut records, sieve, "a line with CBSA and Wage Index", heading, row)
}

pub(super) const KIND: Kind = Kind {
    id: "wage-index",
    title: "hospital wage indices by area",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/prospective-payment-systems/acute-inpatient-pps",
    layouts: "Table 3 (tab or comma separated), or CBSA and Wage Index",
    used_for: "prices of hospitals and surgical centers",
    minimum_rows: 400,
    recognizes: |head| head.contains("CBSA") && head.contains("WAGE INDEX"),
    read: |edition, files| one_file(edition, files, OfficialTable::WageIndices, read),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    /// The headings of Table 3; the numbers are made up.
    const FILE: &str = "TABLE 3.- WAGE INDEX TABLE BY CBSA - FY 2026\nCBSA\tArea Name\tState\tState Code\tWage Index\tGAF\tReclassified Wage Index\tReclassified GAF\n10180\tAbilene, TX\tTX\t45\t0.8989\t0.9296\t\t\n10580\tx\tNY\t33\t0.8231\t0.8752\t0.8300\t0.8803\n10580\tx\tVT\t47\t0.9000\t0.9304\t\t\n01\tALABAMA\tAL\t01\t0.6660\t0.7570\t\t\n";

    fn parsed(text: &str) -> Result<WageIndices, LayoutError> {
        parse("x", Period::between(date(2025, 10, 1), date(2026, 9, 30)), text.as_bytes())
    }

    #[test]
    fn an_index_goes_by_area_and_state() {
        let table = parsed(FILE).unwrap();
        let index = |area, state| table.of(Code::new(area), Code::new(state)).map(|row| row.index);
        assert_eq!(index("10580", "VT"), Some(Decimal::new(9_000, 4)));
        assert_eq!(index("10180", ""), Some(Decimal::new(8_989, 4)));
        assert_eq!(index("01", "AL"), Some(Decimal::new(6_660, 4)));
        assert_eq!(index("99999", "TX"), None);
    }

    #[test]
    fn two_columns_are_enough() {
        let table = parsed("CBSA,Wage Index\n35614,1.25\n").unwrap();
        let row = table.of(Code::new("35614"), Code::NONE).unwrap();
        assert_eq!((row.index, row.reclassified, row.capital), (Decimal::new(125, 2), None, None));
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, line, column) in [
            ("0.9000", "high", 5, "Wage Index"),
            ("\tVT\t", "\tNY\t", 5, "CBSA and State"),
            ("10180", "101", 3, "CBSA"),
        ] {
            let error = parsed(&FILE.replacen(from, to, 1)).unwrap_err();
            assert_eq!((error.line, error.column), (line, column));
        }
    }
}
