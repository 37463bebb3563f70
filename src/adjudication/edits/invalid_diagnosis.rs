//! Invalid diagnosis: a line points to none, or to one that may not stand on a claim of its day.
//!
//! A line without a diagnosis cannot be processed by anybody (16 with MA130); nor does Original Medicare process a code
//! that is not valid. Other plans deny such a line (146).

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{DiagnosisCode, carc};
use crate::domain::dates::{Date, Period, date};
use crate::domain::determination::Citation;
use crate::reference::icd10cm::Icd10Cm;

pub(super) const EDIT: Edit = Edit {
    id: "invalid-diagnosis",
    summary: "The line points to no diagnosis, or to one that was not valid or not billable on the day of service.",
    reasons: &[
        Reason::contractual("16", "M76 MA63 MA65 MA130", "the provider left it out or got it wrong"),
        Reason::contractual("146", "M76 MA63", "the provider named a code that is not valid"),
    ],
    effective: Period::since(ICD10_BEGINS),
    authority: &[Citation {
        title: "45 CFR 162.1002 (ICD-10-CM)",
        href: "https://www.ecfr.gov/current/title-45/section-162.1002",
    }],
    looks_at: &[Fact::Diagnoses, Fact::ServiceDates, Fact::PlanInForce],
    check: Check::Line(check),
};

/// 45 CFR 162.1002(c): from this day of service on, ICD-10-CM instead of ICD-9-CM.
const ICD10_BEGINS: Date = date(2015, 10, 1);

/// So many billable codes under a header are named.
const NAMED: usize = 6;

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let claim = &case.file.claim;
    let set = case.file.payer.diagnoses.on(service.line.from);
    let mut points = false;
    for at in &service.line.pointers {
        let Some(code) = claim.diagnoses.get(*at).copied() else { continue };
        points = true;
        if set.lookup(code).is_some_and(|entry| entry.billable) {
            continue;
        }
        let day = service.line.from;
        if !set.covers(day) && !is_icd9(code) {
            let release = set.release();
            return Finding::Note(format!("{code} is not billable in {release}, which does not speak for {day}."));
        }
        let medicare = service.cover.is_some_and(|cover| cover.plan.medicare);
        let reason = if medicare { "16" } else { "146" };
        let mut denial = Denial::contractual(carc(reason), fault(set, code)).remark("M76");
        if *at == 0 {
            denial = denial.remark("MA63");
        }
        return Finding::Deny(if medicare { denial.remark("MA130") } else { denial });
    }
    if points {
        return on_admission(case, service);
    }
    Finding::Deny(Denial::contractual(carc("16"), "The line points to no diagnosis.").remark("M76").remark("MA130"))
}

/// The diagnosis on admission, where a facility's claim has one.
fn on_admission(case: &Case<'_>, service: &Service<'_>) -> Finding {
    let set = case.file.payer.diagnoses.on(service.line.from);
    let admitting = case.file.claim.institutional.as_ref().and_then(|facility| facility.admitting);
    let bad = |code: &DiagnosisCode| !set.lookup(*code).is_some_and(|entry| entry.billable);
    let Some(code) = admitting.filter(bad).filter(|code| set.covers(service.line.from) || is_icd9(*code)) else {
        return Finding::Pass;
    };
    Finding::Deny(Denial::contractual(carc("16"), format!("On admission: {}", fault(set, code))).remark("MA65"))
}

/// No code of ICD-10-CM begins with a digit; most of ICD-9-CM do.
fn is_icd9(code: DiagnosisCode) -> bool {
    code.as_str().starts_with(|c: char| c.is_ascii_digit())
}

fn fault(set: &Icd10Cm, code: DiagnosisCode) -> String {
    if is_icd9(code) {
        return format!("{code} is written as in ICD-9-CM; services since {ICD10_BEGINS} take ICD-10-CM.");
    }
    let Some(header) = set.lookup(code) else { return format!("There is no diagnosis {code} in {}.", set.release()) };
    let mut under = set.billable_under(code, NAMED + 1).map(|code| code.to_string());
    let named = under.by_ref().take(NAMED).collect::<Vec<_>>().join(", ");
    let more = if under.next().is_some() { " and others" } else { "" };
    format!("{code} ({}) is a header, not billable; billable below it: {named}{more}.", header.title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::payer_revision::Diagnoses;
    use crate::adjudication::{ClaimFile, example};

    fn diagnosed(codes: &[&str]) -> ClaimFile {
        let mut file = example::office_visit();
        example::payer(&mut file).diagnoses = Diagnoses::default();
        file.claim.diagnoses = codes.iter().map(|code| DiagnosisCode::new(code)).collect();
        file
    }

    /// K35.2 is printed in many a textbook.
    #[test]
    fn a_header_is_denied_and_the_billable_codes_below_it_are_named() {
        let file = diagnosed(&["K352"]);
        assert_eq!(example::denial(&file), "CO-146 M76 MA63");
        let words = example::words(&file, "invalid-diagnosis");
        assert!(words.contains("K35200, K35201, K35209, K35210, K35211, K35219."), "{words}");
        assert_eq!(example::denial(&diagnosed(&["K3580"])), "");
    }

    #[test]
    fn only_the_diagnoses_that_the_line_points_to_count_and_only_the_first_is_the_principal() {
        let mut file = diagnosed(&["M5450", "K352"]);
        assert_eq!(example::denial(&file), "");
        file.claim.lines[0].pointers = vec![0, 1];
        assert_eq!(example::denial(&file), "CO-146 M76");
    }

    #[test]
    fn medicare_takes_an_invalid_diagnosis_for_a_claim_that_cannot_be_processed() {
        let mut file = diagnosed(&["K352"]);
        example::plan(&mut file).medicare = true;
        assert_eq!(example::denial(&file), "CO-16 M76 MA63 MA130");
    }

    #[test]
    fn a_line_that_points_to_nothing_cannot_be_processed() {
        let mut file = diagnosed(&["M5450"]);
        file.claim.lines[0].pointers = vec![];
        assert_eq!(example::denial(&file), "CO-16 M76 MA130");
        file.claim.lines[0].pointers = vec![3];
        assert_eq!(example::denial(&file), "CO-16 M76 MA130");
    }

    #[test]
    fn icd_9_is_told_as_such() {
        let file = diagnosed(&["7242"]);
        assert_eq!(example::denial(&file), "CO-146 M76 MA63");
        assert!(example::words(&file, "invalid-diagnosis").contains("ICD-9-CM"));
    }

    #[test]
    fn a_release_denies_nothing_in_years_that_it_does_not_speak_for() {
        let mut file = diagnosed(&["K352"]);
        file.claim.lines[0].from = date(2025, 9, 30);
        file.claim.lines[0].through = date(2025, 9, 30);
        file.received = date(2025, 10, 2);
        assert_eq!(example::denial(&file), "");
        assert!(example::words(&file, "invalid-diagnosis").contains("does not speak for 2025-09-30"));
    }
}
