//! Requests for documents as X12: a 277 (005010X213) for each provider who is asked.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{claim_place, id_of};
use crate::payer::{Caller, Failure, Payer};
use crate::proto::v1 as pb;
use crate::x12::document_request_277::{Asked, print};

/// Most requests that are written at a time.
const MOST: usize = 1_000;

impl Payer {
    /// Writes requests that are open and asked of providers: one interchange for each provider.
    pub fn write_document_requests(
        &self,
        caller: &Caller,
        request: &pb::WriteDocumentRequestsRequest,
    ) -> Result<pb::WriteDocumentRequestsResponse, Failure> {
        let found = match request.name.as_str() {
            "" => {
                let list = pb::ListDocumentRequestsRequest {
                    parent: request.parent.clone(),
                    state: pb::DocumentRequestState::Open.into(),
                    billing_npi: request.billing_npi.clone(),
                    ..Default::default()
                };
                self.list_document_requests(caller, &list, None, MOST)?.0
            }
            name => vec![self.document_request(caller, name)?],
        };
        let parent = found.first().map_or("", |found| found.name.split_once("/documentRequests/").map_or("", |n| n.0));
        let sandbox = self.sandbox(caller, if parent.is_empty() { &request.parent } else { parent })?;
        let state = sandbox.read();
        let mut by_provider: BTreeMap<String, Vec<Asked>> = BTreeMap::new();
        for request in found.into_iter().filter(|request| !request.of_patient) {
            let Some((_, lane, sequence)) = claim_place(&request.claim) else { continue };
            let claim = self.claim_at(&state, lane, sequence)?.unwrap_or_default();
            let Some(billed) = claim.billed else { continue };
            let asked = by_provider.entry(request.billing_npi.clone()).or_default();
            asked.push(Asked { request, billed, control_number: claim.control_number });
        }
        let (payer, now) = (state.in_force.payer(), self.now(&state));
        let written = by_provider.into_iter().filter_map(|(billing_npi, asked)| {
            let x12 = print(&payer, now, number(&asked), &asked)?;
            let document_requests = asked.iter().map(|asked| asked.request.name.clone()).collect();
            let x12 = String::from_utf8(x12).unwrap_or_default();
            Some(pb::WrittenDocumentRequests { billing_npi, document_requests, x12 })
        });
        Ok(pb::WriteDocumentRequestsResponse { written: written.collect() })
    }
}

/// Control number of an interchange: the same for the same requests, another for others.
fn number(asked: &[Asked]) -> u32 {
    let hash = Sha256::new();
    let hash = asked.iter().fold(hash, |hash, asked| hash.chain_update(id_of(&asked.request.name))).finalize();
    let first = hash.iter().take(4).fold(0u32, |number, byte| number << 8 | u32::from(*byte));
    first % 999_999_999 + 1
}
