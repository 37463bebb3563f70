//! Reading story files. Everything that the descriptors can tell is checked here, before anything runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use prost_reflect::MethodDescriptor;

use super::document::{Fault, LineFault, Node, Value};
use super::expectation::ExpectedError;
use super::overlay;
use super::shape::{Shape, Use};
use crate::client::methods;

/// A story: what is sent to a payer, step by step, and what must come back.
#[derive(Clone, Debug)]
pub struct Story {
    /// Where it was read.
    pub file: PathBuf,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// Where the sandbox's clock starts, `YYYY-MM-DD`; empty: where the payer's does.
    pub clock_start: String,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// One step of a story.
#[derive(Clone, Debug)]
pub struct Step {
    /// Line in the file.
    pub line: usize,
    /// What happens, in a sentence.
    pub say: String,
    /// The name that later steps know the answer by; empty: none.
    pub saved_as: String,
    /// The method that is called.
    pub method: MethodDescriptor,
    /// What is sent.
    pub sent: Sent,
    /// Whether the answer is every message of a stream, instead of the last or only one.
    pub keeps_all: bool,
    /// What must come back.
    pub expected: Expected,
}

/// What is sent.
#[derive(Clone, Debug)]
pub enum Sent {
    /// Requests, with their placeholders: one, or for a client stream any number.
    Requests(Vec<Node>),
    /// A file of X12.
    File(PathBuf),
}

/// What must come back.
#[derive(Clone, Debug)]
pub enum Expected {
    /// An answer that says this.
    Answer(Node),
    /// A gRPC error.
    Error(ExpectedError),
}

const STORY_KEYS: [&str; 5] = ["title", "about", "clock_start", "claims", "steps"];
const ACTS: [&str; 6] = ["submit", "estimate", "call", "advance", "pay", "x12"];
const STEP_KEYS: [&str; 13] = [
    "say",
    "submit",
    "estimate",
    "with",
    "request_id",
    "call",
    "request",
    "advance",
    "pay",
    "x12",
    "expect",
    "expect_error",
    "as",
];

impl Story {
    /// Reads a file.
    pub fn read(file: &Path) -> Result<Story, Vec<Fault>> {
        let text = fs::read_to_string(file)
            .map_err(|error| vec![Fault { file: file.to_owned(), line: 1, words: error.to_string() }])?;
        Story::parse(file, &text)
    }

    /// Reads the text of a file, whose name places its faults and what it refers to.
    pub fn parse(file: &Path, text: &str) -> Result<Story, Vec<Fault>> {
        let mut reader = Reader { file, claims: BTreeMap::new(), faults: Vec::new() };
        let story = match Node::parse(text) {
            Ok(document) => reader.story(&document),
            Err(fault) => {
                reader.faults.push(fault);
                None
            }
        };
        let mut faults = reader.faults;
        faults.sort();
        match story.filter(|_| faults.is_empty()) {
            Some(story) => Ok(story),
            None => Err(faults.into_iter().map(|(line, words)| Fault { file: file.to_owned(), line, words }).collect()),
        }
    }
}

struct Reader<'a> {
    file: &'a Path,
    /// The claims that are named, each with its fields.
    claims: BTreeMap<String, Node>,
    faults: Vec<LineFault>,
}

