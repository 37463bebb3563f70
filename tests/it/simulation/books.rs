//! The auditor's own books of one sandbox: what it has seen decided and paid, in its own words and numbers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use payersim::proto::v1 as pb;

use super::payer::{Benefit, MadeUp, Member, Plan, days_after};
use super::reviewed::Review;
use super::ruled::{Ground, Ruled};

/// What can be used up: its name, as determinations tell it; whose; in or out of network; first day of the benefit year.
pub type Account = (String, String, String, String);

/// What the auditor knows of a sandbox.
#[derive(Clone)]
pub struct Books {
    pub sandbox: String,
    /// There is a snapshot to return to.
    pub kept: bool,
    pub payer: MadeUp,
    /// The payer as it was seeded, for a reset.
    pub seed: MadeUp,
    pub today: Date,
    /// Claims answered, by name, in the order of answers.
    pub claims: Vec<pb::Claim>,
    /// Request id, request and place in `claims`.
    pub requests: BTreeMap<String, (pb::SubmitClaimRequest, usize)>,
    /// Last sequence of each family's control numbers, by lane.
    pub sequences: BTreeMap<String, u64>,
    /// Decided lines that later claims are held against.
    pub past: Vec<PastLine>,
    pub taken: BTreeMap<Account, i64>,
    /// Units taken from authorizations, visits from referrals.
    pub used: BTreeMap<String, i64>,
    /// What is to be paid: claim, or a later decision of it; payee, due date, cents.
    pub due: BTreeMap<String, Due>,
    /// What was paid: claim and the remittance that carried it.
    pub remitted: BTreeMap<String, String>,
    pub remittances: BTreeMap<String, pb::Remittance>,
    /// Interest that was paid, or taken back, by the same name as in `due`.
    pub interest: BTreeMap<String, i64>,
    /// Decisions that are to be paid or are paid, reversals among them, by the same name as in `due`.
    pub decisions: BTreeMap<String, pb::Determination>,
    /// What happened in each lane: a claim (0), or a reversal of it (its number in the family).
    pub history: BTreeMap<String, Vec<(String, usize)>>,
    /// Overpayments left with payees.
    pub recoupments: Vec<Recoupment>,
    /// Decisions that are told behind a reversal, by the same names: that reversal.
    pub behind: BTreeMap<String, String>,
    /// What a payee's last remittance could not take.
    pub forwarded: BTreeMap<String, i64>,
    /// Appeals as they stand, by name.
    pub appeals: BTreeMap<String, pb::Appeal>,
    /// Reviews, by name.
    pub reviews: BTreeMap<String, Review>,
    /// Claims that wait since the last look at the queue, and why; and those that wait no longer.
    pub to_open: Vec<(String, BTreeSet<Ground>)>,
    pub to_close: Vec<String>,
    /// What was ruled on claims, the newest first.
    pub rulings: BTreeMap<String, Vec<Ruled>>,
    /// What was ruled on the claim in hand.
    pub ruled: Vec<Ruled>,
}

/// An overpayment left with the payee until a day.
#[derive(Clone, Debug)]
pub struct Recoupment {
    pub payee: String,
    pub claim: String,
    /// Its reversal, as in `due`.
    pub reversal: String,
    pub from: String,
    pub cents: i64,
    /// The remittance that left it.
    pub put_off: Option<String>,
    /// The remittance that took it.
    pub collected: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub payee: String,
    pub on: String,
    pub cents: i64,
    /// Interest on it; `None`: by the day on which it is paid.
    pub interest: Option<i64>,
}

/// A line as later claims see it.
#[derive(Clone, Debug)]
pub struct PastLine {
    pub claim: String,
    pub member: String,
    pub act: LineAct,
    pub denied: bool,
    pub benefit: String,
}

/// What of a line is compared, to tell whether two are the same service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineAct {
    pub billing: String,
    pub rendering: String,
    pub code: String,
    pub modifiers: Vec<String>,
    pub from: Date,
    pub through: Date,
    pub units: i64,
    pub charge: i64,
}

impl Books {
    pub fn new(sandbox: &str, payer: &MadeUp) -> Books {
        Books {
            sandbox: sandbox.to_owned(),
            kept: false,
            payer: payer.clone(),
            seed: payer.clone(),
            today: payer.clock_start,
            claims: Vec::new(),
            requests: BTreeMap::new(),
            sequences: BTreeMap::new(),
            past: Vec::new(),
            taken: BTreeMap::new(),
            used: BTreeMap::new(),
            due: BTreeMap::new(),
            remitted: BTreeMap::new(),
            remittances: BTreeMap::new(),
            interest: BTreeMap::new(),
            decisions: BTreeMap::new(),
            history: BTreeMap::new(),
            recoupments: Vec::new(),
            behind: BTreeMap::new(),
            forwarded: BTreeMap::new(),
            appeals: BTreeMap::new(),
            reviews: BTreeMap::new(),
            to_open: Vec::new(),
            to_close: Vec::new(),
            rulings: BTreeMap::new(),
            ruled: Vec::new(),
        }
    }

    /// What is owed on a payment besides: for each day after those in which it was to be made, simple, half a cent up.
    pub fn interest_on(&self, cents: i64, received: &str, paid: &str) -> i64 {
        let Some((days, percent)) = self.payer.prompt_pay else { return 0 };
        let [received, paid] = [received, paid].map(|day| day.parse::<Date>().unwrap());
        let late = i64::from(paid.since(days_after(received, days)).unwrap().get_days());
        let of_year = 100 * i64::from(paid.days_in_year());
        if late <= 0 || cents <= 0 { 0 } else { (cents * percent * late + of_year / 2) / of_year }
    }

