//! OPPS: what Medicare pays hospital outpatient departments for a procedure code.
//!
//! CMS, Addendum B of the hospital outpatient prospective payment system, a quarter at a time: lines of notices, then,
//! separated by tabs or as csv, code, descriptor, comment indicator, status indicator, APC, relative weight, payment rate,
//! national unadjusted copayment, minimum unadjusted copayment, inpatient rebatable coinsurance percentage, adjusted
//! copayment, expiration of pass-through, note. Amounts are written "$5,834.36"; a point or nothing says that there is none.
//! Descriptors are the AMA's and are not read. 42 CFR part 419.

use rust_decimal::Decimal;

use super::layout::{LayoutError, Record, Records, decimal};
use crate::domain::codes::{Code, ProcedureCode};
use crate::domain::dates::{Date, Period, date};
use crate::domain::money::Money;

/// Ambulatory payment classification, four digits.
pub type Apc = Code<5>;

/// A code's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OppsRate {
    /// The code.
    pub code: ProcedureCode,
    /// Status indicator: how it is paid.
    pub status: Code<2>,
    /// Its classification.
    pub apc: Option<Apc>,
    /// Weight, in terms of the conversion factor.
    pub weight: Option<Decimal>,
    /// Payment, before the area's wages.
    pub rate: Option<Money>,
    /// What of it the patient pays, before the area's wages.
    pub copayment: Option<Money>,
    /// What of it the patient pays at the most, where that is less than a fifth.
    pub limited_copayment: Option<Money>,
}

/// The rates of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OppsRates {
    release: String,
    effective: Period,
    rows: Vec<OppsRate>,
}

/// Columns up to the adjusted copayment.
const COLUMNS: usize = 11;

impl OppsRates {
    /// Reads Addendum B.
    pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<OppsRates, LayoutError> {
        let tabs = bytes.contains(&b'\t');
        let mut records = if tabs { Records::tabbed(bytes) } else { Records::csv(bytes) };
        let mut record = Record::default();
        let mut below_heading = false;
        let mut rows: Vec<OppsRate> = Vec::new();
        while records.next(&mut record)? {
            if below_heading && record.text(0).len() == 5 && !record.text(3).is_empty() {
                rows.push(row(&record)?);
            }
            below_heading = below_heading || record.text(0).starts_with("HCPCS");
        }
        if !below_heading {
            return Err(record.error("HCPCS Code", "a heading that begins with HCPCS", ""));
        }
        rows.sort_unstable_by_key(|row| row.code);
        if let Some([twice, _]) = rows.array_windows().find(|[a, b]| a.code == b.code) {
            return Err(record.error("HCPCS Code", "each code once", twice.code.as_str()));
        }
        Ok(OppsRates { release: release.to_owned(), effective, rows })
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
    pub fn rows(&self) -> &[OppsRate] {
        &self.rows
    }

    /// A code's row.
    pub fn lookup(&self, code: ProcedureCode) -> Option<&OppsRate> {
        self.rows.binary_search_by_key(&code, |row| row.code).ok().and_then(|at| self.rows.get(at))
    }
}

fn row(record: &Record) -> Result<OppsRate, LayoutError> {
    if record.len() < COLUMNS {
        return Err(record.error("the record", "eleven columns or more", &record.len().to_string()));
    }
    let apc = record.text(4);
    let (copayment, minimum) =
        (amount(record, 7, "National Unadjusted Copayment")?, amount(record, 8, "Minimum Unadjusted Copayment")?);
    Ok(OppsRate {
        code: record.read(0, "HCPCS Code", "a code of five characters", ProcedureCode::parse)?,
        status: record.read(3, "SI", "a status indicator", Code::parse)?,
        apc: if is_none(&apc) { None } else { Some(record.read(4, "APC", "up to five digits", Code::parse)?) },
        weight: number(record, 5, "Relative Weight")?,
        rate: amount(record, 6, "Payment Rate")?,
        copayment: copayment.or(minimum),
        limited_copayment: amount(record, 10, "Adjusted Copayment")?,
    })
}

/// CMS writes a point where there is no amount.
pub(super) fn is_none(text: &str) -> bool {
    matches!(text, "" | "." | "-" | "$")
}

/// An amount such as "$5,834.36".
pub(super) fn amount(record: &Record, at: usize, column: &'static str) -> Result<Option<Money>, LayoutError> {
    number(record, at, column).map(|number| number.map(Money::round))
}

pub(super) fn number(record: &Record, at: usize, column: &'static str) -> Result<Option<Decimal>, LayoutError> {
    let text = record.text(at).trim_start_matches('$').replace(',', "");
    if is_none(text.trim()) {
        return Ok(None);
    }
    record.read(at, column, "an amount such as $5,834.36", |_| decimal(text.trim())).map(Some)
}

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
            assert_eq!(row.rate, row.weight.map(|weight| Money::round(weight * factor)), "{}", row.code);
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
