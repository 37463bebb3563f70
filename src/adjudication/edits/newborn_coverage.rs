//! Newborn coverage: the patient is a newborn whom nobody has enrolled, and the plan covers none.

use super::{Case, Check, Denial, Edit, Fact, Finding, Reason};
use crate::adjudication::Patient;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date, days_between};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "newborn-coverage",
    summary: "The patient is a newborn who is not enrolled, and the subscriber's plan covers no newborns.",
    reasons: &[Reason::patient("34", "", "the plan covers no newborns unless they are enrolled")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "45 CFR 146.117(b) (a newborn may be enrolled within 30 days)",
            href: "https://www.ecfr.gov/current/title-45/section-146.117",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::MemberRecord, Fact::PatientAge, Fact::ServiceDates],
    check: Check::Claim(check),
};

/// Days from birth in which a child counts as a newborn.
const NEWBORN_DAYS: i32 = 30;

fn check(case: &Case<'_>) -> Finding {
    let claim = &case.file.claim;
    let born = claim.patient.as_ref().and_then(|patient| patient.birth);
    let (Patient::Differs(_), Some(born), Some(day)) = (case.patient, born, claim.service_from()) else {
        return Finding::Pass;
    };
    if !(0..=NEWBORN_DAYS).contains(&days_between(born, day)) {
        return Finding::Pass;
    }
    let subscriber = case.file.family.iter().find(|member| member.member_id == member.subscriber_id);
    let coverage = subscriber.and_then(|subscriber| subscriber.coverage_on(day));
    let Some(plan) = coverage.and_then(|coverage| case.file.payer.plan(&coverage.plan_id)) else {
        return Finding::Pass;
    };
    if plan.newborn_days.is_some() {
        return Finding::Pass;
    }
    let words = format!("Plan {} covers no child born on {born} that is not enrolled: enroll it first.", plan.plan_id);
    Finding::Deny(Denial::patient(carc("34"), words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::claim::Person;
    use crate::domain::dates::Date;

    fn born(day: Date) -> ClaimFile {
        let mut file = example::office_visit();
        file.claim.patient = Some(Person { first: "Baby".into(), birth: Some(day), ..file.family[0].person.clone() });
        file
    }

    /// The visit is on 2 March 2026, 30 days after 31 January.
    #[test]
    fn a_newborn_of_a_plan_that_covers_none_has_a_reason_of_its_own() {
        assert_eq!(example::denial(&born(date(2026, 3, 1))), "PR-34");
        assert_eq!(example::denial(&born(date(2026, 1, 31))), "PR-34");
        assert_eq!(example::denial(&born(date(2026, 1, 30))), "CO-140 MA36");
    }

    #[test]
    fn under_a_plan_that_covers_newborns_a_child_that_is_too_old_is_a_stranger() {
        let mut file = born(date(2026, 3, 1));
        example::plan(&mut file).newborn_days = Some(1);
        assert_eq!(example::denial(&file), "CO-140 MA36");
    }
}
