//! Tables of a payer folder that are our own: comma-separated, under a heading of fixed names.

use std::collections::{BTreeMap, BTreeSet};

use super::Violations;
use crate::adjudication::payer_revision::{Procedure, ProcedureTable};
use crate::adjudication::pricing::{ContractedAmount, ContractedAmounts};
use crate::domain::claim::Sex;
use crate::domain::codes::{Modifier, PlaceOfService};
use crate::domain::dates::Period;
use crate::proto::v1 as pb;

/// Heading of a table of procedures.
pub const PROCEDURES: &[&str] = &["code", "words", "benefit", "from", "through", "sex", "min_age", "max_age", "places"];

/// Reads a table of procedures, whose benefits must be among those that the plans name.
pub(super) fn procedures(
    table: &pb::ProcedureTable,
    text: &str,
    benefits: &BTreeSet<&str>,
    found: &mut Violations,
) -> ProcedureTable {
    let file = table.file.as_str();
    let mut before: BTreeMap<_, Vec<(u64, Period)>> = BTreeMap::new();
    let rows = rows(file, text, PROCEDURES, found, |row, found| {
        found.known("benefit", "plan's benefit", row.get("benefit"), benefits);
        let procedure = procedure(row, found)?;
        let others = before.entry(procedure.code).or_default();
        if let Some((line, _)) = others.iter().find(|(_, period)| procedure.period.overlaps(period)) {
            found.add("code", format!("{} is there already for some of these days: {file}:{line}", procedure.code));
        }
        others.push((row.line, procedure.period));
        Some(procedure)
    });
    ProcedureTable::new(rows, table.complete)
}

fn procedure(row: &Row, found: &mut Violations) -> Option<Procedure> {
    let code = found.code("code", row.get("code"));
    if row.get("code").len() != 5 && code.is_some() {
        found.add("code", format!("{:?} is no procedure: five letters and digits", row.get("code")));
    }
    let words = found.required("words", row.get("words"));
    let benefit = found.required("benefit", row.get("benefit"));
    let period = found.period(row.get("from"), row.get("through"));
    let sex = match row.get("sex") {
        "" => None,
        "F" => Some(Sex::Female),
        "M" => Some(Sex::Male),
        other => {
            found.add("sex", format!("{other:?}: F, M or nothing"));
            None
        }
    };
    let (min_age, max_age) = (age("min_age", row, found), age("max_age", row, found));
    if let (Some(Some(min)), Some(Some(max))) = (min_age, max_age)
        && min > max
    {
        found.add("max_age", format!("{max} lies below the lowest age, {min}"));
    }
    let places = row.get("places").split(' ').filter(|text| !text.is_empty());
    let places: Vec<PlaceOfService> = places.filter_map(|text| found.code("places", text)).collect();
    Some(Procedure {
        code: code?,
        words: words?.to_owned(),
        benefit: benefit?.into(),
        period: period?,
        sex,
        min_age: min_age?,
        max_age: max_age?,
        places,
    })
}

/// Heading of a table of contracted amounts.
pub const AMOUNTS: &[&str] = &["code", "modifier", "from", "through", "facility", "non_facility"];

/// Reads a table of contracted amounts, in dollars a unit: see `FeeSchedule` in the protos.
pub(super) fn amounts(file: &str, text: &str, found: &mut Violations) -> ContractedAmounts {
    let mut before: BTreeMap<_, Vec<(u64, Period)>> = BTreeMap::new();
    let rows = rows(file, text, AMOUNTS, found, |row, found| {
        let code = found.code("code", row.get("code"));
        let modifier = match row.get("modifier") {
            "" => Some(Modifier::NONE),
            text => found.code("modifier", text),
        };
        let period = found.period(row.get("from"), row.get("through"));
        let non_facility = found.dollars("non_facility", row.get("non_facility"));
        let facility = match row.get("facility") {
            "" => non_facility,
            text => found.dollars("facility", text),
        };
        let (code, modifier, period) = (code?, modifier?, period?);
        let others = before.entry((code, modifier)).or_default();
        if let Some((line, _)) = others.iter().find(|(_, other)| period.overlaps(other)) {
            found.add("code", format!("{code} {modifier} is there already for some of these days: {file}:{line}"));
        }
        others.push((row.line, period));
        Some(ContractedAmount { code, modifier, period, facility: facility?, non_facility: non_facility? })
    });
    ContractedAmounts::new(rows)
}

