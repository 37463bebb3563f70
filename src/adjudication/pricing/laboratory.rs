//! Laboratory tests: the national rate of the clinical laboratory fee schedule.
//!
//! 42 CFR 414.507; Medicare pays the lower of it and the charge.

use crate::adjudication::Denial;
use crate::domain::codes::Modifier;

use super::fee_schedule::Price;
use super::medicare::PROFESSIONAL;
use super::other_schedules::{Asked, OtherSchedules, on};

/// A test that needs little skill, done under a certificate of waiver: a row of its own.
const WAIVED: Modifier = Modifier::new("QW");

/// The price; `None` where the schedule has no such test. Reading a test (26) is a physician's service.
pub(super) fn price(tables: &OtherSchedules, asked: Asked<'_>) -> Option<Result<Price, Denial>> {
    let line = asked.line;
    let table = on(&tables.laboratory, line.from)?;
    let waived = line.modifiers().find(|modifier| *modifier == WAIVED);
    if line.modifiers().any(|modifier| modifier == PROFESSIONAL) {
        return None;
    }
    let row = table.lookup(&(line.procedure, waived)).or_else(|| table.lookup(&(line.procedure, None)))?;
    let Some(rate) = row.rate else {
        return Some(Err(asked.no_rate("the contractor prices this test; give a contracted amount.")));
    };
    Some(Ok(asked.by_unit(rate, &format!("laboratory, {}", table.release()))))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::adjudication::pricing::other_schedules::examples::{ALABAMA, allowed, line, rates};
    use crate::domain::claim::ServiceLine;
    use crate::domain::dates::{Period, date};
    use crate::domain::money::Money;
    use crate::reference::clfs;

    const FILE: &str = "YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC,LONGDESC,EXTENDEDLONGDESC\n2026,80053,,20260101,N,10.56,,,\n2026,80053,QW,20260101,N,9.00,,,\n2026,0001U,,20260101,L,0.00,,,\n";

    /// Two of 10.56 are 21.12; at 120 percent 12.67 (12.672) each.
    #[test]
    fn a_test_is_paid_its_national_rate_or_the_charge_where_that_is_lower() {
        let year = Period::between(date(2026, 1, 1), date(2026, 12, 31));
        let table = Arc::new(clfs::parse("CLFS26", year, FILE.as_bytes()).unwrap());
        let schedule = rates(|medicare| medicare.other.laboratory = vec![Arc::clone(&table)]);
        let day = date(2026, 7, 1);
        let cheap = ServiceLine { charge: Money::from_cents(800), ..line("80053", "1", day) };
        let lines = [line("80053-90", "2", day), line("80053-QW", "1", day), cheap, line("0001U", "1", day)];
        assert_eq!(allowed(&schedule, &lines, ALABAMA, &[]), ["21.12", "9.00", "8.00", "CO-147"]);
        let more = rates(|medicare| {
            medicare.other.laboratory = vec![table];
            medicare.percentage = rust_decimal::Decimal::new(12, 1);
        });
        assert_eq!(allowed(&more, &lines[..1], ALABAMA, &[]), ["25.34"]);
        assert_eq!(allowed(&more, &[line("80053", "1", date(2025, 7, 1))], ALABAMA, &[]), ["CO-147"]);
    }
}
