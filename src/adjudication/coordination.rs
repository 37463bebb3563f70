//! Coordination of benefits: what earlier payers' payments leave for this one.
//!
//! A later payer works out what it would have paid alone, and pays no more than what is still owed to the provider
//! (NAIC Model Regulation 120, section 7). Original Medicare follows 42 CFR 411.33 and 411.35.

use crate::domain::adjustment::Adjustment;
use crate::domain::claim::{Claim, OtherPayer, Responsibility};
use crate::domain::codes::{Group, carc};
use crate::domain::money::Money;

use super::settlement::Settlement;

/// What earlier payers did for a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Prior {
    /// What they paid.
    paid: Money,
    /// What the provider must write off by contract with them (CO).
    reduced: Money,
    /// The most that one of them allowed.
    allowed: Money,
}

/// Makes room for earlier payers' payments on every line, where the claim carries their decisions.
pub fn coordinate(claim: &Claim, settlements: &mut [Settlement]) {
    if claim.responsibility == Responsibility::Primary {
        return;
    }
    let Some(priors) = priors(claim) else { return };
    for settlement in settlements {
        if let Some(prior) = priors.get(settlement.at) {
            coordinate_line(settlement, *prior);
        }
    }
}

fn coordinate_line(settlement: &mut Settlement, prior: Prior) {
    let (charge, allowed) = (settlement.line.charge, settlement.allowed);
    // A fee above the charge is paid in full: then it takes the charge's place.
    let basis = charge.max(allowed);
    let owed = (basis - prior.paid - prior.reduced).or_zero();
    let alone = settlement.paid();
    let mut paid = alone.min(owed);
    let mut patient = settlement.patient;
    if settlement.terms.plan.medicare {
        // 411.33(a)(3): no more than the higher of the two allowed amounts leaves.
        paid = paid.min((allowed.max(prior.allowed) - prior.paid).or_zero());
        // 411.35(b): the patient owes deductible and coinsurance only as far as earlier payments do not cover them.
        patient = patient.at_most((patient.total() - prior.paid).or_zero());
    }
    patient = patient.at_most(owed - paid);
    let unpaid = basis - paid - patient.total();
    settlement.patient = patient;
    settlement.prior_payers = (prior.paid + prior.reduced).min(unpaid);
    settlement.excess = (charge - basis) + (unpaid - settlement.prior_payers);
    let Prior { paid: prior_paid, reduced, .. } = prior;
    settlement.coordination_words = Some(format!(
        "Earlier payers paid {prior_paid} and reduced {reduced}: {owed} is owed. Alone this plan would pay {alone}; it pays {paid}, the patient {}.",
        patient.total()
    ));
}

/// What earlier payers did, line by line; `None` where the claim carries no decision of theirs.
fn priors(claim: &Claim) -> Option<Vec<Prior>> {
    let earlier = || claim.other_payers.iter().filter(|payer| payer.responsibility < claim.responsibility);
    let mut priors: Option<Vec<Prior>> = None;
    for payer in earlier() {
        let by_line = claim.lines.iter().any(|line| line.other_decisions.iter().any(|d| d.payer_id == payer.payer_id));
        if by_line || payer.decision.is_some() {
            add(priors.get_or_insert_with(|| vec![Prior::default(); claim.lines.len()]), claim, payer);
        }
    }
    priors
}

/// Adds one payer's decision. What it decided on the claim as a whole is spread over the lines in proportion to their
/// charges; of its payment that is what its lines do not tell.
fn add(priors: &mut [Prior], claim: &Claim, payer: &OtherPayer) {
    let on_line = |at: usize| {
        let decisions = claim.lines.get(at).map_or(&[][..], |line| &line.other_decisions);
        decisions.iter().filter(|decision| decision.payer_id == payer.payer_id)
    };
    let told_by_lines: Money = (0..claim.lines.len()).flat_map(on_line).map(|decision| decision.paid).sum();
    let whole = payer.decision.as_ref();
    let mut paid = Spread::over(claim, whole.map_or(Money::ZERO, |whole| whole.paid - told_by_lines));
    let mut cuts = Cuts::default();
    whole.into_iter().flat_map(|whole| &whole.adjustments).for_each(|adjustment| cuts.add(adjustment));
    let mut reduced = Spread::over(claim, cuts.reduced);
    let mut not_allowed = Spread::over(claim, cuts.not_allowed);
    for (at, (prior, line)) in priors.iter_mut().zip(&claim.lines).enumerate() {
        let mut cuts = Cuts::default();
        on_line(at).flat_map(|decision| &decision.adjustments).for_each(|adjustment| cuts.add(adjustment));
        prior.paid += on_line(at).map(|decision| decision.paid).sum::<Money>() + paid.next(line.charge);
        prior.reduced += cuts.reduced + reduced.next(line.charge);
        let allowed = line.charge - cuts.not_allowed - not_allowed.next(line.charge);
        prior.allowed = prior.allowed.max(allowed);
    }
}

/// What an earlier payer's adjustments say.
#[derive(Default)]
struct Cuts {
    /// Written off by contract: CO.
    reduced: Money,
    /// Everything but the patient's share of the allowed amount (PR-1, 2, 3) and what still earlier payers paid (OA-23).
    not_allowed: Money,
}

impl Cuts {
    fn add(&mut self, adjustment: &Adjustment) {
        let Adjustment { group, carc: reason, amount, .. } = adjustment;
        if *group == Group::ContractualObligation {
            self.reduced += *amount;
        }
        let cost_share = *group == Group::PatientResponsibility && [carc("1"), carc("2"), carc("3")].contains(reason);
        if !cost_share && *reason != carc("23") {
            self.not_allowed += *amount;
        }
    }
}

/// An amount spread over lines in proportion to their charges; the last line takes what rounding leaves.
struct Spread {
    amount_left: Money,
    charge_left: Money,
}

impl Spread {
    fn over(claim: &Claim, amount: Money) -> Spread {
        Spread { amount_left: amount, charge_left: claim.lines.iter().map(|line| line.charge).sum() }
    }

    /// The part of the next line.
    fn next(&mut self, charge: Money) -> Money {
        let (amount, of) = (i128::from(self.amount_left.cents()), i128::from(self.charge_left.cents()));
        let part = match of {
            0 => self.amount_left,
            _ => Money::from_cents(i64::try_from(amount * i128::from(charge.cents()) / of).unwrap_or(i64::MAX)),
        };
        self.amount_left -= part;
        self.charge_left -= charge;
        part
    }
}
