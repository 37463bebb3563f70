//! What a payer's own medical policies choose to give.

use crate::domain::codes::{Carc, Group, Rarc};
use crate::domain::policy::{MedicalPolicies, MedicalPolicy, PolicyFinding};

/// A reason that a policy gives.
#[derive(Clone, Copy, Debug)]
pub struct PolicyReason<'a> {
    /// Which policy, in one version.
    pub policy: &'a MedicalPolicy,
    /// Who bears it.
    pub group: Group,
    /// Why.
    pub carc: Carc,
    /// The remarks beside it.
    pub rarcs: &'a [Rarc],
    /// Who bears it and why, in a clause.
    pub liable: &'static str,
}

/// Every reason that policies give, in the order in which the policies report.
pub fn of_policies(policies: &MedicalPolicies) -> impl Iterator<Item = PolicyReason<'_>> {
    policies.all().iter().flat_map(reasons)
}

/// A denial stands under the policy's group, and under PR where a notice was signed; a smaller payment under the group of
/// what the plan does not allow.
fn reasons(policy: &MedicalPolicy) -> impl Iterator<Item = PolicyReason<'_>> {
    let patient = Group::PatientResponsibility;
    let (first, second) = match &policy.finding {
        PolicyFinding::Deny { group, carc, rarcs, patient_with_notice } => {
            let noticed = (*patient_with_notice && *group != patient)
                .then_some((patient, "the patient was warned beforehand and agreed to pay"));
            (Some((*carc, rarcs, *group, "a medical policy of the payer says so")), noticed)
        }
        PolicyFinding::Reduce { carc, rarcs, .. } => {
            let (contract, stranger) = (Group::ContractualObligation, "out of network the patient owes what is cut");
            let cut = (*carc, rarcs, contract, "a medical policy of the payer cuts what is allowed");
            (Some(cut), Some((patient, stranger)))
        }
        PolicyFinding::Pend(_) | PolicyFinding::Records(_) | PolicyFinding::Note(_) => (None, None),
    };
    first.into_iter().flat_map(move |(carc, rarcs, group, liable)| {
        [Some((group, liable)), second].into_iter().flatten().map(move |(group, liable)| PolicyReason {
            policy,
            group,
            carc,
            rarcs,
            liable,
        })
    })
}
