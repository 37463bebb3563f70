//! Holds a transaction set against its guide and says what is wrong, segment by segment, as a 999 reports it.

use super::elements::{self, ElementFault};
use super::guide::{Content, Guide, Kind, Loop, Part, SegmentUse};
use super::guide_837::rules::Rules;
use super::segments::Segment;
use super::walk::{Misplacement, Place, Walk};

/// Errors of one set that are kept; the rest are counted.
pub const MAX_ERRORS: usize = 200;
/// Characters of an error's words that are kept.
const MAX_WORDS: usize = 500;
/// Characters of a patient control number (CLM01).
const MAX_CONTROL_NUMBER: usize = 38;

/// One error of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Id of the segment in error, or of the missing one (IK301).
    pub segment: String,
    /// Its place in the set, ST being 1 (IK302).
    pub position: u32,
    /// The loop (IK303).
    pub loop_id: &'static str,
    /// IK304.
    pub code: &'static str,
    /// The element in error, where `code` is `8` (IK4).
    pub element: Option<ElementFault>,
    /// The claim it stands in: its CLM01 (CTX); empty outside of claims.
    pub claim: String,
    /// What is wrong and what would be right.
    pub words: String,
}

/// What came of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The first [`MAX_ERRORS`] errors, by position.
    pub errors: Vec<SyntaxError>,
    /// All errors.
    pub error_count: u32,
    /// Claims that came.
    pub claims: u32,
}

/// Gathers errors, and the claim they stand in.
#[derive(Debug, Default)]
pub(super) struct Errors {
    checked: Checked,
    claim: String,
}

impl Errors {
    /// Adds an error of the segment at a position.
    pub(super) fn add(&mut self, error: SyntaxError) {
        self.checked.error_count += 1;
        if self.checked.errors.len() < MAX_ERRORS {
            // A broken value may be as long as a segment.
            let words = error.words.chars().take(MAX_WORDS).collect();
            self.checked.errors.push(SyntaxError { claim: self.claim.clone(), words, ..error });
        }
    }

    /// Adds a fault of one element.
    pub(super) fn add_element(&mut self, segment: &str, position: u32, inside: &'static Loop, fault: ElementFault) {
        let part = if fault.component > 0 { format!("-{}", fault.component) } else { String::new() };
        let words = format!("{segment}{:02}{part} ({}) in {} {}", fault.element, fault.name, told(inside), fault.words);
        self.add(SyntaxError {
            segment: segment.to_string(),
            position,
            loop_id: inside.id,
            code: "8",
            element: Some(fault),
            claim: String::new(),
            words,
        });
    }
}

/// The loop as words name it.
fn told(inside: &Loop) -> String {
    if inside.id.is_empty() { inside.name.to_string() } else { format!("loop {} ({})", inside.id, inside.name) }
}

/// Checks one set: [`segment`](Self::segment) for each segment between ST and SE, then [`finish`](Self::finish).
#[derive(Debug)]
pub struct SyntaxChecker {
    walk: Walk,
    rules: Rules,
    errors: Errors,
    /// Position of the last segment; ST is 1.
    position: u32,
    misplaced: Vec<Misplacement>,
    faults: Vec<ElementFault>,
}

