//! Add-on code: a service that is only ever done with another, and that other is not payable to the same practice that day.
//!
//! Which services are add-ons is known by CMS's list of primary codes, as far as it comes with the program, and by the global
//! period ZZZ of Medicare's relative value file, where the fee schedule is built on it; for those any other service will do.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{ProcedureCode, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::add_on_codes::primaries;
use crate::reference::pprrvu::GlobalPeriod;

pub(super) const EDIT: Edit = Edit {
    id: "add-on-code",
    summary: "An add-on code without the service that it is added to.",
    reasons: &[
        Reason::contractual("B15", "N122", "the provider bills it with its main procedure"),
        Reason::contractual("107", "N122", "its main procedure is not paid, so neither is it"),
    ],
    effective: Period::since(date(2013, 4, 1)),
    authority: &[Citation {
        title: "CMS, Medicare NCCI add-on code edits",
        href: "https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-add-code-edits",
    }],
    looks_at: &[
        Fact::Procedure,
        Fact::ServiceDates,
        Fact::RenderingProvider,
        Fact::OtherLines,
        Fact::History,
        Fact::GlobalPeriods,
    ],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let (line, Some(cover)) = (service.line, service.cover) else { return Finding::Pass };
    if case.file.claim.institutional.is_some() {
        return Finding::Pass;
    }
    let (code, day) = (line.procedure, line.from);
    let listed = primaries(code);
    let is_add_on = |code| cover.relative_value(code, day).is_some_and(|value| value.global == GlobalPeriod::AddOn);
    if listed.is_none() && !is_add_on(code) {
        return Finding::Pass;
    }
    let is_primary = |other: ProcedureCode| match listed {
        Some(listed) => listed.contains(&other.as_str()),
        None => other != code && primaries(other).is_none() && !is_add_on(other),
    };
    let mut denied = None;
    for other in &case.services {
        if other.at == service.at || other.line.from != day || !is_primary(other.line.procedure) {
            continue;
        }
        if case.share_practice(service, other) {
            if !proceedings.is_denied(other.at) {
                return Finding::Pass;
            }
            denied = denied.or(Some(other));
        }
    }
    let before = |past: &&&crate::domain::determination::HistoryLine| {
        !past.denied && past.from == day && is_primary(past.procedure) && case.is_of_practice(service, past)
    };
    if case.history.iter().find(before).is_some() {
        return Finding::Pass;
    }
    if let Some(other) = denied {
        let words = format!("{code} is added to {} of line {}, which is denied.", other.line.procedure, other.at + 1);
        return Finding::Deny(Denial::contractual(carc("107"), words).remark("N122"));
    }
    let primary = listed.map_or_else(|| "another service".to_owned(), |listed| listed.join(" or "));
    let words =
        format!("{code} is an add-on code: it needs {primary} of the same practice on {day}, and there is none.");
    Finding::Deny(Denial::contractual(carc("B15"), words).remark("N122"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::example;

    #[test]
    fn an_add_on_needs_a_primary_code_of_its_list() {
        assert_eq!(example::denials(&example::billed(&["96415"])), ["CO-B15 N122"]);
        assert_eq!(example::denials(&example::billed(&["96415", "99213"])), ["CO-B15 N122", ""]);
        assert_eq!(example::denials(&example::billed(&["96415", "96413"])), ["", ""]);
    }

    #[test]
    fn beside_a_primary_code_that_is_denied_it_is_denied_for_that() {
        let mut file = example::billed(&["96415", "96413"]);
        file.claim.lines[1].pointers = vec![];
        assert_eq!(example::denials(&file), ["CO-107 N122", "CO-16 M76"]);
    }

    #[test]
    fn a_primary_code_of_an_earlier_claim_of_the_day_will_do_if_it_was_paid() {
        let mut file = example::billed(&["96413"]);
        file.history = vec![example::earlier(&file)].into();
        file.claim.lines[0].procedure = ProcedureCode::new("96415");
        assert_eq!(example::denial(&file), "");
        Arc::make_mut(&mut file.history)[0].denied = true;
        assert_eq!(example::denial(&file), "CO-B15 N122");
    }

    #[test]
    fn another_practice_or_another_day_is_no_primary_service() {
        let mut file = example::billed(&["96415", "96413"]);
        file.claim.lines[1].rendering_npi = example::STRANGER;
        assert_eq!(example::denials(&file), ["CO-B15 N122", ""]);
        let mut file = example::billed(&["96415", "96413"]);
        file.claim.lines[1].from = date(2026, 3, 3);
        file.claim.lines[1].through = date(2026, 3, 3);
        assert_eq!(example::denials(&file), ["CO-B15 N122", ""]);
    }
}
