//! Claims on record: read, listed.

use super::reversal::said_by;
use super::{Caller, Failure, Payer, State, family, records};
use crate::domain::dates::parse_iso;
use crate::proto::store::v1::{ClaimRecord, ReversalRecord};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Lane, Later};
use crate::store::{Key, Read, after, prefix};

/// Claims looked at in one read of a list.
const SLICE: usize = 200;

/// Splits "sandboxes/{sandbox}/{collection}/{id}" into the sandbox's name and the id.
pub fn split_name<'n>(name: &'n str, collection: &str) -> Option<(&'n str, &'n str)> {
    let (parent, id) = name.split_once(&format!("/{collection}/"))?;
    (parent.starts_with("sandboxes/") && !id.is_empty()).then_some((parent, id))
}

/// The place of a claim by its name: the sandbox's name, the family's lane, the sequence in it.
pub(super) fn claim_place(name: &str) -> Option<(&str, Lane, u64)> {
    let (parent, number) = split_name(name, "claims")?;
    let (lane, sequence) = keys::parse_control_number(number)?;
    Some((parent, lane, sequence))
}

impl Payer {
    /// A claim by its name.
    pub fn claim(&self, caller: &Caller, name: &str) -> Result<pb::Claim, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, number) = split_name(name, "claims").ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, parent)?;
        let (lane, sequence) = keys::parse_control_number(number).ok_or_else(unknown)?;
        let state = sandbox.read();
        self.claim_at(&state, lane, sequence)?.ok_or_else(unknown)
    }

    /// A claim by its place, with the remittance that carried it.
    pub(super) fn claim_at(&self, state: &State, lane: Lane, sequence: u64) -> Result<Option<pb::Claim>, Failure> {
        let Some(record) = self.claim_record(state, lane, sequence)? else { return Ok(None) };
        let Some(mut claim) = record.claim else { return Ok(None) };
        let reversals = self.reversals(state, lane, sequence)?;
        self.add_what_followed(state, (lane, sequence), &mut claim, &reversals)?;
        Ok(Some(claim))
    }

    pub(super) fn claim_record(
        &self,
        state: &State,
        lane: Lane,
        sequence: u64,
    ) -> Result<Option<ClaimRecord>, Failure> {
        records::get(self.store.as_ref(), state.space().claim(lane, sequence))
    }

    /// Adds what came after the first decision: the remittance that carried it, reversals, the decision made in their place.
    pub(super) fn add_what_followed(
        &self,
        state: &State,
        (lane, sequence): (Lane, u64),
        claim: &mut pb::Claim,
        reversals: &[ReversalRecord],
    ) -> Result<(), Failure> {
        let space = state.space();
        let place = space.remittance_of_claim(lane, sequence);
        let carried = records::all(self.store.as_ref(), &place)?;
        let remittance = |key: &Key| {
            let pair = carried.iter().find(|pair| pair.key == *key);
            pair.map_or_else(String::new, |pair| String::from_utf8_lossy(&pair.value).into_owned())
        };
        claim.remittance = remittance(&place);
        let sandbox = split_name(&claim.name, "claims").map_or("", |(parent, _)| parent).to_owned();
        for record in reversals {
            let later = |later: Later| remittance(&space.remittance_of_later(lane, sequence, later));
            let Some(mut reversal) = record.reversal.clone() else {
                (claim.state, claim.determination) = (record.state, record.correction.clone());
                claim.due_date.clone_from(&record.due_date);
                claim.instruction.clone_from(&record.instruction);
                claim.remittance = later(Later::Reversal(record.number));
                continue;
            };
            if record.says_now.is_some() {
                let said = std::mem::take(claim);
                if let Some(pb::claim::Billed::Professional(before)) = &said.billed {
                    reversal.said_before = Some(before.clone());
                }
                *claim = said_by(said, record);
            }
            reversal.remittance = later(Later::Reversal(record.number));
            if let Some(demand) = &mut reversal.demand {
                demand.collected_by = later(Later::Recoupment(record.number));
            }
            claim.state = record.state;
            if record.by_claim != 0 {
                claim.replaced_by = format!("{sandbox}/claims/{}", keys::control_number(lane, record.by_claim));
            }
            if reversal.unreported {
                claim.remittance.clear();
                claim.due_date.clear();
            }
            if record.correction.is_some() {
                claim.determination.clone_from(&record.correction);
                claim.instruction.clone_from(&record.instruction);
                let waits = claim.state() == pb::ClaimState::Pended;
                let carried = (reversal.remittance.clone(), reversal.due_date.clone());
                (claim.remittance, claim.due_date) = if waits { Default::default() } else { carried };
            }
            claim.reversals.push(reversal);
        }
        Ok(())
    }

    /// A page of the claims that fit, in order of control number, after a place; and the place where the next page starts.
    pub fn list_claims(
        &self,
        caller: &Caller,
        parent: &str,
        filter: &pb::ClaimFilter,
        from: Option<Key>,
        limit: usize,
    ) -> Result<(Vec<pb::Claim>, Option<Key>), Failure> {
        check_filter(filter)?;
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let (places, by_index) = self.places(&state, filter)?;
        let (first, to) = prefix(&places);
        let mut from = from.filter(|key| key.starts_with(&places)).map_or(first, |key| after(&key));
        let mut found = Vec::new();
        loop {
            let pairs =
                records::one(self.store.as_ref(), Read::Range { from, to: to.clone(), reverse: false, limit: SLICE })?;
            for pair in &pairs {
                let claim = if by_index {
                    let place = keys::claim_of(&pair.key);
                    place.map(|(lane, sequence)| self.claim_at(&state, lane, sequence)).transpose()?.flatten()
                } else if is_claim_key(&pair.key, &places) {
                    let record: ClaimRecord = records::decode(pair)?;
                    record.claim
                } else {
                    None
                };
                let Some(mut claim) = claim else { continue };
                if !by_index && let Some((lane, sequence)) = keys::parse_control_number(number_of(&claim.name)) {
                    let reversals = self.reversals(&state, lane, sequence)?;
                    self.add_what_followed(&state, (lane, sequence), &mut claim, &reversals)?;
                }
                if !fits(&claim, filter) {
                    continue;
                }
                found.push(claim);
                if found.len() == limit {
                    return Ok((found, Some(pair.key.clone())));
                }
            }
            match pairs.last() {
                Some(last) if pairs.len() == SLICE => from = after(&last.key),
                _ => return Ok((found, None)),
            }
        }
    }

    /// Where the claims of a filter are looked for, and whether that is an index.
    fn places(&self, state: &State, filter: &pb::ClaimFilter) -> Result<(Key, bool), Failure> {
        let space = state.space();
        if !filter.patient_control_number.is_empty() {
            return Ok((space.by_patient_control_number(&filter.patient_control_number), true));
        }
        if !filter.billing_npi.is_empty() {
            return Ok((space.by_billing_npi(&filter.billing_npi), true));
        }
        if !filter.member_id.is_empty() {
            let version = state.directory_version;
            let lane =
                family::lane(state.seed(), &self.subscriber_of(state, &state.in_force, &filter.member_id, version)?);
            return Ok((space.claims_of_family(lane), false));
        }
        Ok((space.families(), false))
    }
}

