//! Loops 2400 to 2440: the service line, its drug, its providers, what other payers decided on it, its forms.

use super::claim::{AMBULANCE, TRANSPORT};
use crate::x12::dictionary::{
    AMT, CAS, CN1, CR1, CR3, CRC, CTP, DTP, FRM, HCP, K3, LIN, LQ, LX, MEA, N3, N4, NM1, NTE, PER, PRV, PS1, PWK, QTY,
    REF, SV1, SV5, SVD,
};
use crate::x12::guide::Usage::{Required as R, Situational as S};
use crate::x12::guide::{Codes, Loop, inner, segment};
use crate::x12::guide_837::{
    ADJUSTMENT_GROUPS, ADJUSTMENTS, CONTACT, CONTRACTS, OF_A_PAYER, PERSON, REPORTS, ROLE_ONLY, TAXONOMY,
    TRANSMISSIONS, day, reference,
};

const PROCEDURE_CODES: &str = "ER HC IV WK";
const UNITS: &str = "MJ UN";
const POINTERS: &str = "1 2 3 4 5 6 7 8 9 10 11 12";

const PRICING: &[Codes] = &[
    (1, 0, "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14"),
    (9, 0, PROCEDURE_CODES),
    (11, 0, UNITS),
    (13, 0, "T1 T2 T3 T4 T5 T6"),
    (14, 0, "1 2 3 4 5"),
    (15, 0, "1 2 3 4 5 6"),
];

pub(super) static LINE: Loop = Loop {
    id: "2400",
    name: "service line",
    parts: &[
        segment(R, 1, &LX, "R", &[]),
        segment(
            R,
            1,
            &SV1,
            "R(RRSSSSS)RRRS.R(RSSS).S.SS..S",
            &[
                (1, 1, PROCEDURE_CODES),
                (3, 0, UNITS),
                (7, 1, POINTERS),
                (7, 2, POINTERS),
                (7, 3, POINTERS),
                (7, 4, POINTERS),
                (9, 0, "Y"),
                (11, 0, "Y"),
                (12, 0, "Y"),
                (15, 0, "0"),
            ],
        ),
        segment(S, 1, &SV5, "R(RR)RRRRR", &[(1, 1, "HC"), (2, 0, "DA"), (6, 0, "1 4 6")]),
        segment(S, 10, &PWK, "RR..SS", &[(1, 0, REPORTS), (2, 0, TRANSMISSIONS), (5, 0, "AC")]),
        segment(S, 1, &PWK, "RR", &[(1, 0, "CT"), (2, 0, "AB AD AF AG NS")]),
        segment(S, 1, &CR1, "SS.RRR..SS", TRANSPORT),
        segment(S, 1, &CR3, "RRR", &[(1, 0, "I R S"), (2, 0, "MO")]),
        segment(S, 3, &CRC, "RRRSSSS", AMBULANCE),
        segment(S, 1, &CRC, "RRR", &[(1, 0, "70"), (2, 0, "N Y"), (3, 0, "65")]),
        segment(S, 1, &CRC, "RRRS", &[(1, 0, "09"), (2, 0, "N Y"), (3, 0, "38 ZV"), (4, 0, "38 ZV")]),
        segment(R, 1, &DTP, "RRR", &[(1, 0, "472"), (2, 0, "D8 RD8")]),
        day(&[(1, 0, "471"), (2, 0, "D8")]),
        day(&[(1, 0, "607"), (2, 0, "D8")]),
        day(&[(1, 0, "463"), (2, 0, "D8")]),
        day(&[(1, 0, "461"), (2, 0, "D8")]),
        day(&[(1, 0, "304"), (2, 0, "D8")]),
        segment(S, 2, &DTP, "RRR", &[(1, 0, "738 739"), (2, 0, "D8")]),
        day(&[(1, 0, "011"), (2, 0, "D8")]),
        day(&[(1, 0, "455"), (2, 0, "D8")]),
        day(&[(1, 0, "454"), (2, 0, "D8")]),
        segment(S, 1, &QTY, "RR", &[(1, 0, "PT")]),
        segment(S, 1, &QTY, "RR", &[(1, 0, "FL")]),
        segment(S, 5, &MEA, "RRR", &[(1, 0, "OG TR"), (2, 0, "HT R1 R2 R3 R4")]),
        segment(S, 1, &CN1, "RSSSSS", &[(1, 0, CONTRACTS)]),
        reference(&[(1, 0, "9B")]),
        reference(&[(1, 0, "9D")]),
        segment(S, 5, &REF, OF_A_PAYER, &[(1, 0, "G1"), (4, 1, "2U")]),
        reference(&[(1, 0, "6R")]),
        reference(&[(1, 0, "EW")]),
        reference(&[(1, 0, "X4")]),
        reference(&[(1, 0, "F4")]),
        reference(&[(1, 0, "BT")]),
        segment(S, 5, &REF, OF_A_PAYER, &[(1, 0, "9F"), (4, 1, "2U")]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "T")]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "F4")]),
        segment(S, 10, &K3, "R", &[]),
        segment(S, 1, &NTE, "RR", &[(1, 0, "ADD DCP")]),
        segment(S, 1, &NTE, "RR", &[(1, 0, "TPO")]),
        segment(S, 1, &PS1, "RR", &[]),
        segment(S, 1, &HCP, "RRSSSSS.SSSSSSS", PRICING),
        inner(S, 1, &DRUG),
        inner(S, 1, &RENDERING),
        inner(S, 1, &PURCHASED),
        inner(S, 1, &FACILITY),
        inner(S, 1, &SUPERVISING),
        inner(S, 1, &ORDERING),
        inner(S, 2, &REFERRING),
        inner(S, 1, &PICK_UP),
        inner(S, 1, &DROP_OFF),
        inner(S, 15, &ADJUDICATION),
        inner(S, 0, &FORM),
    ],
};

