use super::*;
use crate::proto::v1::{InstitutionalClaim, ProfessionalClaim};
use crate::x12::claim_837::tests::claims;
use crate::x12::delimiters::Delimiters;
use crate::x12::writer::Party;

const FILES: [&str; 8] = [
    include_str!("../../../../tests/data/professional.edi"),
    include_str!("../../../../tests/data/institutional.edi"),
    include_str!("../../../../examples/office-visit.edi"),
    include_str!("../../../../examples/wrong-codes.edi"),
    include_str!("../../../../examples/right-codes.edi"),
    include_str!("../../../../examples/hospital-stay.edi"),
    include_str!("../../../../examples/emergency-room.edi"),
    include_str!("../../../../examples/mixed-batch.edi"),
];

fn header() -> InterchangeHeader {
    let party = |id: &str| Party { qualifier: "ZZ".into(), id: id.into() };
    InterchangeHeader {
        sender: party("CLINIC"),
        receiver: party("PAYER"),
        at: jiff::civil::date(2026, 7, 15).at(9, 0, 0, 0),
        control_number: 77,
        delimiters: Delimiters::USUAL,
    }
}

fn written(claims: &[&Billed]) -> String {
    let correspondent = |name, id| Correspondent { name, id, phone: "" };
    let bytes = write(&header(), correspondent("CLINIC", "C1"), correspondent("PAYER", "P1"), claims);
    String::from_utf8(bytes).unwrap()
}

/// What has a field; segments without one are not written.
fn mapped(mut claim: Billed) -> Billed {
    match &mut claim {
        Billed::Professional(claim) => claim.unmapped_segments.clear(),
        Billed::Institutional(claim) => claim.unmapped_segments.clear(),
    }
    claim
}

#[test]
fn what_was_written_reads_as_it_was() {
    for file in FILES {
        let before: Vec<Billed> = claims(file).into_iter().map(|read| mapped(read.claim)).collect();
        let text = written(&before.iter().collect::<Vec<_>>());
        let after: Vec<Billed> = claims(&text).into_iter().map(|read| mapped(read.claim)).collect();
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before, after, "{text}");
        }
        assert_eq!(before.len(), after.len());
    }
}

#[test]
fn claims_of_one_provider_stand_below_one_level_and_kinds_in_groups_of_their_own() {
    let [professional, institutional] = [FILES[2], FILES[5]].map(|file| claims(file).remove(0).claim);
    let text = written(&[&professional, &professional, &institutional]);
    let count = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((count("GS*HC"), count("ST*837"), count("HL*")), (2, 2, 5));
    assert!(text.contains("HL*3*1*22*0~") && text.contains("*0*T*:~"));
}

#[test]
fn a_bare_claim_is_written_all_the_same() {
    let text = written(&[
        &Billed::Professional(ProfessionalClaim::default()),
        &Billed::Institutional(InstitutionalClaim::default()),
    ]);
    assert!(text.contains("NM1*85*2*UNKNOWN~"), "{text}");
}
