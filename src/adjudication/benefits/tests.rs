//! Each test gives the arithmetic. The example's schedule allows the charge, so a line's charge is what is shared.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::*;
use crate::adjudication::{ClaimFile, adjudicate, example};
use crate::domain::dates::date;
use crate::domain::determination::{Accumulator, AccumulatorEntry, Determination};
use crate::domain::plan::{CopayPer, CostShare, CrossAccumulation, Limit, LimitPeriod, LimitUnit, Network};

/// 25.00 copay for the office, 20 percent of the rest, a deductible of 1,500.00 (the family's 3,000.00).
fn visit() -> ClaimFile {
    let mut file = example::office_visit();
    let office = &mut example::benefit(&mut file, "office").in_network;
    office.copay = dollars(25);
    office.coinsurance = Decimal::new(2, 1);
    let share = cost_share(&mut file);
    share.individual_deductible = dollars(1_500);
    share.family_deductible = Some(dollars(3_000));
    file
}

fn dollars(dollars: i64) -> Money {
    Money::from_cents(dollars * 100)
}

fn cost_share(file: &mut ClaimFile) -> &mut CostShare {
    &mut example::plan(file).in_network
}

fn office(file: &mut ClaimFile) -> &mut BenefitShare {
    &mut example::benefit(file, "office").in_network
}

fn met(file: &mut ClaimFile, member: &str, accumulator: Accumulator, cents: i64) {
    Arc::make_mut(&mut file.accumulators).push(AccumulatorEntry {
        accumulator,
        member_id: member.into(),
        network: Network::In,
        year_start: date(2026, 1, 1),
        amount: cents,
        line: 0,
        plan_id: String::new(),
    });
}

/// What the patient owes on a line and what is paid, such as "3:25.00 1:65.00 paid 60.00".
fn line(determination: &Determination, at: usize) -> String {
    let ledger = &determination.lines[at].ledger;
    let parts = ledger.adjustments().iter().map(|a| format!("{}:{} ", a.carc, a.amount)).collect::<String>();
    format!("{parts}paid {}", ledger.paid())
}

fn first(file: &ClaimFile) -> String {
    line(&adjudicate(file), 0)
}

fn taken(determination: &Determination, accumulator: &Accumulator) -> Vec<i64> {
    let entries = determination.accumulator_entries.iter();
    entries.filter(|entry| entry.accumulator == *accumulator).map(|entry| entry.amount).collect()
}

/// 150.00 less the copay is 125.00; 65.00 of the deductible is left; 20 percent of the last 60.00 is 12.00.
#[test]
fn copay_then_deductible_then_coinsurance() {
    let mut file = visit();
    met(&mut file, "M1", Accumulator::Deductible, 143_500);
    let determination = adjudicate(&file);
    assert_eq!(line(&determination, 0), "3:25.00 1:65.00 2:12.00 paid 48.00");
    let step = determination.steps.iter().find(|step| step.id == "benefits").unwrap();
    assert_eq!(
        step.words,
        "office: copay 25.00. Deductible 65.00, 1435.00 of 1500.00 met before. Coinsurance 12.00, 0.2 of 60.00."
    );
    assert_eq!(taken(&determination, &Accumulator::Deductible), [6_500]);
    // 25.00 + 65.00 + 12.00
    assert_eq!(taken(&determination, &Accumulator::OutOfPocket), [10_200]);
}

/// 20 percent of 0.33 is 0.066: 0.07, half a cent up.
#[test]
fn coinsurance_is_rounded_once() {
    let mut file = visit();
    *office(&mut file) =
        BenefitShare { coinsurance: Decimal::new(2, 1), deductible_waived: true, ..Default::default() };
    file.claim.lines[0].charge = Money::from_cents(33);
    assert_eq!(first(&file), "2:0.07 paid 0.26");
}

