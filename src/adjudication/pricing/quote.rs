//! Quotes: what services are worth under a fee schedule, taken together, for several rules look at all of a day's services.

use crate::adjudication::Denial;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Carc, Npi, Rarc, carc};
use crate::domain::determination::HistoryLine;
use crate::domain::money::Money;

use super::fee_schedule::{FeeSchedule, Price, Worth};
use super::practitioner::Performer;
use super::procedure::Procedure;
use super::{anesthesia, both_sides, equipment, multiple_surgeries, multiple_tests, part_of_fee};

const LOWER: &str = " The charge is lower.";

/// A service to be priced.
#[derive(Clone, Copy, Debug)]
pub struct Billed<'a> {
    /// The service; its charge is compared with the fee.
    pub line: &'a ServiceLine,
    /// Medicare locality, such as "01112-05".
    pub locality: &'a str,
    /// The practice: services of one day and practice are ranked together.
    pub group: Npi,
    /// Who performed it.
    pub performer: Performer<'a>,
}

/// What a service is worth, and how that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The fee for all units, before reductions.
    pub fee: Money,
    /// What the rules for several services take from the fee.
    pub reductions: Vec<Reduction>,
    /// What is allowed: the fee less the reductions, or the charge where that is lower and the schedule says so.
    pub allowed: Money,
    /// What the remittance says beside what is charged above the fee.
    pub remarks: Vec<Rarc>,
    /// How it was found.
    pub words: String,
    /// Why a person must set the price, where one must.
    pub by_report: Option<&'static str>,
    /// Whether the fee is a part of the charge.
    pub of_charge: bool,
    /// The most that a provider who does not take part in Medicare may charge without assignment.
    pub limiting_charge: Option<Money>,
}

/// A part of the fee that is not paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reduction {
    /// The step that takes it off: pricing itself, or who chose to have less paid.
    pub step: &'static str,
    /// Why.
    pub carc: Carc,
    /// Remarks beside the reason.
    pub rarcs: Vec<Rarc>,
    /// Dollars; above zero.
    pub amount: Money,
}

/// Prices services under one schedule, in their order; a service that has no price is denied. `earlier` are lines of
/// earlier claims of the same patient.
///
/// The order of the rules: one unit's fee, capped; what modifiers leave of it; both sides; several procedures; and last the
/// charge, where it is lower. Each line's amount is rounded once, behind them all.
pub fn quote(schedule: &FeeSchedule, services: &[Billed<'_>], earlier: &[&HistoryLine]) -> Vec<Result<Quote, Denial>> {
    let mut quotes: Vec<Option<Result<Quote, Denial>>> = Vec::with_capacity(services.len());
    let mut procedures: Vec<Procedure<'_>> = Vec::with_capacity(services.len());
    for (at, billed) in services.iter().enumerate() {
        let before_apart = has_care_before_apart(*billed, services, earlier);
        let (procedure, priced) = match open(schedule, at, *billed, before_apart) {
            Ok(Opened::Procedure(procedure)) => (Some(*procedure), None),
            Ok(Opened::Whole(quote)) => (None, Some(Ok(quote))),
            Err(denial) => (None, Some(Err(denial))),
        };
        procedures.extend(procedure);
        quotes.push(priced);
    }
    both_sides::apply(&mut procedures);
    procedures.iter_mut().for_each(|procedure| procedure.due = procedure.alone());
    multiple_surgeries::apply(&mut procedures, schedule, earlier);
    multiple_tests::apply(&mut procedures, schedule, earlier);
    let places: Vec<(usize, Option<usize>)> = procedures.iter().map(|p| (p.at, p.other_side_of)).collect();
    let mut closed: Vec<Quote> = procedures.into_iter().map(Procedure::close).collect();
    if !schedule.ignore_lower_charge {
        compare_with_charges(services, &places, &mut closed);
    }
    for ((at, _), quote) in places.into_iter().zip(closed) {
        quotes.get_mut(at).into_iter().for_each(|slot| *slot = Some(Ok(quote.clone())));
    }
    anesthesia::keep_greatest_base(schedule, services, &mut quotes);
    equipment::limit_rentals(schedule, services, earlier, &mut quotes);
    let lost = || Denial::contractual(carc("147"), "The service has no price.");
    quotes.into_iter().map(|quote| quote.unwrap_or_else(|| Err(lost()))).collect()
}

/// A service with its own price found.
enum Opened<'a> {
    Whole(Quote),
    Procedure(Box<Procedure<'a>>),
}

fn open<'a>(
    schedule: &'a FeeSchedule,
    at: usize,
    billed: Billed<'a>,
    before_apart: bool,
) -> Result<Opened<'a>, Denial> {
    match schedule.worth(billed.line, billed.locality)? {
        Worth::Whole(price) => Ok(Opened::Whole(whole(schedule, billed, price))),
        Worth::Unit(unit) => {
            let unit_rules = unit.rules;
            let mut procedure = Procedure::open(at, billed, unit);
            part_of_fee::apply(&mut procedure, before_apart)?;
            if unit_rules.by_performer {
                for share in billed.performer.shares(billed.line) {
                    procedure.leave(share.part, share.words);
                }
            }
            Ok(Opened::Procedure(Box::new(procedure)))
        }
    }
}

