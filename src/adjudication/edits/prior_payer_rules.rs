//! Prior payer's rules: an earlier payer paid nothing because its rules were not followed, and the plan does not make up for it.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::adjustment::Adjustment;
use crate::domain::codes::{Carc, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "prior-payer-rules",
    summary: "An earlier payer denied the service because its rules were not followed, and the plan pays nothing of that.",
    reasons: &[Reason::other("136", "", "who bears it follows from the earlier payer's decision")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "NAIC Model Regulation 120, section 3 (what is no allowable expense: a plan's rules not followed)",
            href: "https://content.naic.org/sites/default/files/MO120.pdf",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::PriorDecisions, Fact::PlanInForce],
    check: Check::Line(check),
};

/// Reasons that say that a payer's rules were not followed: filing limits, plan procedures, authorizations, networks and referrals.
const NOT_FOLLOWED: [Carc; 10] = [
    carc("15"),
    carc("29"),
    carc("39"),
    carc("95"),
    carc("197"),
    carc("198"),
    carc("210"),
    carc("242"),
    carc("243"),
    carc("288"),
];

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    if !service.cover.is_some_and(|cover| cover.plan.provisions.prior_payer_rules) {
        return Finding::Pass;
    }
    let broken = |adjustments: &[Adjustment]| {
        let of = |adjustment: &&Adjustment| NOT_FOLLOWED.contains(&adjustment.carc);
        adjustments.iter().find(of).map(|adjustment| adjustment.carc)
    };
    for payer in case.file.claim.decided_before() {
        let here = service.line.other_decisions.iter().find(|decision| decision.payer_id == payer.payer_id);
        let on_line =
            here.filter(|decision| decision.paid.is_zero()).and_then(|decision| broken(&decision.adjustments));
        let whole = payer.decision.as_ref().filter(|whole| whole.paid.is_zero());
        if let Some(reason) = on_line.or_else(|| whole.and_then(|whole| broken(&whole.adjustments))) {
            let id = &payer.payer_id;
            let words = format!("{id} paid nothing because its rules were not followed ({reason}).");
            return Finding::Deny(Denial::other(carc("136"), words));
        }
    }
    Finding::Pass
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::claim::{OtherDecision, OtherPayer, Responsibility};
    use crate::domain::codes::Group;
    use crate::domain::money::Money;

    /// The first payer adjusted all 150.00 by that reason.
    fn denied_by_the_first(reason: &str) -> ClaimFile {
        let mut file = example::office_visit();
        example::plan(&mut file).provisions.prior_payer_rules = true;
        file.claim.responsibility = Responsibility::Secondary;
        let (group, amount) = (Group::ContractualObligation, Money::from_cents(15_000));
        let adjustments = vec![Adjustment { group, carc: carc(reason), amount, rarcs: vec![], step: "" }];
        let decision = Some(OtherDecision { paid: Money::ZERO, adjustments });
        let responsibility = Responsibility::Primary;
        file.claim.other_payers = vec![OtherPayer { payer_id: "OTHER".into(), responsibility, decision }];
        file
    }

    #[test]
    fn what_the_first_payer_would_have_paid_had_its_rules_been_followed_is_not_made_up_for() {
        assert_eq!(example::denial(&denied_by_the_first("197")), "OA-136");
        assert_eq!(example::denial(&denied_by_the_first("96")), "");
    }

    #[test]
    fn a_plan_that_does_not_say_so_pays() {
        let mut file = denied_by_the_first("197");
        example::plan(&mut file).provisions.prior_payer_rules = false;
        assert_eq!(example::denial(&file), "");
    }
}
