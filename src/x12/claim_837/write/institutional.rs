//! Loops 2300 and 2310 of an institutional claim.

use super::shared::{amount, attachments, codes, day, facility, notes, or, provider, reference, yes};
use super::{lines, other_payers};
use crate::proto::v1::{InstitutionalClaim, InstitutionalDiagnosis, InstitutionalProcedure, Repricing};
use crate::x12::writer::{SegmentWriter, composite};

pub(super) fn claim(out: &mut SegmentWriter, claim: &InstitutionalClaim) {
    header(out, claim);
    attachments(out, &claim.attachments);
    if let Some(contract) = &claim.contract {
        let amount = if contract.amount_cents == 0 { String::new() } else { amount(contract.amount_cents) };
        let [percent, code] = [&contract.percent, &contract.code];
        out.segment(
            "CN1",
            &[&contract.type_code, &amount, percent, code, &contract.discount_percent, &contract.version],
        );
    }
    if claim.patient_estimated_cents != 0 {
        out.segment("AMT", &["F3", &amount(claim.patient_estimated_cents)]);
    }
    reference(out, "9F", &claim.referral_number);
    reference(out, "G1", &claim.authorization_number);
    reference(out, "F8", &claim.original_control_number);
    reference(out, "D9", &claim.clearinghouse_number);
    reference(out, "LU", &claim.accident_state);
    reference(out, "EA", &claim.medical_record_number);
    notes(out, &claim.notes);
    diagnoses(out, claim);
    other_codes(out, claim);
    repricing(out, claim.repricing.as_ref());
    provider(out, "71", "AT", claim.attending_provider.as_ref());
    provider(out, "72", "", claim.operating_provider.as_ref());
    provider(out, "ZZ", "", claim.other_operating_provider.as_ref());
    provider(out, "82", "", claim.rendering_provider.as_ref());
    facility(out, claim.service_facility.as_ref());
    provider(out, "DN", "", claim.referring_provider.as_ref());
    other_payers::claim(out, &claim.other_payers);
    for (number, line) in (1..).zip(&claim.lines) {
        lines::institutional(out, number, line);
    }
}

/// CLM, the dates and CL1.
fn header(out: &mut SegmentWriter, claim: &InstitutionalClaim) {
    // Four characters begin with a zero that X12 leaves out.
    let bill = claim.type_of_bill.strip_prefix('0').filter(|bill| bill.len() == 3).unwrap_or(&claim.type_of_bill);
    let (place, frequency) = (bill.get(..2).unwrap_or(bill), bill.get(2..).unwrap_or(""));
    let assignment = if claim.accepts_assignment { "A" } else { "C" };
    let release = if claim.release_of_information { "Y" } else { "I" };
    let place = composite(&[place, "A", frequency]);
    let (number, charge) = (&claim.patient_control_number, amount(claim.charge_cents));
    let assigned = yes(claim.benefits_assigned);
    let mut elements = vec![number, charge.as_str(), "", "", &place, "", assignment, assigned, release];
    elements.resize(19, "");
    elements.push(&claim.delay_reason_code);
    out.segment("CLM", &elements);
    if !claim.discharge_hour.is_empty() {
        out.segment("DTP", &["096", "TM", &claim.discharge_hour]);
    }
    let (from, through) = (day(&claim.statement_from), day(&claim.statement_through));
    let through = if through.is_empty() { from.clone() } else { through };
    if !from.is_empty() {
        out.segment("DTP", &["434", "RD8", &[from, through].join("-")]);
    }
    let admission = day(&claim.admission_date);
    if !admission.is_empty() {
        let kind = if claim.admission_hour.is_empty() { "D8" } else { "DT" };
        out.segment("DTP", &["435", kind, &[admission.as_str(), &claim.admission_hour].concat()]);
    }
    if !claim.admission_type.is_empty() || !claim.patient_status.is_empty() {
        out.segment("CL1", &[&claim.admission_type, &claim.admission_source, &claim.patient_status]);
    }
}

/// One HI a kind.
fn diagnoses(out: &mut SegmentWriter, claim: &InstitutionalClaim) {
    let kinds: [(&str, &[InstitutionalDiagnosis]); 5] = [
        ("ABK", claim.principal_diagnosis.as_slice()),
        ("ABJ", claim.admitting_diagnosis.as_slice()),
        ("APR", &claim.visit_reasons),
        ("ABN", &claim.external_causes),
        ("ABF", &claim.other_diagnoses),
    ];
    for (at, (qualifier, list)) in kinds.into_iter().enumerate() {
        let code = |diagnosis: &InstitutionalDiagnosis| {
            let present = &diagnosis.present_on_admission;
            composite(&[or(&diagnosis.qualifier, qualifier), &diagnosis.code, "", "", "", "", "", "", present])
        };
        // The group stands before the other diagnoses.
        if at == 4 && !claim.drg.is_empty() {
            codes(out, &[composite(&["DR", &claim.drg])]);
        }
        codes(out, &list.iter().map(code).collect::<Vec<_>>());
    }
}

/// Procedures, occurrences, values, conditions, treatments.
fn other_codes(out: &mut SegmentWriter, claim: &InstitutionalClaim) {
    for (qualifier, list) in [("BBR", claim.principal_procedure.as_slice()), ("BBQ", claim.other_procedures.as_slice())]
    {
        let code = |procedure: &InstitutionalProcedure| {
            let day = day(&procedure.date);
            let kind = if day.is_empty() { "" } else { "D8" };
            composite(&[or(&procedure.qualifier, qualifier), &procedure.code, kind, &day])
        };
        codes(out, &list.iter().map(code).collect::<Vec<_>>());
    }
    let span = |span: &crate::proto::v1::OccurrenceSpan| {
        let days = [day(&span.from_date), day(&span.through_date)].join("-");
        composite(&["BI", &span.code, "RD8", &days])
    };
    codes(out, &claim.occurrence_spans.iter().map(span).collect::<Vec<_>>());
    let occurrence = |of: &crate::proto::v1::Occurrence| composite(&["BH", &of.code, "D8", &day(&of.date)]);
    codes(out, &claim.occurrences.iter().map(occurrence).collect::<Vec<_>>());
    let value = |of: &crate::proto::v1::ValueCode| composite(&["BE", &of.code, "", "", &of.value]);
    codes(out, &claim.values.iter().map(value).collect::<Vec<_>>());
    let listed = |kind: &str, list: &[String]| list.iter().map(|code| composite(&[kind, code])).collect::<Vec<_>>();
    codes(out, &listed("BG", &claim.condition_codes));
    codes(out, &listed("TC", &claim.treatment_codes));
}

/// HCP, where there is one.
pub(super) fn repricing(out: &mut SegmentWriter, repricing: Option<&Repricing>) {
    let Some(of) = repricing else { return };
    let known = |cents: i64| if cents == 0 { String::new() } else { amount(cents) };
    let [savings, approved] = [known(of.savings_cents), known(of.approved_cents)];
    let allowed = amount(of.allowed_cents);
    out.segment("HCP", &[&of.method, &allowed, &savings, &of.organization_id, &of.rate, &of.drg, &approved]);
}
