//! Letters about an appeal: one for each step of its history that whoever filed it is written about.

use super::history::{Decision, History};
use super::parts::{capital, cents, empty, heading, law, paragraph, row, sentence, table, text, total};
use super::scene::Scene;
use super::{parts, rights};
use crate::appeals::{Hearer, Level, Regime, Timing, level};
use crate::domain::dates::parse_iso;
use crate::letters::long_date;
use crate::payer::{Failure, Payer, State, records};
use crate::proto::store::v1::AppealRecord;
use crate::proto::v1 as pb;
use crate::store::keys::Matter;

/// A letter about an appeal, before it is written.
pub(super) struct AboutAppeal {
    pub kind: pb::LetterKind,
    pub appeal: pb::Appeal,
    /// Which step of its history, from 1.
    pub step: usize,
    pub date: String,
    pub level: &'static Level,
}

impl Payer {
    /// The letters about the appeals on a claim.
    pub(super) fn letters_on_appeals(&self, state: &State, history: &History) -> Result<Vec<AboutAppeal>, Failure> {
        let of_family = state.space().matters_of_family(Matter::Appeal, history.lane);
        let mut found = Vec::new();
        for pair in records::all(self.store.as_ref(), &of_family)? {
            let record: AppealRecord = records::decode(&pair)?;
            let Some(appeal) = record.appeal.filter(|appeal| appeal.claim == history.claim.name) else { continue };
            found.extend(of_appeal(&appeal));
        }
        Ok(found)
    }
}

fn of_appeal(appeal: &pb::Appeal) -> Vec<AboutAppeal> {
    let id = appeal.level.as_ref().map_or("", |level| level.id.as_str());
    let Some(level) = level(id) else { return Vec::new() };
    let letter = |(at, step): (usize, &pb::AppealStep)| {
        let kind = match step.act.as_str() {
            "filed" if appeal.automatic => pb::LetterKind::AppealForwarded,
            "acknowledged" if !appeal.automatic => pb::LetterKind::AppealAcknowledgement,
            "incomplete" => pb::LetterKind::AppealIncomplete,
            "dismissed" | "refused" => pb::LetterKind::AppealDismissal,
            "decided" => pb::LetterKind::AppealDecision,
            _ => return None,
        };
        let date = step.date.clone();
        Some(AboutAppeal { kind, appeal: appeal.clone(), step: at + 1, date, level })
    };
    appeal.history.iter().enumerate().filter_map(letter).collect()
}

impl AboutAppeal {
    /// Its id: kind, appeal, step.
    pub fn id(&self) -> String {
        let kind = match self.kind {
            pb::LetterKind::AppealForwarded => "forwarded",
            pb::LetterKind::AppealAcknowledgement => "acknowledgement",
            pb::LetterKind::AppealIncomplete => "incomplete",
            pb::LetterKind::AppealDismissal => "dismissal",
            _ => "decision",
        };
        format!("{kind}-{}-{}", self.number(), self.step)
    }

    fn number(&self) -> &str {
        self.appeal.name.rsplit('/').next().unwrap_or_default()
    }

