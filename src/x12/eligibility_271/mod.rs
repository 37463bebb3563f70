//! 271 (005010X279A1): the answers to a 270, printed from the messages that `CheckEligibility` gives.

mod benefits;

use jiff::civil::DateTime;

use super::eligibility_270::{Inquiries, Level, Party, Patient};
use super::inquiry::{Levels, d8};
use super::writer::{InterchangeHeader, SegmentWriter};
use crate::proto::v1::{Address, CheckEligibilityResponse, InsuredAnswer, Sex};

/// The guide of the 271.
const VERSION: &str = "005010X279A1";
/// What a person may be to the subscriber in INS02; anything else is `G8`.
const RELATIONSHIPS: [&str; 8] = ["01", "19", "20", "21", "39", "40", "53", "G8"];
/// Reasons that speak of what is asked and not of who is asked about; they stand below an EB.
const OF_THE_BENEFIT: [&str; 4] = ["33", "54", "55", "57"];

/// What is answered to one level of a 270.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Nothing, as the level asks nothing.
    Nothing,
    /// A source or receiver with which nothing can be done: the reason (AAA03); all below it goes unanswered.
    Rejected(&'static str),
    /// What was found for a patient, one answer for each day that was asked about.
    Patient(Vec<CheckEligibilityResponse>),
}

/// Writes the answer to one interchange: one 271 for each of its sets.
#[derive(Debug)]
pub struct Answer271 {
    out: SegmentWriter,
    header: InterchangeHeader,
    at: DateTime,
    sets: u32,
}

impl Answer271 {
    /// Opens the answer; GS06 is the interchange's number.
    pub fn new(header: &InterchangeHeader) -> Answer271 {
        Answer271 { out: SegmentWriter::new(header), header: header.clone(), at: header.at, sets: 0 }
    }

