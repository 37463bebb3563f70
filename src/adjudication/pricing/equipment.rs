//! Equipment, prostheses and supplies: a fee by state, bought new (NU), used (UE) or rented by the month (RR).
//!
//! 42 CFR 414.200 to 414.232; Medicare Claims Processing Manual (Pub. 100-04), chapter 20, section 30. The state is that
//! of the locality, for a claim's patient may live anywhere; a release's ceilings and floors are in its fees already.

use rust_decimal::Decimal;

use crate::adjudication::Denial;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Modifier, carc};
use crate::domain::determination::HistoryLine;
use crate::domain::money::Money;
use crate::reference::dmepos::{Category, Dmepos, EquipmentFee};
use crate::reference::rental_rules as rules;

use super::fee_schedule::{FeeSchedule, Method, Price};
use super::other_schedules::{Asked, OtherSchedules, on};
use super::quote::{Billed, Quote, Reduction};

/// Rented by the month.
const RENTED: Modifier = Modifier::new("RR");
/// Bought new.
const NEW: Modifier = Modifier::new("NU");
/// The fourth to thirteenth month of a rental.
const LATER_MONTHS: &str = "KJ";

/// The price; `None` where the schedule has no such item.
pub(super) fn price(tables: &OtherSchedules, asked: Asked<'_>) -> Option<Result<Price, Denial>> {
    let line = asked.line;
    let table = on(&tables.equipment, line.from)?;
    let is_there = table.rows().binary_search_by(|row| row.code.cmp(&line.procedure)).is_ok();
    if !is_there {
        return None;
    }
    let Some(row) = fee(table, tables, &asked) else {
        let words = "the schedule has it under other modifiers; bill new (NU), used (UE) or rented (RR), or it has no fee in the state.";
        return Some(Err(asked.none(carc("4"), words)));
    };
    let later = rules::later_months(line.procedure, line.from);
    let reduced = row.category == Category::CappedRental && line.has_modifier(LATER_MONTHS);
    let amount = if reduced { row.fee.times(later) } else { row.fee };
    let month =
        if reduced { format!(", {} × {} from the fourth month", row.fee, later.normalize()) } else { String::new() };
    let modifiers: String = row.modifiers.iter().flatten().map(|modifier| format!(" {modifier}")).collect();
    let area = if row.rural { ", rural" } else { "" };
    let source = format!("equipment{modifiers}, {}, {}{area}{month}", table.release(), row.state);
    Some(Ok(asked.by_unit(amount, &source)))
}

/// The fee under two of the line's modifiers, under one, or under none.
fn fee<'a>(table: &'a Dmepos, tables: &OtherSchedules, asked: &Asked<'_>) -> Option<&'a EquipmentFee> {
    let (line, state) = (asked.line, asked.state?);
    let rural = tables.areas.as_ref().is_some_and(|areas| areas.is_rural(&line.pickup_zip));
    let find = |modifiers| table.fee(line.procedure, modifiers, state, rural);
    let pairs = line.modifiers().flat_map(|first| line.modifiers().map(move |second| [Some(first), Some(second)]));
    let singles = line.modifiers().map(|first| [Some(first), None]);
    pairs.chain(singles).chain([[None, None]]).find_map(find)
}

