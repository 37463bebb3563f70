//! `${first.name}`: what an earlier step's answer said.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::document::{LineFault, Node, Value};
use super::overlay::place;

/// Answers by the names that steps gave them.
pub(super) type Saved = BTreeMap<String, Json>;

/// The node with what each placeholder stands for. Text that is one placeholder and nothing else becomes the value itself.
pub(super) fn fill(node: &Node, saved: &Saved) -> Result<Node, LineFault> {
    let value = match &node.value {
        Value::Text(text) => return fill_text(text, node.line, saved),
        Value::List(nodes) => Value::List(nodes.iter().map(|node| fill(node, saved)).collect::<Result<_, _>>()?),
        Value::Table(fields) => {
            let filled = fields.iter().map(|(key, node)| Ok((key.clone(), fill(node, saved)?)));
            Value::Table(filled.collect::<Result<_, _>>()?)
        }
        value => value.clone(),
    };
    Ok(Node { line: node.line, value })
}

fn fill_text(text: &str, line: usize, saved: &Saved) -> Result<Node, LineFault> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        let (path, after) = behind.split_once('}').ok_or((line, format!("{text}: a }} is missing")))?;
        let found = look_up(path, saved).ok_or_else(|| (line, format!("${{{path}}}: no earlier answer has it")))?;
        if before.is_empty() && after.is_empty() && rest.len() == text.len() {
            return Ok(node_of(found, line));
        }
        filled.push_str(before);
        filled.push_str(&found.as_str().map_or_else(|| found.to_string(), str::to_owned));
        rest = after;
    }
    filled.push_str(rest);
    Ok(Node { line, value: Value::Text(filled) })
}

fn look_up<'a>(path: &str, saved: &'a Saved) -> Option<&'a Json> {
    let mut steps = path.split('.');
    let answer = saved.get(steps.next()?)?;
    steps.try_fold(answer, |value, step| match value {
        Json::Array(values) => values.get(place(step)?),
        value => value.get(step),
    })
}

fn node_of(json: &Json, line: usize) -> Node {
    let value = match json {
        Json::Array(values) => Value::List(values.iter().map(|value| node_of(value, line)).collect()),
        Json::Object(fields) => {
            Value::Table(fields.iter().map(|(key, value)| (key.clone(), node_of(value, line))).collect())
        }
        Json::Bool(flag) => Value::Flag(*flag),
        Json::Number(number) => number.as_i64().map_or_else(|| Value::Text(number.to_string()), Value::Number),
        Json::String(text) => Value::Text(text.clone()),
        Json::Null => Value::Text(String::new()),
    };
    Node { line, value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_placeholder_alone_keeps_its_type_and_others_become_text() {
        let saved = Saved::from([("first".to_owned(), json!({ "lines": [{ "cents": 5 }], "name": "n" }))]);
        let filled =
            |text: &str| fill(&Node::parse(&format!("a = '{text}'")).unwrap(), &saved).map(|node| node.to_json());
        assert_eq!(filled("${first.lines.1.cents}"), Ok(json!({ "a": 5 })));
        assert_eq!(filled("${first.name}-${first.lines.1.cents}!"), Ok(json!({ "a": "n-5!" })));
        assert_eq!(filled("${second.name}"), Err((1, "${second.name}: no earlier answer has it".into())));
        assert!(filled("${first.lines.0.cents}").is_err(), "places count from one");
    }
}
