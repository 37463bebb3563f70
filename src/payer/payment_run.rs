//! The payment run: what is due to a payee becomes one remittance advice. The payee's head guards it, so a run that was
//! interrupted or repeated never pays twice.

use crate::domain::dates::plus_days;
use crate::domain::money::Money;
use crate::proto::BilledLine;
use crate::proto::store::v1::{ClaimRecord, PayeeHead};
use crate::proto::v1 as pb;
use crate::remittance::{self, Forward};
use crate::store::keys::{self, Chain, Space};
use crate::store::{Commit, Key, Read, prefix};

use super::chain::{End, Happened};
use super::due::Gathered;
use super::{Caller, Failure, Payer, Sandbox, State, records};

/// How often a run begins anew because another run was faster.
const MAX_ATTEMPTS: usize = 8;

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
        self.run_payments_in(caller, &sandbox, run)
    }

    pub(super) fn run_payments_in(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        run: &Run,
    ) -> Result<Vec<pb::Remittance>, Failure> {
        let payees = if run.payee_ids.is_empty() {
            let due = self.due_by_payee(&sandbox.read())?;
            due.into_iter().map(|(payee, _)| payee).collect()
        } else {
            run.payee_ids.clone()
        };
        let mut issued = Vec::new();
        for payee in payees {
            while let Some(remittance) = self.pay(caller, sandbox, &payee, run.include_not_due)? {
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
        let terms = &state.in_force.revision.payments;
        let today = self.today(&state).to_string();
        let (from, end) = prefix(&space.due_to(payee));
        let to = if all { end } else { prefix(&space.due_to_on(payee, &today)).1 };
        let head_before = records::one(store, Read::Point(space.payee_head(payee)))?.pop();
        let due = records::one(store, Read::Range { from, to, reverse: false, limit: terms.max_claims })?;
        if due.is_empty() {
            return Ok(None);
        }
        let mut head: PayeeHead = head_before.as_ref().map(records::decode).transpose()?.unwrap_or_default();
        let gathered = self.gather(&state, payee, due)?;
        head.payee = gathered.payee.clone().or(head.payee);
        let net = remittance::net(&gathered.due, carried(&head).as_ref());
        let mut commit = Commit {
            expected: vec![
                state.expected(&sandbox.id),
                (space.payee_head(payee), head_before.as_ref().map(|pair| pair.value.clone())),
            ],
            writes: Vec::with_capacity(gathered.taken.len() * 2 + 4),
            appends: Vec::new(),
        };
        // A decision may be withdrawn meanwhile, by a claim that replaces its own.
        commit.expected.extend(gathered.taken.iter().map(|pair| (pair.key.clone(), Some(pair.value.clone()))));
        if !all && net > Money::ZERO && net < terms.minimum {
            self.hold(caller, &state, payee, &gathered, &mut head, &mut commit)?;
            self.commit_one(commit)?;
            return Ok(None);
        }
        head.sequence += 1;
        let name = format!("{}/remittances/{payee}-{}", sandbox.name(), head.sequence);
        gathered.settle(&name, &mut head, &mut commit);
        let remittance = self.advice(&state, name, &mut head, gathered, &mut commit)?;
        let bytes = records::encode(&remittance);
        self.log(caller, &state, payee, &mut head, ("payment-run", &remittance.name, &bytes), &mut commit);
        commit.writes.push((space.remittance(payee, head.sequence), Some(bytes)));
        self.commit_one(commit)?;
        Ok(Some(remittance))
    }

    /// Appends an event to the payee's history, and writes its head.
    pub(super) fn log(
        &self,
        caller: &Caller,
        state: &State,
        payee: &str,
        head: &mut PayeeHead,
        (cause, subject, content): (&str, &str, &[u8]),
        commit: &mut Commit,
    ) {
        let end = End { events: head.events, last_event_hash: std::mem::take(&mut head.last_event_hash) };
        let happened = Happened { cause, subject, caller: &caller.subject, content };
        let (chain, kept) = (Chain::Payee(payee.to_owned()), (&mut commit.writes, &mut commit.appends));
        let end = self.append(state, &chain, &end, &happened, kept);
        (head.events, head.last_event_hash) = (end.events, end.last_event_hash);
        commit.writes.push((state.space().payee_head(payee), Some(records::encode(head))));
    }

    /// Too little to pay: what is due waits for the payee's next day of payment.
    fn hold(
        &self,
        caller: &Caller,
        state: &State,
        payee: &str,
        gathered: &Gathered,
        head: &mut PayeeHead,
        commit: &mut Commit,
    ) -> Result<(), Failure> {
        let tomorrow = plus_days(self.today(state), 1);
        let day = self.next_payment(state, npi_of(payee), tomorrow)?.to_string();
        let place = state.space().due_to(payee);
        for pair in &gathered.taken {
            commit.writes.push((pair.key.clone(), None));
            let moved = keys::due_moved(&pair.key, &place, &day);
            commit.writes.extend(moved.map(|key| (key, Some(pair.value.clone()))));
        }
        self.log(caller, state, payee, head, ("hold-payment", payee, day.as_bytes()), commit);
        Ok(())
    }

    /// Puts an advice together; takes what the payee's last one forwarded, and forwards what this one cannot take.
    fn advice(
        &self,
        state: &State,
        name: String,
        head: &mut PayeeHead,
        gathered: Gathered,
        commit: &mut Commit,
    ) -> Result<pb::Remittance, Failure> {
        let payee = head.payee.clone().unwrap_or_default();
        let carried = carried(head);
        let pays = remittance::net(&gathered.due, carried.as_ref()) > Money::ZERO;
        let accounts = if pays { self.accounts(state, &payee.npi)? } else { None };
        let payment_method = match (pays, &accounts) {
            (false, _) => "NON",
            (true, Some(_)) => "ACH",
            (true, None) => "CHK",
        };
        let trace_number = match payment_method {
            "CHK" => self.check_number(state, commit)?,
            _ => None,
        };
        let own = || format!("{}{:06}", payee.payee_id.replace('-', ""), head.sequence);
        let trace_number = trace_number.unwrap_or_else(own);
        let totals = remittance::remit(&gathered.due, carried.as_ref(), &trace_number);
        head.forwarded_cents = totals.forward.as_ref().map_or(0, |forward| forward.amount.cents());
        head.forwarded_from = totals.forward.map(|forward| forward.trace_number).unwrap_or_default();
        let provider_adjustment = |adjustment: remittance::ProviderAdjustment| pb::ProviderAdjustment {
            reason_code: adjustment.reason.to_owned(),
            reference: adjustment.reference,
            amount_cents: adjustment.amount.cents(),
        };
        let (from_account, to_account) = accounts.unzip();
        Ok(pb::Remittance {
            name,
            payee: Some(payee),
            paid_date: self.today(state).to_string(),
            trace_number,
            payment_method: payment_method.to_owned(),
            paid_cents: totals.paid.cents(),
            claims: gathered.claims,
            provider_adjustments: totals.provider_adjustments.into_iter().map(provider_adjustment).collect(),
            simulated: true,
            payer: Some(remittance_payer(state)),
            control_number: i64::try_from(head.sequence).unwrap_or(i64::MAX),
            issued_time: self.now(state).to_string(),
            from_account,
            to_account,
            ..Default::default()
        })
    }

    /// The accounts that an ACH payment goes from and to, where both are known.
    fn accounts(&self, state: &State, npi: &str) -> Result<Option<(pb::BankAccount, pb::BankAccount)>, Failure> {
        let payer = state.in_force.folder.payer.as_ref().and_then(|payer| payer.payments.as_ref());
        let Some(from) = payer.and_then(|payments| payments.account.clone()) else { return Ok(None) };
        let provider = self.provider_message(state, npi)?;
        Ok(provider.and_then(|provider| provider.account).map(|to| (from, to)))
    }

    /// The next check's number, where the payer numbers its checks.
    fn check_number(&self, state: &State, commit: &mut Commit) -> Result<Option<String>, Failure> {
        let Some(first) = state.in_force.revision.payments.first_check_number else { return Ok(None) };
        let key = state.space().last_check();
        let last = records::one(self.store.as_ref(), Read::Point(key.clone()))?.pop().map(|pair| pair.value);
        let number = last.as_ref().map_or(first, |last| first.max(records::number_in(last) + 1));
        commit.expected.push((key.clone(), last));
        commit.writes.push((key, Some(records::of_number(number))));
        Ok(Some(number.to_string()))
    }

    pub(super) fn remittance_claim(&self, state: &State, record: &ClaimRecord) -> Result<pb::RemittanceClaim, Failure> {
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
            ..Default::default()
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
}

/// What the payee's last remittance forwarded.
fn carried(head: &PayeeHead) -> Option<Forward> {
    let amount = Money::from_cents(head.forwarded_cents);
    (!amount.is_zero()).then(|| Forward { amount, trace_number: head.forwarded_from.clone() })
}

/// The NPI that a payee id begins with.
pub(super) fn npi_of(payee: &str) -> &str {
    payee.split('-').next().unwrap_or_default()
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
