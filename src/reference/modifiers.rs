//! Procedure modifiers: two characters that say more about a service.
//!
//! Two digits are CPT's, whose text the American Medical Association holds; letters are HCPCS level II, kept by CMS
//! (<https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system>). The words are ours. The table
//! holds every two-digit modifier and those with letters that professional claims use.

use crate::domain::codes::Modifier;

/// What a modifier says, in our own words; `None` for one that the program does not describe.
pub fn modifier_words(modifier: Modifier) -> Option<&'static str> {
    let at = TABLE.binary_search_by_key(&modifier, |(code, _)| *code).ok()?;
    TABLE.get(at).map(|(_, words)| *words)
}

/// Whether it surely is no modifier: two digits that CPT has not given out, or not two characters. Absence of one with
/// letters says nothing, for that part of the table is partial.
pub fn is_unassigned(modifier: Modifier) -> bool {
    let text = modifier.as_str();
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.len() != 2 || (digits && modifier_words(modifier).is_none())
}

const fn row(code: &str, words: &'static str) -> (Modifier, &'static str) {
    (Modifier::new(code), words)
}

/// By code, as text.
const TABLE: &[(Modifier, &str)] = &[
    row("22", "more work than usual"),
    row("23", "general anesthesia where it is unusual"),
    row("24", "visit after surgery for something else"),
    row("25", "visit in its own right on the day of a procedure"),
    row("26", "professional component"),
    row("27", "several outpatient hospital visits on one day"),
    row("32", "service that somebody required"),
    row("33", "preventive service"),
    row("47", "anesthesia by the surgeon"),
    row("50", "both sides"),
    row("51", "several procedures in one session"),
    row("52", "less than the whole service"),
    row("53", "procedure broken off"),
    row("54", "surgery without the care around it"),
    row("55", "care after surgery only"),
    row("56", "care before surgery only"),
    row("57", "visit at which surgery was decided"),
    row("58", "planned or further procedure after surgery"),
    row("59", "separate from the other procedure"),
    row("62", "two surgeons"),
    row("63", "infant under four kilograms"),
    row("66", "surgical team"),
    row("73", "facility procedure stopped before anesthesia"),
    row("74", "facility procedure stopped after anesthesia"),
    row("76", "repeated by the same provider"),
    row("77", "repeated by another provider"),
    row("78", "back to the operating room for a complication"),
    row("79", "procedure after surgery for something else"),
    row("80", "assistant surgeon"),
    row("81", "assistant surgeon for a small part"),
    row("82", "assistant surgeon where no resident was at hand"),
    row("90", "outside laboratory"),
    row("91", "laboratory test repeated on the day"),
    row("92", "test with a portable kit"),
    row("93", "telehealth by sound only"),
    row("95", "telehealth by sound and picture"),
    row("96", "service to gain an ability"),
    row("97", "service to regain an ability"),
    row("99", "more modifiers than fit"),
    row("AA", "anesthesia by the anesthesiologist in person"),
    row("AD", "physician supervises more than four anesthesias at once"),
    row("AI", "principal physician of an inpatient"),
    row("AQ", "in an area short of health professionals"),
    row("AS", "physician assistant or nurse assists at surgery"),
    row("AT", "acute treatment"),
    row("CO", "given by an occupational therapy assistant"),
    row("CQ", "given by a physical therapist assistant"),
    row("CR", "related to a catastrophe or disaster"),
    row("E1", "upper left eyelid"),
    row("E2", "lower left eyelid"),
    row("E3", "upper right eyelid"),
    row("E4", "lower right eyelid"),
    row("EP", "part of Medicaid's early and periodic screening"),
    row("ET", "emergency"),
    row("F1", "left hand, second digit"),
    row("F2", "left hand, third digit"),
    row("F3", "left hand, fourth digit"),
    row("F4", "left hand, fifth digit"),
    row("F5", "right hand, thumb"),
    row("F6", "right hand, second digit"),
    row("F7", "right hand, third digit"),
    row("F8", "right hand, fourth digit"),
    row("F9", "right hand, fifth digit"),
    row("FA", "left hand, thumb"),
    row("FQ", "mental health telehealth by sound only"),
    row("FR", "supervisor present by sound and picture"),
    row("FS", "visit shared by physician and nonphysician"),
    row("FT", "critical care unrelated to surgery's global period"),
    row("FX", "x-ray taken on film"),
    row("FY", "x-ray taken by computed radiography"),
    row("G0", "telehealth for acute stroke"),
    row("GA", "notice of likely denial on file, as the payer requires"),
    row("GC", "by a resident under a teaching physician"),
    row("GE", "by a resident under the primary care exception"),
    row("GG", "screening and diagnostic mammogram on one day"),
    row("GN", "speech-language pathology plan of care"),
    row("GO", "occupational therapy plan of care"),
    row("GP", "physical therapy plan of care"),
    row("GQ", "telehealth, not in real time"),
    row("GT", "telehealth by sound and picture, facility"),
    row("GU", "notice of liability, routine"),
    row("GV", "attending physician not of the patient's hospice"),
    row("GW", "unrelated to the hospice patient's terminal illness"),
    row("GX", "notice of liability, voluntary"),
    row("GY", "excluded by statute or no benefit"),
    row("GZ", "denial as not necessary expected, no notice on file"),
    row("JG", "drug bought under the 340B program"),
    row("JW", "drug discarded"),
    row("JZ", "no drug discarded"),
    row("KX", "the policy's requirements are met"),
    row("LC", "left circumflex coronary artery"),
    row("LD", "left anterior descending coronary artery"),
    row("LM", "left main coronary artery"),
    row("LT", "left side"),
    row("NU", "new equipment"),
    row("P1", "anesthesia: healthy patient"),
    row("P2", "anesthesia: mild disease"),
    row("P3", "anesthesia: severe disease"),
    row("P4", "anesthesia: disease that threatens life"),
    row("P5", "anesthesia: dying without the operation"),
    row("P6", "anesthesia: organ donor after brain death"),
    row("PT", "screening colonoscopy that became a procedure"),
    row("Q0", "investigational service in a clinical study"),
    row("Q1", "routine service in a clinical study"),
    row("Q5", "substitute physician, reciprocal billing"),
    row("Q6", "substitute physician, paid by time"),
    row("Q7", "foot care: one class A finding"),
    row("Q8", "foot care: two class B findings"),
    row("Q9", "foot care: one class B and two class C findings"),
    row("QK", "physician directs two to four anesthesias at once"),
    row("QS", "monitored anesthesia care"),
    row("QW", "laboratory test waived under CLIA"),
    row("QX", "nurse anesthetist directed by a physician"),
    row("QY", "anesthesiologist directs one nurse anesthetist"),
    row("QZ", "nurse anesthetist without direction"),
    row("RC", "right coronary artery"),
    row("RI", "ramus intermedius coronary artery"),
    row("RR", "rental"),
    row("RT", "right side"),
    row("SA", "nurse practitioner with a physician"),
    row("SG", "facility service of an ambulatory surgical center"),
    row("T1", "left foot, second digit"),
    row("T2", "left foot, third digit"),
    row("T3", "left foot, fourth digit"),
    row("T4", "left foot, fifth digit"),
    row("T5", "right foot, great toe"),
    row("T6", "right foot, second digit"),
    row("T7", "right foot, third digit"),
    row("T8", "right foot, fourth digit"),
    row("T9", "right foot, fifth digit"),
    row("TA", "left foot, great toe"),
    row("TB", "drug bought under the 340B program, for information"),
    row("TC", "technical component"),
    row("UE", "used equipment"),
    row("XE", "separate encounter"),
    row("XP", "separate practitioner"),
    row("XS", "separate organ or structure"),
    row("XU", "unusual service that does not overlap"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::ncci::NCCI_MODIFIERS;

    #[test]
    fn codes_stand_in_order_and_once() {
        assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn every_modifier_that_ncci_accepts_has_words() {
        assert!(NCCI_MODIFIERS.iter().all(|modifier| modifier_words(*modifier).is_some()));
    }

    #[test]
    fn digits_that_cpt_has_not_given_out_are_no_modifier_but_unknown_letters_may_be() {
        assert!(["00", "60", "98", "5"].into_iter().all(|m| is_unassigned(Modifier::new(m))));
        assert!(["25", "59", "XU", "ZZ"].into_iter().all(|m| !is_unassigned(Modifier::new(m))));
    }
}
