//! Expressions of policies: the text, in a subset of CEL (<https://cel.dev>), lowered to what is evaluated.
//!
//! A kept parser reads it. It works in doubles and knows no budget, so nothing of it is evaluated: length and nesting are
//! bounded before it reads, numbers are read anew as exact decimals, and every node is checked for its kind. What cannot
//! be lowered is refused with its column.

use std::fmt::Write as _;
use std::str::FromStr;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, SourceInfo, operators};
use cel::parser::Parser;
use rust_decimal::Decimal;

use super::spelling::meant;
use super::value_sets::ValueSets;
use crate::domain::dates::parse_iso;
use crate::domain::expression::{Comparison, Expression, FIELDS, FUNCTIONS, Field, FieldRow, Kind, Operation};

mod calls;

/// The longest text of an expression.
const MAX_LENGTH: usize = 1_000;
/// The deepest nesting of brackets.
const MAX_BRACKETS: usize = 24;
/// The deepest nesting of operations.
const MAX_DEPTH: usize = 64;

/// What is wrong, and at which character from 0.
#[derive(Debug)]
struct Fault {
    at: usize,
    words: String,
}

type Lowered = Result<(Expression, Kind), Fault>;

/// Lowers an expression that is true or false, or says what is wrong with it, under the text and its column.
pub(super) fn lower(source: &str, sets: &ValueSets) -> Result<Expression, String> {
    lower_bool(source, sets).map_err(|Fault { at, words }| {
        let (before, line) = match source.get(..at).and_then(|text| text.rfind('\n')) {
            Some(end) => (at - end - 1, source.get(end + 1..).unwrap_or_default()),
            None => (at, source),
        };
        let line = line.lines().next().unwrap_or_default();
        let mut text = format!("at character {}: {words}", at + 1);
        let _ = write!(text, "\n    {line}\n    {}^", " ".repeat(before));
        text
    })
}

fn lower_bool(source: &str, sets: &ValueSets) -> Result<Expression, Fault> {
    within_bounds(source)?;
    let (root, places) = Parser::new().parse_with_source_info(source).map_err(|errors| syntax(source, &errors))?;
    let lowering = Lowering { source, places, sets };
    match lowering.expression(&root, 0)? {
        (expression, Kind::Bool) => Ok(expression),
        (_, kind) => Err(Fault { at: 0, words: format!("it is a {}; it must be true or false", kind.as_str()) }),
    }
}

/// Whether the parser may look at it at all.
fn within_bounds(source: &str) -> Result<(), Fault> {
    if source.len() > MAX_LENGTH {
        let words = format!("it has {} characters, at most {MAX_LENGTH}: split it over conditions", source.len());
        return Err(Fault { at: 0, words });
    }
    if let Some(at) = source.bytes().position(|byte| !byte.is_ascii() || byte == b'`' || byte == 0) {
        return Err(Fault { at, words: "plain letters, digits and signs only (ASCII)".to_owned() });
    }
    let mut open = 0_usize;
    for (at, byte) in source.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MAX_BRACKETS {
            return Err(Fault { at, words: format!("brackets are nested deeper than {MAX_BRACKETS}") });
        }
    }
    Ok(())
}

/// The first error of the parser, in few words.
fn syntax(source: &str, errors: &cel::ParseErrors) -> Fault {
    let Some(first) = errors.errors.iter().min_by_key(|error| error.pos) else {
        return Fault { at: 0, words: "it cannot be read".to_owned() };
    };
    let (line, column) = first.pos;
    let before = source.split_inclusive('\n').take(usize::try_from(line - 1).unwrap_or(0)).map(str::len).sum::<usize>();
    let at = (before + usize::try_from(column - 1).unwrap_or(0)).min(source.len());
    let words = first.msg.split(" expecting ").next().unwrap_or_default().trim_start_matches("Syntax error: ");
    Fault { at, words: format!("it cannot be read: {words}") }
}

/// An expression being lowered.
struct Lowering<'a> {
    source: &'a str,
    places: SourceInfo,
    sets: &'a ValueSets<'a>,
}

