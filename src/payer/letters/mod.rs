//! Letters and notices. Nothing of them is stored: each is a print of the records of its day, so that the same records give the same letter.

mod benefits;
mod change;
mod demand;
mod denial;
mod history;
mod parts;
mod progress;
mod reasons;
mod rights;
mod scene;

use self::history::{Decision, History};
use self::scene::Scene;
use super::claims::split_name;
use super::{Caller, Failure, Payer, State};
use crate::domain::dates::parse_iso;
use crate::letters;
use crate::proto::v1 as pb;
use crate::store::keys::{self, Lane};

/// Claims looked at in one read of a list.
const SLICE: usize = 50;

/// A letter before it is written: which, and what causes it.
struct Planned<'a> {
    kind: pb::LetterKind,
    decision: &'a Decision,
    date: String,
}

impl Payer {
    /// A letter by its name.
    pub fn letter(&self, caller: &Caller, name: &str) -> Result<pb::Letter, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, id) = split_name(name, "letters").ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let (_, number) = id.rsplit_once('-').and_then(|(rest, _)| rest.rsplit_once('-')).ok_or_else(unknown)?;
        let (lane, sequence) = keys::parse_control_number(number).ok_or_else(unknown)?;
        let history = self.decisions(&state, lane, sequence)?.ok_or_else(unknown)?;
        for decision in &history.decisions {
            let scene = self.scene(&state, &history, decision)?;
            for planned in planned(&scene) {
                if planned.id(&history) == id {
                    return self.written(&state, parent, &scene, &planned);
                }
            }
        }
        Err(unknown())
    }

    /// A letter, printed.
    pub fn render_letter(
        &self,
        caller: &Caller,
        request: &pb::RenderLetterRequest,
    ) -> Result<pb::RenderLetterResponse, Failure> {
        let letter = self.letter(caller, &request.name)?;
        let (content, content_type) = match request.format() {
            pb::LetterFormat::Text => (letters::text(&letter), "text/plain; charset=utf-8"),
            pb::LetterFormat::Html | pb::LetterFormat::Unspecified => {
                (letters::html(&letter), "text/html; charset=utf-8")
            }
        };
        Ok(pb::RenderLetterResponse { content, content_type: content_type.to_owned() })
    }

    /// The letters that fit, without their bodies, behind the letter of an id; at most so many.
    pub fn list_letters(
        &self,
        caller: &Caller,
        request: &pb::ListLettersRequest,
        after: &str,
        limit: usize,
    ) -> Result<Vec<pb::Letter>, Failure> {
        check(request)?;
        let sandbox = self.sandbox(caller, &request.parent)?;
        let name = sandbox.name();
        let mut found = Vec::new();
        if !request.claim.is_empty() {
            let unknown = || Failure::Unknown(request.claim.clone());
            let number = split_name(&request.claim, "claims").filter(|(parent, _)| *parent == name);
            let (lane, sequence) = number.and_then(|(_, id)| keys::parse_control_number(id)).ok_or_else(unknown)?;
            let state = sandbox.read();
            found = self.heads(&state, &name, (lane, sequence), request)?.ok_or_else(unknown)?;
            skip_through(&mut found, after);
            found.truncate(limit);
            return Ok(found);
        }
        let member_id = self.billed_as(&sandbox.read(), &request.member_id)?;
        let filter = pb::ClaimFilter { member_id, ..Default::default() };
        let mut from = self.place_before(&sandbox.read(), after);
        loop {
            let (claims, next) = self.list_claims(caller, &request.parent, &filter, from, SLICE)?;
            let state = sandbox.read();
            for claim in &claims {
                let Some(place) = keys::parse_control_number(&claim.control_number) else { continue };
                let mut heads = self.heads(&state, &name, place, request)?.unwrap_or_default();
                if after.contains(&format!("-{}-", claim.control_number)) {
                    skip_through(&mut heads, after);
                }
                found.extend(heads);
                if found.len() >= limit {
                    found.truncate(limit);
                    return Ok(found);
                }
            }
            match next {
                Some(next) => from = Some(next),
                None => return Ok(found),
            }
        }
    }

    /// The letters about a claim that fit, without their bodies; `None` where there is no such claim.
    fn heads(
        &self,
        state: &State,
        parent: &str,
        (lane, sequence): (Lane, u64),
        request: &pb::ListLettersRequest,
    ) -> Result<Option<Vec<pb::Letter>>, Failure> {
        let Some(history) = self.decisions(state, lane, sequence)? else { return Ok(None) };
        let mut heads = Vec::new();
        for decision in &history.decisions {
            let scene = self.scene(state, &history, decision)?;
            let of_decision = planned(&scene);
            heads.extend(of_decision.iter().map(|planned| head(parent, &scene, planned)).filter(|l| fits(l, request)));
        }
        Ok(Some(heads))
    }

    /// The whole letter.
    fn written(
        &self,
        state: &State,
        parent: &str,
        scene: &Scene<'_>,
        planned: &Planned<'_>,
    ) -> Result<pb::Letter, Failure> {
        let back = scene.decision.taken_back();
        let blocks = match planned.kind {
            pb::LetterKind::AdverseDetermination => denial::body(scene),
            pb::LetterKind::OverpaymentDemand => {
                let demanded = back.and_then(|back| back.demand.as_ref().map(|demand| (back, demand)));
                demanded.map(|(back, demand)| demand::body(scene, back, demand)).unwrap_or_default()
            }
            pb::LetterKind::AdjustedClaim => {
                let by = scene.decision.made.as_ref().map_or(0, |made| made.by_claim);
                let by = if by == 0 { None } else { self.claim_record(state, scene.history.lane, by)? };
                let by = by.and_then(|record| record.claim);
                back.map(|back| change::body(scene, back, by.as_ref())).unwrap_or_default()
            }
            _ => benefits::body(scene, self.progress(state, scene)?),
        };
        Ok(pb::Letter { blocks, ..head(parent, scene, planned) })
    }

    /// The number by which claims for a member are billed: the subscriber's.
    fn billed_as(&self, state: &State, member_id: &str) -> Result<String, Failure> {
        if member_id.is_empty() {
            return Ok(String::new());
        }
        self.subscriber_of(state, &state.in_force, member_id, state.directory_version)
    }

    /// Where claims are listed from, so that the claim of a letter comes again.
    fn place_before(&self, state: &State, after: &str) -> Option<crate::store::Key> {
        let number = after.rsplit_once('-').and_then(|(rest, _)| rest.rsplit_once('-'))?.1;
        let (lane, sequence) = keys::parse_control_number(number)?;
        Some(state.space().claim(lane, sequence.saturating_sub(1)))
    }
}

