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

struct BuiltIn {
    id: &'static str,
    carcs: &'static [Carc],
    evidence: EvidenceKind,
    test: EvidenceTest,
    rationale: &'static str,
}

const RULES: &[BuiltIn] = &[
    BuiltIn {
        id: "authorization-in-force",
        carcs: &[carc("197"), carc("15")],
        evidence: EvidenceKind::AuthorizationLetter,
        test: EvidenceTest::CoversService,
        rationale: "An authorization was in force on the date of service.",
    },
    BuiltIn {
        id: "filed-in-time",
        carcs: &[carc("29")],
        evidence: EvidenceKind::ProofOfTimelyFiling,
        test: EvidenceTest::FiledInTime,
        rationale: "The claim was first filed within the limit.",
    },
];

/// What a rule makes of a denial, by the documents given; `None`: a person decides. The payer's own rules go first, in their order.
pub fn decide_by_rule(denial: &Denial, evidence: &[Evidence], own: &[EvidenceRule]) -> Option<Ruling> {
    let given = |kind: EvidenceKind, test| evidence.iter().any(|e| e.kind == kind && holds(test, e, denial));
    for rule in own {
        let remark = rule.rarcs.is_empty() || rule.rarcs.iter().any(|rarc| denial.rarcs.contains(rarc));
        if rule.carcs.contains(&denial.carc) && remark && rule.evidence.iter().all(|kind| given(*kind, rule.test)) {
            return Some(Ruling {
                rule_id: rule.rule_id.clone(),
                outcome: rule.outcome,
                rationale: rule.rationale.clone(),
                authority: "the payer's rule",
            });
        }
    }
    let found = RULES.iter().find(|rule| rule.carcs.contains(&denial.carc) && given(rule.evidence, rule.test))?;
    Some(Ruling {
        rule_id: found.id.to_owned(),
        outcome: RuleOutcome::Overturn,
        rationale: found.rationale.to_owned(),
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
