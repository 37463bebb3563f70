//! Facts: what edits and steps look at, told for a claim file as it was. Nothing is stored: a file that is put together
//! again tells the same.

mod values;

use super::edits::{Edit, TABLE};
use super::{Case, Service};

/// Something that a step looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The payer that the claim names, and those that this one answers to.
    PayerNamed,
    /// Whether the member's number and name are on record.
    MemberRecord,
    /// The patient's age on the day of service.
    PatientAge,
    /// The patient's age on the day of service, in days.
    PatientAgeInDays,
    /// The patient's sex on record and on the claim.
    PatientSex,
    /// The day on which the claim came in.
    ReceivedDate,
    /// The days after the service in which a claim may come in.
    FilingLimit,
    /// The line's days, or the claim's.
    ServiceDates,
    /// The plan and its period.
    PlanInForce,
    /// Whose terms apply.
    NetworkMet,
    /// The benefit that the line falls under.
    Benefit,
    /// What was done.
    Procedure,
    /// Its modifiers.
    Modifiers,
    /// Its units or minutes.
    Units,
    /// What was billed.
    Charge,
    /// What the facility itself calls non-covered.
    NoncoveredCharge,
    /// The diagnoses that the line points to.
    Diagnoses,
    /// The diagnoses of the whole claim.
    ClaimDiagnoses,
    /// What was billed in all.
    ClaimCharge,
    /// Where it was done.
    Place,
    /// Whether it was an emergency.
    Emergency,
    /// Type of a facility's bill.
    TypeOfBill,
    /// Revenue code.
    RevenueCode,
    /// Admission and patient status of a stay.
    AdmissionData,
    /// The group given on the claim.
    DrgGiven,
    /// ICD-10-PCS codes of a stay.
    InpatientProcedures,
    /// Who billed, and what the payer knows of it.
    BillingProvider,
    /// Who performed it, and what the payer knows of it.
    RenderingProvider,
    /// Who ordered it.
    OrderingProvider,
    /// Who referred.
    ReferringProvider,
    /// The authorization named, and what is on file under that number.
    Authorization,
    /// The patient's authorizations on file.
    AuthorizationsOnFile,
    /// The referral named, and what is on file under that number.
    Referral,
    /// The patient's primary care provider on record.
    PrimaryCareProvider,
    /// Whether a document was said to be sent.
    Attachment,
    /// The documents that came in for the claim.
    DocumentsReceived,
    /// What the payer asked for, and until when.
    DocumentsRequested,
    /// National drug code.
    DrugCode,
    /// CLIA number of the laboratory.
    LaboratoryCertificate,
    /// What caused it, where an accident did.
    Accident,
    /// Other payers named on the claim.
    OtherPayers,
    /// Other payers on record, and who is first.
    PayersOnRecord,
    /// What earlier payers decided.
    PriorDecisions,
    /// What is left of the limits on the benefit.
    LimitsLeft,
    /// What the patient has met of the year's deductible and maximum.
    CostShareMet,
    /// Lines of earlier claims, of the same patient, that are near.
    History,
    /// Other lines of this claim.
    OtherLines,
    /// Medical policies that name the procedure.
    Policies,
    /// The fee schedule.
    FeeScheduleUsed,
    /// Medicare's status letter, components and sides of the procedure.
    PaymentIndicators,
    /// Medicare's global period of the procedure.
    GlobalPeriods,
    /// The most units that NCCI allows, and by which release.
    UnitLimit,
    /// The release of NCCI's pairs that speaks for the day.
    PairRelease,
}

impl Fact {
    /// What tells a service beside others of its practice: on the claim, and on earlier ones.
    pub const BESIDE_OTHERS: &[Fact] = &[
        Fact::Procedure,
        Fact::Modifiers,
        Fact::ServiceDates,
        Fact::RenderingProvider,
        Fact::OtherLines,
        Fact::History,
    ];

