//! Medical policies over the socket: listed, read, tested; and a folder with a broken one, which the payer does not take.

use payersim::proto::v1 as pb;

use super::{adjustments, error, fields, paid, submit, words_about};
use crate::clinic::{self, ADA, request, visit};
use crate::server::{Api, Server};

fn policy(policy_id: &str, procedure: &str, from: &str) -> pb::MedicalPolicy {
    pb::MedicalPolicy {
        policy_id: policy_id.to_owned(),
        procedures: vec![procedure.to_owned()],
        covered_diagnoses: vec!["E11".to_owned()],
        from: from.to_owned(),
        ..Default::default()
    }
}

/// The clinic's payer with these policies, put in force in the default sandbox.
async fn load(api: &Api, policies: Vec<pb::MedicalPolicy>) -> Result<pb::Sandbox, tonic::Status> {
    let payer = pb::PayerFolder { policies, ..clinic::folder() };
    let load = pb::LoadPayerRequest { name: "sandboxes/default".to_owned(), payer: Some(payer) };
    api.sandboxes().load_payer(load).await.map(tonic::Response::into_inner)
}

// Visits are paid 16.00; the policy covers them for diabetes only, which Ada does not have.
#[tokio::test]
async fn a_folder_with_a_broken_policy_is_refused_and_the_payer_keeps_its_last_good_ones() {
    let server = Server::start().await;
    let api = server.api();
    assert_eq!(paid(&submit(&api, request("", visit(ADA, "A-1", 2))).await), 1_600);
    let good = load(&api, vec![policy("MP-1", "99213", "2026-01-01")]).await.unwrap();
    let denied = submit(&api, request("", visit(ADA, "A-2", 3))).await;
    assert_eq!(adjustments(&denied)[0].0, "CO-50");

    let mut broken = policy("MP-1", "99213", "2026-01-01");
    let when = "line.unit > 2".to_owned();
    broken.requires = Some(pb::PolicyConditions { when, ..Default::default() });
    let status = load(&api, vec![broken, policy("MP-1", "99213", "2026-02-01")]).await.unwrap_err();
    assert_eq!(error(&status).1, "PAYER_FOLDER");
    assert_eq!(fields(&status), ["policies[0].requires.when", "policies[1].from"]);
    assert!(words_about(&status, "policies[0].requires.when").contains("did you mean \"line.units\"?"));

    let sandbox = pb::GetSandboxRequest { name: "sandboxes/default".to_owned() };
    let sandbox = api.sandboxes().get_sandbox(sandbox).await.unwrap().into_inner();
    assert_eq!(sandbox.payer_revision, good.payer_revision);
    let still = submit(&api, request("", visit(ADA, "A-3", 4))).await;
    assert_eq!(adjustments(&still)[0].0, "CO-50");
}

