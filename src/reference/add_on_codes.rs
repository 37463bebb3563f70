//! Add-on codes: services that are only ever done with another, and with which.
//!
//! CMS's NCCI add-on code file has three types: 1, the primary codes are listed; 2, the contractor lists them; 3, some are
//! listed. The pairs here are the type 1 pairs of the example codes that come with the program; that a further code is an
//! add-on is read from the relative value file (global period ZZZ).
//! <https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-add-code-edits>.

use crate::domain::codes::ProcedureCode;

/// Each add-on code with its primary codes.
const TYPE_1: [(&str, &[&str]); 6] = [
    ("17003", &["17000"]),
    ("76814", &["76813"]),
    ("90472", &["90460", "90471", "90473"]),
    ("96415", &["96413"]),
    ("99292", &["99291"]),
    ("G0514", &["G0513"]),
];

/// The primary codes of an add-on code, where they are known.
pub fn primaries(code: ProcedureCode) -> Option<&'static [&'static str]> {
    TYPE_1.iter().find(|(add_on, _)| *add_on == code.as_str()).map(|(_, primaries)| *primaries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_add_on_code_has_primary_codes_and_a_primary_code_has_none() {
        assert_eq!(primaries(ProcedureCode::new("96415")), Some(["96413"].as_slice()));
        assert_eq!(primaries(ProcedureCode::new("96413")), None);
    }
}
