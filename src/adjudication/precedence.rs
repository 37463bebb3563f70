//! Precedence, tested: of two edits that both deny a line, the one that stands first in the table is what the line reports.
//!
//! Each edit here has a way to make the example claim meet it. Every two of them are combined.

use rust_decimal::Decimal;

use super::claim_file::ClaimFile;
use super::edits::TABLE;
use super::example;
use crate::domain::adjustment::Adjustment;
use crate::domain::claim::{OtherDecision, OtherPayer, Person, Responsibility};
use crate::domain::claim_rules::{DocumentNeed, ServiceNeed};
use crate::domain::codes::{Carc, DiagnosisCode, Group, Modifier, PlaceOfService, ProcedureCode, carc, rarc};
use crate::domain::dates::{Period, date, plus_days};
use crate::domain::document::{Asking, Requested};
use crate::domain::institutional::TypeOfBill;
use crate::domain::member::{Authorization, CodeRanges, OtherCoverage};
use crate::domain::money::Money;
use crate::domain::payer_order::{CoverageFacts, CoverageKind, Employment};
use crate::domain::standing::{Capitation, Condition, ContractorKind, OtherContractor};

/// Makes the example meet an edit.
type Meets = fn(&mut ClaimFile);

const SINCE_2020: Period = Period::since(date(2020, 1, 1));

