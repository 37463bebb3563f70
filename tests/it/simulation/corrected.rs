//! Corrected claims: lives that send them, and the auditor who sees the original taken back and the new claim decided once.

use payersim::proto::v1 as pb;
use pb::ClaimState::{Allowed, Closed, Denied, Pended, Rejected, Reversed, Void};

use super::auditor::Auditor;
use super::books::{Books, Due, Recoupment};
use super::chance::Chance;
use super::folder::tax_id;
use super::payer::{days_after, npi};
use super::stay;
use super::taken_back::{RECOUPED_AFTER, decision_key};

/// A claim of the past sent again as a replacement or a void, mostly of one that stands, sometimes under another member or biller.
pub fn corrected(chance: &mut Chance, request_id: String, books: &Books) -> pb::SubmitClaimRequest {
    let stands = |claim: &&pb::Claim| matches!(claim.state(), Allowed | Denied | Pended);
    let standing: Vec<&pb::Claim> = books.claims.iter().filter(stands).collect();
    let paid: Vec<&pb::Claim> = standing.iter().copied().filter(|claim| !claim.remittance.is_empty()).collect();
    let waits =
        |claim: &&pb::Claim| claim.remittance.is_empty() && books.behind.keys().any(|key| key.starts_with(&claim.name));
    let behind: Vec<&pb::Claim> = standing.iter().copied().filter(waits).collect();
    let named = match chance.below(8) {
        0 => chance.pick(&books.claims),
        1..=3 if !behind.is_empty() => chance.pick(&behind).clone(),
        1..=6 if !paid.is_empty() => chance.pick(&paid).clone(),
        _ if !standing.is_empty() => chance.pick(&standing).clone(),
        _ => chance.pick(&books.claims),
    };
    let number = if chance.one_in(20) { "00000000000001" } else { number_of(&named.name) }.to_owned();
    let frequency = if chance.one_in(4) { "8" } else { "7" };
    let member = chance.one_in(10).then(|| chance.pick(&books.payer.members));
    let biller = chance.one_in(12).then(|| npi(200_000_000));
    let move_to = |subscriber: &mut Option<pb::Subscriber>, billing: &mut Option<pb::BillingProvider>| {
        if let (Some(member), Some(subscriber)) = (member, subscriber.as_mut()) {
            subscriber.member_id.clone_from(&member.subscriber);
        }
        if let (Some(biller), Some(billing)) = (biller, billing.as_mut()) {
            (billing.tax_id, billing.npi) = (tax_id(&biller), biller);
        }
    };
    let mut request =
        pb::SubmitClaimRequest { parent: books.sandbox.clone(), request_id, paper: named.paper, ..Default::default() };
    request.claim = named.billed.map(|billed| match billed {
        pb::claim::Billed::Professional(mut claim) => {
            if claim.other_payers.is_empty() && frequency == "7" && chance.one_in(2) {
                claim.lines[0].charge_cents += chance.pick(&[-1, 500]) * i64::from(claim.lines[0].charge_cents > 0);
                claim.charge_cents = claim.lines.iter().map(|line| line.charge_cents).sum();
            }
            move_to(&mut claim.subscriber, &mut claim.billing_provider);
            (claim.frequency_code, claim.original_control_number) = (frequency.into(), number);
            pb::submit_claim_request::Claim::Professional(claim)
        }
        pb::claim::Billed::Institutional(mut stay) => {
            move_to(&mut stay.subscriber, &mut stay.billing_provider);
            (stay.type_of_bill, stay.original_control_number) = (format!("11{frequency}"), number);
            pb::submit_claim_request::Claim::Institutional(stay)
        }
    });
    request
}

fn number_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// Whether a claim replaces or voids another.
pub fn corrects(sent: &pb::ProfessionalClaim) -> bool {
    matches!(sent.frequency_code.as_str(), "7" | "8")
}

