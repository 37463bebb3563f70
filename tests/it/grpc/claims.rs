//! Claims one at a time: decided, read again, repeated, explained.

use payersim::adjudication::edits;
use payersim::proto::v1 as pb;
use tonic::Code;

use super::{adjustments, bytes, claim, error, paid, submit};
use crate::clinic::{self, ADA, ALAN, request, visit};
use crate::server::Server;

// 150.00 charged, 120.00 allowed; the deductible takes 100.00, a fifth of the other 20.00 is hers: 16.00 are paid.
#[tokio::test]
async fn a_claim_is_decided_and_stays_as_it_was_answered() {
    let server = Server::start().await;
    let sent = visit(ADA, "A-1", 2);
    let answer = submit(&server.api(), request("first", sent.clone())).await;
    assert_eq!(answer.state(), pb::ClaimState::Allowed);
    assert_eq!(answer.name, format!("sandboxes/default/claims/{}", answer.control_number));
    assert_eq!(answer.billed, Some(pb::claim::Billed::Professional(sent)));
    assert_eq!((answer.request_id.as_str(), answer.simulated), ("first", true));
    assert_eq!((answer.received_date.as_str(), answer.due_date.as_str()), (clinic::START, "2026-04-07"));
    assert_eq!(
        adjustments(&answer),
        [("CO-45".to_owned(), 3_000), ("PR-1".to_owned(), 10_000), ("PR-2".to_owned(), 400)]
    );
    let decision = answer.determination.clone().unwrap();
    assert_eq!((decision.charge_cents, decision.allowed_cents), (15_000, 12_000));
    assert_eq!((decision.patient_responsibility_cents, decision.paid_cents), (10_400, 1_600));
    assert_eq!(claim(&server.api(), &answer.name).await.unwrap(), answer);
}

#[tokio::test]
async fn a_request_id_answers_the_same_request_again_and_no_other() {
    let server = Server::start().await;
    let api = server.api();
    let first = submit(&api, request("once", visit(ADA, "A-1", 2))).await;
    let again = submit(&api, request("once", visit(ADA, "A-1", 2))).await;
    assert_eq!(bytes(&again), bytes(&first));

    let mut other = visit(ADA, "A-1", 2);
    other.lines[0].units = "2".to_owned();
    let status = api.claims().submit_claim(request("once", other)).await.unwrap_err();
    let (code, reason, metadata) = error(&status);
    assert_eq!((code, reason.as_str()), (Code::AlreadyExists, "REQUEST_ID_REUSED"));
    assert_eq!(metadata["claim"], first.name);

    // Only one claim was taken in.
    let list = api.claims().list_claims(pb::ListClaimsRequest::default()).await.unwrap().into_inner();
    assert_eq!(list.claims, [first]);
}

// A claim is committed with its family; the id must hold across families too.
#[tokio::test]
async fn a_request_id_belongs_to_one_claim_across_families() {
    let server = Server::start().await;
    let first = submit(&server.api(), request("once", visit(ADA, "A-1", 2))).await;
    let other = request("once", visit(clinic::NORA, "N-1", 2));
    let status = server.api().claims().submit_claim(other).await.unwrap_err();
    assert_eq!(error(&status).2["claim"], first.name);
}

#[tokio::test]
async fn without_a_request_id_the_same_claim_is_another_claim() {
    let server = Server::start().await;
    let first = submit(&server.api(), request("", visit(ADA, "A-1", 2))).await;
    let second = submit(&server.api(), request("", visit(ADA, "A-1", 2))).await;
    assert_ne!(first.name, second.name);
    assert_eq!((second.state(), paid(&second)), (pb::ClaimState::Denied, 0));
    assert_eq!(adjustments(&second), [("OA-18".to_owned(), 15_000)]);
}

// Ada has met her 100.00; the family's 150.00 leave 50.00 for Alan: of his 120.00 a fifth of 70.00 is 14.00, 56.00 are paid.
#[tokio::test]
async fn a_family_shares_its_deductible() {
    let server = Server::start().await;
    submit(&server.api(), request("", visit(ADA, "A-1", 2))).await;
    let mut claim = visit(ADA, "A-2", 3);
    let alan = visit(ALAN, "", 3).subscriber.unwrap();
    claim.patient = Some(pb::Patient {
        name: alan.name,
        birth_date: alan.birth_date,
        sex: alan.sex,
        relationship_code: "01".to_owned(),
        ..Default::default()
    });
    assert_eq!(paid(&submit(&server.api(), request("", claim)).await), 5_600);
}

// A denial is an answer like any other.
#[tokio::test]
async fn a_stranger_is_denied_and_not_refused() {
    let server = Server::start().await;
    let answer = submit(&server.api(), request("", visit("HC9999", "S-1", 2))).await;
    assert_eq!(answer.state(), pb::ClaimState::Denied);
    assert_eq!(adjustments(&answer), [("PR-31".to_owned(), 15_000)]);
    assert_eq!(answer.due_date, "2026-04-07", "an explanation is due");
}

