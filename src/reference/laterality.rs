//! Laterality: which side of the body a modifier or a diagnosis names.
//!
//! ICD-10-CM's titles say "right" or "left" where a code has a side. Not every such word is one: a right heart fails, and
//! the right lower quadrant hurts, whatever side is operated on. So only eyes, ears, breasts, joints, nerves of the limbs
//! and injuries count.

use crate::domain::codes::{DiagnosisCode, Modifier};

/// A side of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Left.
    Left,
    /// Right.
    Right,
}

impl Side {
    /// "left" or "right".
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Left => "left",
            Side::Right => "right",
        }
    }
}

/// The side of a modifier: LT and RT, eyelids, fingers and toes.
pub fn side_of_modifier(modifier: Modifier) -> Option<Side> {
    match modifier.as_str() {
        "LT" | "E1" | "E2" | "FA" | "F1" | "F2" | "F3" | "F4" | "TA" | "T1" | "T2" | "T3" | "T4" => Some(Side::Left),
        "RT" | "E3" | "E4" | "F5" | "F6" | "F7" | "F8" | "F9" | "T5" | "T6" | "T7" | "T8" | "T9" => Some(Side::Right),
        _ => None,
    }
}

/// Starts of codes whose titles' sides are sides of the body: breast tumors, nerves of limbs, eyes and ears, muscles and
/// bones, breasts, injuries.
const SIDED: [&str; 10] = ["C50", "D05", "G56", "G57", "H", "M", "N60", "N63", "S", "T"];

/// The side of a diagnosis by its official title; `None` where it has none, or names both.
pub fn side_of_diagnosis(code: DiagnosisCode, title: &str) -> Option<Side> {
    if !SIDED.iter().any(|start| code.as_str().starts_with(start)) {
        return None;
    }
    let says = |side: &str| title.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word.eq_ignore_ascii_case(side));
    match (says("left"), says("right")) {
        (true, false) => Some(Side::Left),
        (false, true) => Some(Side::Right),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::icd10cm::Icd10Cm;

    #[test]
    fn a_diagnosis_has_the_side_of_its_title() {
        let side = |code: &str| {
            let code = DiagnosisCode::new(code);
            side_of_diagnosis(code, Icd10Cm::embedded().lookup(code).unwrap().title)
        };
        assert_eq!(side("M1711"), Some(Side::Right));
        assert_eq!(side("H25012"), Some(Side::Left));
        assert_eq!(side("M170"), None, "both knees");
        assert_eq!(side("R1031"), None, "a quadrant of the belly is no side");
    }

    #[test]
    fn fingers_and_toes_have_sides_as_hands_and_feet_do() {
        let side = |modifier| side_of_modifier(Modifier::new(modifier));
        assert_eq!([side("LT"), side("F4"), side("TA")], [Some(Side::Left); 3]);
        assert_eq!([side("RT"), side("F5"), side("T9")], [Some(Side::Right); 3]);
        assert_eq!(side("50"), None);
    }
}
