//! Snapshots: a sandbox's space copied under a name, to branch from and to return to. The sandbox is held while it is copied, so that the copy is of one moment.

mod copy;
pub(in crate::payer) mod names;

use std::sync::{Arc, PoisonError};

use bytes::Bytes;

use self::copy::Copied;
use self::names::Renaming;
use super::sandboxes::check_id;
use super::{Caller, Failure, InForce, Payer, State, records};
use crate::proto::store::v1::{SandboxRecord, SnapshotRecord};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Space};
use crate::store::{Commit, Key, Read, after};

const COLLECTION: &str = "snapshots";
/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 250;

impl Payer {
    /// Names the present state of a sandbox.
    pub fn create_snapshot(
        &self,
        caller: &Caller,
        request: &pb::CreateSnapshotRequest,
    ) -> Result<pb::Snapshot, Failure> {
        let pb::CreateSnapshotRequest { parent, snapshot_id, description } = request;
        if description.chars().count() > MAX_DESCRIPTION || description.chars().any(char::is_control) {
            return Err(Failure::field("description", format!("at most {MAX_DESCRIPTION} visible characters")));
        }
        let sandbox = self.sandbox(caller, parent)?;
        let _copying = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
        let state = sandbox.write();
        self.nothing_half_done(&sandbox.id, &state)?;
        let id = match snapshot_id.as_str() {
            "" => format!("snapshot-{}", records::number(self.store.as_ref(), keys::last_space())? + 1),
            id => id.to_owned(),
        };
        check_id("snapshot_id", &id)?;
        let (key, name) = (keys::snapshot(&sandbox.id, &id), format!("{}/{COLLECTION}/{id}", sandbox.name()));
        if records::one(self.store.as_ref(), Read::Point(key.clone()))?.pop().is_some() {
            return Err(Failure::NameTaken(name));
        }
        let copied = self.copy(state.space(), None)?;
        let mut record = state.record.clone();
        if let Some(clock) = record.sandbox.as_mut().and_then(|sandbox| sandbox.clock.as_mut()) {
            clock.now = self.now(&state).to_string();
        }
        let shown = record.sandbox.clone().unwrap_or_default();
        let snapshot = pb::Snapshot {
            name,
            description: description.clone(),
            clock: shown.clock,
            payer_revision: shown.payer_revision,
            payer_name: shown.payer_name,
            records: copied.records,
        };
        let stored = SnapshotRecord { snapshot: Some(snapshot.clone()), space: copied.space.0, sandbox: Some(record) };
        let commit = Commit {
            expected: vec![state.expected(&sandbox.id), (key.clone(), None)],
            writes: vec![(key, Some(records::encode(&stored))), copied.given()],
            appends: Vec::new(),
        };
        self.give(&copied, commit).map(|()| snapshot)
    }

