//! What persons rule on a claim, as the auditor reads it.

use std::collections::BTreeSet;

use payersim::proto::v1 as pb;
use pb::GroupCode::Co;
use pb::forced_reduction::To;
use pb::review_decision::Outcome;

use super::ruling::Court;
use super::told::{self, AT_MOST, is_told};

/// What pends a claim: the step, and the line, one-based; 0: all of it.
pub type Ground = (&'static str, usize);

/// One thing that was ruled.
#[derive(Clone, Debug)]
pub struct Ruled {
    /// Zero-based; empty: all.
    pub lines: Vec<usize>,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    Deny(pb::GroupCode, &'static str),
    /// To so much percent of what would be allowed.
    Part(i64),
    /// To so many cents.
    Most(i64),
    /// What a step finds does not count.
    Waive(&'static str),
}

impl Ruled {
    pub fn concerns(&self, line: usize) -> bool {
        self.lines.is_empty() || self.lines.contains(&line)
    }
}

/// Reasons for which persons deny.
pub const REASONS: [(pb::GroupCode, &str); 2] = [(Co, "50"), (pb::GroupCode::Pr, "204")];
/// The reason of the payer's rule.
pub const UNDECIDED: &str = "197";

fn reason(carc: &str) -> &'static str {
    REASONS.into_iter().find(|(_, reason)| *reason == carc).unwrap().1
}

/// What pended a claim no longer counts, where it pended it.
pub fn waived(grounds: &BTreeSet<Ground>) -> Vec<Ruled> {
    let waive =
        |(step, line): &Ground| Ruled { lines: line.checked_sub(1).into_iter().collect(), what: What::Waive(step) };
    grounds.iter().map(waive).collect()
}

/// What a reviewer's decision rules on a claim that was pended on some grounds.
pub fn read(decision: &pb::ReviewDecision, grounds: &BTreeSet<Ground>) -> Vec<Ruled> {
    let places = |lines: &[i32]| lines.iter().map(|line| usize::try_from(line - 1).unwrap()).collect();
    let mut ruled = Vec::new();
    match decision.outcome.as_ref().unwrap() {
        Outcome::ReturnToPricing(_) | Outcome::RequestRecords(_) => return ruled,
        Outcome::Approve(_) => {}
        Outcome::Deny(denial) => ruled.extend(denial.lines.iter().map(|one| {
            let denial = one.denial.as_ref().unwrap();
            Ruled { lines: places(&one.lines), what: What::Deny(denial.group(), reason(&denial.carc)) }
        })),
        Outcome::Reduce(reduction) => ruled.extend(reduction.lines.iter().map(|one| {
            let what = match one.reduction.as_ref().unwrap().to.as_ref().unwrap() {
                To::Percent(percent) => What::Part(percent.parse().unwrap()),
                To::AmountCents(cents) => What::Most(*cents),
            };
            Ruled { lines: places(&one.lines), what }
        })),
    }
    ruled.extend(waived(grounds));
    ruled
}

/// Whether one of the newer rulings says that what was ruled on a line does not count.
fn overruled(newer: &[Ruled], line: usize) -> bool {
    newer.iter().any(|ruled| matches!(ruled.what, What::Waive("ruling")) && ruled.concerns(line))
}

impl Court<'_> {
    /// What was ruled on the claim, and then what it is told, goes before everything else.
    pub fn obey(&mut self) {
        for (place, ruled) in self.books.ruled.iter().enumerate() {
            let What::Deny(group, reason) = ruled.what else { continue };
            let stands = |at: usize| ruled.concerns(at) && !overruled(&self.books.ruled[..place], at);
            let concerned = self.services.iter_mut().enumerate().filter(|(at, _)| stands(*at));
            concerned.for_each(|(_, service)| _ = service.denied.get_or_insert((group, reason)));
        }
        if is_told(self.claim, told::PENDED) && !self.set_aside("instruction", None) {
            self.grounds.insert(("instruction", 0));
        }
        let (all, first) = (is_told(self.claim, told::DENIED), is_told(self.claim, told::LINE_DENIED));
        for at in 0..self.services.len() {
            let told = if all { Some((Co, "50")) } else { (first && at == 0).then_some((Co, "97")) };
            if !self.set_aside("instruction", Some(at)) {
                let service = &mut self.services[at];
                service.denied = service.denied.or(told);
            }
        }
    }

    /// Whether what a step finds on a line, or of the whole claim, was ruled not to count.
    pub fn set_aside(&self, step: &str, line: Option<usize>) -> bool {
        let waives = |ruled: &&Ruled| matches!(ruled.what, What::Waive(waived) if waived == step);
        let concerns = |ruled: &Ruled| line.map_or(ruled.lines.is_empty(), |line| ruled.concerns(line));
        self.books.ruled.iter().filter(waives).any(concerns)
    }

    /// What is allowed at most: as was ruled last, or else as the claim is told. Half a cent goes up.
    pub fn lowered(&self, line: usize, allowed: i64) -> i64 {
        let lower = |ruled: &Ruled| match ruled.what {
            What::Part(percent) => Some((allowed * percent + 50) / 100),
            What::Most(cents) => Some(cents),
            _ => None,
        };
        let all = self.books.ruled.iter().enumerate();
        let stands = |(at, ruled): &(usize, &Ruled)| ruled.concerns(line) && !overruled(&self.books.ruled[..*at], line);
        let ruled = all.filter(stands).find_map(|(_, ruled)| lower(ruled));
        let forced = is_told(self.claim, AT_MOST.0) && !self.set_aside("instruction", Some(line));
        let told = forced.then_some(AT_MOST.1);
        ruled.or(told).map_or(allowed, |most| allowed.min(most))
    }
}
