//! What a document is found to be, by a person who looks at it.

use super::{DOCUMENTS, claim_place, id_of, place};
use crate::payer::entry::{Entry, attempts};
use crate::payer::{Caller, Failure, Payer, Sandbox, records};
use crate::proto::store::v1::DocumentRecord;
use crate::proto::v1 as pb;
use crate::store::Read;
use crate::store::keys::{Lane, Matter};

/// Longest text, in characters.
const MAX_TEXT: usize = 1_000;

impl Payer {
    /// Says what a document was found to be; a claim that waits is decided again on it.
    pub fn assess_document(
        &self,
        caller: &Caller,
        request: &pb::AssessDocumentRequest,
    ) -> Result<pb::AssessDocumentResponse, Failure> {
        let (parent, lane, number) = place(&request.name, DOCUMENTS, Matter::Document)?;
        check(request)?;
        let sandbox = self.sandbox(caller, &parent)?;
        attempts(|| self.try_to_assess(caller, &sandbox, (lane, number), request))
    }

    fn try_to_assess(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        (lane, number): (Lane, u64),
        request: &pb::AssessDocumentRequest,
    ) -> Result<pb::AssessDocumentResponse, Failure> {
        let state = sandbox.read();
        let unknown = || Failure::Unknown(request.name.clone());
        let key = state.space().matter(Matter::Document, lane, number);
        let stored = records::one(self.store.as_ref(), Read::Point(key.clone()))?.pop().ok_or_else(unknown)?;
        let mut record: DocumentRecord = records::decode(&stored)?;
        let mut document = record.document.take().unwrap_or_default();
        // A document that came before its claim keeps its number; what concerns it is the claim's family's.
        let Some((_, of_claim, sequence)) = claim_place(&document.claim) else {
            let words = "its claim has not come yet: say what it is once it has";
            return Err(Failure::field("name", words));
        };
        let before = document.assessment();
        document.assessment = request.assessment;
        document.assessed_by.clone_from(&request.assessed_by);
        document.assessed_date = self.today(&state).to_string();
        document.rationale.clone_from(&request.rationale);
        record.document = Some(document.clone());
        let mut entry = Entry::open(self, caller, sandbox, &state, of_claim)?;
        entry.expect(key.clone(), Some(stored.value));
        entry.write(key, Some(records::encode(&record)));
        entry.draft().log("assess-document", &document.name, &records::encode(&document));
        let claim = self.claim_at(&state, of_claim, sequence)?.ok_or_else(unknown)?;
        let good = |found| matches!(found, pb::DocumentAssessment::Unspecified | pb::DocumentAssessment::Complete);
        let waits = claim.state() == pb::ClaimState::Pended;
        let changes = before != request.assessment() && !(good(before) && good(request.assessment()));
        let mut words = "noted";
        if waits && changes {
            let reason = format!("{} was looked at", id_of(&document.name));
            self.decide_on_documents(&mut entry, &claim.name, reason)?;
            words = "the claim was decided again on it";
        } else if !waits && changes {
            words = "noted; the claim is decided, and it counts where the claim is decided again (appeal, reopening)";
        }
        entry.commit()?;
        let claim = self.claim_at(&state, of_claim, sequence)?;
        Ok(pb::AssessDocumentResponse { document: Some(document), claim, words: words.to_owned() })
    }
}

fn check(request: &pb::AssessDocumentRequest) -> Result<(), Failure> {
    let found = request.assessment();
    if found == pb::DocumentAssessment::Unspecified {
        let words = "is missing: complete, incomplete, not_legible or wrong_claim";
        return Err(Failure::field("assessment", words));
    }
    if request.assessed_by.trim().is_empty() {
        return Err(Failure::field("assessed_by", "is missing: who looked at it"));
    }
    if found != pb::DocumentAssessment::Complete && request.rationale.trim().is_empty() {
        return Err(Failure::field("rationale", "is missing: say in a sentence what is wrong with it"));
    }
    for (field, text) in [("assessed_by", &request.assessed_by), ("rationale", &request.rationale)] {
        if text.chars().count() > MAX_TEXT || text.chars().any(char::is_control) {
            return Err(Failure::field(field, format!("at most {MAX_TEXT} visible characters")));
        }
    }
    Ok(())
}
