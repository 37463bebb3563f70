//! Checking a history: that its hashes hold, that they vouch for the records as they stand, and that each decision comes out again.

use std::collections::BTreeSet;

use bytes::Bytes;
use prost::Message;

use super::told;
use crate::payer::chain::{hash_of, sha256};
use crate::payer::claims::claim_place;
use crate::payer::snapshots::names::Renaming;
use crate::payer::{Caller, Failure, Payer, Sandbox, records};
use crate::proto::store::v1::{ClaimRecord, DocumentRecord, Event, FamilyHead, PayeeHead};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Chain, Kind, Lane, Matter, Space};
use crate::store::{Key, Pair, Read, prefix};

/// Most faults that are told.
const MOST_FAULTS: usize = 100;
/// Bytes of a lane in a key.
const LANE: usize = 8;

/// A check under way.
struct Check<'a> {
    sandbox: &'a Sandbox,
    found: pb::VerifyHistoryResponse,
}

/// A chain with what must have been written with it.
struct Written {
    chain: Chain,
    events: Vec<Pair>,
    /// Number and hash of the last event, as kept elsewhere; `None`: nothing else keeps them.
    end: Option<(u64, Bytes)>,
    /// Records that an event must vouch for.
    records: Vec<Pair>,
}

impl Payer {
    /// Checks the history of a claim's family and its payee, or of the whole sandbox.
    pub fn verify_history(
        &self,
        caller: &Caller,
        request: &pb::VerifyHistoryRequest,
    ) -> Result<pb::VerifyHistoryResponse, Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let mut check = Check { sandbox: &sandbox, found: pb::VerifyHistoryResponse::default() };
        if request.claim.is_empty() {
            let mut after = None;
            while let Some(lane) = self.next_family(&sandbox, after)? {
                self.verify_family(caller, &mut check, lane)?;
                after = Some(lane);
            }
            for payee in self.payee_ids(&sandbox)? {
                self.verify_payee(&mut check, &payee)?;
            }
            self.verify_records(&mut check)?;
        } else {
            let unknown = || Failure::Unknown(request.claim.clone());
            let place = claim_place(&request.claim).filter(|(parent, ..)| *parent == sandbox.name());
            let (_, lane, sequence) = place.ok_or_else(unknown)?;
            let record = self.claim_record(&sandbox.read(), lane, sequence)?.ok_or_else(unknown)?;
            self.verify_family(caller, &mut check, lane)?;
            self.verify_payee(&mut check, &record.payee.unwrap_or_default().payee_id)?;
        }
        check.found.holds = check.found.faults.is_empty();
        Ok(check.found)
    }

    /// The lane of the first family behind another.
    fn next_family(&self, sandbox: &Sandbox, after: Option<Lane>) -> Result<Option<Lane>, Failure> {
        let space = sandbox.read().space();
        let from = after.map(|lane| prefix(&space.records_of_family(lane)).1);
        let next = records::slice(self.store.as_ref(), &space.families(), from, 1)?.pop();
        let lane = |pair: Pair| pair.key.get(space.families().len()..)?.get(..LANE)?.try_into().ok();
        Ok(next.and_then(lane).map(|lane| Lane(u64::from_be_bytes(lane))))
    }

    fn payee_ids(&self, sandbox: &Sandbox) -> Result<Vec<String>, Failure> {
        let space = sandbox.read().space();
        let (place, mut payees, mut from) = (space.payees(), Vec::new(), None);
        while let Some(pair) = records::slice(self.store.as_ref(), &place, from.take(), 1)?.pop() {
            let rest = pair.key.get(place.len()..).unwrap_or_default();
            let payee = rest.split(|byte| *byte == 0).next().unwrap_or_default();
            from = Some(prefix(&[place.as_slice(), payee, &[0]].concat()).1);
            payees.push(String::from_utf8_lossy(payee).into_owned());
        }
        Ok(payees)
    }

    fn verify_family(&self, caller: &Caller, check: &mut Check<'_>, lane: Lane) -> Result<(), Failure> {
        let space = check.sandbox.read().space();
        let chain = Chain::Family(lane);
        let mut reads = vec![Read::Point(space.family_head(lane)), below(&chain.events(space))];
        reads.push(below(&space.claims_of_family(lane)));
        reads.push(below(&space.reversals_of_family(lane)));
        let own = Matter::ALL.into_iter().filter(|kind| *kind != Matter::Document);
        reads.extend(own.map(|kind| below(&space.matters_of_family(kind, lane))));
        let mut found = self.store.read(&reads)?.into_iter();
        let (head, events) = (found.next().unwrap_or_default(), found.next().unwrap_or_default());
        let claims = found.next().unwrap_or_default();
        let mut kept: Vec<Pair> = claims.iter().cloned().chain(found.flatten()).collect();
        kept.extend(self.documents_told_in(space, lane, &claims)?);
        let head: FamilyHead = head.first().map(records::decode).transpose()?.unwrap_or_default();
        let end = Some((head.events, head.last_event_hash));
        check.follow(Written { chain, events, end, records: kept })?;
        for pair in &claims {
            let record: ClaimRecord = records::decode(pair)?;
            let Some(claim) = record.claim.filter(|claim| claim.determination.is_some()) else { continue };
            match self.reproduce(caller, &claim.name)? {
                true => check.found.decisions += 1,
                false => check.fault(claim.name, "decided again, it does not come out as it was decided"),
            }
        }
        Ok(())
    }

    /// Documents whose last event stands in a family's history: those that came for its claims, though they be kept elsewhere, and its own
    /// that have no claim.
    fn documents_told_in(&self, space: Space, lane: Lane, claims: &[Pair]) -> Result<Vec<Pair>, Failure> {
        let store = self.store.as_ref();
        let mut told = Vec::new();
        for pair in records::all(store, &space.matters_of_family(Matter::Document, lane))? {
            let document = records::decode::<DocumentRecord>(&pair)?.document.unwrap_or_default();
            if document.claim.is_empty() {
                told.push(pair);
            }
        }
        for claim in claims {
            let sequence = keys::number_of(&claim.key).unwrap_or_default();
            for index in records::all(store, &space.documents_of(lane, sequence))? {
                let Some((of, number)) = keys::claim_of(&index.key) else { continue };
                told.extend(records::one(store, Read::Point(space.matter(Matter::Document, of, number)))?);
            }
        }
        Ok(told)
    }

    fn verify_payee(&self, check: &mut Check<'_>, payee: &str) -> Result<(), Failure> {
        let space = check.sandbox.read().space();
        let chain = Chain::Payee(payee.to_owned());
        let reads =
            [Read::Point(space.payee_head(payee)), below(&chain.events(space)), below(&space.remittances_of(payee))];
        let mut found = self.store.read(&reads)?.into_iter();
        let head = found.next().unwrap_or_default();
        let (events, kept) = (found.next().unwrap_or_default(), found.next().unwrap_or_default());
        let head: PayeeHead = head.first().map(records::decode).transpose()?.unwrap_or_default();
        check.follow(Written { chain, events, end: Some((head.events, head.last_event_hash)), records: kept })
    }

    /// The directory's, the directives' and the sandbox's own history.
    fn verify_records(&self, check: &mut Check<'_>) -> Result<(), Failure> {
        let sandbox = check.sandbox;
        let state = sandbox.read();
        let space = state.space();
        let kinds = [Kind::Member, Kind::Provider, Kind::Authorization];
        let chains = [Chain::Directory, Chain::Directives, Chain::Sandbox];
        let mut reads: Vec<Read> = chains.iter().map(|chain| below(&chain.events(space))).collect();
        reads.extend(kinds.map(|kind| below(&space.records(kind))));
        let mut found = self.store.read(&reads)?.into_iter();
        let mut events = || found.next().unwrap_or_default();
        let (directory, directives, own) = (events(), events(), events());
        let kept: Vec<Pair> = found.flatten().collect();
        check.follow(Written { chain: Chain::Directory, events: directory, end: None, records: kept })?;
        let record = &state.directives.record;
        let end = Some((record.events, record.last_event_hash.clone()));
        let none = Vec::new();
        check.follow(Written { chain: Chain::Directives, events: directives, end, records: none.clone() })?;
        let end = Some((state.record.events, state.record.last_event_hash.clone()));
        check.follow(Written { chain: Chain::Sandbox, events: own, end, records: none })
    }
}

