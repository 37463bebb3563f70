//! Reading the record, family by family, in batches.

use super::Compared;
use crate::payer::{Failure, Payer, family, records};
use crate::store::keys::{self, LANES, Lane};
use crate::store::{Pair, Read, after, prefix};

/// Pairs read at a time.
const SLICE: usize = 4_000;
/// Claims of a batch, at least, but for the last.
const BATCH: usize = 256;

/// Whole families, to be decided together.
#[derive(Default)]
pub(super) struct Batch {
    /// Its place in the order of the record.
    pub number: usize,
    /// The families, in order.
    pub families: Vec<Stored>,
    /// How much of the record lies behind it, of a thousand.
    pub per_mille: i32,
    claims: usize,
}

/// A family as stored.
#[derive(Default)]
pub(super) struct Stored {
    /// Its place.
    pub lane: Lane,
    /// Its claims, in order.
    pub claims: Vec<Pair>,
    /// What was taken back, or decided at last.
    pub reversals: Vec<Pair>,
}

/// Reads batch after batch, as long as they are taken.
pub(super) fn batches(payer: &Payer, compared: &Compared, mut take: impl FnMut(Batch) -> bool) -> Result<(), Failure> {
    let places = places(payer, compared)?;
    let (mut from, to) = prefix(&places);
    let mut batch = Batch::default();
    let mut family = Stored::default();
    loop {
        let read = Read::Range { from, to: to.clone(), reverse: false, limit: SLICE };
        let pairs = records::one(payer.store.as_ref(), read)?;
        let last = (pairs.len() == SLICE).then(|| pairs.last().map(|pair| after(&pair.key))).flatten();
        for pair in pairs {
            let Some((lane, kind)) = family_key(&pair.key) else { continue };
            if lane != family.lane {
                batch.add(std::mem::replace(&mut family, Stored { lane, ..Stored::default() }));
                if batch.claims >= BATCH {
                    let next = Batch { number: batch.number + 1, ..Batch::default() };
                    if !take(std::mem::replace(&mut batch, next)) {
                        return Ok(());
                    }
                }
            }
            match kind {
                b'c' => family.claims.push(pair),
                b'v' => family.reversals.push(pair),
                _ => {}
            }
        }
        let Some(next) = last else { break };
        from = next;
    }
    batch.add(family);
    batch.per_mille = 1000;
    take(batch);
    Ok(())
}

/// Where the claims are looked for: one family where the filter names a member, else all.
fn places(payer: &Payer, compared: &Compared) -> Result<Vec<u8>, Failure> {
    let (state, member_id) = (&compared.state, &compared.filter.member_id);
    if member_id.is_empty() {
        return Ok(state.space().families());
    }
    let subscriber = payer.subscriber_of(state, &state.in_force, member_id, state.directory_version)?;
    Ok(state.space().records_of_family(family::lane(state.seed(), &subscriber)))
}

/// The family that a key belongs to, and the kind of its record: space, `f`, lane, kind.
fn family_key(key: &[u8]) -> Option<(Lane, u8)> {
    let lane = key.get(10..18)?.try_into().ok()?;
    Some((Lane(u64::from_be_bytes(lane)), *key.get(18)?))
}

impl Batch {
    fn add(&mut self, family: Stored) {
        if family.claims.is_empty() {
            return;
        }
        self.claims += family.claims.len();
        // Lanes are spread evenly, so a family's place among all is how far the reading is.
        self.per_mille = i32::try_from(family.lane.0.saturating_mul(1000) / LANES).unwrap_or(0);
        self.families.push(family);
    }
}

impl Stored {
    /// The sequence that a claim's key ends with.
    pub fn sequence(claim: &Pair) -> u64 {
        keys::number_of(&claim.key).unwrap_or_default()
    }
}
