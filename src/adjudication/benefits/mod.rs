//! Benefits: who pays the allowed amount. Copay, deductible, coinsurance, never past the out-of-pocket maximum; and no more
//! than the plan gives.

#[cfg(test)]
mod auditor;
mod copay;
pub mod limits;
pub mod standing;
mod stay;

pub use standing::{Deductible, Progress, Scope, Standing, separate, standing};

use std::fmt::Write as _;

use crate::domain::dates::{Date, plus_months, plus_years};
use crate::domain::money::Money;
use crate::domain::plan::BenefitShare;

use super::settlement::{PatientShare, Settlement};
use super::{Case, Reason};

/// Every reason that it may give.
pub const REASONS: &[Reason] = &[
    Reason::patient("3", "", "the plan's copay"),
    Reason::patient("1", "", "the plan's deductible is not met"),
    Reason::patient("2", "", "the plan's coinsurance"),
    Reason::patient("119", "", "above what the plan gives in the period"),
    Reason::patient("149", "", "above what the plan gives in a life for this service"),
    Reason::patient("35", "", "above what the plan gives in a life"),
];

/// The last months of a year whose deductible may be carried over.
const CARRY_OVER_MONTHS: i32 = 3;

/// Finds the patient's share of each line, as if no other payer paid. The lines draw on the same accumulators, one after
/// the other.
pub fn share(case: &Case<'_>, settlements: &mut [Settlement<'_>]) {
    let mut years: Vec<(Scope<'_>, Standing)> = Vec::with_capacity(1);
    for at in 0..settlements.len() {
        let (earlier, rest) = settlements.split_at_mut(at);
        let Some(current) = rest.first_mut() else { return };
        let scope = scope(current);
        let known = years.iter().find(|(known, _)| {
            known.plan.plan_id == scope.plan.plan_id
                && known.network == scope.network
                && known.year_start == scope.year_start
        });
        let standing = known.map(|(_, standing)| *standing).unwrap_or_else(|| {
            let standing = standing_before(case, earlier, current, &scope);
            years.push((scope, standing));
            standing
        });
        share_line(case, earlier, current, &standing);
        years.iter_mut().for_each(|(scope, standing)| standing.take(scope, current));
    }
}

fn scope<'a>(line: &Settlement<'a>) -> Scope<'a> {
    let terms = line.terms;
    let member_id = &terms.member.member_id;
    Scope { plan: terms.plan, network: terms.network, year_start: line.year_start, member_id }
}

/// Where the patient stands before the line: by earlier claims, and by earlier lines of this one.
fn standing_before(case: &Case<'_>, earlier: &[Settlement], current: &Settlement, scope: &Scope<'_>) -> Standing {
    let mut standing = Standing::of(current.terms.cost_share, scope, case.file.entries());
    earlier.iter().for_each(|line| standing.take(scope, line));
    standing
}

fn share_line(case: &Case<'_>, earlier: &[Settlement], current: &mut Settlement, standing: &Standing) {
    let share = current.terms.benefit.share(current.terms.network);
    let scope = scope(current);
    let own = share.separate_deductible.and_then(|name| {
        let mut deductible = separate(&scope, name, case.file.entries())?;
        deductible.take(&scope, name, earlier);
        Some(deductible)
    });
    let deductible = own.unwrap_or(standing.deductible);
    current.separate_deductible = share.separate_deductible.filter(|_| own.is_some());
    let copay_due = copay::due(case, earlier, current, share);
    current.patient = divide(share, current, copay_due, &deductible, standing.out_of_pocket_left());
    current.deductible_credit = current.patient.deductible;
    current.carried_over = carried_over(case, earlier, current);
    let mut words = words(case, current, share, &deductible, standing);
    limits::apply(case, earlier, current, &mut words);
    current.benefits_words = words;
}

