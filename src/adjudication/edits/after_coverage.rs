//! After coverage: the service was performed outside every period of coverage.

use super::{Check, ClaimFile, Denial, Edit, Finding, Proceedings};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "after-coverage",
    summary: "The patient was not covered on the day of service: not yet, not any more, or not in between.",
    reasons: &[carc("26"), carc("27"), carc("200")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    check: Check::Line(check),
};

fn check(file: &ClaimFile, _: &Proceedings, at: usize) -> Finding {
    let (Some(member), Some(line)) = (file.member(), file.claim.lines.get(at)) else { return Finding::Pass };
    let day = line.from;
    if member.coverage_on(day).is_some() {
        return Finding::Pass;
    }
    let before = member.coverages.iter().any(|c| c.period.through.is_some_and(|through| through < day));
    let after = member.coverages.iter().any(|c| c.period.from > day);
    let (reason, remark, words) = match (before, after) {
        (true, true) => ("200", "N650", "lies in a gap between two periods of coverage"),
        (true, false) => ("27", "N30", "lies after the last day of coverage"),
        (false, _) => ("26", "N30", "lies before the first day of coverage"),
    };
    Finding::Deny(Denial::patient(carc(reason), format!("The service of {day} {words}.")).remark(remark))
}
