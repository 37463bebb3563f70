//! 005010X279A1, the eligibility inquiry (270): which loops, segments, elements and codes it has.
//!
//! Only the structure, in our own words; the guide itself is X12's.

use super::dictionary::{AMT, BHT, DMG, DTP, EQ, HI, HL, III, INS, N3, N4, NM1, PRV, REF, TRN};
use super::guide::Usage::{Required as R, Situational as S};
use super::guide::{Codes, Guide, Loop, Part, inner, segment};

/// The guide as one table.
pub static GUIDE: Guide = Guide {
    id: "005010X279A1",
    set_id: "270",
    functional_id: "HS",
    root: Loop {
        id: "",
        name: "transaction set",
        parts: &[
            segment(R, 1, &BHT, "RRRRRS", &[(1, 0, "0022"), (2, 0, "01 13"), (6, 0, "RT")]),
            inner(R, 0, &SOURCE_LEVEL),
        ],
    },
};

/// Service types that may be asked about.
pub const SERVICE_TYPES: &str = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 30 32 33 34 35 36 37 38 \
    39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 \
    72 73 74 75 76 77 78 79 80 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96 97 98 99 A0 A1 A2 A3 A4 \
    A5 A6 A7 A8 A9 AA AB AC AD AE AF AG AH AI AJ AK AL AM AN AO AQ AR B1 B2 B3 BA BB BC BD BE BF BG BH \
    BI BJ BK BL BM BN BP BQ BR BS BT BU BV BW BX BY BZ C1 CA CB CC CD CE CF CG CH CI CJ CK CL CM CN CO \
    CP CQ DG DM DS GF GN GY IC MH NI ON PT PU RN RT TC TN UC";

const PROVIDERS: &str = "AD AT BI CO CV H HH LA OT P1 P2 PC PE R RF SB SK SU";
const PATIENT_NUMBERS: &[Codes] = &[(1, 0, "18 1L 1W 3H 6P CT EA EJ F6 GH HJ IG N6 NQ SY Y4")];
const PATIENT_PROVIDER: Part = segment(S, 1, &PRV, "RSS", &[(1, 0, PROVIDERS), (2, 0, "9K D3 EI HPI PXC SY TJ")]);
const PLAN_DATES: Part = segment(S, 2, &DTP, "RRR", &[(1, 0, "102 291"), (2, 0, "D8 RD8")]);
const DIAGNOSES: Part = segment(
    S,
    1,
    &HI,
    "R(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)S(RR)",
    &[(1, 1, "ABK BK"), (2, 1, "ABF BF"), (3, 1, "ABF BF"), (4, 1, "ABF BF")],
);
const TRACE: Part = segment(S, 2, &TRN, "RRRS", &[(1, 0, "1")]);

static SOURCE_LEVEL: Loop = Loop {
    id: "2000A",
    name: "information source level",
    parts: &[
        segment(R, 1, &HL, "R.RR", &[(3, 0, "20"), (4, 0, "1")]),
        inner(R, 1, &SOURCE),
        inner(R, 0, &RECEIVER_LEVEL),
    ],
};

static SOURCE: Loop = Loop {
    id: "2100A",
    name: "information source",
    parts: &[segment(
        R,
        1,
        &NM1,
        "RRSSS.SRR",
        &[(1, 0, "2B 36 GP P5 PR"), (2, 0, "1 2"), (8, 0, "24 46 FI NI PI XV XX")],
    )],
};

static RECEIVER_LEVEL: Loop = Loop {
    id: "2000B",
    name: "information receiver level",
    parts: &[
        segment(R, 1, &HL, "RRRR", &[(3, 0, "21"), (4, 0, "1")]),
        inner(R, 1, &RECEIVER),
        inner(R, 0, &SUBSCRIBER_LEVEL),
    ],
};

