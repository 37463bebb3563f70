//! What a payer knows of members and providers that keeps a claim from being paid.

use super::dates::{Date, Period};
use super::member::CodeRanges;

/// How a member stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberStanding {
    /// Date of death.
    pub died: Option<Date>,
    /// First day of the months for which premium is owed.
    pub premium_owed_from: Option<Date>,
    /// Who is liable instead of this payer.
    pub contractors: Vec<OtherContractor>,
    /// What the member has not met or done.
    pub unmet: Vec<(Condition, Period)>,
}

/// A payer or contractor that is liable instead of this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherContractor {
    /// Its number.
    pub payer_id: String,
    /// Its name.
    pub payer_name: String,
    /// What it is.
    pub kind: ContractorKind,
    /// When.
    pub period: Period,
    /// This payer sends claims on to it.
    pub forwarded: bool,
}

/// What another contractor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContractorKind {
    /// A managed care plan.
    ManagedCare,
    /// For railroad retirement beneficiaries.
    Railroad,
    /// The mine workers' fund.
    MineWorkers,
    /// Of another area.
    OtherArea,
}

/// What a member may not have met or done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Requirements of eligibility.
    Eligibility,
    /// The spend-down of a public program.
    SpendDown,
    /// Residency.
    Residency,
    /// Conditions of the policy.
    Policy,
    /// An independent medical exam.
    MedicalExam,
    /// The application for benefits.
    Application,
    /// The assignment of benefits.
    Assignment,
    /// The medical release.
    Release,
}

/// How a provider stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProviderStanding {
    /// Days for which it is excluded from federal health care programs.
    pub exclusions: Vec<Period>,
    /// Days for which it has opted out of Medicare.
    pub opt_outs: Vec<Period>,
    /// CLIA number; empty: not recorded.
    pub clia: String,
    /// Must name who rendered its services.
    pub group: bool,
    /// Bears what is denied for want of coverage.
    pub verifies_coverage: bool,
    /// Procedures that it may not render.
    pub barred: CodeRanges,
    /// What it is paid for by the head.
    pub capitations: Vec<Capitation>,
}

/// Services that are paid for by the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capitation {
    /// Plans; empty: all.
    pub plans: Vec<String>,
    /// Procedures; `None`: all.
    pub procedures: Option<CodeRanges>,
    /// Days of service.
    pub period: Period,
}
