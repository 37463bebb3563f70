//! An appeal comes in. Whatever becomes of it, it is numbered and kept: a refusal to hear it is an answer as good as a decision.

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::super::claims::split_name;
use super::super::entry::Entry;
use super::super::{Caller, Failure, Payer, State};
use super::contested::{Contested, Read, level_of, shares_lines};
use super::entering::Entered;
use super::record::{About, COLLECTION, Held, keep_request};
use crate::appeals::calendar::{filing_time, to_file};
use crate::appeals::filing::{Examined, Hearing, Refusal, examine};
use crate::appeals::{self, Level, Opens};
use crate::domain::dates::{Date, parse_iso};
use crate::proto::store::v1::AppealRecord;
use crate::proto::v1 as pb;
use crate::store::keys::{self, Lane, Matter};
use crate::wire;
use pb::file_appeal_request::Subject;

/// Where claims stand among the resources.
const CLAIMS: &str = "claims";

/// What a request is about, found.
struct Asked<'r> {
    request: &'r pb::FileAppealRequest,
    hash: Bytes,
    lane: Lane,
    about: About,
    overpayment: bool,
}

impl Payer {
    /// Takes an appeal in, examines it, and decides it where a rule or a directive does.
    pub fn file_appeal(&self, caller: &Caller, request: &pb::FileAppealRequest) -> Result<pb::Appeal, Failure> {
        let Named { parent, collection, number, overpayment } = subject(request)?;
        let sandbox = self.sandbox(caller, parent)?;
        let today = self.today(&sandbox.read());
        wire::appeals::check_filing(request, today).map_err(|violations| Failure::Violations { violations })?;
        let unknown = || Failure::Unknown(format!("{parent}/{collection}/{number}"));
        let (lane, about) = match collection {
            CLAIMS => keys::parse_control_number(number).map(|(lane, sequence)| (lane, About::Claim(sequence))),
            _ => Matter::AuthorizationRequest.parse(number).map(|(lane, number)| (lane, About::Authorization(number))),
        }
        .ok_or_else(unknown)?;
        let hash = Bytes::from(Sha256::digest(request.encode_to_vec()).to_vec());
        let asked = Asked { request, hash, lane, about, overpayment };
        let number = self.enter_appeal(caller, &sandbox, (lane, about), |entry| {
            let made = self.appeal_made(entry.state, &request.request_id, &asked.hash)?;
            if let Some(made) = made {
                return Ok(Entered { number: made.number, changed: false, granted: Vec::new() });
            }
            let contested = self.contested(entry.state, lane, about)?.ok_or_else(unknown)?;
            let held = self.try_to_file(entry, &sandbox.name(), &asked, &contested)?;
            Ok(Entered { number: held.number, changed: true, granted: held.granted })
        })?;
        let state = sandbox.read();
        let held = self.appeal_at(&state, lane, number)?.ok_or_else(unknown)?;
        self.shown(&state, &held)
    }

    fn try_to_file(
        &self,
        entry: &mut Entry<'_>,
        parent: &str,
        asked: &Asked<'_>,
        contested: &Contested<'_>,
    ) -> Result<Held, Failure> {
        let state = entry.state;
        let before = self.appeals_about(state, asked.lane, asked.about)?;
        let mut appeal = written(asked, contested, self.today(state))?;
        appeal.evidence = self.papers(state, (parent, &appeal.claim), &asked.request.evidence)?;
        let level = chosen(asked, contested, &appeal, &before)?;
        appeal.level = Some(wire::appeals::level_message(level));
        level.regime.id().clone_into(&mut appeal.regime);
        let number = entry.draft().next(Matter::Appeal);
        appeal.name = format!("{parent}/{COLLECTION}/{}", Matter::Appeal.id(asked.lane, number));
        let (sequence, authorization) = match asked.about {
            About::Claim(sequence) => (sequence, 0),
            About::Authorization(number) => (0, number),
        };
        let record = AppealRecord {
            appeal: Some(appeal),
            request_hash: asked.hash.clone(),
            sequence,
            authorization,
            ..Default::default()
        };
        let mut held = Held { lane: asked.lane, number, record, granted: Vec::new() };
        self.examine_appeal(state, contested, &mut held, &before)?;
        if let Some(answer) = already(&held, level, &before)
            && held.appeal().state() != pb::AppealState::Refused
        {
            held.appeal_mut().history.truncate(1);
            held.appeal_mut().decide_by.clear();
            refuse(&mut held, answer, &self.today(state).to_string());
        }
        keep_request(entry, &asked.request.request_id, number, asked.hash.clone());
        self.take_in(entry, &mut held, contested, &before)?;
        Ok(held)
    }

