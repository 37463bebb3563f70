//! What is wrong with a message: every field at once, with paths; and the readers of single fields that all messages share.

use std::fmt::Display;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::domain::codes::{Code, Npi};
use crate::domain::dates::{Date, Period, parse_iso};
use crate::domain::money::Money;

/// One thing in a message that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field, such as `lines[2].charge_cents` (zero-based).
    pub field: String,
    /// What is wrong, and what would be right.
    pub description: String,
}

/// Everything found wrong with one message. Readers give `None` for a bad field, note why, and go on with the next.
#[derive(Debug, Default)]
pub struct Violations {
    within: String,
    found: Vec<Violation>,
}

impl Violations {
    /// Notes a violation of a field of the message being read; an empty field is that message itself.
    pub fn add(&mut self, field: impl Display, description: impl Into<String>) {
        let field = join(&self.within, &field.to_string());
        self.found.push(Violation { field, description: description.into() });
    }

    /// Reads a message inside this one: what is noted meanwhile lies below `step`, such as `lines[2]`.
    pub fn within<T>(&mut self, step: impl Display, read: impl FnOnce(&mut Violations) -> T) -> T {
        let inner = join(&self.within, &step.to_string());
        let outer = std::mem::replace(&mut self.within, inner);
        let value = read(self);
        self.within = outer;
        value
    }

    /// Reads each message of a repeated field, below `field[0]`, `field[1]`, …; those that cannot be read are left out.
    pub fn each<'m, M, T>(
        &mut self,
        field: &str,
        messages: &'m [M],
        mut read: impl FnMut(&'m M, &mut Violations) -> Option<T>,
    ) -> Vec<T> {
        let read_one = |(at, message)| self.within(format_args!("{field}[{at}]"), |found| read(message, found));
        messages.iter().enumerate().filter_map(read_one).collect()
    }

    /// The value where nothing was found wrong, or everything that was.
    pub fn into_result<T>(self, value: Option<T>) -> Result<T, Vec<Violation>> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => Err(self.found),
        }
    }

    /// A text that must be there.
    pub fn required<'m>(&mut self, field: &str, text: &'m str) -> Option<&'m str> {
        if text.trim().is_empty() {
            self.add(field, "is missing");
            return None;
        }
        Some(text)
    }

    /// A date that must be there.
    pub fn date(&mut self, field: &str, text: &str) -> Option<Date> {
        let text = self.required(field, text)?;
        let date = parse_iso(text);
        if date.is_none() {
            self.add(field, format!("{text:?} is no date: write YYYY-MM-DD, a day that exists"));
        }
        date
    }

    /// A date that may be left out: `Some(None)` where it is, `None` where it cannot be read.
    pub fn date_if_any(&mut self, field: &str, text: &str) -> Option<Option<Date>> {
        if text.is_empty() { Some(None) } else { self.date(field, text).map(Some) }
    }

    /// A period from the fields `from` and `through`; open where `through` is empty.
    pub fn period(&mut self, from: &str, through: &str) -> Option<Period> {
        let (first, last) = (self.date("from", from), self.date_if_any("through", through));
        let period = Period { from: first?, through: last? };
        if period.through.is_some_and(|through| through < period.from) {
            self.add("through", format!("{through} lies before the first day, {from}"));
            return None;
        }
        Some(period)
    }

    /// A code of a code set that must be there.
    pub fn code<const N: usize>(&mut self, field: &str, text: &str) -> Option<Code<N>> {
        let text = self.required(field, text)?;
        let code = Code::parse(text);
        if code.is_none() {
            self.add(field, format!("{text:?} is no code: one to {N} letters and digits"));
        }
        code
    }

    /// A provider number that must be there, ten digits; whether its check digit holds is for the caller to ask.
    pub fn npi(&mut self, field: &str, text: &str) -> Option<Npi> {
        let text = self.required(field, text)?;
        let npi = Npi::parse(text);
        if npi.is_none() {
            self.add(field, format!("{text:?} is no NPI: ten digits"));
        }
        npi
    }

    /// A provider number that may be left out: `Some(None)` where it is, `None` where it cannot be read.
    pub fn npi_if_any(&mut self, field: &str, text: &str) -> Option<Option<Npi>> {
        if text.is_empty() { Some(None) } else { self.npi(field, text).map(Some) }
    }

    /// A decimal that must be there, such as "0.20".
    pub fn decimal(&mut self, field: &str, text: &str) -> Option<Decimal> {
        let text = self.required(field, text)?;
        let number = Decimal::from_str(text).ok();
        if number.is_none() {
            self.add(field, format!("{text:?} is no decimal number: write it such as \"0.20\""));
        }
        number
    }

    /// An amount of cents that is not negative and not past [`Money::MAX_CHARGE`].
    pub fn amount(&mut self, field: &str, cents: i64) -> Option<Money> {
        let amount = Money::from_cents(cents);
        if cents < 0 {
            self.add(field, format!("{cents} is negative: an amount of cents, 0 or more"));
        } else if amount > Money::MAX_CHARGE {
            self.add(field, format!("{cents} cents is too much: at most 99999999.99 dollars"));
        } else {
            return Some(amount);
        }
        None
    }
}

fn join(outer: &str, inner: &str) -> String {
    match (outer.is_empty(), inner.is_empty()) {
        (true, _) => inner.to_owned(),
        (_, true) => outer.to_owned(),
        _ => format!("{outer}.{inner}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bad_field_is_named_by_its_path() {
        let mut found = Violations::default();
        found.each("coverages", &[("2026-02-31", ""), ("2026-05-01", "2026-04-30")], |(from, through), found| {
            found.period(from, through)
        });
        found.within("name", |found| found.required("last", ""));
        found.amount("charge_cents", -1);
        let fields: Vec<String> = found.into_result(Some(())).unwrap_err().into_iter().map(|v| v.field).collect();
        assert_eq!(fields, ["coverages[0].from", "coverages[1].through", "name.last", "charge_cents"]);
    }

    #[test]
    fn what_may_be_left_out_is_no_violation() {
        let mut found = Violations::default();
        assert_eq!(found.date_if_any("through", ""), Some(None));
        assert_eq!(found.npi_if_any("npi", ""), Some(None));
        assert_eq!(found.into_result(Some(1)), Ok(1));
    }
}
