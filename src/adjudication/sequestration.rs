//! Sequestration: the law's cut of Medicare's payments, last of all and on the payer's own payment only (CARC 253).

use crate::domain::claim::Claim;
use crate::domain::dates::Date;
use crate::domain::money::Money;
use crate::reference::sequestration;

use super::settlement::Settlement;
use super::{Account, Reason};

/// Every reason that it may give.
pub const REASONS: &[Reason] =
    &[Reason::contractual("253", "", "the law cuts the payment, and the patient may not be billed for it")];

/// Cuts what is left to pay. The patient's share and other payers' payments stay as they are.
pub fn cut(claim: &Claim, settlements: &mut [Settlement<'_>]) {
    for settlement in settlements {
        let plan = settlement.terms.plan;
        let payment = settlement.paid();
        if !(plan.medicare || plan.sequestration) || payment <= Money::ZERO {
            continue;
        }
        let Some(cut) = sequestration::on(day(claim, settlement)) else { continue };
        // Rounded once, for each account.
        settlement.sequestration = payment.times(cut.rate());
        settlement.sequestration_words = Some(format!(
            "{} percent of the payment of {payment}; {}.",
            (cut.rate() * rust_decimal::Decimal::ONE_HUNDRED).normalize(),
            cut.source
        ));
    }
}

/// A facility's bill goes by its last day, anything else by the day of service.
fn day(claim: &Claim, settlement: &Settlement<'_>) -> Date {
    match (&claim.institutional, settlement.account) {
        (Some(institutional), _) => institutional.through,
        (None, Account::Claim) => settlement.line.through,
        (None, Account::Line(_)) => settlement.line.from,
    }
}

#[cfg(test)]
mod tests {
    use crate::adjudication::{ClaimFile, adjudicate, example};
    use crate::domain::adjustment::Adjustment;
    use crate::domain::dates::{Date, date};
    use crate::domain::money::Money;

    /// The example under a Medicare plan, with a coinsurance of 20 percent: 150.00 are allowed of 150.00.
    fn medicare(day: Date) -> ClaimFile {
        let mut file = example::office_visit();
        example::plan(&mut file).medicare = true;
        example::benefit(&mut file, "office").in_network.coinsurance = rust_decimal::Decimal::new(2, 1);
        example::benefit(&mut file, "office").in_network.copay = Money::ZERO;
        file.claim.lines[0].from = day;
        file.claim.lines[0].through = day;
        file.family[0].coverages[0].period = crate::domain::dates::Period::since(date(2012, 1, 1));
        file
    }

    fn first(file: &ClaimFile) -> String {
        let ledger = &adjudicate(file).lines[0].ledger;
        let one = |a: &Adjustment| format!("{}-{} {}, ", a.group, a.carc, a.amount);
        format!("{}paid {}", ledger.adjustments().iter().map(one).collect::<String>(), ledger.paid())
    }

    /// 80 percent of 150.00 is 120.00; 2 percent of that is 2.40. The coinsurance of 30.00 is not touched.
    #[test]
    fn the_cut_comes_last_and_touches_only_the_payers_payment() {
        let mut file = medicare(date(2026, 3, 2));
        assert_eq!(first(&file), "PR-2 30.00, CO-253 2.40, paid 117.60");
        let last = adjudicate(&file).steps.pop().unwrap();
        assert_eq!((last.id, last.words.starts_with("2 percent of the payment of 120.00")), ("sequestration", true));
        // Where nothing is paid there is nothing to cut.
        example::plan(&mut file).in_network.individual_deductible = Money::from_cents(20_000);
        assert_eq!(first(&file), "PR-1 150.00, paid 0.00");
    }

    #[test]
    fn other_plans_are_cut_only_where_their_contracts_pass_it_on() {
        let mut file = medicare(date(2026, 3, 2));
        example::plan(&mut file).medicare = false;
        assert_eq!(first(&file), "PR-2 30.00, paid 120.00");
        example::plan(&mut file).sequestration = true;
        assert_eq!(first(&file), "PR-2 30.00, CO-253 2.40, paid 117.60");
    }

    /// 2 percent of 0.74 is 0.0148, of 0.75 is 0.015, of 62.50 is 1.25.
    #[test]
    fn it_is_rounded_once_for_each_line() {
        let mut file = medicare(date(2026, 3, 2));
        example::benefit(&mut file, "office").in_network.coinsurance = rust_decimal::Decimal::ZERO;
        for (charge, expected) in
            [(74, "CO-253 0.01, paid 0.73"), (75, "CO-253 0.02, paid 0.73"), (6_250, "CO-253 1.25, paid 61.25")]
        {
            file.claim.lines[0].charge = Money::from_cents(charge);
            assert_eq!(first(&file), expected);
        }
    }
}
