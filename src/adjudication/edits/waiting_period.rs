//! Waiting period: the benefit is given only after so many days of coverage, and they have not passed.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date, plus_days};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "waiting-period",
    summary: "The member waits for the benefit: the days from the first of the coverage have not passed.",
    reasons: &[Reason::patient("179", "", "the plan does not insure it, so the patient pays")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::PlanInForce, Fact::Benefit, Fact::ServiceDates],
    check: Check::Line(check),
};

fn check(_: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover else { return Finding::Pass };
    let waits = cover.benefit.and_then(|benefit| Some((benefit, benefit.waiting_days?)));
    let Some((benefit, days)) = waits else { return Finding::Pass };
    let first = plus_days(cover.coverage.period.from, days);
    if service.line.from >= first {
        return Finding::Pass;
    }
    let words = format!("{} is given from {first}, {days} days after coverage began.", benefit.name);
    Finding::Deny(Denial::patient(carc("179"), words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    /// Covered since 31 January; 30 days later is 2 March, the day of the visit.
    #[test]
    fn the_first_day_after_the_wait_is_paid_and_the_last_of_it_is_not() {
        let mut file = example::office_visit();
        file.family[0].coverages[0].period.from = date(2026, 1, 31);
        example::benefit(&mut file, "office").waiting_days = Some(30);
        assert_eq!(example::denial(&file), "");
        example::benefit(&mut file, "office").waiting_days = Some(31);
        assert_eq!(example::denial(&file), "PR-179");
        assert!(example::words(&file, "waiting-period").contains("2026-03-03"));
        example::benefit(&mut file, "imaging").waiting_days = Some(31);
        example::benefit(&mut file, "office").waiting_days = None;
        assert_eq!(example::denial(&file), "", "another benefit's wait is none");
    }
}
