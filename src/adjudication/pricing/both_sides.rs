//! Both sides of the body: modifier 50, LT and RT on one line or on two, or two units.
//!
//! CMS, RVU file documentation, BILAT SURG: 0 and 2 are paid once for both sides, 1 at 150 percent, 3 each side in full, 9
//! has no sides; the rule comes before the one for several procedures. Two units are both sides with 1, 2 and 3.

use rust_decimal::Decimal;

use crate::domain::claim::ServiceLine;
use crate::domain::codes::rarc;

use super::procedure::Procedure;

/// Finds what is done on both sides, in one line or in two.
pub(super) fn apply(procedures: &mut [Procedure<'_>]) {
    for at in 0..procedures.len() {
        let (earlier, rest) = procedures.split_at_mut(at);
        let Some(current) = rest.first_mut() else { return };
        if !in_one_line(current) {
            let first = earlier.iter_mut().enumerate().find(|(_, first)| is_other_side(first, current));
            if let Some((place, first)) = first {
                first.has_other_side = true;
                in_two_lines(current, place);
            }
        }
    }
}

/// Fees for both sides together.
fn both(procedure: &Procedure<'_>) -> Option<Decimal> {
    match procedure.value().bilateral {
        0 | 2 => Some(Decimal::ONE),
        1 => Some(procedure.unit.rules.both_sides(procedure.billed.line.from)),
        3 => Some(Decimal::TWO),
        _ => None,
    }
}

fn in_one_line(procedure: &mut Procedure<'_>) -> bool {
    let (line, indicator) = (procedure.billed.line, procedure.value().bilateral);
    let Some(fees) = both(procedure) else { return false };
    let left_and_right = line.has_modifier("LT") && line.has_modifier("RT");
    if line.has_modifier("50") || left_and_right {
        // Two units under 50 are the two sides; more are as many pairs.
        let pairs = times_half(procedure.count).max(Decimal::ONE);
        (procedure.count, procedure.told) = (pairs, fees);
    } else if procedure.count == Decimal::TWO && indicator != 0 && side(line).is_none() {
        (procedure.count, procedure.told) = (Decimal::ONE, Decimal::TWO);
        procedure.rarcs.push(rarc("N644"));
    } else {
        return false;
    }
    procedure.sides = fees;
    procedure.multiplied(fees, "for both sides");
    true
}

fn times_half(count: Decimal) -> Decimal {
    count.checked_div(Decimal::TWO).unwrap_or(count).ceil()
}

/// The one side that a line names.
fn side(line: &ServiceLine) -> Option<&'static str> {
    match (line.has_modifier("LT"), line.has_modifier("RT")) {
        (true, false) => Some("LT"),
        (false, true) => Some("RT"),
        _ => None,
    }
}

fn is_other_side(first: &Procedure<'_>, current: &Procedure<'_>) -> bool {
    let (a, b) = (first.billed, current.billed);
    let sides = (side(a.line), side(b.line));
    let one_each = first.count == Decimal::ONE && current.count == Decimal::ONE;
    matches!(sides, (Some("LT"), Some("RT")) | (Some("RT"), Some("LT")))
        && one_each
        && first.other_side_of.is_none()
        && !first.has_other_side
        && both(current).is_some()
        && (a.line.procedure, a.line.from, a.group) == (b.line.procedure, b.line.from, b.group)
        && (first.value().modifier, first.part) == (current.value().modifier, current.part)
}

fn in_two_lines(current: &mut Procedure<'_>, first: usize) {
    let Some(fees) = both(current) else { return };
    current.other_side_of = Some(first);
    current.sides = fees.checked_sub(Decimal::ONE).unwrap_or_default().max(Decimal::ZERO);
    if current.sides < Decimal::ONE {
        current.rarcs.push(rarc("N644"));
    }
    let rest = current.sides;
    current.multiplied(rest, "as the other side");
}
