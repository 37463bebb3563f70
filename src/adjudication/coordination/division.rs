//! The arithmetic of coordination: what this payer pays of one charge after others have paid, by the plan's method.

use rust_decimal::Decimal;

use crate::adjudication::settlement::PatientShare;
use crate::domain::money::Money;
use crate::domain::plan::CoordinationMethod;

use super::prior::Prior;

/// How this payer comes to its payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// The plan's own.
    Plan(CoordinationMethod),
    /// Medicare, paid by a fee schedule: 42 CFR 411.33(a).
    MedicareFeeSchedule,
    /// Medicare, paid on another basis, such as a DRG: 42 CFR 411.33(e).
    MedicareOtherBasis,
}

/// What this payer would do if it were alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Alone {
    /// The charge.
    pub charge: Money,
    /// What it allows.
    pub allowed: Money,
    /// What it would pay.
    pub paid: Money,
    /// What the patient would owe.
    pub patient: PatientShare,
    /// The patient's part of what is left after copay and deductible.
    pub coinsurance: Decimal,
}

/// What it does after others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Division {
    /// What it pays.
    pub paid: Money,
    /// What the patient still owes.
    pub patient: PatientShare,
    /// Told as the earlier payers' part (OA-23).
    pub prior_payers: Money,
    /// The own remainder (CO-45, PR-45; below zero OA-94).
    pub excess: Money,
    /// What all payers and the patient may still give the provider.
    pub room: Money,
}

/// Divides the charge. Whatever the method, this payer pays no more than alone, and all payers together no more than the
/// highest amount that one of them allows (NAIC Model Regulation 120, sections 3.A and 7; 42 CFR 411.33).
pub(super) fn divide(method: Method, alone: Alone, prior: Prior) -> Division {
    // A fee above the charge is paid in full: then it takes the charge's place.
    let basis = alone.charge.max(alone.allowed);
    let owed = (basis - prior.paid - prior.reduced).or_zero();
    let room = owed.min((alone.allowed.max(prior.allowed) - prior.paid).or_zero());
    let (own, patient) = match method {
        Method::Plan(CoordinationMethod::Standard) => (alone.paid, alone.patient),
        Method::Plan(CoordinationMethod::NonDuplication) => ((alone.paid - prior.paid).or_zero(), alone.patient),
        Method::Plan(CoordinationMethod::MaintenanceOfBenefits) => maintain(alone, prior.paid),
        Method::MedicareFeeSchedule | Method::MedicareOtherBasis => medicare(method, alone, prior),
    };
    let paid = own.min(room);
    let patient = patient.at_most(room - paid);
    let unpaid = basis - paid - patient.total();
    let prior_payers = (prior.paid + prior.reduced).min(unpaid);
    let excess = (alone.charge - basis) + (unpaid - prior_payers);
    Division { paid, patient, prior_payers, excess, room }
}

/// The plan's copay, deductible and coinsurance, taken of what earlier payments leave of the allowed amount; no part is
/// larger than alone.
fn maintain(alone: Alone, prior_paid: Money) -> (Money, PatientShare) {
    let PatientShare { copay, deductible, coinsurance, over_limit } = alone.patient;
    let covered = (alone.allowed - prior_paid).or_zero();
    let copay = copay.min(covered);
    let deductible = deductible.min(covered - copay);
    let rest = covered - copay - deductible;
    let coinsurance = rest.times(alone.coinsurance).min(coinsurance).min(rest);
    let over_limit = over_limit.min(rest - coinsurance);
    (rest - coinsurance - over_limit, PatientShare { copay, deductible, coinsurance, over_limit })
}

