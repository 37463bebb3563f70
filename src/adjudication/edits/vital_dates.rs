//! Vital dates: the service lies before the patient's birth, or after the patient's death.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "vital-dates",
    summary: "The service is dated after the patient's death or before the patient's birth.",
    reasons: &[
        Reason::contractual("13", "", "the provider billed for somebody who had died"),
        Reason::contractual("14", "", "the provider billed for somebody who was not born"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::MemberRecord, Fact::PatientAge, Fact::ServiceDates],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (Some(member), line) = (case.member(), service.line) else { return Finding::Pass };
    if let Some(died) = member.standing.died.filter(|died| line.from > *died) {
        let words = format!("By the payer's records the patient died on {died}; the service is of {}.", line.from);
        return Finding::Deny(Denial::contractual(carc("13"), words));
    }
    match member.person.birth.filter(|birth| line.from < *birth) {
        Some(birth) => {
            let words = format!("The patient was born on {birth}; the service is of {}.", line.from);
            Finding::Deny(Denial::contractual(carc("14"), words))
        }
        None => Finding::Pass,
    }
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;
    use crate::domain::dates::plus_days;

    #[test]
    fn care_on_the_day_of_death_is_care_and_the_day_after_it_is_none() {
        let mut file = example::office_visit();
        file.family[0].standing.died = Some(example::VISIT);
        assert_eq!(example::denial(&file), "");
        file.family[0].standing.died = Some(plus_days(example::VISIT, -1));
        assert_eq!(example::denial(&file), "CO-13");
    }

    #[test]
    fn nobody_is_treated_before_birth() {
        let mut file = example::office_visit();
        for person in [&mut file.family[0].person, &mut file.claim.subscriber.person] {
            person.birth = Some(plus_days(example::VISIT, 1));
        }
        assert_eq!(example::denial(&file), "CO-14");
    }
}
