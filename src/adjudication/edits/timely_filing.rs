//! Timely filing: the claim came in after the filing limit. A reason for delay on the claim does not lift it by itself:
//! Medicare's exceptions (42 CFR 424.44(b)) are granted on request.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Date, Period, date, plus_days, plus_years};
use crate::domain::determination::Citation;
use crate::domain::plan::Plan;

pub(super) const EDIT: Edit = Edit {
    id: "timely-filing",
    summary: "The claim was received after the filing limit of the plan or of the law.",
    reasons: &[Reason::contractual("29", "N211", "the provider files late and may not bill the patient")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 424.44 (Original Medicare)",
            href: "https://www.ecfr.gov/current/title-42/section-424.44",
        },
        Citation {
            title: "Medicare Claims Processing Manual, chapter 1, section 70.1 (a facility's bill counts from its through date)",
            href: CLAIMS_MANUAL,
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::ReceivedDate, Fact::ServiceDates, Fact::FilingLimit, Fact::PlanInForce],
    check: Check::Line(check),
};

/// 42 CFR 424.44(a): one calendar year after the date of service.
const MEDICARE_YEARS: i16 = 1;

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover else { return Finding::Pass };
    // A facility's bill counts from the last day that it covers.
    let from = case.file.claim.institutional.as_ref().map_or(service.line.from, |facility| facility.through);
    let received = case.file.received;
    let Some(last) = last_day(cover.plan, from).filter(|last| received > *last) else { return Finding::Pass };
    let words = format!("Service of {from}, received {received}; the last day for claims was {last}.");
    let denial = Denial::contractual(carc("29"), words);
    Finding::Deny(if cover.plan.medicare { denial.remark("N211") } else { denial })
}

/// The last day on which a claim for the day of service may come in; `None`: no limit.
pub fn last_day(plan: &Plan, from: Date) -> Option<Date> {
    if plan.medicare {
        return Some(plus_years(from, MEDICARE_YEARS));
    }
    plan.timely_filing_days.map(|days| plus_days(from, days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn the_last_day_of_the_limit_is_in_time_and_the_next_is_late() {
        let mut file = example::office_visit();
        // 2026-03-02 and 180 days: 29 left in March, 30, 31, 30, 31 make 151, 29 more in August.
        file.received = date(2026, 8, 29);
        assert_eq!(example::denial(&file), "");
        file.received = date(2026, 8, 30);
        assert_eq!(example::denial(&file), "CO-29");
        example::plan(&mut file).timely_filing_days = None;
        assert_eq!(example::denial(&file), "");
    }

    /// 29 February 2024 and a year: 28 February 2025. And in a leap year, the limit is 366 days.
    #[test]
    fn medicare_gives_a_calendar_year_and_says_that_no_appeal_is_heard() {
        let mut file = example::office_visit();
        example::plan(&mut file).medicare = true;
        file.received = date(2027, 3, 2);
        assert_eq!(example::denial(&file), "");
        file.received = date(2027, 3, 3);
        assert_eq!(example::denial(&file), "CO-29 N211");
        let plan = example::plan(&mut file);
        assert_eq!(last_day(plan, date(2024, 2, 29)), Some(date(2025, 2, 28)));
        assert_eq!(last_day(plan, date(2023, 6, 1)), Some(date(2024, 6, 1)));
    }
}
