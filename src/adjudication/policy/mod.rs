//! Medical policies, looked at for one line: which of them are about it, what they ask, what of it does not hold.

mod conditions;
mod expressions;
mod facts;
mod inputs;
mod reduction;
#[cfg(test)]
mod tests;

pub use inputs::inputs;
pub use reduction::{Cut, reduce};

use crate::domain::policy::{Condition, MedicalPolicy};

use self::facts::Facts;
use super::{Case, Proceedings, Service};

/// What looking at a policy has shown.
#[derive(Debug)]
pub enum Look<'a> {
    /// The line does not meet it: what it asked for, and what there is instead.
    Unmet(&'a MedicalPolicy, String),
    /// Whether the line meets it cannot be known: of what.
    Unknown(&'a MedicalPolicy, String),
}

/// The policies that a line does not meet, or may not, in the order in which they report.
pub fn look<'a>(
    case: &'a Case<'_>,
    proceedings: &'a Proceedings,
    service: &'a Service<'a>,
) -> impl Iterator<Item = Look<'a>> {
    let facts = Facts { case, proceedings, service };
    let policies = case.file.payer.policies.about(service.line.procedure, service.line.revenue);
    policies.filter(move |policy| is_about(policy, &facts)).filter_map(move |policy| look_at(policy, &facts))
}

/// Whether a policy holds for the line's day, plan, revenue code and type of bill.
fn is_about(policy: &MedicalPolicy, facts: &Facts<'_>) -> bool {
    let Some(cover) = facts.service.cover else { return false };
    let facility = facts.case.file.claim.institutional.as_ref();
    policy.period.contains(facts.service.line.from)
        && (policy.plans.is_empty() || policy.plans.contains(&cover.plan.plan_id))
        && (policy.revenue_codes.is_empty() || policy.revenue_codes.contains(facts.service.line.revenue))
        && (policy.bills.is_empty() || facility.is_some_and(|facility| policy.bills.begin(facility.bill.as_str())))
}

fn look_at<'a>(policy: &'a MedicalPolicy, facts: &Facts<'a>) -> Option<Look<'a>> {
    let unknown = |condition: &Condition| Some(Look::Unknown(policy, conditions::asked(condition)));
    let (mut not_known, mut unmet) = (None, None);
    for condition in &policy.applies {
        match facts.holds(condition) {
            Some(true) => {}
            Some(false) => return None,
            None => not_known = not_known.or(Some(condition)),
        }
    }
    if let Some(condition) = not_known {
        return unknown(condition);
    }
    for condition in &policy.requires {
        match facts.holds(condition) {
            Some(true) => {}
            Some(false) => unmet = unmet.or(Some(condition)),
            None => not_known = not_known.or(Some(condition)),
        }
    }
    match (unmet, not_known) {
        (Some(condition), _) => {
            let words = format!("it asks for {}, and {}", conditions::asked(condition), facts.instead(condition));
            Some(Look::Unmet(policy, words))
        }
        (None, Some(condition)) => unknown(condition),
        (None, None) if policy.requires.is_empty() => {
            let asked: Vec<String> = policy.applies.iter().map(conditions::asked).collect();
            let words = if asked.is_empty() { "always".to_owned() } else { format!("with {}", asked.join(", and ")) };
            Some(Look::Unmet(policy, words))
        }
        (None, None) => None,
    }
}
