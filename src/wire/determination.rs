//! Determinations: the decision as a message, and what later claims of the family read back from it.

use std::str::FromStr;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::documents;
use crate::adjudication::{PayerRevision, Reason, edits, instruction};
use crate::domain::adjustment::{Adjustment, Ledger};
use crate::domain::claim::Claim;
use crate::domain::codes::{Code, Group};
use crate::domain::dates::parse_iso;
use crate::domain::determination::{
    Accumulator, AccumulatorEntry, AuthorizationUse, Citation, ClaimDetermination, Determination, EarlierClaim,
    FacilityPayment, HistoryLine, LineDetermination, Outcome, Statement, Step,
};
use crate::domain::money::Money;
use crate::domain::plan::{LimitUnit, Network, ShortName};
use crate::proto::v1 as pb;
use crate::reference::reason_codes;
use crate::reference::x12_code_lists::X12CodeList;

/// Version of the program, named by every determination.
pub(super) const ENGINE_VERSION: &str = concat!("payersim ", env!("CARGO_PKG_VERSION"));

/// The decision as a message, under the payer revision that it read.
pub fn message(determination: &Determination, payer: &PayerRevision) -> pb::Determination {
    let whole = determination.account.as_ref();
    let mut lines: Vec<pb::LineDetermination> =
        determination.lines.iter().enumerate().map(|(at, line)| line_message(at, line, whole)).collect();
    let mut account = determination.account.as_ref().map(account_message);
    if determination.pend.is_some() {
        // A ledger tells what is payable as things stand; nothing is paid while the claim waits.
        for line in &mut lines {
            (line.paid_cents, line.paid_units) = (0, "0".to_owned());
        }
        if let Some(account) = &mut account {
            account.paid_cents = 0;
        }
    }
    if let Some(texts) = payer.reason_texts.on(determination.processed) {
        let of_account = account.iter_mut().flat_map(|account| &mut account.adjustments);
        lines.iter_mut().flat_map(|line| &mut line.adjustments).chain(of_account).for_each(|a| say(a, texts));
    }
    let patient_owes = determination.ledgers().map(Ledger::patient_responsibility).sum::<Money>();
    let of_account = |of: fn(&pb::ClaimAccount) -> i64| account.as_ref().map_or(0, of);
    pb::Determination {
        sequence: 1,
        processed_date: determination.processed.to_string(),
        plan: determination.plan_id.clone().unwrap_or_default(),
        network: determination.network.map_or_else(String::new, |network| network.to_string()),
        member_id: determination.member_id.clone().unwrap_or_default(),
        charge_cents: lines.iter().map(|line| line.charge_cents).sum(),
        allowed_cents: lines.iter().map(|line| line.allowed_cents).sum::<i64>() + of_account(|a| a.allowed_cents),
        patient_responsibility_cents: patient_owes.cents(),
        paid_cents: lines.iter().map(|line| line.paid_cents).sum::<i64>() + of_account(|a| a.paid_cents),
        lines,
        facility_payment: determination.facility.as_deref().map(facility_message),
        rarcs: determination.rarcs.iter().map(ToString::to_string).collect(),
        pend_reason: determination.held_for.as_deref().or(determination.pend).unwrap_or_default().to_owned(),
        payer_revision: payer.id.clone(),
        reference_releases: payer.releases.clone(),
        engine_version: ENGINE_VERSION.to_owned(),
        accumulator_entries: determination.accumulator_entries.iter().map(entry_message).collect(),
        authorization_uses: determination.authorization_uses.iter().map(use_message).collect(),
        steps: determination.steps.iter().map(step_message).collect(),
        awaited_documents: determination.awaited.iter().map(documents::awaited).collect(),
        claim_status_code: determination.claim_status.to_owned(),
        account,
    }
}

/// Says a reason in X12's words, where its list knows the code.
fn say(adjustment: &mut pb::Adjustment, texts: &X12CodeList) {
    let known = Code::parse(&adjustment.carc).and_then(|code| texts.lookup(&code));
    if let Some(known) = known {
        adjustment.words.clone_from(&known.description);
    }
}

fn account_message(account: &ClaimDetermination) -> pb::ClaimAccount {
    pb::ClaimAccount {
        charge_cents: account.ledger.charge().cents(),
        allowed_cents: account.allowed.cents(),
        paid_cents: account.ledger.paid().cents(),
        adjustments: account.ledger.adjustments().iter().map(adjustment_message).collect(),
        patient_responsibility_cents: account.ledger.patient_responsibility().cents(),
        denied: account.ledger.is_denied(),
        benefit: account.benefit.as_deref().unwrap_or_default().to_owned(),
    }
}

