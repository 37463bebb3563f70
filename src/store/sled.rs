//! The embedded engine: sled 0.34, with the cures for its traps.
//!
//! - sled's `flush` hands the bytes to the system but does not sync them: after each group we sync the file ourselves.
//! - A kill while opening can leave a half-written `snap.*.generating`, which sled would read at the next open, and
//!   fail: we delete it before.
//! - A batch is atomic in one tree only: there is one tree, and a commit is never spread over two batches.
//! - Files under `blobs/` are never synced: see `pieces.rs`.
//! - Its threads can block each other for good if they write many buffers of 512 KiB at once while the file shrinks
//!   (spacejam/sled#1269, mended after 0.34): batches are small, and each is flushed before the next, in every store.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use sled::{Batch, Db, IVec};
use tempfile::TempDir;

use super::folder::{self, Folder};
use super::{
    Commit, CommitError, END, Key, LOG_NUMBER_BYTES, MAX_KEY_BYTES, Pair, Read, Store, StoreError, Value, pieces,
    prefix,
};

/// Brings the records of one format to the next. May be run again after a crash in its middle.
type Migration = fn(&Db) -> sled::Result<()>;

/// The first makes format 2 out of format 1, and so on.
const MIGRATIONS: &[Migration] = &[];

/// A record that is in every store, so that a log that was lost is not taken for a new one.
const FOUNDATION: &[u8] = &[END];

/// With this many bytes of keys and values a batch is full. sled writes up to about four times as many, so at most
/// about four buffers wait to be written, and it has seven threads to do so.
const BATCH_BYTES: usize = 512 << 10;

/// The last number of each log, by where its keys begin.
type Logs = BTreeMap<Key, u64>;

/// So many logs are remembered; then all are forgotten, and their last numbers read again.
const MAX_LOGS: usize = 10_000;

/// A store in a folder of this machine.
pub struct SledStore {
    // Dropped in this order: the log waits until the engine has let go of it, then the folder is given free or deleted.
    db: Db,
    log: LogFile,
    /// One writer at a time, who knows the last number of each log that was appended to.
    writing: Mutex<Logs>,
    /// Readers see no group half applied.
    applying: RwLock<()>,
    folder: Folder,
    /// Deletes the folder when dropped. Nothing in it needs to survive, so nothing is synced.
    ephemeral: Option<TempDir>,
}

impl SledStore {
    /// A small cache, in bytes: 64 MiB. sled takes up to about twice of what it is given.
    pub const DEFAULT_CACHE_BYTES: u64 = 64 << 20;

    /// Opens the store in a folder, made new if it is not there. A folder of an older payersim is brought up to date,
    /// one of a newer payersim refused, as is one that another process has open.
    pub fn open(path: impl AsRef<Path>, cache_bytes: u64) -> Result<Self, StoreError> {
        Self::start(path.as_ref(), cache_bytes, MIGRATIONS, None)
    }

    /// Opens a store that vanishes when it is dropped.
    pub fn ephemeral() -> Result<Self, StoreError> {
        let folder = tempfile::Builder::new().prefix("payersim-").tempdir();
        let unusable = |error: io::Error| StoreError::Unusable { path: std::env::temp_dir(), cause: error.to_string() };
        let folder = folder.map_err(unusable)?;
        let path = folder.path().to_owned();
        Self::start(&path, Self::DEFAULT_CACHE_BYTES, MIGRATIONS, Some(folder))
    }

    fn start(
        path: &Path,
        cache_bytes: u64,
        migrations: &[Migration],
        ephemeral: Option<TempDir>,
    ) -> Result<Self, StoreError> {
        let folder = Folder::open(path, format_after(migrations))?;
        let unusable = |error: io::Error| StoreError::Unusable { path: folder.path().into(), cause: error.to_string() };
        let engine = folder.engine();
        fs::create_dir_all(&engine).map_err(unusable)?;
        delete_half_snapshots(&engine).map_err(unusable)?;
        let db = open_engine(folder.path(), &engine, cache_bytes, ephemeral.is_some())?;
        let log = LogFile::open(&engine, ephemeral.is_none()).map_err(unusable)?;
        let mut store = Self { db, log, writing: Mutex::default(), applying: RwLock::default(), folder, ephemeral };
        store.bring_up_to_date(migrations)?;
        Ok(store)
    }

