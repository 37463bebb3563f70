//! Working an interchange off: its sets are examined, the claims of those that passed are decided, all is acknowledged.

use std::sync::mpsc::{Receiver, channel};

use bytes::Bytes;
use jiff::civil::DateTime;

use super::{MAX_CLAIMS, answer_number, name};
use crate::payer::processing::{Outcome, Span};
use crate::payer::uploads::StoredFile;
use crate::payer::{Caller, Failure, Payer, Sandbox};
use crate::proto::v1 as pb;
use crate::store::keys::Space;
use crate::x12::acknowledgments::{Ack277ca, Ack999, Transmission, answer_to, ta1};
use crate::x12::claim_837::{ClaimReader, ReadClaim};
use crate::x12::claim_status_277::Answer277;
use crate::x12::eligibility_271::Answer271;
use crate::x12::examination::{Examination, Examined, SetReport};
use crate::x12::isa::Isa;
use crate::x12::services_review_answer_278::Answer278;

/// Claims of an interchange that are worked on at a time.
const IN_FLIGHT: usize = 512;
/// Most faults that an interchange's message names.
const MAX_FAULTS: usize = 100;

/// An interchange that is being worked on.
pub(super) struct Work<'a> {
    pub payer: &'a Payer,
    pub caller: &'a Caller,
    pub sandbox: &'a Sandbox,
    pub space: Space,
    pub number: u64,
    pub file: StoredFile,
    pub at: DateTime,
    pub interchange: pb::Interchange,
    pub answers: Vec<(pb::AnswerKind, Bytes)>,
}

/// The answers that are being written.
struct Answers {
    ack_999: Ack999,
    ack_277ca: Ack277ca,
    answer_271: Answer271,
    answer_277: Answer277,
    answer_278: Answer278,
}

