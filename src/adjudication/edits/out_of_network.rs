//! Out of network: the provider belongs to none of the plan's networks, and the plan pays nobody else.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::plan::Network;

pub(super) const EDIT: Edit = Edit {
    id: "out-of-network",
    summary: "The provider is out of network, the plan does not pay there, and it was no emergency.",
    reasons: &[Reason::patient("242", "N130", "the patient chose a provider out of network")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "45 CFR 149.110 (emergencies are paid in and out of network)",
            href: "https://www.ecfr.gov/current/title-45/section-149.110",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::NetworkMet, Fact::PlanInForce, Fact::BillingProvider, Fact::RenderingProvider, Fact::Emergency],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover else { return Finding::Pass };
    if cover.network != Network::Out || cover.plan.out_of_network.is_some() {
        return Finding::Pass;
    }
    let words = format!(
        "Neither the rendering provider {} nor the billing provider {} is in a network of plan {}, which pays no others.",
        service.line.rendering_npi, case.file.claim.billing_npi, cover.plan.plan_id
    );
    // No contract keeps the provider from billing the patient.
    Finding::Deny(Denial::patient(carc("242"), words).remark("N130"))
}

#[cfg(test)]
mod tests {
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::PlaceOfService;

    /// Clinic and doctor are known, but have joined another network than the plan's.
    fn outside() -> ClaimFile {
        let mut file = example::office_visit();
        for provider in &mut file.providers {
            provider.enrollments[0].networks = vec!["blue".into()];
        }
        example::plan(&mut file).out_of_network = None;
        file
    }

    #[test]
    fn a_closed_plan_leaves_a_visit_outside_its_networks_to_the_patient() {
        assert_eq!(example::denial(&outside()), "PR-242 N130");
    }

    #[test]
    fn one_of_rendering_and_billing_provider_in_network_suffices() {
        for provider in [0, 1] {
            let mut file = outside();
            file.providers[provider].enrollments[0].networks.push("green".into());
            assert_eq!(example::denial(&file), "");
        }
    }

    #[test]
    fn an_emergency_is_paid_by_its_place_or_by_its_own_word() {
        let mut file = outside();
        file.claim.lines[0].emergency = true;
        assert_eq!(example::denial(&file), "");
        let mut file = outside();
        file.claim.lines[0].place = PlaceOfService::new("23");
        assert_eq!(example::denial(&file), "");
    }
}
