//! Sandboxes: each a payer of its own, with a clock of its own, in a key space of its own.

use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::ThreadId;

use bytes::Bytes;
use jiff::civil::DateTime;

use super::chain::{End, Happened};
use super::in_force::InForce;
use super::instruct::Directives;
use super::{Caller, Failure, Payer, records};
use crate::domain::dates::{Date, parse_iso};
use crate::proto::store::v1::{RevisionInForce, SandboxRecord};
use crate::proto::v1 as pb;
use crate::store::Commit;
use crate::store::keys::{self, Chain, Space};

/// The sandbox that requests without a parent go to.
pub const DEFAULT: &str = "default";
pub(super) const MAX_SANDBOX_ID: usize = 63;
/// Keys deleted a commit when a space is swept.
const SWEEP: usize = 2_000;

/// A sandbox. Decisions hold its state for reading; turning its clock or its payer holds it for writing.
#[derive(Debug)]
pub struct Sandbox {
    /// Its id.
    pub id: String,
    /// Its clock follows the wall clock.
    pub follows: bool,
    /// Held while a clock catches up with the wall clock, with the thread that does so.
    pub(super) catching_up: Mutex<()>,
    pub(super) catcher: Mutex<Option<ThreadId>>,
    state: RwLock<State>,
}

/// What a sandbox stands on.
#[derive(Clone, Debug)]
pub struct State {
    /// As stored.
    pub record: SandboxRecord,
    /// The stored bytes, which every commit expects: so no commit outlives a turn of the clock.
    pub stored: Bytes,
    /// The payer in force.
    pub in_force: Arc<InForce>,
    /// Where a frozen clock stands; of one that follows, the day up to which all that fell due was run.
    pub now: DateTime,
    /// Version of the directory, which every change counts up; 0: as the folder seeds it.
    pub directory_version: u64,
    /// Outcomes by instruction.
    pub directives: Arc<Directives>,
    /// Deleted while somebody still held it.
    pub gone: bool,
}

impl Sandbox {
    /// Its state, for reading.
    pub fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its state, alone.
    pub fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// "sandboxes/{id}".
    pub fn name(&self) -> String {
        format!("sandboxes/{}", self.id)
    }
}

impl State {
    pub(super) fn open(
        record: SandboxRecord,
        stored: Bytes,
        in_force: Arc<InForce>,
        directory_version: u64,
        directives: Arc<Directives>,
    ) -> Result<State, Failure> {
        let clock = record.sandbox.as_ref().and_then(|s| s.clock.as_ref()).map_or("", |c| &c.now);
        let now = clock.parse().map_err(|_| Failure::Damaged("sandbox clock".to_owned()))?;
        Ok(State { record, stored, in_force, now, directory_version, directives, gone: false })
    }

    /// Its part of the key space.
    pub fn space(&self) -> Space {
        Space(self.record.space)
    }

    /// Whether its clock follows the wall clock.
    pub fn follows(&self) -> bool {
        let mode = self.record.sandbox.as_ref().and_then(|s| s.clock.as_ref()).map(pb::Clock::mode);
        mode == Some(pb::ClockMode::Following)
    }

    /// The seed of everything decided by chance.
    pub fn seed(&self) -> i64 {
        self.record.sandbox.as_ref().map_or(0, |s| s.seed)
    }

    /// Settings of the X12 door: the sandbox's own, or the payer's; what the payer denies is taken in.
    pub fn x12(&self) -> pb::X12Settings {
        let (told, denied) = (self.x12_as_told(), &self.in_force.revision.claim_rules);
        pb::X12Settings {
            accept_failing_npis: told.accept_failing_npis || denied.failing_npis_denied,
            accept_future_services: told.accept_future_services || denied.future_services_denied,
            ..told
        }
    }

