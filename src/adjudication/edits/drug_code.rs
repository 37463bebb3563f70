//! Drug code: the payer asks for the national drug code of a drug, and the claim has none, or no such one.

use super::{Case, Check, Edit, Fact, Finding, Proceedings, Reason, Service, unprocessable};
use crate::domain::claim_rules::ServiceNeed;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "drug-code",
    summary: "The payer asks for the national drug code of the drug, and it is missing or has not eleven digits.",
    reasons: &[Reason::contractual("16", "M119 MA130", "the provider left it out or got it wrong")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 447.520 (drug codes of drugs given by a physician)",
            href: "https://www.ecfr.gov/current/title-42/section-447.520",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Procedure, Fact::DrugCode],
    check: Check::Line(check),
};

/// Digits of a national drug code on a claim (5-4-2).
const DIGITS: usize = 11;

fn check(_: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    if service.needs(ServiceNeed::DrugCode).is_none() {
        return Finding::Pass;
    }
    let (code, drug) = (&service.line.details.drug_code, service.line.billed());
    if code.is_empty() {
        return unprocessable(format!("{drug} needs the drug's national drug code."), "M119");
    }
    if code.len() != DIGITS || !code.bytes().all(|b| b.is_ascii_digit()) {
        return unprocessable(format!("{code} is no national drug code: eleven digits without hyphens."), "M119");
    }
    Finding::Pass
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn a_drug_has_a_code_of_eleven_digits_where_the_payer_asks_it() {
        let mut file = example::office_visit();
        assert_eq!(example::denial(&file), "");
        example::asks(&mut file).needs = vec![ServiceNeed::DrugCode];
        for (code, expected) in [("", "CO-16 M119 MA130"), ("0000-0000-00", "CO-16 M119 MA130"), ("00000000000", "")] {
            file.claim.lines[0].details.drug_code = code.into();
            assert_eq!(example::denial(&file), expected, "{code:?}");
        }
    }
}
