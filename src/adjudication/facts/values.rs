//! What each fact was, in words: numbers, codes and dates, never a person's name.

use super::Fact;
use crate::adjudication::benefits::limits;
use crate::adjudication::benefits::standing::{Scope, standing};
use crate::adjudication::documents;
use crate::adjudication::{Case, Cover, Patient, Service};
use crate::domain::claim::{Responsibility, Sex};
use crate::domain::codes::Npi;
use crate::domain::dates::{Date, Period, age_on, days_between};
use crate::domain::member::Authorization;
use crate::domain::money::Money;
use crate::domain::plan::{LimitUnit, Network};
use crate::domain::provider::Provider;

/// So many lines, authorizations or policies are told; of the others, how many they are.
const TOLD: usize = 4;

pub(super) fn value(fact: Fact, case: &Case<'_>, service: Option<&Service<'_>>) -> String {
    match fact {
        Fact::PayerNamed => payer_named(case),
        Fact::MemberRecord => member_record(case),
        Fact::PatientAge
        | Fact::PatientAgeInDays
        | Fact::PatientSex
        | Fact::ReceivedDate
        | Fact::Accident
        | Fact::PrimaryCareProvider
        | Fact::ClaimDiagnoses
        | Fact::DocumentsReceived
        | Fact::DocumentsRequested
        | Fact::ClaimCharge => of_claim(fact, case, service),
        Fact::TypeOfBill | Fact::AdmissionData | Fact::DrgGiven | Fact::InpatientProcedures => of_facility(fact, case),
        Fact::BillingProvider => provider(case.file.claim.billing_npi, case.billing, day(case, service)),
        Fact::OtherPayers | Fact::PayersOnRecord | Fact::PriorDecisions => of_other_payers(fact, case, service),
        Fact::AuthorizationsOnFile => on_file(case),
        Fact::ServiceDates => service.map_or_else(
            || days(case.file.claim.service_from(), case.file.claim.service_through()),
            |service| days(Some(service.line.from), Some(service.line.through)),
        ),
        _ => service.or(case.services.first()).map_or_else(String::new, |service| of_line(fact, case, service)),
    }
}

fn of_claim(fact: Fact, case: &Case<'_>, service: Option<&Service<'_>>) -> String {
    let person = case.member().map_or_else(|| case.file.claim.patient(), |member| &member.person);
    match fact {
        Fact::PatientAge => match (person.birth, day(case, service)) {
            (Some(birth), Some(day)) => format!("{} years", age_on(birth, day)),
            _ => String::new(),
        },
        Fact::PatientAgeInDays => match (person.birth, day(case, service)) {
            (Some(birth), Some(day)) => days_between(birth, day).to_string(),
            _ => String::new(),
        },
        Fact::ClaimDiagnoses => match list(case.file.claim.diagnoses.iter().map(ToString::to_string)) {
            none if none.is_empty() => "none".to_owned(),
            codes => codes,
        },
        Fact::ClaimCharge => case.file.claim.charge.to_string(),
        Fact::PatientSex => sex(person.sex).to_owned(),
        Fact::ReceivedDate => case.file.received.to_string(),
        Fact::PrimaryCareProvider => {
            let own = service.or(case.services.first()).and_then(|service| service.cover?.coverage.primary_care_npi);
            own.map_or_else(String::new, |npi| npi.to_string())
        }
        Fact::DocumentsReceived => list(case.file.documents.received.iter().map(documents::told)),
        Fact::DocumentsRequested => {
            list(case.file.documents.requested.iter().map(|asked| format!("{} until {}", asked.id, asked.due)))
        }
        Fact::Accident => {
            let accident = case.file.claim.accident;
            let causes = [(accident.automobile, "car"), (accident.employment, "work"), (accident.other, "other")];
            list(causes.iter().filter(|(is, _)| *is).map(|(_, cause)| (*cause).to_owned()))
        }
        _ => String::new(),
    }
}

