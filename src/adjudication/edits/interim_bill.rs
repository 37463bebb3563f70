//! Interim bill: a part of a stay, where the payer pays the stay as a whole.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Finding};
use crate::adjudication::pricing::Method;
use crate::adjudication::pricing::facility::FacilityMethod;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "interim-bill",
    summary: "The bill is for a part of a stay that is paid as a whole.",
    reasons: &[carc("135")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "Medicare Claims Processing Manual, chapter 1, section 50.2 (frequency of billing)",
            href: CLAIMS_MANUAL,
        },
        Citation::PLAN,
    ],
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

    #[test]
    fn a_part_of_a_stay_is_denied_where_the_group_pays_the_whole_and_not_elsewhere() {
        let mut file = example::hospital_stay();
        assert_eq!(example::claim_denial(&file), "");
        file.claim.institutional = example::facility_bill("112").claim.institutional;
        assert_eq!(example::claim_denial(&file), "CO-135");
        example::payer(&mut file).fee_schedules[0].method = Method::PercentOfCharge(Decimal::ONE);
        assert_eq!(example::claim_denial(&file), "");
    }
}
