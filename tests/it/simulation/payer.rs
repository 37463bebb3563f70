//! A made-up payer, from a seed, in plain numbers.

use jiff::civil::Date;
use payersim::proto::v1 as pb;

use super::chance::Chance;
use super::contest::Contest;
use super::reviewed::Desk;
use super::stay::StayRate;

pub const PAYER_ID: &str = "SIM1";
/// Whoever pays before it.
pub const OTHER_PAYER: &str = "FIRST";
/// Benefits that procedures fall under; plans may leave one out, which then falls under "other".
pub const BENEFITS: [&str; 6] = ["office", "laboratory", "therapy", "imaging", "other", "inpatient"];
/// A code and the place of its benefit in [`BENEFITS`].
pub const PROCEDURES: [(&str, usize); 8] =
    [("99213", 0), ("99214", 0), ("80053", 1), ("36415", 1), ("97110", 2), ("97140", 2), ("70551", 3), ("A0428", 4)];
/// Of these the one that drives an ambulance.
pub const GROUND_AMBULANCE: &str = "A0428";
/// A code that is in no table.
pub const UNHEARD_OF: &str = "98999";
const CROSS: [pb::CrossAccumulation; 3] =
    [pb::CrossAccumulation::None, pb::CrossAccumulation::Down, pb::CrossAccumulation::All];
const FIRST_NAMES: [&str; 6] = ["Ada", "Bruno", "Cleo", "Dario", "Edda", "Flavio"];

#[derive(Clone, Debug)]
pub struct MadeUp {
    pub plans: Vec<Plan>,
    pub members: Vec<Member>,
    pub providers: Vec<Provider>,
    pub authorizations: Vec<Authorization>,
    /// Whether codes that the table of procedures lacks are denied.
    pub complete: bool,
    pub clock_start: Date,
    pub payment_days: i32,
    /// Claims for unknown members are turned away, not denied.
    pub rejects_strangers: bool,
    /// Days in which claims are to be paid, and the whole percent a year that is owed after.
    pub prompt_pay: Option<(i64, i64)>,
    /// Less than this is held until more is due; 0: nothing is.
    pub minimum: i64,
    /// What was paid on claims that are replaced or voided is left with payees for a while.
    pub defers_replaced: bool,
    pub desk: Desk,
    pub contest: Contest,
}

#[derive(Clone, Debug)]
pub struct Plan {
    pub id: String,
    /// Month and day.
    pub year_begins: (i8, i8),
    pub networks: Vec<String>,
    pub inside: Terms,
    pub outside: Option<Terms>,
    pub benefits: Vec<Benefit>,
    pub stays: StayRate,
    /// 0: no limit.
    pub filing_days: i32,
    pub referred: Vec<&'static str>,
    pub balance_billing: bool,
    pub suspects: pb::SuspectDuplicates,
    /// Whether deductibles, and maxima, of one network count in the other.
    pub deductibles: pb::CrossAccumulation,
    pub maxima: pb::CrossAccumulation,
    /// Of appeals: the law, and the internal levels.
    pub law: (pb::AppealRegime, i32),
}

/// What members pay a year, in cents; 0: there is none. And how services are priced.
#[derive(Clone, Debug)]
pub struct Terms {
    pub deductible: i64,
    pub family_deductible: i64,
    pub aggregate: bool,
    pub most: i64,
    pub family_most: i64,
    pub schedule: Schedule,
}

#[derive(Clone, Debug)]
pub struct Schedule {
    pub id: String,
    /// Whole percent.
    pub of_charge: i64,
    /// Code; cents a unit in a facility and elsewhere.
    pub amounts: Vec<(&'static str, i64, i64)>,
    /// Pays the fee where the charge is lower.
    pub above_charge: bool,
}

#[derive(Clone, Debug)]
pub struct Benefit {
    pub name: &'static str,
    /// "204" or "96".
    pub excluded: Option<&'static str>,
    pub inside: Share,
    pub outside: Share,
    pub visits: i64,
    pub dollars: i64,
    pub authorized: bool,
    /// Days from the first of the coverage; 0: none.
    pub waiting: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Share {
    pub copay: i64,
    /// Whole percent.
    pub coinsurance: i64,
    pub no_deductible: bool,
    pub free: bool,
    /// The deductible goes before the copay.
    pub deductible_first: bool,
    /// The most that coinsurance takes of a line; 0: no maximum.
    pub coinsurance_most: i64,
}

#[derive(Clone, Debug)]
pub struct Member {
    pub id: String,
    pub subscriber: String,
    pub last: String,
    pub first: &'static str,
    pub birth: Date,
    /// Plan, first day, last day.
    pub coverages: Vec<(usize, Date, Option<Date>)>,
    pub primary_care: Option<String>,
    /// Another payer comes before this one.
    pub insured_elsewhere: bool,
}

#[derive(Clone, Debug)]
pub struct Provider {
    pub npi: String,
    pub networks: Vec<String>,
    /// Whole percent that its contract withholds; 0: nothing.
    pub withheld: i64,
    pub from: Date,
    pub through: Option<Date>,
}

#[derive(Clone, Debug)]
pub struct Authorization {
    pub number: String,
    pub member: String,
    pub codes: Vec<&'static str>,
    pub npi: Option<String>,
    pub from: Date,
    pub through: Date,
    /// 0: no limit.
    pub units: i64,
    pub referral: bool,
}

pub fn days_after(day: Date, days: i64) -> Date {
    day.checked_add(jiff::Span::new().days(days)).unwrap()
}

pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(to.since(from).unwrap().get_days())
}

/// Nine digits and the digit that makes the sum of the Luhn method, over 80840 and all ten, end in 0.
pub fn npi(nine: u32) -> String {
    let digits = format!("80840{nine}");
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0');
            if at % 2 == 0 { value * 2 / 10 + value * 2 % 10 } else { value }
        })
        .sum();
    format!("{nine}{}", (10 - sum % 10) % 10)
}

