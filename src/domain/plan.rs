//! Plans: what is covered, and who pays what.

use std::fmt;

use super::appeal_terms::AppealTerms;
pub use super::benefit::{
    Benefit, BenefitRule, BenefitShare, CopayPer, Limit, LimitOn, LimitPeriod, LimitUnit, ShortName,
};
use super::claim_checks::ClaimChecks;
use super::claim_rules::Provisions;
use super::dates::{Date, Period, date, plus_days, plus_years};
use super::institutional::TypeOfBill;
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
    /// How it pays after other payers.
    pub coordination: CoordinationMethod,
    /// What a suspect duplicate meets.
    pub suspect_duplicates: SuspectDuplicates,
    /// Further tiers of contracted providers, best first; they go before `networks`.
    pub tiers: Vec<Tier>,
    /// Toward which other tiers' deductibles a deductible counts.
    pub deductible_accumulation: CrossAccumulation,
    /// Toward which other tiers' out-of-pocket maxima a payment counts.
    pub out_of_pocket_accumulation: CrossAccumulation,
    /// Limits beside the benefits' own.
    pub limits: Vec<Limit>,
    /// Which benefit a service falls under: the first that fits, or else its procedure's.
    pub benefit_rules: Vec<BenefitRule>,
    /// A deductible of the year's last three months counts in the next year too.
    pub deductible_carry_over: bool,
    /// Until when children are covered.
    pub dependents: DependentRules,
    /// Days from birth in which a newborn is covered under the subscriber's coverage.
    pub newborn_days: Option<i32>,
    /// What was met under another plan does not count.
    pub fresh_start: bool,
    /// Fee schedules for facilities' bills; for those that none names, the cost share's.
    pub facility_schedules: Vec<FacilitySchedule>,
    /// Checks beyond those that every plan makes.
    pub claim_checks: ClaimChecks,
    /// Provisions that deny claims.
    pub provisions: Provisions,
    /// How its decisions are appealed.
    pub appeals: AppealTerms,
}

/// Which fee schedule prices which bills of facilities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacilitySchedule {
    /// Starts of types of bill, such as "11".
    pub bills: Vec<String>,
    /// In network.
    pub in_network: String,
    /// Out of network; empty: the cost share's.
    pub out_of_network: String,
}

/// A tier of contracted providers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Which: never [`Network::In`] or [`Network::Out`].
    pub network: Network,
    /// Networks whose providers belong to it.
    pub networks: Vec<String>,
    /// Cost share there.
    pub cost_share: CostShare,
}

/// Toward which other tiers what is paid in one tier counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CrossAccumulation {
    /// None.
    #[default]
    None,
    /// Those after it.
    Down,
    /// Every one.
    All,
}

/// Until when a subscriber's child is covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DependentRules {
    /// Age in years from which it is not; `None`: no limit.
    pub age_limit: Option<i16>,
    /// The same for students, where it is another.
    pub student_age_limit: Option<i16>,
    /// The last day.
    pub end: DependentsEnd,
    /// A disabled child stays.
    pub disabled_stay: bool,
    /// Nobody but the subscriber is covered.
    pub none: bool,
}

/// The last day of the coverage of a child that reaches the age limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DependentsEnd {
    /// The day before the birthday.
    Birthday,
    /// The end of its month.
    #[default]
    Month,
    /// The end of its calendar year.
    Year,
}

/// How a plan pays after others have paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoordinationMethod {
    /// Its own payment, as far as earlier payers left room for it (NAIC Model Regulation 120, section 7).
    Standard,
    /// Its deductible, copay and coinsurance, applied to what earlier payers left of its allowed amount.
    MaintenanceOfBenefits,
    /// Its own payment less what earlier payers paid: a carve-out.
    NonDuplication,
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

/// Whose terms apply: a tier of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Network {
    /// A further tier of contracted providers.
    Tier(ShortName),
    /// In network.
    In,
    /// Out of network.
    Out,
}

impl Network {
    /// "in", "out" or the tier's id.
    pub fn as_str(&self) -> &str {
        match self {
            Network::Tier(tier) => tier.as_str(),
            Network::In => "in",
            Network::Out => "out",
        }
    }

