//! Medical policies over gRPC.

use tonic::{Request, Response, Status};

use super::{Door, paging};
use crate::payer::{Caller, Failure};
use crate::proto::v1 as pb;

#[tonic::async_trait]
impl pb::policies_server::Policies for Door {
    async fn list_policies(
        &self,
        request: Request<pb::ListPoliciesRequest>,
    ) -> Result<Response<pb::ListPoliciesResponse>, Status> {
        let request = request.into_inner();
        let answer = self.call(move |payer| {
            let (parent, procedure) = (&request.parent, &request.procedure);
            let list = format!("policies of {parent} about {procedure}");
            let size = paging::size(request.page_size)?;
            let from = paging::id(&list, &request.page_token)?;
            let from: usize = if from.is_empty() { 0 } else { from.parse().map_err(|_| Failure::PageToken)? };
            let mut policies = payer.policies(&Caller::anyone(), parent, procedure)?;
            let more = policies.len() > from.saturating_add(size);
            policies = policies.into_iter().skip(from).take(size).collect();
            let next = more.then(|| paging::token(&list, from.saturating_add(size).to_string().as_bytes()));
            Ok(pb::ListPoliciesResponse { policies, next_page_token: next.unwrap_or_default() })
        });
        Ok(Response::new(answer.await?))
    }

    async fn get_policy(&self, request: Request<pb::GetPolicyRequest>) -> Result<Response<pb::MedicalPolicy>, Status> {
        let pb::GetPolicyRequest { name, on_date } = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.policy(&Caller::anyone(), &name, &on_date)).await?))
    }

    async fn test_policies(
        &self,
        request: Request<pb::TestPoliciesRequest>,
    ) -> Result<Response<pb::TestPoliciesResponse>, Status> {
        let request = request.into_inner();
        let tests = self.call(move |payer| payer.test_policies(&Caller::anyone(), &request)).await?;
        let failed = tests.iter().filter(|test| !test.holds).count();
        Ok(Response::new(pb::TestPoliciesResponse { tests, failed: i32::try_from(failed).unwrap_or(i32::MAX) }))
    }
}
