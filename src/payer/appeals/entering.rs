//! Entries on appeals: each in a commit of its own. Where a request for authorization is appealed, its authorizations are given in the same
//! commit, and what was denied for want of them is reopened after it, where the payer's rules say so.

use super::super::entry::{Entry, attempts};
use super::super::{Caller, Failure, Payer, Sandbox};
use super::record::{About, Held, place};
use crate::proto::v1 as pb;
use crate::store::keys::{Lane, Matter};

/// What an entry has come to.
pub(super) struct Entered {
    /// Number of the appeal that is answered.
    pub number: u64,
    /// Whether there is something to write.
    pub changed: bool,
    /// Authorizations that it gives.
    pub granted: Vec<pb::Authorization>,
}

impl Payer {
    /// Makes an entry, as often as it takes. No sandbox is held by the caller meanwhile.
    pub(super) fn enter_appeal(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        (lane, about): (Lane, About),
        work: impl Fn(&mut Entry<'_>) -> Result<Entered, Failure>,
    ) -> Result<u64, Failure> {
        let About::Authorization(request) = about else {
            return attempts(|| {
                let state = sandbox.read();
                let mut entry = Entry::open(self, caller, sandbox, &state, lane)?;
                let entered = work(&mut entry)?;
                if entered.changed {
                    entry.commit()?;
                }
                Ok(entered.number)
            });
        };
        let enter = |entry: &mut Entry<'_>| {
            let entered = work(entry)?;
            Ok(((entered.number, !entered.granted.is_empty()), entered.granted))
        };
        let (number, certified) = self.change_authorizations(caller, sandbox, |_| Ok(lane), enter)?;
        if certified {
            let made = self.authorization_at(&sandbox.read(), lane, request)?;
            let id = Matter::AuthorizationRequest.id(lane, request);
            self.reopened_for(caller, sandbox, made.ok_or(Failure::Damaged(id))?)?;
        }
        Ok(number)
    }

    /// Changes an appeal in a commit of its own; where the change says so, nothing is written. Answers the appeal of the number that it gives.
    pub(super) fn change_appeal(
        &self,
        caller: &Caller,
        name: &str,
        change: impl Fn(&Payer, &mut Entry<'_>, &mut Held) -> Result<(u64, bool), Failure>,
    ) -> Result<pb::Appeal, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, lane, number) = place(name).ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, parent)?;
        let about = self.appeal_at(&sandbox.read(), lane, number)?.ok_or_else(unknown)?.about();
        let shown = self.enter_appeal(caller, &sandbox, (lane, about), |entry| {
            let mut held = self.appeal_at(entry.state, lane, number)?.ok_or_else(unknown)?;
            let (number, changed) = change(self, entry, &mut held)?;
            Ok(Entered { number, changed, granted: held.granted })
        })?;
        let state = sandbox.read();
        let held = self.appeal_at(&state, lane, shown)?.ok_or_else(unknown)?;
        self.shown(&state, &held)
    }
}
