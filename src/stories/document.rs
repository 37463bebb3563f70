//! A TOML document in which every value knows its line.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Line in the file, from one.
    pub line: usize,
    /// What stands there.
    pub value: Value,
}

/// What can stand in a story. There are no floats: rates are text, amounts whole cents. Dates may go without quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text, also a date.
    Text(String),
    /// A whole number.
    Number(i64),
    /// True or false.
    Flag(bool),
    /// Values in order.
    List(Vec<Node>),
    /// Values by name.
    Table(BTreeMap<String, Node>),
}

/// Something wrong in a story file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: PathBuf,
    /// Line, from one.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub words: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.words)
    }
}

/// What is wrong, and on which line; the reader of the file adds its name.
pub(super) type LineFault = (usize, String);

impl Node {
    /// Reads a document.
    pub(super) fn parse(text: &str) -> Result<Node, LineFault> {
        let lines = Lines::of(text);
        let table = DeTable::parse(text).map_err(|error| {
            let line = error.span().map_or(1, |span| lines.number(span.start));
            (line, error.message().to_owned())
        })?;
        Ok(Node { line: 1, value: lines.table(table.into_inner())? })
    }

    /// An empty table.
    pub(super) fn empty(line: usize) -> Node {
        Node { line, value: Value::Table(BTreeMap::new()) }
    }

    /// The field of a table.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(fields) => fields.get(key),
            _ => None,
        }
    }

    /// The same in JSON.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Text(text) => text.clone().into(),
            Value::Number(number) => (*number).into(),
            Value::Flag(flag) => (*flag).into(),
            Value::List(nodes) => nodes.iter().map(Node::to_json).collect(),
            Value::Table(fields) => {
                Json::Object(fields.iter().map(|(key, node)| (key.clone(), node.to_json())).collect())
            }
        }
    }
}

/// Where each line of a text begins.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Lines {
        Lines(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    fn number(&self, offset: usize) -> usize {
        self.0.partition_point(|newline| *newline < offset) + 1
    }

    fn table(&self, table: DeTable<'_>) -> Result<Value, LineFault> {
        let fields = table.into_iter().map(|(key, value)| {
            let line = self.number(key.span().start);
            Ok((key.into_inner().into_owned(), self.node(value, line)?))
        });
        fields.collect::<Result<_, _>>().map(Value::Table)
    }

    /// A value below its key. A table's own span may lie at its first use, so the key's line is the better place.
    fn node(&self, value: Spanned<DeValue<'_>>, line: usize) -> Result<Node, LineFault> {
        let value = match value.into_inner() {
            DeValue::String(text) => Value::Text(text.into_owned()),
            DeValue::Datetime(date) => Value::Text(date.to_string()),
            DeValue::Boolean(flag) => Value::Flag(flag),
            DeValue::Integer(number) => {
                let value = i64::from_str_radix(number.as_str(), number.radix());
                Value::Number(value.map_err(|_| (line, format!("{number} is too large for a number")))?)
            }
            DeValue::Float(number) => {
                return Err((
                    line,
                    format!("write \"{number}\" in quotes: rates and units are text, amounts whole cents"),
                ));
            }
            DeValue::Array(values) => {
                let nodes = values.into_iter().map(|value| {
                    let line = self.number(value.span().start);
                    self.node(value, line)
                });
                Value::List(nodes.collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => self.table(table)?,
        };
        Ok(Node { line, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_line() {
        let document = Node::parse("title = 'x'\n[claims.a]\n\nnote = { b = 2026-07-15,\n  c = [1,\n 2] }\n").unwrap();
        let note =
            document.get("claims").and_then(|claims| claims.get("a")).and_then(|claim| claim.get("note")).unwrap();
        assert_eq!(note.get("b"), Some(&Node { line: 4, value: Value::Text("2026-07-15".into()) }));
        let Some(Node { value: Value::List(numbers), .. }) = note.get("c") else { panic!("no list") };
        assert_eq!(numbers.iter().map(|number| number.line).collect::<Vec<_>>(), [5, 6]);
    }

    #[test]
    fn faults_say_their_line() {
        assert_eq!(Node::parse("a = 1\nb = \n").unwrap_err().0, 2);
        let (line, words) = Node::parse("a = 1\nrate = 0.2\n").unwrap_err();
        assert!(line == 2 && words.contains("\"0.2\" in quotes"), "{words}");
    }
}
