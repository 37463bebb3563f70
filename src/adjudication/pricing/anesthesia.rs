//! Anesthesia: base units and time, times the dollars of a unit in the locality.
//!
//! 42 CFR 414.46; Medicare Claims Processing Manual (Pub. 100-04), chapter 12, sections 50 and 140.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::adjudication::Denial;
use crate::domain::codes::{Modifier, carc};
use crate::domain::money::Money;
use crate::reference::anesthesia::BaseUnits;
use crate::reference::anesthesia_rules as rules;
use crate::reference::conversion_factors::anesthesia_conversion_factor;
use crate::reference::gpci::Locality;

use super::fee_schedule::{FeeSchedule, Method, Price};
use super::other_schedules::{Asked, OtherSchedules, on};
use super::quote::{Billed, Quote, Reduction};

/// What a contract changes in Medicare's way to pay anesthesia.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnesthesiaTerms {
    /// Dollars of a unit, in place of the locality's factor and the contract's percentage of it.
    pub dollars_per_unit: Option<Decimal>,
    /// Units are added for the patient's physical status (P3 to P5).
    pub physical_status: bool,
    /// Units are paid for qualifying circumstances (99100, 99116, 99135, 99140).
    pub qualifying_circumstances: bool,
}

/// The units of a line and what is paid of them.
struct Units {
    base: Decimal,
    time: Decimal,
    status: Decimal,
    /// The part that is paid, by who gave or directed it.
    part: Decimal,
    words: String,
}

/// The price; `None` where the line is no anesthesia that the tables know.
pub(super) fn price(tables: &OtherSchedules, asked: Asked<'_>) -> Option<Result<Price, Denial>> {
    let code = asked.line.procedure;
    if let Some(units) = rules::qualifying_circumstance(code).filter(|_| tables.anesthesia.qualifying_circumstances) {
        let units = Decimal::from(units) * asked.line.units;
        let words = format!("{} units for the circumstances", units.normalize());
        let all = Units { base: units, time: Decimal::ZERO, status: Decimal::ZERO, part: Decimal::ONE, words };
        return Some(dollars(tables, asked, &all, false));
    }
    let row = base_units(tables, &asked)?;
    Some(units(tables, &asked, row).and_then(|units| dollars(tables, asked, &units, false)))
}

fn base_units<'a>(tables: &'a OtherSchedules, asked: &Asked<'_>) -> Option<&'a BaseUnits> {
    on(&tables.anesthesia_units, asked.line.from)?.lookup(&asked.line.procedure)
}

/// Base, time and status units of a line.
fn units(tables: &OtherSchedules, asked: &Asked<'_>, row: &BaseUnits) -> Result<Units, Denial> {
    let line = asked.line;
    let base = Decimal::from(row.units);
    let has = |modifier: &&str| line.has_modifier(modifier);
    let direction = rules::DIRECTION.iter().find(|rule| has(&rule.modifier));
    let part = direction.map_or(Decimal::ONE, |rule| Decimal::new(i64::from(rule.percent), 2));
    if !line.minutes {
        if !rules::UNTIMED.contains(&row.code) {
            let words = "anesthesia is paid by its time; bill the minutes (unit of service MJ).";
            return Err(asked.none(carc("16"), words).remark("M53"));
        }
        let (base, units) = (base * line.units, line.units.normalize());
        let words = format!("{} base units × {units}", row.units);
        return Ok(Units { base, time: Decimal::ZERO, status: Decimal::ZERO, part, words });
    }
    let minutes = line.units.normalize();
    let time = time_units(line.units);
    let direct = direction.map_or_else(String::new, |rule| format!(", {}", rule.words));
    if line.has_modifier(rules::SUPERVISION) {
        // At most one unit of time, for being there when the patient goes to sleep: the minutes billed stand for that.
        let time = time.min(rules::SUPERVISION_TIME_UNITS);
        let base = rules::SUPERVISION_BASE_UNITS;
        let words = format!("{base} base units + {time} of time{direct}");
        return Ok(Units { base, time, status: Decimal::ZERO, part, words });
    }
    let status = rules::PHYSICAL_STATUS.iter().find(|(modifier, _)| has(modifier)).map_or(0, |(_, units)| *units);
    let status = if tables.anesthesia.physical_status { Decimal::from(status) } else { Decimal::ZERO };
    let for_status =
        if status.is_zero() { String::new() } else { format!(" + {status} for the patient's physical status") };
    let words = format!("{} base units + {} for {minutes} minutes{for_status}{direct}", row.units, time.normalize());
    Ok(Units { base, time, status, part, words })
}

/// Minutes divided by fifteen, to one decimal (Claims Processing Manual, chapter 12, section 50.G).
fn time_units(minutes: Decimal) -> Decimal {
    (minutes / rules::MINUTES_OF_A_UNIT).round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero)
}

