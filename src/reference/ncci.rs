//! NCCI procedure-to-procedure edits: pairs of codes that are not paid together.
//!
//! CMS, <https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-procedure-procedure-ptp-edits>.
//! The practitioner files `ccipra-…-f1.txt` to `-f4.txt` are tab separated under six lines of notices and headings.
//! Column 2 is the code that is denied.

use super::coverage::Coverage;
use super::layout::{LayoutError, Record, Records};
use crate::domain::codes::{Modifier, ProcedureCode};
use crate::domain::dates::{Date, parse_d8};

/// Whether a modifier may lift a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModifierIndicator {
    /// 0: never.
    NotAllowed,
    /// 1: one of [`NCCI_MODIFIERS`] on either line, where the record supports it.
    Allowed,
    /// 9: the pair was deleted the day it began.
    NotApplicable,
}

/// A pair that is active on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The code that is paid.
    pub column_one: ProcedureCode,
    /// Whether a modifier may lift it.
    pub modifier: ModifierIndicator,
}

/// The pairs of one release.
#[derive(Clone, Debug)]
pub struct Ptp {
    release: String,
    coverage: Coverage,
    /// Each column 2 code and where its edits begin, by code.
    column_twos: Vec<(ProcedureCode, u32)>,
    /// By column 2, column 1 and first day.
    edits: Vec<Edit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edit {
    column_one: ProcedureCode,
    from: Date,
    /// The last active day; the calendar's last where none is set.
    through: Date,
    /// 0, 1 or 9.
    indicator: u8,
}

impl Ptp {
    /// Reads the files of a release together.
    pub fn parse(release: &str, coverage: Coverage, files: &[&[u8]]) -> Result<Ptp, LayoutError> {
        let mut rows: Vec<(ProcedureCode, Edit)> = Vec::new();
        let mut record = Record::default();
        for file in files {
            let mut records = Records::tabbed(file);
            let mut below_heading = false;
            while records.next(&mut record)? {
                let first = record.text(0);
                if first == "Column 1" {
                    below_heading = true;
                } else if below_heading && !first.is_empty() {
                    rows.extend(edit(&record)?);
                }
            }
            if !below_heading {
                return Err(record.error("Column 1", "a heading that begins with Column 1", ""));
            }
        }
        rows.sort_unstable();
        let mut table = Ptp {
            release: release.to_owned(),
            coverage,
            column_twos: Vec::new(),
            edits: Vec::with_capacity(rows.len()),
        };
        for (column_two, edit) in rows {
            if table.column_twos.last().is_none_or(|(last, _)| *last != column_two) {
                table.column_twos.push((column_two, u32::try_from(table.edits.len()).unwrap_or(u32::MAX)));
            }
            table.edits.push(edit);
        }
        Ok(table)
    }

    /// The release's name.
    pub fn release(&self) -> &str {
        &self.release
    }

    /// Whether the table holds every pair.
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// How many pairs were ever active, counted once for each time.
    pub fn len(&self) -> usize {
        self.edits.len()
    }

    /// Whether it holds no pair.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The pair of two codes if it is active on the day of service.
    pub fn lookup(&self, column_one: ProcedureCode, column_two: ProcedureCode, day: Date) -> Option<Pair> {
        let edits = self.edits_of(column_two);
        let from = edits.partition_point(|edit| edit.column_one < column_one);
        let mut pairs = edits.get(from..).unwrap_or_default().iter().take_while(|edit| edit.column_one == column_one);
        pairs.find(|edit| edit.is_active(day)).map(Edit::pair)
    }

    /// Every pair that would deny a code on the day of service.
    pub fn against(&self, column_two: ProcedureCode, day: Date) -> impl Iterator<Item = Pair> + '_ {
        self.edits_of(column_two).iter().filter(move |edit| edit.is_active(day)).map(Edit::pair)
    }

    fn edits_of(&self, column_two: ProcedureCode) -> &[Edit] {
        let Ok(at) = self.column_twos.binary_search_by_key(&column_two, |(code, _)| *code) else { return &[] };
        let start = |at: usize| self.column_twos.get(at).and_then(|(_, start)| usize::try_from(*start).ok());
        let end = start(at + 1).unwrap_or(self.edits.len());
        start(at).and_then(|start| self.edits.get(start..end)).unwrap_or_default()
    }
}

impl Edit {
    fn is_active(&self, day: Date) -> bool {
        self.from <= day && day <= self.through
    }

    fn pair(&self) -> Pair {
        let modifier = match self.indicator {
            0 => ModifierIndicator::NotAllowed,
            1 => ModifierIndicator::Allowed,
            _ => ModifierIndicator::NotApplicable,
        };
        Pair { column_one: self.column_one, modifier }
    }
}

/// One row; `None` where the pair was deleted the day it began, for it never was active.
fn edit(record: &Record) -> Result<Option<(ProcedureCode, Edit)>, LayoutError> {
    let code = |at, column| {
        let five = |text: &str| ProcedureCode::parse(text).filter(|_| text.len() == 5);
        record.read(at, column, "five letters and digits", five)
    };
    let from = record.read(3, "Effective Date", "a date YYYYMMDD", parse_d8)?;
    let through = record.read(4, "Deletion Date", "a date YYYYMMDD or *", |text| match text {
        "*" => Some(Date::MAX),
        _ => parse_d8(text),
    })?;
    let indicator = record.read(5, "Modifier", "0, 1 or 9", |text| match text {
        "0" => Some(0),
        "1" => Some(1),
        "9" => Some(9),
        _ => None,
    })?;
    let row = (code(1, "Column 2")?, Edit { column_one: code(0, "Column 1")?, from, through, indicator });
    Ok((from < through).then_some(row))
}

