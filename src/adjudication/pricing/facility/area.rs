//! Where a facility is: what wages and capital are there against the nation, from its record or else from CMS's table.

use crate::adjudication::PayerRevision;
use crate::domain::codes::Code;
use crate::domain::dates::{Date, date};
use crate::domain::provider::{Facility, Provider};

/// The billing facility with what its area's row of the table says, and that in words.
#[derive(Debug, Default)]
pub(super) struct Placed {
    pub facility: Option<Facility>,
    pub words: String,
}

/// The billing facility on a day of discharge. A number of its own record stands before the table's.
pub(super) fn on(payer: &PayerRevision, billing: Option<&Provider>, discharge: Date) -> Placed {
    let Some(record) = billing.and_then(|provider| provider.facility.as_ref()) else { return Placed::default() };
    let (mut facility, mut words) = (record.clone(), String::new());
    if facility.wage_index.is_none() && !facility.cbsa.is_empty() {
        let table = payer.wage_indices.on(discharge);
        let row = table.zip(Code::parse(&facility.cbsa)).and_then(|(table, area)| table.of(area, Code::NONE));
        match table.zip(row) {
            Some((table, row)) => {
                facility.wage_index = Some(row.index);
                facility.capital_factor = facility.capital_factor.or(row.capital);
                words = format!(" Wage index {} of area {} ({}).", row.index, facility.cbsa, table.release());
            }
            None => words = format!(" No wage index of area {} for {discharge}: 1 counts.", facility.cbsa),
        }
    }
    Placed { facility: Some(facility), words }
}

/// The same for outpatients: the index of the fiscal year in which a calendar year begins counts through its end
/// (42 CFR 419.43(c), 416.172(c)).
pub(super) fn of_outpatients(payer: &PayerRevision, billing: Option<&Provider>, service: Date) -> Placed {
    on(payer, billing, date(service.year(), 1, 1))
}
