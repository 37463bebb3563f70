//! Loops 2300 to 2330: the claim, its codes, its providers and the other payers.

use super::line::LINE;
use crate::x12::dictionary::{
    AMT, CAS, CL1, CLM, CN1, CRC, DTP, HCP, HI, K3, MIA, MOA, N3, N4, NM1, NTE, OI, PRV, PWK, REF, SBR,
};
use crate::x12::guide::Usage::{Required as R, Situational as S};
use crate::x12::guide::{Codes, Loop, Part, inner, segment};
use crate::x12::guide_837::{
    ADJUSTMENT_GROUPS, ADJUSTMENTS, CONTRACTS, EPSDT, OTHER_INSURED, OTHER_PAYER, PERSON, PLACES_AMONG_PAYERS, PLANS,
    REPORTS, ROLE_ONLY, TRANSMISSIONS, day, each, each_with, reference,
};

/// Twelve codes, the first of them required.
const TWELVE: &str = "R(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)";
/// Twelve diagnoses, each perhaps with whether it was present on admission.
const TWELVE_PRESENT: &str = "R(RR......S)S(RR......S)S(RR......S)S(RR......S)S(RR......S)S(RR......S)S(RR......S)S(RR......S)\
    S(RR......S)S(RR......S)S(RR......S)S(RR......S)";
/// Twelve codes with dates.
const TWELVE_DATED: &str = "R(RRRR)S(RRRR)S(RRRR)S(RRRR)S(RRRR)S(RRRR)S(RRRR)S(RRRR)S(RRRR)S(RRRR)S(RRRR)S(RRRR)";
/// Twelve codes with values.
const TWELVE_VALUED: &str =
    "R(RR..R)S(RR..R)S(RR..R)S(RR..R)S(RR..R)S(RR..R)S(RR..R)S(RR..R)S(RR..R)S(RR..R)S(RR..R)S(RR..R)";

const PRESENT: &str = "N U W Y";
const NAMED: &str = "0B 1G G2 LU";

const PRICING: &[Codes] = &[
    (1, 0, "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14"),
    (11, 0, "DA UN"),
    (13, 0, "T1 T2 T3 T4 T5 T6"),
    (14, 0, "1 2 3 4 5"),
    (15, 0, "1 2 3 4 5 6"),
];

/// A person that the claim names with one of its roles.
const fn person(codes: &'static [Codes]) -> Part {
    segment(R, 1, &NM1, PERSON, codes)
}

/// Further numbers of such a person.
const fn numbers(max: u16, codes: &'static [Codes]) -> Part {
    segment(S, max, &REF, "RR", codes)
}

