//! The decision on a claim, as data.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::adjustment::Ledger;
use super::codes::{
    ApcCode, Code, DiagnosisCode, Drg, Modifier, Npi, PlaceOfService, ProcedureCode, Rarc, RevenueCode,
};
use super::dates::Date;
use super::document::Awaited;
use super::institutional::TypeOfBill;
use super::money::Money;
use super::plan::{LimitUnit, Network, ShortName};

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
    /// The account of the whole claim, where one stands over all its charges; then the lines' own ledgers are empty.
    pub account: Option<ClaimDetermination>,
    /// What a facility is told of how it is paid, where it is paid by Medicare's kind of method.
    pub facility: Option<Box<FacilityPayment>>,
    /// Remarks on the whole claim.
    pub rarcs: Vec<Rarc>,
    /// Why it waits, where it does; then nothing is paid or taken yet.
    pub pend: Option<&'static str>,
    /// The same in the words of an instruction that holds it.
    pub held_for: Option<Box<str>>,
    /// The documents that it waits for.
    pub awaited: Vec<Awaited>,
    /// What it took from deductibles, maxima and limits.
    pub accumulator_entries: Vec<AccumulatorEntry>,
    /// Units it took from authorizations.
    pub authorization_uses: Vec<AuthorizationUse>,
    /// The steps that acted, in order.
    pub steps: Vec<Step>,
}

/// The decision on a claim that stands on one account: a stay paid by case or by day.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimDetermination {
    /// The account of all its charges.
    pub ledger: Ledger,
    /// What the payer allows.
    pub allowed: Money,
    /// The plan's benefit it fell under.
    pub benefit: Option<Arc<str>>,
}

/// How a facility is paid, for its remittance. Amounts that do not arise are zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacilityPayment {
    /// Diagnosis-related group that was paid (835 CLP11).
    pub drg: Option<Drg>,
    /// Its weight (835 CLP12).
    pub drg_weight: Option<Decimal>,
    /// The part of a full payment that a transfer is paid (835 CLP13); `None`: all of it.
    pub discharge_fraction: Option<Decimal>,
    /// Days paid (835 MIA01).
    pub covered_days: Option<i32>,
    /// Operating payment by the national amount (835 MIA16).
    pub operating_federal: Money,
    /// Operating payment by the hospital's own amount (835 MIA14).
    pub operating_hospital: Money,
    /// Operating outlier payment (835 MIA02).
    pub operating_outlier: Money,
    /// Capital payment, its outlier left out (835 MIA08).
    pub capital: Money,
    /// Capital outlier payment (835 MIA17).
    pub capital_outlier: Money,
    /// The part of the charge that is paid, where it is (835 MOA01).
    pub reimbursement_rate: Option<Decimal>,
    /// What lines with procedure codes are allowed (835 MOA02).
    pub procedures_payable: Money,
}

/// The decision on a line.
#[derive(Clone, Debug, PartialEq)]
pub struct LineDetermination {
    /// What was billed.
    pub charge: Money,
    /// The account of its charge; opened with nothing where the claim's account holds the charge.
    pub ledger: Ledger,
    /// Ambulatory payment classification that it was paid by (835 REF*APC).
    pub apc: Option<ApcCode>,
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
    /// The tier.
    pub network: Network,
    /// First day of the benefit year, or of a limit's own time.
    pub year_start: Date,
    /// Cents, or a count of visits, days or units.
    pub amount: i64,
    /// Zero-based line.
    pub line: usize,
    /// The plan; empty where it was met under an earlier carrier.
    pub plan_id: String,
}

/// What can be used up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Accumulator {
    /// Paid by the member before the plan pays.
    Deductible,
    /// Paid by the member in all.
    OutOfPocket,
    /// Paid by the member toward a deductible of its own.
    SeparateDeductible(ShortName),
    /// What a limit counts: its unit, and its id or its benefit's name.
    Limit(LimitUnit, Arc<str>),
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
    /// The medical policy that it looked at, where one acted.
    pub policy: Option<Box<PolicyVersion>>,
}

/// A medical policy, as of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyVersion {
    /// Its id.
    pub policy_id: String,
    /// The first service date it holds for.
    pub from: Date,
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
    /// Revenue code of a facility's line.
    pub revenue: RevenueCode,
    /// Type of bill of a facility's claim.
    pub bill: Option<TypeOfBill>,
    /// How.
    pub modifiers: [Modifier; 4],
    /// Where.
    pub place: PlaceOfService,
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
    /// What its lines share.
    pub claim: Arc<EarlierClaim>,
}

/// What the lines of an earlier claim share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EarlierClaim {
    /// Tax number of the biller.
    pub billing_tax_id: String,
    /// ICD-10-CM codes, principal first.
    pub diagnoses: Vec<DiagnosisCode>,
    /// A facility's statement; `None`: a professional claim.
    pub statement: Option<Statement>,
}

/// What a facility's earlier claim said of the patient's days there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// First day that the bill covers.
    pub from: Date,
    /// Last day that the bill covers: the day of discharge, where the patient left.
    pub through: Date,
    /// Day of admission.
    pub admission: Option<Date>,
    /// Where the patient was at the end of the bill.
    pub patient_status: Code<2>,
}

impl FacilityPayment {
    /// All that is for the group: operating and capital, outliers too.
    pub fn drg_amount(&self) -> Money {
        let operating = self.operating_federal + self.operating_hospital + self.operating_outlier;
        operating + self.capital + self.capital_outlier
    }
}

impl Determination {
    /// What the payer pays.
    pub fn paid(&self) -> Money {
        self.ledgers().map(Ledger::paid).sum()
    }

    /// Whether the claim's account or every line was denied.
    pub fn is_denied(&self) -> bool {
        let whole = self.account.as_ref().is_some_and(|account| account.ledger.is_denied());
        whole || self.lines.iter().all(|line| line.ledger.is_denied())
    }

    /// Every ledger: the lines', and the claim's where it has one. Together they hold each charge once.
    pub fn ledgers(&self) -> impl Iterator<Item = &Ledger> {
        self.account.iter().map(|account| &account.ledger).chain(self.lines.iter().map(|line| &line.ledger))
    }
}
