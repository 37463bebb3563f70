//! What facilities are paid: a stay as a whole (by group, by day, by case), or outpatient lines by Medicare's two systems.
//!
//! One file a method. A fee schedule of another method (a part of the charge, the physician fee schedule) prices a
//! facility's lines as it prices anybody's.

mod area;
mod asc;
#[cfg(test)]
mod auditor;
mod case_rate;
mod ms_drg;
mod opps;
mod per_diem;

pub use asc::Asc;
pub use case_rate::{CaseRate, CaseRates};
pub use ms_drg::{BaseRate, MsDrg};
pub use opps::Opps;
pub use per_diem::{PerDiem, PerDiemRate};

use crate::adjudication::settlement::Settlement;
use crate::adjudication::{Account, Case, Denial, PayerRevision, Proceedings, Service};
use crate::domain::adjustment::Adjustment;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{ApcCode, Group, carc, rarc};
use crate::domain::dates::{Date, Period};
use crate::domain::determination::{FacilityPayment, HistoryLine};
use crate::domain::institutional::Institutional;
use crate::domain::money::Money;
use crate::domain::provider::{Facility, Provider};

use super::fee_schedule::{FeeSchedule, Method};
use super::quote::{Billed, Quote, quote};
use super::{Open, billed, excess_group, settlement, terms};

/// A method that prices facilities' bills only.
#[derive(Clone, Debug)]
pub enum FacilityMethod {
    /// By diagnosis-related group.
    MsDrg(MsDrg),
    /// By the day or visit.
    PerDiem(PerDiem),
    /// By the case.
    CaseRate(CaseRates),
    /// Hospital outpatients, by ambulatory payment classification.
    Opps(Opps),
    /// Ambulatory surgical centers.
    Asc(Asc),
}

/// A stay to be priced.
struct Stay<'a> {
    case: &'a Case<'a>,
    facility: &'a Institutional,
    schedule: &'a FeeSchedule,
    /// Lines that no edit has denied.
    lines: Vec<&'a Service<'a>>,
    /// What is to be divided: the charge, less what edits have taken off.
    charge: Money,
    /// What of that the facility bills as covered, of which costs are worked out.
    covered: Money,
}

/// What a stay is worth, and how that was found.
struct StayPrice {
    fee: Money,
    words: String,
    paid: FacilityPayment,
}

/// What becomes of a line of an outpatient bill.
#[derive(Debug)]
enum LinePrice {
    /// It has a fee of its own.
    Paid {
        /// For all units.
        fee: Money,
        /// What of it the patient pays by the schedule itself.
        copayment: Option<Money>,
        /// Its classification.
        apc: Option<ApcCode>,
        /// Whether the fee is a part of the charge.
        of_charge: bool,
        /// How it was found.
        words: String,
    },
    /// It is paid within others: these words say in which.
    Packaged(String),
    /// Another fee schedule prices it.
    Elsewhere,
    /// It is not paid.
    Denied(Denial),
}

impl FacilityMethod {
    /// Whether it pays a claim as a whole, so that one ledger stands over it.
    pub fn is_by_claim(&self) -> bool {
        match self {
            FacilityMethod::MsDrg(_) | FacilityMethod::PerDiem(_) | FacilityMethod::CaseRate(_) => true,
            FacilityMethod::Opps(_) | FacilityMethod::Asc(_) => false,
        }
    }

    /// The releases that it looks into for services, or discharges, of a day.
    pub fn releases(&self, day: Date) -> Vec<String> {
        let names: Vec<(Period, &str)> = match self {
            FacilityMethod::MsDrg(method) => method.weights.iter().map(|of| (of.effective(), of.release())).collect(),
            FacilityMethod::Opps(method) => method.rates.iter().map(|of| (of.effective(), of.release())).collect(),
            FacilityMethod::Asc(method) => method.rates.iter().map(|of| (of.effective(), of.release())).collect(),
            FacilityMethod::PerDiem(_) | FacilityMethod::CaseRate(_) => Vec::new(),
        };
        names.into_iter().filter(|(period, _)| period.contains(day)).map(|(_, name)| name.to_owned()).collect()
    }

