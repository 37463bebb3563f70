//! The claim, its lines, and what other payers said of them.

use super::{FIRST, YES_NO};
use crate::x12::guide::Kind::{Amount, An, Charge, Composite, Dt, Id, N0, Period, R};
use crate::x12::guide::{Element, Standard, element as e, standard};

const MODIFIER: Element = e(1339, An, 2, 2, "modifier");
/// C003, a procedure.
pub(super) const PROCEDURE: Element = e(
    0,
    Composite(&[
        e(235, Id, 2, 2, "code qualifier"),
        e(234, An, 1, 48, "procedure code"),
        MODIFIER,
        MODIFIER,
        MODIFIER,
        MODIFIER,
        e(352, An, 1, 80, "description"),
        e(234, An, 1, 48, "end of the code range"),
    ]),
    1,
    0,
    "procedure",
);
/// C022, a code of the HI segment.
const CODE: Element = e(
    0,
    Composite(&[
        e(1270, Id, 1, 3, "code qualifier"),
        e(1271, An, 1, 30, "code"),
        e(1250, Id, 2, 3, "date format"),
        e(1251, Period, 1, 35, "date"),
        e(782, R, 1, 18, "value"),
        e(380, R, 1, 15, "quantity"),
        e(799, An, 1, 30, "version"),
        e(1271, An, 1, 30, "end of the code range"),
        e(1073, Id, 1, 1, "present on admission"),
    ]),
    1,
    0,
    "health care code",
);
const CONDITION: Element = e(1321, Id, 2, 3, "condition");

pub(in crate::x12) static CLM: Standard = standard(
    "CLM",
    20,
    None,
    "",
    &[
        e(1028, An, 1, 38, "patient control number"),
        e(782, Charge, 1, 10, "total charge"),
        e(1032, Id, 1, 2, "kind of plan"),
        e(1343, Id, 1, 2, "kind of claim"),
        e(
            0,
            Composite(&[
                e(1331, An, 2, 2, "place of service"),
                e(1332, Id, 1, 2, "code qualifier"),
                e(1325, Id, 1, 1, "frequency code"),
            ]),
            1,
            0,
            "place of service and frequency",
        ),
        e(1073, Id, 1, 1, "provider's signature"),
        e(1359, Id, 1, 1, "assignment"),
        e(1073, Id, 1, 1, "benefits assigned"),
        e(1363, Id, 1, 1, "release of information"),
        e(1351, Id, 1, 1, "source of signature"),
        e(
            0,
            Composite(&[
                e(1362, Id, 2, 3, "cause"),
                e(1362, Id, 2, 3, "second cause"),
                e(1362, Id, 2, 3, "third cause"),
                e(156, Id, 2, 2, "state of the accident"),
                e(26, Id, 2, 3, "country of the accident"),
            ]),
            1,
            0,
            "causes",
        ),
        e(1366, Id, 2, 3, "special program"),
        YES_NO,
        e(1338, Id, 1, 3, "level of service"),
        YES_NO,
        e(1360, Id, 1, 1, "provider agreement"),
        e(1029, Id, 1, 2, "claim status"),
        YES_NO,
        e(1383, Id, 2, 2, "reason for submission"),
        e(1514, Id, 1, 2, "delay reason"),
    ],
);
pub(in crate::x12) static CL1: Standard = standard(
    "CL1",
    4,
    None,
    "",
    &[
        e(1315, Id, 1, 1, "kind of admission"),
        e(1314, Id, 1, 1, "source of admission"),
        e(1352, Id, 1, 2, "patient's status"),
        e(1345, Id, 1, 1, "residence"),
    ],
);
pub(in crate::x12) static DTP: Standard = standard(
    "DTP",
    3,
    FIRST,
    "",
    &[e(374, Id, 3, 3, "kind of date"), e(1250, Id, 2, 3, "date format"), e(1251, Period, 1, 35, "date")],
);
pub(in crate::x12) static PWK: Standard = standard(
    "PWK",
    9,
    Some((2, 0)),
    "P0506",
    &[
        e(755, Id, 2, 2, "kind of report"),
        e(756, Id, 1, 2, "way of transmission"),
        e(757, N0, 1, 2, "copies"),
        e(98, Id, 2, 3, "entity"),
        e(66, Id, 1, 2, "id qualifier"),
        e(67, An, 2, 80, "attachment control number"),
    ],
);
pub(in crate::x12) static CN1: Standard = standard(
    "CN1",
    6,
    None,
    "",
    &[
        e(1166, Id, 2, 2, "kind of contract"),
        e(782, Amount, 1, 10, "amount"),
        e(332, R, 1, 6, "percentage"),
        e(127, An, 1, 50, "contract code"),
        e(338, R, 1, 6, "discount"),
        e(799, An, 1, 30, "contract version"),
    ],
);
pub(in crate::x12) static AMT: Standard =
    standard("AMT", 3, FIRST, "", &[e(522, Id, 1, 3, "kind of amount"), e(782, Amount, 1, 10, "amount")]);
