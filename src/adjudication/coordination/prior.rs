//! What payers before this one did, as the claim brings it: by line, and on the claim as a whole.

use crate::domain::adjustment::Adjustment;
use crate::domain::claim::{Claim, OtherPayer};
use crate::domain::codes::{Carc, Group, carc};
use crate::domain::money::Money;

/// The patient's share of what a payer allowed (PR).
const COST_SHARE: [Carc; 3] = [carc("1"), carc("2"), carc("3")];

/// Reasons by which a payer says that the claim is not its to pay. What it then does not pay nobody writes off, whatever
/// its group: another payer, the injury's carrier, no coverage that day, not its insured, sent to the wrong place.
const NOT_ITS_TO_PAY: [Carc; 9] =
    [carc("19"), carc("20"), carc("21"), carc("22"), carc("26"), carc("27"), carc("31"), carc("109"), carc("200")];

/// What earlier payers did for a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prior {
    /// What they paid.
    pub paid: Money,
    /// What the provider must write off by contract with them (CO).
    pub reduced: Money,
    /// The most that one of them allowed.
    pub allowed: Money,
}

impl Prior {
    /// Of two lines together.
    pub fn with(self, other: &Prior) -> Prior {
        Prior {
            paid: self.paid + other.paid,
            reduced: self.reduced + other.reduced,
            allowed: self.allowed + other.allowed,
        }
    }
}

/// What earlier payers did, line by line; `None` where the claim carries no decision of theirs.
pub(super) fn priors(claim: &Claim) -> Option<Vec<Prior>> {
    let mut priors: Option<Vec<Prior>> = None;
    for payer in claim.decided_before() {
        add(priors.get_or_insert_with(|| vec![Prior::default(); claim.lines.len()]), claim, payer);
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
    /// Written off by contract: CO, unless the payer says that the claim is not its to pay.
    reduced: Money,
    /// Everything but the patient's share of the allowed amount (PR-1, 2, 3) and what still earlier payers paid (OA-23).
    not_allowed: Money,
}

impl Cuts {
    fn add(&mut self, adjustment: &Adjustment) {
        let Adjustment { group, carc: reason, amount, .. } = adjustment;
        if *group == Group::ContractualObligation && !NOT_ITS_TO_PAY.contains(reason) {
            self.reduced += *amount;
        }
        let cost_share = *group == Group::PatientResponsibility && COST_SHARE.contains(reason);
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
