//! Global surgery: a visit to the surgeon, or a procedure by him, that the payment for the surgery includes.
//!
//! Major surgery (090) includes visits from the day before through ninety days after, minor surgery (010) those of its day
//! and ten days after, the smallest (000) those of its day. Modifiers say that a visit was something else: 24 unrelated,
//! 25 significant and separate, 57 the decision for major surgery; of a procedure in the days after, that it was planned or
//! goes further (58), a return to the operating room (78, which begins no new period) or unrelated (79); only Original
//! Medicare denies a procedure for want of one. Critical care is set apart by FT. Surgeons of one group and specialty are
//! one. Global periods are read from Medicare's relative value file, where the fee schedule is built on it. A visit that was
//! paid before its surgery came in is noted on the surgery.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::adjudication::Cover;
use crate::domain::codes::{Modifier, ProcedureCode, carc};
use crate::domain::dates::{Date, Period, date, days_between};
use crate::domain::determination::Citation;
use crate::reference::pprrvu::GlobalPeriod;
use crate::reference::visits::{VisitKind, visit_kind};

pub(super) const EDIT: Edit = Edit {
    id: "global-surgery",
    summary: "A visit to the surgeon, or a further procedure, lies in the global period of a surgery.",
    reasons: &[Reason::contractual("97", "M144 N525", "its payment is part of the surgery's")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation { title: "42 CFR 414.40(b)(1)", href: "https://www.ecfr.gov/current/title-42/section-414.40" },
        Citation { title: "Medicare Claims Processing Manual, chapter 12, section 40", href: CLAIMS_MANUAL },
    ],
    looks_at: &[
        Fact::Procedure,
        Fact::Modifiers,
        Fact::GlobalPeriods,
        Fact::ServiceDates,
        Fact::RenderingProvider,
        Fact::OtherLines,
        Fact::History,
    ],
    check: Check::Line(check),
};

/// A surgeon who gave only a part of the package (54 to 56), who only assisted, or who came back for a complication (78).
const PART_OF_SURGERY: [&str; 8] = ["54", "55", "56", "78", "80", "81", "82", "AS"];

/// What sets a procedure in the days after a surgery apart.
const FURTHER_PROCEDURE: [&str; 3] = ["58", "78", "79"];

/// A surgery that may include the visit.
struct Surgery<'a> {
    code: ProcedureCode,
    modifiers: &'a [Modifier; 4],
    day: Date,
}

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let (line, Some(cover)) = (service.line, service.cover) else { return Finding::Pass };
    // The package is the surgeon's, not the facility's.
    if case.file.claim.institutional.is_some() {
        return Finding::Pass;
    }
    let is_visit = visit_in_package(line.procedure);
    if !is_visit && !is_procedure(service, cover) {
        return Finding::Pass;
    }
    let here = case.services.iter().filter(|other| other.at != service.at && !proceedings.is_denied(other.at));
    let here = here.filter(|other| case.share_practice(service, other));
    let here = here.map(|o| Surgery { code: o.line.procedure, modifiers: &o.line.modifiers, day: o.line.from });
    let past = case.history.iter().filter(|past| !past.denied && case.is_of_practice(service, past));
    let past = past.map(|past| Surgery { code: past.procedure, modifiers: &past.modifiers, day: past.from });
    for surgery in here.chain(past) {
        let days = days_between(surgery.day, line.from);
        let Some(value) = cover.relative_value(surgery.code, surgery.day) else { continue };
        let lifting = if is_visit { lifting(value.global, days) } else { further(value.global, days) };
        let Some(lifting) = lifting else { continue };
        let in_part = surgery.modifiers.iter().any(|modifier| PART_OF_SURGERY.contains(&modifier.as_str()));
        if in_part || is_apart(&line.modifiers, lifting) {
            continue;
        }
        let words = format!(
            "The {} of {} belongs to the surgery {} of {} by the same surgeon; modifier {} would set it apart.",
            if is_visit { "visit" } else { "procedure" },
            line.from,
            surgery.code,
            surgery.day,
            lifting.join(" or ")
        );
        return match (is_visit, cover.plan.medicare) {
            (true, _) => Finding::Deny(Denial::contractual(carc("97"), words).remark("M144")),
            (false, true) => Finding::Deny(Denial::contractual(carc("97"), words).remark("N525")),
            // Other plans' contracts seldom ask for the modifier of a second operation.
            (false, false) => Finding::Note(words),
        };
    }
    if is_visit { Finding::Pass } else { paid_before(case, service, cover) }
}

