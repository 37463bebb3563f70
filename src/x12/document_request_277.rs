//! 277 (005010X213): requests for additional information, printed from the messages that `ListDocumentRequests` gives.

use jiff::civil::DateTime;

use super::delimiters::Delimiters;
use super::inquiry::{Levels, Party, d8};
use super::service_id::service_id;
use super::writer::{self, InterchangeHeader, SegmentWriter, composite};
use crate::domain::money::Money;
use crate::proto::v1::claim::Billed;
use crate::proto::v1::{DocumentRequest, Name, Payer};
use crate::reference::loinc::loincs;

/// The guide.
const VERSION: &str = "005010X213";
/// More documentation is asked for (claim status category).
const CATEGORY: &str = "R4";
/// Supporting documentation (claim status code), where no LOINC code says more.
const SUPPORTING: &str = "294";
/// Statuses in one STC: STC01, STC10, STC11.
const IN_ONE: usize = 3;

/// What is asked for, and the claim that it is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The request.
    pub request: DocumentRequest,
    /// The claim as it was billed.
    pub billed: Billed,
    /// The payer's number of the claim.
    pub control_number: String,
}

/// Prints requests to one provider as a whole interchange of one set. `None` where nothing is asked.
pub fn print(payer: &Payer, at: DateTime, control_number: u32, asked: &[Asked]) -> Option<Vec<u8>> {
    let provider = asked.first()?.billed.billing_provider().cloned().unwrap_or_default();
    let x12 = payer.x12.clone().unwrap_or_default();
    let or = |text: &str, usual: &str| if text.is_empty() { usual.to_owned() } else { text.to_owned() };
    let sender =
        writer::Party { qualifier: or(&x12.interchange_qualifier, "ZZ"), id: or(&x12.interchange_id, &payer.payer_id) };
    let receiver = writer::Party { qualifier: "ZZ".into(), id: or(&provider.npi, &provider.tax_id) };
    let (from, to) = (sender.id.clone(), receiver.id.clone());
    let mut out =
        SegmentWriter::new(&InterchangeHeader { sender, receiver, at, control_number, delimiters: Delimiters::USUAL });
    out.group("HN", &from, &to, control_number, VERSION);
    out.set("277", 1, VERSION);
    let reference = format!("{control_number:09}");
    let (today, time) = (at.date().strftime("%Y%m%d").to_string(), at.strftime("%H%M").to_string());
    out.segment("BHT", &["0085", "48", &reference, &today, &time, "RQ"]);
    let mut levels = Levels::default();
    levels.level(&mut out, "20", "", Some(true));
    organization("PR", &payer.name, "PI", &payer.payer_id).write(&mut out);
    if !payer.contact_phone.is_empty() {
        out.segment("PER", &["IC", &payer.contact_name, "TE", &payer.contact_phone]);
    }
    let name = provider.name.unwrap_or_default();
    levels.level(&mut out, "21", "20", Some(true));
    named("41", &name, "46", &or(&provider.tax_id, &provider.npi)).write(&mut out);
    levels.level(&mut out, "19", "21", Some(true));
    named("1P", &name, "XX", &provider.npi).write(&mut out);
    for one in asked {
        levels.level(&mut out, "PT", "19", None);
        claim(&mut out, one);
    }
    Some(out.finish())
}

/// 2100D and 2200D.
fn claim(out: &mut SegmentWriter, asked: &Asked) {
    let (request, billed) = (&asked.request, &asked.billed);
    let patient = billed.patient_name().cloned().unwrap_or_default();
    named("QC", &patient, "MI", billed.member_id()).write(out);
    out.segment("TRN", &["1", id(request)]);
    let line = usize::try_from(request.line).ok().and_then(|line| line.checked_sub(1));
    let lines = billed.lines();
    let line = line.and_then(|at| lines.get(at));
    if line.is_none() {
        statuses(out, request);
    }
    for (qualifier, number) in [
        ("EJ", billed.patient_control_number()),
        ("1K", &asked.control_number),
        ("BLT", billed.type_of_bill()),
        ("D9", billed.clearinghouse_number()),
    ] {
        if !number.is_empty() {
            out.segment("REF", &[qualifier, number]);
        }
    }
    let (from, through) = billed.service_days();
    days(out, from, through);
    out.segment("DTP", &["106", "D8", &d8(&request.due_date)]);
    let Some(line) = line else { return };
    let (procedure, revenue) =
        service_id(line.procedure_qualifier, line.procedure_code, line.modifiers, line.revenue_code);
    out.segment("SVC", &[&procedure, &Money::from_cents(line.charge_cents).x12(), "", revenue]);
    statuses(out, request);
    if !line.line_control_number.is_empty() {
        out.segment("REF", &["FJ", line.line_control_number]);
    }
    days(out, line.service_date, line.last_day());
}

/// The id of a request, which its answer carries.
fn id(request: &DocumentRequest) -> &str {
    request.name.rsplit('/').next().unwrap_or_default()
}

/// STC: what is asked for, three codes a segment.
fn statuses(out: &mut SegmentWriter, request: &DocumentRequest) {
    let codes = codes(request);
    for few in codes.chunks(IN_ONE) {
        let code = |at: usize| few.get(at).map_or("", String::as_str);
        let asked_on = d8(&request.requested_date);
        out.segment("STC", &[code(0), &asked_on, "", "", "", "", "", "", "", code(1), code(2)]);
    }
}

