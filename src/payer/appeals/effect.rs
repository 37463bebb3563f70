//! What an overturned denial comes to: the findings that made it are set aside on its lines, and the claim is decided again, so that the
//! next remittance carries the reversal and the corrected decision.
//!
//! Only what said no is set aside. What another rule finds of the same line, once it is asked, stands; the answer says so. A denial that a
//! provider's dispute leaves standing is told again with reason 193, where the contract says so.

use super::super::entry::Entry;
use super::super::{Failure, Payer, ruling};
use super::contested::Contested;
use super::record::About;
use crate::adjudication::edits;
use crate::adjudication::instruction::{RULING, STEP};
use crate::appeals::{self, Regime};
use crate::proto::v1 as pb;
use pb::forced_outcome::Kind;

/// Reason of a denial that stands on review (CARC).
const UPHELD: &str = "193";

/// What came of a decision on the claim.
pub(super) struct Effect {
    pub lines: Vec<pb::AppealLineDecision>,
    pub words: String,
    pub paid_before: i64,
    pub paid_after: i64,
    pub interest: i64,
    /// Number of the reversal, where the claim was decided anew.
    pub made: u64,
    /// Authorizations that are given.
    pub granted: Vec<pb::Authorization>,
}

/// Who has decided an appeal, why, and which lines do not stand.
pub(super) struct Verdict {
    pub outcome: pb::AppealOutcome,
    /// Lines that are overturned; empty: all that are appealed.
    pub overturned: Vec<i32>,
    pub how: pb::AppealDecidedHow,
    pub decided_by: String,
    pub rationale: String,
    pub authority: String,
}

impl Verdict {
    /// Whether something does not stand any longer.
    pub fn overturns(&self) -> bool {
        matches!(self.outcome, pb::AppealOutcome::Overturned | pb::AppealOutcome::PartlyOverturned)
    }

    fn overturns_line(&self, line: i32) -> bool {
        match self.outcome {
            pb::AppealOutcome::Overturned => true,
            pb::AppealOutcome::PartlyOverturned => self.overturned.contains(&line),
            _ => false,
        }
    }
}

impl Payer {
    /// Certifies the services that are overturned.
    fn certify(
        &self,
        entry: &mut Entry<'_>,
        number: u64,
        verdict: &Verdict,
        effect: &mut Effect,
    ) -> Result<(), Failure> {
        let lines: Vec<i32> = effect.lines.iter().filter(|line| line.overturned).map(|line| line.line).collect();
        let by = (verdict.decided_by.as_str(), verdict.rationale.as_str());
        let (_, granted) = self.overturn_authorization(entry, number, &lines, by)?;
        let numbers: Vec<&str> = granted.iter().map(|granted| granted.number.as_str()).collect();
        effect.words = format!("It is certified: claims for the service name {}.", numbers.join(", "));
        effect.granted = granted;
        Ok(())
    }

    /// Has the next remittance tell the denials that stand once more.
    fn tell_again(
        &self,
        entry: &mut Entry<'_>,
        sequence: u64,
        (before, appeal, verdict): (&pb::Determination, &pb::Appeal, &Verdict),
        effect: &mut Effect,
    ) -> Result<(), Failure> {
        let today = self.today(entry.state).to_string();
        let denied = before.lines.iter().filter(|line| line.denied && appeal.lines.contains(&line.line));
        let again = |line: &pb::LineDetermination| {
            let group = line.adjustments.first()?.group;
            let deny = pb::ForcedDenial { group, carc: UPHELD.to_owned(), rarcs: Vec::new() };
            let outcome = pb::ForcedOutcome { kind: Some(Kind::Deny(deny)) };
            Some(order(appeal, verdict, &today, (outcome, vec![line.line])))
        };
        let rulings: Vec<pb::ForcedOrder> = denied.filter_map(again).collect();
        if rulings.is_empty() {
            return Ok(());
        }
        let reason = format!("{} {}: upheld", level_name(appeal), id(&appeal.name));
        let made = self.rule(entry, sequence, ruling::Again { rulings, reason, ..Default::default() })?;
        let after = made.correction.clone().unwrap_or_default();
        effect.made = made.number;
        effect.paid_after = after.paid_cents;
        for line in &mut effect.lines {
            line.reasons_after = reasons_of(&after, line.line);
        }
        effect.words = format!("The decision stands. The next remittance tells it again, with reason {UPHELD}.");
        Ok(())
    }

