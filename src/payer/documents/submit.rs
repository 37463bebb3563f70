//! A document that comes in: what it is for is found, it is kept, and a claim that waits for it is decided again.

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::matching::{self, Target};
use super::requests::is_meant_for;
use super::{DOCUMENTS, claim_place, id_of};
use crate::domain::codes::{Code, Npi};
use crate::payer::entry::{Entry, attempts};
use crate::payer::in_force::hex;
use crate::payer::uploads::StoredFile;
use crate::payer::{Caller, Failure, Payer, Sandbox, State, records};
use crate::proto::store::v1::{DocumentRecord, RequestRecord};
use crate::proto::v1 as pb;
use crate::reference::loinc::{is_loinc, loinc, loinc_words};
use crate::store::keys::{self, MAX_ID_BYTES, Matter};

/// Longest text of what is said of a document, in bytes.
const MAX_TEXT: usize = 250;

/// A document that is about to be kept.
struct Coming<'a> {
    metadata: &'a pb::DocumentMetadata,
    file: &'a StoredFile,
    sha256: String,
    interchange: &'a str,
}

impl Payer {
    /// Takes a document in whose bytes are stored; `interchange` brought it, where one did.
    pub(in crate::payer) fn take_document(
        &self,
        caller: &Caller,
        parent: &str,
        metadata: &pb::DocumentMetadata,
        file: &StoredFile,
        interchange: &str,
    ) -> Result<pb::SubmitDocumentResponse, Failure> {
        let metadata = &completed(metadata)?;
        let parent = if parent.is_empty() { named_parent(metadata) } else { parent };
        let sandbox = self.sandbox(caller, parent)?;
        if file.span.is_empty() {
            return Err(Failure::field("chunk", "is empty: a document has content"));
        }
        let sha256 = hex(&file.hash()?);
        let stated = metadata.sha256.to_ascii_lowercase();
        if !stated.is_empty() && stated != sha256 {
            let words = format!("{stated} was stated, and the content that came has {sha256}: send it again");
            return Err(Failure::field("metadata.sha256", words));
        }
        let coming = Coming { metadata, file, sha256, interchange };
        attempts(|| self.try_to_take(caller, &sandbox, &coming))
    }

    fn try_to_take(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        coming: &Coming<'_>,
    ) -> Result<pb::SubmitDocumentResponse, Failure> {
        let state = sandbox.read();
        if let Some(before) = self.taken_before(&state, coming)? {
            return Ok(before);
        }
        let target = self.target(&state, coming.metadata)?;
        if let Some(known) = self.same_document(&state, &target, coming)? {
            return self.answer(&state, known, true, "the same content came before for the same");
        }
        let lane = target.lane(&state);
        let mut entry = Entry::open(self, caller, sandbox, &state, lane)?;
        let mut draft = entry.draft();
        let number = draft.next(Matter::Document);
        let name = format!("{}/{DOCUMENTS}/{}", sandbox.name(), Matter::Document.id(lane, number));
        let document = described(&target, coming, name, &self.today(&state).to_string());
        let record = DocumentRecord {
            document: Some(document.clone()),
            upload: coming.file.upload,
            span_start: coming.file.span.start,
        };
        draft.put(Matter::Document, number, &record);
        draft.log("receive-document", &document.name, &records::encode(&document));
        let words = match &target {
            Target::Claim { sequence, claim, .. } => {
                let index = keys::to_claim(draft.space().documents_of(lane, *sequence), lane, number);
                draft.write(index, Some(Bytes::new()));
                self.answer_requests(&mut entry, *sequence, claim, &document)?
            }
            Target::NotYet { npi, control_number } => {
                matching::keep_for_later(self, &mut entry, (npi, control_number), id_of(&document.name))?;
                format!("kept until a claim of {npi} names {control_number} (PWK06)")
            }
        };
        if !coming.metadata.request_id.is_empty() {
            let key = state.space().request(&coming.metadata.request_id);
            entry.expect(key.clone(), None);
            let used = RequestRecord { lane: lane.0, sequence: number, request_hash: coming.request_hash() };
            entry.write(key, Some(records::encode(&used)));
        }
        entry.commit()?;
        self.answer(&state, document, false, &words)
    }

