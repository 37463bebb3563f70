//! Reopening: decisions that no longer follow from the payer's records, because those were changed for days that are past.

use bytes::Bytes;

use super::claims::claim_place;
use super::decision;
use super::entry::Entry;
use super::family::Until;
use super::reversal::Reversing;
use super::{Caller, Failure, Payer, Sandbox, State, family, records};
use crate::domain::dates::{parse_iso, plus_days};
use crate::proto::store::v1::{ClaimRecord, ReversalRecord};
use crate::proto::v1 as pb;
use crate::store::Commit;
use crate::store::keys::{self, Lane, Waits};
use crate::{adjudication, wire};

/// Why, where nothing is said.
const REASON: &str = "the records of member, provider or authorization were changed for the days of service";

impl Payer {
    /// Lists the claims whose decision comes out otherwise with the records of now, and decides them anew unless it is a dry run.
    pub fn reopen_claims(
        &self,
        caller: &Caller,
        request: &pb::ReopenClaimsRequest,
    ) -> Result<pb::ReopenClaimsResponse, Failure> {
        let filter = pb::ClaimFilter { billing_npi: request.billing_npi.clone(), ..Default::default() };
        let family = self.family_of(caller, request)?;
        let claims = self.list_claims(caller, &request.parent, &filter, None, usize::MAX)?.0;
        let decided = |claim: &pb::Claim| matches!(claim.state(), pb::ClaimState::Allowed | pb::ClaimState::Denied);
        let mut answer = pb::ReopenClaimsResponse::default();
        let of_family = |claim: &pb::Claim| claim.control_number.starts_with(&family);
        for claim in claims.into_iter().filter(|claim| decided(claim) && of_family(claim)) {
            answer.examined += 1;
            let Some(again) = self.decided_with_records_of_now(caller, &claim)? else { continue };
            let mut found = compared(&claim, &again);
            if claim.remittance.is_empty() {
                found.words = format!(
                    "not paid yet: it falls due on {}; turn the clock or run payments, then reopen it",
                    claim.due_date
                );
            } else if request.dry_run {
                "would be reversed and decided anew".clone_into(&mut found.words);
            } else {
                let reason = if request.reason.is_empty() { REASON } else { &request.reason };
                let reverse = pb::ReverseClaimRequest {
                    name: claim.name.clone(),
                    reason: reason.to_owned(),
                    recoupment: request.recoupment,
                    redecide: true,
                    ..Default::default()
                };
                let now = self.reverse_claim(caller, &reverse)?;
                found = compared(&claim, &now);
                found.reopened = true;
                found.words = format!("reversed and decided anew: {reason}");
            }
            answer.claims.push(found);
        }
        answer.claims.sort_by(|a, b| a.claim.cmp(&b.claim));
        Ok(answer)
    }

    /// How control numbers of the family that is asked for begin; empty: everybody's.
    fn family_of(&self, caller: &Caller, request: &pb::ReopenClaimsRequest) -> Result<String, Failure> {
        if request.member_id.is_empty() {
            return Ok(String::new());
        }
        let sandbox = self.sandbox(caller, &request.parent)?;
        let state = sandbox.read();
        let (version, number) = (state.directory_version, &request.member_id);
        let subscriber = self.subscriber_of(&state, &state.in_force, number, version)?;
        Ok(format!("{:010}", family::lane(state.seed(), &subscriber).0))
    }

    /// The claim as it would be decided with the members, providers and authorizations of now, where that is not as it was decided.
    fn decided_with_records_of_now(&self, caller: &Caller, claim: &pb::Claim) -> Result<Option<pb::Claim>, Failure> {
        let Some((parent, lane, sequence)) = claim_place(&claim.name) else { return Ok(None) };
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        self.overtaken(&state, (lane, sequence), claim)
    }

    /// The same where the sandbox is held already.
    fn overtaken(
        &self,
        state: &State,
        (lane, sequence): (Lane, u64),
        claim: &pb::Claim,
    ) -> Result<Option<pb::Claim>, Failure> {
        let Some(record) = self.claim_record(state, lane, sequence)? else { return Ok(None) };
        let reversals = self.reversals(state, lane, sequence)?;
        let last = reversals.iter().rev().find(|made| made.correction.is_some());
        let then = last.map_or(record.directory_version, |made| made.directory_version);
        if then == state.directory_version {
            return Ok(None);
        }
        let Some((state_after, decision)) = self.again(state, lane, sequence, &record, last)? else { return Ok(None) };
        let before = claim.determination.as_ref();
        let same = before.is_some_and(|before| {
            (&before.lines, &before.account, &before.rarcs) == (&decision.lines, &decision.account, &decision.rarcs)
                && before.claim_status_code == decision.claim_status_code
        });
        Ok((!same).then(|| pb::Claim { state: state_after.into(), determination: Some(decision), ..claim.clone() }))
    }

