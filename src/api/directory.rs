//! The directory over gRPC.

use tonic::{Request, Response, Status};

use super::{Door, paging};
use crate::payer::claims::split_name;
use crate::payer::directory::Listed;
use crate::payer::{Caller, Failure, Payer};
use crate::proto::v1 as pb;

/// A page of records of a kind, and the token of the next.
fn page<R: Listed>(
    payer: &Payer,
    (parent, page_size, page_token): (&str, i32, &str),
    filter: &str,
    fits: impl Fn(&R) -> bool,
) -> Result<(Vec<R>, String), Failure> {
    let list = format!("{} {parent} {filter}", R::COLLECTION);
    let size = paging::size(page_size)?;
    let after = paging::id(&list, page_token)?;
    let records = payer.directory_records(&Caller::anyone(), parent, &after, size, fits)?;
    let last = records.last().filter(|_| records.len() == size);
    let next = last.map_or_else(String::new, |record| paging::token(&list, record.id().as_bytes()));
    Ok((records, next))
}

fn required<T>(field: &str, message: Option<T>) -> Result<T, Failure> {
    message.ok_or_else(|| Failure::field(field, "is missing"))
}

#[tonic::async_trait]
impl pb::directory_server::Directory for Door {
    async fn get_payer(&self, request: Request<pb::GetPayerRequest>) -> Result<Response<pb::Payer>, Status> {
        let parent = request.into_inner().parent;
        let read = self.call(move |payer| Ok(payer.sandbox(&Caller::anyone(), &parent)?.read().in_force.payer()));
        Ok(Response::new(read.await?))
    }

    async fn upsert_payer(&self, request: Request<pb::UpsertPayerRequest>) -> Result<Response<pb::Payer>, Status> {
        let pb::UpsertPayerRequest { parent, payer: settings } = request.into_inner();
        let upsert = self.call(move |payer| {
            let settings = required("payer", settings)?;
            let revise = |folder: &mut pb::PayerFolder| folder.payer = Some(settings);
            Ok(payer.revise(&Caller::anyone(), &parent, revise)?.payer())
        });
        Ok(Response::new(upsert.await?))
    }

    async fn get_plan(&self, request: Request<pb::GetPlanRequest>) -> Result<Response<pb::Plan>, Status> {
        let name = request.into_inner().name;
        let read = self.call(move |payer| {
            let unknown = || Failure::Unknown(name.clone());
            let (parent, id) = split_name(&name, "plans").ok_or_else(unknown)?;
            let sandbox = payer.sandbox(&Caller::anyone(), parent)?;
            let state = sandbox.read();
            state.in_force.folder.plans.iter().find(|plan| plan.plan_id == id).cloned().ok_or_else(unknown)
        });
        Ok(Response::new(read.await?))
    }

