//! Requests for documents as records: opened, answered, closed. What a decision waits for has a request that is open, and no other.

use super::seen::requests_of;
use super::{REQUESTS, day_after, id_of};
use crate::payer::entry::Draft;
use crate::payer::{Failure, records};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Matter, Waits};
use crate::wire;

/// What is asked for, by whoever asks: an edit or policy, a reviewer, an appeal.
#[derive(Clone, Debug, Default)]
pub(in crate::payer) struct Opening {
    /// What is wanted: each of these; none: any document.
    pub wants: Vec<pb::WantedDocument>,
    /// The line that it is about, one-based; 0: the claim.
    pub line: i32,
    /// The patient is asked.
    pub of_patient: bool,
    /// Last day on which it may come.
    pub due_date: String,
    /// The attachment control number that the claim gives it.
    pub control_number: String,
    /// The reason where it does not come; empty: 226, of the patient 227.
    pub carc: String,
    /// The remark beside it; empty: N706, of the patient N179.
    pub rarc: String,
    /// What asks: an edit, a policy, "review R…", "appeal A…".
    pub source: String,
    /// Why, in words for whoever is asked.
    pub reason: String,
    /// Who asks.
    pub requested_by: String,
    /// Name of the appeal that it is evidence for: it decides nothing by itself.
    pub appeal: String,
}

impl Opening {
    fn of(awaited: &pb::AwaitedDocument) -> Opening {
        Opening {
            wants: awaited.wants.clone(),
            line: awaited.line,
            of_patient: awaited.of_patient,
            due_date: awaited.due_date.clone(),
            control_number: awaited.control_number.clone(),
            carc: awaited.carc.clone(),
            rarc: awaited.rarc.clone(),
            source: awaited.source.clone(),
            ..Opening::default()
        }
    }
}

impl Draft<'_> {
    /// Opens a request for documents of a claim of the family; the clock comes back to it the day after its last.
    pub fn open_document_request(&mut self, sequence: u64, claim: &pb::Claim, opening: Opening) -> pb::DocumentRequest {
        let (lane, kind) = (self.lane, Matter::DocumentRequest);
        let number = self.next(kind);
        let sandbox = claim.name.split_once("/claims/").map_or("", |(sandbox, _)| sandbox);
        let or = |text: String, of_patient: &str, usual: &str| match (text.is_empty(), opening.of_patient) {
            (false, _) => text,
            (true, true) => of_patient.to_owned(),
            (true, false) => usual.to_owned(),
        };
        let billing = claim.billed.as_ref().and_then(|billed| billed.billing_provider());
        let request = pb::DocumentRequest {
            name: format!("{sandbox}/{REQUESTS}/{}", kind.id(lane, number)),
            claim: claim.name.clone(),
            state: pb::DocumentRequestState::Open.into(),
            wants: opening.wants,
            line: opening.line,
            of_patient: opening.of_patient,
            requested_date: self.payer.today(self.state).to_string(),
            due_date: opening.due_date,
            control_number: opening.control_number,
            carc: or(opening.carc, "227", "226"),
            rarc: or(opening.rarc, "N179", "N706"),
            source: opening.source,
            reason: opening.reason,
            requested_by: opening.requested_by,
            appeal: opening.appeal,
            billing_npi: billing.map(|billing| billing.npi.clone()).unwrap_or_default(),
            simulated: true,
            ..Default::default()
        };
        self.put(kind, number, &request);
        let index = self.space().document_request_of(lane, sequence, number);
        self.write(index, Some(bytes::Bytes::new()));
        self.wake(&day_after(&request.due_date), Waits::Matter(kind, lane, number));
        self.log("request-documents", &request.name, &records::encode(&request));
        request
    }

    /// Closes a request that is open.
    pub(in crate::payer) fn close_document_request(
        &mut self,
        number: u64,
        request: &mut pb::DocumentRequest,
        state: pb::DocumentRequestState,
        words: &str,
    ) {
        let kind = Matter::DocumentRequest;
        request.state = state.into();
        request.closed_date = self.payer.today(self.state).to_string();
        words.clone_into(&mut request.words);
        self.rest(&day_after(&request.due_date), Waits::Matter(kind, self.lane, number));
        self.put(kind, number, request);
        self.log("close-document-request", &request.name, &records::encode(request));
    }

    /// The requests of a claim of the family with their numbers.
    pub(in crate::payer) fn document_requests(
        &self,
        sequence: u64,
    ) -> Result<Vec<(u64, pb::DocumentRequest)>, Failure> {
        let letter = u32::from(Matter::DocumentRequest.letter());
        if self.family.head.matter_counts.iter().all(|count| count.kind != letter) {
            return Ok(Vec::new());
        }
        requests_of(self.payer.store.as_ref(), self.space(), (self.lane, sequence), self.writes)
    }
}

