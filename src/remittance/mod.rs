//! What one payment run pays one payee (floor 2: pure).
//!
//! An 835 cannot ask for money: where reversals outweigh payments, the lack is forwarded to the payee's next remittance
//! (PLB `FB`), so that what is paid is always the claims' payments less the provider adjustments, and never below zero.

mod interest;

use crate::domain::money::Money;

pub use interest::interest;

/// Money that belongs to no claim (X12 835 PLB).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderAdjustment {
    /// Why, such as `FB` (X12 PLB03-1).
    pub reason: &'static str,
    /// What the money comes from: the trace number of a remittance, the control number of a claim (X12 PLB03-2).
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

/// What is due to a payee besides what an earlier remittance forwarded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// The claims' payments; reversals below zero.
    pub payments: Money,
    /// Interest on them; what a reversal takes back, below zero.
    pub interest: Money,
    /// What was withheld and is released.
    pub released: Money,
    /// Recoupments deferred and collected.
    pub recoupments: Vec<Recoupment>,
}

/// An overpayment that the payee may keep for a while, or no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recoupment {
    /// The claim that was overpaid.
    pub control_number: String,
    /// Below zero: the reversal on this remittance has taken it, and it is given back until later. Above: it is collected.
    pub amount: Money,
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

/// What would be paid, were an 835 able to ask for money: below zero where the payee owes.
pub fn net(due: &Due, carried: Option<&Forward>) -> Money {
    let recouped: Money = due.recoupments.iter().map(|recoupment| recoupment.amount).sum();
    due.payments + due.interest + due.released - recouped - carried.map_or(Money::ZERO, |carried| carried.amount)
}