fn of_line(fact: Fact, case: &Case<'_>, service: &Service<'_>) -> String {
    let (line, cover) = (service.line, service.cover);
    match fact {
        Fact::Procedure => match service.procedure {
            Some(row) => format!("{}, benefit {}", line.billed(), row.benefit),
            None => line.billed(),
        },
        Fact::Modifiers => line
            .modifiers()
            .next()
            .map_or_else(|| "none".to_owned(), |_| list(line.modifiers().map(|modifier| modifier.to_string()))),
        Fact::Units => format!("{}{}", line.units.normalize(), if line.minutes { " minutes" } else { "" }),
        Fact::Charge => line.charge.to_string(),
        Fact::NoncoveredCharge => line.noncovered.to_string(),
        Fact::Diagnoses => {
            let pointed = list(case.file.claim.diagnoses_of(line).map(|code| code.to_string()));
            if pointed.is_empty() { "none".to_owned() } else { pointed }
        }
        Fact::Place => line.place.to_string(),
        Fact::Emergency => yes_or_no(service.is_emergency()),
        Fact::RevenueCode => line.revenue.to_string(),
        Fact::RenderingProvider => provider(line.rendering_npi, service.rendering, Some(line.from)),
        Fact::OrderingProvider => npi(line.ordering_npi),
        Fact::ReferringProvider => npi(line.referring_npi.or(case.file.claim.referring_npi)),
        Fact::Authorization => named(case, &line.authorization_number, false),
        Fact::Referral => named(case, &line.referral_number, true),
        Fact::Attachment => yes_or_no(line.attachment),
        Fact::DrugCode => told(&line.details.drug_code),
        Fact::LaboratoryCertificate => told(&line.details.certificate),
        Fact::History => history(case, service),
        Fact::OtherLines => other_lines(case, service),
        _ => cover.map_or_else(String::new, |cover| of_cover(fact, case, service, cover)),
    }
}

/// A text of the claim; "none" where it has none.
fn told(text: &str) -> String {
    if text.is_empty() { "none".to_owned() } else { text.to_owned() }
}

fn of_cover(fact: Fact, case: &Case<'_>, service: &Service<'_>, cover: Cover<'_>) -> String {
    let (line, payer) = (service.line, &case.file.payer);
    match fact {
        Fact::PlanInForce => format!("{}, {}", cover.plan.plan_id, period(cover.coverage.period)),
        Fact::NetworkMet => match cover.network {
            Network::In => "in network".to_owned(),
            Network::Out => "out of network".to_owned(),
            Network::Tier(tier) => format!("tier {tier}"),
        },
        Fact::Benefit => cover.benefit.map_or_else(|| "none".to_owned(), |benefit| benefit.name.to_string()),
        Fact::FilingLimit => match (cover.plan.medicare, cover.plan.timely_filing_days) {
            (true, _) => "one year (42 CFR 424.44)".to_owned(),
            (false, Some(days)) => format!("{days} days"),
            (false, None) => "none".to_owned(),
        },
        Fact::FeeScheduleUsed => cover.schedule.map_or_else(|| "none".to_owned(), |schedule| schedule.id.clone()),
        Fact::LimitsLeft => limits_left(case, service, cover),
        Fact::CostShareMet => met(case, service, cover),
        Fact::Policies => {
            let about = payer.policies.about(line.procedure, line.revenue);
            let about = about.filter(|policy| policy.period.contains(line.from));
            shortened(about.map(|policy| policy.policy_id.clone()))
        }
        Fact::PaymentIndicators => cover.relative_value(line.procedure, line.from).map_or_else(String::new, |value| {
            format!("{:?}, PC/TC {}, bilateral {}", value.status, value.pctc, value.bilateral)
        }),
        Fact::GlobalPeriods => cover
            .relative_value(line.procedure, line.from)
            .map_or_else(String::new, |value| format!("{:?}", value.global)),
        Fact::UnitLimit => {
            let table = if case.file.claim.institutional.is_some() { &payer.outpatient_mue } else { &payer.mue };
            let limit = table.on(line.from).and_then(|table| Some((table.lookup(line.procedure)?, table.release())));
            limit.map_or_else(String::new, |(limit, release)| format!("{} ({:?}), {release}", limit.units, limit.mai))
        }
        Fact::PairRelease => {
            let table = if case.file.claim.institutional.is_some() { &payer.outpatient_ncci } else { &payer.ncci };
            table.on(line.from).map_or_else(|| "none loaded".to_owned(), |table| table.release().to_owned())
        }
        _ => String::new(),
    }
}

