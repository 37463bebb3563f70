//! The edits, in order of precedence: the first that denies a line is what the remittance reports.
//!
//! To add one: write its file beside these, and put it into [`TABLE`] at its place.

mod accident_date;
mod add_on_code;
mod admission_data;
mod assignment_required;
mod audit_sample;
mod authorization;
mod benefit_maximum;
mod both_sides;
mod bundled_service;
mod capitated_service;
mod component_paid;
mod consolidated_billing;
mod denied_authorization;
mod diagnosis_age;
mod diagnosis_sex;
mod documentation;
mod drug_code;
mod duplicate;
mod excluded_cause;
mod excluded_service;
mod future_service;
mod global_surgery;
mod high_charge;
mod hospice;
mod ineligible_provider;
mod injury_carrier;
mod inpatient_procedure;
mod interim_bill;
mod invalid_diagnosis;
mod invalid_procedure;
mod laboratory_certificate;
mod late_authorization;
mod laterality;
mod line_units;
mod medical_policy;
mod member_number;
mod missing_drg;
mod modifier;
mod ncci_pair;
mod new_patient;
mod newborn_coverage;
mod newborn_nursery;
mod noncovered_charge;
mod nursing_stay;
mod one_month_line;
mod orderer_eligibility;
mod ordering_provider;
mod other_contractor;
mod other_payer_first;
mod out_of_network;
mod outside_coverage;
mod outside_united_states;
mod overlapping_stay;
mod patient_age;
mod patient_sex;
mod payment_window;
mod place_of_service;
mod premium_grace;
mod primary_care;
mod prior_decision;
mod prior_payer_rules;
mod prior_processing;
mod provider_exclusion;
mod provider_number;
mod provider_type;
mod readmission;
mod referral;
mod related_service;
mod rendering_provider;
mod requested_records;
mod required_modifier;
mod revenue_code;
mod same_day_visit;
mod screening_diagnosis;
mod screening_frequency;
mod split_surgery;
mod timely_filing;
mod type_of_bill;
mod unit_limit;
mod unknown_member;
mod unlisted_procedure;
mod unmet_condition;
mod vital_dates;
mod waiting_period;
mod wrong_payer;

use crate::domain::codes::{Carc, carc};
use crate::domain::dates::Period;
use crate::domain::determination::{AuthorizationUse, Citation, PolicyVersion};
use crate::domain::document::Awaited;

use super::facts::Fact;
use super::{documents, instruction};
pub(super) use authorization::fits_authorization;
pub use timely_filing::last_day as last_day_to_file;

use super::policy::Cut;
use super::{Case, Denial, Proceedings, Reason, Service};

/// Every edit. The order is precedence: whether the claim came to the right payer for somebody insured, in time and once;
/// whether its codes are good; who may treat and who pays first; what the plan covers; how much of it. Those that look at
/// other lines stand last, for a line that is denied is no reason to deny another.
pub const TABLE: &[Edit] = &[
    wrong_payer::EDIT,
    member_number::EDIT,
    newborn_coverage::EDIT,
    unknown_member::EDIT,
    vital_dates::EDIT,
    other_contractor::EDIT,
    outside_coverage::EDIT,
    premium_grace::EDIT,
    unmet_condition::EDIT,
    duplicate::EDIT,
    timely_filing::EDIT,
    future_service::EDIT,
    type_of_bill::EDIT,
    one_month_line::EDIT,
    admission_data::EDIT,
    interim_bill::EDIT,
    overlapping_stay::EDIT,
    missing_drg::EDIT,
    accident_date::EDIT,
    line_units::EDIT,
    provider_number::EDIT,
    rendering_provider::EDIT,
    ordering_provider::EDIT,
    drug_code::EDIT,
    laboratory_certificate::EDIT,
    revenue_code::EDIT,
    inpatient_procedure::EDIT,
    invalid_procedure::EDIT,
    invalid_diagnosis::EDIT,
    place_of_service::EDIT,
    modifier::EDIT,
    required_modifier::EDIT,
    patient_sex::EDIT,
    patient_age::EDIT,
    diagnosis_sex::EDIT,
    diagnosis_age::EDIT,
    laterality::EDIT,
    screening_diagnosis::EDIT,
    provider_exclusion::EDIT,
    ineligible_provider::EDIT,
    provider_type::EDIT,
    orderer_eligibility::EDIT,
    assignment_required::EDIT,
    outside_united_states::EDIT,
    excluded_cause::EDIT,
    capitated_service::EDIT,
    injury_carrier::EDIT,
    hospice::EDIT,
    other_payer_first::EDIT,
    prior_processing::EDIT,
    prior_decision::EDIT,
    prior_payer_rules::EDIT,
    out_of_network::EDIT,
    primary_care::EDIT,
    referral::EDIT,
    excluded_service::EDIT,
    noncovered_charge::EDIT,
    waiting_period::EDIT,
    denied_authorization::EDIT,
    authorization::EDIT,
    late_authorization::EDIT,
    documentation::EDIT,
    requested_records::EDIT,
    payment_window::EDIT,
    consolidated_billing::EDIT,
    readmission::EDIT,
    medical_policy::EDIT,
    unlisted_procedure::EDIT,
    screening_frequency::EDIT,
    benefit_maximum::EDIT,
    newborn_nursery::EDIT,
    nursing_stay::EDIT,
    unit_limit::EDIT,
    new_patient::EDIT,
    same_day_visit::EDIT,
    component_paid::EDIT,
    both_sides::EDIT,
    bundled_service::EDIT,
    related_service::EDIT,
    global_surgery::EDIT,
    split_surgery::EDIT,
    ncci_pair::EDIT,
    add_on_code::EDIT,
    high_charge::EDIT,
    audit_sample::EDIT,
];

