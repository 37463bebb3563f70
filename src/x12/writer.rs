//! Writes an interchange segment by segment: counts, control numbers and trailers cannot come out wrong.
//!
//! What stands in the data is made to fit: a delimiter in a text becomes a space, a character outside
//! printable ASCII becomes `?`, trailing blanks and empty elements are left off. ISA15 is always `T`: this is a simulation.

use jiff::civil::DateTime;

use super::delimiters::Delimiters;

/// Joins the components of a composite element, see [`composite`].
const COMPONENT: char = '\u{1f}';
/// Joins the repetitions of an element, see [`repeated`].
const REPETITION: char = '\u{1e}';

/// One side of an interchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Kind of the id, two characters such as `ZZ` or `30` (ISA05, ISA07).
    pub qualifier: String,
    /// The id, at most 15 characters, without padding (ISA06, ISA08).
    pub id: String,
}

/// What an interchange's first segment says.
#[derive(Clone, Debug)]
pub struct InterchangeHeader {
    /// Who sends (ISA05, ISA06).
    pub sender: Party,
    /// Who receives (ISA07, ISA08).
    pub receiver: Party,
    /// Date and time of the sandbox's clock (ISA09, ISA10; GS04, GS05).
    pub at: DateTime,
    /// At most nine digits (ISA13, IEA02).
    pub control_number: u32,
    /// Separators of what is written (ISA11, ISA16).
    pub delimiters: Delimiters,
}

/// One component after another as a composite element: `composite(&["HC", "99213"])` is written `HC:99213`.
pub fn composite(components: &[&str]) -> String {
    components.join(&COMPONENT.to_string())
}

/// One value after another as a repeated element: `repeated(&["1", "33"])` is written `1^33`.
pub fn repeated(values: &[&str]) -> String {
    values.join(&REPETITION.to_string())
}

/// Builds one interchange in memory: `interchange`, then `group`s of `set`s of `segment`s, then `finish`.
/// Each start ends what was open on its level.
#[derive(Debug)]
pub struct SegmentWriter {
    out: Vec<u8>,
    delimiters: Delimiters,
    at: DateTime,
    interchange: Open,
    group: Open,
    set: Open,
}

/// A place to go back to.
#[derive(Debug)]
pub(super) struct Mark {
    length: usize,
    segments: usize,
}

/// An envelope that waits for its trailer.
#[derive(Debug, Default)]
struct Open {
    control_number: Option<String>,
    count: usize,
}

impl SegmentWriter {
    /// Opens an interchange.
    pub fn new(header: &InterchangeHeader) -> SegmentWriter {
        let mut writer = SegmentWriter {
            out: Vec::with_capacity(1024),
            delimiters: header.delimiters,
            at: header.at,
            interchange: Open::default(),
            group: Open::default(),
            set: Open::default(),
        };
        let [repetition, component] = [header.delimiters.repetition, header.delimiters.component].map(char::from);
        let number = format!("{:09}", header.control_number % 1_000_000_000);
        let [from, to] = [&header.sender, &header.receiver].map(|party| Party {
            qualifier: format!("{:2.2}", writer.clean(&party.qualifier)),
            id: format!("{:15.15}", writer.clean(&party.id)),
        });
        let (date, time) = (writer.date(), writer.time());
        let isa = [
            "ISA",
            "00",
            "          ",
            "00",
            "          ",
            &from.qualifier,
            &from.id,
            &to.qualifier,
            &to.id,
            date.get(2..).unwrap_or(""),
            &time,
            &repetition.to_string(),
            "00501",
            &number,
            "0",
            "T",
            &component.to_string(),
        ];
        // Written raw: its padding and its separators are data here.
        let element = char::from(header.delimiters.element).to_string();
        writer.out.extend_from_slice(isa.join(&element).as_bytes());
        writer.terminate();
        writer.interchange = Open { control_number: Some(number), count: 0 };
        writer
    }

    /// Opens a functional group: GS01, GS02, GS03, GS06, GS08. Date and time are the interchange's.
    pub fn group(&mut self, functional_id: &str, sender: &str, receiver: &str, control_number: u32, version: &str) {
        self.end_group();
        let (number, date, time) = (control_number.to_string(), self.date(), self.time());
        self.segment("GS", &[functional_id, sender, receiver, &date, &time, &number, "X", version]);
        self.interchange.count += 1;
        self.group = Open { control_number: Some(number), count: 0 };
    }

    /// Opens a transaction set: ST01, ST02 (written with four digits at least) and, where the guide has it, ST03.
    pub fn set(&mut self, id: &str, control_number: u32, version: &str) {
        self.end_set();
        let number = format!("{control_number:04}");
        self.group.count += 1;
        self.set = Open { control_number: Some(number.clone()), count: 0 };
        self.segment("ST", &[id, &number, version]);
    }

    /// Writes one segment. Elements are plain data, [`composite`]s or [`repeated`] values.
    pub fn segment(&mut self, id: &str, elements: &[&str]) {
        self.out.extend_from_slice(id.as_bytes());
        for element in elements {
            self.out.push(self.delimiters.element);
            for character in element.chars() {
                let byte = match character {
                    COMPONENT => self.delimiters.component,
                    REPETITION => self.delimiters.repetition,
                    _ => self.plain(character),
                };
                if byte == self.delimiters.component || byte == self.delimiters.repetition {
                    self.drop_trailing(b" ");
                }
                self.out.push(byte);
            }
            self.drop_trailing(&[b' ', self.delimiters.component, self.delimiters.repetition]);
        }
        self.drop_trailing(&[self.delimiters.element]);
        self.terminate();
        self.set.count += 1;
    }

