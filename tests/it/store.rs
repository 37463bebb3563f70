//! What every store does, and what the embedded one does when it is killed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::ops::Bound;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use payersim::store::{
    Commit, CommitError, Committer, Key, Pair, Read, SledStore, Store, StoreError, Value, after, prefix,
};
use proptest::prelude::*;

fn key(text: &str) -> Key {
    text.as_bytes().to_vec()
}

fn value(text: &str) -> Option<Value> {
    Some(Value::copy_from_slice(text.as_bytes()))
}

fn put(writes: &[(&str, &str)]) -> Commit {
    Commit { writes: writes.iter().map(|(at, text)| (key(at), value(text))).collect(), ..Commit::default() }
}

fn range(bounds: (Key, Key)) -> Read {
    Read::Range { from: bounds.0, to: bounds.1, reverse: false, limit: usize::MAX }
}

fn get(store: &dyn Store, at: &str) -> Option<Value> {
    let mut answers = store.read(&[Read::Point(key(at))]).unwrap();
    answers.pop().unwrap().pop().map(|pair| pair.value)
}

/// The keys that one question is answered with.
fn keys(store: &dyn Store, read: Read) -> Vec<String> {
    let answers = store.read(&[read]).unwrap();
    answers.into_iter().flatten().map(|pair| String::from_utf8(pair.key).unwrap()).collect()
}

fn open(path: &Path) -> Result<SledStore, StoreError> {
    SledStore::open(path, SledStore::DEFAULT_CACHE_BYTES)
}

/// Every engine keeps to this. Each part uses keys of its own.
fn suite(store: &dyn Store) {
    answers_are_in_the_order_of_the_questions(store);
    ranges_go_both_ways_and_stop(store);
    a_commit_is_made_whole_or_not_at_all(store);
    a_commit_sees_those_before_it_in_its_group(store);
    what_is_deleted_is_gone(store);
    long_values_come_back_whole(store);
    bad_keys_are_refused(store);
}

fn answers_are_in_the_order_of_the_questions(store: &dyn Store) {
    store.commit(vec![put(&[("order/a", "1"), ("order/b", "2")])]);
    let pair = |at: &str, text: &str| Pair { key: key(at), value: value(text).unwrap() };
    let (a, b) = (pair("order/a", "1"), pair("order/b", "2"));
    let questions = [Read::Point(key("order/b")), Read::Point(key("order/none")), range(prefix(b"order/"))];
    assert_eq!(store.read(&questions).unwrap(), [vec![b.clone()], vec![], vec![a, b]]);
    assert!(store.read(&[]).unwrap().is_empty());
}

fn ranges_go_both_ways_and_stop(store: &dyn Store) {
    store.commit(vec![put(&[("range/a", ""), ("range/b", ""), ("range/b0", ""), ("range/c", ""), ("rangf", "")])]);
    let read = |from: &str, to: &str, reverse, limit| {
        keys(store, Read::Range { from: key(from), to: key(to), reverse, limit })
    };
    assert_eq!(read("range/", "range0", false, 9), ["range/a", "range/b", "range/b0", "range/c"]);
    assert_eq!(read("range/", "range0", false, 2), ["range/a", "range/b"]);
    assert_eq!(read("range/", "range0", true, 2), ["range/c", "range/b0"]);
    assert_eq!(read("range/a", "range/c", true, 9), ["range/b0", "range/b", "range/a"], "the end is not part of it");
    assert_eq!(read("range/c", "range/a", false, 9), [""; 0], "turned round");
    assert_eq!(read("range/a", "range/a", false, 9), [""; 0]);
    assert_eq!(read("range/", "range0", false, 0), [""; 0]);
    let next = (after(b"range/b"), key("range0"));
    assert_eq!(keys(store, range(next)), ["range/b0", "range/c"]);
    assert_eq!(keys(store, range(prefix(b"range/b"))), ["range/b", "range/b0"]);
}