/// Totals a remittance: `carried` is what the payee's last remittance forwarded, `trace_number` is this remittance's own.
///
/// What was carried is always taken whole, and what then lacks is forwarded anew: so a forward lives from one remittance
/// to the next, and never are two outstanding.
pub fn remit(due: &Due, carried: Option<&Forward>, trace_number: &str) -> Totals {
    let mut provider_adjustments = Vec::new();
    let mut adjust = |reason, reference: &str, amount: Money| {
        if !amount.is_zero() {
            provider_adjustments.push(ProviderAdjustment { reason, reference: reference.to_owned(), amount });
        }
    };
    let net = net(due, carried);
    // Forwarding balance: above zero comes from an earlier remittance, below zero leaves for a later one.
    if let Some(carried) = carried {
        adjust("FB", &carried.trace_number, carried.amount);
    }
    // Interest paid raises the payment, and so stands below zero; withholding that is released likewise.
    adjust("L6", trace_number, -due.interest);
    adjust("E3", trace_number, -due.released);
    for recoupment in &due.recoupments {
        adjust("WO", &recoupment.control_number, recoupment.amount);
    }
    if net >= Money::ZERO {
        return Totals { paid: net, provider_adjustments, forward: None };
    }
    adjust("FB", trace_number, net);
    let forward = Some(Forward { amount: -net, trace_number: trace_number.to_owned() });
    Totals { paid: Money::ZERO, provider_adjustments, forward }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usd(dollars: i64) -> Money {
        Money::from_cents(dollars * 100)
    }

    fn run(dollars: &[i64], carried: Option<&Forward>, trace_number: &str) -> Totals {
        let due = Due { payments: dollars.iter().copied().map(usd).sum(), ..Due::default() };
        remit(&due, carried, trace_number)
    }

    fn adjustment(reason: &'static str, reference: &str, dollars: i64) -> ProviderAdjustment {
        ProviderAdjustment { reason, reference: reference.to_owned(), amount: usd(dollars) }
    }

    fn fb(reference: &str, dollars: i64) -> ProviderAdjustment {
        adjustment("FB", reference, dollars)
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

    // 100 are paid, 2 of interest come on top, 5 that were withheld are released: 107.
    #[test]
    fn interest_and_what_is_released_raise_the_payment_and_stand_below_zero() {
        let due = Due { payments: usd(100), interest: usd(2), released: usd(5), recoupments: vec![] };
        let totals = remit(&due, None, "T1");
        assert_eq!(totals.paid, usd(107));
        assert_eq!(totals.provider_adjustments, [adjustment("L6", "T1", -2), adjustment("E3", "T1", -5)]);
    }

    // A reversal takes 80 and gives them back: the first remittance pays its 50 in full, the later one collects 80 of its 100.
    #[test]
    fn a_deferred_recoupment_is_given_back_first_and_collected_later() {
        let recoupment = |dollars| vec![Recoupment { control_number: "C1".into(), amount: usd(dollars) }];
        let first = Due { payments: usd(50 - 80), recoupments: recoupment(-80), ..Due::default() };
        let first = remit(&first, None, "T1");
        assert_eq!((first.paid, first.forward), (usd(50), None));
        assert_eq!(first.provider_adjustments, [adjustment("WO", "C1", -80)]);
        let later = remit(&Due { payments: usd(100), recoupments: recoupment(80), ..Due::default() }, None, "T2");
        assert_eq!(later.paid, usd(20));
        assert_eq!(later.provider_adjustments, [adjustment("WO", "C1", 80)]);
    }

    /// What happens in a run: a claim is paid, or one is reversed at once, or is reversed and collected some runs later; interest
    /// is paid or taken back; something is released.
    #[derive(Clone, Debug)]
    enum Event {
        Paid(i64),
        Reversed(i64),
        Deferred(i64, usize),
        Interest(i64),
        Released(i64),
    }

    fn event() -> impl Strategy<Value = Event> {
        let cents = || 0_i64..50_000;
        prop_oneof![
            3 => cents().prop_map(Event::Paid),
            2 => cents().prop_map(Event::Reversed),
            2 => (cents(), 1_usize..5).prop_map(|(cents, later)| Event::Deferred(cents, later)),
            1 => (-500_i64..500).prop_map(Event::Interest),
            1 => cents().prop_map(Event::Released),
        ]
    }

    proptest! {
        // Over any sequence of runs: each balances (paid = claims - provider adjustments), none pays below zero, one balance is
        // forwarded at most and its closing equals its opening, every deferred recoupment comes to nothing in the end; and what was
        // paid less what is still owed is what the claims, interest and releases came to, so that no cent is lost or made.
        #[test]
        fn no_cent_is_lost_over_a_sequence_of_runs(runs in prop::collection::vec(prop::collection::vec(event(), 0..6), 1..12)) {
            // The collections outlive the runs: as many runs more.
            let length = runs.len() + 5;
            let (mut carried, mut paid, mut owed_to_payee) = (None::<Forward>, 0, 0);
            let mut collect: Vec<Vec<Recoupment>> = vec![vec![]; length + 5];
            let mut recouped = 0;
            for number in 0..length {
                let mut due = Due { recoupments: std::mem::take(&mut collect[number]), ..Due::default() };
                for (at, event) in runs.get(number).into_iter().flatten().enumerate() {
                    match event {
                        Event::Paid(cents) => due.payments += Money::from_cents(*cents),
                        Event::Reversed(cents) => due.payments -= Money::from_cents(*cents),
                        Event::Deferred(cents, later) => {
                            let control_number = format!("C{number}-{at}");
                            let amount = Money::from_cents(*cents);
                            due.payments -= amount;
                            due.recoupments.push(Recoupment { control_number: control_number.clone(), amount: -amount });
                            collect[number + later].push(Recoupment { control_number, amount });
                        }
                        Event::Interest(cents) => due.interest += Money::from_cents(*cents),
                        Event::Released(cents) => due.released += Money::from_cents(*cents),
                    }
                }
                owed_to_payee += (due.payments + due.interest + due.released).cents();
                let totals = remit(&due, carried.as_ref(), &format!("T{number}"));
                let sum = |reason: &str| -> i64 {
                    let of = totals.provider_adjustments.iter().filter(|adjustment| reason.is_empty() || adjustment.reason == reason);
                    of.map(|adjustment| adjustment.amount.cents()).sum()
                };
                prop_assert_eq!(totals.paid.cents(), due.payments.cents() - sum(""));
                prop_assert!(totals.paid >= Money::ZERO);
                prop_assert!(totals.forward.as_ref().is_none_or(|f| f.amount > Money::ZERO && totals.paid.is_zero()));
                let opened = totals.forward.as_ref().map_or(0, |forward| forward.amount.cents());
                prop_assert_eq!(sum("FB"), carried.as_ref().map_or(0, |carried| carried.amount.cents()) - opened);
                recouped += sum("WO");
                paid += totals.paid.cents();
                carried = totals.forward;
            }
            let owed = carried.map_or(0, |forward| forward.amount.cents());
            prop_assert_eq!(recouped, 0);
            prop_assert_eq!(paid - owed, owed_to_payee);
        }
    }
}
