//! Trials that medical policies name themselves: their examples, on the payer's own members and providers.

use super::aims::Aim;
use super::scene::{Pantry, Practice, Scene, before, is_person, line};
use super::trials::trial;
use super::{facility, trials};
use crate::domain::dates::{Date, age_on, parse_iso};
use crate::payer::policy_examples::first_procedure;
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;

/// Members on whom an example is tried.
const MEMBERS: usize = 5;
/// Days between which an example's history is moved, so that its claims are filed in time.
const RECENT: [i32; 2] = [300, 60];

/// Reasons that the payer's policies choose, such as "CO-50", in their order.
pub(super) fn reasons(policies: &[pb::MedicalPolicy]) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    let mut add = |reason: String| {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    };
    for policy in policies {
        match &policy.finding {
            Some(pb::medical_policy::Finding::Deny(deny)) => {
                add(format!("{}-{}", deny.group, deny.carc));
                if deny.patient_with_notice {
                    add(format!("PR-{}", deny.carc));
                }
            }
            Some(pb::medical_policy::Finding::Reduce(reduce)) => add(format!("CO-{}", reduce.carc)),
            _ => {}
        }
    }
    reasons
}

/// Trials of every policy of the day: what its examples tell, or a diagnosis that it does not cover.
pub(super) fn aims<'a>(pantry: &Pantry<'a>) -> Vec<Aim<'a>> {
    let day = before(pantry.today, 2);
    let today = day.to_string();
    let holds =
        |policy: &&pb::MedicalPolicy| policy.from <= today && (policy.through.is_empty() || today <= policy.through);
    let mut aims = Vec::new();
    for policy in pantry.in_force.folder.policies.iter().filter(holds) {
        for example in &policy.examples {
            let reason = example.expect.split(' ').next().unwrap_or_default();
            if !reason.contains('-') {
                continue;
            }
            tried(pantry, policy, example, reason, day, &mut aims);
            if let Some(pb::medical_policy::Finding::Deny(deny)) = &policy.finding
                && deny.patient_with_notice
                && !example.modifiers.contains(&"GA".to_owned())
            {
                let warned = pb::PolicyExample { modifiers: vec!["GA".into()], ..example.clone() };
                tried(pantry, policy, &warned, &format!("PR-{}", deny.carc), day, &mut aims);
            }
        }
        if !policy.covered_diagnoses.is_empty() && policy.examples.is_empty() {
            for (group, modifiers) in [("CO", vec![]), ("PR", vec!["GA".to_owned()])] {
                let example =
                    pb::PolicyExample { diagnoses: vec!["M54.50".into()], modifiers, ..pb::PolicyExample::default() };
                tried(pantry, policy, &example, &format!("{group}-50"), day, &mut aims);
            }
        }
    }
    aims
}

/// An example on several members, its history at its own days and at nearer ones.
fn tried<'a>(
    pantry: &Pantry<'a>,
    policy: &pb::MedicalPolicy,
    example: &pb::PolicyExample,
    reason: &str,
    day: Date,
    aims: &mut Vec<Aim<'a>>,
) {
    let procedure = match example.procedure.as_str() {
        "" => first_procedure(pantry.in_force, policy),
        named => named.to_owned(),
    };
    let far = example.history.iter().any(|earlier| earlier.days_before > RECENT[0]);
    for member in members(pantry, policy, example, day).into_iter().take(MEMBERS) {
        for practice in practices(pantry, pantry.plan_of(member, day), example) {
            for most in RECENT.into_iter().take(if far { 2 } else { 1 }) {
                let say = if example.say.is_empty() { "for another diagnosis" } else { &example.say };
                let words = format!("{}: {say}", policy.policy_id);
                let claims = claims(pantry, member, practice, example, &procedure, day, most);
                aims.push(Aim { reasons: vec![reason.to_owned()], member, trial: trial(words, claims) });
            }
        }
    }
}

