//! Component paid: the professional (26) or technical (TC) part of a test whose whole was paid, the whole after a part, or a
//! part twice; to another provider (B20), or to the same practice (97).
//!
//! A line for the whole beside another one for the whole is a question of duplicates.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{Modifier, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "component-paid",
    summary: "The component of a test was paid to somebody, by itself or within the whole.",
    reasons: &[
        Reason::contractual("B20", "N347", "another provider was paid for this part"),
        Reason::contractual("97", "M15", "the practice was paid for it within the whole"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "CMS, physician fee schedule relative value file (professional and technical components)",
        href: "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
    }],
    looks_at: Fact::BESIDE_OTHERS,
    check: Check::Line(check),
};

/// What says that the test was another one.
const ANOTHER: [&str; 10] = ["59", "76", "77", "91", "LT", "RT", "XE", "XP", "XS", "XU"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Professional,
    Technical,
}

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let line = service.line;
    if service.cover.is_none()
        || line.procedure.is_none()
        || case.file.claim.institutional.is_some()
        || (case.services.len() == 1 && case.history.is_empty())
        || is_another(&line.modifiers)
    {
        return Finding::Pass;
    }
    let own = part(&line.modifiers);
    let overlaps = |modifiers: &[Modifier; 4]| {
        let other = part(modifiers);
        let either = own != Part::Whole || other != Part::Whole;
        either && (own == other || own == Part::Whole || other == Part::Whole) && !is_another(modifiers)
    };
    let here = case.services.iter().take(service.at).find(|other| {
        (other.line.procedure, other.line.from) == (line.procedure, line.from)
            && (other.line.rendering_npi != line.rendering_npi || part(&other.line.modifiers) != own)
            && overlaps(&other.line.modifiers)
            && !proceedings.is_denied(other.at)
    });
    let deny = |same: bool, place: String| {
        let (code, remark, whom) =
            if same { ("97", "M15", "this practice") } else { ("B20", "N347", "another provider") };
        let words = format!("{} of {} was paid to {whom} for that component ({place}).", line.procedure, line.from);
        Finding::Deny(Denial::contractual(carc(code), words).remark(remark))
    };
    if let Some(other) = here {
        return deny(true, format!("line {}", other.at + 1));
    }
    let past = case.history.iter().find(|past| {
        (past.procedure, past.from) == (line.procedure, line.from)
            && !past.denied
            && past.bill.is_none()
            && (past.rendering_npi != line.rendering_npi || part(&past.modifiers) != own)
            && overlaps(&past.modifiers)
    });
    past.map_or(Finding::Pass, |past| {
        let same = past.claim.billing_tax_id == case.file.claim.billing_tax_id;
        deny(same, format!("claim {}", past.control_number))
    })
}

fn part(modifiers: &[Modifier; 4]) -> Part {
    let has = |code: &str| modifiers.iter().any(|modifier| modifier.as_str() == code);
    match (has("26"), has("TC")) {
        (true, _) => Part::Professional,
        (false, true) => Part::Technical,
        (false, false) => Part::Whole,
    }
}

fn is_another(modifiers: &[Modifier; 4]) -> bool {
    modifiers.iter().any(|modifier| ANOTHER.contains(&modifier.as_str()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::adjudication::example;
    use crate::domain::determination::EarlierClaim;

    /// An image under this modifier, after it was paid under that one to somebody else, or to the practice.
    fn denial(own: &str, before: &str, same: bool) -> String {
        let mut file = example::office_visit();
        file.claim.lines = vec![example::modified(example::line("70551", 50_000), own)];
        let mut past = example::earlier(&file);
        past.modifiers = example::modified(file.claim.lines[0].clone(), before).modifiers;
        if !same {
            past.rendering_npi = example::STRANGER;
            past.claim = Arc::new(EarlierClaim { billing_tax_id: "987654321".into(), ..EarlierClaim::default() });
        }
        file.history = vec![past].into();
        example::denial(&file)
    }

    #[test]
    fn each_component_is_paid_once() {
        assert_eq!(denial("26", "", false), "CO-B20 N347");
        assert_eq!(denial("", "TC", false), "CO-B20 N347");
        assert_eq!(denial("26", "26", false), "CO-B20 N347");
        assert_eq!(denial("26", "", true), "CO-97 M15");
    }

    #[test]
    fn the_two_components_are_two_and_two_whole_tests_are_a_question_of_duplicates() {
        assert_eq!(denial("26", "TC", false), "");
        assert_eq!(denial("TC", "26", true), "");
        assert_eq!(denial("", "", false), "");
        assert_eq!(denial("26 77", "26", false), "");
    }
}
