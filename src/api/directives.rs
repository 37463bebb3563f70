//! Directives over gRPC.

use tonic::{Request, Response, Status};

use super::{Door, paging};
use crate::payer::Caller;
use crate::proto::v1 as pb;

#[tonic::async_trait]
impl pb::directives_server::Directives for Door {
    async fn create_directive(
        &self,
        request: Request<pb::CreateDirectiveRequest>,
    ) -> Result<Response<pb::Directive>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.create_directive(&Caller::anyone(), request)).await?))
    }

    async fn get_directive(
        &self,
        request: Request<pb::GetDirectiveRequest>,
    ) -> Result<Response<pb::Directive>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.directive(&Caller::anyone(), &name)).await?))
    }

    async fn list_directives(
        &self,
        request: Request<pb::ListDirectivesRequest>,
    ) -> Result<Response<pb::ListDirectivesResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let list = format!("directives {}", request.parent);
            let after = paging::id(&list, &request.page_token)?;
            let size = paging::size(request.page_size)?;
            let all = payer.directives(&Caller::anyone(), &request.parent)?;
            // A place in an order that users change: what was taken away meanwhile ends the list.
            let from = match after.as_str() {
                "" => 0,
                name => all.iter().position(|known| known.name == name).map_or(all.len(), |at| at + 1),
            };
            let directives: Vec<pb::Directive> = all.into_iter().skip(from).take(size).collect();
            let last = directives.last().filter(|_| directives.len() == size);
            let next_page_token = last.map_or_else(String::new, |last| paging::token(&list, last.name.as_bytes()));
            Ok(pb::ListDirectivesResponse { directives, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn update_directive(
        &self,
        request: Request<pb::UpdateDirectiveRequest>,
    ) -> Result<Response<pb::Directive>, Status> {
        let directive = request.into_inner().directive;
        Ok(Response::new(self.call(move |payer| payer.update_directive(&Caller::anyone(), directive)).await?))
    }

    async fn delete_directive(
        &self,
        request: Request<pb::DeleteDirectiveRequest>,
    ) -> Result<Response<pb::DeleteDirectiveResponse>, Status> {
        let name = request.into_inner().name;
        self.call(move |payer| payer.delete_directive(&Caller::anyone(), &name)).await?;
        Ok(Response::new(pb::DeleteDirectiveResponse {}))
    }

    async fn clear_directives(
        &self,
        request: Request<pb::ClearDirectivesRequest>,
    ) -> Result<Response<pb::ClearDirectivesResponse>, Status> {
        let parent = request.into_inner().parent;
        let cleared = self.call(move |payer| payer.clear_directives(&Caller::anyone(), &parent)).await?;
        let cleared = i32::try_from(cleared).unwrap_or(i32::MAX);
        Ok(Response::new(pb::ClearDirectivesResponse { cleared }))
    }

    async fn reorder_directives(
        &self,
        request: Request<pb::ReorderDirectivesRequest>,
    ) -> Result<Response<pb::ListDirectivesResponse>, Status> {
        let pb::ReorderDirectivesRequest { parent, names } = request.into_inner();
        let reordered = self.call(move |payer| payer.reorder_directives(&Caller::anyone(), &parent, &names));
        let directives = reordered.await?;
        Ok(Response::new(pb::ListDirectivesResponse { directives, next_page_token: String::new() }))
    }
}
