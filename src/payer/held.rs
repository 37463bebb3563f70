//! Claims that wait for a day by instruction: the clock decides them on it, in order of day and number.

use super::decision;
use super::due;
use super::family::{Family, Until, event};
use super::instruct;
use super::{Caller, Failure, Payer, Sandbox, State, records};
use crate::domain::dates::{Date, parse_iso};
use crate::proto::store::v1::{ClaimRecord, DueItem, ReversalRecord};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Lane, Later};
use crate::store::{Commit, Key, Pair, Read, prefix};

/// Claims looked at in one read.
const SLICE: usize = 200;
/// How often a decision begins anew because somebody else was faster.
const MAX_ATTEMPTS: usize = 8;

impl Payer {
    /// The first day on which a claim that waits is to be decided.
    pub(super) fn next_held_date(&self, state: &State) -> Result<Option<Date>, Failure> {
        let place = state.space().held();
        let first = records::slice(self.store.as_ref(), &place, None, 1)?.pop();
        let date = first.and_then(|pair| pair.key.get(place.len()..place.len() + 10).map(<[u8]>::to_vec));
        Ok(date.and_then(|date| parse_iso(std::str::from_utf8(&date).ok()?)))
    }

    /// Decides the claims whose day has come, and says how many.
    pub(super) fn decide_held(&self, caller: &Caller, sandbox: &Sandbox) -> Result<i64, Failure> {
        let mut decided = 0;
        loop {
            let pairs = self.held_until_today(&sandbox.read())?;
            if pairs.is_empty() {
                return Ok(decided);
            }
            for pair in pairs {
                self.decide_one_held(caller, sandbox, &pair.key)?;
                decided += 1;
            }
        }
    }

    fn held_until_today(&self, state: &State) -> Result<Vec<Pair>, Failure> {
        let space = state.space();
        let (from, _) = prefix(&space.held());
        let (_, to) = prefix(&space.held_until(&self.today(state).to_string()));
        records::one(self.store.as_ref(), Read::Range { from, to, reverse: false, limit: SLICE })
    }

    fn decide_one_held(&self, caller: &Caller, sandbox: &Sandbox, key: &Key) -> Result<(), Failure> {
        for _ in 0..MAX_ATTEMPTS {
            match self.try_to_decide_held(caller, sandbox, key) {
                Err(Failure::Conflict) => {}
                answer => return answer,
            }
        }
        Err(Failure::Conflict)
    }

    fn try_to_decide_held(&self, caller: &Caller, sandbox: &Sandbox, key: &Key) -> Result<(), Failure> {
        let state = sandbox.read();
        let waits = records::one(self.store.as_ref(), Read::Point(key.clone()))?.pop().map(|pair| pair.value);
        let (Some(waits), Some((lane, sequence))) = (waits, keys::claim_of(key)) else { return Ok(()) };
        let damaged = || Failure::Damaged(keys::control_number(lane, sequence));
        let record = self.claim_record(&state, lane, sequence)?.ok_or_else(damaged)?;
        let claim = self.claim_at(&state, lane, sequence)?.ok_or_else(damaged)?;
        let mut commit = Commit {
            expected: vec![state.expected(&sandbox.id), (key.clone(), Some(waits))],
            writes: vec![(key.clone(), None)],
        };
        // Somebody may have decided it meanwhile.
        if claim.state() == pb::ClaimState::Pended {
            self.decide_at_last(caller, &state, (lane, sequence), &record, &mut commit)?;
        }
        self.commit_one(commit)
    }

    /// Decides a claim that had waited, on what its family has by now and under today's payer.
    fn decide_at_last(
        &self,
        caller: &Caller,
        state: &State,
        (lane, sequence): (Lane, u64),
        record: &ClaimRecord,
        commit: &mut Commit,
    ) -> Result<(), Failure> {
        let (space, store, today) = (state.space(), self.store.as_ref(), self.today(state));
        let claim = record.claim.clone().unwrap_or_default();
        let stored = records::one(store, Read::Point(space.family_head(lane)))?.pop().map(|pair| pair.value);
        let mut family = Family::load(store, space, lane, stored.clone(), Until::NOW)?;
        let mut made = ReversalRecord {
            number: family.head.reversals + 1,
            sequence,
            after: family.head.sequence,
            payer_folder: state.in_force.hash.clone(),
            directory_version: state.directory_version,
            instruction: claim.instruction.clone(),
            decided_date: today.to_string(),
            ..Default::default()
        };
        let (file, determination) = self.decided_anew(state, record, &mut family, &made, today)?;
        made.state = decision::standing(&determination).into();
        made.correction = Some(self.correction(state, &made, &determination)?);
        if determination.pend.is_none() {
            let payee = record.payee.clone().unwrap_or_default();
            let state_of_payee = payee.address.unwrap_or_default().state;
            made.due_date = due::first_payment(&file, &determination, &state_of_payee, claim.paper).to_string();
            let place = keys::to_claim(space.due_to_on(&payee.payee_id, &made.due_date), lane, sequence);
            let item = DueItem { reversal: made.number, ..Default::default() };
            commit.writes.push((Later::Reversal(made.number).after(place), Some(records::encode(&item))));
        }
        let bytes = records::encode(&made);
        let (number, time) = (family.head.events + 1, self.now(state).to_string());
        let previous = family.head.last_event_hash.clone();
        let event = event(number, &previous, "decide-claim", &claim.name, &time, &caller.subject, &bytes);
        family.head.reversals = made.number;
        family.head.events = number;
        family.head.last_event_hash = event.hash.clone();
        commit.expected.push((space.family_head(lane), stored));
        commit.writes.extend([
            (space.family_head(lane), Some(records::encode(&family.head))),
            (space.reversal(lane, sequence, made.number), Some(bytes)),
            (space.family_event(lane, number), Some(records::encode(&event))),
        ]);
        Ok(())
    }
}

/// Where a claim that has come in waits for a day, if it does.
pub(super) fn place(space: keys::Space, claim: &pb::Claim, lane: Lane, sequence: u64) -> Option<Key> {
    if claim.state() != pb::ClaimState::Pended {
        return None;
    }
    let day = instruct::decide_on(claim.instruction.as_ref())?;
    Some(keys::to_claim(space.held_until(&day.to_string()), lane, sequence))
}
