//! The auditor of tiers and limits: whatever the plan, and whatever a family's claims in whatever order, these things hold.
//!
//! It keeps its own books of what ledgers say that members owe, and adds up by itself what counts where.

use std::sync::Arc;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Scope, standing};
use crate::adjudication::{ClaimFile, adjudicate, example};
use crate::domain::codes::carc;
use crate::domain::dates::{Date, date};
use crate::domain::determination::{Accumulator, AccumulatorEntry, Determination, LineDetermination};
use crate::domain::money::Money;
use crate::domain::plan::{
    BenefitShare, CopayPer, CostShare, CrossAccumulation, Limit, LimitPeriod, LimitUnit, Network, SeparateDeductible,
    ShortName, SuspectDuplicates, Tier,
};

/// Benefit years begin on 1 July: the last days lie in another year than the first, and May in the last three months.
const DAYS: [Date; 5] = [date(2026, 3, 2), date(2026, 5, 20), date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 9)];
const YEARS: [Date; 2] = [date(2025, 7, 1), date(2026, 7, 1)];
const PROCEDURES: [&str; 2] = ["99213", "80053"];
const BENEFITS: [&str; 2] = ["office", "laboratory"];
const MEMBERS: [&str; 3] = ["M1", "M2", "M3"];
const NETWORKS: [&str; 3] = ["gold", "green", "red"];
const SEPARATE: ShortName = ShortName::new("own");

fn tier(at: usize) -> Network {
    [Network::Tier(ShortName::new("preferred")), Network::In, Network::Out][at]
}

#[derive(Clone, Debug)]
struct Rules {
    tiers: [CostShare; 3],
    /// By benefit, then tier.
    shares: [[BenefitShare; 3]; 2],
    deductibles: CrossAccumulation,
    maxima: CrossAccumulation,
    carry_over: bool,
    limits: Vec<Limit>,
}

#[derive(Clone, Debug)]
struct Visit {
    member: usize,
    tier: usize,
    /// Procedure, day, cents, units.
    lines: Vec<(usize, usize, i64, i64)>,
}

fn money(most: i64) -> impl Strategy<Value = Money> {
    (0..most).prop_map(Money::from_cents)
}

fn cost_share() -> impl Strategy<Value = CostShare> {
    let maxima = (proptest::option::of(money(60_000)), proptest::option::of(money(90_000)));
    let separate = (money(10_000), proptest::option::of(money(15_000)));
    (money(40_000), proptest::option::of(money(60_000)), any::<bool>(), maxima, separate).prop_map(
        |(own, family, aggregate, (most, family_most), (separate, separate_family))| CostShare {
            individual_deductible: own,
            family_deductible: family,
            aggregate_deductible: aggregate,
            individual_out_of_pocket: most,
            family_out_of_pocket: family_most,
            fee_schedule: "all".into(),
            separate_deductibles: vec![SeparateDeductible {
                name: SEPARATE,
                individual: separate,
                family: separate_family,
            }],
        },
    )
}

fn share() -> impl Strategy<Value = BenefitShare> {
    let per = prop_oneof![Just(CopayPer::Visit), Just(CopayPer::Day), Just(CopayPer::Admission)];
    let copay = (prop_oneof![Just(Money::ZERO), money(6_000)], per, proptest::option::of(1..3_i64));
    let deductible = (any::<bool>(), any::<bool>(), proptest::bool::weighted(0.3));
    (copay, 0..=100_i64, proptest::option::of(money(9_000)), deductible).prop_map(
        |((copay, copay_per, copay_days), percent, coinsurance_maximum, (waived, first, separate))| BenefitShare {
            copay,
            copay_per,
            copay_days,
            coinsurance: Decimal::new(percent, 2),
            coinsurance_maximum,
            deductible_waived: waived,
            deductible_first: first,
            separate_deductible: separate.then_some(SEPARATE),
            ..Default::default()
        },
    )
}

fn limit() -> impl Strategy<Value = Limit> {
    let unit = prop_oneof![
        Just((LimitUnit::Visits, 5)),
        Just((LimitUnit::Days, 5)),
        Just((LimitUnit::Units, 20)),
        Just((LimitUnit::Dollars, 80_000))
    ];
    let period =
        prop_oneof![Just(LimitPeriod::BenefitYear), Just(LimitPeriod::CalendarYear), Just(LimitPeriod::Lifetime)];
    let benefits = prop_oneof![Just(vec![]), Just(vec!["office".into()]), Just(BENEFITS.map(Into::into).to_vec())];
    (unit, 1..=100_i64, period, benefits).prop_map(|((unit, most), percent, period, benefits)| Limit {
        name: "limit".into(),
        benefits,
        unit,
        amount: (most * percent / 100).max(1),
        period,
    })
}

