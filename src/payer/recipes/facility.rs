//! Trials on a facility's bills: a stay, an outpatient visit, and what may be wrong with them.

use super::aims::Aim;
use super::scene::{Pantry, Scene, before, billing, parties, reference};
use super::trials::{Trial, trial};
use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;

/// Types of bill of all kinds, and some that are none.
const BILLS: &[&str] = &[
    "110", "111", "112", "113", "114", "115", "117", "118", "121", "131", "132", "137", "141", "181", "211", "213",
    "221", "231", "321", "322", "329", "711", "721", "741", "761", "771", "811", "821", "831", "851", "951", "119",
    "11A",
];

/// Revenue codes of all kinds, and one that is none.
const REVENUES: &[&str] = &[
    "0001", "0100", "0110", "0120", "0128", "0170", "0171", "0190", "0200", "0250", "0258", "0270", "0274", "0300",
    "0320", "0350", "0360", "0370", "0420", "0450", "0490", "0510", "0540", "0610", "0636", "0651", "0710", "0762",
    "0820", "0900", "0960", "0990", "0996", "0999", "0008", "2100", "3101", "9999",
];

/// A facility's bill.
#[derive(Clone)]
struct Bill {
    claim: pb::InstitutionalClaim,
}

impl Bill {
    fn with(&self, change: impl FnOnce(&mut pb::InstitutionalClaim)) -> Billed {
        let mut claim = self.claim.clone();
        change(&mut claim);
        claim.charge_cents = claim.lines.iter().map(|line| line.charge_cents).sum();
        Billed::Institutional(claim)
    }
}

/// Everything that is tried on bills of a member.
pub(super) fn trials(pantry: &Pantry<'_>, member: &pb::Member, day: Date) -> Vec<Trial> {
    let mut trials = Vec::new();
    for facility in pantry.in_force.folder.providers.iter().filter(|provider| is_facility(provider)) {
        let stay = bill(pantry, member, facility, day, true);
        let visit = bill(pantry, member, facility, day, false);
        for (kind, bill) in [("stay", &stay), ("outpatient visit", &visit)] {
            headers(pantry, kind, bill, &mut trials);
            codes(kind, bill, &mut trials);
            lines(pantry, kind, bill, &mut trials);
            sequences(kind, bill, day, &mut trials);
        }
        admissions(pantry, &stay, &mut trials);
    }
    trials
}

/// The claim of a policy's example, by the first facility.
pub(super) fn example(
    pantry: &Pantry<'_>,
    member: &pb::Member,
    example: &pb::PolicyExample,
    procedure: &str,
    diagnoses: &[String],
    day: Date,
) -> Billed {
    let nobody = pb::Provider::default();
    let facility = pantry.in_force.folder.providers.iter().find(|provider| is_facility(provider)).unwrap_or(&nobody);
    let stay = example.type_of_bill.starts_with("11");
    bill(pantry, member, facility, day, stay).with(|claim| {
        claim.type_of_bill.clone_from(&example.type_of_bill);
        let present = if stay { "Y" } else { "" };
        let mut told = diagnoses.iter().map(|code| pb::InstitutionalDiagnosis {
            code: code.clone(),
            present_on_admission: present.into(),
            qualifier: String::new(),
        });
        claim.principal_diagnosis = told.next();
        claim.other_diagnoses = told.collect();
        let units = if example.units.is_empty() { "1" } else { &example.units };
        let mut service = line(&example.revenue_code, procedure, 50_000, units, pb::UnitOfService::Units);
        service.service_date = day.to_string();
        service.modifiers.clone_from(&example.modifiers);
        claim.lines = vec![service];
    })
}

