//! Cuts bytes into segments without copying: one window over the source, however large the source is.

use std::io;
use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::delimiters::Delimiters;

/// Longest segment that is read. No guide has one of a tenth of it; a longer one means that the terminator is wrong.
pub const MAX_SEGMENT: usize = 64 * 1024;
/// Bytes in which a BIN says how long its data is.
const BINARY_HEAD: usize = 24;
/// Bytes asked from the source at once.
const REFILL: usize = 256 * 1024;
/// Stands for a byte that is no UTF-8. The guide then says which element it stood in.
pub const UNREADABLE: char = '\u{1a}';

/// Bytes that can be read again from any place: a file, a buffer, chunks in a store.
pub trait Source {
    /// Reads at an offset; fewer bytes than asked are fine, none means the end.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

impl Source for [u8] {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        Ok(count)
    }
}

impl Source for Vec<u8> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.as_slice().read_at(offset, buffer)
    }
}

/// Why no segment could be read.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    /// The source failed.
    #[error("cannot read the input: {0}")]
    Io(#[from] io::Error),
    /// The input ends inside a segment.
    #[error("the input ends at byte {end} inside the segment that starts at byte {start}: the rest is missing")]
    Truncated {
        /// Where the segment starts.
        start: u64,
        /// Where the input ends.
        end: u64,
    },
    /// No terminator within [`MAX_SEGMENT`] bytes.
    #[error(
        "no segment terminator within {MAX_SEGMENT} bytes after byte {start}: is the character after ISA16 the one that ends the segments?"
    )]
    TooLong {
        /// Where the segment starts.
        start: u64,
    },
}

/// One segment, still lying in the reader's window.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    text: &'a str,
    /// Where each element ends in the text; the first is the segment's id.
    ends: &'a [u32],
    delimiters: Delimiters,
    offset: u64,
    end: u64,
    data: (u64, u64),
}

impl<'a> Segment<'a> {
    /// Where the data of a BIN stands in the source; empty of any other segment.
    pub fn data(&self) -> Range<u64> {
        self.data.0..self.data.1
    }

    /// The id, such as `NM1`.
    pub fn id(&self) -> &'a str {
        self.element(0)
    }

    /// The whole segment without its terminator.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// How many elements follow the id.
    pub fn len(&self) -> usize {
        self.ends.len().saturating_sub(1)
    }

    /// Whether nothing follows the id.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An element by its X12 number (1 is the first after the id); empty where absent.
    pub fn element(&self, number: usize) -> &'a str {
        let start = match number.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before).map_or(u32::MAX, |end| end + 1),
        };
        let end = self.ends.get(number).copied().unwrap_or(u32::MAX);
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// The components of an element.
    pub fn components(&self, number: usize) -> std::str::Split<'a, char> {
        self.element(number).split(char::from(self.delimiters.component))
    }

    /// A component by its X12 number (1 is the first); empty where absent.
    pub fn component(&self, number: usize, component: usize) -> &'a str {
        self.components(number).nth(component.saturating_sub(1)).unwrap_or("")
    }

    /// The repetitions of an element.
    pub fn repetitions(&self, number: usize) -> std::str::Split<'a, char> {
        self.element(number).split(char::from(self.delimiters.repetition))
    }

    /// The separators it was cut with.
    pub fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    /// Its bytes in the source, the terminator included.
    pub fn span(&self) -> Range<u64> {
        self.offset..self.end
    }
}

/// Reads segments one after another.
#[derive(Debug)]
pub struct SegmentReader<'s, S: ?Sized> {
    source: &'s S,
    /// Part of the source; `window_at` is the offset of its first byte.
    window: Vec<u8>,
    window_at: u64,
    /// The next unread byte, within the window.
    next: usize,
    /// Nothing at or after this offset is read.
    limit: u64,
    delimiters: Delimiters,
    /// The segment read last: its bytes in the window without terminator.
    current: Range<usize>,
    /// Its first byte in the source.
    current_at: u64,
    /// The data of a BIN, which is not in the window.
    data: Range<u64>,
    ends: Vec<u32>,
}

