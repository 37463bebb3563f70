//! Amounts in controversy by the year in which the request is filed (42 CFR 405.1006(b) and (c); 42 CFR 422.600(c)).

use crate::domain::dates::Date;
use crate::domain::money::Money;

/// Year, dollars for a hearing, dollars for a court: as announced in the Federal Register each fall.
const BY_YEAR: &[(i16, i64, i64)] = &[
    (2016, 150, 1_500),
    (2017, 160, 1_560),
    (2018, 160, 1_600),
    (2022, 180, 1_760),
    (2024, 180, 1_840),
    (2025, 190, 1_900),
    (2026, 200, 1_960),
];

/// An amount of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// What must be in controversy.
    pub amount: Money,
    /// The year that it was announced for: an earlier one where the table has none for the year asked.
    pub year: i16,
}

/// For a hearing before an administrative law judge.
pub fn hearing(filed: Date) -> Threshold {
    let (year, hearing, _) = of(filed.year());
    Threshold { amount: Money::from_cents(hearing * 100), year }
}

/// For a federal district court.
pub fn court(filed: Date) -> Threshold {
    let (year, _, court) = of(filed.year());
    Threshold { amount: Money::from_cents(court * 100), year }
}

fn of(year: i16) -> (i16, i64, i64) {
    let known = BY_YEAR.iter().rev().find(|(known, ..)| *known <= year);
    known.or(BY_YEAR.first()).copied().unwrap_or((year, 0, 0))
}
