//! Ambulatory surgical centers: Medicare's rates for surgery, or a contract built on them.
//!
//! 42 CFR part 416, subpart F; Medicare Claims Processing Manual, chapter 14. Of procedures marked so, the dearest of the
//! day is paid in full and the others half. Offsets of devices are not modelled.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::LinePrice;
use crate::adjudication::Denial;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::carc;
use crate::domain::dates::Date;
use crate::domain::money::Money;
use crate::domain::provider::Facility;
use crate::reference::asc::{AscRate, AscRates, conversion_factor, in_area};
use crate::reference::opps::DISCOUNT;

/// Payment of ambulatory surgical centers.
#[derive(Clone, Debug)]
pub struct Asc {
    /// Releases of Addendum AA and BB; the first that holds for the day of service and has the code counts.
    pub rates: Vec<Arc<AscRates>>,
    /// 1 for Medicare's own amounts, 1.25 for 125 percent.
    pub percentage: Decimal,
    /// Fee schedule of what another system prices; empty: such lines have no price.
    pub other_schedule: String,
}

/// Packaged into the surgery.
const PACKAGED: [&str; 2] = ["N1", "L1"];
/// Paid by a rate.
const PAID: [&str; 14] = ["A2", "F4", "G2", "H2", "J7", "J8", "K2", "K5", "K7", "L6", "P2", "P3", "R2", "Z2"];
/// Paid by a rate that wages do not move: drugs, devices, tissue.
const NOT_MOVED: [&str; 6] = ["F4", "H2", "J7", "K2", "K7", "L6"];

impl Asc {
    /// Prices the lines of a claim together, in their order.
    pub(super) fn price(&self, id: &str, lines: &[&ServiceLine], center: Option<&Facility>) -> Vec<LinePrice> {
        let rated: Vec<(&ServiceLine, Option<&AscRate>)> = lines.iter().map(|line| (*line, self.row(line))).collect();
        let one = |(at, (line, row)): (usize, &(&ServiceLine, Option<&AscRate>))| {
            let code = line.billed();
            if line.procedure.is_none() {
                return LinePrice::Packaged(format!("{id}: {code} without a procedure is paid within the surgery."));
            }
            let Some(row) = row else { return LinePrice::Elsewhere };
            let indicator = row.indicator;
            if PACKAGED.contains(&indicator.as_str()) {
                return LinePrice::Packaged(format!("{id}: {code} is paid within the surgery ({indicator})."));
            }
            let rate = row.rate.or_else(|| by_weight(row, line.from));
            match rate.filter(|_| PAID.contains(&indicator.as_str())) {
                Some(rate) => self.paid(id, line, row, rate, is_dearest(at, &rated), center),
                None => {
                    let words = format!("{code} is not paid to surgical centers ({indicator}).");
                    LinePrice::Denied(Denial::contractual(carc("58"), words))
                }
            }
        };
        rated.iter().enumerate().map(one).collect()
    }

    fn row(&self, line: &ServiceLine) -> Option<&AscRate> {
        let of_day = self.rates.iter().filter(|release| release.effective().contains(line.from));
        of_day.into_iter().find_map(|release| release.lookup(line.procedure))
    }

    fn paid(
        &self,
        id: &str,
        line: &ServiceLine,
        row: &AscRate,
        rate: Money,
        dearest: bool,
        center: Option<&Facility>,
    ) -> LinePrice {
        let wage_index = center.and_then(|center| center.wage_index).unwrap_or(Decimal::ONE);
        let moved = if NOT_MOVED.contains(&row.indicator.as_str()) { rate } else { in_area(rate, wage_index) };
        let units = line.units.normalize();
        let further = (units - Decimal::ONE).max(Decimal::ZERO);
        let share = match (row.discounted, dearest) {
            (false, _) => units,
            (true, true) => Decimal::ONE.min(units) + further * DISCOUNT,
            (true, false) => units * DISCOUNT,
        };
        let (share, percentage) = (share.normalize(), self.percentage.normalize());
        let mut words = format!("{id}: {} ({}) {moved} × {share}", row.code, row.indicator);
        if percentage != Decimal::ONE {
            words.push_str(&format!(" × {percentage}"));
        }
        words.push('.');
        LinePrice::Paid {
            fee: moved.times(share).times(percentage),
            copayment: None,
            apc: None,
            of_charge: false,
            words,
        }
    }
}

fn by_weight(row: &AscRate, day: Date) -> Option<Money> {
    Some(Money::round(row.weight? * conversion_factor(day)?))
}

/// Whether it is the dearest of the discounted procedures of its day; of equals the first.
fn is_dearest(at: usize, all: &[(&ServiceLine, Option<&AscRate>)]) -> bool {
    let day = all.get(at).map(|(line, _)| line.from);
    let of_day = all.iter().enumerate().filter_map(|(place, (line, row))| {
        row.filter(|row| row.discounted && Some(line.from) == day)
            .map(|row| (place, row.rate.or_else(|| by_weight(row, line.from))))
    });
    // The last of equals would be taken, so look from the end.
    let all: Vec<(usize, Option<Money>)> = of_day.collect();
    all.into_iter().rev().max_by_key(|(_, rate)| *rate).is_some_and(|(place, _)| place == at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::domain::dates::{Period, date};

    /// 47562 has the weight published for 2026; the others are invented for the rules.
    const RATES: &str = "HCPCS Code\tD\tSubject to Multiple Procedure Discounting\tPI\tWeight\tRate\n\
        47562\t\tY\tG2\t53.8150\t.\n10001\t\tY\tA2\t10.0000\t.\nA4641\t\tN\tN1\t.\t.\nJ0000\t\tN\tK2\t.\t$30.00\n10009\t\tN\tC5\t.\t.\n";

    fn priced(codes: &[&str], center: Option<&Facility>) -> Vec<String> {
        let rates = AscRates::parse("January 2026", Period::since(date(2026, 1, 1)), RATES.as_bytes()).unwrap();
        let asc = Asc { rates: vec![Arc::new(rates)], percentage: Decimal::ONE, other_schedule: String::new() };
        let lines: Vec<ServiceLine> =
            codes.iter().map(|code| example::facility_line("0490", code, 2_000_000)).collect();
        let told = |price| match price {
            LinePrice::Paid { fee, .. } => fee.to_string(),
            LinePrice::Packaged(_) => "packaged".into(),
            LinePrice::Elsewhere => "elsewhere".into(),
            LinePrice::Denied(denial) => format!("{}-{}", denial.group, denial.carc),
        };
        asc.price("rates", &lines.iter().collect::<Vec<_>>(), center).into_iter().map(told).collect()
    }

    /// 53.8150 × 56.322 = 3,030.97; 10 × 56.322 = 563.22, half of it 281.61.
    #[test]
    fn the_dearest_is_paid_in_full_and_others_half() {
        assert_eq!(priced(&["47562"], None), ["3030.97"]);
        assert_eq!(
            priced(&["10001", "47562", "A4641", "J0000", "10009", "99999"], None),
            ["281.61", "3030.97", "packaged", "30.00", "CO-58", "elsewhere"]
        );
    }

    /// At an index of 1.1: 563.22 × (0.5 × 1.1 + 0.5) = 591.381.
    #[test]
    fn wages_move_half_of_a_rate() {
        let center = Facility { wage_index: Some(Decimal::new(11, 1)), ..Facility::default() };
        assert_eq!(priced(&["10001", "J0000"], Some(&center)), ["591.38", "30.00"]);
    }
}
