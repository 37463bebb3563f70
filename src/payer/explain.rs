//! Explaining a claim: each step of its decision with what it looked at, told anew from the claim file as it was then.

use super::claims::{claim_place, split_name};
use super::decision;
use super::family::{Family, Until};
use super::{Caller, Failure, Payer, State, instruct, records};
use crate::adjudication::edits::{Check, Edit, TABLE};
use crate::adjudication::{self, Case, ClaimFile, facts, policy};
use crate::domain::dates::parse_iso;
use crate::domain::policy::MedicalPolicy;
use crate::proto::store::v1::ClaimRecord;
use crate::proto::v1 as pb;
use crate::store::Read;
use crate::store::keys::{self, Lane};
use crate::wire;

/// What turned a claim away.
const INTAKE: &str = "intake";

impl Payer {
    /// Every step of a claim's decision, the last one where it was decided again; of a claim that was turned away, why.
    pub fn explain(
        &self,
        caller: &Caller,
        name: &str,
        include_passed: bool,
    ) -> Result<pb::ExplainClaimResponse, Failure> {
        let claim = self.claim(caller, name)?;
        let reproduced = self.reproduce(caller, name)?;
        let Some(determination) = &claim.determination else {
            let steps = claim.rejections.iter().map(turned_away).collect();
            return Ok(pb::ExplainClaimResponse { claim: Some(claim), steps, reproduced });
        };
        let file = self.file_of(caller, name)?;
        let case = file.as_ref().map(Case::open);
        let mut steps = determination.steps.clone();
        if let Some(case) = case.as_ref().filter(|_| include_passed) {
            steps = with_passed(case, steps);
        }
        for step in &mut steps {
            complete(step, case.as_ref(), &determination.engine_version);
        }
        Ok(pb::ExplainClaimResponse { claim: Some(claim), steps, reproduced })
    }

    /// The claim file that the last decision on a claim was made on.
    pub(super) fn file_of(&self, caller: &Caller, name: &str) -> Result<Option<ClaimFile>, Failure> {
        let Some((parent, lane, sequence)) = claim_place(name) else { return Ok(None) };
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let Some(record) = self.claim_record(&state, lane, sequence)? else { return Ok(None) };
        let reversals = self.reversals(&state, lane, sequence)?;
        let Some(made) = reversals.iter().rev().find(|made| made.correction.is_some()) else {
            return self.first_file(&state, lane, sequence, &record);
        };
        let day = made.reversal.as_ref().map_or(&made.decided_date, |reversal| &reversal.reversed_date);
        let Some(processed) = parse_iso(day) else { return Ok(None) };
        let mut family = self.family_until(&state, lane, Until::reversal(made))?;
        Ok(Some(self.file_anew(&state, &record, &mut family, made, processed)?))
    }

    /// The claim file that a claim was decided on first; `None` where it was not decided.
    pub(super) fn first_file(
        &self,
        state: &State,
        lane: Lane,
        sequence: u64,
        record: &ClaimRecord,
    ) -> Result<Option<ClaimFile>, Failure> {
        let decided = |claim: &&pb::Claim| claim.determination.is_some() && claim.state() != pb::ClaimState::Void;
        let Some(stored) = record.claim.as_ref().filter(decided) else { return Ok(None) };
        let Some(Ok(mut claim)) = stored.billed.as_ref().map(wire::claim) else { return Ok(None) };
        stored.instruction.iter().for_each(|told| instruct::cut_off(&mut claim, told));
        let instruction = instruct::read(stored.instruction.as_ref())?;
        let then = self.folder_in_force(&record.payer_folder)?;
        let mut roster = self.roster(state, &then, &claim, record.directory_version)?;
        let family = self.family_until(state, lane, Until::claim(sequence))?;
        self.add_colleagues(state, &then, &claim, &family.history, record.directory_version, &mut roster)?;
        let dates = parse_iso(&stored.received_date).zip(parse_iso(&record.processed_date));
        let number = stored.control_number.clone();
        let documents = record.seen.as_ref().map(wire::documents::seen).unwrap_or_default();
        Ok(dates.map(|dates| ClaimFile {
            instruction,
            documents,
            ..decision::claim_file(&then, claim, roster, &family, number, dates)
        }))
    }

    pub(super) fn family_until(&self, state: &State, lane: Lane, until: Until) -> Result<Family, Failure> {
        let head = records::one(self.store.as_ref(), Read::Point(state.space().family_head(lane)))?.pop();
        Family::load(self.store.as_ref(), state.space(), lane, head.map(|pair| pair.value), until)
    }

    /// Whether deciding a claim again, on what was known then, gives the same determination byte for byte.
    pub(super) fn reproduce(&self, caller: &Caller, name: &str) -> Result<bool, Failure> {
        let Some((parent, lane, sequence)) = claim_place(name) else { return Ok(false) };
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let Some(record) = self.claim_record(&state, lane, sequence)? else { return Ok(false) };
        let decided = record.claim.as_ref().and_then(|claim| claim.determination.as_ref());
        let Some(determination) = decided else { return Ok(false) };
        if let Some(void) = record.claim.as_ref().filter(|claim| claim.state() == pb::ClaimState::Void) {
            return self.reproduce_void(&state, &void.replaces, sequence, determination);
        }
        let Some(file) = self.first_file(&state, lane, sequence, &record)? else { return Ok(false) };
        let then = self.folder_in_force(&record.payer_folder)?;
        let again = decision::message(&then, &adjudication::adjudicate(&file));
        let reversals = self.reversals(&state, lane, sequence)?;
        Ok(again == *determination && self.reproduce_reversals(&state, lane, &record, &reversals)?)
    }

