//! Events: a sandbox's histories, listed and followed. The log tells in which order they were written.

pub mod causes;
mod verify;

use std::collections::BTreeSet;
use std::sync::Arc;

use memchr::memmem;

use super::claims::claim_place;
use super::in_force::hex;
use super::wakes::{Wake, Wakes};
use super::{Caller, Failure, Payer, Sandbox, State, family, records};
use crate::proto::store::v1::Event;
use crate::proto::v1 as pb;
use crate::store::keys::{self, Chain, Lane, MAX_ID_BYTES, Matter, Space};
use crate::store::{Pair, Read, after};

/// Which events of a sandbox, as long as it is not reset.
#[derive(Debug)]
pub struct Selection {
    sandbox: Arc<Sandbox>,
    /// The space that they stand in.
    pub space: Space,
    causes: BTreeSet<String>,
    claim: Option<String>,
    /// The one history that holds them all; `None`: any may.
    chain: Option<Chain>,
}

/// Events with their places, and the place up to which everything was looked at.
#[derive(Debug, Default)]
pub struct Slice {
    /// Each with its place.
    pub events: Vec<(u64, pb::Event)>,
    /// Up to where it was looked; `None`: there is nothing more.
    pub end: Option<u64>,
}

impl Payer {
    /// What a filter selects in a sandbox.
    pub fn select_events(
        &self,
        caller: &Caller,
        parent: &str,
        filter: Option<&pb::EventFilter>,
    ) -> Result<Selection, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let empty = pb::EventFilter::default();
        let filter = filter.unwrap_or(&empty);
        if let Some((at, unknown)) = filter.causes.iter().enumerate().find(|(_, cause)| !causes::known(cause)) {
            let words = format!("there is no cause {unknown:?}: Events.ListCauses lists them (`payersim list causes`)");
            return Err(Failure::field(format!("filter.causes[{at}]"), words));
        }
        let state = sandbox.read();
        let mut chains = BTreeSet::new();
        if !filter.claim.is_empty() {
            let place = claim_place(&filter.claim).filter(|(parent, ..)| *parent == sandbox.name());
            let (_, lane, sequence) = place.ok_or_else(|| Failure::Unknown(filter.claim.clone()))?;
            self.claim_record(&state, lane, sequence)?.ok_or_else(|| Failure::Unknown(filter.claim.clone()))?;
            chains.insert(Chain::Family(lane));
        }
        if !filter.member_id.is_empty() {
            let version = state.directory_version;
            let subscriber = self.subscriber_of(&state, &state.in_force, &filter.member_id, version)?;
            chains.insert(Chain::Family(family::lane(state.seed(), &subscriber)));
        }
        if !filter.payee_id.is_empty() {
            if filter.payee_id.len() > MAX_ID_BYTES {
                return Err(Failure::field("filter.payee_id", format!("at most {MAX_ID_BYTES} characters")));
            }
            chains.insert(Chain::Payee(filter.payee_id.clone()));
        }
        if chains.len() > 1 {
            let words = "claim, payee_id and member_id name different histories: ask for one at a time";
            return Err(Failure::field("filter", words));
        }
        let claim = (!filter.claim.is_empty()).then(|| filter.claim.clone());
        let (space, causes) = (state.space(), filter.causes.iter().cloned().collect());
        drop(state);
        Ok(Selection { sandbox, space, causes, claim, chain: chains.pop_first() })
    }

    /// The events behind a number of their own history, where the selection is of one; else behind a number of the log.
    pub fn listed_events(&self, selection: &Selection, behind: u64, limit: usize) -> Result<Slice, Failure> {
        let Some(chain) = &selection.chain else { return self.logged_events(selection, behind, limit) };
        let state = selection.state()?;
        let from = after(&chain.event(selection.space, behind));
        let pairs = records::slice(self.store.as_ref(), &chain.events(selection.space), Some(from), limit)?;
        let place = |pair: &Pair| keys::number_of(&pair.key).unwrap_or_default();
        let end = pairs.last().map(place);
        let events =
            pairs.iter().map(|pair| Ok((place(pair), chain.clone(), pair.clone()))).collect::<Result<_, Failure>>()?;
        Ok(Slice { events: self.selected(&state, selection, events)?, end })
    }

    /// The events behind a number of the log.
    pub fn logged_events(&self, selection: &Selection, behind: u64, limit: usize) -> Result<Slice, Failure> {
        let (state, space, store) = (selection.state()?, selection.space, self.store.as_ref());
        let entries = records::slice(store, &space.log(), Some(after(&space.logged(behind))), limit)?;
        let end = entries.last().and_then(|entry| keys::number_of(&entry.key));
        let mut places = Vec::with_capacity(entries.len());
        for entry in &entries {
            let damaged = || Failure::Damaged(entry.key.escape_ascii().to_string());
            let (chain, number) = Chain::of_reference(&entry.value).ok_or_else(damaged)?;
            if selection.chain.as_ref().is_none_or(|only| *only == chain) {
                places.push((keys::number_of(&entry.key).unwrap_or_default(), chain, number));
            }
        }
        let reads: Vec<Read> =
            places.iter().map(|(_, chain, number)| Read::Point(chain.event(space, *number))).collect();
        let mut events = Vec::with_capacity(places.len());
        for ((place, chain, number), found) in places.into_iter().zip(store.read(&reads)?) {
            let pair = found.into_iter().next();
            let missing = || Failure::Damaged(chain.event(space, number).escape_ascii().to_string());
            events.push((place, chain.clone(), pair.ok_or_else(missing)?));
        }
        Ok(Slice { events: self.selected(&state, selection, events)?, end })
    }

    /// Number of the log's last entry.
    pub fn last_logged(&self, selection: &Selection) -> Result<u64, Failure> {
        let _state = selection.state()?;
        let (from, to) = crate::store::prefix(&selection.space.log());
        let last = records::one(self.store.as_ref(), Read::Range { from, to, reverse: true, limit: 1 })?.pop();
        Ok(last.and_then(|entry| keys::number_of(&entry.key)).unwrap_or_default())
    }

    /// Has something called whenever there may be new events.
    pub fn wait_for_events(&self, space: Space, call: impl Fn() + Send + Sync + 'static) -> Wake {
        Wakes::wait(&self.wakes, space, call)
    }

    /// Wakes everybody who waits for events, for the last time: the server is stopping.
    pub fn stop_waiting(&self) {
        self.wakes.close();
    }

    fn selected(
        &self,
        state: &State,
        selection: &Selection,
        found: Vec<(u64, Chain, Pair)>,
    ) -> Result<Vec<(u64, pb::Event)>, Failure> {
        let mut events = Vec::with_capacity(found.len());
        for (place, chain, pair) in found {
            let event: Event = records::decode(&pair)?;
            if !selection.causes.is_empty() && !selection.causes.contains(&event.cause) {
                continue;
            }
            if let (Some(claim), Chain::Family(lane)) = (&selection.claim, &chain)
                && event.subject != *claim
                && !self.concerns(state, *lane, &event.subject, claim)?
            {
                continue;
            }
            events.push((place, shown(&selection.sandbox.name(), &chain, event)));
        }
        Ok(events)
    }

    /// Whether a matter of a claim's family names the claim.
    fn concerns(&self, state: &State, lane: Lane, subject: &str, claim: &str) -> Result<bool, Failure> {
        let id = subject.rsplit('/').next().unwrap_or_default();
        let found = Matter::ALL.into_iter().find_map(|kind| Some((kind, kind.parse(id)?)));
        let Some((kind, (of, number))) = found.filter(|(_, (of, _))| *of == lane) else { return Ok(false) };
        let record = records::one(self.store.as_ref(), Read::Point(state.space().matter(kind, of, number)))?.pop();
        Ok(record.is_some_and(|pair| memmem::find(&pair.value, claim.as_bytes()).is_some()))
    }
}

