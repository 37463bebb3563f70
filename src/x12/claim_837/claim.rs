//! Loops 2300 and 2310: the claim and its providers.

use super::provider::{add_to_facility, add_to_provider};
use super::{cents, has_only, iso_date, text};
use crate::proto::v1::{Accident, Attachment, Diagnosis, Note, ProfessionalClaim};
use crate::x12::segments::Segment;

/// Puts a segment where it belongs; `false` where some of it has no field.
pub(super) fn add(to: &mut ProfessionalClaim, loop_id: &str, segment: &Segment) -> bool {
    match (loop_id, segment.id()) {
        ("2300", _) => add_to_claim(to, segment),
        ("2310A", "NM1") if segment.element(1) == "P3" => add_to_provider(&mut to.primary_care_provider, segment),
        ("2310A", "NM1") => add_to_provider(&mut to.referring_provider, segment),
        ("2310B", _) => add_to_provider(&mut to.rendering_provider, segment),
        ("2310C", _) => add_to_facility(&mut to.service_facility, segment),
        ("2310D", _) => add_to_provider(&mut to.supervising_provider, segment),
        // Of the place where an ambulance came to, the ZIP code prices; the whole stays unmapped.
        ("2310E", "N4") => {
            to.pickup_zip = text(segment, 3);
            false
        }
        _ => false,
    }
}

fn add_to_claim(to: &mut ProfessionalClaim, segment: &Segment) -> bool {
    match segment.id() {
        "CLM" => claim(to, segment),
        "DTP" => match date_field(to, segment.element(1)) {
            Some(field) if segment.element(2) == "D8" => {
                *field = iso_date(segment.element(3));
                true
            }
            _ => false,
        },
        "PWK" => {
            to.attachments.push(attachment(segment));
            has_only(segment, &[1, 2, 5, 6])
        }
        "AMT" if segment.element(1) == "F5" => {
            to.patient_paid_cents = cents(segment.element(2));
            true
        }
        "REF" => match reference_field(to, segment.element(1)) {
            Some(field) => {
                *field = text(segment, 2);
                has_only(segment, &[1, 2])
            }
            None => false,
        },
        "NTE" => {
            to.notes.push(note(segment));
            true
        }
        "HI" => diagnoses(to, segment),
        _ => false,
    }
}

/// CLM06 `Y` and CLM05-2 `B` are what every claim says.
fn claim(to: &mut ProfessionalClaim, segment: &Segment) -> bool {
    to.patient_control_number = text(segment, 1);
    to.charge_cents = cents(segment.element(2));
    to.place_of_service = segment.component(5, 1).to_string();
    to.frequency_code = segment.component(5, 3).to_string();
    to.accepts_assignment = segment.element(7) == "A";
    to.benefits_assigned = segment.element(8) == "Y";
    to.release_of_information = segment.element(9) == "Y";
    to.delay_reason_code = text(segment, 20);
    if !segment.element(11).is_empty() {
        let is_cause = |cause: &str| segment.components(11).take(3).any(|component| component == cause);
        let [automobile, employment, other] = ["AA", "EM", "OA"].map(is_cause);
        let state = segment.component(11, 4).to_string();
        to.accident = Some(Accident { accident_date: String::new(), automobile, employment, other, state });
    }
    has_only(segment, &[1, 2, 5, 6, 7, 8, 9, 11, 20])
        && segment.element(6) == "Y"
        && ["A", "C"].contains(&segment.element(7))
        && ["Y", "N"].contains(&segment.element(8))
        && segment.element(9) == "Y"
        && segment.component(11, 5).is_empty()
}

fn date_field<'c>(to: &'c mut ProfessionalClaim, kind: &str) -> Option<&'c mut String> {
    match kind {
        "431" => Some(&mut to.onset_date),
        "435" => Some(&mut to.admission_date),
        "096" => Some(&mut to.discharge_date),
        "454" => Some(&mut to.initial_treatment_date),
        "439" => Some(&mut to.accident.get_or_insert_default().accident_date),
        _ => None,
    }
}

fn reference_field<'c>(to: &'c mut ProfessionalClaim, kind: &str) -> Option<&'c mut String> {
    match kind {
        "F8" => Some(&mut to.original_control_number),
        "G1" => Some(&mut to.authorization_number),
        "9F" => Some(&mut to.referral_number),
        "X4" => Some(&mut to.clia_number),
        "D9" => Some(&mut to.clearinghouse_number),
        _ => None,
    }
}

/// HI of diagnoses; other HIs (procedures, conditions) have no field.
fn diagnoses(to: &mut ProfessionalClaim, segment: &Segment) -> bool {
    if !matches!(segment.component(1, 1), "ABK" | "BK") {
        return false;
    }
    let given = (1..=segment.len()).filter(|number| !segment.element(*number).is_empty());
    to.diagnoses = given
        .map(|number| Diagnosis {
            qualifier: segment.component(number, 1).to_string(),
            code: segment.component(number, 2).to_string(),
        })
        .collect();
    true
}

/// PWK of a claim or line.
pub(super) fn attachment(segment: &Segment) -> Attachment {
    Attachment {
        report_type_code: text(segment, 1),
        transmission_code: text(segment, 2),
        control_number: text(segment, 6),
    }
}

/// NTE of a claim or line.
pub(super) fn note(segment: &Segment) -> Note {
    Note { code: text(segment, 1), text: text(segment, 2) }
}
