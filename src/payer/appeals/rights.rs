//! Rights: what may be appealed now, and what follows a decision; what may not, with the law and the right path.

use super::super::claims::claim_place;
use super::super::{Caller, Failure, Payer, State};
use super::contested::{Contested, Read, level_of};
use super::record::{About, Held};
use crate::appeals::evidence::{Evidence, decide_by_rule};
use crate::appeals::filing::{Denial, Examined, PriorOutcome, Refusal, examine};
use crate::appeals::late::consequence;
use crate::appeals::rights::{Decided, Right, after};
use crate::appeals::{Controversy, EvidenceKind, Level, Regime, amounts};
use crate::domain::appeal_terms::RuleOutcome;
use crate::domain::dates::{Date, parse_iso};
use crate::domain::money::Money;
use crate::proto::v1 as pb;
use crate::wire;

/// The least that must be in controversy at a level, were it asked for today.
pub(super) fn required(level: &Level, today: Date) -> Money {
    match level.amount {
        Controversy::Any => Money::ZERO,
        Controversy::Hearing => amounts::hearing(today).amount,
        Controversy::Court => amounts::court(today).amount,
    }
}

/// What may not be appealed, as a message.
pub(super) fn not_appealable(line: i32, reason: &str, found: &Refusal) -> pb::NotAppealable {
    pb::NotAppealable {
        line,
        reason: reason.to_owned(),
        why: found.why.clone(),
        authority: vec![wire::appeals::citation(found.authority)],
        right_path: found.right_path.to_owned(),
    }
}

impl Payer {
    /// An appeal as the API shows it, with the rights that follow.
    pub(super) fn shown(&self, state: &State, held: &Held) -> Result<pb::Appeal, Failure> {
        let mut appeal = held.appeal();
        let Some(contested) = self.contested(state, held.lane, held.about())? else { return Ok(appeal) };
        let Some(level) = level_of(held) else { return Ok(appeal) };
        if appeal.state() == pb::AppealState::Open && appeal.late {
            let follows = consequence(&contested.terms, level);
            appeal.rights.extend(follows.next.map(|next| pb::OpenAppeal {
                level: Some(wire::appeals::level_message(next)),
                lines: appeal.lines.clone(),
                r#where: next.heard_by_words.to_owned(),
                amount_in_controversy_cents: appeal.amount_in_controversy_cents,
                amount_required_cents: required(next, self.today(state)).cents(),
                amount_met: appeal.amount_in_controversy_cents >= required(next, self.today(state)).cents(),
                words: format!("{} ({})", follows.words, follows.authority),
                ..Default::default()
            }));
        }
        if appeal.state() != pb::AppealState::Decided || !appeal.next_appeal.is_empty() {
            return Ok(appeal);
        }
        let decision = appeal.decision.clone().unwrap_or_default();
        let Some(notice) = parse_iso(&decision.decided_date) else { return Ok(appeal) };
        let stands = |line: &i32| !decision.lines.iter().any(|of| of.line == *line && of.overturned);
        let lines: Vec<i32> = appeal.lines.iter().copied().filter(stands).collect();
        let outcome = match decision.outcome() {
            pb::AppealOutcome::Overturned => PriorOutcome::Overturned,
            pb::AppealOutcome::PartlyOverturned => PriorOutcome::PartlyOverturned,
            pb::AppealOutcome::Dismissed => PriorOutcome::Dismissed,
            pb::AppealOutcome::Upheld | pb::AppealOutcome::Unspecified => PriorOutcome::Upheld,
        };
        let amount = contested.amount(&lines, appeal.overpayment);
        let decided = Decided { regime: level.regime, level: Some(level), outcome, notice, amount };
        let right = after(&contested.terms, &decided);
        appeal.rights.extend(right.map(|right| opened(&right, lines, amount, Vec::new())));
        Ok(appeal)
    }

