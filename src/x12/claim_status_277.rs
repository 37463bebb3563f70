//! 277 (005010X212): the answers to a 276, printed from the messages that `GetClaimStatus` gives.

use jiff::civil::DateTime;

use super::claim_status_276::{ClaimRequest, Level, Party, Patient, Requests};
use super::inquiry::{Levels, d8};
use super::service_id::service_id;
use super::writer::{InterchangeHeader, SegmentWriter, composite};
use crate::domain::money::Money;
use crate::proto::v1::{ClaimStatusAnswer, GetClaimStatusResponse, LineStatusAnswer, StatusCode};

/// The guide of the 277.
const VERSION: &str = "005010X212";
/// Characters of STC09, a check's number.
const CHECK_NUMBER: usize = 16;

/// What is answered to one level of a 276.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Nothing, as the level asks nothing.
    Nothing,
    /// A receiver that cannot be answered; all below it goes unanswered.
    Rejected(StatusCode),
    /// What was found for each claim that a patient's level asks for.
    Claims(Vec<GetClaimStatusResponse>),
}

/// Writes the answer to one interchange: one 277 for each of its sets.
#[derive(Debug)]
pub struct Answer277 {
    out: SegmentWriter,
    header: InterchangeHeader,
    at: DateTime,
    sets: u32,
}

impl Answer277 {
    /// Opens the answer; GS06 is the interchange's number.
    pub fn new(header: &InterchangeHeader) -> Answer277 {
        Answer277 { out: SegmentWriter::new(header), header: header.clone(), at: header.at, sets: 0 }
    }

    /// Answers one set; `answers` go with its levels. The reference is the payer's own number of the answer.
    pub fn set(&mut self, payer: &Party, reference: &str, requests: &Requests, answers: &[Answer]) {
        if self.sets == 0 {
            let InterchangeHeader { sender, receiver, control_number, .. } = &self.header;
            self.out.group("HN", &sender.id, &receiver.id, *control_number, VERSION);
        }
        self.sets += 1;
        self.out.set("277", self.sets, VERSION);
        let time = format!("{:02}{:02}", self.at.hour(), self.at.minute());
        let today = self.at.date().strftime("%Y%m%d").to_string();
        self.out.segment("BHT", &["0010", "08", reference, &today, &time, "DG"]);
        let mut set = Set { out: &mut self.out, levels: Levels::default(), silent: false, today: &today };
        for (at, (level, answer)) in requests.levels.iter().zip(answers).enumerate() {
            match level {
                Level::Payer(_) => {
                    set.levels.level(set.out, "20", "", Some(true));
                    payer.write(set.out);
                }
                Level::Receiver(party) => set.receiver(party, &requests.reference, answer),
                _ if set.silent => {}
                Level::Provider(party) => {
                    set.levels.level(set.out, "19", "21", Some(true));
                    party.write(set.out);
                }
                Level::Subscriber(patient) => {
                    let has_dependents = matches!(requests.levels.get(at + 1), Some(Level::Dependent(_)));
                    set.levels.level(set.out, "22", "19", Some(has_dependents));
                    set.patient(patient, answer);
                }
                Level::Dependent(patient) => {
                    set.levels.level(set.out, "23", "22", None);
                    set.patient(patient, answer);
                }
            }
        }
    }

    /// Closes the answer. `None` where nothing was asked.
    pub fn finish(self) -> Option<Vec<u8>> {
        (self.sets > 0).then(|| self.out.finish())
    }
}

/// A set that is being written.
struct Set<'w> {
    out: &'w mut SegmentWriter,
    levels: Levels,
    /// Nothing more is answered below the receiver.
    silent: bool,
    today: &'w str,
}

