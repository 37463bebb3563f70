//! Limits: how much of what a plan gives is used up, and what a line takes of it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::standing::keeps;
use super::stay::Days;
use crate::adjudication::Case;
use crate::adjudication::settlement::{LimitUse, Settlement};
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Carc, carc};
use crate::domain::dates::Date;
use crate::domain::determination::{Accumulator, AccumulatorEntry};
use crate::domain::money::Money;
use crate::domain::plan::{LimitOn, LimitPeriod, LimitUnit, Plan};

/// What is used of a limit in the time that begins on `start`, by a member, in every tier together.
pub fn used<'a>(
    plan: &Plan,
    limit: &LimitOn<'_>,
    start: Date,
    member_id: &str,
    entries: impl IntoIterator<Item = &'a AccumulatorEntry>,
) -> i64 {
    let counts = |entry: &&AccumulatorEntry| {
        let same = |unit: LimitUnit, name: &str| unit == limit.unit && *name == **limit.name;
        entry.year_start == start
            && entry.member_id == member_id
            && matches!(&entry.accumulator, Accumulator::Limit(unit, name) if same(*unit, name))
            && keeps(plan, &entry.plan_id)
    };
    entries.into_iter().filter(counts).map(|entry| entry.amount).sum()
}

/// Counts what lines of a claim take of a limit: a day counts once, whoever told of it first.
pub struct Tally<'c> {
    case: &'c Case<'c>,
    unit: LimitUnit,
    days: BTreeSet<Date>,
}

impl<'c> Tally<'c> {
    /// Opens with the days that earlier claims have made count.
    pub fn open(case: &'c Case<'c>, limit: &LimitOn<'_>) -> Tally<'c> {
        let of_limit = |name: &std::sync::Arc<str>| limit.counts(name);
        let past = case.history.iter().filter(|past| !past.denied && past.benefit.as_ref().is_some_and(of_limit));
        let days = match limit.unit {
            LimitUnit::Visits => past.map(|past| past.from).collect(),
            LimitUnit::Days => past.flat_map(|past| Days::of_history(past).each()).collect(),
            LimitUnit::Units | LimitUnit::Dollars => BTreeSet::new(),
        };
        Tally { case, unit: limit.unit, days }
    }

    /// What the next line takes: days that did not count yet, or units, a part of one as a whole.
    pub fn add(&mut self, line: &ServiceLine) -> i64 {
        match self.unit {
            LimitUnit::Visits => i64::from(self.days.insert(line.from)),
            LimitUnit::Days => Days::of_line(self.case, line).each().map(|day| i64::from(self.days.insert(day))).sum(),
            LimitUnit::Units => line.units.ceil().to_i64().unwrap_or(i64::MAX),
            LimitUnit::Dollars => 0,
        }
    }
}

/// How what lies above a limit is told: 119 for a period, 149 for a lifetime's benefit, 35 for the plan's lifetime.
pub fn reason(limit: &LimitOn<'_>) -> Carc {
    match (limit.period, limit.benefits.is_empty()) {
        (LimitPeriod::Lifetime, true) => carc("35"),
        (LimitPeriod::Lifetime, false) => carc("149"),
        (LimitPeriod::BenefitYear | LimitPeriod::CalendarYear, _) => carc("119"),
    }
}

/// "in the year since 2026-01-01", or "in a lifetime".
pub fn when(limit: &LimitOn<'_>, start: Date) -> String {
    match limit.period {
        LimitPeriod::Lifetime => "in a lifetime".to_owned(),
        LimitPeriod::BenefitYear | LimitPeriod::CalendarYear => format!("in the year since {start}"),
    }
}

/// Finds what of the plan's payment lies above the limits on a line, and what the line takes of each; says why in words.
pub(super) fn apply(case: &Case<'_>, earlier: &[Settlement], current: &mut Settlement, words: &mut String) {
    let terms = current.terms;
    let mut payment = current.allowed - current.patient.cost_share();
    for limit in terms.plan.limits_on(terms.benefit) {
        let start = limit.period.start(terms.year_begins(), current.line.from);
        let accumulator = Accumulator::Limit(limit.unit, limit.name.clone());
        let before = used(terms.plan, &limit, start, &terms.member.member_id, case.file.entries());
        let uses = |line: &Settlement| -> Option<i64> {
            let found =
                line.limit_uses.iter().find(|taken| taken.accumulator == accumulator && taken.start == start)?;
            Some(found.amount.unwrap_or_else(|| line.given().cents()))
        };
        let left = (limit.amount - before - earlier.iter().filter_map(uses).sum::<i64>()).max(0);
        let (above, taken) = if limit.unit == LimitUnit::Dollars {
            ((payment - Money::from_cents(left)).or_zero(), None)
        } else {
            let mut tally = Tally::open(case, &limit);
            for line in earlier.iter().filter(|line| uses(line).is_some()) {
                tally.add(line.line);
            }
            let wanted = tally.add(current.line);
            let taken = wanted.min(left);
            (part(payment, wanted - taken, wanted), Some(taken))
        };
        if !above.is_zero() {
            current.over_limit_reason = reason(&limit);
            words.push_str(&limit_words(&limit, start, above));
        }
        payment -= above;
        current.patient.over_limit += above;
        current.limit_uses.push(LimitUse { accumulator, start, amount: taken });
    }
}

/// The payment for so many of all days or units.
fn part(payment: Money, above: i64, all: i64) -> Money {
    if above <= 0 || all <= 0 {
        return Money::ZERO;
    }
    payment.times(Decimal::from(above) / Decimal::from(all)).min(payment)
}

fn limit_words(limit: &LimitOn<'_>, start: Date, above: Money) -> String {
    let most = match limit.unit {
        LimitUnit::Dollars => Money::from_cents(limit.amount).to_string(),
        unit => format!("{} {}", limit.amount, unit.as_str()),
    };
    match (limit.unit, limit.period) {
        (LimitUnit::Dollars, LimitPeriod::BenefitYear) => {
            format!(" The plan pays at most {most} a year; {above} is above.")
        }
        _ => format!(" {} gives {most} {}; {above} is above.", limit.name, when(limit, start)),
    }
}