/// Edits and how to meet them; in any order.
const MEET: &[(&str, Meets)] = &[
    ("wrong-payer", |file| file.claim.payer_id = "SOMEBODY".into()),
    ("member-number", |file| {
        file.family.clear();
        example::payer(file).claim_rules.member_number_format = "999999999".into();
    }),
    ("newborn-coverage", |file| {
        // A newborn is the child of somebody who is covered.
        file.family.iter_mut().flat_map(|member| &mut member.coverages).for_each(|c| c.period = SINCE_2020);
        let birth = Some(example::VISIT);
        let parent = file.claim.subscriber.person.clone();
        file.claim.patient = Some(Person { last: "Muster".into(), first: "Baby".into(), birth, ..parent });
    }),
    ("unknown-member", |file| file.claim.subscriber.person.last = "Somebodyelse".into()),
    ("vital-dates", |file| {
        file.family.iter_mut().for_each(|member| member.standing.died = Some(plus_days(example::VISIT, -1)));
    }),
    ("other-contractor", |file| {
        let (payer_id, payer_name, kind) = ("O".into(), "O".into(), ContractorKind::Railroad);
        let other = OtherContractor { payer_id, payer_name, kind, period: SINCE_2020, forwarded: false };
        file.family.iter_mut().for_each(|member| member.standing.contractors = vec![other.clone()]);
    }),
    ("outside-coverage", |file| {
        file.family.iter_mut().flat_map(|member| &mut member.coverages).for_each(|c| c.period.from = date(2027, 1, 1));
    }),
    ("premium-grace", |file| {
        file.family.iter_mut().for_each(|member| member.standing.premium_owed_from = Some(date(2026, 1, 20)));
    }),
    ("unmet-condition", |file| {
        let unmet = vec![(Condition::Residency, SINCE_2020)];
        file.family.iter_mut().for_each(|member| member.standing.unmet.clone_from(&unmet));
    }),
    ("duplicate", |file| {
        if !file.family.is_empty() {
            file.history = vec![example::earlier(file)].into();
        }
    }),
    ("timely-filing", |file| file.received = date(2027, 3, 1)),
    ("future-service", |file| {
        file.received = plus_days(example::VISIT, -1);
        example::payer(file).claim_rules.future_services_denied = true;
    }),
    ("accident-date", |file| file.claim.details.accident_date = Some(plus_days(example::VISIT, 1))),
    ("line-units", |file| file.claim.lines[0].units = Decimal::ZERO),
    ("provider-number", |file| {
        file.claim.billing_tax_id = "987654321".into();
        example::payer(file).claim_rules.tax_ids_match = true;
    }),
    ("rendering-provider", |file| file.providers[0].standing.group = true),
    ("ordering-provider", |file| {
        file.claim.lines[0].ordering_npi = None;
        example::asks(file).needs.push(ServiceNeed::OrderingProvider);
    }),
    ("drug-code", |file| example::asks(file).needs.push(ServiceNeed::DrugCode)),
    ("laboratory-certificate", |file| example::asks(file).needs.push(ServiceNeed::LaboratoryCertificate)),
    ("invalid-procedure", |file| file.claim.lines[0].procedure = ProcedureCode::new("00000")),
    ("invalid-diagnosis", |file| file.claim.lines[0].pointers.clear()),
    ("place-of-service", |file| file.claim.lines[0].place = PlaceOfService::new("ZZ")),
    ("modifier", |file| file.claim.lines[0].modifiers[0] = Modifier::new("98")),
    ("required-modifier", |file| {
        file.claim.lines[0].modifiers[0] = Modifier::NONE;
        example::asks(file).modifiers = vec![Modifier::new("GP")];
    }),
    ("provider-exclusion", |file| file.providers[1].standing.exclusions = vec![SINCE_2020]),
    ("ineligible-provider", |file| file.providers[1].enrollments.clear()),
    ("provider-type", |file| {
        file.providers[1].standing.barred = CodeRanges::parse(["00000-99999"]).unwrap();
    }),
    ("orderer-eligibility", |file| {
        file.claim.lines[0].ordering_npi = Some(example::CLINIC);
        example::asks(file).orderer_types = vec!["999".into()];
    }),
    ("assignment-required", |file| {
        file.claim.details.unassigned = true;
        example::asks(file).needs.push(ServiceNeed::Assignment);
    }),
    ("outside-united-states", |file| {
        file.claim.details.abroad = true;
        example::plan(file).provisions.only_in_united_states = true;
    }),
    ("excluded-cause", |file| {
        file.claim.diagnoses.push(DiagnosisCode::new("Y36200A"));
        example::plan(file).provisions.excluded_causes = vec![(vec!["Y36".into()], carc("157"))];
    }),
    ("capitated-service", |file| {
        let capitation = Capitation { plans: vec![], procedures: None, period: SINCE_2020 };
        file.providers[0].standing.capitations = vec![capitation];
    }),
    ("injury-carrier", |file| {
        let kind = CoverageKind::Liability;
        let employment = Employment::default();
        let facts =
            CoverageFacts { kind, relationship: String::new(), subscriber_birth: None, employment, parents: None };
        let carrier = OtherCoverage {
            facts: Some(Box::new(facts)),
            primary: false,
            accepted_diagnoses: vec!["M54".into()],
            payer_id: "CARRIER".into(),
            ..first_payer()
        };
        file.claim.lines[0].pointers = vec![0];
        file.family.iter_mut().for_each(|member| member.other_coverages.insert(0, carrier.clone()));
    }),
    ("other-payer-first", |file| {
        file.claim.other_payers.clear();
        file.family.iter_mut().for_each(|member| member.other_coverages.push(first_payer()));
    }),
    ("prior-processing", |file| {
        decided(file, 15_000, None);
        file.claim.details.decided = vec![date(2020, 1, 1)];
    }),
    ("prior-decision", |file| decided(file, 1, None)),
    ("prior-payer-rules", |file| {
        decided(file, 0, Some(carc("197")));
        example::plan(file).provisions.prior_payer_rules = true;
    }),
    ("out-of-network", |file| {
        file.providers.iter_mut().flat_map(|known| &mut known.enrollments).for_each(|e| e.networks.clear());
        example::plan(file).out_of_network = None;
    }),
    ("primary-care", |file| {
        let coverages = file.family.iter_mut().flat_map(|member| &mut member.coverages);
        coverages.for_each(|coverage| coverage.primary_care_npi = Some(example::STRANGER));
        example::plan(file).provisions.primary_care_benefits = vec!["office".into(), "other".into()];
    }),
    ("referral", |file| example::plan(file).referral_benefits = vec!["office".into()]),
    ("excluded-service", |file| file.claim.lines[0].modifiers[1] = Modifier::new("GY")),
    ("waiting-period", |file| example::benefit(file, "office").waiting_days = Some(9_999)),
    ("denied-authorization", |file| authorized(file, "", true)),
    ("authorization", |file| {
        authorized(file, "A9", false);
        file.authorizations.clear();
    }),
    ("late-authorization", |file| {
        authorized(file, "A1", false);
        example::plan(file).provisions.authorization_days = Some(0);
    }),
    ("documentation", |file| {
        let need = DocumentNeed { rarc: rarc("M127"), ..DocumentNeed::default() };
        example::asks(file).document = Some(need);
    }),
    ("requested-records", |file| {
        let asking = Asking { wants: vec![], of_patient: false, carc: carc("226"), rarc: rarc("N706") };
        let (id, source, due) = ("D1".into(), String::new(), plus_days(file.processed, -1));
        file.documents.requested = vec![Requested { id, source, line: None, asking, due }];
    }),
    ("nursing-stay", |file| {
        if file.family.is_empty() {
            return;
        }
        let mut stay = example::earlier(file);
        stay.bill = Some(TypeOfBill::new("211"));
        (stay.from, stay.through) = (plus_days(example::VISIT, -1), plus_days(example::VISIT, 1));
        stay.procedure = ProcedureCode::NONE;
        file.history = vec![stay].into();
        example::asks(file).needs.push(ServiceNeed::NoNursingStay);
    }),
    ("related-service", |file| example::asks(file).related = CodeRanges::parse(["99999"]).unwrap().into_any()),
];

