//! Decides requests for authorization and referral: pure, and without errors, as claims are decided.

mod deadline;
mod service;

use std::sync::Arc;

use jiff::civil::DateTime;
use rust_decimal::Decimal;

pub use self::deadline::{Deadline, missed_on};
use self::service::Asked;
use super::PayerRevision;
use crate::domain::authorization_request::{AuthorizationRequest, Urgency};
use crate::domain::dates::{Date, days_between};
use crate::domain::determination::Citation;
use crate::domain::member::{Authorization, Member};
use crate::domain::plan::Plan;
use crate::domain::provider::Provider;
use crate::reference::authorization_times::PlanLaw;
use crate::reference::review_reasons;

/// Days after an emergency in which it may be asked for, where the payer names none.
const RETROSPECTIVE_DAYS: i32 = 2;

/// All that is looked at to decide a request.
#[derive(Clone, Debug)]
pub struct RequestFile {
    /// The request.
    pub request: AuthorizationRequest,
    /// When it came in.
    pub received: DateTime,
    /// The member; `None`: nobody has the number.
    pub member: Option<Member>,
    /// Who of those named the payer knows.
    pub providers: Vec<Provider>,
    /// The member's authorizations.
    pub authorizations: Vec<Authorization>,
    /// The payer.
    pub payer: Arc<PayerRevision>,
}

/// What came of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// Why it is turned away; then nothing was decided.
    pub rejections: Vec<Rejection>,
    /// The plan.
    pub plan_id: String,
    /// Asked for after the service.
    pub retrospective: bool,
    /// Service by service.
    pub services: Vec<ServiceDecision>,
    /// Until when what waits is decided; where something waits.
    pub deadline: Option<Deadline>,
    /// What was looked at.
    pub steps: Vec<Step>,
}

/// Why a request is turned away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// AAA03.
    pub code: &'static str,
    /// What is wrong.
    pub words: String,
    /// Field of the request.
    pub field: String,
}

/// What was decided for a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceDecision {
    /// How it stands.
    pub outcome: Outcome,
    /// HCR03; empty: none is needed.
    pub reason: &'static str,
    /// The rule that decided.
    pub rule_id: String,
    /// Units certified; `None`: no limit.
    pub units: Option<Decimal>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub through: Date,
    /// Why.
    pub rationale: String,
}

/// How a service stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Certified.
    Certified,
    /// Certified, but not as asked for.
    Modified,
    /// Not certified.
    NotCertified,
    /// Waits.
    Pended,
    /// Needs no certification.
    NotNeeded,
}

/// What was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Line of the service, from 1; 0: the whole request.
    pub line: usize,
    /// What.
    pub id: &'static str,
    /// What was found.
    pub words: String,
    /// On what authority.
    pub authority: Vec<Citation>,
}

/// Decides a request. The same file gives the same decision.
pub fn authorize(file: &RequestFile) -> Decision {
    let mut decision = Decision::default();
    let Some((member, plan)) = covered(file, &mut decision) else { return decision };
    codes(file, &mut decision);
    extended(file, &mut decision);
    if !decision.rejections.is_empty() {
        return decision;
    }
    decision.plan_id.clone_from(&plan.plan_id);
    let today = file.received.date();
    decision.retrospective = file.request.services.iter().any(|service| service.from < today);
    let retrospective = retrospective(file, plan, &mut decision);
    for (at, asked) in file.request.services.iter().enumerate() {
        let late = asked.from < today && !retrospective;
        let asked = Asked { file, member, plan, at, asked, late };
        let decided = asked.decide(&mut decision.steps);
        decision.services.push(decided);
    }
    if decision.services.iter().any(|service| service.outcome == Outcome::Pended) {
        decision.deadline = Some(deadline::deadline(file, plan, &mut decision.steps));
    }
    decision
}

/// The law that a plan stands under.
pub fn law(plan: &Plan) -> PlanLaw {
    PlanLaw::of(&plan.claim_filing_indicator, plan.sequestration && !plan.medicare)
}

