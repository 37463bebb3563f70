//! Timely filing: the claim came in after the plan's filing limit.

use super::{Check, ClaimFile, Denial, Edit, Finding, Proceedings};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date, plus_days};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "timely-filing",
    summary: "The claim was received after the filing limit of the plan or of the law.",
    reasons: &[carc("29")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 424.44 (Original Medicare)",
            href: "https://www.ecfr.gov/current/title-42/section-424.44",
        },
        Citation::PLAN,
    ],
    check: Check::Line(check),
};

fn check(file: &ClaimFile, _: &Proceedings, at: usize) -> Finding {
    let Some(line) = file.claim.lines.get(at) else { return Finding::Pass };
    let Some(days) = file.plan(line).and_then(|plan| plan.timely_filing_days) else { return Finding::Pass };
    let last = plus_days(line.from, days);
    if file.received <= last {
        return Finding::Pass;
    }
    Finding::Deny(Denial::contractual(
        carc("29"),
        format!(
            "Service of {}, received {}; the plan takes claims for {days} days, through {last}.",
            line.from, file.received
        ),
    ))
}
