//! A family as the shell holds it: its place in the order of requests, and what its earlier claims left.

use std::sync::Arc;

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::{Failure, records};
use crate::domain::determination::{AccumulatorEntry, AuthorizationUse, HistoryLine};
use crate::proto::store::v1::{ClaimRecord, Event, FamilyHead};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Lane, Space};
use crate::store::{Read, Store, prefix};
use crate::wire;

/// Claims read at a time when a family is loaded.
const SLICE: usize = 500;

/// A family's lane, from the sandbox's seed and the subscriber's number: the same in every order of requests.
pub(super) fn lane(seed: i64, subscriber_id: &str) -> Lane {
    let digest = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(subscriber_id.as_bytes()).finalize();
    let first = digest.iter().take(8).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    Lane(first % keys::LANES)
}

/// What a family's claims have left, as of the head it was read with.
#[derive(Clone, Debug, Default)]
pub(super) struct Family {
    /// Its place in the order of requests.
    pub head: FamilyHead,
    /// The head as stored, which the next commit expects.
    pub stored: Option<Bytes>,
    /// Lines of its decided claims, oldest first.
    pub history: Arc<Vec<HistoryLine>>,
    /// What they took from deductibles, maxima and limits.
    pub accumulators: Arc<Vec<AccumulatorEntry>>,
    /// Units they took from authorizations.
    pub authorization_uses: Arc<Vec<AuthorizationUse>>,
}

impl Family {
    /// Reads a family whose head is known. `before` stops short of a sequence, for a look back.
    pub fn load(
        store: &dyn Store,
        space: Space,
        lane: Lane,
        stored: Option<Bytes>,
        before: Option<u64>,
    ) -> Result<Family, Failure> {
        let head = match &stored {
            Some(bytes) => FamilyHead::decode(bytes.clone()).map_err(|_| Failure::Damaged("family head".to_owned()))?,
            None => FamilyHead::default(),
        };
        let mut family = Family { head, stored, ..Family::default() };
        if family.head.sequence == 0 {
            return Ok(family);
        }
        let (mut from, end) = prefix(&space.claims_of_family(lane));
        let to = before.map_or(end, |sequence| space.claim(lane, sequence));
        loop {
            let pairs = records::one(store, Read::Range { from, to: to.clone(), reverse: false, limit: SLICE })?;
            for pair in &pairs {
                let record: ClaimRecord = records::decode(pair)?;
                if let Some(claim) = &record.claim {
                    family.remember(claim, None);
                }
            }
            match pairs.last() {
                Some(last) if pairs.len() == SLICE => from = crate::store::after(&last.key),
                _ => return Ok(family),
            }
        }
    }

    /// Takes a decided claim into what later claims see; `parsed` saves reading the message again.
    pub fn remember(&mut self, claim: &pb::Claim, parsed: Option<&crate::domain::claim::Claim>) {
        let Some(determination) = &claim.determination else { return };
        let decided = matches!(claim.state(), pb::ClaimState::Denied | pb::ClaimState::Allowed);
        let Some(billed) = &claim.billed else { return };
        if !decided {
            return;
        }
        let read;
        let parsed = match parsed {
            Some(parsed) => parsed,
            None => match wire::claim(billed) {
                Ok(claim) => {
                    read = claim;
                    &read
                }
                Err(_) => return,
            },
        };
        let lines = wire::determination::history(parsed, &claim.control_number, determination);
        Arc::make_mut(&mut self.history).extend(lines);
        Arc::make_mut(&mut self.accumulators).extend(wire::determination::accumulator_entries(determination));
        Arc::make_mut(&mut self.authorization_uses).extend(wire::determination::authorization_uses(determination));
    }
}

/// The next event of a chain: `previous` is the hash of the one before.
pub(super) fn event(
    number: u64,
    previous: &Bytes,
    cause: &str,
    subject: &str,
    time: &str,
    caller: &str,
    content: &[u8],
) -> Event {
    let mut event = Event {
        number,
        cause: cause.to_owned(),
        subject: subject.to_owned(),
        time: time.to_owned(),
        caller: caller.to_owned(),
        content_hash: sha256(content),
        previous_hash: previous.clone(),
        hash: Bytes::new(),
    };
    event.hash = sha256(&event.encode_to_vec());
    event
}

fn sha256(content: &[u8]) -> Bytes {
    Bytes::copy_from_slice(&Sha256::digest(content))
}
