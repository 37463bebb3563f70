//! Reviews: a payer's settings, and what reviewers decide. Whatever is denied or reduced keeps to the rules of its code.

use std::collections::BTreeSet;

use super::claims::group_from;
use super::directives;
use super::{Violation, Violations};
use crate::adjudication::{edits, instruction};
use crate::domain::instruction::Act;
use crate::domain::money::Money;
use crate::domain::review::{DAYS, DECIDE_WITHIN_DAYS, ESCALATE_DAYS, Overdue, Priority, RECORDS_DAYS};
use crate::domain::review::{ReasonTerms, ReviewTerms};
use crate::proto::v1 as pb;
use pb::forced_outcome::Kind;
use pb::review_decision::Outcome;
use pb::review_settings::Overdue as Told;

/// Longest name of a reviewer, in characters.
const MAX_NAME: usize = 60;
/// Longest reason for a decision, in characters.
const MAX_WORDS: usize = 1_000;
/// Who appears in a review's history besides persons.
const NO_PERSONS: [&str; 2] = ["clock", "payer"];

/// Reads a payer's settings.
pub(super) fn terms(settings: &pb::ReviewSettings, found: &mut Violations) -> ReviewTerms {
    let mut days = |field, count, usual| found.limit(field, count).flatten().unwrap_or(usual);
    let (first, within) = (
        days("days", settings.days, DAYS),
        days("decide_within_days", settings.decide_within_days, DECIDE_WITHIN_DAYS),
    );
    let escalate_days = days("escalate_days", settings.escalate_days, ESCALATE_DAYS);
    let records_days = days("records_days", settings.records_days, RECORDS_DAYS);
    let overdue = settings.overdue.as_ref().and_then(|told| match told {
        Told::OverdueApprove(_) => Some(Overdue::Approve),
        Told::OverdueDeny(denial) => found.within("overdue_deny", |found| overdue(denial, found)),
    });
    let reasons = found.each("reasons", &settings.reasons, |reason, found| {
        let days = found.limit("days", reason.days);
        found.required("reason", &reason.reason)?;
        Some(ReasonTerms { reason: reason.reason.clone(), days: days?, priority: priority(reason.priority()) })
    });
    found.distinct("reasons", "reason", settings.reasons.iter().map(|reason| reason.reason.as_str()));
    let mut from = |field: &str, cents| found.amount(field, cents).filter(|from| *from > Money::ZERO);
    ReviewTerms {
        days: first,
        decide_within_days: within,
        reasons,
        sign_off_from: from("sign_off_from_cents", settings.sign_off_from_cents),
        sign_off_denied_from: from("sign_off_denied_from_cents", settings.sign_off_denied_from_cents),
        escalate_days,
        overdue,
        records_days,
    }
}

fn overdue(denial: &pb::ForcedDenial, found: &mut Violations) -> Option<Overdue> {
    match forced(Kind::Deny(denial.clone())) {
        Ok(Act::Deny { group, carc, rarcs }) => Some(Overdue::Deny(group, carc, rarcs)),
        Ok(_) => None,
        Err(faults) => {
            let field = |fault: &Violation| fault.field.strip_prefix("deny.").unwrap_or_default().to_owned();
            faults.into_iter().for_each(|fault| found.add(field(&fault), fault.description));
            None
        }
    }
}

fn forced(kind: Kind) -> Result<Act, Vec<Violation>> {
    directives::outcome(&pb::ForcedOutcome { kind: Some(kind) })
}

/// A priority; `None` where none is said.
pub fn priority(message: pb::ReviewPriority) -> Option<Priority> {
    match message {
        pb::ReviewPriority::Unspecified => None,
        pb::ReviewPriority::Urgent => Some(Priority::Urgent),
        pb::ReviewPriority::High => Some(Priority::High),
        pb::ReviewPriority::Normal => Some(Priority::Normal),
        pb::ReviewPriority::Low => Some(Priority::Low),
    }
}

/// The same as a message.
pub fn priority_message(priority: Priority) -> pb::ReviewPriority {
    match priority {
        Priority::Urgent => pb::ReviewPriority::Urgent,
        Priority::High => pb::ReviewPriority::High,
        Priority::Normal => pb::ReviewPriority::Normal,
        Priority::Low => pb::ReviewPriority::Low,
    }
}

/// What the payer's rule for overdue reviews decides.
pub fn by_rule(overdue: &Overdue) -> pb::ReviewDecision {
    let outcome = match overdue {
        Overdue::Approve => Outcome::Approve(pb::ReviewApproval {}),
        Overdue::Deny(group, carc, rarcs) => {
            let rarcs = rarcs.iter().map(ToString::to_string).collect();
            let group = [pb::GroupCode::Co, pb::GroupCode::Pr, pb::GroupCode::Oa, pb::GroupCode::Pi]
                .into_iter()
                .find(|code| group_from(*code) == Some(*group))
                .unwrap_or_default();
            let denial = Some(pb::ForcedDenial { group: group.into(), carc: carc.to_string(), rarcs });
            Outcome::Deny(pb::ReviewDenial { lines: vec![pb::DeniedLines { lines: vec![], denial }] })
        }
    };
    pb::ReviewDecision { outcome: Some(outcome) }
}

