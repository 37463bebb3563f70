//! Estimates: what a claim would come to, without leaving a trace.

use std::sync::Arc;

use payersim::api;
use payersim::payer::{MachineClock, Opening, Payer};
use payersim::proto::v1 as pb;
use payersim::store::{Pair, Read, SledStore, Store};
use tokio::net::TcpListener;
use tonic::transport::Server as Transport;
use tonic::transport::server::TcpIncoming;

use super::{adjustments, fields, paid, submit};
use crate::clinic::{self, ADA, request, visit};
use crate::server::{Api, Server};

async fn estimate(api: &Api, claim: pb::ProfessionalClaim, as_of_date: &str) -> pb::EstimateClaimResponse {
    let request = pb::EstimateClaimRequest { request: Some(request("", claim)), as_of_date: as_of_date.to_owned() };
    api.claims().estimate_claim(request).await.unwrap().into_inner()
}

fn everything(store: &SledStore) -> Vec<Pair> {
    let all = Read::Range { from: vec![], to: vec![0xff; 64], reverse: false, limit: usize::MAX };
    store.read(&[all]).unwrap().remove(0)
}

// 150.00 charged, 120.00 allowed; the deductible takes 100.00, a fifth of the other 20.00 is hers: 16.00 would be paid.
#[tokio::test]
async fn an_estimate_leaves_the_store_as_it_was_and_the_claim_is_decided_as_it_said() {
    let store = Arc::new(SledStore::ephemeral().unwrap());
    let payer = Payer::open(Opening {
        store: Arc::clone(&store) as Arc<dyn Store>,
        folder: clinic::folder(),
        follow_wall_clock: false,
        wall: Arc::new(MachineClock),
        max_interchange_bytes: 1 << 20,
    })
    .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = api::routes(Arc::clone(&payer)).await.unwrap();
    tokio::spawn(Transport::builder().add_routes(routes).serve_with_incoming(TcpIncoming::from(listener)));
    let api = Api::connect(address).await;

    let before = everything(&store);
    assert!(!before.is_empty());
    let first = estimate(&api, visit(ADA, "A-1", 2), "").await;
    assert_eq!(estimate(&api, visit(ADA, "A-1", 2), "").await, first);
    assert_eq!(everything(&store), before);

    assert!(first.words.starts_with("An estimate"));
    assert_eq!(first.as_of_date, clinic::START);
    let estimated = first.claim.unwrap();
    assert!(estimated.estimate && estimated.simulated);
    assert_eq!((estimated.name.as_str(), estimated.control_number.as_str(), estimated.due_date.as_str()), ("", "", ""));
    assert_eq!(paid(&estimated), 1_600);
    let mut determination = estimated.determination.unwrap();
    assert_eq!(determination.claim_status_code, "25");

    let answer = submit(&api, request("", visit(ADA, "A-1", 2))).await;
    determination.claim_status_code = "1".to_owned();
    assert_eq!(answer.determination, Some(determination));
    assert!(!answer.estimate);

    // The deductible is met now, so the next one is estimated otherwise: a fifth of 120.00 is 24.00.
    let next = estimate(&api, visit(ADA, "A-2", 3), "").await.claim.unwrap();
    assert_eq!(adjustments(&next), [("CO-45".to_owned(), 3_000), ("PR-2".to_owned(), 2_400)]);
}

// The service would lie after the clock's date of 2026-03-31: a claim for it is turned away, an estimate is what it is for.
#[tokio::test]
async fn care_that_lies_ahead_is_estimated() {
    let server = Server::start().await;
    let mut planned = visit(ADA, "A-1", 2);
    planned.lines[0].service_date = "2026-05-04".to_owned();
    assert_eq!(submit(&server.api(), request("", planned.clone())).await.state(), pb::ClaimState::Rejected);
    let estimated = estimate(&server.api(), planned.clone(), "").await.claim.unwrap();
    assert_eq!((estimated.state(), paid(&estimated)), (pb::ClaimState::Allowed, 1_600));
    let later = estimate(&server.api(), planned, "2026-05-06").await;
    assert_eq!(later.as_of_date, "2026-05-06");
    assert_eq!(later.claim.unwrap().determination.unwrap().processed_date, "2026-05-06");
}

#[tokio::test]
async fn what_would_be_turned_away_or_is_no_claim_is_told() {
    let server = Server::start().await;
    let mut wrong = visit(ADA, "A-1", 2);
    wrong.charge_cents = 14_999;
    let estimated = estimate(&server.api(), wrong, "").await.claim.unwrap();
    assert_eq!(estimated.state(), pb::ClaimState::Rejected);
    assert_eq!(estimated.rejections[0].status_code, "178");

    let refused = |request| async { server.api().claims().estimate_claim(request).await.unwrap_err() };
    let status = refused(pb::EstimateClaimRequest::default()).await;
    assert_eq!(fields(&status), ["request.professional"]);
    let of_no_day =
        pb::EstimateClaimRequest { request: Some(request("", visit(ADA, "A-1", 2))), as_of_date: "May".to_owned() };
    assert_eq!(fields(&refused(of_no_day).await), ["as_of_date"]);
}
