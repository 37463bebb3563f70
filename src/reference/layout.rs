//! Layouts of the official files: delimited and fixed-width text addressed by position, with mistakes named by line
//! and column. Files are read as they come in, a record at a time.

use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, BufReader, Read};

use rust_decimal::Decimal;

use crate::domain::codes::{Modifier, ProcedureCode};
use crate::domain::money::Money;

/// What is wrong in an official file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct LayoutError {
    /// The line of the text, from 1; 0 where no single line is to blame.
    pub line: u64,
    /// The column's name in the official layout.
    pub column: &'static str,
    /// What belongs there.
    pub expected: &'static str,
    /// What stands there.
    pub found: String,
    /// What sort of mistake it is.
    pub fault: Fault,
}

/// The sorts of mistakes in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A value that cannot stand where it does.
    Value,
    /// A key that stands in the file twice.
    DoubledKey,
    /// A heading without a column that every release has.
    MissingColumn,
    /// A year other than the one that the release is said to be for.
    OtherYear,
    /// No heading of the layout at all.
    NoHeading,
    /// The text ends or breaks off.
    Unreadable,
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LayoutError { line, column, expected, found, .. } = self;
        if *line > 0 {
            write!(f, "line {line}, ")?;
        }
        write!(f, "{column}: expected {expected}, found {found:?}")
    }
}

/// The records of a file. CMS's files are Latin-1 and open with lines of notices, so records may be of any length;
/// readers pick theirs out.
pub(super) struct Records<'a>(Source<'a>);

enum Source<'a> {
    Delimited(Box<csv::Reader<Box<dyn Read + 'a>>>),
    Fixed { lines: Box<dyn BufRead + 'a>, columns: &'static [(usize, usize)], text: Vec<u8>, line: u64 },
}

impl<'a> Records<'a> {
    /// Comma separated, quoted.
    pub(super) fn csv(input: impl Read + 'a) -> Self {
        Records::delimited(Box::new(input), b',', true)
    }

    /// Tab separated, where a quotation mark is a character like any other.
    pub(super) fn tabbed(input: impl Read + 'a) -> Self {
        Records::delimited(Box::new(input), b'\t', false)
    }

    /// Tab or comma separated, whichever the first four thousand bytes hold more of.
    pub(super) fn tabbed_or_csv(mut input: impl Read + 'a) -> Self {
        let mut head = Vec::new();
        // What is wrong with the input comes up again when it is read on.
        let _ = input.by_ref().take(4_096).read_to_end(&mut head);
        // By lines, for a field of a tabbed line may be a long list with commas.
        let has = |line: &[u8], wanted: u8| line.contains(&wanted);
        let tabbed = head.split(|b| *b == b'\n').filter(|line| has(line, b'\t')).count();
        let commas = head.split(|b| *b == b'\n').filter(|line| has(line, b',') && !has(line, b'\t')).count();
        let tabbed = tabbed > commas;
        let all = Box::new(std::io::Cursor::new(head).chain(input));
        if tabbed { Records::delimited(all, b'\t', true) } else { Records::delimited(all, b',', true) }
    }

    /// Lines cut at fixed places: first and last position of each field, from 1.
    pub(super) fn fixed(input: impl Read + 'a, columns: &'static [(usize, usize)]) -> Self {
        Records(Source::Fixed { lines: Box::new(BufReader::new(input)), columns, text: Vec::new(), line: 0 })
    }

    fn delimited(input: Box<dyn Read + 'a>, delimiter: u8, quoting: bool) -> Self {
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(delimiter).quoting(quoting);
        // With the line feed as the only end of a record, which the last record gets too, a record's last line is the
        // one before the reader's; the carriage return is a blank behind the last field.
        builder.terminator(csv::Terminator::Any(b'\n'));
        let ended: Box<dyn Read + 'a> = Box::new(input.chain(b"\n".as_slice()));
        Records(Source::Delimited(Box::new(builder.from_reader(ended))))
    }

