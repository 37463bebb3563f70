//! NCCI procedure-to-procedure edits: pairs of codes that are not paid together.
//!
//! CMS, <https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-procedure-procedure-ptp-edits>.
//! The practitioner files `ccipra-…-f1.txt` to `-f4.txt` are tab separated under six lines of notices and headings.
//! Column 2 is the code that is denied.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use super::coverage::Coverage;
use super::import::{Edition, File, Imported, Kind, Refusal};
use super::layout::{Fault, LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::Sieve;
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

/// The pairs of one release: eight bytes each, whatever their number.
#[derive(Clone, Debug)]
pub struct Ptp {
    release: String,
    coverage: Coverage,
    /// Every code of either column, in order.
    codes: Vec<ProcedureCode>,
    /// What pairs share: their days and indicator.
    terms: Vec<Terms>,
    /// In order, each the place of its column 2 code (16 bits), of its column 1 code (16 bits) and of its terms (32).
    pairs: Vec<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Terms {
    from: Date,
    /// The last active day; the calendar's last where none is set.
    through: Date,
    /// 0, 1 or 9.
    indicator: u8,
}

impl Ptp {
    /// Reads the files of a release together.
    pub fn parse(release: &str, coverage: Coverage, files: &[&[u8]]) -> Result<Ptp, LayoutError> {
        let mut gathered = Pairs::default();
        for file in files {
            gathered.read(*file, &mut Sieve::strict())?;
        }
        gathered.into_table(release, coverage, &mut Sieve::strict())
    }

    fn read(edition: &Edition, files: Vec<File>) -> Result<Imported, Refusal> {
        let mut gathered = Pairs::default();
        let mut sieve = Sieve::lenient();
        let mut refused = Vec::new();
        let mut name = String::new();
        for file in files {
            gathered.read(file.bytes, &mut sieve).map_err(|error| Refusal::Layout(file.name.clone(), error))?;
            refused.extend(sieve.refused.drain(..).map(|error| (file.name.clone(), error)));
            name = file.name;
        }
        let newest = gathered.terms.keys().map(|terms| terms.from).max();
        if let (Some(newest), Some(through)) = (newest, edition.period.through)
            && newest > through
        {
            return Err(Refusal::OtherYear(format!(
                "a pair begins on {newest}, and the release is for {}",
                edition.period
            )));
        }
        let table = gathered.into_table(&edition.release, edition.coverage(), &mut sieve);
        let table = table.map_err(|error| Refusal::Layout(name.clone(), error))?;
        let mut imported = sieve.into_imported("all files together", OfficialTable::Ptp(Arc::new(table)));
        refused.append(&mut imported.refused);
        Ok(Imported { refused, ..imported })
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
        self.pairs.len()
    }

    /// Whether it holds no pair.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The memory that the pairs and what they share take.
    pub fn bytes(&self) -> usize {
        size_of_val(self.pairs.as_slice()) + size_of_val(self.codes.as_slice()) + size_of_val(self.terms.as_slice())
    }

    /// The pair of two codes if it is active on the day of service.
    pub fn lookup(&self, column_one: ProcedureCode, column_two: ProcedureCode, day: Date) -> Option<Pair> {
        let (one, two) = (self.place(column_one)?, self.place(column_two)?);
        let first = two << 48 | one << 32;
        self.between(first, first | 0xffff_ffff).find_map(|pair| self.active(pair, day))
    }

    /// Every pair that would deny a code on the day of service.
    pub fn against(&self, column_two: ProcedureCode, day: Date) -> impl Iterator<Item = Pair> + '_ {
        let two = self.place(column_two).map(|two| two << 48);
        let pairs = two.into_iter().flat_map(|first| self.between(first, first | 0xffff_ffff_ffff));
        pairs.filter_map(move |pair| self.active(pair, day))
    }

    fn place(&self, code: ProcedureCode) -> Option<u64> {
        self.codes.binary_search(&code).ok().and_then(|at| u64::try_from(at).ok())
    }

    fn between(&self, first: u64, last: u64) -> impl Iterator<Item = u64> + '_ {
        let from = self.pairs.partition_point(|pair| *pair < first);
        self.pairs.get(from..).unwrap_or_default().iter().copied().take_while(move |pair| *pair <= last)
    }

    fn active(&self, pair: u64, day: Date) -> Option<Pair> {
        let at = |bits: u64| usize::try_from(bits).ok();
        let terms = self.terms.get(at(pair & 0xffff_ffff)?)?;
        let column_one = *self.codes.get(at(pair >> 32 & 0xffff)?)?;
        let modifier = match terms.indicator {
            0 => ModifierIndicator::NotAllowed,
            1 => ModifierIndicator::Allowed,
            _ => ModifierIndicator::NotApplicable,
        };
        (terms.from <= day && day <= terms.through).then_some(Pair { column_one, modifier })
    }
}

/// Pairs as they come in, codes and terms numbered as they are first seen.
#[derive(Default)]
struct Pairs {
    codes: BTreeMap<ProcedureCode, u64>,
    terms: BTreeMap<Terms, u64>,
    pairs: Vec<u64>,
}

