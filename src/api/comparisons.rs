//! Comparisons over gRPC.

use std::pin::Pin;
use std::sync::Arc;

use futures::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{Door, status};
use crate::payer::Caller;
use crate::proto::v1 as pb;

/// Messages that may wait for a slow listener.
const WAITING: usize = 256;

#[tonic::async_trait]
impl pb::comparisons_server::Comparisons for Door {
    type CompareClaimsStream = Pin<Box<dyn Stream<Item = Result<pb::CompareClaimsResponse, Status>> + Send>>;

    async fn compare_claims(
        &self,
        request: Request<pb::CompareClaimsRequest>,
    ) -> Result<Response<Self::CompareClaimsStream>, Status> {
        let request = request.into_inner();
        let payer = Arc::clone(&self.0);
        let (send, receive) = tokio::sync::mpsc::channel(WAITING);
        tokio::task::spawn_blocking(move || {
            let tell = |part| send.blocking_send(Ok(pb::CompareClaimsResponse { part: Some(part) })).is_ok();
            if let Err(failure) = payer.compare_claims(&Caller::anyone(), request, tell) {
                let _ = send.blocking_send(Err(status::of(failure)));
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receive))))
    }
}