/// Whether a modifier may lift a pair whose indicator is 1.
pub fn is_ncci_modifier(modifier: Modifier) -> bool {
    NCCI_MODIFIERS.contains(&modifier)
}

/// The modifiers that NCCI accepts: Medicare NCCI Policy Manual, chapter I, section E. Anatomic, global surgery, other.
pub const NCCI_MODIFIERS: &[Modifier] = &{
    const fn m(text: &str) -> Modifier {
        Modifier::new(text)
    }
    [
        m("E1"),
        m("E2"),
        m("E3"),
        m("E4"),
        m("FA"),
        m("F1"),
        m("F2"),
        m("F3"),
        m("F4"),
        m("F5"),
        m("F6"),
        m("F7"),
        m("F8"),
        m("F9"),
        m("TA"),
        m("T1"),
        m("T2"),
        m("T3"),
        m("T4"),
        m("T5"),
        m("T6"),
        m("T7"),
        m("T8"),
        m("T9"),
        m("LT"),
        m("RT"),
        m("LC"),
        m("LD"),
        m("RC"),
        m("LM"),
        m("RI"),
        m("24"),
        m("25"),
        m("57"),
        m("58"),
        m("78"),
        m("79"),
        m("27"),
        m("59"),
        m("91"),
        m("XE"),
        m("XS"),
        m("XP"),
        m("XU"),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    /// The layout of CMS's file, with rows that stand in it.
    const FILE: &str = "(notice)\t\t\t\t\t\t\r
Column1/Column2 Edits\t\t\t\t\t\t\r
Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r
\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r
\t\t\t\t*=no data\t1=allowed\t\r
\t\t\t\t\t9=not applicable\t\r
0001A\t36591\t\t20220101\t20231231\t0\trationale\r
0001A\t90473\t\t20220101\t20220101\t9\trationale\r
0001A\t99213\t\t20220101\t20231231\t1\trationale\r
0001T\t36000\t\t20021001\t20041231\t1\trationale\r
0001U\t0029U\t\t20180701\t20260630\t1\trationale\r
0001U\t0030U\t\t20180701\t*\t1\trationale\r
";

    fn table(files: &[&str]) -> Result<Ptp, LayoutError> {
        let files: Vec<&[u8]> = files.iter().map(|file| file.as_bytes()).collect();
        Ptp::parse("test", Coverage::Partial, &files)
    }

    fn lookup(table: &Ptp, one: &str, two: &str, day: Date) -> Option<ModifierIndicator> {
        table.lookup(ProcedureCode::new(one), ProcedureCode::new(two), day).map(|pair| pair.modifier)
    }

    #[test]
    fn a_pair_is_active_from_its_first_day_through_its_deletion_date() {
        let table = table(&[FILE]).unwrap();
        assert_eq!(lookup(&table, "0001A", "36591", date(2021, 12, 31)), None);
        assert_eq!(lookup(&table, "0001A", "36591", date(2022, 1, 1)), Some(ModifierIndicator::NotAllowed));
        assert_eq!(lookup(&table, "0001A", "36591", date(2023, 12, 31)), Some(ModifierIndicator::NotAllowed));
        assert_eq!(lookup(&table, "0001A", "36591", date(2024, 1, 1)), None);
        assert_eq!(lookup(&table, "0001U", "0030U", date(2030, 1, 1)), Some(ModifierIndicator::Allowed));
    }

    #[test]
    fn a_pair_deleted_the_day_it_began_never_was_active() {
        let table = table(&[FILE]).unwrap();
        assert_eq!(lookup(&table, "0001A", "90473", date(2022, 1, 1)), None);
        assert_eq!(table.len(), 5);
    }

    #[test]
    fn the_columns_do_not_change_places() {
        assert_eq!(lookup(&table(&[FILE]).unwrap(), "36591", "0001A", date(2022, 6, 1)), None);
    }

    #[test]
    fn several_files_make_one_table_that_can_be_scanned_by_column_2() {
        let second = "Column 1\tColumn 2\r\n44950\t99213\t\t20200101\t*\t1\tx\r\n44960\t99213\t\t20260101\t*\t0\tx\r\n";
        let table = table(&[FILE, second]).unwrap();
        let against = |day| -> Vec<String> {
            table.against(ProcedureCode::new("99213"), day).map(|pair| pair.column_one.to_string()).collect()
        };
        assert_eq!(against(date(2023, 1, 1)), ["0001A", "44950"]);
        assert_eq!(against(date(2026, 1, 1)), ["44950", "44960"]);
        assert_eq!(table.against(ProcedureCode::new("99999"), date(2026, 1, 1)).count(), 0);
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, line, column) in [
            ("20220101\t20231231\t0", "20220132\t20231231\t0", 7, "Effective Date"),
            ("\t*\t1", "\t\t1", 12, "Deletion Date"),
            ("20041231\t1", "20041231\t2", 10, "Modifier"),
            ("0001T", "001T", 10, "Column 1"),
        ] {
            let error = table(&[&FILE.replacen(from, to, 1)]).unwrap_err();
            assert_eq!((error.line, error.column), (line, column));
        }
        assert_eq!(table(&["99213,36415\n"]).unwrap_err().column, "Column 1");
    }

    #[test]
    fn ncci_accepts_59_and_the_x_modifiers_and_not_26() {
        assert!(["59", "XU", "LT", "25", "RI"].into_iter().all(|m| is_ncci_modifier(Modifier::new(m))));
        assert!(["26", "TC", "50", "51", "GA"].into_iter().all(|m| !is_ncci_modifier(Modifier::new(m))));
        assert_eq!(NCCI_MODIFIERS.len(), 44);
    }
}
