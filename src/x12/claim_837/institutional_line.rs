//! Loops 2400 to 2430 of an institutional claim: its lines.

use super::claim::{attachment, note};
use super::institutional_claim::repricing;
use super::other_payer::add_to_line as add_to_decision;
use super::provider::add_to_provider;
use super::{cents, has_only, iso_days, text};
use crate::proto::v1::{InstitutionalClaim, InstitutionalLine, UnitOfService};
use crate::x12::segments::Segment;

/// Puts a segment where it belongs; `false` where some of it has no field.
pub(super) fn add(to: &mut InstitutionalClaim, loop_id: &str, segment: &Segment) -> bool {
    if segment.id() == "LX" {
        to.lines.push(InstitutionalLine::default());
        return true;
    }
    let Some(line) = to.lines.last_mut() else { return false };
    match (loop_id, segment.id()) {
        ("2400", _) => add_to_line(line, segment),
        ("2410", "LIN") => {
            line.ndc = text(segment, 3);
            true
        }
        ("2410", "CTP") => {
            line.ndc_quantity = text(segment, 4);
            line.ndc_unit = segment.component(5, 1).to_string();
            true
        }
        ("2420A", _) => add_to_provider(&mut line.operating_provider, segment),
        ("2420B", _) => add_to_provider(&mut line.other_operating_provider, segment),
        ("2420C", _) => add_to_provider(&mut line.rendering_provider, segment),
        ("2420D", _) => add_to_provider(&mut line.referring_provider, segment),
        ("2430", _) => add_to_decision(&mut line.other_payers, segment),
        _ => false,
    }
}

fn add_to_line(line: &mut InstitutionalLine, segment: &Segment) -> bool {
    match (segment.id(), segment.element(1)) {
        ("SV2", _) => charge(line, segment),
        ("PWK", _) => {
            line.attachments.push(attachment(segment));
            has_only(segment, &[1, 2, 5, 6])
        }
        ("DTP", "472") => {
            (line.service_date, line.service_end_date) = iso_days(segment.element(3));
            true
        }
        ("REF", "6R") => {
            line.line_control_number = text(segment, 2);
            has_only(segment, &[1, 2])
        }
        ("NTE", _) => {
            line.notes.push(note(segment));
            true
        }
        ("HCP", _) => repricing(&mut line.repricing, segment),
        _ => false,
    }
}

fn charge(line: &mut InstitutionalLine, segment: &Segment) -> bool {
    line.revenue_code = text(segment, 1);
    line.procedure_qualifier = segment.component(2, 1).to_string();
    line.procedure_code = segment.component(2, 2).to_string();
    line.modifiers = segment.components(2).skip(2).take(4).filter(|code| !code.is_empty()).map(String::from).collect();
    line.description = segment.component(2, 7).to_string();
    line.charge_cents = cents(segment.element(3));
    let unit = match segment.element(4) {
        "UN" => UnitOfService::Units,
        "DA" => UnitOfService::Days,
        _ => UnitOfService::Unspecified,
    };
    line.unit_of_service = unit.into();
    line.units = text(segment, 5);
    line.noncovered_cents = cents(segment.element(7));
    has_only(segment, &[1, 2, 3, 4, 5, 7])
}
