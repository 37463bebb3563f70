//! Remittances over gRPC.

use std::pin::Pin;

use futures::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{Door, paging, status};
use crate::payer::payment_run::Run;
use crate::payer::{Caller, Failure, Payer};
use crate::proto::v1 as pb;
use crate::store::Key;
use crate::x12::{ccd_plus, remittance_835};

/// Advices read at a time for the stream.
const SLICE: usize = 20;

fn with_view(mut remittance: pb::Remittance, view: pb::RemittanceView) -> pb::Remittance {
    match view {
        pb::RemittanceView::X12 => remittance.x12 = remittance_835::print(&remittance),
        pb::RemittanceView::Ccd => remittance.ccd = ccd_plus::print(&remittance),
        pb::RemittanceView::Unspecified | pb::RemittanceView::Message => {}
    }
    remittance
}

#[tonic::async_trait]
impl pb::remittances_server::Remittances for Door {
    async fn run_payments(
        &self,
        request: Request<pb::RunPaymentsRequest>,
    ) -> Result<Response<pb::RunPaymentsResponse>, Status> {
        let request = request.into_inner();
        let run = Run { payee_ids: request.payee_ids, include_not_due: request.include_not_due };
        let pay = move |payer: &Payer| payer.run_payments(&Caller::anyone(), &request.parent, &run);
        Ok(Response::new(pb::RunPaymentsResponse { remittances: self.call(pay).await? }))
    }

    async fn get_remittance(
        &self,
        request: Request<pb::GetRemittanceRequest>,
    ) -> Result<Response<pb::Remittance>, Status> {
        let request = request.into_inner();
        let view = request.view();
        let remittance = self.call(move |payer| payer.remittance(&Caller::anyone(), &request.name)).await?;
        Ok(Response::new(with_view(remittance, view)))
    }

    async fn list_remittances(
        &self,
        request: Request<pb::ListRemittancesRequest>,
    ) -> Result<Response<pb::ListRemittancesResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let list = format!("remittances {} {}", request.parent, request.payee_id);
            let from = paging::place(&list, &request.page_token)?;
            let size = paging::size(request.page_size)?;
            let page = payer.remittances(&Caller::anyone(), &request.parent, &request.payee_id, from, size)?;
            let full = page.len() == size;
            let next_page_token =
                page.last().filter(|_| full).map_or_else(String::new, |(_, place)| paging::token(&list, place));
            let brief = |(remittance, _): (pb::Remittance, Key)| pb::Remittance { claims: vec![], ..remittance };
            Ok(pb::ListRemittancesResponse { remittances: page.into_iter().map(brief).collect(), next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn get_payee_account(
        &self,
        request: Request<pb::GetPayeeAccountRequest>,
    ) -> Result<Response<pb::PayeeAccount>, Status> {
        let pb::GetPayeeAccountRequest { parent, payee_id } = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.payee_account(&Caller::anyone(), &parent, &payee_id)).await?))
    }

    async fn release_withhold(
        &self,
        request: Request<pb::ReleaseWithholdRequest>,
    ) -> Result<Response<pb::PayeeAccount>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.release_withhold(&Caller::anyone(), &request)).await?))
    }

    type StreamRemittancesStream = Pin<Box<dyn Stream<Item = Result<pb::Remittance, Status>> + Send>>;

    async fn stream_remittances(
        &self,
        request: Request<pb::StreamRemittancesRequest>,
    ) -> Result<Response<Self::StreamRemittancesStream>, Status> {
        let request = request.into_inner();
        let (send, receive) = tokio::sync::mpsc::channel(SLICE);
        let payer = std::sync::Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || {
            let emit = |remittance| send.blocking_send(Ok(remittance)).is_ok();
            if let Err(failure) = stream(&payer, &request, emit) {
                let _ = send.blocking_send(Err(status::of(failure)));
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receive))))
    }
}

/// Emits advice after advice until there are no more or nobody listens.
fn stream(
    payer: &Payer,
    request: &pb::StreamRemittancesRequest,
    emit: impl Fn(pb::Remittance) -> bool,
) -> Result<(), Failure> {
    let caller = Caller::anyone();
    let start = (!request.after.is_empty()).then(|| payer.place_of_remittance(&caller, &request.after));
    let mut from = start.transpose()?;
    loop {
        let page = payer.remittances(&caller, &request.parent, &request.payee_id, from.clone(), SLICE)?;
        let full = page.len() == SLICE;
        payer.settle()?;
        for (remittance, place) in page {
            if !emit(with_view(remittance, request.view())) {
                return Ok(());
            }
            from = Some(place);
        }
        if !full {
            return Ok(());
        }
    }
}
