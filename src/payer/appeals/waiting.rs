//! What an appeal waits for, and what follows when the day has come.
//!
//! The payer's own levels are decided by somebody, by rule or by directive; where nobody does in time, the law's consequence follows. Levels
//! beyond the payer are played by the simulation: unless somebody decides them first, they uphold on their last day, so that nothing is stuck;
//! a directive may have them decide otherwise, or be late. A court sets itself no day: it is given half a year.

use super::super::entry::Entry;
use super::super::{Caller, Failure, Payer, Sandbox, instruct, records};
use super::contested::{Contested, level_of};
use super::effect::Verdict;
use super::entering::Entered;
use super::record::Held;
use crate::appeals::evidence::decide_by_rule;
use crate::appeals::late::{LateOutcome, consequence};
use crate::domain::appeal_terms::RuleOutcome;
use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::proto::v1 as pb;
use crate::store::keys::{Lane, Matter};
use crate::store::{Key, Read};
use crate::wire;

/// Days that a body takes to which the law gives none.
const NO_DAY_SET: i32 = 180;

impl Payer {
    /// Has an appeal come back on the day on which something follows.
    pub(super) fn wait_for_appeal(&self, entry: &mut Entry<'_>, held: &mut Held) -> Result<(), Failure> {
        let appeal = held.appeal();
        let told = parse_iso(&held.record.decides_on);
        let by = parse_iso(&appeal.decide_by);
        let by_payer = appeal.level.as_ref().is_some_and(|level| level.by_payer);
        let filed = parse_iso(&appeal.filed_date).unwrap_or_default();
        let day = match appeal.state() {
            pb::AppealState::Open if appeal.late => None,
            pb::AppealState::Open if told.is_some() => told,
            pb::AppealState::Open if by_payer || held.record.told_late => by.map(|by| plus_days(by, 1)),
            pb::AppealState::Open => Some(by.unwrap_or(plus_days(filed, NO_DAY_SET))),
            pb::AppealState::Incomplete => {
                let until = appeal.answer.as_ref().and_then(|answer| parse_iso(&answer.until));
                until.map(|until| plus_days(until, 1))
            }
            _ => None,
        };
        let day = day.map_or_else(String::new, |day| day.to_string());
        held.wake_on(&mut entry.draft(), &day);
        Ok(())
    }

    /// Notes what directives and markers say of an appeal at its level; the first stands.
    pub(super) fn tell_appeal(&self, entry: &Entry<'_>, held: &mut Held, contested: &Contested<'_>) {
        let today = self.today(entry.state);
        let level = held.appeal().level.unwrap_or_default().id;
        let all = instruct::of_appeals(entry.state, &contested.claim, today);
        let here = |(told, _): &(pb::ForcedAppeal, String)| told.level.is_empty() || told.level == level;
        let Some((told, source)) = all.into_iter().find(here) else { return };
        held.record.told = told.outcome;
        held.record.told_late = told.late;
        held.record.told_by = source;
        if !told.late {
            held.record.decides_on = plus_days(today, told.after_days).to_string();
        }
    }

    /// Decides an appeal that nobody need look at: as a directive says, or as what was sent decides by rule.
    pub(super) fn decide_at_once(
        &self,
        entry: &mut Entry<'_>,
        held: &mut Held,
        contested: &Contested<'_>,
    ) -> Result<(), Failure> {
        if held.appeal().state() != pb::AppealState::Open || held.appeal().overpayment {
            return Ok(());
        }
        let today = self.today(entry.state);
        if let Some(verdict) = told(held, today) {
            return self.settle_appeal(entry, held, contested, &verdict);
        }
        if !held.record.told_by.is_empty() {
            return Ok(());
        }
        match self.by_rule(entry, held, contested)? {
            Some(verdict) => self.settle_appeal(entry, held, contested, &verdict),
            None => Ok(()),
        }
    }

