//! Comparisons: what would have become of the claims on record under another payer is what does become of them there.

use payersim::proto::v1 as pb;
use pb::compare_claims_response::Part;

use super::{advance, fields, paid, submit};
use crate::clinic::{self, ADA, ALAN, NORA, TESTA, request, visit};
use crate::server::{Api, Server};

/// The clinic's payer, whose plans ask for a deductible of 130.00 instead of 100.00.
fn dearer() -> pb::PayerFolder {
    let mut folder = clinic::folder();
    folder.plans.iter_mut().filter_map(|plan| plan.in_network.as_mut()).for_each(|terms| {
        terms.individual_deductible_cents = 13_000;
        terms.family_deductible_cents = 20_000;
    });
    folder
}

async fn compare(api: &Api, request: pb::CompareClaimsRequest) -> (Vec<pb::ChangedClaim>, pb::ComparisonSummary) {
    let mut parts = api.comparisons().compare_claims(request).await.unwrap().into_inner();
    let (mut changed, mut summary) = (Vec::new(), None);
    while let Some(answer) = parts.message().await.unwrap() {
        match answer.part.unwrap() {
            Part::Claim(claim) => changed.push(claim),
            Part::Summary(last) => summary = Some(last),
            Part::Progress(_) => {}
        }
    }
    (changed, summary.unwrap())
}

fn against(b: pb::PayerFolder) -> pb::CompareClaimsRequest {
    pb::CompareClaimsRequest { b: Some(b), ..Default::default() }
}

/// The same claims, come in the same order: several of a family, one turned away, one with a marker that denies it.
async fn send(api: &Api, sandbox: &str) -> Vec<pb::Claim> {
    let mut sent = Vec::new();
    let mut wrong = visit(NORA, "C-9", 9);
    wrong.charge_cents = 1;
    let claims = [
        visit(ADA, "C-1", 2),
        visit(ADA, "C-2", 3),
        visit(ALAN, "C-3", 4),
        visit(TESTA, "C-4", 5),
        visit(TESTA, "C-5+CO197", 6),
        visit(ADA, "C-6", 7),
        wrong,
    ];
    for claim in claims {
        sent.push(submit(api, pb::SubmitClaimRequest { parent: sandbox.to_owned(), ..request("", claim) }).await);
    }
    sent
}

#[tokio::test]
async fn what_a_comparison_says_of_the_other_payer_is_what_that_payer_decides() {
    let server = Server::start().await;
    let api = server.api();
    let here = send(&api, "").await;
    let create =
        pb::CreateSandboxRequest { sandbox_id: "dearer".to_owned(), payer: Some(dearer()), ..Default::default() };
    api.sandboxes().create_sandbox(create).await.unwrap();
    let there = send(&api, "sandboxes/dearer").await;

    let (changed, summary) = compare(&api, against(dearer())).await;
    let decided = |claims: &[pb::Claim]| -> i64 { claims.iter().filter(|c| c.determination.is_some()).map(paid).sum() };
    assert_eq!((summary.a_paid_cents, summary.b_paid_cents), (decided(&here), decided(&there)));
    assert_ne!(summary.a_paid_cents, summary.b_paid_cents);
    assert_eq!((summary.claims, summary.rejected_claims, summary.changed_claims), (6, 1, changed.len() as i64));
    for (ours, theirs) in here.iter().zip(&there).filter(|(ours, _)| ours.determination.is_some()) {
        let told = changed.iter().find(|claim| claim.claim == ours.name);
        let (a, b) = (ours.determination.as_ref().unwrap(), theirs.determination.as_ref().unwrap());
        let same = a.lines == b.lines;
        assert_eq!(told.is_none(), same, "{}", ours.name);
        let Some(told) = told else { continue };
        assert_eq!(
            (told.a.as_ref().unwrap().paid_cents, told.b.as_ref().unwrap().paid_cents),
            (paid(ours), paid(theirs))
        );
        assert_eq!(told.lines[0].b.as_ref().unwrap(), &b.lines[0]);
    }
    // Every cent of the charges is paid or explained under both.
    let explained = |of: fn(&pb::ComparedReason) -> i64| summary.reasons.iter().map(of).sum::<i64>();
    assert_eq!(summary.a_paid_cents + explained(|reason| reason.a_cents), summary.charge_cents);
    assert_eq!(summary.b_paid_cents + explained(|reason| reason.b_cents), summary.charge_cents);
}

#[tokio::test]
async fn a_payer_compared_with_itself_changes_nothing_and_nothing_is_kept() {
    let server = Server::start().await;
    let api = server.api();
    send(&api, "").await;
    let (changed, summary) = compare(&api, against(clinic::folder())).await;
    assert_eq!((changed.len(), summary.changed_claims, summary.claims), (0, 0, 6));
    assert_eq!(summary.a_paid_cents, summary.b_paid_cents);
    let (_, again) = compare(&api, against(dearer())).await;
    assert_eq!(compare(&api, against(dearer())).await.1, again);
}

// Her first visit took the whole deductible; once it is taken back, the second one takes it, under either payer.
#[tokio::test]
async fn what_was_taken_back_is_taken_back_under_both() {
    let server = Server::start().await;
    let api = server.api();
    let first = submit(&api, request("", visit(TESTA, "C-1", 2))).await;
    submit(&api, request("", visit(TESTA, "C-2", 3))).await;
    advance(&api, "", "2026-04-10").await.unwrap();
    let reverse =
        pb::ReverseClaimRequest { name: first.name.clone(), reason: "not there".to_owned(), ..Default::default() };
    api.claims().reverse_claim(reverse).await.unwrap();
    let third = submit(&api, request("", visit(TESTA, "C-3", 4))).await;
    let (changed, summary) = compare(&api, against(dearer())).await;
    assert_eq!((summary.claims, summary.reversed_claims), (2, 1));
    assert!(changed.iter().all(|claim| claim.claim != first.name));
    // 120.00 of each visit are allowed. Under A the third meets a deductible of 100.00 anew: a fifth of 20.00 is hers.
    assert_eq!(paid(&third), 16_00);
    let of_third = changed.iter().find(|claim| claim.claim == third.name).unwrap();
    assert_eq!(of_third.a.as_ref().unwrap().paid_cents, 16_00);
    // Under B the second took 10.00 of it, which were left of 130.00; 120.00 are left for the third.
    assert_eq!(of_third.b.as_ref().unwrap().paid_cents, 0);
}

#[tokio::test]
async fn claims_can_be_chosen_and_few_be_told() {
    let server = Server::start().await;
    let api = server.api();
    send(&api, "").await;
    let filter = pb::ClaimFilter { member_id: TESTA.to_owned(), ..Default::default() };
    let (_, of_testa) = compare(&api, pb::CompareClaimsRequest { filter: Some(filter), ..against(dearer()) }).await;
    assert_eq!(of_testa.claims, 2);
    let (told, all) = compare(&api, pb::CompareClaimsRequest { most: 1, ..against(dearer()) }).await;
    assert_eq!((told.len(), all.told), (1, 1));
    assert!(all.changed_claims > 1);
    let refused = api.comparisons().compare_claims(pb::CompareClaimsRequest::default()).await;
    let status = match refused {
        Err(status) => status,
        Ok(answer) => answer.into_inner().message().await.unwrap_err(),
    };
    assert_eq!(fields(&status), ["b"]);
}
