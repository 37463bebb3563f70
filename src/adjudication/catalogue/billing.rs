//! How the claim was billed: data, codes, modifiers, places, documents.

use super::Remedy::{
    Appeal, CorrectDates, CorrectDiagnosis, CorrectModifier, CorrectPlace, CorrectProcedure, CorrectProvider,
    CorrectUnits, CorrectedClaim, NewClaim, SendDocuments,
};
use super::{Appeals, Entry, denied, unused};

/// CARC 16 with MA130 is no decision on the claim.
const UNPROCESSABLE: Appeals =
    Appeals::No("with MA130 the claim counts as never processed: a new, complete claim is the way");

pub(super) const ENTRIES: &[Entry] = &[
    denied(
        "4",
        2,
        &[CorrectModifier, CorrectedClaim],
        "Look which modifier the procedure takes, and send a corrected claim with it.",
    ),
    denied(
        "5",
        3,
        &[CorrectPlace, CorrectedClaim],
        "Say the place where the service was given, or bill the code that belongs to that place.",
    ),
    denied(
        "6",
        3,
        &[CorrectProcedure, CorrectedClaim, Appeal],
        "Check birth date and code; bill the code for the patient's age.",
    ),
    denied(
        "7",
        3,
        &[CorrectProcedure, CorrectedClaim, Appeal],
        "Check the recorded sex and the code; condition code 45 or modifier KX tells of a reason.",
    ),
    denied(
        "9",
        3,
        &[CorrectDiagnosis, CorrectedClaim],
        "Check birth date and diagnosis; some diagnoses are for newborns, mothers or adults only.",
    ),
    denied("10", 3, &[CorrectDiagnosis, CorrectedClaim], "Check the recorded sex and the diagnosis."),
    denied(
        "11",
        3,
        &[CorrectDiagnosis, CorrectedClaim, Appeal],
        "Point the line to the diagnosis that it was for, if the record has one.",
    ),
    denied(
        "12",
        3,
        &[CorrectDiagnosis, CorrectProvider, CorrectedClaim],
        "Check the diagnosis and who is named as the rendering provider.",
    )
    .unless("no table of diagnoses by provider type is published, and no policy of the payer asks for one"),
    denied("13", 2, &[CorrectDates, CorrectedClaim], "Check the days of service against the date of death.")
        .unless("members have no date of death"),
    denied("14", 2, &[CorrectDates, CorrectedClaim], "Check the days of service against the birth date.")
        .unless("a service before the patient's birth is turned away or finds no coverage"),
    denied("16", 2, &[NewClaim], "The remark says what is missing or wrong. Complete it and send a new claim.")
        .appeals(UNPROCESSABLE),
    denied("110", 2, &[CorrectDates, NewClaim], "The claim was sent before the service: send it after.")
        .unless("such claims are turned away at the door (277CA)"),
    denied("116", 1, &[SendDocuments, Appeal], "Send the notice that the patient signed, with all that it must have.")
        .unless("notices themselves do not travel with a claim; modifiers GA, GY and GZ tell of them"),
    denied("125", 2, &[CorrectedClaim], "The remark says what is wrong. Mend it and send a corrected claim.")
        .unless("16, which says the same, is what payers use and what the edits give"),
    denied(
        "129",
        2,
        &[CorrectedClaim],
        "Check what the claim says of its earlier decision: frequency code, the payer's control number, adjustments.",
    ),
    denied("135", 2, &[NewClaim], "Bill the stay as a whole after discharge, or as the contract says."),
    denied(
        "146",
        2,
        &[CorrectDiagnosis, CorrectedClaim],
        "Use the diagnosis code that was valid on the day of service, to its last digit.",
    ),
    denied("148", 1, &[SendDocuments], "Have the other provider send what the remark names.")
        .unless("only a claim's own provider and patient are asked for documents (226, 227, 252, 163, 250, 251)"),
    denied(
        "163",
        1,
        &[SendDocuments],
        "The claim names an attachment that did not come. Send it under the same control number.",
    ),
    denied("164", 1, &[SendDocuments, Appeal], "The attachment came too late; show that it was sent in time.")
        .unless("a document that comes too late is kept, and counts where the claim is decided again; the denial for its want is 163 or 226"),
    denied("175", 2, &[SendDocuments], "Send the prescription with everything that it must have.")
        .unless("prescriptions do not travel with a claim"),
    denied("176", 3, &[SendDocuments], "Have the prescription renewed.")
        .unless("prescriptions do not travel with a claim"),
    denied(
        "181",
        2,
        &[CorrectProcedure, CorrectedClaim],
        "Use the procedure code that was valid on the day of service.",
    ),
    denied("182", 2, &[CorrectModifier, CorrectedClaim], "Use a modifier that was valid on the day of service."),
    denied(
        "189",
        2,
        &[CorrectProcedure, CorrectedClaim],
        "Bill the code that names the service instead of an unlisted one.",
    ).unless("an unlisted code waits for documents (252); which code would have been right needs a person"),
    denied(
        "199",
        2,
        &[CorrectProcedure, CorrectedClaim],
        "Bill revenue and procedure code that go together; see the line's form locators 42 and 44.",
    ),
    denied("206", 2, &[CorrectProvider, NewClaim], "Name the provider by its NPI."),
    denied("207", 2, &[CorrectProvider, NewClaim], "Check the ten digits of the NPI.")
        .unless("an NPI whose digits do not hold is turned away at the door (A7:562)"),
    denied(
        "208",
        2,
        &[CorrectProvider, CorrectedClaim],
        "Check the NPI, or have the provider enrolled with the payer.",
    ),
    denied(
        "226",
        1,
        &[SendDocuments, Appeal],
        "The payer asked for records and they did not come in time. Send them with an appeal, or ask for the claim to be reopened.",
    ),
    denied(
        "227",
        1,
        &[super::Remedy::AskThePatient],
        "Have the patient answer the payer's question; the claim is decided again then.",
    ),
    denied("228", 3, &[SendDocuments], "Give the earlier payer what it asked for, then bill again.")
        .unless("what an earlier payer asked for is not told on a claim other than by its own reasons"),
    denied(
        "236",
        2,
        &[CorrectModifier, CorrectedClaim, Appeal],
        "Where the services were separate and the pair allows it, add the modifier that says so (59, XE, XP, XS, XU); else the charge is written off.",
    ),
    denied(
        "239",
        3,
        &[CorrectDates, NewClaim],
        "Bill the days with coverage and those without on claims of their own.",
    )
    .unless("a line that coverage does not hold for to its end is told by 26, 27 or 200"),
    denied(
        "240",
        2,
        &[CorrectDiagnosis, CorrectedClaim],
        "Check the newborn's weight (value code 54) and the diagnosis.",
    ).unless("a newborn's weight (value code 54) is not held against its diagnoses"),
    denied("250", 1, &[SendDocuments], "Send the document that was asked for, under the right control number."),
    denied("251", 1, &[SendDocuments], "Send the document again, complete."),
    denied("252", 1, &[SendDocuments], "Send the document that the remark names."),
    denied("267", 2, &[CorrectDates, NewClaim], "Bill each calendar month on a claim of its own."),
    denied("268", 2, &[CorrectDates, NewClaim], "Bill each calendar year on a claim of its own.").unless("a line is decided by its first day, in whichever year it ends"),
    denied("282", 2, &[CorrectProcedure, CorrectedClaim], "Check the type of bill against the codes.").unless("a type of bill that is wrong is told by 16 with MA30, and a revenue code that does not fit by 199"),
    denied("A8", 2, &[CorrectDiagnosis, CorrectedClaim], "Check diagnoses and procedures: they fall into no group.").unless("a stay that comes without a group is told by 16 with N208: the claim brings the group, or a grouper is plugged in"),
    denied("107", 2, &[NewClaim], "Bill the service that this one belongs to first, or on the same claim."),
    denied("A1", 3, &[Appeal], "The remark says why.").unless("every edit has a reason that says more"),
    unused("192", "a code of paper remittances is translated where claims of earlier payers come in, never given"),
    denied("222", 3, &[CorrectUnits, Appeal], "Check the units against the contract.")
        .unless("limits are the plan's (119), a policy's or the table's of unlikely units (151); contracts have none"),
];
