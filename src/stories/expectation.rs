//! What an answer must say, and where it says something else.

use std::fmt;

use prost_reflect::Kind;
use serde_json::Value as Json;
use tonic::Status;
use tonic_types::StatusExt;

use super::document::{Node, Value};
use super::overlay::place;
use super::shape::Shape;
use crate::client::failure::{code_name, in_words};
use crate::client::messages::whole_enum_name;

/// A place where the answer is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Line of the expectation in the story.
    pub line: usize,
    /// Path in the answer: `determination.lines.1.paid_cents`.
    pub path: String,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub actual: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, got {}", self.path, self.expected, self.actual)
    }
}

/// A gRPC error that must come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectedError {
    /// Line in the story.
    pub line: usize,
    /// `INVALID_ARGUMENT`; empty: any.
    pub code: String,
    /// `ERROR_REASON_LIMIT`, or in short `LIMIT`; empty: any.
    pub reason: String,
    /// Fields that must be among the violated ones.
    pub fields: Vec<String>,
    /// Part of the message.
    pub message: String,
}

/// Compares an answer with what is expected of it; both in JSON terms, guided by the shape.
pub(super) fn compare(actual: Option<&Json>, expected: &Node, shape: &Shape) -> Vec<Difference> {
    let mut differences = Vec::new();
    Comparison { differences: &mut differences, path: String::new() }.value(actual, expected, shape);
    differences
}

struct Comparison<'d> {
    differences: &'d mut Vec<Difference>,
    path: String,
}

impl Comparison<'_> {
    fn value(&mut self, actual: Option<&Json>, expected: &Node, shape: &Shape) {
        match (&expected.value, actual) {
            (Value::Table(fields), Some(Json::Array(values))) if shape.list => {
                for (key, node) in fields {
                    self.list(values, key, node, &shape.one());
                }
            }
            (Value::List(nodes), Some(Json::Array(values))) => {
                if nodes.len() != values.len() {
                    self.differ(expected, format!("a list of {}", nodes.len()), brief(actual));
                    return;
                }
                for (at, (node, value)) in nodes.iter().zip(values).enumerate() {
                    self.below(&(at + 1).to_string(), |inner| inner.value(Some(value), node, &shape.one()));
                }
            }
            (Value::Table(fields), Some(Json::Object(values))) => {
                let Kind::Message(descriptor) = &shape.kind else { return };
                for (key, node) in fields {
                    let Some(field) = descriptor.get_field_by_name(key) else { continue };
                    self.below(key, |inner| inner.value(values.get(key), node, &Shape::field(&field)));
                }
            }
            (Value::Table(fields), Some(Json::String(text))) => {
                for part in fields.get("contains").map(Node::to_json).iter().filter_map(Json::as_str) {
                    if !text.contains(part) {
                        self.differ(expected, format!("text with {part:?}"), brief(actual));
                    }
                }
            }
            _ => {
                let wanted = scalar(expected, &shape.kind);
                if actual != Some(&wanted) {
                    self.differ(expected, brief(Some(&wanted)), brief(actual));
                }
            }
        }
    }

    fn list(&mut self, values: &[Json], key: &str, node: &Node, shape: &Shape) {
        let holds = |value: &&Json| compare(Some(value), node, shape).is_empty();
        match key {
            "count" => {
                let count = Json::from(values.len());
                if node.to_json() != count {
                    self.below(key, |inner| inner.differ(node, node.to_json().to_string(), count.to_string()));
                }
            }
            "any" if !values.iter().any(|value| holds(&value)) => {
                let actual = brief(Some(&Json::from(values)));
                self.below(key, |inner| inner.differ(node, node.to_json().to_string(), actual));
            }
            "none" => {
                if let Some(found) = values.iter().find(holds) {
                    let expected = format!("none like {}", node.to_json());
                    self.below(key, |inner| inner.differ(node, expected, brief(Some(found))));
                }
            }
            key => {
                if let Some(at) = place(key) {
                    self.below(key, |inner| inner.value(values.get(at), node, shape));
                }
            }
        }
    }

    fn below(&mut self, step: &str, read: impl FnOnce(&mut Comparison<'_>)) {
        let path = if self.path.is_empty() { step.to_owned() } else { format!("{}.{step}", self.path) };
        read(&mut Comparison { differences: self.differences, path });
    }

    fn differ(&mut self, expected: &Node, wanted: String, actual: String) {
        let path = if self.path.is_empty() { "the answer".to_owned() } else { self.path.clone() };
        self.differences.push(Difference { line: expected.line, path, expected: wanted, actual });
    }
}

/// The expected value as JSON, its enum value in full.
fn scalar(expected: &Node, kind: &Kind) -> Json {
    let json = expected.to_json();
    match (kind, json.as_str()) {
        (Kind::Enum(values), Some(text)) => whole_enum_name(values, text).map_or(json, Json::from),
        _ => json,
    }
}

