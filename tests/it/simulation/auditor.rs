//! The auditor: it sees what goes in and what comes out, keeps its own books and complains.
//!
//! Nothing that it expects comes from the program: amounts and denials are its own ruling, balances its own sums, the
//! 835 is read from its text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use payersim::payer::Failure;
use payersim::proto::v1 as pb;
use prost::Message;

use super::books::{Books, Due, PastLine, line_act};
use super::corrected::{corrects, original};
use super::folder::tax_id;
use super::payer::{MadeUp, days_after};
use super::ruled::Ground;
use super::ruling::{LineRuling, Ruling, benefit_name, group_name, rule};
use super::stay;
use super::told::{self, is_told};

#[derive(Clone, Default)]
pub struct Auditor {
    pub books: BTreeMap<String, Books>,
    pub complaints: Vec<String>,
    /// Something was set aside of which it does not know what comes after: it looks on no more.
    pub lost: bool,
    /// What it has met, and how often: shows that the lives are worth auditing.
    pub met: BTreeMap<String, usize>,
}

impl Auditor {
    pub fn opened(&mut self, sandbox: &str, payer: &MadeUp) {
        self.books.insert(sandbox.to_owned(), Books::new(sandbox, payer));
    }

    pub fn book(&mut self, sandbox: &str) -> &mut Books {
        self.books.get_mut(sandbox).unwrap()
    }

    /// Whether it has complained, or can follow no further.
    pub fn is_done(&self) -> bool {
        self.lost || !self.complaints.is_empty()
    }

    pub fn meet(&mut self, what: impl Into<String>) {
        *self.met.entry(what.into()).or_default() += 1;
    }

    pub fn complain(&mut self, place: impl Display, words: impl Display) {
        self.complaints.push(format!("{place}: {words}"));
    }

    /// Complains where two things differ.
    pub fn same<T: PartialEq + std::fmt::Debug>(&mut self, place: impl Display, what: &str, is: T, should_be: T) {
        if is != should_be {
            self.complain(place, format!("{what} is {is:?}, should be {should_be:?}"));
        }
    }

    /// A claim was answered.
    pub fn answered(&mut self, request: &pb::SubmitClaimRequest, claim: &pb::Claim) {
        let books = &self.books[&request.parent];
        if let Some((first, at)) = books.requests.get(&request.request_id).filter(|_| !request.request_id.is_empty()) {
            let (first, stored) = (first == request, books.claims[*at].clone());
            if !first {
                self.complain(&claim.name, "its request id was another claim's");
            }
            // The stored answer also tells the remittance that has been issued since.
            let again = pb::Claim { remittance: stored.remittance.clone(), ..claim.clone() };
            if again.encode_to_vec() != stored.encode_to_vec() {
                self.complain(&claim.name, "the same request has another answer");
            }
            self.meet("repeated");
            return;
        }
        let billed = &stay::sent(request);
        let original = match rule(&self.books[&request.parent], billed) {
            Ruling::Rejected(_) => None,
            _ if !corrects(billed) => None,
            _ => original(&self.books[&request.parent], billed).ok().cloned(),
        };
        if let Some(original) = &original {
            let books = self.book(&request.parent);
            books.give_back(original);
            books.reversal_happened(&original.name);
        }
        self.number(&request.parent, claim);
        self.taken_in(request, claim);
        let ruling = match rule(&self.books[&request.parent], billed) {
            Ruling::Rejected(reasons) => Ruling::Rejected(reasons),
            _ if billed.frequency_code == "8" => Ruling::Void,
            decided => decided,
        };
        match &ruling {
            Ruling::Void => self.void(claim),
            Ruling::Rejected(reasons) => self.rejected(claim, reasons),
            Ruling::Pended(grounds) => self.pended(claim, grounds),
            Ruling::Decided(lines) => self.decided(request, claim, lines),
        }
        self.meet(claim.state().as_str_name());
        self.steps(claim);
        self.enter(request, claim, billed, &ruling);
        if let Some(original) = original {
            self.corrected(&request.parent, &original, claim);
        }
    }

    /// A claim was refused; it must have been the sender's fault.
    pub fn refused(&mut self, request: &pb::SubmitClaimRequest, failure: &Failure, broken: bool) {
        let first = self.books[&request.parent].requests.get(&request.request_id);
        match failure {
            Failure::Violations { .. } if broken => self.meet("broken"),
            Failure::RequestIdReused { claim, .. } if first.is_some_and(|(before, _)| before != request) => {
                let named = self.books[&request.parent].claims[first.unwrap().1].name.clone();
                self.same(&request.request_id, "the first claim of the id", claim.clone(), named);
                self.meet("request id reused");
            }
            other => self.complain(&request.request_id, format!("refused without a reason: {other}")),
        }
    }