    /// Keeps an appeal that was examined, and links it to the one before.
    fn take_in(
        &self,
        entry: &mut Entry<'_>,
        held: &mut Held,
        contested: &Contested<'_>,
        before: &[Held],
    ) -> Result<(), Failure> {
        let heard = matches!(held.appeal().state(), pb::AppealState::Open | pb::AppealState::Incomplete);
        let previous = before.iter().rev().find(|other| heard && precedes(other, held));
        if let Some(mut previous) = previous.cloned() {
            let name = held.appeal().name;
            held.appeal_mut().previous_appeal = previous.appeal().name;
            previous.appeal_mut().next_appeal = name;
            previous.keep(&mut entry.draft(), "take-appeal-further");
        }
        self.tell_appeal(entry, held, contested);
        self.wait_for_appeal(entry, held)?;
        self.stay_recoupment(entry, contested, held)?;
        held.keep(&mut entry.draft(), "file-appeal");
        self.decide_at_once(entry, held, contested)
    }

    /// Holds an appeal against the law, and notes what it says.
    pub(super) fn examine_appeal(
        &self,
        state: &State,
        contested: &Contested<'_>,
        held: &mut Held,
        before: &[Held],
    ) -> Result<(), Failure> {
        let (now, today) = (self.now(state), self.today(state));
        let mut appeal = held.appeal();
        let read = self.read_appeal(state, contested, &appeal, before)?;
        let notice = noticed(contested, &appeal, before, read.level, today);
        appeal.notice_date = notice.map_or_else(String::new, |day| day.to_string());
        appeal.amount_in_controversy_cents = read.amount.cents();
        appeal.amount_required_cents = super::rights::required(read.level, today).cents();
        if let (Opens::Within(time), Some(notice)) = (read.level.opens, notice) {
            let time = filing_time(time, contested.terms.dispute);
            let last = to_file(read.level, time, notice, parse_iso(&appeal.notice_received_date));
            appeal.file_by = last.as_ref().map_or_else(String::new, |last| last.day().to_string());
            appeal.notes = last.into_iter().map(|last| format!("To file: {}.", last.reckoning)).collect();
        }
        let first = parse_iso(&appeal.filed_date).unwrap_or(today);
        let filed = if first == today { now } else { first.at(0, 0, 0, 0) };
        let mut examined = examine(&contested.terms, &read.filing(&appeal, filed, notice));
        // What was completed later is decided within the days from then.
        if first != today
            && let (Examined::Hear(_), Examined::Hear(again)) =
                (&examined, examine(&contested.terms, &read.filing(&appeal, now, notice)))
        {
            examined = Examined::Hear(again);
        }
        *held.appeal_mut() = appeal;
        answered(held, &read, examined, &today.to_string());
        Ok(())
    }
}

