//! Remedies: what would have paid a denied line. Each reason has its own; every one is tried by deciding the changed claim again.
//!
//! Nothing here proposes to say what is not so: a change that holds only if it is true says what must be true.

mod authorization;
mod clinical;
mod diagnosis;
mod facility;
mod member;
mod modifier;
mod other_payer;
mod provider;
mod reasons;
mod reduced;
mod search;
mod service;

pub use reasons::outlook;
pub use reduced::reduced;
pub use search::{Found, MOST_DECISIONS, Search};

use crate::domain::codes::{DiagnosisCode, Modifier, Npi, PlaceOfService, ProcedureCode};
use crate::domain::determination::Determination;
use crate::domain::institutional::TypeOfBill;

use rust_decimal::Decimal;

use super::{Case, Service};

/// One change to a claim, or to the payer's records. Lines and diagnoses are zero-based places.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Another diagnosis at a place of the claim's list.
    Diagnosis(usize, DiagnosisCode),
    /// The line points to that diagnosis of the claim, first of all.
    Pointer(usize, usize),
    /// One modifier more.
    Modifier(usize, Modifier),
    /// A modifier less.
    NoModifier(usize, Modifier),
    /// Another procedure.
    Procedure(usize, ProcedureCode),
    /// No procedure beside the revenue code.
    NoProcedure(usize),
    /// So many units.
    Units(usize, Decimal),
    /// The line in two: so many units on it, the rest on a line of its own with that modifier.
    Split(usize, Decimal, Modifier),
    /// Another place.
    Place(usize, PlaceOfService),
    /// The authorization of that number, named.
    Authorization(usize, String),
    /// The referral of that number, named.
    Referral(usize, String),
    /// The patient as the payer has the member of that number on record.
    Patient(String),
    /// The payer of that number.
    Payer(String),
    /// Another type of bill.
    Bill(TypeOfBill),
    /// A document said to be sent for the line.
    Attachment(usize),
    /// The provider who ordered.
    Ordering(usize, Npi),
    /// The provider who referred.
    Referring(Npi),
    /// What another payer decided: that the whole charge is the patient's deductible there.
    PriorDecision(String),
    /// The payer authorizes the line's service, and the claim names that.
    ObtainAuthorization(usize),
    /// A primary care provider refers to the line's service, and the claim names that.
    ObtainReferral(usize),
    /// The payer's records show no coverage by that other payer any more.
    NoOtherCoverage(String),
    /// The payer enrolls the provider for the days of the claim, in the networks that it had.
    Enroll(Npi),
}

impl Change {
    /// Whether somebody other than the provider has to act.
    pub fn by_others(&self) -> bool {
        matches!(
            self,
            Change::ObtainAuthorization(_) | Change::ObtainReferral(_) | Change::NoOtherCoverage(_) | Change::Enroll(_)
        )
    }

    /// What it sets: two changes that set the same do not go together.
    fn place(&self) -> (u8, usize) {
        match self {
            Change::Diagnosis(at, _) => (0, *at),
            Change::Pointer(line, _) => (1, *line),
            Change::Modifier(line, _) => (2, *line),
            Change::NoModifier(line, _) => (3, *line),
            Change::Procedure(line, _) | Change::NoProcedure(line) => (4, *line),
            Change::Units(line, _) | Change::Split(line, ..) => (5, *line),
            Change::Place(line, _) => (6, *line),
            Change::Authorization(line, _) | Change::ObtainAuthorization(line) => (7, *line),
            Change::Referral(line, _) | Change::ObtainReferral(line) => (8, *line),
            Change::Patient(_) => (9, 0),
            Change::Payer(_) => (10, 0),
            Change::Bill(_) => (11, 0),
            Change::Attachment(line) => (12, *line),
            Change::Ordering(line, _) => (13, *line),
            Change::Referring(_) => (14, 0),
            Change::PriorDecision(_) | Change::NoOtherCoverage(_) => (15, 0),
            Change::Enroll(_) => (16, 0),
        }
    }
}

/// A change worth trying, and what must be true for it; empty: it is only a matter of form.
#[derive(Clone, Debug, PartialEq)]
pub struct Idea {
    /// The change.
    pub change: Change,
    /// What must be true, as a clause after "only if".
    pub only_if: &'static str,
}

/// Which way leads out of a denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// A claim sent anew.
    NewClaim,
    /// The claim sent again as a replacement.
    CorrectedClaim,
    /// Original Medicare's contractor opens its decision again.
    Reopening,
    /// An appeal with what proves the case.
    Appeal,
    /// A dispute between provider and payer, by their contract.
    Dispute,
    /// Another payer is billed.
    OtherPayer,
    /// The patient is billed.
    Patient,
    /// Nothing.
    Nothing,
}

/// A way that deciding the claim again cannot verify, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// Which.
    pub path: Path,
    /// What to do, or why there is nothing.
    pub words: String,
}

/// What a reason leaves open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outlook {
    /// Changes worth trying, the plainest first.
    pub ideas: Vec<Idea>,
    /// Other ways, the best first.
    pub advice: Vec<Advice>,
    /// What the catalogue says of the reason, for where no change holds and there is no other way.
    pub otherwise: Vec<Advice>,
}

impl Outlook {
    fn form(mut self, change: Change) -> Outlook {
        self.ideas.push(Idea { change, only_if: "" });
        self
    }

    fn only_if(mut self, change: Change, only_if: &'static str) -> Outlook {
        self.ideas.push(Idea { change, only_if });
        self
    }

    fn advice(mut self, path: Path, words: impl Into<String>) -> Outlook {
        self.advice.push(Advice { path, words: words.into() });
        self
    }

    fn nothing(words: impl Into<String>) -> Outlook {
        Outlook::default().advice(Path::Nothing, words)
    }
}

/// A denied line, looked at for a way out.
pub(crate) struct Seen<'c, 'a> {
    case: &'c Case<'a>,
    service: &'c Service<'a>,
    /// The reason's code.
    carc: &'c str,
    /// Whether the patient bears it.
    patient_bears: bool,
    /// Its remarks, those of the claim too.
    remarks: Vec<String>,
}

impl Seen<'_, '_> {
    fn has_remark(&self, code: &str) -> bool {
        self.remarks.iter().any(|remark| remark == code)
    }

    fn at(&self) -> usize {
        self.service.at
    }

    fn medicare(&self) -> bool {
        self.service.cover.is_some_and(|cover| cover.plan.medicare)
    }
}

/// The ledger that tells of a line: its own, or the claim's where that stands on one account.
fn ledger_of(determination: &Determination, line: usize) -> Option<&crate::domain::adjustment::Ledger> {
    match &determination.account {
        Some(account) => Some(&account.ledger),
        None => determination.lines.get(line).map(|line| &line.ledger),
    }
}

/// Whether a line is denied.
pub fn is_denied(determination: &Determination, line: usize) -> bool {
    ledger_of(determination, line).is_some_and(crate::domain::adjustment::Ledger::is_denied)
}
