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
use crate::reference::official_tables::OfficialTables;
use crate::wire;

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
    /// Reads a folder, with the official tables of the releases that it names, or says everything that is wrong with it.
    pub fn read(folder: pb::PayerFolder, tables: &OfficialTables) -> Result<InForce, Failure> {
        let seed =
            wire::payer_folder::parse(&folder, tables).map_err(|violations| Failure::PayerFolder { violations })?;
        let mut families: HashMap<String, Vec<String>> = HashMap::new();
        for member in &seed.members {
            families.entry(member.subscriber_id.clone()).or_default().push(member.member_id.clone());
        }
        let mut authorized: HashMap<String, Vec<String>> = HashMap::new();
        for authorization in &seed.authorizations {
            authorized.entry(authorization.member_id.clone()).or_default().push(authorization.number.clone());
        }
        // The readers keep the order of the folder, so positions lead back to the messages.
        Ok(InForce {
            hash: hex(&Sha256::digest(folder.encode_to_vec())),
            folder,
            revision: Arc::new(seed.revision),
            members: seed
                .members
                .into_iter()
                .enumerate()
                .map(|(at, m)| (m.member_id.clone(), (Arc::new(m), at)))
                .collect(),
            families,
            providers: seed.providers.into_iter().enumerate().map(|(at, p)| (p.npi, (Arc::new(p), at))).collect(),
            authorizations: seed
                .authorizations
                .into_iter()
                .enumerate()
                .map(|(at, a)| (a.number.clone(), (Arc::new(a), at)))
                .collect(),
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

    /// Whether claims for unknown members are turned away rather than denied.
    pub fn turns_strangers_away(&self) -> bool {
        self.folder.payer.as_ref().is_some_and(|payer| payer.unknown_member() == pb::UnknownMember::Reject)
    }

    /// The payer.
    pub fn payer(&self) -> pb::Payer {
        self.folder.payer.clone().unwrap_or_default()
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
