//! Pricing: what a line is worth to the payer. What the charge is above that is CARC 45.

mod ambulance;
mod anesthesia;
mod areas;
mod both_sides;
mod contracted;
mod drugs;
mod equipment;
pub mod facility;
mod fee_schedule;
mod laboratory;
mod medicare;
mod multiple_surgeries;
mod multiple_tests;
mod other_schedules;
mod own_rates;
mod part_of_fee;
mod payment_rules;
mod practitioner;
mod procedure;
mod quote;

pub use anesthesia::AnesthesiaTerms;
pub use areas::{Area, Areas};
pub use contracted::{ContractedAmount, ContractedAmounts};
pub use fee_schedule::{FeeSchedule, Method};
pub use medicare::Medicare;
pub use other_schedules::OtherSchedules;
pub use own_rates::own_rates;
pub use payment_rules::PaymentRules;
pub use practitioner::Performer;
pub use quote::{Billed, Quote, Reduction, quote};

use crate::domain::codes::{Group, carc};
use crate::domain::money::Money;

use super::settlement::{Settlement, Terms};
use super::{Case, Denial, Proceedings, Reason, Service, instruction};

/// Every reason that it may deny or reduce with: 147 where the payer has no rate; 4, 5, 54, 58, 96, 97, 109, 181, 246 and 252 where its table
/// says why not; 16 for anesthesia without its time; 59 for the rules on several procedures; 108 for rent; 204 and 242 where the line falls under nothing, which an edit
/// should have seen; 45 and 94 for what the charge is above or below the fee.
pub const REASONS: &[Reason] = &[
    Reason::contractual(
        "45",
        "N644 N670",
        "the contract or fee schedule allows no more, and the patient may not be billed for it",
    ),
    Reason::patient("45", "N644 N670", "out of network the patient owes what is not allowed"),
    Reason::other("94", "N644 N670", "more is allowed than was charged, which nobody owes"),
    Reason::contractual("4", "N519", "the provider named a modifier that does not fit"),
    Reason::contractual("5", "M77", "the provider named a place that does not fit"),
    Reason::contractual("16", "M20 M53 N208 MA130", "the provider left it out or got it wrong"),
    Reason::contractual("54", "", "no helper is paid for this operation"),
    Reason::contractual("58", "", "the place is not one where it is paid"),
    Reason::contractual("59", "N644 N670", "the rule for several procedures cuts the fee"),
    Reason::patient(
        "59",
        "N644 N670",
        "the rule for several procedures cuts the fee, and out of network the patient owes it",
    ),
    Reason::contractual("96", "N425", "it is excluded, and the provider may not bill it"),
    Reason::patient("96", "N425", "it is excluded, so the patient pays"),
    Reason::contractual("97", "M15 N19 N390", "its payment is part of another, so nobody is billed for it"),
    Reason::contractual("108", "", "the rules for rent cut the fee"),
    Reason::patient("108", "", "the rules for rent cut the fee, and out of network the patient owes it"),
    Reason::other("109", "N418", "another contractor is the right one"),
    Reason::contractual("109", "N418", "another contractor is the right one"),
    Reason::contractual("147", "", "the contract has no rate for it"),
    Reason::contractual("181", "N56", "the provider named a code that is not valid"),
    Reason::patient("204", "N130", "the plan does not insure it, so the patient pays"),
    Reason::patient("242", "N130", "the patient chose a provider out of network"),
    Reason::contractual("246", "", "the code only reports and is never paid"),
    Reason::contractual("252", "N706", "the provider did not send the document"),
];

/// A line that no edit has denied, and what it falls under.
struct Open<'a> {
    service: &'a Service<'a>,
    terms: Terms<'a>,
    schedule: &'a FeeSchedule,
}

