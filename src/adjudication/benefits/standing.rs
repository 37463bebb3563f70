//! Where a member stands: how much of the year's deductibles, maxima and limits is used up.

use crate::adjudication::settlement::Settlement;
use crate::domain::dates::Date;
use crate::domain::determination::{Accumulator, AccumulatorEntry};
use crate::domain::money::Money;
use crate::domain::plan::{CostShare, CrossAccumulation, Network, Plan, ShortName};

/// An amount a year, and what is met of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The amount; `None`: the plan sets none.
    pub limit: Option<Money>,
    /// What is met.
    pub met: Money,
}

/// A deductible: the member's and the family's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deductible {
    /// The member's; no limit where only the family's together counts.
    pub individual: Progress,
    /// The family's.
    pub family: Progress,
}

/// Where a member stands in a benefit year, in a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The deductible.
    pub deductible: Deductible,
    /// The most that the member pays.
    pub individual_out_of_pocket: Progress,
    /// The most that the family pays.
    pub family_out_of_pocket: Progress,
}

/// Whose accounts: a member's and the family's, in a tier of a plan, in a benefit year.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The tier.
    pub network: Network,
    /// First day of the benefit year.
    pub year_start: Date,
    /// The member.
    pub member_id: &'a str,
}

impl Progress {
    fn toward(limit: Option<Money>) -> Progress {
        Progress { limit, met: Money::ZERO }
    }

    /// What is left of the amount; `None`: there is no limit.
    pub fn left(&self) -> Option<Money> {
        self.limit.map(|limit| (limit - self.met).or_zero())
    }
}

impl Deductible {
    /// The member's and the family's, which may be the only one that counts.
    fn toward(own: Money, family: Option<Money>, aggregate: bool) -> Deductible {
        // An aggregate deductible without a family's amount is one member's.
        let only_family = aggregate && family.is_some();
        Deductible { individual: Progress::toward((!only_family).then_some(own)), family: Progress::toward(family) }
    }

    fn add(&mut self, own: bool, amount: Money) {
        self.family.met += amount;
        if own {
            self.individual.met += amount;
        }
    }

    /// What the member still pays before the plan does: the less of the member's own and the family's.
    pub fn left(&self) -> Money {
        least(self.individual.left(), self.family.left()).unwrap_or(Money::ZERO)
    }

    /// The one that ends first, and whose it is in words.
    pub(super) fn nearest(&self) -> (&'static str, Progress) {
        match (self.individual.left(), self.family.left()) {
            (None, _) => ("the family's ", self.family),
            (Some(mine), Some(ours)) if ours < mine => ("the family's ", self.family),
            _ => ("", self.individual),
        }
    }
}

/// Where a member stands, by all the family's entries; `None` where the plan pays nothing in that tier.
pub fn standing<'a>(scope: &Scope<'_>, entries: impl IntoIterator<Item = &'a AccumulatorEntry>) -> Option<Standing> {
    scope.plan.cost_share(scope.network).map(|share| Standing::of(share, scope, entries))
}

/// Where a member stands with a deductible of its own; `None` where the plan's tier has none of that name.
pub fn separate<'a>(
    scope: &Scope<'_>,
    name: ShortName,
    entries: impl IntoIterator<Item = &'a AccumulatorEntry>,
) -> Option<Deductible> {
    let share = scope.plan.cost_share(scope.network)?;
    let found = share.separate_deductibles.iter().find(|separate| separate.name == name)?;
    let mut deductible = Deductible::toward(found.individual, found.family, false);
    let rule = scope.plan.deductible_accumulation;
    let accumulator = Accumulator::SeparateDeductible(name);
    for entry in entries.into_iter().filter(|entry| entry.accumulator == accumulator && scope.has(entry, rule)) {
        deductible.add(entry.member_id == scope.member_id, Money::from_cents(entry.amount));
    }
    Some(deductible)
}

impl Scope<'_> {
    /// Whether an entry counts here under a rule.
    fn has(&self, entry: &AccumulatorEntry, rule: CrossAccumulation) -> bool {
        self.takes(entry.year_start, entry.network, &entry.plan_id, rule)
    }

    fn takes(&self, year_start: Date, network: Network, plan_id: &str, rule: CrossAccumulation) -> bool {
        year_start == self.year_start
            && keeps(self.plan, plan_id)
            && self.plan.counts_toward(rule, network, self.network)
    }
}

/// Whether a plan counts what was met under one of that id; empty: under an earlier carrier.
pub(super) fn keeps(plan: &Plan, plan_id: &str) -> bool {
    !plan.fresh_start || plan_id.is_empty() || plan_id == plan.plan_id
}

impl Standing {
    pub(super) fn of<'a>(
        share: &CostShare,
        scope: &Scope<'_>,
        entries: impl IntoIterator<Item = &'a AccumulatorEntry>,
    ) -> Standing {
        let (own, family) = (share.individual_deductible, share.family_deductible);
        let mut standing = Standing {
            deductible: Deductible::toward(own, family, share.aggregate_deductible),
            individual_out_of_pocket: Progress::toward(share.individual_out_of_pocket),
            family_out_of_pocket: Progress::toward(share.family_out_of_pocket),
        };
        let (deductibles, maxima) = (scope.plan.deductible_accumulation, scope.plan.out_of_pocket_accumulation);
        for entry in entries {
            let own = entry.member_id == scope.member_id;
            let amount = Money::from_cents(entry.amount);
            match entry.accumulator {
                Accumulator::Deductible if scope.has(entry, deductibles) => standing.deductible.add(own, amount),
                Accumulator::OutOfPocket if scope.has(entry, maxima) => standing.add_out_of_pocket(own, amount),
                _ => {}
            }
        }
        standing
    }

    /// Adds what the member pays on a line of the claim, as far as it counts here.
    pub(super) fn take(&mut self, scope: &Scope<'_>, line: &Settlement<'_>) {
        let (network, plan) = (line.terms.network, &line.terms.plan.plan_id);
        let counts = |year, rule| scope.takes(year, network, plan, rule);
        let deductibles = scope.plan.deductible_accumulation;
        if line.separate_deductible.is_none() && counts(line.year_start, deductibles) {
            self.deductible.add(true, line.patient.deductible);
        }
        if let Some((_, amount)) = line.carried_over.filter(|(year, _)| counts(*year, deductibles)) {
            self.deductible.add(true, amount);
        }
        if counts(line.year_start, scope.plan.out_of_pocket_accumulation) {
            self.add_out_of_pocket(true, line.patient.cost_share());
        }
    }

    fn add_out_of_pocket(&mut self, own: bool, amount: Money) {
        self.family_out_of_pocket.met += amount;
        if own {
            self.individual_out_of_pocket.met += amount;
        }
    }

    /// The most that the member still pays; `None`: there is no maximum.
    pub fn out_of_pocket_left(&self) -> Option<Money> {
        least(self.individual_out_of_pocket.left(), self.family_out_of_pocket.left())
    }
}

impl Deductible {
    /// Adds what lines of the claim take from it.
    pub(super) fn take(&mut self, scope: &Scope<'_>, name: ShortName, lines: &[Settlement<'_>]) {
        let rule = scope.plan.deductible_accumulation;
        for line in lines.iter().filter(|line| line.separate_deductible == Some(name)) {
            if scope.takes(line.year_start, line.terms.network, &line.terms.plan.plan_id, rule) {
                self.add(true, line.patient.deductible);
            }
        }
    }
}

fn least(a: Option<Money>, b: Option<Money>) -> Option<Money> {
    a.into_iter().chain(b).min()
}