/// Copay, then deductible (or the other way round), then coinsurance on the rest; each only while there is room below the
/// out-of-pocket maximum.
fn divide(
    share: BenefitShare,
    line: &Settlement<'_>,
    copay_due: Money,
    deductible: &Deductible,
    room: Option<Money>,
) -> PatientShare {
    if share.no_cost_share {
        return PatientShare::default();
    }
    // What is still to be divided, and what the patient may still be asked for.
    let (mut rest, mut room) = (line.allowed, room.unwrap_or(line.allowed));
    let mut take = |wanted: Money| {
        let taken = wanted.min(rest).min(room);
        rest -= taken;
        room -= taken;
        (taken, rest)
    };
    let deductible_left = if share.deductible_waived { Money::ZERO } else { deductible.left() };
    let first = if share.deductible_first { take(deductible_left).0 } else { Money::ZERO };
    let copay = take(copay_due).0;
    let (second, left) = take(if share.deductible_first { Money::ZERO } else { deductible_left });
    let most = share.coinsurance_maximum.unwrap_or(left);
    // A schedule's own share is of what the deductible leaves (42 CFR 419.41(c)).
    let of_schedule = line.schedule_share.map(|of_all| match left == line.allowed || line.allowed.is_zero() {
        true => of_all,
        false => Money::round(left.dollars() * of_all.dollars() / line.allowed.dollars()),
    });
    let coinsurance = take(of_schedule.unwrap_or_else(|| left.times(share.coinsurance).min(most))).0;
    PatientShare { copay, deductible: first + second, coinsurance, over_limit: Money::ZERO }
}

/// What a deductible of the last three months of a year is worth in the next: no more than is left of that one.
fn carried_over(case: &Case<'_>, earlier: &[Settlement], current: &Settlement) -> Option<(Date, Money)> {
    let (terms, deductible) = (current.terms, current.patient.deductible);
    let next = plus_years(current.year_start, 1);
    if !terms.plan.deductible_carry_over || deductible.is_zero() || current.separate_deductible.is_some() {
        return None;
    }
    if current.line.from < plus_months(next, -CARRY_OVER_MONTHS) {
        return None;
    }
    let scope = Scope { year_start: next, ..scope(current) };
    let left = standing_before(case, earlier, current, &scope).deductible.left();
    Some((next, deductible.min(left))).filter(|(_, amount)| !amount.is_zero())
}

fn words(case: &Case<'_>, current: &Settlement, share: BenefitShare, used: &Deductible, standing: &Standing) -> String {
    let name = &current.terms.benefit.name;
    let mut words = String::with_capacity(96);
    let PatientShare { copay, deductible, coinsurance, .. } = current.patient;
    let mut say = |sentence: std::fmt::Arguments| {
        // Writing to a string cannot fail.
        let _ = words.write_fmt(sentence);
    };
    say(format_args!("{name}:"));
    if !copay.is_zero() {
        say(format_args!(" copay {copay}."));
    }
    if !deductible.is_zero() {
        let (whose, Progress { limit, met }) = used.nearest();
        let which = current.separate_deductible.map_or_else(String::new, |name| format!(" for {name}"));
        say(format_args!(" Deductible{which} {deductible}, {met} of {whose}{} met before.", limit.unwrap_or_default()));
    }
    if let Some((year, amount)) = current.carried_over {
        say(format_args!(" {amount} of it counts in the year from {year} too."));
    }
    if !coinsurance.is_zero() {
        let rest = current.allowed - copay - deductible;
        match current.schedule_share {
            Some(_) => say(format_args!(" Copayment of the fee schedule {coinsurance}.")),
            None => say(format_args!(" Coinsurance {coinsurance}, {} of {rest}.", share.coinsurance)),
        }
    }
    if current.patient.cost_share().is_zero() {
        say(format_args!(" no cost share."));
    }
    let room = standing.out_of_pocket_left();
    if !share.no_cost_share && room.is_some_and(|room| room == current.patient.cost_share()) {
        say(format_args!(" The out-of-pocket maximum is reached."));
    }
    let cover = case.services.iter().find(|service| service.at == current.at).and_then(|service| service.cover);
    if let Some(protection) = cover.and_then(|cover| cover.protection) {
        say(format_args!(" {protection}"));
    }
    words
}

#[cfg(test)]
mod tests;
