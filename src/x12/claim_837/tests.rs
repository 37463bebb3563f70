use super::*;
use crate::proto::v1::*;
use crate::x12::examination::{Examination, Examined, SetReport};

const INTERCHANGE: &str = include_str!("../../../tests/data/professional.edi");

fn sets(input: &str) -> Vec<SetReport> {
    let mut examination = Examination::new(input.as_bytes());
    let mut sets = Vec::new();
    while let Some(examined) = examination.read().unwrap() {
        if let Examined::Set(report) = examined {
            assert!(report.is_accepted(), "{:#?}", report.checked.errors);
            sets.push(report);
        }
    }
    sets
}

pub(super) fn claims(input: &str) -> Vec<ReadClaim> {
    let mut claims = Vec::new();
    for set in sets(input) {
        let mut reader = ClaimReader::new(input.as_bytes(), set.trailer.span, set.delimiters);
        while let Some(claim) = reader.read().unwrap() {
            claims.push(claim);
        }
    }
    claims
}

fn professional(input: &str) -> Vec<ProfessionalClaim> {
    let only = |read: ReadClaim| match read.claim {
        Billed::Professional(claim) => claim,
        Billed::Institutional(_) => panic!("no professional claim"),
    };
    claims(input).into_iter().map(only).collect()
}

pub(super) fn provider(last: &str, first: &str, npi: &str) -> Option<ProviderReference> {
    let name = Some(Name { last: last.into(), first: first.into(), ..Name::default() });
    Some(ProviderReference { npi: npi.into(), name, taxonomy_code: String::new() })
}

