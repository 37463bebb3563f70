//! The auditor at the end of a life: what is stored is what was answered, the histories are whole, every decision can be
//! reproduced.

use std::collections::BTreeSet;

use bytes::Bytes;
use jiff::civil::Date;
use payersim::payer::{Caller, Payer};
use payersim::proto::store::v1::Event;
use payersim::proto::v1 as pb;
use payersim::store::keys::{Chain, Lane, Matter, Space};
use payersim::store::{Read, Store};
use prost::Message;
use sha2::{Digest, Sha256};

use super::auditor::Auditor;
use super::house::House;
use super::payer::days_after;
use super::stay::billed as sent;

impl Auditor {
    pub fn close(&mut self, house: &House) {
        for sandbox in self.books.keys().cloned().collect::<Vec<_>>() {
            let mut claims = self.books[&sandbox].claims.clone();
            claims.sort_by(|a, b| a.name.cmp(&b.name));
            self.same(&sandbox, "the claims on record", house.claims(&sandbox), claims.clone());
            let issued = self.books[&sandbox].remittances.values().cloned().collect::<Vec<_>>();
            let mut stored = house.remittances(&sandbox);
            stored.sort_by(|a, b| a.name.cmp(&b.name));
            self.same(&sandbox, "the remittances on record", stored, issued.clone());
            let trace_numbers: BTreeSet<_> = issued.iter().map(|remittance| &remittance.trace_number).collect();
            self.same(&sandbox, "the count of trace numbers", trace_numbers.len(), issued.len());
            self.years(&sandbox);
            claims.iter().for_each(|claim| self.explained(house.payer(), claim));
            self.found(house.payer(), &sandbox, &claims);
            self.eligibility(house.payer(), &sandbox);
            self.histories(house, &sandbox, &claims, &issued);
        }
    }

    /// Meets those who used the same account in two years.
    fn years(&mut self, sandbox: &str) {
        let accounts: Vec<_> = self.books[sandbox]
            .taken
            .keys()
            .map(|(name, member, network, _)| (name.clone(), member.clone(), network.clone()))
            .collect();
        accounts.windows(2).filter(|pair| pair[0] == pair[1]).for_each(|_| self.meet("years of one account"));
    }

    /// The decision, made again from what was known then, is the same.
    fn explained(&mut self, payer: &Payer, claim: &pb::Claim) {
        let told = payer.explain(&Caller::anyone(), &claim.name, true).unwrap();
        if claim.determination.is_some() {
            self.same(&claim.name, "reproduced", told.reproduced, true);
        }
        self.same(&claim.name, "the claim explained", told.claim.as_ref(), Some(claim));
    }

    /// What is asked for by patient control number, member or state is found, and nothing else.
    fn found(&mut self, payer: &Payer, sandbox: &str, claims: &[pb::Claim]) {
        let Some(one) = claims.last().and_then(sent) else { return };
        let member = |claim: &pb::Claim| sent(claim).and_then(|sent| sent.subscriber.clone()).map(|of| of.member_id);
        let number = one.patient_control_number.clone();
        let by_number = pb::ClaimFilter { patient_control_number: number.clone(), ..Default::default() };
        let member_id = member(&claims[claims.len() - 1]).unwrap();
        let by_member = pb::ClaimFilter { member_id: member_id.clone(), ..Default::default() };
        let by_state = pb::ClaimFilter { state: pb::ClaimState::Denied.into(), ..Default::default() };
        let asked: [(_, &Fits); 3] = [
            (by_number, &|claim| sent(claim).is_some_and(|sent| sent.patient_control_number == number)),
            (by_member, &|claim| member(claim).is_some_and(|id| id == member_id)),
            (by_state, &|claim| claim.state() == pb::ClaimState::Denied),
        ];
        for (filter, fits) in asked {
            let mut page = payer.list_claims(&Caller::anyone(), sandbox, &filter, None, usize::MAX).unwrap().0;
            page.sort_by(|a, b| a.name.cmp(&b.name));
            let own: Vec<_> = claims.iter().filter(|claim| fits(claim)).cloned().collect();
            self.same(sandbox, &format!("what is found by {filter:?}"), page, own);
        }
    }

    /// What members are told of their coverage and of what they have met so far is what the books say.
    fn eligibility(&mut self, payer: &Payer, sandbox: &str) {
        let books = self.books[sandbox].clone();
        for member in &books.payer.members {
            let request = pb::CheckEligibilityRequest {
                parent: sandbox.to_owned(),
                member_id: member.id.clone(),
                ..Default::default()
            };
            let told = payer.check_eligibility(&Caller::anyone(), &request).unwrap();
            let plan = member.plan_on(books.today).map(|at| &books.payer.plans[at]);
            self.same(&member.id, "active", told.active, plan.is_some());
            let Some(plan) = plan else { continue };
            let year = plan.year_of(books.today);
            for met in &told.accumulators {
                let whose = if met.family { "" } else { member.id.as_str() };
                let taken = books.met(plan, &met.accumulator, whose, &met.network, year, &member.subscriber);
                self.same(format!("{sandbox} {}", member.id), &format!("{met:?}"), met.met_cents, taken);
            }
            for benefit in told.benefits.iter().filter(|benefit| benefit.visits_per_year > 0) {
                let used = books.taken(&format!("visits:{}", benefit.benefit), &member.id, "", year, "");
                self.same(&member.id, "visits used", i64::from(benefit.visits_used), used);
            }
        }
    }

