//! By ambulatory payment classification: Medicare's outpatient prospective payment system, or a contract built on it.
//!
//! 42 CFR part 419; Medicare Claims Processing Manual, chapter 4. A comprehensive procedure (J1) takes in all of the claim;
//! of further procedures (T) half is paid; what is packaged is paid within something else. Not modelled: composites (Q3 is
//! paid by its own rate), comprehensive observation (J2 likewise), complexity adjustments, outliers, rural add-ons, offsets
//! of devices and pass-through drugs.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::LinePrice;
use crate::adjudication::Denial;
use crate::adjudication::payer_revision::Editions;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{ApcCode, Code, carc};
use crate::domain::dates::Date;
use crate::domain::money::Money;
use crate::domain::provider::Facility;
use crate::reference::apc::Apcs;
use crate::reference::opps::{DISCOUNT, OppsRate, OppsRates, in_area, inpatient_deductible};

/// Payment by ambulatory payment classification.
#[derive(Clone, Debug)]
pub struct Opps {
    /// Releases; the first that holds for the day of service counts.
    pub rates: Vec<Arc<OppsRates>>,
    /// Releases of Addendum A, for the titles of groups.
    pub groups: Editions<Apcs>,
    /// 1 for Medicare's own amounts, 1.25 for 125 percent.
    pub percentage: Decimal,
    /// Fee schedule of what another system prices (laboratory tests, therapy); empty: such lines have no price.
    pub other_schedule: String,
}

/// Broken off before anesthesia, or reduced.
const BROKEN_OFF: [&str; 2] = ["73", "52"];

/// How a code is paid, by its status indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// J1: takes in all of the claim.
    Comprehensive,
    /// T: half where another is paid in full.
    Procedure,
    /// S, V, J2, P, Q3.
    Separate,
    /// G, K, R, U: drugs, blood, sources; wages do not move them.
    Supply,
    /// H: devices, at cost.
    Device,
    /// Q1: packaged with S, T or V of the day. Q2: with T.
    PackagedWith(&'static [Kind]),
    /// Q4: a test, packaged with whatever else is payable on the claim.
    Test,
    /// N.
    Packaged,
    /// A, F, L.
    Elsewhere,
    /// C.
    InpatientOnly,
    /// Whatever else: not paid here.
    Never,
}

fn kind(status: Code<2>) -> Kind {
    match status.as_str() {
        "J1" => Kind::Comprehensive,
        "T" => Kind::Procedure,
        "S" | "V" | "J2" | "P" | "Q3" => Kind::Separate,
        "G" | "K" | "R" | "U" => Kind::Supply,
        "H" | "H1" => Kind::Device,
        "Q1" => Kind::PackagedWith(&[Kind::Separate, Kind::Procedure]),
        "Q2" => Kind::PackagedWith(&[Kind::Procedure]),
        "Q4" => Kind::Test,
        "N" => Kind::Packaged,
        "A" | "F" | "L" => Kind::Elsewhere,
        "C" => Kind::InpatientOnly,
        _ => Kind::Never,
    }
}

/// A line with its row.
struct Rated<'a> {
    line: &'a ServiceLine,
    row: Option<&'a OppsRate>,
    kind: Option<Kind>,
}

impl Rated<'_> {
    fn rate(&self) -> Money {
        self.row.and_then(|row| row.rate.amount).unwrap_or(Money::ZERO)
    }
}

impl Opps {
    /// Prices the lines of a claim together, in their order.
    pub(super) fn price(&self, id: &str, lines: &[&ServiceLine], hospital: Option<&Facility>) -> Vec<LinePrice> {
        let rated: Vec<Rated<'_>> = lines.iter().map(|line| self.rated(line)).collect();
        let comprehensive = rated.iter().enumerate().filter(|(_, line)| line.kind == Some(Kind::Comprehensive));
        // Of equals the first.
        let primary = comprehensive.rev().max_by_key(|(_, line)| line.rate()).map(|(at, _)| at);
        let one = |(at, line): (usize, &Rated<'_>)| match self.departure(id, at, line, &rated, primary) {
            Some(price) => price,
            None => self.paid(id, at, line, &rated, hospital),
        };
        rated.iter().enumerate().map(one).collect()
    }

    fn rated<'a>(&'a self, line: &'a ServiceLine) -> Rated<'a> {
        let release = self.release(line.from);
        let row = release.and_then(|release| release.lookup(line.procedure));
        Rated { line, row, kind: row.map(|row| kind(row.status)) }
    }

    fn release(&self, day: Date) -> Option<&OppsRates> {
        self.rates.iter().find(|release| release.effective().contains(day)).map(Arc::as_ref)
    }

