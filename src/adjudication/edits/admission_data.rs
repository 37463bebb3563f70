//! Admission data: a stay is billed without its admission, or with a patient status that there is not.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Reason};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::institutional::Institutional;
use crate::reference::patient_status::{Discharge, patient_status};

pub(super) const EDIT: Edit = Edit {
    id: "admission-data",
    summary: "A stay is billed without the date, type or source of admission or the patient's status, or with a wrong one.",
    reasons: &[Reason::contractual(
        "16",
        "MA130 MA40 MA41 MA42 MA43 MA65 M50 N46 N50",
        "the provider left it out or got it wrong",
    )],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "Medicare Claims Processing Manual, chapter 25, section 75.1 (form locators 12 to 17)",
        href: CLAIMS_MANUAL,
    }],
    looks_at: &[Fact::TypeOfBill, Fact::AdmissionData, Fact::ServiceDates],
    check: Check::Claim(check),
};

/// Types of admission (NUBC; 6 to 8 are reserved).
const TYPES: [&str; 6] = ["1", "2", "3", "4", "5", "9"];
/// Frequencies of bills with which a stay ends.
const FINAL: [&str; 2] = ["1", "4"];
/// Frequencies of bills after which it goes on.
const GOES_ON: [&str; 2] = ["2", "3"];

fn check(case: &Case<'_>) -> Finding {
    let Some(facility) = &case.file.claim.institutional else { return Finding::Pass };
    let found = fault(facility);
    found.map_or(Finding::Pass, |(words, remark)| {
        Finding::Deny(Denial::contractual(carc("16"), words).remark(remark).remark("MA130"))
    })
}

/// What is wrong, and the remark that tells it.
fn fault(facility: &Institutional) -> Option<(String, &'static str)> {
    let Institutional { bill, admission_type, admission_source, patient_status: status, .. } = facility;
    let stay = bill.is_inpatient();
    match facility.admission {
        None if stay => return Some((format!("Type of bill {bill} needs the date of admission."), "MA40")),
        Some(day) if day > facility.through => {
            let words = format!("The date of admission, {day}, lies after the last day billed, {}.", facility.through);
            return Some((words, "MA40"));
        }
        _ => {}
    }
    if (stay || !admission_type.is_none()) && !TYPES.contains(&admission_type.as_str()) {
        return Some((format!("{:?} is no type of admission.", admission_type.as_str()), "MA41"));
    }
    if stay && admission_source.is_none() {
        return Some((format!("Type of bill {bill} needs the source of admission."), "MA42"));
    }
    let known = patient_status(*status);
    if (stay || !status.is_none()) && known.is_none() {
        return Some((format!("{:?} is no patient status.", status.as_str()), "MA43"));
    }
    let stays_on = known.is_some_and(|row| row.discharge == Discharge::StillPatient);
    if stay && stays_on && FINAL.contains(&bill.frequency()) {
        return Some((format!("Status 30 says that the patient stays on; type of bill {bill} ends the stay."), "MA43"));
    }
    if stay && !stays_on && GOES_ON.contains(&bill.frequency()) {
        return Some((
            format!("Type of bill {bill} goes on, so the patient's status must be 30, not {status}."),
            "MA43",
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::domain::codes::Code;

    fn with(change: impl FnOnce(&mut Institutional)) -> String {
        let mut file = example::hospital_stay();
        change(file.claim.institutional.as_mut().unwrap());
        example::claim_denial(&file)
    }

    #[test]
    fn a_stay_needs_the_whole_of_its_admission() {
        assert_eq!(with(|_| {}), "");
        assert_eq!(with(|stay| stay.admission = None), "CO-16 MA40 MA130");
        assert_eq!(with(|stay| stay.admission = Some(date(2026, 3, 9))), "CO-16 MA40 MA130");
        assert_eq!(with(|stay| stay.admission_type = Code::new("7")), "CO-16 MA41 MA130");
        assert_eq!(with(|stay| stay.admission_source = Code::NONE), "CO-16 MA42 MA130");
        assert_eq!(with(|stay| stay.patient_status = Code::NONE), "CO-16 MA43 MA130");
        assert_eq!(with(|stay| stay.patient_status = Code::new("08")), "CO-16 MA43 MA130");
    }

    #[test]
    fn who_stays_on_is_not_discharged() {
        assert_eq!(with(|stay| stay.patient_status = Code::new("30")), "CO-16 MA43 MA130");
    }

    #[test]
    fn an_outpatient_has_no_admission() {
        assert_eq!(example::claim_denial(&example::facility_bill("131")), "");
    }
}
