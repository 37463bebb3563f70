//! The printed 835: what stands in which segment, and that the checkers of others find nothing.
//!
//! Amounts are arithmetic written out beside the test, or the numbers of the worked examples of the 835 guide.

use payersim::domain::money::Money;
use payersim::proto::v1::{
    Address, Adjustment, BankAccount, Determination, GroupCode, LineDetermination, Name, Payee, ProviderAdjustment,
    ProviderReference, Remittance, RemittanceClaim, RemittancePayer, RemittanceService,
};
use payersim::x12::remittance_835::{balances, print};

use crate::checkers::judge;

use GroupCode::{Co, Oa, Pi, Pr};

type Reason<'a> = (GroupCode, &'a str, &'a str);

pub fn usd(text: &str) -> i64 {
    Money::parse(text).unwrap().cents()
}

/// A line of one unit: what is paid is given, so that a test says it and does not compute it.
pub fn line(charge: &str, allowed: &str, paid: &str, reasons: &[Reason]) -> LineDetermination {
    let adjustments: Vec<Adjustment> = reasons
        .iter()
        .map(|(group, carc, amount)| Adjustment {
            group: (*group).into(),
            carc: (*carc).into(),
            amount_cents: usd(amount),
            ..Adjustment::default()
        })
        .collect();
    let of_patient = adjustments.iter().filter(|adjustment| adjustment.group() == Pr);
    LineDetermination {
        charge_cents: usd(charge),
        allowed_cents: usd(allowed),
        paid_cents: usd(paid),
        patient_responsibility_cents: of_patient.map(|adjustment| adjustment.amount_cents).sum(),
        denied: usd(allowed) == 0,
        paid_units: if usd(allowed) == 0 { "0" } else { "1" }.into(),
        adjustments,
        ..LineDetermination::default()
    }
}

/// A claim of a made-up patient; its totals are the sums of its lines.
pub fn claim(number: u32, status: &str, lines: Vec<LineDetermination>) -> RemittanceClaim {
    let sum = |of: fn(&LineDetermination) -> i64| lines.iter().map(of).sum();
    let service = |position: usize| RemittanceService {
        procedure_code: "99213".into(),
        service_date: "2026-03-02".into(),
        line_control_number: format!("L{position}"),
        units: "1".into(),
        ..RemittanceService::default()
    };
    RemittanceClaim {
        patient_control_number: format!("PCN-{number}"),
        control_number: format!("2026{number:06}"),
        claim_filing_indicator: "12".into(),
        place_of_service: "11".into(),
        frequency_code: "1".into(),
        patient_name: Some(name("SAMPLE", "PETRA")),
        patient_member_id: "M0001".into(),
        service_from: "2026-03-02".into(),
        service_through: "2026-03-02".into(),
        received_date: "2026-03-05".into(),
        services: (1..=lines.len()).map(service).collect(),
        determination: Some(Determination {
            sequence: 1,
            charge_cents: sum(|line| line.charge_cents),
            allowed_cents: sum(|line| line.allowed_cents),
            paid_cents: sum(|line| line.paid_cents),
            patient_responsibility_cents: sum(|line| line.patient_responsibility_cents),
            claim_status_code: status.into(),
            lines,
            ..Determination::default()
        }),
        ..RemittanceClaim::default()
    }
}

/// The advice of a made-up payer to a made-up clinic.
pub fn remittance(method: &str, paid: &str, claims: Vec<RemittanceClaim>) -> Remittance {
    Remittance {
        paid_date: "2026-03-20".into(),
        trace_number: "PS0000000042".into(),
        payment_method: method.into(),
        paid_cents: usd(paid),
        claims,
        payer: Some(RemittancePayer {
            payer_id: "99999".into(),
            name: "MADEUP HEALTH".into(),
            address: Some(address("1 PRETEND PLAZA", "SPRINGFIELD", "IL", "62701")),
            contact_name: "CLAIMS DESK".into(),
            contact_phone: "5555550100".into(),
            originating_company_id: "123456789".into(),
            interchange_qualifier: "ZZ".into(),
            interchange_id: "PAYERSIM".into(),
        }),
        payee: Some(Payee {
            npi: "1234567893".into(),
            tax_id: "987654321".into(),
            name: Some(name("EXAMPLE CLINIC", "")),
            address: Some(address("22 SAMPLE STREET", "SPRINGFIELD", "IL", "627011234")),
            ..Payee::default()
        }),
        control_number: 42,
        issued_time: "2026-03-20T07:05:00".into(),
        ..Remittance::default()
    }
}

fn name(last: &str, first: &str) -> Name {
    Name { last: last.into(), first: first.into(), ..Name::default() }
}

