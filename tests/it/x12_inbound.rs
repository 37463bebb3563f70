//! 837Ps and 837Is from the door to their answers: what comes in is examined and mapped, what goes out passes other people's checkers.

use std::path::Path;
use std::{env, fs};

use payersim::domain::dates::date;
use payersim::proto::v1::{Claim, ClaimState, Rejection};
use payersim::x12::acknowledgments::{Ack277ca, Ack999, Transmission, answer_to, ta1};
use payersim::x12::claim_837::{ClaimReader, ReadClaim};
use payersim::x12::examination::{Examination, Examined, SetReport};
use payersim::x12::isa::Isa;

use crate::checkers;

const SOUND: &str = include_str!("../data/professional.edi");
const INSTITUTIONAL: &str = include_str!("../data/institutional.edi");

/// What became of an input.
#[derive(Default)]
struct Outcome {
    /// One line for each stretch of bytes, interchange, group, set and claim, in order.
    told: Vec<String>,
    /// Everything that goes back.
    answers: Vec<String>,
    claims: Vec<Claim>,
}

/// Takes an input in as the payer does, but for production data, which it accepts; every second claim is rejected.
fn take_in(input: &[u8]) -> Outcome {
    let mut outcome = Outcome::default();
    let mut examination = Examination::new(input);
    let mut open: Option<(Isa, Ack999)> = None;
    let mut sets: Vec<SetReport> = Vec::new();
    let at = date(2026, 3, 10).at(8, 30, 0, 0);
    while let Some(examined) = examination.read().unwrap() {
        match examined {
            Examined::Stray(stray) => outcome.told.push(format!("stray: {}", stray.words)),
            Examined::Acknowledgment(segment) => outcome.told.push(segment),
            Examined::InterchangeStart(isa) => open = Some((isa.clone(), Ack999::new(&answer_to(&isa, at, 1)))),
            Examined::GroupStart(group) => open.as_mut().unwrap().1.start_group(&group),
            Examined::Set(set) => {
                open.as_mut().unwrap().1.set(&set);
                sets.push(set);
            }
            Examined::GroupEnd(group) => {
                open.as_mut().unwrap().1.end_group(&group);
                outcome.told.push(format!("group {} {} {:?}", group.header.control_number, group.code(), group.faults));
                if !group.faults.is_empty() {
                    sets.clear();
                }
            }
            Examined::InterchangeEnd(trailer) => {
                let (isa, ack) = open.take().unwrap();
                outcome.told.push(format!("interchange {} {:?}", isa.control_number, trailer.fault));
                outcome.answers.push(text(ta1(&answer_to(&isa, at, 2), &isa, trailer.fault.as_ref())));
                if trailer.fault.is_none() {
                    outcome.answers.extend(ack.finish().map(text));
                    acknowledge_claims(&mut outcome, input, &isa, &sets);
                }
                sets.clear();
            }
        }
    }
    outcome
}

fn text(interchange: Vec<u8>) -> String {
    String::from_utf8(interchange).unwrap()
}

fn acknowledge_claims(outcome: &mut Outcome, input: &[u8], isa: &Isa, sets: &[SetReport]) {
    let day = date(2026, 3, 10);
    let mut ack = Ack277ca::new(&answer_to(isa, day.at(8, 30, 0, 0), 3));
    for set in sets {
        let number = &set.header.control_number;
        outcome.told.push(format!("set {number} {:?}", set.codes()));
        if !set.is_accepted() {
            continue;
        }
        let mut reader = ClaimReader::new(input, set.trailer.span.clone(), set.delimiters);
        let mut claims = Vec::new();
        while let Some(read) = reader.read().unwrap() {
            outcome.told.push(format!("claim {} {}", read.index, read.claim.patient_control_number()));
            claims.push(decided(read));
        }
        assert_eq!(claims.len(), set.checked.claims as usize, "every claim has an outcome");
        let batch = reader.batch();
        let reference = "A1";
        let (payer_name, payer_id) = ("EXAMPLE PAYER", "PAYER01");
        let transmission = Transmission { payer_name, payer_id, batch, reference, received: day, processed: day };
        ack.set(&transmission, &claims);
        outcome.claims.extend(claims);
    }
    outcome.answers.extend(ack.finish().map(text));
}

/// The first, third … claim is taken in; the others are rejected for the billing provider and for their first line.
fn decided(read: ReadClaim) -> Claim {
    let is_accepted = read.index % 2 == 1;
    let rejection = |category: &str, status: &str, entity: &str, line| Rejection {
        category_code: category.into(),
        status_code: status.into(),
        entity_code: entity.into(),
        words: "not as it should be".into(),
        field: String::new(),
        line,
    };
    let mut claim = Claim { billed: Some(read.claim), ..Claim::default() };
    if is_accepted {
        claim.control_number = "ICN0000001".into();
        claim.set_state(ClaimState::Denied);
    } else {
        claim.set_state(ClaimState::Rejected);
        claim.rejections = vec![rejection("A7", "562", "85", 0), rejection("A6", "454", "", 1)];
    }
    claim
}