impl SyntaxChecker {
    /// Stands behind the ST.
    pub fn new(guide: &'static Guide) -> SyntaxChecker {
        SyntaxChecker {
            walk: Walk::new(guide),
            rules: Rules::default(),
            errors: Errors::default(),
            position: 1,
            misplaced: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Takes the next segment.
    pub fn segment(&mut self, segment: &Segment) {
        self.position += 1;
        let place = self.walk.step(segment, &mut self.misplaced);
        self.tell_misplaced(Some(segment));
        let Some(place) = place else { return };
        self.follow_claim(&place, segment);
        elements::check(place.segment, segment, &mut self.faults);
        for fault in self.faults.drain(..) {
            self.errors.add_element(segment.id(), self.position, place.inside, fault);
        }
        self.rules.segment(&place, segment, self.position, &mut self.errors);
    }

    /// The set is at its SE.
    pub fn finish(mut self) -> Checked {
        self.position += 1;
        self.walk.finish(&mut self.misplaced);
        self.tell_misplaced(None);
        self.rules.finish(&mut self.errors);
        // Some rules speak only when a loop has ended, of a segment at its start.
        self.errors.checked.errors.sort_by_key(|error| error.position);
        self.errors.checked
    }

    fn follow_claim(&mut self, place: &Place, segment: &Segment) {
        match place.segment.standard.id {
            "CLM" => {
                self.errors.checked.claims += 1;
                self.errors.claim = segment.element(1).chars().take(MAX_CONTROL_NUMBER).collect();
            }
            "HL" => self.errors.claim.clear(),
            _ => {}
        }
    }

    fn tell_misplaced(&mut self, segment: Option<&Segment>) {
        let mut misplaced = std::mem::take(&mut self.misplaced);
        for fault in misplaced.drain(..) {
            self.tell(fault, segment);
        }
        self.misplaced = misplaced;
    }

    fn tell(&mut self, misplaced: Misplacement, segment: Option<&Segment>) {
        let id = segment.map_or("SE", |segment| segment.id());
        let (name, loop_id, code, words) = match misplaced {
            Misplacement::Missing(inside, part) => {
                let words = format!("{} is missing in {}; it must stand before this {id}", named(part), told(inside));
                (part.segment_id(), loop_of(inside, part).id, "3", words)
            }
            Misplacement::TooMany(inside, part) => {
                let code = if matches!(part.content, Content::Loop(_)) { "4" } else { "5" };
                let words = format!("{} may stand in {} at most {} times", named(part), told(inside), part.max);
                (id, loop_of(inside, part).id, code, words)
            }
            Misplacement::OutOfOrder(inside) => {
                (id, inside.id, "7", format!("{id} stands too late in {}; move it up to its place", told(inside)))
            }
            Misplacement::Unexpected(inside) => {
                (id, inside.id, "2", format!("{} has no place here, in or after {}", short(segment), told(inside)))
            }
            Misplacement::Unrecognized(inside) => {
                (id, inside.id, "1", format!("the guide has no segment {id:?} (found in {})", told(inside)))
            }
            Misplacement::UnknownQualifier(inside, known) => {
                let fault = segment.and_then(|segment| qualifier_fault(inside, known, segment));
                if let Some(fault) = fault {
                    self.errors.add_element(id, self.position, inside, fault);
                }
                return;
            }
        };
        // IK301 is a segment id; what came instead of one stands in the words.
        let segment = if (2..=3).contains(&name.len()) { name.to_string() } else { "ZZZ".to_string() };
        let position = self.position;
        self.errors.add(SyntaxError { segment, position, loop_id, code, element: None, claim: String::new(), words });
    }
}

/// A part as words name it.
fn named(part: &Part) -> String {
    match (&part.content, part.first().and_then(SegmentUse::qualifiers)) {
        (Content::Loop(inner), _) => told(inner),
        (Content::Segment(segment), Some(codes)) => format!("{}*{codes}", segment.standard.id).replace(' ', "/"),
        (Content::Segment(segment), None) => segment.standard.id.to_string(),
    }
}

/// The loop that a part is, or else the one that it stands in.
fn loop_of(inside: &'static Loop, part: &'static Part) -> &'static Loop {
    match &part.content {
        Content::Loop(inner) => inner,
        Content::Segment(_) => inside,
    }
}

/// A segment's id and first element.
fn short(segment: Option<&Segment>) -> String {
    segment.map_or("SE".into(), |segment| format!("{}*{}", segment.id(), segment.element(1)))
}

/// The loop has such segments, but with other qualifiers: says which.
fn qualifier_fault(inside: &'static Loop, known: &SegmentUse, segment: &Segment) -> Option<ElementFault> {
    let (element, component) = known.standard.qualifier?;
    let mut described = known.standard.elements.get(usize::from(element) - 1)?;
    if let Kind::Composite(parts) = described.kind {
        described = parts.get(usize::from(component).saturating_sub(1))?;
    }
    let uses = inside.parts.iter().filter_map(Part::first).filter(|part| part.standard.id == known.standard.id);
    let codes: Vec<&str> = uses.filter_map(SegmentUse::qualifiers).collect();
    let value = known.qualifier(segment).to_string();
    Some(ElementFault {
        element,
        component,
        number: described.number,
        code: if value.is_empty() { "1" } else { "7" },
        words: format!("is {value:?}; here it must be one of {}", codes.join(" ")),
        value,
        name: described.name,
    })
}
