//! Nursing stay: a nursing facility billed a stay over the day, and its payment includes the service.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::claim_rules::ServiceNeed;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::{Citation, HistoryLine};

pub(super) const EDIT: Edit = Edit {
    id: "nursing-stay",
    summary: "The patient was in a nursing facility that day, whose payment for the stay includes the service.",
    reasons: &[Reason::contractual("190", "N106 N107", "the provider is paid by the nursing facility")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 411.15(p) (services to residents of a skilled nursing facility)",
            href: "https://www.ecfr.gov/current/title-42/section-411.15",
        },
        Citation {
            title: "Medicare Claims Processing Manual, chapter 6, section 10 (consolidated billing)",
            href: CLAIMS_MANUAL,
        },
    ],
    looks_at: &[Fact::Procedure, Fact::ServiceDates, Fact::History],
    check: Check::Line(check),
};

/// Stays of a nursing facility and in swing beds.
const STAYS: [&str; 2] = ["21", "18"];

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    if service.needs(ServiceNeed::NoNursingStay).is_none() {
        return Finding::Pass;
    }
    let (line, claim) = (service.line, &case.file.claim);
    let inpatient = claim.institutional.as_ref().is_some_and(|facility| facility.bill.is_inpatient());
    let over = |stay: &&&HistoryLine| {
        let nursing = stay.bill.is_some_and(|bill| STAYS.contains(&bill.kind()));
        // On the day of discharge the patient is nobody's resident any more.
        nursing && !stay.denied && stay.from <= line.from && line.from < stay.through
    };
    let Some(stay) = case.history.iter().find(over).filter(|_| !inpatient) else { return Finding::Pass };
    let words = format!(
        "{} lies in the stay of {} to {} that {} billed ({}): its payment includes {}.",
        line.from,
        stay.from,
        stay.through,
        stay.billing_npi,
        stay.control_number,
        line.billed()
    );
    let remark = if claim.institutional.is_some() { "N107" } else { "N106" };
    Finding::Deny(Denial::contractual(carc("190"), words).remark(remark))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::institutional::TypeOfBill;

    /// A nursing facility billed 1 to 5 March 2026; the claim is for 2 March.
    fn in_a_stay(mut file: ClaimFile) -> ClaimFile {
        example::asks(&mut file).needs = vec![ServiceNeed::NoNursingStay];
        let mut stay = example::earlier(&file);
        stay.bill = Some(TypeOfBill::new("211"));
        stay.billing_npi = example::STRANGER;
        (stay.from, stay.through) = (date(2026, 3, 1), date(2026, 3, 5));
        stay.procedure = crate::domain::codes::ProcedureCode::NONE;
        file.history = vec![stay].into();
        file
    }

    #[test]
    fn what_a_stay_includes_is_not_paid_beside_it() {
        assert_eq!(example::denial(&in_a_stay(example::office_visit())), "CO-190 N106");
        assert_eq!(example::denial(&in_a_stay(example::facility_bill("131"))), "CO-190 N107");
    }

    #[test]
    fn on_the_day_of_discharge_the_stay_is_over() {
        let mut file = in_a_stay(example::office_visit());
        let line = &mut file.claim.lines[0];
        (line.from, line.through) = (date(2026, 3, 5), date(2026, 3, 5));
        assert_eq!(example::denial(&file), "");
    }
}
