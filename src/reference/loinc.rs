//! LOINC codes of documents, as a payer asks for them (277) and an attachment names itself (275): a few that payers ask for most.
//!
//! LOINC is kept by the Regenstrief Institute (<https://loinc.org>, free under its licence); the words here are ours. The table is
//! partial: any code whose check digit holds may be asked for. The kinds are those of X12's report type code (PWK01).

use crate::domain::codes::Code;

/// A document as LOINC names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loinc {
    /// The code.
    pub code: &'static str,
    /// The kind of report that it usually is (PWK01).
    pub report: Code<2>,
    /// What it is, in our own words.
    pub words: &'static str,
}

/// Whether a text is a LOINC code: up to seven digits, a hyphen, and their check digit (modulus 10).
pub fn is_loinc(text: &str) -> bool {
    let Some((digits, check)) = text.split_once('-') else { return false };
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all(digits) || digits.len() > 7 || check.len() != 1 || !all(check) {
        return false;
    }
    let doubled = |digit: u32| if digit * 2 > 9 { digit * 2 - 9 } else { digit * 2 };
    let weighed = |(at, digit): (usize, u32)| if at % 2 == 0 { doubled(digit) } else { digit };
    let sum: u32 = digits.chars().rev().filter_map(|c| c.to_digit(10)).enumerate().map(weighed).sum();
    check.parse() == Ok((10 - sum % 10) % 10)
}

/// The row of a code; `None` for one that the table does not have.
pub fn loinc(code: &str) -> Option<&'static Loinc> {
    TABLE.iter().find(|row| row.code == code)
}

/// What a code asks for, in our own words.
pub fn loinc_words(code: &str) -> &'static str {
    loinc(code).map_or("a document that this program has no words for", |row| row.words)
}

/// Every row, in order of the code as text.
pub fn loincs() -> &'static [Loinc] {
    TABLE
}

const fn row(code: &'static str, report: &'static str, words: &'static str) -> Loinc {
    Loinc { code, report: Code::new(report), words }
}

const TABLE: &[Loinc] = &[
    row("11488-4", "PY", "consultation note"),
    row("11492-6", "P5", "history and physical of a stay"),
    row("11502-2", "LA", "laboratory report"),
    row("11503-0", "M1", "medical records"),
    row("11504-8", "OB", "operative note"),
    row("11506-3", "09", "progress note"),
    row("11526-1", "P4", "pathology report"),
    row("18748-4", "RR", "report of diagnostic imaging"),
    row("18776-5", "08", "plan of care"),
    row("18842-5", "DS", "discharge summary"),
    row("28570-0", "OB", "procedure note"),
    row("34111-5", "M1", "emergency department note"),
    row("34117-2", "P5", "history and physical"),
    row("34133-9", "M1", "summary of an episode of care"),
    row("34746-8", "NN", "nurse's note"),
    row("57133-1", "B4", "referral note"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_table_is_one_and_stands_once_in_order() {
        assert!(TABLE.iter().all(|row| is_loinc(row.code)));
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert_eq!(loinc_words("11504-8"), "operative note");
    }

    #[test]
    fn a_code_whose_check_digit_does_not_hold_is_none() {
        for text in ["11504-7", "11504", "-8", "11504-88", "1150A-8", "12345678-9", ""] {
            assert!(!is_loinc(text), "{text}");
        }
    }
}
