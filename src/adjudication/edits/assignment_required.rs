//! Assignment required: the service is covered only where the provider accepts assignment, and it does not.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::claim_rules::ServiceNeed;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "assignment-required",
    summary: "The service is covered only if the provider accepts assignment, which the claim says it does not.",
    reasons: &[Reason::contractual("111", "", "the provider must accept assignment and may not bill the patient")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 414.610(b) (ambulances: assignment is mandatory)",
            href: "https://www.ecfr.gov/current/title-42/section-414.610",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Procedure, Fact::PlanInForce],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let claim = &case.file.claim;
    let refuses = claim.details.unassigned && claim.institutional.is_none();
    if !refuses || service.needs(ServiceNeed::Assignment).is_none() {
        return Finding::Pass;
    }
    let words = format!("{} is paid only to who accepts assignment; the claim says no.", service.line.billed());
    Finding::Deny(Denial::contractual(carc("111"), words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn who_does_not_accept_assignment_is_not_paid_where_it_is_asked() {
        let mut file = example::office_visit();
        file.claim.details.unassigned = true;
        assert_eq!(example::denial(&file), "");
        example::asks(&mut file).needs = vec![ServiceNeed::Assignment];
        assert_eq!(example::denial(&file), "CO-111");
        file.claim.details.unassigned = false;
        assert_eq!(example::denial(&file), "");
    }
}
