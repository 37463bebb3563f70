//! The claim file: everything the payer may look at to decide one claim. The core sees nothing else.

use std::sync::Arc;

use crate::domain::claim::{Claim, Person, ServiceLine};
use crate::domain::codes::Npi;
use crate::domain::dates::Date;
use crate::domain::determination::{AccumulatorEntry, AuthorizationUse, HistoryLine};
use crate::domain::member::{Authorization, Coverage, Member};
use crate::domain::plan::{CostShare, Network, Plan};
use crate::domain::provider::Provider;

use super::payer_revision::{PayerRevision, Procedure};

/// What the shell fetched, and what follows from it for the patient and for each line.
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
    pub history: Vec<HistoryLine>,
    /// What earlier decisions of the family took, in the benefit years of this claim.
    pub accumulators: Vec<AccumulatorEntry>,
    /// What earlier decisions of the family took from authorizations.
    pub authorization_uses: Vec<AuthorizationUse>,
}

/// Who the patient is among the family.
#[derive(Clone, Copy, Debug)]
pub enum Patient<'a> {
    /// This member.
    Found(&'a Member),
    /// The number is known, but nobody of that name and birth date belongs to it.
    Differs(&'a Member),
    /// The number is not known.
    Unknown,
}

impl ClaimFile {
    /// Who the patient is.
    pub fn patient(&self) -> Patient<'_> {
        let named = self.claim.patient();
        let Some(any) = self.family.first() else { return Patient::Unknown };
        if let Some(member) = self.family.iter().find(|member| same_person(&member.person, named)) {
            return Patient::Found(member);
        }
        let by_number = self.family.iter().find(|member| member.member_id == self.claim.subscriber.member_id);
        Patient::Differs(by_number.unwrap_or(any))
    }

    /// The patient's record, where found.
    pub fn member(&self) -> Option<&Member> {
        match self.patient() {
            Patient::Found(member) => Some(member),
            Patient::Differs(_) | Patient::Unknown => None,
        }
    }

    /// The patient's coverage on the line's first day.
    pub fn coverage(&self, line: &ServiceLine) -> Option<&Coverage> {
        self.member().and_then(|member| member.coverage_on(line.from))
    }

    /// The plan that the line falls under.
    pub fn plan(&self, line: &ServiceLine) -> Option<&Plan> {
        self.coverage(line).and_then(|coverage| self.payer.plan(&coverage.plan_id))
    }

    /// A provider's record.
    pub fn provider(&self, npi: Npi) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.npi == npi)
    }

    /// Whether the line's provider is in the plan's networks on its day: the rendering provider, or else the billing one.
    pub fn network(&self, plan: &Plan, line: &ServiceLine) -> Network {
        let belongs = |npi: Npi| {
            self.provider(npi)
                .and_then(|provider| provider.enrollment_on(line.from))
                .is_some_and(|enrollment| enrollment.networks.iter().any(|name| plan.networks.contains(name)))
        };
        if plan.networks.is_empty() || belongs(line.rendering_npi) || belongs(self.claim.billing_npi) {
            Network::In
        } else {
            Network::Out
        }
    }

    /// The plan's cost share for a line, and the network it comes from.
    pub fn cost_share<'a>(&'a self, plan: &'a Plan, line: &ServiceLine) -> Option<(Network, &'a CostShare)> {
        let network = self.network(plan, line);
        plan.cost_share(network).map(|share| (network, share))
    }

    /// What the payer's table says of the line's procedure.
    pub fn procedure(&self, line: &ServiceLine) -> Option<&Procedure> {
        self.payer.procedures.lookup(line.procedure, line.from)
    }

    /// Whether another payer pays before this one on the line's day, by this payer's records.
    pub fn primary_elsewhere(&self, line: &ServiceLine) -> Option<&crate::domain::member::OtherCoverage> {
        self.member()?.other_coverages.iter().find(|other| other.primary && other.period.contains(line.from))
    }
}

/// Same birth date and names; letter case, spaces and punctuation do not count, and a given name may be cut short.
fn same_person(record: &Person, named: &Person) -> bool {
    let births_agree = match (record.birth, named.birth) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    births_agree && same_letters(&record.last, &named.last) && starts_alike(&record.first, &named.first)
}

fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

fn same_letters(a: &str, b: &str) -> bool {
    letters(a).eq(letters(b))
}

fn starts_alike(a: &str, b: &str) -> bool {
    let mut pairs = letters(a).zip(letters(b));
    pairs.all(|(x, y)| x == y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::claim::Sex;
    use crate::domain::dates::date;

    fn person(last: &str, first: &str, year: i16) -> Person {
        Person { last: last.into(), first: first.into(), birth: Some(date(year, 1, 1)), sex: Sex::Unknown }
    }

    #[test]
    fn names_agree_by_letters_and_birth_date() {
        let record = person("O'Testa-Muster", "Maximilian", 1980);
        assert!(same_person(&record, &person("OTESTA MUSTER", "MAX", 1980)));
        assert!(!same_person(&record, &person("OTESTA MUSTER", "MAX", 1981)));
        assert!(!same_person(&record, &person("MUSTER", "MAX", 1980)));
        assert!(!same_person(&record, &person("OTESTA MUSTER", "MINNA", 1980)));
    }
}
