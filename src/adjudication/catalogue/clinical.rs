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
    ).unless("only a medical policy calls a treatment investigational, and none of this payer's does"),
    denied("56", 3, &[SendDocuments, Appeal], "The policy calls it unproven: appeal with the record and studies.").unless("only a medical policy calls a treatment unproven, and none of this payer's does"),
    denied("58", 3, &[CorrectPlace, Appeal], "Check the place; the policy or fee schedule says where it is paid."),
    denied(
        "60",
        3,
        &[WriteOff],
        "Outpatient services just before the stay are part of the stay: put them on its bill.",
    ),
    denied("61", 3, &[SendDocuments, Appeal], "Send the second opinion.").unless("no plan asks for a second opinion"),
    denied("78", 3, &[CorrectedClaim, BillPatient], "Days or room charges that are not covered are the patient's.").unless("what the hospital itself reports as non-covered is told by 96; other days are part of the stay's payment"),
    denied("89", 3, &[CorrectedClaim], "Bill the professional's part on its own claim.")
        .unless("professional fees on a facility's bill are not told apart"),
    denied(
        "97",
        4,
        &[CorrectModifier, Appeal, WriteOff],
        "It is part of another service's payment. Where it was separate, the modifier that says so (24, 25, 57, 58, 78, 79, 59) belongs on the line.",
    ),
    denied("112", 3, &[SendDocuments], "Send the record of the service.").unless("records are asked for by 252"),
    denied("114", 3, &[Appeal], "Only approved drugs and devices are covered.").unless("approvals of drugs and devices stand in no table that is loaded; a policy may list them"),
    denied("115", 3, &[CorrectModifier, CorrectedClaim], "Say by modifier (53, 73, 74) how far it went.").unless("a procedure called off carries modifier 53, 73 or 74 and is priced by it"),
    denied("117", 3, &[SendDocuments, Appeal], "Show that the nearest place could not give the care.")
        .unless("what places are nearest is not known"),
    denied(
        "150",
        3,
        &[SendDocuments, CorrectProcedure, Appeal],
        "Bill the level that the record supports, or send the record.",
    ).unless("the level of a service is judged from records, which do not arrive; a policy may choose it"),
    denied(
        "151",
        3,
        &[CorrectUnits, CorrectModifier, SendDocuments, Appeal],
        "Check the units; where so many were needed, appeal with the record.",
    ),
    denied("152", 3, &[SendDocuments, Appeal], "Send the record of the days.").unless("the length of a stay is judged from records, which do not arrive; a policy may choose it"),
    denied("153", 3, &[CorrectUnits, SendDocuments, Appeal], "Check the units against the dose; send the record.").unless("doses are held against units that are unlikely (151); a policy may choose it"),
    denied("154", 3, &[CorrectUnits, SendDocuments, Appeal], "Check the supply that was billed.").unless("days of supply stand on pharmacy claims only"),
    denied("167", 3, &[CorrectDiagnosis, CorrectedClaim, Appeal], "The plan does not cover this diagnosis.").unless("only a medical policy refuses a diagnosis, and none of this payer's does"),
    denied("173", 3, &[SendDocuments], "Send the prescription.").unless("prescriptions do not travel with a claim; an order's author is told by 16 with N265"),
    denied("174", 3, &[SendDocuments, Appeal], "Show that it was prescribed before it was delivered.").unless("prescriptions do not travel with a claim, so their days are not known"),
    denied("186", 3, &[Appeal], "Another level of care was paid.")
        .unless("levels of care are not changed by the payer"),
    denied("188", 3, &[CorrectDiagnosis, Appeal], "It is covered only as the agency approved it.").unless("uses that an agency has approved stand in no table that is loaded; a policy may list their diagnoses"),
    denied("190", 4, &[WriteOff], "The skilled nursing facility pays it: bill the facility."),
    denied("194", 3, &[WriteOff], "Who operates is not paid for anesthesia.").unless("modifier 47 is carried along and changes nothing: no table says where the surgeon's anesthesia is paid"),
    denied("203", 3, &[CorrectModifier], "Say by modifier how far the service went.")
        .unless("reductions of discontinued services are part of pricing (45)"),
    denied("213", 3, &[WriteOff], "The referral is against the law.").unless("who owns a provider is not known"),
    denied("216", 3, &[Appeal], "Appeal the review's finding.").unless("no review organization works for the payer"),
    denied(
        "231",
        3,
        &[CorrectProcedure, CorrectedClaim],
        "Two of the procedures cannot both have been done: bill the one that was.",
    ).unless("procedures that exclude each other are NCCI's pairs, told by 236"),
    denied("233", 3, &[WriteOff], "What came of the error is not paid.").unless("whether a diagnosis was present on admission is kept, but the grouper that would leave it out of the payment is not modelled"),
    denied("234", 4, &[WriteOff], "It is not paid separately; nobody is billed for it.").unless("what is not paid on its own is told by 97, which says of which payment it is a part"),
    denied("246", 3, &[WriteOff], "The code only reports: nothing is due."),
    denied("249", 3, &[Appeal, CorrectedClaim], "Put both stays on one bill, or show that they had different causes."),
    denied("261", 3, &[CorrectProcedure, CorrectedClaim, Appeal], "Check the procedure against what was done before.").unless("what was done before is held against a claim by 18, 119, 151, B13 and B16, or by a policy"),
    denied(
        "269",
        3,
        &[SendDocuments, Appeal],
        "This service needs no anesthesia as a rule: send the record of why it did.",
    ).unless("no table says for which services anesthesia is needed"),
    denied("A6", 3, &[SendDocuments], "Name the hospital stay that came before (occurrence span 70).").unless("a stay before a nursing facility's is not asked for"),
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
