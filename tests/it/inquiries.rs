//! Questions over X12: a 270 is answered by a 271, a 276 by a 277, true to what the payer knows. linuxforhealth-x12 judges
//! every answer.

use std::cell::RefCell;
use std::ops::Deref;
use std::sync::Arc;

use payersim::payer::payment_run::Run;
use payersim::payer::{Caller, Payer};
use payersim::proto::v1 as pb;

use crate::checkers;
use crate::interchange::{answers, demo, submit};

const ELIGIBILITY: &str = include_str!("../../examples/eligibility.edi");
const CLAIM_STATUS: &str = include_str!("../../examples/claim-status.edi");
const OFFICE_VISIT: &str = include_str!("../../examples/office-visit.edi");
const WRONG_CODES: &str = include_str!("../../examples/wrong-codes.edi");

/// An interchange of one set of these levels, with the counts that it needs.
fn interchange(kind: &str, number: u32, body: &[&str]) -> String {
    let (group, guide, bht) = match kind {
        "270" => ("HS", "005010X279A1", "BHT*0022*13*Q1*20260715*0900"),
        _ => ("HR", "005010X212", "BHT*0010*13*Q1*20260715*0900"),
    };
    let count = (body.len() + 3).to_string();
    let head = format!(
        "ISA*00*          *00*          *ZZ*SAMPLEOFFICE   *ZZ*DEMO1          *260715*0900*^*00501*{number:09}*0*T*:~\n\
         GS*{group}*SAMPLEOFFICE*DEMO1*20260715*0900*{number}*X*{guide}~\nST*{kind}*0001*{guide}~\n{bht}~\n"
    );
    let tail = format!("SE*{count}*0001~\nGE*1*{number}~\nIEA*1*{number:09}~\n");
    head + &body.iter().map(|segment| format!("{segment}~\n")).collect::<String>() + &tail
}

const ASKERS: [&str; 4] = [
    "HL*1**20*1",
    "NM1*PR*2*DEMO MUTUAL HEALTH PLAN*****PI*DEMO1",
    "HL*2*1*21*1",
    "NM1*1P*2*HARBORSIDE SAMPLE CLINIC*****XX*2000000010",
];

/// A 270 about one subscriber.
fn about(number: u32, patient: &[&str]) -> String {
    let head = ["HL*3*2*22*0", "TRN*1*T1*9SAMPLE001"];
    interchange("270", number, &[&ASKERS, head.as_slice(), patient].concat())
}

/// The demo payer, and every 271 and 277 that it gave: at the end all are judged together.
struct Talk {
    payer: Arc<Payer>,
    told: RefCell<Vec<(String, String)>>,
}

impl Talk {
    fn new() -> Talk {
        Talk { payer: demo(|_| ()), told: RefCell::default() }
    }
}

impl Deref for Talk {
    type Target = Arc<Payer>;

    fn deref(&self) -> &Arc<Payer> {
        &self.payer
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        let told = self.told.take();
        if !told.is_empty() && !std::thread::panicking() {
            checkers::judge_inquiries(&told);
        }
    }
}

/// Sends one interchange and gives one kind of its answers, segment by segment.
fn told(payer: &Talk, file: &str, kind: pb::AnswerKind) -> Vec<String> {
    let taken = submit(payer, file.as_bytes()).unwrap();
    assert_eq!((taken.len(), taken[0].state()), (1, pb::InterchangeState::Done), "{taken:?}");
    let text = answers(payer, &taken[0], kind);
    if !text.is_empty() && kind != pb::AnswerKind::AnswerKind999 {
        let mut told = payer.told.borrow_mut();
        let name = format!("{}.edi", told.len());
        told.push((name, text.clone()));
    }
    text.split('~').map(|segment| segment.trim().to_owned()).filter(|segment| !segment.is_empty()).collect()
}

fn eligibility(payer: &Talk, file: &str) -> Vec<String> {
    told(payer, file, pb::AnswerKind::AnswerKind271)
}

#[track_caller]
fn has(told: &[String], segments: &[&str]) {
    for segment in segments {
        assert!(told.iter().any(|told| told == segment), "no {segment} in\n{}", told.join("\n"));
    }
}

fn starts<'t>(told: &'t [String], begins: &str) -> Vec<&'t str> {
    told.iter().filter(|segment| segment.starts_with(begins)).map(String::as_str).collect()
}

