//! Several tests or therapies on one day: one in full, of each further one the part that is done once for all is reduced.
//!
//! The reductions stand in SSA 1848(b)(4)(D), (b)(7) and (b)(10) and in the final rules that `reference::payment_policies`
//! cites; indicators 4 to 7 of CMS's relative value file say what they meet. Technical and professional parts are ranked each
//! by itself; an image is reduced first and then held to the cap by hospital rates.

use rust_decimal::Decimal;

use crate::domain::codes::Npi;
use crate::domain::dates::Date;
use crate::domain::determination::HistoryLine;
use crate::domain::money::Money;
use crate::reference::payment_policies::{self as policies, Policy, share};

use super::fee_schedule::{FeeSchedule, Technical};
use super::medicare::{PROFESSIONAL, TECHNICAL};
use super::procedure::{Procedure, percent, plus, times};

/// A kind of services that are reduced among themselves.
struct Kind {
    /// MULT PROC.
    indicator: u8,
    /// What is left of the technical part.
    technical: &'static [Policy],
    /// What is left of the professional part.
    professional: &'static [Policy],
    words: &'static str,
}

const KINDS: [Kind; 3] = [
    Kind {
        indicator: 4,
        technical: policies::MULTIPLE_IMAGES,
        professional: policies::MULTIPLE_READINGS,
        words: "Multiple images",
    },
    Kind {
        indicator: 6,
        technical: policies::MULTIPLE_CARDIOVASCULAR,
        professional: &[],
        words: "Multiple cardiovascular tests",
    },
    Kind { indicator: 7, technical: policies::MULTIPLE_OPHTHALMOLOGY, professional: &[], words: "Multiple eye tests" },
];
/// MULT PROC of therapies.
const THERAPY: u8 = 5;

/// What a test is made of, for one doing.
struct Parts {
    at: usize,
    professional: Decimal,
    technical: Technical,
}

