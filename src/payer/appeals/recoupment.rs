//! What an appeal of a demand to pay back does to its collection. With Original Medicare a redetermination and a reconsideration keep what is
//! not collected yet from being collected until they are decided (42 CFR 405.379); a demand that does not stand is collected never, or given back.

use super::super::chain::End;
use super::super::entry::Entry;
use super::super::payment_run::npi_of;
use super::super::{Failure, Payer, State, records};
use super::contested::{Contested, level_of};
use super::record::{About, Held};
use crate::appeals::{Level, Regime};
use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::proto::store::v1::{DueItem, PayeeHead};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Chain, Lane, Later};
use crate::store::{Pair, Read};

/// Days after an unfavorable redetermination before which nothing is collected, so that a reconsideration can be asked for.
const TO_GO_ON: i32 = 60;

/// How the collection of a demand stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::payer) enum Collection {
    /// It is collected from its day on.
    Due,
    /// An appeal keeps it from being collected.
    Stayed,
    /// An appeal has overturned it.
    GivenUp,
}

/// The newest demand on a claim.
struct Demanded {
    sequence: u64,
    /// Number of its reversal.
    number: u64,
    demand: pb::OverpaymentDemand,
    payee: String,
    /// A remittance has told the reversal.
    told: bool,
    collected: bool,
    /// Where it waits to be collected.
    waits: Option<Pair>,
}

/// Whether a level stays the collection.
fn stays(level: &Level) -> bool {
    level.regime == Regime::OriginalMedicare && level.number <= 2
}

impl Payer {
    /// How the collection of a demand stands by the appeals against it.
    pub(in crate::payer) fn collection(
        &self,
        state: &State,
        lane: Lane,
        sequence: u64,
        demand: &pb::OverpaymentDemand,
    ) -> Result<Collection, Failure> {
        let mut stands = Collection::Due;
        for held in self.appeals_about(state, lane, About::Claim(sequence))? {
            let appeal = held.appeal();
            if !appeal.overpayment || appeal.filed_date < demand.date {
                continue;
            }
            let overturned = appeal.decision.as_ref().is_some_and(|decision| {
                matches!(decision.outcome(), pb::AppealOutcome::Overturned | pb::AppealOutcome::PartlyOverturned)
            });
            if overturned {
                return Ok(Collection::GivenUp);
            }
            if appeal.state() == pb::AppealState::Open && level_of(&held).is_some_and(stays) {
                stands = Collection::Stayed;
            }
        }
        Ok(stands)
    }

    /// Keeps what is not collected yet from being collected while an appeal is open that does so.
    pub(super) fn stay_recoupment(
        &self,
        entry: &mut Entry<'_>,
        contested: &Contested<'_>,
        held: &mut Held,
    ) -> Result<(), Failure> {
        let open = held.appeal().state() == pb::AppealState::Open && held.appeal().overpayment;
        if !open || !level_of(held).is_some_and(stays) {
            return Ok(());
        }
        let Some(demanded) = self.demanded(entry, contested)? else { return Ok(()) };
        let today = self.today(entry.state).to_string();
        if demanded.collected {
            held.note(&today, "recoupment", "It was collected before the appeal came.");
            return Ok(());
        }
        take_off(entry, &demanded);
        self.book(entry, &demanded, "stay-recoupment", 0)?;
        held.note(&today, "recoupment", "Nothing is collected until the appeal is decided (42 CFR 405.379).");
        Ok(())
    }

    /// Collects on what an appeal had stayed, where it ends without having overturned the demand; `upheld`: it was decided.
    pub(super) fn resume_recoupment(
        &self,
        entry: &mut Entry<'_>,
        contested: &Contested<'_>,
        held: &mut Held,
        upheld: bool,
    ) -> Result<(), Failure> {
        let Some(level) = level_of(held).filter(|level| stays(level) && held.appeal().overpayment) else {
            return Ok(());
        };
        let Some(demanded) = self.demanded(entry, contested)? else { return Ok(()) };
        if !demanded.told || demanded.collected || demanded.waits.is_some() {
            return Ok(());
        }
        let today = self.today(entry.state);
        let days = if upheld && level.number == 1 { TO_GO_ON } else { 1 };
        let first = parse_iso(&demanded.demand.recoup_from).unwrap_or(today);
        let day = self.put_on(entry, &demanded, first.max(plus_days(today, days)), demanded.demand.amount_cents)?;
        self.book(entry, &demanded, "resume-recoupment", 0)?;
        held.note(&today.to_string(), "recoupment", format!("It is collected from {day} on (42 CFR 405.379)."));
        Ok(())
    }

