//! Overlapping stay: nights in hospital that another bill was paid for: this hospital's (B13), or another's (B20).
//!
//! The day of discharge is no night, so a transfer of that day overlaps nothing. Bills of parts of a stay are left to the edit
//! on those. Asked by Original Medicare, and by plans that say so.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Reason};
use crate::domain::codes::{Code, carc};
use crate::domain::dates::{Date, Period, date, plus_days};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "overlapping-stay",
    summary: "A stay in hospital on nights that another bill was paid for.",
    reasons: &[
        Reason::contractual("B13", "M86", "the hospital was paid for these nights before"),
        Reason::contractual("B20", "N347", "another hospital was paid for these nights"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "Medicare Claims Processing Manual, chapter 3, section 40 (bills of inpatients)",
            href: CLAIMS_MANUAL,
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::TypeOfBill, Fact::AdmissionData, Fact::BillingProvider, Fact::History, Fact::PlanInForce],
    check: Check::Claim(check),
};

fn check(case: &Case<'_>) -> Finding {
    let Some(facility) = &case.file.claim.institutional else { return Finding::Pass };
    let asked = || {
        let plan = case.services.iter().find_map(|service| service.cover).map(|cover| cover.plan);
        plan.is_some_and(|plan| plan.medicare || plan.claim_checks.overlapping_stays)
    };
    if !facility.bill.is_hospital_inpatient() || case.history.is_empty() || !asked() {
        return Finding::Pass;
    }
    let own = nights(facility.from, facility.through, facility.patient_status);
    let in_parts = matches!(facility.bill.frequency(), "2" | "3" | "4");
    for past in &case.history {
        let Some(statement) = past.claim.statement else { continue };
        let Some(bill) = past.bill.filter(|bill| bill.is_hospital_inpatient() && !past.denied) else { continue };
        let same_hospital = past.billing_npi == case.file.claim.billing_npi;
        let part = same_hospital && (in_parts || bill.is_interim());
        let others = nights(statement.from, statement.through, statement.patient_status);
        if part || own.0 >= others.1 || others.0 >= own.1 {
            continue;
        }
        let whose = if same_hospital { "This hospital" } else { "Another hospital" };
        let words = format!(
            "{whose} was paid for nights from {} to {} on claim {}; this bill is for {} to {}.",
            statement.from, statement.through, past.control_number, facility.from, facility.through
        );
        let (code, remark) = if same_hospital { ("B13", "M86") } else { ("B20", "N347") };
        return Finding::Deny(Denial::contractual(carc(code), words).remark(remark));
    }
    Finding::Pass
}

/// The first day and the first day after the nights.
fn nights(from: Date, through: Date, status: Code<2>) -> (Date, Date) {
    let stays_on = status.as_str() == "30" || from == through;
    (from, if stays_on { plus_days(through, 1) } else { through })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::example;
    use crate::domain::determination::{EarlierClaim, Statement};
    use crate::domain::institutional::TypeOfBill;

    /// The stay of 2 to 5 March after a paid one of these days.
    fn denial(from: Date, through: Date, same_hospital: bool) -> String {
        let mut file = example::hospital_stay();
        example::plan(&mut file).claim_checks.overlapping_stays = true;
        let mut past = example::earlier(&file);
        past.bill = Some(TypeOfBill::new("111"));
        (past.from, past.through) = (from, through);
        past.charge = crate::domain::money::Money::from_cents(1);
        if !same_hospital {
            past.billing_npi = example::STRANGER;
            past.rendering_npi = example::STRANGER;
        }
        past.claim = Arc::new(EarlierClaim {
            statement: Some(Statement { from, through, admission: Some(from), patient_status: Code::new("01") }),
            ..EarlierClaim::default()
        });
        file.history = vec![past].into();
        example::claim_denial(&file)
    }

    #[test]
    fn a_night_is_paid_once() {
        assert_eq!(denial(date(2026, 2, 27), date(2026, 3, 3), true), "CO-B13 M86");
        assert_eq!(denial(date(2026, 3, 4), date(2026, 3, 9), false), "CO-B20 N347");
    }

    #[test]
    fn who_is_discharged_and_admitted_elsewhere_on_a_day_has_two_stays() {
        assert_eq!(denial(date(2026, 2, 27), date(2026, 3, 2), false), "");
        assert_eq!(denial(date(2026, 3, 5), date(2026, 3, 9), false), "");
    }
}
