//! What a document is for: a claim that is there, or one that will name its number when it comes.

use bytes::Bytes;

use super::seen::document as seen_document;
use super::{REQUESTS, claim_place, id_of, place};
use crate::domain::claim::Claim;
use crate::payer::correction::Writes;
use crate::payer::entry::{Draft, Entry};
use crate::payer::processing::Job;
use crate::payer::{Failure, Payer, State, family, records};
use crate::proto::store::v1::{DocumentRecord, SeenDocuments, UnmatchedDocuments};
use crate::proto::v1::{self as pb, claim::Billed};
use crate::store::keys::{self, Lane, Matter, Space};
use crate::store::{Key, Read, Store};
use crate::wire;

/// What a document is for.
pub(super) enum Target {
    /// A claim, and the request that the document answers.
    Claim { lane: Lane, sequence: u64, claim: Box<pb::Claim>, request: Option<Box<pb::DocumentRequest>> },
    /// A claim that has not come yet, of a provider, under a number.
    NotYet { npi: String, control_number: String },
}

/// Kind of a document of which nothing is said: support for the claim.
const SUPPORT: &str = "OZ";

/// The kind that a claim says of the attachment with a number (PWK01).
fn named_kind(billed: &Billed, number: &str) -> Option<String> {
    let claim = wire::claim(billed).ok()?;
    let named = claim.lines.into_iter().flat_map(|line| line.details.documents);
    let named = named.filter(|named| !number.is_empty() && named.control_number == number);
    named.map(|named| named.report.to_string()).find(|kind| !kind.is_empty())
}

impl Target {
    /// The family that the document is kept with; of a claim that has not come, one of the provider's own.
    pub fn lane(&self, state: &State) -> Lane {
        match self {
            Target::Claim { lane, .. } => *lane,
            Target::NotYet { npi, .. } => family::lane(state.seed(), &format!("documents of {npi}")),
        }
    }

    pub fn claim_name(&self) -> String {
        match self {
            Target::Claim { claim, .. } => claim.name.clone(),
            Target::NotYet { .. } => String::new(),
        }
    }

    pub fn request(&self, metadata: &pb::DocumentMetadata) -> String {
        match self {
            Target::Claim { request: Some(request), .. } => request.name.clone(),
            _ => metadata.document_request.clone(),
        }
    }

    /// The number that it carries, or that its request does.
    pub fn control_number(&self, metadata: &pb::DocumentMetadata) -> String {
        match self {
            Target::Claim { request: Some(request), .. } if !request.control_number.is_empty() => {
                request.control_number.clone()
            }
            _ => metadata.control_number.clone(),
        }
    }

    /// Its kind: as its sender says, or as the claim that names its number does; empty while nobody has.
    pub fn report_type(&self, metadata: &pb::DocumentMetadata) -> String {
        match self {
            _ if !metadata.report_type_code.is_empty() => metadata.report_type_code.clone(),
            Target::NotYet { .. } => String::new(),
            Target::Claim { claim, .. } => {
                let number = self.control_number(metadata);
                let named = claim.billed.as_ref().and_then(|billed| named_kind(billed, &number));
                named.unwrap_or_else(|| SUPPORT.to_owned())
            }
        }
    }

    pub fn npi(&self) -> String {
        match self {
            Target::Claim { claim, .. } => {
                let billing = claim.billed.as_ref().and_then(|billed| billed.billing_provider());
                billing.map(|billing| billing.npi.clone()).unwrap_or_default()
            }
            Target::NotYet { npi, .. } => npi.clone(),
        }
    }
}