static RECEIVER: Loop = Loop {
    id: "2100B",
    name: "information receiver",
    parts: &[
        segment(
            R,
            1,
            &NM1,
            "RRSSS.SRR",
            &[(1, 0, "1P 2B 36 80 FA GP P5 PR"), (2, 0, "1 2"), (8, 0, "24 34 FI PI PP SV XV XX")],
        ),
        segment(S, 9, &REF, "RRS", &[(1, 0, "0B 1C 1D 1J 4A CT EL EO HPI JD N5 N7 Q4 SY TJ")]),
        segment(S, 1, &N3, "RS", &[]),
        segment(S, 1, &N4, "RSSS..S", &[]),
        segment(S, 1, &PRV, "RSS", &[(1, 0, PROVIDERS), (2, 0, "PXC")]),
    ],
};

static SUBSCRIBER_LEVEL: Loop = Loop {
    id: "2000C",
    name: "subscriber level",
    parts: &[
        segment(R, 1, &HL, "RRRR", &[(3, 0, "22"), (4, 0, "0 1")]),
        TRACE,
        inner(R, 1, &SUBSCRIBER),
        inner(S, 0, &DEPENDENT_LEVEL),
    ],
};

static SUBSCRIBER: Loop = Loop {
    id: "2100C",
    name: "subscriber",
    parts: &[
        segment(R, 1, &NM1, "RRSSS.SSS", &[(1, 0, "IL"), (2, 0, "1 2"), (8, 0, "II MI")]),
        segment(S, 9, &REF, "RR", PATIENT_NUMBERS),
        segment(S, 1, &N3, "RS", &[]),
        segment(S, 1, &N4, "RSSS..S", &[]),
        PATIENT_PROVIDER,
        segment(S, 1, &DMG, "SSS", &[(1, 0, "D8"), (3, 0, "F M")]),
        segment(S, 1, &INS, "RR..............S", &[(1, 0, "Y"), (2, 0, "18")]),
        DIAGNOSES,
        PLAN_DATES,
        inner(S, 99, &SUBSCRIBER_INQUIRY),
    ],
};

static SUBSCRIBER_INQUIRY: Loop = Loop { id: "2110C", name: "subscriber's inquiry", parts: INQUIRY };

static DEPENDENT_LEVEL: Loop = Loop {
    id: "2000D",
    name: "dependent level",
    parts: &[segment(R, 1, &HL, "RRRR", &[(3, 0, "23"), (4, 0, "0")]), TRACE, inner(R, 1, &DEPENDENT)],
};

static DEPENDENT: Loop = Loop {
    id: "2100D",
    name: "dependent",
    parts: &[
        segment(R, 1, &NM1, "RRSSS.S", &[(1, 0, "03"), (2, 0, "1")]),
        segment(S, 9, &REF, "RR", PATIENT_NUMBERS),
        segment(S, 1, &N3, "RS", &[]),
        segment(S, 1, &N4, "RSSS..S", &[]),
        PATIENT_PROVIDER,
        segment(S, 1, &DMG, "SSS", &[(1, 0, "D8"), (3, 0, "F M")]),
        segment(S, 1, &INS, "RR..............S", &[(1, 0, "N"), (2, 0, "01 19 34")]),
        DIAGNOSES,
        PLAN_DATES,
        inner(R, 99, &DEPENDENT_INQUIRY),
    ],
};

static DEPENDENT_INQUIRY: Loop = Loop { id: "2110D", name: "dependent's inquiry", parts: INQUIRY };

const INQUIRY: &[Part] = &[
    segment(
        R,
        1,
        &EQ,
        "SS(RRSSSS)SSS(RSSS)",
        &[(1, 0, SERVICE_TYPES), (2, 1, "AD CJ HC ID IV N4 ZZ"), (3, 0, "CHD DEP ECH EMP ESP FAM IND SPC SPO")],
    ),
    segment(S, 2, &AMT, "RR", &[(1, 0, "PB R")]),
    segment(S, 10, &III, "RR", &[(1, 0, "BF BK ZZ ABF ABK")]),
    segment(S, 1, &REF, "RR", &[(1, 0, "9F G1")]),
    segment(S, 1, &DTP, "RRR", &[(1, 0, "291"), (2, 0, "D8 RD8")]),
];
