//! Calendar dates and the periods between them.

use std::fmt;

pub use jiff::civil::Date;

/// A date that is a constant of the program.
pub const fn date(year: i16, month: i8, day: i8) -> Date {
    jiff::civil::date(year, month, day)
}

/// Reads `YYYY-MM-DD`; `None` for anything else, 31 February included.
pub fn parse_iso(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    from_parts(text.get(0..4)?, text.get(5..7)?, text.get(8..10)?)
}

/// Reads `CCYYMMDD` (X12 D8).
pub fn parse_d8(text: &str) -> Option<Date> {
    if text.len() != 8 {
        return None;
    }
    from_parts(text.get(0..4)?, text.get(4..6)?, text.get(6..8)?)
}

fn from_parts(year: &str, month: &str, day: &str) -> Option<Date> {
    let number = |t: &str| t.bytes().all(|b| b.is_ascii_digit()).then(|| t.parse::<i16>().ok()).flatten();
    Date::new(number(year)?, i8::try_from(number(month)?).ok()?, i8::try_from(number(day)?).ok()?).ok()
}

/// `CCYYMMDD`, as X12 D8 writes a date.
pub fn d8(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// The day so many days later (earlier if negative); stays at the calendar's ends.
pub fn plus_days(date: Date, days: i32) -> Date {
    let end = if days < 0 { Date::MIN } else { Date::MAX };
    jiff::Span::new().try_days(days).map_or(end, |span| date.saturating_add(span))
}

/// The same day of a later year (28 February for the 29th where there is none); stays at the calendar's ends.
pub fn plus_years(date: Date, years: i16) -> Date {
    date.saturating_add(jiff::Span::new().try_years(years).unwrap_or_default())
}

/// The same day so many months later (earlier if negative), or the month's last day where it has no such day.
pub fn plus_months(date: Date, months: i32) -> Date {
    date.saturating_add(jiff::Span::new().try_months(months).unwrap_or_default())
}

/// Whole days from one date to another; negative if `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// Completed years of age on a day.
pub fn age_on(birth: Date, day: Date) -> i16 {
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    day.year() - birth.year() - i16::from(!had_birthday)
}

/// From a first day through a last day, both included; open at the end where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day, if there is one.
    pub through: Option<Date>,
}

impl Period {
    /// From a day on.
    pub const fn since(from: Date) -> Period {
        Period { from, through: None }
    }

    /// Both ends known.
    pub const fn between(from: Date, through: Date) -> Period {
        Period { from, through: Some(through) }
    }

    /// Whether the day lies within.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && self.through.is_none_or(|through| day <= through)
    }

    /// Whether the two share a day.
    pub fn overlaps(&self, other: &Period) -> bool {
        self.through.is_none_or(|through| other.from <= through)
            && other.through.is_none_or(|through| self.from <= through)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.through {
            Some(through) => write!(f, "{} through {through}", self.from),
            None => write!(f, "since {}", self.from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_does_not_exist_is_no_date() {
        assert_eq!(parse_iso("2026-02-31"), None);
        assert_eq!(parse_d8("20260231"), None);
        assert_eq!(parse_d8("20240229"), Some(date(2024, 2, 29)));
        assert_eq!(parse_iso("2026-2-03"), None);
        assert_eq!(parse_d8("+2026101"), None);
    }

    #[test]
    fn a_birthday_counts_on_its_day() {
        assert_eq!(age_on(date(2000, 6, 15), date(2026, 6, 14)), 25);
        assert_eq!(age_on(date(2000, 6, 15), date(2026, 6, 15)), 26);
    }

    #[test]
    fn both_ends_of_a_period_belong_to_it() {
        let period = Period::between(date(2026, 1, 1), date(2026, 1, 31));
        assert!(period.contains(date(2026, 1, 1)) && period.contains(date(2026, 1, 31)));
        assert!(!period.contains(date(2026, 2, 1)));
        assert!(period.overlaps(&Period::since(date(2026, 1, 31))));
        assert!(!period.overlaps(&Period::since(date(2026, 2, 1))));
    }
}
