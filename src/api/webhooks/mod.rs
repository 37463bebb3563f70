//! Webhooks over gRPC, and the courier that sends to them.

mod courier;
mod sign;

use tonic::{Request, Response, Status};

use self::courier::Carrier;
use super::Door;
use crate::payer::Caller;
use crate::proto::v1 as pb;

pub use courier::Courier;

#[tonic::async_trait]
impl pb::webhooks_server::Webhooks for Door {
    async fn create_webhook(
        &self,
        request: Request<pb::CreateWebhookRequest>,
    ) -> Result<Response<pb::Webhook>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.create_webhook(&Caller::anyone(), request)).await?))
    }

    async fn get_webhook(&self, request: Request<pb::GetWebhookRequest>) -> Result<Response<pb::Webhook>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.webhook(&Caller::anyone(), &name)).await?))
    }

    async fn list_webhooks(
        &self,
        request: Request<pb::ListWebhooksRequest>,
    ) -> Result<Response<pb::ListWebhooksResponse>, Status> {
        let parent = request.into_inner().parent;
        let webhooks = self.call(move |payer| payer.webhooks(&Caller::anyone(), &parent)).await?;
        Ok(Response::new(pb::ListWebhooksResponse { webhooks }))
    }

    async fn update_webhook(
        &self,
        request: Request<pb::UpdateWebhookRequest>,
    ) -> Result<Response<pb::Webhook>, Status> {
        let webhook = request.into_inner().webhook;
        Ok(Response::new(self.call(move |payer| payer.update_webhook(&Caller::anyone(), webhook)).await?))
    }

    async fn delete_webhook(
        &self,
        request: Request<pb::DeleteWebhookRequest>,
    ) -> Result<Response<pb::DeleteWebhookResponse>, Status> {
        let name = request.into_inner().name;
        self.call(move |payer| payer.delete_webhook(&Caller::anyone(), &name)).await?;
        Ok(Response::new(pb::DeleteWebhookResponse {}))
    }

    async fn test_webhook(
        &self,
        request: Request<pb::TestWebhookRequest>,
    ) -> Result<Response<pb::TestWebhookResponse>, Status> {
        let name = request.into_inner().name;
        let ping = self.call(move |payer| payer.ping(&Caller::anyone(), &name)).await?;
        let answer = Carrier::new().send(&ping, self.0.wall_seconds()).await;
        let status_code = answer.as_ref().map_or(0, |status| i32::from(*status));
        let taken = (200..300).contains(&status_code);
        let error = answer.err().unwrap_or_default();
        Ok(Response::new(pb::TestWebhookResponse { taken, status_code, error }))
    }

    async fn list_deliveries(
        &self,
        request: Request<pb::ListDeliveriesRequest>,
    ) -> Result<Response<pb::ListDeliveriesResponse>, Status> {
        let parent = request.into_inner().parent;
        let deliveries = self.call(move |payer| payer.deliveries(&Caller::anyone(), &parent)).await?;
        Ok(Response::new(pb::ListDeliveriesResponse { deliveries }))
    }

    async fn redeliver_event(
        &self,
        request: Request<pb::RedeliverEventRequest>,
    ) -> Result<Response<pb::Delivery>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.redeliver(&Caller::anyone(), &name)).await?))
    }
}
