//! Consolidated billing: services to a patient of a nursing facility's covered stay, which only the facility may bill.
//!
//! Tests and the technical part of images, therapy and equipment are the facility's; visits, what physicians read, operations
//! and ambulances are not. Asked of professional claims; what hospitals may bill for such patients is not looked at.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::claim::ServiceLine;
use crate::domain::codes::carc;
use crate::domain::dates::{Date, Period, date};
use crate::domain::determination::{Citation, Statement};

pub(super) const EDIT: Edit = Edit {
    id: "consolidated-billing",
    summary: "The patient was in a covered stay of a nursing facility, which alone may bill the service.",
    reasons: &[Reason::contractual("190", "N106", "the nursing facility pays for it out of its own payment")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "42 CFR 411.15(p) (services to residents of skilled nursing facilities)",
        href: "https://www.ecfr.gov/current/title-42/section-411.15",
    }],
    looks_at: &[Fact::Procedure, Fact::Modifiers, Fact::ServiceDates, Fact::History, Fact::PlanInForce],
    check: Check::Line(check),
};

/// Types of bill of a nursing facility's covered stays: its own, and swing beds.
const STAYS: [&str; 2] = ["21", "18"];

/// Codes of tests, images and therapy.
const OF_THE_FACILITY: [(&str, &str); 4] =
    [("70010", "79999"), ("80047", "89398"), ("92507", "92526"), ("97010", "97799")];

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let line = service.line;
    if case.history.is_empty()
        || case.file.claim.institutional.is_some()
        || !service.cover.is_some_and(|cover| cover.plan.medicare)
        || !is_of_the_facility(line)
    {
        return Finding::Pass;
    }
    let stay = case.history.iter().find(|past| {
        !past.denied
            && past.bill.is_some_and(|bill| STAYS.contains(&bill.kind()))
            && past.claim.statement.is_some_and(|statement| is_there(&statement, line.from))
    });
    stay.map_or(Finding::Pass, |past| {
        let words = format!(
            "The patient was in a nursing facility on {} (claim {}): {} is billed to the facility.",
            line.from, past.control_number, line.procedure
        );
        Finding::Deny(Denial::contractual(carc("190"), words).remark("N106"))
    })
}

/// Whether the patient spends the night of the day there.
fn is_there(statement: &Statement, day: Date) -> bool {
    let stays_on = statement.patient_status.as_str() == "30";
    statement.from <= day && (day < statement.through || (stays_on && day == statement.through))
}

fn is_of_the_facility(line: &ServiceLine) -> bool {
    let code = line.procedure.as_str();
    let equipment = code.starts_with('E');
    let listed = OF_THE_FACILITY.iter().any(|(first, last)| (*first..=*last).contains(&code));
    (equipment || listed) && !line.has_modifier("26")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::example;
    use crate::domain::codes::Code;
    use crate::domain::determination::EarlierClaim;
    use crate::domain::institutional::TypeOfBill;

    /// A service of 2026-03-02 to a patient of a nursing facility from 20 February through that day.
    fn denial(code: &str, modifiers: &str, through: Date, medicare: bool) -> String {
        let mut file = example::office_visit();
        example::plan(&mut file).medicare = medicare;
        example::payer(&mut file).procedures.complete = false;
        let mut past = example::earlier(&file);
        past.billing_npi = example::STRANGER;
        past.rendering_npi = example::STRANGER;
        past.bill = Some(TypeOfBill::new("211"));
        past.claim = Arc::new(EarlierClaim {
            statement: Some(Statement {
                from: date(2026, 2, 20),
                through,
                admission: None,
                patient_status: Code::new("01"),
            }),
            ..EarlierClaim::default()
        });
        file.history = vec![past].into();
        file.claim.lines = vec![example::modified(example::line(code, 10_000), modifiers)];
        example::denial(&file)
    }

    #[test]
    fn tests_and_therapy_are_the_facilitys_until_the_day_of_discharge() {
        assert_eq!(denial("80053", "", date(2026, 3, 3), true), "CO-190 N106");
        assert_eq!(denial("97110", "", date(2026, 3, 3), true), "CO-190 N106");
        assert_eq!(denial("80053", "", date(2026, 3, 2), true), "");
    }

    #[test]
    fn visits_readings_and_other_plans_are_not() {
        assert_eq!(denial("99213", "", date(2026, 3, 3), true), "");
        assert_eq!(denial("71046", "26", date(2026, 3, 3), true), "");
        assert_eq!(denial("80053", "", date(2026, 3, 3), false), "");
    }
}
