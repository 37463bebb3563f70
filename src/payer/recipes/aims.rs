//! Aims: trials made for certain reasons, from what the payer's records say of members, authorizations, plans and services.

use super::scene::{Pantry, Practice, Scene, before, line};
use super::trials::{Trial, diagnosis, one, practice, set_day, set_diagnosis, trial};
use super::{facility, policies};
use crate::domain::codes::DiagnosisCode;
use crate::domain::dates::{Date, parse_iso, plus_months, plus_years};
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;

/// Reasons of injuries that another carrier pays for.
const INJURIES: &[&str] = &["CO-19", "CO-20", "CO-21", "PR-19", "PR-20", "PR-21"];
/// Reasons of want of coverage, which some providers bear.
const UNCOVERED: &[&str] =
    &["PR-26", "PR-27", "PR-200", "PR-32", "PR-33", "CO-26", "CO-27", "CO-200", "CO-32", "CO-33", "OA-257"];
/// Reasons of authorizations and referrals.
const PERMITS: &[&str] = &[
    "CO-15", "CO-197", "PR-197", "CO-198", "CO-210", "CO-39", "PR-39", "CO-243", "PR-243", "CO-287", "PR-287",
    "CO-288", "PR-288", "CO-302", "CO-284", "CO-296",
];
/// Reasons of what services need and who may give them.
const RULES: &[&str] = &[
    "CO-8", "PR-8", "CO-170", "PR-170", "CO-171", "PR-171", "CO-172", "PR-172", "CO-107", "CO-111", "CO-163", "CO-252",
    "CO-183", "CO-184",
];

/// A trial, and what it is for.
pub(super) struct Aim<'a> {
    /// The reasons, such as "CO-50".
    pub reasons: Vec<String>,
    /// Whose claims they are.
    pub member: &'a pb::Member,
    /// The claims.
    pub trial: Trial,
}