    /// The snapshots of a sandbox after an id, in order of id.
    pub fn snapshots(
        &self,
        caller: &Caller,
        parent: &str,
        last: &str,
        limit: usize,
    ) -> Result<Vec<pb::Snapshot>, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let from = (!last.is_empty()).then(|| after(&keys::snapshot(&sandbox.id, last)));
        let pairs = records::slice(self.store.as_ref(), &keys::snapshots_of(&sandbox.id), from, limit)?;
        let shown = |pair| Ok(records::decode::<SnapshotRecord>(pair)?.snapshot.unwrap_or_default());
        pairs.iter().map(shown).collect()
    }

    /// A snapshot by its name.
    pub fn snapshot(&self, caller: &Caller, name: &str) -> Result<pb::Snapshot, Failure> {
        Ok(self.snapshot_record(caller, name)?.1.snapshot.unwrap_or_default())
    }

    /// Deletes a snapshot; what was branched from it stays.
    pub fn delete_snapshot(&self, caller: &Caller, name: &str) -> Result<(), Failure> {
        let _copying = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
        let (key, record) = self.snapshot_record(caller, name)?;
        let writes = vec![(key, None), (keys::garbage(Space(record.space)), Some(Bytes::new()))];
        self.commit_one(Commit { writes, ..Commit::default() })?;
        self.sweep_later();
        Ok(())
    }

    /// Makes a sandbox from a snapshot.
    pub fn branch_sandbox(&self, caller: &Caller, request: &pb::BranchSandboxRequest) -> Result<pb::Sandbox, Failure> {
        let _copying = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, snapshot) = self.snapshot_record(caller, &request.name)?;
        let id = match request.sandbox_id.as_str() {
            "" => format!("sandbox-{}", records::number(self.store.as_ref(), keys::last_space())? + 1),
            id => id.to_owned(),
        };
        check_id("sandbox_id", &id)?;
        let (key, name) = (keys::sandbox(&id), format!("sandboxes/{id}"));
        if records::one(self.store.as_ref(), Read::Point(key.clone()))?.pop().is_some() {
            return Err(Failure::NameTaken(name));
        }
        let from = parts(&request.name).map_or("", |(sandbox, _)| sandbox);
        let copied = self.copy(Space(snapshot.space), Some(&Renaming::new(from, &id)))?;
        let mut record = SandboxRecord { space: copied.space.0, ..snapshot.sandbox.unwrap_or_default() };
        if let Some(sandbox) = record.sandbox.as_mut() {
            sandbox.name.clone_from(&name);
            sandbox.branched_from.clone_from(&request.name);
            if let Some(clock) = sandbox.clock.as_mut() {
                clock.mode = pb::ClockMode::Frozen.into();
            }
        }
        let in_force = self.folder_of(&record)?;
        let mut commit =
            Commit { expected: vec![(key.clone(), None)], writes: vec![copied.given()], ..Commit::default() };
        let mut made = State::open(record, Bytes::new(), in_force, 0, Arc::default())?;
        self.tell(caller, "branch-sandbox", &mut made, &mut commit);
        commit.writes.push((key, Some(made.stored)));
        match self.give(&copied, commit) {
            Err(Failure::Conflict) => Err(Failure::NameTaken(name)),
            Err(other) => Err(other),
            Ok(()) => Ok(self.describe(self.sandbox(&Caller::anyone(), &name)?.as_ref())),
        }
    }

    /// Returns a sandbox to a snapshot of it.
    pub fn restore_snapshot(&self, caller: &Caller, name: &str) -> Result<pb::Sandbox, Failure> {
        let _copying = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, snapshot) = self.snapshot_record(caller, name)?;
        let sandbox = self.sandbox(caller, parts(name).map_or("", |(sandbox, _)| sandbox))?;
        let copied = self.copy(Space(snapshot.space), None)?;
        let mut state = sandbox.write();
        let mut record = SandboxRecord { space: copied.space.0, ..snapshot.sandbox.unwrap_or_default() };
        let turns = state.record.sandbox.as_ref().and_then(|s| s.clock.as_ref()).map_or(0, |clock| clock.epoch);
        if let Some(clock) = record.sandbox.as_mut().and_then(|sandbox| sandbox.clock.as_mut()) {
            clock.epoch = turns + 1;
        }
        let in_force = self.folder_of(&record)?;
        let commit = Commit {
            writes: vec![(keys::garbage(state.space()), Some(Bytes::new())), copied.given()],
            appends: vec![(state.space().log(), Bytes::new())],
            ..Commit::default()
        };
        let cause = (caller, "restore-snapshot");
        if let Err(failure) = self.replace(cause, &sandbox, &mut state, (record, in_force), commit) {
            self.forget_copy(copied.space)?;
            return Err(failure);
        }
        drop(state);
        self.sweep_later();
        Ok(self.describe(&sandbox))
    }

    /// What deletes the snapshots of a sandbox.
    pub(super) fn without_snapshots(&self, sandbox: &str) -> Result<Vec<(Key, Option<Bytes>)>, Failure> {
        let mut writes = Vec::new();
        for pair in records::all(self.store.as_ref(), &keys::snapshots_of(sandbox))? {
            let record: SnapshotRecord = records::decode(&pair)?;
            writes.push((pair.key, None));
            writes.push((keys::garbage(Space(record.space)), Some(Bytes::new())));
        }
        Ok(writes)
    }

    /// The payer in force in a sandbox.
    fn folder_of(&self, record: &SandboxRecord) -> Result<Arc<InForce>, Failure> {
        self.folder_in_force(record.revisions.last().map_or("", |r| &r.revision))
    }

    /// Gives a copy to somebody, or gives it up.
    fn give(&self, copied: &Copied, commit: Commit) -> Result<(), Failure> {
        let given = self.commit_one(commit);
        if matches!(given, Err(Failure::Conflict)) {
            self.forget_copy(copied.space)?;
        }
        given
    }

    /// An interchange whose claims are still being taken in would be half in the copy, and nobody would go on with it there.
    fn nothing_half_done(&self, sandbox: &str, state: &State) -> Result<(), Failure> {
        if state.gone {
            return Err(Failure::UnknownSandbox(sandbox.to_owned()));
        }
        let half_done = keys::unfinished_of(state.space());
        match records::slice(self.store.as_ref(), &half_done, None, 1)?.pop() {
            Some(_) => Err(Failure::Conflict),
            None => Ok(()),
        }
    }

    fn snapshot_record(&self, caller: &Caller, name: &str) -> Result<(Key, SnapshotRecord), Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (sandbox, id) = parts(name).ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, sandbox)?;
        let key = keys::snapshot(&sandbox.id, id);
        let record = records::get(self.store.as_ref(), key.clone())?.ok_or_else(unknown)?;
        Ok((key, record))
    }
}

/// Sandbox and snapshot of a snapshot's name, by id.
fn parts(name: &str) -> Option<(&str, &str)> {
    let (sandbox, id) = super::claims::split_name(name, COLLECTION)?;
    Some((sandbox.strip_prefix("sandboxes/")?, id))
}