/// The lowest of the amounts of 411.33, but for the charge less the primary's payment, which is the room for all; and the
/// patient owes deductible and coinsurance only as far as earlier payments do not cover them (411.35(b)).
fn medicare(method: Method, alone: Alone, prior: Prior) -> (Money, PatientShare) {
    let share = alone.patient.total();
    // What the provider must accept as payment in full, if that is less than the charge.
    let charge = (alone.charge - prior.reduced).or_zero();
    let mut paid = alone.paid.min((charge - prior.paid).or_zero());
    if method == Method::MedicareOtherBasis {
        // (e)(2) and (e)(4); (e)(1) is what it would pay alone, (e)(3) the charge less the primary's payment.
        paid = paid.min((alone.allowed - prior.paid).or_zero()).min((charge - share).or_zero());
    }
    (paid, alone.patient.at_most((share - prior.paid).or_zero()))
}

#[cfg(test)]
mod tests {
    use super::*;

    use CoordinationMethod::{MaintenanceOfBenefits, NonDuplication, Standard};

    fn dollars(dollars: i64) -> Money {
        Money::from_cents(dollars * 100)
    }

    /// A charge of which this plan allows `allowed` and pays 80 percent after a deductible.
    fn alone(charge: i64, allowed: i64, deductible: i64) -> Alone {
        let coinsurance = (dollars(allowed) - dollars(deductible)).times(Decimal::new(2, 1));
        Alone {
            charge: dollars(charge),
            allowed: dollars(allowed),
            paid: dollars(allowed) - dollars(deductible) - coinsurance,
            patient: PatientShare { deductible: dollars(deductible), coinsurance, ..PatientShare::default() },
            coinsurance: Decimal::new(2, 1),
        }
    }

    fn prior(paid: i64, reduced: i64, allowed: i64) -> Prior {
        Prior { paid: dollars(paid), reduced: dollars(reduced), allowed: dollars(allowed) }
    }

    /// Dollars paid, owed by the patient, told as OA-23, own remainder.
    fn divided(method: Method, alone: Alone, prior: Prior) -> [i64; 4] {
        let Division { paid, patient, prior_payers, excess, .. } = divide(method, alone, prior);
        [paid, patient.total(), prior_payers, excess].map(|amount| amount.cents() / 100)
    }

    /// 42 CFR 411.33(b): charge 175, the primary allowed 150 and paid 120, fee schedule 125, deductible met. The lowest of
    /// 175 − 120 = 55, 80 percent of 125 = 100, and 150 − 120 = 30.
    #[test]
    fn medicare_pays_30_in_the_regulations_own_example() {
        let found = divided(Method::MedicareFeeSchedule, alone(175, 125, 0), prior(120, 25, 150));
        assert_eq!(found, [30, 0, 145, 0]);
    }

    /// 411.33(e), worked out from the rule: charge 2,800, gross amount 2,700, deductible 520, the primary paid 2,360. The lowest
    /// of 2,700 − 520 = 2,180; 2,700 − 2,360 = 340; 2,800 − 2,360 = 440; 2,800 − 520 = 2,280. The deductible is covered.
    #[test]
    fn a_stay_is_paid_the_lowest_of_four_amounts() {
        let share = PatientShare { deductible: dollars(520), ..PatientShare::default() };
        let stay = Alone {
            charge: dollars(2_800),
            allowed: dollars(2_700),
            paid: dollars(2_180),
            patient: share,
            coinsurance: Decimal::ZERO,
        };
        // It told PR 440, so it allowed everything: 2,800 less 340 less 2,360 are 100 for the hospital to write off.
        assert_eq!(divided(Method::MedicareOtherBasis, stay, prior(2_360, 0, 2_800)), [340, 0, 2_360, 100]);
        // A primary that paid 400 leaves 120 of the deductible: 2,180, 2,300, 2,400, 2,280.
        assert_eq!(divided(Method::MedicareOtherBasis, stay, prior(400, 0, 2_800)), [2_180, 120, 400, 100]);
        // (e)(4): obliged to accept 2,500, the lowest is 2,500 − 520 = 1,980 of 2,180, 2,600, 2,400 and 1,980.
        assert_eq!(divided(Method::MedicareOtherBasis, stay, prior(100, 300, 2_500)), [1_980, 420, 400, 0]);
    }

