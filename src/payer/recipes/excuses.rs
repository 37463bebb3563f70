//! Why a payer cannot draw a reason, where its records say so.

use super::kitchen::Wanted;
use crate::domain::codes::Group;
use crate::domain::dates::{age_on, parse_iso};
use crate::domain::plan::LimitPeriod;
use crate::payer::in_force::InForce;
use crate::proto::v1 as pb;

/// Why not; `None` where the records do not say.
pub(super) fn why_not(in_force: &InForce, wanted: &Wanted) -> Option<String> {
    let revision = &in_force.revision;
    let plans = &revision.plans;
    let limits = |period: LimitPeriod| plans.iter().any(|plan| plan.limits.iter().any(|limit| limit.period == period));
    let youngest = plans.iter().filter_map(|plan| plan.dependents.age_limit).min();
    let clock = parse_iso(&in_force.payer().clock_start);
    let is_past = |member: &pb::Member| {
        let birth = parse_iso(&member.birth_date).filter(|_| member.relationship_code == "19");
        let age = birth.zip(clock).map_or(0, |(birth, clock)| age_on(birth, clock));
        youngest.is_some_and(|limit| i64::from(age) >= i64::from(limit))
    };
    let said = match (wanted.group, wanted.carc.as_str()) {
        (_, "35" | "149") if !limits(LimitPeriod::Lifetime) => "no plan has a lifetime maximum",
        (_, "119")
            if plans.iter().all(|plan| {
                plan.limits.is_empty()
                    && plan
                        .benefits
                        .iter()
                        .all(|benefit| benefit.visits_per_year.is_none() && benefit.dollars_per_year.is_none())
            }) =>
        {
            "no plan limits a benefit"
        }
        (_, "104") if in_force.folder.providers.iter().all(|provider| provider.withholds.is_empty()) => {
            "no provider's contract withholds anything"
        }
        (_, "253") if plans.iter().all(|plan| !plan.medicare && !plan.sequestration) => {
            "no plan's payments are cut by sequestration"
        }
        (_, "179") if plans.iter().all(|plan| plan.benefits.iter().all(|benefit| benefit.waiting_days.is_none())) => {
            "no benefit has a waiting period"
        }
        (_, "243") if plans.iter().all(|plan| plan.referral_benefits.is_empty()) => "no plan asks for referrals",
        (_, "197") if plans.iter().all(|plan| plan.benefits.iter().all(|benefit| !benefit.authorization_required)) => {
            "no benefit needs an authorization"
        }
        (_, "242") if plans.iter().all(|plan| plan.out_of_network.is_some()) => {
            "every plan covers services out of network"
        }
        (Group::PatientResponsibility, "45") if plans.iter().all(|plan| !plan.balance_billing) => {
            "no plan allows balance billing"
        }
        (_, "33") if plans.iter().all(|plan| !plan.dependents.none) => "every plan covers dependents",
        (_, "32") if plans.iter().all(|plan| plan.dependents.age_limit.is_none()) => {
            "no plan ends the coverage of children by age"
        }
        (_, "32") if in_force.folder.members.iter().all(|member| !is_past(member)) => {
            "no child among the members is past a plan's age"
        }
        (_, "236") if revision.ncci.all().next().is_none() => "no pairs of codes are loaded",
        (_, "151") if revision.mue.all().next().is_none() => "no unit limits are loaded",
        (_, "50") if in_force.folder.policies.is_empty() => "the payer has no medical policy",
        (_, "31") if in_force.turns_strangers_away() => "claims for unknown members are turned away at the door",
        (_, "226" | "227" | "250" | "251") => {
            "it takes a request for records that stays unanswered, or a document that is not what it should be: `payersim request-records`, `payersim document send`"
        }
        _ => return of_claims(in_force, wanted),
    };
    Some(said.to_owned())
}

/// What the payer asks of claims and members cannot draw.
fn of_claims(in_force: &InForce, wanted: &Wanted) -> Option<String> {
    let rules = in_force.folder.payer.as_ref().and_then(|payer| payer.claim_rules.as_ref());
    let asks = |asked: fn(&pb::ClaimRules) -> bool| rules.is_some_and(asked);
    let patients_bear = |carc: &str| {
        let types = rules.iter().flat_map(|rules| &rules.services).filter_map(|rule| rule.provider_types.as_ref());
        let usual = |types: &pb::ProviderTypes| if types.carc.is_empty() { "8".to_owned() } else { types.carc.clone() };
        types.into_iter().any(|types| types.patient_liable && usual(types) == carc)
    };
    let said = match (wanted.group, wanted.carc.as_str()) {
        (_, "110") if !asks(|rules| rules.future_services_denied) => {
            "services that lie ahead are turned away at the door (277CA)"
        }
        (_, "207") if !asks(|rules| rules.failing_npis_denied) => {
            "NPIs whose digits do not hold are turned away at the door (277CA)"
        }
        (Group::PatientResponsibility, "22")
            if in_force.folder.members.iter().all(|member| !member.other_coverage_unanswered) =>
        {
            "no member owes an answer about other coverage"
        }
        (Group::PatientResponsibility, "8" | "171" | "172") if !patients_bear(wanted.carc.as_str()) => {
            "no rule of the payer has the patient bear it"
        }
        _ => return None,
    };
    Some(said.to_owned())
}
