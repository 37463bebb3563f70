//! A claim that replaces an earlier one says so on the remittance (MA67) and in its trace.

use super::{Case, Proceedings};
use crate::domain::claim::Frequency;
use crate::domain::codes::Rarc;

/// Corrects an earlier claim.
const CORRECTS: Rarc = Rarc::new("MA67");

/// Remarks on a replacement, once everything else is decided.
pub fn remark(case: &Case<'_>, proceedings: &mut Proceedings) {
    let claim = &case.file.claim;
    if claim.frequency != Frequency::Replacement {
        return;
    }
    let words = format!("It replaces claim {}, whose decision is taken back.", claim.original_control_number);
    proceedings.note("correction", None, words);
    if !proceedings.rarcs.contains(&CORRECTS) {
        proceedings.rarcs.insert(0, CORRECTS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn only_a_replacement_is_remarked_as_a_correction() {
        let mut file = example::office_visit();
        assert_eq!(example::decide(&file).rarcs, []);
        file.claim.frequency = Frequency::Replacement;
        file.claim.original_control_number = "ICN-0".into();
        let decided = example::decide(&file);
        assert_eq!(decided.rarcs, [CORRECTS]);
        assert!(decided.steps.last().is_some_and(|step| step.id == "correction" && step.words.contains("ICN-0")));
    }
}
