//! Expressions of medical policies, as they are evaluated: typed, total, exact. The text that people write is lowered to
//! these on loading; what cannot be is refused there.

use rust_decimal::Decimal;

use super::code_list::CodeList;
use super::dates::Date;
use super::member::CodeRanges;

/// What kind of value an expression has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Bool,
    /// An exact decimal.
    Number,
    /// Text; codes are texts.
    Text,
    /// A day.
    Date,
    /// A list of texts.
    List,
}

impl Kind {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Bool => "bool",
            Kind::Number => "number",
            Kind::Text => "text",
            Kind::Date => "date",
            Kind::List => "list of text",
        }
    }
}

/// What an expression can ask of a line, its claim and its patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Procedure code.
    Procedure,
    /// Revenue code.
    RevenueCode,
    /// Units.
    Units,
    /// Charge of the line.
    Charge,
    /// Place of service.
    Place,
    /// First day.
    From,
    /// Last day.
    Through,
    /// Days from the first through the last.
    Days,
    /// Modifiers.
    Modifiers,
    /// Diagnoses of the line.
    LineDiagnoses,
    /// Whether it was an emergency.
    Emergency,
    /// Whether a document is named.
    Attachment,
    /// Authorization number.
    Authorization,
    /// Benefit.
    Benefit,
    /// Network.
    Network,
    /// Specialty of who performed it.
    Specialty,
    /// Age in years.
    AgeYears,
    /// Age in days.
    AgeDays,
    /// Sex.
    Sex,
    /// Birth date.
    Birth,
    /// Kind of claim.
    ClaimType,
    /// Type of bill.
    Bill,
    /// Charge of the claim.
    ClaimCharge,
    /// Diagnoses of the claim.
    ClaimDiagnoses,
    /// Diagnosis-related group.
    Drg,
    /// How many lines.
    ClaimLines,
    /// When it came in.
    Received,
    /// Whether an accident caused it.
    Accident,
    /// Specialty of who bills.
    BillingSpecialty,
    /// Plan.
    Plan,
    /// Whether the plan is Original Medicare.
    Medicare,
}

/// A row of [`FIELDS`].
#[derive(Clone, Copy, Debug)]
pub struct FieldRow {
    /// As it is written.
    pub path: &'static str,
    /// Which.
    pub field: Field,
    /// What kind of value it has.
    pub kind: Kind,
    /// Whether a claim may lack it: then a comparison with it has no answer, and `has()` asks for it.
    pub may_lack: bool,
    /// What it is.
    pub words: &'static str,
}

const fn always(path: &'static str, field: Field, kind: Kind, words: &'static str) -> FieldRow {
    FieldRow { path, field, kind, may_lack: false, words }
}

const fn perhaps(path: &'static str, field: Field, kind: Kind, words: &'static str) -> FieldRow {
    FieldRow { path, field, kind, may_lack: true, words }
}

/// Every field. The check of expressions and `payersim policy fields` read this table.
pub const FIELDS: &[FieldRow] = &[
    perhaps("line.procedure", Field::Procedure, Kind::Text, "procedure code"),
    perhaps("line.revenue_code", Field::RevenueCode, Kind::Text, "revenue code of a facility's line"),
    always("line.units", Field::Units, Kind::Number, "units, or minutes of anesthesia"),
    always("line.charge_cents", Field::Charge, Kind::Number, "charge in cents"),
    always("line.place", Field::Place, Kind::Text, "place of service, such as \"11\""),
    always("line.from", Field::From, Kind::Date, "first day of service"),
    always("line.through", Field::Through, Kind::Date, "last day of service"),
    always("line.days", Field::Days, Kind::Number, "days from the first through the last"),
    always("line.modifiers", Field::Modifiers, Kind::List, "modifiers"),
    always("line.diagnoses", Field::LineDiagnoses, Kind::List, "diagnoses that the line points to, without points"),
    always("line.emergency", Field::Emergency, Kind::Bool, "an emergency, by place, revenue code or its own word"),
    always("line.attachment", Field::Attachment, Kind::Bool, "a document is sent apart (PWK)"),
    perhaps("line.authorization", Field::Authorization, Kind::Text, "authorization number, the line's or the claim's"),
    perhaps("line.benefit", Field::Benefit, Kind::Text, "benefit of the plan, such as \"imaging\""),
    perhaps("line.network", Field::Network, Kind::Text, "\"in\", \"out\" or the tier's id"),
    perhaps("line.specialty", Field::Specialty, Kind::Text, "taxonomy code of who performed it"),
    perhaps("patient.age_years", Field::AgeYears, Kind::Number, "completed years on the first day of service"),
    perhaps("patient.age_days", Field::AgeDays, Kind::Number, "days since birth on the first day of service"),
    always("patient.sex", Field::Sex, Kind::Text, "\"F\", \"M\" or \"U\""),
    perhaps("patient.birth", Field::Birth, Kind::Date, "birth date"),
    always("claim.type", Field::ClaimType, Kind::Text, "\"professional\" or \"institutional\""),
    perhaps("claim.bill", Field::Bill, Kind::Text, "type of bill of a facility, such as \"131\""),
    always("claim.charge_cents", Field::ClaimCharge, Kind::Number, "total charge in cents"),
    always("claim.diagnoses", Field::ClaimDiagnoses, Kind::List, "all diagnoses, the principal first, without points"),
    perhaps("claim.drg", Field::Drg, Kind::Text, "diagnosis-related group of a stay"),
    always("claim.lines", Field::ClaimLines, Kind::Number, "how many lines"),
    always("claim.received", Field::Received, Kind::Date, "day on which it came in"),
    always("claim.accident", Field::Accident, Kind::Bool, "an accident caused it"),
    perhaps("claim.billing_specialty", Field::BillingSpecialty, Kind::Text, "taxonomy code of who bills"),
    perhaps("plan.id", Field::Plan, Kind::Text, "the patient's plan on the day"),
    always("plan.medicare", Field::Medicare, Kind::Bool, "the plan is Original Medicare"),
];

