//! Readmission: a stay in the same hospital for the same illness so soon after a discharge that the first payment is for both.
//!
//! How soon is the plan's setting; Original Medicare combines those of the same day. The illness is the category (three
//! characters) of the principal diagnosis. Condition code B4 says that it was another one; a discharge with a readmission
//! planned (status 81 to 95), to another facility or against advice is none that it is held against.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Reason};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date, days_between};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "readmission",
    summary: "A readmission for the same illness, which the payment for the first stay includes.",
    reasons: &[Reason::contractual("249", "N561", "the hospital bears what follows too early a discharge")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "Medicare Claims Processing Manual, chapter 3, section 40.2.5 (repeat admissions)",
            href: CLAIMS_MANUAL,
        },
        Citation::PLAN,
    ],
    looks_at: &[
        Fact::TypeOfBill,
        Fact::AdmissionData,
        Fact::Diagnoses,
        Fact::BillingProvider,
        Fact::History,
        Fact::PlanInForce,
    ],
    check: Check::Claim(check),
};

/// Home, and home under home health care.
const HOME: [&str; 2] = ["01", "06"];

fn check(case: &Case<'_>) -> Finding {
    let Some(facility) = &case.file.claim.institutional else { return Finding::Pass };
    if !facility.bill.is_hospital_inpatient() || case.history.is_empty() || facility.has_condition("B4") {
        return Finding::Pass;
    }
    let Some(plan) = case.services.iter().find_map(|service| service.cover).map(|cover| cover.plan) else {
        return Finding::Pass;
    };
    let Some(most) = plan.claim_checks.readmission_days.or(plan.medicare.then_some(0)) else { return Finding::Pass };
    let admitted = facility.admission.unwrap_or(facility.from);
    let illness = |codes: &[crate::domain::codes::DiagnosisCode]| {
        codes.first().and_then(|code| code.as_str().get(..3).map(str::to_owned))
    };
    let own = illness(&case.file.claim.diagnoses);
    let first = case.history.iter().find_map(|past| {
        let statement = past.claim.statement?;
        let days = days_between(statement.through, admitted);
        let same =
            past.billing_npi == case.file.claim.billing_npi && past.bill.is_some_and(|b| b.is_hospital_inpatient());
        let home = HOME.contains(&statement.patient_status.as_str());
        let found = same && home && !past.denied && (0..=most).contains(&days);
        (found && illness(&past.claim.diagnoses) == own).then_some((past, statement.through, days))
    });
    let Some((past, discharged, days)) = first else { return Finding::Pass };
    let words = format!(
        "Discharged on {discharged} (claim {}), the patient was admitted again after {days} days for the same illness ({}); \
         within {most} days one payment is for both stays.",
        past.control_number,
        own.unwrap_or_default()
    );
    Finding::Deny(Denial::contractual(carc("249"), words).remark("N561"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::{Code, DiagnosisCode};
    use crate::domain::dates::plus_days;
    use crate::domain::determination::{EarlierClaim, Statement};
    use crate::domain::institutional::TypeOfBill;

    /// The appendix of 2 March, so many days after a discharge with this status and diagnosis; thirty days are set.
    fn readmitted(days: i32, status: &str, diagnosis: &str) -> ClaimFile {
        let mut file = example::hospital_stay();
        example::plan(&mut file).claim_checks.readmission_days = Some(30);
        let through = plus_days(example::VISIT, -days);
        let from = plus_days(through, -2);
        let mut past = example::earlier(&file);
        past.bill = Some(TypeOfBill::new("111"));
        (past.from, past.through) = (from, through);
        past.claim = Arc::new(EarlierClaim {
            diagnoses: vec![DiagnosisCode::new(diagnosis)],
            statement: Some(Statement { from, through, admission: Some(from), patient_status: Code::new(status) }),
            ..EarlierClaim::default()
        });
        file.history = vec![past].into();
        file
    }

    #[test]
    fn the_thirtieth_day_counts_and_the_thirty_first_does_not() {
        assert_eq!(example::claim_denial(&readmitted(30, "01", "K3580")), "CO-249 N561");
        assert_eq!(example::claim_denial(&readmitted(31, "01", "K3580")), "");
        assert_eq!(example::claim_denial(&readmitted(0, "01", "K3589")), "CO-249 N561", "the same category");
    }

    #[test]
    fn another_illness_a_plan_and_condition_code_b4_make_it_a_stay_of_its_own() {
        assert_eq!(example::claim_denial(&readmitted(9, "01", "I10")), "");
        assert_eq!(example::claim_denial(&readmitted(9, "81", "K3580")), "");
        let mut file = readmitted(9, "01", "K3580");
        file.claim.institutional.as_mut().unwrap().conditions = vec![Code::new("B4")];
        assert_eq!(example::claim_denial(&file), "");
    }

    #[test]
    fn without_a_setting_only_medicare_combines_and_only_those_of_the_day() {
        let denial = |days, medicare| {
            let mut file = readmitted(days, "01", "K3580");
            example::plan(&mut file).claim_checks.readmission_days = None;
            example::plan(&mut file).medicare = medicare;
            example::claim_denial(&file)
        };
        assert_eq!([denial(0, true), denial(1, true), denial(0, false)], ["CO-249 N561", "", ""]);
    }
}
