//! Clinical edits: sides, ages and sexes, main procedures, components, hospice, and what the payment for a stay takes in.

use super::{Change, Outlook, Path, Seen, diagnosis};
use crate::domain::codes::Modifier;

/// The diagnosis names another side than the modifier, or is none of the sex or age; or a policy does not cover it.
pub(super) fn misfit(seen: &Seen<'_, '_>) -> Outlook {
    let mut outlook = diagnosis::unsupported(seen);
    if seen.carc == "10" && seen.case.file.claim.institutional.is_none() {
        outlook =
            outlook.only_if(modifier(seen, "KX"), "the record shows that the diagnosis is right for this patient");
    }
    for side in ["LT", "RT"] {
        if seen.carc == "11" && seen.service.line.has_modifier(side) {
            let only_if = "the modifier named the wrong side, or none is needed";
            outlook = outlook.only_if(Change::NoModifier(seen.at(), Modifier::new(side)), only_if);
        }
    }
    outlook
}

/// In hospice care.
pub(super) fn hospice(seen: &Seen<'_, '_>) -> Outlook {
    if seen.case.file.claim.institutional.is_some() {
        let words = "Bill the hospice; where the care had nothing to do with the terminal illness, bill it anew with condition code 07.";
        return Outlook::default().advice(Path::OtherPayer, words);
    }
    Outlook::default()
        .only_if(modifier(seen, "GW"), "the service had nothing to do with the terminal illness")
        .only_if(modifier(seen, "GV"), "the attending physician gave it, whom the hospice neither employs nor pays")
        .advice(Path::OtherPayer, "Else the hospice pays for it: bill the hospice.")
}

/// Another provider was paid for it.
pub(super) fn paid_to_another(seen: &Seen<'_, '_>) -> Outlook {
    Outlook::default()
        .only_if(modifier(seen, "77"), "the test was made and read a second time that day, by another provider")
        .advice(Path::Appeal, "Settle with the other provider who gave which part; the one who was paid for too much corrects that claim first.")
}

/// An add-on code without its main procedure.
pub(super) fn add_on(_: &Seen<'_, '_>) -> Outlook {
    Outlook::default().advice(
        Path::CorrectedClaim,
        "Bill it with its main procedure of the same day and practice; where that one was denied, its denial comes first.",
    )
}

/// The payment for a stay takes it in.
pub(super) fn of_a_stay(seen: &Seen<'_, '_>) -> Outlook {
    let words = match seen.carc {
        "60" => {
            "Put the service on the bill of the stay, as a correction; what was no test and had nothing to do with the stay is billed with condition code 51."
        }
        "190" => "Bill the nursing facility, which was paid for it.",
        "B13" => "The nights were paid: correct that claim if its days were wrong.",
        _ => {
            "One payment is for both stays: correct the first bill to hold both; where the illness was another one, bill with condition code B4."
        }
    };
    let path = if seen.carc == "190" { Path::OtherPayer } else { Path::CorrectedClaim };
    Outlook::default().advice(path, words)
}

/// Days of several months.
pub(super) fn by_the_month(_: &Seen<'_, '_>) -> Outlook {
    Outlook::default().advice(Path::CorrectedClaim, "Bill a line, or a claim, for each calendar month.")
}

fn modifier(seen: &Seen<'_, '_>, code: &str) -> Change {
    Change::Modifier(seen.at(), Modifier::new(code))
}
