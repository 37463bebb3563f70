//! Deciding an appeal: by a person or a body, by rule, by directive, or because its last day came. What is decided is carried out in the
//! same commit, and where the law sends the case on by itself, it goes on.

use super::super::entry::Entry;
use super::super::{Caller, Failure, Payer};
use super::contested::{Contested, level_of};
use super::effect::Verdict;
use super::record::Held;
use crate::appeals::effectuation::{Won, carry_out_by};
use crate::appeals::{Opens, Timing};
use crate::domain::dates::parse_iso;
use crate::proto::v1 as pb;
use crate::wire;

impl Payer {
    /// Decides an open appeal.
    pub fn decide_appeal(&self, caller: &Caller, request: &pb::DecideAppealRequest) -> Result<pb::Appeal, Failure> {
        wire::appeals::check_decision(request).map_err(|violations| Failure::Violations { violations })?;
        self.change_appeal(caller, &request.name, |payer, entry, held| {
            let appeal = held.appeal();
            if appeal.state() == pb::AppealState::Decided && told_before(&appeal, request) {
                return Ok((held.number, false));
            }
            must_be_open(&appeal)?;
            let contested = payer.contested_by(entry, held)?;
            let level = appeal.level.clone().unwrap_or_default();
            if level.by_payer && decided_before(&contested, &request.decided_by) {
                let what = if contested.request.is_some() { "request" } else { "claim" };
                let words = format!("{} decided the {what} before: somebody else hears the appeal", request.decided_by);
                return Err(Failure::field("decided_by", words));
            }
            let stray = request.overturned_lines.iter().position(|line| !appeal.lines.contains(line));
            if let Some(at) = stray {
                let words = format!("is no line of the appeal: {:?}", appeal.lines);
                return Err(Failure::field(format!("overturned_lines[{at}]"), words));
            }
            let verdict = Verdict {
                outcome: request.outcome(),
                overturned: request.overturned_lines.clone(),
                how: pb::AppealDecidedHow::Reviewer,
                decided_by: request.decided_by.clone(),
                rationale: request.rationale.clone(),
                authority: request.authority.clone(),
            };
            payer.settle_appeal(entry, held, &contested, &verdict)?;
            Ok((held.number, true))
        })
    }

    /// Takes an appeal back.
    pub fn withdraw_appeal(&self, caller: &Caller, request: &pb::WithdrawAppealRequest) -> Result<pb::Appeal, Failure> {
        wire::appeals::check_sentence("reason", &request.reason)
            .map_err(|violations| Failure::Violations { violations })?;
        self.change_appeal(caller, &request.name, |payer, entry, held| {
            match held.appeal().state() {
                pb::AppealState::Withdrawn => return Ok((held.number, false)),
                pb::AppealState::Incomplete => {}
                _ => must_be_open(&held.appeal())?,
            }
            let today = payer.today(entry.state).to_string();
            held.appeal_mut().state = pb::AppealState::Withdrawn.into();
            held.note(&today, "withdrawn", request.reason.clone());
            let contested = payer.contested_by(entry, held)?;
            payer.resume_recoupment(entry, &contested, held, false)?;
            let mut draft = entry.draft();
            held.wake_on(&mut draft, "");
            held.keep(&mut draft, "withdraw-appeal");
            Ok((held.number, true))
        })
    }

