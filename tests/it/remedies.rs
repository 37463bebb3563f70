//! Remedies: what would have paid, verified; and where nothing would, that it says so.

use indicatif::ProgressBar;
use payersim::api::ServeOptions;
use payersim::bench::remedies;
use payersim::client::{Client, LocalServer};
use payersim::proto::v1 as pb;

use crate::clinic::request;

/// Testa Muster's visit to the demo payer's clinic.
fn visit(procedure: &str, diagnosis: &str) -> pb::ProfessionalClaim {
    pb::ProfessionalClaim {
        patient_control_number: "WAY-1".into(),
        charge_cents: 30_000,
        place_of_service: "11".into(),
        frequency_code: "1".into(),
        payer_id: "DEMO1".into(),
        subscriber: Some(pb::Subscriber {
            member_id: "DM100101".into(),
            name: Some(pb::Name { last: "Muster".into(), first: "Testa".into(), ..Default::default() }),
            birth_date: "1984-03-12".into(),
            sex: pb::Sex::Female.into(),
            payer_responsibility: "P".into(),
            ..Default::default()
        }),
        billing_provider: Some(pb::BillingProvider {
            npi: "2000000010".into(),
            tax_id: "690000101".into(),
            name: Some(pb::Name { last: "Harborside Sample Clinic".into(), ..Default::default() }),
            address: Some(pb::Address {
                lines: vec!["1 Pier".into()],
                city: "San Francisco".into(),
                state: "CA".into(),
                zip: "941030000".into(),
                ..Default::default()
            }),
            ..Default::default()
        }),
        diagnoses: vec![pb::Diagnosis { code: diagnosis.into(), ..Default::default() }],
        accepts_assignment: true,
        benefits_assigned: true,
        release_of_information: true,
        lines: vec![pb::ServiceLine {
            procedure_code: procedure.into(),
            charge_cents: 30_000,
            units: "1".into(),
            diagnosis_pointers: vec![1],
            service_date: "2026-07-10".into(),
            ..Default::default()
        }],
        ..Default::default()
    }
}

async fn demo() -> (LocalServer, Client) {
    let server = LocalServer::start(ServeOptions::default()).await.unwrap();
    let client = server.client().await.unwrap();
    (server, client)
}

async fn submit(client: &Client, claim: pb::ProfessionalClaim) -> pb::Claim {
    client.claims().submit_claim(request("", claim)).await.unwrap().into_inner()
}

