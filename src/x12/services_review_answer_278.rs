//! 278 (005010X217), the response: what was decided on the requests of a 278, printed from the messages of `AuthorizationRequests`.

use jiff::civil::DateTime;

use super::inquiry::{Levels, Party, d8};
use super::services_review_278::{Event, Person, Review, Service};
use super::writer::{InterchangeHeader, SegmentWriter, composite};
use crate::proto::v1::{AuthorizationRequest, RequestRejection, ReviewOutcome, ServiceDecision};

/// The guide of request and response.
const VERSION: &str = "005010X217";
/// Reasons that speak of the person.
const OF_THE_PERSON: [&str; 9] = ["58", "65", "67", "71", "72", "73", "74", "75", "95"];

/// Writes the answer to one interchange: one 278 for each of its sets.
#[derive(Debug)]
pub struct Answer278 {
    out: SegmentWriter,
    header: InterchangeHeader,
    at: DateTime,
    sets: u32,
}

impl Answer278 {
    /// Opens the answer; GS06 is the interchange's number.
    pub fn new(header: &InterchangeHeader) -> Answer278 {
        Answer278 { out: SegmentWriter::new(header), header: header.clone(), at: header.at, sets: 0 }
    }

    /// Answers one set. `turned_away`: the level with which nothing can be done ("20" or "21") and why (AAA03); else `answers` go with
    /// its events.
    pub fn set(
        &mut self,
        payer: &Party,
        review: &Review,
        turned_away: Option<(&str, &str)>,
        answers: &[AuthorizationRequest],
    ) {
        if self.sets == 0 {
            let InterchangeHeader { sender, receiver, control_number, .. } = &self.header;
            self.out.group("HI", &sender.id, &receiver.id, *control_number, VERSION);
        }
        self.sets += 1;
        self.out.set("278", self.sets, VERSION);
        let time = format!("{:02}{:02}", self.at.hour(), self.at.minute());
        let today = self.at.date().strftime("%Y%m%d").to_string();
        let waits = answers.iter().any(|answer| answer.outcome() == ReviewOutcome::Pended);
        let more = if waits { "19" } else { "18" };
        self.out.segment("BHT", &["0007", "11", &review.reference, &today, &time, more]);
        let (out, mut levels) = (&mut self.out, Levels::default());
        levels.level(out, "20", "", Some(turned_away.is_none_or(|(level, _)| level != "20")));
        payer.write(out);
        if let Some(("20", reason)) = turned_away {
            return reject(out, reason, "C");
        }
        levels.level(out, "21", "20", Some(turned_away.is_none()));
        review.requester.write(out);
        if let Some((_, reason)) = turned_away {
            return reject(out, reason, "C");
        }
        for (event, answer) in review.events.iter().zip(answers) {
            write_event(out, &mut levels, event, answer);
        }
    }

    /// Closes the answer. `None` where nothing was asked.
    pub fn finish(self) -> Option<Vec<u8>> {
        (self.sets > 0).then(|| self.out.finish())
    }
}

fn write_event(out: &mut SegmentWriter, levels: &mut Levels, event: &Event, answer: &AuthorizationRequest) {
    let of_person = |rejection: &&RequestRejection| OF_THE_PERSON.contains(&rejection.reason_code.as_str());
    let persons: Vec<&RequestRejection> = answer.rejections.iter().filter(of_person).collect();
    levels.level(out, "22", "21", Some(true));
    let above = match &event.dependent {
        None => {
            write_person(out, &event.subscriber, &persons);
            "22"
        }
        Some(dependent) => {
            write_person(out, &event.subscriber, &[]);
            levels.level(out, "23", "22", Some(true));
            write_person(out, dependent, &persons);
            "23"
        }
    };
    levels.level(out, "EV", above, Some(!event.services.is_empty()));
    write_traces(out, &event.traces);
    let offset = usize::from(event.asks_itself());
    let line = |rejection: &RequestRejection| service_of(&rejection.field)?.checked_sub(offset);
    let of_event = |rejection: &&RequestRejection| !of_person(rejection) && line(rejection).is_none();
    for rejection in answer.rejections.iter().filter(of_event) {
        reject(out, &rejection.reason_code, &rejection.follow_up);
    }
    let [category, certification, service_type, place, qualifier, level] = &event.review;
    let facility = composite(&[place, qualifier]);
    out.segment("UM", &[category, certification, service_type, &facility, "", level]);
    let own = answer.decisions.first().filter(|_| event.asks_itself());
    let only = if answer.decisions.len() == 1 { answer.decisions.first() } else { own };
    if answer.rejections.is_empty() {
        let number = only.map_or("", |decision| &decision.certification_number);
        let reason = only.map_or("", |decision| &decision.reason_code);
        out.segment("HCR", &[action(answer.outcome()), number, reason]);
    }
    let id = answer.name.rsplit('/').next().unwrap_or_default();
    for (qualifier, number) in [("BB", event.previous.as_str()), ("NT", id)] {
        if !number.is_empty() {
            out.segment("REF", &[qualifier, number]);
        }
    }
    write_event_days(out, event, own);
    write_facts(out, event, own);
    for (at, service) in event.services.iter().enumerate() {
        let faults: Vec<&RequestRejection> =
            answer.rejections.iter().filter(|rejection| line(rejection) == Some(at)).collect();
        levels.level(out, "SS", "EV", Some(false));
        write_service(out, event, service, answer.decisions.get(at + offset), &faults);
    }
}