    /// Tells the requests that a document is meant for that it came, and decides the claim again where it waits for it.
    fn answer_requests(
        &self,
        entry: &mut Entry<'_>,
        sequence: u64,
        claim: &pb::Claim,
        document: &pb::Document,
    ) -> Result<String, Failure> {
        let mut draft = entry.draft();
        let requests = draft.document_requests(sequence)?;
        let meant = |request: &pb::DocumentRequest| is_meant_for(document, request);
        let mut open = false;
        for (number, mut request) in requests.iter().filter(|(_, request)| meant(request)).cloned() {
            if request.state() != pb::DocumentRequestState::Open {
                continue;
            }
            request.documents.push(document.name.clone());
            if request.appeal.is_empty() {
                open = true;
                draft.put(Matter::DocumentRequest, number, &request);
            } else {
                let answered = pb::DocumentRequestState::Answered;
                draft.close_document_request(number, &mut request, answered, "it came, as evidence for the appeal");
            }
        }
        let lapsed = requests
            .iter()
            .rev()
            .find(|(_, request)| meant(request) && request.state() == pb::DocumentRequestState::Lapsed);
        if open {
            let reason = format!("{} came for it", id_of(&document.name));
            if self.decide_on_documents(entry, &claim.name, reason)? {
                return Ok("the claim was decided again on it".to_owned());
            }
        }
        Ok(late(claim, lapsed.map(|(_, request)| request)))
    }

    /// What was answered to the same request.
    fn taken_before(&self, state: &State, coming: &Coming<'_>) -> Result<Option<pb::SubmitDocumentResponse>, Failure> {
        let id = &coming.metadata.request_id;
        if id.is_empty() {
            return Ok(None);
        }
        let Some(before) = records::get::<RequestRecord>(self.store.as_ref(), state.space().request(id))? else {
            return Ok(None);
        };
        let lane = keys::Lane(before.lane);
        let key = state.space().matter(Matter::Document, lane, before.sequence);
        let record: Option<DocumentRecord> = records::get(self.store.as_ref(), key)?;
        let document = record.and_then(|record| record.document).unwrap_or_default();
        if before.request_hash != coming.request_hash() {
            return Err(Failure::RequestIdReused { request_id: id.clone(), claim: document.name });
        }
        self.answer(state, document, true, "the same request was answered before").map(Some)
    }

    /// A document of the same content for the same, where there is one.
    fn same_document(
        &self,
        state: &State,
        target: &Target,
        coming: &Coming<'_>,
    ) -> Result<Option<pb::Document>, Failure> {
        let store = self.store.as_ref();
        let known = match target {
            Target::Claim { lane, sequence, .. } => {
                super::seen::documents_of(store, state.space(), (*lane, *sequence), &Vec::new())?
            }
            Target::NotYet { npi, control_number } => matching::waiting(store, state.space(), (npi, control_number))?,
        };
        let metadata = coming.metadata;
        let same = |document: &pb::Document| {
            document.sha256 == coming.sha256
                && document.report_type_code == target.report_type(metadata)
                && id_of(&document.document_request) == id_of(&target.request(metadata))
        };
        Ok(known.into_iter().find(same))
    }

    pub(super) fn answer(
        &self,
        state: &State,
        document: pb::Document,
        repeated: bool,
        words: &str,
    ) -> Result<pb::SubmitDocumentResponse, Failure> {
        let claim = match claim_place(&document.claim) {
            Some((_, lane, sequence)) => self.claim_at(state, lane, sequence)?,
            None => None,
        };
        Ok(pb::SubmitDocumentResponse { document: Some(document), claim, repeated, words: words.to_owned() })
    }
}

impl Coming<'_> {
    fn request_hash(&self) -> Bytes {
        let hash = Sha256::new().chain_update(self.metadata.encode_to_vec()).chain_update(&self.sha256);
        Bytes::from(hash.finalize().to_vec())
    }
}