    /// Reads what [`Network::as_str`] says.
    pub fn named(text: &str) -> Network {
        match text {
            "in" => Network::In,
            "out" => Network::Out,
            tier => Network::Tier(ShortName::new(tier)),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
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
    /// Deductibles of their own for some benefits.
    pub separate_deductibles: Vec<SeparateDeductible>,
}

/// A deductible of its own for some benefits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeparateDeductible {
    /// Its name.
    pub name: ShortName,
    /// One member's.
    pub individual: Money,
    /// The family's; `None`: there is none.
    pub family: Option<Money>,
}

impl Plan {
    /// The benefit of that name, or the one for all others.
    pub fn benefit(&self, name: &str) -> Option<&Benefit> {
        self.benefits.iter().find(|b| &*b.name == name).or_else(|| self.benefits.iter().find(|b| &*b.name == "other"))
    }

    /// The cost share in a tier.
    pub fn cost_share(&self, network: Network) -> Option<&CostShare> {
        match network {
            Network::In => Some(&self.in_network),
            Network::Out => self.out_of_network.as_ref(),
            Network::Tier(_) => self.tiers.iter().find(|tier| tier.network == network).map(|tier| &tier.cost_share),
        }
    }

    /// Every tier in which it pays, best first.
    pub fn networks_paid(&self) -> impl Iterator<Item = Network> + '_ {
        let outside = self.out_of_network.as_ref().map(|_| Network::Out);
        self.tiers.iter().map(|tier| tier.network).chain([Network::In]).chain(outside)
    }

    /// The tier that a provider belongs to by its networks; `None`: it is out of network.
    pub fn tier_of(&self, networks: &[String]) -> Option<Network> {
        let belongs = |own: &[String]| networks.iter().any(|name| own.contains(name));
        let tier = self.tiers.iter().find(|tier| belongs(&tier.networks)).map(|tier| tier.network);
        tier.or_else(|| (self.networks.is_empty() || belongs(&self.networks)).then_some(Network::In))
    }

    /// The limits that hold for a benefit: its own, then those that it shares.
    pub fn limits_on<'a>(&'a self, benefit: &'a Benefit) -> impl Iterator<Item = LimitOn<'a>> {
        let own = |unit, amount| LimitOn {
            name: &benefit.name,
            benefits: std::slice::from_ref(&benefit.name),
            unit,
            amount,
            period: LimitPeriod::BenefitYear,
        };
        let visits = benefit.visits_per_year.map(|visits| own(LimitUnit::Visits, visits));
        let dollars = benefit.dollars_per_year.map(|dollars| own(LimitUnit::Dollars, dollars.cents()));
        let shared = self.limits.iter().map(|limit| LimitOn {
            name: &limit.name,
            benefits: &limit.benefits,
            unit: limit.unit,
            amount: limit.amount,
            period: limit.period,
        });
        visits.into_iter().chain(dollars).chain(shared.filter(|limit| limit.counts(&benefit.name)))
    }

    /// Whether what was paid in one tier counts in another under a rule. A tier that the plan does not have, which a
    /// plan before had, counts as in network.
    pub fn counts_toward(&self, rule: CrossAccumulation, from: Network, to: Network) -> bool {
        let place = |network: Network| match network {
            Network::Out => self.tiers.len() + 1,
            network => self.tiers.iter().position(|tier| tier.network == network).unwrap_or(self.tiers.len()),
        };
        match rule {
            CrossAccumulation::None => place(from) == place(to),
            CrossAccumulation::Down => place(from) <= place(to),
            CrossAccumulation::All => true,
        }
    }

    /// The fee schedule for a facility's bill: the first that names its type, or else the cost share's.
    pub fn facility_schedule<'a>(&'a self, bill: TypeOfBill, network: Network, share: &'a CostShare) -> &'a str {
        let names = |row: &&FacilitySchedule| row.bills.iter().any(|start| bill.as_str().starts_with(start.as_str()));
        let named = self.facility_schedules.iter().find(names).map(|row| match network {
            Network::Out => row.out_of_network.as_str(),
            _ => row.in_network.as_str(),
        });
        named.filter(|id| !id.is_empty()).unwrap_or(&share.fee_schedule)
    }

    /// First day of the benefit year that a day lies in.
    pub fn year_start(&self, day: Date) -> Date {
        year_start(self.year_begins, day)
    }

