//! What Medicare rates say of anesthesia, laboratory tests, drugs, equipment and ambulances: messages and tables to domain.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::fee_schedules::dated;
use super::payer_revision::Files;
use super::{Violations, tables};
use crate::adjudication::pricing::{AnesthesiaTerms, Area, Areas, OtherSchedules};
use crate::domain::dates::Period;
use crate::proto::v1 as pb;
use crate::reference::ambulance::{self, AmbulanceFees};
use crate::reference::anesthesia::{self, AnesthesiaBaseUnits, AnesthesiaFactors};
use crate::reference::anesthesia_rules::example_base_units;
use crate::reference::asp::{self, DrugPrices};
use crate::reference::clfs::{self, Clfs};
use crate::reference::dmepos::{self, Dmepos};
use crate::reference::layout::LayoutError;
use crate::reference::official_tables::OfficialTable;
use crate::reference::oppscap::{self, OppsCaps};

/// The files that Medicare rates name for these services.
pub(super) fn files(rates: &pb::MedicareRates) -> impl Iterator<Item = &String> {
    let lists = [
        &rates.anesthesia_factors,
        &rates.anesthesia_units,
        &rates.laboratory,
        &rates.drugs,
        &rates.equipment,
        &rates.ambulance,
        &rates.imaging_caps,
    ];
    lists.into_iter().flatten().map(|dated| &dated.file).chain([&rates.areas_file])
}

/// Tables that were read before.
#[derive(Default)]
pub(super) struct Known<'a> {
    anesthesia_factors: Read<'a, AnesthesiaFactors>,
    anesthesia_units: Read<'a, AnesthesiaBaseUnits>,
    laboratory: Read<'a, Clfs>,
    drugs: Read<'a, DrugPrices>,
    equipment: Read<'a, Dmepos>,
    ambulance: Read<'a, AmbulanceFees>,
    imaging_caps: Read<'a, OppsCaps>,
}

type Read<'a, T> = Vec<(&'a pb::DatedFile, Vec<Arc<T>>)>;

/// How a kind of table is read, and what of it comes with the program.
struct Kind<T: 'static> {
    id: &'static str,
    parse: fn(&str, Period, &[u8]) -> Result<T, LayoutError>,
    imported: fn(&OfficialTable) -> Option<&Arc<T>>,
    embedded: &'static [T],
}

/// Reads the tables that the rates name.
pub(super) fn read<'a>(
    rates: &'a pb::MedicareRates,
    files: &Files,
    known: &mut Known<'a>,
    found: &mut Violations,
) -> OtherSchedules {
    let factors = Kind {
        id: "anesthesia-factors",
        parse: anesthesia::parse_factors,
        imported: OfficialTable::anesthesia_factors,
        embedded: AnesthesiaFactors::embedded(),
    };
    let units = Kind {
        id: "anesthesia-units",
        parse: anesthesia::parse_base_units,
        imported: OfficialTable::anesthesia_base_units,
        embedded: example_base_units(),
    };
    let tests = Kind { id: "clfs", parse: clfs::parse, imported: OfficialTable::clfs, embedded: &[] };
    let drugs = Kind { id: "asp", parse: asp::parse, imported: OfficialTable::drug_prices, embedded: &[] };
    let items = Kind { id: "dmepos", parse: dmepos::parse, imported: OfficialTable::dmepos, embedded: &[] };
    let rides =
        Kind { id: "ambulance", parse: ambulance::parse, imported: OfficialTable::ambulance_fees, embedded: &[] };
    let caps = Kind { id: "oppscap", parse: oppscap::parse, imported: OfficialTable::opps_caps, embedded: &[] };
    let (of_factors, of_units) = (&mut known.anesthesia_factors, &mut known.anesthesia_units);
    OtherSchedules {
        anesthesia_factors: list("anesthesia_factors", &rates.anesthesia_factors, &factors, files, of_factors, found),
        anesthesia_units: list("anesthesia_units", &rates.anesthesia_units, &units, files, of_units, found),
        anesthesia: anesthesia_terms(rates.anesthesia.as_ref(), found),
        laboratory: list("laboratory", &rates.laboratory, &tests, files, &mut known.laboratory, found),
        drugs: list("drugs", &rates.drugs, &drugs, files, &mut known.drugs, found),
        equipment: list("equipment", &rates.equipment, &items, files, &mut known.equipment, found),
        ambulance: list("ambulance", &rates.ambulance, &rides, files, &mut known.ambulance, found),
        imaging_caps: list("imaging_caps", &rates.imaging_caps, &caps, files, &mut known.imaging_caps, found),
        areas: areas(&rates.areas_file, files, found),
    }
}