fn first_payer() -> OtherCoverage {
    OtherCoverage {
        payer_id: "FIRST".into(),
        payer_name: "First Example Plan".into(),
        primary: true,
        period: SINCE_2020,
        facts: None,
        accepted_diagnoses: vec![],
        set_aside: false,
    }
}

/// Another payer paid so much and adjusted the rest of 150.00 for that reason; nothing more where there is none.
fn decided(file: &mut ClaimFile, paid: i64, reason: Option<Carc>) {
    let (group, amount) = (Group::ContractualObligation, Money::from_cents(15_000 - paid));
    let adjustment = |carc| Adjustment { group, carc, amount, rarcs: vec![], step: "" };
    let adjustments = reason.map(adjustment).into_iter().collect();
    let decision = Some(OtherDecision { paid: Money::from_cents(paid), adjustments });
    let responsibility = Responsibility::Primary;
    file.claim.responsibility = Responsibility::Secondary;
    file.claim.details.decided.clear();
    file.claim.other_payers = vec![OtherPayer { payer_id: "FIRST".into(), responsibility, decision }];
}

/// The visit needs authorization; A1 was asked for after it, and the claim names a number.
fn authorized(file: &mut ClaimFile, number: &str, denied: bool) {
    for benefit in &mut example::plan(file).benefits {
        benefit.authorization_required = true;
    }
    file.claim.lines[0].authorization_number = number.into();
    file.authorizations = vec![Authorization {
        number: "A1".into(),
        member_id: "M1".into(),
        procedures: CodeRanges::default(),
        npi: None,
        period: SINCE_2020,
        units: None,
        referral: false,
        denied,
        requested: Some(plus_days(example::VISIT, 1)),
        retrospective: false,
        cancelled: false,
    }];
}

fn denied_by(file: &ClaimFile) -> Option<&'static str> {
    example::decide(file).lines[0].ledger.denied_by()
}

fn place(id: &str) -> usize {
    TABLE.iter().position(|edit| edit.id == id).unwrap_or_else(|| panic!("no edit is called {id}"))
}

#[test]
fn each_edit_can_be_met_alone() {
    for (id, meets) in MEET {
        let mut file = example::office_visit();
        meets(&mut file);
        assert_eq!(denied_by(&file), Some(*id));
    }
}

/// The earlier edit is met last, so that it has the last word where both need the same field.
#[test]
fn of_two_edits_the_one_that_stands_first_in_the_table_reports() {
    let mut by_place: Vec<_> = MEET.iter().collect();
    by_place.sort_by_key(|(id, _)| place(id));
    let mut faults = Vec::new();
    for (at, (first, meets_first)) in by_place.iter().enumerate() {
        for (second, meets_second) in by_place.iter().skip(at + 1) {
            let mut file = example::office_visit();
            meets_second(&mut file);
            meets_first(&mut file);
            let reported = denied_by(&file);
            if reported != Some(*first) {
                faults.push(format!("{first} before {second}, but {reported:?} reports"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
