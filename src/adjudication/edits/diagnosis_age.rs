//! Diagnosis and age: a diagnosis of newborns, children, expectant mothers or adults, for a patient who is none of them.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{DiagnosisCode, carc};
use crate::domain::dates::{Period, age_on, date};
use crate::domain::determination::Citation;
use crate::reference::diagnosis_conflicts::{Ages, ages_of};

pub(super) const EDIT: Edit = Edit {
    id: "diagnosis-age",
    summary: "The diagnosis does not fit the patient's age on the day of service.",
    reasons: &[Reason::contractual("9", "N657", "the provider named a diagnosis that does not fit")],
    effective: Period::since(date(2015, 10, 1)),
    authority: &[Citation {
        title: "CMS, Definitions of Medicare Code Edits, age conflict",
        href: "https://www.cms.gov/medicare/payment/prospective-payment-systems/acute-inpatient-pps/ms-drg-classifications-and-software",
    }],
    looks_at: &[Fact::Diagnoses, Fact::PatientAge],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (line, Some(member)) = (service.line, case.member()) else { return Finding::Pass };
    let (Some(birth), Some(_)) = (member.person.birth, service.cover) else { return Finding::Pass };
    let age = age_on(birth, line.from);
    let misfit = |code: DiagnosisCode| -> Option<(DiagnosisCode, Ages)> {
        let ages = ages_of(code)?;
        (age < ages.least || age > ages.most).then_some((code, ages))
    };
    let Some((diagnosis, ages)) = case.file.claim.diagnoses_of(line).find_map(misfit) else { return Finding::Pass };
    let words = format!(
        "{diagnosis} is a diagnosis of {} (ages {} to {}); the patient was {age}.",
        ages.name, ages.least, ages.most
    );
    Finding::Deny(Denial::contractual(carc("9"), words).remark("N657"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::adjudication::payer_revision::Diagnoses;

    /// The patient was born on 2 March of that year, or the day after.
    fn denial(code: &str, year: i16, day: i8) -> String {
        let mut file = example::office_visit();
        example::payer(&mut file).diagnoses = Diagnoses::default();
        file.claim.diagnoses = vec![DiagnosisCode::new(code)];
        file.claim.subscriber.person.birth = Some(date(year, 3, day));
        file.family[0].person.birth = Some(date(year, 3, day));
        example::denial(&file)
    }

    #[test]
    fn the_ends_of_the_ages_belong_to_them() {
        assert_eq!([denial("O99019", 2017, 2), denial("O99019", 2017, 3)], ["", "CO-9 N657"], "9 and 8");
        assert_eq!([denial("O99019", 1961, 3), denial("O99019", 1961, 2)], ["", "CO-9 N657"], "64 and 65");
        assert_eq!([denial("Z00129", 2008, 3), denial("Z00129", 2008, 2)], ["", "CO-9 N657"], "17 and 18");
        assert_eq!([denial("P599", 2025, 3), denial("P599", 2025, 2)], ["", "CO-9 N657"], "0 and 1");
    }
}
