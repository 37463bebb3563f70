//! Screening diagnosis: a screening for somebody who is ill (11), and a test for nothing but a routine examination, which
//! Original Medicare does not pay for (49).

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{DiagnosisCode, ProcedureCode, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::screenings::screening;

pub(super) const EDIT: Edit = Edit {
    id: "screening-diagnosis",
    summary: "A screening for a diagnosis that it is not done for, or a test for a routine examination only.",
    reasons: &[
        Reason::contractual("11", "N657", "the provider bills the test of the ill, or names the screening's diagnosis"),
        Reason::patient("49", "N429", "the law excludes routine examinations, so the patient pays"),
    ],
    effective: Period::since(date(2015, 10, 1)),
    authority: &[
        Citation {
            title: "42 CFR 411.15(a) (routine physical checkups)",
            href: "https://www.ecfr.gov/current/title-42/section-411.15",
        },
        Citation {
            title: "42 CFR 410.34 to 410.56 (screenings)",
            href: "https://www.ecfr.gov/current/title-42/chapter-IV/subchapter-B/part-410/subpart-B",
        },
    ],
    looks_at: &[Fact::Procedure, Fact::Diagnoses, Fact::PlanInForce],
    check: Check::Line(check),
};

/// Images; laboratory tests; tracings of the heart.
const TESTS: [(&str, &str); 3] = [("70010", "76999"), ("80047", "89398"), ("93000", "93010")];

/// Tests that are screenings of the healthy themselves: lipids, blood sugar.
const OF_THE_HEALTHY: [&str; 4] = ["80061", "82465", "82947", "83036"];

/// Starts of diagnoses of examinations of the healthy: general, and for administrative purposes.
const ROUTINE: [&str; 2] = ["Z000", "Z02"];

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (line, Some(cover)) = (service.line, service.cover) else { return Finding::Pass };
    let diagnoses = || case.file.claim.diagnoses_of(line);
    if let Some(row) = screening(line.procedure) {
        if diagnoses().next().is_none() || diagnoses().any(|code| row.is_for(code)) {
            return Finding::Pass;
        }
        let words = format!(
            "{} is a screening ({}): it is done for {}, not for somebody with a complaint.",
            line.procedure,
            row.source,
            row.diagnoses.join(", ")
        );
        return Finding::Deny(Denial::contractual(carc("11"), words).remark("N657"));
    }
    let routine = |code: DiagnosisCode| ROUTINE.iter().any(|start| code.as_str().starts_with(start));
    if !cover.plan.medicare || !is_test(line.procedure) || diagnoses().next().is_none() || !diagnoses().all(routine) {
        return Finding::Pass;
    }
    let words = format!("{} was done for a routine examination only.", line.procedure);
    Finding::Deny(Denial::patient(carc("49"), words).remark("N429"))
}

fn is_test(code: ProcedureCode) -> bool {
    let text = code.as_str();
    TESTS.iter().any(|(first, last)| (*first..=*last).contains(&text)) && !OF_THE_HEALTHY.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::adjudication::payer_revision::Diagnoses;

    fn denial(code: &str, diagnoses: &[&str], medicare: bool) -> String {
        let mut file = example::office_visit();
        example::plan(&mut file).medicare = medicare;
        let payer = example::payer(&mut file);
        payer.procedures.complete = false;
        payer.diagnoses = Diagnoses::default();
        file.claim.diagnoses = diagnoses.iter().map(|code| DiagnosisCode::new(code)).collect();
        file.claim.lines[0].procedure = ProcedureCode::new(code);
        file.claim.lines[0].pointers = (0..diagnoses.len()).collect();
        example::denial(&file)
    }

    #[test]
    fn a_screening_is_for_the_healthy() {
        assert_eq!(denial("77067", &["Z1231"], false), "");
        assert_eq!(denial("77067", &["N6311"], false), "CO-11 N657");
        assert_eq!(denial("77067", &["N6311", "Z1231"], false), "");
        assert_eq!(denial("G0439", &["M5450"], true), "", "a wellness visit is for anybody");
    }

    #[test]
    fn medicare_pays_no_test_for_a_routine_examination_and_other_plans_do() {
        assert_eq!(denial("80053", &["Z0000"], true), "PR-49 N429");
        assert_eq!(denial("80053", &["Z0000", "E119"], true), "");
        assert_eq!(denial("80053", &["Z0000"], false), "");
        assert_eq!(denial("99213", &["Z0000"], true), "");
    }
}
