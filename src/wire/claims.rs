//! Claims: a professional claim as sent, to the claim that edits read.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::{Violations, claim_details};
use crate::domain::adjustment::Adjustment;
use crate::domain::claim::{
    Accident, Claim, Frequency, Insured, LineDetails, OtherDecision, OtherLineDecision, OtherPayer, Person,
    Responsibility, ServiceLine, Sex,
};
use crate::domain::codes::{Code, DiagnosisCode, Group, Modifier, Npi, PlaceOfService, RevenueCode};
use crate::domain::dates::Date;
use crate::domain::money::Money;
use crate::proto::v1 as pb;

/// Most service lines of one claim (X12: 837P loop 2400 repeats 50 times).
pub const MAX_LINES: usize = 50;
const MAX_DIAGNOSES: usize = 12;
const MAX_POINTERS: usize = 4;
const MAX_PATIENT_CONTROL_NUMBER: usize = 38;

/// Reads a professional claim, or says everything that is wrong with it.
pub fn parse(message: &pb::ProfessionalClaim) -> Result<Claim, Vec<super::Violation>> {
    let mut found = Violations::default();
    let claim = claim(message, &mut found);
    found.into_result(claim)
}

fn claim(m: &pb::ProfessionalClaim, found: &mut Violations) -> Option<Claim> {
    patient_control_number(&m.patient_control_number, found);
    let charge = found.amount("charge_cents", m.charge_cents);
    let place: Option<PlaceOfService> = found.code("place_of_service", &m.place_of_service);
    let frequency = frequency(&m.frequency_code, found);
    found.required("payer_id", &m.payer_id);
    let subscriber = found.within("subscriber", |found| subscriber(m.subscriber.as_ref(), found));
    let patient = m.patient.as_ref().map(|patient| {
        let name = patient.name.as_ref();
        found.within("patient", |found| person(name, &patient.birth_date, patient.sex(), found))
    });
    let billing = found.within("billing_provider", |found| billing(m.billing_provider.as_ref(), found));
    let diagnoses = diagnoses(&m.diagnoses, found);
    let referring_npi = provider("referring_provider", m.referring_provider.as_ref(), found);
    let primary_care_npi = provider("primary_care_provider", m.primary_care_provider.as_ref(), found);
    let rendering_npi = provider("rendering_provider", m.rendering_provider.as_ref(), found);
    provider("supervising_provider", m.supervising_provider.as_ref(), found);
    claim_dates(m, found);
    found.amount("patient_paid_cents", m.patient_paid_cents);
    let other_payers = found.each("other_payers", &m.other_payers, other_payer);
    line_count(m.lines.len(), found);
    let (billing_npi, billing_tax_id) = billing.unwrap_or((Npi::NONE, String::new()));
    let of_claim = OfClaim {
        place: place.unwrap_or_default(),
        rendering: rendering_npi.unwrap_or(billing_npi),
        referring: referring_npi,
        authorization: &m.authorization_number,
        referral: &m.referral_number,
        pickup_zip: &m.pickup_zip,
        attachment: !m.attachments.is_empty(),
    };
    let lines = found.each("lines", m.lines.get(..MAX_LINES).unwrap_or(&m.lines), |line, found| {
        service_line(line, &of_claim, found)
    });
    Some(Claim {
        patient_control_number: m.patient_control_number.clone(),
        charge: charge?,
        frequency: frequency?,
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
        service_facility_npi: m.service_facility.as_ref().and_then(|facility| Npi::parse(&facility.npi)),
        primary_care_npi,
        diagnoses,
        authorization_number: m.authorization_number.clone(),
        referral_number: m.referral_number.clone(),
        delay_reason: m.delay_reason_code.clone(),
        accident: m.accident.as_ref().map_or(Accident::default(), |a| Accident {
            automobile: a.automobile,
            employment: a.employment,
            other: a.other,
        }),
        other_payers,
        lines: claim_details::on_lines(lines, m),
        institutional: None,
        details: claim_details::of_professional(m),
    })
}

pub(super) fn patient_control_number(number: &str, found: &mut Violations) {
    if found.required("patient_control_number", number).is_some() && number.len() > MAX_PATIENT_CONTROL_NUMBER {
        let length = number.len();
        found.add("patient_control_number", format!("has {length} characters: at most {MAX_PATIENT_CONTROL_NUMBER}"));
    }
}

fn line_count(count: usize, found: &mut Violations) {
    if count == 0 {
        found.add("lines", "is empty: a claim has 1 to 50 service lines");
    } else if count > MAX_LINES {
        found.add("lines", format!("has {count}: at most {MAX_LINES} service lines a claim; split it"));
    }
}

