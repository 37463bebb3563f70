//! Documentation: a document must come with the service, and the claim names none (252), or the one that it names did not
//! arrive in time (163). Until then the claim waits.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::claim::ServiceLine;
use crate::domain::claim_rules::DocumentNeed;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date, plus_days};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "documentation",
    summary: "A document is needed to decide the service, and the claim names none, or it did not arrive.",
    reasons: &[
        Reason::contractual("252", "M127 M30 M31 N26 N40 N706", "the provider sends what is asked for"),
        Reason::contractual("163", "M127 M30 M31 N26 N40 N706", "the provider did not send what the claim names"),
    ],
    effective: Period::since(date(2012, 6, 3)),
    authority: &[
        Citation {
            title: "42 CFR 424.5(a)(6) (enough information to say whether payment is due)",
            href: "https://www.ecfr.gov/current/title-42/section-424.5",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Procedure, Fact::Attachment, Fact::ReceivedDate],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let mut asked = service.rules.iter().filter_map(|rule| rule.document.as_ref());
    asked.find_map(|need| lacking(case, service.line, need)).unwrap_or(Finding::Pass)
}

/// What follows where the document that is needed is not there.
fn lacking(case: &Case<'_>, line: &ServiceLine, need: &DocumentNeed) -> Option<Finding> {
    let (kinds, billed) = (&need.reports, line.billed());
    let denial = |reason: &str, words: String| {
        let mut denial = Denial::contractual(carc(reason), words);
        denial.rarcs.push(need.rarc);
        Some(Finding::Deny(denial))
    };
    if !line.details.reports.iter().any(|kind| kinds.is_empty() || kinds.contains(kind)) {
        let list: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        let which = if list.is_empty() { String::new() } else { format!(" of the kind {}", list.join(" or ")) };
        return denial("252", format!("{billed} needs a document{which}; the claim names none (PWK)."));
    }
    let last = plus_days(case.file.received, need.days?);
    // Nothing comes with a claim: documents travel apart.
    if need.days == Some(0) || case.file.processed > last {
        return denial("163", format!("The document that the claim names for {billed} had not arrived by {last}."));
    }
    let words = format!("The document that the claim names for {billed} may arrive until {last}.");
    Some(Finding::Pend("awaiting the attachment", words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::{Code, rarc};

    /// An operative note (OB) is needed; the claim came in on 5 March 2026 and names a document of the kind.
    fn naming(kind: &str, days: Option<i32>) -> ClaimFile {
        let mut file = example::office_visit();
        let need = DocumentNeed { reports: vec![Code::new("OB")], rarc: rarc("M127"), days };
        example::asks(&mut file).document = Some(need);
        file.claim.lines[0].details.reports = vec![Code::new(kind)];
        file
    }

    #[test]
    fn a_claim_names_a_document_of_the_kind_that_is_needed() {
        assert_eq!(example::denial(&naming("OB", None)), "");
        assert_eq!(example::denial(&naming("RB", None)), "CO-252 M127");
        let mut file = naming("OB", None);
        file.claim.lines[0].details.reports.clear();
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
}
