//! Medical policies as they are in force: read, and tested by their own examples.

use super::{Caller, Failure, Payer, policy_examples};
use crate::domain::codes::{ProcedureCode, RevenueCode};
use crate::domain::dates::parse_iso;
use crate::domain::policy::MedicalPolicy;
use crate::proto::v1 as pb;

use super::in_force::InForce;

impl Payer {
    /// The policies of a sandbox, or those about a procedure, in the order in which they report.
    pub fn policies(&self, caller: &Caller, parent: &str, procedure: &str) -> Result<Vec<pb::MedicalPolicy>, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let in_force = std::sync::Arc::clone(&sandbox.read().in_force);
        let known = &in_force.revision.policies;
        let found: Vec<&MedicalPolicy> = match procedure {
            "" => known.all().iter().collect(),
            text => {
                let code = ProcedureCode::parse(text);
                let code = code.ok_or_else(|| Failure::field("procedure", format!("{text:?} is no procedure code")))?;
                known.about(code, RevenueCode::NONE).collect()
            }
        };
        Ok(found.into_iter().filter_map(|policy| message(&in_force, policy)).collect())
    }

    /// The version of a policy that holds on a day: by default the sandbox's, or else the latest.
    pub fn policy(&self, caller: &Caller, name: &str, on: &str) -> Result<pb::MedicalPolicy, Failure> {
        let missing = || Failure::Unknown(name.to_owned());
        let (parent, policy_id) = name.split_once("/policies/").ok_or_else(missing)?;
        let sandbox = self.sandbox(caller, parent)?;
        let (in_force, today) = {
            let state = sandbox.read();
            (std::sync::Arc::clone(&state.in_force), self.today(&state))
        };
        let day = match on {
            "" => None,
            text => Some(
                parse_iso(text)
                    .ok_or_else(|| Failure::field("on_date", format!("{text:?} is no date: write YYYY-MM-DD")))?,
            ),
        };
        let versions = || in_force.revision.policies.all().iter().filter(|policy| policy.policy_id == policy_id);
        let on_day = versions().find(|policy| policy.period.contains(day.unwrap_or(today)));
        let latest = || versions().max_by_key(|policy| policy.period.from).filter(|_| day.is_none());
        on_day.or_else(latest).and_then(|policy| message(&in_force, policy)).ok_or_else(missing)
    }

    /// Decides the examples of a sandbox's policies, or of one.
    pub fn test_policies(
        &self,
        caller: &Caller,
        request: &pb::TestPoliciesRequest,
    ) -> Result<Vec<pb::PolicyTest>, Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let in_force = std::sync::Arc::clone(&sandbox.read().in_force);
        Ok(policy_examples::test(&in_force, &request.policy_id))
    }
}

/// A policy as the folder has it.
fn message(in_force: &InForce, policy: &MedicalPolicy) -> Option<pb::MedicalPolicy> {
    let from = policy.period.from.to_string();
    let same = |known: &&pb::MedicalPolicy| known.policy_id == policy.policy_id && known.from == from;
    in_force.folder.policies.iter().find(same).cloned()
}
