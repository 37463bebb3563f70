//! Original Medicare: redetermination, reconsideration, hearing, Council, court (42 CFR part 405, subpart I).
//!
//! A last day to file on a weekend or federal holiday moves to the next day that is none: 42 U.S.C. 416(j), which 42 U.S.C. 1395ii makes Medicare's.

use super::{Controversy, Decide, Element, Hearer, Level, Opens, Regime, Time};

/// What a request for a redetermination holds (42 CFR 405.944(b)); no signature is asked since 8 July 2019 (84 FR 19855).
const REDETERMINATION: &[Element] =
    &[Element::PatientName, Element::MemberNumber, Element::Services, Element::PartyName];
/// What a request for a reconsideration holds (42 CFR 405.964(b)).
const RECONSIDERATION: &[Element] =
    &[Element::PatientName, Element::MemberNumber, Element::Services, Element::PartyName, Element::PriorDecider];
/// What a request for a hearing holds (42 CFR 405.1014(a)(1)), as far as the level looks at it.
pub(super) const HEARING: &[Element] =
    &[Element::PatientName, Element::MemberNumber, Element::Services, Element::PartyName, Element::Reason];

/// The ladder.
pub(super) const LEVELS: &[Level] = &[
    Level {
        id: "redetermination",
        regime: Regime::OriginalMedicare,
        number: 1,
        name: "Redetermination",
        heard_by: Hearer::Payer,
        heard_by_words: "the Medicare contractor that decided the claim, by staff who had no part in the decision",
        opens: Opens::Within(Time::Days(120)),
        receipt_presumed: 5,
        rolls: true,
        amount: Controversy::Any,
        decide: Decide { service: Time::Days(60), payment: Time::Days(60), expedited: Time::None },
        request: REDETERMINATION,
        form: "CMS-20027",
        authority: "42 CFR 405.940 to 405.958",
    },
    Level {
        id: "reconsideration",
        regime: Regime::OriginalMedicare,
        number: 2,
        name: "Reconsideration",
        heard_by: Hearer::Independent,
        heard_by_words: "the qualified independent contractor (QIC) named in the redetermination",
        opens: Opens::Within(Time::Days(180)),
        receipt_presumed: 5,
        rolls: true,
        amount: Controversy::Any,
        decide: Decide { service: Time::Days(60), payment: Time::Days(60), expedited: Time::None },
        request: RECONSIDERATION,
        form: "CMS-20033",
        authority: "42 CFR 405.960 to 405.978",
    },
    Level {
        id: "hearing",
        regime: Regime::OriginalMedicare,
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
        authority: "42 CFR 405.1000 to 405.1016",
    },
    Level {
        id: "council",
        regime: Regime::OriginalMedicare,
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
        authority: "42 CFR 405.1100 to 405.1112",
    },
    Level {
        id: "court",
        regime: Regime::OriginalMedicare,
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
        authority: "42 CFR 405.1136",
    },
];