impl<'a> Aim<'a> {
    pub fn new(reasons: &[&str], member: &'a pb::Member, trial: Trial) -> Aim<'a> {
        Aim { reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(), member, trial }
    }
}

/// All of them; `scenes` holds an everyday claim of each member.
pub(super) fn aims<'a>(pantry: &Pantry<'a>, scenes: &[Scene<'a>]) -> Vec<Aim<'a>> {
    let mut aims = policies::aims(pantry);
    for scene in scenes {
        injuries(pantry, scene, &mut aims);
        standing(pantry, scene, &mut aims);
        permits(pantry, scene, &mut aims);
        if scene.member.other_coverages.iter().any(|other| other.primary) {
            let decided = super::other_payers::trials(pantry, scene).into_iter();
            aims.extend(decided.map(|trial| Aim::new(&["OA-136", "OA-23"], scene.member, trial)));
        }
    }
    let mut plans: Vec<&str> = Vec::new();
    for scene in scenes {
        let Some(plan) = scene.plan else { continue };
        if plans.contains(&plan.plan_id.as_str()) || !pantry.is_covered(scene.member, scene.day()) {
            continue;
        }
        plans.push(&plan.plan_id);
        provisions(pantry, scene, plan, &mut aims);
        claim_rules(pantry, scene, plan, &mut aims);
        barred(pantry, scene, &mut aims);
        together(pantry, scene, &mut aims);
        after_surgery(pantry, scene, &mut aims);
        let strangers = super::practices::strangers(pantry, scene).into_iter();
        aims.extend(strangers.map(|trial| Aim::new(&["CO-208", "CO-206"], scene.member, trial)));
        facility::stays(pantry, scene.member, scene.day(), &mut aims);
        let youngest = scenes.iter().filter(|other| other.plan.is_some_and(|other| other.plan_id == plan.plan_id));
        if let Some(youngest) = youngest.max_by(|a, b| a.member.birth_date.cmp(&b.member.birth_date)) {
            facility::stays(pantry, youngest.member, pantry.today, &mut aims);
        }
    }
    aims
}

/// A diagnosis made whole, that begins so.
fn billable(pantry: &Pantry<'_>, start: &str, day: Date) -> Option<String> {
    let code = DiagnosisCode::parse(start)?;
    pantry.in_force.revision.diagnoses.on(day).billable_under(code, 1).next().map(|code| code.to_string())
}

fn injuries<'a>(pantry: &Pantry<'a>, scene: &Scene<'a>, aims: &mut Vec<Aim<'a>>) {
    for (at, start) in (0..).zip(scene.member.other_coverages.iter().flat_map(|other| &other.accepted_diagnoses)) {
        let Some(code) = billable(pantry, start, scene.day()) else { continue };
        let injured = scene.with(|claim| {
            set_diagnosis(claim, &code);
            set_day(claim, before(scene.day(), at * 5));
        });
        aims.push(Aim::new(
            INJURIES,
            scene.member,
            one(format!("an injury that another carrier took on ({code})"), injured),
        ));
    }
}

/// Days on which the member's records say that something is not as usual.
fn standing<'a>(pantry: &Pantry<'a>, scene: &Scene<'a>, aims: &mut Vec<Aim<'a>>) {
    let member = scene.member;
    let mut days: Vec<Date> = Vec::new();
    let mut add = |text: &str, later: i32| days.extend(parse_iso(text).map(|day| before(day, -later)));
    if let Some(standing) = &member.standing {
        add(&standing.death_date, 3);
        add(&standing.premium_owed_from, 40);
        standing.unmet_conditions.iter().for_each(|condition| add(&condition.from, 3));
        standing.contractors.iter().for_each(|contractor| add(&contractor.from, 3));
    }
    member.hospice_elections.iter().for_each(|election| add(&election.from, 3));
    let any: Vec<String> =
        ["CO-13", "CO-14", "PR-95", "PR-177", "PR-178", "PR-180", "CO-109", "OA-109", "OA-B11", "CO-B9"]
            .iter()
            .chain(UNCOVERED)
            .map(|reason| (*reason).to_owned())
            .collect();
    let on = |words: String, day: Date| {
        let there = scene.with(|claim| set_day(claim, day));
        Aim { reasons: any.clone(), member, trial: one(words, there) }
    };
    aims.extend(days.into_iter().filter(|day| *day <= pantry.today).map(|day| on(format!("a service of {day}"), day)));
    let looking = |practice: &&Practice<'_>| practice.rendering.standing.as_ref().is_some_and(|s| s.verifies_coverage);
    let verifying = pantry.practices.iter().find(looking);
    let code = scene.claim.lines.first().map_or("", |line| line.procedure_code.as_str());
    for coverage in &member.coverages {
        let edges = [
            parse_iso(&coverage.from).map(|day| before(day, 3)),
            parse_iso(&coverage.through).map(|day| before(day, -3)),
        ];
        for day in edges.into_iter().flatten().filter(|day| *day <= pantry.today && *day > before(pantry.today, 170)) {
            aims.push(on(format!("a service of {day}"), day));
            if let Some(verifying) = verifying {
                let visit = Scene::visit(pantry, member, *verifying, code, diagnosis(scene), day).with(|_| ());
                let words = format!("a service of {day} by who must look up coverage");
                aims.push(Aim::new(UNCOVERED, member, one(words, visit)));
            }
        }
        if let Some(end) = parse_iso(&coverage.through) {
            let spans = scene.with_line(|line| {
                line.service_date = before(end, 2).to_string();
                line.service_end_date = before(end, -2).to_string();
                line.units = "5".into();
            });
            aims.push(Aim::new(
                &["CO-239", "PR-239", "CO-238", "PR-238"],
                member,
                one("a line over the end of coverage", spans),
            ));
        }
    }
    grown_up(pantry, scene, aims);
    unknown(pantry, scene, verifying, aims);
}

/// A child past the plan's age.
fn grown_up<'a>(pantry: &Pantry<'a>, scene: &Scene<'a>, aims: &mut Vec<Aim<'a>>) {
    let limit = scene
        .plan
        .and_then(|plan| plan.dependents.as_ref())
        .map(|dependents| dependents.age_limit)
        .filter(|age| *age > 0);
    let birth = parse_iso(&scene.member.birth_date).filter(|_| scene.member.relationship_code == "19");
    let (Some(limit), Some(birth)) = (limit, birth) else { return };
    let past = plus_months(plus_years(birth, i16::try_from(limit).unwrap_or(i16::MAX)), 2);
    if past <= pantry.today {
        let late = scene.with(|claim| set_day(claim, before(pantry.today, 2)));
        aims.push(Aim::new(&["PR-32", "CO-32"], scene.member, one("a child past the plan's age", late)));
    }
}