/// Stays of newborns, bills near a stay, and services while in a nursing facility.
pub(super) fn stays<'a>(pantry: &Pantry<'a>, member: &'a pb::Member, day: Date, aims: &mut Vec<Aim<'a>>) {
    let mut add = |reasons: &[&str], words: String, claims: Vec<Billed>| {
        aims.push(Aim::new(reasons, member, trial(words, claims)));
    };
    for facility in pantry.in_force.folder.providers.iter().filter(|provider| is_facility(provider)) {
        let stay = bill(pantry, member, facility, day, true);
        let visit = bill(pantry, member, facility, before(day, 4), false);
        let nursery = stay.with(|claim| {
            claim.principal_diagnosis.get_or_insert_default().code = "Z3800".into();
            claim.admitting_diagnosis.get_or_insert_default().code = "Z3800".into();
            claim.admission_type = "4".into();
            claim.admission_source = "5".into();
            claim.lines.truncate(1);
            claim.lines.iter_mut().for_each(|line| line.revenue_code = "0171".into());
            let born = member.birth_date.clone();
            claim.statement_from.clone_from(&born);
            claim.admission_date = born;
            claim.statement_through =
                parse_iso(&member.birth_date).map_or_else(String::new, |d| before(d, -2).to_string());
            claim.lines.iter_mut().for_each(|line| line.units = "2".into());
            claim.values = vec![
                pb::ValueCode { code: "80".into(), value: "2".into() },
                pb::ValueCode { code: "54".into(), value: "3400".into() },
            ];
        });
        add(&["CO-128"], "a healthy newborn's room".into(), vec![nursery]);
        add(
            &["CO-60"],
            "an outpatient visit the day before a stay".into(),
            vec![stay.with(|_| ()), visit.with(|_| ())],
        );
        for kind in ["181", "211"] {
            let nursing = stay.with(|claim| {
                claim.type_of_bill = kind.into();
                claim.drg.clear();
            });
            for practice in pantry.practices.iter().filter(|practice| !super::scene::is_person(practice.rendering)) {
                for code in ["80053", "83036"] {
                    let test = Scene::visit(pantry, member, *practice, code, "E119", before(day, 1)).with(|_| ());
                    add(&["CO-190"], format!("{code} in a nursing facility"), vec![nursing.clone(), test]);
                }
            }
        }
    }
}

fn is_facility(provider: &pb::Provider) -> bool {
    provider.facility.is_some()
        || ["28", "26", "31", "25", "291"].iter().any(|start| provider.taxonomy_code.starts_with(start))
}

/// Three days in hospital, or a morning there.
fn bill(pantry: &Pantry<'_>, member: &pb::Member, facility: &pb::Provider, day: Date, stay: bool) -> Bill {
    let payer = pantry.in_force.payer();
    let from = if stay { before(day, 3) } else { day };
    let (subscriber, patient) = parties(pantry, member, pantry.plan_of(member, from), from);
    let diagnosis = |code: &str, present: &str| pb::InstitutionalDiagnosis {
        code: code.into(),
        present_on_admission: present.into(),
        qualifier: String::new(),
    };
    let attending = pantry.practices.iter().find(|practice| super::scene::is_person(practice.rendering));
    let room = line("0120", "", 2_000_000, "3", pb::UnitOfService::Days);
    let drugs = line("0250", "", 500_000, "10", pb::UnitOfService::Units);
    let laboratory = line("0300", "80053", 50_000, "1", pb::UnitOfService::Units);
    let mut claim = pb::InstitutionalClaim {
        patient_control_number: "RECIPE".into(),
        type_of_bill: if stay { "111".into() } else { "131".into() },
        payer_id: payer.payer_id,
        payer_name: payer.name,
        subscriber: Some(subscriber),
        patient,
        billing_provider: Some(billing(facility)),
        accepts_assignment: true,
        benefits_assigned: true,
        release_of_information: true,
        statement_from: from.to_string(),
        statement_through: day.to_string(),
        patient_status: "01".into(),
        principal_diagnosis: Some(diagnosis("I214", if stay { "Y" } else { "" })),
        attending_provider: attending.map(|practice| reference(practice.rendering)),
        lines: if stay { vec![room, drugs] } else { vec![laboratory] },
        ..Default::default()
    };
    if stay {
        claim.admission_date = from.to_string();
        claim.admission_hour = "0830".into();
        claim.discharge_hour = "1115".into();
        claim.admission_type = "1".into();
        claim.admission_source = "1".into();
        claim.admitting_diagnosis = Some(diagnosis("R079", ""));
        claim.drg = "280".into();
        claim.values = vec![pb::ValueCode { code: "80".into(), value: "3".into() }];
    } else {
        claim.lines.iter_mut().for_each(|line| line.service_date = day.to_string());
        claim.visit_reasons = vec![diagnosis("R079", "")];
    }
    Bill { claim }
}

fn line(revenue: &str, procedure: &str, cents: i64, units: &str, unit: pb::UnitOfService) -> pb::InstitutionalLine {
    pb::InstitutionalLine {
        revenue_code: revenue.into(),
        procedure_code: procedure.into(),
        procedure_qualifier: if procedure.is_empty() { String::new() } else { "HC".into() },
        charge_cents: cents,
        unit_of_service: unit.into(),
        units: units.into(),
        ..Default::default()
    }
}