    /// Its name, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Fact::PayerNamed => "payer named",
            Fact::MemberRecord => "member",
            Fact::PatientAge => "patient's age",
            Fact::PatientAgeInDays => "patient's age in days",
            Fact::PatientSex => "patient's sex",
            Fact::ReceivedDate => "received",
            Fact::FilingLimit => "filing limit",
            Fact::ServiceDates => "service",
            Fact::PlanInForce => "plan",
            Fact::NetworkMet => "network",
            Fact::Benefit => "benefit",
            Fact::Procedure => "procedure",
            Fact::Modifiers => "modifiers",
            Fact::Units => "units",
            Fact::Charge => "charge",
            Fact::NoncoveredCharge => "non-covered charge",
            Fact::Diagnoses => "diagnoses",
            Fact::ClaimDiagnoses => "diagnoses of the claim",
            Fact::ClaimCharge => "charge of the claim",
            Fact::Place => "place",
            Fact::Emergency => "emergency",
            Fact::TypeOfBill => "type of bill",
            Fact::RevenueCode => "revenue code",
            Fact::AdmissionData => "admission",
            Fact::DrgGiven => "DRG",
            Fact::InpatientProcedures => "inpatient procedures",
            Fact::BillingProvider => "billing provider",
            Fact::RenderingProvider => "rendering provider",
            Fact::OrderingProvider => "ordering provider",
            Fact::ReferringProvider => "referring provider",
            Fact::Authorization => "authorization",
            Fact::AuthorizationsOnFile => "authorizations on file",
            Fact::Referral => "referral",
            Fact::PrimaryCareProvider => "primary care provider",
            Fact::Attachment => "attachment",
            Fact::DocumentsReceived => "documents",
            Fact::DocumentsRequested => "documents asked for",
            Fact::DrugCode => "drug code",
            Fact::LaboratoryCertificate => "CLIA number",
            Fact::Accident => "accident",
            Fact::OtherPayers => "other payers on the claim",
            Fact::PayersOnRecord => "other payers on record",
            Fact::PriorDecisions => "earlier payers' decisions",
            Fact::LimitsLeft => "limits",
            Fact::CostShareMet => "met this year",
            Fact::History => "history",
            Fact::OtherLines => "other lines",
            Fact::Policies => "policies",
            Fact::FeeScheduleUsed => "fee schedule",
            Fact::PaymentIndicators => "payment indicators",
            Fact::GlobalPeriods => "global period",
            Fact::UnitLimit => "unit limit",
            Fact::PairRelease => "pairs",
        }
    }

    /// What it was, for a line or for the claim as a whole; empty where there is nothing to tell. No person's name is in it.
    pub fn value(self, case: &Case<'_>, service: Option<&Service<'_>>) -> String {
        values::value(self, case, service)
    }
}

/// What pricing looks at.
const OF_PRICING: &[Fact] = &[
    Fact::FeeScheduleUsed,
    Fact::NetworkMet,
    Fact::Procedure,
    Fact::Modifiers,
    Fact::Units,
    Fact::Charge,
    Fact::Place,
    Fact::TypeOfBill,
    Fact::RevenueCode,
    Fact::DrgGiven,
];

/// What the steps that are no edits look at.
const OF_STEPS: &[(&str, &[Fact])] = &[
    ("pricing", OF_PRICING),
    ("benefits", &[Fact::PlanInForce, Fact::NetworkMet, Fact::Benefit, Fact::CostShareMet, Fact::LimitsLeft]),
    ("coordination", &[Fact::OtherPayers, Fact::PayersOnRecord, Fact::PriorDecisions]),
    ("withhold", &[Fact::BillingProvider, Fact::PlanInForce, Fact::ServiceDates]),
    ("sequestration", &[Fact::PlanInForce, Fact::ServiceDates]),
];

/// What a step looks at: an edit by its id, or a step that is none.
pub fn looked_at(step: &str) -> &'static [Fact] {
    let of_edit = TABLE.iter().find(|edit: &&Edit| edit.id == step).map(|edit| edit.looks_at);
    let of_step = || OF_STEPS.iter().find(|(id, _)| *id == step).map(|(_, facts)| *facts);
    of_edit.or_else(of_step).unwrap_or(&[])
}

/// The inputs of a step: names and values, those left out of which there is nothing to tell.
pub fn inputs(step: &str, case: &Case<'_>, line: Option<usize>) -> Vec<(&'static str, String)> {
    let service = line.and_then(|at| case.services.get(at));
    let told = looked_at(step).iter().map(|fact| (fact.name(), fact.value(case, service)));
    told.filter(|(_, value)| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn every_edit_says_what_it_looks_at_and_each_fact_once() {
        for edit in TABLE {
            assert!(!edit.looks_at.is_empty(), "{} looks at nothing", edit.id);
            for (at, fact) in edit.looks_at.iter().enumerate() {
                assert!(!edit.looks_at.iter().skip(at + 1).any(|other| other == fact), "{}: {fact:?} twice", edit.id);
            }
        }
    }

    #[test]
    fn what_a_step_looked_at_is_told_without_a_name() {
        let file = example::office_visit();
        let case = Case::open(&file);
        let told = inputs("timely-filing", &case, Some(0));
        assert!(told.contains(&("received", "2026-03-05".to_owned())), "{told:?}");
        assert!(told.contains(&("service", "2026-03-02".to_owned())), "{told:?}");
        for edit in TABLE {
            let told = inputs(edit.id, &case, Some(0));
            assert!(told.iter().all(|(_, value)| !value.contains("Muster") && !value.contains("Testa")), "{told:?}");
        }
    }

    #[test]
    fn a_stranger_to_the_payer_is_told_as_such() {
        let mut file = example::office_visit();
        file.claim.lines[0].rendering_npi = example::STRANGER;
        let case = Case::open(&file);
        let value = Fact::RenderingProvider.value(&case, case.services.first());
        assert_eq!(value, format!("{}, not known to this payer", example::STRANGER));
    }
}
