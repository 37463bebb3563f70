//! Orderer eligibility: who ordered the service, or referred to it, may not.
//!
//! Of somebody whom the payer does not know nothing is said.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::adjudication::case::provider;
use crate::domain::claim_rules::{ServiceNeed, starts_with_any};
use crate::domain::codes::{Npi, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "orderer-eligibility",
    summary: "Who ordered the service or referred to it is excluded, not enrolled, or of a type that may not.",
    reasons: &[
        Reason::contractual("183", "N574", "the provider acted on a referral that does not count"),
        Reason::contractual("184", "N574", "the provider acted on an order that does not count"),
    ],
    effective: Period::since(date(2014, 1, 6)),
    authority: &[
        Citation {
            title: "42 CFR 424.507(a) (who orders or refers is enrolled, or has opted out)",
            href: "https://www.ecfr.gov/current/title-42/section-424.507",
        },
        Citation {
            title: "42 CFR 1001.1901(b) (nothing is paid that an excluded provider ordered)",
            href: "https://www.ecfr.gov/current/title-42/section-1001.1901",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Procedure, Fact::OrderingProvider, Fact::ReferringProvider],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let line = service.line;
    let ordered = line.ordering_npi.and_then(|npi| fault(case, service, npi));
    if let Some(words) = ordered {
        return Finding::Deny(Denial::contractual(carc("184"), format!("Who ordered it {words}")).remark("N574"));
    }
    match line.referring_npi.and_then(|npi| fault(case, service, npi)) {
        Some(words) => {
            let words = format!("Who referred to it {words}");
            Finding::Deny(Denial::contractual(carc("183"), words).remark("N574"))
        }
        None => Finding::Pass,
    }
}

/// Why the provider may not order or refer.
fn fault(case: &Case<'_>, service: &Service<'_>, npi: Npi) -> Option<String> {
    let (known, day) = (provider(case.file, npi)?, service.line.from);
    if known.standing.exclusions.iter().any(|period| period.contains(day)) {
        return Some(format!("({npi}) was excluded from federal health care programs on {day}."));
    }
    let must_be_enrolled = [ServiceNeed::OrderingProvider, ServiceNeed::ReferringProvider];
    let asked = must_be_enrolled.into_iter().any(|need| service.needs(need).is_some());
    let opted_out = known.standing.opt_outs.iter().any(|period| period.contains(day));
    if asked && !opted_out && known.enrollment_on(day).is_none() {
        return Some(format!("({npi}) was not enrolled on {day}."));
    }
    let misfits = |types: &[String]| !types.is_empty() && !starts_with_any(&known.taxonomy, types);
    let wrong_type = !known.taxonomy.is_empty() && service.rules.iter().any(|rule| misfits(&rule.orderer_types));
    wrong_type.then(|| format!("({npi}) is of type {}, which may not.", known.taxonomy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};

    const ORDERER: Npi = Npi::new(1_000_000_012);

    /// An orderer of family medicine, enrolled since 2020.
    fn ordered() -> ClaimFile {
        let mut file = example::office_visit();
        file.providers.push(example::provider(ORDERER));
        file.claim.lines[0].ordering_npi = Some(ORDERER);
        file
    }

    #[test]
    fn an_orderer_is_of_a_type_that_may() {
        let mut file = ordered();
        example::asks(&mut file).orderer_types = vec!["207".into()];
        assert_eq!(example::denial(&file), "");
        example::asks(&mut file).orderer_types = vec!["208".into()];
        assert_eq!(example::denial(&file), "CO-184 N574");
        let line = &mut file.claim.lines[0];
        (line.ordering_npi, line.referring_npi) = (None, Some(ORDERER));
        assert_eq!(example::denial(&file), "CO-183 N574");
    }

    #[test]
    fn nobody_who_is_excluded_orders_and_who_opted_out_may() {
        let mut file = ordered();
        file.providers[2].standing.exclusions = vec![Period::since(date(2026, 1, 1))];
        assert_eq!(example::denial(&file), "CO-184 N574");
        let mut file = ordered();
        example::asks(&mut file).needs = vec![ServiceNeed::OrderingProvider];
        file.providers[2].enrollments.clear();
        assert_eq!(example::denial(&file), "CO-184 N574");
        file.providers[2].standing.opt_outs = vec![Period::since(date(2026, 1, 1))];
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn of_a_stranger_nothing_is_said() {
        let mut file = ordered();
        example::asks(&mut file).orderer_types = vec!["208".into()];
        file.claim.lines[0].ordering_npi = Some(example::STRANGER);
        assert_eq!(example::denial(&file), "");
    }
}