    /// A group's number, and its title where Addendum A is used.
    fn group(&self, apc: ApcCode, day: Date) -> String {
        match self.groups.on(day).and_then(|groups| groups.lookup(&apc)) {
            Some(group) => format!("APC {apc} {} ", group.title),
            None => format!("APC {apc} "),
        }
    }

    /// What becomes of a line that is not paid by a rate of its own; `None` for one that is.
    fn departure(
        &self,
        id: &str,
        at: usize,
        line: &Rated<'_>,
        all: &[Rated<'_>],
        primary: Option<usize>,
    ) -> Option<LinePrice> {
        let (code, day) = (line.line.billed(), line.line.from);
        let packaged = |words: String| Some(LinePrice::Packaged(words));
        if line.line.procedure.is_none() {
            return packaged(format!("{id}: {code} without a procedure is paid within the rest of the claim."));
        }
        let Some((row, kind)) = line.row.zip(line.kind) else {
            return Some(match self.release(day) {
                Some(_) => LinePrice::Elsewhere,
                None => no_price(format!("{id} has no rates for services of {day}; load Addendum B of that quarter.")),
            });
        };
        let of_day = |kinds: &[Kind]| {
            let same =
                |other: &&Rated<'_>| other.line.from == day && other.kind.is_some_and(|kind| kinds.contains(&kind));
            all.iter().enumerate().any(|(place, other)| place != at && same(&other))
        };
        match kind {
            Kind::InpatientOnly => {
                let words = format!("{code} is paid for inpatients only (status C).");
                Some(LinePrice::Denied(Denial::contractual(carc("58"), words)))
            }
            Kind::Never => Some(LinePrice::Denied(never(&code, row.status))),
            Kind::Supply | Kind::Device => None,
            Kind::Elsewhere if row.status != Code::new("A") => Some(LinePrice::Elsewhere),
            _ if primary.is_some_and(|primary| primary != at) => {
                packaged(format!("{id}: {code} is paid within the comprehensive procedure of the claim (J1)."))
            }
            Kind::Packaged => packaged(format!("{id}: {code} is always paid within something else (status N).")),
            Kind::PackagedWith(kinds) if of_day(kinds) => {
                packaged(format!("{id}: {code} is paid within another service of the day (status {}).", row.status))
            }
            Kind::Test if all.iter().any(|other| other.kind.is_some_and(takes_in_tests)) => {
                packaged(format!("{id}: {code} is paid within the other services of the claim (status Q4)."))
            }
            Kind::Test | Kind::Elsewhere => Some(LinePrice::Elsewhere),
            Kind::Comprehensive | Kind::Procedure | Kind::Separate | Kind::PackagedWith(_) => None,
        }
    }

    /// A line that is paid by its own rate.
    fn paid(&self, id: &str, at: usize, line: &Rated<'_>, all: &[Rated<'_>], hospital: Option<&Facility>) -> LinePrice {
        let (Some(row), Some(kind)) = (line.row, line.kind) else { return LinePrice::Elsewhere };
        let percentage = self.percentage.normalize();
        if kind == Kind::Device {
            let Some(ratio) = hospital.and_then(|hospital| hospital.cost_to_charge) else {
                return no_price(format!(
                    "{} is paid at cost (status H), and the hospital has no cost-to-charge ratio.",
                    row.code
                ));
            };
            let fee = line.line.charge.times(ratio).times(percentage);
            let words = format!("{id}: {} at cost, {ratio} of the charge × {percentage}.", row.code);
            return LinePrice::Paid { fee, copayment: None, apc: row.apc, of_charge: true, words };
        }
        let Some(rate) = row.rate.amount else {
            return no_price(format!("{id} has no rate for {} (status {}).", row.code, row.status));
        };
        let wage_index = hospital.and_then(|hospital| hospital.wage_index).unwrap_or(Decimal::ONE);
        let moved = if kind == Kind::Supply { rate } else { in_area(rate, wage_index) };
        let copayment = copayment(row, rate, moved, line.line.from);
        let broken_off = BROKEN_OFF.iter().any(|modifier| line.line.has_modifier(modifier));
        let units = if kind == Kind::Comprehensive { Decimal::ONE } else { line.line.units.normalize() };
        let mut share = match kind {
            Kind::Procedure => discounted(at, line, all, units),
            _ => units,
        };
        if broken_off {
            share *= DISCOUNT;
        }
        let share = share.normalize();
        let apc = row.apc.map_or(String::new(), |apc| self.group(apc, line.line.from));
        let mut words = format!("{id}: {apc}({}) {moved} × {share}", row.status);
        if percentage != Decimal::ONE {
            words.push_str(&format!(" × {percentage}"));
        }
        words.push('.');
        let fee = moved.times(share).times(percentage);
        let copayment = copayment.map(|one| one.times(share).times(percentage));
        LinePrice::Paid { fee, copayment, apc: row.apc, of_charge: false, words }
    }
}

