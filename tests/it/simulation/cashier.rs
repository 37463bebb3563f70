//! The auditor at the cash desk: who is paid what, when, once; and what the printed 835 says.

use std::collections::{BTreeMap, BTreeSet};

use payersim::payer::payment_run::Run;
use payersim::proto::v1 as pb;
use payersim::x12::remittance_835;

use super::auditor::Auditor;
use super::books::Recoupment;
use super::payer::days_after;
use super::printed::Printed;
use super::taken_back::decision_key;

impl Auditor {
    /// A payment run issued these.
    pub fn ran(&mut self, sandbox: &str, run: &Run, issued: &[pb::Remittance]) {
        let today = self.books[sandbox].today.to_string();
        let asked = |payee: &str| run.payee_ids.is_empty() || run.payee_ids.iter().any(|asked| asked == payee);
        let due = |on: &str| run.include_not_due || on <= today.as_str();
        let expected = self.open_claims(sandbox, |payee, on| asked(payee) && due(on));
        issued.iter().for_each(|remittance| self.issued(sandbox, remittance, &today));
        let expected = if run.include_not_due { expected } else { self.held(sandbox, &today, asked, expected, issued) };
        let left =
            |of: &&Recoupment| of.put_off.is_some() && of.collected.is_none() && asked(&of.payee) && due(&of.from);
        let left = self.books[sandbox].recoupments.iter().find(left).map(|left| left.claim.clone());
        self.same(sandbox, "an overpayment not collected", left, None);
        self.same(sandbox, "who is paid which claims", paid_to(issued), expected);
    }

