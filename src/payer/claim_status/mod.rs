//! Claim status: where claims stand, in the codes of a 277. The 277 is a print of the same answer.

mod open;
mod standing;

use std::collections::BTreeMap;

pub(super) use self::standing::status_code;
use super::claims::split_name;
use super::{Caller, Failure, Payer, State};
use crate::domain::dates::parse_iso;
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;
use crate::store::keys;

/// Most claims in one answer.
const MAX_CLAIMS: usize = 100;

impl Payer {
    /// Where the claims stand that fit what is asked.
    pub fn claim_status(
        &self,
        caller: &Caller,
        request: &pb::GetClaimStatusRequest,
    ) -> Result<pb::GetClaimStatusResponse, Failure> {
        for (field, text) in [
            ("birth_date", &request.birth_date),
            ("service_from", &request.service_from),
            ("service_through", &request.service_through),
        ] {
            if !text.is_empty() && parse_iso(text).is_none() {
                return Err(Failure::field(field, format!("{text:?} is no date: write YYYY-MM-DD")));
            }
        }
        let named = [&request.control_number, &request.patient_control_number, &request.member_id];
        if named.iter().all(|text| text.is_empty()) {
            let words = "is missing; name it, the patient control number or the member number";
            return Err(Failure::field("control_number", words));
        }
        let (parent, number) = match split_name(&request.control_number, "claims") {
            Some((parent, number)) => (parent, number),
            None => (request.parent.as_str(), request.control_number.as_str()),
        };
        let sandbox = self.sandbox(caller, parent)?;
        let members = self.members_asked(&sandbox.read(), &request.member_id)?;
        let mut claims: BTreeMap<String, pb::Claim> = BTreeMap::new();
        if !number.is_empty() {
            if let Some((lane, sequence)) = keys::parse_control_number(number) {
                let claim = self.claim_at(&sandbox.read(), lane, sequence)?;
                claims.extend(claim.map(|claim| (claim.name.clone(), claim)));
            }
        } else {
            let by_number = (!request.patient_control_number.is_empty()).then(|| pb::ClaimFilter {
                patient_control_number: request.patient_control_number.clone(),
                ..Default::default()
            });
            let by_member = |id: &String| pb::ClaimFilter { member_id: id.clone(), ..Default::default() };
            let filters = match by_number {
                Some(filter) => vec![filter],
                None => members.iter().map(by_member).collect(),
            };
            for filter in filters {
                let (found, _) = self.list_claims(caller, &sandbox.name(), &filter, None, usize::MAX)?;
                claims.extend(found.into_iter().map(|claim| (claim.name.clone(), claim)));
            }
        }
        let fits = |claim: &&pb::Claim| fits(claim, request, &members, number);
        let mut answers = Vec::new();
        for claim in claims.values().filter(fits).take(MAX_CLAIMS) {
            let state = sandbox.read();
            let carried = self.remittance_in(&state, &claim.remittance)?;
            answers.push(standing::answer(claim, carried.as_ref(), &self.open_of(&state, claim)?));
        }
        let stranger = !request.member_id.is_empty() && members.is_empty();
        let not_found = answers.is_empty().then(|| match stranger {
            true => status_code(["D0", "33", ""], format!("no member has the number {}", request.member_id)),
            false => status_code(["A4", "35", ""], String::new()),
        });
        Ok(pb::GetClaimStatusResponse { claims: answers, not_found, simulated: true })
    }

    /// The numbers under which the claims of a member's family may have been billed.
    fn members_asked(&self, state: &State, member_id: &str) -> Result<Vec<String>, Failure> {
        let version = state.directory_version;
        let Some(member) = self.member(state, &state.in_force, member_id, version)? else { return Ok(Vec::new()) };
        let family = self.family(state, &state.in_force, &member.subscriber_id, version)?;
        Ok(family.iter().map(|member| member.member_id.clone()).collect())
    }
}

/// Whether a claim is one of those that are asked for.
fn fits(claim: &pb::Claim, asked: &pb::GetClaimStatusRequest, members: &[String], number: &str) -> bool {
    let Some(billed) = &claim.billed else { return false };
    let name = billed.patient_name().cloned().unwrap_or_default();
    let (from, through) = billed.service_days();
    let asked_through = if asked.service_through.is_empty() { &asked.service_from } else { &asked.service_through };
    let in_time = asked.service_from.is_empty() || (from <= asked_through.as_str() && *asked.service_from <= *through);
    // What names the claim itself needs no further proof by its amount or kind.
    let exact = !number.is_empty();
    same(&asked.patient_control_number, billed.patient_control_number())
        && (asked.member_id.is_empty() || members.iter().any(|id| id == number_on_card(billed.member_id())))
        && same(&asked.last_name, &name.last)
        && same(&asked.first_name, &name.first)
        && same(&asked.birth_date, birth_date(billed))
        && (asked.provider_npi.is_empty() || treats(billed, &asked.provider_npi))
        && in_time
        && (exact || asked.charge_cents == 0 || asked.charge_cents == billed.charge_cents())
        && (exact || same(&asked.type_of_bill, billed.type_of_bill()))
}

/// The member's number without the markers that may stand behind it.
fn number_on_card(number: &str) -> &str {
    number.split_once('+').map_or(number, |(number, _)| number)
}

fn same(asked: &str, told: &str) -> bool {
    asked.is_empty() || told.is_empty() || asked.trim().eq_ignore_ascii_case(told.trim())
}

fn birth_date(billed: &Billed) -> &str {
    match billed.patient() {
        Some(patient) => &patient.birth_date,
        None => billed.subscriber().map_or("", |subscriber| &subscriber.birth_date),
    }
}

/// Whether the provider bills the claim or renders its services.
fn treats(billed: &Billed, npi: &str) -> bool {
    billed.billing_provider().is_some_and(|billing| billing.npi == npi)
        || billed.rendering_provider().is_some_and(|rendering| rendering.npi == npi)
}
