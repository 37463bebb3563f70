//! Deadlines: what was asked for and did not come. The claim is decided without it.

use super::REQUESTS;
use crate::payer::entry::Entry;
use crate::payer::ruling::Again;
use crate::payer::{Caller, Failure, Payer, Sandbox, records};
use crate::proto::v1 as pb;
use crate::store::keys::{Lane, Matter};
use crate::store::{Key, Read};

impl Payer {
    /// The last day of a request is over.
    pub(in crate::payer) fn document_deadline(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        key: &Key,
        (lane, number): (Lane, u64),
    ) -> Result<(), Failure> {
        let state = sandbox.read();
        let Some(waits) = records::one(self.store.as_ref(), Read::Point(key.clone()))?.pop() else { return Ok(()) };
        let mut entry = Entry::open(self, caller, sandbox, &state, lane)?;
        let place = entry.space().matter(Matter::DocumentRequest, lane, number);
        let damaged = || Failure::Damaged(format!("{REQUESTS} {number}"));
        let mut request: pb::DocumentRequest = records::get(self.store.as_ref(), place)?.ok_or_else(damaged)?;
        entry.expect(key.clone(), Some(waits.value));
        entry.write(key.clone(), None);
        if request.state() == pb::DocumentRequestState::Open {
            let words = format!("what was asked for had not come by {}", request.due_date);
            let lapsed = pb::DocumentRequestState::Lapsed;
            entry.draft().close_document_request(number, &mut request, lapsed, &words);
            if request.appeal.is_empty() {
                let reason =
                    format!("records asked for on {} had not come by {}", request.requested_date, request.due_date);
                let rulings = self.unanswered_in_review(&entry, &request)?;
                self.decide_as_documents_stand(
                    &mut entry,
                    &request.claim,
                    Again { rulings, reason, ..Again::default() },
                )?;
            }
        }
        entry.commit()
    }

    /// Decides a claim of the entry's family on the documents that are there now, where it can be decided: one that waits, or one that a
    /// remittance has told. Whether it was.
    pub(super) fn decide_on_documents(
        &self,
        entry: &mut Entry<'_>,
        claim: &str,
        reason: String,
    ) -> Result<bool, Failure> {
        self.decide_as_documents_stand(entry, claim, Again { reason, ..Again::default() })
    }

    fn decide_as_documents_stand(&self, entry: &mut Entry<'_>, claim: &str, again: Again) -> Result<bool, Failure> {
        let Some((lane, sequence)) = super::requests::sequence_of(claim) else { return Ok(false) };
        if lane != entry.lane {
            return Ok(false);
        }
        match self.rule(entry, sequence, again) {
            Ok(_) => Ok(true),
            Err(Failure::ClaimState { .. }) => Ok(false),
            Err(failure) => Err(failure),
        }
    }
}
