//! One entry in a family's history: what is written and the events that name its causes, in one commit that stands only if nobody else
//! has changed the family meanwhile.

use bytes::Bytes;
use prost::Message;

use super::chain::{End, Happened};
use super::correction::Writes;
use super::family::{Family, Until};
use super::{Caller, Failure, Payer, Sandbox, State, documents, records};
use crate::proto::store::v1::{MatterCount, RequestRecord, SeenDocuments};
use crate::store::keys::{self, Chain, Lane, Matter, Space, Waits};
use crate::store::{Commit, Key, Read};

/// How often an entry begins anew because somebody else was faster.
const MAX_ATTEMPTS: usize = 8;

/// An entry that is being made, with a commit of its own.
pub(super) struct Entry<'a> {
    pub payer: &'a Payer,
    pub state: &'a State,
    pub caller: &'a Caller,
    pub lane: Lane,
    /// The family, with what the entry changes.
    pub family: Family,
    stored: Option<Bytes>,
    commit: Commit,
}

/// What an entry, or a claim that comes in, writes of a family.
pub(super) struct Draft<'a> {
    pub payer: &'a Payer,
    pub state: &'a State,
    pub caller: &'a str,
    pub lane: Lane,
    pub family: &'a mut Family,
    pub writes: &'a mut Writes,
    /// What the commit appends to logs.
    pub appends: &'a mut Vec<(Key, Bytes)>,
}

/// Tries something again while others are faster.
pub(super) fn attempts<T>(mut attempt: impl FnMut() -> Result<T, Failure>) -> Result<T, Failure> {
    for _ in 0..MAX_ATTEMPTS {
        match attempt() {
            Err(Failure::Conflict) => {}
            answer => return answer,
        }
    }
    Err(Failure::Conflict)
}

impl<'a> Entry<'a> {
    /// Opens an entry on a family as it is now.
    pub fn open(
        payer: &'a Payer,
        caller: &'a Caller,
        sandbox: &Sandbox,
        state: &'a State,
        lane: Lane,
    ) -> Result<Entry<'a>, Failure> {
        let (space, store) = (state.space(), payer.store.as_ref());
        let stored = records::one(store, Read::Point(space.family_head(lane)))?.pop().map(|pair| pair.value);
        let family = Family::load(store, space, lane, stored.clone(), Until::NOW)?;
        let commit = Commit { expected: vec![state.expected(&sandbox.id)], ..Commit::default() };
        Ok(Entry { payer, state, caller, lane, family, stored, commit })
    }

    /// The sandbox's part of the key space.
    pub fn space(&self) -> Space {
        self.state.space()
    }

    /// What it writes of the family.
    pub fn draft(&mut self) -> Draft<'_> {
        Draft {
            payer: self.payer,
            state: self.state,
            caller: &self.caller.subject,
            lane: self.lane,
            family: &mut self.family,
            writes: &mut self.commit.writes,
            appends: &mut self.commit.appends,
        }
    }

    /// Stands only if a key holds this; `None`: nothing.
    pub fn expect(&mut self, key: Key, value: Option<Bytes>) {
        self.commit.expected.push((key, value));
    }

    /// Writes a key; `None` deletes it.
    pub fn write(&mut self, key: Key, value: Option<Bytes>) {
        self.commit.writes.push((key, value));
    }

    /// The documents of a claim of the family, as the entry leaves them.
    pub fn documents_seen(&self, sequence: u64) -> Result<Option<SeenDocuments>, Failure> {
        let (store, place) = (self.payer.store.as_ref(), (self.lane, sequence));
        documents::seen(store, self.space(), place, &self.commit.writes)
    }

    /// Appends an event to a history that is not the family's, and says where that ends then.
    pub fn log_in(&mut self, chain: &Chain, end: &End, cause: &str, subject: &str, content: &[u8]) -> End {
        let happened = Happened { cause, subject, caller: &self.caller.subject, content };
        let kept = (&mut self.commit.writes, &mut self.commit.appends);
        self.payer.append(self.state, chain, end, &happened, kept)
    }

    /// Keeps that a request about a claim was answered, under its id, if it has one.
    pub fn answer(&mut self, request_id: &str, sequence: u64, request_hash: Bytes) {
        if request_id.is_empty() {
            return;
        }
        let key = self.space().request(request_id);
        self.expect(key.clone(), None);
        let used = RequestRecord { lane: self.lane.0, sequence, request_hash };
        self.write(key, Some(records::encode(&used)));
    }

    /// Makes it; a conflict where somebody else was faster.
    pub fn commit(mut self) -> Result<(), Failure> {
        let head = self.space().family_head(self.lane);
        self.commit.expected.push((head.clone(), self.stored));
        self.commit.writes.push((head, Some(records::encode(&self.family.head))));
        self.payer.commit_one(self.commit)
    }
}

impl Draft<'_> {
    /// The sandbox's part of the key space.
    pub fn space(&self) -> Space {
        self.state.space()
    }

    /// Writes a key; `None` deletes it.
    pub fn write(&mut self, key: Key, value: Option<Bytes>) {
        self.writes.push((key, value));
    }

    /// The number of the family's next matter of a kind.
    pub fn next(&mut self, kind: Matter) -> u64 {
        let counts = &mut self.family.head.matter_counts;
        let letter = u32::from(kind.letter());
        let at = counts.iter().position(|count| count.kind == letter).unwrap_or_else(|| {
            counts.push(MatterCount { kind: letter, last: 0 });
            counts.len() - 1
        });
        counts.get_mut(at).map_or(1, |count| {
            count.last += 1;
            count.last
        })
    }

    /// Writes a matter, and where lists find it.
    pub fn put(&mut self, kind: Matter, number: u64, record: &impl Message) {
        let (space, lane) = (self.space(), self.lane);
        self.write(space.matter(kind, lane, number), Some(records::encode(record)));
        self.write(keys::to_claim(space.matters(kind), lane, number), Some(Bytes::new()));
    }

    /// Has the clock come back to something on a day.
    pub fn wake(&mut self, day: &str, what: Waits) {
        self.write(what.on(self.space(), day), Some(Bytes::new()));
    }

    /// The clock need not come back to it.
    pub fn rest(&mut self, day: &str, what: Waits) {
        self.write(what.on(self.space(), day), None);
    }

    /// Appends an event to the family's history: its cause, what it is about, and what was written.
    pub fn log(&mut self, cause: &str, subject: &str, content: &[u8]) {
        let head = &mut self.family.head;
        let end = End { events: head.events, last_event_hash: std::mem::take(&mut head.last_event_hash) };
        let happened = Happened { cause, subject, caller: self.caller, content };
        let (chain, kept) = (Chain::Family(self.lane), (&mut *self.writes, &mut *self.appends));
        let end = self.payer.append(self.state, &chain, &end, &happened, kept);
        (head.events, head.last_event_hash) = (end.events, end.last_event_hash);
    }
}