/// A note where the line is a surgery whose payment includes a visit that an earlier claim was paid for.
fn paid_before(case: &Case<'_>, service: &Service<'_>, cover: Cover<'_>) -> Finding {
    let line = service.line;
    let global = cover.relative_value(line.procedure, line.from).map(|value| value.global);
    let Some(global) = global.filter(|_| !is_apart(&line.modifiers, &PART_OF_SURGERY)) else { return Finding::Pass };
    let visit = case.history.iter().find(|past| {
        !past.denied
            && past.bill.is_none()
            && visit_in_package(past.procedure)
            && lifting(global, days_between(line.from, past.from)).is_some_and(|by| !is_apart(&past.modifiers, by))
            && case.is_of_practice(service, past)
    });
    visit.map_or(Finding::Pass, |past| {
        Finding::Note(format!(
            "The visit {} of {} was paid on claim {}, though it belongs to this surgery: that claim is to be taken back.",
            past.procedure, past.from, past.control_number
        ))
    })
}

/// Whether a code is a visit that surgery may include: any but a checkup.
fn visit_in_package(code: ProcedureCode) -> bool {
    visit_kind(code).is_some_and(|kind| kind != VisitKind::Checkup)
}

/// Whether one of these modifiers is there, or FT, which sets critical care apart from any surgery.
fn is_apart(modifiers: &[Modifier; 4], by: &[&str]) -> bool {
    modifiers.iter().map(Modifier::as_str).any(|modifier| modifier == "FT" || by.contains(&modifier))
}

/// Whether a line is a procedure by a surgeon of his own: the care around one, and what an assistant does, is none.
fn is_procedure(service: &Service<'_>, cover: Cover<'_>) -> bool {
    let line = service.line;
    let value = cover.relative_value(line.procedure, line.from);
    let is_surgery =
        |global| matches!(global, GlobalPeriod::SameDay | GlobalPeriod::TenDays | GlobalPeriod::NinetyDays);
    let in_part =
        line.modifiers().any(|modifier| modifier.as_str() != "78" && PART_OF_SURGERY.contains(&modifier.as_str()));
    value.is_some_and(|value| is_surgery(value.global)) && !in_part
}

/// The modifiers that set a procedure apart so many days after the surgery; `None` where its payment does not include it.
fn further(global: GlobalPeriod, days: i32) -> Option<&'static [&'static str]> {
    match (global, days) {
        (GlobalPeriod::TenDays, 1..=10) | (GlobalPeriod::NinetyDays, 1..=90) => Some(&FURTHER_PROCEDURE),
        _ => None,
    }
}

