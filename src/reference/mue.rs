//! MUE: the most units of a code that one provider may bill for one patient on one day.
//!
//! CMS, <https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-medically-unlikely-edits-mues>.
//! The practitioner csv: a quoted notice of several lines, a heading whose first cell holds a line break, then code,
//! units, adjudication indicator, rationale. The file carries no dates; its name does.

use std::io::Read;

use super::coverage::Coverage;
use super::import::{Edition, Kind, one_file};
use super::layout::{Fault, LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Gathered, Keyed, Sieve};
use crate::domain::codes::ProcedureCode;

/// MUE adjudication indicator: what the units are counted over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mai {
    /// 1: each line alone.
    Line,
    /// 2: all lines of the day; set by statute, regulation or the code's own words, so no appeal lifts it.
    DateOfServicePolicy,
    /// 3: all lines of the day; records of need may lift it on appeal.
    DateOfServiceClinical,
}

/// The limit of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The most units; 0 is a limit too.
    pub units: u32,
    /// What they are counted over.
    pub mai: Mai,
}

/// The limits of one release.
#[derive(Clone, Debug)]
pub struct Mue {
    release: String,
    coverage: Coverage,
    rows: Vec<(ProcedureCode, Limit)>,
}

impl Mue {
    /// Reads the csv form of the file.
    pub fn parse(release: &str, coverage: Coverage, bytes: &[u8]) -> Result<Mue, LayoutError> {
        Mue::collect(release, coverage, bytes, &mut Sieve::strict())
    }

    fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<Mue, LayoutError> {
        Mue::collect(&edition.release, edition.coverage(), input, sieve)
    }

    fn collect(release: &str, coverage: Coverage, input: impl Read, sieve: &mut Sieve) -> Result<Mue, LayoutError> {
        let mut records = Records::csv(input);
        let mut record = Record::default();
        let mut below_heading = false;
        let mut gathered = Gathered::default();
        while records.next(&mut record)? {
            if below_heading && !record.is_blank() {
                let row = sieve.row(limit(&record))?;
                gathered.push(sieve, &record, row);
            } else if record.text(0).starts_with("HCPCS") {
                if !sieve.is_strict() && record.len() < 3 {
                    let expected = "code, units and adjudication indicator";
                    let found = record.len().to_string();
                    return Err(record.fault(Fault::MissingColumn, "MUE Adjudication Indicator", expected, &found));
                }
                below_heading = true;
            }
        }
        if !below_heading {
            let expected = "a heading that begins with HCPCS";
            return Err(record.no_heading(expected));
        }
        Ok(Mue { release: release.to_owned(), coverage, rows: gathered.into_rows(sieve)? })
    }

    /// The release's name.
    pub fn release(&self) -> &str {
        &self.release
    }

    /// Whether the table holds every limit.
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// A code's limit; `None` where CMS has published none.
    pub fn lookup(&self, code: ProcedureCode) -> Option<Limit> {
        let at = self.rows.binary_search_by_key(&code, |(code, _)| *code).ok()?;
        self.rows.get(at).map(|(_, limit)| *limit)
    }
}

impl Keyed for (ProcedureCode, Limit) {
    type Key = ProcedureCode;
    const COLUMNS: &'static str = "HCPCS/CPT Code";

    fn key(&self) -> ProcedureCode {
        self.0
    }

    fn key_text(&self) -> String {
        self.0.to_string()
    }
}

pub(super) const KIND: Kind = Kind {
    id: "mue",
    title: "NCCI medically unlikely edits, practitioners",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-medically-unlikely-edits-mues",
    layouts: "practitioner csv",
    used_for: "units that are too many",
    minimum_rows: 10_000,
    recognizes: |head| head.contains("PRACTITIONER SERVICES MUE"),
    read: |edition, files| one_file(edition, files, OfficialTable::Mue, Mue::read),
};

pub(super) const OUTPATIENT: Kind = Kind {
    id: "mue-outpatient",
    title: "NCCI medically unlikely edits, outpatient hospitals",
    layouts: "outpatient hospital csv",
    recognizes: |head| head.contains("OUTPATIENT HOSPITAL SERVICES MUE"),
    ..KIND
};

pub(super) const DME: Kind = Kind {
    id: "mue-dme",
    title: "NCCI medically unlikely edits, suppliers of equipment",
    layouts: "DME supplier csv",
    minimum_rows: 1_000,
    recognizes: |head| head.contains("DME SUPPLIER SERVICES MUE"),
    ..KIND
};

fn limit(record: &Record) -> Result<(ProcedureCode, Limit), LayoutError> {
    let code = record.procedure(0, "HCPCS/CPT Code")?;
    let units = record.read(1, "MUE Values", "a whole number", |text| text.parse().ok())?;
    let mai = record.read(2, "MUE Adjudication Indicator", "1, 2 or 3 and its words", |text| {
        match text.as_bytes().first() {
            Some(b'1') => Some(Mai::Line),
            Some(b'2') => Some(Mai::DateOfServicePolicy),
            Some(b'3') => Some(Mai::DateOfServiceClinical),
            _ => None,
        }
    })?;
    Ok((code, Limit { units, mai }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\"(notice, first line)\n\n(notice, last line)\n\",,,\n\"HCPCS/\nCPT Code\",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale
0001U,1,2 Date of Service Edit: Policy,Code Descriptor / CPT Instruction
0009U,2,3 Date of Service Edit: Clinical,Nature of Analyte
A0021,0,1 Line Edit,Nature of Service
";

    fn parse(text: &str) -> Result<Mue, LayoutError> {
        Mue::parse("test", Coverage::Partial, text.as_bytes())
    }

    #[test]
    fn limits_are_read_behind_the_notice_and_zero_is_one() {
        let table = parse(FILE).unwrap();
        let limit = |code| table.lookup(ProcedureCode::new(code));
        assert_eq!(limit("0001U"), Some(Limit { units: 1, mai: Mai::DateOfServicePolicy }));
        assert_eq!(limit("0009U"), Some(Limit { units: 2, mai: Mai::DateOfServiceClinical }));
        assert_eq!(limit("A0021"), Some(Limit { units: 0, mai: Mai::Line }));
        assert_eq!(limit("99213"), None);
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, column) in [
            ("0009U,2,3", "0009U,two,3", "MUE Values"),
            ("0009U,2,3 Date", "0009U,2,Date", "MUE Adjudication Indicator"),
            ("0009U,2", "9U,2", "HCPCS/CPT Code"),
        ] {
            let error = parse(&FILE.replacen(from, to, 1)).unwrap_err();
            assert_eq!((error.line, error.column), (8, column));
        }
        assert_eq!(parse("99213,1,1\n").unwrap_err().expected, "a heading that begins with HCPCS");
        assert_eq!(parse(&format!("{FILE}0009U,2,1 Line Edit,x\n")).unwrap_err().expected, "each key once");
    }
}