/// What is said of a document that comes when nothing is open for it.
fn late(claim: &pb::Claim, lapsed: Option<&pb::DocumentRequest>) -> String {
    let waits = claim.state() == pb::ClaimState::Pended;
    match lapsed {
        _ if waits => "kept with the claim, which waits for something else".to_owned(),
        Some(request) => format!(
            "kept, but too late: it was asked for until {} and the claim is decided. Appeal the decision, or ask for the claim to be reopened",
            request.due_date
        ),
        None => "kept with the claim, which is decided; it counts where the claim is decided again (appeal, reopening)"
            .to_owned(),
    }
}

/// The document as it is kept.
fn described(target: &Target, coming: &Coming<'_>, name: String, today: &str) -> pb::Document {
    let (metadata, span) = (coming.metadata, &coming.file.span);
    let assessed = metadata.assessed_as() != pb::DocumentAssessment::Unspecified;
    let words = if metadata.loinc.is_empty() { "" } else { loinc_words(&metadata.loinc) };
    let on_the_day = |there: bool| if there { today.to_owned() } else { String::new() };
    pb::Document {
        name,
        claim: target.claim_name(),
        document_request: target.request(metadata),
        control_number: target.control_number(metadata),
        billing_npi: target.npi(),
        report_type_code: target.report_type(metadata),
        loinc: metadata.loinc.clone(),
        words: words.to_owned(),
        media_type: metadata.media_type.clone(),
        file_name: metadata.file_name.clone(),
        sender: metadata.sender.clone(),
        size_bytes: i64::try_from(span.end - span.start).unwrap_or(i64::MAX),
        sha256: coming.sha256.clone(),
        received_date: today.to_owned(),
        matched_date: on_the_day(matches!(target, Target::Claim { .. })),
        interchange: coming.interchange.to_owned(),
        assessment: metadata.assessed_as,
        assessed_by: if assessed { metadata.sender.clone() } else { String::new() },
        assessed_date: on_the_day(assessed),
        rationale: String::new(),
        simulated: true,
    }
}

/// The sandbox that the claim or the request is in, where none is named.
fn named_parent(metadata: &pb::DocumentMetadata) -> &str {
    let of = |name: &'_ str| name.match_indices('/').nth(1).map(|(at, _)| at);
    let named = [&metadata.claim, &metadata.document_request].into_iter().find(|name| !name.is_empty());
    named.and_then(|name| of(name).and_then(|at| name.get(..at))).unwrap_or_default()
}

/// What is said of a document, checked, with the usual where nothing is said.
fn completed(metadata: &pb::DocumentMetadata) -> Result<pb::DocumentMetadata, Failure> {
    let mut metadata = metadata.clone();
    let field = |name: &str, words: String| Err(Failure::field(format!("metadata.{name}"), words));
    for (name, text) in [
        ("media_type", &metadata.media_type),
        ("file_name", &metadata.file_name),
        ("sender", &metadata.sender),
        ("control_number", &metadata.control_number),
    ] {
        if text.len() > MAX_TEXT || text.chars().any(char::is_control) {
            return field(name, format!("at most {MAX_TEXT} visible characters"));
        }
    }
    if metadata.control_number.len() > 80 {
        return field("control_number", "at most 80 characters (275 TRN02, 837 PWK06)".to_owned());
    }
    let id = &metadata.request_id;
    if id.len() > MAX_ID_BYTES || id.chars().any(char::is_control) {
        return field("request_id", format!("at most {MAX_ID_BYTES} visible characters"));
    }
    if !metadata.billing_npi.is_empty() && Npi::parse(&metadata.billing_npi).is_none() {
        return field(
            "billing_npi",
            format!("{:?} is no NPI: ten digits whose check digit holds", metadata.billing_npi),
        );
    }
    if !metadata.loinc.is_empty() && !is_loinc(&metadata.loinc) {
        let words = "digits, a hyphen and the check digit, such as \"11504-8\"";
        return field("loinc", format!("{:?} is no LOINC code: {words}", metadata.loinc));
    }
    if metadata.report_type_code.is_empty() {
        metadata.report_type_code = loinc(&metadata.loinc).map(|row| row.report.to_string()).unwrap_or_default();
    } else if Code::<2>::parse(&metadata.report_type_code).is_none() {
        return field("report_type_code", format!("{:?}: two characters, such as \"OB\"", metadata.report_type_code));
    }
    Ok(metadata)
}
