//! Official tables: what is asked of a release, what was read of it, and the releases that a payer folder names.

use std::io::Cursor;

use super::payer_revision::Files;
use super::{Violation, Violations};
use crate::domain::dates::Period;
use crate::proto::v1 as pb;
use crate::reference::import::{self, Edition, File, Imported, Kind, Refusal};
use crate::reference::official_tables::{OfficialTable, OfficialTables};

/// Longest name of a release.
const MAX_NAME: usize = 64;

/// The name of a release in the API.
pub fn name(kind: &str, release: &str) -> String {
    format!("releases/{kind}.{release}")
}

/// What is asked of a release: its kind, and what is said of it before it is read.
pub fn asked(message: &pb::ImportReleaseRequest) -> Result<(&'static Kind, Edition), Vec<Violation>> {
    let mut found = Violations::default();
    let kind = kind(&message.kind, &mut found);
    let edition = edition(&message.release, (&message.from, &message.through), message.subset, &mut found);
    found.into_result(kind.zip(edition))
}

fn kind(id: &str, found: &mut Violations) -> Option<&'static Kind> {
    let kind = import::kind(id);
    if kind.is_none() {
        let begins_alike = |kind: &&Kind| id.get(..2).is_some_and(|start| kind.id.starts_with(start));
        let alike: Vec<&str> = import::KINDS.iter().filter(begins_alike).map(|kind| kind.id).collect();
        let perhaps = if alike.is_empty() { String::new() } else { format!("; perhaps {}", alike.join(", ")) };
        let words = "is no kind of official table: `payersim list release-kinds` lists them";
        found.add("kind", format!("{id:?} {words}{perhaps}"));
    }
    kind
}

fn edition(release: &str, (from, through): (&str, &str), subset: bool, found: &mut Violations) -> Option<Edition> {
    let name = found.required("release", release);
    let fits = |c: char| c.is_ascii_alphanumeric() || " -._".contains(c);
    if name.is_some_and(|name| name.len() > MAX_NAME || !name.chars().all(fits)) {
        let words = "letters, digits, spaces, hyphens, points and underscores";
        found.add("release", format!("{release:?}: at most {MAX_NAME} {words}"));
        return None;
    }
    let period = found.period(from, through);
    Some(Edition { release: name?.to_owned(), period: period?, subset })
}

/// What was read of a release; the first `told` of the rows that were refused one by one.
pub fn summary(imported: &Imported, told: usize) -> pb::Release {
    let count = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
    let refused = imported.refused.iter().take(told).map(|(file, error)| pb::RefusedRow {
        file: file.clone(),
        line: count(error.line),
        column: error.column.to_owned(),
        words: format!("expected {}, found {:?}", error.expected, error.found),
    });
    pb::Release {
        rows: count(imported.rows),
        rows_refused: count(imported.refused_count),
        refused: refused.collect(),
        notes: imported.notes.clone(),
        ..Default::default()
    }
}

/// Why a release is refused, and what would be right.
pub fn violations(kind: &Kind, refusal: &Refusal) -> Vec<Violation> {
    let mut found = Violations::default();
    match refusal {
        Refusal::Layout(file, error) | Refusal::MissingColumn(file, error) => found.layout(file, error),
        Refusal::TooFewRows(rows) => found.add(
            "subset",
            format!(
                "{rows} rows: a whole release of {} has at least {}; is the file cut short? A part of one must be said to be one",
                kind.id, kind.minimum_rows
            ),
        ),
        Refusal::OtherYear(_) => found.add("from", refusal.to_string()),
        Refusal::OtherKind(..) | Refusal::Unreadable(..) => found.add("file", refusal.to_string()),
    }
    match found.into_result(None::<()>) {
        Ok(()) => Vec::new(),
        Err(violations) => violations,
    }
}

/// A kind as the API shows it.
pub fn kind_message(kind: &Kind) -> pb::ReleaseKind {
    pb::ReleaseKind {
        kind: kind.id.to_owned(),
        title: kind.title.to_owned(),
        publisher: kind.publisher.to_owned(),
        href: kind.href.to_owned(),
        layouts: kind.layouts.to_owned(),
        minimum_rows: i64::try_from(kind.minimum_rows).unwrap_or(i64::MAX),
        used_for: kind.used_for.to_owned(),
    }
}

/// A release that a payer uses.
#[derive(Clone, Debug)]
pub(super) struct Used {
    /// Its kind.
    pub kind: &'static str,
    /// The days of service that it is for.
    pub period: Period,
    /// Its table.
    pub table: OfficialTable,
}

/// Reads the releases that a folder names: from the folder's files, or else from what is at hand.
pub(super) fn read(
    messages: &[pb::Reference],
    files: &Files,
    tables: &OfficialTables,
    found: &mut Violations,
) -> Vec<Used> {
    let used = found.each("references", messages, |message, found| {
        let kind = kind(&message.kind, found);
        let edition = edition(&message.release, (&message.from, &message.through), message.subset, found);
        let (kind, edition) = (kind?, edition?);
        let table = if message.files.is_empty() {
            at_hand(message, tables, found)
        } else {
            from_files(kind, &edition, &message.files, files, found)
        };
        Some(Used { kind: kind.id, period: edition.period, table: table? })
    });
    let names: Vec<String> = messages.iter().map(|message| name(&message.kind, &message.release)).collect();
    found.distinct("references", "release", names.iter().map(String::as_str));
    used
}

fn at_hand(message: &pb::Reference, tables: &OfficialTables, found: &mut Violations) -> Option<OfficialTable> {
    let table = tables.get(&message.kind, &message.release).cloned();
    if table.is_none() {
        let words = "is missing: the files of the release in this folder, or take it in first with `payersim import`";
        found.add("files", words);
    }
    table
}

fn from_files(
    kind: &Kind,
    edition: &Edition,
    names: &[String],
    files: &Files,
    found: &mut Violations,
) -> Option<OfficialTable> {
    let mut inputs = Vec::with_capacity(names.len());
    for name in names {
        let text = files.text("files", name, found)?;
        // Not borrowed: a reader may keep its input as long as it likes.
        inputs.push(File { name: name.clone(), bytes: Box::new(Cursor::new(text.as_bytes().to_vec())) });
    }
    match import::read(kind, edition, inputs) {
        Ok(imported) if imported.refused.is_empty() => Some(imported.table),
        // A folder says what a payer does: a row that would be left out is a mistake to mend.
        Ok(imported) => {
            imported.refused.iter().take(10).for_each(|(file, error)| found.layout(file, error));
            None
        }
        Err(Refusal::Layout(file, error) | Refusal::MissingColumn(file, error)) => {
            found.layout(&file, &error);
            None
        }
        Err(refusal) => {
            violations(kind, &refusal).into_iter().for_each(|v| found.add(v.field, v.description));
            None
        }
    }
}