impl Planned<'_> {
    /// Its id: what it is, what it is about, and which decision causes it.
    fn id(&self, history: &History) -> String {
        let kind = match self.kind {
            pb::LetterKind::MedicareSummary => "summary",
            pb::LetterKind::AdverseDetermination => "denial",
            pb::LetterKind::OverpaymentDemand => "demand",
            pb::LetterKind::AdjustedClaim => "change",
            pb::LetterKind::ExplanationOfBenefits | pb::LetterKind::Unspecified => "eob",
        };
        format!("{kind}-{}-{}", history.claim.control_number, self.decision.number)
    }
}

/// The letters that a decision causes. They go out with the remittance that tells it, a demand on its own day. Whom the payer does not
/// know it does not write to.
fn planned<'a>(scene: &Scene<'a>) -> Vec<Planned<'a>> {
    let decision = scene.decision;
    let (told, back) = (scene.member.is_some() && decision.told.is_some(), decision.taken_back());
    let decided = told && decision.determined().is_some();
    let eob = match scene.medicare() {
        true => pb::LetterKind::MedicareSummary,
        false => pb::LetterKind::ExplanationOfBenefits,
    };
    let kinds = [
        (pb::LetterKind::AdjustedClaim, told && back.is_some()),
        (eob, decided),
        (pb::LetterKind::AdverseDetermination, decided && denial::is_one(scene)),
    ];
    let wanted = kinds.into_iter().filter(|(_, wanted)| *wanted);
    let mut planned: Vec<Planned<'_>> =
        wanted.map(|(kind, _)| Planned { kind, decision, date: scene.date.clone() }).collect();
    if let Some(demand) = back.and_then(|back| back.demand.as_ref()) {
        planned.insert(0, Planned { kind: pb::LetterKind::OverpaymentDemand, decision, date: demand.date.clone() });
    }
    planned
}

/// A letter without its body.
fn head(parent: &str, scene: &Scene<'_>, planned: &Planned<'_>) -> pb::Letter {
    let to_provider = planned.kind == pb::LetterKind::OverpaymentDemand;
    let mut subject = scene.subject();
    if to_provider {
        let billed = scene.history.claim.billed.as_ref();
        subject.patient_control_number = billed.map_or("", |billed| billed.patient_control_number()).to_owned();
    }
    pb::Letter {
        name: format!("{parent}/letters/{}", planned.id(scene.history)),
        kind: planned.kind.into(),
        date: planned.date.clone(),
        title: match planned.kind {
            pb::LetterKind::AdverseDetermination => "Notice of Adverse Benefit Determination".to_owned(),
            pb::LetterKind::OverpaymentDemand => "Demand for Repayment of an Overpayment".to_owned(),
            pb::LetterKind::AdjustedClaim => "Notice of a Changed Decision".to_owned(),
            _ => benefits::title(scene),
        },
        from: Some(scene.payer()),
        to: if to_provider { Some(scene.payee()) } else { scene.addressee() },
        re: Some(subject),
        blocks: Vec::new(),
        simulated: true,
    }
}

fn fits(letter: &pb::Letter, request: &pb::ListLettersRequest) -> bool {
    let member = letter.re.as_ref().map_or("", |re| re.member_id.as_str());
    (request.kind() == pb::LetterKind::Unspecified || request.kind() == letter.kind())
        && (request.member_id.is_empty() || request.member_id == member)
        && (request.date_from.is_empty() || request.date_from <= letter.date)
        && (request.date_through.is_empty() || letter.date <= request.date_through)
}

/// Drops the letters through the one of an id.
fn skip_through(letters: &mut Vec<pb::Letter>, id: &str) {
    let end = format!("/{id}");
    if let Some(at) = letters.iter().position(|letter| !id.is_empty() && letter.name.ends_with(&end)) {
        letters.drain(..=at);
    }
}

fn check(request: &pb::ListLettersRequest) -> Result<(), Failure> {
    for (field, text) in [("date_from", &request.date_from), ("date_through", &request.date_through)] {
        if !text.is_empty() && parse_iso(text).is_none() {
            return Err(Failure::field(field, format!("{text:?} is no date: write YYYY-MM-DD")));
        }
    }
    Ok(())
}