#[test]
fn a_copay_is_taken_once_a_visit() {
    let mut file = visit();
    office(&mut file).deductible_waived = true;
    office(&mut file).coinsurance = Decimal::ZERO;
    let (mut tomorrow, mut by_another) = (example::line("99213", 15_000), example::further_line("99213", 15_000));
    tomorrow.from = date(2026, 3, 3);
    by_another.rendering_npi = example::CLINIC;
    file.claim.lines.extend([example::further_line("99213", 15_000), tomorrow, by_another]);
    let determination = adjudicate(&file);
    let lines = [0, 1, 2, 3].map(|at| line(&determination, at));
    assert_eq!(lines, ["3:25.00 paid 125.00", "paid 150.00", "3:25.00 paid 125.00", "3:25.00 paid 125.00"]);
}

#[test]
fn an_earlier_claim_has_taken_the_copay_of_the_visit_unless_it_was_denied() {
    let mut file = visit();
    office(&mut file).deductible_waived = true;
    office(&mut file).coinsurance = Decimal::ZERO;
    file.history = vec![example::earlier(&file)].into();
    // Another charge, so that it is no duplicate.
    example::plan(&mut file).suspect_duplicates = crate::domain::plan::SuspectDuplicates::Pay;
    Arc::make_mut(&mut file.history)[0].charge = dollars(80);
    assert_eq!(first(&file), "paid 150.00");
    Arc::make_mut(&mut file.history)[0].denied = true;
    assert_eq!(first(&file), "3:25.00 paid 125.00");
}

/// 10.00 allow a copay of 10.00; the next line of the visit owes the other 15.00.
#[test]
fn a_copay_is_never_above_the_allowed_amount() {
    let mut file = visit();
    office(&mut file).deductible_waived = true;
    office(&mut file).coinsurance = Decimal::ZERO;
    file.claim.lines[0].charge = dollars(10);
    file.claim.lines.push(example::further_line("99213", 15_000));
    let determination = adjudicate(&file);
    assert_eq!([0, 1].map(|at| line(&determination, at)), ["3:10.00 paid 0.00", "3:15.00 paid 135.00"]);
}

#[test]
fn preventive_services_cost_nothing_and_a_waived_deductible_leaves_the_coinsurance() {
    let mut file = visit();
    office(&mut file).no_cost_share = true;
    assert_eq!(first(&file), "paid 150.00");
    *office(&mut file) =
        BenefitShare { coinsurance: Decimal::new(2, 1), deductible_waived: true, ..Default::default() };
    // 20 percent of 150.00
    assert_eq!(first(&file), "2:30.00 paid 120.00");
}

/// Two lines of 1,000.00: the first takes 1,000.00 of the deductible, the second the last 500.00 and 20 percent of 500.00.
#[test]
fn lines_draw_on_the_same_deductible_one_after_the_other() {
    let mut file = visit();
    office(&mut file).copay = Money::ZERO;
    file.claim.lines = vec![example::further_line("99213", 100_000), example::line("99213", 100_000)];
    let determination = adjudicate(&file);
    assert_eq!([0, 1].map(|at| line(&determination, at)), ["1:1000.00 paid 0.00", "1:500.00 2:100.00 paid 400.00"]);
}

/// The member has met nothing, the family all but 40.00: 40.00, then 20 percent of 110.00.
#[test]
fn the_familys_deductible_ends_the_members_own() {
    let mut file = visit();
    office(&mut file).copay = Money::ZERO;
    met(&mut file, "M2", Accumulator::Deductible, 146_000);
    met(&mut file, "M3", Accumulator::Deductible, 150_000);
    let determination = adjudicate(&file);
    assert_eq!(line(&determination, 0), "1:40.00 2:22.00 paid 88.00");
    assert!(determination.steps.iter().any(|step| step.words.contains("2960.00 of the family's 3000.00 met before")));
}

#[test]
fn an_embedded_deductible_is_met_by_the_member_alone_an_aggregate_one_by_the_family() {
    let mut file = visit();
    office(&mut file).copay = Money::ZERO;
    met(&mut file, "M1", Accumulator::Deductible, 150_000);
    // 20 percent of 150.00
    assert_eq!(first(&file), "2:30.00 paid 120.00");
    cost_share(&mut file).aggregate_deductible = true;
    assert_eq!(first(&file), "1:150.00 paid 0.00");
}