fn of_facility(fact: Fact, case: &Case<'_>) -> String {
    let Some(facility) = &case.file.claim.institutional else { return String::new() };
    match fact {
        Fact::TypeOfBill => facility.bill.to_string(),
        Fact::AdmissionData => {
            let admitted = facility.admission.map_or_else(|| "none".to_owned(), |day| day.to_string());
            let (kind, source) = (facility.admission_type, facility.admission_source);
            format!("{admitted}, type {kind}, source {source}, status {}", facility.patient_status)
        }
        Fact::DrgGiven => case.drg().map_or_else(|| "none".to_owned(), |drg| drg.to_string()),
        Fact::InpatientProcedures => shortened(facility.procedures.iter().map(|done| done.code.to_string())),
        _ => String::new(),
    }
}

fn of_other_payers(fact: Fact, case: &Case<'_>, service: Option<&Service<'_>>) -> String {
    let claim = &case.file.claim;
    match fact {
        Fact::OtherPayers => {
            let others = claim.other_payers.iter().map(|p| format!("{} {}", place(p.responsibility), p.payer_id));
            let own = format!("this payer {}", place(claim.responsibility));
            shortened([own].into_iter().chain(others))
        }
        Fact::PayersOnRecord => {
            let Some(service) = service.or(case.services.first()) else { return String::new() };
            let told = case.payers_on_record(service).into_iter().map(|(other, order)| {
                format!("{} pays {}", other.payer_id, if order.other_first { "first" } else { "after" })
            });
            let told = shortened(told);
            if told.is_empty() { "none".to_owned() } else { told }
        }
        _ => {
            let of_line = |id: &str| -> Option<Money> {
                let told = service?.line.other_decisions.iter().filter(|decision| decision.payer_id == id);
                told.map(|decision| decision.paid).reduce(|sum, paid| sum + paid)
            };
            shortened(claim.decided_before().map(|payer| {
                let paid = of_line(&payer.payer_id).or_else(|| payer.decision.as_ref().map(|decision| decision.paid));
                format!("{} paid {}", payer.payer_id, paid.unwrap_or(Money::ZERO))
            }))
        }
    }
}

fn payer_named(case: &Case<'_>) -> String {
    let (named, ours) = (&case.file.claim.payer_id, case.file.payer.payer_ids.join(", "));
    if named.is_empty() { format!("none; this payer is {ours}") } else { format!("{named}; this payer is {ours}") }
}

fn member_record(case: &Case<'_>) -> String {
    let number = &case.file.claim.subscriber.member_id;
    match case.patient {
        Patient::Found(member) => format!("{number}, on file as {}", member.member_id),
        Patient::Differs(_) => format!("{number}, on file under another name or birth date"),
        Patient::Unknown => format!("{number}, not on file"),
    }
}

fn provider(number: Npi, record: Option<&Provider>, day: Option<Date>) -> String {
    let Some(record) = record else { return format!("{number}, not known to this payer") };
    match day.and_then(|day| record.enrollment_on(day)) {
        Some(enrolled) => format!("{number}, enrolled, networks: {}", list(enrolled.networks.iter().cloned())),
        None => format!("{number}, known, not enrolled that day"),
    }
}

/// The authorization or referral that the line names.
fn named(case: &Case<'_>, number: &str, referral: bool) -> String {
    if number.is_empty() {
        return "none named".to_owned();
    }
    let found = case.file.authorizations.iter().find(|a| a.referral == referral && a.number == number);
    found.map_or_else(|| format!("{number}, not on file"), |found| authorization(case, found))
}

fn on_file(case: &Case<'_>) -> String {
    let own = |found: &&Authorization| case.member().is_some_and(|member| member.member_id == found.member_id);
    let told = shortened(case.file.authorizations.iter().filter(own).map(|found| authorization(case, found)));
    if told.is_empty() { "none".to_owned() } else { told }
}

fn authorization(case: &Case<'_>, found: &Authorization) -> String {
    let codes = found
        .procedures
        .ranges()
        .iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") });
    let units = found.units.map_or_else(String::new, |units| {
        let taken = case.file.authorization_uses.iter().filter(|taken| taken.number == found.number);
        let taken: rust_decimal::Decimal = taken.map(|taken| taken.units).sum();
        format!(", {} of {} units left", (units - taken).normalize(), units.normalize())
    });
    let codes: Vec<String> = codes.collect();
    let codes = if codes.is_empty() { "any procedure".to_owned() } else { codes.join(" ") };
    let kind = if found.referral { "referral " } else { "" };
    format!("{kind}{} for {codes}, {}{units}", found.number, period(found.period))
}

