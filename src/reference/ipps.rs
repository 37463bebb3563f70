//! The inpatient prospective payment system's dated numbers: what a hospital discharge with a weight of 1 is worth.
//!
//! 42 CFR part 412, subparts D (operating) and M (capital); CMS sets them for each fiscal year, from 1 October on.

use rust_decimal::Decimal;

use crate::domain::dates::{Date, Period, date};
use crate::domain::money::Money;

/// The national amounts of a fiscal year, for hospitals that report quality data and use health records meaningfully.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipps {
    /// Days of discharge.
    pub effective: Period,
    /// Operating standardized amount where the wage index is above 1: labour-related and other part (Table 1A).
    pub high_wage: (Money, Money),
    /// The same where it is 1 or less (Table 1B).
    pub low_wage: (Money, Money),
    /// Capital standard federal rate (Table 1D); `None`: not known to this program.
    pub capital: Option<Money>,
    /// Fixed loss: what costs must exceed the payment by, before there is an outlier payment (42 CFR 412.80(a)); `None`: not
    /// known to this program, and then there are none.
    pub fixed_loss: Option<Money>,
    /// Where it is published.
    pub source: &'static str,
}

/// The part of costs above the threshold that an outlier is paid (42 CFR 412.84(k)).
pub const MARGINAL_COST: Decimal = Decimal::from_parts(80, 0, 0, false, 2);
/// The same for burns (42 CFR 412.84(j)).
pub const MARGINAL_COST_BURNS: Decimal = Decimal::from_parts(90, 0, 0, false, 2);
/// The groups for burns (MS-DRG 927 to 935).
pub const BURNS: std::ops::RangeInclusive<u16> = 927..=935;

/// Nights after which a hospital that is paid by group may send a first bill of a stay that goes on, and again so many later
/// (Medicare Claims Processing Manual, Pub. 100-04, chapter 3, section 50).
pub const INTERIM_BILL_NIGHTS: i32 = 60;

const fn dollars(cents: i64) -> Money {
    Money::from_cents(cents)
}

/// By fiscal year.
pub const YEARS: &[Ipps] = &[
    Ipps {
        effective: Period::between(date(2025, 10, 1), date(2026, 9, 30)),
        high_wage: (dollars(445_672), dollars(229_589)),
        low_wage: (dollars(418_662), dollars(256_599)),
        capital: Some(dollars(52_415)),
        fixed_loss: Some(dollars(4_039_700)),
        source: "FY 2026 IPPS/LTCH PPS final rule (CMS-1833-F), Tables 1A, 1B, 1D",
    },
    Ipps {
        effective: Period::between(date(2026, 10, 1), date(2027, 9, 30)),
        high_wage: (dollars(451_968), dollars(232_832)),
        low_wage: (dollars(424_576), dollars(260_224)),
        capital: None,
        fixed_loss: None,
        source: "FY 2027 IPPS/LTCH PPS final rule, Tables 1A, 1B",
    },
];

/// The amounts for a day of discharge; `None` outside the years that the program knows.
pub fn on(discharge: Date) -> Option<&'static Ipps> {
    YEARS.iter().find(|year| year.effective.contains(discharge))
}

impl Ipps {
    /// Operating amount for a weight of 1 in an area of that wage index, not rounded.
    pub fn operating(&self, wage_index: Decimal) -> Decimal {
        let (labour, other) = if wage_index > Decimal::ONE { self.high_wage } else { self.low_wage };
        labour.dollars() * wage_index + other.dollars()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both splits are of one amount, 6,752.61.
    #[test]
    fn labour_and_other_make_up_the_standardized_amount() {
        let year = on(date(2026, 3, 2)).unwrap();
        for (labour, other) in [year.high_wage, year.low_wage] {
            assert_eq!(labour + other, Money::from_cents(675_261));
        }
        assert_eq!(on(date(2025, 9, 30)), None);
    }

    /// (4,456.72 × 1.0068 + 2,295.89) × 0.8095: 4,487.025696 + 2,295.89 = 6,782.915696; × 0.8095 = 5,490.7702….
    #[test]
    fn a_wage_index_above_one_moves_the_labour_part() {
        let operating = on(date(2026, 3, 2)).unwrap().operating(Decimal::new(10_068, 4));
        assert_eq!(Money::round(operating * Decimal::new(8_095, 4)), Money::from_cents(549_077));
    }
}
