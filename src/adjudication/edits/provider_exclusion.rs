//! Provider exclusion: the provider is excluded from federal health care programs, or has opted out of Medicare.
//!
//! Emergencies are paid all the same (42 CFR 1001.1901(c)(5), 405.440).

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::provider::Provider;

pub(super) const EDIT: Edit = Edit {
    id: "provider-exclusion",
    summary: "The billing or rendering provider is excluded from federal programs, or has opted out of Medicare.",
    reasons: &[
        Reason::contractual("B7", "", "an excluded provider may bill nobody for covered care"),
        Reason::patient("B7", "MA47", "the patient pays by a private contract"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 1001.1901(b) (no payment for care by who is excluded)",
            href: "https://www.ecfr.gov/current/title-42/section-1001.1901",
        },
        Citation {
            title: "42 CFR 405.425 (effects of opting out of Medicare)",
            href: "https://www.ecfr.gov/current/title-42/section-405.425",
        },
    ],
    looks_at: &[Fact::BillingProvider, Fact::RenderingProvider, Fact::ServiceDates, Fact::Emergency],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover.filter(|_| !service.is_emergency()) else { return Finding::Pass };
    let (day, known) = (service.line.from, [service.rendering, case.billing]);
    let on_the_day = |periods: fn(&Provider) -> &Vec<Period>| {
        let mut known = known.into_iter().flatten();
        known.find(|provider| periods(provider).iter().any(|period| period.contains(day)))
    };
    if let Some(provider) = on_the_day(|provider| &provider.standing.exclusions) {
        let words = format!("{} was excluded from federal health care programs on {day}.", provider.npi);
        return Finding::Deny(Denial::contractual(carc("B7"), words));
    }
    match on_the_day(|provider| &provider.standing.opt_outs).filter(|_| cover.plan.medicare) {
        Some(provider) => {
            let words = format!("{} had opted out of Medicare on {day}: the patient pays by contract.", provider.npi);
            Finding::Deny(Denial::patient(carc("B7"), words).remark("MA47"))
        }
        None => Finding::Pass,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn who_is_excluded_is_paid_for_emergencies_only_and_after_reinstatement() {
        let mut file = example::office_visit();
        file.providers[1].standing.exclusions = vec![Period::between(date(2026, 1, 1), example::VISIT)];
        assert_eq!(example::denial(&file), "CO-B7");
        file.claim.lines[0].emergency = true;
        assert_eq!(example::denial(&file), "");
        file.claim.lines[0].emergency = false;
        file.providers[1].standing.exclusions[0].through = Some(date(2026, 3, 1));
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn who_has_opted_out_of_medicare_is_the_patients_and_other_plans_pay() {
        let mut file = example::office_visit();
        file.providers[1].standing.opt_outs = vec![Period::since(date(2025, 4, 1))];
        assert_eq!(example::denial(&file), "");
        example::plan(&mut file).medicare = true;
        assert_eq!(example::denial(&file), "PR-B7 MA47");
    }
}
