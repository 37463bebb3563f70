//! Unmet condition: the member has not met a requirement of the program, or not done what the plan asks.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::standing::Condition;

pub(super) const EDIT: Edit = Edit {
    id: "unmet-condition",
    summary: "The member has not met eligibility, spend-down or residency, or not followed the plan's procedures.",
    reasons: &[
        Reason::patient("177", "", "the patient does not meet the requirements"),
        Reason::patient("178", "", "the patient pays until the spend-down is met"),
        Reason::patient("180", "", "the patient does not live where the program asks"),
        Reason::patient("95", "N584 N593 N594 N595 N596", "the patient did not do what the plan asks"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 435.831 (spend-down) and 435.403 (residence)",
            href: "https://www.ecfr.gov/current/title-42/section-435.831",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::MemberRecord, Fact::ServiceDates],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (Some(member), day) = (case.member(), service.line.from) else { return Finding::Pass };
    let Some((unmet, _)) = member.standing.unmet.iter().find(|(_, period)| period.contains(day)) else {
        return Finding::Pass;
    };
    let (reason, remark, what) = match unmet {
        Condition::Eligibility => ("177", None, "does not meet the requirements of eligibility"),
        Condition::SpendDown => ("178", None, "has not met the spend-down"),
        Condition::Residency => ("180", None, "does not meet the requirement of residency"),
        Condition::Policy => ("95", Some("N584"), "has not met conditions of the policy"),
        Condition::MedicalExam => ("95", Some("N593"), "missed an independent medical exam"),
        Condition::Application => ("95", Some("N594"), "has not completed the application for benefits"),
        Condition::Assignment => ("95", Some("N595"), "has not completed the assignment of benefits"),
        Condition::Release => ("95", Some("N596"), "has not completed the medical release"),
    };
    let denial = Denial::patient(carc(reason), format!("By the payer's records the member {what} on {day}."));
    Finding::Deny(match remark {
        Some(remark) => denial.remark(remark),
        None => denial,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn what_is_not_met_is_told_by_its_own_reason_while_it_lasts() {
        for (condition, expected) in [
            (Condition::Eligibility, "PR-177"),
            (Condition::SpendDown, "PR-178"),
            (Condition::Residency, "PR-180"),
            (Condition::Policy, "PR-95 N584"),
            (Condition::MedicalExam, "PR-95 N593"),
            (Condition::Application, "PR-95 N594"),
            (Condition::Assignment, "PR-95 N595"),
            (Condition::Release, "PR-95 N596"),
        ] {
            let mut file = example::office_visit();
            file.family[0].standing.unmet = vec![(condition, Period::between(date(2026, 3, 1), example::VISIT))];
            assert_eq!(example::denial(&file), expected);
            file.family[0].standing.unmet[0].1.through = Some(date(2026, 3, 1));
            assert_eq!(example::denial(&file), "");
        }
    }
}
