//! Same-day visit: a second visit of a kind by one practice on one day.
//!
//! Modifier 25, 27 or 59 says that it was for something else, at another time. An examination of the eyes and a visit in
//! the office are of one kind. The same code by the same physician is a question of duplicates, which plans answer each in
//! their way.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{Modifier, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::visits::{VisitKind, visit_kind};

pub(super) const EDIT: Edit = Edit {
    id: "same-day-visit",
    summary: "The practice was paid for a visit of that kind on the day.",
    reasons: &[Reason::contractual("B14", "M86", "one visit a day is paid, so nobody is billed for the second")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "Medicare Claims Processing Manual, chapter 12, sections 30.6.5, 30.6.7.B and 30.6.9 (visits on one day)",
        href: CLAIMS_MANUAL,
    }],
    looks_at: Fact::BESIDE_OTHERS,
    check: Check::Line(check),
};

/// What says that the visit was another one.
const APART: [&str; 10] = ["24", "25", "27", "59", "76", "77", "XE", "XP", "XS", "XU"];

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let line = service.line;
    let Some(kind) = kind(service) else { return Finding::Pass };
    if service.cover.is_none() || case.file.claim.institutional.is_some() || is_apart(&line.modifiers) {
        return Finding::Pass;
    }
    let found = |code, place: &str| {
        let words = format!(
            "One visit a day: {code} of {} ({place}) was by the same practice; modifier 25 would set another one apart.",
            line.from
        );
        Finding::Deny(Denial::contractual(carc("B14"), words).remark("M86"))
    };
    let same = (line.procedure, line.rendering_npi);
    let here = case.services.iter().take(service.at).find(|other| {
        other.line.from == line.from
            && (other.line.procedure, other.line.rendering_npi) != same
            && visit_kind(other.line.procedure).map(alike) == Some(kind)
            && !is_apart(&other.line.modifiers)
            && !proceedings.is_denied(other.at)
            && case.share_practice(service, other)
    });
    if let Some(other) = here {
        return found(other.line.procedure, &format!("line {}", other.at + 1));
    }
    let past = case.history.iter().find(|past| {
        past.from == line.from
            && (past.procedure, past.rendering_npi) != same
            && !past.denied
            && past.bill.is_none()
            && visit_kind(past.procedure).map(alike) == Some(kind)
            && !is_apart(&past.modifiers)
            && case.is_of_practice(service, past)
    });
    past.map_or(Finding::Pass, |past| found(past.procedure, &format!("claim {}", past.control_number)))
}

/// The kind of visit that one a day is paid of.
fn kind(service: &Service<'_>) -> Option<VisitKind> {
    let kind = alike(visit_kind(service.line.procedure)?);
    let once = [VisitKind::Office, VisitKind::Hospital, VisitKind::NursingFacility, VisitKind::Home];
    once.contains(&kind).then_some(kind)
}

fn alike(kind: VisitKind) -> VisitKind {
    if kind == VisitKind::Eye { VisitKind::Office } else { kind }
}

fn is_apart(modifiers: &[Modifier; 4]) -> bool {
    modifiers.iter().any(|modifier| APART.contains(&modifier.as_str()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::example;
    use crate::domain::codes::ProcedureCode;

    #[test]
    fn the_second_visit_of_the_day_is_denied_unless_a_modifier_sets_it_apart() {
        let mut file = example::billed(&["99213", "99214"]);
        assert_eq!(example::denials(&file), ["", "CO-B14 M86"]);
        file.claim.lines[1].modifiers[0] = Modifier::new("25");
        assert_eq!(example::denials(&file), ["", ""]);
    }

    #[test]
    fn an_eye_examination_is_a_visit_and_a_checkup_or_an_emergency_another_one() {
        assert_eq!(example::denials(&example::billed(&["92014", "99213"])), ["", "CO-B14 M86"]);
        assert_eq!(example::denials(&example::billed(&["99396", "99213"])), ["", ""]);
        assert_eq!(example::denials(&example::billed(&["99283", "99213"])), ["", ""]);
    }

    #[test]
    fn another_physician_of_another_specialty_or_a_denied_visit_leaves_it_payable() {
        let mut file = example::billed(&["99213", "99214"]);
        file.claim.lines[1].rendering_npi = example::STRANGER;
        assert_eq!(example::denials(&file), ["", ""]);
        let mut file = example::billed(&["99213", "99214"]);
        file.claim.lines[0].pointers = vec![];
        assert_eq!(example::denials(&file), ["CO-16 M76", ""]);
    }

    #[test]
    fn a_visit_of_an_earlier_claim_counts_if_it_was_paid() {
        let mut file = example::billed(&["99213"]);
        file.history = vec![example::earlier(&file)].into();
        file.claim.lines[0].procedure = ProcedureCode::new("99214");
        assert_eq!(example::denial(&file), "CO-B14 M86");
        Arc::make_mut(&mut file.history)[0].denied = true;
        assert_eq!(example::denial(&file), "");
    }
}
