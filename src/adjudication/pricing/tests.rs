//! Prices under Medicare's rules, to the cent. The unit fees are CMS's national amounts of CY2026 (RVU26C, every index 1;
//! `reference::rbrvs` holds them against published figures); what rules make of them is written out.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::*;
use crate::adjudication::example;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Modifier, PlaceOfService, ProcedureCode};
use crate::domain::dates::{Period, date};
use crate::domain::determination::HistoryLine;
use crate::domain::money::Money;
use crate::reference::gpci::Gpcis;
use crate::reference::pprrvu::RelativeValues;

/// A locality whose indices are all 1.
const NATION: &str = "99999-99";

/// Medicare's rates in a nation of one locality, by the example codes that ship.
fn medicare() -> FeeSchedule {
    let since = Period::since(date(2026, 1, 1));
    let indices =
        "MAC,State,Locality Number,Locality Name,PW GPCI,PE GPCI,MP GPCI\n99999,US,99,NATION,1.000,1.000,1.000\n";
    FeeSchedule {
        id: "medicare".into(),
        amounts: ContractedAmounts::default(),
        method: Method::Medicare(Medicare {
            percentage: Decimal::ONE,
            relative_values: RelativeValues::embedded().iter().cloned().map(Arc::new).collect(),
            gpcis: vec![Arc::new(Gpcis::parse("nation", since, indices.as_bytes()).unwrap())],
            otherwise_of_charge: None,
            rules: Box::default(),
            other: Box::default(),
        }),
        ignore_lower_charge: false,
        rules_for_amounts: false,
        amounts_last: false,
    }
}

fn rates(schedule: &mut FeeSchedule) -> &mut Medicare {
    match &mut schedule.method {
        Method::Medicare(medicare) => medicare,
        _ => panic!(),
    }
}

/// Rows in CMS's layout of 2026 take the place of the shipped release.
fn with_rows(rows: &[&str]) -> FeeSchedule {
    let mut schedule = medicare();
    let text = format!("HCPCS{}\n{}\n", ",".repeat(31), rows.join("\n"));
    let release = RelativeValues::parse("test", Period::since(date(2026, 1, 1)), text.as_bytes()).unwrap();
    rates(&mut schedule).relative_values = vec![Arc::new(release)];
    schedule
}

/// A row of a surgery with so much work, such as "35301", MULT PROC, BILAT, ASST, CO and TEAM SURG.
fn surgery(code: &str, indicators: [u8; 5]) -> String {
    let [multiple, both, assistant, co_surgeon, team] = indicators;
    format!(
        "{code},,-,A,,1.00,1.00,,1.00,,1.00,3.00,3.00,0,090,0.10,0.70,0.20,{multiple},{both},{assistant},{co_surgeon},{team},9,,33.4009,09,0,99,0.00,0.00,0.00"
    )
}

/// Contracted amounts under Medicare's rules.
fn agreed(mut schedule: FeeSchedule, amounts: &[(&str, i64)]) -> FeeSchedule {
    let row = |(code, cents): &(&str, i64)| ContractedAmount {
        code: ProcedureCode::new(code),
        modifier: Modifier::NONE,
        period: Period::since(date(2020, 1, 1)),
        facility: Money::from_cents(*cents),
        non_facility: Money::from_cents(*cents),
    };
    schedule.amounts = ContractedAmounts::new(amounts.iter().map(row).collect());
    schedule.rules_for_amounts = true;
    schedule
}

/// A line such as "27447-50-80 x2": code, modifiers, units; 9,000.00 at an office or, with `@`, at that place.
fn line(text: &str) -> ServiceLine {
    let mut words = text.split(' ');
    let (service, place) = words.next().map(|word| word.split_once('@').unwrap_or((word, "11"))).unwrap();
    let (code, modifiers) = service.split_once('-').unwrap_or((service, ""));
    let mut line = example::modified(example::line(code, 900_000), &modifiers.replace('-', " "));
    line.place = PlaceOfService::new(place);
    for word in words {
        match (word.strip_prefix('x'), word.strip_prefix('$')) {
            (Some(units), _) => line.units = units.parse().unwrap(),
            (_, Some(dollars)) => line.charge = Money::parse(dollars).unwrap(),
            _ => line.attachment = word == "documented",
        }
    }
    line
}