/// 10.00 are left of the year's 4,000.00: the copay takes them, and nothing else is owed.
#[test]
fn nobody_pays_past_the_out_of_pocket_maximum() {
    let mut file = visit();
    cost_share(&mut file).individual_out_of_pocket = Some(dollars(4_000));
    met(&mut file, "M1", Accumulator::OutOfPocket, 399_000);
    assert_eq!(first(&file), "3:10.00 paid 140.00");
    assert!(adjudicate(&file).steps.iter().any(|step| step.words.ends_with("The out-of-pocket maximum is reached.")));
    met(&mut file, "M1", Accumulator::OutOfPocket, 1_000);
    assert_eq!(first(&file), "paid 150.00");
}

/// The family has 30.00 left: 25.00 copay and 5.00 of the deductible.
#[test]
fn the_familys_maximum_holds_for_each_member() {
    let mut file = visit();
    cost_share(&mut file).family_out_of_pocket = Some(dollars(8_000));
    met(&mut file, "M2", Accumulator::OutOfPocket, 797_000);
    assert_eq!(first(&file), "3:25.00 1:5.00 paid 120.00");
}

#[test]
fn what_is_met_in_network_counts_for_nothing_outside() {
    let mut file = visit();
    example::plan(&mut file).out_of_network =
        Some(CostShare { individual_deductible: dollars(90), ..cost_share(&mut file).clone() });
    example::benefit(&mut file, "office").out_of_network.coinsurance = Decimal::new(5, 1);
    met(&mut file, "M1", Accumulator::Deductible, 150_000);
    for provider in &mut file.providers {
        provider.enrollments[0].networks = vec!["red".into()];
    }
    // 90.00, then half of 60.00
    let determination = adjudicate(&file);
    assert_eq!(line(&determination, 0), "1:90.00 2:30.00 paid 30.00");
    assert!(determination.accumulator_entries.iter().all(|entry| entry.network == Network::Out));
}

#[test]
fn a_new_benefit_year_begins_with_nothing_met() {
    let mut file = visit();
    office(&mut file).copay = Money::ZERO;
    met(&mut file, "M1", Accumulator::Deductible, 150_000);
    example::plan(&mut file).year_begins = (3, 2);
    let determination = adjudicate(&file);
    assert_eq!(line(&determination, 0), "1:150.00 paid 0.00");
    assert_eq!(determination.accumulator_entries[0].year_start, date(2026, 3, 2));
}

#[test]
fn what_a_reversal_gives_back_is_open_again() {
    let mut file = visit();
    office(&mut file).copay = Money::ZERO;
    met(&mut file, "M1", Accumulator::Deductible, 150_000);
    met(&mut file, "M1", Accumulator::Deductible, -10_000);
    // 100.00, then 20 percent of 50.00
    assert_eq!(first(&file), "1:100.00 2:10.00 paid 40.00");
}

/// The plan pays 500.00 a year: 430.00 are paid, so of 120.00 it pays 70.00; the next line gets nothing.
#[test]
fn what_lies_above_the_years_dollars_is_the_patients() {
    let mut file = visit();
    *office(&mut file) =
        BenefitShare { coinsurance: Decimal::new(2, 1), deductible_waived: true, ..Default::default() };
    example::benefit(&mut file, "office").dollars_per_year = Some(dollars(500));
    let paid = Accumulator::Limit(LimitUnit::Dollars, "office".into());
    met(&mut file, "M1", paid.clone(), 43_000);
    file.claim.lines.push(example::further_line("99213", 5_000));
    let determination = adjudicate(&file);
    assert_eq!(line(&determination, 0), "2:30.00 119:50.00 paid 70.00");
    assert_eq!(line(&determination, 1), "2:10.00 119:40.00 paid 0.00");
    assert_eq!(taken(&determination, &paid), [7_000]);
    // What is not covered is no cost share.
    assert_eq!(taken(&determination, &Accumulator::OutOfPocket), [3_000, 1_000]);
}

