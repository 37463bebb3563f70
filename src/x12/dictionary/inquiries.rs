//! What inquiries ask: traces, service types, relationships, lines.

use super::services::PROCEDURE;
use super::{FIRST, YES_NO};
use crate::x12::guide::Kind::{Amount, An, Charge, Composite, Id, Ids, N0, Period, R};
use crate::x12::guide::{Element, Standard, element as e, standard};

pub(in crate::x12) static TRN: Standard = standard(
    "TRN",
    4,
    FIRST,
    "",
    &[
        e(481, Id, 1, 2, "kind of trace"),
        e(127, An, 1, 50, "trace number"),
        e(509, An, 10, 10, "company that assigned it"),
        e(127, An, 1, 50, "further trace"),
    ],
);
const POINTER: Element = e(1328, N0, 1, 2, "diagnosis pointer");
pub(in crate::x12) static EQ: Standard = standard(
    "EQ",
    5,
    None,
    "R0102",
    &[
        e(1365, Ids, 1, 2, "service type"),
        PROCEDURE,
        e(1207, Id, 3, 3, "coverage level"),
        e(1336, Id, 1, 3, "insurance type"),
        e(0, Composite(&[POINTER, POINTER, POINTER, POINTER]), 1, 0, "diagnosis pointers"),
    ],
);
pub(in crate::x12) static III: Standard =
    standard("III", 9, None, "P0102", &[e(1270, Id, 1, 3, "code qualifier"), e(1271, An, 1, 30, "code")]);
const UNUSED: Element = e(0, An, 1, 1, "unused");
pub(in crate::x12) static INS: Standard = standard(
    "INS",
    17,
    None,
    "P1112",
    &[
        YES_NO,
        e(1069, Id, 2, 2, "relationship"),
        e(875, Id, 3, 3, "kind of change"),
        e(1203, Id, 2, 3, "reason of the change"),
        UNUSED,
        UNUSED,
        UNUSED,
        UNUSED,
        UNUSED,
        UNUSED,
        e(1250, Id, 2, 3, "date format"),
        e(1251, Period, 1, 35, "date"),
        UNUSED,
        UNUSED,
        UNUSED,
        UNUSED,
        e(1470, N0, 1, 9, "birth sequence"),
    ],
);
pub(in crate::x12) static SVC: Standard = standard(
    "SVC",
    7,
    None,
    "",
    &[
        PROCEDURE,
        e(782, Charge, 1, 10, "charge"),
        e(782, Amount, 1, 10, "payment"),
        e(234, An, 1, 48, "revenue code"),
        e(380, R, 1, 15, "units paid"),
        PROCEDURE,
        e(380, R, 1, 15, "units"),
    ],
);
