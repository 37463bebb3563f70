//! Questions of an interchange: what is asked becomes the messages of the API, what they answer is printed.

use super::answer_number;
use super::work::Work;
use crate::domain::codes::Npi;
use crate::payer::Failure;
use crate::payer::claim_status::status_code;
use crate::proto::v1 as pb;
use crate::x12::claim_status_277::{self, Answer277};
use crate::x12::eligibility_270::{Ask, Level, Party, Patient};
use crate::x12::eligibility_271::{Answer, Answer271};
use crate::x12::examination::SetReport;
use crate::x12::segments::SegmentError;
use crate::x12::{claim_status_276, eligibility_270};

impl Work<'_> {
    /// Answers a 270.
    pub(super) fn answer_eligibility(&mut self, set: &SetReport, out: &mut Answer271) -> Result<(), Failure> {
        let read = eligibility_270::read(&self.file, set.trailer.span.clone(), set.delimiters);
        let inquiries = read.map_err(unreadable)?;
        let mut answers = Vec::with_capacity(inquiries.levels.len());
        let (mut provider_npi, mut wrong_payer, mut wrong_npi) = (String::new(), false, false);
        let mut subscriber = Patient::default();
        for (at, level) in inquiries.levels.iter().enumerate() {
            let answer = match level {
                Level::Source(party) => {
                    wrong_payer = !self.is_payer(&party.id);
                    if wrong_payer { Answer::Rejected("79") } else { Answer::Nothing }
                }
                Level::Receiver(party) => {
                    party.npi().clone_into(&mut provider_npi);
                    wrong_npi = !self.is_npi(party);
                    if wrong_npi && !wrong_payer { Answer::Rejected("43") } else { Answer::Nothing }
                }
                _ if wrong_payer || wrong_npi => Answer::Nothing,
                Level::Subscriber(patient) => {
                    subscriber = patient.clone();
                    let has_dependents = matches!(inquiries.levels.get(at + 1), Some(Level::Dependent(_)));
                    match patient.asks.is_empty() && has_dependents {
                        true => Answer::Nothing,
                        false => self.eligibility(&subscriber, patient, &provider_npi)?,
                    }
                }
                Level::Dependent(patient) => self.eligibility(&subscriber, patient, &provider_npi)?,
            };
            answers.push(answer);
        }
        out.set(&self.payer_party(), &inquiries, &answers);
        Ok(())
    }

    /// What is found for a patient, one answer for each day that is asked about.
    fn eligibility(&mut self, subscriber: &Patient, patient: &Patient, npi: &str) -> Result<Answer, Failure> {
        self.interchange.inquiries_answered += 1;
        let whole = [Ask::default()];
        let asks = if patient.asks.is_empty() { whole.as_slice() } else { patient.asks.as_slice() };
        let day = |ask: &Ask| if ask.days.0.is_empty() { patient.days.0.clone() } else { ask.days.0.clone() };
        let mut requests: Vec<pb::CheckEligibilityRequest> = Vec::new();
        let mut found = Vec::new();
        for ask in asks {
            let service_date = day(ask);
            if !["", "HC", "CJ"].contains(&ask.qualifier.as_str()) {
                let words = format!("procedures are known by HC and CJ here, not by {}", ask.qualifier);
                found.push(reject("54", words));
                continue;
            }
            let same = |request: &&mut pb::CheckEligibilityRequest| {
                request.service_date == service_date && ask.procedure.is_empty() && request.procedure_code.is_empty()
            };
            match requests.iter_mut().find(same) {
                Some(request) => request.service_types.extend(ask.service_types.iter().cloned()),
                None => requests.push(pb::CheckEligibilityRequest {
                    parent: self.sandbox.name(),
                    member_id: subscriber.party.id.clone(),
                    last_name: patient.party.last.clone(),
                    first_name: patient.party.first.clone(),
                    birth_date: patient.birth_date.clone(),
                    service_date,
                    provider_npi: npi.to_owned(),
                    service_types: ask.service_types.clone(),
                    dependent: patient.party.role == "03",
                    procedure_code: ask.procedure.clone(),
                    ..Default::default()
                }),
            }
        }
        for request in requests {
            found.push(match request.member_id.as_str() {
                "" => reject("72", "the subscriber's member number is missing".to_owned()),
                _ => self.payer.check_eligibility(self.caller, &request)?,
            });
        }
        // The person is rejected once, however much was asked of it.
        let mut told: Vec<String> = Vec::new();
        found.retain(|answer: &pb::CheckEligibilityResponse| {
            let reason = &answer.reject_reason;
            reason.is_empty()
                || !told.contains(reason) && {
                    told.push(reason.clone());
                    true
                }
        });
        Ok(Answer::Patient(found))
    }

    /// Answers a 276.
    pub(super) fn answer_claim_status(&mut self, set: &SetReport, out: &mut Answer277) -> Result<(), Failure> {
        use claim_status_276::Level;
        let read = claim_status_276::read(&self.file, set.trailer.span.clone(), set.delimiters);
        let requests = read.map_err(unreadable)?;
        let mut answers = Vec::with_capacity(requests.levels.len());
        let (mut known, mut npi, mut member_id) = (true, String::new(), String::new());
        for level in &requests.levels {
            answers.push(match level {
                Level::Payer(party) => {
                    known = self.is_payer(&party.id);
                    claim_status_277::Answer::Nothing
                }
                Level::Receiver(_) if !known => {
                    claim_status_277::Answer::Rejected(status_code(["E0", "153", "PR"], String::new()))
                }
                _ if !known => claim_status_277::Answer::Nothing,
                Level::Receiver(_) => claim_status_277::Answer::Nothing,
                Level::Provider(party) => {
                    party.npi().clone_into(&mut npi);
                    claim_status_277::Answer::Nothing
                }
                Level::Subscriber(patient) => {
                    member_id.clone_from(&patient.party.id);
                    self.claim_status(patient, &member_id, &npi)?
                }
                Level::Dependent(patient) => self.claim_status(patient, &member_id, &npi)?,
            });
        }
        let reference = format!("{:09}", answer_number(self.number, pb::AnswerKind::AnswerKind277));
        out.set(&self.payer_party(), &reference, &requests, &answers);
        Ok(())
    }

    fn claim_status(
        &mut self,
        patient: &claim_status_276::Patient,
        member_id: &str,
        npi: &str,
    ) -> Result<claim_status_277::Answer, Failure> {
        let mut found = Vec::with_capacity(patient.claims.len());
        for asked in &patient.claims {
            self.interchange.inquiries_answered += 1;
            let request = pb::GetClaimStatusRequest {
                parent: self.sandbox.name(),
                control_number: asked.control_number.clone(),
                patient_control_number: asked.patient_control_number.clone(),
                member_id: member_id.to_owned(),
                last_name: patient.party.last.clone(),
                first_name: patient.party.first.clone(),
                birth_date: patient.birth_date.clone(),
                provider_npi: npi.to_owned(),
                service_from: asked.days.0.clone(),
                service_through: asked.days.1.clone(),
                charge_cents: asked.charge.cents(),
                type_of_bill: asked.type_of_bill.clone(),
            };
            found.push(self.payer.claim_status(self.caller, &request)?);
        }
        Ok(claim_status_277::Answer::Claims(found))
    }

    pub(super) fn is_payer(&self, id: &str) -> bool {
        let payer = self.sandbox.read().in_force.payer();
        payer.payer_id == id || payer.other_payer_ids.iter().any(|other| other == id)
    }

    /// Whether who asks has an NPI that can be one; other numbers are not held against anything.
    pub(super) fn is_npi(&self, party: &Party) -> bool {
        let lenient = self.sandbox.read().x12().accept_failing_npis;
        let npi = Npi::parse(party.npi());
        party.qualifier != "XX" || npi.is_some_and(|npi| lenient || npi.check_digit_holds())
    }

    /// The payer as the answers name it.
    pub(super) fn payer_party(&self) -> Party {
        let payer = self.sandbox.read().in_force.payer();
        Party {
            role: "PR".to_owned(),
            kind: "2".to_owned(),
            last: payer.name,
            qualifier: "PI".to_owned(),
            id: payer.payer_id,
            ..Party::default()
        }
    }
}

fn reject(reason: &str, message: String) -> pb::CheckEligibilityResponse {
    pb::CheckEligibilityResponse {
        message,
        reject_reason: reason.to_owned(),
        follow_up: "C".to_owned(),
        simulated: true,
        ..Default::default()
    }
}

fn unreadable(error: SegmentError) -> Failure {
    Failure::Damaged(error.to_string())
}
