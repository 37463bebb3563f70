//! ASC: what Medicare pays ambulatory surgical centers for a procedure code.
//!
//! CMS, Addendum AA (surgery) and Addendum BB (what goes with it), a quarter at a time: lines of notices, then, separated
//! by tabs or as csv, AA: code, descriptor, subject to multiple procedure discounting, payment indicator, weight, rate; BB:
//! the same without the third. Descriptors are the AMA's and are not read. 42 CFR part 416, subpart F.

use std::io::Read;

use rust_decimal::Decimal;

use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
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
pub struct AscRates(Release<AscRate>);

impl Keyed for AscRate {
    type Key = ProcedureCode;
    const COLUMNS: &'static str = "HCPCS Code";

    fn key(&self) -> ProcedureCode {
        self.code
    }

    fn key_text(&self) -> String {
        self.code.to_string()
    }
}

impl AscRates {
    /// Reads Addendum AA or BB.
    pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<AscRates, LayoutError> {
        AscRates::read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
    }

    fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<AscRates, LayoutError> {
        let heading = |record: &Record| {
            let heading = Heading::of(record);
            heading.has("hcpcs").then(|| {
                Ok(Columns {
                    code: heading.column("hcpcs")?,
                    discounted: heading.find("Subject to Multiple", |name| name.contains("multiple")).ok(),
                    indicator: heading
                        .find("Payment Indicator", |name| name == "pi" || name.contains("payment indicator"))?,
                    weight: heading.find("Payment Weight", |name| name.ends_with("weight"))?,
                    rate: heading.find("Payment Rate", |name| name.ends_with("rate"))?,
                })
            })
        };
        let row = |columns: &Columns, record: &Record| {
            let is_row = record.text(columns.code).len() == 5;
            if is_row { row(columns, record).map(Some) } else { Ok(None) }
        };
        let mut records = Records::tabbed_or_csv(input);
        let wanted = "a line with HCPCS Code, Payment Indicator and Payment Rate";
        Release::below_heading(edition, &mut records, sieve, wanted, heading, row).map(AscRates)
    }

    /// The release's name.
    pub fn release(&self) -> &str {
        self.0.release()
    }

    /// Days of service that it is for.
    pub fn effective(&self) -> Period {
        self.0.effective()
    }

    /// Every row, by code.
    pub fn rows(&self) -> &[AscRate] {
        self.0.rows()
    }

    /// A code's row.
    pub fn lookup(&self, code: ProcedureCode) -> Option<&AscRate> {
        self.0.lookup(&code)
    }
}

struct Columns {
    code: usize,
    discounted: Option<usize>,
    indicator: usize,
    weight: usize,
    rate: usize,
}

fn row(columns: &Columns, record: &Record) -> Result<AscRate, LayoutError> {
    let yes = |text: &str| match text {
        "Y" | "Yes" => Some(true),
        "N" | "No" | "" => Some(false),
        _ => None,
    };
    Ok(AscRate {
        code: record.procedure(columns.code, "HCPCS Code")?,
        discounted: match columns.discounted {
            Some(at) => record.read(at, "Subject to Multiple Procedure Discounting", "Y or N", yes)?,
            None => false,
        },
        indicator: record.read(columns.indicator, "Payment Indicator", "a payment indicator", Code::parse)?,
        weight: record.number_if_any(columns.weight, "Payment Weight")?,
        rate: record.money_if_any(columns.rate, "Payment Rate")?,
    })
}

const PUBLISHED: Kind = Kind {
    id: "",
    title: "",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/prospective-payment-systems/ambulatory-surgical-center-asc/asc-payment-rates-addenda",
    layouts: "tab or comma separated; columns are known by their names",
    used_for: "prices of surgical centers",
    minimum_rows: 1_000,
    recognizes: |_| false,
    read: |edition, files| one_file(edition, files, OfficialTable::AscRates, AscRates::read),
};

pub(super) const SURGERY: Kind = Kind {
    id: "asc-addendum-aa",
    title: "rates of surgery in surgical centers (Addendum AA)",
    minimum_rows: 3_000,
    recognizes: |head| head.contains("MULTIPLE PROCEDURE DISCOUNTING"),
    ..PUBLISHED
};

pub(super) const ANCILLARY: Kind = Kind {
    id: "asc-addendum-bb",
    title: "rates of what goes with surgery in surgical centers (Addendum BB)",
    recognizes: |head| head.contains("PAYMENT INDICATOR") && !head.contains("MULTIPLE PROCEDURE DISCOUNTING"),
    ..PUBLISHED
};

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

    /// The headings of April 2026, with an empty second column; 175.6211 × 56.322 = 9,891.33.
    #[test]
    fn columns_are_known_by_their_names() {
        let file = "Title: ASC Payment Rates\nnotice\n\n\nHCPCS Code,,Short Descriptor,Subject to Multiple Procedure Discounting,April 2026 Payment Indicator,April 2026  Payment Weight  ,April 2026 Payment Rate\n64628,,x,Y,J8,175.6211,\"$9,891.33 \"\n99999,,x,N,N1,,\n";
        let release = AscRates::parse("x", Period::since(date(2026, 4, 1)), file.as_bytes()).unwrap();
        let row = release.lookup(ProcedureCode::new("64628")).unwrap();
        assert_eq!((row.discounted, row.rate), (true, Some(Money::from_cents(989_133))));
        let error = AscRates::parse("x", Period::since(date(2026, 4, 1)), file.replace("175.6211", "x").as_bytes());
        assert_eq!(error.map_err(|error| (error.line, error.column)), Err((6, "Payment Weight")));
    }
}
