//! Loops 2300 to 2330: the claim, its providers and the other payers.

use super::line::LINE;
use crate::x12::dictionary::{
    AMT, CAS, CLM, CN1, CR1, CR2, CRC, DTP, HCP, HI, K3, MOA, N3, N4, NM1, NTE, OI, PER, PRV, PWK, REF, SBR,
};
use crate::x12::guide::Usage::{Required as R, Situational as S};
use crate::x12::guide::{Codes, Loop, inner, segment};
use crate::x12::guide_837::{
    ADJUSTMENT_GROUPS, ADJUSTMENTS, CASUALTY_CONTACT, CONTRACTS, EPSDT, INSURANCE_TYPES, OTHER_INSURED, OTHER_PAYER,
    PERSON, PLACES_AMONG_PAYERS, PLANS, REPORTS, ROLE_ONLY, TAXONOMY, TRANSMISSIONS, day, each, reference,
};

const CAUSES: &str = "AA EM OA";

const PRICING: &[Codes] = &[
    (1, 0, "00 01 02 03 04 05 07 08 09 10 11 12 13 14"),
    (13, 0, "T1 T2 T3 T4 T5 T6"),
    (14, 0, "1 2 3 4 5"),
    (15, 0, "1 2 3 4 5 6"),
];

const AMBULANCE_CONDITIONS: &str = "01 04 05 06 07 08 09 12";
pub(super) const AMBULANCE: &[Codes] = &[
    (1, 0, "07"),
    (2, 0, "N Y"),
    (3, 0, AMBULANCE_CONDITIONS),
    (4, 0, AMBULANCE_CONDITIONS),
    (5, 0, AMBULANCE_CONDITIONS),
    (6, 0, AMBULANCE_CONDITIONS),
    (7, 0, AMBULANCE_CONDITIONS),
];
pub(super) const TRANSPORT: &[Codes] = &[(1, 0, "LB"), (4, 0, "A B C D E"), (5, 0, "DH")];
const VISION_CONDITIONS: &str = "L1 L2 L3 L4 L5";
const VISION: &[Codes] = &[
    (1, 0, "E1 E2 E3"),
    (2, 0, "N Y"),
    (3, 0, VISION_CONDITIONS),
    (4, 0, VISION_CONDITIONS),
    (5, 0, VISION_CONDITIONS),
    (6, 0, VISION_CONDITIONS),
    (7, 0, VISION_CONDITIONS),
];

const FIRST_DIAGNOSIS: &str = "ABK BK";
const NEXT_DIAGNOSIS: &str = "ABF BF";
const DIAGNOSES: &[Codes] = &[
    (1, 1, FIRST_DIAGNOSIS),
    (2, 1, NEXT_DIAGNOSIS),
    (3, 1, NEXT_DIAGNOSIS),
    (4, 1, NEXT_DIAGNOSIS),
    (5, 1, NEXT_DIAGNOSIS),
    (6, 1, NEXT_DIAGNOSIS),
    (7, 1, NEXT_DIAGNOSIS),
    (8, 1, NEXT_DIAGNOSIS),
    (9, 1, NEXT_DIAGNOSIS),
    (10, 1, NEXT_DIAGNOSIS),
    (11, 1, NEXT_DIAGNOSIS),
    (12, 1, NEXT_DIAGNOSIS),
];
const CONDITIONS: &[Codes] = &each("BG");
/// Twelve codes, the first of them required.
const TWELVE: &str = "R(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)";

