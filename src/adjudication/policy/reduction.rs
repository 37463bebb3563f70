//! What policies take of what is allowed: a part of it, or the units above a most.

use rust_decimal::Decimal;

use crate::adjudication::pricing::Reduction;
use crate::adjudication::settlement::Settlement;
use crate::adjudication::{Account, Proceedings};
use crate::domain::codes::{Carc, Rarc};
use crate::domain::money::Money;
use crate::domain::policy::ReducedTo;

/// A cut that a policy has found, to be made once the line has its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Zero-based line.
    pub line: usize,
    /// Why.
    pub carc: Carc,
    /// Remarks.
    pub rarcs: Vec<Rarc>,
    /// How much is paid.
    pub to: ReducedTo,
    /// The policy's id.
    pub policy_id: String,
}

impl Cut {
    /// Of so many units, those that are paid.
    pub fn units(&self, units: Decimal) -> Decimal {
        match self.to {
            ReducedTo::Units(most) => units.min(most),
            ReducedTo::Part(_) => units,
        }
    }
}

/// Makes the cuts. A stay that is paid as a whole has no lines to cut.
pub fn reduce(proceedings: &Proceedings, settlements: &mut [Settlement<'_>]) {
    for cut in &proceedings.cuts {
        let of_line = settlements.iter_mut().find(|settlement| settlement.account == Account::Line(cut.line));
        let Some(settlement) = of_line else { continue };
        let (before, units) = (settlement.allowed, settlement.line.units);
        let (allowed, words) = match cut.to {
            ReducedTo::Part(part) => {
                (before.times(part), format!("{} percent of it", (part * Decimal::ONE_HUNDRED).normalize()))
            }
            // Rounded once, behind the division.
            ReducedTo::Units(most) if most < units => {
                let share = before.dollars().checked_mul(most).and_then(|product| product.checked_div(units));
                (
                    share.map_or(Money::ZERO, Money::round),
                    format!("{} of {} units", most.normalize(), units.normalize()),
                )
            }
            ReducedTo::Units(_) => continue,
        };
        let amount = before - allowed;
        if amount.or_zero().is_zero() {
            continue;
        }
        settlement.allowed = allowed;
        settlement.schedule_share = settlement.schedule_share.map(|share| share.min(allowed));
        settlement.reductions.push(Reduction {
            step: "medical-policy",
            carc: cut.carc,
            rarcs: cut.rarcs.clone(),
            amount,
        });
        settlement.pricing_words.push_str(&format!(" {} pays {words}: {allowed}.", cut.policy_id));
    }
}