fn a_commit_is_made_whole_or_not_at_all(store: &dyn Store) {
    store.commit(vec![put(&[("whole/revision", "1")])]);
    let write = |expected: &str, text: &str| Commit {
        expected: vec![(key("whole/new"), None), (key("whole/revision"), value(expected))],
        ..put(&[("whole/a", text), ("whole/revision", text)])
    };
    let conflict = |at: &str| Err(CommitError::Conflict { key: key(at) });
    assert_eq!(store.commit(vec![write("0", "2")]), [conflict("whole/revision")]);
    assert_eq!((get(store, "whole/a"), get(store, "whole/revision")), (None, value("1")));
    assert_eq!(store.commit(vec![write("1", "2")]), [Ok(())]);
    assert_eq!((get(store, "whole/a"), get(store, "whole/revision")), (value("2"), value("2")));
    store.commit(vec![put(&[("whole/new", "")])]);
    assert_eq!(store.commit(vec![write("2", "3")]), [conflict("whole/new")], "an empty value is a value");
}

fn a_commit_sees_those_before_it_in_its_group(store: &dyn Store) {
    let step = |from: Option<Value>, to: &str| Commit { expected: vec![(key("group"), from)], ..put(&[("group", to)]) };
    let conflict = Err(CommitError::Conflict { key: key("group") });
    let group = vec![step(None, "1"), step(None, "lost"), step(value("1"), "2"), step(value("lost"), "lost")];
    assert_eq!(store.commit(group), [Ok(()), conflict.clone(), Ok(()), conflict]);
    assert_eq!(get(store, "group"), value("2"));
}

fn what_is_deleted_is_gone(store: &dyn Store) {
    let delete = || Commit { writes: vec![(key("gone/a"), None)], ..Commit::default() };
    store.commit(vec![put(&[("gone/a", "1"), ("gone/b", "2")]), delete()]);
    assert_eq!(keys(store, range(prefix(b"gone/"))), ["gone/b"]);
    assert_eq!(store.commit(vec![delete()]), [Ok(())], "nothing to delete is no error");
    assert_eq!(store.commit(vec![delete(), put(&[("gone/a", "3")])]), [Ok(()), Ok(())]);
    assert_eq!(get(store, "gone/a"), value("3"));
}

fn long_values_come_back_whole(store: &dyn Store) {
    for length in [0, 1, 4_095, 4_096, 4_097, 1_000_000, 8_192] {
        let long = Value::from((0..length).map(|at| (at % 251) as u8).collect::<Vec<_>>());
        let commit = |expected| Commit { expected, writes: vec![(key("long/a"), Some(long.clone()))], appends: vec![] };
        assert_eq!(store.commit(vec![commit(vec![])]), [Ok(())]);
        assert_eq!(store.commit(vec![commit(vec![(key("long/a"), Some(long.clone()))])]), [Ok(())]);
        assert_eq!(keys(store, range(prefix(b"long/"))), ["long/a"]);
        assert_eq!(get(store, "long/a"), Some(long.clone()));
    }
    let everything = keys(store, range(prefix(b"")));
    assert!(everything.contains(&"long/a".into()) && everything.contains(&"group".into()), "{everything:?}");
}

fn bad_keys_are_refused(store: &dyn Store) {
    for bad in [vec![], vec![b'k'; 401], b"\xffk".to_vec()] {
        let commit = Commit { writes: vec![(key("bad"), value("")), (bad.clone(), value(""))], ..Commit::default() };
        assert_eq!(store.commit(vec![commit]), [Err(CommitError::BadKey { key: bad })]);
    }
    assert_eq!(get(store, "bad"), None);
    assert_eq!(store.commit(vec![put(&[(&"k".repeat(400), "")])]), [Ok(())]);
}

#[test]
fn sled_in_a_folder_is_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    suite(&store);
    let before = store.read(&[range(prefix(b""))]).unwrap();
    drop(store);
    let store = open(folder.path()).unwrap();
    assert_eq!(store.read(&[range(prefix(b""))]).unwrap(), before, "all of it is there after a restart");
}

