//! A claim as the payer reads it: complete, dated, in typed codes.

use rust_decimal::Decimal;

use super::adjustment::Adjustment;
use super::codes::{DiagnosisCode, Modifier, Npi, PlaceOfService, ProcedureCode, RevenueCode};
use super::dates::Date;
use super::document::NamedDocument;
use super::institutional::Institutional;
use super::money::Money;

/// A claim that intake has taken in. Amounts and dates are valid; whether codes exist is for the edits to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The provider's own number for it (CLM01).
    pub patient_control_number: String,
    /// Total charge (CLM02), the sum of the lines.
    pub charge: Money,
    /// Original, replacement or void (CLM05-3).
    pub frequency: Frequency,
    /// The payer's control number that a replacement or void refers to (REF*F8).
    pub original_control_number: String,
    /// Payer named on the claim (2010BB NM109).
    pub payer_id: String,
    /// This payer's place among the payers (SBR01).
    pub responsibility: Responsibility,
    /// The insured as named on the claim.
    pub subscriber: Insured,
    /// The patient, where another than the subscriber.
    pub patient: Option<Person>,
    /// Who bills.
    pub billing_npi: Npi,
    /// Tax number of the biller.
    pub billing_tax_id: String,
    /// The facility where it was done, where another than the biller's place (2310C).
    pub service_facility_npi: Option<Npi>,
    /// Who referred, on the whole claim.
    pub referring_npi: Option<Npi>,
    /// Primary care provider named on the claim.
    pub primary_care_npi: Option<Npi>,
    /// ICD-10-CM codes, principal first.
    pub diagnoses: Vec<DiagnosisCode>,
    /// Prior authorization on the whole claim (REF*G1).
    pub authorization_number: String,
    /// Referral on the whole claim (REF*9F).
    pub referral_number: String,
    /// Reason for late filing (CLM20).
    pub delay_reason: String,
    /// What caused it, where an accident did (CLM11).
    pub accident: Accident,
    /// Other payers that cover the patient.
    pub other_payers: Vec<OtherPayer>,
    /// The services; at least one.
    pub lines: Vec<ServiceLine>,
    /// What a facility's claim says beyond; `None`: a professional claim.
    pub institutional: Option<Box<Institutional>>,
    /// What single rules ask for.
    pub details: ClaimDetails,
}

/// What single rules ask of a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimDetails {
    /// Day of the accident (DTP*439).
    pub accident_date: Option<Date>,
    /// Does not accept assignment (CLM07).
    pub unassigned: bool,
    /// Was given outside the United States.
    pub abroad: bool,
    /// Providers that it names without an NPI.
    pub unnumbered: Vec<ProviderRole>,
    /// Who supervised (2310D).
    pub supervising_npi: Option<Npi>,
    /// Days on which other payers decided (DTP*573).
    pub decided: Vec<Date>,
}

/// A provider's part in a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderRole {
    /// Bills.
    Billing,
    /// Renders.
    Rendering,
    /// Refers.
    Referring,
    /// Orders.
    Ordering,
    /// Supervises.
    Supervising,
    /// Primary care.
    PrimaryCare,
    /// Attends a stay.
    Attending,
    /// Operates.
    Operating,
}

/// What single rules ask of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineDetails {
    /// National drug code (LIN03).
    pub drug_code: String,
    /// CLIA number: the line's or the claim's (REF*X4).
    pub certificate: String,
    /// The documents that the line or the claim names (PWK).
    pub documents: Vec<NamedDocument>,
    /// Names who rendered it, on the line or on the claim.
    pub rendering_named: bool,
    /// Providers that the line names without an NPI.
    pub unnumbered: Vec<ProviderRole>,
}

/// What the claim is in relation to an earlier one (CLM05-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// 1.
    Original,
    /// 7.
    Replacement,
    /// 8.
    Void,
}

/// A payer's place in the order of payers (SBR01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Responsibility {
    /// P.
    Primary,
    /// S.
    Secondary,
    /// T and later.
    Tertiary,
}

/// A person as a claim or a record names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Family name.
    pub last: String,
    /// Given name.
    pub first: String,
    /// Birth date, where given.
    pub birth: Option<Date>,
    /// Sex.
    pub sex: Sex,
}

/// The subscriber as named on the claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insured {
    /// Number on the card.
    pub member_id: String,
    /// Who.
    pub person: Person,
}

/// Sex as X12 carries it (DMG03).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// F.
    Female,
    /// M.
    Male,
    /// U, or not stated.
    Unknown,
}

/// What kind of accident a claim is due to (CLM11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accident {
    /// AA.
    pub automobile: bool,
    /// EM.
    pub employment: bool,
    /// OA.
    pub other: bool,
}

