//! Injury carrier: a carrier has accepted to pay for the injury, or has paid for its later care, whatever the claim says of
//! an accident.
//!
//! Where a carrier goes on paying, the provider bills it; where the patient was paid for later care, the patient pays.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::claim_rules::starts_with_any;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::member::OtherCoverage;
use crate::domain::payer_order::CoverageKind;

pub(super) const EDIT: Edit = Edit {
    id: "injury-carrier",
    summary: "A carrier pays for care of the injury by this payer's records, or the patient was paid for it.",
    reasons: &[
        Reason::contractual("19", "N728", "the provider bills the carrier that pays for the injury"),
        Reason::contractual("20", "N725", "the provider bills the carrier that pays for the injury"),
        Reason::contractual("21", "N727", "the provider bills the carrier that pays for the injury"),
        Reason::patient("19", "N722", "the patient pays from what was set aside"),
        Reason::patient("20", "N723", "the patient pays from what was set aside"),
        Reason::patient("21", "N724", "the patient pays from what was set aside"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 411.40 to 411.54 (workers' compensation, no-fault and liability insurance)",
            href: "https://www.ecfr.gov/current/title-42/part-411",
        },
        Citation {
            title: "42 CFR 411.46 (lump-sum payments for later care)",
            href: "https://www.ecfr.gov/current/title-42/section-411.46",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Diagnoses, Fact::PayersOnRecord, Fact::OtherPayers],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (Some(member), line, claim) = (case.member(), service.line, &case.file.claim) else { return Finding::Pass };
    let cares_for = |other: &&OtherCoverage| {
        let mut diagnoses = claim.diagnoses_of(line);
        other.period.contains(line.from)
            && !other.accepted_diagnoses.is_empty()
            && diagnoses.any(|code| starts_with_any(code.as_str(), &other.accepted_diagnoses))
            && claim.decided_before().all(|payer| payer.payer_id != other.payer_id)
    };
    let Some(carrier) = member.other_coverages.iter().find(cares_for) else { return Finding::Pass };
    let (reason, goes_on, set_aside) = match carrier.facts.as_ref().map(|facts| facts.kind) {
        Some(CoverageKind::WorkersCompensation) => ("19", "N728", "N722"),
        Some(CoverageKind::Liability) => ("20", "N725", "N723"),
        Some(CoverageKind::NoFault) => ("21", "N727", "N724"),
        _ => return Finding::Pass,
    };
    let (name, id) = (&carrier.payer_name, &carrier.payer_id);
    Finding::Deny(if carrier.set_aside {
        let words = format!("{name} ({id}) paid the patient for later care of this injury.");
        Denial::patient(carc(reason), words).remark(set_aside)
    } else {
        Denial::contractual(carc(reason), format!("{name} ({id}) pays for care of this injury.")).remark(goes_on)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::claim::{OtherDecision, OtherPayer, Responsibility};
    use crate::domain::money::Money;
    use crate::domain::payer_order::{CoverageFacts, Employment};

    /// Testa's back was hurt, and the carrier has accepted it.
    fn hurt(kind: CoverageKind) -> ClaimFile {
        let mut file = example::office_visit();
        let employment = Employment::default();
        let facts =
            CoverageFacts { kind, relationship: String::new(), subscriber_birth: None, employment, parents: None };
        file.family[0].other_coverages = vec![OtherCoverage {
            payer_id: "CARRIER".into(),
            payer_name: "Example Carrier".into(),
            primary: false,
            period: Period::since(date(2026, 1, 1)),
            facts: Some(Box::new(facts)),
            accepted_diagnoses: vec!["M54".into()],
            set_aside: false,
        }];
        file
    }

    #[test]
    fn who_pays_for_an_injury_is_told_even_where_the_claim_says_nothing_of_it() {
        for (kind, carrier, patient) in [
            (CoverageKind::WorkersCompensation, "CO-19 N728", "PR-19 N722"),
            (CoverageKind::Liability, "CO-20 N725", "PR-20 N723"),
            (CoverageKind::NoFault, "CO-21 N727", "PR-21 N724"),
        ] {
            let mut file = hurt(kind);
            assert_eq!(example::denial(&file), carrier);
            file.family[0].other_coverages[0].set_aside = true;
            assert_eq!(example::denial(&file), patient);
        }
    }

    #[test]
    fn care_of_something_else_is_ours_and_so_is_what_the_carrier_has_decided() {
        let mut file = hurt(CoverageKind::WorkersCompensation);
        file.family[0].other_coverages[0].accepted_diagnoses = vec!["S83".into()];
        assert_eq!(example::denial(&file), "");
        let mut file = hurt(CoverageKind::WorkersCompensation);
        file.claim.responsibility = Responsibility::Secondary;
        let decision = Some(OtherDecision { paid: Money::from_cents(15_000), adjustments: vec![] });
        let responsibility = Responsibility::Primary;
        file.claim.other_payers = vec![OtherPayer { payer_id: "CARRIER".into(), responsibility, decision }];
        assert_eq!(example::denial(&file), "");
    }
}
