//! Facilities' bills: the type, the group, the revenue code.

use super::{Change, Outlook, Path, Seen};
use crate::domain::institutional::TypeOfBill;

/// A part of a stay that is paid as a whole.
pub(super) fn interim(seen: &Seen<'_, '_>) -> Outlook {
    let words = "Bill the stay as a whole after discharge, from the first day to the last.";
    let Some(facility) = &seen.case.file.claim.institutional else { return Outlook::default() };
    let whole = TypeOfBill::parse(&format!("{}1", facility.bill.kind()));
    let mut outlook = Outlook::default();
    if let Some(whole) = whole {
        outlook = outlook.only_if(Change::Bill(whole), "the bill holds the whole stay, and the patient is discharged");
    }
    outlook.advice(Path::NewClaim, words)
}

/// A procedure beside a revenue code that carries none, or the other way round.
pub(super) fn revenue(seen: &Seen<'_, '_>) -> Outlook {
    let mut outlook = Outlook::default();
    if !seen.service.line.procedure.is_none() {
        outlook = outlook.only_if(Change::NoProcedure(seen.at()), "the line is for the room, not for a procedure");
    }
    outlook.advice(Path::CorrectedClaim, "Bill the revenue code that goes with the procedure and the type of bill.")
}

/// Something that the bill must tell is missing or wrong.
pub(super) fn incomplete(seen: &Seen<'_, '_>) -> Outlook {
    let asked = [
        ("MA30", "the type of bill"),
        ("MA40", "the day of admission"),
        ("MA41", "the type of admission"),
        ("MA42", "the source of admission"),
        ("MA43", "the patient's status"),
        ("MA65", "the diagnosis on admission"),
        ("M50", "the revenue code"),
        ("N208", "the DRG"),
        ("MA66", "the principal procedure"),
        ("M67", "the other procedures"),
        ("M119", "the national drug code, eleven digits"),
        ("MA120", "the laboratory's CLIA number"),
        ("N290", "who rendered the service, by NPI"),
        ("N305", "the date of the accident"),
    ];
    let told: Vec<&str> = asked.iter().filter(|(code, _)| seen.has_remark(code)).map(|(_, what)| *what).collect();
    let what = if told.is_empty() { "what the remark names".to_owned() } else { told.join(" and ") };
    Outlook::default().advice(
        Path::NewClaim,
        format!("The claim could not be processed: give {what} as the record has it, and send it anew."),
    )
}