pub(in crate::x12) static K3: Standard = standard("K3", 3, None, "", &[e(449, An, 1, 80, "fixed format text")]);
pub(in crate::x12) static NTE: Standard =
    standard("NTE", 2, FIRST, "", &[e(363, Id, 3, 3, "kind of note"), e(352, An, 1, 80, "note")]);
pub(in crate::x12) static CR1: Standard = standard(
    "CR1",
    10,
    None,
    "P0102 P0506",
    &[
        e(355, Id, 2, 2, "unit"),
        e(81, R, 1, 10, "patient's weight"),
        e(1316, Id, 1, 1, "kind of transport"),
        e(1317, Id, 1, 1, "reason for transport"),
        e(355, Id, 2, 2, "unit"),
        e(380, R, 1, 15, "distance"),
        e(166, An, 1, 55, "from"),
        e(166, An, 1, 55, "to"),
        e(352, An, 1, 80, "purpose of the round trip"),
        e(352, An, 1, 80, "purpose of the stretcher"),
    ],
);
pub(in crate::x12) static CR2: Standard = standard(
    "CR2",
    12,
    None,
    "P0102 C0403 P0506",
    &[
        e(609, N0, 1, 9, "number in series"),
        e(380, R, 1, 15, "number of treatments"),
        e(1367, Id, 2, 3, "level of subluxation"),
        e(1367, Id, 2, 3, "level of subluxation"),
        e(355, Id, 2, 2, "unit"),
        e(380, R, 1, 15, "period"),
        e(380, R, 1, 15, "treatments a month"),
        e(1342, Id, 1, 1, "nature of the condition"),
        YES_NO,
        e(352, An, 1, 80, "description"),
        e(352, An, 1, 80, "second description"),
    ],
);
pub(in crate::x12) static CR3: Standard = standard(
    "CR3",
    5,
    None,
    "P0203",
    &[e(1322, Id, 1, 1, "kind of certificate"), e(355, Id, 2, 2, "unit"), e(380, R, 1, 15, "duration")],
);
pub(in crate::x12) static CRC: Standard = standard(
    "CRC",
    7,
    FIRST,
    "",
    &[e(1136, Id, 2, 2, "category"), YES_NO, CONDITION, CONDITION, CONDITION, CONDITION, CONDITION],
);
pub(in crate::x12) static HI: Standard =
    standard("HI", 12, Some((1, 1)), "", &[CODE, CODE, CODE, CODE, CODE, CODE, CODE, CODE, CODE, CODE, CODE, CODE]);
