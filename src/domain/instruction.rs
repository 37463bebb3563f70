//! Instructions: what directives and markers force on a claim, and what persons have ruled on it.

use rust_decimal::Decimal;

use super::codes::{Carc, Group, Rarc};
use super::dates::Date;
use super::money::Money;

/// What is forced on one claim.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instruction {
    /// In order of precedence.
    pub orders: Vec<Order>,
    /// What looked like a marker and was none, each with the reason.
    pub unread: Vec<String>,
}

/// One thing that is forced.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// By what, such as "directive late" or "marker +CO197", or where it was ruled, such as "review R00000000420001 by M. Example".
    pub source: String,
    /// It is a person's decision on the claim, or an appeal's: not a test's.
    pub ruling: bool,
    /// Zero-based lines; empty: all.
    pub lines: Vec<usize>,
    /// What becomes of them.
    pub act: Act,
}

/// What becomes of a claim by instruction.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Lines are denied.
    Deny {
        /// Who bears it.
        group: Group,
        /// Why.
        carc: Carc,
        /// Remarks.
        rarcs: Vec<Rarc>,
    },
    /// Less is allowed.
    Reduce {
        /// How far down.
        to: Reduced,
        /// Why.
        carc: Carc,
        /// Remarks.
        rarcs: Vec<Rarc>,
    },
    /// It waits for a person, for a reason in a few words.
    Pend(String),
    /// It was turned away when it came in; a claim that is decided was not.
    Reject,
    /// An appeal of it comes out in some way; nothing for its own decision.
    Appeal,
    /// It waits until a day, or falls due so many days after its decision.
    Delay {
        /// Day of the decision.
        decide_on: Option<Date>,
        /// Days between decision and payment, at least.
        pay_after_days: i32,
    },
    /// Edits that do not look at it, by id; empty: none does. Of a ruling: what they find does not count.
    Waive(Vec<String>),
}

/// How far an allowed amount is lowered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reduced {
    /// To a part of it, from 0 to 1.
    Part(Decimal),
    /// To an amount, where it is more.
    Amount(Money),
}

impl Act {
    fn waives(&self, edit: &str) -> bool {
        match self {
            Act::Waive(edits) => edits.is_empty() || edits.iter().any(|waived| waived == edit),
            _ => false,
        }
    }
}

impl Order {
    /// Whether it is about the line at a zero-based place.
    pub fn concerns(&self, line: usize) -> bool {
        self.lines.is_empty() || self.lines.contains(&line)
    }
}

impl Instruction {
    /// The days that lie between decision and payment at least.
    pub fn pay_after_days(&self) -> i32 {
        let days = |order: &Order| match order.act {
            Act::Delay { pay_after_days, .. } if pay_after_days > 0 => Some(pay_after_days),
            _ => None,
        };
        self.orders.iter().find_map(days).unwrap_or(0)
    }

    /// The day before which the claim is not decided.
    pub fn decide_on(&self) -> Option<Date> {
        self.orders.iter().find_map(|order| match order.act {
            Act::Delay { decide_on, .. } => decide_on,
            _ => None,
        })
    }

    /// Whether an edit is not to look at the claim.
    pub fn waives(&self, edit: &str) -> bool {
        self.orders.iter().any(|order| !order.ruling && order.act.waives(edit))
    }

    /// Where it was ruled that what an edit finds of a line, or of the whole claim, does not count.
    pub fn set_aside(&self, edit: &str, line: Option<usize>) -> Option<&str> {
        let concerns = |order: &Order| line.map_or(order.lines.is_empty(), |at| order.concerns(at));
        let mut orders = self.orders.iter().filter(|order| order.ruling && order.act.waives(edit));
        orders.find(|order| concerns(order)).map(|order| order.source.as_str())
    }

    /// Where a ruling that is newer than the order at a place, and so stands before it, has set such orders (`step`) aside on a line.
    pub fn overruled(&self, place: usize, step: &str, line: usize) -> Option<&str> {
        let mut newer = self.orders.iter().take(place).filter(|order| order.ruling && order.act.waives(step));
        newer.find(|order| order.concerns(line)).map(|order| order.source.as_str())
    }
}
