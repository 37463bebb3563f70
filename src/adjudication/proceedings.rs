//! The proceedings: the ledgers of a claim while it is being decided, and the record of who did what to them.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::domain::adjustment::{Adjustment, Ledger};
use crate::domain::codes::{Carc, Group, Rarc, rarc};
use crate::domain::determination::{
    AccumulatorEntry, AuthorizationUse, Determination, LineDetermination, Outcome, Step,
};
use crate::domain::money::Money;

use super::case::{Case, Patient, Service};

/// The ledgers so far and the steps that acted.
#[derive(Debug)]
pub struct Proceedings {
    /// One for each line, in the order of the claim.
    pub lines: Vec<LineProceedings>,
    /// Remarks on the whole claim.
    pub rarcs: Vec<Rarc>,
    /// Why the claim waits, where it does.
    pub pend: Option<&'static str>,
    /// What was taken from deductibles, maxima and limits.
    pub accumulator_entries: Vec<AccumulatorEntry>,
    /// Units taken from authorizations.
    pub authorization_uses: Vec<AuthorizationUse>,
    /// The steps that acted.
    pub steps: Vec<Step>,
}

/// A line while it is being decided.
#[derive(Debug)]
pub struct LineProceedings {
    /// The account of its charge.
    pub ledger: Ledger,
    /// What the payer allows, once priced.
    pub allowed: Money,
    /// The plan's benefit it fell under.
    pub benefit: Option<Arc<str>>,
}

/// A denial found by an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// Who is liable.
    pub group: Group,
    /// Why.
    pub carc: Carc,
    /// Remarks; the claim's, where they start with MA, else the line's.
    pub rarcs: Vec<Rarc>,
    /// What was looked at and why it came out so.
    pub words: String,
}

impl Denial {
    /// The provider bears it (CO).
    pub fn contractual(carc: Carc, words: impl Into<String>) -> Denial {
        Denial { group: Group::ContractualObligation, carc, rarcs: vec![], words: words.into() }
    }

    /// The patient bears it (PR).
    pub fn patient(carc: Carc, words: impl Into<String>) -> Denial {
        Denial { group: Group::PatientResponsibility, carc, rarcs: vec![], words: words.into() }
    }

    /// Neither bears it (OA).
    pub fn other(carc: Carc, words: impl Into<String>) -> Denial {
        Denial { group: Group::OtherAdjustment, carc, rarcs: vec![], words: words.into() }
    }

    /// With a remark.
    #[must_use]
    pub fn remark(mut self, code: &str) -> Denial {
        self.rarcs.push(rarc(code));
        self
    }
}

