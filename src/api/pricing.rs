//! Pricing over gRPC.

use std::pin::Pin;

use futures::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};

use super::claims::{faults, stay_in};
use super::{Door, status};
use crate::payer::{Caller, Failure};
use crate::proto::v1 as pb;

/// Requests of one stream that are worked on at a time.
const IN_FLIGHT: usize = 64;

impl Door {
    /// Prices away from the threads that serve connections. Nothing is written, so nothing needs to be durable.
    async fn price(&self, request: pb::PriceServicesRequest) -> Result<pb::PriceServicesResponse, Failure> {
        let payer = std::sync::Arc::clone(&self.0);
        let price = move || payer.price_services(&Caller::anyone(), &request);
        tokio::task::spawn_blocking(price).await.unwrap_or(Err(Failure::Stopping))
    }
}

#[tonic::async_trait]
impl pb::pricing_server::Pricing for Door {
    async fn price_services(
        &self,
        request: Request<pb::PriceServicesRequest>,
    ) -> Result<Response<pb::PriceServicesResponse>, Status> {
        self.price(request.into_inner()).await.map(Response::new).map_err(status::of)
    }

    type PriceBatchStream = Pin<Box<dyn Stream<Item = Result<pb::PriceBatchResponse, Status>> + Send>>;

    async fn price_batch(
        &self,
        requests: Request<Streaming<pb::PriceBatchRequest>>,
    ) -> Result<Response<Self::PriceBatchStream>, Status> {
        let door = self.clone();
        let mut sandbox = None;
        let answers = requests.into_inner().map(move |request| {
            let door = door.clone();
            let request = request.map(|pb::PriceBatchRequest { request_id, request }| {
                let mut request = request.unwrap_or_default();
                (request_id, stay_in(&mut sandbox, &mut request.parent).map(|()| request))
            });
            async move {
                let (request_id, request) = request?;
                let answer = match request {
                    Ok(request) => door.price(request).await,
                    Err(elsewhere) => Err(elsewhere),
                };
                let (response, faults) = match answer {
                    Ok(response) => (Some(response), vec![]),
                    Err(failure) => (None, faults(failure)?),
                };
                Ok(pb::PriceBatchResponse { request_id, response, faults })
            }
        });
        Ok(Response::new(Box::pin(answers.buffered(IN_FLIGHT))))
    }
}