    /// Empty again, as after a reset.
    pub fn reset(&mut self) {
        *self = Books { kept: self.kept, ..Books::new(&self.sandbox, &self.seed) };
    }

    /// What was taken from an account; `member` or `network` empty: everybody's, both.
    pub fn taken(&self, name: &str, member: &str, network: &str, year: Date, family: &str) -> i64 {
        let year = year.to_string();
        let fits = |account: &Account| {
            account.0 == name
                && (account.1 == member || (member.is_empty() && self.is_family(&account.1, family)))
                && (network.is_empty() || account.2 == network)
                && account.3 == year
        };
        self.taken.iter().filter(|(account, _)| fits(account)).map(|(_, amount)| amount).sum()
    }

    /// What counts in a network as met of a deductible or maximum; `member` empty: everybody's of the family.
    pub fn met(&self, plan: &Plan, name: &str, member: &str, network: &str, year: Date, family: &str) -> i64 {
        let from = ["in", "out"].into_iter().filter(|from| plan.counts(name, from, network));
        from.map(|from| self.taken(name, member, from, year, family)).sum()
    }

    /// The limits that an entry counts toward: which; what is taken; the most, where there is one.
    pub fn limits(&self, entry: &pb::AccumulatorEntry) -> Vec<(&'static str, i64, Option<i64>)> {
        let Some(member) = self.payer.member(&entry.member_id) else { return Vec::new() };
        let year: Date = entry.year_start.parse().unwrap();
        let plan = &self.payer.plans[member.coverages[0].0];
        let terms = if entry.network == "in" { &plan.inside } else { plan.outside.as_ref().unwrap_or(&plan.inside) };
        let own = |network: &str| self.taken(&entry.accumulator, &member.id, network, year, &member.subscriber);
        let family = self.taken(&entry.accumulator, "", &entry.network, year, &member.subscriber);
        let benefit = |name: &str| plan.benefits.iter().find(|benefit| benefit.name == name);
        let any = |most: i64| (most > 0).then_some(most);
        match entry.accumulator.split_once(':') {
            None if entry.accumulator == "deductible" => vec![
                ("the member's deductible", own(&entry.network), (!terms.aggregate).then_some(terms.deductible)),
                ("the family's deductible", family, any(terms.family_deductible)),
            ],
            None => vec![
                ("the member's maximum", own(&entry.network), any(terms.most)),
                ("the family's maximum", family, any(terms.family_most)),
            ],
            Some(("visits", name)) => vec![("the visit limit", own(""), benefit(name).map(|benefit| benefit.visits))],
            Some((_, name)) => vec![("the dollar limit", own(""), benefit(name).map(|benefit| benefit.dollars))],
        }
    }

    fn is_family(&self, member: &str, family: &str) -> bool {
        self.payer.member(member).is_some_and(|member| member.subscriber == family)
    }

    /// Lines of the member that were decided and not denied, on a day under a benefit.
    pub fn visits_on<'a>(&'a self, member: &'a str, day: Date, benefit: &'a str) -> impl Iterator<Item = &'a PastLine> {
        self.past.iter().filter(move |past| {
            !past.denied && past.member == member && past.act.from == day && past.benefit == benefit
        })
    }
}

/// The lines of a claim as they are compared.
pub fn line_act(claim: &pb::ProfessionalClaim, line: &pb::ServiceLine) -> LineAct {
    let billing = claim.billing_provider.as_ref().map_or("", |provider| &provider.npi);
    let named = line.rendering_provider.as_ref().or(claim.rendering_provider.as_ref());
    let from: Date = line.service_date.parse().unwrap();
    LineAct {
        billing: billing.to_owned(),
        rendering: named.map_or(billing, |provider| &provider.npi).to_owned(),
        code: line.procedure_code.clone(),
        modifiers: line.modifiers.clone(),
        from,
        through: if line.service_end_date.is_empty() { from } else { line.service_end_date.parse().unwrap() },
        units: line.units.parse().unwrap(),
        charge: line.charge_cents,
    }
}

impl Member {
    /// First day of the period of coverage that a day lies in.
    pub fn covered_since(&self, day: Date) -> Option<Date> {
        let holds = |from: Date, through: Option<Date>| from <= day && through.is_none_or(|through| day <= through);
        self.coverages.iter().find(|(_, from, through)| holds(*from, *through)).map(|(_, from, _)| *from)
    }

    /// The plan on a day, by its place.
    pub fn plan_on(&self, day: Date) -> Option<usize> {
        let holds = |from: Date, through: Option<Date>| from <= day && through.is_none_or(|through| day <= through);
        self.coverages.iter().find(|(_, from, through)| holds(*from, *through)).map(|(plan, ..)| *plan)
    }
}

impl Plan {
    /// Whether what is paid in one network counts in another: down is from in to out.
    pub fn counts(&self, name: &str, from: &str, to: &str) -> bool {
        let rule = if name == "deductible" { self.deductibles } else { self.maxima };
        match rule {
            pb::CrossAccumulation::All => true,
            pb::CrossAccumulation::Down => from == to || from == "in",
            _ => from == to,
        }
    }

    /// The benefit of that name, or else the one for all others.
    pub fn benefit(&self, name: &str) -> &Benefit {
        let named = |name: &str| self.benefits.iter().find(|benefit| benefit.name == name);
        named(name).or_else(|| named("other")).unwrap()
    }

    /// First day of the benefit year that a day lies in.
    pub fn year_of(&self, day: Date) -> Date {
        let begins = |year: i16| Date::new(year, self.year_begins.0, self.year_begins.1).unwrap();
        if begins(day.year()) <= day { begins(day.year()) } else { begins(day.year() - 1) }
    }
}