fn unmapped_of(claim: &ProfessionalClaim) -> Vec<(&str, &str)> {
    claim.unmapped_segments.iter().map(|segment| (segment.r#loop.as_str(), segment.text.as_str())).collect()
}

#[test]
fn the_levels_above_a_claim_become_its_parties() {
    let claim = &professional(INTERCHANGE)[0];
    let billing = claim.billing_provider.as_ref().unwrap();
    assert_eq!((billing.npi.as_str(), billing.tax_id.as_str()), ("1234567893", "000000001"));
    assert_eq!((billing.taxonomy_code.as_str(), billing.phone.as_str()), ("207Q00000X", "5550100002"));
    assert_eq!(billing.address.as_ref().unwrap().lines, ["1 SAMPLE ROAD", "SUITE 2"]);
    assert_eq!(claim.pay_to_address.as_ref().unwrap().zip, "62702");
    let subscriber = claim.subscriber.as_ref().unwrap();
    let name = subscriber.name.as_ref().unwrap();
    assert_eq!([&name.last, &name.first, &name.middle, &name.suffix], ["TESTERTON", "TESSA", "Q", "JR"]);
    assert_eq!((subscriber.member_id.as_str(), subscriber.birth_date.as_str()), ("MEM0001", "1980-02-29"));
    assert_eq!((subscriber.group_number.as_str(), subscriber.group_name.as_str()), ("GRP01", "EXAMPLE GROUP"));
    assert_eq!((subscriber.claim_filing_indicator.as_str(), subscriber.payer_responsibility.as_str()), ("CI", "P"));
    assert_eq!(subscriber.sex(), Sex::Female);
    assert_eq!((claim.payer_id.as_str(), claim.payer_name.as_str()), ("PAYER01", "EXAMPLE PAYER"));
    assert_eq!(claim.patient, None);
}

#[test]
fn a_patient_level_makes_another_patient_and_leaves_the_last_one_behind() {
    let claims = professional(INTERCHANGE);
    let claim = &claims[1];
    let patient = claim.patient.as_ref().unwrap();
    assert_eq!((patient.relationship_code.as_str(), patient.birth_date.as_str()), ("19", "2018-06-30"));
    assert_eq!(patient.name.as_ref().unwrap().first, "SKYE");
    assert_eq!(patient.sex(), Sex::Unknown);
    let subscriber = claim.subscriber.as_ref().unwrap();
    assert_eq!((subscriber.member_id.as_str(), subscriber.group_number.as_str()), ("MEM0002", "GRP03"));
    // Nothing of the subscriber before: no birth date was sent for this one.
    assert_eq!((subscriber.birth_date.as_str(), &subscriber.address), ("", &None));
    assert_eq!(claim.billing_provider, claims[0].billing_provider);
}

#[test]
fn the_claim_segment_and_what_follows_it_fill_the_claim() {
    let claim = &professional(INTERCHANGE)[0];
    assert_eq!((claim.patient_control_number.as_str(), claim.charge_cents), ("PCN-0001", 37_550));
    assert_eq!((claim.place_of_service.as_str(), claim.frequency_code.as_str()), ("11", "1"));
    assert!(claim.accepts_assignment && claim.benefits_assigned && claim.release_of_information);
    let accident = claim.accident.as_ref().unwrap();
    assert_eq!((accident.automobile, accident.employment, accident.other), (true, true, false));
    assert_eq!((accident.state.as_str(), accident.accident_date.as_str()), ("IL", "2026-01-04"));
    assert_eq!((claim.onset_date.as_str(), claim.initial_treatment_date.as_str()), ("2026-01-05", "2026-01-06"));
    assert_eq!((claim.admission_date.as_str(), claim.discharge_date.as_str()), ("2026-01-07", "2026-01-08"));
    assert_eq!((claim.authorization_number.as_str(), claim.referral_number.as_str()), ("AUTH0001", "REFERRAL1"));
    assert_eq!((claim.original_control_number.as_str(), claim.clia_number.as_str()), ("ICN0000001", "99D0000001"));
    assert_eq!((claim.clearinghouse_number.as_str(), claim.delay_reason_code.as_str()), ("CH-0001", "11"));
    assert_eq!(claim.patient_paid_cents, 2_500);
    assert_eq!(claim.notes, [Note { code: "ADD".into(), text: "FIRST VISIT AFTER THE ACCIDENT".into() }]);
    assert_eq!(claim.attachments[0].control_number, "ATT-0001");
    let diagnoses: Vec<_> = claim.diagnoses.iter().map(|d| (d.qualifier.as_str(), d.code.as_str())).collect();
    assert_eq!(diagnoses, [("ABK", "S83511A"), ("ABF", "M25561")]);
    assert_eq!(claim.referring_provider, provider("REFERRAL", "ROSA", "1000000012"));
    assert_eq!(claim.supervising_provider, provider("SUPERVISOR", "SUE", "1000000038"));
    let rendering = claim.rendering_provider.as_ref().unwrap();
    assert_eq!((rendering.npi.as_str(), rendering.taxonomy_code.as_str()), ("1000000004", "207X00000X"));
    let facility = claim.service_facility.as_ref().unwrap();
    assert_eq!((facility.npi.as_str(), facility.name.as_str()), ("1000000020", "MADE UP SURGERY CENTER"));
    assert_eq!(facility.address.as_ref().unwrap().zip, "627040000");
}

#[test]
fn another_payer_and_its_decision_are_told() {
    let claim = &professional(INTERCHANGE)[0];
    let payer = &claim.other_payers[0];
    assert_eq!((payer.payer_id.as_str(), payer.payer_name.as_str()), ("OTHER01", "OTHER EXAMPLE PAYER"));
    assert_eq!((payer.payer_responsibility.as_str(), payer.relationship_code.as_str()), ("S", "19"));
    assert_eq!((payer.member_id.as_str(), payer.decided_date.as_str()), ("OTHER0001", "2026-03-01"));
    assert_eq!((payer.paid_cents, payer.group_number.as_str()), (Some(10_000), "GRP02"));
    let adjustments: Vec<_> = payer.adjustments.iter().map(|a| (a.group(), a.carc.as_str(), a.amount_cents)).collect();
    assert_eq!(adjustments, [(GroupCode::Pr, "1", 5_000), (GroupCode::Pr, "2", 2_050)]);
    let decision = &claim.lines[0].other_payers[0];
    assert_eq!((decision.payer_id.as_str(), decision.paid_cents), ("OTHER01", 10_000));
    assert_eq!((decision.procedure_code.as_str(), decision.paid_units.as_str()), ("99213", "1"));
    assert_eq!((decision.adjustments[0].carc.as_str(), decision.decided_date.as_str()), ("45", "2026-03-01"));
}

#[test]
fn lines_keep_their_codes_counts_providers_and_drugs() {
    let claims = professional(INTERCHANGE);
    let [first, second] = claims[0].lines.as_slice() else { panic!() };
    assert_eq!((first.procedure_code.as_str(), first.modifiers.as_slice()), ("99213", ["25".to_string()].as_slice()));
    assert_eq!((first.charge_cents, first.units.as_str(), first.emergency), (12_550, "1", true));
    assert_eq!(first.diagnosis_pointers, [1, 2]);
    assert_eq!((first.service_date.as_str(), first.service_end_date.as_str()), ("2026-03-01", ""));
    assert_eq!((first.line_control_number.as_str(), first.clia_number.as_str()), ("LINE-1", "99D0000002"));
    assert_eq!((first.authorization_number.as_str(), first.referral_number.as_str()), ("AUTH0002", "REFERRAL2"));
    assert_eq!((first.notes[0].text.as_str(), first.attachments[0].control_number.as_str()), ("LINE NOTE", "ATT-0002"));
    assert_eq!(first.rendering_provider, provider("OTHERHAND", "OTTO", "1000000046"));
    assert_eq!(first.supervising_provider, provider("OVERSEER", "OLA", "1000000053"));
    assert_eq!(first.ordering_provider, provider("ORDERLY", "OMAR", "1000000061"));
    assert_eq!(first.referring_provider, provider("SENDER", "SAM", "1000000079"));
    assert_eq!((second.procedure_code.as_str(), second.description.as_str()), ("J3490", "UNLISTED DRUG"));
    assert_eq!((second.units.as_str(), second.place_of_service.as_str()), ("2.5", "12"));
    assert_eq!((second.service_date.as_str(), second.service_end_date.as_str()), ("2026-03-01", "2026-03-02"));
    assert_eq!([&second.ndc, &second.ndc_quantity, &second.ndc_unit], ["00000000001", "10", "ML"]);
    assert_eq!(claims[1].lines[0].unit_of_service(), UnitOfService::Minutes);
}

#[test]
fn what_has_no_field_is_kept_as_it_came_with_its_loop() {
    let claims = professional(INTERCHANGE);
    assert_eq!(
        unmapped_of(&claims[0]),
        [
            // The contact's name, the other group's name, signature and release there, the modifier that was paid.
            ("2010AA", "PER*IC*FRONT DESK*TE*5550100002"),
            ("2320[1]", "SBR*S*19*GRP02*OTHER GROUP*****HM"),
            ("2320[1]", "OI***Y*P**Y"),
            ("2430[1]", "SVD*OTHER01*100*HC:99213:25**1"),
        ]
    );
    // CLM09 I is no signature, and more than "not Y".
    assert_eq!(
        unmapped_of(&claims[1]),
        [("2010AA", "PER*IC*FRONT DESK*TE*5550100002"), ("2300", "CLM*PCN-0002*80***22:B:7*Y*A*Y*I")]
    );
    assert!(!claims[1].release_of_information);
}

#[test]
fn a_claim_knows_its_bytes_and_its_place() {
    let claims = claims(INTERCHANGE);
    let spans: Vec<&str> =
        claims.iter().map(|read| &INTERCHANGE[read.span.start as usize..read.span.end as usize]).collect();
    assert!(spans[0].starts_with("CLM*PCN-0001") && spans[0].ends_with("CTP****10*ML~"));
    assert!(spans[1].starts_with("CLM*PCN-0002") && spans[1].ends_with("DTP*472*D8*20260302~"));
    assert_eq!((claims[0].index, claims[1].index), (1, 2));
}

#[test]
fn the_batch_is_known_with_the_first_claim() {
    let set = &sets(INTERCHANGE)[0];
    let mut reader = ClaimReader::new(INTERCHANGE.as_bytes(), set.trailer.span.clone(), set.delimiters);
    reader.read().unwrap();
    let batch = reader.batch();
    assert_eq!(
        [&batch.reference, &batch.submitter_name, &batch.submitter_id],
        ["BATCH0001", "EXAMPLE BILLING SERVICE", "SUB001"]
    );
    assert_eq!([&batch.receiver_name, &batch.receiver_id], ["EXAMPLE PAYER", "PAYER01"]);
}

#[test]
fn other_separators_read_the_same() {
    let other = INTERCHANGE.replace(':', ">").replace('*', "|").replace("~\n", "\n");
    let [plain, piped] = [professional(INTERCHANGE), professional(&other)];
    assert_eq!(plain[0].lines, piped[0].lines);
    // Unmapped segments keep the separators that they came with.
    assert_eq!(unmapped_of(&piped[0])[0].1, "PER|IC|FRONT DESK|TE|5550100002");
}