    fn x12_as_told(&self) -> pb::X12Settings {
        let own = self.record.sandbox.as_ref().and_then(|s| s.x12.clone());
        let payers = self.in_force.folder.payer.as_ref().and_then(|payer| payer.x12.clone()).unwrap_or_default();
        let Some(own) = own else { return payers };
        let text = |own: String, payers: String| if own.is_empty() { payers } else { own };
        pb::X12Settings {
            interchange_qualifier: text(own.interchange_qualifier, payers.interchange_qualifier),
            interchange_id: text(own.interchange_id, payers.interchange_id),
            ..own
        }
    }

    /// Whether what looks like a marker is a part of the number.
    pub fn ignores_markers(&self) -> bool {
        let payers = || self.in_force.folder.payer.as_ref().and_then(|payer| payer.x12.as_ref());
        let own = self.record.sandbox.as_ref().and_then(|s| s.x12.as_ref());
        own.or_else(payers).is_some_and(|x12| x12.ignore_markers)
    }

    /// What every commit in the sandbox expects.
    pub fn expected(&self, id: &str) -> (crate::store::Key, Option<Bytes>) {
        (keys::sandbox(id), Some(self.stored.clone()))
    }
}

impl Payer {
    /// The sandbox that a `parent` or `name` names: "sandboxes/x", or empty for the default one. If its clock follows the wall clock and a
    /// day has passed, what fell due is run first.
    pub fn sandbox(&self, caller: &Caller, name: &str) -> Result<Arc<Sandbox>, Failure> {
        let sandbox = self.sandbox_as_it_stands(caller, name)?;
        if sandbox.follows {
            self.follow(&sandbox)?;
        }
        Ok(sandbox)
    }

