//! The search: one change, then two, then three; each set of changes is tried by deciding the changed claim.

use super::{Change, Idea, is_denied, outlook};
use crate::adjudication::{Case, ClaimFile};
use crate::domain::determination::Determination;

/// The most decisions that are made for a claim.
pub const MOST_DECISIONS: usize = 200;
/// The most changes of a remedy.
const MOST_CHANGES: usize = 3;
/// The service came in before.
const DUPLICATE: &str = "18";
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

/// The claim as changed, with its decision; `None`: it would be turned away.
pub type Decide<'d> = dyn FnMut(&[Change]) -> Option<(ClaimFile, Determination)> + 'd;

/// Tries changes; `decide` makes the decision on the claim as changed, or none where it would be turned away.
pub struct Search<'d> {
    /// Decisions that may still be made.
    pub left: usize,
    /// Decides.
    pub decide: &'d mut Decide<'d>,
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
        } else if leads_on(&reason(&determination, line), &reason(&tried.determination, line)) {
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

/// Whether another denial than before is worth going on from; a claim that has become a duplicate is not.
fn leads_on(now: &Option<(&'static str, String)>, before: &Option<(&'static str, String)>) -> bool {
    now != before && now.as_ref().is_some_and(|(_, code)| code != DUPLICATE)
}

/// The step that denies a line and the code that it gives.
fn reason(determination: &Determination, line: usize) -> Option<(&'static str, String)> {
    let ledger = super::ledger_of(determination, line)?;
    let adjustment = ledger.adjustments().last()?;
    Some((adjustment.step, adjustment.carc.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{adjudicate, example};
    use crate::domain::codes::{DiagnosisCode, Modifier};

    /// Carries out what these tests need, on the file itself.
    fn changed(file: &ClaimFile, changes: &[Change]) -> Option<(ClaimFile, Determination)> {
        let mut file = file.clone();
        for change in changes {
            match change {
                Change::Diagnosis(at, code) => file.claim.diagnoses[*at] = *code,
                Change::NoModifier(line, modifier) => {
                    file.claim.lines[*line]
                        .modifiers
                        .iter_mut()
                        .filter(|m| *m == modifier)
                        .for_each(|m| *m = Modifier::NONE);
                }
                _ => return None,
            }
        }
        let determination = adjudicate(&file);
        Some((file, determination))
    }

    fn found(file: &ClaimFile) -> (Vec<Found>, usize) {
        let mut decide = |changes: &[Change]| changed(file, changes);
        let mut search = Search { left: MOST_DECISIONS, decide: &mut decide };
        let found = search.line(file, &adjudicate(file), 0);
        (found, MOST_DECISIONS - search.left)
    }

    #[test]
    fn a_header_is_mended_by_the_billable_code_below_it_if_the_record_supports_it() {
        let mut file = example::office_visit();
        file.claim.diagnoses[0] = DiagnosisCode::new("M545");
        let (found, _) = found(&file);
        assert_eq!(found[0].changes, [Change::Diagnosis(0, DiagnosisCode::new("M5450"))]);
        assert_eq!(found[0].only_if, ["the record supports that diagnosis"]);
        assert!(!found[0].determination.is_denied());
    }

    #[test]
    fn two_faults_of_a_line_are_mended_by_two_changes_and_not_by_one() {
        let mut file = example::office_visit();
        file.claim.diagnoses[0] = DiagnosisCode::new("M545");
        file.claim.lines[0].modifiers[0] = Modifier::new("00");
        let (found, _) = found(&file);
        assert_eq!(found[0].changes.len(), 2);
        assert!(!found[0].determination.is_denied());
    }

    #[test]
    fn what_no_change_mends_has_no_remedy_and_says_why() {
        let mut file = example::office_visit();
        file.received = crate::domain::dates::date(2027, 3, 1);
        let (found, decisions) = found(&file);
        assert!(found.is_empty() && decisions <= MOST_DECISIONS);
        let determination = adjudicate(&file);
        let advice = outlook(&Case::open(&file), &determination, 0).advice;
        assert!(advice[0].words.contains("277CA"), "{advice:?}");
    }

    #[test]
    fn a_claim_that_would_be_paid_as_it_is_needs_no_change() {
        let file = example::office_visit();
        let mut late = file.clone();
        late.received = crate::domain::dates::date(2027, 3, 1);
        let mut decide = |changes: &[Change]| changed(&file, changes);
        let found = Search { left: 5, decide: &mut decide }.line(&late, &adjudicate(&late), 0);
        assert_eq!(found.len(), 1);
        assert!(found[0].changes.is_empty());
    }
}