pub(in crate::x12) static HCP: Standard = standard(
    "HCP",
    15,
    None,
    "R0113 P0910 P1112",
    &[
        e(1473, Id, 2, 2, "pricing method"),
        e(782, Amount, 1, 10, "repriced allowed amount"),
        e(782, Amount, 1, 10, "repriced saving"),
        e(127, An, 1, 50, "repricing organization"),
        e(118, R, 1, 9, "rate"),
        e(127, An, 1, 50, "patient group"),
        e(782, Amount, 1, 10, "patient group amount"),
        e(234, An, 1, 48, "revenue code"),
        e(235, Id, 2, 2, "code qualifier"),
        e(234, An, 1, 48, "procedure code"),
        e(355, Id, 2, 2, "unit"),
        e(380, R, 1, 15, "quantity"),
        e(901, Id, 2, 2, "reject reason"),
        e(1526, Id, 1, 2, "policy compliance"),
        e(1527, Id, 1, 2, "exception"),
    ],
);
pub(in crate::x12) static CAS: Standard = standard(
    "CAS",
    19,
    None,
    "L050607 C0605 C0705 L080910 C0908 C1008 L111213 C1211 C1311 L141516 C1514 C1614 L171819 C1817 C1917",
    &[
        e(1033, Id, 1, 2, "group"),
        e(1034, Id, 1, 5, "reason"),
        e(782, Amount, 1, 10, "amount"),
        e(380, R, 1, 15, "quantity"),
        e(1034, Id, 1, 5, "reason"),
        e(782, Amount, 1, 10, "amount"),
        e(380, R, 1, 15, "quantity"),
        e(1034, Id, 1, 5, "reason"),
        e(782, Amount, 1, 10, "amount"),
        e(380, R, 1, 15, "quantity"),
        e(1034, Id, 1, 5, "reason"),
        e(782, Amount, 1, 10, "amount"),
        e(380, R, 1, 15, "quantity"),
        e(1034, Id, 1, 5, "reason"),
        e(782, Amount, 1, 10, "amount"),
        e(380, R, 1, 15, "quantity"),
        e(1034, Id, 1, 5, "reason"),
        e(782, Amount, 1, 10, "amount"),
        e(380, R, 1, 15, "quantity"),
    ],
);
pub(in crate::x12) static OI: Standard = standard(
    "OI",
    6,
    None,
    "",
    &[
        e(1032, Id, 1, 2, "kind of plan"),
        e(1383, Id, 2, 2, "reason for submission"),
        e(1073, Id, 1, 1, "benefits assigned"),
        e(1351, Id, 1, 1, "source of signature"),
        e(1360, Id, 1, 1, "provider agreement"),
        e(1363, Id, 1, 1, "release of information"),
    ],
);
const PART: Element = e(782, Amount, 1, 10, "amount");
const DAYS: Element = e(380, R, 1, 15, "days");
pub(in crate::x12) static MIA: Standard = standard(
    "MIA",
    24,
    None,
    "",
    &[
        DAYS, PART, DAYS, PART, REMARK, PART, PART, PART, PART, PART, PART, PART, PART, PART, DAYS, PART, PART, PART,
        PART, REMARK, REMARK, REMARK, REMARK, PART,
    ],
);
const REMARK: Element = e(127, An, 1, 50, "remark code");
pub(in crate::x12) static MOA: Standard = standard(
    "MOA",
    9,
    None,
    "",
    &[
        e(954, R, 1, 10, "reimbursement rate"),
        e(782, Amount, 1, 10, "payable amount"),
        REMARK,
        REMARK,
        REMARK,
        REMARK,
        REMARK,
        e(782, Amount, 1, 10, "ESRD amount"),
        e(782, Amount, 1, 10, "professional component"),
    ],
);
pub(in crate::x12) static LX: Standard = standard("LX", 1, None, "", &[e(554, N0, 1, 6, "line number")]);
const POINTER: Element = e(1328, N0, 1, 2, "diagnosis pointer");
pub(in crate::x12) static SV1: Standard = standard(
    "SV1",
    21,
    None,
    "P0304",
    &[
        PROCEDURE,
        e(782, Charge, 1, 10, "charge"),
        e(355, Id, 2, 2, "unit"),
        e(380, R, 1, 15, "quantity"),
        e(1331, An, 2, 2, "place of service"),
        e(1365, Id, 1, 2, "service type"),
        e(0, Composite(&[POINTER, POINTER, POINTER, POINTER]), 1, 0, "diagnosis pointers"),
        e(782, Amount, 1, 10, "amount"),
        e(1073, Id, 1, 1, "emergency"),
        e(1340, Id, 1, 2, "multiple procedures"),
        e(1073, Id, 1, 1, "EPSDT"),
        e(1073, Id, 1, 1, "family planning"),
        e(1364, Id, 1, 2, "review"),
        e(1341, An, 1, 2, "assigned review value"),
        e(1327, Id, 1, 1, "copay status"),
    ],
);
pub(in crate::x12) static SV2: Standard = standard(
    "SV2",
    10,
    None,
    "R0102 P0405",
    &[
        e(234, An, 1, 48, "revenue code"),
        PROCEDURE,
        e(782, Charge, 1, 10, "charge"),
        e(355, Id, 2, 2, "unit"),
        e(380, R, 1, 15, "quantity"),
        e(1371, R, 1, 10, "rate"),
        e(782, Charge, 1, 10, "non-covered charge"),
    ],
);
pub(in crate::x12) static SV5: Standard = standard(
    "SV5",
    7,
    None,
    "R0405 C0604",
    &[
        PROCEDURE,
        e(355, Id, 2, 2, "unit"),
        e(380, R, 1, 15, "length of need"),
        e(782, Amount, 1, 10, "rental price"),
        e(782, Amount, 1, 10, "purchase price"),
        e(594, Id, 1, 1, "rental period"),
    ],
);
pub(in crate::x12) static QTY: Standard =
    standard("QTY", 4, FIRST, "", &[e(673, Id, 2, 2, "kind of quantity"), e(380, R, 1, 15, "quantity")]);
