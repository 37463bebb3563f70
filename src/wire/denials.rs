//! The catalogue of denials as messages.

use super::determination::citations;
use crate::adjudication::catalogue::{self, Appeals, Entry, GivenBy, Remedy};
use crate::domain::codes::{Carc, Group};
use crate::proto::v1 as pb;
use crate::reference::{reason_codes, remark_codes};

/// What stands before a denial's name.
pub const COLLECTION: &str = "denials/";

/// A reason that is given under a group.
pub fn given(carc: Carc, group: Group) -> pb::Denial {
    let given: Vec<GivenBy> = catalogue::given_by(group, carc).collect();
    let mut denial = about(carc);
    denial.name = format!("{COLLECTION}{group}-{carc}");
    group.code().clone_into(&mut denial.group);
    for by in &given {
        let liable = by.reason.liable.to_owned();
        if !denial.liable.contains(&liable) {
            denial.liable.push(liable);
        }
        if denial.given_by.iter().all(|known| known.id != by.giver.id) {
            denial.given_by.push(pb::DenialGiver {
                id: by.giver.id.to_owned(),
                summary: by.giver.summary.to_owned(),
                authority: citations(by.giver.authority),
            });
        }
    }
    let remark = |code| pb::Remark { code: format!("{code}"), words: remark_codes::rarc_words(code).to_owned() };
    denial.remarks = catalogue::remarks(group, carc).into_iter().map(remark).collect();
    denial
}

/// A code that is not given.
pub fn not_given(entry: &Entry) -> pb::Denial {
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

/// Every reason that is given, in order of the code; then, if asked, the codes that are not.
pub fn all(include_not_given: bool) -> Vec<pb::Denial> {
    let pairs = catalogue::pairs();
    let mut denials: Vec<pb::Denial> = pairs.iter().map(|(carc, group)| given(*carc, *group)).collect();
    if include_not_given {
        let mut others: Vec<&Entry> =
            catalogue::all().filter(|entry| pairs.iter().all(|(carc, _)| *carc != entry.carc)).collect();
        others.sort_by_key(|entry| (catalogue::numeric(entry.carc), entry.carc));
        denials.extend(others.into_iter().map(not_given));
    }
    denials
}

/// A denial by its name: "denials/CO-197", "CO-197", or a code alone for the first group that it is given under.
pub fn find(name: &str) -> Option<pb::Denial> {
    let name = name.strip_prefix(COLLECTION).unwrap_or(name).to_uppercase();
    let is = |denial: &pb::Denial| denial.name.strip_prefix(COLLECTION) == Some(name.as_str()) || denial.carc == name;
    all(true).into_iter().find(is)
}
