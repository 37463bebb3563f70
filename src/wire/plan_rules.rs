//! What the law and the plan itself ask of a plan's benefits together: parity of mental health, high deductibles, names
//! that are there.

use std::collections::BTreeSet;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::Violations;
use crate::domain::money::Money;
use crate::proto::v1 as pb;
use crate::reference::high_deductible;

/// Notes what is wrong with the benefits of a plan taken together.
pub(super) fn check(plan: &pb::Plan, found: &mut Violations) {
    names(plan, found);
    for (at, benefit) in plan.benefits.iter().enumerate() {
        if !benefit.parity_with.is_empty() {
            found.within(format_args!("benefits[{at}]"), |found| parity(plan, benefit, found));
        }
    }
    if plan.high_deductible_year != 0 {
        high_deductible(plan, found);
    }
}

/// Tiers and separate deductibles that benefits name are the plan's.
fn names(plan: &pb::Plan, found: &mut Violations) {
    let tiers: BTreeSet<&str> = plan.tiers.iter().map(|tier| tier.tier.as_str()).collect();
    let benefits: BTreeSet<&str> = plan.benefits.iter().map(|benefit| benefit.benefit.as_str()).collect();
    for (at, benefit) in plan.benefits.iter().enumerate() {
        for (place, tier) in benefit.tiers.iter().enumerate() {
            found.known(format_args!("benefits[{at}].tiers[{place}].tier"), "tier of the plan", &tier.tier, &tiers);
        }
        let comparable = &benefit.parity_with;
        found.known(format_args!("benefits[{at}].parity_with"), "benefit of the plan", comparable, &benefits);
        for (field, network, share) in shares(benefit) {
            let Some(terms) = cost_share(plan, network) else { continue };
            let names: BTreeSet<&str> = terms.separate_deductibles.iter().map(|s| s.deductible.as_str()).collect();
            let field = format_args!("benefits[{at}].{field}.separate_deductible").to_string();
            found.known(field, "separate deductible there", &share.separate_deductible, &names);
        }
    }
}

/// A benefit's shares: field, tier, share.
fn shares(benefit: &pb::Benefit) -> impl Iterator<Item = (String, &str, &pb::BenefitShare)> {
    let own = [("in_network", "in", &benefit.in_network), ("out_of_network", "out", &benefit.out_of_network)];
    let own = own.into_iter().filter_map(|(field, tier, share)| Some((field.to_owned(), tier, share.as_ref()?)));
    let tiers = benefit.tiers.iter().enumerate();
    own.chain(tiers.filter_map(|(at, tier)| Some((format!("tiers[{at}].share"), &*tier.tier, tier.share.as_ref()?))))
}

fn cost_share<'a>(plan: &'a pb::Plan, tier: &str) -> Option<&'a pb::CostShare> {
    match tier {
        "in" => plan.in_network.as_ref(),
        "out" => plan.out_of_network.as_ref(),
        tier => plan.tiers.iter().find(|other| other.tier == tier)?.cost_share.as_ref(),
    }
}

/// A benefit's share in a tier, as decisions read it.
fn share_in<'a>(benefit: &'a pb::Benefit, tier: &str) -> Option<&'a pb::BenefitShare> {
    match tier {
        "out" => benefit.out_of_network.as_ref(),
        tier => {
            let named = benefit.tiers.iter().find(|other| other.tier == tier);
            named.and_then(|tier| tier.share.as_ref()).or(benefit.in_network.as_ref())
        }
    }
}

/// 45 CFR 146.136(c): financial requirements and treatment limitations are no worse than those of the comparable medical
/// benefit of the same classification, tier by tier.
fn parity(plan: &pb::Plan, benefit: &pb::Benefit, found: &mut Violations) {
    let comparable = plan.benefits.iter().find(|other| other.benefit == benefit.parity_with);
    let Some(medical) = comparable.filter(|_| !benefit.excluded) else { return };
    let name = &medical.benefit;
    let mut worse = |field: &str, what: &str| {
        found.add(field, format!("{what} than {name:?}, the comparable medical benefit (45 CFR 146.136(c))"));
    };
    if medical.excluded {
        worse("parity_with", "is compared with what is not covered at all: name another benefit");
    }
    let default = pb::BenefitShare::default();
    for tier in plan.tiers.iter().map(|tier| tier.tier.as_str()).chain(["in", "out"]) {
        let of = |benefit| share_in(benefit, tier).unwrap_or(&default);
        let (own, theirs) = (of(benefit), of(medical));
        let at = shares(benefit).find(|(_, of, _)| *of == tier).map_or("", |_| tier);
        let field = match at {
            "in" => "in_network",
            "out" => "out_of_network",
            _ => "",
        };
        if let Some(what) = costlier(own, theirs) {
            worse(field, what);
        }
    }
    let tighter = |own: i64, theirs: i64| own > 0 && (theirs == 0 || own < theirs);
    if tighter(benefit.visits_per_year.into(), medical.visits_per_year.into()) {
        worse("visits_per_year", "gives fewer visits");
    }
    if tighter(benefit.dollars_per_year_cents, medical.dollars_per_year_cents) {
        worse("dollars_per_year_cents", "pays fewer dollars");
    }
    if benefit.waiting_days > medical.waiting_days {
        worse("waiting_days", "is waited for longer");
    }
    if benefit.authorization_required && !medical.authorization_required {
        worse("authorization_required", "asks for an authorization rather");
    }
    let of_its_own = |limit: &&pb::Limit| {
        limit.benefits.contains(&benefit.benefit) && !limit.benefits.contains(name) && limit.amount > 0
    };
    for limit in plan.limits.iter().filter(of_its_own) {
        worse("", &format!("has a limit {:?} of its own, rather", limit.limit));
    }
}

