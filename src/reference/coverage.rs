//! Coverage: how much of a code set a loaded table holds.

use crate::domain::dates::{Date, Period};

/// How much of a code set a table holds. Absence from a table says something only where the table is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Every code valid on the days of the period: a code that is not in the table is not valid then.
    Complete(Period),
    /// Some codes: one that is not in the table may still be good.
    Partial,
}

impl Coverage {
    /// Whether a code that is missing from the table is thereby not valid on the day.
    pub fn denies_absence_on(self, day: Date) -> bool {
        match self {
            Coverage::Complete(period) => period.contains(day),
            Coverage::Partial => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    #[test]
    fn only_a_complete_table_speaks_by_absence_and_only_in_its_period() {
        let year = Coverage::Complete(Period::between(date(2025, 10, 1), date(2026, 9, 30)));
        assert!(year.denies_absence_on(date(2026, 9, 30)));
        assert!(!year.denies_absence_on(date(2026, 10, 1)));
        assert!(!Coverage::Partial.denies_absence_on(date(2026, 1, 1)));
    }
}
