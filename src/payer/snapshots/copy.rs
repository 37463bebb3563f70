//! Copying a space, in slices that are each durable. Until the copy is given to somebody it is nobody's: one that a kill interrupts is swept at the next start.

use std::sync::PoisonError;

use bytes::Bytes;

use super::names::Renaming;
use crate::payer::{Failure, Payer, records};
use crate::store::keys::{self, Space};
use crate::store::{Commit, Key, after};

/// Records copied in one commit.
const SLICE: usize = 500;

/// A space that was copied, and belongs to nobody yet.
pub(super) struct Copied {
    pub space: Space,
    pub records: i64,
}

impl Copied {
    /// What gives it to somebody, in one commit with whoever it is.
    pub fn given(&self) -> (Key, Option<Bytes>) {
        (keys::copying(self.space), None)
    }
}

impl Payer {
    /// Copies a space that does not change meanwhile.
    pub(super) fn copy(&self, from: Space, renaming: Option<&Renaming>) -> Result<Copied, Failure> {
        let space = self.new_space()?;
        match self.copy_into(space, from, renaming) {
            Ok(records) => Ok(Copied { space, records }),
            Err(failure) => {
                self.forget_copy(space)?;
                Err(failure)
            }
        }
    }

    /// A space of its own for what is copied next.
    fn new_space(&self) -> Result<Space, Failure> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let space = Space(records::number(self.store.as_ref(), keys::last_space())? + 1);
        let writes =
            vec![(keys::last_space(), Some(records::of_number(space.0))), (keys::copying(space), Some(Bytes::new()))];
        self.commit_one(Commit { writes, ..Commit::default() })?;
        Ok(space)
    }

    fn copy_into(&self, space: Space, from: Space, renaming: Option<&Renaming>) -> Result<i64, Failure> {
        let (place, target) = (from.prefix(), space.prefix());
        let (mut next, mut copied) = (None, 0);
        loop {
            let pairs = records::slice(self.store.as_ref(), &place, next.take(), SLICE)?;
            let Some(last) = pairs.last() else { return Ok(copied) };
            next = Some(after(&last.key));
            copied += i64::try_from(pairs.len()).unwrap_or(i64::MAX);
            let mut writes = Vec::with_capacity(pairs.len());
            for pair in pairs {
                let key = pair.key.get(place.len()..).unwrap_or_default();
                let value = match renaming {
                    Some(renaming) => renaming.value(key, pair.value)?,
                    None => pair.value,
                };
                writes.push(([target.as_slice(), key].concat(), Some(value)));
            }
            self.commit_one(Commit { writes, ..Commit::default() })?;
        }
    }

    /// Gives up a copy that nobody took.
    pub(super) fn forget_copy(&self, space: Space) -> Result<(), Failure> {
        let writes = vec![(keys::copying(space), None), (keys::garbage(space), Some(Bytes::new()))];
        self.commit_one(Commit { writes, ..Commit::default() })?;
        self.sweep_later();
        Ok(())
    }

    /// Copies that a kill interrupted are to be swept.
    pub(in crate::payer) fn forget_interrupted_copies(&self) -> Result<(), Failure> {
        let interrupted = records::all(self.store.as_ref(), b"c")?;
        for pair in interrupted {
            self.forget_copy(Space(keys::number_of(&pair.key).unwrap_or_default()))?;
        }
        Ok(())
    }
}
