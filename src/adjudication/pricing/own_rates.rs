//! Medicare's own rates, without any contract around them.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::contracted::ContractedAmounts;
use super::fee_schedule::{FeeSchedule, Method};
use super::medicare::Medicare;
use crate::domain::dates::Date;
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
            rules: Box::default(),
        }
    }
}

impl FeeSchedule {
    /// A schedule of Medicare's rates from what comes with the program.
    pub fn medicare(id: String) -> FeeSchedule {
        FeeSchedule::of(id, Medicare::embedded())
    }

    /// A schedule of Medicare's own rates by the same releases; `None` where this one is not built on them.
    pub fn whole_medicare(&self, id: String) -> Option<FeeSchedule> {
        let Method::Medicare(medicare) = &self.method else { return None };
        let whole =
            Medicare { percentage: Decimal::ONE, otherwise_of_charge: None, rules: Box::default(), ..medicare.clone() };
        Some(FeeSchedule::of(id, whole))
    }

    /// The releases of official tables that hold for a day.
    pub fn releases(&self, day: Date) -> Vec<String> {
        let Method::Medicare(medicare) = &self.method else { return Vec::new() };
        let values = medicare.release(day).map(RelativeValues::release);
        let indices = medicare.gpcis.iter().find(|year| year.effective().contains(day)).map(|year| year.release());
        [values, indices].into_iter().flatten().map(str::to_owned).collect()
    }

    fn of(id: String, medicare: Medicare) -> FeeSchedule {
        FeeSchedule {
            id,
            amounts: ContractedAmounts::default(),
            method: Method::Medicare(medicare),
            ignore_lower_charge: false,
            rules_for_amounts: false,
        }
    }
}
