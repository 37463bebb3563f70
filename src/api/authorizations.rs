//! Requests for authorization over gRPC.

use tonic::{Request, Response, Status};

use super::{Door, paging};
use crate::payer::Caller;
use crate::proto::v1 as pb;

#[tonic::async_trait]
impl pb::authorization_requests_server::AuthorizationRequests for Door {
    async fn create_authorization_request(
        &self,
        request: Request<pb::CreateAuthorizationRequestRequest>,
    ) -> Result<Response<pb::AuthorizationRequest>, Status> {
        let request = request.into_inner();
        let made = self.call(move |payer| payer.create_authorization_request(&Caller::anyone(), &request));
        Ok(Response::new(made.await?))
    }

    async fn get_authorization_request(
        &self,
        request: Request<pb::GetAuthorizationRequestRequest>,
    ) -> Result<Response<pb::AuthorizationRequest>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.authorization_request(&Caller::anyone(), &name)).await?))
    }

    async fn list_authorization_requests(
        &self,
        request: Request<pb::ListAuthorizationRequestsRequest>,
    ) -> Result<Response<pb::ListAuthorizationRequestsResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let list = format!("authorizations {} {} {}", request.parent, request.member_id, request.outcome);
            let place = paging::place(&list, &request.page_token)?;
            let size = paging::size(request.page_size)?;
            let (found, next) = payer.authorization_requests(&Caller::anyone(), &request, place, size)?;
            let next_page_token = next.map_or_else(String::new, |place| paging::token(&list, &place));
            Ok(pb::ListAuthorizationRequestsResponse { authorization_requests: found, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn decide_authorization_request(
        &self,
        request: Request<pb::DecideAuthorizationRequestRequest>,
    ) -> Result<Response<pb::AuthorizationRequest>, Status> {
        let request = request.into_inner();
        let made = self.call(move |payer| payer.decide_authorization_request(&Caller::anyone(), &request));
        Ok(Response::new(made.await?))
    }

    async fn cancel_authorization_request(
        &self,
        request: Request<pb::CancelAuthorizationRequestRequest>,
    ) -> Result<Response<pb::AuthorizationRequest>, Status> {
        let request = request.into_inner();
        let made = self.call(move |payer| payer.cancel_authorization_request(&Caller::anyone(), &request));
        Ok(Response::new(made.await?))
    }

    async fn inquire_authorizations(
        &self,
        request: Request<pb::InquireAuthorizationsRequest>,
    ) -> Result<Response<pb::InquireAuthorizationsResponse>, Status> {
        let request = request.into_inner();
        let found = self.call(move |payer| payer.inquire_authorizations(&Caller::anyone(), &request));
        Ok(Response::new(found.await?))
    }
}