#[test]
fn the_examples_are_answered_and_every_answer_passes_the_checkers() {
    let payer = Talk::new();
    submit(&payer, OFFICE_VISIT.as_bytes()).unwrap();
    let mut acknowledgments = Vec::new();
    for (file, kind, asked) in
        [(ELIGIBILITY, pb::AnswerKind::AnswerKind271, 5), (CLAIM_STATUS, pb::AnswerKind::AnswerKind277, 3)]
    {
        let taken = submit(&payer, file.as_bytes()).unwrap();
        assert_eq!((taken[0].inquiries_answered, taken[0].sets_rejected), (asked, 0), "{:?}", taken[0]);
        checkers::judge_inquiries(&[("answer.edi".to_owned(), answers(&payer, &taken[0], kind))]);
        checkers::judge_inquiries(&[("question.edi".to_owned(), file.to_owned())]);
        let ack = answers(&payer, &taken[0], pb::AnswerKind::AnswerKind999);
        assert!(ack.contains("AK9*A*1*1*1"), "{ack}");
        acknowledgments.push((format!("{asked}.999.edi"), ack));
        let again = submit(&payer, file.as_bytes()).unwrap();
        assert!(again[0].repeated && again[0].inquiries_answered == asked);
    }
    checkers::judge(&acknowledgments);
}

// The visit took 101.57 of Testa's deductible of 500.00, and of her maximum of 3,000.00 the 25.00 copay, 101.57 and 1.28.
#[test]
fn deductible_and_maximum_are_told_with_what_is_used_and_left() {
    let payer = Talk::new();
    let asked = |number| about(number, &["NM1*IL*1*MUSTER*TESTA****MI*DM100101", "DMG*D8*19840312", "EQ*30"]);
    let fresh = eligibility(&payer, &asked(1));
    has(&fresh, &["EB*C*IND*30***23*500*****Y", "EB*C*IND*30***24*0*****Y", "EB*C*IND*30***29*500*****Y"]);
    submit(&payer, OFFICE_VISIT.as_bytes()).unwrap();
    let after = eligibility(&payer, &asked(2));
    has(
        &after,
        &[
            "TRN*2*T1*9SAMPLE001",
            "NM1*IL*1*Muster*Testa****MI*DM100101",
            "REF*6P*G-PPO",
            "DMG*D8*19840312*F",
            "DTP*346*D8*20240101",
            "EB*1*IND*30*PR*Harbor PPO",
            "EB*C*IND*30***24*101.57*****Y",
            "EB*C*IND*30***29*398.43*****Y",
            "EB*C*FAM*30***23*1000*****Y",
            "EB*C*FAM*30***29*898.43*****Y",
            "EB*G*IND*30***24*127.85*****Y",
            "EB*G*IND*30***29*2872.15*****Y",
            "EB*C*IND*30***23*1500*****N",
            // The office: a copay in network, without the deductible; coinsurance outside.
            "EB*1*IND*98********N",
            "EB*B*IND*98***27*25*****Y",
            "EB*C*IND*98***23*0*****Y",
            "EB*A*IND*98*****0.4****N",
            // Therapy has 20 visits, hearing aids are not covered, equipment is paid up to 1,500.00.
            "EB*F*IND*PT***23***VS*20",
            "EB*F*IND*PT***29***VS*20",
            "EB*I*IND*71",
            "EB*F*IND*12***23*1500",
        ],
    );
}

#[test]
fn each_service_type_that_is_asked_has_its_own_segments_and_no_other() {
    let payer = Talk::new();
    let told = eligibility(&payer, &about(1, &["NM1*IL*1*MUSTER*TESTA****MI*DM100101", "EQ*98^UC"]));
    has(&told, &["EB*B*IND*98***27*25*****Y", "EB*B*IND*UC***27*60*****Y"]);
    assert!(starts(&told, "EB*B*IND*86").is_empty() && starts(&told, "EB*F").is_empty(), "{told:?}");
    // 33 is nobody's: the plan as a whole is told, and that it is.
    let told = eligibility(&payer, &about(2, &["NM1*IL*1*MUSTER*TESTA****MI*DM100101", "EQ*33"]));
    has(&told, &["MSG*THE PLAN DOES NOT TELL SERVICE TYPE 33 APART", "EB*B*IND*86***27*250*****Y"]);
}

