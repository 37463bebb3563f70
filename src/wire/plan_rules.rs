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
