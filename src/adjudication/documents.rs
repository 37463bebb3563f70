//! Documents of a claim: whether what is wanted came, and what follows where it did not, or was not what it should be.

use super::edits::Finding;
use super::{Case, Denial, Service};
use crate::domain::codes::{Rarc, carc, rarc};
use crate::domain::dates::Date;
use crate::domain::document::{Asking, Awaited, Condition, Document, Wanted};

/// What came of what is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// All of it.
    All,
    /// Not all of it.
    Not,
    /// Something else, or a document about something else.
    Wrong,
    /// A part of it.
    Incomplete,
    /// It cannot be read.
    Illegible,
}

/// What came of what is wanted; `answers` tells the documents that were sent for it.
pub fn came(documents: &[Document], wants: &[Wanted], answers: impl Fn(&Document) -> bool) -> Came {
    let anything = [Wanted::default()];
    let wants = if wants.is_empty() { &anything } else { wants };
    let mut missing = false;
    for want in wants {
        let fitting = || documents.iter().filter(|document| want.fits(document, answers(document)));
        if fitting().any(|document| document.condition == Condition::Good) {
            continue;
        }
        match fitting().next_back().map(|document| document.condition) {
            Some(Condition::Incomplete) => return Came::Incomplete,
            Some(Condition::Illegible) => return Came::Illegible,
            Some(Condition::Elsewhere) => return Came::Wrong,
            Some(Condition::Good) | None => missing = true,
        }
    }
    let fits = |document: &Document| wants.iter().any(|want| want.fits(document, true));
    match missing {
        false => Came::All,
        true if documents.iter().any(|document| answers(document) && !fits(document)) => Came::Wrong,
        true => Came::Not,
    }
}

/// The denial of what came and is not what it should be; `None` where nothing came, or all did.
pub fn amiss(came: Came, remark: Rarc, what: &str) -> Option<Denial> {
    // CORE pairs M127 with 250; other remarks on what is missing are told as N706.
    let missing = if remark == rarc("M127") { remark } else { rarc("N706") };
    let denial = |code: &str, remark: Rarc, words: &str| {
        let mut denial = Denial::contractual(carc(code), format!("What came for {what} {words}."));
        denial.rarcs.push(remark);
        Some(denial)
    };
    match came {
        Came::All | Came::Not => None,
        Came::Wrong => denial("250", missing, "is not what was asked for"),
        Came::Incomplete => denial("251", rarc("N705"), "is incomplete"),
        Came::Illegible => denial("251", rarc("N205"), "cannot be read"),
    }
}

/// The denial of what was asked for and did not come.
pub fn unanswered(asking: &Asking, words: String) -> Denial {
    let denial = if asking.of_patient { Denial::patient } else { Denial::contractual };
    let mut denial = denial(asking.carc, words);
    denial.rarcs.push(asking.rarc);
    denial
}

/// Asks for something, unless that was asked before by the same source for the line: then the edit that looks at requests has said
/// what came of it.
pub fn ask(case: &Case<'_>, service: &Service<'_>, source: &str, asking: &Asking, due: Date) -> Option<Finding> {
    if asked(case, service, source) {
        return None;
    }
    let whom = if asking.of_patient { "the patient" } else { "the provider" };
    let words = format!("{} is asked of {whom}, until {due}.", sentence(&wanted(&asking.wants)));
    let awaited = Awaited {
        source: source.to_owned(),
        line: Some(service.at),
        request: String::new(),
        control_number: String::new(),
        asking: asking.clone(),
        due,
    };
    Some(Finding::Await(Box::new(awaited), words))
}

/// Whether it was asked for by a source for the line.
pub fn asked(case: &Case<'_>, service: &Service<'_>, source: &str) -> bool {
    let about = |line: Option<usize>| line.is_none_or(|at| at == service.at);
    case.file.documents.requested.iter().any(|asked| asked.source == source && about(asked.line))
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Why a claim waits.
pub fn waits_for(awaited: &Awaited) -> &'static str {
    match (awaited.request.is_empty() && !awaited.control_number.is_empty(), awaited.asking.of_patient) {
        (true, _) => "awaiting the attachment",
        (false, true) => "awaiting the patient's answer",
        (false, false) => "awaiting records",
    }
}

/// What is wanted, in words.
pub fn wanted(wants: &[Wanted]) -> String {
    let one = |want: &Wanted| {
        let kinds: Vec<&str> = want.reports.iter().map(|kind| kind.as_str()).collect();
        match (kinds.is_empty(), want.loinc.is_empty()) {
            (true, true) => "any document".to_owned(),
            (true, false) => format!("LOINC {}", want.loinc),
            (false, true) => format!("a document of the kind {}", kinds.join(" or ")),
            (false, false) => format!("LOINC {} or a document of the kind {}", want.loinc, kinds.join(" or ")),
        }
    };
    if wants.is_empty() { "a document".to_owned() } else { wants.iter().map(one).collect::<Vec<_>>().join(", and ") }
}

/// A document as the trace tells it.
pub fn told(document: &Document) -> String {
    let mut told = format!("{} of {}", document.report, document.received);
    for more in [&document.loinc, &document.control_number].into_iter().filter(|more| !more.is_empty()) {
        told.extend([" ", more]);
    }
    match document.condition {
        Condition::Good => {}
        Condition::Incomplete => told.push_str(", incomplete"),
        Condition::Illegible => told.push_str(", not legible"),
        Condition::Elsewhere => told.push_str(", about something else"),
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::Code;
    use crate::domain::dates::date;

    fn document(report: &'static str, condition: Condition) -> Document {
        Document {
            report: Code::new(report),
            loinc: String::new(),
            control_number: "A1".into(),
            answers: String::new(),
            received: date(2026, 7, 15),
            condition,
        }
    }

    #[test]
    fn what_is_wanted_came_once_one_good_document_of_each_did() {
        let want = |kind: &'static str| Wanted { reports: vec![Code::new(kind)], loinc: String::new() };
        let both = [want("OB"), want("RR")];
        let (note, report) = (document("OB", Condition::Good), document("RR", Condition::Good));
        let sent = |documents: &[Document]| came(documents, &both, |_| true);
        assert_eq!(sent(&[]), Came::Not);
        assert_eq!(sent(std::slice::from_ref(&note)), Came::Not);
        assert_eq!(sent(&[note.clone(), report.clone()]), Came::All);
        assert_eq!(sent(&[note, document("RR", Condition::Incomplete)]), Came::Incomplete);
        assert_eq!(sent(&[document("M1", Condition::Good)]), Came::Wrong);
        let unasked = came(&[document("M1", Condition::Good)], &both, |_| false);
        assert_eq!(unasked, Came::Not, "a document that was sent for something else is no answer");
    }

    #[test]
    fn the_last_document_counts_where_none_is_good() {
        let sent = [document("OB", Condition::Incomplete), document("OB", Condition::Illegible)];
        assert_eq!(came(&sent, &[], |_| true), Came::Illegible);
        assert_eq!(came(&[document("OB", Condition::Elsewhere)], &[], |_| true), Came::Wrong);
    }
}
