//! Medicare's own rates, without any contract around them.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::contracted::ContractedAmounts;
use super::fee_schedule::{FeeSchedule, Method};
use super::medicare::Medicare;
use super::other_schedules::OtherSchedules;
use super::payment_rules::PaymentRules;
use crate::domain::dates::Date;
use crate::reference::anesthesia::AnesthesiaFactors;
use crate::reference::anesthesia_rules;
use crate::reference::gpci::Gpcis;
use crate::reference::pprrvu::RelativeValues;

impl Medicare {
    /// Medicare's rates from what comes with the program.
    pub fn embedded() -> Medicare {
        Medicare {
            percentage: Decimal::ONE,
            relative_values: RelativeValues::embedded().iter().cloned().map(Arc::new).collect(),
            gpcis: Gpcis::embedded().iter().cloned().map(Arc::new).collect(),
            otherwise_of_charge: None,
            rules: Box::new(PaymentRules { by_performer: true, ..PaymentRules::default() }),
            other: Box::new(OtherSchedules {
                anesthesia_factors: AnesthesiaFactors::embedded().iter().cloned().map(Arc::new).collect(),
                anesthesia_units: anesthesia_rules::example_base_units().iter().cloned().map(Arc::new).collect(),
                ..OtherSchedules::default()
            }),
        }
    }
}

impl FeeSchedule {
    /// A schedule of Medicare's rates from what comes with the program.
    pub fn medicare(id: String) -> FeeSchedule {
        FeeSchedule::of(id, Medicare::embedded())
    }

    /// The releases of official tables that hold for a day.
    pub fn releases(&self, day: Date) -> Vec<String> {
        let medicare = match &self.method {
            Method::Medicare(medicare) => medicare,
            Method::Facility(method) => return method.releases(day),
            Method::PercentOfCharge(_) => return Vec::new(),
        };
        let values = medicare.release(day).map(RelativeValues::release);
        let indices = medicare.gpcis.iter().find(|year| year.effective().contains(day)).map(|year| year.release());
        let others = medicare.other.releases(day);
        [values, indices].into_iter().flatten().chain(others).map(str::to_owned).collect()
    }

    /// Whether fees depend on who performs.
    pub(super) fn pays_by_performer(&self) -> bool {
        matches!(&self.method, Method::Medicare(medicare) if medicare.rules.by_performer)
    }

    fn of(id: String, medicare: Medicare) -> FeeSchedule {
        FeeSchedule {
            id,
            amounts: ContractedAmounts::default(),
            method: Method::Medicare(medicare),
            ignore_lower_charge: false,
            rules_for_amounts: false,
            amounts_last: false,
        }
    }
}

/// Medicare's own rates for a payer: by the releases of its first schedule that is built on Medicare's, behind them by
/// those that `general` has.
pub fn own_rates(schedules: &[FeeSchedule], general: FeeSchedule) -> FeeSchedule {
    let payers = schedules.iter().find_map(|schedule| match &schedule.method {
        Method::Medicare(medicare) => Some(medicare),
        Method::PercentOfCharge(_) | Method::Facility(_) => None,
    });
    match (payers, general.method) {
        (Some(first), Method::Medicare(behind)) => FeeSchedule::of(general.id, joined(first, behind)),
        (_, method) => FeeSchedule { method, ..general },
    }
}

fn joined(first: &Medicare, behind: Medicare) -> Medicare {
    let (front, back) = (&first.other, *behind.other);
    Medicare {
        percentage: Decimal::ONE,
        relative_values: chain(&first.relative_values, behind.relative_values),
        gpcis: chain(&first.gpcis, behind.gpcis),
        otherwise_of_charge: None,
        rules: behind.rules,
        other: Box::new(OtherSchedules {
            anesthesia_factors: chain(&front.anesthesia_factors, back.anesthesia_factors),
            anesthesia_units: chain(&front.anesthesia_units, back.anesthesia_units),
            anesthesia: back.anesthesia,
            laboratory: chain(&front.laboratory, back.laboratory),
            drugs: chain(&front.drugs, back.drugs),
            equipment: chain(&front.equipment, back.equipment),
            ambulance: chain(&front.ambulance, back.ambulance),
            imaging_caps: chain(&front.imaging_caps, back.imaging_caps),
            areas: front.areas.clone().or(back.areas),
        }),
    }
}

fn chain<T>(first: &[Arc<T>], behind: Vec<Arc<T>>) -> Vec<Arc<T>> {
    first.iter().cloned().chain(behind).collect()
}
