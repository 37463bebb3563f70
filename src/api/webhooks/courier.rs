//! The courier: sends events to webhooks, one at a time to each, and tells the payer what they answered.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::json;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::sign::signature;
use crate::client::messages::typed_to_json;
use crate::payer::webhooks::{Answer, Work};
use crate::payer::{Failure, Payer};

/// How long an endpoint may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long to wait where nothing says when there will be work.
const IDLE: Duration = Duration::from_secs(3_600);
/// How long to wait where the store cannot be read.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Sends events to webhooks.
pub struct Courier {
    payer: Arc<Payer>,
    carrier: Carrier,
}

/// Sends one message.
#[derive(Clone)]
pub(super) struct Carrier(Client<HttpConnector, Full<Bytes>>);

impl Courier {
    /// Of a payer.
    pub fn new(payer: Arc<Payer>) -> Courier {
        Courier { payer, carrier: Carrier::new() }
    }

    /// Works until dropped.
    pub async fn run(self) {
        let written = Arc::new(Notify::new());
        let call = Arc::clone(&written);
        let _wake = self.payer.wait_for_work(move || call.notify_one());
        let (mut under_way, mut sending) = (BTreeSet::new(), JoinSet::new());
        loop {
            let wait = match self.look().await {
                Ok((work, later)) => {
                    for work in work {
                        if under_way.insert(work.webhook.clone()) {
                            sending.spawn(send(Arc::clone(&self.payer), self.carrier.clone(), work));
                        }
                    }
                    let seconds = later.map(|later| u64::try_from(later - self.payer.wall_seconds()).unwrap_or(0));
                    seconds.map_or(IDLE, |seconds| Duration::from_secs(seconds.max(1)))
                }
                Err(failure) => {
                    tracing::warn!(%failure, "webhooks wait");
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                Some(done) = sending.join_next() => {
                    if let Ok(webhook) = done {
                        under_way.remove(&webhook);
                    }
                }
                _ = tokio::time::timeout(wait, written.notified()) => {}
            }
        }
    }

    async fn look(&self) -> Result<(Vec<Work>, Option<i64>), Failure> {
        let payer = Arc::clone(&self.payer);
        let look = move || payer.work().and_then(|work| payer.settle().map(|()| work));
        tokio::task::spawn_blocking(look).await.unwrap_or(Err(Failure::Stopping))
    }
}

/// Sends an event and keeps the answer; gives the webhook's name.
async fn send(payer: Arc<Payer>, carrier: Carrier, work: Work) -> String {
    let webhook = work.webhook.clone();
    let answer = carrier.send(&work, payer.wall_seconds()).await;
    let keep = move || payer.delivered(&work, &answer);
    if let Ok(Err(failure)) = tokio::task::spawn_blocking(keep).await {
        tracing::warn!(%failure, webhook, "what a webhook answered was not kept; the event is sent again");
    }
    webhook
}

impl Carrier {
    pub fn new() -> Carrier {
        Carrier(Client::builder(TokioExecutor::new()).build_http())
    }

    /// Sends a message and waits for the answer's status.
    pub async fn send(&self, work: &Work, timestamp: i64) -> Answer {
        let event = typed_to_json("Event", &work.event);
        let body = json!({ "type": work.event.cause, "timestamp": work.event.event_time, "data": event }).to_string();
        let request = Request::post(&work.url)
            .header("content-type", "application/json")
            .header("user-agent", concat!("payersim/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", &work.id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature(&work.secret, &work.id, timestamp, body.as_bytes()))
            .body(Full::from(body))
            .map_err(|error| error.to_string())?;
        match tokio::time::timeout(PATIENCE, self.0.request(request)).await {
            Ok(Ok(answer)) => Ok(answer.status().as_u16()),
            Ok(Err(error)) => Err(root_cause(&error)),
            Err(_) => Err(format!("no answer within {} seconds", PATIENCE.as_secs())),
        }
    }
}

/// The innermost error, which is what the network said.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