#[test]
fn an_ephemeral_sled_is_a_store() {
    suite(&SledStore::ephemeral().unwrap());
}

#[test]
fn commits_from_many_threads_all_land() {
    let store = Arc::new(SledStore::ephemeral().unwrap());
    let committer = Committer::start(store.clone()).unwrap();
    // All add to one counter, each on what it read: a conflict means another one was faster.
    let add_one = || {
        loop {
            let before = get(store.as_ref(), "counter");
            let number: u32 = before.as_ref().map_or(0, |text| str::from_utf8(text).unwrap().parse().unwrap());
            let mine = format!("mine/{number}");
            let writes = put(&[("counter", &(number + 1).to_string()), (&mine, "")]);
            let answers = committer.commit(vec![Commit { expected: vec![(key("counter"), before)], ..writes }]);
            if answers == [Ok(())] {
                return;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..25).for_each(|_| add_one()));
        }
    });
    assert_eq!(get(store.as_ref(), "counter"), value("200"));
    assert_eq!(keys(store.as_ref(), range(prefix(b"mine/"))).len(), 200);
}

#[test]
fn a_committer_finishes_what_waits_before_it_ends() {
    let store = Arc::new(SledStore::ephemeral().unwrap());
    let committer = Committer::start(store.clone()).unwrap();
    let acknowledged = Arc::new(AtomicU32::new(0));
    for number in 0..3_000 {
        let acknowledged = acknowledged.clone();
        committer.submit(vec![put(&[(&format!("{number:04}"), "")])], move |answers| {
            assert_eq!(answers, [Ok(())]);
            acknowledged.fetch_add(1, Ordering::Relaxed);
        });
    }
    drop(committer);
    assert_eq!(acknowledged.load(Ordering::Relaxed), 3_000);
    assert_eq!(keys(store.as_ref(), range(prefix(b""))).len(), 3_000);
}

/// A disk that is full for the second commit only.
struct Faulty(SledStore, AtomicU32);

impl Store for Faulty {
    fn read(&self, reads: &[Read]) -> Result<Vec<Vec<Pair>>, StoreError> {
        self.0.read(reads)
    }

    fn commit(&self, group: Vec<Commit>) -> Vec<Result<(), CommitError>> {
        if self.1.fetch_add(1, Ordering::Relaxed) == 1 {
            vec![Err(disk_full()); group.len()]
        } else {
            self.0.commit(group)
        }
    }
}

fn disk_full() -> CommitError {
    StoreError::Failed { path: "data".into(), cause: "disk full".into() }.into()
}

#[test]
fn after_a_failure_nothing_is_acknowledged() {
    let store = Arc::new(Faulty(SledStore::ephemeral().unwrap(), AtomicU32::new(0)));
    let committer = Committer::start(store.clone()).unwrap();
    let commit = |at| committer.commit(vec![put(&[(at, "")])]);
    assert_eq!(commit("a"), [Ok(())]);
    assert_eq!(commit("b"), [Err(disk_full())]);
    assert_eq!(commit("c"), [Err(disk_full())]);
    assert_eq!(keys(store.as_ref(), range(prefix(b""))), ["a"]);
}

/// Readers beside a writer see both records of a commit or neither, whichever way they look.
#[test]
fn a_reader_sees_no_half_of_a_commit() {
    let store = SledStore::ephemeral().unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..500 {
                let text = format!("{number}").repeat(3_000);
                store.commit(vec![put(&[("left", &text), ("right", &text)])]);
            }
        });
        while !writer.is_finished() {
            let answers = store.read(&[Read::Point(key("left")), range(prefix(b"right"))]).unwrap();
            let values: BTreeSet<_> = answers.iter().map(|pairs| pairs.first().map(|pair| &pair.value)).collect();
            assert_eq!(values.len(), 1);
        }
    });
}