/// The modifiers that set a visit apart so many days after the surgery; `None` where its payment does not include visits.
fn lifting(global: GlobalPeriod, days: i32) -> Option<&'static [&'static str]> {
    match (global, days) {
        (GlobalPeriod::SameDay | GlobalPeriod::TenDays, 0) => Some(&["25"]),
        (GlobalPeriod::NinetyDays, -1 | 0) => Some(&["57", "25"]),
        (GlobalPeriod::TenDays, 1..=10) | (GlobalPeriod::NinetyDays, 1..=90) => Some(&["24"]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::PlaceOfService;
    use crate::domain::dates::plus_days;

    /// 44970 (global period 090) was paid to the doctor; the visit is so many days after.
    fn visit_after(days: i32, modifiers: &str) -> ClaimFile {
        let mut file = example::office_visit();
        example::pay_medicare_rates(&mut file);
        let mut surgery = example::earlier(&file);
        surgery.procedure = ProcedureCode::new("44970");
        surgery.from = plus_days(example::VISIT, -days);
        surgery.through = surgery.from;
        file.history = vec![surgery].into();
        file.claim.lines[0] = example::modified(file.claim.lines[0].clone(), modifiers);
        file
    }

    fn denial(days: i32, modifiers: &str) -> String {
        example::denial(&visit_after(days, modifiers))
    }

    #[test]
    fn major_surgery_includes_the_visits_from_the_day_before_through_ninety_days_after() {
        assert_eq!(denial(-2, ""), "");
        assert_eq!(denial(-1, ""), "CO-97 M144");
        assert_eq!(denial(90, ""), "CO-97 M144");
        assert_eq!(denial(91, ""), "");
    }

    #[test]
    fn each_modifier_lifts_in_its_own_time() {
        assert_eq!(denial(-1, "57"), "");
        assert_eq!(denial(0, "57"), "");
        assert_eq!(denial(14, "57"), "CO-97 M144");
        assert_eq!(denial(14, "24"), "");
        assert_eq!(denial(-1, "24"), "CO-97 M144");
    }

    /// RVU26C: 45378 has global period 000.
    #[test]
    fn the_smallest_surgery_includes_the_visit_of_its_day_only() {
        let mut file = visit_after(0, "");
        Arc::make_mut(&mut file.history)[0].procedure = ProcedureCode::new("45378");
        assert_eq!(example::denial(&file), "CO-97 M144");
        let mut file = visit_after(1, "");
        Arc::make_mut(&mut file.history)[0].procedure = ProcedureCode::new("45378");
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn another_doctor_a_denied_surgery_and_a_surgeon_for_a_part_include_nothing() {
        let mut file = visit_after(14, "");
        Arc::make_mut(&mut file.history)[0].rendering_npi = example::STRANGER;
        assert_eq!(example::denial(&file), "");
        let mut file = visit_after(14, "");
        Arc::make_mut(&mut file.history)[0].denied = true;
        assert_eq!(example::denial(&file), "");
        let mut file = visit_after(14, "");
        Arc::make_mut(&mut file.history)[0].modifiers[0] = Modifier::new("54");
        assert_eq!(example::denial(&file), "");
    }

    /// 29881 (090) so many days after 44970, in a surgery center.
    #[test]
    fn a_further_procedure_in_the_days_after_needs_a_modifier() {
        let denial = |days, modifiers: &str, surgery: &str| {
            let mut file = visit_after(days, modifiers);
            example::payer(&mut file).procedures.complete = false;
            example::plan(&mut file).medicare = true;
            file.claim.lines[0].procedure = ProcedureCode::new("29881");
            file.claim.lines[0].place = PlaceOfService::new("24");
            let past = &mut Arc::make_mut(&mut file.history)[0];
            past.modifiers = example::modified(file.claim.lines[0].clone(), surgery).modifiers;
            example::denial(&file)
        };
        assert_eq!(denial(30, "", ""), "CO-97 N525");
        for modifiers in ["58", "78", "79"] {
            assert_eq!(denial(30, modifiers, ""), "");
        }
        assert_eq!([denial(91, "", ""), denial(0, "", "")], ["", ""]);
        // A return to the operating room begins no period, nor does an assistant's part.
        assert_eq!([denial(30, "", "78"), denial(30, "", "80")], ["", ""]);
    }

    #[test]
    fn surgery_and_visit_may_stand_on_one_claim() {
        let mut file = visit_after(0, "");
        file.history = Arc::default();
        let mut surgery = example::line("44970", 200_000);
        surgery.place = PlaceOfService::new("22");
        file.claim.lines.push(surgery);
        assert_eq!(example::denials(&file), ["CO-97 M144", ""]);
    }

    #[test]
    fn a_partner_of_the_surgeons_specialty_is_as_the_surgeon() {
        let mut file = visit_after(14, "");
        Arc::make_mut(&mut file.history)[0].rendering_npi = example::STRANGER;
        file.providers.push(example::provider(example::STRANGER));
        assert_eq!(example::denial(&file), "CO-97 M144");
        file.providers[2].taxonomy = "208600000X".into();
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn critical_care_is_in_the_package_unless_ft_sets_it_apart() {
        let denial = |modifiers| {
            let mut file = visit_after(3, modifiers);
            example::payer(&mut file).procedures.complete = false;
            file.claim.lines[0].procedure = ProcedureCode::new("99291");
            file.claim.lines[0].place = PlaceOfService::new("21");
            example::denial(&file)
        };
        assert_eq!([denial(""), denial("FT")], ["CO-97 M144", ""]);
    }

    #[test]
    fn a_surgery_after_a_visit_that_it_includes_is_paid_with_a_note() {
        let note = |modifiers: &str| {
            let mut file = visit_after(0, modifiers);
            let visit = example::earlier(&file);
            file.history = vec![visit].into();
            file.claim.lines = vec![example::line("44970", 200_000)];
            file.claim.lines[0].place = PlaceOfService::new("22");
            assert_eq!(example::denial(&file), "");
            example::words(&file, "global-surgery")
        };
        assert!(note("").contains("claim ICN-0"));
        assert_eq!(note("57"), "");
    }
}
