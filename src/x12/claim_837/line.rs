//! Loops 2400 to 2440: service lines.

use super::claim::{attachment, note};
use super::other_payer::add_to_line as add_to_decision;
use super::provider::{add_to_facility, add_to_provider};
use super::{cents, has_only, iso_days, text};
use crate::proto::v1::{ProfessionalClaim, ServiceLine, UnitOfService};
use crate::x12::segments::Segment;

/// Puts a segment where it belongs; `false` where some of it has no field.
pub(super) fn add(to: &mut ProfessionalClaim, loop_id: &str, segment: &Segment) -> bool {
    if segment.id() == "LX" {
        to.lines.push(ServiceLine::default());
        return true;
    }
    let Some(line) = to.lines.last_mut() else { return false };
    match (loop_id, segment.id(), segment.element(1)) {
        ("2400", ..) => add_to_line(line, segment),
        ("2410", "LIN", _) if segment.element(2) == "N4" => {
            line.ndc = text(segment, 3);
            true
        }
        ("2410", "CTP", _) => {
            line.ndc_quantity = text(segment, 4);
            line.ndc_unit = segment.component(5, 1).to_string();
            true
        }
        ("2420A", ..) => add_to_provider(&mut line.rendering_provider, segment),
        ("2420B", ..) => add_to_provider(&mut line.purchased_service_provider, segment),
        ("2420C", ..) => add_to_facility(&mut line.service_facility, segment),
        ("2420D", ..) => add_to_provider(&mut line.supervising_provider, segment),
        ("2420E", ..) => add_to_provider(&mut line.ordering_provider, segment),
        ("2420F", "NM1", "DN") => add_to_provider(&mut line.referring_provider, segment),
        ("2420G", "N4", _) => {
            line.pickup_zip = text(segment, 3);
            false
        }
        ("2430", ..) => add_to_decision(&mut line.other_payers, segment),
        _ => false,
    }
}

fn add_to_line(line: &mut ServiceLine, segment: &Segment) -> bool {
    match (segment.id(), segment.element(1)) {
        ("SV1", _) => service(line, segment),
        ("PWK", _) => {
            line.attachments.push(attachment(segment));
            has_only(segment, &[1, 2, 5, 6])
        }
        ("DTP", "472") => {
            (line.service_date, line.service_end_date) = iso_days(segment.element(3));
            true
        }
        ("REF", kind) => {
            let field = match kind {
                "6R" => &mut line.line_control_number,
                "G1" => &mut line.authorization_number,
                "9F" => &mut line.referral_number,
                "X4" => &mut line.clia_number,
                _ => return false,
            };
            // The number that another payer gave, or a second number, has no field.
            if !field.is_empty() || !has_only(segment, &[1, 2]) {
                return false;
            }
            *field = text(segment, 2);
            true
        }
        ("NTE", _) => {
            line.notes.push(note(segment));
            true
        }
        _ => false,
    }
}

fn service(line: &mut ServiceLine, segment: &Segment) -> bool {
    line.procedure_code = segment.component(1, 2).to_string();
    line.modifiers = segment.components(1).skip(2).take(4).filter(|code| !code.is_empty()).map(String::from).collect();
    line.description = segment.component(1, 7).to_string();
    line.charge_cents = cents(segment.element(2));
    let unit = match segment.element(3) {
        "UN" => UnitOfService::Units,
        "MJ" => UnitOfService::Minutes,
        _ => UnitOfService::Unspecified,
    };
    line.unit_of_service = unit.into();
    line.units = text(segment, 4);
    line.place_of_service = text(segment, 5);
    line.diagnosis_pointers = segment.components(7).filter_map(|pointer| pointer.parse().ok()).collect();
    line.emergency = segment.element(9) == "Y";
    has_only(segment, &[1, 2, 3, 4, 5, 7, 9]) && segment.component(1, 1) == "HC"
}
