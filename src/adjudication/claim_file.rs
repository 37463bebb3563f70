//! The claim file: everything the payer may look at to decide one claim. The core sees nothing else.

use std::sync::Arc;

use crate::domain::claim::Claim;
use crate::domain::dates::Date;
use crate::domain::determination::{AccumulatorEntry, AuthorizationUse, HistoryLine};
use crate::domain::document::Documents;
use crate::domain::instruction::Instruction;
use crate::domain::member::{Authorization, Member};
use crate::domain::provider::Provider;

use super::payer_revision::PayerRevision;

/// What the shell fetched.
#[derive(Clone, Debug)]
pub struct ClaimFile {
    /// The claim.
    pub claim: Claim,
    /// Its control number.
    pub control_number: String,
    /// Sandbox date on which it came in.
    pub received: Date,
    /// Sandbox date of the decision.
    pub processed: Date,
    /// The payer's plans, contracts, policies and tables.
    pub payer: Arc<PayerRevision>,
    /// Everyone of the subscriber's family; empty where the subscriber is unknown.
    pub family: Vec<Member>,
    /// The providers named on the claim that the payer knows.
    pub providers: Vec<Provider>,
    /// Authorizations and referrals of the family.
    pub authorizations: Vec<Authorization>,
    /// Lines of the family's earlier claims that stand (not reversed), oldest first.
    pub history: Arc<Vec<HistoryLine>>,
    /// What earlier decisions of the family took, in the benefit years of this claim.
    pub accumulators: Arc<Vec<AccumulatorEntry>>,
    /// What earlier decisions of the family took from authorizations.
    pub authorization_uses: Arc<Vec<AuthorizationUse>>,
    /// Documents that came in for the claim, and what the payer asked for.
    pub documents: Documents,
    /// What directives and markers force, where they do.
    pub instruction: Option<Box<Instruction>>,
}

impl ClaimFile {
    /// What the family has met, used and taken: by earlier decisions, and under a carrier before this payer.
    pub fn entries(&self) -> impl Iterator<Item = &AccumulatorEntry> {
        self.accumulators.iter().chain(self.family.iter().flat_map(|member| &member.prior_credits))
    }
}