/// Two of the sound set's claims, and defects of every kind, each with the words it is found by.
fn defects() -> Vec<String> {
    let with = |from: &str, to: &str| {
        assert!(SOUND.contains(from), "{from}");
        SOUND.replacen(from, to, 1)
    };
    vec![
        with("*T*:~", "*X*:~"),
        with("*00501*", "*00401*"),
        with("IEA*1*000000012~\n", ""),
        with("IEA*1*", "IEA*2*"),
        with("*X*005010X222A1", "*X*005010X224A2"),
        with("GS*HC*", "GS*HS*"),
        with("GE*1*7", "GE*3*7"),
        with("SE*89*0001", "SE*90*0002"),
        with("ST*837*0001*005010X222A1", "ST*837*0001*005010X222"),
        with("HI*ABK:S83511A*ABF:M25561~\n", ""),
        with("N3*1 SAMPLE ROAD*SUITE 2~\n", ""),
        with("11:B:1", "11:B"),
        with("11:B:1", ""),
        with("*375.5*", "*375.555*"),
        with("*375.5*", "*37555555555555555555*"),
        with("DTP*439*D8*20260104~\n", ""),
        with("D8*20260105", "D8*20260231"),
        with("AMT*F5*25~\n", "AMT*F5*25~\nXYZ*1~\nAMT*F5*25~\nAMT*F5*25~\n"),
        with("AMT*F5*25~\n", "AMT*F5*25~\nTOOLONG*1~\n"),
        with("REF*9F*REFERRAL1~", "REF*ZZ*REFERRAL1~"),
        with("PAT*19~", "PAT*19*X~"),
        with("*1***1:2**Y~", "*1***1:2:3:4:5**Y~"),
        with("TESTERTON*TESSA", "T\u{c9}STER\u{7}TON*TESSA"),
        with("HL*4*3*23*0", "HL*5*2*23*0"),
        with("LX*2~", "LX*3~"),
        with("SBR*P*18*GRP01", "SBR*P**GRP01"),
        with("NM1*DQ*1*SUPERVISOR", "NM1*ZZ*1*SUPERVISOR"),
        with("PCN-0001*375.5", "PCN-0001 with a number of 38 characters*bad"),
    ]
}

#[test]
fn the_sound_interchange_is_taken_in_whole() {
    let outcome = take_in(SOUND.as_bytes());
    assert_eq!(
        outcome.told,
        ["group 7 A []", "interchange 000000012 None", "set 0001 []", "claim 1 PCN-0001", "claim 2 PCN-0002"]
    );
}

#[test]
fn the_sound_institutional_interchange_is_taken_in_whole() {
    let outcome = take_in(INSTITUTIONAL.as_bytes());
    assert_eq!(
        outcome.told,
        ["group 8 A []", "interchange 000000013 None", "set 0001 []", "claim 1 STAY-0001", "claim 2 VISIT-0002"]
    );
    // The 277CA tells the kind of bill and the days of the statement; a rejected line by its revenue code and procedure.
    let ack = outcome.answers.last().unwrap();
    for segment in ["REF*BLT*111~", "DTP*472*RD8*20260301-20260304~", "REF*BLT*131~", "SVC*HC:99284:25*700**0450~"] {
        assert!(ack.contains(segment), "{segment} is missing in\n{ack}");
    }
}

#[test]
fn every_acknowledgment_passes_the_checkers() {
    let mut files = vec![("sound.837".to_string(), SOUND.to_string())];
    for (input, number) in [SOUND.to_string()].into_iter().chain(defects()).zip(0..) {
        let outcome = take_in(input.as_bytes());
        assert_eq!(outcome.claims.is_empty(), number > 0, "defect {number}: {:#?}", outcome.told);
        files.extend(outcome.answers.into_iter().zip(0..).map(|(answer, i)| (format!("{number}-{i}.x12"), answer)));
    }
    files.push(("sound.837i".to_string(), INSTITUTIONAL.to_string()));
    let no_day_of_admission = INSTITUTIONAL.replace("DTP*435*DT*202603010830~\n", "").replace("SE*110*", "SE*109*");
    let line_without_procedure = INSTITUTIONAL.replace("*HC:99284:25*", "**");
    for (input, name) in [INSTITUTIONAL, &no_day_of_admission, &line_without_procedure].into_iter().zip(["a", "b", "c"])
    {
        let outcome = take_in(input.as_bytes());
        assert_eq!(outcome.claims.is_empty(), name == "b", "{:#?}", outcome.told);
        files.extend(outcome.answers.into_iter().zip(0..).map(|(answer, i)| (format!("{name}-{i}.x12"), answer)));
    }
    checkers::judge(&files);
}

#[test]
fn files_of_others_all_have_an_outcome() {
    let Some(folder) = env::var_os("PAYERSIM_X12_SAMPLES") else {
        println!("PAYERSIM_X12_SAMPLES names no folder of 837Ps: only our own were read");
        return;
    };
    let mut answers = Vec::new();
    for (name, bytes) in files_under(Path::new(&folder)) {
        let outcome = take_in(&bytes);
        assert!(!outcome.told.is_empty(), "{name}: nothing was said");
        println!("{name}\n  {}", outcome.told.join("\n  "));
        answers.extend(outcome.answers.into_iter().zip(0..).map(|(answer, i)| (format!("{name}-{i}.x12"), answer)));
    }
    checkers::judge(&answers);
}

/// Every file of a folder and its folders, by name.
fn files_under(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let files = paths.into_iter().flat_map(|path| match path.is_dir() {
        true => files_under(&path),
        false => vec![(path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap())],
    });
    files.collect()
}

proptest::proptest! {
    #[test]
    fn a_file_with_bytes_changed_lost_or_added_always_has_an_outcome(
        institutional: bool,
        changes in proptest::collection::vec((0..SOUND.len(), 0..4_u8, proptest::prelude::any::<u8>()), 1..12),
    ) {
        let mut bytes = if institutional { INSTITUTIONAL } else { SOUND }.as_bytes().to_vec();
        for (at, change, byte) in changes {
            let at = at.min(bytes.len() - 1);
            match change {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => { bytes.remove(at); }
                // A separator where none was: the likeliest way to shift what follows.
                _ => bytes[at] = b"*:~^"[usize::from(byte) % 4],
            }
        }
        let outcome = take_in(&bytes);
        assert!(!outcome.told.is_empty());
    }
}
