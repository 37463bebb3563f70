//! What a payer and its plans ask of claims beyond what the law asks of every claim. Nothing, where nothing is said.

use super::codes::{Carc, Code, Modifier, PlaceOfService, ProcedureCode, Rarc, rarc};
use super::dates::Period;
use super::member::CodeRanges;

/// Start of a taxonomy code or a diagnosis.
pub type Start = String;

/// What a payer asks of every claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimRules {
    /// Providers that a claim names must have an NPI.
    pub npis_required: bool,
    /// NPIs whose check digit fails are taken in, and denied.
    pub failing_npis_denied: bool,
    /// The billing provider's tax number must be the one on file.
    pub tax_ids_match: bool,
    /// Services after the day of receipt are taken in, and denied.
    pub future_services_denied: bool,
    /// What members' numbers look like: A letter, 9 digit; empty: anything.
    pub member_number_format: String,
    /// What certain services need.
    pub services: Vec<ServiceRule>,
}

/// What services that it fits need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceRule {
    /// Procedures; `None`: any.
    pub procedures: Option<CodeRanges>,
    /// Plans; empty: all.
    pub plans: Vec<String>,
    /// Days of service; `None`: all.
    pub period: Option<Period>,
    /// Places of service; empty: any.
    pub places: Vec<PlaceOfService>,
    /// What the claim must say or do.
    pub needs: Vec<ServiceNeed>,
    /// Modifiers one of which it must have.
    pub modifiers: Vec<Modifier>,
    /// Who may render it.
    pub provider_types: Option<ProviderTypes>,
    /// Starts of the taxonomy codes of those who may order or refer to it.
    pub orderer_types: Vec<Start>,
    /// The document that must come with it.
    pub document: Option<DocumentNeed>,
    /// Services one of which must have been given before or with it.
    pub related: Option<CodeRanges>,
}

/// What a claim for a service must say or do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceNeed {
    /// Name who ordered it or referred to it.
    OrderingProvider,
    /// Name who referred to it.
    ReferringProvider,
    /// Tell the national drug code.
    DrugCode,
    /// Tell the laboratory's CLIA number.
    LaboratoryCertificate,
    /// The provider accepts assignment.
    Assignment,
    /// Not in a nursing facility's stay.
    NoNursingStay,
}

/// Which kinds of providers may render a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderTypes {
    /// Starts of the taxonomy codes of those who may; empty: all but those who may not.
    pub allowed: Vec<Start>,
    /// Starts of the taxonomy codes of those who may not.
    pub barred: Vec<Start>,
    /// How it is told: 8, 170, 171 or 172.
    pub carc: Carc,
    /// The patient bears it.
    pub patient_liable: bool,
}

/// A document that a service needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentNeed {
    /// Kinds of reports (PWK01) one of which will do; empty: any.
    pub reports: Vec<Code<2>>,
    /// Says what is missing.
    pub rarc: Rarc,
    /// Days from receipt in which one that the claim names must arrive; `None`: being named is enough.
    pub days: Option<i32>,
    /// LOINC code of what will do as well; may be empty.
    pub loinc: String,
    /// Where the claim names none, it is asked for: of whom, for how many days, and what follows; `None`: 252 at once.
    pub ask: Option<AskingTerms>,
}

impl Default for DocumentNeed {
    /// Any document; N706 where it is missing.
    fn default() -> Self {
        DocumentNeed { reports: Vec::new(), rarc: rarc("N706"), days: None, loinc: String::new(), ask: None }
    }
}

/// How documents are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskingTerms {
    /// Days from the day on which it is asked.
    pub days: i32,
    /// The patient is asked, not the provider.
    pub of_patient: bool,
    /// Reason where it does not come: 226 or 252; of the patient 227.
    pub carc: Carc,
}

/// Provisions of a plan that deny claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provisions {
    /// Out of network it is for the member to ask for authorization.
    pub member_asks_out_of_network: bool,
    /// Days from the service until the authorization must have been asked for.
    pub authorization_days: Option<i32>,
    /// Benefits that only the member's own primary care provider gives.
    pub primary_care_benefits: Vec<String>,
    /// Tells referrals by 287 and 288 instead of 243.
    pub referral_reasons: bool,
    /// Pays nothing of what an earlier payer denied because its rules were not followed.
    pub prior_payer_rules: bool,
    /// Covers nothing outside the United States.
    pub only_in_united_states: bool,
    /// Causes that it excludes: starts of diagnoses, and 157, 159 or 160.
    pub excluded_causes: Vec<(Vec<Start>, Carc)>,
    /// A healthy newborn's nursery is in the mother's allowance.
    pub nursery_with_mother: bool,
    /// A line of which some days are covered is to be billed in two.
    pub split_spans: bool,
}

impl ServiceRule {
    /// Whether the rule is about the procedure under the plan, on the day and at the place.
    pub fn fits(&self, procedure: ProcedureCode, plan: &str, on: super::dates::Date, place: PlaceOfService) -> bool {
        self.procedures.as_ref().is_none_or(|procedures| procedures.contains(procedure))
            && (self.plans.is_empty() || self.plans.iter().any(|named| named == plan))
            && self.period.is_none_or(|period| period.contains(on))
            && (self.places.is_empty() || self.places.contains(&place))
    }

    /// Whether it asks for this.
    pub fn needs(&self, need: ServiceNeed) -> bool {
        self.needs.contains(&need)
    }
}

/// Whether a code begins with one of the starts.
pub fn starts_with_any(code: &str, starts: &[Start]) -> bool {
    starts.iter().any(|start| code.starts_with(start.as_str()))
}
