//! Anesthesia: the dollars of one unit in each Medicare locality, and the base units of each code.
//!
//! CMS, <https://www.cms.gov/medicare/payment/fee-schedules/physician/anesthesiologists-center>. The factors of 2025 are
//! the national one times (0.769 work + 0.166 practice expense + 0.065 malpractice) of the locality's indices; other
//! years have other shares, so the published file is read, never computed.

use std::io::Read;
use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::gpci::Locality;
use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
use crate::domain::codes::ProcedureCode;
use crate::domain::dates::{Period, date};

static EMBEDDED: LazyLock<Vec<AnesthesiaFactors>> = LazyLock::new(|| {
    let year = Period::between(date(2025, 1, 1), date(2025, 12, 31));
    let text = include_bytes!("data/ANES2025.csv").as_slice();
    // The data are part of the program; a test below holds that they are whole.
    parse_factors("ANES2025", year, text).into_iter().collect()
});

/// Conversion factors of a year, by locality.
pub type AnesthesiaFactors = Release<AnesthesiaFactor>;

/// Base units of a year, by code.
pub type AnesthesiaBaseUnits = Release<BaseUnits>;

/// A locality's dollars for one base or time unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnesthesiaFactor {
    /// The locality.
    pub locality: Locality,
    /// For those who are not qualifying participants of an advanced alternative payment model; until 2025 for all.
    pub dollars: Decimal,
    /// For qualifying participants, from 2026.
    pub qualifying: Option<Decimal>,
}

impl Keyed for AnesthesiaFactor {
    type Key = Locality;
    const COLUMNS: &'static str = "Contractor and Locality";

    fn key(&self) -> Locality {
        self.locality
    }

    fn key_text(&self) -> String {
        self.locality.to_string()
    }
}

/// What an anesthesia code is worth before time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaseUnits {
    /// The code, 00100 to 01999.
    pub code: ProcedureCode,
    /// Its units.
    pub units: u16,
}

impl Keyed for BaseUnits {
    type Key = ProcedureCode;
    const COLUMNS: &'static str = "CPT code";

    fn key(&self) -> ProcedureCode {
        self.code
    }

    fn key_text(&self) -> String {
        self.code.to_string()
    }
}

impl AnesthesiaFactors {
    /// The years that ship with the program, whole: CY2025.
    pub fn embedded() -> &'static [AnesthesiaFactors] {
        &EMBEDDED
    }
}

