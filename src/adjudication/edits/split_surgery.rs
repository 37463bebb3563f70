//! Split surgery: a part of a surgical package that another provider was paid for (B20).
//!
//! A package (global period 010 or 090) is paid once: whole, or split into the surgery with the care before it (54), the care
//! after it (55) and, where somebody else gives it, the care before (56). The parts of all providers are never more than the
//! whole. Other surgeons, assistants and the other side are not looked at.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{Modifier, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::pprrvu::GlobalPeriod;

pub(super) const EDIT: Edit = Edit {
    id: "split-surgery",
    summary: "Another provider was paid for that part of the surgical package.",
    reasons: &[Reason::contractual("B20", "", "another provider did this part")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation { title: "42 CFR 414.40(b)(1)", href: "https://www.ecfr.gov/current/title-42/section-414.40" },
        Citation { title: "Medicare Claims Processing Manual, chapter 12, section 40.4", href: CLAIMS_MANUAL },
    ],
    looks_at: &[
        Fact::Procedure,
        Fact::Modifiers,
        Fact::GlobalPeriods,
        Fact::RenderingProvider,
        Fact::OtherLines,
        Fact::History,
    ],
    check: Check::Line(check),
};

const SEVERAL_SURGEONS: [&str; 6] = ["62", "66", "80", "81", "82", "AS"];

/// What of the package a line is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    /// 54.
    Surgery,
    /// 55.
    CareAfter,
    /// 56.
    CareBefore,
}

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let (line, Some(cover)) = (service.line, service.cover) else { return Finding::Pass };
    let value = cover.relative_value(line.procedure, line.from);
    let has_package = |global| matches!(global, GlobalPeriod::TenDays | GlobalPeriod::NinetyDays);
    if !value.is_some_and(|value| has_package(value.global)) {
        return Finding::Pass;
    }
    let here = case.services.iter().filter(|other| other.at < service.at && !proceedings.is_denied(other.at));
    let here = here.map(|o| (o.line.procedure, o.line.from, o.line.rendering_npi, &o.line.modifiers));
    let past = case.history.iter().filter(|past| !past.denied);
    let past = past.map(|past| (past.procedure, past.from, past.rendering_npi, &past.modifiers));
    let same = |(procedure, day, ..): &(_, _, _, _)| (*procedure, *day) == (line.procedure, line.from);
    for (_, day, surgeon, modifiers) in here.chain(past).filter(same) {
        let (Some(own), Some(others)) = (part(&line.modifiers), part(modifiers)) else { continue };
        let other_side = side(&line.modifiers).zip(side(modifiers)).is_some_and(|(a, b)| a != b);
        if surgeon == line.rendering_npi || other_side || !overlap(own, others) {
            continue;
        }
        let words =
            format!("Provider {surgeon} was paid for that part of the surgery {} of {day} before.", line.procedure);
        return Finding::Deny(Denial::contractual(carc("B20"), words));
    }
    Finding::Pass
}

/// `None` for one of several surgeons.
fn part(modifiers: &[Modifier; 4]) -> Option<Part> {
    let has = |code: &str| modifiers.iter().any(|modifier| modifier.as_str() == code);
    if SEVERAL_SURGEONS.iter().any(|code| has(code)) {
        return None;
    }
    Some(match (has("54"), has("55"), has("56")) {
        (true, false, _) => Part::Surgery,
        (false, true, _) => Part::CareAfter,
        (false, false, true) => Part::CareBefore,
        _ => Part::Whole,
    })
}

fn side(modifiers: &[Modifier; 4]) -> Option<&str> {
    modifiers.iter().map(Modifier::as_str).find(|code| ["LT", "RT"].contains(code))
}

/// The surgery leaves out the care before it where somebody was paid for that already.
fn overlap(own: Part, others: Part) -> bool {
    use Part::{CareAfter, CareBefore, Surgery, Whole};
    match (own, others) {
        (Surgery, CareBefore) | (Surgery, CareAfter) | (CareAfter, Surgery | CareBefore) | (CareBefore, CareAfter) => {
            false
        }
        (CareBefore, Surgery | Whole) | (Whole, _) | (_, Whole) => true,
        (own, others) => own == others,
    }
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;
    use crate::domain::codes::PlaceOfService;

    /// 44970 (global period 090) under these modifiers, after another provider was paid for it under those.
    fn denial(modifiers: &str, paid_before: &str) -> String {
        let mut file = example::office_visit();
        example::pay_medicare_rates(&mut file);
        file.claim.lines = vec![example::modified(example::line("44970", 200_000), modifiers)];
        file.claim.lines[0].place = PlaceOfService::new("22");
        let mut past = example::earlier(&file);
        past.rendering_npi = example::STRANGER;
        past.billing_npi = example::STRANGER;
        past.modifiers = example::modified(file.claim.lines[0].clone(), paid_before).modifiers;
        file.history = vec![past].into();
        example::denial(&file)
    }

    #[test]
    fn the_parts_of_a_package_are_paid_once() {
        for (own, before) in [("55", "54"), ("54", "55"), ("54", "56"), ("55", "56"), ("80", ""), ("LT", "RT")] {
            assert_eq!(denial(own, before), "", "{own} after {before}");
        }
        for (own, before) in [("54", ""), ("55", ""), ("55", "55"), ("54", "54"), ("56", "54"), ("", "55")] {
            assert_eq!(denial(own, before), "CO-B20", "{own} after {before}");
        }
    }
}
