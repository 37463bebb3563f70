//! Trials of one claim after another.

use super::scene::{Pantry, Scene, before, billing, reference};
use super::trials::{Trial, diagnosis, one, practice, set_day, trial};

/// A claim after another: the same, the same by others, a visit after surgery, one day after the other.
pub(super) fn sequences(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let same = || scene.with(|_| ());
    let mut trials = vec![trial("the same claim sent twice", vec![same(), same()])];
    trials.push(trial(
        "the same service billed with another charge",
        vec![same(), scene.with_line(|line| line.charge_cents += 1_000)],
    ));
    for practice in &pantry.practices {
        let other = scene.with(|claim| {
            claim.billing_provider = Some(billing(practice.billing));
            claim.rendering_provider =
                (practice.rendering.npi != practice.billing.npi).then(|| reference(practice.rendering));
        });
        trials.push(trial(format!("the service billed again by {}", practice.rendering.npi), vec![same(), other]));
    }
    for modifier in ["76", "77", "59", "91", "25", "55", "26"] {
        let again = scene.with_line(|line| line.modifiers = vec![modifier.into()]);
        trials.push(trial(format!("the service billed again with modifier {modifier}"), vec![same(), again]));
    }
    trials
}

/// Each procedure twice, some days apart.
pub(super) fn twice(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let day = scene.day();
    let mut trials = Vec::new();
    for code in &pantry.procedures {
        let visit = Scene::visit(pantry, scene.member, practice(pantry, scene), code, diagnosis(scene), day);
        for days in [0, 8, 100] {
            let earlier = visit.with(|claim| set_day(claim, before(day, days)));
            let words = format!("{code} twice, {days} days apart");
            trials.push(trial(
                words,
                vec![earlier, visit.with(|claim| claim.lines.iter_mut().for_each(|line| line.charge_cents += 100))],
            ));
        }
    }
    trials
}

/// One procedure some days after another, on claims of their own; and on one day.
pub(super) fn after_another(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let day = scene.day();
    let visits: Vec<&String> = pantry.procedures.iter().filter(|code| code.starts_with("99")).collect();
    let mut trials = Vec::new();
    for first in &pantry.procedures {
        for second in &visits {
            for days in [0, 5] {
                let earlier = Scene::visit(
                    pantry,
                    scene.member,
                    practice(pantry, scene),
                    first,
                    diagnosis(scene),
                    before(day, days),
                );
                let later = Scene::visit(pantry, scene.member, practice(pantry, scene), second, diagnosis(scene), day);
                let claims = vec![earlier.with(|_| ()), later.with(|_| ())];
                trials.push(trial(format!("{second} {days} days after {first}"), claims));
            }
        }
    }
    trials
}

/// One service on so many days that what the plan gives in a year is used up.
pub(super) fn used_up(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let day = scene.day();
    let mut seen = Vec::new();
    let mut trials = Vec::new();
    for row in pantry.in_force.revision.procedures.rows().iter().filter(|row| row.period.contains(day)) {
        if seen.contains(&&row.benefit) {
            continue;
        }
        seen.push(&row.benefit);
        let code = row.code.to_string();
        let visit = Scene::visit(pantry, scene.member, practice(pantry, scene), &code, diagnosis(scene), day);
        let days = (0..65).rev().map(|days| visit.with(|claim| set_day(claim, before(day, days * 2))));
        trials.push(trial(format!("{code} until the benefit is used up"), days.collect()));
        let dear = visit.with_line(|line| line.charge_cents = 90_000_000);
        trials.push(one(format!("{code} for a very large charge"), dear));
    }
    trials
}
