//! What attachments are told by: their beginning, status, kind, security and bytes.

use crate::x12::guide::Kind::{An, Charge, Composite, Dt, Id, N0, Tm};
use crate::x12::guide::{Element, Standard, element as e, standard};

pub(in crate::x12) static BGN: Standard = standard(
    "BGN",
    9,
    None,
    "C0504",
    &[
        e(353, Id, 2, 2, "purpose"),
        e(127, An, 1, 50, "reference"),
        e(373, Dt, 8, 8, "date"),
        e(337, Tm, 4, 8, "time"),
        e(623, Id, 2, 2, "time zone"),
        e(127, An, 1, 50, "further reference"),
        e(640, Id, 2, 2, "kind of transaction"),
    ],
);
const STATUS: Element = e(
    0,
    Composite(&[
        e(1271, An, 1, 30, "category"),
        e(1271, An, 1, 30, "status or question"),
        e(98, Id, 2, 3, "entity"),
        e(1270, Id, 1, 3, "code list"),
    ]),
    1,
    0,
    "status",
);
pub(in crate::x12) static STC: Standard = standard(
    "STC",
    12,
    None,
    "",
    &[
        STATUS,
        e(373, Dt, 8, 8, "date"),
        e(306, Id, 1, 2, "action"),
        e(782, Charge, 1, 18, "charge"),
        e(782, Charge, 1, 18, "payment"),
        e(373, Dt, 8, 8, "second date"),
        e(591, Id, 3, 3, "payment method"),
        e(373, Dt, 8, 8, "third date"),
        e(429, An, 1, 16, "check number"),
        STATUS,
        STATUS,
        e(933, An, 1, 264, "message"),
    ],
);
pub(in crate::x12) static CAT: Standard = standard(
    "CAT",
    5,
    None,
    "",
    &[
        e(755, Id, 2, 2, "kind of report"),
        e(756, Id, 1, 2, "format"),
        e(799, An, 1, 30, "version"),
        e(1004, An, 1, 80, "further"),
    ],
);
pub(in crate::x12) static EFI: Standard = standard(
    "EFI",
    16,
    None,
    "",
    &[e(786, Id, 2, 2, "security level"), e(933, An, 1, 264, "message"), e(791, Id, 2, 2, "security technique")],
);
/// Its data is set apart before a segment is looked at.
pub(in crate::x12) static BIN: Standard = standard("BIN", 2, None, "", &[e(784, N0, 1, 15, "length in bytes")]);
