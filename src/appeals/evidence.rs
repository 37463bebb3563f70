//! Which evidence overturns which denial: a table of data, which a payer folder adds to.

use super::EvidenceKind;
use super::filing::Denial;
use crate::domain::appeal_terms::{EvidenceRule, EvidenceTest, RuleOutcome};
use crate::domain::codes::{Carc, carc};
use crate::domain::dates::{Date, Period};

/// A document given with an appeal, as far as rules look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// Its own date: of a 277CA, of an operation.
    pub dated: Option<Date>,
    /// The days for which it holds: of an authorization, of coverage.
    pub in_force: Option<Period>,
    /// It meets the policy that denied the line: somebody, or the policy itself, has looked.
    pub meets_policy: bool,
}

/// What a rule says of a denial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// The rule.
    pub rule_id: String,
    /// What comes of the denial.
    pub outcome: RuleOutcome,
    /// Why, in words that letters print.
    pub rationale: String,
    /// What it rests on.
    pub authority: &'static str,
}

/// A rule that comes with the program.
#[derive(Debug)]
pub struct BuiltIn {
    /// Its id.
    pub id: &'static str,
    /// Denials that it is about.
    pub carcs: &'static [Carc],
    /// Any one of these is enough.
    pub evidence: &'static [EvidenceKind],
    /// What it must hold to.
    pub test: EvidenceTest,
    /// What comes of the denial.
    pub outcome: RuleOutcome,
    /// Why.
    pub rationale: &'static str,
}

/// The rules that come with the program; the first that fits decides.
pub const RULES: &[BuiltIn] = &[
    BuiltIn {
        id: "authorization-in-force",
        carcs: &[carc("15"), carc("39"), carc("197"), carc("198"), carc("210")],
        evidence: &[EvidenceKind::AuthorizationLetter],
        test: EvidenceTest::CoversService,
        outcome: RuleOutcome::Overturn,
        rationale: "An authorization was in force on the days of service.",
    },
    BuiltIn {
        id: "authorization-not-in-force",
        carcs: &[carc("15"), carc("197")],
        evidence: &[EvidenceKind::AuthorizationLetter],
        test: EvidenceTest::Present,
        outcome: RuleOutcome::Uphold,
        rationale: "The authorization that was given does not hold for the days of service.",
    },
    BuiltIn {
        id: "referral-in-force",
        carcs: &[carc("243"), carc("288")],
        evidence: &[EvidenceKind::Referral],
        test: EvidenceTest::CoversService,
        outcome: RuleOutcome::Overturn,
        rationale: "A referral was in force on the days of service.",
    },
    BuiltIn {
        id: "filed-in-time",
        carcs: &[carc("29")],
        evidence: &[EvidenceKind::ProofOfTimelyFiling],
        test: EvidenceTest::FiledInTime,
        outcome: RuleOutcome::Overturn,
        rationale: "The claim was first filed within the limit.",
    },
    BuiltIn {
        id: "filed-late-all-the-same",
        carcs: &[carc("29")],
        evidence: &[EvidenceKind::ProofOfTimelyFiling],
        test: EvidenceTest::Present,
        outcome: RuleOutcome::Uphold,
        rationale: "The proof of filing is of a day after the limit.",
    },
    BuiltIn {
        id: "primary-payer-has-decided",
        carcs: &[carc("22")],
        evidence: &[EvidenceKind::PrimaryEob],
        test: EvidenceTest::Present,
        outcome: RuleOutcome::Overturn,
        rationale: "The other payer has decided: the claim is decided on what it left.",
    },
    BuiltIn {
        id: "covered-after-all",
        carcs: &[carc("26"), carc("27"), carc("31"), carc("200")],
        evidence: &[EvidenceKind::ProofOfCoverage],
        test: EvidenceTest::CoversService,
        outcome: RuleOutcome::Overturn,
        rationale: "The patient was covered on the days of service.",
    },
    BuiltIn {
        id: "policy-met",
        carcs: &[carc("11"), carc("50"), carc("55"), carc("56"), carc("58"), carc("150"), carc("151"), carc("152")],
        evidence: &[
            EvidenceKind::MedicalRecords,
            EvidenceKind::OperativeNote,
            EvidenceKind::LetterOfMedicalNecessity,
            EvidenceKind::PolicyCitation,
        ],
        test: EvidenceTest::MeetsPolicy,
        outcome: RuleOutcome::Overturn,
        rationale: "The records show that the coverage policy is met.",
    },
    BuiltIn {
        id: "records-to-be-read",
        carcs: &[carc("11"), carc("50"), carc("55"), carc("56"), carc("58"), carc("150"), carc("151"), carc("152")],
        evidence: &[
            EvidenceKind::MedicalRecords,
            EvidenceKind::OperativeNote,
            EvidenceKind::LetterOfMedicalNecessity,
            EvidenceKind::PolicyCitation,
        ],
        test: EvidenceTest::Present,
        outcome: RuleOutcome::Review,
        rationale: "Medical judgment: a health care professional who had no part in the decision reads the records.",
    },
    BuiltIn {
        id: "distinct-services",
        carcs: &[carc("18"), carc("97"), carc("236"), carc("B20")],
        evidence: &[EvidenceKind::ProofOfDistinctService, EvidenceKind::OperativeNote],
        test: EvidenceTest::Present,
        outcome: RuleOutcome::Review,
        rationale: "Whether the services were distinct is for a person to read from the records.",
    },
    BuiltIn {
        id: "documents-given",
        carcs: &[carc("163"), carc("226"), carc("250"), carc("251"), carc("252")],
        evidence: &[EvidenceKind::MedicalRecords, EvidenceKind::OperativeNote],
        test: EvidenceTest::Present,
        outcome: RuleOutcome::Overturn,
        rationale: "The document that was missing is there: the claim is decided on it.",
    },
    BuiltIn {
        id: "no-accident-or-other-case",
        carcs: &[carc("19"), carc("20"), carc("21")],
        evidence: &[EvidenceKind::AccidentStatement],
        test: EvidenceTest::Present,
        outcome: RuleOutcome::Overturn,
        rationale: "No other payer's accident or work case caused the care.",
    },
];