/// Reads the csv of conversion factors (`ANESyyyy.csv`): contractor, locality, name, one factor or, from 2026, two.
pub fn parse_factors(release: &str, effective: Period, bytes: &[u8]) -> Result<AnesthesiaFactors, LayoutError> {
    read_factors(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

fn read_factors(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<AnesthesiaFactors, LayoutError> {
    let heading = |record: &Record| {
        let heading = Heading::of(record);
        (heading.has("contractor") || heading.has("medicare admin")).then(|| {
            let factor = |name: &str| name.contains("anes") || name.contains("cf") || name.contains("conversion");
            let non = |name: &str| name.contains("non");
            let number = heading.find("Locality", |name| name.starts_with("locality") && !name.contains("name"))?;
            let other = heading.find("Anes CF", |name| factor(name) && non(name));
            let qualifying = heading.find("Anes CF", |name| factor(name) && !non(name))?;
            // One column alone is for all.
            Ok(match other {
                Ok(other) => (number, other, Some(qualifying)),
                Err(_) => (number, qualifying, None),
            })
        })
    };
    let row = |(number, dollars, qualifying): &(usize, usize, Option<usize>), record: &Record| {
        if record.text(*number).is_empty() {
            return Ok(None);
        }
        let locality = record.read(0, "Contractor and Locality", "five digits and two digits", |mac| {
            Locality::parse(mac, &record.text(*number))
        })?;
        Ok(Some(AnesthesiaFactor {
            locality,
            dollars: record.decimal(*dollars, "Anes CF")?,
            qualifying: qualifying.map(|at| record.decimal(at, "QP Anes CF")).transpose()?,
        }))
    };
    let mut records = Records::csv(input);
    let wanted = "a line with Contractor, Locality and Anes CF";
    Release::below_heading(edition, &mut records, sieve, wanted, heading, row)
}

/// Reads CMS's list of base units: code and units, tab or comma separated.
pub fn parse_base_units(release: &str, effective: Period, bytes: &[u8]) -> Result<AnesthesiaBaseUnits, LayoutError> {
    read_base_units(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

fn read_base_units(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<AnesthesiaBaseUnits, LayoutError> {
    let heading = |record: &Record| {
        let heading = Heading::of(record);
        let code = heading.find("CPT code", |name| name.contains("code") || name.contains("hcpcs")).ok()?;
        let units = heading.find("base units", |name| name.contains("base") && name.contains("unit")).ok()?;
        Some(Ok((code, units)))
    };
    let row = |(code, units): &(usize, usize), record: &Record| {
        if record.text(*units).is_empty() {
            return Ok(None);
        }
        let code = record.procedure(*code, "CPT code")?;
        let units = record.read(*units, "base units", "a whole number", |text| text.parse().ok())?;
        Ok(Some(BaseUnits { code, units }))
    };
    let mut records = Records::tabbed_or_csv(input);
    Release::below_heading(edition, &mut records, sieve, "a line with a code and Base Units", heading, row)
}

pub(super) const FACTORS: Kind = Kind {
    id: "anesthesia-factors",
    title: "anesthesia conversion factors by locality",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/fee-schedules/physician/anesthesiologists-center",
    layouts: "ANES20YY.csv, with one factor (to 2025) or two",
    used_for: "prices of anesthesia",
    minimum_rows: 100,
    recognizes: |head| head.contains("ANES CF") || head.contains("ANESTHESIA CONVERSION"),
    read: |edition, files| one_file(edition, files, OfficialTable::AnesthesiaFactors, read_factors),
};

pub(super) const BASE_UNITS: Kind = Kind {
    id: "anesthesia-units",
    title: "anesthesia base units",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/fee-schedules/physician/anesthesiologists-center",
    layouts: "code and base units, csv or tab separated, below a heading",
    used_for: "prices of anesthesia",
    minimum_rows: 250,
    recognizes: |head| head.contains("BASE UNIT") && !head.contains("SEQNUM"),
    read: |edition, files| one_file(edition, files, OfficialTable::AnesthesiaBaseUnits, read_base_units),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::reference::gpci::{Gpcis, gpcis_on};

    /// CMS: national factor × (0.769 work + 0.166 PE + 0.065 MP), with the shares of 2025.
    #[test]
    fn all_109_published_factors_of_2025_follow_from_the_national_one_and_the_indices() {
        let [factors] = AnesthesiaFactors::embedded() else { panic!() };
        let gpcis = gpcis_on(Gpcis::embedded(), date(2025, 1, 1)).unwrap();
        let share = |thousandths| Decimal::new(thousandths, 3);
        let mut equal = 0;
        for row in factors.rows() {
            let gpci = gpcis.lookup(row.locality).unwrap();
            let index = share(769) * gpci.work + share(166) * gpci.pe + share(65) * gpci.mp;
            assert_eq!(Money::round(Decimal::new(203_178, 4) * index).dollars(), row.dollars, "{}", row.locality);
            equal += 1;
        }
        assert_eq!(equal, 109);
    }

    #[test]
    fn two_factors_of_2026_are_told_apart() {
        let text = "Contractor,Locality,Locality Name,Qualifying APM National Anes CF of 20.599835,Nonqualifying APM National Anes CF of 20.49754\n10112 ,00 ,ALABAMA,19.63 ,19.53 \n,,,\n";
        let table = parse_factors("ANES2026", Period::since(date(2026, 1, 1)), text.as_bytes()).unwrap();
        let alabama = table.lookup(&Locality::parse("10112", "00").unwrap()).unwrap();
        assert_eq!((alabama.dollars, alabama.qualifying), (Decimal::new(1953, 2), Some(Decimal::new(1963, 2))));
    }

    #[test]
    fn a_locality_without_its_zeros_is_named_by_line() {
        let text = "Contractor,Locality,Locality Name,National Anes CF of 20.3178\n2102,01,ALASKA,27.86\n";
        let error = parse_factors("x", Period::since(date(2025, 1, 1)), text.as_bytes()).unwrap_err();
        assert_eq!((error.line, error.column), (2, "Contractor and Locality"));
    }

    #[test]
    fn base_units_are_read_below_their_heading() {
        let text = "Anesthesia,\nCPT CODE,BASE UNITS\n00840,6\n00142,4\n";
        let table = parse_base_units("x", Period::since(date(2025, 1, 1)), text.as_bytes()).unwrap();
        assert_eq!(table.lookup(&ProcedureCode::new("00840")).map(|row| row.units), Some(6));
        assert_eq!(table.rows().len(), 2);
    }
}
