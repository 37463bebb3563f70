//! Instructions: outcomes that directives and markers force, so that a test has one at once; and rulings, what a person has decided on a
//! claim that waited or was appealed.
//!
//! What is forced is forced first: lines are denied before an edit looks at them, so that the edits' own denials are
//! overtaken; what is allowed is lowered before benefits are shared out, so that everything behind it balances as ever.

use crate::domain::codes::{Carc, Group, Rarc, carc};
use crate::domain::instruction::{Act, Instruction, Order, Reduced};
use crate::domain::money::Money;
use crate::reference::reason_codes::allowed_groups;

use super::pricing::Reduction;
use super::settlement::Settlement;
use super::{Case, Denial, Proceedings};

/// Name of the step where a test has its way.
pub const STEP: &str = "instruction";

/// Name of the step where a person has decided.
pub const RULING: &str = "ruling";

/// Why a claim waits that an instruction holds; the trace has the words.
pub const HELD: &str = "instruction";

/// Denies, holds and waives as instructed.
pub fn force(case: &Case<'_>, proceedings: &mut Proceedings) {
    let Some(instruction) = &case.file.instruction else { return };
    for unread in &instruction.unread {
        proceedings.note(STEP, None, format!("Read as no marker: {unread}."));
    }
    for (place, order) in instruction.orders.iter().enumerate() {
        match &order.act {
            Act::Deny { group, carc, rarcs } => deny(case, proceedings, (place, order), (*group, *carc, rarcs)),
            Act::Pend(reason) => {
                let words = format!("{}: waits, {reason}.", by(order));
                match instruction.set_aside(STEP, None) {
                    Some(source) => proceedings.note(STEP, None, set_aside(source, &words)),
                    None => hold(proceedings, reason, words),
                }
            }
            Act::Delay { decide_on, pay_after_days } => {
                if let Some(day) = decide_on.filter(|day| *day > case.file.processed) {
                    let words = format!("{}: waits and is decided on {day}.", by(order));
                    hold(proceedings, &format!("delayed until {day}"), words);
                }
                if *pay_after_days > 0 {
                    let words = format!("{}: due {pay_after_days} days after its decision.", by(order));
                    proceedings.note(step(order), None, words);
                }
            }
            // What a ruling sets aside is told where it is found.
            Act::Waive(_) if order.ruling => {}
            Act::Waive(edits) if edits.is_empty() => {
                proceedings.note(STEP, None, format!("{}: no edit looks at the claim.", by(order)));
            }
            Act::Waive(edits) => {
                let words = format!("{}: {} does not look at the claim.", by(order), edits.join(", "));
                proceedings.note(STEP, None, words);
            }
            Act::Reduce { .. } | Act::Reject | Act::Appeal => {}
        }
    }
}

fn step(order: &Order) -> &'static str {
    if order.ruling { RULING } else { STEP }
}

fn by(order: &Order) -> String {
    format!("{} {}", if order.ruling { "Decided in" } else { "Forced by" }, order.source)
}

/// What was found, and where it was ruled that it does not count.
pub fn set_aside(source: &str, found: &str) -> String {
    format!("{found} Set aside in {source}.")
}

fn deny(
    case: &Case<'_>,
    proceedings: &mut Proceedings,
    (place, order): (usize, &Order),
    (group, carc, rarcs): (Group, Carc, &Vec<Rarc>),
) {
    let instruction = case.file.instruction.as_deref();
    for service in case.services.iter().filter(|service| order.concerns(service.at)) {
        let at = Some(service.at);
        let words = format!("{}: denied {group}-{carc}.", by(order));
        match instruction.and_then(|told| overruled(told, (place, order), service.at)) {
            Some(source) => proceedings.note(STEP, at, set_aside(source, &words)),
            None => proceedings.deny(step(order), service.at, Denial { group, carc, rarcs: rarcs.clone(), words }),
        }
    }
}

/// Where it was ruled that an order does not count on a line: what a test forces by any ruling, what was ruled by a newer one.
fn overruled<'i>(told: &'i Instruction, (place, order): (usize, &Order), line: usize) -> Option<&'i str> {
    if order.ruling { told.overruled(place, RULING, line) } else { told.set_aside(STEP, Some(line)) }
}

fn hold(proceedings: &mut Proceedings, reason: &str, words: String) {
    if proceedings.pend.is_none() {
        proceedings.held_for = Some(reason.into());
    }
    proceedings.pend(STEP, None, HELD, words);
}

/// What a person has set as the price of a line that has none, and where.
pub fn price<'a>(case: &Case<'a>, line: usize) -> Option<(Money, &'a str)> {
    let instruction = case.file.instruction.as_deref()?;
    let mut ruled = instruction.orders.iter().filter(|order| order.ruling && order.concerns(line));
    ruled.find_map(|order| match order.act {
        Act::Reduce { to: Reduced::Amount(amount), .. } => Some((amount, order.source.as_str())),
        _ => None,
    })
}

