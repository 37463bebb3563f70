//! Counts of the queue.

use std::collections::BTreeMap;

use super::{At, CLOCK, waits};
use crate::domain::dates::{Date, days_between, parse_iso};
use crate::payer::{Caller, Failure, Payer};
use crate::proto::v1 as pb;
use pb::review_decision::Outcome;

/// The ages that are told apart, each with its last day.
const AGES: [(&str, i32); 4] = [("0-7", 7), ("8-14", 14), ("15-30", 30), ("31 and more", i32::MAX)];

/// What is counted on the way.
#[derive(Default)]
struct Count {
    metrics: pb::QueueMetrics,
    states: BTreeMap<i32, i32>,
    reasons: BTreeMap<String, i32>,
    priorities: BTreeMap<i32, i32>,
    ages: BTreeMap<usize, i32>,
    outcomes: BTreeMap<&'static str, i32>,
    reviewers: BTreeMap<String, i32>,
    days: i64,
}

impl Payer {
    /// Counts the queue of a sandbox.
    pub fn queue_metrics(&self, caller: &Caller, parent: &str) -> Result<pb::QueueMetrics, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let today = self.today(&state);
        let mut count = Count::default();
        self.walk_queue(&state, None, |_, review| {
            count.add(&review, today);
            None::<()>
        })?;
        Ok(count.into_metrics(today))
    }
}

impl Count {
    fn add(&mut self, review: &pb::Review, today: Date) {
        let opened = parse_iso(&review.opened_date).unwrap_or(today);
        self.metrics.returned += review.returned;
        if waits(review) {
            self.metrics.waiting += 1;
            self.metrics.waiting_charge_cents += review.charge_cents;
            let late = review.due_date < today.to_string() || review.escalations > 0;
            self.metrics.overdue += i32::from(late);
            *self.states.entry(review.state).or_default() += 1;
            *self.priorities.entry(review.priority).or_default() += 1;
            *self.reasons.entry(review.pend_reason.clone()).or_default() += 1;
            let age = days_between(opened, today);
            let at = AGES.iter().position(|(_, last)| age <= *last).unwrap_or_default();
            *self.ages.entry(at).or_default() += 1;
        } else if review.state() == At::Closed {
            self.metrics.closed += 1;
        } else {
            self.metrics.decided += 1;
            self.metrics.signed_off += i32::from(!review.signed_off_by.is_empty());
            self.metrics.decided_by_clock += i32::from(review.decided_by == CLOCK);
            *self.outcomes.entry(outcome(review)).or_default() += 1;
            *self.reviewers.entry(review.decided_by.clone()).or_default() += 1;
            let decided = parse_iso(&review.decided_date).unwrap_or(today);
            self.days += i64::from(days_between(opened, decided));
        }
    }

    fn into_metrics(self, today: Date) -> pb::QueueMetrics {
        let state = |state: i32| {
            At::try_from(state).unwrap_or_default().as_str_name().trim_start_matches("REVIEW_STATE_").to_lowercase()
        };
        let priority = |priority: i32| {
            let priority = pb::ReviewPriority::try_from(priority).unwrap_or_default();
            priority.as_str_name().trim_start_matches("REVIEW_PRIORITY_").to_lowercase()
        };
        let age = |at: usize| AGES.get(at).map_or("", |(name, _)| *name).to_owned();
        pb::QueueMetrics {
            as_of_date: today.to_string(),
            by_state: named(self.states.into_iter().map(|(key, count)| (state(key), count))),
            by_reason: named(self.reasons),
            by_priority: named(self.priorities.into_iter().map(|(key, count)| (priority(key), count))),
            by_age: named(self.ages.into_iter().map(|(key, count)| (age(key), count))),
            by_outcome: named(self.outcomes.into_iter().map(|(key, count)| (key.to_owned(), count))),
            by_reviewer: named(self.reviewers),
            average_days: average(self.days, self.metrics.decided),
            ..self.metrics
        }
    }
}

fn named(counts: impl IntoIterator<Item = (String, i32)>) -> Vec<pb::NamedCount> {
    counts.into_iter().map(|(name, count)| pb::NamedCount { name, count }).collect()
}

fn outcome(review: &pb::Review) -> &'static str {
    match review.decision.as_ref().and_then(|decision| decision.outcome.as_ref()) {
        Some(Outcome::Approve(_)) => "approve",
        Some(Outcome::Deny(_)) => "deny",
        Some(Outcome::Reduce(_)) => "reduce",
        Some(Outcome::ReturnToPricing(_)) => "return",
        Some(Outcome::RequestRecords(_)) | None => "none",
    }
}

/// With one place, rounded half up.
fn average(days: i64, of: i32) -> String {
    if of == 0 {
        return String::new();
    }
    let of = i64::from(of);
    let tenths = (days * 20 + of) / (of * 2);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::average;

    /// 7 days of 3 reviews: 2.33.
    #[test]
    fn an_average_has_one_place() {
        assert_eq!([average(7, 3), average(3, 2), average(0, 1), average(0, 0)], ["2.3", "1.5", "0.0", ""]);
    }
}
