//! Until when a request that waits is decided, and what comes of it where it is not.

use jiff::ToSpan;
use jiff::civil::DateTime;

use super::{RequestFile, Step, law};
use crate::domain::authorization_request::Urgency;
use crate::domain::dates::{Date, plus_days};
use crate::domain::plan::Plan;

/// A deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The last moment in time.
    pub decide_by: DateTime,
    /// The first day that begins after it, or with it.
    pub missed_on: Date,
    /// Counts as certified then, else as denied.
    pub certified: bool,
    /// In a sentence.
    pub words: String,
}

/// The first day that begins after a moment, or with it.
pub fn missed_on(decide_by: DateTime) -> Date {
    let start = decide_by.date().at(0, 0, 0, 0);
    if start == decide_by { decide_by.date() } else { plus_days(decide_by.date(), 1) }
}

pub(super) fn deadline(file: &RequestFile, plan: &Plan, steps: &mut Vec<Step>) -> Deadline {
    let (law, rules, received) = (law(plan), &file.payer.authorization_rules, file.received);
    let urgent = file.request.urgency != Urgency::Elective;
    let (decide_by, within) = if urgent {
        let hours = rules.urgent_hours.unwrap_or_else(|| law.urgent_hours(file.request.extension));
        (received.saturating_add(i64::from(hours).hours()), format!("{hours} hours"))
    } else {
        let days = rules.standard_days.unwrap_or_else(|| law.standard_days(received.date()));
        (plus_days(received.date(), days).at(23, 59, 59, 0), format!("{days} days"))
    };
    let missed_on = missed_on(decide_by);
    let certified = rules.late_is_certified;
    let silence = if certified { "it counts as certified, as this payer's state has it" } else { law.silence() };
    let words = format!("Where nobody has decided it until {decide_by}, {silence}.");
    let kind = if urgent { "an urgent" } else { "a standard" };
    let said = format!("As {kind} request it is decided within {within}. {words}");
    steps.push(Step { line: 0, id: "deadline", words: said, authority: vec![law.times()] });
    Deadline { decide_by, missed_on, certified, words }
}
