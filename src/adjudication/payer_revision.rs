//! A payer revision: the plans, fee schedules, policies and tables that decisions read. Immutable, shared, named by its content.

use std::sync::Arc;

use crate::domain::appeal_terms::AppealSettings;
use crate::domain::authorization_request::AuthorizationRules;
use crate::domain::claim::{Claim, Sex};
use crate::domain::claim_rules::ClaimRules;
use crate::domain::codes::{Drg, PlaceOfService, ProcedureCode};
use crate::domain::dates::{Date, Period};
use crate::domain::payment::PaymentTerms;
use crate::domain::plan::Plan;
use crate::domain::policy::MedicalPolicies;
use crate::domain::review::ReviewTerms;
use crate::reference::core_combinations::CoreCombinations;
use crate::reference::hcpcs::Hcpcs;
use crate::reference::icd10cm::Icd10Cm;
use crate::reference::mue::Mue;
use crate::reference::ncci::Ptp;
use crate::reference::wage_index::WageIndices;
use crate::reference::x12_code_lists::X12CodeList;

use super::pricing::FeeSchedule;

/// One state of the payer.
#[derive(Debug)]
pub struct PayerRevision {
    /// Content hash.
    pub id: String,
    /// The numbers that claims may carry for it, its main one first.
    pub payer_ids: Vec<String>,
    /// Days from a decision until payment falls due.
    pub payment_days: i32,
    /// How it pays and takes back.
    pub payments: PaymentTerms,
    /// How its reviewers work.
    pub reviews: ReviewTerms,
    /// Plans.
    pub plans: Vec<Plan>,
    /// Fee schedules.
    pub fee_schedules: Vec<FeeSchedule>,
    /// Medical policies.
    pub policies: MedicalPolicies,
    /// Procedures.
    pub procedures: ProcedureTable,
    /// HCPCS Level II, where loaded: it speaks for codes that `procedures` does not name.
    pub hcpcs: Editions<Hcpcs>,
    /// Diagnoses.
    pub diagnoses: Diagnoses,
    /// Procedures in hospital (ICD-10-PCS), where loaded.
    pub inpatient_procedures: Editions<Icd10Cm>,
    /// NCCI's pairs of codes that are not paid together, where loaded.
    pub ncci: Editions<Ptp>,
    /// NCCI's unit limits, where loaded.
    pub mue: Editions<Mue>,
    /// The same for hospital outpatients, where loaded.
    pub outpatient_ncci: Editions<Ptp>,
    /// The same for hospital outpatients, where loaded.
    pub outpatient_mue: Editions<Mue>,
    /// What wages are in the areas of hospitals, where loaded.
    pub wage_indices: Editions<WageIndices>,
    /// Finds the diagnosis-related group of a stay. None comes with the program: then the claim must say it.
    pub grouper: Option<Grouper>,
    /// CAQH CORE's code combinations, where taken in.
    pub core_combinations: Editions<CoreCombinations>,
    /// X12's texts of the reasons, where its list was taken in.
    pub reason_texts: Editions<X12CodeList>,
    /// The official releases that it uses, such as "pprrvu RVU26C".
    pub releases: Vec<String>,
    /// Medicare's own rates, whatever contracts say.
    pub own_rates: FeeSchedule,
    /// Locality of providers that have none, such as "01112-05".
    pub default_locality: String,
    /// What it asks of claims.
    pub claim_rules: ClaimRules,
    /// What it says of appeals.
    pub appeals: AppealSettings,
    /// How it decides requests for authorization.
    pub authorization_rules: AuthorizationRules,
}

/// A grouper: program text that finds the diagnosis-related group of a stay. Pure: the same claim gives the same group.
#[derive(Clone, Copy, Debug)]
pub struct Grouper {
    /// Its name and version.
    pub name: &'static str,
    /// The group; `None` where the claim falls under none.
    pub drg_of: fn(&Claim) -> Option<Drg>,
}

impl PayerRevision {
    /// A plan by id.
    pub fn plan(&self, plan_id: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.plan_id == plan_id)
    }

    /// A fee schedule by id.
    pub fn fee_schedule(&self, id: &str) -> Option<&FeeSchedule> {
        self.fee_schedules.iter().find(|schedule| schedule.id == id)
    }
}

/// Editions of an official table, each for its own days of service; the first that holds for a day counts.
#[derive(Clone, Debug)]
pub struct Editions<T>(Vec<(Period, Arc<T>)>);

impl<T> Default for Editions<T> {
    fn default() -> Self {
        Editions(Vec::new())
    }
}

impl<T> Editions<T> {
    /// Editions in order of precedence.
    pub fn new(editions: impl IntoIterator<Item = (Period, Arc<T>)>) -> Editions<T> {
        Editions(editions.into_iter().collect())
    }

    /// With one more that holds on the days for which there is no other.
    #[must_use]
    pub fn and_always(mut self, edition: Option<Arc<T>>) -> Editions<T> {
        self.0.extend(edition.map(|edition| (Period::since(Date::MIN), edition)));
        self
    }

    /// The edition for a day.
    pub fn on(&self, day: Date) -> Option<&T> {
        self.0.iter().find(|(period, _)| period.contains(day)).map(|(_, edition)| edition.as_ref())
    }

    /// Every edition.
    pub fn all(&self) -> impl Iterator<Item = &Arc<T>> {
        self.0.iter().map(|(_, edition)| edition)
    }
}

/// The diagnoses a payer knows: the editions it uses, behind them the one that comes with the program.
#[derive(Clone, Debug, Default)]
pub struct Diagnoses(pub Editions<Icd10Cm>);

impl Diagnoses {
    /// The code set for a day.
    pub fn on(&self, day: Date) -> &Icd10Cm {
        self.0.on(day).unwrap_or_else(|| Icd10Cm::embedded())
    }
}

/// The procedures a payer knows.
#[derive(Clone, Debug, Default)]
pub struct ProcedureTable {
    /// Sorted by code, then first day.
    rows: Vec<Procedure>,
    /// Whether every valid procedure is here.
    pub complete: bool,
}

/// A procedure, by the payer's own table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// Code.
    pub code: ProcedureCode,
    /// The payer's own words.
    pub words: String,
    /// Benefit it falls under, such as "office".
    pub benefit: Arc<str>,
    /// Valid for services in this period.
    pub period: Period,
    /// Only for this sex.
    pub sex: Option<Sex>,
    /// From this age in years.
    pub min_age: Option<i16>,
    /// Through this age in years.
    pub max_age: Option<i16>,
    /// Only at these places; empty: anywhere.
    pub places: Vec<PlaceOfService>,
}

impl ProcedureTable {
    /// Makes a table of rows in any order.
    pub fn new(mut rows: Vec<Procedure>, complete: bool) -> ProcedureTable {
        rows.sort_by_key(|row| (row.code, row.period.from));
        ProcedureTable { rows, complete }
    }

    /// The row of a code on a day.
    pub fn lookup(&self, code: ProcedureCode, day: Date) -> Option<&Procedure> {
        self.rows_of(code).iter().find(|row| row.period.contains(day))
    }

    /// All rows of a code, oldest first; so one can tell a code that ended from one that never was.
    pub fn rows_of(&self, code: ProcedureCode) -> &[Procedure] {
        let start = self.rows.partition_point(|row| row.code < code);
        let end = self.rows.partition_point(|row| row.code <= code);
        self.rows.get(start..end).unwrap_or(&[])
    }

    /// How many codes it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Every row, by code.
    pub fn rows(&self) -> &[Procedure] {
        &self.rows
    }
}
