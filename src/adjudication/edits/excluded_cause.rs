//! Excluded cause: the claim tells of a cause of illness or injury that the plan excludes, such as war.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::claim_rules::starts_with_any;
use crate::domain::codes::{Carc, DiagnosisCode, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::plan::Plan;

pub(super) const EDIT: Edit = Edit {
    id: "excluded-cause",
    summary: "The illness or injury has a cause that the plan or the law excludes: war, terrorism or an activity.",
    reasons: &[
        Reason::patient("157", "", "the plan does not insure it, so the patient pays"),
        Reason::patient("159", "", "the plan does not insure it, so the patient pays"),
        Reason::patient("160", "", "the plan does not insure it, so the patient pays"),
    ],
    effective: Period::since(date(2015, 10, 1)),
    authority: &[
        Citation {
            title: "42 CFR 411.10 (services required as a result of war)",
            href: "https://www.ecfr.gov/current/title-42/section-411.10",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::PlanInForce, Fact::Diagnoses],
    check: Check::Line(check),
};

/// ICD-10-CM Y36: operations of war.
const WAR: &str = "Y36";

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(plan) = service.cover.map(|cover| cover.plan) else { return Finding::Pass };
    if !plan.medicare && plan.provisions.excluded_causes.is_empty() {
        return Finding::Pass;
    }
    let claim = &case.file.claim;
    let of_facility = claim.institutional.iter().flat_map(|facility| &facility.external_causes);
    let found = claim.diagnoses.iter().chain(of_facility).find_map(|cause| Some((cause, excluded(plan, *cause)?)));
    let Some((cause, reason)) = found else { return Finding::Pass };
    let words = format!("Plan {} excludes what {cause} caused.", plan.plan_id);
    Finding::Deny(Denial::patient(reason, words))
}

/// The reason by which the plan or the law excludes the cause.
fn excluded(plan: &Plan, cause: DiagnosisCode) -> Option<Carc> {
    if plan.medicare && cause.as_str().starts_with(WAR) {
        return Some(carc("157"));
    }
    let causes = &plan.provisions.excluded_causes;
    causes.iter().find(|(starts, _)| starts_with_any(cause.as_str(), starts)).map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn a_plan_excludes_the_causes_that_it_names() {
        let mut file = example::office_visit();
        assert_eq!(example::denial(&file), "");
        for reason in ["157", "159", "160"] {
            let causes = vec![(vec!["M54".to_owned()], carc(reason))];
            example::plan(&mut file).provisions.excluded_causes = causes;
            assert_eq!(example::denial(&file), format!("PR-{reason}"));
        }
        example::plan(&mut file).provisions.excluded_causes[0].0 = vec!["M55".to_owned()];
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn medicare_excludes_war_by_law() {
        let plan = example::plan(&mut example::office_visit()).clone();
        let medicare = Plan { medicare: true, ..plan.clone() };
        assert_eq!(excluded(&medicare, DiagnosisCode::new("Y36200A")), Some(carc("157")));
        assert_eq!(excluded(&plan, DiagnosisCode::new("Y36200A")), None);
    }
}
