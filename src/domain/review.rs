//! Reviews: how soon a payer's reviewers decide what waits for them, and what comes of it where they do not.

use super::codes::{Carc, Group, Rarc};
use super::dates::{Date, plus_days};
use super::money::Money;

/// Days from the opening of a review until it is due.
pub const DAYS: i32 = 10;
/// Days from receipt within which a claim is decided: 29 CFR 2560.503-1(f)(2)(iii)(B).
pub const DECIDE_WITHIN_DAYS: i32 = 30;
/// Days until an overdue review is due again.
pub const ESCALATE_DAYS: i32 = 5;
/// Days that a claimant has to send what is missing: 29 CFR 2560.503-1(f)(2)(iii)(B).
pub const RECORDS_DAYS: i32 = 45;

/// How a payer's reviewers work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewTerms {
    /// Days from the opening of a review until it is due.
    pub days: i32,
    /// Days from receipt within which a claim is decided.
    pub decide_within_days: i32,
    /// Terms of single reasons to pend.
    pub reasons: Vec<ReasonTerms>,
    /// What is paid from which on a second person signs; `None`: nobody does.
    pub sign_off_from: Option<Money>,
    /// The charge that is denied from which on a second person signs.
    pub sign_off_denied_from: Option<Money>,
    /// Days until an overdue review is due again.
    pub escalate_days: i32,
    /// What comes of a claim that nobody decides in time; `None`: it becomes more urgent.
    pub overdue: Option<Overdue>,
    /// Days that records are waited for.
    pub records_days: i32,
}

impl Default for ReviewTerms {
    fn default() -> ReviewTerms {
        ReviewTerms {
            days: DAYS,
            decide_within_days: DECIDE_WITHIN_DAYS,
            reasons: Vec::new(),
            sign_off_from: None,
            sign_off_denied_from: None,
            escalate_days: ESCALATE_DAYS,
            overdue: None,
            records_days: RECORDS_DAYS,
        }
    }
}

/// Terms of claims that pend for a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonTerms {
    /// The reason.
    pub reason: String,
    /// Days until the review is due.
    pub days: Option<i32>,
    /// How urgent it is.
    pub priority: Option<Priority>,
}

/// How urgent a review is, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Before all others.
    Urgent,
    /// Before normal ones.
    High,
    /// As most.
    Normal,
    /// When there is time.
    Low,
}

impl Priority {
    /// A step more urgent, as far as there is one.
    #[must_use]
    pub fn raised(self) -> Priority {
        match self {
            Priority::Urgent | Priority::High => Priority::Urgent,
            Priority::Normal => Priority::High,
            Priority::Low => Priority::Normal,
        }
    }
}

/// What comes of a claim that nobody decides in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overdue {
    /// What pended it is set aside.
    Approve,
    /// It is denied.
    Deny(Group, Carc, Vec<Rarc>),
}

impl ReviewTerms {
    fn of(&self, reason: &str) -> Option<&ReasonTerms> {
        self.reasons.iter().find(|terms| terms.reason == reason)
    }

    /// How urgent the review of a claim is that pended for a reason.
    pub fn priority(&self, reason: &str) -> Priority {
        let usual = match reason {
            "high charge" => Priority::High,
            "audit sample" => Priority::Low,
            _ => Priority::Normal,
        };
        self.of(reason).and_then(|terms| terms.priority).unwrap_or(usual)
    }

    /// The last day for the decision of a claim.
    pub fn decide_by(&self, received: Date) -> Date {
        plus_days(received, self.decide_within_days)
    }

    /// When a review that is opened today is due: in so many days, but not after the claim is to be decided, where that lies ahead.
    pub fn due(&self, reason: &str, received: Date, today: Date) -> Date {
        let days = self.of(reason).and_then(|terms| terms.days).unwrap_or(self.days);
        let (due, last) = (plus_days(today, days), self.decide_by(received));
        if last > today { due.min(last) } else { due }
    }

    /// Whether a decision waits for a second person.
    pub fn needs_sign_off(&self, paid: Money, denied: Money) -> bool {
        self.sign_off_from.is_some_and(|from| paid >= from)
            || self.sign_off_denied_from.is_some_and(|from| denied >= from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    /// Received on 1 July, to be decided by 31 July: ten days from the 15th are the 25th, from the 25th on the 31st is the end.
    #[test]
    fn a_review_is_due_in_its_days_and_not_after_the_claim_is() {
        let mut terms = ReviewTerms::default();
        let received = date(2026, 7, 1);
        let due = |terms: &ReviewTerms, day| terms.due("high charge", received, date(2026, 7, day)).to_string();
        assert_eq!(due(&terms, 15), "2026-07-25");
        assert_eq!(due(&terms, 25), "2026-07-31");
        assert_eq!(due(&terms, 31), "2026-08-10");
        terms.reasons = vec![ReasonTerms { reason: "high charge".into(), days: Some(3), priority: None }];
        assert_eq!(due(&terms, 15), "2026-07-18");
        assert_eq!(terms.priority("high charge"), Priority::High);
        assert_eq!(terms.due("other", received, date(2026, 7, 15)), date(2026, 7, 25));
    }

    #[test]
    fn a_second_person_signs_from_an_amount_on() {
        let cents = Money::from_cents;
        let terms = ReviewTerms { sign_off_from: Some(cents(500_000)), ..ReviewTerms::default() };
        assert!(terms.needs_sign_off(cents(500_000), Money::ZERO));
        assert!(!terms.needs_sign_off(cents(499_999), cents(900_000)));
        assert!(!ReviewTerms::default().needs_sign_off(cents(900_000), cents(900_000)));
    }
}
