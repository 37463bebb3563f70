//! The decision on a claim, as data.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::adjustment::Ledger;
use super::codes::{Modifier, Npi, ProcedureCode, Rarc};
use super::dates::Date;
use super::money::Money;
use super::plan::Network;

/// A law, manual or plan provision that a step rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citation {
    /// What it is.
    pub title: &'static str,
    /// Where to read it; empty for the plan's own provisions.
    pub href: &'static str,
}

impl Citation {
    /// The plan's own provisions.
    pub const PLAN: Citation = Citation { title: "the plan", href: "" };
}

/// The decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Determination {
    /// When it was decided.
    pub processed: Date,
    /// The plan, where there was coverage.
    pub plan_id: Option<String>,
    /// The member, where known.
    pub member_id: Option<String>,
    /// In or out of network, where that was asked.
    pub network: Option<Network>,
    /// 835 claim status (CLP02): 1, 2, 3 or 4.
    pub claim_status: &'static str,
    /// Line by line.
    pub lines: Vec<LineDetermination>,
    /// Remarks on the whole claim.
    pub rarcs: Vec<Rarc>,
    /// Why it waits, where it does; then nothing is paid or taken yet.
    pub pend: Option<&'static str>,
    /// What it took from deductibles, maxima and limits.
    pub accumulator_entries: Vec<AccumulatorEntry>,
    /// Units it took from authorizations.
    pub authorization_uses: Vec<AuthorizationUse>,
    /// The steps that acted, in order.
    pub steps: Vec<Step>,
}

/// The decision on a line.
#[derive(Clone, Debug, PartialEq)]
pub struct LineDetermination {
    /// The account of its charge.
    pub ledger: Ledger,
    /// What the payer allows.
    pub allowed: Money,
    /// Units paid.
    pub paid_units: Decimal,
    /// The plan's benefit it fell under.
    pub benefit: Option<Arc<str>>,
}

/// What a decision took from a deductible, a maximum or a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccumulatorEntry {
    /// From what.
    pub accumulator: Accumulator,
    /// Whose.
    pub member_id: String,
    /// In or out of network.
    pub network: Network,
    /// First day of the benefit year.
    pub year_start: Date,
    /// Cents, or a count of visits.
    pub amount: i64,
    /// Zero-based line.
    pub line: usize,
}

/// What can be used up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Accumulator {
    /// Paid by the member before the plan pays.
    Deductible,
    /// Paid by the member in all.
    OutOfPocket,
    /// Visits under a benefit.
    Visits(Arc<str>),
    /// Dollars paid by the plan under a benefit.
    Dollars(Arc<str>),
}

/// Units taken from an authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationUse {
    /// Its number.
    pub number: String,
    /// Zero-based line.
    pub line: usize,
    /// Units.
    pub units: Decimal,
}

/// One step of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The edit's id, "pricing", "benefits" or "coordination".
    pub id: &'static str,
    /// Zero-based line; `None` for the whole claim.
    pub line: Option<usize>,
    /// What came of it.
    pub outcome: Outcome,
    /// What was looked at and why it came out so.
    pub words: String,
    /// Payable before.
    pub before: Money,
    /// Payable after.
    pub after: Money,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing found.
    Passed,
    /// Nothing found, but something worth saying.
    Noted,
    /// Denied.
    Denied,
    /// Would have denied a line that an earlier edit had denied.
    Overtaken,
    /// Waits.
    Pended,
    /// Amounts were set or moved.
    Adjusted,
}

/// A line of an earlier claim of the family, as history remembers it.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryLine {
    /// Control number of its claim.
    pub control_number: String,
    /// The patient's member number.
    pub member_id: String,
    /// Who billed.
    pub billing_npi: Npi,
    /// Who performed it.
    pub rendering_npi: Npi,
    /// What.
    pub procedure: ProcedureCode,
    /// How.
    pub modifiers: [Modifier; 4],
    /// First day.
    pub from: Date,
    /// Last day.
    pub through: Date,
    /// Units billed.
    pub units: Decimal,
    /// Charge.
    pub charge: Money,
    /// Whether it was denied.
    pub denied: bool,
    /// Whether it was unprocessable (CARC 16 with MA130): then it never counts as done.
    pub unprocessable: bool,
    /// Benefit it fell under.
    pub benefit: Option<Arc<str>>,
}

impl Determination {
    /// What the payer pays.
    pub fn paid(&self) -> Money {
        self.lines.iter().map(|line| line.ledger.paid()).sum()
    }

    /// Whether every line was denied.
    pub fn is_denied(&self) -> bool {
        self.lines.iter().all(|line| line.ledger.is_denied())
    }
}
