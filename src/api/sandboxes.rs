//! Sandboxes over gRPC.

use std::pin::Pin;
use std::sync::Arc;

use futures::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{Door, paging, status};
use crate::payer::Caller;
use crate::proto::v1 as pb;

/// Progress messages that may wait for a slow listener.
const WAITING: usize = 64;

#[tonic::async_trait]
impl pb::sandboxes_server::Sandboxes for Door {
    async fn create_sandbox(
        &self,
        request: Request<pb::CreateSandboxRequest>,
    ) -> Result<Response<pb::Sandbox>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.create_sandbox(&Caller::anyone(), request)).await?))
    }

    async fn get_sandbox(&self, request: Request<pb::GetSandboxRequest>) -> Result<Response<pb::Sandbox>, Status> {
        let name = request.into_inner().name;
        let read = self.call(move |payer| Ok(payer.describe(payer.sandbox(&Caller::anyone(), &name)?.as_ref())));
        Ok(Response::new(read.await?))
    }

    async fn list_sandboxes(
        &self,
        request: Request<pb::ListSandboxesRequest>,
    ) -> Result<Response<pb::ListSandboxesResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let after = paging::id("sandboxes", &request.page_token)?;
            let size = paging::size(request.page_size)?;
            let sandboxes = payer.list_sandboxes(&after, size)?;
            let last = sandboxes.last().filter(|_| sandboxes.len() == size);
            let id = last.map(|sandbox| sandbox.name.trim_start_matches("sandboxes/"));
            let next_page_token = id.map_or_else(String::new, |id| paging::token("sandboxes", id.as_bytes()));
            Ok(pb::ListSandboxesResponse { sandboxes, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn reset_sandbox(&self, request: Request<pb::ResetSandboxRequest>) -> Result<Response<pb::Sandbox>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.reset_sandbox(&Caller::anyone(), &name)).await?))
    }

    async fn delete_sandbox(
        &self,
        request: Request<pb::DeleteSandboxRequest>,
    ) -> Result<Response<pb::DeleteSandboxResponse>, Status> {
        let name = request.into_inner().name;
        self.call(move |payer| payer.delete_sandbox(&Caller::anyone(), &name)).await?;
        Ok(Response::new(pb::DeleteSandboxResponse {}))
    }

    async fn get_clock(&self, request: Request<pb::GetClockRequest>) -> Result<Response<pb::Clock>, Status> {
        let name = request.into_inner().name;
        let read = self.call(move |payer| {
            let sandbox = payer.sandbox(&Caller::anyone(), &name)?;
            let state = sandbox.read();
            Ok(payer.clock(&state))
        });
        Ok(Response::new(read.await?))
    }

    type AdvanceClockStream = Pin<Box<dyn Stream<Item = Result<pb::AdvanceClockResponse, Status>> + Send>>;

    async fn advance_clock(
        &self,
        request: Request<pb::AdvanceClockRequest>,
    ) -> Result<Response<Self::AdvanceClockStream>, Status> {
        let request = request.into_inner();
        let payer = Arc::clone(&self.0);
        let (send, receive) = tokio::sync::mpsc::channel(WAITING);
        tokio::task::spawn_blocking(move || {
            // The turn goes on where nobody listens any more.
            let tell = |progress| drop(send.blocking_send(Ok(progress)));
            if let Err(failure) = payer.advance_clock(&Caller::anyone(), &request, tell) {
                let _ = send.blocking_send(Err(status::of(failure)));
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receive))))
    }

    async fn load_payer(&self, request: Request<pb::LoadPayerRequest>) -> Result<Response<pb::Sandbox>, Status> {
        let pb::LoadPayerRequest { name, payer: folder } = request.into_inner();
        let folder = folder.unwrap_or_default();
        Ok(Response::new(self.call(move |payer| payer.load_payer(&Caller::anyone(), &name, folder)).await?))
    }

    async fn export_payer(
        &self,
        request: Request<pb::ExportPayerRequest>,
    ) -> Result<Response<pb::PayerFolder>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.export_payer(&Caller::anyone(), &name)).await?))
    }
}