fn facility_message(paid: &FacilityPayment) -> pb::FacilityPayment {
    let decimal = |number: Option<Decimal>| number.map_or_else(String::new, |number| number.normalize().to_string());
    pb::FacilityPayment {
        drg: paid.drg.map_or_else(String::new, |drg| drg.to_string()),
        drg_weight: decimal(paid.drg_weight),
        discharge_fraction: decimal(paid.discharge_fraction),
        covered_days: paid.covered_days.unwrap_or(0),
        operating_federal_cents: paid.operating_federal.cents(),
        operating_hospital_cents: paid.operating_hospital.cents(),
        operating_outlier_cents: paid.operating_outlier.cents(),
        capital_cents: paid.capital.cents(),
        capital_outlier_cents: paid.capital_outlier.cents(),
        drg_cents: paid.drg_amount().cents(),
        reimbursement_rate: decimal(paid.reimbursement_rate),
        procedures_payable_cents: paid.procedures_payable.cents(),
    }
}

fn line_message(at: usize, line: &LineDetermination, whole: Option<&ClaimDetermination>) -> pb::LineDetermination {
    pb::LineDetermination {
        line: one_based(at),
        charge_cents: line.charge.cents(),
        on_account: whole.is_some(),
        apc: line.apc.map_or_else(String::new, |apc| apc.to_string()),
        allowed_cents: line.allowed.cents(),
        paid_cents: line.ledger.paid().cents(),
        adjustments: line.ledger.adjustments().iter().map(adjustment_message).collect(),
        paid_units: line.paid_units.normalize().to_string(),
        denied: line.ledger.is_denied() || whole.is_some_and(|account| account.ledger.is_denied()),
        patient_responsibility_cents: line.ledger.patient_responsibility().cents(),
        benefit: line.benefit.as_deref().unwrap_or_default().to_owned(),
    }
}

fn adjustment_message(adjustment: &Adjustment) -> pb::Adjustment {
    pb::Adjustment {
        group: group_message(adjustment.group).into(),
        carc: adjustment.carc.to_string(),
        amount_cents: adjustment.amount.cents(),
        rarcs: adjustment.rarcs.iter().map(ToString::to_string).collect(),
        step: adjustment.step.to_owned(),
        words: reason_codes::carc_words(adjustment.carc).to_owned(),
    }
}

/// A group code as a message has it.
pub fn group_message(group: Group) -> pb::GroupCode {
    match group {
        Group::ContractualObligation => pb::GroupCode::Co,
        Group::PatientResponsibility => pb::GroupCode::Pr,
        Group::OtherAdjustment => pb::GroupCode::Oa,
        Group::PayerInitiated => pb::GroupCode::Pi,
    }
}

fn entry_message(entry: &AccumulatorEntry) -> pb::AccumulatorEntry {
    pb::AccumulatorEntry {
        accumulator: match &entry.accumulator {
            Accumulator::Deductible => "deductible".to_owned(),
            Accumulator::OutOfPocket => "out_of_pocket".to_owned(),
            Accumulator::SeparateDeductible(name) => format!("deductible:{name}"),
            Accumulator::Limit(unit, name) => format!("{}:{name}", unit.as_str()),
        },
        member_id: entry.member_id.clone(),
        network: entry.network.as_str().to_owned(),
        year_start: entry.year_start.to_string(),
        amount: entry.amount,
        line: one_based(entry.line),
        plan_id: entry.plan_id.clone(),
    }
}

fn use_message(taken: &AuthorizationUse) -> pb::AuthorizationUse {
    pb::AuthorizationUse {
        authorization_number: taken.number.clone(),
        line: one_based(taken.line),
        units: taken.units.normalize().to_string(),
    }
}

fn step_message(step: &Step) -> pb::Step {
    pb::Step {
        id: step.id.to_owned(),
        line: step.line.map_or(0, one_based),
        outcome: match step.outcome {
            Outcome::Passed => pb::StepOutcome::Passed,
            Outcome::Noted => pb::StepOutcome::Noted,
            Outcome::Denied => pb::StepOutcome::Denied,
            Outcome::Overtaken => pb::StepOutcome::Overtaken,
            Outcome::Pended => pb::StepOutcome::Pended,
            Outcome::Adjusted => pb::StepOutcome::Adjusted,
        }
        .into(),
        words: step.words.clone(),
        before_cents: step.before.cents(),
        after_cents: step.after.cents(),
        policy_id: step.policy.as_ref().map(|policy| policy.policy_id.clone()).unwrap_or_default(),
        version: step.policy.as_ref().map(|policy| policy.from.to_string()).unwrap_or_default(),
        forced: step.id == instruction::STEP,
        ..Default::default()
    }
}

