//! Primary care: the plan gives the benefit only by the member's own primary care provider, and another one of the network gave it.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "primary-care",
    summary: "The benefit is given only by the member's own primary care provider, and another one gave it.",
    reasons: &[Reason::contractual("242", "N450", "the contract binds the provider to see its own patients only")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::Benefit, Fact::PrimaryCareProvider, Fact::RenderingProvider, Fact::BillingProvider],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover else { return Finding::Pass };
    let only = &cover.plan.provisions.primary_care_benefits;
    let benefit = cover.benefit.filter(|benefit| only.iter().any(|name| *name == *benefit.name));
    let (Some(benefit), Some(own)) = (benefit, cover.coverage.primary_care_npi) else { return Finding::Pass };
    let own_provider = own == service.line.rendering_npi || own == case.file.claim.billing_npi;
    if own_provider || service.is_emergency() {
        return Finding::Pass;
    }
    let words = format!("Plan {} gives {} by the member's own {own} only.", cover.plan.plan_id, benefit.name);
    Finding::Deny(Denial::contractual(carc("242"), words).remark("N450"))
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;

    #[test]
    fn another_doctor_of_the_network_is_not_the_members_own() {
        let mut file = example::office_visit();
        file.family[0].coverages[0].primary_care_npi = Some(example::STRANGER);
        assert_eq!(example::denial(&file), "");
        example::plan(&mut file).provisions.primary_care_benefits = vec!["office".into()];
        assert_eq!(example::denial(&file), "CO-242 N450");
        file.claim.lines[0].emergency = true;
        assert_eq!(example::denial(&file), "");
        file.claim.lines[0].emergency = false;
        file.family[0].coverages[0].primary_care_npi = Some(example::DOCTOR);
        assert_eq!(example::denial(&file), "");
    }
}
