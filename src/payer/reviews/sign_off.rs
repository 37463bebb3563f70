//! Signing off: a second person lets a decision take effect, or gives it back to who made it.

use super::assign::{because, person, same};
use super::carry_out::{Decided, words};
use super::{Asked, At, Done, keep, place, refuse, still_waits};
use crate::payer::entry::{Entry, attempts};
use crate::payer::{Caller, Failure, Payer};
use crate::proto::v1 as pb;

impl Payer {
    /// A second person's word on a decision.
    pub fn sign_off_review(
        &self,
        caller: &Caller,
        request: &pb::SignOffReviewRequest,
    ) -> Result<pb::DecideReviewResponse, Failure> {
        let signer = person("signer", &request.signer)?;
        because(&request.rationale, "", request.return_to_reviewer)?;
        let asked = Asked::new(&request.request_id, request)?;
        let (parent, (lane, number)) = place(&request.name)?;
        let sandbox = self.sandbox(caller, parent)?;
        attempts(|| {
            let state = sandbox.read();
            if let Some(review) = asked.answered(self, &state)? {
                return self.reviewed(&state, review);
            }
            let (mut entry, before) = self.open_review(caller, &sandbox, &state, (lane, number))?;
            may_sign(&before, &signer)?;
            let after = if request.return_to_reviewer {
                self.give_review_back(&mut entry, &before, number, (&signer, &request.rationale))
            } else {
                self.sign_review(&mut entry, &before, number, (&signer, &request.rationale))?
            };
            asked.keep(&mut entry, number);
            entry.commit()?;
            self.reviewed(&state, after)
        })
    }

    fn give_review_back(
        &self,
        entry: &mut Entry<'_>,
        before: &pb::Review,
        number: u64,
        (signer, rationale): (&str, &str),
    ) -> pb::Review {
        let due_date = self.review_due_anew(entry.state, before).to_string().max(before.due_date.clone());
        let mut after = pb::Review {
            state: At::Assigned.into(),
            assignee: before.decided_by.clone(),
            decision: None,
            decided_by: String::new(),
            returned: before.returned + 1,
            due_date,
            ..before.clone()
        };
        let done = Done::new(signer, "returned", format!("given back to {}", before.decided_by));
        after.history.push(done.because(rationale, "").at(&entry.draft()));
        keep(&mut entry.draft(), number, Some(before), &after, "return-review");
        after
    }

    fn sign_review(
        &self,
        entry: &mut Entry<'_>,
        before: &pb::Review,
        number: u64,
        (signer, rationale): (&str, &str),
    ) -> Result<pb::Review, Failure> {
        let decision = before.decision.clone().unwrap_or_default();
        let proposed = before.history.iter().rfind(|entry| entry.action == "decided").cloned().unwrap_or_default();
        let decided = Decided {
            decision: &decision,
            by: &before.decided_by,
            rationale: &proposed.rationale,
            authority: &proposed.authority,
        };
        let after = pb::Review { signed_off_by: signer.to_owned(), ..before.clone() };
        let done = Done::new(signer, "signed-off", format!("{}: signed off", words(&decision)));
        self.carry_review_out(entry, (before, after), number, &decided, done.because(rationale, ""))
    }
}

/// Refuses who decided, and reviews of which nothing is to be signed.
fn may_sign(review: &pb::Review, signer: &str) -> Result<(), Failure> {
    still_waits(review)?;
    if review.state() != At::AwaitingSignOff {
        return refuse(review, "has no decision that waits for a second person: it is decided first");
    }
    if same(&review.decided_by, signer) {
        return refuse(review, format!("was decided by {signer}: somebody else signs it off"));
    }
    Ok(())
}