/// Who does something with a review.
pub fn person(field: &str, name: &str) -> Result<String, Vec<Violation>> {
    let mut found = Violations::default();
    let name = name.trim();
    found.required(field, name);
    if name.chars().count() > MAX_NAME {
        found.add(field, format!("at most {MAX_NAME} characters"));
    }
    if NO_PERSONS.contains(&name) {
        found.add(field, format!("{name:?} stands in histories for what no person does: choose another"));
    }
    found.into_result(Some(name.to_owned()))
}

/// Why something is done; must be said where `needed`.
pub fn rationale(words: &str, authority: &str, needed: bool) -> Result<(), Vec<Violation>> {
    let mut found = Violations::default();
    if needed {
        found.required("rationale", words);
    }
    for (field, text) in [("rationale", words), ("authority", authority)] {
        found.visible(field, text);
        if text.chars().count() > MAX_WORDS {
            found.add(field, format!("at most {MAX_WORDS} characters"));
        }
    }
    found.into_result(Some(()))
}

/// What a decision rules on a claim of so many lines that was pended on some grounds; empty: it is only decided again.
pub fn outcomes(
    decision: &pb::ReviewDecision,
    grounds: &[pb::ReviewGround],
    lines: usize,
) -> Result<Vec<(Vec<i32>, pb::ForcedOutcome)>, Vec<Violation>> {
    let mut found = Violations::default();
    let mut ruled = Vec::new();
    let lines = Lines { count: lines };
    match &decision.outcome {
        None => found.add("", "is empty: approve, deny, reduce, return_to_pricing or request_records"),
        Some(Outcome::Approve(_)) => {}
        Some(Outcome::ReturnToPricing(_)) => return found.into_result(Some(ruled)),
        Some(Outcome::RequestRecords(request)) => {
            found.within("request_records", |found| {
                found.required("what", &request.what);
                if request.what.chars().count() > MAX_WORDS {
                    found.add("what", format!("at most {MAX_WORDS} characters"));
                }
            });
            return found.into_result(Some(ruled));
        }
        Some(Outcome::Deny(denial)) => found.within("deny", |found| {
            let read = |one: &pb::DeniedLines, found: &mut Violations| {
                let kind = one.denial.clone().map(Kind::Deny);
                lines.ruled(&one.lines, "denial", kind, found)
            };
            ruled = found.each("lines", &denial.lines, read);
            lines.once(denial.lines.iter().map(|one| one.lines.as_slice()), found);
        }),
        Some(Outcome::Reduce(reduction)) => found.within("reduce", |found| {
            let read = |one: &pb::ReducedLines, found: &mut Violations| {
                let kind = one.reduction.clone().map(Kind::Reduce);
                lines.ruled(&one.lines, "reduction", kind, found)
            };
            ruled = found.each("lines", &reduction.lines, read);
            lines.once(reduction.lines.iter().map(|one| one.lines.as_slice()), found);
        }),
    }
    ruled.extend(set_aside(grounds));
    found.into_result(Some(ruled))
}

/// What pended a claim counts no longer, where it pended it.
pub fn set_aside(grounds: &[pb::ReviewGround]) -> Vec<(Vec<i32>, pb::ForcedOutcome)> {
    let is_known = |step: &str| step == instruction::STEP || edits::TABLE.iter().any(|edit| edit.id == step);
    let places: BTreeSet<(i32, &str)> =
        grounds.iter().map(|ground| (ground.line, ground.step.as_str())).filter(|(_, step)| is_known(step)).collect();
    let waived = |(line, step): (i32, &str)| {
        let kind = Some(Kind::Waive(pb::WaivedEdits { edits: vec![step.to_owned()] }));
        ((line > 0).then_some(line).into_iter().collect(), pb::ForcedOutcome { kind })
    };
    places.into_iter().map(waived).collect()
}

/// The lines of a claim.
#[derive(Clone, Copy)]
struct Lines {
    count: usize,
}

impl Lines {
    /// Reads what is ruled on some of them.
    fn ruled(
        self,
        lines: &[i32],
        field: &str,
        kind: Option<Kind>,
        found: &mut Violations,
    ) -> Option<(Vec<i32>, pb::ForcedOutcome)> {
        for (at, line) in lines.iter().enumerate() {
            if usize::try_from(*line).ok().is_none_or(|line| line == 0 || line > self.count) {
                let words = format!("there is no line {line}: the claim has {}", self.count);
                found.add(format_args!("lines[{at}]"), words);
            }
        }
        let Some(kind) = kind else {
            found.add(field, "is missing");
            return None;
        };
        if let Err(faults) = forced(kind.clone()) {
            for fault in faults {
                let inner = fault.field.split_once('.').map_or("", |(_, inner)| inner);
                found.add(format!("{field}.{inner}").trim_end_matches('.'), fault.description);
            }
            return None;
        }
        Some((lines.to_vec(), pb::ForcedOutcome { kind: Some(kind) }))
    }

