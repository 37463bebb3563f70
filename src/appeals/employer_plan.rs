//! Employers' group health plans: one or two internal levels (29 CFR 2560.503-1), then external review (29 CFR 2590.715-2719).

use super::{Controversy, Decide, Element, Hearer, Level, Opens, Regime, Time};

/// The second internal level, which a plan may have or not (29 CFR 2560.503-1(c)(2)).
pub(super) const SECOND: &str = "second-internal-appeal";

/// What a plan may ask of a claimant: enough to know who appeals what.
pub(super) const REQUEST: &[Element] =
    &[Element::PatientName, Element::MemberNumber, Element::Services, Element::PartyName];

/// The ladder.
pub(super) const LEVELS: &[Level] = &[
    Level {
        id: "internal-appeal",
        regime: Regime::EmployerPlan,
        number: 1,
        name: "Internal appeal",
        heard_by: Hearer::Payer,
        heard_by_words: "a named fiduciary of the plan who neither made the decision nor reports to who did",
        opens: Opens::Within(Time::Days(180)),
        receipt_presumed: 0,
        rolls: false,
        amount: Controversy::Any,
        // One level; with two the plan has half for each: see `filing::time_to_decide`.
        decide: Decide { service: Time::Days(30), payment: Time::Days(60), expedited: Time::Hours(72) },
        request: REQUEST,
        form: "a written request; an urgent one may be made by telephone",
        authority: "29 CFR 2560.503-1(h)(3) and (i)(2)",
    },
    Level {
        id: SECOND,
        regime: Regime::EmployerPlan,
        number: 2,
        name: "Second internal appeal",
        heard_by: Hearer::Payer,
        heard_by_words: "a named fiduciary of the plan who had no part in either decision before",
        opens: Opens::Within(Time::Days(180)),
        receipt_presumed: 0,
        rolls: false,
        amount: Controversy::Any,
        decide: Decide { service: Time::Days(15), payment: Time::Days(30), expedited: Time::Hours(72) },
        request: REQUEST,
        form: "a written request",
        authority: "29 CFR 2560.503-1(c)(2), (h)(3) and (i)(2)",
    },
    Level {
        id: "external-review",
        regime: Regime::EmployerPlan,
        number: 3,
        name: "External review",
        heard_by: Hearer::Independent,
        heard_by_words: "an accredited independent review organization (IRO), to which the plan sends the case",
        opens: Opens::Within(Time::Months(4)),
        receipt_presumed: 0,
        rolls: true,
        amount: Controversy::Any,
        decide: Decide { service: Time::Days(45), payment: Time::Days(45), expedited: Time::Hours(72) },
        request: REQUEST,
        form: "a written request to the plan",
        authority: "29 CFR 2590.715-2719(d)",
    },
];
