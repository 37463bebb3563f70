//! Payment policies: the part of its fee that Medicare pays for a procedure beside others, on both sides, or shared among
//! surgeons. Which procedures they meet is told by the indicators of the relative value file.

use rust_decimal::Decimal;

use crate::domain::codes::ProcedureCode;
use crate::domain::dates::{Date, Period, date};

/// Parts of a fee, set for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Dates of service.
    pub effective: Period,
    /// Thousandths of the fee: for the first procedure, the second and so on; the last stands for all that follow.
    pub thousandths: &'static [u16],
    /// Where it is published.
    pub source: &'static str,
}

const fn since(from: Date, thousandths: &'static [u16], source: &'static str) -> Policy {
    Policy { effective: Period::since(from), thousandths, source }
}

/// The schedule began on this day (SSA 1848(a)(1)).
const BEGINNING: Date = date(1992, 1, 1);
/// The eve of the rates of today's multiple imaging, and of therapy.
const MID_2010: Date = date(2010, 6, 30);
const MARCH_2013: Date = date(2013, 3, 31);

/// Surgeries of one day (indicator 2, and 3 between families): the sixth and later are priced by report, "never lower than
/// 50 percent".
pub const MULTIPLE_SURGERIES: &[Policy] = &[since(
    BEGINNING,
    &[1000, 500, 500, 500, 500],
    "42 CFR 414.40; Medicare Claims Processing Manual, chapter 12, section 40.6",
)];

/// Surgeries under the rules before 1995 (indicator 1).
pub const MULTIPLE_SURGERIES_OF_OLD: &[Policy] =
    &[since(BEGINNING, &[1000, 500, 250, 250, 250], "CMS, RVU file documentation, MULT PROC 1")];

/// Both sides of the body at once (indicator 1).
pub const BOTH_SIDES: &[Policy] =
    &[since(BEGINNING, &[1500], "Medicare Claims Processing Manual, chapter 12, section 40.7")];

/// A physician who assists at surgery (modifiers 80, 81, 82).
pub const ASSISTANT: &[Policy] =
    &[since(BEGINNING, &[160], "SSA 1848(i)(2)(B); Medicare Claims Processing Manual, chapter 12, section 20.4.3")];

/// A physician assistant, nurse practitioner or clinical nurse specialist who assists (modifier AS): 85 percent of 16.
pub const NONPHYSICIAN_ASSISTANT: &[Policy] = &[since(
    date(1998, 1, 1),
    &[136],
    "42 CFR 414.52(c), 414.56(c); Claims Processing Manual, chapter 12, section 110.2",
)];

/// Each of two surgeons who operate together (modifier 62): half of 125 percent.
pub const CO_SURGEON: &[Policy] =
    &[since(BEGINNING, &[625], "Medicare Claims Processing Manual, chapter 12, section 40.8")];

/// A service less than whole (52) or broken off (53) whose code has no row of its own for it. Contractors price these by
/// report; one half is what CMS itself gives the colonoscopies that have such rows.
pub const PART_OF_SERVICE: &[Policy] =
    &[since(BEGINNING, &[500], "80 FR 70886 (CY 2016 final rule), colonoscopy broken off; else the contractor's")];

/// Technical component of a second image of the day (indicator 4).
pub const MULTIPLE_IMAGES: &[Policy] = &[
    Policy {
        effective: Period::between(date(2006, 1, 1), MID_2010),
        thousandths: &[1000, 750],
        source: "70 FR 70116 (CY 2006 final rule)",
    },
    since(date(2010, 7, 1), &[1000, 500], "SSA 1848(b)(4)(D)"),
];

/// Professional component of a second image of the day (indicator 4).
pub const MULTIPLE_READINGS: &[Policy] = &[
    Policy {
        effective: Period::between(date(2012, 1, 1), date(2016, 12, 31)),
        thousandths: &[1000, 750],
        source: "76 FR 73026 (CY 2012 final rule)",
    },
    since(date(2017, 1, 1), &[1000, 950], "SSA 1848(b)(10)"),
];

