//! Medicare Advantage: the plan reconsiders; what it upholds, or is late with, goes to the independent review entity by itself; then hearing, Council
//! and court (42 CFR part 422, subpart M).

use super::original_medicare::HEARING;
use super::{Controversy, Decide, Element, Hearer, Level, Opens, Regime, Time};

/// What the plan needs in order to know what is asked (42 CFR 422.582(a)).
const REQUEST: &[Element] = &[Element::PatientName, Element::MemberNumber, Element::Services, Element::PartyName];

/// The ladder.
pub(super) const LEVELS: &[Level] = &[
    Level {
        id: "plan-reconsideration",
        regime: Regime::MedicareAdvantage,
        number: 1,
        name: "Reconsideration by the plan",
        heard_by: Hearer::Payer,
        heard_by_words: "the plan, by a person who had no part in the decision (a physician where it was medical necessity)",
        // Since 2025 (89 FR 30448): 60 days from receipt, which is presumed 5 days after the notice; so 65 from the notice.
        opens: Opens::Within(Time::Days(60)),
        receipt_presumed: 5,
        rolls: true,
        amount: Controversy::Any,
        decide: Decide { service: Time::Days(30), payment: Time::Days(60), expedited: Time::Hours(72) },
        request: REQUEST,
        form: "a written request",
        authority: "42 CFR 422.578 to 422.590",
    },
    Level {
        id: "independent-review",
        regime: Regime::MedicareAdvantage,
        number: 2,
        name: "Reconsideration by the independent review entity",
        heard_by: Hearer::Independent,
        heard_by_words: "the independent review entity (IRE) that contracts with CMS",
        opens: Opens::ByItself,
        receipt_presumed: 0,
        rolls: false,
        amount: Controversy::Any,
        decide: Decide { service: Time::Days(30), payment: Time::Days(60), expedited: Time::Hours(72) },
        request: &[],
        form: "the plan's case file",
        authority: "42 CFR 422.592 to 422.596",
    },
    Level {
        id: "advantage-hearing",
        regime: Regime::MedicareAdvantage,
        number: 3,
        name: "Hearing",
        heard_by: Hearer::Judge,
        heard_by_words: "the Office of Medicare Hearings and Appeals (OMHA)",
        opens: Opens::Within(Time::Days(60)),
        receipt_presumed: 5,
        rolls: true,
        amount: Controversy::Hearing,
        decide: Decide { service: Time::Days(90), payment: Time::Days(90), expedited: Time::None },
        request: HEARING,
        form: "OMHA-100",
        authority: "42 CFR 422.600 and 422.602",
    },
    Level {
        id: "advantage-council",
        regime: Regime::MedicareAdvantage,
        number: 4,
        name: "Medicare Appeals Council review",
        heard_by: Hearer::Council,
        heard_by_words: "the Medicare Appeals Council of the Departmental Appeals Board",
        opens: Opens::Within(Time::Days(60)),
        receipt_presumed: 5,
        rolls: true,
        amount: Controversy::Any,
        decide: Decide { service: Time::Days(90), payment: Time::Days(90), expedited: Time::None },
        request: HEARING,
        form: "DAB-101",
        authority: "42 CFR 422.608",
    },
    Level {
        id: "advantage-court",
        regime: Regime::MedicareAdvantage,
        number: 5,
        name: "Judicial review",
        heard_by: Hearer::Court,
        heard_by_words: "the federal district court",
        opens: Opens::Within(Time::Days(60)),
        receipt_presumed: 5,
        rolls: true,
        amount: Controversy::Court,
        decide: Decide { service: Time::None, payment: Time::None, expedited: Time::None },
        request: &[Element::PartyName, Element::Reason],
        form: "a complaint",
        authority: "42 CFR 422.612",
    },
];
