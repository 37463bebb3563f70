//! Medical policies: which lines a payer looks at, what it asks of them, and what comes of those that do not meet it.

use std::fmt;

use rust_decimal::Decimal;

use super::claim::Sex;
use super::code_list::Starts;
use super::codes::{Carc, Code, Group, Modifier, PlaceOfService, ProcedureCode, Rarc, RevenueCode};
use super::dates::Period;
use super::document::Asking;
use super::expression::Expression;
use super::institutional::CodeSet;
use super::member::CodeRanges;
use super::money::Money;

/// A medical policy, in one version.
#[derive(Clone, Debug, PartialEq)]
pub struct MedicalPolicy {
    /// Its id.
    pub policy_id: String,
    /// Its title.
    pub title: String,
    /// Service dates it holds for.
    pub period: Period,
    /// The lowest reports first.
    pub rank: i32,
    /// Plans it holds for; empty: all.
    pub plans: Vec<String>,
    /// Procedures it is about; empty: any.
    pub procedures: CodeRanges,
    /// Revenue codes it is about; empty: any.
    pub revenue_codes: CodeSet<4>,
    /// Starts of types of bill it is about; empty: professional claims too.
    pub bills: Starts,
    /// It looks at lines for which all of these hold.
    pub applies: Vec<Condition>,
    /// What it asks of them; the finding is given where one does not hold. Empty: it is always given.
    pub requires: Vec<Condition>,
    /// What comes of a line that does not meet it.
    pub finding: PolicyFinding,
    /// Why, in sentences; may be empty.
    pub rationale: String,
    /// Where to read it.
    pub href: String,
}

impl MedicalPolicy {
    /// Whether it is the version of this policy that begins on this day (ISO 8601).
    pub fn is(&self, policy_id: &str, from: &str) -> bool {
        self.policy_id == policy_id && self.period.from.to_string() == from
    }
}

impl fmt::Display for MedicalPolicy {
    /// Such as "MP-001 (MRI of the brain, since 2025-01-01)".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MedicalPolicy { policy_id, title, period, .. } = self;
        if title.is_empty() {
            write!(f, "{policy_id} ({period})")
        } else {
            write!(f, "{policy_id} ({title}, {period})")
        }
    }
}

/// What a policy does.
#[derive(Clone, Debug, PartialEq)]
pub enum PolicyFinding {
    /// Denies the line.
    Deny {
        /// Who bears it.
        group: Group,
        /// Why.
        carc: Carc,
        /// Remarks.
        rarcs: Vec<Rarc>,
        /// The patient bears it where a notice was signed (GA).
        patient_with_notice: bool,
    },
    /// Has a person look at the claim, for what.
    Pend(String),
    /// Asks for records.
    Records(PolicyRecords),
    /// Pays less.
    Reduce {
        /// Why.
        carc: Carc,
        /// Remarks.
        rarcs: Vec<Rarc>,
        /// How much is paid.
        to: ReducedTo,
    },
    /// Says something in the trace.
    Note(String),
}

/// The records that a policy asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRecords {
    /// What is asked for.
    pub asking: Asking,
    /// Days from the day on which it is asked.
    pub days: i32,
    /// What a person looks at once they are there; empty: their coming is enough.
    pub review: String,
}

/// How much of a line is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReducedTo {
    /// A part of the allowed amount.
    Part(Decimal),
    /// No more than so many units.
    Units(Decimal),
}

/// Something that holds for a line or does not.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A diagnosis starts so.
    Diagnoses(DiagnosesOf, Starts),
    /// No diagnosis of the line starts so.
    NotDiagnoses(Starts),
    /// Age on the first day of service, from and through.
    Age(AgeIn, Option<i32>, Option<i32>),
    /// Sex.
    Sex(Sex),
    /// The place is one of these, or where `false` none of them.
    Places(Vec<PlaceOfService>, bool),
    /// A modifier is one of these, or where `false` none is.
    Modifiers(Vec<Modifier>, bool),
    /// Units, from and through.
    Units(Option<Decimal>, Option<Decimal>),
    /// The charge, from and through.
    Charge(Money, Option<Money>),
    /// The specialty starts so, or where `false` does not.
    Specialties(Starts, bool),
    /// The type of bill starts so.
    Bills(Starts),
    /// An institutional claim, or where `false` a professional one.
    Institutional(bool),
    /// Such a service was given on the day, at most so many days before, or stands on the claim; where `false`, none.
    Prior(CodeRanges, Option<i32>, bool),
    /// How often it is given at most.
    Frequency(Frequency),
    /// An authorization that fits is named.
    Authorization,
    /// A document is named.
    Attachment,
    /// An emergency, or where `false` none.
    Emergency(bool),
    /// The network or tier is one of these.
    Networks(Vec<String>),
    /// An expression, and as it was written.
    When(Expression, String),
}

/// Which diagnoses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiagnosesOf {
    /// Those that the line points to.
    Line,
    /// Those of the claim.
    Claim,
    /// The first of the claim.
    Principal,
}

/// What an age is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgeIn {
    /// Completed years.
    Years,
    /// Days since birth.
    Days,
}

/// How often a service is given at most.
#[derive(Clone, Debug, PartialEq)]
pub struct Frequency {
    /// The most, this line included.
    pub most: Decimal,
    /// In which time.
    pub window: Window,
    /// What is counted.
    pub count: Counted,
    /// What counts.
    pub procedures: CodeRanges,
}

