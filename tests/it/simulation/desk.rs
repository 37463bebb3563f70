//! Reviewers by chance: what they decide, whom they leave waiting, who signs.

use payersim::proto::v1 as pb;
use pb::review_decision::Outcome;

use super::books::Books;
use super::chance::Chance;
use super::life::Act;
use super::reviewed::Desk;
use super::ruled::{REASONS, UNDECIDED};

const REVIEWERS: [&str; 3] = ["R. Eins", "R. Zwei", "R. Drei"];

impl Desk {
    pub fn new(chance: &mut Chance) -> Desk {
        let from = |chance: &mut Chance| chance.one_in(2).then(|| chance.between(1, 20_000));
        Desk {
            days: chance.pick(&[3, 10, 20]),
            within: chance.pick(&[5, 30, 45]),
            escalate: chance.pick(&[2, 5, 11]),
            signed_from: from(chance),
            signed_denied_from: from(chance),
            overdue: if chance.one_in(2) { Some(chance.one_in(2)) } else { None },
        }
    }

    pub fn message(&self) -> pb::ReviewSettings {
        use pb::review_settings::Overdue::{OverdueApprove, OverdueDeny};
        let count = |days: i64| i32::try_from(days).unwrap();
        pb::ReviewSettings {
            days: count(self.days),
            decide_within_days: count(self.within),
            escalate_days: count(self.escalate),
            sign_off_from_cents: self.signed_from.unwrap_or(0),
            sign_off_denied_from_cents: self.signed_denied_from.unwrap_or(0),
            overdue: self.overdue.map(|approves| match approves {
                true => OverdueApprove(pb::OverdueApproval {}),
                false => OverdueDeny(denial(pb::GroupCode::Co, UNDECIDED)),
            }),
            ..Default::default()
        }
    }
}

fn denial(group: pb::GroupCode, carc: &str) -> pb::ForcedDenial {
    pb::ForcedDenial { group: group.into(), carc: carc.into(), rarcs: vec![] }
}

/// Somebody decides one of the reviews that wait, or signs it; now and then one that is done, or another's.
pub fn at_the_desk(chance: &mut Chance, number: usize, sandbox: &'static str, books: &Books) -> Option<Act> {
    let waiting: Vec<&String> =
        books.reviews.iter().filter(|(_, review)| review.waits()).map(|(name, _)| name).collect();
    let all: Vec<&String> = books.reviews.keys().collect();
    let name = match chance.one_in(12) {
        true if !all.is_empty() => chance.pick(&all),
        _ if waiting.is_empty() => return None,
        _ => chance.pick(&waiting),
    };
    let review = &books.reviews[name];
    let someone = chance.pick(&REVIEWERS).to_owned();
    if review.state == pb::ReviewState::AwaitingSignOff && !chance.one_in(8) {
        return Some(Act::SignOff {
            sandbox,
            request: pb::SignOffReviewRequest {
                name: name.clone(),
                signer: someone,
                return_to_reviewer: chance.one_in(2),
                rationale: "as it is".into(),
                request_id: format!("s-{number}"),
            },
        });
    }
    let theirs = !review.assignee.is_empty() && !chance.one_in(8);
    let stored = books.claims.iter().find(|claim| claim.name == review.claim)?;
    let lines = match stored.billed.as_ref()? {
        pb::claim::Billed::Professional(claim) => claim.lines.len(),
        // A stay stands on one account, and is decided as a whole.
        pb::claim::Billed::Institutional(_) => 0,
    };
    let request = pb::DecideReviewRequest {
        name: name.clone(),
        reviewer: if theirs { review.assignee.clone() } else { someone },
        decision: Some(pb::ReviewDecision { outcome: Some(outcome(chance, lines)) }),
        rationale: "looked at".into(),
        request_id: format!("v-{number}"),
        ..Default::default()
    };
    Some(Act::Decide { sandbox, request: Box::new(request) })
}

fn outcome(chance: &mut Chance, count: usize) -> Outcome {
    let lines = match count {
        0 => vec![],
        _ if chance.one_in(2) => vec![],
        _ => vec![i32::try_from(1 + chance.below(count)).unwrap()],
    };
    match chance.below(7) {
        0..=2 => Outcome::Approve(pb::ReviewApproval {}),
        3 | 4 => {
            let (group, carc) = chance.pick(&REASONS);
            let denial = Some(denial(group, carc));
            Outcome::Deny(pb::ReviewDenial { lines: vec![pb::DeniedLines { lines, denial }] })
        }
        5 => {
            let to = match chance.one_in(2) {
                true => pb::forced_reduction::To::Percent(chance.between(1, 99).to_string()),
                false => pb::forced_reduction::To::AmountCents(chance.between(1, 10_000)),
            };
            let reduction = Some(pb::ForcedReduction { to: Some(to), ..Default::default() });
            Outcome::Reduce(pb::ReviewReduction { lines: vec![pb::ReducedLines { lines, reduction }] })
        }
        _ => Outcome::ReturnToPricing(pb::ReturnToPricing {}),
    }
}
