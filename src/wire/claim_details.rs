//! What single rules ask of a claim: the parts of a message that no other step reads.
//!
//! Dates that cannot be read have been noted by those who read the claim.

use crate::domain::claim::{ClaimDetails, LineDetails, ProviderRole, ServiceLine};
use crate::domain::codes::{Code, Npi};
use crate::domain::dates::{Date, parse_iso};
use crate::domain::document::NamedDocument;
use crate::proto::v1 as pb;

const UNITED_STATES: [&str; 3] = ["", "US", "USA"];

/// A professional claim's.
pub(super) fn of_professional(m: &pb::ProfessionalClaim) -> ClaimDetails {
    let facility = m.service_facility.as_ref().and_then(|facility| facility.address.as_ref());
    ClaimDetails {
        accident_date: m.accident.as_ref().and_then(|accident| parse_iso(&accident.accident_date)),
        unassigned: !m.accepts_assignment,
        abroad: abroad(facility.or(m.billing_provider.as_ref().and_then(|billing| billing.address.as_ref()))),
        unnumbered: unnumbered([
            (&m.rendering_provider, ProviderRole::Rendering),
            (&m.referring_provider, ProviderRole::Referring),
            (&m.supervising_provider, ProviderRole::Supervising),
            (&m.primary_care_provider, ProviderRole::PrimaryCare),
        ]),
        supervising_npi: m.supervising_provider.as_ref().and_then(|provider| Npi::parse(&provider.npi)),
        decided: decided(
            &m.other_payers,
            m.lines.iter().flat_map(|line| &line.other_payers).map(|decision| decision.decided_date.as_str()),
        ),
    }
}

/// An institutional claim's.
pub(super) fn of_institutional(m: &pb::InstitutionalClaim) -> ClaimDetails {
    let facility = m.service_facility.as_ref().and_then(|facility| facility.address.as_ref());
    ClaimDetails {
        unassigned: !m.accepts_assignment,
        abroad: abroad(facility.or(m.billing_provider.as_ref().and_then(|billing| billing.address.as_ref()))),
        unnumbered: unnumbered([
            (&m.attending_provider, ProviderRole::Attending),
            (&m.operating_provider, ProviderRole::Operating),
            (&m.rendering_provider, ProviderRole::Rendering),
            (&m.referring_provider, ProviderRole::Referring),
        ]),
        decided: decided(
            &m.other_payers,
            m.lines.iter().flat_map(|line| &line.other_payers).map(|decision| decision.decided_date.as_str()),
        ),
        ..ClaimDetails::default()
    }
}

/// The lines of a professional claim with what they say beyond.
pub(super) fn on_lines(mut lines: Vec<ServiceLine>, m: &pb::ProfessionalClaim) -> Vec<ServiceLine> {
    let named = m.rendering_provider.is_some();
    for (line, told) in lines.iter_mut().zip(&m.lines) {
        let certificate = if told.clia_number.is_empty() { &m.clia_number } else { &told.clia_number };
        line.details = LineDetails {
            drug_code: told.ndc.clone(),
            certificate: certificate.clone(),
            documents: documents(&told.attachments, &m.attachments),
            rendering_named: named || told.rendering_provider.is_some(),
            unnumbered: unnumbered([
                (&told.rendering_provider, ProviderRole::Rendering),
                (&told.ordering_provider, ProviderRole::Ordering),
                (&told.referring_provider, ProviderRole::Referring),
                (&told.supervising_provider, ProviderRole::Supervising),
            ]),
        };
    }
    lines
}

/// The lines of an institutional claim with what they say beyond.
pub(super) fn on_facility_lines(mut lines: Vec<ServiceLine>, m: &pb::InstitutionalClaim) -> Vec<ServiceLine> {
    for (line, told) in lines.iter_mut().zip(&m.lines) {
        line.details.documents = documents(&told.attachments, &m.attachments);
        line.details.drug_code.clone_from(&told.ndc);
    }
    lines
}

/// The documents that a line and its claim name.
fn documents(line: &[pb::Attachment], claim: &[pb::Attachment]) -> Vec<NamedDocument> {
    let named = |named: &pb::Attachment| NamedDocument {
        report: Code::parse(&named.report_type_code).unwrap_or_default(),
        control_number: named.control_number.clone(),
    };
    line.iter().chain(claim).map(named).collect()
}

fn abroad(address: Option<&pb::Address>) -> bool {
    address.is_some_and(|address| !UNITED_STATES.contains(&address.country.as_str()))
}

/// Those who are named without a number.
fn unnumbered<const N: usize>(named: [(&Option<pb::ProviderReference>, ProviderRole); N]) -> Vec<ProviderRole> {
    let lacks = |provider: &Option<pb::ProviderReference>| {
        provider.as_ref().is_some_and(|provider| provider.npi.is_empty() && provider.name.is_some())
    };
    named.into_iter().filter(|(provider, _)| lacks(provider)).map(|(_, role)| role).collect()
}

/// The days on which other payers decided.
fn decided<'m>(payers: &'m [pb::OtherPayer], lines: impl Iterator<Item = &'m str>) -> Vec<Date> {
    payers.iter().map(|payer| payer.decided_date.as_str()).chain(lines).filter_map(parse_iso).collect()
}
