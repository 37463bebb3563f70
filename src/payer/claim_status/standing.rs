//! Where one claim stands: category, status and entity, true to what became of it and of its payment.

use super::open::Open;
use crate::domain::codes::Code;
use crate::payer::documents;
use crate::proto::BilledLine;
use crate::proto::v1 as pb;
use crate::reference::claim_status_codes::{category_words, status_of_denial, status_words};

/// Statuses in one STC.
const MAX_STATUSES: usize = 3;

/// A status by category, status and entity; its words are those of the codes, and what is said besides.
pub(in crate::payer) fn status_code([category, status, entity]: [&str; 3], more: String) -> pb::StatusCode {
    let words = [category_words(Code::new(category)), status_words(Code::new(status)), Some(more.as_str())];
    let words: Vec<&str> = words.into_iter().flatten().filter(|words| !words.is_empty()).collect();
    pb::StatusCode {
        category_code: category.to_owned(),
        status_code: status.to_owned(),
        entity_code: entity.to_owned(),
        words: words.join(": "),
    }
}

/// Where a claim stands; `carried` is the remittance advice that carried its decision.
pub(super) fn answer(claim: &pb::Claim, carried: Option<&pb::Remittance>, open: &Open) -> pb::ClaimStatusAnswer {
    let mut answer = pb::ClaimStatusAnswer {
        claim: claim.name.clone(),
        control_number: claim.control_number.clone(),
        status_date: claim.received_date.clone(),
        remittance: claim.remittance.clone(),
        ..Default::default()
    };
    if let Some(billed) = &claim.billed {
        answer.patient_control_number = billed.patient_control_number().to_owned();
        answer.charge_cents = billed.charge_cents();
        answer.type_of_bill = billed.type_of_bill().to_owned();
        answer.clearinghouse_number = billed.clearinghouse_number().to_owned();
        answer.patient_name = billed.patient_name().cloned();
        answer.member_id = billed.member_id().to_owned();
        let (from, through) = billed.service_days();
        (answer.service_from, answer.service_through) = (from.to_owned(), through.to_owned());
    }
    if let Some(reversal) = claim.reversals.last() {
        answer.status_date.clone_from(&reversal.reversed_date);
    } else if let Some(determination) = &claim.determination {
        answer.status_date.clone_from(&determination.processed_date);
    }
    match (claim.state(), &claim.determination) {
        (pb::ClaimState::Rejected, _) => turned_away(claim, &mut answer),
        (pb::ClaimState::Reversed, _) => {
            answer.finalized_date.clone_from(&answer.status_date);
            answer.statuses.push(status_code(["F3", "9", ""], "taken back".to_owned()));
        }
        (pb::ClaimState::Closed, _) => {
            answer.finalized_date.clone_from(&answer.status_date);
            answer.statuses.push(status_code(["F3", "9", ""], format!("closed by {}", claim.replaced_by)));
        }
        (pb::ClaimState::Void, _) => {
            answer.finalized_date.clone_from(&answer.status_date);
            answer.statuses.push(status_code(["F4", "101", ""], format!("took back {}", claim.replaces)));
        }
        (pb::ClaimState::Pended, Some(determination)) => waits(claim, determination, open, &mut answer),
        (_, Some(determination)) => {
            decided(claim, determination, carried, &mut answer);
            open.appeal.iter().for_each(|appeal| contested(appeal, &mut answer));
        }
        (_, None) => answer.statuses.push(status_code(["A2", "20", ""], String::new())),
    }
    answer.statuses.truncate(MAX_STATUSES);
    answer
}

/// Turned away before it was decided: what the 277CA said.
fn turned_away(claim: &pb::Claim, answer: &mut pb::ClaimStatusAnswer) {
    for why in &claim.rejections {
        let codes = [why.category_code.as_str(), &why.status_code, &why.entity_code];
        let told = |known: &&pb::StatusCode| [&known.category_code, &known.status_code, &known.entity_code] == codes;
        if answer.statuses.iter().find(told).is_none() {
            answer.statuses.push(status_code(codes, why.words.clone()));
        }
    }
}

