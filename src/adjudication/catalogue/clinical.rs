//! Whether the service was necessary, separate, and not too much.

use super::Remedy::{
    Appeal, BillPatient, CorrectDiagnosis, CorrectModifier, CorrectPlace, CorrectProcedure, CorrectUnits,
    CorrectedClaim, SendDocuments, WriteOff,
};
use super::{Entry, denied, unused};

pub(super) const ENTRIES: &[Entry] = &[
    denied(
        "50",
        3,
        &[CorrectDiagnosis, SendDocuments, Appeal],
        "Check the policy's conditions; add the diagnosis that the record shows, or appeal with the record.",
    ),
    denied(
        "54",
        3,
        &[SendDocuments, Appeal, WriteOff],
        "This operation pays no assistant; where one was needed, send the operative report.",
    ),
    denied(
        "55",
        3,
        &[SendDocuments, Appeal],
        "The policy calls it investigational: appeal with the record and studies, or use another treatment.",
    ),
    denied("56", 3, &[SendDocuments, Appeal], "The policy calls it unproven: appeal with the record and studies."),
    denied("58", 3, &[CorrectPlace, Appeal], "Check the place; the policy or fee schedule says where it is paid."),
    denied(
        "60",
        3,
        &[WriteOff],
        "Outpatient services just before the stay are part of the stay: put them on its bill.",
    ),
    denied("61", 3, &[SendDocuments, Appeal], "Send the second opinion.").unless("no plan asks for a second opinion"),
    denied("78", 3, &[CorrectedClaim, BillPatient], "Days or room charges that are not covered are the patient's."),
    denied("89", 3, &[CorrectedClaim], "Bill the professional's part on its own claim.")
        .unless("professional fees on a facility's bill are not told apart"),
    denied(
        "97",
        4,
        &[CorrectModifier, Appeal, WriteOff],
        "It is part of another service's payment. Where it was separate, the modifier that says so (24, 25, 57, 58, 78, 79, 59) belongs on the line.",
    ),
    denied("112", 3, &[SendDocuments], "Send the record of the service.").unless("records are asked for by 252"),
    denied("114", 3, &[Appeal], "Only approved drugs and devices are covered."),
    denied("115", 3, &[CorrectModifier, CorrectedClaim], "Say by modifier (53, 73, 74) how far it went."),
    denied("117", 3, &[SendDocuments, Appeal], "Show that the nearest place could not give the care.")
        .unless("what places are nearest is not known"),
    denied(
        "150",
        3,
        &[SendDocuments, CorrectProcedure, Appeal],
        "Bill the level that the record supports, or send the record.",
    ),
    denied(
        "151",
        3,
        &[CorrectUnits, CorrectModifier, SendDocuments, Appeal],
        "Check the units; where so many were needed, appeal with the record.",
    ),
    denied("152", 3, &[SendDocuments, Appeal], "Send the record of the days."),
    denied("153", 3, &[CorrectUnits, SendDocuments, Appeal], "Check the units against the dose; send the record."),
    denied("154", 3, &[CorrectUnits, SendDocuments, Appeal], "Check the supply that was billed."),
    denied("167", 3, &[CorrectDiagnosis, CorrectedClaim, Appeal], "The plan does not cover this diagnosis."),
    denied("173", 3, &[SendDocuments], "Send the prescription."),
    denied("174", 3, &[SendDocuments, Appeal], "Show that it was prescribed before it was delivered."),
    denied("186", 3, &[Appeal], "Another level of care was paid.")
        .unless("levels of care are not changed by the payer"),
    denied("188", 3, &[CorrectDiagnosis, Appeal], "It is covered only as the agency approved it."),
    denied("190", 4, &[WriteOff], "The skilled nursing facility pays it: bill the facility."),
    denied("194", 3, &[WriteOff], "Who operates is not paid for anesthesia."),
    denied("203", 3, &[CorrectModifier], "Say by modifier how far the service went.")
        .unless("reductions of discontinued services are part of pricing (45)"),
    denied("213", 3, &[WriteOff], "The referral is against the law.").unless("who owns a provider is not known"),
    denied("216", 3, &[Appeal], "Appeal the review's finding.").unless("no review organization works for the payer"),
    denied(
        "231",
        3,
        &[CorrectProcedure, CorrectedClaim],
        "Two of the procedures cannot both have been done: bill the one that was.",
    ),
    denied("233", 3, &[WriteOff], "What came of the error is not paid."),
    denied("234", 4, &[WriteOff], "It is not paid separately; nobody is billed for it."),
    denied("246", 3, &[WriteOff], "The code only reports: nothing is due."),
    denied("249", 3, &[Appeal, CorrectedClaim], "Put both stays on one bill, or show that they had different causes."),
    denied("261", 3, &[CorrectProcedure, CorrectedClaim, Appeal], "Check the procedure against what was done before."),
    denied(
        "269",
        3,
        &[SendDocuments, Appeal],
        "This service needs no anesthesia as a rule: send the record of why it did.",
    ),
    denied("A6", 3, &[SendDocuments], "Name the hospital stay that came before (occurrence span 70)."),
    denied("B10", 4, &[WriteOff], "A part was paid to another.").unless("parts of a service have rates of their own"),
    denied("B12", 3, &[SendDocuments], "Send the record of the service.").unless("records are not read"),
    denied("B13", 3, &[WriteOff], "It was paid before: post that payment."),
    denied(
        "B14",
        3,
        &[CorrectModifier, WriteOff],
        "One visit a day is paid; bill the whole of it as one, or say that they were separate (25).",
    ),
    denied("B15", 3, &[CorrectedClaim], "Bill the service that must come first, on the same claim or before."),
    denied(
        "B16",
        3,
        &[CorrectProcedure, CorrectedClaim],
        "The group saw the patient within three years: bill the code for an established patient.",
    ),
    denied("B20", 3, &[CorrectModifier, Appeal], "Another provider was paid for this part: agree who gave which."),
    denied("B8", 3, &[Appeal], "Another service should have been used.").unless("policies say which (50)"),
    unused("118", "no plan pays for dialysis by Medicare's composite rate"),
    unused("219", "the extent of an injury is for workers' compensation"),
    unused("232", "a transfer's lower payment is told by 45"),
    unused("211", "rebates on drugs are not worked out"),
];