    /// What an appeal is about.
    pub(super) fn contested_by<'s>(&self, entry: &Entry<'s>, held: &Held) -> Result<Contested<'s>, Failure> {
        let found = self.contested(entry.state, held.lane, held.about())?;
        found.ok_or_else(|| Failure::Damaged(held.appeal().name))
    }

    /// Keeps a verdict with the appeal, carries it out on the claim, and sends the case on where the law does.
    pub(super) fn settle_appeal(
        &self,
        entry: &mut Entry<'_>,
        held: &mut Held,
        contested: &Contested<'_>,
        verdict: &Verdict,
    ) -> Result<(), Failure> {
        let appeal = held.appeal();
        let effect = self.carry_out(entry, contested, &appeal, verdict)?;
        let (now, today) = (self.now(entry.state), self.today(entry.state).to_string());
        let level = level_of(held).ok_or_else(|| Failure::Damaged(appeal.name.clone()))?;
        let timing = if appeal.authorization_request.is_empty() { Timing::PostService } else { Timing::PreService };
        let dismissed = verdict.outcome == pb::AppealOutcome::Dismissed;
        let received = parse_iso(&appeal.filed_date).map_or(now, |day| day.at(0, 0, 0, 0));
        let won = Won { timing, expedited: appeal.expedited, received, decided: now };
        let pay_by = || carry_out_by(&contested.terms, level, &won).0;
        let changed = held.appeal_mut();
        changed.state = if dismissed { pb::AppealState::Dismissed } else { pb::AppealState::Decided }.into();
        changed.decision = Some(pb::AppealDecision {
            outcome: verdict.outcome.into(),
            how: verdict.how.into(),
            decided_by: verdict.decided_by.clone(),
            decided_date: today.clone(),
            rationale: verdict.rationale.clone(),
            authority: verdict.authority.clone(),
            lines: if dismissed { Vec::new() } else { effect.lines },
            effectuate_by: pay_by().filter(|_| verdict.overturns()).map_or_else(String::new, |by| by.day().to_string()),
            words: if dismissed { "It is not heard.".to_owned() } else { effect.words },
            paid_cents_before: effect.paid_before,
            paid_cents_after: effect.paid_after,
            interest_cents: effect.interest,
        });
        held.record.made = effect.made;
        held.granted.extend(effect.granted);
        let act = if dismissed { "dismissed" } else { "decided" };
        held.note(&today, act, format!("{} {}: {}", outcome_words(verdict.outcome), by(verdict), verdict.rationale));
        match (appeal.overpayment, verdict.overturns()) {
            (true, true) => self.give_up_demand(entry, contested, held)?,
            (true, false) => self.resume_recoupment(entry, contested, held, !dismissed)?,
            (false, _) => {}
        }
        let goes_on = match contested.terms.next(level.regime, Some(level)) {
            Some(next) if next.opens == Opens::ByItself && !dismissed => {
                (verdict.outcome != pb::AppealOutcome::Overturned).then_some(next)
            }
            _ => None,
        };
        if let Some(next) = goes_on {
            let why = "What the plan upholds goes on by itself.";
            self.go_on(entry, held, contested, next, (why, true))?;
        }
        let mut draft = entry.draft();
        held.wake_on(&mut draft, "");
        held.keep(&mut draft, if dismissed { "dismiss-appeal" } else { "decide-appeal" });
        Ok(())
    }
}

fn by(verdict: &Verdict) -> String {
    match verdict.how {
        pb::AppealDecidedHow::Rule => format!("by rule {}", verdict.decided_by),
        _ => format!("by {}", verdict.decided_by),
    }
}

/// `overturned`.
pub(super) fn outcome_words(outcome: pb::AppealOutcome) -> &'static str {
    match outcome {
        pb::AppealOutcome::Overturned => "overturned",
        pb::AppealOutcome::PartlyOverturned => "partly overturned",
        pb::AppealOutcome::Upheld => "upheld",
        pb::AppealOutcome::Dismissed => "dismissed",
        pb::AppealOutcome::Unspecified => "not decided",
    }
}

/// An appeal that is decided, or goes on, must be open; what to do where it is not.
pub(super) fn must_be_open(appeal: &pb::Appeal) -> Result<(), Failure> {
    let words = match appeal.state() {
        pb::AppealState::Open => return Ok(()),
        pb::AppealState::Unspecified => "it is not open".to_owned(),
        pb::AppealState::Incomplete => {
            "the written request lacks something: complete it first (AddAppealEvidence)".to_owned()
        }
        pb::AppealState::Dismissed => "it was dismissed: file anew while the time for it runs".to_owned(),
        pb::AppealState::Refused => "it was refused and is not heard: see the right path in its answer".to_owned(),
        pb::AppealState::Decided => "it is decided: file at the next level".to_owned(),
        pb::AppealState::Withdrawn => "it was withdrawn: file anew while the time for it runs".to_owned(),
        pb::AppealState::Forwarded => format!("it went on to the next level: see {}", appeal.next_appeal),
    };
    Err(Failure::AppealState { appeal: appeal.name.clone(), state: appeal.state(), words })
}

/// Whether the same decision was made before.
fn told_before(appeal: &pb::Appeal, request: &pb::DecideAppealRequest) -> bool {
    let Some(decision) = &appeal.decision else { return false };
    !request.request_id.is_empty()
        && decision.outcome() == request.outcome()
        && decision.decided_by == request.decided_by
        && decision.rationale == request.rationale
}

/// Whether a person has ruled on the claim, or on the request, before.
fn decided_before(contested: &Contested<'_>, person: &str) -> bool {
    if let Some(request) = &contested.request {
        return request.decisions.iter().any(|decision| decision.decided_by == person);
    }
    let orders = contested.claim.instruction.iter().flat_map(|told| &told.orders);
    orders.filter_map(|order| order.ruling.as_ref()).any(|ruling| ruling.decided_by == person)
}
