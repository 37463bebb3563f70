//! From a payer folder to files: readable TOML, nothing written that says only the default.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, Value};

use super::document::{is_resource_name, short_names};
use super::load::file_of;
use crate::proto::pool;
use crate::proto::v1::PayerFolder;

/// The longest line that a table or list is written on.
const WIDTH: usize = 110;

/// Writes a payer folder; files of the same names are replaced.
pub fn write(folder: &PayerFolder, path: &Path) -> io::Result<()> {
    write_with_notes(folder, &[], path)
}

/// Writes a payer folder with words at the top of its files: pairs of a file's name and what is written there as a comment.
pub fn write_with_notes(folder: &PayerFolder, notes: &[(&str, &str)], path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)?;
    for (file, text) in texts(folder, notes) {
        std::fs::write(path.join(file), text)?;
    }
    Ok(())
}

/// Names and texts of the files.
pub(super) fn texts(folder: &PayerFolder, notes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> =
        folder.tables.iter().map(|table| (table.file.clone(), table.text.clone())).collect();
    let descriptor = pool().get_message_by_name("payersim.v1.PayerFolder");
    let message = descriptor.and_then(|d| DynamicMessage::decode(d, folder.encode_to_vec().as_slice()).ok());
    for (field, value) in message.iter().flat_map(DynamicMessage::fields).filter(|(field, _)| field.name() != "tables")
    {
        let file = file_of(field.name());
        let mut text = String::new();
        for line in notes.iter().filter(|(of, _)| *of == file).flat_map(|(_, note)| note.lines()) {
            _ = writeln!(text, "# {line}");
        }
        match value {
            Value::Message(message) => table(&mut text, "", message),
            value => deferred(&mut text, "", &field, value),
        }
        files.push((file, text.trim_start().to_owned()));
    }
    files
}

/// The keys of a message, then what needs tables of its own.
fn table(out: &mut String, header: &str, message: &DynamicMessage) {
    let mut later = Vec::new();
    for (field, value) in message.fields().filter(|(field, _)| !is_resource_name(field)) {
        match short(&field, value) {
            Some(text) => _ = writeln!(out, "{} = {text}", field.name()),
            None => later.push((field, value)),
        }
    }
    for (field, value) in later {
        deferred(out, header, &field, value);
    }
}

/// A message or a list of them under headers of their own.
fn deferred(out: &mut String, header: &str, field: &FieldDescriptor, value: &Value) {
    let header = if header.is_empty() { field.name().to_owned() } else { format!("{header}.{}", field.name()) };
    match value {
        Value::Message(message) => {
            _ = writeln!(out, "\n[{header}]");
            table(out, &header, message);
        }
        Value::List(values) => {
            for message in values.iter().filter_map(Value::as_message) {
                _ = writeln!(out, "\n[[{header}]]");
                table(out, &header, message);
            }
        }
        _ => {}
    }
}

/// A value on one line, or a list on one line for each element; `None` for what needs a table of its own.
fn short(field: &FieldDescriptor, value: &Value) -> Option<String> {
    let whole = inline(field, value);
    if field.name().len() + whole.len() <= WIDTH && !has_messages(value) {
        return Some(whole);
    }
    match value {
        Value::Message(_) => None,
        Value::List(values) => {
            let values: Vec<String> = values.iter().map(|value| single(field, value)).collect();
            let fits = field.kind().as_message().is_none() || values.iter().all(|text| text.len() <= WIDTH);
            fits.then(|| format!("[\n    {},\n]", values.join(",\n    ")))
        }
        _ => Some(whole),
    }
}

/// Whether a message or one of a list holds messages in turn: such a one is easier to read under a header of its own.
fn has_messages(value: &Value) -> bool {
    let is_message = |value: &Value| matches!(value, Value::Message(_));
    let holds = |value: &Value| is_message(value) || value.as_list().is_some_and(|list| list.iter().any(is_message));
    let of = |value: &Value| value.as_message().is_some_and(|message| message.fields().any(|(_, value)| holds(value)));
    of(value) || value.as_list().is_some_and(|list| list.iter().any(of))
}

fn inline(field: &FieldDescriptor, value: &Value) -> String {
    match value {
        Value::List(values) => {
            let values: Vec<String> = values.iter().map(|value| single(field, value)).collect();
            format!("[{}]", values.join(", "))
        }
        value => single(field, value),
    }
}

fn single(field: &FieldDescriptor, value: &Value) -> String {
    match (value, field.kind()) {
        (Value::Message(message), _) => {
            let fields = message.fields().map(|(field, value)| format!("{} = {}", field.name(), inline(&field, value)));
            let fields: Vec<String> = fields.collect();
            if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
        }
        (Value::EnumNumber(number), Kind::Enum(values)) => {
            let name = short_names(&values).find(|(.., known)| known == number).map(|(short, ..)| short);
            format!("\"{}\"", name.unwrap_or_default())
        }
        (Value::I64(cents), _) if field.name().ends_with("_cents") && *cents >= 100 => {
            format!("{}_{:02}", cents / 100, cents % 100)
        }
        (Value::I64(number), _) => number.to_string(),
        (Value::I32(number), _) => number.to_string(),
        (Value::Bool(flag), _) => flag.to_string(),
        (Value::String(text), _) => toml::Value::from(text.as_str()).to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::payer::folder::{demo, load};

    #[test]
    fn what_is_written_is_read_back_the_same() {
        let (demo, folder) = (demo(), tempfile::tempdir().unwrap());
        write(&demo, folder.path()).unwrap();
        let read = load(folder.path());
        assert!(read.as_ref() == Ok(&demo), "{:#?}", read.err());
    }

    #[test]
    fn texts_of_any_characters_survive() {
        let mut odd = demo();
        odd.plans[0].name = "Quote \" back \\ tab \t 'single' é\nline".into();
        let folder = tempfile::tempdir().unwrap();
        write(&odd, folder.path()).unwrap();
        assert!(load(folder.path()) == Ok(odd));
    }

    #[test]
    fn it_reads_as_people_write_it() {
        let texts = texts(&demo(), &[("plans.toml", "From a sandbox.\nTwo lines.")]);
        let text = |file: &str| texts.iter().find(|(name, _)| name == file).unwrap().1.as_str();
        assert!(text("plans.toml").starts_with("# From a sandbox.\n# Two lines.\n\n[[plans]]\nplan_id = \"ppo\"\n"));
        assert!(text("plans.toml").contains("\nindividual_deductible_cents = 500_00\n"));
        assert!(text("members.toml").contains("\nperson_name = { last = \"Muster\", first = \"Testa\" }\n"));
        assert!(text("members.toml").contains("\nsex = \"female\"\n"));
        assert!(!text("members.toml").contains("\nname ="), "resource names are the service's");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("payers/demo/procedures.csv");
        assert_eq!(text("procedures.csv"), std::fs::read_to_string(path).unwrap());
    }
}
