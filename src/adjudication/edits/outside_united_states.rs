//! Outside the United States: the service was given abroad, and the plan covers nothing there.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "outside-united-states",
    summary: "The service was given outside the United States, and the plan covers nothing there.",
    reasons: &[Reason::patient("158", "", "the plan does not insure it, so the patient pays")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 411.9 (services outside the United States)",
            href: "https://www.ecfr.gov/current/title-42/section-411.9",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::PlanInForce, Fact::BillingProvider],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover.filter(|_| case.file.claim.details.abroad) else { return Finding::Pass };
    if !cover.plan.medicare && !cover.plan.provisions.only_in_united_states {
        return Finding::Pass;
    }
    let words = format!("Plan {} covers nothing outside the United States.", cover.plan.plan_id);
    Finding::Deny(Denial::patient(carc("158"), words))
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;

    #[test]
    fn care_abroad_is_the_patients_under_medicare_and_under_plans_that_say_so() {
        let mut file = example::office_visit();
        file.claim.details.abroad = true;
        assert_eq!(example::denial(&file), "");
        example::plan(&mut file).provisions.only_in_united_states = true;
        assert_eq!(example::denial(&file), "PR-158");
        example::plan(&mut file).provisions.only_in_united_states = false;
        example::plan(&mut file).medicare = true;
        assert_eq!(example::denial(&file), "PR-158");
        file.claim.details.abroad = false;
        assert_eq!(example::denial(&file), "");
    }
}