/// A value in few words: long ones are cut.
fn brief(value: Option<&Json>) -> String {
    let Some(value) = value else { return "nothing".into() };
    let text = value.to_string();
    match text.char_indices().nth(400) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

impl ExpectedError {
    /// Compares a status with what is expected of it.
    pub(super) fn compare(&self, status: &Status) -> Vec<Difference> {
        let details = status.get_error_details();
        let violated: Vec<&str> = details
            .bad_request()
            .iter()
            .flat_map(|bad| &bad.field_violations)
            .map(|found| found.field.as_str())
            .collect();
        let reason = details.error_info().map_or("", |info| info.reason.as_str());
        let mut differences = Vec::new();
        let mut check = |holds: bool, path: &str, expected: &str, actual: String| {
            if !holds {
                let (path, expected) = (path.to_owned(), format!("{expected:?}"));
                differences.push(Difference { line: self.line, path, expected, actual });
            }
        };
        let code = code_name(status.code());
        check(self.code.is_empty() || self.code == code, "error code", &self.code, in_words(status));
        check(reason.ends_with(&self.reason), "error reason", &self.reason, format!("{reason:?}"));
        check(
            status.message().contains(&self.message),
            "error message",
            &self.message,
            format!("{:?}", status.message()),
        );
        for field in &self.fields {
            check(violated.contains(&field.as_str()), "violated fields", field, format!("{violated:?}"));
        }
        differences
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::messages::{Defaults, descriptor, from_json, to_json};
    use serde_json::json;
    use tonic::Code;
    use tonic_types::ErrorDetails;

    fn differences(expected: &str) -> Vec<String> {
        let claim = json!({
            "state": "DENIED",
            "determination": { "lines": [
                { "line": 1, "paid_cents": 100, "adjustments": [{ "group": "CO", "carc": "45", "words": "above the fee" }] },
                { "line": 2 },
            ] },
        });
        let shape = descriptor("Claim").unwrap();
        let claim = to_json(&from_json(&shape, claim).unwrap(), Defaults::Written);
        let expected = Node::parse(expected).unwrap();
        compare(Some(&claim), &expected, &Shape::message(shape)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_not_named_may_be_anything() {
        assert_eq!(
            differences("state = 'DENIED'\ndetermination.lines.1.adjustments.1 = { group = 'CO', carc = '45' }"),
            [""; 0]
        );
        // A zero is a value like any other, though proto JSON would leave it out.
        assert_eq!(differences("determination.lines.2.paid_cents = 0"), [""; 0]);
    }

    #[test]
    fn a_difference_names_its_path_and_both_values() {
        assert_eq!(
            differences("state = 'ALLOWED'\ndetermination.lines.1.paid_cents = 99"),
            [
                "determination.lines.1.paid_cents: expected 99, got 100",
                "state: expected \"CLAIM_STATE_ALLOWED\", got \"CLAIM_STATE_DENIED\""
            ]
        );
        assert_eq!(
            differences("determination.lines.3.paid_cents = 0"),
            ["determination.lines.3: expected {\"paid_cents\":0}, got nothing"]
        );
    }

    #[test]
    fn lists_by_count_by_any_by_none_and_as_a_whole() {
        assert_eq!(
            differences("determination.lines = { count = 2, any = { line = 2 }, none = { line = 3 } }"),
            [""; 0]
        );
        assert_eq!(differences("determination.lines.count = 3"), ["determination.lines.count: expected 3, got 2"]);
        assert_eq!(differences("determination.lines.any = { line = 3 }").len(), 1);
        assert_eq!(differences("determination.lines.none = { line = 2 }").len(), 1);
        assert_eq!(differences("determination.lines = [{ line = 1 }, { line = 2 }]"), [""; 0]);
        assert_eq!(differences("determination.lines = [{ line = 1 }]").len(), 1);
        let words = |part: &str| differences(&format!("determination.lines.1.adjustments.1.words.contains = '{part}'"));
        assert_eq!((words("the fee").len(), words("contract").len()), (0, 1));
    }

    #[test]
    fn an_error_is_compared_by_code_reason_fields_and_message() {
        let mut details =
            ErrorDetails::with_error_info("ERROR_REASON_FIELD_VIOLATION", "payersim", std::collections::HashMap::new());
        details.add_bad_request_violation("professional.payer_id", "missing");
        let status = Status::with_error_details(Code::InvalidArgument, "one field is wrong", details);
        let expected = ExpectedError {
            line: 7,
            code: "INVALID_ARGUMENT".into(),
            reason: "FIELD_VIOLATION".into(),
            fields: vec!["professional.payer_id".into()],
            message: "one field".into(),
        };
        assert_eq!(expected.compare(&status), []);
        let other = ExpectedError { code: "NOT_FOUND".into(), fields: vec!["professional.lines".into()], ..expected };
        assert_eq!(
            other.compare(&status).iter().map(|found| found.path.as_str()).collect::<Vec<_>>(),
            ["error code", "violated fields"]
        );
    }
}