#[tokio::test]
async fn a_rejected_claim_is_kept_without_a_control_number() {
    let server = Server::start().await;
    let mut wrong = visit(ADA, "A-1", 2);
    wrong.charge_cents = 14_999;
    let answer = submit(&server.api(), request("", wrong)).await;
    assert_eq!((answer.state(), answer.control_number.as_str()), (pb::ClaimState::Rejected, ""));
    assert!(answer.determination.is_none() && answer.due_date.is_empty());
    let [rejection] = answer.rejections.as_slice() else { panic!("{:?}", answer.rejections) };
    assert_eq!((rejection.category_code.as_str(), rejection.status_code.as_str()), ("A7", "178"));
    assert_eq!(rejection.field, "professional.charge_cents");
    assert_eq!(claim(&server.api(), &answer.name).await.unwrap(), answer);
}

#[tokio::test]
async fn a_claim_that_is_not_there_is_named() {
    let server = Server::start().await;
    let unknown = "sandboxes/default/claims/00000000010001";
    for name in [unknown, "sandboxes/default/claims/x", "claims/1", ""] {
        let (code, reason, metadata) = error(&claim(&server.api(), name).await.unwrap_err());
        assert_eq!((code, reason.as_str(), metadata["name"].as_str()), (Code::NotFound, "UNKNOWN_RESOURCE", name));
    }
    let elsewhere = claim(&server.api(), "sandboxes/nowhere/claims/00000000010001").await.unwrap_err();
    assert_eq!(error(&elsewhere).1, "UNKNOWN_SANDBOX");
}

#[tokio::test]
async fn a_decision_is_explained_and_comes_out_the_same_again() {
    let server = Server::start().await;
    let api = server.api();
    submit(&api, request("", visit(ADA, "A-1", 2))).await;
    let second = submit(&api, request("", visit(ADA, "A-2", 3))).await;
    submit(&api, request("", visit(ADA, "A-3", 4))).await;

    let explain = |include_passed| pb::ExplainClaimRequest { name: second.name.clone(), include_passed };
    let short = api.claims().explain_claim(explain(false)).await.unwrap().into_inner();
    assert!(short.reproduced);
    assert_eq!(short.claim.as_ref(), Some(&second));
    let benefits = short.steps.iter().find(|step| step.id == "benefits").expect("benefits acted");
    assert_eq!(benefits.line, 1);
    let told = benefits.inputs.iter().find(|input| input.name == "benefit").expect("what benefits looked at");
    assert_eq!((told.value.as_str(), benefits.version.is_empty()), ("office", false));
    assert!(short.steps.iter().all(|step| step.outcome() != pb::StepOutcome::Passed));

    let long = api.claims().explain_claim(explain(true)).await.unwrap().into_inner();
    for edit in edits::TABLE {
        let step = long.steps.iter().find(|step| step.id == edit.id);
        assert!(step.is_some_and(|step| !step.authority.is_empty()), "{} is not told", edit.id);
    }
    let passed = long.steps.iter().find(|step| step.id == "timely-filing").expect("timely filing passed");
    assert!(passed.inputs.iter().any(|input| input.name == "received"), "{passed:?}");
}

#[tokio::test]
async fn a_claim_that_was_turned_away_is_explained_by_what_turned_it_away() {
    let server = Server::start().await;
    let api = server.api();
    let mut claim = visit(ADA, "A-1", 2);
    claim.charge_cents += 1;
    let rejected = submit(&api, request("", claim)).await;
    let explain = pb::ExplainClaimRequest { name: rejected.name.clone(), include_passed: true };
    let told = api.claims().explain_claim(explain).await.unwrap().into_inner();
    let steps: Vec<_> = told.steps.iter().map(|step| (step.id.as_str(), step.outcome())).collect();
    assert_eq!(steps, [("intake", pb::StepOutcome::Rejected)]);
    assert_eq!(told.steps[0].inputs[0].value, "professional.charge_cents");
}

#[tokio::test]
async fn the_edits_are_listed_as_they_stand_in_the_table() {
    let server = Server::start().await;
    let list = server.api().claims().list_edits(pb::ListEditsRequest {}).await.unwrap().into_inner();
    let listed: Vec<(&str, Vec<String>)> = list.edits.iter().map(|e| (e.id.as_str(), e.carcs.clone())).collect();
    let table: Vec<(&str, Vec<String>)> =
        edits::TABLE.iter().map(|e| (e.id, e.carcs().iter().map(ToString::to_string).collect())).collect();
    assert_eq!(listed, table);
    assert!(list.edits.iter().all(|edit| !edit.summary.is_empty() && !edit.authority.is_empty()));
    assert!(list.edits.iter().all(|edit| ["claim", "line"].contains(&edit.scope.as_str())));
}
