//! Segments that look the same wherever they stand.

use crate::domain::dates::{d8, parse_iso};
use crate::domain::money::Money;
use crate::proto::v1::{
    Address, Adjustment, Attachment, GroupCode, Name, Note, ProviderReference, ServiceFacility, Sex,
};
use crate::x12::writer::{SegmentWriter, composite};

/// Longest text of one N3, and of one NTE.
const LONGEST: usize = 55;

pub(super) fn or<'a>(text: &'a str, instead: &'a str) -> &'a str {
    if text.is_empty() { instead } else { text }
}

pub(super) fn amount(cents: i64) -> String {
    Money::from_cents(cents).x12()
}

/// `CCYYMMDD`; nothing where it is no date.
pub(super) fn day(iso: &str) -> String {
    parse_iso(iso).map(d8).unwrap_or_default()
}

/// DTP of a day, where there is one.
pub(super) fn date(out: &mut SegmentWriter, kind: &str, iso: &str) {
    let day = day(iso);
    if !day.is_empty() {
        out.segment("DTP", &[kind, "D8", &day]);
    }
}

/// DTP*472: a day, or the first and last of several.
pub(super) fn service_days(out: &mut SegmentWriter, from: &str, through: &str) {
    let (from, through) = (day(from), day(through));
    if from.is_empty() {
        return;
    }
    if through.is_empty() || through == from {
        out.segment("DTP", &["472", "D8", &from]);
    } else {
        out.segment("DTP", &["472", "RD8", &[from, through].join("-")]);
    }
}

/// REF, where there is a number.
pub(super) fn reference(out: &mut SegmentWriter, kind: &str, number: &str) {
    if !number.is_empty() {
        out.segment("REF", &[kind, number]);
    }
}

/// NM1 of a person, or of an organization where there is no given name.
pub(super) fn party(out: &mut SegmentWriter, role: &str, name: Option<&Name>, id_kind: &str, id: &str) {
    let unknown = Name { last: "UNKNOWN".into(), ..Name::default() };
    let name = name.filter(|name| !name.last.is_empty()).unwrap_or(&unknown);
    let kind = if name.first.is_empty() { "2" } else { "1" };
    entity(out, role, kind, name, id_kind, id);
}

/// NM1 of a person.
pub(super) fn person(out: &mut SegmentWriter, role: &str, name: Option<&Name>, id_kind: &str, id: &str) {
    let unknown = Name { last: "UNKNOWN".into(), ..Name::default() };
    entity(out, role, "1", name.unwrap_or(&unknown), id_kind, id);
}

fn entity(out: &mut SegmentWriter, role: &str, kind: &str, name: &Name, id_kind: &str, id: &str) {
    let id_kind = if id.is_empty() { "" } else { id_kind };
    out.segment("NM1", &[role, kind, &name.last, &name.first, &name.middle, "", &name.suffix, id_kind, id]);
}

/// N3 and N4, where there is an address.
pub(super) fn address(out: &mut SegmentWriter, address: Option<&Address>) {
    let Some(address) = address else { return };
    let lines: Vec<&str> = address.lines.iter().map(|line| line.get(..LONGEST).unwrap_or(line)).take(2).collect();
    if !lines.is_empty() {
        out.segment("N3", &lines);
    }
    if !address.city.is_empty() {
        out.segment("N4", &[&address.city, &address.state, &address.zip, &address.country]);
    }
}

/// DMG, where there is a birth date.
pub(super) fn demographics(out: &mut SegmentWriter, birth: &str, sex: Sex) {
    let birth = day(birth);
    if !birth.is_empty() {
        let sex = match sex {
            Sex::Female => "F",
            Sex::Male => "M",
            Sex::Unknown | Sex::Unspecified => "U",
        };
        out.segment("DMG", &["D8", &birth, sex]);
    }
}

/// NM1 and PRV of a provider, where there is one; the guide may have no place for the specialty.
pub(super) fn provider(out: &mut SegmentWriter, role: &str, specialty: &str, reference: Option<&ProviderReference>) {
    let Some(reference) = reference else { return };
    match &reference.name {
        Some(name) => party(out, role, Some(name), "XX", &reference.npi),
        None => out.segment("NM1", &[role, "1", "UNKNOWN", "", "", "", "", "XX", &reference.npi]),
    }
    if !specialty.is_empty() && !reference.taxonomy_code.is_empty() {
        out.segment("PRV", &[specialty, "PXC", &reference.taxonomy_code]);
    }
}

/// NM1, N3 and N4 of a place, where there is one.
pub(super) fn facility(out: &mut SegmentWriter, facility: Option<&ServiceFacility>) {
    let Some(facility) = facility else { return };
    let id_kind = if facility.npi.is_empty() { "" } else { "XX" };
    out.segment("NM1", &["77", "2", or(&facility.name, "UNKNOWN"), "", "", "", "", id_kind, &facility.npi]);
    address(out, facility.address.as_ref());
}

/// PWK of each attachment.
pub(super) fn attachments(out: &mut SegmentWriter, attachments: &[Attachment]) {
    for attachment in attachments {
        let Attachment { report_type_code, transmission_code, control_number } = attachment;
        let kind = if control_number.is_empty() { "" } else { "AC" };
        out.segment("PWK", &[report_type_code, or(transmission_code, "EL"), "", "", kind, control_number]);
    }
}

/// NTE of each note.
pub(super) fn notes(out: &mut SegmentWriter, notes: &[Note]) {
    for note in notes {
        out.segment("NTE", &[or(&note.code, "ADD"), &note.text]);
    }
}

/// CAS, up to six reasons of a group each.
pub(super) fn adjustments(out: &mut SegmentWriter, adjustments: &[Adjustment]) {
    for of_group in adjustments.chunk_by(|a, b| a.group == b.group) {
        for some in of_group.chunks(6) {
            let group = some.first().map_or(GroupCode::Unspecified, Adjustment::group);
            let group = match group {
                GroupCode::Pr => "PR",
                GroupCode::Oa => "OA",
                GroupCode::Pi => "PI",
                GroupCode::Co | GroupCode::Unspecified => "CO",
            };
            let mut elements = vec![group.to_owned()];
            for adjustment in some {
                elements.extend([adjustment.carc.clone(), amount(adjustment.amount_cents), String::new()]);
            }
            let elements: Vec<&str> = elements.iter().map(String::as_str).collect();
            out.segment("CAS", &elements);
        }
    }
}

/// LIN and CTP of a drug, where there is one.
pub(super) fn drug(out: &mut SegmentWriter, ndc: &str, quantity: &str, unit: &str) {
    if ndc.is_empty() {
        return;
    }
    out.segment("LIN", &["", "N4", ndc]);
    if !quantity.is_empty() {
        out.segment("CTP", &["", "", "", quantity, &composite(&[unit])]);
    }
}

/// HI segments of up to twelve codes.
pub(super) fn codes(out: &mut SegmentWriter, codes: &[String]) {
    for some in codes.chunks(12) {
        let elements: Vec<&str> = some.iter().map(String::as_str).collect();
        out.segment("HI", &elements);
    }
}

/// Yes or no.
pub(super) fn yes(is: bool) -> &'static str {
    if is { "Y" } else { "N" }
}
