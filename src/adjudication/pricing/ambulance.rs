//! Ambulances: a base rate for the transport and a rate for each mile, by the place where the patient is picked up.
//!
//! 42 CFR 414.601 to 414.610; Medicare Claims Processing Manual (Pub. 100-04), chapter 15.

use rust_decimal::Decimal;

use crate::adjudication::Denial;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::ProcedureCode;
use crate::domain::money::Money;
use crate::reference::ambulance::AmbulanceFee;
use crate::reference::ambulance_rules as rules;
use crate::reference::gpci::Locality;

use super::areas::Area;
use super::fee_schedule::Price;
use super::other_schedules::{Asked, OtherSchedules, on};

/// Miles on the ground.
const GROUND_MILES: ProcedureCode = ProcedureCode::new("A0425");
/// Basic life support, no emergency.
const NO_EMERGENCY: ProcedureCode = ProcedureCode::new("A0428");

/// The price; `None` where the schedule has no such transport.
pub(super) fn price(tables: &OtherSchedules, asked: Asked<'_>) -> Option<Result<Price, Denial>> {
    let line = asked.line;
    let table = on(&tables.ambulance, line.from)?;
    let is_there = table.rows().binary_search_by(|row| row.code.cmp(&line.procedure)).is_ok();
    if !is_there {
        return None;
    }
    let Some(row) = asked.locality.and_then(|locality| table.lookup(&(line.procedure, locality))) else {
        return Some(Err(asked.no_rate("no ambulance rate for the locality; correct the provider's or the payer's.")));
    };
    let area = tables.areas.as_ref().map_or(Area::Urban, |areas| areas.area(&line.pickup_zip));
    let trip = trip(line).map_or_else(String::new, |(from, to)| format!(", from {from} to {to}"));
    let Locality { mac, number } = row.locality;
    let source = format!("ambulance, {}, {mac}-{number}, {}{trip}", table.release(), area.words());
    let mut price = match row.first_rural_miles {
        Some(first) if line.procedure == GROUND_MILES && area != Area::Urban => {
            rural_miles(&asked, row, first, &source)
        }
        _ => asked.by_unit(amount(row, area), &source),
    };
    if is_dialysis_trip(line)
        && let Some(cut) = rules::dialysis_cut(line.from)
    {
        let left = Decimal::ONE - cut;
        price = Price {
            fee: price.fee.times(left),
            words: format!("{} × {} to or from dialysis.", price.words, left.normalize()),
            ..price
        };
    }
    Some(Ok(price))
}

fn amount(row: &AmbulanceFee, area: Area) -> Money {
    match area {
        Area::Urban => row.urban,
        Area::Rural => row.rural,
        Area::SuperRural => row.lowest_quartile.unwrap_or(row.rural),
    }
}

/// The first seventeen miles from a rural place are paid more (42 CFR 414.610(c)(5)).
fn rural_miles(asked: &Asked<'_>, row: &AmbulanceFee, first: Money, source: &str) -> Price {
    let miles = asked.line.units;
    let near = miles.min(rules::FIRST_RURAL_MILES);
    let far = miles - near;
    let fee = asked.agreed(first).times(near) + asked.agreed(row.rural).times(far);
    let words = format!(
        "{}: Medicare {first} × {} + {} × {} ({source}){}.",
        asked.id,
        near.normalize(),
        row.rural,
        far.normalize(),
        asked.percentage_words()
    );
    Price::of_table(fee, words)
}

/// Where a transport began and ended, by the modifier of two letters.
fn trip(line: &ServiceLine) -> Option<(&'static str, &'static str)> {
    line.modifiers().find_map(|modifier| {
        let mut letters = modifier.as_str().chars();
        Some((rules::place_words(letters.next()?)?, rules::place_words(letters.next()?)?))
    })
}

/// To or from a dialysis facility, in no emergency (SSA 1834(l)(15)). The miles of such a trip are cut with it.
fn is_dialysis_trip(line: &ServiceLine) -> bool {
    let dialysis = || {
        line.modifiers().any(|modifier| {
            let mut letters = modifier.as_str().chars();
            trip_letters(&mut letters).is_some_and(|pair| pair.iter().any(|letter| rules::DIALYSIS.contains(letter)))
        })
    };
    [NO_EMERGENCY, GROUND_MILES].contains(&line.procedure) && dialysis()
}

fn trip_letters(letters: &mut std::str::Chars<'_>) -> Option<[char; 2]> {
    let pair = [letters.next()?, letters.next()?];
    pair.iter().all(|letter| rules::place_words(*letter).is_some()).then_some(pair)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::pricing::Areas;
    use crate::adjudication::pricing::other_schedules::examples::{ALABAMA, allowed, line, rates};
    use crate::domain::dates::{Period, date};
    use crate::reference::ambulance;

    /// CMS's headings; the amounts are made up.
    const FILE: &str = "CONTRACTOR/CARRIER,LOCALITY,HCPCS,RVU,GPCI,BASE RATE,URBAN BASE RATE / URBAN MILEAGE,RURAL BASE RATE / RURAL MILEAGE,RURAL BASE RATE / LOWEST QUARTILE,RURAL GROUND MILES 1-17\n10112,00,A0425,n/a,n/a,n/a,9.15,9.24,n/a,13.86\n10112,00,A0427,1.90,0.875,278.98,495.47,500.33,613.40,n/a\n10112,00,A0428,1.00,0.875,278.98,260.76,263.33,322.84,n/a\n";

    /// 10.5 × 9.15 = 96.075. From a rural place 17 × 13.86 + 3 × 9.24 = 263.34. To dialysis 0.77 × 260.76 = 200.7852.
    #[test]
    fn a_transport_and_its_miles_are_paid_by_the_place_of_pickup() {
        let table = ambulance::parse("AMB26", Period::since(date(2026, 1, 1)), FILE.as_bytes()).unwrap();
        let areas = [("36003", Area::Rural), ("36006", Area::SuperRural)].map(|(zip, area)| (zip.to_owned(), area));
        let schedule = rates(|medicare| {
            medicare.other.ambulance = vec![Arc::new(table)];
            medicare.other.areas = Some(Arc::new(Areas(BTreeMap::from(areas))));
        });
        for (code, units, zip, dollars) in [
            ("A0427-RH", "1", "36104", "495.47"),
            ("A0427-SH", "1", "36003", "500.33"),
            ("A0427-SH", "1", "36006", "613.40"),
            ("A0425-RH", "10.5", "", "96.08"),
            ("A0425-RH", "20", "36003", "263.34"),
            ("A0428-RH", "1", "", "260.76"),
            ("A0428-RJ", "1", "", "200.79"),
            ("A0427-RJ", "1", "", "495.47"),
        ] {
            let line = ServiceLine { pickup_zip: zip.into(), ..line(code, units, date(2026, 7, 1)) };
            assert_eq!(allowed(&schedule, &[line], ALABAMA, &[]), [dollars], "{code} {units} {zip}");
        }
        assert_eq!(allowed(&schedule, &[line("A0427", "1", date(2026, 7, 1))], "01112-05", &[]), ["CO-147"]);
    }
}
