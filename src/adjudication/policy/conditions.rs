//! Whether conditions hold for a line, and how they are told.

use rust_decimal::Decimal;

use super::facts::{Facts, Given, claim_type, sex_letter};
use crate::domain::claim::Sex;
use crate::domain::code_list::Starts;
use crate::domain::codes::DiagnosisCode;
use crate::domain::dates::{Date, days_between};
use crate::domain::member::CodeRanges;
use crate::domain::policy::{AgeIn, Condition, Counted, DiagnosesOf, Frequency, Window};

use super::super::edits::fits_authorization;

/// Codes told one by one.
const TOLD: usize = 8;

impl<'a> Facts<'a> {
    /// Whether a condition holds; `None` where that cannot be known.
    pub fn holds(&self, condition: &'a Condition) -> Option<bool> {
        let (line, claim) = (self.line(), &self.case.file.claim);
        let starts = |starts: &Starts, mut codes: &mut dyn Iterator<Item = DiagnosisCode>| {
            (&mut codes).any(|code| starts.begin(code.as_str()))
        };
        Some(match condition {
            Condition::Diagnoses(DiagnosesOf::Line, wanted) => starts(wanted, &mut self.diagnoses()),
            Condition::Diagnoses(DiagnosesOf::Claim, wanted) => starts(wanted, &mut claim.diagnoses.iter().copied()),
            Condition::Diagnoses(DiagnosesOf::Principal, wanted) => {
                starts(wanted, &mut claim.diagnoses.first().copied().into_iter())
            }
            Condition::NotDiagnoses(refused) => !starts(refused, &mut self.diagnoses()),
            Condition::Age(unit, from, through) => {
                let age = match unit {
                    AgeIn::Years => self.age_years()?,
                    AgeIn::Days => self.age_days()?,
                };
                from.is_none_or(|from| from <= age) && through.is_none_or(|through| age <= through)
            }
            Condition::Sex(sex) => match self.sex() {
                Sex::Unknown => return None,
                known => known == *sex,
            },
            Condition::Places(places, wanted) => places.contains(&line.place) == *wanted,
            Condition::Modifiers(modifiers, wanted) => line.modifiers().any(|m| modifiers.contains(&m)) == *wanted,
            Condition::Units(from, through) => {
                from.is_none_or(|from| from <= line.units) && through.is_none_or(|through| line.units <= through)
            }
            Condition::Charge(from, through) => {
                *from <= line.charge && through.is_none_or(|through| line.charge <= through)
            }
            Condition::Specialties(starts, wanted) => starts.begin(self.specialty()?) == *wanted,
            Condition::Bills(starts) => self.bill().is_some_and(|bill| starts.begin(bill)),
            Condition::Institutional(institutional) => claim.institutional.is_some() == *institutional,
            Condition::Prior(procedures, days, wanted) => {
                let given = self.on_claim(procedures) || self.given_within(procedures, *days).next().is_some();
                given == *wanted
            }
            Condition::Frequency(frequency) => self.count(frequency) <= frequency.most,
            Condition::Authorization => fits_authorization(self.case, self.service),
            Condition::Attachment => line.attachment,
            Condition::Emergency(wanted) => self.service.is_emergency() == *wanted,
            Condition::Networks(networks) => {
                let network = self.service.cover?.network;
                networks.iter().any(|name| name == network.as_str())
            }
            Condition::When(expression, _) => return self.is_true(expression),
        })
    }

    /// What was given in the time of a frequency, this line included.
    fn count(&self, frequency: &'a Frequency) -> Decimal {
        let line = self.line();
        let within = |day: Date| match frequency.window {
            Window::Days(days) => days_between(day, line.from) < days,
            Window::CalendarYear => day.year() == line.from.year(),
            Window::Lifetime => true,
        };
        let this = Given { day: line.from, units: line.units };
        let all = || self.given(&frequency.procedures).filter(|given| within(given.day)).chain([this]);
        match frequency.count {
            Counted::Services => all().count().into(),
            Counted::Units => all().fold(Decimal::ZERO, |sum, given| sum.saturating_add(given.units)),
            Counted::Days => {
                let mut days: Vec<Date> = all().map(|given| given.day).collect();
                days.sort_unstable();
                days.dedup();
                days.len().into()
            }
        }
    }