/// An edit as the API lists it.
pub fn edit_message(edit: &edits::Edit) -> pb::Edit {
    pb::Edit {
        id: edit.id.to_owned(),
        summary: edit.summary.to_owned(),
        scope: match edit.check {
            edits::Check::Claim(_) => "claim",
            edits::Check::Line(_) => "line",
        }
        .to_owned(),
        carcs: edit.carcs().iter().map(ToString::to_string).collect(),
        effective_from: edit.effective.from.to_string(),
        effective_through: edit.effective.through.map_or_else(String::new, |day| day.to_string()),
        authority: citations(edit.authority),
        reasons: edit.reasons.iter().map(reason_message).collect(),
    }
}

fn reason_message(reason: &Reason) -> pb::EditReason {
    pb::EditReason {
        denial: format!("denials/{reason}"),
        rarcs: reason.rarcs().map(|remark| remark.to_string()).collect(),
        liable: reason.liable.to_owned(),
    }
}

/// Citations as a message.
pub fn citations(authority: &[Citation]) -> Vec<pb::Citation> {
    authority.iter().map(|c| pb::Citation { title: c.title.to_owned(), href: c.href.to_owned() }).collect()
}

fn one_based(at: usize) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX).saturating_add(1)
}

/// The lines of a decided claim as later claims of the family see them.
pub fn history(claim: &Claim, control_number: &str, determination: &pb::Determination) -> Vec<HistoryLine> {
    let of_account = determination.account.as_ref().map_or(&[][..], |account| &account.adjustments);
    let unprocessable = determination.rarcs.iter().any(|code| code == "MA130");
    let shared = Arc::new(EarlierClaim {
        billing_tax_id: claim.billing_tax_id.clone(),
        diagnoses: claim.diagnoses.clone(),
        statement: claim.institutional.as_ref().map(|facility| Statement {
            from: facility.from,
            through: facility.through,
            admission: facility.admission,
            patient_status: facility.patient_status,
        }),
    });
    let remember = |(line, decided): (&crate::domain::claim::ServiceLine, &pb::LineDetermination)| HistoryLine {
        control_number: control_number.to_owned(),
        member_id: determination.member_id.clone(),
        billing_npi: claim.billing_npi,
        rendering_npi: line.rendering_npi,
        procedure: line.procedure,
        revenue: line.revenue,
        bill: claim.institutional.as_ref().map(|facility| facility.bill),
        modifiers: line.modifiers,
        place: line.place,
        from: line.from,
        through: line.through,
        units: line.units,
        charge: Money::from_cents(decided.charge_cents),
        denied: decided.denied,
        unprocessable: unprocessable && decided.adjustments.iter().chain(of_account).any(|a| a.carc == "16"),
        benefit: (!decided.benefit.is_empty()).then(|| Arc::from(decided.benefit.as_str())),
        claim: Arc::clone(&shared),
    };
    claim.lines.iter().zip(&determination.lines).map(remember).collect()
}

/// What a determination took from deductibles, maxima and limits.
pub fn accumulator_entries(determination: &pb::Determination) -> Vec<AccumulatorEntry> {
    determination.accumulator_entries.iter().filter_map(entry).collect()
}

fn entry(m: &pb::AccumulatorEntry) -> Option<AccumulatorEntry> {
    let accumulator = match (m.accumulator.as_str(), m.accumulator.split_once(':')) {
        ("deductible", _) => Accumulator::Deductible,
        ("out_of_pocket", _) => Accumulator::OutOfPocket,
        (_, Some(("deductible", name))) => Accumulator::SeparateDeductible(ShortName::new(name)),
        (_, Some(("visits", name))) => Accumulator::Limit(LimitUnit::Visits, Arc::from(name)),
        (_, Some(("days", name))) => Accumulator::Limit(LimitUnit::Days, Arc::from(name)),
        (_, Some(("units", name))) => Accumulator::Limit(LimitUnit::Units, Arc::from(name)),
        (_, Some(("dollars", name))) => Accumulator::Limit(LimitUnit::Dollars, Arc::from(name)),
        _ => return None,
    };
    Some(AccumulatorEntry {
        accumulator,
        member_id: m.member_id.clone(),
        network: Network::named(&m.network),
        year_start: parse_iso(&m.year_start)?,
        amount: m.amount,
        line: zero_based(m.line),
        plan_id: m.plan_id.clone(),
    })
}

/// Units that a determination took from authorizations.
pub fn authorization_uses(determination: &pb::Determination) -> Vec<AuthorizationUse> {
    let read = |m: &pb::AuthorizationUse| {
        Some(AuthorizationUse {
            number: m.authorization_number.clone(),
            line: zero_based(m.line),
            units: Decimal::from_str(&m.units).ok()?,
        })
    };
    determination.authorization_uses.iter().filter_map(read).collect()
}

fn zero_based(line: i32) -> usize {
    usize::try_from(line).unwrap_or(0).saturating_sub(1)
}
