//! The service itself: units, place, code, time, and what a plan does not pay.

use rust_decimal::Decimal;

use super::{Change, Outlook, Path, Seen};
use crate::domain::codes::{Modifier, ProcedureCode};
use crate::reference::mue::Mai;
use crate::reference::visits::of_known_patient;

/// More units than are likely.
pub(super) fn units(seen: &Seen<'_, '_>) -> Outlook {
    let (line, payer) = (seen.service.line, &seen.case.file.payer);
    let table = if seen.case.file.claim.institutional.is_some() { &payer.outpatient_mue } else { &payer.mue };
    let Some(limit) = table.on(line.from).and_then(|table| table.lookup(line.procedure)) else {
        return Outlook::default().advice(Path::Appeal, "Appeal with records that show how often it was done and why; a reviewer may overturn it, which no decision here verifies.");
    };
    let most = Decimal::from(limit.units);
    let mut outlook = Outlook::default();
    if !most.is_zero() && line.units > most {
        outlook = outlook.only_if(Change::Units(seen.at(), most), "no more than that were done");
    }
    match limit.mai {
        Mai::Line => {
            if line.units > most && line.units <= most + most {
                let distinct = "the units beyond were a distinct service: another site, session or encounter";
                for modifier in ["59", "76", "91"] {
                    outlook = outlook.only_if(Change::Split(seen.at(), most, Modifier::new(modifier)), distinct);
                }
            }
            outlook.advice(Path::Appeal, "Appeal with records that show the units; a reviewer may overturn it, which no decision here verifies.")
        }
        Mai::DateOfServicePolicy => {
            outlook.advice(Path::Nothing, "The limit is policy (adjudication indicator 2): more units are never paid, whatever the records say.")
        }
        Mai::DateOfServiceClinical => {
            outlook.advice(Path::Appeal, "Appeal with records that show why more units were needed (adjudication indicator 3); a reviewer may overturn it, which no decision here verifies.")
        }
    }
}

/// The procedure is not done there.
pub(super) fn place(seen: &Seen<'_, '_>) -> Outlook {
    let mut outlook = Outlook::default();
    for place in seen.service.procedure.iter().flat_map(|procedure| &procedure.places) {
        outlook = outlook.only_if(Change::Place(seen.at(), *place), "it was done at that place");
    }
    outlook.advice(Path::CorrectedClaim, "Bill the place where it was done, or the procedure that was done there.")
}

/// The code is not valid.
pub(super) fn procedure(_: &Seen<'_, '_>) -> Outlook {
    Outlook::default().advice(Path::CorrectedClaim, "Bill the code that was valid on the day for what was done; which one that is, the record says and no table here.")
}

/// A visit of a new patient who is none: the established patient's visit of the same level.
pub(super) fn new_patient(seen: &Seen<'_, '_>) -> Outlook {
    let Some(established) = of_known_patient(seen.service.line.procedure) else {
        return Outlook::default().advice(Path::CorrectedClaim, "Bill the established patient's code.");
    };
    let only_if = "the record supports the established patient's visit of that level";
    Outlook::default().only_if(Change::Procedure(seen.at(), ProcedureCode::new(established)), only_if)
}

/// Came in too late.
pub(super) fn late(seen: &Seen<'_, '_>) -> Outlook {
    if seen.medicare() {
        return Outlook::nothing(
            "Original Medicare's limit is the law's and cannot be appealed; only an exception under 42 CFR 424.44(b) lifts it, asked for with proof. The patient may not be billed.",
        );
    }
    Outlook::default().advice(Path::Appeal, "If it was sent in time, dispute or appeal with proof: the 277CA or 999 of the first sending. Else nothing would pay, and the patient may not be billed.")
}

/// Not a benefit of the plan.
pub(super) fn not_covered(seen: &Seen<'_, '_>) -> Outlook {
    let mut outlook = Outlook::default();
    if seen.service.line.has_modifier("GY") {
        let only_if = "the law does not exclude the service and the modifier was a mistake";
        outlook = outlook.only_if(Change::NoModifier(seen.at(), Modifier::new("GY")), only_if);
    }
    let outlook =
        outlook.advice(Path::Nothing, "Nothing the provider can do would pay: the plan does not cover the service.");
    if seen.patient_bears { outlook.advice(Path::Patient, "The patient owes it.") } else { outlook }
}

/// A limit is used up.
pub(super) fn used_up(_: &Seen<'_, '_>) -> Outlook {
    Outlook::nothing("Nothing the provider can do would pay: the plan's limit is used up.")
        .advice(Path::Patient, "The patient owes it.")
}

/// The wait for a benefit has not passed.
pub(super) fn waiting(_: &Seen<'_, '_>) -> Outlook {
    Outlook::nothing("Nothing the provider can do would pay: the plan gives the benefit only after the wait.")
        .advice(Path::Patient, "The patient owes it.")
}

/// A document is asked for.
pub(super) fn document(seen: &Seen<'_, '_>) -> Outlook {
    Outlook::default()
        .only_if(
            Change::Attachment(seen.at()),
            "the document is sent with the claim, by the number that the claim names",
        )
        .advice(Path::Appeal, "Send the records that the remark asks for.")
}

/// No units.
pub(super) fn without_units(seen: &Seen<'_, '_>) -> Outlook {
    Outlook::default()
        .only_if(Change::Units(seen.at(), Decimal::ONE), "the service was done once")
        .advice(Path::NewClaim, "Bill the units that were done.")
}
