//! A whole payer folder: the revision and the records that seed a sandbox, and what must hold between them.

use std::collections::{BTreeMap, BTreeSet};

use super::directory::{self, NpiRule};
use super::{Violation, Violations, payer_revision};
use crate::adjudication::PayerRevision;
use crate::adjudication::pricing::Method;
use crate::domain::member::{Authorization, Member};
use crate::domain::provider::Provider;
use crate::proto::v1 as pb;
use crate::reference::official_tables::OfficialTables;

/// What a payer folder says, read.
#[derive(Debug)]
pub struct Seed {
    /// Plans, fee schedules, policies, tables.
    pub revision: PayerRevision,
    /// Members.
    pub members: Vec<Member>,
    /// Providers.
    pub providers: Vec<Provider>,
    /// Authorizations.
    pub authorizations: Vec<Authorization>,
}

/// Reads a payer folder, with the official tables of the releases that it names without files, or says everything that is
/// wrong with it.
pub fn parse(folder: &pb::PayerFolder, tables: &OfficialTables) -> Result<Seed, Vec<Violation>> {
    let mut found = Violations::default();
    let rule = folder.payer.as_ref().map_or(NpiRule::CheckDigit, NpiRule::of);
    let seed = Seed {
        revision: payer_revision::read(folder, tables, &mut found),
        members: found.each("members", &folder.members, directory::read_member),
        providers: found.each("providers", &folder.providers, |m, found| directory::read_provider(m, rule, found)),
        authorizations: found.each("authorizations", &folder.authorizations, directory::read_authorization),
    };
    found.distinct("members", "member_id", folder.members.iter().map(|member| member.member_id.as_str()));
    found.distinct("providers", "npi", folder.providers.iter().map(|provider| provider.npi.as_str()));
    found.distinct("authorizations", "number", folder.authorizations.iter().map(|a| a.number.as_str()));
    families(folder, &mut found);
    coverages(folder, &mut found);
    networks(folder, &mut found);
    authorizations(folder, &mut found);
    localities(folder, &seed.revision, &mut found);
    found.into_result(Some(seed))
}

/// Every family has its subscriber.
fn families(folder: &pb::PayerFolder, found: &mut Violations) {
    let subscribers: BTreeMap<&str, &str> =
        folder.members.iter().map(|member| (member.member_id.as_str(), member.subscriber_id.as_str())).collect();
    for (at, member) in folder.members.iter().enumerate().filter(|(_, member)| !member.subscriber_id.is_empty()) {
        let field = format!("members[{at}].subscriber_id");
        match subscribers.get(member.subscriber_id.as_str()) {
            None => found.add(field, format!("there is no member {:?}", member.subscriber_id)),
            Some(theirs) if *theirs != member.subscriber_id => {
                found.add(field, format!("{:?} is no subscriber but depends on {theirs:?}", member.subscriber_id));
            }
            Some(_) => {}
        }
    }
}

/// Coverages name plans and primary care providers that are there.
fn coverages(folder: &pb::PayerFolder, found: &mut Violations) {
    let plans: BTreeSet<&str> = folder.plans.iter().map(|plan| plan.plan_id.as_str()).collect();
    let providers = npis(folder);
    for (at, member) in folder.members.iter().enumerate() {
        for (place, coverage) in member.coverages.iter().enumerate() {
            let path = format!("members[{at}].coverages[{place}]");
            found.known(format_args!("{path}.plan_id"), "plan", &coverage.plan_id, &plans);
            provider(format!("{path}.primary_care_npi"), &coverage.primary_care_npi, &providers, found);
        }
    }
}

/// A network that no plan uses is a misspelt one.
fn networks(folder: &pb::PayerFolder, found: &mut Violations) {
    let networks: BTreeSet<&str> = folder.plans.iter().flat_map(|plan| &plan.networks).map(String::as_str).collect();
    for (at, provider) in folder.providers.iter().enumerate() {
        for (place, enrollment) in provider.enrollments.iter().enumerate() {
            for (name_at, name) in enrollment.networks.iter().enumerate() {
                let path = format!("providers[{at}].enrollments[{place}].networks[{name_at}]");
                found.known(path, "plan's network", name, &networks);
            }
        }
    }
}

/// Where Medicare's rates are paid, every locality is one of CMS's, and there is a default.
fn localities(folder: &pb::PayerFolder, revision: &PayerRevision, found: &mut Violations) {
    let medicare = revision.fee_schedules.iter().filter_map(|schedule| match &schedule.method {
        Method::Medicare(medicare) => Some(medicare),
        Method::PercentOfCharge(_) | Method::Facility(_) => None,
    });
    let indices: Vec<_> = medicare.flat_map(|medicare| &medicare.gpcis).collect();
    if indices.is_empty() {
        return;
    }
    let default = folder.payer.as_ref().map_or("", |payer| &payer.default_locality);
    if default.is_empty() {
        found.add("payer.default_locality", "is missing: Medicare's rates are paid by locality, such as \"01112-05\"");
    }
    let of_providers = folder.providers.iter().enumerate();
    let of_providers = of_providers.map(|(at, provider)| (format!("providers[{at}].locality"), &*provider.locality));
    for (field, text) in [("payer.default_locality".to_owned(), default)].into_iter().chain(of_providers) {
        let locality = directory::locality_of(text);
        if locality.is_some_and(|locality| indices.iter().all(|gpcis| gpcis.lookup(locality).is_none())) {
            found.add(field, format!("there are no geographic indices for {text:?}"));
        }
    }
}

/// Authorizations are for members, and for providers where they name one.
fn authorizations(folder: &pb::PayerFolder, found: &mut Violations) {
    let members: BTreeSet<&str> = folder.members.iter().map(|member| member.member_id.as_str()).collect();
    let providers = npis(folder);
    for (at, authorization) in folder.authorizations.iter().enumerate() {
        let member = &authorization.member_id;
        if !member.is_empty() && !members.contains(member.as_str()) {
            found.add(format_args!("authorizations[{at}].member_id"), format!("there is no member {member:?}"));
        }
        provider(format!("authorizations[{at}].npi"), &authorization.npi, &providers, found);
    }
}

fn npis(folder: &pb::PayerFolder) -> BTreeSet<&str> {
    folder.providers.iter().map(|provider| provider.npi.as_str()).collect()
}

fn provider(field: String, npi: &str, providers: &BTreeSet<&str>, found: &mut Violations) {
    if !npi.is_empty() && !providers.contains(npi) {
        found.add(field, format!("there is no provider {npi:?}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_folder_is_told_what_it_lacks() {
        let fields: Vec<String> = parse(&pb::PayerFolder::default(), &OfficialTables::default())
            .unwrap_err()
            .into_iter()
            .map(|violation| violation.field)
            .collect();
        assert_eq!(fields, ["payer", "plans", "payer.procedures"]);
    }

    #[test]
    fn a_dependent_needs_a_subscriber_of_its_own_family() {
        let member = |member_id: &str, subscriber_id: &str| pb::Member {
            member_id: member_id.into(),
            subscriber_id: subscriber_id.into(),
            ..Default::default()
        };
        let folder = pb::PayerFolder {
            members: vec![member("A1", "A1"), member("A2", "A1"), member("A3", "A2"), member("B2", "B1")],
            ..Default::default()
        };
        let mut found = Violations::default();
        families(&folder, &mut found);
        let fields: Vec<String> = found.into_result(Some(())).unwrap_err().into_iter().map(|v| v.field).collect();
        assert_eq!(fields, ["members[2].subscriber_id", "members[3].subscriber_id"]);
    }
}
