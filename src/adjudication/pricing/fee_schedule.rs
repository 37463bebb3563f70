//! Fee schedules: how a contract prices services.

use rust_decimal::Decimal;

use crate::adjudication::Denial;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Carc, Modifier, ProcedureCode, carc};
use crate::domain::dates::Date;
use crate::domain::determination::HistoryLine;
use crate::domain::money::Money;
use crate::reference::place_of_service::{self, Setting};
use crate::reference::pprrvu::RelativeValue;

use super::contracted::ContractedAmounts;
use super::facility::FacilityMethod;
use super::medicare::{Medicare, PROFESSIONAL, TECHNICAL, Tables};
use super::payment_rules::PaymentRules;

/// The payer has no rate on file: a part of the charge may stand in.
const NO_RATE: Carc = carc("147");

/// How a contract prices services.
#[derive(Clone, Debug)]
pub struct FeeSchedule {
    /// Its id.
    pub id: String,
    /// Amounts for single procedures; they go before the method, or behind it (`amounts_last`).
    pub amounts: ContractedAmounts,
    /// How everything else is priced.
    pub method: Method,
    /// Pay the fee even where the charge is lower.
    pub ignore_lower_charge: bool,
    /// Medicare's payment rules (several procedures, both sides, parts of surgery) hold for contracted amounts too.
    pub rules_for_amounts: bool,
    /// Amounts for single procedures count only where the method has none.
    pub amounts_last: bool,
}

/// A method of pricing.
#[derive(Clone, Debug)]
pub enum Method {
    /// Medicare's physician fee schedule, or a percentage of it.
    Medicare(Medicare),
    /// This fraction of the charge.
    PercentOfCharge(Decimal),
    /// For facilities' bills only.
    Facility(FacilityMethod),
}

impl Method {
    /// Whether it pays a facility's claim as a whole.
    pub fn is_by_claim(&self) -> bool {
        match self {
            Method::Facility(method) => method.is_by_claim(),
            Method::Medicare(_) | Method::PercentOfCharge(_) => false,
        }
    }
}

/// What a service is worth before any rule that looks at modifiers or other services.
#[derive(Clone, Debug)]
pub(super) enum Worth<'a> {
    /// A fee for the line as it is billed.
    Whole(Price),
    /// A fee for one unit, which payment rules may change.
    Unit(Unit<'a>),
}

/// A fee for a line, and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Price {
    /// The fee, all units.
    pub(super) fee: Money,
    /// How it was found.
    pub(super) words: String,
    /// Whether it is a part of the charge.
    pub(super) of_charge: bool,
    /// Whether it depends on who performed the service, as a physician's fee does.
    pub(super) of_physician: bool,
}

impl Price {
    /// A fee that a table or a contract names.
    pub(super) fn of_table(fee: Money, words: String) -> Price {
        Price { fee, words, of_charge: false, of_physician: false }
    }
}

/// One unit of a service under Medicare's payment rules.
#[derive(Clone, Debug)]
pub(super) struct Unit<'a> {
    /// Dollars for one.
    pub(super) amount: Money,
    /// The payment rules that it meets.
    pub(super) value: &'a RelativeValue,
    /// What the contract changes in them.
    pub(super) rules: &'a PaymentRules,
    /// How the amount was found.
    pub(super) words: String,
    schedule: &'a FeeSchedule,
    line: &'a ServiceLine,
    setting: Setting,
    medicare: &'a Medicare,
    tables: Option<Tables<'a>>,
}

/// What the technical part of a unit is worth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Technical {
    /// Dollars before the cap by hospital rates.
    pub(super) amount: Money,
    /// The cap.
    pub(super) cap: Option<Money>,
}

