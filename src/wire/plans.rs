//! Plans: messages to domain.

use std::collections::BTreeSet;

use super::benefits::{self, short_name};
use super::{Violations, appeal_terms, claim_rules, plan_rules};
use crate::domain::claim_checks::ClaimChecks;
use crate::domain::dates::{Date, parse_iso};
use crate::domain::plan::{
    CoordinationMethod, CostShare, CrossAccumulation, DependentRules, DependentsEnd, FacilitySchedule, Network, Plan,
    SeparateDeductible, SuspectDuplicates, Tier,
};
use crate::proto::v1 as pb;

/// Kinds of plan that an 835 can name (CLP06).
pub const FILING_INDICATORS: &[&str] =
    &["12", "13", "14", "15", "16", "17", "AM", "CH", "DS", "HM", "LM", "MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ"];

/// Reads a plan.
pub(super) fn plan(message: &pb::Plan, found: &mut Violations) -> Option<Plan> {
    let plan_id = found.required("plan_id", &message.plan_id);
    let indicator = &message.claim_filing_indicator;
    if !FILING_INDICATORS.contains(&indicator.as_str()) {
        let known = FILING_INDICATORS.join(" ");
        found.add("claim_filing_indicator", format!("{indicator:?} is no kind of plan of the 835: one of {known}"));
    }
    let year_begins = year_begins("benefit_year", &message.benefit_year, found);
    let in_network = match &message.in_network {
        Some(share) => found.within("in_network", |found| cost_share(share, found)),
        None => {
            found.add("in_network", "is missing: what members pay, and the fee schedule");
            None
        }
    };
    let out_of_network = match &message.out_of_network {
        Some(share) => found.within("out_of_network", |found| cost_share(share, found)).map(Some),
        None => Some(None),
    };
    let benefits = found.each("benefits", &message.benefits, benefits::benefit);
    found.distinct("benefits", "benefit", message.benefits.iter().map(|benefit| benefit.benefit.as_str()));
    let coordination = coordination(message, found);
    let timely_filing_days = found.limit("timely_filing_days", message.timely_filing_days);
    let tiers = found.each("tiers", &message.tiers, tier);
    found.distinct("tiers", "tier", message.tiers.iter().map(|tier| tier.tier.as_str()));
    let names: BTreeSet<&str> = message.benefits.iter().map(|benefit| benefit.benefit.as_str()).collect();
    let limits = found.each("limits", &message.limits, |limit, found| benefits::limit(limit, &names, found));
    found.distinct("limits", "limit", message.limits.iter().map(|limit| limit.limit.as_str()));
    let benefit_rules =
        found.each("benefit_rules", &message.benefit_rules, |rule, found| benefits::rule(rule, &names, found));
    let dependents = found.within("dependents", |found| dependents(message.dependents.as_ref(), found));
    let newborn_days = found.limit("newborn_days", message.newborn_days);
    plan_rules::check(message, found);
    if message.balance_billing && message.out_of_network.is_none() {
        found.add("balance_billing", "means nothing without `out_of_network`");
    }
    let provisions = found.within("provisions", |found| claim_rules::provisions(message.provisions.as_ref(), found));
    let claim_checks = found.within("claim_checks", |found| claim_checks(message.claim_checks.as_ref(), found));
    let appeals = found.within("appeals", |found| appeal_terms::of_plan(message, found));
    Some(Plan {
        plan_id: plan_id?.to_owned(),
        name: message.name.clone(),
        claim_filing_indicator: indicator.clone(),
        year_begins: year_begins?,
        networks: message.networks.clone(),
        in_network: in_network?,
        out_of_network: out_of_network?,
        benefits,
        timely_filing_days: timely_filing_days?,
        referral_benefits: message.referral_benefits.clone(),
        balance_billing: message.balance_billing,
        medicare: message.medicare,
        sequestration: message.sequestration,
        coordination: coordination?,
        suspect_duplicates: suspect_duplicates(message.suspect_duplicates()),
        tiers,
        deductible_accumulation: cross_accumulation(message.deductible_accumulation()),
        out_of_pocket_accumulation: cross_accumulation(message.out_of_pocket_accumulation()),
        limits,
        benefit_rules,
        deductible_carry_over: message.deductible_carry_over,
        dependents: dependents?,
        newborn_days: newborn_days?,
        fresh_start: message.fresh_start,
        facility_schedules: found.each("facility_schedules", &message.facility_schedules, facility_schedule),
        claim_checks: claim_checks?,
        provisions: provisions?,
        appeals: appeals?,
    })
}