impl Reader<'_> {
    fn story(&mut self, document: &Node) -> Option<Story> {
        self.only(document, &STORY_KEYS);
        if let Some(Node { value: Value::Table(claims), .. }) = document.get("claims") {
            self.claims.clone_from(claims);
        }
        let steps = match document.get("steps").map(|steps| &steps.value) {
            Some(Value::List(steps)) if !steps.is_empty() => steps.iter().filter_map(|step| self.step(step)).collect(),
            _ => {
                self.fault(1, "a story has steps: [[steps]]");
                return None;
            }
        };
        let title = self.text(document, "title");
        if title.is_empty() {
            self.fault(1, "a story has a title: title = \"…\"");
        }
        let (about, clock_start) = (self.text(document, "about"), self.text(document, "clock_start"));
        Some(Story { file: self.file.to_owned(), title, about, clock_start, steps })
    }

    fn step(&mut self, step: &Node) -> Option<Step> {
        self.only(step, &STEP_KEYS);
        let acts: Vec<&str> = ACTS.into_iter().filter(|act| step.get(act).is_some()).collect();
        let [act] = acts.as_slice() else {
            self.fault(step.line, format!("a step does one thing: {}", ACTS.join(", ")));
            return None;
        };
        let (method, sent) = match *act {
            "submit" => ("Claims/SubmitClaim".to_owned(), Sent::Requests(vec![self.claim_request(step, act)?])),
            "estimate" => {
                let request = BTreeMap::from([("request".to_owned(), self.claim_request(step, act)?)]);
                let request = Node { line: step.line, value: Value::Table(request) };
                ("Claims/EstimateClaim".to_owned(), Sent::Requests(vec![request]))
            }
            "advance" => ("Sandboxes/AdvanceClock".to_owned(), Sent::Requests(vec![step.get("advance")?.clone()])),
            "pay" => ("Remittances/RunPayments".to_owned(), Sent::Requests(vec![self.payment(step)?])),
            "x12" => ("Interchanges/SubmitInterchange".to_owned(), self.x12(step)),
            _ => (self.text(step, "call"), self.requests(step)),
        };
        let method = methods::find(&method).map_err(|words| self.fault(line_of(step, act), words)).ok()?;
        self.check_requests(step, &method, &sent);
        let keeps_all = *act == "call" && method.is_server_streaming();
        let expected = self.expected(step, &method, keeps_all);
        let (say, saved_as) = (self.text(step, "say"), self.text(step, "as"));
        let say = if say.is_empty() { methods::name(&method) } else { say };
        Some(Step { line: step.line, say, saved_as, method, sent, keeps_all, expected })
    }

    /// The claim that a step submits or estimates, with its changes, as a request.
    fn claim_request(&mut self, step: &Node, act: &str) -> Option<Node> {
        let name = self.text(step, act);
        let mut claim = self.claim(&name, line_of(step, act), &mut BTreeSet::new())?;
        if let Some(changes) = step.get("with")
            && let Err((line, words)) = overlay::lay(&mut claim, changes)
        {
            self.fault(line, words);
        }
        charge_the_sum(&mut claim);
        // Only a facility's claim has a type of bill.
        let kind = if claim.get("type_of_bill").is_some() { "institutional" } else { "professional" };
        let mut fields = BTreeMap::from([(kind.to_owned(), claim)]);
        if let Some(id) = step.get("request_id") {
            fields.insert("request_id".to_owned(), id.clone());
        }
        Some(Node { line: step.line, value: Value::Table(fields) })
    }

    /// A named claim, laid over the one that it is like.
    fn claim(&mut self, name: &str, line: usize, seen: &mut BTreeSet<String>) -> Option<Node> {
        let Some(mut own) = self.claims.get(name).cloned() else {
            let names: Vec<&str> = self.claims.keys().map(String::as_str).collect();
            self.fault(line, format!("there is no claim {name:?}: [claims.{name}]; there is {}", names.join(", ")));
            return None;
        };
        if !seen.insert(name.to_owned()) {
            self.fault(line, format!("the claim {name:?} is like itself"));
            return None;
        }
        let Value::Table(fields) = &mut own.value else {
            self.fault(own.line, format!("[claims.{name}] is a table, the fields of ProfessionalClaim, or of InstitutionalClaim with its type_of_bill"));
            return None;
        };
        let Some(like) = fields.remove("like") else { return Some(own) };
        let like_name = match &like.value {
            Value::Text(text) => text.clone(),
            _ => String::new(),
        };
        let mut claim = self.claim(&like_name, like.line, seen)?;
        if let Err((line, words)) = overlay::lay(&mut claim, &own) {
            self.fault(line, words);
        }
        Some(claim)
    }

    /// `pay = true` also pays what is not due yet; a table is the request itself.
    fn payment(&mut self, step: &Node) -> Option<Node> {
        let pay = step.get("pay")?;
        match &pay.value {
            Value::Flag(true) => {
                let also = Node { line: pay.line, value: Value::Flag(true) };
                Some(Node { line: pay.line, value: Value::Table(BTreeMap::from([("include_not_due".into(), also)])) })
            }
            Value::Table(_) => Some(pay.clone()),
            _ => {
                self.fault(pay.line, "pay = true, or the fields of RunPaymentsRequest");
                None
            }
        }
    }

    fn x12(&mut self, step: &Node) -> Sent {
        let name = self.text(step, "x12");
        let file = self.file.parent().unwrap_or(Path::new("")).join(name);
        if !file.is_file() {
            self.fault(
                line_of(step, "x12"),
                format!("there is no file {}; its place is told from the story's", file.display()),
            );
        }
        Sent::File(file)
    }

    fn requests(&mut self, step: &Node) -> Sent {
        match step.get("request") {
            None => Sent::Requests(vec![Node::empty(step.line)]),
            Some(Node { value: Value::List(requests), .. }) => Sent::Requests(requests.clone()),
            Some(request) => Sent::Requests(vec![request.clone()]),
        }
    }

    fn check_requests(&mut self, step: &Node, method: &MethodDescriptor, sent: &Sent) {
        let Sent::Requests(requests) = sent else { return };
        if requests.len() != 1 && !method.is_client_streaming() {
            self.fault(step.line, format!("{} takes one request", methods::name(method)));
        }
        for request in requests {
            Shape::message(method.input()).check(request, Use::Request, &mut self.faults);
        }
    }

    fn expected(&mut self, step: &Node, method: &MethodDescriptor, keeps_all: bool) -> Expected {
        if let Some(error) = step.get("expect_error") {
            if step.get("expect").is_some() {
                self.fault(error.line, "a step expects an answer or an error, not both");
            }
            return Expected::Error(self.expected_error(error));
        }
        let Some(answer) = step.get("expect") else { return Expected::Answer(Node::empty(step.line)) };
        answer_shape(method, keeps_all).check(answer, Use::Expectation, &mut self.faults);
        Expected::Answer(answer.clone())
    }

    fn expected_error(&mut self, error: &Node) -> ExpectedError {
        self.only(error, &["code", "reason", "fields", "message"]);
        let fields = match error.get("fields").map(|fields| &fields.value) {
            Some(Value::List(fields)) => {
                fields.iter().filter_map(|field| field.to_json().as_str().map(str::to_owned)).collect()
            }
            _ => Vec::new(),
        };
        let (code, reason, message) =
            (self.text(error, "code"), self.text(error, "reason"), self.text(error, "message"));
        ExpectedError { line: error.line, code, reason, fields, message }
    }

    /// The text of a field; empty where there is none.
    fn text(&mut self, node: &Node, key: &str) -> String {
        match node.get(key).map(|found| (found.line, &found.value)) {
            None => String::new(),
            Some((_, Value::Text(text))) => text.clone(),
            Some((line, _)) => {
                self.fault(line, format!("{key} is text in quotes"));
                String::new()
            }
        }
    }

    /// Notes every key that has no meaning here.
    fn only(&mut self, node: &Node, keys: &[&str]) {
        let Value::Table(fields) = &node.value else {
            return self.fault(node.line, "a table belongs here");
        };
        for (key, field) in fields.iter().filter(|(key, _)| !keys.contains(&key.as_str())) {
            self.fault(field.line, format!("{key} means nothing here; what does: {}", keys.join(", ")));
        }
    }

    fn fault(&mut self, line: usize, words: impl Into<String>) {
        self.faults.push((line, words.into()));
    }
}

/// Line of a field, or of the table where it has none.
fn line_of(node: &Node, key: &str) -> usize {
    node.get(key).map_or(node.line, |found| found.line)
}

/// Shape of what a method answers.
pub(super) fn answer_shape(method: &MethodDescriptor, keeps_all: bool) -> Shape {
    let one = Shape::message(method.output());
    if keeps_all { one.listed() } else { one }
}

/// Puts the sum of the lines for a total charge that is not said.
fn charge_the_sum(claim: &mut Node) {
    let line = claim.line;
    let Value::Table(fields) = &mut claim.value else { return };
    let Some(Node { value: Value::List(lines), .. }) = fields.get("lines") else { return };
    let charges: Option<Vec<i64>> = lines
        .iter()
        .map(|line| match line.get("charge_cents").map(|charge| &charge.value) {
            Some(Value::Number(cents)) => Some(*cents),
            _ => None,
        })
        .collect();
    let sum = charges.and_then(|charges| charges.into_iter().try_fold(0_i64, i64::checked_add));
    if let Some(sum) = sum {
        fields.entry("charge_cents".to_owned()).or_insert(Node { line, value: Value::Number(sum) });
    }
}

#[cfg(test)]
mod tests;
