//! Claims of an 837P or 837I as messages: the second pass, over a set that passed the examination.
//!
//! One claim is held at a time, with what its billing provider, subscriber and patient levels said before it. What a
//! claim says and the message has no field for goes to `unmapped_segments`, whole segments as they came; a segment of
//! which one element has no field goes there too. Not kept there: ST, BHT, submitter and receiver (see [`Batch`]), HL
//! and LX, which only number.

mod claim;
mod institutional_claim;
mod institutional_codes;
mod institutional_line;
mod line;
mod other_payer;
mod parties;
mod provider;
mod write;

pub use write::{Correspondent, write};

use std::ops::Range;

use self::parties::Levels;
use super::delimiters::Delimiters;
use super::guide::Guide;
use super::segments::{Segment, SegmentError, SegmentReader, Source};
use super::walk::{Place, Walk};
use super::{guide_837i, guide_837p};
use crate::domain::money::Money;
use crate::proto::v1::UnmappedSegment;
use crate::proto::v1::claim::Billed;

/// What a set says of itself before its first claim; the 277CA gives it back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// BHT03.
    pub reference: String,
    /// Name of the submitter (1000A NM103, NM104).
    pub submitter_name: String,
    /// Id of the submitter (1000A NM109).
    pub submitter_id: String,
    /// Name of the receiver (1000B NM103).
    pub receiver_name: String,
    /// Id of the receiver (1000B NM109).
    pub receiver_id: String,
}

/// A claim and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadClaim {
    /// The claim, of the kind that the set's guide is for.
    pub claim: Billed,
    /// Its bytes in the input, from its CLM on; what its levels said before it is not among them.
    pub span: Range<u64>,
    /// Its place among the claims of the set; 1 is the first.
    pub index: u32,
}

/// Reads the claims of one set.
#[derive(Debug)]
pub struct ClaimReader<'s, S: ?Sized> {
    segments: SegmentReader<'s, S>,
    guide: &'static Guide,
    walk: Walk,
    batch: Batch,
    levels: Levels,
    claim: Option<ReadClaim>,
    claims: u32,
}

impl<'s, S: Source + ?Sized> ClaimReader<'s, S> {
    /// Reads a set that the examination accepted, from its span in the source that was examined.
    pub fn new(source: &'s S, span: Range<u64>, delimiters: Delimiters) -> Self {
        ClaimReader {
            segments: SegmentReader::new(source, span, delimiters),
            guide: &guide_837p::GUIDE,
            walk: Walk::new(&guide_837p::GUIDE),
            batch: Batch::default(),
            levels: Levels::default(),
            claim: None,
            claims: 0,
        }
    }

    /// What the set said of itself; whole once the first claim has been read.
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// The next claim; `None` at the end of the set.
    pub fn read(&mut self) -> Result<Option<ReadClaim>, SegmentError> {
        let mut misplaced = Vec::new();
        while let Some(segment) = self.segments.read()? {
            if segment.id() == "ST" && segment.element(3) == guide_837i::GUIDE.id {
                self.guide = &guide_837i::GUIDE;
                self.walk = Walk::new(self.guide);
            }
            if matches!(segment.id(), "ST" | "SE") {
                continue;
            }
            misplaced.clear();
            let place = self.walk.step(&segment, &mut misplaced);
            let loop_id = place.map_or(self.walk.inside().id, |place: Place| place.inside.id);
            let done = match segment.id() {
                "CLM" | "HL" => self.claim.take(),
                _ => None,
            };
            if segment.id() == "CLM" {
                self.claims += 1;
                let institutional = self.guide.id == guide_837i::GUIDE.id;
                let claim = if institutional { self.levels.institutional() } else { self.levels.professional() };
                self.claim = Some(ReadClaim { claim, span: segment.span(), index: self.claims });
            }
            match &mut self.claim {
                Some(read) => {
                    read.span.end = segment.span().end;
                    add_to_claim(&mut read.claim, loop_id, &segment);
                }
                None if loop_id.starts_with("1000") || segment.id() == "BHT" => self.batch.add(&segment),
                None => self.levels.add(loop_id, &segment),
            }
            if done.is_some() {
                return Ok(done);
            }
        }
        Ok(self.claim.take())
    }
}

impl Batch {
    fn add(&mut self, segment: &Segment) {
        let id = segment.element(9);
        match (segment.id(), segment.element(1)) {
            ("BHT", _) => self.reference = segment.element(3).to_string(),
            ("NM1", "41") => {
                let name = [segment.element(3), segment.element(4)].join(" ");
                (self.submitter_name, self.submitter_id) = (name.trim_end().to_string(), id.to_string());
            }
            ("NM1", "40") => {
                (self.receiver_name, self.receiver_id) = (segment.element(3).to_string(), id.to_string());
            }
            _ => {}
        }
    }
}

/// Puts a segment from CLM on where it belongs.
fn add_to_claim(to: &mut Billed, loop_id: &'static str, segment: &Segment) {
    let is_line = matches!(loop_id.get(..2), Some("24"));
    let is_other_payer = loop_id == "2320" || loop_id.starts_with("233");
    let (is_mapped, lines, other_payers, list) = match to {
        Billed::Professional(to) => {
            let is_mapped = match (is_line, is_other_payer) {
                (true, _) => line::add(to, loop_id, segment),
                (_, true) => other_payer::add(&mut to.other_payers, loop_id, segment),
                _ => claim::add(to, loop_id, segment),
            };
            (is_mapped, to.lines.len(), to.other_payers.len(), &mut to.unmapped_segments)
        }
        Billed::Institutional(to) => {
            let is_mapped = match (is_line, is_other_payer) {
                (true, _) => institutional_line::add(to, loop_id, segment),
                (_, true) => other_payer::add(&mut to.other_payers, loop_id, segment),
                _ => institutional_claim::add(to, loop_id, segment),
            };
            (is_mapped, to.lines.len(), to.other_payers.len(), &mut to.unmapped_segments)
        }
    };
    if !is_mapped {
        let number = match (is_line, is_other_payer) {
            (true, _) => lines,
            (_, true) => other_payers,
            _ => 0,
        };
        let name = if number > 0 { format!("{loop_id}[{number}]") } else { loop_id.to_string() };
        list.push(unmapped(name, segment));
    }
}

fn unmapped(loop_name: String, segment: &Segment) -> UnmappedSegment {
    UnmappedSegment { r#loop: loop_name, text: segment.text().to_string() }
}

/// Whether a segment has no values but in these elements.
fn has_only(segment: &Segment, elements: &[usize]) -> bool {
    (1..=segment.len()).all(|number| elements.contains(&number) || segment.element(number).is_empty())
}

/// An element as a field.
fn text(segment: &Segment, number: usize) -> String {
    segment.element(number).to_string()
}

/// An amount as cents. The examination has seen that it is one.
fn cents(amount: &str) -> i64 {
    Money::parse(amount).map_or(0, Money::cents)
}

/// `CCYYMMDD`, or the first of two days with a hyphen between, and the second if it is another.
fn iso_days(period: &str) -> (String, String) {
    let (from, through) = period.split_once('-').unwrap_or((period, ""));
    (iso_date(from), if through == from { String::new() } else { iso_date(through) })
}

/// `CCYYMMDD` as `YYYY-MM-DD`.
fn iso_date(day: &str) -> String {
    match (day.get(..4), day.get(4..6), day.get(6..8)) {
        (Some(year), Some(month), Some(day)) => [year, month, day].join("-"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod institutional_tests;
#[cfg(test)]
mod tests;
