//! Official tables over gRPC.

use futures::StreamExt;
use tonic::{Request, Response, Status, Streaming};

use super::{Door, paging};
use crate::payer::Caller;
use crate::payer::references::IncomingRelease;
use crate::proto::v1 as pb;
use crate::reference::import::KINDS;
use crate::wire;

#[tonic::async_trait]
impl pb::references_server::References for Door {
    async fn import_release(
        &self,
        requests: Request<Streaming<pb::ImportReleaseRequest>>,
    ) -> Result<Response<pb::ImportReleaseResponse>, Status> {
        let mut requests = requests.into_inner();
        let mut incoming: Option<IncomingRelease> = None;
        while let Some(request) = requests.next().await {
            let request = request?;
            let payer = std::sync::Arc::clone(&self.0);
            // The release goes to the blocking thread and comes back.
            let before = incoming.take();
            let pushed = self.call(move |_| {
                let mut incoming = match before {
                    Some(incoming) => incoming,
                    None => IncomingRelease::begin(&payer, &request)?,
                };
                incoming.push(&request.file, &request.chunk)?;
                Ok(incoming)
            });
            incoming = Some(pushed.await?);
        }
        let Some(incoming) = incoming else {
            return Err(Status::invalid_argument("nothing was sent: the first message names kind, release and days"));
        };
        Ok(Response::new(self.call(move |payer| payer.import_release(&Caller::anyone(), incoming)).await?))
    }

    async fn use_release(
        &self,
        request: Request<pb::UseReleaseRequest>,
    ) -> Result<Response<pb::UseReleaseResponse>, Status> {
        let pb::UseReleaseRequest { parent, name } = request.into_inner();
        let used = self.call(move |payer| payer.use_release(&Caller::anyone(), &parent, &name));
        Ok(Response::new(pb::UseReleaseResponse { payer_revision: used.await? }))
    }

    async fn get_release(&self, request: Request<pb::GetReleaseRequest>) -> Result<Response<pb::Release>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.release(&name)).await?))
    }

    async fn list_releases(
        &self,
        request: Request<pb::ListReleasesRequest>,
    ) -> Result<Response<pb::ListReleasesResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let list = format!("releases {} {}", request.used_by, request.kind);
            let from = paging::place(&list, &request.page_token)?;
            let size = paging::size(request.page_size)?;
            let page = payer.releases(&Caller::anyone(), &request, from, size)?;
            let last = page.last().filter(|_| page.len() == size);
            let next_page_token = last.map_or_else(String::new, |(_, place)| paging::token(&list, place));
            let releases = page.into_iter().map(|(release, _)| release).collect();
            Ok(pb::ListReleasesResponse { releases, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn list_release_kinds(
        &self,
        _: Request<pb::ListReleaseKindsRequest>,
    ) -> Result<Response<pb::ListReleaseKindsResponse>, Status> {
        let kinds = KINDS.iter().map(wire::references::kind_message).collect();
        Ok(Response::new(pb::ListReleaseKindsResponse { kinds }))
    }
}
