//! Pricing: what a line is worth to the payer. What the charge is above that is CARC 45.

mod contracted;
mod fee_schedule;
mod medicare;

pub use contracted::{ContractedAmount, ContractedAmounts};
pub use fee_schedule::{FeeSchedule, Method, Price};
pub use medicare::Medicare;

use crate::domain::codes::{Group, carc};
use crate::domain::plan::Network;

use super::settlement::{Settlement, Terms};
use super::{Case, Denial, Proceedings, Service};

/// Prices every line that no edit has denied. A line that has no price is denied here: nothing is paid for want of a rule.
pub fn price<'a>(case: &'a Case<'a>, proceedings: &mut Proceedings) -> Vec<Settlement<'a>> {
    let mut settlements = Vec::with_capacity(case.services.len());
    for service in &case.services {
        if proceedings.is_denied(service.at) {
            continue;
        }
        match open(case, service) {
            Ok(settlement) => settlements.push(settlement),
            Err(denial) => proceedings.deny("pricing", service.at, denial),
        }
    }
    settlements
}

fn open<'a>(case: &'a Case<'a>, service: &'a Service<'a>) -> Result<Settlement<'a>, Denial> {
    let line = service.line;
    let terms = terms(case, service)?;
    let Terms { plan, network, cost_share, .. } = terms;
    let Some(schedule) = case.file.payer.fee_schedule(&cost_share.fee_schedule) else {
        let words = format!("The payer has no fee schedule {:?}.", cost_share.fee_schedule);
        return Err(Denial::contractual(carc("147"), words));
    };
    let Price { fee, mut words } = schedule.price(line, locality(case, service))?;
    let allowed = if schedule.ignore_lower_charge { fee } else { fee.min(line.charge) };
    if allowed < fee {
        words.push_str(" The charge is lower.");
    }
    let balance_billed = network == Network::Out && plan.balance_billing;
    let excess_group = if balance_billed { Group::PatientResponsibility } else { Group::ContractualObligation };
    Ok(Settlement::open(service.at, line, terms, allowed, excess_group, words))
}

/// What the line falls under. Edits deny most lines that fall under nothing; here are the last guards.
fn terms<'a>(case: &Case<'a>, service: &Service<'a>) -> Result<Terms<'a>, Denial> {
    let (Some(member), Some(cover)) = (case.member(), service.cover) else {
        let words = format!("No plan of this payer covers the service of {}.", service.line.from);
        return Err(Denial::patient(carc("204"), words).remark("N130"));
    };
    let (plan, network) = (cover.plan, cover.network);
    let Some(cost_share) = cover.share else {
        let words = format!("Plan {} pays in its networks only; the provider is in none of them.", plan.plan_id);
        return Err(Denial::patient(carc("242"), words).remark("N130"));
    };
    let Some(benefit) = cover.benefit else {
        let words =
            format!("Plan {} has no benefit for {}, nor one for all others.", plan.plan_id, service.line.procedure);
        return Err(Denial::patient(carc("204"), words).remark("N130"));
    };
    Ok(Terms { member, plan, benefit, network, cost_share })
}

/// The Medicare locality: the rendering provider's, or else the billing one's, or else the payer's default.
fn locality<'a>(case: &Case<'a>, service: &Service<'a>) -> &'a str {
    let of_a_provider = [service.rendering, case.billing].into_iter().flatten().find_map(|p| p.locality.as_deref());
    of_a_provider.unwrap_or(&case.file.payer.default_locality)
}
