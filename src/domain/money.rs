//! Money: whole cents, never a float.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// An amount of US dollars in whole cents; negative amounts take back.
///
/// Sums saturate at the ends of `i64` (92 quadrillion dollars), which intake never lets near:
/// a single amount is at most [`Money::MAX_CHARGE`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not digits with at most one point.
    #[error("not an amount: write dollars and cents such as 125.50")]
    Format,
    /// More than two digits behind the point that are not zero.
    #[error("an amount has at most two decimals")]
    Decimals,
    /// Above [`Money::MAX_CHARGE`].
    #[error("an amount is at most 99999999.99")]
    TooLarge,
}

impl Money {
    /// No money.
    pub const ZERO: Money = Money(0);
    /// The largest amount that one element may carry: 99,999,999.99.
    pub const MAX_CHARGE: Money = Money(9_999_999_999);

    /// From whole cents.
    pub const fn from_cents(cents: i64) -> Money {
        Money(cents)
    }

    /// Whole cents.
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// Dollars as an exact decimal.
    pub fn dollars(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// The one place where money is rounded: dollars to whole cents, half away from zero.
    pub fn round(dollars: Decimal) -> Money {
        let cents = (dollars * Decimal::ONE_HUNDRED)
            .round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        Money(cents.to_i64().unwrap_or(if cents.is_sign_negative() { i64::MIN } else { i64::MAX }))
    }

    /// This amount times a rate (a fraction, a count of units), rounded once.
    pub fn times(self, rate: Decimal) -> Money {
        self.dollars()
            .checked_mul(rate)
            .map_or(if rate.is_sign_negative() { -Money(i64::MAX) } else { Money(i64::MAX) }, Money::round)
    }

    /// Reads `125`, `125.5`, `125.50`, `-3`, `.5` (the X12 R data type and our folders alike).
    pub fn parse(text: &str) -> Result<Money, MoneyError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if (whole.is_empty() && fraction.is_empty())
            || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
        {
            return Err(MoneyError::Format);
        }
        let (cents_text, rest) = fraction.split_at(fraction.len().min(2));
        if rest.bytes().any(|b| b != b'0') {
            return Err(MoneyError::Decimals);
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > 8 {
            return Err(MoneyError::TooLarge);
        }
        let dollars: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| MoneyError::Format)? };
        let cents: i64 = match cents_text.len() {
            0 => 0,
            1 => cents_text.parse::<i64>().map_err(|_| MoneyError::Format)? * 10,
            _ => cents_text.parse().map_err(|_| MoneyError::Format)?,
        };
        let amount = dollars * 100 + cents;
        Ok(Money(if negative { -amount } else { amount }))
    }

    /// The smaller amount.
    #[must_use]
    pub fn min(self, other: Money) -> Money {
        Ord::min(self, other)
    }

    /// The larger amount.
    #[must_use]
    pub fn max(self, other: Money) -> Money {
        Ord::max(self, other)
    }

    /// Never below zero.
    #[must_use]
    pub fn or_zero(self) -> Money {
        Ord::max(self, Money::ZERO)
    }

    /// Whether no money moves.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// As X12 writes an amount: no trailing zeros behind the point, no point without decimals.
    pub fn x12(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        let (dollars, cents) = (cents / 100, cents % 100);
        match (cents, cents % 10) {
            (0, _) => format!("{sign}{dollars}"),
            (c, 0) => format!("{sign}{dollars}.{}", c / 10),
            (c, _) => format!("{sign}{dollars}.{c:02}"),
        }
    }
}

impl fmt::Display for Money {
    /// `1234.50`: two decimals, no currency sign, honours width.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", cents / 100, cents % 100))
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}
impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }
}
impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(self.0.saturating_neg())
    }
}
impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}
impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        *self = *self - other;
    }
}
impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_x12_writes_and_writes_it_shortest() {
        for (text, cents, x12) in
            [("100", 10000, "100"), ("100.50", 10050, "100.5"), (".05", 5, "0.05"), ("-3.10", -310, "-3.1")]
        {
            let money = Money::parse(text).unwrap();
            assert_eq!((money.cents(), money.x12().as_str()), (cents, x12));
        }
    }

    #[test]
    fn refuses_what_is_no_amount() {
        assert_eq!(Money::parse("1.005"), Err(MoneyError::Decimals));
        assert_eq!(Money::parse("99999999999999999999"), Err(MoneyError::TooLarge));
        for text in ["", "-", ".", "1,000", "1e3", " 1", "+1", "１"] {
            assert_eq!(Money::parse(text), Err(MoneyError::Format), "{text:?}");
        }
    }

    #[test]
    fn rounds_half_a_cent_away_from_zero() {
        // 0.125 and 0.135 dollars lie halfway between two cents.
        assert_eq!(Money::round(Decimal::new(125, 3)).cents(), 13);
        assert_eq!(Money::round(Decimal::new(135, 3)).cents(), 14);
        assert_eq!(Money::round(Decimal::new(-125, 3)).cents(), -13);
    }
}
