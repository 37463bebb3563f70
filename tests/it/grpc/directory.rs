//! The directory: what is changed holds for decisions from then on, and for none before.

use payersim::proto::v1 as pb;
use tonic::{Code, Status};

use super::{adjustments, error, fields, paid, submit, words_about};
use crate::clinic::{self, ADA, GREEN, member, request, visit};
use crate::server::{Api, Server};

async fn reproduced(api: &Api, claim: &pb::Claim) -> bool {
    let request = pb::ExplainClaimRequest { name: claim.name.clone(), include_passed: false };
    api.claims().explain_claim(request).await.unwrap().into_inner().reproduced
}

async fn upsert_member(api: &Api, member: pb::Member) -> Result<pb::Member, Status> {
    let request = pb::UpsertMemberRequest { parent: String::new(), member: Some(member) };
    api.directory().upsert_member(request).await.map(tonic::Response::into_inner)
}

#[tokio::test]
async fn a_new_member_is_known_to_the_next_claim_and_unknown_to_the_last() {
    let server = Server::start().await;
    let api = server.api();
    let before = submit(&api, request("", visit("HC0501", "N-1", 2))).await;
    let stored = upsert_member(&api, member("HC0501", "HC0501")).await.unwrap();
    assert_eq!(stored.name, "sandboxes/default/members/HC0501");
    let after = submit(&api, request("", visit("HC0501", "N-2", 3))).await;
    assert_eq!(adjustments(&before)[0].0, "PR-31");
    assert_eq!(paid(&after), 1_600);
    assert!(reproduced(&api, &before).await && reproduced(&api, &after).await);
}

#[tokio::test]
async fn a_change_to_a_member_does_not_reach_back() {
    let server = Server::start().await;
    let api = server.api();
    let before = submit(&api, request("", visit(ADA, "A-1", 2))).await;
    let mut left = member(ADA, ADA);
    left.coverages[0].through = "2026-02-28".to_owned();
    upsert_member(&api, left).await.unwrap();
    let after = submit(&api, request("", visit(ADA, "A-2", 3))).await;
    assert_eq!((paid(&before), adjustments(&after)[0].0.as_str()), (1_600, "PR-27"));
    assert!(reproduced(&api, &before).await && reproduced(&api, &after).await);
}

#[tokio::test]
async fn a_change_to_a_provider_does_not_reach_back() {
    let server = Server::start().await;
    let api = server.api();
    let before = submit(&api, request("", visit(ADA, "A-1", 2))).await;
    let name = format!("sandboxes/default/providers/{GREEN}");
    let mut green = api.directory().get_provider(pb::GetProviderRequest { name }).await.unwrap().into_inner();
    green.enrollments[0].from = "2026-03-03".to_owned();
    let upsert = pb::UpsertProviderRequest { parent: String::new(), provider: Some(green) };
    api.directory().upsert_provider(upsert).await.unwrap();
    let after = submit(&api, request("", visit(ADA, "A-2", 2))).await;
    assert_eq!((after.state(), paid(&before)), (pb::ClaimState::Denied, 1_600));
    assert!(reproduced(&api, &before).await && reproduced(&api, &after).await);
}

// Half of the 150.00 is allowed now: 75.00, all of it below the deductible.
#[tokio::test]
async fn another_payer_holds_for_the_next_claim_and_the_last_still_comes_out() {
    let server = Server::start().await;
    let api = server.api();
    let before = submit(&api, request("", visit(ADA, "A-1", 2))).await;
    let mut folder = clinic::folder();
    folder.members[2].person_name =
        Some(pb::Name { last: "Other".to_owned(), first: "Name".to_owned(), ..Default::default() });
    folder.fee_schedules[0].method =
        Some(pb::fee_schedule::Method::PercentOfCharge(pb::PercentOfCharge { percentage: "0.50".to_owned() }));
    let load = pb::LoadPayerRequest { name: String::new(), payer: Some(folder) };
    let sandbox = api.sandboxes().load_payer(load).await.unwrap().into_inner();
    let after = submit(&api, request("", visit(clinic::NORA, "N-1", 2))).await;
    assert_eq!(adjustments(&after), [("CO-45".to_owned(), 7_500), ("PR-1".to_owned(), 7_500)]);
    let revision = |claim: &pb::Claim| claim.determination.as_ref().unwrap().payer_revision.clone();
    assert_ne!(revision(&before), revision(&after));
    assert_eq!(revision(&after), sandbox.payer_revision);
    assert!(reproduced(&api, &before).await && reproduced(&api, &after).await);
}

