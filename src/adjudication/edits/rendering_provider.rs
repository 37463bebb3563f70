//! Rendering provider: a group bills and does not say who rendered the services.

use super::{CLAIMS_MANUAL, Case, Check, Edit, Fact, Finding, Proceedings, Reason, Service, unprocessable};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "rendering-provider",
    summary: "A group bills a service without naming who rendered it.",
    reasons: &[Reason::contractual("16", "N290 MA130", "the provider left it out")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "Medicare Claims Processing Manual, chapter 26, section 10.4 (item 24J, rendering provider)",
        href: CLAIMS_MANUAL,
    }],
    looks_at: &[Fact::BillingProvider, Fact::RenderingProvider],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let group = case.billing.filter(|billing| billing.standing.group && case.file.claim.institutional.is_none());
    let Some(group) = group.filter(|_| !service.line.details.rendering_named) else { return Finding::Pass };
    unprocessable(format!("{} is a group: its claims name who rendered the service.", group.npi), "N290")
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;

    #[test]
    fn a_group_says_who_rendered_the_service_and_a_doctor_need_not() {
        let mut file = example::office_visit();
        assert_eq!(example::denial(&file), "");
        file.providers[0].standing.group = true;
        assert_eq!(example::denial(&file), "CO-16 N290 MA130");
        file.claim.lines[0].details.rendering_named = true;
        assert_eq!(example::denial(&file), "");
    }
}
