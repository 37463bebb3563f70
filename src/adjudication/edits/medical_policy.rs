//! Medical policy: the line does not meet what a policy of the payer asks of it.
//!
//! A policy says itself with which group, reason and remarks it denies; those below are what the short form gives, which
//! lists covered diagnoses.
//! The provider bears it, unless the patient was told beforehand and signed (GA). GZ says that no notice was given and a
//! denial is expected; Original Medicare denies it without a look (CMS change request 7228).

use super::super::documents::{self, Came};
use super::super::policy::{self, Cut, Look};
use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{Group, carc};
use crate::domain::dates::{Period, date, plus_days};
use crate::domain::determination::{Citation, PolicyVersion};
use crate::domain::document::Document;
use crate::domain::policy::{MedicalPolicy, PolicyFinding, PolicyRecords};

pub(super) const EDIT: Edit = Edit {
    id: "medical-policy",
    summary: "The line does not meet a medical policy of the payer, which may deny, pend, reduce or note.",
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
    looks_at: &[
        Fact::Policies,
        Fact::Diagnoses,
        Fact::Procedure,
        Fact::Modifiers,
        Fact::PlanInForce,
        Fact::PatientAge,
        Fact::PatientSex,
        Fact::Units,
        Fact::Place,
        Fact::RenderingProvider,
        Fact::Authorization,
        Fact::History,
        Fact::DocumentsReceived,
    ],
    check: Check::Line(check),
};

/// A notice that the patient signed is on file.
const NOTICE: &str = "GA";
/// A denial is expected, and there is no notice.
const NO_NOTICE: &str = "GZ";
/// Why a claim waits that a policy wants looked at.
const REVIEW: &str = "medical review";

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let mut findings: Vec<Finding> =
        policy::look(case, proceedings, service).map(|look| of_policy(case, &look, service)).collect();
    match (findings.pop(), findings.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            findings.push(last);
            Finding::Several(findings)
        }
        (None, _) => no_notice(service),
    }
}

/// What comes of a line, with the version of the policy by which it comes.
fn of_policy(case: &Case<'_>, look: &Look<'_>, service: &Service<'_>) -> Finding {
    let (Look::Unmet(policy, _) | Look::Unknown(policy, _)) = look;
    let version = PolicyVersion { policy_id: policy.policy_id.clone(), from: policy.period.from };
    Finding::OfPolicy(Box::new(version), Box::new(finding(case, look, service)))
}

/// What comes of a line that does not meet a policy.
fn finding(case: &Case<'_>, look: &Look<'_>, service: &Service<'_>) -> Finding {
    let (policy, asked) = match look {
        Look::Unmet(policy, asked) => (*policy, asked),
        Look::Unknown(policy, asked) => {
            return Finding::Note(format!("Whether {policy} is met cannot be known: it asks for {asked}."));
        }
    };
    let (line, billed) = (service.line, service.line.billed());
    let told = |does: &str| {
        let mut words = format!("{policy} {does}: {asked}.");
        for more in [&policy.rationale, &policy.href].into_iter().filter(|more| !more.is_empty()) {
            words.extend([" ", more]);
        }
        words
    };
    match &policy.finding {
        PolicyFinding::Deny { group, carc, rarcs, patient_with_notice } => {
            let noticed = *patient_with_notice && line.has_modifier(NOTICE);
            let group = if noticed { Group::PatientResponsibility } else { *group };
            let mut words = told(&format!("does not cover {billed}"));
            if noticed {
                words.push_str(" The patient was told so beforehand (GA).");
            }
            Finding::Deny(Denial { group, carc: *carc, rarcs: rarcs.clone(), words })
        }
        PolicyFinding::Pend(wanted) => {
            Finding::Pend(REVIEW, format!("{} {wanted}", told(&format!("wants {billed} looked at"))))
        }
        PolicyFinding::Records(records) => of_records(case, service, policy, records, &told),
        PolicyFinding::Reduce { carc, rarcs, to } => {
            let (carc, rarcs, policy_id) = (*carc, rarcs.clone(), policy.policy_id.clone());
            let cut = Cut { line: service.at, carc, rarcs, to: *to, policy_id };
            Finding::Reduce(cut, told(&format!("pays less for {billed}")))
        }
        PolicyFinding::Note(note) => Finding::Note(format!("{} {note}", told(&format!("has a word on {billed}")))),
    }
}