/// Type of bill, status, dates, diagnoses, numbers, providers, codes.
fn headers(pantry: &Pantry<'_>, kind: &str, bill: &Bill, trials: &mut Vec<Trial>) {
    let mut add = |words: String, change: &dyn Fn(&mut pb::InstitutionalClaim)| {
        trials.push(trial(format!("{kind}: {words}"), vec![bill.with(change)]));
    };
    add("an everyday bill".into(), &|_| ());
    for bill in BILLS {
        add(format!("type of bill {bill}"), &|claim| claim.type_of_bill = (*bill).into());
    }
    for status in ["", "02", "03", "05", "07", "20", "30", "43", "62", "65", "66", "99", "00"] {
        add(format!("patient status {status:?}"), &|claim| claim.patient_status = status.into());
    }
    for code in [
        "", "W19XXXA", "Z3800", "P0739", "O80", "C61", "N950", "M545", "S72001A", "Z0000", "I10", "Z9999", "7242",
        "R69",
    ] {
        add(format!("principal diagnosis {code:?}"), &|claim| {
            claim.principal_diagnosis.get_or_insert_default().code = code.into();
            if code.is_empty() {
                claim.principal_diagnosis = None;
            }
        });
    }
    add("no attending provider".into(), &|claim| claim.attending_provider = None);
    add("an attending provider whom nobody knows".into(), &|claim| {
        claim.attending_provider.get_or_insert_default().npi = "1999999992".into();
    });
    for practice in &pantry.practices {
        add(format!("attended by {}", practice.rendering.npi), &|claim| {
            claim.attending_provider = Some(reference(practice.rendering));
        });
    }
    for days in [1, 30, 62, 200, 400, 800] {
        add(format!("{days} days long"), &|claim| move_days(claim, days, 0));
        add(format!("{days} days ago"), &|claim| move_days(claim, 0, days));
    }
    add("over the turn of the year".into(), &|claim| {
        let year = pantry.today.year();
        claim.statement_from = format!("{}-12-28", year - 1);
        claim.statement_through = format!("{year}-01-03");
        if !claim.admission_date.is_empty() {
            claim.admission_date.clone_from(&claim.statement_from);
        }
        let from = claim.statement_from.clone();
        claim
            .lines
            .iter_mut()
            .filter(|line| !line.service_date.is_empty())
            .for_each(|line| line.service_date.clone_from(&from));
    });
    add("a reason for late filing".into(), &|claim| claim.delay_reason_code = "11".into());
    add("a document that is announced".into(), &|claim| {
        claim.attachments = vec![pb::Attachment {
            report_type_code: "OZ".into(),
            transmission_code: "EL".into(),
            control_number: "DOC-2".into(),
        }];
    });
    for authorization in &pantry.in_force.folder.authorizations {
        let number = authorization.number.clone();
        add(format!("the number of authorization {number}"), &|claim| claim.authorization_number.clone_from(&number));
    }
    add("an authorization number that nobody gave".into(), &|claim| claim.authorization_number = "NOSUCHNUMBER".into());
}

/// Conditions, occurrences, spans, values.
fn codes(kind: &str, bill: &Bill, trials: &mut Vec<Trial>) {
    let mut add = |words: String, change: &dyn Fn(&mut pb::InstitutionalClaim)| {
        trials.push(trial(format!("{kind}: {words}"), vec![bill.with(change)]));
    };
    for condition in
        ["02", "07", "18", "20", "21", "40", "41", "42", "44", "45", "61", "C1", "C3", "C4", "D2", "H2", "W2"]
    {
        add(format!("condition code {condition}"), &|claim| claim.condition_codes = vec![condition.into()]);
    }
    for occurrence in ["01", "02", "03", "04", "05", "11", "18", "19", "24", "27", "32", "42", "55", "A3"] {
        add(format!("occurrence code {occurrence}"), &|claim| {
            let date = claim.statement_from.clone();
            claim.occurrences = vec![pb::Occurrence { code: occurrence.into(), date }];
        });
    }
    for span in ["70", "71", "74", "76", "77", "M0"] {
        add(format!("occurrence span {span}"), &|claim| {
            claim.occurrence_spans = vec![pb::OccurrenceSpan {
                code: span.into(),
                from_date: claim.statement_from.clone(),
                through_date: claim.statement_through.clone(),
            }];
        });
    }
    for (code, value) in [
        ("80", "1"),
        ("81", "1"),
        ("81", "3"),
        ("54", "900"),
        ("54", "4200"),
        ("06", "100"),
        ("12", "100"),
        ("15", "100"),
        ("16", "100"),
        ("68", "9"),
        ("80", "40"),
    ] {
        add(format!("value code {code} of {value}"), &|claim| {
            claim.values = vec![pb::ValueCode { code: code.into(), value: value.into() }];
        });
    }
}

