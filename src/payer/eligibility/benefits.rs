//! What a plan gives a member on a day: benefits, limits, deductibles and maxima, and how much of them is used.

use crate::adjudication::benefits::limits::used;
use crate::adjudication::benefits::{Deductible, Progress, Scope, separate, standing};
use crate::domain::dates::{Date, plus_days};
use crate::domain::determination::AccumulatorEntry;
use crate::domain::member::{Coverage, Member};
use crate::domain::money::Money;
use crate::domain::plan::{Benefit, LimitOn, LimitUnit, Network, Plan, year_start};
use crate::proto::v1 as pb;

/// What was asked about.
pub(super) struct Asked<'a> {
    pub plan: &'a Plan,
    pub coverage: &'a Coverage,
    pub member: &'a Member,
    pub day: Date,
    pub entries: &'a [AccumulatorEntry],
}

impl Asked<'_> {
    pub fn benefit(&self, benefit: &Benefit, network: Network) -> pb::BenefitAnswer {
        let share = benefit.share(network);
        let own_visits = self.plan.limits_on(benefit).find(|limit| {
            benefit.visits_per_year.is_some() && limit.unit == LimitUnit::Visits && *limit.name == benefit.name
        });
        let count = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
        let last_wait = benefit.waiting_days.map(|days| plus_days(self.coverage.period.from, days - 1));
        let paid = !share.no_cost_share;
        let has_copay = paid && !share.copay.is_zero();
        pb::BenefitAnswer {
            benefit: benefit.name.to_string(),
            network: network.to_string(),
            covered: benefit.exclusion.is_none(),
            copay_cents: if paid { share.copay.cents() } else { 0 },
            coinsurance: if paid { share.coinsurance.normalize().to_string() } else { "0".to_owned() },
            deductible_applies: paid && !share.deductible_waived,
            authorization_required: benefit.authorization_required,
            visits_per_year: benefit.visits_per_year.map_or(0, count),
            visits_used: own_visits.map_or(0, |limit| count(self.used(&limit))),
            copay_per: if has_copay { share.copay_per.as_str().to_owned() } else { String::new() },
            copay_days: share.copay_days.filter(|_| has_copay).map_or(0, count),
            deductible_first: has_copay && share.deductible_first,
            copay_waived_if_admitted: has_copay && share.copay_waived_if_admitted,
            coinsurance_maximum_cents: share.coinsurance_maximum.filter(|_| paid).map_or(0, Money::cents),
            separate_deductible: share.separate_deductible.map_or_else(String::new, |name| name.to_string()),
            waiting_through: last_wait.filter(|day| *day >= self.day).map_or_else(String::new, |day| day.to_string()),
            service_types: benefit.service_types.clone(),
            referral_required: self.plan.referral_benefits.iter().any(|gated| *gated == *benefit.name),
        }
    }

    pub fn year_begins(&self) -> (i8, i8) {
        self.coverage.year_begins.unwrap_or(self.plan.year_begins)
    }

    fn used(&self, limit: &LimitOn<'_>) -> i64 {
        let start = limit.period.start(self.year_begins(), self.day);
        used(self.plan, limit, start, &self.member.member_id, self.entries)
    }

    pub fn limit(&self, limit: &LimitOn<'_>) -> pb::LimitAnswer {
        let used = self.used(limit);
        pb::LimitAnswer {
            limit: limit.name.to_string(),
            benefits: limit.benefits.iter().map(ToString::to_string).collect(),
            unit: limit.unit.as_str().to_owned(),
            period: limit.period.as_str().to_owned(),
            amount: limit.amount,
            used,
            left: (limit.amount - used).max(0),
        }
    }

    pub fn accumulators(&self, network: Network) -> Vec<pb::AccumulatorAnswer> {
        let year_start = year_start(self.year_begins(), self.day);
        let scope = Scope { plan: self.plan, network, year_start, member_id: &self.member.member_id };
        let Some(standing) = standing(&scope, self.entries) else { return Vec::new() };
        let answer = |accumulator: &str, family: bool, progress: Progress| {
            let limit = progress.limit?;
            Some(pb::AccumulatorAnswer {
                accumulator: accumulator.to_owned(),
                network: network.to_string(),
                family,
                limit_cents: limit.cents(),
                met_cents: progress.met.cents(),
                left_cents: progress.left()?.cents(),
            })
        };
        let deductible = |name: &str, of: Deductible| {
            [answer(name, false, of.individual), answer(name, true, of.family)].into_iter().flatten()
        };
        let terms = self.plan.cost_share(network);
        let names = terms.into_iter().flat_map(|terms| &terms.separate_deductibles).map(|separate| separate.name);
        let own = names.filter_map(|name| Some((name, separate(&scope, name, self.entries)?)));
        let maxima = [
            answer("out_of_pocket", false, standing.individual_out_of_pocket),
            answer("out_of_pocket", true, standing.family_out_of_pocket),
        ];
        deductible("deductible", standing.deductible)
            .chain(own.flat_map(|(name, own)| deductible(&format!("deductible:{name}"), own).collect::<Vec<_>>()))
            .chain(maxima.into_iter().flatten())
            .collect()
    }
}
