//! What a payer and its plans ask of claims: messages to domain.

use super::Violations;
use crate::domain::claim_rules::{
    AskingTerms, ClaimRules, DocumentNeed, ProviderTypes, Provisions, ServiceNeed, ServiceRule,
};
use crate::domain::codes::{Carc, Modifier, Rarc, carc, rarc};
use crate::domain::dates::{Date, Period};
use crate::proto::v1 as pb;

/// How a rule on kinds of providers may be told.
const PROVIDER_REASONS: [&str; 4] = ["8", "170", "171", "172"];
/// What may be said of a document that is missing.
const DOCUMENT_REMARKS: [&str; 6] = ["M127", "M30", "M31", "N26", "N40", "N706"];
/// Days in which what is asked for may come, where nothing is said (29 CFR 2560.503-1(f)(2)(iii)(B)).
const USUAL_DAYS: i32 = 45;
/// How an excluded cause may be told.
const CAUSES: [&str; 3] = ["157", "159", "160"];

/// Reads what the payer asks of every claim.
pub(super) fn rules(payer: &pb::Payer, found: &mut Violations) -> ClaimRules {
    let Some(message) = &payer.claim_rules else { return ClaimRules::default() };
    found.within("payer.claim_rules", |found| ClaimRules {
        npis_required: message.npis_required,
        failing_npis_denied: message.failing_npis_denied,
        tax_ids_match: message.tax_ids_match,
        future_services_denied: message.future_services_denied,
        member_number_format: message.member_number_format.clone(),
        services: found.each("services", &message.services, service_rule),
    })
}

fn service_rule(message: &pb::ServiceRule, found: &mut Violations) -> Option<ServiceRule> {
    let procedures = found.procedures("procedures", &message.procedures);
    let period = period_if_any(&message.from, &message.through, found);
    let places = found.each("places_of_service", &message.places_of_service, |text, found| found.code("", text));
    let needs = found.each("needs", &message.needs, |number, found| need(*number, found));
    let modifiers: Vec<Modifier> = found.each("modifiers", &message.modifiers, |text, found| found.code("", text));
    let provider_types = match &message.provider_types {
        Some(types) => found.within("provider_types", |found| provider_types(types, found)).map(Some),
        None => Some(None),
    };
    let document = match &message.document {
        Some(document) => found.within("document", |found| document_need(document, found)).map(Some),
        None => Some(None),
    };
    let related = found.procedures("related_procedures", &message.related_procedures);
    let rule = ServiceRule {
        procedures: procedures?.into_any(),
        plans: message.plans.clone(),
        period: period?,
        places,
        needs,
        modifiers,
        provider_types: provider_types?,
        orderer_types: message.orderer_types.clone(),
        document: document?,
        related: related?.into_any(),
    };
    let asks_something = !rule.needs.is_empty()
        || !rule.modifiers.is_empty()
        || rule.provider_types.is_some()
        || !rule.orderer_types.is_empty()
        || rule.document.is_some()
        || rule.related.is_some();
    if !asks_something {
        found.add("needs", "is missing: a rule that asks for nothing means nothing");
    }
    Some(rule)
}

/// A period that may be left out; `Some(None)`: always.
fn period_if_any(from: &str, through: &str, found: &mut Violations) -> Option<Option<Period>> {
    let (first, last) = (found.date_if_any("from", from)?, found.date_if_any("through", through)?);
    let period = Period { from: first.unwrap_or(Date::MIN), through: last };
    Some((first.is_some() || last.is_some()).then_some(period))
}

fn need(number: i32, found: &mut Violations) -> Option<ServiceNeed> {
    match pb::ServiceNeed::try_from(number) {
        Ok(pb::ServiceNeed::OrderingProvider) => Some(ServiceNeed::OrderingProvider),
        Ok(pb::ServiceNeed::ReferringProvider) => Some(ServiceNeed::ReferringProvider),
        Ok(pb::ServiceNeed::DrugCode) => Some(ServiceNeed::DrugCode),
        Ok(pb::ServiceNeed::LaboratoryCertificate) => Some(ServiceNeed::LaboratoryCertificate),
        Ok(pb::ServiceNeed::Assignment) => Some(ServiceNeed::Assignment),
        Ok(pb::ServiceNeed::NoNursingStay) => Some(ServiceNeed::NoNursingStay),
        Ok(pb::ServiceNeed::Unspecified) | Err(_) => {
            found.add("", "must be said: such as \"ordering_provider\"");
            None
        }
    }
}

fn provider_types(message: &pb::ProviderTypes, found: &mut Violations) -> Option<ProviderTypes> {
    if message.allowed.is_empty() && message.barred.is_empty() {
        found.add("allowed", "is missing: starts of taxonomy codes here or in `barred`");
    }
    let carc = one_of("carc", &message.carc, "8", &PROVIDER_REASONS, found).map(carc);
    Some(ProviderTypes {
        allowed: message.allowed.clone(),
        barred: message.barred.clone(),
        carc: carc?,
        patient_liable: message.patient_liable,
    })
}

