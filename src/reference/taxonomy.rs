//! Provider taxonomy: which codes for kinds of providers exist.
//!
//! NUCC, <https://www.nucc.org/index.php/code-sets-mainmenu-41/provider-taxonomy-mainmenu-40>: csv with Code, Grouping,
//! Classification, Specialization, Definition and so on. Only the codes are kept; the texts are copyright American
//! Medical Association on behalf of NUCC.

use std::io::Read;

use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
use crate::domain::codes::Code;
use crate::domain::dates::Period;

/// The codes of a version.
pub type Taxonomy = Release<TaxonomyCode>;

/// Ten characters, the last an X.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxonomyCode(pub Code<10>);

impl Keyed for TaxonomyCode {
    type Key = Code<10>;
    const COLUMNS: &'static str = "Code";

    fn key(&self) -> Code<10> {
        self.0
    }

    fn key_text(&self) -> String {
        self.0.to_string()
    }
}

/// Reads the csv.
pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<Taxonomy, LayoutError> {
    read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<Taxonomy, LayoutError> {
    let heading = |record: &Record| {
        let heading = Heading::of(record);
        (heading.has("code") && heading.has("classification")).then(|| heading.column("code"))
    };
    let row = |code: &usize, record: &Record| {
        let ten = |text: &str| Code::parse(text).filter(|_| text.len() == 10 && text.ends_with('X'));
        Ok(Some(TaxonomyCode(record.read(*code, "Code", "ten characters that end with X", ten)?)))
    };
    let mut records = Records::csv(input);
    Release::below_heading(edition, &mut records, sieve, "a line with Code and Classification", heading, row)
}

pub(super) const KIND: Kind = Kind {
    id: "taxonomy",
    title: "provider taxonomy codes",
    publisher: "NUCC",
    href: "https://www.nucc.org/index.php/code-sets-mainmenu-41/provider-taxonomy-mainmenu-40",
    layouts: "nucc_taxonomy csv",
    used_for: "kept; no decision asks it yet",
    minimum_rows: 800,
    recognizes: |head| head.contains("CLASSIFICATION") && head.contains("SPECIALIZATION"),
    read: |edition, files| one_file(edition, files, OfficialTable::Taxonomy, read),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    #[test]
    fn a_code_exists_or_not_and_a_wrong_one_is_named() {
        let file = "Code,Grouping,Classification,Specialization\n207Q00000X,\"x, y\",z,\n208600000X,x,y,\n";
        let table = parse("x", Period::since(date(2026, 1, 1)), file.as_bytes()).unwrap();
        assert!(table.lookup(&Code::new("207Q00000X")).is_some() && table.lookup(&Code::new("207Q00001X")).is_none());
        let error = parse("x", Period::since(date(2026, 1, 1)), file.replace("208600000X", "2086").as_bytes());
        assert_eq!(error.map_err(|error| (error.line, error.column)), Err((3, "Code")));
    }
}
