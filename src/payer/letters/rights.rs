//! What a member may do about a decision, by when and where.

use super::parts::law;
use super::scene::Scene;
use crate::domain::dates::{parse_iso, plus_days};
use crate::proto::v1 as pb;

/// Days from receipt within which a redetermination is asked for; a notice counts as received five days after its date.
const REDETERMINATION_DAYS: i32 = 120;
const PRESUMED_RECEIPT_DAYS: i32 = 5;
/// Days within which a plan's reconsideration is asked for.
const APPEAL_DAYS: i32 = 180;

/// The first way, told beside what was decided.
pub(super) fn first_way(scene: &Scene<'_>) -> Vec<pb::LetterRight> {
    if scene.medicare() {
        return vec![pb::LetterRight {
            title: "Ask us to decide again (redetermination)".to_owned(),
            words: "Write to us within 120 days after you receive this notice. Give your name, your Medicare number, the services, their dates \
                    and why you do not agree, and sign it; somebody whom you appoint may write for you."
                .to_owned(),
            deadline: deadline(scene, REDETERMINATION_DAYS + PRESUMED_RECEIPT_DAYS),
            r#where: scene.where_to(),
            authority: Some(law("42 CFR 405.940 to 405.944", "https://www.ecfr.gov/current/title-42/section-405.942")),
        }];
    }
    vec![pb::LetterRight {
        title: "Ask us to decide again (appeal)".to_owned(),
        words: "Write to us within 180 days after you receive this letter, and say why you do not agree. You may send comments, records and \
                whatever else supports your claim; somebody whom you authorize may appeal for you. Somebody who had no part in this decision decides \
                anew."
            .to_owned(),
        deadline: deadline(scene, APPEAL_DAYS),
        r#where: scene.where_to(),
        authority: Some(law(
            "29 CFR 2560.503-1(h); 45 CFR 147.136(b)",
            "https://www.ecfr.gov/current/title-29/section-2560.503-1",
        )),
    }]
}

/// All the ways, told with a denial.
pub(super) fn all_ways(scene: &Scene<'_>) -> Vec<pb::LetterRight> {
    let mut ways = first_way(scene);
    ways.push(pb::LetterRight {
        title: "If your health cannot wait (expedited appeal)".to_owned(),
        words: "Where waiting could seriously harm your life, your health or your recovery, or leave you in severe pain, call us or have your \
                physician call: we decide within 72 hours. You may then ask for an external review at the same time."
            .to_owned(),
        authority: Some(law("29 CFR 2560.503-1(i)(2)(i); 45 CFR 147.136(d)(3)", "")),
        ..Default::default()
    });
    ways.push(pb::LetterRight {
        title: "Ask an independent organization to decide (external review)".to_owned(),
        words: "Where the decision rests on a medical judgment, on the rescission of coverage or on the rules against surprise bills, you may ask \
                for an external review within four months after you receive our final decision on your appeal. It costs you nothing, and its \
                decision binds us."
            .to_owned(),
        authority: Some(law("45 CFR 147.136(d)", "https://www.ecfr.gov/current/title-45/section-147.136")),
        ..Default::default()
    });
    ways
}

fn deadline(scene: &Scene<'_>, days: i32) -> String {
    parse_iso(&scene.decision.date).map_or_else(String::new, |day| plus_days(day, days).to_string())
}
