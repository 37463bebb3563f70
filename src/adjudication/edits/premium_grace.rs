//! Premium grace: premium is owed. The first of three months is paid, the other two stay undecided, and where the third ends
//! unpaid, coverage ended with the first.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Date, Period, date, plus_days, plus_months};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "premium-grace",
    summary: "The service lies in the second or third month of grace for unpaid premium, or after it.",
    reasons: &[
        Reason::other("257", "", "nobody knows yet: it depends on whether the premium is paid"),
        Reason::patient("27", "N619", "the patient was not covered, for want of premium"),
    ],
    effective: Period::since(date(2014, 1, 1)),
    authority: &[Citation {
        title: "45 CFR 156.270(d) and (g) (three months of grace; the first is paid)",
        href: "https://www.ecfr.gov/current/title-45/section-156.270",
    }],
    looks_at: &[Fact::MemberRecord, Fact::ServiceDates, Fact::PlanInForce],
    check: Check::Line(check),
};

/// 45 CFR 156.270(d): three consecutive months, of which claims of the first are paid.
const MONTHS: i32 = 3;
const MONTHS_PAID: i32 = 1;

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(owed) = case.member().and_then(|member| member.standing.premium_owed_from) else { return Finding::Pass };
    let last = |months: i32| -> Date { plus_days(plus_months(owed, months), -1) };
    let (day, paid, over) = (service.line.from, last(MONTHS_PAID), last(MONTHS));
    if day <= paid {
        return Finding::Pass;
    }
    if day > over || case.file.processed > over {
        let words = format!("Premium owed since {owed} was not paid by {over}: coverage ended on {paid}.");
        return Finding::Deny(Denial::patient(carc("27"), words).remark("N619"));
    }
    let words =
        format!("Premium is owed since {owed}: services of {day} stay undecided until it is paid, or until {over}.");
    Finding::Deny(Denial::other(carc("257"), words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    fn owed(from: Date, processed: Date) -> String {
        let mut file = example::office_visit();
        file.family[0].standing.premium_owed_from = Some(from);
        file.processed = processed;
        example::denial(&file)
    }

    /// The visit is on 2 March 2026.
    #[test]
    fn the_first_month_is_paid_and_the_second_and_third_wait() {
        let march = date(2026, 3, 5);
        assert_eq!(owed(date(2026, 2, 3), march), "");
        assert_eq!(owed(date(2026, 2, 2), march), "OA-257");
        assert_eq!(owed(date(2025, 12, 3), date(2026, 3, 2)), "OA-257");
    }

    /// Of premium owed from 1 February the third month ends on 30 April.
    #[test]
    fn coverage_ended_with_the_first_month_where_the_third_ends_unpaid() {
        assert_eq!(owed(date(2026, 2, 1), date(2026, 4, 30)), "OA-257");
        assert_eq!(owed(date(2026, 2, 1), date(2026, 5, 1)), "PR-27 N619");
        assert_eq!(owed(date(2025, 12, 2), date(2026, 3, 5)), "PR-27 N619");
    }
}
