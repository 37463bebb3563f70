//! Days of services, and the stay that bills for adjoining days belong to.

use std::collections::BTreeSet;

use crate::adjudication::Case;
use crate::domain::claim::ServiceLine;
use crate::domain::dates::{Date, plus_days};
use crate::domain::determination::HistoryLine;

/// The days of a service that count: from a first through a last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub from: Date,
    pub through: Date,
}

impl Days {
    /// Of a line: each day; of a facility's inpatients, nights.
    pub fn of_line(case: &Case<'_>, line: &ServiceLine) -> Days {
        let stay = case.file.claim.institutional.as_deref().filter(|claim| claim.bill.is_inpatient());
        let stays_on = stay.is_some_and(|stay| stay.bill.is_interim());
        Days::new(line.from, line.through, stay.is_some() && !stays_on)
    }

    /// Of a line of an earlier claim.
    pub fn of_history(line: &HistoryLine) -> Days {
        let nights = line.bill.is_some_and(|bill| bill.is_inpatient() && !bill.is_interim());
        Days::new(line.from, line.through, nights)
    }

    /// The day of discharge is none, unless it is the only one (Medicare Benefit Policy Manual, chapter 3, 20.1).
    fn new(from: Date, through: Date, nights: bool) -> Days {
        let last = if nights { plus_days(through, -1) } else { through };
        Days { from, through: last.max(from) }
    }

    fn adjoins(&self, other: &Days) -> bool {
        self.from <= plus_days(other.through, 1) && other.from <= plus_days(self.through, 1)
    }

    /// Each day.
    pub fn each(self) -> impl Iterator<Item = Date> {
        std::iter::successors(Some(self.from), |day| Some(plus_days(*day, 1)))
            .take_while(move |day| *day <= self.through)
    }
}

/// Which of the others belong to one stay with these days: those that adjoin it, and those that adjoin them.
pub(super) fn same_stay(days: Days, others: &[Days]) -> Vec<usize> {
    let mut found: BTreeSet<usize> = BTreeSet::new();
    loop {
        let joins = |other: &Days| {
            days.adjoins(other) || found.iter().filter_map(|at| others.get(*at)).any(|d| d.adjoins(other))
        };
        let next: Vec<usize> = others
            .iter()
            .enumerate()
            .filter(|(at, other)| !found.contains(at) && joins(other))
            .map(|(at, _)| at)
            .collect();
        if next.is_empty() {
            return found.into_iter().collect();
        }
        found.extend(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    fn days(from: i8, through: i8) -> Days {
        Days::new(date(2026, 3, from), date(2026, 3, through), false)
    }

    #[test]
    fn the_day_of_discharge_is_no_night_unless_it_is_the_only_day() {
        let nights = |from, through| Days::new(date(2026, 3, from), date(2026, 3, through), true).each().count();
        assert_eq!([nights(1, 6), nights(1, 2), nights(1, 1)], [5, 1, 1]);
        assert_eq!(days(1, 6).each().count(), 6);
    }

    #[test]
    fn bills_for_adjoining_days_are_one_stay_and_a_gap_ends_it() {
        let others = [days(1, 5), days(6, 9), days(20, 22), days(15, 15)];
        assert_eq!(same_stay(days(10, 12), &others), [0, 1]);
        assert_eq!(same_stay(days(18, 19), &others), [2]);
    }
}
