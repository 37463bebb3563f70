//! The auditor when a claim is taken back: what was decided is undone in its own books, and decided again by its own ruling.

use jiff::civil::Date;
use payersim::payer::Failure;
use payersim::proto::v1 as pb;

use super::auditor::Auditor;
use super::books::{Due, Recoupment};
use super::payer::days_after;
use super::ruling::{Ruling, rule};
use super::stay;

/// Days from the demand until a deferred recoupment is collected.
pub const RECOUPED_AFTER: i64 = 10;

/// What a decision that is made again bears interest for.
struct Owed {
    /// The day on which what was decided before was paid, and the interest that it bore.
    paid_on: String,
    had: i64,
    /// The day on which an appeal was won.
    won: Option<Date>,
}

impl Auditor {
    /// A claim was to be taken back; this was the answer.
    pub fn taken_back(&mut self, sandbox: &str, request: &pb::ReverseClaimRequest, answer: Result<pb::Claim, Failure>) {
        let name = &request.name;
        let books = &self.books[sandbox];
        let stored = books.claims.iter().find(|claim| claim.name == *name).cloned().unwrap();
        let stands = matches!(stored.state(), pb::ClaimState::Allowed | pb::ClaimState::Denied);
        let may = stands && books.remitted.contains_key(&decision_key(name, stored.determination.as_ref()));
        match answer {
            Ok(claim) if may => self.undone(sandbox, request, &stored, &claim, None),
            Ok(_) => self.complain(name, "was taken back and could not be"),
            Err(Failure::ClaimState { .. }) if !may => self.meet("not to be taken back"),
            Err(other) => self.complain(name, format!("was not taken back: {other}")),
        }
    }

    /// What was decided is undone; `owed`: on this day an appeal has won what was owed since the claim came in.
    pub fn undone(
        &mut self,
        sandbox: &str,
        request: &pb::ReverseClaimRequest,
        stored: &pb::Claim,
        claim: &pb::Claim,
        owed: Option<Date>,
    ) {
        let name = &claim.name;
        let today = self.books[sandbox].today;
        let Some(decision) = &stored.determination else { return };
        let Some(told) = claim.reversals.last().cloned() else { return self.complain(name, "tells no reversal") };
        let reversal = told.reversal.clone().unwrap_or_default();
        self.same(name, "what was reversed", told.reversed.as_ref(), Some(decision));
        self.same(name, "the count of reversals", claim.reversals.len(), stored.reversals.len() + 1);
        self.same(name, "the day of the reversal", &told.due_date, &today.to_string());
        self.same(name, "the place of the reversal", reversal.sequence, decision.sequence + 1);
        self.same(name, "the status of the reversal", reversal.claim_status_code.as_str(), "22");
        self.negated(name, decision, &reversal);
        self.same(
            name,
            "what paid it",
            Some(&told.paid_by),
            self.books[sandbox].remitted.get(&decision_key(name, Some(decision))).cloned().as_ref(),
        );
        let books = self.book(sandbox);
        books.give_back(stored);
        let before = decision_key(name, Some(decision));
        let payee = books.due[&before].payee.clone();
        let had = books.interest.get(&before).copied().unwrap_or(0);
        let paid_on = books.remittances[&books.remitted[&before]].paid_date.clone();
        let due =
            Due { payee: payee.clone(), on: today.to_string(), cents: -decision.paid_cents, interest: Some(-had) };
        let key = decision_key(name, Some(&reversal));
        books.due.insert(key.clone(), due);
        books.decisions.insert(key, reversal.clone());
        books.reversal_happened(name);
        let at = books.claims.iter().position(|known| known.name == *name).unwrap();
        books.claims[at] = claim.clone();
        let instead = if request.redecide {
            self.decided_again(sandbox, claim, &reversal, &Owed { paid_on, had, won: owed })
        } else {
            self.same(name, "the state", claim.state(), pb::ClaimState::Reversed);
            self.same(name, "the decision left as it was", claim.determination.as_ref(), Some(decision));
            0
        };
        self.same(name, "the interest taken back", told.interest_cents, had);
        self.demanded(sandbox, request, &told, &payee, decision.paid_cents + had - instead);
    }