fn limits_left(case: &Case<'_>, service: &Service<'_>, cover: Cover<'_>) -> String {
    let (Some(benefit), Some(member)) = (cover.benefit, case.member()) else { return String::new() };
    shortened(cover.plan.limits_on(benefit).map(|limit| {
        let start = limit.period.start(cover.year_begins(), service.line.from);
        let used = limits::used(cover.plan, &limit, start, &member.member_id, case.file.entries());
        let left = (limit.amount - used).max(0);
        match limit.unit {
            LimitUnit::Dollars => {
                format!("{}: {} of {} left", limit.name, Money::from_cents(left), Money::from_cents(limit.amount))
            }
            unit => format!("{}: {left} of {} {} left", limit.name, limit.amount, unit.as_str()),
        }
    }))
}

/// What is met of deductible and maximum, by the time that this claim came.
fn met(case: &Case<'_>, service: &Service<'_>, cover: Cover<'_>) -> String {
    let Some(member) = case.member() else { return String::new() };
    let year_start = crate::domain::plan::year_start(cover.year_begins(), service.line.from);
    let scope = Scope { plan: cover.plan, network: cover.network, year_start, member_id: &member.member_id };
    let Some(standing) = standing(&scope, case.file.entries()) else { return String::new() };
    let of = |name: &str, met: Money, limit: Option<Money>| limit.map(|limit| format!("{name} {met} of {limit}"));
    let (deductible, most) = (standing.deductible, standing.individual_out_of_pocket);
    list(
        [
            of("deductible", deductible.individual.met, deductible.individual.limit),
            of("family's deductible", deductible.family.met, deductible.family.limit),
            of("out of pocket", most.met, most.limit),
        ]
        .into_iter()
        .flatten(),
    )
}

/// Lines of earlier claims of the patient: of the same procedure, or of the same day, the latest first.
fn history(case: &Case<'_>, service: &Service<'_>) -> String {
    let line = service.line;
    let near = |past: &&&crate::domain::determination::HistoryLine| {
        past.from == line.from || (past.procedure == line.procedure && !line.procedure.is_none())
    };
    let told = case.history.iter().rev().filter(near).map(|past| {
        let what = if past.procedure.is_none() { past.revenue.to_string() } else { past.procedure.to_string() };
        let denied = if past.denied { ", denied" } else { "" };
        format!("{what} of {} on claim {}{denied}", past.from, past.control_number)
    });
    let told = shortened(told);
    if told.is_empty() { "nothing near".to_owned() } else { told }
}

fn other_lines(case: &Case<'_>, service: &Service<'_>) -> String {
    let others = case.services.iter().filter(|other| other.at != service.at);
    shortened(others.map(|other| {
        let modifiers: String = other.line.modifiers().map(|modifier| format!(" {modifier}")).collect();
        format!("{}: {}{modifiers}", other.at + 1, other.line.billed())
    }))
}

fn day(case: &Case<'_>, service: Option<&Service<'_>>) -> Option<Date> {
    service.map(|service| service.line.from).or_else(|| case.file.claim.service_from())
}

fn days(from: Option<Date>, through: Option<Date>) -> String {
    match (from, through) {
        (Some(from), Some(through)) if from != through => format!("{from} to {through}"),
        (Some(from), _) => from.to_string(),
        (None, _) => String::new(),
    }
}

fn period(period: Period) -> String {
    period.through.map_or_else(|| format!("from {}", period.from), |through| format!("{} to {through}", period.from))
}

fn npi(number: Option<Npi>) -> String {
    number.map_or_else(|| "none named".to_owned(), |number| number.to_string())
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "F",
        Sex::Male => "M",
        Sex::Unknown => "not known",
    }
}

fn place(responsibility: Responsibility) -> &'static str {
    match responsibility {
        Responsibility::Primary => "first",
        Responsibility::Secondary => "second",
        Responsibility::Tertiary => "third",
    }
}

fn yes_or_no(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// The first few, and how many more there are.
fn shortened(parts: impl Iterator<Item = String>) -> String {
    let mut parts = parts.peekable();
    let first: Vec<String> = parts.by_ref().take(TOLD).collect();
    let more = parts.count();
    if more == 0 { first.join("; ") } else { format!("{} and {more} more", first.join("; ")) }
}
