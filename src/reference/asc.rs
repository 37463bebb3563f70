//! ASC: what Medicare pays ambulatory surgical centers for a procedure code.
//!
//! CMS, Addendum AA (surgery) and Addendum BB (what goes with it), a quarter at a time: lines of notices, then, separated
//! by tabs or as csv, AA: code, descriptor, subject to multiple procedure discounting, payment indicator, weight, rate; BB:
//! the same without the third. Descriptors are the AMA's and are not read. 42 CFR part 416, subpart F.

use rust_decimal::Decimal;

use super::layout::{LayoutError, Record, Records};
use super::opps::{amount, number};
use crate::domain::codes::{Code, ProcedureCode};
use crate::domain::dates::{Date, Period, date};
use crate::domain::money::Money;

/// A code's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AscRate {
    /// The code.
    pub code: ProcedureCode,
    /// Whether further procedures of the day are paid half.
    pub discounted: bool,
    /// Payment indicator: how it is paid.
    pub indicator: Code<2>,
    /// Weight, in terms of the conversion factor.
    pub weight: Option<Decimal>,
    /// Payment, before the area's wages.
    pub rate: Option<Money>,
}

/// The rates of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AscRates {
    release: String,
    effective: Period,
    rows: Vec<AscRate>,
}

impl AscRates {
    /// Reads Addendum AA or BB.
    pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<AscRates, LayoutError> {
        let tabs = bytes.contains(&b'\t');
        let mut records = if tabs { Records::tabbed(bytes) } else { Records::csv(bytes) };
        let mut record = Record::default();
        let mut discounts: Option<bool> = None;
        let mut rows: Vec<AscRate> = Vec::new();
        while records.next(&mut record)? {
            if let Some(discounts) = discounts.filter(|_| record.text(0).len() == 5) {
                rows.push(row(&record, discounts)?);
            }
            if record.text(0).starts_with("HCPCS") {
                discounts = Some(record.text(2).contains("ultiple"));
            }
        }
        if discounts.is_none() {
            return Err(record.error("HCPCS Code", "a heading that begins with HCPCS", ""));
        }
        rows.sort_unstable_by_key(|row| row.code);
        if let Some([twice, _]) = rows.array_windows().find(|[a, b]| a.code == b.code) {
            return Err(record.error("HCPCS Code", "each code once", twice.code.as_str()));
        }
        Ok(AscRates { release: release.to_owned(), effective, rows })
    }

    /// The release's name.
    pub fn release(&self) -> &str {
        &self.release
    }

    /// Days of service that it is for.
    pub fn effective(&self) -> Period {
        self.effective
    }

    /// Every row, by code.
    pub fn rows(&self) -> &[AscRate] {
        &self.rows
    }

    /// A code's row.
    pub fn lookup(&self, code: ProcedureCode) -> Option<&AscRate> {
        self.rows.binary_search_by_key(&code, |row| row.code).ok().and_then(|at| self.rows.get(at))
    }
}

fn row(record: &Record, discounts: bool) -> Result<AscRate, LayoutError> {
    let after = if discounts { 3 } else { 2 };
    if record.len() < after + 3 {
        return Err(record.error("the record", "as many columns as the heading", &record.len().to_string()));
    }
    let yes = |text: &str| match text {
        "Y" | "Yes" => Some(true),
        "N" | "No" | "" => Some(false),
        _ => None,
    };
    Ok(AscRate {
        code: record.read(0, "HCPCS Code", "a code of five characters", ProcedureCode::parse)?,
        discounted: discounts && record.read(2, "Subject to Multiple Procedure Discounting", "Y or N", yes)?,
        indicator: record.read(after, "Payment Indicator", "a payment indicator", Code::parse)?,
        weight: number(record, after + 1, "Payment Weight")?,
        rate: amount(record, after + 2, "Payment Rate")?,
    })
}

/// The part of a payment that the area's wages move (42 CFR 416.172(c)).
pub const LABOUR: Decimal = Decimal::from_parts(50, 0, 0, false, 2);

/// Dollars for a weight of 1, for centers that report quality data.
const CONVERSION_FACTORS: &[(Period, i64, &str)] =
    &[(Period::between(date(2026, 1, 1), date(2026, 12, 31)), 56_322, "CY 2026 OPPS/ASC final rule (CMS-1834-FC)")];

/// Dollars for a weight of 1 on a day; `None` outside the years that the program knows.
pub fn conversion_factor(day: Date) -> Option<Decimal> {
    let of_day = |(period, ..): &&(Period, i64, &str)| period.contains(day);
    CONVERSION_FACTORS.iter().find(of_day).map(|(_, thousandths, _)| Decimal::new(*thousandths, 3))
}

/// A rate in an area of that wage index: half of it is moved, once rounded.
pub fn in_area(rate: Money, wage_index: Decimal) -> Money {
    Money::round(rate.dollars() * (LABOUR * wage_index + (Decimal::ONE - LABOUR)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rows in the form of January 2026: 53.8150 × 56.322 = 3,030.9684…, the rate published for 47562.
    #[test]
    fn a_rate_is_weight_times_the_conversion_factor_of_2026() {
        let file = "Addendum AA\nHCPCS Code\tShort Descriptor\tSubject to Multiple Procedure Discounting\tPI\tWeight\tRate\n\
            47562\t\tY\tG2\t53.8150\t$3,030.97\nA4641\t\tN\tN1\t\t\n";
        let release = AscRates::parse("x", Period::since(date(2026, 1, 1)), file.as_bytes()).unwrap();
        let row = release.lookup(ProcedureCode::new("47562")).unwrap();
        let factor = conversion_factor(date(2026, 3, 2)).unwrap();
        assert_eq!(row.rate, row.weight.map(|weight| Money::round(weight * factor)));
        assert!(row.discounted && !release.lookup(ProcedureCode::new("A4641")).unwrap().discounted);
    }

    #[test]
    fn addendum_bb_has_no_discount_column() {
        let file = "Addendum BB\nHCPCS Code\tShort Descriptor\tPayment Indicator\tWeight\tRate\nJ1885\t\tN1\t.\t.\n";
        let release = AscRates::parse("x", Period::since(date(2026, 1, 1)), file.as_bytes()).unwrap();
        assert_eq!(release.rows()[0].indicator, Code::new("N1"));
        assert_eq!(release.rows()[0].rate, None);
    }
}