impl Payer {
    /// Finds what a document is for.
    pub(super) fn target(&self, state: &State, metadata: &pb::DocumentMetadata) -> Result<Target, Failure> {
        if !metadata.document_request.is_empty() {
            let unknown = |_| Failure::field("metadata.document_request", "there is no such request: list them");
            let (_, lane, number) =
                place(&metadata.document_request, REQUESTS, Matter::DocumentRequest).map_err(unknown)?;
            return self.target_of_request(state, (lane, number));
        }
        if !metadata.claim.is_empty() {
            let words = format!("there is no claim {:?}", metadata.claim);
            let (_, lane, sequence) =
                claim_place(&metadata.claim).ok_or_else(|| Failure::field("metadata.claim", words))?;
            return self.target_claim(state, (lane, sequence));
        }
        let number = &metadata.control_number;
        if number.is_empty() {
            let words =
                "is missing: a document is for a claim, for a request, or for the number that a claim names (PWK06)";
            return Err(Failure::field("metadata.claim", words));
        }
        if let Some(request) = Matter::DocumentRequest.parse(number)
            && let Ok(target) = self.target_of_request(state, request)
        {
            return Ok(target);
        }
        let claims = records::all(self.store.as_ref(), &state.space().claims_of_attachment(number))?;
        let own = state.space().claim_of_attachment(number, &metadata.billing_npi);
        let named: Vec<&Bytes> = match metadata.billing_npi.is_empty() {
            true => claims.iter().map(|pair| &pair.value).collect(),
            false => claims.iter().filter(|pair| pair.key == own).map(|pair| &pair.value).collect(),
        };
        match named.as_slice() {
            [claim] => {
                let place = std::str::from_utf8(claim).ok().and_then(keys::parse_control_number);
                self.target_claim(state, place.ok_or_else(|| Failure::Damaged(number.clone()))?)
            }
            [] if !metadata.billing_npi.is_empty() => {
                Ok(Target::NotYet { npi: metadata.billing_npi.clone(), control_number: number.clone() })
            }
            [] => {
                let words = format!(
                    "is missing: no claim names {number} yet; the document is kept for a claim of this provider"
                );
                Err(Failure::field("metadata.billing_npi", words))
            }
            _ => Err(Failure::field(
                "metadata.billing_npi",
                format!("is missing: several providers' claims name {number}"),
            )),
        }
    }

    fn target_of_request(&self, state: &State, (lane, number): (Lane, u64)) -> Result<Target, Failure> {
        let key = state.space().matter(Matter::DocumentRequest, lane, number);
        let unknown = || Failure::field("metadata.document_request", "there is no such request: list them");
        let request: pb::DocumentRequest = records::get(self.store.as_ref(), key)?.ok_or_else(unknown)?;
        let (_, lane, sequence) = claim_place(&request.claim).ok_or_else(unknown)?;
        match self.target_claim(state, (lane, sequence))? {
            Target::Claim { lane, sequence, claim, .. } => {
                Ok(Target::Claim { lane, sequence, claim, request: Some(Box::new(request)) })
            }
            other => Ok(other),
        }
    }

    fn target_claim(&self, state: &State, (lane, sequence): (Lane, u64)) -> Result<Target, Failure> {
        let number = keys::control_number(lane, sequence);
        let claim = self.claim_at(state, lane, sequence)?.filter(|claim| claim.state() != pb::ClaimState::Rejected);
        let words = format!("there is no claim {number}, or it was turned away: a claim that was is sent anew");
        let claim = claim.ok_or_else(|| Failure::field("metadata.claim", words))?;
        Ok(Target::Claim { lane, sequence, claim: Box::new(claim), request: None })
    }
}

/// The documents that wait for a claim of a provider that names a number.
pub(super) fn waiting(
    store: &dyn Store,
    space: Space,
    (npi, control_number): (&str, &str),
) -> Result<Vec<pb::Document>, Failure> {
    let listed: Option<UnmatchedDocuments> = records::get(store, space.unmatched_documents(control_number, npi))?;
    let mut found = Vec::new();
    for (lane, number) in listed.iter().flat_map(|listed| &listed.ids).filter_map(|id| Matter::Document.parse(id)) {
        let record: Option<DocumentRecord> = records::get(store, space.matter(Matter::Document, lane, number))?;
        found.extend(record.and_then(|record| record.document));
    }
    Ok(found)
}

/// Lists a document with those that wait for a claim; it stands only if none has come meanwhile.
pub(super) fn keep_for_later(
    payer: &Payer,
    entry: &mut Entry<'_>,
    (npi, control_number): (&str, &str),
    id: &str,
) -> Result<(), Failure> {
    let space = entry.space();
    let key = space.unmatched_documents(control_number, npi);
    let stored = records::one(payer.store.as_ref(), Read::Point(key.clone()))?.pop().map(|pair| pair.value);
    let mut listed = match &stored {
        Some(value) => records::decode_value(&key, value.clone())?,
        None => UnmatchedDocuments::default(),
    };
    listed.ids.push(id.to_owned());
    entry.expect(key.clone(), stored);
    entry.write(key, Some(records::encode(&listed)));
    entry.expect(space.claim_of_attachment(control_number, npi), None);
    Ok(())
}

