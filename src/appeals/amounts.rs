//! Amounts in controversy by the year in which the request is filed (42 CFR 405.1006; for Medicare Advantage by 42 CFR 422.600(c) and 422.612).

use super::calendar::after;
use super::filing::Aggregated;
use super::{Controversy, Time};
use crate::domain::dates::Date;
use crate::domain::money::Money;

/// Year, dollars for a hearing, dollars for a court: as announced in the Federal Register each fall, such as 90 FR 55869 for 2026.
const BY_YEAR: &[(i16, i64, i64)] = &[
    (2014, 140, 1_430),
    (2015, 150, 1_460),
    (2016, 150, 1_500),
    (2017, 160, 1_560),
    (2018, 160, 1_600),
    (2019, 160, 1_630),
    (2020, 170, 1_670),
    (2021, 180, 1_760),
    (2022, 180, 1_760),
    (2023, 180, 1_850),
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

/// What a level asks, if it asks anything.
pub fn needed(controversy: Controversy, filed: Date) -> Option<Threshold> {
    match controversy {
        Controversy::Any => None,
        Controversy::Hearing => Some(hearing(filed)),
        Controversy::Court => Some(court(filed)),
    }
}

fn of(year: i16) -> (i16, i64, i64) {
    let known = BY_YEAR.iter().rev().find(|(known, ..)| *known <= year);
    known.or(BY_YEAR.first()).copied().unwrap_or((year, 0, 0))
}

/// What is in controversy of a claim: the charge, less what Medicare and others paid, less deductible and coinsurance (42 CFR 405.1006(d)(1)).
pub fn in_controversy(charge: Money, paid: Money, cost_share: Money) -> Money {
    (charge - paid - cost_share).or_zero()
}

/// What others add to an appeal, and what does not count with the reason why (42 CFR 405.1006(e)): decided at the same level before, filed within 60
/// days of receipt of that decision, and of similar or related services or common issues of law and fact.
pub fn aggregate(own: Money, others: &[Aggregated], filed: Date) -> (Money, Vec<(usize, &'static str)>) {
    let mut left_out = Vec::new();
    let mut sum = own;
    for (at, other) in others.iter().enumerate() {
        // Receipt is presumed five days after the notice.
        let received = crate::domain::dates::plus_days(other.prior_notice, 5);
        let in_time = after(received.at(0, 0, 0, 0), Time::Days(60), true).is_some_and(|last| filed <= last.day());
        let why = if !other.same_prior_level {
            Some("it was not decided at the same level before")
        } else if !in_time {
            Some("more than 60 days have passed since its decision was received")
        } else if !other.related {
            Some(if other.other_patient {
                "it is another patient's and has no issues of law and fact in common"
            } else {
                "its services are neither similar nor related"
            })
        } else {
            None
        };
        match why {
            Some(why) => left_out.push((at, why)),
            None => sum += other.amount,
        }
    }
    (sum, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    const fn dollars(dollars: i64) -> Money {
        Money::from_cents(dollars * 100)
    }

    #[test]
    fn the_amount_is_the_years_in_which_the_request_is_filed() {
        assert_eq!(hearing(date(2025, 12, 31)), Threshold { amount: dollars(190), year: 2025 });
        assert_eq!(hearing(date(2026, 1, 1)), Threshold { amount: dollars(200), year: 2026 });
        assert_eq!(court(date(2026, 1, 1)).amount, dollars(1_960));
        assert_eq!(court(date(2029, 1, 1)), Threshold { amount: dollars(1_960), year: 2026 }, "the last that is known");
        assert_eq!(hearing(date(2010, 1, 1)).year, 2014, "the first that is known");
    }

    // 500.00 charged, 100.00 paid, 60.00 deductible and coinsurance.
    #[test]
    fn what_was_paid_and_the_cost_share_are_not_in_controversy() {
        assert_eq!(in_controversy(dollars(500), dollars(100), dollars(60)), dollars(340));
        assert_eq!(in_controversy(dollars(500), dollars(480), dollars(60)), Money::ZERO);
    }

    #[test]
    fn claims_are_counted_together_if_they_come_from_the_same_level_in_time_and_are_related() {
        let other = Aggregated {
            amount: dollars(120),
            prior_notice: date(2026, 3, 2),
            same_prior_level: true,
            other_patient: false,
            related: true,
        };
        // 2 March + 5 = 7 March; + 60 = 6 May.
        let filed = date(2026, 5, 6);
        assert_eq!(aggregate(dollars(90), &[other], filed), (dollars(210), vec![]));
        let late = aggregate(dollars(90), &[other], date(2026, 5, 7));
        assert_eq!((late.0, late.1.len()), (dollars(90), 1));
        let unlike = [
            Aggregated { same_prior_level: false, ..other },
            Aggregated { related: false, ..other },
            Aggregated { related: false, other_patient: true, ..other },
        ];
        let (sum, left_out) = aggregate(dollars(90), &unlike, filed);
        assert_eq!((sum, left_out.len()), (dollars(90), 3));
    }
}
