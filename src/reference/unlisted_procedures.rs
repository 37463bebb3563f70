//! Unlisted procedures: codes for what no other code describes. What was done stands in documents, not in the code.
//!
//! CPT's numbers (copyright American Medical Association) end each of its sections; HCPCS Level II has codes "not otherwise
//! classified". The list is partial: those that claims carry most.

use crate::domain::codes::ProcedureCode;

const UNLISTED: [&str; 47] = [
    "15999", "17999", "19499", "20999", "21499", "22899", "23929", "24999", "25999", "26989", "27299", "27599",
    "27899", "28899", "29999", "31299", "37799", "42999", "43999", "44899", "44979", "45999", "47579", "49999",
    "53899", "55899", "58999", "64999", "66999", "67299", "69799", "76499", "78999", "84999", "90899", "92700",
    "93799", "94799", "97039", "97139", "99199", "99499", "A9999", "E1399", "J3490", "J3590", "J9999",
];

/// Whether a code only says that what was done has no code.
pub fn is_unlisted(code: ProcedureCode) -> bool {
    // All of them end in 9 or 0.
    code.as_str().ends_with(['9', '0']) && UNLISTED.binary_search(&code.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order() {
        assert!(UNLISTED.is_sorted());
        assert!(UNLISTED.iter().all(|code| is_unlisted(ProcedureCode::new(code))));
        assert!(!is_unlisted(ProcedureCode::new("44970")));
    }
}
