//! Medicare rates: CMS's relative values and geographic indices, whole or at a percentage.

use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::adjudication::Denial;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Modifier, ProcedureCode, carc};
use crate::domain::dates::Date;
use crate::domain::money::Money;
use crate::reference::gpci::{Gpci, Gpcis, Locality};
use crate::reference::oppscap::OppsCaps;
use crate::reference::place_of_service::Setting;
use crate::reference::pprrvu::{RelativeValue, RelativeValues, Status};
use crate::reference::rbrvs::{self, Unpriceable};

use super::other_schedules::{OtherSchedules, on};
use super::payment_rules::PaymentRules;

/// Professional component.
pub(super) const PROFESSIONAL: Modifier = Modifier::new("26");
/// Technical component.
pub(super) const TECHNICAL: Modifier = Modifier::new("TC");
/// Discontinued procedure: a few codes have relative values of their own for it.
pub(super) const DISCONTINUED: Modifier = Modifier::new("53");
/// Medicare's physician fee schedule, or a percentage of it.
#[derive(Clone, Debug)]
pub struct Medicare {
    /// 1 for Medicare's own amounts, 1.25 for 125 percent.
    pub percentage: Decimal,
    /// Releases; the first that holds for the day of service counts.
    pub relative_values: Vec<Arc<RelativeValues>>,
    /// Years of geographic indices; the first that holds for the day of service counts.
    pub gpcis: Vec<Arc<Gpcis>>,
    /// What a service without relative values is paid of its charge; `None`: it has no fee.
    pub otherwise_of_charge: Option<Decimal>,
    /// What the contract changes in Medicare's payment policies.
    pub rules: Box<PaymentRules>,
    /// What relative values do not price.
    pub other: Box<OtherSchedules>,
}

/// The tables for a service: those of its day, place and setting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tables<'a> {
    release: &'a RelativeValues,
    gpci: &'a Gpci,
    locality: Locality,
    setting: Setting,
    caps: Option<&'a OppsCaps>,
}

/// Medicare's amount for one unit, and where it comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnitAmount<'a> {
    /// The amount.
    pub(super) amount: Money,
    /// The row it was worked out from.
    pub(super) value: &'a RelativeValue,
    /// Where it was looked up.
    pub(super) tables: Tables<'a>,
}

impl Medicare {
    /// The amount for one unit: `locality` such as "01112-05".
    pub(super) fn unit_amount(
        &self,
        line: &ServiceLine,
        setting: Setting,
        locality: &str,
    ) -> Result<UnitAmount<'_>, NoAmount> {
        if line.minutes {
            return Err(NoAmount::Minutes);
        }
        let release = self.release(line.from).ok_or(NoAmount::Release(line.from))?;
        let value = relative_value(release, line)?;
        let tables = self.tables(line.from, setting, locality)?;
        let amount = tables.amount(value).map_err(NoAmount::Unpriceable)?;
        Ok(UnitAmount { amount, value, tables })
    }

    /// The tables for a day of service, a setting and a locality such as "01112-05".
    pub(super) fn tables(&self, day: Date, setting: Setting, locality: &str) -> Result<Tables<'_>, NoAmount> {
        let release = self.release(day).ok_or(NoAmount::Release(day))?;
        let place = Locality::from_text(locality);
        let (locality, gpci) = place
            .and_then(|place| Some((place, self.gpci(place, day)?)))
            .ok_or_else(|| NoAmount::Locality(locality.to_owned(), day))?;
        Ok(Tables { release, gpci, locality, setting, caps: on(&self.other.imaging_caps, day) })
    }

    /// The row whose payment rules the line meets; `None` where there is none.
    pub(super) fn rules_of(&self, line: &ServiceLine) -> Option<&RelativeValue> {
        let release = self.release(line.from)?;
        relative_value(release, line).ok().or_else(|| release.lookup(line.procedure, None))
    }

    /// The release for a day of service.
    pub(super) fn release(&self, day: Date) -> Option<&RelativeValues> {
        self.relative_values.iter().find(|release| release.effective().contains(day)).map(Arc::as_ref)
    }

    fn gpci(&self, locality: Locality, day: Date) -> Option<&Gpci> {
        if locality == Locality::NATION {
            return Some(&Gpci::NATIONAL);
        }
        self.gpcis.iter().find(|year| year.effective().contains(day))?.lookup(locality)
    }
}

