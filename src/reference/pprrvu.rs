//! PPRRVU: the relative value file of the Medicare physician fee schedule.
//!
//! CMS, <https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files>. CY2025 has 31 columns,
//! CY2026 inserted PRIC IND as the 24th. The heading repeats names (RVU twice), so columns are known by place.

use std::io::Read;
use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::import::{Edition, Kind, one_file};
use super::layout::{Fault, LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Keyed, Release, Sieve};
pub use super::status_indicators::Status;
use crate::domain::codes::{Modifier, ProcedureCode};
use crate::domain::dates::{Date, Period, date};

static EMBEDDED: LazyLock<Vec<RelativeValues>> = LazyLock::new(|| {
    let year = |year| Period::between(date(year, 1, 1), date(year, 12, 31));
    [
        ("RVU25D, 109 example codes", year(2025), include_bytes!("data/PPRRVU2025_subset.csv").as_slice()),
        ("RVU26C, 109 example codes", year(2026), include_bytes!("data/PPRRVU2026_subset.csv").as_slice()),
    ]
    .into_iter()
    // The data are part of the program; a test below holds that both are whole.
    .filter_map(|(release, effective, text)| RelativeValues::parse(release, effective, text).ok())
    .collect()
});

/// How long a procedure's fee includes the visits around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalPeriod {
    /// 000: the day itself.
    SameDay,
    /// 010: the day and ten days after.
    TenDays,
    /// 090: the day before, the day and ninety days after.
    NinetyDays,
    /// MMM: maternity.
    Maternity,
    /// XXX: the concept does not apply.
    NotApplicable,
    /// YYY: set by the contractor.
    ByContractor,
    /// ZZZ: follows the procedure that it is added to.
    AddOn,
}

impl GlobalPeriod {
    fn parse(text: &str) -> Option<GlobalPeriod> {
        Some(match text {
            "000" => GlobalPeriod::SameDay,
            "010" => GlobalPeriod::TenDays,
            "090" => GlobalPeriod::NinetyDays,
            "MMM" => GlobalPeriod::Maternity,
            "XXX" => GlobalPeriod::NotApplicable,
            "YYY" => GlobalPeriod::ByContractor,
            "ZZZ" => GlobalPeriod::AddOn,
            _ => return None,
        })
    }
}

/// One row of the file: what a procedure, or its component under a modifier, is worth and which payment rules it meets.
/// The indicators are CMS's digits; `9` says that the concept does not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelativeValue {
    /// HCPCS.
    pub code: ProcedureCode,
    /// MOD: 26, TC or 53; none for the whole service.
    pub modifier: Option<Modifier>,
    /// STATUS CODE.
    pub status: Status,
    /// WORK RVU.
    pub work: Decimal,
    /// NON-FAC PE RVU; `None` where the file says NA, for there CMS prints the other setting's number.
    pub nonfacility_pe: Option<Decimal>,
    /// FACILITY PE RVU; `None` where the file says NA.
    pub facility_pe: Option<Decimal>,
    /// MP RVU: malpractice.
    pub mp: Decimal,
    /// PCTC IND: 0 physician service, 1 diagnostic test with professional and technical components, 2 professional
    /// only, 3 technical only, 4 global only, 5 incident to, 6 laboratory interpretation, 7 therapy, 8 clinical
    /// laboratory interpretation.
    pub pctc: u8,
    /// GLOB DAYS.
    pub global: GlobalPeriod,
    /// PRE OP: the share of the fee for the care before surgery (modifier 56).
    pub pre_op: Decimal,
    /// INTRA OP: the share for the surgery (modifier 54).
    pub intra_op: Decimal,
    /// POST OP: the share for the care after surgery (modifier 55).
    pub post_op: Decimal,
    /// MULT PROC: 0 none, 2 standard, 3 endoscopy by family, 4 imaging, 5 therapy, 6 cardiovascular, 7 ophthalmology.
    pub multiple_procedure: u8,
    /// BILAT SURG: 0 and 2 once, 1 at 150 percent, 3 each side in full.
    pub bilateral: u8,
    /// ASST SURG: 0 with documentation, 1 never, 2 payable.
    pub assistant: u8,
    /// CO-SURG: 0 never, 1 with documentation, 2 payable.
    pub co_surgeon: u8,
    /// TEAM SURG: 0 never, 1 with documentation, 2 payable.
    pub team: u8,
    /// ENDO BASE: the base code of an endoscopy's family.
    pub endoscopy_base: Option<ProcedureCode>,
    /// CONV FACTOR: dollars for one relative value unit.
    pub conversion_factor: Decimal,
    /// DIAGNOSTIC IMAGING FAMILY IND: 88 subject to the imaging reduction, 99 not.
    pub imaging_family: u8,
    /// NON-FACILITY PE USED FOR OPPS PAYMENT AMOUNT; 0 where no cap applies.
    pub opps_nonfacility_pe: Decimal,
    /// FACILITY PE USED FOR OPPS PAYMENT AMOUNT.
    pub opps_facility_pe: Decimal,
    /// MP USED FOR OPPS PAYMENT AMOUNT.
    pub opps_mp: Decimal,
}

