//! The queue: what waits by priority and due date, behind it what is done.

use super::{At, place, waits};
use crate::domain::dates::parse_iso;
use crate::payer::{Caller, Failure, Payer, State, records};
use crate::proto::v1 as pb;
use crate::store::keys;
use crate::store::{Key, Read, after, prefix};

/// Reviews looked at in one read of a list.
const SLICE: usize = 200;

impl Payer {
    /// A review by its name.
    pub fn review(&self, caller: &Caller, name: &str) -> Result<pb::Review, Failure> {
        let (parent, place) = place(name)?;
        let sandbox = self.sandbox(caller, parent)?;
        self.review_at(&sandbox.read(), place)?.ok_or_else(|| Failure::Unknown(name.to_owned()))
    }

    /// A page of the reviews that fit, in the queue's order, after a place; and the place where the next page starts.
    pub fn list_reviews(
        &self,
        caller: &Caller,
        parent: &str,
        filter: &pb::ReviewFilter,
        from: Option<Key>,
        limit: usize,
    ) -> Result<(Vec<pb::Review>, Option<Key>), Failure> {
        if !filter.due_before.is_empty() && parse_iso(&filter.due_before).is_none() {
            let words = format!("{:?} is no date: write YYYY-MM-DD", filter.due_before);
            return Err(Failure::field("filter.due_before", words));
        }
        let sandbox = self.sandbox(caller, parent)?;
        let mut found = Vec::new();
        let next = self.walk_queue(&sandbox.read(), from, |key, review| {
            if fits(&review, filter) {
                found.push(review);
                return (found.len() == limit).then(|| key.clone());
            }
            None
        })?;
        Ok((found, next))
    }

    /// The date in a sandbox.
    pub fn sandbox_date(&self, caller: &Caller, parent: &str) -> Result<String, Failure> {
        Ok(self.today(&self.sandbox(caller, parent)?.read()).to_string())
    }

    /// Goes through the queue in its order, after a place, until something is made of a review.
    pub(super) fn walk_queue<T>(
        &self,
        state: &State,
        from: Option<Key>,
        mut each: impl FnMut(&Key, pb::Review) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        let queue = state.space().review_queue();
        let (first, to) = prefix(&queue);
        let mut from = from.filter(|key| key.starts_with(&queue)).map_or(first, |key| after(&key));
        loop {
            let range = Read::Range { from, to: to.clone(), reverse: false, limit: SLICE };
            let pairs = records::one(self.store.as_ref(), range)?;
            for pair in &pairs {
                let Some(place) = keys::claim_of(&pair.key) else { continue };
                let Some(review) = self.review_at(state, place)? else { continue };
                if let Some(made) = each(&pair.key, review) {
                    return Ok(Some(made));
                }
            }
            match pairs.last() {
                Some(last) if pairs.len() == SLICE => from = after(&last.key),
                _ => return Ok(None),
            }
        }
    }
}

fn fits(review: &pb::Review, filter: &pb::ReviewFilter) -> bool {
    let is = |wanted: &str, value: &str| wanted.is_empty() || wanted == value;
    (filter.state() == At::Unspecified || filter.state() == review.state())
        && (filter.priority() == pb::ReviewPriority::Unspecified || filter.priority() == review.priority())
        && is(&filter.assignee, &review.assignee)
        && is(&filter.pend_reason, &review.pend_reason)
        && is(&filter.claim, &review.claim)
        && (filter.due_before.is_empty() || review.due_date < filter.due_before)
        && (!filter.waiting || waits(review))
}