/// What comes of a line whose records a policy asks for: they are asked for; once they are there they are looked at, where it says so.
fn of_records(
    case: &Case<'_>,
    service: &Service<'_>,
    policy: &MedicalPolicy,
    records: &PolicyRecords,
    told: &impl Fn(&str) -> String,
) -> Finding {
    let billed = service.line.billed();
    let source = &policy.policy_id;
    let requested = case.file.documents.requested.iter().filter(|asked| asked.source == *source);
    let answers = |document: &Document| requested.clone().any(|asked| asked.id == document.answers);
    let there = documents::came(&case.file.documents.received, &records.asking.wants, answers) == Came::All;
    let asked = documents::asked(case, service, source);
    if !there && !asked {
        let due = plus_days(case.file.processed, records.days);
        let asked = documents::ask(case, service, source, &records.asking, due).unwrap_or(Finding::Pass);
        return match asked {
            Finding::Await(awaited, words) => {
                Finding::Await(awaited, format!("{} {words}", told(&format!("wants records of {billed}"))))
            }
            other => other,
        };
    }
    if records.review.is_empty() || !there {
        return Finding::Note(told(&format!("had records of {billed} asked for")));
    }
    Finding::Pend(REVIEW, format!("{} {}", told(&format!("has the records of {billed} looked at")), records.review))
}

