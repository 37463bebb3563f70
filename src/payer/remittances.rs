//! Remittance advices on record, and what stands between payer and payee besides claims.

use super::payment_run::npi_of;
use super::{Caller, Failure, Payer, Sandbox, State, records};
use crate::proto::store::v1::{DueItem, PayeeHead};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Later, NO_FAMILY};
use crate::store::{Commit, Key, Read};

/// Payees looked at in one read of a list.
const SLICE: usize = 200;
/// How often a release begins anew because somebody else was faster.
const MAX_ATTEMPTS: usize = 8;

impl Payer {
    /// A remittance advice by its name.
    pub fn remittance(&self, caller: &Caller, name: &str) -> Result<pb::Remittance, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, id) = super::claims::split_name(name, "remittances").ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, parent)?;
        let (payee, sequence) = id.rsplit_once('-').ok_or_else(unknown)?;
        let sequence = sequence.parse().map_err(|_| unknown())?;
        let key = sandbox.read().space().remittance(payee, sequence);
        records::get(self.store.as_ref(), key)?.ok_or_else(unknown)
    }

    /// The remittance advices after a place, by payee and number, with their places.
    pub fn remittances(
        &self,
        caller: &Caller,
        parent: &str,
        payee: &str,
        after: Option<Key>,
        limit: usize,
    ) -> Result<Vec<(pb::Remittance, Key)>, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let space = sandbox.read().space();
        let places = if payee.is_empty() { space.payees() } else { space.remittances_of(payee) };
        let mut from = after.filter(|key| key.starts_with(&places)).map(|key| crate::store::after(&key));
        let mut found = Vec::new();
        loop {
            let pairs = records::slice(self.store.as_ref(), &places, from, SLICE)?;
            for pair in &pairs {
                if is_remittance_key(&pair.key) {
                    found.push((records::decode(pair)?, pair.key.clone()));
                    if found.len() == limit {
                        return Ok(found);
                    }
                }
            }
            match pairs.last() {
                Some(last) if pairs.len() == SLICE => from = Some(crate::store::after(&last.key)),
                _ => return Ok(found),
            }
        }
    }

    /// The place of a remittance advice, to go on after it.
    pub fn place_of_remittance(&self, caller: &Caller, name: &str) -> Result<Key, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, id) = super::claims::split_name(name, "remittances").ok_or_else(unknown)?;
        let (payee, sequence) = id.rsplit_once('-').ok_or_else(unknown)?;
        let sequence = sequence.parse().map_err(|_| unknown())?;
        Ok(self.sandbox(caller, parent)?.read().space().remittance(payee, sequence))
    }

    /// A remittance advice of the sandbox, by its name.
    pub(super) fn remittance_in(&self, state: &State, name: &str) -> Result<Option<pb::Remittance>, Failure> {
        let id = super::claims::split_name(name, "remittances").and_then(|(_, id)| id.rsplit_once('-'));
        let Some((payee, sequence)) = id else { return Ok(None) };
        let Ok(sequence) = sequence.parse() else { return Ok(None) };
        records::get(self.store.as_ref(), state.space().remittance(payee, sequence))
    }

    /// What stands between payer and payee besides claims.
    pub fn payee_account(&self, caller: &Caller, parent: &str, payee: &str) -> Result<pb::PayeeAccount, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let key = sandbox.read().space().payee_head(payee);
        let head: Option<PayeeHead> = records::get(self.store.as_ref(), key)?;
        head.map(|head| account(payee, &head)).ok_or_else(|| Failure::Unknown(format!("payee {payee}")))
    }

    /// Releases what was withheld from a payee; its next remittance pays it.
    pub fn release_withhold(
        &self,
        caller: &Caller,
        request: &pb::ReleaseWithholdRequest,
    ) -> Result<pb::PayeeAccount, Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        for _ in 0..MAX_ATTEMPTS {
            match self.try_to_release(caller, &sandbox, &request.payee_id, request.amount_cents) {
                Err(Failure::Conflict) => {}
                answer => return answer,
            }
        }
        Err(Failure::Conflict)
    }

    fn try_to_release(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        payee: &str,
        asked_cents: i64,
    ) -> Result<pb::PayeeAccount, Failure> {
        let state = sandbox.read();
        let space = state.space();
        let before = records::one(self.store.as_ref(), Read::Point(space.payee_head(payee)))?.pop();
        let before = before.ok_or_else(|| Failure::Unknown(format!("payee {payee}")))?;
        let mut head: PayeeHead = records::decode(&before)?;
        let amount_cents = if asked_cents == 0 { head.withheld_cents } else { asked_cents };
        if amount_cents <= 0 || amount_cents > head.withheld_cents {
            let words = format!("{amount_cents} cents cannot be released: {} are withheld", head.withheld_cents);
            return Err(Failure::field("amount_cents", words));
        }
        head.withheld_cents -= amount_cents;
        head.released_cents += amount_cents;
        let item = records::encode(&DueItem { amount_cents, release: true, ..Default::default() });
        let day = self.next_payment(&state, npi_of(payee), self.today(&state))?.to_string();
        let number = head.events + 1;
        let due = keys::to_claim(space.due_to_on(payee, &day), NO_FAMILY, number);
        let mut commit = Commit {
            expected: vec![state.expected(&sandbox.id), (space.payee_head(payee), Some(before.value))],
            writes: vec![(Later::Release(number).after(due), Some(item.clone()))],
            appends: vec![],
        };
        self.log(caller, &state, payee, &mut head, ("release-withhold", payee, &item), &mut commit);
        self.commit_one(commit)?;
        Ok(account(payee, &head))
    }
}

fn account(payee: &str, head: &PayeeHead) -> pb::PayeeAccount {
    pb::PayeeAccount {
        payee_id: payee.to_owned(),
        forwarded_cents: head.forwarded_cents,
        withheld_cents: head.withheld_cents,
        released_cents: head.released_cents,
        to_recoup_cents: head.to_recoup_cents,
    }
}

/// Whether a key below the payees is a remittance's: payee, zero, `z`, sequence.
fn is_remittance_key(key: &[u8]) -> bool {
    let mark = key.len().checked_sub(10).and_then(|at| key.get(at..at + 2));
    mark == Some(&[0, b'z'])
}