/// After a decision: opens what it waits for, and closes what it no longer does.
pub(in crate::payer) fn reconcile(draft: &mut Draft<'_>, sequence: u64, claim: &pb::Claim) -> Result<(), Failure> {
    let waits = claim.state() == pb::ClaimState::Pended;
    let awaited = claim.determination.as_ref().filter(|_| waits).map(|d| d.awaited_documents.as_slice());
    let awaited = awaited.unwrap_or_default();
    let requests = draft.document_requests(sequence)?;
    let open =
        |request: &pb::DocumentRequest| request.state() == pb::DocumentRequestState::Open && request.appeal.is_empty();
    for (number, mut request) in requests.iter().filter(|(_, request)| open(request)).cloned() {
        if awaited.iter().any(|awaited| is_for(&request, awaited)) {
            continue;
        }
        let (state, words) = if request.documents.is_empty() {
            (pb::DocumentRequestState::Withdrawn, "no longer needed: the claim was decided without it")
        } else {
            (pb::DocumentRequestState::Answered, "it came, and the claim was decided on it")
        };
        draft.close_document_request(number, &mut request, state, words);
    }
    for awaited in awaited {
        let opened = |(_, request): &(u64, pb::DocumentRequest)| open(request) && is_for(request, awaited);
        if !requests.iter().any(opened) {
            draft.open_document_request(sequence, claim, Opening::of(awaited));
        }
    }
    Ok(())
}

/// Whether a step that pended waits for a document, and not for a person.
pub(in crate::payer) fn awaits(determination: &pb::Determination, step: &pb::Step) -> bool {
    let by_policy = |awaited: &pb::AwaitedDocument| !step.policy_id.is_empty() && awaited.source == step.policy_id;
    ["documentation", "requested-records"].contains(&step.id.as_str())
        || determination.awaited_documents.iter().any(by_policy)
}

/// Closes every request of a claim that is decided no more.
pub(in crate::payer) fn withdraw_all(draft: &mut Draft<'_>, sequence: u64, why: &str) -> Result<(), Failure> {
    let open = pb::DocumentRequestState::Open;
    for (number, mut request) in draft.document_requests(sequence)?.into_iter().filter(|(_, r)| r.state() == open) {
        draft.close_document_request(number, &mut request, pb::DocumentRequestState::Withdrawn, why);
    }
    Ok(())
}

/// Whether a request is for what is awaited.
fn is_for(request: &pb::DocumentRequest, awaited: &pb::AwaitedDocument) -> bool {
    if !awaited.document_request.is_empty() {
        return id_of(&request.name) == awaited.document_request;
    }
    (&request.source, request.line, &request.control_number, &request.wants)
        == (&awaited.source, awaited.line, &awaited.control_number, &awaited.wants)
}

/// Whether a document is meant for a request: it says so, carries its number, or is of what is wanted.
pub(super) fn is_meant_for(document: &pb::Document, request: &pb::DocumentRequest) -> bool {
    let id = id_of(&request.name);
    let number = &document.control_number;
    if id_of(&document.document_request) == id
        || (!number.is_empty() && (number == id || *number == request.control_number))
    {
        return true;
    }
    let core = wire::documents::seen(&crate::proto::store::v1::SeenDocuments {
        received: vec![super::seen::document(document)],
        ..Default::default()
    });
    let wants = wire::documents::wants(&request.wants);
    core.received.iter().any(|document| wants.iter().any(|want| want.fits(document, false)))
}

/// The place of a claim by its name.
pub(super) fn sequence_of(claim: &str) -> Option<(keys::Lane, u64)> {
    super::claim_place(claim).map(|(_, lane, sequence)| (lane, sequence))
}