    /// Blanks at the end of a value and separators with nothing behind them are not written.
    fn drop_trailing(&mut self, bytes: &[u8]) {
        while self.out.last().is_some_and(|last| bytes.contains(last)) {
            self.out.pop();
        }
    }

    /// Segments written since the set's ST, it included.
    pub fn segments_in_set(&self) -> usize {
        self.set.count
    }

    /// The place behind what is written so far.
    pub(super) fn mark(&self) -> Mark {
        Mark { length: self.out.len(), segments: self.set.count }
    }

    /// Takes back what was written to the open set after a mark in it.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.out.truncate(mark.length);
        self.set.count = mark.segments;
    }

    /// Closes what is open and gives the interchange.
    pub fn finish(mut self) -> Vec<u8> {
        self.end_group();
        if let Some(number) = self.interchange.control_number.take() {
            self.segment("IEA", &[&self.interchange.count.to_string(), &number]);
        }
        self.out
    }

    fn end_group(&mut self) {
        self.end_set();
        if let Some(number) = self.group.control_number.take() {
            self.segment("GE", &[&self.group.count.to_string(), &number]);
        }
    }

    fn end_set(&mut self) {
        if let Some(number) = self.set.control_number.take() {
            self.segment("SE", &[&(self.set.count + 1).to_string(), &number]);
        }
    }

    /// The line end after the terminator is not part of the data; readers skip it and people are glad of it.
    fn terminate(&mut self) {
        self.out.push(self.delimiters.terminator);
        if self.delimiters.terminator != b'\n' {
            self.out.push(b'\n');
        }
    }

    fn plain(&self, character: char) -> u8 {
        match u8::try_from(character) {
            Ok(byte) if self.delimiters.contains(byte) || byte.is_ascii_whitespace() => b' ',
            Ok(byte) if byte.is_ascii_graphic() || byte == b' ' => byte,
            _ => b'?',
        }
    }

    fn clean(&self, text: &str) -> String {
        text.chars().map(|character| char::from(self.plain(character))).collect()
    }

    fn date(&self) -> String {
        crate::domain::dates::d8(self.at.date())
    }

    fn time(&self) -> String {
        format!("{:02}{:02}", self.at.hour(), self.at.minute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(delimiters: Delimiters) -> InterchangeHeader {
        InterchangeHeader {
            sender: Party { qualifier: "ZZ".into(), id: "PAYERSIM".into() },
            receiver: Party { qualifier: "30".into(), id: "123456789".into() },
            at: jiff::civil::date(2026, 3, 9).at(7, 5, 0, 0),
            control_number: 12,
            delimiters,
        }
    }

    fn lines(bytes: Vec<u8>) -> Vec<String> {
        String::from_utf8(bytes).unwrap().lines().map(str::to_string).collect()
    }

    #[test]
    fn trailers_carry_the_counts_and_numbers_of_their_headers() {
        let mut writer = SegmentWriter::new(&header(Delimiters::USUAL));
        writer.group("HP", "SENDER", "RECEIVER", 7, "005010X221A1");
        writer.set("835", 1, "");
        writer.segment("BPR", &["I", "1.5", "C", "", ""]);
        writer.set("835", 2, "");
        let lines = lines(writer.finish());
        assert_eq!(lines[0].len(), 106);
        assert_eq!(
            lines[0],
            "ISA*00*          *00*          *ZZ*PAYERSIM       *30*123456789      *260309*0705*^*00501*000000012*0*T*:~"
        );
        assert_eq!(lines[1], "GS*HP*SENDER*RECEIVER*20260309*0705*7*X*005010X221A1~");
        // Three segments in the first set: ST, BPR, SE.
        assert_eq!(lines[2..5], ["ST*835*0001~", "BPR*I*1.5*C~", "SE*3*0001~"]);
        assert_eq!(lines[5..], ["ST*835*0002~", "SE*2*0002~", "GE*2*7~", "IEA*1*000000012~"]);
    }

    #[test]
    fn no_data_can_break_out_of_its_element() {
        let delimiters = Delimiters { element: b'|', repetition: b'^', component: b'>', terminator: b'\n' };
        let mut writer = SegmentWriter::new(&header(delimiters));
        writer.segment("NM1", &["a|b>c\nd", "*:~", "é\u{7}", &composite(&["x>", "y", ""]), &repeated(&["1", "2"])]);
        writer.segment("REF", &["|", "a|", &composite(&["b>", "c|", ""]), " ", &composite(&["", "^"])]);
        let lines = lines(writer.finish());
        assert_eq!(lines[1], "NM1|a b c d|*:~|??|x>y|1^2");
        assert_eq!(lines[2], "REF||a|b>c");
        assert_eq!(lines[3], "IEA|0|000000012");
    }

    #[test]
    fn an_id_longer_than_its_place_cannot_shift_the_isa() {
        let mut long = header(Delimiters::USUAL);
        long.sender = Party { qualifier: "ZZZ".into(), id: "an id of more than 15".into() };
        assert_eq!(lines(SegmentWriter::new(&long).finish())[0].len(), 106);
    }
}