fn address(street: &str, city: &str, state: &str, zip: &str) -> Address {
    let [city, state, zip] = [city, state, zip].map(str::to_owned);
    Address { lines: vec![street.into()], city, state, zip, ..Address::default() }
}

fn forward(reference: &str, amount: &str) -> ProviderAdjustment {
    ProviderAdjustment { reason_code: "FB".into(), reference: reference.into(), amount_cents: usd(amount) }
}

/// Prints it, has it judged, and gives its segments without their terminators.
pub fn printed(name: &str, remittance: &Remittance) -> Vec<String> {
    assert_eq!(balances(remittance), Ok(()));
    let text = print(remittance);
    judge(&[(format!("{name}.edi"), text.clone())]);
    text.lines().map(|segment| segment.trim_end_matches('~').to_owned()).collect()
}

/// The segments from the first that begins so to the last of as many.
pub fn from<'a>(segments: &'a [String], start: &str, count: usize) -> Vec<&'a str> {
    let at = segments.iter().position(|segment| segment.starts_with(start)).expect(start);
    segments[at..at + count].iter().map(String::as_str).collect()
}

// 150.00 is charged and 95.19 allowed: 54.81 is the provider's to write off. A copay of 25.00 leaves 70.19 to pay.
#[test]
fn a_paid_claim_is_printed_whole() {
    let office = line("150", "95.19", "70.19", &[(Co, "45", "54.81"), (Pr, "3", "25")]);
    let mut claim = claim(1, "1", vec![office]);
    claim.services[0].modifiers = vec!["25".into()];
    claim.rendering_provider =
        Some(ProviderReference { npi: "1234567893".into(), name: Some(name("EXAMPLE", "DORA")), ..Default::default() });
    let segments = printed("paid", &remittance("CHK", "70.19", vec![claim]));
    let expected = [
        "ISA*00*          *00*          *ZZ*PAYERSIM       *ZZ*1234567893     *260320*0705*^*00501*000000042*0*T*:",
        "GS*HP*PAYERSIM*1234567893*20260320*0705*42*X*005010X221A1",
        "ST*835*0042",
        "BPR*I*70.19*C*CHK************20260320",
        "TRN*1*PS0000000042*1123456789",
        "DTM*405*20260320",
        "N1*PR*MADEUP HEALTH",
        "N3*1 PRETEND PLAZA",
        "N4*SPRINGFIELD*IL*62701",
        "REF*2U*99999",
        "PER*BL*CLAIMS DESK*TE*5555550100",
        "N1*PE*EXAMPLE CLINIC*XX*1234567893",
        "N3*22 SAMPLE STREET",
        "N4*SPRINGFIELD*IL*627011234",
        "REF*TJ*987654321",
        "LX*1",
        "CLP*PCN-1*1*150*70.19*25*12*2026000001*11*1",
        "NM1*QC*1*SAMPLE*PETRA****MI*M0001",
        "NM1*82*1*EXAMPLE*DORA****XX*1234567893",
        "DTM*232*20260302",
        "DTM*233*20260302",
        "DTM*050*20260305",
        "AMT*AU*150",
        "SVC*HC:99213:25*150*70.19**1",
        "DTM*472*20260302",
        "CAS*CO*45*54.81",
        "CAS*PR*3*25",
        "REF*6R*L1",
        "AMT*B6*95.19",
        "SE*28*0042",
        "GE*1*42",
        "IEA*1*000000042",
    ];
    assert_eq!(segments, expected);
}

// The guide's second example, its claim adjustments put on the lines: 800 - 50 - 300 = 450; 1200 - 55 - 600 - 50 = 495;
// together 945.
#[test]
fn the_guides_example_of_two_claims_comes_to_its_sum() {
    let first = line("800", "750", "450", &[(Co, "A2", "50"), (Pr, "1", "300")]);
    let second = line("1200", "1095", "495", &[(Co, "A2", "55"), (Pr, "1", "600"), (Co, "45", "50")]);
    let segments =
        printed("two-claims", &remittance("ACH", "945", vec![claim(1, "1", vec![first]), claim(2, "1", vec![second])]));
    assert_eq!(from(&segments, "BPR", 1), ["BPR*I*945*C*ACH*CCP*****1123456789******20260320"]);
    assert_eq!(from(&segments, "CLP*PCN-2", 1), ["CLP*PCN-2*1*1200*495*600*12*2026000002*11*1"]);
    // One CAS a group, in the order in which the groups first came.
    assert_eq!(from(&segments, "CAS*CO*A2*55", 2), ["CAS*CO*A2*55**45*50", "CAS*PR*1*600"]);
}

