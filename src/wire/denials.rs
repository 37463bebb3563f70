//! The catalogue of denials as messages.

use super::determination::citations;
use crate::adjudication::catalogue::{self, Appeals, Entry, PolicyReason, Remedy};
use crate::domain::codes::{Carc, Group};
use crate::domain::policy::{MedicalPolicies, MedicalPolicy};
use crate::proto::v1 as pb;
use crate::reference::{reason_codes, remark_codes};

/// What stands before a denial's name.
pub const COLLECTION: &str = "denials/";
/// What is said of a policy without a title.
const POLICY: &str = "A medical policy of the payer.";

/// A medical policy as what a decision rests on: its name with its version, and where to read it.
pub fn policy_citation(policy: &MedicalPolicy) -> pb::Citation {
    pb::Citation { title: policy.to_string(), href: policy.href.clone() }
}

/// A reason that is given under a group, by whom of the program and by which policies of the payer.
fn given(carc: Carc, group: Group, policies: &[PolicyReason<'_>]) -> pb::Denial {
    let mut denial = about(carc);
    denial.name = format!("{COLLECTION}{group}-{carc}");
    group.code().clone_into(&mut denial.group);
    let mut remarks = catalogue::remarks(group, carc);
    for by in catalogue::given_by(group, carc) {
        bears(&mut denial, by.reason.liable);
        if denial.given_by.iter().all(|known| known.id != by.giver.id) {
            denial.given_by.push(pb::DenialGiver {
                id: by.giver.id.to_owned(),
                summary: by.giver.summary.to_owned(),
                authority: citations(by.giver.authority),
            });
        }
    }
    for by in policies.iter().filter(|by| (by.group, by.carc) == (group, carc)) {
        bears(&mut denial, by.liable);
        remarks.extend(by.rarcs);
        let (policy, citation) = (by.policy, policy_citation(by.policy));
        match denial.given_by.iter_mut().find(|known| known.id == policy.policy_id) {
            Some(known) if known.authority.contains(&citation) => {}
            Some(known) => known.authority.push(citation),
            None => denial.given_by.push(pb::DenialGiver {
                id: policy.policy_id.clone(),
                summary: if policy.title.is_empty() { POLICY.to_owned() } else { policy.title.clone() },
                authority: vec![citation],
            }),
        }
    }
    for code in remarks {
        let remark = pb::Remark { code: code.to_string(), words: remark_codes::rarc_words(code).to_owned() };
        if !denial.remarks.contains(&remark) {
            denial.remarks.push(remark);
        }
    }
    denial
}

fn bears(denial: &mut pb::Denial, liable: &str) {
    if denial.liable.iter().all(|known| known != liable) {
        denial.liable.push(liable.to_owned());
    }
}

/// A code that is not given.
fn not_given(entry: &Entry) -> pb::Denial {
    pb::Denial {
        name: format!("{COLLECTION}{}", entry.carc),
        not_given: entry.excuse().to_owned(),
        ..about(entry.carc)
    }
}

fn about(carc: Carc) -> pb::Denial {
    let mut denial = pb::Denial {
        carc: carc.to_string(),
        words: reason_codes::carc_words(carc).to_owned(),
        remark_required: reason_codes::needs_remark(carc),
        ..Default::default()
    };
    if let Some(entry) = catalogue::entry(carc) {
        denial.core_scenario = entry.scenario.map_or(0, i32::from);
        denial.set_appeal_right(right(entry.appeals));
        denial.appeal_words = entry.appeals.words();
        entry.advice.clone_into(&mut denial.advice);
        denial.remedies =
            entry.remedies.iter().filter(|remedy| **remedy != Remedy::None).map(|remedy| remedy.id()).collect();
    }
    denial
}

fn right(appeals: Appeals) -> pb::AppealRight {
    match appeals {
        Appeals::Yes | Appeals::Except(_) => pb::AppealRight::Appealable,
        Appeals::No(_) => pb::AppealRight::None,
        Appeals::Dispute => pb::AppealRight::Dispute,
        Appeals::NotADenial(_) => pb::AppealRight::NoDenial,
    }
}

/// Every reason that the program or one of the policies gives, in order of the code; then, if asked, the codes that are not
/// given.
pub fn all(policies: &MedicalPolicies, include_not_given: bool) -> Vec<pb::Denial> {
    let chosen: Vec<PolicyReason<'_>> = catalogue::of_policies(policies).collect();
    let mut pairs = catalogue::pairs();
    pairs.extend(chosen.iter().map(|by| (by.carc, by.group)));
    pairs.sort_unstable_by_key(|(carc, group)| (catalogue::numeric(*carc), *carc, *group));
    pairs.dedup();
    let mut denials: Vec<pb::Denial> = pairs.iter().map(|(carc, group)| given(*carc, *group, &chosen)).collect();
    if include_not_given {
        let mut others: Vec<&Entry> =
            catalogue::all().filter(|entry| pairs.iter().all(|(carc, _)| *carc != entry.carc)).collect();
        others.sort_by_key(|entry| (catalogue::numeric(entry.carc), entry.carc));
        denials.extend(others.into_iter().map(not_given));
    }
    denials
}

/// A denial by its name: "denials/CO-197", "CO-197", or a code alone for the first group that it is given under. Only what
/// the program itself gives.
pub fn find(name: &str) -> Option<pb::Denial> {
    find_with(&MedicalPolicies::default(), name)
}

/// The same, with what a payer's policies give.
pub fn find_with(policies: &MedicalPolicies, name: &str) -> Option<pb::Denial> {
    let name = name.strip_prefix(COLLECTION).unwrap_or(name).to_uppercase();
    let is = |denial: &pb::Denial| denial.name.strip_prefix(COLLECTION) == Some(name.as_str()) || denial.carc == name;
    all(policies, true).into_iter().find(is)
}
