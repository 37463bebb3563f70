//! Payment window: a hospital's outpatient services just before its own inpatient stay, which the stay's payment includes.
//!
//! Three days before the admission for hospitals under the prospective payment system, one for psychiatric, rehabilitation,
//! long-term and children's hospitals, none for critical access hospitals. Tests always; other services too, unless condition
//! code 51 says that they are unrelated; never ambulances and dialysis. Days of the stay itself count as well.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{RevenueCode, carc};
use crate::domain::dates::{Date, Period, date, days_between};
use crate::domain::determination::{Citation, HistoryLine};
use crate::domain::institutional::Institutional;

pub(super) const EDIT: Edit = Edit {
    id: "payment-window",
    summary: "The hospital's outpatient service lies within the payment window of its inpatient stay.",
    reasons: &[Reason::contractual("60", "", "the payment for the stay includes it")],
    effective: Period::since(date(2010, 6, 25)),
    authority: &[Citation {
        title: "42 CFR 412.2(c)(5) (three-day payment window)",
        href: "https://www.ecfr.gov/current/title-42/section-412.2",
    }],
    looks_at: &[
        Fact::TypeOfBill,
        Fact::RevenueCode,
        Fact::ServiceDates,
        Fact::BillingProvider,
        Fact::History,
        Fact::PlanInForce,
    ],
    check: Check::Line(check),
};

/// Starts of revenue codes of diagnostic services (Medicare Claims Processing Manual, chapter 3, section 40.3).
const DIAGNOSTIC: [&str; 22] = [
    "0254", "0255", "030", "031", "032", "0341", "0343", "035", "0371", "0372", "040", "046", "0471", "0481", "0482",
    "0483", "053", "061", "062", "073", "074", "092",
];

/// Ambulance; dialysis.
const OUTSIDE: [&str; 5] = ["054", "082", "083", "084", "085"];

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(facility) = &case.file.claim.institutional else { return Finding::Pass };
    if case.history.is_empty() || !service.cover.is_some_and(|cover| cover.plan.medicare) {
        return Finding::Pass;
    }
    let Some(window) = window(case) else { return Finding::Pass };
    let line = service.line;
    let own = |past: &&&HistoryLine| !past.denied && past.billing_npi == case.file.claim.billing_npi;
    let history = || case.history.iter().filter(own);
    match facility.bill.kind() {
        "11" if service.at == 0 => {
            let before = |past: &&&HistoryLine| {
                past.bill.is_some_and(|bill| matches!(bill.kind(), "13" | "14"))
                    && is_within(past.revenue, past.from, admission(facility), facility.through, window)
            };
            history().find(before).map_or(Finding::Pass, |past| {
                Finding::Note(format!(
                    "Claim {} was paid for outpatient services of {} by this hospital, within {window} days before the \
                     admission: they belong on this bill unless they were unrelated.",
                    past.control_number, past.from
                ))
            })
        }
        "13" | "14" => {
            let unrelated = facility.has_condition("51") && !is_diagnostic(line.revenue);
            let stay = history().filter(|_| !unrelated).find_map(|past| {
                let statement =
                    past.claim.statement.filter(|_| past.bill.is_some_and(|bill| bill.is_hospital_inpatient()))?;
                let admitted = statement.admission.unwrap_or(statement.from);
                is_within(line.revenue, line.from, admitted, statement.through, window).then_some((past, admitted))
            });
            let Some((past, admitted)) = stay else { return Finding::Pass };
            let words = format!(
                "The service of {} lies within {window} days before the admission of {admitted} to the same hospital (claim {}), \
                 or in that stay, whose payment includes it.",
                line.from, past.control_number
            );
            Finding::Deny(Denial::contractual(carc("60"), words))
        }
        _ => Finding::Pass,
    }
}

fn admission(facility: &Institutional) -> Date {
    facility.admission.unwrap_or(facility.from)
}

fn is_within(revenue: RevenueCode, day: Date, admitted: Date, through: Date, window: i32) -> bool {
    let outside = OUTSIDE.iter().any(|start| revenue.as_str().starts_with(start));
    !outside && days_between(day, admitted) <= window && (day < through || day <= admitted)
}

fn is_diagnostic(revenue: RevenueCode) -> bool {
    DIAGNOSTIC.iter().any(|start| revenue.as_str().starts_with(start))
}

/// Days before the admission, by the kind of hospital; `None`: there is no window.
fn window(case: &Case<'_>) -> Option<i32> {
    let taxonomy = case.billing.map_or("", |hospital| hospital.taxonomy.as_str());
    if taxonomy == "282NC0060X" {
        return None;
    }
    let excluded = ["283", "281P", "282E", "282NC2000X"].iter().any(|start| taxonomy.starts_with(start));
    Some(if excluded { 1 } else { 3 })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::Code;
    use crate::domain::dates::plus_days;
    use crate::domain::determination::{EarlierClaim, Statement};
    use crate::domain::institutional::TypeOfBill;

    /// A laboratory test on 2026-03-02, so many days before the admission to the same hospital for three nights.
    fn before_admission(days: i32) -> ClaimFile {
        let mut file = example::facility_bill("131");
        example::plan(&mut file).medicare = true;
        let admitted = plus_days(example::VISIT, days);
        let mut past = example::earlier(&file);
        (past.from, past.through, past.revenue) = (admitted, admitted, RevenueCode::new("0120"));
        past.bill = Some(TypeOfBill::new("111"));
        past.procedure = crate::domain::codes::ProcedureCode::NONE;
        past.claim = Arc::new(EarlierClaim {
            statement: Some(Statement {
                from: admitted,
                through: plus_days(admitted, 3),
                admission: Some(admitted),
                patient_status: Code::new("01"),
            }),
            ..EarlierClaim::default()
        });
        file.history = vec![past].into();
        file
    }

    #[test]
    fn three_days_before_the_admission_belong_to_the_stay_and_four_do_not() {
        let denial = |days| example::denial(&before_admission(days));
        assert_eq!([denial(4), denial(3), denial(0), denial(-2), denial(-3)], ["", "CO-60", "CO-60", "CO-60", ""]);
    }

    #[test]
    fn other_hospitals_and_other_plans_have_windows_of_their_own_or_none() {
        let mut file = before_admission(2);
        file.providers[0].taxonomy = "283Q00000X".into();
        assert_eq!(example::denial(&file), "");
        let mut file = before_admission(2);
        example::plan(&mut file).medicare = false;
        assert_eq!(example::denial(&file), "");
        let mut file = before_admission(2);
        Arc::make_mut(&mut file.history)[0].billing_npi = example::STRANGER;
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn condition_code_51_frees_what_is_no_test() {
        let denial = |revenue| {
            let mut file = before_admission(1);
            file.claim.lines[0].revenue = RevenueCode::new(revenue);
            file.claim.institutional.as_mut().unwrap().conditions = vec![Code::new("51")];
            example::denial(&file)
        };
        assert_eq!([denial("0510"), denial("0300")], ["", "CO-60"]);
    }

    #[test]
    fn a_stay_after_outpatient_services_is_paid_with_a_note() {
        let mut file = example::hospital_stay();
        example::plan(&mut file).medicare = true;
        let mut past = example::earlier(&file);
        past.bill = Some(TypeOfBill::new("131"));
        past.revenue = RevenueCode::new("0300");
        past.from = plus_days(example::VISIT, -2);
        file.history = vec![past].into();
        assert_eq!(example::claim_denial(&file), "");
        assert!(
            example::words(&file, "payment-window").contains("claim")
                || !example::words(&file, "payment-window").is_empty()
        );
    }
}
