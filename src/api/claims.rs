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
        let answers = requests.into_inner().map(move |request| {
            let submitted = request.map(|request| {
                let request = request.request.unwrap_or_default();
                (request.request_id.clone(), door.submit(request))
            });
            async move {
                let (request_id, outcome) = submitted?;
                match outcome.await {
                    Ok(outcome) => {
                        Ok(pb::SubmitClaimsResponse { request_id, claim: Some(outcome.claim), faults: vec![] })
                    }
                    Err(Failure::Violations { violations }) => {
                        let fault = |v: wire::Violation| pb::FieldFault { field: v.field, description: v.description };
                        let faults = violations.into_iter().map(fault).collect();
                        Ok(pb::SubmitClaimsResponse { request_id, claim: None, faults })
                    }
                    Err(failure) => Err(status::of(failure)),
                }
            }
        });
        Ok(Response::new(Box::pin(answers.buffered(IN_FLIGHT))))
    }

    async fn get_claim(&self, request: Request<pb::GetClaimRequest>) -> Result<Response<pb::Claim>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.claim(&Caller::anyone(), &name)).await?))
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
