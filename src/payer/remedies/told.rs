//! Findings and remedies as messages.

use super::changes::Draft;
use crate::adjudication::remedies::{Advice, Change, Path, reduced};
use crate::domain::determination::Determination;
use crate::proto::v1::{self as pb, claim::Billed};
use crate::wire;

/// Longest reason to reopen, in characters.
const MAX_REASON: usize = 200;

/// Changes that were decided and mend lines.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub changes: Vec<Change>,
    pub only_if: Vec<&'static str>,
    /// Zero-based.
    pub lines: Vec<usize>,
    pub draft: Draft,
    pub claim: pb::Claim,
    pub request: pb::SubmitClaimRequest,
}

impl Outcome {
    pub fn mends(&self, line: usize) -> bool {
        self.lines.contains(&line)
    }

    fn paid(&self) -> i64 {
        self.claim.determination.as_ref().map_or(0, |determination| determination.paid_cents)
    }
}

/// Those that mend the most lines first, then those of the fewest changes, of the provider alone, and the highest payment; each
/// set of changes once.
pub(super) fn rank(outcomes: &mut Vec<Outcome>) {
    outcomes.sort_by_key(|outcome| {
        let by_others = outcome.changes.iter().any(Change::by_others);
        (std::cmp::Reverse(outcome.lines.len()), outcome.changes.len(), by_others, std::cmp::Reverse(outcome.paid()))
    });
    let mut seen: Vec<Vec<Change>> = Vec::new();
    outcomes.retain(|outcome| {
        let new = !seen.contains(&outcome.changes);
        seen.push(outcome.changes.clone());
        new
    });
}

/// A remedy.
pub(super) fn remedy(number: i32, outcome: &Outcome, path: Path, paid_before: i64) -> pb::Remedy {
    let determination = outcome.claim.determination.clone().unwrap_or_default();
    let reopening = (path == Path::Reopening).then(|| reopening(&outcome.claim.name, &outcome.draft)).flatten();
    pb::Remedy {
        number,
        words: words(&outcome.draft.told, path),
        changes: outcome.draft.told.clone(),
        path: path_message(path).into(),
        verified: true,
        only_if: outcome.only_if.join("; "),
        lines: outcome.lines.iter().map(|line| one_based(*line)).collect(),
        request: reopening.is_none().then(|| outcome.request.clone()),
        reopening,
        authorizations: outcome.draft.authorizations.clone(),
        members: outcome.draft.members.clone(),
        providers: outcome.draft.providers.clone(),
        paid_cents: determination.paid_cents,
        allowed_cents: determination.allowed_cents,
        patient_responsibility_cents: determination.patient_responsibility_cents,
        gain_cents: determination.paid_cents - paid_before,
        state: outcome.claim.state,
    }
}

/// The request that has a decision reopened with a draft; a professional's only.
pub(super) fn reopening(claim: &str, draft: &Draft) -> Option<pb::ReopenClaimRequest> {
    let Billed::Professional(professional) = draft.billed.clone() else { return None };
    let mut words: Vec<&str> = draft.told.iter().map(|change| change.words.as_str()).collect();
    words.dedup();
    let reason: String = words.join("; ").chars().filter(|letter| !letter.is_control()).take(MAX_REASON).collect();
    let reason = if reason.is_empty() { "as it was".to_owned() } else { reason };
    Some(pb::ReopenClaimRequest {
        name: claim.to_owned(),
        professional: Some(professional),
        reason,
        ..Default::default()
    })
}

/// Changes in a sentence, with the way that the claim goes.
fn words(told: &[pb::RemedyChange], path: Path) -> String {
    let mut parts: Vec<String> = told.iter().map(|change| change.words.clone()).collect();
    parts.dedup();
    let send = match path {
        Path::CorrectedClaim => "send it as a corrected claim (frequency 7)",
        Path::Reopening => "have the decision reopened with that",
        _ => "send it as a new claim",
    };
    if parts.is_empty() {
        return format!("The payer's records have changed: {send}, as it is.");
    }
    let text = format!("{}; {send}.", parts.join("; "));
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What a line was denied for, and what leads out.
pub(super) fn finding(
    determination: &Determination,
    line: usize,
    one_account: bool,
    outcomes: &[Outcome],
    advice: Vec<Advice>,
    path: Path,
) -> pb::RemedyFinding {
    let ledger = match &determination.account {
        Some(account) => Some(&account.ledger),
        None => determination.lines.get(line).map(|line| &line.ledger),
    };
    let denial = ledger.and_then(|ledger| ledger.adjustments().last());
    let here = |step: &&crate::domain::determination::Step| {
        step.outcome == crate::domain::determination::Outcome::Denied && step.line.is_none_or(|at| at == line)
    };
    let words = determination.steps.iter().find(here).map(|step| step.words.clone());
    let numbers = (1..).zip(outcomes).filter(|(_, outcome)| outcome.mends(line)).map(|(number, _)| number).collect();
    let mut advice: Vec<pb::RemedyAdvice> = advice.into_iter().map(|advice| told(advice, path)).collect();
    if path == Path::Reopening {
        let words = "Original Medicare takes no corrected claim of a professional: once a remittance has told the decision, ask for a clerical reopening with the change \
                     (`payersim reopen CLAIM --set …`), or appeal in time.";
        advice.insert(0, pb::RemedyAdvice { path: pb::RemedyPath::Reopening.into(), words: words.to_owned() });
    }
    pb::RemedyFinding {
        line: if one_account { 0 } else { one_based(line) },
        group: denial
            .map_or(pb::GroupCode::Unspecified, |denial| wire::determination::group_message(denial.group))
            .into(),
        code: denial.map_or_else(String::new, |denial| denial.carc.to_string()),
        words: words.unwrap_or_default(),
        amount_cents: denial.map_or(0, |denial| denial.amount.cents()),
        remedies: numbers,
        advice,
    }
}

/// A line that is paid less than it might be, for a reason worth a word.
pub(super) fn less(determination: &Determination, line: usize, one_account: bool) -> Option<pb::RemedyFinding> {
    let (adjustment, advice) = reduced(determination, line)?;
    Some(pb::RemedyFinding {
        line: if one_account { 0 } else { one_based(line) },
        group: wire::determination::group_message(adjustment.group).into(),
        code: adjustment.carc.to_string(),
        words: crate::reference::reason_codes::carc_words(adjustment.carc).to_owned(),
        amount_cents: adjustment.amount.cents(),
        advice: vec![pb::RemedyAdvice { path: path_message(advice.path).into(), words: advice.words }],
        ..Default::default()
    })
}

fn told(advice: Advice, path: Path) -> pb::RemedyAdvice {
    // What can be mended goes the way that this claim goes.
    let way = match advice.path {
        Path::CorrectedClaim | Path::NewClaim => path,
        other => other,
    };
    pb::RemedyAdvice { path: path_message(way).into(), words: advice.words }
}

/// A path as a message has it.
pub(super) fn path_message(path: Path) -> pb::RemedyPath {
    match path {
        Path::NewClaim => pb::RemedyPath::NewClaim,
        Path::CorrectedClaim => pb::RemedyPath::CorrectedClaim,
        Path::Reopening => pb::RemedyPath::Reopening,
        Path::Appeal => pb::RemedyPath::Appeal,
        Path::Dispute => pb::RemedyPath::Dispute,
        Path::OtherPayer => pb::RemedyPath::OtherPayer,
        Path::Patient => pb::RemedyPath::Patient,
        Path::Nothing => pb::RemedyPath::None,
    }
}

fn one_based(at: usize) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX).saturating_add(1)
}
