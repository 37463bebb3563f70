//! Benefits: what a plan does for one kind of service, and how much of it.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::codes::{Carc, Code, PlaceOfService, Rarc, RevenueCode};
use super::dates::{Date, date};
use super::member::CodeRanges;
use super::money::Money;
use super::plan::{Network, year_start};

/// A short name that a plan gives, such as "preferred" or "drugs".
pub type ShortName = Code<16>;

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
    /// In further tiers; a tier that is not here has the share in network.
    pub tiers: Vec<(Network, BenefitShare)>,
    /// Visits a year; `None`: no limit.
    pub visits_per_year: Option<i64>,
    /// Dollars a year that the plan pays; `None`: no limit.
    pub dollars_per_year: Option<Money>,
    /// Days from the first of the coverage in which it is not given.
    pub waiting_days: Option<i32>,
    /// Needs prior authorization.
    pub authorization_required: bool,
}

/// What the member pays for a benefit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BenefitShare {
    /// Once a visit, or what `copay_per` says.
    pub copay: Money,
    /// What the copay is taken for.
    pub copay_per: CopayPer,
    /// Of a stay, copays by the day are taken for so many days; `None`: for each.
    pub copay_days: Option<i64>,
    /// No copay where the patient is admitted on the day or the day after.
    pub copay_waived_if_admitted: bool,
    /// The member's part of what is left.
    pub coinsurance: Decimal,
    /// The most that coinsurance takes of one service.
    pub coinsurance_maximum: Option<Money>,
    /// The deductible does not apply.
    pub deductible_waived: bool,
    /// The deductible goes before the copay.
    pub deductible_first: bool,
    /// The deductible that applies instead of the plan's.
    pub separate_deductible: Option<ShortName>,
    /// The member pays nothing.
    pub no_cost_share: bool,
}

/// What a copay is taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CopayPer {
    /// Day and provider.
    #[default]
    Visit,
    /// Each day of a stay or a service.
    Day,
    /// A stay, however many bills it has.
    Admission,
}

impl CopayPer {
    /// "visit", "day" or "admission".
    pub const fn as_str(self) -> &'static str {
        match self {
            CopayPer::Visit => "visit",
            CopayPer::Day => "day",
            CopayPer::Admission => "admission",
        }
    }
}

impl Benefit {
    /// The member's share in a tier.
    pub fn share(&self, network: Network) -> BenefitShare {
        match network {
            Network::In => self.in_network,
            Network::Out => self.out_of_network,
            Network::Tier(_) => {
                self.tiers.iter().find(|(tier, _)| *tier == network).map_or(self.in_network, |(_, share)| *share)
            }
        }
    }
}

/// A limit that several benefits share, or that holds for a lifetime, or for the whole plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Its id.
    pub name: Arc<str>,
    /// Benefits that share it; empty: all.
    pub benefits: Vec<Arc<str>>,
    /// What is counted.
    pub unit: LimitUnit,
    /// How many; cents of dollars.
    pub amount: i64,
    /// In which time.
    pub period: LimitPeriod,
}

/// A limit as it holds for a benefit: the benefit's own, or one that it shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitOn<'a> {
    /// The limit's id, or the benefit's name.
    pub name: &'a Arc<str>,
    /// Benefits that share it; empty: all.
    pub benefits: &'a [Arc<str>],
    /// What is counted.
    pub unit: LimitUnit,
    /// How many; cents of dollars.
    pub amount: i64,
    /// In which time.
    pub period: LimitPeriod,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LimitUnit {
    /// Days on which something is paid.
    Visits,
    /// Days of a stay or service.
    Days,
    /// Units as billed.
    Units,
    /// Cents that the plan pays.
    Dollars,
}

/// In which time a limit holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitPeriod {
    /// The benefit year.
    BenefitYear,
    /// The calendar year.
    CalendarYear,
    /// As long as the member is insured here.
    Lifetime,
}

/// Stands for the first day of a lifetime.
const LIFETIME: Date = date(1, 1, 1);

impl LimitUnit {
    /// "visits", "days", "units" or "dollars".
    pub const fn as_str(self) -> &'static str {
        match self {
            LimitUnit::Visits => "visits",
            LimitUnit::Days => "days",
            LimitUnit::Units => "units",
            LimitUnit::Dollars => "dollars",
        }
    }
}

impl LimitPeriod {
    /// "benefit_year", "calendar_year" or "lifetime".
    pub const fn as_str(self) -> &'static str {
        match self {
            LimitPeriod::BenefitYear => "benefit_year",
            LimitPeriod::CalendarYear => "calendar_year",
            LimitPeriod::Lifetime => "lifetime",
        }
    }

    /// First day of the time that a day lies in, where benefit years begin on this month and day.
    pub fn start(self, year_begins: (i8, i8), day: Date) -> Date {
        match self {
            LimitPeriod::BenefitYear => year_start(year_begins, day),
            LimitPeriod::CalendarYear => date(day.year(), 1, 1),
            LimitPeriod::Lifetime => LIFETIME,
        }
    }
}

impl LimitOn<'_> {
    /// Whether services under the benefit count.
    pub fn counts(&self, benefit: &str) -> bool {
        self.benefits.is_empty() || self.benefits.iter().any(|name| **name == *benefit)
    }
}

/// Chooses a benefit for services that fit everything that is set; an empty list fits any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenefitRule {
    /// The benefit.
    pub benefit: Arc<str>,
    /// Benefits of the table of procedures.
    pub from_benefits: Vec<String>,
    /// Procedures; `None`: any.
    pub procedures: Option<CodeRanges>,
    /// Places of service.
    pub places: Vec<PlaceOfService>,
    /// Starts of the rendering provider's taxonomy code.
    pub taxonomies: Vec<String>,
    /// Starts of diagnoses.
    pub diagnoses: Vec<String>,
    /// First and last revenue codes of ranges.
    pub revenue_codes: Vec<(RevenueCode, RevenueCode)>,
    /// Starts of types of bill.
    pub bill_types: Vec<String>,
    /// Only emergencies.
    pub emergency: bool,
}
