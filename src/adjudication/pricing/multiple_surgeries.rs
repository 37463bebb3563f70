//! Several surgeries on one day: the dearest in full, the others at half; endoscopies of a family as one.
//!
//! Medicare Claims Processing Manual, chapter 12, section 40.6; indicators 1, 2 and 3 of CMS's relative value file. Within a
//! family of endoscopies the dearest is paid in full and each other one what it is worth above the base, which itself is
//! paid nothing more; then the family is ranked as one surgery. Assistants and several surgeons are ranked each alone. What
//! earlier claims of the day were paid for comes before what is billed now.

use rust_decimal::Decimal;

use crate::domain::codes::{Modifier, Npi, ProcedureCode};
use crate::domain::dates::Date;
use crate::domain::determination::HistoryLine;
use crate::domain::money::Money;

use super::fee_schedule::FeeSchedule;
use super::part_of_fee::{assists, is_of_several};
use super::payment_rules::PaymentRules;
use super::procedure::{Procedure, percent, plus, times};

/// Procedures that have a percentage of their own; those after are priced by report.
const RANKS: usize = 5;
/// The care around a surgery is none.
const CARE_ONLY: [&str; 2] = ["55", "56"];

/// Who shares in a ranking: the practice, or one among several surgeons by himself.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Surgeon {
    day: Date,
    group: Npi,
    /// One among several: who, and whether he assists.
    alone: Option<(Npi, bool)>,
}

/// What takes one rank: a procedure, both its sides, or a family of endoscopies.
struct Item {
    members: Vec<usize>,
    /// How often: each takes a rank.
    count: Decimal,
    /// Dollars for one.
    value: Decimal,
}

/// Ranks the surgeries of each day and practice.
pub(super) fn apply(procedures: &mut [Procedure<'_>], schedule: &FeeSchedule, earlier: &[&HistoryLine]) {
    let is_surgery = |procedure: &Procedure<'_>| {
        matches!(procedure.value().multiple_procedure, 1..=3)
            && !CARE_ONLY.iter().any(|care| procedure.billed.line.has_modifier(care))
    };
    let surgeries = procedures.iter().enumerate().filter(|(_, procedure)| is_surgery(procedure));
    let surgeries: Vec<(usize, Surgeon)> =
        surgeries.map(|(at, procedure)| (at, surgeon(procedures, procedure))).collect();
    let mut done: Vec<Surgeon> = Vec::new();
    for (_, surgeon) in &surgeries {
        if done.contains(surgeon) {
            continue;
        }
        done.push(*surgeon);
        let members: Vec<usize> = surgeries.iter().filter(|(_, of)| of == surgeon).map(|(at, _)| *at).collect();
        let past: Vec<&HistoryLine> = earlier.iter().copied().filter(|past| surgeon.performed(past)).collect();
        rank(procedures, &members, &past, schedule);
    }
}

