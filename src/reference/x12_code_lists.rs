//! The lists of reasons (CARC) and remarks (RARC) as X12 gives them to its licensees.
//!
//! X12, <https://x12.org/codes>: csv with Code, Description, Start Date, Last Modified, Stop Date, Notes. The texts are
//! X12's and stay with the user who imports them; the program's own words are in `reason_codes` and `remark_codes`.

use std::io::Read;

use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
use crate::domain::codes::Code;
use crate::domain::dates::{Date, Period, date, parse_d8, parse_iso};

/// A list of one date.
pub type X12CodeList = Release<X12Code>;

/// A code of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct X12Code {
    /// Code.
    pub code: Code<5>,
    /// Description, X12's text.
    pub description: String,
    /// Start Date.
    pub start: Date,
    /// Last Modified.
    pub modified: Option<Date>,
    /// Stop Date: the first day it may no longer be used.
    pub stop: Option<Date>,
}

impl X12Code {
    /// Whether a remittance of the day may carry it.
    pub fn is_active_on(&self, day: Date) -> bool {
        self.start <= day && self.stop.is_none_or(|stop| day < stop)
    }
}

impl Keyed for X12Code {
    type Key = Code<5>;
    const COLUMNS: &'static str = "Code";

    fn key(&self) -> Code<5> {
        self.code
    }

    fn key_text(&self) -> String {
        self.code.to_string()
    }
}

/// Reads X12's csv of reasons.
pub fn parse_reasons(release: &str, effective: Period, bytes: &[u8]) -> Result<X12CodeList, LayoutError> {
    reasons(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

/// Reads X12's csv of remarks.
pub fn parse_remarks(release: &str, effective: Period, bytes: &[u8]) -> Result<X12CodeList, LayoutError> {
    remarks(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

fn reasons(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<X12CodeList, LayoutError> {
    read(edition, input, sieve, "a reason such as 45 or B7", |text| {
        let digits = text.trim_start_matches(['A', 'B', 'D', 'P', 'W', 'Y']);
        digits.len() + 1 >= text.len() && number(digits)
    })
}

fn remarks(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<X12CodeList, LayoutError> {
    read(edition, input, sieve, "a remark such as M15, MA130 or N362", |text| {
        ["MA", "M", "N"].iter().any(|start| text.strip_prefix(start).is_some_and(number))
    })
}

fn number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit())
}

fn read(
    edition: &Edition,
    input: impl Read,
    sieve: &mut Sieve,
    expected: &'static str,
    is_code: impl Fn(&str) -> bool,
) -> Result<X12CodeList, LayoutError> {
    let heading = |record: &Record| {
        let heading = Heading::of(record);
        (heading.has("code") && heading.has("description")).then(|| {
            Ok([
                heading.column("code")?,
                heading.column("description")?,
                heading.column("start date")?,
                heading.column("last modified")?,
                heading.column("stop date")?,
            ])
        })
    };
    let row = |[code, description, start, modified, stop]: &[usize; 5], record: &Record| {
        Ok(Some(X12Code {
            code: record.read(*code, "Code", expected, |text| Code::parse(text).filter(|_| is_code(text)))?,
            description: record.text(*description).into_owned(),
            start: record.read(*start, "Start Date", "a date such as 01/31/2026", day)?,
            modified: record.optional(*modified, "Last Modified", "a date or nothing", day)?,
            stop: record.optional(*stop, "Stop Date", "a date or nothing", day)?,
        }))
    };
    let mut records = Records::csv(input);
    let wanted = "a line with Code, Description, Start Date, Last Modified and Stop Date";
    Release::below_heading(edition, &mut records, sieve, wanted, heading, row)
}

/// A date as month/day/year, year-month-day or without marks.
fn day(text: &str) -> Option<Date> {
    let slashed = || {
        let [month, day, year] = text.split('/').collect::<Vec<_>>().try_into().ok()?;
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().filter(|day| *day > date(1900, 1, 1))
    };
    parse_iso(text).or_else(|| parse_d8(text)).or_else(slashed)
}

fn is_list(head: &str) -> bool {
    head.contains("DESCRIPTION") && head.contains("START DATE") && head.contains("STOP DATE")
}

fn is_remark_list(head: &str) -> bool {
    is_list(head) && ["\nM", "\n\"M", "\nN", "\n\"N"].iter().any(|start| head.contains(start))
}

pub(super) const REASONS: Kind = Kind {
    id: "carc",
    title: "claim adjustment reason codes",
    publisher: "X12",
    href: "https://x12.org/codes/claim-adjustment-reason-codes",
    layouts: "csv with Code, Description, Start Date, Last Modified, Stop Date, Notes",
    used_for: "X12's texts of the reasons",
    minimum_rows: 250,
    recognizes: |head| is_list(head) && !is_remark_list(head),
    read: |edition, files| one_file(edition, files, OfficialTable::ReasonCodes, reasons),
};

pub(super) const REMARKS: Kind = Kind {
    id: "rarc",
    title: "remittance advice remark codes",
    publisher: "X12, for CMS",
    href: "https://x12.org/codes/remittance-advice-remark-codes",
    layouts: "csv with Code, Description, Start Date, Last Modified, Stop Date, Notes",
    used_for: "kept; no decision asks it yet",
    minimum_rows: 700,
    recognizes: is_remark_list,
    read: |edition, files| one_file(edition, files, OfficialTable::RemarkCodes, remarks),
};

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "Code,Description,Start Date,Last Modified,Stop Date,Notes\n45,\"(a text, of X12)\",01/01/1995,07/01/2017,,\nB7,(text),1/1/1995,,,\n42,(text),1995-01-01,,2007-06-01,\n";

    fn parsed(text: &str) -> Result<X12CodeList, LayoutError> {
        parse_reasons("x", Period::since(date(2026, 1, 1)), text.as_bytes())
    }

    #[test]
    fn a_code_is_in_use_until_its_stop_date() {
        let list = parsed(FILE).unwrap();
        let active = |code, day| list.lookup(&Code::new(code)).unwrap().is_active_on(day);
        assert!(active("45", date(2026, 1, 1)) && active("B7", date(2026, 1, 1)));
        assert!(active("42", date(2007, 5, 31)) && !active("42", date(2007, 6, 1)));
    }

    #[test]
    fn remarks_are_no_reasons() {
        let remarks = FILE.replace("\n45,", "\nMA130,");
        let error = parsed(&remarks).unwrap_err();
        assert_eq!((error.line, error.column), (2, "Code"));
        assert!(is_remark_list(&remarks.to_ascii_uppercase()) && !is_remark_list(&FILE.to_ascii_uppercase()));
        for (text, fits) in [("M15", true), ("N362", true), ("MA130", true), ("45", false), ("MA", false)] {
            let row = format!("Code,Description,Start Date,Last Modified,Stop Date\n{text},x,1/1/2000,,\n");
            let read = parse_remarks("x", Period::since(date(2026, 1, 1)), row.as_bytes());
            assert_eq!(read.is_ok(), fits, "{text}");
        }
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, line, column) in [
            ("01/01/1995", "13/01/1995", 2, "Start Date"),
            ("2007-06-01", "soon", 4, "Stop Date"),
            ("B7", "45", 3, "Code"),
        ] {
            let error = parsed(&FILE.replacen(from, to, 1)).unwrap_err();
            assert_eq!((error.line, error.column), (line, column));
        }
    }
}
