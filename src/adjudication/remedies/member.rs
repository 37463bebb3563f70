//! The patient: as the payer has the person on record, covered on the day.

use super::{Change, Outlook, Path, Seen};
use crate::domain::claim::Person;

/// Nobody of that number, or nobody of that name under it.
pub(super) fn unknown(seen: &Seen<'_, '_>) -> Outlook {
    let (file, named) = (seen.case.file, seen.case.file.claim.patient());
    let mut alike: Vec<_> = file.family.iter().filter(|member| is_like(&member.person, named)).collect();
    alike.sort_by_key(|member| std::cmp::Reverse(likeness(&member.person, named)));
    let mut outlook = Outlook::default();
    for member in alike {
        outlook = outlook.only_if(Change::Patient(member.member_id.clone()), "that member is the patient");
    }
    outlook.advice(
        Path::CorrectedClaim,
        "Check number, name and birth date against the card, and ask for eligibility before the claim is sent again.",
    )
}

/// At least two of first name, last name and birth date agree.
fn is_like(record: &Person, named: &Person) -> bool {
    likeness(record, named) >= 2
}

fn likeness(record: &Person, named: &Person) -> u8 {
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    u8::from(same(&record.last, &named.last))
        + u8::from(same(&record.first, &named.first))
        + u8::from(record.birth.is_some() && record.birth == named.birth)
}

/// Not covered on the day.
pub(super) fn not_covered(_: &Seen<'_, '_>) -> Outlook {
    Outlook::default()
        .advice(Path::OtherPayer, "Nothing the provider can do would make this plan pay for that day: bill the payer that covered the patient then.")
        .advice(Path::Patient, "Without other coverage the patient owes it.")
        .advice(Path::CorrectedClaim, "If the date of service is wrong, correct it.")
}

/// The patient's age or sex does not go with the procedure.
pub(super) fn unfit(_: &Seen<'_, '_>) -> Outlook {
    Outlook::default()
        .advice(Path::CorrectedClaim, "Check patient and procedure against the record; bill the procedure that was done, for whom it was done.")
        .advice(Path::Appeal, "If the payer has the patient's age or sex wrong, the member has it corrected there; then the claim is decided again.")
}

/// The claim names another payer.
pub(super) fn wrong_payer(seen: &Seen<'_, '_>) -> Outlook {
    let ours = seen.case.file.payer.payer_ids.first().cloned().unwrap_or_default();
    Outlook::default()
        .only_if(Change::Payer(ours), "the patient is insured here and the claim was meant for this payer")
        .advice(Path::OtherPayer, "Else send it to the payer that it names.")
}

/// The member does not meet what the plan asks for, or has not paid for the coverage.
pub(super) fn not_eligible(seen: &Seen<'_, '_>) -> Outlook {
    if seen.carc == "257" {
        return Outlook::nothing(
            "Nothing the provider can do would pay: the premium is in arrears; the payer decides when it is paid or the grace period is over.",
        );
    }
    Outlook::nothing("Nothing the provider can do would pay: the member does not meet what the plan asks for.")
        .advice(Path::Patient, "The patient owes it, and may have the payer's record corrected.")
}

/// The plan's, or an earlier payer's, rules were not followed.
pub(super) fn rules_not_followed(seen: &Seen<'_, '_>) -> Outlook {
    let words = "Appeal with what shows that the rules were followed, or why they could not be; a reviewer may overturn it, which no decision here verifies.";
    let outlook = Outlook::default().advice(Path::Appeal, words);
    if seen.patient_bears { outlook.advice(Path::Patient, "Else the patient owes it.") } else { outlook }
}
