//! Floor 0, nouns: money, dates, codes, claims, adjustments. No I/O, no clock, no floats.

pub mod codes;
pub mod dates;
pub mod money;