/// A row of [`FUNCTIONS`].
#[derive(Clone, Copy, Debug)]
pub struct FunctionRow {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub shape: &'static str,
    /// What kind of value it gives.
    pub kind: Kind,
    /// What it says.
    pub words: &'static str,
}

const fn function(name: &'static str, shape: &'static str, kind: Kind, words: &'static str) -> FunctionRow {
    FunctionRow { name, shape, kind, words }
}

/// Every function.
pub const FUNCTIONS: &[FunctionRow] = &[
    function("has", "has(claim.bill)", Kind::Bool, "whether the field is known"),
    function("in_set", "in_set(line.procedure, \"imaging\")", Kind::Bool, "whether a value set holds the text"),
    function("any_in", "any_in(claim.diagnoses, \"diabetes\")", Kind::Bool, "whether a value set holds one of a list"),
    function("startsWith", "line.procedure.startsWith(\"J\")", Kind::Bool, "whether the text starts so"),
    function("any_starts", "any_starts(line.diagnoses, \"E11\")", Kind::Bool, "whether one of a list starts so"),
    function("size", "size(line.modifiers)", Kind::Number, "how many there are in a list"),
    function("date", "date(\"2026-07-01\")", Kind::Date, "a day"),
    function("days_between", "days_between(line.from, line.through)", Kind::Number, "days from one day to another"),
    function(
        "count_prior",
        "count_prior(\"G0121\", 365)",
        Kind::Number,
        "services given on the day or up to so many days before",
    ),
    function("units_prior", "units_prior(\"97110-97140\", 30)", Kind::Number, "their units"),
    function(
        "days_since_prior",
        "days_since_prior(\"@imaging\")",
        Kind::Number,
        "days since the last; unknown where there is none",
    ),
    function("on_claim", "on_claim(\"45378\")", Kind::Bool, "whether another line of the claim has such a procedure"),
];

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// How two numbers become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// An expression whose kinds have been checked. It has a bounded size, looks at a bounded history, and has no error: what
/// is not known is `None`.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Decimal),
    /// A text.
    Text(String),
    /// A day.
    Date(Date),
    /// What the claim says.
    Field(Field),
    /// Whether the claim says it.
    Has(Field),
    /// `!a`
    Not(Box<Expression>),
    /// `a && b`: false where one is false, whatever the others.
    And(Vec<Expression>),
    /// `a || b`: true where one is true, whatever the others.
    Or(Vec<Expression>),
    /// `a ? b : c`
    If(Box<[Expression; 3]>),
    /// `a < b`
    Compare(Comparison, Box<[Expression; 2]>),
    /// `a + b`; a division by zero and what is too large have no answer.
    Arithmetic(Operation, Box<[Expression; 2]>),
    /// `a in [b, c]`
    Among(Box<Expression>, Vec<Expression>),
    /// `a in line.modifiers`
    Within(Box<Expression>, Field),
    /// `in_set(a, "set")`
    InSet(Box<Expression>, CodeList),
    /// `any_in(claim.diagnoses, "set")`
    AnyIn(Field, CodeList),
    /// `a.startsWith("J")`
    StartsWith(Box<Expression>, String),
    /// `any_starts(claim.diagnoses, "E11")`
    AnyStarts(Field, String),
    /// `size(line.modifiers)`
    Size(Field),
    /// `days_between(a, b)`
    DaysBetween(Box<[Expression; 2]>),
    /// `count_prior("G0121", 365)`
    CountPrior(CodeRanges, i32),
    /// `units_prior("G0121", 365)`
    UnitsPrior(CodeRanges, i32),
    /// `days_since_prior("G0121")`
    DaysSincePrior(CodeRanges),
    /// `on_claim("G0121")`
    OnClaim(CodeRanges),
}
