//! One TOML file, read into a message by the message's descriptor. Every mistake is noted with its line and column.

use prost_reflect::{DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Mistake;
use crate::wire::spelling::meant;

/// A parsed file, kept so that places can be found in it later.
pub(super) struct Document<'t> {
    file: String,
    text: &'t str,
    /// Where each line begins.
    lines: Vec<usize>,
    root: Spanned<DeTable<'t>>,
}

impl<'t> Document<'t> {
    /// Parses the text, or says all that is wrong with its syntax.
    pub(super) fn parse(file: String, text: &'t str) -> Result<Document<'t>, Vec<Mistake>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let lines = [0].into_iter().chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let document = Document { file, text, lines, root };
        if errors.is_empty() {
            return Ok(document);
        }
        let offset = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
        Err(errors.iter().map(|error| document.mistake(offset(error), error.message())).collect())
    }

    /// Reads the whole file as a message of which only the fields in `only` are allowed; all where it is empty.
    pub(super) fn read(
        &self,
        descriptor: &MessageDescriptor,
        only: &[&str],
        mistakes: &mut Vec<Mistake>,
    ) -> DynamicMessage {
        Reader { document: self, mistakes }.message(descriptor, self.root.get_ref(), only)
    }

    /// Where a path such as `plans[2].in_network` lies, or the innermost message around it that is there.
    pub(super) fn place(&self, path: &str) -> (usize, usize) {
        let mut steps = path.split(['.', '[', ']']).filter(|step| !step.is_empty());
        let mut place = None;
        let mut at = steps.next().and_then(|step| self.root.get_ref().get(step));
        while let Some(value) = at {
            place = Some(value.span().start);
            at = steps.next().and_then(|step| match value.get_ref() {
                DeValue::Table(table) => table.get(step),
                DeValue::Array(values) => step.parse::<usize>().ok().and_then(|at| values.get(at)),
                _ => None,
            });
        }
        self.line_and_column(place.unwrap_or(0))
    }

    /// Line and column of a byte, both from 1.
    fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        (line, self.text.get(start..offset).unwrap_or_default().chars().count() + 1)
    }

    /// Whether the file says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.root.get_ref().is_empty()
    }

    pub(super) fn file(&self) -> &str {
        &self.file
    }

    fn mistake(&self, offset: usize, message: impl Into<String>) -> Mistake {
        let (line, column) = self.line_and_column(offset);
        Mistake { file: self.file.clone(), line, column, message: message.into() }
    }
}

struct Reader<'a, 't> {
    document: &'a Document<'t>,
    mistakes: &'a mut Vec<Mistake>,
}

impl Reader<'_, '_> {
    fn message(&mut self, descriptor: &MessageDescriptor, table: &DeTable, only: &[&str]) -> DynamicMessage {
        let mut message = DynamicMessage::new(descriptor.clone());
        for (key, value) in table {
            let (name, place) = (key.get_ref().as_ref(), key.span().start);
            let field = descriptor.get_field_by_name(name).filter(|field| may_stand(field, only));
            let Some(field) = field else {
                let names: Vec<String> =
                    descriptor.fields().filter(|field| may_stand(field, only)).map(|f| f.name().to_owned()).collect();
                self.note(place, format!("there is no key {name:?} here{}", meant(name, &names)));
                continue;
            };
            let other = field.containing_oneof().and_then(|oneof| oneof.fields().find(|f| message.has_field(f)));
            if let Some(other) = other {
                self.note(place, format!("{name}: only one of {} and {name} may stand here", other.name()));
            } else if let Some(value) = self.field(&field, value) {
                message.set_field(&field, value);
            }
        }
        message
    }

