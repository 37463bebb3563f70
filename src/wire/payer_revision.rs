//! A payer folder's plans, fee schedules, policies and tables: messages to the payer revision that decisions read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use prost::Message;
use sha2::{Digest, Sha256};

use super::fee_schedules::{self, FeeSchedules};
use super::references::Used;
use super::{
    Violations, appeal_terms, authorization_rules, claim_rules, directory, payments, plans, policies, references,
    reviews, tables,
};
use crate::adjudication::PayerRevision;
use crate::adjudication::payer_revision::{Diagnoses, Editions, ProcedureTable};
use crate::domain::payment::PaymentTerms;
use crate::domain::review::ReviewTerms;
use crate::proto::v1 as pb;
use crate::proto::v1::fee_schedule::Method as Told;
use crate::reference::coverage::Coverage;
use crate::reference::layout::LayoutError;
use crate::reference::mue::Mue;
use crate::reference::ncci::Ptp;
use crate::reference::official_tables::{OfficialTable, OfficialTables};

/// What stands for the data that come with the program, where a file's name is asked.
pub const EMBEDDED: &str = "embedded";

/// The content hash that names a revision: payer, plans, fee schedules, policies and tables, but not the sandbox's records.
pub fn revision_id(folder: &pb::PayerFolder) -> String {
    let revision = pb::PayerFolder {
        payer: folder.payer.clone(),
        plans: folder.plans.clone(),
        fee_schedules: folder.fee_schedules.clone(),
        policies: folder.policies.clone(),
        value_sets: folder.value_sets.clone(),
        tables: folder.tables.clone(),
        references: folder.references.clone(),
        authorization_rules: folder.authorization_rules.clone(),
        ..Default::default()
    };
    let digest = Sha256::digest(revision.encode_to_vec());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The table files that a folder names, each once, in order; those that come with the program are not among them.
pub fn table_names(folder: &pb::PayerFolder) -> BTreeSet<String> {
    let payer = folder.payer.iter();
    let of_payer = payer.flat_map(|payer| {
        let procedures = payer.procedures.as_ref().map(|table| &table.file);
        let official = [&payer.ncci_file, &payer.mue_file, &payer.outpatient_ncci_file, &payer.outpatient_mue_file];
        official.into_iter().chain(procedures)
    });
    let of_schedules = folder.fee_schedules.iter().flat_map(fee_schedules::files);
    let of_references = folder.references.iter().flat_map(|reference| &reference.files);
    of_payer.chain(of_schedules).chain(of_references).filter(|file| is_table_name(file)).cloned().collect()
}

/// A plain file name: nothing outside the folder can be named.
fn is_table_name(file: &str) -> bool {
    !file.is_empty() && file != EMBEDDED && !file.starts_with('.') && !file.contains(['/', '\\', ':'])
}

/// Reads the revision. Members, providers and authorizations are not looked at.
pub(super) fn read(folder: &pb::PayerFolder, tables: &OfficialTables, found: &mut Violations) -> PayerRevision {
    let default = pb::Payer::default();
    let payer = folder.payer.as_ref().unwrap_or(&default);
    let mut files = Files::new(folder, found);
    files.official = references::read(&folder.references, &files, tables, found);
    match folder.payer {
        Some(_) => found.within("payer", |found| directory::read_payer(payer, found)),
        None => found.add("payer", "is missing"),
    }
    let plans = found.each("plans", &folder.plans, plans::plan);
    found.distinct("plans", "plan_id", folder.plans.iter().map(|plan| plan.plan_id.as_str()));
    if folder.plans.is_empty() {
        found.add("plans", "is missing: a payer has at least one plan");
    }
    let mut schedules = FeeSchedules::new(&files);
    let fee_schedules = found.each("fee_schedules", &folder.fee_schedules, |m, found| schedules.read(m, found));
    found.distinct("fee_schedules", "fee_schedule_id", folder.fee_schedules.iter().map(|s| s.fee_schedule_id.as_str()));
    let own_rates = schedules.own_rates(&fee_schedules, found);
    let policies = policies::read(folder, found);
    let procedures = procedures(folder, &files, found);
    plan_references(folder, found);
    referral_references(folder, &procedures, found);
    PayerRevision {
        id: revision_id(folder),
        payer_ids: [&payer.payer_id].into_iter().chain(&payer.other_payer_ids).cloned().collect(),
        payment_days: payer.payment_days,
        payments: payment_terms(payer, found),
        reviews: review_terms(payer, found),
        plans,
        fee_schedules,
        policies,
        procedures,
        hcpcs: files.editions("hcpcs", OfficialTable::hcpcs),
        diagnoses: Diagnoses(files.editions("icd10cm", OfficialTable::icd10cm)),
        core_combinations: files.editions("core-combinations", OfficialTable::core_combinations),
        reason_texts: files.editions("carc", OfficialTable::reason_codes),
        inpatient_procedures: files.editions("icd10pcs", OfficialTable::icd10pcs),
        ncci: pairs("ncci-ptp", "ncci_file", &payer.ncci_file, &files, found),
        mue: limits("mue", "mue_file", &payer.mue_file, &files, found),
        outpatient_ncci: pairs("ncci-ptp-hospital", "outpatient_ncci_file", &payer.outpatient_ncci_file, &files, found),
        outpatient_mue: limits("mue-outpatient", "outpatient_mue_file", &payer.outpatient_mue_file, &files, found),
        wage_indices: files.editions("wage-index", OfficialTable::wage_indices),
        grouper: None,
        releases: folder
            .references
            .iter()
            .map(|reference| format!("{} {}", reference.kind, reference.release))
            .collect(),
        own_rates,
        default_locality: payer.default_locality.clone(),
        claim_rules: claim_rules::rules(payer, found),
        appeals: appeal_terms::settings(payer, found),
        authorization_rules: authorization_rules::rules(folder, found),
    }
}

fn payment_terms(payer: &pb::Payer, found: &mut Violations) -> PaymentTerms {
    let settings = payer.payments.clone().unwrap_or_default();
    found.within("payer.payments", |found| payments::terms(&settings, found))
}

fn review_terms(payer: &pb::Payer, found: &mut Violations) -> ReviewTerms {
    let settings = payer.reviews.clone().unwrap_or_default();
    found.within("payer.reviews", |found| reviews::terms(&settings, found))
}

/// NCCI's pairs: the releases of a kind that the payer uses, behind them the file that it names.
fn pairs(kind: &str, field: &str, file: &str, files: &Files, found: &mut Violations) -> Editions<Ptp> {
    let named = official(field, file, files, found, |file, text| Ptp::parse(file, Coverage::Partial, &[text]));
    files.editions(kind, OfficialTable::ptp).and_always(named)
}

/// NCCI's unit limits, likewise.
fn limits(kind: &str, field: &str, file: &str, files: &Files, found: &mut Violations) -> Editions<Mue> {
    let named = official(field, file, files, found, |file, text| Mue::parse(file, Coverage::Partial, text));
    files.editions(kind, OfficialTable::mue).and_always(named)
}

/// Reads a file of CMS that the payer names, if it names one.
fn official<T>(
    field: &str,
    file: &str,
    files: &Files,
    found: &mut Violations,
    parse: impl FnOnce(&str, &[u8]) -> Result<T, LayoutError>,
) -> Option<Arc<T>> {
    if file.is_empty() {
        return None;
    }
    let text = found.within("payer", |found| files.text(field, file, found))?;
    parse(file, text.as_bytes()).map(Arc::new).map_err(|error| found.layout(file, &error)).ok()
}

fn procedures(folder: &pb::PayerFolder, files: &Files, found: &mut Violations) -> ProcedureTable {
    let table = folder.payer.as_ref().and_then(|payer| payer.procedures.as_ref());
    let Some(table) = table.filter(|table| !table.file.is_empty()) else {
        found.add("payer.procedures", "is missing: the file of the procedures that the payer knows");
        return ProcedureTable::default();
    };
    let named = folder.plans.iter().flat_map(|plan| &plan.benefits).map(|benefit| benefit.benefit.as_str());
    match files.text("payer.procedures.file", &table.file, found) {
        Some(text) => tables::procedures(table, text, &named.chain(["other"]).collect(), found),
        None => ProcedureTable::default(),
    }
}

/// Notes plans that name fee schedules, and policies that name plans, that are not there.
fn plan_references(folder: &pb::PayerFolder, found: &mut Violations) {
    let schedules: BTreeSet<&str> = folder.fee_schedules.iter().map(|s| s.fee_schedule_id.as_str()).collect();
    let plans: BTreeSet<&str> = folder.plans.iter().map(|plan| plan.plan_id.as_str()).collect();
    for (at, plan) in folder.plans.iter().enumerate() {
        for (field, share) in [("in_network", &plan.in_network), ("out_of_network", &plan.out_of_network)] {
            let name = share.as_ref().map_or("", |share| &share.fee_schedule);
            found.known(format_args!("plans[{at}].{field}.fee_schedule"), "fee schedule", name, &schedules);
        }
        for (place, of_bills) in plan.facility_schedules.iter().enumerate() {
            for (field, name) in [("in_network", &of_bills.in_network), ("out_of_network", &of_bills.out_of_network)] {
                let path = format_args!("plans[{at}].facility_schedules[{place}].{field}").to_string();
                found.known(path, "fee schedule", name, &schedules);
            }
        }
    }
    for (at, schedule) in folder.fee_schedules.iter().enumerate() {
        let (field, other) = match &schedule.method {
            Some(Told::Opps(rates)) => ("opps", &rates.other_schedule),
            Some(Told::Asc(rates)) => ("asc", &rates.other_schedule),
            _ => continue,
        };
        found.known(format_args!("fee_schedules[{at}].{field}.other_schedule"), "fee schedule", other, &schedules);
    }
    for (at, policy) in folder.policies.iter().enumerate() {
        for (place, plan) in policy.plans.iter().enumerate() {
            found.known(format_args!("policies[{at}].plans[{place}]"), "plan", plan, &plans);
        }
    }
}

/// Notes benefits that ask for a referral but are no procedure's: the name is misspelt.
fn referral_references(folder: &pb::PayerFolder, procedures: &ProcedureTable, found: &mut Violations) {
    let used: BTreeSet<&str> = procedures.rows().iter().map(|row| &*row.benefit).collect();
    for (at, plan) in folder.plans.iter().enumerate() {
        for (place, benefit) in plan.referral_benefits.iter().enumerate() {
            found.known(format_args!("plans[{at}].referral_benefits[{place}]"), "procedure's benefit", benefit, &used);
        }
    }
}

/// The table files of a folder, by name, and the official tables that it uses.
pub(super) struct Files<'a> {
    texts: BTreeMap<&'a str, &'a str>,
    official: Vec<Used>,
}

impl<'a> Files<'a> {
    pub(super) fn new(folder: &'a pb::PayerFolder, found: &mut Violations) -> Files<'a> {
        found.distinct("tables", "file", folder.tables.iter().map(|table| table.file.as_str()));
        let texts = folder.tables.iter().map(|table| (table.file.as_str(), table.text.as_str())).collect();
        Files { texts, official: Vec::new() }
    }

    /// The text of the file that a field names.
    pub(super) fn text(&self, field: &str, file: &str, found: &mut Violations) -> Option<&'a str> {
        let text = self.texts.get(file).copied();
        if text.is_none() {
            let why = if is_table_name(file) { "there is no file" } else { "is no plain file name:" };
            found.add(field, format!("{why} {file:?}"));
        }
        text
    }

    /// The releases of a kind, as the folder orders them.
    pub(super) fn editions<T>(&self, kind: &str, table: impl Fn(&OfficialTable) -> Option<&Arc<T>>) -> Editions<T> {
        let of_kind = self.official.iter().filter(|used| used.kind == kind);
        Editions::new(of_kind.filter_map(|used| Some((used.period, Arc::clone(table(&used.table)?)))))
    }
}
