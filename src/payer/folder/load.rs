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
use crate::reference::official_tables::OfficialTables;
use crate::wire::payer_folder::{self, Seed};
use crate::wire::payer_revision;

/// Opens a file of the folder by its name.
pub(super) type Open<'a> = &'a dyn Fn(&str) -> io::Result<Vec<u8>>;

/// Reads a payer folder, or says everything that is wrong with it, in order of place.
pub fn load(path: &Path) -> Result<PayerFolder, Vec<Mistake>> {
    load_seed(path).map(|(folder, _)| folder)
}

pub(super) fn load_seed(path: &Path) -> Result<(PayerFolder, Seed), Vec<Mistake>> {
    let mut mistakes = strangers(path)?;
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
    match payer_folder::parse(&folder, &OfficialTables::default()) {
        Ok(seed) if mistakes.is_empty() => return Ok((folder, seed)),
        Ok(_) => {}
        Err(violations) => {
            let places = Places::new(&documents, &folder.tables);
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
fn strangers(path: &Path) -> Result<Vec<Mistake>, Vec<Mistake>> {
    let unreadable =
        |error| vec![at_top(&path.display().to_string(), format!("is no folder that can be read: {error}"))];
    let entries = std::fs::read_dir(path).map_err(unreadable)?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let files: Vec<String> = parts().map(|part| file_of(&part)).collect();
    let strange = names.filter(|name| name.ends_with(".toml") && !files.contains(name));
    Ok(strange
        .map(|name| at_top(&name, format!("is no file of a payer folder: those are {}", files.join(", "))))
        .collect())
}

fn at_top(file: &str, message: String) -> Mistake {
    Mistake { file: file.to_owned(), line: 1, column: 1, message }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::payer::folder::{demo, write};

    /// The demo payer in a folder with one more file; its mistakes by file, line and what is said.
    fn mistakes_with(file: &str, bytes: &[u8]) -> Vec<(String, usize, String)> {
        let folder = tempfile::tempdir().unwrap();
        write(&demo(), folder.path()).unwrap();
        fs::write(folder.path().join(file), bytes).unwrap();
        let name = |path: &str| Path::new(path).file_name().unwrap().to_string_lossy().into_owned();
        let mistakes = load(folder.path()).err().unwrap_or_default();
        mistakes.into_iter().map(|mistake| (name(&mistake.file), mistake.line, mistake.message)).collect()
    }

    #[test]
    fn a_toml_file_of_another_name_is_a_mistake_and_other_files_are_none_of_ours() {
        let mistakes = mistakes_with("member.toml", b"");
        assert_eq!(mistakes.len(), 1);
        assert!(mistakes[0].2.starts_with("is no file of a payer folder: those are payer.toml, plans.toml, "));
        assert_eq!(mistakes_with("notes.txt", b"anything"), []);
    }

    #[test]
    fn what_is_no_text_is_named_by_its_line() {
        let mistakes = mistakes_with("policies.toml", b"# fine\n# caf\xe9\n");
        assert_eq!(mistakes, [("policies.toml".into(), 2, "is no UTF-8 text: save the file as UTF-8".into())]);
    }

    #[test]
    fn tables_may_come_from_a_spreadsheet() {
        let procedures = demo().tables.into_iter().find(|table| table.file == "procedures.csv").unwrap().text;
        let saved = format!("\u{feff}{}", procedures.replace('\n', "\r\n"));
        assert_eq!(mistakes_with("procedures.csv", saved.as_bytes()), []);
        let umlaut = procedures.replace("New hip", "H\u{fc}fte");
        let latin = umlaut.chars().map(|c| u8::try_from(u32::from(c)).unwrap());
        assert_eq!(mistakes_with("procedures.csv", &latin.collect::<Vec<_>>()), []);
    }

    #[test]
    fn a_folder_that_is_not_there_is_said_to_be_missing() {
        let mistakes = load(Path::new("no/such/folder")).unwrap_err();
        assert_eq!(mistakes.len(), 1);
        assert!(mistakes[0].to_string().starts_with("no/such/folder:1:1: is no folder that can be read: "));
    }
}
