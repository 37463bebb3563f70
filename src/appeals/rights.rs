//! What rights follow a decision: for letters.

use super::calendar::{Deadline, filing_time, to_file};
use super::filing::PriorOutcome;
use super::{Hearer, Level, Opens, Regime, Terms, Time, amounts};
use crate::domain::dates::Date;
use crate::domain::money::Money;

/// A decision whose letter tells rights.
#[derive(Clone, Copy, Debug)]
pub struct Decided {
    /// The regime of the appeal, or that a first appeal would run under.
    pub regime: Regime,
    /// The level that decided; `None`: the first decision on the claim or authorization.
    pub level: Option<&'static Level>,
    /// What it decided.
    pub outcome: PriorOutcome,
    /// The date of the notice.
    pub notice: Date,
    /// What is still in controversy.
    pub amount: Money,
}

/// A right that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// The next level.
    pub level: &'static Level,
    /// Who may ask, in words.
    pub who: &'static str,
    /// Until when; `None`: it goes on by itself.
    pub until: Option<Deadline>,
    /// It goes on by itself.
    pub by_itself: bool,
    /// What must be in controversy, and the year that the amount is of.
    pub amount_needed: Option<amounts::Threshold>,
    /// Whether what is in controversy is enough by itself.
    pub amount_met: bool,
    /// Whether it can be expedited.
    pub can_be_expedited: bool,
    /// Where the request goes, in words.
    pub send_to: &'static str,
    /// The form.
    pub form: &'static str,
    /// What it rests on.
    pub authority: &'static str,
}

/// The right that follows a decision; `None`: none does.
pub fn after(terms: &Terms<'_>, decided: &Decided) -> Option<Right> {
    // What is dismissed was not decided: it is filed anew, or the dismissal vacated.
    if matches!(decided.outcome, PriorOutcome::Overturned | PriorOutcome::Dismissed) {
        return None;
    }
    let level = terms.next(decided.regime, decided.level)?;
    let until = match level.opens {
        Opens::Within(time) => to_file(level, filing_time(time, terms.dispute), decided.notice, None),
        Opens::ByItself => None,
    };
    let needed = amounts::needed(level.amount, decided.notice);
    Some(Right {
        level,
        who: who(level),
        until,
        by_itself: level.opens == Opens::ByItself,
        amount_needed: needed,
        amount_met: needed.is_none_or(|needed| decided.amount >= needed.amount),
        can_be_expedited: level.decide.expedited != Time::None,
        send_to: level.heard_by_words,
        form: level.form,
        authority: level.authority,
    })
}

fn who(level: &Level) -> &'static str {
    match (level.regime, level.heard_by) {
        (Regime::ProviderDispute, _) => "the provider",
        (Regime::OriginalMedicare, Hearer::Payer) => {
            "the beneficiary, a representative, the provider that accepted assignment, or one to which the right was transferred"
        }
        (Regime::MedicareAdvantage, Hearer::Payer) => {
            "the enrollee, a representative, the treating physician before the service, or a provider without a contract that waives what the enrollee owes"
        }
        (Regime::EmployerPlan | Regime::IndividualMarket, _) => {
            "the member or an authorized representative; an urgent appeal also the treating physician"
        }
        (Regime::OriginalMedicare | Regime::MedicareAdvantage, _) => "a party to the decision",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appeals::level;
    use crate::domain::appeal_terms::{AppealSettings, AppealTerms};
    use crate::domain::dates::date;

    fn right(regime: Regime, level_id: Option<&str>, outcome: PriorOutcome) -> Option<Right> {
        let (plan, payer) = (AppealTerms { regime, ..AppealTerms::default() }, AppealSettings::default());
        let decided = Decided {
            regime,
            level: level_id.and_then(level),
            outcome,
            notice: date(2026, 7, 15),
            amount: Money::from_cents(150_000),
        };
        after(&Terms::of(&plan, &payer), &decided)
    }

    #[test]
    fn each_decision_opens_the_next_level_until_its_last_day() {
        let opens = |regime, level_id, next: &str, until| {
            let right = right(regime, level_id, PriorOutcome::Upheld).unwrap();
            assert_eq!((right.level.id, right.until.map(|until| until.day())), (next, until));
        };
        // The days are those of calendar.rs's tests.
        let medicare = Regime::OriginalMedicare;
        opens(medicare, None, "redetermination", Some(date(2026, 11, 17)));
        opens(medicare, Some("redetermination"), "reconsideration", Some(date(2027, 1, 19)));
        opens(medicare, Some("council"), "court", Some(date(2026, 9, 18)));
        opens(Regime::MedicareAdvantage, Some("plan-reconsideration"), "independent-review", None);
        opens(Regime::EmployerPlan, Some("internal-appeal"), "external-review", Some(date(2026, 11, 16)));
        opens(Regime::ProviderDispute, None, "provider-dispute", Some(date(2027, 7, 15)));
    }

    #[test]
    fn what_is_won_dismissed_or_last_opens_nothing() {
        assert_eq!(right(Regime::OriginalMedicare, Some("redetermination"), PriorOutcome::Overturned), None);
        assert_eq!(right(Regime::OriginalMedicare, Some("redetermination"), PriorOutcome::Dismissed), None);
        assert_eq!(right(Regime::OriginalMedicare, Some("court"), PriorOutcome::Upheld), None);
        assert_eq!(right(Regime::ProviderDispute, Some("provider-dispute"), PriorOutcome::Upheld), None);
    }

    #[test]
    fn a_right_says_what_must_be_in_controversy_and_whether_it_is() {
        let of = |level_id| right(Regime::OriginalMedicare, Some(level_id), PriorOutcome::Upheld).unwrap();
        let (hearing, court) = (of("reconsideration"), of("council"));
        assert_eq!((hearing.amount_needed, hearing.amount_met), (Some(amounts::hearing(date(2026, 7, 15))), true));
        assert!(!court.amount_met, "1,500.00 of 1,960.00");
        let forwarded = right(Regime::MedicareAdvantage, Some("plan-reconsideration"), PriorOutcome::Upheld).unwrap();
        assert!(forwarded.by_itself && forwarded.can_be_expedited);
    }
}