/// Practice expense of a second therapy of the day (indicator 5).
pub const MULTIPLE_THERAPIES: &[Policy] = &[
    Policy {
        effective: Period::between(date(2011, 1, 1), MARCH_2013),
        thousandths: &[1000, 800],
        source: "Pub. L. 111-286, section 3",
    },
    since(date(2013, 4, 1), &[1000, 500], "SSA 1848(b)(7); Pub. L. 112-240, section 633"),
];

/// Technical component of a second cardiovascular test of the day (indicator 6).
pub const MULTIPLE_CARDIOVASCULAR: &[Policy] =
    &[since(date(2013, 1, 1), &[1000, 750], "77 FR 68892 (CY 2013 final rule)")];

/// Technical component of a second eye test of the day (indicator 7).
pub const MULTIPLE_OPHTHALMOLOGY: &[Policy] =
    &[since(date(2013, 1, 1), &[1000, 800], "77 FR 68892 (CY 2013 final rule)")];

/// The part of the fee that a policy leaves the procedure of that rank (0 is the first) on a date of service; the whole
/// where no policy is in force.
pub fn share(policies: &[Policy], day: Date, rank: usize) -> Decimal {
    let policy = policies.iter().find(|policy| policy.effective.contains(day));
    let part = policy.and_then(|policy| policy.thousandths.get(rank).or(policy.thousandths.last()));
    part.map_or(Decimal::ONE, |thousandths| Decimal::new(i64::from(*thousandths), 3))
}

/// Heart tests whose code is the whole test by nature (PC/TC indicator 4), and the code of their technical part.
const TECHNICAL_PARTS: [(ProcedureCode, ProcedureCode); 3] = [
    (ProcedureCode::new("93000"), ProcedureCode::new("93005")),
    (ProcedureCode::new("93015"), ProcedureCode::new("93017")),
    (ProcedureCode::new("93040"), ProcedureCode::new("93041")),
];

/// The code of the technical part of a test whose code is the whole by nature (PC/TC indicator 4).
pub fn technical_part(code: ProcedureCode) -> Option<ProcedureCode> {
    TECHNICAL_PARTS.iter().find(|(whole, _)| *whole == code).map(|(_, technical)| *technical)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::pprrvu::{RelativeValues, release_on};

    #[test]
    fn the_third_surgery_is_paid_as_the_second_and_a_policy_has_its_time() {
        let day = date(2026, 3, 2);
        let shares = |policies, day| [0, 1, 2, 9].map(|rank| share(policies, day, rank).to_string());
        assert_eq!(shares(MULTIPLE_SURGERIES, day), ["1.000", "0.500", "0.500", "0.500"]);
        assert_eq!(share(MULTIPLE_READINGS, date(2016, 12, 31), 1), Decimal::new(75, 2));
        assert_eq!(share(MULTIPLE_READINGS, date(2017, 1, 1), 1), Decimal::new(95, 2));
        assert_eq!(share(MULTIPLE_THERAPIES, date(2010, 1, 1), 1), Decimal::ONE);
        assert_eq!(share(NONPHYSICIAN_ASSISTANT, day, 0), share(ASSISTANT, day, 0) * Decimal::new(85, 2));
        assert_eq!(share(CO_SURGEON, day, 0) + share(CO_SURGEON, day, 0), Decimal::new(125, 2));
    }

    /// RVU26C: the whole (93000) has the work and the practice expense of its technical (93005) and professional part (93010).
    #[test]
    fn a_whole_test_is_worth_its_parts() {
        let release = release_on(RelativeValues::embedded(), date(2026, 3, 2)).unwrap();
        let [whole, technical, reading] =
            ["93000", "93005", "93010"].map(|code| release.lookup(ProcedureCode::new(code), None).unwrap());
        assert_eq!(technical_part(whole.code), Some(technical.code));
        assert_eq!(whole.nonfacility_pe.unwrap(), technical.nonfacility_pe.unwrap() + reading.nonfacility_pe.unwrap());
        assert_eq!(whole.work, technical.work + reading.work);
    }
}
