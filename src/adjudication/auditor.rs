//! The auditor: whatever the plan, and whatever a family's claims in whatever order, these things hold.
//!
//! It reads ledgers and entries only, and works nothing out the way benefits do.

use std::sync::Arc;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{ClaimFile, adjudicate, example};
use crate::domain::adjustment::{Adjustment, Ledger};
use crate::domain::claim::{OtherDecision, OtherPayer, Responsibility};
use crate::domain::codes::{Group, carc};
use crate::domain::dates::{Date, date};
use crate::domain::determination::{Accumulator, AccumulatorEntry, Determination};
use crate::domain::money::Money;
use crate::domain::plan::{BenefitShare, CostShare, LimitUnit, Network};

/// Benefit years begin on 1 July: the last days lie in another year than the first.
const DAYS: [Date; 4] = [date(2026, 3, 2), date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 9)];
const PROCEDURES: [&str; 2] = ["99213", "80053"];

#[derive(Clone, Debug)]
struct Rules {
    inside: CostShare,
    outside: CostShare,
    shares: [BenefitShare; 4],
    dollars_per_year: Option<Money>,
    balance_billing: bool,
    ignore_lower_charge: bool,
    /// Of the charge.
    fee: Decimal,
    medicare: bool,
}

#[derive(Clone, Debug)]
struct Visit {
    member: usize,
    outside: bool,
    /// Procedure, day, cents.
    lines: Vec<(usize, usize, i64)>,
    /// What a payer before paid and reduced by contract, in hundredths of the charge.
    primary: Option<(i64, i64)>,
}

fn money(most: i64) -> impl Strategy<Value = Money> {
    (0..most).prop_map(Money::from_cents)
}

fn cost_share() -> impl Strategy<Value = CostShare> {
    let maximum = || proptest::option::of(money(60_000));
    let deductibles = (money(40_000), proptest::option::of(money(60_000)), any::<bool>());
    (deductibles, maximum(), maximum()).prop_map(|((own, family, aggregate), own_maximum, family_maximum)| CostShare {
        individual_deductible: own,
        family_deductible: family,
        aggregate_deductible: aggregate,
        individual_out_of_pocket: own_maximum,
        family_out_of_pocket: family_maximum,
        fee_schedule: "all".into(),
        separate_deductibles: vec![],
    })
}

fn benefit_share() -> impl Strategy<Value = BenefitShare> {
    let share = (money(6_000), 0..=100_i64, any::<bool>(), proptest::bool::weighted(0.1));
    share.prop_map(|(copay, percent, deductible_waived, no_cost_share)| BenefitShare {
        copay,
        coinsurance: Decimal::new(percent, 2),
        deductible_waived,
        no_cost_share,
        ..Default::default()
    })
}

fn rules() -> impl Strategy<Value = Rules> {
    let shares = std::array::from_fn(|_| benefit_share());
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (cost_share(), cost_share(), shares, proptest::option::of(money(80_000)), flags, 30..150_i64).prop_map(
        |(inside, outside, shares, dollars_per_year, (balance_billing, ignore_lower_charge, medicare), percent)| {
            Rules {
                inside,
                outside,
                shares,
                dollars_per_year,
                balance_billing,
                ignore_lower_charge,
                fee: Decimal::new(percent, 2),
                medicare,
            }
        },
    )
}

fn visit() -> impl Strategy<Value = Visit> {
    let line = (0..PROCEDURES.len(), 0..DAYS.len(), 0..50_000_i64);
    let primary = proptest::option::weighted(0.3, (0..=100_i64, 0..=100_i64));
    (0..3_usize, any::<bool>(), proptest::collection::vec(line, 1..5), primary)
        .prop_map(|(member, outside, lines, primary)| Visit { member, outside, lines, primary })
}

/// The example's payer under other rules, with a family of three.
fn family(rules: &Rules) -> ClaimFile {
    let mut file = example::office_visit();
    let revision = example::payer(&mut file);
    let schedule = &mut revision.fee_schedules[0];
    schedule.method = super::pricing::Method::PercentOfCharge(rules.fee);
    schedule.ignore_lower_charge = rules.ignore_lower_charge;
    let plan = &mut revision.plans[0];
    plan.year_begins = (7, 1);
    plan.timely_filing_days = None;
    (plan.balance_billing, plan.medicare) = (rules.balance_billing, rules.medicare);
    (plan.in_network, plan.out_of_network) = (rules.inside.clone(), Some(rules.outside.clone()));
    for (name, [inside, outside]) in [("office", [0, 1]), ("laboratory", [2, 3])] {
        let benefit = plan.benefits.iter_mut().find(|benefit| &*benefit.name == name).unwrap();
        (benefit.in_network, benefit.out_of_network) = (rules.shares[inside], rules.shares[outside]);
        benefit.dollars_per_year = rules.dollars_per_year;
    }
    let testa = file.family[0].clone();
    for (id, name) in [("M2", "Tessa"), ("M3", "Tilda")] {
        let mut sibling = testa.clone();
        sibling.member_id = id.into();
        sibling.person.first = name.into();
        file.family.push(sibling);
    }
    file
}