/// What a rule makes of a denial, by the documents given; `None`: a person decides. The payer's own rules go first, in their order.
pub fn decide_by_rule(denial: &Denial, evidence: &[Evidence], own: &[EvidenceRule]) -> Option<Ruling> {
    let given = |kind: EvidenceKind, test| evidence.iter().any(|e| e.kind == kind && holds(test, e, denial));
    let fits = |rule: &&EvidenceRule| {
        let remark = rule.rarcs.is_empty() || rule.rarcs.iter().any(|rarc| denial.rarcs.contains(rarc));
        rule.carcs.contains(&denial.carc) && remark && rule.evidence.iter().all(|kind| given(*kind, rule.test))
    };
    if let Some(rule) = own.iter().find(fits) {
        return Some(Ruling {
            rule_id: rule.rule_id.clone(),
            outcome: rule.outcome,
            rationale: rule.rationale.clone(),
            authority: "the payer's rule",
        });
    }
    let fits =
        |rule: &&BuiltIn| rule.carcs.contains(&denial.carc) && rule.evidence.iter().any(|kind| given(*kind, rule.test));
    RULES.iter().find(fits).map(|rule| Ruling {
        rule_id: rule.id.to_owned(),
        outcome: rule.outcome,
        rationale: rule.rationale.to_owned(),
        authority: "the evidence given",
    })
}

