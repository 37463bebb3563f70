//! Trials on what other payers have decided, or should have.

use super::scene::{Pantry, Scene, before};
use super::trials::{Trial, one};
use crate::proto::v1 as pb;

/// Reasons that payers before this one give.
const PRIOR_REASONS: &[(&str, pb::GroupCode)] = &[
    ("96", pb::GroupCode::Pr),
    ("197", pb::GroupCode::Co),
    ("136", pb::GroupCode::Oa),
    ("50", pb::GroupCode::Co),
    ("16", pb::GroupCode::Co),
    ("22", pb::GroupCode::Co),
    ("27", pb::GroupCode::Pr),
    ("204", pb::GroupCode::Pr),
    ("242", pb::GroupCode::Pr),
    ("29", pb::GroupCode::Co),
    ("226", pb::GroupCode::Co),
    ("252", pb::GroupCode::Co),
    ("18", pb::GroupCode::Oa),
    ("109", pb::GroupCode::Oa),
];

fn adjusted(group: pb::GroupCode, carc: &str, amount_cents: i64) -> pb::Adjustment {
    pb::Adjustment { group: group.into(), carc: carc.into(), amount_cents, ..Default::default() }
}

/// What another payer has decided, or should have.
pub(super) fn trials(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    let mut trials = Vec::new();
    let on_record = scene.member.other_coverages.first();
    let id = on_record.map_or("OTHER9", |other| other.payer_id.as_str());
    let decided = pantry.today.to_string();
    let other = |paid: Option<i64>| pb::OtherPayer {
        payer_id: id.into(),
        payer_name: "OTHER EXAMPLE PAYER".into(),
        payer_responsibility: "P".into(),
        claim_filing_indicator: "CI".into(),
        member_id: "OTHER0001".into(),
        paid_cents: paid,
        relationship_code: "18".into(),
        subscriber_name: scene.member.person_name.clone(),
        decided_date: if paid.is_some() { decided.clone() } else { String::new() },
        ..Default::default()
    };
    let second = |paid: Option<i64>, adjustments: Vec<pb::Adjustment>| {
        scene.with(|claim| {
            claim.subscriber.get_or_insert_default().payer_responsibility = "S".into();
            claim.other_payers = vec![other(paid)];
            if let (Some(paid), Some(line)) = (paid, claim.lines.first_mut()) {
                line.other_payers = vec![pb::OtherPayerLine {
                    payer_id: id.into(),
                    paid_cents: paid,
                    procedure_code: line.procedure_code.clone(),
                    paid_units: line.units.clone(),
                    adjustments,
                    decided_date: decided.clone(),
                    ..Default::default()
                }];
            }
        })
    };
    let charge = scene.claim.charge_cents;
    trials.push(one("a second payer's claim without the first one's decision", second(None, vec![])));
    trials.push(one("a second payer's claim whose first payer's amounts do not add up", second(Some(100), vec![])));
    for paid in [charge / 100, charge / 20, charge / 2, charge] {
        let rest = vec![adjusted(pb::GroupCode::Co, "45", charge - paid)];
        trials.push(one("after another payer has paid", second(Some(paid), rest)));
        let half = (charge - paid) / 2;
        let share =
            vec![adjusted(pb::GroupCode::Co, "45", charge - paid - half), adjusted(pb::GroupCode::Pr, "2", half)];
        trials.push(one("after another payer has paid and left a share", second(Some(paid), share)));
    }
    for (carc, group) in PRIOR_REASONS {
        let denied = vec![adjusted(*group, carc, charge)];
        trials.push(one(format!("after another payer has denied it ({carc})"), second(Some(0), denied)));
    }
    for share in ["1", "2", "3", "275"] {
        let left = vec![adjusted(pb::GroupCode::Pr, share, charge)];
        trials.push(one("after another payer has left all to the patient", second(Some(0), left)));
    }
    let early = |claim: &mut pb::ProfessionalClaim| {
        claim.subscriber.get_or_insert_default().payer_responsibility = "S".into();
        let paid = claim.charge_cents / 2;
        let day = before(scene.day(), 30).to_string();
        claim.other_payers = vec![pb::OtherPayer { decided_date: day, ..other(Some(paid)) }];
        claim.other_payers.iter_mut().for_each(|payer| {
            payer.adjustments = vec![adjusted(pb::GroupCode::Co, "45", claim.charge_cents - paid)];
        });
    };
    trials.push(one("after another payer has decided before the service", scene.with(early)));
    trials.push(one(
        "another payer on a claim that says this one is first",
        scene.with(|claim| {
            claim.other_payers = vec![pb::OtherPayer { payer_responsibility: "S".into(), ..other(None) }]
        }),
    ));
    trials
}