fn rules() -> impl Strategy<Value = Rules> {
    let cross =
        || prop_oneof![Just(CrossAccumulation::None), Just(CrossAccumulation::Down), Just(CrossAccumulation::All)];
    let tiers = [cost_share(), cost_share(), cost_share()];
    let shares = [[share(), share(), share()], [share(), share(), share()]];
    let limits = proptest::collection::vec(limit(), 0..2);
    (tiers, shares, cross(), cross(), any::<bool>(), limits).prop_map(
        |(tiers, shares, deductibles, maxima, carry_over, limits)| Rules {
            tiers,
            shares,
            deductibles,
            maxima,
            carry_over,
            limits,
        },
    )
}

fn visit() -> impl Strategy<Value = Visit> {
    let line = (0..PROCEDURES.len(), 0..DAYS.len(), 1..50_000_i64, 1..4_i64);
    (0..MEMBERS.len(), 0..3_usize, proptest::collection::vec(line, 1..5)).prop_map(|(member, tier, lines)| Visit {
        member,
        tier,
        lines,
    })
}

/// The example's payer under other rules, with a family of three.
fn family(rules: &Rules) -> ClaimFile {
    let mut file = example::office_visit();
    let plan = example::plan(&mut file);
    plan.year_begins = (7, 1);
    plan.timely_filing_days = None;
    plan.suspect_duplicates = SuspectDuplicates::Pay;
    let [preferred, inside, outside] = rules.tiers.clone();
    plan.tiers = vec![Tier { network: tier(0), networks: vec!["gold".into()], cost_share: preferred }];
    (plan.in_network, plan.out_of_network) = (inside, Some(outside));
    (plan.deductible_accumulation, plan.out_of_pocket_accumulation) = (rules.deductibles, rules.maxima);
    plan.deductible_carry_over = rules.carry_over;
    plan.limits = rules.limits.clone();
    for (name, [preferred, inside, outside]) in BENEFITS.into_iter().zip(rules.shares) {
        let benefit = plan.benefits.iter_mut().find(|benefit| &*benefit.name == name).unwrap();
        benefit.tiers = vec![(tier(0), preferred)];
        (benefit.in_network, benefit.out_of_network) = (inside, outside);
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
    let line = |(at, &(procedure, day, cents, units)): (usize, &(usize, usize, i64, i64))| {
        // Modifiers keep the lines from being each other's duplicates.
        let mut line = example::modified(example::line(PROCEDURES[procedure], cents), ["59", "76", "XE", "XS"][at]);
        (line.from, line.through) = (DAYS[day], DAYS[day]);
        line.units = Decimal::from(units);
        line
    };
    file.claim.patient = Some(file.family[visit.member].person.clone());
    file.claim.lines = visit.lines.iter().enumerate().map(line).collect();
    file.claim.charge = file.claim.lines.iter().map(|line| line.charge).sum();
    for provider in &mut file.providers {
        provider.enrollments[0].networks = vec![NETWORKS[visit.tier].into()];
    }
}

/// What ledgers say that a member owes of one kind, in a tier, in a year; and whether by a deductible of its own.
#[derive(Clone, Debug)]
struct Owed {
    member: usize,
    tier: usize,
    year: Date,
    deductible: Money,
    own_deductible: Money,
    cost_share: Money,
}

fn part(line: &LineDetermination, reasons: &[&str]) -> Money {
    line.ledger.adjusted(|a| reasons.iter().any(|reason| a.carc == carc(reason)))
}

fn year_of(day: Date) -> Date {
    if day < YEARS[1] { YEARS[0] } else { YEARS[1] }
}

/// What the claim adds to the books; carried deductibles are the only thing taken from the entries.
fn book(rules: &Rules, visit: &Visit, decided: &Determination) -> Vec<Owed> {
    let mut books = Vec::new();
    for (line, (procedure, day, ..)) in decided.lines.iter().zip(&visit.lines) {
        let own = rules.shares[*procedure][visit.tier].separate_deductible.is_some();
        let deductible = part(line, &["1"]);
        books.push(Owed {
            member: visit.member,
            tier: visit.tier,
            year: year_of(DAYS[*day]),
            deductible: if own { Money::ZERO } else { deductible },
            own_deductible: if own { deductible } else { Money::ZERO },
            cost_share: part(line, &["1", "2", "3"]),
        });
    }
    for entry in decided.accumulator_entries.iter().filter(|e| e.accumulator == Accumulator::Deductible) {
        let year = year_of(DAYS[visit.lines[entry.line].1]);
        if entry.year_start != year {
            let carried = Money::from_cents(entry.amount);
            let (cost_share, own_deductible) = (Money::ZERO, Money::ZERO);
            let (member, tier, year) = (visit.member, visit.tier, entry.year_start);
            books.push(Owed { member, tier, year, deductible: carried, own_deductible, cost_share });
        }
    }
    books
}

fn counts(rule: CrossAccumulation, from: usize, to: usize) -> bool {
    match rule {
        CrossAccumulation::None => from == to,
        CrossAccumulation::Down => from <= to,
        CrossAccumulation::All => true,
    }
}

/// What counts in a tier and year, for one member or for all.
fn sum(
    books: &[Owed],
    rule: CrossAccumulation,
    (tier, year): (usize, Date),
    member: Option<usize>,
    amount: impl Fn(&Owed) -> Money,
) -> Money {
    let fits = |owed: &&Owed| {
        owed.year == year && counts(rule, owed.tier, tier) && member.is_none_or(|member| member == owed.member)
    };
    books.iter().filter(fits).map(amount).sum()
}

/// In the tier of the claim nothing has come to lie above a limit by it; what other tiers count may lie above already.
fn nothing_is_passed(rules: &Rules, visit: &Visit, before: &[Owed], after: &[Owed]) -> Result<(), TestCaseError> {
    let share = &rules.tiers[visit.tier];
    let own = &share.separate_deductibles[0];
    let embedded = !share.aggregate_deductible || share.family_deductible.is_none();
    let member = Some(visit.member);
    type Amount = fn(&Owed) -> Money;
    let checks: [(CrossAccumulation, Option<usize>, Amount, Option<Money>); 6] = [
        (rules.deductibles, member, |o| o.deductible, embedded.then_some(share.individual_deductible)),
        (rules.deductibles, None, |o| o.deductible, share.family_deductible),
        (rules.deductibles, member, |o| o.own_deductible, Some(own.individual)),
        (rules.deductibles, None, |o| o.own_deductible, own.family),
        (rules.maxima, member, |o| o.cost_share, share.individual_out_of_pocket),
        (rules.maxima, None, |o| o.cost_share, share.family_out_of_pocket),
    ];
    for year in YEARS {
        for (at, (rule, member, amount, limit)) in checks.into_iter().enumerate() {
            let [was, is] = [before, after].map(|books| sum(books, rule, (visit.tier, year), member, amount));
            prop_assert!(was <= is, "what was paid grows only");
            prop_assert!(limit.is_none_or(|limit| is <= limit.max(was)), "check {at}: {is} of {limit:?}, {was} before");
        }
    }
    Ok(())
}

/// Ledgers by themselves, and against what was taken.
fn ledgers_hold(rules: &Rules, visit: &Visit, decided: &Determination) -> Result<(), TestCaseError> {
    for (line, (procedure, ..)) in decided.lines.iter().zip(&visit.lines) {
        let share = &rules.shares[*procedure][visit.tier];
        let cost_share = part(line, &["1", "2", "3"]);
        prop_assert!(cost_share <= line.allowed || line.ledger.is_denied());
        prop_assert!(share.coinsurance_maximum.is_none_or(|most| part(line, &["2"]) <= most));
        prop_assert!(line.ledger.paid() >= Money::ZERO);
        prop_assert!(!share.deductible_waived || part(line, &["1"]).is_zero());
    }
    prop_assert!(decided.accumulator_entries.iter().all(|entry| entry.amount > 0));
    let entries = |fits: &dyn Fn(&AccumulatorEntry) -> bool| {
        Money::from_cents(decided.accumulator_entries.iter().filter(|e| fits(e)).map(|e| e.amount).sum())
    };
    let told = |reasons: &[&str]| decided.lines.iter().map(|line| part(line, reasons)).sum::<Money>();
    prop_assert_eq!(entries(&|e| e.accumulator == Accumulator::OutOfPocket), told(&["1", "2", "3"]));
    let of_its_year = |e: &AccumulatorEntry| e.year_start == year_of(DAYS[visit.lines[e.line].1]);
    let deductible = |e: &AccumulatorEntry| {
        matches!(e.accumulator, Accumulator::Deductible | Accumulator::SeparateDeductible(_)) && of_its_year(e)
    };
    prop_assert_eq!(entries(&deductible), told(&["1"]));
    Ok(())
}

/// No member has more of a limit than there is, in the limit's own time.
fn limits_hold(rules: &Rules, entries: &[AccumulatorEntry]) -> Result<(), TestCaseError> {
    for limit in &rules.limits {
        let of_limit = |entry: &&AccumulatorEntry| matches!(entry.accumulator, Accumulator::Limit(..));
        for entry in entries.iter().filter(of_limit) {
            let same = |other: &&AccumulatorEntry| {
                (&other.accumulator, &other.member_id, other.year_start)
                    == (&entry.accumulator, &entry.member_id, entry.year_start)
            };
            let taken: i64 = entries.iter().filter(same).map(|other| other.amount).sum();
            prop_assert!(taken <= limit.amount, "{taken} of {limit:?}");
            let starts = match limit.period {
                LimitPeriod::BenefitYear => YEARS.to_vec(),
                LimitPeriod::CalendarYear => vec![date(2026, 1, 1)],
                LimitPeriod::Lifetime => vec![date(1, 1, 1)],
            };
            prop_assert!(starts.contains(&entry.year_start));
        }
    }
    Ok(())
}

/// Where the program says that the members and the family stand is what the books say, and members add up to the family.
fn standings_agree(rules: &Rules, file: &ClaimFile, books: &[Owed]) -> Result<(), TestCaseError> {
    for (at, year_start) in (0..3).flat_map(|at| YEARS.map(|year| (at, year))) {
        let mut own = (Money::ZERO, Money::ZERO);
        for (member, member_id) in MEMBERS.into_iter().enumerate() {
            let scope = Scope { plan: &file.payer.plans[0], network: tier(at), year_start, member_id };
            let told = standing(&scope, file.entries()).unwrap();
            let deductible = told.deductible.individual.met;
            let paid = told.individual_out_of_pocket.met;
            let place = (at, year_start);
            prop_assert_eq!(deductible, sum(books, rules.deductibles, place, Some(member), |o| o.deductible));
            prop_assert_eq!(paid, sum(books, rules.maxima, place, Some(member), |o| o.cost_share));
            own = (own.0 + deductible, own.1 + paid);
            if member + 1 == MEMBERS.len() {
                prop_assert_eq!(own, (told.deductible.family.met, told.family_out_of_pocket.met));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tiers_and_limits_hold_in_every_order_of_claims(rules in rules(), visits in proptest::collection::vec(visit(), 1..8)) {
        let mut file = family(&rules);
        let mut books: Vec<Owed> = Vec::new();
        for visit in &visits {
            bill(&mut file, visit);
            let decided = adjudicate(&file);
            ledgers_hold(&rules, visit, &decided)?;
            let mut after = books.clone();
            after.extend(book(&rules, visit, &decided));
            nothing_is_passed(&rules, visit, &books, &after)?;
            books = after;
            Arc::make_mut(&mut file.accumulators).extend(decided.accumulator_entries);
            limits_hold(&rules, &file.accumulators)?;
            standings_agree(&rules, &file, &books)?;
        }
    }

    /// What a claim took, given back, leaves everything as it was: the same claim is decided the same again.
    #[test]
    fn a_reversal_returns_every_accumulator(rules in rules(), visits in proptest::collection::vec(visit(), 2..5)) {
        let mut file = family(&rules);
        for visit in &visits {
            bill(&mut file, visit);
            let decided = adjudicate(&file);
            let back = decided.accumulator_entries.iter().map(|e| AccumulatorEntry { amount: -e.amount, ..e.clone() });
            let mut reversed = file.clone();
            Arc::make_mut(&mut reversed.accumulators).extend(decided.accumulator_entries.clone());
            Arc::make_mut(&mut reversed.accumulators).extend(back);
            prop_assert_eq!(&adjudicate(&reversed), &decided);
            Arc::make_mut(&mut file.accumulators).extend(decided.accumulator_entries);
        }
    }

    /// Without copays, limits and maxima the deductible that a claim takes does not depend on the order of its lines.
    #[test]
    fn the_deductible_of_a_claim_is_the_same_in_any_order_of_its_lines(mut rules in rules(), visit in visit()) {
        rules.limits.clear();
        rules.carry_over = false;
        for share in rules.shares.as_flattened_mut() {
            share.copay = Money::ZERO;
        }
        for tier in &mut rules.tiers {
            (tier.individual_out_of_pocket, tier.family_out_of_pocket) = (None, None);
        }
        let mut file = family(&rules);
        bill(&mut file, &visit);
        let deductible = |file: &ClaimFile| adjudicate(file).lines.iter().map(|line| part(line, &["1"])).sum::<Money>();
        let forward = deductible(&file);
        file.claim.lines.reverse();
        prop_assert_eq!(deductible(&file), forward);
    }
}
