//! Reviews in the auditor's own books: who waits for what until when, what was ruled, and what the claim is decided after it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use payersim::payer::{Caller, Failure};
use payersim::proto::v1 as pb;
use pb::ReviewState as At;
use pb::review_decision::Outcome;

use super::auditor::Auditor;
use super::books::Books;
use super::house::House;
use super::payer::days_after;
use super::ruled::{Ground, Ruled, UNDECIDED, What, read, waived};
use super::ruling::{Ruling, rule};
use super::stay;
use super::taken_back::decision_key;
use super::told::{self, is_told};

/// How a made-up payer's reviewers work.
#[derive(Clone, Debug)]
pub struct Desk {
    pub days: i64,
    pub within: i64,
    pub escalate: i64,
    /// Cents paid, or denied, from which a second person signs.
    pub signed_from: Option<i64>,
    pub signed_denied_from: Option<i64>,
    /// What becomes of claims that nobody decides in time: set aside (true), or denied.
    pub overdue: Option<bool>,
}

/// A review as the auditor has it.
#[derive(Clone, Debug)]
pub struct Review {
    pub claim: String,
    pub received: Date,
    pub due: Date,
    pub priority: i32,
    pub escalations: i32,
    pub returned: i32,
    pub state: At,
    pub assignee: String,
    /// Who decided what is to be signed.
    pub by: String,
    pub ruled: Vec<Ruled>,
    pub grounds: BTreeSet<Ground>,
}

impl Review {
    pub fn waits(&self) -> bool {
        !matches!(self.state, At::Decided | At::Closed)
    }
}

impl Desk {
    fn due(&self, received: Date, day: Date) -> Date {
        let (due, last) = (days_after(day, self.days), days_after(received, self.within));
        if last > day { due.min(last) } else { due }
    }

    /// One deadline that passes on the day after the due date; `true`: the payer's rule decides instead.
    fn pass(&self, review: &mut Review) -> bool {
        let day = days_after(review.due, 1);
        if self.overdue.is_some() && day > days_after(review.received, self.within) {
            return true;
        }
        review.due = days_after(day, self.escalate);
        review.escalations += 1;
        review.priority = (review.priority - 1).max(1);
        false
    }

    /// The day on which the payer's rule decides, through a day.
    fn rules_on(&self, review: &Review, through: Date) -> Option<Date> {
        let mut review = review.clone();
        while review.due < through {
            let day = days_after(review.due, 1);
            if self.pass(&mut review) {
                return Some(day);
            }
        }
        None
    }

    fn signed(&self, billed: &pb::ProfessionalClaim, ruling: &Ruling) -> Option<bool> {
        let Ruling::Decided(lines) = ruling else { return None };
        let of = || billed.lines.iter().zip(lines);
        let paid: i64 = of().map(|(sent, own)| own.paid(sent.charge_cents)).sum();
        let denied: i64 = of().filter(|(_, own)| own.denied).map(|(sent, _)| sent.charge_cents).sum();
        let from = |least: Option<i64>, cents| least.is_some_and(|least| cents >= least);
        Some(from(self.signed_from, paid) || from(self.signed_denied_from, denied))
    }
}

impl Books {
    /// The first day through another on which the clock decides a claim.
    pub fn clock_decides(&self, through: Date) -> Option<Date> {
        let waiting = self.reviews.values().filter(|review| review.waits());
        let ruled = waiting.filter_map(|review| self.payer.desk.rules_on(review, through));
        ruled.chain(self.dispute_is_won(through)).min()
    }

    /// The auditor's own ruling on a claim that is decided once more, with what was ruled on it.
    fn rules_again(&self, claim: &str, ruled: &[Ruled]) -> Option<(pb::ProfessionalClaim, Ruling)> {
        let stored = self.claims.iter().find(|stored| stored.name == claim)?;
        let mut billed = stay::billed(stored)?;
        billed.frequency_code.clear();
        let mut then = self.clone();
        then.today = stored.received_date.parse().unwrap();
        then.ruled = ruled.iter().chain(self.rulings.get(claim).into_iter().flatten()).cloned().collect();
        let ruling = rule(&then, &billed);
        Some((billed, ruling))
    }
}

impl Auditor {
    /// Looks at what was opened and closed since: a claim that waits has one open review, a claim that does not has none.
    pub fn queue(&mut self, house: &House, sandbox: &str) {
        let books = self.book(sandbox);
        let (opened, closed) = (std::mem::take(&mut books.to_open), std::mem::take(&mut books.to_close));
        for claim in closed {
            let own = self.book(sandbox).reviews.iter_mut().find(|(_, review)| review.claim == claim && review.waits());
            let Some((name, own)) = own else { continue };
            own.state = At::Closed;
            let name = name.clone();
            self.stands(house, sandbox, &name);
            self.meet("review closed");
        }
        for (claim, grounds) in opened {
            self.opened_review(house, sandbox, &claim, grounds);
        }
    }

