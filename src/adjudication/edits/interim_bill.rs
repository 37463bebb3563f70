//! Interim bill: a part of a stay, where the payer pays the stay as a whole.
//!
//! Medicare pays the group for the first sixty nights of a long stay; each later bill is for the whole stay so far and takes the
//! place of the one before, so continuing and last bills (frequency 3 and 4) are never right.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Reason};
use crate::adjudication::pricing::Method;
use crate::adjudication::pricing::facility::FacilityMethod;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::ipps::INTERIM_BILL_NIGHTS;

pub(super) const EDIT: Edit = Edit {
    id: "interim-bill",
    summary: "The bill is for a part of a stay that is paid as a whole.",
    reasons: &[Reason::contractual("135", "", "the provider bills the stay as a whole")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "Medicare Claims Processing Manual, chapter 1, section 50.2 (frequency of billing)",
            href: CLAIMS_MANUAL,
        },
        Citation {
            title: "Medicare Claims Processing Manual, chapter 3, section 50 (bills of long stays)",
            href: CLAIMS_MANUAL,
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::TypeOfBill, Fact::AdmissionData, Fact::ServiceDates],
    check: Check::Claim(check),
};

fn check(case: &Case<'_>) -> Finding {
    let Some(facility) = &case.file.claim.institutional else { return Finding::Pass };
    let bill = facility.bill;
    let as_a_whole = case.services.iter().find_map(|service| service.cover?.schedule).is_some_and(|schedule| {
        matches!(schedule.method, Method::Facility(FacilityMethod::MsDrg(_) | FacilityMethod::CaseRate(_)))
    });
    if !bill.is_inpatient() || !as_a_whole || !matches!(bill.frequency(), "2" | "3" | "4") {
        return Finding::Pass;
    }
    let medicare = case.services.iter().any(|service| service.cover.is_some_and(|cover| cover.plan.medicare));
    if medicare && bill.is_hospital_inpatient() && bill.frequency() == "2" {
        let nights = facility.nights();
        if nights >= INTERIM_BILL_NIGHTS {
            return Finding::Note(format!("The first {nights} nights of a stay that goes on are paid by its group."));
        }
    }
    let words = format!(
        "Type of bill {bill} is for a part of a stay, which is paid as a whole: bill it all after discharge ({}1).",
        bill.kind()
    );
    Finding::Deny(Denial::contractual(carc("135"), words))
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::adjudication::example;
    use crate::domain::codes::Code;

    #[test]
    fn a_part_of_a_stay_is_denied_where_the_group_pays_the_whole_and_not_elsewhere() {
        let mut file = example::hospital_stay();
        assert_eq!(example::claim_denial(&file), "");
        file.claim.institutional = example::facility_bill("112").claim.institutional;
        assert_eq!(example::claim_denial(&file), "CO-135");
        example::payer(&mut file).fee_schedules[0].method = Method::PercentOfCharge(Decimal::ONE);
        assert_eq!(example::claim_denial(&file), "");
    }

    /// From 2 March through 30 April are 60 nights, for the patient stays on.
    #[test]
    fn medicare_pays_the_first_sixty_nights_of_a_long_stay() {
        let until = |bill: &str, month, day, medicare| {
            let mut file = example::hospital_stay();
            example::plan(&mut file).medicare = medicare;
            file.claim.institutional = example::facility_bill(bill).claim.institutional;
            if let Some(stay) = &mut file.claim.institutional {
                stay.through = date(2026, month, day);
                if bill == "114" {
                    stay.patient_status = Code::new("01");
                }
            }
            file.received = date(2026, 5, 4);
            file.processed = file.received;
            example::claim_denial(&file)
        };
        assert_eq!(until("112", 4, 30, true), "");
        assert_eq!(until("112", 4, 29, true), "CO-135");
        assert_eq!(until("112", 4, 30, false), "CO-135");
        assert_eq!(until("113", 4, 30, true), "CO-135");
        assert_eq!(until("114", 4, 30, true), "CO-135");
    }
}
