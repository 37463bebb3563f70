//! Laboratory certificate: the claim lacks the laboratory's CLIA number, or it is not that laboratory's.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service, unprocessable};
use crate::domain::claim_rules::ServiceNeed;
use crate::domain::codes::{carc, is_clia_number};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "laboratory-certificate",
    summary: "The laboratory's CLIA number is missing, is none, or is not the one on file for the laboratory.",
    reasons: &[
        Reason::contractual("16", "MA120 MA130", "the provider left it out or got it wrong"),
        Reason::contractual("B7", "MA120", "the laboratory holds no such certificate and may not bill the patient"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 493.3 (no laboratory tests without a certificate)",
            href: "https://www.ecfr.gov/current/title-42/section-493.3",
        },
        Citation { title: "Medicare Claims Processing Manual, chapter 16, section 70 (CLIA)", href: CLAIMS_MANUAL },
    ],
    looks_at: &[Fact::Procedure, Fact::LaboratoryCertificate, Fact::BillingProvider],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    if service.needs(ServiceNeed::LaboratoryCertificate).is_none() {
        return Finding::Pass;
    }
    let number = &service.line.details.certificate;
    if !is_clia_number(number) {
        let words = if number.is_empty() {
            format!("{} needs the laboratory's CLIA number.", service.line.billed())
        } else {
            format!("{number} is no CLIA number: ten characters, D the third.")
        };
        return unprocessable(words, "MA120");
    }
    let mut on_file = [service.rendering, case.billing].into_iter().flatten().map(|known| &known.standing.clia);
    match on_file.find(|known| !known.is_empty()) {
        Some(known) if known != number => {
            let words = format!("The certificate {number} is not the laboratory's, which is {known}.");
            Finding::Deny(Denial::contractual(carc("B7"), words).remark("MA120"))
        }
        _ => Finding::Pass,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    #[test]
    fn a_test_needs_a_certificate_and_its_own_laboratorys() {
        let mut file = example::office_visit();
        example::asks(&mut file).needs = vec![ServiceNeed::LaboratoryCertificate];
        file.providers[1].standing.clia = "05D0000001".into();
        for (number, expected) in [
            ("", "CO-16 MA120 MA130"),
            ("05X0000001", "CO-16 MA120 MA130"),
            ("05D0000002", "CO-B7 MA120"),
            ("05D0000001", ""),
        ] {
            file.claim.lines[0].details.certificate = number.into();
            assert_eq!(example::denial(&file), expected, "{number:?}");
        }
    }

    #[test]
    fn of_a_laboratory_whose_certificate_is_not_recorded_any_will_do() {
        let mut file = example::office_visit();
        example::asks(&mut file).needs = vec![ServiceNeed::LaboratoryCertificate];
        file.claim.lines[0].details.certificate = "05D0000002".into();
        assert_eq!(example::denial(&file), "");
    }
}
