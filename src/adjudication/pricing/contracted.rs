//! Contracted amounts: what payer and provider have agreed for single procedures.

use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Modifier, ProcedureCode};
use crate::domain::dates::{Date, Period};
use crate::domain::money::Money;
use crate::reference::place_of_service::Setting;

use super::medicare::{PROFESSIONAL, TECHNICAL};

/// An amount for one unit of a procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContractedAmount {
    /// Procedure.
    pub code: ProcedureCode,
    /// Only with this modifier; [`Modifier::NONE`]: whatever modifiers the line has, save 26 and TC.
    pub modifier: Modifier,
    /// Days of service.
    pub period: Period,
    /// Dollars a unit in a facility.
    pub facility: Money,
    /// Dollars a unit elsewhere.
    pub non_facility: Money,
}

/// The contracted amounts of a fee schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContractedAmounts {
    /// Sorted by code, modifier, first day.
    rows: Vec<ContractedAmount>,
}

impl ContractedAmounts {
    /// Makes a table of rows in any order.
    pub fn new(mut rows: Vec<ContractedAmount>) -> ContractedAmounts {
        rows.sort_by_key(|row| (row.code, row.modifier, row.period.from));
        ContractedAmounts { rows }
    }

    /// Every row, by code, modifier and first day.
    pub fn rows(&self) -> &[ContractedAmount] {
        &self.rows
    }

    /// Dollars for one unit of the line's service: under its first modifier that has a row, or else without one. A part
    /// of a service (26, TC) is not paid as the whole.
    pub fn unit_amount(&self, line: &ServiceLine, setting: Setting) -> Option<Money> {
        let is_part = line.modifiers().any(|m| m == PROFESSIONAL || m == TECHNICAL);
        let whole = (!is_part).then_some(Modifier::NONE);
        let mut modifiers = line.modifiers().chain(whole);
        modifiers.find_map(|modifier| self.amount(line.procedure, modifier, line.from, setting))
    }

    /// Dollars for one unit of a code under exactly that modifier, or under none.
    pub(super) fn amount(&self, code: ProcedureCode, modifier: Modifier, day: Date, setting: Setting) -> Option<Money> {
        let row = self.row(code, modifier, day)?;
        Some(match setting {
            Setting::Facility => row.facility,
            Setting::NonFacility => row.non_facility,
        })
    }

    fn row(&self, code: ProcedureCode, modifier: Modifier, day: Date) -> Option<&ContractedAmount> {
        let start = self.rows.partition_point(|row| (row.code, row.modifier) < (code, modifier));
        let rows = self.rows.get(start..)?.iter().take_while(|row| (row.code, row.modifier) == (code, modifier));
        rows.into_iter().find(|row| row.period.contains(day))
    }
}