    /// Reads the next record into `record`; false at the end.
    pub(super) fn next(&mut self, record: &mut Record) -> Result<bool, LayoutError> {
        match &mut self.0 {
            Source::Delimited(reader) => {
                let more = reader
                    .read_byte_record(&mut record.fields)
                    .map_err(|error| unreadable(reader.position().line(), &error))?;
                let within = record.fields.as_slice().iter().filter(|b| **b == b'\n').count();
                let ended = reader.position().line().saturating_sub(1);
                record.line = ended.saturating_sub(u64::try_from(within).unwrap_or(0));
                Ok(more)
            }
            Source::Fixed { lines, columns, text, line } => {
                text.clear();
                *line += 1;
                let read = lines.read_until(b'\n', text).map_err(|error| unreadable(*line, &error))?;
                record.line = *line;
                record.fields.clear();
                let end = text.trim_ascii_end().len();
                for (first, last) in *columns {
                    let to = end.min(*last);
                    record.fields.push_field(text.get(first - 1..to).unwrap_or_default());
                }
                Ok(read > 0)
            }
        }
    }
}

fn unreadable(line: u64, error: &dyn fmt::Display) -> LayoutError {
    let found = error.to_string();
    LayoutError { line, column: "the record", expected: "text that can be read on", found, fault: Fault::Unreadable }
}

/// One record and the line it begins on.
#[derive(Default)]
pub(super) struct Record {
    fields: csv::ByteRecord,
    pub(super) line: u64,
}

impl Record {
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether no field carries a character.
    pub(super) fn is_blank(&self) -> bool {
        self.fields.iter().all(|field| field.trim_ascii().is_empty())
    }

    /// The field's text without blanks around it; empty where there is no such field.
    pub(super) fn text(&self, at: usize) -> Cow<'_, str> {
        latin1(self.fields.get(at).unwrap_or_default().trim_ascii())
    }

    /// Every field's text.
    pub(super) fn texts(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.fields.iter().map(|field| latin1(field.trim_ascii()))
    }

    /// The field as `parse` understands it.
    pub(super) fn read<T>(
        &self,
        at: usize,
        column: &'static str,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, LayoutError> {
        let text = self.text(at);
        parse(&text).ok_or_else(|| self.error(column, expected, &text))
    }

    /// The field as `parse` understands it, or nothing where it is empty.
    pub(super) fn optional<T>(
        &self,
        at: usize,
        column: &'static str,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, LayoutError> {
        if self.text(at).is_empty() { Ok(None) } else { self.read(at, column, expected, parse).map(Some) }
    }

    /// The field as a number that is not negative.
    pub(super) fn decimal(&self, at: usize, column: &'static str) -> Result<Decimal, LayoutError> {
        self.read(at, column, "a number such as 1.25", decimal)
    }

    /// The field as a number, with dollar sign and commas or without; `None` for nothing, a point, a hyphen or N/A.
    pub(super) fn number_if_any(&self, at: usize, column: &'static str) -> Result<Option<Decimal>, LayoutError> {
        let text = self.text(at);
        let plain: String = text.chars().filter(|c| !matches!(c, '$' | ',' | ' ' | '"')).collect();
        match plain.as_str() {
            "" | "." | "-" => Ok(None),
            _ if plain.eq_ignore_ascii_case("n/a") => Ok(None),
            plain => decimal(plain).map(Some).ok_or_else(|| self.error(column, "an amount such as 1,234.50", &text)),
        }
    }

    /// The same in whole cents.
    pub(super) fn money_if_any(&self, at: usize, column: &'static str) -> Result<Option<Money>, LayoutError> {
        let Some(dollars) = self.number_if_any(at, column)? else { return Ok(None) };
        let money = Money::parse(&dollars.to_string());
        money.map(Some).map_err(|_| self.error(column, "dollars and cents", &self.text(at)))
    }

    /// An amount that must be there.
    pub(super) fn money(&self, at: usize, column: &'static str) -> Result<Money, LayoutError> {
        let money = self.money_if_any(at, column)?;
        money.ok_or_else(|| self.error(column, "dollars and cents", &self.text(at)))
    }

    /// A procedure code of five characters.
    pub(super) fn procedure(&self, at: usize, column: &'static str) -> Result<ProcedureCode, LayoutError> {
        let five = |text: &str| ProcedureCode::parse(text).filter(|_| text.len() == 5);
        self.read(at, column, "five letters and digits", five)
    }

    /// A modifier of two characters, or nothing.
    pub(super) fn modifier(&self, at: usize, column: &'static str) -> Result<Option<Modifier>, LayoutError> {
        let two = |text: &str| Modifier::parse(text).filter(|_| text.len() == 2);
        self.optional(at, column, "a modifier of two characters or nothing", two)
    }

    /// Where the whole file went by without its heading.
    pub(super) fn no_heading(&self, expected: &'static str) -> LayoutError {
        LayoutError { line: 0, ..self.fault(Fault::NoHeading, "the heading", expected, "") }
    }

    pub(super) fn error(&self, column: &'static str, expected: &'static str, found: &str) -> LayoutError {
        self.fault(Fault::Value, column, expected, found)
    }

    pub(super) fn fault(&self, fault: Fault, column: &'static str, expected: &'static str, found: &str) -> LayoutError {
        LayoutError { line: self.line, column, expected, found: found.to_owned(), fault }
    }
}

