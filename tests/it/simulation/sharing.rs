//! Who pays: the auditor's own price and share of every line that stands.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::books::LineAct;
use super::payer::{Benefit, Member, Plan, Schedule, Share, Terms};
use super::ruling::{Court, LineRuling, group_name};

impl Court<'_> {
    /// Prices every line and shares it out, one after the other.
    pub(super) fn settle(&self) -> Vec<LineRuling> {
        // As if nobody else paid; earlier payers are made room for afterwards.
        let mut alone: Vec<LineRuling> = Vec::new();
        for at in 0..self.services.len() {
            let service = &self.services[at];
            let ruling = match service.denied {
                Some((group, reason)) => LineRuling {
                    denied: true,
                    adjusted: BTreeMap::from([((group_name(group), reason), service.act.charge)]),
                    ..LineRuling::default()
                },
                None => self.share(at, &alone),
            };
            alone.push(ruling);
        }
        let priors = self.services.iter().map(|service| (service.act.charge, service.prior));
        let settled = alone.into_iter().zip(priors).zip(&self.services);
        settled
            .map(|((line, (charge, prior)), service)| {
                let biller = self.books.payer.provider(&service.act.billing);
                line.coordinated(charge, prior).withheld(charge, biller.map_or(0, |biller| biller.withheld))
            })
            .collect()
    }

    fn share(&self, at: usize, settled: &[LineRuling]) -> LineRuling {
        let (service, member) = (&self.services[at], self.member.unwrap());
        let (plan, benefit) = (service.plan.unwrap(), self.benefit(at).unwrap());
        let (network, share, terms) = match service.inside {
            true => ("in", &benefit.inside, &plan.inside),
            false => ("out", &benefit.outside, plan.outside.as_ref().unwrap()),
        };
        let year = plan.year_of(service.act.from);
        let mut ruling = LineRuling { network, year: Some(year), used: self.used(at), ..LineRuling::default() };
        ruling.allowed = match service.act.is_stay() {
            true => plan.stays.allows(&service.act),
            false => terms.schedule.allows(&service.act, service.facility),
        };
        ruling.allowed = self.lowered(at, ruling.allowed);
        let excess = service.act.charge - ruling.allowed;
        ruling.excess_group = if service.balance_billed { "PR" } else { "CO" };
        ruling.adjust_excess(excess);

        let account = Standing { court: self, settled, plan, member, network, year };
        let copay = self.copay_due(at, settled, member, benefit, share);
        let parts = account.divide(terms, share, ruling.allowed, copay);
        let cost_share = parts.iter().map(|(_, cents)| cents).sum::<i64>();
        parts.iter().for_each(|(reason, cents)| ruling.adjust(("PR", reason), *cents));
        ruling.take("deductible", parts[1].1);
        ruling.take("out_of_pocket", cost_share);

        let mut payment = ruling.allowed - cost_share;
        if benefit.dollars > 0 {
            let name = format!("dollars:{}", benefit.name);
            let here: i64 = account.here(&name, false);
            let left = benefit.dollars - self.books.taken(&name, &member.id, "", year, "") - here;
            let above = (payment - left.max(0)).max(0);
            ruling.adjust(("PR", "119"), above);
            payment -= above;
            ruling.take(&name, payment);
        }
        let earlier_today = (0..at).any(|other| self.same_day(at, other));
        if benefit.visits > 0 && !earlier_today && !self.counted(member, service.act.from, benefit) {
            ruling.take(&format!("visits:{}", benefit.name), 1);
        }
        ruling
    }

    /// Whether an earlier line that stands is of the same day and benefit.
    fn same_day(&self, at: usize, other: usize) -> bool {
        self.services[other].denied.is_none()
            && self.services[other].act.from == self.services[at].act.from
            && self.benefit(other).map(|benefit| benefit.name) == self.benefit(at).map(|benefit| benefit.name)
    }

    /// Once a day and provider: nothing where an earlier claim tells of the same visit, else what this claim has not taken yet.
    fn copay_due(&self, at: usize, settled: &[LineRuling], member: &Member, benefit: &Benefit, share: &Share) -> i64 {
        let act = &self.services[at].act;
        let mut before = self.books.visits_on(&member.id, act.from, benefit.name);
        if before.any(|past| past.act.rendering == act.rendering) {
            return 0;
        }
        let visit = |other: &usize| self.same_day(at, *other) && self.services[*other].act.rendering == act.rendering;
        let taken = (0..at).filter(visit).map(|other| settled[other].adjusted.get(&("PR", "3")).unwrap_or(&0));
        (share.copay - taken.sum::<i64>()).max(0)
    }
}

/// Where the member stands before a line.
struct Standing<'a> {
    court: &'a Court<'a>,
    settled: &'a [LineRuling],
    plan: &'a Plan,
    member: &'a Member,
    network: &'static str,
    year: Date,
}

