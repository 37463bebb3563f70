//! A claim that was turned away: what would let it in, verified by sending it through intake and deciding it.

use super::changes::Draft;
use super::told::{Outcome, remedy};
use super::{Bench, Path};
use crate::payer::Failure;
use crate::payer::amended::Amended;
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;

impl Bench<'_> {
    /// The ways in.
    pub(super) fn rejected(&mut self, billed: Billed) -> Result<pb::FindRemediesResponse, Failure> {
        let rejections = self.subject.claim.rejections.clone();
        let mut draft = Draft::of(billed);
        for rejection in &rejections {
            self.mend(rejection, &mut draft)?;
        }
        let mut outcomes = Vec::new();
        if !draft.told.is_empty()
            && let Some((claim, _)) = self.rehearse(&draft, Amended::default())?
            && claim.state() != pb::ClaimState::Rejected
        {
            let request = self.request(&draft);
            outcomes.push(Outcome { changes: vec![], only_if: vec![], lines: vec![], draft, claim, request });
        }
        let remedies: Vec<pb::Remedy> =
            (1..).zip(&outcomes).map(|(number, outcome)| remedy(number, outcome, Path::NewClaim, 0)).collect();
        let numbers: Vec<i32> = remedies.iter().map(|remedy| remedy.number).collect();
        let finding = |rejection: &pb::Rejection| pb::RemedyFinding {
            line: rejection.line,
            code: [&rejection.category_code, &rejection.status_code, &rejection.entity_code]
                .into_iter()
                .map(String::as_str)
                .filter(|code| !code.is_empty())
                .collect::<Vec<_>>()
                .join(":"),
            words: rejection.words.clone(),
            amount_cents: 0,
            remedies: numbers.clone(),
            advice: vec![pb::RemedyAdvice {
                path: pb::RemedyPath::NewClaim.into(),
                words:
                    "It was never decided, so nothing can be appealed: mend what is named and send it as a new claim."
                        .to_owned(),
            }],
            ..Default::default()
        };
        Ok(pb::FindRemediesResponse {
            findings: rejections.iter().map(finding).collect(),
            remedies,
            ..Default::default()
        })
    }

    /// Mends what one rejection names, where the claim or the records say how.
    fn mend(&self, rejection: &pb::Rejection, draft: &mut Draft) -> Result<(), Failure> {
        match rejection.status_code.as_str() {
            "178" => {
                let (charge, sum) = match &mut draft.billed {
                    Billed::Professional(claim) => {
                        (&mut claim.charge_cents, claim.lines.iter().map(|line| line.charge_cents).sum::<i64>())
                    }
                    Billed::Institutional(claim) => {
                        (&mut claim.charge_cents, claim.lines.iter().map(|line| line.charge_cents).sum::<i64>())
                    }
                };
                let before = std::mem::replace(charge, sum);
                let words = "make the claim's charge the sum of its lines".to_owned();
                draft.tell("charge_cents".into(), before.to_string(), sum.to_string(), words);
            }
            "464" | "535" | "495" => {
                if let Billed::Professional(claim) = &mut draft.billed {
                    let before = std::mem::replace(&mut claim.frequency_code, "1".to_owned());
                    claim.original_control_number.clear();
                    let words = "send it as an original claim".to_owned();
                    draft.tell("frequency_code".into(), before, "1".into(), words);
                }
            }
            "33" => self.known_person(draft)?,
            _ => {}
        }
        Ok(())
    }

    /// The one member of the patient's name and birth date, where there is one.
    fn known_person(&self, draft: &mut Draft) -> Result<(), Failure> {
        let Ok(claim) = crate::wire::claim(&draft.billed) else { return Ok(()) };
        let alike = self.people_like(claim.patient());
        let [member] = alike.as_slice() else { return Ok(()) };
        let Some(record) = self.payer.record_in::<pb::Member>(self.state, &member.member_id)? else { return Ok(()) };
        let subscriber = match &mut draft.billed {
            Billed::Professional(claim) => &mut claim.subscriber,
            Billed::Institutional(claim) => &mut claim.subscriber,
        };
        if let Some(subscriber) = subscriber {
            let before = std::mem::replace(&mut subscriber.member_id, record.member_id.clone());
            let words = format!("name the member's number on record, {}", record.member_id);
            draft.tell("subscriber.member_id".into(), before, record.member_id, words);
        }
        Ok(())
    }
}
