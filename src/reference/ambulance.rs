//! The ambulance fee schedule: base rate and mileage by locality and place of pickup.
//!
//! CMS, <https://www.cms.gov/medicare/payment/fee-schedules/ambulance/ambulance-fee-schedule-public-use-files>; 42 CFR
//! 414.610. Tab or comma separated: CONTRACTOR/CARRIER, LOCALITY, HCPCS, RVU, GPCI, BASE RATE, URBAN BASE RATE / URBAN
//! MILEAGE, RURAL BASE RATE / RURAL MILEAGE, RURAL BASE RATE / LOWEST QUARTILE, RURAL GROUND MILES 1-17. Carrier and
//! locality may lack their leading zeros.

use std::io::Read;

use rust_decimal::Decimal;

use super::gpci::Locality;
use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
use crate::domain::codes::ProcedureCode;
use crate::domain::dates::Period;
use crate::domain::money::Money;

/// The rates of a release.
pub type AmbulanceFees = Release<AmbulanceFee>;

/// What a transport, or a mile of it, is paid in a locality. The amounts hold the law's additions for the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmbulanceFee {
    /// HCPCS: A0425 to A0436.
    pub code: ProcedureCode,
    /// CONTRACTOR/CARRIER and LOCALITY.
    pub locality: Locality,
    /// RVU; `None` for mileage and air.
    pub rvu: Option<Decimal>,
    /// GPCI: the practice expense index.
    pub gpci: Option<Decimal>,
    /// BASE RATE: the national rate before RVU and GPCI.
    pub base_rate: Option<Money>,
    /// Pickup in an urban area.
    pub urban: Money,
    /// Pickup in a rural area.
    pub rural: Money,
    /// Pickup in the quarter of rural areas with the fewest people (super rural).
    pub lowest_quartile: Option<Money>,
    /// For mileage: each of the first 17 miles from a rural pickup.
    pub first_rural_miles: Option<Money>,
}

impl Keyed for AmbulanceFee {
    type Key = (ProcedureCode, Locality);
    const COLUMNS: &'static str = "HCPCS, CONTRACTOR/CARRIER and LOCALITY";

    fn key(&self) -> Self::Key {
        (self.code, self.locality)
    }

    fn key_text(&self) -> String {
        format!("{} {}", self.code, self.locality)
    }
}

