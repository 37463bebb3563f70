//! Medical policy: the diagnoses do not support the service.
//!
//! The provider bears it, unless the patient was told beforehand and signed (GA). GZ says that no notice was given and a
//! denial is expected; Original Medicare denies it without a look (CMS change request 7228).

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::plan::MedicalPolicy;

pub(super) const EDIT: Edit = Edit {
    id: "medical-policy",
    summary: "By a medical policy of the payer, the diagnoses do not make the service necessary.",
    reasons: &[
        Reason::contractual("50", "N115 N386", "the provider did not warn the patient beforehand"),
        Reason::patient("50", "N115 N386", "the patient was warned beforehand and agreed to pay"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation { title: "the payer's medical policy named in the words", href: "" },
        Citation {
            title: "42 CFR 411.15(k) (Medicare: not reasonable and necessary)",
            href: "https://www.ecfr.gov/current/title-42/section-411.15",
        },
        Citation { title: "Medicare Claims Processing Manual, chapter 30 (notices of liability)", href: CLAIMS_MANUAL },
    ],
    looks_at: &[Fact::Policies, Fact::Diagnoses, Fact::Procedure, Fact::Modifiers, Fact::PlanInForce],
    check: Check::Line(check),
};

/// A notice that the patient signed is on file.
const NOTICE: &str = "GA";
/// A denial is expected, and there is no notice.
const NO_NOTICE: &str = "GZ";

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover else { return Finding::Pass };
    let line = service.line;
    let applies = |policy: &&MedicalPolicy| {
        policy.procedures.contains(line.procedure)
            && policy.period.contains(line.from)
            && (policy.plans.is_empty() || policy.plans.contains(&cover.plan.plan_id))
    };
    let is_met = |policy: &MedicalPolicy| {
        let mut diagnoses = case.file.claim.diagnoses_of(line);
        diagnoses.any(|code| policy.covered_diagnoses.iter().any(|start| code.as_str().starts_with(start.as_str())))
    };
    let unmet = case.file.payer.policies.iter().filter(applies).find(|policy| !is_met(policy));
    let Some(policy) = unmet else {
        return if cover.plan.medicare && line.has_modifier(NO_NOTICE) {
            let words = "Modifier GZ: the provider expects a denial and gave no notice.";
            Finding::Deny(Denial::contractual(carc("50"), words))
        } else {
            Finding::Pass
        };
    };
    let words = format!(
        "{} ({}) does not cover {} for {}. {}",
        policy.policy_id,
        policy.title,
        line.procedure,
        case.file.claim.diagnoses_of(line).map(|code| code.to_string()).collect::<Vec<_>>().join(", "),
        policy.href,
    );
    let words = words.trim_end();
    let denial = if line.has_modifier(NOTICE) {
        Denial::patient(carc("50"), format!("{words} The patient was told so beforehand (GA)."))
    } else {
        Denial::contractual(carc("50"), words)
    };
    Finding::Deny(Denial { rarcs: policy.rarc.into_iter().collect(), ..denial })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::{DiagnosisCode, Modifier, rarc};
    use crate::domain::member::CodeRanges;

    /// Brain MRI is covered for headache (R51) and multiple sclerosis (G35); the line is for low back pain.
    fn brain_mri() -> ClaimFile {
        let mut file = example::office_visit();
        file.claim.lines = vec![example::line("70551", 80_000)];
        example::payer(&mut file).policies = vec![MedicalPolicy {
            policy_id: "MP-1".into(),
            title: "Brain MRI".into(),
            procedures: CodeRanges::parse(["70551-70553"]).unwrap(),
            covered_diagnoses: vec!["R51".into(), "G35".into()],
            period: Period::since(date(2026, 1, 1)),
            plans: vec![],
            href: String::new(),
            rarc: Some(rarc("N115")),
        }];
        file
    }

    #[test]
    fn a_service_is_paid_for_one_of_the_policys_diagnoses_and_denied_without() {
        let mut file = brain_mri();
        assert_eq!(example::denial(&file), "CO-50 N115");
        file.claim.diagnoses.push(DiagnosisCode::new("R519"));
        assert_eq!(example::denial(&file), "CO-50 N115", "the line does not point to it");
        file.claim.lines[0].pointers = vec![0, 1];
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn a_signed_notice_makes_the_patient_liable_and_an_expected_denial_does_not() {
        let mut file = brain_mri();
        file.claim.lines[0].modifiers[0] = Modifier::new("GA");
        assert_eq!(example::denial(&file), "PR-50 N115");
        file.claim.lines[0].modifiers[0] = Modifier::new("GZ");
        assert_eq!(example::denial(&file), "CO-50 N115");
    }

    #[test]
    fn medicare_denies_gz_without_a_policy() {
        let mut file = example::office_visit();
        file.claim.lines[0].modifiers[0] = Modifier::new("GZ");
        assert_eq!(example::denial(&file), "");
        example::plan(&mut file).medicare = true;
        assert_eq!(example::denial(&file), "CO-50");
    }

    #[test]
    fn a_policy_holds_for_its_plans_procedures_and_days_only() {
        let changes: [fn(&mut MedicalPolicy); 3] = [
            |policy| policy.plans = vec!["hmo".into()],
            |policy| policy.procedures = CodeRanges::parse(["70552"]).unwrap(),
            |policy| policy.period = Period::since(date(2026, 3, 3)),
        ];
        for change in changes {
            let mut file = brain_mri();
            change(&mut example::payer(&mut file).policies[0]);
            assert_eq!(example::denial(&file), "");
        }
    }
}