    /// The prices of a bill's lines, and the schedule of those that it does not price; `None`: it pays bills as a whole.
    fn line_prices(
        &self,
        id: &str,
        lines: &[&ServiceLine],
        facility: Option<&Facility>,
    ) -> Option<(Vec<LinePrice>, &str)> {
        match self {
            FacilityMethod::Opps(method) => Some((method.price(id, lines, facility), &method.other_schedule)),
            FacilityMethod::Asc(method) => Some((method.price(id, lines, facility), &method.other_schedule)),
            FacilityMethod::MsDrg(_) | FacilityMethod::PerDiem(_) | FacilityMethod::CaseRate(_) => None,
        }
    }
}

/// Prices a claim that stands on one account. A claim that has no price is denied: nothing is paid for want of a rule.
pub(super) fn price_stay<'a>(case: &'a Case<'a>, proceedings: &mut Proceedings) -> Option<Settlement<'a>> {
    let lines: Vec<&Service<'a>> = case.services.iter().filter(|line| !proceedings.is_denied(line.at)).collect();
    let (first, facility, line) = (*lines.first()?, case.file.claim.institutional.as_deref()?, case.stay.as_ref()?);
    let charge = proceedings.payable(Account::Claim);
    let priced = terms(case, first).and_then(|terms| {
        let Some(schedule) = first.cover.and_then(|cover| cover.schedule) else {
            let words = format!("The payer has no fee schedule for a bill of type {}.", facility.bill);
            return Err(Denial::contractual(carc("147"), words));
        };
        // A line that is wholly not covered has been denied.
        let noncovered: Money = lines.iter().map(|line| line.line.noncovered).sum();
        let stay = Stay { case, facility, schedule, lines, charge, covered: (charge - noncovered).or_zero() };
        Ok((terms, schedule, stay.price()?))
    });
    let (terms, schedule, price) = match priced {
        Ok(priced) => priced,
        Err(denial) => {
            proceedings.deny("pricing", Account::Claim, denial);
            return None;
        }
    };
    let StayPrice { fee, mut words, paid } = price;
    let allowed = if schedule.ignore_lower_charge { fee } else { fee.min(charge) };
    if allowed < fee {
        words.push_str(" The charge is lower.");
    }
    proceedings.facility = Some(Box::new(paid));
    let settlement = Settlement::open(first.at, line, terms, allowed, excess_group(first), words);
    Some(Settlement { account: Account::Claim, charge, excess: charge - allowed, ..settlement })
}

/// Prices the lines of an outpatient bill together.
pub(super) fn price_lines<'a>(
    case: &Case<'a>,
    method: &FacilityMethod,
    lines: &[Open<'a>],
    proceedings: &mut Proceedings,
) -> Vec<Settlement<'a>> {
    let (Some(first), id) = (lines.first(), "pricing") else { return vec![] };
    let (schedule, payer) = (first.schedule, &case.file.payer);
    let services: Vec<&ServiceLine> = lines.iter().map(|line| line.service.line).collect();
    let placed = area::of_outpatients(payer, case.billing, first.service.line.from);
    // Those that pay a bill as a whole stand on the claim's account.
    let Some((prices, other)) = method.line_prices(&schedule.id, &services, placed.facility.as_ref()) else {
        return vec![];
    };
    let other = payer.fee_schedule(other);
    let mut settlements = Vec::with_capacity(lines.len());
    for (line, price) in lines.iter().zip(prices) {
        let (at, charge) = (line.service.at, line.service.line.charge);
        match price {
            LinePrice::Paid { fee, copayment, apc, mut words, .. } => {
                words.push_str(&placed.words);
                let allowed = if schedule.ignore_lower_charge { fee } else { fee.min(charge) };
                if allowed < fee {
                    words.push_str(" The charge is lower.");
                }
                if let Some(account) = proceedings.account_mut(at) {
                    account.apc = apc;
                }
                proceedings.facility.get_or_insert_default().procedures_payable += allowed;
                let group = excess_group(line.service);
                let settlement = Settlement::open(at, line.service.line, line.terms, allowed, group, words);
                // Another plan's members pay by their own benefit.
                let schedule_share = copayment.filter(|_| line.terms.plan.medicare).map(|share| share.min(allowed));
                settlements.push(Settlement { schedule_share, ..settlement });
            }
            LinePrice::Packaged(words) => proceedings.adjust(id, at, [packaged(charge)], words),
            LinePrice::Elsewhere => match elsewhere(case, line, other) {
                Ok(quote) => settlements.push(settlement(line, quote)),
                Err(denial) => proceedings.deny(id, at, denial),
            },
            LinePrice::Denied(denial) => proceedings.deny(id, at, denial),
        }
    }
    settlements
}

