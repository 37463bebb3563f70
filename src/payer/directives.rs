//! Directives on record: made, changed, put in order, taken away. A change holds the sandbox alone, so that a decision sees the directives
//! before or after it, never in between; each appends an event.

use std::sync::Arc;

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::chain::{End, Happened};
use super::claims::split_name;
use super::instruct::Directives;
use super::{Caller, Failure, Payer, Sandbox, records};
use crate::proto::store::v1::{DirectiveRequest, DirectivesRecord};
use crate::proto::v1 as pb;
use crate::store::keys::{Chain, MAX_ID_BYTES};
use crate::store::{Commit, Read};
use crate::wire;

/// Most directives of a sandbox: each claim is held against each.
const MOST: usize = 1_000;
const MAX_ID: usize = 63;
const COLLECTION: &str = "directives";

impl Payer {
    /// Adds a directive behind those that are there.
    pub fn create_directive(
        &self,
        caller: &Caller,
        request: pb::CreateDirectiveRequest,
    ) -> Result<pb::Directive, Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let id = &request.request_id;
        if id.len() > MAX_ID_BYTES || id.chars().any(char::is_control) {
            return Err(Failure::field("request_id", format!("at most {MAX_ID_BYTES} visible characters")));
        }
        let hash = Bytes::from(Sha256::digest(request.encode_to_vec()).to_vec());
        if let Some(before) = self.directive_made(&sandbox, id)? {
            let made = before.directive.unwrap_or_default();
            let reused = || Failure::RequestIdReused { request_id: id.clone(), claim: made.name.clone() };
            return if before.request_hash == hash { Ok(made) } else { Err(reused()) };
        }
        let mut directive = request.directive.ok_or_else(|| Failure::field("directive", "is missing"))?;
        wire::directives::directive(&directive).map_err(|faults| Failure::within("directive", faults))?;
        let directive_id = request.directive_id;
        let mut made = pb::Directive::default();
        self.change_directives(caller, &sandbox, ("create-directive", id), |record| {
            if record.directives.len() >= MOST {
                let words = format!("a sandbox has at most {MOST} directives: take some away first");
                return Err(Failure::field("parent", words));
            }
            record.last_number += 1;
            let generated = || format!("directive-{}", record.last_number);
            let id = if directive_id.is_empty() { generated() } else { check_id(&directive_id)?.to_owned() };
            directive.name = format!("{}/{COLLECTION}/{id}", sandbox.name());
            directive.number = record.last_number;
            if record.directives.iter().any(|known| known.name == directive.name) {
                return Err(Failure::NameTaken(directive.name.clone()));
            }
            made.clone_from(&directive);
            record.directives.push(directive);
            Ok(Some(DirectiveRequest { request_hash: hash, directive: Some(made.clone()) }))
        })?;
        Ok(made)
    }

    fn directive_made(&self, sandbox: &Sandbox, request_id: &str) -> Result<Option<DirectiveRequest>, Failure> {
        if request_id.is_empty() {
            return Ok(None);
        }
        let key = sandbox.read().space().directive_request(request_id);
        records::get(self.store.as_ref(), key)
    }

    /// Puts another in the place of a directive.
    pub fn update_directive(
        &self,
        caller: &Caller,
        directive: Option<pb::Directive>,
    ) -> Result<pb::Directive, Failure> {
        let mut directive = directive.ok_or_else(|| Failure::field("directive", "is missing"))?;
        let sandbox = self.sandbox_of_directive(caller, &directive.name)?;
        wire::directives::directive(&directive).map_err(|faults| Failure::within("directive", faults))?;
        self.change_directives(caller, &sandbox, ("update-directive", ""), |record| {
            record.last_number += 1;
            directive.number = record.last_number;
            let place = record.directives.iter_mut().find(|known| known.name == directive.name);
            place.ok_or_else(|| Failure::Unknown(directive.name.clone()))?.clone_from(&directive);
            Ok(None)
        })?;
        Ok(directive)
    }

    /// Takes a directive away.
    pub fn delete_directive(&self, caller: &Caller, name: &str) -> Result<(), Failure> {
        let sandbox = self.sandbox_of_directive(caller, name)?;
        self.change_directives(caller, &sandbox, ("delete-directive", ""), |record| {
            let before = record.directives.len();
            record.directives.retain(|known| known.name != name);
            if record.directives.len() == before { Err(Failure::Unknown(name.to_owned())) } else { Ok(None) }
        })
    }

    /// Takes all directives away, and says how many there were.
    pub fn clear_directives(&self, caller: &Caller, parent: &str) -> Result<usize, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let mut cleared = 0;
        self.change_directives(caller, &sandbox, ("clear-directives", ""), |record| {
            cleared = record.directives.len();
            record.directives.clear();
            Ok(None)
        })?;
        Ok(cleared)
    }

    /// Puts the directives into another order.
    pub fn reorder_directives(
        &self,
        caller: &Caller,
        parent: &str,
        names: &[String],
    ) -> Result<Vec<pb::Directive>, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let prefix = format!("{}/{COLLECTION}/", sandbox.name());
        self.change_directives(caller, &sandbox, ("reorder-directives", ""), |record| {
            let mut left = std::mem::take(&mut record.directives);
            for (at, name) in names.iter().enumerate() {
                let id = name.strip_prefix(&prefix).unwrap_or(name);
                let found = left.iter().position(|known| known.name.strip_prefix(&prefix) == Some(id));
                let place = found.ok_or_else(|| {
                    Failure::field(
                        format!("names[{at}]"),
                        format!("there is no directive {name:?}, or it stands twice"),
                    )
                })?;
                record.directives.push(left.remove(place));
            }
            if let Some(missing) = left.first() {
                return Err(Failure::field("names", format!("{} is missing: name every directive", missing.name)));
            }
            Ok(None)
        })?;
        self.directives(caller, parent)
    }

    /// The directives of a sandbox, in order.
    pub fn directives(&self, caller: &Caller, parent: &str) -> Result<Vec<pb::Directive>, Failure> {
        Ok(self.sandbox(caller, parent)?.read().directives.record.directives.clone())
    }

    /// A directive by its name.
    pub fn directive(&self, caller: &Caller, name: &str) -> Result<pb::Directive, Failure> {
        let sandbox = self.sandbox_of_directive(caller, name)?;
        let state = sandbox.read();
        let found = state.directives.record.directives.iter().find(|directive| directive.name == name);
        found.cloned().ok_or_else(|| Failure::Unknown(name.to_owned()))
    }

    fn sandbox_of_directive(&self, caller: &Caller, name: &str) -> Result<Arc<Sandbox>, Failure> {
        let (parent, _) = split_name(name, COLLECTION).ok_or_else(|| Failure::Unknown(name.to_owned()))?;
        self.sandbox(caller, parent)
    }

    /// Changes the directives; `cause` is the event's, with the request's id where it is kept.
    fn change_directives(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        (cause, request_id): (&str, &str),
        change: impl FnOnce(&mut DirectivesRecord) -> Result<Option<DirectiveRequest>, Failure>,
    ) -> Result<(), Failure> {
        let mut state = sandbox.write();
        let space = state.space();
        let mut record = state.directives.record.clone();
        let request = change(&mut record)?;
        let before = records::one(self.store.as_ref(), Read::Point(space.directives()))?.pop().map(|pair| pair.value);
        let content: Vec<u8> = record.directives.iter().flat_map(Message::encode_to_vec).collect();
        let (mut writes, mut appends) = (Vec::new(), Vec::new());
        let end = End { events: record.events, last_event_hash: record.last_event_hash };
        let happened = Happened { cause, subject: &sandbox.name(), caller: &caller.subject, content: &content };
        let end = self.append(&state, &Chain::Directives, &end, &happened, (&mut writes, &mut appends));
        (record.events, record.last_event_hash) = (end.events, end.last_event_hash);
        let mut expected = vec![state.expected(&sandbox.id), (space.directives(), before)];
        writes.push((space.directives(), Some(records::encode(&record))));
        if let (Some(request), false) = (request, request_id.is_empty()) {
            let key = space.directive_request(request_id);
            expected.push((key.clone(), None));
            writes.push((key, Some(records::encode(&request))));
        }
        let directives = Arc::new(Directives::read(record)?);
        self.commit_one(Commit { expected, writes, appends })?;
        state.directives = directives;
        Ok(())
    }
}

fn check_id(id: &str) -> Result<&str, Failure> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if id.len() > MAX_ID || !id.bytes().all(fits) {
        let words = format!("{id:?}: lower-case letters, digits and hyphens, at most {MAX_ID}");
        return Err(Failure::field("directive_id", words));
    }
    Ok(id)
}
