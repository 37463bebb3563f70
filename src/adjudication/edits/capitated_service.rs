//! Capitated service: the provider's contract pays it by the head for the service, not by the claim.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::standing::Capitation;

pub(super) const EDIT: Edit = Edit {
    id: "capitated-service",
    summary: "The provider's contract pays it by the head for the service.",
    reasons: &[Reason::contractual("24", "", "the provider is paid for it by the head")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation { title: "the provider's contract", href: "" }],
    looks_at: &[Fact::Procedure, Fact::BillingProvider, Fact::RenderingProvider, Fact::PlanInForce],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (Some(cover), line) = (service.cover, service.line) else { return Finding::Pass };
    let holds = |capitation: &Capitation| {
        (capitation.plans.is_empty() || capitation.plans.contains(&cover.plan.plan_id))
            && capitation.procedures.as_ref().is_none_or(|procedures| procedures.contains(line.procedure))
            && capitation.period.contains(line.from)
    };
    let mut known = [case.billing, service.rendering].into_iter().flatten();
    match known.find(|provider| provider.standing.capitations.iter().any(holds)) {
        Some(provider) => {
            let words = format!("The contract of {} pays {} by the head.", provider.npi, line.billed());
            Finding::Deny(Denial::contractual(carc("24"), words))
        }
        None => Finding::Pass,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::domain::member::CodeRanges;

    #[test]
    fn what_is_paid_by_the_head_is_not_paid_again_and_the_rest_is() {
        let mut file = example::office_visit();
        let procedures = CodeRanges::parse(["99202-99215"]).unwrap().into_any();
        let period = Period::since(date(2026, 1, 1));
        file.providers[0].standing.capitations = vec![Capitation { plans: vec!["ppo".into()], procedures, period }];
        file.claim.lines.push(example::line("80053", 1_000));
        assert_eq!(example::denials(&file), ["CO-24", ""]);
        file.providers[0].standing.capitations[0].plans = vec!["hmo".into()];
        assert_eq!(example::denials(&file), ["", ""]);
    }
}
