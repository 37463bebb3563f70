//! Interchanges, groups and transaction sets: a walk over the segments that says where each starts and ends,
//! and what is wrong with its envelope. Nothing is skipped in silence: what is no interchange is an event too.

use std::collections::HashSet;
use std::io;

use memchr::memmem;

use super::events::{
    EnvelopeFault, Event, GroupHeader, GroupTrailer, InterchangeTrailer, SetHeader, SetTrailer, Stray,
};
use super::isa::{ISA_LENGTH, InterchangeFault, Isa, looks_like_isa};
use super::segments::{SegmentError, SegmentReader, Source};

/// The envelope that the walk is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Level {
    Outside,
    Interchange,
    Group,
    Set,
}

/// What the next segment means for the envelopes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Isa,
    Iea,
    Gs,
    Ge,
    St,
    Se,
    Ta1,
    Other,
    /// The end of the input, or the place from which no segment can be read.
    End,
}

/// Walks over an input.
#[derive(Debug)]
pub struct EnvelopeReader<'s, S: ?Sized> {
    segments: SegmentReader<'s, S>,
    level: Level,
    isa: Option<Isa>,
    /// Its separators cannot be told from data.
    is_unreadable: bool,
    interchange_fault: Option<InterchangeFault>,
    group: GroupHeader,
    group_faults: Vec<EnvelopeFault>,
    set: SetHeader,
    groups: u32,
    sets: u32,
    set_segments: u32,
    /// GS06 of the interchange and ST02 of the group so far.
    group_numbers: HashSet<String>,
    set_numbers: HashSet<String>,
}

impl<'s, S: Source + ?Sized> EnvelopeReader<'s, S> {
    /// Walks over the whole source.
    pub fn new(source: &'s S) -> Self {
        EnvelopeReader {
            segments: SegmentReader::new(source, 0..u64::MAX, Default::default()),
            level: Level::Outside,
            isa: None,
            is_unreadable: false,
            interchange_fault: None,
            group: GroupHeader::default(),
            group_faults: Vec::new(),
            set: SetHeader::default(),
            groups: 0,
            sets: 0,
            set_segments: 0,
            group_numbers: HashSet::new(),
            set_numbers: HashSet::new(),
        }
    }

