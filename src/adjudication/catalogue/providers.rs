//! Who may give, order and refer, and what contracts say.

use super::Remedy::{Appeal, BillOtherPayer, CorrectProvider, CorrectedClaim, Enroll, WriteOff};
use super::{Appeals, Entry, denied, unused};

pub(super) const ENTRIES: &[Entry] = &[
    denied("8", 3, &[CorrectProvider, CorrectedClaim], "Check who is named as rendering, and the taxonomy code."),
    denied("147", 2, &[Appeal], "Have the contract give a rate, or agree on one for this claim.")
        .appeals(Appeals::Dispute),
    denied(
        "170",
        3,
        &[CorrectProvider, WriteOff],
        "This type of provider is not paid for it: name who gave it, if that was another.",
    ),
    denied("171", 3, &[CorrectProvider, WriteOff], "This type of provider is not paid for it in such a place."),
    denied("172", 3, &[CorrectProvider, WriteOff], "This specialty is not paid for it: check the taxonomy code."),
    denied("183", 3, &[CorrectProvider, CorrectedClaim], "Name a provider who may refer, with the NPI on file."),
    denied("184", 3, &[CorrectProvider, CorrectedClaim], "Name a provider who may order, with the NPI on file."),
    denied("185", 3, &[CorrectProvider, Enroll], "The rendering provider may not perform it: check who did."),
    denied("274", 3, &[WriteOff], "The arrangement of the patient's care pays for it.")
        .unless("no plan has care coordination arrangements"),
    denied("283", 3, &[CorrectProvider, CorrectedClaim], "Name the attending provider, with the NPI on file.").unless("what attending providers may direct is not on record"),
    denied("299", 3, &[Enroll], "The billing provider may not be paid for it: check enrollment and who bills.").unless("whom the plan may not pay is told by B7, 170, 171, 172 and 242"),
    denied(
        "B7",
        3,
        &[Enroll, CorrectedClaim],
        "The provider was not certified or enrolled on that day: have the record put right, or bill by who was.",
    ),
    denied("B23", 3, &[Enroll], "The laboratory's certificate does not hold for the test.").unless("proficiency tests are not on record; a certificate that is missing or does not hold is told by 16 or B7 with MA120"),
    unused("195", "payers that were wrongly first are not refunded here"),
    denied("B4", 4, &[WriteOff], "The law or contract cuts late claims.")
        .unless("late claims are denied (29), not cut"),
    unused("244", "lawsuits are not known"),
    denied("132", 3, &[BillOtherPayer], "").unless("no demonstration is modelled"),
];