    /// What rules make of what was sent, where they decide every line.
    fn by_rule(&self, entry: &Entry<'_>, held: &Held, contested: &Contested<'_>) -> Result<Option<Verdict>, Failure> {
        let appeal = held.appeal();
        let read = self.read_appeal(entry.state, contested, &appeal, &[])?;
        let is_heard = |line: u32, reason: &str| {
            let same = |other: &pb::NotAppealable| u32::try_from(other.line) == Ok(line) && other.reason == reason;
            !appeal.not_heard.iter().any(same)
        };
        let mut rulings = Vec::new();
        for denial in read.denials() {
            if !is_heard(denial.line, &format!("{}-{}", denial.group.code(), denial.carc)) {
                continue;
            }
            let given = appeal.evidence.iter().filter(|given| !given.excluded);
            let given: Vec<_> = given.filter_map(|given| wire::appeals::evidence(given, denial.service)).collect();
            match decide_by_rule(denial, &given, contested.terms.evidence) {
                Some(ruling) if ruling.outcome != RuleOutcome::Review => {
                    rulings.push((i32::try_from(denial.line).unwrap_or(0), ruling));
                }
                _ => return Ok(None),
            }
        }
        let stands = |line: i32| rulings.iter().any(|(of, one)| *of == line && one.outcome == RuleOutcome::Uphold);
        let mut overturned: Vec<i32> = rulings.iter().map(|(line, _)| *line).filter(|line| !stands(*line)).collect();
        overturned.dedup();
        let Some((_, first)) = rulings.iter().find(|(line, _)| overturned.contains(line)).or(rulings.first()) else {
            return Ok(None);
        };
        let all = rulings.iter().all(|(line, _)| overturned.contains(line));
        Ok(Some(Verdict {
            outcome: match (all, overturned.is_empty()) {
                (true, _) => pb::AppealOutcome::Overturned,
                (false, false) => pb::AppealOutcome::PartlyOverturned,
                (false, true) => pb::AppealOutcome::Upheld,
            },
            overturned: if all { Vec::new() } else { overturned },
            how: pb::AppealDecidedHow::Rule,
            decided_by: first.rule_id.clone(),
            rationale: first.rationale.clone(),
            authority: first.authority.to_string(),
        }))
    }

    /// Carries out what follows on an appeal's day, in a commit that takes the key away.
    pub(in crate::payer) fn appeal_deadline(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        key: &Key,
        (lane, number): (Lane, u64),
    ) -> Result<(), Failure> {
        match self.try_appeal_deadline(caller, sandbox, key, (lane, number), false) {
            // No remittance has told the claim's last decision yet: tomorrow.
            Err(Failure::ClaimState { .. }) => self.try_appeal_deadline(caller, sandbox, key, (lane, number), true),
            answer => answer,
        }
    }

    fn try_appeal_deadline(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        key: &Key,
        (lane, number): (Lane, u64),
        put_off: bool,
    ) -> Result<(), Failure> {
        let unknown = || Failure::Damaged(Matter::Appeal.id(lane, number));
        let about = self.appeal_at(&sandbox.read(), lane, number)?.ok_or_else(unknown)?.about();
        let entered = self.enter_appeal(caller, sandbox, (lane, about), |entry| {
            let nothing = Entered { number, changed: false, granted: Vec::new() };
            let Some(waits) = records::one(self.store.as_ref(), Read::Point(key.clone()))?.pop() else {
                return Ok(nothing);
            };
            entry.expect(key.clone(), Some(waits.value));
            entry.write(key.clone(), None);
            let Some(mut held) = self.appeal_at(entry.state, lane, number)? else {
                return Ok(Entered { changed: true, ..nothing });
            };
            let today = self.today(entry.state);
            held.record.wakes_on.clear();
            if put_off {
                held.wake_on(&mut entry.draft(), &plus_days(today, 1).to_string());
                held.keep(&mut entry.draft(), "put-off-appeal");
            } else {
                self.day_has_come(entry, &mut held, today)?;
            }
            Ok(Entered { changed: true, granted: held.granted, ..nothing })
        });
        entered.map(|_| ())
    }