    fn opened_review(&mut self, house: &House, sandbox: &str, claim: &str, grounds: BTreeSet<Ground>) {
        let filter = pb::ReviewFilter { claim: claim.to_owned(), waiting: true, ..Default::default() };
        let (found, _) = house.payer().list_reviews(&Caller::anyone(), sandbox, &filter, None, 10).unwrap();
        let [review] = found.as_slice() else {
            return self.complain(claim, format!("waits with {} open reviews", found.len()));
        };
        let books = &self.books[sandbox];
        let received = review.received_date.parse().unwrap();
        let own = Review {
            claim: claim.to_owned(),
            received,
            due: books.payer.desk.due(received, books.today),
            priority: pb::ReviewPriority::Normal.into(),
            escalations: 0,
            returned: 0,
            state: At::Open,
            assignee: String::new(),
            by: String::new(),
            ruled: Vec::new(),
            grounds,
        };
        let stored = books.claims.iter().find(|stored| stored.name == claim).cloned().unwrap();
        let is_stay = matches!(stored.billed, Some(pb::claim::Billed::Institutional(_)));
        let told: BTreeSet<(&str, usize)> = review
            .grounds
            .iter()
            .map(|ground| (ground.step.as_str(), usize::try_from(ground.line).unwrap()))
            .map(|(step, line)| (step, if is_stay { line.min(1) } else { line }))
            .collect();
        self.same(&review.name, "what pended it", told, own.grounds.clone());
        self.same(&review.name, "the day it was received", &review.received_date, &stored.received_date);
        let decision = stored.determination.unwrap_or_default();
        self.same(&review.name, "why it waits", &review.pend_reason, &decision.pend_reason);
        if self.book(sandbox).reviews.insert(review.name.clone(), own).is_some() {
            self.complain(&review.name, "was opened before");
        }
        self.stands(house, sandbox, &review.name);
    }

    /// A review on record against the books.
    pub fn stands(&mut self, house: &House, sandbox: &str, name: &str) {
        let review = house.payer().review(&Caller::anyone(), name).unwrap();
        let own = self.books[sandbox].reviews[name].clone();
        self.same(name, "the claim", &review.claim, &own.claim);
        self.same(name, "where it stands", review.state(), own.state);
        if !own.waits() {
            return;
        }
        self.same(name, "the due date", review.due_date.clone(), own.due.to_string());
        self.same(name, "the priority", review.priority, own.priority);
        self.same(name, "escalations", review.escalations, own.escalations);
        self.same(name, "how often it was given back", review.returned, own.returned);
        self.same(name, "whose it is", review.assignee, own.assignee);
        let told = |action: &str| review.history.iter().filter(|done| done.action == action).count();
        let escalated = usize::try_from(own.escalations).unwrap();
        self.same(name, "escalations in its history", told("escalated"), escalated);
    }

    /// Somebody was to decide a review; this was the answer.
    pub fn review_decided(
        &mut self,
        house: &House,
        sandbox: &str,
        request: &pb::DecideReviewRequest,
        answer: Result<pb::DecideReviewResponse, Failure>,
    ) {
        let (name, by) = (&request.name, &request.reviewer);
        let own = self.books[sandbox].reviews[name].clone();
        let may = own.waits() && own.state != At::AwaitingSignOff && (own.assignee.is_empty() || own.assignee == *by);
        let told = match answer {
            Ok(told) if may => told.review.unwrap_or_default(),
            Ok(_) => return self.complain(name, "was decided and could not be"),
            Err(Failure::ReviewState { .. }) if !may => return self.meet("review not to be decided"),
            Err(other) => return self.complain(name, format!("was not decided: {other}")),
        };
        let today = self.books[sandbox].today;
        self.review(sandbox, name).assignee.clone_from(by);
        let decision = request.decision.clone().unwrap_or_default();
        let ruled = read(&decision, &own.grounds);
        let Some((billed, foreseen)) = self.books[sandbox].rules_again(&own.claim, &ruled) else { return };
        // Of what waits on, nothing is known that could be signed.
        let signs = self.books[sandbox].payer.desk.signed(&billed, &foreseen);
        if signs.unwrap_or(told.state() == At::AwaitingSignOff) {
            let review = self.review(sandbox, name);
            (review.state, review.by, review.ruled) = (At::AwaitingSignOff, by.clone(), ruled);
            self.meet("review to be signed");
            return self.stands(house, sandbox, name);
        }
        self.meet(match decision.outcome {
            Some(Outcome::Approve(_)) => "review approved",
            Some(Outcome::Deny(_)) => "review denied",
            Some(Outcome::Reduce(_)) => "review reduced",
            _ => "returned to pricing",
        });
        self.carried_out(house, sandbox, name, ruled, today);
    }