    fn field(&mut self, field: &FieldDescriptor, value: &Spanned<DeValue>) -> Option<Value> {
        let kind = field.kind();
        if !field.is_list() {
            return self.single(field.name(), &kind, value);
        }
        let DeValue::Array(values) = value.get_ref() else {
            let right = match kind {
                Kind::Message(_) => format!("write [[…{}]], once for each", field.name()),
                _ => "put it in brackets".to_owned(),
            };
            self.note(value.span().start, format!("{}: a list is expected: {right}", field.name()));
            return None;
        };
        let name = field.name();
        // An element that cannot be read keeps its place, so that the others' places stay right.
        let read = |value| self.single(name, &kind, value).unwrap_or_else(|| Value::default_value(&kind));
        Some(Value::List(values.iter().map(read).collect()))
    }

    fn single(&mut self, name: &str, kind: &Kind, value: &Spanned<DeValue>) -> Option<Value> {
        let place = value.span().start;
        let read = match (kind, value.get_ref()) {
            (Kind::String, DeValue::String(text)) => Some(Value::String(text.clone().into_owned())),
            (Kind::String, DeValue::Datetime(date)) if date.time.is_none() => Some(Value::String(date.to_string())),
            (Kind::Bool, DeValue::Boolean(flag)) => Some(Value::Bool(*flag)),
            (Kind::Int64, DeValue::Integer(number)) => {
                i64::from_str_radix(number.as_str(), number.radix()).ok().map(Value::I64)
            }
            (Kind::Int32, DeValue::Integer(number)) => {
                i32::from_str_radix(number.as_str(), number.radix()).ok().map(Value::I32)
            }
            (Kind::Message(descriptor), DeValue::Table(table)) => {
                Some(Value::Message(self.message(descriptor, table, &[])))
            }
            (Kind::Enum(values), DeValue::String(text)) => {
                let known = short_names(values).find(|(short, whole, _)| short == text || whole == text);
                let Some((.., number)) = known else {
                    let names: Vec<String> = short_names(values).skip(1).map(|(short, ..)| short).collect();
                    self.note(
                        place,
                        format!("{name}: {text:?} is none of {}{}", names.join(", "), meant(text, &names)),
                    );
                    return None;
                };
                Some(Value::EnumNumber(number))
            }
            _ => None,
        };
        if read.is_none() {
            self.note(place, format!("{name}: {}", expected(kind, value.get_ref())));
        }
        read
    }

    fn note(&mut self, offset: usize, message: String) {
        let mistake = self.document.mistake(offset, message);
        self.mistakes.push(mistake);
    }
}

/// Resource names are the service's to give: they are no keys of a folder.
fn may_stand(field: &FieldDescriptor, only: &[&str]) -> bool {
    !is_resource_name(field) && (only.is_empty() || only.contains(&field.name()))
}

/// Whether a field is the resource name that the service gives to a record, such as `sandboxes/{sandbox}/members/{member_id}`.
pub(super) fn is_resource_name(field: &FieldDescriptor) -> bool {
    field.name() == "name" && ["Member", "Provider", "Authorization"].contains(&field.parent_message().name())
}

/// The values of an enum: `female`, `SEX_FEMALE`, and the number.
pub(super) fn short_names(values: &EnumDescriptor) -> impl Iterator<Item = (String, String, i32)> {
    let prefix = values.default_value().name().trim_end_matches("UNSPECIFIED").to_owned();
    let values: Vec<_> = values.values().map(|value| (value.name().to_owned(), value.number())).collect();
    values
        .into_iter()
        .map(move |(whole, number)| (whole.strip_prefix(&prefix).unwrap_or(&whole).to_lowercase(), whole, number))
}

fn expected(kind: &Kind, value: &DeValue) -> String {
    let expected = match kind {
        Kind::String | Kind::Enum(_) => "text in quotation marks",
        Kind::Bool => "true or false",
        Kind::Int64 => "a whole number, such as cents: 1500_00",
        Kind::Int32 => "a whole number",
        Kind::Message(_) => "a table",
        _ => "something else",
    };
    let has = match value {
        DeValue::String(_) => "text".to_owned(),
        DeValue::Integer(number) => format!("the number {}", number.as_str()),
        DeValue::Float(number) => format!("the number {}", number.as_str()),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(_) => "a date with a time".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    };
    format!("{expected} is expected here, not {has}")
}
