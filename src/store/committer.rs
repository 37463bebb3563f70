//! One thread that commits for all: what waits becomes one group, with one sync.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use super::{Commit, CommitError, Key, Store, StoreError};

/// No more commits than this go into a group, save when a single request brings more.
const MAX_GROUP: usize = 1024;

/// No more requests than this wait in the queue; further callers are held up.
const MAX_WAITING: usize = 4096;

/// One answer per commit, in their order.
type Answers = Vec<Result<(), CommitError>>;

struct Request {
    commits: Vec<Commit>,
    answer: Box<dyn FnOnce(Answers) + Send>,
}

/// Told which logs were appended to, by where their keys begin, once that is durable.
pub type Listener = Box<dyn Fn(&BTreeSet<Key>) + Send>;

/// The way by which many threads commit to one store. After a failure of the store nothing is acknowledged any more:
/// every later commit gets the same error. When dropped it first finishes what is waiting.
pub struct Committer {
    queue: Option<SyncSender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl Committer {
    /// Starts the thread.
    pub fn start(store: Arc<dyn Store>) -> Result<Self, StoreError> {
        Self::start_telling(store, Box::new(|_| ()))
    }

    /// Starts the thread, which stands still while it tells the listener.
    pub fn start_telling(store: Arc<dyn Store>, listener: Listener) -> Result<Self, StoreError> {
        let (queue, requests) = sync_channel(MAX_WAITING);
        let serve = move || serve(store.as_ref(), &requests, &listener);
        let thread = thread::Builder::new().name("committer".into()).spawn(serve);
        Ok(Self { queue: Some(queue), thread: Some(thread.map_err(|_| StoreError::Stopped)?) })
    }

    /// Makes these commits, in this order, and waits until they are durable.
    pub fn commit(&self, commits: Vec<Commit>) -> Vec<Result<(), CommitError>> {
        let count = commits.len();
        let (answer, answered) = sync_channel(1);
        self.submit(commits, move |answers| {
            let _ = answer.send(answers);
        });
        answered.recv().unwrap_or_else(|_| vec![Err(StoreError::Stopped.into()); count])
    }

    /// As [`commit`](Self::commit), but does not wait: `answer` is called by the committing thread, which stands still
    /// until it returns. If the thread has ended, `answer` is dropped uncalled.
    pub fn submit(&self, commits: Vec<Commit>, answer: impl FnOnce(Vec<Result<(), CommitError>>) + Send + 'static) {
        if let Some(queue) = &self.queue {
            let _ = queue.send(Request { commits, answer: Box::new(answer) });
        }
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(store: &dyn Store, requests: &Receiver<Request>, listener: &Listener) {
    let mut failure = None;
    while let Ok(first) = requests.recv() {
        let mut group = first.commits;
        let mut waiting = vec![(group.len(), first.answer)];
        while group.len() < MAX_GROUP
            && let Ok(next) = requests.try_recv()
        {
            waiting.push((next.commits.len(), next.answer));
            group.extend(next.commits);
        }
        let logs: BTreeSet<Key> = group.iter().flat_map(|commit| &commit.appends).map(|(log, _)| log.clone()).collect();
        let mut answers = commit(store, group, &mut failure).into_iter();
        if failure.is_none() && !logs.is_empty() {
            listener(&logs);
        }
        for (count, answer) in waiting {
            answer(answers.by_ref().take(count).collect());
        }
    }
}

/// Commits, unless the store has failed before.
fn commit(store: &dyn Store, group: Vec<Commit>, failure: &mut Option<StoreError>) -> Answers {
    if let Some(error) = failure {
        return vec![Err(error.clone().into()); group.len()];
    }
    let answers = store.commit(group);
    *failure = answers.iter().find_map(|answer| match answer {
        Err(CommitError::Store(error)) => Some(error.clone()),
        _ => None,
    });
    answers
}