/// Pub. 100-04, the Medicare Claims Processing Manual.
const CLAIMS_MANUAL: &str =
    "https://www.cms.gov/regulations-and-guidance/guidance/manuals/internet-only-manuals-ioms-items/cms018912";

/// The Medicare National Correct Coding Initiative's policy manual.
const NCCI_MANUAL: &str = "https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-policy-manual";

/// One question about whether a claim or line may be paid.
#[derive(Debug)]
pub struct Edit {
    /// Its file's name, with hyphens.
    pub id: &'static str,
    /// What it asks, in a sentence.
    pub summary: &'static str,
    /// Every reason that it may give.
    pub reasons: &'static [Reason],
    /// Days of service it applies to.
    pub effective: Period,
    /// What it rests on.
    pub authority: &'static [Citation],
    /// What it looks at, in the order in which it is told.
    pub looks_at: &'static [Fact],
    /// The question.
    pub check: Check,
}

impl Edit {
    /// The codes of its reasons, each once.
    pub fn carcs(&self) -> Vec<Carc> {
        let mut codes: Vec<Carc> = Vec::new();
        for reason in self.reasons {
            if !codes.contains(&reason.carc) {
                codes.push(reason.carc);
            }
        }
        codes
    }
}

/// What an edit looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The whole claim; a denial denies every line.
    Claim(fn(&Case<'_>) -> Finding),
    /// One line, with the ledgers so far.
    Line(fn(&Case<'_>, &Proceedings, &Service<'_>) -> Finding),
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Nothing found.
    Pass,
    /// Nothing found, but something worth saying.
    Note(String),
    /// It may not be paid.
    Deny(Denial),
    /// It may be paid out of an authorization, which loses units if in the end it is.
    Take(AuthorizationUse),
    /// A person must look at it: reason and words.
    Pend(&'static str, String),
    /// It waits for a document: which, and words.
    Await(Box<Awaited>, String),
    /// It may be paid, but less than its price.
    Reduce(Cut, String),
    /// The same by a medical policy of the payer.
    OfPolicy(Box<PolicyVersion>, Box<Finding>),
    /// Several things at once, in order of precedence.
    Several(Vec<Finding>),
}

/// A claim that cannot be processed: 16, with the remark that says what is missing or wrong, and MA130.
fn unprocessable(words: impl Into<String>, remark: &str) -> Finding {
    Finding::Deny(Denial::contractual(carc("16"), words).remark(remark).remark("MA130"))
}

/// Runs the edits one by one. Claims may pend and be denied by a later edit all the same; a pended claim keeps what was denied.
pub fn apply(case: &Case<'_>, proceedings: &mut Proceedings) {
    let first_day = case.file.claim.service_from();
    for edit in TABLE {
        if instruction::waives(case.file.instruction.as_deref(), edit.id) {
            continue;
        }
        match edit.check {
            Check::Claim(check) => {
                if first_day.is_some_and(|day| edit.effective.contains(day)) {
                    record(case, edit, None, check(case), proceedings);
                }
            }
            Check::Line(check) => {
                for service in &case.services {
                    if edit.effective.contains(service.line.from) {
                        let finding = check(case, proceedings, service);
                        record(case, edit, Some(service.at), finding, proceedings);
                    }
                }
            }
        }
    }
}

fn record(case: &Case<'_>, edit: &Edit, line: Option<usize>, finding: Finding, proceedings: &mut Proceedings) {
    let ruled = |at| case.file.instruction.as_ref().and_then(|told| told.set_aside(edit.id, at));
    match finding {
        Finding::Pass => {}
        Finding::Note(words) => proceedings.note(edit.id, line, words),
        Finding::Take(taken) => proceedings.authorization_uses.push(taken),
        // Nobody needs to look at a line that is denied already.
        Finding::Pend(_, words) | Finding::Await(_, words) if line.is_some_and(|at| proceedings.is_denied(at)) => {
            proceedings.note(edit.id, line, words);
        }
        Finding::Pend(reason, words) => match ruled(line) {
            Some(source) => proceedings.note(edit.id, line, instruction::set_aside(source, &words)),
            None => proceedings.pend(edit.id, line, reason, words),
        },
        Finding::Await(awaited, words) => match ruled(line) {
            Some(source) => proceedings.note(edit.id, line, instruction::set_aside(source, &words)),
            None => {
                proceedings.pend(edit.id, line, documents::waits_for(&awaited), words);
                proceedings.wait_for(*awaited);
            }
        },
        Finding::Reduce(cut, words) => match ruled(line) {
            Some(source) => proceedings.note(edit.id, line, instruction::set_aside(source, &words)),
            None => {
                proceedings.note(edit.id, line, words);
                proceedings.cuts.push(cut);
            }
        },
        Finding::OfPolicy(policy, finding) => {
            record(case, edit, line, *finding, proceedings);
            proceedings.steps.last_mut().into_iter().for_each(|step| step.policy = Some(policy.clone()));
        }
        Finding::Several(findings) => {
            findings.into_iter().for_each(|finding| record(case, edit, line, finding, proceedings));
        }
        Finding::Deny(denial) => {
            let lines = line.map_or(0..proceedings.lines.len(), |at| at..at + 1);
            for at in lines {
                match ruled(Some(at)) {
                    Some(source) => {
                        proceedings.note(edit.id, Some(at), instruction::set_aside(source, &denial.words));
                    }
                    None => proceedings.deny(edit.id, at, denial.clone()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::domain::dates::date;
    use crate::domain::determination::Outcome;
    use crate::domain::money::Money;
    use crate::domain::plan::SuspectDuplicates;

    #[test]
    fn the_first_reason_stands_and_the_others_are_told_in_the_trace() {
        let mut file = example::office_visit();
        file.received = date(2027, 3, 1);
        file.claim.lines[0].pointers = vec![];
        assert_eq!(example::denial(&file), "CO-29");
        let determination = example::decide(&file);
        let told: Vec<_> = determination.steps.iter().map(|step| (step.id, step.outcome)).collect();
        assert_eq!(told, [("timely-filing", Outcome::Denied), ("invalid-diagnosis", Outcome::Overtaken)]);
    }

    #[test]
    fn a_line_that_is_denied_already_waits_for_nobody() {
        let mut file = example::office_visit();
        let mut earlier = example::earlier(&file);
        earlier.charge = Money::from_cents(1);
        file.history = vec![earlier].into();
        example::plan(&mut file).suspect_duplicates = SuspectDuplicates::Pend;
        assert_eq!(example::decide(&file).pend, Some("suspect duplicate"));
        file.claim.payer_id = "SOMEBODY ELSE".into();
        let determination = example::decide(&file);
        assert_eq!((determination.pend, determination.is_denied()), (None, true));
    }

    #[test]
    fn every_edit_has_an_id_of_its_own_a_reason_and_an_authority() {
        for (at, edit) in TABLE.iter().enumerate() {
            assert!(TABLE.iter().skip(at + 1).all(|other| other.id != edit.id), "two edits are called {}", edit.id);
            let named = edit.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            assert!(named, "{}: lower case and hyphens, as its file's name", edit.id);
            // Only the last two deny nothing: a claim waits for what they find.
            assert!(!edit.reasons.is_empty() || at + 2 >= TABLE.len(), "{} gives no reason", edit.id);
            assert!(!edit.authority.is_empty() && !edit.summary.is_empty(), "{}", edit.id);
        }
    }
}
