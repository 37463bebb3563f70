//! Intake: what is turned away before anybody decides it (X12 277CA; never an 835, no appeal).

use crate::domain::claim::{Claim, Frequency};
use crate::domain::codes::Npi;
use crate::domain::dates::Date;
use crate::domain::money::Money;
use crate::proto::v1 as pb;

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
pub(super) fn rejections(message: &pb::ProfessionalClaim, claim: &Claim, gate: &Gate) -> Vec<pb::Rejection> {
    let mut found = Vec::new();
    total(claim, &mut found);
    frequency(claim, &mut found);
    if !gate.x12.accept_failing_npis {
        check_digits(message, &mut found);
    }
    if !gate.x12.accept_future_services {
        future_services(claim, gate, &mut found);
    }
    found
}

/// An unknown member, where the payer turns those away.
pub(super) fn unknown_member(claim: &Claim) -> pb::Rejection {
    let number = &claim.subscriber.member_id;
    rejection("A3", "33", "IL", format!("no member has the number {number}: check it against the card"))
        .at("professional.subscriber.member_id", 0)
}

fn rejection(category: &str, status: &str, entity: &str, words: String) -> pb::Rejection {
    pb::Rejection {
        category_code: category.to_owned(),
        status_code: status.to_owned(),
        entity_code: entity.to_owned(),
        words,
        ..Default::default()
    }
}

impl pb::Rejection {
    fn at(mut self, field: impl Into<String>, line: i32) -> pb::Rejection {
        self.field = field.into();
        self.line = line;
        self
    }
}

/// The claim's charge is the sum of its lines (A7:178).
fn total(claim: &Claim, found: &mut Vec<pb::Rejection>) {
    let sum: Money = claim.lines.iter().map(|line| line.charge).sum();
    if sum != claim.charge {
        let words = format!("the claim's charge is {}, but its lines sum to {sum}", claim.charge);
        found.push(rejection("A7", "178", "", words).at("professional.charge_cents", 0));
    }
}

fn frequency(claim: &Claim, found: &mut Vec<pb::Rejection>) {
    if claim.frequency == Frequency::Original {
        return;
    }
    if claim.original_control_number.is_empty() {
        let words = "a replacement or void names the payer's control number of the claim it refers to".to_owned();
        found.push(rejection("A6", "464", "", words).at("professional.original_control_number", 0));
    } else {
        let words = "this version of the payer takes original claims only (frequency 1), no replacements or voids yet";
        found.push(rejection("A7", "535", "", words.to_owned()).at("professional.frequency_code", 0));
    }
}

/// Provider numbers whose check digit fails (A7:562 with the entity).
fn check_digits(m: &pb::ProfessionalClaim, found: &mut Vec<pb::Rejection>) {
    let mut check = |npi: &str, entity: &str, field: String, line: i32| {
        if Npi::parse(npi).is_some_and(|npi| !npi.check_digit_holds()) {
            let words = format!("the check digit of NPI {npi} fails (Luhn over 80840 and the number)");
            found.push(rejection("A7", "562", entity, words).at(format!("professional.{field}.npi"), line));
        }
    };
    let npi = |provider: &Option<pb::ProviderReference>| provider.as_ref().map_or(String::new(), |p| p.npi.clone());
    if let Some(billing) = &m.billing_provider {
        check(&billing.npi, "85", "billing_provider".to_owned(), 0);
    }
    check(&npi(&m.rendering_provider), "82", "rendering_provider".to_owned(), 0);
    check(&npi(&m.referring_provider), "DN", "referring_provider".to_owned(), 0);
    check(&npi(&m.supervising_provider), "DQ", "supervising_provider".to_owned(), 0);
    if let Some(facility) = &m.service_facility {
        check(&facility.npi, "77", "service_facility".to_owned(), 0);
    }
    for (at, line) in (0i32..).zip(&m.lines) {
        check(&npi(&line.rendering_provider), "82", format!("lines[{at}].rendering_provider"), at + 1);
        check(&npi(&line.ordering_provider), "DK", format!("lines[{at}].ordering_provider"), at + 1);
    }
}

/// Services that the sandbox's clock has not reached (A7:510).
fn future_services(claim: &Claim, gate: &Gate, found: &mut Vec<pb::Rejection>) {
    for (at, line) in (0i32..).zip(&claim.lines).filter(|(_, line)| line.through > gate.today) {
        let words = format!(
            "the service of {} lies after {}, where the clock of {} stands; turn it with `payersim advance {} --sandbox {}`",
            line.through,
            gate.today,
            gate.sandbox,
            line.through,
            gate.sandbox.trim_start_matches("sandboxes/"),
        );
        found.push(rejection("A7", "510", "", words).at(format!("professional.lines[{at}].service_date"), at + 1));
    }
}