    /// The decision that is appealed: the one that was told on the day of the notice, or else the last told before the filing.
    pub fn appealed<'h>(&self, history: &'h History) -> Option<&'h Decision> {
        let told = |decision: &&Decision| decision.told.is_some();
        let day = |decision: &Decision| decision.told.as_ref().map(|told| told.paid_date.clone());
        let told_then = history.decisions.iter().filter(told);
        let on = told_then.clone().find(|decision| day(decision).as_ref() == Some(&self.appeal.notice_date));
        on.or_else(|| told_then.filter(|decision| day(decision) <= Some(self.appeal.filed_date.clone())).last())
            .or(history.decisions.first())
    }

    pub fn title(&self, scene: &Scene<'_>) -> String {
        let upheld =
            matches!(self.decision().outcome(), pb::AppealOutcome::Upheld | pb::AppealOutcome::PartlyOverturned);
        let internal = matches!(self.level.regime, Regime::EmployerPlan | Regime::IndividualMarket);
        match self.kind {
            pb::LetterKind::AppealForwarded => "We Sent Your Case On".to_owned(),
            pb::LetterKind::AppealAcknowledgement => "We Received Your Appeal".to_owned(),
            pb::LetterKind::AppealIncomplete => "Your Appeal Needs Something More".to_owned(),
            pb::LetterKind::AppealDismissal => match self.appeal.state() {
                pb::AppealState::Refused => "Your Appeal Cannot Be Heard Here".to_owned(),
                _ => "Notice of Dismissal of Your Appeal".to_owned(),
            },
            _ if internal && upheld && self.last_internal(scene) => {
                "Notice of Final Internal Adverse Benefit Determination".to_owned()
            }
            _ if self.level.id == "redetermination" => "Medicare Redetermination Notice".to_owned(),
            _ if internal && self.level.heard_by == Hearer::Independent => {
                "Notice of Final External Review Decision".to_owned()
            }
            _ => format!("Decision on Your Appeal: {}", self.level.name),
        }
    }

    /// Whether no internal level follows.
    fn last_internal(&self, scene: &Scene<'_>) -> bool {
        let next = rights::terms(scene).next(self.level.regime, Some(self.level));
        self.level.heard_by == Hearer::Payer && next.is_some_and(|next| next.heard_by != Hearer::Payer)
    }

    /// Who writes: the payer of its own levels, who hears it beyond them; that a case went on is told by the payer.
    pub fn from(&self, scene: &Scene<'_>) -> pb::LetterParty {
        if self.level.heard_by == Hearer::Payer || self.kind == pb::LetterKind::AppealForwarded {
            return scene.payer();
        }
        let name = capital(self.level.heard_by_words) + " (played by the simulation)";
        pb::LetterParty { role: pb::LetterRole::Reviewer.into(), name, ..Default::default() }
    }

    /// Who filed; for the patient, at the patient's address.
    pub fn to(&self, scene: &Scene<'_>) -> Option<pb::LetterParty> {
        let filer = self.appeal.filer.clone().unwrap_or_default();
        let member = scene.addressee();
        match filer.role() {
            pb::AppealRole::Unspecified | pb::AppealRole::Provider | pb::AppealRole::Assignee => Some(scene.payee()),
            pb::AppealRole::Member => member,
            _ => {
                let patient = scene.patient();
                let who = if filer.name.is_empty() { "Representative".to_owned() } else { filer.name };
                let name = format!("{who}, for {patient}");
                let role = pb::LetterRole::Representative.into();
                Some(pb::LetterParty {
                    role,
                    name,
                    address: member.and_then(|member| member.address),
                    phone: String::new(),
                })
            }
        }
    }

    fn decision(&self) -> pb::AppealDecision {
        self.appeal.decision.clone().unwrap_or_default()
    }

    fn step_words(&self) -> &str {
        self.appeal.history.get(self.step - 1).map_or("", |step| step.words.as_str())
    }

    /// The body.
    pub fn body(&self, scene: &Scene<'_>) -> Vec<pb::LetterBlock> {
        match self.kind {
            pb::LetterKind::AppealForwarded => self.forwarded(),
            pb::LetterKind::AppealAcknowledgement => self.acknowledged(scene),
            pb::LetterKind::AppealIncomplete | pb::LetterKind::AppealDismissal => self.not_heard(scene),
            _ => self.decided(scene),
        }
    }

    fn acknowledged(&self, scene: &Scene<'_>) -> Vec<pb::LetterBlock> {
        let (appeal, number) = (&self.appeal, self.number());
        let filed = long_date(&appeal.filed_date);
        let mut blocks = vec![
            paragraph(format!(
                "We received your appeal on {filed}. Its number is {number}; name it when you write or call."
            )),
            paragraph(format!("It is heard as {}, by {}.", small(self.level.name), self.level.heard_by_words)),
        ];
        if !appeal.decide_by.is_empty() {
            let day = long_date(&appeal.decide_by);
            let fast = if appeal.expedited { " You asked for a fast decision." } else { "" };
            blocks.push(paragraph(format!("The decision is due by {day}.{fast}")));
        }
        blocks.extend(self.services(scene, "What is looked at"));
        blocks.extend(self.left_aside());
        let came = appeal.evidence.iter().filter(|given| given.received_date <= self.date);
        let came: Vec<pb::LetterRow> =
            came.map(|given| row(vec![text(capital(&given.kind.replace('-', " "))), text(&given.note)])).collect();
        blocks.push(heading("What you sent, and what you may still send"));
        if !came.is_empty() {
            blocks.push(table("Came with your appeal", &["What", "What it shows"], came));
        }
        blocks.push(paragraph("You may send more that supports your case until we decide, and ask for copies of what we hold, free of charge."));
        blocks
    }

    /// Why it is not heard, or not yet; what may be done.
    fn not_heard(&self, scene: &Scene<'_>) -> Vec<pb::LetterBlock> {
        let answer = self.appeal.answer.clone().unwrap_or_default();
        let filed = long_date(&self.appeal.filed_date);
        let what = match (self.kind, self.appeal.state()) {
            (pb::LetterKind::AppealIncomplete, _) => "It cannot be heard yet, because something is missing.",
            (_, pb::AppealState::Refused) => "It cannot be heard in this way.",
            _ => "We dismissed it: nobody has looked at whether the decision was right.",
        };
        let mut blocks = vec![
            paragraph(format!("You filed appeal {} on {filed}. {what}", self.number())),
            heading("Why"),
            paragraph(sentence(self.step_words())),
        ];
        blocks.extend(self.services(scene, "What the appeal is about"));
        let open = self.kind == pb::LetterKind::AppealDismissal || self.appeal.state() == pb::AppealState::Incomplete;
        if !answer.right_path.is_empty() && open {
            blocks.push(heading("What you can do"));
            blocks.push(paragraph(sentence(&answer.right_path)));
            if !answer.until.is_empty() {
                blocks.push(paragraph(format!("Last day: {}.", long_date(&answer.until))));
            }
        }
        if !answer.authority.is_empty() && open {
            blocks.push(heading("What this rests on"));
            blocks.push(parts::citations(answer.authority));
        }
        blocks
    }

    fn forwarded(&self) -> Vec<pb::LetterBlock> {
        let mut blocks = vec![
            paragraph(format!(
                "We did not decide your appeal in your favor, or not in time. The law has us send it on without your asking: {} has it now, as appeal \
                 {}. You need do nothing. You may send them what supports your case; they tell you what they decide.",
                self.level.heard_by_words,
                self.number()
            )),
            paragraph(sentence(self.step_words())),
        ];
        if !self.appeal.decide_by.is_empty() {
            blocks.push(paragraph(format!("Their decision is due by {}.", long_date(&self.appeal.decide_by))));
        }
        blocks.push(parts::citations(vec![law(self.level.authority, "")]));
        blocks
    }

    fn decided(&self, scene: &Scene<'_>) -> Vec<pb::LetterBlock> {
        let decision = self.decision();
        let outcome = match decision.outcome() {
            pb::AppealOutcome::Overturned => "Your appeal succeeded: the decision is changed in your favor.",
            pb::AppealOutcome::PartlyOverturned => {
                "Your appeal succeeded in part: some of the decision is changed, the rest stands."
            }
            pb::AppealOutcome::Dismissed => {
                "Your appeal was dismissed: nobody has looked at whether the decision was right."
            }
            pb::AppealOutcome::Upheld | pb::AppealOutcome::Unspecified => {
                "Your appeal did not succeed: the decision stands."
            }
        };
        let mut blocks = vec![paragraph(format!("This is the decision on appeal {}. {outcome}", self.number()))];
        blocks.extend(self.lines_decided(scene, &decision));
        if decision.paid_cents_after != decision.paid_cents_before {
            let paid = vec![
                row(vec![text("Payable before"), cents(decision.paid_cents_before)]),
                row(vec![text("Payable now"), cents(decision.paid_cents_after)]),
                total(vec![text("Difference"), cents(decision.paid_cents_after - decision.paid_cents_before)]),
            ];
            blocks.push(table("What the decision pays", &["What", "$Amount"], paid));
        }
        if !decision.effectuate_by.is_empty() {
            let day = long_date(&decision.effectuate_by);
            blocks.push(paragraph(format!(
                "It is carried out by {day}; the next remittance tells it, and a new explanation of benefits."
            )));
        }
        blocks.push(heading("Why"));
        blocks.push(paragraph(sentence(&decision.rationale)));
        if !decision.authority.is_empty() {
            blocks.push(paragraph(format!("It rests on: {}.", decision.authority.trim_end_matches('.'))));
        }
        let by = decision.decided_by.trim();
        if !by.is_empty() {
            blocks.push(paragraph(format!("Decided by {by}, who had no part in the decision before.")));
        }
        blocks.extend(self.left_aside());
        blocks.extend(self.what_follows(scene, &decision));
        blocks
    }

    fn lines_decided(&self, scene: &Scene<'_>, decision: &pb::AppealDecision) -> Option<pb::LetterBlock> {
        let services = scene.services();
        let line = |told: &pb::AppealLineDecision| {
            let phrase = services.iter().find(|service| service.line == told.line).map(super::scene::Service::phrase);
            let what = if told.overturned { "Changed in your favor" } else { "Stands" };
            let reasons = [&told.reasons_before, &told.reasons_after].map(|reasons| reasons.join(", "));
            let [before, after] = reasons.map(|codes| if codes.is_empty() { empty() } else { text(codes) });
            row(vec![text(phrase.unwrap_or_else(|| format!("Line {}", told.line))), text(what), before, after])
        };
        let rows: Vec<pb::LetterRow> = decision.lines.iter().map(line).collect();
        let columns = ["Service", "The decision on it", "Reasons before", "Reasons now"];
        (!rows.is_empty()).then(|| table("Service by service", &columns, rows))
    }

    /// The lines that are appealed.
    fn services(&self, scene: &Scene<'_>, caption: &str) -> Option<pb::LetterBlock> {
        let services = scene.services();
        let appealed = services.iter().filter(|service| self.appeal.lines.contains(&service.line));
        let rows: Vec<pb::LetterRow> =
            appealed.map(|service| row(vec![text(service.phrase()), cents(service.charge_cents)])).collect();
        (!rows.is_empty()).then(|| table(caption, &["Service", "$Charge"], rows))
    }

    /// Reasons that are not looked at, with the path for them.
    fn left_aside(&self) -> Option<pb::LetterBlock> {
        let aside = self.appeal.not_heard.iter();
        let rows: Vec<pb::LetterRow> = aside
            .map(|left| row(vec![text(&left.reason), text(sentence(&left.why)), text(sentence(&left.right_path))]))
            .collect();
        (!rows.is_empty())
            .then(|| table("Reasons that this appeal does not look at", &["Reason", "Why", "What you can do"], rows))
    }

    fn what_follows(&self, scene: &Scene<'_>, decision: &pb::AppealDecision) -> Vec<pb::LetterBlock> {
        if decision.outcome() == pb::AppealOutcome::Overturned || parse_iso(&decision.decided_date).is_none() {
            return Vec::new();
        }
        let (terms, places) = (rights::terms(scene), scene.where_to());
        let ways = rights::ways_after(
            &terms,
            self.level.regime,
            Some(self.level),
            &decision.decided_date,
            Timing::PostService,
            &places,
        );
        if ways.is_empty() {
            return vec![
                heading("If you do not agree"),
                paragraph("No further appeal is open at this payer or under the law of this plan."),
            ];
        }
        vec![heading("If you do not agree"), parts::rights(ways)]
    }
}

fn small(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
