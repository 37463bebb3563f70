//! Facilities: what Medicare's kind of payment asks of one, from a provider's record.

use rust_decimal::Decimal;

use super::Violations;
use crate::domain::provider::Facility;
use crate::proto::v1 as pb;

/// Reads what a provider's record says of it as a facility.
pub(super) fn facility(message: &pb::Facility, found: &mut Violations) -> Option<Facility> {
    found.visible("ccn", &message.ccn);
    if !message.cbsa.is_empty() && (message.cbsa.len() > 5 || !message.cbsa.bytes().all(|b| b.is_ascii_alphanumeric()))
    {
        found.add("cbsa", format!("{:?} is no area: up to five digits, such as \"41884\"", message.cbsa));
    }
    let wage_index = factor("wage_index", &message.wage_index, found);
    let cost_to_charge = factor("cost_to_charge", &message.cost_to_charge, found);
    let capital_cost_to_charge = factor("capital_cost_to_charge", &message.capital_cost_to_charge, found);
    let capital_factor = factor("capital_factor", &message.capital_factor, found);
    let base_rate = found.maximum("base_rate_cents", message.base_rate_cents);
    Some(Facility {
        ccn: message.ccn.clone(),
        wage_index: wage_index?,
        cbsa: message.cbsa.clone(),
        cost_to_charge: cost_to_charge?,
        capital_cost_to_charge: capital_cost_to_charge?,
        capital_factor: capital_factor?,
        base_rate: base_rate?,
    })
}

/// A factor that may be left out: above 0 and at most 10.
pub(super) fn factor(field: &str, text: &str, found: &mut Violations) -> Option<Option<Decimal>> {
    if text.is_empty() {
        return Some(None);
    }
    let number = found.decimal(field, text)?;
    if number <= Decimal::ZERO || number > Decimal::TEN {
        found.add(field, format!("{text}: more than 0 and at most 10, such as \"1.0068\""));
        return None;
    }
    Some(Some(number))
}
