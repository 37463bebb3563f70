//! Who and what a letter about a claim speaks of, as the records stood on its day.

use std::sync::Arc;

use super::history::{Decision, History};
use crate::domain::codes::{ProcedureCode, RevenueCode};
use crate::domain::dates::{age_on, parse_iso};
use crate::domain::plan::Plan;
use crate::letters::long_date;
use crate::payer::{Failure, InForce, Payer, State};
use crate::proto::BilledLine;
use crate::proto::v1 as pb;
use crate::reference::revenue_codes;

/// Age from which a member's letters go to the member.
pub(super) const OF_AGE: i16 = 18;

/// A decision and everybody it concerns.
#[derive(Clone)]
pub(super) struct Scene<'a> {
    pub history: &'a History,
    pub decision: &'a Decision,
    pub in_force: Arc<InForce>,
    /// The patient, where the payer knows who it is.
    pub member: Option<pb::Member>,
    /// The day on which a remittance told it; the day of the decision, where none has.
    pub date: String,
}

/// A line of a claim, or the whole of it, with what was decided.
pub(super) struct Service<'a> {
    pub words: String,
    pub day: String,
    pub charge_cents: i64,
    pub allowed_cents: i64,
    pub paid_cents: i64,
    pub patient_cents: i64,
    pub adjustments: &'a [pb::Adjustment],
    pub denied: bool,
    /// The line, one-based; 0 for the whole claim.
    pub line: i32,
    /// Its charge is explained by the whole claim's.
    pub on_account: bool,
}

impl Payer {
    /// The scene of a decision.
    pub(super) fn scene<'a>(
        &self,
        state: &State,
        history: &'a History,
        decision: &'a Decision,
    ) -> Result<Scene<'a>, Failure> {
        let in_force = self.folder_in_force(&decision.payer_folder)?;
        let back = decision.taken_back().and_then(|back| back.reversed.as_ref());
        let told = decision.determination.as_ref().or(back);
        let number = told.map_or("", |told| told.member_id.as_str());
        let member = match number {
            "" => None,
            number => self.member_message_as_of(state, &in_force, number, decision.directory_version)?,
        };
        let date = decision.told.as_ref().map_or(&decision.decided, |told| &told.paid_date).clone();
        Ok(Scene { history, decision, in_force, member, date })
    }
}

