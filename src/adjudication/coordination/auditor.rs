//! The auditor of coordination: whatever earlier payers decided, and by whatever method, these things hold.
//!
//! It makes earlier payers that keep their own books, reads ledgers only, and works nothing out the way coordination does.

use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::adjudication::pricing::Method as Price;
use crate::adjudication::{ClaimFile, adjudicate, example};
use crate::domain::adjustment::{Adjustment, Ledger};
use crate::domain::claim::{OtherDecision, OtherLineDecision, OtherPayer, Responsibility};
use crate::domain::codes::{Group, carc};
use crate::domain::money::Money;
use crate::domain::plan::CoordinationMethod;

use CoordinationMethod::{MaintenanceOfBenefits, NonDuplication, Standard};

/// An earlier payer, in hundredths.
#[derive(Clone, Debug)]
struct Earlier {
    /// Of the charge it allows so much.
    allows: i64,
    /// Of what is left to be paid of that, it pays so much.
    pays: i64,
    /// Whether its member is billed for the rest of the charge (PR-45), or the provider writes it off (CO-45).
    balance_billed: bool,
}

#[derive(Clone, Debug)]
struct Scene {
    charge: i64,
    fee: i64,
    ignore_lower_charge: bool,
    deductible: i64,
    copay: i64,
    coinsurance: i64,
    earlier: Vec<Earlier>,
    by_line: bool,
}

fn scene() -> impl Strategy<Value = Scene> {
    let earlier = (0..=100_i64, 0..=100_i64, any::<bool>()).prop_map(|(allows, pays, balance_billed)| Earlier {
        allows,
        pays,
        balance_billed,
    });
    let own = (1..100_000_i64, 20..140_i64, any::<bool>(), 0..30_000_i64, 0..5_000_i64, 0..=100_i64);
    (own, proptest::collection::vec(earlier, 1..3), any::<bool>()).prop_map(
        |((charge, fee, ignore_lower_charge, deductible, copay, coinsurance), earlier, by_line)| Scene {
            charge,
            fee,
            ignore_lower_charge,
            deductible,
            copay,
            coinsurance,
            earlier,
            by_line,
        },
    )
}

fn adjustment(group: Group, reason: &str, amount: Money) -> Adjustment {
    Adjustment { group, carc: carc(reason), amount, rarcs: vec![], step: "" }
}

/// The claim with the decisions of the earlier payers, what they paid in all, and the most that one allowed.
fn brought(scene: &Scene, method: Option<CoordinationMethod>) -> (ClaimFile, Money, Money) {
    let mut file = example::office_visit();
    let charge = Money::from_cents(scene.charge);
    file.claim.lines = vec![example::line("99213", scene.charge)];
    file.claim.charge = charge;
    let schedule = &mut example::payer(&mut file).fee_schedules[0];
    schedule.method = Price::PercentOfCharge(Decimal::new(scene.fee, 2));
    schedule.ignore_lower_charge = scene.ignore_lower_charge;
    let plan = example::plan(&mut file);
    (plan.medicare, plan.coordination) = (method.is_none(), method.unwrap_or(Standard));
    plan.in_network.individual_deductible = Money::from_cents(scene.deductible);
    let share = &mut example::benefit(&mut file, "office").in_network;
    share.copay = Money::from_cents(scene.copay);
    share.coinsurance = Decimal::new(scene.coinsurance, 2);
    let (mut paid_before, mut most) = (Money::ZERO, Money::ZERO);
    for (at, payer) in scene.earlier.iter().enumerate() {
        let allowed = charge.times(Decimal::new(payer.allows, 2));
        let paid = (allowed - paid_before).or_zero().times(Decimal::new(payer.pays, 2));
        let rest = if payer.balance_billed { Group::PatientResponsibility } else { Group::ContractualObligation };
        let by_others = paid_before.min(allowed);
        // What earlier payers paid above its allowed amount is told as theirs too.
        let above = paid_before - by_others;
        let adjustments = vec![
            adjustment(rest, "45", charge - allowed - above.min(charge - allowed)),
            adjustment(Group::OtherAdjustment, "23", by_others + above.min(charge - allowed)),
            adjustment(Group::PatientResponsibility, "2", allowed - by_others - paid),
        ];
        let responsibility = [Responsibility::Primary, Responsibility::Secondary][at];
        let payer_id = format!("PAYER {at}");
        let decision = if scene.by_line {
            let decided = OtherLineDecision { payer_id: payer_id.clone(), paid, adjustments };
            file.claim.lines[0].other_decisions.push(decided);
            None
        } else {
            Some(OtherDecision { paid, adjustments })
        };
        file.claim.other_payers.push(OtherPayer { payer_id, responsibility, decision });
        paid_before += paid;
        most = most.max(allowed);
    }
    file.claim.responsibility =
        if scene.earlier.len() == 1 { Responsibility::Secondary } else { Responsibility::Tertiary };
    (file, paid_before, most)
}

fn alone(file: &ClaimFile) -> Ledger {
    let mut file = file.clone();
    file.claim.other_payers.clear();
    file.claim.lines[0].other_decisions.clear();
    file.claim.responsibility = Responsibility::Primary;
    adjudicate(&file).lines.swap_remove(0).ledger
}

fn told(ledger: &Ledger, group: Group, reason: &str) -> Money {
    ledger.adjusted(|a| a.group == group && a.carc == carc(reason))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_paid_twice_and_every_cent_is_explained(scene in scene()) {
        let mut paid_by = Vec::new();
        for method in [Some(Standard), Some(MaintenanceOfBenefits), Some(NonDuplication), None] {
            let (file, before, most) = brought(&scene, method);
            let decided = adjudicate(&file);
            let (line, alone) = (&decided.lines[0], alone(&file));
            let ledger = &line.ledger;
            prop_assert!(!ledger.is_denied(), "{:?}", decided.steps);

            let explained: Money = ledger.adjustments().iter().map(|a| a.amount).sum();
            prop_assert_eq!(ledger.paid() + explained, ledger.charge());
            prop_assert!(ledger.paid() >= Money::ZERO);
            prop_assert!(ledger.paid() <= alone.paid(), "more than alone");
            let patient = ledger.patient_responsibility();
            prop_assert!(patient >= Money::ZERO && patient <= alone.patient_responsibility());
            // Sequestration is no part of what the provider may keep from others.
            let cut = told(ledger, Group::ContractualObligation, "253");
            if ledger.paid() + cut > Money::ZERO {
                prop_assert!(before + ledger.paid() + cut <= most.max(line.allowed), "more than the highest allowed");
            }
            let from_earlier = told(ledger, Group::OtherAdjustment, "23");
            prop_assert!(from_earlier >= Money::ZERO);
            let written_off: Money = file.claim.other_payers.iter().filter_map(|p| p.decision.as_ref())
                .flat_map(|d| &d.adjustments)
                .chain(file.claim.lines[0].other_decisions.iter().flat_map(|d| &d.adjustments))
                .filter(|a| a.group == Group::ContractualObligation).map(|a| a.amount).sum();
            prop_assert!(from_earlier <= before + written_off);
            let own = told(ledger, Group::ContractualObligation, "45") + told(ledger, Group::OtherAdjustment, "94");
            if own > Money::ZERO {
                prop_assert_eq!(from_earlier, before + written_off, "the own remainder comes after the earlier payers' part");
            }
            paid_by.push(ledger.paid());
        }
        prop_assert!(paid_by[2] <= paid_by[1] && paid_by[1] <= paid_by[0], "{paid_by:?}");
    }
}
