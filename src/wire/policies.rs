//! Medical policies: messages to domain, and what must hold of them and between them.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::value_sets::ValueSets;
use super::{Violations, claim_rules, policy_conditions};
use crate::domain::codes::{Carc, Code, Group, Rarc, carc, rarc};
use crate::domain::document::{Asking, Wanted};
use crate::domain::institutional::CodeSet;
use crate::domain::policy::{
    Condition, DiagnosesOf, MedicalPolicies, MedicalPolicy, PolicyFinding, PolicyRecords, ReducedTo,
};
use crate::proto::v1 as pb;
use crate::proto::v1::ValueSetKind as Kind;
use crate::proto::v1::medical_policy::Finding as Told;
use crate::reference::reason_codes::{allowed_groups, needs_remark, reason_code};

/// Remarks that take the right to appeal away; no medical policy may.
const WITHOUT_APPEAL: &[&str] = &["N83", "N211"];
/// Remarks that ask for documents, which CARC 16 by its own text must not.
const DOCUMENTS: &[&str] = &["M127", "M30", "M31", "N26", "N40", "N205", "N479", "N705", "N706", "N708", "N4"];

/// Reads the policies of a folder with the value sets that they name.
pub(super) fn read(folder: &pb::PayerFolder, found: &mut Violations) -> MedicalPolicies {
    let sets = ValueSets::read(&folder.value_sets, found);
    let policies = found.each("policies", &folder.policies, |message, found| policy(message, &sets, found));
    versions(&folder.policies, found);
    examples(folder, found);
    MedicalPolicies::new(policies)
}

fn policy(message: &pb::MedicalPolicy, sets: &ValueSets, found: &mut Violations) -> Option<MedicalPolicy> {
    let policy_id = found.required("policy_id", &message.policy_id);
    found.visible("title", &message.title);
    found.visible("rationale", &message.rationale);
    let period = found.period(&message.from, &message.through);
    let procedures = sets.procedures("procedures", &message.procedures, found);
    let revenue_codes = sets.codes(Kind::RevenueCode, "revenue_codes", &message.revenue_codes, found);
    let bills = sets.starts(Kind::TypeOfBill, "types_of_bill", &message.types_of_bill, found);
    if message.procedures.is_empty() && message.revenue_codes.is_empty() && message.types_of_bill.is_empty() {
        let words = "is missing: codes, ranges such as \"70551-70553\", value sets such as \"@imaging\"; or else \
                     `revenue_codes` or `types_of_bill`";
        found.add("procedures", words);
    }
    let covered = sets.starts(Kind::Diagnosis, "covered_diagnoses", &message.covered_diagnoses, found);
    let mut requires = Vec::new();
    if !covered.is_empty() {
        requires.push(Condition::Diagnoses(DiagnosesOf::Line, covered));
    }
    let mut read = |field: &str, conditions: &Option<pb::PolicyConditions>| match conditions {
        None => vec![],
        Some(conditions) => found.within(field, |found| policy_conditions::read(conditions, &procedures, sets, found)),
    };
    let applies = read("applies", &message.applies);
    requires.extend(read("requires", &message.requires));
    let asks = message.requires.is_some() || !message.covered_diagnoses.is_empty();
    if message.finding.is_none() && message.applies.is_none() && !asks {
        found.add(
            "covered_diagnoses",
            "is missing: or else `requires`, `applies`, or a finding that always comes of it",
        );
    }
    let finding = finding(message, found);
    Some(MedicalPolicy {
        policy_id: policy_id?.to_owned(),
        title: message.title.clone(),
        period: period?,
        rank: message.rank,
        plans: message.plans.clone(),
        procedures,
        revenue_codes: CodeSet::parse(revenue_codes.iter().map(String::as_str), 4).unwrap_or_default(),
        bills,
        applies,
        requires,
        finding: finding?,
        rationale: message.rationale.clone(),
        href: message.href.clone(),
    })
}

fn finding(message: &pb::MedicalPolicy, found: &mut Violations) -> Option<PolicyFinding> {
    if message.finding.is_some() && !message.rarc.is_empty() {
        found.add("rarc", "belongs to the short form: write the remark into the finding");
    }
    match &message.finding {
        None => {
            let rarcs = match message.rarc.as_str() {
                "" => vec![],
                text @ ("N115" | "N386") => vec![rarc(text)],
                other => {
                    found.add("rarc", format!("{other:?}: \"N115\" (local coverage), \"N386\" (national) or nothing"));
                    vec![]
                }
            };
            let group = Group::ContractualObligation;
            Some(PolicyFinding::Deny { group, carc: carc("50"), rarcs, patient_with_notice: true })
        }
        Some(Told::Deny(denial)) => found.within("deny", |found| deny(denial, found)),
        Some(Told::Pend(pend)) => found
            .within("pend", |found| found.required("words", &pend.words).map(|w| PolicyFinding::Pend(w.to_owned()))),
        Some(Told::Reduce(reduction)) => found.within("reduce", |found| reduce(reduction, found)),
        Some(Told::Records(records)) => found.within("records", |found| policy_records(records, found)),
        Some(Told::Note(words)) => found.required("note", words).map(|words| PolicyFinding::Note(words.to_owned())),
    }
}

