//! Interchanges over gRPC.

use std::pin::Pin;
use std::sync::Arc;

use futures::{Stream, StreamExt};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use super::{Door, paging, status};
use crate::payer::Caller;
use crate::payer::uploads::Upload;
use crate::proto::v1 as pb;

/// Answer pieces that may wait for a slow listener.
const WAITING: usize = 16;

#[tonic::async_trait]
impl pb::interchanges_server::Interchanges for Door {
    async fn submit_interchange(
        &self,
        requests: Request<Streaming<pb::SubmitInterchangeRequest>>,
    ) -> Result<Response<pb::SubmitInterchangeResponse>, Status> {
        let mut requests = requests.into_inner();
        let mut upload = Upload::begin(&self.0);
        let mut parent = None;
        while let Some(request) = requests.next().await {
            let request = request?;
            parent.get_or_insert(request.parent);
            let chunk = request.chunk;
            // The upload goes to the blocking thread and comes back.
            let pushed = self.call(move |_| upload.push(&chunk).map(|()| upload));
            upload = pushed.await?;
        }
        let take = self.call(move |payer| {
            let caller = Caller::anyone();
            let file = upload.finish()?;
            let sandbox = payer.sandbox(&caller, &parent.unwrap_or_default())?;
            payer.take_interchanges(&caller, &sandbox, &file)
        });
        Ok(Response::new(pb::SubmitInterchangeResponse { interchanges: take.await? }))
    }

    async fn get_interchange(
        &self,
        request: Request<pb::GetInterchangeRequest>,
    ) -> Result<Response<pb::Interchange>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.interchange(&Caller::anyone(), &name)).await?))
    }

    async fn list_interchanges(
        &self,
        request: Request<pb::ListInterchangesRequest>,
    ) -> Result<Response<pb::ListInterchangesResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let list = format!("interchanges {}", request.parent);
            let from = paging::place(&list, &request.page_token)?;
            let size = paging::size(request.page_size)?;
            let page = payer.interchanges(&Caller::anyone(), &request.parent, from, size)?;
            let last = page.last().filter(|_| page.len() == size);
            let next_page_token = last.map_or_else(String::new, |(_, place)| paging::token(&list, place));
            let interchanges = page.into_iter().map(|(interchange, _)| interchange).collect();
            Ok(pb::ListInterchangesResponse { interchanges, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    type StreamAnswersStream = Pin<Box<dyn Stream<Item = Result<pb::AnswerChunk, Status>> + Send>>;

    async fn stream_answers(
        &self,
        request: Request<pb::StreamAnswersRequest>,
    ) -> Result<Response<Self::StreamAnswersStream>, Status> {
        let request = request.into_inner();
        let payer = Arc::clone(&self.0);
        let (send, receive) = tokio::sync::mpsc::channel(WAITING);
        tokio::task::spawn_blocking(move || {
            let tell = |chunk| send.blocking_send(Ok(chunk)).is_ok();
            let told = payer.settle().and_then(|()| payer.answers(&Caller::anyone(), &request, tell));
            if let Err(failure) = told {
                let _ = send.blocking_send(Err(status::of(failure)));
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receive))))
    }
}