/// Units times the dollars of one; `without_base` for a further procedure of the session.
fn dollars(tables: &OtherSchedules, asked: Asked<'_>, units: &Units, without_base: bool) -> Result<Price, Denial> {
    let base = if without_base { Decimal::ZERO } else { units.base };
    let count = base + units.time + units.status;
    let (factor, source, percentage) = match tables.anesthesia.dollars_per_unit {
        Some(dollars) => (dollars, "the contract".to_owned(), Decimal::ONE),
        None => {
            let (dollars, source) = factor(tables, &asked)?;
            (dollars, source, asked.percentage)
        }
    };
    let whole = Money::round(count.checked_mul(factor).unwrap_or(Decimal::MAX.trunc()));
    let fee = whole.times(percentage).times(units.part);
    let by_contract = if percentage == Decimal::ONE { String::new() } else { asked.percentage_words() };
    let part = if units.part == Decimal::ONE { String::new() } else { format!(" × {}", units.part.normalize()) };
    let words =
        format!("{}: anesthesia, ({}) × {} ({source}){by_contract}{part}.", asked.id, units.words, factor.normalize());
    Ok(Price { of_physician: true, ..Price::of_table(fee, words) })
}

/// The dollars of a unit and where they stand.
fn factor(tables: &OtherSchedules, asked: &Asked<'_>) -> Result<(Decimal, String), Denial> {
    let day = asked.line.from;
    if asked.locality == Some(Locality::NATION)
        && let Some(dollars) = anesthesia_conversion_factor(day)
    {
        return Ok((dollars, "national".to_owned()));
    }
    let Some(table) = on(&tables.anesthesia_factors, day) else {
        let words = format!("no anesthesia conversion factors for services of {day}; load that year's file (ANES).");
        return Err(asked.no_rate(&words));
    };
    let row = asked.locality.and_then(|locality| table.lookup(&locality));
    let Some(row) = row else {
        return Err(
            asked.no_rate("no anesthesia conversion factor for the locality; correct the provider's or the payer's.")
        );
    };
    let Locality { mac, number } = row.locality;
    Ok((row.dollars, format!("{}, {mac}-{number}", table.release())))
}

/// Modifiers that set a service apart from others of the day.
const APART: [&str; 8] = ["59", "XE", "XS", "XP", "XU", "76", "77", "78"];

/// Of several anesthesias of one session only the greatest base units are paid, with the time of all (42 CFR 414.46);
/// add-on codes keep theirs.
pub(super) fn keep_greatest_base(
    schedule: &FeeSchedule,
    services: &[Billed<'_>],
    quotes: &mut [Option<Result<Quote, Denial>>],
) {
    let Method::Medicare(medicare) = &schedule.method else { return };
    let tables = &medicare.other;
    let base = |billed: &Billed<'_>| {
        let asked = medicare.asked(&schedule.id, billed.line, billed.locality);
        let row = base_units(tables, &asked)?;
        let alone =
            rules::ADD_ON.contains(&row.code) || APART.iter().any(|modifier| billed.line.has_modifier(modifier));
        (billed.line.minutes && !alone).then_some(row.units)
    };
    let bases: Vec<Option<u16>> = services.iter().map(base).collect();
    for (at, (billed, units)) in services.iter().zip(&bases).enumerate() {
        let Some(own) = units else { continue };
        let session = |other: &Billed<'_>| {
            (other.line.from, other.line.rendering_npi, direction(other))
                == (billed.line.from, billed.line.rendering_npi, direction(billed))
        };
        let greater = services.iter().zip(&bases).enumerate().any(|(place, (other, units))| {
            let greater = |units: u16| units > *own || units == *own && place < at;
            place != at && session(other) && units.is_some_and(greater)
        });
        if greater && let Some(Some(Ok(quote))) = quotes.get_mut(at) {
            take_base(medicare.asked(&schedule.id, billed.line, billed.locality), tables, quote);
        }
    }
}

fn direction(billed: &Billed<'_>) -> Option<Modifier> {
    billed.line.modifiers().find(|modifier| rules::DIRECTION.iter().any(|rule| rule.modifier == modifier.as_str()))
}