fn suspect_duplicates(told: pb::SuspectDuplicates) -> SuspectDuplicates {
    match told {
        pb::SuspectDuplicates::Unspecified | pb::SuspectDuplicates::Deny => SuspectDuplicates::Deny,
        pb::SuspectDuplicates::Pay => SuspectDuplicates::Pay,
        pb::SuspectDuplicates::Pend => SuspectDuplicates::Pend,
    }
}

fn claim_checks(message: Option<&pb::ClaimChecks>, found: &mut Violations) -> Option<ClaimChecks> {
    let Some(message) = message else { return Some(ClaimChecks::default()) };
    let review_from = found.maximum("review_from_cents", message.review_from_cents);
    let readmission_days = found.limit("readmission_days", message.readmission_days);
    let audit_per_mille = u16::try_from(message.audit_per_mille).ok().filter(|share| *share <= 1000);
    if audit_per_mille.is_none() {
        found.add("audit_per_mille", format!("{} of a thousand: 1 to 1000, or 0 for none", message.audit_per_mille));
    }
    Some(ClaimChecks {
        screening_intervals: message.screening_intervals,
        review_from: review_from?,
        readmission_days: readmission_days?,
        one_month_lines: message.one_month_lines,
        overlapping_stays: message.overlapping_stays,
        audit_per_mille: audit_per_mille?,
    })
}

fn facility_schedule(message: &pb::FacilitySchedule, found: &mut Violations) -> Option<FacilitySchedule> {
    if message.types_of_bill.is_empty() {
        found.add("types_of_bill", "is missing: the starts of types of bill, such as \"11\" or \"131\"");
    }
    for (at, start) in message.types_of_bill.iter().enumerate() {
        if !matches!(start.len(), 1..=3) || !start.bytes().all(|b| b.is_ascii_alphanumeric()) {
            found.add(
                format_args!("types_of_bill[{at}]"),
                format!("{start:?}: one to three characters, such as \"11\""),
            );
        }
    }
    let in_network = found.required("in_network", &message.in_network);
    Some(FacilitySchedule {
        bills: message.types_of_bill.clone(),
        in_network: in_network?.to_owned(),
        out_of_network: message.out_of_network.clone(),
    })
}

/// Month and day: "calendar", nothing at all, or such as "07-01".
pub(super) fn year_begins(field: &str, text: &str, found: &mut Violations) -> Option<(i8, i8)> {
    if text.is_empty() || text == "calendar" {
        return Some((1, 1));
    }
    // A day that every year has: 2025 is no leap year.
    let date = parse_iso(&format!("2025-{text}"));
    if date.is_none() {
        found.add(field, format!("{text:?}: write \"calendar\", or month and day such as \"07-01\""));
    }
    date.map(|date: Date| (date.month(), date.day()))
}

/// How the plan pays after others.
fn coordination(message: &pb::Plan, found: &mut Violations) -> Option<CoordinationMethod> {
    if message.medicare && message.coordination() != pb::CoordinationMethod::Unspecified {
        found.add("coordination", "means nothing beside `medicare = true`: Medicare follows 42 CFR 411.33");
    }
    Some(match message.coordination() {
        pb::CoordinationMethod::Unspecified | pb::CoordinationMethod::Standard => CoordinationMethod::Standard,
        pb::CoordinationMethod::MaintenanceOfBenefits => CoordinationMethod::MaintenanceOfBenefits,
        pb::CoordinationMethod::NonDuplication => CoordinationMethod::NonDuplication,
    })
}

