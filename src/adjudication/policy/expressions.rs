//! Evaluating an expression: total and exact. What is not known is `None`; `&&` and `||` answer where they can without it.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::facts::{Facts, Value};
use crate::domain::dates::days_between;
use crate::domain::expression::{Comparison, Expression, Operation};

impl<'a> Facts<'a> {
    /// Whether an expression is true; `None` where that cannot be known.
    pub fn is_true(&self, expression: &'a Expression) -> Option<bool> {
        match self.evaluate(expression)? {
            Value::Bool(answer) => Some(answer),
            Value::Number(_) | Value::Text(_) | Value::Date(_) => None,
        }
    }

    fn evaluate(&self, expression: &'a Expression) -> Option<Value<'a>> {
        Some(match expression {
            Expression::Bool(answer) => Value::Bool(*answer),
            Expression::Number(number) => Value::Number(*number),
            Expression::Text(text) => Value::Text(text),
            Expression::Date(date) => Value::Date(*date),
            Expression::Field(field) => self.value(*field)?,
            Expression::Has(field) => {
                Value::Bool(self.value(*field).is_some() || self.count_in_list(*field, |_| true) > 0)
            }
            Expression::Not(inner) => Value::Bool(!self.is_true(inner)?),
            Expression::And(parts) => Value::Bool(self.until(parts, false)?),
            Expression::Or(parts) => Value::Bool(self.until(parts, true)?),
            Expression::If(parts) => {
                let [asked, then, otherwise] = parts.as_ref();
                self.evaluate(if self.is_true(asked)? { then } else { otherwise })?
            }
            Expression::Compare(comparison, sides) => {
                let [left, right] = sides.as_ref();
                Value::Bool(compare(*comparison, self.evaluate(left)?, self.evaluate(right)?)?)
            }
            Expression::Arithmetic(operation, sides) => {
                let [left, right] = sides.as_ref();
                Value::Number(calculate(*operation, self.number(left)?, self.number(right)?)?)
            }
            Expression::Among(asked, values) => {
                let asked = self.evaluate(asked)?;
                let same = |value| compare(Comparison::Equal, asked, self.evaluate(value)?);
                Value::Bool(any(values.iter().map(same))?)
            }
            Expression::Within(asked, list) => {
                let asked = self.text(asked)?;
                Value::Bool(self.count_in_list(*list, |element| element == asked) > 0)
            }
            Expression::InSet(asked, set) => Value::Bool(set.contains(self.text(asked)?)),
            Expression::AnyIn(list, set) => Value::Bool(self.count_in_list(*list, |element| set.contains(element)) > 0),
            Expression::StartsWith(asked, start) => Value::Bool(self.text(asked)?.starts_with(start.as_str())),
            Expression::AnyStarts(list, start) => {
                Value::Bool(self.count_in_list(*list, |element| element.starts_with(start.as_str())) > 0)
            }
            Expression::Size(list) => Value::Number(self.count_in_list(*list, |_| true).into()),
            Expression::DaysBetween(sides) => {
                let [from, to] = sides.as_ref();
                let (Value::Date(from), Value::Date(to)) = (self.evaluate(from)?, self.evaluate(to)?) else {
                    return None;
                };
                Value::Number(days_between(from, to).into())
            }
            Expression::CountPrior(procedures, days) => {
                Value::Number(self.given_within(procedures, Some(*days)).count().into())
            }
            Expression::UnitsPrior(procedures, days) => {
                let units = self.given_within(procedures, Some(*days)).map(|given| given.units);
                Value::Number(units.fold(Decimal::ZERO, |sum, units| sum.saturating_add(units)))
            }
            Expression::DaysSincePrior(procedures) => {
                let last = self.given(procedures).map(|given| given.day).max()?;
                Value::Number(days_between(last, self.line().from).into())
            }
            Expression::OnClaim(procedures) => Value::Bool(self.on_claim(procedures)),
        })
    }

    /// The answer that settles it, if one part gives it; else the other, if all parts do.
    fn until(&self, parts: &'a [Expression], settles: bool) -> Option<bool> {
        let mut known = true;
        for part in parts {
            match self.is_true(part) {
                Some(answer) if answer == settles => return Some(settles),
                Some(_) => {}
                None => known = false,
            }
        }
        known.then_some(!settles)
    }

    fn number(&self, expression: &'a Expression) -> Option<Decimal> {
        match self.evaluate(expression)? {
            Value::Number(number) => Some(number),
            Value::Bool(_) | Value::Text(_) | Value::Date(_) => None,
        }
    }

    fn text(&self, expression: &'a Expression) -> Option<&'a str> {
        match self.evaluate(expression)? {
            Value::Text(text) => Some(text),
            Value::Bool(_) | Value::Number(_) | Value::Date(_) => None,
        }
    }
}

/// Whether one is true; `None` where none is and one is not known.
fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for answer in answers {
        match answer {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = false,
        }
    }
    known.then_some(false)
}

fn compare(comparison: Comparison, left: Value<'_>, right: Value<'_>) -> Option<bool> {
    let order = match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.cmp(&b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(&b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(&b),
        _ => return None,
    };
    Some(match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::AtMost => order != Ordering::Greater,
        Comparison::More => order == Ordering::Greater,
        Comparison::AtLeast => order != Ordering::Less,
    })
}

/// Exact but for divisions without end, which are cut at 28 digits; `None` for a division by zero and what is too large.
fn calculate(operation: Operation, left: Decimal, right: Decimal) -> Option<Decimal> {
    match operation {
        Operation::Add => left.checked_add(right),
        Operation::Subtract => left.checked_sub(right),
        Operation::Multiply => left.checked_mul(right),
        Operation::Divide => left.checked_div(right),
    }
}
