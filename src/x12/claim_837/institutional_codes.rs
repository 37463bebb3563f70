//! The HI segments of an institutional claim: diagnoses, procedures, occurrences, values, conditions.

use super::{has_only, iso_date};
use crate::proto::v1::{
    InstitutionalClaim, InstitutionalDiagnosis, InstitutionalProcedure, Occurrence, OccurrenceSpan, ValueCode,
};
use crate::x12::segments::Segment;

/// Puts every code of an HI where its qualifier says; `false` where some of it has no field.
pub(super) fn add(to: &mut InstitutionalClaim, segment: &Segment) -> bool {
    let given = (1..=segment.len()).filter(|number| !segment.element(*number).is_empty());
    let unmapped = given.filter(|number| !add_code(to, segment, *number)).count();
    unmapped == 0 && has_only(segment, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
}

fn add_code(to: &mut InstitutionalClaim, segment: &Segment, number: usize) -> bool {
    let code = segment.component(number, 2).to_string();
    match segment.component(number, 1) {
        "ABK" | "BK" => to.principal_diagnosis = Some(diagnosis(segment, number)),
        "ABJ" | "BJ" => to.admitting_diagnosis = Some(diagnosis(segment, number)),
        "APR" | "PR" => to.visit_reasons.push(diagnosis(segment, number)),
        "ABN" | "BN" => to.external_causes.push(diagnosis(segment, number)),
        "ABF" | "BF" => to.other_diagnoses.push(diagnosis(segment, number)),
        "DR" => to.drg = code,
        "BBR" | "BR" | "CAH" => to.principal_procedure = Some(procedure(segment, number)),
        "BBQ" | "BQ" => to.other_procedures.push(procedure(segment, number)),
        "BI" => {
            let (from, through) = segment.component(number, 4).split_once('-').unwrap_or_default();
            let (from_date, through_date) = (iso_date(from), iso_date(through));
            to.occurrence_spans.push(OccurrenceSpan { code, from_date, through_date });
        }
        "BH" => to.occurrences.push(Occurrence { code, date: iso_date(segment.component(number, 4)) }),
        "BE" => to.values.push(ValueCode { code, value: segment.component(number, 5).to_string() }),
        "BG" => to.condition_codes.push(code),
        "TC" => to.treatment_codes.push(code),
        _ => return false,
    }
    true
}

fn diagnosis(segment: &Segment, number: usize) -> InstitutionalDiagnosis {
    let qualifier = segment.component(number, 1);
    InstitutionalDiagnosis {
        code: segment.component(number, 2).to_string(),
        present_on_admission: segment.component(number, 9).to_string(),
        qualifier: if qualifier.starts_with('A') { String::new() } else { qualifier.to_string() },
    }
}

fn procedure(segment: &Segment, number: usize) -> InstitutionalProcedure {
    let qualifier = segment.component(number, 1);
    InstitutionalProcedure {
        code: segment.component(number, 2).to_string(),
        date: iso_date(segment.component(number, 4)),
        qualifier: if ["BBR", "BBQ"].contains(&qualifier) { String::new() } else { qualifier.to_string() },
    }
}