// The guide's third example: 10,323.64 - 9,411.64 = 912; 166.50 - 136.50 = 30 and 585 - 150 - 70 - 85 = 280; together 1,222.
// With them the worked example of 42 CFR 411.33: charge 175, of which the payer before took 145, leaves 30.
#[test]
fn secondary_payments_show_what_the_payer_before_did() {
    let hospital = line("10323.64", "10323.64", "912", &[(Oa, "23", "9411.64")]);
    let reading = line("166.50", "150", "30", &[(Oa, "23", "136.50")]);
    let surgery = line("585", "500", "280", &[(Pr, "1", "150"), (Pr, "2", "70"), (Co, "42", "85")]);
    let medicare = line("175", "150", "30", &[(Oa, "23", "145")]);
    let claims =
        vec![claim(1, "2", vec![hospital]), claim(2, "2", vec![reading, surgery]), claim(3, "2", vec![medicare])];
    let segments = printed("secondary", &remittance("CHK", "1252", claims));
    assert_eq!(from(&segments, "CLP*PCN-2", 1), ["CLP*PCN-2*2*751.5*310*220*12*2026000002*11*1"]);
    assert_eq!(from(&segments, "CAS*PR", 2), ["CAS*PR*1*150**2*70", "CAS*CO*42*85"]);
}

// Eight reasons of one group need two CAS: six in the first, two in the second. A reason given twice stands once with
// its sum: 1 + 8 = 9.
#[test]
fn more_than_six_reasons_go_on_in_a_second_segment() {
    let carcs = ["45", "59", "94", "97", "131", "144", "172", "253", "45"];
    let amounts = ["1", "2", "-3", "4", "5", "6", "7", "7.5", "8"];
    let mut reasons: Vec<Reason> = carcs.iter().zip(amounts).map(|(carc, amount)| (Co, *carc, amount)).collect();
    // 1 + 2 - 3 + 4 + 5 + 6 + 7 + 7.5 + 8 = 37.5, with 2.5 of the payer's own 40; 60 of 100 are paid.
    reasons.push((Pi, "104", "2.5"));
    let segments =
        printed("many-reasons", &remittance("CHK", "60", vec![claim(1, "1", vec![line("100", "60", "60", &reasons)])]));
    let expected = ["CAS*CO*45*9**59*2**94*-3**97*4**131*5**144*6", "CAS*CO*172*7**253*7.5", "CAS*PI*104*2.5"];
    assert_eq!(from(&segments, "CAS", 3), expected);
}

// Nothing is paid, so no money moves: H and NON, but a trace number all the same. A line that is denied is paid in no unit,
// and the two billed are told beside; nothing of the claim was covered, so neither AU nor B6.
#[test]
fn a_denied_claim_moves_no_money() {
    let mut ended = line("120", "0", "0", &[(Pr, "27", "120")]);
    ended.adjustments[0].rarcs = vec!["N30".into(), "N650".into(), "N30".into()];
    let mut denied = claim(1, "1", vec![ended]);
    denied.services[0].units = "2".into();
    denied.coverage_expired = "2026-02-28".into();
    denied.determination.as_mut().unwrap().rarcs = ["MA130", "MA61", "MA130"].map(Into::into).into();
    let segments = printed("denied", &remittance("NON", "0", vec![denied]));
    assert_eq!(from(&segments, "BPR", 2), ["BPR*H*0*C*NON************20260320", "TRN*1*PS0000000042*1123456789"]);
    assert_eq!(
        from(&segments, "MOA", 11),
        [
            "MOA***MA130*MA61",
            "DTM*232*20260302",
            "DTM*233*20260302",
            "DTM*036*20260228",
            "DTM*050*20260305",
            "SVC*HC:99213*120*0**0**2",
            "DTM*472*20260302",
            "CAS*PR*27*120",
            "REF*6R*L1",
            "LQ*HE*N30",
            "LQ*HE*N650",
        ]
    );
}