/// The dates of a filter are dates.
pub(super) fn check_filter(filter: &pb::ClaimFilter) -> Result<(), Failure> {
    for (field, text) in [("received_from", &filter.received_from), ("received_through", &filter.received_through)] {
        if !text.is_empty() && parse_iso(text).is_none() {
            return Err(Failure::field(format!("filter.{field}"), format!("{text:?} is no date: write YYYY-MM-DD")));
        }
    }
    Ok(())
}

fn number_of(name: &str) -> &str {
    split_name(name, "claims").map_or("", |(_, number)| number)
}

/// Whether a key below all families, or below one family's claims, is a claim's: space, `f`, lane, `c`, sequence.
fn is_claim_key(key: &[u8], places: &[u8]) -> bool {
    let claim_mark = 1 + 8 + 1 + 8;
    places.len() > claim_mark || (key.len() == claim_mark + 9 && key.get(claim_mark) == Some(&b'c'))
}

pub(super) fn fits(claim: &pb::Claim, filter: &pb::ClaimFilter) -> bool {
    let Some(billed) = &claim.billed else { return false };
    let markers = claim.instruction.as_ref().map_or("", |told| told.member_id_markers.as_str());
    let is = |wanted: &str, value: &str| wanted.is_empty() || wanted == value;
    let npi = billed.billing_provider().map_or("", |b| b.npi.as_str());
    let carries = |carc: &str| {
        let lines = claim.determination.iter().flat_map(|d| &d.lines).flat_map(|line| &line.adjustments);
        let account = claim.determination.iter().flat_map(|d| &d.account).flat_map(|account| &account.adjustments);
        lines.chain(account).any(|adjustment| adjustment.carc == carc)
    };
    is(&filter.patient_control_number, billed.patient_control_number())
        && is(&filter.member_id, billed.member_id().strip_suffix(markers).unwrap_or(billed.member_id()))
        && is(&filter.billing_npi, npi)
        && (filter.state() == pb::ClaimState::Unspecified || filter.state() == claim.state())
        && (filter.carc.is_empty() || carries(&filter.carc))
        && (filter.received_from.is_empty() || filter.received_from <= claim.received_date)
        && (filter.received_through.is_empty() || claim.received_date <= filter.received_through)
}