/// What is there already when a claim comes in, and what its coming changes.
#[derive(Default)]
pub(in crate::payer) struct Arriving {
    /// What it is decided on.
    pub seen: Option<SeenDocuments>,
    /// Documents that waited for it.
    documents: Vec<DocumentRecord>,
    /// The numbers that it names: key of the documents that wait, and what it holds; key of the claim.
    named: Vec<(Key, Option<Bytes>, Key)>,
}

/// What is there already for a claim that comes in: documents that carry the numbers that it names, and those of the claim that it replaces.
pub(in crate::payer) fn arriving(
    payer: &Payer,
    state: &State,
    job: &Job,
    original: Option<(Lane, u64)>,
    staged: &[(Key, Option<Bytes>)],
) -> Result<Arriving, Failure> {
    let (store, space) = (payer.store.as_ref(), state.space());
    let mut arriving = Arriving::default();
    let mut seen = match original {
        Some(place) => super::seen(store, space, place, &Writes::new())?.unwrap_or_default(),
        None => SeenDocuments::default(),
    };
    // What was asked for of the original is not asked of this claim.
    seen.requested.clear();
    let npi = job.claim.billing_npi.to_string();
    let mut numbers: Vec<&str> = Vec::new();
    for named in job.claim.lines.iter().flat_map(|line| &line.details.documents) {
        if !named.control_number.is_empty() && !numbers.contains(&named.control_number.as_str()) {
            numbers.push(&named.control_number);
        }
    }
    for number in numbers {
        let (key, of_claim) = (space.unmatched_documents(number, &npi), space.claim_of_attachment(number, &npi));
        let taken = staged.iter().any(|(written, _)| *written == key);
        let stored = records::one(store, Read::Point(key.clone()))?.pop().map(|pair| pair.value);
        if let Some(value) = stored.clone().filter(|_| !taken) {
            let listed: UnmatchedDocuments = records::decode_value(&key, value)?;
            for (lane, number) in listed.ids.iter().filter_map(|id| Matter::Document.parse(id)) {
                let record: Option<DocumentRecord> = records::get(store, space.matter(Matter::Document, lane, number))?;
                arriving.documents.extend(record.map(|record| of_named_kind(record, &job.claim)));
            }
        }
        arriving.named.push((key, stored, of_claim));
    }
    seen.received.extend(arriving.documents.iter().filter_map(|record| record.document.as_ref()).map(seen_document));
    arriving.seen = (!seen.received.is_empty()).then_some(seen);
    Ok(arriving)
}

/// A document of which its sender said no kind is of the kind that the claim says.
fn of_named_kind(mut record: DocumentRecord, claim: &Claim) -> DocumentRecord {
    if let Some(document) = record.document.as_mut().filter(|document| document.report_type_code.is_empty()) {
        let mut named = claim.lines.iter().flat_map(|line| &line.details.documents);
        let named = named.find(|named| named.control_number == document.control_number);
        document.report_type_code = named.map_or_else(|| SUPPORT.to_owned(), |named| named.report.to_string());
    }
    record
}

/// Stages that a claim has come for which documents waited; gives back what its commit must find.
pub(in crate::payer) fn stage(
    draft: &mut Draft<'_>,
    sequence: u64,
    claim: &pb::Claim,
    arriving: Arriving,
) -> Vec<(Key, Option<Bytes>)> {
    let (space, lane) = (draft.space(), draft.lane);
    let today = draft.payer.today(draft.state).to_string();
    for mut record in arriving.documents {
        let Some(document) = record.document.as_mut() else { continue };
        let Some((of, number)) = Matter::Document.parse(id_of(&document.name)) else { continue };
        document.claim.clone_from(&claim.name);
        document.matched_date.clone_from(&today);
        draft.log("match-document", &document.name.clone(), &records::encode(document));
        draft.write(space.matter(Matter::Document, of, number), Some(records::encode(&record)));
        draft.write(keys::to_claim(space.documents_of(lane, sequence), of, number), Some(Bytes::new()));
    }
    let number = keys::control_number(lane, sequence);
    let mut expected = Vec::new();
    for (key, stored, of_claim) in arriving.named {
        if stored.is_some() {
            draft.write(key.clone(), None);
        }
        draft.write(of_claim, Some(Bytes::copy_from_slice(number.as_bytes())));
        expected.push((key, stored));
    }
    expected
}
