//! Appeals over a socket: kept once, listed by page, and every bad field named.

use payersim::proto::v1 as pb;
use pb::file_appeal_request::Subject;
use tonic::Code;

use super::{error, fields, submit};
use crate::clinic::{ADA, NORA, TESTA, request, visit};
use crate::server::{Api, Server};

/// Claims of these members, each denied CO-50 by a directive and told by a remittance.
async fn denied(api: &Api, members: &[&str]) -> Vec<pb::Claim> {
    let denial = pb::ForcedDenial { group: pb::GroupCode::Co.into(), carc: "50".to_owned(), rarcs: vec![] };
    let outcome = Some(pb::ForcedOutcome { kind: Some(pb::forced_outcome::Kind::Deny(denial)) });
    let directive = Some(pb::Directive { outcome, ..Default::default() });
    let create = pb::CreateDirectiveRequest { directive, ..Default::default() };
    api.directives().create_directive(create).await.unwrap();
    let mut claims = Vec::new();
    for member in members {
        claims.push(submit(api, request("", visit(member, "A-1", 2))).await);
    }
    let pay = pb::RunPaymentsRequest { include_not_due: true, ..Default::default() };
    api.remittances().run_payments(pay).await.unwrap();
    claims
}

fn appeal(claim: &pb::Claim, request_id: &str, reason: &str) -> pb::FileAppealRequest {
    pb::FileAppealRequest {
        subject: Some(Subject::Claim(claim.name.clone())),
        request_id: request_id.to_owned(),
        filer: Some(pb::AppealFiler {
            role: pb::AppealRole::Member.into(),
            name: "A Member".to_owned(),
            ..Default::default()
        }),
        reason: reason.to_owned(),
        ..Default::default()
    }
}

async fn file(api: &Api, request: pb::FileAppealRequest) -> Result<pb::Appeal, tonic::Status> {
    api.appeals().file_appeal(request).await.map(tonic::Response::into_inner)
}

#[tokio::test]
async fn an_appeal_is_made_once_per_request_id_and_gone_after_a_reset() {
    let server = Server::start().await;
    let api = server.api();
    let claims = denied(&api, &[TESTA]).await;
    let first = file(&api, appeal(&claims[0], "a-1", "needed")).await.unwrap();
    assert_eq!(first.state(), pb::AppealState::Open);
    assert_eq!(first.name, format!("sandboxes/default/appeals/A{}0001", &claims[0].control_number[..10]));
    assert_eq!(file(&api, appeal(&claims[0], "a-1", "needed")).await.unwrap(), first);
    let other = file(&api, appeal(&claims[0], "a-1", "wanted")).await.unwrap_err();
    assert_eq!(error(&other).1, "REQUEST_ID_REUSED");
    // Asked once more under another id, it is answered, and numbered by itself.
    let again = file(&api, appeal(&claims[0], "a-2", "needed")).await.unwrap();
    assert_eq!((again.state(), again.answer.unwrap().id.as_str()), (pb::AppealState::Refused, "already-filed"));
    api.sandboxes().reset_sandbox(pb::ResetSandboxRequest { name: "sandboxes/default".to_owned() }).await.unwrap();
    let gone = api.appeals().get_appeal(pb::GetAppealRequest { name: first.name }).await.unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);
}

#[tokio::test]
async fn appeals_are_listed_by_page_and_by_what_they_are_about() {
    let server = Server::start().await;
    let api = server.api();
    let claims = denied(&api, &[ADA, TESTA, NORA]).await;
    for claim in &claims {
        file(&api, appeal(claim, "", "needed")).await.unwrap();
    }
    let list = |filter: pb::AppealFilter, page_token: String| {
        let request = pb::ListAppealsRequest { page_size: 2, page_token, filter: Some(filter), ..Default::default() };
        let api = &api;
        async move { api.appeals().list_appeals(request).await.map(tonic::Response::into_inner) }
    };
    let first = list(pb::AppealFilter::default(), String::new()).await.unwrap();
    assert_eq!(first.appeals.len(), 2);
    let second = list(pb::AppealFilter::default(), first.next_page_token.clone()).await.unwrap();
    assert_eq!((second.appeals.len(), second.next_page_token.as_str()), (1, ""));
    let about = pb::AppealFilter { claim: claims[1].name.clone(), ..Default::default() };
    let found = list(about.clone(), String::new()).await.unwrap().appeals;
    assert_eq!(found.iter().map(|appeal| &appeal.claim).collect::<Vec<_>>(), [&claims[1].name]);
    let stray = list(about, first.next_page_token).await.unwrap_err();
    assert_eq!(error(&stray).1, "PAGE_TOKEN");
    let bad = pb::AppealFilter { decide_by_through: "soon".to_owned(), ..Default::default() };
    assert_eq!(fields(&list(bad, String::new()).await.unwrap_err()), ["filter.decide_by_through"]);
}

#[tokio::test]
async fn who_decided_first_does_not_hear_the_appeal_and_what_is_decided_stays() {
    let server = Server::start().await;
    let api = server.api();
    let claims = denied(&api, &[TESTA]).await;
    let made = file(&api, appeal(&claims[0], "", "needed")).await.unwrap();
    let decide = |outcome: pb::AppealOutcome, by: &str| {
        let request = pb::DecideAppealRequest {
            name: made.name.clone(),
            outcome: outcome.into(),
            decided_by: by.to_owned(),
            rationale: "as the records show".to_owned(),
            request_id: "d-1".to_owned(),
            ..Default::default()
        };
        let api = &api;
        async move { api.appeals().decide_appeal(request).await.map(tonic::Response::into_inner) }
    };
    assert_eq!(fields(&decide(pb::AppealOutcome::Unspecified, "").await.unwrap_err()), ["outcome", "decided_by"]);
    let decided = decide(pb::AppealOutcome::Overturned, "R. Example").await.unwrap();
    let decision = decided.decision.clone().unwrap();
    assert_eq!(decision.lines[0].set_aside, ["instruction"]);
    assert!(decision.paid_cents_after > 0, "{}", decision.words);
    // The same decision once more is the same answer; another is too late.
    assert_eq!(decide(pb::AppealOutcome::Overturned, "R. Example").await.unwrap(), decided);
    let late = decide(pb::AppealOutcome::Upheld, "R. Example").await.unwrap_err();
    assert_eq!((late.code(), error(&late).1), (Code::FailedPrecondition, "APPEAL_STATE".to_owned()));
}
