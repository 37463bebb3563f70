//! Plans and medical policies: messages to domain.

use rust_decimal::Decimal;

use super::Violations;
use crate::domain::codes::{DiagnosisCode, carc, rarc};
use crate::domain::dates::{Date, parse_iso};
use crate::domain::plan::{Benefit, BenefitShare, CostShare, MedicalPolicy, Plan, SuspectDuplicates};
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
    let year_begins = year_begins(&message.benefit_year, found);
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
    let benefits = found.each("benefits", &message.benefits, benefit);
    found.distinct("benefits", "benefit", message.benefits.iter().map(|benefit| benefit.benefit.as_str()));
    let timely_filing_days = found.limit("timely_filing_days", message.timely_filing_days);
    if message.balance_billing && message.out_of_network.is_none() {
        found.add("balance_billing", "means nothing without `out_of_network`");
    }
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
        suspect_duplicates: match message.suspect_duplicates() {
            pb::SuspectDuplicates::Unspecified | pb::SuspectDuplicates::Deny => SuspectDuplicates::Deny,
            pb::SuspectDuplicates::Pay => SuspectDuplicates::Pay,
            pb::SuspectDuplicates::Pend => SuspectDuplicates::Pend,
        },
    })
}

/// Month and day: "calendar", nothing at all, or such as "07-01".
fn year_begins(text: &str, found: &mut Violations) -> Option<(i8, i8)> {
    if text.is_empty() || text == "calendar" {
        return Some((1, 1));
    }
    // A day that every year has: 2025 is no leap year.
    let date = parse_iso(&format!("2025-{text}"));
    if date.is_none() {
        found.add("benefit_year", format!("{text:?}: write \"calendar\", or month and day such as \"07-01\""));
    }
    date.map(|date: Date| (date.month(), date.day()))
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
    Some(CostShare {
        individual_deductible: individual_deductible?,
        family_deductible: family_deductible?,
        aggregate_deductible: message.aggregate_deductible,
        individual_out_of_pocket: individual_out_of_pocket?,
        family_out_of_pocket: family_out_of_pocket?,
        fee_schedule: fee_schedule?.to_owned(),
    })
}

fn benefit(message: &pb::Benefit, found: &mut Violations) -> Option<Benefit> {
    let name = found.required("benefit", &message.benefit);
    let exclusion = match (message.excluded, message.exclusion_carc.as_str()) {
        (false, "") => None,
        (false, _) => {
            found.add("exclusion_carc", "means nothing without `excluded = true`");
            None
        }
        (true, "" | "204") => Some((carc("204"), vec![])),
        (true, "96") => Some((carc("96"), vec![rarc("N130")])),
        (true, other) => {
            found.add("exclusion_carc", format!("{other:?}: an exclusion is told as \"204\" or \"96\""));
            None
        }
    };
    let mut share = |field, message: &Option<pb::BenefitShare>| match message {
        Some(message) => found.within(field, |found| benefit_share(message, found)),
        None => Some(BenefitShare::default()),
    };
    let in_network = share("in_network", &message.in_network);
    let out_of_network = share("out_of_network", &message.out_of_network);
    let visits_per_year = found.limit("visits_per_year", message.visits_per_year);
    let dollars_per_year = found.maximum("dollars_per_year_cents", message.dollars_per_year_cents);
    Some(Benefit {
        name: name?.into(),
        service_types: message.service_types.clone(),
        exclusion,
        in_network: in_network?,
        out_of_network: out_of_network?,
        visits_per_year: visits_per_year?.map(i64::from),
        dollars_per_year: dollars_per_year?,
        authorization_required: message.authorization_required,
    })
}

fn benefit_share(message: &pb::BenefitShare, found: &mut Violations) -> Option<BenefitShare> {
    let copay = found.amount("copay_cents", message.copay_cents);
    let coinsurance = found.fraction_if_any("coinsurance", &message.coinsurance);
    if message.no_cost_share && (message.copay_cents != 0 || !message.coinsurance.is_empty()) {
        found.add("no_cost_share", "the member pays nothing, so leave out `copay_cents` and `coinsurance`");
    }
    Some(BenefitShare {
        copay: copay?,
        coinsurance: coinsurance?.unwrap_or(Decimal::ZERO),
        deductible_waived: message.deductible_waived,
        no_cost_share: message.no_cost_share,
    })
}

/// Reads a medical policy.
pub(super) fn medical_policy(message: &pb::MedicalPolicy, found: &mut Violations) -> Option<MedicalPolicy> {
    let policy_id = found.required("policy_id", &message.policy_id);
    let period = found.period(&message.from, &message.through);
    let procedures = found.procedures("procedures", &message.procedures);
    if message.procedures.is_empty() {
        found.add("procedures", "is missing: codes, or ranges such as \"70551-70553\"");
    }
    let covered_diagnoses = found.each("covered_diagnoses", &message.covered_diagnoses, |text, found| {
        // People write the point; claims never carry it.
        found.code("", &text.replace('.', "")).map(|code: DiagnosisCode| code.to_string())
    });
    if message.covered_diagnoses.is_empty() {
        found.add("covered_diagnoses", "is missing: a policy that covers nothing is an exclusion of the plan");
    }
    let rarc = match message.rarc.as_str() {
        "" => None,
        text @ ("N115" | "N386") => Some(rarc(text)),
        other => {
            found.add("rarc", format!("{other:?}: \"N115\" (local coverage), \"N386\" (national) or nothing"));
            None
        }
    };
    Some(MedicalPolicy {
        policy_id: policy_id?.to_owned(),
        title: message.title.clone(),
        procedures: procedures?,
        covered_diagnoses,
        period: period?,
        plans: message.plans.clone(),
        href: message.href.clone(),
        rarc,
    })
}