fn quotes(schedule: &FeeSchedule, lines: &[ServiceLine], earlier: &[&HistoryLine]) -> Vec<Result<Quote, Denial>> {
    let billed = |line| Billed { line, locality: NATION, group: example::CLINIC, performer: Performer::default() };
    let services: Vec<Billed<'_>> = lines.iter().map(billed).collect();
    quote(schedule, &services, earlier)
}

/// What is allowed line by line, such as "223.45, 13.02"; or "CO-54".
fn allowed(schedule: &FeeSchedule, lines: &str, earlier: &[&HistoryLine]) -> String {
    let lines: Vec<ServiceLine> = lines.split(", ").map(line).collect();
    let told = |quote: Result<Quote, Denial>| match quote {
        Ok(quote) => quote.allowed.to_string(),
        Err(denial) => format!("{}-{}", denial.group, denial.carc),
    };
    quotes(schedule, &lines, earlier).into_iter().map(told).collect::<Vec<_>>().join(", ")
}

#[track_caller]
fn check(lines: &str, expected: &str) {
    assert_eq!(allowed(&medicare(), lines, &[]), expected, "{lines}");
}

fn words(schedule: &FeeSchedule, text: &str) -> Vec<String> {
    let lines: Vec<ServiceLine> = text.split(", ").map(line).collect();
    quotes(schedule, &lines, &[]).into_iter().map(|quote| quote.map_or_else(|d| d.words, |q| q.words)).collect()
}

/// A line that an earlier claim of the day was paid for.
fn before(text: &str) -> HistoryLine {
    let line = line(text);
    let mut past = example::earlier(&example::office_visit());
    (past.procedure, past.modifiers, past.units) = (line.procedure, line.modifiers, line.units);
    past
}

/// The dearest in full, the second to fifth at half: 1,159.35 ÷ 2 = 579.675, 631.95 ÷ 2 = 315.975, 605.56 ÷ 2 = 302.78,
/// 578.17 ÷ 2 = 289.085; the sixth 462.60 ÷ 2 = 231.30, by report and never below half.
#[test]
fn several_surgeries_are_ranked_by_their_fees() {
    let lines = "47562@21, 27447@21, 44970@21, 27130@21, 44950@21, 66984@22";
    check(lines, "315.98, 579.68, 289.09, 1162.02, 302.78, 231.30");
    let words = words(&medicare(), lines);
    assert!(words[1].ends_with("Multiple procedures: rank 2, 50 percent."), "{}", words[1]);
    assert!(words[5].ends_with("The sixth and later are priced by report, never below that."), "{}", words[5]);
    // Visits and add-ons (17003: 5 × 1.67) take no rank; another day's surgery stands for itself.
    check("17000@22, 17003@22 x5, 44970@22, 99213@22", "23.88, 8.35, 578.17, 57.45");
    let mut lines = [line("44970@21"), line("47562@21")];
    lines[0].from = date(2026, 3, 9);
    let apart = quotes(&medicare(), &lines, &[]);
    assert_eq!(apart[0].as_ref().unwrap().allowed.to_string(), "578.17");
}

/// A contractor's example of the rule: 1,043.48 in full, 1,010.60 and 922.90 at half.
#[test]
fn the_contractors_example_of_three_surgeries_comes_out() {
    let rows = ["35201", "35261", "35301"].map(|code| surgery(code, [2, 0, 2, 0, 0]));
    let schedule = with_rows(&rows.each_ref().map(String::as_str));
    let schedule = agreed(schedule, &[("35201", 92_290), ("35261", 101_060), ("35301", 104_348)]);
    assert_eq!(allowed(&schedule, "35301 $2000, 35201 $1000, 35261 $1050", &[]), "1043.48, 461.45, 505.30");
}

