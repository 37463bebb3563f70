//! The notice that a decision was taken back or changed.

use super::parts::{cents, heading, paragraph, rights, row, sentence, table, text};
use super::rights as ways;
use super::scene::Scene;
use crate::letters::long_date;
use crate::proto::v1 as pb;

/// The body.
pub(super) fn body(scene: &Scene<'_>, back: &pb::ClaimReversal, by_claim: Option<&pb::Claim>) -> Vec<pb::LetterBlock> {
    let provider = scene.provider();
    let before = back.reversed.clone().unwrap_or_default();
    let after = scene.decision.determination.clone();
    let now = after.clone().unwrap_or_default();
    let amounts = |words: &str, of: fn(&pb::Determination) -> i64| {
        row(vec![text(words), cents(of(&before)), cents(of(&now)), cents(of(&now) - of(&before))])
    };
    let rows = vec![
        amounts("Allowed", |d| d.allowed_cents),
        amounts("We pay", |d| d.paid_cents),
        amounts("You may owe", |d| d.patient_responsibility_cents),
    ];
    let what = what_happened(scene, by_claim);
    let mut blocks = vec![
        paragraph(what),
        table("What changed", &["What", "$Before", "$Now", "$Difference"], rows),
        heading("Why"),
        paragraph(sentence(&back.reason)),
        paragraph(format!(
            "The decision before was made on {}. If you have paid {provider} more than you owe now, ask {provider} to pay it back.",
            long_date(&before.processed_date)
        )),
    ];
    if scene.decision.state != pb::ClaimState::Pended {
        blocks.push(heading("If you do not agree"));
        blocks.push(rights(ways::first_way(scene)));
    }
    blocks
}

fn what_happened(scene: &Scene<'_>, by_claim: Option<&pb::Claim>) -> String {
    let provider = scene.provider();
    match (scene.decision.state, by_claim) {
        (pb::ClaimState::Pended, _) => {
            "We took our decision on this claim back and look at the claim again. You will hear from us.".to_owned()
        }
        (_, Some(by)) if by.state() == pb::ClaimState::Void => {
            format!("{provider} withdrew this claim, so our decision on it no longer stands. By it you owe nothing.")
        }
        (_, Some(by)) => format!(
            "{provider} sent us claim {0} in the place of this one, so our decision on this one no longer stands. What you may owe is told by \
             our letter about claim {0}.",
            by.control_number
        ),
        (_, None) if scene.decision.determination.is_none() => {
            format!(
                "We took our decision on the claim of {provider} back. Nothing is payable on it, and by it you owe nothing."
            )
        }
        (_, None) => format!(
            "We decided the claim of {provider} again. A new explanation of benefits tells it line by line, and takes the place of the one \
             before."
        ),
    }
}
