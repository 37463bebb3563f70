//! A release of an official table: rows by key, for the days that it speaks of, and how rows get in.

use super::coverage::Coverage;
use super::import::{Edition, Imported};
use super::layout::{Fault, LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use crate::domain::dates::{Date, Period, date};

/// A row that is found by its key.
pub trait Keyed {
    /// What identifies the row.
    type Key: Ord;
    /// The column or columns of the key, by their names in the layout.
    const COLUMNS: &'static str;
    /// The row's key.
    fn key(&self) -> Self::Key;
    /// The key in words, for an error.
    fn key_text(&self) -> String;
}

/// One release of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release<R> {
    release: String,
    effective: Period,
    coverage: Coverage,
    rows: Vec<R>,
}

impl<R: Keyed> Release<R> {
    /// The release's name.
    pub fn release(&self) -> &str {
        &self.release
    }

    /// The days that it is for.
    pub fn effective(&self) -> Period {
        self.effective
    }

    /// Whether a key that it lacks is thereby not valid on the day.
    pub fn denies_absence_on(&self, day: Date) -> bool {
        self.coverage.denies_absence_on(day)
    }

    /// Every row, in order of keys.
    pub fn rows(&self) -> &[R] {
        &self.rows
    }

    /// The row of a key; `None` where the release has no such row.
    pub fn lookup(&self, key: &R::Key) -> Option<&R> {
        let at = self.rows.binary_search_by(|row| row.key().cmp(key)).ok()?;
        self.rows.get(at)
    }

    /// The release for a day among several.
    pub fn on(releases: &[Release<R>], day: Date) -> Option<&Release<R>> {
        releases.iter().find(|release| release.effective.contains(day))
    }

    /// Reads the rows below a heading. `heading` tells the heading from the notices above it and finds its columns;
    /// `row` reads a row, or says that the record is none, such as a footnote.
    pub(super) fn below_heading<C>(
        edition: &Edition,
        records: &mut Records,
        sieve: &mut Sieve,
        no_heading: &'static str,
        heading: impl Fn(&Record) -> Option<Result<C, LayoutError>>,
        mut row: impl FnMut(&C, &Record) -> Result<Option<R>, LayoutError>,
    ) -> Result<Release<R>, LayoutError> {
        let mut record = Record::default();
        let mut columns = None;
        let mut gathered = Gathered::default();
        while records.next(&mut record)? {
            match &columns {
                _ if record.is_blank() => {}
                None => {
                    sieve.check_title(edition, &record)?;
                    columns = heading(&record).transpose()?;
                }
                Some(columns) => {
                    let row = sieve.row(row(columns, &record))?.flatten();
                    gathered.push(sieve, &record, row);
                }
            }
        }
        if columns.is_none() {
            return Err(record.no_heading(no_heading));
        }
        gathered.into_release(edition, sieve)
    }
}

/// Rows on their way in, each with its line.
pub(super) struct Gathered<R>(Vec<(u32, R)>);

impl<R> Default for Gathered<R> {
    fn default() -> Self {
        Gathered(Vec::new())
    }
}

impl<R> Gathered<R> {
    pub(super) fn push(&mut self, sieve: &mut Sieve, record: &Record, row: Option<R>) {
        if let Some(row) = row {
            sieve.taken += 1;
            self.0.push((u32::try_from(record.line).unwrap_or(u32::MAX), row));
        }
    }
}

impl<R: Keyed> Gathered<R> {
    /// The last row taken.
    pub(super) fn last_mut(&mut self) -> Option<&mut R> {
        self.0.last_mut().map(|(_, row)| row)
    }

    /// Without rows that repeat another one exactly; how many they were is noted.
    pub(super) fn without_repeats(mut self, sieve: &mut Sieve) -> Self
    where
        R: PartialEq,
    {
        let before = self.0.len();
        self.0.sort_by_key(|(line, row)| (row.key(), *line));
        self.0.dedup_by(|(_, a), (_, b)| a == b);
        let repeats = u64::try_from(before - self.0.len()).unwrap_or(0);
        if repeats > 0 {
            sieve.taken = sieve.taken.saturating_sub(repeats);
            sieve.notes.push(format!("{repeats} rows repeat another one exactly and count once"));
        }
        self
    }

