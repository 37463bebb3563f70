//! What rights follow a decision: for letters.

use super::calendar::{Deadline, filing_time, to_file};
use super::filing::PriorOutcome;
use super::{Controversy, Hearer, Level, Opens, Regime, Terms, Time, amounts};
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
    if decided.outcome == PriorOutcome::Overturned {
        return None;
    }
    let level = terms.next(decided.regime, decided.level)?;
    let until = match level.opens {
        Opens::Within(time) => to_file(level, filing_time(time, terms.dispute), decided.notice, None),
        Opens::ByItself => None,
    };
    let needed = match level.amount {
        Controversy::Any => None,
        Controversy::Hearing => Some(amounts::hearing(decided.notice)),
        Controversy::Court => Some(amounts::court(decided.notice)),
    };
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
        (_, Hearer::Payer) => "the member, a representative, or who else has standing",
        _ => "the parties to the decision",
    }
}