impl FeeSchedule {
    /// The fee for a line, or for one unit of it, in a Medicare locality such as "01112-05", or the denial of a line that
    /// has none.
    ///
    /// Each amount is rounded by itself, half a cent up: Medicare's for one unit, then the contract's percentage of it,
    /// then what units and rules make of it.
    pub(super) fn worth<'a>(&'a self, line: &'a ServiceLine, locality: &str) -> Result<Worth<'a>, Denial> {
        // A place that CMS has not given out is for an edit to deny.
        let setting = place_of_service::place(line.place).map_or(Setting::NonFacility, |place| place.setting);
        let Some(amount) = self.amounts.unit_amount(line, setting).filter(|_| !line.minutes) else {
            return self.by_method(line, setting, locality);
        };
        if !self.amounts_last {
            return Ok(self.contracted(line, setting, locality, amount));
        }
        match self.by_method(line, setting, locality) {
            Err(denial) if denial.carc == NO_RATE => Ok(self.contracted(line, setting, locality, amount)),
            Ok(Worth::Whole(price)) if price.of_charge => Ok(self.contracted(line, setting, locality, amount)),
            worth => worth,
        }
    }

    fn by_method<'a>(&'a self, line: &'a ServiceLine, setting: Setting, locality: &str) -> Result<Worth<'a>, Denial> {
        let id = &self.id;
        let medicare = match &self.method {
            Method::PercentOfCharge(rate) => return Ok(Worth::Whole(self.of_charge(line, *rate))),
            Method::Facility(_) => {
                let words = format!("{id} prices facilities' bills only.");
                return Err(Denial::contractual(carc("147"), words));
            }
            Method::Medicare(medicare) => medicare,
        };
        match (medicare.other.price(medicare.asked(id, line, locality)), medicare.otherwise_of_charge) {
            (None, _) => {}
            (Some(Err(denial)), Some(rate)) if denial.carc == NO_RATE => {
                return Ok(Worth::Whole(self.of_charge(line, rate)));
            }
            (Some(price), _) => return price.map(Worth::Whole),
        }
        match (medicare.unit_amount(line, setting, locality), medicare.otherwise_of_charge) {
            (Ok(unit), _) => Ok(Worth::Unit(Unit {
                amount: unit.amount.times(medicare.percentage),
                value: unit.value,
                rules: &medicare.rules,
                words: format!("{id}: {unit} × {}", medicare.percentage.normalize()),
                schedule: self,
                line,
                setting,
                medicare,
                tables: Some(unit.tables),
            })),
            (Err(reason), Some(rate)) if reason.lies_outside() => Ok(Worth::Whole(self.of_charge(line, rate))),
            (Err(reason), _) => Err(reason.denial(id, line)),
        }
    }

    fn contracted<'a>(&'a self, line: &'a ServiceLine, setting: Setting, locality: &str, amount: Money) -> Worth<'a> {
        let whose = if self.amounts_last { "the payer's own" } else { "contracted" };
        let words = format!("{}: {whose} {amount}", self.id);
        let medicare = match &self.method {
            Method::Medicare(medicare) if self.rules_for_amounts => Some(medicare),
            _ => None,
        };
        match medicare.and_then(|medicare| Some((medicare, medicare.rules_of(line)?))) {
            None => {
                let units = line.units.normalize();
                Worth::Whole(Price::of_table(amount.times(units), format!("{words} × {units}.")))
            }
            Some((medicare, value)) => Worth::Unit(Unit {
                amount,
                value,
                rules: &medicare.rules,
                words,
                schedule: self,
                line,
                setting,
                medicare,
                tables: medicare.tables(line.from, setting, locality).ok(),
            }),
        }
    }

    /// Medicare's row for the whole of a procedure; `None` where the method is another, or its release has no such row.
    pub fn relative_value(&self, code: ProcedureCode, day: Date) -> Option<&RelativeValue> {
        match &self.method {
            Method::Medicare(medicare) => medicare.release(day)?.lookup(code, None),
            Method::PercentOfCharge(_) | Method::Facility(_) => None,
        }
    }

    /// Whether payer and provider have agreed on an amount for the line, whatever the method says.
    pub fn has_contracted_amount(&self, line: &ServiceLine) -> bool {
        !self.amounts_last && self.amounts.unit_amount(line, Setting::NonFacility).is_some()
    }

