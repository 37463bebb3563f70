//! What is added to an appeal: evidence, and what the written request had left out.

use super::super::{Caller, Failure, Payer};
use super::contested::level_of;
use super::deciding::must_be_open;
use super::record::{Held, place};
use crate::appeals::calendar::{Deadline, end_of};
use crate::appeals::hearing::extended;
use crate::domain::dates::parse_iso;
use crate::proto::v1 as pb;
use crate::wire;

impl Payer {
    /// Adds to an appeal, looks at it anew where it was incomplete, and decides it where a rule does by now.
    pub fn add_appeal_evidence(
        &self,
        caller: &Caller,
        request: &pb::AddAppealEvidenceRequest,
    ) -> Result<pb::Appeal, Failure> {
        self.change_appeal(caller, &request.name, |payer, entry, held| {
            let today = payer.today(entry.state);
            wire::appeals::check_addition(request, today).map_err(|violations| Failure::Violations { violations })?;
            let incomplete = held.appeal().state() == pb::AppealState::Incomplete;
            if !incomplete {
                must_be_open(&held.appeal())?;
            }
            let day = today.to_string();
            let of = held.appeal();
            let parent = place(&of.name).map_or("", |(parent, ..)| parent);
            let given = payer.papers(entry.state, (parent, &of.claim), &request.evidence)?;
            let appeal = held.appeal_mut();
            appeal.left_out.retain(|element| !request.completes.contains(element));
            if request.completes.contains(&pb::AppealElement::Reason.into()) && appeal.reason.is_empty() {
                "The decision is wrong.".clone_into(&mut appeal.reason);
            }
            let kinds: Vec<String> = given.iter().map(|given| given.kind.clone()).collect();
            appeal.evidence.extend(given);
            let words = if kinds.is_empty() { "The request was completed.".to_owned() } else { kinds.join(", ") };
            held.note(&day, if incomplete { "completed" } else { "evidence" }, words);
            let contested = payer.contested_by(entry, held)?;
            if !incomplete {
                extend(held);
                payer.wait_for_appeal(entry, held)?;
            } else {
                let mut before = payer.appeals_about(entry.state, held.lane, held.about())?;
                before.retain(|other| other.number < held.number);
                payer.examine_appeal(entry.state, &contested, held, &before)?;
                payer.wait_for_appeal(entry, held)?;
                payer.stay_recoupment(entry, &contested, held)?;
            }
            held.keep(&mut entry.draft(), "add-appeal-evidence");
            payer.decide_at_once(entry, held, &contested)?;
            Ok((held.number, true))
        })
    }
}

/// Gives whoever decides the days that the law gives for evidence that comes after the request.
fn extend(held: &mut Held) {
    let (Some(level), Some(by)) = (level_of(held), parse_iso(&held.appeal().decide_by)) else { return };
    let before = Deadline { last: end_of(by), reckoning: by.to_string() };
    let after = extended(level, &before, 1);
    if after != before && !held.appeal().late {
        let appeal = held.appeal_mut();
        appeal.decide_by = after.day().to_string();
        appeal.notes.push(format!("To decide: {}.", after.reckoning));
    }
}
