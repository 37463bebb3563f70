//! Both sides: a procedure on both sides (50) beside the same procedure on one (LT, RT), by one practice on one day.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{Modifier, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "both-sides",
    summary: "A procedure is billed for both sides and again for one of them.",
    reasons: &[Reason::contractual("4", "N519", "both sides are paid as such, so one of the two lines is wrong")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "Medicare Claims Processing Manual, chapter 12, section 40.7 (bilateral procedures)",
        href: CLAIMS_MANUAL,
    }],
    looks_at: Fact::BESIDE_OTHERS,
    check: Check::Line(check),
};

/// What says that the procedure was a further one.
const FURTHER: [&str; 9] = ["58", "59", "76", "77", "78", "79", "XE", "XP", "XS"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sides {
    Both,
    One,
}

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let line = service.line;
    let Some(own) = sides(&line.modifiers).filter(|_| service.cover.is_some()) else { return Finding::Pass };
    let conflicts = |modifiers| sides(modifiers).is_some_and(|other| other != own);
    let here = case.services.iter().take(service.at).find(|other| {
        (other.line.procedure, other.line.from) == (line.procedure, line.from)
            && conflicts(&other.line.modifiers)
            && !proceedings.is_denied(other.at)
            && case.share_practice(service, other)
    });
    let past = || {
        case.history.iter().find(|past| {
            (past.procedure, past.from) == (line.procedure, line.from)
                && !past.denied
                && conflicts(&past.modifiers)
                && case.is_of_practice(service, past)
        })
    };
    let place = match here {
        Some(other) => format!("line {}", other.at + 1),
        None => match past() {
            Some(past) => format!("claim {}", past.control_number),
            None => return Finding::Pass,
        },
    };
    let which = if own == Sides::Both { "one side" } else { "both sides" };
    let words = format!("{} was billed for {which} on that day ({place}): one of the two is wrong.", line.procedure);
    Finding::Deny(Denial::contractual(carc("4"), words).remark("N519"))
}

/// `None` for a line that names no side, or a further procedure.
fn sides(modifiers: &[Modifier; 4]) -> Option<Sides> {
    let has = |codes: &[&str]| modifiers.iter().any(|modifier| codes.contains(&modifier.as_str()));
    if has(&FURTHER) {
        None
    } else if has(&["50"]) {
        Some(Sides::Both)
    } else {
        has(&["LT", "RT"]).then_some(Sides::One)
    }
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;

    fn denials(first: &str, second: &str) -> Vec<String> {
        let mut file = example::office_visit();
        example::payer(&mut file).procedures.complete = false;
        let line = |modifiers| example::modified(example::line("20610", 10_000), modifiers);
        file.claim.lines = vec![line(first), line(second)];
        example::denials(&file)
    }

    #[test]
    fn one_side_beside_both_is_denied_and_the_two_sides_are_not() {
        assert_eq!(denials("50", "RT"), ["", "CO-4 N519"]);
        assert_eq!(denials("LT", "50"), ["", "CO-4 N519"]);
        assert_eq!(denials("LT", "RT"), ["", ""]);
        assert_eq!(denials("50", "RT 59"), ["", ""]);
    }

    #[test]
    fn an_earlier_claim_for_both_sides_counts() {
        let mut file = example::office_visit();
        example::payer(&mut file).procedures.complete = false;
        file.claim.lines = vec![example::modified(example::line("20610", 10_000), "50")];
        file.history = vec![example::earlier(&file)].into();
        file.claim.lines = vec![example::modified(example::line("20610", 10_000), "RT")];
        assert_eq!(example::denial(&file), "CO-4 N519");
    }
}