    /// Medicare's row that a line of an earlier claim falls under.
    pub(super) fn relative_value_of(&self, past: &HistoryLine) -> Option<&RelativeValue> {
        let Method::Medicare(medicare) = &self.method else { return None };
        let release = medicare.release(past.from)?;
        let component = past.modifiers.into_iter().find(|m| [PROFESSIONAL, TECHNICAL].contains(m));
        component
            .and_then(|component| release.lookup(past.procedure, Some(component)))
            .or_else(|| release.lookup(past.procedure, None))
    }

    /// The amount for a unit that goes before the method's.
    fn first_amount(
        &self,
        line: &ServiceLine,
        setting: Setting,
        code: ProcedureCode,
        modifier: Modifier,
    ) -> Option<Money> {
        if self.amounts_last { None } else { self.amounts.amount(code, modifier, line.from, setting) }
    }

    fn of_charge(&self, line: &ServiceLine, rate: Decimal) -> Price {
        let words = format!("{}: {rate} of the charge.", self.id);
        Price { of_charge: true, ..Price::of_table(line.charge.times(rate), words) }
    }
}

impl<'a> Unit<'a> {
    /// One unit of another code, or of a component of it, at the same place and under the same contract.
    pub(super) fn other(&self, code: ProcedureCode, component: Option<Modifier>) -> Option<Money> {
        let modifier = component.unwrap_or(Modifier::NONE);
        if let Some(amount) = self.schedule.first_amount(self.line, self.setting, code, modifier) {
            return Some(amount);
        }
        let tables = self.tables?;
        Some(self.agreed(tables.amount(tables.row(code, component)?).ok()?))
    }

    /// The technical part of a unit.
    pub(super) fn technical(&self, code: ProcedureCode, component: Option<Modifier>) -> Option<Technical> {
        let modifier = component.unwrap_or(Modifier::NONE);
        if let Some(amount) = self.schedule.first_amount(self.line, self.setting, code, modifier) {
            return Some(Technical { amount, cap: None });
        }
        let tables = self.tables?;
        let value = tables.row(code, component)?;
        let amount = self.agreed(tables.before_cap(value, Decimal::ONE)?);
        Some(Technical { amount, cap: tables.cap(value).map(|cap| self.agreed(cap)) })
    }

    /// A unit of which only a part of the practice expense is paid, where Medicare's values price it.
    pub(super) fn with_practice_expense(&self, part: Decimal) -> Option<Money> {
        Some(self.agreed(self.tables?.before_cap(self.value, part)?))
    }

    fn agreed(&self, amount: Money) -> Money {
        amount.times(self.medicare.percentage)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::example;
    use crate::adjudication::pricing::{Billed, ContractedAmount, Performer, Quote, quote};
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
                rules: Box::default(),
                other: Box::default(),
            }),
            ignore_lower_charge: false,
            rules_for_amounts: false,
            amounts_last: false,
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

    fn price(schedule: &FeeSchedule, line: &ServiceLine, locality: &str) -> Result<Quote, Denial> {
        quote(schedule, &[Billed { line, locality, group: example::CLINIC, performer: Performer::default() }], &[])
            .swap_remove(0)
    }

    fn fee(schedule: &FeeSchedule, line: &ServiceLine, locality: &str) -> String {
        match price(schedule, line, locality) {
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
        let words = price(&schedule(Decimal::new(125, 2), None), &office, SAN_FRANCISCO).unwrap().words;
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

    /// RVU26C gives 45378-53 half the values of 45378; 29881 has no such row: half of 553.33 by policy is 276.665.
    #[test]
    fn a_discontinued_procedure_has_a_row_of_its_own_or_is_paid_by_policy() {
        let medicare = schedule(Decimal::ONE, None);
        let own = price(&medicare, &line("45378-53", "24"), SAN_FRANCISCO).unwrap();
        assert!(own.fee < price(&medicare, &line("45378", "24"), SAN_FRANCISCO).unwrap().fee);
        assert!(!own.words.contains("broken off"), "{}", own.words);
        assert_eq!(fee(&medicare, &line("29881-53", "24"), LOS_ANGELES), "276.67");
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
        let denial = price(&schedule(Decimal::ONE, None), &line("99499", "11"), SAN_FRANCISCO).unwrap_err();
        assert!(denial.words.starts_with("rates has no fee for 99499: no relative values; import"), "{}", denial.words);
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
