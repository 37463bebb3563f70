//! Benefit maximum: the visits or dollars of a benefit year are used up. (A line that passes the dollar limit in its
//! middle is paid in part; that is benefits' to do.)
//!
//! A visit is a day on which a service under the benefit is paid, as in benefits.

use std::sync::Arc;

use super::{Case, Check, Denial, Edit, Finding, Proceedings, Service};
use crate::adjudication::benefits;
use crate::domain::codes::carc;
use crate::domain::dates::{Date, Period, date};
use crate::domain::determination::{Accumulator, Citation};
use crate::domain::money::Money;
use crate::domain::plan::Benefit;

pub(super) const EDIT: Edit = Edit {
    id: "benefit-maximum",
    summary: "The visits or dollars that the benefit gives for a year are used up.",
    reasons: &[carc("119")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let Some((plan, benefit)) = service.cover.and_then(|cover| Some((cover.plan, cover.benefit?))) else {
        return Finding::Pass;
    };
    let year = plan.year_start(service.line.from);
    let deny = |words, remark| Finding::Deny(Denial::patient(carc("119"), words).remark(remark));
    if let Some(limit) = benefit.visits_per_year {
        let before = used(case, year, &Accumulator::Visits(Arc::clone(&benefit.name)));
        if !was_counted(case, service, benefit) && before + visits_here(case, proceedings, service, benefit) > limit {
            let words = format!("{} gives {limit} visits in the year since {year}: used up.", benefit.name);
            return deny(words, "N640");
        }
    }
    if let Some(limit) = benefit.dollars_per_year {
        let paid = used(case, year, &Accumulator::Dollars(Arc::clone(&benefit.name)));
        if Money::from_cents(paid) >= limit {
            return deny(format!("{} pays {limit} in the year since {year}: used up.", benefit.name), "N587");
        }
    }
    Finding::Pass
}

/// What earlier claims of the patient took in the benefit year.
fn used(case: &Case<'_>, year: Date, accumulator: &Accumulator) -> i64 {
    case.member().map_or(0, |m| benefits::used(accumulator, year, &m.member_id, case.file.accumulators.iter()))
}

/// How many visits the claim makes of the benefit through this line, which itself belongs to one.
fn visits_here(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>, benefit: &Benefit) -> i64 {
    let year = |day| service.cover.map(|cover| cover.plan.year_start(day));
    let belongs = |other: &&Service<'_>| {
        other.cover.and_then(|cover| cover.benefit).is_some_and(|of| of.name == benefit.name)
            && !proceedings.is_denied(other.at)
            && year(other.line.from) == year(service.line.from)
            && !was_counted(case, other, benefit)
    };
    let lines = || case.services.iter().take(service.at).filter(belongs);
    let begins_one = |(at, other): &(usize, &Service<'_>)| {
        let day = other.line.from;
        day != service.line.from && lines().take(*at).all(|before| before.line.from != day)
    };
    lines().enumerate().filter(begins_one).fold(1, |visits, _| visits + 1)
}

/// Whether an earlier claim has made the day a visit already.
fn was_counted(case: &Case<'_>, service: &Service<'_>, benefit: &Benefit) -> bool {
    let mut paid = case.history.iter().filter(|past| !past.denied && past.from == service.line.from);
    paid.any(|past| past.benefit.as_ref().is_some_and(|name| *name == benefit.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::claim::ServiceLine;
    use crate::domain::determination::AccumulatorEntry;
    use crate::domain::plan::Network;

    fn entry(accumulator: Accumulator, amount: i64) -> AccumulatorEntry {
        AccumulatorEntry {
            accumulator,
            member_id: "M1".into(),
            network: Network::In,
            year_start: date(2026, 1, 1),
            amount,
            line: 0,
        }
    }

    /// Two office visits a year; so many are used.
    fn visit(used: usize) -> ClaimFile {
        let mut file = example::office_visit();
        example::benefit(&mut file, "office").visits_per_year = Some(2);
        file.accumulators = vec![entry(Accumulator::Visits("office".into()), 1); used].into();
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
        Arc::make_mut(&mut file.accumulators)[1].accumulator = Accumulator::Visits("imaging".into());
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
        before.procedure = crate::domain::codes::ProcedureCode::new("99214");
        file.history = vec![before].into();
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn dollars_that_are_used_up_deny_and_a_cent_left_does_not() {
        let mut file = example::office_visit();
        example::benefit(&mut file, "office").dollars_per_year = Some(Money::from_cents(100_000));
        file.accumulators = vec![entry(Accumulator::Dollars("office".into()), 99_999)].into();
        assert_eq!(example::denial(&file), "");
        Arc::make_mut(&mut file.accumulators).push(entry(Accumulator::Dollars("office".into()), 1));
        assert_eq!(example::denial(&file), "PR-119 N587");
    }
}
