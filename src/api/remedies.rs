//! Remedies over gRPC.

use tonic::{Request, Response, Status};

use super::Door;
use crate::payer::Caller;
use crate::proto::v1 as pb;

#[tonic::async_trait]
impl pb::remedies_server::Remedies for Door {
    async fn find_remedies(
        &self,
        request: Request<pb::FindRemediesRequest>,
    ) -> Result<Response<pb::FindRemediesResponse>, Status> {
        let request = request.into_inner();
        let answer = self.call(move |payer| payer.find_remedies(&Caller::anyone(), request));
        Ok(Response::new(answer.await?))
    }
}
