//! Payment rules: Medicare's payment policies, and what a contract changes in them.

use rust_decimal::Decimal;

use crate::domain::dates::Date;
use crate::reference::payment_policies::{self as policies, Policy, share};

/// What a contract pays otherwise than Medicare; what it leaves out is Medicare's. All are parts of a fee.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentRules {
    /// For the first surgery of a day, the second and so on; the last stands for all that follow. Empty: Medicare's.
    pub multiple_surgeries: Vec<Decimal>,
    /// For both sides together (bilateral indicator 1).
    pub both_sides: Option<Decimal>,
    /// For a physician who assists (80, 81, 82).
    pub assistant: Option<Decimal>,
    /// For another practitioner who assists (AS).
    pub nonphysician_assistant: Option<Decimal>,
    /// For each of two surgeons (62).
    pub co_surgeon: Option<Decimal>,
    /// For a service less than whole (52).
    pub reduced_service: Option<Decimal>,
    /// For a procedure broken off (53) that has no row of its own.
    pub broken_off: Option<Decimal>,
    /// Pay by who performs: less to those who do not take part in Medicare, and to practitioners who are no physicians.
    pub by_performer: bool,
}

/// A modifier that leaves a part of the fee by policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sharing {
    /// 80, 81, 82.
    Assistant,
    /// AS.
    NonphysicianAssistant,
    /// 62.
    CoSurgeon,
    /// 52.
    ReducedService,
    /// 53.
    BrokenOff,
}

impl PaymentRules {
    /// The part of the fee for the surgery of that rank (0 is the first); `of_old` under the rules before 1995.
    pub(super) fn surgery(&self, rank: usize, of_old: bool, day: Date) -> Decimal {
        let policy = if of_old { policies::MULTIPLE_SURGERIES_OF_OLD } else { policies::MULTIPLE_SURGERIES };
        let agreed = self.multiple_surgeries.get(rank).or(self.multiple_surgeries.last());
        agreed.copied().unwrap_or_else(|| share(policy, day, rank))
    }

    /// What both sides together are worth in fees.
    pub(super) fn both_sides(&self, day: Date) -> Decimal {
        self.both_sides.unwrap_or_else(|| share(policies::BOTH_SIDES, day, 0))
    }

    /// The part of the fee that a modifier leaves.
    pub(super) fn part(&self, sharing: Sharing, day: Date) -> Decimal {
        let (agreed, policy): (Option<Decimal>, &[Policy]) = match sharing {
            Sharing::Assistant => (self.assistant, policies::ASSISTANT),
            Sharing::NonphysicianAssistant => (self.nonphysician_assistant, policies::NONPHYSICIAN_ASSISTANT),
            Sharing::CoSurgeon => (self.co_surgeon, policies::CO_SURGEON),
            Sharing::ReducedService => (self.reduced_service, policies::PART_OF_SERVICE),
            Sharing::BrokenOff => (self.broken_off, policies::PART_OF_SERVICE),
        };
        agreed.unwrap_or_else(|| share(policy, day, 0))
    }
}
