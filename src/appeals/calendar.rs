//! Counting days: receipt that is presumed, weekends and federal holidays, months without such a day, hours.

use std::fmt::Write as _;

use jiff::civil::{DateTime, Weekday};

use super::{Level, Time};
use crate::domain::appeal_terms::DisputeTerms;
use crate::domain::dates::{Date, plus_days, plus_months};

/// The last moment for something, and how it was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The last moment; the end of its day where days are counted.
    pub last: DateTime,
    /// How it was counted, in words.
    pub reckoning: String,
}

impl Deadline {
    /// The day that it lies in.
    pub fn day(&self) -> Date {
        self.last.date()
    }

    /// Whether it has passed.
    pub fn missed(&self, now: DateTime) -> bool {
        now > self.last
    }

    /// The first day on whose beginning it has passed: when a clock that stops at days comes back to it.
    pub fn day_after(&self) -> Date {
        plus_days(self.day(), 1)
    }
}

/// So long after a day or moment. `rolls`: a last day that is a weekend or federal holiday moves to the next business day.
pub fn after(start: DateTime, time: Time, rolls: bool) -> Option<Deadline> {
    let from = start.date();
    let (day, mut reckoning) = match time {
        Time::Hours(hours) => {
            let span = jiff::Span::new().try_hours(hours).ok()?;
            let last = start.checked_add(span).ok()?;
            return Some(Deadline { last, reckoning: format!("{hours} hours after {}", minute(start)) });
        }
        Time::Days(days) => (plus_days(from, days), format!("{days} days after {from}")),
        Time::BusinessDays(days) => (plus_business_days(from, days), format!("{days} business days after {from}")),
        Time::Months(months) => (months_after(from, months), format!("{months} months after {from}")),
        Time::Contract | Time::None => return None,
    };
    let _ = write!(reckoning, ": {day}");
    let last = if rolls { business_day_from(day) } else { day };
    if last != day {
        let _ = write!(reckoning, ", a weekend or federal holiday, so {last}");
    }
    Some(Deadline { last: end_of(last), reckoning })
}

/// The last day to ask for a level whose notice bears a date; `received`: when it is shown to have come, against the presumption.
pub fn to_file(level: &Level, time: Time, notice: Date, received: Option<Date>) -> Option<Deadline> {
    let presumed = plus_days(notice, level.receipt_presumed);
    // Against the presumption a later receipt counts, and where nothing is presumed any.
    let receipt = received.unwrap_or(presumed);
    let mut deadline = after(receipt.at(0, 0, 0, 0), time, level.rolls)?;
    let how = match received {
        Some(day) => format!("the notice of {notice} is shown to have been received on {day}; "),
        None if level.receipt_presumed > 0 => {
            let days = level.receipt_presumed;
            format!("the notice of {notice} is presumed to be received {days} days later, on {presumed}; ")
        }
        None => format!("the notice is of {notice}; "),
    };
    deadline.reckoning.insert_str(0, &how);
    Some(deadline)
}

/// A contract's time in place of [`Time::Contract`].
pub fn by_contract(time: Time, days: i32) -> Time {
    if time == Time::Contract { Time::Days(days) } else { time }
}

/// The time to ask for a level, with the contract's days where it sets them.
pub fn filing_time(time: Time, dispute: &DisputeTerms) -> Time {
    by_contract(time, dispute.days_to_file)
}

/// The end of a day.
pub fn end_of(day: Date) -> DateTime {
    day.at(23, 59, 59, 0)
}

fn minute(at: DateTime) -> String {
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// The same day so many months later; where that month has no such day, the first of the month after (45 CFR 147.136(d)(2)(i)).
pub fn months_after(day: Date, months: i32) -> Date {
    let same = plus_months(day, months);
    if same.day() == day.day() { same } else { plus_days(same, 1) }
}

/// The day itself, or the first after it that is neither a weekend nor a federal holiday.
pub fn business_day_from(day: Date) -> Date {
    let mut day = day;
    while !is_business_day(day) {
        day = plus_days(day, 1);
    }
    day
}

/// So many business days later.
pub fn plus_business_days(day: Date, days: i32) -> Date {
    let mut day = day;
    for _ in 0..days {
        day = business_day_from(plus_days(day, 1));
    }
    day
}

/// Neither a weekend nor a federal holiday.
pub fn is_business_day(day: Date) -> bool {
    day == Date::MAX || !(matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || is_federal_holiday(day))
}

/// Holidays of the federal government (5 U.S.C. 6103(a)), on the days on which they are observed: on a Saturday the Friday before, on a Sunday the
/// Monday after (5 U.S.C. 6103(b); Executive Order 11582, section 3).
pub fn is_federal_holiday(day: Date) -> bool {
    let observed = |holiday: Date| match holiday.weekday() {
        Weekday::Saturday => plus_days(holiday, -1),
        Weekday::Sunday => plus_days(holiday, 1),
        _ => holiday,
    };
    // 1 January on a Saturday is observed on 31 December of the year before.
    let by_date = [day.year(), day.year().saturating_add(1)].into_iter().flat_map(fixed).map(observed);
    by_date.chain(floating(day.year())).any(|holiday| holiday == day)
}

/// New Year's Day, Juneteenth (since 2021, Public Law 117-17), Independence Day, Veterans Day, Christmas Day.
fn fixed(year: i16) -> impl Iterator<Item = Date> {
    let juneteenth = (year >= 2021).then_some((6, 19));
    let days = [Some((1, 1)), juneteenth, Some((7, 4)), Some((11, 11)), Some((12, 25))];
    days.into_iter().flatten().filter_map(move |(month, day)| Date::new(year, month, day).ok())
}

/// Birthday of Martin Luther King, Jr., Washington's Birthday, Memorial Day, Labor Day, Columbus Day, Thanksgiving Day.
fn floating(year: i16) -> impl Iterator<Item = Date> {
    let days = [
        (1, 3, Weekday::Monday),
        (2, 3, Weekday::Monday),
        (5, -1, Weekday::Monday),
        (9, 1, Weekday::Monday),
        (10, 2, Weekday::Monday),
        (11, 4, Weekday::Thursday),
    ];
    days.into_iter().filter_map(move |(month, nth, weekday)| {
        Date::new(year, month, 1).and_then(|first| first.nth_weekday_of_month(nth, weekday)).ok()
    })
}
