//! The demand to pay back what was paid too much.

use super::parts::{self, amount, cents, empty, heading, law, paragraph, row, sentence, table, text, total};
use super::rights;
use super::scene::Scene;
use crate::appeals::{Regime, Timing};
use crate::domain::dates::{parse_iso, plus_days};
use crate::letters::{long_date, money};
use crate::proto::v1 as pb;

/// Days from the notice in which a rebuttal is told, 42 CFR 405.374.
const REBUTTAL_DAYS: i32 = 15;
/// Days from the demand through which an appeal keeps Medicare from recouping: it begins on the 41st day where the request for a
/// redetermination has not come by the 30th, 42 CFR 405.379.
const STAY_DAYS: i32 = 30;

/// The body.
pub(super) fn body(
    scene: &Scene<'_>,
    back: &pb::ClaimReversal,
    demand: &pb::OverpaymentDemand,
) -> Vec<pb::LetterBlock> {
    let had = back.reversed.as_ref().map_or(0, |reversed| reversed.paid_cents);
    let sum = had + back.interest_cents;
    let instead = sum - demand.amount_cents;
    let mut rows = vec![row(vec![text("Paid on the claim"), text(remittance(back)), cents(had)])];
    if back.interest_cents != 0 {
        rows.push(row(vec![text("Interest paid on it"), text(remittance(back)), cents(back.interest_cents)]));
    }
    rows.push(row(vec![text("Payable by the decision that stands now"), empty(), cents(-instead)]));
    rows.push(total(vec![text("Overpayment"), empty(), cents(demand.amount_cents)]));
    let from = long_date(&demand.recoup_from);
    vec![
        paragraph("We paid more on this claim than is payable. This letter tells how much, why, and how it is repaid."),
        amount(
            "Amount to repay",
            demand.amount_cents,
            format!("It is collected from remittances from {from} on, unless it is repaid before."),
        ),
        heading("Why"),
        paragraph(sentence(&back.reason)),
        table("How the amount comes about", &["What", "Remittance", "$Amount"], rows),
        heading("How it is repaid"),
        paragraph(format!(
            "The reversal of the claim stands on your next remittance, which gives the amount back (PLB WO). From {from} on a later remittance collects \
             {} (PLB WO, with this claim's number). You need do nothing; or send a check of that amount with this letter.",
            money(demand.amount_cents)
        )),
        heading("If you do not agree"),
        parts::rights(ways(scene, demand)),
    ]
}

/// The advice that paid, by its id.
fn remittance(back: &pb::ClaimReversal) -> String {
    back.paid_by.rsplit('/').next().unwrap_or_default().to_owned()
}

fn ways(scene: &Scene<'_>, demand: &pb::OverpaymentDemand) -> Vec<pb::LetterRight> {
    let (terms, places) = (rights::terms(scene), scene.where_to());
    let appeal = |regime| rights::way_after(&terms, regime, None, &demand.date, Timing::PostService, &places);
    if !scene.medicare() {
        return appeal(Regime::ProviderDispute).into_iter().collect();
    }
    let day = |days| parse_iso(&demand.date).map_or_else(String::new, |day| plus_days(day, days).to_string());
    let stay = "Where we have your request for a redetermination by this day, we do not recoup until it is decided. Interest runs on what is not repaid \
                within 30 days after this letter (42 CFR 405.378).";
    let mut ways = vec![
        pb::LetterRight {
            title: "Rebuttal: say why we should not recoup".to_owned(),
            words:
                "Send a statement and whatever supports it. It does not itself stop the recoupment, and is no appeal."
                    .to_owned(),
            deadline: day(REBUTTAL_DAYS),
            r#where: scene.where_to(),
            authority: Some(law("42 CFR 405.373 to 405.375", "https://www.ecfr.gov/current/title-42/section-405.374")),
        },
        pb::LetterRight {
            title: "Stop the recoupment by an appeal".to_owned(),
            words: stay.to_owned(),
            deadline: day(STAY_DAYS),
            r#where: Vec::new(),
            authority: Some(law("42 CFR 405.379", "https://www.ecfr.gov/current/title-42/section-405.379")),
        },
    ];
    ways.extend(appeal(Regime::OriginalMedicare));
    ways
}