    /// The same, wherever its clock stands.
    pub(super) fn sandbox_as_it_stands(&self, caller: &Caller, name: &str) -> Result<Arc<Sandbox>, Failure> {
        let id = match name {
            "" => DEFAULT,
            name => name.strip_prefix("sandboxes/").unwrap_or(name),
        };
        if !caller.sandboxes.is_empty() && !caller.sandboxes.iter().any(|own| own == id) {
            return Err(Failure::UnknownSandbox(id.to_owned()));
        }
        if let Some(sandbox) = self.sandboxes.read().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(Arc::clone(sandbox));
        }
        self.open_sandbox(id)?.ok_or_else(|| Failure::UnknownSandbox(id.to_owned()))
    }

    fn open_sandbox(&self, id: &str) -> Result<Option<Arc<Sandbox>>, Failure> {
        if id.is_empty() || id.len() > MAX_SANDBOX_ID {
            return Ok(None);
        }
        let mut known = self.sandboxes.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(sandbox) = known.get(id) {
            return Ok(Some(Arc::clone(sandbox)));
        }
        let read = crate::store::Read::Point(keys::sandbox(id));
        let Some(pair) = records::one(self.store.as_ref(), read)?.pop() else { return Ok(None) };
        let record: SandboxRecord = records::decode(&pair)?;
        let revision = record.revisions.last().map_or("", |r| &r.revision);
        let in_force = self.folder_in_force(revision)?;
        let (version, directives) = self.directory_and_directives(Space(record.space))?;
        let state = State::open(record, pair.value, in_force, version, directives)?;
        let sandbox = Arc::new(Sandbox {
            id: id.to_owned(),
            follows: state.follows(),
            catching_up: Mutex::default(),
            catcher: Mutex::default(),
            state: RwLock::new(state),
        });
        known.insert(id.to_owned(), Arc::clone(&sandbox));
        Ok(Some(sandbox))
    }

    /// The version of a space's directory, and its directives.
    fn directory_and_directives(&self, space: Space) -> Result<(u64, Arc<Directives>), Failure> {
        let version = records::number(self.store.as_ref(), space.directory_head())?;
        let directives = records::get(self.store.as_ref(), space.directives())?.unwrap_or_default();
        Ok((version, Arc::new(Directives::read(directives)?)))
    }

    /// Date and time in a sandbox. A clock that follows stays on a day until all that fell due on it was run.
    pub fn now(&self, state: &State) -> DateTime {
        let wall = state.follows().then(|| self.wall.now());
        wall.filter(|wall| wall.date() == state.now.date()).unwrap_or(state.now)
    }

    /// The date in a sandbox.
    pub fn today(&self, state: &State) -> Date {
        self.now(state).date()
    }

    /// Makes a sandbox.
    pub fn create_sandbox(&self, caller: &Caller, request: pb::CreateSandboxRequest) -> Result<pb::Sandbox, Failure> {
        let in_force = match request.payer {
            Some(folder) => self.adopt(self.read_folder(folder)?)?,
            None => Arc::clone(&self.default_payer),
        };
        let clock_start =
            if request.clock_start.is_empty() { in_force.payer().clock_start } else { request.clock_start };
        if parse_iso(&clock_start).is_none() {
            return Err(Failure::field("clock_start", format!("{clock_start:?} is no date: write YYYY-MM-DD")));
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let last = records::number(self.store.as_ref(), keys::last_space())?;
        let id = if request.sandbox_id.is_empty() { format!("sandbox-{}", last + 1) } else { request.sandbox_id };
        check_id("sandbox_id", &id)?;
        let follows = request.clock_mode == i32::from(pb::ClockMode::Following);
        let mode = if follows { pb::ClockMode::Following } else { pb::ClockMode::Frozen };
        let sandbox = pb::Sandbox {
            name: format!("sandboxes/{id}"),
            clock: Some(pb::Clock { mode: mode.into(), now: self.first_moment(follows, &clock_start), epoch: 0 }),
            payer_revision: in_force.revision.id.clone(),
            payer_name: in_force.payer().name,
            seed: request.seed,
            x12: request.x12,
            ..Default::default()
        };
        let record = SandboxRecord {
            sandbox: Some(sandbox),
            space: last + 1,
            revisions: vec![RevisionInForce { from: clock_start.clone(), revision: in_force.hash.clone() }],
            clock_start,
            ..Default::default()
        };
        let mut commit = Commit {
            expected: vec![(keys::sandbox(&id), None)],
            writes: vec![(keys::last_space(), Some(records::of_number(last + 1)))],
            appends: vec![],
        };
        let mut made = State::open(record, Bytes::new(), in_force, 0, Arc::default())?;
        self.tell(caller, "create-sandbox", &mut made, &mut commit);
        commit.writes.push((keys::sandbox(&id), Some(made.stored)));
        match self.commit_one(commit) {
            Err(Failure::Conflict) => Err(Failure::NameTaken(format!("sandboxes/{id}"))),
            Err(other) => Err(other),
            Ok(()) => {
                let sandbox = self.open_sandbox(&id)?.ok_or(Failure::UnknownSandbox(id))?;
                Ok(self.describe(&sandbox))
            }
        }
    }

    /// Where a new clock stands: at the start of the day that it is set to, or of today outside.
    fn first_moment(&self, follows: bool, clock_start: &str) -> String {
        let today = follows.then(|| self.wall.now().date().to_string());
        format!("{}T00:00:00", today.as_deref().unwrap_or(clock_start))
    }

    /// A sandbox as the API shows it.
    pub fn describe(&self, sandbox: &Sandbox) -> pb::Sandbox {
        let state = sandbox.read();
        let mut message = state.record.sandbox.clone().unwrap_or_default();
        message.clock = Some(self.clock(&state));
        message
    }

    /// A clock as the API shows it.
    pub fn clock(&self, state: &State) -> pb::Clock {
        let stored = state.record.sandbox.as_ref().and_then(|s| s.clock.clone()).unwrap_or_default();
        pb::Clock { now: self.now(state).to_string(), ..stored }
    }

    /// The sandboxes after an id, in order of id.
    pub fn list_sandboxes(&self, after: &str, limit: usize) -> Result<Vec<pb::Sandbox>, Failure> {
        let from = (!after.is_empty()).then(|| crate::store::after(&keys::sandbox(after)));
        let pairs = records::slice(self.store.as_ref(), &keys::sandbox(""), from, limit)?;
        let describe = |pair: &crate::store::Pair| {
            let record: SandboxRecord = records::decode(pair)?;
            let id = record.sandbox.as_ref().map_or("", |s| s.name.trim_start_matches("sandboxes/")).to_owned();
            Ok(self.open_sandbox(&id)?.map(|sandbox| self.describe(&sandbox)))
        };
        pairs.iter().filter_map(|pair| describe(pair).transpose()).collect()
    }

    /// Returns a sandbox to its seed: a new space, the clock at its start, the payer it was made with.
    pub fn reset_sandbox(&self, caller: &Caller, name: &str) -> Result<pb::Sandbox, Failure> {
        let sandbox = self.sandbox(caller, name)?;
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = sandbox.write();
        let last = records::number(self.store.as_ref(), keys::last_space())?;
        let old = state.space();
        let (mut record, sandbox_follows) = (state.record.clone(), sandbox.follows);
        record.space = last + 1;
        (record.events, record.last_event_hash) = (0, Bytes::new());
        record.revisions.truncate(1);
        if sandbox.id == DEFAULT {
            // The default sandbox was made with the folder of the server's first start; its seed is that of the last.
            record.revisions.iter_mut().for_each(|first| first.revision.clone_from(&self.default_payer.hash));
        }
        let first = record.revisions.first().map_or("", |r| &r.revision);
        let in_force = self.folder_in_force(first)?;
        if let Some(sandbox) = record.sandbox.as_mut() {
            sandbox.payer_revision = in_force.revision.id.clone();
            sandbox.payer_name = in_force.payer().name;
            if let Some(clock) = sandbox.clock.as_mut() {
                clock.now = self.first_moment(sandbox_follows, &record.clock_start);
                clock.epoch += 1;
            }
        }
        let commit = Commit {
            writes: vec![
                (keys::last_space(), Some(records::of_number(last + 1))),
                (keys::garbage(old), Some(Bytes::new())),
            ],
            appends: vec![(old.log(), Bytes::new())],
            ..Commit::default()
        };
        self.replace((caller, "reset-sandbox"), &sandbox, &mut state, (record, in_force), commit)?;
        drop(state);
        self.sweep_later();
        Ok(self.describe(&sandbox))
    }

    /// Deletes a sandbox with all it holds.
    pub fn delete_sandbox(&self, caller: &Caller, name: &str) -> Result<(), Failure> {
        let sandbox = self.sandbox(caller, name)?;
        if sandbox.id == DEFAULT {
            return Err(Failure::field("name", "the default sandbox stays: reset it instead"));
        }
        let _copying = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = sandbox.write();
        let mut writes = vec![(keys::sandbox(&sandbox.id), None), (keys::garbage(state.space()), Some(Bytes::new()))];
        writes.extend(self.without_snapshots(&sandbox.id)?);
        writes.extend(self.without_webhooks(&sandbox.id, None)?);
        let appends = vec![(state.space().log(), Bytes::new())];
        self.commit_one(Commit { expected: vec![state.expected(&sandbox.id)], writes, appends })?;
        state.gone = true;
        self.sandboxes.write().unwrap_or_else(PoisonError::into_inner).remove(&sandbox.id);
        drop(state);
        self.sweep_later();
        Ok(())
    }

    /// Gives a sandbox another payer, for decisions from its date on.
    pub fn load_payer(&self, caller: &Caller, name: &str, folder: pb::PayerFolder) -> Result<pb::Sandbox, Failure> {
        let sandbox = self.sandbox(caller, name)?;
        let in_force = self.adopt(self.read_folder(folder)?)?;
        let mut state = sandbox.write();
        if state.in_force.hash != in_force.hash {
            self.put_in_force(caller, &sandbox, &mut state, in_force)?;
        }
        drop(state);
        Ok(self.describe(&sandbox))
    }

    /// Makes a payer the one in force, from the sandbox's date on.
    pub(super) fn put_in_force(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        state: &mut State,
        in_force: Arc<InForce>,
    ) -> Result<(), Failure> {
        let mut record = state.record.clone();
        let from = self.today(state).to_string();
        record.revisions.push(RevisionInForce { from, revision: in_force.hash.clone() });
        if let Some(sandbox) = record.sandbox.as_mut() {
            sandbox.payer_revision = in_force.revision.id.clone();
            sandbox.payer_name = in_force.payer().name;
        }
        self.replace((caller, "load-payer"), sandbox, state, (record, in_force), Commit::default())
    }

    /// Puts another record in a sandbox's place, together with what else is to be written.
    pub(super) fn replace(
        &self,
        (caller, cause): (&Caller, &str),
        sandbox: &Sandbox,
        state: &mut State,
        (record, in_force): (SandboxRecord, Arc<InForce>),
        mut commit: Commit,
    ) -> Result<(), Failure> {
        // Another space has a directory and directives of its own.
        let (version, directives) = match record.space == state.record.space {
            true => (state.directory_version, Arc::clone(&state.directives)),
            false => self.directory_and_directives(Space(record.space))?,
        };
        let mut next = State::open(record, Bytes::new(), in_force, version, directives)?;
        self.tell(caller, cause, &mut next, &mut commit);
        commit.expected.push(state.expected(&sandbox.id));
        commit.writes.push((keys::sandbox(&sandbox.id), Some(next.stored.clone())));
        self.commit_one(commit)?;
        *state = next;
        Ok(())
    }

    /// Appends an event to the sandbox's own history: where the clock stands and which payer is in force.
    pub(super) fn tell(&self, caller: &Caller, cause: &str, state: &mut State, commit: &mut Commit) {
        let name = state.record.sandbox.as_ref().map_or("", |sandbox| &sandbox.name).to_owned();
        let content = format!("{} {}", self.now(state), state.in_force.hash);
        let happened = Happened { cause, subject: &name, caller: &caller.subject, content: content.as_bytes() };
        let end = End { events: state.record.events, last_event_hash: state.record.last_event_hash.clone() };
        let kept = (&mut commit.writes, &mut commit.appends);
        let end = self.append(state, &Chain::Sandbox, &end, &happened, kept);
        (state.record.events, state.record.last_event_hash) = (end.events, end.last_event_hash);
        state.stored = records::encode(&state.record);
    }

    /// Deletes what sandboxes left behind, in slices, on a thread of its own.
    pub(super) fn sweep_later(&self) {
        let (store, committer) = (Arc::clone(&self.store), Arc::clone(&self.committer));
        let sweep = move || -> Result<(), Failure> {
            while let Some(entry) = records::slice(store.as_ref(), b"g", None, 1)?.pop() {
                let space = Space(keys::number_of(&entry.key).unwrap_or_default());
                let pairs = records::slice(store.as_ref(), &space.prefix(), None, SWEEP)?;
                let done = pairs.len() < SWEEP;
                let mut writes: Vec<_> = pairs.into_iter().map(|pair| (pair.key, None)).collect();
                if done {
                    writes.push((entry.key, None));
                }
                for answer in committer.commit(vec![Commit { writes, ..Commit::default() }]) {
                    answer?;
                }
            }
            Ok(())
        };
        let report = move || {
            if let Err(failure) = sweep() {
                tracing::warn!(%failure, "sweeping deleted sandboxes stopped; it goes on at the next start");
            }
        };
        let _ = std::thread::Builder::new().name("sweeper".into()).spawn(report);
    }
}

pub(super) fn check_id(field: &str, id: &str) -> Result<(), Failure> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if id.is_empty() || id.len() > MAX_SANDBOX_ID || !id.bytes().all(fits) {
        let words = format!("{id:?}: lower-case letters, digits and hyphens, at most {MAX_SANDBOX_ID}");
        return Err(Failure::field(field, words));
    }
    Ok(())
}
