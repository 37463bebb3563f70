//! Until when a decision in the appellant's favor is carried out.

use jiff::civil::DateTime;

use super::calendar::{Deadline, after};
use super::{Hearer, Level, Regime, Terms, Time, Timing};

/// Until when the payer pays, or authorizes, after a level has overturned its denial; with what it rests on.
pub fn pay_by(
    terms: &Terms<'_>,
    level: &Level,
    timing: Timing,
    expedited: bool,
    decided: DateTime,
) -> (Option<Deadline>, &'static str) {
    let (time, authority) = match (level.regime, level.heard_by, timing) {
        (Regime::OriginalMedicare, ..) => (Time::Days(30), "Medicare Claims Processing Manual, chapter 29"),
        (Regime::MedicareAdvantage, Hearer::Payer, Timing::PreService) if expedited => {
            (Time::Hours(72), "42 CFR 422.619(a)")
        }
        (Regime::MedicareAdvantage, Hearer::Payer, Timing::PreService) => (Time::Days(30), "42 CFR 422.618(a)(1)"),
        (Regime::MedicareAdvantage, Hearer::Payer, Timing::PostService) => (Time::Days(60), "42 CFR 422.618(a)(2)"),
        (Regime::MedicareAdvantage, _, Timing::PreService) => (Time::Hours(72), "42 CFR 422.618(b)(1)"),
        (Regime::MedicareAdvantage, ..) => (Time::Days(30), "42 CFR 422.618(b)(2)"),
        (Regime::ProviderDispute, ..) => {
            (Time::Days(terms.dispute.days_to_pay), "the provider's contract with the payer")
        }
        (Regime::EmployerPlan, ..) => (Time::Days(0), "29 CFR 2590.715-2719(d)(2)(iv)"),
        (Regime::IndividualMarket, ..) => (Time::Days(0), "45 CFR 147.136(d)(2)(iv)"),
    };
    (after(decided, time, false), authority)
}