pub(super) static CLAIM: Loop = Loop {
    id: "2300",
    name: "claim",
    parts: &[
        segment(
            R,
            1,
            &CLM,
            "RR..R(RRR)RRRRSS(RS.SS)S.......S",
            &[
                (5, 2, "B"),
                (6, 0, "N Y"),
                (7, 0, "A B C"),
                (8, 0, "N W Y"),
                (9, 0, "I Y"),
                (10, 0, "P"),
                (11, 1, CAUSES),
                (11, 2, CAUSES),
                (12, 0, "02 03 05 09"),
                (20, 0, "1 2 3 4 5 6 7 8 9 10 11 15"),
            ],
        ),
        day(&[(1, 0, "431"), (2, 0, "D8")]),
        day(&[(1, 0, "454"), (2, 0, "D8")]),
        day(&[(1, 0, "304"), (2, 0, "D8")]),
        day(&[(1, 0, "453"), (2, 0, "D8")]),
        day(&[(1, 0, "439"), (2, 0, "D8")]),
        day(&[(1, 0, "484"), (2, 0, "D8")]),
        day(&[(1, 0, "455"), (2, 0, "D8")]),
        day(&[(1, 0, "471"), (2, 0, "D8")]),
        day(&[(1, 0, "314 360 361"), (2, 0, "D8 RD8")]),
        day(&[(1, 0, "297"), (2, 0, "D8")]),
        day(&[(1, 0, "296"), (2, 0, "D8")]),
        day(&[(1, 0, "435"), (2, 0, "D8")]),
        day(&[(1, 0, "096"), (2, 0, "D8")]),
        segment(S, 2, &DTP, "RRR", &[(1, 0, "090 091"), (2, 0, "D8")]),
        day(&[(1, 0, "444"), (2, 0, "D8")]),
        day(&[(1, 0, "050"), (2, 0, "D8")]),
        segment(S, 10, &PWK, "RR..SS", &[(1, 0, REPORTS), (2, 0, TRANSMISSIONS), (5, 0, "AC")]),
        segment(S, 1, &CN1, "RSSSSS", &[(1, 0, CONTRACTS)]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "F5")]),
        reference(&[(1, 0, "4N")]),
        reference(&[(1, 0, "F5")]),
        reference(&[(1, 0, "EW")]),
        reference(&[(1, 0, "9F")]),
        reference(&[(1, 0, "G1")]),
        reference(&[(1, 0, "F8")]),
        reference(&[(1, 0, "X4")]),
        reference(&[(1, 0, "9A")]),
        reference(&[(1, 0, "9C")]),
        reference(&[(1, 0, "LX")]),
        reference(&[(1, 0, "D9")]),
        reference(&[(1, 0, "EA")]),
        reference(&[(1, 0, "P4")]),
        reference(&[(1, 0, "1J")]),
        segment(S, 10, &K3, "R", &[]),
        segment(S, 1, &NTE, "RR", &[(1, 0, "ADD CER DCP DGN TPO")]),
        segment(S, 1, &CR1, "SS.RRR..SS", TRANSPORT),
        segment(S, 1, &CR2, ".......R.SS", &[(8, 0, "A C D E F G M")]),
        segment(S, 3, &CRC, "RRRSSSS", AMBULANCE),
        segment(S, 3, &CRC, "RRRSSSS", VISION),
        segment(S, 1, &CRC, "RRR", &[(1, 0, "75"), (2, 0, "Y"), (3, 0, "IH")]),
        segment(S, 1, &CRC, "RRRSS", &[(1, 0, "ZZ"), (2, 0, "N Y"), (3, 0, EPSDT), (4, 0, EPSDT), (5, 0, EPSDT)]),
        segment(R, 1, &HI, TWELVE, DIAGNOSES),
        segment(S, 1, &HI, "R(RR)S(RR)", &[(1, 1, "BP"), (2, 1, "BO")]),
        segment(S, 2, &HI, TWELVE, CONDITIONS),
        segment(S, 1, &HCP, "RRSSSSS.....SSS", PRICING),
        inner(S, 2, &REFERRING),
        inner(S, 1, &RENDERING),
        inner(S, 1, &FACILITY),
        inner(S, 1, &SUPERVISING),
        inner(S, 1, &PICK_UP),
        inner(S, 1, &DROP_OFF),
        inner(S, 10, &OTHER_SUBSCRIBER),
        inner(R, 50, &LINE),
    ],
};