/// Notes what an examination has found.
fn answered(held: &mut Held, read: &Read, examined: Examined, today: &str) {
    let citation = |title: &str| vec![wire::appeals::citation(title)];
    match examined {
        Examined::Hear(hearing) => heard(held, read, hearing, today),
        Examined::Refuse(found) => refuse(held, refusal(&found), today),
        Examined::Dismiss(found) => {
            let answer = pb::AppealAnswer {
                id: found.id.to_owned(),
                why: found.why.clone(),
                authority: citation(found.authority),
                right_path: found.remedy,
                until: found.refile_by.or(found.vacate_by).map_or_else(String::new, |by| by.day().to_string()),
                ..Default::default()
            };
            let appeal = held.appeal_mut();
            appeal.state = pb::AppealState::Dismissed.into();
            appeal.answer = Some(answer);
            held.note(today, "dismissed", found.why);
        }
        Examined::Incomplete(found) => {
            let answer = pb::AppealAnswer {
                id: "incomplete".to_owned(),
                why: found.why.clone(),
                authority: citation(found.authority),
                right_path: found.then.to_owned(),
                missing: found.missing.iter().map(|element| wire::appeals::element_message(*element)).collect(),
                missing_documents: found.documents.iter().map(|kind| kind.id().to_owned()).collect(),
                until: found.cure_by.map_or_else(String::new, |by| by.day().to_string()),
            };
            let appeal = held.appeal_mut();
            appeal.state = pb::AppealState::Incomplete.into();
            appeal.answer = Some(answer);
            held.note(today, "incomplete", found.why);
        }
    }
}

/// Notes that it is heard, by when and what of it.
fn heard(held: &mut Held, read: &Read, hearing: Hearing, today: &str) {
    let denials = read.denials();
    let reason = |at: &usize| denials.get(*at).map(|denial| format!("{}-{}", denial.group.code(), denial.carc));
    let mut reasons: Vec<String> = hearing.heard.iter().filter_map(reason).collect();
    reasons.dedup();
    // A request's are known from the start: all of them are heard.
    let reasons = if denials.is_empty() { held.appeal().reasons } else { reasons };
    let not_heard = hearing.not_heard.iter().filter_map(|(at, found)| {
        let denial = denials.get(*at)?;
        let reason = format!("{}-{}", denial.group.code(), denial.carc);
        Some(super::rights::not_appealable(i32::try_from(denial.line).unwrap_or(0), &reason, found))
    });
    let appeal = held.appeal_mut();
    appeal.state = pb::AppealState::Open.into();
    appeal.expedited = hearing.expedited;
    appeal.answer = None;
    appeal.reasons = reasons;
    appeal.not_heard = not_heard.collect();
    appeal.decide_by = hearing.decide_by.as_ref().map_or_else(String::new, |by| by.day().to_string());
    appeal.notes.extend(hearing.decide_by.map(|by| format!("To decide: {}.", by.reckoning)));
    appeal.notes.extend(hearing.notes.into_iter().map(|note| format!("{} ({})", note.words, note.authority)));
    today.clone_into(&mut appeal.acknowledged_date);
    held.note(today, "acknowledged", "It came in and is looked at.");
}

fn refuse(held: &mut Held, answer: pb::AppealAnswer, today: &str) {
    let why = answer.why.clone();
    let appeal = held.appeal_mut();
    appeal.state = pb::AppealState::Refused.into();
    appeal.answer = Some(answer);
    held.note(today, "refused", why);
}

fn refusal(found: &Refusal) -> pb::AppealAnswer {
    pb::AppealAnswer {
        id: found.id.to_owned(),
        why: found.why.clone(),
        authority: vec![wire::appeals::citation(found.authority)],
        right_path: found.right_path.to_owned(),
        ..Default::default()
    }
}

/// What is named: its sandbox, collection and id, and whether a demand is appealed.
struct Named<'r> {
    parent: &'r str,
    collection: &'static str,
    number: &'r str,
    overpayment: bool,
}

fn subject(request: &pb::FileAppealRequest) -> Result<Named<'_>, Failure> {
    let (field, name, collection, overpayment) = match &request.subject {
        Some(Subject::Claim(name)) => ("claim", name, CLAIMS, false),
        Some(Subject::OverpaidClaim(name)) => ("overpaid_claim", name, CLAIMS, true),
        Some(Subject::AuthorizationRequest(name)) => {
            ("authorization_request", name, super::super::authorizations::COLLECTION, false)
        }
        None => {
            let words = "is missing: name the claim, or an authorization request or overpaid claim instead";
            return Err(Failure::field("claim", words));
        }
    };
    let (parent, number) = split_name(name, collection).ok_or_else(|| {
        Failure::field(field, format!("{name:?}: write sandboxes/{{sandbox}}/{collection}/{{number}}"))
    })?;
    if !request.parent.is_empty() && request.parent != parent {
        return Err(Failure::field("parent", format!("is another sandbox than that of the {field}, {parent}")));
    }
    Ok(Named { parent, collection, number, overpayment })
}

