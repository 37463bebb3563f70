//! Fee schedules: messages and the tables that they name to domain.

use std::sync::{Arc, LazyLock};

use rust_decimal::Decimal;

use super::payer_revision::{EMBEDDED, Files};
use super::{Violations, facility_rates, other_schedules, tables};
use crate::adjudication::pricing::{ContractedAmounts, FeeSchedule, Medicare, Method, PaymentRules, own_rates};
use crate::domain::dates::Period;
use crate::proto::v1 as pb;
use crate::reference::asc::AscRates;
use crate::reference::gpci::Gpcis;
use crate::reference::layout::LayoutError;
use crate::reference::ms_drg::DrgWeights;
use crate::reference::official_tables::OfficialTable;
use crate::reference::opps::OppsRates;
use crate::reference::pprrvu::RelativeValues;
use pb::fee_schedule::Method as Told;

/// The files that a fee schedule names.
pub(super) fn files(message: &pb::FeeSchedule) -> impl Iterator<Item = &String> {
    let medicare = match &message.method {
        Some(Told::Medicare(rates)) => Some(rates),
        _ => None,
    };
    let others = medicare.into_iter().flat_map(other_schedules::files);
    let of_facilities = match &message.method {
        Some(Told::MsDrg(rates)) => rates.weights.as_slice(),
        Some(Told::Opps(rates)) => rates.rates.as_slice(),
        Some(Told::Asc(rates)) => rates.rates.as_slice(),
        _ => &[],
    };
    let dated = medicare.into_iter().flat_map(|rates| rates.relative_values.iter().chain(&rates.geographic_indices));
    [&message.amounts_file].into_iter().chain(dated.chain(of_facilities).map(|dated| &dated.file)).chain(others)
}

