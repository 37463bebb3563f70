//! Who gives a reason: edits and steps by what they declare.

use crate::adjudication::edits::{self, Edit};
use crate::adjudication::{Reason, benefits, coordination, pricing, sequestration, withhold};
use crate::domain::codes::{Carc, Group, Rarc};
use crate::domain::determination::Citation;

/// Steps that are no edits, with what they ask and rest on.
const STEPS: &[Giver] = &[
    Giver { id: "pricing", summary: "What the service is worth.", reasons: pricing::REASONS, authority: TERMS },
    Giver {
        id: "benefits",
        summary: "What the patient owes by the plan.",
        reasons: benefits::REASONS,
        authority: TERMS,
    },
    Giver {
        id: "coordination",
        summary: "What payers before this one have paid.",
        reasons: coordination::REASONS,
        authority: &[Citation {
            title: "NAIC Model Regulation 120, section 7 (order and payment of several plans)",
            href: "https://content.naic.org/sites/default/files/model-law-120.pdf",
        }],
    },
    Giver {
        id: "withhold",
        summary: "What the provider's contract keeps back.",
        reasons: withhold::REASONS,
        authority: &[Citation { title: "the provider's contract", href: "" }],
    },
    Giver {
        id: "sequestration",
        summary: "What the law cuts of Medicare's payments.",
        reasons: sequestration::REASONS,
        authority: &[Citation {
            title: "Budget Control Act of 2011, as amended (2 U.S.C. 901a)",
            href: "https://www.law.cornell.edu/uscode/text/2/901a",
        }],
    },
];

/// Fee schedule, contract and plan.
const TERMS: &[Citation] = &[Citation { title: "the plan's terms, contracts and fee schedules", href: "" }];

/// An edit or a step that gives reasons.
#[derive(Clone, Copy, Debug)]
pub struct Giver {
    /// Its id, such as "timely-filing".
    pub id: &'static str,
    /// What it asks.
    pub summary: &'static str,
    /// What it may give.
    pub reasons: &'static [Reason],
    /// What it rests on.
    pub authority: &'static [Citation],
}

/// A reason with who gives it.
#[derive(Clone, Copy, Debug)]
pub struct GivenBy {
    /// Who.
    pub giver: Giver,
    /// What, with its remarks and who bears it.
    pub reason: &'static Reason,
}

impl From<&'static Edit> for Giver {
    fn from(edit: &'static Edit) -> Giver {
        Giver { id: edit.id, summary: edit.summary, reasons: edit.reasons, authority: edit.authority }
    }
}

impl Giver {
    /// Every edit in order of precedence, then the steps in the order of a decision.
    pub fn all() -> impl Iterator<Item = Giver> {
        edits::TABLE.iter().map(Giver::from).chain(STEPS.iter().copied())
    }
}

/// Every reason that is declared.
pub fn given() -> impl Iterator<Item = GivenBy> {
    Giver::all().flat_map(|giver| giver.reasons.iter().map(move |reason| GivenBy { giver, reason }))
}

/// Who gives a code under a group.
pub fn given_by(group: Group, carc: Carc) -> impl Iterator<Item = GivenBy> {
    given().filter(move |given| (given.reason.group, given.reason.carc) == (group, carc))
}

/// Every code with each group that it is given under, once, in order of the code.
pub fn pairs() -> Vec<(Carc, Group)> {
    let mut pairs: Vec<_> = given().map(|given| (given.reason.carc, given.reason.group)).collect();
    pairs.sort_unstable_by_key(|(carc, group)| (numeric(*carc), *carc, *group));
    pairs.dedup();
    pairs
}

/// The remarks that may stand with a pair, whoever gives it.
pub fn remarks(group: Group, carc: Carc) -> Vec<Rarc> {
    let mut remarks: Vec<Rarc> = Vec::new();
    for remark in given_by(group, carc).flat_map(|given| given.reason.rarcs()) {
        if !remarks.contains(&remark) {
            remarks.push(remark);
        }
    }
    remarks
}

/// 2 before 10, numbers before letters.
pub fn numeric(carc: Carc) -> u32 {
    carc.as_str().parse().unwrap_or(u32::MAX)
}
