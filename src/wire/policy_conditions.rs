//! Conditions of medical policies: messages to domain.

use rust_decimal::Decimal;

use super::value_sets::ValueSets;
use super::{Violations, expressions};
use crate::domain::claim::Sex;
use crate::domain::codes::Code;
use crate::domain::member::CodeRanges;
use crate::domain::policy::{AgeIn, Condition, Counted, DiagnosesOf, Frequency, Window};
use crate::proto::v1 as pb;
use crate::proto::v1::ValueSetKind as Kind;

/// Reads conditions. `own` are the procedures of the policy.
pub(super) fn read(
    message: &pb::PolicyConditions,
    own: &CodeRanges,
    sets: &ValueSets,
    found: &mut Violations,
) -> Vec<Condition> {
    if *message == pb::PolicyConditions::default() {
        found.add("", "asks for nothing: write a condition, or leave it out");
    }
    let mut all = Vec::new();
    codes(message, sets, &mut all, found);
    patient(message, &mut all, found);
    amounts(message, &mut all, found);
    earlier(message, own, sets, &mut all, found);
    let flags = [(message.authorization, Condition::Authorization), (message.attachment, Condition::Attachment)];
    all.extend(flags.into_iter().filter(|(asked, _)| *asked).map(|(_, condition)| condition));
    all.extend(message.emergency.map(Condition::Emergency));
    match message.claim_type() {
        pb::PolicyClaimType::Unspecified => {}
        kind => all.push(Condition::Institutional(kind == pb::PolicyClaimType::Institutional)),
    }
    if !message.networks.is_empty() {
        all.push(Condition::Networks(message.networks.clone()));
    }
    if !message.when.is_empty() {
        match expressions::lower(&message.when, sets) {
            Ok(expression) => all.push(Condition::When(expression, message.when.clone())),
            Err(why) => found.add("when", why),
        }
    }
    all
}

/// Conditions on codes of the claim.
fn codes(message: &pb::PolicyConditions, sets: &ValueSets, all: &mut Vec<Condition>, found: &mut Violations) {
    let mut starts = |kind, field, texts: &[String], make: &dyn Fn(_) -> Condition| {
        if !texts.is_empty() {
            all.push(make(sets.starts(kind, field, texts, found)));
        }
    };
    let of = |of| move |starts| Condition::Diagnoses(of, starts);
    starts(Kind::Diagnosis, "diagnoses", &message.diagnoses, &of(DiagnosesOf::Line));
    starts(Kind::Diagnosis, "not_diagnoses", &message.not_diagnoses, &Condition::NotDiagnoses);
    starts(Kind::Diagnosis, "claim_diagnoses", &message.claim_diagnoses, &of(DiagnosesOf::Claim));
    starts(Kind::Diagnosis, "principal_diagnoses", &message.principal_diagnoses, &of(DiagnosesOf::Principal));
    starts(Kind::Specialty, "specialties", &message.specialties, &|s| Condition::Specialties(s, true));
    starts(Kind::Specialty, "not_specialties", &message.not_specialties, &|s| Condition::Specialties(s, false));
    starts(Kind::TypeOfBill, "types_of_bill", &message.types_of_bill, &Condition::Bills);
    let mut two = |kind, field, texts: &[String]| {
        let codes = sets.codes(kind, field, texts, found);
        (!texts.is_empty()).then(|| codes.iter().filter_map(|code| Code::<2>::parse(code)).collect::<Vec<_>>())
    };
    let places = [("places", &message.places, true), ("not_places", &message.not_places, false)];
    for (field, texts, wanted) in places {
        all.extend(two(Kind::Place, field, texts).map(|codes| Condition::Places(codes, wanted)));
    }
    let modifiers = [("modifiers", &message.modifiers, true), ("without_modifiers", &message.without_modifiers, false)];
    for (field, texts, wanted) in modifiers {
        all.extend(two(Kind::Modifier, field, texts).map(|codes| Condition::Modifiers(codes, wanted)));
    }
}

