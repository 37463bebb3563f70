//! What one payment run pays one payee (floor 2: pure).
//!
//! An 835 cannot ask for money: where reversals outweigh payments, the lack is forwarded to the payee's next remittance
//! (PLB `FB`), so that what is paid is always the claims' payments less the provider adjustments, and never below zero.

use crate::domain::money::Money;

/// Money that belongs to no claim (X12 835 PLB).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderAdjustment {
    /// Why, such as `FB` (X12 PLB03-1).
    pub reason: &'static str,
    /// The trace number of the remittance that the money comes from (X12 PLB03-2).
    pub reference: String,
    /// Positive lowers the payment (X12 PLB04).
    pub amount: Money,
}

/// What the payee still owes when its remittance ends below zero; its next remittance takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// How much is owed; above zero.
    pub amount: Money,
    /// Trace number of the remittance that could not take it.
    pub trace_number: String,
}

/// A remittance's money besides its claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// What is paid: the claims' payments less the provider adjustments; never below zero (X12 BPR02).
    pub paid: Money,
    /// In the order in which the 835 prints them.
    pub provider_adjustments: Vec<ProviderAdjustment>,
    /// What the next remittance has to take; there is at most one a payee.
    pub forward: Option<Forward>,
}

/// Totals a remittance: `claim_payments` are its claims' paid amounts (reversals below zero), `carried` is what the
/// payee's last remittance forwarded, `trace_number` is this remittance's own.
///
/// What was carried is always taken whole, and what then lacks is forwarded anew: so a forward lives from one remittance
/// to the next, and never are two outstanding.
pub fn remit(claim_payments: impl IntoIterator<Item = Money>, carried: Option<&Forward>, trace_number: &str) -> Totals {
    let mut provider_adjustments = Vec::new();
    let mut net: Money = claim_payments.into_iter().sum();
    if let Some(carried) = carried {
        net -= carried.amount;
        provider_adjustments.push(balance_forward(&carried.trace_number, carried.amount));
    }
    if net >= Money::ZERO {
        return Totals { paid: net, provider_adjustments, forward: None };
    }
    provider_adjustments.push(balance_forward(trace_number, net));
    let forward = Some(Forward { amount: -net, trace_number: trace_number.to_owned() });
    Totals { paid: Money::ZERO, provider_adjustments, forward }
}

/// Forwarding balance: below zero leaves for a later remittance, above zero comes from an earlier one (X12 PLB03-1 `FB`).
fn balance_forward(reference: &str, amount: Money) -> ProviderAdjustment {
    ProviderAdjustment { reason: "FB", reference: reference.to_owned(), amount }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usd(dollars: i64) -> Money {
        Money::from_cents(dollars * 100)
    }

    fn run(dollars: &[i64], carried: Option<&Forward>, trace_number: &str) -> Totals {
        remit(dollars.iter().copied().map(usd), carried, trace_number)
    }

    fn fb(reference: &str, dollars: i64) -> ProviderAdjustment {
        balance_forward(reference, usd(dollars))
    }

    fn forward(trace_number: &str, dollars: i64) -> Option<Forward> {
        Some(Forward { amount: usd(dollars), trace_number: trace_number.to_owned() })
    }

    #[test]
    fn payments_without_a_carried_balance_are_paid_as_they_are() {
        let totals = run(&[100, -30, 0], None, "T1");
        assert_eq!(totals.paid, usd(70));
        assert_eq!((totals.provider_adjustments, totals.forward), (vec![], None));
    }

    // A reversal of 80 with a payment of 50 leaves 30 owed: the first remittance forwards it and pays nothing, the second
    // takes it from its 100 and pays 70.
    #[test]
    fn what_a_remittance_cannot_take_the_next_one_takes() {
        let first = run(&[-80, 50], None, "T1");
        assert_eq!(first.paid, Money::ZERO);
        assert_eq!(first.provider_adjustments, [fb("T1", -30)]);
        assert_eq!(first.forward, forward("T1", 30));

        let second = run(&[100], first.forward.as_ref(), "T2");
        assert_eq!(second.paid, usd(70));
        assert_eq!(second.provider_adjustments, [fb("T1", 30)]);
        assert_eq!(second.forward, None);
    }

    // 30 are owed and only 10 come in: the old balance is closed and one of 20 is opened under the new trace number.
    #[test]
    fn a_balance_too_large_to_take_is_forwarded_again_under_the_new_trace_number() {
        let totals = run(&[10], forward("T1", 30).as_ref(), "T2");
        assert_eq!(totals.paid, Money::ZERO);
        assert_eq!(totals.provider_adjustments, [fb("T1", 30), fb("T2", -20)]);
        assert_eq!(totals.forward, forward("T2", 20));
    }

    #[test]
    fn a_balance_taken_to_the_cent_pays_nothing_and_forwards_nothing() {
        let totals = run(&[30], forward("T1", 30).as_ref(), "T2");
        assert_eq!((totals.paid, totals.forward), (Money::ZERO, None));
    }

    proptest! {
        // Over any sequence of runs: each balances (paid = claims - provider adjustments), none pays below zero, and at
        // the end what was paid less what is still owed is what the claims came to, so that no cent is lost or made.
        #[test]
        fn no_cent_is_lost_over_a_sequence_of_runs(
            runs in prop::collection::vec(prop::collection::vec(-50_000_i64..50_000, 0..6), 1..12),
        ) {
            let (mut carried, mut paid) = (None, Money::ZERO);
            for (number, claims) in runs.iter().enumerate() {
                let payments = claims.iter().copied().map(Money::from_cents);
                let totals = remit(payments, carried.as_ref(), &format!("T{number}"));
                let adjusted: Money = totals.provider_adjustments.iter().map(|adjustment| adjustment.amount).sum();
                prop_assert_eq!(totals.paid.cents(), claims.iter().sum::<i64>() - adjusted.cents());
                prop_assert!(totals.paid >= Money::ZERO);
                prop_assert!(totals.forward.as_ref().is_none_or(|f| f.amount > Money::ZERO && totals.paid.is_zero()));
                paid += totals.paid;
                carried = totals.forward;
            }
            let owed = carried.map_or(Money::ZERO, |forward| forward.amount);
            prop_assert_eq!((paid - owed).cents(), runs.iter().flatten().sum::<i64>());
        }
    }
}