impl MadeUp {
    pub fn new(chance: &mut Chance) -> MadeUp {
        let clock_start = days_after("2026-03-01".parse().unwrap(), chance.between(0, 200));
        let plans: Vec<Plan> = (0..3).map(|at| Plan::new(at, chance)).collect();
        let mut made = MadeUp {
            members: Vec::new(),
            providers: Vec::new(),
            authorizations: Vec::new(),
            complete: chance.one_in(2),
            clock_start,
            payment_days: chance.pick(&[0, 1, 14, 30]),
            rejects_strangers: chance.one_in(3),
            prompt_pay: chance.one_in(2).then(|| (chance.between(1, 20), chance.between(5, 40))),
            minimum: if chance.one_in(6) { chance.between(1, 10_000) } else { 0 },
            defers_replaced: chance.one_in(2),
            desk: Desk::new(chance),
            contest: Contest::new(chance),
            plans,
        };
        made.make_providers(chance);
        for family in 0..4 {
            made.make_family(family, chance);
        }
        made.make_authorizations(chance);
        made
    }

    fn make_providers(&mut self, chance: &mut Chance) {
        let since: Date = "2020-01-01".parse().unwrap();
        let lapsed = Some(days_after(self.clock_start, -20));
        let networks: [(&[&str], Option<Date>); 5] =
            [(&["green"], None), (&["blue"], None), (&["green", "blue"], None), (&[], None), (&["green"], lapsed)];
        for (at, (networks, through)) in (0..).zip(networks) {
            let networks = networks.iter().map(|name| (*name).to_owned()).collect();
            let withheld = if chance.one_in(3) { chance.between(1, 20) } else { 0 };
            self.providers.push(Provider { npi: npi(200_000_000 + at), networks, withheld, from: since, through });
        }
    }

    fn make_family(&mut self, family: usize, chance: &mut Chance) {
        let plan = family % self.plans.len();
        let birth: Date = "1950-01-01".parse().unwrap();
        let size = 1 + chance.below(FIRST_NAMES.len());
        for (person, first) in FIRST_NAMES.into_iter().enumerate().take(size) {
            let since: Date = "2024-01-01".parse().unwrap();
            let near = |days| days_after(self.clock_start, days);
            let coverages = match chance.below(14) {
                0 => vec![(plan, since, Some(near(-chance.between(1, 60))))],
                1 => vec![(plan, near(-chance.between(1, 60)), None)],
                2 => {
                    let gap = -chance.between(10, 50);
                    vec![(plan, since, Some(near(gap))), (plan, near(gap + chance.between(2, 20)), None)]
                }
                _ => vec![(plan, since, None)],
            };
            self.members.push(Member {
                id: format!("F{family}P{person}"),
                subscriber: format!("F{family}P0"),
                last: format!("Muster{family}"),
                first,
                birth: days_after(birth, chance.between(0, 25_000)),
                coverages,
                primary_care: chance.one_in(2).then(|| chance.pick(&self.providers).npi),
                insured_elsewhere: chance.one_in(14),
            });
        }
    }

    fn make_authorizations(&mut self, chance: &mut Chance) {
        for at in 0..self.members.len() {
            for _ in 0..chance.below(5) {
                let authorization = self.authorize(at, chance);
                self.authorizations.push(authorization);
            }
        }
    }

    /// One more authorization for a member.
    pub fn authorize(&self, member: usize, chance: &mut Chance) -> Authorization {
        let codes: Vec<&str> = PROCEDURES.iter().map(|(code, _)| *code).filter(|_| !chance.one_in(3)).collect();
        let from = days_after(self.clock_start, -chance.between(0, 120));
        Authorization {
            number: format!("AU{:03}", self.authorizations.len()),
            member: self.members[member].id.clone(),
            codes: if codes.is_empty() { vec!["97110"] } else { codes },
            npi: chance.one_in(4).then(|| chance.pick(&self.providers).npi),
            from,
            through: days_after(from, chance.between(30, 300)),
            units: if chance.one_in(3) { 0 } else { chance.between(1, 6) },
            referral: chance.one_in(2),
        }
    }

