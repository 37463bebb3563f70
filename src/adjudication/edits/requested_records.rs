//! Records that the payer asked for: the claim waits until they are there, and no longer than it was told. What does not come is
//! told by 226 or 252, of the patient by 227; what came and is not what was asked for by 250, what is incomplete by 251.

use super::super::documents::{self, Came};
use super::{Case, Check, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::document::{Awaited, Document, Requested};

/// Remarks on what is missing.
const MISSING: &str = "M127 M30 M31 N26 N40 N706";

pub(super) const EDIT: Edit = Edit {
    id: "requested-records",
    summary: "The payer asked for records, and they did not come in time, or were not what was asked for.",
    reasons: &[
        Reason::contractual("226", MISSING, "the provider did not send what was asked for"),
        Reason::contractual("252", MISSING, "the provider did not send what was asked for"),
        Reason::patient("227", "N179", "the patient did not answer"),
        Reason::contractual("250", "M127 N706", "the provider sent something else"),
        Reason::contractual("251", "N705 N205", "the provider sent a part of it, or what cannot be read"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 424.5(a)(6) (enough information to say whether payment is due)",
            href: "https://www.ecfr.gov/current/title-42/section-424.5",
        },
        Citation {
            title: "29 CFR 2560.503-1(f)(2)(iii)(B) (at least 45 days to give what a plan asks for)",
            href: "https://www.ecfr.gov/current/title-29/section-2560.503-1",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Procedure, Fact::DocumentsRequested, Fact::DocumentsReceived],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let about = |asked: &&Requested| asked.line.is_none_or(|at| at == service.at);
    let asked = case.file.documents.requested.iter().filter(about);
    let mut findings: Vec<Finding> = asked.filter_map(|asked| found(case, asked)).collect();
    if let Some(denied) = findings.iter().position(|finding| matches!(finding, Finding::Deny(_))) {
        return findings.swap_remove(denied);
    }
    if findings.is_empty() { Finding::Pass } else { Finding::Several(findings) }
}

/// What follows from a request, where something does.
fn found(case: &Case<'_>, asked: &Requested) -> Option<Finding> {
    let answers = |document: &Document| document.answers == asked.id;
    // Where nothing is said of what is wanted, only what was sent for the request answers it.
    let only_answers: Vec<Document>;
    let received = if asked.asking.wants.is_empty() {
        only_answers = case.file.documents.received.iter().filter(|document| answers(document)).cloned().collect();
        &only_answers
    } else {
        &case.file.documents.received
    };
    let came = documents::came(received, &asked.asking.wants, answers);
    let (id, due, wanted) = (&asked.id, asked.due, documents::wanted(&asked.asking.wants));
    match came {
        Came::All => None,
        Came::Not if case.file.processed <= due => {
            let awaited = Awaited {
                source: asked.source.clone(),
                line: asked.line,
                request: id.clone(),
                control_number: String::new(),
                asking: asked.asking.clone(),
                due,
            };
            Some(Finding::Await(Box::new(awaited), format!("{id} asks for {wanted}, which may come until {due}.")))
        }
        Came::Not => {
            let words = format!("{id} asked for {wanted}, which had not come by {due}.");
            Some(Finding::Deny(documents::unanswered(&asked.asking, words)))
        }
        // A patient is not held to a form.
        _ if asked.asking.of_patient => {
            let words = format!("{id} asked for {wanted}; what came is not enough.");
            Some(Finding::Deny(documents::unanswered(&asked.asking, words)))
        }
        amiss => documents::amiss(amiss, asked.asking.rarc, &format!("{id} ({wanted})")).map(Finding::Deny),
    }
}

#[cfg(test)]
mod tests {
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::{Code, carc, rarc};
    use crate::domain::dates::date;
    use crate::domain::document::{Asking, Condition, Document, Requested, Wanted};

    /// An operative note (OB) is asked for until 20 April 2026.
    fn asked(code: &str, of_patient: bool) -> ClaimFile {
        let mut file = example::office_visit();
        let remark = if of_patient { "N179" } else { "N706" };
        let wants = vec![Wanted { reports: vec![Code::new("OB")], loinc: "11504-8".into() }];
        let asking = Asking { wants, of_patient, carc: carc(code), rarc: rarc(remark) };
        let due = date(2026, 4, 20);
        file.documents.requested =
            vec![Requested { id: "D1".into(), source: "review R1".into(), line: None, asking, due }];
        file
    }

    fn sent(mut file: ClaimFile, report: &'static str, condition: Condition) -> ClaimFile {
        file.documents.received.push(Document {
            report: Code::new(report),
            loinc: String::new(),
            control_number: String::new(),
            answers: "D1".into(),
            received: date(2026, 4, 1),
            condition,
        });
        file
    }

    #[test]
    fn a_claim_waits_for_what_was_asked_for_until_its_last_day() {
        let mut file = asked("226", false);
        file.processed = date(2026, 4, 20);
        let decided = example::decide(&file);
        assert_eq!((decided.pend, decided.awaited.len()), (Some("awaiting records"), 1));
        file.processed = date(2026, 4, 21);
        assert_eq!(example::denial(&file), "CO-226 N706");
    }

    #[test]
    fn what_does_not_come_is_told_by_the_reason_that_the_request_chose() {
        let late = |code, of_patient| ClaimFile { processed: date(2026, 4, 21), ..asked(code, of_patient) };
        assert_eq!(example::denial(&late("252", false)), "CO-252 N706");
        assert_eq!(example::denial(&late("227", true)), "PR-227 N179");
    }

    #[test]
    fn what_came_is_looked_at() {
        let came = |report, condition| example::denial(&sent(asked("226", false), report, condition));
        assert_eq!(came("OB", Condition::Good), "");
        assert_eq!(came("RR", Condition::Good), "CO-250 N706");
        assert_eq!(came("OB", Condition::Elsewhere), "CO-250 N706");
        assert_eq!(came("OB", Condition::Incomplete), "CO-251 N705");
        assert_eq!(came("OB", Condition::Illegible), "CO-251 N205");
    }

    #[test]
    fn a_request_about_one_line_leaves_the_others_alone() {
        let mut file = asked("226", false);
        file.processed = date(2026, 4, 21);
        file.documents.requested[0].line = Some(1);
        assert_eq!(example::denial(&file), "");
    }
}
