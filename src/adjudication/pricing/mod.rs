//! Pricing: what a line is worth to the payer. What the charge is above that is CARC 45.

use rust_decimal::Decimal;

use crate::domain::adjustment::Adjustment;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Group, carc};
use crate::domain::money::Money;
use crate::domain::plan::Network;

use super::{Case, Cover, Proceedings};

/// How a contract prices services.
#[derive(Clone, Debug)]
pub struct FeeSchedule {
    /// Its id.
    pub id: String,
    /// How.
    pub method: Method,
    /// Pay the fee even where the charge is lower.
    pub ignore_lower_charge: bool,
}

/// A method of pricing.
#[derive(Clone, Debug)]
pub enum Method {
    /// This fraction of the charge.
    PercentOfCharge(Decimal),
}

/// What a line is worth, and how that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// The fee for the line.
    pub fee: Money,
    /// How it was found.
    pub words: String,
}

/// Prices every line that no edit has denied.
pub fn apply(case: &Case<'_>, proceedings: &mut Proceedings) {
    for service in &case.services {
        let (at, line) = (service.at, service.line);
        if proceedings.is_denied(at) {
            continue;
        }
        let Some(Cover { plan, network, share: Some(share), .. }) = service.cover else { continue };
        let Some(schedule) = case.file.payer.fee_schedule(&share.fee_schedule) else { continue };
        let Price { fee, words } = schedule.price(line);
        let allowed = if schedule.ignore_lower_charge { fee } else { fee.min(line.charge) };
        let balance_billed = network == Network::Out && plan.balance_billing;
        let group = if balance_billed { Group::PatientResponsibility } else { Group::ContractualObligation };
        if let Some(account) = proceedings.lines.get_mut(at) {
            account.allowed = allowed;
        }
        let over = line.charge - allowed;
        proceedings.adjust(
            at,
            Adjustment { group, carc: carc("45"), amount: over, rarcs: vec![], step: "pricing" },
            words,
        );
    }
}

impl FeeSchedule {
    /// The fee for a line.
    pub fn price(&self, line: &ServiceLine) -> Price {
        match &self.method {
            Method::PercentOfCharge(rate) => {
                Price { fee: line.charge.times(*rate), words: format!("{}: {rate} of the charge", self.id) }
            }
        }
    }
}
