//! Screening frequency: a screening sooner after the last than it is paid for.
//!
//! Asked by Original Medicare, and by plans that say so. One that was broken off (53, 73, 74), or that another part of was
//! billed on the same day, is not the last one. From 35 to 39 years one mammogram is paid.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, age_on, date};
use crate::domain::determination::Citation;
use crate::reference::screenings::{Screening, YEARLY_MAMMOGRAM_AGE, next_day, screening};

pub(super) const EDIT: Edit = Edit {
    id: "screening-frequency",
    summary: "A screening sooner after the last than it is paid for.",
    reasons: &[Reason::patient("119", "M89 M90 N640", "the law or the plan pays it so often, so the patient pays")],
    effective: Period::since(date(2011, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 410.15 to 410.56 (preventive services)",
            href: "https://www.ecfr.gov/current/title-42/chapter-IV/subchapter-B/part-410/subpart-B",
        },
        Citation::PLAN,
    ],
    looks_at: &[
        Fact::Procedure,
        Fact::ServiceDates,
        Fact::Diagnoses,
        Fact::PatientAge,
        Fact::History,
        Fact::PlanInForce,
    ],
    check: Check::Line(check),
};

const BROKEN_OFF: [&str; 3] = ["53", "73", "74"];
const MAMMOGRAM: &str = "77067";

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (line, Some(cover)) = (service.line, service.cover) else { return Finding::Pass };
    let Some(row) = screening(line.procedure) else { return Finding::Pass };
    if !cover.plan.medicare && !cover.plan.claim_checks.screening_intervals {
        return Finding::Pass;
    }
    let before = case.history.iter().filter(|past| {
        !past.denied
            && past.from < line.from
            && row.counts.contains(&past.procedure.as_str())
            && !past.modifiers.iter().any(|modifier| BROKEN_OFF.contains(&modifier.as_str()))
    });
    let Some(last) = before.max_by_key(|past| past.from) else { return Finding::Pass };
    let Some((when, remark)) = too_soon(case, service, row, last.from) else { return Finding::Pass };
    let words = format!(
        "{} was done on {} (claim {}) and is paid {when} ({}).",
        last.procedure, last.from, last.control_number, row.source
    );
    Finding::Deny(Denial::patient(carc("119"), words).remark(remark))
}

/// When it is paid again, in words, and the remark that says so; `None` where that is now.
fn too_soon(
    case: &Case<'_>,
    service: &Service<'_>,
    row: &Screening,
    last: crate::domain::dates::Date,
) -> Option<(String, &'static str)> {
    let day = service.line.from;
    let age = case.member().and_then(|member| member.person.birth).map(|birth| age_on(birth, day));
    if row.code == MAMMOGRAM && age.is_some_and(|age| age < YEARLY_MAMMOGRAM_AGE) {
        return Some((format!("once before {YEARLY_MAMMOGRAM_AGE}"), "M89"));
    }
    let Some(months) = row.months_for(case.file.claim.diagnoses_of(service.line)) else {
        return Some(("once in a lifetime".to_owned(), "N640"));
    };
    let next = next_day(last, months);
    let remark = if months == 11 { "M90" } else { "N640" };
    (day < next).then(|| (format!("again from {next} on, {months} whole months later"), remark))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::payer_revision::Diagnoses;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::{DiagnosisCode, Modifier, ProcedureCode};
    use crate::domain::dates::Date;

    /// A screening of 2026-03-02 after one of that code on that day. Testa is 45.
    fn again(code: &str, diagnosis: &str, before: &str, last: Date) -> ClaimFile {
        let mut file = example::office_visit();
        example::plan(&mut file).claim_checks.screening_intervals = true;
        let payer = example::payer(&mut file);
        payer.procedures.complete = false;
        payer.diagnoses = Diagnoses::default();
        file.claim.diagnoses = vec![DiagnosisCode::new(diagnosis)];
        file.claim.lines[0].procedure = ProcedureCode::new(code);
        let mut past = example::earlier(&file);
        (past.procedure, past.from, past.through) = (ProcedureCode::new(before), last, last);
        file.history = vec![past].into();
        file
    }

    #[test]
    fn a_mammogram_is_paid_again_after_eleven_whole_months() {
        let denial = |last| example::denial(&again("77067", "Z1231", "77067", last));
        assert_eq!(denial(date(2025, 4, 1)), "PR-119 M90");
        assert_eq!(denial(date(2025, 3, 31)), "");
    }

    #[test]
    fn before_forty_one_mammogram_is_paid() {
        let mut file = again("77067", "Z1231", "77067", date(2023, 1, 9));
        assert_eq!(example::denial(&file), "");
        file.family[0].person.birth = Some(date(1988, 6, 15));
        file.claim.subscriber.person.birth = file.family[0].person.birth;
        assert_eq!(example::denial(&file), "PR-119 M89");
    }

    #[test]
    fn each_screening_has_a_time_of_its_own_and_a_first_wellness_visit_none() {
        assert_eq!(example::denial(&again("G0101", "Z01419", "G0101", date(2024, 3, 31))), "");
        assert_eq!(example::denial(&again("G0101", "Z01419", "G0101", date(2024, 4, 1))), "PR-119 N640");
        assert_eq!(example::denial(&again("G0101", "Z7251", "G0101", date(2025, 3, 31))), "", "at high risk");
        assert_eq!(example::denial(&again("G0121", "Z1211", "G0105", date(2016, 4, 1))), "PR-119 N640");
        assert_eq!(example::denial(&again("G0438", "Z0000", "G0438", date(2015, 1, 5))), "PR-119 N640");
    }

    #[test]
    fn one_that_was_broken_off_or_denied_was_none_and_other_plans_do_not_count() {
        let mut file = again("G0121", "Z1211", "G0121", date(2026, 2, 9));
        Arc::make_mut(&mut file.history)[0].modifiers[0] = Modifier::new("53");
        assert_eq!(example::denial(&file), "");
        let mut file = again("G0121", "Z1211", "G0121", date(2026, 2, 9));
        example::plan(&mut file).claim_checks.screening_intervals = false;
        assert_eq!(example::denial(&file), "");
        example::plan(&mut file).medicare = true;
        assert_eq!(example::denial(&file), "PR-119 N640");
    }
}
