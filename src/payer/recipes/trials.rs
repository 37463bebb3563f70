//! Trials: what is tried on a scene to draw a reason. Each is one or several claims; any of them may draw one.
//!
//! They are many and general on purpose: a new edit or policy mostly is met by a trial that is here already.

use super::scene::{Pantry, Practice, Scene, before, line};
use crate::domain::dates::{Date, parse_iso};
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;

/// Claims to try.
pub(super) struct Trial {
    /// What is done, in a sentence's part.
    pub words: String,
    /// The claims, in order.
    pub claims: Vec<Billed>,
}

pub(super) fn trial(words: impl Into<String>, claims: Vec<Billed>) -> Trial {
    Trial { words: words.into(), claims }
}

pub(super) fn one(words: impl Into<String>, claim: Billed) -> Trial {
    trial(words, vec![claim])
}

/// Diagnoses for all kinds of questions: common, of one sex, of one age, of cause, of status, not billable, ended, unknown.
const DIAGNOSES: &[&str] = &[
    "R519", "I10", "J069", "M5450", "E119", "Z0000", "Z1231", "Z1211", "Z23", "N400", "C61", "N950", "O80", "O0900",
    "Z370", "Z3800", "P0739", "P0712", "W19XXXA", "V4352XA", "Y9201", "Z79899", "Z8619", "M545", "K352", "J45", "R69",
    "F0280", "H280", "E0842", "S72001A", "G43909", "K635", "R079", "Z411", "Z418", "C50911", "H2511", "Z9999", "Q999",
    "T7840XA", "Z0289", "Z021", "Z01818", "I2510", "A419", "Z760", "Z538", "Z5321", "L574", "R0602", "G4733", "7242",
];

/// Places of service.
const PLACES: &[&str] =
    &["02", "10", "11", "12", "19", "20", "21", "22", "23", "24", "31", "32", "34", "41", "65", "81", "99", "98", "09"];

/// Modifiers of all kinds, and some that never were or have ended.
const MODIFIERS: &[&str] = &[
    "22", "24", "25", "26", "50", "51", "52", "53", "54", "55", "56", "57", "58", "59", "62", "66", "73", "74", "76",
    "77", "78", "79", "80", "81", "82", "90", "91", "93", "95", "AA", "AS", "AT", "CO", "CQ", "EY", "FS", "GA", "GC",
    "GE", "GN", "GP", "GQ", "GT", "GV", "GW", "GX", "GY", "GZ", "JG", "JW", "JZ", "KX", "LT", "NU", "PA", "PB", "PC",
    "PT", "Q0", "Q1", "QK", "QW", "QX", "QZ", "RR", "RT", "SG", "SZ", "TC", "XE", "XS", "ZZ", "33", "CA", "UE", "MS",
    "98",
];

/// As it is, and on other days.
pub(super) fn days(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let mut trials = vec![one("an everyday claim", scene.with(|_| ()))];
    let mut add = |words: String, day: Date| trials.push(one(words, scene.with(|claim| set_day(claim, day))));
    for days in [1, 8, 40, 100, 170, 190, 370, 400, 800, 1_200, 1_500] {
        let day = before(pantry.today, days);
        add(format!("a service of {day}"), day);
    }
    add("a service that lies ahead".into(), before(pantry.today, -2));
    for coverage in &scene.member.coverages {
        if let Some(from) = parse_iso(&coverage.from) {
            add("a service before coverage began".into(), before(from, 3));
            add("a service just after coverage began".into(), before(from, -3));
        }
        if let Some(through) = parse_iso(&coverage.through) {
            add("a service after coverage ended".into(), before(through, -3));
            add("a service at the end of coverage".into(), before(through, 1));
        }
    }
    if let Some(birth) = parse_iso(&scene.member.birth_date) {
        add("a service before the patient's birth".into(), before(birth, 3));
        add("a service just after birth".into(), before(birth, -2));
    }
    trials
}

pub(super) fn set_day(claim: &mut pb::ProfessionalClaim, day: Date) {
    for line in &mut claim.lines {
        line.service_date = day.to_string();
        line.service_end_date.clear();
    }
}

