//! CAQH CORE code combinations: which remarks and groups may stand with a reason in which business scenario.
//!
//! CAQH CORE, <https://www.caqh.org/core/ongoing-maintenance-core-code-combinations-caqh-core-360-rule> (45 CFR
//! 162.1603). One row a scenario and reason, tab or comma separated: the reason, the scenario (1 to 4), the groups
//! allowed, the usual group, the remarks, each list parted by commas or blanks.

use std::io::Read;

use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Heading, Keyed, Release, Sieve};
use crate::domain::codes::{Carc, Group, Rarc};
use crate::domain::dates::Period;

/// The combinations of a version.
pub type CoreCombinations = Release<CoreCombination>;

/// What may stand with a reason in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoreCombination {
    /// The reason.
    pub carc: Carc,
    /// 1 further information by documents, 2 further information by data, 3 service not covered, 4 benefit not paid
    /// separately; none where the table lists the reason in no scenario.
    pub scenario: Option<u8>,
    /// The groups that it may stand under.
    pub groups: Vec<Group>,
    /// The remarks that it may stand with, in order; empty where there need be none.
    pub remarks: Vec<Rarc>,
}

impl CoreCombination {
    /// Whether the remark may stand with the reason.
    pub fn allows(&self, remark: Rarc) -> bool {
        self.remarks.binary_search(&remark).is_ok()
    }
}

impl Keyed for CoreCombination {
    type Key = (Carc, Option<u8>);
    const COLUMNS: &'static str = "carc and core_scenario";

    fn key(&self) -> Self::Key {
        (self.carc, self.scenario)
    }

    fn key_text(&self) -> String {
        match self.scenario {
            Some(scenario) => format!("{} in scenario {scenario}", self.carc),
            None => self.carc.to_string(),
        }
    }
}

impl CoreCombinations {
    /// The scenarios of a reason.
    pub fn of(&self, carc: Carc) -> impl Iterator<Item = &CoreCombination> {
        let from = self.rows().partition_point(|row| row.carc < carc);
        self.rows().get(from..).unwrap_or_default().iter().take_while(move |row| row.carc == carc)
    }
}

/// Reads the file.
pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<CoreCombinations, LayoutError> {
    read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<CoreCombinations, LayoutError> {
    let heading = |record: &Record| {
        let heading = Heading::of(record);
        (heading.has("carc") && heading.has("rarc")).then(|| {
            Ok([
                heading.column("carc")?,
                heading.find("core_scenario", |name| name.contains("scenario"))?,
                heading.find("allowed_groups", |name| name.contains("group"))?,
                heading.column("rarc")?,
            ])
        })
    };
    let row = |[carc, scenario, groups, remarks]: &[usize; 4], record: &Record| {
        let mut remarks = list(record, *remarks, "rarcs", "remarks such as N362", Rarc::parse)?;
        remarks.sort_unstable();
        remarks.dedup();
        Ok(Some(CoreCombination {
            carc: record.read(*carc, "carc", "a reason such as 45 or B7", Carc::parse)?,
            scenario: record.optional(*scenario, "core_scenario", "1, 2, 3, 4 or nothing", |text| {
                text.parse().ok().filter(|scenario| (1..=4).contains(scenario))
            })?,
            groups: list(record, *groups, "allowed_groups", "CO, PR, OA or PI", group)?,
            remarks,
        }))
    };
    let mut records = Records::tabbed_or_csv(input);
    let wanted = "a line with carc, core_scenario, allowed_groups and rarcs";
    Release::below_heading(edition, &mut records, sieve, wanted, heading, row)
}

fn list<T>(
    record: &Record,
    at: usize,
    column: &'static str,
    expected: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, LayoutError> {
    let words = |text: &str| text.split([',', ';', ' ']).filter(|word| !word.is_empty()).map(&parse).collect();
    record.read(at, column, expected, words)
}

fn group(text: &str) -> Option<Group> {
    let groups =
        [Group::ContractualObligation, Group::PatientResponsibility, Group::OtherAdjustment, Group::PayerInitiated];
    groups.into_iter().find(|group| group.code() == text)
}

pub(super) const KIND: Kind = Kind {
    id: "core-combinations",
    title: "code combinations of CAQH CORE",
    publisher: "CAQH CORE",
    href: "https://www.caqh.org/core/ongoing-maintenance-core-code-combinations-caqh-core-360-rule",
    layouts: "carc, core_scenario, allowed_groups, default_group, rarcs; tab or comma separated",
    used_for: "a note in the trace where a decision's codes lie outside",
    minimum_rows: 150,
    recognizes: |head| head.contains("CARC") && head.contains("SCENARIO"),
    read: |edition, files| one_file(edition, files, OfficialTable::CoreCombinations, read),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::{carc, rarc};
    use crate::domain::dates::date;

    const FILE: &str = "carc\tcore_scenario\tallowed_groups\tdefault_group\trarcs\n1\t\t\t\t\n5\t3\tCO,PI,PR\t\tMA109,M77\n16\t1\tCO,PI\tCO\tN706\n16\t2\tCO,PI\tCO\tM51, MA130\n";

    fn parsed(text: &str) -> Result<CoreCombinations, LayoutError> {
        parse("x", Period::since(date(2016, 6, 1)), text.as_bytes())
    }

    #[test]
    fn a_reason_has_its_remarks_in_each_scenario() {
        let table = parsed(FILE).unwrap();
        let scenarios: Vec<_> = table.of(carc("16")).map(|row| (row.scenario, row.allows(rarc("MA130")))).collect();
        assert_eq!(scenarios, [(Some(1), false), (Some(2), true)]);
        let row = table.of(carc("5")).next().unwrap();
        assert!(row.allows(rarc("M77")) && row.groups.contains(&Group::PatientResponsibility));
        assert_eq!(table.of(carc("1")).map(|row| row.remarks.len()).collect::<Vec<_>>(), [0]);
    }

    /// Lists of remarks have more commas than the lines have tabs.
    #[test]
    fn a_tabbed_file_with_long_lists_is_read_as_tabbed() {
        let text = format!("{FILE}19\t2\tCO\tCO\t{}\n", vec!["N517"; 40].join(","));
        assert_eq!(parsed(&text).unwrap().of(carc("19")).count(), 1);
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, line, column) in [
            ("CO,PI,PR", "CO,XX", 3, "allowed_groups"),
            ("5\t3", "5\t7", 3, "core_scenario"),
            ("16\t2", "16\t1", 5, "carc and core_scenario"),
        ] {
            let error = parsed(&FILE.replacen(from, to, 1)).unwrap_err();
            assert_eq!((error.line, error.column), (line, column));
        }
    }
}
