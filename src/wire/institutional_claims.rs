//! Institutional claims: a facility's claim as sent, to the claim that edits read.
//!
//! The facility itself stands for who rendered each line; the diagnoses are those of every line; a line without dates has
//! those of the statement.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::claims::{
    billing, modifiers, other_line, other_payer, patient_control_number, person, provider, responsibility, subscriber,
    units,
};
use super::{Violations, claim_details};
use crate::domain::claim::{Accident, Claim, Frequency, LineDetails, ServiceLine};
use crate::domain::codes::{Code, DiagnosisCode, Npi, PlaceOfService, ProcedureCode, RevenueCode};
use crate::domain::dates::Date;
use crate::domain::institutional::{InpatientProcedure, Institutional, TypeOfBill};
use crate::proto::v1 as pb;
use crate::reference::type_of_bill::bill_kind;

/// Most service lines of one claim (X12: 837I loop 2400 repeats 999 times).
pub const MAX_LINES: usize = 999;
/// Most of each kind of code (X12: two HI segments of twelve).
const MAX_CODES: usize = 24;
/// Emergency room of a hospital.
const EMERGENCY_ROOM: PlaceOfService = PlaceOfService::new("23");

/// Reads an institutional claim, or says everything that is wrong with it.
pub fn parse(message: &pb::InstitutionalClaim) -> Result<Claim, Vec<super::Violation>> {
    let mut found = Violations::default();
    let claim = claim(message, &mut found);
    found.into_result(claim)
}

fn claim(m: &pb::InstitutionalClaim, found: &mut Violations) -> Option<Claim> {
    patient_control_number(&m.patient_control_number, found);
    let charge = found.amount("charge_cents", m.charge_cents);
    found.required("payer_id", &m.payer_id);
    let subscriber = found.within("subscriber", |found| subscriber(m.subscriber.as_ref(), found));
    let patient = m.patient.as_ref().map(|patient| {
        let name = patient.name.as_ref();
        found.within("patient", |found| person(name, &patient.birth_date, patient.sex(), found))
    });
    let billing = found.within("billing_provider", |found| billing(m.billing_provider.as_ref(), found));
    let (billing_npi, billing_tax_id) = billing.unwrap_or((Npi::NONE, String::new()));
    let institutional = institutional(m, found);
    let diagnoses = diagnoses(m, found);
    let referring_npi = provider("referring_provider", m.referring_provider.as_ref(), found);
    provider("rendering_provider", m.rendering_provider.as_ref(), found);
    found.amount("patient_estimated_cents", m.patient_estimated_cents);
    let other_payers = found.each("other_payers", &m.other_payers, other_payer);
    line_count(m.lines.len(), found);
    let of_claim = OfClaim {
        statement: institutional.as_ref().map(|facility| (facility.from, facility.through)),
        diagnoses: (0..diagnoses.len()).collect(),
        billing: billing_npi,
        place: institutional.as_ref().map_or(PlaceOfService::NONE, |facility| place(m, facility)),
        referring: referring_npi,
        emergency: institutional.as_ref().is_some_and(is_emergency) || m.lines.iter().any(in_emergency_room),
        attachment: !m.attachments.is_empty(),
        authorization: &m.authorization_number,
        referral: &m.referral_number,
    };
    let lines = found.each("lines", m.lines.get(..MAX_LINES).unwrap_or(&m.lines), |line, found| {
        service_line(line, &of_claim, found)
    });
    let institutional = institutional?;
    Some(Claim {
        patient_control_number: m.patient_control_number.clone(),
        charge: charge?,
        frequency: match institutional.bill.frequency() {
            "7" => Frequency::Replacement,
            "8" => Frequency::Void,
            _ => Frequency::Original,
        },
        original_control_number: m.original_control_number.clone(),
        payer_id: m.payer_id.clone(),
        responsibility: responsibility(m.subscriber.as_ref().map_or("", |s| &s.payer_responsibility)),
        subscriber: subscriber?,
        patient: match patient {
            Some(patient) => Some(patient?),
            None => None,
        },
        billing_npi,
        billing_tax_id,
        referring_npi,
        service_facility_npi: None,
        primary_care_npi: None,
        diagnoses,
        authorization_number: m.authorization_number.clone(),
        referral_number: m.referral_number.clone(),
        delay_reason: m.delay_reason_code.clone(),
        accident: accident(&institutional),
        other_payers,
        lines: claim_details::on_facility_lines(lines, m),
        institutional: Some(Box::new(institutional)),
        details: claim_details::of_institutional(m),
    })
}