/// A number of the usual form that nobody has.
fn unknown<'a>(pantry: &Pantry<'a>, scene: &Scene<'a>, verifying: Option<&Practice<'a>>, aims: &mut Vec<Aim<'a>>) {
    if aims.iter().any(|aim| aim.reasons.iter().any(|reason| reason == "PR-31")) {
        return;
    }
    let nobody = |claim: &mut pb::ProfessionalClaim| {
        let subscriber = claim.subscriber.get_or_insert_default();
        let digits = |letter: char| if letter.is_ascii_digit() { '9' } else { letter };
        subscriber.member_id = subscriber.member_id.chars().map(digits).collect();
        subscriber.name = Some(pb::Name { last: "STRANGER".into(), first: "SAM".into(), ..Default::default() });
        claim.patient = None;
    };
    aims.push(Aim::new(&["PR-31", "CO-31"], scene.member, one("a member number that nobody has", scene.with(nobody))));
    if let Some(verifying) = verifying {
        let code = scene.claim.lines.first().map_or("", |line| line.procedure_code.as_str());
        let visit = Scene::visit(pantry, scene.member, *verifying, code, diagnosis(scene), scene.day());
        let words = "a member number that nobody has, by who must look up coverage";
        aims.push(Aim::new(&["CO-31"], scene.member, one(words, visit.with(nobody))));
    }
}

/// Numbers of authorizations and referrals: fit, used up, of another, left out; by who may, and by somebody in no network.
fn permits<'a>(pantry: &Pantry<'a>, scene: &Scene<'a>, aims: &mut Vec<Aim<'a>>) {
    let (member, day) = (scene.member, before(pantry.today, 2));
    let all = &pantry.in_force.folder.authorizations;
    let outsider =
        pantry.practices.iter().find(|practice| practice.rendering.enrollments.iter().all(|e| e.networks.is_empty()));
    for permit in all.iter().filter(|permit| permit.member_id == member.member_id) {
        let named = pantry.practices.iter().find(|practice| practice.rendering.npi == permit.npi);
        let inside = |practice: &&Practice<'_>| {
            let plan = scene.plan.is_some_and(|plan| pantry.is_in_network(practice.rendering, plan));
            let own = member.coverages.iter().any(|coverage| coverage.primary_care_npi == practice.rendering.npi);
            plan && !own && practice.rendering.standing.is_none()
        };
        let inside = pantry.practices.iter().find(inside).copied();
        let who = [named.copied(), inside, Some(practice(pantry, scene)), outsider.copied()];
        for code in
            pantry.procedures.iter().filter(|code| permit.procedures.iter().any(|range| within(range, code))).take(2)
        {
            for practice in who.iter().flatten() {
                let with = |number: &str, day: Date| {
                    Scene::visit(pantry, member, *practice, code, diagnosis(scene), day).with(|claim| {
                        let place =
                            if permit.referral { &mut claim.referral_number } else { &mut claim.authorization_number };
                        number.clone_into(place);
                        if let Some(line) = claim.lines.first_mut().filter(|_| permit.referral) {
                            line.modifiers = therapy(code);
                        }
                    })
                };
                let mut add = |words: &str, claims: Vec<Billed>| {
                    aims.push(Aim::new(PERMITS, member, trial(format!("{code} {words}"), claims)));
                };
                let number = permit.number.as_str();
                add("without a number", vec![with("", day)]);
                add(&format!("with {number}"), vec![with(number, day)]);
                if let Some(first) = parse_iso(&permit.from).filter(|first| *first <= day) {
                    add(&format!("with {number} on its first day"), vec![with(number, first)]);
                }
                let used = (0..6).rev().map(|times| with(number, before(day, times))).collect();
                add(&format!("with {number} again and again"), used);
                if let Some(other) =
                    all.iter().find(|other| other.referral == permit.referral && other.member_id != member.member_id)
                {
                    add(&format!("with {}", other.number), vec![with(&other.number, day)]);
                }
            }
        }
    }
}

/// What a therapist's line says beside its procedure.
fn therapy(code: &str) -> Vec<String> {
    if code.starts_with("97") { vec!["GP".into()] } else { vec![] }
}