    /// One event a claim or reversal in its family's history, one a remittance in its payee's.
    fn histories(&mut self, house: &House, sandbox: &str, claims: &[pb::Claim], issued: &[pb::Remittance]) {
        let space = house.payer().sandbox(&Caller::anyone(), sandbox).unwrap().read().space();
        let mut happened = 0;
        for (lane, history) in self.books[sandbox].history.clone() {
            let subjects: Vec<String> = history.iter().map(|(claim, _)| claim.clone()).collect();
            happened += history.iter().filter(|(_, reversal)| *reversal == 0).count();
            let lane = Lane(lane.parse().unwrap());
            let events = events(house.store(), |at| Chain::Family(lane).event(space, at));
            let records = written(house.store(), space, lane, &history);
            self.chain(sandbox, &events, &subjects, &records);
        }
        self.same(sandbox, "the count of claims in histories", happened, claims.len());
        self.payees(house.store(), sandbox, space, issued);
    }

    fn payees(&mut self, store: &dyn Store, sandbox: &str, space: Space, issued: &[pb::Remittance]) {
        let payees: BTreeSet<&str> =
            issued.iter().filter_map(|remittance| remittance.payee.as_ref()).map(|p| p.payee_id.as_str()).collect();
        for payee in payees {
            let own = |name: &String| name.starts_with(&format!("{sandbox}/remittances/{payee}-"));
            let count = issued.iter().filter(|remittance| own(&remittance.name)).count();
            let name = |at: u64| format!("{sandbox}/remittances/{payee}-{at}");
            let events = events(store, |at| Chain::Payee(payee.to_owned()).event(space, at));
            let (mut subjects, mut records, mut paid) = (Vec::new(), Vec::new(), 0);
            for event in &events {
                // What was too little is held until the next day.
                if event.cause == "hold-payment" {
                    let held: Date = event.time[..10].parse().unwrap();
                    subjects.push(payee.to_owned());
                    records.push(Bytes::from(days_after(held, 1).to_string()));
                } else {
                    paid += 1;
                    subjects.push(name(paid));
                    records.push(record(store, space.remittance(payee, paid)));
                }
            }
            self.same(sandbox, "the count of remittances in a history", usize::try_from(paid).unwrap(), count);
            self.chain(sandbox, &events, &subjects, &records);
        }
    }

    /// Numbers from one, each event with the hash of the one before and of what was written.
    pub fn chain(&mut self, sandbox: &str, events: &[Event], subjects: &[String], records: &[Bytes]) {
        // Matters are rewritten as they go on; what was written at each turn of theirs is not there any more.
        let told: Vec<&Event> = events.iter().filter(|event| !is_of_a_matter(event)).collect();
        self.same(
            sandbox,
            "the subjects of a history",
            told.iter().map(|event| &event.subject).collect(),
            subjects.iter().collect::<Vec<_>>(),
        );
        for (event, record) in told.iter().zip(records) {
            let place = format!("{} event {}", event.subject, event.number);
            self.same(&place, "the hash of what was written", &event.content_hash, &sha256(record));
        }
        let mut previous = Bytes::new();
        for (number, event) in (1..).zip(events) {
            let place = format!("{} event {number}", event.subject);
            self.same(&place, "the number", event.number, number);
            self.same(&place, "the hash before", &event.previous_hash, &previous);
            let unsealed = Event { hash: Bytes::new(), ..event.clone() };
            self.same(&place, "the hash", &event.hash, &sha256(&unsealed.encode_to_vec()));
            previous = event.hash.clone();
        }
    }
}

/// Whether an event is about something other than a claim or a remittance: a review, a request for documents.
fn is_of_a_matter(event: &Event) -> bool {
    let id = event.subject.rsplit('/').next().unwrap_or_default();
    Matter::ALL.into_iter().any(|kind| kind.parse(id).is_some())
}

type Fits<'a> = dyn Fn(&pb::Claim) -> bool + 'a;

/// The events of a history, read one by one until there is none.
pub fn events(store: &dyn Store, key: impl Fn(u64) -> Vec<u8>) -> Vec<Event> {
    (1..)
        .map_while(|at| {
            let bytes = record(store, key(at));
            (!bytes.is_empty()).then(|| Event::decode(bytes).unwrap())
        })
        .collect()
}

/// What was written at each turn of a lane's history.
pub fn written(store: &dyn Store, space: Space, lane: Lane, history: &[(String, usize)]) -> Vec<Bytes> {
    let key = |claim: &str, reversal: usize| {
        let sequence = claim.rsplit('/').next().unwrap_or_default()[10..].parse().unwrap();
        match u64::try_from(reversal).unwrap() {
            0 => space.claim(lane, sequence),
            number => space.reversal(lane, sequence, number),
        }
    };
    history.iter().map(|(claim, reversal)| record(store, key(claim, *reversal))).collect()
}

pub fn record(store: &dyn Store, key: Vec<u8>) -> Bytes {
    let found = store.read(&[Read::Point(key)]).unwrap().concat();
    found.first().map(|pair| pair.value.clone()).unwrap_or_default()
}

fn sha256(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(&Sha256::digest(bytes))
}