/// Lowers what is allowed as instructed. The rest is borne as everything above what is allowed: a reason that may not stand under
/// that group gives way to 45.
pub fn reduce(case: &Case<'_>, settlements: &mut [Settlement<'_>], proceedings: &mut Proceedings) {
    let Some(instruction) = &case.file.instruction else { return };
    for settlement in settlements {
        let concerned = |(place, order): &(usize, &Order)| match settlement.account.line() {
            Some(line) => order.concerns(line) && overruled(instruction, (*place, order), line).is_none(),
            None => true,
        };
        let mut orders = instruction.orders.iter().enumerate().filter(concerned);
        let first = orders.find_map(|(_, order)| reduction(order));
        if let Some((order, to, carc, rarcs)) = first {
            lower(settlement, proceedings, order, (to, carc, rarcs));
        }
    }
}

fn reduction(order: &Order) -> Option<(&Order, Reduced, Carc, &Vec<Rarc>)> {
    match &order.act {
        Act::Reduce { to, carc, rarcs } => Some((order, *to, *carc, rarcs)),
        _ => None,
    }
}

fn lower(
    settlement: &mut Settlement<'_>,
    proceedings: &mut Proceedings,
    order: &Order,
    (to, reason, rarcs): (Reduced, Carc, &Vec<Rarc>),
) {
    let (before, line) = (settlement.allowed, settlement.account.line());
    let after = match to {
        Reduced::Part(part) => before.times(part),
        Reduced::Amount(most) => most,
    };
    let less = before - after;
    if less <= Money::ZERO {
        let words = format!("{}: {before} are allowed, not more than {after}.", by(order));
        return proceedings.note(step(order), line, words);
    }
    let group = settlement.excess_group;
    let fits = allowed_groups(reason).contains(&group);
    let reason = if fits { reason } else { carc("45") };
    settlement.allowed = after;
    settlement.schedule_share = settlement.schedule_share.map(|share| share.min(after));
    if reason == carc("45") {
        settlement.excess += less;
        settlement.excess_rarcs.extend(rarcs.iter().copied());
    } else {
        settlement.reductions.push(Reduction { step: step(order), carc: reason, rarcs: rarcs.clone(), amount: less });
    }
    let words = format!("{}: {before} are allowed; lowered to {after}, {group}-{reason}.", by(order));
    proceedings.note(step(order), line, words);
}