impl Work<'_> {
    /// Holds it against its guides, has the claims of what passed decided, and writes the answers.
    pub fn examine(&mut self) -> Result<(), Failure> {
        let file = self.file.clone();
        let mut examination = Examination::new(&file);
        let mut sets: Vec<SetReport> = Vec::new();
        let mut answers: Option<Answers> = None;
        while let Some(examined) = examination.read().map_err(|error| Failure::Damaged(error.to_string()))? {
            match examined {
                Examined::InterchangeStart(isa) => answers = Some(self.open_answers(&isa)),
                Examined::GroupStart(header) => {
                    sets.clear();
                    answers.iter_mut().for_each(|answers| answers.ack_999.start_group(&header));
                }
                Examined::Set(report) => {
                    answers.iter_mut().for_each(|answers| answers.ack_999.set(&report));
                    self.tell_faults(report.trailer.faults.iter().map(|fault| &fault.words));
                    self.tell_faults(report.checked.errors.iter().map(|error| &error.words));
                    if report.is_accepted() {
                        sets.push(report);
                    } else {
                        self.interchange.sets_rejected += 1;
                    }
                }
                Examined::GroupEnd(report) => {
                    answers.iter_mut().for_each(|answers| answers.ack_999.end_group(&report));
                    self.tell_faults(report.faults.iter().map(|fault| &fault.words));
                    if report.faults.is_empty() {
                        for set in sets.drain(..) {
                            answers.iter_mut().try_for_each(|answers| self.answer_set(&set, answers))?;
                        }
                    } else {
                        let turned_away = sets.len();
                        self.interchange.sets_rejected += i64::try_from(turned_away).unwrap_or(0);
                    }
                }
                Examined::Stray(_) | Examined::Acknowledgment(_) | Examined::InterchangeEnd(_) => {}
            }
        }
        if let Some(answers) = answers {
            let finished = [
                (pb::AnswerKind::AnswerKind999, answers.ack_999.finish()),
                (pb::AnswerKind::AnswerKind277ca, answers.ack_277ca.finish()),
                (pb::AnswerKind::AnswerKind271, answers.answer_271.finish()),
                (pb::AnswerKind::AnswerKind277, answers.answer_277.finish()),
                (pb::AnswerKind::AnswerKind278, answers.answer_278.finish()),
            ];
            self.answers.extend(finished.into_iter().filter_map(|(kind, text)| Some((kind, text?.into()))));
        }
        self.interchange.state = pb::InterchangeState::Done.into();
        Ok(())
    }

    /// Opens the answers of every kind; those that turn out empty are not given. A TA1 is given where it is asked for.
    fn open_answers(&mut self, isa: &Isa) -> Answers {
        let header = |kind| answer_to(isa, self.at, answer_number(self.number, kind));
        if isa.acknowledgment_requested == "1" {
            let text = ta1(&header(pb::AnswerKind::Ta1), isa, None);
            self.answers.push((pb::AnswerKind::Ta1, text.into()));
        }
        Answers {
            ack_999: Ack999::new(&header(pb::AnswerKind::AnswerKind999)),
            ack_277ca: Ack277ca::new(&header(pb::AnswerKind::AnswerKind277ca)),
            answer_271: Answer271::new(&header(pb::AnswerKind::AnswerKind271)),
            answer_277: Answer277::new(&header(pb::AnswerKind::AnswerKind277)),
            answer_278: Answer278::new(&header(pb::AnswerKind::AnswerKind278)),
        }
    }

    /// Does what a set asks for: decides its claims, or answers its questions.
    fn answer_set(&mut self, set: &SetReport, answers: &mut Answers) -> Result<(), Failure> {
        match set.header.id.as_str() {
            "270" => self.answer_eligibility(set, &mut answers.answer_271),
            "275" => self.take_attachments(set),
            "276" => self.answer_claim_status(set, &mut answers.answer_277),
            "278" => self.answer_services_review(set, &mut answers.answer_278),
            _ => self.take_set(set, &mut answers.ack_277ca),
        }
    }

    pub(super) fn tell_faults<'w>(&mut self, words: impl Iterator<Item = &'w String>) {
        let room = MAX_FAULTS.saturating_sub(self.interchange.faults.len());
        self.interchange.faults.extend(words.take(room).cloned());
    }

    /// Has the claims of one set decided, many at a time, and acknowledges them in their order.
    fn take_set(&mut self, set: &SetReport, ack: &mut Ack277ca) -> Result<(), Failure> {
        let unreadable = |error: crate::x12::segments::SegmentError| Failure::Damaged(error.to_string());
        let file = self.file.clone();
        let mut reader = ClaimReader::new(&file, set.trailer.span.clone(), set.delimiters);
        let (answer, answered) = channel();
        let mut claims: Vec<Option<pb::Claim>> = Vec::new();
        let mut waiting = 0;
        while let Some(read) = reader.read().map_err(unreadable)? {
            let (at, answer) = (claims.len(), answer.clone());
            let brief = read.claim.brief();
            claims.push(None);
            waiting += 1;
            let (request, span) = self.request(read);
            self.payer.submit_claim(self.caller, request, span, move |outcome| {
                let _ = answer.send((at, brief, outcome));
            });
            if waiting >= IN_FLIGHT {
                self.collect(&answered, &mut claims)?;
                waiting -= 1;
            }
        }
        for _ in 0..waiting {
            self.collect(&answered, &mut claims)?;
        }
        let claims: Vec<pb::Claim> = claims.into_iter().flatten().collect();
        for claim in &claims {
            let rejected = claim.state() == pb::ClaimState::Rejected;
            *if rejected { &mut self.interchange.claims_rejected } else { &mut self.interchange.claims_accepted } += 1;
            if self.interchange.claims.len() < MAX_CLAIMS && !claim.name.is_empty() {
                self.interchange.claims.push(claim.name.clone());
            }
        }
        let payer = self.sandbox.read().in_force.payer();
        let reference = format!("{:09}", answer_number(self.number, pb::AnswerKind::AnswerKind277ca));
        let day = self.at.date();
        let transmission = Transmission {
            payer_name: &payer.name,
            payer_id: &payer.payer_id,
            batch: reader.batch(),
            reference: &reference,
            received: day,
            processed: day,
        };
        ack.set(&transmission, &claims);
        Ok(())
    }

    fn request(&self, read: ReadClaim) -> (pb::SubmitClaimRequest, Span) {
        let ReadClaim { claim, span, .. } = read;
        let request = pb::SubmitClaimRequest {
            parent: self.sandbox.name(),
            request_id: format!("interchange {} byte {}", self.number, span.start),
            claim: Some(claim.into()),
            ..Default::default()
        };
        let interchange = name(self.sandbox, self.number);
        (request, Span { interchange, start: span.start, length: span.end - span.start, space: Some(self.space) })
    }

    fn collect(&self, answered: &Answered, claims: &mut [Option<pb::Claim>]) -> Result<(), Failure> {
        let (at, brief, outcome) = answered.recv().map_err(|_| Failure::Stopping)?;
        let claim = match outcome {
            Ok(outcome) => pb::Claim {
                name: outcome.claim.name,
                control_number: outcome.claim.control_number,
                state: outcome.claim.state,
                rejections: outcome.claim.rejections,
                billed: Some(brief),
                ..Default::default()
            },
            Err(Failure::Violations { violations }) => unprocessable(brief, violations),
            Err(failure) => return Err(failure),
        };
        if let Some(slot) = claims.get_mut(at) {
            *slot = Some(claim);
        }
        Ok(())
    }
}

type Answered = Receiver<(usize, pb::claim::Billed, Result<Outcome, Failure>)>;

/// A claim that the guide lets through and no payer could process: turned away, with every field at fault (A3:21).
fn unprocessable(brief: pb::claim::Billed, violations: Vec<crate::wire::Violation>) -> pb::Claim {
    let rejection = |violation: crate::wire::Violation| pb::Rejection {
        category_code: "A3".to_owned(),
        status_code: "21".to_owned(),
        words: format!("{} {}", violation.field, violation.description),
        field: violation.field,
        ..Default::default()
    };
    pb::Claim {
        state: pb::ClaimState::Rejected.into(),
        rejections: violations.into_iter().map(rejection).collect(),
        billed: Some(brief),
        simulated: true,
        ..Default::default()
    }
}
