//! Finds the place of each segment of a set in its guide, and what that says about the segments before it.

use super::guide::{Content, Guide, Loop, Part, SegmentUse, Usage};
use super::segments::Segment;

/// Where a segment stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The loop that it belongs to.
    pub inside: &'static Loop,
    /// How the loop uses it.
    pub segment: &'static SegmentUse,
    /// Whether it starts the loop.
    pub starts_loop: bool,
}

/// A fault of order, count or presence.
#[derive(Clone, Copy, Debug)]
pub enum Misplacement {
    /// A required segment or loop did not come; it is noticed at the segment after its place.
    Missing(&'static Loop, &'static Part),
    /// One more than the guide allows. Told once for each place.
    TooMany(&'static Loop, &'static Part),
    /// It came after its place.
    OutOfOrder(&'static Loop),
    /// The guide knows it, but not here. The loop is where the walk is.
    Unexpected(&'static Loop),
    /// The loop has such segments, but none with this qualifier.
    UnknownQualifier(&'static Loop, &'static SegmentUse),
    /// The guide has no such segment.
    Unrecognized(&'static Loop),
}

/// A loop that the walk is in.
#[derive(Debug)]
struct Frame {
    inside: &'static Loop,
    /// Index of the part that came last.
    part: usize,
    /// Parts before this index have been asked whether they came.
    asked: usize,
    /// How often each part came.
    counts: Vec<u16>,
}

/// A walk through one set.
#[derive(Debug)]
pub struct Walk {
    guide: &'static Guide,
    frames: Vec<Frame>,
    /// Count lists of loops that were left, to be used again.
    spare: Vec<Vec<u16>>,
    /// After a loop that has no place here, its segments are passed over until one has a place again.
    lost: bool,
}

impl Walk {
    /// Stands before the first segment after ST.
    pub fn new(guide: &'static Guide) -> Walk {
        let mut walk = Walk { guide, frames: Vec::with_capacity(8), spare: Vec::new(), lost: false };
        walk.enter(&guide.root);
        walk
    }

    /// Goes to the segment's place and adds what is wrong on the way. `None` if it has no place here.
    pub fn step(&mut self, segment: &Segment, faults: &mut Vec<Misplacement>) -> Option<Place> {
        let found = self.find_forward(segment);
        let Some((depth, index, part)) = found else {
            return if self.lost { None } else { self.step_aside(segment, faults) };
        };
        self.lost = false;
        self.leave_below(depth, faults);
        let frame = self.frames.get_mut(depth)?;
        let place = frame.inside;
        let from = frame.asked;
        frame.asked = from.max(first_of_row(frame.inside, index));
        missing(frame, from, frame.asked, faults);
        frame.part = index;
        if let Some(count) = frame.counts.get_mut(index) {
            *count = count.saturating_add(1);
            if part.max > 0 && *count == part.max + 1 {
                faults.push(Misplacement::TooMany(place, part));
            }
        }
        self.arrive(place, part)
    }

    /// The set is at its end: adds what did not come.
    pub fn finish(&mut self, faults: &mut Vec<Misplacement>) {
        self.leave_below(0, faults);
        if let Some(root) = self.frames.first_mut() {
            missing(root, root.asked, usize::MAX, faults);
            root.asked = usize::MAX;
        }
    }

    /// The loop that the walk is in.
    pub fn inside(&self) -> &'static Loop {
        self.frames.last().map_or(&self.guide.root, |frame| frame.inside)
    }

    /// The place from here on, looking out from the innermost loop.
    fn find_forward(&self, segment: &Segment) -> Option<(usize, usize, &'static Part)> {
        let innermost = self.frames.len().checked_sub(1)?;
        self.frames.iter().enumerate().rev().find_map(|(depth, frame)| {
            let row = first_of_row(frame.inside, frame.part);
            // The first segment of a loop starts it anew; within the loop it has no second place.
            let from = if depth == innermost && depth > 0 { row.max(1) } else { row };
            let rest = frame.inside.parts.get(from..)?;
            let at = rest.iter().position(|part| part.takes(segment))?;
            rest.get(at).map(|part| (depth, from + at, part))
        })
    }

    /// The segment has no place ahead: it comes too late, or does not belong here at all.
    fn step_aside(&mut self, segment: &Segment, faults: &mut Vec<Misplacement>) -> Option<Place> {
        let inside = self.inside();
        let late = self.frames.iter_mut().enumerate().rev().find_map(|(depth, frame)| {
            let first = usize::from(depth > 0);
            let parts = frame.inside.parts.get(first..frame.part)?;
            let index = parts.iter().position(|part| part.takes(segment))?;
            if let Some(count) = frame.counts.get_mut(first + index) {
                *count = count.saturating_add(1);
            }
            parts.get(index).map(|part| (frame.inside, part))
        });
        if let Some((place, part)) = late {
            faults.push(Misplacement::OutOfOrder(place));
            return self.arrive(place, part);
        }
        let here = self.frames.iter().enumerate().rev().find_map(|(depth, frame)| {
            let parts = frame.inside.parts.get(usize::from(depth > 0)..)?;
            let part = parts.iter().find(|part| part.segment_id() == segment.id())?;
            part.first().map(|known| (frame.inside, known))
        });
        let elsewhere = find(&self.guide.root, &|part| part.takes(segment)).is_some();
        let known = find(&self.guide.root, &|part| part.segment_id() == segment.id()).is_some();
        faults.push(match here {
            Some((place, known)) if !elsewhere => Misplacement::UnknownQualifier(place, known),
            _ if known => Misplacement::Unexpected(inside),
            _ => Misplacement::Unrecognized(inside),
        });
        let starts = |part: &Part| matches!(part.content, Content::Loop(_)) && part.segment_id() == segment.id();
        self.lost = find(&self.guide.root, &starts).is_some();
        None
    }

    fn arrive(&mut self, place: &'static Loop, part: &'static Part) -> Option<Place> {
        match &part.content {
            Content::Segment(segment) => Some(Place { inside: place, segment, starts_loop: false }),
            Content::Loop(inner) => {
                self.enter(inner);
                *self.frames.last_mut()?.counts.first_mut()? = 1;
                Some(Place { inside: inner, segment: part.first()?, starts_loop: true })
            }
        }
    }

    fn enter(&mut self, inside: &'static Loop) {
        let mut counts = self.spare.pop().unwrap_or_default();
        counts.clear();
        counts.resize(inside.parts.len(), 0);
        self.frames.push(Frame { inside, part: 0, asked: 0, counts });
    }

    fn leave_below(&mut self, depth: usize, faults: &mut Vec<Misplacement>) {
        while self.frames.len() > depth + 1 {
            let Some(frame) = self.frames.pop() else { return };
            missing(&frame, frame.asked, usize::MAX, faults);
            self.spare.push(frame.counts);
        }
    }
}

/// Neighbours with one segment id are a row, within which any order will do: the index of its first.
fn first_of_row(inside: &Loop, index: usize) -> usize {
    let before = inside.parts.get(..index).unwrap_or_default();
    let Some(id) = inside.parts.get(index).map(Part::segment_id) else { return index };
    index - before.iter().rev().take_while(|part| part.segment_id() == id).count()
}

fn missing(frame: &Frame, from: usize, to: usize, faults: &mut Vec<Misplacement>) {
    let parts = frame.inside.parts.iter().zip(&frame.counts).take(to).skip(from);
    let absent = parts.filter(|(part, count)| part.usage == Usage::Required && **count == 0);
    faults.extend(absent.map(|(part, _)| Misplacement::Missing(frame.inside, part)));
}

/// The first part of a guide that fits, at any depth.
pub(super) fn find(inside: &'static Loop, fits: &dyn Fn(&Part) -> bool) -> Option<(&'static Loop, &'static Part)> {
    inside.parts.iter().find_map(|part| {
        if fits(part) {
            return Some((inside, part));
        }
        match &part.content {
            Content::Segment(_) => None,
            Content::Loop(inner) => find(inner, fits),
        }
    })
}