#[tokio::test]
async fn policies_are_listed_in_their_order_page_by_page_and_read_as_of_a_day() {
    let server = Server::start().await;
    let api = server.api();
    let first = pb::MedicalPolicy { through: "2025-12-31".to_owned(), ..policy("MP-2", "99214", "2025-01-01") };
    let early = pb::MedicalPolicy { rank: -1, ..policy("MP-9", "99213", "2026-01-01") };
    load(&api, vec![policy("MP-2", "99214", "2026-01-01"), first, early]).await.unwrap();

    let (mut told, mut page_token) = (Vec::new(), String::new());
    loop {
        let list = pb::ListPoliciesRequest { page_size: 2, page_token, ..Default::default() };
        let page = api.policies().list_policies(list).await.unwrap().into_inner();
        told.extend(page.policies.into_iter().map(|policy| (policy.policy_id, policy.from)));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let expected = [("MP-9", "2026-01-01"), ("MP-2", "2025-01-01"), ("MP-2", "2026-01-01")];
    assert_eq!(told, expected.map(|(id, from)| (id.to_owned(), from.to_owned())));

    let about = pb::ListPoliciesRequest { procedure: "99213".to_owned(), ..Default::default() };
    assert_eq!(api.policies().list_policies(about).await.unwrap().into_inner().policies.len(), 1);

    let get = |on: &str, id: &str| {
        let name = format!("sandboxes/default/policies/{id}");
        let request = pb::GetPolicyRequest { name, on_date: on.to_owned() };
        let mut policies = api.policies();
        async move { policies.get_policy(request).await.map(|policy| policy.into_inner().from) }
    };
    assert_eq!(get("2025-06-30", "MP-2").await.unwrap(), "2025-01-01");
    assert_eq!(get("2026-06-30", "MP-2").await.unwrap(), "2026-01-01");
    assert_eq!(get("2024-12-31", "MP-2").await.unwrap_err().code(), tonic::Code::NotFound);
    assert_eq!(get("", "MP-3").await.unwrap_err().code(), tonic::Code::NotFound);
}

#[tokio::test]
async fn the_examples_of_policies_are_decided_and_nothing_is_kept_of_them() {
    let server = Server::start().await;
    let api = server.api();
    let example = |say: &str, code: &str, expect: &str| pb::PolicyExample {
        say: say.to_owned(),
        diagnoses: vec![code.to_owned()],
        expect: expect.to_owned(),
        ..Default::default()
    };
    let mut tested = policy("MP-1", "99213", "2026-01-01");
    tested.examples = vec![
        example("for diabetes it is covered", "E11.9", "none"),
        example("for a cold it is not", "J00", "CO-50"),
        example("this one is wrong", "J00", "none"),
    ];
    load(&api, vec![tested]).await.unwrap();
    let tests = api.policies().test_policies(pb::TestPoliciesRequest::default()).await.unwrap().into_inner();
    let told: Vec<(&str, bool)> = tests.tests.iter().map(|test| (test.got.as_str(), test.holds)).collect();
    assert_eq!((told.as_slice(), tests.failed), (&[("none", true), ("CO-50", true), ("CO-50", false)][..], 1));
    let claims = api.claims().list_claims(pb::ListClaimsRequest::default()).await.unwrap().into_inner();
    assert_eq!(claims.claims, []);
}

// The visit of line 1 is for another diagnosis than diabetes, and Ada's fourth year at least; both are looked at.
#[tokio::test]
async fn a_step_of_a_policy_names_the_policy_its_version_what_it_rests_on_and_what_it_looked_at() {
    let server = Server::start().await;
    let api = server.api();
    let old = pb::MedicalPolicy { through: "2025-12-31".to_owned(), ..policy("MP-1", "99213", "2025-01-01") };
    let href = "https://payer.example/MP-1";
    let new = pb::MedicalPolicy {
        title: "Visits".to_owned(),
        rationale: "Visits are for those who are ill.".to_owned(),
        href: href.to_owned(),
        requires: Some(pb::PolicyConditions { min_age_years: Some(4), ..Default::default() }),
        ..policy("MP-1", "99213", "2026-01-01")
    };
    load(&api, vec![old, new]).await.unwrap();
    let denied = submit(&api, request("", visit(ADA, "A-1", 2))).await;
    let explain = pb::ExplainClaimRequest { name: denied.name.clone(), include_passed: false };
    let told = api.claims().explain_claim(explain).await.unwrap().into_inner();
    assert!(told.reproduced);
    let step = told.steps.iter().find(|step| step.id == "medical-policy").expect("the policy's step");
    assert_eq!((step.policy_id.as_str(), step.version.as_str()), ("MP-1", "2026-01-01"));
    let rests_on: Vec<(&str, &str)> = step.authority.iter().map(|a| (a.title.as_str(), a.href.as_str())).collect();
    assert_eq!(rests_on, [("MP-1 (Visits, since 2026-01-01)", href)]);
    assert!(step.words.ends_with(&format!(" Visits are for those who are ill. {href}")), "{}", step.words);
    let names: Vec<&str> = step.inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["service", "procedure", "diagnoses", "patient's age"]);
    let others = told.steps.iter().filter(|step| step.id != "medical-policy");
    assert!(others.into_iter().all(|step| step.policy_id.is_empty() && step.version != "2026-01-01"));
}

#[tokio::test]
async fn the_catalogue_has_what_the_policies_of_the_sandbox_choose() {
    let server = Server::start().await;
    let api = server.api();
    let denial = async |name: &str| {
        let request = pb::GetDenialRequest { name: name.to_owned(), parent: String::new() };
        api.denials().get_denial(request).await.map(tonic::Response::into_inner)
    };
    assert!(!denial("167").await.unwrap().not_given.is_empty());
    assert_eq!(error(&denial("CO-167").await.unwrap_err()).1, "UNKNOWN_RESOURCE");

    let finding = |carc: &str, rarcs: &[&str]| pb::PolicyDenial {
        group: "CO".to_owned(),
        carc: carc.to_owned(),
        rarcs: rarcs.iter().map(|code| (*code).to_owned()).collect(),
        patient_with_notice: true,
    };
    let chooses = |policy_id: &str, finding: pb::PolicyDenial| pb::MedicalPolicy {
        title: format!("Policy {policy_id}"),
        href: format!("https://payer.example/{policy_id}"),
        finding: Some(pb::medical_policy::Finding::Deny(finding)),
        ..policy(policy_id, "99213", "2026-01-01")
    };
    load(&api, vec![chooses("MP-1", finding("167", &["N130"])), chooses("MP-2", finding("50", &["N115"]))])
        .await
        .unwrap();
    for name in ["CO-167", "PR-167"] {
        let told = denial(name).await.unwrap();
        let by: Vec<(&str, &str)> =
            told.given_by.iter().map(|by| (by.id.as_str(), by.authority[0].href.as_str())).collect();
        assert_eq!(by, [("MP-1", "https://payer.example/MP-1")], "{name}");
        let remarks: Vec<&str> = told.remarks.iter().map(|remark| remark.code.as_str()).collect();
        assert_eq!((remarks.as_slice(), told.not_given.as_str()), (&["N130"][..], ""), "{name}");
    }
    // The edit of policies gives 50 by itself; the policy stands beside it.
    let by: Vec<String> = denial("CO-50").await.unwrap().given_by.into_iter().map(|by| by.id).collect();
    assert_eq!(by.iter().filter(|id| *id == "MP-2").count(), 1, "{by:?}");
    assert!(by.contains(&"medical-policy".to_owned()), "{by:?}");
    let list = pb::ListDenialsRequest { parent: String::new(), include_not_given: true };
    let list = api.denials().list_denials(list).await.unwrap().into_inner().denials;
    let named: Vec<&str> =
        list.iter().filter(|denial| denial.carc == "167").map(|denial| denial.name.as_str()).collect();
    assert_eq!(named, ["denials/CO-167", "denials/PR-167"]);
}
