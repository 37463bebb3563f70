use super::tests::{claims, provider};
use super::*;
use crate::proto::v1::*;

const INTERCHANGE: &str = include_str!("../../../tests/data/institutional.edi");

fn institutional() -> Vec<InstitutionalClaim> {
    let only = |read: ReadClaim| match read.claim {
        Billed::Institutional(claim) => claim,
        Billed::Professional(_) => panic!("no institutional claim"),
    };
    claims(INTERCHANGE).into_iter().map(only).collect()
}

#[test]
fn a_stay_is_told_with_its_days_hours_and_parties() {
    let claim = &institutional()[0];
    assert_eq!((claim.patient_control_number.as_str(), claim.charge_cents), ("STAY-0001", 2_137_550));
    assert_eq!((claim.type_of_bill.as_str(), claim.delay_reason_code.as_str()), ("111", "11"));
    assert_eq!((claim.statement_from.as_str(), claim.statement_through.as_str()), ("2026-03-01", "2026-03-04"));
    assert_eq!((claim.admission_date.as_str(), claim.admission_hour.as_str()), ("2026-03-01", "0830"));
    assert_eq!(claim.discharge_hour, "1115");
    assert_eq!([&claim.admission_type, &claim.admission_source, &claim.patient_status], ["1", "7", "01"]);
    assert!(claim.accepts_assignment && claim.benefits_assigned && claim.release_of_information);
    assert_eq!(claim.pay_to_address.as_ref().unwrap().lines, ["PO BOX 1"]);
    assert_eq!(claim.subscriber.as_ref().unwrap().payer_responsibility, "S");
    assert_eq!([&claim.authorization_number, &claim.referral_number], ["AUTH0001", "REFERRAL1"]);
    assert_eq!([&claim.original_control_number, &claim.clearinghouse_number], ["ICN0000001", "CH-0001"]);
    assert_eq!([&claim.medical_record_number, &claim.accident_state], ["MRN-77", "IL"]);
    assert_eq!((claim.patient_estimated_cents, claim.notes.len(), claim.attachments.len()), (35_000, 2, 1));
    let contract = claim.contract.as_ref().unwrap();
    assert_eq!((contract.type_code.as_str(), contract.amount_cents), ("01", 1_200_000));
    let repricing = claim.repricing.as_ref().unwrap();
    assert_eq!((repricing.allowed_cents, repricing.savings_cents), (1_200_000, 937_550));
    assert_eq!((repricing.drg.as_str(), repricing.approved_cents), ("280", 1_200_000));
    let attending = claim.attending_provider.as_ref().unwrap();
    assert_eq!((attending.npi.as_str(), attending.taxonomy_code.as_str()), ("1000000004", "207R00000X"));
    assert_eq!(claim.operating_provider, provider("CUTTER", "CARL", "1000000012"));
    assert_eq!(claim.other_operating_provider, provider("SECOND", "SIA", "1000000020"));
    assert_eq!(claim.rendering_provider, provider("RENDERER", "RIO", "1000000038"));
    assert_eq!(claim.referring_provider, provider("REFERRAL", "ROSA", "1000000053"));
    assert_eq!(claim.service_facility.as_ref().unwrap().npi, "1000000046");
}