    fn bring_up_to_date(&mut self, migrations: &[Migration]) -> Result<(), StoreError> {
        let damaged = |cause: &str| Err(StoreError::Damaged { path: self.folder.path().into(), cause: cause.into() });
        let founded = self.db.contains_key(FOUNDATION).map_err(|error| self.failed(error))?;
        let Some(found) = self.folder.format else {
            if self.db.range(..FOUNDATION).next().is_some() {
                return damaged("there are records, but the format they have is lost");
            }
            self.db.insert(FOUNDATION, &[]).map_err(|error| self.failed(error))?;
            self.flush()?;
            self.sync()?;
            return self.folder.set_format(format_after(migrations));
        };
        if !founded {
            return damaged("its records are lost");
        }
        for (format, migration) in (1..).zip(migrations).filter(|(format, _)| *format >= found) {
            migration(&self.db).map_err(|error| self.failed(error))?;
            self.flush()?;
            self.sync()?;
            self.folder.set_format(format + 1)?;
        }
        Ok(())
    }

    fn answer(&self, read: &Read) -> Result<Vec<Pair>, StoreError> {
        match read {
            Read::Point(key) => {
                let pair = self.get(key)?.map(|value| Pair { key: key.clone(), value });
                Ok(pair.into_iter().collect())
            }
            Read::Range { from, to, reverse, limit } => {
                let to = to.as_slice().min(&[END]);
                if from.as_slice() >= to {
                    return Ok(Vec::new());
                }
                let range = self.db.range(from.as_slice()..to);
                let pair = |found: sled::Result<(IVec, IVec)>| {
                    let (key, record) = found.map_err(|error| self.failed(error))?;
                    Ok(Pair { value: self.value(&key, record)?, key: key.to_vec() })
                };
                if *reverse {
                    range.rev().take(*limit).map(pair).collect()
                } else {
                    range.take(*limit).map(pair).collect()
                }
            }
        }
    }

    fn get(&self, key: &[u8]) -> Result<Option<Value>, StoreError> {
        if reserved(key) {
            return Ok(None);
        }
        let record = self.db.get(key).map_err(|error| self.failed(error))?;
        record.map(|record| self.value(key, record)).transpose()
    }

    fn value(&self, key: &[u8], record: IVec) -> Result<Value, StoreError> {
        let value = pieces::value(&self.db, key, record).map_err(|error| self.failed(error))?;
        value.ok_or_else(|| {
            let cause = format!("a part of the record at {} is missing", key.escape_ascii());
            StoreError::Damaged { path: self.folder.path().into(), cause }
        })
    }

    /// Makes the commits of a group that may be made, in as few batches as is safe and with one sync.
    fn commit_group(&self, group: Vec<Commit>, logs: &mut Logs) -> Result<Vec<Result<(), CommitError>>, StoreError> {
        let mut answers = Vec::with_capacity(group.len());
        let mut staged = BTreeMap::new();
        let mut staged_bytes = 0;
        let mut applied = false;
        for commit in group {
            staged_bytes += written_bytes(&commit);
            match self.stage(commit, &mut staged, logs) {
                Err(CommitError::Store(error)) => return Err(error),
                answer => answers.push(answer),
            }
            if staged_bytes > BATCH_BYTES {
                self.apply(std::mem::take(&mut staged))?;
                (staged_bytes, applied) = (0, true);
            }
        }
        if !staged.is_empty() {
            self.apply(staged)?;
            applied = true;
        }
        if applied {
            self.sync()?;
        }
        Ok(answers)
    }

