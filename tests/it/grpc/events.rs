//! The history over gRPC: listed, followed, gone on with, checked.

use std::collections::BTreeMap;

use payersim::proto::v1 as pb;
use tonic::{Code, Streaming};

use super::{advance, claim as claim_now, error, fields, submit};
use crate::clinic::{ADA, request, visit};
use crate::server::{Api, Server};

fn of_claim(claim: &str) -> Option<pb::EventFilter> {
    Some(pb::EventFilter { claim: claim.to_owned(), ..Default::default() })
}

async fn list(api: &Api, filter: Option<pb::EventFilter>, page_size: i32) -> Vec<pb::Event> {
    let mut request = pb::ListEventsRequest { filter, page_size, ..Default::default() };
    let mut events = Vec::new();
    loop {
        let page = api.events().list_events(request.clone()).await.unwrap().into_inner();
        events.extend(page.events);
        if page.next_page_token.is_empty() {
            return events;
        }
        request.page_token = page.next_page_token;
    }
}

async fn watch(api: &Api, request: pb::WatchEventsRequest) -> Streaming<pb::WatchEventsResponse> {
    api.events().watch_events(request).await.unwrap().into_inner()
}

/// The next message's event, where it has one, and its cursor.
async fn next(stream: &mut Streaming<pb::WatchEventsResponse>) -> (Option<pb::Event>, String) {
    let message = stream.message().await.unwrap().unwrap();
    (message.event, message.cursor)
}

#[tokio::test]
async fn a_claim_and_its_payee_have_a_history_each_in_order() {
    let server = Server::start().await;
    let api = server.api();
    let first = submit(&api, request("", visit(ADA, "A-1", 2))).await;
    let second = submit(&api, request("", visit(ADA, "A-2", 3))).await;
    advance(&api, "", "2026-04-08").await.unwrap();
    let events = list(&api, of_claim(&first.name), 0).await;
    assert_eq!(events.iter().map(|event| event.cause.as_str()).collect::<Vec<_>>(), ["submit-claim"]);
    assert_eq!((events[0].subject.as_str(), events[0].number, events[0].simulated), (first.name.as_str(), 1, true));
    let family = pb::EventFilter { member_id: ADA.to_owned(), ..Default::default() };
    let events = list(&api, Some(family), 1).await;
    assert_eq!(events.iter().map(|event| &event.subject).collect::<Vec<_>>(), [&first.name, &second.name]);
    assert_eq!(events[1].previous_hash, events[0].hash);
    let all = list(&api, None, 2).await;
    let mut last = BTreeMap::new();
    for event in &all {
        let (chain, number) = event.name.rsplit_once('/').unwrap();
        let before = last.insert(chain.to_owned(), number.parse::<u64>().unwrap()).unwrap_or(0);
        assert_eq!(number.parse::<u64>().unwrap(), before + 1, "{chain}");
    }
    let causes: Vec<_> = all.iter().map(|event| event.cause.as_str()).collect();
    assert_eq!(causes[..3], ["create-sandbox", "submit-claim", "submit-claim"]);
    assert!(causes.contains(&"payment-run") && causes.contains(&"turn-clock"), "{causes:?}");
    let known = api.events().list_causes(pb::ListCausesRequest {}).await.unwrap().into_inner().causes;
    assert!(all.iter().all(|event| known.iter().any(|cause| cause.cause == event.cause && cause.chain == event.chain)));
}

