//! Records as they would stand: what a decision that is not kept sees in place of those of now.

use std::sync::Arc;

use super::decision::Roster;
use crate::domain::member::{Authorization, Member};
use crate::domain::provider::Provider;

/// Records that are not there, or not so.
#[derive(Clone, Debug, Default)]
pub(super) struct Amended {
    pub members: Vec<Member>,
    pub providers: Vec<Provider>,
    pub authorizations: Vec<Authorization>,
}

impl Amended {
    /// Whether the records are those of now.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && self.providers.is_empty() && self.authorizations.is_empty()
    }

    /// Puts them into what is known of a claim's people, where they belong to them.
    pub fn amend(&self, roster: &mut Roster) {
        for member in &self.members {
            if let Some(known) = roster.family.iter_mut().find(|known| known.member_id == member.member_id) {
                *known = Arc::new(member.clone());
            }
        }
        for provider in &self.providers {
            if let Some(known) = roster.providers.iter_mut().find(|known| known.npi == provider.npi) {
                *known = Arc::new(provider.clone());
            }
        }
        for authorization in &self.authorizations {
            if roster.family.iter().any(|member| member.member_id == authorization.member_id) {
                roster.authorizations.retain(|known| known.number != authorization.number);
                roster.authorizations.push(Arc::new(authorization.clone()));
            }
        }
        if !self.authorizations.is_empty() {
            roster.authorizations.sort_by(|a, b| (&a.member_id, &a.number).cmp(&(&b.member_id, &b.number)));
        }
    }
}
