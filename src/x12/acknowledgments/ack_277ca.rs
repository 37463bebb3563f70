//! 277CA 005010X214: each claim taken in, or rejected and why.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};

use super::super::claim_837::Batch;
use super::super::service_id::service_id;
use super::super::writer::{InterchangeHeader, SegmentWriter, composite};
use crate::domain::dates::{d8, parse_iso};
use crate::domain::money::Money;
use crate::proto::BilledLine;
use crate::proto::v1::claim::Billed;
use crate::proto::v1::{BillingProvider, Claim, ClaimState, Name, Rejection};

/// The guide of the 277CA.
const VERSION: &str = "005010X214";
/// Statuses that one STC holds (STC01, STC10, STC11).
const STATUSES_IN_STC: usize = 3;
/// Characters of STC12.
const WORDS: usize = 264;

/// What is said of a set of claims besides the claims.
#[derive(Clone, Debug)]
pub struct Transmission<'a> {
    /// Name of the payer that answers (2100A NM103).
    pub payer_name: &'a str,
    /// Its id (2100A NM109).
    pub payer_id: &'a str,
    /// What the 837 said of itself (2100B, 2200B).
    pub batch: &'a Batch,
    /// The payer's own number for this answer (BHT03, 2200A TRN02).
    pub reference: &'a str,
    /// When the claims came (2200A DTP*050).
    pub received: Date,
    /// When they were looked at (2200A DTP*009, STC02).
    pub processed: Date,
}

/// Writes the answer to one interchange: one 277CA for each of its sets.
#[derive(Debug)]
pub struct Ack277ca {
    out: SegmentWriter,
    header: InterchangeHeader,
    at: DateTime,
    sets: u32,
    /// HL01 of the set.
    levels: u32,
}

/// What became of the claims of a provider or a set: how many, and how much was charged.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    accepted: (u32, Money),
    rejected: (u32, Money),
}

impl Ack277ca {
    /// Opens the answer; GS06 is the interchange's number.
    pub fn new(header: &InterchangeHeader) -> Ack277ca {
        let out = SegmentWriter::new(header);
        Ack277ca { out, header: header.clone(), at: header.at, sets: 0, levels: 0 }
    }

    /// Acknowledges the claims of one set, grouped by billing provider in order of first appearance. A set without
    /// claims has nothing to acknowledge.
    pub fn set(&mut self, transmission: &Transmission, claims: &[Claim]) {
        if claims.is_empty() {
            return;
        }
        if self.sets == 0 {
            let InterchangeHeader { sender, receiver, control_number, .. } = &self.header;
            self.out.group("HN", &sender.id, &receiver.id, *control_number, VERSION);
        }
        self.sets += 1;
        self.levels = 0;
        self.out.set("277", self.sets, VERSION);
        let time = format!("{:02}{:02}", self.at.hour(), self.at.minute());
        self.out.segment("BHT", &["0085", "08", transmission.reference, &d8(self.at.date()), &time, "TH"]);
        let source = self.source(transmission);
        let receiver = self.receiver(transmission, source, &Totals::of(claims.iter()));
        for claims in by_provider(claims) {
            let provider = self.provider(receiver, &claims);
            for (claim, billed) in claims {
                self.claim(transmission, provider, claim, billed);
            }
        }
    }

    /// Closes the answer. `None` where there was nothing to acknowledge.
    pub fn finish(self) -> Option<Vec<u8>> {
        (self.sets > 0).then(|| self.out.finish())
    }

    /// HL: gives its number. Levels of patients have no HL04.
    fn level(&mut self, above: Option<u32>, code: &str) -> u32 {
        self.levels += 1;
        let above = above.map_or(String::new(), |number| number.to_string());
        let children = if code == "PT" { "" } else { "1" };
        self.out.segment("HL", &[&self.levels.to_string(), &above, code, children]);
        self.levels
    }

    /// 2000A: the payer.
    fn source(&mut self, transmission: &Transmission) -> u32 {
        let level = self.level(None, "20");
        let out = &mut self.out;
        out.segment("NM1", &["PR", "2", transmission.payer_name, "", "", "", "", "PI", transmission.payer_id]);
        out.segment("TRN", &["1", transmission.reference]);
        out.segment("DTP", &["050", "D8", &d8(transmission.received)]);
        out.segment("DTP", &["009", "D8", &d8(transmission.processed)]);
        level
    }

