//! The ruling: what the auditor itself makes of a claim, in whole cents and days, from the plan's own words.
//!
//! It knows the made-up payer's numbers and its books, and calls nothing of the program.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use payersim::proto::v1 as pb;
use pb::GroupCode::{self, Co, Oa, Pr};

use super::books::{Books, LineAct, line_act};
use super::corrected::{corrects, original};
use super::payer::{BENEFITS, Benefit, GROUND_AMBULANCE, Member, PAYER_ID, PROCEDURES, Plan, days_after};
use super::ruled::Ground;
use super::stay::ROOM;
use super::told::{self, is_told};

/// What should become of a claim.
pub enum Ruling {
    /// Turned away, for each of these pairs of status category and status.
    Rejected(BTreeSet<(&'static str, &'static str)>),
    /// A void: what it names is taken back, and nothing decided.
    Void,
    /// Waits for a person, on these grounds; of its money nothing is said yet.
    Pended(BTreeSet<Ground>),
    /// Decided.
    Decided(Vec<LineRuling>),
}

/// What should become of a line.
#[derive(Default)]
pub struct LineRuling {
    pub denied: bool,
    pub allowed: i64,
    /// What is not paid, by group and reason.
    pub adjusted: BTreeMap<(&'static str, &'static str), i64>,
    /// What is taken from the accounts: name and amount.
    pub taken: BTreeMap<String, i64>,
    /// Who bears what is above the allowed amount: CO, or PR.
    pub excess_group: &'static str,
    pub network: &'static str,
    pub year: Option<Date>,
    /// Authorization or referral and its units.
    pub used: Vec<(String, i64)>,
}

impl LineRuling {
    pub fn paid(&self, charge: i64) -> i64 {
        charge - self.adjusted.values().sum::<i64>()
    }
}

/// A line, and what it falls under.
pub struct Service<'a> {
    pub act: LineAct,
    emergency: bool,
    pub facility: bool,
    pub plan: Option<&'a Plan>,
    /// Whether its provider is in network; without a plan it means nothing.
    pub inside: bool,
    /// Whether the provider may bill the patient what is not allowed.
    pub balance_billed: bool,
    /// What an earlier payer paid, and what it wrote off by contract (CO).
    pub prior: Option<(i64, i64)>,
    authorization: &'a str,
    referral: &'a str,
    pub denied: Option<(GroupCode, &'static str)>,
    pub used: Vec<(String, i64)>,
}

/// A claim and what has been found so far.
pub struct Court<'a> {
    pub books: &'a Books,
    pub claim: &'a pb::ProfessionalClaim,
    pub member: Option<&'a Member>,
    pub services: Vec<Service<'a>>,
    /// Why it waits.
    pub grounds: BTreeSet<Ground>,
}

/// The step that gives a reason, and what it finds of a line.
type Reason<'b> = (&'static str, fn(&Court<'b>, usize) -> Finding);

/// Rules on a claim that comes in today.
pub fn rule<'b>(books: &'b Books, claim: &'b pb::ProfessionalClaim) -> Ruling {
    let known = books.payer.member(&claim.subscriber.as_ref().unwrap().member_id);
    let rejections = rejections(books, claim, known);
    if !rejections.is_empty() {
        return Ruling::Rejected(rejections);
    }
    let mut court = Court::open(books, claim, known);
    court.obey();
    court.deny_claim(known);
    // In order of precedence; each reason for all lines, before the next.
    let reasons: [Reason<'b>; 14] = [
        ("outside-coverage", Court::coverage),
        ("duplicate", Court::duplicate),
        ("timely-filing", Court::filing),
        ("invalid-procedure", Court::procedure),
        ("ineligible-provider", Court::provider),
        ("other-payer-first", Court::payer_first),
        ("out-of-network", Court::network),
        ("referral", Court::referral),
        ("excluded-service", Court::exclusion),
        ("waiting-period", Court::waiting),
        ("authorization", Court::authorization),
        ("benefit-maximum", Court::visit_limit),
        ("benefit-maximum", Court::dollar_limit),
        ("same-day-visit", Court::same_day_visit),
    ];
    for (step, reason) in reasons {
        for at in 0..court.services.len() {
            let found = reason(&court, at);
            if matches!(found, Use(..)) || !court.set_aside(step, Some(at)) {
                court.hear(at, found);
            }
        }
    }
    if court.grounds.is_empty() { Ruling::Decided(court.settle()) } else { Ruling::Pended(court.grounds) }
}