/// Prices every line that no edit has denied, those of one schedule together. A line that has no price is denied here:
/// nothing is paid for want of a rule.
pub fn price<'a>(case: &'a Case<'a>, proceedings: &mut Proceedings) -> Vec<Settlement<'a>> {
    if proceedings.claim.is_some() {
        return facility::price_stay(case, proceedings).into_iter().collect();
    }
    let mut open: Vec<Open<'a>> = Vec::with_capacity(case.services.len());
    for service in &case.services {
        if proceedings.is_denied(service.at) {
            continue;
        }
        match open_line(case, service) {
            Ok(line) => open.push(line),
            Err(denial) => proceedings.deny("pricing", service.at, denial),
        }
    }
    let mut settlements = Vec::with_capacity(open.len());
    while let Some(schedule) = open.first().map(|line| line.schedule) {
        let (here, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|line| std::ptr::eq(line.schedule, schedule));
        open = others;
        if let (Method::Facility(method), true) = (&schedule.method, case.file.claim.institutional.is_some()) {
            settlements.extend(facility::price_lines(case, method, &here, proceedings));
            continue;
        }
        let billed: Vec<Billed<'_>> = here.iter().map(|line| billed(case, line.service)).collect();
        for (line, quote) in here.iter().zip(quote(schedule, &billed, &case.history)) {
            match quote {
                Ok(quote @ Quote { by_report: Some(reason), .. }) => match instruction::price(case, line.service.at) {
                    Some(set) => settlements.push(settlement(line, by_report(line, &quote.words, set))),
                    None => proceedings.pend("pricing", Some(line.service.at), reason, quote.words),
                },
                Ok(quote) => settlements.push(settlement(line, quote)),
                Err(denial) => match instruction::price(case, line.service.at).filter(|_| denial.carc == carc("147")) {
                    Some(set) => settlements.push(settlement(line, by_report(line, &denial.words, set))),
                    None => proceedings.deny("pricing", line.service.at, denial),
                },
            }
        }
    }
    if proceedings.pend.is_some() {
        return Vec::new();
    }
    settlements.sort_by_key(|settlement| settlement.at);
    settlements
}

/// The price that a person has set on a line that has none.
fn by_report(line: &Open<'_>, why: &str, (price, source): (Money, &str)) -> Quote {
    let allowed = price.min(line.service.line.charge);
    Quote {
        fee: allowed,
        allowed,
        reductions: Vec::new(),
        remarks: Vec::new(),
        words: format!("{why} Priced at {price} in {source}."),
        by_report: None,
        of_charge: false,
        limiting_charge: None,
    }
}

fn open_line<'a>(case: &Case<'a>, service: &'a Service<'a>) -> Result<Open<'a>, Denial> {
    let terms = terms(case, service)?;
    let Some(schedule) = service.cover.and_then(|cover| cover.schedule) else {
        let words = format!("The payer has no fee schedule {:?}.", terms.cost_share.fee_schedule);
        return Err(Denial::contractual(carc("147"), words));
    };
    Ok(Open { service, terms, schedule })
}

fn billed<'a>(case: &Case<'a>, service: &Service<'a>) -> Billed<'a> {
    let performer = service.rendering.or(case.billing).map(Performer::of).unwrap_or_default();
    let group = case.file.claim.billing_npi;
    Billed { line: service.line, locality: locality(case, service), group, performer }
}

fn settlement<'a>(line: &Open<'a>, quote: Quote) -> Settlement<'a> {
    let excess_group = excess_group(line.service);
    let (service, charge) = (line.service, line.service.line.charge);
    let mut settlement =
        Settlement::open(service.at, service.line, line.terms, quote.allowed, excess_group, quote.words);
    // Of the charge, what is above the fee is told apart from what rules take of the fee.
    let fee = if line.schedule.ignore_lower_charge { quote.fee } else { quote.fee.min(charge).max(quote.allowed) };
    let mut left = fee - quote.allowed;
    for mut reduction in quote.reductions {
        reduction.amount = reduction.amount.min(left);
        left -= reduction.amount;
        settlement.reductions.push(reduction);
    }
    settlement.excess = charge - fee + left;
    settlement.excess_rarcs = quote.remarks;
    settlement
}

