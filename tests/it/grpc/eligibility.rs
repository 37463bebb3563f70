//! Eligibility: covered or not, and what has been met.

use payersim::proto::v1 as pb;

use super::{error, fields, submit};
use crate::clinic::{ADA, ALAN, GREEN, request, visit};
use crate::server::{Api, Server};

async fn check(api: &Api, request: pb::CheckEligibilityRequest) -> pb::CheckEligibilityResponse {
    api.eligibility().check_eligibility(request).await.unwrap().into_inner()
}

fn about(member_id: &str) -> pb::CheckEligibilityRequest {
    pb::CheckEligibilityRequest { member_id: member_id.to_owned(), ..Default::default() }
}

// Ada's visit took 100.00 of deductible and 4.00 of coinsurance.
#[tokio::test]
async fn what_a_claim_took_is_met_the_moment_it_is_answered() {
    let server = Server::start().await;
    let api = server.api();
    let met = |answer: &pb::CheckEligibilityResponse| -> Vec<(String, bool, i64, i64)> {
        let told = |a: &pb::AccumulatorAnswer| (a.accumulator.clone(), a.family, a.met_cents, a.left_cents);
        answer.accumulators.iter().map(told).collect()
    };
    let row = |name: &str, family, met, left| (name.to_owned(), family, met, left);
    let fresh = check(&api, about(ADA)).await;
    let untouched = [
        row("deductible", false, 0, 10_000),
        row("deductible", true, 0, 15_000),
        row("out_of_pocket", false, 0, 200_000),
    ];
    assert_eq!(met(&fresh), untouched);
    submit(&api, request("", visit(ADA, "A-1", 2))).await;
    let ada = [
        row("deductible", false, 10_000, 0),
        row("deductible", true, 10_000, 5_000),
        row("out_of_pocket", false, 10_400, 189_600),
    ];
    assert_eq!(met(&check(&api, about(ADA)).await), ada);
    // Of her husband's own nothing is met, of the family's it is.
    assert_eq!(met(&check(&api, about(ALAN)).await)[..2], [untouched[0].clone(), ada[1].clone()]);
}

#[tokio::test]
async fn a_benefit_is_told_by_its_code() {
    let server = Server::start().await;
    let asked = pb::CheckEligibilityRequest {
        last_name: "EXAMPLE".to_owned(),
        birth_date: "1980-06-15".to_owned(),
        service_type: "98".to_owned(),
        provider_npi: GREEN.to_owned(),
        ..about(ADA)
    };
    let answer = check(&server.api(), asked).await;
    assert!(answer.active && answer.simulated && answer.reject_reason.is_empty());
    assert_eq!((answer.plan_id.as_str(), answer.provider_network.as_str()), ("ppo", "in"));
    let [benefit] = answer.benefits.as_slice() else { panic!("{:?}", answer.benefits) };
    assert_eq!((benefit.benefit.as_str(), benefit.coinsurance.as_str(), benefit.covered), ("office", "0.2", true));
    assert!(benefit.deductible_applies);
}

#[tokio::test]
async fn who_is_not_found_or_not_covered_is_told_why() {
    let server = Server::start().await;
    let api = server.api();
    let reasons = [
        (about("HC9999"), "75"),
        (pb::CheckEligibilityRequest { birth_date: "1980-06-16".to_owned(), ..about(ADA) }, "71"),
        (pb::CheckEligibilityRequest { last_name: "Else".to_owned(), ..about(ADA) }, "73"),
    ];
    for (asked, reason) in reasons {
        let answer = check(&api, asked).await;
        assert_eq!((answer.active, answer.reject_reason.as_str()), (false, reason));
    }
    let early = check(&api, pb::CheckEligibilityRequest { service_date: "2023-12-31".to_owned(), ..about(ADA) }).await;
    assert!(!early.active && early.message.contains("2023-12-31"));
}

#[tokio::test]
async fn a_question_that_is_none_is_refused() {
    let server = Server::start().await;
    let api = server.api();
    let refused = |request| {
        let api = api.clone();
        async move { api.eligibility().check_eligibility(request).await.unwrap_err() }
    };
    assert_eq!(fields(&refused(about("")).await), ["member_id"]);
    let bad = pb::CheckEligibilityRequest { service_date: "2026-02-31".to_owned(), ..about(ADA) };
    assert_eq!(fields(&refused(bad).await), ["service_date"]);
    let elsewhere = pb::CheckEligibilityRequest { parent: "sandboxes/nowhere".to_owned(), ..about(ADA) };
    assert_eq!(error(&refused(elsewhere).await).1, "UNKNOWN_SANDBOX");
}