impl Proceedings {
    /// Opens a ledger for each line.
    pub fn open(case: &Case<'_>) -> Proceedings {
        let account = |service: &Service<'_>| LineProceedings {
            ledger: Ledger::open(service.line.charge),
            allowed: Money::ZERO,
            benefit: service.cover.and_then(|cover| cover.benefit).map(|benefit| Arc::clone(&benefit.name)),
        };
        Proceedings {
            lines: case.services.iter().map(account).collect(),
            rarcs: Vec::new(),
            pend: None,
            accumulator_entries: Vec::new(),
            authorization_uses: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// Whether an edit has denied the line.
    pub fn is_denied(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(|l| l.ledger.is_denied())
    }

    /// What is payable on the line as things stand.
    pub fn payable(&self, line: usize) -> Money {
        self.lines.get(line).map_or(Money::ZERO, |l| l.ledger.paid())
    }

    /// Denies a line; one that is denied already keeps its first reason.
    pub fn deny(&mut self, step: &'static str, line: usize, denial: Denial) {
        let Some(account) = self.lines.get_mut(line) else { return };
        let before = account.ledger.paid();
        let overtaken = account.ledger.is_denied();
        if !overtaken {
            let (claim_remarks, line_remarks) =
                denial.rarcs.into_iter().partition(|r: &Rarc| r.as_str().starts_with("MA"));
            account.ledger.deny(denial.group, denial.carc, line_remarks, step);
            for remark in <Vec<Rarc>>::into_iter(claim_remarks) {
                if !self.rarcs.contains(&remark) {
                    self.rarcs.push(remark);
                }
            }
        }
        let outcome = if overtaken { Outcome::Overtaken } else { Outcome::Denied };
        let after = account.ledger.paid();
        self.steps.push(Step { id: step, line: Some(line), outcome, words: denial.words, before, after });
    }

    /// Adjusts a line without denying it; adjustments of nothing are a note.
    pub fn adjust(
        &mut self,
        step: &'static str,
        line: usize,
        adjustments: impl IntoIterator<Item = Adjustment>,
        words: String,
    ) {
        let Some(account) = self.lines.get_mut(line) else { return };
        let before = account.ledger.paid();
        let so_far = account.ledger.adjustments().len();
        adjustments.into_iter().for_each(|adjustment| account.ledger.adjust(adjustment));
        let adjusted = account.ledger.adjustments().len() > so_far;
        let outcome = if adjusted { Outcome::Adjusted } else { Outcome::Noted };
        let after = account.ledger.paid();
        self.steps.push(Step { id: step, line: Some(line), outcome, words, before, after });
    }

    /// Notes something that changed nothing.
    pub fn note(&mut self, step: &'static str, line: Option<usize>, words: String) {
        let payable = line.map_or_else(|| self.lines.iter().map(|l| l.ledger.paid()).sum(), |at| self.payable(at));
        self.steps.push(Step { id: step, line, outcome: Outcome::Noted, words, before: payable, after: payable });
    }

    /// Sets the claim aside for a person or a document.
    pub fn pend(&mut self, step: &'static str, line: Option<usize>, reason: &'static str, words: String) {
        self.pend.get_or_insert(reason);
        let payable = line.map_or_else(|| self.lines.iter().map(|l| l.ledger.paid()).sum(), |at| self.payable(at));
        self.steps.push(Step { id: step, line, outcome: Outcome::Pended, words, before: payable, after: payable });
    }

    /// What is taken from authorizations as things stand: nothing by a line that is denied; and from a referral one visit a
    /// day, whatever was done on it.
    pub fn uses(&self, case: &Case<'_>) -> Vec<&AuthorizationUse> {
        let day = |line: usize| case.services.get(line).map(|service| service.line.from);
        let is_referral = |number: &str| case.file.authorizations.iter().any(|a| a.referral && a.number == number);
        let mut uses: Vec<&AuthorizationUse> = Vec::new();
        for taken in self.authorization_uses.iter().filter(|taken| !self.is_denied(taken.line)) {
            let same_visit = |other: &&AuthorizationUse| {
                other.number == taken.number && day(other.line) == day(taken.line) && is_referral(&taken.number)
            };
            if !uses.iter().any(same_visit) {
                uses.push(taken);
            }
        }
        uses
    }

    /// Closes the ledgers. A claim that waits takes nothing from authorizations.
    pub fn conclude(self, case: &Case<'_>) -> Determination {
        let uses = if self.pend.is_some() { vec![] } else { self.uses(case).into_iter().cloned().collect() };
        let cover = case.services.first().and_then(|service| service.cover);
        let lines = self.lines.into_iter().zip(&case.services).map(|(account, service)| LineDetermination {
            paid_units: if account.ledger.is_denied() { Decimal::ZERO } else { service.line.units },
            ledger: account.ledger,
            allowed: account.allowed,
            benefit: account.benefit,
        });
        Determination {
            processed: case.file.processed,
            plan_id: cover.map(|cover| cover.plan.plan_id.clone()),
            member_id: case.member().map(|member| member.member_id.clone()),
            network: cover.map(|cover| cover.network),
            claim_status: claim_status(case),
            lines: lines.collect(),
            rarcs: self.rarcs,
            pend: self.pend,
            accumulator_entries: self.accumulator_entries,
            authorization_uses: uses,
            steps: self.steps,
        }
    }
}

/// CLP02: 4 only for a patient not recognised; else this payer's place in the order of payers.
fn claim_status(case: &Case<'_>) -> &'static str {
    use crate::domain::claim::Responsibility::{Primary, Secondary, Tertiary};
    match (case.patient, case.file.claim.responsibility) {
        (Patient::Unknown, _) => "4",
        (_, Primary) => "1",
        (_, Secondary) => "2",
        (_, Tertiary) => "3",
    }
}
