//! The auditor of stays: whatever the method, the plan, payers before, the law's cut and what a contract keeps back, these
//! things hold of a claim that stands on one account.
//!
//! It reads ledgers and what is told of the payment, and works prices out in whole numbers of its own.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{BaseRate, CaseRate, CaseRates, FacilityMethod, MsDrg, PerDiem, PerDiemRate};
use crate::adjudication::pricing::Method;
use crate::adjudication::{ClaimFile, adjudicate, example};
use crate::domain::adjustment::{Adjustment, Ledger};
use crate::domain::claim::{OtherDecision, OtherPayer, Responsibility};
use crate::domain::codes::{Code, Drg, Group, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::{Accumulator, Determination};
use crate::domain::institutional::CodeSet;
use crate::domain::money::Money;
use crate::domain::provider::Withhold;
use crate::reference::ms_drg::DrgWeights;

/// Groups of CMS's Table 5 of fiscal year 2026: weight in ten-thousandths, mean days in tenths, whether transfers to care after the
/// acute count, whether half is paid at once, what of costs above the threshold is paid.
const GROUPS: [(&str, i128, i128, bool, bool, i128); 5] = [
    ("291", 12_838, 38, true, false, 80),
    ("399", 11_447, 18, false, false, 80),
    ("481", 20_945, 43, true, true, 80),
    ("871", 19_425, 48, true, false, 80),
    ("927", 213_505, 240, false, false, 90),
];

/// How a stay is paid; cents.
#[derive(Clone, Debug)]
enum Rule {
    Group { base: i64, percent: i64, fixed_loss: i64, in_full: bool },
    Day { early: i64, late: i64 },
    Case { amount: i64, days: i32, further: i64 },
}

#[derive(Clone, Debug)]
struct Scene {
    rule: Rule,
    group: usize,
    status: &'static str,
    nights: i8,
    /// Cents of room, of the rest, and of what is not covered of the rest.
    charges: (i64, i64, i64),
    /// Costs in hundredths of the charge.
    ratio: Option<i64>,
    ignore_lower_charge: bool,
    medicare: bool,
    /// Deductible in cents, coinsurance and what the contract keeps back in hundredths.
    shares: (i64, i64, i64),
    /// What a payer before paid, and took off by contract, in hundredths of the charge.
    primary: Option<(i64, i64)>,
}

fn rule() -> impl Strategy<Value = Rule> {
    let group = (100_000..2_000_000_i64, 50..150_i64, 0..3_000_000_i64, any::<bool>())
        .prop_map(|(base, percent, fixed_loss, in_full)| Rule::Group { base, percent, fixed_loss, in_full });
    let day = (0..300_000_i64, 0..300_000_i64).prop_map(|(early, late)| Rule::Day { early, late });
    let case = (0..3_000_000_i64, 1..6_i32, 0..200_000_i64).prop_map(|(amount, days, further)| Rule::Case {
        amount,
        days,
        further,
    });
    prop_oneof![3 => group, 1 => day, 1 => case]
}

fn scene() -> impl Strategy<Value = Scene> {
    let charges = (0..20_000_000_i64, 0..5_000_000_i64, 0..100_000_i64);
    let stay = (0..GROUPS.len(), prop_oneof![Just("01"), Just("02"), Just("03")], 1..12_i8, charges);
    let flags = (any::<bool>(), any::<bool>(), proptest::option::of(1..60_i64));
    let shares = (0..200_000_i64, 0..=100_i64, 0..=20_i64);
    let primary = proptest::option::weighted(0.4, (0..=100_i64, 0..=100_i64));
    (rule(), stay, flags, shares, primary).prop_map(|(rule, stay, flags, shares, primary)| {
        let (group, status, nights, charges) = stay;
        let (ignore_lower_charge, medicare, ratio) = flags;
        Scene { rule, group, status, nights, charges, ratio, ignore_lower_charge, medicare, shares, primary }
    })
}

fn cents(amount: i64) -> Money {
    Money::from_cents(amount)
}

fn method(scene: &Scene) -> FacilityMethod {
    match scene.rule {
        Rule::Group { base, percent, fixed_loss, in_full } => FacilityMethod::MsDrg(MsDrg {
            weights: DrgWeights::embedded().iter().cloned().map(std::sync::Arc::new).collect(),
            base: BaseRate::Agreed(cents(base)),
            percentage: Decimal::new(percent, 2),
            fixed_loss: Some(cents(fixed_loss)),
            transfers_in_full: in_full,
        }),
        Rule::Day { early, late } => {
            let rate = |from_day, through_day, amount| PerDiemRate {
                revenue_codes: CodeSet::parse(["0120"], 4).unwrap(),
                from_day,
                through_day,
                amount: cents(amount),
            };
            FacilityMethod::PerDiem(PerDiem { rates: vec![rate(1, Some(3), early), rate(4, None, late)] })
        }
        Rule::Case { amount, days, further } => FacilityMethod::CaseRate(CaseRates {
            rates: vec![CaseRate {
                drgs: CodeSet::default(),
                procedures: crate::domain::member::CodeRanges::default(),
                revenue_codes: CodeSet::default(),
                amount: cents(amount),
                days: Some(days),
                further_day: cents(further),
            }],
            otherwise_of_charge: None,
        }),
    }
}

fn brought(scene: &Scene) -> ClaimFile {
    let mut file = example::hospital_stay();
    let (room, rest, noncovered) = scene.charges;
    file.claim.lines[0].charge = cents(room);
    file.claim.lines[0].units = scene.nights.into();
    (file.claim.lines[1].charge, file.claim.lines[1].noncovered) = (cents(rest), cents(noncovered.min(rest)));
    file.claim.charge = cents(room + rest);
    let stay = file.claim.institutional.as_mut().unwrap();
    stay.through = date(2026, 3, 2 + scene.nights);
    (stay.drg, stay.patient_status) = (Some(Drg::new(GROUPS[scene.group].0)), Code::new(scene.status));
    (file.received, file.processed) = (date(2026, 4, 1), date(2026, 4, 1));
    let hospital = file.providers.iter_mut().find(|provider| provider.npi == example::CLINIC).unwrap();
    hospital.facility.get_or_insert_default().cost_to_charge = scene.ratio.map(|ratio| Decimal::new(ratio, 2));
    let rate = Decimal::new(scene.shares.2, 2);
    hospital.withholds = vec![Withhold { period: Period::since(date(2026, 1, 1)), rate, networks: vec![] }];
    let schedule = &mut example::payer(&mut file).fee_schedules[0];
    schedule.method = Method::Facility(method(scene));
    schedule.ignore_lower_charge = scene.ignore_lower_charge;
    let plan = example::plan(&mut file);
    plan.medicare = scene.medicare;
    plan.in_network.individual_deductible = cents(scene.shares.0);
    for benefit in &mut plan.benefits {
        benefit.in_network.copay = Money::ZERO;
        benefit.in_network.coinsurance = Decimal::new(scene.shares.1, 2);
    }
    if let Some((paid, reduced)) = scene.primary {
        let part = |percent: i64| file.claim.charge.times(Decimal::new(percent, 2));
        let paid = part(paid);
        let reduced = part(reduced).min(file.claim.charge - paid);
        let adjust = |group, reason, amount| Adjustment { group, carc: carc(reason), amount, rarcs: vec![], step: "" };
        let adjustments = vec![
            adjust(Group::ContractualObligation, "45", reduced),
            adjust(Group::PatientResponsibility, "2", file.claim.charge - paid - reduced),
        ];
        let decision = Some(OtherDecision { paid, adjustments });
        file.claim.other_payers =
            vec![OtherPayer { payer_id: "FIRST".into(), responsibility: Responsibility::Primary, decision }];
        file.claim.responsibility = Responsibility::Secondary;
    }
    file
}

/// Half up.
fn divide(number: i128, by: i128) -> i128 {
    (2 * number + by) / (2 * by)
}

/// What a stay is worth, in cents; the part of a full payment in ten-thousandths; its outlier before the contract's percentage.
fn worth(scene: &Scene, charge: i128) -> (i128, Option<i128>, i128) {
    let (_, weight, mean_days, post_acute, special, marginal) = GROUPS[scene.group];
    let nights = i128::from(scene.nights);
    match scene.rule {
        Rule::Day { early, late } => {
            let (early, late) = (i128::from(early), i128::from(late));
            (early * nights.min(3) + late * (nights - 3).max(0), None, 0)
        }
        Rule::Case { amount, days, further } => {
            (i128::from(amount) + i128::from(further) * (nights - i128::from(days)).max(0), None, 0)
        }
        Rule::Group { base, percent, fixed_loss, in_full } => {
            let full = divide(i128::from(base) * weight, 10_000);
            let transferred = !in_full && (scene.status == "02" || (scene.status == "03" && post_acute));
            // Days and one more, each a mean day's worth: tenths of days over tenths of days, in ten-thousandths.
            let by_day = |half: bool| match half {
                true => divide((mean_days + (nights + 1) * 10) * 10_000, 2 * mean_days),
                false => divide((nights + 1) * 10 * 10_000, mean_days),
            };
            let part = by_day(special && scene.status == "03");
            let part = Some(part).filter(|part| transferred && *part < 10_000);
            let payment = part.map_or(full, |part| divide(full * part, 10_000));
            // In millionths of a cent: costs in hundredths of the charge, the loss in ten-thousandths.
            let costs = charge * i128::from(scene.ratio.unwrap_or(0)) * 10_000;
            let threshold = payment * 1_000_000 + i128::from(fixed_loss) * part.unwrap_or(10_000) * 100;
            let outlier = divide((costs - threshold).max(0) * marginal, 100 * 1_000_000);
            (divide((payment + outlier) * i128::from(percent), 100), part, outlier)
        }
    }
}

fn told(ledger: &Ledger, group: Group, reason: &str) -> i128 {
    ledger.adjusted(|a| a.group == group && a.carc == carc(reason)).cents().into()
}

/// Each charge stands in one ledger; nothing is told on a line that the claim's account tells.
fn each_cent_once(file: &ClaimFile, decided: &Determination) -> Result<(), TestCaseError> {
    let Some(account) = &decided.account else {
        return Err(TestCaseError::fail("a stay stands on the claim's account"));
    };
    for line in &decided.lines {
        prop_assert_eq!(line.ledger.charge(), Money::ZERO);
        prop_assert!(line.ledger.adjustments().is_empty());
    }
    let ledger = &account.ledger;
    prop_assert_eq!(ledger.charge(), file.claim.charge);
    let explained: Money = ledger.adjustments().iter().map(|a| a.amount).sum();
    prop_assert_eq!(explained + decided.paid(), file.claim.charge);
    let below_zero = |a: &&Adjustment| a.amount < Money::ZERO;
    prop_assert!(ledger.adjustments().iter().filter(below_zero).all(|a| a.carc == carc("94")));
    let owed: Money = decided
        .accumulator_entries
        .iter()
        .filter(|entry| entry.accumulator == Accumulator::OutOfPocket)
        .map(|entry| Money::from_cents(entry.amount))
        .sum();
    let share = ["1", "2", "3"].map(|reason| told(ledger, Group::PatientResponsibility, reason));
    prop_assert_eq!(i128::from(owed.cents()), share.into_iter().sum::<i128>());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn a_stay_is_worth_what_the_rule_says_and_each_cent_is_explained_once(scene in scene()) {
        let file = brought(&scene);
        let decided = adjudicate(&file);
        each_cent_once(&file, &decided)?;
        let account = decided.account.as_ref().unwrap();
        let ledger = &account.ledger;
        prop_assume!(!ledger.is_denied());
        let lines = file.claim.lines.iter();
        let noncovered: Money = lines.clone().map(|line| line.noncovered).sum();
        // A line that is not covered at all is the patient's; of the others the whole is divided.
        let patients: Money = lines.filter(|line| line.noncovered == line.charge).map(|line| line.charge).sum();
        let charge = i128::from((file.claim.charge - patients).cents());
        let (worth, part, outlier) = worth(&scene, (file.claim.charge - noncovered).cents().into());
        let allowed = i128::from(account.allowed.cents());
        prop_assert_eq!(allowed, if scene.ignore_lower_charge { worth } else { worth.min(charge) });
        prop_assert!(allowed >= 0 && decided.paid() >= Money::ZERO && decided.paid() <= account.allowed);
        let payment = decided.facility.as_ref().unwrap();
        prop_assert_eq!(payment.discharge_fraction, part.map(|part| Decimal::from_i128_with_scale(part, 4)));
        prop_assert_eq!(i128::from((payment.operating_outlier + payment.capital_outlier).cents()), outlier);
        // What the contract keeps back is taken of the payment, the law's cut of what is left of it.
        let (cut, kept) = (told(ledger, Group::ContractualObligation, "253"), told(ledger, Group::ContractualObligation, "104"));
        let paid = i128::from(decided.paid().cents());
        prop_assert_eq!(kept, divide((paid + cut + kept) * i128::from(scene.shares.2), 100));
        prop_assert_eq!(cut, if scene.medicare { divide((paid + cut) * 2, 100) } else { 0 });
        if scene.primary.is_some() {
            let alone = brought(&Scene { primary: None, ..scene.clone() });
            let alone = adjudicate(&alone);
            prop_assert!(decided.paid() <= alone.paid());
        }
    }
}
