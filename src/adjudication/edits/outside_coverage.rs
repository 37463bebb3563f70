//! Outside coverage: the patient was not covered on a day of the service.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::adjudication::coverage::{Uncovered, coverage_on};
use crate::domain::codes::{Group, carc};
use crate::domain::dates::{Date, Period, date};
use crate::domain::determination::Citation;
use crate::domain::member::Member;

pub(super) const EDIT: Edit = Edit {
    id: "outside-coverage",
    summary: "The patient was not covered on the day of service: not yet, not any more, not in between, or not as a dependent.",
    reasons: &[
        Reason::patient("26", "N30", "the patient was not covered"),
        Reason::patient("27", "N30", "the patient was not covered"),
        Reason::patient("200", "N650", "the patient was not covered"),
        Reason::patient("32", "N30", "the patient was not covered"),
        Reason::patient("33", "", "the patient was not covered"),
        Reason::contractual("26", "N30", "the provider's contract has it look up who is covered"),
        Reason::contractual("27", "N30", "the provider's contract has it look up who is covered"),
        Reason::contractual("200", "N650", "the provider's contract has it look up who is covered"),
        Reason::contractual("239", "", "the provider bills the covered days by themselves"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::MemberRecord, Fact::ServiceDates, Fact::PlanInForce],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(member) = case.member() else { return Finding::Pass };
    let (payer, family, line) = (&case.file.payer, &case.file.family, service.line);
    // Who is covered on the day of admission is covered for a hospital stay.
    let stay = case.file.claim.institutional.as_ref().filter(|facility| facility.bill.is_hospital_inpatient());
    let days = stay.map_or([line.from, line.through], |facility| [facility.from; 2]);
    for day in days {
        match coverage_on(payer, family, member, day) {
            // A coverage may outlive its plan, where a payer's plans are changed one by one.
            Ok(coverage) if service.cover.is_none() => {
                let words = format!("The coverage names the plan {}, which the payer does not have.", coverage.plan_id);
                return Finding::Pend("plan not found", words);
            }
            Ok(_) => {}
            Err(Uncovered::NoPeriod) => {
                return splits(service).unwrap_or_else(|| Finding::Deny(borne(case, no_period(member, day))));
            }
            Err(Uncovered::TooOld(last)) => {
                let words = format!("The plan covers the child through {last} by its age limit, not on {day}.");
                return Finding::Deny(Denial::patient(carc("32"), words).remark("N30"));
            }
            Err(Uncovered::NoDependents) => {
                return Finding::Deny(Denial::patient(carc("33"), "The plan covers nobody but the subscriber."));
            }
        }
    }
    Finding::Pass
}

/// A line of which the first day is covered is sent back where the plan says so.
fn splits(service: &Service<'_>) -> Option<Finding> {
    let plan = service.cover?.plan;
    plan.provisions.split_spans.then(|| {
        let (from, through) = (service.line.from, service.line.through);
        let words = format!("Only some of the days from {from} to {through} are covered: bill those by themselves.");
        Finding::Deny(Denial::contractual(carc("239"), words))
    })
}

/// The provider bears it where its contract has it look up who is covered.
fn borne(case: &Case<'_>, denial: Denial) -> Denial {
    match case.billing.filter(|billing| billing.standing.verifies_coverage) {
        Some(_) => Denial { group: Group::ContractualObligation, ..denial },
        None => denial,
    }
}

fn no_period(member: &Member, day: Date) -> Denial {
    let before = member.coverages.iter().any(|coverage| coverage.period.from <= day);
    let after = member.coverages.iter().any(|coverage| coverage.period.from > day);
    let (reason, remark, words) = match (before, after) {
        (true, true) => ("200", "N650", "lies in a gap between two periods of coverage"),
        (true, false) => ("27", "N30", "lies after the last day of coverage"),
        (false, _) => ("26", "N30", "lies before the first day of coverage"),
    };
    Denial::patient(carc(reason), format!("The service of {day} {words}.")).remark(remark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};

    fn covered(periods: &[Period]) -> ClaimFile {
        let mut file = example::office_visit();
        let coverage = file.family[0].coverages[0].clone();
        let periods =
            periods.iter().map(|period| crate::domain::member::Coverage { period: *period, ..coverage.clone() });
        file.family[0].coverages = periods.collect();
        file
    }

    #[test]
    fn the_first_and_the_last_day_of_coverage_are_covered() {
        assert_eq!(example::denial(&covered(&[Period::between(date(2026, 3, 2), date(2026, 3, 2))])), "");
    }

    #[test]
    fn the_day_before_the_day_after_and_a_gap_are_told_apart() {
        let early = Period::between(date(2025, 1, 1), date(2026, 3, 1));
        let late = Period::since(date(2026, 3, 3));
        assert_eq!(example::denial(&covered(&[late])), "PR-26 N30");
        assert_eq!(example::denial(&covered(&[early])), "PR-27 N30");
        assert_eq!(example::denial(&covered(&[early, late])), "PR-200 N650");
    }

    #[test]
    fn a_service_that_runs_past_the_last_day_of_coverage_is_not_covered() {
        let mut file = covered(&[Period::between(date(2025, 1, 1), date(2026, 3, 31))]);
        file.claim.lines[0].through = date(2026, 4, 1);
        assert_eq!(example::denial(&file), "PR-27 N30");
    }

    #[test]
    fn a_coverage_under_a_plan_that_is_gone_waits_and_pays_nothing_yet() {
        let mut file = example::office_visit();
        file.family[0].coverages[0].plan_id = "gone".into();
        assert_eq!(example::decide(&file).pend, Some("plan not found"));
    }

    #[test]
    fn a_provider_whose_contract_has_it_look_up_coverage_bears_it() {
        let mut file = covered(&[Period::since(date(2026, 3, 3))]);
        file.providers[0].standing.verifies_coverage = true;
        assert_eq!(example::denial(&file), "CO-26 N30");
    }

    #[test]
    fn a_line_that_begins_covered_is_sent_back_where_the_plan_says_so() {
        let mut file = covered(&[Period::between(date(2025, 1, 1), date(2026, 3, 31))]);
        example::plan(&mut file).provisions.split_spans = true;
        file.claim.lines[0].through = date(2026, 4, 1);
        assert_eq!(example::denial(&file), "CO-239");
        let line = &mut file.claim.lines[0];
        (line.from, line.through) = (date(2026, 4, 1), date(2026, 4, 1));
        assert_eq!(example::denial(&file), "PR-27 N30");
    }
}