fn no_notice(service: &Service<'_>) -> Finding {
    let medicare = service.cover.is_some_and(|cover| cover.plan.medicare);
    if medicare && service.line.has_modifier(NO_NOTICE) {
        let words = "Modifier GZ: the provider expects a denial and gave no notice.";
        return Finding::Deny(Denial::contractual(carc("50"), words));
    }
    Finding::Pass
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::code_list::Starts;
    use crate::domain::codes::{DiagnosisCode, Modifier, rarc};
    use crate::domain::institutional::CodeSet;
    use crate::domain::member::CodeRanges;
    use crate::domain::policy::{Condition, DiagnosesOf, MedicalPolicies, ReducedTo};

    /// Brain MRI is covered for headache (R51) and multiple sclerosis (G35).
    fn brain_mri() -> MedicalPolicy {
        let starts = Starts::new(vec!["R51".into(), "G35".into()]);
        MedicalPolicy {
            policy_id: "MP-1".into(),
            title: "Brain MRI".into(),
            period: Period::since(date(2026, 1, 1)),
            rank: 0,
            plans: vec![],
            procedures: CodeRanges::parse(["70551-70553"]).unwrap(),
            revenue_codes: CodeSet::default(),
            bills: Starts::default(),
            applies: vec![],
            requires: vec![Condition::Diagnoses(DiagnosesOf::Line, starts)],
            finding: deny(Group::ContractualObligation, "50", &["N115"]),
            rationale: String::new(),
            href: String::new(),
        }
    }

    fn deny(group: Group, code: &str, remarks: &[&str]) -> PolicyFinding {
        let rarcs = remarks.iter().copied().map(rarc).collect();
        PolicyFinding::Deny { group, carc: carc(code), rarcs, patient_with_notice: true }
    }

    /// A brain MRI of 800.00 for low back pain, under these policies.
    fn claim(policies: Vec<MedicalPolicy>) -> ClaimFile {
        let mut file = example::office_visit();
        file.claim.lines = vec![example::line("70551", 80_000)];
        example::payer(&mut file).policies = MedicalPolicies::new(policies);
        file
    }

    #[test]
    fn a_service_is_paid_for_one_of_the_policys_diagnoses_and_denied_without() {
        let mut file = claim(vec![brain_mri()]);
        assert_eq!(example::denial(&file), "CO-50 N115");
        let words = "MP-1 (Brain MRI, since 2026-01-01) does not cover 70551: it asks for a diagnosis of G35, R51, and the line is for M5450.";
        assert_eq!(example::words(&file, "medical-policy"), words);
        file.claim.diagnoses.push(DiagnosisCode::new("R519"));
        assert_eq!(example::denial(&file), "CO-50 N115", "the line does not point to it");
        file.claim.lines[0].pointers = vec![0, 1];
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn a_signed_notice_makes_the_patient_liable_and_an_expected_denial_does_not() {
        let mut file = claim(vec![brain_mri()]);
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
    fn a_policy_holds_for_its_plans_procedures_bills_and_days_only() {
        let changes: [fn(&mut MedicalPolicy); 5] = [
            |policy| policy.plans = vec!["hmo".into()],
            |policy| policy.procedures = CodeRanges::parse(["70552"]).unwrap(),
            |policy| policy.period = Period::since(date(2026, 3, 3)),
            |policy| policy.revenue_codes = CodeSet::parse(["0610-0619"], 4).unwrap(),
            |policy| policy.bills = Starts::new(vec!["13".into()]),
        ];
        for change in changes {
            let mut policy = brain_mri();
            change(&mut policy);
            assert_eq!(example::denial(&claim(vec![policy])), "");
        }
    }

    /// Two of one rank: the id decides, in whichever order they were written; a lower rank goes before both.
    #[test]
    fn of_several_policies_the_lowest_rank_reports_then_the_first_id() {
        let other = |policy_id: &str, rank, code| {
            let finding = deny(Group::ContractualObligation, code, &[]);
            MedicalPolicy { policy_id: policy_id.into(), rank, finding, ..brain_mri() }
        };
        let (b, c) = (other("MP-2", 0, "11"), other("MP-3", 0, "150"));
        assert_eq!(decided(vec![c.clone(), b.clone()]), ["11 by MP-2", "150 by MP-3"]);
        assert_eq!(decided(vec![b.clone(), c.clone()]), ["11 by MP-2", "150 by MP-3"]);
        assert_eq!(decided(vec![b, c, other("MP-9", -1, "151")])[0], "151 by MP-9");
    }

    /// The reasons in the order of the trace, the first as the ledger has it.
    fn decided(policies: Vec<MedicalPolicy>) -> Vec<String> {
        let reasons: Vec<(String, String)> = policies
            .iter()
            .map(|policy| match &policy.finding {
                PolicyFinding::Deny { carc, .. } => (policy.policy_id.clone(), carc.to_string()),
                _ => Default::default(),
            })
            .collect();
        let decided = crate::adjudication::adjudicate(&claim(policies));
        let steps = decided.steps.iter().filter(|step| step.id == "medical-policy");
        let told: Vec<String> = steps
            .map(|step| {
                let (id, code) = reasons.iter().find(|(id, _)| step.words.starts_with(id.as_str())).unwrap();
                format!("{code} by {id}")
            })
            .collect();
        let first = decided.lines[0].ledger.adjustments().last().unwrap().carc.to_string();
        assert!(told[0].starts_with(&first), "{told:?}");
        told
    }

    #[test]
    fn a_policy_may_pend_a_claim_or_only_say_a_word() {
        let with = |finding| claim(vec![MedicalPolicy { finding, ..brain_mri() }]);
        let pended = example::decide(&with(PolicyFinding::Pend("Send the records.".into())));
        assert_eq!(pended.pend, Some("medical review"));
        let noted = with(PolicyFinding::Note("Headache is the usual reason.".into()));
        assert_eq!(example::denial(&noted), "");
        assert!(example::words(&noted, "medical-policy").ends_with(" Headache is the usual reason."));
    }

    /// 800.00 allowed: 75 percent are 600.00, 200.00 go under 150; of 4 units, 3 are 600.00 too.
    #[test]
    fn a_policy_may_have_a_part_of_the_allowed_amount_paid_or_so_many_units() {
        for (to, units) in [(ReducedTo::Part("0.75".parse().unwrap()), 4), (ReducedTo::Units(3.into()), 3)] {
            let finding = PolicyFinding::Reduce { carc: carc("150"), rarcs: vec![rarc("N362")], to };
            let mut file = claim(vec![MedicalPolicy { finding, ..brain_mri() }]);
            file.claim.lines[0].units = 4.into();
            let line = &example::decide(&file).lines[0];
            let told: Vec<String> =
                line.ledger.adjustments().iter().map(|a| format!("{}-{} {}", a.group, a.carc, a.amount)).collect();
            assert_eq!((told.as_slice(), line.ledger.paid().cents()), (&["CO-150 200.00".to_owned()][..], 60_000));
            assert_eq!((line.allowed.cents(), line.paid_units), (60_000, units.into()));
        }
    }
}
