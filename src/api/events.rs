//! Events over gRPC: listed, followed, checked.

use std::pin::Pin;
use std::sync::Arc;

use futures::Stream;
use tokio::sync::{Notify, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{Door, paging, status};
use crate::payer::events::{Selection, Slice, causes};
use crate::payer::{Caller, Failure, Payer, Wake};
use crate::proto::v1 as pb;

/// Events read at a time.
const SLICE: usize = 200;
/// Messages that may wait for a slow listener.
const WAITING: usize = 64;

type Message = Result<pb::WatchEventsResponse, Status>;

#[tonic::async_trait]
impl pb::events_server::Events for Door {
    async fn list_events(
        &self,
        request: Request<pb::ListEventsRequest>,
    ) -> Result<Response<pb::ListEventsResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| list(payer, &request)).await?))
    }

    type WatchEventsStream = Pin<Box<dyn Stream<Item = Message> + Send>>;

    async fn watch_events(
        &self,
        request: Request<pb::WatchEventsRequest>,
    ) -> Result<Response<Self::WatchEventsStream>, Status> {
        let request = request.into_inner();
        let (selection, behind) = self.call(move |payer| open(payer, &request)).await?;
        let (send, receive) = mpsc::channel(WAITING);
        let written = Arc::new(Notify::new());
        let call = Arc::clone(&written);
        let wake = self.0.wait_for_events(selection.space, move || call.notify_one());
        let follow = Follow { door: self.clone(), selection: Arc::new(selection), behind, send, written, wake };
        tokio::spawn(follow.run());
        Ok(Response::new(Box::pin(ReceiverStream::new(receive))))
    }

    async fn verify_history(
        &self,
        request: Request<pb::VerifyHistoryRequest>,
    ) -> Result<Response<pb::VerifyHistoryResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.call(move |payer| payer.verify_history(&Caller::anyone(), &request)).await?))
    }

    async fn list_causes(&self, _: Request<pb::ListCausesRequest>) -> Result<Response<pb::ListCausesResponse>, Status> {
        let shown = |cause: &causes::Cause| pb::Cause {
            cause: cause.id.to_owned(),
            chain: cause.chain.into(),
            words: cause.words.to_owned(),
        };
        Ok(Response::new(pb::ListCausesResponse { causes: causes::CAUSES.iter().map(shown).collect() }))
    }
}

fn list(payer: &Payer, request: &pb::ListEventsRequest) -> Result<pb::ListEventsResponse, Failure> {
    let selection = payer.select_events(&Caller::anyone(), &request.parent, request.filter.as_ref())?;
    let list = selection.list();
    let mut behind = number(paging::place(&list, &request.page_token)?)?;
    let size = paging::size(request.page_size)?;
    let mut events = Vec::new();
    loop {
        let Slice { events: found, end } = payer.listed_events(&selection, behind, SLICE)?;
        for (place, event) in found {
            if events.len() == size {
                let next_page_token = paging::token(&list, &behind.to_be_bytes());
                return Ok(pb::ListEventsResponse { events, next_page_token });
            }
            behind = place;
            events.push(event);
        }
        match end {
            Some(end) => behind = end,
            None => return Ok(pb::ListEventsResponse { events, ..Default::default() }),
        }
    }
}

/// What is followed, and behind which place.
fn open(payer: &Payer, request: &pb::WatchEventsRequest) -> Result<(Selection, u64), Failure> {
    let selection = payer.select_events(&Caller::anyone(), &request.parent, request.filter.as_ref())?;
    let behind = match (request.cursor.as_str(), request.from_beginning) {
        ("", true) => 0,
        ("", false) => payer.last_logged(&selection)?,
        (_, true) => return Err(Failure::field("from_beginning", "goes not together with a cursor: choose one")),
        (cursor, false) => {
            let place = paging::place(&selection.history(), cursor);
            number(place.map_err(|_| Failure::HistoryEnded(request.parent.clone()))?)?
        }
    };
    Ok((selection, behind))
}

fn number(place: Option<Vec<u8>>) -> Result<u64, Failure> {
    let Some(place) = place else { return Ok(0) };
    Ok(u64::from_be_bytes(place.try_into().map_err(|_| Failure::PageToken)?))
}

/// A stream that follows events. It reads the store, so a slow listener holds up nobody.
struct Follow {
    door: Door,
    selection: Arc<Selection>,
    behind: u64,
    send: mpsc::Sender<Message>,
    /// Told after each commit that appends to the sandbox's log.
    written: Arc<Notify>,
    wake: Wake,
}

impl Follow {
    async fn run(mut self) {
        let begins = pb::WatchEventsResponse { event: None, cursor: self.cursor(self.behind) };
        if self.send.send(Ok(begins)).await.is_err() {
            return;
        }
        loop {
            let (selection, behind) = (Arc::clone(&self.selection), self.behind);
            let slice = self.door.call(move |payer| payer.logged_events(&selection, behind, SLICE)).await;
            let Slice { events, end } = match slice {
                Ok(slice) => slice,
                Err(status) => {
                    let _ = self.send.send(Err(status)).await;
                    return;
                }
            };
            for (place, event) in events {
                let message = pb::WatchEventsResponse { event: Some(event), cursor: self.cursor(place) };
                if self.send.send(Ok(message)).await.is_err() {
                    return;
                }
            }
            if let Some(end) = end {
                self.behind = end;
                continue;
            }
            if self.wake.closed() {
                let _ = self.send.send(Err(status::of(Failure::Stopping))).await;
                return;
            }
            tokio::select! {
                () = self.written.notified() => {}
                () = self.send.closed() => return,
            }
        }
    }

    fn cursor(&self, place: u64) -> String {
        paging::token(&self.selection.history(), &place.to_be_bytes())
    }
}
