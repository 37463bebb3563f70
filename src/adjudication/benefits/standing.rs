//! Where a member stands: how much of the year's deductibles, maxima and limits is used up.

use crate::domain::dates::Date;
use crate::domain::determination::{Accumulator, AccumulatorEntry};
use crate::domain::money::Money;
use crate::domain::plan::{CostShare, Network, Plan};

/// An amount a year, and what is met of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The amount; `None`: the plan sets none.
    pub limit: Option<Money>,
    /// What is met.
    pub met: Money,
}

/// Where a member stands in a benefit year, in or out of network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The member's deductible; no limit where only the family's together counts.
    pub individual_deductible: Progress,
    /// The family's.
    pub family_deductible: Progress,
    /// The most that the member pays.
    pub individual_out_of_pocket: Progress,
    /// The most that the family pays.
    pub family_out_of_pocket: Progress,
}

impl Progress {
    /// What is left of the amount; `None`: there is no limit.
    pub fn left(&self) -> Option<Money> {
        self.limit.map(|limit| (limit - self.met).or_zero())
    }
}

/// Where a member stands in the benefit year that begins on `year_start`, by all the family's entries; `None` where the
/// plan pays nothing in that network.
pub fn standing<'a>(
    plan: &Plan,
    network: Network,
    year_start: Date,
    member_id: &str,
    entries: impl IntoIterator<Item = &'a AccumulatorEntry>,
) -> Option<Standing> {
    plan.cost_share(network).map(|share| Standing::of(share, network, year_start, member_id, entries))
}

/// Visits counted or cents paid under a benefit in a member's year, in and out of network together.
pub fn used<'a>(
    accumulator: &Accumulator,
    year_start: Date,
    member_id: &str,
    entries: impl IntoIterator<Item = &'a AccumulatorEntry>,
) -> i64 {
    let counts = |entry: &&AccumulatorEntry| {
        entry.year_start == year_start && entry.member_id == member_id && entry.accumulator == *accumulator
    };
    entries.into_iter().filter(counts).map(|entry| entry.amount).sum()
}

impl Standing {
    pub(super) fn of<'a>(
        share: &CostShare,
        network: Network,
        year_start: Date,
        member_id: &str,
        entries: impl IntoIterator<Item = &'a AccumulatorEntry>,
    ) -> Standing {
        let toward = |limit| Progress { limit, met: Money::ZERO };
        // An aggregate deductible without a family's amount is one member's.
        let (own, family) = (share.individual_deductible, share.family_deductible);
        let aggregate = share.aggregate_deductible && family.is_some();
        let mut standing = Standing {
            individual_deductible: toward((!aggregate).then_some(own)),
            family_deductible: toward(family),
            individual_out_of_pocket: toward(share.individual_out_of_pocket),
            family_out_of_pocket: toward(share.family_out_of_pocket),
        };
        for entry in entries {
            if entry.network != network || entry.year_start != year_start {
                continue;
            }
            let amount = Money::from_cents(entry.amount);
            let own = entry.member_id == member_id;
            match entry.accumulator {
                Accumulator::Deductible => standing.add(own, amount, Money::ZERO),
                Accumulator::OutOfPocket => standing.add(own, Money::ZERO, amount),
                Accumulator::Visits(_) | Accumulator::Dollars(_) => {}
            }
        }
        standing
    }

    /// Adds what the member pays.
    pub(super) fn take(&mut self, deductible: Money, out_of_pocket: Money) {
        self.add(true, deductible, out_of_pocket);
    }

    fn add(&mut self, own: bool, deductible: Money, out_of_pocket: Money) {
        self.family_deductible.met += deductible;
        self.family_out_of_pocket.met += out_of_pocket;
        if own {
            self.individual_deductible.met += deductible;
            self.individual_out_of_pocket.met += out_of_pocket;
        }
    }

    /// What the member still pays before the plan does: the less of the member's own and the family's.
    pub fn deductible_left(&self) -> Money {
        least(self.individual_deductible.left(), self.family_deductible.left()).unwrap_or(Money::ZERO)
    }

    /// The deductible that ends first, and whose it is in words.
    pub(super) fn nearest_deductible(&self) -> (&'static str, Progress) {
        let (own, family) = (self.individual_deductible, self.family_deductible);
        match (own.left(), family.left()) {
            (None, _) => ("the family's ", family),
            (Some(mine), Some(ours)) if ours < mine => ("the family's ", family),
            _ => ("", own),
        }
    }

    /// The most that the member still pays; `None`: there is no maximum.
    pub fn out_of_pocket_left(&self) -> Option<Money> {
        least(self.individual_out_of_pocket.left(), self.family_out_of_pocket.left())
    }
}

fn least(a: Option<Money>, b: Option<Money>) -> Option<Money> {
    a.into_iter().chain(b).min()
}