fn document_need(message: &pb::DocumentNeed, found: &mut Violations) -> Option<DocumentNeed> {
    let reports = found.each("report_types", &message.report_types, |text, found| found.code("", text));
    let remark = document_remark(&message.rarc, found);
    let ask = match &message.ask {
        Some(terms) => found.within("ask", |found| asking_terms(terms, found)).map(Some),
        None => Some(None),
    };
    let loinc = loinc("loinc", &message.loinc, found);
    Some(DocumentNeed { reports, rarc: remark?, days: days("days", message.days, found)?, loinc: loinc?, ask: ask? })
}

/// Reads the remark that says what is missing.
pub(super) fn document_remark(text: &str, found: &mut Violations) -> Option<Rarc> {
    one_of("rarc", text, "N706", &DOCUMENT_REMARKS, found).map(rarc)
}

/// Reads how a document is asked for.
pub(super) fn asking_terms(message: &pb::AskingTerms, found: &mut Violations) -> Option<AskingTerms> {
    let usual = if message.of_patient { "227" } else { "226" };
    let known: &[&str] = if message.of_patient { &["227"] } else { &["226", "252"] };
    let reason: Option<Carc> = one_of("carc", &message.carc, usual, known, found).map(carc);
    let days = days("days", Some(message.days), found)?.filter(|days| *days > 0).unwrap_or(USUAL_DAYS);
    Some(AskingTerms { days, of_patient: message.of_patient, carc: reason? })
}

/// Reads a LOINC code: digits, a hyphen and a check digit; empty where it is.
pub(super) fn loinc(field: &str, text: &str, found: &mut Violations) -> Option<String> {
    if text.is_empty() || crate::reference::loinc::is_loinc(text) {
        return Some(text.to_owned());
    }
    found.add(field, format!("{text:?} is no LOINC code: digits, a hyphen and the check digit, such as \"11504-8\""));
    None
}

/// Reads a plan's provisions.
pub(super) fn provisions(message: Option<&pb::Provisions>, found: &mut Violations) -> Option<Provisions> {
    let Some(message) = message else { return Some(Provisions::default()) };
    let authorization_days = days("authorization_days", message.authorization_days, found);
    let causes = found.each("excluded_causes", &message.excluded_causes, |cause, found| {
        if cause.diagnoses.is_empty() {
            found.add("diagnoses", "is missing: the starts of diagnoses that tell the cause, such as \"Y36\"");
        }
        let reason: Option<Carc> = one_of("carc", &cause.carc, "160", &CAUSES, found).map(carc);
        Some((cause.diagnoses.clone(), reason?))
    });
    Some(Provisions {
        member_asks_out_of_network: message.member_asks_out_of_network,
        authorization_days: authorization_days?,
        primary_care_benefits: message.primary_care_benefits.clone(),
        referral_reasons: message.referral_reasons,
        prior_payer_rules: message.prior_payer_rules,
        only_in_united_states: message.only_in_united_states,
        excluded_causes: causes,
        nursery_with_mother: message.nursery_with_mother,
        split_spans: message.split_spans,
    })
}

/// Days that may be left out: `Some(None)` where they are.
fn days(field: &str, days: Option<i32>, found: &mut Violations) -> Option<Option<i32>> {
    match days {
        Some(days) if days < 0 => {
            found.add(field, format!("{days} is negative: 0 or more"));
            None
        }
        days => Some(days),
    }
}

/// A text that must be one of a few; the usual one where it is left out.
fn one_of<'t>(field: &str, text: &'t str, usual: &'t str, known: &[&str], found: &mut Violations) -> Option<&'t str> {
    let text = if text.is_empty() { usual } else { text };
    if !known.contains(&text) {
        found.add(field, format!("{text:?}: one of {}", known.join(", ")));
        return None;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rule: pb::ServiceRule) -> Result<ClaimRules, Vec<String>> {
        let rules = pb::ClaimRules { services: vec![rule], ..Default::default() };
        let mut found = Violations::default();
        let rules = super::rules(&pb::Payer { claim_rules: Some(rules), ..Default::default() }, &mut found);
        found.into_result(Some(rules)).map_err(|found| found.into_iter().map(|v| v.field).collect())
    }

    #[test]
    fn a_rule_that_asks_for_nothing_is_refused() {
        assert_eq!(read(pb::ServiceRule::default()), Err(vec!["payer.claim_rules.services[0].needs".to_owned()]));
        let modifiers = vec!["GP".to_owned()];
        assert!(read(pb::ServiceRule { modifiers, ..Default::default() }).is_ok());
    }

    #[test]
    fn a_document_is_missed_in_the_words_that_its_reason_allows() {
        let asking = |rarc: &str| pb::ServiceRule {
            document: Some(pb::DocumentNeed { rarc: rarc.into(), ..Default::default() }),
            ..Default::default()
        };
        assert_eq!(read(asking("M76")), Err(vec!["payer.claim_rules.services[0].document.rarc".to_owned()]));
        let document = read(asking("")).unwrap().services.remove(0).document.unwrap();
        assert_eq!((document.rarc, document.days), (rarc("N706"), None));
    }
}
