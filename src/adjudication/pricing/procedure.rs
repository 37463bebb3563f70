//! A procedure on its way to a price: each rule looks at it in turn.

use rust_decimal::Decimal;

use crate::domain::codes::{Rarc, carc, rarc};
use crate::domain::money::Money;
use crate::reference::pprrvu::RelativeValue;

use super::fee_schedule::Unit;
use super::quote::{Billed, Quote, Reduction};

/// More than any fee: what would not fit a number ends here.
const MOST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// A line that is priced by the unit.
#[derive(Clone, Debug)]
pub(super) struct Procedure<'a> {
    /// Zero-based place among the services.
    pub(super) at: usize,
    /// The service.
    pub(super) billed: Billed<'a>,
    /// One unit of it.
    pub(super) unit: Unit<'a>,
    /// How often it was done: the units, or once for both sides together.
    pub(super) count: Decimal,
    /// Fees that one doing is billed as: 1.5 for both sides in one line.
    pub(super) told: Decimal,
    /// Fees that one doing is paid, other procedures aside.
    pub(super) sides: Decimal,
    /// The part of the fee that modifiers leave.
    pub(super) part: Decimal,
    /// The procedure of the first side, where this one is the other.
    pub(super) other_side_of: Option<usize>,
    /// Whether another line is its other side.
    pub(super) has_other_side: bool,
    /// Dollars due, not rounded.
    pub(super) due: Decimal,
    /// What the remittance says beside the reduction.
    pub(super) rarcs: Vec<Rarc>,
    /// Whether it is the first of several, paid in full.
    pub(super) is_first: bool,
    /// Why a person must set the price.
    pub(super) by_report: Option<&'static str>,
    /// How it was found: the product.
    product: String,
    /// How it was found: sentences about other services.
    notes: String,
}

impl<'a> Procedure<'a> {
    /// A line by the unit, before any rule.
    pub(super) fn open(at: usize, billed: Billed<'a>, unit: Unit<'a>) -> Procedure<'a> {
        let count = billed.line.units.normalize();
        let product = format!("{} × {count}", unit.words);
        Procedure {
            at,
            billed,
            unit,
            count,
            told: Decimal::ONE,
            sides: Decimal::ONE,
            part: Decimal::ONE,
            other_side_of: None,
            has_other_side: false,
            due: Decimal::ZERO,
            rarcs: Vec::new(),
            is_first: false,
            by_report: None,
            product,
            notes: String::new(),
        }
    }

    /// The indicators that it meets.
    pub(super) fn value(&self) -> &'a RelativeValue {
        self.unit.value
    }

    /// Leaves a part of the fee.
    pub(super) fn leave(&mut self, part: Decimal, whose: &str) {
        self.part = times(self.part, part);
        self.multiplied(part, whose);
    }

    /// Says what the fee is multiplied with, and why.
    pub(super) fn multiplied(&mut self, by: Decimal, why: &str) {
        self.product.push_str(&format!(" × {} {why}", by.normalize()));
    }

    /// Says a sentence more.
    pub(super) fn say(&mut self, sentence: &str) {
        self.notes.push(' ');
        self.notes.push_str(sentence);
    }

    /// Dollars due for all doings at so much for one.
    pub(super) fn dollars(&self, one: Decimal, doings: Decimal) -> Decimal {
        times(times(times(one, doings), self.sides), self.part)
    }

    /// Dollars due where no other procedure is looked at.
    pub(super) fn alone(&self) -> Decimal {
        self.dollars(self.unit.amount.dollars(), self.count)
    }

    /// The fee as billed, other procedures aside.
    fn fee(&self) -> Money {
        let doings = times(self.count, self.told);
        Money::round(times(times(self.unit.amount.dollars(), doings), self.part))
    }

    /// The price, before it is compared with the charge.
    pub(super) fn close(self) -> Quote {
        let (fee, due) = (self.fee(), Money::round(self.due));
        let mut reductions = Vec::new();
        if due < fee {
            reductions.push(Reduction { step: "pricing", carc: carc("59"), rarcs: self.rarcs, amount: fee - due });
        }
        let remarks = if self.is_first { vec![rarc("N670")] } else { vec![] };
        let words = format!("{}.{}", self.product, self.notes);
        let limiting_charge =
            if self.unit.rules.by_performer { self.billed.performer.limiting_charge_of_part(self.due) } else { None };
        Quote {
            fee: fee.max(due),
            reductions,
            allowed: due,
            remarks,
            words,
            by_report: self.by_report,
            of_charge: false,
            limiting_charge,
        }
    }
}

/// As a text: 0.50 as "50 percent".
pub(super) fn percent(part: Decimal) -> String {
    format!("{} percent", times(part, Decimal::ONE_HUNDRED).normalize())
}

/// A product that cannot overflow.
pub(super) fn times(amount: Decimal, rate: Decimal) -> Decimal {
    amount.checked_mul(rate).map_or(MOST, |product| product.min(MOST))
}

/// A sum that cannot overflow.
pub(super) fn plus(a: Decimal, b: Decimal) -> Decimal {
    a.checked_add(b).map_or(MOST, |sum| sum.min(MOST))
}