/// The appeal as it was written, before anybody has looked at it.
fn written(asked: &Asked<'_>, contested: &Contested<'_>, today: Date) -> Result<pb::Appeal, Failure> {
    let request = asked.request;
    let known = match &contested.request {
        Some(request) => request.decisions.len(),
        None => contested.claim.determination.as_ref().map_or(0, |decided| decided.lines.len()),
    };
    let stray = |line: &i32| usize::try_from(*line).map_or(true, |line| line > known);
    if let Some(at) = request.lines.iter().position(stray).filter(|_| known > 0) {
        let what = if contested.request.is_some() { "request" } else { "claim" };
        return Err(Failure::field(format!("lines[{at}]"), format!("the {what} has {known} lines")));
    }
    let own = if request.lines.is_empty() { contested.lines() } else { request.lines.clone() };
    let day = today.to_string();
    let against = match (&contested.request, asked.overpayment) {
        (Some(made), _) => {
            format!("Against the decision on authorization request {}.", super::effect::id(&made.name))
        }
        (None, true) => format!("Against the demand to pay back on claim {}.", contested.claim.control_number),
        (None, false) => format!("Against the decision on claim {}.", contested.claim.control_number),
    };
    Ok(pb::Appeal {
        claim: contested.claim.name.clone(),
        authorization_request: contested.request.as_ref().map_or_else(String::new, |made| made.name.clone()),
        overpayment: asked.overpayment,
        reasons: contested.reasons(&own),
        lines: own,
        filer: Some(filer(request, contested)),
        reason: request.reason.clone(),
        expedited: request.expedited,
        good_cause: request.good_cause.clone(),
        aggregated_claims: request.aggregated_claims.clone(),
        notice_received_date: request.notice_received_date.clone(),
        left_out: request.left_out.clone(),
        filed_date: day.clone(),
        request_id: request.request_id.clone(),
        simulated: true,
        history: vec![pb::AppealStep { date: day, act: "filed".to_owned(), words: against }],
        ..Default::default()
    })
}

/// Who asks: where nobody is named the provider that billed, or the physician that asked for the service.
fn filer(request: &pb::FileAppealRequest, contested: &Contested<'_>) -> pb::AppealFiler {
    let mut filer = request.filer.clone().unwrap_or_default();
    if let Some(made) = &contested.request {
        if filer.role() == pb::AppealRole::Unspecified {
            filer.role = pb::AppealRole::Physician.into();
        }
        if filer.role() == pb::AppealRole::Physician && filer.npi.is_empty() {
            filer.npi.clone_from(&made.requesting_npi);
        }
        return filer;
    }
    if filer.role() == pb::AppealRole::Unspecified {
        filer.role = pb::AppealRole::Provider.into();
    }
    let billed = contested.claim.billed.as_ref();
    if let Some(billing) = billed.and_then(|billed| billed.billing_provider())
        && filer.role() == pb::AppealRole::Provider
    {
        if filer.name.is_empty() {
            filer.name.clone_from(&billing.name.clone().unwrap_or_default().last);
        }
        if filer.npi.is_empty() {
            filer.npi.clone_from(&billing.npi);
        }
    }
    filer
}