    /// Whether the decision on a void follows from what it took back.
    fn reproduce_void(
        &self,
        state: &State,
        voided: &str,
        by_claim: u64,
        decided: &pb::Determination,
    ) -> Result<bool, Failure> {
        let number = split_name(voided, "claims").map_or("", |(_, number)| number);
        let Some((lane, sequence)) = keys::parse_control_number(number) else { return Ok(false) };
        let reversals = self.reversals(state, lane, sequence)?;
        let Some(made) = reversals.iter().find(|made| made.by_claim == by_claim) else { return Ok(false) };
        let reversed = made.reversal.as_ref().and_then(|reversal| reversal.reversed.as_ref());
        let (date, revision) = (&decided.processed_date, &decided.payer_revision);
        let again = reversed.map(|reversed| wire::reversal::void(reversed, number, date, revision));
        Ok(again.as_ref() == Some(decided))
    }
}

/// The steps that acted and the edits that found nothing, in the order in which they were asked: line by line within an
/// edit that looks at lines.
fn with_passed(case: &Case<'_>, acted: Vec<pb::Step>) -> Vec<pb::Step> {
    // What is forced is forced before any edit looks.
    let (mut steps, acted): (Vec<_>, Vec<_>) = acted.into_iter().partition(|step| step.forced);
    for edit in TABLE {
        let of_edit = || acted.iter().filter(|step| step.id == edit.id);
        match edit.check {
            Check::Claim(_) if of_edit().next().is_none() => {
                let asked = case.file.claim.service_from().is_some_and(|day| edit.effective.contains(day));
                steps.push(passed(edit, 0, asked));
            }
            Check::Claim(_) => steps.extend(of_edit().cloned()),
            Check::Line(_) => {
                for (line, service) in (1i32..).zip(&case.services) {
                    let before = steps.len();
                    steps.extend(of_edit().filter(|step| step.line == line).cloned());
                    if steps.len() == before {
                        steps.push(passed(edit, line, edit.effective.contains(service.line.from)));
                    }
                }
            }
        }
    }
    steps.extend(acted.into_iter().filter(|step| TABLE.iter().all(|edit| edit.id != step.id)));
    steps
}

fn passed(edit: &Edit, line: i32, asked: bool) -> pb::Step {
    let words = match edit.effective.through {
        _ if asked => format!("Not found: {}", edit.summary),
        Some(through) => format!("Not asked: it holds for services of {} to {through}.", edit.effective.from),
        None => format!("Not asked: it holds for services since {}.", edit.effective.from),
    };
    pb::Step { id: edit.id.to_owned(), line, outcome: pb::StepOutcome::Passed.into(), words, ..Default::default() }
}

/// Adds to a step what is not stored with it.
fn complete(step: &mut pb::Step, case: Option<&Case<'_>>, engine: &str) {
    let line = usize::try_from(step.line).ok().and_then(|number| number.checked_sub(1));
    let policies = case.map(|case| case.file.payer.policies.all()).unwrap_or_default();
    let acted = |policy: &&MedicalPolicy| policy.is(&step.policy_id, &step.version);
    let inputs = if let Some(policy) = policies.iter().find(acted) {
        step.authority = vec![wire::denials::policy_citation(policy)];
        let looked_at = |case: &Case<'_>| Some(policy::inputs(policy, case, case.services.get(line?)?));
        case.and_then(looked_at).unwrap_or_default()
    } else {
        let edit = TABLE.iter().find(|edit| edit.id == step.id);
        step.authority = edit.map(|edit| wire::determination::citations(edit.authority)).unwrap_or_default();
        engine.clone_into(&mut step.version);
        case.map(|case| facts::inputs(&step.id, case, line)).unwrap_or_default()
    };
    let input = |(name, value): (&str, String)| pb::StepInput { name: name.to_owned(), value };
    step.inputs = inputs.into_iter().map(input).collect();
}

fn turned_away(rejection: &pb::Rejection) -> pb::Step {
    let codes = [&rejection.category_code, &rejection.status_code, &rejection.entity_code];
    let codes: Vec<&str> = codes.into_iter().map(String::as_str).filter(|code| !code.is_empty()).collect();
    let input = |name: &str, value: &str| pb::StepInput { name: name.to_owned(), value: value.to_owned() };
    pb::Step {
        id: INTAKE.to_owned(),
        line: rejection.line,
        outcome: pb::StepOutcome::Rejected.into(),
        words: rejection.words.clone(),
        authority: vec![pb::Citation {
            title: "277CA: claims that are not taken in (005010X214)".to_owned(),
            href: String::new(),
        }],
        inputs: [input("field", &rejection.field), input("status", &codes.join(":"))]
            .into_iter()
            .filter(|input| !input.value.is_empty())
            .collect(),
        ..Default::default()
    }
}