/// Another payer on the claim.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherPayer {
    /// Its number.
    pub payer_id: String,
    /// Its place.
    pub responsibility: Responsibility,
    /// What it decided, if it has.
    pub decision: Option<OtherDecision>,
}

/// What another payer decided on a claim as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherDecision {
    /// What it paid (AMT*D).
    pub paid: Money,
    /// Its adjustments at claim level.
    pub adjustments: Vec<Adjustment>,
}

/// What another payer decided on a line.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherLineDecision {
    /// Its number.
    pub payer_id: String,
    /// What it paid on the line (SVD02).
    pub paid: Money,
    /// Its adjustments.
    pub adjustments: Vec<Adjustment>,
}

/// One service. Fields that a line leaves out hold the claim's.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceLine {
    /// The provider's number for the line.
    pub control_number: String,
    /// What was done; [`ProcedureCode::NONE`] on an institutional line that tells it by its revenue code alone.
    pub procedure: ProcedureCode,
    /// Where in the facility, or which kind of charge (SV201); [`RevenueCode::NONE`] on a professional line.
    pub revenue: RevenueCode,
    /// The part of the charge that the provider itself calls non-covered (SV207).
    pub noncovered: Money,
    /// Up to four; [`Modifier::NONE`] in places not used.
    pub modifiers: [Modifier; 4],
    /// Charge.
    pub charge: Money,
    /// How many units, or minutes of anesthesia.
    pub units: Decimal,
    /// Whether `units` counts minutes.
    pub minutes: bool,
    /// Where; on an institutional line, the place that the type of bill comes nearest to.
    pub place: PlaceOfService,
    /// Zero-based positions in the claim's diagnoses.
    pub pointers: Vec<usize>,
    /// First day.
    pub from: Date,
    /// Last day; the first for most.
    pub through: Date,
    /// Who performed it; the billing provider where nobody else is named.
    pub rendering_npi: Npi,
    /// Who ordered it.
    pub ordering_npi: Option<Npi>,
    /// Who referred for it.
    pub referring_npi: Option<Npi>,
    /// Authorization: the line's or the claim's.
    pub authorization_number: String,
    /// Referral: the line's or the claim's.
    pub referral_number: String,
    /// An emergency (SV109).
    pub emergency: bool,
    /// Whether the line or the claim names a document sent apart (PWK).
    pub attachment: bool,
    /// ZIP code of the place where an ambulance picked the patient up; empty: not told.
    pub pickup_zip: String,
    /// What other payers decided on it.
    pub other_decisions: Vec<OtherLineDecision>,
    /// What single rules ask for.
    pub details: LineDetails,
}

impl ServiceLine {
    /// What was billed, in words: the procedure, or where there is none, the revenue code.
    pub fn billed(&self) -> String {
        if self.procedure.is_none() { format!("revenue code {}", self.revenue) } else { self.procedure.to_string() }
    }

    /// Whether the line carries the modifier.
    pub fn has_modifier(&self, modifier: &str) -> bool {
        self.modifiers().any(|m| m.as_str() == modifier)
    }

    /// The modifiers that are there, in order.
    pub fn modifiers(&self) -> impl Iterator<Item = Modifier> {
        self.modifiers.into_iter().filter(|m| !m.is_none())
    }
}

impl Claim {
    /// The patient: the one named, or the subscriber.
    pub fn patient(&self) -> &Person {
        self.patient.as_ref().unwrap_or(&self.subscriber.person)
    }

    /// The diagnoses that a line points to.
    pub fn diagnoses_of<'a>(&'a self, line: &'a ServiceLine) -> impl Iterator<Item = DiagnosisCode> + 'a {
        line.pointers.iter().filter_map(|at| self.diagnoses.get(*at).copied())
    }

    /// The other payers that come before this one. One that names the same place may have decided first: there may be
    /// several in the third place.
    pub fn earlier_payers(&self) -> impl Iterator<Item = &OtherPayer> {
        self.other_payers.iter().filter(|payer| payer.responsibility <= self.responsibility)
    }

    /// The earlier payers whose decision the claim brings, on the whole or on a line.
    pub fn decided_before(&self) -> impl Iterator<Item = &OtherPayer> {
        let on_a_line = |payer: &OtherPayer| {
            self.lines.iter().any(|line| line.other_decisions.iter().any(|d| d.payer_id == payer.payer_id))
        };
        self.earlier_payers().filter(move |payer| payer.decision.is_some() || on_a_line(payer))
    }

    /// First day of service.
    pub fn service_from(&self) -> Option<Date> {
        self.lines.iter().map(|line| line.from).min()
    }

    /// Last day of service.
    pub fn service_through(&self) -> Option<Date> {
        self.lines.iter().map(|line| line.through).max()
    }
}
