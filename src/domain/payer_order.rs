//! Facts that decide which of several payers is first.

use super::dates::Date;

/// What another coverage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverageKind {
    /// A group health plan.
    GroupPlan,
    /// Medicare.
    Medicare,
    /// Medicaid.
    Medicaid,
    /// The carrier of a work injury.
    WorkersCompensation,
    /// The carrier of whoever is liable for an injury.
    Liability,
    /// The carrier of an injury, whoever is at fault.
    NoFault,
}

/// The work that a coverage comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Employment {
    /// How the person through whom one is covered stands to the employer.
    pub status: WorkStatus,
    /// How many the employer employs; `None`: not known.
    pub employees: Option<i32>,
}

/// How somebody stands to an employer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WorkStatus {
    /// Not known.
    #[default]
    Unknown,
    /// Works.
    Active,
    /// Retired.
    Retired,
    /// Laid off.
    LaidOff,
    /// Has left, and continues the coverage (COBRA or a state's law).
    Continuation,
}

/// Who a coverage's subscriber is to a child whose parents live apart, in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParentRole {
    /// The parent whom a court decree makes responsible for the child's health care.
    ResponsibleByCourt,
    /// The parent who has custody.
    Custodial,
    /// That parent's spouse.
    CustodialSpouse,
    /// The other parent.
    Noncustodial,
    /// The other parent's spouse.
    NoncustodialSpouse,
}

/// What is known of another coverage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverageFacts {
    /// What it is.
    pub kind: CoverageKind,
    /// The member's relationship to its subscriber: "18" self, "01" spouse, "19" child.
    pub relationship: String,
    /// Its subscriber's birth date.
    pub subscriber_birth: Option<Date>,
    /// The work it comes from.
    pub employment: Employment,
    /// Its subscriber and this plan's, where the child's parents live apart.
    pub parents: Option<(ParentRole, ParentRole)>,
}

/// Why Medicare covers a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MedicareEntitlement {
    /// 65 years old.
    Age,
    /// Disabled, and under 65.
    Disability,
    /// End-stage renal disease; since this first day of the coordination period.
    RenalDisease(Date),
}
