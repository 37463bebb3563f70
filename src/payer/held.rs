//! What waits for a day: claims that are to be decided on it, and matters whose deadline it is. The clock comes back to them in order of
//! day and number.

use super::entry::{Entry, attempts};
use super::{Caller, Failure, Payer, Sandbox, State, records, ruling};
use crate::domain::dates::{Date, parse_iso};
use crate::proto::v1 as pb;
use crate::store::keys::{Lane, Matter, Waits};
use crate::store::{Key, Pair, Read, prefix};

/// What is looked at in one read.
const SLICE: usize = 200;

/// What the clock has come back to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Met {
    /// Claims that were decided.
    pub decided: i64,
    /// Deadlines that were met or missed, each with its consequence.
    pub deadlines: i64,
}

impl Payer {
    /// The first day on which something is to be come back to.
    pub(super) fn next_held_date(&self, state: &State) -> Result<Option<Date>, Failure> {
        let place = state.space().held();
        let first = records::slice(self.store.as_ref(), &place, None, 1)?.pop();
        let date = first.and_then(|pair| pair.key.get(place.len()..place.len() + 10).map(<[u8]>::to_vec));
        Ok(date.and_then(|date| parse_iso(std::str::from_utf8(&date).ok()?)))
    }

    /// Comes back to everything whose day has come.
    pub(super) fn meet_held(&self, caller: &Caller, sandbox: &Sandbox) -> Result<Met, Failure> {
        let mut met = Met::default();
        loop {
            let (pairs, space) = {
                let state = sandbox.read();
                (self.held_until_today(&state)?, state.space())
            };
            if pairs.is_empty() {
                return Ok(met);
            }
            for pair in pairs {
                match Waits::of(&pair.key, space) {
                    Some(Waits::Claim(lane, sequence)) => {
                        attempts(|| self.decide_held(caller, sandbox, &pair.key, (lane, sequence)))?;
                        met.decided += 1;
                    }
                    Some(Waits::Matter(kind, lane, number)) => {
                        attempts(|| self.meet_deadline(caller, sandbox, &pair.key, (kind, lane, number)))?;
                        met.deadlines += 1;
                    }
                    None => return Err(Failure::Damaged(pair.key.escape_ascii().to_string())),
                }
            }
        }
    }

    fn held_until_today(&self, state: &State) -> Result<Vec<Pair>, Failure> {
        let space = state.space();
        let (from, _) = prefix(&space.held());
        let (_, to) = prefix(&space.held_until(&self.today(state).to_string()));
        records::one(self.store.as_ref(), Read::Range { from, to, reverse: false, limit: SLICE })
    }

    /// Carries out what follows on a matter's deadline, in a commit that takes the key away.
    fn meet_deadline(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        key: &Key,
        (kind, lane, number): (Matter, Lane, u64),
    ) -> Result<(), Failure> {
        match kind {
            Matter::Review => self.review_deadline(caller, sandbox, key, (lane, number)),
            Matter::Appeal => self.appeal_deadline(caller, sandbox, key, (lane, number)),
            Matter::AuthorizationRequest => self.authorization_deadline(caller, sandbox, key, (lane, number)),
            Matter::DocumentRequest => self.document_deadline(caller, sandbox, key, (lane, number)),
            Matter::Document => Err(Failure::Damaged(key.escape_ascii().to_string())),
        }
    }

    /// Decides a claim that waits by instruction, on what its family has by now and under today's payer.
    fn decide_held(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        key: &Key,
        (lane, sequence): (Lane, u64),
    ) -> Result<(), Failure> {
        let state = sandbox.read();
        let Some(waits) = records::one(self.store.as_ref(), Read::Point(key.clone()))?.pop() else { return Ok(()) };
        let mut entry = Entry::open(self, caller, sandbox, &state, lane)?;
        entry.expect(key.clone(), Some(waits.value));
        entry.write(key.clone(), None);
        // Somebody may have decided it meanwhile.
        let claim = self.claim_at(&state, lane, sequence)?;
        match claim {
            Some(claim) if claim.state() == pb::ClaimState::Pended => {
                self.decide_at_last(&mut entry, sequence, ruling::Again::default())?;
            }
            Some(claim) => self.reopen_if_overtaken(&mut entry, sequence, &claim)?,
            None => {}
        }
        entry.commit()
    }
}