impl Selection {
    /// The sandbox's state, as long as it has the history that was selected from.
    fn state(&self) -> Result<std::sync::RwLockReadGuard<'_, State>, Failure> {
        let state = self.sandbox.read();
        if state.gone || state.space() != self.space {
            return Err(Failure::HistoryEnded(self.sandbox.name()));
        }
        Ok(state)
    }

    /// Tells one sandbox's history from another, and from the same sandbox's after a reset.
    pub fn history(&self) -> String {
        format!("events {} {}", self.sandbox.name(), self.space.0)
    }

    /// Which list it is a page of.
    pub fn list(&self) -> String {
        let chain = self.chain.as_ref().map(|chain| chain.reference(0).escape_ascii().to_string());
        let causes = self.causes.iter().cloned().collect::<Vec<_>>().join(" ");
        format!(
            "{} {causes} {} {}",
            self.history(),
            self.claim.as_deref().unwrap_or_default(),
            chain.unwrap_or_default()
        )
    }
}

/// How a history is named within its sandbox, and of what kind it is.
fn told(chain: &Chain) -> (String, pb::EventChain) {
    match chain {
        Chain::Family(lane) => (format!("families/{:010}", lane.0), pb::EventChain::Family),
        Chain::Payee(payee) => (format!("payees/{payee}"), pb::EventChain::Payee),
        Chain::Directory => ("directory".to_owned(), pb::EventChain::Directory),
        Chain::Directives => ("directives".to_owned(), pb::EventChain::Directives),
        Chain::Sandbox => ("clock".to_owned(), pb::EventChain::Sandbox),
    }
}

/// An event as the API shows it.
fn shown(sandbox: &str, chain: &Chain, event: Event) -> pb::Event {
    let (history, kind) = told(chain);
    pb::Event {
        name: format!("{sandbox}/{history}/events/{}", event.number),
        number: i64::try_from(event.number).unwrap_or(i64::MAX),
        chain: kind.into(),
        cause: event.cause,
        subject: event.subject,
        event_time: event.time,
        caller: event.caller,
        content_hash: hex(&event.content_hash),
        previous_hash: hex(&event.previous_hash),
        hash: hex(&event.hash),
        simulated: true,
    }
}
