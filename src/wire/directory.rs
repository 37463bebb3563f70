//! The payer's settings, members, providers, authorizations: messages to domain.

use crate::domain::claim::{Person, Sex};
use crate::domain::dates::Period;
use crate::domain::determination::{Accumulator, AccumulatorEntry};
use crate::domain::member::{Authorization, Coverage, Member};
use crate::domain::money::Money;
use crate::domain::plan::Network;
use crate::domain::provider::{Enrollment, Provider};
use crate::proto::v1 as pb;
use crate::reference::gpci::Locality;

use super::plans::year_begins;
use super::{Violation, Violations, facilities, other_coverage, payments, standing};

/// Reads a member.
pub fn member(message: &pb::Member) -> Result<Member, Vec<Violation>> {
    let mut found = Violations::default();
    let member = read_member(message, &mut found);
    found.into_result(member)
}

/// Reads a provider.
pub fn provider(message: &pb::Provider, rule: NpiRule) -> Result<Provider, Vec<Violation>> {
    let mut found = Violations::default();
    let provider = read_provider(message, rule, &mut found);
    found.into_result(provider)
}

/// Reads an authorization.
pub fn authorization(message: &pb::Authorization) -> Result<Authorization, Vec<Violation>> {
    let mut found = Violations::default();
    let authorization = read_authorization(message, &mut found);
    found.into_result(authorization)
}

pub(super) fn read_member(message: &pb::Member, found: &mut Violations) -> Option<Member> {
    let member_id = found.required("member_id", &message.member_id);
    let subscriber_id = found.required("subscriber_id", &message.subscriber_id);
    let is_subscriber = message.member_id == message.subscriber_id;
    match message.relationship_code.as_str() {
        "18" if !is_subscriber => {
            found.add("relationship_code", "\"18\" is the subscriber, but `subscriber_id` names another member");
        }
        "" => found.add("relationship_code", "is missing: \"18\" self, \"01\" spouse, \"19\" child, \"G8\" other"),
        code if code != "18" && is_subscriber => {
            found.add("relationship_code", format!("{code:?}: a subscriber's own is \"18\""));
        }
        _ => {}
    }
    let name = message.person_name.clone().unwrap_or_default();
    found.within("person_name", |found| found.required("last", &name.last));
    let birth = found.date_if_any("birth_date", &message.birth_date);
    address(message.address.as_ref(), found);
    let mut coverages = found.each("coverages", &message.coverages, read_coverage);
    if message.coverages.is_empty() {
        found.add("coverages", "is missing: at least one period of coverage");
    }
    apart("coverages", message.coverages.iter().map(|c| (&c.from, &c.through)), found);
    coverages.sort_by_key(|coverage| coverage.period);
    let other_coverages = found.each("other_coverages", &message.other_coverages, other_coverage::read);
    let medicare_entitlement = other_coverage::entitlement(message, found);
    let standing = found.within("standing", |found| standing::of_member(message.standing.as_ref(), found));
    let credits = found
        .each("prior_credits", &message.prior_credits, |credit, found| prior_credit(&message.member_id, credit, found));
    let hospice_elections = found.each("hospice_elections", &message.hospice_elections, |chosen, found| {
        found.period(&chosen.from, &chosen.through)
    });
    Some(Member {
        member_id: member_id?.to_owned(),
        subscriber_id: subscriber_id?.to_owned(),
        relationship: message.relationship_code.clone(),
        person: Person { last: name.last, first: name.first, birth: birth?, sex: sex(message.sex()) },
        coverages,
        other_coverages,
        disabled: message.disabled,
        student: message.student,
        prior_credits: credits.into_iter().flatten().collect(),
        medicare_entitlement: medicare_entitlement?,
        other_coverage_unanswered: message.other_coverage_unanswered,
        hospice_elections,
        standing: standing?,
    })
}

fn read_coverage(message: &pb::Coverage, found: &mut Violations) -> Option<Coverage> {
    let plan_id = found.required("plan_id", &message.plan_id);
    let period = found.period(&message.from, &message.through);
    let primary_care_npi = found.npi_if_any("primary_care_npi", &message.primary_care_npi);
    let year_begins = match message.benefit_year.as_str() {
        "" => Some(None),
        text => year_begins("benefit_year", text, found).map(Some),
    };
    let employment = other_coverage::employment(message.work_status(), message.employer_size, found);
    Some(Coverage {
        plan_id: plan_id?.to_owned(),
        period: period?,
        primary_care_npi: primary_care_npi?,
        year_begins: year_begins?,
        employment: employment?,
    })
}

