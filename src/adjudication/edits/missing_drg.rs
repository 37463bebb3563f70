//! Missing DRG: the stay is paid by diagnosis-related group, and nobody says which.
//!
//! No grouper comes with the program: the claim says the group, or a payer's own grouper finds it.

use super::{Case, Check, Denial, Edit, Fact, Finding, Reason};
use crate::adjudication::pricing::Method;
use crate::adjudication::pricing::facility::FacilityMethod;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "missing-drg",
    summary: "The stay is paid by diagnosis-related group, and neither the claim nor a grouper gives one.",
    reasons: &[Reason::contractual("16", "N208 MA130", "the provider left it out or got it wrong")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "42 CFR 412.60 (classification of discharges by diagnosis-related group)",
        href: "https://www.ecfr.gov/current/title-42/section-412.60",
    }],
    looks_at: &[Fact::DrgGiven, Fact::FeeScheduleUsed, Fact::TypeOfBill],
    check: Check::Claim(check),
};

fn check(case: &Case<'_>) -> Finding {
    let by_group = case
        .services
        .iter()
        .find_map(|service| service.cover?.schedule)
        .is_some_and(|schedule| matches!(schedule.method, Method::Facility(FacilityMethod::MsDrg(_))));
    if !by_group || case.file.claim.institutional.is_none() || case.drg().is_some() {
        return Finding::Pass;
    }
    let words = "The stay needs a DRG: give it on the claim (HI*DR) or plug in a grouper.";
    Finding::Deny(Denial::contractual(carc("16"), words).remark("N208").remark("MA130"))
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;
    use crate::adjudication::payer_revision::Grouper;
    use crate::domain::codes::Drg;

    #[test]
    fn the_group_comes_from_the_claim_or_from_a_grouper() {
        let mut file = example::hospital_stay();
        assert_eq!(example::claim_denial(&file), "");
        file.claim.institutional.as_mut().unwrap().drg = None;
        assert_eq!(example::claim_denial(&file), "CO-16 MA130 N208");
        assert!(example::words(&file, "missing-drg").contains("HI*DR"));
        let grouper = Grouper { name: "always 399", drg_of: |_| Some(Drg::new("399")) };
        example::payer(&mut file).grouper = Some(grouper);
        assert_eq!(example::claim_denial(&file), "");
    }
}
