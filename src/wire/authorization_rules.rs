//! How a payer decides requests for authorization: messages to domain.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::Violations;
use super::value_sets::ValueSets;
use crate::domain::authorization_request::{Action, AuthorizationRule, AuthorizationRules};
use crate::domain::codes::{Code, PlaceOfService};
use crate::proto::v1 as pb;
use crate::proto::v1::{AuthorizationAction, ValueSetKind as Kind};
use crate::reference::review_reasons;

/// Reads the rules of a folder.
pub(super) fn rules(folder: &pb::PayerFolder, found: &mut Violations) -> AuthorizationRules {
    let Some(message) = &folder.authorization_rules else { return AuthorizationRules::default() };
    // What is wrong with the sets themselves is noted with the policies.
    let sets = ValueSets::read(&folder.value_sets, &mut Violations::default());
    let plans: BTreeSet<&str> = folder.plans.iter().map(|plan| plan.plan_id.as_str()).collect();
    found.within("authorization_rules", |found| {
        found.distinct("rules", "rule_id", message.rules.iter().map(|rule| rule.rule_id.as_str()));
        AuthorizationRules {
            standard_days: found.limit("standard_days", message.standard_days).flatten(),
            urgent_hours: found.limit("urgent_hours", message.urgent_hours).flatten(),
            late_is_certified: message.late_decision() == pb::LateDecision::Certified,
            valid_days: found.limit("valid_days", message.valid_days).flatten(),
            retrospective_days: found.limit("retrospective_days", message.retrospective_days).flatten(),
            reopens_claims: message.reopens_claims,
            rules: found.each("rules", &message.rules, |rule, found| read(rule, &sets, &plans, found)),
        }
    })
}

fn read(
    message: &pb::AuthorizationRule,
    sets: &ValueSets<'_>,
    plans: &BTreeSet<&str>,
    found: &mut Violations,
) -> Option<AuthorizationRule> {
    let rule_id = found.required("rule_id", &message.rule_id);
    found.visible("title", &message.title);
    found.visible("rationale", &message.rationale);
    for (at, plan) in message.plans.iter().enumerate() {
        found.known(format_args!("plans[{at}]"), "plan", plan, plans);
    }
    let places = sets.codes(Kind::Place, "places", &message.places, found);
    let places: Vec<PlaceOfService> = places.iter().filter_map(|code| Code::parse(code)).collect();
    let reports = found.each("needs_reports", &message.needs_reports, |text, found| found.code("", text));
    let most_units = units("most_units", &message.most_units, found);
    let most_days = found.limit("most_days", message.most_days);
    let reason = reason("reason_code", &message.reason_code, found);
    if message.unmet() == AuthorizationAction::Certify || message.unmet() == AuthorizationAction::NotNeeded {
        found.add("unmet", "what does not meet what the rule asks is denied or reviewed: \"deny\" or \"review\"");
    }
    Some(AuthorizationRule {
        rule_id: rule_id?.to_owned(),
        title: message.title.clone(),
        plans: message.plans.clone(),
        procedures: sets.procedures("procedures", &message.procedures, found).into_any(),
        benefits: message.benefits.clone(),
        places,
        diagnoses: sets.starts(Kind::Diagnosis, "diagnoses", &message.diagnoses, found),
        referrals: message.referrals,
        action: action(message.action()),
        needs_diagnoses: sets.starts(Kind::Diagnosis, "needs_diagnoses", &message.needs_diagnoses, found),
        needs_reports: reports,
        needs_specialties: sets.starts(Kind::Specialty, "needs_specialties", &message.needs_specialties, found),
        unmet: match message.unmet() {
            AuthorizationAction::Unspecified => Action::Deny,
            other => action(other),
        },
        most_units: most_units?,
        most_days: most_days?,
        review_more: message.review_more,
        reason: reason?,
        rationale: message.rationale.clone(),
        href: message.href.clone(),
    })
}

fn action(action: AuthorizationAction) -> Action {
    match action {
        AuthorizationAction::Unspecified | AuthorizationAction::Certify => Action::Certify,
        AuthorizationAction::Review => Action::Review,
        AuthorizationAction::Deny => Action::Deny,
        AuthorizationAction::NotNeeded => Action::NotNeeded,
    }
}

/// A number of units that may be left out; `Some(None)`: it is.
pub(super) fn units(field: &str, text: &str, found: &mut Violations) -> Option<Option<Decimal>> {
    if text.is_empty() {
        return Some(None);
    }
    let units = found.decimal(field, text)?;
    if units <= Decimal::ZERO {
        found.add(field, format!("{text}: more than 0, or nothing for no limit"));
        return None;
    }
    Some(Some(units.normalize()))
}

/// A reason of X12's list 886 that may be left out; `Some(None)`: it is.
pub(super) fn reason(field: &str, text: &str, found: &mut Violations) -> Option<Option<&'static str>> {
    if text.is_empty() {
        return Some(None);
    }
    let known = review_reasons::decision_reasons().find(|code| *code == text);
    if known.is_none() {
        let all: Vec<&str> = review_reasons::decision_reasons().collect();
        found.add(field, format!("{text:?} is no reason that this payer gives: one of {}", all.join(", ")));
    }
    known.map(Some)
}
