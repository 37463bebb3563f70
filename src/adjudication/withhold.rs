//! Withhold: what the provider's contract keeps back of the payer's payments, to be released later (CARC 104).

use rust_decimal::Decimal;

use super::settlement::Settlement;
use super::{Case, Reason};

/// Every reason that it may give.
pub const REASONS: &[Reason] =
    &[Reason::contractual("104", "", "the provider's contract keeps it back, to be released later")];

/// Keeps back a part of what is left to pay, before the law's cut. The patient's share stays as it is.
pub fn withhold(case: &Case<'_>, settlements: &mut [Settlement<'_>]) {
    let claim = &case.file.claim;
    let Some(provider) = case.file.providers.iter().find(|provider| provider.npi == claim.billing_npi) else { return };
    for settlement in settlements {
        let (payment, plan) = (settlement.paid(), settlement.terms.plan);
        let fits = |networks: &[String]| networks.is_empty() || networks.iter().any(|of| plan.networks.contains(of));
        let contract =
            provider.withholds.iter().find(|of| of.period.contains(settlement.line.from) && fits(&of.networks));
        let Some(contract) = contract.filter(|_| !payment.is_zero() && payment.or_zero() == payment) else { continue };
        // Rounded once, for each account.
        settlement.withheld = payment.times(contract.rate);
        let percent = (contract.rate * Decimal::ONE_HUNDRED).normalize();
        settlement.withhold_words = Some(format!(
            "The contract withholds {percent} percent of the payment of {payment}, to be released later."
        ));
    }
}

#[cfg(test)]
mod tests {
    use crate::adjudication::{ClaimFile, adjudicate, example};
    use crate::domain::dates::{Period, date};
    use crate::domain::money::Money;
    use crate::domain::provider::Withhold;

    /// The example, billed by a clinic whose contract withholds 5 percent since a day, in some networks.
    fn withheld(since: i8, networks: &[&str]) -> ClaimFile {
        let mut file = example::office_visit();
        let clinic = file.claim.billing_npi;
        for provider in file.providers.iter_mut().filter(|provider| provider.npi == clinic) {
            provider.withholds = vec![Withhold {
                period: Period::since(date(2026, 3, since)),
                rate: "0.05".parse().unwrap(),
                networks: networks.iter().map(|name| (*name).to_owned()).collect(),
            }];
        }
        example::benefit(&mut file, "office").in_network.copay = Money::ZERO;
        file
    }

    fn adjustments(file: &ClaimFile) -> String {
        let ledger = &adjudicate(file).lines[0].ledger;
        let one = |a: &crate::domain::adjustment::Adjustment| format!("{}-{} {}, ", a.group, a.carc, a.amount);
        ledger.adjustments().iter().map(one).collect::<String>() + &format!("paid {}", ledger.paid())
    }

    // 150.00 are allowed: 5 percent are 7.50.
    #[test]
    fn a_part_of_the_payment_is_kept_back() {
        assert_eq!(adjustments(&withheld(1, &[])), "CO-104 7.50, paid 142.50");
        assert_eq!(adjustments(&withheld(1, &["blue", "green"])), "CO-104 7.50, paid 142.50");
    }

    #[test]
    fn only_under_the_contract_that_holds() {
        assert_eq!(adjustments(&withheld(1, &["blue"])), "paid 150.00");
        assert_eq!(adjustments(&withheld(31, &[])), "paid 150.00");
    }

    // 7.50 of 150.00 are kept back, to be paid later: a limit of dollars counts what the plan gives, 150.00.
    #[test]
    fn a_limit_of_dollars_counts_what_is_kept_back_too() {
        let mut file = withheld(1, &[]);
        example::benefit(&mut file, "office").dollars_per_year = Some(Money::from_cents(20_000));
        let taken: Vec<i64> = adjudicate(&file).accumulator_entries.iter().map(|entry| entry.amount).collect();
        assert_eq!(taken, [15_000]);
    }

    // Sequestration comes last: 2 percent of 142.50 are 2.85.
    #[test]
    fn the_laws_cut_is_of_what_is_left() {
        let mut file = withheld(1, &[]);
        example::plan(&mut file).medicare = true;
        assert_eq!(adjustments(&file), "CO-104 7.50, CO-253 2.85, paid 139.65");
    }
}
