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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appeals::level;
    use crate::domain::dates::date;

    fn last_day(level_id: &str, notice: Date) -> Date {
        let level = level(level_id).unwrap();
        let crate::appeals::Opens::Within(time) = level.opens else { panic!("{level_id} opens by itself") };
        to_file(level, time, notice, None).unwrap().day()
    }

    // 15 July + 5 = 20 July; 11 days of July, 31 of August, 30 of September and 31 of October make 103 of 120: 17 November, a Tuesday.
    #[test]
    fn a_redetermination_is_asked_for_within_120_days_of_presumed_receipt() {
        let level = level("redetermination").unwrap();
        let deadline = to_file(level, Time::Days(120), date(2026, 7, 15), None).unwrap();
        assert_eq!(deadline.last, date(2026, 11, 17).at(23, 59, 59, 0));
        assert_eq!(
            deadline.reckoning,
            "the notice of 2026-07-15 is presumed to be received 5 days later, on 2026-07-20; 120 days after 2026-07-20: 2026-11-17"
        );
        assert!(!deadline.missed(date(2026, 11, 17).at(23, 59, 59, 0)));
        assert!(deadline.missed(deadline.day_after().at(0, 0, 0, 0)));
        let shown = to_file(level, Time::Days(120), date(2026, 7, 15), Some(date(2026, 7, 30))).unwrap();
        assert_eq!(shown.day(), date(2026, 11, 27), "ten days more; the Friday after Thanksgiving is no holiday");
    }

    #[test]
    fn a_last_day_on_a_weekend_or_holiday_moves_on() {
        // Two days before 17 November is a Sunday.
        assert_eq!(last_day("redetermination", date(2026, 7, 13)), date(2026, 11, 16));
        // Veterans Day, a Wednesday; Thanksgiving Day, the fourth Thursday.
        assert_eq!(last_day("redetermination", date(2026, 7, 9)), date(2026, 11, 12));
        assert_eq!(last_day("redetermination", date(2026, 7, 24)), date(2026, 11, 27));
    }

    #[test]
    fn each_level_has_its_own_days() {
        let notice = date(2026, 7, 15);
        // + 5 + 180 = 185: 16 + 31 + 30 + 31 + 30 + 31 = 169 to the end of the year, 16 more: Saturday 16 January 2027. Monday the 18th is
        // the third Monday of January: a holiday.
        assert_eq!(last_day("reconsideration", notice), date(2027, 1, 19));
        // + 5 + 60 = 65: 16 of July, 31 of August, 18 of September.
        for id in ["hearing", "council", "court", "plan-reconsideration", "advantage-hearing"] {
            assert_eq!(last_day(id, notice), date(2026, 9, 18), "{id}");
        }
        // + 180: 11 January 2027, a Monday.
        assert_eq!(last_day("internal-appeal", notice), date(2027, 1, 11));
        assert_eq!(
            last_day("individual-internal-appeal", date(2026, 7, 13)),
            date(2027, 1, 9),
            "a Saturday all the same"
        );
        // Four months: 15 November is a Sunday.
        assert_eq!(last_day("external-review", notice), date(2026, 11, 16));
    }

    // The example of 45 CFR 147.136(d)(2)(i): received on 30 October, there is no 30 February: 1 March.
    #[test]
    fn four_months_to_a_day_that_does_not_exist_end_on_the_first_of_the_fifth() {
        assert_eq!(months_after(date(2026, 10, 30), 4), date(2027, 3, 1));
        assert_eq!(months_after(date(2027, 10, 29), 4), date(2028, 2, 29), "2028 has one");
        assert_eq!(months_after(date(2027, 10, 30), 4), date(2028, 3, 1));
        assert_eq!(months_after(date(2026, 8, 31), 4), date(2026, 12, 31));
        assert_eq!(last_day("external-review", date(2025, 10, 30)), date(2026, 3, 2), "1 March 2026 is a Sunday");
    }

    #[test]
    fn holidays_are_observed_on_working_days() {
        // 4 July 2026 is a Saturday; 1 January 2028 too, observed in 2027.
        assert!(is_federal_holiday(date(2026, 7, 3)) && !is_federal_holiday(date(2026, 7, 6)));
        assert!(is_federal_holiday(date(2027, 12, 31)));
        // Juneteenth: since 2021; 19 June 2027 is a Saturday. 25 December 2022 was a Sunday.
        assert!(is_federal_holiday(date(2026, 6, 19)) && !is_federal_holiday(date(2020, 6, 19)));
        assert!(is_federal_holiday(date(2027, 6, 18)) && is_federal_holiday(date(2022, 12, 26)));
        let of_2026 =
            [(1, 1), (1, 19), (2, 16), (5, 25), (6, 19), (7, 3), (9, 7), (10, 12), (11, 11), (11, 26), (12, 25)];
        let counted = (0..365).filter(|day| is_federal_holiday(plus_days(date(2026, 1, 1), *day))).count();
        assert_eq!(counted, of_2026.len());
        assert!(of_2026.into_iter().all(|(month, day)| is_federal_holiday(date(2026, month, day))));
    }

    // Thursday 2 July 2026; the 3rd is a holiday, then a weekend; 6, 7, 8, 9, 10.
    #[test]
    fn business_days_leave_out_weekends_and_holidays() {
        assert_eq!(plus_business_days(date(2026, 7, 2), 5), date(2026, 7, 10));
        assert_eq!(plus_business_days(date(2026, 7, 2), 0), date(2026, 7, 2));
    }

    #[test]
    fn hours_are_counted_from_the_minute_over_the_end_of_the_year() {
        let deadline = after(date(2026, 12, 30).at(10, 30, 0, 0), Time::Hours(72), false).unwrap();
        assert_eq!(deadline.last, date(2027, 1, 2).at(10, 30, 0, 0));
        assert_eq!(deadline.day_after(), date(2027, 1, 3));
    }

    #[test]
    fn the_calendars_end_is_no_panic() {
        assert!(after(Date::MAX.at(0, 0, 0, 0), Time::Days(60), true).is_some());
        assert_eq!(after(Date::MAX.at(23, 0, 0, 0), Time::Hours(72), false), None);
        assert_eq!(plus_business_days(Date::MAX, 3), Date::MAX);
    }
}
