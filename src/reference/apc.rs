//! OPPS Addendum A: the groups of outpatient services, their weights and rates.
//!
//! CMS, <https://www.cms.gov/medicare/payment/prospective-payment-systems/hospital-outpatient-pps/quarterly-addenda-updates>.
//! Tab or comma separated below lines of notices: APC, Group Title, SI, Relative Weight, Payment Rate, National
//! Unadjusted Copayment, Minimum Unadjusted Copayment and more; a point stands for nothing.

use std::io::Read;

use rust_decimal::Decimal;

use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
use crate::domain::codes::Code;
use crate::domain::dates::Period;
use crate::domain::money::Money;

/// The groups of a release.
pub type Apcs = Release<Apc>;

/// An ambulatory payment classification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apc {
    /// APC: four digits.
    pub apc: Code<4>,
    /// Group Title, CMS's.
    pub title: String,
    /// SI: the status indicator.
    pub status: Code<2>,
    /// Relative Weight.
    pub weight: Option<Decimal>,
    /// Payment Rate.
    pub rate: Option<Money>,
    /// National Unadjusted Copayment.
    pub copay: Option<Money>,
    /// Minimum Unadjusted Copayment.
    pub minimum_copay: Option<Money>,
}

impl Keyed for Apc {
    type Key = Code<4>;
    const COLUMNS: &'static str = "APC";

    fn key(&self) -> Code<4> {
        self.apc
    }

    fn key_text(&self) -> String {
        self.apc.to_string()
    }
}

/// Reads the file.
pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<Apcs, LayoutError> {
    read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<Apcs, LayoutError> {
    let heading = |record: &Record| {
        let heading = Heading::of(record);
        (heading.has("apc") && heading.has("group title")).then(|| {
            Ok([
                heading.column("apc")?,
                heading.column("group title")?,
                heading.column("si")?,
                heading.column("relative weight")?,
                heading.column("payment rate")?,
                heading.column("national unadjusted")?,
                heading.column("minimum unadjusted")?,
            ])
        })
    };
    let row = |[apc, title, status, weight, rate, copay, minimum]: &[usize; 7], record: &Record| {
        // Footnotes have no status indicator.
        if record.text(*status).is_empty() {
            return Ok(None);
        }
        Ok(Some(Apc {
            apc: record.read(*apc, "APC", "four digits", |text| {
                let digits = text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
                Code::parse(&format!("{text:0>4}")).filter(|_| digits && !text.is_empty())
            })?,
            title: record.text(*title).into_owned(),
            status: record.read(*status, "SI", "one or two characters", Code::parse)?,
            weight: record.number_if_any(*weight, "Relative Weight")?,
            rate: record.money_if_any(*rate, "Payment Rate")?,
            copay: record.money_if_any(*copay, "National Unadjusted Copayment")?,
            minimum_copay: record.money_if_any(*minimum, "Minimum Unadjusted Copayment")?,
        }))
    };
    let mut records = Records::tabbed_or_csv(input);
    Release::below_heading(edition, &mut records, sieve, "a line with APC and Group Title", heading, row)
}

pub(super) const KIND: Kind = Kind {
    id: "opps-addendum-a",
    title: "groups of outpatient hospital services (APC)",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/prospective-payment-systems/hospital-outpatient-pps/quarterly-addenda-updates",
    layouts: "Addendum A, tab or comma separated",
    used_for: "titles, weights and rates of groups",
    minimum_rows: 600,
    recognizes: |head| head.contains("GROUP TITLE") && head.contains("APC"),
    read: |edition, files| one_file(edition, files, OfficialTable::Apcs, read),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    /// Weight, rate and copayment of 5361 as CMS published them for 2025: 65.4304 × 89.169 = 5,834.36.
    const FILE: &str = "Addendum A.-Final OPPS APCs for CY 2025\n\nAPC\tGroup Title\tSI\tRelative Weight\tPayment Rate\tNational Unadjusted Copayment\tMinimum Unadjusted Copayment\n5361\tLevel 1 Laparoscopy and Related Services\tJ1\t65.4304\t\"$5,834.36\"\t.\t\"$1,166.88\"\n901\tx\tK\t.\t$12.50\t.\t$2.50\n";

    fn parsed(text: &str) -> Result<Apcs, LayoutError> {
        parse("x", Period::between(date(2025, 1, 1), date(2025, 12, 31)), text.as_bytes())
    }

    #[test]
    fn a_group_has_weight_rate_and_copayment() {
        let table = parsed(FILE).unwrap();
        let row = table.lookup(&Code::new("5361")).unwrap();
        assert_eq!((row.weight, row.rate), (Some(Decimal::new(654_304, 4)), Some(Money::from_cents(583_436))));
        assert_eq!((row.copay, row.minimum_copay), (None, Some(Money::from_cents(116_688))));
        assert_eq!(table.lookup(&Code::new("0901")).map(|row| row.weight), Some(None));
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, line, column) in [
            ("65.4304", "high", 4, "Relative Weight"),
            ("901", "5361", 5, "APC"),
            ("Payment Rate", "x", 3, "payment rate"),
        ] {
            let error = parsed(&FILE.replacen(from, to, 1)).unwrap_err();
            assert_eq!((error.line, error.column), (line, column));
        }
    }
}
