//! What a payer and its plans say of appeals: messages to domain.

use super::Violations;
use crate::domain::appeal_terms::{
    AppealSettings, AppealTerms, DisputeTerms, EvidenceKind, EvidenceRule, EvidenceTest, Regime, RuleOutcome, WhenLate,
};
use crate::proto::v1 as pb;

/// More than any contract gives.
const MOST_DAYS: i32 = 3650;

/// Reads how a plan's decisions are appealed.
pub(super) fn of_plan(plan: &pb::Plan, found: &mut Violations) -> Option<AppealTerms> {
    let message = plan.appeals.unwrap_or_default();
    let regime = match message.regime() {
        pb::AppealRegime::Unspecified if plan.medicare => Regime::OriginalMedicare,
        pb::AppealRegime::Unspecified if plan.claim_filing_indicator == "16" => Regime::MedicareAdvantage,
        pb::AppealRegime::Unspecified | pb::AppealRegime::EmployerPlan => Regime::EmployerPlan,
        pb::AppealRegime::OriginalMedicare => Regime::OriginalMedicare,
        pb::AppealRegime::MedicareAdvantage => Regime::MedicareAdvantage,
        pb::AppealRegime::IndividualMarket => Regime::IndividualMarket,
    };
    if plan.medicare && regime != Regime::OriginalMedicare {
        found.add("regime", "must be \"original_medicare\", or unset, beside `medicare = true`");
    }
    let internal_levels = one_or_two("internal_levels", message.internal_levels, found);
    if message.internal_levels > 1 && regime != Regime::EmployerPlan {
        let remedy = match regime {
            Regime::IndividualMarket => "individual insurance has one internal level (45 CFR 147.136(b)(3)(ii)(G))",
            _ => "Medicare's levels are the law's: leave it out",
        };
        found.add("internal_levels", remedy);
    }
    let dispute = match &message.provider_dispute {
        Some(terms) => found.within("provider_dispute", |found| dispute(terms, found)).map(Some),
        None => Some(None),
    };
    Some(AppealTerms { regime, internal_levels: internal_levels?, dispute: dispute? })
}

/// Reads what a payer says of appeals.
pub(super) fn settings(payer: &pb::Payer, found: &mut Violations) -> AppealSettings {
    let Some(message) = &payer.appeals else { return AppealSettings::default() };
    found.within("payer.appeals", |found| {
        let terms = message.provider_dispute.unwrap_or_default();
        let rules = &message.evidence_rules;
        found.distinct("evidence_rules", "rule_id", rules.iter().map(|rule| rule.rule_id.as_str()));
        AppealSettings {
            dispute: found.within("provider_dispute", |found| dispute(&terms, found)).unwrap_or_default(),
            evidence: found.each("evidence_rules", rules, evidence_rule),
        }
    })
}

fn dispute(message: &pb::DisputeTerms, found: &mut Violations) -> Option<DisputeTerms> {
    let usual = DisputeTerms::default();
    let mut limit = |field: &str, days: i32| match found.limit(field, days)? {
        Some(days) if days > MOST_DAYS => {
            found.add(field, format!("{days}: at most {MOST_DAYS}"));
            None
        }
        days => Some(days),
    };
    let mut days = |field, days, usual| limit(field, days).map(|days| days.unwrap_or(usual));
    let days_to_file = days("days_to_file", message.days_to_file, usual.days_to_file);
    let days_to_decide = days("days_to_decide", message.days_to_decide, usual.days_to_decide);
    let days_to_pay = days("days_to_pay", message.days_to_pay, usual.days_to_pay);
    let days_to_acknowledge = match message.days_to_acknowledge {
        Some(days) => limit("days_to_acknowledge", days),
        None => Some(usual.days_to_acknowledge),
    };
    let levels = one_or_two("levels", message.levels, found);
    Some(DisputeTerms {
        days_to_file: days_to_file?,
        levels: levels?,
        days_to_decide: days_to_decide?,
        days_to_acknowledge: days_to_acknowledge?,
        days_to_pay: days_to_pay?,
        when_late: match message.when_late() {
            pb::LateDispute::Unspecified | pb::LateDispute::MayGoOn => WhenLate::MayGoOn,
            pb::LateDispute::Overturned => WhenLate::Overturned,
            pb::LateDispute::Upheld => WhenLate::Upheld,
        },
        upheld_told_again: message.upheld_told_again,
    })
}

fn one_or_two(field: &str, count: i32, found: &mut Violations) -> Option<u8> {
    match count {
        0 | 1 => Some(1),
        2 => Some(2),
        _ => {
            found.add(field, format!("{count}: 1 or 2"));
            None
        }
    }
}

