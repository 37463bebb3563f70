//! 005010X223A2, the institutional claim (837I): which loops, segments, elements and codes it has.
//!
//! Only the structure, in our own words; the guide itself is X12's. Codes that other lists hold (revenue codes, value
//! codes, diagnoses, states) are not asked here: they are the payer's business, after the 999.

mod claim;
mod line;

use super::dictionary::{BHT, CUR, DMG, HL, N3, N4, NM1, PAT, PER, PRV, REF, SBR};
use super::guide::Usage::{Required as R, Situational as S};
use super::guide::{Guide, Loop, inner, segment};
use super::guide_837::{
    CONTACT, PAY_TO_PLAN, PAYER, PERSON, PLACES_AMONG_PAYERS, PLANS, RECEIVER, ROLE_ONLY, SUBMITTER,
};

/// The guide as one table.
pub static GUIDE: Guide = Guide {
    id: "005010X223A2",
    set_id: "837",
    functional_id: "HC",
    root: Loop {
        id: "",
        name: "transaction set",
        parts: &[
            segment(R, 1, &BHT, "RRRRRR", &[(1, 0, "0019"), (2, 0, "00 18"), (6, 0, "31 CH RP")]),
            inner(R, 1, &SUBMITTER),
            inner(R, 1, &RECEIVER),
            inner(R, 0, &BILLING_PROVIDER_LEVEL),
        ],
    },
};

static BILLING_PROVIDER_LEVEL: Loop = Loop {
    id: "2000A",
    name: "billing provider level",
    parts: &[
        segment(R, 1, &HL, "R.RR", &[(3, 0, "20"), (4, 0, "1")]),
        segment(S, 1, &PRV, "RRR", &[(1, 0, "BI"), (2, 0, "PXC")]),
        segment(S, 1, &CUR, "RR", &[(1, 0, "85")]),
        inner(R, 1, &BILLING_PROVIDER),
        inner(S, 1, &PAY_TO_ADDRESS),
        inner(S, 1, &PAY_TO_PLAN),
        inner(R, 0, &SUBSCRIBER_LEVEL),
    ],
};

static BILLING_PROVIDER: Loop = Loop {
    id: "2010AA",
    name: "billing provider",
    parts: &[
        segment(R, 1, &NM1, "RRR....SS", &[(1, 0, "85"), (2, 0, "2"), (8, 0, "XX")]),
        segment(R, 1, &N3, "RS", &[]),
        segment(R, 1, &N4, "RSSS..S", &[]),
        segment(R, 1, &REF, "RR", &[(1, 0, "EI")]),
        segment(S, 2, &PER, "RSRRSSSS", CONTACT),
    ],
};

static PAY_TO_ADDRESS: Loop = Loop {
    id: "2010AB",
    name: "pay-to address",
    parts: &[
        segment(R, 1, &NM1, ROLE_ONLY, &[(1, 0, "87"), (2, 0, "2")]),
        segment(R, 1, &N3, "RS", &[]),
        segment(R, 1, &N4, "RSSS..S", &[]),
    ],
};

static SUBSCRIBER_LEVEL: Loop = Loop {
    id: "2000B",
    name: "subscriber level",
    parts: &[
        segment(R, 1, &HL, "RRRR", &[(3, 0, "22"), (4, 0, "0 1")]),
        segment(R, 1, &SBR, "RSSS....S", &[(1, 0, PLACES_AMONG_PAYERS), (2, 0, "18"), (9, 0, PLANS)]),
        inner(R, 1, &SUBSCRIBER),
        inner(R, 1, &PAYER),
        inner(S, 100, &claim::CLAIM),
        inner(S, 0, &PATIENT_LEVEL),
    ],
};

static SUBSCRIBER: Loop = Loop {
    id: "2010BA",
    name: "subscriber",
    parts: &[
        segment(R, 1, &NM1, PERSON, &[(1, 0, "IL"), (2, 0, "1 2"), (8, 0, "MI II")]),
        segment(S, 1, &N3, "RS", &[]),
        segment(S, 1, &N4, "RSSS..S", &[]),
        segment(S, 1, &DMG, "RRR", &[(1, 0, "D8"), (3, 0, "F M U")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "SY")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "Y4")]),
    ],
};

static PATIENT_LEVEL: Loop = Loop {
    id: "2000C",
    name: "patient level",
    parts: &[
        segment(R, 1, &HL, "RRRR", &[(3, 0, "23"), (4, 0, "0")]),
        segment(R, 1, &PAT, "R", &[(1, 0, "01 19 20 21 39 40 53 G8")]),
        inner(R, 1, &PATIENT),
        inner(R, 100, &claim::CLAIM),
    ],
};

static PATIENT: Loop = Loop {
    id: "2010CA",
    name: "patient",
    parts: &[
        segment(R, 1, &NM1, "RRRSS.S", &[(1, 0, "QC"), (2, 0, "1")]),
        segment(R, 1, &N3, "RS", &[]),
        segment(R, 1, &N4, "RSSS..S", &[]),
        segment(R, 1, &DMG, "RRR", &[(1, 0, "D8"), (3, 0, "F M U")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "Y4")]),
        segment(S, 1, &REF, "RR", &[(1, 0, "1W SY")]),
    ],
};