/// One release of the relative value file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelativeValues(Release<RelativeValue>);

impl Keyed for RelativeValue {
    type Key = (ProcedureCode, Option<Modifier>);
    const COLUMNS: &'static str = "HCPCS and MOD";

    fn key(&self) -> Self::Key {
        (self.code, self.modifier)
    }

    fn key_text(&self) -> String {
        format!("{} {}", self.code, self.modifier.unwrap_or_default()).trim_end().to_owned()
    }
}

impl RelativeValues {
    /// The example releases that ship with the program: 109 codes of CY2025 and of CY2026. The year's last release at
    /// hand stands for the whole year, though CMS revises a few rows each quarter.
    pub fn embedded() -> &'static [RelativeValues] {
        &EMBEDDED
    }

    /// Reads the csv form of the file (`PPRRVUyyyy_*.csv`), 31 or 32 columns, or the fixed-width txt of CY2025. Every
    /// row must add up: work + PE + MP = total.
    pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<RelativeValues, LayoutError> {
        RelativeValues::read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
    }

    fn read(edition: &Edition, mut input: impl Read, sieve: &mut Sieve) -> Result<RelativeValues, LayoutError> {
        let mut head = [0];
        let mut start = Vec::new();
        // The txt begins with lines of HDR; what is wrong with the input comes up again when it is read on.
        while start.len() < 3 && input.read(&mut head).is_ok_and(|read| read > 0) {
            start.extend(head);
        }
        let fixed = start == b"HDR";
        let input = std::io::Cursor::new(start).chain(input);
        if fixed {
            let mut records = Records::fixed(input, FIXED);
            let heading = |record: &Record| record.text(0).starts_with("HDR").then_some(Ok(31));
            let is_row = |record: &Record| !record.text(0).starts_with("HDR") && !record.text(0).starts_with("TRL");
            let wanted = "lines that begin with HDR";
            return RelativeValues::below(edition, &mut records, sieve, wanted, heading, is_row);
        }
        let mut records = Records::csv(input);
        let heading = |record: &Record| (record.text(0) == "HCPCS").then(|| check_heading(record, edition));
        RelativeValues::below(edition, &mut records, sieve, "a heading line that begins with HCPCS", heading, |_| true)
    }

    fn below(
        edition: &Edition,
        records: &mut Records,
        sieve: &mut Sieve,
        wanted: &'static str,
        heading: impl Fn(&Record) -> Option<Result<usize, LayoutError>>,
        is_row: impl Fn(&Record) -> bool,
    ) -> Result<RelativeValues, LayoutError> {
        let row = |columns: &usize, record: &Record| {
            if !is_row(record) {
                return Ok(None);
            }
            row(record, check_columns(record, *columns)?).map(Some)
        };
        Release::below_heading(edition, records, sieve, wanted, heading, row).map(RelativeValues)
    }

    /// The release's name.
    pub fn release(&self) -> &str {
        self.0.release()
    }

    /// The dates of service that the release is for.
    pub fn effective(&self) -> Period {
        self.0.effective()
    }

    /// Every row, by code and modifier.
    pub fn rows(&self) -> &[RelativeValue] {
        self.0.rows()
    }

    /// The row of a code, whole (`None`) or under 26, TC or 53; `None` where the file has no such row.
    pub fn lookup(&self, code: ProcedureCode, modifier: Option<Modifier>) -> Option<&RelativeValue> {
        self.0.lookup(&(code, modifier))
    }
}