pub(super) static CLAIM: Loop = Loop {
    id: "2300",
    name: "claim",
    parts: &[
        segment(
            R,
            1,
            &CLM,
            "RR..R(RRR).RRR..........S",
            &[(5, 2, "A"), (7, 0, "A B C"), (8, 0, "N W Y"), (9, 0, "I Y"), (20, 0, "1 2 3 4 5 6 7 8 9 10 11 15")],
        ),
        day(&[(1, 0, "096"), (2, 0, "TM")]),
        segment(R, 1, &DTP, "RRR", &[(1, 0, "434"), (2, 0, "RD8")]),
        day(&[(1, 0, "435"), (2, 0, "D8 DT")]),
        day(&[(1, 0, "050"), (2, 0, "D8")]),
        segment(R, 1, &CL1, "SSR", &[]),
        segment(S, 10, &PWK, "RR..SS", &[(1, 0, REPORTS), (2, 0, TRANSMISSIONS), (5, 0, "AC")]),
        segment(S, 1, &CN1, "RSSSSS", &[(1, 0, CONTRACTS)]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "F3")]),
        reference(&[(1, 0, "4N")]),
        reference(&[(1, 0, "9F")]),
        reference(&[(1, 0, "G1")]),
        reference(&[(1, 0, "F8")]),
        reference(&[(1, 0, "9A")]),
        reference(&[(1, 0, "9C")]),
        segment(S, 5, &REF, "RR", &[(1, 0, "LX")]),
        reference(&[(1, 0, "D9")]),
        reference(&[(1, 0, "LU")]),
        reference(&[(1, 0, "EA")]),
        reference(&[(1, 0, "P4")]),
        reference(&[(1, 0, "G4")]),
        segment(S, 10, &K3, "R", &[]),
        segment(S, 10, &NTE, "RR", &[(1, 0, "ALG DCP DGN DME MED NTR ODT RHB RLH RNH SET SFM SPT UPI")]),
        segment(S, 1, &NTE, "RR", &[(1, 0, "ADD")]),
        segment(S, 1, &CRC, "RRRSS", &[(1, 0, "ZZ"), (2, 0, "N Y"), (3, 0, EPSDT), (4, 0, EPSDT), (5, 0, EPSDT)]),
        segment(R, 1, &HI, "R(RR......S)", &[(1, 1, "ABK BK"), (1, 9, PRESENT)]),
        segment(S, 1, &HI, "R(RR)", &[(1, 1, "ABJ BJ")]),
        segment(S, 1, &HI, "R(RR)S(RR)S(RR)", &[(1, 1, "APR PR"), (2, 1, "APR PR"), (3, 1, "APR PR")]),
        segment(S, 1, &HI, TWELVE_PRESENT, &each_with("ABN BN", 9, PRESENT)),
        segment(S, 1, &HI, "R(RR)", &[(1, 1, "DR")]),
        segment(S, 2, &HI, TWELVE_PRESENT, &each_with("ABF BF", 9, PRESENT)),
        segment(S, 1, &HI, "R(RRRR)", &[(1, 1, "BBR BR CAH"), (1, 3, "D8")]),
        segment(S, 2, &HI, TWELVE_DATED, &each_with("BBQ BQ", 3, "D8")),
        segment(S, 2, &HI, TWELVE_DATED, &each_with("BI", 3, "RD8")),
        segment(S, 2, &HI, TWELVE_DATED, &each_with("BH", 3, "D8")),
        segment(S, 2, &HI, TWELVE_VALUED, &each("BE")),
        segment(S, 2, &HI, TWELVE, &each("BG")),
        segment(S, 2, &HI, TWELVE, &each("TC")),
        segment(S, 1, &HCP, "RRSSSSS...SSSSS", PRICING),
        inner(S, 1, &ATTENDING),
        inner(S, 1, &OPERATING),
        inner(S, 1, &OTHER_OPERATING),
        inner(S, 1, &RENDERING),
        inner(S, 1, &FACILITY),
        inner(S, 1, &REFERRING),
        inner(S, 10, &OTHER_SUBSCRIBER),
        inner(R, 999, &LINE),
    ],
};

static ATTENDING: Loop = Loop {
    id: "2310A",
    name: "attending provider",
    parts: &[
        person(&[(1, 0, "71"), (2, 0, "1"), (8, 0, "XX")]),
        segment(S, 1, &PRV, "RRR", &[(1, 0, "AT"), (2, 0, "PXC")]),
        numbers(4, &[(1, 0, NAMED)]),
    ],
};
static OPERATING: Loop = Loop {
    id: "2310B",
    name: "operating physician",
    parts: &[person(&[(1, 0, "72"), (2, 0, "1"), (8, 0, "XX")]), numbers(4, &[(1, 0, NAMED)])],
};
static OTHER_OPERATING: Loop = Loop {
    id: "2310C",
    name: "other operating physician",
    parts: &[person(&[(1, 0, "ZZ"), (2, 0, "1"), (8, 0, "XX")]), numbers(4, &[(1, 0, NAMED)])],
};
static RENDERING: Loop = Loop {
    id: "2310D",
    name: "rendering provider",
    parts: &[person(&[(1, 0, "82"), (2, 0, "1"), (8, 0, "XX")]), numbers(4, &[(1, 0, NAMED)])],
};
static FACILITY: Loop = Loop {
    id: "2310E",
    name: "service facility",
    parts: &[
        segment(R, 1, &NM1, "RRR....SS", &[(1, 0, "77"), (2, 0, "2"), (8, 0, "XX")]),
        segment(R, 1, &N3, "RS", &[]),
        segment(R, 1, &N4, "RSSS..S", &[]),
        numbers(3, &[(1, 0, "0B G2 LU")]),
    ],
};
static REFERRING: Loop = Loop {
    id: "2310F",
    name: "referring provider",
    parts: &[person(&[(1, 0, "DN"), (2, 0, "1"), (8, 0, "XX")]), numbers(3, &[(1, 0, "0B 1G G2")])],
};