fn cost_share(message: &pb::CostShare, found: &mut Violations) -> Option<CostShare> {
    let individual_deductible = found.amount("individual_deductible_cents", message.individual_deductible_cents);
    let family_deductible = found.maximum("family_deductible_cents", message.family_deductible_cents);
    let individual_out_of_pocket =
        found.maximum("individual_out_of_pocket_cents", message.individual_out_of_pocket_cents);
    let family_out_of_pocket = found.maximum("family_out_of_pocket_cents", message.family_out_of_pocket_cents);
    if message.aggregate_deductible && message.family_deductible_cents == 0 {
        found.add("aggregate_deductible", "needs `family_deductible_cents`: only the family's deductible counts then");
    }
    let fee_schedule = found.required("fee_schedule", &message.fee_schedule);
    let separate_deductibles = found.each("separate_deductibles", &message.separate_deductibles, |separate, found| {
        let name = short_name("deductible", &separate.deductible, found);
        let individual = found.amount("individual_cents", separate.individual_cents);
        let family = found.maximum("family_cents", separate.family_cents);
        Some(SeparateDeductible { name: name?, individual: individual?, family: family? })
    });
    let names = message.separate_deductibles.iter().map(|separate| separate.deductible.as_str());
    found.distinct("separate_deductibles", "deductible", names);
    Some(CostShare {
        individual_deductible: individual_deductible?,
        family_deductible: family_deductible?,
        aggregate_deductible: message.aggregate_deductible,
        individual_out_of_pocket: individual_out_of_pocket?,
        family_out_of_pocket: family_out_of_pocket?,
        fee_schedule: fee_schedule?.to_owned(),
        separate_deductibles,
    })
}

/// Reads a further tier.
fn tier(message: &pb::Tier, found: &mut Violations) -> Option<Tier> {
    let name = short_name("tier", &message.tier, found);
    if matches!(message.tier.as_str(), "in" | "out") {
        found.add("tier", format!("{:?} is what `in_network` and `out_of_network` are called", message.tier));
    }
    if message.networks.is_empty() {
        found.add("networks", "is missing: without one nobody belongs to the tier");
    }
    let share = match &message.cost_share {
        Some(share) => found.within("cost_share", |found| cost_share(share, found)),
        None => {
            found.add("cost_share", "is missing: what members pay, and the fee schedule");
            None
        }
    };
    Some(Tier { network: Network::Tier(name?), networks: message.networks.clone(), cost_share: share? })
}

fn cross_accumulation(rule: pb::CrossAccumulation) -> CrossAccumulation {
    match rule {
        pb::CrossAccumulation::Unspecified | pb::CrossAccumulation::None => CrossAccumulation::None,
        pb::CrossAccumulation::Down => CrossAccumulation::Down,
        pb::CrossAccumulation::All => CrossAccumulation::All,
    }
}

fn dependents(message: Option<&pb::DependentRules>, found: &mut Violations) -> Option<DependentRules> {
    let Some(message) = message else { return Some(DependentRules::default()) };
    let mut age = |field: &str, years: i32| {
        let most = 150;
        if years > most {
            found.add(field, format!("{years} years is no age: at most {most}, or 0 for no limit"));
        }
        found.limit(field, years).map(|years| years.and_then(|years| i16::try_from(years).ok()))
    };
    let age_limit = age("age_limit", message.age_limit);
    let student_age_limit = age("student_age_limit", message.student_age_limit);
    if message.student_age_limit != 0 && message.student_age_limit < message.age_limit {
        found.add("student_age_limit", "is below `age_limit`: students are covered longer, if at all");
    }
    Some(DependentRules {
        age_limit: age_limit?,
        student_age_limit: student_age_limit?,
        end: match message.end() {
            pb::DependentsEnd::Unspecified | pb::DependentsEnd::Month => DependentsEnd::Month,
            pb::DependentsEnd::Birthday => DependentsEnd::Birthday,
            pb::DependentsEnd::Year => DependentsEnd::Year,
        },
        disabled_stay: message.disabled_stay,
        none: message.none,
    })
}
