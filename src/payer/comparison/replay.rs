//! Replaying a family: its claims in their order, under one payer and the other, each on what that payer has left so far.

use std::collections::BTreeMap;

use super::read::{Batch, Stored};
use super::{Compared, Found};
use crate::adjudication;
use crate::domain::claim::Claim;
use crate::domain::dates::{Date, parse_iso};
use crate::payer::family::Family;
use crate::payer::{Failure, InForce, Payer, claims, decision, instruct, records};
use crate::proto::store::v1::{ClaimRecord, ReversalRecord, SeenDocuments};
use crate::proto::v1 as pb;
use crate::wire;

/// A worker's view of what is compared.
pub(super) struct Replay<'a> {
    payer: &'a Payer,
    compared: &'a Compared,
}

/// One payer's side of a family.
struct Side<'a> {
    in_force: &'a InForce,
    family: Family,
}

/// A claim as it came, and what became of it under each payer; `None`: it was taken back.
struct Replayed {
    stored: pb::Claim,
    claim: Claim,
    version: u64,
    decided: Option<[Decision; 2]>,
}

/// What a claim came to when it came in.
enum First {
    /// It was decided.
    Decided(Box<Replayed>),
    /// It was turned away.
    TurnedAway,
    /// It only takes another back.
    Voids,
}

/// Where a claim stands, and why.
pub(super) type Decision = (pb::ClaimState, pb::Determination);

/// Under which circumstances a claim is decided.
struct Occasion<'a> {
    processed: Date,
    version: u64,
    instruction: Option<&'a pb::Instruction>,
    /// The documents that were there.
    seen: Option<&'a SeenDocuments>,
}

