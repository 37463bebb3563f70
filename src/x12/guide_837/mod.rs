//! What the guides of the 837 share: who sends, who is paid by whom, codes and parts that stand in more than one of them.

pub(super) mod rules;

use super::dictionary::{DTP, N3, N4, NM1, PER, REF};
use super::guide::Usage::{Required as R, Situational as S};
use super::guide::{Codes, Loop, Part, segment};

pub(super) const PLACES_AMONG_PAYERS: &str = "P S T A B C D E F G H U";
pub(super) const PLANS: &str = "11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ";
pub(super) const INSURANCE_TYPES: &str = "12 13 14 15 16 41 42 43 47";
pub(super) const NUMBER_KINDS: &str = "TE EX EM FX";

/// NM1 of a person with a name and perhaps an NPI.
pub(super) const PERSON: &str = "RRRSS.SSS";
/// NM1 of a person or organization that has nothing but its role.
pub(super) const ROLE_ONLY: &str = "RR";
pub(super) const TAXONOMY: &[Codes] = &[(1, 0, "PE"), (2, 0, "PXC")];
/// PER of a property and casualty contact.
pub(super) const CASUALTY_CONTACT: &[Codes] = &[(1, 0, "IC"), (3, 0, "TE"), (5, 0, "EX")];

pub(super) const REPORTS: &str = "03 04 05 06 07 08 09 10 11 13 15 21 A3 A4 AM AS B2 B3 B4 BR BS BT CB CK CT D2 DA DB \
    DG DJ DS EB HC HR I5 IR LA M1 MT NN OB OC OD OE OX OZ P4 P5 PE PN PO PQ PY PZ RB RR RT RX SG V5 XP";
pub(super) const TRANSMISSIONS: &str = "AA BM EL EM FT FX";
pub(super) const CONTRACTS: &str = "01 02 03 04 05 06 09";
const GROUPS: &str = "CO CR OA PI PR";
/// Every element of a CAS: a group and up to six adjustments.
pub(super) const ADJUSTMENTS: &str = "RRRSSSSSSSSSSSSSSSS";
pub(super) const ADJUSTMENT_GROUPS: &[Codes] = &[(1, 0, GROUPS)];
pub(super) const EPSDT: &str = "AV NU S2 ST";
/// A reference that may name the other payer that gave it.
pub(super) const OF_A_PAYER: &str = "RR.S(RR)";

/// A date of one day.
pub(super) const fn day(codes: &'static [Codes]) -> Part {
    segment(S, 1, &DTP, "RRR", codes)
}

/// A reference number that may be there once.
pub(super) const fn reference(codes: &'static [Codes]) -> Part {
    segment(S, 1, &REF, "RR", codes)
}

pub(super) static SUBMITTER: Loop = Loop {
    id: "1000A",
    name: "submitter",
    parts: &[
        segment(R, 1, &NM1, "RRRSS..RR", &[(1, 0, "41"), (2, 0, "1 2"), (8, 0, "46")]),
        segment(
            R,
            2,
            &PER,
            "RSRRSSSS",
            &[(1, 0, "IC"), (3, 0, "TE EM FX ED"), (5, 0, "TE EX EM FX ED"), (7, 0, "TE EX EM FX ED")],
        ),
    ],
};

pub(super) static RECEIVER: Loop = Loop {
    id: "1000B",
    name: "receiver",
    parts: &[segment(R, 1, &NM1, "RRR....RR", &[(1, 0, "40"), (2, 0, "2"), (8, 0, "46")])],
};

pub(super) static PAY_TO_PLAN: Loop = Loop {
    id: "2010AC",
    name: "pay-to plan",
    parts: &[
        segment(R, 1, &NM1, "RRR....RR", &[(1, 0, "PE"), (2, 0, "2"), (8, 0, "PI XV")]),
        segment(R, 1, &N3, "RS", &[]),
        segment(R, 1, &N4, "RSSS..S", &[]),
        segment(S, 1, &REF, "RR", &[(1, 0, "2U FY NF")]),
        segment(R, 1, &REF, "RR", &[(1, 0, "EI")]),
    ],
};

pub(super) static PAYER: Loop = Loop {
    id: "2010BB",
    name: "payer",
    parts: &[
        segment(R, 1, &NM1, "RRR....RR", &[(1, 0, "PR"), (2, 0, "2"), (8, 0, "PI XV")]),
        segment(S, 1, &N3, "RS", &[]),
        segment(S, 1, &N4, "RSSS..S", &[]),
        segment(S, 3, &REF, "RR", &[(1, 0, "2U EI FY NF")]),
        segment(S, 2, &REF, "RR", &[(1, 0, "G2 LU")]),
    ],
};

pub(super) static OTHER_INSURED: Loop = Loop {
    id: "2330A",
    name: "other subscriber's name",
    parts: &[
        segment(R, 1, &NM1, "RRRSS.SRR", &[(1, 0, "IL"), (2, 0, "1 2"), (8, 0, "MI II")]),
        segment(S, 1, &N3, "RS", &[]),
        segment(S, 1, &N4, "RSSS..S", &[]),
        segment(S, 1, &REF, "RR", &[(1, 0, "SY")]),
    ],
};

pub(super) static OTHER_PAYER: Loop = Loop {
    id: "2330B",
    name: "other payer",
    parts: &[
        segment(R, 1, &NM1, "RRR....RR", &[(1, 0, "PR"), (2, 0, "2"), (8, 0, "PI XV")]),
        segment(S, 1, &N3, "RS", &[]),
        segment(S, 1, &N4, "RSSS..S", &[]),
        day(&[(1, 0, "573"), (2, 0, "D8")]),
        segment(S, 2, &REF, "RR", &[(1, 0, "2U EI FY NF")]),
        reference(&[(1, 0, "G1")]),
        reference(&[(1, 0, "9F")]),
        reference(&[(1, 0, "T4")]),
        reference(&[(1, 0, "F8")]),
    ],
};

/// PER of somebody who may be reached by up to three numbers.
pub(super) const CONTACT: &[Codes] = &[(1, 0, "IC"), (3, 0, "TE EM FX"), (5, 0, NUMBER_KINDS), (7, 0, NUMBER_KINDS)];

/// The same codes for each of the twelve elements of an HI.
pub(super) const fn each(codes: &'static str) -> [Codes; 12] {
    [
        (1, 1, codes),
        (2, 1, codes),
        (3, 1, codes),
        (4, 1, codes),
        (5, 1, codes),
        (6, 1, codes),
        (7, 1, codes),
        (8, 1, codes),
        (9, 1, codes),
        (10, 1, codes),
        (11, 1, codes),
        (12, 1, codes),
    ]
}

/// The same, with the codes of one component more.
pub(super) const fn each_with(codes: &'static str, component: u8, more: &'static str) -> [Codes; 24] {
    [
        (1, 1, codes),
        (2, 1, codes),
        (3, 1, codes),
        (4, 1, codes),
        (5, 1, codes),
        (6, 1, codes),
        (7, 1, codes),
        (8, 1, codes),
        (9, 1, codes),
        (10, 1, codes),
        (11, 1, codes),
        (12, 1, codes),
        (1, component, more),
        (2, component, more),
        (3, component, more),
        (4, component, more),
        (5, component, more),
        (6, component, more),
        (7, component, more),
        (8, component, more),
        (9, component, more),
        (10, component, more),
        (11, component, more),
        (12, component, more),
    ]
}
