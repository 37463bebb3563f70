//! Other contractor: another payer or contractor is liable for the member instead of this one, by this payer's records.
//!
//! Where this payer sends such claims on, it says so; otherwise the provider turns to the right one.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::standing::ContractorKind;

pub(super) const EDIT: Edit = Edit {
    id: "other-contractor",
    summary: "Another payer or contractor is liable for the member: a managed care plan, or that of another area or group.",
    reasons: &[
        Reason::contractual("109", "N418", "the provider bills the managed care plan"),
        Reason::other("109", "N104 N105 N127", "the right contractor decides who bears it"),
        Reason::other("B11", "N418", "the payer that it was sent to decides who bears it"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "Medicare Claims Processing Manual, chapter 1, section 10 (jurisdiction for claims)",
            href: CLAIMS_MANUAL,
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::MemberRecord, Fact::ServiceDates],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (Some(member), day) = (case.member(), service.line.from) else { return Finding::Pass };
    let contractors = &member.standing.contractors;
    let Some(right) = contractors.iter().find(|other| other.period.contains(day)) else { return Finding::Pass };
    let (name, id) = (&right.payer_name, &right.payer_id);
    if right.forwarded {
        let words = format!("The claim was sent on to {name} ({id}), which is liable on {day}.");
        return Finding::Deny(Denial::other(carc("B11"), words).remark("N418"));
    }
    let words = format!("{name} ({id}) is liable for the patient on {day}, not this payer: bill it there.");
    Finding::Deny(match right.kind {
        ContractorKind::ManagedCare => Denial::contractual(carc("109"), words).remark("N418"),
        ContractorKind::Railroad => Denial::other(carc("109"), words).remark("N105"),
        ContractorKind::MineWorkers => Denial::other(carc("109"), words).remark("N127"),
        ContractorKind::OtherArea => Denial::other(carc("109"), words).remark("N104"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::standing::OtherContractor;

    /// Somebody else is liable in March.
    fn enrolled(kind: ContractorKind) -> ClaimFile {
        let mut file = example::office_visit();
        file.family[0].standing.contractors = vec![OtherContractor {
            payer_id: "OTHER".into(),
            payer_name: "Other Example Contractor".into(),
            kind,
            period: Period::between(date(2026, 3, 1), date(2026, 3, 31)),
            forwarded: false,
        }];
        file
    }

    #[test]
    fn each_kind_of_contractor_is_told_by_its_own_remark() {
        for (kind, expected) in [
            (ContractorKind::ManagedCare, "CO-109 N418"),
            (ContractorKind::Railroad, "OA-109 N105"),
            (ContractorKind::MineWorkers, "OA-109 N127"),
            (ContractorKind::OtherArea, "OA-109 N104"),
        ] {
            assert_eq!(example::denial(&enrolled(kind)), expected);
        }
    }

    #[test]
    fn a_claim_that_is_sent_on_is_told_so_and_after_the_last_day_it_is_ours() {
        let mut file = enrolled(ContractorKind::ManagedCare);
        file.family[0].standing.contractors[0].forwarded = true;
        assert_eq!(example::denial(&file), "OA-B11 N418");
        file.family[0].standing.contractors[0].period.through = Some(date(2026, 3, 1));
        assert_eq!(example::denial(&file), "");
    }
}
