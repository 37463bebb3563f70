//! The one map from failures to gRPC statuses: code, `ErrorInfo`, and every bad field.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::payer::Failure;
use crate::proto::v1::ErrorReason;
use crate::wire::Violation;

const DOMAIN: &str = "payersim";
/// Bytes for the names and words of bad fields. A status travels in HTTP headers, of which gRPC clients take 8 KiB: with
/// more they see a broken connection instead of the error. Half as much, since details are sent in base 64.
const MAX_VIOLATION_BYTES: usize = 3_500;
/// Bytes of any one text, which may quote what the caller sent.
const MAX_TEXT_BYTES: usize = 250;
/// When to try again, where that may help.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A failure as a status.
pub(super) fn of(failure: Failure) -> Status {
    let words = cut(&failure.to_string());
    let mut details = ErrorDetails::new();
    let (code, reason, metadata) = describe(failure, &mut details);
    let reason = reason.as_str_name().trim_start_matches("ERROR_REASON_");
    details.set_error_info(
        reason,
        DOMAIN,
        metadata.into_iter().map(|(k, v)| (k.to_owned(), cut(&v))).collect::<std::collections::HashMap<_, _>>(),
    );
    Status::with_error_details(code, words, details)
}

fn describe(failure: Failure, details: &mut ErrorDetails) -> (Code, ErrorReason, Vec<(&'static str, String)>) {
    match failure {
        Failure::Violations { violations } => {
            add_violations(violations, details);
            (Code::InvalidArgument, ErrorReason::FieldViolation, vec![])
        }
        Failure::PayerFolder { violations } => {
            add_violations(violations, details);
            (Code::InvalidArgument, ErrorReason::PayerFolder, vec![])
        }
        Failure::UnknownSandbox(id) => (Code::NotFound, ErrorReason::UnknownSandbox, vec![("sandbox", id)]),
        Failure::Unknown(name) => (Code::NotFound, ErrorReason::UnknownResource, vec![("name", name)]),
        Failure::RequestIdReused { claim, .. } => {
            (Code::AlreadyExists, ErrorReason::RequestIdReused, vec![("claim", claim)])
        }
        Failure::NameTaken(name) => (Code::AlreadyExists, ErrorReason::NameTaken, vec![("name", name)]),
        Failure::Clock { now, .. } => (Code::FailedPrecondition, ErrorReason::Clock, vec![("now", now)]),
        Failure::ClaimState { claim, state, .. } => {
            let metadata = vec![("claim", claim), ("state", state.as_str_name().to_owned())];
            (Code::FailedPrecondition, ErrorReason::ClaimState, metadata)
        }
        Failure::ReviewState { name, .. } => (Code::FailedPrecondition, ErrorReason::ReviewState, vec![("name", name)]),
        Failure::AppealState { appeal, state, .. } => {
            let metadata = vec![("appeal", appeal), ("state", state.as_str_name().to_owned())];
            (Code::FailedPrecondition, ErrorReason::AppealState, metadata)
        }
        Failure::AuthorizationState { name, .. } => {
            (Code::FailedPrecondition, ErrorReason::AuthorizationState, vec![("name", name)])
        }
        Failure::NotReopened { claim, .. } => {
            (Code::FailedPrecondition, ErrorReason::ClaimState, vec![("claim", claim)])
        }
        Failure::Limit { limit, setting, .. } => {
            let metadata = vec![("limit", limit.to_string()), ("setting", setting.to_owned())];
            (Code::ResourceExhausted, ErrorReason::Limit, metadata)
        }
        Failure::HistoryEnded(sandbox) => {
            (Code::FailedPrecondition, ErrorReason::HistoryEnded, vec![("sandbox", sandbox)])
        }
        Failure::PageToken => (Code::InvalidArgument, ErrorReason::PageToken, vec![]),
        Failure::Conflict => (Code::Aborted, ErrorReason::Conflict, vec![]),
        Failure::Stopping => {
            details.set_retry_info(Some(RETRY_AFTER));
            (Code::Unavailable, ErrorReason::Busy, vec![])
        }
        Failure::Store(_) | Failure::Damaged(_) => (Code::Internal, ErrorReason::Store, vec![]),
    }
}

/// As many as clients can read; the last entry counts the others.
fn add_violations(violations: Vec<Violation>, details: &mut ErrorDetails) {
    let (mut left, mut room) = (violations.len(), MAX_VIOLATION_BYTES);
    for violation in violations {
        let (field, description) = (cut(&violation.field), cut(&violation.description));
        let Some(rest) = room.checked_sub(field.len() + description.len()) else {
            details.add_bad_request_violation("", format!("and {left} more: mend these first, then send it again"));
            return;
        };
        details.add_bad_request_violation(field, description);
        (left, room) = (left - 1, rest);
    }
}

/// The beginning of a text that is too long.
fn cut(text: &str) -> String {
    if text.len() <= MAX_TEXT_BYTES {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(MAX_TEXT_BYTES);
    format!("{}...", text.get(..end).unwrap_or_default())
}