    /// 200 charged; the first allowed 150 and paid 60; this plan allows 140, of which it would pay 112 after 28 coinsurance.
    /// Standard: 112, but 150 − 60 leaves 90. Maintenance: 80 percent of 140 − 60 = 64. Non-duplication: 112 − 60 = 52.
    #[test]
    fn three_methods_side_by_side() {
        for (method, expected) in [
            // Everything that the first left is paid.
            (Standard, [90, 0, 110, 0]),
            // The patient owes 20 percent of 80; what is left of 150 is the provider's to write off.
            (MaintenanceOfBenefits, [64, 16, 110, 10]),
            // The patient owes the 28 as ever.
            (NonDuplication, [52, 28, 110, 10]),
        ] {
            assert_eq!(divided(Method::Plan(method), alone(200, 140, 0), prior(60, 50, 150)), expected, "{method:?}");
        }
    }

    /// The first paid 120 of 150, more than this plan would have: only the standard method pays the other 30.
    #[test]
    fn only_the_standard_method_pays_when_the_first_paid_more_than_this_plan_would() {
        for (method, expected) in
            [(Standard, [30, 0, 170, 0]), (MaintenanceOfBenefits, [16, 4, 170, 10]), (NonDuplication, [0, 28, 170, 2])]
        {
            assert_eq!(divided(Method::Plan(method), alone(200, 140, 0), prior(120, 50, 150)), expected, "{method:?}");
        }
    }

    /// With 100 of deductible, this plan alone pays 80 percent of 40, which is 32. The first paid 60 of 150. Standard: 32, and of
    /// the other 58 the patient owes all. Maintenance: 140 − 60 = 80 goes to the deductible. Non-duplication: 32 < 60.
    #[test]
    fn the_deductible_is_taken_of_what_each_method_covers() {
        for (method, expected) in
            [(Standard, [32, 58, 110, 0]), (MaintenanceOfBenefits, [0, 80, 110, 10]), (NonDuplication, [0, 90, 110, 0])]
        {
            assert_eq!(divided(Method::Plan(method), alone(200, 140, 100), prior(60, 50, 150)), expected, "{method:?}");
        }
    }

    /// The first payer billed its member the balance of 50 (PR-45): this plan, whose provider accepts 140, does not make it good.
    #[test]
    fn all_payers_together_pay_no_more_than_the_highest_allowed_amount() {
        // 150 − 120 = 30, though 200 − 120 = 80 of the charge is not paid.
        assert_eq!(divided(Method::Plan(Standard), alone(200, 140, 0), prior(120, 0, 150)), [30, 0, 120, 50]);
    }

    /// The amounts of three published 835 samples, in cents: a fee above the charge (541.00, 550.00 allowed, 516.00 before); a stay of
    /// 10,323.64 of which earlier payers took all but 912.00; a reading of 166.50, allowed at 150.00, with 136.50 before.
    #[test]
    fn published_samples_of_secondary_payments_come_out() {
        let cents = Money::from_cents;
        for (charge, allowed, before, paid, prior_payers, excess) in [
            (54_100, 55_000, (51_600, 0), 3_400, 51_600, -900),
            (1_032_364, 1_032_364, (600_000, 341_164), 91_200, 941_164, 0),
            (16_650, 15_000, (12_000, 1_650), 3_000, 13_650, 0),
        ] {
            let charged = |cost: Money| Alone {
                charge: cents(charge),
                allowed: cents(allowed),
                paid: cents(allowed) - cost,
                patient: PatientShare { coinsurance: cost, ..PatientShare::default() },
                coinsurance: Decimal::new(2, 1),
            };
            let prior = Prior { paid: cents(before.0), reduced: cents(before.1), allowed: cents(charge - before.1) };
            let found = divide(Method::Plan(Standard), charged(Money::ZERO), prior);
            assert_eq!(
                [found.paid, found.prior_payers, found.excess, found.patient.total()],
                [cents(paid), cents(prior_payers), cents(excess), Money::ZERO]
            );
        }
    }
}
