//! Hash-chained histories: every commit appends to the chain that it changes an event that names its cause, and to the sandbox's log
//! where that event stands.

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::{Failure, Payer, State, records};
use crate::proto::store::v1::Event;
use crate::store::keys::Chain;
use crate::store::{Key, Read};

/// What happened, and who asked for it.
pub(super) struct Happened<'a> {
    /// One of the causes.
    pub cause: &'a str,
    /// What it is about: a resource name, a payee.
    pub subject: &'a str,
    /// Who asked.
    pub caller: &'a str,
    /// What was written.
    pub content: &'a [u8],
}

/// Where a chain ends: number and hash of its last event.
#[derive(Clone, Debug, Default)]
pub(super) struct End {
    pub events: u64,
    pub last_event_hash: Bytes,
}

/// What a commit writes, key by key.
type Writes = Vec<(Key, Option<Bytes>)>;

impl Payer {
    /// Appends an event to a chain and says where the chain ends now.
    pub(super) fn append(
        &self,
        state: &State,
        chain: &Chain,
        end: &End,
        happened: &Happened<'_>,
        (writes, appends): (&mut Writes, &mut Vec<(Key, Bytes)>),
    ) -> End {
        let number = end.events + 1;
        let event = event(number, &end.last_event_hash, &self.now(state).to_string(), happened);
        writes.push((chain.event(state.space(), number), Some(records::encode(&event))));
        appends.push((state.space().log(), chain.reference(number).into()));
        End { events: number, last_event_hash: event.hash }
    }

    /// Where a chain ends whose last event has a known number.
    pub(super) fn end_of(&self, state: &State, chain: &Chain, events: u64) -> Result<End, Failure> {
        let read = Read::Point(chain.event(state.space(), events));
        let last = records::one(self.store.as_ref(), read)?.pop();
        let last: Event = last.as_ref().map(records::decode).transpose()?.unwrap_or_default();
        Ok(End { events, last_event_hash: last.hash })
    }
}

/// The next event of a chain: `previous` is the hash of the one before.
fn event(number: u64, previous: &Bytes, time: &str, happened: &Happened<'_>) -> Event {
    let mut event = Event {
        number,
        cause: happened.cause.to_owned(),
        subject: happened.subject.to_owned(),
        time: time.to_owned(),
        caller: happened.caller.to_owned(),
        content_hash: sha256(happened.content),
        previous_hash: previous.clone(),
        hash: Bytes::new(),
    };
    event.hash = sha256(&event.encode_to_vec());
    event
}

/// The hash that an event must have.
pub(super) fn hash_of(event: &Event) -> Bytes {
    sha256(&Event { hash: Bytes::new(), ..event.clone() }.encode_to_vec())
}

pub(super) fn sha256(content: &[u8]) -> Bytes {
    Bytes::copy_from_slice(&Sha256::digest(content))
}
