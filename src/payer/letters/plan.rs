//! Which letters there are about a claim, and each of them written.

use super::appeals::AboutAppeal;
use super::history::{Decision, History};
use super::scene::Scene;
use super::{benefits, change, demand, denial, records};
use crate::payer::{Failure, Payer, State};
use crate::proto::v1 as pb;

/// A letter before it is written.
pub(super) struct Planned<'a> {
    pub kind: pb::LetterKind,
    /// Its id: what it is, what it is about, and the how-manieth of that.
    pub id: String,
    pub date: String,
    pub scene: Scene<'a>,
    about: About,
}

/// What causes a letter.
enum About {
    /// The scene's decision.
    Decision,
    Appeal(Box<AboutAppeal>),
    Records(Box<pb::DocumentRequest>),
}

impl Payer {
    /// The letters about a claim, in order of date.
    pub(super) fn planned<'a>(&self, state: &State, history: &'a History) -> Result<Vec<Planned<'a>>, Failure> {
        let mut planned = Vec::new();
        for decision in &history.decisions {
            planned.extend(of_decision(&self.scene(state, history, decision)?));
        }
        for request in self.requests_for_records(state, history)? {
            let Some(decision) = records::standing(&request, history) else { continue };
            let scene = self.scene(state, history, decision)?;
            if request.of_patient && scene.member.is_none() {
                continue;
            }
            planned.push(Planned {
                kind: pb::LetterKind::RecordsRequest,
                id: records::id(&request),
                date: request.requested_date.clone(),
                scene,
                about: About::Records(Box::new(request)),
            });
        }
        for about in self.letters_on_appeals(state, history)? {
            let Some(decision) = about.appealed(history) else { continue };
            let scene = self.scene(state, history, decision)?;
            planned.push(Planned {
                kind: about.kind,
                id: about.id(),
                date: about.date.clone(),
                scene,
                about: About::Appeal(Box::new(about)),
            });
        }
        planned.sort_by(|a, b| a.date.cmp(&b.date));
        Ok(planned)
    }

    /// The whole letter.
    pub(super) fn written(&self, state: &State, parent: &str, planned: &Planned<'_>) -> Result<pb::Letter, Failure> {
        let scene = &planned.scene;
        let blocks = match &planned.about {
            About::Appeal(about) => about.body(scene),
            About::Records(request) => records::body(scene, request),
            About::Decision => self.on_decision(state, planned.kind, scene)?,
        };
        Ok(pb::Letter { blocks, ..planned.head(parent) })
    }

    fn on_decision(
        &self,
        state: &State,
        kind: pb::LetterKind,
        scene: &Scene<'_>,
    ) -> Result<Vec<pb::LetterBlock>, Failure> {
        let back = scene.decision.taken_back();
        Ok(match kind {
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
        })
    }
}

/// The letters that a decision causes. They go out with the remittance that tells it, a demand on its own day. Whom the payer does not
/// know it does not write to.
fn of_decision<'a>(scene: &Scene<'a>) -> Vec<Planned<'a>> {
    let decision = scene.decision;
    let (told, back) = (scene.member.is_some() && decision.told.is_some(), decision.taken_back());
    let decided = told && decision.determined().is_some();
    let eob = match scene.medicare() {
        true => pb::LetterKind::MedicareSummary,
        false => pb::LetterKind::ExplanationOfBenefits,
    };
    let demand = back.and_then(|back| back.demand.as_ref());
    let kinds = [
        (pb::LetterKind::OverpaymentDemand, demand.is_some()),
        (pb::LetterKind::AdjustedClaim, told && back.is_some()),
        (eob, decided),
        (pb::LetterKind::AdverseDetermination, decided && denial::is_one(scene)),
    ];
    let wanted = kinds.into_iter().filter(|(_, wanted)| *wanted);
    let of_kind = |(kind, _)| Planned {
        kind,
        id: id(kind, scene.history, decision),
        date: match (kind, demand) {
            (pb::LetterKind::OverpaymentDemand, Some(demand)) => demand.date.clone(),
            _ => scene.date.clone(),
        },
        scene: scene.clone(),
        about: About::Decision,
    };
    wanted.map(of_kind).collect()
}

fn id(kind: pb::LetterKind, history: &History, decision: &Decision) -> String {
    let kind = match kind {
        pb::LetterKind::MedicareSummary => "summary",
        pb::LetterKind::AdverseDetermination => "denial",
        pb::LetterKind::OverpaymentDemand => "demand",
        pb::LetterKind::AdjustedClaim => "change",
        _ => "eob",
    };
    format!("{kind}-{}-{}", history.claim.control_number, decision.number)
}

impl Planned<'_> {
    /// The letter without its body.
    pub fn head(&self, parent: &str) -> pb::Letter {
        let scene = &self.scene;
        let (from, to) = match &self.about {
            About::Appeal(about) => (about.from(scene), about.to(scene)),
            About::Records(request) => (scene.payer(), records::to(scene, request)),
            About::Decision if self.kind == pb::LetterKind::OverpaymentDemand => (scene.payer(), Some(scene.payee())),
            About::Decision => (scene.payer(), scene.addressee()),
        };
        let mut subject = scene.subject();
        if to.as_ref().is_some_and(|to| to.role() == pb::LetterRole::Provider) {
            let billed = scene.history.claim.billed.as_ref();
            subject.patient_control_number = billed.map_or("", |billed| billed.patient_control_number()).to_owned();
        }
        let title = match (&self.about, self.kind) {
            (About::Appeal(about), _) => about.title(scene),
            (About::Records(_), _) => "Request for Records".to_owned(),
            (_, pb::LetterKind::AdverseDetermination) => "Notice of Adverse Benefit Determination".to_owned(),
            (_, pb::LetterKind::OverpaymentDemand) => "Demand for Repayment of an Overpayment".to_owned(),
            (_, pb::LetterKind::AdjustedClaim) => "Notice of a Changed Decision".to_owned(),
            _ => benefits::title(scene),
        };
        pb::Letter {
            name: format!("{parent}/letters/{}", self.id),
            kind: self.kind.into(),
            date: self.date.clone(),
            title,
            from: Some(from),
            to,
            re: Some(subject),
            blocks: Vec::new(),
            simulated: true,
        }
    }
}