impl<'a> Replay<'a> {
    pub fn new(payer: &'a Payer, compared: &'a Compared) -> Replay<'a> {
        Replay { payer, compared }
    }

    /// Decides a batch.
    pub fn batch(&self, batch: Batch) -> Result<Found, Failure> {
        let mut found = Found { per_mille: batch.per_mille, ..Found::default() };
        for family in &batch.families {
            self.family(family, &mut found)?;
        }
        Ok(found)
    }

    fn family(&self, stored: &Stored, found: &mut Found) -> Result<(), Failure> {
        let mut records = Vec::with_capacity(stored.claims.len());
        for pair in &stored.claims {
            records.push((Stored::sequence(pair), records::decode::<ClaimRecord>(pair)?));
        }
        let filter = &self.compared.filter;
        let asked = |record: &ClaimRecord| record.claim.as_ref().is_some_and(|claim| claims::fits(claim, filter));
        let asked: Vec<u64> =
            records.iter().filter(|(_, record)| asked(record)).map(|(sequence, _)| *sequence).collect();
        if asked.is_empty() {
            return Ok(());
        }
        let mut reversals: Vec<ReversalRecord> =
            stored.reversals.iter().map(records::decode).collect::<Result<_, _>>()?;
        reversals.sort_by_key(|reversal| reversal.number);
        let mut reversals = reversals.into_iter().peekable();
        let mut sides = [&self.compared.a, &self.compared.b]
            .map(|in_force| Side { in_force: in_force.as_ref(), family: Family::default() });
        let mut replayed = BTreeMap::new();
        for (sequence, record) in records {
            while let Some(reversal) = reversals.next_if(|reversal| reversal.after < sequence) {
                self.follow(&mut sides, &reversal, &mut replayed)?;
            }
            match self.first(&mut sides, record)? {
                First::Decided(claim) => _ = replayed.insert(sequence, *claim),
                First::TurnedAway => found.count.rejected_claims += i64::from(asked.contains(&sequence)),
                First::Voids => found.count.reversed_claims += i64::from(asked.contains(&sequence)),
            }
        }
        for reversal in reversals {
            self.follow(&mut sides, &reversal, &mut replayed)?;
        }
        for claim in asked.iter().filter_map(|sequence| replayed.remove(sequence)) {
            match claim.decided {
                Some(decided) => found.changed.extend(found.count.claim(&claim.stored, &claim.claim, decided)),
                None => found.count.reversed_claims += 1,
            }
        }
        Ok(())
    }

    /// Decides a claim when it came in.
    fn first(&self, sides: &mut [Side<'_>; 2], record: ClaimRecord) -> Result<First, Failure> {
        let Some(stored) = record.claim.filter(|claim| claim.determination.is_some()) else {
            return Ok(First::TurnedAway);
        };
        if stored.state() == pb::ClaimState::Void {
            return Ok(First::Voids);
        }
        let damaged = || Failure::Damaged(stored.name.clone());
        let mut claim = stored.billed.as_ref().and_then(|billed| wire::claim(billed).ok()).ok_or_else(damaged)?;
        stored.instruction.iter().for_each(|told| instruct::cut_off(&mut claim, told));
        let processed = parse_iso(&record.processed_date).ok_or_else(damaged)?;
        let version = record.directory_version;
        let (instruction, seen) = (stored.instruction.as_ref(), record.seen.as_ref());
        let occasion = Occasion { processed, version, instruction, seen };
        let decided = self.both(sides, &stored, &claim, &occasion)?;
        Ok(First::Decided(Box::new(Replayed { claim, version, decided: Some(decided), stored })))
    }

    /// Takes a decision back at its place, or makes the one that had waited.
    fn follow(
        &self,
        sides: &mut [Side<'_>; 2],
        made: &ReversalRecord,
        replayed: &mut BTreeMap<u64, Replayed>,
    ) -> Result<(), Failure> {
        let Some(claim) = replayed.get_mut(&made.sequence) else { return Ok(()) };
        let day = made.reversal.as_ref().map_or(&made.decided_date, |reversal| &reversal.reversed_date);
        for (side, decided) in sides.iter_mut().zip(claim.decided.take().into_iter().flatten()) {
            let (state, determination) = decided;
            if made.reversal.is_some() && state != pb::ClaimState::Pended {
                side.family.take_back(&claim.stored.control_number, &wire::reversal::reversal(&determination, day, ""));
            }
        }
        if made.correction.is_none() {
            return Ok(());
        }
        let processed = parse_iso(day).ok_or_else(|| Failure::Damaged(claim.stored.name.clone()))?;
        let version = made.directory_version.max(claim.version);
        let (instruction, seen) = (made.instruction.as_ref(), made.seen.as_ref());
        let occasion = Occasion { processed, version, instruction, seen };
        claim.decided = Some(self.both(sides, &claim.stored, &claim.claim, &occasion)?);
        Ok(())
    }

    fn both(
        &self,
        sides: &mut [Side<'_>; 2],
        stored: &pb::Claim,
        claim: &Claim,
        occasion: &Occasion<'_>,
    ) -> Result<[Decision; 2], Failure> {
        let [a, b] = sides;
        Ok([self.decide(a, stored, claim, occasion)?, self.decide(b, stored, claim, occasion)?])
    }

    fn decide(
        &self,
        side: &mut Side<'_>,
        stored: &pb::Claim,
        claim: &Claim,
        occasion: &Occasion<'_>,
    ) -> Result<Decision, Failure> {
        let (payer, state, version) = (self.payer, &self.compared.state, occasion.version);
        let mut roster = payer.roster(state, side.in_force, claim, version)?;
        payer.add_colleagues(state, side.in_force, claim, &side.family.history, version, &mut roster)?;
        let received = parse_iso(&stored.received_date).ok_or_else(|| Failure::Damaged(stored.name.clone()))?;
        let dates = (received, occasion.processed);
        let number = stored.control_number.clone();
        let mut file = decision::claim_file(side.in_force, claim.clone(), roster, &side.family, number, dates);
        file.instruction = instruct::read(occasion.instruction)?;
        file.documents = occasion.seen.map(wire::documents::seen).unwrap_or_default();
        let determination = adjudication::adjudicate(&file);
        let standing = decision::standing(&determination);
        // The family's history is shared with the file; it grows in place once the file is gone.
        drop(file);
        let message = decision::message(side.in_force, &determination);
        if standing != pb::ClaimState::Pended {
            side.family.take_in(claim, &stored.control_number, &message);
        }
        Ok((standing, message))
    }
}
