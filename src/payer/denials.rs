//! The catalogue of denials, and recipes that draw them.

use super::{Caller, Failure, Payer};
use crate::proto::v1 as pb;
use crate::wire;

impl Payer {
    /// Every reason that is given.
    pub fn list_denials(
        &self,
        caller: &Caller,
        request: &pb::ListDenialsRequest,
    ) -> Result<pb::ListDenialsResponse, Failure> {
        self.sandbox(caller, &request.parent)?;
        Ok(pb::ListDenialsResponse { denials: wire::denials::all(request.include_not_given) })
    }

    /// One reason.
    pub fn denial(&self, caller: &Caller, request: &pb::GetDenialRequest) -> Result<pb::Denial, Failure> {
        self.sandbox(caller, &request.parent)?;
        wire::denials::find(&request.name).ok_or_else(|| Failure::Unknown(request.name.clone()))
    }
}