/// Causes that a plan leaves out, care abroad, benefits that only one's own doctor gives, newborns.
fn provisions<'a>(pantry: &Pantry<'a>, scene: &Scene<'a>, plan: &pb::Plan, aims: &mut Vec<Aim<'a>>) {
    let (member, day) = (scene.member, scene.day());
    let mut add =
        |reasons: &[&str], words: &str, claim: Billed| aims.push(Aim::new(reasons, member, one(words, claim)));
    let causes = plan.provisions.iter().flat_map(|provisions| &provisions.excluded_causes);
    for (at, start) in (1..).zip(causes.flat_map(|cause| &cause.diagnoses)) {
        let Some(code) = billable(pantry, start, day) else { continue };
        let caused = scene.with(|claim| {
            claim.diagnoses.push(pb::Diagnosis { code: code.clone(), qualifier: "ABF".into() });
            claim.lines.iter_mut().for_each(|line| line.diagnosis_pointers.push(2));
            set_day(claim, before(day, at * 5));
        });
        add(&["PR-157", "PR-159", "PR-160"], &format!("an injury by an excluded cause ({code})"), caused);
    }
    let abroad = pb::ServiceFacility {
        npi: String::new(),
        name: "EXAMPLE CLINIC ABROAD".into(),
        address: Some(pb::Address {
            lines: vec!["1 FAR STREET".into()],
            city: "FARAWAY".into(),
            country: "CA".into(),
            ..Default::default()
        }),
    };
    for days in [3, 18, 33, 47] {
        let there = scene.with(|claim| {
            claim.service_facility = Some(abroad.clone());
            set_day(claim, before(day, days));
        });
        add(&["PR-158"], "care abroad", there);
    }
    let month = before(day, i32::from(day.day()) - 1);
    let over = scene.with_line(|line| {
        line.service_date = before(month, 1).to_string();
        line.service_end_date = month.to_string();
        line.units = "2".into();
    });
    add(&["CO-267"], "a line over the end of a month", over);
    let own = plan.provisions.iter().flat_map(|provisions| &provisions.primary_care_benefits);
    for benefit in own {
        let rows = pantry.in_force.revision.procedures.rows().iter();
        for row in rows.filter(|row| *row.benefit == **benefit && row.period.contains(day)) {
            for practice in
                pantry.practices.iter().filter(|practice| pantry.is_in_network(practice.rendering, plan)).take(3)
            {
                let visit = Scene::visit(pantry, member, *practice, &row.code.to_string(), "Z0000", day).with(|_| ());
                add(&["CO-242"], &format!("{} by another than the patient's own doctor", row.code), visit);
            }
        }
    }
    let baby = pb::Patient {
        name: Some(pb::Name { last: "STRANGER".into(), first: "BABY".into(), ..Default::default() }),
        birth_date: before(day, 10).to_string(),
        sex: pb::Sex::Female.into(),
        address: scene.claim.subscriber.as_ref().and_then(|subscriber| subscriber.address.clone()),
        relationship_code: "19".into(),
    };
    add(&["PR-34", "PR-31"], "a newborn who is not enrolled", scene.with(|claim| claim.patient = Some(baby)));
}

/// What the payer's rules on claims ask of services, each by everybody and at the places that the rule names.
fn claim_rules<'a>(pantry: &Pantry<'a>, scene: &Scene<'a>, plan: &pb::Plan, aims: &mut Vec<Aim<'a>>) {
    let (member, day) = (scene.member, scene.day());
    let rules = pantry.in_force.folder.payer.as_ref().and_then(|payer| payer.claim_rules.as_ref());
    let of_plan = |rule: &&pb::ServiceRule| rule.plans.is_empty() || rule.plans.contains(&plan.plan_id);
    for rule in rules.iter().flat_map(|rules| &rules.services).filter(of_plan) {
        let ruled = |code: &&String| rule.procedures.iter().any(|range| within(range, code));
        for code in pantry.procedures.iter().filter(ruled).take(2) {
            for practice in &pantry.practices {
                let visit = Scene::visit(pantry, member, *practice, code, diagnosis(scene), day);
                let mut add = |words: &str, claim: Billed| {
                    let words = format!("{code} by {}{words}", practice.rendering.npi);
                    aims.push(Aim::new(RULES, member, one(words, claim)));
                };
                add("", visit.with(|_| ()));
                for place in &rule.places_of_service {
                    add(&format!(" at place {place}"), visit.with(|claim| claim.place_of_service.clone_from(place)));
                }
                for report in rule.document.iter().flat_map(|document| &document.report_types) {
                    let named = pb::Attachment { report_type_code: report.clone(), ..super::trials::attachment() };
                    add(" with a document named", visit.with(|claim| claim.attachments = vec![named]));
                }
                if rule.needs.contains(&pb::ServiceNeed::Assignment.into()) {
                    add(" without assignment", visit.with(|claim| claim.accepts_assignment = false));
                }
            }
        }
    }
}