#[test]
fn a_day_counts_as_one_visit_and_only_where_visits_are_limited() {
    let mut file = visit();
    let visits = Accumulator::Limit(LimitUnit::Visits, "office".into());
    assert!(taken(&adjudicate(&file), &visits).is_empty());
    example::benefit(&mut file, "office").visits_per_year = Some(20);
    let (mut by_another, mut tomorrow) = (example::line("99213", 15_000), example::line("99213", 15_000));
    by_another.rendering_npi = example::CLINIC;
    tomorrow.from = date(2026, 3, 3);
    file.claim.lines.extend([by_another, tomorrow]);
    let determination = adjudicate(&file);
    assert_eq!(taken(&determination, &visits), [1, 1]);
    // An earlier claim has counted the first day, though by a third provider.
    file.history = vec![example::earlier(&file)].into();
    Arc::make_mut(&mut file.history)[0].rendering_npi = example::STRANGER;
    assert_eq!(taken(&adjudicate(&file), &visits), [1]);
}

#[test]
fn a_denied_line_takes_nothing() {
    let mut file = visit();
    file.family[0].coverages[0].period.from = date(2026, 4, 1);
    let determination = adjudicate(&file);
    assert!(determination.is_denied() && determination.accumulator_entries.is_empty());
}

#[test]
fn standing_tells_what_is_met_and_left() {
    let mut file = visit();
    met(&mut file, "M1", Accumulator::Deductible, 120_000);
    met(&mut file, "M2", Accumulator::Deductible, 20_000);
    let plan = example::plan(&mut file).clone();
    let scope = |network| Scope { plan: &plan, network, year_start: date(2026, 1, 1), member_id: "M1" };
    let on = |network| standing(&scope(network), file.accumulators.iter());
    let inside = on(Network::In).unwrap();
    assert_eq!(inside.deductible.individual, Progress { limit: Some(dollars(1_500)), met: dollars(1_200) });
    assert_eq!(inside.deductible.family.left(), Some(dollars(1_600)));
    assert_eq!((inside.deductible.left(), inside.out_of_pocket_left()), (dollars(300), None));
    assert_eq!(on(Network::Out).unwrap().deductible.individual.met, Money::ZERO);
}

/// 150.00: the last 65.00 of the deductible first, then the copay of the 85.00 left, then 20 percent of 60.00.
#[test]
fn a_plan_may_put_the_deductible_before_the_copay() {
    let mut file = visit();
    met(&mut file, "M1", Accumulator::Deductible, 143_500);
    office(&mut file).deductible_first = true;
    assert_eq!(first(&file), "3:25.00 1:65.00 2:12.00 paid 48.00");
    // 140.00 of the deductible leave 10.00: less than the copay.
    met(&mut file, "M1", Accumulator::Deductible, -7_500);
    assert_eq!(first(&file), "3:10.00 1:140.00 paid 0.00");
    office(&mut file).deductible_first = false;
    assert_eq!(first(&file), "3:25.00 1:125.00 paid 0.00");
}

/// 20 percent of 150.00 were 30.00.
#[test]
fn coinsurance_may_have_a_maximum_of_its_own_for_each_service() {
    let mut file = visit();
    *office(&mut file) = BenefitShare {
        coinsurance: Decimal::new(2, 1),
        coinsurance_maximum: Some(dollars(22)),
        deductible_waived: true,
        ..Default::default()
    };
    assert_eq!(first(&file), "2:22.00 paid 128.00");
}

/// A service of six days, 1 to 6 March, for 5,000.00: 300.00 a day for five days are 1,500.00.
fn stay() -> ClaimFile {
    let mut file = visit();
    *office(&mut file) = BenefitShare {
        copay: dollars(300),
        copay_per: CopayPer::Day,
        copay_days: Some(5),
        deductible_waived: true,
        ..Default::default()
    };
    file.claim.lines = vec![days(1, 6)];
    file
}

fn days(from: i8, through: i8) -> crate::domain::claim::ServiceLine {
    let mut line = example::line("99213", 500_000);
    (line.from, line.through) = (date(2026, 3, from), date(2026, 3, through));
    line
}

