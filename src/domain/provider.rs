//! Providers and the networks they belong to.

use rust_decimal::Decimal;

use super::codes::Npi;
use super::dates::{Date, Period};
use super::money::Money;
use super::payment::Calendar;
use super::standing::ProviderStanding;

/// A provider the payer knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Number.
    pub npi: Npi,
    /// Tax number.
    pub tax_id: String,
    /// Specialty (taxonomy code).
    pub taxonomy: String,
    /// Periods in which it may treat members.
    pub enrollments: Vec<Enrollment>,
    /// Medicare locality: MAC and locality, such as "01112-05".
    pub locality: Option<String>,
    /// Does not take part in Medicare.
    pub non_participating: bool,
    /// The days on which it is paid; `None`: the payer's.
    pub calendar: Option<Calendar>,
    /// What its contract withholds of payments.
    pub withholds: Vec<Withhold>,
    /// What Medicare's kind of payment asks of a facility.
    pub facility: Option<Facility>,
    /// What keeps its claims from being paid, and what its contract asks.
    pub standing: ProviderStanding,
}

/// What a contract withholds of payments, to be released later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withhold {
    /// Days of service.
    pub period: Period,
    /// Part of the payment.
    pub rate: Decimal,
    /// Networks of the contract, one of which the plan must use; empty: any plan.
    pub networks: Vec<String>,
}

/// What Medicare's kind of payment asks of a facility; CMS sets these for each in its provider-specific file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facility {
    /// CMS certification number.
    pub ccn: String,
    /// What wages are in its area, against the nation's 1.
    pub wage_index: Option<Decimal>,
    /// Core-based statistical area, which stands for the index in CMS's table.
    pub cbsa: String,
    /// Operating costs for a dollar of charges; `None`: there are no outlier payments.
    pub cost_to_charge: Option<Decimal>,
    /// Capital costs for a dollar of charges.
    pub capital_cost_to_charge: Option<Decimal>,
    /// Geographic factor of capital payments; `None`: 1.
    pub capital_factor: Option<Decimal>,
    /// The hospital's own amount for a weight of 1, capital included, in place of the national ones.
    pub base_rate: Option<Money>,
}

/// A period in which a provider may treat members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrollment {
    /// When.
    pub period: Period,
    /// Networks it belongs to in that time.
    pub networks: Vec<String>,
}

impl Provider {
    /// The enrollment on a day.
    pub fn enrollment_on(&self, day: Date) -> Option<&Enrollment> {
        self.enrollments.iter().find(|enrollment| enrollment.period.contains(day))
    }
}
