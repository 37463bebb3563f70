//! Loops 2320, 2330 and 2430: other payers and what they decided.

use super::shared::{adjustments, amount, date, or, party};
use crate::proto::v1::{OtherPayer, OtherPayerLine};
use crate::x12::writer::{SegmentWriter, composite};

/// The loops of a claim.
pub(super) fn claim(out: &mut SegmentWriter, payers: &[OtherPayer]) {
    for payer in payers {
        out.segment(
            "SBR",
            &[
                or(&payer.payer_responsibility, "S"),
                or(&payer.relationship_code, "18"),
                &payer.group_number,
                "",
                "",
                "",
                "",
                "",
                &payer.claim_filing_indicator,
            ],
        );
        adjustments(out, &payer.adjustments);
        if let Some(paid) = payer.paid_cents {
            out.segment("AMT", &["D", &amount(paid)]);
        }
        out.segment("OI", &["", "", "Y", "", "", "Y"]);
        party_of(out, payer);
        out.segment("NM1", &["PR", "2", or(&payer.payer_name, "UNKNOWN"), "", "", "", "", "PI", &payer.payer_id]);
        date(out, "573", &payer.decided_date);
    }
}

fn party_of(out: &mut SegmentWriter, payer: &OtherPayer) {
    let name = payer.subscriber_name.as_ref().filter(|name| !name.last.is_empty());
    match name {
        Some(name) if name.first.is_empty() => party(out, "IL", Some(name), "MI", &payer.member_id),
        name => super::shared::person(out, "IL", name, "MI", &payer.member_id),
    }
}

/// The loops of a line.
pub(super) fn line(out: &mut SegmentWriter, decisions: &[OtherPayerLine]) {
    for decision in decisions {
        let procedure = match decision.procedure_code.as_str() {
            "" => String::new(),
            code => composite(&["HC", code]),
        };
        out.segment(
            "SVD",
            &[
                &decision.payer_id,
                &amount(decision.paid_cents),
                &procedure,
                &decision.revenue_code,
                or(&decision.paid_units, "1"),
            ],
        );
        adjustments(out, &decision.adjustments);
        date(out, "573", &decision.decided_date);
    }
}