#[test]
fn gated_plans_tell_the_primary_care_provider_authorizations_and_referrals() {
    let payer = Talk::new();
    let told = eligibility(&payer, &about(1, &["NM1*IL*1*PLACEHOLDER*BRUNO****MI*DM100301", "EQ*62"]));
    has(&told, &["EB*1*IND*30*HM*Garden HMO", "EB*1*IND*62********Y", "EB*B*IND*62***27*100*****Y", "LS*2120"]);
    assert_eq!(starts(&told, "NM1*P3*1*").len(), 1, "{told:?}");
    has(&told, &["MSG*NEEDS A REFERRAL BY THE PRIMARY CARE PROVIDER"]);
}

#[test]
fn another_payer_is_named_with_its_place() {
    let payer = Talk::new();
    let told = eligibility(&payer, &about(1, &["NM1*IL*1*TWOPAYERS*IRMA****MI*DM101002", "EQ*30"]));
    has(&told, &["EB*R*IND*30", "DTP*290*D8*20240101", "NM1*PRP*2*Other Example Insurance*****PI*OTHR1"]);
}

#[test]
fn a_dependent_is_found_in_the_family_and_told_below_the_subscriber() {
    let payer = Talk::new();
    let asked = |number, name: &str, birth: &str| {
        let below = [
            "HL*3*2*22*1",
            "NM1*IL*1*MUSTER*TESTA****MI*DM100101",
            "HL*4*3*23*0",
            "TRN*1*T2*9SAMPLE001",
            &format!("NM1*03*1*MUSTER*{name}"),
            &format!("DMG*D8*{birth}"),
            "EQ*98",
        ];
        interchange("270", number, &[&ASKERS, below.as_slice()].concat())
    };
    let told = eligibility(&payer, &asked(1, "TESTINA", "20120630"));
    has(&told, &["HL*3*2*22*1", "HL*4*3*23*0", "NM1*03*1*Muster*Testina", "DMG*D8*20120630*F", "INS*N*19"]);
    has(&told, &["EB*B*IND*98***27*25*****Y"]);
    has(&eligibility(&payer, &asked(2, "TESTINA", "20120701")), &["AAA*N**71*C"]);
    has(&eligibility(&payer, &asked(3, "TERESA", "20120630")), &["AAA*N**65*C"]);
    has(&eligibility(&payer, &asked(4, "TERESA", "20120701")), &["AAA*N**67*C"]);
}

#[test]
fn what_cannot_be_answered_says_why_and_what_to_do() {
    let payer = Talk::new();
    let testa = "NM1*IL*1*MUSTER*TESTA****MI*DM100101";
    for (number, patient, expected) in [
        (1, vec!["NM1*IL*1*NOBODY*NORA****MI*DM999999", "EQ*30"], "AAA*N**75*C"),
        (2, vec![testa, "DMG*D8*19840313", "EQ*30"], "AAA*N**71*C"),
        (3, vec!["NM1*IL*1*MUSTERMANN*TESTA****MI*DM100101", "EQ*30"], "AAA*N**73*C"),
        (4, vec!["NM1*IL*1*MUSTER*TESTA", "DMG*D8*19840312", "EQ*30"], "AAA*N**72*C"),
        // The clock stands at 2026-07-15: a year ahead is answered, two years back are.
        (5, vec![testa, "DTP*291*D8*20270801", "EQ*30"], "AAA*Y**63*R"),
        (6, vec![testa, "DTP*291*D8*20240714", "EQ*30"], "AAA*Y**62*N"),
        (7, vec!["NM1*IL*1*EXAMPLE*ARIA****MI*DM100203", "DTP*291*D8*20260630", "EQ*30"], "AAA*N**60*C"),
        (8, vec![testa, "EQ**HC:99999"], "AAA*N**55*C"),
        (9, vec![testa, "EQ**N4:00000000000"], "AAA*N**54*C"),
    ] {
        let told = eligibility(&payer, &about(number, &patient));
        assert_eq!(starts(&told, "AAA"), [expected], "{told:?}");
        assert!(starts(&told, "EB*1").is_empty());
    }
    let whole = about(10, &[testa, "EQ*30"]);
    let told = eligibility(&payer, &whole.replacen("PI*DEMO1", "PI*ELSEWHERE", 1));
    assert_eq!((starts(&told, "AAA"), starts(&told, "HL").len()), (vec!["AAA*N**79*C"], 2), "{told:?}");
    let told = eligibility(&payer, &about(11, &[testa, "EQ*30"]).replacen("XX*2000000010", "XX*2000000011", 1));
    assert_eq!((starts(&told, "AAA"), starts(&told, "HL").len()), (vec!["AAA*N**43*C"], 2), "{told:?}");
}

