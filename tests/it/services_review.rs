//! Requests for authorization over X12: a 278 is answered by a 278, true to what the payer's rules say.

use payersim::payer::Caller;
use payersim::proto::v1 as pb;

use crate::interchange::{answers, demo, submit};

const EXAMPLE: &str = include_str!("../../examples/authorization.edi");

/// The example's head and one event of these segments, with the counts that it needs.
fn interchange(number: u32, body: &[&str]) -> String {
    let head = [
        "HL*1**20*1",
        "NM1*X3*2*DEMO MUTUAL HEALTH PLAN*****PI*DEMO1",
        "HL*2*1*21*1",
        "NM1*1P*2*GARDEN FAMILY PRACTICE*****XX*2000000028",
        "HL*3*2*22*1",
        "NM1*IL*1*PLACEHOLDER*BRUNO****MI*DM100301",
        "HL*4*3*EV*1",
    ];
    let body: String = head.iter().chain(body).map(|segment| format!("{segment}~\n")).collect();
    let count = body.lines().count() + 3;
    format!(
        "ISA*00*          *00*          *ZZ*SAMPLEOFFICE   *ZZ*DEMO1          *260715*0900*^*00501*{number:09}*0*T*:~\n\
         GS*HI*SAMPLEOFFICE*DEMO1*20260715*0900*{number}*X*005010X217~\nST*278*0001*005010X217~\n\
         BHT*0007*13*R{number}*20260715*0900~\n{body}SE*{count}*0001~\nGE*1*{number}~\nIEA*1*{number:09}~\n"
    )
}

/// The segments of the 278 that comes back, without terminators.
fn answered(payer: &std::sync::Arc<payersim::payer::Payer>, file: &str) -> Vec<String> {
    let taken = submit(payer, file.as_bytes()).unwrap();
    assert_eq!(taken[0].faults, [""; 0]);
    let text = answers(payer, &taken[0], pb::AnswerKind::AnswerKind278);
    text.lines().map(|line| line.trim_end_matches('~').to_owned()).collect()
}

fn with<'a>(segments: &'a [String], id: &str) -> Vec<&'a str> {
    segments.iter().map(String::as_str).filter(|segment| segment.split('*').next() == Some(id)).collect()
}

#[test]
fn the_example_is_decided_service_by_service() {
    let payer = demo(|_| ());
    let told = answered(&payer, EXAMPLE);
    // Two scans asked for and one certified, a visit that needs none, a scan that waits for a report, visits cut to twelve, nobody known.
    let numbers: Vec<&str> = with(&told, "REF").iter().map(|segment| segment.trim_start_matches("REF*NT*")).collect();
    let [brain, back, therapy] = numbers[..] else { panic!("{numbers:?}") };
    assert_eq!(
        with(&told, "HCR"),
        [
            "HCR*A6".to_owned(),
            format!("HCR*A6*{brain}-1*10"),
            "HCR*NA**0H".to_owned(),
            "HCR*A4**0U".to_owned(),
            "HCR*A4**0U".to_owned(),
            format!("HCR*A6*{therapy}*10"),
            format!("HCR*A6*{therapy}*10"),
        ]
    );
    assert_eq!(with(&told, "AAA"), ["AAA*N**75*C"]);
    assert_eq!(with(&told, "BHT"), ["BHT*0007*11*AUTH130*20260715*0000*19"], "more is to come");
    assert!(told.contains(&"SV1*HC:70551**UN*1".to_owned()) && told.contains(&"TRN*2*AUTH130-1*9SAMPLE001".to_owned()));
    // 20260715 and 59 days: 60 days are the most.
    assert!(told.contains(&"DTP*472*RD8*20260715-20260912".to_owned()));
    let name = format!("sandboxes/default/authorizationRequests/{back}");
    let known = payer.authorization_request(&Caller::anyone(), &name).unwrap();
    assert_eq!((known.trace_number.as_str(), known.level_of_service()), ("AUTH130-2", pb::LevelOfService::Urgent));
}

#[test]
fn the_same_interchange_is_answered_the_same_and_asks_nothing_twice() {
    let payer = demo(|_| ());
    let first = answered(&payer, EXAMPLE);
    assert_eq!(answered(&payer, EXAMPLE), first);
    let request = pb::ListAuthorizationRequestsRequest::default();
    let (all, _) = payer.authorization_requests(&Caller::anyone(), &request, None, 100).unwrap();
    assert_eq!(all.len(), 3);
}