fn line_count(count: usize, found: &mut Violations) {
    if count == 0 {
        found.add("lines", "is empty: a claim has 1 to 999 service lines");
    } else if count > MAX_LINES {
        found.add("lines", format!("has {count}: at most {MAX_LINES} service lines a claim; split it"));
    }
}

fn institutional(m: &pb::InstitutionalClaim, found: &mut Violations) -> Option<Institutional> {
    let bill = type_of_bill(&m.type_of_bill, found);
    let days = statement(m, found);
    let admission = found.date_if_any("admission_date", &m.admission_date);
    hour("admission_hour", &m.admission_hour, found);
    hour("discharge_hour", &m.discharge_hour, found);
    let admission_type = code_if_any("admission_type", &m.admission_type, found);
    let admission_source = code_if_any("admission_source", &m.admission_source, found);
    let patient_status = code_if_any("patient_status", &m.patient_status, found);
    let present_on_admission = present_on_admission(m, found);
    let admitting =
        m.admitting_diagnosis.as_ref().map(|one| found.within("admitting_diagnosis", |f| diagnosis(one, f)));
    let visit_reasons = each_diagnosis("visit_reasons", &m.visit_reasons, found);
    let external_causes = each_diagnosis("external_causes", &m.external_causes, found);
    let procedures = procedures(m, found);
    let drg = code_if_any("drg", &m.drg, found);
    let values = at_most("values", &m.values, found, value);
    let occurrences = at_most("occurrences", &m.occurrences, found, |one, found| {
        let (code, day) = (found.code("code", &one.code), found.date("date", &one.date));
        Some((code?, day?))
    });
    let occurrence_spans = at_most("occurrence_spans", &m.occurrence_spans, found, |one, found| {
        let code = found.code("code", &one.code);
        let (from, through) = (found.date("from_date", &one.from_date), found.date("through_date", &one.through_date));
        Some((code?, from?, through?))
    });
    let conditions = at_most("condition_codes", &m.condition_codes, found, |one, found| found.code("", one));
    let attending_npi = provider("attending_provider", m.attending_provider.as_ref(), found);
    let operating_npi = provider("operating_provider", m.operating_provider.as_ref(), found);
    let other_operating_npi = provider("other_operating_provider", m.other_operating_provider.as_ref(), found);
    let (from, through) = days?;
    Some(Institutional {
        bill: bill?,
        from,
        through,
        admission: admission?,
        admission_hour: m.admission_hour.clone(),
        discharge_hour: m.discharge_hour.clone(),
        admission_type: admission_type?.unwrap_or_default(),
        admission_source: admission_source?.unwrap_or_default(),
        patient_status: patient_status?.unwrap_or_default(),
        present_on_admission,
        admitting: match admitting {
            Some(code) => Some(code?),
            None => None,
        },
        visit_reasons,
        external_causes,
        procedures,
        drg: drg?,
        values,
        occurrences,
        occurrence_spans,
        conditions,
        attending_npi,
        operating_npi,
        other_operating_npi,
    })
}

fn type_of_bill(text: &str, found: &mut Violations) -> Option<TypeOfBill> {
    let text = found.required("type_of_bill", text)?;
    let bill = TypeOfBill::parse(text);
    if bill.is_none() {
        found.add("type_of_bill", format!("{text:?} is no type of bill: three characters, such as \"111\""));
    }
    bill
}

fn statement(m: &pb::InstitutionalClaim, found: &mut Violations) -> Option<(Date, Date)> {
    found.days(("statement_from", &m.statement_from), ("statement_through", &m.statement_through))
}

