//! Screenings: how often Medicare pays for each, and for which diagnoses.
//!
//! A time of so many months has passed once that many whole months lie between the month of the last screening and the day
//! of the next. 42 CFR 410.34 (mammography), 410.56 (pelvic examination), 410.37 (colorectal), 410.39 (prostate), 410.15
//! (wellness visits), 410.16 (first examination).

use crate::domain::codes::{DiagnosisCode, ProcedureCode};
use crate::domain::dates::{Date, plus_months};

/// A screening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screening {
    /// Its code.
    pub code: &'static str,
    /// Codes of the last time: itself, and those that count as it.
    pub counts: &'static [&'static str],
    /// Whole months that must have passed; `None`: it is paid once in a lifetime.
    pub months: Option<i32>,
    /// Whole months for patients at high risk, and starts of the diagnoses that say so.
    pub high_risk: Option<(i32, &'static [&'static str])>,
    /// Starts of the diagnoses it is done for; empty: any.
    pub diagnoses: &'static [&'static str],
    /// The law.
    pub source: &'static str,
}

/// Diagnoses of high risk of cancer of the cervix.
const CERVIX: &[&str] = &["Z7251", "Z7252", "Z7253", "Z7729", "Z779", "Z9189", "Z9289"];

/// Screening of the cervix and pelvis, at whatever risk.
const PELVIC: &[&str] = &[
    "Z0141", "Z124", "Z1272", "Z1279", "Z1289", "Z7251", "Z7252", "Z7253", "Z7729", "Z779", "Z9189", "Z9289", "Z0000",
    "Z0001",
];

const WELLNESS: &[&str] = &["G0402", "G0438", "G0439"];
const COLON: &[&str] = &["G0105", "G0121"];

/// By code.
const SCREENINGS: [Screening; 9] = [
    row("77067", &["77067"], Some(11), &["Z123", "Z803", "Z1501", "Z0000", "Z0001", "Z0141"], "42 CFR 410.34"),
    Screening { high_risk: Some((11, CERVIX)), ..row("G0101", &["G0101"], Some(23), PELVIC, "42 CFR 410.56") },
    row("G0103", &["G0103"], Some(11), &["Z125"], "42 CFR 410.39"),
    row("G0105", COLON, Some(23), &[], "42 CFR 410.37"),
    row("G0121", COLON, Some(119), &["Z121", "Z0000", "Z0001", "Z800"], "42 CFR 410.37"),
    row("G0402", &["G0402"], None, &[], "42 CFR 410.16"),
    row("G0438", &["G0438", "G0439"], None, &[], "42 CFR 410.15"),
    row("G0439", WELLNESS, Some(11), &[], "42 CFR 410.15"),
    Screening { high_risk: Some((11, CERVIX)), ..row("Q0091", &["Q0091"], Some(23), PELVIC, "42 CFR 410.56") },
];

const fn row(
    code: &'static str,
    counts: &'static [&'static str],
    months: Option<i32>,
    diagnoses: &'static [&'static str],
    source: &'static str,
) -> Screening {
    Screening { code, counts, months, high_risk: None, diagnoses, source }
}

/// The screening of a code.
pub fn screening(code: ProcedureCode) -> Option<&'static Screening> {
    let text = code.as_str();
    if !text.starts_with(['7', 'G', 'Q']) {
        return None;
    }
    SCREENINGS.iter().find(|row| row.code == text)
}

/// Age from which a mammogram is paid yearly; from 35 on, one is.
pub const YEARLY_MAMMOGRAM_AGE: i16 = 40;

impl Screening {
    /// Whole months that must have passed, for a patient with these diagnoses; `None`: once in a lifetime.
    pub fn months_for(&self, mut diagnoses: impl Iterator<Item = DiagnosisCode>) -> Option<i32> {
        let Some((months, risks)) = self.high_risk else { return self.months };
        let at_risk = diagnoses.any(|code| risks.iter().any(|start| code.as_str().starts_with(start)));
        if at_risk { Some(months) } else { self.months }
    }

    /// Whether a diagnosis is one that it is done for.
    pub fn is_for(&self, code: DiagnosisCode) -> bool {
        self.diagnoses.is_empty() || self.diagnoses.iter().any(|start| code.as_str().starts_with(start))
    }
}

/// The first day on which the next may be, so many whole months after the month of the last.
pub fn next_day(last: Date, months: i32) -> Date {
    plus_months(last.first_of_month(), months.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    #[test]
    fn eleven_whole_months_after_a_mammogram_of_january_are_over_at_the_turn_of_the_year() {
        assert_eq!(next_day(date(2025, 1, 31), 11), date(2026, 1, 1));
        assert_eq!(next_day(date(2025, 1, 1), 23), date(2027, 1, 1));
    }

    #[test]
    fn rows_stand_in_order_and_a_risk_shortens_the_time() {
        assert!(SCREENINGS.is_sorted_by_key(|row| row.code));
        let pelvic = screening(ProcedureCode::new("G0101")).unwrap();
        assert_eq!(pelvic.months_for([DiagnosisCode::new("Z01419")].into_iter()), Some(23));
        assert_eq!(pelvic.months_for([DiagnosisCode::new("Z7251")].into_iter()), Some(11));
        assert!(screening(ProcedureCode::new("77066")).is_none());
    }
}