#[test]
fn a_stay_is_asked_for_at_the_event_and_its_operation_below() {
    let payer = demo(|_| ());
    let stay = [
        "TRN*1*T1*9SAMPLE001",
        "UM*AR*I*2*21:B*****Y",
        "DTP*435*D8*20260720",
        "HI*ABK:M1711",
        "HSD*DY*3",
        "CL1*3",
        "PWK*RR*EL",
        "HL*5*4*SS*0",
        "SV2**HC:27447**UN*1",
    ];
    let told = answered(&payer, &interchange(1, &stay));
    let name = with(&told, "REF")[0].trim_start_matches("REF*NT*").to_owned();
    // The stay needs none by the plan, the knee is certified for 120 days at most: from the day of admission on, as no other is told.
    assert_eq!(with(&told, "HCR"), ["HCR*A1**0H".to_owned(), format!("HCR*A1*{name}-2")]);
    assert!(told.contains(&"HSD*DY*3".to_owned()) && told.contains(&"DTP*435*D8*20260720".to_owned()));
    assert!(told.contains(&"DTP*472*RD8*20260720-20261017".to_owned()), "ninety days: {told:#?}");
}

#[test]
fn a_number_is_taken_back_by_a_request_to_cancel() {
    let payer = demo(|_| ());
    let ask = ["TRN*1*T1*9SAMPLE001", "UM*HS*I**11:B*****Y", "HI*ABK:G43909", "HL*5*4*SS*0", "SV1*HC:70551**UN*1"];
    let told = answered(&payer, &interchange(1, &ask));
    let hcr = with(&told, "HCR")[0].to_owned();
    let number = hcr.trim_start_matches("HCR*A1*");
    let previous = format!("REF*BB*{number}");
    let cancel = ["TRN*1*T2*9SAMPLE001", "UM*HS*3**11:B*****Y", &previous, "HI*ABK:G43909", "HL*5*4*SS*0", ask[4]];
    assert_eq!(with(&answered(&payer, &interchange(2, &cancel)), "HCR")[0], format!("HCR*C*{number}*07"));
    let unknown = cancel.map(|segment| if segment == previous { "REF*BB*NONE" } else { segment });
    assert_eq!(with(&answered(&payer, &interchange(3, &unknown)), "AAA"), ["AAA*N**AA*C"]);
}

#[test]
fn what_cannot_be_asked_is_told_at_its_level() {
    let payer = demo(|_| ());
    let other = EXAMPLE.replace("PI*DEMO1", "PI*OTHER").replace("000000130", "000000131");
    let told = answered(&payer, &other);
    assert_eq!((with(&told, "AAA"), with(&told, "HL")), (vec!["AAA*N**79*C"], vec!["HL*1**20*0"]));
    let number = EXAMPLE.replace("XX*2000000028", "XX*2000000029").replace("000000130", "000000132");
    let told = answered(&payer, &number);
    assert_eq!((with(&told, "AAA"), with(&told, "HL").len()), (vec!["AAA*N**43*C"], 2));
    let codes = ["UM*HS*I**11:B*****Y", "HI*ABK:QQQ", "HL*5*4*SS*0", "SV1*HC:ABC**UN*1"];
    let told = answered(&payer, &interchange(1, &codes));
    assert_eq!(with(&told, "AAA"), ["AAA*N**AG*C"]);
    let name = EXAMPLE.replace("PLACEHOLDER*BRUNO", "PLACEHOLDER*BORIS").replace("000000130", "000000133");
    assert_eq!(with(&answered(&payer, &name), "AAA"), ["AAA*N**73*C", "AAA*N**75*C"]);
}

#[test]
fn what_breaks_the_guide_is_told_by_the_999_and_decided_by_nobody() {
    let payer = demo(|_| ());
    let file = EXAMPLE.replace("UM*SC*I", "UM*XX*I");
    let taken = submit(&payer, file.as_bytes()).unwrap();
    assert_eq!((taken[0].sets_rejected, taken[0].inquiries_answered), (1, 0));
    assert_eq!(answers(&payer, &taken[0], pb::AnswerKind::AnswerKind278), "");
    assert!(answers(&payer, &taken[0], pb::AnswerKind::AnswerKind999).contains("IK4*1*1525*7*XX~"));
}