    /// 2000B: the submitter, and what became of its claims.
    fn receiver(&mut self, transmission: &Transmission, source: u32, totals: &Totals) -> u32 {
        let level = self.level(Some(source), "21");
        let batch = transmission.batch;
        let out = &mut self.out;
        out.segment("NM1", &["41", "2", &batch.submitter_name, "", "", "", "", "46", &batch.submitter_id]);
        out.segment("TRN", &["2", &batch.reference]);
        let date = d8(transmission.processed);
        out.segment("STC", &[&composite(&["A1", "19", "PR"]), &date, "WQ", &totals.charged().x12()]);
        totals.write(out, ["90", "AA"]);
        level
    }

    /// 2000C: a billing provider, and what became of its claims.
    fn provider(&mut self, receiver: u32, claims: &[(&Claim, &Billed)]) -> u32 {
        let level = self.level(Some(receiver), "19");
        let empty = BillingProvider::default();
        let provider = claims.first().and_then(|(_, billed)| billed.billing_provider()).unwrap_or(&empty);
        let (qualifier, id) = if provider.npi.is_empty() { ("FI", &provider.tax_id) } else { ("XX", &provider.npi) };
        name(&mut self.out, "85", provider.name.as_ref(), (qualifier, id));
        let totals = Totals::of(claims.iter().map(|(claim, _)| *claim));
        let out = &mut self.out;
        out.segment("TRN", &["1", "0"]);
        out.segment("STC", &[&composite(&["A1", "19", "PR"]), "", "WQ", &totals.charged().x12()]);
        totals.write(out, ["QA", "QC"]);
        level
    }

    /// 2000D: a claim.
    fn claim(&mut self, transmission: &Transmission, provider: u32, claim: &Claim, billed: &Billed) {
        self.level(Some(provider), "PT");
        let out = &mut self.out;
        name(out, "QC", billed.patient_name(), ("MI", billed.member_id()));
        out.segment("TRN", &["2", billed.patient_control_number()]);
        let date = d8(transmission.processed);
        let charge = Money::from_cents(billed.charge_cents()).x12();
        if is_rejected(claim) {
            for rejections in distinct(&claim.rejections).chunks(STATUSES_IN_STC) {
                status(out, rejections, &[&date, "U", &charge]);
            }
        } else {
            out.segment("STC", &[&composite(&["A2", "20", "PR"]), &date, "WQ", &charge]);
        }
        reference(out, "1K", &claim.control_number);
        reference(out, "D9", billed.clearinghouse_number());
        reference(out, "BLT", billed.type_of_bill());
        service_dates(out, billed.service_days());
        for (line, number) in billed.lines().iter().zip(1..) {
            let rejections: Vec<&Rejection> = claim.rejections.iter().filter(|why| why.line == number).collect();
            if is_rejected(claim) && !rejections.is_empty() {
                rejected_line(out, line, &rejections);
            }
        }
    }
}

impl Totals {
    fn of<'c>(claims: impl Iterator<Item = &'c Claim>) -> Totals {
        let mut totals = Totals::default();
        for claim in claims {
            let charge = claim.billed.as_ref().map_or(Money::ZERO, |billed| Money::from_cents(billed.charge_cents()));
            let (count, sum) = if is_rejected(claim) { &mut totals.rejected } else { &mut totals.accepted };
            *count += 1;
            *sum += charge;
        }
        totals
    }

    fn charged(&self) -> Money {
        self.accepted.1 + self.rejected.1
    }

    /// QTY and AMT, of those that there are.
    fn write(&self, out: &mut SegmentWriter, qualifiers: [&str; 2]) {
        let both = [(self.accepted, "YU"), (self.rejected, "YY")];
        for (((count, _), _), qualifier) in both.iter().zip(qualifiers).filter(|(((count, _), _), _)| *count > 0) {
            out.segment("QTY", &[qualifier, &count.to_string()]);
        }
        for ((_, sum), qualifier) in both.iter().filter(|((count, _), _)| *count > 0) {
            out.segment("AMT", &[qualifier, &sum.x12()]);
        }
    }
}

