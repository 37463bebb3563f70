//! 005010X210, additional information to support a claim (275): which loops, segments, elements and codes it has.
//!
//! Only the structure, in our own words; the guide itself is X12's. A BIN's data is not looked at: it may hold anything.

use super::dictionary::{BGN, BIN, CAT, DTP, EFI, LX, N3, N4, NM1, PER, REF, STC, TRN};
use super::guide::Usage::{Required as R, Situational as S};
use super::guide::{Guide, Loop, inner, segment};

/// The guide as one table.
pub static GUIDE: Guide = Guide {
    id: "005010X210",
    set_id: "275",
    functional_id: "PI",
    root: Loop {
        id: "",
        name: "transaction set",
        parts: &[
            segment(R, 1, &BGN, "RRRSSSS", &[(1, 0, "02 11")]),
            inner(R, 1, &PAYER),
            inner(R, 1, &SUBMITTER),
            inner(R, 1, &PROVIDER),
            inner(R, 1, &PATIENT),
            inner(R, 0, &ATTACHMENT),
        ],
    },
};

static PAYER: Loop = Loop {
    id: "1000A",
    name: "payer",
    parts: &[
        segment(R, 1, &NM1, "RRR....RR", &[(1, 0, "PR"), (2, 0, "2"), (8, 0, "PI XV")]),
        segment(S, 1, &PER, "RSRRSSSS", &[]),
    ],
};

static SUBMITTER: Loop = Loop {
    id: "1000B",
    name: "submitter",
    parts: &[
        segment(R, 1, &NM1, "RRSSS..RR", &[(1, 0, "41"), (2, 0, "1 2"), (8, 0, "46")]),
        segment(S, 2, &PER, "RSRRSSSS", &[]),
    ],
};

static PROVIDER: Loop = Loop {
    id: "1000C",
    name: "provider",
    parts: &[
        segment(R, 1, &NM1, "RRSSS.SRR", &[(1, 0, "1P"), (2, 0, "1 2"), (8, 0, "XX")]),
        segment(S, 1, &N3, "RS", &[]),
        segment(S, 1, &N4, "RSSS..S", &[]),
        segment(S, 5, &REF, "RR", &[]),
    ],
};

static PATIENT: Loop = Loop {
    id: "1000D",
    name: "patient",
    parts: &[
        segment(R, 1, &NM1, "RRRSS.SSS", &[(1, 0, "QC"), (2, 0, "1"), (8, 0, "MI II")]),
        segment(S, 10, &REF, "RR", &[]),
        segment(S, 5, &DTP, "RRR", &[(2, 0, "D8 RD8")]),
    ],
};

static ATTACHMENT: Loop = Loop {
    id: "2000A",
    name: "attachment",
    parts: &[
        segment(R, 1, &LX, "R", &[]),
        segment(R, 1, &TRN, "RRSS", &[(1, 0, "1 2")]),
        segment(S, 1, &STC, "R(RRSS)SSSSSSSSS(RRSS)S(RRSS)S", &[]),
        segment(S, 10, &REF, "RRSS", &[]),
        segment(S, 10, &DTP, "RRR", &[(2, 0, "D8 RD8")]),
        segment(S, 1, &CAT, "RSSS", &[]),
        segment(S, 1, &EFI, "RSS", &[]),
        segment(R, 1, &BIN, "R", &[]),
    ],
};