    /// The benefit year that a day lies in.
    pub fn year_of(&self, day: Date) -> Period {
        let from = self.year_start(day);
        let next = self.year_start(plus_days(from, 366));
        Period::between(from, plus_days(next, -1))
    }
}

/// First day of the year that a day lies in, where years begin on this month and day.
pub fn year_start((month, first): (i8, i8), day: Date) -> Date {
    let begins = |year: i16| Date::new(year, month, first).unwrap_or(date(year, 1, 1));
    let this = begins(day.year());
    if this <= day { this } else { begins(day.year().saturating_sub(1)) }
}

impl DependentRules {
    /// The last day on which a child is covered; `None`: there is none.
    pub fn last_day(&self, birth: Date, student: bool, disabled: bool) -> Option<Date> {
        if disabled && self.disabled_stay {
            return None;
        }
        let limit = self.student_age_limit.filter(|_| student).or(self.age_limit)?;
        let birthday = plus_years(birth, limit);
        Some(match self.end {
            DependentsEnd::Birthday => plus_days(birthday, -1),
            DependentsEnd::Month => birthday.last_of_month(),
            DependentsEnd::Year => date(birthday.year(), 12, 31),
        })
    }
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
                separate_deductibles: vec![],
            },
            out_of_network: None,
            benefits: vec![],
            timely_filing_days: None,
            referral_benefits: vec![],
            balance_billing: false,
            medicare: false,
            sequestration: false,
            coordination: CoordinationMethod::Standard,
            suspect_duplicates: SuspectDuplicates::Deny,
            tiers: vec![],
            deductible_accumulation: CrossAccumulation::None,
            out_of_pocket_accumulation: CrossAccumulation::None,
            limits: vec![],
            benefit_rules: vec![],
            deductible_carry_over: false,
            dependents: DependentRules::default(),
            newborn_days: None,
            fresh_start: false,
            facility_schedules: vec![],
            claim_checks: ClaimChecks::default(),
            provisions: Provisions::default(),
            appeals: AppealTerms::default(),
        }
    }

    #[test]
    fn a_benefit_year_that_begins_in_july_holds_the_june_after() {
        let year = plan((7, 1)).year_of(date(2026, 6, 30));
        assert_eq!((year.from, year.through), (date(2025, 7, 1), Some(date(2026, 6, 30))));
        assert_eq!(plan((1, 1)).year_of(date(2024, 12, 31)).through, Some(date(2024, 12, 31)));
    }

    /// Born on 29 February 2000: the 26th birthday is 28 February 2026, for 2026 has no 29th.
    #[test]
    fn a_childs_coverage_ends_before_the_birthday_or_with_its_month_or_year() {
        let rules = |end| DependentRules { age_limit: Some(26), end, disabled_stay: true, ..Default::default() };
        let last = |end| rules(end).last_day(date(2000, 2, 29), false, false);
        assert_eq!(last(DependentsEnd::Birthday), Some(date(2026, 2, 27)));
        assert_eq!(last(DependentsEnd::Month), Some(date(2026, 2, 28)));
        assert_eq!(last(DependentsEnd::Year), Some(date(2026, 12, 31)));
        assert_eq!(rules(DependentsEnd::Year).last_day(date(2000, 2, 29), false, true), None);
        let students = DependentRules { student_age_limit: Some(30), ..rules(DependentsEnd::Month) };
        assert_eq!(students.last_day(date(2000, 6, 15), true, false), Some(date(2030, 6, 30)));
    }

    #[test]
    fn what_is_paid_in_a_better_tier_counts_downward_only_or_everywhere_or_nowhere_else() {
        let mut plan = plan((1, 1));
        let preferred = Network::named("preferred");
        plan.tiers = vec![Tier { network: preferred, networks: vec![], cost_share: plan.in_network.clone() }];
        use CrossAccumulation::{All, Down, None};
        let counts = |rule, from, to| plan.counts_toward(rule, from, to);
        assert!(counts(Down, preferred, Network::In) && counts(Down, Network::In, Network::Out));
        assert!(!counts(Down, Network::Out, Network::In) && !counts(Down, Network::In, preferred));
        assert!(counts(All, Network::Out, preferred) && !counts(None, preferred, Network::In));
        assert!(counts(None, Network::named("gone"), Network::In), "another plan's tier");
    }
}
