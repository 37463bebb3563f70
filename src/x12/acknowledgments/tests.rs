use super::*;
use crate::domain::dates::date;
use crate::proto::v1::*;
use crate::x12::claim_837::{Batch, ClaimReader};
use crate::x12::examination::{Examination, Examined};

const INTERCHANGE: &str = include_str!("../../../tests/data/professional.edi");

fn at() -> DateTime {
    date(2026, 3, 10).at(8, 30, 0, 0)
}

fn isa() -> Isa {
    Isa::read(INTERCHANGE.as_bytes(), 0).unwrap()
}

fn segments(interchange: &[u8]) -> Vec<String> {
    let lines = std::str::from_utf8(interchange).unwrap().lines();
    lines.map(|line| line.trim_end_matches('~').to_string()).collect()
}

/// The 999 to an interchange, without its ISA, GS, GE and IEA.
fn ack_999(input: &str) -> Vec<String> {
    let mut ack = Ack999::new(&answer_to(&isa(), at(), 4));
    let mut examination = Examination::new(input.as_bytes());
    while let Some(examined) = examination.read().unwrap() {
        match examined {
            Examined::GroupStart(group) => ack.start_group(&group),
            Examined::Set(set) => ack.set(&set),
            Examined::GroupEnd(group) => ack.end_group(&group),
            _ => {}
        }
    }
    let written = segments(&ack.finish().unwrap());
    written[2..written.len() - 2].to_vec()
}

#[test]
fn an_answer_changes_sides_and_is_a_test() {
    let answer = segments(&ta1(&answer_to(&isa(), at(), 4), &isa(), None));
    assert_eq!(
        answer,
        [
            "ISA*00*          *00*          *ZZ*PAYERSIM       *ZZ*SUBMITTER      *260310*0830*^*00501*000000004*0*T*:",
            "TA1*000000012*260309*0705*A*000",
            "IEA*0*000000004"
        ]
    );
    let fault = isa().production_fault();
    assert_eq!(fault, None);
    let fault = crate::x12::isa::InterchangeFault { note: "025", words: String::new() };
    assert_eq!(segments(&ta1(&answer_to(&isa(), at(), 4), &isa(), Some(&fault)))[1], "TA1*000000012*260309*0705*R*025");
}

#[test]
fn separators_that_our_data_needs_are_not_taken_over() {
    let odd = Isa::read(INTERCHANGE.replace("*^*00501", "*.*00501").as_bytes(), 0).unwrap();
    assert_eq!(odd.fault, None);
    assert_eq!(answer_to(&odd, at(), 1).delimiters, Delimiters::USUAL);
    let pipes = Isa::read(INTERCHANGE.replace('*', "|").as_bytes(), 0).unwrap();
    assert_eq!(answer_to(&pipes, at(), 1).delimiters.element, b'|');
}

#[test]
fn a_sound_set_is_acknowledged_as_accepted() {
    assert_eq!(
        ack_999(INTERCHANGE),
        [
            "ST*999*0001*005010X231A1",
            "AK1*HC*7*005010X222A1",
            "AK2*837*0001*005010X222A1",
            "IK5*A",
            "AK9*A*1*1*1",
            "SE*6*0001"
        ]
    );
}

#[test]
fn an_error_is_told_with_its_segment_its_claim_and_its_elements() {
    let defects = INTERCHANGE
        .replace("CLM*PCN-0002*80***22:B:7*Y", "CLM*PCN-0002*8O***22:B:77*Y")
        .replace("N3*4 NOWHERE LANE~\n", "");
    let defects = defects.replace("SE*89*", "SE*88*");
    assert_eq!(
        ack_999(&defects)[2..],
        [
            "AK2*837*0001*005010X222A1",
            // Segment 80 of the set was the N3; loop 2010CA has six characters, IK303 four.
            "IK3*N3*80**3",
            "IK3*CLM*82*2300*8",
            "CTX*CLM01:PCN-0002",
            "IK4*2*782*6*8O",
            "IK4*5:3*1325*5*77",
            "IK5*R*5",
            "AK9*R*1*1*0",
            "SE*11*0001"
        ]
    );
}

#[test]
fn a_group_counts_what_was_declared_received_and_taken() {
    let set = &INTERCHANGE[INTERCHANGE.find("ST*").unwrap()..INTERCHANGE.find("GE*").unwrap()];
    let second = set.replace("*0001", "*0002").replace("BHT*0019", "BHT*0020");
    let both = INTERCHANGE.replace("GE*1*7", &format!("{second}GE*2*7"));
    assert_eq!(ack_999(&both).iter().filter(|segment| segment.starts_with("IK5")).count(), 2);
    assert_eq!(ack_999(&both).iter().rev().nth(1).unwrap(), "AK9*P*2*2*1");
}

#[test]
fn a_group_with_a_fault_of_its_own_is_turned_away_without_a_word_on_its_sets() {
    let institutional = INTERCHANGE.replace("*X*005010X222A1", "*X*005010X224A2");
    assert_eq!(ack_999(&institutional)[1..], ["AK1*HC*7*005010X224A2", "AK9*R*1*1*0*2", "SE*4*0001"]);
    assert_eq!(ack_999(&INTERCHANGE.replace("GE*1*7", "GE*1*8"))[2..], ["AK9*R*1*1*0*4", "SE*4*0001"]);
}

#[test]
fn an_acknowledgment_is_not_acknowledged() {
    let mut ack = Ack999::new(&answer_to(&isa(), at(), 4));
    ack.start_group(&crate::x12::events::GroupHeader { functional_id: "FA".into(), ..Default::default() });
    assert_eq!(ack.finish(), None);
}

