//! What is due to a payee: when, and gathered for one remittance.

use bytes::Bytes;

use super::appeals::Collection;
use super::payment_run::npi_of;
use super::reversal::{interest, said_by};
use super::{Failure, Payer, State, records};
use crate::adjudication::ClaimFile;
use crate::domain::codes::Npi;
use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::domain::determination::Determination;
use crate::domain::money::Money;
use crate::proto::store::v1::{ClaimRecord, DueItem, PayeeHead, ReversalRecord};
use crate::proto::v1 as pb;
use crate::remittance::{Due, Recoupment};
use crate::store::keys::{self, Lane, Later};
use crate::store::{Commit, Key, Pair};

/// Reason of what a contract withholds (CARC).
const WITHHELD: &str = "104";

/// The day on which a claim's first decision is to be paid: so many days after it, not before the law allows, on the payee's next day of
/// payment.
pub(super) fn first_payment(file: &ClaimFile, decided: &Determination, state_of_payee: &str, paper: bool) -> Date {
    let (payer, terms) = (&file.payer, &file.payer.payments);
    let plan = decided.plan_id.as_deref().unwrap_or_default();
    let floor = terms.prompt_pay(state_of_payee, plan, file.received).map_or(0, |rule| rule.window(paper).floor);
    let told = file.instruction.as_ref().map_or(0, |instruction| instruction.pay_after_days());
    let day = plus_days(file.processed, payer.payment_days.max(told)).max(plus_days(file.received, floor));
    let provider = file.providers.iter().find(|provider| provider.npi == file.claim.billing_npi);
    let own = provider.and_then(|provider| provider.calendar.as_ref());
    own.unwrap_or(&terms.calendar).next(day, &terms.holidays)
}

/// What one remittance pays.
#[derive(Default)]
pub(super) struct Gathered {
    /// The claims, each reversal before the decision made in its place.
    pub claims: Vec<pb::RemittanceClaim>,
    /// Their money, and what else is due.
    pub due: Due,
    /// Who is paid, where a claim says so.
    pub payee: Option<pb::Payee>,
    /// What it takes from the list of what is due.
    pub taken: Vec<Pair>,
    /// Where claims, reversals and recoupments find the remittance.
    carried: Vec<Key>,
    /// Recoupments that it puts off.
    put_off: Vec<(Key, Bytes)>,
    withheld: i64,
    /// Given back for good by what is overturned on appeal.
    given_back_cents: i64,
}

impl Payer {
    /// The payee's first day of payment from a day on.
    pub(super) fn next_payment(&self, state: &State, npi: &str, from: Date) -> Result<Date, Failure> {
        let terms = &state.in_force.revision.payments;
        let provider = match Npi::parse(npi) {
            Some(npi) => self.provider(state, &state.in_force, npi, state.directory_version)?,
            None => None,
        };
        let own = provider.as_ref().and_then(|provider| provider.calendar.as_ref());
        Ok(own.unwrap_or(&terms.calendar).next(from, &terms.holidays))
    }

    /// Gathers what is due, in its order, as much as one remittance holds.
    pub(super) fn gather(&self, state: &State, payee: &str, due: Vec<Pair>) -> Result<Gathered, Failure> {
        let place = state.space().due_to(payee);
        let most = state.in_force.revision.payments.max_claims;
        let mut gathered = Gathered::default();
        for pair in due {
            let Some((lane, sequence)) = keys::due_of(&pair.key, &place) else { continue };
            let item: DueItem = records::decode(&pair)?;
            // A reversal and the decision made in its place stand on one remittance.
            let claims = if item.reversal == 0 { 1 } else { 2 };
            if !gathered.taken.is_empty() && gathered.claims.len() + claims > most {
                break;
            }
            match item {
                DueItem { release: true, amount_cents, .. } => {
                    gathered.due.released += Money::from_cents(amount_cents);
                }
                DueItem { reversal: 0, recoupment: 0, .. } => {
                    self.gather_first(state, lane, sequence, &mut gathered)?
                }
                DueItem { reversal: 0, recoupment, amount_cents, .. } => {
                    if amount_cents < 0 {
                        // What was collected is given back: nothing is to be collected again.
                        gathered.given_back_cents -= amount_cents;
                    } else {
                        let place = state.space().remittance_of_later(lane, sequence, Later::Recoupment(recoupment));
                        gathered.carried.push(place);
                    }
                    gathered.due.recoupments.push(Recoupment {
                        control_number: keys::control_number(lane, sequence),
                        amount: Money::from_cents(amount_cents),
                    });
                }
                item => self.gather_reversal(state, payee, (lane, sequence), &item, &mut gathered)?,
            }
            gathered.taken.push(pair);
        }
        Ok(gathered)
    }

    fn gather_first(&self, state: &State, lane: Lane, sequence: u64, into: &mut Gathered) -> Result<(), Failure> {
        let record = self.due_record(state, lane, sequence)?;
        let determination = record.claim.as_ref().and_then(|claim| claim.determination.as_ref());
        let interest = determination.map(|decided| interest(state, &record, decided, self.today(state)));
        into.carried.push(state.space().remittance_of_claim(lane, sequence));
        let claim = self.remittance_claim(state, &record)?;
        into.add(claim, interest.unwrap_or_default(), record.payee);
        Ok(())
    }