    /// A second person was to sign; this was the answer.
    pub fn review_signed(
        &mut self,
        house: &House,
        sandbox: &str,
        request: &pb::SignOffReviewRequest,
        answer: Result<pb::DecideReviewResponse, Failure>,
    ) {
        let name = &request.name;
        let own = self.books[sandbox].reviews[name].clone();
        let may = own.state == At::AwaitingSignOff && own.by != request.signer;
        match answer {
            Ok(_) if may => {}
            Ok(_) => return self.complain(name, "was signed and could not be"),
            Err(Failure::ReviewState { .. }) if !may => return self.meet("review not to be signed"),
            Err(other) => return self.complain(name, format!("was not signed: {other}")),
        }
        let books = &self.books[sandbox];
        let (today, due) = (books.today, books.payer.desk.due(own.received, books.today));
        if request.return_to_reviewer {
            let review = self.review(sandbox, name);
            review.due = review.due.max(due);
            review.returned += 1;
            (review.state, review.assignee) = (At::Assigned, own.by);
            self.meet("review given back");
            return self.stands(house, sandbox, name);
        }
        self.meet("review signed");
        self.carried_out(house, sandbox, name, own.ruled, today);
    }

    /// The clock went through a day: each review whose date has passed has its consequence.
    pub fn reviews_passed(&mut self, house: &House, sandbox: &str, through: &str) {
        let through: Date = through.parse().unwrap();
        loop {
            let waiting =
                self.books[sandbox].reviews.iter().filter(|(_, review)| review.waits() && review.due < through);
            let Some((_, name)) = waiting.map(|(name, review)| (review.due, name.clone())).min() else { break };
            let (desk, own) = (self.books[sandbox].payer.desk.clone(), self.review(sandbox, &name));
            let day = days_after(own.due, 1);
            if !desk.pass(own) {
                self.meet("review escalated");
                continue;
            }
            let mut ruled: Vec<Ruled> = waived(&own.grounds);
            if desk.overdue == Some(false) {
                ruled.insert(0, Ruled { lines: vec![], what: What::Deny(pb::GroupCode::Co, UNDECIDED) });
            }
            self.same(&name, "the day of the payer's rule", day, through);
            self.meet("review decided by rule");
            self.carried_out(house, sandbox, &name, ruled, day);
        }
        let waiting = self.books[sandbox].reviews.iter().filter(|(_, review)| review.waits());
        for name in waiting.map(|(name, _)| name.clone()).collect::<Vec<_>>() {
            self.stands(house, sandbox, &name);
        }
    }

    fn review(&mut self, sandbox: &str, name: &str) -> &mut Review {
        self.book(sandbox).reviews.get_mut(name).unwrap()
    }

    /// The claim of a review is decided as was ruled.
    fn carried_out(&mut self, house: &House, sandbox: &str, review: &str, ruled: Vec<Ruled>, day: Date) {
        let own = self.review(sandbox, review);
        own.state = At::Decided;
        let name = own.claim.clone();
        let rulings = self.book(sandbox).rulings.entry(name.clone()).or_default();
        rulings.splice(0..0, ruled);
        self.stands(house, sandbox, review);
        self.decided_at_last(house, sandbox, &name, day);
    }

    /// A claim that had waited is decided, or waits on.
    pub fn decided_at_last(&mut self, house: &House, sandbox: &str, name: &str, day: Date) {
        let at = self.books[sandbox].claims.iter().position(|claim| claim.name == *name).unwrap();
        let before = self.books[sandbox].claims[at].clone();
        let now = house.payer().claim(&Caller::anyone(), name).unwrap();
        let Some((billed, ruling)) = self.books[sandbox].rules_again(name, &[]) else { return };
        self.book(sandbox).claims[at] = now.clone();
        self.book(sandbox).reversal_happened(name);
        let Some(decision) = &now.determination else { return self.complain(name, "no determination") };
        self.same(name, "the processed date", &decision.processed_date, &day.to_string());
        let sequence = before.determination.map_or(0, |decided| decided.sequence) + 1;
        self.same(name, "the place of the decision", decision.sequence, sequence);
        self.steps(&now);
        match ruling {
            Ruling::Rejected(_) | Ruling::Void => self.complain(name, "waited and would not be taken in"),
            Ruling::Pended(grounds) => {
                self.pended(&now, &grounds);
                self.waits_on(sandbox, name, grounds);
                self.meet("waits again");
            }
            Ruling::Decided(lines) => {
                let denied = lines.iter().all(|line| line.denied);
                let state = if denied { pb::ClaimState::Denied } else { pb::ClaimState::Allowed };
                self.same(name, "the state", now.state(), state);
                self.ruled_in(sandbox, &now, decision, &lines);
                let days = i64::from(self.books[sandbox].payer.payment_days);
                let (marker, later) = told::DUE_LATER;
                let days = if is_told(&billed, marker) { days.max(later) } else { days };
                let due = days_after(day, days).to_string();
                self.same(name, "the due date", &now.due_date, &due);
                let key = decision_key(name, Some(decision));
                self.book_decision(sandbox, &now, &billed, &lines, key, (due, None));
                self.meet("decided at last");
                self.book(sandbox).to_close.push(name.to_owned());
            }
        }
    }

    /// A claim that waits on has the review that is open, or a new one.
    fn waits_on(&mut self, sandbox: &str, name: &str, grounds: BTreeSet<Ground>) {
        let books = self.book(sandbox);
        match books.reviews.values_mut().find(|review| review.claim == name && review.waits()) {
            Some(review) => review.grounds = grounds,
            None => books.to_open.push((name.to_owned(), grounds)),
        }
    }
}
