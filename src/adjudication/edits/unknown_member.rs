//! Unknown member: nobody of that number, name and birth date is insured here.

use super::{Case, Check, Denial, Edit, Fact, Finding, Reason};
use crate::adjudication::Patient;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "unknown-member",
    summary: "The patient is not insured with this payer, or number and name do not belong together.",
    reasons: &[
        Reason::patient("31", "MA61", "nobody of that number is insured here"),
        Reason::contractual("31", "MA61", "the provider's contract has it look up who is insured"),
        Reason::contractual("140", "MA36", "the provider named a patient who does not fit the number"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::MemberRecord],
    check: Check::Claim(check),
};

fn check(case: &Case<'_>) -> Finding {
    let number = &case.file.claim.subscriber.member_id;
    match case.patient {
        Patient::Found(_) => Finding::Pass,
        Patient::Unknown => {
            let words = format!("No member has the number {number}. Check it against the card.");
            let verifies = case.billing.is_some_and(|billing| billing.standing.verifies_coverage);
            let denial =
                if verifies { Denial::contractual(carc("31"), words) } else { Denial::patient(carc("31"), words) };
            Finding::Deny(denial.remark("MA61"))
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn a_number_that_nobody_has_is_not_our_insured() {
        let mut file = example::office_visit();
        file.family.clear();
        assert_eq!(example::denial(&file), "PR-31 MA61");
        assert_eq!(example::decide(&file).claim_status, "4");
        file.providers[0].standing.verifies_coverage = true;
        assert_eq!(example::denial(&file), "CO-31 MA61");
    }

    #[test]
    fn a_known_number_with_another_name_or_birth_date_is_told_apart_from_an_unknown_one() {
        let mut file = example::office_visit();
        file.claim.subscriber.person.last = "Somebodyelse".into();
        assert_eq!(example::denial(&file), "CO-140 MA36");
        assert_eq!(example::decide(&file).claim_status, "1");
        let mut file = example::office_visit();
        file.claim.subscriber.person.birth = Some(date(1981, 6, 15));
        assert_eq!(example::denial(&file), "CO-140 MA36");
    }

    #[test]
    fn every_line_is_denied_and_keeps_that_reason_whatever_else_is_wrong() {
        let mut file = example::office_visit();
        file.claim.lines.push(example::line("00000", 100));
        file.family.clear();
        assert_eq!(example::denials(&file), ["PR-31", "PR-31"]);
    }
}