static OTHER_SUBSCRIBER: Loop = Loop {
    id: "2320",
    name: "other subscriber",
    parts: &[
        segment(
            R,
            1,
            &SBR,
            "RRSS....S",
            &[(1, 0, PLACES_AMONG_PAYERS), (2, 0, "01 18 19 20 21 39 40 53 G8"), (9, 0, PLANS)],
        ),
        segment(S, 5, &CAS, ADJUSTMENTS, ADJUSTMENT_GROUPS),
        segment(S, 1, &AMT, "RR", &[(1, 0, "D")]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "EAF")]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "A8")]),
        segment(R, 1, &OI, "..R..R", &[(3, 0, "N W Y"), (6, 0, "I Y")]),
        segment(S, 1, &MIA, "R.SSSSSSSSSSSSSSSSSSSSSS", &[]),
        segment(S, 1, &MOA, "SSSSSSSSS", &[]),
        inner(R, 1, &OTHER_INSURED),
        inner(R, 1, &OTHER_PAYER),
        inner(S, 1, &OTHERS_ATTENDING),
        inner(S, 1, &OTHERS_OPERATING),
        inner(S, 1, &OTHERS_OTHER_OPERATING),
        inner(S, 1, &OTHERS_FACILITY),
        inner(S, 1, &OTHERS_RENDERING),
        inner(S, 1, &OTHERS_REFERRING),
        inner(S, 1, &OTHERS_BILLING),
    ],
};
static OTHERS_ATTENDING: Loop = Loop {
    id: "2330C",
    name: "other payer's attending provider",
    parts: &[segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "71"), (2, 0, "1")]), segment(R, 4, &REF, "RR", &[(1, 0, NAMED)])],
};
static OTHERS_OPERATING: Loop = Loop {
    id: "2330D",
    name: "other payer's operating physician",
    parts: &[segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "72"), (2, 0, "1")]), segment(R, 4, &REF, "RR", &[(1, 0, NAMED)])],
};
static OTHERS_OTHER_OPERATING: Loop = Loop {
    id: "2330E",
    name: "other payer's other operating physician",
    parts: &[segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "ZZ"), (2, 0, "1")]), segment(R, 4, &REF, "RR", &[(1, 0, NAMED)])],
};
static OTHERS_FACILITY: Loop = Loop {
    id: "2330F",
    name: "other payer's service facility",
    parts: &[
        segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "77"), (2, 0, "2")]),
        segment(R, 3, &REF, "RR", &[(1, 0, "0B G2 LU")]),
    ],
};
static OTHERS_RENDERING: Loop = Loop {
    id: "2330G",
    name: "other payer's rendering provider",
    parts: &[segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "82"), (2, 0, "1")]), segment(R, 4, &REF, "RR", &[(1, 0, NAMED)])],
};
static OTHERS_REFERRING: Loop = Loop {
    id: "2330H",
    name: "other payer's referring provider",
    parts: &[
        segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "DN"), (2, 0, "1")]),
        segment(R, 3, &REF, "RR", &[(1, 0, "0B 1G G2")]),
    ],
};
static OTHERS_BILLING: Loop = Loop {
    id: "2330I",
    name: "other payer's billing provider",
    parts: &[
        segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "85"), (2, 0, "2")]),
        segment(R, 2, &REF, "RR", &[(1, 0, "G2 LU")]),
    ],
};