fn rejections(
    books: &Books,
    claim: &pb::ProfessionalClaim,
    known: Option<&Member>,
) -> BTreeSet<(&'static str, &'static str)> {
    let mut found = BTreeSet::new();
    if claim.lines.iter().map(|line| line.charge_cents).sum::<i64>() != claim.charge_cents {
        found.insert(("A7", "178"));
    }
    found.extend(corrects(claim).then(|| original(books, claim).err()).flatten());
    if claim.lines.iter().any(|line| line_act(claim, line).through > books.today) {
        found.insert(("A7", "510"));
    }
    if known.is_none() && books.payer.rejects_strangers {
        found.insert(("A3", "33"));
    }
    // What the payer would take in is turned away where it is told to.
    if found.is_empty() && is_told(claim, told::TURNED_AWAY) {
        found.insert(("A7", "562"));
    }
    found
}

enum Finding {
    Nothing,
    Deny(GroupCode, &'static str),
    Pend,
    Use(String, i64),
}
use Finding::{Deny, Nothing, Pend, Use};

impl<'a> Court<'a> {
    fn open(books: &'a Books, claim: &'a pb::ProfessionalClaim, known: Option<&'a Member>) -> Court<'a> {
        let member = known.and_then(|known| patient(books, claim, &known.subscriber));
        let mut court = Court { books, claim, member, services: Vec::new(), grounds: BTreeSet::new() };
        court.services = claim.lines.iter().map(|line| court.service(line)).collect();
        court
    }

    fn service(&self, line: &'a pb::ServiceLine) -> Service<'a> {
        let (claim, act) = (self.claim, line_act(self.claim, line));
        let place = if line.place_of_service.is_empty() { &claim.place_of_service } else { &line.place_of_service };
        let emergency = line.emergency || place == "23";
        let plan = self.member.and_then(|member| member.plan_on(act.from)).map(|at| &self.books.payer.plans[at]);
        let belongs = |npi: &str| {
            let provider = self.books.payer.provider(npi).filter(|provider| provider.enrolled(act.from));
            provider
                .zip(plan)
                .is_some_and(|(provider, plan)| provider.networks.iter().any(|network| plan.networks.contains(network)))
        };
        let open = plan.is_some_and(|plan| plan.networks.is_empty());
        let contracted = open || belongs(&act.rendering) || belongs(&act.billing);
        // No law puts a ground ambulance on the network's terms; a plan that pays nobody outside does so in an emergency.
        let ambulance = act.code == GROUND_AMBULANCE;
        let closed = plan.is_some_and(|plan| plan.outside.is_none());
        let inside = contracted || (emergency && (!ambulance || closed));
        let balance_billed = match inside {
            true => !contracted && ambulance,
            false => plan.is_some_and(|plan| plan.balance_billing),
        };
        let or = |own: &'a str, claim: &'a str| if own.is_empty() { claim } else { own };
        Service {
            emergency,
            // Places of service 22 and 23 are a hospital's, 11 is an office.
            facility: matches!(place.as_str(), "22" | "23"),
            plan,
            inside,
            balance_billed,
            authorization: or(&line.authorization_number, &claim.authorization_number),
            referral: or(&line.referral_number, &claim.referral_number),
            prior: self.is_second().then(|| line.other_payers.first().map(prior)).flatten(),
            denied: None,
            used: Vec::new(),
            act,
        }
    }

    fn hear(&mut self, at: usize, finding: Finding) {
        let service = &mut self.services[at];
        match finding {
            Nothing => {}
            Deny(group, reason) => {
                service.denied.get_or_insert((group, reason));
            }
            Pend if service.denied.is_none() => {
                self.grounds.insert(("duplicate", at + 1));
            }
            Pend => {}
            Use(number, units) => service.used.push((number, units)),
        }
    }

    /// Wrong payer, and who is not insured here.
    fn deny_claim(&mut self, known: Option<&Member>) {
        let found = match (known, self.member) {
            _ if self.claim.payer_id != PAYER_ID => Some((Co, "109")),
            (None, _) => Some((Pr, "31")),
            (Some(_), None) => Some((Co, "140")),
            (Some(_), Some(_)) => None,
        };
        self.services.iter_mut().for_each(|service| service.denied = service.denied.or(found));
    }

    fn coverage(&self, at: usize) -> Finding {
        let (Some(member), act) = (self.member, &self.services[at].act) else { return Nothing };
        // Who is covered on the day of admission is covered for the stay.
        let days = [act.from, if act.is_stay() { act.from } else { act.through }];
        let Some(day) = days.into_iter().find(|day| member.plan_on(*day).is_none()) else {
            return Nothing;
        };
        let earlier = member.coverages.iter().any(|(_, from, _)| *from <= day);
        let later = member.coverages.iter().any(|(_, from, _)| *from > day);
        Deny(
            Pr,
            if earlier && later {
                "200"
            } else if earlier {
                "27"
            } else {
                "26"
            },
        )
    }

    /// The same service again; with other charge, units, modifiers or biller it is the plan's choice.
    fn duplicate(&self, at: usize) -> Finding {
        let (Some(member), Some(plan), act) = (self.member, self.services[at].plan, &self.services[at].act) else {
            return Nothing;
        };
        let past = self.books.past.iter().filter(|past| past.member == member.id).map(|past| &past.act);
        let further = act.modifiers.iter().any(|modifier| matches!(modifier.as_str(), "59" | "76"));
        let here = self.services[..at].iter().map(|service| &service.act).filter(|_| !further);
        let marks = |act: &LineAct| -> BTreeSet<String> {
            act.modifiers.iter().filter(|modifier| matches!(modifier.as_str(), "59" | "76")).cloned().collect()
        };
        let alike: Vec<&LineAct> = past
            .chain(here)
            .filter(|other| {
                (&other.code, other.from, &other.rendering) == (&act.code, act.from, &act.rendering)
                    && marks(other) == marks(act)
            })
            .collect();
        if alike.contains(&act) {
            return Deny(Oa, "18");
        }
        match plan.suspects {
            _ if alike.is_empty() => Nothing,
            pb::SuspectDuplicates::Pend => Pend,
            pb::SuspectDuplicates::Pay => Nothing,
            _ => Deny(Oa, "18"),
        }
    }

    fn filing(&self, at: usize) -> Finding {
        let service = &self.services[at];
        let days = service.plan.map_or(0, |plan| plan.filing_days);
        let counted = if service.act.is_stay() { service.act.through } else { service.act.from };
        let late = days > 0 && self.books.today > days_after(counted, i64::from(days));
        if late { Deny(Co, "29") } else { Nothing }
    }

    fn procedure(&self, at: usize) -> Finding {
        let known =
            self.services[at].act.is_stay() || PROCEDURES.iter().any(|(code, _)| *code == self.services[at].act.code);
        if self.books.payer.complete && !known { Deny(Co, "181") } else { Nothing }
    }

    fn provider(&self, at: usize) -> Finding {
        let service = &self.services[at];
        let Some(plan) = service.plan.filter(|_| !service.emergency) else { return Nothing };
        let fault = |npi: &str| match self.books.payer.provider(npi) {
            None if plan.outside.is_none() => Some("208"),
            Some(provider) if !provider.enrolled(service.act.from) => Some("B7"),
            _ => None,
        };
        fault(&service.act.billing).or_else(|| fault(&service.act.rendering)).map_or(Nothing, |code| Deny(Co, code))
    }

    /// Another payer comes first, by the claim or on record, and has not decided.
    fn payer_first(&self, at: usize) -> Finding {
        let service = &self.services[at];
        let second = self.member.is_some_and(|member| member.insured_elsewhere) || self.is_second();
        if second && service.plan.is_some() && service.prior.is_none() { Deny(Co, "22") } else { Nothing }
    }

    fn is_second(&self) -> bool {
        self.claim.subscriber.as_ref().is_some_and(|subscriber| subscriber.payer_responsibility == "S")
    }

    fn network(&self, at: usize) -> Finding {
        let service = &self.services[at];
        let closed = service.plan.is_some_and(|plan| plan.outside.is_none());
        if closed && !service.inside { Deny(Pr, "242") } else { Nothing }
    }

    fn referral(&self, at: usize) -> Finding {
        let (Some(member), service) = (self.member, &self.services[at]) else { return Nothing };
        let gated = service.plan.is_some_and(|plan| plan.referred.contains(&benefit_name(&service.act.code)));
        let by = |npi: &String| npi == &service.act.rendering || npi == &service.act.billing;
        let listed = PROCEDURES.iter().any(|(code, _)| *code == service.act.code);
        if !gated || !listed || service.emergency || member.primary_care.as_ref().is_some_and(by) {
            return Nothing;
        }
        let deny = Deny(if service.inside { Co } else { Pr }, "243");
        let Some((number, left)) = self.find(at, service.referral, true) else { return deny };
        // Each line says so; a visit is counted once a day.
        let begun = self.visits(&number).contains(&service.act.from);
        if begun || left.is_none_or(|left| left >= 1) { Use(number, 1) } else { deny }
    }

    fn exclusion(&self, at: usize) -> Finding {
        let excluded = self.benefit(at).and_then(|benefit| benefit.excluded);
        excluded.map_or(Nothing, |reason| Deny(Pr, reason))
    }

    /// The benefit is given only after so many days of coverage.
    fn waiting(&self, at: usize) -> Finding {
        let (Some(member), Some(benefit)) = (self.member, self.benefit(at)) else { return Nothing };
        let day = self.services[at].act.from;
        let waits = member.covered_since(day).is_some_and(|since| day < days_after(since, benefit.waiting));
        if waits { Deny(Pr, "179") } else { Nothing }
    }

    fn authorization(&self, at: usize) -> Finding {
        let service = &self.services[at];
        let required = self.benefit(at).is_some_and(|benefit| benefit.authorized) && !service.emergency;
        let deny = |reason| if required { Deny(Co, reason) } else { Nothing };
        if service.authorization.is_empty() {
            return deny("197");
        }
        match self.find(at, service.authorization, false) {
            None => deny("15"),
            Some((_, Some(left))) if left < service.act.units => deny("198"),
            Some((number, _)) => Use(number, service.act.units),
        }
    }

    /// An authorization or referral that fits the line, and what is left of it.
    fn find(&self, at: usize, number: &str, referral: bool) -> Option<(String, Option<i64>)> {
        let (act, member) = (&self.services[at].act, self.member?);
        let found = self.books.payer.authorizations.iter().find(|found| {
            found.number == number
                && found.referral == referral
                && found.member == member.id
                && found.codes.contains(&act.code.as_str())
                && (found.from..=found.through).contains(&act.from)
                && (found.from..=found.through).contains(&act.through)
                && found.npi.as_ref().is_none_or(|npi| *npi == act.rendering || *npi == act.billing)
        })?;
        let here: i64 = match referral {
            true => i64::try_from(self.visits(number).len()).unwrap(),
            false => self.standing_uses().filter(|(_, (of, _))| of == number).map(|(_, (_, units))| units).sum(),
        };
        let used = self.books.used.get(number).copied().unwrap_or(0) + here;
        Some((number.to_owned(), (found.units > 0).then(|| found.units - used)))
    }

    /// What lines that stand take from authorizations and referrals, each with its day.
    fn standing_uses(&self) -> impl Iterator<Item = (Date, &(String, i64))> {
        let standing = self.services.iter().filter(|service| service.denied.is_none());
        standing.flat_map(|service| service.used.iter().map(|used| (service.act.from, used)))
    }

    /// The days on which lines that stand were done on a referral.
    fn visits(&self, number: &str) -> BTreeSet<Date> {
        self.standing_uses().filter(|(_, (of, _))| of == number).map(|(day, _)| day).collect()
    }

    /// What a line takes in the end: of a referral, only if no line before that stands took the visit.
    pub fn used(&self, at: usize) -> Vec<(String, i64)> {
        let service = &self.services[at];
        let is_referral =
            |number: &str| self.books.payer.authorizations.iter().any(|a| a.referral && a.number == number);
        let taken = |number: &String| {
            let before = self.services[..at].iter().filter(|other| other.denied.is_none());
            before
                .filter(|other| other.act.from == service.act.from)
                .any(|other| other.used.iter().any(|used| used.0 == *number))
        };
        service.used.iter().filter(|(number, _)| !is_referral(number) || !taken(number)).cloned().collect()
    }

    pub fn benefit(&self, at: usize) -> Option<&'a Benefit> {
        self.services[at].plan.map(|plan| plan.benefit(benefit_name(&self.services[at].act.code)))
    }

    /// The visits of the year are used up. A visit is a day with a paid service under the benefit.
    fn visit_limit(&self, at: usize) -> Finding {
        let (Some(member), Some(plan), Some(benefit)) = (self.member, self.services[at].plan, self.benefit(at)) else {
            return Nothing;
        };
        let (day, year) = (self.services[at].act.from, plan.year_of(self.services[at].act.from));
        if benefit.visits == 0 || self.counted(member, day, benefit) {
            return Nothing;
        }
        let here: BTreeSet<Date> = (0..at)
            .filter(|other| self.services[*other].denied.is_none())
            .filter(|other| self.benefit(*other).is_some_and(|of| of.name == benefit.name))
            .map(|other| self.services[other].act.from)
            .filter(|other| plan.year_of(*other) == year && !self.counted(member, *other, benefit))
            .chain([day])
            .collect();
        let name = format!("visits:{}", benefit.name);
        let before = self.books.taken(&name, &member.id, "", year, "");
        if before + i64::try_from(here.len()).unwrap() > benefit.visits { Deny(Pr, "119") } else { Nothing }
    }

    pub fn counted(&self, member: &Member, day: Date, benefit: &Benefit) -> bool {
        self.books.visits_on(&member.id, day, benefit.name).next().is_some()
    }

    /// The dollars of the year were used up by earlier claims.
    fn dollar_limit(&self, at: usize) -> Finding {
        let (Some(member), Some(plan), Some(benefit)) = (self.member, self.services[at].plan, self.benefit(at)) else {
            return Nothing;
        };
        let year = plan.year_of(self.services[at].act.from);
        let paid = self.books.taken(&format!("dollars:{}", benefit.name), &member.id, "", year, "");
        if benefit.dollars > 0 && paid >= benefit.dollars { Deny(Pr, "119") } else { Nothing }
    }

    /// The other visit code by the same doctor on the day; a modifier sets either apart.
    fn same_day_visit(&self, at: usize) -> Finding {
        let (Some(member), Some(_), act) = (self.member, self.services[at].plan, &self.services[at].act) else {
            return Nothing;
        };
        let plain = |act: &LineAct| {
            matches!(act.code.as_str(), "99213" | "99214")
                && !act.modifiers.iter().any(|modifier| matches!(modifier.as_str(), "25" | "59" | "76"))
        };
        let here = self.services[..at].iter().filter(|other| other.denied.is_none()).map(|other| &other.act);
        let past = self.books.past.iter().filter(|past| past.member == member.id && !past.denied);
        let mut others = here.chain(past.map(|past| &past.act));
        let met = others.any(|other| {
            plain(other) && other.code != act.code && (other.from, &other.rendering) == (act.from, &act.rendering)
        });
        if plain(act) && met { Deny(Co, "B14") } else { Nothing }
    }
}

impl super::payer::Provider {
    fn enrolled(&self, day: Date) -> bool {
        self.from <= day && self.through.is_none_or(|through| day <= through)
    }
}

fn prior(decided: &pb::OtherPayerLine) -> (i64, i64) {
    let contract = decided.adjustments.iter().filter(|adjustment| adjustment.group() == Co);
    (decided.paid_cents, contract.map(|adjustment| adjustment.amount_cents).sum())
}

/// The member of the family whose name and birth date are the patient's.
fn patient<'a>(books: &'a Books, claim: &pb::ProfessionalClaim, family: &str) -> Option<&'a Member> {
    let subscriber = claim.subscriber.as_ref().unwrap();
    let (name, birth) = match &claim.patient {
        Some(patient) => (patient.name.as_ref(), &patient.birth_date),
        None => (subscriber.name.as_ref(), &subscriber.birth_date),
    };
    let name = name.unwrap();
    books.payer.members.iter().find(|member| {
        member.subscriber == family
            && (member.last.as_str(), member.first) == (name.last.as_str(), name.first.as_str())
            && member.birth.to_string() == *birth
    })
}

pub fn benefit_name(code: &str) -> &'static str {
    let listed = PROCEDURES.iter().find(|(known, _)| *known == code);
    if code == ROOM { BENEFITS[5] } else { listed.map_or("other", |(_, at)| BENEFITS[*at]) }
}

pub fn group_name(group: GroupCode) -> &'static str {
    match group {
        Co => "CO",
        Pr => "PR",
        Oa => "OA",
        _ => "PI",
    }
}
