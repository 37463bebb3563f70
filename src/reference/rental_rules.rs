//! Rental rules: how long medical equipment is rented, and what later months are paid.

use rust_decimal::Decimal;

use crate::domain::codes::ProcedureCode;
use crate::domain::dates::{Date, date};

/// Months of a capped rental, after which the item is the patient's (42 CFR 414.229(f)).
pub const CAPPED_MONTHS: usize = 13;

/// Fourth to thirteenth month of a capped rental: 7.5 percent of the price instead of 10 (42 CFR 414.229(b)(2)).
const LATER_MONTHS: Decimal = Decimal::from_parts(75, 0, 0, false, 2);
/// The same of a power wheelchair from 2011: 6 percent of the price instead of 15 (42 CFR 414.229(b)(3)).
const LATER_MONTHS_OF_POWER_WHEELCHAIRS: Decimal = Decimal::from_parts(40, 0, 0, false, 2);
const POWER_WHEELCHAIRS_SINCE: Date = date(2011, 1, 1);
/// Power wheelchairs, first and last code.
const POWER_WHEELCHAIRS: [ProcedureCode; 2] = [ProcedureCode::new("K0813"), ProcedureCode::new("K0898")];

/// The part of the first months' fee that a later month is paid.
pub fn later_months(code: ProcedureCode, day: Date) -> Decimal {
    let [first, last] = POWER_WHEELCHAIRS;
    let power = (first..=last).contains(&code) && day >= POWER_WHEELCHAIRS_SINCE;
    if power { LATER_MONTHS_OF_POWER_WHEELCHAIRS } else { LATER_MONTHS }
}
