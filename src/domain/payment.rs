//! How a payer pays: on which days, how soon, and what it owes where it is late.

use rust_decimal::Decimal;

use super::dates::{Date, Period, days_between, plus_days};
use super::money::Money;

/// A payer's terms of payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentTerms {
    /// Days on which payees are paid that have no calendar of their own.
    pub calendar: Calendar,
    /// Days on which nobody is paid, in order.
    pub holidays: Vec<Date>,
    /// Less than this is held until more is due.
    pub minimum: Money,
    /// Most claims of one remittance.
    pub max_claims: usize,
    /// Days from the demand until a deferred recoupment is collected.
    pub recoupment_days: i32,
    /// Number of the first check; `None`: checks carry the remittance's own trace number.
    pub first_check_number: Option<u64>,
    /// What was paid on a claim that is replaced or voided is left with the payee for a while.
    pub defer_replaced: bool,
    /// Decisions that no longer follow from the records are made anew by the clock.
    pub reopens_on_retro_change: bool,
    /// What was paid on such a claim is left with the payee for a while.
    pub defer_reopened: bool,
    /// The first that fits a claim holds.
    pub prompt_pay: Vec<PromptPay>,
}

impl Default for PaymentTerms {
    /// Every day, everything, at once.
    fn default() -> PaymentTerms {
        PaymentTerms {
            calendar: Calendar::default(),
            holidays: Vec::new(),
            minimum: Money::ZERO,
            max_claims: usize::MAX,
            recoupment_days: 0,
            first_check_number: None,
            defer_replaced: false,
            reopens_on_retro_change: false,
            defer_reopened: false,
            prompt_pay: Vec::new(),
        }
    }
}

/// The days on which payees are paid: those that every part allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Monday 0 to Sunday 6; empty: any.
    pub weekdays: Vec<i32>,
    /// Every so many days, counted from a day.
    pub every: Option<(i32, Date)>,
    /// Days of the month; one that a month does not have is its last. Empty: any.
    pub days_of_month: Vec<i8>,
    /// A run that would fall on a Saturday or Sunday moves on, as over a holiday.
    pub business_days: bool,
}

/// How soon claims may and must be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptPay {
    /// Payees at an address in this state; empty: any.
    pub state: String,
    /// Plans; empty: any.
    pub plans: Vec<String>,
    /// Days of receipt it holds for.
    pub period: Period,
    /// Claims that came electronically.
    pub electronic: PaymentWindow,
    /// Claims that came on paper.
    pub paper: PaymentWindow,
    /// Annual rates since a day, oldest first.
    pub rates: Vec<(Date, Decimal)>,
    /// Less is not paid.
    pub minimum_interest: Money,
}

/// Days from receipt in which a claim is paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaymentWindow {
    /// Not before this day; 0: at once.
    pub floor: i32,
    /// In time through this day; `None`: no limit.
    pub ceiling: Option<i32>,
}

/// Longest stretch that is searched for a day of payment: two years.
const HORIZON: i32 = 731;
/// Longest run of days on which nobody is paid, looked back over.
const LONGEST_CLOSURE: i32 = 31;

impl Calendar {
    /// The first day on or after `day` on which payees are paid: a day of the calendar, moved on over days on which nobody
    /// is. `day` itself where the calendar has none in two years.
    pub fn next(&self, day: Date, holidays: &[Date]) -> Date {
        let open = |on: Date| !(holidays.contains(&on) || self.business_days && weekday(on) >= SATURDAY);
        let moved = |from: Date| (0..LONGEST_CLOSURE).map(|days| plus_days(from, days)).find(|on| open(*on));
        // A day of the calendar before may have been moved to here.
        let days = (-LONGEST_CLOSURE..HORIZON).map(|days| plus_days(day, days));
        days.filter(|on| self.has(*on)).filter_map(moved).find(|on| *on >= day).unwrap_or(day)
    }

    /// Whether it has the day, holiday or not.
    fn has(&self, day: Date) -> bool {
        let of_week = self.weekdays.is_empty() || self.weekdays.contains(&weekday(day));
        let counted = self.every.is_none_or(|(days, from)| days_between(from, day).rem_euclid(days.max(1)) == 0);
        let last = day.day() == day.days_in_month();
        let of_month = self.days_of_month.is_empty()
            || self.days_of_month.iter().any(|of| *of == day.day() || (last && *of > day.day()));
        of_week && counted && of_month
    }
}

const SATURDAY: i32 = 5;

/// Monday 0 to Sunday 6.
fn weekday(day: Date) -> i32 {
    i32::from(day.weekday().to_monday_zero_offset())
}

