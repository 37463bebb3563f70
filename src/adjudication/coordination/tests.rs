//! Coordination, from the claim to the ledger.

use rust_decimal::Decimal;

use super::prior::priors;
use super::*;
use crate::adjudication::pricing::{ContractedAmount, ContractedAmounts};
use crate::adjudication::{ClaimFile, adjudicate, example};
use crate::domain::adjustment::Adjustment;
use crate::domain::claim::{OtherDecision, OtherLineDecision, OtherPayer, Responsibility};
use crate::domain::codes::{Group, carc};
use crate::domain::codes::{Modifier, ProcedureCode};
use crate::domain::dates::{Period, date};
use crate::domain::determination::{Accumulator, Determination};
use crate::domain::money::Money;

const SECONDARY: Responsibility = Responsibility::Secondary;

fn dollars(dollars: i64) -> Money {
    Money::from_cents(dollars * 100)
}

/// A secondary claim of one charge; the contract allows `fee`, of which the patient owes 20 percent.
fn claim(charge: i64, fee: i64) -> ClaimFile {
    let mut file = example::office_visit();
    file.claim.responsibility = SECONDARY;
    file.claim.lines = vec![example::line("99213", charge * 100)];
    example::payer(&mut file).fee_schedules[0].amounts = ContractedAmounts::new(vec![ContractedAmount {
        code: ProcedureCode::new("99213"),
        modifier: Modifier::NONE,
        period: Period::since(date(2020, 1, 1)),
        facility: dollars(fee),
        non_facility: dollars(fee),
    }]);
    example::benefit(&mut file, "office").in_network.coinsurance = Decimal::new(2, 1);
    file
}

/// Adjustments such as "CO-45 25".
fn adjustments(texts: &[&str]) -> Vec<Adjustment> {
    let adjustment = |text: &&str| {
        let (code, amount) = text.split_once(' ').unwrap();
        let (group, reason) = code.split_once('-').unwrap();
        let groups = [Group::ContractualObligation, Group::PatientResponsibility, Group::OtherAdjustment];
        let group = groups.into_iter().find(|g| g.code() == group).unwrap();
        Adjustment { group, carc: carc(reason), amount: Money::parse(amount).unwrap(), rarcs: vec![], step: "" }
    };
    texts.iter().map(adjustment).collect()
}

fn payer(id: &str, responsibility: Responsibility, decision: Option<OtherDecision>) -> OtherPayer {
    OtherPayer { payer_id: id.into(), responsibility, decision }
}

/// The primary's decision on the first line.
fn primary(mut file: ClaimFile, paid: i64, texts: &[&str]) -> ClaimFile {
    let decision = OtherDecision { paid: dollars(paid), adjustments: vec![] };
    file.claim.other_payers = vec![payer("FIRST", Responsibility::Primary, Some(decision))];
    let decision = OtherLineDecision { payer_id: "FIRST".into(), paid: dollars(paid), adjustments: adjustments(texts) };
    file.claim.lines[0].other_decisions = vec![decision];
    file
}

fn medicare(mut file: ClaimFile) -> ClaimFile {
    example::plan(&mut file).medicare = true;
    file
}

/// A line's adjustments and payment, such as "CO-45 10.00, OA-23 50.00, paid 112.00".
fn line(determination: &Determination, at: usize) -> String {
    let ledger = &determination.lines[at].ledger;
    let one = |a: &Adjustment| format!("{}-{} {}, ", a.group, a.carc, a.amount);
    format!("{}paid {}", ledger.adjustments().iter().map(one).collect::<String>(), ledger.paid())
}

fn first(file: &ClaimFile) -> String {
    line(&adjudicate(file), 0)
}

/// 42 CFR 411.33(b), its own example: the lowest of 175 − 120 = 55, 80 percent of 125 = 100, and 150 − 120 = 30.
/// The example knows no sequestration; 2 percent of 30.00 is 0.60, and the plan pays 29.40.
#[test]
fn medicare_second_pays_the_lowest_of_three() {
    let contracted = primary(medicare(claim(175, 125)), 120, &["CO-45 25", "PR-2 30"]);
    assert_eq!(first(&contracted), "OA-23 145.00, CO-253 0.60, paid 29.40");
    // Without a contract the primary's reduction is nobody's duty: this plan's own fee makes the provider write it off.
    let free = primary(medicare(claim(175, 125)), 120, &["PR-45 25", "PR-2 30"]);
    assert_eq!(first(&free), "CO-45 25.00, OA-23 120.00, CO-253 0.60, paid 29.40");
    let words = example::words(&contracted, "coordination");
    assert_eq!(
        words,
        "Earlier payers paid 120.00 and reduced 25.00: 30.00 is left to be paid. Medicare pays the lowest of the amounts of 42 CFR 411.33(a). Alone this plan would pay 100.00; it pays 30.00, the patient 0.00."
    );
}