/// The release for a day among several.
pub fn release_on(releases: &[RelativeValues], day: Date) -> Option<&RelativeValues> {
    releases.iter().find(|release| release.effective().contains(day))
}

/// Where the fields of the fixed-width txt stand, in the csv's order (RVU25D; the description is left out).
const FIXED: &[(usize, usize)] = &[
    (1, 5),
    (6, 7),
    (1, 0),
    (58, 58),
    (59, 59),
    (60, 65),
    (67, 72),
    (73, 74),
    (76, 81),
    (82, 83),
    (85, 89),
    (91, 96),
    (97, 102),
    (103, 103),
    (104, 106),
    (107, 109),
    (110, 112),
    (113, 115),
    (116, 116),
    (117, 117),
    (118, 118),
    (119, 119),
    (120, 120),
    (128, 132),
    (133, 140),
    (142, 143),
    (144, 144),
    (146, 147),
    (152, 157),
    (159, 164),
    (166, 171),
];

/// The number of columns of the heading. CY2026 is the first year with 32.
fn check_heading(record: &Record, edition: &Edition) -> Result<usize, LayoutError> {
    let columns = match record.len() {
        columns @ (31 | 32) => columns,
        columns => {
            let expected = "31 columns (CY2025) or 32 (CY2026)";
            return Err(record.fault(Fault::MissingColumn, "the heading", expected, &columns.to_string()));
        }
    };
    let first_of_32 = date(2026, 1, 1);
    let ends_before = edition.period.through.is_some_and(|through| through < first_of_32);
    if (columns == 32 && ends_before) || (columns == 31 && edition.period.from >= first_of_32 && !edition.subset) {
        let expected = "31 columns until CY2025, 32 from CY2026";
        return Err(record.fault(Fault::OtherYear, "the number of columns", expected, &columns.to_string()));
    }
    Ok(columns)
}

/// The number of columns, where it is as `expected` and one that CMS has published.
fn check_columns(record: &Record, expected: usize) -> Result<usize, LayoutError> {
    match record.len() {
        columns @ (31 | 32) if columns == expected => Ok(columns),
        columns => Err(record.error(
            "the row",
            "31 columns (CY2025) or 32 (CY2026), as many as the heading",
            &columns.to_string(),
        )),
    }
}

