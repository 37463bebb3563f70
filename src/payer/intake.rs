//! Intake: what is turned away before anybody decides it (X12 277CA; never an 835, no appeal).

use super::correction::Refused;
use crate::domain::claim::{Claim, Frequency};
use crate::domain::codes::Npi;
use crate::domain::dates::{Date, parse_iso};
use crate::domain::money::Money;
use crate::proto::v1::claim::Billed;
use crate::proto::v1::{self as pb, InstitutionalClaim, ProfessionalClaim};

/// What the payer's or the sandbox's settings have a say in.
pub(super) struct Gate {
    /// The sandbox's date.
    pub today: Date,
    /// Name of the sandbox, for remedies.
    pub sandbox: String,
    /// Settings of the X12 door, which hold for every door.
    pub x12: pb::X12Settings,
}

/// Every reason to turn the claim away; none: it is taken in.
pub(super) fn rejections(billed: &Billed, claim: &Claim, gate: &Gate) -> Vec<pb::Rejection> {
    let mut found = Found { kind: billed.kind(), rejections: Vec::new() };
    total(claim, &mut found);
    names_its_original(claim, &mut found);
    if !gate.x12.accept_failing_npis {
        match billed {
            Billed::Professional(message) => check_digits(message, &mut found),
            Billed::Institutional(message) => check_digits_of_facility(message, &mut found),
        }
    }
    if !gate.x12.accept_future_services {
        future_services(billed, claim, gate, &mut found);
    }
    found.rejections
}

/// An unknown member, where the payer turns those away.
pub(super) fn unknown_member(billed: &Billed) -> pb::Rejection {
    let number = billed.member_id();
    let mut found = Found { kind: billed.kind(), rejections: Vec::new() };
    let words = format!("no member has the number {number}: check it against the card");
    found.add(["A3", "33", "IL"], "subscriber.member_id", 0, words);
    found.rejections.pop().unwrap_or_default()
}

/// A claim that may not be corrected so.
pub(super) fn not_corrected(billed: &Billed, refused: Refused) -> pb::Rejection {
    let mut found = Found { kind: billed.kind(), rejections: Vec::new() };
    let [category, status] = refused.codes;
    let field = match (status, billed.type_of_bill().is_empty()) {
        ("535", true) => "frequency_code",
        ("535", false) => "type_of_bill",
        _ => "original_control_number",
    };
    found.add([category, status, ""], field, 0, refused.words);
    found.rejections.pop().unwrap_or_default()
}

/// What was found, in a claim of one kind.
struct Found {
    kind: &'static str,
    rejections: Vec<pb::Rejection>,
}

impl Found {
    /// Category, status and entity; the field within the claim; the line, one-based, or 0; what is wrong.
    fn add(&mut self, [category, status, entity]: [&str; 3], field: &str, line: i32, words: String) {
        self.rejections.push(pb::Rejection {
            category_code: category.to_owned(),
            status_code: status.to_owned(),
            entity_code: entity.to_owned(),
            words,
            field: format!("{}.{field}", self.kind),
            line,
        });
    }

    /// A provider number whose check digit fails (A7:562 with the entity).
    fn npi(&mut self, npi: &str, entity: &str, field: &str, line: i32) {
        if Npi::parse(npi).is_some_and(|npi| !npi.check_digit_holds()) {
            let words = format!("the check digit of NPI {npi} fails (Luhn over 80840 and the number)");
            self.add(["A7", "562", entity], &format!("{field}.npi"), line, words);
        }
    }

    fn provider(&mut self, provider: Option<&pb::ProviderReference>, entity: &str, field: &str, line: i32) {
        self.npi(provider.map_or("", |provider| &provider.npi), entity, field, line);
    }
}

