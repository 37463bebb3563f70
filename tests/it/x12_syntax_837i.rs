//! One defect at a time in a sound 837I, and what the examination says of it. How an error is told and found is the
//! 837P's business too: see `x12_syntax`.

use crate::x12_syntax::{errors, told};

const SOUND: &str = include_str!("../data/institutional.edi");

/// `{prefix}` in what is expected stands for the place of the first segment that starts so, ST being 1.
#[track_caller]
fn says(from: &str, to: &str, expected: &[&str]) {
    assert!(SOUND.contains(from), "{from}");
    let input = SOUND.replacen(from, to, 1);
    let from_st: Vec<&str> = input.lines().skip_while(|line| !line.starts_with("ST*")).collect();
    let placed = |expected: &&str| {
        let (before, rest) = expected.split_once('{').unwrap();
        let (prefix, after) = rest.split_once('}').unwrap();
        let place = from_st.iter().position(|line| line.starts_with(prefix)).unwrap() + 1;
        format!("{before}{place}{after}")
    };
    let found = errors(&input);
    let told: Vec<String> = found.iter().map(told).collect();
    assert_eq!(told, expected.iter().map(placed).collect::<Vec<_>>(), "{found:#?}");
}

#[test]
fn a_sound_set_has_no_errors() {
    says("ISA", "ISA", &[]);
}

// What is missing is noticed at the segment after its place.
#[test]
fn what_every_institutional_claim_must_say_is_missed() {
    says("DTP*434*RD8*20260301-20260304~\n", "", &["DTP*{CL1}*2300*3"]);
    says("CL1*1*7*01~\n", "", &["CL1*{PWK}*2300*3"]);
    says("HI*ABK:I214:::::::Y~\n", "", &["HI*{HCP}*2300*3"]);
    says("SV2*0120**6000*DA*3~\n", "", &["SV2*{LX*2}*2400*3"]);
    says("OI***Y***Y~\n", "", &["OI*{MIA}*2320*3"]);
    says("REF*EI*000000001~\n", "", &["REF*{PER*IC*BILLING}*2010AA*3"]);
}

#[test]
fn a_stay_has_a_day_of_admission_and_an_admitting_diagnosis() {
    says("DTP*435*DT*202603010830~\n", "", &["DTP*{LX*1}*2300*I6"]);
    says("HI*ABJ:R079~\n", "", &["HI*{LX*1}*2300*I6"]);
}

#[test]
fn elements_are_held_against_the_guide_of_the_837i() {
    says("11:A:1", "11:B:1", &["CLM*{CLM}*2300*8/5-2*7"]);
    says("DTP*096*TM*1115", "DTP*096*TM*2515", &["DTP*{DTP*096}*2300*8/3*9"]);
    says("DTP*435*DT*202603010830", "DTP*435*DT*20260301", &["DTP*{DTP*435}*2300*8/3*8"]);
    says("DTP*434*RD8*20260301-20260304", "DTP*434*RD8*20260301", &["DTP*{DTP*434}*2300*8/3*8"]);
    says("DTP*434*RD8*20260301-20260304", "DTP*434*D8*20260301", &["DTP*{DTP*434}*2300*8/2*7"]);
    says("CL1*1*7*01", "CL1*1*7", &["CL1*{CL1}*2300*8/3*1"]);
    says("ABF:N179:::::::N", "ABF:N179:::::::X", &["HI*{HI*ABF}*2300*8/2-9*7"]);
    says("HI*BE:80:::3", "HI*BE:80", &["HI*{HI*BE}*2300*8/1-5*1"]);
    says("HI*BE:80:::3", "HI*BE:80:::X", &["HI*{HI*BE}*2300*8/1-5*6"]);
    says("BBQ:4A023N7:D8:20260302", "BBQ:4A023N7:D8:20260232", &["HI*{HI*BBQ}*2300*8/1-4*8"]);
    says("SV2*0120**6000*DA*3", "SV2***6000*DA*3", &["SV2*{SV2*}*2400*8/1*1"]);
    says("SV2*0250**375.5*UN", "SV2*0250**375.5*MJ", &["SV2*{SV2*0250}*2400*8/4*7"]);
    says("NM1*85*2*MADE UP HOSPITAL", "NM1*85*1*MADE UP HOSPITAL", &["NM1*{NM1*85}*2010AA*8/2*7"]);
    says("SVD*OTHER01*7000*HC:92928*0360*1", "SVD*OTHER01*7000*HC:92928**1", &["SVD*{SVD}*2430*8/4*1"]);
}

#[test]
fn what_only_a_professional_claim_has_is_not_known_here() {
    says("AMT*F3*350", "AMT*F5*350", &["AMT*{AMT*F5}*2300*8/1*7"]);
    says("SV2*0120**6000*DA*3~", "SV1*HC:99213*6000*UN*1***1~", &["SV1*{SV1}*2400*1", "SV2*{LX*2}*2400*3"]);
    says("NM1*71*1*ATTENDER", "NM1*DQ*1*ATTENDER", &["NM1*{NM1*DQ}*2300*8/1*7"]);
    says("HI*BG:09*BG:C1~", "HI*BP:12345~", &["HI*{HI*BP}*2300*8/1-1*7"]);
}