    /// Ten digits of the family, then its own count: each number once, none left out.
    fn number(&mut self, sandbox: &str, claim: &pb::Claim) {
        let number = claim.name.strip_prefix(&format!("{sandbox}/claims/")).unwrap_or_default().to_owned();
        let Some((lane, sequence)) = number.split_at_checked(10) else {
            return self.complain(&claim.name, "has no control number in its name");
        };
        let last = self.book(sandbox).sequences.entry(lane.to_owned()).or_default();
        *last += 1;
        let next = format!("{:04}", *last);
        self.same(&claim.name, "the sequence", sequence.to_owned(), next);
        let shown = if claim.state() == pb::ClaimState::Rejected { String::new() } else { number.clone() };
        self.same(&claim.name, "the control number", claim.control_number.clone(), shown);
        let lane = lane.to_owned();
        self.book(sandbox).history.entry(lane).or_default().push((claim.name.clone(), 0));
    }

    /// What is true of every claim that came in.
    fn taken_in(&mut self, request: &pb::SubmitClaimRequest, claim: &pb::Claim) {
        let today = self.books[&request.parent].today.to_string();
        self.same(&claim.name, "the request id", &claim.request_id, &request.request_id);
        self.same(&claim.name, "the received date", &claim.received_date, &today);
        self.same(&claim.name, "simulated", claim.simulated, true);
        self.same(&claim.name, "the remittance", claim.remittance.as_str(), "");
        use pb::submit_claim_request::Claim::{Institutional, Professional};
        let kept = match &claim.billed {
            Some(pb::claim::Billed::Professional(kept)) => Some(Professional(kept.clone())),
            Some(pb::claim::Billed::Institutional(kept)) => Some(Institutional(kept.clone())),
            None => None,
        };
        self.same(&claim.name, "the claim as it came", &kept, &request.claim);
    }

    fn rejected(&mut self, claim: &pb::Claim, reasons: &BTreeSet<(&str, &str)>) {
        self.same(&claim.name, "the state", claim.state(), pb::ClaimState::Rejected);
        let found = claim.rejections.iter().map(|found| (found.category_code.as_str(), found.status_code.as_str()));
        self.same(&claim.name, "why it is rejected", found.collect::<BTreeSet<_>>(), reasons.clone());
        self.same(&claim.name, "a decision", claim.determination.is_some(), false);
        self.same(&claim.name, "the due date", claim.due_date.as_str(), "");
    }

    pub fn pended(&mut self, claim: &pb::Claim, grounds: &BTreeSet<Ground>) {
        self.same(&claim.name, "the state", claim.state(), pb::ClaimState::Pended);
        self.same(&claim.name, "the due date", claim.due_date.as_str(), "");
        let Some(decision) = &claim.determination else { return self.complain(&claim.name, "no determination") };
        let told = grounds.contains(&("instruction", 0));
        let reason = if told { "review by instruction" } else { "suspect duplicate" };
        self.same(&claim.name, "the pend reason", decision.pend_reason.as_str(), reason);
        self.same(&claim.name, "what is paid while it waits", decision.paid_cents, 0);
        self.same(&claim.name, "what its lines are paid", decision.lines.iter().all(|line| line.paid_cents == 0), true);
        self.same(
            &claim.name,
            "what it took",
            (&decision.accumulator_entries, &decision.authorization_uses),
            (&vec![], &vec![]),
        );
    }

    fn decided(&mut self, request: &pb::SubmitClaimRequest, claim: &pb::Claim, ruling: &[LineRuling]) {
        let name = &claim.name;
        let (today, days) = {
            let books = &self.books[&request.parent];
            (books.today, i64::from(books.payer.payment_days))
        };
        let (marker, later) = told::DUE_LATER;
        let days = if is_told(&stay::sent(request), marker) { days.max(later) } else { days };
        let all_denied = ruling.iter().all(|line| line.denied);
        let state = if all_denied { pb::ClaimState::Denied } else { pb::ClaimState::Allowed };
        self.same(name, "the state", claim.state(), state);
        self.same(name, "the due date", claim.due_date.clone(), days_after(today, days).to_string());
        let Some(decision) = &claim.determination else { return self.complain(name, "no determination") };
        self.same(name, "the processed date", &decision.processed_date, &today.to_string());
        self.ruled_in(&request.parent, claim, decision, ruling);
    }

    /// A decision against the auditor's own ruling.
    pub fn ruled_in(&mut self, sandbox: &str, claim: &pb::Claim, decision: &pb::Determination, ruling: &[LineRuling]) {
        let name = &claim.name;
        self.explained_once(claim, decision);
        crate::declared::undeclared(claim).into_iter().for_each(|words| self.complain("declared", words));
        let decision = &stay::decided(decision);
        let stranger = self.books[sandbox].payer.member(&member_id(claim)).is_none();
        let status = if stranger {
            "4"
        } else if is_second(claim) {
            "2"
        } else {
            "1"
        };
        self.same(name, "the claim status", decision.claim_status_code.as_str(), status);
        self.same(name, "the count of lines", decision.lines.len(), ruling.len());
        self.balance(name, decision);
        for (line, own) in decision.lines.iter().zip(ruling) {
            self.line(&format!("{name} line {}", line.line), line, own);
        }
        self.entries(claim, decision, ruling);
    }

