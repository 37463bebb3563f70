//! Disputes between a provider and the payer, which contracts (and state law) settle, not the law of members' appeals.

use super::{Controversy, Decide, Element, Hearer, Level, Opens, Regime, Time};

/// The second level, which a contract may have or not.
pub(super) const SECOND: &str = "second-provider-dispute";

const REQUEST: &[Element] =
    &[Element::PatientName, Element::MemberNumber, Element::Services, Element::PartyName, Element::Reason];

const BY_CONTRACT: Decide = Decide { service: Time::Contract, payment: Time::Contract, expedited: Time::None };

/// The ladder.
pub(super) const LEVELS: &[Level] = &[
    Level {
        id: "provider-dispute",
        regime: Regime::ProviderDispute,
        number: 1,
        name: "Provider dispute",
        heard_by: Hearer::Payer,
        heard_by_words: "the payer's provider dispute unit",
        opens: Opens::Within(Time::Contract),
        receipt_presumed: 0,
        rolls: false,
        amount: Controversy::Any,
        decide: BY_CONTRACT,
        request: REQUEST,
        form: "the payer's dispute form, or a letter with the same contents",
        authority: "the provider's contract with the payer",
    },
    Level {
        id: SECOND,
        regime: Regime::ProviderDispute,
        number: 2,
        name: "Second provider dispute",
        heard_by: Hearer::Payer,
        heard_by_words: "the payer's provider dispute unit, by people who had no part in the decision before",
        opens: Opens::Within(Time::Contract),
        receipt_presumed: 0,
        rolls: false,
        amount: Controversy::Any,
        decide: BY_CONTRACT,
        request: REQUEST,
        form: "the payer's dispute form, or a letter with the same contents",
        authority: "the provider's contract with the payer",
    },
];
