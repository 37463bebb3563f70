//! Loops 2400 to 2430: the service line, its drug, its providers, what other payers decided on it.

use crate::x12::dictionary::{AMT, CAS, CTP, DTP, HCP, LIN, LX, NM1, NTE, PWK, REF, SV2, SVD};
use crate::x12::guide::Usage::{Required as R, Situational as S};
use crate::x12::guide::{Codes, Loop, Part, inner, segment};
use crate::x12::guide_837::{
    ADJUSTMENT_GROUPS, ADJUSTMENTS, OF_A_PAYER, PERSON, REPORTS, TRANSMISSIONS, day, reference,
};

const PROCEDURE_CODES: &str = "ER HC HP IV WK";
const UNITS: &str = "DA UN";

const PRICING: &[Codes] = &[
    (1, 0, "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14"),
    (9, 0, PROCEDURE_CODES),
    (11, 0, UNITS),
    (13, 0, "T1 T2 T3 T4 T5 T6"),
    (14, 0, "1 2 3 4 5"),
    (15, 0, "1 2 3 4 5 6"),
];

/// Further numbers of a provider of the line.
const fn numbers(codes: &'static [Codes]) -> Part {
    segment(S, 20, &REF, OF_A_PAYER, codes)
}

pub(super) static LINE: Loop = Loop {
    id: "2400",
    name: "service line",
    parts: &[
        segment(R, 1, &LX, "R", &[]),
        segment(R, 1, &SV2, "RS(RRSSSSS)RRR.S", &[(2, 1, PROCEDURE_CODES), (4, 0, UNITS)]),
        segment(S, 10, &PWK, "RR..SS", &[(1, 0, REPORTS), (2, 0, TRANSMISSIONS), (5, 0, "AC")]),
        day(&[(1, 0, "472"), (2, 0, "D8 RD8")]),
        reference(&[(1, 0, "6R")]),
        reference(&[(1, 0, "9B")]),
        reference(&[(1, 0, "9D")]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "GT")]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "N8")]),
        segment(S, 1, &NTE, "RR", &[(1, 0, "TPO")]),
        segment(S, 1, &HCP, "RRSSSSSSSSSSSSS", PRICING),
        inner(S, 1, &DRUG),
        inner(S, 1, &OPERATING),
        inner(S, 1, &OTHER_OPERATING),
        inner(S, 1, &RENDERING),
        inner(S, 1, &REFERRING),
        inner(S, 15, &ADJUDICATION),
    ],
};

static DRUG: Loop = Loop {
    id: "2410",
    name: "drug",
    parts: &[
        segment(R, 1, &LIN, ".RR", &[(2, 0, "N4")]),
        segment(R, 1, &CTP, "...RR(R)", &[(5, 1, "F2 GR ME ML UN")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "VY XZ")]),
    ],
};
static OPERATING: Loop = Loop {
    id: "2420A",
    name: "operating physician of the line",
    parts: &[
        segment(R, 1, &NM1, PERSON, &[(1, 0, "72"), (2, 0, "1"), (8, 0, "XX")]),
        numbers(&[(1, 0, "0B 1G G2 LU"), (4, 1, "2U")]),
    ],
};
static OTHER_OPERATING: Loop = Loop {
    id: "2420B",
    name: "other operating physician of the line",
    parts: &[
        segment(R, 1, &NM1, PERSON, &[(1, 0, "ZZ"), (2, 0, "1"), (8, 0, "XX")]),
        numbers(&[(1, 0, "0B 1G G2 LU"), (4, 1, "2U")]),
    ],
};
static RENDERING: Loop = Loop {
    id: "2420C",
    name: "rendering provider of the line",
    parts: &[
        segment(R, 1, &NM1, PERSON, &[(1, 0, "82"), (2, 0, "1"), (8, 0, "XX")]),
        numbers(&[(1, 0, "0B 1G G2 LU"), (4, 1, "2U")]),
    ],
};
static REFERRING: Loop = Loop {
    id: "2420D",
    name: "referring provider of the line",
    parts: &[
        segment(R, 1, &NM1, PERSON, &[(1, 0, "DN"), (2, 0, "1"), (8, 0, "XX")]),
        numbers(&[(1, 0, "0B 1G G2"), (4, 1, "2U")]),
    ],
};
static ADJUDICATION: Loop = Loop {
    id: "2430",
    name: "another payer's decision on the line",
    parts: &[
        segment(R, 1, &SVD, "RRS(RRSSSSS)RRS", &[(3, 1, PROCEDURE_CODES)]),
        segment(S, 5, &CAS, ADJUSTMENTS, ADJUSTMENT_GROUPS),
        segment(R, 1, &DTP, "RRR", &[(1, 0, "573"), (2, 0, "D8")]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "EAF")]),
    ],
};