    /// Adds the writes of one commit to those of the group before it, if all is as it expects.
    fn stage(
        &self,
        commit: Commit,
        staged: &mut BTreeMap<Key, Option<Value>>,
        logs: &mut Logs,
    ) -> Result<(), CommitError> {
        for (key, expected) in commit.expected {
            let as_expected = match staged.get(&key) {
                Some(value) => *value == expected,
                None => self.get(&key)? == expected,
            };
            if !as_expected {
                return Err(CommitError::Conflict { key });
            }
        }
        let bad = |key: &Key| key.is_empty() || key.len() > MAX_KEY_BYTES || reserved(key);
        if let Some((key, _)) = commit.writes.iter().find(|(key, _)| bad(key)) {
            return Err(CommitError::BadKey { key: key.clone() });
        }
        let bad_log = |log: &Key| bad(log) || log.len() + LOG_NUMBER_BYTES > MAX_KEY_BYTES;
        if let Some((log, _)) = commit.appends.iter().find(|(log, _)| bad_log(log)) {
            return Err(CommitError::BadKey { key: log.clone() });
        }
        staged.extend(commit.writes);
        for (log, value) in commit.appends {
            let number = 1 + match logs.get(&log) {
                Some(last) => *last,
                None => self.last_of(&log)?,
            };
            staged.insert([log.as_slice(), &number.to_be_bytes()].concat(), Some(value));
            logs.insert(log, number);
        }
        Ok(())
    }

    /// The last number of a log in the store.
    fn last_of(&self, log: &[u8]) -> Result<u64, StoreError> {
        let (from, to) = prefix(log);
        let last = self.db.range(from..to).next_back().transpose().map_err(|error| self.failed(error))?;
        let number = last.and_then(|(key, _)| key.get(log.len()..)?.try_into().ok());
        Ok(number.map_or(0, u64::from_be_bytes))
    }

    fn apply(&self, staged: BTreeMap<Key, Option<Value>>) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        for (key, value) in staged {
            let before = self.db.get(&key).map_err(|error| self.failed(error))?;
            pieces::write(&mut batch, &key, value.as_ref(), before.as_ref());
        }
        let alone = self.applying.write().unwrap_or_else(PoisonError::into_inner);
        self.db.apply_batch(batch).map_err(|error| self.failed(error))?;
        drop(alone);
        self.flush()
    }

    /// Hands all that was applied to the system.
    fn flush(&self) -> Result<(), StoreError> {
        self.db.flush().map(drop).map_err(|error| self.failed(error))
    }

    /// Makes all that was flushed survive a crash of the machine.
    fn sync(&self) -> Result<(), StoreError> {
        if self.ephemeral.is_some() {
            return Ok(());
        }
        self.log.sync().map_err(|error| self.failed(error))
    }

    fn failed(&self, error: impl ToString) -> StoreError {
        StoreError::Failed { path: self.folder.path().into(), cause: error.to_string() }
    }
}

impl Store for SledStore {
    fn read(&self, reads: &[Read]) -> Result<Vec<Vec<Pair>>, StoreError> {
        let _still = self.applying.read().unwrap_or_else(PoisonError::into_inner);
        reads.iter().map(|read| self.answer(read)).collect()
    }

    fn commit(&self, group: Vec<Commit>) -> Vec<Result<(), CommitError>> {
        let mut logs = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if logs.len() > MAX_LOGS {
            logs.clear();
        }
        let count = group.len();
        self.commit_group(group, &mut logs).unwrap_or_else(|error| vec![Err(error.into()); count])
    }
}

/// The file in which sled keeps everything.
struct LogFile {
    file: File,
    /// How often it was synced; the tests look here.
    syncs: AtomicU64,
}

impl LogFile {
    /// The log that sled has just opened. From here on it is in its directory, come what may.
    fn open(engine: &Path, durable: bool) -> io::Result<Self> {
        let file = File::options().read(true).write(true).open(engine.join("db"))?;
        if durable {
            File::options().write(true).open(engine.join("conf"))?.sync_all()?;
            file.sync_all()?;
            folder::sync_names(engine)?;
        }
        Ok(Self { file, syncs: AtomicU64::new(0) })
    }

