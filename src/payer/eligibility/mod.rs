//! Eligibility: is a member covered on a day, and what would the member pay. The 271 is a print of the same answer.

mod benefits;
mod person;

use self::benefits::Asked;
use super::{Caller, Failure, Payer, State, family};
use crate::adjudication::coordination::order::{Insured, order};
use crate::adjudication::coverage::{Uncovered, coverage_on};
use crate::domain::claim::Accident;
use crate::domain::codes::{Npi, ProcedureCode};
use crate::domain::dates::{Date, parse_iso, plus_days, plus_months};
use crate::domain::determination::AccumulatorEntry;
use crate::domain::member::Member;
use crate::domain::plan::{Benefit, Network, Plan, year_start};
use crate::payer::family::{Family, Until};
use crate::proto::v1 as pb;
use crate::store::Read;
use crate::x12::guide_270::SERVICE_TYPES;

/// X12 service type code of the plan as a whole.
const PLAN_AS_A_WHOLE: &str = "30";
/// Months before today for which is answered.
const MONTHS_BACK: i32 = 24;
/// Months after today, through the end of the last, for which is answered.
const MONTHS_AHEAD: i32 = 12;

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
        let today = self.today(&state);
        let day = optional_date("service_date", &request.service_date)?.unwrap_or(today);
        let birth = optional_date("birth_date", &request.birth_date)?;
        let version = state.directory_version;
        let Some(member) = self.member(&state, &state.in_force, &request.member_id, version)? else {
            return Ok(reject("75", format!("no member has the number {}", request.member_id)));
        };
        let family = self.family(&state, &state.in_force, &member.subscriber_id, version)?;
        let family: Vec<Member> = family.iter().map(|member| (**member).clone()).collect();
        let found = match request.dependent {
            true => person::dependent(&family, request, birth),
            false => person::is_member(&member, request, birth).map(|()| &*member),
        };
        let member = match found.and_then(|member| within_reach(member, day, today).map(|()| member)) {
            Ok(member) => member,
            Err((reason, message)) => return Ok(reject(reason, message)),
        };
        let types = match self.types_asked(&state, request, day)? {
            Ok(types) => types,
            Err((reason, message)) => return Ok(reject(reason, message)),
        };
        let covered = coverage_on(&state.in_force.revision, &family, member, day);
        let found = covered.ok().and_then(|c| Some((c, state.in_force.revision.plan(&c.plan_id)?)));
        let mut answer = pb::CheckEligibilityResponse {
            service_date: day.to_string(),
            procedure_code: request.procedure_code.clone(),
            patient: self.insured(&state, &member.member_id)?,
            subscriber: self.insured(&state, &member.subscriber_id)?,
            simulated: true,
            ..Default::default()
        };
        let Some((coverage, plan)) = found else {
            answer.message = match covered {
                Err(Uncovered::TooOld(last)) => format!("the plan's age limit of children was reached on {last}"),
                Err(Uncovered::NoDependents) => "the plan covers nobody but the subscriber".to_owned(),
                Ok(_) | Err(Uncovered::NoPeriod) => format!("the member is not covered on {day}"),
            };
            return Ok(answer);
        };
        let mut entries = self.accumulators(&state, member)?;
        entries.extend(family.iter().flat_map(|member| member.prior_credits.clone()));
        let asked = Asked { plan, coverage, member, day, entries: &entries };
        answer.active = true;
        answer.message = format!("covered on {day}");
        answer.plan_id.clone_from(&plan.plan_id);
        answer.plan_name.clone_from(&plan.name);
        answer.coverage_from = coverage.period.from.to_string();
        answer.coverage_through = last_day(coverage.period.through);
        answer.provider_network = self.provider_network(&state, plan, request, day, version)?;
        answer.coverage = Some(self.coverage_answer(&state, &asked)?);
        add_other_payers(
            &Insured { member, family: &family, coverage, plan, accident: Accident::default(), day },
            &mut answer,
        );
        add_benefits(&asked, &types, &mut answer);
        Ok(answer)
    }

    /// The service types that are asked about, a procedure as the benefit that it falls under.
    fn types_asked(
        &self,
        state: &State,
        request: &pb::CheckEligibilityRequest,
        day: Date,
    ) -> Result<Result<Vec<String>, Rejected>, Failure> {
        let named = [&request.service_type].into_iter().chain(&request.service_types);
        let mut types: Vec<String> = named.filter(|code| !code.is_empty()).cloned().collect();
        let code = &request.procedure_code;
        if !code.is_empty() {
            let procedures = &state.in_force.revision.procedures;
            let known = ProcedureCode::parse(code).and_then(|code| procedures.lookup(code, day));
            match known {
                Some(procedure) => types.push(procedure.benefit.to_string()),
                None => return Ok(Err(("55", format!("the payer's table has no procedure {code} on {day}")))),
            }
        }
        if types.is_empty() {
            types.push(PLAN_AS_A_WHOLE.to_owned());
        }
        Ok(Ok(types))
    }

    fn insured(&self, state: &State, member_id: &str) -> Result<Option<pb::InsuredAnswer>, Failure> {
        let member = self.member_message(state, member_id)?;
        Ok(member.map(|member| pb::InsuredAnswer {
            member_id: member.member_id,
            name: member.person_name,
            birth_date: member.birth_date,
            sex: member.sex,
            address: member.address,
            relationship_code: member.relationship_code,
        }))
    }

    fn coverage_answer(&self, state: &State, asked: &Asked<'_>) -> Result<pb::CoverageAnswer, Failure> {
        let (plan, coverage) = (asked.plan, asked.coverage);
        let from = year_start(asked.year_begins(), asked.day);
        let next = year_start(asked.year_begins(), plus_days(from, 366));
        let member = self.member_message(state, &asked.member.member_id)?.unwrap_or_default();
        let since = coverage.period.from.to_string();
        let told = member.coverages.iter().find(|told| told.plan_id == plan.plan_id && told.from == since);
        let npi = coverage.primary_care_npi.map_or_else(String::new, |npi| npi.to_string());
        let provider = if npi.is_empty() { None } else { self.provider_message(state, &npi)? };
        Ok(pb::CoverageAnswer {
            group_number: told.map_or_else(String::new, |told| told.group_number.clone()),
            claim_filing_indicator: plan.claim_filing_indicator.clone(),
            benefit_year_from: from.to_string(),
            benefit_year_through: plus_days(next, -1).to_string(),
            any_provider: plan.networks.is_empty() && plan.tiers.is_empty() && plan.out_of_network.is_none(),
            primary_care_npi: npi,
            primary_care_name: provider.and_then(|provider| provider.provider_name),
        })
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

/// X12 271 reject reason (AAA03), and why.
type Rejected = (&'static str, String);

/// Whether the day is one for which is answered.
fn within_reach(member: &Member, day: Date, today: Date) -> Result<(), Rejected> {
    let (first, last) = (plus_months(today, -MONTHS_BACK), plus_months(today, MONTHS_AHEAD).last_of_month());
    match member.person.birth {
        Some(birth) if birth > day => Err(("60", format!("the member was born on {birth}, after {day}"))),
        _ if day > last => Err(("63", format!("{day} lies in the future; ask for a day through {last}"))),
        _ if day < first => Err(("62", format!("{day} lies too far back; ask for a day since {first}"))),
        _ => Ok(()),
    }
}

fn add_other_payers(insured: &Insured<'_>, answer: &mut pb::CheckEligibilityResponse) {
    let of_the_day = insured.member.other_coverages.iter().filter(|other| other.period.contains(insured.day));
    answer.other_payers = of_the_day
        .map(|other| pb::OtherPayerAnswer {
            payer_id: other.payer_id.clone(),
            payer_name: other.payer_name.clone(),
            first: order(insured, other).is_some_and(|order| order.other_first),
            from: other.period.from.to_string(),
            through: last_day(other.period.through),
        })
        .collect();
    let first = answer.other_payers.iter().find(|other| other.first);
    answer.primary_payer = first.map_or_else(String::new, |other| other.payer_name.clone());
}

fn add_benefits(asked: &Asked<'_>, types: &[String], answer: &mut pb::CheckEligibilityResponse) {
    let plan = asked.plan;
    let named = |code: &str| plan.benefits.iter().filter(|benefit| answers_to(benefit, code)).collect::<Vec<_>>();
    let untold = |code: &str| named(code).is_empty() && SERVICE_TYPES.split(' ').any(|known| known == code);
    let everything = types.iter().any(|code| untold(code));
    let fits = |benefit: &&Benefit| everything || types.iter().any(|code| answers_to(benefit, code));
    answer.service_types = types
        .iter()
        .map(|code| pb::ServiceTypeAnswer {
            service_type: code.clone(),
            benefits: named(code).iter().map(|benefit| benefit.name.to_string()).collect(),
        })
        .collect();
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
}

/// Whether a benefit answers to a service type: its code, its name, or the plan as a whole.
fn answers_to(benefit: &Benefit, service_type: &str) -> bool {
    service_type == PLAN_AS_A_WHOLE
        || *benefit.name == *service_type
        || benefit.service_types.iter().any(|code| code == service_type)
}

fn last_day(day: Option<Date>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

fn optional_date(field: &str, text: &str) -> Result<Option<Date>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    let bad = || Failure::field(field, format!("{text:?} is no date: write YYYY-MM-DD"));
    parse_iso(text).map(Some).ok_or_else(bad)
}

fn reject(reason: &str, message: String) -> pb::CheckEligibilityResponse {
    // A day in the future may be asked about later; one too far back never again.
    let follow_up = match reason {
        "62" => "N",
        "63" => "R",
        _ => "C",
    };
    pb::CheckEligibilityResponse {
        message,
        reject_reason: reason.to_owned(),
        follow_up: follow_up.to_owned(),
        simulated: true,
        ..Default::default()
    }
}