    /// The clock is to look again at what was decided for a member's family, where the payer reopens by itself: from the next day on, at
    /// each once a remittance has told it.
    pub(super) fn look_again(&self, sandbox: &Sandbox, member_id: &str) -> Result<(), Failure> {
        let state = sandbox.read();
        if !state.in_force.revision.payments.reopens_on_retro_change {
            return Ok(());
        }
        let subscriber = self.subscriber_of(&state, &state.in_force, member_id, state.directory_version)?;
        let (space, lane) = (state.space(), family::lane(state.seed(), &subscriber));
        let tomorrow = plus_days(self.today(&state), 1).to_string();
        let mut writes = Vec::new();
        for pair in records::all(self.store.as_ref(), &space.claims_of_family(lane))? {
            let sequence = keys::number_of(&pair.key).unwrap_or_default();
            let Some(claim) = self.claim_at(&state, lane, sequence)? else { continue };
            if matches!(claim.state(), pb::ClaimState::Allowed | pb::ClaimState::Denied) {
                let told = if claim.remittance.is_empty() { day_after(&claim.due_date) } else { String::new() };
                let day = tomorrow.clone().max(told);
                writes.push((Waits::Claim(lane, sequence).on(space, &day), Some(Bytes::new())));
            }
        }
        let expected = vec![state.expected(&sandbox.id)];
        self.commit_one(Commit { expected, writes, ..Commit::default() })
    }

    /// Makes the decision on a claim of the entry's family anew, where it no longer follows from the records. What no remittance has told yet is looked
    /// at again once one has.
    pub(super) fn reopen_if_overtaken(
        &self,
        entry: &mut Entry<'_>,
        sequence: u64,
        claim: &pb::Claim,
    ) -> Result<(), Failure> {
        let (state, lane) = (entry.state, entry.lane);
        let terms = &state.in_force.revision.payments;
        let decided = matches!(claim.state(), pb::ClaimState::Allowed | pb::ClaimState::Denied);
        if !terms.reopens_on_retro_change || !decided {
            return Ok(());
        }
        if self.overtaken(state, (lane, sequence), claim)?.is_none() {
            return Ok(());
        }
        if claim.remittance.is_empty() {
            let tomorrow = plus_days(self.today(state), 1).to_string();
            let day = tomorrow.max(day_after(&claim.due_date));
            entry.draft().wake(&day, Waits::Claim(lane, sequence));
            return Ok(());
        }
        let recoupment = if terms.defer_reopened { pb::Recoupment::Deferred } else { pb::Recoupment::Immediate };
        let reversing = Reversing { reason: REASON.to_owned(), recoupment, redecide: true, ..Reversing::default() };
        self.reverse(entry, sequence, reversing).map(|_| ())
    }

    fn again(
        &self,
        state: &State,
        lane: Lane,
        sequence: u64,
        record: &ClaimRecord,
        last: Option<&ReversalRecord>,
    ) -> Result<Option<(pb::ClaimState, pb::Determination)>, Failure> {
        let (file, made) = match last {
            None => {
                let record = ClaimRecord { directory_version: state.directory_version, ..record.clone() };
                (self.first_file(state, lane, sequence, &record)?, None)
            }
            Some(made) => {
                let made = ReversalRecord { directory_version: state.directory_version, ..made.clone() };
                let day = made.reversal.as_ref().map_or(&made.decided_date, |reversal| &reversal.reversed_date);
                let Some(processed) = parse_iso(day) else { return Ok(None) };
                let mut family = self.family_until(state, lane, Until::reversal(&made))?;
                (Some(self.file_anew(state, record, &mut family, &made, processed)?), Some(made))
            }
        };
        let Some(file) = file else { return Ok(None) };
        let determination = adjudication::adjudicate(&file);
        let message = match made {
            Some(made) => {
                let place = made.correction.as_ref().map_or(0, |decided| decided.sequence);
                self.correction(place.saturating_sub(1), &made, &determination)?
            }
            None => wire::determination::message(&determination, &file.payer),
        };
        Ok(Some((decision::standing(&determination), message)))
    }
}

/// The day after a claim falls due; empty where it does not.
fn day_after(due: &str) -> String {
    parse_iso(due).map_or_else(String::new, |due| plus_days(due, 1).to_string())
}

/// What was and what comes instead.
fn compared(before: &pb::Claim, after: &pb::Claim) -> pb::ReopenedClaim {
    let paid = |claim: &pb::Claim| claim.determination.as_ref().map_or(0, |decided| decided.paid_cents);
    pb::ReopenedClaim {
        claim: before.name.clone(),
        state_before: before.state,
        state_after: after.state,
        paid_cents_before: paid(before),
        paid_cents_after: paid(after),
        reasons_before: reasons(before),
        reasons_after: reasons(after),
        ..Default::default()
    }
}

/// Every reason of a decision once, in its order.
fn reasons(claim: &pb::Claim) -> Vec<String> {
    let decided = claim.determination.iter();
    let lines = decided.clone().flat_map(|decided| &decided.lines).flat_map(|line| &line.adjustments);
    let account = decided.flat_map(|decided| &decided.account).flat_map(|account| &account.adjustments);
    let mut reasons: Vec<String> = Vec::new();
    for adjustment in lines.chain(account) {
        let group = adjustment.group().as_str_name().trim_start_matches("GROUP_CODE_");
        let reason = format!("{group}-{}", adjustment.carc);
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}
