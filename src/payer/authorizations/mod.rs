//! Requests for authorization and referral: asked, decided by the payer's rules, by a reviewer or by the clock. What is certified or
//! denied becomes an authorization of the directory in the same commit, so that the next claim sees it.

mod decide;
mod grant;
mod inquire;

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::entry::{Entry, attempts};
use super::{Caller, Failure, Payer, Sandbox, State, family, records};
use crate::adjudication::authorization_request::{Decision, RequestFile, authorize};
use crate::domain::authorization_request::AuthorizationRequest;
use crate::proto::store::v1::RequestRecord;
use crate::proto::v1 as pb;
use crate::proto::v1::ReviewOutcome;
use crate::store::keys::{Lane, MAX_ID_BYTES, Matter, Waits};
use crate::wire::authorization_requests as wire;

/// Where requests stand among the resources.
pub(super) const COLLECTION: &str = "authorizationRequests";
/// Kind of matter.
const KIND: Matter = Matter::AuthorizationRequest;

impl Payer {
    /// Asks for authorization. The answer is the decision, or why the request was turned away.
    pub fn create_authorization_request(
        &self,
        caller: &Caller,
        request: &pb::CreateAuthorizationRequestRequest,
    ) -> Result<pb::AuthorizationRequest, Failure> {
        let request_id = &request.request_id;
        if request_id.len() > MAX_ID_BYTES {
            return Err(Failure::field("request_id", format!("at most {MAX_ID_BYTES} characters")));
        }
        let Some(message) = &request.authorization_request else {
            return Err(Failure::field("authorization_request", "is missing: what is asked for"));
        };
        let asked = wire::request(message).map_err(|found| Failure::within("authorization_request", found))?;
        let hash = Bytes::copy_from_slice(&Sha256::digest(message.encode_to_vec()));
        let sandbox = self.sandbox(caller, &request.parent)?;
        if let Some(answered) = self.asked_before(&sandbox, request_id, &hash)? {
            return Ok(answered);
        }
        let lane = |state: &State| self.lane_of(state, &asked.member_id);
        let made = self.change_authorizations(caller, &sandbox, lane, |entry| {
            let decision = self.authorize(entry.state, &asked)?;
            let mut made = self.as_asked(entry.state, message, request_id);
            let turned_away = !decision.rejections.is_empty();
            let number = if turned_away { 0 } else { entry.draft().next(KIND) };
            let lines = made.services.len();
            let id = KIND.id(entry.lane, number);
            wire::decided(&mut made, &decision, |at| certification_number(&id, lines, at));
            if turned_away {
                return Ok((made, Vec::new()));
            }
            made.name = format!("{}/{COLLECTION}/{id}", sandbox.name());
            decide::settle(&mut made, &entry.state.in_force.revision);
            let bytes = records::encode(&made);
            let mut draft = entry.draft();
            draft.put(KIND, number, &made);
            draft.log("request-authorization", &made.name, &bytes);
            if let Some(deadline) = &decision.deadline {
                draft.wake(&deadline.missed_on.to_string(), Waits::Matter(KIND, draft.lane, number));
            }
            if !request_id.is_empty() {
                let key = draft.space().authorization_request_id(request_id);
                let record = RequestRecord { lane: entry.lane.0, sequence: number, request_hash: hash.clone() };
                entry.expect(key.clone(), None);
                entry.write(key, Some(records::encode(&record)));
            }
            let granted = grant::all(&made);
            Ok((made, granted))
        })?;
        self.reopened_after(caller, &sandbox, made)
    }

    /// What the same request was answered before.
    fn asked_before(
        &self,
        sandbox: &Sandbox,
        request_id: &str,
        hash: &Bytes,
    ) -> Result<Option<pb::AuthorizationRequest>, Failure> {
        if request_id.is_empty() {
            return Ok(None);
        }
        let state = sandbox.read();
        let key = state.space().authorization_request_id(request_id);
        let Some(known) = records::get::<RequestRecord>(self.store.as_ref(), key)? else { return Ok(None) };
        let lane = Lane(known.lane);
        if known.request_hash != *hash {
            let claim = format!("{}/{COLLECTION}/{}", sandbox.name(), KIND.id(lane, known.sequence));
            return Err(Failure::RequestIdReused { request_id: request_id.to_owned(), claim });
        }
        self.authorization_at(&state, lane, known.sequence)
    }

