//! What is open of a claim: the review that it waits for, the appeal that contests it.

use crate::payer::claims::split_name;
use crate::payer::{Failure, Payer, State, records};
use crate::proto::store::v1::{AppealRecord, FamilyHead};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Matter};

/// What is open of a claim.
#[derive(Default)]
pub(super) struct Open {
    /// The review that it waits for.
    pub review: Option<pb::Review>,
    /// The newest appeal that is not over.
    pub appeal: Option<pb::Appeal>,
}

impl Payer {
    /// Looks for it.
    pub(super) fn open_of(&self, state: &State, claim: &pb::Claim) -> Result<Open, Failure> {
        let mut open = Open::default();
        let place = split_name(&claim.name, "claims").and_then(|(_, number)| keys::parse_control_number(number));
        let Some((lane, sequence)) = place else { return Ok(open) };
        let (store, space) = (self.store.as_ref(), state.space());
        match claim.state() {
            pb::ClaimState::Pended => {
                let head: FamilyHead = records::get(store, space.family_head(lane))?.unwrap_or_default();
                let number = head.open_reviews.iter().find(|review| review.sequence == sequence);
                if let Some(number) = number.map(|review| review.number) {
                    open.review = records::get(store, space.matter(Matter::Review, lane, number))?;
                }
            }
            pb::ClaimState::Allowed | pb::ClaimState::Denied => {
                for pair in records::all(store, &space.matters_of_family(Matter::Appeal, lane))? {
                    let record: AppealRecord = records::decode(&pair)?;
                    let waits = [pb::AppealState::Open, pb::AppealState::Incomplete];
                    let of_claim =
                        record.appeal.filter(|appeal| record.sequence == sequence && waits.contains(&appeal.state()));
                    open.appeal = of_claim.or(open.appeal);
                }
            }
            _ => {}
        }
        Ok(open)
    }
}
