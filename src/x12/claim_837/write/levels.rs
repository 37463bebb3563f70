//! Loops 2000A to 2010CA: billing provider, subscriber and payer, patient.

use super::shared::{address, demographics, or, party, person, reference};
use super::{institutional, professional};
use crate::proto::v1::claim::Billed;
use crate::proto::v1::{Address, BillingProvider, Patient, Subscriber};
use crate::x12::writer::SegmentWriter;

/// What the levels take of a claim.
struct Parties<'a> {
    billing: Option<&'a BillingProvider>,
    pay_to: Option<&'a Address>,
    subscriber: Option<&'a Subscriber>,
    patient: Option<&'a Patient>,
    payer: [&'a str; 2],
}

fn parties(claim: &Billed) -> Parties<'_> {
    match claim {
        Billed::Professional(claim) => Parties {
            billing: claim.billing_provider.as_ref(),
            pay_to: claim.pay_to_address.as_ref(),
            subscriber: claim.subscriber.as_ref(),
            patient: claim.patient.as_ref(),
            payer: [&claim.payer_name, &claim.payer_id],
        },
        Billed::Institutional(claim) => Parties {
            billing: claim.billing_provider.as_ref(),
            pay_to: claim.pay_to_address.as_ref(),
            subscriber: claim.subscriber.as_ref(),
            patient: claim.patient.as_ref(),
            payer: [&claim.payer_name, &claim.payer_id],
        },
    }
}

/// Whether two claims may stand below one billing provider level.
pub(super) fn same_provider(a: &Billed, b: &Billed) -> bool {
    let (a, b) = (parties(a), parties(b));
    (a.billing, a.pay_to) == (b.billing, b.pay_to)
}

/// The level of a billing provider with its claims. `level` is the number of the last HL.
pub(super) fn billing(out: &mut SegmentWriter, level: &mut usize, claims: &[&Billed]) {
    let Some(first) = claims.first().map(|claim| parties(claim)) else { return };
    *level += 1;
    let provider_level = level.to_string();
    out.segment("HL", &[&provider_level, "", "20", "1"]);
    let nobody = BillingProvider::default();
    let provider = first.billing.unwrap_or(&nobody);
    if !provider.taxonomy_code.is_empty() {
        out.segment("PRV", &["BI", "PXC", &provider.taxonomy_code]);
    }
    party(out, "85", provider.name.as_ref(), "XX", &provider.npi);
    address(out, provider.address.as_ref());
    reference(out, "EI", &provider.tax_id);
    if !provider.phone.is_empty() {
        out.segment("PER", &["IC", "", "TE", &provider.phone]);
    }
    if let Some(pay_to) = first.pay_to {
        out.segment("NM1", &["87", "2"]);
        address(out, Some(pay_to));
    }
    for claim in claims {
        subscriber(out, level, &provider_level, &parties(claim));
        match claim {
            Billed::Professional(claim) => professional::claim(out, claim),
            Billed::Institutional(claim) => institutional::claim(out, claim),
        }
    }
}

fn subscriber(out: &mut SegmentWriter, level: &mut usize, parent: &str, parties: &Parties<'_>) {
    *level += 1;
    let nobody = Subscriber::default();
    let subscriber = parties.subscriber.unwrap_or(&nobody);
    let subscriber_level = level.to_string();
    let has_patient = if parties.patient.is_some() { "1" } else { "0" };
    out.segment("HL", &[&subscriber_level, parent, "22", has_patient]);
    let itself = if parties.patient.is_some() { "" } else { "18" };
    out.segment(
        "SBR",
        &[
            or(&subscriber.payer_responsibility, "P"),
            itself,
            &subscriber.group_number,
            &subscriber.group_name,
            "",
            "",
            "",
            "",
            &subscriber.claim_filing_indicator,
        ],
    );
    person(out, "IL", subscriber.name.as_ref(), "MI", &subscriber.member_id);
    address(out, subscriber.address.as_ref());
    demographics(out, &subscriber.birth_date, subscriber.sex());
    let [name, id] = parties.payer;
    out.segment("NM1", &["PR", "2", or(name, "UNKNOWN"), "", "", "", "", "PI", id]);
    let Some(patient) = parties.patient else { return };
    *level += 1;
    out.segment("HL", &[&level.to_string(), &subscriber_level, "23", "0"]);
    out.segment("PAT", &[or(&patient.relationship_code, "G8")]);
    person(out, "QC", patient.name.as_ref(), "", "");
    address(out, patient.address.as_ref());
    demographics(out, &patient.birth_date, patient.sex());
}