/// The claim that a corrected one names, or the status by which it is turned away.
pub fn original<'b>(
    books: &'b Books,
    sent: &pb::ProfessionalClaim,
) -> Result<&'b pb::Claim, (&'static str, &'static str)> {
    let number = &sent.original_control_number;
    let find = |number: &str| books.claims.iter().find(|claim| number_of(&claim.name) == number);
    if number.is_empty() {
        return Err(("A6", "464"));
    }
    let family = |sent: &pb::ProfessionalClaim| {
        let number = sent.subscriber.as_ref().map_or("", |subscriber| &subscriber.member_id);
        books.payer.member(number).map_or(number.to_owned(), |member| member.subscriber.clone())
    };
    let Some(named) = find(number).filter(|named| named.state() != Rejected) else { return Err(("A7", "464")) };
    let was = stay::billed(named).unwrap();
    if family(&was) != family(sent) {
        return Err(("A8", "464"));
    }
    match named.state() {
        Void => return Err(("A7", "464")),
        Reversed | Closed => {
            let mut newest = named;
            while let Some(next) = find(number_of(&newest.replaced_by)) {
                newest = next;
            }
            let stands = newest.name != named.name && matches!(newest.state(), Allowed | Denied | Pended);
            return Err(("A7", if stands { "495" } else { "464" }));
        }
        _ => {}
    }
    let contests = |appeal: &pb::Appeal| {
        appeal.claim == named.name && matches!(appeal.state(), pb::AppealState::Open | pb::AppealState::Incomplete)
    };
    if books.appeals.values().any(contests) {
        return Err(("A7", "464"));
    }
    let biller = |sent: &pb::ProfessionalClaim| sent.billing_provider.clone().map(|biller| (biller.npi, biller.tax_id));
    let is_stay = |sent: &pb::ProfessionalClaim| sent.lines[0].procedure_code == stay::ROOM;
    if biller(&was) != biller(sent) || is_stay(&was) != is_stay(sent) { Err(("A8", "464")) } else { Ok(named) }
}

impl Books {
    /// The original stands no longer, and what it took is there again.
    pub fn give_back(&mut self, original: &pb::Claim) {
        let Some(decision) = &original.determination else { return };
        self.past.retain(|line| line.claim != original.name);
        for entry in &decision.accumulator_entries {
            let account =
                (entry.accumulator.clone(), entry.member_id.clone(), entry.network.clone(), entry.year_start.clone());
            *self.taken.entry(account).or_default() -= entry.amount;
        }
        for used in &decision.authorization_uses {
            *self.used.entry(used.authorization_number.clone()).or_default() -= used.units.parse::<i64>().unwrap_or(0);
        }
    }

    /// One more reversal in the family's history.
    pub fn reversal_happened(&mut self, name: &str) {
        let lane = number_of(name)[..10].to_owned();
        let history = self.history.entry(lane).or_default();
        let count = history.iter().filter(|(_, reversal)| *reversal > 0).count();
        history.push((name.to_owned(), count + 1));
    }
}

impl Auditor {
    /// A void decides nothing itself.
    pub fn void(&mut self, claim: &pb::Claim) {
        self.same(&claim.name, "the state", claim.state(), Void);
        let Some(decision) = &claim.determination else { return self.complain(&claim.name, "no determination") };
        self.same(
            &claim.name,
            "what a void decides",
            (decision.charge_cents, decision.paid_cents, decision.lines.len(), decision.accumulator_entries.len()),
            (0, 0, 0, 0),
        );
    }

    /// A claim that was taken in corrects another: what was due of the original is withdrawn, or its reversal becomes due.
    pub fn corrected(&mut self, sandbox: &str, original: &pb::Claim, claim: &pb::Claim) {
        self.same(&claim.name, "what it replaces", &claim.replaces, &original.name);
        let decided = matches!(claim.state(), Allowed | Denied);
        if original.state() == Pended {
            self.book(sandbox).to_close.push(original.name.clone());
        }
        let key = decision_key(&original.name, original.determination.as_ref());
        let books = self.books.get_mut(sandbox).unwrap();
        let today = books.today.to_string();
        let mut behind = None;
        if books.remitted.contains_key(&key) {
            let decision = original.determination.as_ref().unwrap();
            let reversal = format!("{}#{}", original.name, decision.sequence + 1);
            let due = Due {
                payee: books.due[&key].payee.clone(),
                on: if decided { claim.due_date.clone() } else { today },
                cents: -decision.paid_cents,
                interest: Some(-books.interest.get(&key).copied().unwrap_or(0)),
            };
            books.due.insert(reversal.clone(), due);
            behind = Some(reversal);
            self.meet("replaced and reversed");
        } else {
            books.due.remove(&key);
            books.decisions.remove(&key);
            let told = |reversal: &&String| !books.remitted.contains_key(*reversal);
            if let Some(reversal) = books.behind.get(&key).filter(told).cloned() {
                if decided {
                    books.due.get_mut(&reversal).unwrap().on.clone_from(&claim.due_date);
                }
                behind = Some(reversal);
                self.meet("replaced behind a reversal");
            }
            self.meet("replaced and closed");
        }
        let books = self.books.get_mut(sandbox).unwrap();
        let on = behind.as_ref().map_or_else(String::new, |reversal| books.due[reversal].on.clone());
        books.behind.extend(behind.map(|reversal| (claim.name.clone(), reversal)));
        if claim.state() == Void {
            self.same(&claim.name, "the due date of a void", &claim.due_date, &on);
            self.meet("voided");
        }
    }

