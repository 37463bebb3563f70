//! What an implementation guide is made of: loops of segments of elements, each required, situational or not used.
//!
//! A guide is a table of constants (see [`guide_837p`](super::guide_837p)); [`walk`](super::walk) finds the place of a
//! segment in it and [`syntax`](super::syntax) says what is wrong.

use super::segments::Segment;

/// A guide of one transaction set.
#[derive(Debug)]
pub struct Guide {
    /// GS08 and ST03, such as `005010X222A1`.
    pub id: &'static str,
    /// ST01, such as `837`.
    pub set_id: &'static str,
    /// GS01, such as `HC`.
    pub functional_id: &'static str,
    /// Everything between ST and SE.
    pub root: Loop,
}

/// A loop: its first part is the segment that starts it.
#[derive(Debug)]
pub struct Loop {
    /// Such as `2010AA`; empty for what stands outside of loops.
    pub id: &'static str,
    /// What it is about, in our words.
    pub name: &'static str,
    /// What it holds, in order. Neighbours with the same segment id may come in any order.
    pub parts: &'static [Part],
}

/// Whether something must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// Always.
    Required,
    /// Where the situation asks for it.
    Situational,
}

/// A segment or a loop within a loop.
#[derive(Debug)]
pub struct Part {
    /// Whether it must be there.
    pub usage: Usage,
    /// How often it may be there; 0: without limit.
    pub max: u16,
    /// What it is.
    pub content: Content,
}

/// What a part is.
#[derive(Debug)]
pub enum Content {
    /// A segment.
    Segment(SegmentUse),
    /// A loop.
    Loop(&'static Loop),
}

/// A segment as a loop uses it.
#[derive(Debug)]
pub struct SegmentUse {
    /// The segment of the base standard.
    pub standard: &'static Standard,
    /// One letter an element: `R` required, `S` situational, `.` not used; components follow in parentheses. What is
    /// not written is not used.
    pub elements: &'static str,
    /// Element, component (0: none), and the codes that it may hold.
    pub codes: &'static [Codes],
}

/// Element, component (0: none), allowed codes with spaces between.
pub type Codes = (u8, u8, &'static str);

/// A segment of the base standard.
#[derive(Debug)]
pub struct Standard {
    /// Such as `NM1`.
    pub id: &'static str,
    /// How many elements it has.
    pub length: u8,
    /// Element and component that tell its uses in a loop from each other.
    pub qualifier: Option<(u8, u8)>,
    /// Relations between elements in X12's notation, such as `P0304`.
    pub relations: &'static str,
    /// Its elements, as far as a guide uses them.
    pub elements: &'static [Element],
}

/// An element of the base standard.
#[derive(Debug)]
pub struct Element {
    /// Number in X12's data element dictionary; 0 for composites.
    pub number: u16,
    /// Kind of value.
    pub kind: Kind,
    /// Fewest characters.
    pub min: u16,
    /// Most characters.
    pub max: u16,
    /// What it is, in our words.
    pub name: &'static str,
}

/// What values an element may have.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text.
    An,
    /// A code.
    Id,
    /// Codes with the repetition separator between.
    Ids,
    /// A whole number.
    N0,
    /// A decimal number.
    R,
    /// Dollars and cents, at most 99,999,999.99.
    Amount,
    /// The same, zero or more.
    Charge,
    /// `CCYYMMDD`.
    Dt,
    /// `HHMM`, `HHMMSS` or with hundredths.
    Tm,
    /// A day, two days, a time, or a day with its time, as the element before says: `D8`, `RD8`, `TM`, `DT`.
    Period,
    /// Several values with the component separator between.
    Composite(&'static [Element]),
}

impl Part {
    /// The segment itself, or the one that starts the loop.
    pub fn first(&self) -> Option<&SegmentUse> {
        match &self.content {
            Content::Segment(segment) => Some(segment),
            Content::Loop(inner) => inner.parts.first().and_then(Part::first),
        }
    }

    /// Id of the segment, or of the one that starts the loop.
    pub fn segment_id(&self) -> &'static str {
        self.first().map_or("", |segment| segment.standard.id)
    }

    /// Whether the segment may stand here.
    pub fn takes(&self, segment: &Segment) -> bool {
        self.first().is_some_and(|expected| expected.takes(segment))
    }
}

impl SegmentUse {
    /// Whether the segment has this use's id and one of its qualifiers.
    pub fn takes(&self, segment: &Segment) -> bool {
        self.standard.id == segment.id() && self.qualifiers().is_none_or(|codes| listed(codes, self.qualifier(segment)))
    }

    /// The value that tells uses apart.
    pub fn qualifier<'a>(&self, segment: &Segment<'a>) -> &'a str {
        match self.standard.qualifier {
            None => "",
            Some((element, 0)) => segment.element(element.into()),
            Some((element, component)) => segment.component(element.into(), component.into()),
        }
    }

    /// The codes that its qualifier may be; `None` where any will do.
    pub fn qualifiers(&self) -> Option<&'static str> {
        let (element, component) = self.standard.qualifier?;
        self.codes_of(element, component)
    }

    /// The codes that an element may hold; `None` where any will do.
    pub fn codes_of(&self, element: u8, component: u8) -> Option<&'static str> {
        self.codes.iter().find(|(e, c, _)| (*e, *c) == (element, component)).map(|(.., codes)| *codes)
    }
}

/// Whether a value is in a list with spaces between its codes.
pub fn listed(codes: &str, value: &str) -> bool {
    codes == value || (!value.is_empty() && codes.split(' ').any(|code| code == value))
}

/// A segment within a loop.
pub(super) const fn segment(
    usage: Usage,
    max: u16,
    standard: &'static Standard,
    elements: &'static str,
    codes: &'static [Codes],
) -> Part {
    Part { usage, max, content: Content::Segment(SegmentUse { standard, elements, codes }) }
}

/// A loop within a loop.
pub(super) const fn inner(usage: Usage, max: u16, inner: &'static Loop) -> Part {
    Part { usage, max, content: Content::Loop(inner) }
}

/// A segment of the base standard.
pub(super) const fn standard(
    id: &'static str,
    length: u8,
    qualifier: Option<(u8, u8)>,
    relations: &'static str,
    elements: &'static [Element],
) -> Standard {
    Standard { id, length, qualifier, relations, elements }
}

/// An element of the base standard.
pub(super) const fn element(number: u16, kind: Kind, min: u16, max: u16, name: &'static str) -> Element {
    Element { number, kind, min, max, name }
}
