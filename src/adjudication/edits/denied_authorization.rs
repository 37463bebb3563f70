//! Denied authorization: authorization was asked for, and denied, and nothing else authorizes the service.

use super::authorization::{authorizations, mismatch};
use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::member::Authorization;
use crate::domain::plan::Network;

pub(super) const EDIT: Edit = Edit {
    id: "denied-authorization",
    summary: "The benefit needs prior authorization, which was asked for and denied.",
    reasons: &[
        Reason::contractual("39", "", "the provider knew that it was not authorized"),
        Reason::patient("39", "", "no contract keeps the provider from billing the patient"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::Benefit, Fact::Authorization, Fact::AuthorizationsOnFile, Fact::NetworkMet, Fact::Emergency],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover.filter(|_| !service.is_emergency()) else { return Finding::Pass };
    if !cover.benefit.is_some_and(|benefit| benefit.authorization_required) {
        return Finding::Pass;
    }
    let named = &service.line.authorization_number;
    let afterwards = |found: &Authorization| found.retrospective && mismatch(case, service, found).is_none();
    let given = || authorizations(case, false).any(|found| found.number == *named || afterwards(found));
    let mut denied = case.file.authorizations.iter().filter(|found| found.denied && !found.referral);
    let Some(denied) = denied.find(|found| mismatch(case, service, found).is_none()).filter(|_| !given()) else {
        return Finding::Pass;
    };
    let words = format!("Authorization {} was asked for and denied.", denied.number);
    Finding::Deny(match cover.network {
        Network::In | Network::Tier(_) => Denial::contractual(carc("39"), words),
        Network::Out => Denial::patient(carc("39"), words),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::member::CodeRanges;

    /// An image that needs authorization, which was denied in March; the claim names the number.
    fn image(number: &str) -> ClaimFile {
        let mut file = example::office_visit();
        file.claim.lines = vec![example::line("70551", 80_000)];
        file.claim.lines[0].authorization_number = number.into();
        example::benefit(&mut file, "imaging").authorization_required = true;
        file.authorizations = vec![Authorization {
            number: "A1".into(),
            member_id: "M1".into(),
            procedures: CodeRanges::parse(["70551"]).unwrap(),
            npi: None,
            period: Period::between(date(2026, 3, 1), date(2026, 3, 31)),
            units: None,
            referral: false,
            denied: true,
            requested: None,
            retrospective: false,
            cancelled: false,
        }];
        file
    }

    #[test]
    fn what_was_denied_beforehand_is_told_so_whether_the_claim_names_it_or_not() {
        assert_eq!(example::denial(&image("A1")), "CO-39");
        assert_eq!(example::denial(&image("")), "CO-39");
        let mut file = image("");
        file.claim.billing_npi = example::STRANGER;
        file.claim.lines[0].rendering_npi = example::STRANGER;
        assert_eq!(example::denial(&file), "PR-39");
    }

    #[test]
    fn another_authorization_that_was_given_authorizes() {
        let mut file = image("A2");
        let given = Authorization { number: "A2".into(), denied: false, ..file.authorizations[0].clone() };
        file.authorizations.push(given);
        assert_eq!(example::denial(&file), "");
        file.authorizations[0].period.through = Some(date(2026, 3, 1));
        file.authorizations.pop();
        assert_eq!(example::denial(&file), "CO-15 M62");
    }
}
