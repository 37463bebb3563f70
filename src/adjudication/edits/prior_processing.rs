//! Prior processing: what the claim tells of another payer's decision cannot be right: its day, or whose it is.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "prior-processing",
    summary: "Another payer's decision is dated before the service or after receipt, or is none of a payer on record.",
    reasons: &[Reason::contractual("129", "N48 MA130", "the provider got the other payer's decision wrong")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "45 CFR 162.1102 (005010X222 and X223, loops 2330B and 2430: when and by whom it was decided)",
            href: "https://www.ecfr.gov/current/title-45/section-162.1102",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::OtherPayers, Fact::PayersOnRecord, Fact::PriorDecisions, Fact::ReceivedDate],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let claim = &case.file.claim;
    if claim.other_payers.is_empty() || service.cover.is_none() {
        return Finding::Pass;
    }
    let deny = |words: String| Denial::contractual(carc("129"), words);
    let first = claim.service_from().unwrap_or(service.line.from);
    let received = case.file.received;
    if let Some(day) = claim.details.decided.iter().find(|day| **day < first || **day > received) {
        let words =
            format!("Another payer's decision of {day} lies before the service of {first} or after {received}.");
        return Finding::Deny(deny(words).remark("MA130"));
    }
    let record = case.payers_on_record(service);
    let mut first_by_record = record.iter().filter(|(_, order)| order.other_first).map(|(other, _)| other).peekable();
    let mut decided = claim.decided_before().peekable();
    if first_by_record.peek().is_none() || decided.peek().is_none() {
        return Finding::Pass;
    }
    let known: Vec<&str> = first_by_record.map(|other| other.payer_id.as_str()).collect();
    let told: Vec<&str> = decided.map(|payer| payer.payer_id.as_str()).collect();
    if told.iter().any(|id| known.contains(id)) {
        return Finding::Pass;
    }
    let words = format!("The claim brings a decision of {}; on record is {}.", told.join(", "), known.join(", "));
    Finding::Deny(deny(words).remark("N48"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::claim::{OtherDecision, OtherPayer, Responsibility};
    use crate::domain::dates::Date;
    use crate::domain::member::OtherCoverage;
    use crate::domain::money::Money;

    /// OTHER comes first by the record, and decided on 4 March 2026; the claim came in a day later.
    fn decided_by(payer: &str) -> ClaimFile {
        let mut file = example::office_visit();
        file.family[0].other_coverages = vec![OtherCoverage {
            payer_id: "OTHER".into(),
            payer_name: "Other Example Plan".into(),
            primary: true,
            period: Period::since(date(2026, 1, 1)),
            facts: None,
            accepted_diagnoses: vec![],
            set_aside: false,
        }];
        file.claim.responsibility = Responsibility::Secondary;
        let decision = Some(OtherDecision { paid: Money::from_cents(15_000), adjustments: vec![] });
        let responsibility = Responsibility::Primary;
        file.claim.other_payers = vec![OtherPayer { payer_id: payer.into(), responsibility, decision }];
        file.claim.details.decided = vec![date(2026, 3, 4)];
        file
    }

    #[test]
    fn a_decision_of_somebody_else_than_the_payer_on_record_does_not_count() {
        assert_eq!(example::denial(&decided_by("OTHER")), "");
        assert_eq!(example::denial(&decided_by("SOMEBODY")), "CO-129 N48");
        let mut file = decided_by("SOMEBODY");
        file.family[0].other_coverages.clear();
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn nobody_decides_before_the_service_or_after_we_heard_of_it() {
        let on = |day: Date| {
            let mut file = decided_by("OTHER");
            file.claim.details.decided = vec![day];
            example::denial(&file)
        };
        assert_eq!(on(date(2026, 3, 1)), "CO-129 MA130");
        assert_eq!(on(example::VISIT), "");
        assert_eq!(on(date(2026, 3, 6)), "CO-129 MA130");
    }
}
