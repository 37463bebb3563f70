//! Areas: which ZIP codes lie in the country, where equipment and ambulances are paid other rates.

use std::collections::BTreeMap;

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// A city, and every place that the table does not name.
    Urban,
    /// The country.
    Rural,
    /// The quarter of the country with the fewest people.
    SuperRural,
}

impl Area {
    /// In words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Area::Urban => "urban",
            Area::Rural => "rural",
            Area::SuperRural => "super rural",
        }
    }
}

/// ZIP codes of five digits and what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Areas(pub BTreeMap<String, Area>);

impl Areas {
    /// What a ZIP code of five or nine digits is.
    pub fn area(&self, zip: &str) -> Area {
        zip.get(..5).and_then(|zip| self.0.get(zip)).copied().unwrap_or(Area::Urban)
    }

    /// Whether it lies in the country.
    pub fn is_rural(&self, zip: &str) -> bool {
        self.area(zip) != Area::Urban
    }
}
