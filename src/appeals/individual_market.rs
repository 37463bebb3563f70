//! Individual health insurance: one internal level, then external review (45 CFR 147.136).

use super::employer_plan::REQUEST;
use super::{Controversy, Decide, Hearer, Level, Opens, Regime, Time};

/// The ladder.
pub(super) const LEVELS: &[Level] = &[
    Level {
        id: "individual-internal-appeal",
        regime: Regime::IndividualMarket,
        number: 1,
        name: "Internal appeal",
        heard_by: Hearer::Payer,
        heard_by_words: "the insurer, by a person who neither made the decision nor reports to who did",
        opens: Opens::Within(Time::Days(180)),
        receipt_presumed: 0,
        rolls: false,
        amount: Controversy::Any,
        decide: Decide { service: Time::Days(30), payment: Time::Days(60), expedited: Time::Hours(72) },
        request: REQUEST,
        form: "a written request; an urgent one may be made by telephone",
        authority: "45 CFR 147.136(b)(3), which takes up 29 CFR 2560.503-1(h) and (i)",
    },
    Level {
        id: "individual-external-review",
        regime: Regime::IndividualMarket,
        number: 2,
        name: "External review",
        heard_by: Hearer::Independent,
        heard_by_words: "an accredited independent review organization (IRO), to which the insurer sends the case",
        opens: Opens::Within(Time::Months(4)),
        receipt_presumed: 0,
        rolls: true,
        amount: Controversy::Any,
        decide: Decide { service: Time::Days(45), payment: Time::Days(45), expedited: Time::Hours(72) },
        request: REQUEST,
        form: "a written request to the insurer",
        authority: "45 CFR 147.136(d)",
    },
];
