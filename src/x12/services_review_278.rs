//! Requests for review of a 278 (005010X217): who asks for what, for whom.

use std::ops::Range;

use super::delimiters::Delimiters;
use super::inquiry::{iso, iso_days};
use super::segments::{Segment, SegmentError, SegmentReader, Source};

pub use super::inquiry::Party;

/// A set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Review {
    /// The sender's number of the set (BHT03).
    pub reference: String,
    /// Who is asked (2010A).
    pub reviewer: Party,
    /// Who asks (2010B).
    pub requester: Party,
    /// What is asked, event by event.
    pub events: Vec<Event>,
}

/// A patient event (2000E), with the levels above and below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// The subscriber (2010C).
    pub subscriber: Person,
    /// The dependent who is the patient (2010D).
    pub dependent: Option<Person>,
    /// The sender's traces (TRN02 to TRN04).
    pub traces: Vec<[String; 3]>,
    /// UM01 to UM03, UM04-1, UM04-2, UM06.
    pub review: [String; 6],
    /// Number of an earlier authorization (REF*BB).
    pub previous: String,
    /// Day of admission (DTP*435).
    pub admission: String,
    /// Days of the event (DTP*AAH).
    pub days: (String, String),
    /// Kinds and codes of diagnoses (HI).
    pub diagnoses: Vec<(String, String)>,
    /// Kind and quantity (HSD01, HSD02).
    pub quantity: (String, String),
    /// Kinds of reports (PWK01).
    pub reports: Vec<String>,
    /// Who is to give the care (2010EA).
    pub providers: Vec<Party>,
    /// Its services (2000F).
    pub services: Vec<Service>,
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// Name and number (NM1).
    pub party: Party,
    /// Birth date, `YYYY-MM-DD` (DMG02).
    pub birth_date: String,
    /// Sex (DMG03).
    pub sex: String,
}

/// A service (2000F).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Service {
    /// The sender's traces.
    pub traces: Vec<[String; 3]>,
    /// Kind of code.
    pub qualifier: String,
    /// Procedure.
    pub procedure: String,
    /// Last procedure of a range.
    pub through_procedure: String,
    /// Revenue code; `None`: an SV1 told it.
    pub revenue: Option<String>,
    /// Unit and number of units (SV103, SV104).
    pub units: (String, String),
    /// First and last day (DTP*472).
    pub days: (String, String),
    /// Kind and quantity (HSD01, HSD02).
    pub quantity: (String, String),
    /// Who is to give it (2010F).
    pub providers: Vec<Party>,
}

/// The level that a segment belongs to.
#[derive(Clone, Copy)]
enum Level {
    Reviewer,
    Requester,
    Subscriber,
    Dependent,
    Event,
    Service,
}

/// Reads a set that the examination accepted, from its span in the source that was examined.
pub fn read<S: Source + ?Sized>(source: &S, span: Range<u64>, delimiters: Delimiters) -> Result<Review, SegmentError> {
    let mut segments = SegmentReader::new(source, span, delimiters);
    let mut review = Review::default();
    let (mut level, mut subscriber, mut dependent) = (Level::Reviewer, Person::default(), None);
    while let Some(segment) = segments.read()? {
        if segment.id() == "BHT" {
            review.reference = segment.element(3).to_string();
        }
        if segment.id() == "HL" {
            level = match segment.element(3) {
                "20" => Level::Reviewer,
                "21" => Level::Requester,
                "22" => Level::Subscriber,
                "23" => Level::Dependent,
                "EV" => Level::Event,
                _ => Level::Service,
            };
            match level {
                Level::Subscriber => (subscriber, dependent) = (Person::default(), None),
                Level::Dependent => dependent = Some(Person::default()),
                Level::Event => {
                    let (subscriber, dependent) = (subscriber.clone(), dependent.clone());
                    review.events.push(Event { subscriber, dependent, ..Event::default() });
                }
                Level::Service => {
                    if let Some(event) = review.events.last_mut() {
                        event.services.push(Service::default());
                    }
                }
                Level::Reviewer | Level::Requester => {}
            }
            continue;
        }
        match (level, review.events.last_mut()) {
            (Level::Reviewer, _) if segment.id() == "NM1" => review.reviewer = Party::read(&segment),
            (Level::Requester, _) if segment.id() == "NM1" => review.requester = Party::read(&segment),
            (Level::Subscriber, _) => subscriber.add(&segment),
            (Level::Dependent, _) => dependent.iter_mut().for_each(|person| person.add(&segment)),
            (Level::Event, Some(event)) => event.add(&segment),
            (Level::Service, Some(event)) => event.services.iter_mut().last().into_iter().for_each(|s| s.add(&segment)),
            _ => {}
        }
    }
    Ok(review)
}

impl Person {
    fn add(&mut self, segment: &Segment) {
        match segment.id() {
            "NM1" => self.party = Party::read(segment),
            "DMG" => (self.birth_date, self.sex) = (iso(segment.element(2)), segment.element(3).to_string()),
            _ => {}
        }
    }
}

impl Event {
    fn add(&mut self, segment: &Segment) {
        let element = |number| segment.element(number).to_string();
        match (segment.id(), segment.element(1)) {
            ("TRN", _) => self.traces.push([element(2), element(3), element(4)]),
            ("UM", _) => {
                let part = |at| segment.component(4, at).to_string();
                self.review = [element(1), element(2), element(3), part(1), part(2), element(6)];
            }
            ("REF", "BB") => self.previous = element(2),
            ("DTP", "435") => self.admission = iso_days(segment.element(3)).0,
            ("DTP", "AAH") => self.days = iso_days(segment.element(3)),
            ("HI", _) => {
                let codes =
                    (1..=12).map(|at| (segment.component(at, 1).to_string(), segment.component(at, 2).to_string()));
                self.diagnoses.extend(codes.filter(|(_, code)| !code.is_empty()));
            }
            ("HSD", _) => self.quantity = (element(1), element(2)),
            ("PWK", _) => self.reports.push(element(1)),
            ("NM1", _) => self.providers.push(Party::read(segment)),
            _ => {}
        }
    }

    /// Whether something is asked for besides the services: a stay, visits, or all there is.
    pub fn asks_itself(&self) -> bool {
        self.services.is_empty() || self.review[0] == "AR"
    }
}

impl Service {
    fn add(&mut self, segment: &Segment) {
        let element = |number| segment.element(number).to_string();
        let mut code = |at| {
            let part = |component| segment.component(at, component).to_string();
            (self.qualifier, self.procedure, self.through_procedure) = (part(1), part(2), part(8));
        };
        match segment.id() {
            "TRN" => self.traces.push([element(2), element(3), element(4)]),
            "DTP" => self.days = iso_days(segment.element(3)),
            "SV1" => {
                code(1);
                self.units = (element(3), element(4));
            }
            "SV2" => {
                code(2);
                self.revenue = Some(element(1));
                self.units = (element(4), element(5));
            }
            "HSD" => self.quantity = (element(1), element(2)),
            "NM1" => self.providers.push(Party::read(segment)),
            _ => {}
        }
    }
}
