//! Ambulance rules: rural miles, trips to dialysis, and what the letters of origin and destination say.

use rust_decimal::Decimal;

use crate::domain::dates::{Date, Period, date};

/// Miles from a rural place that are paid more (42 CFR 414.610(c)(5)).
pub const FIRST_RURAL_MILES: Decimal = Decimal::from_parts(17, 0, 0, false, 0);

/// What is cut from a transport to or from dialysis that is no emergency (SSA 1834(l)(15); 42 CFR 414.610(c)(8)).
const DIALYSIS_CUTS: [(Period, Decimal); 2] = [
    (Period::between(date(2013, 10, 1), date(2018, 9, 30)), Decimal::from_parts(10, 0, 0, false, 2)),
    (Period::since(date(2018, 10, 1)), Decimal::from_parts(23, 0, 0, false, 2)),
];

/// Letters of a dialysis facility: of a hospital, and free-standing.
pub const DIALYSIS: [char; 2] = ['G', 'J'];

/// The part that is cut from a trip to or from dialysis on a day; `None` before the cut began.
pub fn dialysis_cut(day: Date) -> Option<Decimal> {
    DIALYSIS_CUTS.iter().find(|(period, _)| period.contains(day)).map(|(_, cut)| *cut)
}

/// What a letter of origin or destination says, in our own words (Claims Processing Manual, chapter 15, section 30).
pub fn place_words(letter: char) -> Option<&'static str> {
    Some(match letter {
        'D' => "a diagnostic or therapeutic site",
        'E' => "a home for the aged",
        'G' => "a hospital's dialysis",
        'H' => "a hospital",
        'I' => "a change of vehicles",
        'J' => "a dialysis facility",
        'N' => "a nursing facility",
        'P' => "a physician's office",
        'R' => "the patient's home",
        'S' => "the scene",
        'X' => "a physician's office on the way",
        _ => return None,
    })
}