fn frequency(code: &str, found: &mut Violations) -> Option<Frequency> {
    match code {
        "" | "1" => Some(Frequency::Original),
        "7" => Some(Frequency::Replacement),
        "8" => Some(Frequency::Void),
        _ => {
            found.add("frequency_code", format!("{code:?}: 1 (original), 7 (replacement) or 8 (void)"));
            None
        }
    }
}

/// This payer's place in the order of payers; first where the claim does not say.
pub(crate) fn responsibility(code: &str) -> Responsibility {
    match code {
        "S" => Responsibility::Secondary,
        "" | "P" => Responsibility::Primary,
        _ => Responsibility::Tertiary,
    }
}

/// Sex of a message as the domain has it.
pub(crate) fn sex(sex: pb::Sex) -> Sex {
    match sex {
        pb::Sex::Female => Sex::Female,
        pb::Sex::Male => Sex::Male,
        pb::Sex::Unknown | pb::Sex::Unspecified => Sex::Unknown,
    }
}

pub(super) fn subscriber(message: Option<&pb::Subscriber>, found: &mut Violations) -> Option<Insured> {
    let Some(m) = message else {
        found.add("", "is missing: every claim names its subscriber");
        return None;
    };
    let member_id = found.required("member_id", &m.member_id);
    let person = person(m.name.as_ref(), &m.birth_date, m.sex(), found);
    Some(Insured { member_id: member_id?.to_owned(), person: person? })
}

pub(super) fn person(name: Option<&pb::Name>, birth_date: &str, s: pb::Sex, found: &mut Violations) -> Option<Person> {
    let last = found.required("name.last", name.map_or("", |name| &name.last));
    if let Some(name) = name {
        optional_names(name, found);
    }
    let birth = found.date_if_any("birth_date", birth_date);
    Some(Person {
        last: last?.to_owned(),
        first: name.map_or_else(String::new, |name| name.first.clone()),
        birth: birth?,
        sex: sex(s),
    })
}

/// Names that may be left out; an 835 prints them.
fn optional_names(name: &pb::Name, found: &mut Violations) {
    for (field, text) in [("name.first", &name.first), ("name.middle", &name.middle), ("name.suffix", &name.suffix)] {
        found.visible(field, text);
    }
}

pub(super) fn billing(message: Option<&pb::BillingProvider>, found: &mut Violations) -> Option<(Npi, String)> {
    let Some(m) = message else {
        found.add("", "is missing: every claim names who bills");
        return None;
    };
    let npi = found.npi("npi", &m.npi);
    found.required("name.last", m.name.as_ref().map_or("", |name| &name.last));
    found.visible("tax_id", &m.tax_id);
    Some((npi?, m.tax_id.clone()))
}

pub(super) fn provider(field: &str, message: Option<&pb::ProviderReference>, found: &mut Violations) -> Option<Npi> {
    let npi = &message?.npi;
    if npi.is_empty() { None } else { found.within(field, |found| found.npi("npi", npi)) }
}

fn diagnoses(messages: &[pb::Diagnosis], found: &mut Violations) -> Vec<DiagnosisCode> {
    if messages.len() > MAX_DIAGNOSES {
        found.add("diagnoses", format!("has {}: at most {MAX_DIAGNOSES}", messages.len()));
    }
    found.each("diagnoses", messages, |m, found| match m.qualifier.as_str() {
        "" | "ABK" | "ABF" | "BK" | "BF" => found.code("code", &m.code.replace('.', "")),
        other => {
            found.add("qualifier", format!("{other:?}: ABK or ABF (ICD-10-CM)"));
            None
        }
    })
}

fn claim_dates(m: &pb::ProfessionalClaim, found: &mut Violations) {
    let accident = m.accident.as_ref().map_or("", |a| a.accident_date.as_str());
    for (field, text) in [
        ("onset_date", m.onset_date.as_str()),
        ("admission_date", &m.admission_date),
        ("discharge_date", &m.discharge_date),
        ("initial_treatment_date", &m.initial_treatment_date),
        ("accident.accident_date", accident),
    ] {
        found.date_if_any(field, text);
    }
}

/// What the claim says for lines that do not say it themselves.
struct OfClaim<'a> {
    place: PlaceOfService,
    rendering: Npi,
    referring: Option<Npi>,
    authorization: &'a str,
    referral: &'a str,
    pickup_zip: &'a str,
    /// Whether the claim names a document sent apart.
    attachment: bool,
}