// A payment of 70.19 is taken back and 50.00 paid instead; the lack of 20.19 goes to the next remittance, and a lack of 10.00
// from the last one besides: 70.19 - 50 + 10 = 30.19 forwarded, nothing paid. CLP05 is empty in a reversal, its PR is not.
#[test]
fn a_reversal_negates_and_what_lacks_is_forwarded() {
    let reversed = line("-150", "-95.19", "-70.19", &[(Co, "45", "-54.81"), (Pr, "3", "-25")]);
    let corrected = line("150", "75", "50", &[(Co, "45", "75"), (Pr, "3", "25")]);
    let claims = vec![claim(1, "22", vec![reversed]), claim(1, "1", vec![corrected])];
    let advice = Remittance {
        provider_adjustments: vec![forward("PS0000000041", "10"), forward("PS0000000042", "-30.19")],
        ..remittance("NON", "0", claims)
    };
    let segments = printed("reversal", &advice);
    assert_eq!(from(&segments, "CLP", 1), ["CLP*PCN-1*22*-150*-70.19**12*2026000001*11*1"]);
    assert_eq!(from(&segments, "CAS", 2), ["CAS*CO*45*-54.81", "CAS*PR*3*-25"]);
    let plb = "PLB*1234567893*20261231*FB:PS0000000041*10*FB:PS0000000042*-30.19";
    assert_eq!(from(&segments, "PLB", 1), [plb]);
}

// 100.00 are paid late with 0.95 of interest, 5.00 that were withheld are released, and of an overpayment 30.00 are collected:
// 100 + 0.95 + 5 - 30 = 75.95 go from one account to the other. The interest is told with the claim and counted in PLB alone.
#[test]
fn interest_and_accounts_are_told_beside_the_claims() {
    let adjustment = |reason: &str, reference: &str, amount: &str| ProviderAdjustment {
        reason_code: reason.into(),
        ..forward(reference, amount)
    };
    let account = |routing: &str, number: &str, savings| {
        Some(BankAccount { routing_number: routing.into(), account_number: number.into(), savings })
    };
    let mut late = claim(1, "1", vec![line("150", "100", "100", &[(Co, "45", "50")])]);
    late.interest_cents = usd("0.95");
    let advice = Remittance {
        provider_adjustments: vec![
            adjustment("L6", "PS0000000042", "-0.95"),
            adjustment("E3", "PS0000000042", "-5"),
            adjustment("WO", "2026000009", "30"),
        ],
        from_account: account("011000015", "100200300", false),
        to_account: account("021000021", "123456789", true),
        ..remittance("ACH", "75.95", vec![late])
    };
    let segments = printed("interest", &advice);
    let bpr = "BPR*I*75.95*C*ACH*CCP*01*011000015*DA*100200300*1123456789**01*021000021*SG*123456789*20260320";
    assert_eq!(from(&segments, "BPR", 1), [bpr]);
    assert_eq!(from(&segments, "AMT", 2), ["AMT*I*0.95", "AMT*AU*150"]);
    let plb = "PLB*1234567893*20261231*L6:PS0000000042*-0.95*E3:PS0000000042*-5*WO:2026000009*30";
    assert_eq!(from(&segments, "PLB", 1), [plb]);
    let untold = Remittance { claims: vec![], ..advice };
    assert!(balances(&untold).unwrap_err().starts_with("interest (PLB L6): -0.95"));
}

// A recoupment is collected where no claim is paid: 80.00 that the payee owes are forwarded.
#[test]
fn a_remittance_may_carry_no_claim() {
    let collected = ProviderAdjustment { reason_code: "WO".into(), ..forward("2026000009", "80") };
    let advice = Remittance {
        provider_adjustments: vec![collected, forward("PS0000000042", "-80")],
        ..remittance("NON", "0", vec![])
    };
    let plb = "PLB*1234567893*20261231*WO:2026000009*80*FB:PS0000000042*-80";
    assert_eq!(from(&printed("no-claim", &advice), "PLB", 1), [plb]);
}

// Seven adjustments of 1.00 need two PLB: 8 - 7 = 1 is paid.
#[test]
fn more_than_six_provider_adjustments_go_on_in_a_second_segment() {
    let advice = Remittance {
        provider_adjustments: (1..=7).map(|number| forward(&format!("T{number}"), "1")).collect(),
        ..remittance("CHK", "1", vec![claim(1, "1", vec![line("8", "8", "8", &[])])])
    };
    let segments = printed("many-adjustments", &advice);
    let plb = "PLB*1234567893*20261231*FB:T1*1*FB:T2*1*FB:T3*1*FB:T4*1*FB:T5*1*FB:T6*1";
    assert_eq!(from(&segments, "PLB", 2), [plb, "PLB*1234567893*20261231*FB:T7*1"]);
}