/// A line that another fee schedule prices.
fn elsewhere(case: &Case<'_>, line: &Open<'_>, other: Option<&FeeSchedule>) -> Result<Quote, Denial> {
    quote_elsewhere(line.schedule, billed(case, line.service), other, &case.history)
}

fn quote_elsewhere(
    schedule: &FeeSchedule,
    service: Billed<'_>,
    other: Option<&FeeSchedule>,
    earlier: &[&HistoryLine],
) -> Result<Quote, Denial> {
    let none = || {
        let words = format!(
            "{} has no rate for {}, and names no other fee schedule (`other_schedule`).",
            schedule.id,
            service.line.billed()
        );
        Denial::contractual(carc("147"), words)
    };
    quote(other.ok_or_else(none)?, &[service], earlier).pop().unwrap_or_else(|| Err(none()))
}

/// What services on one outpatient bill are worth, without a claim; `None`: the schedule does not price such lines.
pub fn quote_outpatient(
    payer: &PayerRevision,
    schedule: &FeeSchedule,
    services: &[Billed<'_>],
    billing: Option<&Provider>,
) -> Option<Vec<Result<Quote, Denial>>> {
    let Method::Facility(method) = &schedule.method else { return None };
    let lines: Vec<&ServiceLine> = services.iter().map(|service| service.line).collect();
    let placed = area::of_outpatients(payer, billing, lines.first()?.from);
    let (prices, other) = method.line_prices(&schedule.id, &lines, placed.facility.as_ref())?;
    let other = payer.fee_schedule(other);
    let one = |(service, price): (&Billed<'_>, LinePrice)| {
        let (fee, of_charge, words) = match price {
            LinePrice::Paid { fee, of_charge, words, .. } => (fee, of_charge, words + &placed.words),
            LinePrice::Packaged(words) => (Money::ZERO, false, words),
            LinePrice::Elsewhere => return quote_elsewhere(schedule, *service, other, &[]),
            LinePrice::Denied(denial) => return Err(denial),
        };
        let allowed = if schedule.ignore_lower_charge { fee } else { fee.min(service.line.charge) };
        let (reductions, remarks) = (vec![], vec![]);
        Ok(Quote { fee, reductions, allowed, remarks, words, by_report: None, of_charge, limiting_charge: None })
    };
    Some(services.iter().zip(prices).map(one).collect())
}

/// Paid within something else: the patient owes nothing for it.
fn packaged(charge: Money) -> Adjustment {
    let group = Group::ContractualObligation;
    Adjustment { group, carc: carc("97"), amount: charge, rarcs: vec![rarc("M15")], step: "pricing" }
}

impl Stay<'_> {
    fn price(&self) -> Result<StayPrice, Denial> {
        match &self.schedule.method {
            Method::Facility(FacilityMethod::MsDrg(method)) => method.price(self),
            Method::Facility(FacilityMethod::PerDiem(method)) => method.price(self),
            Method::Facility(FacilityMethod::CaseRate(method)) => method.price(self),
            // Only such methods put a claim on one account.
            Method::Facility(FacilityMethod::Opps(_) | FacilityMethod::Asc(_))
            | Method::Medicare(_)
            | Method::PercentOfCharge(_) => {
                let words = format!("{} does not pay a stay as a whole.", self.schedule.id);
                Err(Denial::contractual(carc("147"), words))
            }
        }
    }
}
