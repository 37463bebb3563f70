//! Eligibility inquiries of a 270 (005010X279A1): who asks about whom, for which day and services.

use std::ops::Range;

use super::delimiters::Delimiters;
use super::inquiry::{iso, iso_days};
use super::segments::{Segment, SegmentError, SegmentReader, Source};

pub use super::inquiry::Party;

/// A set, level by level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inquiries {
    /// The sender's number of the set (BHT03).
    pub reference: String,
    /// Levels in the order of the set.
    pub levels: Vec<Level>,
}

/// A level of the set.
#[derive(Clone, Debug, PartialEq)]
pub enum Level {
    /// Who is asked (2100A).
    Source(Party),
    /// Who asks (2100B).
    Receiver(Party),
    /// The subscriber, who is the patient unless dependents follow (2000C).
    Subscriber(Patient),
    /// A dependent of the subscriber before (2000D).
    Dependent(Patient),
}

/// Who is asked about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patient {
    /// Name and member number (NM1).
    pub party: Party,
    /// TRN02 to TRN04 of each trace.
    pub traces: Vec<[String; 3]>,
    /// Birth date, `YYYY-MM-DD` (DMG02).
    pub birth_date: String,
    /// Sex (DMG03).
    pub sex: String,
    /// The provider's own number of the patient (REF*EJ).
    pub account_number: String,
    /// First and last day asked about (DTP*291).
    pub days: (String, String),
    /// What is asked.
    pub asks: Vec<Ask>,
}

/// One EQ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// Service types (EQ01).
    pub service_types: Vec<String>,
    /// Qualifier of the procedure (EQ02-1).
    pub qualifier: String,
    /// Procedure (EQ02-2).
    pub procedure: String,
    /// First and last day of this question, where it has its own (2110 DTP*291).
    pub days: (String, String),
}

/// Reads a set that the examination accepted, from its span in the source that was examined.
pub fn read<S: Source + ?Sized>(
    source: &S,
    span: Range<u64>,
    delimiters: Delimiters,
) -> Result<Inquiries, SegmentError> {
    let mut segments = SegmentReader::new(source, span, delimiters);
    let mut inquiries = Inquiries::default();
    while let Some(segment) = segments.read()? {
        match segment.id() {
            "BHT" => inquiries.reference = segment.element(3).to_string(),
            "HL" => inquiries.levels.extend(match segment.element(3) {
                "20" => Some(Level::Source(Party::default())),
                "21" => Some(Level::Receiver(Party::default())),
                "22" => Some(Level::Subscriber(Patient::default())),
                "23" => Some(Level::Dependent(Patient::default())),
                _ => None,
            }),
            _ => match inquiries.levels.last_mut() {
                Some(Level::Source(party) | Level::Receiver(party)) if segment.id() == "NM1" => {
                    *party = Party::read(&segment);
                }
                Some(Level::Subscriber(patient) | Level::Dependent(patient)) => patient.add(&segment),
                _ => {}
            },
        }
    }
    Ok(inquiries)
}

impl Patient {
    fn add(&mut self, segment: &Segment) {
        let element = |number| segment.element(number).to_string();
        match (segment.id(), segment.element(1)) {
            ("TRN", _) => self.traces.push([element(2), element(3), element(4)]),
            ("NM1", _) => self.party = Party::read(segment),
            ("REF", "EJ") => self.account_number = element(2),
            ("DMG", _) => (self.birth_date, self.sex) = (iso(segment.element(2)), element(3)),
            ("DTP", "291") => {
                let days = iso_days(segment.element(3));
                match self.asks.last_mut() {
                    Some(ask) => ask.days = days,
                    None => self.days = days,
                }
            }
            ("EQ", _) => self.asks.push(Ask {
                service_types: segment.repetitions(1).filter(|code| !code.is_empty()).map(str::to_string).collect(),
                qualifier: segment.component(2, 1).to_string(),
                procedure: segment.component(2, 2).to_string(),
                days: Default::default(),
            }),
            _ => {}
        }
    }
}
