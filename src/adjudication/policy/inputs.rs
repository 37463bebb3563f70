//! What the conditions of a policy look at, told for a line.

use super::conditions::codes;
use crate::adjudication::facts::Fact;
use crate::adjudication::{Case, Service};
use crate::domain::expression::{Expression, Field};
use crate::domain::member::CodeRanges;
use crate::domain::policy::{AgeIn, Condition, DiagnosesOf, MedicalPolicy};

/// Names and values of what a policy looked at on a line, in the order of its conditions, each once.
pub fn inputs(policy: &MedicalPolicy, case: &Case<'_>, service: &Service<'_>) -> Vec<(&'static str, String)> {
    let mut facts = vec![Fact::ServiceDates, Fact::Procedure];
    facts.extend((!policy.revenue_codes.is_empty()).then_some(Fact::RevenueCode));
    facts.extend((!policy.bills.is_empty()).then_some(Fact::TypeOfBill));
    facts.extend((!policy.plans.is_empty()).then_some(Fact::PlanInForce));
    let mut before = Vec::new();
    for condition in policy.applies.iter().chain(&policy.requires) {
        of_condition(condition, &mut facts, &mut before);
    }
    let mut inputs: Vec<(&'static str, String)> = Vec::new();
    for fact in facts {
        let value = fact.value(case, Some(service));
        if !value.is_empty() && inputs.iter().all(|(name, _)| *name != fact.name()) {
            inputs.push((fact.name(), value));
        }
    }
    for procedures in before {
        let told = ("given before", given(procedures, case, service));
        if !inputs.contains(&told) {
            inputs.push(told);
        }
    }
    inputs
}

fn of_condition<'a>(condition: &'a Condition, facts: &mut Vec<Fact>, before: &mut Vec<&'a CodeRanges>) {
    facts.push(match condition {
        Condition::Diagnoses(DiagnosesOf::Line, _) | Condition::NotDiagnoses(_) => Fact::Diagnoses,
        Condition::Diagnoses(DiagnosesOf::Claim | DiagnosesOf::Principal, _) => Fact::ClaimDiagnoses,
        Condition::Age(AgeIn::Years, ..) => Fact::PatientAge,
        Condition::Age(AgeIn::Days, ..) => Fact::PatientAgeInDays,
        Condition::Sex(_) => Fact::PatientSex,
        Condition::Places(..) => Fact::Place,
        Condition::Modifiers(..) => Fact::Modifiers,
        Condition::Units(..) => Fact::Units,
        Condition::Charge(..) => Fact::Charge,
        Condition::Specialties(..) => Fact::RenderingProvider,
        Condition::Bills(_) | Condition::Institutional(_) => Fact::TypeOfBill,
        Condition::Prior(procedures, ..) => {
            before.push(procedures);
            Fact::OtherLines
        }
        Condition::Frequency(frequency) => {
            before.push(&frequency.procedures);
            Fact::Units
        }
        Condition::Authorization => Fact::Authorization,
        Condition::Attachment => Fact::Attachment,
        Condition::Emergency(_) => Fact::Emergency,
        Condition::Networks(_) => Fact::NetworkMet,
        Condition::When(expression, _) => {
            of_expression(expression, facts, before);
            return;
        }
    });
}

fn of_expression<'a>(expression: &'a Expression, facts: &mut Vec<Fact>, before: &mut Vec<&'a CodeRanges>) {
    match expression {
        Expression::Bool(_) | Expression::Number(_) | Expression::Text(_) | Expression::Date(_) => {}
        Expression::Field(field)
        | Expression::Has(field)
        | Expression::AnyIn(field, _)
        | Expression::AnyStarts(field, _)
        | Expression::Size(field) => facts.push(of_field(*field)),
        Expression::Not(part) | Expression::InSet(part, _) | Expression::StartsWith(part, _) => {
            of_expression(part, facts, before);
        }
        Expression::Within(part, field) => {
            of_expression(part, facts, before);
            facts.push(of_field(*field));
        }
        Expression::And(parts) | Expression::Or(parts) => {
            parts.iter().for_each(|part| of_expression(part, facts, before));
        }
        Expression::Among(part, parts) => {
            of_expression(part, facts, before);
            parts.iter().for_each(|part| of_expression(part, facts, before));
        }
        Expression::If(parts) => parts.iter().for_each(|part| of_expression(part, facts, before)),
        Expression::Compare(_, parts) | Expression::Arithmetic(_, parts) | Expression::DaysBetween(parts) => {
            parts.iter().for_each(|part| of_expression(part, facts, before));
        }
        Expression::CountPrior(procedures, _)
        | Expression::UnitsPrior(procedures, _)
        | Expression::DaysSincePrior(procedures) => before.push(procedures),
        Expression::OnClaim(_) => facts.push(Fact::OtherLines),
    }
}

fn of_field(field: Field) -> Fact {
    match field {
        Field::Procedure => Fact::Procedure,
        Field::RevenueCode => Fact::RevenueCode,
        Field::Units => Fact::Units,
        Field::Charge => Fact::Charge,
        Field::Place => Fact::Place,
        Field::From | Field::Through | Field::Days => Fact::ServiceDates,
        Field::Modifiers => Fact::Modifiers,
        Field::LineDiagnoses => Fact::Diagnoses,
        Field::Emergency => Fact::Emergency,
        Field::Attachment => Fact::Attachment,
        Field::Authorization => Fact::Authorization,
        Field::Benefit => Fact::Benefit,
        Field::Network => Fact::NetworkMet,
        Field::Specialty => Fact::RenderingProvider,
        Field::AgeYears => Fact::PatientAge,
        Field::AgeDays | Field::Birth => Fact::PatientAgeInDays,
        Field::Sex => Fact::PatientSex,
        Field::ClaimType | Field::Bill => Fact::TypeOfBill,
        Field::ClaimCharge => Fact::ClaimCharge,
        Field::ClaimDiagnoses => Fact::ClaimDiagnoses,
        Field::Drg => Fact::DrgGiven,
        Field::ClaimLines => Fact::OtherLines,
        Field::Received => Fact::ReceivedDate,
        Field::Accident => Fact::Accident,
        Field::BillingSpecialty => Fact::BillingProvider,
        Field::Plan | Field::Medicare => Fact::PlanInForce,
    }
}

/// Services of the patient's history up to the line's first day: the procedure and the day of each.
fn given(procedures: &CodeRanges, case: &Case<'_>, service: &Service<'_>) -> String {
    let earlier = case.history.iter().filter(|earlier| {
        !earlier.denied && earlier.from <= service.line.from && procedures.contains(earlier.procedure)
    });
    codes(earlier.map(|earlier| format!("{} on {}", earlier.procedure, earlier.from)))
}