/// 411.35: of 25.00 coinsurance the primary's 10.00 cover 10.00. Medicare pays its 100.00, less 2.00 of sequestration, not 150 − 10 = 140.
#[test]
fn medicares_patient_owes_what_the_primarys_payment_does_not_cover() {
    let file = primary(medicare(claim(175, 125)), 10, &["CO-45 25", "PR-1 140"]);
    // OA-23: 10 + 25, less than 175 − 100 − 15; the provider writes off the rest.
    assert_eq!(first(&file), "CO-45 25.00, PR-2 15.00, OA-23 35.00, CO-253 2.00, paid 98.00");
}

/// 200 less 50 by contract less 120 leaves 30; alone the plan would pay 80 percent of 140, which is 112.
#[test]
fn a_second_payer_pays_what_the_first_left() {
    let file = primary(claim(200, 140), 120, &["CO-45 50", "PR-2 30"]);
    assert_eq!(first(&file), "OA-23 170.00, paid 30.00");
}

/// The primary took all 150 for its deductible: the plan pays its 112, the patient owes its 28, and of the provider's
/// write-off of 60 the primary's contract explains 50.
#[test]
fn a_second_payer_pays_no_more_than_alone() {
    let file = primary(claim(200, 140), 0, &["CO-45 50", "PR-1 150"]);
    assert_eq!(first(&file), "CO-45 10.00, PR-2 28.00, OA-23 50.00, paid 112.00");
}

/// The plan's own deductible of 140 leaves nothing to pay. The patient owes the 30 that the primary left, yet the
/// deductible is credited as if there were no other payer (NAIC Model Regulation 120).
#[test]
fn the_own_deductible_is_credited_whoever_pays() {
    let mut file = primary(claim(200, 140), 120, &["CO-45 50", "PR-2 30"]);
    example::plan(&mut file).in_network.individual_deductible = dollars(1_000);
    let determination = adjudicate(&file);
    assert_eq!(line(&determination, 0), "PR-1 30.00, OA-23 170.00, paid 0.00");
    let taken = |of: &Accumulator| determination.accumulator_entries.iter().find(|e| e.accumulator == *of).unwrap();
    assert_eq!(taken(&Accumulator::Deductible).amount, 14_000);
    assert_eq!(taken(&Accumulator::OutOfPocket).amount, 3_000);
}

#[test]
fn what_the_provider_must_write_off_is_not_paid_by_anybody_else() {
    let file = primary(claim(200, 140), 0, &["CO-29 200"]);
    assert_eq!(first(&file), "OA-23 200.00, paid 0.00");
}

/// X12's published sample of a secondary payment with a higher fee: 541 billed, 550 allowed, 516 by the primary.
#[test]
fn a_fee_above_the_charge_takes_the_charges_place() {
    let mut file = primary(claim(541, 550), 516, &["PR-2 25"]);
    example::payer(&mut file).fee_schedules[0].ignore_lower_charge = true;
    assert_eq!(first(&file), "OA-94 -9.00, OA-23 516.00, paid 34.00");
}

/// 100 paid and 50 reduced over lines of 100, 150 and 50: 33.33, 50.00, 16.67 and 16.66, 25.00, 8.34.
#[test]
fn a_decision_on_the_whole_claim_is_spread_by_charge_to_the_cent() {
    let mut file = claim(100, 150);
    file.claim.lines.extend([example::line("99213", 15_000), example::line("99213", 5_000)]);
    let decision = OtherDecision { paid: dollars(100), adjustments: adjustments(&["CO-45 50", "PR-1 150"]) };
    file.claim.other_payers = vec![payer("FIRST", Responsibility::Primary, Some(decision))];
    let priors = priors(&file.claim).unwrap();
    let cents = |of: fn(&Prior) -> Money| priors.iter().map(|prior| of(prior).cents()).collect::<Vec<_>>();
    assert_eq!(cents(|prior| prior.paid), [3_333, 5_000, 1_667]);
    assert_eq!(cents(|prior| prior.reduced), [1_666, 2_500, 834]);
    // The charge less what is reduced: the rest is the patient's share of what was allowed.
    assert_eq!(cents(|prior| prior.allowed), [8_334, 12_500, 4_166]);
}