#[test]
fn a_folder_is_opened_by_one_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    let refused = open(folder.path()).err().unwrap();
    assert_eq!(refused, StoreError::InUse { path: folder.path().canonicalize().unwrap() });
    drop(store);
    for number in 0..50 {
        let store = open(folder.path()).unwrap();
        assert_eq!(store.commit(vec![put(&[("a", &number.to_string())])]), [Ok(())], "free again at once");
    }
}

#[test]
fn a_file_is_no_folder() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let refused = open(file.path()).err().unwrap();
    assert!(matches!(refused, StoreError::Unusable { .. }), "{refused}");
}

#[test]
fn a_folder_that_lost_a_part_is_not_taken_for_a_new_one() {
    let refused = |damage: fn(&Path) -> std::io::Result<()>| {
        let folder = tempfile::tempdir().unwrap();
        open(folder.path()).unwrap().commit(vec![put(&[("a", "1")])]);
        damage(folder.path()).unwrap();
        let refused = open(folder.path()).err().unwrap();
        assert!(matches!(refused, StoreError::Damaged { .. }), "{refused}");
    };
    refused(|folder| std::fs::remove_file(folder.join("payersim-format")));
    refused(|folder| std::fs::write(folder.join("payersim-format"), "zero"));
    refused(|folder| std::fs::write(folder.join("payersim-format"), "0"));
    refused(|folder| std::fs::write(folder.join("sled/db"), ""));
    refused(|folder| std::fs::write(folder.join("sled/db"), vec![7; 1 << 20]));
    refused(|folder| std::fs::remove_dir_all(folder.join("sled")));
}

/// A process was killed while it made the folder: nobody was told yet that it is there.
#[test]
fn a_folder_that_was_never_finished_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    std::fs::write(folder.path().join("payersim-format"), "").unwrap();
    drop(open(folder.path()).unwrap());
    assert_eq!(std::fs::read_to_string(folder.path().join("payersim-format")).unwrap(), "1\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A store is a sorted map: whatever is done to both, in groups of any size, both say the same.
    #[test]
    fn a_store_is_a_sorted_map(groups in prop::collection::vec(prop::collection::vec(commits(), 0..6), 1..30)) {
        let store = SledStore::ephemeral().unwrap();
        let mut map = BTreeMap::new();
        for group in groups {
            let answers = store.commit(group.clone());
            prop_assert_eq!(answers, group.into_iter().map(|commit| commit_to_map(&mut map, commit)).collect::<Vec<_>>());
        }
        let all: Vec<_> = map.iter().map(|(key, value)| Pair { key: key.clone(), value: value.clone() }).collect();
        prop_assert_eq!(store.read(&[range(prefix(b""))]).unwrap(), [all]);
        for (from, to) in [("a", "b"), ("a\0", "cc"), ("abc", "c"), ("b", "zz")] {
            for (reverse, limit) in [(false, 3), (true, 3), (true, usize::MAX)] {
                let bounds = (Bound::Included(key(from)), Bound::Excluded(key(to)));
                let mut within: Vec<_> = map.range(bounds).map(|(key, _)| key.clone()).collect();
                if reverse {
                    within.reverse();
                }
                within.truncate(limit);
                let answers = store.read(&[Read::Range { from: key(from), to: key(to), reverse, limit }]).unwrap();
                prop_assert_eq!(answers.concat().into_iter().map(|pair| pair.key).collect::<Vec<_>>(), within);
            }
        }
    }
}

fn commit_to_map(map: &mut BTreeMap<Key, Value>, commit: Commit) -> Result<(), CommitError> {
    for (key, expected) in commit.expected {
        if map.get(&key) != expected.as_ref() {
            return Err(CommitError::Conflict { key });
        }
    }
    for (key, value) in commit.writes {
        match value {
            Some(value) => map.insert(key, value),
            None => map.remove(&key),
        };
    }
    Ok(())
}

