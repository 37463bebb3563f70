//! The directory: members, providers and authorizations, from the folder's seed and what was changed since.
//!
//! Each change makes a new version of the directory; a record is read as of a version, so that a decision can be looked
//! at again as it was made.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use prost::Message;

use super::chain::Happened;
use super::decision::Roster;
use super::{Caller, Failure, InForce, Payer, Sandbox, State, records};
use crate::domain::claim::Claim;
use crate::domain::codes::Npi;
use crate::domain::determination::HistoryLine;
use crate::domain::member::{Authorization, Member};
use crate::domain::provider::Provider;
use crate::proto::v1 as pb;
use crate::store::keys::{Chain, Kind, MAX_ID_BYTES, Space};
use crate::store::{Commit, Key, Pair, Read, after, prefix};
use crate::wire::directory as wire;

/// Records read at a time when a list is made.
const SLICE: usize = 500;

impl Payer {
    /// A changed record's message as of a version; `None` where it was not changed by then.
    fn changed<M: Message + Default>(
        &self,
        state: &State,
        kind: Kind,
        id: &str,
        version: u64,
    ) -> Result<Option<M>, Failure> {
        if version == 0 || id.len() > MAX_ID_BYTES {
            return Ok(None);
        }
        let space = state.space();
        let (from, to) = (space.record_versions(kind, id), after(&space.record(kind, id, version)));
        let newest = Read::Range { from, to, reverse: true, limit: 1 };
        records::one(self.store.as_ref(), newest)?.first().map(records::decode).transpose()
    }

    pub(super) fn member(
        &self,
        state: &State,
        in_force: &InForce,
        id: &str,
        version: u64,
    ) -> Result<Option<Arc<Member>>, Failure> {
        match self.changed::<pb::Member>(state, Kind::Member, id, version)? {
            Some(message) => Ok(wire::member(&message).ok().map(Arc::new)),
            None => Ok(in_force.member(id).cloned()),
        }
    }

    pub(super) fn provider(
        &self,
        state: &State,
        in_force: &InForce,
        npi: Npi,
        version: u64,
    ) -> Result<Option<Arc<Provider>>, Failure> {
        match self.changed::<pb::Provider>(state, Kind::Provider, &npi.to_string(), version)? {
            Some(message) => Ok(wire::provider(&message, wire::NpiRule::TenDigits).ok().map(Arc::new)),
            None => Ok(in_force.provider(npi).cloned()),
        }
    }

    /// A provider's record as it is now.
    pub(super) fn provider_message(&self, state: &State, npi: &str) -> Result<Option<pb::Provider>, Failure> {
        let changed = self.changed::<pb::Provider>(state, Kind::Provider, npi, state.directory_version)?;
        Ok(changed.or_else(|| state.in_force.provider_message(npi).cloned()))
    }

    /// A member's record as it is now.
    pub(super) fn member_message(&self, state: &State, id: &str) -> Result<Option<pb::Member>, Failure> {
        self.member_message_as_of(state, &state.in_force, id, state.directory_version)
    }

    /// A member's record as of a version.
    pub(super) fn member_message_as_of(
        &self,
        state: &State,
        in_force: &InForce,
        id: &str,
        version: u64,
    ) -> Result<Option<pb::Member>, Failure> {
        let changed = self.changed::<pb::Member>(state, Kind::Member, id, version)?;
        Ok(changed.or_else(|| in_force.member_message(id).cloned()))
    }

    fn authorization(
        &self,
        state: &State,
        in_force: &InForce,
        number: &str,
        version: u64,
    ) -> Result<Option<Arc<Authorization>>, Failure> {
        match self.changed::<pb::Authorization>(state, Kind::Authorization, number, version)? {
            Some(message) => Ok(wire::authorization(&message).ok().map(Arc::new)),
            None => Ok(in_force.authorization(number).cloned()),
        }
    }

    /// Everyone and everything on record that a claim touches, as of a directory version.
    pub(super) fn roster(
        &self,
        state: &State,
        in_force: &InForce,
        claim: &Claim,
        version: u64,
    ) -> Result<Roster, Failure> {
        let subscriber_id = self.subscriber_of(state, in_force, &claim.subscriber.member_id, version)?;
        let family = self.family(state, in_force, &subscriber_id, version)?;
        let mut named: BTreeSet<Npi> = claim.lines.iter().map(|line| line.rendering_npi).collect();
        named.extend([claim.billing_npi].into_iter().chain(claim.service_facility_npi));
        named.extend(claim.referring_npi.into_iter().chain(claim.primary_care_npi));
        named.extend(claim.lines.iter().flat_map(|line| [line.referring_npi, line.ordering_npi]).flatten());
        let mut providers = Vec::with_capacity(named.len());
        for npi in named {
            providers.extend(self.provider(state, in_force, npi, version)?);
        }
        let mut authorizations = Vec::new();
        for member in &family {
            authorizations.extend(self.authorizations(state, in_force, &member.member_id, version)?);
        }
        Ok(Roster { subscriber_id, family, providers, authorizations })
    }