/// How many full rates a procedure with indicator T is paid: the dearest of the day one in full, all others half.
fn discounted(at: usize, line: &Rated<'_>, all: &[Rated<'_>], units: Decimal) -> Decimal {
    let of_day = all
        .iter()
        .enumerate()
        .filter(|(_, other)| other.kind == Some(Kind::Procedure) && other.line.from == line.line.from);
    // Of equals the first.
    let dearest = of_day.rev().max_by_key(|(_, other)| other.rate()).map(|(place, _)| place);
    if dearest == Some(at) {
        Decimal::ONE.min(units) + (units - Decimal::ONE).max(Decimal::ZERO) * DISCOUNT
    } else {
        units * DISCOUNT
    }
}

/// What the patient pays of one moved rate: the national part of it, but for one procedure no more than the deductible of a
/// hospital stay.
fn copayment(row: &OppsRate, rate: Money, moved: Money, day: Date) -> Option<Money> {
    let national = row.rate.copayment?;
    let part = match rate.is_zero() {
        true => Money::ZERO,
        false => Money::round(moved.dollars() * national.dollars() / rate.dollars()),
    };
    let limits = [row.limited_copayment, inpatient_deductible(day)];
    Some(limits.into_iter().flatten().fold(part, Money::min))
}

/// What takes in the laboratory tests of its claim.
fn takes_in_tests(kind: Kind) -> bool {
    matches!(kind, Kind::Comprehensive | Kind::Procedure | Kind::Separate | Kind::PackagedWith(_))
}

fn never(code: &str, status: Code<2>) -> Denial {
    match status.as_str() {
        "D" => Denial::contractual(carc("181"), format!("{code} is discontinued (status D).")).remark("N56"),
        "E1" | "E" => {
            Denial::patient(carc("96"), format!("Medicare does not cover {code} (status E1).")).remark("N425")
        }
        "Y" => {
            Denial::other(carc("109"), format!("{code} is equipment, billed to the equipment contractor (status Y)."))
                .remark("N418")
        }
        _ => {
            let words =
                format!("{code} is not paid on a hospital's outpatient bill (status {status}); another code may be.");
            Denial::contractual(carc("16"), words).remark("M20")
        }
    }
}