/// Few keys and few values, so that expectations are often met and often not; some values are long.
fn commits() -> impl Strategy<Value = Commit> {
    let key = || prop::collection::vec(prop::sample::select(b"\0abc".to_vec()), 1..4);
    let value = || prop::option::of((0..2_u8, prop::sample::select(vec![0, 1, 9_000])).prop_map(repeated));
    let writes = prop::collection::vec((key(), value()), 0..12);
    (prop::collection::vec((key(), value()), 0..2), writes).prop_map(|(expected, writes)| Commit {
        expected,
        writes,
        appends: vec![],
    })
}

fn repeated((byte, length): (u8, usize)) -> Value {
    vec![byte; length].into()
}

/// The writer for the test below, which starts it in a process of its own: threads that number their commits on from
/// the given one, each of two records, and say which of them were acknowledged.
#[test]
fn kill_child() {
    let (Ok(folder), Ok(first)) = (std::env::var("KILL_CHILD_FOLDER"), std::env::var("KILL_CHILD_FIRST")) else {
        return;
    };
    let store = Arc::new(open(Path::new(&folder)).unwrap());
    let committer = Committer::start(store).unwrap();
    let next = AtomicU32::new(first.parse().unwrap());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let writes = put(&[
                        (&format!("a/{number:08}"), &"a".repeat(100)),
                        (&format!("b/{number:08}"), &b_of(number)),
                    ]);
                    let commit = Commit { appends: vec![(key("log/"), format!("{number:08}").into())], ..writes };
                    assert_eq!(committer.commit(vec![commit]), [Ok(())]);
                    writeln!(std::io::stdout(), "\nacknowledged {number}").unwrap();
                }
            });
        }
    });
}

/// Short, or in many pieces.
fn b_of(number: u32) -> String {
    "b".repeat(if number.is_multiple_of(10) { 50_000 } else { 100 })
}

fn start_kill_child(folder: &Path, first: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::kill_child", "--nocapture"])
        .env("KILL_CHILD_FOLDER", folder)
        .env("KILL_CHILD_FIRST", first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Killed at once (while it opens), or after so many answers: what was answered is there, and no commit is torn.
#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeSet::new();
    for (round, answers) in (0..).zip([0, 1, 200, 0, 33, 400, 0, 1, 90, 7]) {
        let mut child = start_kill_child(folder.path(), round * 1_000_000);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut numbers = lines.filter_map(|line| line.strip_prefix("acknowledged ")?.parse::<u32>().ok());
        acknowledged.extend(numbers.by_ref().take(answers));
        child.kill().unwrap();
        // What it said between those and the kill.
        acknowledged.extend(numbers);
        child.wait().unwrap();

        let store = open(folder.path()).unwrap();
        let numbered = |letter: &str| {
            let pairs = store.read(&[range(prefix(letter.as_bytes()))]).unwrap().concat();
            pairs.into_iter().map(|pair| (pair.key.get(2..).unwrap().to_vec(), pair.value)).collect::<BTreeMap<_, _>>()
        };
        let (a, b) = (numbered("a/"), numbered("b/"));
        assert!(a.keys().eq(b.keys()), "a commit is torn");
        let log = store.read(&[range(prefix(b"log/"))]).unwrap().concat();
        assert!((1..).zip(&log).all(|(at, entry): (u64, _)| entry.key[4..] == at.to_be_bytes()), "a gap in the log");
        let logged: BTreeSet<_> = log.into_iter().map(|entry| entry.value.to_vec()).collect();
        assert!(a.keys().eq(&logged), "a commit is not logged, or only logged");
        for (number, text) in b {
            let number = str::from_utf8(&number).unwrap().parse().unwrap();
            assert!(text == b_of(number), "{number} is torn");
        }
        for number in &acknowledged {
            assert!(a.contains_key(format!("{number:08}").as_bytes()), "{number} was acknowledged and is lost");
        }
    }
    assert!(acknowledged.len() >= 732, "{} answers", acknowledged.len());
}
