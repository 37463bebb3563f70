//! Lists of documents and of requests for them.

use super::claim_place;
use crate::domain::dates::parse_iso;
use crate::payer::{Caller, Failure, Payer, State, records};
use crate::proto::store::v1::DocumentRecord;
use crate::proto::v1 as pb;
use crate::store::keys::{self, Lane, Matter};
use crate::store::{Key, Read, after, prefix};

/// Keys looked at in one read of a list.
const SLICE: usize = 200;

/// A page, and the place where the next one starts.
type Page<T> = (Vec<T>, Option<Key>);

impl Payer {
    /// A page of documents.
    pub fn list_documents(
        &self,
        caller: &Caller,
        request: &pb::ListDocumentsRequest,
        from: Option<Key>,
        limit: usize,
    ) -> Result<Page<pb::Document>, Failure> {
        let parent = parent_of(&request.parent, &request.claim)?;
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let place = match claim_place(&request.claim) {
            Some((_, lane, sequence)) => state.space().documents_of(lane, sequence),
            None => state.space().matters(Matter::Document),
        };
        let read = |(lane, number): (Lane, u64)| {
            let key = state.space().matter(Matter::Document, lane, number);
            let record: Option<DocumentRecord> = records::get(self.store.as_ref(), key)?;
            let document = record.and_then(|record| record.document);
            Ok(document.filter(|document| !request.unmatched || document.claim.is_empty()))
        };
        self.page(&place, from, limit, keys::claim_of, read)
    }

    /// A page of requests for documents.
    pub fn list_document_requests(
        &self,
        caller: &Caller,
        request: &pb::ListDocumentRequestsRequest,
        from: Option<Key>,
        limit: usize,
    ) -> Result<Page<pb::DocumentRequest>, Failure> {
        let due = &request.due_through;
        if !due.is_empty() && parse_iso(due).is_none() {
            return Err(Failure::field("due_through", format!("{due:?} is no date: write YYYY-MM-DD")));
        }
        let parent = parent_of(&request.parent, &request.claim)?;
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let of_claim = claim_place(&request.claim).map(|(_, lane, sequence)| (lane, sequence));
        let place = match of_claim {
            Some((lane, sequence)) => state.space().document_requests_of(lane, sequence),
            None => state.space().matters(Matter::DocumentRequest),
        };
        let of_key = |key: &[u8]| match of_claim {
            Some((lane, _)) => keys::number_of(key).map(|number| (lane, number)),
            None => keys::claim_of(key),
        };
        let fits = |found: &pb::DocumentRequest| {
            let state = request.state();
            (state == pb::DocumentRequestState::Unspecified || state == found.state())
                && (due.is_empty() || found.due_date <= *due)
                && (request.billing_npi.is_empty() || request.billing_npi == found.billing_npi)
        };
        let read = |place| Ok(self.request_at(&state, place)?.filter(fits));
        self.page(&place, from, limit, of_key, read)
    }

    pub(super) fn request_at(
        &self,
        state: &State,
        (lane, number): (Lane, u64),
    ) -> Result<Option<pb::DocumentRequest>, Failure> {
        records::get(self.store.as_ref(), state.space().matter(Matter::DocumentRequest, lane, number))
    }

    fn page<T>(
        &self,
        place: &[u8],
        from: Option<Key>,
        limit: usize,
        of_key: impl Fn(&[u8]) -> Option<(Lane, u64)>,
        read: impl Fn((Lane, u64)) -> Result<Option<T>, Failure>,
    ) -> Result<Page<T>, Failure> {
        let (first, to) = prefix(place);
        let mut from = from.filter(|key| key.starts_with(place)).map_or(first, |key| after(&key));
        let mut found = Vec::new();
        loop {
            let range = Read::Range { from, to: to.clone(), reverse: false, limit: SLICE };
            let pairs = records::one(self.store.as_ref(), range)?;
            for pair in &pairs {
                let Some(one) = of_key(&pair.key).map(&read).transpose()?.flatten() else { continue };
                found.push(one);
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
}

/// The sandbox of a list: that of the claim, where one is named.
fn parent_of<'n>(parent: &'n str, claim: &'n str) -> Result<&'n str, Failure> {
    if claim.is_empty() {
        return Ok(parent);
    }
    let unknown = || Failure::field("claim", format!("there is no claim {claim:?}"));
    claim_place(claim).map(|(sandbox, ..)| sandbox).ok_or_else(unknown)
}
