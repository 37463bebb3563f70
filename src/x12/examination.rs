//! The first pass over an input: every envelope and every set held against its guide, one report after another.
//! It changes nothing and keeps nothing but the set at hand; claims come in a second pass, from the sets that passed.

use std::io;

use super::delimiters::Delimiters;
use super::envelope::EnvelopeReader;
use super::events::{EnvelopeFault, Event, GroupHeader, InterchangeTrailer, SetHeader, SetTrailer, Stray};
use super::guide::Guide;
use super::isa::Isa;
use super::segments::Source;
use super::syntax::{Checked, SyntaxChecker};
use super::{guide_270, guide_275, guide_276, guide_278, guide_837i, guide_837p};

/// Every guide that is read.
const GUIDES: [&Guide; 6] = [
    &guide_837p::GUIDE,
    &guide_837i::GUIDE,
    &guide_270::GUIDE,
    &guide_275::GUIDE,
    &guide_276::GUIDE,
    &guide_278::GUIDE,
];
/// What other guides are for, so that a sender sees what he sent.
const OTHER_GUIDES: [(&str, &str); 4] = [
    ("005010X222", "professional claims (837P) in another version"),
    ("005010X223", "institutional claims (837I) in another version"),
    ("005010X224", "dental claims (837D)"),
    ("005010X279", "eligibility inquiries (270) in another version"),
];

/// What a transaction set is worth.
#[derive(Clone, Debug)]
pub struct SetReport {
    /// ST.
    pub header: SetHeader,
    /// Its bytes, its count, the faults of ST and SE.
    pub trailer: SetTrailer,
    /// Errors of the segments between.
    pub checked: Checked,
    /// Its separators.
    pub delimiters: Delimiters,
}

impl SetReport {
    /// A set is taken whole or not at all.
    pub fn is_accepted(&self) -> bool {
        self.trailer.faults.is_empty() && self.checked.error_count == 0
    }

    /// Why it is not taken: the codes of 999 IK502 to IK506, each once.
    pub fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<&str> = self.trailer.faults.iter().map(|fault| fault.code).collect();
        let errors = &self.checked.errors;
        let implementation = |code: &str| code.starts_with('I');
        let is_implementation = |error: &super::syntax::SyntaxError| {
            implementation(error.code) || error.element.as_ref().is_some_and(|fault| implementation(fault.code))
        };
        if errors.iter().any(|error| !is_implementation(error)) {
            codes.push("5");
        }
        if errors.iter().any(is_implementation) {
            codes.push("I5");
        }
        codes.dedup();
        codes.truncate(5);
        codes
    }
}

/// What a functional group is worth.
#[derive(Clone, Debug)]
pub struct GroupReport {
    /// GS.
    pub header: GroupHeader,
    /// Sets that GE01 counts (AK902).
    pub declared_sets: u32,
    /// Sets that came (AK903).
    pub sets: u32,
    /// Sets without errors.
    pub accepted_sets: u32,
    /// Faults of the group, with the codes of AK905.
    pub faults: Vec<EnvelopeFault>,
}

impl GroupReport {
    /// Sets that are taken (AK904). A group with a fault of its own is turned away whole.
    pub fn taken_sets(&self) -> u32 {
        if self.faults.is_empty() { self.accepted_sets } else { 0 }
    }

    /// AK901: `A` all sets taken, `P` some, `R` none.
    pub fn code(&self) -> &'static str {
        match self.taken_sets() {
            0 => "R",
            accepted if accepted == self.sets => "A",
            _ => "P",
        }
    }
}

/// What the examination came upon, in the order of the input.
#[derive(Clone, Debug)]
pub enum Examined {
    /// Bytes that belong to no interchange.
    Stray(Stray),
    /// ISA.
    InterchangeStart(Isa),
    /// TA1: somebody acknowledges an interchange of ours. The segment as it came.
    Acknowledgment(String),
    /// GS.
    GroupStart(GroupHeader),
    /// A set, from ST to SE.
    Set(SetReport),
    /// GE. Only now it is known whether the group is taken: if it has faults, none of its sets is. Sets of a group of
    /// another kind or version are not reported one by one.
    GroupEnd(GroupReport),
    /// IEA. Only now it is known whether the interchange is taken: if it has a fault, none of its sets is.
    InterchangeEnd(InterchangeTrailer),
}

/// Examines a whole input.
#[derive(Debug)]
pub struct Examination<'s, S: ?Sized> {
    reader: EnvelopeReader<'s, S>,
    delimiters: Delimiters,
    group: GroupHeader,
    group_faults: Vec<EnvelopeFault>,
    guide: Option<&'static Guide>,
    accepted_sets: u32,
    set: Option<OpenSet>,
}

