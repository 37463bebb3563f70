//! A hospital stay as the auditor sees it: one service, of the whole charge, on one account.

use payersim::proto::v1 as pb;

use super::auditor::Auditor;
use super::books::LineAct;

/// Revenue code of room and board.
pub const ROOM: &str = "0120";

/// What a stay is paid by contract, never more than its charge; whole percent and cents.
#[derive(Clone, Debug)]
pub enum StayRate {
    /// So much a night through the third, so much for each after.
    PerDiem(i64, i64),
    /// An amount that includes two nights, and so much for each further.
    Case(i64, i64),
    OfCharge(i64),
}

impl StayRate {
    pub fn allows(&self, act: &LineAct) -> i64 {
        let nights = act.units;
        let fee = match self {
            StayRate::PerDiem(first, later) => first * nights.min(3) + later * (nights - 3).max(0),
            StayRate::Case(amount, further) => amount + further * (nights - 2).max(0),
            StayRate::OfCharge(percent) => (act.charge * percent + 50) / 100,
        };
        fee.min(act.charge)
    }

    pub fn method(&self) -> pb::fee_schedule::Method {
        use pb::fee_schedule::Method::{CaseRate, PerDiem};
        let per_night = |from_day, through_day, amount_cents| pb::PerDiemRate {
            revenue_codes: vec!["0110-0169".into()],
            from_day,
            through_day,
            amount_cents,
        };
        match *self {
            StayRate::PerDiem(first, later) => {
                PerDiem(pb::PerDiemRates { rates: vec![per_night(1, 3, first), per_night(4, 0, later)] })
            }
            StayRate::Case(amount_cents, further_day_cents) => {
                let rate = pb::CaseRate { amount_cents, days: 2, further_day_cents, ..Default::default() };
                CaseRate(pb::CaseRates { rates: vec![rate], ..Default::default() })
            }
            StayRate::OfCharge(percent) => {
                // No stay is of group 999.
                let never = pb::CaseRate { drgs: vec!["999".into()], amount_cents: 1, ..Default::default() };
                let otherwise_of_charge = format!("{}.{:02}", percent / 100, percent % 100);
                CaseRate(pb::CaseRates { rates: vec![never], otherwise_of_charge })
            }
        }
    }
}

impl LineAct {
    pub fn is_stay(&self) -> bool {
        self.code == ROOM
    }
}

/// A claim as the auditor reads it.
pub fn sent(request: &pb::SubmitClaimRequest) -> pb::ProfessionalClaim {
    match &request.claim {
        Some(pb::submit_claim_request::Claim::Professional(claim)) => claim.clone(),
        Some(pb::submit_claim_request::Claim::Institutional(stay)) => as_one_service(stay),
        _ => unreachable!(),
    }
}

/// The same of a claim that is on record.
pub fn billed(claim: &pb::Claim) -> Option<pb::ProfessionalClaim> {
    match claim.billed.as_ref()? {
        pb::claim::Billed::Professional(claim) => Some(claim.clone()),
        pb::claim::Billed::Institutional(stay) => Some(as_one_service(stay)),
    }
}

fn as_one_service(stay: &pb::InstitutionalClaim) -> pb::ProfessionalClaim {
    let service = pb::ServiceLine {
        procedure_code: stay.lines[0].revenue_code.clone(),
        charge_cents: stay.lines.iter().map(|line| line.charge_cents).sum(),
        units: stay.lines[0].units.clone(),
        service_date: stay.statement_from.clone(),
        service_end_date: stay.statement_through.clone(),
        ..Default::default()
    };
    pb::ProfessionalClaim {
        patient_control_number: stay.patient_control_number.clone(),
        charge_cents: stay.charge_cents,
        place_of_service: "21".into(),
        original_control_number: stay.original_control_number.clone(),
        frequency_code: stay.type_of_bill[stay.type_of_bill.len() - 1..].into(),
        payer_id: stay.payer_id.clone(),
        subscriber: stay.subscriber.clone(),
        patient: stay.patient.clone(),
        billing_provider: stay.billing_provider.clone(),
        lines: vec![service],
        ..Default::default()
    }
}

/// A decision as the auditor reads it: what stands on the claim's account, as its only line.
pub fn decided(decision: &pb::Determination) -> pb::Determination {
    let Some(account) = &decision.account else { return decision.clone() };
    let mut decision = decision.clone();
    decision.lines = vec![pb::LineDetermination {
        line: 1,
        charge_cents: account.charge_cents,
        allowed_cents: account.allowed_cents,
        paid_cents: account.paid_cents,
        adjustments: account.adjustments.clone(),
        patient_responsibility_cents: account.patient_responsibility_cents,
        denied: account.denied,
        ..Default::default()
    }];
    decision.accumulator_entries.iter_mut().for_each(|entry| entry.line = 1);
    decision
}

impl Auditor {
    /// A stay stands on one account, and its lines explain nothing; nothing else has an account.
    pub fn explained_once(&mut self, claim: &pb::Claim, decision: &pb::Determination) {
        let name = &claim.name;
        let is_stay = matches!(claim.billed, Some(pb::claim::Billed::Institutional(_)));
        self.same(name, "whether it stands on one account", decision.account.is_some(), is_stay);
        let explains = |line: &&pb::LineDetermination| {
            line.on_account != is_stay || (is_stay && (!line.adjustments.is_empty() || line.paid_cents != 0))
        };
        let line = decision.lines.iter().find(explains).map(|line| line.line);
        self.same(name, "a line that explains what the account does", line, None);
        if is_stay && decision.paid_cents > 0 {
            self.meet("stay");
        }
    }

    /// The steps of a stay: each line's go on from its charge, then the account's from what the lines leave.
    pub fn steps_of_stay(&mut self, claim: &pb::Claim, decision: &pb::Determination) {
        let mut payable: Vec<i64> = decision.lines.iter().map(|line| line.charge_cents).collect();
        let mut account = None;
        for step in &decision.steps {
            let before = match usize::try_from(step.line).unwrap() {
                0 => account.unwrap_or(payable.iter().sum()),
                line => payable[line - 1],
            };
            self.same(&claim.name, &format!("payable before {}", step.id), step.before_cents, before);
            match usize::try_from(step.line).unwrap() {
                // What is only said of the whole claim leaves its lines their own.
                0 if account.is_none() && step.before_cents == step.after_cents => {}
                0 => account = Some(step.after_cents),
                line => payable[line - 1] = step.after_cents,
            }
        }
        if claim.state() != pb::ClaimState::Pended {
            let left = account.unwrap_or(payable.iter().sum());
            self.same(&claim.name, "payable after the last step", left, decision.paid_cents);
        }
    }
}
