//! Letters over gRPC.

use tonic::{Request, Response, Status};

use super::{Door, paging};
use crate::payer::Caller;
use crate::payer::letters::place_of;
use crate::proto::v1 as pb;

#[tonic::async_trait]
impl pb::letters_server::Letters for Door {
    async fn list_letters(
        &self,
        request: Request<pb::ListLettersRequest>,
    ) -> Result<Response<pb::ListLettersResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let asked = pb::ListLettersRequest { page_size: 0, page_token: String::new(), ..request.clone() };
            let list = format!("letters {asked:?}");
            let after = paging::id(&list, &request.page_token)?;
            let size = paging::size(request.page_size)?;
            let letters = payer.list_letters(&Caller::anyone(), &request, &after, size)?;
            let last = letters.last().filter(|_| letters.len() == size);
            let next_page_token = last.map_or_else(String::new, |last| paging::token(&list, place_of(last).as_bytes()));
            Ok(pb::ListLettersResponse { letters, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn get_letter(&self, request: Request<pb::GetLetterRequest>) -> Result<Response<pb::Letter>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.letter(&Caller::anyone(), &name)).await?))
    }

    async fn render_letter(
        &self,
        request: Request<pb::RenderLetterRequest>,
    ) -> Result<Response<pb::RenderLetterResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.render_letter(&Caller::anyone(), &request)).await?))
    }
}