impl Set<'_> {
    fn receiver(&mut self, party: &Party, reference: &str, answer: &Answer) {
        let rejected = if let Answer::Rejected(status) = answer { Some(status) } else { None };
        self.silent = rejected.is_some();
        self.levels.level(self.out, "21", "20", Some(!self.silent));
        party.write(self.out);
        if let Some(status) = rejected {
            self.out.segment("TRN", &["2", reference]);
            self.out.segment("STC", &[&codes(status), self.today]);
        }
    }

    fn patient(&mut self, patient: &Patient, answer: &Answer) {
        patient.party.write(self.out);
        let Answer::Claims(found) = answer else { return };
        for (asked, found) in patient.claims.iter().zip(found) {
            for claim in &found.claims {
                self.claim(asked, claim);
            }
            if let Some(status) = &found.not_found {
                self.missing(asked, status);
            }
        }
    }

    /// 2200D or 2200E of a claim that nobody has.
    fn missing(&mut self, asked: &ClaimRequest, status: &StatusCode) {
        let out = &mut *self.out;
        out.segment("TRN", &["2", &asked.trace]);
        let charge = if asked.charge.is_zero() { String::new() } else { asked.charge.x12() };
        out.segment("STC", &[&codes(status), self.today, "", &charge]);
        let numbers =
            [("1K", &asked.control_number), ("BLT", &asked.type_of_bill), ("EJ", &asked.patient_control_number)];
        for (qualifier, number) in numbers {
            reference(out, qualifier, number);
        }
        days(out, &asked.days.0, &asked.days.1);
    }

    /// 2200D or 2200E of a claim on record.
    fn claim(&mut self, asked: &ClaimRequest, claim: &ClaimStatusAnswer) {
        let out = &mut *self.out;
        out.segment("TRN", &["2", &asked.trace]);
        let mut statuses = claim.statuses.iter().map(codes);
        let mut next = || statuses.next().unwrap_or_default();
        let [first, second, third] = [next(), next(), next()];
        let decided = !claim.finalized_date.is_empty();
        let paid = if decided { Money::from_cents(claim.paid_cents).x12() } else { String::new() };
        let fits = claim.trace_number.len() <= CHECK_NUMBER;
        let elements: [&str; 11] = [
            &first,
            &d8(&claim.status_date),
            "",
            &Money::from_cents(claim.charge_cents).x12(),
            &paid,
            &d8(&claim.finalized_date),
            "",
            &d8(&claim.remittance_date),
            if fits { &claim.trace_number } else { "" },
            &second,
            &third,
        ];
        out.segment("STC", &elements);
        reference(out, "1K", &claim.control_number);
        reference(out, "BLT", &claim.type_of_bill);
        reference(out, "EJ", &claim.patient_control_number);
        reference(out, "VV", if fits { "" } else { &claim.trace_number });
        reference(out, "D9", &claim.clearinghouse_number);
        days(out, &claim.service_from, &claim.service_through);
        for line in &claim.lines {
            write_line(out, claim, line);
        }
    }
}

/// 2220D or 2220E.
fn write_line(out: &mut SegmentWriter, claim: &ClaimStatusAnswer, line: &LineStatusAnswer) {
    let (procedure, revenue) =
        service_id(&line.procedure_qualifier, &line.procedure_code, &line.modifiers, &line.revenue_code);
    let [charge, paid] = [line.charge_cents, line.paid_cents].map(|cents| Money::from_cents(cents).x12());
    let units = if line.units.is_empty() { "1" } else { &line.units };
    out.segment("SVC", &[&procedure, &charge, &paid, revenue, "", "", units]);
    let status = line.status.as_ref().map(codes).unwrap_or_default();
    out.segment("STC", &[&status, &d8(&claim.status_date)]);
    reference(out, "FJ", &line.line_control_number);
    match line.service_from.as_str() {
        "" => days(out, &claim.service_from, &claim.service_through),
        from => days(out, from, &line.service_through),
    }
}

fn codes(status: &StatusCode) -> String {
    composite(&[&status.category_code, &status.status_code, &status.entity_code])
}

fn reference(out: &mut SegmentWriter, qualifier: &str, value: &str) {
    if !value.is_empty() {
        out.segment("REF", &[qualifier, value]);
    }
}

/// DTP*472, always as a period where there are two days.
fn days(out: &mut SegmentWriter, from: &str, through: &str) {
    match (from, through) {
        ("", _) => {}
        (from, through) if through.is_empty() || through == from => out.segment("DTP", &["472", "D8", &d8(from)]),
        (from, through) => out.segment("DTP", &["472", "RD8", &format!("{}-{}", d8(from), d8(through))]),
    }
}
