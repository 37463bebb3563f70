//! Operators and functions of expressions, lowered.

use super::{
    CallExpr, Comparison, Decimal, Expr, Expression, FUNCTIONS, Fault, Field, IdedExpr, Kind, Lowered, Lowering,
    Operation, meant, operators, parse_iso,
};
use crate::domain::member::CodeRanges;

/// The longest time that a function looks back, in days: two hundred years.
const MAX_DAYS: i32 = 73_000;

impl Lowering<'_> {
    pub(super) fn call(&self, node: &IdedExpr, call: &CallExpr, depth: usize) -> Lowered {
        let pair = || match call.args.as_slice() {
            [left, right] => Ok((left, right)),
            _ => self.fault(node, "two values are expected"),
        };
        if let Some(comparison) = comparison(&call.func_name) {
            let (left, right) = pair()?;
            return self.compare(node, comparison, (left, right), depth);
        }
        if let Some(operation) = operation(&call.func_name) {
            let (left, right) = pair()?;
            let sides = [self.of_kind(left, Kind::Number, depth)?, self.of_kind(right, Kind::Number, depth)?];
            return Ok((Expression::Arithmetic(operation, Box::new(sides)), Kind::Number));
        }
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND, parts) => Ok((Expression::And(self.all_bool(parts, depth)?), Kind::Bool)),
            (operators::LOGICAL_OR, parts) => Ok((Expression::Or(self.all_bool(parts, depth)?), Kind::Bool)),
            (operators::LOGICAL_NOT, [inner]) => {
                Ok((Expression::Not(Box::new(self.of_kind(inner, Kind::Bool, depth)?)), Kind::Bool))
            }
            (operators::NEGATE, [inner]) => {
                let sides = [Expression::Number(Decimal::ZERO), self.of_kind(inner, Kind::Number, depth)?];
                Ok((Expression::Arithmetic(Operation::Subtract, Box::new(sides)), Kind::Number))
            }
            (operators::CONDITIONAL, [asked, then, otherwise]) => {
                let asked = self.of_kind(asked, Kind::Bool, depth)?;
                let (then, kind) = self.expression(then, depth)?;
                let otherwise = self.of_kind(otherwise, kind, depth)?;
                Ok((Expression::If(Box::new([asked, then, otherwise])), kind))
            }
            (operators::IN, [asked, list]) => self.membership(asked, list, depth),
            (operators::MODULO, _) => self.fault(node, "there is no %"),
            (operators::INDEX | operators::OPT_INDEX, _) => {
                self.fault(node, "there are no places in lists: ask with \"in\"")
            }
            _ => self.function(node, call, depth),
        }
    }

    fn all_bool(&self, parts: &[IdedExpr], depth: usize) -> Result<Vec<Expression>, Fault> {
        parts.iter().map(|part| self.of_kind(part, Kind::Bool, depth)).collect()
    }

    /// An expression that must be of a kind.
    fn of_kind(&self, node: &IdedExpr, kind: Kind, depth: usize) -> Result<Expression, Fault> {
        match self.expression(node, depth)? {
            (expression, found) if found == kind => Ok(expression),
            (_, found) => self.fault(node, format!("a {} is expected here, not a {}", kind.as_str(), found.as_str())),
        }
    }

    fn compare(
        &self,
        node: &IdedExpr,
        comparison: Comparison,
        (left, right): (&IdedExpr, &IdedExpr),
        depth: usize,
    ) -> Lowered {
        let (first, kind) = self.expression(left, depth)?;
        let second = self.of_kind(right, kind, depth)?;
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if ordered && !matches!(kind, Kind::Number | Kind::Date) {
            return self.fault(node, format!("a {} has no order: compare with == and !=", kind.as_str()));
        }
        Ok((Expression::Compare(comparison, Box::new([first, second])), Kind::Bool))
    }

    /// `a in [b, c]` and `a in line.modifiers`.
    fn membership(&self, asked: &IdedExpr, list: &IdedExpr, depth: usize) -> Lowered {
        if let Expr::List(elements) = &list.expr {
            let (asked, kind) = self.expression(asked, depth)?;
            let elements: Result<_, _> = elements.elements.iter().map(|e| self.of_kind(e, kind, depth)).collect();
            return Ok((Expression::Among(Box::new(asked), elements?), Kind::Bool));
        }
        let field = self.list(list)?;
        let asked = match self.of_kind(asked, Kind::Text, depth)? {
            Expression::Text(text) => Expression::Text(written(field, &text)),
            other => other,
        };
        Ok((Expression::Within(Box::new(asked), field), Kind::Bool))
    }

    fn function(&self, node: &IdedExpr, call: &CallExpr, depth: usize) -> Lowered {
        let name = call.func_name.as_str();
        let Some(row) = FUNCTIONS.iter().find(|row| row.name == name) else {
            let names: Vec<String> = FUNCTIONS.iter().map(|row| row.name.to_owned()).collect();
            return self.fault(node, format!("there is no function {name:?}{}", meant(name, &names)));
        };
        let expression = match (name, call.target.as_deref(), call.args.as_slice()) {
            ("startsWith", Some(asked), [start]) => {
                let asked = self.of_kind(asked, Kind::Text, depth)?;
                Expression::StartsWith(Box::new(asked), self.text(start)?.to_owned())
            }
            ("in_set", None, [asked, id]) => {
                let asked = self.of_kind(asked, Kind::Text, depth)?;
                let set = self.sets.list(self.text(id)?.trim_start_matches('@'));
                Expression::InSet(Box::new(asked), self.known(id, set)?)
            }
            ("any_in", None, [list, id]) => {
                let set = self.sets.list(self.text(id)?.trim_start_matches('@'));
                Expression::AnyIn(self.list(list)?, self.known(id, set)?)
            }
            ("any_starts", None, [list, start]) => {
                let field = self.list(list)?;
                Expression::AnyStarts(field, written(field, self.text(start)?))
            }
            ("size", None, [list]) => Expression::Size(self.list(list)?),
            ("date", None, [day]) => {
                let text = self.text(day)?;
                let date = parse_iso(text).ok_or_else(|| format!("{text:?} is no date: write YYYY-MM-DD"));
                Expression::Date(self.known(day, date)?)
            }
            ("days_between", None, [from, to]) => Expression::DaysBetween(Box::new([
                self.of_kind(from, Kind::Date, depth)?,
                self.of_kind(to, Kind::Date, depth)?,
            ])),
            ("count_prior", None, [codes, days]) => Expression::CountPrior(self.procedures(codes)?, self.days(days)?),
            ("units_prior", None, [codes, days]) => Expression::UnitsPrior(self.procedures(codes)?, self.days(days)?),
            ("days_since_prior", None, [codes]) => Expression::DaysSincePrior(self.procedures(codes)?),
            ("on_claim", None, [codes]) => Expression::OnClaim(self.procedures(codes)?),
            _ => return self.fault(node, format!("write it such as {}", row.shape)),
        };
        Ok((expression, row.kind))
    }

    /// A text that is written out.
    fn text<'n>(&self, node: &'n IdedExpr) -> Result<&'n str, Fault> {
        match &node.expr {
            Expr::Literal(cel::common::ast::LiteralValue::String(text)) => Ok(text.inner()),
            _ => self.fault(node, "a text in quotation marks is expected here"),
        }
    }

    fn days(&self, node: &IdedExpr) -> Result<i32, Fault> {
        let days = match &node.expr {
            Expr::Literal(cel::common::ast::LiteralValue::Int(days)) => i32::try_from(*days.inner()).ok(),
            _ => None,
        };
        match days.filter(|days| (0..=MAX_DAYS).contains(days)) {
            Some(days) => Ok(days),
            None => self.fault(node, format!("a number of days is expected here, from 0 through {MAX_DAYS}")),
        }
    }

    fn procedures(&self, node: &IdedExpr) -> Result<CodeRanges, Fault> {
        self.known(node, self.sets.procedures_of(self.text(node)?))
    }

    fn known<T>(&self, node: &IdedExpr, found: Result<T, String>) -> Result<T, Fault> {
        found.or_else(|words| self.fault(node, words))
    }
}

/// As claims carry it: diagnoses have no point.
fn written(field: Field, text: &str) -> String {
    match field {
        Field::LineDiagnoses | Field::ClaimDiagnoses => text.replace('.', ""),
        _ => text.to_owned(),
    }
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::NotEqual,
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::AtMost,
        operators::GREATER => Comparison::More,
        operators::GREATER_EQUALS => Comparison::AtLeast,
        _ => return None,
    })
}

fn operation(name: &str) -> Option<Operation> {
    Some(match name {
        operators::ADD => Operation::Add,
        operators::SUBSTRACT => Operation::Subtract,
        operators::MULTIPLY => Operation::Multiply,
        operators::DIVIDE => Operation::Divide,
        _ => return None,
    })
}
