//! What was decided, as authorizations of the directory: given, denied or taken back.

use bytes::Bytes;

use super::{KIND, is_certified};
use crate::payer::entry::Entry;
use crate::payer::{Failure, records};
use crate::proto::v1 as pb;
use crate::proto::v1::{AuthorizationStatus, RequestCategory, ReviewOutcome};
use crate::store::keys::{Chain, Kind};

/// The authorizations of all lines that have a number.
pub(super) fn all(request: &pb::AuthorizationRequest) -> Vec<pb::Authorization> {
    of(request, |_| true)
}

/// The authorizations of some lines.
pub(super) fn of(
    request: &pb::AuthorizationRequest,
    wanted: impl Fn(&pb::ServiceDecision) -> bool,
) -> Vec<pb::Authorization> {
    let numbered = |decision: &&pb::ServiceDecision| !decision.certification_number.is_empty();
    let lines = request.services.iter().zip(&request.decisions);
    lines
        .filter(|(_, decision)| numbered(decision) && wanted(decision))
        .filter_map(|(service, decision)| authorization(request, service, decision))
        .collect()
}

fn authorization(
    request: &pb::AuthorizationRequest,
    service: &pb::RequestedService,
    decision: &pb::ServiceDecision,
) -> Option<pb::Authorization> {
    let status = match decision.outcome() {
        ReviewOutcome::Cancelled => AuthorizationStatus::Cancelled,
        _ if is_certified(decision) => AuthorizationStatus::Given,
        _ => AuthorizationStatus::Denied,
    };
    let procedures = match (service.procedure_code.as_str(), service.through_procedure_code.as_str()) {
        // What names no procedure and is denied would deny everything.
        ("", _) if status == AuthorizationStatus::Denied => return None,
        ("", _) => Vec::new(),
        (first, "") => vec![first.to_ascii_uppercase()],
        (first, last) => vec![format!("{first}-{last}").to_ascii_uppercase()],
    };
    let sandbox = request.name.split_once("/authorizationRequests/").map_or("", |(sandbox, _)| sandbox);
    let npi = if request.rendering_npi.is_empty() { &request.requesting_npi } else { &request.rendering_npi };
    // Who asks for an image or a test is seldom who makes it: then anybody may.
    let named = !request.rendering_npi.is_empty();
    Some(pb::Authorization {
        name: format!("{sandbox}/authorizations/{}", decision.certification_number),
        number: decision.certification_number.clone(),
        member_id: request.member_id.clone(),
        procedures,
        npi: if named && status != AuthorizationStatus::Denied { npi.clone() } else { String::new() },
        from: decision.from.clone(),
        through: decision.through.clone(),
        units: decision.certified_units.clone(),
        referral: request.category() == RequestCategory::Referral,
        status: status.into(),
        requested_date: request.received_time.get(..10).unwrap_or_default().to_owned(),
        retrospective: request.retrospective && status == AuthorizationStatus::Given,
    })
}

/// Writes them with an entry. Answers the version that the directory has once the entry stands.
pub(super) fn write(entry: &mut Entry<'_>, granted: &[pb::Authorization]) -> Result<u64, Failure> {
    let (space, version) = (entry.space(), entry.state.directory_version);
    if granted.is_empty() {
        return Ok(version);
    }
    let mut end = entry.payer.end_of(entry.state, &Chain::Directory, version)?;
    let sandbox = entry.state.record.sandbox.as_ref().map_or("", |sandbox| &sandbox.name).to_owned();
    for message in granted {
        let bytes = records::encode(message);
        let name = format!("{sandbox}/authorizations/{}", message.number);
        end = entry.log_in(&Chain::Directory, &end, "change-authorization", &name, &bytes);
        entry.write(space.record(Kind::Authorization, &message.number, end.events), Some(bytes));
        let link = [&space.authorizations_of(&message.member_id), message.number.as_bytes()].concat();
        entry.write(link, Some(Bytes::new()));
    }
    entry.expect(space.directory_head(), (version > 0).then(|| records::of_number(version)));
    entry.write(space.directory_head(), Some(records::of_number(end.events)));
    Ok(end.events)
}

/// The request that an authorization came of, by its number: the id before the line.
pub(super) fn request_of(number: &str) -> Option<(crate::store::keys::Lane, u64)> {
    KIND.parse(number.split_once('-').map_or(number, |(id, _)| id))
}
