//! Diagnosis and sex: a diagnosis that only women or only men have.
//!
//! Modifier KX, or a facility's condition code 45, says that the record is looked at and the diagnosis right. Medicare's
//! own editor has let go of the question since October 2024; other plans still ask it.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::claim::Sex;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::diagnosis_conflicts::{MEDICARE_SEX_CONFLICT_ENDS, sex_of};

pub(super) const EDIT: Edit = Edit {
    id: "diagnosis-sex",
    summary: "The diagnosis does not fit the patient's sex.",
    reasons: &[Reason::contractual("10", "N657", "the provider named a diagnosis that does not fit")],
    effective: Period::since(date(2015, 10, 1)),
    authority: &[
        Citation {
            title: "CMS, Definitions of Medicare Code Edits, sex conflict (discharges through September 2024)",
            href: "https://www.cms.gov/medicare/payment/prospective-payment-systems/acute-inpatient-pps/ms-drg-classifications-and-software",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Diagnoses, Fact::PatientSex, Fact::Modifiers, Fact::PlanInForce],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (line, Some(cover), Some(member)) = (service.line, service.cover, case.member()) else { return Finding::Pass };
    let sex = member.person.sex;
    let misfit =
        |code: &_| matches!((sex_of(*code), sex), (Some(Sex::Female), Sex::Male) | (Some(Sex::Male), Sex::Female));
    let Some(diagnosis) = case.file.claim.diagnoses_of(line).find(misfit) else { return Finding::Pass };
    let vouched = line.has_modifier("KX")
        || case.file.claim.institutional.as_ref().is_some_and(|facility| facility.has_condition("45"));
    if vouched || (cover.plan.medicare && line.from >= MEDICARE_SEX_CONFLICT_ENDS) {
        return Finding::Pass;
    }
    let (of, patient) = if sex == Sex::Male { ("women", "male") } else { ("men", "female") };
    let words = format!("{diagnosis} is a diagnosis of {of}; the patient is {patient}.");
    Finding::Deny(Denial::contractual(carc("10"), words).remark("N657"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::payer_revision::Diagnoses;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::{DiagnosisCode, Modifier};

    /// Testa Muster is a woman; the diagnosis is of an enlarged prostate.
    fn prostate() -> ClaimFile {
        let mut file = example::office_visit();
        example::payer(&mut file).diagnoses = Diagnoses::default();
        file.claim.diagnoses = vec![DiagnosisCode::new("N401")];
        file
    }

    #[test]
    fn a_diagnosis_of_the_other_sex_is_denied_and_one_of_an_unknown_sex_is_not() {
        assert_eq!(example::denial(&prostate()), "CO-10 N657");
        for sex in [Sex::Male, Sex::Unknown] {
            let mut file = prostate();
            file.family[0].person.sex = sex;
            assert_eq!(example::denial(&file), "", "{sex:?}");
        }
    }

    #[test]
    fn modifier_kx_vouches_for_it_and_medicare_no_longer_asks() {
        let mut file = prostate();
        file.claim.lines[0].modifiers[0] = Modifier::new("KX");
        assert_eq!(example::denial(&file), "");
        let mut file = prostate();
        example::plan(&mut file).medicare = true;
        assert_eq!(example::denial(&file), "");
    }
}