    /// The message with what was asked, and nothing that is answered.
    fn as_asked(
        &self,
        state: &State,
        message: &pb::AuthorizationRequest,
        request_id: &str,
    ) -> pb::AuthorizationRequest {
        pb::AuthorizationRequest {
            name: String::new(),
            request_id: request_id.to_owned(),
            received_time: self.now(state).to_string(),
            simulated: true,
            decisions: Vec::new(),
            outcome: 0,
            decide_by: String::new(),
            late_consequence: String::new(),
            rejections: Vec::new(),
            appeal_rights: None,
            retrospective: false,
            claims_words: String::new(),
            reopened_claims: Vec::new(),
            plan_id: String::new(),
            steps: Vec::new(),
            ..message.clone()
        }
    }

    /// Decides a request on the records of now.
    fn authorize(&self, state: &State, request: &AuthorizationRequest) -> Result<Decision, Failure> {
        let (in_force, version) = (&state.in_force, state.directory_version);
        let member = self.member(state, in_force, &request.member_id, version)?;
        let mut providers = Vec::new();
        for npi in [request.requesting_npi, request.rendering_npi] {
            providers.extend(self.provider(state, in_force, npi, version)?.map(|known| (*known).clone()));
        }
        let authorizations = self.authorizations(state, in_force, &request.member_id, version)?;
        let file = RequestFile {
            request: request.clone(),
            received: self.now(state),
            member: member.map(|member| (*member).clone()),
            providers,
            authorizations: authorizations.iter().map(|known| (**known).clone()).collect(),
            payer: std::sync::Arc::clone(&in_force.revision),
        };
        Ok(authorize(&file))
    }

    /// The lane of a member's family.
    fn lane_of(&self, state: &State, member_id: &str) -> Result<Lane, Failure> {
        let subscriber = self.subscriber_of(state, &state.in_force, member_id, state.directory_version)?;
        Ok(family::lane(state.seed(), &subscriber))
    }

    /// Makes an entry that may also give, deny or take back authorizations: all in one commit. The sandbox stands still meanwhile, so that
    /// a decision sees the directory before or after it.
    pub(super) fn change_authorizations<T>(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        lane: impl Fn(&State) -> Result<Lane, Failure>,
        mut work: impl FnMut(&mut Entry<'_>) -> Result<(T, Vec<pb::Authorization>), Failure>,
    ) -> Result<T, Failure> {
        attempts(|| {
            let mut state = sandbox.write();
            if state.gone {
                return Err(Failure::UnknownSandbox(sandbox.id.clone()));
            }
            let lane = lane(&state)?;
            let mut entry = Entry::open(self, caller, sandbox, &state, lane)?;
            let (answer, granted) = work(&mut entry)?;
            let version = grant::write(&mut entry, &granted)?;
            entry.commit()?;
            state.directory_version = version;
            Ok(answer)
        })
    }

    /// A request as it is stored.
    pub(super) fn authorization_at(
        &self,
        state: &State,
        lane: Lane,
        number: u64,
    ) -> Result<Option<pb::AuthorizationRequest>, Failure> {
        records::get(self.store.as_ref(), state.space().matter(KIND, lane, number))
    }

    /// Where the payer's rules say so, reopens what was denied for want of what is certified now.
    fn reopened_after(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        made: pb::AuthorizationRequest,
    ) -> Result<pb::AuthorizationRequest, Failure> {
        if !made.retrospective {
            return Ok(made);
        }
        self.reopened_for(caller, sandbox, made)
    }

    /// The same, where the service may have been billed before the request was certified at last.
    pub(super) fn reopened_for(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        made: pb::AuthorizationRequest,
    ) -> Result<pb::AuthorizationRequest, Failure> {
        let certified = made.decisions.iter().any(is_certified);
        if !certified || !sandbox.read().in_force.revision.authorization_rules.reopens_claims {
            return Ok(made);
        }
        let request = pb::ReopenClaimsRequest {
            parent: sandbox.name(),
            member_id: made.member_id.clone(),
            reason: "authorization was granted afterwards".to_owned(),
            ..Default::default()
        };
        let reopened = self.reopen_claims(caller, &request)?;
        let claims: Vec<String> =
            reopened.claims.into_iter().filter(|claim| claim.reopened).map(|claim| claim.claim).collect();
        if claims.is_empty() {
            return Ok(made);
        }
        self.change_request(caller, sandbox, &made.name, "reopen-claims", |known| {
            known.reopened_claims.clone_from(&claims);
            Ok(())
        })
    }
}

/// The number that claims name for a line: the request's id, with the line where there are several.
fn certification_number(id: &str, lines: usize, at: usize) -> String {
    if lines == 1 { id.to_owned() } else { format!("{id}-{}", at + 1) }
}

/// Whether claims may use it.
pub(super) fn is_certified(decision: &pb::ServiceDecision) -> bool {
    matches!(decision.outcome(), ReviewOutcome::Certified | ReviewOutcome::Modified)
}
