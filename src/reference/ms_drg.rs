//! MS-DRG weights: what a discharge of each diagnosis-related group is worth, where the average is 1.
//!
//! CMS, Table 5 of the inpatient prospective payment system's final rule: lines of notices, then, separated by tabs, group,
//! post-acute, special pay, major diagnostic category, type, title, weight before the cap, weight with the cap on
//! decreases, geometric and arithmetic mean length of stay. Groups 998 and 999 have no weight.

use std::io::Read;
use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records, decimal};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
use crate::domain::codes::Drg;
use crate::domain::dates::{Period, date};

/// A group's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrgWeight {
    /// The group.
    pub drg: Drg,
    /// Its weight, the cap on decreases applied.
    pub weight: Decimal,
    /// Geometric mean length of stay, in days.
    pub gmlos: Decimal,
    /// Whether a transfer to post-acute care is paid by the day (42 CFR 412.4(c)).
    pub post_acute: bool,
    /// Whether such a transfer is paid half of the full amount at once (42 CFR 412.4(f)(6)).
    pub special_pay: bool,
}

/// The weights of one fiscal year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrgWeights(Release<DrgWeight>);

impl Keyed for DrgWeight {
    type Key = Drg;
    const COLUMNS: &'static str = "MS-DRG";

    fn key(&self) -> Drg {
        self.drg
    }

    fn key_text(&self) -> String {
        self.drg.to_string()
    }
}

static EMBEDDED: LazyLock<Vec<DrgWeights>> = LazyLock::new(|| {
    let year = Period::between(date(2025, 10, 1), date(2026, 9, 30));
    let text = include_bytes!("data/MSDRG2026.txt");
    // The data are part of the program; a test below holds that they are whole.
    DrgWeights::parse("Table 5, FY 2026", year, text).into_iter().collect()
});

/// First column of the heading.
const HEADING: &str = "MS-DRG";
/// Columns of Table 5.
const COLUMNS: usize = 10;

impl DrgWeights {
    /// Reads Table 5.
    pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<DrgWeights, LayoutError> {
        DrgWeights::read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
    }

    fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<DrgWeights, LayoutError> {
        let strict = sieve.is_strict();
        let heading = |record: &Record| {
            let heading = Heading::of(record);
            let is_heading = heading.columns().next().is_some_and(|(_, name)| name == "ms-drg");
            is_heading.then(|| {
                if strict {
                    return Ok(0);
                }
                heading.find("Weights with 10% cap", |name| name.contains("weight") && name.contains("with "))?;
                heading.find("Geometric mean LOS", |name| name.contains("geometric"))
            })
        };
        let row = |_: &usize, record: &Record| {
            let is_group = record.text(0).len() == 3 && record.text(0).bytes().all(|b| b.is_ascii_digit());
            if is_group { row(record) } else { Ok(None) }
        };
        let mut records = Records::tabbed(input);
        let wanted = "a heading that begins with MS-DRG";
        Release::below_heading(edition, &mut records, sieve, wanted, heading, row).map(DrgWeights)
    }

    /// What comes with the program: fiscal year 2026.
    pub fn embedded() -> &'static [DrgWeights] {
        &EMBEDDED
    }

    /// The release's name.
    pub fn release(&self) -> &str {
        self.0.release()
    }

    /// Days of discharge that it is for.
    pub fn effective(&self) -> Period {
        self.0.effective()
    }

    /// How many groups have a weight.
    pub fn len(&self) -> usize {
        self.0.rows().len()
    }

    /// Whether no group has one.
    pub fn is_empty(&self) -> bool {
        self.0.rows().is_empty()
    }

    /// A group's row; `None` for a group that there is not, or that has no weight.
    pub fn lookup(&self, drg: Drg) -> Option<&DrgWeight> {
        self.0.lookup(&drg)
    }
}

/// A row; `None` for a group without a weight.
fn row(record: &Record) -> Result<Option<DrgWeight>, LayoutError> {
    if record.len() < COLUMNS {
        return Err(record.error("the record", "ten columns", &record.len().to_string()));
    }
    if decimal(&record.text(7)).is_none() && matches!(&*record.text(7), "." | "") {
        return Ok(None);
    }
    let yes = |text: &str| match text {
        "Yes" => Some(true),
        "No" => Some(false),
        _ => None,
    };
    Ok(Some(DrgWeight {
        drg: record.read(0, HEADING, "three digits", Drg::parse)?,
        post_acute: record.read(1, "Post-Acute DRG", "Yes or No", yes)?,
        special_pay: record.read(2, "Special Pay DRG", "Yes or No", yes)?,
        weight: record.decimal(7, "Weight with cap")?,
        gmlos: record.decimal(8, "Geometric mean LOS")?,
    }))
}

pub(super) const KIND: Kind = Kind {
    id: "ms-drg",
    title: "weights of diagnosis-related groups",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/prospective-payment-systems/acute-inpatient-pps",
    layouts: "Table 5 of the final rule, tab separated",
    used_for: "prices of hospitals' stays",
    minimum_rows: 700,
    recognizes: |head| head.contains("MS-DRG") && head.contains("GEOMETRIC"),
    read: |edition, files| one_file(edition, files, OfficialTable::DrgWeights, DrgWeights::read),
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights as CMS publishes them for fiscal year 2026.
    #[test]
    fn the_embedded_year_is_whole() {
        let [year] = DrgWeights::embedded() else { panic!("one year") };
        assert_eq!(year.len(), 770);
        for (drg, weight) in
            [("397", 23_949), ("398", 15_136), ("399", 11_447), ("470", 19_289), ("291", 12_838), ("871", 19_425)]
        {
            assert_eq!(year.lookup(Drg::new(drg)).unwrap().weight, Decimal::new(weight, 4), "{drg}");
        }
        assert_eq!(year.lookup(Drg::new("999")), None);
        assert!(year.lookup(Drg::new("291")).unwrap().post_acute);
    }

    #[test]
    fn a_mistake_is_named_by_its_line_and_column() {
        let file = "TABLE 5\nMS-DRG\tx\n001\tMaybe\tNo\tPRE\tSURG\tTitle\t1.0\t1.0\t2.0\t3.0\n";
        let error = DrgWeights::parse("x", Period::since(date(2025, 10, 1)), file.as_bytes()).unwrap_err();
        assert_eq!((error.line, error.column, error.found.as_str()), (3, "Post-Acute DRG", "Maybe"));
    }
}
