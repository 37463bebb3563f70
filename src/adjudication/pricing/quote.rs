//! Quotes: what services are worth under a fee schedule, taken together, for several rules look at all of a day's services.

use crate::adjudication::Denial;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Carc, Npi, Rarc};
use crate::domain::determination::HistoryLine;
use crate::domain::money::Money;

use super::fee_schedule::FeeSchedule;

/// A service to be priced.
#[derive(Clone, Copy, Debug)]
pub struct Billed<'a> {
    /// The service; its charge is compared with the fee.
    pub line: &'a ServiceLine,
    /// Medicare locality, such as "01112-05".
    pub locality: &'a str,
    /// The practice: services of one day and practice are ranked together.
    pub group: Npi,
}

/// What a service is worth, and how that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The fee for all units, before reductions.
    pub fee: Money,
    /// What the rules for several services take from the fee.
    pub reductions: Vec<Reduction>,
    /// What is allowed: the fee less the reductions, or the charge where that is lower and the schedule says so.
    pub allowed: Money,
    /// How it was found.
    pub words: String,
    /// Why a person must set the price, where one must.
    pub by_report: Option<&'static str>,
}

/// A part of the fee that is not paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reduction {
    /// Why.
    pub carc: Carc,
    /// Remarks beside the reason.
    pub rarcs: Vec<Rarc>,
    /// Dollars; above zero.
    pub amount: Money,
}

/// Prices services under one schedule, in their order; a service that has no price is denied. `earlier` are lines of
/// earlier claims of the same patient.
pub fn quote(schedule: &FeeSchedule, services: &[Billed<'_>], _earlier: &[&HistoryLine]) -> Vec<Result<Quote, Denial>> {
    let one = |service: &Billed<'_>| {
        let (line, price) = (service.line, schedule.price(service.line, service.locality)?);
        let allowed = if schedule.ignore_lower_charge { price.fee } else { price.fee.min(line.charge) };
        let mut words = price.words;
        if allowed < price.fee {
            words.push_str(" The charge is lower.");
        }
        Ok(Quote { fee: price.fee, reductions: vec![], allowed, words, by_report: None })
    };
    services.iter().map(one).collect()
}