impl<'a> Tables<'a> {
    /// The row of a code, whole or a component.
    pub(super) fn row(&self, code: ProcedureCode, modifier: Option<Modifier>) -> Option<&'a RelativeValue> {
        self.release.lookup(code, modifier)
    }

    /// Medicare's amount for one unit.
    pub(super) fn amount(&self, value: &RelativeValue) -> Result<Money, Unpriceable> {
        let factor = value.conversion_factor;
        let fee = rbrvs::fee_before_cap(value, self.gpci, factor, self.setting, Decimal::ONE)?;
        Ok(self.cap(value).map_or(fee, |cap| fee.min(cap)))
    }

    /// The same before the cap by hospital rates, with a part of the practice expense.
    pub(super) fn before_cap(&self, value: &RelativeValue, practice_expense: Decimal) -> Option<Money> {
        let factor = value.conversion_factor;
        rbrvs::fee_before_cap(value, self.gpci, factor, self.setting, practice_expense).ok()
    }

    /// The cap by hospital rates, where there is one: the published one, or else by the relative values.
    pub(super) fn cap(&self, value: &RelativeValue) -> Option<Money> {
        let published = self.caps.and_then(|caps| caps.lookup(&(value.code, value.modifier, self.locality)));
        if let Some(published) = published {
            return Some(match self.setting {
                Setting::Facility => published.facility,
                Setting::NonFacility => published.nonfacility,
            });
        }
        rbrvs::cap(value, self.gpci, value.conversion_factor, self.setting)
    }
}

/// The row that prices the line: its component's under 26 and TC, its own under 53 where there is one, else the whole.
fn relative_value<'a>(release: &'a RelativeValues, line: &ServiceLine) -> Result<&'a RelativeValue, NoAmount> {
    let whole = release.lookup(line.procedure, None);
    let row = |modifier| release.lookup(line.procedure, Some(modifier));
    match line.modifiers().find(|m| [PROFESSIONAL, TECHNICAL, DISCONTINUED].contains(m)) {
        None => whole.ok_or(NoAmount::Code),
        Some(DISCONTINUED) => row(DISCONTINUED).or(whole).ok_or(NoAmount::Code),
        Some(component) => match (row(component), whole) {
            (Some(value), _) => Ok(value),
            (None, Some(whole)) if whole.status.is_paid_by_relative_values() => Err(NoAmount::Component(component)),
            (None, Some(whole)) => Err(NoAmount::Unpriceable(Unpriceable::Status(whole.status))),
            (None, None) => Err(NoAmount::Code),
        },
    }
}

impl fmt::Display for UnitAmount<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tables { release, locality, setting, .. } = self.tables;
        let place = match locality {
            Locality::NATION => "national".to_owned(),
            Locality { mac, number } => format!("{mac}-{number}"),
        };
        let setting = match setting {
            Setting::Facility => "facility",
            Setting::NonFacility => "non-facility",
        };
        write!(f, "Medicare {} ({}, {place}, {setting}", self.amount, release.release())?;
        if self.tables.cap(self.value) == Some(self.amount) {
            f.write_str(", capped by hospital rates")?;
        }
        f.write_str(")")
    }
}

/// Why Medicare's tables have no amount for a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoAmount {
    /// Time is billed.
    Minutes,
    /// No relative values for the day.
    Release(Date),
    /// No such code.
    Code,
    /// The code has no such component.
    Component(Modifier),
    /// No such locality in the indices of the day.
    Locality(String, Date),
    /// The code has a row, but no amount.
    Unpriceable(Unpriceable),
}

impl NoAmount {
    /// Whether the service is one that relative values do not price, so that a part of the charge may stand in.
    pub(super) fn lies_outside(&self) -> bool {
        match self {
            NoAmount::Minutes | NoAmount::Code => true,
            NoAmount::Unpriceable(Unpriceable::Status(status)) => !is_never_paid(*status),
            _ => false,
        }
    }

