//! What is opened when a claim waits: whoever or whatever it waits for, with the day on which the clock comes back to it.

use super::entry::Draft;
use super::{Failure, documents, instruct, reviews};
use crate::proto::v1 as pb;
use crate::store::keys::Waits;

/// Opens what a claim waits for, where it waits, and closes what it no longer does.
pub(super) fn open(draft: &mut Draft<'_>, sequence: u64, claim: &pb::Claim) -> Result<(), Failure> {
    documents::reconcile(draft, sequence, claim)?;
    if claim.state() == pb::ClaimState::Pended
        && let Some(day) =
            instruct::decide_on(claim.instruction.as_ref()).filter(|day| *day > draft.payer.today(draft.state))
    {
        draft.wake(&day.to_string(), Waits::Claim(draft.lane, sequence));
        return Ok(());
    }
    reviews::reconcile(draft, sequence, claim)
}

/// Closes what is open of a claim that is decided no more; `why` in a few words.
pub(super) fn close(draft: &mut Draft<'_>, sequence: u64, why: &str) -> Result<(), Failure> {
    reviews::close(draft, sequence, why)
}