#[tokio::test]
async fn a_watch_tells_what_happens_and_goes_on_behind_a_cursor() {
    let server = Server::start().await;
    let api = server.api();
    submit(&api, request("", visit(ADA, "A-1", 2))).await;
    let mut stream = watch(&api, pb::WatchEventsRequest::default()).await;
    let (begins, start) = next(&mut stream).await;
    assert_eq!(begins, None);
    let second = submit(&api, request("", visit(ADA, "A-2", 3))).await;
    let (event, cursor) = next(&mut stream).await;
    assert_eq!(event.unwrap().subject, second.name);
    drop(stream);
    let third = submit(&api, request("", visit(ADA, "A-3", 4))).await;
    for (behind, subjects) in [(start, vec![&second.name, &third.name]), (cursor, vec![&third.name])] {
        let mut stream = watch(&api, pb::WatchEventsRequest { cursor: behind, ..Default::default() }).await;
        next(&mut stream).await;
        for subject in subjects {
            assert_eq!(next(&mut stream).await.0.unwrap().subject, *subject);
        }
    }
    let all = list(&api, None, 0).await;
    let mut stream = watch(&api, pb::WatchEventsRequest { from_beginning: true, ..Default::default() }).await;
    next(&mut stream).await;
    for event in all {
        assert_eq!(next(&mut stream).await.0, Some(event));
    }
}

#[tokio::test]
async fn a_watch_is_filtered() {
    let server = Server::start().await;
    let api = server.api();
    let filter = pb::EventFilter { causes: vec!["payment-run".to_owned()], ..Default::default() };
    let mut stream = watch(&api, pb::WatchEventsRequest { filter: Some(filter), ..Default::default() }).await;
    next(&mut stream).await;
    let claim = submit(&api, request("", visit(ADA, "A-1", 2))).await;
    advance(&api, "", "2026-04-08").await.unwrap();
    let event = next(&mut stream).await.0.unwrap();
    assert!(event.cause == "payment-run" && event.subject.contains("/remittances/"), "{event:?}");
    assert_eq!(claim_now(&api, &claim.name).await.unwrap().remittance, event.subject);
}

#[tokio::test]
async fn a_watch_ends_when_the_sandbox_is_reset() {
    let server = Server::start().await;
    let api = server.api();
    let mut stream = watch(&api, pb::WatchEventsRequest::default()).await;
    let (_, cursor) = next(&mut stream).await;
    let reset = pb::ResetSandboxRequest { name: "sandboxes/default".to_owned() };
    api.sandboxes().reset_sandbox(reset).await.unwrap();
    let (code, reason, _) = error(&stream.message().await.unwrap_err());
    assert_eq!((code, reason.as_str()), (Code::FailedPrecondition, "HISTORY_ENDED"));
    let refused = api.events().watch_events(pb::WatchEventsRequest { cursor, ..Default::default() }).await;
    assert_eq!(error(&refused.unwrap_err()).1, "HISTORY_ENDED");
    assert_eq!(list(&api, None, 0).await[0].cause, "reset-sandbox");
}

#[tokio::test]
async fn a_filter_that_makes_no_sense_says_so() {
    let server = Server::start().await;
    let api = server.api();
    let list = |filter| {
        let (api, request) = (api.clone(), pb::ListEventsRequest { filter: Some(filter), ..Default::default() });
        async move { api.events().list_events(request).await.unwrap_err() }
    };
    let causes = vec!["submit-claim".to_owned(), "submit".to_owned()];
    assert_eq!(fields(&list(pb::EventFilter { causes, ..Default::default() }).await), ["filter.causes[1]"]);
    let claim = "sandboxes/default/claims/00000000010001".to_owned();
    assert_eq!(list(pb::EventFilter { claim, ..Default::default() }).await.code(), Code::NotFound);
    let (member_id, payee_id) = (ADA.to_owned(), "1-2".to_owned());
    assert_eq!(fields(&list(pb::EventFilter { member_id, payee_id, ..Default::default() }).await), ["filter"]);
}

#[tokio::test]
async fn a_history_holds() {
    let server = Server::start().await;
    let api = server.api();
    let claim = submit(&api, request("", visit(ADA, "A-1", 2))).await;
    advance(&api, "", "2026-04-08").await.unwrap();
    let whole = api.events().verify_history(pb::VerifyHistoryRequest::default()).await.unwrap().into_inner();
    assert!(whole.holds && whole.decisions == 1 && whole.records == 2, "{whole:?}");
    let request = pb::VerifyHistoryRequest { claim: claim.name, ..Default::default() };
    let own = api.events().verify_history(request).await.unwrap().into_inner();
    assert!(own.holds && (own.chains, own.events) == (2, 2), "{own:?}");
}