fn below(place: &Key) -> Read {
    let (from, to) = prefix(place);
    Read::Range { from, to, reverse: false, limit: usize::MAX }
}

impl Check<'_> {
    fn fault(&mut self, name: String, words: &str) {
        if self.found.faults.len() < MOST_FAULTS {
            self.found.faults.push(pb::HistoryFault { name, words: words.to_owned() });
        }
    }

    /// Follows a chain from its first event to its end, and looks for an event that vouches for each record.
    fn follow(&mut self, written: Written) -> Result<(), Failure> {
        if written.events.is_empty() && written.records.is_empty() && written.end.as_ref().is_none_or(|end| end.0 == 0)
        {
            return Ok(());
        }
        let history = format!("{}/{}", self.sandbox.name(), told(&written.chain).0);
        let (mut number, mut previous, mut vouched) = (0, Bytes::new(), BTreeSet::new());
        // What was written before the sandbox branched from another bears the name of that one.
        let mut branched_from = BTreeSet::new();
        self.found.chains += 1;
        for pair in &written.events {
            let event: Event = records::decode(pair)?;
            let name = format!("{history}/events/{}", event.number);
            number += 1;
            let as_written = event.encode_to_vec() == pair.value && event.hash == hash_of(&event);
            if !as_written || keys::number_of(&pair.key) != Some(event.number) {
                self.fault(name, "the event was changed after it was written");
            } else if event.number != number || event.previous_hash != previous {
                self.fault(name, "the event before it is not the one that was there when it was written");
            }
            (number, previous) = (event.number, event.hash);
            vouched.insert(event.content_hash);
            branched_from.extend(sandbox_of(&event.subject).filter(|id| *id != self.sandbox.id).map(str::to_owned));
            self.found.events += 1;
        }
        if written.end.is_some_and(|(last, hash)| last != number || hash != previous) {
            self.fault(history.clone(), "its last events are gone, or some were added");
        }
        let others: Vec<Renaming> = branched_from.iter().map(|id| Renaming::new(&self.sandbox.id, id)).collect();
        for record in &written.records {
            let content = content(record)?;
            let renamed = |other: &Renaming| -> Result<bool, Failure> {
                Ok(vouched.contains(&sha256(&other.value(keys::without_space(&record.key), content.clone())?)))
            };
            if vouched.contains(&sha256(&content)) || any(others.iter().map(renamed))? {
                self.found.records += 1;
            } else {
                let place = record.key.escape_ascii();
                self.fault(history.clone(), &format!("no event vouches for the record at {place}: it was changed"));
            }
        }
        Ok(())
    }
}

/// What an event vouches for: the record; of a document, what the API shows, since where its bytes lie depends on what else came in.
fn content(record: &Pair) -> Result<Bytes, Failure> {
    if keys::is_matter(&record.key, Matter::Document) {
        let document: DocumentRecord = records::decode(record)?;
        return Ok(records::encode(&document.document.unwrap_or_default()));
    }
    Ok(record.value.clone())
}

/// The sandbox that a name begins with.
fn sandbox_of(name: &str) -> Option<&str> {
    name.strip_prefix("sandboxes/")?.split('/').next()
}

fn any(found: impl Iterator<Item = Result<bool, Failure>>) -> Result<bool, Failure> {
    for one in found {
        if one? {
            return Ok(true);
        }
    }
    Ok(false)
}