#[test]
fn coverage_that_has_ended_is_inactive_and_no_error() {
    let payer = Talk::new();
    let told = eligibility(&payer, &about(1, &["NM1*IL*1*FORMERLY*DORA****MI*DM100901", "EQ*30"]));
    has(&told, &["EB*6*IND*30"]);
    assert!(starts(&told, "AAA").is_empty(), "{told:?}");
}

#[test]
fn a_faulty_question_is_told_its_place_and_gets_no_answer() {
    let payer = Talk::new();
    let testa = "NM1*IL*1*MUSTER*TESTA****MI*DM100101";
    let bad = about(1, &[testa, "EQ*30^QQ"]);
    let ack = told(&payer, &bad, pb::AnswerKind::AnswerKind999);
    // Of the set, ST is 1: BHT, two levels of two, then HL, TRN, NM1, and EQ is 10.
    has(&ack, &["IK3*EQ*10**8", "IK4*1*1365*7*QQ", "IK5*R*5"]);
    assert!(eligibility(&payer, &bad).is_empty());
    let orphan = about(2, &[testa, "EQ*30"]).replacen("HL*3*2*22*0", "HL*3*1*22*0", 1);
    has(&told(&payer, &orphan, pb::AnswerKind::AnswerKind999), &["IK4*2*734*7*1"]);
}

/// A 276 for one claim of Testa's by its own number.
fn status_of(number: u32, own_number: &str, more: &[&str]) -> String {
    let trace = ["TRN*1*S1".to_owned(), format!("REF*EJ*{own_number}")];
    let asked = [
        "HL*1**20*1",
        "NM1*PR*2*DEMO MUTUAL HEALTH PLAN*****PI*DEMO1",
        "HL*2*1*21*1",
        "NM1*41*2*SAMPLE BILLING OFFICE*****46*SAMPLEOFFICE",
        "HL*3*2*19*1",
        "NM1*1P*2*HARBORSIDE SAMPLE CLINIC*****XX*2000000010",
        "HL*4*3*22*0",
        "DMG*D8*19840312*F",
        "NM1*IL*1*MUSTER*TESTA****MI*DM100101",
        &trace[0],
        &trace[1],
    ];
    interchange("276", number, &[&asked, more].concat())
}

fn status(payer: &Talk, number: u32, own_number: &str) -> Vec<String> {
    told(payer, &status_of(number, own_number, &[]), pb::AnswerKind::AnswerKind277)
}

/// The office visit under other numbers, its services two days later for each.
fn visit(number: u32, own_number: &str) -> String {
    let day = format!("202607{:02}", number % 10 + 1);
    OFFICE_VISIT
        .replace("000000101", &format!("{number:09}"))
        .replacen("CLM*VISIT-101", &format!("CLM*{own_number}"), 1)
        .replace("20260710", &day)
}

// Line 1 pays 116.10, line 2 goes to the deductible, line 3 pays 11.47: 127.57 in all.
#[test]
fn a_claim_is_decided_then_paid_and_its_lines_are_told() {
    let payer = Talk::new();
    let taken = submit(&payer, OFFICE_VISIT.as_bytes()).unwrap();
    let number = taken[0].claims[0].rsplit('/').next().unwrap().to_owned();
    let before = status(&payer, 1, "VISIT-101");
    has(
        &before,
        &[
            "TRN*2*S1",
            "STC*F0:3*20260715**350*127.57*20260715",
            &format!("REF*1K*{number}"),
            "REF*EJ*VISIT-101",
            "DTP*472*D8*20260710",
            "SVC*HC:99213:25*150*116.1****1",
            "STC*F0:3*20260715",
            "STC*F4:98*20260715",
            "REF*FJ*VISIT-101-1",
        ],
    );
    let run = Run { payee_ids: vec![], include_not_due: true };
    let paid = payer.run_payments(&Caller::anyone(), "", &run).unwrap();
    let after = status(&payer, 2, "VISIT-101");
    has(
        &after,
        &[
            "STC*F1:65*20260715**350*127.57*20260715**20260715",
            &format!("REF*VV*{}", paid[0].trace_number),
            "STC*F1:65*20260715",
        ],
    );
    let asked = pb::GetClaimStatusRequest { control_number: number, ..Default::default() };
    let told = payer_status(&payer, &asked);
    assert_eq!((told.claims.len(), told.claims[0].trace_number.as_str()), (1, paid[0].trace_number.as_str()));
    assert_eq!(told.claims[0].lines.len(), 3);
}