/// Notes what is no time of day.
fn hour(field: &str, text: &str, found: &mut Violations) {
    let part = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u8>().ok());
    let is_time = text.len() == 4 && part(0..2).is_some_and(|h| h < 24) && part(2..4).is_some_and(|m| m < 60);
    if !text.is_empty() && !is_time {
        found.add(field, format!("{text:?} is no time: four digits HHMM, such as \"1430\""));
    }
}

/// A code that may be left out: `Some(None)` where it is, `None` where it cannot be read.
fn code_if_any<const N: usize>(field: &str, text: &str, found: &mut Violations) -> Option<Option<Code<N>>> {
    if text.is_empty() { Some(None) } else { found.code(field, text).map(Some) }
}

/// Reads each of a list, which has at most so many as X12 has places.
fn at_most<'m, M, T>(
    field: &str,
    messages: &'m [M],
    found: &mut Violations,
    read: impl FnMut(&'m M, &mut Violations) -> Option<T>,
) -> Vec<T> {
    if messages.len() > MAX_CODES {
        found.add(field, format!("has {}: at most {MAX_CODES}", messages.len()));
    }
    found.each(field, messages, read)
}

fn diagnosis(m: &pb::InstitutionalDiagnosis, found: &mut Violations) -> Option<DiagnosisCode> {
    match m.present_on_admission.as_str() {
        "" | "Y" | "N" | "U" | "W" | "1" => {}
        other => found.add("present_on_admission", format!("{other:?}: Y, N, U, W, 1, or nothing")),
    }
    found.code("code", &m.code.replace('.', ""))
}

fn each_diagnosis(field: &str, messages: &[pb::InstitutionalDiagnosis], found: &mut Violations) -> Vec<DiagnosisCode> {
    at_most(field, messages, found, diagnosis)
}

/// The principal diagnosis, then the others.
fn diagnoses(m: &pb::InstitutionalClaim, found: &mut Violations) -> Vec<DiagnosisCode> {
    let principal = m.principal_diagnosis.as_ref();
    let principal = principal.and_then(|one| found.within("principal_diagnosis", |found| diagnosis(one, found)));
    principal.into_iter().chain(each_diagnosis("other_diagnoses", &m.other_diagnoses, found)).collect()
}

fn present_on_admission(m: &pb::InstitutionalClaim, _: &mut Violations) -> Vec<Code<1>> {
    let all = m.principal_diagnosis.iter().chain(&m.other_diagnoses);
    all.map(|one| Code::parse(&one.present_on_admission).unwrap_or_default()).collect()
}

fn procedures(m: &pb::InstitutionalClaim, found: &mut Violations) -> Vec<InpatientProcedure> {
    let read = |one: &pb::InstitutionalProcedure, found: &mut Violations| {
        let (code, date) = (found.code("code", &one.code), found.date_if_any("date", &one.date));
        Some(InpatientProcedure { code: code?, date: date? })
    };
    let principal = m.principal_procedure.as_ref();
    let principal = principal.and_then(|one| found.within("principal_procedure", |found| read(one, found)));
    principal.into_iter().chain(at_most("other_procedures", &m.other_procedures, found, read)).collect()
}

fn value(m: &pb::ValueCode, found: &mut Violations) -> Option<(Code<2>, Decimal)> {
    let (code, text) = (found.code("code", &m.code), found.required("value", &m.value));
    let number = text.and_then(|text| Decimal::from_str(text).ok());
    if text.is_some() && number.is_none() {
        found.add("value", format!("{:?} is no decimal number, such as \"4\" or \"1408.00\"", m.value));
    }
    Some((code?, number?))
}

/// The place of service that the bill comes nearest to: an emergency room where there was one.
fn place(m: &pb::InstitutionalClaim, facility: &Institutional) -> PlaceOfService {
    if !facility.bill.is_inpatient() && m.lines.iter().any(in_emergency_room) {
        return EMERGENCY_ROOM;
    }
    bill_kind(facility.bill).map_or(PlaceOfService::NONE, |kind| kind.place)
}

/// An emergency by the priority of admission: emergency or trauma.
fn is_emergency(facility: &Institutional) -> bool {
    matches!(facility.admission_type.as_str(), "1" | "5")
}

