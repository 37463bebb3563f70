//! CLFS: the clinical laboratory fee schedule, national since 2018.
//!
//! CMS, <https://www.cms.gov/medicare/payment/fee-schedules/clinical-laboratory-fee-schedule-clfs/files>; 42 CFR 414.507.
//! Csv below four lines of notices: YEAR, HCPCS, MOD, EFF_DATE, INDICATOR, RATE and the AMA's descriptors, which are
//! left out.

use std::io::Read;

use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve, check_year};
use crate::domain::codes::{Modifier, ProcedureCode};
use crate::domain::dates::{Date, Period, parse_d8};
use crate::domain::money::Money;

/// The fees of a release.
pub type Clfs = Release<LaboratoryFee>;

/// A test's fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaboratoryFee {
    /// HCPCS.
    pub code: ProcedureCode,
    /// MOD: QW for a waived test, or none.
    pub modifier: Option<Modifier>,
    /// EFF_DATE.
    pub from: Date,
    /// INDICATOR: N national, L local (priced by the contractor, so without a rate here).
    pub indicator: char,
    /// RATE; `None` where the file has nothing or zero, for such a test is priced by the contractor.
    pub rate: Option<Money>,
}

impl Keyed for LaboratoryFee {
    type Key = (ProcedureCode, Option<Modifier>);
    const COLUMNS: &'static str = "HCPCS and MOD";

    fn key(&self) -> Self::Key {
        (self.code, self.modifier)
    }

    fn key_text(&self) -> String {
        format!("{} {}", self.code, self.modifier.unwrap_or_default())
    }
}

/// Reads the csv.
pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<Clfs, LayoutError> {
    read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<Clfs, LayoutError> {
    let heading = |record: &Record| {
        let heading = Heading::of(record);
        (heading.has("hcpcs") && (heading.has("eff_date") || heading.has("indicator"))).then(|| {
            Ok([
                heading.column("year")?,
                heading.column("hcpcs")?,
                heading.column("mod")?,
                heading.column("eff_date")?,
                heading.column("indicator")?,
                heading.column("rate")?,
            ])
        })
    };
    let row = |[year, code, modifier, from, indicator, rate]: &[usize; 6], record: &Record| {
        let year = record.read(*year, "YEAR", "a year", |text| text.parse().ok())?;
        check_year(edition, record, "YEAR", year)?;
        Ok(Some(LaboratoryFee {
            code: record.procedure(*code, "HCPCS")?,
            modifier: record.modifier(*modifier, "MOD")?,
            from: record.read(*from, "EFF_DATE", "a date YYYYMMDD", parse_d8)?,
            indicator: record.read(*indicator, "INDICATOR", "one letter", |text| text.chars().next())?,
            rate: record.money_if_any(*rate, "RATE")?.filter(|rate| *rate > Money::ZERO),
        }))
    };
    let mut records = Records::csv(input);
    let wanted = "a line with YEAR, HCPCS, MOD, EFF_DATE, INDICATOR and RATE";
    Release::below_heading(edition, &mut records, sieve, wanted, heading, row)
}

pub(super) const KIND: Kind = Kind {
    id: "clfs",
    title: "clinical laboratory fee schedule",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/fee-schedules/clinical-laboratory-fee-schedule-clfs/files",
    layouts: "csv with YEAR, HCPCS, MOD, EFF_DATE, INDICATOR, RATE",
    used_for: "prices of laboratory tests",
    minimum_rows: 1_500,
    recognizes: |head| head.contains("EFF_DATE") && head.contains("INDICATOR"),
    read: |edition, files| one_file(edition, files, OfficialTable::Clfs, read),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    const FILE: &str = "2026 Clinical Diagnostic Laboratory Fee Schedule,,\n(notice)\n\n\nYEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC,LONGDESC,EXTENDEDLONGDESC,\n2026,80053,,20260101,N,10.56,x,\"x, y\",x,\n2026,80053,QW,20260101,N,10.56,x,x,x,\n2026,0001U,,20260101,L,0.00,x,x,x,\n";

    #[test]
    fn a_test_has_a_national_rate_or_none() {
        let table = parse("x", Period::since(date(2026, 1, 1)), FILE.as_bytes()).unwrap();
        let rate = |code, modifier| table.lookup(&(ProcedureCode::new(code), modifier)).and_then(|row| row.rate);
        assert_eq!(rate("80053", None), Some(Money::from_cents(1_056)));
        assert_eq!(rate("80053", Some(Modifier::new("QW"))), Some(Money::from_cents(1_056)));
        assert_eq!(rate("0001U", None), None);
        assert_eq!(table.rows().len(), 3);
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, line, column) in [
            ("10.56,x,\"", "x,x,\"", 6, "RATE"),
            ("20260101,L", "20261301,L", 8, "EFF_DATE"),
            (",QW,", ",,", 7, "HCPCS and MOD"),
        ] {
            let error = parse("x", Period::since(date(2026, 1, 1)), FILE.replacen(from, to, 1).as_bytes()).unwrap_err();
            assert_eq!((error.line, error.column), (line, column));
        }
    }
}
