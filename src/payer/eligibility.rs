//! Eligibility: is a member covered on a day, and what would the member pay.

use super::{Caller, Failure, Payer, State, family};
use crate::adjudication::benefits::limits::used;
use crate::adjudication::benefits::{Deductible, Progress, Scope, separate, standing};
use crate::adjudication::coordination::order::{Insured, order};
use crate::adjudication::coverage::{Uncovered, coverage_on};
use crate::domain::codes::Npi;
use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::domain::determination::AccumulatorEntry;
use crate::domain::member::{Coverage, Member, OtherCoverage};
use crate::domain::money::Money;
use crate::domain::plan::{Benefit, LimitOn, LimitUnit, Network, Plan, year_start};
use crate::payer::family::{Family, Until};
use crate::proto::v1 as pb;
use crate::store::Read;

/// X12 service type code of the plan as a whole.
const PLAN_AS_A_WHOLE: &str = "30";

impl Payer {
    /// Answers an eligibility inquiry.
    pub fn check_eligibility(
        &self,
        caller: &Caller,
        request: &pb::CheckEligibilityRequest,
    ) -> Result<pb::CheckEligibilityResponse, Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let state = sandbox.read();
        if request.member_id.is_empty() {
            return Err(Failure::field("member_id", "is missing"));
        }
        let day = optional_date("service_date", &request.service_date)?.unwrap_or_else(|| self.today(&state));
        let birth = optional_date("birth_date", &request.birth_date)?;
        let version = state.directory_version;
        let Some(member) = self.member(&state, &state.in_force, &request.member_id, version)? else {
            return Ok(reject("75", format!("no member has the number {}", request.member_id)));
        };
        if birth.is_some() && member.person.birth.is_some() && birth != member.person.birth {
            return Ok(reject("71", "the birth date is not the member's".to_owned()));
        }
        if !request.last_name.is_empty() && !request.last_name.eq_ignore_ascii_case(&member.person.last) {
            return Ok(reject("73", "the family name is not the member's".to_owned()));
        }
        let family = self.family(&state, &state.in_force, &member.subscriber_id, version)?;
        let family: Vec<Member> = family.iter().map(|member| (**member).clone()).collect();
        let covered = coverage_on(&state.in_force.revision, &family, &member, day);
        let found = covered.ok().and_then(|c| Some((c, state.in_force.revision.plan(&c.plan_id)?)));
        let Some((coverage, plan)) = found else {
            let message = match covered {
                Err(Uncovered::TooOld(last)) => format!("the plan's age limit of children was reached on {last}"),
                Err(Uncovered::NoDependents) => "the plan covers nobody but the subscriber".to_owned(),
                Ok(_) | Err(Uncovered::NoPeriod) => format!("the member is not covered on {day}"),
            };
            return Ok(pb::CheckEligibilityResponse { message, simulated: true, ..Default::default() });
        };
        let mut entries = self.accumulators(&state, &member)?;
        entries.extend(family.iter().flat_map(|member| member.prior_credits.clone()));
        let asked = Asked { plan, coverage, member: &member, day, entries: &entries };
        let mut answer = pb::CheckEligibilityResponse {
            active: true,
            message: format!("covered on {day}"),
            plan_id: plan.plan_id.clone(),
            plan_name: plan.name.clone(),
            coverage_from: coverage.period.from.to_string(),
            coverage_through: coverage.period.through.map_or_else(String::new, |day| day.to_string()),
            provider_network: self.provider_network(&state, plan, request, day, version)?,
            simulated: true,
            ..Default::default()
        };
        let accident = crate::domain::claim::Accident::default();
        let insured = Insured { member: &member, family: &family, coverage, plan, accident, day };
        let is_first = |other: &&OtherCoverage| order(&insured, other).is_some_and(|order| order.other_first);
        let first = member.other_coverages.iter().find(is_first);
        answer.primary_payer = first.map_or_else(String::new, |other| other.payer_name.clone());
        let fits = |benefit: &&Benefit| answers_to(benefit, &request.service_type);
        for network in plan.networks_paid() {
            answer.benefits.extend(plan.benefits.iter().filter(fits).map(|benefit| asked.benefit(benefit, network)));
            answer.accumulators.extend(asked.accumulators(network));
        }
        for benefit in plan.benefits.iter().filter(fits) {
            for limit in plan.limits_on(benefit).map(|limit| asked.limit(&limit)) {
                if !answer.limits.contains(&limit) {
                    answer.limits.push(limit);
                }
            }
        }
        Ok(answer)
    }

    fn accumulators(&self, state: &State, member: &Member) -> Result<Vec<AccumulatorEntry>, Failure> {
        let (store, space) = (self.store.as_ref(), state.space());
        let lane = family::lane(state.seed(), &member.subscriber_id);
        let head = super::records::one(store, Read::Point(space.family_head(lane)))?.pop().map(|pair| pair.value);
        let family = Family::load(store, space, lane, head, Until::NOW)?;
        Ok(family.accumulators.to_vec())
    }

    fn provider_network(
        &self,
        state: &State,
        plan: &Plan,
        request: &pb::CheckEligibilityRequest,
        day: Date,
        version: u64,
    ) -> Result<String, Failure> {
        if request.provider_npi.is_empty() {
            return Ok(String::new());
        }
        let npi = Npi::parse(&request.provider_npi).ok_or_else(|| {
            Failure::field("provider_npi", format!("{:?} is no NPI: ten digits", request.provider_npi))
        })?;
        let provider = self.provider(state, &state.in_force, npi, version)?;
        let enrollment = provider.as_ref().and_then(|provider| provider.enrollment_on(day));
        let tier = enrollment.and_then(|enrollment| plan.tier_of(&enrollment.networks));
        Ok(tier.unwrap_or(Network::Out).to_string())
    }
}

/// What was asked about.
struct Asked<'a> {
    plan: &'a Plan,
    coverage: &'a Coverage,
    member: &'a Member,
    day: Date,
    entries: &'a [AccumulatorEntry],
}

impl Asked<'_> {
    fn benefit(&self, benefit: &Benefit, network: Network) -> pb::BenefitAnswer {
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
        }
    }

    fn year_begins(&self) -> (i8, i8) {
        self.coverage.year_begins.unwrap_or(self.plan.year_begins)
    }

    fn used(&self, limit: &LimitOn<'_>) -> i64 {
        let start = limit.period.start(self.year_begins(), self.day);
        used(self.plan, limit, start, &self.member.member_id, self.entries)
    }

    fn limit(&self, limit: &LimitOn<'_>) -> pb::LimitAnswer {
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

    fn accumulators(&self, network: Network) -> Vec<pb::AccumulatorAnswer> {
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

/// Whether a benefit answers to a service type: its code, its name, or the plan as a whole.
fn answers_to(benefit: &Benefit, service_type: &str) -> bool {
    matches!(service_type, "" | PLAN_AS_A_WHOLE)
        || *benefit.name == *service_type
        || benefit.service_types.iter().any(|code| code == service_type)
}

fn optional_date(field: &str, text: &str) -> Result<Option<Date>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    let bad = || Failure::field(field, format!("{text:?} is no date: write YYYY-MM-DD"));
    parse_iso(text).map(Some).ok_or_else(bad)
}

fn reject(reason: &str, message: String) -> pb::CheckEligibilityResponse {
    pb::CheckEligibilityResponse { message, reject_reason: reason.to_owned(), simulated: true, ..Default::default() }
}
