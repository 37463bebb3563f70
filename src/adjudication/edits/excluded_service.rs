//! Excluded service: the plan does not cover it, or the provider says by modifier GY that the law excludes it.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "excluded-service",
    summary: "The service is not covered by the plan or by law.",
    reasons: &[
        Reason::patient("96", "N425 N130", "the plan does not insure it, so the patient pays"),
        Reason::patient("204", "N130", "the plan does not insure it, so the patient pays"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation::PLAN,
        Citation {
            title: "42 CFR 411.15 (services excluded from Medicare)",
            href: "https://www.ecfr.gov/current/title-42/section-411.15",
        },
    ],
    looks_at: &[Fact::PlanInForce, Fact::Benefit, Fact::Procedure, Fact::Modifiers],
    check: Check::Line(check),
};

/// Item or service excluded by statute, or no benefit.
const EXCLUDED_BY_LAW: &str = "GY";

fn check(_: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover else { return Finding::Pass };
    let code = service.line.billed();
    if service.line.has_modifier(EXCLUDED_BY_LAW) {
        let words = format!("Modifier GY: the provider says that {code} is excluded by law.");
        return Finding::Deny(Denial::patient(carc("96"), words).remark("N425"));
    }
    let Some(benefit) = cover.benefit else {
        let words = format!("Plan {} has no benefit that {code} falls under.", cover.plan.plan_id);
        return Finding::Deny(Denial::patient(carc("204"), words).remark("N130"));
    };
    let Some((reason, remarks)) = &benefit.exclusion else { return Finding::Pass };
    let words = format!("Plan {} excludes {} ({code}).", cover.plan.plan_id, benefit.name);
    Finding::Deny(Denial { rarcs: remarks.clone(), ..Denial::patient(*reason, words) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::domain::codes::{Modifier, rarc};

    #[test]
    fn an_exclusion_is_told_the_way_the_plan_says_and_only_for_its_benefit() {
        let mut file = example::office_visit();
        file.claim.lines.push(example::line("80053", 5_000));
        example::benefit(&mut file, "office").exclusion = Some((carc("204"), vec![]));
        assert_eq!(example::denials(&file), ["PR-204", ""]);
        example::benefit(&mut file, "office").exclusion = Some((carc("96"), vec![rarc("N130")]));
        assert_eq!(example::denials(&file), ["PR-96 N130", ""]);
    }

    #[test]
    fn what_falls_under_no_benefit_is_not_in_the_plan() {
        let mut file = example::office_visit();
        example::plan(&mut file).benefits = vec![example::plain_benefit("imaging")];
        assert_eq!(example::denial(&file), "PR-204 N130");
    }

    #[test]
    fn gy_leaves_the_service_to_the_patient() {
        let mut file = example::office_visit();
        file.claim.lines[0].modifiers[0] = Modifier::new("GY");
        assert_eq!(example::denial(&file), "PR-96 N425");
    }
}
