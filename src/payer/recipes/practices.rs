//! Trials on who bills, renders, orders, refers and supervises.

use super::scene::{Pantry, Scene, billing, reference};
use super::trials::{Trial, one};
use crate::proto::v1 as pb;

/// An NPI whose check digit holds and that no payer of this program knows.
const STRANGER: &str = "1999999992";

/// Who bills, renders, refers, orders and supervises.
pub(super) fn known(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for practice in &pantry.practices {
        let words = format!("the service given by {}", practice.rendering.npi);
        trials.push(one(
            words,
            scene.with(|claim| {
                claim.billing_provider = Some(billing(practice.billing));
                let other = practice.rendering.npi != practice.billing.npi;
                claim.rendering_provider = other.then(|| reference(practice.rendering));
            }),
        ));
        trials.push(one(
            format!("rendered by {} and billed by another", practice.rendering.npi),
            scene.with(|claim| claim.rendering_provider = Some(reference(practice.rendering))),
        ));
        trials.push(one(
            format!("referred by {}", practice.rendering.npi),
            scene.with(|claim| claim.referring_provider = Some(reference(practice.rendering))),
        ));
        trials.push(one(
            format!("ordered by {}", practice.rendering.npi),
            scene.with_line(|line| line.ordering_provider = Some(reference(practice.rendering))),
        ));
    }
    trials
}

/// Somebody whom the payer does not know, and other specialties.
pub(super) fn strangers(_: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let mut trials = Vec::new();
    let stranger = pb::ProviderReference {
        npi: STRANGER.into(),
        name: Some(pb::Name { last: "STRANGER".into(), first: "SAM".into(), ..Default::default() }),
        taxonomy_code: "207Q00000X".into(),
    };
    let bare = pb::ProviderReference { npi: String::new(), ..stranger.clone() };
    for (reference, words) in [(stranger, "somebody whom the payer does not know"), (bare, "somebody without NPI")] {
        let reference = &reference;
        trials.push(one(
            format!("rendered by {words}"),
            scene.with(|claim| claim.rendering_provider = Some(reference.clone())),
        ));
        trials.push(one(
            format!("referred by {words}"),
            scene.with(|claim| claim.referring_provider = Some(reference.clone())),
        ));
        trials.push(one(
            format!("ordered by {words}"),
            scene.with_line(|line| line.ordering_provider = Some(reference.clone())),
        ));
        trials.push(one(
            format!("supervised by {words}"),
            scene.with(|claim| claim.supervising_provider = Some(reference.clone())),
        ));
        trials.push(one(
            format!("billed by {words}"),
            scene.with(|claim| {
                let billing = claim.billing_provider.get_or_insert_default();
                billing.npi.clone_from(&reference.npi);
                claim.rendering_provider = None;
            }),
        ));
    }
    for taxonomy in [
        "111N00000X",
        "225100000X",
        "363L00000X",
        "207L00000X",
        "208600000X",
        "332B00000X",
        "103T00000X",
        "122300000X",
        "183500000X",
        "251E00000X",
    ] {
        trials.push(one(
            format!("billed with the taxonomy code {taxonomy}"),
            scene.with(|claim| {
                claim.billing_provider.get_or_insert_default().taxonomy_code = taxonomy.into();
                if let Some(rendering) = &mut claim.rendering_provider {
                    rendering.taxonomy_code = taxonomy.into();
                }
            }),
        ));
    }
    trials
}
