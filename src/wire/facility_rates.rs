//! Facilities' rates: messages to domain.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::Violations;
use super::facilities::factor;
use crate::adjudication::payer_revision::Editions;
use crate::adjudication::pricing::Method;
use crate::adjudication::pricing::facility::{
    Asc, BaseRate, CaseRate, CaseRates, FacilityMethod, MsDrg, Opps, PerDiem, PerDiemRate,
};
use crate::domain::institutional::CodeSet;
use crate::proto::v1 as pb;
use crate::reference::apc::Apcs;
use crate::reference::asc::AscRates;
use crate::reference::ms_drg::DrgWeights;
use crate::reference::opps::OppsRates;

/// By group, with the weights that were read.
pub(super) fn ms_drg(m: &pb::MsDrgRates, weights: Vec<Arc<DrgWeights>>, found: &mut Violations) -> Option<Method> {
    let base = found.maximum("base_rate_cents", m.base_rate_cents);
    let percentage = factor("percentage", &m.percentage, found);
    let fixed_loss = found.maximum("fixed_loss_cents", m.fixed_loss_cents);
    Some(Method::Facility(FacilityMethod::MsDrg(MsDrg {
        weights,
        base: base?.map_or(BaseRate::National, BaseRate::Agreed),
        percentage: percentage?.unwrap_or(Decimal::ONE),
        fixed_loss: fixed_loss?,
        transfers_in_full: m.transfers_in_full,
    })))
}

/// By the day or visit.
pub(super) fn per_diem(m: &pb::PerDiemRates, found: &mut Violations) -> Option<Method> {
    let rates = found.each("rates", &m.rates, per_diem_rate);
    if m.rates.is_empty() {
        found.add("rates", "is missing: at least one rate");
    }
    for (at, rate) in rates.iter().enumerate() {
        let clashes = |other: &PerDiemRate| {
            rate.revenue_codes.overlaps(&other.revenue_codes)
                && rate.from_day <= other.through_day.unwrap_or(i32::MAX)
                && other.from_day <= rate.through_day.unwrap_or(i32::MAX)
        };
        if let Some(other) = rates.iter().take(at).position(clashes) {
            found
                .add(format_args!("rates[{at}]"), format!("is for the same revenue code and days as `rates[{other}]`"));
        }
    }
    Some(Method::Facility(FacilityMethod::PerDiem(PerDiem { rates })))
}

fn per_diem_rate(m: &pb::PerDiemRate, found: &mut Violations) -> Option<PerDiemRate> {
    let revenue_codes = revenue_codes(&m.revenue_codes, found);
    if m.revenue_codes.is_empty() {
        found.add("revenue_codes", "is missing: codes of four digits, or ranges such as \"0110-0169\"");
    }
    let (from_day, through_day) = (found.limit("from_day", m.from_day), found.limit("through_day", m.through_day));
    let amount = found.amount("amount_cents", m.amount_cents);
    let (from_day, through_day) = (from_day?.unwrap_or(1), through_day?);
    if through_day.is_some_and(|last| last < from_day) {
        found.add("through_day", format!("lies before the first day, {from_day}"));
    }
    Some(PerDiemRate { revenue_codes: revenue_codes?, from_day, through_day, amount: amount? })
}

/// By the case.
pub(super) fn case_rates(m: &pb::CaseRates, found: &mut Violations) -> Option<Method> {
    let rates = found.each("rates", &m.rates, case_rate);
    let otherwise_of_charge = found.fraction_if_any("otherwise_of_charge", &m.otherwise_of_charge);
    if m.rates.is_empty() {
        found.add("rates", "is missing: at least one rate");
    }
    Some(Method::Facility(FacilityMethod::CaseRate(CaseRates { rates, otherwise_of_charge: otherwise_of_charge? })))
}

fn case_rate(m: &pb::CaseRate, found: &mut Violations) -> Option<CaseRate> {
    let drgs = code_set("drgs", &m.drgs, 3, found);
    let procedures = found.procedures("procedures", &m.procedures);
    let revenue_codes = revenue_codes(&m.revenue_codes, found);
    let amount = found.amount("amount_cents", m.amount_cents);
    let days = found.limit("days", m.days);
    let further_day = found.amount("further_day_cents", m.further_day_cents);
    if m.further_day_cents != 0 && m.days == 0 {
        found.add("further_day_cents", "means nothing without `days`, which the amount includes");
    }
    Some(CaseRate {
        drgs: drgs?,
        procedures: procedures?,
        revenue_codes: revenue_codes?,
        amount: amount?,
        days: days?,
        further_day: further_day?,
    })
}

/// Hospital outpatients, with the rates that were read.
pub(super) fn opps(
    m: &pb::OppsMethod,
    rates: Vec<Arc<OppsRates>>,
    groups: Editions<Apcs>,
    found: &mut Violations,
) -> Option<Method> {
    let percentage = factor("percentage", &m.percentage, found)?.unwrap_or(Decimal::ONE);
    let other_schedule = m.other_schedule.clone();
    Some(Method::Facility(FacilityMethod::Opps(Opps { rates, groups, percentage, other_schedule })))
}

/// Ambulatory surgical centers, with the rates that were read.
pub(super) fn asc(m: &pb::AscMethod, rates: Vec<Arc<AscRates>>, found: &mut Violations) -> Option<Method> {
    let percentage = factor("percentage", &m.percentage, found)?.unwrap_or(Decimal::ONE);
    let other_schedule = m.other_schedule.clone();
    Some(Method::Facility(FacilityMethod::Asc(Asc { rates, percentage, other_schedule })))
}

fn revenue_codes(texts: &[String], found: &mut Violations) -> Option<CodeSet<4>> {
    code_set("revenue_codes", texts, 4, found)
}

fn code_set(field: &str, texts: &[String], length: usize, found: &mut Violations) -> Option<CodeSet<4>> {
    let set = CodeSet::parse(texts.iter().map(String::as_str), length);
    set.map_err(|text| found.add(field, format!("{text:?}: codes of {length} digits, or ranges of such"))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(rates: Vec<pb::PerDiemRate>) -> Vec<String> {
        let mut found = Violations::default();
        let method = per_diem(&pb::PerDiemRates { rates }, &mut found);
        let violations = found.into_result(method).err().unwrap_or_default();
        violations.into_iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn two_rates_for_one_day_are_refused() {
        let rate = |codes: &str, from_day, through_day| pb::PerDiemRate {
            revenue_codes: vec![codes.into()],
            from_day,
            through_day,
            amount_cents: 50_000,
        };
        assert!(faults(vec![rate("0110-0169", 1, 20), rate("0120", 21, 0), rate("0190", 0, 0)]).is_empty());
        assert_eq!(faults(vec![rate("0110-0169", 1, 20), rate("0120", 20, 0)]), ["rates[1]"]);
        assert_eq!(
            faults(vec![rate("120", 1, 20), rate("0169-0110", 5, 4)]),
            ["rates[0].revenue_codes", "rates[1].revenue_codes", "rates[1].through_day"]
        );
    }
}