/// The claim's charge is the sum of its lines (A7:178).
fn total(claim: &Claim, found: &mut Found) {
    let sum: Money = claim.lines.iter().map(|line| line.charge).sum();
    if sum != claim.charge {
        let words = format!("the claim's charge is {}, but its lines sum to {sum}", claim.charge);
        found.add(["A7", "178", ""], "charge_cents", 0, words);
    }
}

/// A replacement or void says of what (A6:464).
fn names_its_original(claim: &Claim, found: &mut Found) {
    if claim.frequency != Frequency::Original && claim.original_control_number.trim().is_empty() {
        let words = "a replacement or void names the payer's control number of the claim it refers to".to_owned();
        found.add(["A6", "464", ""], "original_control_number", 0, words);
    }
}

fn check_digits(m: &ProfessionalClaim, found: &mut Found) {
    found.npi(m.billing_provider.as_ref().map_or("", |billing| &billing.npi), "85", "billing_provider", 0);
    found.provider(m.rendering_provider.as_ref(), "82", "rendering_provider", 0);
    found.provider(m.referring_provider.as_ref(), "DN", "referring_provider", 0);
    found.provider(m.supervising_provider.as_ref(), "DQ", "supervising_provider", 0);
    found.npi(m.service_facility.as_ref().map_or("", |facility| &facility.npi), "77", "service_facility", 0);
    for (at, line) in (0i32..).zip(&m.lines) {
        found.provider(line.rendering_provider.as_ref(), "82", &format!("lines[{at}].rendering_provider"), at + 1);
        found.provider(line.ordering_provider.as_ref(), "DK", &format!("lines[{at}].ordering_provider"), at + 1);
        found.provider(line.referring_provider.as_ref(), "DN", &format!("lines[{at}].referring_provider"), at + 1);
    }
}

fn check_digits_of_facility(m: &InstitutionalClaim, found: &mut Found) {
    found.npi(m.billing_provider.as_ref().map_or("", |billing| &billing.npi), "85", "billing_provider", 0);
    for (provider, entity, field) in [
        (&m.attending_provider, "71", "attending_provider"),
        (&m.operating_provider, "72", "operating_provider"),
        (&m.other_operating_provider, "ZZ", "other_operating_provider"),
        (&m.rendering_provider, "82", "rendering_provider"),
        (&m.referring_provider, "DN", "referring_provider"),
    ] {
        found.provider(provider.as_ref(), entity, field, 0);
    }
    found.npi(m.service_facility.as_ref().map_or("", |facility| &facility.npi), "77", "service_facility", 0);
    for (at, line) in (0i32..).zip(&m.lines) {
        for (provider, entity, field) in [
            (&line.operating_provider, "72", "operating_provider"),
            (&line.other_operating_provider, "ZZ", "other_operating_provider"),
            (&line.rendering_provider, "82", "rendering_provider"),
            (&line.referring_provider, "DN", "referring_provider"),
        ] {
            found.provider(provider.as_ref(), entity, &format!("lines[{at}].{field}"), at + 1);
        }
    }
}

/// Services that the sandbox's clock has not reached (A7:510). A facility's line without a day of its own lies in the
/// statement, which is asked once.
fn future_services(billed: &Billed, claim: &Claim, gate: &Gate, found: &mut Found) {
    let words = |day: Date| {
        format!(
            "the service of {day} lies after {}, where the clock of {} stands; turn it with `payersim advance {day} --sandbox {}`",
            gate.today,
            gate.sandbox,
            gate.sandbox.trim_start_matches("sandboxes/"),
        )
    };
    if let Billed::Institutional(message) = billed
        && let Some(through) = parse_iso(&message.statement_through).filter(|through| *through > gate.today)
    {
        found.add(["A7", "510", ""], "statement_through", 0, words(through));
    }
    for ((at, line), sent) in (0i32..).zip(&claim.lines).zip(billed.lines()) {
        if line.through > gate.today && !sent.service_date.is_empty() {
            found.add(["A7", "510", ""], &format!("lines[{at}].service_date"), at + 1, words(line.through));
        }
    }
}