/// Emergency room: revenue codes 0450 to 0459.
fn in_emergency_room(line: &pb::InstitutionalLine) -> bool {
    line.revenue_code.trim_start_matches('0').starts_with("45") && line.revenue_code.trim_start_matches('0').len() == 3
}

/// What an accident caused, by the occurrences that say so (01 to 05).
fn accident(facility: &Institutional) -> Accident {
    let has = |codes: &[&str]| facility.occurrences.iter().any(|(code, _)| codes.contains(&code.as_str()));
    Accident { automobile: has(&["01", "02"]), employment: has(&["04"]), other: has(&["03", "05"]) }
}

/// What the claim says for lines that do not say it themselves.
struct OfClaim<'a> {
    statement: Option<(Date, Date)>,
    diagnoses: Vec<usize>,
    billing: Npi,
    place: PlaceOfService,
    referring: Option<Npi>,
    emergency: bool,
    attachment: bool,
    authorization: &'a str,
    referral: &'a str,
}

fn service_line(m: &pb::InstitutionalLine, of_claim: &OfClaim<'_>, found: &mut Violations) -> Option<ServiceLine> {
    found.visible("line_control_number", &m.line_control_number);
    let revenue = revenue(&m.revenue_code, found);
    let procedure: Option<Option<ProcedureCode>> = code_if_any("procedure_code", &m.procedure_code, found);
    let modifiers = modifiers(&m.modifiers, found);
    let charge = found.amount("charge_cents", m.charge_cents);
    let noncovered = found.amount("noncovered_cents", m.noncovered_cents);
    if m.noncovered_cents > m.charge_cents {
        found.add("noncovered_cents", format!("{} is more than the charge, `charge_cents`", m.noncovered_cents));
    }
    let units = units(&m.units, found);
    let days = service_days(m, of_claim.statement, found);
    for (field, one) in [
        ("operating_provider", m.operating_provider.as_ref()),
        ("other_operating_provider", m.other_operating_provider.as_ref()),
        ("rendering_provider", m.rendering_provider.as_ref()),
    ] {
        provider(field, one, found);
    }
    let referring = provider("referring_provider", m.referring_provider.as_ref(), found);
    let other_decisions = found.each("other_payers", &m.other_payers, other_line);
    let (from, through) = days?;
    Some(ServiceLine {
        control_number: m.line_control_number.clone(),
        procedure: procedure?.unwrap_or_default(),
        revenue: revenue?,
        noncovered: noncovered?,
        modifiers: modifiers?,
        charge: charge?,
        units: units?,
        minutes: false,
        place: of_claim.place,
        pointers: of_claim.diagnoses.clone(),
        from,
        through,
        rendering_npi: of_claim.billing,
        ordering_npi: None,
        referring_npi: referring.or(of_claim.referring),
        authorization_number: of_claim.authorization.to_owned(),
        referral_number: of_claim.referral.to_owned(),
        attachment: !m.attachments.is_empty() || of_claim.attachment,
        emergency: of_claim.emergency,
        pickup_zip: String::new(),
        other_decisions,
        details: LineDetails::default(),
    })
}

/// Four digits; three take a leading zero.
fn revenue(text: &str, found: &mut Violations) -> Option<RevenueCode> {
    let text = found.required("revenue_code", text)?;
    let code = matches!(text.len(), 3 | 4).then(|| Code::parse(&format!("{text:0>4}"))).flatten();
    if code.is_none() {
        found.add("revenue_code", format!("{text:?} is no revenue code: four digits, such as \"0120\""));
    }
    code
}

