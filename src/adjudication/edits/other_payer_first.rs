//! Other payer first: another payer is to decide before this one, and the claim does not bring its decision.

use super::{Case, Check, Denial, Edit, Finding, Proceedings, Service};
use crate::domain::claim::Responsibility;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "other-payer-first",
    summary: "Another payer comes first, by this payer's records or by the claim itself, and has not decided yet.",
    reasons: &[carc("22")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 411.20 (Medicare as secondary payer)",
            href: "https://www.ecfr.gov/current/title-42/section-411.20",
        },
        Citation::PLAN,
    ],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let claim = &case.file.claim;
    let on_record = case.primary_elsewhere(service.line);
    if on_record.is_none() && claim.responsibility == Responsibility::Primary {
        return Finding::Pass;
    }
    let decided = claim.earlier_payers().any(|payer| {
        payer.decision.is_some() || service.line.other_decisions.iter().any(|line| line.payer_id == payer.payer_id)
    });
    if service.cover.is_none() || decided {
        return Finding::Pass;
    }
    let words = match on_record {
        Some(other) => format!(
            "By the payer's records {} ({}) comes first on {}; the claim does not bring a first payer's decision.",
            other.payer_name, other.payer_id, service.line.from
        ),
        None => "The claim says that another payer comes first, but does not bring its decision.".to_owned(),
    };
    Finding::Deny(Denial::contractual(carc("22"), words).remark("MA04"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::claim::{OtherDecision, OtherLineDecision, OtherPayer};
    use crate::domain::member::OtherCoverage;
    use crate::domain::money::Money;

    /// Testa is also covered through her husband's employer, which pays first, in the first quarter.
    fn covered_twice() -> ClaimFile {
        let mut file = example::office_visit();
        file.family[0].other_coverages = vec![OtherCoverage {
            payer_id: "OTHER".into(),
            payer_name: "Other Example Plan".into(),
            primary: true,
            period: Period::between(date(2026, 1, 1), date(2026, 3, 31)),
        }];
        file
    }

    #[test]
    fn the_other_payer_goes_first_while_its_coverage_lasts() {
        let mut file = covered_twice();
        assert_eq!(example::denial(&file), "CO-22 MA04");
        file.claim.lines[0].from = date(2026, 4, 1);
        file.claim.lines[0].through = date(2026, 4, 1);
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn a_claim_that_brings_the_first_payers_decision_is_decided_even_if_nothing_was_paid() {
        let mut file = covered_twice();
        file.claim.responsibility = Responsibility::Secondary;
        let first = OtherPayer { payer_id: "OTHER".into(), responsibility: Responsibility::Primary, decision: None };
        file.claim.other_payers = vec![first];
        assert_eq!(example::denial(&file), "CO-22 MA04");
        file.claim.other_payers[0].decision = Some(OtherDecision { paid: Money::ZERO, adjustments: vec![] });
        assert_eq!(example::denial(&file), "");
        // A payer that comes after us does not count, whatever it decided.
        file.claim.other_payers[0].responsibility = Responsibility::Tertiary;
        assert_eq!(example::denial(&file), "CO-22 MA04");
    }

    #[test]
    fn a_decision_on_the_line_is_one_too() {
        let mut file = covered_twice();
        file.claim.responsibility = Responsibility::Secondary;
        let first = OtherPayer { payer_id: "OTHER".into(), responsibility: Responsibility::Primary, decision: None };
        file.claim.other_payers = vec![first];
        file.claim.lines[0].other_decisions =
            vec![OtherLineDecision { payer_id: "OTHER".into(), paid: Money::ZERO, adjustments: vec![] }];
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn a_claim_sent_as_secondary_must_bring_a_decision_even_if_no_record_says_so() {
        let mut file = example::office_visit();
        file.claim.responsibility = Responsibility::Secondary;
        assert_eq!(example::denial(&file), "CO-22 MA04");
    }

    #[test]
    fn coverage_that_pays_after_ours_changes_nothing() {
        let mut file = covered_twice();
        file.family[0].other_coverages[0].primary = false;
        assert_eq!(example::denial(&file), "");
    }
}