    /// The claim's amounts are the sums of its lines'; charge less adjustments is paid.
    fn balance(&mut self, name: &str, decision: &pb::Determination) {
        let sum = |of: fn(&pb::LineDetermination) -> i64| decision.lines.iter().map(of).sum::<i64>();
        self.same(name, "the charge", decision.charge_cents, sum(|line| line.charge_cents));
        self.same(name, "the allowed amount", decision.allowed_cents, sum(|line| line.allowed_cents));
        self.same(name, "the payment", decision.paid_cents, sum(|line| line.paid_cents));
        let owed = sum(|line| line.patient_responsibility_cents);
        self.same(name, "the patient responsibility", decision.patient_responsibility_cents, owed);
        for line in &decision.lines {
            let place = format!("{name} line {}", line.line);
            let adjusted: i64 = line.adjustments.iter().map(|adjustment| adjustment.amount_cents).sum();
            self.same(&place, "charge less adjustments", line.charge_cents - adjusted, line.paid_cents);
            let patient = line.adjustments.iter().filter(|adjustment| adjustment.group() == pb::GroupCode::Pr);
            let patient: i64 = patient.map(|adjustment| adjustment.amount_cents).sum();
            self.same(&place, "the sum of PR", patient, line.patient_responsibility_cents);
            if line.denied {
                self.same(&place, "the payment of a denied line", line.paid_cents, 0);
            }
            if line.paid_cents < 0 || line.paid_cents > line.allowed_cents {
                self.complain(&place, format!("{} paid of {} allowed", line.paid_cents, line.allowed_cents));
            }
        }
    }

    /// A line against the auditor's own ruling, to the cent.
    fn line(&mut self, place: &str, line: &pb::LineDetermination, own: &LineRuling) {
        self.same(place, "denied", line.denied, own.denied);
        self.same(place, "allowed", line.allowed_cents, own.allowed);
        self.same(place, "paid", line.paid_cents, own.paid(line.charge_cents));
        let mut adjusted: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for adjustment in &line.adjustments {
            *adjusted.entry((group_name(adjustment.group()), &adjustment.carc)).or_default() += adjustment.amount_cents;
        }
        self.same(place, "the adjustments", adjusted, own.adjusted.clone());
        own.adjusted.keys().for_each(|(group, reason)| self.meet(format!("{group}-{reason}")));
    }

    /// Entries are what the lines say: deductible is PR-1, out of pocket PR-1, 2 and 3, dollars what is paid.
    fn entries(&mut self, claim: &pb::Claim, decision: &pb::Determination, ruling: &[LineRuling]) {
        let name = &claim.name;
        let paid_by_patient = |reasons: &[&str]| -> i64 {
            let of_patient = |adjustment: &&pb::Adjustment| {
                adjustment.group() == pb::GroupCode::Pr && reasons.contains(&adjustment.carc.as_str())
            };
            let all = decision.lines.iter().flat_map(|line| &line.adjustments);
            all.filter(of_patient).map(|adjustment| adjustment.amount_cents).sum()
        };
        let entered = |account: &str| -> i64 {
            let entries = decision.accumulator_entries.iter().filter(|entry| entry.accumulator == account);
            entries.map(|entry| entry.amount).sum()
        };
        // Another payer's money may have met the deductible for the patient.
        let met = entered("deductible") - paid_by_patient(&["1"]);
        if met < 0 || (met > 0 && !is_second(claim)) {
            self.complain(name, format!("the deductible taken differs from PR-1 by {met}"));
        }
        self.same(name, "the out-of-pocket taken", entered("out_of_pocket"), paid_by_patient(&["1", "2", "3"]));
        for (at, own) in (1..).zip(ruling) {
            let entries = decision.accumulator_entries.iter().filter(|entry| entry.line == at);
            let taken: BTreeMap<String, i64> =
                entries.clone().map(|entry| (entry.accumulator.clone(), entry.amount)).collect();
            self.same(format!("{name} line {at}"), "what it took", taken, own.taken.clone());
            for entry in entries {
                let is = (entry.network.as_str(), entry.year_start.clone());
                let year = own.year.map(|year| year.to_string()).unwrap_or_default();
                self.same(format!("{name} line {at}"), "network and year", is, (own.network, year));
            }
            let uses = decision.authorization_uses.iter().filter(|used| used.line == at);
            let used: Vec<_> = uses.map(|used| (used.authorization_number.clone(), used.units.clone())).collect();
            let own_uses = own.used.iter().map(|(number, units)| (number.clone(), units.to_string())).collect();
            self.same(format!("{name} line {at}"), "the authorizations it used", used, own_uses);
        }
    }

