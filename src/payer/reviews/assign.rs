//! Whose a review is: taken off the queue, given to somebody, put back.

use super::{Asked, At, Done, keep, place, refuse, still_waits, waits};
use crate::payer::entry::{Entry, attempts};
use crate::payer::{Caller, Failure, Payer, Sandbox, State};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Lane};
use crate::wire;

impl Payer {
    /// Takes the first open review off the queue.
    pub fn claim_next_review(
        &self,
        caller: &Caller,
        request: &pb::ClaimNextReviewRequest,
    ) -> Result<pb::Review, Failure> {
        let reviewer = person("reviewer", &request.reviewer)?;
        let asked = Asked::new(&request.request_id, request)?;
        let sandbox = self.sandbox(caller, &request.parent)?;
        attempts(|| {
            let state = sandbox.read();
            if let Some(review) = asked.answered(self, &state)? {
                return Ok(review);
            }
            let is_next = |review: &pb::Review| {
                review.state() == At::Open
                    && (request.pend_reason.is_empty() || request.pend_reason == review.pend_reason)
            };
            // What is done stands behind what waits.
            let next = self.walk_queue(&state, None, |key, review| {
                let place = keys::claim_of(key);
                (is_next(&review) || !waits(&review)).then_some(place.filter(|_| is_next(&review)))
            })?;
            let Some(place) = next.flatten() else {
                let queue = format!("{}/reviews", sandbox.name());
                return Err(Failure::ReviewState { name: queue, words: "has nothing open".to_owned() });
            };
            self.change_review_at(caller, &sandbox, &state, place, &asked, |before, after| {
                if !is_next(before) {
                    return Err(Failure::Conflict);
                }
                after.state = At::Assigned.into();
                after.assignee.clone_from(&reviewer);
                Ok(("take-review", Done::new(&reviewer, "taken", "taken off the queue")))
            })
        })
    }

    /// Gives a review to a reviewer.
    pub fn assign_review(&self, caller: &Caller, request: &pb::AssignReviewRequest) -> Result<pb::Review, Failure> {
        let (by, to) = (person("assigned_by", &request.assigned_by)?, person("assignee", &request.assignee)?);
        because(&request.rationale, "", false)?;
        self.change_review(caller, &request.name, (&request.request_id, request), |before, after| {
            still_waits(before)?;
            if before.state() == At::AwaitingSignOff {
                return refuse(before, "is decided and waits for a second person: sign it off, or give it back");
            }
            if before.state() == At::Open {
                after.state = At::Assigned.into();
            }
            after.assignee.clone_from(&to);
            let words = if before.assignee.is_empty() {
                format!("given to {to}")
            } else {
                format!("taken from {} and given to {to}", before.assignee)
            };
            Ok(("assign-review", Done::new(&by, "assigned", words).because(&request.rationale, "")))
        })
    }

    /// Puts a review back into the queue.
    pub fn release_review(&self, caller: &Caller, request: &pb::ReleaseReviewRequest) -> Result<pb::Review, Failure> {
        let reviewer = person("reviewer", &request.reviewer)?;
        because(&request.rationale, "", false)?;
        self.change_review(caller, &request.name, (&request.request_id, request), |before, after| {
            still_waits(before)?;
            if before.state() == At::AwaitingSignOff {
                return refuse(before, "is decided and waits for a second person: sign it off, or give it back");
            }
            is_theirs(before, &reviewer)?;
            if before.state() == At::Assigned {
                after.state = At::Open.into();
            }
            after.assignee.clear();
            let done = Done::new(&reviewer, "released", "put back into the queue");
            Ok(("release-review", done.because(&request.rationale, "")))
        })
    }

    /// Changes a review that a request names, and nothing else.
    pub(super) fn change_review<'a, M: prost::Message>(
        &self,
        caller: &Caller,
        name: &str,
        (request_id, request): (&str, &M),
        change: impl Fn(&pb::Review, &mut pb::Review) -> Result<(&'static str, Done<'a>), Failure>,
    ) -> Result<pb::Review, Failure> {
        let (parent, place) = place(name)?;
        let asked = Asked::new(request_id, request)?;
        let sandbox = self.sandbox(caller, parent)?;
        attempts(|| {
            let state = sandbox.read();
            match asked.answered(self, &state)? {
                Some(review) => Ok(review),
                None => self.change_review_at(caller, &sandbox, &state, place, &asked, &change),
            }
        })
    }

    fn change_review_at<'a>(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        state: &State,
        (lane, number): (Lane, u64),
        asked: &Asked<'_>,
        change: impl Fn(&pb::Review, &mut pb::Review) -> Result<(&'static str, Done<'a>), Failure>,
    ) -> Result<pb::Review, Failure> {
        let mut entry = Entry::open(self, caller, sandbox, state, lane)?;
        let unknown = || Failure::Unknown(super::name_of(sandbox, (lane, number)));
        let before = self.review_at(state, (lane, number))?.ok_or_else(unknown)?;
        let mut after = before.clone();
        let (cause, done) = change(&before, &mut after)?;
        after.history.push(done.at(&entry.draft()));
        keep(&mut entry.draft(), number, Some(&before), &after, cause);
        asked.keep(&mut entry, number);
        entry.commit()?;
        Ok(after)
    }
}

/// Who does something, as named in a field.
pub(super) fn person(field: &str, name: &str) -> Result<String, Failure> {
    wire::reviews::person(field, name).map_err(|violations| Failure::Violations { violations })
}

/// Why it is done.
pub(super) fn because(rationale: &str, authority: &str, needed: bool) -> Result<(), Failure> {
    wire::reviews::rationale(rationale, authority, needed).map_err(|violations| Failure::Violations { violations })
}

/// Whether two names are one person's.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// Refuses somebody whose review it is not.
pub(super) fn is_theirs(review: &pb::Review, reviewer: &str) -> Result<(), Failure> {
    if review.assignee.is_empty() {
        return refuse(review, "is nobody's: take it first");
    }
    if !same(&review.assignee, reviewer) {
        return refuse(review, format!("is {}'s, not {reviewer}'s: have it assigned to you first", review.assignee));
    }
    Ok(())
}
