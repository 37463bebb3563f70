//! Revenue code: one that there is not, or one that does not go with the bill or the procedure.
//!
//! Room and board belongs to a stay and carries no procedure; a code for drugs in detail (0636) names the drug.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::revenue_codes::{DETAILED_DRUGS, category};

pub(super) const EDIT: Edit = Edit {
    id: "revenue-code",
    summary: "The revenue code is none, or does not go with the type of bill or the procedure.",
    reasons: &[
        Reason::contractual("16", "M50 MA130", "the provider left it out or got it wrong"),
        Reason::contractual("199", "N657", "the provider named codes that do not fit"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "Medicare Claims Processing Manual, chapter 25, section 75.4 (form locators 42 and 44)",
        href: CLAIMS_MANUAL,
    }],
    looks_at: &[Fact::RevenueCode, Fact::TypeOfBill, Fact::Procedure],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(facility) = &case.file.claim.institutional else { return Finding::Pass };
    let (line, bill) = (service.line, facility.bill);
    let revenue = line.revenue;
    let Some(kind) = category(revenue) else {
        let words = format!("There is no revenue code {revenue}.");
        return Finding::Deny(Denial::contractual(carc("16"), words).remark("M50"));
    };
    if kind.accommodation && !bill.is_inpatient() {
        let words = format!("Revenue code {revenue} ({}) belongs to a stay, not to type of bill {bill}.", kind.words);
        return Finding::Deny(Denial::contractual(carc("16"), words).remark("M50"));
    }
    let misfit = |words| Finding::Deny(Denial::contractual(carc("199"), words).remark("N657"));
    if kind.accommodation && !line.procedure.is_none() {
        return misfit(format!(
            "Revenue code {revenue} ({}) carries no procedure, not {}.",
            kind.words, line.procedure
        ));
    }
    if revenue == DETAILED_DRUGS && !bill.is_inpatient() && line.procedure.is_none() {
        return misfit(format!("Revenue code {revenue} names the drug by its procedure code; the line has none."));
    }
    Finding::Pass
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;
    use crate::domain::codes::{ProcedureCode, RevenueCode};

    #[test]
    fn a_revenue_code_exists_and_goes_with_bill_and_procedure() {
        for (bill, revenue, procedure, denial) in [
            ("131", "0300", "80053", ""),
            ("131", "0890", "80053", "CO-16 M50"),
            ("131", "0120", "", "CO-16 M50"),
            ("111", "0120", "80053", "CO-199 N657"),
            ("131", "0636", "", "CO-199 N657"),
        ] {
            let mut file = example::facility_bill(bill);
            file.claim.lines[0].revenue = RevenueCode::new(revenue);
            file.claim.lines[0].procedure = ProcedureCode::new(procedure);
            assert_eq!(example::denial(&file), denial, "{bill} {revenue} {procedure}");
        }
    }
}