    /// Adds to a roster who of the claim's group gave the family earlier services: their specialties decide whether two
    /// services were one practice's.
    pub(super) fn add_colleagues(
        &self,
        state: &State,
        in_force: &InForce,
        claim: &Claim,
        history: &[HistoryLine],
        version: u64,
        roster: &mut Roster,
    ) -> Result<(), Failure> {
        for line in history {
            let npi = line.rendering_npi;
            let known = npi == claim.billing_npi || roster.providers.iter().any(|provider| provider.npi == npi);
            if !known && line.claim.billing_tax_id == claim.billing_tax_id {
                roster.providers.extend(self.provider(state, in_force, npi, version)?);
            }
        }
        Ok(())
    }

    /// The number of the family's subscriber; the number itself where nobody has it.
    pub(super) fn subscriber_of(
        &self,
        state: &State,
        in_force: &InForce,
        number: &str,
        version: u64,
    ) -> Result<String, Failure> {
        let member = self.member(state, in_force, number, version)?;
        Ok(member.map_or_else(|| number.to_owned(), |member| member.subscriber_id.clone()))
    }

    /// The members of a subscriber's family, by number.
    pub(super) fn family(
        &self,
        state: &State,
        in_force: &InForce,
        subscriber_id: &str,
        version: u64,
    ) -> Result<Vec<Arc<Member>>, Failure> {
        let seeded = in_force.family(subscriber_id).iter().cloned();
        let changed = self.linked(version, &state.space().members_of(subscriber_id))?;
        let ids: BTreeSet<String> = seeded.chain(changed).collect();
        let mut family = Vec::with_capacity(ids.len());
        for id in ids {
            // Somebody may have moved to another family since.
            family.extend(
                self.member(state, in_force, &id, version)?.filter(|member| member.subscriber_id == subscriber_id),
            );
        }
        Ok(family)
    }

    pub(super) fn authorizations(
        &self,
        state: &State,
        in_force: &InForce,
        member_id: &str,
        version: u64,
    ) -> Result<Vec<Arc<Authorization>>, Failure> {
        let seeded = in_force.authorized(member_id).iter().cloned();
        let changed = self.linked(version, &state.space().authorizations_of(member_id))?;
        let numbers: BTreeSet<String> = seeded.chain(changed).collect();
        let mut found = Vec::with_capacity(numbers.len());
        for number in numbers {
            found.extend(self.authorization(state, in_force, &number, version)?.filter(|a| a.member_id == member_id));
        }
        Ok(found)
    }

    /// The ids that link keys below a prefix end with.
    fn linked(&self, version: u64, links: &[u8]) -> Result<Vec<String>, Failure> {
        if version == 0 {
            return Ok(Vec::new());
        }
        let id = |pair: &Pair| pair.key.get(links.len()..).map(|id| String::from_utf8_lossy(id).into_owned());
        let (mut ids, mut from) = (Vec::new(), None);
        loop {
            let pairs = records::slice(self.store.as_ref(), links, from, SLICE)?;
            ids.extend(pairs.iter().filter_map(id));
            match pairs.last() {
                Some(last) if pairs.len() == SLICE => from = Some(after(&last.key)),
                _ => return Ok(ids),
            }
        }
    }

    fn change(
        &self,
        (caller, sandbox): (&Caller, &Sandbox),
        (kind, id): (Kind, &str),
        (name, message): (&str, &impl Message),
        link: impl FnOnce(Space) -> Option<Key>,
    ) -> Result<(), Failure> {
        if id.len() > MAX_ID_BYTES || id.contains('\0') {
            return Err(Failure::field("name", format!("an id has at most {MAX_ID_BYTES} characters")));
        }
        // Alone in the sandbox: a decision sees the directory before or after a change, never in between.
        let mut state = sandbox.write();
        let (space, version) = (state.space(), state.directory_version);
        let before = (version > 0).then(|| records::of_number(version));
        let bytes = records::encode(message);
        let (mut writes, mut appends) = (Vec::new(), Vec::new());
        let end = self.end_of(&state, &Chain::Directory, version)?;
        let happened = Happened { cause: cause(kind), subject: name, caller: &caller.subject, content: &bytes };
        self.append(&state, &Chain::Directory, &end, &happened, (&mut writes, &mut appends));
        writes.push((space.directory_head(), Some(records::of_number(version + 1))));
        writes.push((space.record(kind, id, version + 1), Some(bytes)));
        writes.extend(link(space).map(|key| (key, Some(Bytes::new()))));
        let expected = vec![state.expected(&sandbox.id), (space.directory_head(), before)];
        self.commit_one(Commit { expected, writes, appends })?;
        state.directory_version = version + 1;
        Ok(())
    }

