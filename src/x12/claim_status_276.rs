//! Claim status requests of a 276 (005010X212): who asks for which claims.

use std::ops::Range;

use super::delimiters::Delimiters;
use super::inquiry::{iso, iso_days};
use super::segments::{Segment, SegmentError, SegmentReader, Source};
use crate::domain::money::Money;

pub use super::inquiry::Party;

/// A set, level by level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requests {
    /// The sender's number of the set (BHT03).
    pub reference: String,
    /// Levels in the order of the set.
    pub levels: Vec<Level>,
}

/// A level of the set.
#[derive(Clone, Debug, PartialEq)]
pub enum Level {
    /// Who is asked (2100A).
    Payer(Party),
    /// Who asks (2100B).
    Receiver(Party),
    /// Whose claims they are (2100C).
    Provider(Party),
    /// The subscriber, with the claims for it (2000D).
    Subscriber(Patient),
    /// A dependent of the subscriber before, with the claims for it (2000E).
    Dependent(Patient),
}

/// Whose claims are asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patient {
    /// Name and member number (NM1).
    pub party: Party,
    /// Birth date, `YYYY-MM-DD` (DMG02).
    pub birth_date: String,
    /// The claims.
    pub claims: Vec<ClaimRequest>,
}

/// A claim that is asked for (2200).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClaimRequest {
    /// The sender's trace (TRN02).
    pub trace: String,
    /// The payer's control number (REF*1K).
    pub control_number: String,
    /// The provider's own number (REF*EJ).
    pub patient_control_number: String,
    /// Type of bill (REF*BLT).
    pub type_of_bill: String,
    /// Charge (AMT*T3).
    pub charge: Money,
    /// First and last day of service; the lines' where the claim tells none (DTP*472).
    pub days: (String, String),
}

/// Reads a set that the examination accepted, from its span in the source that was examined.
pub fn read<S: Source + ?Sized>(
    source: &S,
    span: Range<u64>,
    delimiters: Delimiters,
) -> Result<Requests, SegmentError> {
    let mut segments = SegmentReader::new(source, span, delimiters);
    let mut requests = Requests::default();
    while let Some(segment) = segments.read()? {
        match segment.id() {
            "BHT" => requests.reference = segment.element(3).to_string(),
            "HL" => requests.levels.extend(match segment.element(3) {
                "20" => Some(Level::Payer(Party::default())),
                "21" => Some(Level::Receiver(Party::default())),
                "19" => Some(Level::Provider(Party::default())),
                "22" => Some(Level::Subscriber(Patient::default())),
                "23" => Some(Level::Dependent(Patient::default())),
                _ => None,
            }),
            _ => match requests.levels.last_mut() {
                Some(Level::Payer(party) | Level::Receiver(party) | Level::Provider(party))
                    if segment.id() == "NM1" =>
                {
                    *party = Party::read(&segment);
                }
                Some(Level::Subscriber(patient) | Level::Dependent(patient)) => patient.add(&segment),
                _ => {}
            },
        }
    }
    Ok(requests)
}

impl Patient {
    fn add(&mut self, segment: &Segment) {
        match segment.id() {
            "NM1" => self.party = Party::read(segment),
            "DMG" => self.birth_date = iso(segment.element(2)),
            "TRN" => {
                let trace = segment.element(2).to_string();
                self.claims.push(ClaimRequest { trace, ..ClaimRequest::default() });
            }
            _ => {
                if let Some(claim) = self.claims.last_mut() {
                    claim.add(segment);
                }
            }
        }
    }
}

impl ClaimRequest {
    fn add(&mut self, segment: &Segment) {
        let value = || segment.element(2).to_string();
        match (segment.id(), segment.element(1)) {
            ("REF", "1K") => self.control_number = value(),
            ("REF", "EJ") => self.patient_control_number = value(),
            ("REF", "BLT") => self.type_of_bill = value(),
            ("AMT", _) => self.charge = Money::parse(segment.element(2)).unwrap_or(Money::ZERO),
            ("DTP", "472") => {
                let (from, through) = iso_days(segment.element(3));
                if self.days.0.is_empty() || from < self.days.0 {
                    self.days.0 = from;
                }
                if through > self.days.1 {
                    self.days.1 = through;
                }
            }
            _ => {}
        }
    }
}
