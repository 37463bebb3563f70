//! Unknown member: nobody of that number, name and birth date is insured here.

use super::{Check, ClaimFile, Denial, Edit, Finding};
use crate::adjudication::Patient;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "unknown-member",
    summary: "The patient is not insured with this payer, or number and name do not belong together.",
    reasons: &[carc("31"), carc("140")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    check: Check::Claim(check),
};

fn check(file: &ClaimFile) -> Finding {
    let number = &file.claim.subscriber.member_id;
    match file.patient() {
        Patient::Found(_) => Finding::Pass,
        Patient::Unknown => Finding::Deny(
            Denial::patient(carc("31"), format!("No member has the number {number}. Check it against the card."))
                .remark("MA61"),
        ),
        Patient::Differs(_) => Finding::Deny(
            Denial::contractual(
                carc("140"),
                format!(
                    "The number {number} is known, but nobody of its family has the patient's name and birth date."
                ),
            )
            .remark("MA36"),
        ),
    }
}