/// The family's next claim.
fn bill(file: &mut ClaimFile, visit: &Visit) {
    let line = |&(procedure, day, cents): &(usize, usize, i64)| {
        let mut line = example::line(PROCEDURES[procedure], cents);
        (line.from, line.through) = (DAYS[day], DAYS[day]);
        line
    };
    file.claim.patient = Some(file.family[visit.member].person.clone());
    file.claim.lines = visit.lines.iter().map(line).collect();
    file.claim.charge = file.claim.lines.iter().map(|line| line.charge).sum();
    for provider in &mut file.providers {
        provider.enrollments[0].networks = vec![if visit.outside { "red" } else { "green" }.into()];
    }
    file.claim.responsibility = Responsibility::Primary;
    file.claim.other_payers.clear();
    if let Some((paid, reduced)) = visit.primary {
        let part = |percent| file.claim.charge.times(Decimal::new(percent, 2));
        let (paid, mut left) = (part(paid), file.claim.charge - part(paid));
        let mut adjust = |group, reason, amount: Money| {
            let amount = amount.min(left);
            left -= amount;
            Adjustment { group, carc: carc(reason), amount, rarcs: vec![], step: "" }
        };
        let contract = adjust(Group::ContractualObligation, "45", part(reduced));
        let share = adjust(Group::PatientResponsibility, "2", file.claim.charge);
        let decision = Some(OtherDecision { paid, adjustments: vec![contract, share] });
        let first = OtherPayer { payer_id: "FIRST".into(), responsibility: Responsibility::Primary, decision };
        file.claim.other_payers.push(first);
        file.claim.responsibility = Responsibility::Secondary;
    }
}

fn sum(entries: &[AccumulatorEntry], fits: impl Fn(&AccumulatorEntry) -> bool) -> Money {
    Money::from_cents(entries.iter().filter(|entry| fits(entry)).map(|entry| entry.amount).sum())
}

fn cost_shared(ledger: &Ledger) -> Money {
    let reasons = [carc("1"), carc("2"), carc("3")];
    ledger.adjusted(|a| a.group == Group::PatientResponsibility && reasons.contains(&a.carc))
}

/// Nobody has taken more from a deductible, a maximum or a limit than there is.
fn nothing_is_passed(rules: &Rules, entries: &[AccumulatorEntry]) -> Result<(), TestCaseError> {
    for (network, share) in [(Network::In, &rules.inside), (Network::Out, &rules.outside)] {
        for year_start in [date(2025, 7, 1), date(2026, 7, 1)] {
            let family = |accumulator: Accumulator| {
                sum(entries, |e| (e.network, e.year_start) == (network, year_start) && e.accumulator == accumulator)
            };
            let own = |member: &str, accumulator: Accumulator| {
                sum(entries, |e| {
                    (e.network, e.year_start) == (network, year_start)
                        && e.accumulator == accumulator
                        && e.member_id == member
                })
            };
            let within = |taken: Money, most: Option<Money>| most.is_none_or(|most| taken <= most);
            prop_assert!(within(family(Accumulator::OutOfPocket), share.family_out_of_pocket));
            prop_assert!(within(family(Accumulator::Deductible), share.family_deductible));
            for member in ["M1", "M2", "M3"] {
                prop_assert!(within(own(member, Accumulator::OutOfPocket), share.individual_out_of_pocket));
                let embedded = !share.aggregate_deductible || share.family_deductible.is_none();
                let most = embedded.then_some(share.individual_deductible);
                prop_assert!(within(own(member, Accumulator::Deductible), most));
                for benefit in ["office", "laboratory"] {
                    let paid = sum(entries, |e| {
                        e.member_id == member
                            && e.year_start == year_start
                            && e.accumulator == Accumulator::Limit(LimitUnit::Dollars, benefit.into())
                    });
                    prop_assert!(within(paid, rules.dollars_per_year));
                }
            }
        }
    }
    Ok(())
}

/// What a claim's ledgers must show, by themselves and against its entries.
fn ledgers_hold(file: &ClaimFile, decided: &Determination) -> Result<(), TestCaseError> {
    for line in &decided.lines {
        let ledger = &line.ledger;
        let explained: Money = ledger.adjustments().iter().map(|a| a.amount).sum();
        prop_assert_eq!(ledger.paid() + explained, ledger.charge());
        prop_assert!(ledger.paid() >= Money::ZERO);
        let billed_above = ledger.adjusted(|a| a.group == Group::PatientResponsibility && a.carc == carc("45"));
        if !ledger.is_denied() {
            prop_assert!(ledger.patient_responsibility() - billed_above <= line.allowed);
            prop_assert!(ledger.paid() <= line.allowed);
        }
        let negative = |a: &&Adjustment| a.amount < Money::ZERO;
        prop_assert!(ledger.adjustments().iter().filter(negative).all(|a| a.carc == carc("94")));
    }
    let told: Money = decided.lines.iter().map(|line| cost_shared(&line.ledger)).sum();
    prop_assert_eq!(sum(&decided.accumulator_entries, |e| e.accumulator == Accumulator::OutOfPocket), told);
    if file.claim.responsibility == Responsibility::Secondary {
        let mut alone = file.clone();
        alone.claim.responsibility = Responsibility::Primary;
        alone.claim.other_payers.clear();
        for (second, first) in decided.lines.iter().zip(&adjudicate(&alone).lines) {
            prop_assert!(second.ledger.paid() <= first.ledger.paid());
            prop_assert!(cost_shared(&second.ledger) <= cost_shared(&first.ledger));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_maximum_is_passed_and_every_cent_is_explained(rules in rules(), visits in proptest::collection::vec(visit(), 1..10)) {
        let mut file = family(&rules);
        for visit in &visits {
            bill(&mut file, visit);
            let decided = adjudicate(&file);
            prop_assert!(decided.pend.is_none());
            ledgers_hold(&file, &decided)?;
            Arc::make_mut(&mut file.accumulators).extend(decided.accumulator_entries);
            nothing_is_passed(&rules, &file.accumulators)?;
        }
    }
}