/// X12's published sample of two lines: of 166.50 the primary left 30.00; 585.00 it did not cover. 500.00 of them are allowed
/// here, less 150.00 deductible and 20 percent of 350.00.
#[test]
fn a_line_that_the_first_payer_did_not_cover_is_paid_as_if_alone() {
    let mut file = primary(claim(585, 500), 0, &["PR-204 585"]);
    example::plan(&mut file).in_network.individual_deductible = dollars(150);
    assert_eq!(first(&file), "CO-45 85.00, PR-1 150.00, PR-2 70.00, paid 280.00");
}

/// A stay of 12,000.00 in group 399, worth 8,329.71; the primary has decided on the claim as a whole.
fn stay(paid: i64, texts: &[&str]) -> ClaimFile {
    let mut file = example::hospital_stay();
    file.claim.responsibility = SECONDARY;
    let decision = OtherDecision { paid: dollars(paid), adjustments: adjustments(texts) };
    file.claim.other_payers = vec![payer("FIRST", Responsibility::Primary, Some(decision))];
    file
}

/// The claim's account, and no line beside it.
fn account(file: &ClaimFile) -> String {
    let determination = adjudicate(file);
    assert!(determination.lines.iter().all(|line| line.ledger.adjustments().is_empty()));
    let ledger = &determination.account.as_ref().unwrap().ledger;
    let one = |a: &Adjustment| format!("{}-{} {}, ", a.group, a.carc, a.amount);
    format!("{}paid {}", ledger.adjustments().iter().map(one).collect::<String>(), ledger.paid())
}

/// 12,000 less 2,000 by contract less 9,000 leaves 1,000, and alone the plan would pay more. Medicare's amount less the
/// primary's payment is nothing (42 CFR 411.33(e)(2)); had that been 5,000, 8,329.71 − 5,000 = 3,329.71 is the lowest,
/// less 2 percent.
#[test]
fn a_stay_on_one_account_is_coordinated_as_a_whole() {
    let texts = ["CO-45 2000", "PR-1 1000"];
    assert_eq!(account(&stay(9_000, &texts)), "OA-23 11000.00, paid 1000.00");
    assert_eq!(account(&medicare(stay(9_000, &texts))), "CO-45 1000.00, OA-23 11000.00, paid 0.00");
    let less = medicare(stay(5_000, &["CO-45 2000", "PR-1 5000"]));
    assert_eq!(account(&less), "CO-45 1670.29, OA-23 7000.00, CO-253 66.59, paid 3263.12");
}

/// X12's example of an adjustment at both levels: 800 billed, 500 paid on the line, 50 taken back on the claim.
#[test]
fn what_the_lines_do_not_tell_of_a_payment_stands_on_the_claim() {
    let mut file = primary(claim(800, 800), 500, &["PR-1 300"]);
    file.claim.other_payers[0].decision =
        Some(OtherDecision { paid: dollars(450), adjustments: adjustments(&["CO-A2 50"]) });
    let expected = Prior { paid: dollars(450), reduced: dollars(50), allowed: dollars(750) };
    assert_eq!(priors(&file.claim), Some(vec![expected]));
}

/// The primary left 30, the secondary paid 20 of it: a tertiary payer owes the last 10.
#[test]
fn a_third_payer_comes_after_both() {
    let mut file = primary(claim(200, 140), 120, &["CO-45 50", "PR-2 30"]);
    file.claim.responsibility = Responsibility::Tertiary;
    file.claim.other_payers.push(payer("SECOND", SECONDARY, None));
    file.claim.lines[0].other_decisions.push(OtherLineDecision {
        payer_id: "SECOND".into(),
        paid: dollars(20),
        adjustments: adjustments(&["OA-23 170", "PR-2 10"]),
    });
    assert_eq!(first(&file), "OA-23 190.00, paid 10.00");
}

#[test]
fn nobody_looks_at_a_payer_that_comes_after() {
    let mut file = primary(claim(200, 140), 120, &["CO-45 50", "PR-2 30"]);
    file.claim.other_payers[0].responsibility = Responsibility::Tertiary;
    file.claim.responsibility = Responsibility::Primary;
    assert_eq!(first(&file), "CO-45 60.00, PR-2 28.00, paid 112.00");
}

/// The provider calls both payers first, but one has decided.
#[test]
fn who_has_decided_came_first() {
    let mut file = primary(claim(200, 140), 120, &["CO-45 50", "PR-2 30"]);
    file.claim.responsibility = Responsibility::Primary;
    assert_eq!(first(&file), "OA-23 170.00, paid 30.00");
}
