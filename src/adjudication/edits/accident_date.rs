//! Accident date: the accident that the claim tells of lies after the care for it.
//!
//! That the date is there at all is for the 837's guide to ask (999).

use super::{CLAIMS_MANUAL, Case, Check, Edit, Fact, Finding, Reason, unprocessable};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "accident-date",
    summary: "The accident is dated after the care that it caused.",
    reasons: &[Reason::contractual("16", "N305 MA130", "the provider got the date wrong")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "Medicare Claims Processing Manual, chapter 26, section 10.3 (item 14, date of injury)",
        href: CLAIMS_MANUAL,
    }],
    looks_at: &[Fact::Accident, Fact::ServiceDates],
    check: Check::Claim(check),
};

fn check(case: &Case<'_>) -> Finding {
    let claim = &case.file.claim;
    let (Some(happened), Some(first)) = (claim.details.accident_date, claim.service_from()) else {
        return Finding::Pass;
    };
    if happened <= first {
        return Finding::Pass;
    }
    unprocessable(format!("The accident is dated {happened}, after the care of {first}."), "N305")
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;
    use crate::domain::dates::plus_days;

    #[test]
    fn an_accident_comes_before_the_care_for_it_or_on_the_same_day() {
        let mut file = example::office_visit();
        file.claim.details.accident_date = Some(example::VISIT);
        assert_eq!(example::denial(&file), "");
        file.claim.details.accident_date = Some(plus_days(example::VISIT, 1));
        assert_eq!(example::denial(&file), "CO-16 N305 MA130");
    }
}