/// Pended: who is waited for, and for what. What others are to send comes first; a decision that only waits for its signature, before all.
fn waits(claim: &pb::Claim, determination: &pb::Determination, open: &Open, answer: &mut pb::ClaimStatusAnswer) {
    let signed = open.review.as_ref().filter(|review| review.state() == pb::ReviewState::AwaitingSignOff);
    if let Some(review) = signed {
        let words = format!("a second person signs the decision off, due {}", review.due_date);
        answer.statuses.push(status_code(["P2", "46", ""], words));
    } else {
        let pended = || determination.steps.iter().filter(|step| step.outcome() == pb::StepOutcome::Pended);
        let by_person = || pended().filter(|step| !documents::awaits(determination, step));
        determination.awaited_documents.iter().map(asked_for).for_each(|status| add(&mut answer.statuses, status));
        for step in by_person().filter(|step| step.line == 0).chain(by_person().filter(|step| step.line > 0)) {
            add(&mut answer.statuses, waiting(step));
        }
    }
    if answer.statuses.is_empty() {
        answer.statuses.push(status_code(["P1", "46", ""], determination.pend_reason.clone()));
    }
    if let Some(reversal) = claim.reversals.last() {
        answer.statuses.truncate(MAX_STATUSES - 1);
        answer.statuses.push(status_code(["P1", "101", ""], reversal.reason.clone()));
    }
    let of_claim = answer.statuses.first().cloned();
    let of_line = |line: i32| {
        let mut pended = determination.steps.iter().filter(|step| step.outcome() == pb::StepOutcome::Pended);
        let own = pended.find(|step| step.line == line).filter(|_| signed.is_none());
        own.map(|step| of_step(determination, step)).or_else(|| of_claim.clone())
    };
    answer.lines = lines(claim, determination, |decided| of_line(decided.line));
}

/// What one step waits for: a document, or a person.
fn of_step(determination: &pb::Determination, step: &pb::Step) -> pb::StatusCode {
    if !documents::awaits(determination, step) {
        return waiting(step);
    }
    let awaited = &determination.awaited_documents;
    let about = |awaited: &&pb::AwaitedDocument| awaited.line == step.line;
    awaited.iter().find(about).or(awaited.first()).map_or_else(|| waiting(step), asked_for)
}

/// What was asked for, of whom and until when.
fn asked_for(awaited: &pb::AwaitedDocument) -> pb::StatusCode {
    let wants: Vec<&str> =
        awaited.wants.iter().map(|want| want.words.as_str()).filter(|words| !words.is_empty()).collect();
    let what = if wants.is_empty() { "what supports the claim".to_owned() } else { wants.join(", ") };
    let category = if awaited.of_patient { "P4" } else { "P3" };
    status_code([category, "294", ""], format!("{what}, until {}", awaited.due_date))
}

/// Decided, and contested: behind what was decided, who looks at it again.
fn contested(appeal: &pb::Appeal, answer: &mut pb::ClaimStatusAnswer) {
    answer.statuses.truncate(MAX_STATUSES - 1);
    let level = appeal.level.as_ref().map_or("appeal", |level| level.name.as_str());
    answer.statuses.push(match appeal.state() {
        pb::AppealState::Incomplete => status_code(["P3", "294", ""], format!("{level}: the appeal is incomplete")),
        _ => status_code(["P2", "46", ""], format!("{level}: under appeal, to be decided by {}", appeal.decide_by)),
    });
}

fn add(statuses: &mut Vec<pb::StatusCode>, status: pb::StatusCode) {
    let same = |known: &pb::StatusCode| {
        (&known.category_code, &known.status_code) == (&status.category_code, &status.status_code)
    };
    if !statuses.iter().any(same) {
        statuses.push(status);
    }
}

/// What a step that pended waits for.
fn waiting(step: &pb::Step) -> pb::StatusCode {
    let codes = match step.id.as_str() {
        "duplicate" => ["P2", "78", ""],
        "outside-coverage" | "unknown-member" => ["P1", "56", ""],
        "pricing" => ["P2", "110", ""],
        id if id.contains("other-payer") || id.contains("coordination") => ["P4", "52", ""],
        id if ["attachment", "document", "record"].iter().any(|word| id.contains(word)) => ["P3", "294", ""],
        _ => ["P2", "46", ""],
    };
    status_code(codes, step.words.clone())
}

