//! Appeals on record: written, read, listed.

use bytes::Bytes;

use super::super::claims::split_name;
use super::super::entry::{Draft, Entry};
use super::super::{Caller, Failure, Payer, State, records};
use crate::proto::store::v1::{AppealRecord, RequestRecord};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Lane, Matter, Waits};
use crate::store::{Key, Read, after, prefix};

/// The collection that appeals are named in.
pub(super) const COLLECTION: &str = "appeals";
/// Appeals looked at in one read of a list.
const SLICE: usize = 200;

/// What an appeal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// A claim, by its sequence in the family.
    Claim(u64),
    /// A request for authorization, by its number in the family.
    Authorization(u64),
}

/// An appeal with its place.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub lane: Lane,
    pub number: u64,
    pub record: AppealRecord,
    /// Authorizations that its decision gives, to be written with it.
    pub granted: Vec<pb::Authorization>,
}

impl Held {
    /// What it is about.
    pub fn about(&self) -> About {
        about(&self.record)
    }

    /// As the API shows it.
    pub fn appeal(&self) -> pb::Appeal {
        self.record.appeal.clone().unwrap_or_default()
    }

    /// The same, to be changed.
    pub fn appeal_mut(&mut self) -> &mut pb::Appeal {
        self.record.appeal.get_or_insert_default()
    }

    /// Has it come back on a day, and on no other; empty: on none.
    pub fn wake_on(&mut self, draft: &mut Draft<'_>, day: &str) {
        let waits = Waits::Matter(Matter::Appeal, self.lane, self.number);
        if self.record.wakes_on == day {
            return;
        }
        if !self.record.wakes_on.is_empty() {
            draft.rest(&self.record.wakes_on, waits);
        }
        if !day.is_empty() {
            draft.wake(day, waits);
        }
        day.clone_into(&mut self.record.wakes_on);
    }

    /// Writes it as it now stands, with the event that says why.
    pub fn keep(&self, draft: &mut Draft<'_>, cause: &str) {
        draft.put(Matter::Appeal, self.number, &self.record);
        let name = self.record.appeal.as_ref().map_or("", |appeal| appeal.name.as_str());
        draft.log(cause, name, &records::encode(&self.record));
    }

    /// Notes what happened on a day.
    pub fn note(&mut self, date: &str, act: &str, words: impl Into<String>) {
        let step = pb::AppealStep { date: date.to_owned(), act: act.to_owned(), words: words.into() };
        self.appeal_mut().history.push(step);
    }
}

fn about(record: &AppealRecord) -> About {
    match record.authorization {
        0 => About::Claim(record.sequence),
        number => About::Authorization(number),
    }
}

/// The place of an appeal in its sandbox: the sandbox's name, lane and number.
pub(super) fn place(name: &str) -> Option<(&str, Lane, u64)> {
    let (parent, id) = split_name(name, COLLECTION)?;
    let (lane, number) = Matter::Appeal.parse(id)?;
    Some((parent, lane, number))
}

