//! Line units: a professional line bills no units.
//!
//! A facility's line may have none: what it bills is the revenue code's.

use super::{CLAIMS_MANUAL, Case, Check, Edit, Fact, Finding, Proceedings, Reason, Service, unprocessable};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "line-units",
    summary: "A professional line has no days or units.",
    reasons: &[Reason::contractual("16", "M53 MA130", "the provider left it out")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "Medicare Claims Processing Manual, chapter 26, section 10.4 (item 24G, days or units)",
        href: CLAIMS_MANUAL,
    }],
    looks_at: &[Fact::Procedure, Fact::Units],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    if case.file.claim.institutional.is_some() || !service.line.units.is_zero() {
        return Finding::Pass;
    }
    unprocessable(format!("{} is billed with 0 units: say how many were given.", service.line.billed()), "M53")
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;
    use rust_decimal::Decimal;

    #[test]
    fn nothing_is_given_no_times() {
        let mut file = example::office_visit();
        file.claim.lines[0].units = Decimal::ZERO;
        assert_eq!(example::denial(&file), "CO-16 M53 MA130");
    }

    #[test]
    fn a_facility_may_bill_a_charge_without_units() {
        let mut file = example::facility_bill("131");
        file.claim.lines[0].units = Decimal::ZERO;
        assert_eq!(example::denial(&file), "");
    }
}
