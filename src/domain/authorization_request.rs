//! Requests for authorization and referral, and a payer's rules on them.

use rust_decimal::Decimal;

use super::code_list::Starts;
use super::codes::{Code, Npi, PlaceOfService, ProcedureCode};
use super::dates::Date;
use super::member::CodeRanges;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// For whom.
    pub member_id: String,
    /// Kind.
    pub category: Category,
    /// Goes on from an authorization.
    pub extension: bool,
    /// How urgent.
    pub urgency: Urgency,
    /// Place of service, where told.
    pub place: Option<PlaceOfService>,
    /// Diagnoses without points, the principal one first.
    pub diagnoses: Vec<String>,
    /// Who asks.
    pub requesting_npi: Npi,
    /// Who is to give the service.
    pub rendering_npi: Npi,
    /// What is asked for; at least one.
    pub services: Vec<RequestedService>,
    /// Kinds of reports that come with it.
    pub reports: Vec<Code<2>>,
    /// Number of what it goes on from.
    pub previous_number: String,
}

/// Kinds of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Services.
    Services,
    /// Referral.
    Referral,
    /// Admission.
    Admission,
}

/// How urgent a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Can wait.
    Elective,
    /// Cannot.
    Urgent,
    /// An emergency.
    Emergency,
}

/// A service that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedService {
    /// First and last procedure; `None`: names none.
    pub procedures: Option<(ProcedureCode, ProcedureCode)>,
    /// Units; `None`: no limit is asked for.
    pub units: Option<Decimal>,
    /// First day.
    pub from: Date,
    /// Last day, where told.
    pub through: Option<Date>,
}

/// How a payer decides requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizationRules {
    /// Calendar days for a standard request; `None`: the law's.
    pub standard_days: Option<i32>,
    /// Hours for an urgent one; `None`: the law's.
    pub urgent_hours: Option<i32>,
    /// What is not decided in time counts as certified.
    pub late_is_certified: bool,
    /// Days for which a certification holds.
    pub valid_days: Option<i32>,
    /// Days after an emergency's service in which it may be asked for.
    pub retrospective_days: Option<i32>,
    /// Claims denied for want of it are reopened by the payer.
    pub reopens_claims: bool,
    /// The first that fits decides.
    pub rules: Vec<AuthorizationRule>,
}

/// How requests for certain services are decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRule {
    /// Its id.
    pub rule_id: String,
    /// Its title.
    pub title: String,
    /// Plans; empty: all.
    pub plans: Vec<String>,
    /// Procedures; `None`: any.
    pub procedures: Option<CodeRanges>,
    /// Benefits; empty: any.
    pub benefits: Vec<String>,
    /// Places; empty: any.
    pub places: Vec<PlaceOfService>,
    /// Starts of diagnoses; empty: any.
    pub diagnoses: Starts,
    /// Is about referrals, else about authorization.
    pub referrals: bool,
    /// What it does.
    pub action: Action,
    /// Diagnoses that it asks.
    pub needs_diagnoses: Starts,
    /// Reports that it asks.
    pub needs_reports: Vec<Code<2>>,
    /// Specialties that it asks.
    pub needs_specialties: Starts,
    /// What it does where what it asks is not met.
    pub unmet: Action,
    /// Most units.
    pub most_units: Option<Decimal>,
    /// Most days.
    pub most_days: Option<i32>,
    /// More waits for a reviewer.
    pub review_more: bool,
    /// Reason where it does not certify.
    pub reason: Option<&'static str>,
    /// Why.
    pub rationale: String,
    /// Where to read it.
    pub href: String,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Certifies.
    Certify,
    /// Has a reviewer decide.
    Review,
    /// Does not certify.
    Deny,
    /// Needs no certification.
    NotNeeded,
}