/// Whether the claim's instruction has an edit not look at it.
pub fn waives(instruction: Option<&Instruction>, edit: &str) -> bool {
    instruction.is_some_and(|instruction| instruction.waives(edit))
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::rarc;
    use crate::domain::dates::date;
    use crate::domain::determination::Outcome;

    fn told(acts: impl IntoIterator<Item = Act>) -> ClaimFile {
        let mut file = example::office_visit();
        let order = |act| Order { source: "directive test".into(), ruling: false, lines: vec![], act };
        let orders = acts.into_iter().map(order).collect();
        file.instruction = Some(Box::new(Instruction { orders, unread: vec![] }));
        file
    }

    fn not_authorized() -> Act {
        Act::Deny { group: Group::ContractualObligation, carc: carc("197"), rarcs: vec![] }
    }

    #[test]
    fn a_forced_denial_goes_before_what_an_edit_finds() {
        let mut file = told([not_authorized()]);
        file.received = date(2027, 3, 1);
        assert_eq!(example::denial(&file), "CO-197");
        let steps = example::decide(&file).steps;
        let told: Vec<_> = steps.iter().map(|step| (step.id, step.outcome)).collect();
        assert_eq!(told, [(STEP, Outcome::Denied), ("timely-filing", Outcome::Overtaken)]);
        assert_eq!(steps[0].words, "Forced by directive test: denied CO-197.");
    }

    #[test]
    fn the_first_of_two_denials_stands_and_each_keeps_to_its_lines() {
        let denial =
            |code: &str| Act::Deny { group: Group::ContractualObligation, carc: carc(code), rarcs: vec![rarc("N382")] };
        let mut file = told([denial("197"), denial("16")]);
        file.claim.lines.push(example::further_line("99214", 20_000));
        if let Some(instruction) = &mut file.instruction {
            instruction.orders[0].lines = vec![1];
        }
        assert_eq!(example::denials(&file), ["CO-16 N382", "CO-197 N382"]);
    }

    /// 150.00 are allowed; 80 percent of it are 120.00, and 30.00 are the provider's.
    #[test]
    fn a_reduction_is_shared_out_as_any_lower_fee() {
        let part = |code: &str| Act::Reduce { to: Reduced::Part(Decimal::new(80, 2)), carc: carc(code), rarcs: vec![] };
        let lowered = |file: &ClaimFile| {
            let determination = example::decide(file);
            let line = &determination.lines[0];
            let adjustment = &line.ledger.adjustments()[0];
            (
                line.allowed,
                line.ledger.paid(),
                format!("{}-{} {}", adjustment.group, adjustment.carc, adjustment.amount),
            )
        };
        let eighty = Money::from_cents(12_000);
        assert_eq!(lowered(&told([part("45")])), (eighty, eighty, "CO-45 30.00".into()));
        assert_eq!(lowered(&told([part("59")])), (eighty, eighty, "CO-59 30.00".into()));
        // A deductible may not stand under CO.
        assert_eq!(lowered(&told([part("1")])), (eighty, eighty, "CO-45 30.00".into()));
    }

    #[test]
    fn nothing_is_raised() {
        let most = Reduced::Amount(Money::from_cents(99_900));
        let file = told([Act::Reduce { to: most, carc: carc("45"), rarcs: vec![] }]);
        assert_eq!(example::decide(&file).paid(), Money::from_cents(15_000));
    }

    #[test]
    fn a_claim_waits_until_its_day_and_is_decided_on_it() {
        let day = date(2026, 3, 9);
        let mut file = told([Act::Delay { decide_on: Some(day), pay_after_days: 0 }, not_authorized()]);
        let waits = example::decide(&file);
        assert_eq!((waits.pend, waits.held_for.as_deref()), (Some(HELD), Some("delayed until 2026-03-09")));
        file.processed = day;
        let decided = example::decide(&file);
        assert_eq!((decided.pend, decided.is_denied()), (None, true));
    }

    #[test]
    fn a_waived_edit_does_not_look() {
        let mut file = told([Act::Waive(vec!["timely-filing".into()])]);
        file.received = date(2027, 3, 1);
        assert!(!example::decide(&file).is_denied());
        file.claim.payer_id = "SOMEBODY ELSE".into();
        assert!(example::decide(&file).is_denied());
        if let Some(instruction) = &mut file.instruction {
            instruction.orders[0].act = Act::Waive(vec![]);
        }
        assert!(!example::decide(&file).is_denied());
    }

    /// The same acts, as a person has decided them on the first line.
    fn ruled(mut file: ClaimFile, act: Act) -> ClaimFile {
        let order = Order { source: "review R1".into(), ruling: true, lines: vec![0], act };
        let told = file.instruction.get_or_insert_default();
        told.orders.insert(0, order);
        file
    }

    #[test]
    fn what_a_ruling_sets_aside_is_told_and_does_not_count() {
        let mut file = example::office_visit();
        file.received = date(2027, 3, 1);
        file.claim.lines.push(example::further_line("99214", 20_000));
        let file = ruled(file, Act::Waive(vec!["timely-filing".into()]));
        assert_eq!(example::denials(&file), ["", "CO-29"]);
        let step = &example::decide(&file).steps[0];
        assert_eq!((step.id, step.outcome), ("timely-filing", Outcome::Noted));
        assert!(step.words.ends_with("Set aside in review R1."), "{}", step.words);
    }

    #[test]
    fn a_ruling_overrules_what_a_test_has_forced() {
        let file = ruled(told([not_authorized()]), Act::Waive(vec![STEP.into()]));
        assert_eq!(example::denial(&file), "");
        let denied = ruled(example::office_visit(), not_authorized());
        assert_eq!((example::denial(&denied).as_str(), example::decide(&denied).steps[0].id), ("CO-197", RULING));
    }

    #[test]
    fn a_newer_ruling_overrules_an_older_one_on_its_lines_and_no_newer_one() {
        let mut file = ruled(example::office_visit(), not_authorized());
        file.claim.lines.push(example::further_line("99214", 20_000));
        if let Some(told) = &mut file.instruction {
            told.orders[0].lines = vec![];
        }
        assert_eq!(example::denials(&file), ["CO-197", "CO-197"]);
        let mut overturned = ruled(file.clone(), Act::Waive(vec![RULING.into()]));
        assert_eq!(example::denials(&overturned), ["", "CO-197"]);
        assert_eq!(
            example::decide(&overturned).steps[0].words,
            "Decided in review R1: denied CO-197. Set aside in review R1."
        );
        // The same two the other way round: what was overturned is denied once more.
        if let Some(told) = &mut overturned.instruction {
            told.orders.swap(0, 1);
        }
        assert_eq!(example::denials(&overturned), ["CO-197", "CO-197"]);
    }

    #[test]
    fn a_ruling_gives_back_what_was_taken_by_force_or_by_an_older_ruling() {
        let lowered = Act::Reduce { to: Reduced::Part(Decimal::new(80, 2)), carc: carc("59"), rarcs: vec![] };
        let paid = |file: &ClaimFile| example::decide(file).paid();
        assert_eq!(paid(&told([lowered.clone()])), Money::from_cents(12_000));
        assert_eq!(paid(&ruled(told([lowered.clone()]), Act::Waive(vec![STEP.into()]))), Money::from_cents(15_000));
        let older = ruled(example::office_visit(), lowered);
        assert_eq!(paid(&older), Money::from_cents(12_000));
        assert_eq!(paid(&ruled(older, Act::Waive(vec![RULING.into()]))), Money::from_cents(15_000));
    }
}
