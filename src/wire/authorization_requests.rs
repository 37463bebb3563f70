//! Requests for authorization: messages to domain, and decisions to messages.

use rust_decimal::Decimal;

use super::authorization_rules::{reason, units};
use super::{Violation, Violations};
use crate::adjudication::authorization_request::{Decision, Outcome, ServiceDecision};
use crate::domain::authorization_request::{AuthorizationRequest, Category, RequestedService, Urgency};
use crate::domain::codes::{Code, DiagnosisCode, ProcedureCode};
use crate::domain::dates::Date;
use crate::proto::v1 as pb;
use crate::proto::v1::{LevelOfService, RequestCategory, ReviewOutcome};
use crate::reference::review_reasons;

/// Most services of one request.
const MAX_SERVICES: usize = 99;

/// Reads a request, or says everything that is wrong with it.
pub fn request(message: &pb::AuthorizationRequest) -> Result<AuthorizationRequest, Vec<Violation>> {
    let mut found = Violations::default();
    let read = read(message, &mut found);
    found.into_result(read)
}

fn read(message: &pb::AuthorizationRequest, found: &mut Violations) -> Option<AuthorizationRequest> {
    let member_id = found.required("member_id", &message.member_id);
    let requesting = npi("requesting_npi", &message.requesting_npi, found);
    let rendering = match message.rendering_npi.as_str() {
        "" => requesting,
        text => npi("rendering_npi", text, found),
    };
    let place = match message.place_of_service.as_str() {
        "" => Some(None),
        text => found.code("place_of_service", text).map(Some),
    };
    let diagnoses = found.each("diagnoses", &message.diagnoses, |text, found| {
        let plain = text.replace('.', "").to_ascii_uppercase();
        found.code::<7>("", &plain).map(|code: DiagnosisCode| code.to_string())
    });
    found.visible("trace_number", &message.trace_number);
    found.visible("previous_number", &message.previous_number);
    let admission = found.date_if_any("admission_date", &message.admission_date);
    let reports = found.each("reports", &message.reports, |text, found| found.code::<2>("", text));
    if message.services.is_empty() || message.services.len() > MAX_SERVICES {
        found
            .add("services", format!("1 to {MAX_SERVICES} services; an admission or referral needs its days at least"));
    }
    let admission = admission.flatten();
    let services = found.each("services", &message.services, |service, found| self::service(service, admission, found));
    let extension =
        matches!(message.certification_type(), pb::CertificationType::Extension | pb::CertificationType::Renewal);
    Some(AuthorizationRequest {
        member_id: member_id?.to_owned(),
        category: match message.category() {
            RequestCategory::Unspecified | RequestCategory::Services => Category::Services,
            RequestCategory::Referral => Category::Referral,
            RequestCategory::Admission => Category::Admission,
        },
        extension,
        urgency: match message.level_of_service() {
            LevelOfService::Unspecified | LevelOfService::Elective => Urgency::Elective,
            LevelOfService::Urgent => Urgency::Urgent,
            LevelOfService::Emergency => Urgency::Emergency,
        },
        place: place?,
        diagnoses,
        requesting_npi: requesting?,
        rendering_npi: rendering?,
        services,
        reports,
        previous_number: message.previous_number.clone(),
    })
}

fn npi(field: &str, text: &str, found: &mut Violations) -> Option<crate::domain::codes::Npi> {
    let npi = found.npi(field, text)?;
    if !npi.check_digit_holds() {
        found.add(field, format!("{text} fails the check digit of NPIs"));
        return None;
    }
    Some(npi)
}

fn service(
    message: &pb::RequestedService,
    admission: Option<Date>,
    found: &mut Violations,
) -> Option<RequestedService> {
    let first: Option<Option<ProcedureCode>> = match message.procedure_code.as_str() {
        "" => Some(None),
        text => procedure("procedure_code", text, found).map(Some),
    };
    let last: Option<Option<ProcedureCode>> = match message.through_procedure_code.as_str() {
        "" => Some(None),
        text => procedure("through_procedure_code", text, found).map(Some),
    };
    let revenue = &message.revenue_code;
    if !revenue.is_empty() && Code::<4>::parse(revenue).is_none() {
        found.add("revenue_code", format!("{revenue:?} is no revenue code: four digits"));
    }
    let units = units("units", &message.units, found);
    let days = match (message.from.as_str(), admission) {
        ("", Some(admission)) => found.date_if_any("through", &message.through).map(|through| (admission, through)),
        _ => found.period(&message.from, &message.through).map(|period| (period.from, period.through)),
    };
    let (first, last) = (first?, last?);
    if first.zip(last).is_some_and(|(first, last)| last < first) || (first.is_none() && last.is_some()) {
        found.add("through_procedure_code", "is not the last of a range that begins with `procedure_code`");
    }
    let (from, through) = days?;
    Some(RequestedService {
        procedures: first.map(|first| (first, last.unwrap_or(first))),
        units: units?,
        from,
        through,
    })
}

fn procedure(field: &str, text: &str, found: &mut Violations) -> Option<ProcedureCode> {
    if text.len() != 5 {
        found.add(field, format!("{text:?} is no procedure: five letters and digits"));
        return None;
    }
    found.code(field, &text.to_ascii_uppercase())
}