#[tokio::test]
async fn a_changed_plan_makes_a_new_revision() {
    let server = Server::start().await;
    let api = server.api();
    let before = submit(&api, request("", visit(ADA, "A-1", 2))).await;
    let name = "sandboxes/default/plans/ppo".to_owned();
    let mut plan = api.directory().get_plan(pb::GetPlanRequest { name }).await.unwrap().into_inner();
    plan.benefits[0].in_network = Some(pb::BenefitShare { no_cost_share: true, ..Default::default() });
    let upsert = |plan| pb::UpsertPlanRequest { parent: String::new(), plan: Some(plan) };
    api.directory().upsert_plan(upsert(plan.clone())).await.unwrap();
    let after = submit(&api, request("", visit(ADA, "A-2", 3))).await;
    assert_eq!((paid(&before), paid(&after)), (1_600, 12_000));
    assert!(reproduced(&api, &before).await && reproduced(&api, &after).await);

    plan.claim_filing_indicator = "??".to_owned();
    let status = api.directory().upsert_plan(upsert(plan)).await.unwrap_err();
    assert_eq!(
        (fields(&status), error(&status).1.as_str()),
        (vec!["plans[0].claim_filing_indicator".to_owned()], "PAYER_FOLDER")
    );
}

#[tokio::test]
async fn the_payer_can_be_read_and_replaced() {
    let server = Server::start().await;
    let api = server.api();
    let mut payer = api.directory().get_payer(pb::GetPayerRequest::default()).await.unwrap().into_inner();
    assert_eq!(payer.payer_id, "CLINIC1");
    payer.unknown_member = pb::UnknownMember::Reject.into();
    let upsert = |payer| pb::UpsertPayerRequest { parent: String::new(), payer };
    api.directory().upsert_payer(upsert(Some(payer))).await.unwrap();
    let answer = submit(&api, request("", visit("HC9999", "S-1", 2))).await;
    assert_eq!(answer.state(), pb::ClaimState::Rejected);
    assert_eq!((answer.rejections[0].category_code.as_str(), answer.rejections[0].status_code.as_str()), ("A3", "33"));
    let status = api.directory().upsert_payer(upsert(None)).await.unwrap_err();
    assert_eq!(fields(&status), ["payer"]);
}

#[tokio::test]
async fn an_authorization_can_be_added_and_is_listed_with_its_member() {
    let server = Server::start().await;
    let api = server.api();
    let authorization = pb::Authorization {
        number: "AUTH-2".to_owned(),
        member_id: ADA.to_owned(),
        procedures: vec!["99213".to_owned()],
        from: "2026-01-01".to_owned(),
        through: "2026-12-31".to_owned(),
        ..Default::default()
    };
    let upsert = pb::UpsertAuthorizationRequest { parent: String::new(), authorization: Some(authorization) };
    let stored = api.directory().upsert_authorization(upsert).await.unwrap().into_inner();
    let get = pb::GetAuthorizationRequest { name: stored.name.clone() };
    assert_eq!(api.directory().get_authorization(get).await.unwrap().into_inner(), stored);
    for (member, numbers) in [(ADA, vec!["AUTH-1", "AUTH-2"]), (clinic::NORA, vec![]), ("", vec!["AUTH-1", "AUTH-2"])] {
        let list = pb::ListAuthorizationsRequest { member_id: member.to_owned(), ..Default::default() };
        let list = api.directory().list_authorizations(list).await.unwrap().into_inner().authorizations;
        assert_eq!(list.iter().map(|a| a.number.as_str()).collect::<Vec<_>>(), numbers);
    }
}