    /// Adds or replaces a member.
    pub fn upsert_member(&self, caller: &Caller, parent: &str, mut message: pb::Member) -> Result<pb::Member, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let member = wire::member(&message).map_err(|violations| Failure::within("member", violations))?;
        let plans = sandbox.read().in_force.revision.plans.iter().map(|plan| plan.plan_id.clone()).collect::<Vec<_>>();
        for (at, coverage) in member.coverages.iter().enumerate() {
            if !plans.contains(&coverage.plan_id) {
                let words = format!("there is no plan {:?}: one of {}", coverage.plan_id, plans.join(", "));
                return Err(Failure::field(format!("member.coverages[{at}].plan_id"), words));
            }
        }
        message.name = format!("{}/members/{}", sandbox.name(), message.member_id);
        let link =
            |space: Space| Some([&space.members_of(&member.subscriber_id), message.member_id.as_bytes()].concat());
        let (id, name) = (&message.member_id, &message.name);
        self.change((caller, &sandbox), (Kind::Member, id), (name, &message), link)?;
        self.look_again(&sandbox, &message.member_id)?;
        Ok(message)
    }

    /// Adds or replaces a provider.
    pub fn upsert_provider(
        &self,
        caller: &Caller,
        parent: &str,
        mut message: pb::Provider,
    ) -> Result<pb::Provider, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let rule =
            if sandbox.read().x12().accept_failing_npis { wire::NpiRule::TenDigits } else { wire::NpiRule::CheckDigit };
        wire::provider(&message, rule).map_err(|violations| Failure::within("provider", violations))?;
        message.name = format!("{}/providers/{}", sandbox.name(), message.npi);
        let (id, name) = (&message.npi, &message.name);
        self.change((caller, &sandbox), (Kind::Provider, id), (name, &message), |_| None)?;
        Ok(message)
    }

    /// Adds or replaces an authorization.
    pub fn upsert_authorization(
        &self,
        caller: &Caller,
        parent: &str,
        mut message: pb::Authorization,
    ) -> Result<pb::Authorization, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        wire::authorization(&message).map_err(|violations| Failure::within("authorization", violations))?;
        message.name = format!("{}/authorizations/{}", sandbox.name(), message.number);
        let link =
            |space: Space| Some([&space.authorizations_of(&message.member_id), message.number.as_bytes()].concat());
        let (id, name) = (&message.number, &message.name);
        self.change((caller, &sandbox), (Kind::Authorization, id), (name, &message), link)?;
        self.look_again(&sandbox, &message.member_id)?;
        Ok(message)
    }

    /// Changes the payer folder's revision part: plans or the payer itself; makes a new payer revision from today on.
    pub fn revise(
        &self,
        caller: &Caller,
        parent: &str,
        change: impl FnOnce(&mut pb::PayerFolder),
    ) -> Result<Arc<InForce>, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let mut state = sandbox.write();
        let mut folder = state.in_force.folder.clone();
        change(&mut folder);
        let in_force = self.adopt(self.read_folder(folder)?)?;
        self.put_in_force(caller, &sandbox, &mut state, Arc::clone(&in_force))?;
        Ok(in_force)
    }
}

/// What a change of a kind of record is called.
fn cause(kind: Kind) -> &'static str {
    match kind {
        Kind::Member => "change-member",
        Kind::Provider => "change-provider",
        Kind::Authorization => "change-authorization",
    }
}

/// A kind of directory record that is read and listed by id.
pub trait Listed: Message + Default + Clone {
    /// Where it stands in the store.
    const KIND: Kind;
    /// "members", "providers", "authorizations".
    const COLLECTION: &'static str;
    /// Its id.
    fn id(&self) -> &str;
    /// With its resource name.
    fn named(self, sandbox: &str) -> Self;
    /// As the folder seeds it.
    fn seeded<'a>(in_force: &'a InForce, id: &str) -> Option<&'a Self>;
    /// All that the folder seeds, in any order.
    fn seeds(in_force: &InForce) -> &[Self];
}

