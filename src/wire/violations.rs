//! What is wrong with a message: every field at once, with paths; and the readers of single fields that all messages share.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::domain::codes::{Code, Npi};
use crate::domain::dates::{Date, Period, parse_iso};
use crate::domain::member::CodeRanges;
use crate::domain::money::Money;
use crate::reference::layout::LayoutError;

/// One thing in a message that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field, such as `lines[2].charge_cents` (zero-based); within a table file, `procedures.csv:12.sex`.
    pub field: String,
    /// What is wrong, and what would be right. Other fields are named in backquotes, by their paths.
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
        let field = self.path(field);
        self.found.push(Violation { field, description: description.into() });
    }

    /// The whole path of a field of the message being read.
    pub fn path(&self, field: impl Display) -> String {
        join(&self.within, &field.to_string())
    }

    /// Reads a message inside this one: what is noted meanwhile lies below `step`, such as `lines[2]`.
    pub fn within<T>(&mut self, step: impl Display, read: impl FnOnce(&mut Violations) -> T) -> T {
        let inner = self.path(step);
        let outer = std::mem::replace(&mut self.within, inner);
        let value = read(self);
        self.within = outer;
        value
    }

    /// Reads a line of a table file: what is noted meanwhile lies below `FILE:LINE`, whatever message named the file.
    pub(super) fn within_line<T>(&mut self, file: &str, line: u64, read: impl FnOnce(&mut Violations) -> T) -> T {
        let outer = std::mem::replace(&mut self.within, format!("{file}:{line}"));
        let value = read(self);
        self.within = outer;
        value
    }

    /// Notes what is wrong in a file of an official layout.
    pub(super) fn layout(&mut self, file: &str, error: &LayoutError) {
        let LayoutError { line, column, expected, found, .. } = error;
        self.within_line(file, *line, |this| this.add("", format!("{column}: expected {expected}, found {found:?}")));
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
        self.visible(field, text)
    }

    /// A text that may be left out, to be printed some day: nothing in it but what can be seen.
    pub fn visible<'m>(&mut self, field: &str, text: &'m str) -> Option<&'m str> {
        if text.bytes().any(|byte| byte.is_ascii_control()) {
            self.add(
                field,
                format!("{text:?} holds a control character: letters, digits, blanks and punctuation only"),
            );
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

    /// First and last day, each with its field; the first is also the last where that is left out.
    pub(super) fn days(&mut self, first: (&str, &str), last: (&str, &str)) -> Option<(Date, Date)> {
        let (from, through) = (self.date(first.0, first.1), self.date_if_any(last.0, last.1));
        let (from, through) = (from?, through?);
        match through {
            Some(through) if through < from => {
                self.add(last.0, format!("{through} lies before the first day, {from}"));
                None
            }
            through => Some((from, through.unwrap_or(from))),
        }
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

    /// An amount in dollars that must be there, such as "125.50", and is not negative.
    pub fn dollars(&mut self, field: &str, text: &str) -> Option<Money> {
        let text = self.required(field, text)?;
        match Money::parse(text) {
            Ok(amount) => self.amount(field, amount.cents()),
            Err(error) => {
                self.add(field, format!("{text:?}: {error}"));
                None
            }
        }
    }

    /// A fraction from 0 through 1 that may be left out: `Some(None)` where it is, `None` where it cannot be read.
    pub fn fraction_if_any(&mut self, field: &str, text: &str) -> Option<Option<Decimal>> {
        if text.is_empty() {
            return Some(None);
        }
        let number = self.decimal(field, text)?;
        if !(Decimal::ZERO..=Decimal::ONE).contains(&number) {
            self.add(field, format!("{text} is no fraction: from 0 through 1, such as \"0.20\" for 20 percent"));
            return None;
        }
        Some(Some(number))
    }

    /// A maximum in cents, where 0 says that there is none: `Some(None)`; `None` where it cannot be one.
    pub fn maximum(&mut self, field: &str, cents: i64) -> Option<Option<Money>> {
        self.amount(field, cents).map(|amount| (!amount.is_zero()).then_some(amount))
    }

    /// A count of days or visits, where 0 says that there is no limit: `Some(None)`; `None` where it cannot be one.
    pub fn limit(&mut self, field: &str, count: i32) -> Option<Option<i32>> {
        if count < 0 {
            self.add(field, format!("{count} is negative: 0 for no limit, or more"));
            return None;
        }
        Some((count > 0).then_some(count))
    }

    /// Procedure codes and ranges of them.
    pub fn procedures(&mut self, field: &str, texts: &[String]) -> Option<CodeRanges> {
        for (at, text) in texts.iter().enumerate() {
            if CodeRanges::parse([text.as_str()]).is_err() {
                self.add(
                    format_args!("{field}[{at}]"),
                    format!("{text:?} is no code, nor a range such as \"70551-70553\""),
                );
            }
        }
        CodeRanges::parse(texts.iter().map(String::as_str)).ok()
    }

    /// Notes every key in a list of messages that one before it has too. Empty keys are for [`Violations::required`].
    pub fn distinct<'m>(&mut self, list: &str, key: &str, keys: impl Iterator<Item = &'m str>) {
        let mut seen = BTreeMap::new();
        for (at, text) in keys.enumerate().filter(|(_, text)| !text.is_empty()) {
            match seen.entry(text) {
                Entry::Vacant(entry) => {
                    entry.insert(at);
                }
                Entry::Occupied(first) => {
                    let first = self.path(format_args!("{list}[{}].{key}", first.get()));
                    self.add(format_args!("{list}[{at}].{key}"), format!("{text:?} is there already: `{first}`"));
                }
            }
        }
    }

    /// Notes a name that is not among those that exist. Empty names are for [`Violations::required`].
    pub fn known(&mut self, field: impl Display, what: &str, name: &str, names: &BTreeSet<&str>) {
        if name.is_empty() || names.contains(name) {
            return;
        }
        let list: Vec<&str> = names.iter().copied().filter(|name| !name.is_empty()).take(12).collect();
        let more = if names.len() > 12 { ", …" } else { "" };
        let there_are = if list.is_empty() { "none".to_owned() } else { list.join(", ") };
        self.add(field, format!("there is no {what} {name:?}; there is {there_are}{more}"));
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
