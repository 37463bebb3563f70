//! 005010X217, the request for review of services (278): which loops, segments, elements and codes it has.
//!
//! Only the structure, in our own words; the guide itself is X12's. What it has for dental care, home health and oxygen is not read.

use super::dictionary::{
    BHT, CL1, CR1, CR2, CRC, DMG, DTP, HI, HL, HSD, INS, MSG, N3, N4, NM1, PER, PRV, PWK, REF, SV1, SV2, TRN, UM,
};
use super::guide::Usage::{Required as R, Situational as S};
use super::guide::{Codes, Guide, Loop, Part, inner, segment};
use super::guide_270::SERVICE_TYPES;

/// The guide as one table.
pub static GUIDE: Guide = Guide {
    id: "005010X217",
    set_id: "278",
    functional_id: "HI",
    root: Loop {
        id: "",
        name: "transaction set",
        parts: &[
            segment(R, 1, &BHT, "RRRRRS", &[(1, 0, "0007"), (2, 0, "01 13 36"), (6, 0, "RU")]),
            inner(R, 1, &REVIEWER_LEVEL),
        ],
    },
};

const CATEGORIES: &str = "AR HS IN SC";
const CERTIFICATIONS: &str = "1 2 3 4 5 6 I N R S";
const LEVELS: &str = "03 E U";
const REVIEW: &[Codes] =
    &[(1, 0, CATEGORIES), (2, 0, CERTIFICATIONS), (3, 0, SERVICE_TYPES), (4, 2, "A B"), (6, 0, LEVELS)];
const QUANTITIES: &[Codes] = &[(1, 0, "DY FL HS MN VS"), (5, 0, "6 7 21 26 27 29 34 35")];
const IDS: &str = "24 34 46 PI XV XX";
const TRACE: Part = segment(S, 3, &TRN, "RRRS", &[(1, 0, "1")]);
const REPORTS: Part = segment(S, 10, &PWK, "RR..SSS", &[(2, 0, "AA AB AD AF AG BM EL EM FT FX NS OL VO")]);
const TEXT: Part = segment(S, 1, &MSG, "R", &[]);
const AMOUNT: Part = segment(S, 1, &HSD, "SSSSSSSS", QUANTITIES);

static REVIEWER_LEVEL: Loop = Loop {
    id: "2000A",
    name: "level of who reviews",
    parts: &[
        segment(R, 1, &HL, "R.RR", &[(3, 0, "20"), (4, 0, "1")]),
        inner(R, 1, &REVIEWER),
        inner(R, 1, &REQUESTER_LEVEL),
    ],
};

static REVIEWER: Loop = Loop {
    id: "2010A",
    name: "who reviews",
    parts: &[segment(R, 1, &NM1, "RRSSS.SRR", &[(1, 0, "X3 PR"), (2, 0, "1 2"), (8, 0, IDS)])],
};

static REQUESTER_LEVEL: Loop = Loop {
    id: "2000B",
    name: "level of who asks",
    parts: &[
        segment(R, 1, &HL, "RRRR", &[(3, 0, "21"), (4, 0, "1")]),
        inner(R, 1, &REQUESTER),
        inner(R, 0, &SUBSCRIBER_LEVEL),
    ],
};

static REQUESTER: Loop = Loop {
    id: "2010B",
    name: "who asks",
    parts: &[
        segment(R, 1, &NM1, "RRSSS.SRR", &[(1, 0, "1P FA"), (2, 0, "1 2"), (8, 0, IDS)]),
        segment(S, 8, &REF, "RRS", &[(1, 0, "1G 1J CT EI N5 N7 SY ZH")]),
        segment(S, 1, &N3, "RS", &[]),
        segment(S, 1, &N4, "RSSS..S", &[]),
        segment(S, 1, &PER, "RSSSSSSS", &[(1, 0, "IC")]),
        segment(S, 1, &PRV, "RRR", &[(1, 0, "AD AS AT CO CV OP OR OT PC PE RF"), (2, 0, "PXC")]),
    ],
};

static SUBSCRIBER_LEVEL: Loop = Loop {
    id: "2000C",
    name: "subscriber level",
    parts: &[
        segment(R, 1, &HL, "RRRR", &[(3, 0, "22"), (4, 0, "1")]),
        inner(R, 1, &SUBSCRIBER),
        inner(S, 0, &DEPENDENT_LEVEL),
        inner(S, 0, &EVENT_LEVEL),
    ],
};

static SUBSCRIBER: Loop = Loop {
    id: "2010C",
    name: "subscriber",
    parts: &[
        segment(R, 1, &NM1, "RRSSSSSRR", &[(1, 0, "IL"), (2, 0, "1"), (8, 0, "II MI")]),
        segment(S, 9, &REF, "RR", &[(1, 0, "1L 1W 3L 6P A6 EJ F6 HJ IG N6 NQ SY")]),
        segment(S, 1, &N3, "RS", &[]),
        segment(S, 1, &N4, "RSSS..S", &[]),
        segment(S, 1, &DMG, "RRS", &[(1, 0, "D8"), (3, 0, "F M U")]),
        segment(S, 1, &INS, "RR.....S", &[(1, 0, "Y"), (2, 0, "18")]),
    ],
};