impl Standing<'_> {
    /// What earlier lines of the claim took from an account in the same year; only what counts in the network where asked.
    fn here(&self, name: &str, of_network: bool) -> i64 {
        let same = |line: &&LineRuling| {
            line.year == Some(self.year) && (!of_network || self.plan.counts(name, line.network, self.network))
        };
        self.settled.iter().filter(same).filter_map(|line| line.taken.get(name)).sum()
    }

    /// What is left of an amount that the member, and one that the family may be asked for; 0 stands for none.
    fn left(&self, name: &str, own: i64, family: i64) -> Option<i64> {
        let taken = |member: &str| {
            let books = self.court.books;
            books.met(self.plan, name, member, self.network, self.year, &self.member.subscriber) + self.here(name, true)
        };
        let left = |most: i64, taken: i64| (most > 0).then(|| (most - taken).max(0));
        [left(own, taken(&self.member.id)), left(family, taken(""))].into_iter().flatten().min()
    }

    /// Copay and deductible, in the plan's order, then coinsurance, each only below the yearly maximum.
    fn divide(&self, terms: &Terms, share: &Share, allowed: i64, copay: i64) -> [(&'static str, i64); 3] {
        if share.free {
            return [("3", 0), ("1", 0), ("2", 0)];
        }
        let room = self.left("out_of_pocket", terms.most, terms.family_most).unwrap_or(i64::MAX);
        let own = if terms.aggregate { 0 } else { terms.deductible };
        let deductible = match share.no_deductible || (own == 0 && !terms.aggregate) {
            true => 0,
            false => self.left("deductible", own, terms.family_deductible).unwrap_or(0),
        };
        let most = allowed.min(room);
        let (copay, deductible) = match share.deductible_first {
            true => (copay.min(most - deductible.min(most)), deductible.min(most)),
            false => (copay.min(most), deductible.min(most - copay.min(most))),
        };
        let rest = allowed - copay - deductible;
        // Half a cent goes up.
        let coinsurance = (rest * share.coinsurance + 50) / 100;
        let coinsurance =
            if share.coinsurance_most > 0 { coinsurance.min(share.coinsurance_most) } else { coinsurance };
        let coinsurance = coinsurance.min(room - copay - deductible);
        [("3", copay), ("1", deductible), ("2", coinsurance)]
    }
}

impl Schedule {
    /// The contract's amount for each unit, or a percentage of the charge; no more than the charge unless it says so.
    fn allows(&self, act: &LineAct, facility: bool) -> i64 {
        let amount = self.amounts.iter().find(|(code, ..)| *code == act.code);
        let fee = match amount {
            Some((_, inside, outside)) => act.units * if facility { inside } else { outside },
            None => (act.charge * self.of_charge + 50) / 100,
        };
        if self.above_charge { fee } else { fee.min(act.charge) }
    }
}

impl LineRuling {
    /// What an earlier payer leaves: this one pays no more than is still owed to the provider, the patient no more than
    /// the rest of that; OA-23 tells the earlier payer's part as far as there is room.
    fn coordinated(mut self, charge: i64, prior: Option<(i64, i64)>) -> LineRuling {
        let Some((prior_paid, written_off)) = prior.filter(|_| !self.denied) else { return self };
        let basis = charge.max(self.allowed);
        let owed = (basis - prior_paid - written_off).max(0);
        let paid = self.paid(charge).min(owed);
        let mut room = owed - paid;
        let mut patient = 0;
        for reason in ["3", "1", "2", "119"] {
            let part = self.adjusted.remove(&("PR", reason)).unwrap_or(0).min(room);
            self.adjust(("PR", reason), part);
            room -= part;
            patient += part;
            if reason == "2" {
                self.taken.remove("out_of_pocket");
                self.take("out_of_pocket", patient);
            }
        }
        let effect = (prior_paid + written_off).min(basis - paid - patient);
        self.adjusted.retain(|(_, reason), _| !matches!(*reason, "45" | "94"));
        self.adjust(("OA", "23"), effect);
        self.adjust_excess(charge - paid - patient - effect);
        for (_, amount) in self.taken.iter_mut().filter(|(account, _)| account.starts_with("dollars:")) {
            *amount = paid;
        }
        self.taken.retain(|_, amount| *amount != 0);
        self
    }

    /// What the contract keeps back of the payment, half a cent up.
    fn withheld(mut self, charge: i64, percent: i64) -> LineRuling {
        if !self.denied {
            let cents = (self.paid(charge) * percent + 50) / 100;
            self.adjust(("CO", "104"), cents);
        }
        self
    }

    fn adjust_excess(&mut self, excess: i64) {
        self.adjust(if excess < 0 { ("OA", "94") } else { (self.excess_group, "45") }, excess);
    }

    fn adjust(&mut self, reason: (&'static str, &'static str), cents: i64) {
        if cents != 0 {
            self.adjusted.insert(reason, cents);
        }
    }

    fn take(&mut self, account: &str, amount: i64) {
        if amount != 0 {
            self.taken.insert(account.to_owned(), amount);
        }
    }
}
