//! Bad input: each is told by its place and with a remedy, and nothing that was taken in is lost.

use payersim::proto::v1 as pb;
use tonic::Code;

use super::{claim, error, fields, refused, submit, words_about};
use crate::clinic::{self, ADA, request, request_in, visit};
use crate::server::Server;

#[tokio::test]
async fn every_violated_field_is_named_at_once() {
    let server = Server::start().await;
    let mut bad = visit(ADA, "", 2);
    bad.place_of_service = "eleven".to_owned();
    bad.frequency_code = "9".to_owned();
    bad.subscriber = None;
    if let Some(billing) = &mut bad.billing_provider {
        billing.npi = "12345".to_owned();
    }
    bad.lines.push(clinic::line("99213", -1, 2));
    bad.lines[0].service_date = "2026-02-31".to_owned();
    bad.lines[0].units = "many".to_owned();
    bad.lines[1].diagnosis_pointers = vec![0];
    let status = refused(&server.api(), bad).await;
    assert_eq!(error(&status).1, "FIELD_VIOLATION");
    assert_eq!(
        fields(&status),
        [
            "professional.patient_control_number",
            "professional.place_of_service",
            "professional.frequency_code",
            "professional.subscriber",
            "professional.billing_provider.npi",
            "professional.lines[0].units",
            "professional.lines[0].service_date",
            "professional.lines[1].charge_cents",
            "professional.lines[1].diagnosis_pointers",
        ]
    );
}

#[tokio::test]
async fn a_claim_of_ten_thousand_lines_is_told_how_many_it_may_have() {
    let server = Server::start().await;
    let mut huge = visit(ADA, "A-1", 2);
    huge.lines = vec![clinic::line("99213", 100, 2); 10_000];
    let words = words_about(&refused(&server.api(), huge).await, "professional.lines");
    assert!(words.contains("10000") && words.contains("50"), "{words}");
}

// Errors travel in HTTP headers, of which clients take 8 KiB: what does not fit is counted.
#[tokio::test]
async fn an_endless_list_of_violations_is_cut_where_clients_could_not_read_it() {
    let server = Server::start().await;
    let mut bad = visit(ADA, "A-1", 2);
    let broken = pb::ServiceLine { units: "many".to_owned(), place_of_service: "??".to_owned(), ..Default::default() };
    bad.lines = vec![broken; 50];
    let status = refused(&server.api(), bad).await;
    let named = fields(&status);
    assert_eq!(named[0], "professional.lines[0].procedure_code");
    // Four of each line; the last entry tells how many are not named.
    let left_out = 4 * 50 - (named.len() - 1);
    assert_eq!(named.last().unwrap(), "");
    assert!(words_about(&status, "").contains(&format!("{left_out} more")), "{}", words_about(&status, ""));
    assert!(status.details().len() < 5_000 && named.len() > 20);

    // Nor can what the caller sent, quoted back, be endless.
    let mut bad = visit(ADA, "A-1", 2);
    bad.lines[0].service_date = "\u{e9}".repeat(100_000);
    assert_eq!(fields(&refused(&server.api(), bad).await), ["professional.lines[0].service_date"]);
    let name = format!("sandboxes/default/claims/{}", "9".repeat(100_000));
    assert_eq!(error(&claim(&server.api(), &name).await.unwrap_err()).1, "UNKNOWN_RESOURCE");
}

// The first amount that does not fit into ten digits, and the largest that a message can carry; 20 digits fit in none.
#[tokio::test]
async fn amounts_are_neither_negative_nor_endless() {
    let server = Server::start().await;
    for cents in [-1, i64::MIN, 10_000_000_000, i64::MAX] {
        let mut bad = visit(ADA, "A-1", 2);
        bad.charge_cents = cents;
        bad.lines[0].charge_cents = cents;
        bad.patient_paid_cents = cents;
        let status = refused(&server.api(), bad).await;
        let named =
            ["professional.charge_cents", "professional.patient_paid_cents", "professional.lines[0].charge_cents"];
        assert_eq!(fields(&status), named, "{cents}");
        assert!(words_about(&status, named[0]).contains(&cents.to_string()));
    }
    let mut largest = visit(ADA, "A-1", 2);
    largest.charge_cents = 9_999_999_999;
    largest.lines[0].charge_cents = 9_999_999_999;
    assert_eq!(submit(&server.api(), request("", largest)).await.state(), pb::ClaimState::Allowed);
}

