//! What every store does with what is appended to its logs.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::thread;

use payersim::store::{Commit, CommitError, Committer, Pair, Read, SledStore, Store, prefix};

const LOG: &[u8] = b"log/";

fn append(text: &str) -> Commit {
    Commit { appends: vec![(LOG.to_vec(), text.to_owned().into())], ..Commit::default() }
}

/// The numbers and the texts of a log.
fn entries(store: &dyn Store, log: &[u8]) -> Vec<(u64, String)> {
    let (from, to) = prefix(log);
    let pairs = store.read(&[Read::Range { from, to, reverse: false, limit: usize::MAX }]).unwrap().concat();
    let entry = |Pair { key, value }: Pair| {
        let number = u64::from_be_bytes(key.strip_prefix(log).unwrap().try_into().unwrap());
        (number, String::from_utf8(value.to_vec()).unwrap())
    };
    pairs.into_iter().map(entry).collect()
}

fn numbered(texts: &[&str]) -> Vec<(u64, String)> {
    (1..).zip(texts.iter().map(|text| (*text).to_owned())).collect()
}

#[test]
fn a_log_counts_in_the_order_of_commits_and_each_log_by_itself() {
    let store = SledStore::ephemeral().unwrap();
    let both = Commit {
        appends: vec![(LOG.to_vec(), "b".into()), (b"lot/".to_vec(), "x".into()), (LOG.to_vec(), "c".into())],
        ..Commit::default()
    };
    assert_eq!(store.commit(vec![append("a"), both, append("d")]), [Ok(()), Ok(()), Ok(())]);
    store.commit(vec![append("e")]);
    assert_eq!(entries(&store, LOG), numbered(&["a", "b", "c", "d", "e"]));
    assert_eq!(entries(&store, b"lot/"), numbered(&["x"]));
}

#[test]
fn a_commit_that_is_not_made_takes_no_number() {
    let store = SledStore::ephemeral().unwrap();
    let missed = |commit: Commit| Commit { expected: vec![(b"head".to_vec(), Some("there".into()))], ..commit };
    let bad = Commit { writes: vec![(vec![], None)], ..append("bad") };
    let long = Commit { appends: vec![(vec![b'l'; 393], "".into())], ..append("long") };
    let answers = store.commit(vec![append("a"), missed(append("lost")), bad, long, append("b")]);
    assert_eq!(answers[1], Err(CommitError::Conflict { key: b"head".to_vec() }));
    assert_eq!(answers[2], Err(CommitError::BadKey { key: vec![] }));
    assert_eq!(answers[3], Err(CommitError::BadKey { key: vec![b'l'; 393] }));
    assert_eq!(entries(&store, LOG), numbered(&["a", "b"]));
}

#[test]
fn a_log_goes_on_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["a", "b", "c"] {
        let store = SledStore::open(folder.path(), SledStore::DEFAULT_CACHE_BYTES).unwrap();
        assert_eq!(store.commit(vec![append(text)]), [Ok(())]);
    }
    let store = SledStore::open(folder.path(), SledStore::DEFAULT_CACHE_BYTES).unwrap();
    assert_eq!(entries(&store, LOG), numbered(&["a", "b", "c"]));
}

/// Each thread's entries stand in the order in which it made them, without a gap, and the listener heard of the log.
#[test]
fn many_threads_append_to_one_log() {
    let store = Arc::new(SledStore::ephemeral().unwrap());
    let heard = Arc::new(Mutex::new(BTreeSet::new()));
    let hears = Arc::clone(&heard);
    let listener = Box::new(move |logs: &BTreeSet<Vec<u8>>| hears.lock().unwrap().extend(logs.clone()));
    let committer = Committer::start_telling(store.clone(), listener).unwrap();
    thread::scope(|scope| {
        for thread in 0..8 {
            let committer = &committer;
            scope.spawn(move || {
                for at in 0..50 {
                    let answers = committer.commit(vec![append(&format!("{thread} {at:02}"))]);
                    assert_eq!(answers, [Ok(())]);
                }
            });
        }
    });
    drop(committer);
    let entries = entries(store.as_ref(), LOG);
    assert!(entries.iter().map(|(number, _)| *number).eq(1..=400));
    for thread in 0..8 {
        let own = entries.iter().filter_map(|(_, text)| text.strip_prefix(&format!("{thread} ")));
        assert!(own.map(str::to_owned).eq((0..50).map(|at| format!("{at:02}"))));
    }
    assert_eq!(*heard.lock().unwrap(), BTreeSet::from([LOG.to_vec()]));
}
