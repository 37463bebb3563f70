//! Coordination of benefits: what earlier payers' payments leave for this one.
//!
//! A later payer works out what it would have paid alone, and pays by its plan's method no more than is still owed to the
//! provider (NAIC Model Regulation 120, section 7). Original Medicare follows 42 CFR 411.33 and 411.35.

#[cfg(test)]
mod auditor;
mod division;
pub mod order;
mod prior;

use std::fmt::Write as _;

use crate::domain::claim::Claim;
use crate::domain::plan::{CoordinationMethod, Plan};

use super::settlement::Settlement;
use super::{Account, Reason};
use division::{Alone, Division, Method, divide};
use prior::Prior;

/// Every reason that it may give.
pub const REASONS: &[Reason] =
    &[Reason::other("23", "", "the payers before have paid it, or written it off by contract")];

/// Makes room for earlier payers' payments on every account, where the claim carries their decisions.
pub fn coordinate(claim: &Claim, settlements: &mut [Settlement]) {
    let Some(priors) = prior::priors(claim) else { return };
    for settlement in settlements {
        let prior = match settlement.account {
            Account::Line(at) => priors.get(at).copied().unwrap_or_default(),
            Account::Claim => priors.iter().fold(Prior::default(), |sum, prior| sum.with(prior)),
        };
        coordinate_account(settlement, prior);
    }
}

fn coordinate_account(settlement: &mut Settlement, prior: Prior) {
    let method = method(settlement.terms.plan, settlement.account);
    let alone = Alone {
        charge: settlement.charge,
        allowed: settlement.allowed,
        paid: settlement.paid(),
        patient: settlement.patient,
        coinsurance: settlement.terms.benefit.share(settlement.terms.network).coinsurance,
    };
    let division = divide(method, alone, prior);
    settlement.patient = division.patient;
    settlement.prior_payers = division.prior_payers;
    settlement.set_not_allowed(division.excess);
    settlement.coordination_words = Some(words(method, alone, prior, division));
}

/// Medicare pays lines by fee schedules, and whole stays on another basis.
fn method(plan: &Plan, account: Account) -> Method {
    match (plan.medicare, account) {
        (false, _) => Method::Plan(plan.coordination),
        (true, Account::Line(_)) => Method::MedicareFeeSchedule,
        (true, Account::Claim) => Method::MedicareOtherBasis,
    }
}

fn words(method: Method, alone: Alone, prior: Prior, division: Division) -> String {
    let by = match method {
        Method::Plan(CoordinationMethod::Standard) => "",
        Method::Plan(CoordinationMethod::MaintenanceOfBenefits) => {
            " By maintenance of benefits its terms are applied to what they left of the allowed amount."
        }
        Method::Plan(CoordinationMethod::NonDuplication) => {
            " By non-duplication it pays only what its own payment is above theirs."
        }
        Method::MedicareFeeSchedule => " Medicare pays the lowest of the amounts of 42 CFR 411.33(a).",
        Method::MedicareOtherBasis => " Medicare pays the lowest of the amounts of 42 CFR 411.33(e).",
    };
    let Prior { paid, reduced, .. } = prior;
    let mut words = format!("Earlier payers paid {paid} and reduced {reduced}: {} is left to be paid.", division.room);
    // Writing to a string cannot fail.
    let _ = write!(
        words,
        "{by} Alone this plan would pay {}; it pays {}, the patient {}.",
        alone.paid,
        division.paid,
        division.patient.total()
    );
    words
}

#[cfg(test)]
mod tests;