    /// What of a claim may be appealed now, and what may not.
    pub fn appeal_rights(&self, caller: &Caller, name: &str) -> Result<pb::ListAppealRightsResponse, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, lane, sequence) = claim_place(name).ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let contested = self.contested(&state, lane, About::Claim(sequence))?.ok_or_else(unknown)?;
        let appeals = self.appeals_about(&state, lane, About::Claim(sequence))?;
        let mut answer = pb::ListAppealRightsResponse {
            claim: name.to_owned(),
            regime: contested.terms.regime.id().to_owned(),
            notice_date: contested.told.map_or_else(String::new, |day| day.to_string()),
            appeals: appeals.iter().map(|held| held.appeal().name).collect(),
            ..Default::default()
        };
        let mut roles = vec![pb::AppealRole::Member];
        if contested.regime(pb::AppealRole::Provider) == Regime::ProviderDispute
            || contested.terms.regime == Regime::OriginalMedicare
        {
            roles.insert(0, pb::AppealRole::Provider);
        }
        for role in roles {
            self.add_rights(&state, &contested, &appeals, role, &mut answer)?;
        }
        answer.words = in_words(&answer);
        Ok(answer)
    }

    /// What one in this role may do: at the next level where an appeal was decided, else at the first.
    fn add_rights(
        &self,
        state: &State,
        contested: &Contested<'_>,
        appeals: &[Held],
        role: pb::AppealRole,
        answer: &mut pb::ListAppealRightsResponse,
    ) -> Result<(), Failure> {
        let regime = contested.regime(role);
        let newest = appeals.iter().rev().find(|held| {
            let appeal = held.appeal();
            level_of(held).is_some_and(|level| level.regime == regime)
                && !matches!(
                    appeal.state(),
                    pb::AppealState::Refused | pb::AppealState::Withdrawn | pb::AppealState::Dismissed
                )
        });
        if let Some(newest) = newest {
            for right in self.shown(state, newest)?.rights {
                if !answer.rights.contains(&right) {
                    answer.rights.push(right);
                }
            }
            return Ok(());
        }
        let Some(level) = contested.terms.next(regime, None) else { return Ok(()) };
        let lines = contested.lines();
        let asked = pb::Appeal {
            level: Some(wire::appeals::level_message(level)),
            lines: lines.clone(),
            filer: Some(pb::AppealFiler { role: role.into(), ..Default::default() }),
            reason: "asked".to_owned(),
            ..Default::default()
        };
        let read = self.read_appeal(state, contested, &asked, &[])?;
        let first =
            Unfiled { contested, read: &read, lines, notice: contested.told.unwrap_or_else(|| self.today(state)) };
        let examined = examine(&contested.terms, &read.filing(&asked, self.now(state), contested.told));
        first.tell(examined, level, answer);
        Ok(())
    }
}

/// A first appeal that nobody has filed.
struct Unfiled<'a> {
    contested: &'a Contested<'a>,
    read: &'a Read,
    lines: Vec<i32>,
    notice: Date,
}

