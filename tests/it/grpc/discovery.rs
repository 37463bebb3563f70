//! Health and reflection: what stock tools ask first.

use std::collections::BTreeSet;

use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::{v1, v1alpha};

use crate::server::Server;

const SERVICES: [&str; 8] =
    ["Claims", "Directory", "Eligibility", "Interchanges", "Policies", "Pricing", "Remittances", "Sandboxes"];

#[tokio::test]
async fn every_service_is_healthy() {
    let server = Server::start().await;
    let mut health = HealthClient::new(server.api().0);
    let services = SERVICES.map(|service| format!("payersim.v1.{service}"));
    for service in services.into_iter().chain([String::new()]) {
        let answer = health.check(HealthCheckRequest { service: service.clone() }).await;
        assert_eq!(answer.unwrap().into_inner().status(), ServingStatus::Serving, "{service}");
    }
}

#[tokio::test]
async fn reflection_lists_the_services_in_both_its_versions() {
    let server = Server::start().await;
    let expected: BTreeSet<String> = SERVICES.map(|service| format!("payersim.v1.{service}")).into();

    let mut new = v1::server_reflection_client::ServerReflectionClient::new(server.api().0);
    let ask = v1::server_reflection_request::MessageRequest::ListServices(String::new());
    let ask = v1::ServerReflectionRequest { message_request: Some(ask), ..Default::default() };
    let mut answers = new.server_reflection_info(tokio_stream::iter([ask])).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response;
    let Some(v1::server_reflection_response::MessageResponse::ListServicesResponse(list)) = answer else {
        panic!("{answer:?}")
    };
    let listed: BTreeSet<String> = list.service.into_iter().map(|service| service.name).collect();
    assert!(listed.is_superset(&expected) && listed.contains("grpc.health.v1.Health"), "{listed:?}");

    let mut old = v1alpha::server_reflection_client::ServerReflectionClient::new(server.api().0);
    let symbol = "payersim.v1.Claims.SubmitClaim".to_owned();
    let ask = v1alpha::server_reflection_request::MessageRequest::FileContainingSymbol(symbol);
    let ask = v1alpha::ServerReflectionRequest { message_request: Some(ask), ..Default::default() };
    let mut answers = old.server_reflection_info(tokio_stream::iter([ask])).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response;
    use v1alpha::server_reflection_response::MessageResponse::FileDescriptorResponse;
    assert!(matches!(answer, Some(FileDescriptorResponse(_))), "{answer:?}");
}
