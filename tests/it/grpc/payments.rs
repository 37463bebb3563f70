//! How payees are paid: so many claims a remittance, by numbered check, nothing below the least; and what cannot be taken back.

use payersim::proto::v1 as pb;
use payersim::x12::remittance_835;
use tonic::Code;

use super::{advance, error, fields};
use crate::checkers::judge;
use crate::clinic::{self, ADA, NORA, TESTA, visit};
use crate::server::{Api, Server};

/// A sandbox whose payer pays so.
async fn sandbox(api: &Api, payments: pb::PaymentSettings) -> String {
    let mut folder = clinic::folder();
    folder.payer.as_mut().unwrap().payments = Some(payments);
    let request = pb::CreateSandboxRequest { payer: Some(folder), ..Default::default() };
    api.sandboxes().create_sandbox(request).await.unwrap().into_inner().name
}

async fn submit(api: &Api, sandbox: &str, claim: pb::ProfessionalClaim) -> pb::Claim {
    let request = pb::SubmitClaimRequest { parent: sandbox.to_owned(), ..clinic::request("", claim) };
    super::submit(api, request).await
}

async fn pay(api: &Api, sandbox: &str, include_not_due: bool) -> Vec<pb::Remittance> {
    let request = pb::RunPaymentsRequest { parent: sandbox.to_owned(), include_not_due, ..Default::default() };
    api.remittances().run_payments(request).await.unwrap().into_inner().remittances
}

async fn reverse(api: &Api, name: &str, recoupment: pb::Recoupment) -> Result<pb::Claim, tonic::Status> {
    let request = pb::ReverseClaimRequest {
        name: name.to_owned(),
        reason: "found in error".into(),
        recoupment: recoupment.into(),
        ..Default::default()
    };
    api.claims().reverse_claim(request).await.map(tonic::Response::into_inner)
}

// Five claims at two a remittance are three remittances; each is a check of its own, numbered from 1001.
#[tokio::test]
async fn a_remittance_holds_so_many_claims_and_checks_are_numbered() {
    let server = Server::start().await;
    let api = server.api();
    let sandbox =
        sandbox(&api, pb::PaymentSettings { max_claims: 2, first_check_number: 1001, ..Default::default() }).await;
    for day in 1..=5 {
        submit(&api, &sandbox, visit(ADA, &format!("A-{day}"), day)).await;
    }
    let issued = pay(&api, &sandbox, true).await;
    assert_eq!(issued.iter().map(|paid| paid.claims.len()).collect::<Vec<_>>(), [2, 2, 1]);
    let checks: Vec<&str> = issued.iter().map(|paid| paid.trace_number.as_str()).collect();
    assert_eq!(checks, ["1001", "1002", "1003"]);
    // A reversal and the decision made anew stay together, though the limit leaves no room behind another claim.
    let first = issued[0].claims[0].claim.clone();
    let request = pb::ReverseClaimRequest { name: first, reason: "again".into(), redecide: true, ..Default::default() };
    api.claims().reverse_claim(request).await.unwrap();
    submit(&api, &sandbox, visit(NORA, "N-1", 9)).await;
    let issued = pay(&api, &sandbox, true).await;
    let status = |paid: &pb::RemittanceClaim| paid.determination.as_ref().unwrap().claim_status_code.clone();
    let told: Vec<Vec<String>> = issued.iter().map(|paid| paid.claims.iter().map(status).collect()).collect();
    assert_eq!(told, [vec!["22", "1"], vec!["1"]]);
    let printed = issued.iter().enumerate().map(|(at, paid)| (format!("{at}.edi"), remittance_835::print(paid)));
    judge(&printed.collect::<Vec<_>>());
}

