//! The clock: turning it runs what falls due.

use std::sync::{Arc, Mutex};

use payersim::api;
use payersim::payer::{Opening, Payer, WallClock};
use payersim::proto::v1 as pb;
use payersim::store::SledStore;
use tokio::net::TcpListener;
use tonic::Code;
use tonic::transport::Server as Transport;
use tonic::transport::server::TcpIncoming;

use super::{advance, claim, error, fields, submit};
use crate::clinic::{self, ADA, NORA, from_blue, request, visit};
use crate::server::{Api, Server};

// Payment is due seven days after the decision: on 7 April to the green clinic, on 9 April to the blue one.
#[tokio::test]
async fn a_turn_pays_what_falls_due_on_the_day_it_does() {
    let server = Server::start().await;
    let api = server.api();
    let first = submit(&api, request("", visit(ADA, "A-1", 2))).await;
    advance(&api, "", "2026-04-02").await.unwrap();
    let second = submit(&api, request("", from_blue(visit(NORA, "N-1", 2)))).await;
    let progress = advance(&api, "", "2026-04-30").await.unwrap();
    let told: Vec<(&str, i64, i64, bool)> = progress
        .iter()
        .map(|step| (step.clock.as_ref().unwrap().now.as_str(), step.remittances, step.paid_cents, step.done))
        .collect();
    assert_eq!(
        told,
        [
            ("2026-04-07T00:00:00", 1, 1_600, false),
            ("2026-04-09T00:00:00", 2, 3_200, false),
            ("2026-04-30T00:00:00", 2, 3_200, true)
        ]
    );
    for (answer, day) in [(first, "2026-04-07"), (second, "2026-04-09")] {
        assert_eq!(answer.remittance, "");
        let name = claim(&api, &answer.name).await.unwrap().remittance;
        let get = pb::GetRemittanceRequest { name, ..Default::default() };
        let remittance = api.remittances().get_remittance(get).await.unwrap().into_inner();
        assert_eq!((remittance.paid_date.as_str(), remittance.claims[0].claim.as_str()), (day, answer.name.as_str()));
    }
}

#[tokio::test]
async fn a_turn_by_days_counts_from_where_the_clock_stands() {
    let server = Server::start().await;
    let target = Some(pb::advance_clock_request::Target::Days(10));
    let request = pb::AdvanceClockRequest { name: String::new(), target };
    let mut progress = server.api().sandboxes().advance_clock(request).await.unwrap().into_inner();
    let last = progress.message().await.unwrap().unwrap();
    assert_eq!((last.clock.unwrap().now.as_str(), last.done), ("2026-04-10T00:00:00", true));
    assert!(progress.message().await.unwrap().is_none());
}

#[tokio::test]
async fn a_clock_does_not_go_back() {
    let server = Server::start().await;
    let api = server.api();
    advance(&api, "", "2026-04-02").await.unwrap();
    for target in ["2026-04-01", clinic::START] {
        let (code, reason, metadata) = error(&advance(&api, "", target).await.unwrap_err());
        assert_eq!((code, reason.as_str()), (Code::FailedPrecondition, "CLOCK"));
        assert_eq!(metadata["now"], "2026-04-02T00:00:00");
    }
    // Where it stands already it may be turned to.
    assert_eq!(advance(&api, "", "2026-04-02").await.unwrap().len(), 1);
    assert_eq!(fields(&advance(&api, "", "2026-04-31").await.unwrap_err()), ["to_date"]);
    let clock = api.sandboxes().get_clock(pb::GetClockRequest::default()).await.unwrap().into_inner();
    assert_eq!(clock.now, "2026-04-02T00:00:00");
}

#[tokio::test]
async fn a_turn_without_a_goal_or_past_the_calendar_is_refused() {
    let server = Server::start().await;
    use pb::advance_clock_request::Target;
    for (target, field) in [(None, "target"), (Some(Target::Days(i32::MAX)), "days")] {
        let request = pb::AdvanceClockRequest { name: String::new(), target };
        let mut progress = server.api().sandboxes().advance_clock(request).await.unwrap().into_inner();
        assert_eq!(fields(&progress.message().await.unwrap_err()), [field]);
    }
}

/// A wall clock that the test sets.
struct Wall(Mutex<jiff::civil::DateTime>);

impl WallClock for Wall {
    fn now(&self) -> jiff::civil::DateTime {
        *self.0.lock().unwrap()
    }
}

#[tokio::test]
async fn a_following_clock_goes_by_the_wall_and_cannot_be_turned() {
    let wall = Arc::new(Wall(Mutex::new(jiff::civil::date(2026, 3, 31).at(13, 45, 0, 0))));
    let opening = Opening {
        store: Arc::new(SledStore::ephemeral().unwrap()),
        folder: clinic::folder(),
        follow_wall_clock: true,
        wall: wall.clone(),
        max_interchange_bytes: 1 << 20,
    };
    let payer = Payer::open(opening).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = api::routes(Arc::clone(&payer)).await.unwrap();
    tokio::spawn(Transport::builder().add_routes(routes).serve_with_incoming(TcpIncoming::from(listener)));
    let api = Api::connect(address).await;

    let clock = || async { api.sandboxes().get_clock(pb::GetClockRequest::default()).await.unwrap().into_inner() };
    let following =
        pb::Clock { mode: pb::ClockMode::Following.into(), now: "2026-03-31T13:45:00".to_owned(), epoch: 0 };
    assert_eq!(clock().await, following);
    let (_, reason, metadata) = error(&advance(&api, "", "2026-05-01").await.unwrap_err());
    assert_eq!((reason.as_str(), metadata["now"].as_str()), ("CLOCK", "2026-03-31T13:45:00"));

    let answer = submit(&api, request("", visit(ADA, "A-1", 2))).await;
    assert_eq!((answer.received_date.as_str(), answer.due_date.as_str()), ("2026-03-31", "2026-04-07"));
    *wall.0.lock().unwrap() = jiff::civil::date(2026, 4, 8).at(0, 0, 1, 0);
    payer.catch_up().unwrap();
    let name = claim(&api, &answer.name).await.unwrap().remittance;
    let get = pb::GetRemittanceRequest { name, ..Default::default() };
    let remittance = api.remittances().get_remittance(get).await.unwrap().into_inner();
    // Paid on the day on which it fell due, though the wall clock had gone past it, as by a turn of a frozen clock.
    assert_eq!((remittance.paid_date.as_str(), remittance.issued_time.as_str()), ("2026-04-07", "2026-04-07T00:00:00"));
    assert_eq!(clock().await.now, "2026-04-08T00:00:01");
    // A wall clock that is set back does not turn the sandbox's back.
    *wall.0.lock().unwrap() = jiff::civil::date(2026, 4, 1).at(9, 0, 0, 0);
    assert_eq!(clock().await.now, "2026-04-08T00:00:00");
}
