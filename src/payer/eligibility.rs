//! Eligibility: is a member covered on a day, and what would the member pay.

use super::{Caller, Failure, Payer, State, family};
use crate::adjudication::benefits::standing::{Progress, standing, used};
use crate::domain::codes::Npi;
use crate::domain::dates::{Date, parse_iso};
use crate::domain::determination::{Accumulator, AccumulatorEntry};
use crate::domain::member::Member;
use crate::domain::plan::{Benefit, Network, Plan};
use crate::payer::family::Family;
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
        let Some((coverage, plan)) =
            member.coverage_on(day).and_then(|c| Some((c, state.in_force.revision.plan(&c.plan_id)?)))
        else {
            let message = format!("the member is not covered on {day}");
            return Ok(pb::CheckEligibilityResponse { message, simulated: true, ..Default::default() });
        };
        let entries = self.accumulators(&state, &member)?;
        let asked = Asked { plan, member: &member, day, entries: &entries };
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
        let first = member.other_coverages.iter().find(|other| other.primary && other.period.contains(day));
        answer.primary_payer = first.map_or_else(String::new, |other| other.payer_name.clone());
        for network in [Network::In, Network::Out] {
            if plan.cost_share(network).is_some() {
                let fits = |benefit: &&Benefit| answers_to(benefit, &request.service_type);
                answer
                    .benefits
                    .extend(plan.benefits.iter().filter(fits).map(|benefit| asked.benefit(benefit, network)));
                answer.accumulators.extend(asked.accumulators(network));
            }
        }
        Ok(answer)
    }

    fn accumulators(&self, state: &State, member: &Member) -> Result<Vec<AccumulatorEntry>, Failure> {
        let (store, space) = (self.store.as_ref(), state.space());
        let lane = family::lane(state.seed(), &member.subscriber_id);
        let head = super::records::one(store, Read::Point(space.family_head(lane)))?.pop().map(|pair| pair.value);
        let family = Family::load(store, space, lane, head, None)?;
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
        let belongs = provider.as_ref().and_then(|provider| provider.enrollment_on(day)).is_some_and(|enrollment| {
            plan.networks.is_empty() || enrollment.networks.iter().any(|name| plan.networks.contains(name))
        });
        Ok(if belongs { Network::In } else { Network::Out }.as_str().to_owned())
    }
}

/// What was asked about.
struct Asked<'a> {
    plan: &'a Plan,
    member: &'a Member,
    day: Date,
    entries: &'a [AccumulatorEntry],
}

impl Asked<'_> {
    fn benefit(&self, benefit: &Benefit, network: Network) -> pb::BenefitAnswer {
        let share = benefit.share(network);
        let year = self.plan.year_start(self.day);
        let visits = Accumulator::Visits(benefit.name.clone());
        let visits_used = used(&visits, year, &self.member.member_id, self.entries);
        let count = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
        pb::BenefitAnswer {
            benefit: benefit.name.to_string(),
            network: network.as_str().to_owned(),
            covered: benefit.exclusion.is_none(),
            copay_cents: if share.no_cost_share { 0 } else { share.copay.cents() },
            coinsurance: if share.no_cost_share { "0".to_owned() } else { share.coinsurance.normalize().to_string() },
            deductible_applies: !share.no_cost_share && !share.deductible_waived,
            authorization_required: benefit.authorization_required,
            visits_per_year: benefit.visits_per_year.map_or(0, count),
            visits_used: count(visits_used),
        }
    }

    fn accumulators(&self, network: Network) -> Vec<pb::AccumulatorAnswer> {
        let year = self.plan.year_start(self.day);
        let Some(standing) = standing(self.plan, network, year, &self.member.member_id, self.entries) else {
            return Vec::new();
        };
        let answer = |accumulator: &str, family: bool, progress: Progress| {
            let limit = progress.limit?;
            Some(pb::AccumulatorAnswer {
                accumulator: accumulator.to_owned(),
                network: network.as_str().to_owned(),
                family,
                limit_cents: limit.cents(),
                met_cents: progress.met.cents(),
                left_cents: progress.left()?.cents(),
            })
        };
        [
            answer("deductible", false, standing.individual_deductible),
            answer("deductible", true, standing.family_deductible),
            answer("out_of_pocket", false, standing.individual_out_of_pocket),
            answer("out_of_pocket", true, standing.family_out_of_pocket),
        ]
        .into_iter()
        .flatten()
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