    /// The clock was turned to a day; these were issued on the way, each on the day its claims fell due.
    pub fn turned(&mut self, sandbox: &str, goal: &str, issued: &[pb::Remittance], told: &pb::AdvanceClockResponse) {
        let expected = self.open_claims(sandbox, |_, on| on <= goal);
        for remittance in issued {
            let day = remittance.paid_date.clone();
            for claim in &remittance.claims {
                let key = decision_key(&claim.claim, claim.determination.as_ref());
                let on = self.books[sandbox].due.get(&key).map(|due| due.on.clone()).unwrap_or_default();
                // What was too little waited, and is paid with what came later.
                let waited = self.books[sandbox].payer.minimum > 0 && on < day;
                self.same(&claim.claim, "the day of payment", if waited { &on } else { &day }, &on);
            }
            self.issued(sandbox, remittance, &day);
        }
        let expected = self.held(sandbox, goal, |_| true, expected, issued);
        self.same(sandbox, "who is paid which claims on the way", paid_to(issued), expected);
        let left = |of: &&Recoupment| of.put_off.is_some() && of.collected.is_none() && of.from.as_str() <= goal;
        let left = self.books[sandbox].recoupments.iter().find(left).map(|left| left.claim.clone());
        self.same(sandbox, "an overpayment not collected on the way", left, None);
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

    /// Nothing below the least is paid: what is due and was not paid comes to less, and waits for the next day. Gives whom the
    /// others are paid to.
    fn held(
        &mut self,
        sandbox: &str,
        day: &str,
        asked: impl Fn(&str) -> bool,
        expected: BTreeMap<String, BTreeSet<String>>,
        issued: &[pb::Remittance],
    ) -> BTreeMap<String, BTreeSet<String>> {
        let least = self.books[sandbox].payer.minimum;
        for too_little in issued.iter().filter(|paid| paid.paid_cents > 0 && paid.paid_cents < least) {
            self.complain(&too_little.name, format!("pays {}, which is too little", too_little.paid_cents));
        }
        let tomorrow = days_after(day.parse().unwrap(), 1).to_string();
        let mut others = BTreeMap::new();
        for (payee, claims) in expected {
            let open = |key: &&String| !self.books[sandbox].remitted.contains_key(*key);
            let left: BTreeSet<String> = claims.iter().filter(open).cloned().collect();
            let collects = |of: &Recoupment| {
                of.payee == payee && of.put_off.is_some() && of.collected.is_none() && of.from.as_str() <= day
            };
            let net = self.net(sandbox, &payee, &left, day, &collects);
            let waits = !left.is_empty() && asked(&payee) && (1..least).contains(&net);
            if waits {
                let books = self.books.get_mut(sandbox).unwrap();
                left.iter().for_each(|key| books.due.get_mut(key).unwrap().on.clone_from(&tomorrow));
                books.recoupments.iter_mut().filter(|of| collects(of)).for_each(|of| of.from.clone_from(&tomorrow));
                self.meet("held");
            }
            let paid: BTreeSet<String> = claims.into_iter().filter(|key| !waits || !left.contains(key)).collect();
            if !paid.is_empty() {
                others.insert(payee, paid);
            }
        }
        others
    }

    /// What a payee would be paid for these, with what is collected and was forwarded.
    fn net(
        &self,
        sandbox: &str,
        payee: &str,
        left: &BTreeSet<String>,
        day: &str,
        collects: &dyn Fn(&Recoupment) -> bool,
    ) -> i64 {
        let books = &self.books[sandbox];
        let owed = |key: &String| {
            let (due, received) = (&books.due[key], self.received(sandbox, key));
            due.cents + due.interest.unwrap_or_else(|| books.interest_on(due.cents, &received, day))
        };
        // What may be collected when it is told is not left to the payee.
        let recouped = books.recoupments.iter().map(|of| match of {
            of if collects(of) => -of.cents,
            of if left.contains(&of.reversal) => of.cents,
            _ => 0,
        });
        left.iter().map(owed).sum::<i64>() + recouped.sum::<i64>() - books.forwarded.get(payee).copied().unwrap_or(0)
    }

    /// One remittance: its claims as decided, each for the first time; its sums; its text.
    pub fn issued(&mut self, sandbox: &str, remittance: &pb::Remittance, day: &str) {
        let name = &remittance.name;
        self.same(name, "the date", remittance.paid_date.as_str(), day);
        if self.book(sandbox).remittances.insert(name.clone(), remittance.clone()).is_some() {
            self.complain(name, "was issued before");
        }
        self.meet(if remittance.paid_cents == 0 { "remittance of nothing" } else { "remittance" });
        let (mut payments, mut interest) = (0, 0);
        for paid in &remittance.claims {
            let key = decision_key(&paid.claim, paid.determination.as_ref());
            let books = self.book(sandbox);
            let due = books.due.get(&key).cloned();
            let before = books.remitted.insert(key.clone(), name.clone());
            let decision = books.decisions.get(&key).cloned();
            if let Some(claim) = books.claims.iter_mut().find(|claim| claim.name == paid.claim) {
                let is = |of: Option<&pb::Determination>| of == paid.determination.as_ref();
                if is(claim.determination.as_ref()) {
                    claim.remittance.clone_from(name);
                }
                let reversals = claim.reversals.iter_mut();
                reversals.filter(|told| is(told.reversal.as_ref())).for_each(|told| told.remittance.clone_from(name));
            }
            if let Some(before) = before {
                self.complain(&paid.claim, format!("was paid before, on {before}"));
            }
            let Some((due, decision)) = due.zip(decision) else {
                self.complain(&paid.claim, "is paid and was never decided");
                continue;
            };
            payments += due.cents;
            let received = self.received(sandbox, &paid.claim);
            let owed = due.interest.unwrap_or_else(|| self.books[sandbox].interest_on(due.cents, &received, day));
            self.same(&paid.claim, "the interest", paid.interest_cents, owed);
            interest += owed;
            if owed > 0 {
                self.meet("interest");
            }
            self.book(sandbox).interest.insert(key, owed);
            self.same(&paid.claim, "the payee", payee_of(remittance), due.payee);
            self.same(&paid.claim, "the decision on the remittance", paid.determination.as_ref(), Some(&decision));
        }
        self.behind_its_reversal(sandbox, remittance);
        let adjusted: i64 = remittance.provider_adjustments.iter().map(|adjustment| adjustment.amount_cents).sum();
        self.same(name, "what is paid", remittance.paid_cents, payments - adjusted);
        self.adjusted(sandbox, remittance, payments, interest);
        if let Err(words) = remittance_835::balances(remittance) {
            self.complain(name, format!("the program itself says that it does not balance: {words}"));
        }
        self.printed(remittance, &remittance_835::print(remittance));
    }

    fn received(&self, sandbox: &str, name: &str) -> String {
        let name = name.split('#').next().unwrap();
        let claim = self.books[sandbox].claims.iter().find(|claim| claim.name == name);
        claim.map_or_else(String::new, |claim| claim.received_date.clone())
    }

    /// What belongs to no claim: overpayments left and collected, one balance carried and one forwarded; nothing is paid below zero.
    fn adjusted(&mut self, sandbox: &str, remittance: &pb::Remittance, payments: i64, interest: i64) {
        let (name, payee) = (&remittance.name, payee_of(remittance));
        let on_this: BTreeSet<String> =
            remittance.claims.iter().map(|paid| decision_key(&paid.claim, paid.determination.as_ref())).collect();
        let mut expected: BTreeMap<(String, String), i64> = BTreeMap::new();
        if interest != 0 {
            expected.insert(("L6".into(), remittance.trace_number.clone()), -interest);
        }
        let told = |reason: &str, reference: &str, below: bool| {
            let of = remittance.provider_adjustments.iter().filter(|told| told.reason_code == reason);
            of.filter(|told| told.reference == reference && (told.amount_cents < 0) == below).count()
        };
        let mut recouped = 0;
        let books = self.books.get_mut(sandbox).unwrap();
        let (mut collected, mut at_once) = (0, 0);
        for of in books.recoupments.iter_mut().filter(|of| of.payee == payee) {
            let number = of.claim.rsplit('/').next().unwrap_or_default().to_owned();
            if of.put_off.is_none() && on_this.contains(&of.reversal) {
                of.put_off = Some(name.clone());
                if of.from > remittance.paid_date {
                    recouped -= of.cents;
                    *expected.entry(("WO".into(), number)).or_default() -= of.cents;
                } else {
                    of.collected = Some(name.clone());
                    at_once += 1;
                    collected_by(&mut books.claims, of, name);
                }
            } else if of.put_off.is_some() && of.collected.is_none() && told("WO", &number, false) > 0 {
                of.collected = Some(name.clone());
                collected += 1;
                recouped += of.cents;
                *expected.entry(("WO".into(), number)).or_default() += of.cents;
                collected_by(&mut books.claims, of, name);
            }
        }
        let carried = books.forwarded.get(&payee).copied().unwrap_or(0);
        let net = payments + interest - recouped - carried;
        books.forwarded.insert(payee, (-net).max(0));
        let told = remittance.provider_adjustments.iter();
        let balance: i64 = told.clone().filter(|told| told.reason_code == "FB").map(|told| told.amount_cents).sum();
        let forwards = told.clone().filter(|told| told.reason_code == "FB" && told.amount_cents < 0).count();
        let mut others: BTreeMap<(String, String), i64> = BTreeMap::new();
        for told in told.filter(|told| told.reason_code != "FB") {
            *others.entry((told.reason_code.clone(), told.reference.clone())).or_default() += told.amount_cents;
        }
        self.same(name, "provider adjustments", others, expected);
        self.same(name, "the balance forwarded", balance, carried - (-net).max(0));
        self.same(name, "the count of balances forwarded", forwards, usize::from(net < 0));
        self.same(name, "what is paid of it", remittance.paid_cents, net.max(0));
        (0..collected).for_each(|_| self.meet("collected"));
        (0..at_once).for_each(|_| self.meet("collected when told"));
        if net < 0 {
            self.meet("forwarded");
        } else if carried > 0 {
            self.meet("nothing left to forward");
        }
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
            let reversed = decision.claim_status_code == "22";
            let owed = if reversed { 0 } else { decision.patient_responsibility_cents };
            let amounts = (decision.charge_cents, decision.paid_cents, owed);
            (claim.control_number.clone(), amounts)
        });
        let told = printed.claims.iter().map(|claim| (claim.number.clone(), (claim.charge, claim.paid, claim.patient)));
        self.same(name, "the claims on its 835", told.collect::<Vec<_>>(), claims.collect());
    }
}

/// The claim tells the remittance that took what was left.
fn collected_by(claims: &mut [pb::Claim], of: &Recoupment, remittance: &str) {
    let claim = claims.iter_mut().find(|claim| claim.name == of.claim).unwrap();
    let demanded = |told: &mut pb::ClaimReversal| {
        let is_it = decision_key(&of.claim, told.reversal.as_ref()) == of.reversal;
        told.demand.as_mut().filter(|_| is_it).map(|demand| demand.collected_by = remittance.to_owned())
    };
    claim.reversals.iter_mut().filter_map(demanded).for_each(drop);
}

fn payee_of(remittance: &pb::Remittance) -> String {
    remittance.payee.as_ref().map_or_else(String::new, |payee| payee.payee_id.clone())
}

fn paid_to(issued: &[pb::Remittance]) -> BTreeMap<String, BTreeSet<String>> {
    let mut paid: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    // A remittance of what was put off may carry no claim.
    for remittance in issued.iter().filter(|remittance| !remittance.claims.is_empty()) {
        let claims = remittance.claims.iter().map(|paid| decision_key(&paid.claim, paid.determination.as_ref()));
        paid.entry(payee_of(remittance)).or_default().extend(claims);
    }
    paid
}
