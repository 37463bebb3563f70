//! What a high-deductible health plan must hold to, year by year (26 USC 223(c)(2), adjusted by the IRS).

use crate::domain::money::Money;

/// The amounts of a calendar year, for one person alone and for a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HighDeductible {
    /// The year.
    pub year: i32,
    /// The least deductible of a person covered alone.
    pub self_only_deductible: Money,
    /// The least deductible of a family; nobody of it may be paid for before, but for prevention.
    pub family_deductible: Money,
    /// The most that a person covered alone may pay.
    pub self_only_maximum: Money,
    /// The most that a family may pay.
    pub family_maximum: Money,
    /// Where it is published.
    pub source: &'static str,
}

const fn year(
    year: i32,
    source: &'static str,
    [own, family]: [i64; 2],
    [own_most, family_most]: [i64; 2],
) -> HighDeductible {
    HighDeductible {
        year,
        self_only_deductible: Money::from_cents(own * 100),
        family_deductible: Money::from_cents(family * 100),
        self_only_maximum: Money::from_cents(own_most * 100),
        family_maximum: Money::from_cents(family_most * 100),
        source,
    }
}

/// Year by year.
pub const YEARS: &[HighDeductible] = &[
    year(2023, "Rev. Proc. 2022-24", [1_500, 3_000], [7_500, 15_000]),
    year(2024, "Rev. Proc. 2023-23", [1_600, 3_200], [8_050, 16_100]),
    year(2025, "Rev. Proc. 2024-25", [1_650, 3_300], [8_300, 16_600]),
    year(2026, "Rev. Proc. 2025-19", [1_700, 3_400], [8_500, 17_000]),
];

/// The amounts of a year; `None` outside the years that the program knows.
pub fn of_year(year: i32) -> Option<&'static HighDeductible> {
    YEARS.iter().find(|row| row.year == year)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The statute sets twice the amounts of one person for a family; the IRS rounds to 50 dollars, which kept it so.
    #[test]
    fn a_familys_amounts_are_twice_one_persons() {
        for row in YEARS {
            assert_eq!(row.family_deductible, row.self_only_deductible + row.self_only_deductible, "{}", row.year);
            assert_eq!(row.family_maximum, row.self_only_maximum + row.self_only_maximum, "{}", row.year);
        }
        assert_eq!(of_year(2026).map(|row| row.self_only_maximum), Some(Money::from_cents(850_000)));
        assert_eq!(of_year(1999), None);
    }
}
