//! A family as the shell holds it: its place in the order of requests, and what its earlier claims left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::reversal::said_by;
use super::{Failure, records};
use crate::domain::determination::{AccumulatorEntry, AuthorizationUse, HistoryLine};
use crate::proto::store::v1::{ClaimRecord, DirectiveCount, FamilyHead, ReversalRecord};
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

/// How far back a family is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Until {
    /// Short of the claim of this sequence, and of reversals made when it was there.
    pub claim: u64,
    /// Short of the reversal of this number.
    pub reversal: u64,
}

impl Until {
    /// As it is now.
    pub const NOW: Until = Until { claim: u64::MAX, reversal: u64::MAX };

    /// As it was when a claim was decided first.
    pub fn claim(sequence: u64) -> Until {
        Until { claim: sequence, ..Until::NOW }
    }

    /// As it was when a claim was decided again, but for the reversal itself.
    pub fn reversal(record: &ReversalRecord) -> Until {
        Until { claim: record.after.saturating_add(1), reversal: record.number }
    }
}

impl Family {
    /// Reads a family whose head is known.
    pub fn load(
        store: &dyn Store,
        space: Space,
        lane: Lane,
        stored: Option<Bytes>,
        until: Until,
    ) -> Result<Family, Failure> {
        let head = match &stored {
            Some(bytes) => FamilyHead::decode(bytes.clone()).map_err(|_| Failure::Damaged("family head".to_owned()))?,
            None => FamilyHead::default(),
        };
        let mut family = Family { head, stored, ..Family::default() };
        if family.head.sequence == 0 {
            return Ok(family);
        }
        let mut reversals = family.reversals(store, space, lane, until)?.into_iter().peekable();
        let reversed: BTreeSet<u64> = reversals.clone().map(|reversal| reversal.sequence).collect();
        let mut claims = BTreeMap::new();
        let (mut from, end) = prefix(&space.claims_of_family(lane));
        let to = if until.claim == u64::MAX { end } else { space.claim(lane, until.claim) };
        loop {
            let pairs = records::one(store, Read::Range { from, to: to.clone(), reverse: false, limit: SLICE })?;
            for pair in &pairs {
                let record: ClaimRecord = records::decode(pair)?;
                let sequence = keys::number_of(&pair.key).unwrap_or_default();
                while let Some(reversal) = reversals.next_if(|reversal| reversal.after < sequence) {
                    family.follow(&reversal, claims.get_mut(&reversal.sequence));
                }
                let Some(claim) = record.claim else { continue };
                family.remember(&claim, None);
                if reversed.contains(&sequence) {
                    claims.insert(sequence, claim);
                }
            }
            match pairs.last() {
                Some(last) if pairs.len() == SLICE => from = crate::store::after(&last.key),
                _ => break,
            }
        }
        reversals.for_each(|reversal| family.follow(&reversal, claims.get_mut(&reversal.sequence)));
        Ok(family)
    }

    /// The family's reversals, in the order in which they were made.
    fn reversals(
        &self,
        store: &dyn Store,
        space: Space,
        lane: Lane,
        until: Until,
    ) -> Result<Vec<ReversalRecord>, Failure> {
        if self.head.reversals == 0 {
            return Ok(Vec::new());
        }
        let pairs = records::all(store, &space.reversals_of_family(lane))?;
        let mut reversals = pairs.iter().map(records::decode).collect::<Result<Vec<ReversalRecord>, _>>()?;
        reversals.retain(|reversal| reversal.after < until.claim && reversal.number < until.reversal);
        reversals.sort_by_key(|reversal| reversal.number);
        Ok(reversals)
    }

    /// Takes a reversal, and the decision made in its place, into what later claims see.
    fn follow(&mut self, record: &ReversalRecord, claim: Option<&mut pb::Claim>) {
        let Some(claim) = claim else { return };
        if let Some(reversal) = record.reversal.as_ref().and_then(|of| of.reversal.as_ref()) {
            self.take_back(&claim.control_number, reversal);
        }
        *claim = said_by(std::mem::take(claim), record);
        if let Some(correction) = &record.correction {
            let determination = Some(correction.clone());
            self.remember(&pb::Claim { state: record.state, determination, ..claim.clone() }, None);
        }
    }

    /// Keeps how often directives have met the family's claims.
    pub fn count(&mut self, counts: &[DirectiveCount]) {
        for count in counts {
            match self.head.directive_counts.iter_mut().find(|known| known.number == count.number) {
                Some(known) => *known = *count,
                None => self.head.directive_counts.push(*count),
            }
        }
    }

    /// Takes a claim back: its lines stand no longer, and what it took is returned.
    pub fn take_back(&mut self, control_number: &str, reversal: &pb::Determination) {
        Arc::make_mut(&mut self.history).retain(|line| line.control_number != control_number);
        Arc::make_mut(&mut self.accumulators).extend(wire::determination::accumulator_entries(reversal));
        Arc::make_mut(&mut self.authorization_uses).extend(wire::determination::authorization_uses(reversal));
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
        self.take_in(parsed, &claim.control_number, determination);
    }

    /// Takes a claim that was denied or allowed into what later claims see.
    pub fn take_in(
        &mut self,
        claim: &crate::domain::claim::Claim,
        control_number: &str,
        determination: &pb::Determination,
    ) {
        let lines = wire::determination::history(claim, control_number, determination);
        Arc::make_mut(&mut self.history).extend(lines);
        Arc::make_mut(&mut self.accumulators).extend(wire::determination::accumulator_entries(determination));
        Arc::make_mut(&mut self.authorization_uses).extend(wire::determination::authorization_uses(determination));
    }
}