    /// Something is said, and of each line once.
    fn once<'a>(self, all: impl Iterator<Item = &'a [i32]>, found: &mut Violations) {
        let (mut seen, mut empty) = (BTreeSet::new(), true);
        for (at, lines) in all.enumerate() {
            empty = false;
            let whole: Vec<i32> = (1..).take(self.count).collect();
            let twice = if lines.is_empty() { &whole } else { lines }.iter().find(|line| !seen.insert(**line));
            if let Some(line) = twice {
                found.add(format_args!("lines[{at}].lines"), format!("says of line {line} what was said already"));
            }
        }
        if empty {
            found.add("lines", "is missing: which lines, and why");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground(step: &str, line: i32) -> pb::ReviewGround {
        pb::ReviewGround { step: step.into(), line, ..Default::default() }
    }

    fn told(outcome: Outcome) -> Result<Vec<String>, Vec<String>> {
        let grounds = [ground("high-charge", 1), ground("instruction", 0), ground("pricing", 2)];
        let decision = pb::ReviewDecision { outcome: Some(outcome) };
        let ruled = outcomes(&decision, &grounds, 2);
        let words = |(lines, outcome): (Vec<i32>, pb::ForcedOutcome)| match outcome.kind {
            Some(Kind::Waive(waived)) => format!("{lines:?} waive {}", waived.edits.join(",")),
            Some(Kind::Deny(denial)) => format!("{lines:?} deny {}", denial.carc),
            Some(Kind::Reduce(_)) => format!("{lines:?} reduce"),
            other => format!("{lines:?} {other:?}"),
        };
        let faults = |faults: Vec<Violation>| faults.into_iter().map(|v| format!("{}: {}", v.field, v.description));
        ruled.map(|ruled| ruled.into_iter().map(words).collect()).map_err(|found| faults(found).collect())
    }

    fn deny(lines: &[(&[i32], &str, &[&str])]) -> Outcome {
        let one = |(lines, carc, rarcs): &(&[i32], &str, &[&str])| pb::DeniedLines {
            lines: lines.to_vec(),
            denial: Some(pb::ForcedDenial {
                group: pb::GroupCode::Co.into(),
                carc: (*carc).into(),
                rarcs: rarcs.iter().map(ToString::to_string).collect(),
            }),
        };
        Outcome::Deny(pb::ReviewDenial { lines: lines.iter().map(one).collect() })
    }

    #[test]
    fn an_approval_sets_aside_what_pended_where_it_pended_and_nothing_else() {
        let approved = told(Outcome::Approve(pb::ReviewApproval {})).unwrap();
        assert_eq!(approved, ["[] waive instruction", "[1] waive high-charge"]);
        assert!(told(Outcome::ReturnToPricing(pb::ReturnToPricing {})).unwrap().is_empty());
    }

    #[test]
    fn a_denial_keeps_to_the_rules_of_its_code_and_to_lines_that_are_there() {
        let denied = told(deny(&[(&[2], "50", &[])])).unwrap();
        assert_eq!(denied, ["[2] deny 50", "[] waive instruction", "[1] waive high-charge"]);
        let refused = |lines: &[(&[i32], &str, &[&str])]| told(deny(lines)).unwrap_err().join("; ");
        assert!(
            refused(&[(&[3], "50", &[])]).starts_with("deny.lines[0].lines[0]: there is no line 3: the claim has 2")
        );
        assert!(refused(&[(&[], "16", &[])]).starts_with("deny.lines[0].denial.rarcs: is empty, and 16 says nothing"));
        assert!(refused(&[(&[], "1", &[])]).starts_with("deny.lines[0].denial.carc: 1 tells a part of the price"));
        assert!(refused(&[(&[], "50", &[]), (&[1], "18", &[])]).starts_with("deny.lines[1].lines: says of line 1"));
        assert!(refused(&[]).starts_with("deny.lines: is missing"));
    }

    #[test]
    fn settings_have_usual_values_and_an_overdue_denial_keeps_to_its_code() {
        let mut found = Violations::default();
        assert_eq!(terms(&pb::ReviewSettings::default(), &mut found), ReviewTerms::default());
        let denial = pb::ForcedDenial { group: pb::GroupCode::Pr.into(), carc: "16".into(), rarcs: vec![] };
        let settings = pb::ReviewSettings { overdue: Some(Told::OverdueDeny(denial)), days: -1, ..Default::default() };
        let read = terms(&settings, &mut found);
        let fields: Vec<String> = found.into_result(Some(read)).unwrap_err().into_iter().map(|v| v.field).collect();
        assert_eq!(fields, ["days", "overdue_deny.group"]);
    }

    #[test]
    fn who_decides_has_a_name_and_says_why() {
        assert_eq!(person("reviewer", " M. Example ").unwrap(), "M. Example");
        for bad in ["", "clock", "a\tb", &"x".repeat(61)] {
            assert!(person("reviewer", bad).is_err(), "{bad}");
        }
        assert!(rationale("", "", true).is_err() && rationale("", "", false).is_ok());
    }
}