    /// What the original says afterwards.
    pub fn original_told(&mut self, sandbox: &str, before: &pb::Claim, now: &pb::Claim, by: &pb::Claim) {
        let name = &now.name;
        let key = decision_key(name, before.determination.as_ref());
        let books = &self.books[sandbox];
        let today = books.today;
        let reported = books.remitted.get(&key).cloned();
        let had = books.interest.get(&key).copied().unwrap_or(0);
        let reversal_key = format!("{name}#{}", before.determination.as_ref().map_or(1, |d| d.sequence) + 1);
        let due = reported.as_ref().and_then(|_| books.due.get(&reversal_key).cloned());
        let defers = books.payer.defers_replaced;
        let Some(told) = now.reversals.last().cloned() else { return self.complain(name, "tells no reversal") };
        let (decision, reversal) = (before.determination.clone().unwrap(), told.reversal.clone().unwrap_or_default());
        let closed = reported.is_none();
        self.same(name, "the state of an original", now.state(), if closed { Closed } else { Reversed });
        self.same(name, "what replaced it", (&now.replaced_by, &told.by_claim), (&by.name, &by.name));
        self.same(name, "the count of reversals", now.reversals.len(), before.reversals.len() + 1);
        self.same(name, "the decision left as it was", now.determination.as_ref(), Some(&decision));
        self.same(name, "what was reversed", told.reversed.as_ref(), Some(&decision));
        self.same(name, "whether it was never told", told.unreported, closed);
        self.same(name, "what paid it", told.paid_by.clone(), reported.unwrap_or_default());
        self.same(name, "the interest taken back", told.interest_cents, if closed { 0 } else { had });
        let on = due.as_ref().map_or("", |due| &due.on);
        self.same(name, "the day of the reversal", told.due_date.as_str(), on);
        self.same(name, "the place of the reversal", reversal.sequence, decision.sequence + 1);
        self.same(name, "the status of the reversal", reversal.claim_status_code.as_str(), "22");
        self.negated(name, &decision, &reversal);
        if closed {
            self.same(
                name,
                "when a closed claim is due",
                (&now.due_date, &now.remittance),
                (&String::new(), &String::new()),
            );
        }
        let instead = by.determination.as_ref().map_or(0, |decided| decided.paid_cents);
        let overpaid = decision.paid_cents + had - instead;
        let demanded = !closed && defers && overpaid > 0;
        self.same(name, "whether money is demanded", told.demand.is_some(), demanded);
        if let (Some(demand), Some(due)) = (&told.demand, due) {
            let from = days_after(today, RECOUPED_AFTER).to_string();
            self.same(name, "the demand", (demand.amount_cents, &demand.recoup_from), (overpaid, &from));
            self.meet("replaced, to be recouped later");
            self.book(sandbox).recoupments.push(Recoupment {
                payee: due.payee,
                claim: name.clone(),
                reversal: reversal_key.clone(),
                from,
                cents: overpaid,
                put_off: None,
                collected: None,
            });
        }
        let books = self.book(sandbox);
        if !closed {
            books.decisions.insert(reversal_key, reversal);
        }
        let at = books.claims.iter().position(|known| known.name == *name).unwrap();
        books.claims[at] = now.clone();
    }

    /// A correction stands right behind the reversal that it is due behind, and names what was reversed; a void tells the remittance.
    pub fn behind_its_reversal(&mut self, sandbox: &str, remittance: &pb::Remittance) {
        let mut before = String::new();
        for paid in &remittance.claims {
            let key = decision_key(&paid.claim, paid.determination.as_ref());
            let behind = self.books[sandbox].behind.get(&key).cloned().filter(|_| !key.contains('#'));
            let together =
                behind.filter(|reversal| self.books[sandbox].remitted.get(reversal) == Some(&remittance.name));
            let named = together.as_ref().map_or("", |reversal| number_of(reversal.split('#').next().unwrap()));
            self.same(&paid.claim, "what it corrects (REF*F8)", paid.original_control_number.as_str(), named);
            if let Some(reversal) = together {
                self.same(&paid.claim, "what stands before it", &before, &reversal);
            }
            let books = self.book(sandbox);
            let voids = |claim: &&mut pb::Claim| claim.state() == Void && books.behind.get(&claim.name) == Some(&key);
            books.claims.iter_mut().filter(voids).for_each(|claim| claim.remittance.clone_from(&remittance.name));
            before = key;
        }
    }
}
