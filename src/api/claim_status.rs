//! Claim status over gRPC.

use tonic::{Request, Response, Status};

use super::Door;
use crate::payer::Caller;
use crate::proto::v1 as pb;

#[tonic::async_trait]
impl pb::claim_status_server::ClaimStatus for Door {
    async fn get_claim_status(
        &self,
        request: Request<pb::GetClaimStatusRequest>,
    ) -> Result<Response<pb::GetClaimStatusResponse>, Status> {
        let request = request.into_inner();
        let answer = self.call(move |payer| payer.claim_status(&Caller::anyone(), &request));
        Ok(Response::new(answer.await?))
    }
}
