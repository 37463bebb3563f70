//! One defect at a time in a sound 837P, and what the examination says of it.

use payersim::x12::examination::{Examination, Examined};
use payersim::x12::syntax::SyntaxError;

const SOUND: &str = include_str!("../data/professional.edi");

/// Segments in `SOUND` from ST on, and the errors of its one set. SE01 follows the segments' number.
pub fn errors(input: &str) -> Vec<SyntaxError> {
    let from_st = input.find("ST*").unwrap();
    let count = input[from_st..].matches("~\n").count() - 2;
    let input =
        ["SE*89*", "SE*110*"].iter().fold(input.to_owned(), |text, end| text.replace(end, &format!("SE*{count}*")));
    let mut examination = Examination::new(input.as_bytes());
    let mut errors = Vec::new();
    while let Some(examined) = examination.read().unwrap() {
        if let Examined::Set(report) = examined {
            assert_eq!(report.trailer.faults, []);
            errors.extend(report.checked.errors);
        }
    }
    errors
}

/// As a 999 says it: `IK3*segment*position*loop*code`, then `/element-component*code` where the code is 8.
pub fn told(error: &SyntaxError) -> String {
    let element = error.element.as_ref().map_or(String::new(), |fault| {
        let component = if fault.component > 0 { format!("-{}", fault.component) } else { String::new() };
        format!("/{}{component}*{}", fault.element, fault.code)
    });
    format!("{}*{}*{}*{}{element}", error.segment, error.position, error.loop_id, error.code)
}

/// Replaces the first occurrence, which must be there.
fn with(from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "{from}");
    SOUND.replacen(from, to, 1)
}

#[track_caller]
fn says(input: &str, expected: &[&str]) {
    let errors = errors(input);
    let told: Vec<String> = errors.iter().map(told).collect();
    assert_eq!(told, expected, "{errors:#?}");
}

#[test]
fn a_sound_set_has_no_errors() {
    says(SOUND, &[]);
}

#[test]
fn a_missing_segment_is_noticed_at_the_one_after_its_place() {
    // Positions: ST is 1, and so line 3 of the file. N3 was segment 9; now N4 stands there.
    says(&with("N3*1 SAMPLE ROAD*SUITE 2~\n", ""), &["N3*9*2010AA*3"]);
    says(&with("REF*EI*000000001~\n", ""), &["REF*11*2010AA*3"]);
    says(&with("HI*ABK:S83511A*ABF:M25561~\n", ""), &["HI*37*2300*3"]);
    says(&with("SV1*HC:99213:25*125.5*UN*1***1:2**Y~\n", ""), &["SV1*53*2400*3"]);
    says(&with("DTP*472*RD8*20260301-20260302~\n", ""), &["DTP*70*2400*3"]);
    says(&with("OI***Y*P**Y~\n", ""), &["OI*48*2320*3"]);
}

#[test]
fn a_missing_loop_is_named_by_the_segment_that_starts_it() {
    says(&with("NM1*40*2*EXAMPLE PAYER*****46*PAYER01~\n", ""), &["NM1*5*1000B*3"]);
    let payer = "DMG*D8*19800229*F~\nNM1*PR*2*EXAMPLE PAYER*****PI*PAYER01~\n";
    says(&with(payer, "DMG*D8*19800229*F~\n"), &["NM1*22*2010BB*3"]);
    let lines = "LX*1~\nSV1*HC:00170*80*MJ*60***1~\nDTP*472*D8*20260302~\n";
    says(&with(lines, ""), &["LX*86*2400*3"]);
}

#[test]
fn order_and_number_of_segments_are_the_guides() {
    // The N4 comes where N3 was expected; the N3 after it is too late.
    let swapped =
        with("N3*2 NOWHERE LANE~\nN4*SPRINGFIELD*IL*62703~\n", "N4*SPRINGFIELD*IL*62703~\nN3*2 NOWHERE LANE~\n");
    says(&swapped, &["N3*20*2010BA*7"]);
    says(&with("AMT*F5*25~\n", "AMT*F5*25~\nAMT*F5*25~\n"), &["AMT*31*2300*5"]);
    says(&with("NM1*DQ*1*SUP", "NM1*DQ*1*TWICE*T~\nNM1*DQ*1*SUP"), &["NM1*45*2310D*4"]);
    // DTPs are one row: among themselves any order will do.
    let dates = "DTP*454*D8*20260106~\nDTP*439*D8*20260104~\n";
    says(&with(dates, "DTP*439*D8*20260104~\nDTP*454*D8*20260106~\n"), &[]);
}

#[test]
fn a_segment_that_is_not_the_guides_or_not_the_loops_is_told_apart() {
    says(&with("AMT*F5*25~\n", "AMT*F5*25~\nXYZ*1~\n"), &["XYZ*31*2300*1"]);
    says(&with("AMT*F5*25~\n", "AMT*F5*25~\nSVD*1~\n"), &["SVD*31*2300*2"]);
    says(&with("AMT*F5*25~\n", "AMT*F5*25~\nDTP*472*D8*20260301~\n"), &["DTP*31*2300*2"]);
    says(&with("REF*9F*REFERRAL1~\n", "REF*ZZ*REFERRAL1~\n"), &["REF*31*2300*8/1*7"]);
    // What follows a loop that has no place is passed over with it.
    says(&with("NM1*DQ*1*SUPERVISOR", "NM1*ZZ*1*SUPERVISOR"), &["NM1*44*2300*8/1*7"]);
}

