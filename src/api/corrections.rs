//! Corrections of the payer's own, over gRPC.

use tonic::{Request, Response, Status};

use super::Door;
use crate::payer::Caller;
use crate::proto::v1 as pb;

#[tonic::async_trait]
impl pb::corrections_server::Corrections for Door {
    async fn reopen_claims(
        &self,
        request: Request<pb::ReopenClaimsRequest>,
    ) -> Result<Response<pb::ReopenClaimsResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.reopen_claims(&Caller::anyone(), &request)).await?))
    }

    async fn reopen_claim(&self, request: Request<pb::ReopenClaimRequest>) -> Result<Response<pb::Claim>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.reopen_claim(&Caller::anyone(), &request)).await?))
    }
}
