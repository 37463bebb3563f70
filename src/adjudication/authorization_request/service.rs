//! One service of a request: whether it needs certification, the payer's rule that fits it, and what that makes of it.

use rust_decimal::Decimal;

use super::{Outcome, RequestFile, ServiceDecision, Step};
use crate::domain::authorization_request::{Action, AuthorizationRule, Category, RequestedService};
use crate::domain::dates::{Date, days_between, plus_days};
use crate::domain::determination::Citation;
use crate::domain::member::Member;
use crate::domain::plan::{Benefit, Plan};
use crate::reference::review_reasons;

/// Days for which a certification holds, where the payer names none.
const VALID_DAYS: i32 = 90;
/// Benefits of what the payer's table does not name, and of an admission.
const OTHER: &str = "other";
const INPATIENT: &str = "inpatient";

/// A service with all that decides it.
pub(super) struct Asked<'a> {
    pub file: &'a RequestFile,
    pub member: &'a Member,
    pub plan: &'a Plan,
    pub at: usize,
    pub asked: &'a RequestedService,
    /// Asked for too late after the service.
    pub late: bool,
}

/// Why something is not certified as asked for, or waits.
struct Why {
    reason: &'static str,
    words: String,
}

impl Asked<'_> {
    pub(super) fn decide(&self, steps: &mut Vec<Step>) -> ServiceDecision {
        let benefit_name = self.benefit_name();
        let benefit = self.benefit(benefit_name);
        let mut say = |id: &'static str, words: String, authority: Vec<Citation>| {
            steps.push(Step { line: self.at + 1, id, words, authority });
        };
        let excluded = benefit.is_some_and(|benefit| benefit.exclusion.is_some());
        let needed = self.needed(benefit, benefit_name);
        let is = if needed { "needs" } else { "does not need" };
        let what = if self.is_referral() { "a referral" } else { "authorization" };
        say("benefit", format!("Benefit {benefit_name} of {} {is} {what}.", self.plan.name), vec![Citation::PLAN]);
        if excluded {
            return self.made(Outcome::NotCertified, "0M", None, "The plan does not cover it.".to_owned());
        }
        if let Some(rule) = self.rule(benefit_name) {
            say(
                "rule",
                format!("Rule {} ({}) fits. {}", rule.rule_id, rule.title, rule.rationale),
                vec![Citation::PLAN],
            );
            let decided = self.by_rule(rule);
            say("outcome", words(&decided), vec![Citation::PLAN]);
            return decided;
        }
        let decided = match (needed, self.late) {
            (false, _) => self.made(Outcome::NotNeeded, "0H", None, "The plan asks for none.".to_owned()),
            (true, true) => self.made(Outcome::NotCertified, "0N", None, self.too_late()),
            (true, false) if self.is_referral() => self.referral(),
            (true, false) => {
                let words = "No rule of the payer decides it: a reviewer does.".to_owned();
                self.made(Outcome::Pended, "0V", None, words)
            }
        };
        say("outcome", words(&decided), vec![Citation::PLAN]);
        decided
    }

    fn is_referral(&self) -> bool {
        self.file.request.category == Category::Referral
    }

    fn benefit_name(&self) -> &str {
        let of_table =
            self.asked.procedures.and_then(|(first, _)| self.file.payer.procedures.lookup(first, self.asked.from));
        match of_table {
            Some(row) => &row.benefit,
            None if self.file.request.category == Category::Admission => INPATIENT,
            None => OTHER,
        }
    }

    fn benefit(&self, name: &str) -> Option<&Benefit> {
        let named = |name: &str| self.plan.benefits.iter().find(|benefit| &*benefit.name == name);
        named(name).or_else(|| named(OTHER))
    }

    fn needed(&self, benefit: Option<&Benefit>, name: &str) -> bool {
        if self.is_referral() {
            let referred = &self.plan.referral_benefits;
            return if self.asked.procedures.is_none() {
                !referred.is_empty()
            } else {
                referred.iter().any(|b| b == name)
            };
        }
        benefit.is_some_and(|benefit| benefit.authorization_required)
    }

    /// The payer's first rule that fits.
    fn rule(&self, benefit: &str) -> Option<&AuthorizationRule> {
        let request = &self.file.request;
        self.file.payer.authorization_rules.rules.iter().find(|rule| {
            rule.referrals == self.is_referral()
                && (rule.plans.is_empty() || rule.plans.contains(&self.plan.plan_id))
                && rule.procedures.as_ref().is_none_or(|codes| {
                    self.asked.procedures.is_some_and(|(first, last)| codes.contains(first) && codes.contains(last))
                })
                && (rule.benefits.is_empty() || rule.benefits.iter().any(|named| named == benefit))
                && (rule.places.is_empty() || request.place.is_some_and(|place| rule.places.contains(&place)))
                && (rule.diagnoses.is_empty() || request.diagnoses.iter().any(|code| rule.diagnoses.begin(code)))
        })
    }

    fn by_rule(&self, rule: &AuthorizationRule) -> ServiceDecision {
        if rule.action == Action::NotNeeded {
            return self.made(Outcome::NotNeeded, "0H", Some(rule), rule.rationale.clone());
        }
        if self.late {
            return self.made(Outcome::NotCertified, "0N", Some(rule), self.too_late());
        }
        if let Some(why) = self.unmet(rule) {
            let outcome = if rule.unmet == Action::Review { Outcome::Pended } else { Outcome::NotCertified };
            return self.made(outcome, why.reason, Some(rule), why.words);
        }
        if let Some(words) = self.report_missing(rule) {
            return self.made(Outcome::Pended, "0U", Some(rule), words);
        }
        match rule.action {
            Action::Certify => self.certified(Some(rule)),
            Action::Deny => {
                self.made(Outcome::NotCertified, rule.reason.unwrap_or("0F"), Some(rule), rule.rationale.clone())
            }
            Action::Review | Action::NotNeeded => {
                self.made(Outcome::Pended, rule.reason.unwrap_or("0V"), Some(rule), rule.rationale.clone())
            }
        }
    }

    fn unmet(&self, rule: &AuthorizationRule) -> Option<Why> {
        let request = &self.file.request;
        if !rule.needs_diagnoses.is_empty() && !request.diagnoses.iter().any(|code| rule.needs_diagnoses.begin(code)) {
            let named = if request.diagnoses.is_empty() { "none".to_owned() } else { request.diagnoses.join(", ") };
            let wanted: Vec<&str> = rule.needs_diagnoses.iter().collect();
            let words = format!("It needs a diagnosis that begins with one of {}; named: {named}.", wanted.join(", "));
            return Some(Why { reason: rule.reason.unwrap_or("0R"), words });
        }
        let known = self.file.providers.iter().find(|provider| provider.npi == request.rendering_npi);
        let specialty = known.map_or("", |provider| provider.taxonomy.as_str());
        if !rule.needs_specialties.is_empty() && !rule.needs_specialties.begin(specialty) {
            let words = format!("{} is not of a specialty that may give it ({specialty:?}).", request.rendering_npi);
            return Some(Why { reason: "0X", words });
        }
        None
    }

    fn report_missing(&self, rule: &AuthorizationRule) -> Option<String> {
        let came = |report| self.file.request.reports.contains(report);
        if rule.needs_reports.is_empty() || rule.needs_reports.iter().any(came) {
            return None;
        }
        let wanted: Vec<String> = rule.needs_reports.iter().map(ToString::to_string).collect();
        Some(format!("A report of one of these kinds must come with it: {}.", wanted.join(", ")))
    }

    /// A referral is the primary care provider's to make.
    fn referral(&self) -> ServiceDecision {
        let primary = self.member.coverage_on(self.asked.from).and_then(|coverage| coverage.primary_care_npi);
        let requesting = self.file.request.requesting_npi;
        if primary.is_some_and(|primary| primary != requesting) {
            let words = format!("{requesting} is not the member's primary care provider.");
            return self.made(Outcome::NotCertified, "0E", None, words);
        }
        self.certified(None)
    }

    /// Certified, with what the rule cuts.
    fn certified(&self, rule: Option<&AuthorizationRule>) -> ServiceDecision {
        let words = rule.map_or_else(|| "It meets what the plan asks.".to_owned(), |rule| rule.rationale.clone());
        let mut made = self.made(Outcome::Certified, "", rule, words);
        let Some(rule) = rule else { return made };
        let mut cut = Vec::new();
        if let Some(most) = rule.most_units.filter(|most| self.asked.units.is_none_or(|units| units > *most)) {
            cut.push(format!("{most} units are the most; asked for: {}", said(self.asked.units)));
            made.units = Some(most);
        }
        if let Some(most) = rule.most_days {
            let last = plus_days(self.asked.from, most - 1);
            if made.through > last {
                if self.asked.through.is_some() {
                    let days = days_between(self.asked.from, made.through) + 1;
                    cut.push(format!("{most} days are the most; asked for: {days}"));
                }
                made.through = last;
            }
        }
        if cut.is_empty() {
            return made;
        }
        let cut = cut.join("; ") + ".";
        if rule.review_more {
            return self.made(Outcome::Pended, "0V", Some(rule), format!("A reviewer decides: {cut}"));
        }
        // No limit was asked for: one that is set takes nothing away.
        let asked_more = self.asked.units.is_some() || made.units.is_none();
        if asked_more {
            made.outcome = Outcome::Modified;
            made.reason = "10";
        }
        made.rationale = format!("{} {cut}", made.rationale).trim().to_owned();
        made
    }

    fn too_late(&self) -> String {
        let today = self.file.received.date();
        format!("It was asked for on {today}, after the service of {}.", self.asked.from)
    }

    fn last_day(&self) -> Date {
        let valid = self.file.payer.authorization_rules.valid_days.unwrap_or(VALID_DAYS);
        self.asked.through.unwrap_or_else(|| plus_days(self.asked.from, valid - 1))
    }

    fn made(
        &self,
        outcome: Outcome,
        reason: &'static str,
        rule: Option<&AuthorizationRule>,
        rationale: String,
    ) -> ServiceDecision {
        ServiceDecision {
            outcome,
            reason,
            rule_id: rule.map_or_else(String::new, |rule| rule.rule_id.clone()),
            units: self.asked.units,
            from: self.asked.from,
            through: self.last_day(),
            rationale,
        }
    }
}

fn said(units: Option<Decimal>) -> String {
    units.map_or_else(|| "no limit".to_owned(), |units| units.to_string())
}

/// A decision in a sentence.
fn words(decided: &ServiceDecision) -> String {
    let outcome = match decided.outcome {
        Outcome::Certified => "Certified",
        Outcome::Modified => "Certified, but not as asked for",
        Outcome::NotCertified => "Not certified",
        Outcome::Pended => "Waits",
        Outcome::NotNeeded => "Needs no certification",
    };
    let reason = review_reasons::decision_reason(decided.reason).unwrap_or_default();
    let why = if reason.is_empty() { String::new() } else { format!(" ({}: {reason})", decided.reason) };
    format!("{outcome}{why}. {}", decided.rationale).trim_end().to_owned()
}
