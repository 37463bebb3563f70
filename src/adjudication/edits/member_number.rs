//! Member number: nobody has the number, and it does not even look like one of this payer's.
//!
//! Such a claim cannot be processed; a number that looks right and that nobody has is an unknown member's.

use super::{Case, Check, Edit, Fact, Finding, Reason, unprocessable};
use crate::adjudication::Patient;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "member-number",
    summary: "The member's number is unknown and has not the form of this payer's numbers.",
    reasons: &[Reason::contractual("16", "N382 MA130", "the provider got the number wrong")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::MemberRecord],
    check: Check::Claim(check),
};

fn check(case: &Case<'_>) -> Finding {
    let format = &case.file.payer.claim_rules.member_number_format;
    let number = &case.file.claim.subscriber.member_id;
    let unknown = matches!(case.patient, Patient::Unknown);
    if !unknown || format.is_empty() || looks_like(number, format) {
        return Finding::Pass;
    }
    unprocessable(format!("{number} is no member number of this payer, which look like {format}."), "N382")
}

/// A stands for a letter, 9 for a digit, anything else for itself.
fn looks_like(number: &str, format: &str) -> bool {
    let fits = |(given, wanted): (char, char)| match wanted {
        'A' => given.is_ascii_alphabetic(),
        '9' => given.is_ascii_digit(),
        other => given == other,
    };
    number.chars().count() == format.chars().count() && number.chars().zip(format.chars()).all(fits)
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;

    #[test]
    fn a_number_of_another_form_is_unprocessable_and_one_of_the_right_form_unknown() {
        let mut file = example::office_visit();
        file.family.clear();
        example::payer(&mut file).claim_rules.member_number_format = "A9".into();
        assert_eq!(example::denial(&file), "PR-31 MA61");
        file.claim.subscriber.member_id = "12".into();
        assert_eq!(example::denial(&file), "CO-16 N382 MA130");
        assert!(example::words(&file, "member-number").contains("look like A9"));
    }

    #[test]
    fn whoever_is_known_may_have_a_number_of_any_form() {
        let mut file = example::office_visit();
        example::payer(&mut file).claim_rules.member_number_format = "999".into();
        assert_eq!(example::denial(&file), "");
    }
}
