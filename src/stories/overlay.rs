//! Laying one table over another: `like` and `with`.

use super::document::{LineFault, Node, Value};

/// Changes `base` by what `over` says: tables field by field, lists as a whole, or by places (`lines.2.charge_cents`), from one.
pub(super) fn lay(base: &mut Node, over: &Node) -> Result<(), LineFault> {
    match (&mut base.value, &over.value) {
        (Value::Table(fields), Value::Table(changes)) => {
            for (key, change) in changes {
                match fields.get_mut(key) {
                    Some(field) => lay(field, change)?,
                    None => _ = fields.insert(key.clone(), change.clone()),
                }
            }
        }
        (Value::List(nodes), Value::Table(changes)) => {
            for (key, change) in changes {
                let last = nodes.len();
                match place(key).filter(|at| *at <= last) {
                    Some(at) => match nodes.get_mut(at) {
                        Some(node) => lay(node, change)?,
                        None => nodes.push(change.clone()),
                    },
                    None => {
                        let words = format!(
                            "{key} is no place in a list of {last}: 1 to {last} changes one, {} adds one",
                            last + 1
                        );
                        return Err((change.line, words));
                    }
                }
            }
        }
        _ => *base = over.clone(),
    }
    Ok(())
}

/// `1` is the first place: index 0.
pub(super) fn place(key: &str) -> Option<usize> {
    key.parse::<usize>().ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn laid(base: &str, over: &str) -> Result<serde_json::Value, LineFault> {
        let mut base = Node::parse(base).unwrap();
        lay(&mut base, &Node::parse(over).unwrap()).map(|()| base.to_json())
    }

    #[test]
    fn tables_merge_and_lists_are_replaced() {
        assert_eq!(
            laid("a = { b = 1, c = 2 }\nd = [1, 2]", "a.c = 3\nd = [9]"),
            Ok(json!({ "a": { "b": 1, "c": 3 }, "d": [9] }))
        );
    }

    #[test]
    fn a_place_in_a_list_changes_that_one_alone_and_the_next_adds_one() {
        let base = "lines = [{ code = 'A', cents = 1 }, { code = 'B', cents = 2 }]";
        let changed = json!([{ "code": "A", "cents": 1 }, { "code": "X", "cents": 2 }, { "code": "C" }]);
        assert_eq!(laid(base, "lines.2.code = 'X'\nlines.3.code = 'C'"), Ok(json!({ "lines": changed })));
        let (line, words) = laid(base, "\nlines.4.code = 'X'").unwrap_err();
        assert!(line == 2 && words.starts_with("4 is no place in a list of 2"), "{words}");
        assert!(laid(base, "lines.0.code = 'X'").is_err(), "places count from one");
    }
}
