//! Ineligible provider: one that the payer knows, but not as enrolled on the day; or, in a plan that is closed to others,
//! one that it does not know at all.
//!
//! Where a plan pays out of network, a provider without a record is an ordinary stranger. Emergencies are paid whoever
//! meets them (45 CFR 149.110); not by Original Medicare, which pays enrolled providers only.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{Npi, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::provider::Provider;

pub(super) const EDIT: Edit = Edit {
    id: "ineligible-provider",
    summary: "The billing or rendering provider was not enrolled on the day of service, or is unknown in a closed plan.",
    reasons: &[
        Reason::contractual("B7", "N570", "the provider was not eligible and may not bill the patient"),
        Reason::contractual("208", "N257 N290", "the provider is not on file"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 424.505 (Medicare enrollment)",
            href: "https://www.ecfr.gov/current/title-42/section-424.505",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::BillingProvider, Fact::RenderingProvider, Fact::ServiceDates, Fact::PlanInForce],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover else { return Finding::Pass };
    if service.is_emergency() && !cover.plan.medicare {
        return Finding::Pass;
    }
    let closed = cover.plan.out_of_network.is_none();
    let fault = |role: &str, npi: Npi, record: Option<&Provider>, remark: &str| match record {
        None if closed => {
            let words = format!("The payer has no {role} provider {npi}, and the plan pays its own only.");
            Some(Denial::contractual(carc("208"), words).remark(remark))
        }
        Some(provider) if provider.enrollment_on(service.line.from).is_none() => {
            let words = format!("The {role} provider {npi} was not enrolled on {}.", service.line.from);
            Some(Denial::contractual(carc("B7"), words).remark("N570"))
        }
        _ => None,
    };
    let (billing, rendering) = (case.file.claim.billing_npi, service.line.rendering_npi);
    let found = fault("billing", billing, case.billing, "N257")
        .or_else(|| fault("rendering", rendering, service.rendering, "N290"));
    found.map_or(Finding::Pass, Finding::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn a_provider_whose_enrollment_ended_is_not_eligible_after_its_last_day() {
        for provider in [0, 1] {
            let mut file = example::office_visit();
            let enrollment = &mut file.providers[provider].enrollments[0];
            enrollment.period = Period::between(date(2020, 1, 1), date(2026, 3, 1));
            assert_eq!(example::denial(&file), "CO-B7 N570");
            file.providers[provider].enrollments[0].period.through = Some(example::VISIT);
            assert_eq!(example::denial(&file), "");
        }
    }

    #[test]
    fn a_stranger_is_paid_by_a_plan_that_pays_out_of_network_and_not_by_a_closed_one() {
        let mut file = example::office_visit();
        file.claim.lines[0].rendering_npi = example::STRANGER;
        assert_eq!(example::denial(&file), "");
        example::plan(&mut file).out_of_network = None;
        assert_eq!(example::denial(&file), "CO-208 N290");
        file.claim.billing_npi = example::STRANGER;
        assert_eq!(example::denial(&file), "CO-208 N257");
    }

    #[test]
    fn a_stranger_who_meets_an_emergency_is_paid_but_not_by_medicare() {
        let mut file = example::office_visit();
        example::plan(&mut file).out_of_network = None;
        file.claim.lines[0].rendering_npi = example::STRANGER;
        file.claim.lines[0].emergency = true;
        assert_eq!(example::denial(&file), "");
        example::plan(&mut file).medicare = true;
        assert_eq!(example::denial(&file), "CO-208 N290");
    }
}
