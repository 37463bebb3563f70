//! Claims over gRPC.

use std::pin::Pin;

use futures::{Stream, StreamExt};
use tokio::sync::oneshot;
use tonic::{Request, Response, Status, Streaming};

use super::{Door, paging, status};
use crate::adjudication::edits;
use crate::payer::processing::Span;
use crate::payer::{Caller, Failure, Outcome};
use crate::proto::v1 as pb;
use crate::wire;

/// Claims of one stream that are worked on at a time.
const IN_FLIGHT: usize = 1_024;

impl Door {
    /// Hands a claim in; the answer comes once it is durable. The claim is in its family's queue when this returns.
    fn submit(&self, request: pb::SubmitClaimRequest) -> impl Future<Output = Result<Outcome, Failure>> + Send + use<> {
        let (answer, answered) = oneshot::channel();
        self.0.submit_claim(&Caller::anyone(), request, Span::default(), move |outcome| {
            let _ = answer.send(outcome);
        });
        async move { answered.await.unwrap_or(Err(Failure::Stopping)) }
    }
}

/// Sends a request of a stream where the first went; it may leave that unsaid, but not say otherwise.
pub(super) fn stay_in(sandbox: &mut Option<String>, parent: &mut String) -> Result<(), Failure> {
    let first = sandbox.get_or_insert_with(|| parent.clone());
    if parent.is_empty() || parent == first {
        parent.clone_from(first);
        return Ok(());
    }
    let first = if first.is_empty() { "the default sandbox" } else { first };
    Err(Failure::field("parent", format!("this stream goes to {first}: open another for {parent}")))
}

/// What the sender of one claim of a stream can mend; any other failure ends the stream.
pub(super) fn faults(failure: Failure) -> Result<Vec<pb::FieldFault>, Status> {
    let fault = |v: wire::Violation| pb::FieldFault { field: v.field, description: v.description };
    match failure {
        Failure::Violations { violations } => Ok(violations.into_iter().map(fault).collect()),
        Failure::RequestIdReused { .. } => {
            Ok(vec![pb::FieldFault { field: "request_id".to_owned(), description: failure.to_string() }])
        }
        failure => Err(status::of(failure)),
    }
}

#[tonic::async_trait]
impl pb::claims_server::Claims for Door {
    async fn submit_claim(&self, request: Request<pb::SubmitClaimRequest>) -> Result<Response<pb::Claim>, Status> {
        let outcome = self.submit(request.into_inner()).await.map_err(status::of)?;
        Ok(Response::new(outcome.claim))
    }

    type SubmitClaimsStream = Pin<Box<dyn Stream<Item = Result<pb::SubmitClaimsResponse, Status>> + Send>>;

    async fn submit_claims(
        &self,
        requests: Request<Streaming<pb::SubmitClaimsRequest>>,
    ) -> Result<Response<Self::SubmitClaimsStream>, Status> {
        let door = self.clone();
        let mut sandbox = None;
        let answers = requests.into_inner().map(move |request| {
            let submitted = request.map(|request| {
                let mut request = request.request.unwrap_or_default();
                let request_id = request.request_id.clone();
                let stays = stay_in(&mut sandbox, &mut request.parent);
                (request_id, stays.map(|()| door.submit(request)))
            });
            async move {
                let (request_id, submitted) = submitted?;
                let outcome = match submitted {
                    Ok(outcome) => outcome.await,
                    Err(elsewhere) => Err(elsewhere),
                };
                let (claim, faults) = match outcome {
                    Ok(outcome) => (Some(outcome.claim), vec![]),
                    Err(failure) => (None, faults(failure)?),
                };
                Ok(pb::SubmitClaimsResponse { request_id, claim, faults })
            }
        });
        Ok(Response::new(Box::pin(answers.buffered(IN_FLIGHT))))
    }

    async fn estimate_claim(
        &self,
        request: Request<pb::EstimateClaimRequest>,
    ) -> Result<Response<pb::EstimateClaimResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.estimate_claim(&Caller::anyone(), request)).await?))
    }

    async fn get_claim(&self, request: Request<pb::GetClaimRequest>) -> Result<Response<pb::Claim>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.claim(&Caller::anyone(), &name)).await?))
    }

    async fn reverse_claim(&self, request: Request<pb::ReverseClaimRequest>) -> Result<Response<pb::Claim>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.reverse_claim(&Caller::anyone(), &request)).await?))
    }

    async fn list_claims(
        &self,
        request: Request<pb::ListClaimsRequest>,
    ) -> Result<Response<pb::ListClaimsResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let filter = request.filter.clone().unwrap_or_default();
            let list = format!("claims {} {filter:?}", request.parent);
            let from = paging::place(&list, &request.page_token)?;
            let size = paging::size(request.page_size)?;
            let (claims, next) = payer.list_claims(&Caller::anyone(), &request.parent, &filter, from, size)?;
            let next_page_token = next.map_or_else(String::new, |place| paging::token(&list, &place));
            Ok(pb::ListClaimsResponse { claims, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn explain_claim(
        &self,
        request: Request<pb::ExplainClaimRequest>,
    ) -> Result<Response<pb::ExplainClaimResponse>, Status> {
        let request = request.into_inner();
        let explain =
            move |payer: &crate::payer::Payer| payer.explain(&Caller::anyone(), &request.name, request.include_passed);
        Ok(Response::new(self.call(explain).await?))
    }

    async fn list_edits(&self, _: Request<pb::ListEditsRequest>) -> Result<Response<pb::ListEditsResponse>, Status> {
        let edits = edits::TABLE.iter().map(wire::determination::edit_message).collect();
        Ok(Response::new(pb::ListEditsResponse { edits }))
    }
}