    /// The rows by key; of two with one key the later in the file is refused.
    pub(super) fn into_release(self, edition: &Edition, sieve: &mut Sieve) -> Result<Release<R>, LayoutError> {
        let rows = self.into_rows(sieve)?;
        Ok(Release { release: edition.release.clone(), effective: edition.period, coverage: edition.coverage(), rows })
    }

    pub(super) fn into_rows(mut self, sieve: &mut Sieve) -> Result<Vec<R>, LayoutError> {
        self.0.sort_by(|(line_a, a), (line_b, b)| a.key().cmp(&b.key()).then(line_a.cmp(line_b)));
        let mut rows: Vec<R> = Vec::with_capacity(self.0.len());
        for (line, row) in self.0 {
            if rows.last().is_some_and(|last| last.key() == row.key()) {
                let found = row.key_text();
                let fault = Fault::DoubledKey;
                sieve.taken = sieve.taken.saturating_sub(1);
                let doubled =
                    LayoutError { line: line.into(), column: R::COLUMNS, expected: "each key once", found, fault };
                sieve.row::<()>(Err(doubled))?;
            } else {
                rows.push(row);
            }
        }
        Ok(rows)
    }
}

/// What becomes of rows that cannot be taken, and whether titles are held against the release's days.
pub(super) struct Sieve {
    strict: bool,
    /// Rows taken.
    pub(super) taken: u64,
    /// The first rows that were refused.
    pub(super) refused: Vec<LayoutError>,
    /// How many were refused.
    pub(super) refused_count: u64,
    /// What else is to be known.
    pub(super) notes: Vec<String>,
}

/// How many refused rows are kept to be shown.
const KEPT: usize = 100;

impl Sieve {
    /// The first row that cannot be taken ends the reading.
    pub(super) fn strict() -> Sieve {
        Sieve { strict: true, taken: 0, refused: Vec::new(), refused_count: 0, notes: Vec::new() }
    }

    /// Rows that cannot be taken are left out and told.
    pub(super) fn lenient() -> Sieve {
        Sieve { strict: false, ..Sieve::strict() }
    }

