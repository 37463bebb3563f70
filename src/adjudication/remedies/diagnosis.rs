//! Diagnoses: the billable code, the one that the line should point to, or what a policy asks for.

use super::{Change, Outlook, Path, Seen};
use crate::domain::codes::DiagnosisCode;

/// So many billable codes under a header are tried.
const MOST_CODES: usize = 8;

/// The line points to none, or to one that is not billable.
pub(super) fn invalid(seen: &Seen<'_, '_>) -> Outlook {
    let (claim, line) = (&seen.case.file.claim, seen.service.line);
    let set = seen.case.file.payer.diagnoses.on(line.from);
    let billable = |code: DiagnosisCode| set.lookup(code).is_some_and(|entry| entry.billable);
    let mut outlook = Outlook::default();
    for at in line.pointers.iter().copied() {
        let Some(code) = claim.diagnoses.get(at).copied().filter(|code| !billable(*code)) else { continue };
        for under in set.billable_under(code, MOST_CODES) {
            outlook = outlook.only_if(Change::Diagnosis(at, under), "the record supports that diagnosis");
        }
    }
    for (at, code) in claim.diagnoses.iter().enumerate() {
        if billable(*code) && line.pointers.first() != Some(&at) {
            outlook = outlook.only_if(Change::Pointer(seen.at(), at), "the service was for that diagnosis");
        }
    }
    outlook.advice(
        Path::CorrectedClaim,
        "Code the diagnosis that the record documents, by the release of the day of service.",
    )
}

/// A policy does not cover the service for the diagnoses, or they do not fit the patient or the procedure.
pub(super) fn unsupported(seen: &Seen<'_, '_>) -> Outlook {
    let (claim, line) = (&seen.case.file.claim, seen.service.line);
    let mut outlook = Outlook::default();
    for at in 0..claim.diagnoses.len() {
        if line.pointers.first() != Some(&at) {
            outlook = outlook.only_if(Change::Pointer(seen.at(), at), "the service was for that diagnosis");
        }
    }
    if seen.service.line.has_modifier("GZ") {
        let words = "Modifier GZ says that a denial was expected and no notice given: the provider bears it.";
        return outlook.advice(Path::Nothing, words);
    }
    if seen.patient_bears {
        outlook = outlook.advice(Path::Patient, "The patient was told beforehand and agreed to pay (GA).");
    }
    let words = "If the record documents a diagnosis that the policy covers, correct the claim; else appeal with records that show why the service was necessary. A reviewer may overturn it, which no decision here verifies.";
    outlook.advice(Path::Appeal, words)
}
