//! The one idea: a ledger has no `paid` field. What is paid is the charge less the adjustments.

use super::codes::{Carc, Group, Rarc};
use super::money::Money;

/// One reason why the payment differs from the charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// Who is liable.
    pub group: Group,
    /// Why.
    pub carc: Carc,
    /// Positive lowers the payment.
    pub amount: Money,
    /// Remarks that belong to the reason.
    pub rarcs: Vec<Rarc>,
    /// The step that said so: an edit's id, "pricing", "benefits", "coordination".
    pub step: &'static str,
}

/// The account of one charge. It opens with the charge; all that can be done to it is to adjust it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    charge: Money,
    adjustments: Vec<Adjustment>,
    denied_by: Option<&'static str>,
}

impl Ledger {
    /// Opens with a charge.
    pub fn open(charge: Money) -> Ledger {
        Ledger { charge, adjustments: Vec::new(), denied_by: None }
    }

    /// Adjusts. An adjustment of nothing that says nothing is left out.
    pub fn adjust(&mut self, adjustment: Adjustment) {
        if !adjustment.amount.is_zero() || !adjustment.rarcs.is_empty() {
            self.adjustments.push(adjustment);
        }
    }

    /// Denies: adjusts by all that is left. A line is denied once; a later denial is the caller's to trace.
    pub fn deny(&mut self, group: Group, carc: Carc, rarcs: Vec<Rarc>, step: &'static str) {
        self.denied_by = Some(step);
        self.adjustments.push(Adjustment { group, carc, amount: self.paid(), rarcs, step });
    }

    /// An empty one for a line whose charge another ledger has taken over; it stays known as denied if it was.
    #[must_use]
    pub fn handed_over(&self) -> Ledger {
        Ledger { charge: Money::ZERO, adjustments: Vec::new(), denied_by: self.denied_by }
    }

    /// Takes over another ledger's charge and adjustments; those of one step and reason become one.
    pub fn take_over(&mut self, other: &Ledger) {
        self.charge += other.charge;
        for adjustment in &other.adjustments {
            let reason = |a: &Adjustment| (a.group, a.carc, a.step, a.rarcs.clone());
            match self.adjustments.iter_mut().find(|mine| reason(mine) == reason(adjustment)) {
                Some(mine) => mine.amount += adjustment.amount,
                None => self.adjustments.push(adjustment.clone()),
            }
        }
    }

    /// Says that the edit denied all of it.
    pub fn mark_denied(&mut self, step: &'static str) {
        self.denied_by = Some(step);
    }

    /// What was billed.
    pub fn charge(&self) -> Money {
        self.charge
    }

    /// What is paid, as things stand: the charge less the adjustments.
    pub fn paid(&self) -> Money {
        self.charge - self.adjustments.iter().map(|a| a.amount).sum()
    }

    /// What the patient owes: the PR adjustments.
    pub fn patient_responsibility(&self) -> Money {
        self.adjusted(|a| a.group == Group::PatientResponsibility)
    }

    /// The sum of the adjustments that fit.
    pub fn adjusted(&self, fits: impl Fn(&Adjustment) -> bool) -> Money {
        self.adjustments.iter().filter(|a| fits(a)).map(|a| a.amount).sum()
    }

    /// The adjustments, in the order in which they were made.
    pub fn adjustments(&self) -> &[Adjustment] {
        &self.adjustments
    }

    /// The edit that denied the line, if one did.
    pub fn denied_by(&self) -> Option<&'static str> {
        self.denied_by
    }

    /// Whether an edit denied it.
    pub fn is_denied(&self) -> bool {
        self.denied_by.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::carc;

    fn adjustment(group: Group, reason: &str, cents: i64) -> Adjustment {
        Adjustment { group, carc: carc(reason), amount: Money::from_cents(cents), rarcs: vec![], step: "test" }
    }

    #[test]
    fn every_cent_is_paid_or_explained() {
        let mut ledger = Ledger::open(Money::from_cents(20_000));
        ledger.adjust(adjustment(Group::ContractualObligation, "45", 7_500));
        ledger.adjust(adjustment(Group::PatientResponsibility, "2", 2_500));
        assert_eq!(ledger.paid(), Money::from_cents(10_000));
        assert_eq!(ledger.patient_responsibility(), Money::from_cents(2_500));
    }

    #[test]
    fn a_denial_takes_all_that_is_left_and_no_more() {
        let mut ledger = Ledger::open(Money::from_cents(20_000));
        ledger.adjust(adjustment(Group::ContractualObligation, "45", 7_500));
        ledger.deny(Group::ContractualObligation, carc("29"), vec![], "timely-filing");
        assert_eq!(ledger.paid(), Money::ZERO);
        assert_eq!(ledger.denied_by(), Some("timely-filing"));
    }

    #[test]
    fn a_payment_may_exceed_the_charge() {
        let mut ledger = Ledger::open(Money::from_cents(10_000));
        ledger.adjust(adjustment(Group::OtherAdjustment, "94", -900));
        assert_eq!(ledger.paid(), Money::from_cents(10_900));
    }
}