/// Units are procedures of their own: 44.09 × (1 + 0.5 + 0.5); behind a dearer one, 44.09 × (0.5 + 0.5).
#[test]
fn further_units_of_a_surgery_are_further_surgeries() {
    check("12001@22 x3", "88.18");
    check("12001@22 x2, 44970@22", "44.09, 578.17");
}

/// 223.45 + (177.69 − 164.67) = 236.47; the base is in both. Beside another family (43239: 123.58 ÷ 2) or a surgery
/// (1,159.35 in full; 223.45 ÷ 2 and 13.02 ÷ 2) the family counts as one.
#[test]
fn endoscopies_of_a_family_are_paid_above_their_base() {
    check("45385@24, 45380@24", "223.45, 13.02");
    check("45378@24, 45385@24, 45380@24", "0.00, 223.45, 13.02");
    check("45378@24, 45380@24", "0.00, 177.69");
    check("45378@24", "164.67");
    check("45385@24, 45380@24, 43239@24", "223.45, 13.02, 61.79");
    check("45385@24, 45380@24, 27447@24", "111.73, 6.51, 1159.35");
    // In an office: 500.01 + (479.97 − 378.10).
    check("45380, 45385", "101.87, 500.01");
}

/// The Claims Processing Manual's own example, chapter 12, section 40.6: 374.56 + (285.98 − 255.40) = 405.14.
#[test]
fn the_manuals_example_of_two_colonoscopies_comes_out() {
    let schedule = agreed(medicare(), &[("45385", 37_456), ("45380", 28_598), ("45378", 25_540)]);
    assert_eq!(allowed(&schedule, "45385@24, 45380@24", &[]), "374.56, 30.58");
}

/// Without its base in the tables a family cannot be worked out: its members are ranked one by one, and told so.
#[test]
fn a_family_whose_base_has_no_fee_is_ranked_one_by_one() {
    let scope = |code: &str| surgery(code, [3, 0, 2, 0, 0]).replace(",9,,33", ",9,29870,33");
    let rows = [scope("29881"), scope("29877")];
    let schedule = with_rows(&rows.each_ref().map(String::as_str));
    // 3 × 33.4009 = 100.2027.
    assert_eq!(allowed(&schedule, "29881@24, 29877@24", &[]), "100.20, 50.10");
    assert!(words(&schedule, "29881@24, 29877@24")[1].contains("base 29870"));
}

/// Indicator 1: 1,159.35 × 1.5 = 1,739.025, in one line, in two (579.675 for the second) or as two units (264.87 × 1.5 =
/// 397.305). Indicators 0 and 2 once; 3 each side: 204.41 × 2.
#[test]
fn both_sides_are_paid_by_their_indicator() {
    check("27447-50@21", "1739.03");
    check("27447-50@21 x2", "1739.03");
    check("27447-LT-RT@21", "1739.03");
    check("27447-LT@21, 27447-RT@21", "1159.35, 579.68");
    check("64483 x2", "397.31");
    check("44970-50@21", "578.17");
    check("44970-RT@21, 44970-LT@21", "578.17, 0.00");
    check("92014-50", "127.26");
    check("92014 x2", "127.26");
    check("73721-50", "408.82");
    check("73721-LT, 73721-RT", "204.41, 204.41");
    // The same side twice is no pair: two procedures.
    check("20610-LT, 20610-LT-59", "68.81, 34.41");
}

