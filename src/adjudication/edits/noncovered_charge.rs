//! Non-covered charge: the facility itself bills it as not covered, or it is for the patient's convenience.
//!
//! The patient bears it. Of a line that is covered in part, pricing sees the whole charge (but the costs of an
//! outlier are those of what is covered), and the trace says so.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::revenue_codes::is_convenience;

pub(super) const EDIT: Edit = Edit {
    id: "noncovered-charge",
    summary: "The facility bills the charge as not covered, or for the patient's convenience.",
    reasons: &[Reason::patient("96", "N130", "the provider itself says that it is not covered")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 411.15(j) (personal comfort items)",
            href: "https://www.ecfr.gov/current/title-42/section-411.15",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::NoncoveredCharge, Fact::Charge, Fact::RevenueCode],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let line = service.line;
    if case.file.claim.institutional.is_none() {
        return Finding::Pass;
    }
    let deny = |words| Finding::Deny(Denial::patient(carc("96"), words).remark("N130"));
    if is_convenience(line.revenue) {
        return deny(format!("Revenue code {} is for the patient's convenience.", line.revenue));
    }
    if line.noncovered.is_zero() {
        Finding::Pass
    } else if line.noncovered >= line.charge {
        deny(format!("The facility bills {} as not covered.", line.charge))
    } else {
        Finding::Note(format!("The facility bills {} of {} as not covered.", line.noncovered, line.charge))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::domain::codes::{Group, RevenueCode};
    use crate::domain::money::Money;

    /// A stay of 10,000.00 and 2,000.00 of charges; the second line is a television.
    #[test]
    fn on_a_claims_account_the_lines_charge_is_the_patients_and_the_rest_is_priced() {
        let mut file = example::hospital_stay();
        file.claim.lines[1].revenue = RevenueCode::new("0990");
        let decided = example::decide(&file);
        let account = decided.account.unwrap().ledger;
        assert!(!account.is_denied());
        let patient = account.adjusted(|a| a.group == Group::PatientResponsibility && a.carc == carc("96"));
        assert_eq!(patient, Money::from_cents(200_000));
        assert!(decided.rarcs.contains(&crate::domain::codes::rarc("N130")));
        assert!(decided.lines.iter().all(|line| line.ledger.adjustments().is_empty()));
    }

    #[test]
    fn an_outpatient_line_that_is_not_covered_is_denied_by_itself() {
        let mut file = example::facility_bill("131");
        file.claim.lines[0].noncovered = file.claim.lines[0].charge;
        assert_eq!(example::denial(&file), "PR-96 N130");
    }
}