/// Holds rentals to what buying costs (42 CFR 414.220(b)(2)) and to thirteen months (42 CFR 414.229(f)), as far as the
/// patient's earlier claims show.
pub(super) fn limit_rentals(
    schedule: &FeeSchedule,
    services: &[Billed<'_>],
    earlier: &[&HistoryLine],
    quotes: &mut [Option<Result<Quote, Denial>>],
) {
    let Method::Medicare(medicare) = &schedule.method else { return };
    for (billed, slot) in services.iter().zip(quotes) {
        let line = billed.line;
        let Some(Ok(quote)) = slot else { continue };
        let Some(table) = on(&medicare.other.equipment, line.from).filter(|_| line.modifiers().any(|m| m == RENTED))
        else {
            continue;
        };
        if schedule.has_contracted_amount(line) {
            continue;
        }
        let asked = medicare.asked(&schedule.id, line, billed.locality);
        let Some(row) = fee(table, &medicare.other, &asked) else { continue };
        let months = earlier.iter().filter(|past| is_month(past, line)).count();
        match row.category {
            Category::CappedRental if months >= rules::CAPPED_MONTHS => {
                let words = format!("{months} months of rental are paid, and the item is the patient's.");
                *slot = Some(Err(asked.none(carc("108"), &words)));
            }
            Category::Inexpensive => {
                let bought = table.fee(line.procedure, [Some(NEW), None], row.state, row.rural).map(|row| row.fee);
                let rented = asked.agreed(row.fee).times(Decimal::from(u64::try_from(months).unwrap_or(u64::MAX)));
                if let Some(bought) = bought {
                    hold(quote, (asked.agreed(bought) - rented).or_zero(), months);
                }
            }
            _ => {}
        }
    }
}

fn is_month(past: &HistoryLine, line: &ServiceLine) -> bool {
    let same = past.procedure == line.procedure && past.from < line.from;
    same && !past.denied && past.modifiers.contains(&RENTED)
}

fn hold(quote: &mut Quote, most: Money, months: usize) {
    let due = quote.fee - quote.reductions.iter().map(|reduction| reduction.amount).sum();
    if due > most {
        quote.reductions.push(Reduction { step: "pricing", carc: carc("108"), rarcs: vec![], amount: due - most });
        quote.allowed = quote.allowed.min(most);
        quote
            .words
            .push_str(&format!(" Rent may not pass the price of a new one: {most} is left after {months} months."));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::example;
    use crate::adjudication::pricing::other_schedules::examples::{allowed, line, rates};
    use crate::adjudication::pricing::{Area, Areas};
    use crate::domain::dates::{Date, Period, date};
    use crate::reference::dmepos;

    const PHILADELPHIA: &str = "12502-01";
    const DAY: Date = date(2026, 7, 1);

    /// E0601 RR and A7032 NU in Pennsylvania as in CMS's file of January 2026; the cane (E0100) is made up.
    fn schedule() -> FeeSchedule {
        let file = "HCPCS,Mod,Mod2,JURIS,CATG,Ceiling,Floor,PA (NR),PA (R)\nE0601,RR,,D,CR,0,0,50.04,91.18\nA7032,NU,,D,IN,0,0,23.29,38.07\nE0100,NU,,D,IN,0,0,20.00,0\nE0100,RR,,D,IN,0,0,3.00,0\n";
        let table = dmepos::parse("DME26", Period::since(date(2026, 1, 1)), file.as_bytes()).unwrap();
        rates(|medicare| {
            medicare.other.equipment = vec![Arc::new(table)];
            medicare.other.areas = Some(Arc::new(Areas(BTreeMap::from([("15501".to_owned(), Area::Rural)]))));
        })
    }

    /// 0.75 × 50.04 = 37.53 from the fourth month.
    #[test]
    fn an_item_is_bought_or_rented_by_the_month_at_its_states_fee() {
        let rural = ServiceLine { pickup_zip: "155011234".into(), ..line("E0601-RR-KH", "1", DAY) };
        let lines = [
            line("E0601-RR-KH", "1", DAY),
            line("E0601-KJ-RR", "1", DAY),
            line("A7032-NU", "2", DAY),
            line("A7032", "1", DAY),
            rural,
        ];
        let told = ["50.04", "37.53", "46.58", "CO-4", "91.18"];
        assert_eq!(allowed(&schedule(), &lines, PHILADELPHIA, &[]), told);
    }

    /// Six months at 3.00 are paid, so 2.00 of the 20.00 for a new cane are left; a seventh month leaves nothing more.
    #[test]
    fn rent_ends_with_the_price_of_a_new_one_or_after_thirteen_months() {
        let file = example::office_visit();
        let month = |code: &str| {
            let line = line(code, "1", date(2026, 1, 1));
            HistoryLine {
                procedure: line.procedure,
                modifiers: line.modifiers,
                from: line.from,
                ..example::earlier(&file)
            }
        };
        let canes = vec![month("E0100-RR"); 7];
        let rents = vec![month("E0601-RR"); 13];
        let told = |code: &str, months: &[HistoryLine]| {
            let earlier: Vec<&HistoryLine> = months.iter().collect();
            allowed(&schedule(), &[line(code, "1", DAY)], PHILADELPHIA, &earlier).swap_remove(0)
        };
        assert_eq!(told("E0100-RR", &canes[..5]), "3.00");
        assert_eq!(told("E0100-RR", &canes[..6]), "CO-108 1.00, 2.00");
        assert_eq!(told("E0100-RR", &canes), "CO-108 3.00, 0.00");
        assert_eq!(told("E0601-RR-KJ", &rents[..12]), "37.53");
        assert_eq!(told("E0601-RR-KJ", &rents), "CO-108");
    }
}