#[test]
fn a_copay_by_the_day_is_taken_for_the_first_days_of_a_stay_only() {
    let mut file = stay();
    assert_eq!(first(&file), "3:1500.00 paid 3500.00");
    file.claim.lines = vec![days(1, 2), days(3, 6), days(20, 21)];
    let determination = adjudicate(&file);
    let lines = [0, 1, 2].map(|at| line(&determination, at));
    assert_eq!(
        lines,
        ["3:600.00 paid 4400.00", "3:900.00 paid 4100.00", "3:600.00 paid 4400.00"],
        "the 20th is another"
    );
}

/// An earlier bill was for 25 to 28 February: four days of the five.
#[test]
fn an_earlier_bill_of_the_stay_has_taken_its_days() {
    let mut file = stay();
    let mut before = example::earlier(&file);
    (before.from, before.through) = (date(2026, 2, 25), date(2026, 2, 28));
    file.history = vec![before].into();
    assert_eq!(first(&file), "3:300.00 paid 4700.00");
    office(&mut file).copay_per = CopayPer::Admission;
    assert_eq!(first(&file), "paid 5000.00");
    Arc::make_mut(&mut file.history)[0].through = date(2026, 2, 26);
    assert_eq!(first(&file), "3:300.00 paid 4700.00", "a stay that ended days before is another");
}

#[test]
fn a_copay_may_be_waived_for_a_patient_who_is_admitted() {
    let mut file = visit();
    office(&mut file).deductible_waived = true;
    office(&mut file).coinsurance = Decimal::ZERO;
    office(&mut file).copay_waived_if_admitted = true;
    assert_eq!(first(&file), "3:25.00 paid 125.00");
    let mut admission = example::earlier(&file);
    admission.place = crate::domain::codes::PlaceOfService::new("21");
    admission.procedure = crate::domain::codes::ProcedureCode::new("80053");
    admission.from = date(2026, 3, 3);
    file.history = vec![admission].into();
    assert_eq!(first(&file), "paid 150.00");
    Arc::make_mut(&mut file.history)[0].from = date(2026, 3, 4);
    assert_eq!(first(&file), "3:25.00 paid 125.00");
}

/// The plan's deductible is met; drugs have 100.00 of their own, 20.00 of it met: 80.00, then 20 percent of 70.00.
#[test]
fn a_benefit_may_have_a_deductible_of_its_own() {
    let mut file = visit();
    let name = crate::domain::plan::ShortName::new("drugs");
    office(&mut file).copay = Money::ZERO;
    office(&mut file).separate_deductible = Some(name);
    cost_share(&mut file).separate_deductibles =
        vec![crate::domain::plan::SeparateDeductible { name, individual: dollars(100), family: None }];
    met(&mut file, "M1", Accumulator::Deductible, 150_000);
    met(&mut file, "M1", Accumulator::SeparateDeductible(name), 2_000);
    let determination = adjudicate(&file);
    assert_eq!(line(&determination, 0), "1:80.00 2:14.00 paid 56.00");
    assert_eq!(taken(&determination, &Accumulator::SeparateDeductible(name)), [8_000]);
    assert!(taken(&determination, &Accumulator::Deductible).is_empty());
}

/// 1,440.00 of 1,500.00 were met in one tier, and the visit is in the other: 60.00 are left where they count, then 20
/// percent of 90.00.
#[test]
fn what_is_paid_in_network_counts_outside_where_the_plan_says_so_and_the_other_way_round() {
    let visit_after = |met_in: Network, rule: CrossAccumulation| {
        let mut file = visit();
        office(&mut file).copay = Money::ZERO;
        example::benefit(&mut file, "office").out_of_network.coinsurance = Decimal::new(2, 1);
        example::plan(&mut file).out_of_network = Some(cost_share(&mut file).clone());
        example::plan(&mut file).deductible_accumulation = rule;
        met(&mut file, "M1", Accumulator::Deductible, 144_000);
        Arc::make_mut(&mut file.accumulators)[0].network = met_in;
        if met_in == Network::In {
            file.claim.billing_npi = example::STRANGER;
            file.claim.lines[0].rendering_npi = example::STRANGER;
        }
        first(&file)
    };
    let (counts, does_not) = ("1:60.00 2:18.00 paid 72.00", "1:150.00 paid 0.00");
    use CrossAccumulation::{All, Down, None};
    assert_eq!([None, Down, All].map(|rule| visit_after(Network::In, rule)), [does_not, counts, counts]);
    assert_eq!([None, Down, All].map(|rule| visit_after(Network::Out, rule)), [does_not, does_not, counts]);
}

