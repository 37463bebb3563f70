//! The law of appeals, pure: who may appeal what, to whom, until when, with which papers, and what follows.
//!
//! Five regimes ([`Regime`]), each a ladder of [`Level`]s in a file named after it. Whoever takes an appeal in asks, in this order:
//!
//! 1. [`Terms::of`]`(&plan.appeals, &payer.appeals)`: the plan's regime with its and the payer's terms; [`Terms::ladder`] lists its levels,
//!    [`level`] finds one by its id. A contracted provider's dispute runs under [`Regime::ProviderDispute`], whatever the plan's regime is.
//! 2. [`filing::examine`]`(&terms, &filing)`: [`filing::Examined`] `Hear` (with what to decide by), `Dismiss`, `Refuse` (not appealable: with the
//!    right path) or `Incomplete` (what is missing, until when it may be mended).
//! 3. [`evidence::decide_by_rule`]`(&denial, &evidence, &own)` for each denied line: what the documents do to it, if a rule says so; a person decides the rest.
//! 4. [`late::consequence`]`(&terms, level, timing)` once [`calendar::Deadline::missed`]: forwarded, escalated, deemed exhausted, overturned.
//! 5. [`rights::after`]`(&terms, &decided)`: what the letter says about the next level; for a Medicare Advantage plan that upholds, that the case goes on by itself.
//! 6. [`effectuation::carry_out_by`]`(&terms, level, &won)`: until when an overturned denial is paid.
//!
//! A level that a case reaches by itself ([`Opens::ByItself`]) is examined like any other, with what the level before decided, or that it was late, as
//! [`filing::Filing::prior`]; asked for without that it is refused. What is dismissed may be filed anew in time or vacated; that a QIC or IRE reviews a
//! dismissal itself (42 CFR 405.974(b), 422.590) is not played.
//!
//! [`hearing::decide_by`] tells when a level that reached the case by itself (or by escalation) must decide; [`hearing::extended`] what late evidence adds.
//!
//! All days are counted in [`calendar`]; a [`calendar::Deadline`] says how it was counted. Amounts in controversy by year are in [`amounts`].

pub mod amounts;
pub mod calendar;
pub mod effectuation;
mod employer_plan;
pub mod evidence;
pub mod filing;
pub mod hearing;
mod individual_market;
pub mod late;
mod medicare_advantage;
mod original_medicare;
mod provider_dispute;
pub mod rights;
pub mod scope;
mod standing;

use crate::domain::appeal_terms::{AppealSettings, AppealTerms, DisputeTerms, EvidenceRule};
pub use crate::domain::appeal_terms::{EvidenceKind, Regime};

/// One level of a regime.
#[derive(Debug, PartialEq, Eq)]
pub struct Level {
    /// Its id, unique among all regimes, such as "redetermination".
    pub id: &'static str,
    /// Its regime.
    pub regime: Regime,
    /// Its place in the ladder, from 1.
    pub number: u8,
    /// Its name in letters.
    pub name: &'static str,
    /// Who hears it.
    pub heard_by: Hearer,
    /// Who hears it, in words: also where the request is sent.
    pub heard_by_words: &'static str,
    /// How it is reached, and how long a party has.
    pub opens: Opens,
    /// Days after the notice on which it is presumed to be received.
    pub receipt_presumed: i32,
    /// Whether a last day on a weekend or federal holiday moves to the next day that is none.
    pub rolls: bool,
    /// What must be in controversy.
    pub amount: Controversy,
    /// How long its decision may take.
    pub decide: Decide,
    /// What a request must hold.
    pub request: &'static [Element],
    /// The form that asks for it; another writing with the same contents does.
    pub form: &'static str,
    /// What the rules of filing and deciding rest on.
    pub authority: &'static str,
}

/// Who hears an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hearer {
    /// The payer, by people who had no part in the decision.
    Payer,
    /// An independent reviewer: QIC, IRE or IRO.
    Independent,
    /// An administrative law judge or attorney adjudicator (OMHA).
    Judge,
    /// The Medicare Appeals Council.
    Council,
    /// A federal district court.
    Court,
}