/// CMS, RVU file documentation: a fee of 125 for indicators 0 and 2, charged 100 for each side, is 125 in all; and with
/// indicator 1 the total charge is compared with 187.50.
#[test]
fn the_charges_for_both_sides_are_taken_together() {
    for indicator in [0, 2] {
        let row = surgery("35301", [0, indicator, 2, 0, 0]);
        let schedule = agreed(with_rows(&[&row]), &[("35301", 12_500)]);
        assert_eq!(allowed(&schedule, "35301-LT $100, 35301-RT $100", &[]), "100.00, 25.00");
        assert_eq!(allowed(&schedule, "35301-50 $200", &[]), "125.00");
    }
    let row = surgery("35301", [0, 1, 2, 0, 0]);
    let schedule = agreed(with_rows(&[&row]), &[("35301", 12_500)]);
    assert_eq!(allowed(&schedule, "35301-LT $100, 35301-RT $100", &[]), "100.00, 87.50");
    assert_eq!(allowed(&schedule, "35301-LT $300, 35301-RT $10", &[]), "177.50, 10.00");
    assert_eq!(allowed(&schedule, "35301-LT $60, 35301-RT $60", &[]), "60.00, 60.00");
    assert_eq!(allowed(&schedule, "35301-50 $150", &[]), "150.00");
}

/// Both sides come before the rule for several: 515.71 × 1.5 = 773.565 is the dearer beside 39.75 ÷ 2, and the lesser
/// beside 1,159.35: 773.565 ÷ 2 = 386.7825, or in two lines 257.855 and 128.9275.
#[test]
fn both_sides_take_one_rank() {
    check("20610@24, 29881-50@24", "19.88, 773.57");
    check("27447-LT@21, 29881-50@21", "1159.35, 386.78");
    check("27447-LT@21, 29881-LT@21, 29881-RT@21", "1159.35, 257.86, 128.93");
}

/// 72148 beside 70553: its technical part 123.25 ÷ 2 = 61.625, its reading 68.47 × 0.95 = 65.0465.
#[test]
fn the_second_image_is_reduced_part_by_part() {
    check("72148, 70553", "126.67, 316.97");
    check("72148-26@22, 70553-26@22", "65.05, 105.21");
    check("72148-TC, 70553-TC", "61.63, 211.76");
    // The reading of one and the whole of another: readings with readings only.
    check("74177-26, 70553", "79.65, 316.97");
    check("70553-26, 74177-TC", "105.21, 216.44");
    // Further units are further images: 114.23 + 76.82 ÷ 2 + 37.41 × 0.95.
    check("76700 x2", "188.18");
    // Two sides are one image beside others, here the dearer: 211.76 ÷ 2 + 105.21 × 0.95 = 205.8295.
    check("73721-50, 70553", "408.82, 205.83");
    // An encounter of its own is no second image.
    check("72148, 72148-XE", "191.72, 191.72");
    // Plain films are not of the kind.
    check("71046, 70553", "33.07, 316.97");
}

/// The technical part of 93000 is 93005's: 15.36 − 7.01 = 8.35 for the reading, 7.01 × 0.75 = 5.2575.
#[test]
fn the_second_heart_test_is_reduced_in_its_technical_part() {
    check("93000, 93306", "13.61, 196.73");
    check("93306-26, 93306-TC", "67.47, 129.26");
    check("93005, 93306-TC", "5.26, 129.26");
}

/// Of 97161, which has the dearest practice expense, all is paid; of 97110, (0.45 + 0.205 + 0.01) × 33.4009 = 22.2116 a
/// unit; of 97140, (0.43 + 0.195 + 0.01) × 33.4009 = 21.2096. Alone, three units are 29.06 + 2 × 22.21.
#[test]
fn further_therapies_are_paid_with_half_their_practice_expense() {
    check("97110 x3, 97140, 97161", "66.63, 21.21, 97.86");
    check("97110 x3", "73.48");
    check("97110", "29.06");
}

/// Of indicator 7 none ships: technical part 3.00 × 33.4009 = 100.2027 → 100.20, of which 80 percent.
#[test]
fn the_second_eye_test_is_reduced_by_a_fifth() {
    let test = |code: &str| {
        format!(
            "{code},,-,A,,0.00,2.90,,2.90,,0.10,3.00,3.00,3,XXX,0.00,0.00,0.00,7,0,0,0,0,9,,33.4009,09,0,99,0.00,0.00,0.00"
        )
    };
    let rows = [test("92134"), test("92250")];
    let schedule = with_rows(&rows.each_ref().map(String::as_str));
    assert_eq!(allowed(&schedule, "92134, 92250", &[]), "100.20, 80.16");
}