/// The set that is being read.
#[derive(Debug)]
struct OpenSet {
    header: SetHeader,
    /// None where the set is not one of the group's guide.
    checker: Option<SyntaxChecker>,
}

impl<'s, S: Source + ?Sized> Examination<'s, S> {
    /// Examines a source from its start.
    pub fn new(source: &'s S) -> Self {
        Examination {
            reader: EnvelopeReader::new(source),
            delimiters: Delimiters::USUAL,
            group: GroupHeader::default(),
            group_faults: Vec::new(),
            guide: None,
            accepted_sets: 0,
            set: None,
        }
    }

    /// The next report; `None` at the end. Only a source that fails is an error.
    pub fn read(&mut self) -> io::Result<Option<Examined>> {
        loop {
            let Some(event) = self.reader.read()? else { return Ok(None) };
            match event {
                Event::Stray(stray) => return Ok(Some(Examined::Stray(stray))),
                Event::Acknowledgment(segment) => {
                    return Ok(Some(Examined::Acknowledgment(segment.text().to_string())));
                }
                Event::InterchangeStart(isa) => {
                    self.delimiters = isa.delimiters;
                    return Ok(Some(Examined::InterchangeStart(isa)));
                }
                Event::GroupStart(header) => {
                    self.start_group(&header);
                    return Ok(Some(Examined::GroupStart(header)));
                }
                Event::SetStart(header) => self.start_set(header),
                Event::Segment(segment) => {
                    if let Some(checker) = self.set.as_mut().and_then(|set| set.checker.as_mut()) {
                        checker.segment(&segment);
                    }
                }
                Event::SetEnd(trailer) => {
                    if let Some(report) = self.end_set(trailer) {
                        return Ok(Some(Examined::Set(report)));
                    }
                }
                Event::GroupEnd(trailer) => {
                    let mut faults = std::mem::take(&mut self.group_faults);
                    faults.extend(trailer.faults);
                    return Ok(Some(Examined::GroupEnd(GroupReport {
                        header: std::mem::take(&mut self.group),
                        declared_sets: trailer.declared_sets,
                        sets: trailer.sets,
                        accepted_sets: self.accepted_sets,
                        faults,
                    })));
                }
                Event::InterchangeEnd(trailer) => return Ok(Some(Examined::InterchangeEnd(trailer))),
            }
        }
    }

    fn start_group(&mut self, header: &GroupHeader) {
        self.group = header.clone();
        self.accepted_sets = 0;
        self.guide = GUIDES.into_iter().find(|guide| guide.id == header.version);
        let known = GUIDES.map(|guide| format!("{} ({})", guide.id, guide.functional_id)).join(", ");
        let fault = match self.guide {
            Some(guide) if guide.functional_id == header.functional_id => None,
            _ if GUIDES.iter().any(|guide| guide.functional_id == header.functional_id) => {
                let other = OTHER_GUIDES.iter().find(|(prefix, _)| header.version.starts_with(prefix));
                let other = other.map_or(String::new(), |(_, name)| format!(", {name}"));
                Some(("2", format!("GS08 is {:?}{other}; this payer reads {known}", header.version)))
            }
            _ => Some(("1", format!("GS01 is {:?}; this payer reads {known}", header.functional_id))),
        };
        if let Some((code, words)) = fault {
            self.guide = None;
            self.group_faults.push(EnvelopeFault { code, words });
        }
    }

    fn start_set(&mut self, header: SetHeader) {
        let fits = |guide: &&'static Guide| guide.set_id == header.id && guide.id == header.guide;
        let checker = self.guide.filter(fits).map(SyntaxChecker::new);
        self.set = Some(OpenSet { header, checker });
    }

    fn end_set(&mut self, mut trailer: SetTrailer) -> Option<SetReport> {
        let OpenSet { header, checker } = self.set.take()?;
        let guide = self.guide?;
        if header.id != guide.set_id {
            let words = format!("ST01 is {:?}; in a group of {} it must be {}", header.id, guide.id, guide.set_id);
            trailer.faults.push(EnvelopeFault { code: "1", words });
        } else if header.guide != guide.id {
            let words = format!("ST03 is {:?}; it must be {}, as in GS08", header.guide, guide.id);
            trailer.faults.push(EnvelopeFault { code: "I6", words });
        }
        let checked = checker.map(SyntaxChecker::finish).unwrap_or_default();
        let report = SetReport { header, trailer, checked, delimiters: self.delimiters };
        self.accepted_sets += u32::from(report.is_accepted());
        Some(report)
    }
}