    /// The next event; `None` at the end of the input. Only a source that fails is an error.
    pub fn read(&mut self) -> io::Result<Option<Event<'_>>> {
        loop {
            if self.level == Level::Outside {
                return self.outside();
            }
            let kind = self.advance()?;
            return Ok(Some(match (self.level, kind) {
                (Level::Set, Kind::Se) => self.end_set(true),
                (Level::Set, Kind::Other) => {
                    self.set_segments += 1;
                    Event::Segment(self.segments.segment())
                }
                (Level::Set, _) => {
                    self.put_back(kind);
                    self.end_set(false)
                }
                (Level::Group, Kind::St) => self.start_set(),
                (Level::Group, Kind::Ge) => self.end_group(true),
                (Level::Group, Kind::Other | Kind::Se) => {
                    self.misplaced("024", "between sets; only ST or GE may stand here");
                    continue;
                }
                (Level::Group, _) => {
                    self.put_back(kind);
                    self.end_group(false)
                }
                (_, Kind::Gs) => self.start_group(),
                (_, Kind::Ta1) => Event::Acknowledgment(self.segments.segment()),
                (_, Kind::Iea) => self.end_interchange(true)?,
                (_, Kind::Isa | Kind::End) => self.end_interchange(false)?,
                (_, Kind::Ge | Kind::St | Kind::Se | Kind::Other) => {
                    self.misplaced("022", "outside of any group; only GS or IEA may stand here");
                    continue;
                }
            }));
        }
    }

    /// Where the walk is: the offset of the next unread byte.
    pub fn offset(&self) -> u64 {
        self.segments.offset()
    }

    fn outside(&mut self) -> io::Result<Option<Event<'_>>> {
        self.blank()?;
        let at = self.segments.offset();
        let head = self.peek(ISA_LENGTH)?;
        if head.is_empty() {
            return Ok(None);
        }
        if !head.starts_with(b"ISA") {
            let seen = String::from_utf8_lossy(head.get(..16).unwrap_or(head)).into_owned();
            let end = self.resync()?;
            let words = format!(
                "{} bytes from byte {at} on, starting with {seen:?}, belong to no interchange; an interchange starts with ISA",
                end - at
            );
            return Ok(Some(Event::Stray(Stray { span: at..end, words })));
        }
        match Isa::read(head, at) {
            Err(words) => {
                self.segments.skip(3);
                let span = at..self.resync()?;
                let words = format!("the ISA at byte {at} cannot be read: {words}");
                Ok(Some(Event::Stray(Stray { span, words })))
            }
            Ok(isa) => {
                self.segments.set_delimiters(isa.delimiters);
                self.segments.skip(ISA_LENGTH);
                self.level = Level::Interchange;
                self.groups = 0;
                self.group_numbers.clear();
                self.interchange_fault = isa.fault.clone();
                self.is_unreadable = !isa.delimiters_hold();
                self.isa = Some(isa.clone());
                Ok(Some(Event::InterchangeStart(isa)))
            }
        }
    }

    /// Goes to the next segment within an interchange and says what it is.
    fn advance(&mut self) -> io::Result<Kind> {
        if self.is_unreadable {
            return Ok(Kind::End);
        }
        self.blank()?;
        // A new header has its own separators: it must be seen before it is cut with the old ones.
        if self.peek(3)?.starts_with(b"ISA") && looks_like_isa(self.peek(ISA_LENGTH)?) {
            return Ok(Kind::Isa);
        }
        Ok(match self.segments.advance() {
            Ok(true) => match self.segments.id() {
                b"IEA" => Kind::Iea,
                b"GS" => Kind::Gs,
                b"GE" => Kind::Ge,
                b"ST" => Kind::St,
                b"SE" => Kind::Se,
                b"TA1" if self.level == Level::Interchange => Kind::Ta1,
                _ => Kind::Other,
            },
            Ok(false) => Kind::End,
            Err(SegmentError::Io(error)) => return Err(error),
            Err(error) => {
                self.interchange_fault.get_or_insert(InterchangeFault { note: "023", words: error.to_string() });
                Kind::End
            }
        })
    }

    fn start_group(&mut self) -> Event<'_> {
        let segment = self.segments.segment();
        let element = |number| segment.element(number).to_string();
        self.group = GroupHeader {
            functional_id: element(1),
            sender: element(2),
            receiver: element(3),
            control_number: element(6),
            version: element(8),
        };
        let number = &self.group.control_number;
        self.group_faults.clear();
        if number.is_empty() || number.len() > 9 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            let words = format!("GS06 is {number:?}; it must be one to nine digits");
            self.group_faults.push(EnvelopeFault { code: "6", words });
        } else if !self.group_numbers.insert(number.clone()) {
            let words = format!("GS06 {number} was used by an earlier group of this interchange; each has its own");
            self.group_faults.push(EnvelopeFault { code: "19", words });
        }
        self.groups += 1;
        self.sets = 0;
        self.set_numbers.clear();
        self.level = Level::Group;
        Event::GroupStart(self.group.clone())
    }

    fn end_group(&mut self, has_trailer: bool) -> Event<'_> {
        let mut faults = std::mem::take(&mut self.group_faults);
        let mut declared_sets = self.sets;
        if has_trailer {
            let segment = self.segments.segment();
            let (count, number) = (segment.element(1), segment.element(2));
            if number != self.group.control_number {
                let words = format!("GE02 is {number:?}, GS06 {:?}; they must be the same", self.group.control_number);
                faults.push(EnvelopeFault { code: "4", words });
            }
            match count.parse() {
                Ok(declared) if declared == self.sets => {}
                declared => {
                    declared_sets = declared.unwrap_or(self.sets);
                    let words = format!("GE01 is {count:?}, but {} sets came", self.sets);
                    faults.push(EnvelopeFault { code: "5", words });
                }
            }
        } else {
            let words = format!("the group {} has no GE", self.group.control_number);
            faults.push(EnvelopeFault { code: "3", words });
        }
        self.level = Level::Interchange;
        Event::GroupEnd(GroupTrailer { sets: self.sets, declared_sets, faults })
    }

    fn start_set(&mut self) -> Event<'_> {
        let segment = self.segments.segment();
        let element = |number| segment.element(number).to_string();
        self.set =
            SetHeader { id: element(1), control_number: element(2), guide: element(3), offset: segment.span().start };
        self.sets += 1;
        self.set_segments = 1;
        self.level = Level::Set;
        Event::SetStart(self.set.clone())
    }

    fn end_set(&mut self, has_trailer: bool) -> Event<'_> {
        let number = &self.set.control_number;
        let mut faults = Vec::new();
        let mut fault = |code, words| faults.push(EnvelopeFault { code, words });
        if !(4..=9).contains(&number.len()) || !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            fault("7", format!("ST02 is {number:?}; it must be four to nine letters or digits"));
        } else if !self.set_numbers.insert(number.clone()) {
            fault("23", format!("ST02 {number} was used by an earlier set of this group; each set has its own"));
        }
        let end = if has_trailer {
            let segment = self.segments.segment();
            self.set_segments += 1;
            let (count, trailer_number) = (segment.element(1), segment.element(2));
            if trailer_number != number {
                fault("3", format!("SE02 is {trailer_number:?}, ST02 {number:?}; they must be the same"));
            }
            if count.parse() != Ok(self.set_segments) {
                let words = format!("SE01 is {count:?}, but {} segments came, ST and SE included", self.set_segments);
                fault("4", words);
            }
            segment.span().end
        } else {
            fault("2", format!("the set {number} has no SE"));
            self.segments.offset()
        };
        self.level = Level::Group;
        Event::SetEnd(SetTrailer { span: self.set.offset..end, segments: self.set_segments, faults })
    }

    fn end_interchange(&mut self, has_trailer: bool) -> io::Result<Event<'_>> {
        let isa = self.isa.take();
        let (start, number) = isa.map_or((0, String::new()), |isa| (isa.offset, isa.control_number));
        let mut fault = self.interchange_fault.take();
        if has_trailer {
            let segment = self.segments.segment();
            let (count, trailer_number) = (segment.element(1), segment.element(2));
            if trailer_number != number {
                let words = format!("IEA02 is {trailer_number:?}, ISA13 {number:?}; they must be the same");
                fault.get_or_insert(InterchangeFault { note: "001", words });
            }
            if count.parse() != Ok(self.groups) {
                let words = format!("IEA01 is {count:?}, but {} groups came", self.groups);
                fault.get_or_insert(InterchangeFault { note: "021", words });
            }
        } else {
            let words = format!("the interchange {number} has no IEA: it ends at byte {}", self.segments.offset());
            fault.get_or_insert(InterchangeFault { note: "023", words });
            // What cannot be read belongs to the broken interchange.
            self.resync()?;
        }
        self.level = Level::Outside;
        let span = start..self.segments.offset();
        Ok(Event::InterchangeEnd(InterchangeTrailer { span, groups: self.groups, fault }))
    }

    /// A segment that ends an envelope by standing where it may not is read again one level further out.
    fn put_back(&mut self, kind: Kind) {
        if !matches!(kind, Kind::Isa | Kind::End) {
            self.segments.step_back();
        }
    }

    fn misplaced(&mut self, note: &'static str, place: &str) {
        let segment = self.segments.segment();
        let words = format!("the segment {:?} at byte {} stands {place}", segment.id(), segment.span().start);
        self.interchange_fault.get_or_insert(InterchangeFault { note, words });
    }

    /// Goes to the next ISA, or to the end, and gives its offset.
    fn resync(&mut self) -> io::Result<u64> {
        const STRIDE: usize = 64 * 1024;
        let finder = memmem::Finder::new(b"ISA");
        loop {
            let window = self.peek(STRIDE)?;
            let found = finder
                .find_iter(window)
                .find(|at| window.get(*at..).is_some_and(|rest| rest.len() < ISA_LENGTH || looks_like_isa(rest)));
            let length = window.len();
            match found {
                Some(0) if length < ISA_LENGTH => self.segments.skip(length),
                Some(0) => return Ok(self.segments.offset()),
                Some(at) => self.segments.skip(at),
                // Two bytes stay: an ISA may begin there.
                None if length == STRIDE => self.segments.skip(STRIDE - 2),
                None => self.segments.skip(length),
            }
            if length < STRIDE && self.peek(1)?.is_empty() {
                return Ok(self.segments.offset());
            }
        }
    }

    fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        self.segments.peek(count).map_err(io_error)
    }

    /// Skips what may stand between interchanges: line ends, spaces, a byte order mark.
    fn blank(&mut self) -> io::Result<()> {
        self.segments.skip_blank().map_err(io_error)?;
        while self.level == Level::Outside && self.peek(3)? == b"\xef\xbb\xbf" {
            self.segments.skip(3);
            self.segments.skip_blank().map_err(io_error)?;
        }
        Ok(())
    }
}