fn row(record: &Record, columns: usize) -> Result<RelativeValue, LayoutError> {
    // What stands behind TEAM SURG moved by one in CY2026.
    let behind = |at: usize| at + columns - 31;
    let digit = |at, column| record.read(at, column, "one digit", |text| text.parse().ok().filter(|digit| *digit < 10));
    let not_available = |at, column| {
        record.read(at, column, "NA or nothing", |text| match text {
            "NA" => Some(true),
            "" => Some(false),
            _ => None,
        })
    };
    let code = |at, column| record.read(at, column, "five letters and digits", five);
    // The txt has three places for a share: ".09" or "009".
    let share = |at, column| {
        let share = record.decimal(at, column)?;
        Ok(if share > Decimal::ONE { share / Decimal::ONE_HUNDRED } else { share })
    };
    let work = record.decimal(5, "WORK RVU")?;
    let nonfacility_pe = record.decimal(6, "NON-FAC PE RVU")?;
    let facility_pe = record.decimal(8, "FACILITY PE RVU")?;
    let mp = record.decimal(10, "MP RVU")?;
    for (at, column, pe) in [(11, "NON-FACILITY TOTAL", nonfacility_pe), (12, "FACILITY TOTAL", facility_pe)] {
        if record.decimal(at, column)? != work + pe + mp {
            return Err(record.error(column, "the sum of WORK, PE and MP RVU", &record.text(at)));
        }
    }
    let endoscopy_base = behind(23);
    Ok(RelativeValue {
        code: code(0, "HCPCS")?,
        modifier: match record.text(1).as_ref() {
            "" => None,
            _ => Some(record.read(1, "MOD", "26, TC, 53 or nothing", Modifier::parse)?),
        },
        status: record.read(3, "STATUS CODE", "a status letter such as A", Status::parse)?,
        work,
        nonfacility_pe: (!not_available(7, "NON-FAC NA INDICATOR")?).then_some(nonfacility_pe),
        facility_pe: (!not_available(9, "FACILITY NA INDICATOR")?).then_some(facility_pe),
        mp,
        pctc: digit(13, "PCTC IND")?,
        global: record.read(14, "GLOB DAYS", "000, 010, 090, MMM, XXX, YYY or ZZZ", GlobalPeriod::parse)?,
        pre_op: share(15, "PRE OP")?,
        intra_op: share(16, "INTRA OP")?,
        post_op: share(17, "POST OP")?,
        multiple_procedure: digit(18, "MULT PROC")?,
        bilateral: digit(19, "BILAT SURG")?,
        assistant: digit(20, "ASST SURG")?,
        co_surgeon: digit(21, "CO-SURG")?,
        team: digit(22, "TEAM SURG")?,
        endoscopy_base: match record.text(endoscopy_base).as_ref() {
            "" => None,
            _ => Some(code(endoscopy_base, "ENDO BASE")?),
        },
        conversion_factor: record.decimal(behind(24), "CONV FACTOR")?,
        imaging_family: record
            .read(behind(27), "DIAGNOSTIC IMAGING FAMILY IND", "two digits", |text| text.parse().ok())?,
        opps_nonfacility_pe: record.decimal(behind(28), "NON-FACILITY PE USED FOR OPPS PAYMENT AMOUNT")?,
        opps_facility_pe: record.decimal(behind(29), "FACILITY PE USED FOR OPPS PAYMENT AMOUNT")?,
        opps_mp: record.decimal(behind(30), "MP USED FOR OPPS PAYMENT AMOUNT")?,
    })
}

fn five(text: &str) -> Option<ProcedureCode> {
    ProcedureCode::parse(text).filter(|_| text.len() == 5)
}