/// UTF-8 as it is, anything else as Latin-1.
pub fn latin1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(mut records: Records) -> Vec<(u64, String)> {
        let mut record = Record::default();
        let mut out = Vec::new();
        while records.next(&mut record).unwrap() {
            out.push((record.line, record.text(0).into_owned()));
        }
        out
    }

    #[test]
    fn a_record_knows_its_line_behind_carriage_returns_empty_lines_and_quoted_notices() {
        let text = b"\"a notice\r\nof two lines\",\r\n\"HCPCS/\nCPT Code\",x\r\nA,1\r\nB,2\r\n";
        assert_eq!(
            lines(Records::csv(text.as_slice())).into_iter().map(|(line, _)| line).collect::<Vec<_>>(),
            [1, 3, 5, 6]
        );
        let sparse = lines(Records::csv(b"\n\nA,1\n\n\nB,2".as_slice()));
        assert_eq!(sparse, [(3, "A".to_owned()), (6, "B".to_owned())]);
    }

    #[test]
    fn a_tabbed_file_may_hold_quotation_marks() {
        let read = lines(Records::tabbed(b"\"x\t1\r\ny\t2\r\n".as_slice()));
        assert_eq!(read, [(1, "\"x".to_owned()), (2, "y".to_owned())]);
    }

    #[test]
    fn a_delimiter_is_known_by_its_number() {
        for text in ["a\tb\n1\t2,3\n", "a,b\n1,2\n"] {
            let mut records = Records::tabbed_or_csv(text.as_bytes());
            let mut record = Record::default();
            while records.next(&mut record).unwrap() {
                assert_eq!(record.len(), 2, "{text:?}");
            }
        }
    }

    #[test]
    fn fixed_places_are_cut_and_short_lines_end_early() {
        let mut records = Records::fixed(b"99213TC x\r\n992\r\n".as_slice(), &[(1, 5), (6, 7), (8, 20)]);
        let mut record = Record::default();
        assert!(records.next(&mut record).unwrap());
        assert_eq!((record.text(0), record.text(1), record.text(2)), ("99213".into(), "TC".into(), "x".into()));
        assert!(records.next(&mut record).unwrap());
        assert_eq!((record.line, record.text(0), record.text(2)), (2, "992".into(), "".into()));
        assert!(!records.next(&mut record).unwrap());
    }

    #[test]
    fn latin_1_is_read_as_such() {
        assert_eq!(latin1(b"S\xe9zary"), "Sézary");
        assert_eq!(latin1("Sézary".as_bytes()), "Sézary");
    }

    #[test]
    fn a_number_is_digits_and_at_most_one_point() {
        assert_eq!(decimal("1.50"), Some(Decimal::new(150, 2)));
        for text in ["", ".", "-1", "1e3", "1,000", "1.2.3"] {
            assert_eq!(decimal(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_amount_may_carry_dollar_sign_and_commas() {
        let mut records = Records::csv(b"\" $5,834.36 \",.,N/A,x,1.005\n".as_slice());
        let mut record = Record::default();
        records.next(&mut record).unwrap();
        assert_eq!(record.money_if_any(0, "c"), Ok(Some(Money::from_cents(583_436))));
        assert_eq!((record.money_if_any(1, "c"), record.money_if_any(2, "c")), (Ok(None), Ok(None)));
        assert!(record.money_if_any(3, "c").is_err() && record.money_if_any(4, "c").is_err());
    }
}
