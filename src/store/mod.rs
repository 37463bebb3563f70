//! Bytes and revisions: one ordered key space with atomic, conditional, durable commits.
//!
//! This floor knows nothing of claims. Others say what the keys and values are; a revision is the value of a key
//! that a commit expects to be still there.

mod committer;
mod folder;
pub mod keys;
mod pieces;
mod sled;

pub use committer::{Committer, Listener};
pub use sled::SledStore;

use std::path::PathBuf;

use bytes::Bytes;

/// Where a record stands: 1 to [`MAX_KEY_BYTES`] bytes, the first not `0xFF`, which the engines keep for themselves.
pub type Key = Vec<u8>;

/// Bytes of the number that the store adds to the key of a log.
pub const LOG_NUMBER_BYTES: usize = 8;

/// What stands there, of any length. Cheap to clone.
pub type Value = Bytes;

/// The longest key. (With it, a full page of sled's stays small enough to be kept in its log: see `pieces.rs`.)
pub const MAX_KEY_BYTES: usize = 400;

/// Above every key.
const END: u8 = 0xFF;

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Where it stands.
    pub key: Key,
    /// What it says.
    pub value: Value,
}

/// One question to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// The record at a key: answers with one pair or none.
    Point(Key),
    /// The records from a key up to, without, another. To go on after a key, see [`after`]; for all keys with the same
    /// beginning, [`prefix`].
    Range {
        /// The first key that may be in the answer.
        from: Key,
        /// The first key that may not.
        to: Key,
        /// From the last to the first; `limit` then counts from the end.
        reverse: bool,
        /// The most pairs to answer with.
        limit: usize,
    },
}

/// The smallest key greater than this one, to go on after it.
pub fn after(key: &[u8]) -> Key {
    [key, &[0]].concat()
}

/// The bounds, for [`Read::Range`], of all keys that begin so. Nothing begins every key.
pub fn prefix(start: &[u8]) -> (Key, Key) {
    let kept = start.iter().rposition(|byte| *byte != u8::MAX).map_or(0, |last| last + 1);
    let mut to = start.get(..kept).unwrap_or_default().to_vec();
    match to.last_mut() {
        Some(last) => *last += 1,
        None => to.push(END),
    }
    (start.to_vec(), to)
}

/// Writes that stand or fall together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commit {
    /// What each key must hold for this commit to be made; `None`: nothing.
    pub expected: Vec<(Key, Option<Value>)>,
    /// What each key holds afterwards; `None` deletes it. Of two writes to a key, the last one counts.
    pub writes: Vec<(Key, Option<Value>)>,
    /// What is appended to logs: where the log's keys begin, and the value. The store adds the number, eight bytes big-endian, counting
    /// from 1 in the order in which commits are made, without gaps. A log is deleted whole or not at all.
    pub appends: Vec<(Key, Value)>,
}

/// An engine. Called from worker threads only: it blocks.
pub trait Store: Send + Sync {
    /// Answers all questions from one and the same state, in their order. The state holds every commit that was
    /// acknowledged, and perhaps a group that is just being made durable; whoever must not tell of that one yet sends
    /// an empty [`Commit`] after reading and waits for its answer. Writers wait for readers: read long ranges in slices.
    fn read(&self, reads: &[Read]) -> Result<Vec<Vec<Pair>>, StoreError>;

    /// Makes commits one after the other, each whole or not at all and seeing those before it, and answers in their
    /// order. What is answered with `Ok` is durable: a crash of the machine does not undo it.
    ///
    /// After a [`CommitError::Store`] nobody knows what is on the disk, and no later answer may be trusted: send
    /// commits through a [`Committer`], which sees to that.
    fn commit(&self, group: Vec<Commit>) -> Vec<Result<(), CommitError>>;
}

/// Why a commit was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// A key does not hold what the commit expected: read again, decide again.
    #[error("the record at {} was changed by another commit", key.escape_ascii())]
    Conflict {
        /// The first such key.
        key: Key,
    },
    /// A key that no store takes: empty, too long, or reserved.
    #[error("a key must have 1 to {MAX_KEY_BYTES} bytes and not begin with 0xFF: {}", key.escape_ascii())]
    BadKey {
        /// That key.
        key: Key,
    },
    /// The store failed: stop.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What went wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The folder was written by a later payersim.
    #[error(
        "the data folder {} has format {found}, and this payersim knows none above {known}: \
         run a newer payersim, or choose another folder with --data",
        path.display()
    )]
    NewerVersion {
        /// The data folder.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format that we know.
        known: u32,
    },
    /// Another process has the folder open.
    #[error(
        "the data folder {} is in use by another payersim: stop that one, or choose another folder with --data",
        path.display()
    )]
    InUse {
        /// The data folder.
        path: PathBuf,
    },
    /// The system does not let us have the folder.
    #[error(
        "cannot use the data folder {}: {cause}. Make it a folder that may be written, \
         or choose another with --data",
        path.display()
    )]
    Unusable {
        /// The data folder.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// What is in the folder makes no sense.
    #[error(
        "the data in {} is damaged: {cause}. Put back a copy of the folder, or choose another with --data",
        path.display()
    )]
    Damaged {
        /// The data folder.
        path: PathBuf,
        /// What makes no sense.
        cause: String,
    },
    /// Reading or writing failed while running.
    #[error(
        "the store in {} failed: {cause}. Nothing that was answered is lost; see to the disk and start payersim again",
        path.display()
    )]
    Failed {
        /// The data folder.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// The thread that commits has ended.
    #[error("the store has stopped taking commits: start payersim again")]
    Stopped,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_before_the_next_key_that_begins_otherwise() {
        assert_eq!(prefix(b"ab"), (b"ab".to_vec(), b"ac".to_vec()));
        assert_eq!(prefix(b"a\xff\xff"), (b"a\xff\xff".to_vec(), b"b".to_vec()));
        assert_eq!(prefix(b""), (b"".to_vec(), b"\xff".to_vec()));
    }

    #[test]
    fn nothing_lies_between_a_key_and_the_one_after_it() {
        assert_eq!(after(b"ab"), b"ab\0");
    }

    #[test]
    fn an_error_names_the_folder_and_the_remedy() {
        let error = StoreError::InUse { path: "clinic/data".into() }.to_string();
        assert!(error.contains("clinic/data") && error.contains("--data"), "{error}");
    }
}
