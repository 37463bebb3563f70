//! Documents over gRPC.

use std::pin::Pin;
use std::sync::Arc;

use futures::{Stream, StreamExt};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use super::{Door, paging, status};
use crate::payer::Caller;
use crate::payer::documents::DocumentUpload;
use crate::proto::v1 as pb;

/// Pieces that may wait for a slow listener.
const WAITING: usize = 16;

#[tonic::async_trait]
impl pb::documents_server::Documents for Door {
    async fn submit_document(
        &self,
        requests: Request<Streaming<pb::SubmitDocumentRequest>>,
    ) -> Result<Response<pb::SubmitDocumentResponse>, Status> {
        let mut requests = requests.into_inner();
        let mut upload: Option<DocumentUpload> = None;
        while let Some(request) = requests.next().await {
            let request = request?;
            let begun = upload.take();
            // The upload goes to the blocking thread and comes back.
            let payer = Arc::clone(&self.0);
            let pushed = self.call(move |_| {
                let mut upload = match begun {
                    Some(upload) => upload,
                    None => DocumentUpload::begin(&payer, request.parent, request.metadata)?,
                };
                upload.push(&request.chunk)?;
                Ok(upload)
            });
            upload = Some(pushed.await?);
        }
        let payer = Arc::clone(&self.0);
        let taken = self.call(move |_| {
            let upload = match upload {
                Some(upload) => upload,
                None => DocumentUpload::begin(&payer, String::new(), None)?,
            };
            upload.finish(&payer, &Caller::anyone())
        });
        Ok(Response::new(taken.await?))
    }

    async fn get_document(&self, request: Request<pb::GetDocumentRequest>) -> Result<Response<pb::Document>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.document(&Caller::anyone(), &name)).await?))
    }

    async fn list_documents(
        &self,
        request: Request<pb::ListDocumentsRequest>,
    ) -> Result<Response<pb::ListDocumentsResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let list = format!("documents {} {} {}", request.parent, request.claim, request.unmatched);
            let from = paging::place(&list, &request.page_token)?;
            let size = paging::size(request.page_size)?;
            let (documents, next) = payer.list_documents(&Caller::anyone(), &request, from, size)?;
            let next_page_token = next.map_or_else(String::new, |place| paging::token(&list, &place));
            Ok(pb::ListDocumentsResponse { documents, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    type DownloadDocumentStream = Pin<Box<dyn Stream<Item = Result<pb::DocumentChunk, Status>> + Send>>;

    async fn download_document(
        &self,
        request: Request<pb::DownloadDocumentRequest>,
    ) -> Result<Response<Self::DownloadDocumentStream>, Status> {
        let name = request.into_inner().name;
        let payer = Arc::clone(&self.0);
        let (send, receive) = tokio::sync::mpsc::channel(WAITING);
        tokio::task::spawn_blocking(move || {
            let tell = |chunk| send.blocking_send(Ok(chunk)).is_ok();
            if let Err(failure) = payer.document_content(&Caller::anyone(), &name, tell) {
                let _ = send.blocking_send(Err(status::of(failure)));
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receive))))
    }

    async fn assess_document(
        &self,
        request: Request<pb::AssessDocumentRequest>,
    ) -> Result<Response<pb::AssessDocumentResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.assess_document(&Caller::anyone(), &request)).await?))
    }

    async fn create_document_request(
        &self,
        request: Request<pb::CreateDocumentRequestRequest>,
    ) -> Result<Response<pb::DocumentRequest>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.create_document_request(&Caller::anyone(), &request)).await?))
    }

    async fn get_document_request(
        &self,
        request: Request<pb::GetDocumentRequestRequest>,
    ) -> Result<Response<pb::DocumentRequest>, Status> {
        let name = request.into_inner().name;
        Ok(Response::new(self.call(move |payer| payer.document_request(&Caller::anyone(), &name)).await?))
    }

    async fn list_document_requests(
        &self,
        request: Request<pb::ListDocumentRequestsRequest>,
    ) -> Result<Response<pb::ListDocumentRequestsResponse>, Status> {
        let request = request.into_inner();
        let list = self.call(move |payer| {
            let pb::ListDocumentRequestsRequest { parent, claim, state, due_through, billing_npi, .. } = &request;
            let list = format!("document requests {parent} {claim} {state} {due_through} {billing_npi}");
            let from = paging::place(&list, &request.page_token)?;
            let size = paging::size(request.page_size)?;
            let (document_requests, next) = payer.list_document_requests(&Caller::anyone(), &request, from, size)?;
            let next_page_token = next.map_or_else(String::new, |place| paging::token(&list, &place));
            Ok(pb::ListDocumentRequestsResponse { document_requests, next_page_token })
        });
        Ok(Response::new(list.await?))
    }

    async fn write_document_requests(
        &self,
        request: Request<pb::WriteDocumentRequestsRequest>,
    ) -> Result<Response<pb::WriteDocumentRequestsResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.write_document_requests(&Caller::anyone(), &request)).await?))
    }

    async fn withdraw_document_request(
        &self,
        request: Request<pb::WithdrawDocumentRequestRequest>,
    ) -> Result<Response<pb::DocumentRequest>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.withdraw_document_request(&Caller::anyone(), &request)).await?))
    }
}
