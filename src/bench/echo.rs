//! The empty echo: the Claims service over the same transport, which answers each claim with the claim itself and does nothing.

use std::net::SocketAddr;

use futures::stream::Empty;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status, Streaming};

use crate::client::Failure;
use crate::proto::v1 as pb;
use crate::proto::v1::claims_server::{Claims, ClaimsServer};

/// A running echo. It ends with this value.
pub(super) struct Echo {
    pub address: String,
    task: JoinHandle<()>,
}

impl Echo {
    pub async fn start() -> Result<Echo, Failure> {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let address = listener.local_addr()?.to_string();
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let served = Server::builder().add_service(ClaimsServer::new(Empties)).serve_with_incoming(incoming);
        Ok(Echo { address, task: tokio::spawn(async { _ = served.await }) })
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Empties;

#[tonic::async_trait]
impl Claims for Empties {
    async fn submit_claim(&self, request: Request<pb::SubmitClaimRequest>) -> Result<Response<pb::Claim>, Status> {
        let request = request.into_inner();
        let billed = request.claim.map(pb::claim::Billed::from);
        Ok(Response::new(pb::Claim { request_id: request.request_id, billed, ..Default::default() }))
    }

    type SubmitClaimsStream = Empty<Result<pb::SubmitClaimsResponse, Status>>;

    async fn submit_claims(
        &self,
        _: Request<Streaming<pb::SubmitClaimsRequest>>,
    ) -> Result<Response<Self::SubmitClaimsStream>, Status> {
        Err(only_submit_claim())
    }

    async fn estimate_claim(
        &self,
        _: Request<pb::EstimateClaimRequest>,
    ) -> Result<Response<pb::EstimateClaimResponse>, Status> {
        Err(only_submit_claim())
    }

    async fn reverse_claim(&self, _: Request<pb::ReverseClaimRequest>) -> Result<Response<pb::Claim>, Status> {
        Err(only_submit_claim())
    }

    async fn get_claim(&self, _: Request<pb::GetClaimRequest>) -> Result<Response<pb::Claim>, Status> {
        Err(only_submit_claim())
    }

    async fn list_claims(&self, _: Request<pb::ListClaimsRequest>) -> Result<Response<pb::ListClaimsResponse>, Status> {
        Err(only_submit_claim())
    }

    async fn explain_claim(
        &self,
        _: Request<pb::ExplainClaimRequest>,
    ) -> Result<Response<pb::ExplainClaimResponse>, Status> {
        Err(only_submit_claim())
    }

    async fn list_edits(&self, _: Request<pb::ListEditsRequest>) -> Result<Response<pb::ListEditsResponse>, Status> {
        Err(only_submit_claim())
    }
}

fn only_submit_claim() -> Status {
    Status::unimplemented("the echo of the bench answers SubmitClaim alone")
}
