//! Other payer first: another payer is to decide before this one, and the claim does not bring its decision.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::adjudication::coordination::order::Order;
use crate::domain::claim::Responsibility;
use crate::domain::codes::{Carc, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::member::OtherCoverage;
use crate::domain::payer_order::CoverageKind;

pub(super) const EDIT: Edit = Edit {
    id: "other-payer-first",
    summary: "Another payer comes first, by this payer's records or by the claim itself, and has not decided yet.",
    reasons: &[
        Reason::contractual("22", "MA04 MA64", "the provider bills the other payer first"),
        Reason::patient("22", "MA92", "the member did not answer about other coverage"),
        Reason::contractual("19", "", "the provider bills the carrier that is liable"),
        Reason::contractual("20", "", "the provider bills the carrier that is liable"),
        Reason::contractual("21", "", "the provider bills the carrier that is liable"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 411.20 to 411.206 (Medicare as secondary payer)",
            href: "https://www.ecfr.gov/current/title-42/part-411",
        },
        Citation {
            title: "NAIC Model Regulation 120, section 6 (order of benefit determination)",
            href: "https://content.naic.org/sites/default/files/MO120.pdf",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::OtherPayers, Fact::PayersOnRecord, Fact::PriorDecisions, Fact::Accident],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let claim = &case.file.claim;
    let (Some(member), Some(_)) = (case.member(), service.cover) else { return Finding::Pass };
    let ranked = case.payers_on_record(service);
    let before: Vec<&(&OtherCoverage, Order)> = ranked.iter().filter(|(_, order)| order.other_first).collect();
    let here = |id: &str| service.line.other_decisions.iter().any(|decision| decision.payer_id == id);
    let decided = claim.decided_before().filter(|p| p.decision.is_some() || here(&p.payer_id)).count();
    let asked = before.len().max(usize::from(claim.responsibility != Responsibility::Primary));
    let rules: Vec<&str> = ranked.iter().map(|(_, order)| order.words.as_str()).filter(|w| !w.is_empty()).collect();
    if decided < asked {
        return Finding::Deny(denial(&before, decided, &rules, service));
    }
    if decided == 0 && member.other_coverage_unanswered {
        let words = "The member was asked about other coverage and has not answered; nobody can tell who pays first.";
        return Finding::Deny(Denial::patient(carc("22"), words).remark("MA92"));
    }
    if rules.is_empty() { Finding::Pass } else { Finding::Note(rules.join(" ")) }
}

fn denial(before: &[&(&OtherCoverage, Order)], decided: usize, rules: &[&str], service: &Service<'_>) -> Denial {
    let day = service.line.from;
    let words = match before {
        [] => "The claim says that another payer comes first, but does not bring its decision.".to_owned(),
        [(other, _)] => format!(
            "By the payer's records {} ({}) comes first on {day}; the claim does not bring a first payer's decision. {}",
            other.payer_name,
            other.payer_id,
            rules.join(" ")
        ),
        several => format!(
            "By the payer's records {} come first on {day}; the claim brings {decided} of their decisions. {}",
            several.iter().map(|(other, _)| other.payer_name.as_str()).collect::<Vec<_>>().join(" and "),
            rules.join(" ")
        ),
    };
    let kind = before.iter().find_map(|(other, _)| carrier(other));
    let denial = Denial::contractual(kind.unwrap_or(carc("22")), words.trim_end());
    match (kind, decided) {
        (Some(_), _) => denial,
        (None, 0) => denial.remark("MA04"),
        (None, _) => denial.remark("MA64"),
    }
}

/// The reason that names the carrier of an injury.
fn carrier(other: &OtherCoverage) -> Option<Carc> {
    match other.facts.as_ref()?.kind {
        CoverageKind::WorkersCompensation => Some(carc("19")),
        CoverageKind::Liability => Some(carc("20")),
        CoverageKind::NoFault => Some(carc("21")),
        CoverageKind::GroupPlan | CoverageKind::Medicare | CoverageKind::Medicaid => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::adjustment::Adjustment;
    use crate::domain::claim::{Accident, OtherDecision, OtherLineDecision, OtherPayer};
    use crate::domain::codes::Group;
    use crate::domain::member::OtherCoverage;
    use crate::domain::money::Money;
    use crate::domain::payer_order::{CoverageFacts, Employment, WorkStatus};

    /// Testa is also covered through her husband's employer, which pays first, in the first quarter.
    fn covered_twice() -> ClaimFile {
        let mut file = example::office_visit();
        file.family[0].other_coverages = vec![OtherCoverage {
            payer_id: "OTHER".into(),
            payer_name: "Other Example Plan".into(),
            primary: true,
            period: Period::between(date(2026, 1, 1), date(2026, 3, 31)),
            facts: None,
            accepted_diagnoses: vec![],
            set_aside: false,
        }];
        file
    }

    /// All 150.00 went to the other payer's deductible.
    fn all() -> Vec<Adjustment> {
        let amount = Money::from_cents(15_000);
        vec![Adjustment { group: Group::PatientResponsibility, carc: carc("1"), amount, rarcs: vec![], step: "" }]
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
        file.claim.other_payers[0].decision = Some(OtherDecision { paid: Money::ZERO, adjustments: all() });
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
            vec![OtherLineDecision { payer_id: "OTHER".into(), paid: Money::ZERO, adjustments: all() }];
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

    fn facts(kind: CoverageKind) -> Option<Box<CoverageFacts>> {
        let employment = Employment { status: WorkStatus::Active, employees: Some(200) };
        let relationship = "18".to_owned();
        Some(Box::new(CoverageFacts { kind, relationship, subscriber_birth: None, employment, parents: None }))
    }

    #[test]
    fn the_carrier_of_an_injury_has_a_reason_of_its_own_and_only_for_that_injury() {
        let mut file = covered_twice();
        file.family[0].other_coverages[0].primary = false;
        for (kind, expected) in [
            (CoverageKind::WorkersCompensation, "CO-19"),
            (CoverageKind::Liability, "CO-20"),
            (CoverageKind::NoFault, "CO-21"),
        ] {
            file.family[0].other_coverages[0].facts = facts(kind);
            file.claim.accident = Accident::default();
            assert_eq!(example::denial(&file), "");
            file.claim.accident = Accident { automobile: true, employment: true, other: false };
            assert_eq!(example::denial(&file), expected);
        }
    }

    /// Two payers are first by the record, and the claim brings one decision.
    #[test]
    fn the_third_payer_wants_both_decisions() {
        let mut file = covered_twice();
        let mut second = file.family[0].other_coverages[0].clone();
        second.payer_id = "SECOND".into();
        file.family[0].other_coverages.push(second);
        file.claim.responsibility = Responsibility::Tertiary;
        let decision = Some(OtherDecision { paid: Money::ZERO, adjustments: all() });
        let first = OtherPayer { payer_id: "OTHER".into(), responsibility: Responsibility::Primary, decision };
        let second =
            OtherPayer { payer_id: "SECOND".into(), responsibility: Responsibility::Secondary, decision: None };
        file.claim.other_payers = vec![first.clone(), second];
        assert_eq!(example::denial(&file), "CO-22 MA64");
        file.claim.other_payers[1].decision = first.decision;
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn who_does_not_say_what_else_covers_them_is_liable() {
        let mut file = example::office_visit();
        file.family[0].other_coverage_unanswered = true;
        assert_eq!(example::denial(&file), "PR-22 MA92");
    }

    /// Testa is 45: Medicare covers a disability, and her own employer of 200 makes the group plan first.
    #[test]
    fn the_rule_that_decides_is_told_in_the_trace() {
        let mut file = covered_twice();
        file.family[0].other_coverages[0].primary = false;
        file.family[0].other_coverages[0].facts = facts(CoverageKind::GroupPlan);
        example::plan(&mut file).medicare = true;
        assert_eq!(example::denial(&file), "CO-22 MA04");
        let words = example::words(&file, "other-payer-first");
        assert!(
            words.contains("for an employer of 200, and 100 are needed (42 CFR 411.201): Other Example Plan is first."),
            "{words}"
        );
    }
}
