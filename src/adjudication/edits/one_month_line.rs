//! One-month line: a line of a professional or outpatient claim whose days lie in more than one calendar month.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "one-month-line",
    summary: "A line's days lie in more than one calendar month.",
    reasons: &[Reason::contractual("267", "N74", "the provider bills each month by itself")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation::PLAN,
        Citation {
            title: "Medicare Claims Processing Manual, chapter 1, section 50.2.2 (repetitive services by the month)",
            href: CLAIMS_MANUAL,
        },
    ],
    looks_at: &[Fact::ServiceDates, Fact::PlanInForce],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let line = service.line;
    let (from, through) = (line.from, line.through);
    if from.first_of_month() == through.first_of_month()
        || !service.cover.is_some_and(|cover| cover.plan.claim_checks.one_month_lines)
        || case.file.claim.institutional.as_ref().is_some_and(|facility| facility.bill.is_inpatient())
    {
        return Finding::Pass;
    }
    let words = format!("The days from {from} to {through} lie in more than one month: bill each month by itself.");
    Finding::Deny(Denial::contractual(carc("267"), words).remark("N74"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn a_line_over_the_end_of_a_month_is_denied_where_the_plan_says_so() {
        let denial = |through, asked| {
            let mut file = example::office_visit();
            example::plan(&mut file).claim_checks.one_month_lines = asked;
            file.claim.lines[0].through = through;
            (file.received, file.processed) = (date(2026, 4, 9), date(2026, 4, 9));
            example::denial(&file)
        };
        assert_eq!(denial(date(2026, 3, 31), true), "");
        assert_eq!(denial(date(2026, 4, 1), true), "CO-267 N74");
        assert_eq!(denial(date(2026, 4, 1), false), "");
    }
}
