//! Eligibility over gRPC.

use tonic::{Request, Response, Status};

use super::Door;
use crate::payer::Caller;
use crate::proto::v1 as pb;

#[tonic::async_trait]
impl pb::eligibility_server::Eligibility for Door {
    async fn check_eligibility(
        &self,
        request: Request<pb::CheckEligibilityRequest>,
    ) -> Result<Response<pb::CheckEligibilityResponse>, Status> {
        let request = request.into_inner();
        let answer = self.call(move |payer| payer.check_eligibility(&Caller::anyone(), &request));
        Ok(Response::new(answer.await?))
    }
}