fn is_rejected(claim: &Claim) -> bool {
    claim.state() == ClaimState::Rejected
}

/// Claims by who bills them.
fn by_provider(claims: &[Claim]) -> Vec<Vec<(&Claim, &Billed)>> {
    let mut places = BTreeMap::new();
    let mut groups: Vec<Vec<_>> = Vec::new();
    for claim in claims {
        let Some(billed) = &claim.billed else { continue };
        let key = billed.billing_provider().map(|provider| (&provider.npi, &provider.tax_id));
        let place = *places.entry(key).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.get_mut(place) {
            group.push((claim, billed));
        }
    }
    groups
}

/// NM1 of a person, or of an organization where there is no first name (patients are always persons).
fn name(out: &mut SegmentWriter, role: &str, name: Option<&Name>, (qualifier, id): (&str, &str)) {
    let empty = Name::default();
    let name = name.unwrap_or(&empty);
    let kind = if role == "QC" || !name.first.is_empty() { "1" } else { "2" };
    out.segment("NM1", &[role, kind, &name.last, &name.first, &name.middle, "", &name.suffix, qualifier, id]);
}

fn reference(out: &mut SegmentWriter, qualifier: &str, value: &str) {
    if !value.is_empty() {
        out.segment("REF", &[qualifier, value]);
    }
}

/// The reasons of a claim, each code once: several lines may be rejected for the same.
fn distinct(rejections: &[Rejection]) -> Vec<&Rejection> {
    let mut distinct: Vec<&Rejection> = Vec::new();
    for rejection in rejections {
        if !distinct.iter().any(|other| codes(other) == codes(rejection)) {
            distinct.push(rejection);
        }
    }
    distinct
}

fn codes(rejection: &Rejection) -> [&str; 3] {
    [&rejection.category_code, &rejection.status_code, &rejection.entity_code]
}

/// STC of up to three reasons: STC01, then STC02 to STC04 as given, STC10, STC11 and the reasons in words as STC12.
fn status(out: &mut SegmentWriter, rejections: &[&Rejection], [date, action, charge]: &[&str; 3]) {
    let mut statuses = rejections.iter().map(|rejection| composite(&codes(rejection)));
    let mut next = || statuses.next().unwrap_or_default();
    let [first, second, third] = [next(), next(), next()];
    let words: Vec<&str> = rejections.iter().map(|rejection| rejection.words.as_str()).collect();
    let words: String = words.join("; ").chars().take(WORDS).collect();
    out.segment("STC", &[&first, date, action, charge, "", "", "", "", "", &second, &third, &words]);
}

/// 2220D: a line that the claim was rejected for. STC02, STC04 and STC12 are not used here.
fn rejected_line(out: &mut SegmentWriter, line: &BilledLine, rejections: &[&Rejection]) {
    let (procedure, revenue) =
        service_id(line.procedure_qualifier, line.procedure_code, line.modifiers, line.revenue_code);
    out.segment("SVC", &[&procedure, &Money::from_cents(line.charge_cents).x12(), "", revenue]);
    let mut statuses = rejections.iter().map(|rejection| composite(&codes(rejection)));
    let mut next = || statuses.next().unwrap_or_default();
    let [first, second, third] = [next(), next(), next()];
    out.segment("STC", &[&first, "", "U", "", "", "", "", "", "", &second, &third]);
    reference(out, "FJ", line.line_control_number);
    service_dates(out, (line.service_date, line.last_day()));
}

/// DTP*472 from the first through the last day of service.
fn service_dates(out: &mut SegmentWriter, (first, last): (&str, &str)) {
    match (parse_iso(first), parse_iso(last)) {
        (Some(first), Some(last)) if first != last => {
            out.segment("DTP", &["472", "RD8", &format!("{}-{}", d8(first), d8(last))]);
        }
        (Some(day), _) | (None, Some(day)) => out.segment("DTP", &["472", "D8", &d8(day)]),
        (None, None) => {}
    }
}