/// Writes what was decided into the message of a request. `number_of` gives the number of a line that is certified or denied.
pub fn decided(message: &mut pb::AuthorizationRequest, decision: &Decision, number_of: impl Fn(usize) -> String) {
    message.plan_id.clone_from(&decision.plan_id);
    message.retrospective = decision.retrospective;
    let today = message.received_time.get(..10).unwrap_or_default().to_owned();
    message.decisions = decision
        .services
        .iter()
        .enumerate()
        .map(|(at, service)| decided_service(at, service, &today, number_of(at)))
        .collect();
    message.rejections = decision
        .rejections
        .iter()
        .map(|rejection| pb::RequestRejection {
            reason_code: rejection.code.to_owned(),
            words: rejection.words.clone(),
            follow_up: review_reasons::rejection(rejection.code).1.to_owned(),
            field: rejection.field.clone(),
        })
        .collect();
    message.steps = decision
        .steps
        .iter()
        .map(|step| pb::ReviewStep {
            line: i32::try_from(step.line).unwrap_or(i32::MAX),
            id: step.id.to_owned(),
            words: step.words.clone(),
            authority: step
                .authority
                .iter()
                .map(|citation| pb::Citation { title: citation.title.to_owned(), href: citation.href.to_owned() })
                .collect(),
        })
        .collect();
    if let Some(deadline) = &decision.deadline {
        message.decide_by = deadline.decide_by.to_string();
        message.late_consequence.clone_from(&deadline.words);
    }
    message.outcome = together(&message.decisions).into();
}

fn decided_service(at: usize, service: &ServiceDecision, today: &str, number: String) -> pb::ServiceDecision {
    let (outcome, final_, numbered) = match service.outcome {
        Outcome::Certified => (ReviewOutcome::Certified, true, true),
        Outcome::Modified => (ReviewOutcome::Modified, true, true),
        Outcome::NotCertified => (ReviewOutcome::NotCertified, true, true),
        Outcome::Pended => (ReviewOutcome::Pended, false, false),
        Outcome::NotNeeded => (ReviewOutcome::NotNeeded, true, false),
    };
    let certified = matches!(service.outcome, Outcome::Certified | Outcome::Modified);
    pb::ServiceDecision {
        line: i32::try_from(at + 1).unwrap_or(i32::MAX),
        outcome: outcome.into(),
        certification_number: if numbered { number } else { String::new() },
        reason_code: service.reason.to_owned(),
        reason: review_reasons::decision_reason(service.reason).unwrap_or_default().to_owned(),
        rule_id: service.rule_id.clone(),
        certified_units: if certified { text(service.units) } else { String::new() },
        from: service.from.to_string(),
        through: service.through.to_string(),
        decided_date: if final_ { today.to_owned() } else { String::new() },
        decided_by: if final_ { "rules".to_owned() } else { String::new() },
        rationale: service.rationale.clone(),
        ..Default::default()
    }
}

/// Units as text; empty: no limit.
pub fn text(units: Option<Decimal>) -> String {
    units.map_or_else(String::new, |units| units.normalize().to_string())
}

/// How a request stands by its services.
pub fn together(decisions: &[pb::ServiceDecision]) -> ReviewOutcome {
    let all = |outcome: ReviewOutcome| decisions.iter().all(|decision| decision.outcome() == outcome);
    let any = |outcome: ReviewOutcome| decisions.iter().any(|decision| decision.outcome() == outcome);
    let first = decisions.first().map_or(ReviewOutcome::Unspecified, pb::ServiceDecision::outcome);
    if all(first) {
        return first;
    }
    if any(ReviewOutcome::Pended) {
        return ReviewOutcome::Pended;
    }
    let certified = any(ReviewOutcome::Certified) || any(ReviewOutcome::Modified);
    match (certified, any(ReviewOutcome::NotCertified) || any(ReviewOutcome::Cancelled)) {
        (true, true) => ReviewOutcome::Partial,
        (true, false) if any(ReviewOutcome::Modified) => ReviewOutcome::Modified,
        (true, false) => ReviewOutcome::Certified,
        (false, _) if any(ReviewOutcome::NotCertified) => ReviewOutcome::NotCertified,
        (false, _) => ReviewOutcome::NotNeeded,
    }
}

/// What a reviewer rules on a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruled {
    /// Certifies, or denies.
    pub certify: bool,
    /// So many units instead of those asked for.
    pub units: Option<Decimal>,
    /// First day instead.
    pub from: Option<Date>,
    /// Last day instead.
    pub through: Option<Date>,
    /// Reason of a denial.
    pub reason: &'static str,
}

/// Reads how a reviewer decides a service.
pub fn ruling(message: &pb::ServiceRuling, found: &mut Violations) -> Option<Ruled> {
    let certify = match message.verdict() {
        pb::AuthorizationVerdict::Unspecified => {
            found.add("verdict", "is missing: certify or deny");
            None
        }
        verdict => Some(verdict == pb::AuthorizationVerdict::Certify),
    };
    let units = units("units", &message.units, found);
    let (from, through) = (found.date_if_any("from", &message.from), found.date_if_any("through", &message.through));
    let reason = reason("reason_code", &message.reason_code, found);
    Some(Ruled { certify: certify?, units: units?, from: from?, through: through?, reason: reason?.unwrap_or("0F") })
}
