//! Instructing: what markers and directives say of a claim that comes in. The claim keeps it, so that its decision can be made again
//! whatever becomes of the directives.

use sha2::{Digest, Sha256};

use super::family::Family;
use super::processing::Job;
use super::{Failure, State};
use crate::domain::claim::Claim;
use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::domain::directive::Match;
use crate::domain::instruction::Instruction;
use crate::proto::store::v1::{DirectiveCount, DirectivesRecord};
use crate::proto::v1 as pb;
use crate::reference::claim_status_codes;
use crate::{domain::codes::Code, wire};
use pb::forced_outcome::Kind;

/// A sandbox's directives, read.
#[derive(Debug, Default)]
pub struct Directives {
    /// As stored.
    pub record: DirectivesRecord,
    /// Whom each is for, in the same order.
    matches: Vec<Match>,
}

/// What a claim was told, and how often directives have now met its family.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// As the claim keeps it; `None`: nothing.
    pub message: Option<pb::Instruction>,
    /// The same, read.
    pub instruction: Option<Box<Instruction>>,
    /// Counts of the directives that fitted.
    pub counts: Vec<DirectiveCount>,
}

impl Directives {
    /// Reads the directives of a record.
    pub fn read(record: DirectivesRecord) -> Result<Directives, Failure> {
        let read = |directive: &pb::Directive| {
            wire::directives::directive(directive)
                .map(|(matches, _)| matches)
                .map_err(|_| Failure::Damaged(directive.name.clone()))
        };
        let matches = record.directives.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Directives { record, matches })
    }

    fn fitting(&self, claim: &Claim, today: Date) -> impl Iterator<Item = (&pb::Directive, &Match)> {
        let day = today.to_string();
        let in_time = move |directive: &pb::Directive| {
            (directive.from_date.is_empty() || directive.from_date <= day)
                && (directive.through_date.is_empty() || day <= directive.through_date)
        };
        let all = self.record.directives.iter().zip(&self.matches);
        all.filter(move |(directive, matches)| !directive.disabled && matches.fits(claim) && in_time(directive))
    }
}

/// What was said of appeals of a claim: what it was told when it came in, then directives that fit it by now. Each with who says so.
pub(super) fn of_appeals(state: &State, claim: &pb::Claim, today: Date) -> Vec<(pb::ForcedAppeal, String)> {
    let told = claim.instruction.iter().flat_map(|told| &told.orders);
    let told = told.map(|order| (order.outcome.as_ref(), order.source.clone()));
    let read = claim.billed.as_ref().and_then(|billed| wire::claim(billed).ok());
    let read = read.map(|mut read| {
        claim.instruction.iter().for_each(|told| cut_off(&mut read, told));
        read
    });
    let now = read.iter().flat_map(|read| state.directives.fitting(read, today));
    let now = now.map(|(directive, _)| {
        let id = directive.name.rsplit('/').next().unwrap_or_default();
        (directive.outcome.as_ref(), format!("directive {id}"))
    });
    let appeal = |(outcome, source): (Option<&pb::ForcedOutcome>, String)| match outcome?.kind.as_ref()? {
        Kind::Appeal(told) => Some((told.clone(), source)),
        _ => None,
    };
    told.chain(now).filter_map(appeal).collect()
}

/// Reads the markers of a claim, and takes those of the member's number off it.
pub(super) fn read_markers(state: &State, claim: &mut Claim) -> Option<pb::Instruction> {
    let (number, member) = (&claim.patient_control_number, &claim.subscriber.member_id);
    if state.ignores_markers() {
        return None;
    }
    let told = wire::markers::read(number, member)?;
    cut_off(claim, &told);
    Some(told)
}

/// Takes the markers that a claim has kept off the member's number.
pub(super) fn cut_off(claim: &mut Claim, told: &pb::Instruction) {
    if let Some(number) = claim.subscriber.member_id.strip_suffix(told.member_id_markers.as_str()) {
        claim.subscriber.member_id = number.to_owned();
    }
}

