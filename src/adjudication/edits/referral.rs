//! Referral: a gated plan pays the service only where the member's primary care provider referred to it.
//!
//! The primary care provider needs none, nor does an emergency. A referral's units are visits: one for each day.

use rust_decimal::Decimal;

use super::authorization::{authorizations, mismatch, units_left};
use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::{AuthorizationUse, Citation};
use crate::domain::plan::Network;

pub(super) const EDIT: Edit = Edit {
    id: "referral",
    summary: "The plan asks for a referral by the primary care provider, and there is none that holds.",
    reasons: &[
        Reason::contractual("243", "", "the contract binds the provider to ask for the referral"),
        Reason::patient("243", "", "the patient went without a referral"),
        Reason::contractual("287", "", "the contract binds the provider to count the visits"),
        Reason::patient("287", "", "the patient went without a referral"),
        Reason::contractual("288", "", "the contract binds the provider to ask for the referral"),
        Reason::patient("288", "", "the patient went without a referral"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[
        Fact::Benefit,
        Fact::Referral,
        Fact::PrimaryCareProvider,
        Fact::RenderingProvider,
        Fact::NetworkMet,
        Fact::Emergency,
    ],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover else { return Finding::Pass };
    let gated = |name: &str| cover.plan.referral_benefits.iter().any(|gated| gated == name);
    let by_procedure = service.procedure.is_some_and(|procedure| gated(&procedure.benefit));
    let by_rule = cover.benefit.is_some_and(|benefit| service.procedure.is_some() && gated(&benefit.name));
    if !(by_procedure || by_rule) || service.is_emergency() {
        return Finding::Pass;
    }
    let (line, number) = (service.line, &service.line.referral_number);
    let own = cover.coverage.primary_care_npi;
    if own.is_some_and(|own| own == line.rendering_npi || own == case.file.claim.billing_npi) {
        return Finding::Pass;
    }
    let told_apart = cover.plan.provisions.referral_reasons;
    let deny = |own_reason: &str, words: String| {
        let reason = if told_apart { carc(own_reason) } else { carc("243") };
        // In network the contract binds the provider to ask for the referral; outside, the patient went without it.
        let denial = match cover.network {
            Network::In | Network::Tier(_) => Denial::contractual(reason, words),
            Network::Out => Denial::patient(reason, words),
        };
        Finding::Deny(denial)
    };
    if number.is_empty() {
        return deny("288", format!("Plan {} asks for a referral; the claim names none.", cover.plan.plan_id));
    }
    let Some(found) = authorizations(case, true).find(|found| found.number == *number) else {
        return deny("243", format!("There is no referral {number} for this family."));
    };
    if let Some(reason) = mismatch(case, service, found) {
        return deny("243", format!("Referral {number} is for another {reason}."));
    }
    let this_visit = |taken: &AuthorizationUse| {
        taken.number == *number && case.services.get(taken.line).is_some_and(|other| other.line.from == line.from)
    };
    let begun = proceedings.uses(case).into_iter().any(this_visit);
    match units_left(case, proceedings, found) {
        Some(left) if left < Decimal::ONE && !begun => deny("287", format!("Referral {number} has no visits left.")),
        _ => Finding::Take(AuthorizationUse { number: number.clone(), line: service.at, units: Decimal::ONE }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::member::{Authorization, CodeRanges};

    /// The plan asks for a referral to office visits; R1 gives one visit in March.
    fn visit(number: &str) -> ClaimFile {
        let mut file = example::office_visit();
        example::plan(&mut file).referral_benefits = vec!["office".into()];
        file.claim.lines[0].referral_number = number.into();
        file.authorizations = vec![Authorization {
            number: "R1".into(),
            member_id: "M1".into(),
            procedures: CodeRanges::default(),
            npi: None,
            period: Period::between(date(2026, 3, 1), date(2026, 3, 31)),
            units: Some(Decimal::ONE),
            referral: true,
            denied: false,
            requested: None,
            retrospective: false,
            cancelled: false,
        }];
        file
    }

    #[test]
    fn a_specialist_needs_a_referral_that_holds_and_the_primary_care_provider_none() {
        assert_eq!(example::denial(&visit("")), "CO-243");
        assert_eq!(example::denial(&visit("R2")), "CO-243");
        assert_eq!(example::denial(&visit("R1")), "");
        let mut file = visit("");
        file.family[0].coverages[0].primary_care_npi = Some(example::DOCTOR);
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn only_the_benefits_that_the_plan_names_are_gated() {
        let mut file = visit("");
        example::plan(&mut file).referral_benefits = vec!["imaging".into()];
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn out_of_network_the_patient_bears_it() {
        let mut file = visit("");
        file.claim.billing_npi = example::STRANGER;
        file.claim.lines[0].rendering_npi = example::STRANGER;
        assert_eq!(example::denial(&file), "PR-243");
    }

    #[test]
    fn a_visit_takes_one_unit_however_many_lines_it_has_and_the_next_visit_finds_none() {
        let mut file = visit("R1");
        file.claim.lines.push(example::modified(file.claim.lines[0].clone(), "59"));
        assert_eq!(example::denials(&file), ["", ""]);
        assert_eq!(example::decide(&file).authorization_uses.len(), 1);
        file.authorization_uses = example::decide(&file).authorization_uses.into();
        assert_eq!(example::denials(&file), ["CO-243", "CO-243"]);
    }

    /// The first line is denied in the end, for want of an authorization; the visit was made all the same.
    #[test]
    fn a_visit_is_taken_by_the_first_line_of_it_that_is_paid() {
        let mut file = visit("R1");
        file.claim.lines.insert(0, example::line("80053", 1_000));
        file.claim.lines[0].referral_number = "R1".into();
        example::plan(&mut file).referral_benefits.push("laboratory".into());
        example::benefit(&mut file, "laboratory").authorization_required = true;
        assert_eq!(example::denials(&file), ["CO-197", ""]);
        let uses: Vec<_> = example::decide(&file).authorization_uses.iter().map(|taken| taken.line).collect();
        assert_eq!(uses, [1]);
    }

    #[test]
    fn a_plan_may_tell_a_referral_that_is_absent_from_one_that_is_used_up() {
        let mut file = visit("");
        example::plan(&mut file).provisions.referral_reasons = true;
        assert_eq!(example::denial(&file), "CO-288");
        file.claim.lines[0].referral_number = "R1".into();
        file.authorization_uses = example::decide(&file).authorization_uses.into();
        assert_eq!(example::denial(&file), "CO-287");
        file.claim.lines[0].referral_number = "R2".into();
        assert_eq!(example::denial(&file), "CO-243");
    }
}
