//! The catalogue of denials, and recipes that draw them.

use std::sync::Arc;

use super::{Caller, Failure, Payer};
use crate::proto::v1 as pb;
use crate::wire;

impl Payer {
    /// Every reason that the program or the sandbox's payer gives.
    pub fn list_denials(
        &self,
        caller: &Caller,
        request: &pb::ListDenialsRequest,
    ) -> Result<pb::ListDenialsResponse, Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let in_force = Arc::clone(&sandbox.read().in_force);
        let denials = wire::denials::all(&in_force.revision.policies, request.include_not_given);
        Ok(pb::ListDenialsResponse { denials })
    }

    /// One reason.
    pub fn denial(&self, caller: &Caller, request: &pb::GetDenialRequest) -> Result<pb::Denial, Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let in_force = Arc::clone(&sandbox.read().in_force);
        wire::denials::find_with(&in_force.revision.policies, &request.name)
            .ok_or_else(|| Failure::Unknown(request.name.clone()))
    }
}
