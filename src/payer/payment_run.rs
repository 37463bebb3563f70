//! The payment run: what is due to a payee becomes one remittance advice. The payee's head guards it, so a run that was
//! interrupted or repeated never pays twice.

use crate::domain::money::Money;
use crate::proto::BilledLine;
use crate::proto::store::v1::{ClaimRecord, PayeeHead};
use crate::proto::v1 as pb;
use crate::remittance::{self, Forward};
use crate::store::keys::{self, Space};
use crate::store::{Commit, Key, Read, prefix};

use super::family::event;
use super::{Caller, Failure, Payer, Sandbox, State, records};

/// Most claims of one remittance advice (X12 835: advised limit of CLP segments in a set).
const MAX_CLAIMS: usize = 10_000;
/// How often a run begins anew because another run was faster.
const MAX_ATTEMPTS: usize = 8;
/// Payees looked at in one read of a list.
const SLICE: usize = 200;

/// Which payees, and whether to wait for the due date.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Only these; empty: all.
    pub payee_ids: Vec<String>,
    /// Also what falls due later.
    pub include_not_due: bool,
}

impl Payer {
    /// Pays what is due today.
    pub fn run_payments(&self, caller: &Caller, parent: &str, run: &Run) -> Result<Vec<pb::Remittance>, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let payees = if run.payee_ids.is_empty() {
            let due = self.due_by_payee(&sandbox.read())?;
            due.into_iter().map(|(payee, _)| payee).collect()
        } else {
            run.payee_ids.clone()
        };
        let mut issued = Vec::new();
        for payee in payees {
            while let Some(remittance) = self.pay(caller, &sandbox, &payee, run.include_not_due)? {
                issued.push(remittance);
            }
        }
        Ok(issued)
    }

    /// The payees to whom something is due, now or later, each with its earliest date.
    fn due_by_payee(&self, state: &State) -> Result<Vec<(String, String)>, Failure> {
        let mut payees = Vec::new();
        let (mut from, to) = prefix(&state.space().due());
        while let Some((payee, date)) = self.first_due(from, to.clone(), state.space())? {
            from = prefix(&state.space().due_to(&payee)).1;
            payees.push((payee, date));
        }
        Ok(payees)
    }

    /// The first due item of a range: payee and date.
    fn first_due(&self, from: Key, to: Key, space: Space) -> Result<Option<(String, String)>, Failure> {
        let pairs = records::one(self.store.as_ref(), Read::Range { from, to, reverse: false, limit: 1 })?;
        let Some(pair) = pairs.first() else { return Ok(None) };
        let rest = pair.key.get(space.due().len()..).unwrap_or_default();
        let mut parts = rest.splitn(2, |byte| *byte == 0);
        let text = |part: Option<&[u8]>| part.and_then(|p| std::str::from_utf8(p).ok()).unwrap_or_default().to_owned();
        let payee = text(parts.next());
        let date = text(parts.next().and_then(|rest| rest.get(..10)));
        Ok(Some((payee, date)))
    }

    /// The earliest date on which something is due to anyone.
    pub(super) fn next_due_date(&self, state: &State) -> Result<Option<String>, Failure> {
        Ok(self.due_by_payee(state)?.into_iter().map(|(_, date)| date).min())
    }

    /// Issues one remittance advice; `None` where nothing is due.
    fn pay(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        payee: &str,
        all: bool,
    ) -> Result<Option<pb::Remittance>, Failure> {
        for _ in 0..MAX_ATTEMPTS {
            match self.try_to_pay(caller, sandbox, payee, all) {
                Err(Failure::Conflict) => {}
                answer => return answer,
            }
        }
        Err(Failure::Conflict)
    }

    fn try_to_pay(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        payee: &str,
        all: bool,
    ) -> Result<Option<pb::Remittance>, Failure> {
        let state = sandbox.read();
        let (space, store) = (state.space(), self.store.as_ref());
        let today = self.today(&state).to_string();
        let (from, end) = prefix(&space.due_to(payee));
        let to = if all { end } else { prefix(&space.due_to_on(payee, &today)).1 };
        let head_before = records::one(store, Read::Point(space.payee_head(payee)))?.pop();
        let due = records::one(store, Read::Range { from, to, reverse: false, limit: MAX_CLAIMS })?;
        if due.is_empty() {
            return Ok(None);
        }
        let mut head: PayeeHead = head_before.as_ref().map(records::decode).transpose()?.unwrap_or_default();
        let mut writes: Vec<(Key, Option<bytes::Bytes>)> = Vec::with_capacity(due.len() * 2 + 3);
        let mut claims = Vec::with_capacity(due.len());
        let name = format!("{}/remittances/{payee}-{}", sandbox.name(), head.sequence + 1);
        for item in due {
            let Some((lane, sequence)) = keys::claim_of(&item.key) else { continue };
            let record = self.claim_record(&state, lane, sequence)?;
            let record = record.ok_or_else(|| Failure::Damaged(item.key.escape_ascii().to_string()))?;
            head.payee.clone_from(&record.payee);
            claims.push(self.remittance_claim(&state, &record)?);
            writes.push((item.key, None));
            writes.push((space.remittance_of_claim(lane, sequence), Some(name.clone().into())));
        }
        head.sequence += 1;
        let remittance = self.advice(&state, name, &mut head, claims);
        let bytes = records::encode(&remittance);
        let number = head.events + 1;
        let time = self.now(&state).to_string();
        let previous = head.last_event_hash.clone();
        let event = event(number, &previous, "payment-run", &remittance.name, &time, &caller.subject, &bytes);
        head.events = number;
        head.last_event_hash.clone_from(&event.hash);
        writes.push((space.payee_event(payee, number), Some(records::encode(&event))));
        writes.push((space.remittance(payee, head.sequence), Some(bytes)));
        writes.push((space.payee_head(payee), Some(records::encode(&head))));
        let expected = vec![state.expected(&sandbox.id), (space.payee_head(payee), head_before.map(|pair| pair.value))];
        self.commit_one(Commit { expected, writes })?;
        Ok(Some(remittance))
    }

    /// Puts an advice together; takes what the payee's last one forwarded, and forwards what this one cannot take.
    fn advice(
        &self,
        state: &State,
        name: String,
        head: &mut PayeeHead,
        claims: Vec<pb::RemittanceClaim>,
    ) -> pb::Remittance {
        let payee = head.payee.clone().unwrap_or_default();
        let trace_number = format!("{}{:06}", payee.payee_id.replace('-', ""), head.sequence);
        let carried = Forward {
            amount: Money::from_cents(head.forwarded_cents),
            trace_number: std::mem::take(&mut head.forwarded_from),
        };
        let carried = (!carried.amount.is_zero()).then_some(&carried);
        let paid = |claim: &pb::RemittanceClaim| claim.determination.as_ref().map_or(0, |d| d.paid_cents);
        let payments = claims.iter().map(|claim| Money::from_cents(paid(claim)));
        let totals = remittance::remit(payments, carried, &trace_number);
        head.forwarded_cents = totals.forward.as_ref().map_or(0, |forward| forward.amount.cents());
        head.forwarded_from = totals.forward.map(|forward| forward.trace_number).unwrap_or_default();
        let provider_adjustment = |adjustment: remittance::ProviderAdjustment| pb::ProviderAdjustment {
            reason_code: adjustment.reason.to_owned(),
            reference: adjustment.reference,
            amount_cents: adjustment.amount.cents(),
        };
        pb::Remittance {
            name,
            payee: Some(payee),
            paid_date: self.today(state).to_string(),
            trace_number,
            payment_method: if totals.paid.is_zero() { "NON" } else { "CHK" }.to_owned(),
            paid_cents: totals.paid.cents(),
            claims,
            provider_adjustments: totals.provider_adjustments.into_iter().map(provider_adjustment).collect(),
            x12: String::new(),
            simulated: true,
            payer: Some(remittance_payer(state)),
            control_number: i64::try_from(head.sequence).unwrap_or(i64::MAX),
            issued_time: self.now(state).to_string(),
        }
    }

    fn remittance_claim(&self, state: &State, record: &ClaimRecord) -> Result<pb::RemittanceClaim, Failure> {
        let claim = record.claim.clone().unwrap_or_default();
        let determination = claim.determination.unwrap_or_default();
        let Some(billed) = claim.billed else { return Err(Failure::Damaged(claim.name)) };
        let subscriber = billed.subscriber().cloned().unwrap_or_default();
        let plan = state.in_force.revision.plan(&determination.plan);
        let filing = plan.map_or(subscriber.claim_filing_indicator, |plan| plan.claim_filing_indicator.clone());
        let (service_from, service_through) = billed.service_days();
        let known = !determination.member_id.is_empty();
        let patient_member_id = if known { determination.member_id.clone() } else { subscriber.member_id.clone() };
        let subscriber_name = billed.patient().and_then(|_| subscriber.name.clone());
        Ok(pb::RemittanceClaim {
            claim: claim.name,
            patient_control_number: billed.patient_control_number().to_owned(),
            control_number: claim.control_number,
            claim_filing_indicator: filing,
            place_of_service: billed.facility_code().to_owned(),
            frequency_code: billed.frequency_code().to_owned(),
            type_of_bill: billed.type_of_bill().to_owned(),
            medical_record_number: billed.medical_record_number().to_owned(),
            patient_name: billed.patient_name().cloned(),
            patient_member_id,
            subscriber_member_id: if subscriber_name.is_some() { subscriber.member_id } else { String::new() },
            subscriber_name,
            rendering_provider: billed.rendering_provider().cloned(),
            service_from: service_from.to_owned(),
            service_through: service_through.to_owned(),
            received_date: claim.received_date,
            coverage_expired: self.coverage_expired(state, record, &determination)?,
            services: billed.lines().into_iter().map(service).collect(),
            determination: Some(determination),
            crossover_payer: String::new(),
        })
    }

    /// The last day of coverage, where a line was denied for lying after it (CARC 27).
    fn coverage_expired(&self, state: &State, record: &ClaimRecord, d: &pb::Determination) -> Result<String, Failure> {
        let of_lines = d.lines.iter().flat_map(|line| &line.adjustments);
        let mut all = of_lines.chain(d.account.iter().flat_map(|account| &account.adjustments));
        if !all.any(|adjustment| adjustment.carc == "27") {
            return Ok(String::new());
        }
        let member = self.member(state, &state.in_force, &d.member_id, record.directory_version)?;
        let last = member.and_then(|m| m.coverages.iter().filter_map(|coverage| coverage.period.through).max());
        Ok(last.map_or_else(String::new, |day| day.to_string()))
    }

    /// A remittance advice by its name.
    pub fn remittance(&self, caller: &Caller, name: &str) -> Result<pb::Remittance, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, id) = super::claims::split_name(name, "remittances").ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, parent)?;
        let (payee, sequence) = id.rsplit_once('-').ok_or_else(unknown)?;
        let sequence = sequence.parse().map_err(|_| unknown())?;
        let key = sandbox.read().space().remittance(payee, sequence);
        records::get(self.store.as_ref(), key)?.ok_or_else(unknown)
    }

    /// The remittance advices after a place, by payee and number, with their places.
    pub fn remittances(
        &self,
        caller: &Caller,
        parent: &str,
        payee: &str,
        after: Option<Key>,
        limit: usize,
    ) -> Result<Vec<(pb::Remittance, Key)>, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let space = sandbox.read().space();
        let places = if payee.is_empty() { space.payees() } else { space.remittances_of(payee) };
        let mut from = after.filter(|key| key.starts_with(&places)).map(|key| crate::store::after(&key));
        let mut found = Vec::new();
        loop {
            let pairs = records::slice(self.store.as_ref(), &places, from, SLICE)?;
            for pair in &pairs {
                if is_remittance_key(&pair.key) {
                    found.push((records::decode(pair)?, pair.key.clone()));
                    if found.len() == limit {
                        return Ok(found);
                    }
                }
            }
            match pairs.last() {
                Some(last) if pairs.len() == SLICE => from = Some(crate::store::after(&last.key)),
                _ => return Ok(found),
            }
        }
    }

    /// The place of a remittance advice, to go on after it.
    pub fn place_of_remittance(&self, caller: &Caller, name: &str) -> Result<Key, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, id) = super::claims::split_name(name, "remittances").ok_or_else(unknown)?;
        let (payee, sequence) = id.rsplit_once('-').ok_or_else(unknown)?;
        let sequence = sequence.parse().map_err(|_| unknown())?;
        Ok(self.sandbox(caller, parent)?.read().space().remittance(payee, sequence))
    }
}

