//! How members and providers stand with the payer: messages to domain.

use super::Violations;
use crate::domain::codes::is_clia_number;
use crate::domain::dates::Period;
use crate::domain::standing::{
    Capitation, Condition, ContractorKind, MemberStanding, OtherContractor, ProviderStanding,
};
use crate::proto::v1 as pb;

/// Reads how a member stands.
pub(super) fn of_member(message: Option<&pb::MemberStanding>, found: &mut Violations) -> Option<MemberStanding> {
    let Some(message) = message else { return Some(MemberStanding::default()) };
    let died = found.date_if_any("death_date", &message.death_date);
    let owed = found.date_if_any("premium_owed_from", &message.premium_owed_from);
    let contractors = found.each("contractors", &message.contractors, contractor);
    let unmet = found.each("unmet_conditions", &message.unmet_conditions, |unmet, found| {
        let kind = condition(unmet.kind());
        if kind.is_none() {
            found.add("kind", "must be said: such as \"spend_down\"");
        }
        let period = found.period(&unmet.from, &unmet.through);
        Some((kind?, period?))
    });
    Some(MemberStanding { died: died?, premium_owed_from: owed?, contractors, unmet })
}

fn contractor(message: &pb::OtherContractor, found: &mut Violations) -> Option<OtherContractor> {
    let payer_id = found.required("payer_id", &message.payer_id);
    let kind = match message.kind() {
        pb::ContractorKind::Unspecified => None,
        pb::ContractorKind::ManagedCare => Some(ContractorKind::ManagedCare),
        pb::ContractorKind::Railroad => Some(ContractorKind::Railroad),
        pb::ContractorKind::MineWorkers => Some(ContractorKind::MineWorkers),
        pb::ContractorKind::OtherArea => Some(ContractorKind::OtherArea),
    };
    if kind.is_none() {
        found.add("kind", "must be said: such as \"managed_care\"");
    }
    let period = found.period(&message.from, &message.through);
    Some(OtherContractor {
        payer_id: payer_id?.to_owned(),
        payer_name: message.payer_name.clone(),
        kind: kind?,
        period: period?,
        forwarded: message.forwarded,
    })
}

fn condition(kind: pb::ConditionKind) -> Option<Condition> {
    match kind {
        pb::ConditionKind::Unspecified => None,
        pb::ConditionKind::Eligibility => Some(Condition::Eligibility),
        pb::ConditionKind::SpendDown => Some(Condition::SpendDown),
        pb::ConditionKind::Residency => Some(Condition::Residency),
        pb::ConditionKind::Policy => Some(Condition::Policy),
        pb::ConditionKind::MedicalExam => Some(Condition::MedicalExam),
        pb::ConditionKind::Application => Some(Condition::Application),
        pb::ConditionKind::Assignment => Some(Condition::Assignment),
        pb::ConditionKind::Release => Some(Condition::Release),
    }
}

/// Reads how a provider stands.
pub(super) fn of_provider(message: Option<&pb::ProviderStanding>, found: &mut Violations) -> Option<ProviderStanding> {
    let Some(message) = message else { return Some(ProviderStanding::default()) };
    let exclusions = periods("exclusions", &message.exclusions, found);
    let opt_outs = periods("opt_outs", &message.opt_outs, found);
    if !message.clia_number.is_empty() && !is_clia_number(&message.clia_number) {
        let text = &message.clia_number;
        found.add("clia_number", format!("{text:?} is no CLIA number: ten characters such as \"05D0000001\""));
    }
    let barred = found.procedures("barred_procedures", &message.barred_procedures);
    let capitations = found.each("capitations", &message.capitations, |capitation, found| {
        let procedures = found.procedures("procedures", &capitation.procedures);
        let period = found.period(&capitation.from, &capitation.through);
        let plans = capitation.plans.clone();
        Some(Capitation { plans, procedures: procedures?.into_any(), period: period? })
    });
    Some(ProviderStanding {
        exclusions,
        opt_outs,
        clia: message.clia_number.clone(),
        group: message.group,
        verifies_coverage: message.verifies_coverage,
        barred: barred?,
        capitations,
    })
}

fn periods(field: &str, messages: &[pb::StandingPeriod], found: &mut Violations) -> Vec<Period> {
    found.each(field, messages, |message, found| found.period(&message.from, &message.through))
}