#[tokio::test]
async fn control_characters_are_refused_where_they_would_be_printed() {
    let server = Server::start().await;
    let mut bad = visit(ADA, "A\u{1}", 2);
    if let Some(subscriber) = &mut bad.subscriber {
        subscriber.member_id = "HC\u{0}0101".to_owned();
        subscriber.name =
            Some(pb::Name { last: "Ex\nample".to_owned(), first: "A\tda".to_owned(), ..Default::default() });
    }
    if let Some(billing) = &mut bad.billing_provider {
        billing.name = Some(pb::Name { last: "Clinic\u{7f}".to_owned(), ..Default::default() });
        billing.tax_id = "69\u{2}".to_owned();
    }
    bad.lines[0].line_control_number = "L\r1".to_owned();
    assert_eq!(
        fields(&refused(&server.api(), bad).await),
        [
            "professional.patient_control_number",
            "professional.subscriber.member_id",
            "professional.subscriber.name.last",
            "professional.subscriber.name.first",
            "professional.billing_provider.name.last",
            "professional.billing_provider.tax_id",
            "professional.lines[0].line_control_number",
        ]
    );
    let id = server.api().claims().submit_claim(request("a\nb", visit(ADA, "A-1", 2))).await.unwrap_err();
    assert_eq!(fields(&id), ["request_id"]);
    let long = server.api().claims().submit_claim(request(&"x".repeat(129), visit(ADA, "A-1", 2))).await.unwrap_err();
    assert_eq!(fields(&long), ["request_id"]);
}

#[tokio::test]
async fn a_service_beyond_the_clock_is_told_the_clock_and_the_command_that_turns_it() {
    let server = Server::start().await;
    let mut early = visit(ADA, "A-1", 2);
    early.lines[0].service_date = "2026-04-02".to_owned();
    let answer = submit(&server.api(), request("", early)).await;
    assert_eq!(answer.state(), pb::ClaimState::Rejected);
    let [rejection] = answer.rejections.as_slice() else { panic!("{:?}", answer.rejections) };
    assert_eq!(rejection.field, "professional.lines[0].service_date");
    for part in [clinic::START, "payersim advance 2026-04-02", "default"] {
        assert!(rejection.words.contains(part), "{}", rejection.words);
    }
}

#[tokio::test]
async fn an_unknown_sandbox_is_named_with_the_call_that_makes_one() {
    let server = Server::start().await;
    let status = server.api().claims().submit_claim(request_in("sandboxes/nowhere", "", visit(ADA, "A-1", 2))).await;
    let status = status.unwrap_err();
    let (code, reason, metadata) = error(&status);
    assert_eq!((code, reason.as_str(), metadata["sandbox"].as_str()), (Code::NotFound, "UNKNOWN_SANDBOX", "nowhere"));
    assert!(status.message().contains("CreateSandbox"), "{}", status.message());
}

#[tokio::test]
async fn nothing_taken_in_is_lost_by_what_is_refused_after_it() {
    let server = Server::start().await;
    let api = server.api();
    let kept = submit(&api, request("kept", visit(ADA, "A-1", 2))).await;
    refused(&api, pb::ProfessionalClaim::default()).await;
    let missing = api.claims().submit_claim(pb::SubmitClaimRequest::default()).await.unwrap_err();
    assert_eq!(fields(&missing), ["professional"]);
    assert_eq!(claim(&api, &kept.name).await.unwrap(), kept);
}