#[test]
fn every_kind_of_code_goes_to_its_own_list() {
    let claims = institutional();
    let stay = &claims[0];
    let diagnosis = |code: &str, present: &str| InstitutionalDiagnosis {
        code: code.into(),
        present_on_admission: present.into(),
        qualifier: String::new(),
    };
    assert_eq!(stay.principal_diagnosis, Some(diagnosis("I214", "Y")));
    assert_eq!(stay.admitting_diagnosis, Some(diagnosis("R079", "")));
    assert_eq!(stay.external_causes, [diagnosis("V4352XA", "N")]);
    assert_eq!(stay.other_diagnoses, [diagnosis("I10", "Y"), diagnosis("N179", "N")]);
    assert_eq!(claims[1].visit_reasons, [diagnosis("M79661", ""), diagnosis("R600", "")]);
    assert_eq!(stay.drg, "280");
    let procedure = |code: &str, date: &str| InstitutionalProcedure {
        code: code.into(),
        date: date.into(),
        qualifier: String::new(),
    };
    assert_eq!(stay.principal_procedure, Some(procedure("027034Z", "2026-03-01")));
    assert_eq!(stay.other_procedures, [procedure("4A023N7", "2026-03-02")]);
    let span = OccurrenceSpan { code: "70".into(), from_date: "2026-03-01".into(), through_date: "2026-03-03".into() };
    assert_eq!(stay.occurrence_spans, [span]);
    assert_eq!(stay.occurrences[1], Occurrence { code: "11".into(), date: "2026-02-28".into() });
    let value = |code: &str, value: &str| ValueCode { code: code.into(), value: value.into() };
    assert_eq!(stay.values, [value("80", "3"), value("01", "1408.5")]);
    assert_eq!(
        (stay.condition_codes.as_slice(), stay.treatment_codes.as_slice()),
        (["09".to_owned(), "C1".to_owned()].as_slice(), ["A01".to_owned()].as_slice())
    );
}

#[test]
fn a_line_has_a_revenue_code_and_perhaps_a_procedure() {
    let claim = &institutional()[0];
    let [room, drugs, surgery] = claim.lines.as_slice() else { panic!() };
    assert_eq!((room.revenue_code.as_str(), room.procedure_code.as_str()), ("0120", ""));
    assert_eq!((room.unit_of_service(), room.units.as_str(), room.charge_cents), (UnitOfService::Days, "3", 600_000));
    assert_eq!((room.service_date.as_str(), room.service_end_date.as_str()), ("", ""));
    assert_eq!((drugs.noncovered_cents, drugs.line_control_number.as_str()), (2_500, "LINE-2"));
    assert_eq!((drugs.service_date.as_str(), drugs.service_end_date.as_str()), ("2026-03-01", "2026-03-03"));
    assert_eq!(
        (surgery.procedure_code.as_str(), surgery.modifiers.as_slice()),
        ("92928", ["LD".to_owned()].as_slice())
    );
    assert_eq!([&surgery.ndc, &surgery.ndc_quantity, &surgery.ndc_unit], ["00000000001", "10", "ML"]);
    assert_eq!(surgery.operating_provider, provider("LINECUTTER", "LEA", "1000000061"));
    assert_eq!(surgery.rendering_provider, provider("LINERENDERER", "LOU", "1000000079"));
    let decided = &surgery.other_payers[0];
    assert_eq!((decided.paid_cents, decided.revenue_code.as_str()), (700_000, "0360"));
    assert_eq!((decided.adjustments[0].carc.as_str(), decided.decided_date.as_str()), ("45", "2026-03-05"));
    assert_eq!(claim.other_payers[0].paid_cents, Some(1_094_700));
    assert_eq!(claim.other_payers[0].adjustments.len(), 3);
}

#[test]
fn what_has_no_field_is_kept_and_a_patient_below_a_subscriber_is_known() {
    let claims = institutional();
    let told = |claim: &InstitutionalClaim| -> Vec<(String, String)> {
        claim.unmapped_segments.iter().map(|kept| (kept.r#loop.clone(), kept.text.clone())).collect()
    };
    let kept = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(place, text)| ((*place).to_owned(), (*text).to_owned())).collect()
    };
    let contact = ("2010AA", "PER*IC*BILLING*TE*5550100002");
    assert_eq!(
        told(&claims[0]),
        kept(&[
            contact,
            ("2300", "REF*9A*REPRICED1"),
            ("2320[1]", "SBR*P*19*GRP02*OTHER GROUP*****MA"),
            ("2320[1]", "OI***Y***Y"),
            ("2320[1]", "MIA*3***10947"),
        ])
    );
    // CLM09 I is no signature.
    assert_eq!(told(&claims[1]), kept(&[contact, ("2300", "CLM*VISIT-0002*820***13:A:1**A*Y*I")]));
    assert_eq!(claims[1].patient.as_ref().unwrap().relationship_code, "19");
    assert_eq!(claims[1].subscriber.as_ref().unwrap().member_id, "MEM0002");
}