fn io_error(error: SegmentError) -> io::Error {
    match error {
        SegmentError::Io(error) => error,
        other => io::Error::new(io::ErrorKind::InvalidData, other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x12::segments::MAX_SEGMENT;

    const ISA: &str =
        "ISA*00*          *00*          *ZZ*SUBMITTER      *ZZ*PAYERSIM       *260309*0705*^*00501*000000012*0*T*:~";
    const BODY: &str = "GS*HC*S*R*20260309*0705*7*X*005010X222A1~ST*837*0001*005010X222A1~BHT*0019~SE*3*0001~GE*1*7~";

    fn whole() -> String {
        format!("{ISA}{BODY}IEA*1*000000012~")
    }

    /// Every event in a word, faults as their codes.
    fn told(input: &[u8]) -> Vec<String> {
        let codes = |faults: &[EnvelopeFault]| faults.iter().map(|fault| fault.code).collect::<Vec<_>>().join(",");
        let mut reader = EnvelopeReader::new(input);
        let mut told = Vec::new();
        while let Some(event) = reader.read().unwrap() {
            told.push(match event {
                Event::Stray(stray) => format!("stray {:?}", stray.span),
                Event::InterchangeStart(isa) => format!("ISA {}", isa.control_number),
                Event::Acknowledgment(segment) => segment.id().to_string(),
                Event::GroupStart(group) => format!("GS {}", group.control_number),
                Event::SetStart(set) => format!("ST {}", set.control_number),
                Event::Segment(segment) => segment.id().to_string(),
                Event::SetEnd(set) => format!("SE {} {}", set.segments, codes(&set.faults)).trim_end().to_string(),
                Event::GroupEnd(group) => format!("GE {} {}", group.sets, codes(&group.faults)).trim_end().to_string(),
                Event::InterchangeEnd(end) => format!("IEA {}", end.fault.map_or("000", |fault| fault.note)),
            });
        }
        told
    }

    fn ends(input: &str) -> Vec<String> {
        told(input.as_bytes())
            .into_iter()
            .filter(|event| event.starts_with(['I', 's']) || event.contains("E "))
            .collect()
    }

    #[test]
    fn a_whole_interchange_is_told_from_start_to_end() {
        let expected = ["ISA 000000012", "GS 7", "ST 0001", "BHT", "SE 3", "GE 1", "IEA 000"];
        assert_eq!(told(whole().as_bytes()), expected);
        assert_eq!(told(format!("\u{feff}\r\n{}", whole().replace('~', "~\r\n")).as_bytes()), expected);
    }

    #[test]
    fn interchanges_with_other_separators_may_follow_each_other() {
        let other = whole().replace('*', "|").replace('~', "\n").replace(':', ">");
        assert_eq!(told(format!("{}\n{other}{}", whole(), whole()).as_bytes()).len(), 21);
    }

    #[test]
    fn each_fault_of_a_trailer_has_its_code() {
        for (from, to, code) in [
            ("IEA*1*000000012", "IEA*1*000000013", "IEA 001"),
            ("IEA*1*", "IEA*2*", "IEA 021"),
            ("GE*1*7", "GE*1*8", "GE 1 4"),
            ("GE*1*7", "GE*2*7", "GE 1 5"),
            ("GE*1*7~", "", "GE 1 3"),
            ("*0705*7*X", "*0705*A*X", "GE 1 6,4"),
            ("SE*3*0001", "SE*4*0001", "SE 3 4"),
            ("SE*3*0001", "SE*3*0002", "SE 3 3"),
            ("SE*3*0001~", "", "SE 2 2"),
            ("GE*1*7~", "ST*837*0001~SE*2*0001~GE*2*7~", "SE 2 23"),
            ("GE*1*7~", "XX*1~GE*1*7~", "IEA 024"),
            ("IEA*1", "ST*837*0001~IEA*1", "IEA 022"),
        ] {
            let events = ends(&whole().replacen(from, to, 1));
            assert!(events.iter().any(|event| event == code), "{from} -> {to}: {events:?}");
        }
    }

    #[test]
    fn a_premature_end_closes_every_envelope_wherever_the_cut_is() {
        let whole = whole();
        for cut in ISA_LENGTH..whole.len() {
            let events = ends(&whole[..cut]);
            assert_eq!(events.last().unwrap(), "IEA 023", "cut at {cut}: {events:?}");
        }
    }

    #[test]
    fn an_interchange_without_end_does_not_swallow_the_next() {
        let next = whole().replace('~', "|").replace("*T*", "*P*");
        let events = ends(&format!("{ISA}{BODY}{next}"));
        assert_eq!(events, ["ISA 000000012", "SE 3", "GE 1", "IEA 023", "ISA 000000012", "SE 3", "GE 1", "IEA 000"]);
    }

    #[test]
    fn nothing_is_dropped_in_silence() {
        let whole = whole();
        let garbage = format!("hello ISA there\n{whole}trailing");
        assert_eq!(ends(&garbage)[0], "stray 0..16");
        assert_eq!(ends(&garbage).last().unwrap(), &format!("stray {}..{}", 16 + whole.len(), garbage.len()));
        assert_eq!(ends(&ISA[..60]), ["stray 0..60"]);
        // Only a shifted header before a sound one.
        let shifted = format!("{}{whole}", ISA.replace("PAYERSIM  ", "PAYERSIM"));
        assert_eq!(ends(&shifted)[..2], ["stray 0..104", "ISA 000000012"]);
    }

    #[test]
    fn a_terminator_that_never_comes_ends_the_interchange_and_the_next_one_is_read() {
        let endless = format!("{ISA}{BODY}{}", "x".repeat(2 * MAX_SEGMENT));
        assert_eq!(ends(&format!("{endless}{}", whole()))[3..5], ["IEA 023", "ISA 000000012"]);
        let unfit = whole().replace("*:~", "*::");
        assert_eq!(ends(&format!("{unfit}{}", whole()))[..3], ["ISA 000000012", "IEA 004", "ISA 000000012"]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_after_a_header_are_walked_to_the_end(bytes: Vec<u8>, cut in 0..250_usize) {
            let whole = whole();
            told(&bytes);
            told(&[ISA.as_bytes(), &bytes].concat());
            told(&[whole.as_bytes().get(..cut).unwrap_or(whole.as_bytes()), &bytes, whole.as_bytes()].concat());
        }
    }
}
