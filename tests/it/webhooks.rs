//! Webhooks, received by a server of our own: signed, in order, sent again by a clock that the test sets.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::{DateTime, date};
use payersim::api::{self, Courier};
use payersim::payer::{Opening, Payer, WallClock};
use payersim::proto::v1 as pb;
use payersim::store::{SledStore, Store};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tonic::Code;
use tonic::transport::Server as Transport;
use tonic::transport::server::TcpIncoming;

use crate::clinic::{self, ADA, request, visit};
use crate::server::Api;

const SECRET: &[u8] = b"twenty-four bytes long!!";

struct Wall(Mutex<DateTime>);

impl WallClock for Wall {
    fn now(&self) -> DateTime {
        *self.0.lock().unwrap()
    }
}

/// A payer behind a socket, with its courier.
struct House {
    api: Api,
    payer: Arc<Payer>,
    wall: Arc<Wall>,
    courier: tokio::task::JoinHandle<()>,
}

impl House {
    async fn open(store: Arc<dyn Store>) -> House {
        let wall = Arc::new(Wall(Mutex::new(date(2026, 3, 31).at(9, 0, 0, 0))));
        let (folder, max_interchange_bytes) = (clinic::folder(), 1 << 20);
        let opening = Opening { store, folder, follow_wall_clock: false, wall: wall.clone(), max_interchange_bytes };
        let payer = Payer::open(opening).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes = api::routes(Arc::clone(&payer)).await.unwrap();
        tokio::spawn(Transport::builder().add_routes(routes).serve_with_incoming(TcpIncoming::from(listener)));
        let courier = tokio::spawn(Courier::new(Arc::clone(&payer)).run());
        House { api: Api::connect(address).await, payer, wall, courier }
    }

    async fn add(&self, url: String, causes: &[&str]) -> Result<pb::Webhook, tonic::Status> {
        let secret = format!("whsec_{}", STANDARD.encode(SECRET));
        let causes = causes.iter().map(|cause| (*cause).to_owned()).collect();
        let webhook = Some(pb::Webhook { url, causes, secret, ..Default::default() });
        let request = pb::CreateWebhookRequest { webhook, ..Default::default() };
        self.api.webhooks().create_webhook(request).await.map(tonic::Response::into_inner)
    }

    async fn submit(&self, number: &str, day: u32) -> String {
        let visit = visit(ADA, number, day);
        self.api.claims().submit_claim(request("", visit)).await.unwrap().into_inner().name
    }

    async fn webhook(&self, name: &str) -> pb::Webhook {
        let request = pb::GetWebhookRequest { name: name.to_owned() };
        self.api.webhooks().get_webhook(request).await.unwrap().into_inner()
    }

    async fn sent(&self, name: &str) -> Vec<pb::Delivery> {
        let request = pb::ListDeliveriesRequest { parent: name.to_owned() };
        self.api.webhooks().list_deliveries(request).await.unwrap().into_inner().deliveries
    }

    /// Turns the wall clock and has the courier look again.
    fn pass(&self, seconds: i64) {
        let mut now = self.wall.0.lock().unwrap();
        *now = now.saturating_add(jiff::Span::new().seconds(seconds));
        drop(now);
        self.payer.nudge();
    }
}

/// What an endpoint was sent.
struct Sent {
    headers: HashMap<String, String>,
    body: Json,
    /// Says what to answer.
    answer: tokio::sync::oneshot::Sender<u16>,
}

impl Sent {
    fn subject(&self) -> &str {
        self.body["data"]["subject"].as_str().unwrap_or_default()
    }
}

/// An endpoint that answers as it is told.
async fn endpoint() -> (SocketAddr, mpsc::UnboundedReceiver<Sent>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (send, receive) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, send.clone()));
        }
    });
    (address, receive)
}

async fn answer(stream: TcpStream, send: mpsc::UnboundedSender<Sent>) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut line, mut headers) = (String::new(), HashMap::new());
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        loop {
            line.clear();
            stream.read_line(&mut line).await.unwrap();
            let Some((name, value)) = line.trim().split_once(':') else { break };
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
        let mut body = vec![0; headers["content-length"].parse().unwrap()];
        stream.read_exact(&mut body).await.unwrap();
        check_signature(&headers, &body);
        let (answer, told) = tokio::sync::oneshot::channel();
        if send.send(Sent { headers, body: serde_json::from_slice(&body).unwrap(), answer }).is_err() {
            return;
        }
        let status = told.await.unwrap_or(200);
        let text = format!("HTTP/1.1 {status} so\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(text.as_bytes()).await.unwrap();
    }
}

/// Written here anew: HMAC-SHA256 over "id.timestamp.body".
fn check_signature(headers: &HashMap<String, String>, body: &[u8]) {
    let signed = format!("{}.{}.", headers["webhook-id"], headers["webhook-timestamp"]);
    let mut key = SECRET.to_vec();
    key.resize(64, 0);
    let pad = |with: u8| key.iter().map(|byte| byte ^ with).collect::<Vec<_>>();
    let inner = Sha256::digest([pad(0x36).as_slice(), signed.as_bytes(), body].concat());
    let outer = Sha256::digest([pad(0x5c).as_slice(), &inner].concat());
    assert_eq!(headers["webhook-signature"], format!("v1,{}", STANDARD.encode(outer)));
}

