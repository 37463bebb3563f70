//! The search: one change, then two, then three; each set of changes is tried by deciding the changed claim.

use super::{Change, Idea, is_denied, outlook};
use crate::adjudication::{Case, ClaimFile};
use crate::domain::determination::Determination;

/// The most decisions that are made for a claim.
pub const MOST_DECISIONS: usize = 200;
/// The most changes of a remedy.
const MOST_CHANGES: usize = 3;
/// So many remedies of a line are kept.
const KEPT: usize = 5;

/// Changes under which a line is no longer denied.
#[derive(Clone, Debug)]
pub struct Found {
    /// The changes.
    pub changes: Vec<Change>,
    /// What must be true for them.
    pub only_if: Vec<&'static str>,
    /// The decision on the changed claim.
    pub determination: Determination,
}

/// What was tried so far: changes, and the claim as changed with its decision.
struct Tried {
    ideas: Vec<Idea>,
    file: ClaimFile,
    determination: Determination,
}

/// Tries changes; `decide` makes the decision on the claim as changed, or none where it would be turned away.
pub struct Search<'d> {
    /// Decisions that may still be made.
    pub left: usize,
    /// Decides.
    pub decide: &'d mut dyn FnMut(&[Change]) -> Option<(ClaimFile, Determination)>,
}

impl Search<'_> {
    /// The ways in which a line would not be denied: those of the fewest changes, the best paying first. A change that leads
    /// to another denial of the line is gone on from, by the remedies of that reason.
    pub fn line(&mut self, file: &ClaimFile, determination: &Determination, line: usize) -> Vec<Found> {
        if let Some((_, again)) = self.decision(&[])
            && stands(&again, line)
        {
            return vec![Found { changes: vec![], only_if: vec![], determination: again }];
        }
        let mut found: Vec<Found> = Vec::new();
        let mut frontier = vec![Tried { ideas: vec![], file: file.clone(), determination: determination.clone() }];
        for _ in 0..MOST_CHANGES {
            let mut next = Vec::new();
            for tried in &frontier {
                let case = Case::open(&tried.file);
                for idea in outlook(&case, &tried.determination, line).ideas {
                    self.try_one(tried, idea, line, &mut found, &mut next);
                }
            }
            if !found.is_empty() {
                break;
            }
            frontier = next;
        }
        found.sort_by_key(|found| {
            let by_others = found.changes.iter().any(Change::by_others);
            (std::cmp::Reverse(found.determination.paid()), by_others)
        });
        found.truncate(KEPT);
        found
    }

    fn try_one(&mut self, tried: &Tried, idea: Idea, line: usize, found: &mut Vec<Found>, next: &mut Vec<Tried>) {
        if tried.ideas.iter().any(|before| before.change.place() == idea.change.place()) {
            return;
        }
        let ideas: Vec<Idea> = tried.ideas.iter().cloned().chain([idea]).collect();
        let changes: Vec<Change> = ideas.iter().map(|idea| idea.change.clone()).collect();
        let Some((file, determination)) = self.decision(&changes) else { return };
        if stands(&determination, line) {
            let only_if = ideas.iter().map(|idea| idea.only_if).filter(|words| !words.is_empty()).collect();
            found.push(Found { changes, only_if, determination });
        } else if reason(&determination, line) != reason(&tried.determination, line) {
            next.push(Tried { ideas, file, determination });
        }
    }

    fn decision(&mut self, changes: &[Change]) -> Option<(ClaimFile, Determination)> {
        self.left = self.left.checked_sub(1)?;
        (self.decide)(changes)
    }
}

/// Whether a line is decided and not denied.
fn stands(determination: &Determination, line: usize) -> bool {
    determination.pend.is_none() && line < determination.lines.len() && !is_denied(determination, line)
}

/// The step that denies a line and the code that it gives.
fn reason(determination: &Determination, line: usize) -> Option<(&'static str, String)> {
    let ledger = super::ledger_of(determination, line)?;
    let adjustment = ledger.adjustments().last()?;
    Some((adjustment.step, adjustment.carc.to_string()))
}