/// What the claim says of patient, payer, numbers, providers, accidents.
pub(super) fn headers(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut add =
        |words: &str, change: &dyn Fn(&mut pb::ProfessionalClaim)| trials.push(one(words, scene.with(change)));
    add("a claim for another payer", &|claim| claim.payer_id = "OTHER9".into());
    add("a member number that nobody has", &|claim| {
        claim.subscriber.get_or_insert_default().member_id = "NOBODY000".into();
    });
    add("a name that does not belong to the number", &|claim| {
        let subscriber = claim.subscriber.get_or_insert_default();
        subscriber.name = Some(pb::Name { last: "SOMEBODY".into(), first: "ELSE".into(), ..Default::default() });
        claim.patient = None;
    });
    add("a patient who is no dependent", &|claim| {
        claim.patient = Some(pb::Patient {
            name: Some(pb::Name { last: "STRANGER".into(), first: "CHILD".into(), ..Default::default() }),
            birth_date: "2019-02-03".into(),
            sex: pb::Sex::Female.into(),
            address: claim.subscriber.as_ref().and_then(|subscriber| subscriber.address.clone()),
            relationship_code: "19".into(),
        });
    });
    add("a newborn who is not enrolled", &|claim| {
        claim.patient = Some(pb::Patient {
            name: Some(pb::Name { last: "STRANGER".into(), first: "BABY".into(), ..Default::default() }),
            birth_date: before(pantry.today, 60).to_string(),
            sex: pb::Sex::Female.into(),
            address: claim.subscriber.as_ref().and_then(|subscriber| subscriber.address.clone()),
            relationship_code: "19".into(),
        });
    });
    add("assignment not accepted", &|claim| claim.accepts_assignment = false);
    add("benefits not assigned", &|claim| claim.benefits_assigned = false);
    add("no release on file", &|claim| claim.release_of_information = false);
    add("an accident at work", &|claim| claim.accident = Some(accident(pantry, "work")));
    add("a car accident", &|claim| claim.accident = Some(accident(pantry, "car")));
    add("another accident", &|claim| claim.accident = Some(accident(pantry, "other")));
    add("an authorization number that nobody gave", &|claim| claim.authorization_number = "NOSUCHNUMBER".into());
    add("a referral number that nobody gave", &|claim| claim.referral_number = "NOSUCHREFERRAL".into());
    for code in ["1", "3", "4", "7", "9", "11"] {
        add("a reason for late filing", &|claim| claim.delay_reason_code = code.into());
    }
    add("a replacement of a claim that was never sent", &|claim| {
        claim.frequency_code = "7".into();
        claim.original_control_number = "00000000000000".into();
    });
    for authorization in &pantry.in_force.folder.authorizations {
        let number = authorization.number.clone();
        let words = format!("the number of authorization {number}");
        if authorization.referral {
            add(&words, &|claim| claim.referral_number.clone_from(&number));
        } else {
            add(&words, &|claim| claim.authorization_number.clone_from(&number));
        }
    }
    trials
}

/// A document that is sent apart.
pub(super) fn attachment() -> pb::Attachment {
    pb::Attachment { report_type_code: "OZ".into(), transmission_code: "EL".into(), control_number: "DOC-1".into() }
}

/// Documents and numbers that the claim names.
pub(super) fn documents(_: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut add =
        |words: &str, change: &dyn Fn(&mut pb::ProfessionalClaim)| trials.push(one(words, scene.with(change)));
    for transmission in ["AA", "EL", "FX", "BM", "FT", "EM"] {
        for report in ["OZ", "B3", "OB", "EB", "RB", "CT", "M1"] {
            add("a document that is announced", &|claim| {
                claim.attachments = vec![pb::Attachment {
                    report_type_code: report.into(),
                    transmission_code: transmission.into(),
                    control_number: if transmission == "AA" { String::new() } else { "DOC-1".into() },
                }];
            });
        }
    }
    trials
}

fn accident(pantry: &Pantry<'_>, kind: &str) -> pb::Accident {
    pb::Accident {
        accident_date: before(pantry.today, 12).to_string(),
        automobile: kind == "car",
        employment: kind == "work",
        other: kind == "other",
        state: if kind == "car" { "CA".into() } else { String::new() },
    }
}

