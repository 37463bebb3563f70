//! Sequestration: the part by which the law cuts each payment of Medicare's.

use rust_decimal::Decimal;

use crate::domain::dates::{Date, Period, date};

/// A cut, set for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequestration {
    /// Dates of service; of a facility's bill, its last day.
    pub effective: Period,
    /// Hundredths of the payment.
    percent: i64,
    /// Where it is set.
    pub source: &'static str,
}

/// Every cut since the first. Between the second and the third the law suspended it.
pub const CUTS: &[Sequestration] = &[
    Sequestration {
        effective: Period::between(date(2013, 4, 1), date(2020, 4, 30)),
        percent: 2,
        source: "Budget Control Act of 2011 (2 U.S.C. 901a(6)); suspended from 2020-05-01 by Pub. L. 116-136, section 3709",
    },
    Sequestration {
        effective: Period::between(date(2022, 4, 1), date(2022, 6, 30)),
        percent: 1,
        source: "Protecting Medicare and American Farmers from Sequester Cuts Act (Pub. L. 117-71), section 2",
    },
    Sequestration {
        effective: Period::since(date(2022, 7, 1)),
        percent: 2,
        source: "Protecting Medicare and American Farmers from Sequester Cuts Act (Pub. L. 117-71), section 2",
    },
];

/// The cut on a date of service, where there is one.
pub fn on(day: Date) -> Option<&'static Sequestration> {
    CUTS.iter().find(|cut| cut.effective.contains(day))
}

impl Sequestration {
    /// The part of the payment, such as 0.02.
    pub fn rate(&self) -> Decimal {
        Decimal::new(self.percent, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As CMS told it to the contractors: none from May 2020 through March 2022, 1 percent for three months, then 2.
    #[test]
    fn the_cut_was_suspended_and_came_back_in_two_steps() {
        let percent = |day| on(day).map(|cut| cut.percent);
        for (day, expected) in [
            (date(2013, 3, 31), None),
            (date(2013, 4, 1), Some(2)),
            (date(2020, 4, 30), Some(2)),
            (date(2020, 5, 1), None),
            (date(2022, 3, 31), None),
            (date(2022, 4, 1), Some(1)),
            (date(2022, 6, 30), Some(1)),
            (date(2022, 7, 1), Some(2)),
            (date(2026, 7, 15), Some(2)),
        ] {
            assert_eq!(percent(day), expected, "{day}");
        }
    }
}