    fn day_has_come(&self, entry: &mut Entry<'_>, held: &mut Held, today: Date) -> Result<(), Failure> {
        let contested = self.contested_by(entry, held)?;
        let appeal = held.appeal();
        match appeal.state() {
            pb::AppealState::Incomplete => {
                let why = appeal.answer.as_ref().map_or("", |answer| answer.right_path.as_str());
                held.appeal_mut().state = pb::AppealState::Dismissed.into();
                held.note(&today.to_string(), "dismissed", format!("It was not completed in time. {why}"));
                held.keep(&mut entry.draft(), "dismiss-appeal");
                Ok(())
            }
            pb::AppealState::Open => {
                if let Some(verdict) = told(held, today) {
                    return self.settle_appeal(entry, held, &contested, &verdict);
                }
                let level = appeal.level.clone().unwrap_or_default();
                if !level.by_payer && !held.record.told_late {
                    let verdict = by_the_clock(
                        pb::AppealOutcome::Upheld,
                        level.heard_by,
                        "Nothing that was sent shows that the decision was wrong.",
                        level.authority.first().map_or("", |citation| citation.title.as_str()),
                    );
                    return self.settle_appeal(entry, held, &contested, &verdict);
                }
                self.is_late(entry, held, &contested, today)
            }
            _ => Ok(()),
        }
    }

    /// What the law says of a decision that did not come in time.
    fn is_late(
        &self,
        entry: &mut Entry<'_>,
        held: &mut Held,
        contested: &Contested<'_>,
        today: Date,
    ) -> Result<(), Failure> {
        let level = level_of(held).ok_or_else(|| Failure::Damaged(held.appeal().name))?;
        let follows = consequence(&contested.terms, level);
        let words = format!("{} ({})", follows.words, follows.authority);
        held.appeal_mut().late = true;
        let outcome = match follows.what {
            LateOutcome::Overturned => Some(pb::AppealOutcome::Overturned),
            LateOutcome::Upheld => Some(pb::AppealOutcome::Upheld),
            _ => None,
        };
        if let Some(outcome) = outcome {
            let verdict = by_the_clock(outcome, level.heard_by_words.to_owned(), follows.words, follows.authority);
            return self.settle_appeal(entry, held, contested, &verdict);
        }
        if let (LateOutcome::Forwarded, Some(next)) = (follows.what, follows.next) {
            held.appeal_mut().state = pb::AppealState::Forwarded.into();
            held.note(&today.to_string(), "forwarded", words);
            self.go_on(entry, held, contested, next, (follows.words, true))?;
        } else {
            held.note(&today.to_string(), "late", words);
        }
        held.keep(&mut entry.draft(), "miss-appeal-deadline");
        Ok(())
    }
}

fn by_the_clock(outcome: pb::AppealOutcome, decided_by: String, rationale: &str, authority: &str) -> Verdict {
    Verdict {
        outcome,
        overturned: Vec::new(),
        how: pb::AppealDecidedHow::Clock,
        decided_by,
        rationale: rationale.to_owned(),
        authority: authority.to_owned(),
    }
}

/// What a directive or marker says, where its day has come.
fn told(held: &Held, today: Date) -> Option<Verdict> {
    let outcome = held.record.told();
    let due = parse_iso(&held.record.decides_on).is_some_and(|day| day <= today);
    (due && outcome != pb::AppealOutcome::Unspecified).then(|| Verdict {
        outcome,
        overturned: Vec::new(),
        how: pb::AppealDecidedHow::Directive,
        decided_by: held.record.told_by.clone(),
        rationale: format!("So says {}.", held.record.told_by),
        authority: String::new(),
    })
}
