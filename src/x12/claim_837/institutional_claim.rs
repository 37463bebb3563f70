//! Loops 2300 and 2310 of an institutional claim: the claim and its providers. Its codes stand in
//! [`institutional_codes`](super::institutional_codes).

use super::claim::{attachment, note};
use super::institutional_codes;
use super::provider::{add_to_facility, add_to_provider};
use super::{cents, has_only, iso_date, text};
use crate::proto::v1::{Contract, InstitutionalClaim, Repricing};
use crate::x12::segments::Segment;

/// Puts a segment where it belongs; `false` where some of it has no field.
pub(super) fn add(to: &mut InstitutionalClaim, loop_id: &str, segment: &Segment) -> bool {
    match loop_id {
        "2300" => add_to_claim(to, segment),
        "2310A" => add_to_provider(&mut to.attending_provider, segment),
        "2310B" => add_to_provider(&mut to.operating_provider, segment),
        "2310C" => add_to_provider(&mut to.other_operating_provider, segment),
        "2310D" => add_to_provider(&mut to.rendering_provider, segment),
        "2310E" => add_to_facility(&mut to.service_facility, segment),
        "2310F" => add_to_provider(&mut to.referring_provider, segment),
        _ => false,
    }
}

fn add_to_claim(to: &mut InstitutionalClaim, segment: &Segment) -> bool {
    match (segment.id(), segment.element(1)) {
        ("CLM", _) => claim(to, segment),
        ("DTP", kind) => date(to, kind, segment.element(3)),
        ("CL1", _) => {
            to.admission_type = text(segment, 1);
            to.admission_source = text(segment, 2);
            to.patient_status = text(segment, 3);
            true
        }
        ("PWK", _) => {
            to.attachments.push(attachment(segment));
            has_only(segment, &[1, 2, 5, 6])
        }
        ("CN1", _) => {
            to.contract = Some(contract(segment));
            true
        }
        ("AMT", "F3") => {
            to.patient_estimated_cents = cents(segment.element(2));
            true
        }
        ("REF", kind) => match reference_field(to, kind) {
            Some(field) => {
                *field = text(segment, 2);
                has_only(segment, &[1, 2])
            }
            None => false,
        },
        ("NTE", _) => {
            to.notes.push(note(segment));
            true
        }
        ("HI", _) => institutional_codes::add(to, segment),
        ("HCP", _) => repricing(&mut to.repricing, segment),
        _ => false,
    }
}

/// CLM05-2 `A` is what every institutional claim says.
fn claim(to: &mut InstitutionalClaim, segment: &Segment) -> bool {
    to.patient_control_number = text(segment, 1);
    to.charge_cents = cents(segment.element(2));
    to.type_of_bill = [segment.component(5, 1), segment.component(5, 3)].concat();
    to.accepts_assignment = segment.element(7) == "A";
    to.benefits_assigned = segment.element(8) == "Y";
    to.release_of_information = segment.element(9) == "Y";
    to.delay_reason_code = text(segment, 20);
    has_only(segment, &[1, 2, 5, 7, 8, 9, 20])
        && ["A", "C"].contains(&segment.element(7))
        && ["Y", "N"].contains(&segment.element(8))
        && segment.element(9) == "Y"
}

fn date(to: &mut InstitutionalClaim, kind: &str, value: &str) -> bool {
    match kind {
        "434" => {
            let (from, through) = value.split_once('-').unwrap_or((value, value));
            (to.statement_from, to.statement_through) = (iso_date(from), iso_date(through));
        }
        "435" => {
            to.admission_date = iso_date(value);
            to.admission_hour = value.get(8..).unwrap_or_default().to_string();
        }
        "096" => to.discharge_hour = value.to_string(),
        _ => return false,
    }
    true
}

fn reference_field<'c>(to: &'c mut InstitutionalClaim, kind: &str) -> Option<&'c mut String> {
    match kind {
        "F8" => Some(&mut to.original_control_number),
        "G1" => Some(&mut to.authorization_number),
        "9F" => Some(&mut to.referral_number),
        "D9" => Some(&mut to.clearinghouse_number),
        "EA" => Some(&mut to.medical_record_number),
        "LU" => Some(&mut to.accident_state),
        _ => None,
    }
}

fn contract(segment: &Segment) -> Contract {
    Contract {
        type_code: text(segment, 1),
        amount_cents: cents(segment.element(2)),
        percent: text(segment, 3),
        code: text(segment, 4),
        discount_percent: text(segment, 5),
        version: text(segment, 6),
    }
}

/// HCP of a claim or line.
pub(super) fn repricing(to: &mut Option<Repricing>, segment: &Segment) -> bool {
    *to = Some(Repricing {
        method: text(segment, 1),
        allowed_cents: cents(segment.element(2)),
        savings_cents: cents(segment.element(3)),
        organization_id: text(segment, 4),
        rate: text(segment, 5),
        drg: text(segment, 6),
        approved_cents: cents(segment.element(7)),
    });
    has_only(segment, &[1, 2, 3, 4, 5, 6, 7])
}