/// A fee for the line as it is billed, compared with the charge.
fn whole(schedule: &FeeSchedule, billed: Billed<'_>, price: Price) -> Quote {
    let Price { mut fee, mut words, of_charge, of_physician } = price;
    let mut limiting_charge = None;
    if of_physician && schedule.pays_by_performer() {
        limiting_charge = billed.performer.limiting_charge(fee);
        for share in billed.performer.shares(billed.line) {
            fee = fee.times(share.part);
            words = format!("{} × {} {}.", words.trim_end_matches('.'), share.part.normalize(), share.words);
        }
    }
    let allowed = if schedule.ignore_lower_charge { fee } else { fee.min(billed.line.charge) };
    if allowed < fee {
        words.push_str(LOWER);
    }
    Quote { fee, reductions: vec![], allowed, remarks: vec![], words, by_report: None, of_charge, limiting_charge }
}

/// Whether another provider bills the care before the same surgery (56).
fn has_care_before_apart(billed: Billed<'_>, services: &[Billed<'_>], earlier: &[&HistoryLine]) -> bool {
    let line = billed.line;
    let here = services.iter().any(|other| {
        (other.line.procedure, other.line.from) == (line.procedure, line.from) && other.line.has_modifier("56")
    });
    here || earlier.iter().any(|past| {
        (past.procedure, past.from, past.denied) == (line.procedure, line.from, false)
            && past.modifiers.iter().any(|modifier| modifier.as_str() == "56")
    })
}

/// Allows no more than is charged; the two sides of a procedure are compared together, whichever line tells more.
fn compare_with_charges(services: &[Billed<'_>], places: &[(usize, Option<usize>)], quotes: &mut [Quote]) {
    let charge = |at: usize| services.get(at).map_or(Money::ZERO, |billed| billed.line.charge);
    for (current, (at, first)) in places.iter().enumerate() {
        let due = quotes.get(current).map_or(Money::ZERO, |quote| quote.allowed);
        let mut allowed = due.min(charge(*at));
        if let Some((first, first_at)) = first.and_then(|first| Some((first, places.get(first)?.0))) {
            // The first side has been held to its charge already: what it lost may stand on this line, and the reverse.
            let Some(quote) = quotes.get_mut(first) else { continue };
            let together = quote.fee - quote.reductions.iter().map(|r| r.amount).sum() + due;
            allowed = (together - quote.allowed).min(charge(*at));
            quote.allowed = (together - allowed).min(charge(first_at));
        }
        if let Some(quote) = quotes.get_mut(current) {
            if allowed < due {
                quote.words.push_str(LOWER);
            }
            quote.allowed = allowed;
        }
    }
}
