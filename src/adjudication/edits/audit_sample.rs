//! Audit sample: of the claims that would be paid, a plan has a person look at a share, drawn by chance.
//!
//! The draw hangs on the control number alone, and so on the sandbox's seed and the family's own order of claims: the same claim draws the
//! same, however often it is decided.

use super::{Case, Check, Edit, Fact, Finding, Proceedings, Service};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "audit-sample",
    summary: "A claim that would be paid is drawn for an audit.",
    // It denies nothing.
    reasons: &[],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::OtherLines, Fact::PlanInForce],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let share = service.cover.map_or(0, |cover| cover.plan.claim_checks.audit_per_mille);
    // Whoever waits for another reason is looked at anyhow.
    if share == 0 || proceedings.pend.is_some() || looked_at(case, service.at) {
        return Finding::Pass;
    }
    let mut standing = case.services.iter().filter(|other| !proceedings.is_denied(other.at));
    // Said once, of the first line that is not denied.
    if standing.next().is_none_or(|first| first.at != service.at) {
        return Finding::Pass;
    }
    let drawn = draw(&case.file.control_number);
    if drawn >= share {
        return Finding::Pass;
    }
    Finding::Pend("audit sample", format!("The plan audits {share} of a thousand claims; this one drew {drawn}."))
}

/// Whether a person has decided something on the claim, other than in its audit.
fn looked_at(case: &Case<'_>, line: usize) -> bool {
    let told = case.file.instruction.as_ref();
    told.is_some_and(|told| {
        told.orders.iter().any(|order| order.ruling) && told.set_aside(EDIT.id, Some(line)).is_none()
    })
}

/// A number from 0 to 999: FNV-1a over the control number, its bits mixed (the finalizer of SplitMix64).
fn draw(control_number: &str) -> u16 {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut hash = control_number.bytes().fold(0xcbf2_9ce4_8422_2325, fold);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    u16::try_from((hash ^ (hash >> 31)) % 1000).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::domain::instruction::{Act, Instruction, Order};

    #[test]
    fn a_share_of_a_thousand_waits_all_of_them_and_none_without() {
        let mut file = example::office_visit();
        let mut pend = |share| {
            example::plan(&mut file).claim_checks.audit_per_mille = share;
            example::decide(&file).pend
        };
        assert_eq!([pend(1000), pend(0)], [Some("audit sample"), None]);
    }

    #[test]
    fn draws_are_spread_over_families_and_their_claims() {
        let numbers = (0..100u64).flat_map(|lane| (1..=100u64).map(move |claim| format!("{lane:010}{claim:04}")));
        let drawn = numbers.filter(|number| draw(number) < 50).count();
        // 50 of a thousand of 10,000 are 500; three standard deviations are 65.
        assert!((435..=565).contains(&drawn), "{drawn}");
    }

    #[test]
    fn what_is_denied_or_was_decided_by_a_person_is_not_drawn() {
        let mut file = example::office_visit();
        example::plan(&mut file).claim_checks.audit_per_mille = 1000;
        let waived = |edit: &str| Order {
            source: "review R1".into(),
            ruling: true,
            lines: vec![],
            act: Act::Waive(vec![edit.into()]),
        };
        for edit in ["high-charge", EDIT.id] {
            file.instruction = Some(Box::new(Instruction { orders: vec![waived(edit)], unread: vec![] }));
            assert_eq!(example::decide(&file).pend, None, "{edit}");
        }
        file.instruction = None;
        file.claim.lines[0].pointers = vec![];
        assert_eq!(example::decide(&file).pend, None);
    }
}