    /// What there is where a condition does not hold, in a clause.
    pub fn instead(&self, condition: &'a Condition) -> String {
        let (line, claim) = (self.line(), &self.case.file.claim);
        match condition {
            Condition::Diagnoses(DiagnosesOf::Line, _) | Condition::NotDiagnoses(_) => {
                format!("the line is for {}", codes(self.diagnoses().map(|code| code.to_string())))
            }
            Condition::Diagnoses(..) => {
                format!("the claim is for {}", codes(claim.diagnoses.iter().map(ToString::to_string)))
            }
            Condition::Age(AgeIn::Years, ..) => {
                format!("the patient is {} years old", self.age_years().unwrap_or_default())
            }
            Condition::Age(AgeIn::Days, ..) => {
                format!("the patient is {} days old", self.age_days().unwrap_or_default())
            }
            Condition::Sex(_) => format!("the patient's is {}", sex_letter(self.sex())),
            Condition::Places(..) => format!("the place is {}", line.place),
            Condition::Modifiers(..) => {
                format!("the line has {}", codes(line.modifiers().map(|modifier| modifier.to_string())))
            }
            Condition::Units(..) => format!("the line has {}", line.units.normalize()),
            Condition::Charge(..) => format!("the charge is {}", line.charge),
            Condition::Specialties(..) => format!("the provider's is {}", self.specialty().unwrap_or_default()),
            Condition::Bills(_) | Condition::Institutional(_) => match self.bill() {
                Some(bill) => format!("the type of bill is {bill}"),
                None => "the claim is professional".to_owned(),
            },
            Condition::Prior(procedures, _, wanted) => match self.given(procedures).map(|given| given.day).max() {
                Some(day) => format!("the last was on {day}"),
                None if *wanted => "there is none".to_owned(),
                None => "the claim has one".to_owned(),
            },
            Condition::Frequency(frequency) => format!("this makes {}", self.count(frequency).normalize()),
            Condition::Authorization if line.authorization_number.is_empty() => "the claim names none".to_owned(),
            Condition::Authorization => format!("{} is none", line.authorization_number),
            Condition::Attachment => "the claim names none".to_owned(),
            Condition::Emergency(true) => "nothing on the claim says so".to_owned(),
            Condition::Emergency(false) => "the claim says that it was one".to_owned(),
            Condition::Networks(_) => {
                let network = self.service.cover.map(|cover| cover.network.to_string());
                format!("it is {}", network.unwrap_or_default())
            }
            Condition::When(..) => "that is false".to_owned(),
        }
    }
}

/// What a condition asks for, as a noun.
pub(super) fn asked(condition: &Condition) -> String {
    match condition {
        Condition::Diagnoses(DiagnosesOf::Line, starts) => format!("a diagnosis of {}", codes(starts.iter())),
        Condition::Diagnoses(DiagnosesOf::Claim, starts) => {
            format!("a diagnosis anywhere on the claim of {}", codes(starts.iter()))
        }
        Condition::Diagnoses(DiagnosesOf::Principal, starts) => {
            format!("a principal diagnosis of {}", codes(starts.iter()))
        }
        Condition::NotDiagnoses(starts) => format!("no diagnosis of {}", codes(starts.iter())),
        Condition::Age(unit, from, through) => {
            let unit = if *unit == AgeIn::Years { "years" } else { "days" };
            format!("an age {} {unit}", from_through(from.as_ref(), through.as_ref()))
        }
        Condition::Sex(sex) => format!("sex {}", sex_letter(*sex)),
        Condition::Places(places, wanted) => format!("{} {}", one_of("place", *wanted), codes(places)),
        Condition::Modifiers(modifiers, wanted) => format!("{} {}", one_of("modifier", *wanted), codes(modifiers)),
        Condition::Units(from, through) => {
            let plain = |units: &Option<Decimal>| units.map(|units| units.normalize());
            format!("units {}", from_through(plain(from).as_ref(), plain(through).as_ref()))
        }
        Condition::Charge(from, through) => format!("a charge {}", from_through(Some(from), through.as_ref())),
        Condition::Specialties(starts, wanted) => format!("{} {}", one_of("specialty", *wanted), codes(starts.iter())),
        Condition::Bills(starts) => format!("a type of bill {}", codes(starts.iter())),
        Condition::Institutional(institutional) => format!("a claim that is {}", claim_type(*institutional)),
        Condition::Prior(procedures, days, wanted) => {
            let days = days.map(|days| format!(" within {days} days")).unwrap_or_default();
            format!("{} {}{days}", if *wanted { "a service of" } else { "no service of" }, of(procedures))
        }
        Condition::Frequency(frequency) => frequency_asked(frequency),
        Condition::Authorization => "an authorization that fits".to_owned(),
        Condition::Attachment => "a document".to_owned(),
        Condition::Emergency(wanted) => if *wanted { "an emergency" } else { "no emergency" }.to_owned(),
        Condition::Networks(networks) => format!("a provider in network {}", codes(networks)),
        Condition::When(_, source) => format!("`{source}`"),
    }
}

fn frequency_asked(frequency: &Frequency) -> String {
    let counted = match frequency.count {
        Counted::Services => "services",
        Counted::Units => "units",
        Counted::Days => "days",
    };
    let window = match frequency.window {
        Window::Days(days) => format!("in {days} days"),
        Window::CalendarYear => "in a calendar year".to_owned(),
        Window::Lifetime => "in a lifetime".to_owned(),
    };
    format!("at most {} {counted} of {} {window}", frequency.most, of(&frequency.procedures))
}

fn one_of(what: &str, wanted: bool) -> String {
    if wanted { what.to_owned() } else { format!("no {what}") }
}

fn from_through(from: Option<&impl ToString>, through: Option<&impl ToString>) -> String {
    match (from.map(ToString::to_string), through.map(ToString::to_string)) {
        (Some(from), Some(through)) => format!("from {from} through {through}"),
        (Some(from), None) => format!("of at least {from}"),
        (None, Some(through)) => format!("of at most {through}"),
        (None, None) => "of any number".to_owned(),
    }
}

/// Codes, the first few of many; "none" where there is none.
pub(super) fn codes(codes: impl IntoIterator<Item = impl ToString>) -> String {
    let all: Vec<String> = codes.into_iter().map(|code| code.to_string()).collect();
    match all.len() {
        0 => "none".to_owned(),
        number if number > TOLD => {
            format!("{} and {} more", all.get(..TOLD).unwrap_or_default().join(", "), number - TOLD)
        }
        _ => all.join(", "),
    }
}

fn of(procedures: &CodeRanges) -> String {
    codes(procedures.ranges().iter().map(
        |(first, last)| {
            if first == last { first.to_string() } else { format!("{first}-{last}") }
        },
    ))
}
