//! Members, their coverage, and what was authorized for them.

use rust_decimal::Decimal;

use super::claim::Person;
use super::codes::{Npi, ProcedureCode};
use super::dates::{Date, Period};
use super::determination::AccumulatorEntry;
use super::payer_order::{CoverageFacts, Employment, MedicareEntitlement};
use super::standing::MemberStanding;

/// A person the payer knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Number on the card.
    pub member_id: String,
    /// Number of the family's subscriber.
    pub subscriber_id: String,
    /// Relationship to the subscriber: "18" self, "01" spouse, "19" child, "G8" other.
    pub relationship: String,
    /// Who.
    pub person: Person,
    /// Periods of coverage, in order of time.
    pub coverages: Vec<Coverage>,
    /// Other payers' coverage.
    pub other_coverages: Vec<OtherCoverage>,
    /// Disabled.
    pub disabled: bool,
    /// A student.
    pub student: bool,
    /// What was met under a carrier before this payer.
    pub prior_credits: Vec<AccumulatorEntry>,
    /// Why Medicare covers the member, where that is recorded.
    pub medicare_entitlement: Option<MedicareEntitlement>,
    /// Was asked about other coverage and has not answered.
    pub other_coverage_unanswered: bool,
    /// Periods in which the member has chosen hospice care.
    pub hospice_elections: Vec<Period>,
    /// What keeps the member's claims from being paid.
    pub standing: MemberStanding,
}

/// A period of coverage under a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Plan.
    pub plan_id: String,
    /// When.
    pub period: Period,
    /// Primary care provider, in a gated plan.
    pub primary_care_npi: Option<Npi>,
    /// Month and day on which the group's own plan year begins; `None`: the plan's benefit year.
    pub year_begins: Option<(i8, i8)>,
    /// The work that it comes from.
    pub employment: Employment,
}

/// Coverage by another payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherCoverage {
    /// Its number.
    pub payer_id: String,
    /// Its name.
    pub payer_name: String,
    /// Whether it pays before this payer.
    pub primary: bool,
    /// When.
    pub period: Period,
    /// What else decides who is first; `None`: nothing is known.
    pub facts: Option<Box<CoverageFacts>>,
    /// Starts of the diagnoses of the injury that the carrier has accepted to pay for.
    pub accepted_diagnoses: Vec<String>,
    /// The patient was paid for later care of that injury.
    pub set_aside: bool,
}

/// What was authorized, or referred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// Number.
    pub number: String,
    /// For whom.
    pub member_id: String,
    /// Procedures.
    pub procedures: CodeRanges,
    /// Given to this provider; any where `None`.
    pub npi: Option<Npi>,
    /// Days of service.
    pub period: Period,
    /// Units in all; no limit where `None`.
    pub units: Option<Decimal>,
    /// A referral by the primary care provider, not an authorization of services.
    pub referral: bool,
    /// Was asked for, and denied.
    pub denied: bool,
    /// When it was asked for.
    pub requested: Option<Date>,
    /// Given after the service: claims need not name it, and when it was asked for is not held against them.
    pub retrospective: bool,
    /// Taken back.
    pub cancelled: bool,
}

impl Member {
    /// The coverage on a day.
    pub fn coverage_on(&self, day: Date) -> Option<&Coverage> {
        self.coverages.iter().find(|coverage| coverage.period.contains(day))
    }
}

/// A set of procedure codes given as codes and ranges, such as `70551-70553`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeRanges(Vec<(ProcedureCode, ProcedureCode)>);

impl CodeRanges {
    /// Reads codes and ranges; `Err` names the first text that is neither.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<CodeRanges, &'a str> {
        let mut ranges = Vec::new();
        for text in texts {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            match (ProcedureCode::parse(first), ProcedureCode::parse(last)) {
                (Some(first), Some(last)) if first <= last => ranges.push((first, last)),
                _ => return Err(text),
            }
        }
        ranges.sort_unstable();
        Ok(CodeRanges(ranges))
    }

    /// Whether a code is in the set.
    pub fn contains(&self, code: ProcedureCode) -> bool {
        self.0.iter().any(|(first, last)| *first <= code && code <= *last)
    }

    /// The same, where it has a code; `None` where it has none and so stands for any.
    pub fn into_any(self) -> Option<CodeRanges> {
        (!self.0.is_empty()).then_some(self)
    }

    /// First and last codes of each range.
    pub fn ranges(&self) -> &[(ProcedureCode, ProcedureCode)] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_ends_and_what_lies_between() {
        let codes = CodeRanges::parse(["70551-70553", "44970"]).unwrap();
        assert!(["70551", "70552", "70553", "44970"].iter().all(|c| codes.contains(ProcedureCode::new(c))));
        assert!(!codes.contains(ProcedureCode::new("70554")));
        assert_eq!(CodeRanges::parse(["70553-70551"]), Err("70553-70551"));
    }
}
