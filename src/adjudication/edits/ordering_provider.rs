//! Ordering provider: a service that somebody must have ordered, or referred to, does not say who.

use super::{Case, Check, Edit, Fact, Finding, Proceedings, Reason, Service, unprocessable};
use crate::domain::claim_rules::ServiceNeed;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "ordering-provider",
    summary: "The service is paid only if ordered or referred to, and the claim does not say by whom.",
    reasons: &[Reason::contractual("16", "N265 N286 MA130", "the provider left it out")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 424.507(a) (ordered imaging, laboratory services and equipment)",
            href: "https://www.ecfr.gov/current/title-42/section-424.507",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Procedure, Fact::OrderingProvider, Fact::ReferringProvider],
    check: Check::Line(check),
};

fn check(_: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let line = service.line;
    if line.referring_npi.is_some() {
        return Finding::Pass;
    }
    if service.needs(ServiceNeed::ReferringProvider).is_some() {
        return unprocessable(format!("{} needs a referral: name who referred, with the NPI.", line.billed()), "N286");
    }
    if line.ordering_npi.is_none() && service.needs(ServiceNeed::OrderingProvider).is_some() {
        return unprocessable(format!("{} must be ordered: name who ordered it, with the NPI.", line.billed()), "N265");
    }
    Finding::Pass
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn who_ordered_or_referred_is_named_where_the_payer_asks_it() {
        let mut file = example::office_visit();
        example::asks(&mut file).needs = vec![ServiceNeed::OrderingProvider];
        assert_eq!(example::denial(&file), "CO-16 N265 MA130");
        file.claim.lines[0].ordering_npi = Some(example::DOCTOR);
        assert_eq!(example::denial(&file), "");
        (file.claim.lines[0].ordering_npi, file.claim.lines[0].referring_npi) = (None, Some(example::DOCTOR));
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn an_order_is_no_referral() {
        let mut file = example::office_visit();
        example::asks(&mut file).needs = vec![ServiceNeed::ReferringProvider];
        file.claim.lines[0].ordering_npi = Some(example::DOCTOR);
        assert_eq!(example::denial(&file), "CO-16 N286 MA130");
    }
}