async fn ways_out(client: &Client, claim: &pb::Claim) -> pb::FindRemediesResponse {
    let request = pb::FindRemediesRequest { name: claim.name.clone(), ..Default::default() };
    client.remedies().find_remedies(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn every_verified_remedy_of_a_realistic_mix_pays_what_it_promised_to_the_cent() {
    let proof = remedies::run(600, 7, &ProgressBar::hidden()).await.unwrap();
    assert_eq!(proof.otherwise, Vec::<String>::new());
    assert_eq!((proof.claims, proof.exact), (600, proof.applied));
    assert!(proof.reasons.len() >= 15, "{:?}", proof.reasons);
    assert!(proof.applied >= proof.with_remedy() && proof.with_remedy() * 3 > proof.denials(), "{proof:?}");
}

#[tokio::test]
async fn a_denied_claim_is_mended_by_a_corrected_claim_that_names_it() {
    let (_server, client) = demo().await;
    let denied = submit(&client, visit("99213", "M545")).await;
    assert_eq!(denied.state(), pb::ClaimState::Denied);
    let found = ways_out(&client, &denied).await;
    let best = &found.remedies[0];
    assert_eq!((best.path(), best.verified, best.lines.as_slice()), (pb::RemedyPath::CorrectedClaim, true, &[1][..]));
    assert_eq!(best.only_if, "the record supports that diagnosis");
    let Some(pb::submit_claim_request::Claim::Professional(changed)) = best.request.clone().unwrap().claim else {
        panic!("a professional claim was denied")
    };
    assert_eq!((changed.frequency_code.as_str(), &changed.original_control_number), ("7", &denied.control_number));
    let came = client.claims().submit_claim(best.request.clone().unwrap()).await.unwrap().into_inner();
    assert_eq!(came.determination.unwrap().paid_cents, best.paid_cents);
    assert!(best.paid_cents > 0);
}

#[tokio::test]
async fn where_nothing_the_provider_can_do_would_pay_it_says_so() {
    let (_server, client) = demo().await;
    let denied = submit(&client, visit("V5010", "H9190")).await;
    let found = ways_out(&client, &denied).await;
    assert_eq!(found.remedies, []);
    let ways: Vec<pb::RemedyPath> = found.findings[0].advice.iter().map(pb::RemedyAdvice::path).collect();
    assert_eq!(ways, [pb::RemedyPath::None, pb::RemedyPath::Patient]);
    assert!(found.findings[0].advice[0].words.starts_with("Nothing the provider can do would pay"));
}

#[tokio::test]
async fn a_claim_that_is_not_sent_yet_is_mended_before_it_is_sent_and_nothing_is_kept() {
    let (_server, client) = demo().await;
    let unsent = pb::FindRemediesRequest { request: Some(request("", visit("99213", "M545"))), ..Default::default() };
    let found = client.remedies().find_remedies(unsent).await.unwrap().into_inner();
    assert_eq!(found.remedies[0].path(), pb::RemedyPath::NewClaim);
    let list = client.claims().list_claims(pb::ListClaimsRequest::default()).await.unwrap().into_inner();
    assert_eq!(list.claims, []);
    let came = client.claims().submit_claim(found.remedies[0].request.clone().unwrap()).await.unwrap().into_inner();
    assert_eq!(came.determination.unwrap().paid_cents, found.remedies[0].paid_cents);
}

#[tokio::test]
async fn a_claim_that_was_turned_away_is_mended_and_sent_anew() {
    let (_server, client) = demo().await;
    let mut claim = visit("99213", "I10");
    claim.charge_cents += 500;
    let rejected = submit(&client, claim).await;
    let found = ways_out(&client, &rejected).await;
    assert_eq!(found.findings[0].code, "A7:178");
    let best = &found.remedies[0];
    assert_eq!((best.path(), best.changes[0].after.as_str()), (pb::RemedyPath::NewClaim, "30000"));
    let came = client.claims().submit_claim(best.request.clone().unwrap()).await.unwrap().into_inner();
    assert_eq!(came.state(), pb::ClaimState::Allowed);
}

/// Selma Sample's visit and injection of a knee under Original Medicare, on a day of July.
fn knee(number: &str, day: &str, modifier: &[&str]) -> pb::ProfessionalClaim {
    let mut claim = visit("99213", "M1711");
    let mut injection = pb::ServiceLine { procedure_code: "20610".into(), ..claim.lines[0].clone() };
    injection.modifiers = vec!["RT".into()];
    claim.lines[0].modifiers = modifier.iter().map(ToString::to_string).collect();
    claim.lines.push(injection);
    claim.lines.iter_mut().for_each(|line| line.service_date = day.into());
    claim.charge_cents = 60_000;
    claim.patient_control_number = number.into();
    let patient = claim.subscriber.as_mut().unwrap();
    patient.member_id = "DM100401".into();
    patient.name = Some(pb::Name { last: "Sample".into(), first: "Selma".into(), ..Default::default() });
    patient.birth_date = "1953-07-07".into();
    claim
}

/// The first claim takes 117.58 and 84.64 to the deductible of 283.00; of the second the visit is bundled until modifier 25 sets it apart.
#[tokio::test]
async fn a_decision_of_original_medicare_is_mended_by_a_reopening_that_pays_what_was_promised() {
    let (_server, client) = demo().await;
    let first = submit(&client, knee("KNEE-1", "2026-07-01", &["25"])).await;
    assert_eq!(first.determination.unwrap().allowed_cents, 11_758 + 8_464);
    let bundled = submit(&client, knee("KNEE-2", "2026-07-09", &[])).await;
    let before = bundled.determination.as_ref().unwrap().paid_cents;
    // What no remittance has told is not opened again.
    assert_eq!(ways_out(&client, &bundled).await.remedies, []);
    let all = pb::RunPaymentsRequest { include_not_due: true, ..Default::default() };
    client.remittances().run_payments(all).await.unwrap();
    let best = ways_out(&client, &bundled).await.remedies[0].clone();
    assert_eq!((best.path(), best.verified, best.lines.as_slice()), (pb::RemedyPath::Reopening, true, &[1][..]));
    assert_eq!((best.request, best.allowed_cents), (None, 11_758 + 8_464));
    assert!(best.gain_cents > 0 && best.gain_cents == best.paid_cents - before);
    let came = client.corrections().reopen_claim(best.reopening.unwrap()).await.unwrap().into_inner();
    assert_eq!((came.name, came.determination.unwrap().paid_cents), (bundled.name, best.paid_cents));
}