impl PaymentTerms {
    /// The rule for a claim: of a payee in a state, under a plan, received on a day.
    pub fn prompt_pay(&self, state: &str, plan: &str, received: Date) -> Option<&PromptPay> {
        let fits = |rule: &&PromptPay| {
            (rule.state.is_empty() || rule.state == state)
                && (rule.plans.is_empty() || rule.plans.iter().any(|of| of == plan))
                && rule.period.contains(received)
        };
        self.prompt_pay.iter().find(fits)
    }
}

impl PromptPay {
    /// The days for a claim that came on paper or electronically.
    pub fn window(&self, paper: bool) -> PaymentWindow {
        if paper { self.paper } else { self.electronic }
    }

    /// The annual rate on a day.
    pub fn rate_on(&self, day: Date) -> Option<Decimal> {
        self.rates.iter().rev().find(|(from, _)| *from <= day).map(|(_, rate)| *rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    fn next(calendar: &Calendar, day: Date, holidays: &[Date]) -> String {
        calendar.next(day, holidays).to_string()
    }

    // 2026-07-15 is a Wednesday.
    #[test]
    fn payees_are_paid_on_the_days_of_the_calendar() {
        let july = |day| date(2026, 7, day);
        assert_eq!(next(&Calendar::default(), july(15), &[]), "2026-07-15");
        let fridays = Calendar { weekdays: vec![4], ..Calendar::default() };
        assert_eq!(next(&fridays, july(15), &[]), "2026-07-17");
        assert_eq!(next(&fridays, july(17), &[]), "2026-07-17");
        let fortnights = Calendar { every: Some((14, july(1))), ..Calendar::default() };
        assert_eq!(next(&fortnights, july(16), &[]), "2026-07-29");
        let ends = Calendar { days_of_month: vec![15, 31], ..Calendar::default() };
        assert_eq!(next(&ends, july(16), &[]), "2026-07-31");
        assert_eq!(next(&ends, date(2026, 2, 16), &[]), "2026-02-28");
    }

    // 4 July 2026 is a Saturday, the 3rd is kept as a holiday: the run of Friday the 3rd is on Monday the 6th, where only
    // business days are days of payment, and on the Saturday otherwise.
    #[test]
    fn a_run_moves_on_over_holidays_and_weekends() {
        let (third, fourth, sixth) = (date(2026, 7, 3), date(2026, 7, 4), date(2026, 7, 6));
        let fridays = Calendar { weekdays: vec![4], business_days: true, ..Calendar::default() };
        for asked in [third, fourth, sixth] {
            assert_eq!(fridays.next(asked, &[third]), sixth, "{asked}");
        }
        assert_eq!(next(&fridays, date(2026, 7, 7), &[third]), "2026-07-10");
        let fridays = Calendar { business_days: false, ..fridays };
        assert_eq!(fridays.next(third, &[third]), fourth);
    }

    // 31 February never comes together with a Monday of a fortnight that has none: the day itself.
    #[test]
    fn a_calendar_without_days_holds_nothing_up() {
        let never = Calendar { weekdays: vec![0], every: Some((7, date(2026, 7, 14))), ..Calendar::default() };
        assert_eq!(next(&never, date(2026, 7, 15), &[]), "2026-07-15");
    }

    #[test]
    fn the_first_rule_that_fits_a_claim_holds() {
        let rule = |state: &str, plan: &str, floor| PromptPay {
            state: state.into(),
            plans: if plan.is_empty() { vec![] } else { vec![plan.into()] },
            period: Period::since(date(2026, 1, 1)),
            electronic: PaymentWindow { floor, ceiling: None },
            paper: PaymentWindow::default(),
            rates: vec![(date(2026, 1, 1), Decimal::ONE), (date(2026, 7, 1), Decimal::TWO)],
            minimum_interest: Money::ZERO,
        };
        let prompt_pay = vec![rule("", "medicare", 1), rule("CA", "", 2), rule("", "", 3)];
        let terms = PaymentTerms { prompt_pay, ..PaymentTerms::default() };
        let floor = |state, plan, day| terms.prompt_pay(state, plan, day).map(|rule| rule.window(false).floor);
        let day = date(2026, 7, 15);
        assert_eq!(floor("CA", "medicare", day), Some(1));
        assert_eq!(floor("CA", "ppo", day), Some(2));
        assert_eq!(floor("NV", "ppo", day), Some(3));
        assert_eq!(floor("NV", "ppo", date(2025, 12, 31)), None);
        assert_eq!(rule("", "", 1).rate_on(date(2026, 6, 30)), Some(Decimal::ONE));
        assert_eq!(rule("", "", 1).rate_on(day), Some(Decimal::TWO));
        assert_eq!(rule("", "", 1).rate_on(date(2025, 6, 30)), None);
    }
}