fn evidence_rule(message: &pb::EvidenceRule, found: &mut Violations) -> Option<EvidenceRule> {
    let rule_id = found.required("rule_id", &message.rule_id);
    if message.carcs.is_empty() {
        found.add("carcs", "is missing: the reasons of denials that the rule is about, such as \"197\"");
    }
    let carcs = found.each("carcs", &message.carcs, |text, found| found.code("", text));
    let rarcs = found.each("rarcs", &message.rarcs, |text, found| found.code("", text));
    if message.evidence.is_empty() {
        found.add("evidence", "is missing: what must be given, such as \"authorization-letter\"");
    }
    let evidence = found.each("evidence", &message.evidence, |id, found| {
        let kind = EvidenceKind::named(id);
        if kind.is_none() {
            let known: Vec<&str> = EvidenceKind::ALL.iter().map(|(_, id, _)| *id).collect();
            found.add("", format!("{id:?}: one of {}", known.join(", ")));
        }
        kind
    });
    let outcome = match message.outcome() {
        pb::EvidenceOutcome::Unspecified => {
            found.add("outcome", "must be said: \"overturn\", \"uphold\" or \"review\"");
            None
        }
        pb::EvidenceOutcome::Overturn => Some(RuleOutcome::Overturn),
        pb::EvidenceOutcome::Uphold => Some(RuleOutcome::Uphold),
        pb::EvidenceOutcome::Review => Some(RuleOutcome::Review),
    };
    let rationale = found.required("rationale", &message.rationale);
    Some(EvidenceRule {
        rule_id: rule_id?.to_owned(),
        carcs,
        rarcs,
        evidence,
        test: match message.test() {
            pb::EvidenceTest::Unspecified | pb::EvidenceTest::Present => EvidenceTest::Present,
            pb::EvidenceTest::CoversService => EvidenceTest::CoversService,
            pb::EvidenceTest::FiledInTime => EvidenceTest::FiledInTime,
            pb::EvidenceTest::MeetsPolicy => EvidenceTest::MeetsPolicy,
        },
        outcome: outcome?,
        rationale: rationale?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(plan: pb::Plan) -> Result<AppealTerms, Vec<String>> {
        let mut found = Violations::default();
        let terms = found.within("appeals", |found| of_plan(&plan, found));
        found.into_result(terms).map_err(|found| found.into_iter().map(|found| found.field).collect())
    }

    fn regime(plan: pb::Plan) -> Option<Regime> {
        terms(plan).ok().map(|terms| terms.regime)
    }

    #[test]
    fn the_law_follows_from_the_plan_unless_it_says() {
        let indicator = |code: &str| pb::Plan { claim_filing_indicator: code.into(), ..Default::default() };
        assert_eq!(regime(pb::Plan { medicare: true, ..indicator("MB") }), Some(Regime::OriginalMedicare));
        assert_eq!(regime(indicator("16")), Some(Regime::MedicareAdvantage));
        assert_eq!(regime(indicator("12")), Some(Regime::EmployerPlan));
        let says = pb::PlanAppeals { regime: pb::AppealRegime::IndividualMarket.into(), ..Default::default() };
        assert_eq!(regime(pb::Plan { appeals: Some(says), ..indicator("ZZ") }), Some(Regime::IndividualMarket));
    }

    #[test]
    fn what_the_law_does_not_allow_is_refused() {
        let two = |regime: pb::AppealRegime| pb::PlanAppeals {
            regime: regime.into(),
            internal_levels: 2,
            ..Default::default()
        };
        let plan = |appeals, medicare| pb::Plan { appeals: Some(appeals), medicare, ..Default::default() };
        assert_eq!(terms(plan(two(pb::AppealRegime::EmployerPlan), false)).unwrap().internal_levels, 2);
        let refused = |appeals, medicare| terms(plan(appeals, medicare)).unwrap_err();
        assert_eq!(refused(two(pb::AppealRegime::IndividualMarket), false), ["appeals.internal_levels"]);
        let levels = pb::PlanAppeals { internal_levels: 3, ..Default::default() };
        assert_eq!(refused(levels, false), ["appeals.internal_levels"]);
        let advantage = pb::PlanAppeals { regime: pb::AppealRegime::MedicareAdvantage.into(), ..Default::default() };
        assert_eq!(refused(advantage, true), ["appeals.regime"]);
    }

    #[test]
    fn contracts_have_common_terms_unless_they_say() {
        let settings = |appeals: pb::AppealSettings| {
            let mut found = Violations::default();
            let settings = settings(&pb::Payer { appeals: Some(appeals), ..Default::default() }, &mut found);
            found.into_result(Some(settings)).map_err(|found| found.into_iter().map(|v| v.field).collect::<Vec<_>>())
        };
        assert_eq!(settings(pb::AppealSettings::default()), Ok(AppealSettings::default()));
        let own = pb::DisputeTerms { days_to_file: 90, days_to_acknowledge: Some(0), ..Default::default() };
        let own = pb::AppealSettings { provider_dispute: Some(own), ..Default::default() };
        let terms = DisputeTerms { days_to_file: 90, days_to_acknowledge: None, ..Default::default() };
        assert_eq!(settings(own).unwrap().dispute, terms);
        let rule = pb::EvidenceRule { evidence: vec!["a letter".into()], ..Default::default() };
        let empty = pb::AppealSettings { evidence_rules: vec![rule], ..Default::default() };
        let fields: Vec<String> = ["rule_id", "carcs", "evidence[0]", "outcome", "rationale"]
            .iter()
            .map(|field| format!("payer.appeals.evidence_rules[0].{field}"))
            .collect();
        let mut told = settings(empty).unwrap_err();
        let mut fields = fields;
        told.sort();
        fields.sort();
        assert_eq!(told, fields);
    }
}
