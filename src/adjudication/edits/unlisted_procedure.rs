//! Unlisted procedure: a code that only says that there is none. Somebody reads the documents; without any it is denied.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::unlisted_procedures::is_unlisted;

pub(super) const EDIT: Edit = Edit {
    id: "unlisted-procedure",
    summary: "An unlisted procedure: it waits for somebody who reads the documents, and is denied where none was sent.",
    reasons: &[Reason::contractual("252", "N706", "the provider sends the records")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "Medicare NCCI Policy Manual, chapter I, section R (unlisted procedure or service codes)",
            href: super::NCCI_MANUAL,
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Procedure, Fact::Attachment],
    check: Check::Line(check),
};

fn check(_: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let line = service.line;
    if service.cover.is_none() || !is_unlisted(line.procedure) {
        return Finding::Pass;
    }
    if line.attachment {
        return Finding::Pend(
            "unlisted procedure",
            format!("{} is an unlisted procedure: the documents say what was done.", line.procedure),
        );
    }
    let words =
        format!("{} is an unlisted procedure, and no document that says what was done is named (PWK).", line.procedure);
    Finding::Deny(Denial::contractual(carc("252"), words).remark("N706"))
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;
    use crate::domain::codes::ProcedureCode;

    #[test]
    fn an_unlisted_procedure_waits_with_documents_and_is_denied_without() {
        let mut file = example::office_visit();
        example::payer(&mut file).procedures.complete = false;
        file.claim.lines[0].procedure = ProcedureCode::new("44979");
        assert_eq!(example::denial(&file), "CO-252 N706");
        file.claim.lines[0].attachment = true;
        let decided = example::decide(&file);
        assert_eq!((decided.pend, decided.is_denied()), (Some("unlisted procedure"), false));
    }
}