/// The LOINC codes of what is wanted; of a kind, those of the first document of the kind.
fn codes(request: &DocumentRequest) -> Vec<String> {
    let known = |kinds: &[String]| loincs().iter().find(|row| kinds.iter().any(|kind| *kind == row.report.to_string()));
    let loinc = |code: &str| composite(&[CATEGORY, code, "", "LOI"]);
    let of = |want: &crate::proto::v1::WantedDocument| match known(&want.report_types) {
        _ if !want.loinc.is_empty() => loinc(&want.loinc),
        Some(row) => loinc(row.code),
        None => composite(&[CATEGORY, SUPPORTING]),
    };
    let mut codes: Vec<String> = request.wants.iter().map(of).collect();
    if codes.is_empty() {
        codes.push(composite(&[CATEGORY, SUPPORTING]));
    }
    codes
}

/// DTP*472, as a period where there are two days.
fn days(out: &mut SegmentWriter, from: &str, through: &str) {
    match (from, through) {
        ("", _) => {}
        (from, through) if through.is_empty() || through == from => out.segment("DTP", &["472", "D8", &d8(from)]),
        (from, through) => out.segment("DTP", &["472", "RD8", &format!("{}-{}", d8(from), d8(through))]),
    }
}

fn organization(role: &str, name: &str, qualifier: &str, id: &str) -> Party {
    named(role, &Name { last: name.to_owned(), ..Name::default() }, qualifier, id)
}

fn named(role: &str, name: &Name, qualifier: &str, id: &str) -> Party {
    let kind = if role != "QC" && name.first.is_empty() { "2" } else { "1" };
    Party {
        role: role.to_owned(),
        kind: kind.to_owned(),
        last: name.last.clone(),
        first: name.first.clone(),
        middle: name.middle.clone(),
        suffix: name.suffix.clone(),
        qualifier: qualifier.to_owned(),
        id: id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::v1::{BillingProvider, ProfessionalClaim, ServiceLine, Subscriber, WantedDocument};

    fn asked(line: i32, wants: Vec<WantedDocument>) -> Asked {
        let name = |last: &str, first: &str| Some(Name { last: last.into(), first: first.into(), ..Name::default() });
        let billed = Billed::Professional(ProfessionalClaim {
            patient_control_number: "WOUND".into(),
            subscriber: Some(Subscriber {
                member_id: "M1".into(),
                name: name("Muster", "Testa"),
                ..Default::default()
            }),
            billing_provider: Some(BillingProvider {
                npi: "1234567893".into(),
                tax_id: "123456789".into(),
                name: name("Clinic", ""),
                ..Default::default()
            }),
            lines: vec![ServiceLine {
                procedure_code: "11042".into(),
                charge_cents: 30_000,
                service_date: "2026-07-06".into(),
                ..Default::default()
            }],
            ..Default::default()
        });
        let request = DocumentRequest {
            name: "sandboxes/default/documentRequests/D00000000420001".into(),
            line,
            wants,
            requested_date: "2026-07-15".into(),
            due_date: "2026-08-14".into(),
            ..Default::default()
        };
        Asked { request, billed, control_number: "00000000420003".into() }
    }

    fn printed(asked: &[Asked]) -> String {
        let payer = Payer { payer_id: "P".into(), name: "Payer".into(), ..Payer::default() };
        let at = "2026-07-15T08:30:00".parse().unwrap();
        String::from_utf8(print(&payer, at, 7, asked).unwrap()).unwrap().replace('\n', "")
    }

    fn want(loinc: &str, kind: &str) -> WantedDocument {
        let report_types = Some(kind.to_owned()).into_iter().filter(|kind| !kind.is_empty()).collect();
        WantedDocument { loinc: loinc.into(), report_types, words: String::new() }
    }

    #[test]
    fn a_claim_is_asked_about_by_loinc_codes_until_a_day() {
        let text = printed(&[asked(0, vec![want("11504-8", ""), want("", "RR"), want("", "ZZ"), want("18842-5", "")])]);
        assert!(text.contains("BHT*0085*48*000000007*20260715*0830*RQ~"), "{text}");
        assert!(
            text.contains(
                "HL*4*3*PT~NM1*QC*1*Muster*Testa****MI*M1~TRN*1*D00000000420001~\
             STC*R4:11504-8::LOI*20260715********R4:18748-4::LOI*R4:294~STC*R4:18842-5::LOI*20260715~\
             REF*EJ*WOUND~REF*1K*00000000420003~DTP*472*D8*20260706~DTP*106*D8*20260814~SE*"
            ),
            "{text}"
        );
    }

    #[test]
    fn a_line_is_asked_about_below_the_claim() {
        let text = printed(&[asked(1, vec![])]);
        assert!(
            text.contains("DTP*106*D8*20260814~SVC*HC:11042*300~STC*R4:294*20260715~DTP*472*D8*20260706~SE*"),
            "{text}"
        );
    }

    #[test]
    fn nothing_is_printed_where_nothing_is_asked() {
        let at = "2026-07-15T08:30:00".parse().unwrap();
        assert_eq!(print(&Payer::default(), at, 1, &[]), None);
    }
}
