//! What a value must look like by its descriptor, so that a misspelt field is found before anything runs.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::document::{LineFault, Node, Value};
use super::overlay::place;
use crate::client::messages::{no_such_field, no_such_value, whole_enum_name};

/// Type of a value: one of a kind, or a list of them.
#[derive(Clone, Debug)]
pub struct Shape {
    pub(super) kind: Kind,
    pub(super) list: bool,
}

/// What the value is for: a request is the message itself; an expectation may also say `count`, `any`, `none`, `contains` and places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Request,
    Expectation,
}

impl Shape {
    /// One message.
    pub fn message(descriptor: MessageDescriptor) -> Shape {
        Shape { kind: Kind::Message(descriptor), list: false }
    }

    /// A list of the same.
    #[must_use]
    pub fn listed(self) -> Shape {
        Shape { list: true, ..self }
    }

    /// One of the list.
    pub(super) fn one(&self) -> Shape {
        Shape { list: false, ..self.clone() }
    }

    pub(super) fn field(field: &FieldDescriptor) -> Shape {
        Shape { kind: field.kind(), list: field.is_list() }
    }

    /// Notes everything in `node` that cannot be of this shape.
    pub(super) fn check(&self, node: &Node, used: Use, faults: &mut Vec<LineFault>) {
        match (&node.value, &self.kind) {
            (Value::Text(text), _) if text.contains("${") => {}
            (Value::List(nodes), _) if self.list => {
                nodes.iter().for_each(|node| self.one().check(node, used, faults));
            }
            (Value::Table(fields), _) if self.list && used == Use::Expectation => {
                for (key, node) in fields {
                    match key.as_str() {
                        "count" if matches!(node.value, Value::Number(_)) => {}
                        "any" | "none" => self.one().check(node, used, faults),
                        key if place(key).is_some() => self.one().check(node, used, faults),
                        key => {
                            faults.push((node.line, format!("{key}: a list has places (1, 2, …), count, any and none")))
                        }
                    }
                }
            }
            (_, _) if self.list => faults.push((node.line, "a list belongs here: [ … ]".into())),
            (Value::Table(fields), Kind::Message(descriptor)) => {
                for (key, node) in fields {
                    match descriptor.get_field_by_name(key) {
                        Some(field) => Shape::field(&field).check(node, used, faults),
                        None => faults.push((node.line, format!("{key}: {}", no_such_field(descriptor, key)))),
                    }
                }
            }
            (Value::Table(fields), Kind::String) if used == Use::Expectation && fields.keys().eq(["contains"]) => {}
            (Value::Text(text), Kind::Enum(values)) => {
                if whole_enum_name(values, text).is_none() {
                    faults.push((node.line, no_such_value(values, text)));
                }
            }
            (Value::Text(_), Kind::String | Kind::Bytes) | (Value::Flag(_), Kind::Bool) => {}
            (Value::Number(_), kind) if is_number(kind) => {}
            (_, kind) => faults.push((node.line, format!("{} belongs here", kind_in_words(kind)))),
        }
    }
}

fn is_number(kind: &Kind) -> bool {
    !matches!(kind, Kind::Message(_) | Kind::Enum(_) | Kind::String | Kind::Bytes | Kind::Bool)
}

fn kind_in_words(kind: &Kind) -> String {
    match kind {
        Kind::Message(descriptor) => format!("a {} {{ … }}", descriptor.name()),
        Kind::Enum(values) => format!(
            "a {} such as \"{}\"",
            values.name(),
            values.values().last().map_or(String::new(), |value| value.name().to_owned())
        ),
        Kind::String | Kind::Bytes => "text in quotes".into(),
        Kind::Bool => "true or false".into(),
        _ => "a whole number".into(),
    }
}