#[tokio::test]
async fn events_come_signed_and_in_order_and_one_that_is_not_taken_comes_again_before_the_next() {
    let house = House::open(Arc::new(SledStore::ephemeral().unwrap())).await;
    let (address, mut received) = endpoint().await;
    let webhook = house.add(format!("http://{address}/payer"), &["submit-claim"]).await.unwrap();
    let (first, second) = (house.submit("A-1", 2).await, house.submit("A-2", 3).await);
    let sent = received.recv().await.unwrap();
    assert_eq!((sent.subject(), sent.body["type"].as_str()), (first.as_str(), Some("submit-claim")));
    let id = sent.headers["webhook-id"].clone();
    sent.answer.send(503).unwrap();
    let again = loop {
        // The answer is kept before the next attempt is due; each look is nudged on by five seconds.
        house.pass(5);
        match received.try_recv() {
            Ok(sent) => break sent,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    assert_eq!((again.subject(), &again.headers["webhook-id"]), (first.as_str(), &id));
    assert_eq!(house.webhook(&webhook.name).await.failed_attempts, 1);
    again.answer.send(200).unwrap();
    let next = received.recv().await.unwrap();
    assert_eq!(next.subject(), second);
    let sent = house.sent(&webhook.name).await;
    assert_eq!((sent[0].state(), sent[0].attempts), (pb::DeliveryState::Delivered, 2));
    next.answer.send(204).unwrap();
    // Once more, because somebody asked.
    let request = pb::RedeliverEventRequest { name: sent[0].name.clone() };
    house.api.webhooks().redeliver_event(request).await.unwrap();
    assert_eq!(received.recv().await.unwrap().subject(), first);
}

#[tokio::test]
async fn an_endpoint_that_fails_holds_up_no_other_and_is_disabled_when_it_is_gone() {
    let house = House::open(Arc::new(SledStore::ephemeral().unwrap())).await;
    let ((slow, mut waits), (other, mut received)) = (endpoint().await, endpoint().await);
    let gone = house.add(format!("http://{slow}/"), &[]).await.unwrap();
    house.add(format!("http://{other}/"), &["submit-claim"]).await.unwrap();
    let (first, second) = (house.submit("A-1", 2).await, house.submit("A-2", 3).await);
    let unanswered = waits.recv().await.unwrap();
    for claim in [&first, &second] {
        let sent = received.recv().await.unwrap();
        assert_eq!(sent.subject(), claim);
        sent.answer.send(200).unwrap();
    }
    unanswered.answer.send(410).unwrap();
    while !house.webhook(&gone.name).await.disabled {
        tokio::task::yield_now().await;
    }
    assert!(house.webhook(&gone.name).await.disabled_reason.contains("410"));
}

#[tokio::test]
async fn a_courier_goes_on_where_the_last_one_was_stopped() {
    let store = Arc::new(SledStore::ephemeral().unwrap());
    let (address, mut received) = endpoint().await;
    let house = House::open(store.clone()).await;
    let webhook = house.add(format!("http://{address}/"), &[]).await.unwrap();
    assert!(webhook.secret.starts_with("whsec_") && house.webhook(&webhook.name).await.secret.is_empty());
    let first = house.submit("A-1", 2).await;
    let sent = received.recv().await.unwrap();
    assert_eq!(sent.subject(), first);
    house.courier.abort();
    drop(sent);
    let second = house.submit("A-2", 3).await;
    // Whether the first was taken before the stop nobody knows: it comes again, or not. The second comes.
    tokio::spawn(Courier::new(Arc::clone(&house.payer)).run());
    let mut subject = received.recv().await.unwrap();
    if subject.subject() == first {
        subject.answer.send(200).unwrap();
        subject = received.recv().await.unwrap();
    }
    assert_eq!(subject.subject(), second);
}

#[tokio::test]
async fn a_webhook_is_tried_and_a_wrong_one_refused() {
    let house = House::open(Arc::new(SledStore::ephemeral().unwrap())).await;
    let (address, mut received) = endpoint().await;
    let webhook = house.add(format!("http://{address}/"), &["payment-run"]).await.unwrap();
    let request = pb::TestWebhookRequest { name: webhook.name.clone() };
    let mut api = house.api.webhooks();
    let (answer, ()) = tokio::join!(api.test_webhook(request), async {
        let sent = received.recv().await.unwrap();
        assert_eq!(sent.body["type"], "ping");
        sent.answer.send(200).unwrap();
    });
    assert!(answer.unwrap().into_inner().taken);
    for url in ["https://example.com/", "ftp://x", "http://", "http://a b/"] {
        assert_eq!(house.add(url.to_owned(), &[]).await.unwrap_err().code(), Code::InvalidArgument, "{url}");
    }
    assert_eq!(house.add("http://a/".to_owned(), &["payment"]).await.unwrap_err().code(), Code::InvalidArgument);
    let request = pb::DeleteWebhookRequest { name: webhook.name.clone() };
    house.api.webhooks().delete_webhook(request).await.unwrap();
    let request = pb::GetWebhookRequest { name: webhook.name };
    assert_eq!(house.api.webhooks().get_webhook(request).await.unwrap_err().code(), Code::NotFound);
}