// 16.00 are less than 50.00 and wait; with 96.00 more they are paid a week later.
#[tokio::test]
async fn too_little_waits_for_more() {
    let server = Server::start().await;
    let api = server.api();
    let sandbox = sandbox(&api, pb::PaymentSettings { minimum_payment_cents: 5_000, ..Default::default() }).await;
    assert_eq!(submit(&api, &sandbox, visit(ADA, "A-1", 2)).await.due_date, "2026-04-07");
    let told = advance(&api, &sandbox, "2026-04-07").await.unwrap();
    assert_eq!(told.last().unwrap().remittances, 0);
    submit(&api, &sandbox, visit(ADA, "A-2", 3)).await;
    let told = advance(&api, &sandbox, "2026-04-14").await.unwrap();
    assert_eq!((told.last().unwrap().remittances, told.last().unwrap().paid_cents), (1, 11_200));
}

#[tokio::test]
async fn what_cannot_be_taken_back_says_what_to_do_first() {
    let server = Server::start().await;
    let api = server.api();
    let mut wrong = visit(TESTA, "T-1", 2);
    wrong.charge_cents += 1;
    let rejected = submit(&api, "", wrong).await;
    let unpaid = submit(&api, "", visit(TESTA, "T-2", 3)).await;
    for (claim, state) in [(&rejected, "REJECTED"), (&unpaid, "ALLOWED")] {
        let status = reverse(&api, &claim.name, pb::Recoupment::Immediate).await.unwrap_err();
        let (code, reason, metadata) = error(&status);
        assert_eq!((code, reason.as_str()), (Code::FailedPrecondition, "CLAIM_STATE"));
        assert_eq!(metadata["state"], format!("CLAIM_STATE_{state}"));
        assert_eq!(metadata["claim"], claim.name);
    }
    let nobody = reverse(&api, "sandboxes/default/claims/00000000000001", pb::Recoupment::Immediate).await.unwrap_err();
    assert_eq!(error(&nobody).0, Code::NotFound);
    let silent = pb::ReverseClaimRequest { name: unpaid.name, ..Default::default() };
    assert_eq!(fields(&api.claims().reverse_claim(silent).await.unwrap_err()), ["reason"]);
}

// 96.00 were paid. The claim that replaces it is denied and told 40 days later, the money is demanded after 10: one remittance tells the
// reversal and takes the money, and nothing is left for a second on that day.
#[tokio::test]
async fn an_overpayment_whose_day_has_come_is_taken_where_it_is_told() {
    let server = Server::start().await;
    let api = server.api();
    let deferred = pb::Recoupment::Deferred.into();
    let terms = pb::PaymentSettings { recoupment_days: 10, recoupment_of_replaced: deferred, ..Default::default() };
    let sandbox = sandbox(&api, terms).await;
    submit(&api, &sandbox, visit(ADA, "A-1", 2)).await;
    let original = submit(&api, &sandbox, visit(ADA, "A-2", 3)).await;
    pay(&api, &sandbox, true).await;
    let mut replacement = visit(ADA, "A-2+CO50+DUE40", 3);
    (replacement.frequency_code, replacement.original_control_number) = ("7".into(), original.control_number);
    submit(&api, &sandbox, replacement).await;
    let told = advance(&api, &sandbox, "2026-07-01").await.unwrap();
    assert_eq!(told.last().unwrap().remittances, 1);
    let original = super::claim(&api, &original.name).await.unwrap();
    let reversal = &original.reversals[0];
    let demand = reversal.demand.as_ref().unwrap();
    assert_eq!((demand.amount_cents, &demand.collected_by), (9_600, &reversal.remittance));
    let request = pb::GetRemittanceRequest { name: reversal.remittance.clone(), ..Default::default() };
    let issued = api.remittances().get_remittance(request).await.unwrap().into_inner();
    let adjusted: Vec<_> =
        issued.provider_adjustments.iter().map(|told| (told.reason_code.as_str(), told.amount_cents)).collect();
    assert_eq!(adjusted, [("FB", -9_600)]);
    judge(&[("told-late.edi".to_owned(), remittance_835::print(&issued))]);
}