#[test]
fn an_element_must_be_there_and_must_not_be_where_the_guide_has_none() {
    says(&with("CLM*PCN-0001*375.5*", "CLM**375.5*"), &["CLM*23*2300*8/1*1"]);
    says(&with("11:B:1", "11:B"), &["CLM*23*2300*8/5-3*1"]);
    says(&with("11:B:1", "11"), &["CLM*23*2300*8/5-2*1", "CLM*23*2300*8/5-3*1"]);
    says(&with("11:B:1", ""), &["CLM*23*2300*8/5*1"]);
    says(&with("PAT*19~", "PAT*19*X~"), &["PAT*78*2000C*8/2*I10"]);
    says(&with("AMT*F5*25~", "AMT*F5*25*C*X~"), &["AMT*30*2300*8/3*I10", "AMT*30*2300*8/4*3"]);
    says(&with("*1***1:2**Y~", "*1***1:2:3:4:5**Y~"), &["SV1*53*2400*8/7*13"]);
    says(&with("*1***1:2**Y~", "*1***1^2**Y~"), &["SV1*53*2400*8/7*12"]);
}

#[test]
fn values_must_be_of_their_kind() {
    says(&with("D8*20260105", "D8*20260231"), &["DTP*24*2300*8/3*8"]);
    says(&with("20260301-20260302", "20260302-20260301"), &["DTP*70*2400*8/3*8"]);
    says(&with("*20260309*0705*CH", "*20260309*0760*CH"), &["BHT*2**8/5*9"]);
    says(&with("*375.5*", "*-375.5*"), &["CLM*23*2300*8/2*I12"]);
    says(&with("*375.5*", "*375.555*"), &["CLM*23*2300*8/2*I12"]);
    says(&with("*375.5*", "*37555555555555555555*"), &["CLM*23*2300*8/2*5"]);
    says(&with("*375.5*", "*$375*"), &["CLM*23*2300*8/2*6"]);
    says(&with("TESTERTON*TESSA", "TEST\u{7}ERTON*TESSA"), &["NM1*18*2010BA*8/3*6"]);
    says(&with("TESTERTON*TESSA", "TÉSTERTON*TESSA"), &["NM1*18*2010BA*8/3*6"]);
    says(&with("SPRINGFIELD*IL*62703", "SPRINGFIELD*ILL*62703"), &["N4*20*2010BA*8/2*5"]);
    says(&with("SPRINGFIELD*IL*62703", "SPRINGFIELD*IL*62"), &["N4*20*2010BA*8/3*4"]);
    says(&with("*UN*1***", "*XX*1***"), &["SV1*53*2400*8/3*7"]);
    says(&with("DMG*D8*19800229*F", "DMG*D8*19800229*X"), &["DMG*21*2010BA*8/3*7"]);
}

#[test]
fn elements_may_need_each_other() {
    says(&with("*XX*1234567893", "**1234567893"), &["NM1*8*2010AA*8/8*2"]);
    says(&with("CAS*PR*1*50**2*20.5~", "CAS*PR*1*50***20.5~"), &["CAS*46*2320*8/5*2"]);
    says(&with("SPRINGFIELD*IL*62703", "SPRINGFIELD"), &["N4*20*2010BA*8/2*2", "N4*20*2010BA*8/3*2"]);
    says(&with("*AA:EM::IL*", "*AA:EM*"), &["CLM*23*2300*8/11-4*2"]);
    says(&with("DTP*439*D8*20260104~\n", ""), &["DTP*51*2300*I6"]);
}

#[test]
fn levels_and_lines_are_numbered() {
    says(&with("HL*2*1*22*0", "HL*3*1*22*0"), &["HL*16*2000B*8/1*7"]);
    says(&with("HL*4*3*23*0", "HL*4*2*23*0"), &["HL*77*2000C*8/2*7"]);
    says(&with("HL*2*1*22*0", "HL*2*1*22*1"), &["HL*16*2000B*8/4*7"]);
    says(&with("HL*3*1*22*1", "HL*3*1*22*0"), &["HL*73*2000B*8/4*7"]);
    says(&with("LX*2~", "LX*3~"), &["LX*68*2400*8/1*7"]);
}

#[test]
fn a_subscriber_who_is_the_patient_must_be_said_to_be_and_known() {
    says(&with("SBR*P*18*GRP01", "SBR*P**GRP01"), &["SBR*17*2000B*8/2*2"]);
    says(&with("DMG*D8*19800229*F~\n", ""), &["DMG*22*2010BA*I6"]);
}

#[test]
fn an_error_names_its_claim_and_says_what_would_be_right() {
    let errors = errors(&with("CLM*PCN-0002*80*", "CLM*PCN-0002*eighty*"));
    assert_eq!(errors[0].claim, "PCN-0002");
    assert_eq!(
        errors[0].words,
        "CLM02 (total charge) in loop 2300 (claim) is \"eighty\"; it must be a decimal number such as 12.5"
    );
}

#[test]
fn ten_thousand_lines_are_one_error_not_ten_thousand() {
    let line = "LX*1~\nSV1*HC:00170*80*MJ*60***1~\nDTP*472*D8*20260302~\n";
    let lines: String = (1..=10_000).map(|i| line.replacen('1', &i.to_string(), 1)).collect();
    // The first LX is segment 86 and each line has three segments, so line 51 starts at 86 + 50 * 3.
    says(&with(line, &lines), &["LX*236*2400*4"]);
}

#[test]
fn errors_beyond_the_limit_are_counted_not_kept() {
    let dates = "DTP*454*D8*20269999~\n".repeat(5000);
    let input = with("DTP*454*D8*20260106~\n", &dates);
    assert_eq!(errors(&input).len(), payersim::x12::syntax::MAX_ERRORS);
}
