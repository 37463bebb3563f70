//! Benefit maximum: the visits, days, units or dollars of a year or a lifetime are used up. (A line that passes a limit in
//! its middle is paid in part; that is benefits' to do.)
//!
//! A visit is a day on which a service under the limit's benefits is paid, as in benefits.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::adjudication::Cover;
use crate::adjudication::benefits::limits::{self, Tally};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::money::Money;
use crate::domain::plan::{LimitOn, LimitUnit};

pub(super) const EDIT: Edit = Edit {
    id: "benefit-maximum",
    summary: "What the plan gives of the benefit in a year or a lifetime is used up.",
    reasons: &[
        Reason::patient("119", "N640 N587", "the plan's limit is reached, so the patient pays"),
        Reason::patient("149", "N587 N640", "the plan's limit is reached, so the patient pays"),
        Reason::patient("35", "N587 N640", "the plan's limit is reached, so the patient pays"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::Benefit, Fact::LimitsLeft, Fact::ServiceDates, Fact::Units],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover else { return Finding::Pass };
    let Some(benefit) = cover.benefit else { return Finding::Pass };
    let found = cover.plan.limits_on(benefit).find(|limit| is_used_up(case, proceedings, service, cover, limit));
    let Some(limit) = found else { return Finding::Pass };
    let most = match limit.unit {
        LimitUnit::Dollars => format!("pays {}", Money::from_cents(limit.amount)),
        unit => format!("gives {} {}", limit.amount, unit.as_str()),
    };
    let start = limit.period.start(cover.year_begins(), service.line.from);
    let words = format!("{} {most} {}: used up.", limit.name, limits::when(&limit, start));
    let reason = limits::reason(&limit);
    let remark = if reason == carc("119") && limit.unit != LimitUnit::Dollars { "N640" } else { "N587" };
    Finding::Deny(Denial::patient(reason, words).remark(remark))
}

/// Whether nothing is left of a limit for the line: by earlier claims, and by earlier lines of this one.
fn is_used_up(
    case: &Case<'_>,
    proceedings: &Proceedings,
    service: &Service<'_>,
    cover: Cover<'_>,
    limit: &LimitOn<'_>,
) -> bool {
    let Some(member) = case.member() else { return false };
    let start = limit.period.start(cover.year_begins(), service.line.from);
    let before = limits::used(cover.plan, limit, start, &member.member_id, case.file.entries());
    if limit.unit == LimitUnit::Dollars {
        return before >= limit.amount;
    }
    let belongs = |other: &&Service<'_>| {
        let shares = |of: Cover<'_>| {
            of.plan.plan_id == cover.plan.plan_id
                && of.benefit.is_some_and(|of| limit.counts(&of.name))
                && limit.period.start(of.year_begins(), other.line.from) == start
        };
        other.cover.is_some_and(shares) && !proceedings.is_denied(other.at)
    };
    let mut tally = Tally::open(case, limit);
    let here: i64 = case.services.iter().take(service.at).filter(belongs).map(|other| tally.add(other.line)).sum();
    tally.add(service.line) > 0 && before.saturating_add(here) >= limit.amount
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::claim::ServiceLine;
    use crate::domain::determination::{Accumulator, AccumulatorEntry};
    use crate::domain::plan::{Limit, LimitPeriod, Network};

    fn entry(accumulator: Accumulator, amount: i64) -> AccumulatorEntry {
        AccumulatorEntry {
            accumulator,
            member_id: "M1".into(),
            network: Network::In,
            year_start: date(2026, 1, 1),
            amount,
            line: 0,
            plan_id: String::new(),
        }
    }

    /// Two office visits a year; so many are used.
    fn visit(used: usize) -> ClaimFile {
        let mut file = example::office_visit();
        example::benefit(&mut file, "office").visits_per_year = Some(2);
        file.accumulators = vec![entry(Accumulator::Limit(LimitUnit::Visits, "office".into()), 1); used].into();
        file
    }

    fn on(day: i8, modifiers: &str) -> ServiceLine {
        let mut line = example::modified(example::line("99213", 15_000), modifiers);
        (line.from, line.through) = (date(2026, 3, day), date(2026, 3, day));
        line
    }

    #[test]
    fn the_last_visit_of_the_year_is_paid_and_the_next_is_not() {
        assert_eq!(example::denial(&visit(1)), "");
        assert_eq!(example::denial(&visit(2)), "PR-119 N640");
    }

    #[test]
    fn another_members_visits_another_benefits_and_another_years_do_not_count() {
        let mut file = visit(3);
        Arc::make_mut(&mut file.accumulators)[0].member_id = "M2".into();
        Arc::make_mut(&mut file.accumulators)[1].accumulator = Accumulator::Limit(LimitUnit::Visits, "imaging".into());
        Arc::make_mut(&mut file.accumulators)[2].year_start = date(2025, 1, 1);
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn on_one_claim_days_are_counted_not_lines() {
        let mut file = visit(0);
        file.claim.lines = vec![on(2, ""), on(2, "76"), on(3, ""), on(4, ""), on(3, "76")];
        assert_eq!(example::denials(&file), ["", "", "", "PR-119 N640", ""]);
        file.claim.lines[0].pointers = vec![];
        file.claim.lines[1].pointers = vec![];
        assert_eq!(example::denials(&file)[2..], ["", "", ""], "a denied line is no visit");
    }

    #[test]
    fn a_second_claim_for_a_day_that_was_a_visit_is_no_further_visit() {
        let mut file = visit(2);
        let mut before = example::earlier(&file);
        before.procedure = crate::domain::codes::ProcedureCode::new("99396");
        file.history = vec![before].into();
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn dollars_that_are_used_up_deny_and_a_cent_left_does_not() {
        let mut file = example::office_visit();
        example::benefit(&mut file, "office").dollars_per_year = Some(Money::from_cents(100_000));
        file.accumulators = vec![entry(Accumulator::Limit(LimitUnit::Dollars, "office".into()), 99_999)].into();
        assert_eq!(example::denial(&file), "");
        Arc::make_mut(&mut file.accumulators).push(entry(Accumulator::Limit(LimitUnit::Dollars, "office".into()), 1));
        assert_eq!(example::denial(&file), "PR-119 N587");
    }

    /// Two days in a calendar year under either of two benefits; or one in a lifetime. The benefit year begins in July.
    #[test]
    fn a_limit_is_shared_by_its_benefits_and_counts_in_its_own_time() {
        let mut file = visit(0);
        let shared = |amount, period| Limit {
            name: "combined".into(),
            benefits: vec!["office".into(), "laboratory".into()],
            unit: LimitUnit::Visits,
            amount,
            period,
        };
        let plan = example::plan(&mut file);
        plan.benefits.iter_mut().for_each(|benefit| benefit.visits_per_year = None);
        plan.year_begins = (7, 1);
        plan.limits = vec![shared(2, LimitPeriod::CalendarYear)];
        file.claim.lines = vec![on(2, ""), example::line("80053", 4_000), on(3, ""), on(4, "")];
        assert_eq!(example::denials(&file), ["", "", "", "PR-119 N640"], "two days in all");
        let taken = entry(Accumulator::Limit(LimitUnit::Visits, "combined".into()), 1);
        file.accumulators = vec![taken.clone()].into();
        assert_eq!(example::denials(&file), ["", "", "PR-119 N640", "PR-119 N640"]);
        example::plan(&mut file).limits = vec![shared(1, LimitPeriod::Lifetime)];
        assert_eq!(
            example::denials(&file),
            ["", "", "PR-149 N587", "PR-149 N587"],
            "what a year took is no lifetime's"
        );
        file.accumulators = vec![AccumulatorEntry { year_start: date(1, 1, 1), ..taken }].into();
        assert_eq!(example::denials(&file), ["PR-149 N587"; 4]);
    }

    #[test]
    fn a_lifetime_maximum_of_the_plan_is_told_as_such() {
        let mut file = example::office_visit();
        example::plan(&mut file).limits = vec![Limit {
            name: "lifetime".into(),
            benefits: vec![],
            unit: LimitUnit::Dollars,
            amount: 100_000,
            period: LimitPeriod::Lifetime,
        }];
        let paid = entry(Accumulator::Limit(LimitUnit::Dollars, "lifetime".into()), 100_000);
        file.accumulators = vec![AccumulatorEntry { year_start: date(1, 1, 1), ..paid }].into();
        assert_eq!(example::denial(&file), "PR-35 N587");
    }
}
