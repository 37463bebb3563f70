//! Drugs given by a physician: the payment limit of the quarter for each billing unit.
//!
//! Section 1847A of the Social Security Act; 42 CFR 414.904. What was thrown away of a single-use vial (JW) is paid as
//! what was given; that nothing was (JZ) is told only (Medicare Claims Processing Manual, chapter 17, section 40).

use rust_decimal::Decimal;

use crate::adjudication::Denial;
use crate::domain::money::Money;

use super::fee_schedule::Price;
use super::other_schedules::{Asked, OtherSchedules, on};

/// The price; `None` where the quarter's file has no such drug. The limit has three decimals, so the whole is rounded once.
pub(super) fn price(tables: &OtherSchedules, asked: Asked<'_>) -> Option<Result<Price, Denial>> {
    let line = asked.line;
    let table = on(&tables.drugs, line.from)?;
    let row = table.lookup(&line.procedure)?;
    let dollars = row.limit.checked_mul(line.units).and_then(|dollars| dollars.checked_mul(asked.percentage));
    let fee = Money::round(dollars.unwrap_or(Decimal::from(i64::MAX / 100)));
    let waste = match (line.has_modifier("JW"), line.has_modifier("JZ")) {
        (true, _) => ", thrown away of a single-use vial",
        (_, true) => ", nothing thrown away",
        _ => "",
    };
    let (limit, units) = (row.limit.normalize(), line.units.normalize());
    let words = format!(
        "{}: Medicare's limit {limit} for {} ({}){} × {units}{waste}.",
        asked.id,
        row.dosage,
        table.release(),
        asked.percentage_words()
    );
    Some(Ok(Price::of_table(fee, words)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::pricing::other_schedules::examples::{ALABAMA, allowed, line, rates};
    use crate::domain::dates::{Period, date};
    use crate::reference::asp;

    const FILE: &str =
        "HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit,Co-insurance Percentage\nJ3301,,10 MG,0.787,20\n";

    /// 4 × 0.787 = 3.148; at 120 percent 3.7776. What was thrown away is paid too.
    #[test]
    fn units_of_a_drug_are_paid_by_the_quarters_limit_and_rounded_once() {
        let quarter = Period::between(date(2026, 7, 1), date(2026, 9, 30));
        let table = Arc::new(asp::parse("ASP26Q3", quarter, FILE.as_bytes()).unwrap());
        let schedule = rates(|medicare| medicare.other.drugs = vec![Arc::clone(&table)]);
        let day = date(2026, 7, 1);
        let lines = [line("J3301-JZ", "4", day), line("J3301-JW", "1", day), line("J3301", "4", date(2026, 6, 30))];
        assert_eq!(allowed(&schedule, &lines, ALABAMA, &[]), ["3.15", "0.79", "CO-147"]);
        let more = rates(|medicare| {
            medicare.other.drugs = vec![table];
            medicare.percentage = Decimal::new(12, 1);
        });
        assert_eq!(allowed(&more, &lines[..1], ALABAMA, &[]), ["3.78"]);
    }
}