    /// Carries a verdict out on the claim of the entry's family.
    pub(super) fn carry_out(
        &self,
        entry: &mut Entry<'_>,
        contested: &Contested<'_>,
        appeal: &pb::Appeal,
        verdict: &Verdict,
    ) -> Result<Effect, Failure> {
        let before = contested.claim.determination.clone().unwrap_or_default();
        let mut effect = Effect {
            lines: lines_decided(&before, appeal, verdict),
            words: String::new(),
            paid_before: before.paid_cents,
            paid_after: before.paid_cents,
            interest: 0,
            made: 0,
            granted: Vec::new(),
        };
        if let Some(request) = &contested.request {
            effect.lines = services_decided(request, appeal, verdict);
        }
        if !verdict.overturns() {
            "The decision stands.".clone_into(&mut effect.words);
            if let About::Claim(sequence) = contested.about
                && verdict.outcome == pb::AppealOutcome::Upheld
                && is_told_again(contested, appeal)
            {
                self.tell_again(entry, sequence, (&before, appeal, verdict), &mut effect)?;
            }
            return Ok(effect);
        }
        if appeal.overpayment {
            "The demand to pay back does not stand.".clone_into(&mut effect.words);
            return Ok(effect);
        }
        let sequence = match contested.about {
            About::Claim(sequence) => sequence,
            About::Authorization(number) => {
                self.certify(entry, number, verdict, &mut effect)?;
                return Ok(effect);
            }
        };
        let orders = orders(&before, appeal, verdict, &self.today(entry.state).to_string());
        if let pb::ClaimState::Reversed | pb::ClaimState::Closed | pb::ClaimState::Void = contested.claim.state() {
            let by = contested.claim.replaced_by.rsplit('/').next().unwrap_or_default();
            effect.words = if by.is_empty() {
                "The claim was taken back meanwhile: nothing is left to pay.".to_owned()
            } else {
                format!("Claim {by} took its place meanwhile: nothing is left to pay on this one.")
            };
            return Ok(effect);
        }
        if orders.is_empty() {
            "No rule's finding denied or lowered these lines: they are priced and shared as contract and plan say. Where those were misread, mend them, and reopen the claim."
                .clone_into(&mut effect.words);
            return Ok(effect);
        }
        let reason = format!("{} {}: overturned", level_name(appeal), id(&appeal.name));
        let again = ruling::Again { rulings: orders, reason, owed_from_receipt: true, ..Default::default() };
        let made = self.rule(entry, sequence, again)?;
        let after = made.correction.clone().unwrap_or_default();
        effect.made = made.number;
        effect.paid_after = after.paid_cents;
        effect.interest = made.correction_interest_cents;
        for line in &mut effect.lines {
            line.reasons_after = reasons_of(&after, line.line);
        }
        effect.words = told(&after, made.state(), &effect);
        Ok(effect)
    }
}

/// Whether the contract has an upheld denial told again, and a remittance can.
fn is_told_again(contested: &Contested<'_>, appeal: &pb::Appeal) -> bool {
    let decided = matches!(contested.claim.state(), pb::ClaimState::Allowed | pb::ClaimState::Denied);
    let level = appeal.level.as_ref().and_then(|level| appeals::level(&level.id));
    let dispute = level.is_some_and(|level| level.regime == Regime::ProviderDispute);
    dispute
        && !appeal.overpayment
        && contested.terms.dispute.upheld_told_again
        && decided
        && !contested.claim.remittance.is_empty()
}

/// What is decided on each service of a request that is appealed.
fn services_decided(
    request: &pb::AuthorizationRequest,
    appeal: &pb::Appeal,
    verdict: &Verdict,
) -> Vec<pb::AppealLineDecision> {
    let appealed = request.decisions.iter().filter(|decision| appeal.lines.contains(&decision.line));
    let one = |decision: &pb::ServiceDecision| {
        let overturned = verdict.overturns_line(decision.line);
        let reasons_before = vec![decision.reason_code.clone()];
        let reasons_after = if overturned { Vec::new() } else { reasons_before.clone() };
        pb::AppealLineDecision { line: decision.line, overturned, reasons_before, reasons_after, ..Default::default() }
    };
    appealed.map(one).collect()
}

/// What is decided on each line that is appealed.
fn lines_decided(decided: &pb::Determination, appeal: &pb::Appeal, verdict: &Verdict) -> Vec<pb::AppealLineDecision> {
    let lines = if appeal.lines.is_empty() { &[0][..] } else { &appeal.lines };
    let one = |line: &i32| {
        let overturned = verdict.overturns_line(*line);
        let reasons = reasons_of(decided, *line);
        pb::AppealLineDecision {
            line: *line,
            overturned,
            reasons_after: reasons.clone(),
            reasons_before: reasons,
            set_aside: if overturned { findings(decided, *line) } else { Vec::new() },
        }
    };
    lines.iter().map(one).collect()
}

