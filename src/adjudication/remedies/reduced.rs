//! Lines that are paid, but less than what is allowed or billed, for a reason that is worth a word.

use super::{Advice, Path, ledger_of};
use crate::domain::adjustment::Adjustment;
use crate::domain::codes::Group;
use crate::domain::determination::Determination;

/// Why a line that is not denied is paid less, and what that leaves to do. What contract, cost share and law take off as a
/// matter of course is no reason.
pub fn reduced(determination: &Determination, line: usize) -> Option<(&Adjustment, Advice)> {
    let ledger = ledger_of(determination, line).filter(|ledger| !ledger.is_denied())?;
    ledger.adjustments().iter().find_map(|adjustment| Some((adjustment, advice(adjustment)?)))
}

fn advice(adjustment: &Adjustment) -> Option<Advice> {
    let (path, words) = match (adjustment.carc.as_str(), adjustment.group) {
        ("59", _) => (
            Path::Nothing,
            "Nothing would bring more: by the rule for several procedures of a day, those after the first are paid in part.",
        ),
        ("119" | "149" | "35", _) => {
            (Path::Patient, "The plan's limit left room for a part only; the patient owes the rest.")
        }
        ("45", Group::PatientResponsibility) => {
            (Path::Patient, "The provider is out of network and may bill the patient what the plan does not allow.")
        }
        ("151", _) => {
            (Path::Appeal, "Appeal with records that show why more was needed; no decision here verifies it.")
        }
        _ => return None,
    };
    Some(Advice { path, words: words.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{adjudicate, example};

    #[test]
    fn a_fee_schedule_and_a_cost_share_are_no_reasons() {
        let determination = adjudicate(&example::office_visit());
        assert!(!determination.is_denied());
        assert_eq!(reduced(&determination, 0), None);
    }
}
