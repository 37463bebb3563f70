//! Wakes: whoever waits for events of a sandbox is called once some were written, instead of asking again and again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::keys::Space;
use crate::store::{Key, Listener};

/// Where those stand who wait for every log.
const ALL: &[u8] = b"";

type Call = Arc<dyn Fn() + Send + Sync>;

/// Everybody who waits, by the log that they wait for.
#[derive(Default)]
pub struct Wakes {
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    last: u64,
    calls: HashMap<Key, Vec<(u64, Call)>>,
    closed: bool,
}

/// Somebody waits, until this is dropped.
pub struct Wake {
    wakes: Arc<Wakes>,
    log: Key,
    number: u64,
}

impl Wakes {
    /// What the committer tells.
    pub(super) fn listener(wakes: &Arc<Wakes>) -> Listener {
        let wakes = Arc::clone(wakes);
        Box::new(move |logs| {
            let waiting = wakes.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let of_all = waiting.calls.get(ALL);
            for (_, call) in logs.iter().filter_map(|log| waiting.calls.get(log)).chain(of_all).flatten() {
                call();
            }
        })
    }

    /// Calls everybody for the last time.
    pub(super) fn close(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.closed = true;
        waiting.calls.values().flatten().for_each(|(_, call)| call());
    }

    /// Has something called after every commit that appends to a space's log. The call must be short, and may not come back here.
    pub(super) fn wait(wakes: &Arc<Wakes>, space: Space, call: impl Fn() + Send + Sync + 'static) -> Wake {
        Wakes::wait_at(wakes, space.log(), call)
    }

    /// Has something called after every commit that appends to any log.
    pub(super) fn wait_for_all(wakes: &Arc<Wakes>, call: impl Fn() + Send + Sync + 'static) -> Wake {
        Wakes::wait_at(wakes, ALL.to_vec(), call)
    }

    /// Calls those who wait for every log.
    pub(super) fn nudge(&self) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.calls.get(ALL).into_iter().flatten().for_each(|(_, call)| call());
    }

    fn wait_at(wakes: &Arc<Wakes>, log: Key, call: impl Fn() + Send + Sync + 'static) -> Wake {
        let mut waiting = wakes.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.last += 1;
        let number = waiting.last;
        waiting.calls.entry(log.clone()).or_default().push((number, Arc::new(call)));
        Wake { wakes: Arc::clone(wakes), log, number }
    }
}

impl Wake {
    /// Whether nothing will be called any more.
    pub fn closed(&self) -> bool {
        self.wakes.waiting.lock().unwrap_or_else(PoisonError::into_inner).closed
    }
}

impl Drop for Wake {
    fn drop(&mut self) {
        let mut waiting = self.wakes.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(calls) = waiting.calls.get_mut(&self.log) {
            calls.retain(|(number, _)| *number != self.number);
            if calls.is_empty() {
                waiting.calls.remove(&self.log);
            }
        }
    }
}
