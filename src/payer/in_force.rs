//! A payer folder in memory: the payer revision that decisions read, and the members, providers and authorizations it seeds.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use prost::Message;
use sha2::{Digest, Sha256};

use super::Failure;
use crate::adjudication::PayerRevision;
use crate::domain::codes::Npi;
use crate::domain::member::{Authorization, Member};
use crate::domain::provider::Provider;
use crate::proto::v1 as pb;
use crate::wire::{self, directory};

/// A payer folder, read and indexed. Immutable; shared by all sandboxes that run on it.
#[derive(Debug)]
pub struct InForce {
    /// SHA-256 of the whole folder, in hex: names it in the store.
    pub hash: String,
    /// As it was given.
    pub folder: pb::PayerFolder,
    /// Plans, contracts, policies, tables.
    pub revision: Arc<PayerRevision>,
    members: BTreeMap<String, (Arc<Member>, usize)>,
    families: HashMap<String, Vec<String>>,
    providers: BTreeMap<Npi, (Arc<Provider>, usize)>,
    authorizations: BTreeMap<String, (Arc<Authorization>, usize)>,
    authorized: HashMap<String, Vec<String>>,
}

impl InForce {
    /// Reads a folder, or says everything that is wrong with it.
    pub fn read(folder: pb::PayerFolder) -> Result<InForce, Failure> {
        let refuse = |violations| Failure::PayerFolder { violations };
        let revision = wire::payer_revision::parse(&folder).map_err(refuse)?;
        let mut wrong = Vec::new();
        let mut members = BTreeMap::new();
        let mut families: HashMap<String, Vec<String>> = HashMap::new();
        for (at, message) in folder.members.iter().enumerate() {
            let Some(member) = keep(&format!("members[{at}]"), directory::member(message), &mut wrong) else { continue };
            families.entry(member.subscriber_id.clone()).or_default().push(member.member_id.clone());
            members.insert(member.member_id.clone(), (Arc::new(member), at));
        }
        let mut providers = BTreeMap::new();
        for (at, message) in folder.providers.iter().enumerate() {
            let Some(provider) = keep(&format!("providers[{at}]"), directory::provider(message), &mut wrong) else { continue };
            providers.insert(provider.npi, (Arc::new(provider), at));
        }
        let mut authorizations = BTreeMap::new();
        let mut authorized: HashMap<String, Vec<String>> = HashMap::new();
        for (at, message) in folder.authorizations.iter().enumerate() {
            let read = keep(&format!("authorizations[{at}]"), directory::authorization(message), &mut wrong);
            let Some(authorization) = read else { continue };
            authorized.entry(authorization.member_id.clone()).or_default().push(authorization.number.clone());
            authorizations.insert(authorization.number.clone(), (Arc::new(authorization), at));
        }
        if !wrong.is_empty() {
            return Err(refuse(wrong));
        }
        let hash = hex(&Sha256::digest(folder.encode_to_vec()));
        Ok(InForce {
            hash,
            folder,
            revision: Arc::new(revision),
            members,
            families,
            providers,
            authorizations,
            authorized,
        })
    }

    /// A member by number.
    pub fn member(&self, member_id: &str) -> Option<&Arc<Member>> {
        self.members.get(member_id).map(|(member, _)| member)
    }

    /// The numbers of a subscriber's family.
    pub fn family(&self, subscriber_id: &str) -> &[String] {
        self.families.get(subscriber_id).map_or(&[], Vec::as_slice)
    }

    /// A provider by NPI.
    pub fn provider(&self, npi: Npi) -> Option<&Arc<Provider>> {
        self.providers.get(&npi).map(|(provider, _)| provider)
    }

    /// An authorization by number.
    pub fn authorization(&self, number: &str) -> Option<&Arc<Authorization>> {
        self.authorizations.get(number).map(|(authorization, _)| authorization)
    }

    /// The numbers of a member's authorizations.
    pub fn authorized(&self, member_id: &str) -> &[String] {
        self.authorized.get(member_id).map_or(&[], Vec::as_slice)
    }

    /// A member as the folder has it.
    pub fn member_message(&self, member_id: &str) -> Option<&pb::Member> {
        self.members.get(member_id).and_then(|(_, at)| self.folder.members.get(*at))
    }

    /// A provider as the folder has it.
    pub fn provider_message(&self, npi: &str) -> Option<&pb::Provider> {
        self.providers.get(&Npi::parse(npi)?).and_then(|(_, at)| self.folder.providers.get(*at))
    }

    /// An authorization as the folder has it.
    pub fn authorization_message(&self, number: &str) -> Option<&pb::Authorization> {
        self.authorizations.get(number).and_then(|(_, at)| self.folder.authorizations.get(*at))
    }

    /// The payer.
    pub fn payer(&self) -> pb::Payer {
        self.folder.payer.clone().unwrap_or_default()
    }
}

fn keep<T>(
    place: &str,
    read: Result<T, Vec<wire::Violation>>,
    wrong: &mut Vec<wire::Violation>,
) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(violations) => {
            wrong.extend(violations.into_iter().map(|v| wire::Violation {
                field: if v.field.is_empty() { place.to_owned() } else { format!("{place}.{}", v.field) },
                description: v.description,
            }));
            None
        }
    }
}

/// Bytes in hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