pub(super) const KIND: Kind = Kind {
    id: "pprrvu",
    title: "relative values and payment rules of the physician fee schedule",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
    layouts: "PPRRVU csv, 31 columns (CY2025) or 32 (CY2026), or fixed-width txt",
    used_for: "prices of physicians' services",
    minimum_rows: 15_000,
    recognizes: |head| {
        head.starts_with("HDR")
            || (head.contains("PHYSICIAN FEE SCHEDULE") && head.contains("CONV") && head.contains("GLOB"))
    },
    read: |edition, files| one_file(edition, files, OfficialTable::RelativeValues, RelativeValues::read),
};

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "44970,,-,A,,9.21,5.72,NA,5.72,,2.38,17.31,17.31,0,090,0.09,0.81,0.10,2,0,2,2,0,9,,33.4009,09,0,99,0.00,0.00,0.00";

    fn parse(rows: &str) -> Result<RelativeValues, LayoutError> {
        let text = format!(",,\"notices\"\n,,,,NOT USED\nHCPCS{}\n{rows}\n", ",".repeat(31));
        RelativeValues::parse("test", Period::since(date(2026, 1, 1)), text.as_bytes())
    }

    #[test]
    fn both_embedded_years_hold_their_rows_and_have_different_columns() {
        let [y2025, y2026] = RelativeValues::embedded() else { panic!() };
        assert_eq!((y2025.rows().len(), y2026.rows().len()), (149, 149));
        let code = ProcedureCode::new("45380");
        for (release, factor) in [(y2025, "32.3465"), (y2026, "33.4009")] {
            let row = release.lookup(code, None).unwrap();
            assert_eq!(row.endoscopy_base, Some(ProcedureCode::new("45378")));
            assert_eq!((row.conversion_factor, row.multiple_procedure), (factor.parse().unwrap(), 3));
        }
        assert_eq!(release_on(RelativeValues::embedded(), date(2025, 12, 31)).unwrap(), y2025);
        assert_eq!(release_on(RelativeValues::embedded(), date(2024, 12, 31)), None);
    }

    #[test]
    fn components_are_rows_of_their_own() {
        let y2026 = release_on(RelativeValues::embedded(), date(2026, 7, 1)).unwrap();
        let mri = |modifier: Option<&str>| y2026.lookup(ProcedureCode::new("70551"), modifier.map(Modifier::new));
        let (whole, professional, technical) = (mri(None).unwrap(), mri(Some("26")).unwrap(), mri(Some("TC")).unwrap());
        assert_eq!(whole.work, professional.work + technical.work);
        assert_eq!((whole.imaging_family, whole.multiple_procedure, whole.pctc), (88, 4, 1));
        assert_eq!(mri(Some("53")), None);
    }

    /// 70499 has five digits in the range of radiology and does not exist.
    #[test]
    fn a_code_that_only_looks_right_has_no_row() {
        for release in RelativeValues::embedded() {
            assert_eq!(release.lookup(ProcedureCode::new("70499"), None), None);
            assert_eq!(release.lookup(ProcedureCode::new("47115"), None), None);
        }
    }

    #[test]
    fn where_the_file_says_na_there_is_no_number_to_price() {
        let table = parse(ROW).unwrap();
        let row = table.lookup(ProcedureCode::new("44970"), None).unwrap();
        assert_eq!((row.nonfacility_pe, row.facility_pe), (None, Some(Decimal::new(572, 2))));
        assert_eq!((row.global, row.assistant), (GlobalPeriod::NinetyDays, 2));
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, column) in [
            ("17.31,17.31", "17.31,17.32", "FACILITY TOTAL"),
            ("9.21", "9,21", "the row"),
            ("9.21", "x", "WORK RVU"),
            ("44970", "4497", "HCPCS"),
            (",A,", ",Z,", "STATUS CODE"),
            ("090", "90", "GLOB DAYS"),
            ("NA", "N", "NON-FAC NA INDICATOR"),
        ] {
            let error = parse(&ROW.replacen(from, to, 1)).unwrap_err();
            assert_eq!((error.line, error.column), (4, column));
        }
        assert_eq!(parse(&format!("{ROW}\n{ROW}")).unwrap_err().column, "HCPCS and MOD");
        let error = RelativeValues::parse("test", Period::since(date(2026, 1, 1)), b"code,fee\n99213,1\n").unwrap_err();
        assert_eq!(error.expected, "a heading line that begins with HCPCS");
    }

    #[test]
    fn a_descriptor_in_latin_1_does_not_stop_the_reader() {
        let mut text = format!("HCPCS{}\n", ",".repeat(31)).into_bytes();
        text.extend(ROW.replacen(",-,", ",@,", 1).bytes().map(|b| if b == b'@' { 0xe9 } else { b }));
        assert_eq!(RelativeValues::parse("test", Period::since(date(2026, 1, 1)), &text).unwrap().rows().len(), 1);
    }
}