/// Decided: denied, to be paid, paid, or nothing to pay.
fn decided(
    claim: &pb::Claim,
    determination: &pb::Determination,
    carried: Option<&pb::Remittance>,
    answer: &mut pb::ClaimStatusAnswer,
) {
    answer.paid_cents = determination.paid_cents;
    answer.finalized_date.clone_from(&answer.status_date);
    if let Some(remittance) = carried {
        answer.remittance_date.clone_from(&remittance.paid_date);
        answer.trace_number.clone_from(&remittance.trace_number);
    } else {
        answer.due_date.clone_from(&claim.due_date);
    }
    let account = determination.account.as_ref();
    let of_account = account.map_or(&[][..], |account| &account.adjustments);
    let of_lines = || determination.lines.iter().flat_map(|line| &line.adjustments);
    if claim.state() == pb::ClaimState::Denied {
        of_account.iter().chain(of_lines()).map(denial).for_each(|status| add(&mut answer.statuses, status));
    } else {
        let money = Money { paid: determination.paid_cents, carried: carried.is_some() };
        answer.statuses.push(money.status(of_account.iter().chain(of_lines())));
    }
    if !claim.reversals.is_empty() {
        // Decided anew: what was told before has changed.
        for status in &mut answer.statuses {
            *status = status_code(["F3", &status.status_code, &status.entity_code], String::new());
        }
        answer.statuses.truncate(MAX_STATUSES - 1);
        let reason = claim.reversals.last().map(|reversal| reversal.reason.clone());
        answer.statuses.push(status_code(["F3", "101", ""], reason.unwrap_or_default()));
    }
    let of_claim = answer.statuses.first().cloned();
    answer.lines = lines(claim, determination, |line| match (line.on_account, line.denied) {
        (true, _) => of_claim.clone(),
        (false, true) => line.adjustments.first().map(denial).or_else(|| of_claim.clone()),
        (false, false) => {
            Some(Money { paid: line.paid_cents, carried: carried.is_some() }.status(line.adjustments.iter()))
        }
    });
}

fn denial(adjustment: &pb::Adjustment) -> pb::StatusCode {
    let (status, entity) = status_of_denial(&adjustment.carc);
    status_code(["F2", status.as_str(), entity], format!("reason {}", adjustment.carc))
}

/// What is paid of a claim or a line that is allowed.
struct Money {
    paid: i64,
    /// A remittance advice has carried it.
    carried: bool,
}

impl Money {
    fn status<'a>(&self, mut adjustments: impl Iterator<Item = &'a pb::Adjustment>) -> pb::StatusCode {
        let codes = match (self.paid > 0, self.carried) {
            (true, true) => ["F1", "65", ""],
            (true, false) => ["F0", "3", ""],
            (false, _)
                if adjustments.any(|adjustment| adjustment.group() == pb::GroupCode::Pr && adjustment.carc == "1") =>
            {
                ["F4", "98", ""]
            }
            (false, _) => ["F4", "9", ""],
        };
        status_code(codes, String::new())
    }
}

/// The lines of the decision, each with its status.
fn lines(
    claim: &pb::Claim,
    determination: &pb::Determination,
    status: impl Fn(&pb::LineDetermination) -> Option<pb::StatusCode>,
) -> Vec<pb::LineStatusAnswer> {
    let billed = claim.billed.as_ref().map(|billed| billed.lines()).unwrap_or_default();
    let line = |(line, decided): (&BilledLine<'_>, &pb::LineDetermination)| pb::LineStatusAnswer {
        line: decided.line,
        status: status(decided),
        procedure_qualifier: line.procedure_qualifier.to_owned(),
        procedure_code: line.procedure_code.to_owned(),
        modifiers: line.modifiers.to_vec(),
        revenue_code: line.revenue_code.to_owned(),
        charge_cents: line.charge_cents,
        paid_cents: decided.paid_cents,
        units: line.units.to_owned(),
        service_from: line.service_date.to_owned(),
        service_through: line.last_day().to_owned(),
        line_control_number: line.line_control_number.to_owned(),
    };
    billed.iter().zip(&determination.lines).map(line).collect()
}