/// In which time services are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// In so many days, the last of them the line's first day.
    Days(i32),
    /// In the calendar year.
    CalendarYear,
    /// Ever.
    Lifetime,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Lines.
    Services,
    /// Units.
    Units,
    /// Days of service.
    Days,
}

/// The policies of a payer, found by procedure and revenue code. Their order is that in which they report: rank, then id,
/// then first day.
#[derive(Debug, Default)]
pub struct MedicalPolicies {
    policies: Vec<MedicalPolicy>,
    by_procedure: Index<5>,
    by_revenue_code: Index<4>,
    /// Those about any line.
    everywhere: Vec<u32>,
}

impl MedicalPolicies {
    /// Orders and indexes policies.
    pub fn new(mut policies: Vec<MedicalPolicy>) -> MedicalPolicies {
        let order = |policy: &MedicalPolicy| (policy.rank, policy.policy_id.clone(), policy.period.from);
        policies.sort_by_cached_key(order);
        let (mut procedures, mut revenue_codes, mut everywhere) = (Vec::new(), Vec::new(), Vec::new());
        for (at, policy) in (0_u32..).zip(&policies) {
            if !policy.procedures.ranges().is_empty() {
                procedures.extend(policy.procedures.ranges().iter().map(|(first, last)| (*first, *last, at)));
            } else if !policy.revenue_codes.is_empty() {
                revenue_codes.extend(policy.revenue_codes.ranges().iter().map(|(first, last)| (*first, *last, at)));
            } else {
                everywhere.push(at);
            }
        }
        let (by_procedure, by_revenue_code) = (Index::new(&procedures), Index::new(&revenue_codes));
        MedicalPolicies { policies, by_procedure, by_revenue_code, everywhere }
    }

    /// Every policy, in order.
    pub fn all(&self) -> &[MedicalPolicy] {
        &self.policies
    }

    /// The policies that may be about a line with these codes, in order.
    pub fn about(&self, procedure: ProcedureCode, revenue: RevenueCode) -> impl Iterator<Item = &MedicalPolicy> {
        let mut lists = [self.by_procedure.at(procedure), self.by_revenue_code.at(revenue), &self.everywhere];
        std::iter::from_fn(move || {
            let list = lists.iter_mut().filter(|list| !list.is_empty()).min_by_key(|list| list.first().copied())?;
            let (first, rest) = list.split_first()?;
            *list = rest;
            self.policies.get(usize::try_from(*first).ok()?)
        })
    }
}

/// Which policies hold for a code: a lookup by halving, however many policies and ranges there are.
#[derive(Debug, Default)]
struct Index<const N: usize> {
    /// Where a section begins: at a code, or where `true` right behind it.
    starts: Vec<(Code<N>, bool)>,
    /// The policies of each section.
    sections: Vec<Vec<u32>>,
}

impl<const N: usize> Index<N> {
    fn new(ranges: &[(Code<N>, Code<N>, u32)]) -> Index<N> {
        let mut starts: Vec<_> = ranges.iter().flat_map(|(first, last, _)| [(*first, false), (*last, true)]).collect();
        starts.sort_unstable();
        starts.dedup();
        let mut sections = vec![Vec::new(); starts.len()];
        for (first, last, policy) in ranges {
            let from = starts.partition_point(|start| *start < (*first, false));
            let to = starts.partition_point(|start| *start < (*last, true));
            for section in sections.get_mut(from..to).unwrap_or_default() {
                // Ranges come in the order of the policies; those of one policy may overlap.
                if section.last() != Some(policy) {
                    section.push(*policy);
                }
            }
        }
        Index { starts, sections }
    }

    fn at(&self, code: Code<N>) -> &[u32] {
        let after = self.starts.partition_point(|start| *start <= (code, false));
        after.checked_sub(1).and_then(|at| self.sections.get(at)).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    fn policy(policy_id: &str, rank: i32, procedures: &str) -> MedicalPolicy {
        MedicalPolicy {
            policy_id: policy_id.into(),
            title: String::new(),
            period: Period::since(date(2026, 1, 1)),
            rank,
            plans: vec![],
            procedures: CodeRanges::parse(procedures.split_whitespace()).unwrap(),
            revenue_codes: CodeSet::default(),
            bills: Starts::default(),
            applies: vec![],
            requires: vec![],
            finding: PolicyFinding::Note("seen".into()),
            rationale: String::new(),
            href: String::new(),
        }
    }

    fn about(policies: &MedicalPolicies, procedure: &str) -> String {
        let found = policies.about(ProcedureCode::new(procedure), RevenueCode::NONE);
        found.map(|policy| policy.policy_id.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn policies_are_found_by_code_in_the_order_of_rank_and_id() {
        let made = [
            ("wide", 0, "70000-79999"),
            ("brain", 0, "70551-70553"),
            ("first", -1, "70552"),
            ("any", 0, ""),
            ("twice", 5, "70551-70552 70552-70553"),
        ];
        let policies = MedicalPolicies::new(made.map(|(id, rank, codes)| policy(id, rank, codes)).into());
        assert_eq!(about(&policies, "70552"), "first any brain wide twice");
        assert_eq!(about(&policies, "70551"), "any brain wide twice");
        assert_eq!(about(&policies, "70553"), "any brain wide twice");
        assert_eq!(about(&policies, "70554"), "any wide");
        assert_eq!(about(&policies, "99213"), "any");
    }
}