    /// Collects no more of a demand that does not stand, and gives back what was collected.
    pub(super) fn give_up_demand(
        &self,
        entry: &mut Entry<'_>,
        contested: &Contested<'_>,
        held: &mut Held,
    ) -> Result<(), Failure> {
        let Some(demanded) = self.demanded(entry, contested)? else { return Ok(()) };
        let today = self.today(entry.state);
        let cents = demanded.demand.amount_cents;
        let words = if demanded.collected {
            let day = self.put_on(entry, &demanded, today, -cents)?;
            self.book(entry, &demanded, "give-back-recoupment", 0)?;
            format!("What was collected is given back on {day}.")
        } else {
            take_off(entry, &demanded);
            self.book(entry, &demanded, "give-up-recoupment", if demanded.told { -cents } else { 0 })?;
            "Nothing of it is collected.".to_owned()
        };
        held.note(&today.to_string(), "recoupment", words);
        Ok(())
    }

    fn demanded(&self, entry: &Entry<'_>, contested: &Contested<'_>) -> Result<Option<Demanded>, Failure> {
        let About::Claim(sequence) = contested.about else { return Ok(None) };
        let (state, lane, space, store) = (entry.state, entry.lane, entry.space(), self.store.as_ref());
        let Some(record) = self.claim_record(state, lane, sequence)? else { return Ok(None) };
        let made = self.reversals(state, lane, sequence)?;
        let newest = made.into_iter().rev().find_map(|made| Some((made.number, made.reversal?.demand?)));
        let Some((number, demand)) = newest else { return Ok(None) };
        let payee = record.payee.map(|payee| payee.payee_id).unwrap_or_default();
        let carried = |later| -> Result<bool, Failure> {
            let key = space.remittance_of_later(lane, sequence, later);
            Ok(!records::one(store, Read::Point(key))?.is_empty())
        };
        let (told, collected) = (carried(Later::Reversal(number))?, carried(Later::Recoupment(number))?);
        let place = space.due_to(&payee);
        let mut waits = None;
        for pair in records::all(store, &place)? {
            if keys::due_of(&pair.key, &place) == Some((lane, sequence))
                && records::decode::<DueItem>(&pair)?.recoupment == number
            {
                waits = Some(pair);
            }
        }
        Ok(Some(Demanded { sequence, number, demand, payee, told, collected, waits }))
    }

    /// Puts an amount on the list of what is due, on the payee's next day of payment; answers that.
    fn put_on(&self, entry: &mut Entry<'_>, demanded: &Demanded, from: Date, cents: i64) -> Result<Date, Failure> {
        let day = self.next_payment(entry.state, npi_of(&demanded.payee), from)?;
        let due = entry.space().due_to_on(&demanded.payee, &day.to_string());
        let due = Later::Recoupment(demanded.number).after(keys::to_claim(due, entry.lane, demanded.sequence));
        let item = DueItem { recoupment: demanded.number, amount_cents: cents, ..Default::default() };
        entry.expect(due.clone(), None);
        entry.write(due, Some(records::encode(&item)));
        Ok(day)
    }

    /// Books what changes on the payee's account, with its event. No payment is made meanwhile: it would change the account too.
    fn book(&self, entry: &mut Entry<'_>, demanded: &Demanded, cause: &str, cents: i64) -> Result<(), Failure> {
        let key = entry.space().payee_head(&demanded.payee);
        let Some(before) = records::one(self.store.as_ref(), Read::Point(key.clone()))?.pop() else { return Ok(()) };
        let mut head: PayeeHead = records::decode(&before)?;
        head.to_recoup_cents += cents;
        let end = End { events: head.events, last_event_hash: std::mem::take(&mut head.last_event_hash) };
        let subject = keys::control_number(entry.lane, demanded.sequence);
        let chain = Chain::Payee(demanded.payee.clone());
        let end = entry.log_in(&chain, &end, cause, &subject, &records::encode(&demanded.demand));
        (head.events, head.last_event_hash) = (end.events, end.last_event_hash);
        entry.expect(key.clone(), Some(before.value));
        entry.write(key, Some(records::encode(&head)));
        Ok(())
    }
}

/// Takes the collection off the list of what is due.
fn take_off(entry: &mut Entry<'_>, demanded: &Demanded) {
    if let Some(pair) = &demanded.waits {
        entry.expect(pair.key.clone(), Some(pair.value.clone()));
        entry.write(pair.key.clone(), None);
    }
}