    fn sync(&self) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.file.sync_data()
    }
}

impl Drop for LogFile {
    /// sled's threads hold the file, and their lock on it, a little longer than sled itself: wait for them, so that
    /// whoever opens the folder next finds it free.
    fn drop(&mut self) {
        let _ = self.file.lock();
    }
}

fn written_bytes(commit: &Commit) -> usize {
    let written = commit.writes.iter().map(|(key, value)| key.len() + value.as_ref().map_or(0, Value::len));
    written.chain(commit.appends.iter().map(|(log, value)| log.len() + LOG_NUMBER_BYTES + value.len())).sum()
}

fn reserved(key: &[u8]) -> bool {
    key.first() == Some(&END)
}

fn format_after(migrations: &[Migration]) -> u32 {
    migrations.iter().fold(1, |format, _| format + 1)
}

fn delete_half_snapshots(engine: &Path) -> io::Result<()> {
    for file in fs::read_dir(engine)? {
        let path: PathBuf = file?.path();
        if path.extension().is_some_and(|extension| extension == "generating") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn open_engine(folder: &Path, engine: &Path, cache_bytes: u64, ephemeral: bool) -> Result<Db, StoreError> {
    // We flush after each group, so sled need not do it in the background.
    let config = sled::Config::new().path(engine).cache_capacity(cache_bytes).flush_every_ms(None).temporary(ephemeral);
    let damaged = |cause: String| StoreError::Damaged { path: folder.into(), cause };
    // sled panics over some damage, and over other says what it is.
    let opened = catch_unwind(AssertUnwindSafe(|| config.open()));
    opened.map_err(|_| damaged("its log cannot be read".into()))?.map_err(|error| match error {
        sled::Error::Io(error) => StoreError::Unusable { path: folder.into(), cause: error.to_string() },
        error => damaged(error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(key: &str, value: &'static str) -> Commit {
        Commit { writes: vec![(key.into(), Some(value.into()))], ..Commit::default() }
    }

    fn open(path: &Path) -> Result<SledStore, StoreError> {
        SledStore::open(path, SledStore::DEFAULT_CACHE_BYTES)
    }

    fn point(store: &SledStore, key: &str) -> Option<Value> {
        store.get(key.as_bytes()).unwrap()
    }

    /// `flush` alone does not survive a crash of the machine: 10 of 10 stores were lost.
    #[test]
    fn each_group_syncs_the_log_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).unwrap();
        let syncs = || store.log.syncs.load(Ordering::Relaxed);
        assert_eq!(syncs(), 1, "the new folder itself");
        store.commit(vec![put("a", "1"), put("b", "2"), put("c", "3")]);
        assert_eq!(syncs(), 2);
        store.commit(vec![put("a", "4")]);
        assert_eq!(syncs(), 3);
        store.commit(vec![Commit::default()]);
        assert_eq!(syncs(), 3, "nothing to sync");
    }

    /// What is not flushed piles up, and sled's threads block each other.
    #[test]
    fn nothing_waits_to_be_flushed() {
        let folder = tempfile::tempdir().unwrap();
        for store in [open(folder.path()).unwrap(), SledStore::ephemeral().unwrap()] {
            store.commit(vec![put("a", "1")]);
            assert_eq!(store.db.flush().unwrap(), 0);
        }
    }

    #[test]
    fn a_group_of_many_batches_is_one_group() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).unwrap();
        let step = |from: u8| Commit {
            expected: vec![(b"a".to_vec(), Some(vec![from; BATCH_BYTES / 2].into()))],
            writes: vec![(b"a".to_vec(), Some(vec![from + 1; BATCH_BYTES / 2].into()))],
            appends: vec![],
        };
        store.commit(vec![Commit { expected: vec![], ..step(0) }]);
        let syncs = store.log.syncs.load(Ordering::Relaxed);
        let answers = store.commit((1..9).chain([3]).map(step).collect());
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 8);
        assert_eq!(answers.last(), Some(&Err(CommitError::Conflict { key: b"a".to_vec() })));
        assert_eq!(store.log.syncs.load(Ordering::Relaxed), syncs + 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_file_that_is_synced_is_the_one_that_sled_writes() {
        use std::os::unix::fs::MetadataExt;
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).unwrap();
        let inode = store.log.file.metadata().unwrap().ino();
        let before = store.log.file.metadata().unwrap().blocks();
        let large = Value::from(vec![7; 3 << 20]);
        store.commit(vec![Commit { writes: vec![(b"a".to_vec(), Some(large))], ..Commit::default() }]);
        assert!(store.log.file.metadata().unwrap().blocks() > before);
        assert_eq!(fs::metadata(folder.path().join("sled/db")).unwrap().ino(), inode);
    }

    /// sled sorts it behind the whole ones, reads it first and gives up: "corruption".
    #[test]
    fn a_half_written_snapshot_does_not_stop_the_next_open() {
        let folder = tempfile::tempdir().unwrap();
        open(folder.path()).unwrap().commit(vec![put("a", "1")]);
        let half = folder.path().join("sled/snap.00000000000FFFFF.generating");
        fs::write(&half, b"half").unwrap();
        assert!(open_engine(folder.path(), &folder.path().join("sled"), 1 << 20, false).is_err(), "the trap is gone?");
        let store = open(folder.path()).unwrap();
        assert_eq!(point(&store, "a"), Some("1".into()));
        assert!(!half.exists());
    }

    /// sled never syncs what it puts under `blobs/`. It does so when one record, or all of a page together, pass
    /// 128 KiB: so here are both, and keys as long as they may be.
    #[test]
    fn nothing_lies_outside_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).unwrap();
        for round in 0..40_u8 {
            let writes = (0..40_u8).map(|number| {
                let mut key = vec![b'k'; MAX_KEY_BYTES];
                key[200] = number ^ round;
                (key, Some(Value::from(vec![number; 4096 + usize::from(round) * 1000])))
            });
            let answers = store.commit(vec![Commit { writes: writes.collect(), ..Commit::default() }]);
            assert_eq!(answers, [Ok(())]);
        }
        assert_eq!(fs::read_dir(folder.path().join("sled/blobs")).unwrap().count(), 0);
    }

    /// Beside the values there is the one record that every store has.
    #[test]
    fn a_value_leaves_no_piece_behind() {
        let store = SledStore::ephemeral().unwrap();
        for length in [0, 4096, 4097, 100_000, 8192, 8193, 5, 20_000] {
            let value = Value::from(vec![1; length]);
            store.commit(vec![Commit { writes: vec![(b"a".to_vec(), Some(value.clone()))], ..Commit::default() }]);
            assert_eq!(point(&store, "a"), Some(value));
            let pieces = if length <= 4096 { 0 } else { length.div_ceil(4096) };
            assert_eq!(store.db.len(), 1 + pieces + 1);
        }
        store.commit(vec![Commit { writes: vec![(b"a".to_vec(), None)], ..Commit::default() }]);
        assert_eq!(store.db.len(), 1);
    }

    #[test]
    fn an_older_folder_is_brought_up_to_date_once() {
        fn shout(db: &Db) -> sled::Result<()> {
            let old = db.get("a")?.unwrap_or_default();
            db.insert("a", [&old, b"!".as_slice()].concat()).map(drop)
        }
        let folder = tempfile::tempdir().unwrap();
        open(folder.path()).unwrap().commit(vec![put("a", "1")]);
        for _ in 0..2 {
            let store = SledStore::start(folder.path(), 1 << 20, &[shout, shout], None).unwrap();
            assert_eq!(point(&store, "a"), Some("1!!".into()));
        }
        let refused = open(folder.path()).err().unwrap();
        let path = folder.path().canonicalize().unwrap();
        assert_eq!(refused, StoreError::NewerVersion { path, found: 3, known: 1 });
    }
}