static DEPENDENT_LEVEL: Loop = Loop {
    id: "2000D",
    name: "dependent level",
    parts: &[
        segment(R, 1, &HL, "RRRR", &[(3, 0, "23"), (4, 0, "1")]),
        inner(R, 1, &DEPENDENT),
        inner(R, 0, &EVENT_LEVEL),
    ],
};

static DEPENDENT: Loop = Loop {
    id: "2010D",
    name: "dependent",
    parts: &[
        segment(R, 1, &NM1, "RRSSSSS", &[(1, 0, "QC"), (2, 0, "1")]),
        segment(S, 3, &REF, "RR", &[(1, 0, "A6 EJ SY")]),
        segment(S, 1, &N3, "RS", &[]),
        segment(S, 1, &N4, "RSSS..S", &[]),
        segment(S, 1, &DMG, "RRS", &[(1, 0, "D8"), (3, 0, "F M U")]),
        segment(S, 1, &INS, "RR..............S", &[(1, 0, "N")]),
    ],
};

static EVENT_LEVEL: Loop = Loop {
    id: "2000E",
    name: "patient event level",
    parts: &[
        segment(R, 1, &HL, "RRRR", &[(3, 0, "EV"), (4, 0, "0 1")]),
        TRACE,
        segment(R, 1, &UM, "RSSS(RRS)S(RSSSS)SSSSS", REVIEW),
        segment(S, 1, &REF, "RR", &[(1, 0, "BB")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "NT")]),
        segment(S, 1, &DTP, "RRR", &[(1, 0, "439"), (2, 0, "D8")]),
        segment(S, 1, &DTP, "RRR", &[(1, 0, "484"), (2, 0, "D8")]),
        segment(S, 1, &DTP, "RRR", &[(1, 0, "ABC"), (2, 0, "D8")]),
        segment(S, 1, &DTP, "RRR", &[(1, 0, "431"), (2, 0, "D8")]),
        segment(S, 1, &DTP, "RRR", &[(1, 0, "AAH"), (2, 0, "D8 RD8")]),
        segment(S, 1, &DTP, "RRR", &[(1, 0, "435"), (2, 0, "D8 RD8 DT")]),
        segment(S, 1, &DTP, "RRR", &[(1, 0, "096"), (2, 0, "D8 DT")]),
        segment(
            S,
            1,
            &HI,
            "R(RRSS)S(RRSS)S(RRSS)S(RRSS)S(RRSS)S(RRSS)S(RRSS)S(RRSS)S(RRSS)S(RRSS)S(RRSS)S(RRSS)",
            &[(1, 1, "ABF ABJ ABK APR BF BJ BK DR LOI PR")],
        ),
        AMOUNT,
        segment(S, 9, &CRC, "RRRSSSS", &[]),
        segment(S, 1, &CL1, "SSSS", &[]),
        segment(S, 1, &CR1, "SSRRSSSSSS", &[]),
        segment(S, 1, &CR2, "SSSSSSSSSSSS", &[]),
        REPORTS,
        TEXT,
        inner(S, 14, &EVENT_PROVIDER),
        inner(S, 0, &SERVICE_LEVEL),
    ],
};

const PROVIDER: &[Part] = &[
    segment(
        R,
        1,
        &NM1,
        "RRSSS.SSS",
        &[(1, 0, "1T 71 72 73 77 AAJ DD DK DN FA G3 P3 QB QV SJ"), (2, 0, "1 2"), (8, 0, "24 34 46 XX")],
    ),
    segment(S, 8, &REF, "RRS", &[(1, 0, "0B 1G 1J EI N5 N7 SY ZH")]),
    segment(S, 1, &N3, "RS", &[]),
    segment(S, 1, &N4, "RSSS..S", &[]),
    segment(S, 1, &PER, "RSSSSSSS", &[(1, 0, "IC")]),
    segment(S, 1, &PRV, "RRR", &[(1, 0, "AD AS AT OP OR OT PC PE RF"), (2, 0, "PXC")]),
];
static EVENT_PROVIDER: Loop = Loop { id: "2010EA", name: "who is to give the care", parts: PROVIDER };
static SERVICE_PROVIDER: Loop = Loop { id: "2010F", name: "who is to give the service", parts: PROVIDER };

static SERVICE_LEVEL: Loop = Loop {
    id: "2000F",
    name: "service level",
    parts: &[
        segment(R, 1, &HL, "RRRR", &[(3, 0, "SS"), (4, 0, "0")]),
        TRACE,
        segment(S, 1, &UM, "RSSS(RRS)S(RSSSS)SSSSS", REVIEW),
        segment(S, 1, &REF, "RR", &[(1, 0, "BB")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "NT")]),
        segment(S, 1, &DTP, "RRR", &[(1, 0, "472"), (2, 0, "D8 RD8")]),
        segment(S, 1, &SV1, "R(RRSSSSSS)SSS..S(RSSS)...S", &[(1, 1, "HC IV N4 ZZ WK"), (3, 0, "F2 MJ UN")]),
        segment(S, 1, &SV2, "SS(RRSSSSSS)SSSS", &[(2, 1, "HC ID IV N4 ZZ WK"), (4, 0, "DA F2 UN")]),
        AMOUNT,
        REPORTS,
        TEXT,
        inner(S, 12, &SERVICE_PROVIDER),
    ],
};