/// What a member had met under an earlier carrier: an entry for each amount.
fn prior_credit(member_id: &str, message: &pb::PriorCredit, found: &mut Violations) -> Option<Vec<AccumulatorEntry>> {
    let year_start = found.date("year_start", &message.year_start);
    let deductible = found.amount("deductible_cents", message.deductible_cents);
    let out_of_pocket = found.amount("out_of_pocket_cents", message.out_of_pocket_cents);
    let network = Network::named(if message.network.is_empty() { "in" } else { &message.network });
    let (year_start, amounts) = (year_start?, [deductible?, out_of_pocket?]);
    let entry = |(accumulator, amount): (Accumulator, Money)| AccumulatorEntry {
        accumulator,
        member_id: member_id.to_owned(),
        network,
        year_start,
        amount: amount.cents(),
        line: 0,
        plan_id: String::new(),
    };
    Some([Accumulator::Deductible, Accumulator::OutOfPocket].into_iter().zip(amounts).map(entry).collect())
}

/// Sex as the domain has it.
pub fn sex(sex: pb::Sex) -> Sex {
    match sex {
        pb::Sex::Female => Sex::Female,
        pb::Sex::Male => Sex::Male,
        pb::Sex::Unspecified | pb::Sex::Unknown => Sex::Unknown,
    }
}

/// Notes every period that shares a day with one before it in the list.
fn apart<'m>(list: &str, periods: impl Iterator<Item = (&'m String, &'m String)>, found: &mut Violations) {
    let mut before: Vec<(usize, Period)> = Vec::new();
    for (at, (from, through)) in periods.enumerate() {
        // A period that cannot be read has been noted already.
        let Some(period) = Violations::default().period(from, through) else { continue };
        if let Some((other, _)) = before.iter().find(|(_, other)| other.overlaps(&period)) {
            let path = found.path(format_args!("{list}[{other}]"));
            found.add(format_args!("{list}[{at}]"), format!("{period} shares days with `{path}`"));
        }
        before.push((at, period));
    }
}

/// What an NPI must hold to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum NpiRule {
    /// The check digit.
    CheckDigit,
    /// Ten digits: published sample claims carry numbers that fail the check digit.
    TenDigits,
}

impl NpiRule {
    /// The payer's rule.
    pub fn of(payer: &pb::Payer) -> NpiRule {
        if payer.x12.as_ref().is_some_and(|x12| x12.accept_failing_npis) {
            NpiRule::TenDigits
        } else {
            NpiRule::CheckDigit
        }
    }
}

pub(super) fn read_provider(message: &pb::Provider, rule: NpiRule, found: &mut Violations) -> Option<Provider> {
    let npi = found.npi("npi", &message.npi);
    if rule == NpiRule::CheckDigit && npi.is_some_and(|npi| !npi.check_digit_holds()) {
        found.add("npi", format!("{} fails the check digit of NPIs", message.npi));
    }
    let name = message.provider_name.as_ref().map_or("", |name| &name.last);
    found.within("provider_name", |found| found.required("last", name));
    let digits = message.tax_id.bytes().all(|b| b.is_ascii_digit());
    if message.tax_id.len() != 9 || !digits {
        found.add("tax_id", format!("{:?} is no tax number: nine digits", message.tax_id));
    }
    let taxonomy = &message.taxonomy_code;
    if !taxonomy.is_empty() && (taxonomy.len() != 10 || !taxonomy.bytes().all(|b| b.is_ascii_alphanumeric())) {
        found.add("taxonomy_code", format!("{taxonomy:?} is no taxonomy code: ten letters and digits"));
    }
    address(message.address.as_ref(), found);
    let mut enrollments = found.each("enrollments", &message.enrollments, |message, found| {
        let period = found.period(&message.from, &message.through);
        Some(Enrollment { period: period?, networks: message.networks.clone() })
    });
    apart("enrollments", message.enrollments.iter().map(|e| (&e.from, &e.through)), found);
    enrollments.sort_by_key(|enrollment| enrollment.period);
    locality("locality", &message.locality, found);
    payments::account(message.account.as_ref(), found);
    let calendar = payments::calendar(message.calendar.as_ref(), found);
    let standing = found.within("standing", |found| standing::of_provider(message.standing.as_ref(), found));
    let withholds = found.each("withholds", &message.withholds, payments::withhold);
    Some(Provider {
        npi: npi?,
        tax_id: message.tax_id.clone(),
        taxonomy: taxonomy.clone(),
        enrollments,
        calendar,
        withholds,
        facility: match &message.facility {
            Some(facility) => Some(found.within("facility", |found| facilities::facility(facility, found))?),
            None => None,
        },
        locality: (!message.locality.is_empty()).then(|| message.locality.clone()),
        non_participating: message.participation() == pb::Participation::NonParticipating,
        standing: standing?,
    })
}

