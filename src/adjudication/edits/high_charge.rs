//! High charge: a claim so dear that the plan has a person look at it.

use super::{Case, Check, Edit, Fact, Finding, Proceedings, Service};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::money::Money;

pub(super) const EDIT: Edit = Edit {
    id: "high-charge",
    summary: "What is not denied comes to a charge that a person looks at first.",
    // It denies nothing.
    reasons: &[],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::Charge, Fact::OtherLines, Fact::PlanInForce],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(from) = service.cover.and_then(|cover| cover.plan.claim_checks.review_from) else { return Finding::Pass };
    let standing = || case.services.iter().filter(|other| !proceedings.is_denied(other.at));
    // Said once, of the first line that is not denied.
    if standing().next().is_none_or(|first| first.at != service.at) {
        return Finding::Pass;
    }
    let charge: Money = standing().map(|other| other.line.charge).sum();
    if charge < from {
        return Finding::Pass;
    }
    Finding::Pend("high charge", format!("{charge} was charged; from {from} on a person looks at it."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn a_claim_of_the_threshold_waits_and_what_is_denied_does_not_count() {
        let mut file = example::office_visit();
        file.claim.lines.push(example::line("80053", 5_000));
        let mut pend = |cents| {
            example::plan(&mut file).claim_checks.review_from = Some(Money::from_cents(cents));
            example::decide(&file).pend
        };
        assert_eq!([pend(20_000), pend(20_001)], [Some("high charge"), None]);
        file.claim.lines[0].pointers = vec![];
        example::plan(&mut file).claim_checks.review_from = Some(Money::from_cents(20_000));
        assert_eq!(example::decide(&file).pend, None);
    }
}