/// Reduces the tests and therapies of each day and practice.
pub(super) fn apply(procedures: &mut [Procedure<'_>], schedule: &FeeSchedule, earlier: &[&HistoryLine]) {
    for (day, group) in days(procedures) {
        let past = |indicator: u8| {
            let same = move |past: &&&HistoryLine| past.from == day && past.billing_npi == group && !past.denied;
            let alike = move |past: &&&HistoryLine| {
                schedule.relative_value_of(past).is_some_and(|value| value.multiple_procedure == indicator)
            };
            earlier.iter().filter(same).filter(alike)
        };
        for kind in &KINDS {
            let reads = |past: &&HistoryLine| past.modifiers.contains(&PROFESSIONAL);
            let takes = |past: &&HistoryLine| past.modifiers.contains(&TECHNICAL);
            let begun = (past(kind.indicator).any(|past| !reads(past)), past(kind.indicator).any(|past| !takes(past)));
            tests(procedures, (day, group), kind, begun);
        }
        therapies(procedures, (day, group), past(THERAPY).next().is_some());
    }
}

/// The days and practices there are.
fn days(procedures: &[Procedure<'_>]) -> Vec<(Date, Npi)> {
    let mut days = Vec::new();
    for procedure in procedures.iter().filter(|p| matches!(p.value().multiple_procedure, 4..=7)) {
        let day = (procedure.billed.line.from, procedure.billed.group);
        if !days.contains(&day) {
            days.push(day);
        }
    }
    days
}

/// Those of an indicator on a day. A separate encounter (XE) stands for itself.
fn alike(procedures: &[Procedure<'_>], (day, group): (Date, Npi), indicator: u8) -> Vec<usize> {
    let fits = |procedure: &Procedure<'_>| {
        let billed = procedure.billed;
        procedure.value().multiple_procedure == indicator
            && (billed.line.from, billed.group) == (day, group)
            && !billed.line.has_modifier("XE")
    };
    procedures.iter().enumerate().filter(|(_, procedure)| fits(procedure)).map(|(at, _)| at).collect()
}

fn tests(procedures: &mut [Procedure<'_>], day: (Date, Npi), kind: &Kind, begun: (bool, bool)) {
    let members = alike(procedures, day, kind.indicator);
    let mut known: Vec<Parts> = Vec::with_capacity(members.len());
    for at in members {
        let Some(procedure) = procedures.get_mut(at) else { continue };
        match parts(procedure) {
            Some((professional, technical)) => known.push(Parts { at, professional, technical }),
            None => procedure.say("Its technical part is not known: it is not reduced beside other tests."),
        }
    }
    let doings = |parts: &Parts| procedures.get(parts.at).map_or(Decimal::ONE, |procedure| procedure.count);
    if known.iter().map(doings).fold(Decimal::ZERO, plus) <= Decimal::ONE && begun == (false, false) {
        return;
    }
    let dearest = |value: fn(&Parts) -> Decimal, begun: bool| first_of(procedures, &known, value).filter(|_| !begun);
    let technical = dearest(|parts| parts.technical.amount.dollars(), begun.0);
    let professional = dearest(|parts| parts.professional, begun.1);
    for parts in &known {
        let Some(procedure) = procedures.get_mut(parts.at) else { continue };
        let lead = procedure.other_side_of.unwrap_or(parts.at);
        reduce(procedure, parts, kind, (technical == Some(lead), professional == Some(lead)));
    }
}

/// The procedure whose part is dearest, both sides together.
fn first_of(procedures: &[Procedure<'_>], known: &[Parts], value: fn(&Parts) -> Decimal) -> Option<usize> {
    let mut first: Option<(usize, Decimal)> = None;
    for parts in known {
        let Some(procedure) = procedures.get(parts.at).filter(|p| p.other_side_of.is_none()) else { continue };
        let sides = if procedure.has_other_side { Decimal::TWO } else { procedure.sides };
        let one = times(times(value(parts), sides), procedure.part);
        if one > Decimal::ZERO && first.is_none_or(|(_, most)| one > most) {
            first = Some((parts.at, one));
        }
    }
    first.map(|(at, _)| at)
}

/// Pays the first doing by its place, further ones reduced.
fn reduce(procedure: &mut Procedure<'_>, parts: &Parts, kind: &Kind, (technical, professional): (bool, bool)) {
    let day = procedure.billed.line.from;
    let left = |policies, is_first: bool| share(policies, day, usize::from(!is_first));
    let one = |(technical_left, professional_left): (Decimal, Decimal)| {
        if technical_left == Decimal::ONE && professional_left == Decimal::ONE {
            return procedure.unit.amount.dollars();
        }
        let technical = times(parts.technical.amount.dollars(), technical_left);
        let technical = parts.technical.cap.map_or(technical, |cap| technical.min(cap.dollars()));
        plus(technical, times(parts.professional, professional_left))
    };
    let has_technical = !parts.technical.amount.is_zero();
    let has_professional = !parts.professional.is_zero();
    let shares = |is_technical: bool, is_professional: bool| {
        (
            left(kind.technical, is_technical || !has_technical),
            left(kind.professional, is_professional || !has_professional),
        )
    };
    let (first, further) = (shares(technical, professional), shares(false, false));
    let full = procedure.count.min(Decimal::ONE);
    procedure.due = plus(procedure.dollars(one(first), full), procedure.dollars(one(further), procedure.count - full));
    procedure.is_first |= procedure.other_side_of.is_none() && first == (Decimal::ONE, Decimal::ONE);
    let mut told = Vec::new();
    if has_technical {
        told.push(format!("technical part {}", percent(first.0)));
    }
    if has_professional && !kind.professional.is_empty() {
        told.push(format!("professional part {}", percent(first.1)));
    }
    procedure.say(&format!("{}: {}.", kind.words, told.join(", ")));
}

/// What one unit is made of: professional and technical; `None` where the tables do not tell.
fn parts(procedure: &Procedure<'_>) -> Option<(Decimal, Technical)> {
    let (value, unit) = (procedure.value(), &procedure.unit);
    let none = Technical { amount: Money::ZERO, cap: None };
    let code = value.code;
    match (value.modifier, value.pctc) {
        (Some(PROFESSIONAL), _) | (None, 2) => Some((unit.amount.dollars(), none)),
        (Some(TECHNICAL), _) | (None, 3) => Some((Decimal::ZERO, unit.technical(code, value.modifier)?)),
        (None, 4) => {
            let technical = unit.technical(policies::technical_part(code)?, None)?;
            Some(((unit.amount - technical.amount).or_zero().dollars(), technical))
        }
        (None, 1) => {
            let professional = unit.other(code, Some(PROFESSIONAL))?;
            Some((professional.dollars(), unit.technical(code, Some(TECHNICAL))?))
        }
        _ => None,
    }
}

/// The unit with the dearest practice expense in full, all others with a part of theirs.
fn therapies(procedures: &mut [Procedure<'_>], day: (Date, Npi), begun: bool) {
    let members = alike(procedures, day, THERAPY);
    let left = share(policies::MULTIPLE_THERAPIES, day.0, 1);
    let mut known: Vec<(usize, Money)> = Vec::with_capacity(members.len());
    let mut doings = Decimal::ZERO;
    for at in members {
        let Some(procedure) = procedures.get_mut(at) else { continue };
        match procedure.unit.with_practice_expense(left) {
            Some(reduced) => {
                known.push((at, reduced));
                doings = plus(doings, procedure.count);
            }
            None => procedure.say("Its practice expense is not known: it is not reduced beside other therapies."),
        }
    }
    if doings <= Decimal::ONE && !begun {
        return;
    }
    // What is taken off is the same part of each practice expense.
    let expense = |(at, reduced): &(usize, Money)| procedures.get(*at).map(|p| p.unit.amount - *reduced);
    let dearest = known.iter().rev().max_by_key(|therapy| expense(therapy)).map(|(at, _)| *at).filter(|_| !begun);
    for (at, reduced) in known {
        let Some(procedure) = procedures.get_mut(at) else { continue };
        let is_first = dearest == Some(at);
        let full = if is_first { procedure.count.min(Decimal::ONE) } else { Decimal::ZERO };
        let whole = procedure.dollars(procedure.unit.amount.dollars(), full);
        let rest = procedure.dollars(reduced.dollars(), procedure.count - full);
        procedure.due = plus(whole, rest);
        procedure.is_first |= is_first;
        let whole = if is_first { "one unit in full, others" } else { "units" };
        procedure
            .say(&format!("Multiple therapies: {whole} with {} of the practice expense, {reduced}.", percent(left)));
    }
}
