//! Revenue codes: four digits that say where in a facility a charge arose, or of what kind it is.
//!
//! The National Uniform Billing Committee keeps the list; Medicare prints its use of it in the Claims Processing Manual
//! (Pub. 100-04), chapter 25 section 75.4. Here stand the categories (the first three digits) alone, in our own words.

use crate::domain::codes::RevenueCode;

/// A category of revenue codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevenueCategory {
    /// First three digits of the first and the last.
    first: u16,
    last: u16,
    /// What it is, in our own words.
    pub words: &'static str,
    /// Room and board, whose units are days.
    pub accommodation: bool,
}

/// The category of a code; `None` for a code that there is not, by its first three digits.
pub fn category(code: RevenueCode) -> Option<&'static RevenueCategory> {
    let text = code.as_str();
    let digits = text.get(..3).filter(|_| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()))?;
    let number: u16 = digits.parse().ok()?;
    CATEGORIES.iter().find(|row| (row.first..=row.last).contains(&number))
}

/// Room and board: units are days.
pub fn is_accommodation(code: RevenueCode) -> bool {
    category(code).is_some_and(|row| row.accommodation)
}

/// Emergency room (045x).
pub fn is_emergency_room(code: RevenueCode) -> bool {
    code.as_str().starts_with("045")
}

/// Operating room, ambulatory surgery and endoscopy (036x, 049x, 075x): where surgery of a day is done.
pub fn is_operating_room(code: RevenueCode) -> bool {
    ["036", "049", "075"].iter().any(|start| code.as_str().starts_with(start))
}

/// Patient convenience items (099x): telephone, television and the like.
pub fn is_convenience(code: RevenueCode) -> bool {
    code.as_str().starts_with("099")
}

/// Drugs that need detailed coding (0636).
pub const DETAILED_DRUGS: RevenueCode = RevenueCode::new("0636");

const fn row(first: u16, last: u16, words: &'static str) -> RevenueCategory {
    RevenueCategory { first, last, words, accommodation: false }
}

const fn room(first: u16, last: u16, words: &'static str) -> RevenueCategory {
    RevenueCategory { first, last, words, accommodation: true }
}

/// By number. 000x and 002x are totals and rate codes; the gaps are reserved.
const CATEGORIES: &[RevenueCategory] = &[
    row(0, 0, "total charge"),
    row(1, 1, "total charge"),
    row(2, 2, "rate code of a prospective payment system"),
    room(10, 10, "all-inclusive rate"),
    room(11, 16, "room and board"),
    room(17, 17, "nursery"),
    room(18, 18, "leave of absence"),
    room(19, 19, "subacute care"),
    room(20, 20, "intensive care"),
    room(21, 21, "coronary care"),
    row(22, 23, "special and incremental charges"),
    row(24, 24, "all-inclusive ancillary"),
    row(25, 26, "pharmacy and intravenous therapy"),
    row(27, 27, "medical and surgical supplies"),
    row(28, 28, "oncology"),
    row(29, 29, "durable medical equipment"),
    row(30, 31, "laboratory and pathology"),
    row(32, 35, "radiology, nuclear medicine and computed tomography"),
    row(36, 36, "operating room"),
    row(37, 37, "anesthesia"),
    row(38, 39, "blood"),
    row(40, 40, "other imaging"),
    row(41, 41, "respiratory services"),
    row(42, 44, "physical, occupational and speech therapy"),
    row(45, 45, "emergency room"),
    row(46, 47, "pulmonary function and audiology"),
    row(48, 48, "cardiology"),
    row(49, 49, "ambulatory surgery"),
    row(50, 53, "outpatient services, clinic and osteopathy"),
    row(54, 54, "ambulance"),
    row(55, 60, "home health"),
    row(61, 61, "magnetic resonance"),
    row(62, 63, "supplies and drugs that need detailed coding"),
    row(64, 66, "home infusion, hospice and respite care"),
    room(67, 67, "outpatient special residence"),
    row(68, 68, "trauma response"),
    row(69, 69, "pre-hospice and palliative care"),
    row(70, 72, "casts, recovery and labor rooms"),
    row(73, 75, "electrocardiogram, electroencephalogram and endoscopy"),
    row(76, 76, "treatment and observation room"),
    row(77, 79, "preventive care, telehealth and lithotripsy"),
    row(80, 80, "inpatient dialysis"),
    row(81, 81, "organ acquisition"),
    row(82, 88, "outpatient dialysis"),
    row(90, 92, "behavioral health and other diagnostics"),
    row(93, 95, "day program and other therapy"),
    row(96, 98, "professional fees"),
    row(99, 99, "patient convenience items"),
    room(100, 100, "behavioral health room and board"),
    row(210, 210, "alternative therapy"),
    row(310, 310, "adult care"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_stand_in_order_and_do_not_overlap() {
        assert!(CATEGORIES.iter().all(|row| row.first <= row.last));
        assert!(CATEGORIES.is_sorted_by(|a, b| a.last < b.first));
    }

    #[test]
    fn a_code_is_known_by_its_first_three_digits() {
        let words = |code| category(RevenueCode::new(code)).map(|row| row.words);
        assert_eq!(words("0120"), Some("room and board"));
        assert_eq!(words("0360"), Some("operating room"));
        for code in ["0890", "5000", "120", "01A0"] {
            assert_eq!(words(code), None, "{code}");
        }
        assert!(is_accommodation(RevenueCode::new("0206")) && !is_accommodation(RevenueCode::new("0250")));
    }
}
