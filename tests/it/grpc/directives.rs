//! Directives: outcomes by instruction.

use payersim::proto::v1 as pb;
use pb::forced_outcome::Kind;
use tonic::Code;

use super::{error, fields, submit};
use crate::clinic::{ADA, ALAN, NORA, TESTA, request, visit};
use crate::server::{Api, Server};

fn denial(carc: &str) -> Option<pb::ForcedOutcome> {
    let denial = pb::ForcedDenial { group: pb::GroupCode::Co.into(), carc: carc.to_owned(), rarcs: vec![] };
    Some(pb::ForcedOutcome { kind: Some(Kind::Deny(denial)) })
}

fn made(id: &str, request_id: &str, directive: pb::Directive) -> pb::CreateDirectiveRequest {
    let (directive_id, request_id) = (id.to_owned(), request_id.to_owned());
    pb::CreateDirectiveRequest { directive_id, request_id, directive: Some(directive), ..Default::default() }
}

async fn create(api: &Api, request: pb::CreateDirectiveRequest) -> Result<pb::Directive, tonic::Status> {
    api.directives().create_directive(request).await.map(tonic::Response::into_inner)
}

async fn names(api: &Api) -> Vec<String> {
    let list = api.directives().list_directives(pb::ListDirectivesRequest::default()).await.unwrap().into_inner();
    list.directives.into_iter().map(|known| known.name.rsplit('/').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_directive_is_made_once_per_request_id_and_gone_after_a_reset() {
    let server = Server::start().await;
    let api = server.api();
    let directive = pb::Directive { outcome: denial("50"), ..Default::default() };
    let first = create(&api, made("", "r-1", directive.clone())).await.unwrap();
    assert_eq!(first.name, "sandboxes/default/directives/directive-1");
    assert_eq!(create(&api, made("", "r-1", directive.clone())).await.unwrap(), first);
    let other = pb::Directive { outcome: denial("197"), ..Default::default() };
    assert_eq!(error(&create(&api, made("", "r-1", other.clone())).await.unwrap_err()).1, "REQUEST_ID_REUSED");
    create(&api, made("second", "", other.clone())).await.unwrap();
    assert_eq!(create(&api, made("second", "", other.clone())).await.unwrap_err().code(), Code::AlreadyExists);
    assert_eq!(fields(&create(&api, made("Not An Id", "", other.clone())).await.unwrap_err()), ["directive_id"]);
    assert_eq!(names(&api).await, ["directive-1", "second"]);

    let update = pb::UpdateDirectiveRequest { directive: Some(pb::Directive { disabled: true, ..first.clone() }) };
    let updated = api.directives().update_directive(update).await.unwrap().into_inner();
    assert!(updated.disabled && updated.number > first.number);
    let denied = submit(&api, request("", visit(ADA, "D-1", 2))).await;
    assert_eq!(denied.determination.unwrap().lines[0].adjustments[0].carc, "197");

    api.directives().delete_directive(pb::DeleteDirectiveRequest { name: first.name.clone() }).await.unwrap();
    assert_eq!(names(&api).await, ["second"]);
    let gone = api.directives().get_directive(pb::GetDirectiveRequest { name: first.name }).await.unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);
    api.sandboxes().reset_sandbox(pb::ResetSandboxRequest { name: "sandboxes/default".to_owned() }).await.unwrap();
    assert!(names(&api).await.is_empty());
    let allowed = submit(&api, request("", visit(ADA, "D-1", 2))).await;
    assert_eq!(allowed.state(), pb::ClaimState::Allowed);
}

// Families count by themselves: the second claim of each is denied, whoever came between.
#[tokio::test]
async fn counts_are_a_familys_own() {
    let server = Server::start().await;
    let api = server.api();
    let second = pb::Directive { outcome: denial("197"), nth_claim: 2, ..Default::default() };
    create(&api, made("second", "", second)).await.unwrap();
    let mut states = Vec::new();
    for (member, number, day) in
        [(ADA, "1", 2), (TESTA, "2", 2), (ALAN, "3", 3), (NORA, "4", 2), (TESTA, "5", 3), (ADA, "6", 4)]
    {
        states.push(submit(&api, request("", visit(member, number, day))).await.state() == pb::ClaimState::Denied);
    }
    assert_eq!(states, [false, false, true, false, true, false]);
}

// By chance, the same claims meet the same in every sandbox of a seed, in whatever order they come.
#[tokio::test]
async fn chance_hangs_on_the_claim_and_not_on_the_order() {
    let server = Server::start().await;
    let api = server.api();
    let half = pb::Directive { outcome: denial("197"), chance_per_mille: 500, ..Default::default() };
    let mut denied = Vec::new();
    for (sandbox, backwards) in [("one", false), ("two", true)] {
        let create = pb::CreateSandboxRequest { sandbox_id: sandbox.to_owned(), ..Default::default() };
        api.sandboxes().create_sandbox(create).await.unwrap();
        let parent = format!("sandboxes/{sandbox}");
        let of_sandbox = pb::CreateDirectiveRequest { parent: parent.clone(), ..made("half", "", half.clone()) };
        api.directives().create_directive(of_sandbox).await.unwrap();
        let mut days: Vec<u32> = (1..=20).collect();
        if backwards {
            days.reverse();
        }
        let mut of_sandbox = Vec::new();
        for day in days {
            let visit = request("", visit(TESTA, &format!("D-{day}"), day));
            let claim = submit(&api, pb::SubmitClaimRequest { parent: parent.clone(), ..visit }).await;
            if claim.state() == pb::ClaimState::Denied {
                of_sandbox.push(day);
            }
        }
        of_sandbox.sort_unstable();
        denied.push(of_sandbox);
    }
    assert_eq!(denied[0], denied[1]);
    assert!(!denied[0].is_empty() && denied[0].len() < 20);
}
