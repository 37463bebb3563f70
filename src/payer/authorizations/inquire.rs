//! How requests and authorizations stand: what is certified, used, left, and until when.

use rust_decimal::Decimal;

use super::{COLLECTION, KIND, grant};
use crate::domain::dates::{Date, parse_iso};
use crate::domain::determination::AuthorizationUse;
use crate::payer::family::Until;
use crate::payer::{Caller, Failure, Payer, State, records};
use crate::proto::v1 as pb;
use crate::proto::v1::{AuthorizationStatus, ReviewOutcome};
use crate::store::keys::{self, Lane};
use crate::store::{Key, Read, after, prefix};

/// Requests looked at in one read of a list.
const SLICE: usize = 200;

impl Payer {
    /// A request by its name, with what claims have used of it.
    pub fn authorization_request(&self, caller: &Caller, name: &str) -> Result<pb::AuthorizationRequest, Failure> {
        let (sandbox, (lane, number)) = self.authorization_place(caller, name)?;
        let state = sandbox.read();
        let found = self.authorization_at(&state, lane, number)?;
        let mut found = found.ok_or_else(|| Failure::Unknown(name.to_owned()))?;
        let uses = self.family_until(&state, lane, Until::NOW)?.authorization_uses;
        count(&mut found, &uses, self.today(&state));
        Ok(found)
    }

    /// A page of requests after a place, by id; and where the next page starts.
    pub fn authorization_requests(
        &self,
        caller: &Caller,
        request: &pb::ListAuthorizationRequestsRequest,
        from: Option<Key>,
        limit: usize,
    ) -> Result<(Vec<pb::AuthorizationRequest>, Option<Key>), Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let state = sandbox.read();
        let places = match request.member_id.as_str() {
            "" => state.space().matters(KIND),
            member => {
                let lane = self.lane_of(&state, member)?;
                [state.space().matters(KIND), lane.0.to_be_bytes().to_vec()].concat()
            }
        };
        let (first, to) = prefix(&places);
        let mut from = from.filter(|key| key.starts_with(&places)).map_or(first, |key| after(&key));
        let fits = |known: &pb::AuthorizationRequest| {
            (request.member_id.is_empty() || known.member_id == request.member_id)
                && (request.outcome() == ReviewOutcome::Unspecified || known.outcome() == request.outcome())
        };
        let mut found = Vec::new();
        loop {
            let read = Read::Range { from, to: to.clone(), reverse: false, limit: SLICE };
            let pairs = records::one(self.store.as_ref(), read)?;
            for pair in &pairs {
                let Some((lane, number)) = keys::claim_of(&pair.key) else { continue };
                found.extend(self.authorization_at(&state, lane, number)?.filter(&fits));
                if found.len() == limit {
                    return Ok((found, Some(pair.key.clone())));
                }
            }
            match pairs.last() {
                Some(last) if pairs.len() == SLICE => from = after(&last.key),
                _ => return Ok((found, None)),
            }
        }
    }

    /// How the authorizations of a member stand, or one by its number.
    pub fn inquire_authorizations(
        &self,
        caller: &Caller,
        request: &pb::InquireAuthorizationsRequest,
    ) -> Result<pb::InquireAuthorizationsResponse, Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let name = sandbox.name();
        let authorizations: Vec<pb::Authorization> = match (request.number.as_str(), request.member_id.as_str()) {
            ("", "") => return Err(Failure::field("member_id", "is missing: a member's number, or `number`")),
            ("", member) => {
                let of_member = |known: &pb::Authorization| known.member_id == member;
                self.directory_records(caller, &name, "", usize::MAX, of_member)?
            }
            (number, member) => {
                let found = self.record_in::<pb::Authorization>(&sandbox.read(), number)?;
                let found = found.filter(|known| member.is_empty() || known.member_id == member);
                vec![found.ok_or_else(|| Failure::Unknown(format!("{name}/authorizations/{number}")))?]
            }
        };
        let state = sandbox.read();
        let standing = authorizations.into_iter().map(|known| self.standing_of(&state, &name, known));
        Ok(pb::InquireAuthorizationsResponse { authorizations: standing.collect::<Result<_, _>>()? })
    }

    fn standing_of(
        &self,
        state: &State,
        sandbox: &str,
        known: pb::Authorization,
    ) -> Result<pb::AuthorizationStanding, Failure> {
        let lane = self.lane_of(state, &known.member_id)?;
        let uses = self.family_until(state, lane, Until::NOW)?.authorization_uses;
        let (used, left) = used_and_left(&known.number, &known.units, &uses);
        let request = grant::request_of(&known.number);
        let request = match request {
            Some((lane, number)) => self.authorization_at(state, lane, number)?,
            None => None,
        };
        Ok(pb::AuthorizationStanding {
            authorization: format!("{sandbox}/authorizations/{}", known.number),
            outcome: match known.status() {
                AuthorizationStatus::Denied => ReviewOutcome::NotCertified,
                AuthorizationStatus::Cancelled => ReviewOutcome::Cancelled,
                AuthorizationStatus::Given | AuthorizationStatus::Unspecified => ReviewOutcome::Certified,
            }
            .into(),
            expired: parse_iso(&known.through).is_some_and(|through| through < self.today(state)),
            member_id: known.member_id,
            procedures: known.procedures,
            referral: known.referral,
            from: known.from,
            through: known.through,
            certified_units: known.units,
            used_units: used,
            left_units: left,
            authorization_request: request.map(|request| request.name).unwrap_or_default(),
            number: known.number,
        })
    }

    /// Where a request for a line of which this is the number stands; for the doors that know numbers only.
    pub fn authorization_request_name(&self, sandbox: &str, number: &str) -> Option<String> {
        let (lane, request): (Lane, u64) = grant::request_of(number)?;
        Some(format!("{sandbox}/{COLLECTION}/{}", KIND.id(lane, request)))
    }
}

/// Adds what claims have used, and whether it has run out.
fn count(request: &mut pb::AuthorizationRequest, uses: &[AuthorizationUse], today: Date) {
    for decision in request.decisions.iter_mut().filter(|decision| super::is_certified(decision)) {
        let (used, left) = used_and_left(&decision.certification_number, &decision.certified_units, uses);
        (decision.used_units, decision.left_units) = (used, left);
        decision.expired = parse_iso(&decision.through).is_some_and(|through| through < today);
    }
}

/// Units used and left; nothing is left to say where there is no limit.
fn used_and_left(number: &str, units: &str, uses: &[AuthorizationUse]) -> (String, String) {
    let used: Decimal = uses.iter().filter(|used| used.number == number).map(|used| used.units).sum();
    let left = units.parse::<Decimal>().map_or_else(|_| String::new(), |units| (units - used).normalize().to_string());
    (used.normalize().to_string(), left)
}
