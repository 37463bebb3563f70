//! What a policy can know of a line, its claim, its patient and what was given before.

use rust_decimal::Decimal;

use super::{Case, Proceedings, Service};
use crate::domain::claim::{ServiceLine, Sex};
use crate::domain::codes::DiagnosisCode;
use crate::domain::dates::{Date, age_on, days_between};
use crate::domain::expression::Field;
use crate::domain::member::CodeRanges;

/// A line with all that can be asked about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'a> {
    pub case: &'a Case<'a>,
    pub proceedings: &'a Proceedings,
    pub service: &'a Service<'a>,
}

/// A value of an expression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Bool(bool),
    Number(Decimal),
    Text(&'a str),
    Date(Date),
}

/// A service given before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given {
    pub day: Date,
    pub units: Decimal,
}

impl<'a> Facts<'a> {
    pub fn line(&self) -> &'a ServiceLine {
        self.service.line
    }

    /// The patient's birth date: as the payer has it, or else as the claim says.
    pub fn birth(&self) -> Option<Date> {
        let recorded = self.case.member().and_then(|member| member.person.birth);
        recorded.or(self.case.file.claim.patient().birth)
    }

    pub fn sex(&self) -> Sex {
        match self.case.member().map(|member| member.person.sex) {
            Some(Sex::Unknown) | None => self.case.file.claim.patient().sex,
            Some(sex) => sex,
        }
    }

    pub fn age_years(&self) -> Option<i32> {
        self.birth().map(|birth| age_on(birth, self.line().from).into())
    }

    pub fn age_days(&self) -> Option<i32> {
        self.birth().map(|birth| days_between(birth, self.line().from))
    }

    /// Specialty of who performed it, where the payer has a record.
    pub fn specialty(&self) -> Option<&'a str> {
        let provider = match self.service.rendering {
            None if self.line().rendering_npi == self.case.file.claim.billing_npi => self.case.billing,
            rendering => rendering,
        };
        provider.map(|provider| provider.taxonomy.as_str())
    }

    pub fn bill(&self) -> Option<&'a str> {
        self.case.file.claim.institutional.as_ref().map(|facility| facility.bill.as_str())
    }

    pub fn diagnoses(&self) -> impl Iterator<Item = DiagnosisCode> + use<'a> {
        self.case.file.claim.diagnoses_of(self.service.line)
    }

    /// Services of the patient's history up to the line's first day, and the claim's lines before it that are not denied.
    pub fn given(&self, procedures: &'a CodeRanges) -> impl Iterator<Item = Given> + use<'a> {
        let (case, line, at) = (self.case, self.line(), self.service.at);
        let proceedings = self.proceedings;
        let earlier = case.history.iter().filter(move |earlier| {
            !earlier.denied && earlier.from <= line.from && procedures.contains(earlier.procedure)
        });
        let on_claim = case.services.iter().filter(move |other| {
            (other.line.from, other.at) < (line.from, at)
                && procedures.contains(other.line.procedure)
                && !proceedings.is_denied(other.at)
        });
        let earlier = earlier.map(|earlier| Given { day: earlier.from, units: earlier.units });
        earlier.chain(on_claim.map(|other| Given { day: other.line.from, units: other.line.units }))
    }

    /// Services given on the line's first day or at most so many days before it.
    pub fn given_within(&self, procedures: &'a CodeRanges, days: Option<i32>) -> impl Iterator<Item = Given> + use<'a> {
        let day = self.line().from;
        self.given(procedures).filter(move |given| days.is_none_or(|days| days_between(given.day, day) <= days))
    }

    /// Whether another line of the claim has such a procedure.
    pub fn on_claim(&self, procedures: &CodeRanges) -> bool {
        let mut others = self.case.services.iter().filter(|other| other.at != self.service.at);
        others.any(|other| procedures.contains(other.line.procedure))
    }

    /// The value of a field that is no list; `None` where the claim lacks it.
    pub fn value(&self, field: Field) -> Option<Value<'a>> {
        let (line, claim) = (self.line(), &self.case.file.claim);
        let (cover, days) = (self.service.cover, days_between(line.from, line.through).saturating_add(1));
        let text = |text: &'a str| (!text.is_empty()).then_some(Value::Text(text));
        match field {
            Field::Procedure => text(line.procedure.as_str()),
            Field::RevenueCode => text(line.revenue.as_str()),
            Field::Units => Some(Value::Number(line.units)),
            Field::Charge => Some(Value::Number(line.charge.cents().into())),
            Field::Place => Some(Value::Text(line.place.as_str())),
            Field::From => Some(Value::Date(line.from)),
            Field::Through => Some(Value::Date(line.through)),
            Field::Days => Some(Value::Number(days.into())),
            Field::Emergency => Some(Value::Bool(self.service.is_emergency())),
            Field::Attachment => Some(Value::Bool(line.attachment)),
            Field::Authorization => text(&line.authorization_number),
            Field::Benefit => cover.and_then(|cover| cover.benefit).and_then(|benefit| text(&benefit.name)),
            Field::Network => self.service.cover.as_ref().and_then(|cover| text(cover.network.as_str())),
            Field::Specialty => self.specialty().and_then(text),
            Field::AgeYears => self.age_years().map(|years| Value::Number(years.into())),
            Field::AgeDays => self.age_days().map(|days| Value::Number(days.into())),
            Field::Sex => Some(Value::Text(sex_letter(self.sex()))),
            Field::Birth => self.birth().map(Value::Date),
            Field::ClaimType => Some(Value::Text(claim_type(claim.institutional.is_some()))),
            Field::Bill => self.bill().and_then(text),
            Field::ClaimCharge => Some(Value::Number(claim.charge.cents().into())),
            Field::Drg => claim.institutional.as_ref().and_then(|facility| text(facility.drg.as_ref()?.as_str())),
            Field::ClaimLines => Some(Value::Number(claim.lines.len().into())),
            Field::Received => Some(Value::Date(self.case.file.received)),
            Field::Accident => {
                let accident = claim.accident;
                Some(Value::Bool(accident.automobile || accident.employment || accident.other))
            }
            Field::BillingSpecialty => self.case.billing.and_then(|provider| text(&provider.taxonomy)),
            Field::Plan => cover.and_then(|cover| text(&cover.plan.plan_id)),
            Field::Medicare => Some(Value::Bool(cover.is_some_and(|cover| cover.plan.medicare))),
            Field::Modifiers | Field::LineDiagnoses | Field::ClaimDiagnoses => None,
        }
    }

    /// How many elements of a list a question is true of; nothing for fields that are no list.
    pub fn count_in_list(&self, field: Field, is: impl Fn(&str) -> bool) -> usize {
        match field {
            Field::Modifiers => self.line().modifiers().filter(|code| is(code.as_str())).count(),
            Field::LineDiagnoses => self.diagnoses().filter(|code| is(code.as_str())).count(),
            Field::ClaimDiagnoses => self.case.file.claim.diagnoses.iter().filter(|code| is(code.as_str())).count(),
            _ => 0,
        }
    }
}

/// As X12 writes it (DMG03).
pub(super) fn sex_letter(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "F",
        Sex::Male => "M",
        Sex::Unknown => "U",
    }
}

pub(super) fn claim_type(institutional: bool) -> &'static str {
    if institutional { "institutional" } else { "professional" }
}