/// Whether a key below the payees is a remittance's: payee, zero, `z`, sequence.
fn is_remittance_key(key: &[u8]) -> bool {
    let mark = key.len().checked_sub(10).and_then(|at| key.get(at..at + 2));
    mark == Some(&[0, b'z'])
}

fn service(line: BilledLine<'_>) -> pb::RemittanceService {
    pb::RemittanceService {
        procedure_code: line.procedure_code.to_owned(),
        modifiers: line.modifiers.to_vec(),
        service_date: line.service_date.to_owned(),
        line_control_number: line.line_control_number.to_owned(),
        units: if line.units.is_empty() { "1" } else { line.units }.to_owned(),
        service_end_date: line.service_end_date.to_owned(),
        revenue_code: line.revenue_code.to_owned(),
        procedure_qualifier: line.procedure_qualifier.to_owned(),
    }
}

fn remittance_payer(state: &State) -> pb::RemittancePayer {
    let payer = state.in_force.payer();
    let x12 = state.x12();
    let or = |text: String, default: &str| if text.is_empty() { default.to_owned() } else { text };
    pb::RemittancePayer {
        interchange_qualifier: or(x12.interchange_qualifier, "ZZ"),
        interchange_id: or(x12.interchange_id, &payer.payer_id),
        payer_id: payer.payer_id,
        name: payer.name,
        address: payer.address,
        contact_name: payer.contact_name,
        contact_phone: payer.contact_phone,
        originating_company_id: payer.originating_company_id,
    }
}
