//! Benefits: who pays the allowed amount. Copay, deductible, coinsurance, never past the out-of-pocket maximum.

pub mod standing;

pub use standing::{Progress, Standing, standing, used};

use std::fmt::Write as _;

use crate::domain::dates::Date;
use crate::domain::determination::{Accumulator, HistoryLine};
use crate::domain::money::Money;
use crate::domain::plan::{BenefitShare, Network};

use super::Case;
use super::settlement::{PatientShare, Settlement};

/// A benefit year that lines of the claim fall into.
struct Year<'a> {
    plan_id: &'a str,
    network: Network,
    start: Date,
    standing: Standing,
}

/// Finds the patient's share of each line, as if no other payer paid. The lines draw on the same accumulators, one after
/// the other.
pub fn share(case: &Case<'_>, settlements: &mut [Settlement<'_>]) {
    let mut years: Vec<Year> = Vec::with_capacity(1);
    for at in 0..settlements.len() {
        let (earlier, rest) = settlements.split_at_mut(at);
        let Some(current) = rest.first_mut() else { return };
        let (plan_id, network, start) = (&*current.terms.plan.plan_id, current.terms.network, current.year_start);
        let known = years.iter().find(|y| y.plan_id == plan_id && y.network == network && y.start == start);
        let standing = known.map(|year| year.standing).unwrap_or_else(|| {
            let standing = standing_before(case, earlier, current);
            years.push(Year { plan_id, network, start, standing });
            standing
        });
        share_line(case, earlier, current, &standing);
        let (deductible, out_of_pocket) = (current.patient.deductible, current.patient.cost_share());
        for year in years.iter_mut().filter(|y| y.network == network && y.start == start) {
            year.standing.take(deductible, out_of_pocket);
        }
    }
}

/// Where the patient stands before the line: by earlier claims, and by earlier lines of this one.
fn standing_before(case: &Case<'_>, earlier: &[Settlement], current: &Settlement) -> Standing {
    let (terms, start) = (current.terms, current.year_start);
    let mut standing =
        Standing::of(terms.cost_share, terms.network, start, &terms.member.member_id, case.file.accumulators.iter());
    for line in earlier.iter().filter(|line| line.terms.network == terms.network && line.year_start == start) {
        standing.take(line.patient.deductible, line.patient.cost_share());
    }
    standing
}

fn share_line(case: &Case<'_>, earlier: &[Settlement], current: &mut Settlement, standing: &Standing) {
    let benefit = current.terms.benefit;
    let share = benefit.share(current.terms.network);
    let mut copay_due = Money::ZERO;
    if !share.copay.is_zero() || benefit.visits_per_year.is_some() {
        let same_day = || earlier.iter().filter(|line| line.same_day(current));
        let same_visit = same_day().filter(|line| line.line.rendering_npi == current.line.rendering_npi);
        let visit = visit_before(case, current);
        copay_due = match visit {
            Some(true) => Money::ZERO,
            _ => (share.copay - same_visit.map(|line| line.patient.copay).sum()).or_zero(),
        };
        current.begins_day = visit.is_none() && same_day().next().is_none();
    }
    let mut patient = divide(share, current.allowed, copay_due, standing);
    patient.over_limit = above_limit(case, earlier, current, current.allowed - patient.cost_share());
    current.benefits_words = words(current, share, patient, standing);
    current.deductible_credit = patient.deductible;
    current.patient = patient;
}

/// Copay, then deductible, then coinsurance on the rest; each only while there is room below the out-of-pocket maximum.
fn divide(share: BenefitShare, allowed: Money, copay_due: Money, standing: &Standing) -> PatientShare {
    if share.no_cost_share {
        return PatientShare::default();
    }
    let room = standing.out_of_pocket_left().unwrap_or(allowed);
    let copay = copay_due.min(allowed).min(room);
    let deductible_left = if share.deductible_waived { Money::ZERO } else { standing.deductible_left() };
    let deductible = deductible_left.min(allowed - copay).min(room - copay);
    let rest = allowed - copay - deductible;
    let coinsurance = rest.times(share.coinsurance).min(rest).min(room - copay - deductible);
    PatientShare { copay, deductible, coinsurance, over_limit: Money::ZERO }
}

/// Whether an earlier claim tells of the benefit on the same day (`Some`), and by the same provider (`true`).
fn visit_before(case: &Case<'_>, current: &Settlement<'_>) -> Option<bool> {
    let (line, benefit) = (current.line, current.terms.benefit);
    let same_day =
        |past: &&&HistoryLine| past.from == line.from && !past.denied && past.benefit.as_ref() == Some(&benefit.name);
    case.history.iter().filter(same_day).map(|past| past.rendering_npi == line.rendering_npi).max()
}

/// What of the plan's payment lies above the most that it pays a year for the benefit.
fn above_limit(case: &Case<'_>, earlier: &[Settlement], current: &Settlement, payment: Money) -> Money {
    let (terms, start) = (current.terms, current.year_start);
    let Some(limit) = terms.benefit.dollars_per_year else { return Money::ZERO };
    let accumulator = Accumulator::Dollars(terms.benefit.name.clone());
    let before = Money::from_cents(used(&accumulator, start, &terms.member.member_id, case.file.accumulators.iter()));
    let alike = |line: &&Settlement| line.terms.benefit.name == terms.benefit.name && line.year_start == start;
    let here: Money = earlier.iter().filter(alike).map(Settlement::paid).sum();
    (payment - (limit - before - here).or_zero()).or_zero()
}

fn words(current: &Settlement, share: BenefitShare, patient: PatientShare, standing: &Standing) -> String {
    let name = &current.terms.benefit.name;
    let mut words = String::with_capacity(96);
    let PatientShare { copay, deductible, coinsurance, over_limit } = patient;
    let mut say = |sentence: std::fmt::Arguments| {
        // Writing to a string cannot fail.
        let _ = words.write_fmt(sentence);
    };
    say(format_args!("{name}:"));
    if !copay.is_zero() {
        say(format_args!(" copay {copay}."));
    }
    if !deductible.is_zero() {
        let (whose, Progress { limit, met }) = standing.nearest_deductible();
        say(format_args!(" Deductible {deductible}, {met} of {whose}{} met before.", limit.unwrap_or_default()));
    }
    if !coinsurance.is_zero() {
        let rest = current.allowed - copay - deductible;
        say(format_args!(" Coinsurance {coinsurance}, {} of {rest}.", share.coinsurance));
    }
    if patient.cost_share().is_zero() {
        say(format_args!(" no cost share."));
    }
    let room = standing.out_of_pocket_left();
    if !share.no_cost_share && room.is_some_and(|room| room == patient.cost_share()) {
        say(format_args!(" The out-of-pocket maximum is reached."));
    }
    if let Some(limit) = current.terms.benefit.dollars_per_year.filter(|_| !over_limit.is_zero()) {
        say(format_args!(" The plan pays at most {limit} a year; {over_limit} is above."));
    }
    words
}

#[cfg(test)]
mod tests;
