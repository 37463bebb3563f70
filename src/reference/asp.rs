//! ASP: what Medicare pays for drugs given by physicians.
//!
//! CMS, <https://www.cms.gov/medicare/payment/part-b-drugs/asp-pricing-files>; section 1847A of the Social Security Act,
//! 42 CFR 414.904. Quarterly csv below lines of notices: HCPCS Code, Short Description, HCPCS Code Dosage, Payment
//! Limit (106 percent of the average sales price), from 2023 Co-insurance Percentage, then shares of the average
//! wholesale price and notes, which are left out.

use std::io::Read;

use rust_decimal::Decimal;

use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
use crate::domain::codes::ProcedureCode;
use crate::domain::dates::Period;

/// The limits of a quarter.
pub type DrugPrices = Release<DrugPrice>;

/// What one billing unit of a drug is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrugPrice {
    /// HCPCS Code.
    pub code: ProcedureCode,
    /// HCPCS Code Dosage: what one billing unit is, such as "10 MG".
    pub dosage: String,
    /// Payment Limit in dollars for one unit, to a thousandth.
    pub limit: Decimal,
    /// Co-insurance Percentage, where the law lowers it for a rebatable drug; such as 20.
    pub coinsurance: Option<Decimal>,
}

impl Keyed for DrugPrice {
    type Key = ProcedureCode;
    const COLUMNS: &'static str = "HCPCS Code";

    fn key(&self) -> ProcedureCode {
        self.code
    }

    fn key_text(&self) -> String {
        self.code.to_string()
    }
}

/// Reads the csv.
pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<DrugPrices, LayoutError> {
    read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<DrugPrices, LayoutError> {
    let heading = |record: &Record| {
        let heading = Heading::of(record);
        (heading.has("hcpcs code") && (heading.has("payment limit") || heading.has("hcpcs code dosage"))).then(|| {
            let code = heading.find("HCPCS Code", |name| name == "hcpcs code")?;
            let dosage = heading.column("hcpcs code dosage")?;
            let limit = heading.column("payment limit")?;
            Ok((code, dosage, limit, heading.column("co-insurance").ok()))
        })
    };
    let row = |(code, dosage, limit, coinsurance): &(usize, usize, usize, Option<usize>), record: &Record| {
        // A drug without a limit is paid by its invoice or another schedule.
        let Some(limit) = record.number_if_any(*limit, "Payment Limit")? else { return Ok(None) };
        Ok(Some(DrugPrice {
            code: record.procedure(*code, "HCPCS Code")?,
            dosage: record.text(*dosage).into_owned(),
            limit,
            coinsurance: match coinsurance {
                Some(at) => record.number_if_any(*at, "Co-insurance Percentage")?,
                None => None,
            },
        }))
    };
    let mut records = Records::tabbed_or_csv(input);
    let wanted = "a line with HCPCS Code, HCPCS Code Dosage and Payment Limit";
    Release::below_heading(edition, &mut records, sieve, wanted, heading, row)
}

pub(super) const KIND: Kind = Kind {
    id: "asp",
    title: "payment limits of drugs (average sales price)",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/part-b-drugs/asp-pricing-files",
    layouts: "quarterly csv with HCPCS Code, HCPCS Code Dosage, Payment Limit",
    used_for: "prices of drugs",
    minimum_rows: 500,
    recognizes: |head| head.contains("PAYMENT LIMIT") && head.contains("DOSAGE"),
    read: |edition, files| one_file(edition, files, OfficialTable::DrugPrices, read),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    const FILE: &str = "Payment Allowance Limits for Medicare Part B Drugs,,,\nEffective January 1, 2024 through March 31, 2024,,\nNote 1: text,,\nHCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit,Co-insurance Percentage,Vaccine AWP%,Notes,\nJ3301,x,10 MG,0.787,20.000,,,\nJ3304,x,1 MG,19.159,20.000,,,\nJ7318,x,1 MG,,,,see note,\n";

    #[test]
    fn a_drug_has_a_limit_for_one_unit() {
        let table = parse("x", Period::since(date(2024, 1, 1)), FILE.as_bytes()).unwrap();
        let row = table.lookup(&ProcedureCode::new("J3301")).unwrap();
        assert_eq!((row.dosage.as_str(), row.limit), ("10 MG", Decimal::new(787, 3)));
        assert_eq!(row.coinsurance, Some(Decimal::from(20)));
        assert_eq!(table.lookup(&ProcedureCode::new("J7318")), None);
    }

    #[test]
    fn the_older_layout_has_no_coinsurance() {
        let text = FILE.replace("Co-insurance Percentage,", "").replace("20.000,", "");
        let table = parse("x", Period::since(date(2022, 7, 1)), text.as_bytes()).unwrap();
        assert_eq!(
            table.lookup(&ProcedureCode::new("J3304")).map(|row| (row.limit, row.coinsurance)),
            Some((Decimal::new(19_159, 3), None))
        );
    }

    #[test]
    fn mistakes_name_line_and_column() {
        let text = FILE.replace("19.159", "many");
        let error = parse("x", Period::since(date(2024, 1, 1)), text.as_bytes()).unwrap_err();
        assert_eq!((error.line, error.column), (6, "Payment Limit"));
    }
}