impl Pairs {
    fn read(&mut self, input: impl Read, sieve: &mut Sieve) -> Result<(), LayoutError> {
        let mut records = Records::tabbed(input);
        let mut record = Record::default();
        let mut below_heading = false;
        let mut last = None;
        while records.next(&mut record)? {
            let first = record.text(0);
            if first == "Column 1" {
                if !sieve.is_strict() && record.len() < 6 {
                    let expected = "six or seven columns";
                    let found = record.len().to_string();
                    return Err(record.fault(Fault::MissingColumn, "Modifier", expected, &found));
                }
                below_heading = true;
            } else if below_heading && !first.is_empty() {
                let row = edit(&record).and_then(|row| {
                    // CMS's files are in order, so that a doubled row stands below its like.
                    let key = row.map(|(one, two, terms)| (one, two, terms.from));
                    if key.is_some() && key == last {
                        let found = format!("{} and {}", record.text(0), record.text(1));
                        return Err(record.fault(Fault::DoubledKey, KEY, "each pair once from a day", &found));
                    }
                    last = key;
                    row.map(|row| self.number(&record, row)).transpose()
                });
                if let Some(pair) = sieve.row(row)? {
                    sieve.taken += 1;
                    self.pairs.extend(pair);
                }
            }
        }
        if below_heading { Ok(()) } else { Err(record.no_heading("a heading that begins with Column 1")) }
    }

    fn number(
        &mut self,
        record: &Record,
        (one, two, terms): (ProcedureCode, ProcedureCode, Terms),
    ) -> Result<u64, LayoutError> {
        let mut code = |code| {
            let next = u64::try_from(self.codes.len()).unwrap_or(u64::MAX);
            *self.codes.entry(code).or_insert(next)
        };
        let (one, two) = (code(one), code(two));
        let next = u64::try_from(self.terms.len()).unwrap_or(u64::MAX);
        let terms = *self.terms.entry(terms).or_insert(next);
        if one.max(two) > 0xffff || terms > 0xffff_ffff {
            return Err(record.error(KEY, "at most 65536 codes in a release", &record.text(0)));
        }
        Ok(two << 48 | one << 32 | terms)
    }

    /// The pairs by the order of their codes instead of their first appearance.
    fn into_table(mut self, release: &str, coverage: Coverage, sieve: &mut Sieve) -> Result<Ptp, LayoutError> {
        let mut places = vec![0_u64; self.codes.len()];
        for (place, seen) in (0..).zip(self.codes.values()) {
            if let Some(slot) = usize::try_from(*seen).ok().and_then(|seen| places.get_mut(seen)) {
                *slot = place;
            }
        }
        let place = |seen: u64| usize::try_from(seen).ok().and_then(|seen| places.get(seen)).copied().unwrap_or(0);
        for pair in &mut self.pairs {
            *pair = place(*pair >> 48) << 48 | place(*pair >> 32 & 0xffff) << 32 | *pair & 0xffff_ffff;
        }
        self.pairs.sort_unstable();
        self.pairs.shrink_to_fit();
        let mut terms: Vec<(u64, Terms)> = self.terms.into_iter().map(|(terms, seen)| (seen, terms)).collect();
        terms.sort_unstable_by_key(|(seen, _)| *seen);
        let table = Ptp {
            release: release.to_owned(),
            coverage,
            codes: self.codes.into_keys().collect(),
            terms: terms.into_iter().map(|(_, terms)| terms).collect(),
            pairs: self.pairs,
        };
        table.check_doubled(sieve)?;
        Ok(table)
    }
}

impl Ptp {
    /// Tells rows that stand twice in different places; they do no harm, for both say the same.
    fn check_doubled(&self, sieve: &mut Sieve) -> Result<(), LayoutError> {
        for [pair, _] in self.pairs.array_windows().filter(|[a, b]| a == b) {
            let code = |bits: u64| usize::try_from(bits).ok().and_then(|at| self.codes.get(at)).copied();
            let (one, two) = (code(pair >> 32 & 0xffff).unwrap_or_default(), code(pair >> 48).unwrap_or_default());
            let found = format!("{one} and {two}");
            let expected = "each pair once from a day";
            sieve.taken = sieve.taken.saturating_sub(1);
            sieve.row::<()>(Err(LayoutError { line: 0, column: KEY, expected, found, fault: Fault::DoubledKey }))?;
        }
        Ok(())
    }
}

const KEY: &str = "Column 1 and Column 2";

/// One row; `None` where the pair was deleted the day it began, for it never was active.
fn edit(record: &Record) -> Result<Option<(ProcedureCode, ProcedureCode, Terms)>, LayoutError> {
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
    let (one, two) = (record.procedure(0, "Column 1")?, record.procedure(1, "Column 2")?);
    Ok((from < through).then_some((one, two, Terms { from, through, indicator })))
}

pub(super) const KIND: Kind = Kind {
    id: "ncci-ptp",
    title: "NCCI procedure-to-procedure edits, practitioners",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-procedure-procedure-ptp-edits",
    layouts: "practitioner txt, tab separated (ccipra-vNNNr0-f1.txt to -f4.txt)",
    used_for: "pairs of services that are not paid together",
    minimum_rows: 1_000_000,
    recognizes: |head| head.contains("COLUMN 1\tCOLUMN 2"),
    read: Ptp::read,
};

/// The hospital files look the same; only their names (ccioph) tell them apart.
pub(super) const HOSPITAL: Kind = Kind {
    id: "ncci-ptp-hospital",
    title: "NCCI procedure-to-procedure edits, outpatient hospitals",
    layouts: "hospital txt, tab separated (ccioph-vNNNr0-f1.txt to -f4.txt)",
    used_for: "pairs of a hospital's services that are not paid together",
    ..KIND
};

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
        assert_eq!(table(&["99213,36415\n"]).unwrap_err().expected, "a heading that begins with Column 1");
    }

    #[test]
    fn ncci_accepts_59_and_the_x_modifiers_and_not_26() {
        assert!(["59", "XU", "LT", "25", "RI"].into_iter().all(|m| is_ncci_modifier(Modifier::new(m))));
        assert!(["26", "TC", "50", "51", "GA"].into_iter().all(|m| !is_ncci_modifier(Modifier::new(m))));
        assert_eq!(NCCI_MODIFIERS.len(), 44);
    }
}