fn reject(decision: &mut Decision, code: &'static str, field: impl Into<String>, more: &str) {
    let words = format!("{}{more}", review_reasons::rejection(code).0);
    decision.rejections.push(Rejection { code, words, field: field.into() });
}

/// The member and the plan that covers the first day.
fn covered<'a>(file: &'a RequestFile, decision: &mut Decision) -> Option<(&'a Member, &'a Plan)> {
    let Some(member) = &file.member else {
        reject(decision, "75", "member_id", &format!(": {}", file.request.member_id));
        return None;
    };
    let day = file.request.services.iter().map(|service| service.from).min()?;
    let covering = member.coverage_on(day).and_then(|coverage| file.payer.plan(&coverage.plan_id));
    let Some(plan) = covering else {
        reject(decision, "95", "services[0].from", &format!(", {day}"));
        return None;
    };
    let words = format!("{} is covered by {} on {day}.", member.member_id, plan.name);
    decision.steps.push(Step { line: 0, id: "coverage", words, authority: vec![Citation::PLAN] });
    Some((member, plan))
}

/// Codes that are none are turned away.
fn codes(file: &RequestFile, decision: &mut Decision) {
    let request = &file.request;
    let day = request.services.first().map_or_else(|| file.received.date(), |service| service.from);
    for (at, code) in request.diagnoses.iter().enumerate() {
        let known = crate::domain::codes::Code::parse(code).and_then(|code| file.payer.diagnoses.on(day).lookup(code));
        if known.is_none() && file.payer.diagnoses.on(day).covers(day) {
            reject(decision, "AF", format!("diagnoses[{at}]"), &format!(": {code}"));
        }
    }
    if !file.payer.procedures.complete {
        return;
    }
    for (at, service) in request.services.iter().enumerate() {
        let Some((first, last)) = service.procedures else { continue };
        if first == last && file.payer.procedures.lookup(first, service.from).is_none() {
            reject(decision, "AG", format!("services[{at}].procedure_code"), &format!(": {first}"));
        }
    }
}

/// What it goes on from must be the member's.
fn extended(file: &RequestFile, decision: &mut Decision) {
    let request = &file.request;
    if request.previous_number.is_empty() {
        if request.extension {
            reject(decision, "15", "previous_number", ": the number of the authorization that it extends");
        }
        return;
    }
    match file.authorizations.iter().find(|known| known.number == request.previous_number && !known.cancelled) {
        None => reject(decision, "AA", "previous_number", &format!(": {}", request.previous_number)),
        Some(known) => {
            let words = format!("It goes on from {}, {}.", known.number, known.period);
            decision.steps.push(Step { line: 0, id: "extension", words, authority: vec![Citation::PLAN] });
        }
    }
}

/// Whether it is accepted though it comes after the service.
fn retrospective(file: &RequestFile, plan: &Plan, decision: &mut Decision) -> bool {
    if !decision.retrospective {
        return true;
    }
    let today = file.received.date();
    let first = file.request.services.iter().map(|service| service.from).min().unwrap_or(today);
    let after = days_between(first, today);
    let emergency = file.request.urgency == Urgency::Emergency;
    let rules = &file.payer.authorization_rules;
    let of_emergencies = emergency.then(|| rules.retrospective_days.unwrap_or(RETROSPECTIVE_DAYS));
    let most = of_emergencies.into_iter().chain(plan.provisions.authorization_days).max();
    let accepted = most.is_some_and(|most| after <= most);
    let kind = if emergency { "an emergency" } else { "a service" };
    let limit = match most {
        Some(most) => format!("of {kind} the payer takes it until day {most}"),
        None => "only an emergency may be asked for afterwards".to_owned(),
    };
    let words = format!("Asked for {after} days after the service of {first}: {limit}.");
    decision.steps.push(Step { line: 0, id: "retrospective", words, authority: vec![Citation::PLAN] });
    accepted
}

#[cfg(test)]
mod tests;