impl<'s, S: Source + ?Sized> SegmentReader<'s, S> {
    /// Reads the bytes of a span with the separators of their interchange.
    pub fn new(source: &'s S, span: Range<u64>, delimiters: Delimiters) -> Self {
        SegmentReader {
            source,
            window: Vec::new(),
            window_at: span.start,
            next: 0,
            limit: span.end,
            delimiters,
            current: 0..0,
            current_at: span.start,
            data: 0..0,
            ends: Vec::with_capacity(32),
        }
    }

    /// From here on, other separators hold.
    pub(super) fn set_delimiters(&mut self, delimiters: Delimiters) {
        self.delimiters = delimiters;
    }

    /// Offset of the next unread byte.
    pub fn offset(&self) -> u64 {
        self.window_at + self.next as u64
    }

    /// Goes to the next segment; `false` at the end. Line ends and spaces between segments are skipped.
    pub fn advance(&mut self) -> Result<bool, SegmentError> {
        self.skip_blank()?;
        self.data = 0..0;
        if self.binary()? {
            return Ok(true);
        }
        let mut searched = 0;
        loop {
            let rest = self.window.get(self.next..).unwrap_or_default();
            let found = memchr(self.delimiters.terminator, rest.get(searched..).unwrap_or_default());
            if let Some(length) = found.map(|at| at + searched).filter(|length| *length <= MAX_SEGMENT) {
                self.current = self.next..self.next + length;
                self.current_at = self.offset();
                self.next += length + 1;
                self.split();
                return Ok(true);
            }
            let start = self.offset();
            if found.is_some() || rest.len() > MAX_SEGMENT {
                return Err(SegmentError::TooLong { start });
            }
            searched = rest.len();
            if !self.refill()? {
                let end = self.window_at + self.window.len() as u64;
                return if start == end { Ok(false) } else { Err(SegmentError::Truncated { start, end }) };
            }
        }
    }