    /// Answers one set; `answers` go with its levels.
    pub fn set(&mut self, payer: &Party, inquiries: &Inquiries, answers: &[Answer]) {
        if self.sets == 0 {
            let InterchangeHeader { sender, receiver, control_number, .. } = &self.header;
            self.out.group("HB", &sender.id, &receiver.id, *control_number, VERSION);
        }
        self.sets += 1;
        self.out.set("271", self.sets, VERSION);
        let time = format!("{:02}{:02}", self.at.hour(), self.at.minute());
        let date = self.at.date().strftime("%Y%m%d").to_string();
        self.out.segment("BHT", &["0022", "11", &inquiries.reference, &date, &time]);
        let mut set = Set { out: &mut self.out, levels: Levels::default(), silent: None };
        for (at, (level, answer)) in inquiries.levels.iter().zip(answers).enumerate() {
            let next = at + 1;
            let below = (inquiries.levels.get(next..).unwrap_or_default(), answers.get(next..).unwrap_or_default());
            set.level(payer, level, answer, below);
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
    /// Below a level of this kind nothing is answered.
    silent: Option<&'static str>,
}

/// The levels behind one, and their answers.
type Below<'a> = (&'a [Level], &'a [Answer]);

impl Set<'_> {
    fn level(&mut self, payer: &Party, level: &Level, answer: &Answer, below: Below<'_>) {
        let reason = if let Answer::Rejected(reason) = answer { Some(*reason) } else { None };
        match level {
            Level::Source(_) => {
                self.silent = reason.map(|_| "20");
                self.levels.level(self.out, "20", "", Some(true));
                payer.write(self.out);
                self.rejected(reason);
            }
            Level::Receiver(party) => {
                if self.silent != Some("20") {
                    self.silent = reason.map(|_| "21");
                }
                self.levels.level(self.out, "21", "20", Some(self.silent.is_none()));
                party.write(self.out);
                self.rejected(reason);
            }
            Level::Subscriber(_) | Level::Dependent(_) if self.silent.is_some() => {}
            Level::Subscriber(patient) => {
                let has_dependents = matches!(below.0.first(), Some(Level::Dependent(_)));
                self.levels.level(self.out, "22", "21", Some(has_dependents));
                let found = match (answer, below.1.first()) {
                    (Answer::Patient(found), _) => found.as_slice(),
                    (_, Some(Answer::Patient(found))) if has_dependents => found.as_slice(),
                    _ => &[],
                };
                let insured = found.first().and_then(|found| found.subscriber.as_ref());
                let of_patient = found.first().and_then(|found| found.patient.as_ref());
                // A member who has an own number may be asked about as if it were the subscriber.
                let insured = if has_dependents { insured } else { of_patient };
                let asked = matches!(answer, Answer::Patient(_));
                self.person("IL", patient, insured, if asked { found } else { &[] });
            }
            Level::Dependent(patient) => {
                self.levels.level(self.out, "23", "22", Some(false));
                let Answer::Patient(found) = answer else { return };
                self.person("03", patient, found.first().and_then(|found| found.patient.as_ref()), found);
            }
        }
    }

    /// AAA of a source or receiver.
    fn rejected(&mut self, reason: Option<&str>) {
        if let Some(reason) = reason {
            self.out.segment("AAA", &["N", "", reason, "C"]);
        }
    }

    /// 2000C and 2000D behind their HL: the person as the payer knows it, or as it came; then what was found.
    fn person(
        &mut self,
        role: &str,
        patient: &Patient,
        insured: Option<&InsuredAnswer>,
        found: &[CheckEligibilityResponse],
    ) {
        let out = &mut *self.out;
        for [number, company, further] in &patient.traces {
            out.segment("TRN", &["2", number, company, further]);
        }
        known(role, patient, insured).write(out);
        let first = found.first();
        let coverage = first.and_then(|found| found.coverage.as_ref());
        let group = coverage.map_or("", |coverage| &coverage.group_number);
        for (qualifier, number) in [("6P", group), ("EJ", &patient.account_number)] {
            if !number.is_empty() {
                out.segment("REF", &[qualifier, number]);
            }
        }
        if let Some(address) = insured.and_then(|insured| insured.address.as_ref()) {
            write_address(out, address);
        }
        let of_person = |found: &&CheckEligibilityResponse| !OF_THE_BENEFIT.contains(&found.reject_reason.as_str());
        for found in found.iter().filter(|found| !found.reject_reason.is_empty()).filter(of_person) {
            out.segment("AAA", &[valid(found), "", &found.reject_reason, &found.follow_up]);
        }
        let (birth, sex) = match insured {
            Some(insured) => (insured.birth_date.as_str(), sex(insured.sex())),
            None => (patient.birth_date.as_str(), patient.sex.as_str()),
        };
        match (birth, sex) {
            ("", "") => {}
            ("", sex) => out.segment("DMG", &["", "", sex]),
            (birth, sex) => out.segment("DMG", &["D8", &d8(birth), sex]),
        }
        if let Some(insured) = insured.filter(|_| role == "03") {
            let relationship = insured.relationship_code.as_str();
            let told = if RELATIONSHIPS.contains(&relationship) { relationship } else { "G8" };
            out.segment("INS", &["N", told]);
        }
        if let Some(active) = first.filter(|found| found.active) {
            out.segment("DTP", &["346", "D8", &d8(&active.coverage_from)]);
            if !active.coverage_through.is_empty() {
                out.segment("DTP", &["347", "D8", &d8(&active.coverage_through)]);
            }
        }
        for found in found {
            if found.reject_reason.is_empty() {
                benefits::write(out, found);
            } else if OF_THE_BENEFIT.contains(&found.reject_reason.as_str()) {
                out.segment("EB", &["V"]);
                out.segment("AAA", &[valid(found), "", &found.reject_reason, &found.follow_up]);
                benefits::message(out, &found.message);
            }
        }
    }
}

/// AAA01: whether the question was a sound one that is rejected nevertheless.
fn valid(found: &CheckEligibilityResponse) -> &'static str {
    if ["62", "63"].contains(&found.reject_reason.as_str()) { "Y" } else { "N" }
}

/// The person by the payer's records; as it came where the payer does not know it.
fn known(role: &str, came: &Patient, insured: Option<&InsuredAnswer>) -> Party {
    let Some(insured) = insured else { return came.party.clone() };
    let name = insured.name.clone().unwrap_or_default();
    let number = if role == "IL" { ("MI".to_owned(), insured.member_id.clone()) } else { Default::default() };
    Party {
        role: role.to_owned(),
        kind: "1".to_owned(),
        last: name.last,
        first: name.first,
        middle: name.middle,
        suffix: name.suffix,
        qualifier: number.0,
        id: number.1,
    }
}

fn write_address(out: &mut SegmentWriter, address: &Address) {
    let lines: Vec<&str> = address.lines.iter().map(String::as_str).take(2).collect();
    if !lines.is_empty() {
        out.segment("N3", &lines);
    }
    if !address.city.is_empty() {
        out.segment("N4", &[&address.city, &address.state, &address.zip]);
    }
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "F",
        Sex::Male => "M",
        Sex::Unspecified | Sex::Unknown => "",
    }
}
