//! An appeal that is heard: by when, and how fast.

use super::calendar::{Deadline, after, by_contract};
use super::filing::{Examined, Expedite, Filing, Hearing, Subject};
use super::{Level, Regime, Terms, Time, Timing, employer_plan};

/// How long a level may take over a decision.
pub fn time_to_decide(terms: &Terms<'_>, level: &Level, timing: Timing, expedited: bool) -> Time {
    if expedited && level.decide.expedited != Time::None {
        return level.decide.expedited;
    }
    let time = match timing {
        Timing::PreService => level.decide.service,
        Timing::PostService => level.decide.payment,
    };
    // A plan with two levels has half the time for each (29 CFR 2560.503-1(i)(2)(ii) and (iii)).
    let two_levels = level.regime == Regime::EmployerPlan && level.number == 1 && terms.internal_levels > 1;
    match (level.id, time) {
        (id, Time::Days(days)) if two_levels && id != employer_plan::SECOND => Time::Days(days / 2),
        (_, time) => by_contract(time, terms.dispute.days_to_decide),
    }
}

/// Until when a level must decide.
pub fn decide_by(
    terms: &Terms<'_>,
    level: &Level,
    timing: Timing,
    expedited: bool,
    received: jiff::civil::DateTime,
) -> Option<Deadline> {
    after(received, time_to_decide(terms, level, timing, expedited), false)
}

pub(super) fn hear(terms: &Terms<'_>, filing: &Filing<'_>) -> Examined {
    let level = filing.level;
    let expedited = filing.expedite != Expedite::No && level.decide.expedited != Time::None;
    let heard = match &filing.subject {
        Subject::Claim(claim) => (0..claim.denials.len()).collect(),
        _ => vec![],
    };
    let acknowledge = match level.regime {
        Regime::ProviderDispute => terms.dispute.days_to_acknowledge,
        _ => None,
    };
    Examined::Hear(Hearing {
        decide_by: decide_by(terms, level, filing.subject.timing(), expedited, filing.filed),
        acknowledge_by: acknowledge.and_then(|days| after(filing.filed, Time::BusinessDays(days), false)),
        expedited,
        heard,
        not_heard: vec![],
        notes: vec![],
    })
}
