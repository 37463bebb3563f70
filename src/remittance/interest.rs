//! Interest on claims that are paid late.

use rust_decimal::Decimal;

use crate::domain::dates::{Date, days_between, plus_days};
use crate::domain::money::Money;
use crate::domain::payment::PromptPay;

/// What is owed on a payment of `amount` for a claim received clean on `received` and paid on `paid`.
///
/// Simple interest, from the day after the last on which payment was in time through the day of payment, at the rate of that day
/// and over the days of its year (Medicare Claims Processing Manual, chapter 1, section 80.2.2). Nothing below the rule's least.
pub fn interest(rule: &PromptPay, paper: bool, amount: Money, received: Date, paid: Date) -> Money {
    let (Some(ceiling), Some(rate)) = (rule.window(paper).ceiling, rule.rate_on(paid)) else { return Money::ZERO };
    let days = days_between(plus_days(received, ceiling), paid);
    if days <= 0 || amount <= Money::ZERO {
        return Money::ZERO;
    }
    let of_year = Decimal::from(paid.days_in_year());
    let part = rate.checked_mul(Decimal::from(days)).and_then(|whole| whole.checked_div(of_year));
    let owed = part.map_or(Money::ZERO, |part| amount.times(part));
    if owed < rule.minimum_interest { Money::ZERO } else { owed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::{Period, date};
    use crate::domain::payment::PaymentWindow;

    fn rule(rate: &str) -> PromptPay {
        PromptPay {
            state: String::new(),
            plans: vec![],
            period: Period::since(date(2000, 1, 1)),
            electronic: PaymentWindow { floor: 0, ceiling: Some(30) },
            paper: PaymentWindow { floor: 0, ceiling: Some(45) },
            rates: vec![(date(2000, 1, 1), rate.parse().unwrap())],
            minimum_interest: Money::ZERO,
        }
    }

    fn owed(rule: &PromptPay, paper: bool, dollars: i64, received: Date, paid: Date) -> String {
        interest(rule, paper, Money::from_cents(dollars * 100), received, paid).to_string()
    }

    // The manual: a clean claim received on 1 March 2009 must be paid before the end of business on 31 March; interest begins on the
    // next day and ends on the day of payment.
    #[test]
    fn interest_begins_on_the_day_after_the_last_day_in_time() {
        let rule = rule("0.10");
        let received = date(2009, 3, 1);
        assert_eq!(owed(&rule, false, 3_650, received, date(2009, 3, 31)), "0.00");
        // 3,650.00 at 10 percent is 365.00 a year, 1.00 a day.
        assert_eq!(owed(&rule, false, 3_650, received, date(2009, 4, 1)), "1.00");
        assert_eq!(owed(&rule, false, 3_650, received, date(2009, 4, 14)), "14.00");
        // On paper there are fifteen days more.
        assert_eq!(owed(&rule, true, 3_650, received, date(2009, 4, 15)), "0.00");
        assert_eq!(owed(&rule, true, 3_650, received, date(2009, 4, 16)), "1.00");
    }

    // 100.00 x 0.05625 x 14 / 365 = 0.2157: 22 cents. In a leap year 366.00 x 0.10 x 10 / 366 = 1.00.
    #[test]
    fn it_is_rounded_once_and_a_leap_year_has_a_day_more() {
        assert_eq!(owed(&rule("0.05625"), false, 100, date(2001, 11, 1), date(2001, 12, 15)), "0.22");
        assert_eq!(owed(&rule("0.10"), false, 366, date(2024, 1, 1), date(2024, 2, 10)), "1.00");
    }

    #[test]
    fn the_rate_of_the_day_of_payment_counts_and_too_little_is_not_paid() {
        let mut rule = rule("0.10");
        rule.rates.push((date(2026, 7, 1), "0.20".parse().unwrap()));
        assert_eq!(owed(&rule, false, 3_650, date(2026, 5, 31), date(2026, 6, 30)), "0.00");
        assert_eq!(owed(&rule, false, 3_650, date(2026, 5, 30), date(2026, 6, 30)), "1.00");
        assert_eq!(owed(&rule, false, 3_650, date(2026, 5, 31), date(2026, 7, 1)), "2.00");
        rule.minimum_interest = Money::from_cents(201);
        assert_eq!(owed(&rule, false, 3_650, date(2026, 5, 31), date(2026, 7, 1)), "0.00");
        rule.rates.clear();
        assert_eq!(owed(&rule, false, 3_650, date(2026, 5, 1), date(2026, 7, 1)), "0.00");
    }
}
