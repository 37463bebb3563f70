//! Other payers: bill them first, or have a coverage that has ended taken off the records.

use super::{Change, Outlook, Path, Seen};

/// Another payer is to decide first.
pub(super) fn first(seen: &Seen<'_, '_>) -> Outlook {
    let mut outlook = Outlook::default();
    for (other, order) in seen.case.payers_on_record(seen.service) {
        if order.other_first {
            let id = other.payer_id.clone();
            outlook = outlook
                .only_if(
                    Change::NoOtherCoverage(id.clone()),
                    "that coverage had ended before the service, and the member tells the payer so",
                )
                .only_if(
                    Change::PriorDecision(id),
                    "that payer has decided, and put the whole charge to the deductible; with other figures of its own the payment differs",
                );
        }
    }
    outlook.advice(Path::OtherPayer, "Bill the payer that comes first, then send this claim with its decision.")
}

/// An accident's carrier is liable.
pub(super) fn liable(seen: &Seen<'_, '_>) -> Outlook {
    let outlook = first(seen);
    Outlook { advice: vec![], ..outlook }.advice(
        Path::OtherPayer,
        "Bill the carrier that is liable for the injury; with its denial the claim can be sent here again.",
    )
}

/// What the claim tells of an earlier payer's decision does not add up.
pub(super) fn unbalanced(_: &Seen<'_, '_>) -> Outlook {
    Outlook::default().advice(
        Path::NewClaim,
        "Give the earlier payer's payment and adjustments as its remittance has them: together they make the charge.",
    )
}

/// The claim went on to whom it belongs.
pub(super) fn elsewhere(_: &Seen<'_, '_>) -> Outlook {
    Outlook::default().advice(Path::OtherPayer, "The claim was sent on to the payer that it belongs to: wait for that payer's decision, and do not send it again.")
}