fn service_line(m: &pb::ServiceLine, of_claim: &OfClaim<'_>, found: &mut Violations) -> Option<ServiceLine> {
    found.visible("line_control_number", &m.line_control_number);
    let procedure = found.code("procedure_code", &m.procedure_code);
    let modifiers = modifiers(&m.modifiers, found);
    let charge = found.amount("charge_cents", m.charge_cents);
    let units = units(&m.units, found);
    let place = if m.place_of_service.is_empty() {
        Some(of_claim.place)
    } else {
        found.code("place_of_service", &m.place_of_service)
    };
    let pointers = pointers(&m.diagnosis_pointers, found);
    let days = service_days(m, found);
    let rendering = provider("rendering_provider", m.rendering_provider.as_ref(), found);
    let ordering_npi = provider("ordering_provider", m.ordering_provider.as_ref(), found);
    let referring = provider("referring_provider", m.referring_provider.as_ref(), found);
    let other_decisions = found.each("other_payers", &m.other_payers, other_line);
    let (from, through) = days?;
    let or_claim = |own: &str, claim: &str| if own.is_empty() { claim.to_owned() } else { own.to_owned() };
    Some(ServiceLine {
        control_number: m.line_control_number.clone(),
        procedure: procedure?,
        revenue: RevenueCode::NONE,
        noncovered: Money::ZERO,
        modifiers: modifiers?,
        charge: charge?,
        units: units?,
        minutes: m.unit_of_service() == pb::UnitOfService::Minutes,
        place: place?,
        pointers,
        from,
        through,
        rendering_npi: rendering.unwrap_or(of_claim.rendering),
        ordering_npi,
        referring_npi: referring.or(of_claim.referring),
        authorization_number: or_claim(&m.authorization_number, of_claim.authorization),
        referral_number: or_claim(&m.referral_number, of_claim.referral),
        emergency: m.emergency,
        attachment: !m.attachments.is_empty() || of_claim.attachment,
        pickup_zip: or_claim(&m.pickup_zip, of_claim.pickup_zip),
        other_decisions,
        details: LineDetails::default(),
    })
}

/// A line without a claim around it, which says everything itself.
pub(super) fn lone_line(m: &pb::ServiceLine, found: &mut Violations) -> Option<ServiceLine> {
    let alone = OfClaim {
        place: PlaceOfService::NONE,
        rendering: Npi::NONE,
        referring: None,
        authorization: "",
        referral: "",
        pickup_zip: "",
        attachment: false,
    };
    service_line(m, &alone, found)
}

pub(super) fn modifiers(texts: &[String], found: &mut Violations) -> Option<[Modifier; 4]> {
    let mut modifiers = [Modifier::NONE; 4];
    if texts.len() > modifiers.len() {
        found.add("modifiers", format!("has {}: at most four", texts.len()));
        return None;
    }
    for (slot, text) in modifiers.iter_mut().zip(texts) {
        let modifier: Option<Modifier> = found.code("modifiers", text);
        *slot = modifier.filter(|m| m.as_str().len() == 2).or_else(|| {
            found.add("modifiers", format!("{text:?}: two letters or digits"));
            None
        })?;
    }
    Some(modifiers)
}

pub(super) fn units(text: &str, found: &mut Violations) -> Option<Decimal> {
    if text.is_empty() {
        return Some(Decimal::ONE);
    }
    let units = Decimal::from_str(text).ok().filter(|units| (Decimal::ZERO..=Decimal::from(99_999)).contains(units));
    if units.is_none() {
        found.add("units", format!("{text:?}: a number from 0 to 99999, such as \"1\" or \"2.5\""));
    }
    units.map(|units| units.normalize())
}

fn pointers(positions: &[i32], found: &mut Violations) -> Vec<usize> {
    if positions.len() > MAX_POINTERS {
        found.add("diagnosis_pointers", format!("has {}: one to four", positions.len()));
    }
    let zero_based = |position: &i32| usize::try_from(*position).ok().and_then(|p| p.checked_sub(1));
    let pointers: Vec<usize> = positions.iter().filter_map(zero_based).collect();
    if pointers.len() != positions.len() {
        found.add("diagnosis_pointers", "positions count from 1: 1 is the principal diagnosis");
    }
    pointers
}

fn service_days(m: &pb::ServiceLine, found: &mut Violations) -> Option<(Date, Date)> {
    found.days(("service_date", &m.service_date), ("service_end_date", &m.service_end_date))
}