fn age(column: &str, row: &Row, found: &mut Violations) -> Option<Option<i16>> {
    let text = row.get(column);
    let age = text.parse().ok().filter(|age| (0..=130).contains(age));
    if age.is_none() && !text.is_empty() {
        found.add(column, format!("{text:?} is no age: whole years, or nothing"));
        return None;
    }
    Some(age)
}

/// A row below the heading.
pub(super) struct Row<'a> {
    heading: &'a [&'a str],
    fields: csv::StringRecord,
    pub(super) line: u64,
}

impl Row<'_> {
    /// The field in a column of the heading, without blanks around it.
    pub(super) fn get(&self, column: &str) -> &str {
        let at = self.heading.iter().position(|name| *name == column);
        at.and_then(|at| self.fields.get(at)).unwrap_or_default().trim()
    }
}

/// Reads every row of a table; what is wrong is noted below `FILE:LINE`, with the column as the field.
pub(super) fn rows<T>(
    file: &str,
    text: &str,
    heading: &[&str],
    found: &mut Violations,
    mut read: impl FnMut(&Row, &mut Violations) -> Option<T>,
) -> Vec<T> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut values = Vec::new();
    let mut below_heading = false;
    for record in reader.records() {
        let fields = match record {
            Ok(fields) => fields,
            Err(error) => {
                found.add(format_args!("{file}:1"), format!("is no comma-separated text: {error}"));
                return values;
            }
        };
        let line = fields.position().map_or(1, csv::Position::line);
        let row = Row { heading, fields, line };
        found.within_line(file, line, |found| {
            if !below_heading {
                below_heading = true;
                if !row.fields.iter().map(str::trim).eq(heading.iter().copied()) {
                    found.add("", format!("the heading must be {}", heading.join(",")));
                }
            } else if row.fields.len() != heading.len() {
                let (has, needs) = (row.fields.len(), heading.len());
                found.add("", format!("{has} columns where the heading has {needs}"));
            } else {
                values.extend(read(&row, found));
            }
        });
    }
    if !below_heading {
        found.add(format_args!("{file}:1"), format!("is empty: it begins with the heading {}", heading.join(",")));
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::ProcedureCode;
    use crate::domain::dates::date;

    fn table() -> pb::ProcedureTable {
        pb::ProcedureTable { file: "p.csv".into(), complete: true }
    }

    fn read(rows: &str) -> (ProcedureTable, Vec<String>) {
        let text = format!("{}\n{rows}", PROCEDURES.join(","));
        let mut found = Violations::default();
        let table = procedures(&table(), &text, &["office", "preventive"].into(), &mut found);
        let found = found.into_result(Some(())).err().unwrap_or_default();
        (table, found.into_iter().map(|v| format!("{}: {}", v.field, v.description)).collect())
    }

    #[test]
    fn a_row_says_what_a_procedure_is_and_for_whom() {
        let (table, found) = read("77067,\"Screening mammogram, both sides\",preventive,2020-01-01,,F,40,,11 22\n");
        let row = table.lookup(ProcedureCode::new("77067"), date(2026, 1, 1)).unwrap();
        assert_eq!((row.sex, row.min_age, row.max_age, row.places.len()), (Some(Sex::Female), Some(40), None, 2));
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn mistakes_name_line_and_column() {
        let (_, found) = read(
            "99213,Visit,office,2020-01-01,,X,,,\n9921,Visit,,2026-02-31,,,old,,\n99214,Visit\n99213,Visit,office,2019-01-01,2020-01-01,,,,\n99215,Visit,ofice,2020-01-01,,,,,",
        );
        let places: Vec<&str> = found.iter().filter_map(|text| text.split(": ").next()).collect();
        assert_eq!(
            places,
            [
                "p.csv:2.sex",
                "p.csv:3.code",
                "p.csv:3.benefit",
                "p.csv:3.from",
                "p.csv:3.min_age",
                "p.csv:4",
                "p.csv:5.code",
                "p.csv:6.benefit"
            ]
        );
        assert!(found[6].ends_with("p.csv:2"), "the doubled code names the first one's line: {found:?}");
    }

    #[test]
    fn another_heading_is_named_with_the_right_one() {
        let mut found = Violations::default();
        procedures(&table(), "kode,words\n", &BTreeSet::new(), &mut found);
        let found = found.into_result(Some(())).unwrap_err();
        assert_eq!(found[0].field, "p.csv:1");
        assert!(found[0].description.contains("code,words,benefit,from"));
    }
}
