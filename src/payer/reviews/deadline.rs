//! What comes of a review whose due date has passed: it becomes more urgent and is due anew; or, where the claim's own time is over and the
//! payer has a rule for that, it is decided by the rule. A review that waits for records is come back to by their request.

use super::carry_out::Decided;
use super::decide::is_decided;
use super::{CLOCK, Done, keep, wakes, wakes_on};
use crate::domain::dates::{parse_iso, plus_days};
use crate::payer::entry::Entry;
use crate::payer::{Caller, Failure, Payer, Sandbox, records};
use crate::proto::v1 as pb;
use crate::store::keys::Lane;
use crate::store::{Key, Read};
use crate::wire;

/// What the rule for overdue reviews says for itself.
const BY_RULE: &str = "nobody decided it in time: the payer's rule for overdue reviews";

impl Payer {
    /// Comes back to a review whose due date has passed.
    pub(in crate::payer) fn review_deadline(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        key: &Key,
        place: (Lane, u64),
    ) -> Result<(), Failure> {
        let state = sandbox.read();
        let Some(woken) = records::one(self.store.as_ref(), Read::Point(key.clone()))?.pop() else { return Ok(()) };
        let (mut entry, before) = self.open_review(caller, sandbox, &state, place)?;
        entry.expect(key.clone(), Some(woken.value));
        entry.write(key.clone(), None);
        if wakes(&before) && wakes_on(&before) <= self.today(&state).to_string() {
            self.pass_review(&mut entry, &before, place.1)?;
        }
        entry.commit()
    }

    fn pass_review(&self, entry: &mut Entry<'_>, before: &pb::Review, number: u64) -> Result<(), Failure> {
        let today = self.today(entry.state);
        let terms = &entry.state.in_force.revision.reviews;
        let received = parse_iso(&before.received_date).unwrap_or(today);
        if let Some(overdue) = terms.overdue.as_ref().filter(|_| today > terms.decide_by(received)) {
            let decision = wire::reviews::by_rule(overdue);
            let decided = Decided { decision: &decision, by: CLOCK, rationale: BY_RULE, authority: "" };
            let rulings = self.review_rulings(entry, before, &decided)?;
            // The rule cannot give a price.
            if is_decided(&decision, &self.foreseen_in_review(entry, before, rulings)?).is_ok() {
                let done = Done::new(CLOCK, "overdue", "decided by the payer's rule").because(BY_RULE, "");
                self.carry_review_out(entry, (before, before.clone()), number, &decided, done)?;
                return Ok(());
            }
        }
        let priority = wire::reviews::priority(before.priority()).map(|priority| priority.raised());
        let mut after = pb::Review {
            due_date: plus_days(today, terms.escalate_days).to_string(),
            escalations: before.escalations + 1,
            ..before.clone()
        };
        after.priority = priority.map_or(before.priority, |raised| wire::reviews::priority_message(raised).into());
        let words = format!("was due on {} and is due again on {}", before.due_date, after.due_date);
        after.history.push(Done::new(CLOCK, "escalated", words).at(&entry.draft()));
        keep(&mut entry.draft(), number, Some(before), &after, "escalate-review");
        Ok(())
    }
}