/// The level that is asked for, or the next one.
fn chosen(
    asked: &Asked<'_>,
    contested: &Contested<'_>,
    appeal: &pb::Appeal,
    before: &[Held],
) -> Result<&'static Level, Failure> {
    if let Some(level) = appeals::level(&asked.request.level) {
        return Ok(level);
    }
    let role = appeal.filer.as_ref().map(pb::AppealFiler::role).unwrap_or_default();
    let regime = contested.regime(role);
    let counts = |held: &&Held| {
        let other = held.appeal();
        let state = other.state();
        level_of(held).is_some_and(|level| level.regime == regime)
            && other.overpayment == appeal.overpayment
            && shares_lines(&other, appeal)
            && !matches!(state, pb::AppealState::Refused | pb::AppealState::Withdrawn)
    };
    let last = before.iter().rev().find(counts);
    let done = last.filter(|held| {
        let other = held.appeal();
        other.late || matches!(other.state(), pb::AppealState::Decided | pb::AppealState::Forwarded)
    });
    let level = match (done, last) {
        (Some(held), _) => {
            let level = level_of(held);
            if held.appeal().late {
                level.and_then(|level| appeals::late::consequence(&contested.terms, level).next).or(level)
            } else {
                contested.terms.next(regime, level).or(level)
            }
        }
        (None, Some(held)) => level_of(held),
        (None, None) => contested.terms.next(regime, None),
    };
    level.ok_or_else(|| Failure::field("level", "no level is open: name one"))
}

/// The date of the notice that the filer answers: of the appeal below, or of the first decision. One that came because nobody decided in
/// time answers no notice.
fn noticed(
    contested: &Contested<'_>,
    appeal: &pb::Appeal,
    before: &[Held],
    level: &'static Level,
    today: Date,
) -> Option<Date> {
    let below = before.iter().rev().find(|held| {
        let other = held.appeal();
        level_of(held).is_some_and(|of| of.regime == level.regime && of.number < level.number)
            && other.overpayment == appeal.overpayment
            && shares_lines(&other, appeal)
            && (other.late || other.decision.is_some())
    });
    if let Some(below) = below.map(Held::appeal) {
        let decided = below.decision.as_ref().and_then(|decision| parse_iso(&decision.decided_date));
        return decided.or(below.late.then_some(today));
    }
    if appeal.overpayment {
        return contested.demand().and_then(|demand| parse_iso(&demand.date));
    }
    contested.told
}

/// Whether an appeal is the one below another.
fn precedes(other: &Held, held: &Held) -> bool {
    let (of, level) = (level_of(other), level_of(held));
    let (one, two) = (other.appeal(), held.appeal());
    of.zip(level).is_some_and(|(of, level)| of.regime == level.regime && of.number < level.number)
        && one.overpayment == two.overpayment
        && shares_lines(&one, &two)
        && !matches!(one.state(), pb::AppealState::Refused | pb::AppealState::Withdrawn)
}

/// What is asked a second time: the lines are, or were, before the same level.
fn already(held: &Held, level: &'static Level, before: &[Held]) -> Option<pb::AppealAnswer> {
    let appeal = held.appeal();
    let same = before.iter().rev().map(Held::appeal).find(|other| {
        other.level.as_ref().is_some_and(|of| of.id == level.id)
            && other.overpayment == appeal.overpayment
            && shares_lines(other, &appeal)
            && matches!(other.state(), pb::AppealState::Open | pb::AppealState::Incomplete | pb::AppealState::Decided)
    })?;
    let name = super::effect::id(&same.name);
    let (why, right_path) = match same.state() {
        pb::AppealState::Decided => {
            let decided = same.decision.unwrap_or_default();
            let outcome = super::deciding::outcome_words(decided.outcome());
            (
                format!("{name} has put these lines before this level: {outcome} on {}.", decided.decided_date),
                "Appeal at the next level, within the days that the decision's letter tells.".to_owned(),
            )
        }
        _ => (
            format!("{name} has put these lines before this level, and is not decided."),
            format!("Add what is new to {name}, or withdraw it first."),
        ),
    };
    Some(pb::AppealAnswer {
        id: "already-filed".to_owned(),
        why,
        right_path,
        authority: vec![wire::appeals::citation(level.authority)],
        ..Default::default()
    })
}