    /// The same groups and reasons, every amount negated.
    pub fn negated(&mut self, name: &str, decision: &pb::Determination, reversal: &pb::Determination) {
        let amounts = |of: &pb::Determination, sign: i64| -> Vec<(String, i64)> {
            let account = of.account.iter().flat_map(|account| {
                let told = account.adjustments.iter().map(move |a| (a.carc.clone(), sign * a.amount_cents));
                told.chain([("account".to_owned(), sign * account.paid_cents)])
            });
            let lines = of.lines.iter().flat_map(|line| {
                let own = [
                    ("charge", line.charge_cents),
                    ("paid", line.paid_cents),
                    ("patient", line.patient_responsibility_cents),
                ];
                let own = own.map(|(what, cents)| (what.to_owned(), sign * cents));
                let told = line
                    .adjustments
                    .iter()
                    .map(move |a| (format!("{:?}-{}", a.group(), a.carc), sign * a.amount_cents));
                own.into_iter().chain(told)
            });
            let entries = of.accumulator_entries.iter().map(|entry| (entry.accumulator.clone(), sign * entry.amount));
            let total = [("charge".to_owned(), sign * of.charge_cents), ("paid".to_owned(), sign * of.paid_cents)];
            lines.chain(account).chain(entries).chain(total).collect()
        };
        self.same(name, "the amounts of the reversal", amounts(reversal, 1), amounts(decision, -1));
    }

    /// The auditor's own ruling on what the family has left; gives what is paid instead.
    fn decided_again(&mut self, sandbox: &str, claim: &pb::Claim, reversal: &pb::Determination, owed: &Owed) -> i64 {
        let name = &claim.name;
        let Some(mut billed) = stay::billed(claim) else { return 0 };
        // What it replaced is gone already.
        billed.frequency_code.clear();
        let billed = &billed;
        let Some(decision) = &claim.determination else { return 0 };
        self.same(name, "the place of the decision", decision.sequence, reversal.sequence + 1);
        let told = (decision_key(name, Some(decision)), decision_key(name, Some(reversal)));
        self.book(sandbox).behind.insert(told.0, told.1);
        // Filing in time goes by the day on which the claim came in.
        let mut then = self.books[sandbox].clone();
        then.today = claim.received_date.parse().unwrap();
        then.ruled = then.rulings.get(name).cloned().unwrap_or_default();
        // It bears interest for the days that what was paid before took.
        let mut interest = 0;
        match rule(&then, billed) {
            Ruling::Rejected(_) => self.complain(name, "was decided again and would not be taken in"),
            Ruling::Void => self.complain(name, "was decided again and is a void"),
            Ruling::Pended(grounds) => {
                self.pended(claim, &grounds);
                self.book(sandbox).to_open.push((name.clone(), grounds));
                self.meet("waits after a reversal");
            }
            Ruling::Decided(lines) => {
                let denied = lines.iter().all(|line| line.denied);
                let state = if denied { pb::ClaimState::Denied } else { pb::ClaimState::Allowed };
                self.same(name, "the state", claim.state(), state);
                self.ruled_in(sandbox, claim, decision, &lines);
                self.meet("decided again");
                let key = decision_key(name, Some(decision));
                let today = self.books[sandbox].today.to_string();
                interest = then.interest_on(decision.paid_cents, &claim.received_date, &owed.paid_on);
                let more = decision.paid_cents + reversal.paid_cents;
                if let Some(day) = owed.won.filter(|_| more > 0) {
                    interest = owed.had + then.interest_on(more, &claim.received_date, &day.to_string());
                }
                self.book_decision(sandbox, claim, billed, &lines, key, (today, Some(interest)));
            }
        }
        self.steps(claim);
        decision.paid_cents + interest
    }

    /// What is not taken at once is demanded.
    fn demanded(
        &mut self,
        sandbox: &str,
        request: &pb::ReverseClaimRequest,
        told: &pb::ClaimReversal,
        payee: &str,
        overpaid: i64,
    ) {
        let name = &request.name;
        let deferred = request.recoupment() == pb::Recoupment::Deferred && overpaid > 0;
        self.same(name, "whether money is demanded", told.demand.is_some(), deferred);
        self.meet(if deferred { "taken back later" } else { "taken back" });
        let Some(demand) = &told.demand else { return };
        let today = self.books[sandbox].today;
        let from = days_after(today, RECOUPED_AFTER).to_string();
        self.same(name, "the demand", (demand.amount_cents, &demand.recoup_from), (overpaid, &from));
        let reversal = told.reversal.as_ref();
        self.book(sandbox).recoupments.push(Recoupment {
            payee: payee.to_owned(),
            claim: name.clone(),
            reversal: decision_key(name, reversal),
            from,
            cents: overpaid,
            put_off: None,
            collected: None,
        });
    }
}

/// A decision of a claim, by name: the first is the claim's, later ones tell their place.
pub fn decision_key(claim: &str, decision: Option<&pb::Determination>) -> String {
    match decision.map_or(1, |decision| decision.sequence) {
        1 => claim.to_owned(),
        sequence => format!("{claim}#{sequence}"),
    }
}
