//! Pricing: what a fee schedule of the payer allows for services.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::{Caller, Failure, Payer, State};
use crate::adjudication::PayerRevision;
use crate::adjudication::pricing::{Billed, FeeSchedule, quote};
use crate::domain::codes::Npi;
use crate::domain::plan::Network;
use crate::proto::v1 as pb;
use crate::wire;

/// The fee schedule of Medicare's own rates, which every payer has.
const MEDICARE: &str = "medicare";

/// Medicare's own rates from what comes with the program.
static EMBEDDED: LazyLock<FeeSchedule> = LazyLock::new(|| FeeSchedule::medicare(MEDICARE.to_owned()));

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
        let schedule = schedule(revision, request, asked.network)?;
        let provider = asked.provider.map(|npi| self.known_provider(&state, npi)).transpose()?;
        let of_provider = provider.as_ref().and_then(|provider| provider.locality.as_deref());
        let locality = match request.locality.as_str() {
            "" => of_provider.unwrap_or(&revision.default_locality),
            locality => locality,
        };
        let group = asked.provider.unwrap_or(Npi::NONE);
        let billed = |line| Billed { line, locality, group };
        let services: Vec<Billed<'_>> = asked.lines.iter().map(billed).collect();
        let prices: Vec<pb::ServicePrice> =
            quote(&schedule, &services, &[]).into_iter().map(wire::pricing::message).collect();
        Ok(pb::PriceServicesResponse {
            fee_schedule: schedule.id.clone(),
            locality: locality.to_owned(),
            fee_cents: prices.iter().map(|price| price.fee_cents).fold(0, i64::saturating_add),
            allowed_cents: prices.iter().map(|price| price.allowed_cents).fold(0, i64::saturating_add),
            releases: releases(&schedule, &services),
            prices,
            simulated: true,
        })
    }

    fn known_provider(
        &self,
        state: &State,
        npi: Npi,
    ) -> Result<std::sync::Arc<crate::domain::provider::Provider>, Failure> {
        let provider = self.provider(state, &state.in_force, npi, state.directory_version)?;
        provider.ok_or_else(|| Failure::field("provider_npi", format!("there is no provider {npi}")))
    }
}

/// The fee schedule asked for: the one named, the plan's, or Medicare's.
fn schedule<'a>(
    revision: &'a PayerRevision,
    request: &pb::PriceServicesRequest,
    network: Network,
) -> Result<Cow<'a, FeeSchedule>, Failure> {
    let named = |field: &str, id: &str| match revision.fee_schedule(id) {
        Some(schedule) => Ok(Cow::Borrowed(schedule)),
        None if id == MEDICARE => Ok(medicare(revision)),
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
    match plan.cost_share(network) {
        Some(share) => named("plan", &share.fee_schedule),
        None => Err(Failure::field("network", format!("plan {} pays in its networks only", plan.plan_id))),
    }
}

/// Medicare's own rates: from the releases of the payer's first schedule that is built on them, or those of the program.
fn medicare(revision: &PayerRevision) -> Cow<'_, FeeSchedule> {
    let own = revision.fee_schedules.iter().find_map(|schedule| schedule.whole_medicare(MEDICARE.to_owned()));
    own.map_or(Cow::Borrowed(&EMBEDDED), Cow::Owned)
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