/// Notes a Medicare locality that is none; it may be left out.
fn locality(field: &str, text: &str, found: &mut Violations) {
    if !text.is_empty() && locality_of(text).is_none() {
        found.add(field, format!("{text:?} is no locality: MAC and locality such as \"01112-05\""));
    }
}

/// A Medicare locality such as "01112-05".
pub(super) fn locality_of(text: &str) -> Option<Locality> {
    Locality::from_text(text)
}

pub(super) fn read_authorization(message: &pb::Authorization, found: &mut Violations) -> Option<Authorization> {
    let number = found.required("number", &message.number);
    let member_id = found.required("member_id", &message.member_id);
    // None at all: any.
    let procedures = found.procedures("procedures", &message.procedures);
    let npi = found.npi_if_any("npi", &message.npi);
    let period = found.period(&message.from, &message.through);
    found.required("through", &message.through);
    let units = match message.units.as_str() {
        "" => Some(None),
        text => found.decimal("units", text).map(Some),
    };
    if units.flatten().is_some_and(|units| !units.is_sign_positive() || units.is_zero()) {
        found.add("units", format!("{} units authorize nothing: more than 0, or nothing for no limit", message.units));
    }
    let requested = found.date_if_any("requested_date", &message.requested_date);
    Some(Authorization {
        number: number?.to_owned(),
        member_id: member_id?.to_owned(),
        procedures: procedures?,
        npi: npi?,
        period: period?,
        units: units?,
        referral: message.referral,
        denied: message.status() == pb::AuthorizationStatus::Denied,
        requested: requested?,
        retrospective: message.retrospective,
        cancelled: message.status() == pb::AuthorizationStatus::Cancelled,
    })
}

/// Notes what is wrong with the payer's settings.
pub(super) fn read_payer(message: &pb::Payer, found: &mut Violations) {
    found.required("payer_id", &message.payer_id);
    let too_long = |text: &String| text.len() > 80;
    if too_long(&message.payer_id) {
        found.add("payer_id", "is longer than 80 characters");
    }
    for (at, other) in message.other_payer_ids.iter().enumerate() {
        if other.is_empty() || too_long(other) || *other == message.payer_id {
            found.add(format_args!("other_payer_ids[{at}]"), format!("{other:?}: another id, at most 80 characters"));
        }
    }
    found.required("name", &message.name);
    match &message.address {
        Some(_) => address(message.address.as_ref(), found),
        None => found.add("address", "is missing: an 835 carries the payer's address"),
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    found.required("contact_name", &message.contact_name);
    if !digits(&message.contact_phone) || message.contact_phone.len() != 10 {
        found.add("contact_phone", format!("{:?} is no telephone number: ten digits", message.contact_phone));
    }
    let company = &message.originating_company_id;
    if !digits(company) || !matches!(company.len(), 9 | 10) {
        found.add("originating_company_id", format!("{company:?}: nine or ten digits"));
    }
    found.date("clock_start", &message.clock_start);
    found.limit("payment_days", message.payment_days);
    locality("default_locality", &message.default_locality, found);
    let x12 = message.x12.clone().unwrap_or_default();
    found.within("x12", |found| {
        let (qualifier, id) = (&x12.interchange_qualifier, &x12.interchange_id);
        if !qualifier.is_empty() && (qualifier.len() != 2 || !qualifier.bytes().all(|b| b.is_ascii_alphanumeric())) {
            found.add("interchange_qualifier", format!("{qualifier:?}: two letters or digits, such as \"ZZ\""));
        }
        if id.len() > 15 || (id.is_empty() && message.payer_id.len() > 15) {
            found.add("interchange_id", "at most 15 characters; the payer id where it is left out");
        }
    });
}

/// Notes what is wrong with an address, where there is one.
fn address(message: Option<&pb::Address>, found: &mut Violations) {
    let Some(message) = message else { return };
    found.within("address", |found| {
        if !matches!(message.lines.len(), 1 | 2) || message.lines.iter().any(|line| line.trim().is_empty()) {
            found.add("lines", "one or two lines of the street");
        }
        found.required("city", &message.city);
        if !message.country.is_empty() && message.country != "US" {
            return;
        }
        if message.state.len() != 2 || !message.state.bytes().all(|b| b.is_ascii_uppercase()) {
            found.add("state", format!("{:?} is no state: two capital letters", message.state));
        }
        if !matches!(message.zip.len(), 5 | 9) || !message.zip.bytes().all(|b| b.is_ascii_digit()) {
            found.add("zip", format!("{:?} is no ZIP code: five or nine digits", message.zip));
        }
    });
}