/// In what a share asks more of the member than another does.
fn costlier(own: &pb::BenefitShare, theirs: &pb::BenefitShare) -> Option<&'static str> {
    let rate = |share: &pb::BenefitShare| Decimal::from_str(&share.coinsurance).unwrap_or(Decimal::ZERO);
    let stays = |share: &pb::BenefitShare| share.copay_per() == pb::CopayPer::Admission;
    if own.no_cost_share {
        None
    } else if own.copay_cents > theirs.copay_cents {
        Some("has a higher copay")
    } else if own.copay_cents > 0 && stays(theirs) && !stays(own) {
        Some("takes its copay oftener")
    } else if rate(own) > rate(theirs) {
        Some("has a higher coinsurance")
    } else if !own.deductible_waived && (theirs.deductible_waived || theirs.no_cost_share) {
        Some("has a deductible, rather")
    } else if own.separate_deductible != theirs.separate_deductible {
        Some("has a deductible of its own, rather")
    } else {
        None
    }
}

/// 26 USC 223(c)(2): deductibles of at least, maxima of at most, the year's amounts, and nothing but prevention paid before.
fn high_deductible(plan: &pb::Plan, found: &mut Violations) {
    let Some(year) = high_deductible::of_year(plan.high_deductible_year) else {
        let known: Vec<String> = high_deductible::YEARS.iter().map(|year| year.year.to_string()).collect();
        let known = known.join(", ");
        return found.add("high_deductible_year", format!("{}: known are {known}", plan.high_deductible_year));
    };
    let source = format!("by {} for {}", year.source, year.year);
    let inside = plan.tiers.iter().enumerate();
    let inside = inside.map(|(at, tier)| (format!("tiers[{at}].cost_share"), tier.cost_share.as_ref()));
    for (field, share) in inside.chain([("in_network".to_owned(), plan.in_network.as_ref())]) {
        let Some(share) = share else { continue };
        // Embedded: one person of a family is paid for once the own deductible is met, which must not be below the family's.
        let embedded = share.family_deductible_cents > 0 && !share.aggregate_deductible;
        let least = if embedded { year.family_deductible } else { year.self_only_deductible };
        let mut at_least = |name: &str, cents: i64, least: Money| {
            if Money::from_cents(cents) < least {
                found.add(format_args!("{field}.{name}"), format!("is below {least}, the least {source}"));
            }
        };
        at_least("individual_deductible_cents", share.individual_deductible_cents, least);
        if share.family_deductible_cents > 0 {
            at_least("family_deductible_cents", share.family_deductible_cents, year.family_deductible);
        }
        let mut at_most = |name: &str, cents: i64, most: Money| {
            if cents == 0 || Money::from_cents(cents) > most {
                found.add(format_args!("{field}.{name}"), format!("must be set, and is at most {most} {source}"));
            }
        };
        // In a family, too, nobody pays more than one person alone may (45 CFR 156.130; 80 FR 10825).
        at_most("individual_out_of_pocket_cents", share.individual_out_of_pocket_cents, year.self_only_maximum);
        at_most("family_out_of_pocket_cents", share.family_out_of_pocket_cents, year.family_maximum);
    }
    for (at, benefit) in plan.benefits.iter().enumerate().filter(|(_, b)| !b.preventive && !b.excluded) {
        for (field, tier, share) in shares(benefit) {
            let before = share.no_cost_share || share.deductible_waived || !share.separate_deductible.is_empty();
            if tier != "out" && before {
                found.add(
                    format_args!("benefits[{at}].{field}"),
                    "is paid before the deductible, which a high-deductible plan may do for prevention only (26 USC 223(c)(2)(C)): `preventive = true`, or apply the deductible",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(copay_cents: i64, coinsurance: &str) -> Option<pb::BenefitShare> {
        Some(pb::BenefitShare { copay_cents, coinsurance: coinsurance.into(), ..Default::default() })
    }

    fn benefit(name: &str, share: Option<pb::BenefitShare>) -> pb::Benefit {
        pb::Benefit { benefit: name.into(), in_network: share, ..Default::default() }
    }

    /// The fields that are found wrong.
    fn fields(plan: &pb::Plan) -> Vec<String> {
        let mut found = Violations::default();
        check(plan, &mut found);
        found.into_result(Some(())).err().unwrap_or_default().into_iter().map(|violation| violation.field).collect()
    }

    fn mental(change: impl FnOnce(&mut pb::Benefit)) -> pb::Plan {
        let mut mental = benefit("mental", share(2_000, "0.10"));
        mental.parity_with = "office".into();
        change(&mut mental);
        let mut office = benefit("office", share(2_000, "0.10"));
        office.visits_per_year = 20;
        mental.visits_per_year = mental.visits_per_year.max(20);
        pb::Plan { benefits: vec![office, mental], ..Default::default() }
    }

    #[test]
    fn mental_health_may_cost_as_much_as_the_comparable_benefit_and_no_more() {
        assert!(fields(&mental(|_| {})).is_empty());
        assert_eq!(fields(&mental(|b| b.in_network = share(2_001, "0.10"))), ["benefits[1].in_network"]);
        assert_eq!(fields(&mental(|b| b.in_network = share(0, "0.11"))), ["benefits[1].in_network"]);
        assert_eq!(fields(&mental(|b| b.out_of_network = share(1, ""))), ["benefits[1].out_of_network"]);
        assert_eq!(fields(&mental(|b| b.waiting_days = 30)), ["benefits[1].waiting_days"]);
        assert_eq!(fields(&mental(|b| b.authorization_required = true)), ["benefits[1].authorization_required"]);
        assert_eq!(fields(&mental(|b| b.parity_with = "offices".into())), ["benefits[1].parity_with"]);
    }

    #[test]
    fn a_limit_of_mental_health_alone_is_one_of_its_own() {
        let mut plan = mental(|_| {});
        plan.limits = vec![pb::Limit { amount: 30, benefits: vec!["mental".into()], ..Default::default() }];
        assert_eq!(fields(&plan), ["benefits[1]"]);
        plan.limits[0].benefits.push("office".into());
        assert!(fields(&plan).is_empty());
    }

    /// 2026: at least 1,700 and 3,400, at most 8,500 and 17,000 (Rev. Proc. 2025-19).
    fn high_deductible_plan() -> pb::Plan {
        let in_network = pb::CostShare {
            individual_deductible_cents: 170_000,
            family_deductible_cents: 340_000,
            aggregate_deductible: true,
            individual_out_of_pocket_cents: 850_000,
            family_out_of_pocket_cents: 1_700_000,
            ..Default::default()
        };
        let benefits = vec![benefit("other", share(0, "0.10"))];
        pb::Plan { in_network: Some(in_network), high_deductible_year: 2026, benefits, ..Default::default() }
    }

    #[test]
    fn a_high_deductible_plan_is_held_to_the_amounts_of_its_year() {
        assert!(fields(&high_deductible_plan()).is_empty());
        type Change = fn(&mut pb::Plan, &mut pb::CostShare);
        let changes: [(&str, Change); 5] = [
            ("in_network.individual_deductible_cents", |_, share| share.individual_deductible_cents -= 1),
            ("in_network.family_deductible_cents", |_, share| share.family_deductible_cents -= 1),
            ("in_network.individual_out_of_pocket_cents", |_, share| share.individual_out_of_pocket_cents = 0),
            ("in_network.family_out_of_pocket_cents", |_, share| share.family_out_of_pocket_cents += 1),
            // One person of the family would be paid for after 1,700.
            ("in_network.individual_deductible_cents", |_, share| share.aggregate_deductible = false),
        ];
        for (field, change) in changes {
            let mut plan = high_deductible_plan();
            let mut share = plan.in_network.take().unwrap();
            change(&mut plan, &mut share);
            plan.in_network = Some(share);
            assert_eq!(fields(&plan), [field]);
        }
        let unknown = pb::Plan { high_deductible_year: 1999, ..high_deductible_plan() };
        assert_eq!(fields(&unknown), ["high_deductible_year"]);
    }

    #[test]
    fn only_prevention_may_be_paid_before_a_high_deductible() {
        let mut plan = high_deductible_plan();
        plan.benefits.push(benefit("preventive", Some(pb::BenefitShare { no_cost_share: true, ..Default::default() })));
        assert_eq!(fields(&plan), ["benefits[1].in_network"]);
        plan.benefits[1].preventive = true;
        assert!(fields(&plan).is_empty());
    }
}
