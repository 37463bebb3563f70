//! What a plan does for each kind of service: benefits, limits and the rules that choose one. Messages to domain.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::Violations;
use crate::domain::codes::{Code, DiagnosisCode, PlaceOfService, RevenueCode, carc, rarc};
use crate::domain::plan::{
    Benefit, BenefitRule, BenefitShare, CopayPer, Limit, LimitPeriod, LimitUnit, Network, ShortName,
};
use crate::proto::v1 as pb;

/// A name that the plan gives: at most 16 letters, digits and hyphens.
pub(super) fn short_name(field: &str, text: &str, found: &mut Violations) -> Option<ShortName> {
    let text = found.required(field, text)?;
    if text.len() > 16 || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        found.add(field, format!("{text:?}: at most 16 letters, digits and hyphens"));
        return None;
    }
    Some(ShortName::new(text))
}

pub(super) fn benefit(message: &pb::Benefit, found: &mut Violations) -> Option<Benefit> {
    let name = found.required("benefit", &message.benefit);
    let exclusion = match (message.excluded, message.exclusion_carc.as_str()) {
        (false, "") => None,
        (false, _) => {
            found.add("exclusion_carc", "means nothing without `excluded = true`");
            None
        }
        (true, "" | "204") => Some((carc("204"), vec![])),
        (true, "96") => Some((carc("96"), vec![rarc("N130")])),
        (true, other) => {
            found.add("exclusion_carc", format!("{other:?}: an exclusion is told as \"204\" or \"96\""));
            None
        }
    };
    let mut share = |field, message: &Option<pb::BenefitShare>| match message {
        Some(message) => found.within(field, |found| benefit_share(message, found)),
        None => Some(BenefitShare::default()),
    };
    let in_network = share("in_network", &message.in_network);
    let out_of_network = share("out_of_network", &message.out_of_network);
    let tiers = found.each("tiers", &message.tiers, |tier, found| {
        let name = short_name("tier", &tier.tier, found);
        let share = tier.share.clone().unwrap_or_default();
        let share = found.within("share", |found| benefit_share(&share, found));
        Some((Network::Tier(name?), share?))
    });
    found.distinct("tiers", "tier", message.tiers.iter().map(|tier| tier.tier.as_str()));
    let visits_per_year = found.limit("visits_per_year", message.visits_per_year);
    let dollars_per_year = found.maximum("dollars_per_year_cents", message.dollars_per_year_cents);
    let waiting_days = found.limit("waiting_days", message.waiting_days);
    Some(Benefit {
        name: name?.into(),
        service_types: message.service_types.clone(),
        exclusion,
        in_network: in_network?,
        out_of_network: out_of_network?,
        tiers,
        visits_per_year: visits_per_year?.map(i64::from),
        dollars_per_year: dollars_per_year?,
        waiting_days: waiting_days?,
        authorization_required: message.authorization_required,
    })
}

fn benefit_share(message: &pb::BenefitShare, found: &mut Violations) -> Option<BenefitShare> {
    let copay = found.amount("copay_cents", message.copay_cents);
    let coinsurance = found.fraction_if_any("coinsurance", &message.coinsurance);
    let coinsurance_maximum = found.maximum("coinsurance_maximum_cents", message.coinsurance_maximum_cents);
    let copay_days = found.limit("copay_days", message.copay_days);
    let copay_per = match message.copay_per() {
        pb::CopayPer::Unspecified | pb::CopayPer::Visit => CopayPer::Visit,
        pb::CopayPer::Day => CopayPer::Day,
        pb::CopayPer::Admission => CopayPer::Admission,
    };
    if message.no_cost_share && (message.copay_cents != 0 || !message.coinsurance.is_empty()) {
        found.add("no_cost_share", "the member pays nothing, so leave out `copay_cents` and `coinsurance`");
    }
    let mut needs = |field: &str, is_set: bool, what: &str, there: bool| {
        if is_set && !there {
            found.add(field, format!("means nothing without `{what}`"));
        }
    };
    let has_copay = message.copay_cents != 0;
    needs("copay_per", copay_per != CopayPer::Visit, "copay_cents", has_copay);
    needs("copay_days", message.copay_days > 0, "copay_per = \"day\"", copay_per == CopayPer::Day);
    needs("copay_waived_if_admitted", message.copay_waived_if_admitted, "copay_cents", has_copay);
    needs("deductible_first", message.deductible_first, "copay_cents", has_copay);
    let has_coinsurance = !message.coinsurance.is_empty();
    needs("coinsurance_maximum_cents", message.coinsurance_maximum_cents > 0, "coinsurance", has_coinsurance);
    if message.deductible_waived && (message.deductible_first || !message.separate_deductible.is_empty()) {
        let field = if message.deductible_first { "deductible_first" } else { "separate_deductible" };
        found.add(field, "says that a deductible applies, and `deductible_waived` that none does: leave one out");
    }
    let separate_deductible = match message.separate_deductible.as_str() {
        "" => Some(None),
        text => short_name("separate_deductible", text, found).map(Some),
    };
    Some(BenefitShare {
        copay: copay?,
        copay_per,
        copay_days: copay_days?.map(i64::from),
        copay_waived_if_admitted: message.copay_waived_if_admitted,
        coinsurance: coinsurance?.unwrap_or(Decimal::ZERO),
        coinsurance_maximum: coinsurance_maximum?,
        deductible_waived: message.deductible_waived,
        deductible_first: message.deductible_first,
        separate_deductible: separate_deductible?,
        no_cost_share: message.no_cost_share,
    })
}

