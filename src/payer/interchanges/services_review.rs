//! Requests for review in an interchange: each event becomes a request of the API, its answer is printed.

use super::work::Work;
use crate::payer::Failure;
use crate::proto::v1 as pb;
use crate::proto::v1::{CertificationType, LevelOfService, RequestCategory};
use crate::reference::review_reasons::rejection;
use crate::wire::Violation;
use crate::x12::examination::SetReport;
use crate::x12::services_review_278::{self, Event, Party, Review, Service};
use crate::x12::services_review_answer_278::Answer278;

/// Roles of those who are to give the care.
const SERVICE_PROVIDERS: [&str; 2] = ["SJ", "FA"];
/// Starts of the qualifiers of diagnoses; other codes of HI are none.
const DIAGNOSES: [&str; 6] = ["ABK", "ABF", "ABJ", "BK", "BF", "BJ"];

impl Work<'_> {
    /// Answers a 278.
    pub(super) fn answer_services_review(&mut self, set: &SetReport, out: &mut Answer278) -> Result<(), Failure> {
        let read = services_review_278::read(&self.file, set.trailer.span.clone(), set.delimiters);
        let review = read.map_err(|error| Failure::Damaged(error.to_string()))?;
        let turned_away = if !self.is_payer(&review.reviewer.id) {
            Some(("20", "79"))
        } else if review.requester.npi().is_empty() || !self.is_npi(&review.requester) {
            Some(("21", "43"))
        } else {
            None
        };
        let mut answers = Vec::with_capacity(review.events.len());
        let events = review.events.iter().enumerate().filter(|_| turned_away.is_none());
        for (at, event) in events {
            self.interchange.inquiries_answered += 1;
            let request_id = format!("interchange {} byte {} event {at}", self.number, set.trailer.span.start);
            answers.push(self.review(&review, event, request_id)?);
        }
        let payer = Party { role: "X3".to_owned(), ..self.payer_party() };
        out.set(&payer, &review, turned_away, &answers);
        Ok(())
    }

    fn review(&self, review: &Review, event: &Event, request_id: String) -> Result<pb::AuthorizationRequest, Failure> {
        let member_id = match self.patient(event)? {
            Ok(member_id) => member_id,
            Err(reason) => return Ok(rejected(&[(&reason, "member_id")])),
        };
        if event.review[1] == "3" {
            return self.cancelled(event);
        }
        if !["", "I", "N", "4", "R"].contains(&event.review[1].as_str()) {
            return Ok(rejected(&[("33", "certification_type")]));
        }
        let asked = self.asked(review, event, member_id);
        let request = pb::CreateAuthorizationRequestRequest {
            parent: self.sandbox.name(),
            request_id,
            authorization_request: Some(asked),
        };
        match self.payer.create_authorization_request(self.caller, &request) {
            Err(Failure::Violations { violations }) => {
                let faults: Vec<(&str, &str)> =
                    violations.iter().map(|fault| (reason_of(fault), fault.field.as_str())).collect();
                Ok(rejected(&faults))
            }
            answer => answer,
        }
    }

    /// The patient's own number, or why there is none.
    fn patient(&self, event: &Event) -> Result<Result<String, String>, Failure> {
        let person = event.dependent.as_ref().unwrap_or(&event.subscriber);
        if event.subscriber.party.id.is_empty() {
            return Ok(Err("72".to_owned()));
        }
        let request = pb::CheckEligibilityRequest {
            parent: self.sandbox.name(),
            member_id: event.subscriber.party.id.clone(),
            last_name: person.party.last.clone(),
            first_name: person.party.first.clone(),
            birth_date: person.birth_date.clone(),
            dependent: event.dependent.is_some(),
            ..Default::default()
        };
        let found = self.payer.check_eligibility(self.caller, &request)?;
        let of_person = ["58", "65", "67", "71", "72", "73", "75"].contains(&found.reject_reason.as_str());
        if of_person {
            return Ok(Err(found.reject_reason));
        }
        Ok(Ok(found.patient.map_or(request.member_id, |patient| patient.member_id)))
    }

    /// Takes back what the number stands for.
    fn cancelled(&self, event: &Event) -> Result<pb::AuthorizationRequest, Failure> {
        let name = self.payer.authorization_request_name(&self.sandbox.name(), &event.previous);
        let Some(name) = name else { return Ok(rejected(&[("AA", "previous_number")])) };
        let request = pb::CancelAuthorizationRequestRequest { name, reason: "taken back by a 278".to_owned() };
        match self.payer.cancel_authorization_request(self.caller, &request) {
            Err(Failure::Unknown(_)) => Ok(rejected(&[("AA", "previous_number")])),
            Err(Failure::AuthorizationState { .. }) => Ok(rejected(&[("33", "previous_number")])),
            answer => answer,
        }
    }

    fn asked(&self, review: &Review, event: &Event, member_id: String) -> pb::AuthorizationRequest {
        let [category, certification, service_type, place, qualifier, level] = &event.review;
        let category = match category.as_str() {
            "SC" => RequestCategory::Referral,
            "AR" => RequestCategory::Admission,
            _ => RequestCategory::Services,
        };
        let certification = match certification.as_str() {
            "4" => CertificationType::Extension,
            "R" => CertificationType::Renewal,
            _ => CertificationType::Initial,
        };
        let level = match level.as_str() {
            "U" => LevelOfService::Urgent,
            "03" => LevelOfService::Emergency,
            _ => LevelOfService::Elective,
        };
        let of_services = event.services.iter().flat_map(|service| &service.providers);
        let rendering = of_services
            .chain(&event.providers)
            .find(|provider| SERVICE_PROVIDERS.contains(&provider.role.as_str()) && !provider.npi().is_empty());
        let diagnoses = event.diagnoses.iter().filter(|(kind, _)| DIAGNOSES.contains(&kind.as_str()));
        let itself = event.asks_itself().then(|| self.event_service(event));
        let services = event.services.iter().map(|service| self.service(event, service));
        pb::AuthorizationRequest {
            member_id,
            category: category.into(),
            certification_type: certification.into(),
            service_type_code: service_type.clone(),
            place_of_service: if qualifier == "B" { place.clone() } else { String::new() },
            level_of_service: level.into(),
            diagnoses: diagnoses.map(|(_, code)| code.clone()).collect(),
            requesting_npi: review.requester.npi().to_owned(),
            rendering_npi: rendering.map_or_else(String::new, |provider| provider.npi().to_owned()),
            admission_date: event.admission.clone(),
            services: itself.into_iter().chain(services).collect(),
            reports: event.reports.clone(),
            previous_number: event.previous.clone(),
            trace_number: event.traces.first().map(|[number, ..]| number.clone()).unwrap_or_default(),
            ..Default::default()
        }
    }

    /// What the event itself asks for: a stay, visits.
    fn event_service(&self, event: &Event) -> pb::RequestedService {
        let (from, through) = self.days_of(event, &event.days);
        pb::RequestedService { units: event.quantity.1.clone(), from, through, ..Default::default() }
    }

    fn service(&self, event: &Event, service: &Service) -> pb::RequestedService {
        let (from, through) = self.days_of(event, &service.days);
        let told = if service.units.1.is_empty() { &service.quantity.1 } else { &service.units.1 };
        pb::RequestedService {
            procedure_code: service.procedure.clone(),
            through_procedure_code: service.through_procedure.clone(),
            revenue_code: service.revenue.clone().unwrap_or_default(),
            units: told.clone(),
            from,
            through,
        }
    }

    /// Its own days, or else the event's, the day of admission, today.
    fn days_of(&self, event: &Event, own: &(String, String)) -> (String, String) {
        let admission = (event.admission.clone(), String::new());
        let today = (self.at.date().to_string(), String::new());
        let told = [own, &event.days, &admission].into_iter().find(|days| !days.0.is_empty());
        told.cloned()
            .map_or(today, |(from, through)| if through == from { (from.clone(), from) } else { (from, through) })
    }
}

/// A request that is turned away.
fn rejected(reasons: &[(&str, &str)]) -> pb::AuthorizationRequest {
    let rejections = reasons.iter().map(|(code, field)| {
        let (words, follow_up) = rejection(code);
        pb::RequestRejection {
            reason_code: (*code).to_owned(),
            words: words.to_owned(),
            follow_up: follow_up.to_owned(),
            field: (*field).to_owned(),
        }
    });
    pb::AuthorizationRequest { rejections: rejections.collect(), simulated: true, ..Default::default() }
}

/// The reason of a field that cannot be read.
fn reason_of(fault: &Violation) -> &'static str {
    let field = fault.field.as_str();
    match field {
        _ if field.contains("procedure") => "AG",
        _ if field.contains("diagnoses") => "AF",
        _ if field.ends_with("_npi") => "43",
        _ if field.ends_with("from") || field.ends_with("through") || field.ends_with("_date") => "57",
        _ => "33",
    }
}
