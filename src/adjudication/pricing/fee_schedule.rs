//! Fee schedules: how a contract prices services.

use rust_decimal::Decimal;

use crate::adjudication::Denial;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::ProcedureCode;
use crate::domain::dates::Date;
use crate::domain::money::Money;
use crate::reference::place_of_service::{self, Setting};
use crate::reference::pprrvu::RelativeValue;

use super::contracted::ContractedAmounts;
use super::medicare::Medicare;

/// How a contract prices services.
#[derive(Clone, Debug)]
pub struct FeeSchedule {
    /// Its id.
    pub id: String,
    /// Amounts for single procedures; they go before the method.
    pub amounts: ContractedAmounts,
    /// How everything else is priced.
    pub method: Method,
    /// Pay the fee even where the charge is lower.
    pub ignore_lower_charge: bool,
}

/// A method of pricing.
#[derive(Clone, Debug)]
pub enum Method {
    /// Medicare's physician fee schedule, or a percentage of it.
    Medicare(Medicare),
    /// This fraction of the charge.
    PercentOfCharge(Decimal),
}

/// What a line is worth, and how that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// The fee for the line, all units.
    pub fee: Money,
    /// How it was found.
    pub words: String,
}

impl FeeSchedule {
    /// The fee for a line in a Medicare locality such as "01112-05", or the denial of a line that has none.
    ///
    /// Each amount is rounded by itself, half a cent up: Medicare's for one unit, then the contract's percentage of it,
    /// then so many units.
    pub fn price(&self, line: &ServiceLine, locality: &str) -> Result<Price, Denial> {
        let id = &self.id;
        // A place that CMS has not given out is for an edit to deny.
        let setting = place_of_service::place(line.place).map_or(Setting::NonFacility, |place| place.setting);
        let units = line.units.normalize();
        if let Some(amount) = self.amounts.unit_amount(line, setting).filter(|_| !line.minutes) {
            return Ok(Price { fee: amount.times(units), words: format!("{id}: contracted {amount} × {units}.") });
        }
        let medicare = match &self.method {
            Method::PercentOfCharge(rate) => return Ok(self.of_charge(line, *rate)),
            Method::Medicare(medicare) => medicare,
        };
        match (medicare.unit_amount(line, setting, locality), medicare.otherwise_of_charge) {
            (Ok(unit), _) => {
                let percentage = medicare.percentage.normalize();
                let fee = unit.amount.times(percentage).times(units);
                Ok(Price { fee, words: format!("{id}: {unit} × {percentage} × {units}.") })
            }
            (Err(reason), Some(rate)) if reason.lies_outside() => Ok(self.of_charge(line, rate)),
            (Err(reason), _) => Err(reason.denial(id, line)),
        }
    }

    /// Medicare's row for the whole of a procedure; `None` where the method is another, or its release has no such row.
    pub fn relative_value(&self, code: ProcedureCode, day: Date) -> Option<&RelativeValue> {
        match &self.method {
            Method::Medicare(medicare) => medicare.release(day)?.lookup(code, None),
            Method::PercentOfCharge(_) => None,
        }
    }

    /// Whether payer and provider have agreed on an amount for the line, whatever the method says.
    pub fn has_contracted_amount(&self, line: &ServiceLine) -> bool {
        self.amounts.unit_amount(line, Setting::NonFacility).is_some()
    }