pub(in crate::x12) static MEA: Standard = standard(
    "MEA",
    12,
    None,
    "",
    &[e(737, Id, 2, 2, "reference"), e(738, Id, 1, 3, "kind of measurement"), e(739, R, 1, 20, "value")],
);
pub(in crate::x12) static PS1: Standard =
    standard("PS1", 3, None, "", &[e(127, An, 1, 50, "provider"), e(782, Amount, 1, 10, "amount")]);
pub(in crate::x12) static LIN: Standard = standard(
    "LIN",
    31,
    None,
    "",
    &[e(350, An, 1, 20, "line"), e(235, Id, 2, 2, "code qualifier"), e(234, An, 1, 48, "national drug code")],
);
pub(in crate::x12) static CTP: Standard = standard(
    "CTP",
    11,
    None,
    "P0405",
    &[
        e(687, Id, 2, 2, "class of trade"),
        e(236, Id, 3, 3, "price"),
        e(212, R, 1, 17, "unit price"),
        e(380, R, 1, 15, "quantity"),
        e(0, Composite(&[e(355, Id, 2, 2, "unit")]), 1, 0, "unit"),
    ],
);
pub(in crate::x12) static SVD: Standard = standard(
    "SVD",
    6,
    None,
    "",
    &[
        e(67, An, 2, 80, "payer's id"),
        e(782, Amount, 1, 10, "amount paid"),
        PROCEDURE,
        e(234, An, 1, 48, "revenue code"),
        e(380, R, 1, 15, "units paid"),
        e(554, N0, 1, 6, "bundled into line"),
    ],
);
pub(in crate::x12) static LQ: Standard =
    standard("LQ", 2, None, "C0102", &[e(1270, Id, 1, 3, "kind of form"), e(1271, An, 1, 30, "form")]);
pub(in crate::x12) static FRM: Standard = standard(
    "FRM",
    5,
    None,
    "R02030405",
    &[
        e(350, An, 1, 20, "question"),
        YES_NO,
        e(127, An, 1, 50, "answer"),
        e(373, Dt, 8, 8, "date"),
        e(332, R, 1, 6, "percentage"),
    ],
);