    /// A reversal, the decision made in its place, and what the payee may keep for a while.
    fn gather_reversal(
        &self,
        state: &State,
        payee: &str,
        (lane, sequence): (Lane, u64),
        item: &DueItem,
        into: &mut Gathered,
    ) -> Result<(), Failure> {
        let number = item.reversal;
        let key = state.space().reversal(lane, sequence, number);
        let damaged = || Failure::Damaged(key.escape_ascii().to_string());
        let made: ReversalRecord = records::get(self.store.as_ref(), key.clone())?.ok_or_else(damaged)?;
        let mut record = self.due_record(state, lane, sequence)?;
        let mut said = record.claim.take().unwrap_or_default();
        self.say_as_of(state, &mut said, number)?;
        let says_now = said_by(said.clone(), &made);
        record.claim = Some(said);
        let reversal = made.reversal.clone().unwrap_or_default();
        into.carried.push(state.space().remittance_of_later(lane, sequence, Later::Reversal(number)));
        let mut add = |said: &pb::Claim, decision: Option<pb::Determination>, interest: i64| -> Result<(), Failure> {
            let claim = pb::Claim { determination: decision, ..said.clone() };
            let decided = ClaimRecord { claim: Some(claim), ..record.clone() };
            let claim = self.remittance_claim(state, &decided)?;
            into.add(claim, Money::from_cents(interest), decided.payee);
            Ok(())
        };
        if made.reversal.is_none() {
            let interest = made.correction.as_ref().map(|decided| interest(state, &record, decided, self.today(state)));
            return add(&says_now, made.correction, interest.unwrap_or_default().cents());
        }
        let said = record.claim.clone().unwrap_or_default();
        add(&said, reversal.reversal, reversal.interest_cents.saturating_neg())?;
        if made.correction.is_some() && made.state() != pb::ClaimState::Pended && !item.alone {
            add(&says_now, made.correction, made.correction_interest_cents)?;
        }
        if item.by_claim != 0 {
            let number = record.claim.as_ref().map_or("", |claim| claim.control_number.as_str());
            self.gather_replacement(state, lane, item.by_claim, number, into)?;
        }
        if let Some(demand) = reversal.demand {
            let today = self.today(state);
            let from = parse_iso(&demand.recoup_from).unwrap_or_default().max(today);
            let day = self.next_payment(state, npi_of(payee), from)?;
            let collection = self.collection(state, lane, sequence, &demand)?;
            if collection == Collection::Due && day == today {
                // Its day had come before the reversal was told: this remittance takes it.
                let later = Later::Recoupment(number);
                into.carried.push(state.space().remittance_of_later(lane, sequence, later));
                return Ok(());
            }
            let amount_cents = demand.amount_cents;
            let amount = Money::from_cents(-amount_cents);
            into.due.recoupments.push(Recoupment { control_number: demand.control_number, amount });
            match collection {
                Collection::Due => {}
                Collection::Stayed => return Ok(()),
                Collection::GivenUp => {
                    into.given_back_cents += amount_cents;
                    return Ok(());
                }
            }
            let due = keys::to_claim(state.space().due_to_on(payee, &day.to_string()), lane, sequence);
            let item = DueItem { recoupment: number, amount_cents, ..Default::default() };
            into.put_off.push((Later::Recoupment(number).after(due), records::encode(&item)));
        }
        Ok(())
    }

    /// What was decided on the claim that replaces a reversed one; a void decides nothing.
    fn gather_replacement(
        &self,
        state: &State,
        lane: Lane,
        sequence: u64,
        original: &str,
        into: &mut Gathered,
    ) -> Result<(), Failure> {
        let record = self.due_record(state, lane, sequence)?;
        into.carried.push(state.space().remittance_of_claim(lane, sequence));
        let Some(claim) = record.claim.as_ref().filter(|claim| claim.state() != pb::ClaimState::Void) else {
            return Ok(());
        };
        let decided = claim.determination.as_ref();
        let interest = decided.map(|decided| interest(state, &record, decided, self.today(state)));
        let mut claim = self.remittance_claim(state, &record)?;
        original.clone_into(&mut claim.original_control_number);
        into.add(claim, interest.unwrap_or_default(), record.payee);
        Ok(())
    }

    fn due_record(&self, state: &State, lane: Lane, sequence: u64) -> Result<ClaimRecord, Failure> {
        let record = self.claim_record(state, lane, sequence)?;
        record.ok_or_else(|| Failure::Damaged(keys::control_number(lane, sequence)))
    }
}

impl Gathered {
    fn add(&mut self, mut claim: pb::RemittanceClaim, interest: Money, payee: Option<pb::Payee>) {
        claim.interest_cents = interest.cents();
        if let Some(decided) = &claim.determination {
            self.due.payments += Money::from_cents(decided.paid_cents);
            let of_account = decided.account.iter().flat_map(|account| &account.adjustments);
            let adjustments = decided.lines.iter().flat_map(|line| &line.adjustments).chain(of_account);
            let withheld = adjustments.filter(|adjustment| adjustment.carc == WITHHELD);
            self.withheld += withheld.map(|adjustment| adjustment.amount_cents).sum::<i64>();
        }
        self.due.interest += interest;
        self.payee = payee;
        self.claims.push(claim);
    }

    /// Takes what is paid from the list of what is due, and books it on the payee's account.
    pub fn settle(&self, remittance: &str, head: &mut PayeeHead, commit: &mut Commit) {
        let name: Bytes = remittance.to_owned().into();
        commit.writes.extend(self.taken.iter().map(|pair| (pair.key.clone(), None)));
        commit.writes.extend(self.carried.iter().map(|key| (key.clone(), Some(name.clone()))));
        commit.writes.extend(self.put_off.iter().map(|(key, item)| (key.clone(), Some(item.clone()))));
        head.withheld_cents += self.withheld;
        head.released_cents -= self.due.released.cents();
        head.to_recoup_cents -= self.due.recoupments.iter().map(|recoupment| recoupment.amount.cents()).sum::<i64>();
        head.to_recoup_cents -= self.given_back_cents;
    }
}
