//! Pricing: what a fee schedule of the payer allows for services.

use std::sync::Arc;

use super::{Caller, Failure, Payer, State};
use crate::adjudication::PayerRevision;
use crate::adjudication::pricing::facility::quote_outpatient;
use crate::adjudication::pricing::{Billed, FeeSchedule, Performer, quote};
use crate::domain::codes::Npi;
use crate::domain::provider::Provider;
use crate::proto::v1 as pb;
use crate::wire;

/// The fee schedule of Medicare's own rates, which every payer has.
const MEDICARE: &str = "medicare";

impl Payer {
    /// Prices services together, as a claim with them would be priced.
    pub fn price_services(
        &self,
        caller: &Caller,
        request: &pb::PriceServicesRequest,
    ) -> Result<pb::PriceServicesResponse, Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let state = sandbox.read();
        let asked = wire::pricing::parse(request, self.today(&state));
        let asked = asked.map_err(|violations| Failure::Violations { violations })?;
        let revision = &state.in_force.revision;
        let schedule = schedule(revision, request, &asked)?;
        let provider = asked.provider.map(|npi| self.known_provider(&state, npi)).transpose()?;
        let of_provider = provider.as_ref().and_then(|provider| provider.locality.as_deref());
        let locality = asked.locality.as_deref().or(of_provider).unwrap_or(&revision.default_locality);
        let group = asked.provider.unwrap_or(Npi::NONE);
        let performer = performer(request, provider.as_deref());
        let billed = |line| Billed { line, locality, group, performer };
        let services: Vec<Billed<'_>> = asked.lines.iter().map(billed).collect();
        let of_facility = quote_outpatient(revision, schedule, &services, provider.as_deref());
        let quotes = of_facility.unwrap_or_else(|| quote(schedule, &services, &[])).into_iter().zip(&asked.lines);
        let prices: Vec<pb::ServicePrice> =
            quotes.map(|(quote, line)| wire::pricing::message(&schedule.id, line, quote)).collect();
        Ok(pb::PriceServicesResponse {
            fee_schedule: schedule.id.clone(),
            locality: wire::pricing::locality_text(locality).to_owned(),
            fee_cents: prices.iter().map(|price| price.fee_cents).fold(0, i64::saturating_add),
            allowed_cents: prices.iter().map(|price| price.allowed_cents).fold(0, i64::saturating_add),
            releases: releases(schedule, &services),
            prices,
            simulated: true,
        })
    }

    fn known_provider(&self, state: &State, npi: Npi) -> Result<Arc<Provider>, Failure> {
        let provider = self.provider(state, &state.in_force, npi, state.directory_version)?;
        provider.ok_or_else(|| Failure::field("provider_npi", format!("there is no provider {npi}")))
    }
}

/// The fee schedule asked for: the one named, the plan's, or Medicare's.
fn schedule<'a>(
    revision: &'a PayerRevision,
    request: &pb::PriceServicesRequest,
    asked: &wire::pricing::Asked,
) -> Result<&'a FeeSchedule, Failure> {
    let named = |field: &str, id: &str| match revision.fee_schedule(id) {
        Some(schedule) => Ok(schedule),
        None if id == MEDICARE => Ok(&revision.own_rates),
        None => Err(Failure::field(field, format!("there is no fee schedule {id:?}; there is {}", ids(revision)))),
    };
    if !request.fee_schedule.is_empty() {
        return named("fee_schedule", &request.fee_schedule);
    }
    if request.plan.is_empty() {
        return named("fee_schedule", MEDICARE);
    }
    let Some(plan) = revision.plan(&request.plan) else {
        return Err(Failure::field("plan", format!("there is no plan {:?}", request.plan)));
    };
    match (plan.cost_share(asked.network), asked.bill) {
        (Some(share), Some(bill)) => named("plan", plan.facility_schedule(bill, asked.network, share)),
        (Some(share), None) => named("plan", &share.fee_schedule),
        (None, _) => Err(Failure::field("network", format!("plan {} pays in its networks only", plan.plan_id))),
    }
}

/// Who performs the services: as the provider's record says, or as the request says instead.
fn performer<'a>(request: &'a pb::PriceServicesRequest, provider: Option<&'a Provider>) -> Performer<'a> {
    let mut performer = provider.map(Performer::of).unwrap_or_default();
    match request.participation() {
        pb::Participation::Unspecified => {}
        participation => performer.non_participating = participation == pb::Participation::NonParticipating,
    }
    if !request.taxonomy_code.is_empty() {
        performer.taxonomy = &request.taxonomy_code;
    }
    performer
}

fn ids(revision: &PayerRevision) -> String {
    let own = revision.fee_schedules.iter().map(|schedule| schedule.id.as_str());
    own.filter(|id| *id != MEDICARE).chain([MEDICARE]).collect::<Vec<_>>().join(", ")
}

/// The releases in force for the days of the services, each once.
fn releases(schedule: &FeeSchedule, services: &[Billed<'_>]) -> Vec<String> {
    let mut releases: Vec<String> = Vec::new();
    for release in services.iter().flat_map(|service| schedule.releases(service.line.from)) {
        if !releases.contains(&release) {
            releases.push(release);
        }
    }
    releases
}
