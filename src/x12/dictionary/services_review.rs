//! What requests for review ask: which review, how much, in which pattern.

use crate::x12::guide::Kind::{An, Composite, Id, N0, R};
use crate::x12::guide::{Element, Standard, element as e, standard};

const CAUSE: Element = e(1362, Id, 2, 3, "cause");
pub(in crate::x12) static UM: Standard = standard(
    "UM",
    10,
    None,
    "",
    &[
        e(1525, Id, 1, 2, "kind of request"),
        e(1322, Id, 1, 1, "kind of certification"),
        e(1365, Id, 1, 2, "service type"),
        e(
            0,
            Composite(&[
                e(1331, An, 1, 2, "place of service or type of bill"),
                e(1332, Id, 1, 2, "code qualifier"),
                e(1325, Id, 1, 1, "frequency code"),
            ]),
            1,
            0,
            "place",
        ),
        e(0, Composite(&[CAUSE, CAUSE, CAUSE, e(156, Id, 2, 2, "state"), e(26, Id, 2, 3, "country")]), 1, 0, "causes"),
        e(1338, Id, 1, 3, "level of service"),
        e(1213, Id, 1, 1, "current condition"),
        e(923, Id, 1, 1, "prognosis"),
        e(1363, Id, 1, 1, "release of information"),
        e(1514, Id, 1, 2, "delay reason"),
    ],
);
pub(in crate::x12) static HSD: Standard = standard(
    "HSD",
    8,
    None,
    "P0102 C0605",
    &[
        e(673, Id, 2, 2, "kind of quantity"),
        e(380, R, 1, 15, "quantity"),
        e(355, Id, 2, 2, "unit"),
        e(1167, R, 1, 6, "how often"),
        e(615, Id, 1, 2, "period"),
        e(616, N0, 1, 3, "number of periods"),
        e(678, Id, 1, 2, "pattern of days"),
        e(679, Id, 1, 1, "pattern of times"),
    ],
);
pub(in crate::x12) static MSG: Standard = standard(
    "MSG",
    3,
    None,
    "",
    &[e(933, An, 1, 264, "text"), e(934, Id, 2, 2, "printer"), e(1470, N0, 1, 9, "number")],
);