/// Reads a limit; its benefits are among those of the plan.
pub(super) fn limit(message: &pb::Limit, benefits: &BTreeSet<&str>, found: &mut Violations) -> Option<Limit> {
    let name = found.required("limit", &message.limit);
    if benefits.contains(message.limit.as_str()) {
        found.add("limit", format!("{:?} is a benefit's name, whose own limits are counted by it", message.limit));
    }
    for (at, benefit) in message.benefits.iter().enumerate() {
        found.known(format_args!("benefits[{at}]"), "benefit of the plan", benefit, benefits);
    }
    let unit = match message.unit() {
        pb::LimitUnit::Visits => Some(LimitUnit::Visits),
        pb::LimitUnit::Days => Some(LimitUnit::Days),
        pb::LimitUnit::Units => Some(LimitUnit::Units),
        pb::LimitUnit::Dollars => Some(LimitUnit::Dollars),
        pb::LimitUnit::Unspecified => {
            found.add("unit", "is missing: \"visits\", \"days\", \"units\" or \"dollars\"");
            None
        }
    };
    if message.amount <= 0 {
        found.add("amount", format!("{}: 1 or more; to cover nothing, exclude the benefit", message.amount));
    }
    Some(Limit {
        name: name?.into(),
        benefits: message.benefits.iter().map(|benefit| benefit.as_str().into()).collect(),
        unit: unit?,
        amount: message.amount,
        period: match message.period() {
            pb::LimitPeriod::Unspecified | pb::LimitPeriod::BenefitYear => LimitPeriod::BenefitYear,
            pb::LimitPeriod::CalendarYear => LimitPeriod::CalendarYear,
            pb::LimitPeriod::Lifetime => LimitPeriod::Lifetime,
        },
    })
}

/// Reads a rule that chooses a benefit.
pub(super) fn rule(
    message: &pb::BenefitRule,
    benefits: &BTreeSet<&str>,
    found: &mut Violations,
) -> Option<BenefitRule> {
    let benefit = found.required("benefit", &message.benefit);
    found.known("benefit", "benefit of the plan", &message.benefit, benefits);
    let procedures = found.procedures("procedures", &message.procedures);
    let places = codes::<2>("places_of_service", &message.places_of_service, found);
    let diagnoses = found.each("diagnoses", &message.diagnoses, |text, found| {
        // People write the point; claims never carry it.
        found.code("", &text.replace('.', "")).map(|code: DiagnosisCode| code.to_string())
    });
    let revenue_codes = found.each("revenue_codes", &message.revenue_codes, |text, found| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (RevenueCode::parse(first), RevenueCode::parse(last));
        let whole = |code: &RevenueCode| code.as_str().len() == 4;
        let range = first.filter(whole).zip(last.filter(whole)).filter(|(first, last)| first <= last);
        if range.is_none() {
            found.add("", format!("{text:?}: four digits such as \"0450\", or a range such as \"0450-0459\""));
        }
        range
    });
    let says_something = !message.procedures.is_empty()
        || !message.places_of_service.is_empty()
        || !message.taxonomies.is_empty()
        || !message.diagnoses.is_empty()
        || !message.revenue_codes.is_empty()
        || !message.bill_types.is_empty()
        || !message.from_benefits.is_empty()
        || message.emergency;
    if !says_something {
        found.add("", "fits every service, so no rule after it and no procedure's own benefit is ever asked: say when");
    }
    for (field, texts, most) in [("taxonomies", &message.taxonomies, 10), ("bill_types", &message.bill_types, 3)] {
        let fits = |text: &&String| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        for (at, text) in texts.iter().enumerate().filter(|(_, text)| !fits(text)) {
            found.add(format_args!("{field}[{at}]"), format!("{text:?}: one to {most} letters and digits"));
        }
    }
    Some(BenefitRule {
        benefit: benefit?.into(),
        from_benefits: message.from_benefits.clone(),
        procedures: procedures?.into_any(),
        places: places.into_iter().collect::<Vec<PlaceOfService>>(),
        taxonomies: message.taxonomies.clone(),
        diagnoses,
        revenue_codes,
        bill_types: message.bill_types.clone(),
        emergency: message.emergency,
    })
}

fn codes<const N: usize>(field: &str, texts: &[String], found: &mut Violations) -> Vec<Code<N>> {
    found.each(field, texts, |text, found| found.code("", text))
}
