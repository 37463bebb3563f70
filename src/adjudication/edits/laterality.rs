//! Laterality: the modifier says one side of the body, and every diagnosis that has a side the other.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::laterality::{side_of_diagnosis, side_of_modifier};

pub(super) const EDIT: Edit = Edit {
    id: "laterality",
    summary: "The modifier names one side of the body, the diagnosis the other.",
    reasons: &[Reason::contractual("11", "N657", "the provider named a side that does not fit")],
    effective: Period::since(date(2015, 10, 1)),
    authority: &[
        Citation {
            title: "ICD-10-CM Official Guidelines for Coding and Reporting, section I.B.13 (laterality)",
            href: "https://www.cms.gov/medicare/coding-billing/icd-10-codes",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Procedure, Fact::Modifiers, Fact::Diagnoses],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let line = service.line;
    let mut sides = line.modifiers().filter_map(side_of_modifier);
    let Some(side) = sides.next() else { return Finding::Pass };
    if sides.any(|other| other != side) {
        return Finding::Pass;
    }
    let codes = case.file.payer.diagnoses.on(line.from);
    let mut other = None;
    for diagnosis in case.file.claim.diagnoses_of(line) {
        match codes.lookup(diagnosis).and_then(|entry| side_of_diagnosis(diagnosis, entry.title)) {
            Some(named) if named != side => other = Some((diagnosis, named)),
            // One that fits, or has no side, may be what the service was for.
            _ => return Finding::Pass,
        }
    }
    let Some((diagnosis, named)) = other else { return Finding::Pass };
    let words = format!(
        "The modifier says {}, but {diagnosis} is of the {} side; so one of the two is wrong.",
        side.as_str(),
        named.as_str()
    );
    Finding::Deny(Denial::contractual(carc("11"), words).remark("N657"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::example;
    use crate::adjudication::payer_revision::{Diagnoses, Editions};
    use crate::domain::codes::DiagnosisCode;
    use crate::reference::icd10cm::Icd10Cm;

    fn denial(modifiers: &str, diagnoses: &[&str]) -> String {
        let titles =
            [("M170", "Bilateral knees"), ("M1711", "Arthritis, right knee"), ("M1712", "Arthritis, left knee")];
        let row = |(at, (code, title)): (usize, (&str, &str))| format!("{at:05} {code:<7} 1 {title:<60} {title}\n");
        let text: String = titles.into_iter().enumerate().map(row).collect();
        let release = Icd10Cm::parse_order_file("knees", Period::since(date(2025, 10, 1)), text.as_bytes()).unwrap();
        let mut file = example::office_visit();
        let payer = example::payer(&mut file);
        payer.procedures.complete = false;
        payer.diagnoses = Diagnoses(Editions::default().and_always(Some(Arc::new(release))));
        file.claim.diagnoses = diagnoses.iter().map(|code| DiagnosisCode::new(code)).collect();
        file.claim.lines = vec![example::modified(example::line("20610", 10_000), modifiers)];
        file.claim.lines[0].pointers = (0..diagnoses.len()).collect();
        example::denial(&file)
    }

    #[test]
    fn a_right_knee_is_not_treated_for_a_left_one() {
        assert_eq!(denial("RT", &["M1712"]), "CO-11 N657");
        assert_eq!(denial("LT", &["M1711"]), "CO-11 N657");
        assert_eq!([denial("RT", &["M1711"]), denial("", &["M1712"]), denial("50", &["M1712"])], ["", "", ""]);
    }

    #[test]
    fn one_diagnosis_that_fits_or_has_both_sides_is_enough() {
        assert_eq!(denial("RT", &["M1712", "M1711"]), "");
        assert_eq!(denial("RT", &["M170"]), "");
    }
}
