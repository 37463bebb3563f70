//! The proceedings: the ledgers of a claim while it is being decided, and the record of who did what to them.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::domain::adjustment::{Adjustment, Ledger};
use crate::domain::codes::{ApcCode, Carc, Group, Rarc, rarc};
use crate::domain::determination::{
    AccumulatorEntry, AuthorizationUse, ClaimDetermination, Determination, FacilityPayment, LineDetermination, Outcome,
    Step,
};
use crate::domain::document::Awaited;
use crate::domain::money::Money;

use super::case::{Case, Patient, Service};
use super::policy::Cut;

/// The ledgers so far and the steps that acted.
#[derive(Debug)]
pub struct Proceedings {
    /// One for each line, in the order of the claim.
    pub lines: Vec<LineProceedings>,
    /// The whole claim's, once it has taken over the charges of the lines.
    pub claim: Option<LineProceedings>,
    /// How a facility is paid.
    pub facility: Option<Box<FacilityPayment>>,
    /// Remarks on the whole claim.
    pub rarcs: Vec<Rarc>,
    /// Why the claim waits, where it does.
    pub pend: Option<&'static str>,
    /// The same in the words of an instruction that holds it.
    pub held_for: Option<Box<str>>,
    /// What was taken from deductibles, maxima and limits.
    pub accumulator_entries: Vec<AccumulatorEntry>,
    /// Units taken from authorizations.
    pub authorization_uses: Vec<AuthorizationUse>,
    /// What medical policies take of what is allowed.
    pub cuts: Vec<Cut>,
    /// The documents that the claim waits for.
    pub awaited: Vec<Awaited>,
    /// The steps that acted.
    pub steps: Vec<Step>,
}

/// Which ledger: a line's, or the claim's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// Of the line at a zero-based place.
    Line(usize),
    /// Of the whole claim.
    Claim,
}

impl From<usize> for Account {
    fn from(line: usize) -> Account {
        Account::Line(line)
    }
}

impl Account {
    /// The line; `None` for the whole claim.
    pub fn line(self) -> Option<usize> {
        match self {
            Account::Line(at) => Some(at),
            Account::Claim => None,
        }
    }
}

