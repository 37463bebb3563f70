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
use crate::domain::codes::{ApcCode, Code};
use crate::domain::dates::Period;
use crate::domain::money::Money;

/// The groups of a release.
pub type Apcs = Release<Apc>;

/// An ambulatory payment classification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apc {
    /// APC: four digits.
    pub apc: ApcCode,
    /// Group Title, CMS's.
    pub title: String,
    /// SI: the status indicator.
    pub status: Code<2>,
    /// What it is paid.
    pub rate: ApcRate,
}

/// What a row of Addendum A or B says of payment, before the area's wages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApcRate {
    /// Relative Weight, in terms of the conversion factor.
    pub weight: Option<Decimal>,
    /// Payment Rate.
    pub amount: Option<Money>,
    /// What of it the patient pays: National Unadjusted Copayment, or the minimum where there is none.
    pub copayment: Option<Money>,
}

/// Where a heading of either addendum has them.
pub(super) struct RateColumns {
    apc: usize,
    weight: usize,
    rate: usize,
    national: usize,
    minimum: usize,
}

impl RateColumns {
    pub(super) fn of(heading: &Heading) -> Result<RateColumns, LayoutError> {
        Ok(RateColumns {
            apc: heading.column("apc")?,
            weight: heading.find("Relative Weight", |name| name.ends_with("weight"))?,
            rate: heading.find("Payment Rate", |name| name.ends_with("rate"))?,
            national: heading.find("National Unadjusted Copayment", |name| name.starts_with("national"))?,
            minimum: heading.find("Minimum Unadjusted Copayment", |name| name.starts_with("minimum"))?,
        })
    }

    /// The group; a point stands for none.
    pub(super) fn apc(&self, record: &Record) -> Result<Option<ApcCode>, LayoutError> {
        match record.text(self.apc).as_ref() {
            "" | "." | "-" => Ok(None),
            _ => record.read(self.apc, "APC", "up to four digits", parse_apc).map(Some),
        }
    }

    pub(super) fn rate(&self, record: &Record) -> Result<ApcRate, LayoutError> {
        let national = record.money_if_any(self.national, "National Unadjusted Copayment")?;
        let minimum = record.money_if_any(self.minimum, "Minimum Unadjusted Copayment")?;
        Ok(ApcRate {
            weight: record.number_if_any(self.weight, "Relative Weight")?,
            amount: record.money_if_any(self.rate, "Payment Rate")?,
            copayment: national.or(minimum),
        })
    }
}

/// Spreadsheets drop the zeros in front.
fn parse_apc(text: &str) -> Option<ApcCode> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    Code::parse(&format!("{text:0>4}")).filter(|_| digits)
}

impl Keyed for Apc {
    type Key = ApcCode;
    const COLUMNS: &'static str = "APC";

    fn key(&self) -> ApcCode {
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
        (heading.has("apc") && heading.has("group title"))
            .then(|| Ok((heading.column("group title")?, heading.column("si")?, RateColumns::of(&heading)?)))
    };
    let row = |(title, status, rates): &(usize, usize, RateColumns), record: &Record| {
        // Footnotes have no status indicator.
        let group = if record.text(*status).is_empty() { None } else { rates.apc(record)? };
        let Some(apc) = group else { return Ok(None) };
        Ok(Some(Apc {
            apc,
            title: record.text(*title).into_owned(),
            status: record.read(*status, "SI", "one or two characters", Code::parse)?,
            rate: rates.rate(record)?,
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
    used_for: "titles of groups, where outpatient services are priced",
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
        assert_eq!(row.rate.weight, Some(Decimal::new(654_304, 4)));
        let amounts = (row.rate.amount, row.rate.copayment);
        assert_eq!(amounts, (Some(Money::from_cents(583_436)), Some(Money::from_cents(116_688))));
        assert_eq!(table.lookup(&Code::new("0901")).map(|row| row.rate.weight), Some(None));
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, line, column) in [
            ("65.4304", "high", 4, "Relative Weight"),
            ("901", "5361", 5, "APC"),
            ("Payment Rate", "x", 3, "Payment Rate"),
        ] {
            let error = parsed(&FILE.replacen(from, to, 1)).unwrap_err();
            assert_eq!((error.line, error.column), (line, column));
        }
    }
}