/// What a claim is told when it comes in on a day.
pub(super) fn tell(state: &State, job: &Job, family: &Family, today: Date) -> Result<Told, Failure> {
    if job.markers.is_none() && state.directives.matches.is_empty() {
        return Ok(Told::default());
    }
    let mut message = job.markers.as_deref().cloned().unwrap_or_default();
    let mut counts = Vec::new();
    for (directive, matches) in state.directives.fitting(&job.claim, today) {
        if acts(state, job, family, directive, &mut counts) {
            let id = directive.name.rsplit('/').next().unwrap_or_default();
            message.orders.push(pb::ForcedOrder {
                source: format!("directive {id}"),
                directive_number: directive.number,
                outcome: directive.outcome.clone(),
                lines: matches.lines(&job.claim).into_iter().filter_map(one_based).collect(),
                ..Default::default()
            });
        }
    }
    for order in &mut message.orders {
        if let Some(Kind::Delay(delay)) = order.outcome.as_ref().and_then(|outcome| outcome.kind.as_ref())
            && delay.decide_after_days > 0
        {
            order.decide_on = plus_days(today, delay.decide_after_days).to_string();
        }
    }
    if message == pb::Instruction::default() {
        return Ok(Told { counts, ..Told::default() });
    }
    Ok(Told { instruction: read(Some(&message))?, message: Some(message), counts })
}

/// What a claim has kept, read.
pub(super) fn read(kept: Option<&pb::Instruction>) -> Result<Option<Box<Instruction>>, Failure> {
    let Some(kept) = kept else { return Ok(None) };
    let read = wire::directives::instruction(kept).map_err(|_| Failure::Damaged("instruction".to_owned()))?;
    Ok(Some(Box::new(read)))
}

/// What a claim that is decided again was told, without directives that are there no more.
pub(super) fn still_told(state: &State, kept: Option<&pb::Instruction>) -> Option<pb::Instruction> {
    let mut kept = kept?.clone();
    let stands = |number: i64| {
        let known = state.directives.record.directives.iter().find(|directive| directive.number == number);
        number == 0 || known.is_some_and(|directive| !directive.disabled)
    };
    kept.orders.retain(|order| stands(order.directive_number));
    Some(kept)
}

/// The day on which a claim that waits by instruction is decided.
pub(super) fn decide_on(kept: Option<&pb::Instruction>) -> Option<Date> {
    let days = |order: &pb::ForcedOrder| parse_iso(&order.decide_on);
    kept?.orders.iter().find_map(days)
}

/// Why a claim is turned away by instruction.
pub(super) fn rejection(told: &pb::Instruction) -> Option<pb::Rejection> {
    told.orders.iter().find_map(|order| match order.outcome.as_ref()?.kind.as_ref()? {
        Kind::Reject(codes) => {
            let status = Code::parse(&codes.status_code).and_then(claim_status_codes::status_words);
            Some(pb::Rejection {
                category_code: codes.category_code.to_ascii_uppercase(),
                status_code: codes.status_code.to_ascii_uppercase(),
                entity_code: codes.entity_code.to_ascii_uppercase(),
                words: format!("forced by {}: {}", order.source, status.unwrap_or("turned away")),
                field: String::new(),
                line: 0,
            })
        }
        _ => None,
    })
}

/// Whether a directive that fits acts, by its counts in the family and by chance.
fn acts(
    state: &State,
    job: &Job,
    family: &Family,
    directive: &pb::Directive,
    counts: &mut Vec<DirectiveCount>,
) -> bool {
    let counting = directive.nth_claim > 0 || directive.every > 0 || directive.times > 0;
    let known = family.head.directive_counts.iter().find(|count| count.number == directive.number);
    let mut count = known.copied().unwrap_or(DirectiveCount { number: directive.number, ..Default::default() });
    count.met += 1;
    let met = count.met;
    let in_turn = (directive.nth_claim == 0 || met == i64::from(directive.nth_claim))
        && (directive.every == 0 || met % i64::from(directive.every) == 0)
        && (directive.times == 0 || count.acted < i64::from(directive.times));
    let acts = in_turn && by_chance(state, job, directive);
    count.acted += i64::from(acts);
    if counting {
        counts.push(count);
    }
    acts
}

/// Chance hangs on the sandbox's seed, the directive and the claim; never on what was asked before.
fn by_chance(state: &State, job: &Job, directive: &pb::Directive) -> bool {
    if directive.chance_per_mille == 0 {
        return true;
    }
    let claim = if job.request_id.is_empty() { &job.hash[..] } else { job.request_id.as_bytes() };
    let digest = Sha256::new()
        .chain_update(state.seed().to_be_bytes())
        .chain_update(directive.number.to_be_bytes())
        .chain_update(directive.seed.to_be_bytes())
        .chain_update(claim)
        .finalize();
    let thrown = digest.iter().take(8).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    thrown % 1000 < u64::try_from(directive.chance_per_mille).unwrap_or(0)
}

fn one_based(at: usize) -> Option<i32> {
    i32::try_from(at).ok()?.checked_add(1)
}
