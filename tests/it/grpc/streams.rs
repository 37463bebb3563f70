//! Claims by the stream: answered in order, whatever becomes of each.

use payersim::proto::v1 as pb;
use tonic::Status;

use super::{error, paid};
use crate::clinic::{ADA, MAX, NORA, TESTA, request, request_in, visit};
use crate::server::{Api, Server};

async fn stream(api: &Api, requests: Vec<pb::SubmitClaimRequest>) -> Result<Vec<pb::SubmitClaimsResponse>, Status> {
    let messages = requests.into_iter().map(|request| pb::SubmitClaimsRequest { request: Some(request) });
    let mut answers = api.claims().submit_claims(tokio_stream::iter(messages.collect::<Vec<_>>())).await?.into_inner();
    let mut told = Vec::new();
    while let Some(answer) = answers.message().await? {
        told.push(answer);
    }
    Ok(told)
}

#[tokio::test]
async fn answers_come_in_the_order_of_the_requests() {
    let server = Server::start().await;
    let requests: Vec<_> = (1..=28u32)
        .flat_map(|day| [ADA, TESTA, NORA, MAX].map(|member| (member, day)))
        .map(|(member, day)| request(&format!("{member} {day}"), visit(member, &format!("V-{day}"), day)))
        .collect();
    let ids: Vec<String> = requests.iter().map(|request| request.request_id.clone()).collect();
    let answers = stream(&server.api(), requests).await.unwrap();
    assert_eq!(answers.iter().map(|answer| answer.request_id.clone()).collect::<Vec<_>>(), ids);
    // The first of each family meets the deductible; of each later 120.00 four fifths are paid.
    let amounts: Vec<i64> = answers.iter().map(|answer| paid(answer.claim.as_ref().unwrap())).collect();
    assert_eq!(amounts[..4], [1_600; 4]);
    assert_eq!(amounts[4..], [9_600; 108]);
    // Each family counts its own.
    let numbers: Vec<&str> = answers.iter().map(|answer| answer.claim.as_ref().unwrap().name.as_str()).collect();
    assert!(numbers[..4].iter().all(|name| name.ends_with("0001")));
    assert!(numbers[108..].iter().all(|name| name.ends_with("0028")));
}

#[tokio::test]
async fn what_is_no_claim_is_told_and_the_stream_goes_on() {
    let server = Server::start().await;
    let mut broken = visit(ADA, "A-2", 2);
    broken.lines[0].service_date = "2026-02-31".to_owned();
    let mut changed = visit(ADA, "A-1", 2);
    changed.diagnoses[0].code = "M545".to_owned();
    let empty = pb::SubmitClaimRequest { request_id: "empty".to_owned(), ..Default::default() };
    let requests = vec![
        request("good", visit(ADA, "A-1", 2)),
        request("broken", broken),
        empty,
        request("good", changed),
        request("good", visit(ADA, "A-1", 2)),
        request("last", visit(ADA, "A-3", 3)),
    ];
    let answers = stream(&server.api(), requests).await.unwrap();
    let faults = |at: usize| answers[at].faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>();
    assert_eq!(answers.len(), 6);
    assert_eq!(faults(1), ["professional.lines[0].service_date"]);
    assert_eq!(faults(2), ["professional"]);
    let first = answers[0].claim.as_ref().unwrap();
    assert_eq!(faults(3), ["request_id"]);
    assert!(answers[3].faults[0].description.contains(&first.name), "{:?}", answers[3].faults);
    assert_eq!(answers[4].claim.as_ref(), Some(first));
    assert_eq!(paid(answers[5].claim.as_ref().unwrap()), 9_600);
    assert!([1, 2, 3].iter().all(|at| answers[*at].claim.is_none()));
}

#[tokio::test]
async fn a_stream_stays_in_the_sandbox_of_its_first_claim() {
    let server = Server::start().await;
    let api = server.api();
    let create = pb::CreateSandboxRequest { sandbox_id: "east".to_owned(), ..Default::default() };
    api.sandboxes().create_sandbox(create).await.unwrap();
    let requests = vec![
        request_in("sandboxes/east", "1", visit(ADA, "A-1", 2)),
        request_in("", "2", visit(ADA, "A-2", 3)),
        request_in("sandboxes/default", "3", visit(ADA, "A-3", 4)),
    ];
    let answers = stream(&api, requests).await.unwrap();
    for answer in &answers[..2] {
        assert!(answer.claim.as_ref().unwrap().name.starts_with("sandboxes/east/claims/"));
    }
    assert_eq!(answers[2].faults[0].field, "parent");
    assert!(answers[2].faults[0].description.contains("sandboxes/east"));
}

#[tokio::test]
async fn a_stream_for_an_unknown_sandbox_ends_with_its_name() {
    let server = Server::start().await;
    let status = stream(&server.api(), vec![request_in("sandboxes/nowhere", "1", visit(ADA, "A-1", 2))]).await;
    let (_, reason, metadata) = error(&status.unwrap_err());
    assert_eq!((reason.as_str(), metadata["sandbox"].as_str()), ("UNKNOWN_SANDBOX", "nowhere"));
}
