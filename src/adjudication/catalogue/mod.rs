//! The catalogue of denials: for each reason code, whether it may be appealed and what the biller should do.
//!
//! Who gives a reason, with which group and remarks, and who bears it stand where it is given (`Edit::reasons`, the
//! `REASONS` of the steps); this table has the rest. The API, the documentation and the recipes are made of both.

mod billing;
mod clinical;
mod coverage;
mod given;
mod payment;
mod policies;
mod providers;
#[cfg(test)]
mod tests;

pub use given::{GivenBy, Giver, given, given_by, numeric, pairs, remarks};
pub use policies::{PolicyReason, of_policies};

use crate::domain::codes::{Carc, carc};

/// What is to be known of a reason code.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The code.
    pub carc: Carc,
    /// Business scenario of CAQH CORE's operating rule: 1 more documents, 2 more data, 3 not covered, 4 not paid separately.
    pub scenario: Option<u8>,
    /// Whether a decision with this reason may be appealed.
    pub appeals: Appeals,
    /// What the biller should do.
    pub advice: &'static str,
    /// The kinds of way out, the likeliest first.
    pub remedies: &'static [Remedy],
    /// Why nothing of the program gives it; empty where something does.
    unused: &'static str,
}

/// Whether a decision may be appealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appeals {
    /// By provider or member, as the plan says.
    Yes,
    /// Likewise, with an exception.
    Except(&'static str),
    /// It may not, and why.
    No(&'static str),
    /// It is a matter of the provider's contract.
    Dispute,
    /// Nothing is denied; what may be said against it.
    NotADenial(&'static str),
}

impl Appeals {
    /// In a sentence's part.
    pub fn words(self) -> String {
        match self {
            Appeals::Yes => "may be appealed".to_owned(),
            Appeals::Except(words) => format!("may be appealed {words}"),
            Appeals::No(why) => format!("may not be appealed: {why}"),
            Appeals::Dispute => "a matter of the contract: a provider dispute, no member's appeal".to_owned(),
            Appeals::NotADenial(words) => format!("not a denial; {words}"),
        }
    }
}

/// A kind of way out of a denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// Ask for an authorization, or put its right number on the claim.
    AddAuthorization,
    /// Have a referral written or extended.
    AddReferral,
    /// Appeal with what supports the service.
    Appeal,
    /// Have the patient answer or enroll.
    AskThePatient,
    /// Bill another payer instead.
    BillOtherPayer,
    /// The patient owes it.
    BillPatient,
    /// Bill the payer that is first, and send its decision with the claim.
    BillPrimaryFirst,
    /// Mend dates.
    CorrectDates,
    /// Mend or add a diagnosis.
    CorrectDiagnosis,
    /// Mend who the patient is.
    CorrectMember,
    /// Mend or add a modifier.
    CorrectModifier,
    /// Mend the place of service or type of bill.
    CorrectPlace,
    /// Mend the procedure or revenue code.
    CorrectProcedure,
    /// Mend who gave, ordered, referred or bills.
    CorrectProvider,
    /// Mend units.
    CorrectUnits,
    /// Send the claim corrected (frequency 7), or anew where the payer takes none.
    CorrectedClaim,
    /// Dispute it under the contract.
    Dispute,
    /// Have the provider enrolled or its record put right.
    Enroll,
    /// Send a new claim.
    NewClaim,
    /// Nothing need be done.
    None,
    /// Send a document.
    SendDocuments,
    /// Write it off.
    WriteOff,
}

impl Remedy {
    /// Its name, such as "add-authorization".
    pub fn id(self) -> String {
        let camel = format!("{self:?}");
        camel.char_indices().fold(String::new(), |mut id, (at, letter)| {
            if at > 0 && letter.is_uppercase() {
                id.push('-');
            }
            id.push(letter.to_ascii_lowercase());
            id
        })
    }
}

/// The entry of a code.
pub fn entry(code: Carc) -> Option<&'static Entry> {
    all().find(|entry| entry.carc == code)
}

/// Every entry, theme by theme.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    [billing::ENTRIES, coverage::ENTRIES, clinical::ENTRIES, providers::ENTRIES, payment::ENTRIES].into_iter().flatten()
}

/// A denial that may be appealed.
const fn denied(code: &str, scenario: u8, remedies: &'static [Remedy], advice: &'static str) -> Entry {
    Entry { carc: carc(code), scenario: Some(scenario), appeals: Appeals::Yes, advice, remedies, unused: "" }
}

/// An adjustment of what is paid.
const fn paid(code: &str, appeals: Appeals, remedies: &'static [Remedy], advice: &'static str) -> Entry {
    Entry { carc: carc(code), scenario: None, appeals, advice, remedies, unused: "" }
}

/// A code that nothing gives.
const fn unused(code: &str, why: &'static str) -> Entry {
    Entry { carc: carc(code), scenario: None, appeals: Appeals::Yes, advice: "", remedies: &[], unused: why }
}

impl Entry {
    const fn appeals(mut self, appeals: Appeals) -> Entry {
        self.appeals = appeals;
        self
    }

    const fn scenario(mut self, scenario: u8) -> Entry {
        self.scenario = Some(scenario);
        self
    }

    /// Why nothing of the program gives it, for a payer whose policies do not choose it either; empty where something does.
    pub fn excuse(&self) -> &'static str {
        self.unused
    }

    /// Why nothing gives it, as long as nothing does.
    const fn unless(mut self, why: &'static str) -> Entry {
        self.unused = why;
        self
    }
}