impl Lowering<'_> {
    /// Where a node begins, as far as the parser tells.
    fn at(&self, node: &IdedExpr) -> usize {
        let own = |id| self.places.offset_for(id).map_or(0, |(start, _)| usize::try_from(start).unwrap_or(0));
        match &node.expr {
            // The place of a field is its point: what stands before it begins it.
            Expr::Select(select) if !select.test => self.at(&select.operand),
            _ => own(node.id),
        }
    }

    fn fault<T>(&self, node: &IdedExpr, words: impl Into<String>) -> Result<T, Fault> {
        Err(Fault { at: self.at(node), words: words.into() })
    }

    fn expression(&self, node: &IdedExpr, depth: usize) -> Lowered {
        if depth > MAX_DEPTH {
            return self.fault(node, format!("operations are nested deeper than {MAX_DEPTH}"));
        }
        match &node.expr {
            Expr::Literal(literal) => self.literal(node, literal),
            Expr::Ident(_) => {
                let row = self.field(node)?;
                self.of_field(node, row)
            }
            Expr::Select(SelectExpr { test: true, operand, field }) => {
                let path = format!("{}.{field}", path_of(operand).unwrap_or_default());
                Ok((Expression::Has(self.row(node, &path)?.field), Kind::Bool))
            }
            Expr::Select(_) => {
                let row = self.field(node)?;
                self.of_field(node, row)
            }
            Expr::Call(call) => self.call(node, call, depth + 1),
            Expr::List(_) => self.fault(node, "a list stands only behind `in`".replace('`', "\"")),
            Expr::Comprehension(_) => self.fault(node, "there are no loops over lists: use any_in or any_starts"),
            Expr::Map(_) | Expr::Struct(_) => self.fault(node, "there are no maps and messages"),
            Expr::Unspecified => self.fault(node, "it cannot be read"),
        }
    }

    fn of_field(&self, node: &IdedExpr, row: &'static FieldRow) -> Lowered {
        if row.kind == Kind::List {
            return self.fault(node, format!("{} is a list: ask with \"in\", any_in, any_starts or size", row.path));
        }
        Ok((Expression::Field(row.field), row.kind))
    }

    /// The field that a node names.
    fn field(&self, node: &IdedExpr) -> Result<&'static FieldRow, Fault> {
        match path_of(node) {
            Some(path) => self.row(node, &path),
            None => self.fault(node, "a field is expected, such as line.units"),
        }
    }

    fn row(&self, node: &IdedExpr, path: &str) -> Result<&'static FieldRow, Fault> {
        match FIELDS.iter().find(|row| row.path == path) {
            Some(row) => Ok(row),
            None => {
                let names: Vec<String> = FIELDS.iter().map(|row| row.path.to_owned()).collect();
                self.fault(node, format!("there is no field {path:?}{}", meant(path, &names)))
            }
        }
    }

    /// The list field that an argument names.
    fn list(&self, node: &IdedExpr) -> Result<Field, Fault> {
        let row = self.field(node)?;
        if row.kind != Kind::List {
            return self.fault(node, format!("{} is a {}, not a list", row.path, row.kind.as_str()));
        }
        Ok(row.field)
    }

    fn literal(&self, node: &IdedExpr, literal: &LiteralValue) -> Lowered {
        Ok(match literal {
            LiteralValue::Boolean(answer) => (Expression::Bool(*answer.inner()), Kind::Bool),
            LiteralValue::Int(number) => (Expression::Number(Decimal::from(*number.inner())), Kind::Number),
            LiteralValue::UInt(number) => (Expression::Number(Decimal::from(*number.inner())), Kind::Number),
            LiteralValue::String(text) => (Expression::Text(text.inner().to_owned()), Kind::Text),
            // What the parser has rounded to a double is read anew.
            LiteralValue::Double(double) => {
                // Whether the sign belongs to its text is for the parser to know.
                let text = self.source.get(self.at(node)..).unwrap_or_default().trim_start_matches('-').trim_start();
                let end = text.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'.');
                let (number, rest) = text.split_at(end.unwrap_or(text.len()));
                match Decimal::from_str(number) {
                    Ok(mut number) if !rest.starts_with(['e', 'E']) => {
                        number.set_sign_negative(double.inner().is_sign_negative());
                        (Expression::Number(number), Kind::Number)
                    }
                    _ => return self.fault(node, "write the number in full, such as 0.5"),
                }
            }
            LiteralValue::Bytes(_) => return self.fault(node, "there are no bytes: leave the b out"),
            LiteralValue::Null => return self.fault(node, "there is no null: ask has(…)".replace('…', "line.x")),
        })
    }
}

/// `line.units` where a node spells a path.
fn path_of(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(SelectExpr { operand, field, test: false }) => Some(format!("{}.{field}", path_of(operand)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
