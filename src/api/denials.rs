//! Denials over gRPC.

use tonic::{Request, Response, Status};

use super::Door;
use crate::payer::Caller;
use crate::proto::v1 as pb;

#[tonic::async_trait]
impl pb::denials_server::Denials for Door {
    async fn list_denials(
        &self,
        request: Request<pb::ListDenialsRequest>,
    ) -> Result<Response<pb::ListDenialsResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.list_denials(&Caller::anyone(), &request)).await?))
    }

    async fn get_denial(&self, request: Request<pb::GetDenialRequest>) -> Result<Response<pb::Denial>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.denial(&Caller::anyone(), &request)).await?))
    }

    async fn write_recipe(&self, request: Request<pb::WriteRecipeRequest>) -> Result<Response<pb::Recipe>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.write_recipe(&Caller::anyone(), &request)).await?))
    }

    async fn write_recipes(
        &self,
        request: Request<pb::WriteRecipesRequest>,
    ) -> Result<Response<pb::WriteRecipesResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.write_recipes(&Caller::anyone(), &request)).await?))
    }
}
