//! Within what time the law wants requests for authorization decided, and what comes of those that are not.

use crate::domain::dates::{Date, date};
use crate::domain::determination::Citation;

/// Which law a plan stands under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanLaw {
    /// Health plans of employers, and insurers by 45 CFR 147.136.
    Employer,
    /// Medicare Advantage.
    MedicareAdvantage,
    /// Managed care of Medicaid.
    Medicaid,
}

/// From then on Medicare Advantage and Medicaid decide standard requests within seven days (CMS-0057-F).
const SEVEN_DAYS_SINCE: Date = date(2026, 1, 1);
/// Hours for an urgent request.
pub const URGENT_HOURS: i32 = 72;
/// Hours for an urgent request to extend a course of treatment, made in time.
pub const URGENT_EXTENSION_HOURS: i32 = 24;

impl PlanLaw {
    /// The law of a plan by its claim filing indicator (SBR09, CLP06).
    pub fn of(filing_indicator: &str, advantage: bool) -> PlanLaw {
        match filing_indicator {
            "16" => PlanLaw::MedicareAdvantage,
            "MC" => PlanLaw::Medicaid,
            _ if advantage => PlanLaw::MedicareAdvantage,
            _ => PlanLaw::Employer,
        }
    }

    /// Calendar days for a standard request that comes in on a day.
    pub fn standard_days(self, received: Date) -> i32 {
        match self {
            PlanLaw::Employer => 15,
            PlanLaw::MedicareAdvantage | PlanLaw::Medicaid if received >= SEVEN_DAYS_SINCE => 7,
            PlanLaw::MedicareAdvantage | PlanLaw::Medicaid => 14,
        }
    }

    /// Hours for an urgent one; the employers' rule alone knows shorter ones for care that goes on.
    pub fn urgent_hours(self, extension: bool) -> i32 {
        if self == PlanLaw::Employer && extension { URGENT_EXTENSION_HOURS } else { URGENT_HOURS }
    }

    /// Where the times stand.
    pub fn times(self) -> Citation {
        match self {
            PlanLaw::Employer => Citation {
                title: "29 CFR 2560.503-1(f)(2)",
                href: "https://www.ecfr.gov/current/title-29/section-2560.503-1",
            },
            PlanLaw::MedicareAdvantage => Citation {
                title: "42 CFR 422.568(b)(1), 422.572(a)",
                href: "https://www.ecfr.gov/current/title-42/section-422.568",
            },
            PlanLaw::Medicaid => {
                Citation { title: "42 CFR 438.210(d)", href: "https://www.ecfr.gov/current/title-42/section-438.210" }
            }
        }
    }

    /// What comes of silence.
    pub fn silence(self) -> &'static str {
        match self {
            PlanLaw::Employer => {
                "it counts as denied, and the member need not appeal to the plan first (29 CFR 2560.503-1(l))"
            }
            PlanLaw::MedicareAdvantage => {
                "it counts as an adverse organization determination and can be appealed (42 CFR 422.568(f), 422.572(f))"
            }
            PlanLaw::Medicaid => "it counts as denied and can be appealed (42 CFR 438.404(c)(5))",
        }
    }

    /// Within what time the member may appeal.
    pub fn appeal(self) -> &'static str {
        match self {
            PlanLaw::Employer => {
                "The member may appeal to the plan within 180 days of this notice (29 CFR 2560.503-1(h)(3)(i))."
            }
            PlanLaw::MedicareAdvantage => {
                "The member or the physician may ask for reconsideration within 65 days of this notice (42 CFR 422.582(b))."
            }
            PlanLaw::Medicaid => {
                "The member may appeal to the plan within 60 days of this notice (42 CFR 438.402(c)(2)(ii))."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medicare_advantage_has_seven_days_from_2026_on_and_employers_fifteen() {
        assert_eq!(PlanLaw::MedicareAdvantage.standard_days(date(2025, 12, 31)), 14);
        assert_eq!(PlanLaw::MedicareAdvantage.standard_days(date(2026, 1, 1)), 7);
        assert_eq!(PlanLaw::of("12", false).standard_days(date(2026, 1, 1)), 15);
        assert_eq!(PlanLaw::of("16", false), PlanLaw::MedicareAdvantage);
    }

    #[test]
    fn an_urgent_extension_is_decided_within_a_day_where_the_employers_rule_holds() {
        assert_eq!((PlanLaw::Employer.urgent_hours(true), PlanLaw::Employer.urgent_hours(false)), (24, 72));
        assert_eq!(PlanLaw::MedicareAdvantage.urgent_hours(true), 72);
    }
}
