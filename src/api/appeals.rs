//! Appeals over gRPC.

use tonic::{Request, Response, Status};

use super::{Door, paging};
use crate::payer::Caller;
use crate::proto::v1 as pb;

#[tonic::async_trait]
impl pb::appeals_server::Appeals for Door {
    async fn file_appeal(&self, request: Request<pb::FileAppealRequest>) -> Result<Response<pb::Appeal>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.file_appeal(&Caller::anyone(), &request)).await?))
    }

    async fn get_appeal(&self, request: Request<pb::GetAppealRequest>) -> Result<Response<pb::Appeal>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.appeal(&Caller::anyone(), &name)).await?))
    }

    async fn list_appeals(
        &self,
        request: Request<pb::ListAppealsRequest>,
    ) -> Result<Response<pb::ListAppealsResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let filter = request.filter.unwrap_or_default();
            let list = format!("appeals {} {filter:?}", request.parent);
            let from = paging::place(&list, &request.page_token)?;
            let size = paging::size(request.page_size)?;
            let (appeals, next) = payer.list_appeals(&Caller::anyone(), &request.parent, &filter, from, size)?;
            let next_page_token = next.map_or_else(String::new, |place| paging::token(&list, &place));
            Ok(pb::ListAppealsResponse { appeals, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn decide_appeal(&self, request: Request<pb::DecideAppealRequest>) -> Result<Response<pb::Appeal>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.decide_appeal(&Caller::anyone(), &request)).await?))
    }

    async fn withdraw_appeal(
        &self,
        request: Request<pb::WithdrawAppealRequest>,
    ) -> Result<Response<pb::Appeal>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.withdraw_appeal(&Caller::anyone(), &request)).await?))
    }

    async fn add_appeal_evidence(
        &self,
        request: Request<pb::AddAppealEvidenceRequest>,
    ) -> Result<Response<pb::Appeal>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.add_appeal_evidence(&Caller::anyone(), &request)).await?))
    }

    async fn escalate_appeal(
        &self,
        request: Request<pb::EscalateAppealRequest>,
    ) -> Result<Response<pb::Appeal>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.escalate_appeal(&Caller::anyone(), &request)).await?))
    }

    async fn list_appeal_rights(
        &self,
        request: Request<pb::ListAppealRightsRequest>,
    ) -> Result<Response<pb::ListAppealRightsResponse>, Status> {
        let claim = request.into_inner().claim;
        Ok(Response::new(self.call(move |payer| payer.appeal_rights(&Caller::anyone(), &claim)).await?))
    }
}
