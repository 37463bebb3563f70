//! Carrying a decision out: the claim is decided again with what was ruled, in the commit that ends its review.

use super::{At, Done, claim_place, id, keep, take_out};
use crate::domain::money::Money;
use crate::payer::entry::Entry;
use crate::payer::ruling::{self, Again};
use crate::payer::{Failure, Payer, decision};
use crate::proto::store::v1::ReversalRecord;
use crate::proto::v1 as pb;
use crate::wire;
use pb::review_decision::Outcome;

/// A decision, and who answers for it.
pub(super) struct Decided<'a> {
    pub decision: &'a pb::ReviewDecision,
    pub by: &'a str,
    pub rationale: &'a str,
    pub authority: &'a str,
}

impl Payer {
    /// What a decision rules on the claim of a review.
    pub(super) fn review_rulings(
        &self,
        entry: &Entry<'_>,
        review: &pb::Review,
        decided: &Decided<'_>,
    ) -> Result<Vec<pb::ForcedOrder>, Failure> {
        let (lane, sequence) = claim_place(review)?;
        let record = self.claim_record(entry.state, lane, sequence)?;
        let billed = record.and_then(|record| record.claim).and_then(|claim| claim.billed);
        let lines = billed.map_or(0, |billed| billed.lines().len());
        let outcomes = wire::reviews::outcomes(decided.decision, &review.grounds, lines)
            .map_err(|faults| Failure::within("decision", faults))?;
        let ruling = pb::Ruling {
            decided_by: decided.by.to_owned(),
            decided_date: self.today(entry.state).to_string(),
            rationale: decided.rationale.trim().to_owned(),
            authority: decided.authority.trim().to_owned(),
            decided_in: review.name.clone(),
        };
        let source = format!("review {} by {}", id(review), decided.by);
        let order = |(lines, outcome)| pb::ForcedOrder {
            source: source.clone(),
            outcome: Some(outcome),
            lines,
            ruling: Some(ruling.clone()),
            ..Default::default()
        };
        Ok(outcomes.into_iter().map(order).collect())
    }

    /// Ends a review: its claim is decided again, and what was done is told. `after` is the review with what else changes.
    pub(super) fn carry_review_out(
        &self,
        entry: &mut Entry<'_>,
        (before, mut after): (&pb::Review, pb::Review),
        number: u64,
        decided: &Decided<'_>,
        done: Done<'_>,
    ) -> Result<pb::Review, Failure> {
        let rulings = self.review_rulings(entry, before, decided)?;
        let (_, sequence) = claim_place(before)?;
        // What ends here is not closed by what it does to the claim.
        take_out(&mut entry.draft(), sequence);
        let reason = format!("decided in review {}", id(before));
        let made = self.rule(entry, sequence, Again { rulings, reason, ..Again::default() })?;
        after.state = At::Decided.into();
        after.decision = Some(decided.decision.clone());
        decided.by.clone_into(&mut after.decided_by);
        after.decided_date = self.today(entry.state).to_string();
        let paid_cents = made.correction.as_ref().map_or(0, |decision| decision.paid_cents);
        after.outcome = Some(pb::ReviewedClaim { state: made.state, paid_cents });
        after.history.push(done.at(&entry.draft()));
        keep(&mut entry.draft(), number, Some(before), &after, "decide-review");
        Ok(after)
    }

    /// What the claim of a review would be decided, and where it would stand; nothing is kept.
    pub(super) fn foreseen_in_review(
        &self,
        entry: &Entry<'_>,
        review: &pb::Review,
        rulings: Vec<pb::ForcedOrder>,
    ) -> Result<ReversalRecord, Failure> {
        let state = entry.state;
        let (_, sequence) = claim_place(review)?;
        let damaged = || Failure::Damaged(review.claim.clone());
        let record = self.claim_record(state, entry.lane, sequence)?.ok_or_else(damaged)?;
        let today = self.today(state);
        let mut made = ReversalRecord {
            number: entry.family.head.reversals + 1,
            sequence,
            payer_folder: state.in_force.hash.clone(),
            directory_version: state.directory_version,
            instruction: ruling::ruled(self.told_so_far(entry, &record)?, rulings),
            decided_date: today.to_string(),
            ..Default::default()
        };
        made.seen = entry.documents_seen(sequence)?;
        let mut family = entry.family.clone();
        let (_, determination) = self.decided_anew(state, &record, &mut family, &made, today)?;
        made.state = decision::standing(&determination).into();
        let last = decision::place(&record, &self.reversals(state, entry.lane, sequence)?);
        made.correction = Some(self.correction(last, &made, &determination)?);
        Ok(made)
    }
}

/// What is decided, in a few words.
pub(super) fn words(decision: &pb::ReviewDecision) -> String {
    let lines = |lines: &[i32]| match lines {
        [] => "all lines".to_owned(),
        [line] => format!("line {line}"),
        lines => format!("lines {}", lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    };
    let denied = |one: &pb::DeniedLines| {
        let denial = one.denial.clone().unwrap_or_default();
        let group = denial.group().as_str_name().trim_start_matches("GROUP_CODE_").to_owned();
        let remarks: String = denial.rarcs.iter().map(|remark| format!(" {remark}")).collect();
        format!("{group}-{}{remarks} on {}", denial.carc, lines(&one.lines))
    };
    let reduced = |one: &pb::ReducedLines| {
        use pb::forced_reduction::To;
        let to = match one.reduction.as_ref().and_then(|reduction| reduction.to.as_ref()) {
            Some(To::Percent(percent)) => format!("{percent} percent"),
            Some(To::AmountCents(cents)) => Money::from_cents(*cents).to_string(),
            None => "nothing".to_owned(),
        };
        format!("{} to {to}", lines(&one.lines))
    };
    match &decision.outcome {
        None => "nothing".to_owned(),
        Some(Outcome::Approve(_)) => "approved".to_owned(),
        Some(Outcome::Deny(denial)) => {
            format!("denied {}", denial.lines.iter().map(denied).collect::<Vec<_>>().join("; "))
        }
        Some(Outcome::Reduce(reduction)) => {
            format!("reduced {}", reduction.lines.iter().map(reduced).collect::<Vec<_>>().join("; "))
        }
        Some(Outcome::ReturnToPricing(_)) => "returned to pricing".to_owned(),
        Some(Outcome::RequestRecords(request)) => format!("asked for {}", request.what.trim()),
    }
}
