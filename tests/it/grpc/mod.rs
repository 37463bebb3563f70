//! The contract of the gRPC door, over a real socket, with the clients that the protos generate.

mod appeals;
mod bad_input;
mod claims;
mod clock;
mod comparisons;
mod directives;
mod directory;
mod discovery;
mod eligibility;
mod estimates;
mod events;
mod facility_prices;
mod imported_prices;
mod institutional;
mod lists;
mod official_amounts;
mod payments;
mod policies;
mod pricing;
mod references;
mod remittances;
mod sandboxes;
mod streams;
mod under_load;

use std::collections::HashMap;

use payersim::proto::v1 as pb;
use prost::Message;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::clinic;
use crate::server::Api;

/// What a failed call says: its code, and the reason and metadata of its `ErrorInfo`.
fn error(status: &Status) -> (Code, String, HashMap<String, String>) {
    let info = status.get_details_error_info().unwrap_or_else(|| panic!("no ErrorInfo: {status:?}"));
    assert_eq!(info.domain, "payersim");
    assert!(!status.message().is_empty());
    (status.code(), info.reason, info.metadata)
}

/// The fields that a refused request names.
fn fields(status: &Status) -> Vec<String> {
    assert_eq!(error(status).0, Code::InvalidArgument, "{status:?}");
    let request = status.get_details_bad_request().unwrap_or_else(|| panic!("no BadRequest: {status:?}"));
    request.field_violations.into_iter().map(|violation| violation.field).collect()
}

/// The words about one field of a refused request.
fn words_about(status: &Status, field: &str) -> String {
    let request = status.get_details_bad_request().unwrap_or_else(|| panic!("no BadRequest: {status:?}"));
    let named = request.field_violations.into_iter().find(|violation| violation.field == field);
    named.unwrap_or_else(|| panic!("{field} is not named: {:?}", fields(status))).description
}

/// A reason code and its amount, such as ("PR-1", 10000).
fn adjustments(claim: &pb::Claim) -> Vec<(String, i64)> {
    let lines = &claim.determination.as_ref().unwrap().lines;
    let told = |adjustment: &pb::Adjustment| {
        let group = adjustment.group().as_str_name().trim_start_matches("GROUP_CODE_").to_owned();
        (format!("{group}-{}", adjustment.carc), adjustment.amount_cents)
    };
    lines.iter().flat_map(|line| &line.adjustments).map(told).collect()
}

fn paid(claim: &pb::Claim) -> i64 {
    claim.determination.as_ref().unwrap().paid_cents
}

async fn submit(api: &Api, request: pb::SubmitClaimRequest) -> pb::Claim {
    api.claims().submit_claim(request).await.unwrap().into_inner()
}

async fn refused(api: &Api, claim: pb::ProfessionalClaim) -> Status {
    api.claims().submit_claim(clinic::request("", claim)).await.expect_err("not refused")
}

async fn claim(api: &Api, name: &str) -> Result<pb::Claim, Status> {
    let request = pb::GetClaimRequest { name: name.to_owned() };
    api.claims().get_claim(request).await.map(tonic::Response::into_inner)
}

/// Turns the default sandbox's clock.
async fn advance(api: &Api, name: &str, to_date: &str) -> Result<Vec<pb::AdvanceClockResponse>, Status> {
    let target = pb::advance_clock_request::Target::ToDate(to_date.to_owned());
    let request = pb::AdvanceClockRequest { name: name.to_owned(), target: Some(target) };
    let mut progress = api.sandboxes().advance_clock(request).await?.into_inner();
    let mut told = Vec::new();
    while let Some(step) = progress.message().await? {
        told.push(step);
    }
    Ok(told)
}

fn bytes(message: &impl Message) -> Vec<u8> {
    message.encode_to_vec()
}