    /// Each step goes on where the last one of its line stopped; the first begins with the charge, the last ends with
    /// what is paid.
    pub fn steps(&mut self, claim: &pb::Claim) {
        let Some(decision) = &claim.determination else { return };
        if decision.account.is_some() {
            return self.steps_of_stay(claim, decision);
        }
        for line in &decision.lines {
            let place = format!("{} line {}", claim.name, line.line);
            let mut payable = line.charge_cents;
            for step in decision.steps.iter().filter(|step| step.line == line.line) {
                self.same(&place, &format!("payable before {}", step.id), step.before_cents, payable);
                payable = step.after_cents;
            }
            if claim.state() != pb::ClaimState::Pended {
                self.same(&place, "payable after the last step", payable, line.paid_cents);
            }
        }
    }

    /// Enters a claim into the books, and sees that nothing is passed.
    fn enter(
        &mut self,
        request: &pb::SubmitClaimRequest,
        claim: &pb::Claim,
        billed: &pb::ProfessionalClaim,
        ruling: &Ruling,
    ) {
        let books = self.books.get_mut(&request.parent).unwrap();
        if !request.request_id.is_empty() {
            books.requests.insert(request.request_id.clone(), (request.clone(), books.claims.len()));
        }
        books.claims.push(claim.clone());
        if let Ruling::Pended(grounds) = ruling {
            books.to_open.push((claim.name.clone(), grounds.clone()));
        }
        let Ruling::Decided(lines) = ruling else { return };
        self.book_decision(&request.parent, claim, billed, lines, claim.name.clone(), (claim.due_date.clone(), None));
    }

    /// Enters a decision: its lines, what it took, what is due, when and with what interest.
    pub fn book_decision(
        &mut self,
        sandbox: &str,
        claim: &pb::Claim,
        billed: &pb::ProfessionalClaim,
        lines: &[LineRuling],
        key: String,
        (on, interest): (String, Option<i64>),
    ) {
        let Some(decision) = &claim.determination else { return };
        let books = self.books.get_mut(sandbox).unwrap();
        for (sent, own) in billed.lines.iter().zip(lines).filter(|_| !decision.member_id.is_empty()) {
            let act = line_act(billed, sent);
            let plan = books.payer.member(&decision.member_id).and_then(|member| member.plan_on(act.from));
            let benefit = plan.map_or("", |plan| books.payer.plans[plan].benefit(benefit_name(&act.code)).name);
            let (member, claim) = (decision.member_id.clone(), claim.name.clone());
            books.past.push(PastLine { claim, member, denied: own.denied, benefit: benefit.into(), act });
        }
        for entry in &decision.accumulator_entries {
            let account =
                (entry.accumulator.clone(), entry.member_id.clone(), entry.network.clone(), entry.year_start.clone());
            *books.taken.entry(account).or_default() += entry.amount;
        }
        for used in &decision.authorization_uses {
            *books.used.entry(used.authorization_number.clone()).or_default() += used.units.parse::<i64>().unwrap_or(0);
        }
        let npi = &billed.billing_provider.as_ref().unwrap().npi;
        let due = Due { payee: format!("{npi}-{}", tax_id(npi)), on, cents: decision.paid_cents, interest };
        books.due.insert(key.clone(), due);
        books.decisions.insert(key, decision.clone());
        for entry in &decision.accumulator_entries {
            self.not_passed(sandbox, entry);
        }
    }

    /// No deductible, maximum or limit that the entry counts toward is passed.
    fn not_passed(&mut self, sandbox: &str, entry: &pb::AccumulatorEntry) {
        let limits = self.books[sandbox].limits(entry);
        if limits.is_empty() {
            self.complain(&entry.member_id, "is nobody, and takes from an account");
        }
        let place = format!("{sandbox} {} {} {}", entry.member_id, entry.network, entry.year_start);
        for (what, taken, most) in limits {
            match most {
                Some(most) if taken > most => self.complain(&place, format!("{what} is passed: {taken} of {most}")),
                Some(most) if taken == most => self.meet(format!("{what} reached")),
                _ => {}
            }
        }
    }
}

fn subscriber(claim: &pb::Claim) -> Option<pb::Subscriber> {
    stay::billed(claim)?.subscriber
}

fn member_id(claim: &pb::Claim) -> String {
    subscriber(claim).map_or_else(String::new, |subscriber| subscriber.member_id)
}

/// Whether the claim says that another payer came first.
fn is_second(claim: &pb::Claim) -> bool {
    subscriber(claim).is_some_and(|subscriber| subscriber.payer_responsibility == "S")
}
