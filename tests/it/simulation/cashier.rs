//! The auditor at the cash desk: who is paid what, when, once; and what the printed 835 says.

use std::collections::{BTreeMap, BTreeSet};

use payersim::payer::payment_run::Run;
use payersim::proto::v1 as pb;
use payersim::x12::remittance_835;

use super::auditor::Auditor;
use super::printed::Printed;

impl Auditor {
    /// A payment run issued these.
    pub fn ran(&mut self, sandbox: &str, run: &Run, issued: &[pb::Remittance]) {
        let today = self.books[sandbox].today.to_string();
        let asked = |payee: &str| run.payee_ids.is_empty() || run.payee_ids.iter().any(|asked| asked == payee);
        let due = |on: &str| run.include_not_due || on <= today.as_str();
        let expected = self.open_claims(sandbox, |payee, on| asked(payee) && due(on));
        issued.iter().for_each(|remittance| self.issued(sandbox, remittance, &today));
        self.same(sandbox, "who is paid which claims", paid_to(issued), expected);
    }

    /// The clock was turned to a day; these were issued on the way, each on the day its claims fell due.
    pub fn turned(&mut self, sandbox: &str, goal: &str, issued: &[pb::Remittance], told: &pb::AdvanceClockResponse) {
        let expected = self.open_claims(sandbox, |_, on| on <= goal);
        for remittance in issued {
            let day = remittance.paid_date.clone();
            for claim in &remittance.claims {
                let on = self.books[sandbox].due.get(&claim.claim).map(|due| due.on.clone()).unwrap_or_default();
                self.same(&claim.claim, "the day of payment", day.as_str(), &on);
            }
            self.issued(sandbox, remittance, &day);
        }
        self.same(sandbox, "who is paid which claims on the way", paid_to(issued), expected);
        let days: BTreeSet<_> = issued.iter().map(|paid| (&paid.paid_date, payee_of(paid))).collect();
        self.same(sandbox, "the count of remittances, one a payee and day", issued.len(), days.len());
        self.same(sandbox, "remittances told", told.remittances, i64::try_from(issued.len()).unwrap());
        self.same(sandbox, "payment told", told.paid_cents, issued.iter().map(|paid| paid.paid_cents).sum());
        self.same(sandbox, "the end of the turn", told.done, true);
        let now = told.clock.as_ref().map_or("", |clock| &clock.now).to_owned();
        self.same(sandbox, "the date of the clock", now.get(..10).unwrap_or_default(), goal);
        self.book(sandbox).today = goal.parse().unwrap();
    }

    /// Decided claims that no remittance has carried, by payee.
    fn open_claims(&self, sandbox: &str, fits: impl Fn(&str, &str) -> bool) -> BTreeMap<String, BTreeSet<String>> {
        let books = &self.books[sandbox];
        let mut open: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (claim, due) in books.due.iter().filter(|(claim, _)| !books.remitted.contains_key(*claim)) {
            if fits(&due.payee, &due.on) {
                open.entry(due.payee.clone()).or_default().insert(claim.clone());
            }
        }
        open
    }

    /// One remittance: its claims as decided, each for the first time; its sums; its text.
    pub fn issued(&mut self, sandbox: &str, remittance: &pb::Remittance, day: &str) {
        let name = &remittance.name;
        self.same(name, "the date", remittance.paid_date.as_str(), day);
        if self.book(sandbox).remittances.insert(name.clone(), remittance.clone()).is_some() {
            self.complain(name, "was issued before");
        }
        self.meet(if remittance.paid_cents == 0 { "remittance of nothing" } else { "remittance" });
        let mut payments = 0;
        for paid in &remittance.claims {
            let books = self.book(sandbox);
            let due = books.due.get(&paid.claim).cloned();
            let before = books.remitted.insert(paid.claim.clone(), name.clone());
            let decided = books.claims.iter_mut().find(|claim| claim.name == paid.claim);
            let decision = decided.map(|claim| {
                claim.remittance.clone_from(name);
                claim.determination.clone().unwrap_or_default()
            });
            if let Some(before) = before {
                self.complain(&paid.claim, format!("was paid before, on {before}"));
            }
            let Some((due, decision)) = due.zip(decision) else {
                self.complain(&paid.claim, "is paid and was never decided");
                continue;
            };
            payments += due.cents;
            self.same(&paid.claim, "the payee", payee_of(remittance), due.payee);
            self.same(&paid.claim, "the decision on the remittance", paid.determination.as_ref(), Some(&decision));
        }
        let adjusted: i64 = remittance.provider_adjustments.iter().map(|adjustment| adjustment.amount_cents).sum();
        self.same(name, "what is paid", remittance.paid_cents, payments - adjusted);
        // Nothing is taken back yet, so nothing is forwarded.
        self.same(name, "provider adjustments", remittance.provider_adjustments.as_slice(), &[]);
        if let Err(words) = remittance_835::balances(remittance) {
            self.complain(name, format!("the program itself says that it does not balance: {words}"));
        }
        self.printed(remittance, &remittance_835::print(remittance));
    }

    /// The text of a remittance against its message.
    pub fn printed(&mut self, remittance: &pb::Remittance, text: &str) {
        let name = &remittance.name;
        let printed = match Printed::read(text) {
            Ok(printed) => printed,
            Err(words) => return self.complain(name, format!("its 835 cannot be read: {words}")),
        };
        printed.faults().into_iter().for_each(|fault| self.complain(name, format!("its 835: {fault}")));
        self.same(name, "BPR02", printed.paid, remittance.paid_cents);
        let claims = remittance.claims.iter().map(|claim| {
            let decision = claim.determination.clone().unwrap_or_default();
            let amounts = (decision.charge_cents, decision.paid_cents, decision.patient_responsibility_cents);
            (claim.control_number.clone(), amounts)
        });
        let told = printed.claims.iter().map(|claim| (claim.number.clone(), (claim.charge, claim.paid, claim.patient)));
        self.same(name, "the claims on its 835", told.collect::<Vec<_>>(), claims.collect());
    }
}

fn payee_of(remittance: &pb::Remittance) -> String {
    remittance.payee.as_ref().map_or_else(String::new, |payee| payee.payee_id.clone())
}

fn paid_to(issued: &[pb::Remittance]) -> BTreeMap<String, BTreeSet<String>> {
    let mut paid: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for remittance in issued {
        let claims = remittance.claims.iter().map(|claim| claim.claim.clone());
        paid.entry(payee_of(remittance)).or_default().extend(claims);
    }
    paid
}