    /// The row, if it is good; an error where the reading ends.
    pub(super) fn row<T>(&mut self, row: Result<T, LayoutError>) -> Result<Option<T>, LayoutError> {
        match row {
            Ok(row) => Ok(Some(row)),
            Err(error) if !self.strict && matches!(error.fault, Fault::Value | Fault::DoubledKey) => {
                self.refused_count += 1;
                if self.refused.len() < KEPT {
                    self.refused.push(error);
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Whether the first row that cannot be taken ends the reading.
    pub(super) fn is_strict(&self) -> bool {
        self.strict
    }

    /// What came of a file.
    pub(super) fn into_imported(self, file: &str, table: OfficialTable) -> Imported {
        let Sieve { taken: rows, refused, refused_count, notes, .. } = self;
        let refused = refused.into_iter().map(|error| (file.to_owned(), error)).collect();
        Imported { table, rows, refused, refused_count, notes }
    }

    /// Ends the reading where a title above the heading, or the heading, names another year than the release's days.
    pub(super) fn check_title(&self, edition: &Edition, record: &Record) -> Result<(), LayoutError> {
        let year = record.texts().find_map(|text| year_of_title(&text).map(|year| (year, text.into_owned())));
        match year {
            Some((year, text)) if !self.strict && !year.overlaps(&edition.period) => {
                Err(record.fault(Fault::OtherYear, "the title", "the year of the release", &text))
            }
            _ => Ok(()),
        }
    }
}

/// Ends the reading where a row's year is not one of the release's days.
pub(super) fn check_year(
    edition: &Edition,
    record: &Record,
    column: &'static str,
    year: i16,
) -> Result<(), LayoutError> {
    if calendar_year(year).is_some_and(|year| year.overlaps(&edition.period)) {
        return Ok(());
    }
    Err(record.fault(Fault::OtherYear, column, "the year of the release", &year.to_string()))
}

fn calendar_year(year: i16) -> Option<Period> {
    (1990..2100).contains(&year).then(|| Period::between(date(year, 1, 1), date(year, 12, 31)))
}

/// The days of the year that a title names: "CY 2026", "FY 2026" (October to September), "2026 National …",
/// "January 2026 …". The year of a copyright or of a print date is none.
fn year_of_title(text: &str) -> Option<Period> {
    const MONTHS: &[&str] = &[
        "JANUARY",
        "FEBRUARY",
        "MARCH",
        "APRIL",
        "MAY",
        "JUNE",
        "JULY",
        "AUGUST",
        "SEPTEMBER",
        "OCTOBER",
        "NOVEMBER",
        "DECEMBER",
    ];
    let text = text.to_ascii_uppercase();
    if text.contains("COPYRIGHT") {
        return None;
    }
    let mut before = "";
    let mut month = false;
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let (prefix, digits) = word.split_at(word.len().saturating_sub(4));
        let year = digits.parse::<i16>().ok().and_then(calendar_year);
        match (year, prefix) {
            (Some(year), "FY") => return Some(fiscal(year)),
            (Some(year), "") if before == "FY" => return Some(fiscal(year)),
            (Some(year), "CY") => return Some(year),
            (Some(year), "") if before.is_empty() || before == "CY" || month => return Some(year),
            _ => {}
        }
        // "January 1, 2026" has the day between.
        month = MONTHS.contains(&word) || (month && word.len() <= 2);
        before = word;
    }
    None
}

fn fiscal(year: Period) -> Period {
    let year = year.from.year();
    Period::between(date(year - 1, 10, 1), date(year, 9, 30))
}

/// The names of a heading's columns.
pub(super) struct Heading {
    line: u64,
    names: Vec<String>,
}

impl Heading {
    pub(super) fn of(record: &Record) -> Heading {
        let plain = |text: &str| text.split_whitespace().map(str::to_ascii_lowercase).collect::<Vec<_>>().join(" ");
        Heading { line: record.line, names: record.texts().map(|text| plain(&text)).collect() }
    }

    /// Whether a column's name begins so (in lower case).
    pub(super) fn has(&self, start: &str) -> bool {
        self.names.iter().any(|name| name.starts_with(start))
    }

    /// The column whose name begins with `name` (in lower case).
    pub(super) fn column(&self, name: &'static str) -> Result<usize, LayoutError> {
        self.find(name, |text| text.starts_with(name))
    }

    /// The first column whose name `fits`.
    pub(super) fn find(&self, name: &'static str, fits: impl Fn(&str) -> bool) -> Result<usize, LayoutError> {
        self.names.iter().position(|text| fits(text)).ok_or_else(|| LayoutError {
            line: self.line,
            column: name,
            expected: "a column of this name in the heading",
            found: self.names.join(" | "),
            fault: Fault::MissingColumn,
        })
    }

    /// Name and place of every column.
    pub(super) fn columns(&self) -> impl Iterator<Item = (usize, &str)> {
        self.names.iter().map(String::as_str).enumerate()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_tells_its_year() {
        let calendar = |year| calendar_year(year);
        for (title, year) in [
            ("2025 National Physician Fee Schedule Relative Value File October Release", calendar(2025)),
            ("ADDENDUM E. FINAL CY 2026 GEOGRAPHIC PRACTICE COST INDICES", calendar(2026)),
            ("2026 PW GPCI (with 1.0 Floor)", calendar(2026)),
            ("CY2026 DMEPOS Fee Schedule", calendar(2026)),
            ("April 2026  Payment Weight", calendar(2026)),
            ("Payment Limits Effective January 1, 2026 through March 31, 2026", calendar(2026)),
            ("FY 2026 Final Rule", Some(Period::between(date(2025, 10, 1), date(2026, 9, 30)))),
            ("CPT codes and descriptions only are copyright 2024 American Medical Association", None),
            ("RELEASED 12/20/2025", None),
            ("National Anes CF of 20.3178", None),
        ] {
            assert_eq!(year_of_title(title), year, "{title}");
        }
    }
}