static DRUG: Loop = Loop {
    id: "2410",
    name: "drug",
    parts: &[
        segment(R, 1, &LIN, ".RR", &[(2, 0, "EN EO HI N4 ON UK UP")]),
        segment(R, 1, &CTP, "...RR(R)", &[(5, 1, "F2 GR ME ML UN")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "VY XZ")]),
    ],
};
static RENDERING: Loop = Loop {
    id: "2420A",
    name: "rendering provider of the line",
    parts: &[
        segment(R, 1, &NM1, PERSON, &[(1, 0, "82"), (2, 0, "1 2"), (8, 0, "XX")]),
        segment(S, 1, &PRV, "RRR", TAXONOMY),
        segment(S, 20, &REF, OF_A_PAYER, &[(1, 0, "0B 1G G2 LU"), (4, 1, "2U")]),
    ],
};
static PURCHASED: Loop = Loop {
    id: "2420B",
    name: "purchased service provider",
    parts: &[
        segment(R, 1, &NM1, "RR.....SS", &[(1, 0, "QB"), (2, 0, "1 2"), (8, 0, "XX")]),
        segment(S, 20, &REF, OF_A_PAYER, &[(1, 0, "0B 1G G2"), (4, 1, "2U")]),
    ],
};
static FACILITY: Loop = Loop {
    id: "2420C",
    name: "service facility of the line",
    parts: &[
        segment(R, 1, &NM1, "RRR....SS", &[(1, 0, "77"), (2, 0, "2"), (8, 0, "XX")]),
        segment(R, 1, &N3, "RS", &[]),
        segment(R, 1, &N4, "RSSS..S", &[]),
        segment(S, 3, &REF, OF_A_PAYER, &[(1, 0, "G2 LU"), (4, 1, "2U")]),
    ],
};
static SUPERVISING: Loop = Loop {
    id: "2420D",
    name: "supervising provider of the line",
    parts: &[
        segment(R, 1, &NM1, PERSON, &[(1, 0, "DQ"), (2, 0, "1"), (8, 0, "XX")]),
        segment(S, 20, &REF, OF_A_PAYER, &[(1, 0, "0B 1G G2 LU"), (4, 1, "2U")]),
    ],
};
static ORDERING: Loop = Loop {
    id: "2420E",
    name: "ordering provider",
    parts: &[
        segment(R, 1, &NM1, PERSON, &[(1, 0, "DK"), (2, 0, "1"), (8, 0, "XX")]),
        segment(S, 1, &N3, "RS", &[]),
        segment(S, 1, &N4, "RSSS..S", &[]),
        segment(S, 20, &REF, OF_A_PAYER, &[(1, 0, "0B 1G G2"), (4, 1, "2U")]),
        segment(S, 1, &PER, "RSRRSSSS", CONTACT),
    ],
};
static REFERRING: Loop = Loop {
    id: "2420F",
    name: "referring provider of the line",
    parts: &[
        segment(R, 1, &NM1, PERSON, &[(1, 0, "DN P3"), (2, 0, "1"), (8, 0, "XX")]),
        segment(S, 20, &REF, OF_A_PAYER, &[(1, 0, "0B 1G G2"), (4, 1, "2U")]),
    ],
};
static PICK_UP: Loop = Loop {
    id: "2420G",
    name: "ambulance pick-up of the line",
    parts: &[
        segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "PW"), (2, 0, "2")]),
        segment(R, 1, &N3, "RS", &[]),
        segment(R, 1, &N4, "RSSS..S", &[]),
    ],
};
static DROP_OFF: Loop = Loop {
    id: "2420H",
    name: "ambulance drop-off of the line",
    parts: &[
        segment(R, 1, &NM1, "RRS", &[(1, 0, "45"), (2, 0, "2")]),
        segment(R, 1, &N3, "RS", &[]),
        segment(R, 1, &N4, "RSSS..S", &[]),
    ],
};
static ADJUDICATION: Loop = Loop {
    id: "2430",
    name: "another payer's decision on the line",
    parts: &[
        segment(R, 1, &SVD, "RRR(RRSSSSS).RS", &[(3, 1, PROCEDURE_CODES)]),
        segment(S, 5, &CAS, ADJUSTMENTS, ADJUSTMENT_GROUPS),
        segment(R, 1, &DTP, "RRR", &[(1, 0, "573"), (2, 0, "D8")]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "EAF")]),
    ],
};
static FORM: Loop = Loop {
    id: "2440",
    name: "form",
    parts: &[segment(R, 1, &LQ, "RR", &[(1, 0, "AS UT")]), segment(R, 99, &FRM, "RSSSS", &[(2, 0, "N W Y")])],
};
