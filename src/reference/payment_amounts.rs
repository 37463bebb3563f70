//! PFALL and PFREV: the amounts that CMS publishes for each locality and service under the physician fee schedule.
//!
//! CMS, <https://www.cms.gov/medicare/payment/fee-schedules/physician/national-payment-amount-file>; layout PF25PD.pdf.
//! Sixteen quoted columns without a heading and a line TRL at the end. The amounts are already held to the cap of
//! imaging. Quarterly files may repeat a line exactly.

use std::io::Read;

use super::gpci::Locality;
use super::import::{Edition, Kind, one_file};
use super::layout::{Fault, LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Gathered, Keyed, Release, Sieve, check_year};
use super::status_indicators::Status;
use crate::domain::codes::{Modifier, ProcedureCode};
use crate::domain::dates::Period;
use crate::domain::money::Money;

/// The amounts of a release: a whole one has a million rows.
pub type PaymentAmounts = Release<PaymentAmount>;

/// What a service is paid in a locality. Amounts are kept in 32 bits, for there are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentAmount {
    /// HCPCS.
    pub code: ProcedureCode,
    /// The component: 26, TC or 53; none for the whole service.
    pub modifier: Option<Modifier>,
    /// Carrier and locality.
    pub locality: Locality,
    /// The status letter.
    pub status: Status,
    /// Whether the cap by hospital outpatient rates held the amounts down.
    pub capped: bool,
    nonfacility: u32,
    facility: u32,
}

impl PaymentAmount {
    /// In an office or another place that is no facility.
    pub fn nonfacility(&self) -> Money {
        Money::from_cents(self.nonfacility.into())
    }

    /// In a facility.
    pub fn facility(&self) -> Money {
        Money::from_cents(self.facility.into())
    }
}

impl Keyed for PaymentAmount {
    type Key = (ProcedureCode, Option<Modifier>, Locality);
    const COLUMNS: &'static str = "carrier, locality, HCPCS and modifier";

    fn key(&self) -> Self::Key {
        (self.code, self.modifier, self.locality)
    }

    fn key_text(&self) -> String {
        format!("{} {} {}", self.locality, self.code, self.modifier.unwrap_or_default()).trim_end().to_owned()
    }
}

/// Reads the file.
pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<PaymentAmounts, LayoutError> {
    read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<PaymentAmounts, LayoutError> {
    let mut records = Records::csv(input);
    let mut record = Record::default();
    let mut gathered = Gathered::default();
    let mut ended = false;
    while records.next(&mut record)? {
        if record.text(0).starts_with("TRL") {
            ended = true;
        } else if !record.is_blank() {
            if record.len() < 16 && sieve.taken == 0 && !sieve.is_strict() {
                let found = record.len().to_string();
                return Err(record.fault(Fault::NoHeading, "the row", "16 columns", &found));
            }
            let row = sieve.row(row(edition, &record))?;
            gathered.push(sieve, &record, row);
        }
    }
    if !ended {
        sieve.notes.push("the line TRL that ends the file is not there: was the file cut short?".to_owned());
    }
    gathered.without_repeats(sieve).into_release(edition, sieve)
}

fn row(edition: &Edition, record: &Record) -> Result<PaymentAmount, LayoutError> {
    if record.len() < 16 {
        return Err(record.error("the row", "16 columns", &record.len().to_string()));
    }
    let year = record.read(0, "year", "a year", |text| text.parse().ok())?;
    check_year(edition, record, "year", year)?;
    let cents = |at, column| {
        let money = record.money(at, column)?;
        u32::try_from(money.cents()).map_err(|_| record.error(column, "an amount", &record.text(at)))
    };
    Ok(PaymentAmount {
        locality: record.read(1, "carrier and locality", "five digits and two digits", |mac| {
            Locality::parse(mac, &record.text(2))
        })?,
        code: record.procedure(3, "HCPCS")?,
        modifier: record.modifier(4, "modifier")?,
        nonfacility: cents(5, "non-facility amount")?,
        facility: cents(6, "facility amount")?,
        status: record.read(9, "status", "a status letter such as A", Status::parse)?,
        capped: record.text(13) == "1",
    })
}

pub(super) const KIND: Kind = Kind {
    id: "pfall",
    title: "payment amounts of the physician fee schedule by locality",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/fee-schedules/physician/national-payment-amount-file",
    layouts: "PFALL or PFREV txt, 16 quoted columns and a line TRL",
    used_for: "kept; no decision asks it yet",
    minimum_rows: 900_000,
    recognizes: |head| {
        let first = head.lines().next().unwrap_or_default();
        first.starts_with("\"20") && first.split("\",\"").count() == 16
    },
    read: |edition, files| one_file(edition, files, OfficialTable::PaymentAmounts, read),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    /// CMS, PFALL26AR: 99213 in San Francisco and in San Jose.
    const FILE: &str = r#""2026","01112","05","99213","  ","0000117.58","0000064.37"," ","0","A","0","0000049.56","0000000.00","9","0000000.00","0000000.00"
"2026","01112","09","99213","  ","0000119.71","0000065.29"," ","0","A","0","0000050.41","0000000.00","9","0000000.00","0000000.00"
TRL
"#;

    fn parsed(text: &str) -> Result<PaymentAmounts, LayoutError> {
        parse("PFALL26AR", Period::since(date(2026, 1, 1)), text.as_bytes())
    }

    #[test]
    fn amounts_go_by_service_and_locality() {
        let table = parsed(FILE).unwrap();
        let san_jose = Locality::parse("01112", "09").unwrap();
        let row = table.lookup(&(ProcedureCode::new("99213"), None, san_jose)).unwrap();
        assert_eq!((row.nonfacility(), row.facility()), (Money::from_cents(11_971), Money::from_cents(6_529)));
        assert!(!row.capped && row.status == Status::Active);
    }

    #[test]
    fn a_line_may_be_repeated_but_not_with_another_amount() {
        let again = format!("{}{FILE}", FILE.replace("TRL\n", ""));
        assert_eq!(parsed(&again).unwrap().rows().len(), 2);
        let other = again.replacen("117.58", "117.59", 1);
        let error = parsed(&other).unwrap_err();
        assert_eq!((error.line, error.column, error.fault), (3, PaymentAmount::COLUMNS, Fault::DoubledKey));
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, column, fault) in [
            ("0000119.71", "x", "non-facility amount", Fault::Value),
            ("\"2026\",\"01112\",\"09\"", "\"2025\",\"01112\",\"09\"", "year", Fault::OtherYear),
            (",\"9\",\"0000000.00\",\"0000000.00\"\nTRL", "\nTRL", "the row", Fault::Value),
        ] {
            let error = parsed(&FILE.replacen(from, to, 1)).unwrap_err();
            assert_eq!((error.line, error.column, error.fault), (2, column, fault));
        }
    }
}