/// Diagnoses, places, modifiers, units, procedures of the line.
pub(super) fn lines(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for code in DIAGNOSES.iter().copied().chain(pantry.policy_diagnoses.iter().map(String::as_str)) {
        trials.push(one(format!("the diagnosis {code}"), scene.with(|claim| set_diagnosis(claim, code))));
    }
    trials.push(one("a line without a diagnosis", scene.with_line(|line| line.diagnosis_pointers.clear())));
    for place in PLACES {
        trials.push(one(
            format!("place of service {place}"),
            scene.with(|claim| claim.place_of_service = (*place).into()),
        ));
    }
    for modifier in MODIFIERS {
        trials.push(one(
            format!("modifier {modifier}"),
            scene.with_line(|line| line.modifiers = vec![(*modifier).into()]),
        ));
    }
    for units in ["0.5", "2", "3", "5", "10", "40", "200", "999"] {
        trials.push(one(format!("{units} units"), scene.with_line(|line| line.units = units.into())));
    }
    trials.push(one("a charge below the fee", scene.with_line(|line| line.charge_cents = 100)));
    trials.push(one("a charge of nothing", scene.with_line(|line| line.charge_cents = 0)));
    trials.push(one("an emergency", scene.with_line(|line| line.emergency = true)));
    trials.push(one(
        "anesthesia in minutes",
        scene.with_line(|line| line.unit_of_service = pb::UnitOfService::Minutes.into()),
    ));
    let day = scene.day();
    for days in [1, 5, 20, 40, 400] {
        trials.push(one(
            format!("a line of {days} days"),
            scene.with_line(|line| {
                line.service_date = before(day, days).to_string();
                line.service_end_date = day.to_string();
            }),
        ));
    }
    trials
}

pub(super) fn set_diagnosis(claim: &mut pb::ProfessionalClaim, code: &str) {
    let qualifier = if code.starts_with(|c: char| c.is_ascii_digit()) { "BK" } else { "ABK" };
    claim.diagnoses = vec![pb::Diagnosis { code: code.into(), qualifier: qualifier.into() }];
}

/// Every procedure of the payer's table, and some that are not in it.
pub(super) fn procedures(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let day = scene.day();
    let ended = ["99201", "47115", "99499", "J3490", "64999", "V5010", "A9270", "99070", "00000"].map(str::to_owned);
    let billed = |code: &String| {
        let other = Scene::visit(pantry, scene.member, practice(pantry, scene), code, diagnosis(scene), day);
        one(format!("procedure {code}"), other.with(|_| ()))
    };
    ended.iter().chain(&pantry.procedures).map(billed).collect()
}

/// Every procedure with every diagnosis that a policy names, modifiers of payment, places, many units.
pub(super) fn procedures_in_detail(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let day = scene.day();
    let mut trials = Vec::new();
    for code in &pantry.procedures {
        let visit = Scene::visit(pantry, scene.member, practice(pantry, scene), code, diagnosis(scene), day);
        for place in ["11", "21", "22", "23", "24", "31"] {
            trials.push(one(
                format!("{code} at place {place}"),
                visit.with(|claim| claim.place_of_service = place.into()),
            ));
        }
        for modifier in [
            "26", "50", "54", "55", "62", "66", "80", "AS", "GA", "GZ", "GY", "KX", "RR", "NU", "TC", "95", "GP", "AA",
            "QK",
        ] {
            trials.push(one(
                format!("{code} with modifier {modifier}"),
                visit.with_line(|line| line.modifiers = vec![modifier.into()]),
            ));
        }
        for units in ["2", "9", "60"] {
            trials.push(one(format!("{units} units of {code}"), visit.with_line(|line| line.units = units.into())));
        }
        for start in DIAGNOSES.iter().copied().chain(pantry.policy_diagnoses.iter().map(String::as_str)) {
            trials.push(one(format!("{code} for {start}"), visit.with(|claim| set_diagnosis(claim, start))));
        }
        for practice in &pantry.practices {
            let by = Scene::visit(pantry, scene.member, *practice, code, diagnosis(scene), day);
            trials.push(one(format!("{code} by {}", practice.rendering.npi), by.with(|_| ())));
        }
    }
    trials
}

/// Two procedures on one day, on one claim.
pub(super) fn pairs(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let day = scene.day();
    let mut trials = Vec::new();
    for (at, first) in pantry.procedures.iter().enumerate() {
        for second in pantry.procedures.iter().skip(at + 1) {
            let both = scene.with(|claim| claim.lines = vec![line(first, day), line(second, day)]);
            trials.push(one(format!("{first} and {second} on one day"), both));
        }
    }
    trials
}

pub(super) fn diagnosis<'s>(scene: &'s Scene<'_>) -> &'s str {
    scene.claim.diagnoses.first().map_or("R519", |diagnosis| diagnosis.code.as_str())
}

/// Who gave the scene's service.
pub(super) fn practice<'a>(pantry: &Pantry<'a>, scene: &Scene<'_>) -> Practice<'a> {
    let billing = scene.claim.billing_provider.as_ref().map_or("", |provider| provider.npi.as_str());
    let rendering = scene.claim.rendering_provider.as_ref().map_or(billing, |provider| provider.npi.as_str());
    let same = |practice: &&Practice<'_>| practice.rendering.npi == rendering && practice.billing.npi == billing;
    let practices = &pantry.practices;
    practices.iter().find(same).or(practices.first()).copied().unwrap_or(Practice::nobody())
}