/// Who is barred from a service, or paid for it by the head.
fn barred<'a>(pantry: &Pantry<'a>, scene: &Scene<'a>, aims: &mut Vec<Aim<'a>>) {
    for practice in &pantry.practices {
        let Some(standing) = &practice.rendering.standing else { continue };
        let ranges = standing.barred_procedures.iter().chain(standing.capitations.iter().flat_map(|by| &by.procedures));
        for range in ranges {
            for code in pantry.procedures.iter().filter(|code| within(range, code)).take(2) {
                let visit = Scene::visit(pantry, scene.member, *practice, code, diagnosis(scene), scene.day());
                let words = format!("{code} by {}", practice.rendering.npi);
                aims.push(Aim::new(&["CO-185", "CO-24"], scene.member, one(words, visit.with(|_| ()))));
            }
        }
    }
}

/// Two services of one day: pairs of the table, two visits, two operations.
fn together<'a>(pantry: &Pantry<'a>, scene: &Scene<'a>, aims: &mut Vec<Aim<'a>>) {
    let day = scene.day();
    let outsider =
        pantry.practices.iter().find(|practice| practice.rendering.enrollments.iter().all(|e| e.networks.is_empty()));
    let mut add = |reasons: &[&str], first: &str, second: &str, by: Practice<'_>| {
        let visit = Scene::visit(pantry, scene.member, by, first, diagnosis(scene), day);
        let both = visit.with(|claim| claim.lines.push(line(second, day)));
        aims.push(Aim::new(reasons, scene.member, one(format!("{first} and {second} on one day"), both)));
    };
    let own = practice(pantry, scene);
    let known = |code: &str| pantry.procedures.iter().any(|known| known == code);
    for (one, two) in pantry.code_pairs().into_iter().filter(|(one, two)| known(one) && known(two)).take(24) {
        add(&["CO-236"], &one, &two, own);
    }
    let operation = |code: &&String| code.len() == 5 && ("10000".."69999").contains(&code.as_str());
    let operations: Vec<&String> = pantry.procedures.iter().filter(operation).collect();
    let visits: Vec<&String> = pantry.procedures.iter().filter(|code| code.starts_with("9921")).collect();
    for pair in visits.windows(2) {
        if let [one, two] = pair {
            add(&["CO-B14"], two, one, own);
        }
    }
    for (at, one) in operations.iter().enumerate() {
        for two in operations.iter().skip(at + 1).step_by(3) {
            add(&["CO-59"], one, two, own);
            if let Some(outsider) = outsider {
                add(&["PR-59"], one, two, *outsider);
            }
        }
    }
}

/// A visit days after an operation by the same.
fn after_surgery<'a>(pantry: &Pantry<'a>, scene: &Scene<'a>, aims: &mut Vec<Aim<'a>>) {
    let own = practice(pantry, scene);
    let visit = |code: &str, day| Scene::visit(pantry, scene.member, own, code, diagnosis(scene), day).with(|_| ());
    let known = |start: &'static str| pantry.procedures.iter().filter(move |code| code.starts_with(start));
    let Some(later) = known("9921").next_back() else { return };
    for code in known("1").chain(known("2")) {
        let claims = vec![visit(code, before(scene.day(), 4)), visit(later, scene.day())];
        aims.push(Aim::new(&["CO-97"], scene.member, trial(format!("{later} days after {code}"), claims)));
    }
}

/// Whether a code lies in "A" or "A-B".
fn within(range: &str, code: &str) -> bool {
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    first <= code && code <= last
}
