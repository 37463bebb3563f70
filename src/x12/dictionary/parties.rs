//! Headers, levels, names, addresses and references.

use super::{FIRST, YES_NO};
use crate::x12::guide::Kind::{An, Composite, Dt, Id, Period, R, Tm};
use crate::x12::guide::{Element, Standard, element as e, standard};

pub(in crate::x12) static BHT: Standard = standard(
    "BHT",
    6,
    None,
    "",
    &[
        e(1005, Id, 4, 4, "hierarchical structure"),
        e(353, Id, 2, 2, "purpose"),
        e(127, An, 1, 50, "batch reference"),
        e(373, Dt, 8, 8, "date"),
        e(337, Tm, 4, 8, "time"),
        e(640, Id, 2, 2, "kind of transaction"),
    ],
);
pub(in crate::x12) static NM1: Standard = standard(
    "NM1",
    12,
    FIRST,
    "P0809 C1110 C1203",
    &[
        e(98, Id, 2, 3, "entity"),
        e(1065, Id, 1, 1, "person or organization"),
        e(1035, An, 1, 60, "last name or organization"),
        e(1036, An, 1, 35, "first name"),
        e(1037, An, 1, 25, "middle name"),
        e(1038, An, 1, 10, "name prefix"),
        e(1039, An, 1, 10, "name suffix"),
        e(66, Id, 1, 2, "id qualifier"),
        e(67, An, 2, 80, "id"),
        e(706, Id, 2, 2, "relationship"),
        e(98, Id, 2, 3, "second entity"),
        e(1035, An, 1, 60, "second name"),
    ],
);
pub(in crate::x12) static PER: Standard = standard(
    "PER",
    9,
    None,
    "P0304 P0506 P0708",
    &[
        e(366, Id, 2, 2, "contact function"),
        e(93, An, 1, 60, "contact name"),
        e(365, Id, 2, 2, "kind of number"),
        e(364, An, 1, 256, "number"),
        e(365, Id, 2, 2, "kind of second number"),
        e(364, An, 1, 256, "second number"),
        e(365, Id, 2, 2, "kind of third number"),
        e(364, An, 1, 256, "third number"),
        e(443, An, 1, 20, "inquiry reference"),
    ],
);
pub(in crate::x12) static HL: Standard = standard(
    "HL",
    4,
    Some((3, 0)),
    "",
    &[
        e(628, An, 1, 12, "number"),
        e(734, An, 1, 12, "number of the level above"),
        e(735, Id, 1, 2, "level"),
        e(736, Id, 1, 1, "whether levels follow below"),
    ],
);
pub(in crate::x12) static PRV: Standard = standard(
    "PRV",
    6,
    FIRST,
    "P0203",
    &[
        e(1221, Id, 1, 3, "provider role"),
        e(128, Id, 2, 3, "code qualifier"),
        e(127, An, 1, 50, "taxonomy code"),
        e(156, Id, 2, 2, "state"),
    ],
);
pub(in crate::x12) static CUR: Standard =
    standard("CUR", 21, None, "", &[e(98, Id, 2, 3, "entity"), e(100, Id, 3, 3, "currency"), e(280, R, 4, 10, "rate")]);
pub(in crate::x12) static N3: Standard =
    standard("N3", 2, None, "", &[e(166, An, 1, 55, "street"), e(166, An, 1, 55, "second street line")]);
pub(in crate::x12) static N4: Standard = standard(
    "N4",
    7,
    None,
    "E0207 C0605 C0704",
    &[
        e(19, An, 2, 30, "city"),
        e(156, Id, 2, 2, "state"),
        e(116, Id, 3, 15, "ZIP code"),
        e(26, Id, 2, 3, "country"),
        e(309, Id, 1, 2, "location qualifier"),
        e(310, An, 1, 30, "location"),
        e(1715, Id, 1, 3, "part of the country"),
    ],
);
/// C040, a further reference.
const FURTHER: Element =
    e(0, Composite(&[e(128, Id, 2, 3, "qualifier"), e(127, An, 1, 50, "reference")]), 1, 0, "further reference");
pub(in crate::x12) static REF: Standard = standard(
    "REF",
    4,
    FIRST,
    "R0203",
    &[e(128, Id, 2, 3, "qualifier"), e(127, An, 1, 50, "reference"), e(352, An, 1, 80, "description"), FURTHER],
);
pub(in crate::x12) static SBR: Standard = standard(
    "SBR",
    9,
    None,
    "",
    &[
        e(1138, Id, 1, 1, "place among the payers"),
        e(1069, Id, 2, 2, "relationship"),
        e(127, An, 1, 50, "group number"),
        e(93, An, 1, 60, "group name"),
        e(1336, Id, 1, 3, "insurance type"),
        e(1143, Id, 1, 1, "coordination of benefits"),
        YES_NO,
        e(584, Id, 2, 2, "employment"),
        e(1032, Id, 1, 2, "kind of plan"),
    ],
);
pub(in crate::x12) static PAT: Standard = standard(
    "PAT",
    9,
    None,
    "P0506 P0708",
    &[
        e(1069, Id, 2, 2, "relationship"),
        e(1384, Id, 1, 1, "location"),
        e(584, Id, 2, 2, "employment"),
        e(1220, Id, 1, 1, "student"),
        e(1250, Id, 2, 3, "date format"),
        e(1251, Period, 1, 35, "date of death"),
        e(355, Id, 2, 2, "unit"),
        e(81, R, 1, 10, "weight"),
        e(1073, Id, 1, 1, "pregnancy"),
    ],
);
pub(in crate::x12) static DMG: Standard = standard(
    "DMG",
    11,
    None,
    "P0102",
    &[e(1250, Id, 2, 3, "date format"), e(1251, Period, 1, 35, "birth date"), e(1068, Id, 1, 1, "sex")],
);
