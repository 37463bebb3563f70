//! Until when a decision in the appellant's favor is carried out.

use jiff::civil::DateTime;

use super::calendar::{Deadline, after};
use super::{Hearer, Level, Regime, Terms, Time, Timing};

/// A case that was decided for the appellant.
#[derive(Clone, Copy, Debug)]
pub struct Won {
    /// Whether the care was given.
    pub timing: Timing,
    /// Whether it was expedited.
    pub expedited: bool,
    /// When the level received the request.
    pub received: DateTime,
    /// When it was decided.
    pub decided: DateTime,
}

/// Until when the payer pays, or authorizes, after a level has overturned its denial; with what it rests on.
pub fn carry_out_by(terms: &Terms<'_>, level: &Level, won: &Won) -> (Option<Deadline>, &'static str) {
    use Timing::{PostService, PreService};
    let by_payer = level.heard_by == Hearer::Payer;
    let (from, time, authority) = match (level.regime, won.timing) {
        (Regime::OriginalMedicare, _) if level.heard_by == Hearer::Judge || level.heard_by == Hearer::Council => {
            (won.decided, Time::Days(60), "Medicare Claims Processing Manual, chapter 29")
        }
        (Regime::OriginalMedicare, _) => (won.decided, Time::Days(30), "Medicare Claims Processing Manual, chapter 29"),
        // What the plan itself reverses is carried out within the time that it had to decide.
        (Regime::MedicareAdvantage, PreService) if by_payer && won.expedited => {
            (won.received, Time::Hours(72), "42 CFR 422.619(a)")
        }
        (Regime::MedicareAdvantage, PreService) if by_payer => (won.received, Time::Days(30), "42 CFR 422.618(a)(1)"),
        (Regime::MedicareAdvantage, PostService) if by_payer => (won.received, Time::Days(60), "42 CFR 422.618(a)(2)"),
        (Regime::MedicareAdvantage, _) if level.heard_by != Hearer::Independent => {
            (won.decided, Time::Days(60), "42 CFR 422.618(c)")
        }
        (Regime::MedicareAdvantage, PreService) => (won.decided, Time::Hours(72), "42 CFR 422.618(b)(1)"),
        (Regime::MedicareAdvantage, PostService) => (won.decided, Time::Days(30), "42 CFR 422.618(b)(2)"),
        (Regime::ProviderDispute, _) => {
            (won.decided, Time::Days(terms.dispute.days_to_pay), "the provider's contract with the payer")
        }
        // At once.
        (Regime::EmployerPlan, _) => (won.decided, Time::Days(0), "29 CFR 2590.715-2719(d)(2)(iv)"),
        (Regime::IndividualMarket, _) => (won.decided, Time::Days(0), "45 CFR 147.136(d)(2)(iv)"),
    };
    (after(from, time, false), authority)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appeals::level;
    use crate::domain::appeal_terms::{AppealSettings, AppealTerms};
    use crate::domain::dates::{Date, date};

    fn day(level_id: &str, timing: Timing) -> Date {
        let (plan, payer) = (AppealTerms::default(), AppealSettings::default());
        let (received, decided) = (date(2026, 8, 3).at(8, 0, 0, 0), date(2026, 8, 31).at(15, 0, 0, 0));
        let won = Won { timing, expedited: false, received, decided };
        carry_out_by(&Terms::of(&plan, &payer), level(level_id).unwrap(), &won).0.unwrap().day()
    }

    // Received on 3 August, decided on 31 August.
    #[test]
    fn medicare_pays_in_30_days_and_after_a_hearing_in_60() {
        assert_eq!(day("redetermination", Timing::PostService), date(2026, 9, 30));
        assert_eq!(day("hearing", Timing::PostService), date(2026, 10, 30), "30 of September, 30 of October");
    }

    #[test]
    fn an_advantage_plan_pays_within_its_own_time_and_after_the_review_in_30_days() {
        assert_eq!(
            day("plan-reconsideration", Timing::PostService),
            date(2026, 10, 2),
            "60 from 3 August: 28 + 30 + 2"
        );
        assert_eq!(day("plan-reconsideration", Timing::PreService), date(2026, 9, 2));
        assert_eq!(day("independent-review", Timing::PostService), date(2026, 9, 30));
        assert_eq!(day("independent-review", Timing::PreService), date(2026, 9, 3), "72 hours");
    }

    #[test]
    fn plans_carry_an_external_decision_out_at_once_and_contracts_say_their_days() {
        assert_eq!(day("external-review", Timing::PostService), date(2026, 8, 31));
        assert_eq!(day("provider-dispute", Timing::PostService), date(2026, 9, 5));
    }
}