/// Lengthens the bill by days at its beginning, or moves it to earlier days.
fn move_days(claim: &mut pb::InstitutionalClaim, longer: i32, earlier: i32) {
    let moved =
        |text: &str, days: i32| parse_iso(text).map(|day| plus_days(day, -days).to_string()).unwrap_or_default();
    claim.statement_from = moved(&claim.statement_from, longer + earlier);
    claim.statement_through = moved(&claim.statement_through, earlier);
    if !claim.admission_date.is_empty() {
        claim.admission_date.clone_from(&claim.statement_from);
    }
    for line in claim.lines.iter_mut().filter(|line| !line.service_date.is_empty()) {
        line.service_date = moved(&line.service_date, earlier);
    }
}

/// What an admission needs, left out or wrong.
fn admissions(pantry: &Pantry<'_>, stay: &Bill, trials: &mut Vec<Trial>) {
    let mut add = |words: &str, change: &dyn Fn(&mut pb::InstitutionalClaim)| {
        trials.push(trial(format!("stay: {words}"), vec![stay.with(change)]));
    };
    add("no day of admission", &|claim| claim.admission_date.clear());
    add("no hour of admission", &|claim| claim.admission_hour.clear());
    add("no hour of discharge", &|claim| claim.discharge_hour.clear());
    add("no diagnosis on admission", &|claim| claim.admitting_diagnosis = None);
    add("no group", &|claim| claim.drg.clear());
    add("a group that is none", &|claim| claim.drg = "999".into());
    add("a group that does not exist", &|claim| claim.drg = "800".into());
    add("present on admission left out", &|claim| {
        claim.principal_diagnosis.get_or_insert_default().present_on_admission.clear();
    });
    add("not present on admission", &|claim| {
        claim.other_diagnoses = vec![pb::InstitutionalDiagnosis {
            code: "T8131XA".into(),
            present_on_admission: "N".into(),
            qualifier: String::new(),
        }];
    });
    for code in ["0", "6", "8", "4", "5", ""] {
        add("a type of admission", &|claim| claim.admission_type = code.into());
    }
    for code in ["0", "A", "Z", "4", "5", ""] {
        add("a source of admission", &|claim| claim.admission_source = code.into());
    }
    for code in ["02HA3QZ", "0000000", "8E0ZXY6", "3E0P3LZ"] {
        add("a procedure in hospital", &|claim| {
            claim.principal_procedure = Some(pb::InstitutionalProcedure {
                code: code.into(),
                date: claim.statement_from.clone(),
                qualifier: String::new(),
            });
        });
    }
    add("admitted after the bill's first day", &|claim| claim.admission_date.clone_from(&claim.statement_through));
    add("discharged today", &|claim| claim.statement_through = pantry.today.to_string());
}

/// Revenue codes, procedures, units, charges that are not covered.
fn lines(pantry: &Pantry<'_>, kind: &str, bill: &Bill, trials: &mut Vec<Trial>) {
    let mut add = |words: String, change: &dyn Fn(&mut pb::InstitutionalLine)| {
        let changed = bill.with(|claim| claim.lines.iter_mut().take(1).for_each(change));
        trials.push(trial(format!("{kind}: {words}"), vec![changed]));
    };
    for revenue in REVENUES {
        add(format!("revenue code {revenue}"), &|line| line.revenue_code = (*revenue).into());
    }
    add("no procedure".into(), &|line| line.procedure_code.clear());
    for modifier in ["25", "26", "50", "59", "73", "74", "CA", "GA", "GZ", "GY", "JW", "PO", "TC", "ZZ", "91"] {
        add(format!("modifier {modifier}"), &|line| line.modifiers = vec![modifier.into()]);
    }
    for units in ["2", "4", "30", "500"] {
        add(format!("{units} units"), &|line| line.units = units.into());
    }
    add("part of the charge not covered".into(), &|line| line.noncovered_cents = line.charge_cents / 2);
    add("all of the charge not covered".into(), &|line| line.noncovered_cents = line.charge_cents);
    for procedure in &pantry.procedures {
        add(format!("procedure {procedure}"), &|line| {
            line.procedure_code.clone_from(procedure);
            line.procedure_qualifier = "HC".into();
        });
    }
}

/// A bill after another.
fn sequences(kind: &str, bill: &Bill, day: Date, trials: &mut Vec<Trial>) {
    let same = || bill.with(|_| ());
    trials.push(trial(format!("{kind}: the same bill sent twice"), vec![same(), same()]));
    for days in [1, 4, 6, 12, 29, 60] {
        let earlier = bill.with(|claim| move_days(claim, 0, days));
        trials.push(trial(format!("{kind}: the same again {days} days after {day}"), vec![earlier, same()]));
    }
}
