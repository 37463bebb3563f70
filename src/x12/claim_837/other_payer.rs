//! Loops 2320, 2330 and 2430: other payers, and what they decided on the claim and its lines.

use super::provider::{entity_name, has_known_name};
use super::{cents, has_only, iso_date, text};
use crate::proto::v1::{Adjustment, GroupCode, OtherPayer, OtherPayerLine};
use crate::x12::segments::Segment;

/// Puts a segment where it belongs; `false` where some of it has no field.
pub(super) fn add(to: &mut Vec<OtherPayer>, loop_id: &str, segment: &Segment) -> bool {
    if (loop_id, segment.id()) == ("2320", "SBR") {
        to.push(OtherPayer {
            payer_responsibility: text(segment, 1),
            relationship_code: text(segment, 2),
            group_number: text(segment, 3),
            claim_filing_indicator: text(segment, 9),
            ..OtherPayer::default()
        });
        return has_only(segment, &[1, 2, 3, 9]);
    }
    let Some(payer) = to.last_mut() else { return false };
    match (loop_id, segment.id(), segment.element(1)) {
        ("2320", "CAS", _) => add_adjustments(&mut payer.adjustments, segment),
        ("2320", "AMT", "D") => {
            payer.paid_cents = Some(cents(segment.element(2)));
            true
        }
        ("2330A", "NM1", _) => {
            payer.member_id = text(segment, 9);
            payer.subscriber_name = Some(entity_name(segment));
            has_known_name(segment, "MI")
        }
        ("2330B", "NM1", _) => {
            payer.payer_id = text(segment, 9);
            payer.payer_name = text(segment, 3);
            has_known_name(segment, "PI")
        }
        ("2330B", "DTP", "573") => {
            payer.decided_date = iso_date(segment.element(3));
            true
        }
        _ => false,
    }
}

/// Puts a segment of loop 2430 where it belongs.
pub(super) fn add_to_line(to: &mut Vec<OtherPayerLine>, segment: &Segment) -> bool {
    if segment.id() == "SVD" {
        to.push(OtherPayerLine {
            payer_id: text(segment, 1),
            paid_cents: cents(segment.element(2)),
            procedure_code: segment.component(3, 2).to_string(),
            revenue_code: text(segment, 4),
            paid_units: text(segment, 5),
            ..OtherPayerLine::default()
        });
        let names_only_the_code = segment.components(3).skip(2).all(str::is_empty);
        return has_only(segment, &[1, 2, 3, 4, 5])
            && names_only_the_code
            && ["", "HC"].contains(&segment.component(3, 1));
    }
    let Some(decision) = to.last_mut() else { return false };
    match (segment.id(), segment.element(1)) {
        ("CAS", _) => add_adjustments(&mut decision.adjustments, segment),
        ("DTP", "573") => {
            decision.decided_date = iso_date(segment.element(3));
            true
        }
        _ => false,
    }
}

/// A CAS as up to six adjustments; `false` where it has quantities or a group that the messages do not know.
fn add_adjustments(to: &mut Vec<Adjustment>, segment: &Segment) -> bool {
    let group = match segment.element(1) {
        "CO" => GroupCode::Co,
        "PR" => GroupCode::Pr,
        "OA" => GroupCode::Oa,
        "PI" => GroupCode::Pi,
        _ => GroupCode::Unspecified,
    };
    let reasons = (2..=17).step_by(3).filter(|reason| !segment.element(*reason).is_empty());
    to.extend(reasons.clone().map(|reason| Adjustment {
        group: group.into(),
        carc: text(segment, reason),
        amount_cents: cents(segment.element(reason + 1)),
        ..Adjustment::default()
    }));
    group != GroupCode::Unspecified && reasons.into_iter().all(|reason| segment.element(reason + 2).is_empty())
}
