//! 005010X212, the claim status request (276): which loops, segments, elements and codes it has.
//!
//! Only the structure, in our own words; the guide itself is X12's.

use super::dictionary::{AMT, BHT, DMG, DTP, HL, NM1, REF, SVC, TRN};
use super::guide::Usage::{Required as R, Situational as S};
use super::guide::{Guide, Loop, Part, inner, segment};

/// The guide as one table.
pub static GUIDE: Guide = Guide {
    id: "005010X212",
    set_id: "276",
    functional_id: "HR",
    root: Loop {
        id: "",
        name: "transaction set",
        parts: &[segment(R, 1, &BHT, "RRRRR", &[(1, 0, "0010"), (2, 0, "13")]), inner(R, 0, &PAYER_LEVEL)],
    },
};

static PAYER_LEVEL: Loop = Loop {
    id: "2000A",
    name: "information source level",
    parts: &[
        segment(R, 1, &HL, "R.RR", &[(3, 0, "20"), (4, 0, "1")]),
        inner(R, 1, &PAYER),
        inner(R, 0, &RECEIVER_LEVEL),
    ],
};

static PAYER: Loop = Loop {
    id: "2100A",
    name: "payer",
    parts: &[segment(R, 1, &NM1, "RRR....RR", &[(1, 0, "PR"), (2, 0, "2"), (8, 0, "PI XV")])],
};

static RECEIVER_LEVEL: Loop = Loop {
    id: "2000B",
    name: "information receiver level",
    parts: &[
        segment(R, 1, &HL, "RRRR", &[(3, 0, "21"), (4, 0, "1")]),
        inner(R, 1, &RECEIVER),
        inner(R, 0, &PROVIDER_LEVEL),
    ],
};

static RECEIVER: Loop = Loop {
    id: "2100B",
    name: "information receiver",
    parts: &[segment(R, 1, &NM1, "RRSSS..RR", &[(1, 0, "41"), (2, 0, "1 2"), (8, 0, "46")])],
};

static PROVIDER_LEVEL: Loop = Loop {
    id: "2000C",
    name: "service provider level",
    parts: &[
        segment(R, 1, &HL, "RRRR", &[(3, 0, "19"), (4, 0, "1")]),
        inner(R, 2, &PROVIDER),
        inner(R, 0, &SUBSCRIBER_LEVEL),
    ],
};

static PROVIDER: Loop = Loop {
    id: "2100C",
    name: "provider",
    parts: &[segment(R, 1, &NM1, "RRSSS.SRR", &[(1, 0, "1P"), (2, 0, "1 2"), (8, 0, "FI SV XX")])],
};

static SUBSCRIBER_LEVEL: Loop = Loop {
    id: "2000D",
    name: "subscriber level",
    parts: &[
        segment(R, 1, &HL, "RRRR", &[(3, 0, "22"), (4, 0, "0 1")]),
        segment(S, 1, &DMG, "RRS", &[(1, 0, "D8"), (3, 0, "F M U")]),
        inner(R, 1, &SUBSCRIBER),
        inner(S, 0, &SUBSCRIBER_CLAIM),
        inner(S, 0, &DEPENDENT_LEVEL),
    ],
};

static SUBSCRIBER: Loop = Loop {
    id: "2100D",
    name: "subscriber",
    parts: &[segment(R, 1, &NM1, "RRRSS.SRR", &[(1, 0, "IL"), (2, 0, "1 2"), (8, 0, "24 II MI")])],
};

static SUBSCRIBER_CLAIM: Loop =
    Loop { id: "2200D", name: "subscriber's claim", parts: &claim(inner(S, 0, &SUBSCRIBER_LINE)) };
static SUBSCRIBER_LINE: Loop = Loop { id: "2210D", name: "subscriber's service line", parts: LINE };

static DEPENDENT_LEVEL: Loop = Loop {
    id: "2000E",
    name: "dependent level",
    parts: &[
        // The guide does not use HL04 here; many send it.
        segment(R, 1, &HL, "RRRS", &[(3, 0, "23"), (4, 0, "0")]),
        segment(R, 1, &DMG, "RRS", &[(1, 0, "D8"), (3, 0, "F M U")]),
        inner(R, 1, &DEPENDENT),
        inner(R, 0, &DEPENDENT_CLAIM),
    ],
};

static DEPENDENT: Loop =
    Loop { id: "2100E", name: "dependent", parts: &[segment(R, 1, &NM1, "RRRSS.S", &[(1, 0, "QC"), (2, 0, "1")])] };

static DEPENDENT_CLAIM: Loop =
    Loop { id: "2200E", name: "dependent's claim", parts: &claim(inner(S, 0, &DEPENDENT_LINE)) };
static DEPENDENT_LINE: Loop = Loop { id: "2210E", name: "dependent's service line", parts: LINE };

const fn claim(line: Part) -> [Part; 11] {
    [
        segment(R, 1, &TRN, "RR", &[(1, 0, "1")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "1K")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "BLT")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "LU")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "6P")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "EJ")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "XZ")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "D9")]),
        segment(S, 1, &AMT, "RR", &[(1, 0, "T3")]),
        segment(S, 1, &DTP, "RRR", &[(1, 0, "472"), (2, 0, "D8 RD8")]),
        line,
    ]
}

const LINE: &[Part] = &[
    segment(R, 1, &SVC, "R(RRSSSS)R.S..R", &[(1, 1, "AD ER HC HP IV N4 NU WK")]),
    segment(S, 1, &REF, "RR", &[(1, 0, "FJ")]),
    segment(R, 1, &DTP, "RRR", &[(1, 0, "472"), (2, 0, "D8 RD8")]),
];