fn deny(denial: &pb::PolicyDenial, found: &mut Violations) -> Option<PolicyFinding> {
    let group = match denial.group.as_str() {
        "CO" => Some(Group::ContractualObligation),
        "PR" => Some(Group::PatientResponsibility),
        "OA" => Some(Group::OtherAdjustment),
        "PI" => Some(Group::PayerInitiated),
        "" => {
            found.add("group", "is missing: who bears it, \"CO\" (the provider) or \"PR\" (the patient)");
            None
        }
        other => {
            found.add("group", format!("{other:?} is no group: \"CO\", \"PR\", \"OA\" or \"PI\""));
            None
        }
    };
    let (code, rarcs) = reason(&denial.carc, &denial.rarcs, found);
    let with_notice = denial.patient_with_notice.then_some(Group::PatientResponsibility);
    for (field, group) in [("group", group), ("patient_with_notice", with_notice)] {
        let (Some(group), Some(code)) = (group, code) else { continue };
        let allowed = allowed_groups(code);
        if !allowed.contains(&group) {
            let allowed: Vec<&str> = allowed.iter().map(|group| group.code()).collect();
            found.add(field, format!("{group} may not stand with CARC {code}: {} may", allowed.join(", ")));
        }
    }
    Some(PolicyFinding::Deny {
        group: group?,
        carc: code?,
        rarcs: rarcs?,
        patient_with_notice: denial.patient_with_notice,
    })
}

/// A reason with its remarks, such as may stand together.
fn reason(code: &str, remarks: &[String], found: &mut Violations) -> (Option<Carc>, Option<Vec<Rarc>>) {
    let code: Option<Carc> = found.code("carc", code);
    let known = code.filter(|code| reason_code(*code).is_some());
    if let (Some(code), None) = (code, known) {
        found.add("carc", format!("\"{code}\" is no reason that this program knows (CARC, X12 list 139)"));
    }
    let mut rarcs = Vec::new();
    for (at, text) in remarks.iter().enumerate() {
        let place = format!("rarcs[{at}]");
        if !is_remark(text) {
            found.add(place, format!("{text:?} is no remark (RARC), such as \"N115\", \"M25\" or \"MA130\""));
        } else if WITHOUT_APPEAL.contains(&text.as_str()) {
            found.add(place, format!("{text} says that nobody may appeal, which no medical policy can: take it out"));
        } else if code == Some(carc("16")) && DOCUMENTS.contains(&text.as_str()) {
            found.add(place, format!("{text} asks for a document, which CARC 16 must not: use 252 for it"));
        } else {
            rarcs.push(rarc(text));
        }
    }
    if known.is_some_and(|code| needs_remark(code) && remarks.is_empty()) {
        found.add("rarcs", format!("is missing: CARC {} says nothing without a remark", code.unwrap_or_default()));
    }
    let whole = rarcs.len() == remarks.len();
    (known, whole.then_some(rarcs))
}