/// 578.17 × 0.16 = 92.5072, × 0.136 = 78.6311; 631.95 × 0.16 = 101.112; at half, 578.17 × 0.08 = 46.2536; both sides
/// 1,159.35 × 1.5 × 0.16 = 278.244; with a document 515.71 × 0.16 = 82.5136.
#[test]
fn an_assistant_is_paid_a_part_where_the_indicator_lets_one_in() {
    check("44970-80@21", "92.51");
    check("44970-82@21", "92.51");
    check("44970-AS@21", "78.63");
    check("47562-80@21, 44970-80@21", "101.11, 46.25");
    check("27447-50-80@21", "278.24");
    check("45378-80@24", "CO-54");
    check("29881-80@24", "CO-252");
    check("29881-80@24 documented", "82.51");
    check("74177-80", "CO-4");
    // The surgeon's own line of the same practice is no second surgery.
    let mut both = [line("44970@21"), line("44970-80@21")];
    both[1].rendering_npi = example::STRANGER;
    let quotes: Vec<_> = quotes(&medicare(), &both, &[]).into_iter().map(|q| q.unwrap().allowed.to_string()).collect();
    assert_eq!(quotes, ["578.17", "92.51"]);
}

/// 578.17 × 0.625 = 361.35625; 1,159.35 × 0.625 = 724.59375.
#[test]
fn two_surgeons_are_paid_five_eighths_each_and_a_team_by_report() {
    check("44970-62@21", "361.36");
    check("27447-62@21", "CO-252");
    check("27447-62@21 documented", "724.59");
    check("45378-62@24", "CO-54");
    check("44970-66@21", "CO-54");
    let row = surgery("35301", [2, 0, 2, 0, 2]);
    let quote = quotes(&with_rows(&[&row]), &[line("35301-66")], &[]).remove(0).unwrap();
    assert_eq!(quote.by_report, Some("team surgery"));
}

/// 66984: 462.60 × (0.10 + 0.70), × 0.20, × 0.10; a return, 578.17 × 0.81 = 468.3177. The smallest have no package.
#[test]
fn the_surgical_package_is_split_by_its_parts() {
    check("66984-54@22", "370.08");
    check("66984-55@22", "92.52");
    check("66984-56@22", "46.26");
    // Who bills the care before leaves the surgeon the surgery: 462.60 × 0.70.
    check("66984-54@22, 66984-56@22", "323.82, 46.26");
    assert_eq!(allowed(&medicare(), "66984-54@22", &[&before("66984-56")]), "323.82");
    check("44970-78@21", "468.32");
    check("45378-78@24", "164.67");
    check("45378-54@24", "CO-4");
    check("99213-55", "CO-4");
}

/// 578.17 ÷ 2; 45378-53 has a row of its own, (1.59 + 0.67 + 0.21) × 33.4009 = 82.5002.
#[test]
fn less_than_the_whole_is_paid_by_policy_or_its_own_row() {
    check("44970-52@21", "289.09");
    check("44970-53@21", "289.09");
    check("45378-53@24", "82.50");
    check("44970-22@21", "578.17");
    assert!(words(&medicare(), "44970-22@21")[0].contains("by report"));
}