fn list<'a, T: Clone>(
    field: &str,
    messages: &'a [pb::DatedFile],
    kind: &Kind<T>,
    files: &Files,
    known: &mut Read<'a, T>,
    found: &mut Violations,
) -> Vec<Arc<T>> {
    if messages.is_empty() {
        return Vec::new();
    }
    dated(field, messages, files, known, found, |file| match file {
        None => {
            let used = files.editions(kind.id, kind.imported);
            Ok(used.all().cloned().chain(kind.embedded.iter().cloned().map(Arc::new)).collect())
        }
        Some((release, period, text)) => Ok(vec![Arc::new((kind.parse)(release, period, text.as_bytes())?)]),
    })
}

fn anesthesia_terms(message: Option<&pb::AnesthesiaTerms>, found: &mut Violations) -> AnesthesiaTerms {
    let Some(message) = message else { return AnesthesiaTerms::default() };
    let dollars = found.within("anesthesia", |found| match message.dollars_per_unit.as_str() {
        "" => None,
        text => found.decimal("dollars_per_unit", text).filter(|dollars| {
            let fits = *dollars > Decimal::ZERO && *dollars <= Decimal::ONE_THOUSAND;
            if !fits {
                found.add(
                    "dollars_per_unit",
                    format!("{text}: more than 0 and at most 1000 dollars, such as \"62.50\""),
                );
            }
            fits
        }),
    });
    AnesthesiaTerms {
        dollars_per_unit: dollars,
        physical_status: message.physical_status,
        qualifying_circumstances: message.qualifying_circumstances,
    }
}

/// Heading of a table of areas.
const AREAS: &[&str] = &["zip", "area"];

fn areas(file: &str, files: &Files, found: &mut Violations) -> Option<Arc<Areas>> {
    if file.is_empty() {
        return None;
    }
    let text = files.text("areas_file", file, found)?;
    let rows = tables::rows(file, text, AREAS, found, |row, found| {
        let zip = row.get("zip");
        if zip.len() != 5 || !zip.bytes().all(|b| b.is_ascii_digit()) {
            found.add("zip", format!("{zip:?} is no ZIP code: five digits"));
            return None;
        }
        match row.get("area") {
            "rural" => Some((zip.to_owned(), Area::Rural)),
            "super_rural" => Some((zip.to_owned(), Area::SuperRural)),
            other => {
                found.add("area", format!("{other:?}: rural or super_rural"));
                None
            }
        }
    });
    Some(Arc::new(Areas(rows.into_iter().collect::<BTreeMap<_, _>>())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_or_a_dollar_that_is_none_is_named() {
        let folder = pb::PayerFolder {
            tables: vec![pb::TableFile {
                file: "z.csv".into(),
                text: "zip,area\n59001,rural\n5900,rural\n59002,far\n".into(),
            }],
            ..Default::default()
        };
        let terms = pb::AnesthesiaTerms { dollars_per_unit: "0".into(), ..Default::default() };
        let rates = pb::MedicareRates { areas_file: "z.csv".into(), anesthesia: Some(terms), ..Default::default() };
        let mut found = Violations::default();
        let files = Files::new(&folder, &mut found);
        let read = read(&rates, &files, &mut Known::default(), &mut found);
        assert!(read.areas.unwrap().is_rural("590011234"));
        let fields: Vec<String> = found.into_result(Some(())).unwrap_err().into_iter().map(|v| v.field).collect();
        assert_eq!(fields, ["anesthesia.dollars_per_unit", "z.csv:3.zip", "z.csv:4.area"]);
    }
}