fn service_days(
    m: &pb::InstitutionalLine,
    statement: Option<(Date, Date)>,
    found: &mut Violations,
) -> Option<(Date, Date)> {
    let from = found.date_if_any("service_date", &m.service_date)?;
    let through = found.date_if_any("service_end_date", &m.service_end_date)?;
    match (from, through) {
        (Some(from), Some(through)) if through < from => {
            found.add("service_end_date", format!("{through} lies before the first day, {from}"));
            None
        }
        (Some(from), through) => Some((from, through.unwrap_or(from))),
        (None, Some(_)) => {
            found.add("service_date", "is missing, though `service_end_date` is there");
            None
        }
        (None, None) => statement,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stay() -> pb::InstitutionalClaim {
        let name = |last: &str| Some(pb::Name { last: last.into(), first: "Testa".into(), ..Default::default() });
        let line = |revenue: &str| pb::InstitutionalLine {
            revenue_code: revenue.into(),
            charge_cents: 500_000,
            ..Default::default()
        };
        pb::InstitutionalClaim {
            patient_control_number: "A1".into(),
            charge_cents: 1_000_000,
            type_of_bill: "0111".into(),
            payer_id: "DEMO1".into(),
            subscriber: Some(pb::Subscriber { member_id: "M1".into(), name: name("Muster"), ..Default::default() }),
            billing_provider: Some(pb::BillingProvider {
                npi: "1234567893".into(),
                name: name("Hospital"),
                ..Default::default()
            }),
            statement_from: "2026-03-02".into(),
            statement_through: "2026-03-05".into(),
            principal_diagnosis: Some(pb::InstitutionalDiagnosis {
                code: "K35.80".into(),
                present_on_admission: "Y".into(),
                ..Default::default()
            }),
            other_diagnoses: vec![pb::InstitutionalDiagnosis { code: "E119".into(), ..Default::default() }],
            drg: "399".into(),
            values: vec![pb::ValueCode { code: "80".into(), value: "3".into() }],
            lines: vec![line("0120"), line("360")],
            ..Default::default()
        }
    }

    fn fields(message: &pb::InstitutionalClaim) -> Vec<String> {
        parse(message).unwrap_err().into_iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn a_line_has_the_statements_days_the_claims_diagnoses_and_the_facility() {
        let claim = parse(&stay()).unwrap();
        let line = &claim.lines[1];
        assert_eq!((line.revenue.as_str(), line.procedure.is_none()), ("0360", true));
        assert_eq!((line.from.to_string(), line.through.to_string()), ("2026-03-02".into(), "2026-03-05".into()));
        assert_eq!((line.rendering_npi, line.pointers.as_slice()), (claim.billing_npi, &[0, 1][..]));
        let facility = claim.institutional.unwrap();
        assert_eq!((facility.bill, facility.covered_days()), (TypeOfBill::new("111"), 3));
        assert_eq!(facility.present_on_admission, [Code::new("Y"), Code::NONE]);
        assert_eq!(claim.frequency, Frequency::Original);
    }

    #[test]
    fn an_emergency_is_told_by_the_admission_or_by_the_revenue_code() {
        let emergency = |message: &pb::InstitutionalClaim| parse(message).unwrap().lines[0].emergency;
        let mut message = stay();
        assert!(!emergency(&message));
        message.admission_type = "1".into();
        assert!(emergency(&message));
        let mut message = stay();
        message.lines[1].revenue_code = "0450".into();
        assert!(emergency(&message));
        message.lines[1].revenue_code = "4500".into();
        assert!(!emergency(&message));
    }

    #[test]
    fn every_bad_field_is_named_at_once() {
        let mut message = stay();
        message.type_of_bill = "11".into();
        message.statement_through = "2026-03-01".into();
        message.admission_hour = "2460".into();
        message.values[0].value = "three".into();
        message.other_diagnoses[0].present_on_admission = "X".into();
        message.lines[0].revenue_code = "12".into();
        message.lines[1].noncovered_cents = 500_001;
        assert_eq!(
            fields(&message),
            [
                "type_of_bill",
                "statement_through",
                "admission_hour",
                "values[0].value",
                "other_diagnoses[0].present_on_admission",
                "lines[0].revenue_code",
                "lines[1].noncovered_cents"
            ]
        );
    }

    #[test]
    fn a_replacement_is_told_by_the_type_of_bill() {
        let mut message = stay();
        message.type_of_bill = "117".into();
        assert_eq!(parse(&message).unwrap().frequency, Frequency::Replacement);
    }
}