/// The claims of the test interchange: the first accepted, the second rejected for its patient and its line.
fn claims() -> (Batch, Vec<Claim>) {
    let mut examination = Examination::new(INTERCHANGE.as_bytes());
    let set = std::iter::from_fn(|| examination.read().unwrap()).find_map(|examined| match examined {
        Examined::Set(set) => Some(set),
        _ => None,
    });
    let set = set.unwrap();
    let mut reader = ClaimReader::new(INTERCHANGE.as_bytes(), set.trailer.span.clone(), set.delimiters);
    let mut claims = Vec::new();
    while let Some(read) = reader.read().unwrap() {
        claims.push(Claim { billed: Some(read.claim), ..Claim::default() });
    }
    claims[0].set_state(ClaimState::Pended);
    claims[0].control_number = "ICN0000009".into();
    claims[1].set_state(ClaimState::Rejected);
    let rejection = |codes: [&str; 3], words: &str, line| Rejection {
        category_code: codes[0].into(),
        status_code: codes[1].into(),
        entity_code: codes[2].into(),
        words: words.into(),
        field: String::new(),
        line,
    };
    claims[1].rejections = vec![
        rejection(["A7", "158", "QC"], "birth date: after the day of service", 0),
        rejection(["A7", "454", ""], "procedure code: no such code", 1),
    ];
    (reader.batch().clone(), claims)
}

fn ack_277ca(claims: &[Claim]) -> Vec<String> {
    let (batch, _) = self::claims();
    let mut ack = Ack277ca::new(&answer_to(&isa(), at(), 5));
    let transmission = Transmission {
        payer_name: "EXAMPLE PAYER",
        payer_id: "PAYER01",
        batch: &batch,
        reference: "A000000005",
        received: date(2026, 3, 9),
        processed: date(2026, 3, 10),
    };
    ack.set(&transmission, claims);
    let written = segments(&ack.finish().unwrap());
    written[1..written.len() - 2].to_vec()
}

#[test]
fn every_claim_is_acknowledged_under_its_provider_with_totals_above() {
    let (_, claims) = claims();
    assert_eq!(
        ack_277ca(&claims),
        [
            "GS*HN*PAYERSIM*SUBMITTER*20260310*0830*5*X*005010X214",
            "ST*277*0001*005010X214",
            "BHT*0085*08*A000000005*20260310*0830*TH",
            "HL*1**20*1",
            "NM1*PR*2*EXAMPLE PAYER*****PI*PAYER01",
            "TRN*1*A000000005",
            "DTP*050*D8*20260309",
            "DTP*009*D8*20260310",
            "HL*2*1*21*1",
            "NM1*41*2*EXAMPLE BILLING SERVICE*****46*SUB001",
            "TRN*2*BATCH0001",
            // 375.50 and 80.00 charged.
            "STC*A1:19:PR*20260310*WQ*455.5",
            "QTY*90*1",
            "QTY*AA*1",
            "AMT*YU*375.5",
            "AMT*YY*80",
            "HL*3*2*19*1",
            "NM1*85*2*MADE UP FAMILY CLINIC*****XX*1234567893",
            "TRN*1*0",
            "STC*A1:19:PR**WQ*455.5",
            "QTY*QA*1",
            "QTY*QC*1",
            "AMT*YU*375.5",
            "AMT*YY*80",
            "HL*4*3*PT",
            "NM1*QC*1*TESTERTON*TESSA*Q**JR*MI*MEM0001",
            "TRN*2*PCN-0001",
            "STC*A2:20:PR*20260310*WQ*375.5",
            "REF*1K*ICN0000009",
            "REF*D9*CH-0001",
            "DTP*472*RD8*20260301-20260302",
            "HL*5*3*PT",
            "NM1*QC*1*SAMPLESON*SKYE****MI*MEM0002",
            "TRN*2*PCN-0002",
            // A separator in our words becomes a space: it must not cut them.
            "STC*A7:158:QC*20260310*U*80******A7:454**birth date  after the day of service; procedure code  no such code",
            "DTP*472*D8*20260302",
            "SVC*HC:00170*80",
            "STC*A7:454**U",
            "DTP*472*D8*20260302",
            "SE*39*0001"
        ]
    );
}

#[test]
fn claims_of_one_provider_stand_together_wherever_they_came() {
    let (_, claims) = claims();
    let mut other = claims[0].clone();
    if let Some(claim::Billed::Professional(billed)) = &mut other.billed {
        billed.billing_provider.as_mut().unwrap().npi = "1000000087".into();
    }
    let written = ack_277ca(&[claims[0].clone(), other, claims[1].clone()]);
    let levels: Vec<&str> = written.iter().map(String::as_str).filter(|segment| segment.starts_with("HL")).collect();
    assert_eq!(levels[2..], ["HL*3*2*19*1", "HL*4*3*PT", "HL*5*3*PT", "HL*6*2*19*1", "HL*7*6*PT"]);
}

#[test]
fn a_fourth_reason_goes_to_a_second_status() {
    let (_, mut claims) = claims();
    let reason = claims[1].rejections[0].clone();
    claims[1].rejections =
        ["158", "164", "122", "33"].map(|code| Rejection { status_code: code.into(), ..reason.clone() }).into();
    let written = ack_277ca(&claims[1..]);
    let statuses: Vec<_> =
        written.iter().filter(|segment| segment.contains("*U*")).map(|s| s.split('*').next().unwrap()).collect();
    assert_eq!(statuses, ["STC", "STC"]);
}