impl Scene<'_> {
    /// What was decided; or else what was taken back.
    pub fn told(&self) -> Option<&pb::Determination> {
        let back = self.decision.taken_back().and_then(|back| back.reversed.as_ref());
        self.decision.determination.as_ref().or(back)
    }

    pub fn plan(&self) -> Option<&Plan> {
        self.in_force.revision.plan(&self.told()?.plan)
    }

    /// Whether the claim is Original Medicare's.
    pub fn medicare(&self) -> bool {
        self.plan().is_some_and(|plan| plan.medicare)
    }

    pub fn payer(&self) -> pb::LetterParty {
        let payer = self.in_force.payer();
        pb::LetterParty {
            role: pb::LetterRole::Payer.into(),
            name: payer.name,
            address: payer.address,
            phone: payer.contact_phone,
        }
    }

    /// The patient; of a child, who has care of it.
    pub fn addressee(&self) -> Option<pb::LetterParty> {
        let member = self.member.as_ref()?;
        let name = self.patient();
        let dates = parse_iso(&member.birth_date).zip(parse_iso(&self.date));
        let child = dates.is_some_and(|(birth, day)| age_on(birth, day) < OF_AGE);
        let name = if child { format!("Parent or guardian of {name}") } else { name };
        let role = pb::LetterRole::Member.into();
        Some(pb::LetterParty { role, name, address: member.address.clone(), phone: String::new() })
    }

    pub fn payee(&self) -> pb::LetterParty {
        let payee = &self.history.payee;
        pb::LetterParty {
            role: pb::LetterRole::Provider.into(),
            name: payee.name.as_ref().map(spoken).unwrap_or_default(),
            address: payee.address.clone(),
            phone: String::new(),
        }
    }

    pub fn patient(&self) -> String {
        let known = self.member.as_ref().and_then(|member| member.person_name.as_ref());
        let billed = self.history.claim.billed.as_ref().and_then(|billed| billed.patient_name());
        known.or(billed).map(spoken).unwrap_or_default()
    }

    pub fn provider(&self) -> String {
        let billed = self.history.claim.billed.as_ref().and_then(|billed| billed.billing_provider());
        billed.and_then(|billed| billed.name.as_ref()).map(spoken).unwrap_or_default()
    }

    /// What a letter to the member is about.
    pub fn subject(&self) -> pb::LetterSubject {
        let claim = &self.history.claim;
        let (from, through) = claim.billed.as_ref().map(|billed| billed.service_days()).unwrap_or_default();
        pb::LetterSubject {
            claim: claim.name.clone(),
            control_number: claim.control_number.clone(),
            patient_control_number: String::new(),
            patient: self.patient(),
            member_id: self.member.as_ref().map(|member| member.member_id.clone()).unwrap_or_default(),
            service_from: from.to_owned(),
            service_through: through.to_owned(),
            provider: self.provider(),
            plan: self.plan().map(|plan| plan.name.clone()).unwrap_or_default(),
            charge_cents: claim.billed.as_ref().map_or(0, |billed| billed.charge_cents()),
        }
    }

    /// The payer's address for appeals.
    pub fn where_to(&self) -> Vec<String> {
        let payer = self.payer();
        let address = payer.address.as_ref().map(crate::letters::address_lines).unwrap_or_default();
        [payer.name, "Appeals".to_owned()].into_iter().chain(address).collect()
    }

    /// The lines as they were decided, and behind them the whole claim where it was decided as one.
    pub fn services(&self) -> Vec<Service<'_>> {
        let (Some(billed), Some(told)) = (self.history.claim.billed.as_ref(), self.told()) else { return Vec::new() };
        let mut services: Vec<Service<'_>> = Vec::new();
        for (billed, line) in billed.lines().iter().zip(&told.lines) {
            services.push(Service {
                words: self.words(billed),
                day: billed.service_date.to_owned(),
                charge_cents: line.charge_cents,
                allowed_cents: line.allowed_cents,
                paid_cents: line.paid_cents,
                patient_cents: line.patient_responsibility_cents,
                adjustments: &line.adjustments,
                denied: line.denied,
                line: line.line,
                on_account: line.on_account,
            });
        }
        if let Some(account) = &told.account {
            services.push(Service {
                words: "The claim as a whole".to_owned(),
                day: String::new(),
                charge_cents: account.charge_cents,
                allowed_cents: account.allowed_cents,
                paid_cents: account.paid_cents,
                patient_cents: account.patient_responsibility_cents,
                adjustments: &account.adjustments,
                denied: account.denied,
                line: 0,
                on_account: false,
            });
        }
        services
    }

    /// What a line bills: the payer's words for it, and its code.
    fn words(&self, billed: &BilledLine<'_>) -> String {
        let day = parse_iso(billed.service_date).or_else(|| parse_iso(self.service_from()));
        let procedures = &self.in_force.revision.procedures;
        let code = ProcedureCode::parse(billed.procedure_code);
        let known = code.zip(day).and_then(|(code, day)| procedures.lookup(code, day));
        let category = RevenueCode::parse(billed.revenue_code).and_then(revenue_codes::category);
        let words = match (known, category) {
            (Some(procedure), _) => super::parts::capital(&procedure.words),
            (None, Some(category)) => super::parts::capital(category.words),
            (None, None) => "Service".to_owned(),
        };
        let codes = [billed.procedure_code].into_iter().chain(billed.modifiers.iter().map(String::as_str));
        let codes: Vec<&str> = codes.filter(|code| !code.is_empty()).collect();
        match (codes.is_empty(), billed.revenue_code) {
            (true, "") => words,
            (true, revenue) => format!("{words} (revenue code {revenue})"),
            (false, _) => format!("{words} ({})", codes.join("-")),
        }
    }

    pub fn service_from(&self) -> &str {
        self.history.claim.billed.as_ref().map_or("", |billed| billed.service_days().0)
    }
}

impl Service<'_> {
    /// What it bills and when, in a phrase.
    pub fn phrase(&self) -> String {
        if self.day.is_empty() { self.words.clone() } else { format!("{}, {}", self.words, long_date(&self.day)) }
    }
}

/// A name as it is spoken: given name first.
pub(super) fn spoken(name: &pb::Name) -> String {
    let parts = [&name.first, &name.middle, &name.last, &name.suffix];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
}