/// How a level is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    /// On a request within this time from receipt of the notice.
    Within(Time),
    /// By itself, when the level before upholds or is late: the payer sends the case on.
    ByItself,
}

/// A time as the law sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// Hours from the moment.
    Hours(i32),
    /// Calendar days after the day.
    Days(i32),
    /// Days that are neither weekends nor federal holidays.
    BusinessDays(i32),
    /// Months; where the month has no such day, the first of the next.
    Months(i32),
    /// What the contract says ([`DisputeTerms`]).
    Contract,
    /// None is set.
    None,
}

/// What must be in controversy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Controversy {
    /// Nothing.
    Any,
    /// The amount of the year for a hearing ([`amounts::hearing`]).
    Hearing,
    /// The amount of the year for a court ([`amounts::court`]).
    Court,
}

/// How long a decision may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decide {
    /// Care that has not been given.
    pub service: Time,
    /// Payment for care that has.
    pub payment: Time,
    /// Expedited, where it can be.
    pub expedited: Time,
}

/// Something that a request must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// The patient's name.
    PatientName,
    /// The Medicare or member number.
    MemberNumber,
    /// The services, and the dates on which they were given.
    Services,
    /// The name of the party, or of its representative.
    PartyName,
    /// Who decided the level before.
    PriorDecider,
    /// Why the party disagrees.
    Reason,
}

impl Element {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Element::PatientName => "the patient's name",
            Element::MemberNumber => "the patient's Medicare or member number",
            Element::Services => "the services and their dates",
            Element::PartyName => "the name of the party or of its representative",
            Element::PriorDecider => "who made the decision that is appealed",
            Element::Reason => "why the decision is wrong",
        }
    }
}

/// Whether care was given before the decision: what the law's times depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// Not yet: an authorization.
    PreService,
    /// It was: a claim, or an overpayment.
    PostService,
}

/// What a plan and its payer say of appeals.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The plan's regime.
    pub regime: Regime,
    /// Levels of internal appeal of an employer's plan, 1 or 2.
    pub internal_levels: u8,
    /// Provider disputes.
    pub dispute: &'a DisputeTerms,
    /// The payer's own rules of evidence.
    pub evidence: &'a [EvidenceRule],
}

impl<'a> Terms<'a> {
    /// Of a plan and its payer.
    pub fn of(plan: &'a AppealTerms, payer: &'a AppealSettings) -> Terms<'a> {
        Terms {
            regime: plan.regime,
            internal_levels: plan.internal_levels,
            dispute: plan.dispute.as_ref().unwrap_or(&payer.dispute),
            evidence: &payer.evidence,
        }
    }

    /// The levels of a regime under these terms, in order.
    pub fn ladder(&self, regime: Regime) -> Vec<&'static Level> {
        let skipped = |level: &&Level| match level.id {
            employer_plan::SECOND => self.internal_levels < 2,
            provider_dispute::SECOND => self.dispute.levels < 2,
            _ => false,
        };
        levels(regime).iter().filter(|level| !skipped(level)).collect()
    }

    /// The level after one, or the first where there is none before.
    pub fn next(&self, regime: Regime, after: Option<&Level>) -> Option<&'static Level> {
        self.ladder(regime).into_iter().find(|level| after.is_none_or(|after| level.number > after.number))
    }
}

/// Every level of a regime that there may be.
pub fn levels(regime: Regime) -> &'static [Level] {
    match regime {
        Regime::OriginalMedicare => original_medicare::LEVELS,
        Regime::MedicareAdvantage => medicare_advantage::LEVELS,
        Regime::EmployerPlan => employer_plan::LEVELS,
        Regime::IndividualMarket => individual_market::LEVELS,
        Regime::ProviderDispute => provider_dispute::LEVELS,
    }
}

/// The level of that id.
pub fn level(id: &str) -> Option<&'static Level> {
    Regime::ALL.into_iter().flat_map(levels).find(|level| level.id == id)
}

#[cfg(test)]
mod tests;