#[tokio::test]
async fn lists_merge_what_was_seeded_with_what_was_changed() {
    let server = Server::start().await;
    let api = server.api();
    upsert_member(&api, member("HC0103", ADA)).await.unwrap();
    let mut renamed = member(clinic::ALAN, ADA);
    renamed.relationship_code = "01".to_owned();
    renamed.birth_date = "1981-07-17".to_owned();
    upsert_member(&api, renamed).await.unwrap();
    let list = |subscriber: &str, page_size, page_token: &str| pb::ListMembersRequest {
        subscriber_id: subscriber.to_owned(),
        page_size,
        page_token: page_token.to_owned(),
        ..Default::default()
    };
    let family = api.directory().list_members(list(ADA, 0, "")).await.unwrap().into_inner().members;
    let told: Vec<(&str, &str)> = family.iter().map(|m| (m.member_id.as_str(), m.birth_date.as_str())).collect();
    assert_eq!(told, [(ADA, "1980-06-15"), (clinic::ALAN, "1981-07-17"), ("HC0103", "1995-05-05")]);

    let first = api.directory().list_members(list("", 4, "")).await.unwrap().into_inner();
    let second = api.directory().list_members(list("", 4, &first.next_page_token)).await.unwrap().into_inner();
    assert_eq!((first.members.len(), second.members.len(), second.next_page_token.as_str()), (4, 2, ""));
    assert!(first.members.last().unwrap().member_id < second.members[0].member_id);

    let providers = api.directory().list_providers(pb::ListProvidersRequest::default()).await.unwrap().into_inner();
    assert_eq!(providers.providers.iter().map(|p| p.npi.as_str()).collect::<Vec<_>>(), [GREEN, clinic::BLUE]);
    let plans = api.directory().list_plans(pb::ListPlansRequest::default()).await.unwrap().into_inner();
    assert_eq!((plans.plans.len(), plans.plans[0].plan_id.as_str()), (1, "ppo"));
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_its_field() {
    let server = Server::start().await;
    let api = server.api();
    let mut bad = member("HC0501", "HC0501");
    bad.birth_date = "1990-02-30".to_owned();
    bad.relationship_code = "19".to_owned();
    let status = upsert_member(&api, bad).await.unwrap_err();
    assert_eq!(fields(&status), ["member.relationship_code", "member.birth_date"]);

    let mut elsewhere = member("HC0501", "HC0501");
    elsewhere.coverages[0].plan_id = "gold".to_owned();
    let status = upsert_member(&api, elsewhere).await.unwrap_err();
    assert_eq!(fields(&status), ["member.coverages[0].plan_id"]);
    assert!(words_about(&status, "member.coverages[0].plan_id").contains("ppo"));

    let missing = pb::UpsertMemberRequest::default();
    assert_eq!(fields(&api.directory().upsert_member(missing).await.unwrap_err()), ["member"]);
    let provider = pb::Provider { npi: "2000000011".to_owned(), ..Default::default() };
    let upsert = pb::UpsertProviderRequest { parent: String::new(), provider: Some(provider) };
    let status = api.directory().upsert_provider(upsert).await.unwrap_err();
    assert!(words_about(&status, "provider.npi").contains("check digit"));

    let unknown = pb::GetMemberRequest { name: "sandboxes/default/members/HC9999".to_owned() };
    let (code, reason, _) = error(&api.directory().get_member(unknown).await.unwrap_err());
    assert_eq!((code, reason.as_str()), (Code::NotFound, "UNKNOWN_RESOURCE"));
}