/// Conditions on the patient.
fn patient(message: &pb::PolicyConditions, all: &mut Vec<Condition>, found: &mut Violations) {
    let ages = [
        (AgeIn::Years, "max_age_years", message.min_age_years, message.max_age_years),
        (AgeIn::Days, "max_age_days", message.min_age_days, message.max_age_days),
    ];
    for (unit, field, from, through) in ages {
        if [from, through].into_iter().flatten().any(|age| age < 0) {
            found.add(field, "an age is not negative");
        } else if let (Some(from), Some(through)) = (from, through)
            && through < from
        {
            found.add(field, format!("{through} is below the least age, {from}"));
        }
        if from.is_some() || through.is_some() {
            all.push(Condition::Age(unit, from, through));
        }
    }
    match message.sex() {
        pb::Sex::Unspecified => {}
        pb::Sex::Female => all.push(Condition::Sex(Sex::Female)),
        pb::Sex::Male => all.push(Condition::Sex(Sex::Male)),
        pb::Sex::Unknown => found.add("sex", "\"female\" or \"male\""),
    }
}

/// Conditions on units and charges.
fn amounts(message: &pb::PolicyConditions, all: &mut Vec<Condition>, found: &mut Violations) {
    let mut units = |field, text: &str| if text.is_empty() { None } else { found.decimal(field, text) };
    let (least, most) = (units("min_units", &message.min_units), units("max_units", &message.max_units));
    if let (Some(least), Some(most)) = (least, most)
        && most < least
    {
        found.add("max_units", format!("{most} is below the least, {least}"));
    }
    if least.is_some() || most.is_some() {
        all.push(Condition::Units(least, most));
    }
    let least = found.amount("min_charge_cents", message.min_charge_cents);
    let most = found.maximum("max_charge_cents", message.max_charge_cents);
    if let (Some(least), Some(most)) = (least, most) {
        if most.is_some_and(|most| most < least) {
            found.add("max_charge_cents", "is below the least");
        }
        if !least.is_zero() || most.is_some() {
            all.push(Condition::Charge(least, most));
        }
    }
}

/// Conditions on what was given before.
fn earlier(
    message: &pb::PolicyConditions,
    own: &CodeRanges,
    sets: &ValueSets,
    all: &mut Vec<Condition>,
    found: &mut Violations,
) {
    let priors =
        [("prior_service", &message.prior_service, true), ("no_prior_service", &message.no_prior_service, false)];
    for (field, prior, wanted) in priors {
        let Some(prior) = prior else { continue };
        found.within(field, |found| {
            let procedures = sets.procedures("procedures", &prior.procedures, found);
            if prior.procedures.is_empty() {
                found.add("procedures", "is missing: which services");
            }
            if let Some(days) = found.limit("within_days", prior.within_days) {
                all.push(Condition::Prior(procedures, days, wanted));
            }
        });
    }
    if let Some(frequency) = &message.frequency {
        all.extend(found.within("frequency", |found| read_frequency(frequency, own, sets, found)));
    }
}

fn read_frequency(
    message: &pb::PolicyFrequency,
    own: &CodeRanges,
    sets: &ValueSets,
    found: &mut Violations,
) -> Option<Condition> {
    if message.most < 0 {
        found.add("most", "is negative: 0 or more");
    }
    let days = found.limit("in_days", message.in_days)?;
    let windows = [
        days.map(Window::Days),
        message.per_calendar_year.then_some(Window::CalendarYear),
        message.lifetime.then_some(Window::Lifetime),
    ];
    let mut given = windows.into_iter().flatten();
    let (Some(window), None) = (given.next(), given.next()) else {
        found.add("in_days", "or `per_calendar_year = true` or `lifetime = true`, one of them, says in which time");
        return None;
    };
    let named = sets.procedures("procedures", &message.procedures, found);
    let procedures = if message.procedures.is_empty() { own.clone() } else { named };
    if procedures.ranges().is_empty() {
        found.add("procedures", "is missing, and the policy names none itself");
    }
    let count = match message.count() {
        pb::PolicyCount::Unspecified | pb::PolicyCount::Services => Counted::Services,
        pb::PolicyCount::Units => Counted::Units,
        pb::PolicyCount::Days => Counted::Days,
    };
    Some(Condition::Frequency(Frequency { most: Decimal::from(message.most), window, count, procedures }))
}
