//! Prior decision: what the claim tells of another payer's decision does not add up.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::adjustment::Adjustment;
use crate::domain::claim::{Claim, OtherPayer, ServiceLine};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::domain::money::Money;

pub(super) const EDIT: Edit = Edit {
    id: "prior-decision",
    summary: "What an earlier payer paid and adjusted does not add up to the charge.",
    reasons: &[Reason::contractual("16", "MA04 MA130", "the provider left it out or got it wrong")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "45 CFR 162.1102 (005010X222 and X223, section 1.4.4: balancing of earlier payers' amounts)",
        href: "https://www.ecfr.gov/current/title-45/section-162.1102",
    }],
    looks_at: &[Fact::PriorDecisions, Fact::OtherPayers, Fact::Charge],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let claim = &case.file.claim;
    if service.cover.is_none() {
        return Finding::Pass;
    }
    match claim.decided_before().find_map(|payer| lack(claim, payer, service.line)) {
        None => Finding::Pass,
        Some(words) => Finding::Deny(Denial::contractual(carc("16"), words).remark("MA04").remark("MA130")),
    }
}

/// What does not add up in a payer's decision on a line, or on the claim as a whole.
fn lack(claim: &Claim, payer: &OtherPayer, line: &ServiceLine) -> Option<String> {
    let on = |line: &ServiceLine| {
        let here = line.other_decisions.iter().filter(|decision| decision.payer_id == payer.payer_id);
        let told = here.map(|decision| (decision.paid, sum(&decision.adjustments)));
        told.reduce(|(paid, adjusted), (more, cut)| (paid + more, adjusted + cut))
    };
    let says = |paid: Money, adjusted: Money, of: Money, what: &str| {
        (paid + adjusted != of).then(|| {
            format!("{} paid {paid} and adjusted {adjusted}, which is not the {what} of {of}.", payer.payer_id)
        })
    };
    if let Some((paid, adjusted)) = on(line)
        && let Some(words) = says(paid, adjusted, line.charge, "charge")
    {
        return Some(words);
    }
    let whole = payer.decision.as_ref()?;
    let told: Vec<(Money, Money)> = claim.lines.iter().filter_map(on).collect();
    if told.is_empty() {
        says(whole.paid, sum(&whole.adjustments), claim.charge, "claim's charge")
    } else if told.len() == claim.lines.len() {
        let by_line = told.iter().map(|(paid, _)| *paid).sum();
        says(whole.paid, sum(&whole.adjustments), by_line, "payment on the lines")
    } else {
        // Of the lines that it does not tell of nothing is known.
        None
    }
}

fn sum(adjustments: &[Adjustment]) -> Money {
    adjustments.iter().map(|adjustment| adjustment.amount).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::claim::{OtherDecision, OtherLineDecision, Responsibility};
    use crate::domain::codes::Group;

    fn adjusted(cents: i64) -> Vec<Adjustment> {
        let amount = Money::from_cents(cents);
        vec![Adjustment { group: Group::PatientResponsibility, carc: carc("2"), amount, rarcs: vec![], step: "" }]
    }

    /// The example's 150.00, sent as secondary: the primary paid and adjusted so much on the line, and on the claim.
    fn decided(line: Option<(i64, i64)>, whole: Option<(i64, i64)>) -> ClaimFile {
        let mut file = example::office_visit();
        file.claim.responsibility = Responsibility::Secondary;
        let paid = Money::from_cents;
        file.claim.other_payers = vec![OtherPayer {
            payer_id: "OTHER".into(),
            responsibility: Responsibility::Primary,
            decision: whole.map(|(cents, cut)| OtherDecision { paid: paid(cents), adjustments: adjusted(cut) }),
        }];
        file.claim.lines[0].other_decisions = line
            .map(|(cents, cut)| OtherLineDecision {
                payer_id: "OTHER".into(),
                paid: paid(cents),
                adjustments: adjusted(cut),
            })
            .into_iter()
            .collect();
        file
    }

    #[test]
    fn a_decision_that_does_not_add_up_is_told_and_the_claim_cannot_be_processed() {
        for (line, whole, expected) in [
            (Some((10_000, 5_000)), Some((10_000, 0)), ""),
            (None, Some((10_000, 5_000)), ""),
            // 100.00 and 40.00 are 140.00 of 150.00.
            (Some((10_000, 4_000)), None, "CO-16 MA04 MA130"),
            (None, Some((10_000, 4_000)), "CO-16 MA04 MA130"),
            // The lines tell 100.00, the claim 90.00, and nothing says where 10.00 went.
            (Some((10_000, 5_000)), Some((9_000, 0)), "CO-16 MA04 MA130"),
            (Some((10_000, 5_000)), Some((9_000, 1_000)), ""),
            // A payment that nobody explains.
            (None, Some((10_000, 0)), "CO-16 MA04 MA130"),
        ] {
            assert_eq!(example::denial(&decided(line, whole)), expected, "{line:?} {whole:?}");
        }
        assert_eq!(
            example::words(&decided(Some((10_000, 4_000)), None), "prior-decision"),
            "OTHER paid 100.00 and adjusted 40.00, which is not the charge of 150.00."
        );
    }

    #[test]
    fn of_a_payer_that_comes_after_nobody_asks() {
        let mut file = decided(None, Some((10_000, 4_000)));
        file.claim.responsibility = Responsibility::Primary;
        file.claim.other_payers[0].responsibility = Responsibility::Secondary;
        assert_eq!(example::denial(&file), "");
    }
}
