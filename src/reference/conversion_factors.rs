//! Conversion factors: the dollars that one unit is worth under the Medicare physician fee schedule.

use rust_decimal::Decimal;

use crate::domain::dates::{Date, Period, date};

/// Dollars for one unit, set for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversionFactor {
    /// Dates of service.
    pub effective: Period,
    /// In hundred-thousandths of a dollar.
    value: u32,
    /// Where it is published.
    pub source: &'static str,
}

impl ConversionFactor {
    /// Dollars for one unit.
    pub fn dollars(&self) -> Decimal {
        Decimal::new(i64::from(self.value), 5)
    }
}

const YEAR_2025: Period = Period::between(date(2025, 1, 1), date(2025, 12, 31));
const YEAR_2026: Period = Period::between(date(2026, 1, 1), date(2026, 12, 31));
const EARLY_2024: Period = Period::between(date(2024, 1, 1), date(2024, 3, 8));
const LATER_2024: Period = Period::between(date(2024, 3, 9), date(2024, 12, 31));

/// Physician fee schedule, non-facility and facility; from 2026 the one for those who are not qualifying participants
/// of an advanced alternative payment model (42 CFR 414.1305), as nearly all are.
pub const PHYSICIAN: &[ConversionFactor] = &[
    ConversionFactor { effective: EARLY_2024, value: 3_274_420, source: "88 FR 78818 (CY 2024 final rule)" },
    ConversionFactor {
        effective: LATER_2024,
        value: 3_328_750,
        source: "Consolidated Appropriations Act, 2024 (Pub. L. 118-42), section 305",
    },
    ConversionFactor { effective: YEAR_2025, value: 3_234_650, source: "89 FR 97710 (CY 2025 final rule); RVU25D" },
    ConversionFactor { effective: YEAR_2026, value: 3_340_090, source: "CY 2026 final rule (CMS-1832-F); RVU26C" },
];

/// Anesthesia, the nation, for one base or time unit. None is given for March to December 2024.
pub const ANESTHESIA: &[ConversionFactor] = &[
    ConversionFactor { effective: EARLY_2024, value: 2_043_490, source: "88 FR 78818 (CY 2024 final rule)" },
    ConversionFactor { effective: YEAR_2025, value: 2_031_780, source: "CMS, ANES2025" },
    ConversionFactor { effective: YEAR_2026, value: 2_049_754, source: "CMS, ANES2026" },
];

/// Dollars for one relative value unit on a date of service; `None` outside the years that the program knows.
pub fn pfs_conversion_factor(service_date: Date) -> Option<Decimal> {
    on(PHYSICIAN, service_date)
}

/// Dollars for one anesthesia unit, the national figure, on a date of service; `None` outside the years known.
pub fn anesthesia_conversion_factor(service_date: Date) -> Option<Decimal> {
    on(ANESTHESIA, service_date)
}

fn on(factors: &[ConversionFactor], day: Date) -> Option<Decimal> {
    factors.iter().find(|factor| factor.effective.contains(day)).map(ConversionFactor::dollars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::pprrvu::RelativeValues;

    /// The Consolidated Appropriations Act, 2024 raised the factor in the middle of the year.
    #[test]
    fn the_factor_of_2024_changed_on_9_march() {
        assert_eq!(pfs_conversion_factor(date(2024, 3, 8)), Some(Decimal::new(327_442, 4)));
        assert_eq!(pfs_conversion_factor(date(2024, 3, 9)), Some(Decimal::new(332_875, 4)));
    }

    #[test]
    fn the_relative_value_files_carry_the_same_factor() {
        for release in RelativeValues::embedded() {
            let factor = pfs_conversion_factor(release.effective().from).unwrap();
            assert!(release.rows().iter().all(|row| row.conversion_factor == factor));
        }
    }

    #[test]
    fn years_that_are_not_known_have_no_factor() {
        assert_eq!(pfs_conversion_factor(date(2023, 12, 31)), None);
        assert_eq!(pfs_conversion_factor(date(2027, 1, 1)), None);
        assert_eq!(anesthesia_conversion_factor(date(2024, 3, 9)), None);
        assert_eq!(anesthesia_conversion_factor(date(2026, 6, 1)), Some(Decimal::new(2_049_754, 5)));
    }
}