/// Reads fee schedules; a file that several name is read once.
pub(super) struct FeeSchedules<'a> {
    files: &'a Files<'a>,
    relative_values: Vec<(&'a pb::DatedFile, Vec<Arc<RelativeValues>>)>,
    gpcis: Vec<(&'a pb::DatedFile, Vec<Arc<Gpcis>>)>,
    others: other_schedules::Known<'a>,
    weights: Vec<(&'a pb::DatedFile, Vec<Arc<DrgWeights>>)>,
    opps: Vec<(&'a pb::DatedFile, Vec<Arc<OppsRates>>)>,
    asc: Vec<(&'a pb::DatedFile, Vec<Arc<AscRates>>)>,
}

/// Medicare's own rates from what the server was given and what comes with the program.
static OWN_RATES: LazyLock<pb::FeeSchedule> = LazyLock::new(|| {
    let embedded = || vec![pb::DatedFile { file: EMBEDDED.to_owned(), ..Default::default() }];
    let rates = pb::MedicareRates {
        percentage: "1".to_owned(),
        relative_values: embedded(),
        geographic_indices: embedded(),
        anesthesia_factors: embedded(),
        anesthesia_units: embedded(),
        laboratory: embedded(),
        drugs: embedded(),
        equipment: embedded(),
        ambulance: embedded(),
        imaging_caps: embedded(),
        by_performer: true,
        ..Default::default()
    };
    pb::FeeSchedule {
        fee_schedule_id: "medicare".to_owned(),
        method: Some(Told::Medicare(rates)),
        ..Default::default()
    }
});

impl<'a> FeeSchedules<'a> {
    pub(super) fn new(files: &'a Files<'a>) -> FeeSchedules<'a> {
        FeeSchedules {
            files,
            relative_values: Vec::new(),
            gpcis: Vec::new(),
            others: other_schedules::Known::default(),
            weights: Vec::new(),
            opps: Vec::new(),
            asc: Vec::new(),
        }
    }

    /// Medicare's own rates beside a payer's schedules.
    pub(super) fn own_rates(&mut self, schedules: &[FeeSchedule], found: &mut Violations) -> FeeSchedule {
        let general = self.read(&OWN_RATES, found).unwrap_or_else(|| FeeSchedule::medicare("medicare".to_owned()));
        own_rates(schedules, general)
    }

    pub(super) fn read(&mut self, message: &'a pb::FeeSchedule, found: &mut Violations) -> Option<FeeSchedule> {
        let id = found.required("fee_schedule_id", &message.fee_schedule_id);
        let amounts = match message.amounts_file.as_str() {
            "" => ContractedAmounts::default(),
            file => {
                let text = self.files.text("amounts_file", file, found);
                text.map(|text| tables::amounts(file, text, found)).unwrap_or_default()
            }
        };
        let method = match &message.method {
            Some(Told::PercentOfCharge(percent)) => found.within("percent_of_charge", |found| {
                found.required("percentage", &percent.percentage)?;
                found.fraction_if_any("percentage", &percent.percentage)?.map(Method::PercentOfCharge)
            }),
            Some(Told::MsDrg(rates)) => found.within("ms_drg", |found| self.ms_drg(rates, found)),
            Some(Told::PerDiem(rates)) => found.within("per_diem", |found| facility_rates::per_diem(rates, found)),
            Some(Told::CaseRate(rates)) => found.within("case_rate", |found| facility_rates::case_rates(rates, found)),
            Some(Told::Opps(rates)) => found.within("opps", |found| self.opps(rates, found)),
            Some(Told::Asc(rates)) => found.within("asc", |found| self.asc(rates, found)),
            Some(Told::Medicare(rates)) => found.within("medicare", |found| self.medicare(rates, found)),
            None => {
                found.add("", "says no method: `percent_of_charge`, `medicare`, or one for facilities (`ms_drg`, `per_diem`, `case_rate`, `opps`, `asc`)");
                None
            }
        };
        Some(FeeSchedule {
            id: id?.to_owned(),
            amounts,
            method: method?,
            ignore_lower_charge: message.ignore_lower_charge,
            rules_for_amounts: message.rules_for_amounts,
            amounts_last: message.amounts_last,
        })
    }

    fn ms_drg(&mut self, message: &'a pb::MsDrgRates, found: &mut Violations) -> Option<Method> {
        let files = self.files;
        let weights = dated("weights", &message.weights, files, &mut self.weights, found, |file| match file {
            None => {
                let used = files.editions("ms-drg", OfficialTable::drg_weights);
                Ok(used.all().cloned().chain(DrgWeights::embedded().iter().cloned().map(Arc::new)).collect())
            }
            Some((release, period, text)) => Ok(vec![Arc::new(DrgWeights::parse(release, period, text.as_bytes())?)]),
        });
        facility_rates::ms_drg(message, weights, found)
    }

    fn opps(&mut self, message: &'a pb::OppsMethod, found: &mut Violations) -> Option<Method> {
        let files = self.files;
        let rates = dated("rates", &message.rates, files, &mut self.opps, found, |file| match file {
            None => Ok(files.editions("opps-addendum-b", OfficialTable::opps_rates).all().cloned().collect()),
            Some((release, period, text)) => Ok(vec![Arc::new(OppsRates::parse(release, period, text.as_bytes())?)]),
        });
        let groups = files.editions("opps-addendum-a", OfficialTable::apcs);
        facility_rates::opps(message, rates, groups, found)
    }

    fn asc(&mut self, message: &'a pb::AscMethod, found: &mut Violations) -> Option<Method> {
        let files = self.files;
        let rates = dated("rates", &message.rates, files, &mut self.asc, found, |file| match file {
            None => {
                let of_kind = |kind| files.editions(kind, OfficialTable::asc_rates);
                let (surgery, ancillary) = (of_kind("asc-addendum-aa"), of_kind("asc-addendum-bb"));
                Ok(surgery.all().chain(ancillary.all()).cloned().collect())
            }
            Some((release, period, text)) => Ok(vec![Arc::new(AscRates::parse(release, period, text.as_bytes())?)]),
        });
        facility_rates::asc(message, rates, found)
    }

    fn medicare(&mut self, message: &'a pb::MedicareRates, found: &mut Violations) -> Option<Method> {
        let percentage = found.decimal("percentage", &message.percentage);
        if percentage.is_some_and(|rate| rate <= Decimal::ZERO || rate > Decimal::TEN) {
            let has = &message.percentage;
            found.add("percentage", format!("{has}: more than 0 and at most 10, such as \"1.25\" for 125 percent"));
        }
        let otherwise_of_charge = found.fraction_if_any("otherwise_of_charge", &message.otherwise_of_charge);
        let files = self.files;
        let values = &message.relative_values;
        let relative_values =
            dated("relative_values", values, files, &mut self.relative_values, found, |file| match file {
                None => {
                    let used = files.editions("pprrvu", OfficialTable::relative_values);
                    Ok(used.all().cloned().chain(RelativeValues::embedded().iter().cloned().map(Arc::new)).collect())
                }
                Some((release, period, text)) => {
                    Ok(vec![Arc::new(RelativeValues::parse(release, period, text.as_bytes())?)])
                }
            });
        let indices = &message.geographic_indices;
        let gpcis = dated("geographic_indices", indices, files, &mut self.gpcis, found, |file| match file {
            None => {
                let used = files.editions("gpci", OfficialTable::gpcis);
                Ok(used.all().cloned().chain(Gpcis::embedded().iter().cloned().map(Arc::new)).collect())
            }
            Some((release, period, text)) => Ok(vec![Arc::new(Gpcis::parse(release, period, text.as_bytes())?)]),
        });
        let rules = match &message.payment_rules {
            Some(rules) => found.within("payment_rules", |found| payment_rules(rules, found)),
            None => PaymentRules::default(),
        };
        let rules = PaymentRules { by_performer: message.by_performer, ..rules };
        let other = other_schedules::read(message, files, &mut self.others, found);
        Some(Method::Medicare(Medicare {
            percentage: percentage?,
            relative_values,
            gpcis,
            otherwise_of_charge: otherwise_of_charge?,
            rules: Box::new(rules),
            other: Box::new(other),
        }))
    }
}

/// What a contract changes in Medicare's policies. What cannot be read is noted, and left as Medicare's.
fn payment_rules(message: &pb::PaymentRules, found: &mut Violations) -> PaymentRules {
    let mut part = |field: &str, text: &str| found.fraction_if_any(field, text).flatten();
    let (assistant, nonphysician_assistant) =
        (part("assistant", &message.assistant), part("nonphysician_assistant", &message.nonphysician_assistant));
    let (co_surgeon, reduced_service, broken_off) = (
        part("co_surgeon", &message.co_surgeon),
        part("reduced_service", &message.reduced_service),
        part("broken_off", &message.broken_off),
    );
    let mut multiple_surgeries = Vec::with_capacity(message.multiple_surgeries.len());
    for (at, text) in message.multiple_surgeries.iter().enumerate() {
        let field = format!("multiple_surgeries[{at}]");
        match found.fraction_if_any(&field, text) {
            Some(None) => found.add(&field, "is empty: a part of the fee, such as \"0.5\""),
            part => multiple_surgeries.extend(part.flatten()),
        }
    }
    let sides = (!message.both_sides.is_empty()).then(|| found.decimal("both_sides", &message.both_sides)).flatten();
    if sides.is_some_and(|sides| !(Decimal::ONE..=Decimal::TWO).contains(&sides)) {
        let has = &message.both_sides;
        found.add("both_sides", format!("{has}: from 1 through 2 fees for both sides, such as \"1.5\""));
    }
    PaymentRules {
        multiple_surgeries,
        both_sides: sides,
        assistant,
        nonphysician_assistant,
        co_surgeon,
        reduced_service,
        broken_off,
        by_performer: false,
    }
}

/// Release, service dates and text of a file; `None` stands for what comes with the program.
pub(super) type DatedText<'a> = Option<(&'a str, Period, &'a str)>;

/// Reads the files of a list, those read before from `known`.
pub(super) fn dated<'a, T>(
    field: &str,
    messages: &'a [pb::DatedFile],
    files: &Files,
    known: &mut Vec<(&'a pb::DatedFile, Vec<Arc<T>>)>,
    found: &mut Violations,
    parse: impl Fn(DatedText) -> Result<Vec<Arc<T>>, LayoutError>,
) -> Vec<Arc<T>> {
    if messages.is_empty() {
        found.add(field, "is missing: files of CMS, or `[{ file = \"embedded\" }]`");
    }
    let mut read = |message: &'a pb::DatedFile, found: &mut Violations| {
        if let Some((_, tables)) = known.iter().find(|(other, _)| *other == message) {
            return Some(tables.clone());
        }
        let dated = if message.file == EMBEDDED {
            if !message.from.is_empty() || !message.through.is_empty() {
                found.add("", "what comes with the program has dates of its own: leave out `from` and `through`");
            }
            None
        } else {
            let period = found.period(&message.from, &message.through);
            let release = found.required("release", &message.release);
            Some((release?, period?, files.text("file", &message.file, found)?))
        };
        match parse(dated) {
            Ok(tables) => {
                known.push((message, tables.clone()));
                Some(tables)
            }
            Err(error) => {
                found.layout(&message.file, &error);
                None
            }
        }
    };
    found.each(field, messages, &mut read).into_iter().flatten().collect()
}
