//! What a walk over an input comes upon: the headers and trailers of interchanges, groups and sets, and their faults.

use std::ops::Range;

use super::isa::{InterchangeFault, Isa};
use super::segments::Segment;

/// A fault of a group (999 AK905) or of a set (999 IK502).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvelopeFault {
    /// The code of AK905 or IK502.
    pub code: &'static str,
    /// What is wrong and what would be right.
    pub words: String,
}

/// Bytes between interchanges, or instead of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// Where they lie in the input.
    pub span: Range<u64>,
    /// What they look like and what was expected.
    pub words: String,
}

/// What a group's GS says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupHeader {
    /// `HC` for claims (GS01).
    pub functional_id: String,
    /// Application sender (GS02).
    pub sender: String,
    /// Application receiver (GS03).
    pub receiver: String,
    /// GS06.
    pub control_number: String,
    /// The guide, such as `005010X222A1` (GS08).
    pub version: String,
}

/// What a set's ST says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetHeader {
    /// `837` (ST01).
    pub id: String,
    /// ST02.
    pub control_number: String,
    /// The guide (ST03).
    pub guide: String,
    /// Where the ST starts in the input.
    pub offset: u64,
}

/// The end of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetTrailer {
    /// From ST through SE, in the input.
    pub span: Range<u64>,
    /// Segments that came, ST and SE included.
    pub segments: u32,
    /// Faults of ST and SE, with the code of IK502.
    pub faults: Vec<EnvelopeFault>,
}

/// The end of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupTrailer {
    /// Sets that came.
    pub sets: u32,
    /// Sets that GE01 counts; those that came, if it does not say.
    pub declared_sets: u32,
    /// Faults of GS and GE, with the code of AK905.
    pub faults: Vec<EnvelopeFault>,
}

/// The end of an interchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterchangeTrailer {
    /// From ISA through IEA, in the input.
    pub span: Range<u64>,
    /// Groups that came.
    pub groups: u32,
    /// The first fault of header, structure or trailer.
    pub fault: Option<InterchangeFault>,
}

/// What the walk came upon.
#[derive(Debug)]
pub enum Event<'a> {
    /// Bytes that belong to no interchange.
    Stray(Stray),
    /// ISA. A fault in it stands in the trailer too; what follows is read all the same.
    InterchangeStart(Isa),
    /// TA1: somebody acknowledges an interchange of ours.
    Acknowledgment(Segment<'a>),
    /// GS.
    GroupStart(GroupHeader),
    /// ST.
    SetStart(SetHeader),
    /// A segment between ST and SE.
    Segment(Segment<'a>),
    /// SE, or where it should have been.
    SetEnd(SetTrailer),
    /// GE, or where it should have been.
    GroupEnd(GroupTrailer),
    /// IEA, or where it should have been.
    InterchangeEnd(InterchangeTrailer),
}