    pub fn member(&self, id: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    pub fn provider(&self, npi: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.npi == npi)
    }
}

impl Plan {
    fn new(at: usize, chance: &mut Chance) -> Plan {
        let networks: &[&str] = [&["green"][..], &["green", "blue"], &[]][at];
        let outside = chance.one_in(2).then(|| Terms::new(format!("plan{at}-outside"), chance));
        // A stay counts no visits, and comes without an authorization.
        let stays = Benefit { visits: 0, authorized: false, ..Benefit::new(BENEFITS[5], chance) };
        let mut benefits = vec![Benefit::new("other", chance), stays];
        // The first plan names every benefit, so that no procedure's is unknown.
        for name in &BENEFITS[..4] {
            if at == 0 || !chance.one_in(5) {
                benefits.push(Benefit::new(name, chance));
            }
        }
        Plan {
            id: format!("plan{at}"),
            year_begins: chance.pick(&[(1, 1), (4, 15), (7, 1), (9, 10)]),
            networks: networks.iter().map(|name| (*name).to_owned()).collect(),
            inside: Terms::new(format!("plan{at}-inside"), chance),
            stays: match chance.below(3) {
                0 => StayRate::PerDiem(chance.between(1, 15_000), chance.between(1, 15_000)),
                1 => StayRate::Case(chance.between(1, 60_000), chance.between(0, 15_000)),
                _ => StayRate::OfCharge(chance.between(20, 100)),
            },
            benefits,
            filing_days: chance.pick(&[0, 45, 90]),
            referred: if chance.one_in(2) { vec!["therapy", "imaging"] } else { vec![] },
            balance_billing: outside.is_some() && chance.one_in(2),
            suspects: chance.pick(&[
                pb::SuspectDuplicates::Deny,
                pb::SuspectDuplicates::Pay,
                pb::SuspectDuplicates::Pend,
            ]),
            outside,
            deductibles: chance.pick(&CROSS),
            maxima: chance.pick(&CROSS),
            law: Contest::law(chance),
        }
    }
}

impl Terms {
    /// Small numbers, so that maxima are reached often.
    fn new(schedule: String, chance: &mut Chance) -> Terms {
        let family_deductible = if chance.one_in(3) { 0 } else { chance.between(1, 60_000) };
        let most = |chance: &mut Chance, cents| if chance.one_in(4) { 0 } else { chance.between(1, cents) };
        Terms {
            deductible: if chance.one_in(4) { 0 } else { chance.between(1, 30_000) },
            family_deductible,
            aggregate: family_deductible > 0 && chance.one_in(2),
            most: most(chance, 50_000),
            family_most: most(chance, 90_000),
            schedule: Schedule::new(schedule, chance),
        }
    }
}

impl Schedule {
    fn new(id: String, chance: &mut Chance) -> Schedule {
        let mut amounts = Vec::new();
        for (code, _) in PROCEDURES {
            if chance.one_in(2) {
                amounts.push((code, chance.between(1, 20_000), chance.between(1, 20_000)));
            }
        }
        Schedule { id, of_charge: chance.between(20, 100), amounts, above_charge: chance.one_in(3) }
    }
}

impl Benefit {
    fn new(name: &'static str, chance: &mut Chance) -> Benefit {
        Benefit {
            name,
            excluded: chance.one_in(8).then(|| chance.pick(&["204", "96"])),
            inside: Share::new(chance),
            outside: Share::new(chance),
            visits: if chance.one_in(3) { chance.between(1, 4) } else { 0 },
            dollars: if chance.one_in(4) { chance.between(1, 30_000) } else { 0 },
            authorized: chance.one_in(5),
            waiting: if chance.one_in(3) { chance.between(1, 90) } else { 0 },
        }
    }

    /// Other copays and coinsurance; limits stay, so that nothing that was taken is above them.
    pub fn reshare(&mut self, chance: &mut Chance) {
        (self.inside, self.outside) = (Share::new(chance), Share::new(chance));
    }
}

impl Share {
    fn new(chance: &mut Chance) -> Share {
        if chance.one_in(8) {
            return Share { free: true, ..Share::default() };
        }
        let copay = if chance.one_in(2) { 0 } else { chance.between(1, 5_000) };
        let coinsurance = chance.pick(&[0, 10, 17, 20, 33, 50, 100]);
        let no_deductible = chance.one_in(3);
        Share {
            copay,
            coinsurance,
            no_deductible,
            free: false,
            deductible_first: copay > 0 && !no_deductible && chance.one_in(2),
            coinsurance_most: if coinsurance > 0 && chance.one_in(3) { chance.between(1, 4_000) } else { 0 },
        }
    }
}
