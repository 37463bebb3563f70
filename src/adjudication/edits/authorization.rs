//! Authorization: the benefit needs one, and the claim has none, a wrong one, or one that is used up.
//!
//! An authorization also loses units to lines that would not have needed it. Emergencies need none (45 CFR 149.110).

use rust_decimal::Decimal;

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::adjudication::case::Cover;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::{AuthorizationUse, Citation};
use crate::domain::member::Authorization;
use crate::domain::plan::Network;
use crate::reference::revenue_codes::is_accommodation;

pub(super) const EDIT: Edit = Edit {
    id: "authorization",
    summary: "The benefit needs prior authorization, and the claim has none, a wrong one, or one that is used up.",
    reasons: &[
        Reason::contractual("197", "", "the provider must ask beforehand"),
        Reason::patient("197", "", "out of network the plan has the member ask beforehand"),
        Reason::contractual("15", "M62", "the provider named a number that does not fit"),
        Reason::contractual("198", "", "the provider did more than was authorized"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation::PLAN,
        Citation {
            title: "45 CFR 149.110 (emergencies need none)",
            href: "https://www.ecfr.gov/current/title-45/section-149.110",
        },
    ],
    looks_at: &[
        Fact::Benefit,
        Fact::Authorization,
        Fact::AuthorizationsOnFile,
        Fact::Procedure,
        Fact::Units,
        Fact::ServiceDates,
        Fact::Emergency,
    ],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(benefit) = service.cover.and_then(|cover| cover.benefit) else { return Finding::Pass };
    let line = service.line;
    // What was granted after the service could not be named by claims that came before.
    let granted_afterwards = || {
        let mut granted = authorizations(case, false).filter(|found| found.retrospective);
        granted.find(|found| mismatch(case, service, found).is_none()).map(|found| &found.number)
    };
    let named = Some(&line.authorization_number).filter(|number| !number.is_empty());
    let number = named.or_else(granted_afterwards).unwrap_or(&line.authorization_number);
    let units = units(case, line);
    let required = benefit.authorization_required && !service.is_emergency();
    let deny = |denial| if required { Finding::Deny(denial) } else { Finding::Pass };
    if number.is_empty() {
        if !required {
            return Finding::Pass;
        }
        let on_file = authorizations(case, false).find(|found| mismatch(case, service, found).is_none());
        let hint = on_file.map(|found| format!(" {} is on file for it: name it on the claim.", found.number));
        let words = format!("Benefit {} needs prior authorization; the claim names none.", benefit.name);
        let words = words + &hint.unwrap_or_default();
        return deny(match members_to_ask(service) {
            true => Denial::patient(carc("197"), words),
            false => Denial::contractual(carc("197"), words),
        });
    }
    let wrong = |words: String| deny(Denial::contractual(carc("15"), words).remark("M62"));
    let Some(found) = authorizations(case, false).find(|found| found.number == *number) else {
        return wrong(format!("There is no authorization {number} for this family."));
    };
    if let Some(reason) = mismatch(case, service, found) {
        return wrong(format!("Authorization {number} is for another {reason}."));
    }
    match units_left(case, proceedings, found) {
        Some(left) if left < units => {
            let words = format!("Authorization {number} has {left} units left; the line has {units}.");
            deny(Denial::contractual(carc("198"), words))
        }
        _ if units.is_zero() => Finding::Pass,
        _ => Finding::Take(AuthorizationUse { number: number.clone(), line: service.at, units }),
    }
}

/// Whether it was for the member to ask: out of network, where the plan says so.
fn members_to_ask(service: &Service<'_>) -> bool {
    let asks = |cover: Cover<'_>| cover.network == Network::Out && cover.plan.provisions.member_asks_out_of_network;
    service.cover.is_some_and(asks)
}

/// Units that a line takes: of a stay the days of its room and board, and nothing for the rest.
fn units(case: &Case<'_>, line: &ServiceLine) -> Decimal {
    let of_a_stay = case.file.claim.institutional.as_ref().is_some_and(|facility| facility.bill.is_inpatient());
    if of_a_stay && !is_accommodation(line.revenue) { Decimal::ZERO } else { line.units }
}

/// Authorizations, or else referrals, that were given to the family.
pub(super) fn authorizations<'a>(case: &Case<'a>, referral: bool) -> impl Iterator<Item = &'a Authorization> {
    case.file.authorizations.iter().filter(move |found| found.referral == referral && !found.denied && !found.cancelled)
}

/// What of the line an authorization is not for. One that names no procedures is for any.
pub(super) fn mismatch(case: &Case<'_>, service: &Service<'_>, found: &Authorization) -> Option<&'static str> {
    let line = service.line;
    let by = |npi| npi == line.rendering_npi || npi == case.file.claim.billing_npi;
    if case.member().is_none_or(|member| member.member_id != found.member_id) {
        Some("patient")
    } else if !found.procedures.ranges().is_empty() && !is_for(case, service, found) {
        Some("procedure")
    } else if !found.period.contains(line.from) || !found.period.contains(line.through) {
        Some("day")
    } else if found.npi.is_some_and(|npi| !by(npi)) {
        Some("provider")
    } else {
        None
    }
}