/// Who bears what is not allowed: the patient, where balance billing is lawful.
fn excess_group(service: &Service<'_>) -> Group {
    let balance_billed = service.cover.is_some_and(|cover| cover.balance_billing);
    if balance_billed { Group::PatientResponsibility } else { Group::ContractualObligation }
}

/// What the line falls under. Edits deny most lines that fall under nothing; here are the last guards.
fn terms<'a>(case: &Case<'a>, service: &Service<'a>) -> Result<Terms<'a>, Denial> {
    let (Some(member), Some(cover)) = (case.member(), service.cover) else {
        let words = format!("No plan of this payer covers the service of {}.", service.line.from);
        return Err(Denial::patient(carc("204"), words).remark("N130"));
    };
    let (plan, network) = (cover.plan, cover.network);
    let Some(cost_share) = cover.share else {
        let words = format!("Plan {} pays in its networks only; the provider is in none of them.", plan.plan_id);
        return Err(Denial::patient(carc("242"), words).remark("N130"));
    };
    let Some(benefit) = cover.benefit else {
        let words =
            format!("Plan {} has no benefit for {}, nor one for all others.", plan.plan_id, service.line.billed());
        return Err(Denial::patient(carc("204"), words).remark("N130"));
    };
    Ok(Terms { member, plan, benefit, network, cost_share, coverage: cover.coverage })
}

