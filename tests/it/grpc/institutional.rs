//! Institutional claims over the socket: decided, repeated, refused and turned away as any other.

use payersim::proto::v1 as pb;
use tonic::Code;

use super::{adjustments, bytes, claim, error, submit};
use crate::clinic::{ADA, visit};
use crate::server::Server;

/// The visit of [`visit`] as an outpatient department bills it: 150.00 for 99213 under revenue code 0510.
pub(super) fn bill(member: &str, number: &str) -> pb::InstitutionalClaim {
    let visit = visit(member, number, 2);
    pb::InstitutionalClaim {
        patient_control_number: visit.patient_control_number,
        charge_cents: visit.charge_cents,
        type_of_bill: "0131".into(),
        payer_id: visit.payer_id,
        subscriber: visit.subscriber,
        billing_provider: visit.billing_provider,
        statement_from: "2026-03-02".into(),
        statement_through: "2026-03-02".into(),
        patient_status: "01".into(),
        principal_diagnosis: visit.diagnoses.first().map(|diagnosis| pb::InstitutionalDiagnosis {
            code: diagnosis.code.clone(),
            ..pb::InstitutionalDiagnosis::default()
        }),
        lines: vec![pb::InstitutionalLine {
            revenue_code: "0510".into(),
            procedure_code: "99213".into(),
            charge_cents: visit.charge_cents,
            units: "1".into(),
            ..pb::InstitutionalLine::default()
        }],
        ..pb::InstitutionalClaim::default()
    }
}

pub(super) fn request(id: &str, claim: pb::InstitutionalClaim) -> pb::SubmitClaimRequest {
    let claim = Some(pb::submit_claim_request::Claim::Institutional(claim));
    pb::SubmitClaimRequest { request_id: id.into(), claim, ..pb::SubmitClaimRequest::default() }
}

// As of the professional claim: 150.00 charged, 120.00 allowed, 100.00 deductible, a fifth of 20.00.
#[tokio::test]
async fn a_facilitys_bill_is_decided_kept_and_found() {
    let server = Server::start().await;
    let api = server.api();
    let answer = submit(&api, request("bill", bill(ADA, "B-1"))).await;
    assert_eq!(answer.state(), pb::ClaimState::Allowed, "{answer:#?}");
    assert_eq!(answer.billed, Some(pb::claim::Billed::Institutional(bill(ADA, "B-1"))));
    assert_eq!(
        adjustments(&answer),
        [("CO-45".to_owned(), 3_000), ("PR-1".to_owned(), 10_000), ("PR-2".to_owned(), 400)]
    );
    assert_eq!(claim(&api, &answer.name).await.unwrap(), answer);
    let again = submit(&api, request("bill", bill(ADA, "B-1"))).await;
    assert_eq!(bytes(&again), bytes(&answer));
    for filter in [
        pb::ClaimFilter { patient_control_number: "B-1".into(), ..Default::default() },
        pb::ClaimFilter { member_id: ADA.into(), carc: "45".into(), ..Default::default() },
    ] {
        let asked = pb::ListClaimsRequest { filter: Some(filter), ..Default::default() };
        let found = api.claims().list_claims(asked).await.unwrap().into_inner().claims;
        assert_eq!(found, std::slice::from_ref(&answer));
    }
    let explained = pb::ExplainClaimRequest { name: answer.name.clone(), include_passed: false };
    assert!(api.claims().explain_claim(explained).await.unwrap().into_inner().reproduced);
}

#[tokio::test]
async fn a_request_id_holds_across_kinds_of_claims() {
    let server = Server::start().await;
    let first = submit(&server.api(), request("once", bill(ADA, "B-1"))).await;
    let other = crate::clinic::request("once", visit(ADA, "B-1", 2));
    let status = server.api().claims().submit_claim(other).await.unwrap_err();
    assert_eq!(error(&status).2["claim"], first.name);
}

#[tokio::test]
async fn faults_are_named_by_their_fields() {
    let server = Server::start().await;
    let mut broken = bill(ADA, "B-1");
    broken.type_of_bill = "13".into();
    broken.statement_through = "2026-03-01".into();
    broken.lines[0].revenue_code = "ABCDE".into();
    let status = server.api().claims().submit_claim(request("", broken)).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    for field in
        ["institutional.type_of_bill", "institutional.statement_through", "institutional.lines[0].revenue_code"]
    {
        assert!(status.message().contains(field) || format!("{status:?}").contains(field), "{field}: {status:?}");
    }
}

// NPI 2000000011 fails its check digit (2000000010 holds it); a bill of frequency 7 names what it replaces.
#[tokio::test]
async fn a_bill_that_cannot_be_taken_in_is_turned_away_with_its_codes() {
    let server = Server::start().await;
    let mut bill = bill(ADA, "B-1");
    bill.charge_cents += 1;
    bill.type_of_bill = "137".into();
    bill.statement_through = "2026-12-31".into();
    bill.attending_provider = Some(pb::ProviderReference { npi: "2000000011".into(), ..Default::default() });
    let answer = submit(&server.api(), request("", bill)).await;
    assert_eq!(answer.state(), pb::ClaimState::Rejected);
    let codes: Vec<String> = answer
        .rejections
        .iter()
        .map(|why| [&why.category_code, &why.status_code, &why.entity_code, &why.field].map(String::as_str).join(" "))
        .collect();
    assert_eq!(
        codes,
        [
            "A7 178  institutional.charge_cents",
            "A6 464  institutional.original_control_number",
            "A7 562 71 institutional.attending_provider.npi",
            "A7 510  institutional.statement_through",
        ]
    );
}
