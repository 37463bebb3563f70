//! Patient status: where the patient was at the end of a bill (CL103), and what that means for a payment by case.
//!
//! The National Uniform Billing Committee keeps the list; Medicare prints it in the Claims Processing Manual (Pub. 100-04),
//! chapter 25 section 75.2. Which status makes a discharge a transfer: 42 CFR 412.4(b) and (c). The words are ours.

use crate::domain::codes::Code;

/// A patient's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatientStatus {
    /// Two digits.
    pub code: &'static str,
    /// What it says, in our own words.
    pub words: &'static str,
    /// What it makes of a discharge from a hospital.
    pub discharge: Discharge,
}

/// What a status makes of a discharge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discharge {
    /// Home, death or whatever else ends the stay for good.
    Final,
    /// To another hospital under the same system: 42 CFR 412.4(b).
    AcuteTransfer,
    /// To care after the acute: 42 CFR 412.4(c), for the groups that are marked so.
    PostAcuteTransfer,
    /// None: the patient stays.
    StillPatient,
}

/// The status of a code; `None` for a code that there is not. The table is complete.
pub fn patient_status(code: Code<2>) -> Option<&'static PatientStatus> {
    TABLE.binary_search_by(|row| row.code.cmp(code.as_str())).ok().and_then(|at| TABLE.get(at))
}

const fn row(code: &'static str, discharge: Discharge, words: &'static str) -> PatientStatus {
    PatientStatus { code, words, discharge }
}

use Discharge::{AcuteTransfer, Final, PostAcuteTransfer, StillPatient};

/// 81 to 95 say the same as others, with a readmission planned.
const TABLE: &[PatientStatus] = &[
    row("01", Final, "home"),
    row("02", AcuteTransfer, "another acute care hospital"),
    row("03", PostAcuteTransfer, "skilled nursing facility"),
    row("04", Final, "custodial or supportive care"),
    row("05", PostAcuteTransfer, "cancer center or children's hospital"),
    row("06", PostAcuteTransfer, "home under home health care"),
    row("07", Final, "left against medical advice"),
    row("09", Final, "admitted as an inpatient to this hospital"),
    row("20", Final, "died"),
    row("21", Final, "court or law enforcement"),
    row("30", StillPatient, "still a patient"),
    row("40", Final, "died at home (hospice)"),
    row("41", Final, "died in a facility (hospice)"),
    row("42", Final, "died, place unknown (hospice)"),
    row("43", Final, "federal hospital"),
    row("50", PostAcuteTransfer, "hospice at home"),
    row("51", PostAcuteTransfer, "hospice in a facility"),
    row("61", Final, "swing bed of this hospital"),
    row("62", PostAcuteTransfer, "rehabilitation facility or unit"),
    row("63", PostAcuteTransfer, "long-term care hospital"),
    row("64", Final, "nursing facility that Medicare does not certify"),
    row("65", PostAcuteTransfer, "psychiatric hospital or unit"),
    row("66", AcuteTransfer, "critical access hospital"),
    row("69", Final, "alternative care site in a disaster"),
    row("70", Final, "another kind of institution"),
    row("81", Final, "home, readmission planned"),
    row("82", AcuteTransfer, "another acute care hospital, readmission planned"),
    row("83", PostAcuteTransfer, "skilled nursing facility, readmission planned"),
    row("84", Final, "custodial or supportive care, readmission planned"),
    row("85", PostAcuteTransfer, "cancer center or children's hospital, readmission planned"),
    row("86", PostAcuteTransfer, "home under home health care, readmission planned"),
    row("87", Final, "court or law enforcement, readmission planned"),
    row("88", Final, "federal hospital, readmission planned"),
    row("89", Final, "swing bed of this hospital, readmission planned"),
    row("90", PostAcuteTransfer, "rehabilitation facility or unit, readmission planned"),
    row("91", PostAcuteTransfer, "long-term care hospital, readmission planned"),
    row("92", Final, "nursing facility that Medicare does not certify, readmission planned"),
    row("93", PostAcuteTransfer, "psychiatric hospital or unit, readmission planned"),
    row("94", AcuteTransfer, "critical access hospital, readmission planned"),
    row("95", Final, "another kind of institution, readmission planned"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_order_and_once() {
        assert!(TABLE.is_sorted_by(|a, b| a.code < b.code));
    }

    /// 42 CFR 412.4(b): another hospital paid under the system; (c): hospice counts since 2018-10-01.
    #[test]
    fn a_transfer_is_acute_or_post_acute() {
        let discharge = |code: &str| patient_status(Code::new(code)).map(|row| row.discharge);
        assert_eq!(discharge("02"), Some(AcuteTransfer));
        assert_eq!(discharge("50"), Some(PostAcuteTransfer));
        assert_eq!(discharge("61"), Some(Final));
        assert_eq!(discharge("08"), None);
    }
}