    fn of_charge(&self, line: &ServiceLine, rate: Decimal) -> Price {
        Price { fee: line.charge.times(rate), words: format!("{}: {rate} of the charge.", self.id) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::example;
    use crate::adjudication::pricing::ContractedAmount;
    use crate::domain::codes::{Modifier, PlaceOfService, ProcedureCode};
    use crate::domain::dates::{Period, date};
    use crate::reference::gpci::Gpcis;
    use crate::reference::pprrvu::RelativeValues;

    const SAN_FRANCISCO: &str = "01112-05";
    const LOS_ANGELES: &str = "01182-18";

    fn schedule(percentage: Decimal, otherwise_of_charge: Option<Decimal>) -> FeeSchedule {
        FeeSchedule {
            id: "rates".into(),
            amounts: ContractedAmounts::default(),
            method: Method::Medicare(Medicare {
                percentage,
                relative_values: RelativeValues::embedded().iter().cloned().map(Arc::new).collect(),
                gpcis: Gpcis::embedded().iter().cloned().map(Arc::new).collect(),
                otherwise_of_charge,
            }),
            ignore_lower_charge: false,
        }
    }

    /// A line of 1,000.00, such as "71046-26".
    fn line(code: &str, place: &str) -> ServiceLine {
        let (code, modifier) = code.split_once('-').unwrap_or((code, ""));
        let mut line = example::line(code, 100_000);
        line.modifiers[0] = Modifier::new(modifier);
        line.place = PlaceOfService::new(place);
        line
    }

    fn fee(schedule: &FeeSchedule, line: &ServiceLine, locality: &str) -> String {
        match schedule.price(line, locality) {
            Ok(price) => price.fee.to_string(),
            Err(denial) => format!("{}-{}", denial.group, denial.carc),
        }
    }

    /// CMS's payment amount file of 2026 for San Francisco; 71046-26 and 29881 for Los Angeles by two independent engines.
    #[test]
    fn medicares_own_rates_are_the_published_amounts() {
        let medicare = schedule(Decimal::ONE, None);
        assert_eq!(fee(&medicare, &line("99213", "11"), SAN_FRANCISCO), "117.58");
        assert_eq!(fee(&medicare, &line("99213", "22"), SAN_FRANCISCO), "64.37");
        assert_eq!(fee(&medicare, &line("71046-26", "11"), LOS_ANGELES), "10.68");
        assert_eq!(fee(&medicare, &line("29881", "24"), LOS_ANGELES), "553.33");
    }

    /// 1.25 × 117.58 = 146.975, which is 146.98 a unit and 440.94 for three; rounded once at the end it were 440.93.
    #[test]
    fn a_percentage_is_of_the_rounded_amount_and_units_are_of_the_rounded_rate() {
        let mut office = line("99213", "11");
        office.units = Decimal::from(3);
        let words = schedule(Decimal::new(125, 2), None).price(&office, SAN_FRANCISCO).unwrap().words;
        assert_eq!(fee(&schedule(Decimal::new(125, 2), None), &office, SAN_FRANCISCO), "440.94");
        assert_eq!(words, "rates: Medicare 117.58 (RVU26C, 109 example codes, 01112-05, non-facility) × 1.25 × 3.");
    }

    /// 29881 has indicator 1: both knees are 553.33 × 1.5 = 829.995, so 830.00. 99213 has 0: 50 changes nothing.
    #[test]
    fn both_sides_are_paid_150_percent_where_the_indicator_says_so() {
        let medicare = schedule(Decimal::ONE, None);
        assert_eq!(fee(&medicare, &line("29881-50", "24"), LOS_ANGELES), "830.00");
        assert_eq!(fee(&medicare, &line("99213-50", "11"), SAN_FRANCISCO), "117.58");
    }

    #[test]
    fn a_discontinued_procedure_has_a_row_of_its_own_or_is_priced_whole() {
        let medicare = schedule(Decimal::ONE, None);
        let [whole, cut_short] = ["45378", "45378-53"].map(|code| medicare.price(&line(code, "24"), SAN_FRANCISCO));
        let cut_short = cut_short.unwrap();
        assert!(cut_short.fee < whole.unwrap().fee && !cut_short.words.contains("not priced"));
        let price = medicare.price(&line("29881-53", "24"), LOS_ANGELES).unwrap();
        assert_eq!(price.fee, Money::from_cents(55_333));
        assert!(price.words.contains("modifier 53 not priced"), "{}", price.words);
    }

    #[test]
    fn what_relative_values_do_not_price_is_paid_of_the_charge_or_not_at_all() {
        let half = schedule(Decimal::ONE, Some(Decimal::new(5, 1)));
        let none = schedule(Decimal::ONE, None);
        // A laboratory test (status X), a code that the table lacks, time of anesthesia.
        let mut anesthesia = line("00840", "22");
        anesthesia.minutes = true;
        for line in [line("80053", "11"), line("99499", "11"), anesthesia] {
            assert_eq!(fee(&half, &line, SAN_FRANCISCO), "500.00");
            assert_eq!(fee(&none, &line, SAN_FRANCISCO), "CO-147");
        }
        // Not in an office; no such component; no relative values that year; no such locality.
        for (line, locality, reason) in [
            (line("44970", "11"), SAN_FRANCISCO, "CO-5"),
            (line("99213-TC", "11"), SAN_FRANCISCO, "CO-4"),
            (ServiceLine { from: date(2023, 5, 1), ..line("99213", "11") }, SAN_FRANCISCO, "CO-147"),
            (line("99213", "11"), "01112-77", "CO-147"),
        ] {
            assert_eq!(fee(&half, &line, locality), reason);
        }
    }

    #[test]
    fn a_missing_fee_is_told_with_its_remedy() {
        let denial = schedule(Decimal::ONE, None).price(&line("99499", "11"), SAN_FRANCISCO).unwrap_err();
        assert!(denial.words.starts_with("rates has no fee for 99499: no relative values; load"), "{}", denial.words);
    }

    #[test]
    fn a_contracted_amount_goes_first_by_modifier_setting_and_day() {
        let mut contract = schedule(Decimal::ONE, None);
        let row = |modifier, period, non_facility| ContractedAmount {
            code: ProcedureCode::new("99213"),
            modifier: Modifier::new(modifier),
            period,
            facility: Money::from_cents(7_000),
            non_facility: Money::from_cents(non_facility),
        };
        let (june, july) = (date(2026, 6, 30), date(2026, 7, 1));
        contract.amounts = ContractedAmounts::new(vec![
            row("", Period::since(july), 9_500),
            row("", Period::between(date(2026, 1, 1), june), 9_000),
            row("95", Period::since(date(2026, 1, 1)), 8_000),
        ]);
        let on = |code, place, from| fee(&contract, &ServiceLine { from, ..line(code, place) }, SAN_FRANCISCO);
        assert_eq!([on("99213", "11", june), on("99213", "11", july)], ["90.00", "95.00"]);
        assert_eq!([on("99213", "22", june), on("99213-95", "11", july)], ["70.00", "80.00"]);
        // 25 has no row of its own: the whole's. A component is never paid as the whole.
        assert_eq!([on("99213-25", "11", june), on("99213-26", "11", june)], ["90.00", "CO-4"]);
        assert_eq!(
            on("99213", "11", date(2025, 12, 31)),
            fee(
                &schedule(Decimal::ONE, None),
                &ServiceLine { from: date(2025, 12, 31), ..line("99213", "11") },
                SAN_FRANCISCO
            )
        );
    }
}
