//! Reviews over gRPC.

use prost::Message;
use tonic::{Request, Response, Status};

use super::{Door, paging};
use crate::payer::Caller;
use crate::proto::v1 as pb;

#[tonic::async_trait]
impl pb::reviews_server::Reviews for Door {
    async fn list_reviews(
        &self,
        request: Request<pb::ListReviewsRequest>,
    ) -> Result<Response<pb::ListReviewsResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let filter = request.filter.unwrap_or_default();
            let filtered = String::from_utf8_lossy(&filter.encode_to_vec()).into_owned();
            let list = format!("reviews {} {filtered}", request.parent);
            let (from, size) = (paging::place(&list, &request.page_token)?, paging::size(request.page_size)?);
            let caller = Caller::anyone();
            let (reviews, next) = payer.list_reviews(&caller, &request.parent, &filter, from, size)?;
            let next_page_token = next.map_or_else(String::new, |place| paging::token(&list, &place));
            let as_of_date = payer.sandbox_date(&caller, &request.parent)?;
            Ok(pb::ListReviewsResponse { reviews, next_page_token, as_of_date })
        });
        Ok(Response::new(list.await?))
    }

    async fn get_review(&self, request: Request<pb::GetReviewRequest>) -> Result<Response<pb::Review>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.review(&Caller::anyone(), &name)).await?))
    }

    async fn claim_next_review(
        &self,
        request: Request<pb::ClaimNextReviewRequest>,
    ) -> Result<Response<pb::Review>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.claim_next_review(&Caller::anyone(), &request)).await?))
    }

    async fn assign_review(&self, request: Request<pb::AssignReviewRequest>) -> Result<Response<pb::Review>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.assign_review(&Caller::anyone(), &request)).await?))
    }

    async fn release_review(&self, request: Request<pb::ReleaseReviewRequest>) -> Result<Response<pb::Review>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.release_review(&Caller::anyone(), &request)).await?))
    }

    async fn decide_review(
        &self,
        request: Request<pb::DecideReviewRequest>,
    ) -> Result<Response<pb::DecideReviewResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.decide_review(&Caller::anyone(), &request)).await?))
    }

    async fn rehearse_review(
        &self,
        request: Request<pb::RehearseReviewRequest>,
    ) -> Result<Response<pb::RehearseReviewResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.rehearse_review(&Caller::anyone(), &request)).await?))
    }

    async fn sign_off_review(
        &self,
        request: Request<pb::SignOffReviewRequest>,
    ) -> Result<Response<pb::DecideReviewResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.sign_off_review(&Caller::anyone(), &request)).await?))
    }

    async fn get_queue_metrics(
        &self,
        request: Request<pb::GetQueueMetricsRequest>,
    ) -> Result<Response<pb::QueueMetrics>, Status> {
        let parent = request.into_inner().parent;
        Ok(Response::new(self.call(move |payer| payer.queue_metrics(&Caller::anyone(), &parent)).await?))
    }
}
