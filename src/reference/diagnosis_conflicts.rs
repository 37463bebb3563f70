//! Diagnosis conflicts: diagnoses that only the young, the old, women or men have.
//!
//! After CMS's Medicare Code Editor, whose ages are newborn 0, pediatric 0 to 17, maternity 9 to 64, adult 15 to 124
//! (Definitions of Medicare Code Edits, <https://www.cms.gov/medicare/payment/prospective-payment-systems/acute-inpatient-pps/ms-drg-classifications-and-software>).
//! The Editor lists single codes; here are the chapters and categories that hold most of them. Its conflict of sex was
//! turned off for discharges from October 2024.

use crate::domain::claim::Sex;
use crate::domain::codes::DiagnosisCode;
use crate::domain::dates::{Date, date};

/// Ages that a diagnosis is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ages {
    /// What the Editor calls them.
    pub name: &'static str,
    /// From this age in years.
    pub least: i16,
    /// Through this age in years.
    pub most: i16,
}

const NEWBORN: Ages = Ages { name: "newborns", least: 0, most: 0 };
const PEDIATRIC: Ages = Ages { name: "children", least: 0, most: 17 };
const MATERNITY: Ages = Ages { name: "expectant mothers", least: 9, most: 64 };
const ADULT: Ages = Ages { name: "adults", least: 15, most: 124 };

/// Starts of codes.
const BY_AGE: [(&str, Ages); 15] = [
    ("G937", PEDIATRIC),
    ("H25", ADULT),
    ("N40", ADULT),
    ("O", MATERNITY),
    ("P", NEWBORN),
    ("R54", ADULT),
    ("Z0011", NEWBORN),
    ("Z0012", PEDIATRIC),
    ("Z33", MATERNITY),
    ("Z34", MATERNITY),
    ("Z37", MATERNITY),
    ("Z38", NEWBORN),
    ("Z39", MATERNITY),
    ("Z3A", MATERNITY),
    ("Z685", PEDIATRIC),
];

/// Starts of codes: genital organs, their tumors and their screening; pregnancy.
const BY_SEX: [(&str, Sex); 38] = [
    ("C51", Sex::Female),
    ("C52", Sex::Female),
    ("C53", Sex::Female),
    ("C54", Sex::Female),
    ("C55", Sex::Female),
    ("C56", Sex::Female),
    ("C57", Sex::Female),
    ("C58", Sex::Female),
    ("C60", Sex::Male),
    ("C61", Sex::Male),
    ("C62", Sex::Male),
    ("C63", Sex::Male),
    ("D25", Sex::Female),
    ("D29", Sex::Male),
    ("N4", Sex::Male),
    ("N50", Sex::Male),
    ("N51", Sex::Male),
    ("N52", Sex::Male),
    ("N53", Sex::Male),
    ("N7", Sex::Female),
    ("N8", Sex::Female),
    ("N90", Sex::Female),
    ("N91", Sex::Female),
    ("N92", Sex::Female),
    ("N93", Sex::Female),
    ("N94", Sex::Female),
    ("N95", Sex::Female),
    ("N96", Sex::Female),
    ("N97", Sex::Female),
    ("N98", Sex::Female),
    ("O", Sex::Female),
    ("Z0141", Sex::Female),
    ("Z124", Sex::Female),
    ("Z125", Sex::Male),
    ("Z33", Sex::Female),
    ("Z34", Sex::Female),
    ("Z39", Sex::Female),
    ("Z3A", Sex::Female),
];

/// From this day of discharge on, Medicare holds no diagnosis against the patient's sex.
pub const MEDICARE_SEX_CONFLICT_ENDS: Date = date(2024, 10, 1);

/// The ages that a diagnosis is for; `None`: any.
pub fn ages_of(code: DiagnosisCode) -> Option<Ages> {
    find(&BY_AGE, code)
}

/// The sex that a diagnosis is for; `None`: either.
pub fn sex_of(code: DiagnosisCode) -> Option<Sex> {
    find(&BY_SEX, code)
}

fn find<T: Copy>(rows: &[(&str, T)], code: DiagnosisCode) -> Option<T> {
    let text = code.as_str();
    rows.iter().find(|(start, _)| text.starts_with(start)).map(|(_, found)| *found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_order_and_none_hides_another() {
        assert!(BY_AGE.is_sorted_by_key(|row| row.0) && BY_SEX.is_sorted_by_key(|row| row.0));
        let hides = |starts: &[&str]| {
            starts
                .iter()
                .enumerate()
                .any(|(at, start)| starts.iter().skip(at + 1).any(|other| other.starts_with(start)))
        };
        assert!(!hides(&BY_AGE.map(|row| row.0)) && !hides(&BY_SEX.map(|row| row.0)));
    }

    #[test]
    fn pregnancy_is_for_women_of_9_to_64_and_low_back_pain_for_anybody() {
        let code = DiagnosisCode::new("O80");
        assert_eq!((ages_of(code), sex_of(code)), (Some(MATERNITY), Some(Sex::Female)));
        let code = DiagnosisCode::new("M5450");
        assert_eq!((ages_of(code), sex_of(code)), (None, None));
    }

    #[test]
    fn the_prostate_is_a_mans_and_the_kidney_anybodys() {
        assert_eq!(sex_of(DiagnosisCode::new("N401")), Some(Sex::Male));
        assert_eq!(sex_of(DiagnosisCode::new("N390")), None);
        assert_eq!(sex_of(DiagnosisCode::new("N63")), None, "breasts are anybody's");
        assert_eq!(sex_of(DiagnosisCode::new("N990")), None, "what follows an operation is anybody's");
        assert_eq!(sex_of(DiagnosisCode::new("N946")), Some(Sex::Female));
    }
}
