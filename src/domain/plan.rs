//! Plans: what is covered, and who pays what.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::codes::{Carc, Rarc};
use super::dates::{Date, Period, date, plus_days};
use super::member::CodeRanges;
use super::money::Money;

/// A plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Its id.
    pub plan_id: String,
    /// Its name.
    pub name: String,
    /// Kind of plan (CLP06, SBR09).
    pub claim_filing_indicator: String,
    /// Month and day on which the benefit year begins.
    pub year_begins: (i8, i8),
    /// Networks whose providers are in network; empty: everyone is.
    pub networks: Vec<String>,
    /// Cost share in network.
    pub in_network: CostShare,
    /// Cost share out of network; `None`: not covered there.
    pub out_of_network: Option<CostShare>,
    /// Benefit by benefit; "other" stands for those not named.
    pub benefits: Vec<Benefit>,
    /// Days from the service until the claim must be in; `None`: no limit.
    pub timely_filing_days: Option<i32>,
    /// Benefits that a primary care provider must refer to.
    pub referral_benefits: Vec<String>,
    /// Whether out of network the provider may bill the difference.
    pub balance_billing: bool,
    /// Original Medicare.
    pub medicare: bool,
    /// A Medicare Advantage plan whose contracts pass the law's cut of Medicare's payments on.
    pub sequestration: bool,
    /// What a suspect duplicate meets.
    pub suspect_duplicates: SuspectDuplicates,
}

/// What a suspect duplicate meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuspectDuplicates {
    /// Denied OA-18.
    Deny,
    /// Decided, with a note.
    Pay,
    /// Pended.
    Pend,
}

/// In or out of a plan's networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Network {
    /// In network.
    In,
    /// Out of network.
    Out,
}

impl Network {
    /// "in" or "out".
    pub const fn as_str(self) -> &'static str {
        match self {
            Network::In => "in",
            Network::Out => "out",
        }
    }
}

/// What members pay a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostShare {
    /// One member's deductible.
    pub individual_deductible: Money,
    /// The family's; `None`: there is none.
    pub family_deductible: Option<Money>,
    /// Only the family's together counts.
    pub aggregate_deductible: bool,
    /// The most that one member pays; `None`: no maximum.
    pub individual_out_of_pocket: Option<Money>,
    /// The most that a family pays; `None`: no maximum.
    pub family_out_of_pocket: Option<Money>,
    /// Fee schedule that prices services.
    pub fee_schedule: String,
}

/// What a plan does for one kind of service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benefit {
    /// Name, such as "office".
    pub name: Arc<str>,
    /// X12 service type codes it answers to.
    pub service_types: Vec<String>,
    /// Not covered, told with this reason and remarks.
    pub exclusion: Option<(Carc, Vec<Rarc>)>,
    /// In network.
    pub in_network: BenefitShare,
    /// Out of network.
    pub out_of_network: BenefitShare,
    /// Visits a year; `None`: no limit.
    pub visits_per_year: Option<i64>,
    /// Dollars a year that the plan pays; `None`: no limit.
    pub dollars_per_year: Option<Money>,
    /// Needs prior authorization.
    pub authorization_required: bool,
}

/// What the member pays for a benefit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BenefitShare {
    /// Once a visit.
    pub copay: Money,
    /// The member's part of what is left.
    pub coinsurance: Decimal,
    /// The deductible does not apply.
    pub deductible_waived: bool,
    /// The member pays nothing.
    pub no_cost_share: bool,
}

impl Plan {
    /// The benefit of that name, or the one for all others.
    pub fn benefit(&self, name: &str) -> Option<&Benefit> {
        self.benefits.iter().find(|b| &*b.name == name).or_else(|| self.benefits.iter().find(|b| &*b.name == "other"))
    }

    /// The cost share in or out of network.
    pub fn cost_share(&self, network: Network) -> Option<&CostShare> {
        match network {
            Network::In => Some(&self.in_network),
            Network::Out => self.out_of_network.as_ref(),
        }
    }

    /// First day of the benefit year that a day lies in.
    pub fn year_start(&self, day: Date) -> Date {
        let (month, first) = self.year_begins;
        let begins = |year: i16| Date::new(year, month, first).unwrap_or(date(year, 1, 1));
        let this = begins(day.year());
        if this <= day { this } else { begins(day.year().saturating_sub(1)) }
    }

    /// The benefit year that a day lies in.
    pub fn year_of(&self, day: Date) -> Period {
        let from = self.year_start(day);
        let next = self.year_start(plus_days(from, 366));
        Period::between(from, plus_days(next, -1))
    }
}

impl Benefit {
    /// The member's share in or out of network.
    pub fn share(&self, network: Network) -> BenefitShare {
        match network {
            Network::In => self.in_network,
            Network::Out => self.out_of_network,
        }
    }
}

/// A medical policy: these procedures, only for these diagnoses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MedicalPolicy {
    /// Its id.
    pub policy_id: String,
    /// Its title.
    pub title: String,
    /// Procedures it is about.
    pub procedures: CodeRanges,
    /// Starts of the diagnoses that it covers.
    pub covered_diagnoses: Vec<String>,
    /// Service dates it holds for.
    pub period: Period,
    /// Plans it holds for; empty: all.
    pub plans: Vec<String>,
    /// Where to read it.
    pub href: String,
    /// Remark of a coverage determination.
    pub rarc: Option<Rarc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(year_begins: (i8, i8)) -> Plan {
        Plan {
            plan_id: "p".into(),
            name: String::new(),
            claim_filing_indicator: "12".into(),
            year_begins,
            networks: vec![],
            in_network: CostShare {
                individual_deductible: Money::ZERO,
                family_deductible: None,
                aggregate_deductible: false,
                individual_out_of_pocket: None,
                family_out_of_pocket: None,
                fee_schedule: String::new(),
            },
            out_of_network: None,
            benefits: vec![],
            timely_filing_days: None,
            referral_benefits: vec![],
            balance_billing: false,
            medicare: false,
            sequestration: false,
            suspect_duplicates: SuspectDuplicates::Deny,
        }
    }

    #[test]
    fn a_benefit_year_that_begins_in_july_holds_the_june_after() {
        let year = plan((7, 1)).year_of(date(2026, 6, 30));
        assert_eq!((year.from, year.through), (date(2025, 7, 1), Some(date(2026, 6, 30))));
        assert_eq!(plan((1, 1)).year_of(date(2024, 12, 31)).through, Some(date(2024, 12, 31)));
    }
}
