//! A reversal: a decision as a message, with every amount negated.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::determination::ENGINE_VERSION;
use crate::proto::v1 as pb;

/// The decision that takes another back: the same groups and reasons, every charge, payment and adjustment negated (the patient's share
/// too), and what was taken from accumulators and authorizations returned. X12: 835 CLP02 22.
pub fn reversal(of: &pb::Determination, processed_date: &str, reason: &str) -> pb::Determination {
    let mut taken_back = of.clone();
    taken_back.sequence = of.sequence.saturating_add(1);
    processed_date.clone_into(&mut taken_back.processed_date);
    "22".clone_into(&mut taken_back.claim_status_code);
    for cents in [
        &mut taken_back.charge_cents,
        &mut taken_back.allowed_cents,
        &mut taken_back.patient_responsibility_cents,
        &mut taken_back.paid_cents,
    ] {
        negate(cents);
    }
    taken_back.lines.iter_mut().for_each(negate_line);
    taken_back.account.iter_mut().for_each(negate_account);
    taken_back.facility_payment.iter_mut().for_each(negate_facility_payment);
    taken_back.accumulator_entries.iter_mut().for_each(|entry| negate(&mut entry.amount));
    for taken in &mut taken_back.authorization_uses {
        taken.units =
            Decimal::from_str(&taken.units).map_or_else(|_| taken.units.clone(), |units| (-units).to_string());
    }
    taken_back.steps = vec![pb::Step {
        id: "reversal".to_owned(),
        outcome: pb::StepOutcome::Adjusted.into(),
        words: reason.to_owned(),
        before_cents: of.paid_cents,
        after_cents: 0,
        ..Default::default()
    }];
    taken_back
}

/// The decision on a void: nothing is charged and nothing paid, and the trace says what is taken back.
pub fn void(voided: &pb::Determination, number: &str, processed_date: &str, payer_revision: &str) -> pb::Determination {
    pb::Determination {
        sequence: 1,
        processed_date: processed_date.to_owned(),
        plan: voided.plan.clone(),
        network: voided.network.clone(),
        member_id: voided.member_id.clone(),
        payer_revision: payer_revision.to_owned(),
        engine_version: ENGINE_VERSION.to_owned(),
        steps: vec![pb::Step {
            id: "void".to_owned(),
            outcome: pb::StepOutcome::Noted.into(),
            words: format!("Claim {number} is taken back as asked; this claim decides nothing itself."),
            ..Default::default()
        }],
        ..Default::default()
    }
}

fn negate_line(line: &mut pb::LineDetermination) {
    for cents in
        [&mut line.charge_cents, &mut line.allowed_cents, &mut line.paid_cents, &mut line.patient_responsibility_cents]
    {
        negate(cents);
    }
    line.adjustments.iter_mut().for_each(|adjustment| negate(&mut adjustment.amount_cents));
}

fn negate_account(account: &mut pb::ClaimAccount) {
    for cents in [
        &mut account.charge_cents,
        &mut account.allowed_cents,
        &mut account.paid_cents,
        &mut account.patient_responsibility_cents,
    ] {
        negate(cents);
    }
    account.adjustments.iter_mut().for_each(|adjustment| negate(&mut adjustment.amount_cents));
}

fn negate_facility_payment(payment: &mut pb::FacilityPayment) {
    for cents in [
        &mut payment.operating_federal_cents,
        &mut payment.operating_hospital_cents,
        &mut payment.operating_outlier_cents,
        &mut payment.capital_cents,
        &mut payment.capital_outlier_cents,
        &mut payment.drg_cents,
        &mut payment.procedures_payable_cents,
    ] {
        negate(cents);
    }
}

fn negate(amount: &mut i64) {
    *amount = amount.saturating_neg();
}

#[cfg(test)]
mod tests {
    use super::*;

    // 150.00 less CO-45 8.90 and PR-3 25.00 is 116.10; taken back, -150.00 less -8.90 and -25.00 is -116.10.
    #[test]
    fn every_amount_is_negated_under_its_own_reason() {
        let adjustment = |group: pb::GroupCode, carc: &str, amount_cents| pb::Adjustment {
            group: group.into(),
            carc: carc.into(),
            amount_cents,
            ..Default::default()
        };
        let line = pb::LineDetermination {
            charge_cents: 15000,
            allowed_cents: 14110,
            paid_cents: 11610,
            patient_responsibility_cents: 2500,
            adjustments: vec![adjustment(pb::GroupCode::Co, "45", 890), adjustment(pb::GroupCode::Pr, "3", 2500)],
            ..Default::default()
        };
        let decision = pb::Determination {
            sequence: 1,
            claim_status_code: "1".into(),
            charge_cents: 15000,
            paid_cents: 11610,
            lines: vec![line],
            accumulator_entries: vec![pb::AccumulatorEntry { amount: 2500, ..Default::default() }],
            authorization_uses: vec![pb::AuthorizationUse { units: "1.5".into(), ..Default::default() }],
            ..Default::default()
        };
        let taken_back = reversal(&decision, "2026-07-15", "billed twice");
        assert_eq!((taken_back.sequence, taken_back.claim_status_code.as_str()), (2, "22"));
        assert_eq!((taken_back.charge_cents, taken_back.paid_cents), (-15000, -11610));
        let line = &taken_back.lines[0];
        let reasons: Vec<_> = line.adjustments.iter().map(|a| (a.carc.as_str(), a.amount_cents)).collect();
        assert_eq!(reasons, [("45", -890), ("3", -2500)]);
        assert_eq!(line.paid_cents, line.charge_cents + 890 + 2500);
        assert_eq!(taken_back.accumulator_entries[0].amount, -2500);
        assert_eq!(taken_back.authorization_uses[0].units, "-1.5");
        // Taken back twice it is what it was, but for its place and its steps.
        let again = reversal(&taken_back, "", "");
        assert_eq!((again.lines, again.paid_cents), (decision.lines, decision.paid_cents));
    }
}
