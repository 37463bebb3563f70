//! What a claim is decided on: its documents and requests as they stand, kept with the decision.

use crate::payer::correction::Writes;
use crate::payer::{Failure, records};
use crate::proto::store::v1::{DocumentRecord, SeenDocument, SeenDocuments, SeenRequest};
use crate::proto::v1 as pb;
use crate::store::Store;
use crate::store::keys::{self, Lane, Matter, Space};

/// Reason of requests for what the claim itself names: the edit that asks for it finds by itself that it did not come.
const NAMED: &str = "163";

/// The documents and requests of a claim, as what is staged will leave them; `None` where there are none.
pub(in crate::payer) fn seen(
    store: &dyn Store,
    space: Space,
    (lane, sequence): (Lane, u64),
    staged: &Writes,
) -> Result<Option<SeenDocuments>, Failure> {
    let received = documents_of(store, space, (lane, sequence), staged)?;
    let requested = requests_of(store, space, (lane, sequence), staged)?;
    let seen = SeenDocuments {
        received: received.iter().map(document).collect(),
        requested: requested.iter().filter(|(_, request)| counts(request)).map(|(_, request)| asked(request)).collect(),
    };
    Ok((!seen.received.is_empty() || !seen.requested.is_empty()).then_some(seen))
}

/// The documents of a claim, in order of their numbers.
pub(super) fn documents_of(
    store: &dyn Store,
    space: Space,
    (lane, sequence): (Lane, u64),
    staged: &Writes,
) -> Result<Vec<pb::Document>, Failure> {
    let pairs = records::all_over(store, &space.documents_of(lane, sequence), staged)?;
    let places = pairs.iter().filter_map(|pair| keys::claim_of(&pair.key));
    let mut found = Vec::new();
    for (lane, number) in places {
        let key = space.matter(Matter::Document, lane, number);
        let record: Option<DocumentRecord> = records::get_over(store, &key, staged)?;
        found.extend(record.and_then(|record| record.document));
    }
    // Those that came before the claim have numbers of their own.
    found.sort_by(|a, b| (&a.received_date, &a.name).cmp(&(&b.received_date, &b.name)));
    Ok(found)
}

/// The requests of a claim with their numbers, in order of asking.
pub(super) fn requests_of(
    store: &dyn Store,
    space: Space,
    (lane, sequence): (Lane, u64),
    staged: &Writes,
) -> Result<Vec<(u64, pb::DocumentRequest)>, Failure> {
    let pairs = records::all_over(store, &space.document_requests_of(lane, sequence), staged)?;
    let mut found = Vec::new();
    for number in pairs.iter().filter_map(|pair| keys::number_of(&pair.key)) {
        let key = space.matter(Matter::DocumentRequest, lane, number);
        let request = records::get_over(store, &key, staged)?;
        found.extend(request.map(|request| (number, request)));
    }
    Ok(found)
}

/// Whether a request has a say in the claim's decision.
fn counts(request: &pb::DocumentRequest) -> bool {
    request.state() != pb::DocumentRequestState::Withdrawn && request.appeal.is_empty() && request.carc != NAMED
}

pub(super) fn document(document: &pb::Document) -> SeenDocument {
    SeenDocument {
        report_type_code: document.report_type_code.clone(),
        loinc: document.loinc.clone(),
        control_number: document.control_number.clone(),
        answers: super::id_of(&document.document_request).to_owned(),
        received_date: document.received_date.clone(),
        assessment: document.assessment,
    }
}

fn asked(request: &pb::DocumentRequest) -> SeenRequest {
    SeenRequest {
        id: super::id_of(&request.name).to_owned(),
        source: request.source.clone(),
        line: request.line,
        wants: request.wants.clone(),
        of_patient: request.of_patient,
        carc: request.carc.clone(),
        rarc: request.rarc.clone(),
        due_date: request.due_date.clone(),
    }
}
