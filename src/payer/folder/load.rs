//! From files to a payer folder: the TOML files, the tables that they name, and what must hold between them.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::Path;

use prost_reflect::{DynamicMessage, Kind, Value};

use super::Mistake;
use super::document::Document;
use super::places::Places;
use crate::proto::pool;
use crate::proto::v1::{PayerFolder, TableFile};
use crate::wire::payer_folder::{self, Seed};
use crate::wire::payer_revision;

/// Opens a file of the folder by its name.
pub(super) type Open<'a> = &'a dyn Fn(&str) -> io::Result<Vec<u8>>;

/// Reads a payer folder, or says everything that is wrong with it, in order of place.
pub fn load(path: &Path) -> Result<PayerFolder, Vec<Mistake>> {
    load_seed(path).map(|(folder, _)| folder)
}

pub(super) fn load_seed(path: &Path) -> Result<(PayerFolder, Seed), Vec<Mistake>> {
    let mut mistakes = strangers(path);
    match read(&|file| std::fs::read(path.join(file))) {
        Ok(loaded) if mistakes.is_empty() => return Ok(loaded),
        Ok(_) => {}
        Err(more) => mistakes.extend(more),
    }
    for mistake in &mut mistakes {
        mistake.file = path.join(&mistake.file).display().to_string();
    }
    mistakes.sort();
    Err(mistakes)
}

/// Reads the files that `open` gives.
pub(super) fn read(open: Open) -> Result<(PayerFolder, Seed), Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let texts: Vec<(String, String)> = parts().filter_map(|part| text(&part, open, &mut mistakes)).collect();
    let mut documents = BTreeMap::new();
    for (part, text) in &texts {
        match Document::parse(file_of(part), text) {
            Ok(document) => _ = documents.insert(part.as_str(), document),
            Err(errors) => mistakes.extend(errors),
        }
    }
    let mut broken = documents.len() < texts.len();
    let mut folder = message(&documents, &mut mistakes, &mut broken);
    for file in payer_revision::table_names(&folder) {
        match open(&file) {
            Ok(bytes) => folder.tables.push(TableFile { text: latin1(bytes), file }),
            // The check of the folder says which field names a file that is not there.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => mistakes.push(at_top(&file, format!("cannot be read: {error}"))),
        }
    }
    if broken {
        // What a file that cannot be read would have said, all others would seem to lack.
        mistakes.sort();
        return Err(mistakes);
    }
    match payer_folder::parse(&folder) {
        Ok(seed) if mistakes.is_empty() => return Ok((folder, seed)),
        Ok(_) => {}
        Err(violations) => {
            let places = Places { documents: &documents, tables: &folder.tables };
            let more: Vec<Mistake> = violations.iter().map(|violation| places.mistake(violation)).collect();
            // A value of a wrong kind has been noted: it need not be called missing too.
            let noted = |new: &Mistake| mistakes.iter().any(|old| old.place() == new.place());
            let more: Vec<Mistake> = more.into_iter().filter(|new| !noted(new)).collect();
            mistakes.extend(more);
        }
    }
    mistakes.sort();
    Err(mistakes)
}

/// The documents as one message. `broken` where a file holds something else than its part.
fn message(documents: &BTreeMap<&str, Document>, mistakes: &mut Vec<Mistake>, broken: &mut bool) -> PayerFolder {
    let Some(descriptor) = pool().get_message_by_name("payersim.v1.PayerFolder") else { return PayerFolder::default() };
    let mut folder = DynamicMessage::new(descriptor.clone());
    for field in descriptor.fields() {
        let Some(document) = documents.get(field.name()) else { continue };
        match field.kind() {
            Kind::Message(message) if !field.is_list() => {
                folder.set_field(&field, Value::Message(document.read(&message, &[], mistakes)));
            }
            _ => {
                let mut part = document.read(&descriptor, &[field.name()], mistakes);
                match part.take_field(&field) {
                    Some(value) => folder.set_field(&field, value),
                    None => *broken |= !document.is_empty(),
                }
            }
        }
    }
    folder.transcode_to().unwrap_or_default()
}

/// The fields of a payer folder that are TOML files.
fn parts() -> impl Iterator<Item = String> {
    let fields = pool().get_message_by_name("payersim.v1.PayerFolder");
    let names = fields.into_iter().flat_map(|message| message.fields().collect::<Vec<_>>());
    names.map(|field| field.name().to_owned()).filter(|name| name != "tables")
}

/// The file that holds a field of a payer folder.
pub(super) fn file_of(part: &str) -> String {
    format!("{part}.toml")
}

fn text(part: &str, open: Open, mistakes: &mut Vec<Mistake>) -> Option<(String, String)> {
    let file = file_of(part);
    let bytes = match open(&file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => {
            mistakes.push(at_top(&file, format!("cannot be read: {error}")));
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some((part.to_owned(), text)),
        Err(error) => {
            let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            mistakes.push(Mistake {
                file,
                line,
                column: 1,
                message: "is no UTF-8 text: save the file as UTF-8".into(),
            });
            None
        }
    }
}

/// Tables of CMS may be Latin-1; spreadsheets put a byte order mark before UTF-8.
fn latin1(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text),
        Err(error) => error.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// TOML files that are no part of a payer folder: their names are misspelt.
fn strangers(path: &Path) -> Vec<Mistake> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return vec![at_top("", format!("is no folder that can be read: {error}"))],
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let files: Vec<String> = parts().map(|part| file_of(&part)).collect();
    names
        .filter(|name| name.ends_with(".toml") && !files.contains(name))
        .map(|name| at_top(&name, format!("is no file of a payer folder: those are {}", files.join(", "))))
        .collect()
}

fn at_top(file: &str, message: String) -> Mistake {
    Mistake { file: file.to_owned(), line: 1, column: 1, message }
}