    /// The segment that [`advance`](Self::advance) went to.
    pub fn segment(&self) -> Segment<'_> {
        let bytes = self.window.get(self.current.clone()).unwrap_or_default();
        Segment {
            // `split` left only UTF-8 here.
            text: std::str::from_utf8(bytes).unwrap_or(""),
            ends: &self.ends,
            delimiters: self.delimiters,
            offset: self.current_at,
            end: self.window_at + self.next as u64,
            data: (self.data.start, self.data.end),
        }
    }

    /// Goes to a BIN that comes next, whose data is as long as it says, whatever bytes it has; `false` where none does. One whose
    /// data does not end where it says is cut like any other segment.
    fn binary(&mut self) -> Result<bool, SegmentError> {
        let (element, terminator) = (self.delimiters.element, self.delimiters.terminator);
        let head = self.peek(BINARY_HEAD)?;
        let Some(length) = head.strip_prefix(b"BIN").and_then(|rest| rest.strip_prefix(&[element])) else {
            return Ok(false);
        };
        let digits = length.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = length.get(..digits).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<u64>().ok());
        let (Some(number), Some(&separator)) = (number, length.get(digits)) else { return Ok(false) };
        let kept = 4 + digits;
        let text = head.get(..kept).unwrap_or_default().to_vec();
        let start = self.offset() + kept as u64 + 1;
        let end = start.saturating_add(number);
        let mut last = [0];
        let there = end < self.limit && self.source.read_at(end, &mut last)? == 1 && last == [terminator];
        if separator != element || !there {
            return Ok(false);
        }
        self.current_at = self.offset();
        self.data = start..end;
        // The window holds what stands before the data only, and what comes next is behind the data.
        self.window = text;
        (self.current, self.next) = (0..kept, kept);
        self.window_at = end + 1 - kept as u64;
        self.split();
        Ok(true)
    }

    /// Id of the segment that `advance` went to.
    pub(super) fn id(&self) -> &[u8] {
        let length = self.ends.first().map_or(0, |end| *end as usize);
        self.window.get(self.current.start..self.current.start + length).unwrap_or_default()
    }

    /// The next segment; `None` at the end.
    pub fn read(&mut self) -> Result<Option<Segment<'_>>, SegmentError> {
        Ok(if self.advance()? { Some(self.segment()) } else { None })
    }

    /// Makes the current segment the next one again.
    pub(super) fn step_back(&mut self) {
        self.next = self.current.start;
    }

    /// Leaves out so many bytes.
    pub(super) fn skip(&mut self, count: usize) {
        self.next = (self.next + count).min(self.window.len());
    }

    /// Skips line ends, spaces and tabs.
    pub(super) fn skip_blank(&mut self) -> Result<(), SegmentError> {
        loop {
            let rest = self.window.get(self.next..).unwrap_or_default();
            match rest.iter().position(|byte| !byte.is_ascii_whitespace()) {
                Some(blanks) => {
                    self.next += blanks;
                    return Ok(());
                }
                None => {
                    self.next = self.window.len();
                    if !self.refill()? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// The next bytes, at most so many, fewer only at the end; they stay unread.
    pub(super) fn peek(&mut self, count: usize) -> Result<&[u8], SegmentError> {
        while self.window.len() - self.next < count && self.refill()? {}
        let end = (self.next + count).min(self.window.len());
        Ok(self.window.get(self.next..end).unwrap_or_default())
    }

    /// Drops what has been read and gets more; `false` at the end of the source.
    fn refill(&mut self) -> Result<bool, SegmentError> {
        self.window.drain(..self.next);
        self.window_at += self.next as u64;
        self.next = 0;
        let held = self.window.len();
        let at = self.window_at + held as u64;
        let wanted = self.limit.saturating_sub(at).min(REFILL as u64) as usize;
        self.window.resize(held + wanted, 0);
        let got = match self.window.get_mut(held..) {
            Some(free) if wanted > 0 => self.source.read_at(at, free)?.min(wanted),
            _ => 0,
        };
        self.window.truncate(held + got);
        Ok(got > 0)
    }

    /// Notes where the current segment's elements end.
    fn split(&mut self) {
        let Some(bytes) = self.window.get_mut(self.current.clone()) else { return };
        // With line feeds as terminators, the carriage return before one is part of the line end.
        if self.delimiters.terminator == b'\n' && bytes.last() == Some(&b'\r') {
            self.current.end -= 1;
        }
        let Some(bytes) = self.window.get_mut(self.current.clone()) else { return };
        let mut unchecked = &mut *bytes;
        while let Err(error) = std::str::from_utf8(unchecked) {
            let Some((byte, rest)) = unchecked.get_mut(error.valid_up_to()..).and_then(|bad| bad.split_first_mut())
            else {
                break;
            };
            *byte = UNREADABLE as u8;
            unchecked = rest;
        }
        self.ends.clear();
        self.ends.extend(memchr_iter(self.delimiters.element, bytes).map(|at| at as u32));
        self.ends.push(bytes.len() as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader<S: Source + ?Sized>(source: &S) -> SegmentReader<'_, S> {
        SegmentReader::new(source, 0..u64::MAX, Delimiters::USUAL)
    }

    #[test]
    fn elements_components_and_repetitions_are_found_by_their_numbers() {
        let mut reader = reader(b"SV1*HC:99213:25*125**1^2*~".as_slice());
        let segment = reader.read().unwrap().unwrap();
        assert_eq!((segment.id(), segment.len(), segment.span()), ("SV1", 5, 0..26));
        assert_eq!((segment.element(2), segment.element(3), segment.element(9)), ("125", "", ""));
        assert_eq!((segment.component(1, 2), segment.component(1, 3), segment.component(1, 4)), ("99213", "25", ""));
        assert_eq!(segment.repetitions(4).collect::<Vec<_>>(), ["1", "2"]);
        assert!(reader.read().unwrap().is_none());
    }

    #[test]
    fn line_ends_between_segments_are_skipped_whatever_the_terminator() {
        let mut tilde = reader(b"\r\nST*837~\r\n  SE*2~ \n".as_slice());
        let mut seen = Vec::new();
        while let Some(segment) = tilde.read().unwrap() {
            seen.push((segment.text().to_string(), segment.span()));
        }
        assert_eq!(seen, [("ST*837".to_string(), 2..9), ("SE*2".to_string(), 13..18)]);

        let lines = Delimiters { terminator: b'\n', ..Delimiters::USUAL };
        let mut lines = SegmentReader::new(b"ST*837\r\nSE*2\r\n".as_slice(), 0..u64::MAX, lines);
        assert_eq!(lines.read().unwrap().unwrap().element(1), "837");
        assert_eq!(lines.read().unwrap().unwrap().element(1), "2");
    }

    #[test]
    fn an_input_that_ends_inside_a_segment_says_where() {
        let mut reader = reader(b"ST*837~SE*2".as_slice());
        assert!(reader.read().unwrap().is_some());
        assert!(matches!(reader.read(), Err(SegmentError::Truncated { start: 7, end: 11 })));
    }

    #[test]
    fn the_data_of_a_bin_may_hold_separators_and_ends_where_it_says() {
        let mut reader = reader(b"EFI*05~BIN*6*~*\xff~:~~LX*2~BIN*3*a~SE*2~".as_slice());
        assert_eq!(reader.read().unwrap().unwrap().id(), "EFI");
        let segment = reader.read().unwrap().unwrap();
        assert_eq!((segment.text(), segment.data(), segment.span()), ("BIN*6", 13..19, 7..20));
        assert_eq!(reader.read().unwrap().unwrap().element(1), "2");
        let broken = reader.read().unwrap().unwrap();
        assert_eq!((broken.text(), broken.data()), ("BIN*3*a", 0..0), "its data does not end where it says");
        assert_eq!(reader.read().unwrap().unwrap().id(), "SE");
    }

    #[test]
    fn a_missing_terminator_is_an_error_long_before_memory_is_short() {
        let bytes = vec![b'x'; 10 * MAX_SEGMENT];
        let mut reader = reader(&bytes);
        assert!(matches!(reader.read(), Err(SegmentError::TooLong { start: 0 })));
        assert!(reader.window.capacity() < 3 * REFILL);
    }

    #[test]
    fn bytes_that_are_no_utf8_are_marked_and_shift_nothing() {
        let mut reader = reader(b"NM1*IL*1*MU\xd1OZ*ANA~".as_slice());
        let segment = reader.read().unwrap().unwrap();
        assert_eq!((segment.element(3), segment.element(4)), ("MU\u{1a}OZ", "ANA"));
    }

    /// Gives one byte at a time, as the slowest of stores would.
    struct Drops(Vec<u8>);
    impl Source for Drops {
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read_at(offset, &mut buffer[..1])
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_cut_the_same_however_the_source_gives_them(bytes: Vec<u8>) {
            let (whole, drops) = (bytes.clone(), Drops(bytes));
            let (mut one, mut other) = (reader(&whole), reader(&drops));
            loop {
                match (one.read(), other.read()) {
                    (Ok(None), Ok(None)) => break,
                    (Ok(Some(a)), Ok(Some(b))) => assert_eq!((a.text(), a.span()), (b.text(), b.span())),
                    (Err(a), Err(b)) => { assert_eq!(a.to_string(), b.to_string()); break }
                    (a, b) => panic!("{a:?} {b:?}"),
                }
            }
        }
    }
}