fn surgeon(procedures: &[Procedure<'_>], procedure: &Procedure<'_>) -> Surgeon {
    let (line, group) = (procedure.billed.line, procedure.billed.group);
    let is_one_of_several = procedures.iter().any(|other| {
        let other = other.billed;
        (other.line.rendering_npi, other.line.from, other.group) == (line.rendering_npi, line.from, group)
            && is_of_several(other.line)
    });
    Surgeon { day: line.from, group, alone: is_one_of_several.then(|| (line.rendering_npi, assists(line))) }
}

impl Surgeon {
    fn performed(&self, past: &HistoryLine) -> bool {
        let has = |modifiers: &[&str]| past.modifiers.iter().any(|m: &Modifier| modifiers.contains(&m.as_str()));
        let assisted = has(&["80", "81", "82", "AS"]);
        let same = match self.alone {
            Some((surgeon, assists)) => past.rendering_npi == surgeon && assisted == assists,
            None => past.billing_npi == self.group && !assisted && !has(&["62", "66"]),
        };
        same && past.from == self.day && !past.denied && !has(&CARE_ONLY)
    }
}

fn rank(procedures: &mut [Procedure<'_>], members: &[usize], past: &[&HistoryLine], schedule: &FeeSchedule) {
    let mut items = items(procedures, members, past, schedule);
    items.sort_by_key(|item| std::cmp::Reverse(item.value));
    let mut rank = paid_before(procedures, members, past, schedule);
    let several = rank > 0 || items.len() > 1 || items.iter().any(|item| item.count > Decimal::ONE);
    if !several {
        return;
    }
    for item in &items {
        let dearest = item.members.iter().find(|at| procedures.get(**at).is_some_and(|procedure| procedure.is_first));
        let lead = dearest.or(item.members.first()).copied();
        for at in &item.members {
            let Some(procedure) = procedures.get_mut(*at) else { continue };
            procedure.is_first = rank == 0 && lead == Some(*at);
            ranked(procedure, item.count, rank);
        }
        rank = rank.saturating_add(usize::try_from(item.count.ceil()).unwrap_or(RANKS));
    }
}

/// Pays a procedure by its rank, and further doings of it by the ranks after.
fn ranked(procedure: &mut Procedure<'_>, count: Decimal, rank: usize) {
    let (rules, day): (&PaymentRules, Date) = (procedure.unit.rules, procedure.billed.line.from);
    let of_old = procedure.value().multiple_procedure == 1;
    let first = rules.surgery(rank, of_old, day);
    let mut shares = Decimal::ZERO;
    let mut left = count;
    let mut at = rank;
    while left > Decimal::ZERO && at < rank.saturating_add(RANKS) {
        let doing = left.min(Decimal::ONE);
        shares = plus(shares, times(doing, rules.surgery(at, of_old, day)));
        left -= doing;
        at = at.saturating_add(1);
    }
    shares = plus(shares, times(left, rules.surgery(at, of_old, day)));
    let place = rank.saturating_add(1);
    if count <= Decimal::ONE {
        procedure.due = times(procedure.due, first);
        procedure.say(&format!("Multiple procedures: rank {place}, {}.", percent(first)));
    } else {
        procedure.due = procedure.dollars(procedure.unit.amount.dollars(), shares);
        procedure.say(&format!("Multiple procedures: {count} from rank {place} on, {} in all.", percent(shares)));
    }
    if left > Decimal::ZERO || at > RANKS {
        procedure.say("The sixth and later are priced by report, never below that.");
    }
}

/// Ranks that earlier claims of the day have taken, those of families that go on here aside.
fn paid_before(
    procedures: &[Procedure<'_>],
    members: &[usize],
    past: &[&HistoryLine],
    schedule: &FeeSchedule,
) -> usize {
    let bases: Vec<ProcedureCode> = members.iter().filter_map(|at| family(procedures, members, *at)).collect();
    let mut families: Vec<ProcedureCode> = Vec::new();
    let mut ranks = 0_usize;
    for line in past {
        let Some(value) = schedule.relative_value_of(line) else { continue };
        let base = value.endoscopy_base.filter(|_| value.multiple_procedure == 3);
        match (value.multiple_procedure, base) {
            (1..=3, Some(base)) if bases.contains(&base) || families.contains(&base) => {}
            (1..=3, Some(base)) => {
                families.push(base);
                ranks = ranks.saturating_add(1);
            }
            (1..=3, None) => {
                ranks = ranks.saturating_add(usize::try_from(line.units.ceil()).unwrap_or(RANKS));
            }
            _ => {}
        }
    }
    ranks
}

/// The base of the family that a procedure belongs to, as an endoscopy or as the base itself.
fn family(procedures: &[Procedure<'_>], members: &[usize], at: usize) -> Option<ProcedureCode> {
    let base_of = |procedure: &Procedure<'_>| {
        procedure.value().endoscopy_base.filter(|_| procedure.value().multiple_procedure == 3)
    };
    let procedure = procedures.get(at)?;
    base_of(procedure).or_else(|| {
        let code = procedure.billed.line.procedure;
        let of_another = |other: &usize| procedures.get(*other).and_then(base_of) == Some(code);
        members.iter().any(of_another).then_some(code)
    })
}

/// What takes ranks, families already worked out within.
fn items(
    procedures: &mut [Procedure<'_>],
    members: &[usize],
    past: &[&HistoryLine],
    schedule: &FeeSchedule,
) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut taken: Vec<usize> = Vec::new();
    for at in members {
        if taken.contains(at) {
            continue;
        }
        let base = family(procedures, members, *at);
        let of_family: Vec<usize> = match base {
            Some(_) => members.iter().copied().filter(|m| family(procedures, members, *m) == base).collect(),
            None => vec![*at],
        };
        let begun = base.is_some_and(|base| {
            past.iter().filter_map(|line| schedule.relative_value_of(line)).any(|v| v.endoscopy_base == Some(base))
        });
        if base.is_some_and(|base| endoscopies(procedures, &of_family, base, begun)) {
            let value = sum(procedures, &of_family);
            taken.extend(&of_family);
            items.push(Item { members: of_family, count: Decimal::ONE, value });
            continue;
        }
        let sides: Vec<usize> = members
            .iter()
            .copied()
            .filter(|m| m == at || procedures.get(*m).is_some_and(|p| p.other_side_of == Some(*at)))
            .collect();
        let count = procedures.get(*at).map_or(Decimal::ONE, |procedure| procedure.count);
        let all = sum(procedures, &sides);
        let value = all.checked_div(count).unwrap_or(all);
        taken.extend(&sides);
        items.push(Item { members: sides, count, value });
    }
    items
}

fn sum(procedures: &[Procedure<'_>], members: &[usize]) -> Decimal {
    let due = |at: &usize| procedures.get(*at).map(|procedure| procedure.due);
    members.iter().filter_map(due).fold(Decimal::ZERO, plus)
}

/// Pays a family: the dearest in full, the others what they are worth above the base. False where it is no family, for it
/// is one endoscopy alone, or where the base has no fee.
fn endoscopies(procedures: &mut [Procedure<'_>], members: &[usize], base: ProcedureCode, begun: bool) -> bool {
    let mut dearest: Option<(usize, Decimal)> = None;
    let mut doings = Decimal::ZERO;
    for at in members {
        let Some(procedure) = procedures.get(*at) else { continue };
        let one = procedure.dollars(procedure.unit.amount.dollars(), Decimal::ONE);
        if procedure.other_side_of.is_none() {
            doings = plus(doings, procedure.count);
        }
        let is_base = procedure.billed.line.procedure == base;
        if !is_base && procedure.other_side_of.is_none() && dearest.is_none_or(|(_, most)| one > most) {
            dearest = Some((*at, one));
        }
    }
    if doings <= Decimal::ONE && !begun {
        return false;
    }
    let base_fee = members.iter().find_map(|at| procedures.get(*at)?.unit.other(base, None));
    let Some(base_fee) = base_fee else {
        let note = format!("The base {base} of the endoscopies has no fee: they are ranked one by one.");
        members.iter().for_each(|at| procedures.get_mut(*at).into_iter().for_each(|p| p.say(&note)));
        return false;
    };
    let dearest = dearest.filter(|_| !begun).map(|(at, _)| at);
    for at in members {
        let Some(procedure) = procedures.get_mut(*at) else { continue };
        let is_dearest = dearest.is_some() && (Some(*at) == dearest || procedure.other_side_of == dearest);
        let full = if is_dearest { procedure.count.min(Decimal::ONE) } else { Decimal::ZERO };
        let fee = procedure.unit.amount;
        let is_base = procedure.billed.line.procedure == base;
        let above = if is_base { Money::ZERO } else { (fee - base_fee).or_zero() };
        let further = procedure.dollars(above.dollars(), procedure.count - full);
        let whole = procedure.dollars(fee.dollars(), full);
        procedure.due = plus(whole, further);
        procedure.is_first = is_dearest && procedure.other_side_of.is_none();
        match (is_base, is_dearest) {
            (true, _) => procedure.say("The base of endoscopies that are paid: nothing more."),
            (false, true) => procedure.say(&format!("The dearest endoscopy of the family of {base}: in full.")),
            (false, false) => {
                procedure
                    .say(&format!("A further endoscopy of the family: {fee} less {base_fee} for the base {base}."));
            }
        }
    }
    true
}