/// Members to whom the policy applies, those most like the example's patient first.
fn members<'a>(
    pantry: &Pantry<'a>,
    policy: &pb::MedicalPolicy,
    example: &pb::PolicyExample,
    day: Date,
) -> Vec<&'a pb::Member> {
    let fits = |member: &&pb::Member| {
        let plan = pantry.plan_of(member, day).map(|plan| plan.plan_id.as_str()).unwrap_or_default();
        let named = example.plan.is_empty() || example.plan == plan;
        named
            && (example.member_id.is_empty() || example.member_id == member.member_id)
            && (policy.plans.is_empty() || policy.plans.iter().any(|known| known == plan))
            && pantry.is_covered(member, day)
    };
    let age = |member: &pb::Member| parse_iso(&member.birth_date).map_or(0, |birth| age_on(birth, day));
    let wanted = example.age_years.unwrap_or(45);
    let mut members: Vec<&pb::Member> = pantry.in_force.folder.members.iter().filter(fits).collect();
    members.sort_by_key(|member| {
        let years = i32::from(age(member));
        let minor = (years < 18) != (wanted < 18);
        let other_sex = example.sex != 0 && example.sex != member.sex;
        let special = member.standing.is_some() || !member.other_coverages.is_empty();
        (minor, other_sex, special, years < wanted, (years - wanted).abs())
    });
    members
}

/// Who gives it: of the example's specialty and the plan's networks.
fn practices<'a>(pantry: &Pantry<'a>, plan: Option<&pb::Plan>, example: &pb::PolicyExample) -> Vec<Practice<'a>> {
    let specialty = if example.specialty.is_empty() { "207Q" } else { example.specialty.get(..4).unwrap_or_default() };
    let known = |practice: &&Practice<'_>| example.npi.is_empty() || practice.rendering.npi == example.npi;
    let mut practices: Vec<Practice<'a>> = pantry.practices.iter().filter(known).copied().collect();
    practices.sort_by_key(|practice| {
        let inside = plan.is_some_and(|plan| pantry.is_in_network(practice.rendering, plan));
        let special = practice.rendering.standing.is_some();
        (!inside, special, !practice.rendering.taxonomy_code.starts_with(specialty), !is_person(practice.rendering))
    });
    practices.truncate(2);
    practices
}

fn claims(
    pantry: &Pantry<'_>,
    member: &pb::Member,
    practice: Practice<'_>,
    example: &pb::PolicyExample,
    procedure: &str,
    day: Date,
    most: i32,
) -> Vec<Billed> {
    let mut claims: Vec<(Date, Billed)> = Vec::new();
    for (at, earlier) in (0..).zip(&example.history) {
        let code = if earlier.procedure.is_empty() { procedure } else { &earlier.procedure };
        let then = before(day, if earlier.days_before > most { most - at } else { earlier.days_before });
        let units = if earlier.units.is_empty() { "1" } else { &earlier.units };
        let plain = pb::PolicyExample { units: units.to_owned(), history: vec![], ..example.clone() };
        claims.push((then, claim(pantry, member, practice, &plain, code, then)));
    }
    claims.sort_by_key(|(day, _)| *day);
    claims.push((day, claim(pantry, member, practice, example, procedure, day)));
    claims.into_iter().map(|(_, claim)| claim).collect()
}

/// The example's claim.
fn claim(
    pantry: &Pantry<'_>,
    member: &pb::Member,
    practice: Practice<'_>,
    example: &pb::PolicyExample,
    procedure: &str,
    day: Date,
) -> Billed {
    let plain = |code: &String| code.replace('.', "");
    let diagnoses: Vec<String> = match example.diagnoses.as_slice() {
        [] => vec!["Z0000".into()],
        told => told.iter().map(plain).collect(),
    };
    let units = if example.units.is_empty() { "1" } else { &example.units };
    let attachments: Vec<pb::Attachment> = example.attachment.then(trials::attachment).into_iter().collect();
    if !example.type_of_bill.is_empty() {
        return facility::example(pantry, member, example, procedure, &diagnoses, day);
    }
    let visit = Scene::visit(pantry, member, practice, procedure, "", day);
    visit.with(|claim| {
        claim.diagnoses = (0..)
            .zip(&diagnoses)
            .map(|(at, code)| pb::Diagnosis {
                code: code.clone(),
                qualifier: if at == 0 { "ABK".into() } else { "ABF".into() },
            })
            .collect();
        claim.attachments = attachments;
        if !example.place.is_empty() {
            claim.place_of_service.clone_from(&example.place);
        }
        for service in &mut claim.lines {
            service.units = units.to_owned();
            service.modifiers.clone_from(&example.modifiers);
            service.diagnosis_pointers = (1..=4).zip(&diagnoses).map(|(at, _)| at).collect();
            service.emergency = example.emergency;
            if example.charge_cents > 0 {
                service.charge_cents = example.charge_cents;
            }
        }
        claim.lines.extend(example.with_procedures.iter().map(|code| line(code, day)));
    })
}
