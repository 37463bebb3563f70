//! Anesthesia rules: what Medicare pays for time, direction and supervision, and what contracts add.
//!
//! 42 CFR 414.46 and 415.110; Medicare Claims Processing Manual (Pub. 100-04), chapter 12, sections 50 and 140.

use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::anesthesia::{self, AnesthesiaBaseUnits};
use crate::domain::codes::ProcedureCode;
use crate::domain::dates::{Period, date};

static EXAMPLES: LazyLock<Vec<AnesthesiaBaseUnits>> = LazyLock::new(|| {
    // The codes are older, and none of them has changed its units since the program's first year.
    let since = Period::since(date(2024, 1, 1));
    let text = include_bytes!("data/anesthesia_units_subset.csv").as_slice();
    // The data are part of the program; a test below holds that they are whole.
    anesthesia::parse_base_units("base units, 4 example codes", since, text).into_iter().collect()
});

/// Base units of the example codes that come with the program.
pub fn example_base_units() -> &'static [AnesthesiaBaseUnits] {
    &EXAMPLES
}

/// Minutes of one time unit (42 CFR 414.46).
pub const MINUTES_OF_A_UNIT: Decimal = Decimal::from_parts(15, 0, 0, false, 0);

/// Who gave or directed an anesthesia, and the part of its fee that he is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direction {
    /// The modifier.
    pub modifier: &'static str,
    /// Percent of the fee.
    pub percent: u8,
    /// What it says, in our own words.
    pub words: &'static str,
}

const fn direction(modifier: &'static str, percent: u8, words: &'static str) -> Direction {
    Direction { modifier, percent, words }
}

/// Claims Processing Manual, chapter 12, sections 50.B to 50.D and 140.4; 42 CFR 414.46 and 414.60.
pub const DIRECTION: &[Direction] = &[
    direction("AA", 100, "given by the anesthesiologist in person"),
    direction("QZ", 100, "given by a nurse anesthetist without direction"),
    direction("QK", 50, "one of two to four that a physician directs"),
    direction("QX", 50, "given by a nurse anesthetist under direction"),
    direction("QY", 50, "direction of one nurse anesthetist"),
    direction(SUPERVISION, 100, "one of more than four that a physician supervises"),
];

/// Supervision of more than four anesthesias at once.
pub const SUPERVISION: &str = "AD";
/// Base units of a supervised anesthesia, whatever its code (42 CFR 414.46).
pub const SUPERVISION_BASE_UNITS: Decimal = Decimal::from_parts(3, 0, 0, false, 0);
/// Time units of one, for who is there at induction.
pub const SUPERVISION_TIME_UNITS: Decimal = Decimal::ONE;

/// Units that a contract may add for the patient's physical status. Medicare adds none.
pub const PHYSICAL_STATUS: &[(&str, u16)] = &[("P3", 1), ("P4", 2), ("P5", 3)];

/// Units that a contract may pay for circumstances that make anesthesia harder. Medicare bundles these codes.
const QUALIFYING_CIRCUMSTANCES: [(ProcedureCode, u16); 4] = [
    (ProcedureCode::new("99100"), 1),
    (ProcedureCode::new("99116"), 5),
    (ProcedureCode::new("99135"), 5),
    (ProcedureCode::new("99140"), 2),
];

/// Anesthesias that are not timed: a further part of a burn; a day's management of pain through a catheter.
pub const UNTIMED: [ProcedureCode; 2] = [ProcedureCode::new("01953"), ProcedureCode::new("01996")];

/// Codes added to another anesthesia, which keep their own base units.
pub const ADD_ON: [ProcedureCode; 3] =
    [ProcedureCode::new("01953"), ProcedureCode::new("01968"), ProcedureCode::new("01969")];

/// The units of a qualifying circumstance; `None` for another code.
pub fn qualifying_circumstance(code: ProcedureCode) -> Option<u16> {
    QUALIFYING_CIRCUMSTANCES.iter().find(|(other, _)| *other == code).map(|(_, units)| *units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_codes_have_base_units() {
        let [examples] = example_base_units() else { panic!() };
        assert_eq!(examples.rows().len(), 4);
        assert_eq!(examples.lookup(&ProcedureCode::new("00840")).map(|row| row.units), Some(6));
    }
}
