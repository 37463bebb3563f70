//! An appeal goes to the next level: by itself where the law sends it on, or because the filer asks when nobody decided in time.

use super::super::entry::Entry;
use super::super::{Caller, Failure, Payer};
use super::contested::{Contested, level_of};
use super::deciding::must_be_open;
use super::record::{COLLECTION, Held, place};
use crate::appeals::late::{LateOutcome, consequence};
use crate::appeals::{Level, Timing, amounts, hearing};
use crate::domain::dates::Date;
use crate::proto::store::v1::AppealRecord;
use crate::proto::v1 as pb;
use crate::store::keys::Matter;
use crate::wire;

impl Payer {
    /// Takes an appeal that was not decided in time to the next level, and answers with the one there.
    pub fn escalate_appeal(&self, caller: &Caller, request: &pb::EscalateAppealRequest) -> Result<pb::Appeal, Failure> {
        wire::appeals::check_sentence("reason", &request.reason)
            .map_err(|violations| Failure::Violations { violations })?;
        self.change_appeal(caller, &request.name, |payer, entry, held| {
            let appeal = held.appeal();
            if appeal.state() == pb::AppealState::Forwarded {
                let next = place(&appeal.next_appeal).ok_or_else(|| Failure::Damaged(appeal.name.clone()))?;
                return Ok((next.2, false));
            }
            must_be_open(&appeal)?;
            let contested = payer.contested_by(entry, held)?;
            let level = level_of(held).ok_or_else(|| Failure::Damaged(appeal.name.clone()))?;
            let today = payer.today(entry.state);
            let next = where_to(&contested, &appeal, level, today)?;
            let why = if request.reason.is_empty() { "It was not decided in time." } else { &request.reason };
            held.appeal_mut().state = pb::AppealState::Forwarded.into();
            held.note(&today.to_string(), "escalated", why);
            payer.resume_recoupment(entry, &contested, held, false)?;
            let taken = payer.go_on(entry, held, &contested, next, (why, false))?;
            let mut draft = entry.draft();
            held.wake_on(&mut draft, "");
            held.keep(&mut draft, "escalate-appeal");
            Ok((taken.number, true))
        })
    }

    /// Opens an appeal at the next level with what this one has; `automatic`: nobody asked for it. This one is still to be kept.
    pub(super) fn go_on(
        &self,
        entry: &mut Entry<'_>,
        held: &mut Held,
        contested: &Contested<'_>,
        next: &'static Level,
        (why, automatic): (&str, bool),
    ) -> Result<Held, Failure> {
        let from = held.appeal();
        let today = self.today(entry.state).to_string();
        let number = entry.draft().next(Matter::Appeal);
        let (parent, _, _) = place(&from.name).ok_or_else(|| Failure::Damaged(from.name.clone()))?;
        let overturned = |line: &i32| {
            let lines = from.decision.iter().flat_map(|decision| &decision.lines);
            lines.clone().any(|decided| decided.line == *line && decided.overturned)
        };
        let appeal = pb::Appeal {
            name: format!("{parent}/{COLLECTION}/{}", Matter::Appeal.id(entry.lane, number)),
            level: Some(wire::appeals::level_message(next)),
            regime: next.regime.id().to_owned(),
            lines: from.lines.iter().copied().filter(|line| !overturned(line)).collect(),
            previous_appeal: from.name.clone(),
            filed_date: today.clone(),
            automatic,
            claim: from.claim.clone(),
            authorization_request: from.authorization_request.clone(),
            overpayment: from.overpayment,
            filer: from.filer.clone(),
            reason: from.reason.clone(),
            evidence: from.evidence.clone(),
            expedited: from.expedited,
            simulated: true,
            history: vec![pb::AppealStep { date: today, act: "filed".to_owned(), words: why.to_owned() }],
            ..Default::default()
        };
        let timing = if from.authorization_request.is_empty() { Timing::PostService } else { Timing::PreService };
        let by = hearing::decide_by(&contested.terms, next, timing, from.expedited, self.now(entry.state));
        let appeal = pb::Appeal {
            state: pb::AppealState::Open.into(),
            amount_in_controversy_cents: contested.amount(&appeal.lines, appeal.overpayment).cents(),
            reasons: from.reasons.clone(),
            decide_by: by.as_ref().map_or_else(String::new, |by| by.day().to_string()),
            notes: by.into_iter().map(|by| format!("To decide: {}.", by.reckoning)).collect(),
            ..appeal
        };
        let (sequence, authorization) = (held.record.sequence, held.record.authorization);
        let record = AppealRecord { appeal: Some(appeal), sequence, authorization, ..Default::default() };
        let mut taken = Held { lane: held.lane, number, record, granted: Vec::new() };
        held.appeal_mut().next_appeal = taken.appeal().name;
        self.tell_appeal(entry, &mut taken, contested);
        self.wait_for_appeal(entry, &mut taken)?;
        taken.keep(&mut entry.draft(), "file-appeal");
        Ok(taken)
    }
}

/// The level that a late appeal may be taken to, or why it may not.
fn where_to(
    contested: &Contested<'_>,
    appeal: &pb::Appeal,
    level: &'static Level,
    today: Date,
) -> Result<&'static Level, Failure> {
    let refuse = |words: String| Failure::AppealState { appeal: appeal.name.clone(), state: appeal.state(), words };
    if !appeal.late {
        return Err(refuse(format!("it is not late: it is to be decided by {}", appeal.decide_by)));
    }
    let follows = consequence(&contested.terms, level);
    match (follows.what, follows.next) {
        (LateOutcome::MayEscalate, Some(next)) => match amounts::needed(next.amount, today) {
            Some(needed) if appeal.amount_in_controversy_cents < needed.amount.cents() => Err(refuse(format!(
                "{} takes cases of {} and more (42 CFR 405.1006): wait for the decision",
                next.name, needed.amount
            ))),
            _ => Ok(next),
        },
        (LateOutcome::DeemedExhausted, Some(next)) => {
            Err(refuse(format!("{} File at the level {:?}.", follows.words, next.id)))
        }
        _ => Err(refuse(format!("{} ({})", follows.words, follows.authority))),
    }
}
