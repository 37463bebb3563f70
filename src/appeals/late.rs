//! What follows when a level is late with its decision.

use jiff::civil::DateTime;

use super::calendar::{Deadline, after};
use super::{Hearer, Level, Regime, Terms, Time};
use crate::domain::appeal_terms::WhenLate;

/// What follows when a level has not decided in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequence {
    /// What happens.
    pub what: LateOutcome,
    /// In words that letters print.
    pub words: &'static str,
    /// What it rests on.
    pub authority: &'static str,
    /// Where the case goes, or may go.
    pub next: Option<&'static Level>,
}

/// What happens to a case whose decision is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateOutcome {
    /// The payer must send the case on to the next level, by itself: at once.
    Forwarded,
    /// The appellant may ask that the case goes on to the next level; until then it stays.
    MayEscalate,
    /// The claimant is deemed to have exhausted the internal levels, and may go to external review or court.
    DeemedExhausted,
    /// It counts as decided for the appellant.
    Overturned,
    /// It counts as upheld.
    Upheld,
    /// Nothing but that it is late: it must still be decided.
    StillOwed,
}

/// What follows when a level is late.
pub fn consequence(terms: &Terms<'_>, level: &'static Level) -> Consequence {
    let next = terms.next(level.regime, Some(level));
    let external = terms.ladder(level.regime).into_iter().find(|next| next.heard_by != Hearer::Payer);
    let told = |what, words, authority, next| Consequence { what, words, authority, next };
    match (level.regime, level.heard_by) {
        (Regime::MedicareAdvantage, Hearer::Payer) => told(
            LateOutcome::Forwarded,
            "The plan did not decide in time, which counts as a decision against the enrollee: it sends the case to the independent review entity.",
            "42 CFR 422.590",
            next,
        ),
        (Regime::OriginalMedicare, Hearer::Independent) => told(
            LateOutcome::MayEscalate,
            "The QIC did not decide in time: the appellant may ask that the case goes on to an administrative law judge.",
            "42 CFR 405.970(c) to (e)",
            next,
        ),
        (Regime::OriginalMedicare, Hearer::Judge) => told(
            LateOutcome::MayEscalate,
            "No hearing decision came in time: the appellant may ask that the case goes on to the Council.",
            "42 CFR 405.1016(f)",
            next,
        ),
        (Regime::OriginalMedicare, Hearer::Council) => told(
            LateOutcome::MayEscalate,
            "The Council did not decide in time: the appellant may ask that the case goes on to a federal district court.",
            "42 CFR 405.1132",
            next,
        ),
        (Regime::EmployerPlan, Hearer::Payer) => told(
            LateOutcome::DeemedExhausted,
            "The plan did not decide in time: the claimant is deemed to have exhausted its internal appeals, and may ask for external review or sue.",
            "29 CFR 2560.503-1(l); 29 CFR 2590.715-2719(b)(2)(ii)(F)",
            external,
        ),
        (Regime::IndividualMarket, Hearer::Payer) => told(
            LateOutcome::DeemedExhausted,
            "The insurer did not decide in time: the claimant is deemed to have exhausted its internal appeal, and may ask for external review or sue.",
            "45 CFR 147.136(b)(3)(ii)(F)",
            external,
        ),
        (Regime::ProviderDispute, _) => {
            let (what, words) = match terms.dispute.when_late {
                WhenLate::MayGoOn => {
                    (LateOutcome::MayEscalate, "The payer did not decide in time: the provider may go on.")
                }
                WhenLate::Overturned => (
                    LateOutcome::Overturned,
                    "The payer did not decide in time: by the contract the provider prevails.",
                ),
                WhenLate::Upheld => {
                    (LateOutcome::Upheld, "The payer did not decide in time: by the contract the denial stands.")
                }
            };
            told(what, words, "the provider's contract with the payer", next)
        }
        _ => told(LateOutcome::StillOwed, "The decision is late and still owed.", level.authority, None),
    }
}

/// Until when whoever dismissed an appeal may vacate that for good cause; `None`: no time is set.
pub fn vacate_dismissal_by(level: &Level, told: DateTime) -> Option<Deadline> {
    let time = match (level.regime, level.heard_by) {
        // 42 CFR 405.952(d), 405.972(d).
        (Regime::OriginalMedicare, Hearer::Payer | Hearer::Independent) => Time::Days(180),
        // 42 CFR 422.582, 422.592.
        (Regime::MedicareAdvantage, Hearer::Payer | Hearer::Independent) => Time::Months(6),
        // 42 CFR 405.1052(e).
        (Regime::OriginalMedicare | Regime::MedicareAdvantage, Hearer::Judge) => Time::Days(180),
        _ => Time::None,
    };
    after(told, time, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appeals::level;
    use crate::domain::appeal_terms::{AppealSettings, AppealTerms, DisputeTerms};

    fn of(regime: Regime, level_id: &str, when_late: WhenLate) -> (LateOutcome, Option<&'static str>) {
        let plan = AppealTerms { regime, internal_levels: 2, dispute: None };
        let dispute = DisputeTerms { when_late, ..DisputeTerms::default() };
        let payer = AppealSettings { dispute, ..AppealSettings::default() };
        let found = consequence(&Terms::of(&plan, &payer), level(level_id).unwrap());
        assert!(!found.authority.is_empty());
        (found.what, found.next.map(|level| level.id))
    }

    #[test]
    fn each_regime_has_its_own_consequence() {
        let of = |regime, level_id| of(regime, level_id, WhenLate::MayGoOn);
        let (original, advantage) = (Regime::OriginalMedicare, Regime::MedicareAdvantage);
        assert_eq!(of(original, "redetermination"), (LateOutcome::StillOwed, None));
        assert_eq!(of(original, "reconsideration"), (LateOutcome::MayEscalate, Some("hearing")));
        assert_eq!(of(original, "council"), (LateOutcome::MayEscalate, Some("court")));
        assert_eq!(of(advantage, "plan-reconsideration"), (LateOutcome::Forwarded, Some("independent-review")));
        assert_eq!(of(advantage, "independent-review"), (LateOutcome::StillOwed, None));
        // Late at the first of two levels: the second need not be asked.
        let exhausted = (LateOutcome::DeemedExhausted, Some("external-review"));
        assert_eq!(of(Regime::EmployerPlan, "internal-appeal"), exhausted);
        let individual = (LateOutcome::DeemedExhausted, Some("individual-external-review"));
        assert_eq!(of(Regime::IndividualMarket, "individual-internal-appeal"), individual);
    }

    #[test]
    fn a_contract_says_what_follows_in_a_dispute() {
        let of = |when_late| of(Regime::EmployerPlan, "provider-dispute", when_late).0;
        assert_eq!(of(WhenLate::MayGoOn), LateOutcome::MayEscalate);
        assert_eq!(of(WhenLate::Overturned), LateOutcome::Overturned);
        assert_eq!(of(WhenLate::Upheld), LateOutcome::Upheld);
    }
}