pub(super) fn other_payer(m: &pb::OtherPayer, found: &mut Violations) -> Option<OtherPayer> {
    let adjustments = found.each("adjustments", &m.adjustments, adjustment);
    let paid = match m.paid_cents {
        Some(cents) => Some(found.amount("paid_cents", cents)?),
        None => None,
    };
    found.date_if_any("decided_date", &m.decided_date);
    Some(OtherPayer {
        payer_id: m.payer_id.clone(),
        responsibility: responsibility(&m.payer_responsibility),
        decision: paid.map(|paid| OtherDecision { paid, adjustments }),
    })
}

pub(super) fn other_line(m: &pb::OtherPayerLine, found: &mut Violations) -> Option<OtherLineDecision> {
    let paid = found.amount("paid_cents", m.paid_cents);
    found.date_if_any("decided_date", &m.decided_date);
    let adjustments = found.each("adjustments", &m.adjustments, adjustment);
    Some(OtherLineDecision { payer_id: m.payer_id.clone(), paid: paid?, adjustments })
}

fn adjustment(m: &pb::Adjustment, found: &mut Violations) -> Option<Adjustment> {
    let carc = found.code("carc", &m.carc);
    let group = group_from(m.group());
    if group.is_none() {
        found.add("group", "is missing: CO, PR, OA or PI");
    }
    let rarcs = m.rarcs.iter().filter_map(|text| Code::parse(text)).collect();
    if m.amount_cents.saturating_abs() > Money::MAX_CHARGE.cents() {
        found.add("amount_cents", "is too much: at most 99999999.99 dollars");
    }
    Some(Adjustment {
        group: group?,
        carc: carc?,
        amount: Money::from_cents(m.amount_cents),
        rarcs,
        step: "other-payer",
    })
}

/// A group code of a message.
pub(crate) fn group_from(group: pb::GroupCode) -> Option<Group> {
    match group {
        pb::GroupCode::Co => Some(Group::ContractualObligation),
        pb::GroupCode::Pr => Some(Group::PatientResponsibility),
        pb::GroupCode::Oa => Some(Group::OtherAdjustment),
        pb::GroupCode::Pi => Some(Group::PayerInitiated),
        pb::GroupCode::Unspecified => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minimal() -> pb::ProfessionalClaim {
        let name = |last: &str| Some(pb::Name { last: last.into(), first: "Testa".into(), ..Default::default() });
        pb::ProfessionalClaim {
            patient_control_number: "A1".into(),
            charge_cents: 10_000,
            place_of_service: "11".into(),
            payer_id: "DEMO1".into(),
            subscriber: Some(pb::Subscriber { member_id: "M1".into(), name: name("Muster"), ..Default::default() }),
            billing_provider: Some(pb::BillingProvider {
                npi: "1234567893".into(),
                name: name("Clinic"),
                ..Default::default()
            }),
            diagnoses: vec![pb::Diagnosis { code: "J02.9".into(), ..Default::default() }],
            lines: vec![pb::ServiceLine {
                procedure_code: "99213".into(),
                charge_cents: 10_000,
                units: "1.0".into(),
                diagnosis_pointers: vec![1],
                service_date: "2026-07-01".into(),
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    fn fields(message: &pb::ProfessionalClaim) -> Vec<String> {
        parse(message).unwrap_err().into_iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn a_line_inherits_what_only_the_claim_says() {
        let mut message = minimal();
        message.authorization_number = "AUTH7".into();
        let claim = parse(&message).unwrap();
        let line = &claim.lines[0];
        assert_eq!((line.place.as_str(), line.rendering_npi.to_string().as_str()), ("11", "1234567893"));
        assert_eq!((line.authorization_number.as_str(), line.units), ("AUTH7", Decimal::ONE));
        assert_eq!(claim.diagnoses, [DiagnosisCode::new("J029")]);
        assert_eq!(line.through, line.from);
    }

    #[test]
    fn every_bad_field_is_named_at_once() {
        let mut message = minimal();
        message.charge_cents = -1;
        message.subscriber = None;
        message.lines[0].service_date = "2026-02-31".into();
        message.lines[0].charge_cents = i64::MAX;
        message.lines[0].modifiers = ["1", "22", "33", "44", "55"].map(String::from).to_vec();
        assert_eq!(
            fields(&message),
            ["charge_cents", "subscriber", "lines[0].modifiers", "lines[0].charge_cents", "lines[0].service_date"]
        );
    }

    #[test]
    fn ten_thousand_lines_are_refused_with_the_limit() {
        let mut message = minimal();
        message.lines = vec![message.lines[0].clone(); 10_000];
        let violations = parse(&message).unwrap_err();
        assert!(violations[0].description.contains("10000") && violations[0].description.contains("50"));
        message.lines.clear();
        assert_eq!(fields(&message), ["lines"]);
    }
}