/// Sets aside, line by line, what said no.
fn orders(decided: &pb::Determination, appeal: &pb::Appeal, verdict: &Verdict, today: &str) -> Vec<pb::ForcedOrder> {
    let mut orders: Vec<pb::ForcedOrder> = Vec::new();
    for line in lines_decided(decided, appeal, verdict).into_iter().filter(|line| !line.set_aside.is_empty()) {
        let outcome = pb::ForcedOutcome { kind: Some(Kind::Waive(pb::WaivedEdits { edits: line.set_aside })) };
        let lines: Vec<i32> = [line.line].into_iter().filter(|line| *line > 0).collect();
        if let Some(same) = orders.iter_mut().find(|order| order.outcome.as_ref() == Some(&outcome)) {
            same.lines.extend(lines);
            continue;
        }
        orders.push(order(appeal, verdict, today, (outcome, lines)));
    }
    orders
}

/// What an appeal's verdict brings on some lines of the claim.
fn order(
    appeal: &pb::Appeal,
    verdict: &Verdict,
    today: &str,
    (outcome, lines): (pb::ForcedOutcome, Vec<i32>),
) -> pb::ForcedOrder {
    pb::ForcedOrder {
        source: format!("appeal {}", id(&appeal.name)),
        outcome: Some(outcome),
        lines,
        ruling: Some(pb::Ruling {
            decided_by: verdict.decided_by.clone(),
            decided_date: today.to_owned(),
            rationale: verdict.rationale.clone(),
            authority: verdict.authority.clone(),
            decided_in: appeal.name.clone(),
        }),
        ..Default::default()
    }
}

fn adjustments(decided: &pb::Determination, line: i32) -> Vec<&pb::Adjustment> {
    match &decided.account {
        Some(account) => account.adjustments.iter().collect(),
        None => decided.lines.iter().filter(|of| of.line == line).flat_map(|of| &of.adjustments).collect(),
    }
}

/// The steps whose finding denied or lowered a line, as far as they can be set aside: rules, and what a test or a person has decided.
fn findings(decided: &pb::Determination, line: i32) -> Vec<String> {
    let can_be = |step: &str| [STEP, RULING].contains(&step) || edits::TABLE.iter().any(|edit| edit.id == step);
    let mut found: Vec<String> = Vec::new();
    let mut add = |step: &str| {
        if can_be(step) && !found.iter().any(|known| known == step) {
            found.push(step.to_owned());
        }
    };
    adjustments(decided, line).iter().for_each(|told| add(&told.step));
    // Behind a denial that was only told again stands what denied the line first.
    if adjustments(decided, line).iter().any(|told| told.carc == UPHELD) {
        let overtaken = |step: &&pb::Step| step.line == line && step.outcome() == pb::StepOutcome::Overtaken;
        decided.steps.iter().filter(overtaken).for_each(|step| add(&step.id));
    }
    // What is forced lowers a line in pricing's name.
    let forced = |step: &&pb::Step| {
        step.outcome() == pb::StepOutcome::Noted && (step.line == line || step.line == 0) && lowers(step)
    };
    decided.steps.iter().filter(forced).for_each(|step| add(&step.id));
    found
}

fn lowers(step: &pb::Step) -> bool {
    [STEP, RULING].contains(&step.id.as_str()) && step.words.contains("lowered to")
}

fn reasons_of(decided: &pb::Determination, line: i32) -> Vec<String> {
    let reason = |told: &&pb::Adjustment| {
        format!("{}-{}", told.group().as_str_name().trim_start_matches("GROUP_CODE_"), told.carc)
    };
    adjustments(decided, line).iter().map(reason).collect()
}

/// The new decision in words: what it pays, or why it still does not.
fn told(after: &pb::Determination, state: pb::ClaimState, effect: &Effect) -> String {
    use crate::domain::money::Money;
    if state == pb::ClaimState::Pended {
        return format!("Decided again, the claim waits: {}.", after.pend_reason);
    }
    let (before, now) = (Money::from_cents(effect.paid_before), Money::from_cents(effect.paid_after));
    let mut words =
        format!("The next remittance reverses the claim and tells it anew: it pays {now} in the place of {before}.");
    for line in effect.lines.iter().filter(|line| line.overturned) {
        let still = after.lines.iter().any(|of| of.line == line.line && of.denied)
            || (line.line == 0 && after.account.as_ref().is_some_and(|account| account.denied));
        if still {
            let place = if line.line == 0 { "The claim".to_owned() } else { format!("Line {}", line.line) };
            let reasons = line.reasons_after.join(", ");
            words.push_str(&format!(" {place} is denied for another reason now: {reasons}."));
        }
    }
    words
}

fn level_name(appeal: &pb::Appeal) -> String {
    appeal.level.as_ref().map_or_else(String::new, |level| level.name.to_lowercase())
}

/// What stands behind the last slash of a name.
pub(super) fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
