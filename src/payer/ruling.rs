//! Deciding a claim again, as was ruled on it: one that waits is decided at last; one that a remittance has told is taken back and decided
//! anew. What was ruled stays with the claim and holds for each decision that follows.

use super::due;
use super::entry::Entry;
use super::reversal::Reversing;
use super::{Failure, Payer, decision, pend, records};
use crate::proto::store::v1::{ClaimRecord, DueItem, ReversalRecord};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Later};

/// How a claim is decided again.
#[derive(Clone, Debug, Default)]
pub(super) struct Again {
    /// What was ruled, before all that was ruled or forced earlier.
    pub rulings: Vec<pb::ForcedOrder>,
    /// Why, in a sentence: what was decided is taken back for it.
    pub reason: String,
    /// How money is taken back, where it is.
    pub recoupment: pb::Recoupment,
    /// What is paid instead was owed since the claim came in: it was denied wrongly.
    pub owed_from_receipt: bool,
}

impl Payer {
    /// Decides a claim of the entry's family again, whatever it stands at. What cannot be decided again says why.
    pub(super) fn rule(&self, entry: &mut Entry<'_>, sequence: u64, again: Again) -> Result<ReversalRecord, Failure> {
        let unknown = || Failure::Unknown(keys::control_number(entry.lane, sequence));
        let claim = self.claim_at(entry.state, entry.lane, sequence)?.ok_or_else(unknown)?;
        if claim.state() == pb::ClaimState::Pended {
            return self.decide_at_last(entry, sequence, again);
        }
        let reversing = Reversing {
            reason: again.reason,
            recoupment: again.recoupment,
            redecide: true,
            rulings: again.rulings,
            owed_from_receipt: again.owed_from_receipt,
            ..Reversing::default()
        };
        self.reverse(entry, sequence, reversing)
    }

    /// Decides a claim that had waited, on what its family has by now and under today's payer. It may wait on.
    pub(super) fn decide_at_last(
        &self,
        entry: &mut Entry<'_>,
        sequence: u64,
        again: Again,
    ) -> Result<ReversalRecord, Failure> {
        let (state, lane, today) = (entry.state, entry.lane, self.today(entry.state));
        let damaged = || Failure::Damaged(keys::control_number(lane, sequence));
        let record = self.claim_record(state, lane, sequence)?.ok_or_else(damaged)?;
        let claim = record.claim.clone().unwrap_or_default();
        let mut made = ReversalRecord {
            number: entry.family.head.reversals + 1,
            sequence,
            after: entry.family.head.sequence,
            payer_folder: state.in_force.hash.clone(),
            directory_version: state.directory_version,
            instruction: ruled(self.told_so_far(entry, &record)?, again.rulings),
            decided_date: today.to_string(),
            ..Default::default()
        };
        made.seen = entry.documents_seen(sequence)?;
        let (file, determination) = self.decided_anew(state, &record, &mut entry.family, &made, today)?;
        made.state = decision::standing(&determination).into();
        let last = decision::place(&record, &self.reversals(state, lane, sequence)?);
        made.correction = Some(self.correction(last, &made, &determination)?);
        if determination.pend.is_none() {
            let payee = record.payee.clone().unwrap_or_default();
            let state_of_payee = payee.address.unwrap_or_default().state;
            made.due_date = due::first_payment(&file, &determination, &state_of_payee, claim.paper).to_string();
            let place = keys::to_claim(entry.space().due_to_on(&payee.payee_id, &made.due_date), lane, sequence);
            let item = DueItem { reversal: made.number, ..Default::default() };
            entry.write(Later::Reversal(made.number).after(place), Some(records::encode(&item)));
        }
        keep(entry, "decide-claim", &claim.name, &made);
        let decided = pb::Claim { state: made.state, determination: made.correction.clone(), ..claim };
        pend::open(&mut entry.draft(), sequence, &decided)?;
        Ok(made)
    }

    /// What directives, markers and rulings have said of a claim until now.
    pub(super) fn told_so_far(
        &self,
        entry: &Entry<'_>,
        record: &ClaimRecord,
    ) -> Result<Option<pb::Instruction>, Failure> {
        let first = record.claim.as_ref().and_then(|claim| claim.instruction.clone());
        let Some((_, sequence)) = record.claim.as_ref().and_then(|c| keys::parse_control_number(&c.control_number))
        else {
            return Ok(first);
        };
        let made = self.reversals(entry.state, entry.lane, sequence)?;
        let last = made.into_iter().rev().find(|made| made.correction.is_some());
        Ok(last.map_or(first, |made| made.instruction))
    }
}

/// Keeps a decision that was taken back or made at last, with its event.
pub(super) fn keep(entry: &mut Entry<'_>, cause: &str, claim: &str, made: &ReversalRecord) {
    let bytes = records::encode(made);
    let place = entry.space().reversal(entry.lane, made.sequence, made.number);
    entry.family.head.reversals = made.number;
    entry.draft().log(cause, claim, &bytes);
    entry.write(place, Some(bytes));
}

/// What was told before, behind what is ruled now.
pub(super) fn ruled(told: Option<pb::Instruction>, rulings: Vec<pb::ForcedOrder>) -> Option<pb::Instruction> {
    if rulings.is_empty() {
        return told;
    }
    let mut told = told.unwrap_or_default();
    told.orders.splice(0..0, rulings);
    Some(told)
}
