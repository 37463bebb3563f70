//! Wrong payer: the claim names a payer that this one does not answer to.

use super::{Case, Check, Denial, Edit, Fact, Finding, Reason};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "wrong-payer",
    summary: "The claim names another payer.",
    reasons: &[Reason::contractual("109", "N418", "the provider sent it to the wrong payer")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::PayerNamed],
    check: Check::Claim(check),
};

fn check(case: &Case<'_>) -> Finding {
    let (named, ours) = (&case.file.claim.payer_id, &case.file.payer.payer_ids);
    if named.is_empty() || ours.is_empty() || ours.contains(named) {
        return Finding::Pass;
    }
    let words = format!("The claim is for payer {named}; this payer answers to {}.", ours.join(", "));
    Finding::Deny(Denial::contractual(carc("109"), words).remark("N418"))
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;

    #[test]
    fn a_payer_answers_to_each_of_its_numbers_and_to_no_other() {
        let mut file = example::office_visit();
        file.claim.payer_id = "87726".into();
        assert_eq!(example::denial(&file), "CO-109 N418");
        example::payer(&mut file).payer_ids.push("87726".into());
        assert_eq!(example::denial(&file), "");
    }

    /// Of course a payer does not know the members of another: that the claim went astray is the reason to tell.
    #[test]
    fn a_claim_gone_astray_is_told_so_before_its_patient_is_looked_for() {
        let mut file = example::office_visit();
        file.claim.payer_id = "87726".into();
        file.family.clear();
        assert_eq!(example::denial(&file), "CO-109 N418");
    }
}