/// Whether the line names an authorization on file that is for it.
pub(in crate::adjudication) fn fits_authorization(case: &Case<'_>, service: &Service<'_>) -> bool {
    let number = &service.line.authorization_number;
    let named = |found: &&Authorization| found.number == *number;
    !number.is_empty()
        && authorizations(case, false).filter(named).any(|found| mismatch(case, service, found).is_none())
}

/// Whether the authorization names the line's procedure; that of a facility's line without one, any of the claim's.
fn is_for(case: &Case<'_>, service: &Service<'_>, found: &Authorization) -> bool {
    if !service.line.procedure.is_none() {
        return found.procedures.contains(service.line.procedure);
    }
    let mut procedures =
        case.services.iter().map(|other| other.line.procedure).filter(|code| !code.is_none()).peekable();
    procedures.peek().is_none() || procedures.any(|code| found.procedures.contains(code))
}

/// What earlier claims and the lines before have left of it; `None`: no limit.
pub(super) fn units_left(case: &Case<'_>, proceedings: &Proceedings, found: &Authorization) -> Option<Decimal> {
    let units = found.units?;
    let taken = case.file.authorization_uses.iter().chain(proceedings.uses(case));
    let taken = taken.filter(|taken| taken.number == found.number);
    Some(units - taken.map(|taken| taken.units).sum::<Decimal>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::member::CodeRanges;

    /// Imaging needs authorization; A1 is for two units of 70551-70553 by the clinic, in March.
    fn imaging(number: &str) -> ClaimFile {
        let mut file = example::office_visit();
        file.claim.lines = vec![example::line("70551", 80_000)];
        file.claim.lines[0].authorization_number = number.into();
        example::benefit(&mut file, "imaging").authorization_required = true;
        file.authorizations = vec![Authorization {
            number: "A1".into(),
            member_id: "M1".into(),
            procedures: CodeRanges::parse(["70551-70553"]).unwrap(),
            npi: Some(example::CLINIC),
            period: Period::between(date(2026, 3, 1), date(2026, 3, 31)),
            units: Some(Decimal::TWO),
            referral: false,
            denied: false,
            requested: None,
            retrospective: false,
            cancelled: false,
        }];
        file
    }

    #[test]
    fn a_claim_that_names_none_is_denied_and_told_of_the_one_on_file() {
        assert_eq!(example::denial(&imaging("")), "CO-197");
        assert!(example::words(&imaging(""), "authorization").contains("A1 is on file"));
        assert_eq!(example::denial(&imaging("A1")), "");
    }

    #[test]
    fn a_number_that_nobody_gave_or_that_was_given_for_something_else_is_wrong() {
        assert_eq!(example::denial(&imaging("A2")), "CO-15 M62");
        type Change = fn(&mut Authorization);
        let cases: [(&str, Change); 4] = [
            ("patient", |a| a.member_id = "M2".into()),
            ("procedure", |a| a.procedures = CodeRanges::parse(["44970"]).unwrap()),
            ("day", |a| a.period.through = Some(date(2026, 3, 1))),
            ("provider", |a| a.npi = Some(example::STRANGER)),
        ];
        for (what, change) in cases {
            let mut file = imaging("A1");
            change(&mut file.authorizations[0]);
            assert_eq!(example::denial(&file), "CO-15 M62", "{what}");
            assert!(example::words(&file, "authorization").ends_with(&format!("another {what}.")));
        }
        let mut file = imaging("A1");
        file.authorizations[0].referral = true;
        assert_eq!(example::denial(&file), "CO-15 M62");
    }

    #[test]
    fn two_units_are_paid_and_no_third() {
        let mut file = imaging("A1");
        file.authorization_uses = vec![AuthorizationUse { number: "A1".into(), line: 0, units: Decimal::ONE }].into();
        assert_eq!(example::denial(&file), "");
        file.claim.lines.push(example::modified(file.claim.lines[0].clone(), "59"));
        assert_eq!(example::denials(&file), ["", "CO-198"]);
        let taken = example::decide(&file).authorization_uses;
        assert_eq!(taken, [AuthorizationUse { number: "A1".into(), line: 0, units: Decimal::ONE }]);
    }

    #[test]
    fn a_line_that_is_denied_for_another_reason_takes_nothing() {
        let mut file = imaging("A1");
        file.received = date(2027, 1, 1);
        assert_eq!(example::denial(&file), "CO-29");
        assert!(example::decide(&file).authorization_uses.is_empty());
    }

    #[test]
    fn an_emergency_needs_none() {
        let mut file = imaging("");
        file.claim.lines[0].emergency = true;
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn out_of_network_it_is_for_the_member_to_ask_where_the_plan_says_so() {
        let mut file = imaging("");
        file.claim.billing_npi = example::STRANGER;
        file.claim.lines[0].rendering_npi = example::STRANGER;
        assert_eq!(example::denial(&file), "CO-197");
        example::plan(&mut file).provisions.member_asks_out_of_network = true;
        assert_eq!(example::denial(&file), "PR-197");
    }
}