fn holds(test: EvidenceTest, evidence: &Evidence, denial: &Denial) -> bool {
    match test {
        EvidenceTest::Present => true,
        EvidenceTest::CoversService => evidence.in_force.is_some_and(|days| {
            days.contains(denial.service.from) && days.contains(denial.service.through.unwrap_or(denial.service.from))
        }),
        EvidenceTest::FiledInTime => {
            evidence.dated.zip(denial.last_day_to_file).is_some_and(|(filed, last)| filed <= last)
        }
        EvidenceTest::MeetsPolicy => evidence.meets_policy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::{Group, rarc};
    use crate::domain::dates::date;
    use crate::domain::money::Money;

    fn denial(reason: &str) -> Denial {
        Denial {
            line: 1,
            group: Group::ContractualObligation,
            carc: carc(reason),
            rarcs: vec![],
            amount: Money::from_cents(10_000),
            service: Period::between(date(2026, 3, 2), date(2026, 3, 4)),
            last_day_to_file: Some(date(2026, 9, 1)),
        }
    }

    fn paper(kind: EvidenceKind) -> Evidence {
        Evidence { kind, dated: None, in_force: None, meets_policy: false }
    }

    fn outcome(reason: &str, evidence: Evidence) -> Option<RuleOutcome> {
        decide_by_rule(&denial(reason), &[evidence], &[]).map(|ruling| ruling.outcome)
    }

    #[test]
    fn an_authorization_overturns_if_it_holds_for_every_day_of_service() {
        let letter = |from, through| Evidence {
            in_force: Some(Period::between(from, through)),
            ..paper(EvidenceKind::AuthorizationLetter)
        };
        let whole = letter(date(2026, 3, 1), date(2026, 3, 4));
        assert_eq!(outcome("197", whole), Some(RuleOutcome::Overturn));
        assert_eq!(outcome("15", whole), Some(RuleOutcome::Overturn));
        assert_eq!(
            outcome("197", letter(date(2026, 3, 1), date(2026, 3, 3))),
            Some(RuleOutcome::Uphold),
            "a day short"
        );
        assert_eq!(outcome("197", paper(EvidenceKind::MedicalRecords)), None, "the wrong paper");
        assert_eq!(outcome("50", whole), None, "another denial");
    }

    #[test]
    fn proof_of_filing_overturns_on_the_last_day_and_not_after() {
        let proof = |day| Evidence { dated: Some(day), ..paper(EvidenceKind::ProofOfTimelyFiling) };
        assert_eq!(outcome("29", proof(date(2026, 9, 1))), Some(RuleOutcome::Overturn));
        assert_eq!(outcome("29", proof(date(2026, 9, 2))), Some(RuleOutcome::Uphold));
    }

    #[test]
    fn records_are_read_by_a_person_unless_the_policy_is_shown_to_be_met() {
        let records = paper(EvidenceKind::MedicalRecords);
        assert_eq!(outcome("50", records), Some(RuleOutcome::Review));
        assert_eq!(outcome("50", Evidence { meets_policy: true, ..records }), Some(RuleOutcome::Overturn));
        assert_eq!(outcome("22", paper(EvidenceKind::PrimaryEob)), Some(RuleOutcome::Overturn));
        assert_eq!(outcome("18", paper(EvidenceKind::ProofOfDistinctService)), Some(RuleOutcome::Review));
    }

    #[test]
    fn a_corrected_claim_is_no_evidence() {
        assert!(RULES.iter().all(|rule| !rule.evidence.contains(&EvidenceKind::CorrectedClaim)));
    }

    #[test]
    fn the_payers_own_rules_go_first_and_ask_for_all_of_their_evidence() {
        let rule = EvidenceRule {
            rule_id: "both".into(),
            carcs: vec![carc("197")],
            rarcs: vec![rarc("N706")],
            evidence: vec![EvidenceKind::MedicalRecords, EvidenceKind::LetterOfMedicalNecessity],
            test: EvidenceTest::Present,
            outcome: RuleOutcome::Overturn,
            rationale: "an emergency".into(),
        };
        let marked = Denial { rarcs: vec![rarc("N706")], ..denial("197") };
        let both = [paper(EvidenceKind::MedicalRecords), paper(EvidenceKind::LetterOfMedicalNecessity)];
        let rules = [rule];
        let ruled = |denial: &Denial, given: &[Evidence]| decide_by_rule(denial, given, &rules).map(|r| r.rule_id);
        assert_eq!(ruled(&marked, &both).as_deref(), Some("both"));
        assert_eq!(ruled(&marked, &both[..1]), None);
        assert_eq!(ruled(&denial("197"), &both), None, "without the remark");
    }
}
