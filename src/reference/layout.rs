//! Layouts of the official files: delimited text addressed by position, with mistakes named by line and column.

use std::borrow::Cow;

use rust_decimal::Decimal;

/// What is wrong in an official file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {column}: expected {expected}, found {found:?}")]
pub struct LayoutError {
    /// The line of the text, from 1.
    pub line: u64,
    /// The column's name in the official layout.
    pub column: &'static str,
    /// What belongs there.
    pub expected: &'static str,
    /// What stands there.
    pub found: String,
}

/// The records of a delimited file. CMS's files are Latin-1 and open with lines of notices, so records may be of
/// any length; readers pick theirs out.
pub(super) struct Records<'a> {
    bytes: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
}

impl<'a> Records<'a> {
    /// Comma separated, quoted.
    pub(super) fn csv(bytes: &'a [u8]) -> Self {
        Records { bytes, reader: csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes) }
    }

    /// Tab separated, where a quotation mark is a character like any other.
    pub(super) fn tabbed(bytes: &'a [u8]) -> Self {
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(b'\t').quoting(false);
        Records { bytes, reader: builder.from_reader(bytes) }
    }

    /// Reads the next record into `record`; false at the end.
    pub(super) fn next(&mut self, record: &mut Record) -> Result<bool, LayoutError> {
        let more = self.reader.read_byte_record(&mut record.fields).map_err(|error| LayoutError {
            line: self.reader.position().line(),
            column: "the record",
            expected: "delimited text",
            found: error.to_string(),
        })?;
        record.line = record.fields.position().map_or(0, |start| start.line() + self.line_ends_at(start.byte()));
        Ok(more)
    }

    /// The reader leaves the line feed of CR LF, and empty lines, to the next record.
    fn line_ends_at(&self, byte: u64) -> u64 {
        let rest = usize::try_from(byte).ok().and_then(|byte| self.bytes.get(byte..)).unwrap_or_default();
        rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).map(|b| u64::from(*b == b'\n')).sum()
    }
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

    /// The field as a number that is not negative.
    pub(super) fn decimal(&self, at: usize, column: &'static str) -> Result<Decimal, LayoutError> {
        self.read(at, column, "a number such as 1.25", decimal)
    }

    pub(super) fn error(&self, column: &'static str, expected: &'static str, found: &str) -> LayoutError {
        LayoutError { line: self.line, column, expected, found: found.to_owned() }
    }
}

/// UTF-8 as it is, anything else as Latin-1.
pub fn latin1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

fn decimal(text: &str) -> Option<Decimal> {
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
    fn a_record_knows_its_line_behind_carriage_returns_and_quoted_notices() {
        let text = b"\"a notice\r\nof two lines\",\r\n\"HCPCS/\nCPT Code\",x\r\nA,1\r\nB,2\r\n";
        assert_eq!(lines(Records::csv(text)).into_iter().map(|(line, _)| line).collect::<Vec<_>>(), [1, 3, 5, 6]);
    }

    #[test]
    fn a_tabbed_file_may_hold_quotation_marks() {
        let read = lines(Records::tabbed(b"\"x\t1\r\ny\t2\r\n"));
        assert_eq!(read, [(1, "\"x".to_owned()), (2, "y".to_owned())]);
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
}