impl Unfiled<'_> {
    /// Tells what an examination would have found.
    fn tell(self, examined: Examined, level: &'static Level, answer: &mut pb::ListAppealRightsResponse) {
        let denials = self.read.denials();
        let line = |denial: &Denial| i32::try_from(denial.line).unwrap_or(0);
        let reason = |denial: &Denial| format!("{}-{}", denial.group.code(), denial.carc);
        let whole = |why: String, authority: &str, right_path: String| {
            let authority = vec![wire::appeals::citation(authority)];
            vec![pb::NotAppealable { why, authority, right_path, ..Default::default() }]
        };
        let refused = match examined {
            Examined::Hear(hearing) => {
                let heard: Vec<&Denial> = hearing.heard.iter().filter_map(|at| denials.get(*at)).collect();
                let not_heard = hearing.not_heard.iter().filter_map(|(at, found)| Some((denials.get(*at)?, found)));
                let not_heard = not_heard.map(|(denial, found)| not_appealable(line(denial), &reason(denial), found));
                let not_heard = not_heard.collect();
                self.open(&heard, level, answer);
                not_heard
            }
            Examined::Refuse(found) if denials.is_empty() => vec![not_appealable(0, "", &found)],
            Examined::Refuse(found) => {
                denials.iter().map(|denial| not_appealable(line(denial), &reason(denial), &found)).collect()
            }
            Examined::Dismiss(found) => whole(found.why, found.authority, found.remedy),
            Examined::Incomplete(found) => whole(found.why, found.authority, found.then.to_owned()),
        };
        for refused in refused {
            if !answer.not_appealable.contains(&refused) {
                answer.not_appealable.push(refused);
            }
        }
    }

    /// Tells the right to what would be heard.
    fn open(self, heard: &[&Denial], level: &'static Level, answer: &mut pb::ListAppealRightsResponse) {
        let Unfiled { contested, read, lines, notice } = self;
        let is_heard = |line: &i32| heard.iter().any(|denial| u32::try_from(*line) == Ok(denial.line));
        let lines = lines.into_iter().filter(is_heard).collect();
        let regime = level.regime;
        let first = Decided { regime, level: None, outcome: PriorOutcome::Upheld, notice, amount: read.amount };
        let right = after(&contested.terms, &first);
        let right = right.map(|right| opened(&right, lines, read.amount, helpful(heard, contested)));
        let known = |right: &pb::OpenAppeal| answer.rights.iter().any(|other| other.level == right.level);
        let new = right.filter(|right| !known(right));
        answer.rights.extend(new);
    }
}

/// A right as a message.
fn opened(right: &Right, lines: Vec<i32>, amount: Money, evidence: Vec<String>) -> pb::OpenAppeal {
    let mut words = Vec::new();
    if right.by_itself {
        words.push("It goes on by itself.".to_owned());
    }
    if let Some(until) = &right.until {
        words.push(format!("To file: {}.", until.reckoning));
    }
    if right.can_be_expedited {
        words.push("It can be expedited where waiting may harm the patient.".to_owned());
    }
    pb::OpenAppeal {
        level: Some(wire::appeals::level_message(right.level)),
        lines,
        who: vec![right.who.to_owned()],
        file_by: right.until.as_ref().map_or_else(String::new, |until| until.day().to_string()),
        r#where: format!("{}; {}", right.send_to, right.form),
        amount_in_controversy_cents: amount.cents(),
        amount_required_cents: right.amount_needed.map_or(0, |needed| needed.amount.cents()),
        amount_met: right.amount_met,
        evidence,
        words: words.join(" "),
    }
}

/// The kinds of evidence that overturn one of the denials by rule.
fn helpful(denials: &[&Denial], contested: &Contested<'_>) -> Vec<String> {
    let overturns = |kind: EvidenceKind| {
        denials.iter().any(|denial| {
            let dated = denial.last_day_to_file.or(denial.service.through);
            let given = Evidence { kind, dated, in_force: Some(denial.service), meets_policy: true };
            decide_by_rule(denial, &[given], contested.terms.evidence)
                .is_some_and(|ruling| ruling.outcome == RuleOutcome::Overturn)
        })
    };
    let kinds = EvidenceKind::ALL.iter().filter(|(kind, ..)| overturns(*kind));
    kinds.map(|(_, id, _)| (*id).to_owned()).collect()
}

fn in_words(answer: &pb::ListAppealRightsResponse) -> String {
    match (answer.rights.as_slice(), answer.not_appealable.as_slice()) {
        ([first, ..], _) => {
            let level = first.level.as_ref().map_or("", |level| level.name.as_str());
            if first.file_by.is_empty() {
                format!("{level} is open.")
            } else {
                format!("{level} is open until {}.", first.file_by)
            }
        }
        ([], [first, ..]) => format!("Nothing may be appealed now: {}", first.why),
        ([], []) => "Nothing may be appealed now.".to_owned(),
    }
}
