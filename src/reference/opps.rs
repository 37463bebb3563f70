//! OPPS: what Medicare pays hospital outpatient departments for a procedure code.
//!
//! CMS, Addendum B of the hospital outpatient prospective payment system, a quarter at a time: lines of notices, then,
//! separated by tabs or as csv, code, descriptor, comment indicator, status indicator, APC, relative weight, payment rate,
//! national unadjusted copayment, minimum unadjusted copayment, inpatient rebatable coinsurance percentage, adjusted
//! copayment, expiration of pass-through, note. Amounts are written "$5,834.36"; a point or nothing says that there is none.
//! Descriptors are the AMA's and are not read. 42 CFR part 419.

use std::io::Read;

use rust_decimal::Decimal;

use super::apc::{ApcRate, RateColumns};
use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
use crate::domain::codes::{ApcCode, Code, ProcedureCode};
use crate::domain::dates::{Date, Period, date};
use crate::domain::money::Money;

/// A code's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OppsRate {
    /// The code.
    pub code: ProcedureCode,
    /// Status indicator: how it is paid.
    pub status: Code<2>,
    /// Its classification.
    pub apc: Option<ApcCode>,
    /// What it is paid.
    pub rate: ApcRate,
    /// What of it the patient pays at the most, where that is less than a fifth.
    pub limited_copayment: Option<Money>,
}

/// The rates of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OppsRates(Release<OppsRate>);

impl Keyed for OppsRate {
    type Key = ProcedureCode;
    const COLUMNS: &'static str = "HCPCS Code";

    fn key(&self) -> ProcedureCode {
        self.code
    }

    fn key_text(&self) -> String {
        self.code.to_string()
    }
}

impl OppsRates {
    /// Reads Addendum B.
    pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<OppsRates, LayoutError> {
        OppsRates::read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
    }

    fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<OppsRates, LayoutError> {
        let heading = |record: &Record| {
            let heading = Heading::of(record);
            heading.has("hcpcs").then(|| Columns::of(&heading))
        };
        let row = |columns: &Columns, record: &Record| {
            let is_row = record.text(columns.code).len() == 5 && !record.text(columns.status).is_empty();
            if is_row { row(columns, record).map(Some) } else { Ok(None) }
        };
        let mut records = Records::tabbed_or_csv(input);
        let wanted = "a line with HCPCS Code, SI, APC and Payment Rate";
        Release::below_heading(edition, &mut records, sieve, wanted, heading, row).map(OppsRates)
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
    pub fn rows(&self) -> &[OppsRate] {
        self.0.rows()
    }

    /// A code's row.
    pub fn lookup(&self, code: ProcedureCode) -> Option<&OppsRate> {
        self.0.lookup(&code)
    }
}

struct Columns {
    code: usize,
    status: usize,
    rates: RateColumns,
    adjusted: Option<usize>,
}

impl Columns {
    fn of(heading: &Heading) -> Result<Columns, LayoutError> {
        let adjusted = |name: &str| name.contains("adjusted") && !name.contains("unadjusted");
        Ok(Columns {
            code: heading.column("hcpcs")?,
            status: heading.find("SI", |name| name == "si" || name.starts_with("status ind"))?,
            rates: RateColumns::of(heading)?,
            adjusted: heading.find("Adjusted Copayment", adjusted).ok(),
        })
    }
}

fn row(columns: &Columns, record: &Record) -> Result<OppsRate, LayoutError> {
    Ok(OppsRate {
        code: record.procedure(columns.code, "HCPCS Code")?,
        status: record.read(columns.status, "SI", "a status indicator", Code::parse)?,
        apc: columns.rates.apc(record)?,
        rate: columns.rates.rate(record)?,
        limited_copayment: match columns.adjusted {
            Some(at) => record.money_if_any(at, "Adjusted Copayment")?,
            None => None,
        },
    })
}

pub(super) const KIND: Kind = Kind {
    id: "opps-addendum-b",
    title: "rates of outpatient hospital services by code",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/prospective-payment-systems/hospital-outpatient-pps/quarterly-addenda-updates",
    layouts: "Addendum B, tab or comma separated",
    used_for: "prices of hospitals' outpatient services",
    minimum_rows: 10_000,
    recognizes: |head| head.contains("RELATIVE WEIGHT") && head.contains("HCPCS"),
    read: |edition, files| one_file(edition, files, OfficialTable::OppsRates, OppsRates::read),
};

/// The part of a payment that the area's wages move (42 CFR 419.43(c)).
pub const LABOUR: Decimal = Decimal::from_parts(60, 0, 0, false, 2);
/// What further procedures with indicator T are paid, and procedures that were broken off (42 CFR 419.44).
pub const DISCOUNT: Decimal = Decimal::from_parts(50, 0, 0, false, 2);

/// The deductible of a hospital stay, which no copayment for one procedure may exceed (42 CFR 419.41(c)(4)(i)).
const INPATIENT_DEDUCTIBLES: &[(Period, i64, &str)] = &[
    (Period::between(date(2024, 1, 1), date(2024, 12, 31)), 163_200, "88 FR 71555"),
    (Period::between(date(2025, 1, 1), date(2025, 12, 31)), 167_600, "CMS-8086-N"),
    (Period::between(date(2026, 1, 1), date(2026, 12, 31)), 173_600, "CMS-8089-N"),
];

/// Medicare's inpatient hospital deductible of a day; `None` outside the years that the program knows.
pub fn inpatient_deductible(day: Date) -> Option<Money> {
    let of_day = |(period, ..): &&(Period, i64, &str)| period.contains(day);
    INPATIENT_DEDUCTIBLES.iter().find(of_day).map(|(_, cents, _)| Money::from_cents(*cents))
}

/// A rate in an area of that wage index: three fifths of it are moved, once rounded.
pub fn in_area(rate: Money, wage_index: Decimal) -> Money {
    Money::round(rate.dollars() * (LABOUR * wage_index + (Decimal::ONE - LABOUR)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three rows of January 2025, descriptors blank.
    const ADDENDUM_B: &str = "Addendum B\nnotices\nHCPCS Code\tShort Descriptor\tCI\tSI\tAPC\tRelative Weight\tPayment Rate\tNational Unadjusted Copayment\tMinimum Unadjusted Copayment\tIRA\tAdjusted Copayment\tExpiration\tNote\n\
        44970\t\t\tJ1\t5361\t65.4304\t$5,834.36\t.\t$1,166.88\t\t\t\t\n\
        G0463\t\t\tJ2\t5012\t1.4452\t$128.87\t.\t$25.78\t\t\t\t\n\
        27447\t\t\tJ1\t5115\t144.2970\t$12,866.82\t.\t$2,573.37\t\t$1,632.00\t\t*\n\
        99999\t\t\tN\t\t\t\t\t\t\t\t\t\n";

    #[test]
    fn the_published_rates_are_weight_times_the_conversion_factor_of_2025() {
        let release = OppsRates::parse("x", Period::since(date(2025, 1, 1)), ADDENDUM_B.as_bytes()).unwrap();
        let factor = Decimal::new(89_169, 3);
        for row in release.rows() {
            assert_eq!(row.rate.amount, row.rate.weight.map(|weight| Money::round(weight * factor)), "{}", row.code);
        }
        let knee = release.lookup(ProcedureCode::new("27447")).unwrap();
        assert_eq!(knee.limited_copayment, Some(Money::from_cents(163_200)));
        assert_eq!(release.lookup(ProcedureCode::new("99999")).unwrap().apc, None);
    }

    #[test]
    fn a_mistake_is_named_by_its_line_and_column() {
        let file = ADDENDUM_B.replace("$128.87", "$128,x");
        let error = OppsRates::parse("x", Period::since(date(2025, 1, 1)), file.as_bytes()).unwrap_err();
        assert_eq!((error.line, error.column), (5, "Payment Rate"));
    }

    /// 100.00 at an index of 1.1: 60 × 1.1 + 40 = 106.
    #[test]
    fn wages_move_three_fifths_of_a_rate() {
        assert_eq!(in_area(Money::from_cents(10_000), Decimal::new(11, 1)), Money::from_cents(10_600));
    }
}
