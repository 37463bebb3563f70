//! Loops 2300 and 2310 of a professional claim.

use super::shared::{amount, attachments, codes, date, facility, notes, or, provider, reference, yes};
use super::{lines, other_payers};
use crate::proto::v1::{Accident, ProfessionalClaim};
use crate::x12::writer::{SegmentWriter, composite};

pub(super) fn claim(out: &mut SegmentWriter, claim: &ProfessionalClaim) {
    header(out, claim);
    dates(out, claim);
    attachments(out, &claim.attachments);
    if claim.patient_paid_cents != 0 {
        out.segment("AMT", &["F5", &amount(claim.patient_paid_cents)]);
    }
    reference(out, "9F", &claim.referral_number);
    reference(out, "G1", &claim.authorization_number);
    reference(out, "F8", &claim.original_control_number);
    reference(out, "X4", &claim.clia_number);
    reference(out, "D9", &claim.clearinghouse_number);
    notes(out, &claim.notes);
    let diagnosis = |(at, diagnosis): (usize, &crate::proto::v1::Diagnosis)| {
        let usual = if at == 0 { "ABK" } else { "ABF" };
        composite(&[or(&diagnosis.qualifier, usual), &diagnosis.code])
    };
    codes(out, &claim.diagnoses.iter().enumerate().map(diagnosis).collect::<Vec<_>>());
    provider(out, "DN", "", claim.referring_provider.as_ref());
    provider(out, "P3", "", claim.primary_care_provider.as_ref());
    provider(out, "82", "PE", claim.rendering_provider.as_ref());
    facility(out, claim.service_facility.as_ref());
    provider(out, "DQ", "", claim.supervising_provider.as_ref());
    if !claim.pickup_zip.is_empty() {
        pickup(out, claim, &claim.pickup_zip);
    }
    other_payers::claim(out, &claim.other_payers);
    for (number, line) in (1..).zip(&claim.lines) {
        lines::professional(out, claim, number, line);
    }
}

fn header(out: &mut SegmentWriter, claim: &ProfessionalClaim) {
    let accident = claim.accident.as_ref().map(causes).unwrap_or_default();
    out.segment(
        "CLM",
        &[
            &claim.patient_control_number,
            &amount(claim.charge_cents),
            "",
            "",
            &composite(&[&claim.place_of_service, "B", or(&claim.frequency_code, "1")]),
            "Y",
            if claim.accepts_assignment { "A" } else { "C" },
            yes(claim.benefits_assigned),
            if claim.release_of_information { "Y" } else { "I" },
            "",
            &accident,
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            &claim.delay_reason_code,
        ],
    );
}

/// CLM11: up to three causes, then the state.
fn causes(accident: &Accident) -> String {
    let causes = [(accident.automobile, "AA"), (accident.employment, "EM"), (accident.other, "OA")];
    let mut told: Vec<&str> = causes.into_iter().filter(|(is, _)| *is).map(|(_, code)| code).collect();
    if told.is_empty() {
        return String::new();
    }
    told.resize(3, "");
    told.push(&accident.state);
    composite(&told)
}

fn dates(out: &mut SegmentWriter, claim: &ProfessionalClaim) {
    date(out, "431", &claim.onset_date);
    date(out, "454", &claim.initial_treatment_date);
    if let Some(accident) = &claim.accident {
        date(out, "439", &accident.accident_date);
    }
    date(out, "435", &claim.admission_date);
    date(out, "096", &claim.discharge_date);
}

/// Loop 2310E or 2420G. Of the place only the ZIP code is known; the rest is the billing provider's.
pub(super) fn pickup(out: &mut SegmentWriter, claim: &ProfessionalClaim, zip: &str) {
    let address = claim.billing_provider.as_ref().and_then(|provider| provider.address.as_ref());
    let (city, state) =
        address.map_or(("UNKNOWN", "CA"), |address| (or(&address.city, "UNKNOWN"), or(&address.state, "CA")));
    out.segment("NM1", &["PW", "2"]);
    out.segment("N3", &["PLACE OF PICKUP"]);
    out.segment("N4", &[city, state, zip]);
}
