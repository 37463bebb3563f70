//! What the inquiries and their answers share: parties, days, and the numbering of levels.

use super::segments::Segment;
use super::writer::SegmentWriter;

/// A party as NM1 names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Its role (NM101).
    pub role: String,
    /// `1` a person, `2` an organization (NM102).
    pub kind: String,
    /// Family name, or the organization's (NM103).
    pub last: String,
    /// Given name (NM104).
    pub first: String,
    /// Middle name (NM105).
    pub middle: String,
    /// Suffix (NM107).
    pub suffix: String,
    /// Kind of id, such as `XX` (NM108).
    pub qualifier: String,
    /// The id (NM109).
    pub id: String,
}

impl Party {
    /// Reads an NM1.
    pub(super) fn read(segment: &Segment) -> Party {
        let element = |number| segment.element(number).to_string();
        Party {
            role: element(1),
            kind: element(2),
            last: element(3),
            first: element(4),
            middle: element(5),
            suffix: element(7),
            qualifier: element(8),
            id: element(9),
        }
    }

    /// The NPI, where that is its id; empty: it is another number.
    pub fn npi(&self) -> &str {
        if self.qualifier == "XX" { &self.id } else { "" }
    }

    /// Writes it as NM1.
    pub(super) fn write(&self, out: &mut SegmentWriter) {
        let elements: [&str; 9] = [
            &self.role,
            &self.kind,
            &self.last,
            &self.first,
            &self.middle,
            "",
            &self.suffix,
            &self.qualifier,
            &self.id,
        ];
        out.segment("NM1", &elements);
    }
}

/// `CCYYMMDD` as `YYYY-MM-DD`; empty where it is none.
pub(super) fn iso(day: &str) -> String {
    match (day.get(..4), day.get(4..6), day.get(6..8)) {
        (Some(year), Some(month), Some(day)) => [year, month, day].join("-"),
        _ => String::new(),
    }
}

/// The first and last day of a period, `YYYY-MM-DD`.
pub(super) fn iso_days(period: &str) -> (String, String) {
    let (from, through) = period.split_once('-').unwrap_or((period, period));
    (iso(from), iso(through))
}

/// `YYYY-MM-DD` as `CCYYMMDD`.
pub(super) fn d8(day: &str) -> String {
    day.replace('-', "")
}

/// The hierarchical levels of a set that is being written.
#[derive(Debug, Default)]
pub(super) struct Levels {
    number: u32,
    /// Code and number of each level that is open.
    path: Vec<(&'static str, u32)>,
}

impl Levels {
    /// Writes HL for a level right below the last one of the code `above`. `children`: whether levels follow below; not
    /// written where `None`.
    pub fn level(&mut self, out: &mut SegmentWriter, code: &'static str, above: &str, children: Option<bool>) {
        let depth = self.path.iter().position(|(open, _)| *open == above).map_or(0, |at| at + 1);
        self.path.truncate(depth);
        self.number += 1;
        let above = self.path.last().map_or(String::new(), |(_, number)| number.to_string());
        let children = match children {
            None => "",
            Some(true) => "1",
            Some(false) => "0",
        };
        out.segment("HL", &[&self.number.to_string(), &above, code, children]);
        self.path.push((code, self.number));
    }
}