fn payer_status(payer: &Payer, asked: &pb::GetClaimStatusRequest) -> pb::GetClaimStatusResponse {
    payer.claim_status(&Caller::anyone(), asked).unwrap()
}

#[test]
fn denied_pended_turned_away_taken_back_and_unknown_claims_each_have_their_codes() {
    let payer = Talk::new();
    let taken = submit(&payer, visit(204, "VISIT-204").as_bytes()).unwrap();
    let name = taken[0].claims[0].clone();
    let run = Run { payee_ids: vec![], include_not_due: true };
    payer.run_payments(&Caller::anyone(), "", &run).unwrap();
    let reverse = pb::ReverseClaimRequest { name, reason: "billed in error".to_owned(), ..Default::default() };
    payer.reverse_claim(&Caller::anyone(), &reverse).unwrap();
    submit(&payer, visit(201, "VISIT-201+CO29").as_bytes()).unwrap();
    submit(&payer, visit(202, "VISIT-202+PEND").as_bytes()).unwrap();
    submit(&payer, visit(203, "VISIT-203").replace("XX*2000000028", "XX*2000000029").as_bytes()).unwrap();
    for (number, own_number, codes) in [
        (1, "VISIT-201+CO29", "STC*F2:718*20260715**350*0*20260715"),
        (2, "VISIT-202+PEND", "STC*P2:46*20260715**350"),
        (3, "VISIT-203", "STC*A7:562:82*20260715**350"),
        (4, "VISIT-204", "STC*F3:9*20260715**350*0*20260715"),
        (5, "VISIT-205", "STC*A4:35*20260715"),
    ] {
        let told = status(&payer, number, own_number);
        assert_eq!(starts(&told, "STC").first(), Some(&codes), "{told:?}");
    }
    // Who is not a member has no claims to be looked for.
    let stranger = status_of(6, "VISIT-201", &[]).replacen("MI*DM100101", "MI*DM999999", 1);
    let told = told(&payer, &stranger, pb::AnswerKind::AnswerKind277);
    assert_eq!(starts(&told, "STC"), ["STC*D0:33*20260715"], "{told:?}");
}

#[test]
fn a_claim_is_found_by_member_days_and_charge_and_by_no_other_members_number() {
    let payer = Talk::new();
    submit(&payer, OFFICE_VISIT.as_bytes()).unwrap();
    submit(&payer, WRONG_CODES.as_bytes()).unwrap();
    let asked = |from: &str, charge_cents| pb::GetClaimStatusRequest {
        member_id: "DM100101".to_owned(),
        provider_npi: "2000000010".to_owned(),
        service_from: from.to_owned(),
        charge_cents,
        ..Default::default()
    };
    let found =
        |asked| payer_status(&payer, &asked).claims.into_iter().map(|c| c.patient_control_number).collect::<Vec<_>>();
    assert_eq!(found(asked("2026-07-10", 35_000)), ["VISIT-101"]);
    assert!(found(asked("2026-07-10", 35_001)).is_empty() && found(asked("2026-07-09", 35_000)).is_empty());
    let other = pb::GetClaimStatusRequest {
        patient_control_number: "VISIT-101".to_owned(),
        member_id: "DM100201".to_owned(),
        ..Default::default()
    };
    let told = payer_status(&payer, &other);
    assert_eq!(told.not_found.unwrap().category_code, "A4");
    let nothing = payer.claim_status(&Caller::anyone(), &pb::GetClaimStatusRequest::default()).unwrap_err();
    assert!(nothing.to_string().contains("control_number"), "{nothing}");
}
