//! From the path of a field to the line of the file that says it.

use std::collections::BTreeMap;

use super::Mistake;
use super::document::Document;
use super::load::file_of;
use crate::proto::v1::TableFile;
use crate::wire::Violation;

/// The files that a payer folder was read from.
pub(super) struct Places<'a> {
    /// By the folder's field that they hold.
    documents: &'a BTreeMap<&'a str, Document<'a>>,
    /// Lines of the tables, by file.
    tables: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(documents: &'a BTreeMap<&'a str, Document<'a>>, tables: &'a [TableFile]) -> Places<'a> {
        let tables = tables.iter().map(|table| (table.file.as_str(), table.text.lines().collect())).collect();
        Places { documents, tables }
    }

    /// A violation at its place, with the places of other fields that it names.
    pub(super) fn mistake(&self, violation: &Violation) -> Mistake {
        let Violation { field, description } = violation;
        let message: Vec<String> = description.split('`').enumerate().map(|(at, part)| self.said(at, part)).collect();
        let message = message.concat();
        if let Some((file, line, name)) = self.table_line(field) {
            let column = self.table_column(file, line, name);
            let message = if name.is_empty() { message } else { format!("{name}: {message}") };
            return Mistake { file: file.to_owned(), line, column, message };
        }
        let (file, line, column) = self.place(field);
        let name = field.rsplit('.').next().unwrap_or(field).split('[').next().unwrap_or_default();
        Mistake { file, line, column, message: format!("{name}: {message}") }
    }

    /// Every second part of a description stands in backquotes: a path, or a field's name.
    fn said(&self, at: usize, part: &str) -> String {
        let is_path = part.contains('[') && self.documents.contains_key(part.split(['.', '[']).next().unwrap_or(""));
        match (at % 2 == 1, is_path) {
            (true, true) => {
                let (file, line, _) = self.place(part);
                format!("{file}:{line}")
            }
            (true, false) => format!("`{part}`"),
            (false, _) => part.to_owned(),
        }
    }

    fn place(&self, path: &str) -> (String, usize, usize) {
        let part = path.split(['.', '[']).next().unwrap_or_default();
        let Some(document) = self.documents.get(part) else { return (file_of(part), 1, 1) };
        // payer.toml is the payer itself; the others hold lists under their field's name.
        let inside = path.strip_prefix("payer").unwrap_or(path);
        let (line, column) = document.place(inside);
        (document.file().to_owned(), line, column)
    }

    /// `procedures.csv:12.sex` is line 12, column `sex` of a table.
    fn table_line<'p>(&self, field: &'p str) -> Option<(&'p str, usize, &'p str)> {
        let (file, rest) = field.rsplit_once(':')?;
        self.tables.get(file)?;
        let (line, name) = rest.split_once('.').unwrap_or((rest, ""));
        Some((file, line.parse().ok()?, name))
    }

    /// The column in which a field begins, as far as commas alone can tell.
    fn table_column(&self, file: &str, line: usize, name: &str) -> usize {
        let said = |line: usize| self.tables.get(file).and_then(|lines| lines.get(line.checked_sub(1)?)).copied();
        let (heading, row) = (said(1).unwrap_or_default(), said(line).unwrap_or_default());
        match heading.split(',').position(|column| column == name) {
            Some(at) if !row.contains('"') => {
                row.split(',').take(at).map(|field| field.chars().count() + 1).sum::<usize>() + 1
            }
            _ => 1,
        }
    }
}