    async fn list_plans(
        &self,
        request: Request<pb::ListPlansRequest>,
    ) -> Result<Response<pb::ListPlansResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let list = format!("plans {}", request.parent);
            let after = paging::id(&list, &request.page_token)?;
            let size = paging::size(request.page_size)?;
            let sandbox = payer.sandbox(&Caller::anyone(), &request.parent)?;
            let mut plans = sandbox.read().in_force.folder.plans.clone();
            plans.sort_by(|a, b| a.plan_id.cmp(&b.plan_id));
            plans.retain(|plan| plan.plan_id > after);
            plans.truncate(size);
            let last = plans.last().filter(|_| plans.len() == size);
            let next_page_token = last.map_or_else(String::new, |plan| paging::token(&list, plan.plan_id.as_bytes()));
            Ok(pb::ListPlansResponse { plans, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn upsert_plan(&self, request: Request<pb::UpsertPlanRequest>) -> Result<Response<pb::Plan>, Status> {
        let pb::UpsertPlanRequest { parent, plan } = request.into_inner();
        let upsert = self.call(move |payer| {
            let plan = required("plan", plan)?;
            let answer = plan.clone();
            payer.revise(&Caller::anyone(), &parent, |folder| {
                match folder.plans.iter_mut().find(|known| known.plan_id == plan.plan_id) {
                    Some(known) => *known = plan,
                    None => folder.plans.push(plan),
                }
            })?;
            Ok(answer)
        });
        Ok(Response::new(upsert.await?))
    }

    async fn get_member(&self, request: Request<pb::GetMemberRequest>) -> Result<Response<pb::Member>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.directory_record(&Caller::anyone(), &name)).await?))
    }

    async fn list_members(
        &self,
        request: Request<pb::ListMembersRequest>,
    ) -> Result<Response<pb::ListMembersResponse>, Status> {
        let m = request.into_inner();
        let list = self.call(move |payer| {
            let paging = (m.parent.as_str(), m.page_size, m.page_token.as_str());
            let family = |member: &pb::Member| m.subscriber_id.is_empty() || member.subscriber_id == m.subscriber_id;
            let (members, next_page_token) = page(payer, paging, &m.subscriber_id, family)?;
            Ok(pb::ListMembersResponse { members, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn upsert_member(&self, request: Request<pb::UpsertMemberRequest>) -> Result<Response<pb::Member>, Status> {
        let pb::UpsertMemberRequest { parent, member } = request.into_inner();
        let upsert = move |payer: &Payer| payer.upsert_member(&Caller::anyone(), &parent, required("member", member)?);
        Ok(Response::new(self.call(upsert).await?))
    }

    async fn get_provider(&self, request: Request<pb::GetProviderRequest>) -> Result<Response<pb::Provider>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.directory_record(&Caller::anyone(), &name)).await?))
    }

    async fn list_providers(
        &self,
        request: Request<pb::ListProvidersRequest>,
    ) -> Result<Response<pb::ListProvidersResponse>, Status> {
        let m = request.into_inner();
        let list = self.call(move |payer| {
            let paging = (m.parent.as_str(), m.page_size, m.page_token.as_str());
            let (providers, next_page_token) = page(payer, paging, "", |_: &pb::Provider| true)?;
            Ok(pb::ListProvidersResponse { providers, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn upsert_provider(
        &self,
        request: Request<pb::UpsertProviderRequest>,
    ) -> Result<Response<pb::Provider>, Status> {
        let pb::UpsertProviderRequest { parent, provider } = request.into_inner();
        let upsert =
            move |payer: &Payer| payer.upsert_provider(&Caller::anyone(), &parent, required("provider", provider)?);
        Ok(Response::new(self.call(upsert).await?))
    }

    async fn get_authorization(
        &self,
        request: Request<pb::GetAuthorizationRequest>,
    ) -> Result<Response<pb::Authorization>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.directory_record(&Caller::anyone(), &name)).await?))
    }

    async fn list_authorizations(
        &self,
        request: Request<pb::ListAuthorizationsRequest>,
    ) -> Result<Response<pb::ListAuthorizationsResponse>, Status> {
        let m = request.into_inner();
        let list = self.call(move |payer| {
            let paging = (m.parent.as_str(), m.page_size, m.page_token.as_str());
            let of = |a: &pb::Authorization| m.member_id.is_empty() || a.member_id == m.member_id;
            let (authorizations, next_page_token) = page(payer, paging, &m.member_id, of)?;
            Ok(pb::ListAuthorizationsResponse { authorizations, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn upsert_authorization(
        &self,
        request: Request<pb::UpsertAuthorizationRequest>,
    ) -> Result<Response<pb::Authorization>, Status> {
        let pb::UpsertAuthorizationRequest { parent, authorization } = request.into_inner();
        let upsert = move |payer: &Payer| {
            let authorization = required("authorization", authorization)?;
            payer.upsert_authorization(&Caller::anyone(), &parent, authorization)
        };
        Ok(Response::new(self.call(upsert).await?))
    }
}
