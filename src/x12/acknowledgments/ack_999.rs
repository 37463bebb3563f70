//! 999 005010X231A1: whether each set of a group is by its guide; if not, where not.
//!
//! Written along with the examination: a group's header, its sets as they are reported, its end. A group with a fault of
//! its own is turned away whole, without a word on its sets.

use super::super::events::GroupHeader;
use super::super::examination::{GroupReport, SetReport};
use super::super::syntax::SyntaxError;
use super::super::writer::{InterchangeHeader, Mark, SegmentWriter, composite};

/// The guide of the 999.
const VERSION: &str = "005010X231A1";

/// Writes the answer to one interchange: one 999 for each of its groups.
#[derive(Debug)]
pub struct Ack999 {
    out: SegmentWriter,
    control_number: u32,
    groups: u32,
    /// Where the words on the sets of the open group begin.
    sets: Option<Mark>,
}

impl Ack999 {
    /// Opens the answer; GS06 is the interchange's number.
    pub fn new(header: &InterchangeHeader) -> Ack999 {
        let out = SegmentWriter::new(header);
        Ack999 { out, control_number: header.control_number, groups: 0, sets: None }
    }

    /// A group starts. GS02 and GS03 change sides. An acknowledgment (`FA`) is not acknowledged.
    pub fn start_group(&mut self, group: &GroupHeader) {
        self.sets = None;
        if group.functional_id == "FA" {
            return;
        }
        if self.groups == 0 {
            self.out.group("FA", &group.receiver, &group.sender, self.control_number, VERSION);
        }
        self.groups += 1;
        self.out.set("999", self.groups, VERSION);
        self.out.segment("AK1", &[&group.functional_id, &group.control_number, &group.version]);
        self.sets = Some(self.out.mark());
    }

    /// A set of the group was examined.
    pub fn set(&mut self, report: &SetReport) {
        if self.sets.is_none() {
            return;
        }
        let header = &report.header;
        let number = format!("{:0>4.9}", header.control_number);
        self.out.segment("AK2", &[&header.id, &number, &header.guide]);
        let mut errors = report.checked.errors.as_slice();
        while let Some(first) = errors.first() {
            let same = |error: &&SyntaxError| {
                error.element.is_some() && first.element.is_some() && error.position == first.position
            };
            let count = errors.iter().take_while(same).count().max(1);
            let (of_segment, rest) = errors.split_at(count);
            self.segment(first, of_segment);
            errors = rest;
        }
        let codes = report.codes();
        let code = if report.is_accepted() { "A" } else { "R" };
        let elements: Vec<&str> = [code].into_iter().chain(codes).collect();
        self.out.segment("IK5", &elements);
    }

    /// The group has ended.
    pub fn end_group(&mut self, report: &GroupReport) {
        let Some(sets) = self.sets.take() else { return };
        if !report.faults.is_empty() {
            self.out.back_to(sets);
        }
        let counts = [report.declared_sets, report.sets, report.taken_sets()].map(|count| count.to_string());
        let [declared, received, taken] = counts.each_ref().map(String::as_str);
        let codes = report.faults.iter().map(|fault| fault.code).take(5);
        let elements: Vec<&str> = [report.code(), declared, received, taken].into_iter().chain(codes).collect();
        self.out.segment("AK9", &elements);
    }

    /// The interchange has ended. `None` where there was nothing to acknowledge.
    pub fn finish(self) -> Option<Vec<u8>> {
        (self.groups > 0).then(|| self.out.finish())
    }

    /// One segment in error, with its elements in error.
    fn segment(&mut self, first: &SyntaxError, errors: &[SyntaxError]) {
        // IK303 has four characters: the names of the loops around it are longer and are left to the words.
        let loop_id = if first.loop_id.len() <= 4 { first.loop_id } else { "" };
        self.out.segment("IK3", &[&first.segment, &first.position.to_string(), loop_id, first.code]);
        if !first.claim.is_empty() {
            let claim: String = first.claim.chars().take(35).collect();
            self.out.segment("CTX", &[&composite(&["CLM01", &claim])]);
        }
        for fault in errors.iter().filter_map(|error| error.element.as_ref()) {
            let numbers = [u16::from(fault.element), u16::from(fault.component), fault.number];
            let [element, component, number] = numbers.map(|number| match number {
                0 => String::new(),
                number => number.to_string(),
            });
            self.out.segment("IK4", &[&composite(&[&element, &component]), &number, fault.code, &fault.value]);
        }
    }
}
