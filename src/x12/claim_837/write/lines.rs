//! Loops 2400 to 2430: service lines of both kinds of claim.

use super::institutional::repricing;
use super::other_payers;
use super::professional::pickup;
use super::shared::{amount, attachments, drug, facility, notes, or, provider, reference, service_days, yes};
use crate::proto::v1::{InstitutionalLine, ProfessionalClaim, ServiceLine, UnitOfService};
use crate::x12::writer::{SegmentWriter, composite};

/// A procedure: qualifier, code, up to four modifiers, words.
fn procedure(qualifier: &str, code: &str, modifiers: &[String], description: &str) -> String {
    let mut parts = vec![qualifier, code];
    parts.extend(modifiers.iter().take(4).map(String::as_str));
    if !description.is_empty() {
        parts.resize(6, "");
        parts.push(description);
    }
    composite(&parts)
}

pub(super) fn professional(out: &mut SegmentWriter, claim: &ProfessionalClaim, number: usize, line: &ServiceLine) {
    out.segment("LX", &[&number.to_string()]);
    let unit = if line.unit_of_service() == UnitOfService::Minutes { "MJ" } else { "UN" };
    let pointers: Vec<String> = line.diagnosis_pointers.iter().map(ToString::to_string).collect();
    let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
    out.segment(
        "SV1",
        &[
            &procedure("HC", &line.procedure_code, &line.modifiers, &line.description),
            &amount(line.charge_cents),
            unit,
            or(&line.units, "1"),
            &line.place_of_service,
            "",
            &composite(&pointers),
            "",
            if line.emergency { yes(true) } else { "" },
        ],
    );
    attachments(out, &line.attachments);
    service_days(out, &line.service_date, &line.service_end_date);
    reference(out, "9F", &line.referral_number);
    reference(out, "G1", &line.authorization_number);
    reference(out, "6R", &line.line_control_number);
    reference(out, "X4", &line.clia_number);
    notes(out, &line.notes);
    drug(out, &line.ndc, &line.ndc_quantity, &line.ndc_unit);
    provider(out, "82", "PE", line.rendering_provider.as_ref());
    if let Some(purchased) = &line.purchased_service_provider {
        out.segment("NM1", &["QB", "2", "", "", "", "", "", "XX", &purchased.npi]);
    }
    facility(out, line.service_facility.as_ref());
    provider(out, "DQ", "", line.supervising_provider.as_ref());
    provider(out, "DK", "", line.ordering_provider.as_ref());
    provider(out, "DN", "", line.referring_provider.as_ref());
    if !line.pickup_zip.is_empty() {
        pickup(out, claim, &line.pickup_zip);
    }
    other_payers::line(out, &line.other_payers);
}

pub(super) fn institutional(out: &mut SegmentWriter, number: usize, line: &InstitutionalLine) {
    out.segment("LX", &[&number.to_string()]);
    let procedure = match line.procedure_code.as_str() {
        "" => String::new(),
        code => procedure(or(&line.procedure_qualifier, "HC"), code, &line.modifiers, &line.description),
    };
    let revenue = format!("{:0>4}", line.revenue_code);
    let unit = if line.unit_of_service() == UnitOfService::Days { "DA" } else { "UN" };
    let noncovered = if line.noncovered_cents == 0 { String::new() } else { amount(line.noncovered_cents) };
    let units = or(&line.units, "1");
    out.segment("SV2", &[&revenue, &procedure, &amount(line.charge_cents), unit, units, "", &noncovered]);
    attachments(out, &line.attachments);
    service_days(out, &line.service_date, &line.service_end_date);
    reference(out, "6R", &line.line_control_number);
    notes(out, &line.notes);
    repricing(out, line.repricing.as_ref());
    drug(out, &line.ndc, &line.ndc_quantity, &line.ndc_unit);
    provider(out, "72", "", line.operating_provider.as_ref());
    provider(out, "ZZ", "", line.other_operating_provider.as_ref());
    provider(out, "82", "", line.rendering_provider.as_ref());
    provider(out, "DN", "", line.referring_provider.as_ref());
    other_payers::line(out, &line.other_payers);
}
