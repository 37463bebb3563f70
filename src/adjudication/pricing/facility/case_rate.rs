//! By the case: one amount for the whole of it, whatever was done, and so much for each day beyond those it includes.
//!
//! So contracts pay births, joint replacements, and thirty days of home health.

use rust_decimal::Decimal;

use super::{Stay, StayPrice};
use crate::adjudication::Denial;
use crate::domain::codes::carc;
use crate::domain::determination::FacilityPayment;
use crate::domain::institutional::CodeSet;
use crate::domain::member::CodeRanges;
use crate::domain::money::Money;

/// Payment by the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRates {
    /// The first that fits the claim counts.
    pub rates: Vec<CaseRate>,
    /// What a claim that none fits is paid of its charge; `None`: it has no price.
    pub otherwise_of_charge: Option<Decimal>,
}

/// An amount for a case. Of what is asked, everything must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRate {
    /// One of these groups; empty: whatever group.
    pub drgs: CodeSet<4>,
    /// A line with one of these procedures; empty: whatever was done.
    pub procedures: CodeRanges,
    /// A line with one of these revenue codes; empty: whatever was billed.
    pub revenue_codes: CodeSet<4>,
    /// Dollars.
    pub amount: Money,
    /// Days that the amount includes; `None`: all.
    pub days: Option<i32>,
    /// Dollars for each day beyond.
    pub further_day: Money,
}

impl CaseRate {
    fn fits(&self, stay: &Stay<'_>) -> bool {
        let drg = stay.case.drg();
        let any_line = |is: &dyn Fn(&crate::domain::claim::ServiceLine) -> bool| stay.lines.iter().any(|s| is(s.line));
        (self.drgs.is_empty() || drg.is_some_and(|drg| self.drgs.contains(drg)))
            && (self.procedures.ranges().is_empty() || any_line(&|line| self.procedures.contains(line.procedure)))
            && (self.revenue_codes.is_empty() || any_line(&|line| self.revenue_codes.contains(line.revenue)))
    }
}

impl CaseRates {
    pub(super) fn price(&self, stay: &Stay<'_>) -> Result<StayPrice, Denial> {
        let id = &stay.schedule.id;
        let days = stay.facility.covered_days();
        let paid = FacilityPayment { drg: stay.case.drg(), covered_days: Some(days), ..FacilityPayment::default() };
        let rate = self.rates.iter().find(|rate| rate.fits(stay));
        match (rate, self.otherwise_of_charge) {
            (Some(rate), _) => {
                let further = rate.days.map_or(0, |included| (days - included).max(0));
                let fee = rate.amount + rate.further_day.times(further.into());
                let mut words = format!("{id}: {} for the case.", rate.amount);
                if further > 0 {
                    words.push_str(&format!(" {further} further days × {}.", rate.further_day));
                }
                Ok(StayPrice { fee, words, paid })
            }
            (None, Some(part)) => {
                let paid = FacilityPayment { reimbursement_rate: Some(part), ..paid };
                Ok(StayPrice { fee: stay.charge.times(part), words: format!("{id}: {part} of the charge."), paid })
            }
            (None, None) => {
                let words = format!("{id} has no rate that fits the case.");
                Err(Denial::contractual(carc("147"), words))
            }
        }
    }
}
