//! The decisions on a claim, in the order in which they were made, each with what was known then.

use crate::payer::family::Until;
use crate::payer::{Failure, Payer, State, records};
use crate::proto::store::v1::ReversalRecord;
use crate::proto::v1 as pb;
use crate::store::keys::{Lane, Later};
use crate::store::{Key, Read};

/// A claim and the decisions on it.
pub(super) struct History {
    pub lane: Lane,
    /// As it came.
    pub claim: pb::Claim,
    pub payee: pb::Payee,
    pub decisions: Vec<Decision>,
}

/// A decision, or the taking back of one.
pub(super) struct Decision {
    /// Counts up from 1.
    pub number: usize,
    /// Day of the decision.
    pub decided: String,
    /// The remittance advice that told it, without its claims; none until one has.
    pub told: Option<pb::Remittance>,
    /// Where the claim stood from then on.
    pub state: pb::ClaimState,
    /// What was decided; none where a decision was only taken back.
    pub determination: Option<pb::Determination>,
    /// Content hash of the payer folder that held then.
    pub payer_folder: String,
    pub directory_version: u64,
    /// What the family had left when it was made.
    pub until: Until,
    /// The record of it, but for the first.
    pub made: Option<ReversalRecord>,
}

impl Decision {
    /// What was decided, where the claim does not wait on.
    pub fn determined(&self) -> Option<&pb::Determination> {
        let final_state = matches!(self.state, pb::ClaimState::Allowed | pb::ClaimState::Denied);
        self.determination.as_ref().filter(|_| final_state)
    }

    /// What was taken back.
    pub fn taken_back(&self) -> Option<&pb::ClaimReversal> {
        self.made.as_ref()?.reversal.as_ref()
    }
}

impl Payer {
    /// The decisions on a claim; `None` where there is no such claim.
    pub(super) fn decisions(&self, state: &State, lane: Lane, sequence: u64) -> Result<Option<History>, Failure> {
        let Some(record) = self.claim_record(state, lane, sequence)? else { return Ok(None) };
        let Some(claim) = record.claim else { return Ok(None) };
        let space = state.space();
        let first = Decision {
            number: 1,
            told: self.telling(state, space.remittance_of_claim(lane, sequence))?,
            decided: record.processed_date,
            state: claim.state(),
            determination: claim.determination.clone(),
            payer_folder: record.payer_folder,
            directory_version: record.directory_version,
            until: Until::claim(sequence),
            made: None,
        };
        let mut decisions = vec![first];
        for (number, made) in (2..).zip(self.reversals(state, lane, sequence)?) {
            let before = decisions.last().map(|last| (last.payer_folder.clone(), last.directory_version));
            let anew = made.correction.is_some();
            let now = (made.payer_folder.clone(), made.directory_version);
            let (payer_folder, directory_version) = if anew { now } else { before.unwrap_or_default() };
            let place = space.remittance_of_later(lane, sequence, Later::Reversal(made.number));
            decisions.push(Decision {
                number,
                told: self.telling(state, place)?,
                decided: made.reversal.as_ref().map_or(&made.decided_date, |back| &back.reversed_date).clone(),
                state: made.state(),
                determination: made.correction.clone(),
                payer_folder,
                directory_version,
                until: Until::reversal(&made),
                made: Some(made),
            });
        }
        let payee = record.payee.unwrap_or_default();
        Ok(Some(History { lane, claim, payee, decisions }))
    }

    /// The remittance advice that a place names, without its claims.
    fn telling(&self, state: &State, place: Key) -> Result<Option<pb::Remittance>, Failure> {
        let Some(pair) = records::one(self.store.as_ref(), Read::Point(place))?.pop() else { return Ok(None) };
        let told = self.remittance_in(state, &String::from_utf8_lossy(&pair.value))?;
        Ok(told.map(|told| pb::Remittance { claims: Vec::new(), ..told }))
    }
}
