//! Related service: the payer pays the service only after or with another, which is neither on the claim nor on file.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::member::CodeRanges;

pub(super) const EDIT: Edit = Edit {
    id: "related-service",
    summary: "The service is paid only after or with another one, which is not on the claim nor on file.",
    reasons: &[Reason::contractual("107", "N674", "the provider bills what must come first")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::Procedure, Fact::OtherLines, Fact::History],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let mut asked = service.rules.iter().filter_map(|rule| rule.related.as_ref());
    let Some(related) = asked.find(|related| !given(case, proceedings, service, related)) else { return Finding::Pass };
    let ranges = related.ranges().iter();
    let list: Vec<String> = ranges.map(|(a, b)| if a == b { a.to_string() } else { format!("{a} to {b}") }).collect();
    let words = format!(
        "{} is paid only after or with {}, which is not on the claim nor on file.",
        service.line.billed(),
        list.join(", ")
    );
    Finding::Deny(Denial::contractual(carc("107"), words).remark("N674"))
}

/// Whether one of the services was given before or with this one.
fn given(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>, related: &CodeRanges) -> bool {
    let day = service.line.from;
    let here = case.services.iter().filter(|other| other.at != service.at && !proceedings.is_denied(other.at));
    let mut here = here.map(|other| (other.line.procedure, other.line.from));
    let before = case.history.iter().filter(|line| !line.denied).map(|line| (line.procedure, line.from));
    let fits = |(procedure, from)| related.contains(procedure) && from <= day;
    here.any(fits) || before.into_iter().any(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::ProcedureCode;

    /// A visit that is paid after an operation only.
    fn visit() -> ClaimFile {
        let mut file = example::office_visit();
        let rule = example::asks(&mut file);
        rule.procedures = CodeRanges::parse(["99213"]).unwrap().into_any();
        rule.related = CodeRanges::parse(["44970"]).unwrap().into_any();
        file
    }

    #[test]
    fn what_must_come_first_is_on_the_claim_or_on_file() {
        assert_eq!(example::denial(&visit()), "CO-107 N674");
        let mut file = visit();
        file.claim.lines.push(example::line("44970", 90_000));
        file.claim.lines[1].place = crate::domain::codes::PlaceOfService::new("22");
        assert_eq!(example::denials(&file)[0], "");
        let mut file = visit();
        let mut earlier = example::earlier(&file);
        earlier.procedure = ProcedureCode::new("44970");
        file.history = vec![earlier.clone()].into();
        assert_eq!(example::denial(&file), "");
        earlier.denied = true;
        file.history = vec![earlier].into();
        assert_eq!(example::denial(&file), "CO-107 N674");
    }
}