// Names longer than their elements are cut (60 and 35 characters), separators in data become blanks, and what is not ASCII
// a question mark: nothing in the data can break the interchange.
#[test]
fn data_that_does_not_fit_is_made_to_fit() {
    let mut claim = claim(1, "1", vec![line("10", "10", "10", &[])]);
    claim.patient_name = Some(Name {
        last: "O*BRIEN~".repeat(9),
        first: "ANNE:MARIE^".repeat(4),
        middle: "É".into(),
        suffix: "JR~".into(),
    });
    claim.patient_control_number = "A*B:C~D^E".into();
    let segments = printed("separators", &remittance("CHK", "10", vec![claim]));
    assert_eq!(from(&segments, "CLP", 1), ["CLP*A B C D E*1*10*10**12*2026000001*11*1"]);
    let last = "O BRIEN O BRIEN O BRIEN O BRIEN O BRIEN O BRIEN O BRIEN O BR";
    let first = "ANNE MARIE ANNE MARIE ANNE MARIE AN";
    assert_eq!(from(&segments, "NM1*QC", 1), [format!("NM1*QC*1*{last}*{first}*?**JR*MI*M0001")]);
}

// The subscriber's own NM1, services over several days, and a payee known by its tax number alone.
#[test]
fn who_and_when_are_told_where_they_differ() {
    let mut claim = claim(1, "1", vec![line("10", "10", "10", &[])]);
    claim.subscriber_name = Some(name("SAMPLE", "OTTO"));
    claim.subscriber_member_id = "M0000".into();
    claim.rendering_provider =
        Some(ProviderReference { npi: "1234567893".into(), name: Some(name("EXAMPLE LAB", "")), ..Default::default() });
    claim.services[0].service_end_date = "2026-03-04".into();
    claim.services[0].units = "1.0".into();
    let mut advice = remittance("CHK", "10", vec![claim]);
    advice.payee.as_mut().unwrap().npi.clear();
    let segments = printed("who-and-when", &advice);
    assert_eq!(from(&segments, "N1*PE", 1), ["N1*PE*EXAMPLE CLINIC*FI*987654321"]);
    assert!(!segments.iter().any(|segment| segment.starts_with("REF*TJ")));
    assert_eq!(
        from(&segments, "NM1*QC", 3),
        [
            "NM1*QC*1*SAMPLE*PETRA****MI*M0001",
            "NM1*IL*1*SAMPLE*OTTO****MI*M0000",
            "NM1*82*2*EXAMPLE LAB*****XX*1234567893"
        ]
    );
    assert_eq!(from(&segments, "SVC", 3), ["SVC*HC:99213*10*10**1", "DTM*150*20260302", "DTM*151*20260304"]);
}

// CLP06 has no CI, BL, FI or 11: every plan type of a claim must come out as one that it has.
#[test]
fn every_kind_of_plan_has_its_place_in_clp06() {
    let kinds = [("CI", "12"), ("BL", "12"), ("FI", "OF"), ("11", "ZZ"), ("", "ZZ"), ("MB", "MB"), ("HM", "HM")];
    let claims = (1..).zip(kinds).map(|(number, (kind, _))| RemittanceClaim {
        claim_filing_indicator: kind.into(),
        ..claim(number, "1", vec![line("1", "1", "1", &[])])
    });
    let segments = printed("kinds", &remittance("CHK", "7", claims.collect()));
    let told: Vec<_> = segments.iter().filter_map(|segment| segment.strip_prefix("CLP*")?.split('*').nth(5)).collect();
    assert_eq!(told, kinds.map(|(_, told)| told));
}

// A cent too much on a line, a claim or the whole is found, and the place is named.
#[test]
fn an_advice_a_cent_off_does_not_balance() {
    let good = remittance(
        "CHK",
        "70",
        vec![claim(1, "1", vec![line("100", "90", "70", &[(Co, "45", "10"), (Pr, "2", "20")])])],
    );
    assert_eq!(balances(&good), Ok(()));
    let spoilt = |spoil: fn(&mut Remittance, &mut Determination)| {
        let mut advice = good.clone();
        let mut decision = advice.claims[0].determination.take().unwrap();
        spoil(&mut advice, &mut decision);
        advice.claims[0].determination = Some(decision);
        balances(&advice).unwrap_err()
    };
    assert!(spoilt(|_, decision| decision.lines[0].paid_cents += 1).contains("line 0 paid: 70.01, should be 70.00"));
    assert!(spoilt(|_, decision| decision.charge_cents += 1).contains("charge: 100.01"));
    assert!(spoilt(|_, decision| decision.paid_cents += 1).contains("paid: 70.01"));
    assert!(spoilt(|_, decision| decision.patient_responsibility_cents += 1).contains("patient: 20.01"));
    assert!(spoilt(|advice, _| advice.paid_cents += 1).contains("paid in all: 70.01"));
    assert!(spoilt(|advice, _| advice.provider_adjustments.push(forward("T", "0.01"))).contains("should be 69.99"));
    assert!(spoilt(|advice, _| advice.payment_method = "NON".into()).contains("70.00 by NON"));
}
