//! Documentation: a document must come with the service, and the claim names none (252), or the one that it names did not
//! arrive in time (163). Until then the claim waits.

use super::super::documents::{self, Came};
use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::claim_rules::{AskingTerms, DocumentNeed};
use crate::domain::codes::{carc, rarc};
use crate::domain::dates::{Period, date, plus_days};
use crate::domain::determination::Citation;
use crate::domain::document::{Asking, Awaited, Document, NamedDocument, Wanted};

pub(super) const EDIT: Edit = Edit {
    id: "documentation",
    summary: "A document is needed to decide the service, and the claim names none, or it did not arrive, or is not what it should be.",
    reasons: &[
        Reason::contractual("252", "M127 M30 M31 N26 N40 N706", "the provider sends what is asked for"),
        Reason::contractual("163", "M127 M30 M31 N26 N40 N706", "the provider did not send what the claim names"),
        Reason::contractual(
            "250",
            "M127 N706",
            "the provider sent something else under the number that the claim names",
        ),
        Reason::contractual("251", "N705 N205", "the provider sent a part of it, or what cannot be read"),
    ],
    effective: Period::since(date(2012, 6, 3)),
    authority: &[
        Citation {
            title: "42 CFR 424.5(a)(6) (enough information to say whether payment is due)",
            href: "https://www.ecfr.gov/current/title-42/section-424.5",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Procedure, Fact::Attachment, Fact::DocumentsReceived, Fact::ReceivedDate],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let mut asked = service.rules.iter().filter_map(|rule| rule.document.as_ref());
    asked.find_map(|need| lacking(case, service, need)).unwrap_or(Finding::Pass)
}

/// What follows where the document that is needed is not there.
fn lacking(case: &Case<'_>, service: &Service<'_>, need: &DocumentNeed) -> Option<Finding> {
    let (line, billed) = (service.line, service.line.billed());
    let of_kind = |named: &&NamedDocument| need.reports.is_empty() || need.reports.contains(&named.report);
    let named: Vec<&NamedDocument> = line.details.documents.iter().filter(of_kind).collect();
    let names = |document: &Document| {
        !document.control_number.is_empty() && named.iter().any(|named| named.control_number == document.control_number)
    };
    let want = [Wanted { reports: need.reports.clone(), loinc: need.loinc.clone() }];
    let came = documents::came(&case.file.documents.received, &want, names);
    if came == Came::All {
        return None;
    }
    if let Some(denial) = documents::amiss(came, need.rarc, &billed) {
        return Some(Finding::Deny(denial));
    }
    let denial = |reason: &str, words: String| {
        let mut denial = Denial::contractual(carc(reason), words);
        denial.rarcs.push(need.rarc);
        Some(Finding::Deny(denial))
    };
    if named.is_empty() {
        let which = documents::wanted(&want);
        return match &need.ask {
            None => denial("252", format!("{billed} needs {which}; the claim names none (PWK).")),
            Some(terms) => ask(case, service, need, terms, &want),
        };
    }
    let last = plus_days(case.file.received, need.days?);
    if need.days == Some(0) || case.file.processed > last {
        return denial("163", format!("The document that the claim names for {billed} had not arrived by {last}."));
    }
    let words = format!("The document that the claim names for {billed} may arrive until {last}.");
    let control_number = named.iter().map(|named| &named.control_number).find(|number| !number.is_empty());
    let asking = Asking { wants: want.to_vec(), of_patient: false, carc: carc("163"), rarc: need.rarc };
    let awaited = Awaited {
        source: EDIT.id.to_owned(),
        line: Some(service.at),
        request: String::new(),
        control_number: control_number.cloned().unwrap_or_default(),
        asking,
        due: last,
    };
    Some(Finding::Await(Box::new(awaited), words))
}

/// Asks for the document, unless that was done: then what came of it is found by the edit that looks at requests.
fn ask(
    case: &Case<'_>,
    service: &Service<'_>,
    need: &DocumentNeed,
    terms: &AskingTerms,
    want: &[Wanted],
) -> Option<Finding> {
    let remark = if terms.of_patient { rarc("N179") } else { need.rarc };
    let asking = Asking { wants: want.to_vec(), of_patient: terms.of_patient, carc: terms.carc, rarc: remark };
    let due = plus_days(case.file.processed, terms.days);
    documents::ask(case, service, EDIT.id, &asking, due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::Code;
    use crate::domain::document::Condition;

    /// An operative note (OB) is needed; the claim came in on 5 March 2026 and names a document of the kind.
    fn naming(kind: &str, days: Option<i32>) -> ClaimFile {
        let mut file = example::office_visit();
        let need = DocumentNeed { reports: vec![Code::new("OB")], rarc: rarc("M127"), days, ..DocumentNeed::default() };
        example::asks(&mut file).document = Some(need);
        let (report, control_number) = (Code::parse(kind).unwrap(), "A1".to_owned());
        file.claim.lines[0].details.documents = vec![NamedDocument { report, control_number }];
        file
    }

    #[test]
    fn a_claim_names_a_document_of_the_kind_that_is_needed() {
        assert_eq!(example::denial(&naming("OB", None)), "");
        assert_eq!(example::denial(&naming("RB", None)), "CO-252 M127");
        let mut file = naming("OB", None);
        file.claim.lines[0].details.documents.clear();
        assert_eq!(example::denial(&file), "CO-252 M127");
    }

    #[test]
    fn a_document_that_is_named_is_waited_for_and_no_longer_than_the_days() {
        let mut file = naming("OB", Some(30));
        assert_eq!(example::decide(&file).pend, Some("awaiting the attachment"));
        file.processed = date(2026, 4, 4);
        assert_eq!(example::decide(&file).pend, Some("awaiting the attachment"));
        file.processed = date(2026, 4, 5);
        assert_eq!(example::denial(&file), "CO-163 M127");
    }

    #[test]
    fn a_document_that_must_come_with_the_claim_did_not() {
        assert_eq!(example::denial(&naming("OB", Some(0))), "CO-163 M127");
    }

    /// The same, and this came in two days later.
    fn with(kind: &'static str, condition: Condition) -> ClaimFile {
        let mut file = naming("OB", Some(30));
        file.documents.received.push(Document {
            report: Code::new(kind),
            loinc: String::new(),
            control_number: "A1".into(),
            answers: String::new(),
            received: date(2026, 3, 7),
            condition,
        });
        file
    }

    #[test]
    fn a_document_that_came_under_the_number_is_looked_at() {
        assert_eq!(example::denial(&with("OB", Condition::Good)), "");
        assert_eq!(example::denial(&with("RR", Condition::Good)), "CO-250 M127");
        assert_eq!(example::denial(&with("OB", Condition::Incomplete)), "CO-251 N705");
        let mut file = with("RR", Condition::Good);
        file.documents.received[0].control_number = "ANOTHER".into();
        assert_eq!(example::decide(&file).pend, Some("awaiting the attachment"), "it was sent for something else");
    }

    #[test]
    fn a_document_of_the_kind_is_enough_whatever_the_claim_names_and_whenever_it_came() {
        let mut file = with("OB", Condition::Good);
        file.claim.lines[0].details.documents.clear();
        assert_eq!(example::denial(&file), "");
        file.processed = date(2027, 1, 1);
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn a_document_that_is_not_named_is_asked_for_where_the_rule_says_so() {
        let mut file = naming("OB", None);
        file.claim.lines[0].details.documents.clear();
        let terms = AskingTerms { days: 45, of_patient: false, carc: carc("226") };
        example::payer(&mut file).claim_rules.services[0].document.as_mut().unwrap().ask = Some(terms);
        let decided = example::decide(&file);
        assert_eq!((decided.pend, decided.awaited[0].due), (Some("awaiting records"), date(2026, 4, 19)));
    }
}
