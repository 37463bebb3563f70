//! NCCI's pairs: how long a release of full size takes to be read, what memory it holds, how long a pair takes to be
//! found. The pairs are made up in the layout of CMS's four files.

use std::io::Read;
use std::time::{Duration, Instant};

use super::report::{peak_kib, resident_kib};
use crate::client::Failure;
use crate::domain::codes::ProcedureCode;
use crate::domain::dates::{Period, date};
use crate::reference::import::{self, Edition, File};
use crate::reference::official_tables::OfficialTable;

/// Pairs of one column 1 code, about as many as CMS has on average.
const PAIRS_OF_A_CODE: u64 = 300;

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct PairsReport {
    /// Rows read.
    pub rows: u64,
    /// Bytes of the four files.
    pub file_bytes: u64,
    /// How long reading took, the making of the rows included.
    pub import: Duration,
    /// Memory of the process before, and the most that it ever had, in KiB.
    pub memory_kib: [u64; 2],
    /// Bytes of the table.
    pub table_bytes: u64,
    /// How often a pair was looked up, and how often it was active.
    pub lookups: [u64; 2],
    /// How long all that took.
    pub looking: Duration,
}

/// Reads so many made-up pairs and looks pairs up so often.
pub fn run(rows: u64, lookups: u64) -> Result<PairsReport, Failure> {
    let quarter = rows.div_ceil(4);
    let parts = (0..4).map(|part| (part * quarter).min(rows)..((part + 1) * quarter).min(rows));
    let file_bytes = parts
        .clone()
        .map(|rows| std::io::copy(&mut PairsFile::new(rows), &mut std::io::sink()))
        .sum::<Result<u64, _>>();
    let files = (1..).zip(parts).map(|(part, rows)| File {
        name: format!("ccipra-made-up-f{part}.txt"),
        bytes: Box::new(PairsFile::new(rows)),
    });
    let edition = Edition {
        release: "made up".into(),
        period: Period::between(date(2026, 7, 1), date(2026, 9, 30)),
        subset: true,
    };
    let kind = import::kind("ncci-ptp").ok_or_else(|| Failure::Broken("there is no kind ncci-ptp".into()))?;
    let before = resident_kib();
    let start = Instant::now();
    let imported =
        import::read(kind, &edition, files.collect()).map_err(|refusal| Failure::Broken(refusal.to_string()))?;
    let import = start.elapsed();
    let peak = peak_kib();
    let OfficialTable::Ptp(table) = imported.table else { return Err(Failure::Broken("no table of pairs".into())) };

    let code = |text: String| ProcedureCode::parse(&text).unwrap_or_default();
    let wanted: Vec<_> = (0..lookups).map(|lookup| pair(scattered(lookup) % rows.max(1))).collect();
    let wanted: Vec<_> = wanted.into_iter().map(|(one, two)| (code(one), code(two))).collect();
    let start = Instant::now();
    let is_active =
        |(one, two): &&(ProcedureCode, ProcedureCode)| table.lookup(*one, *two, date(2026, 7, 15)).is_some();
    let active = u64::try_from(wanted.iter().filter(is_active).count()).unwrap_or(0);
    let number = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
    Ok(PairsReport {
        rows: imported.rows,
        file_bytes: file_bytes.unwrap_or(0),
        import,
        memory_kib: [before, peak],
        table_bytes: number(table.bytes()),
        lookups: [lookups, active],
        looking: start.elapsed(),
    })
}

/// A file of made-up pairs that comes into being as it is read.
struct PairsFile {
    rows: std::ops::Range<u64>,
    text: Vec<u8>,
    at: usize,
}

impl PairsFile {
    fn new(rows: std::ops::Range<u64>) -> PairsFile {
        let text = b"(notice)\t\t\t\t\t\t\r\nColumn1/Column2 Edits\t\t\t\t\t\t\r\nColumn 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n\t\t\t\t*=no data\t1=allowed\t\r\n\t\t\t\t\t9=not applicable\t\r\n";
        PairsFile { rows, text: text.to_vec(), at: 0 }
    }
}

impl Read for PairsFile {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.text.len() {
            self.at = 0;
            self.text.clear();
            for row in self.rows.by_ref().take(500) {
                write_row(&mut self.text, row);
            }
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let count = rest.len().min(into.len());
        for (to, from) in into.iter_mut().zip(rest) {
            *to = *from;
        }
        self.at += count;
        Ok(count)
    }
}

/// The codes of a row's pair.
fn pair(row: u64) -> (String, String) {
    let one = row / PAIRS_OF_A_CODE;
    let code = |number: u64| format!("{:05}", 100 + number % 16_000 * 6);
    (code(one), code(one + 1 + row % PAIRS_OF_A_CODE * 7))
}

/// Begins on a quarter's first day since 1996; of ten pairs four were deleted since, one of them at once.
fn write_row(text: &mut Vec<u8>, row: u64) {
    let (one, two) = pair(row);
    let chance = scattered(row);
    let (year, month) = (1996 + chance % 30, 1 + chance / 30 % 4 * 3);
    let from = format!("{year}{month:02}01");
    let (through, modifier) = match chance / 120 % 10 {
        0 => (from.clone(), '9'),
        1..=3 => (format!("{}{month:02}28", year + 1 + chance / 1_200 % 5), '1'),
        4..=6 => ("*".to_owned(), '0'),
        _ => ("*".to_owned(), '1'),
    };
    text.extend_from_slice(
        format!("{one}\t{two}\t \t{from}\t{through}\t{modifier}\tMade-up rationale of usual length\r\n").as_bytes(),
    );
}

/// A number that looks like chance (the finalizer of SplitMix64).
fn scattered(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_pairs_are_read_whole_and_found() {
        let report = run(3_000, 3_000).unwrap();
        assert_eq!(report.rows, 3_000);
        // Six of ten pairs have no end, and some of the others have not ended yet.
        let [lookups, active] = report.lookups;
        assert!(active * 10 > lookups * 5 && active * 10 < lookups * 8, "{active} of {lookups}");
        assert!(report.table_bytes < 3_000 * 8 + 200_000);
    }
}