/// M, MA or N and a number.
fn is_remark(text: &str) -> bool {
    let digits = ["MA", "M", "N"].iter().find_map(|start| text.strip_prefix(start));
    digits.is_some_and(|digits| (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn reduce(reduction: &pb::PolicyReduction, found: &mut Violations) -> Option<PolicyFinding> {
    let (code, rarcs) = reason(&reduction.carc, &reduction.rarcs, found);
    for group in [Group::ContractualObligation, Group::PatientResponsibility] {
        if code.is_some_and(|code| !allowed_groups(code).contains(&group)) {
            found.add("carc", format!("may not stand under {group}, under which a reduction may have to"));
        }
    }
    let part = found.fraction_if_any("percentage", &reduction.percentage);
    let units = if reduction.most_units.is_empty() {
        Some(None)
    } else {
        let units = found.decimal("most_units", &reduction.most_units);
        if units.is_some_and(|units| units < Decimal::ZERO) {
            found.add("most_units", "is negative: 0 or more units");
        }
        units.map(Some)
    };
    let to = match (part?, units?) {
        (Some(part), None) => ReducedTo::Part(part),
        (None, Some(units)) => ReducedTo::Units(units),
        _ => {
            found.add("percentage", "or `most_units`, one of them, says how much is paid");
            return None;
        }
    };
    Some(PolicyFinding::Reduce { carc: code?, rarcs: rarcs?, to })
}

/// Notes versions of a policy that hold on one day.
fn versions(policies: &[pb::MedicalPolicy], found: &mut Violations) {
    let mut order: Vec<usize> = (0..policies.len()).collect();
    let version = |at: &usize| policies.get(*at).map(|policy| (policy.policy_id.as_str(), policy.from.as_str()));
    order.sort_by_key(version);
    for pair in order.windows(2) {
        let [first, second] = pair else { continue };
        let (Some(before), Some(after)) = (policies.get(*first), policies.get(*second)) else { continue };
        let ended = !before.through.is_empty() && before.through < after.from;
        if before.policy_id == after.policy_id && !after.policy_id.is_empty() && !ended {
            let (id, from) = (&after.policy_id, &after.from);
            let words = format!(
                "two versions of {id} would hold on {from}: the one before is `policies[{first}].from`; give it a `through` \
                 before this day"
            );
            found.add(format_args!("policies[{second}].from"), words);
        }
    }
}

/// Notes examples that name what is not there, or say nothing that can come of them.
fn examples(folder: &pb::PayerFolder, found: &mut Violations) {
    let members: BTreeSet<&str> = folder.members.iter().map(|member| member.member_id.as_str()).collect();
    let providers: BTreeSet<&str> = folder.providers.iter().map(|provider| provider.npi.as_str()).collect();
    let plans: BTreeSet<&str> = folder.plans.iter().map(|plan| plan.plan_id.as_str()).collect();
    for (at, policy) in folder.policies.iter().enumerate() {
        found.within(format_args!("policies[{at}]"), |found| {
            found.each("examples", &policy.examples, |example, found| {
                found.required("say", &example.say);
                if let Some(expect) = found.required("expect", &example.expect)
                    && !is_expectation(expect)
                {
                    let right = "\"none\", \"pend\", \"note\", or a reason such as \"CO-50 N115\"";
                    found.add("expect", format!("{expect:?}: {right}"));
                }
                found.known("member_id", "member", &example.member_id, &members);
                found.known("npi", "provider", &example.npi, &providers);
                found.known("plan", "plan", &example.plan, &plans);
                found.date_if_any("on", &example.on);
                if !example.units.is_empty() {
                    found.decimal("units", &example.units);
                }
                Some(())
            });
        });
    }
}

fn is_expectation(text: &str) -> bool {
    let reason = |first: &str| {
        let (group, code) = first.split_once('-').unwrap_or_default();
        ["CO", "PR", "OA", "PI"].contains(&group) && !code.is_empty()
    };
    let mut words = text.split(' ');
    let first = words.next().unwrap_or_default();
    ["none", "pend", "note"].contains(&text) || reason(first) && words.all(is_remark)
}
/// Reads the records that a policy asks for.
fn policy_records(message: &pb::PolicyRecords, found: &mut Violations) -> Option<PolicyFinding> {
    if message.loincs.is_empty() && message.report_types.is_empty() {
        found.add("loincs", "is missing: what is asked for, here or in `report_types`");
    }
    let terms = message.ask.clone().unwrap_or_default();
    let terms = found.within("ask", |found| claim_rules::asking_terms(&terms, found));
    let remark = claim_rules::document_remark(&message.rarc, found);
    let reports = found.each("report_types", &message.report_types, |text, found| found.code("", text));
    let loincs = found.each("loincs", &message.loincs, |text, found| claim_rules::loinc("", text, found));
    let wants = wants(loincs, reports);
    let terms = terms?;
    let rarc = if terms.of_patient { rarc("N179") } else { remark? };
    let asking = Asking { wants, of_patient: terms.of_patient, carc: terms.carc, rarc };
    Some(PolicyFinding::Records(PolicyRecords { asking, days: terms.days, review: message.review.clone() }))
}

/// Each LOINC code is wanted, and may be one of the kinds; without codes one of the kinds is.
pub fn wants(loincs: Vec<String>, reports: Vec<Code<2>>) -> Vec<Wanted> {
    if loincs.is_empty() && !reports.is_empty() {
        return vec![Wanted { reports, loinc: String::new() }];
    }
    loincs.into_iter().map(|loinc| Wanted { reports: reports.clone(), loinc }).collect()
}