static REFERRING: Loop = Loop {
    id: "2310A",
    name: "referring provider",
    parts: &[
        segment(R, 1, &NM1, PERSON, &[(1, 0, "DN P3"), (2, 0, "1"), (8, 0, "XX")]),
        segment(S, 3, &REF, "RR", &[(1, 0, "0B 1G G2")]),
    ],
};
static RENDERING: Loop = Loop {
    id: "2310B",
    name: "rendering provider",
    parts: &[
        segment(R, 1, &NM1, PERSON, &[(1, 0, "82"), (2, 0, "1 2"), (8, 0, "XX")]),
        segment(S, 1, &PRV, "RRR", TAXONOMY),
        segment(S, 4, &REF, "RR", &[(1, 0, "0B 1G G2 LU")]),
    ],
};
static FACILITY: Loop = Loop {
    id: "2310C",
    name: "service facility",
    parts: &[
        segment(R, 1, &NM1, "RRR....SS", &[(1, 0, "77"), (2, 0, "2"), (8, 0, "XX")]),
        segment(R, 1, &N3, "RS", &[]),
        segment(R, 1, &N4, "RSSS..S", &[]),
        segment(S, 3, &REF, "RR", &[(1, 0, "0B G2 LU")]),
        segment(S, 1, &PER, "RSRRSS", CASUALTY_CONTACT),
    ],
};
static SUPERVISING: Loop = Loop {
    id: "2310D",
    name: "supervising provider",
    parts: &[
        segment(R, 1, &NM1, PERSON, &[(1, 0, "DQ"), (2, 0, "1"), (8, 0, "XX")]),
        segment(S, 4, &REF, "RR", &[(1, 0, "0B 1G G2 LU")]),
    ],
};
static PICK_UP: Loop = Loop {
    id: "2310E",
    name: "ambulance pick-up",
    parts: &[
        segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "PW"), (2, 0, "2")]),
        segment(R, 1, &N3, "RS", &[]),
        segment(R, 1, &N4, "RSSS..S", &[]),
    ],
};
static DROP_OFF: Loop = Loop {
    id: "2310F",
    name: "ambulance drop-off",
    parts: &[
        segment(R, 1, &NM1, "RRS", &[(1, 0, "45"), (2, 0, "2")]),
        segment(R, 1, &N3, "RS", &[]),
        segment(R, 1, &N4, "RSSS..S", &[]),
    ],
};

static OTHER_SUBSCRIBER: Loop = Loop {
    id: "2320",
    name: "other subscriber",
    parts: &[
        segment(
            R,
            1,
            &SBR,
            "RRSSS...S",
            &[
                (1, 0, PLACES_AMONG_PAYERS),
                (2, 0, "01 18 19 20 21 39 40 53 G8"),
                (5, 0, INSURANCE_TYPES),
                (9, 0, PLANS),
            ],
        ),
        segment(S, 5, &CAS, ADJUSTMENTS, ADJUSTMENT_GROUPS),
        segment(S, 1, &AMT, "RR", &[(1, 0, "D")]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "A8")]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "EAF")]),
        segment(R, 1, &OI, "..RS.R", &[(3, 0, "N W Y"), (4, 0, "P"), (6, 0, "I Y")]),
        segment(S, 1, &MOA, "SSSSSSSSS", &[]),
        inner(R, 1, &OTHER_INSURED),
        inner(R, 1, &OTHER_PAYER),
        inner(S, 2, &OTHER_REFERRING),
        inner(S, 1, &OTHER_RENDERING),
        inner(S, 1, &OTHER_FACILITY),
        inner(S, 1, &OTHER_SUPERVISING),
        inner(S, 1, &OTHER_BILLING),
    ],
};
static OTHER_REFERRING: Loop = Loop {
    id: "2330C",
    name: "other payer's referring provider",
    parts: &[
        segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "DN P3"), (2, 0, "1")]),
        segment(R, 3, &REF, "RR", &[(1, 0, "0B 1G G2")]),
    ],
};
static OTHER_RENDERING: Loop = Loop {
    id: "2330D",
    name: "other payer's rendering provider",
    parts: &[
        segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "82"), (2, 0, "1 2")]),
        segment(R, 3, &REF, "RR", &[(1, 0, "0B 1G G2 LU")]),
    ],
};
static OTHER_FACILITY: Loop = Loop {
    id: "2330E",
    name: "other payer's service facility",
    parts: &[
        segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "77"), (2, 0, "2")]),
        segment(R, 3, &REF, "RR", &[(1, 0, "0B G2 LU")]),
    ],
};
static OTHER_SUPERVISING: Loop = Loop {
    id: "2330F",
    name: "other payer's supervising provider",
    parts: &[
        segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "DQ"), (2, 0, "1")]),
        segment(R, 3, &REF, "RR", &[(1, 0, "0B 1G G2 LU")]),
    ],
};
static OTHER_BILLING: Loop = Loop {
    id: "2330G",
    name: "other payer's billing provider",
    parts: &[
        segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "85"), (2, 0, "1 2")]),
        segment(R, 2, &REF, "RR", &[(1, 0, "G2 LU")]),
    ],
};
