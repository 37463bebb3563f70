//! OPPSCAP: the most that the physician fee schedule pays for imaging, by the hospital outpatient rates.
//!
//! CMS, <https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files>; section 1848(b)(4) of
//! the Social Security Act. Seven columns: HCPCS, MOD, PROCSTAT, CARRIER, LOCALITY, FACILITY PRICE, NON-FACILTY PRICE
//! (so spelt).

use std::io::Read;

use super::gpci::Locality;
use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
use crate::domain::codes::{Modifier, ProcedureCode};
use crate::domain::dates::Period;
use crate::domain::money::Money;

/// The caps of a release.
pub type OppsCaps = Release<OppsCap>;

/// What a service may at most be paid in a locality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OppsCap {
    /// HCPCS.
    pub code: ProcedureCode,
    /// MOD: TC, or none for the whole service.
    pub modifier: Option<Modifier>,
    /// CARRIER and LOCALITY.
    pub locality: Locality,
    /// FACILITY PRICE.
    pub facility: Money,
    /// NON-FACILTY PRICE.
    pub nonfacility: Money,
}

impl Keyed for OppsCap {
    type Key = (ProcedureCode, Option<Modifier>, Locality);
    const COLUMNS: &'static str = "HCPCS, MOD, CARRIER and LOCALITY";

    fn key(&self) -> Self::Key {
        (self.code, self.modifier, self.locality)
    }

    fn key_text(&self) -> String {
        format!("{} {} {}", self.code, self.modifier.unwrap_or_default(), self.locality)
    }
}

/// Reads the csv.
pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<OppsCaps, LayoutError> {
    read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<OppsCaps, LayoutError> {
    let heading = |record: &Record| {
        let heading = Heading::of(record);
        heading.has("procstat").then(|| {
            heading.column("hcpcs")?;
            Ok([
                heading.column("mod")?,
                heading.column("carrier")?,
                heading.column("locality")?,
                heading.column("facility price")?,
                heading.column("non-facil")?,
            ])
        })
    };
    let row = |[modifier, carrier, number, facility, nonfacility]: &[usize; 5], record: &Record| {
        Ok(Some(OppsCap {
            code: record.procedure(0, "HCPCS")?,
            modifier: record.modifier(*modifier, "MOD")?,
            locality: record.read(*carrier, "CARRIER and LOCALITY", "five digits and two digits", |mac| {
                Locality::parse(mac, &record.text(*number))
            })?,
            facility: record.money(*facility, "FACILITY PRICE")?,
            nonfacility: record.money(*nonfacility, "NON-FACILTY PRICE")?,
        }))
    };
    let mut records = Records::csv(input);
    Release::below_heading(edition, &mut records, sieve, "a line with HCPCS and PROCSTAT", heading, row)
}

pub(super) const KIND: Kind = Kind {
    id: "oppscap",
    title: "imaging caps of the physician fee schedule",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
    layouts: "OPPSCAP csv, 7 columns",
    used_for: "the most that imaging is paid in a locality",
    minimum_rows: 10_000,
    recognizes: |head| head.contains("PROCSTAT"),
    read: |edition, files| one_file(edition, files, OfficialTable::OppsCaps, read),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;
    use crate::reference::layout::Fault;

    const FILE: &str = "HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,NON-FACILTY PRICE\r\n0633T,TC,C,01112,05,150.69,150.69\r\n0633T,TC,C,01112,09,152.38,152.38\r\n";

    fn parsed(text: &str) -> Result<OppsCaps, LayoutError> {
        parse("x", Period::since(date(2025, 1, 1)), text.as_bytes())
    }

    #[test]
    fn a_cap_is_found_by_code_component_and_locality() {
        let key = (ProcedureCode::new("0633T"), Some(Modifier::new("TC")), Locality::parse("01112", "09").unwrap());
        let table = parsed(FILE).unwrap();
        assert_eq!(table.lookup(&key).map(|row| row.facility), Some(Money::from_cents(15_238)));
        assert_eq!(table.lookup(&(key.0, None, key.2)), None);
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, line, column, fault) in [
            ("152.38,152.38", "152.38,", 3, "NON-FACILTY PRICE", Fault::Value),
            (",09,", ",05,", 3, OppsCap::COLUMNS, Fault::DoubledKey),
            ("CARRIER", "X", 1, "carrier", Fault::MissingColumn),
        ] {
            let error = parsed(&FILE.replace(from, to)).unwrap_err();
            assert_eq!((error.line, error.column, error.fault), (line, column, fault));
        }
    }
}