/// Reads the file.
pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<AmbulanceFees, LayoutError> {
    read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

struct Columns {
    carrier: usize,
    locality: usize,
    code: usize,
    rvu: usize,
    gpci: usize,
    base: usize,
    urban: usize,
    rural: usize,
    lowest_quartile: usize,
    first_rural_miles: Option<usize>,
}

fn columns(heading: &Heading) -> Result<Columns, LayoutError> {
    let rural = |name: &str| name.starts_with("rural base");
    Ok(Columns {
        carrier: heading.find("CONTRACTOR/CARRIER", |name| name.contains("contractor") || name.contains("carrier"))?,
        locality: heading.find("LOCALITY", |name| name.starts_with("locality") && !name.contains("name"))?,
        code: heading.column("hcpcs")?,
        rvu: heading.column("rvu")?,
        gpci: heading.find("GPCI", |name| name.contains("gpci"))?,
        base: heading.column("base rate")?,
        urban: heading.column("urban base")?,
        rural: heading.find("RURAL BASE RATE / RURAL MILEAGE", |name| rural(name) && !name.contains("quartile"))?,
        lowest_quartile: heading.find("RURAL BASE RATE / LOWEST QUARTILE", |name| name.contains("quartile"))?,
        first_rural_miles: heading.column("rural ground miles").ok(),
    })
}

fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<AmbulanceFees, LayoutError> {
    let heading = |record: &Record| {
        let heading = Heading::of(record);
        (heading.has("hcpcs") && (heading.has("urban base") || heading.has("rural base"))).then(|| columns(&heading))
    };
    let row = |columns: &Columns, record: &Record| {
        // A state's name stands on a line of its own.
        if record.text(columns.code).is_empty() {
            return Ok(None);
        }
        let padded = |text: &str, len: usize| if text.is_empty() { String::new() } else { format!("{text:0>len$}") };
        let locality = record.read(
            columns.carrier,
            "CONTRACTOR/CARRIER and LOCALITY",
            "at most five digits and two digits",
            |mac| Locality::parse(&padded(mac, 5), &padded(&record.text(columns.locality), 2)),
        )?;
        Ok(Some(AmbulanceFee {
            code: record.procedure(columns.code, "HCPCS")?,
            locality,
            rvu: record.number_if_any(columns.rvu, "RVU")?,
            gpci: record.number_if_any(columns.gpci, "GPCI")?,
            base_rate: record.money_if_any(columns.base, "BASE RATE")?,
            urban: record.money(columns.urban, "URBAN BASE RATE / URBAN MILEAGE")?,
            rural: record.money(columns.rural, "RURAL BASE RATE / RURAL MILEAGE")?,
            lowest_quartile: record.money_if_any(columns.lowest_quartile, "RURAL BASE RATE / LOWEST QUARTILE")?,
            first_rural_miles: match columns.first_rural_miles {
                Some(at) => record.money_if_any(at, "RURAL GROUND MILES 1-17")?,
                None => None,
            },
        }))
    };
    let mut records = Records::tabbed_or_csv(input);
    let wanted = "a line with HCPCS, URBAN BASE RATE and RURAL BASE RATE";
    Release::below_heading(edition, &mut records, sieve, wanted, heading, row)
}

pub(super) const KIND: Kind = Kind {
    id: "ambulance",
    title: "ambulance fee schedule",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/fee-schedules/ambulance/ambulance-fee-schedule-public-use-files",
    layouts: "public use file, tab or comma separated",
    used_for: "prices of transports and miles",
    minimum_rows: 1_000,
    recognizes: |head| head.contains("URBAN BASE RATE") || head.contains("RURAL BASE RATE"),
    read: |edition, files| one_file(edition, files, OfficialTable::AmbulanceFees, read),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    /// CMS's headings; the amounts are made up.
    const FILE: &str = "CONTRACTOR/CARRIER\tLOCALITY\tHCPCS\tRVU\tGPCI\tBASE RATE\tURBAN BASE RATE / URBAN MILEAGE\tRURAL BASE RATE / RURAL MILEAGE\tRURAL BASE RATE / LOWEST QUARTILE\tRURAL GROUND MILES 1-17*\r
Alabama\t\t\t\t\t\t\t\t\t\r
10112\t0\tA0425\tn/a\tn/a\tn/a\t9.15\t9.24\tn/a\t13.86\r
10112\t00\tA0427\t1.90\t0.875\t$278.98\t$495.47\t$500.33\t$613.40\tn/a\r
2102\t1\tA0427\t1.90\t1.065\t278.98\t563.22\t568.74\t697.28\tn/a\r
";

    fn lookup<'a>(table: &'a AmbulanceFees, code: &str, mac: &str, number: &str) -> &'a AmbulanceFee {
        table.lookup(&(ProcedureCode::new(code), Locality::parse(mac, number).unwrap())).unwrap()
    }

    #[test]
    fn rates_go_by_code_and_locality_though_leading_zeros_were_lost() {
        let table = parse("x", Period::since(date(2026, 1, 1)), FILE.as_bytes()).unwrap();
        let miles = lookup(&table, "A0425", "10112", "00");
        assert_eq!((miles.rvu, miles.base_rate, miles.first_rural_miles), (None, None, Some(Money::from_cents(1_386))));
        let emergency = lookup(&table, "A0427", "02102", "01");
        assert_eq!((emergency.urban, emergency.rural), (Money::from_cents(56_322), Money::from_cents(56_874)));
        assert_eq!(emergency.lowest_quartile, Some(Money::from_cents(69_728)));
        assert_eq!(table.rows().len(), 3);
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, line, column) in [
            ("$495.47", "n/a", 4, "URBAN BASE RATE / URBAN MILEAGE"),
            ("2102\t1", "2102\t111", 5, "CONTRACTOR/CARRIER and LOCALITY"),
            ("\tURBAN BASE RATE / URBAN MILEAGE", "\tx", 1, "urban base"),
        ] {
            let text = FILE.replacen(from, to, 1);
            let error = parse("x", Period::since(date(2026, 1, 1)), text.as_bytes()).unwrap_err();
            assert_eq!((error.line, error.column), (line, column));
        }
    }
}