    /// How the remittance tells it. A fee that is missing in the payer's own files is 147, no rate on file.
    pub(super) fn denial(&self, schedule: &str, line: &ServiceLine) -> Denial {
        let (reason, remark) = match self {
            NoAmount::Component(_) => ("4", None),
            NoAmount::Unpriceable(Unpriceable::Setting(_)) => ("5", Some("M77")),
            NoAmount::Unpriceable(Unpriceable::Status(Status::Bundled | Status::BundledOrExcluded)) => {
                ("97", Some("M15"))
            }
            NoAmount::Unpriceable(Unpriceable::Status(status)) if is_never_paid(*status) => ("246", None),
            _ => ("147", None),
        };
        let words = format!("{schedule} has no fee for {}: {self}", line.procedure);
        let denial = Denial::contractual(carc(reason), words);
        remark.into_iter().fold(denial, Denial::remark)
    }
}

/// Bundled into other services, or only reported: no contract pays these a part of the charge.
const fn is_never_paid(status: Status) -> bool {
    matches!(status, Status::Bundled | Status::BundledOrExcluded | Status::Measurement | Status::TherapyInformation)
}

impl fmt::Display for NoAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoAmount::Minutes => f.write_str("time is billed, which is not priced; give a part of the charge."),
            NoAmount::Release(day) => {
                write!(f, "no relative values for services of {day}; import CMS's PPRRVU file of that time.")
            },
            NoAmount::Code => f.write_str(
                "no relative values; import CMS's whole PPRRVU file, or give a contracted amount or a part of the charge.",
            ),
            NoAmount::Component(modifier) => write!(f, "it has no component {modifier}; bill the whole service."),
            NoAmount::Locality(place, day) => {
                write!(f, "no indices for locality {place:?} on {day}; correct the provider's or the payer's locality.")
            }
            NoAmount::Unpriceable(reason @ Unpriceable::Setting(_)) => {
                write!(f, "{reason}; check the place of service.")
            }
            NoAmount::Unpriceable(Unpriceable::Status(status)) if is_never_paid(*status) => {
                write!(f, "{}.", status.words())
            }
            NoAmount::Unpriceable(reason) => {
                write!(f, "{reason}; give a contracted amount or a part of the charge.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::domain::dates::{Period, date};
    use crate::reference::gpci::Gpcis;

    /// 99213's row of RVU26C under another status.
    fn under(status: &str) -> Medicare {
        let row = format!(
            "99213,,-,{status},,1.30,1.46,,0.33,,0.09,2.85,1.72,0,XXX,0.00,0.00,0.00,0,0,0,0,0,9,,33.4009,09,0,99,0.00,0.00,0.00"
        );
        let file = format!("HCPCS{}\n{row}\n", ",".repeat(31));
        let release = RelativeValues::parse("changed", Period::since(date(2026, 1, 1)), file.as_bytes());
        Medicare {
            percentage: Decimal::ONE,
            relative_values: vec![Arc::new(release.unwrap())],
            gpcis: Gpcis::embedded().iter().cloned().map(Arc::new).collect(),
            otherwise_of_charge: None,
            rules: Box::default(),
            other: Box::default(),
        }
    }

    /// What is bundled, or only reported, is not paid a part of the charge either; what Medicare merely prices elsewhere is.
    #[test]
    fn a_status_that_is_never_paid_is_told_apart_from_one_that_another_schedule_prices() {
        for (status, reason, lies_outside) in
            [("B", "97", false), ("P", "97", false), ("M", "246", false), ("X", "147", true), ("C", "147", true)]
        {
            let line = example::line("99213", 15_000);
            let medicare = under(status);
            let missing = medicare.unit_amount(&line, Setting::NonFacility, "01112-05").unwrap_err();
            let denial = missing.denial("rates", &line);
            assert_eq!((denial.carc, missing.lies_outside()), (carc(reason), lies_outside), "{status}");
        }
        let (restricted, line) = (under("R"), example::line("99213", 15_000));
        let paid = restricted.unit_amount(&line, Setting::NonFacility, "01112-05").unwrap();
        assert_eq!(paid.amount, Money::from_cents(11_758));
    }
}