impl Payer {
    /// An appeal by its name.
    pub fn appeal(&self, caller: &Caller, name: &str) -> Result<pb::Appeal, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, lane, number) = place(name).ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let held = self.appeal_at(&state, lane, number)?.ok_or_else(unknown)?;
        self.shown(&state, &held)
    }

    /// An appeal by its place.
    pub(super) fn appeal_at(&self, state: &State, lane: Lane, number: u64) -> Result<Option<Held>, Failure> {
        let record = records::get(self.store.as_ref(), state.space().matter(Matter::Appeal, lane, number))?;
        Ok(record.map(|record| Held { lane, number, record, granted: Vec::new() }))
    }

    /// A family's appeals on a claim, or on a request for authorization, oldest first.
    pub(super) fn appeals_about(&self, state: &State, lane: Lane, what: About) -> Result<Vec<Held>, Failure> {
        let pairs = records::all(self.store.as_ref(), &state.space().matters_of_family(Matter::Appeal, lane))?;
        let mut found = Vec::new();
        for pair in &pairs {
            let record: AppealRecord = records::decode(pair)?;
            if about(&record) == what {
                found.push(Held {
                    lane,
                    number: keys::number_of(&pair.key).unwrap_or_default(),
                    record,
                    granted: Vec::new(),
                });
            }
        }
        Ok(found)
    }

    /// The id of an appeal on a claim that is not decided yet.
    pub(in crate::payer) fn open_appeal(
        &self,
        state: &State,
        lane: Lane,
        sequence: u64,
    ) -> Result<Option<String>, Failure> {
        let all = self.appeals_about(state, lane, About::Claim(sequence))?;
        let open = all.iter().find(|held| {
            let state = held.record.appeal.as_ref().map(pb::Appeal::state).unwrap_or_default();
            matches!(state, pb::AppealState::Open | pb::AppealState::Incomplete)
        });
        Ok(open.map(|held| Matter::Appeal.id(lane, held.number)))
    }

    /// The appeal that the same request made before; one that said something else is a failure.
    pub(super) fn appeal_made(&self, state: &State, request_id: &str, hash: &Bytes) -> Result<Option<Held>, Failure> {
        if request_id.is_empty() {
            return Ok(None);
        }
        let key = state.space().matter_request(Matter::Appeal, request_id);
        let Some(before) = records::get::<RequestRecord>(self.store.as_ref(), key)? else { return Ok(None) };
        let made = self.appeal_at(state, Lane(before.lane), before.sequence)?;
        if before.request_hash == *hash {
            return Ok(made);
        }
        let claim = made.map(|held| held.appeal().name).unwrap_or_default();
        Err(Failure::RequestIdReused { request_id: request_id.to_owned(), claim })
    }

    /// A page of the appeals that fit, in order of family and number, after a place; and the place where the next page starts.
    pub fn list_appeals(
        &self,
        caller: &Caller,
        parent: &str,
        filter: &pb::AppealFilter,
        from: Option<Key>,
        limit: usize,
    ) -> Result<(Vec<pb::Appeal>, Option<Key>), Failure> {
        let day = &filter.decide_by_through;
        if !day.is_empty() && crate::domain::dates::parse_iso(day).is_none() {
            let words = format!("{day:?} is no date: write YYYY-MM-DD");
            return Err(Failure::field("filter.decide_by_through", words));
        }
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let places = state.space().matters(Matter::Appeal);
        let (first, to) = prefix(&places);
        let mut from = from.filter(|key| key.starts_with(&places)).map_or(first, |key| after(&key));
        let mut found = Vec::new();
        loop {
            let range = Read::Range { from, to: to.clone(), reverse: false, limit: SLICE };
            let pairs = records::one(self.store.as_ref(), range)?;
            for pair in &pairs {
                let Some((lane, number)) = keys::claim_of(&pair.key) else { continue };
                let Some(held) = self.appeal_at(&state, lane, number)? else { continue };
                if !held.record.appeal.as_ref().is_some_and(|appeal| fits(appeal, filter)) {
                    continue;
                }
                found.push(self.shown(&state, &held)?);
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
}

/// Keeps which appeal a request made.
pub(super) fn keep_request(entry: &mut Entry<'_>, request_id: &str, number: u64, request_hash: Bytes) {
    if request_id.is_empty() {
        return;
    }
    let key = entry.space().matter_request(Matter::Appeal, request_id);
    let used = RequestRecord { lane: entry.lane.0, sequence: number, request_hash };
    entry.expect(key.clone(), None);
    entry.write(key, Some(records::encode(&used)));
}

fn fits(appeal: &pb::Appeal, filter: &pb::AppealFilter) -> bool {
    let is = |wanted: &str, value: &str| wanted.is_empty() || wanted == value;
    let level = appeal.level.as_ref().map_or("", |level| level.id.as_str());
    let due = &filter.decide_by_through;
    is(&filter.claim, &appeal.claim)
        && is(&filter.level, level)
        && (filter.state() == pb::AppealState::Unspecified || filter.state() == appeal.state())
        && (due.is_empty() || (!appeal.decide_by.is_empty() && appeal.decide_by <= *due))
}
