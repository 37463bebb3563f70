//! Late authorization: the authorization fits, but was asked for later after the service than the plan takes it.

use super::authorization::{authorizations, mismatch};
use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date, plus_days};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "late-authorization",
    summary: "The authorization that the benefit needs was asked for too late.",
    reasons: &[Reason::contractual("210", "", "the provider must ask in time")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::Benefit, Fact::Authorization, Fact::ServiceDates],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (Some(cover), line) = (service.cover, service.line) else { return Finding::Pass };
    let Some(days) = cover.plan.provisions.authorization_days else { return Finding::Pass };
    if !cover.benefit.is_some_and(|benefit| benefit.authorization_required) || line.authorization_number.is_empty() {
        return Finding::Pass;
    }
    let mut named =
        authorizations(case, false).filter(|found| found.number == line.authorization_number && !found.retrospective);
    let found = named.find(|found| mismatch(case, service, found).is_none());
    let (last, asked) = (plus_days(line.from, days), found.and_then(|found| found.requested));
    let Some(asked) = asked.filter(|asked| *asked > last && !service.is_emergency()) else { return Finding::Pass };
    let words = format!(
        "Authorization {} was asked for on {asked}; for the service of {} the plan takes it until {last}.",
        line.authorization_number, line.from
    );
    Finding::Deny(Denial::contractual(carc("210"), words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::dates::Date;
    use crate::domain::member::{Authorization, CodeRanges};

    /// An image of 2 March 2026, authorized by A1.
    fn asked_on(day: Date) -> ClaimFile {
        let mut file = example::office_visit();
        file.claim.lines = vec![example::line("70551", 80_000)];
        file.claim.lines[0].authorization_number = "A1".into();
        example::benefit(&mut file, "imaging").authorization_required = true;
        example::plan(&mut file).provisions.authorization_days = Some(2);
        file.authorizations = vec![Authorization {
            number: "A1".into(),
            member_id: "M1".into(),
            procedures: CodeRanges::default(),
            npi: None,
            period: Period::between(date(2026, 3, 1), date(2026, 3, 31)),
            units: None,
            referral: false,
            denied: false,
            requested: Some(day),
            retrospective: false,
            cancelled: false,
        }];
        file
    }

    #[test]
    fn two_days_after_the_service_is_in_time_and_the_third_is_too_late() {
        assert_eq!(example::denial(&asked_on(date(2026, 3, 4))), "");
        assert_eq!(example::denial(&asked_on(date(2026, 3, 5))), "CO-210");
    }

    #[test]
    fn a_plan_that_names_no_days_and_an_emergency_ask_nothing() {
        let mut file = asked_on(date(2026, 3, 5));
        file.claim.lines[0].emergency = true;
        assert_eq!(example::denial(&file), "");
        let mut file = asked_on(date(2026, 3, 5));
        example::plan(&mut file).provisions.authorization_days = None;
        assert_eq!(example::denial(&file), "");
    }
}