fn write_event_days(out: &mut SegmentWriter, event: &Event, own: Option<&ServiceDecision>) {
    match own.filter(|decision| is_certified(decision)) {
        Some(decision) => write_days(out, "AAH", &decision.from, &decision.through),
        None => write_days(out, "AAH", &event.days.0, &event.days.1),
    }
    write_days(out, "435", &event.admission, "");
    if let Some(decision) = own.filter(|decision| is_certified(decision)) {
        out.segment("DTP", &["102", "D8", &d8(&decision.decided_date)]);
    }
}

fn write_facts(out: &mut SegmentWriter, event: &Event, own: Option<&ServiceDecision>) {
    let codes: Vec<String> = event.diagnoses.iter().map(|(kind, code)| composite(&[kind, code])).collect();
    if !codes.is_empty() {
        out.segment("HI", &codes.iter().map(String::as_str).collect::<Vec<_>>());
    }
    write_quantity(out, &event.quantity, own);
    for provider in &event.providers {
        provider.write(out);
    }
}

fn write_service(
    out: &mut SegmentWriter,
    event: &Event,
    service: &Service,
    decision: Option<&ServiceDecision>,
    faults: &[&RequestRejection],
) {
    write_traces(out, &service.traces);
    for fault in faults {
        reject(out, &fault.reason_code, &fault.follow_up);
    }
    if let Some(decision) = decision {
        // A service within an admission is a request for services of its own.
        let category = if event.review[0] == "AR" { "HS" } else { &event.review[0] };
        out.segment("UM", &[category, &event.review[1]]);
        out.segment("HCR", &[action(decision.outcome()), &decision.certification_number, &decision.reason_code]);
    }
    match decision.filter(|decision| is_certified(decision)) {
        Some(decision) => write_days(out, "472", &decision.from, &decision.through),
        None => write_days(out, "472", &service.days.0, &service.days.1),
    }
    let code = composite(&[&service.qualifier, &service.procedure, "", "", "", "", "", &service.through_procedure]);
    let certified =
        decision.filter(|decision| is_certified(decision)).map(|decision| decision.certified_units.as_str());
    let (unit, asked) = &service.units;
    let units = if asked.is_empty() { "" } else { certified.unwrap_or(asked) };
    let unit = if units.is_empty() { "" } else { unit };
    match &service.revenue {
        None => out.segment("SV1", &[&code, "", unit, units]),
        Some(revenue) => out.segment("SV2", &[revenue, &code, "", unit, units]),
    }
    write_quantity(out, &service.quantity, decision.filter(|_| asked.is_empty()));
    for provider in &service.providers {
        provider.write(out);
    }
}

/// HSD: what was asked for, or what of it is certified.
fn write_quantity(out: &mut SegmentWriter, (kind, asked): &(String, String), decision: Option<&ServiceDecision>) {
    let certified =
        decision.filter(|decision| is_certified(decision)).map(|decision| decision.certified_units.as_str());
    let units = certified.unwrap_or(asked);
    if !kind.is_empty() && !units.is_empty() {
        out.segment("HSD", &[kind, units]);
    }
}

fn write_person(out: &mut SegmentWriter, person: &Person, rejections: &[&RequestRejection]) {
    person.party.write(out);
    for rejection in rejections {
        reject(out, &rejection.reason_code, &rejection.follow_up);
    }
    if !person.birth_date.is_empty() {
        out.segment("DMG", &["D8", &d8(&person.birth_date), &person.sex]);
    }
}

fn write_traces(out: &mut SegmentWriter, traces: &[[String; 3]]) {
    for [number, company, further] in traces {
        out.segment("TRN", &["2", number, company, further]);
    }
}

fn write_days(out: &mut SegmentWriter, kind: &str, from: &str, through: &str) {
    match (from, through) {
        ("", _) => {}
        (from, through) if through.is_empty() || through == from => out.segment("DTP", &[kind, "D8", &d8(from)]),
        (from, through) => out.segment("DTP", &[kind, "RD8", &format!("{}-{}", d8(from), d8(through))]),
    }
}

/// AAA.
fn reject(out: &mut SegmentWriter, reason: &str, follow_up: &str) {
    out.segment("AAA", &["N", "", reason, follow_up]);
}

/// HCR01.
fn action(outcome: ReviewOutcome) -> &'static str {
    match outcome {
        ReviewOutcome::Certified => "A1",
        ReviewOutcome::Partial => "A2",
        ReviewOutcome::NotCertified => "A3",
        ReviewOutcome::Pended => "A4",
        ReviewOutcome::Modified => "A6",
        ReviewOutcome::Cancelled => "C",
        ReviewOutcome::NotNeeded => "NA",
        ReviewOutcome::Unspecified => "CT",
    }
}

fn is_certified(decision: &ServiceDecision) -> bool {
    matches!(decision.outcome(), ReviewOutcome::Certified | ReviewOutcome::Modified)
}

/// The service that a field such as `services[2].from` is of.
fn service_of(field: &str) -> Option<usize> {
    field.split_once("services[")?.1.split_once(']')?.0.parse().ok()
}