macro_rules! listed {
    ($message:ty, $kind:ident, $collection:literal, $id:ident, $seed:ident, $seeds:ident) => {
        impl Listed for $message {
            const KIND: Kind = Kind::$kind;
            const COLLECTION: &'static str = $collection;
            fn id(&self) -> &str {
                &self.$id
            }
            fn named(mut self, sandbox: &str) -> Self {
                self.name = format!("{sandbox}/{}/{}", $collection, self.$id);
                self
            }
            fn seeded<'a>(in_force: &'a InForce, id: &str) -> Option<&'a Self> {
                in_force.$seed(id)
            }
            fn seeds(in_force: &InForce) -> &[Self] {
                &in_force.folder.$seeds
            }
        }
    };
}
listed!(pb::Member, Member, "members", member_id, member_message, members);
listed!(pb::Provider, Provider, "providers", npi, provider_message, providers);
listed!(pb::Authorization, Authorization, "authorizations", number, authorization_message, authorizations);

impl Payer {
    /// Reads a record by its name, "sandboxes/{sandbox}/{collection}/{id}".
    pub fn directory_record<R: Listed>(&self, caller: &Caller, name: &str) -> Result<R, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, id) = super::claims::split_name(name, R::COLLECTION).ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, parent)?;
        let found = self.record_in::<R>(&sandbox.read(), id)?;
        found.map(|record| record.named(&sandbox.name())).ok_or_else(unknown)
    }

    /// A record as it stands in a sandbox.
    pub(super) fn record_in<R: Listed>(&self, state: &State, id: &str) -> Result<Option<R>, Failure> {
        let changed = self.changed::<R>(state, R::KIND, id, state.directory_version)?;
        Ok(changed.or_else(|| R::seeded(&state.in_force, id).cloned()))
    }

    /// The records after an id, in order of id, that fit.
    pub fn directory_records<R: Listed>(
        &self,
        caller: &Caller,
        parent: &str,
        after_id: &str,
        limit: usize,
        fits: impl Fn(&R) -> bool,
    ) -> Result<Vec<R>, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let version = state.directory_version;
        let mut ids: BTreeSet<String> = R::seeds(&state.in_force).iter().map(|record| record.id().to_owned()).collect();
        if version > 0 {
            ids.extend(self.changed_ids(&state, R::KIND)?);
        }
        let mut found = Vec::new();
        for id in ids.into_iter().filter(|id| id.as_str() > after_id) {
            let changed = self.changed::<R>(&state, R::KIND, &id, version)?;
            let record = changed.or_else(|| R::seeded(&state.in_force, &id).cloned());
            found.extend(record.filter(&fits).map(|record| record.named(&sandbox.name())));
            if found.len() == limit {
                break;
            }
        }
        Ok(found)
    }

    fn changed_ids(&self, state: &State, kind: Kind) -> Result<BTreeSet<String>, Failure> {
        let records_of_kind = state.space().records(kind);
        let (mut from, to) = prefix(&records_of_kind);
        let mut ids = BTreeSet::new();
        loop {
            let read = Read::Range { from, to: to.clone(), reverse: false, limit: SLICE };
            let pairs = records::one(self.store.as_ref(), read)?;
            let id = |pair: &Pair| {
                let rest = pair.key.get(records_of_kind.len()..)?;
                rest.get(..rest.len().checked_sub(9)?).map(|id| String::from_utf8_lossy(id).into_owned())
            };
            ids.extend(pairs.iter().filter_map(id));
            match pairs.last() {
                Some(last) if pairs.len() == SLICE => from = after(&last.key),
                _ => return Ok(ids),
            }
        }
    }

    /// The sandbox's payer folder, with members, providers and authorizations as they are now.
    pub fn export_payer(&self, caller: &Caller, name: &str) -> Result<pb::PayerFolder, Failure> {
        let mut folder = self.sandbox(caller, name)?.read().in_force.folder.clone();
        let unnamed = |_: &_| true;
        folder.members = self.directory_records(caller, name, "", usize::MAX, unnamed)?;
        folder.providers = self.directory_records(caller, name, "", usize::MAX, |_: &pb::Provider| true)?;
        folder.authorizations = self.directory_records(caller, name, "", usize::MAX, |_: &pb::Authorization| true)?;
        folder.members.iter_mut().for_each(|member| member.name.clear());
        folder.providers.iter_mut().for_each(|provider| provider.name.clear());
        folder.authorizations.iter_mut().for_each(|authorization| authorization.name.clear());
        self.write_out_releases(&mut folder)?;
        Ok(folder)
    }
}
