//! What Medicare does not price by relative values: which other schedule a service falls under is told here.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::adjudication::Denial;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Carc, carc};
use crate::domain::dates::Date;
use crate::domain::money::Money;
use crate::reference::ambulance::AmbulanceFees;
use crate::reference::anesthesia::{AnesthesiaBaseUnits, AnesthesiaFactors};
use crate::reference::asp::DrugPrices;
use crate::reference::clfs::Clfs;
use crate::reference::dmepos::{Dmepos, State};
use crate::reference::gpci::Locality;
use crate::reference::oppscap::OppsCaps;
use crate::reference::release::{Keyed, Release};

use super::anesthesia::{self, AnesthesiaTerms};
use super::areas::Areas;
use super::fee_schedule::Price;
use super::medicare::Medicare;
use super::{ambulance, drugs, equipment, laboratory};

/// Medicare's tables besides the physician fee schedule's. Of each list the first release that holds for the day of
/// service counts; an empty list prices nothing.
#[derive(Clone, Debug, Default)]
pub struct OtherSchedules {
    /// Dollars of an anesthesia unit, by locality.
    pub anesthesia_factors: Vec<Arc<AnesthesiaFactors>>,
    /// Base units of anesthesia, by code.
    pub anesthesia_units: Vec<Arc<AnesthesiaBaseUnits>>,
    /// What the contract changes for anesthesia.
    pub anesthesia: AnesthesiaTerms,
    /// Laboratory tests.
    pub laboratory: Vec<Arc<Clfs>>,
    /// Drugs.
    pub drugs: Vec<Arc<DrugPrices>>,
    /// Equipment and supplies.
    pub equipment: Vec<Arc<Dmepos>>,
    /// Ambulances.
    pub ambulance: Vec<Arc<AmbulanceFees>>,
    /// Caps of imaging.
    pub imaging_caps: Vec<Arc<OppsCaps>>,
    /// Which ZIP codes lie in the country.
    pub areas: Option<Arc<Areas>>,
}

/// A line on its way to a price by one of these schedules.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The fee schedule's id.
    pub(super) id: &'a str,
    /// The line.
    pub(super) line: &'a ServiceLine,
    /// Where it was done; `None`: the text is no locality.
    pub(super) locality: Option<Locality>,
    /// The state that the locality lies in.
    pub(super) state: Option<State>,
    /// The part of Medicare's amounts that the contract pays.
    pub(super) percentage: Decimal,
}

impl OtherSchedules {
    /// The price of a line by the schedule that it falls under; `None` where it falls under none.
    pub(super) fn price(&self, asked: Asked<'_>) -> Option<Result<Price, Denial>> {
        anesthesia::price(self, asked)
            .or_else(|| laboratory::price(self, asked))
            .or_else(|| drugs::price(self, asked))
            .or_else(|| equipment::price(self, asked))
            .or_else(|| ambulance::price(self, asked))
    }

    /// The names of the releases that hold for a day.
    pub(super) fn releases(&self, day: Date) -> impl Iterator<Item = &str> {
        let anesthesia = [name(&self.anesthesia_factors, day), name(&self.anesthesia_units, day)];
        let others = [
            name(&self.laboratory, day),
            name(&self.drugs, day),
            name(&self.equipment, day),
            name(&self.ambulance, day),
            name(&self.imaging_caps, day),
        ];
        anesthesia.into_iter().chain(others).flatten()
    }
}

impl Medicare {
    /// A line of a fee schedule in a locality such as "01112-05", for the other schedules.
    pub(super) fn asked<'a>(&self, id: &'a str, line: &'a ServiceLine, locality: &str) -> Asked<'a> {
        let locality = Locality::from_text(locality);
        let year = self.gpcis.iter().find(|year| year.effective().contains(line.from));
        let state = locality.and_then(|locality| State::parse(year?.state(locality)?));
        Asked { id, line, locality, state, percentage: self.percentage }
    }
}

/// The release for a day.
pub(super) fn on<R: Keyed>(releases: &[Arc<Release<R>>], day: Date) -> Option<&Release<R>> {
    releases.iter().find(|release| release.effective().contains(day)).map(Arc::as_ref)
}

fn name<R: Keyed>(releases: &[Arc<Release<R>>], day: Date) -> Option<&str> {
    on(releases, day).map(Release::release)
}

impl Asked<'_> {
    /// Dollars for one unit under the contract: the contract's part of Medicare's rounded amount.
    pub(super) fn agreed(&self, amount: Money) -> Money {
        if self.percentage == Decimal::ONE { amount } else { amount.times(self.percentage) }
    }

    /// ` × 1.2`, where the contract pays another part than the whole.
    pub(super) fn percentage_words(&self) -> String {
        if self.percentage == Decimal::ONE { String::new() } else { format!(" × {}", self.percentage.normalize()) }
    }

    /// A price by the unit: Medicare's rounded amount, the contract's part of it, so many units.
    pub(super) fn by_unit(&self, amount: Money, source: &str) -> Price {
        let units = self.line.units.normalize();
        let fee = self.agreed(amount).times(units);
        Price::of_table(fee, format!("{}: Medicare {amount} ({source}){} × {units}.", self.id, self.percentage_words()))
    }

    /// No fee, told with the reason's code.
    pub(super) fn none(&self, reason: Carc, words: &str) -> Denial {
        Denial::contractual(reason, format!("{} has no fee for {}: {words}", self.id, self.line.procedure))
    }

    /// No fee, for the table has none.
    pub(super) fn no_rate(&self, words: &str) -> Denial {
        self.none(carc("147"), words)
    }
}

#[cfg(test)]
pub(in crate::adjudication::pricing) mod examples {
    use super::*;
    use crate::adjudication::example;
    use crate::adjudication::pricing::{Billed, FeeSchedule, Method, Performer, quote};
    use crate::domain::codes::Modifier;
    use crate::domain::determination::HistoryLine;

    pub(crate) const ALABAMA: &str = "10112-00";

    /// Medicare's own rates, changed.
    pub(crate) fn rates(change: impl FnOnce(&mut Medicare)) -> FeeSchedule {
        let mut schedule = FeeSchedule::medicare("rates".into());
        if let Method::Medicare(medicare) = &mut schedule.method {
            change(medicare);
        }
        schedule
    }

    /// A line of 1,000.00 such as "00840-AA", of so many units.
    pub(crate) fn line(code: &str, units: &str, day: Date) -> ServiceLine {
        let mut parts = code.split('-');
        let mut line = example::line(parts.next().unwrap(), 100_000);
        parts.zip(&mut line.modifiers).for_each(|(code, slot)| *slot = Modifier::new(code));
        ServiceLine { units: units.parse().unwrap(), from: day, through: day, ..line }
    }

    /// What services are allowed together: the amount, or the denial, and before it what rules take.
    pub(crate) fn allowed(
        schedule: &FeeSchedule,
        lines: &[ServiceLine],
        locality: &str,
        earlier: &[&HistoryLine],
    ) -> Vec<String> {
        let performer = Performer::default();
        let billed: Vec<_> =
            lines.iter().map(|line| Billed { line, locality, group: example::CLINIC, performer }).collect();
        let told = |quote: Result<crate::adjudication::pricing::Quote, Denial>| match quote {
            Ok(quote) => {
                let less = quote.reductions.iter().map(|less| format!("CO-{} {}, ", less.carc, less.amount));
                format!("{}{}", less.collect::<String>(), quote.allowed)
            }
            Err(denial) => format!("{}-{}", denial.group, denial.carc),
        };
        quote(schedule, &billed, earlier).into_iter().map(told).collect()
    }
}
