//! Loops 2320 and 2330: other payers, and what they decided on the claim.

use super::provider::{entity_name, has_known_name};
use super::{cents, has_only, iso_date, text};
use crate::proto::v1::{Adjustment, GroupCode, OtherPayer, ProfessionalClaim};
use crate::x12::segments::Segment;

/// Puts a segment where it belongs; `false` where some of it has no field.
pub(super) fn add(to: &mut ProfessionalClaim, loop_id: &str, segment: &Segment) -> bool {
    if (loop_id, segment.id()) == ("2320", "SBR") {
        to.other_payers.push(OtherPayer {
            payer_responsibility: text(segment, 1),
            relationship_code: text(segment, 2),
            group_number: text(segment, 3),
            claim_filing_indicator: text(segment, 9),
            ..OtherPayer::default()
        });
        return has_only(segment, &[1, 2, 3, 9]);
    }
    let Some(payer) = to.other_payers.last_mut() else { return false };
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

/// A CAS as up to six adjustments; `false` where it has quantities or a group that the messages do not know.
pub(super) fn add_adjustments(to: &mut Vec<Adjustment>, segment: &Segment) -> bool {
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