fn no_price(words: String) -> LinePrice {
    LinePrice::Denied(Denial::contractual(carc("147"), words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::domain::dates::Period;
    use crate::domain::dates::date;

    /// Rates of 2025: 44970, G0463 and 27447 as published; the others invented for the rules.
    const RATES: &str = "HCPCS Code\tD\tCI\tSI\tAPC\tWeight\tRate\tNational\tMinimum\tIRA\tAdjusted\n\
        44970\t\t\tJ1\t5361\t65.4304\t$5,834.36\t.\t$1,166.88\t\t\n\
        G0463\t\t\tJ2\t5012\t1.4452\t$128.87\t.\t$25.78\t\t\n\
        27447\t\t\tJ1\t5115\t144.2970\t$12,866.82\t.\t$2,573.37\t\t$1,632.00\n\
        10000\t\t\tT\t5051\t\t$200.00\t.\t$40.00\t\t\n\
        10001\t\t\tT\t5052\t\t$400.00\t.\t$80.00\t\t\n\
        10002\t\t\tQ1\t5733\t\t$60.00\t.\t$12.00\t\t\n\
        10003\t\t\tQ2\t5734\t\t$90.00\t.\t$18.00\t\t\n\
        10004\t\t\tQ4\t\t\t.\t.\t.\t\t\n\
        10005\t\t\tN\t\t\t.\t.\t.\t\t\n\
        10006\t\t\tC\t\t\t.\t.\t.\t\t\n\
        10007\t\t\tS\t5571\t\t$100.00\t.\t$20.00\t\t\n\
        J0000\t\t\tK\t9001\t\t$30.00\t.\t$6.00\t\t\n\
        10008\t\t\tE1\t\t\t.\t.\t.\t\t\n";

    fn opps() -> Opps {
        let rates = OppsRates::parse("January 2025", Period::since(date(2025, 1, 1)), RATES.as_bytes()).unwrap();
        Opps {
            rates: vec![Arc::new(rates)],
            groups: Editions::default(),
            percentage: Decimal::ONE,
            other_schedule: String::new(),
        }
    }

    /// What each code is paid, and of that the copayment; "packaged", "elsewhere" or the denial.
    fn priced(codes: &[&str], hospital: Option<&Facility>) -> Vec<String> {
        let line = |code: &&str| {
            let (code, modifier) = code.split_once('-').unwrap_or((code, ""));
            let mut line = example::modified(example::facility_line("0360", code, 2_000_000), modifier);
            (line.from, line.through) = (date(2025, 3, 3), date(2025, 3, 3));
            line
        };
        let lines: Vec<ServiceLine> = codes.iter().map(line).collect();
        let told = |price| match price {
            LinePrice::Paid { fee, copayment, .. } => format!("{fee} {}", copayment.unwrap_or(Money::ZERO)),
            LinePrice::Packaged(_) => "packaged".into(),
            LinePrice::Elsewhere => "elsewhere".into(),
            LinePrice::Denied(denial) => format!("{}-{}", denial.group, denial.carc),
        };
        opps().price("rates", &lines.iter().collect::<Vec<_>>(), hospital).into_iter().map(told).collect()
    }

    /// 65.4304 × 89.169 = 5,834.36; 1.4452 × 89.169 = 128.87; 144.2970 × 89.169 = 12,866.82, whose fifth is above the
    /// deductible that CMS printed, 1,632.00.
    #[test]
    fn published_rates_and_copayments_of_2025() {
        assert_eq!(priced(&["44970"], None), ["5834.36 1166.88"]);
        assert_eq!(priced(&["G0463"], None), ["128.87 25.78"]);
        assert_eq!(priced(&["27447"], None), ["12866.82 1632.00"]);
    }

    /// The demo payer's file: rates of 2026 as published, a fifth of each the copayment.
    #[test]
    fn published_rates_and_copayments_of_2026() {
        let file = include_bytes!("../../../../payers/demo/outpatient_rates.txt");
        let rates = OppsRates::parse("January 2026", Period::since(date(2026, 1, 1)), file).unwrap();
        let opps = Opps { rates: vec![Arc::new(rates)], ..opps() };
        for (code, apc, fee, share) in [
            ("47562", "5361", "6176.47", "1235.30"),
            ("44970", "5361", "6176.47", "1235.30"),
            ("70553", "5572", "356.43", "71.29"),
            ("G0463", "5012", "136.02", "27.21"),
        ] {
            let line = example::facility_line("0360", code, 2_000_000);
            match opps.price("rates", &[&line], None).swap_remove(0) {
                LinePrice::Paid { fee: paid, copayment, apc: group, .. } => {
                    let told = (paid.to_string(), copayment.map(|share| share.to_string()), group);
                    assert_eq!(told, (fee.into(), Some(share.into()), Some(Code::new(apc))), "{code}");
                }
                other => panic!("{code}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_comprehensive_procedure_takes_in_the_claim_but_not_drugs_of_their_own() {
        assert_eq!(
            priced(&["G0463", "44970", "27447", "10004", "10005", "J0000", ""], None),
            ["packaged", "packaged", "12866.82 1632.00", "packaged", "packaged", "30.00 6.00", "packaged"]
        );
    }

    #[test]
    fn the_dearest_procedure_of_the_day_is_paid_in_full_and_others_half() {
        assert_eq!(priced(&["10000", "10001"], None), ["100.00 20.00", "400.00 80.00"]);
        assert_eq!(priced(&["10001", "10001"], None), ["400.00 80.00", "200.00 40.00"]);
        assert_eq!(priced(&["10001-73"], None), ["200.00 40.00"]);
    }

    #[test]
    fn conditional_packaging_looks_at_the_day() {
        assert_eq!(priced(&["10002", "10007"], None), ["packaged", "100.00 20.00"]);
        assert_eq!(priced(&["10002"], None), ["60.00 12.00"]);
        assert_eq!(priced(&["10003", "10007"], None), ["90.00 18.00", "100.00 20.00"]);
        assert_eq!(priced(&["10003", "10000"], None), ["packaged", "200.00 40.00"]);
        assert_eq!(priced(&["10004", "10007"], None), ["packaged", "100.00 20.00"]);
        assert_eq!(priced(&["10004"], None), ["elsewhere"]);
    }

    #[test]
    fn what_is_not_paid_here_says_why() {
        assert_eq!(priced(&["10006", "10008", "99999", "10005"], None), ["CO-58", "PR-96", "elsewhere", "packaged"]);
    }

    /// At an index of 1.1: 100 × (0.6 × 1.1 + 0.4) = 106.00, a fifth of it 21.20; drugs are not moved.
    #[test]
    fn wages_move_services_and_not_drugs() {
        let hospital = Facility { wage_index: Some(Decimal::new(11, 1)), ..Facility::default() };
        assert_eq!(priced(&["10007", "J0000"], Some(&hospital)), ["106.00 21.20", "30.00 6.00"]);
    }
}
