//! Snapshots over gRPC.

use tonic::{Request, Response, Status};

use super::{Door, paging};
use crate::payer::Caller;
use crate::proto::v1 as pb;

#[tonic::async_trait]
impl pb::snapshots_server::Snapshots for Door {
    async fn create_snapshot(
        &self,
        request: Request<pb::CreateSnapshotRequest>,
    ) -> Result<Response<pb::Snapshot>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.create_snapshot(&Caller::anyone(), &request)).await?))
    }

    async fn list_snapshots(
        &self,
        request: Request<pb::ListSnapshotsRequest>,
    ) -> Result<Response<pb::ListSnapshotsResponse>, Status> {
        let pb::ListSnapshotsRequest { parent, page_size, page_token } = request.into_inner();
        let list = self.call(move |payer| {
            let list = format!("snapshots {parent}");
            let after = paging::id(&list, &page_token)?;
            let size = paging::size(page_size)?;
            let snapshots = payer.snapshots(&Caller::anyone(), &parent, &after, size)?;
            let last = snapshots.last().filter(|_| snapshots.len() == size);
            let id = last.and_then(|snapshot| snapshot.name.rsplit('/').next());
            let next_page_token = id.map_or_else(String::new, |id| paging::token(&list, id.as_bytes()));
            Ok(pb::ListSnapshotsResponse { snapshots, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn get_snapshot(&self, request: Request<pb::GetSnapshotRequest>) -> Result<Response<pb::Snapshot>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.snapshot(&Caller::anyone(), &name)).await?))
    }

    async fn delete_snapshot(
        &self,
        request: Request<pb::DeleteSnapshotRequest>,
    ) -> Result<Response<pb::DeleteSnapshotResponse>, Status> {
        let name = request.into_inner().name;
        self.call(move |payer| payer.delete_snapshot(&Caller::anyone(), &name)).await?;
        Ok(Response::new(pb::DeleteSnapshotResponse {}))
    }

    async fn branch_sandbox(
        &self,
        request: Request<pb::BranchSandboxRequest>,
    ) -> Result<Response<pb::Sandbox>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.branch_sandbox(&Caller::anyone(), &request)).await?))
    }

    async fn restore_snapshot(
        &self,
        request: Request<pb::RestoreSnapshotRequest>,
    ) -> Result<Response<pb::Sandbox>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.restore_snapshot(&Caller::anyone(), &name)).await?))
    }
}