/// A line, or a whole claim, while it is being decided.
#[derive(Debug)]
pub struct LineProceedings {
    /// The account of its charge.
    pub ledger: Ledger,
    /// What the payer allows, once priced.
    pub allowed: Money,
    /// The plan's benefit it fell under.
    pub benefit: Option<Arc<str>>,
    /// Ambulatory payment classification that it was paid by.
    pub apc: Option<ApcCode>,
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
            apc: None,
        };
        Proceedings {
            lines: case.services.iter().map(account).collect(),
            claim: None,
            facility: None,
            rarcs: Vec::new(),
            pend: None,
            held_for: None,
            accumulator_entries: Vec::new(),
            authorization_uses: Vec::new(),
            cuts: Vec::new(),
            awaited: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// The claim's own ledger takes over every charge, and what edits have said of single lines. A claim that edits have
    /// denied line by line is denied as a whole.
    pub fn take_over(&mut self) {
        let mut ledger = Ledger::open(Money::ZERO);
        for line in &mut self.lines {
            ledger.take_over(&line.ledger);
            line.ledger = line.ledger.handed_over();
        }
        let denied_by: Option<Vec<&'static str>> = self.lines.iter().map(|line| line.ledger.denied_by()).collect();
        if let Some(step) = denied_by.and_then(|steps| steps.first().copied()) {
            ledger.mark_denied(step);
        }
        // Only a line has remarks of its own; a claim's stand in MIA and MOA (X12 835).
        for adjustment in ledger.adjustments() {
            adjustment.rarcs.iter().for_each(|remark| remember(&mut self.rarcs, *remark));
        }
        let benefit = self.lines.iter().find_map(|line| line.benefit.clone());
        self.claim = Some(LineProceedings { ledger, allowed: Money::ZERO, benefit, apc: None });
    }

    /// What stands on the account.
    pub fn account(&self, account: impl Into<Account>) -> Option<&LineProceedings> {
        match account.into() {
            Account::Line(at) => self.lines.get(at),
            Account::Claim => self.claim.as_ref(),
        }
    }

    /// The same, to be changed.
    pub fn account_mut(&mut self, account: impl Into<Account>) -> Option<&mut LineProceedings> {
        match account.into() {
            Account::Line(at) => self.lines.get_mut(at),
            Account::Claim => self.claim.as_mut(),
        }
    }

    /// Whether the line, or the claim that it stands on, is denied.
    pub fn is_denied(&self, line: usize) -> bool {
        let denied = |account: Option<&LineProceedings>| account.is_some_and(|a| a.ledger.is_denied());
        denied(self.lines.get(line)) || denied(self.claim.as_ref())
    }

    /// What is payable on the account as things stand.
    pub fn payable(&self, account: impl Into<Account>) -> Money {
        self.account(account).map_or(Money::ZERO, |a| a.ledger.paid())
    }

    /// What is payable on the whole claim as things stand.
    fn payable_in_all(&self) -> Money {
        self.claim.iter().chain(&self.lines).map(|account| account.ledger.paid()).sum()
    }

    /// Denies a line or a claim; one that is denied already keeps its first reason.
    pub fn deny(&mut self, step: &'static str, account: impl Into<Account>, denial: Denial) {
        let at = account.into();
        let Some(account) = self.account_mut(at) else { return };
        let before = account.ledger.paid();
        let overtaken = account.ledger.is_denied();
        let mut claim_remarks = Vec::new();
        if !overtaken {
            let of_the_claim = |r: &Rarc| at == Account::Claim || r.as_str().starts_with("MA");
            let (of_claim, of_line) = denial.rarcs.into_iter().partition(of_the_claim);
            account.ledger.deny(denial.group, denial.carc, of_line, step);
            claim_remarks = of_claim;
        }
        let outcome = if overtaken { Outcome::Overtaken } else { Outcome::Denied };
        let after = account.ledger.paid();
        claim_remarks.into_iter().for_each(|remark| remember(&mut self.rarcs, remark));
        self.steps.push(Step { id: step, line: at.line(), outcome, words: denial.words, before, after, policy: None });
    }

    /// Adjusts a line or a claim without denying it; adjustments of nothing are a note.
    pub fn adjust(
        &mut self,
        step: &'static str,
        account: impl Into<Account>,
        adjustments: impl IntoIterator<Item = Adjustment>,
        words: String,
    ) {
        let at = account.into();
        let Some(account) = self.account_mut(at) else { return };
        let before = account.ledger.paid();
        let so_far = account.ledger.adjustments().len();
        adjustments.into_iter().for_each(|adjustment| account.ledger.adjust(adjustment));
        let adjusted = account.ledger.adjustments().len() > so_far;
        let outcome = if adjusted { Outcome::Adjusted } else { Outcome::Noted };
        let after = account.ledger.paid();
        self.steps.push(Step { id: step, line: at.line(), outcome, words, before, after, policy: None });
    }

    /// Notes something that changed nothing.
    pub fn note(&mut self, step: &'static str, line: Option<usize>, words: String) {
        let payable = line.map_or_else(|| self.payable_in_all(), |at| self.payable(at));
        self.steps.push(Step {
            id: step,
            line,
            outcome: Outcome::Noted,
            words,
            before: payable,
            after: payable,
            policy: None,
        });
    }

    /// Sets the claim aside for a person or a document.
    pub fn pend(&mut self, step: &'static str, line: Option<usize>, reason: &'static str, words: String) {
        self.pend.get_or_insert(reason);
        let payable = line.map_or_else(|| self.payable_in_all(), |at| self.payable(at));
        self.steps.push(Step {
            id: step,
            line,
            outcome: Outcome::Pended,
            words,
            before: payable,
            after: payable,
            policy: None,
        });
    }

    /// Has the claim wait for a document; what several lines wait for is awaited once.
    pub fn wait_for(&mut self, awaited: Awaited) {
        let same = |known: &Awaited| Awaited { line: awaited.line, ..known.clone() } == awaited;
        if !self.awaited.iter().any(same) {
            self.awaited.push(awaited);
        }
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
        let whole_denied = self.claim.as_ref().is_some_and(|claim| claim.ledger.is_denied());
        let lines = self.lines.into_iter().zip(&case.services).map(|(account, service)| LineDetermination {
            charge: service.line.charge,
            paid_units: if whole_denied || account.ledger.is_denied() {
                Decimal::ZERO
            } else {
                let cuts = self.cuts.iter().filter(|cut| cut.line == service.at);
                cuts.fold(service.line.units, |units, cut| cut.units(units))
            },
            ledger: account.ledger,
            apc: account.apc,
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
            account: self.claim.map(|claim| ClaimDetermination {
                ledger: claim.ledger,
                allowed: claim.allowed,
                benefit: claim.benefit,
            }),
            facility: self.facility,
            rarcs: self.rarcs,
            pend: self.pend,
            held_for: self.held_for,
            awaited: self.awaited,
            accumulator_entries: self.accumulator_entries,
            authorization_uses: uses,
            steps: self.steps,
        }
    }
}

/// Remarks of a claim are told once each.
fn remember(remarks: &mut Vec<Rarc>, remark: Rarc) {
    if !remarks.contains(&remark) {
        remarks.push(remark);
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