fn take_base(asked: Asked<'_>, tables: &OtherSchedules, quote: &mut Quote) {
    let price = base_units(tables, &asked)
        .and_then(|row| units(tables, &asked, row).ok())
        .and_then(|units| dollars(tables, asked, &units, true).ok());
    let Some(price) = price.filter(|price| price.fee < quote.fee) else { return };
    let reduction = Reduction { step: "pricing", carc: carc("59"), rarcs: vec![], amount: quote.fee - price.fee };
    quote.reductions.push(reduction);
    quote.allowed = quote.allowed.min(price.fee);
    quote.words.push_str(" Another anesthesia of the session has greater base units: only the time is paid here.");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::pricing::other_schedules::examples::{ALABAMA, allowed, line, rates};
    use crate::domain::claim::ServiceLine;
    use crate::domain::dates::{Date, date};

    const SUMMER_2025: Date = date(2025, 7, 1);

    fn minutes(code: &str, minutes: &str) -> ServiceLine {
        ServiceLine { minutes: true, ..line(code, minutes, SUMMER_2025) }
    }

    /// A unit is 19.31 in Alabama in 2025 (CMS, ANES2025), and 00840 has 6 base units: 90 minutes are 12 units, 231.72.
    /// 100 minutes are 6.7 units of time: 12.7 × 19.31 = 245.237. Supervised: (3 + 1) × 19.31 = 77.24.
    #[test]
    fn base_units_and_time_are_paid_by_who_gives_or_directs_it() {
        for (code, time, dollars) in [
            ("00840", "90", "231.72"),
            ("00840-AA", "90", "231.72"),
            ("00840-QZ", "90", "231.72"),
            ("00840-QK", "90", "115.86"),
            ("00840-QX-P3", "90", "115.86"),
            ("00840-QS-QY", "90", "115.86"),
            ("00840-AA", "100", "245.24"),
            ("00840-AD", "90", "77.24"),
        ] {
            assert_eq!(allowed(&rates(|_| {}), &[minutes(code, time)], ALABAMA, &[]), [dollars], "{code} {time}");
        }
    }

    #[test]
    fn what_the_tables_lack_is_denied_and_so_is_anesthesia_without_its_time() {
        let mut of_2026 = minutes("00840", "90");
        of_2026.from = date(2026, 7, 1);
        let lines = [line("00840", "1", SUMMER_2025), of_2026, minutes("00840", "90")];
        assert_eq!(allowed(&rates(|_| {}), &lines, "10112-77", &[]), ["CO-16", "CO-147", "CO-147"]);
        // A part of the charge may stand in for a factor that is not loaded.
        let half = rates(|medicare| medicare.otherwise_of_charge = Some(Decimal::new(5, 1)));
        assert_eq!(allowed(&half, &lines, ALABAMA, &[]), ["CO-16", "500.00", "231.72"]);
    }

    /// The nation's unit is 20.3178 in 2025 and 20.49754 in 2026: 12 of them are 243.8136 and 245.97048.
    #[test]
    fn the_nations_amounts_need_no_locality() {
        let later = ServiceLine { from: date(2026, 7, 1), ..minutes("00840", "90") };
        for (line, dollars) in [(minutes("00840", "90"), "243.81"), (later, "245.97")] {
            assert_eq!(allowed(&rates(|_| {}), &[line], "00000-00", &[]), [dollars]);
        }
    }

    /// 1.2 × 231.72 = 278.064. By the unit: (6 + 6 + 1 for P3) × 62.50 = 812.50; 99100 is one unit.
    #[test]
    fn a_contract_pays_a_part_of_medicares_amount_or_dollars_for_a_unit() {
        let more = rates(|medicare| medicare.percentage = Decimal::new(12, 1));
        assert_eq!(allowed(&more, &[minutes("00840", "90")], ALABAMA, &[]), ["278.06"]);
        let by_unit = rates(|medicare| {
            medicare.other.anesthesia = AnesthesiaTerms {
                dollars_per_unit: Some(Decimal::new(6_250, 2)),
                physical_status: true,
                qualifying_circumstances: true,
            };
        });
        let lines = [minutes("00840-AA-P3", "90"), minutes("00840-QK", "90"), line("99100", "1", SUMMER_2025)];
        assert_eq!(allowed(&by_unit, &lines[..1], ALABAMA, &[]), ["812.50"]);
        assert_eq!(allowed(&by_unit, &lines[1..], ALABAMA, &[]), ["375.00", "62.50"]);
    }

    /// 00790 has 7 base units: (7 + 2) × 19.31 = 173.79. Of 00840 its 6 units of time remain: 115.86 of 231.72.
    #[test]
    fn of_several_anesthesias_of_a_session_the_greatest_base_units_are_paid_once() {
        let lines = [minutes("00840-AA", "90"), minutes("00790-AA", "30")];
        assert_eq!(allowed(&rates(|_| {}), &lines, ALABAMA, &[]), ["CO-59 115.86, 115.86", "173.79"]);
        let apart = [minutes("00840-AA", "90"), minutes("00790-AA-59", "30")];
        assert_eq!(allowed(&rates(|_| {}), &apart, ALABAMA, &[]), ["231.72", "173.79"]);
    }
}