/// A technical part of 3.82 units that hospitals are paid 1.01 for: 1.01 × 33.4009 = 33.7349; the whole 2.54 × 33.4009 =
/// 84.8383. A second image at half would be 127.59 ÷ 2: the cap is lower. The reading (67.80, or 95 percent) has no cap.
#[test]
fn the_technical_part_of_an_image_is_paid_no_more_than_a_hospitals() {
    let row = |code: &str, modifier: &str, values: &str, hospital: &str| {
        format!("{code},{modifier},-,A,,{values},1,XXX,0.00,0.00,0.00,4,0,0,0,0,9,,33.4009,09,0,88,{hospital}")
    };
    let image = |code: &str| {
        [
            row(code, "", "1.44,4.31,,4.31,NA,0.10,5.85,5.85", "1.51,1.51,0.09"),
            row(code, "26", "1.44,0.51,,0.51,,0.08,2.03,2.03", "0.00,0.00,0.00"),
            row(code, "TC", "0.00,3.80,,3.80,NA,0.02,3.82,3.82", "1.00,1.00,0.01"),
        ]
    };
    let rows: Vec<String> = ["70551", "70552"].into_iter().flat_map(image).collect();
    let schedule = with_rows(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    // 1.44 + 1.51 + 0.09 = 3.04 × 33.4009 = 101.5387.
    assert_eq!(allowed(&schedule, "70551", &[]), "101.54");
    assert!(words(&schedule, "70551")[0].contains("capped by hospital rates"));
    assert_eq!(allowed(&schedule, "70551-TC", &[]), "33.73");
    assert_eq!(allowed(&schedule, "70551-26", &[]), "67.80");
    assert_eq!(allowed(&schedule, "70551-TC, 70552-TC", &[]), "33.73, 33.73");
    // 33.73 + 67.80 × 0.95 = 98.14.
    assert_eq!(allowed(&schedule, "70551, 70552", &[]), "101.54, 98.14");
}

/// What an earlier claim of the day was paid for comes first: 578.17 ÷ 2; 177.69 − 164.67; an image's and a therapy's second.
#[test]
fn an_earlier_claim_of_the_day_takes_the_first_rank() {
    let medicare = medicare();
    assert_eq!(allowed(&medicare, "44970@21", &[&before("47562")]), "289.09");
    assert_eq!(allowed(&medicare, "45380@24", &[&before("45385")]), "13.02");
    assert_eq!(allowed(&medicare, "72148-TC", &[&before("70553-TC")]), "61.63");
    assert_eq!(allowed(&medicare, "72148-TC", &[&before("70553-26")]), "123.25");
    assert_eq!(allowed(&medicare, "97110", &[&before("97161")]), "22.21");
    let mut elsewhere = before("47562");
    elsewhere.billing_npi = example::STRANGER;
    let mut denied = before("47562");
    denied.denied = true;
    assert_eq!(allowed(&medicare, "44970@21", &[&elsewhere, &denied]), "578.17");
}

/// 1.25 × 578.17 = 722.7125 → 722.71; a contract of 100, 50 and 25 percent, 20 for assistants, 200 for both sides.
#[test]
fn a_contract_may_agree_on_other_parts() {
    let mut schedule = medicare();
    let medicare = rates(&mut schedule);
    medicare.percentage = Decimal::new(125, 2);
    *medicare.rules = PaymentRules {
        multiple_surgeries: [100, 50, 25].map(|percent| Decimal::new(percent, 2)).into(),
        both_sides: Some(Decimal::TWO),
        assistant: Some(Decimal::new(20, 2)),
        ..PaymentRules::default()
    };
    // 789.94, 756.95 ÷ 2 = 378.475, 722.71 ÷ 4 = 180.6775.
    assert_eq!(allowed(&schedule, "44970@21, 47562@21, 44950@21", &[]), "180.68, 789.94, 378.48");
    assert_eq!(allowed(&schedule, "44970-80@21", &[]), "144.54");
    // 1.25 × 1,159.35 = 1,449.1875 → 1,449.19.
    assert_eq!(allowed(&schedule, "27447-50@21", &[]), "2898.38");
}

/// An amount that was agreed on is paid a unit, whatever else is billed, unless the schedule says otherwise.
#[test]
fn contracted_amounts_follow_the_rules_only_where_the_schedule_says_so() {
    let mut schedule = agreed(medicare(), &[("44970", 50_000), ("47562", 60_000)]);
    assert_eq!(allowed(&schedule, "44970@21, 47562@21, 44970-80@21", &[]), "250.00, 600.00, 80.00");
    schedule.rules_for_amounts = false;
    assert_eq!(allowed(&schedule, "44970@21, 47562@21, 44970-80@21", &[]), "500.00, 600.00, 500.00");
}
