//! Other payers' coverage and what decides who is first: messages to domain.

use super::Violations;
use crate::domain::member::OtherCoverage;
use crate::domain::payer_order::{
    CoverageFacts, CoverageKind, Employment, MedicareEntitlement, ParentRole, WorkStatus,
};
use crate::proto::v1 as pb;

pub(super) fn read(message: &pb::OtherCoverage, found: &mut Violations) -> Option<OtherCoverage> {
    let payer_id = found.required("payer_id", &message.payer_id);
    let period = found.period(&message.from, &message.through);
    let subscriber_birth = found.date_if_any("subscriber_birth_date", &message.subscriber_birth_date);
    let employment = employment(message.work_status(), message.employer_size, found);
    let parents = match (parent_role(message.parent_role()), parent_role(message.own_parent_role())) {
        (None, None) => Some(None),
        (Some(theirs), Some(ours)) => Some(Some((theirs, ours))),
        _ => {
            found.add("own_parent_role", "`parent_role` and `own_parent_role` go together");
            None
        }
    };
    let facts = match kind(message.kind()) {
        None => {
            let told = [&message.relationship_code, &message.subscriber_birth_date].iter().any(|text| !text.is_empty())
                || message.parent_role() != pb::ParentRole::Unspecified
                || message.work_status() != pb::WorkStatus::Unspecified;
            if told {
                found.add("kind", "is missing: without it only `primary` counts, and nothing else that is told here");
            }
            Some(None)
        }
        Some(kind) => {
            if kind == CoverageKind::GroupPlan && message.relationship_code.is_empty() {
                found.add("relationship_code", "is missing: the member's to that subscriber, such as \"18\" or \"01\"");
            }
            subscriber_birth.zip(employment).zip(parents).map(|((subscriber_birth, employment), parents)| {
                let relationship = message.relationship_code.clone();
                Some(Box::new(CoverageFacts { kind, relationship, subscriber_birth, employment, parents }))
            })
        }
    };
    let is_carrier = matches!(
        message.kind(),
        pb::CoverageKind::WorkersCompensation | pb::CoverageKind::Liability | pb::CoverageKind::NoFault
    );
    if !is_carrier && (message.set_aside || !message.accepted_diagnoses.is_empty()) {
        found.add("kind", "only a carrier of injuries accepts diagnoses or leaves a set-aside: say which");
    }
    if message.set_aside && message.accepted_diagnoses.is_empty() {
        found.add("accepted_diagnoses", "is missing: the diagnoses that the set-aside pays for");
    }
    Some(OtherCoverage {
        payer_id: payer_id?.to_owned(),
        payer_name: message.payer_name.clone(),
        primary: message.primary,
        period: period?,
        facts: facts?,
        accepted_diagnoses: message.accepted_diagnoses.clone(),
        set_aside: message.set_aside,
    })
}

/// The work that a coverage comes from.
pub(super) fn employment(status: pb::WorkStatus, size: i32, found: &mut Violations) -> Option<Employment> {
    let status = match status {
        pb::WorkStatus::Unspecified => WorkStatus::Unknown,
        pb::WorkStatus::Active => WorkStatus::Active,
        pb::WorkStatus::Retired => WorkStatus::Retired,
        pb::WorkStatus::LaidOff => WorkStatus::LaidOff,
        pb::WorkStatus::Continuation => WorkStatus::Continuation,
    };
    let employees = found.limit("employer_size", size);
    Some(Employment { status, employees: employees? })
}

/// Why Medicare covers a member, where the record says it.
pub(super) fn entitlement(message: &pb::Member, found: &mut Violations) -> Option<Option<MedicareEntitlement>> {
    let renal = found.date_if_any("renal_coordination_from", &message.renal_coordination_from);
    match (message.medicare_entitlement(), renal?) {
        (pb::MedicareEntitlement::RenalDisease, Some(from)) => Some(Some(MedicareEntitlement::RenalDisease(from))),
        (pb::MedicareEntitlement::RenalDisease, None) => {
            found.add("renal_coordination_from", "is missing: the first day of the 30 months of renal disease");
            None
        }
        (_, Some(_)) => {
            found.add("renal_coordination_from", "means nothing unless `medicare_entitlement` is renal disease");
            None
        }
        (pb::MedicareEntitlement::Age, None) => Some(Some(MedicareEntitlement::Age)),
        (pb::MedicareEntitlement::Disability, None) => Some(Some(MedicareEntitlement::Disability)),
        (pb::MedicareEntitlement::Unspecified, None) => Some(None),
    }
}

fn kind(kind: pb::CoverageKind) -> Option<CoverageKind> {
    match kind {
        pb::CoverageKind::Unspecified => None,
        pb::CoverageKind::GroupPlan => Some(CoverageKind::GroupPlan),
        pb::CoverageKind::Medicare => Some(CoverageKind::Medicare),
        pb::CoverageKind::Medicaid => Some(CoverageKind::Medicaid),
        pb::CoverageKind::WorkersCompensation => Some(CoverageKind::WorkersCompensation),
        pb::CoverageKind::Liability => Some(CoverageKind::Liability),
        pb::CoverageKind::NoFault => Some(CoverageKind::NoFault),
    }
}

fn parent_role(role: pb::ParentRole) -> Option<ParentRole> {
    match role {
        pb::ParentRole::Unspecified => None,
        pb::ParentRole::ResponsibleByCourt => Some(ParentRole::ResponsibleByCourt),
        pb::ParentRole::Custodial => Some(ParentRole::Custodial),
        pb::ParentRole::CustodialSpouse => Some(ParentRole::CustodialSpouse),
        pb::ParentRole::Noncustodial => Some(ParentRole::Noncustodial),
        pb::ParentRole::NoncustodialSpouse => Some(ParentRole::NoncustodialSpouse),
    }
}