/// The Medicare locality: the rendering provider's, or else the billing one's, or else the payer's default.
fn locality<'a>(case: &Case<'a>, service: &Service<'a>) -> &'a str {
    let of_a_provider = [service.rendering, case.billing].into_iter().flatten().find_map(|p| p.locality.as_deref());
    of_a_provider.unwrap_or(&case.file.payer.default_locality)
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod settled {
    use std::sync::Arc;

    use rust_decimal::Decimal;

    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::{Modifier, ProcedureCode};
    use crate::domain::dates::{Period, date};
    use crate::domain::money::Money;
    use crate::reference::gpci::Gpcis;
    use crate::reference::pprrvu::RelativeValues;

    /// The example's 150.00 under a contract of so many dollars.
    fn contract(dollars: i64) -> ClaimFile {
        let mut file = example::office_visit();
        example::payer(&mut file).fee_schedules[0].amounts = ContractedAmounts::new(vec![ContractedAmount {
            code: ProcedureCode::new("99213"),
            modifier: Modifier::NONE,
            period: Period::since(date(2020, 1, 1)),
            facility: Money::from_cents(dollars * 100),
            non_facility: Money::from_cents(dollars * 100),
        }]);
        file
    }

    fn leave_the_networks(file: &mut ClaimFile) {
        file.providers.iter_mut().for_each(|provider| provider.enrollments[0].networks = vec!["red".into()]);
    }

    /// The first line's adjustments and what it is paid.
    fn priced(file: &ClaimFile) -> String {
        let ledger = &example::decide(file).lines[0].ledger;
        let adjustments = ledger.adjustments().iter().map(|a| format!("{}-{} {}, ", a.group, a.carc, a.amount));
        format!("{}paid {}", adjustments.collect::<String>(), ledger.paid())
    }

    #[test]
    fn the_rest_of_the_charge_is_the_providers_in_network_and_the_patients_where_balance_billing_is_lawful() {
        let mut file = contract(110);
        assert_eq!(priced(&file), "CO-45 40.00, paid 110.00");
        leave_the_networks(&mut file);
        assert_eq!(priced(&file), "PR-45 40.00, paid 110.00");
        example::plan(&mut file).balance_billing = false;
        assert_eq!(priced(&file), "CO-45 40.00, paid 110.00");
    }

    #[test]
    fn the_lower_of_fee_and_charge_is_allowed_unless_the_contract_pays_the_fee_always() {
        let mut file = contract(160);
        assert_eq!(priced(&file), "paid 150.00");
        assert!(example::words(&file, "pricing").ends_with("The charge is lower."));
        example::payer(&mut file).fee_schedules[0].ignore_lower_charge = true;
        assert_eq!(priced(&file), "OA-94 -10.00, paid 160.00");
    }

    #[test]
    fn a_line_that_falls_under_no_schedule_is_denied_not_paid() {
        let mut file = example::office_visit();
        example::payer(&mut file).fee_schedules.clear();
        assert_eq!(example::denial(&file), "CO-147");
        assert_eq!(example::words(&file, "pricing"), "The payer has no fee schedule \"all\".");
    }

    /// 99213 in 2026: San Francisco 117.58 (the payer's default), San Jose 119.71, Los Angeles 104.89.
    #[test]
    fn the_locality_is_the_rendering_providers_or_else_the_billing_ones_or_else_the_payers() {
        let mut file = example::office_visit();
        example::payer(&mut file).fee_schedules[0].method = Method::Medicare(Medicare {
            percentage: Decimal::ONE,
            relative_values: RelativeValues::embedded().iter().cloned().map(Arc::new).collect(),
            gpcis: Gpcis::embedded().iter().cloned().map(Arc::new).collect(),
            otherwise_of_charge: None,
            rules: Box::default(),
            other: Box::default(),
        });
        assert_eq!(priced(&file), "CO-45 32.42, paid 117.58");
        file.providers[0].locality = Some("01112-09".into());
        assert_eq!(priced(&file), "CO-45 30.29, paid 119.71");
        file.providers[1].locality = Some("01182-18".into());
        assert_eq!(priced(&file), "CO-45 45.11, paid 104.89");
    }

    /// 70553 and 72148 in San Francisco: 2026 indices 1.095, 1.410, 0.425. The dearer in full; of the other, the technical part
    /// at half and the reading at 95 percent.
    fn two_images() -> ClaimFile {
        let mut file = example::office_visit();
        example::pay_medicare_rates(&mut file);
        example::payer(&mut file).procedures.complete = false;
        file.claim.lines = vec![example::line("70553", 50_000), example::line("72148", 50_000)];
        file
    }

    fn told(file: &ClaimFile, line: usize) -> Vec<String> {
        let tell = |a: &crate::domain::adjustment::Adjustment| {
            let remarks: String = a.rarcs.iter().map(|remark| format!(" {remark}")).collect();
            format!("{}-{}{remarks}", a.group, a.carc)
        };
        example::decide(file).lines[line].ledger.adjustments().iter().map(tell).collect()
    }

    #[test]
    fn what_rules_take_of_a_fee_is_told_apart_from_what_is_charged_above_it() {
        let mut file = two_images();
        assert_eq!(told(&file, 0), ["CO-45 N670"]);
        assert_eq!(told(&file, 1), ["CO-45", "CO-59"]);
        // At a charge below the fee all that is not paid is the rule's.
        file.claim.lines[1].charge = Money::from_cents(20_000);
        assert_eq!(told(&file, 1), ["CO-59"]);
        leave_the_networks(&mut file);
        assert_eq!(told(&file, 1), ["PR-59"]);
    }

    #[test]
    fn a_price_that_a_person_must_set_makes_the_claim_wait() {
        let mut file = two_images();
        let mut row = String::from(
            "70551,,-,A,,1.00,1.00,,1.00,,1.00,3.00,3.00,0,090,0.10,0.70,0.20,2,0,2,2,2,9,,33.4009,09,0,99,0.00,0.00,0.00",
        );
        row.insert_str(0, &format!("HCPCS{}\n", ",".repeat(31)));
        let release = RelativeValues::parse("test", Period::since(date(2026, 1, 1)), row.as_bytes()).unwrap();
        let Method::Medicare(medicare) = &mut example::payer(&mut file).fee_schedules[0].method else { panic!() };
        medicare.relative_values = vec![Arc::new(release)];
        file.claim.lines = vec![example::modified(example::line("70551", 50_000), "66")];
        let decided = example::decide(&file);
        assert_eq!((decided.pend, decided.paid()), (Some("team surgery"), Money::from_cents(50_000)));
    }
}