/// The year ends with May; March to May are its last three months. Of the next year's 1,500.00 there is 40.00 left.
#[test]
fn a_deductible_of_the_last_three_months_counts_in_the_next_year_as_far_as_there_is_room() {
    let mut file = visit();
    office(&mut file).copay = Money::ZERO;
    example::plan(&mut file).deductible_carry_over = true;
    example::plan(&mut file).year_begins = (6, 1);
    let next = |file: &ClaimFile| {
        let entries = adjudicate(file).accumulator_entries;
        let next = entries.iter().filter(|entry| entry.year_start == date(2026, 6, 1));
        next.map(|entry| (entry.accumulator.clone(), entry.amount)).collect::<Vec<_>>()
    };
    assert_eq!(next(&file), [(Accumulator::Deductible, 15_000)]);
    met(&mut file, "M1", Accumulator::Deductible, 146_000);
    Arc::make_mut(&mut file.accumulators)[0].year_start = date(2026, 6, 1);
    assert_eq!(next(&file), [(Accumulator::Deductible, 4_000)]);
    example::plan(&mut file).year_begins = (7, 1);
    assert!(next(&file).is_empty(), "2 March lies four months before");
}

#[test]
fn an_earlier_carriers_credit_counts_and_another_plans_only_where_the_plan_keeps_it() {
    let mut file = visit();
    office(&mut file).copay = Money::ZERO;
    met(&mut file, "M1", Accumulator::Deductible, 150_000);
    let mut credit = file.accumulators[0].clone();
    // 20 percent of 150.00
    assert_eq!(first(&file), "2:30.00 paid 120.00");
    Arc::make_mut(&mut file.accumulators)[0].plan_id = "another".into();
    assert_eq!(first(&file), "2:30.00 paid 120.00");
    example::plan(&mut file).fresh_start = true;
    assert_eq!(first(&file), "1:150.00 paid 0.00");
    credit.amount = 140_000;
    file.family[0].prior_credits = vec![credit];
    // 100.00, then 20 percent of 50.00
    assert_eq!(first(&file), "1:100.00 2:10.00 paid 40.00");
}

/// Four units of 150.00 in all, of which one is left: three quarters of the 120.00 that the plan would pay are 90.00.
#[test]
fn units_above_a_limit_are_the_patients_in_proportion() {
    let mut file = visit();
    *office(&mut file) =
        BenefitShare { coinsurance: Decimal::new(2, 1), deductible_waived: true, ..Default::default() };
    example::plan(&mut file).limits = vec![Limit {
        name: "therapy".into(),
        benefits: vec!["office".into()],
        unit: LimitUnit::Units,
        amount: 10,
        period: LimitPeriod::BenefitYear,
    }];
    file.claim.lines[0].units = Decimal::from(4);
    let units = Accumulator::Limit(LimitUnit::Units, "therapy".into());
    met(&mut file, "M1", units.clone(), 9);
    let determination = adjudicate(&file);
    assert_eq!(line(&determination, 0), "2:30.00 119:90.00 paid 30.00");
    assert_eq!(taken(&determination, &units), [1]);
}

#[test]
fn a_groups_own_plan_year_begins_on_its_own_day() {
    let mut file = visit();
    office(&mut file).copay = Money::ZERO;
    met(&mut file, "M1", Accumulator::Deductible, 150_000);
    file.family[0].coverages[0].year_begins = Some((3, 1));
    let determination = adjudicate(&file);
    assert_eq!(line(&determination, 0), "1:150.00 paid 0.00");
    assert_eq!(determination.accumulator_entries[0].year_start, date(2026, 3, 1));
}
