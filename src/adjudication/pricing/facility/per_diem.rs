//! By the day or by the visit: so much for each unit of the lines with certain revenue codes, by day of the stay.
//!
//! So contracts pay nursing facilities (by room and board), home health (by visit), and hospitals that are not paid by
//! group. What other lines bill is within the rates.

use rust_decimal::Decimal;

use super::{Stay, StayPrice};
use crate::adjudication::Denial;
use crate::domain::codes::carc;
use crate::domain::dates::days_between;
use crate::domain::determination::FacilityPayment;
use crate::domain::institutional::CodeSet;
use crate::domain::money::Money;

/// Payment by the day or visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerDiem {
    /// Rates; two for one revenue code are for different days.
    pub rates: Vec<PerDiemRate>,
}

/// What a day or visit is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerDiemRate {
    /// Revenue codes whose units it pays.
    pub revenue_codes: CodeSet<4>,
    /// From this day of the stay; the day of admission is the first.
    pub from_day: i32,
    /// Through this day; `None`: no end.
    pub through_day: Option<i32>,
    /// Dollars.
    pub amount: Money,
}

impl PerDiemRate {
    /// How many of the units after so many days fall to it.
    fn units(&self, before: Decimal, units: Decimal) -> Decimal {
        let last = before + units;
        let through = self.through_day.map_or(last, |day| last.min(day.into()));
        (through - before.max(Decimal::from(self.from_day - 1))).max(Decimal::ZERO)
    }
}

impl PerDiem {
    pub(super) fn price(&self, stay: &Stay<'_>) -> Result<StayPrice, Denial> {
        let id = &stay.schedule.id;
        let admitted = stay.facility.admission.unwrap_or(stay.facility.from);
        let mut day = Decimal::from(days_between(admitted, stay.facility.from).max(0));
        let (mut fee, mut paid_units, mut parts) = (Money::ZERO, Decimal::ZERO, Vec::new());
        for service in &stay.lines {
            let (revenue, units) = (service.line.revenue, service.line.units);
            let rates = || self.rates.iter().filter(|rate| rate.revenue_codes.contains(revenue));
            if rates().next().is_none() {
                continue;
            }
            let mut found = Decimal::ZERO;
            for rate in rates() {
                let here = rate.units(day, units);
                if !here.is_zero() {
                    found += here;
                    fee += rate.amount.times(here);
                    parts.push(format!("{here} × {} ({revenue})", rate.amount));
                }
            }
            if found < units {
                let words = format!("{id} has no rate for every unit of revenue code {revenue}: {found} of {units}.");
                return Err(Denial::contractual(carc("147"), words));
            }
            day += units;
            paid_units += units;
        }
        if parts.is_empty() {
            let words = format!("{id} has no rate for any revenue code of the claim; bill the days or visits.");
            return Err(Denial::contractual(carc("147"), words));
        }
        let covered_days = i32::try_from(paid_units.trunc()).ok();
        let paid = FacilityPayment { covered_days, ..FacilityPayment::default() };
        Ok(StayPrice { fee, words: format!("{id}: {}.", parts.join(" + ")), paid })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days 18 to 22 of a stay whose rate changes after day 20: three days of the first, two of the second.
    #[test]
    fn a_bill_that_crosses_a_tier_is_paid_by_both() {
        let rate = |from_day, through_day| PerDiemRate {
            revenue_codes: CodeSet::default(),
            from_day,
            through_day,
            amount: Money::ZERO,
        };
        let (before, units) = (Decimal::from(17), Decimal::from(5));
        assert_eq!(rate(1, Some(20)).units(before, units), Decimal::from(3));
        assert_eq!(rate(21, None).units(before, units), Decimal::TWO);
        assert_eq!(rate(23, None).units(before, units), Decimal::ZERO);
    }
}
