//! Letters and notices. Nothing of them is stored: each is a print of the records of its day, so that the same records give the same letter.

mod appeals;
mod authorizations;
mod benefits;
mod change;
mod demand;
mod denial;
mod history;
mod parts;
mod plan;
mod progress;
mod reasons;
mod records;
mod rights;
mod scene;

use super::claims::split_name;
use super::{Caller, Failure, Payer, Sandbox, State};
use crate::domain::dates::parse_iso;
use crate::letters;
use crate::proto::store::v1::AppealRecord;
use crate::proto::v1 as pb;
use crate::store::Key;
use crate::store::keys::{self, Lane, Matter};

/// Claims looked at in one read of a list.
const SLICE: usize = 50;

impl Payer {
    /// A letter by its name.
    pub fn letter(&self, caller: &Caller, name: &str) -> Result<pb::Letter, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, id) = split_name(name, "letters").ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let (_, about) = id.rsplit_once('-').and_then(|(rest, _)| rest.rsplit_once('-')).ok_or_else(unknown)?;
        if let Some((lane, number)) = Matter::AuthorizationRequest.parse(about) {
            let letters = self.letters_on_authorization(&state, parent, lane, number)?;
            return letters.into_iter().find(|letter| letter.name == name).ok_or_else(unknown);
        }
        let (lane, sequence) = self.claim_about(&state, about)?.ok_or_else(unknown)?;
        let history = self.decisions(&state, lane, sequence)?.ok_or_else(unknown)?;
        let planned = self.planned(&state, &history)?;
        let planned = planned.iter().find(|planned| planned.id == id).ok_or_else(unknown)?;
        self.written(&state, parent, planned)
    }

    /// A letter, printed.
    pub fn render_letter(
        &self,
        caller: &Caller,
        request: &pb::RenderLetterRequest,
    ) -> Result<pb::RenderLetterResponse, Failure> {
        let letter = self.letter(caller, &request.name)?;
        let (content, content_type) = match request.format() {
            pb::LetterFormat::Text => (letters::text(&letter), "text/plain; charset=utf-8"),
            pb::LetterFormat::Html | pb::LetterFormat::Unspecified => {
                (letters::html(&letter), "text/html; charset=utf-8")
            }
        };
        Ok(pb::RenderLetterResponse { content, content_type: content_type.to_owned() })
    }

    /// The letters that fit, without their bodies, behind the letter that a place names; at most so many.
    pub fn list_letters(
        &self,
        caller: &Caller,
        request: &pb::ListLettersRequest,
        after: &str,
        limit: usize,
    ) -> Result<Vec<pb::Letter>, Failure> {
        check(request)?;
        let sandbox = self.sandbox(caller, &request.parent)?;
        let (claim, id) = after.split_once('/').unwrap_or_default();
        let mut found = Vec::new();
        if !request.claim.is_empty() {
            let unknown = || Failure::Unknown(request.claim.clone());
            let number = split_name(&request.claim, "claims").filter(|(parent, _)| *parent == sandbox.name());
            let place = number.and_then(|(_, number)| keys::parse_control_number(number)).ok_or_else(unknown)?;
            found = self.heads(&sandbox, &sandbox.read(), place, request)?.ok_or_else(unknown)?;
            skip_through(&mut found, id);
        } else {
            // Letters about claims stand before those about authorizations, which name no claim.
            if after.is_empty() || !claim.is_empty() {
                found = self.heads_of_claims(caller, &sandbox, request, (claim, id), limit)?;
            }
            if found.len() < limit {
                let state = sandbox.read();
                let all = |letter: &pb::Letter| fits(letter, request);
                let mut further = self.letters_on_authorizations(&state, &sandbox.name(), all)?;
                if claim.is_empty() {
                    skip_through(&mut further, id);
                }
                found.extend(further.into_iter().map(|letter| pb::Letter { blocks: Vec::new(), ..letter }));
            }
        }
        found.truncate(limit);
        Ok(found)
    }

    /// The letters about claims that fit, behind a letter about a claim; so many at least, where there are.
    fn heads_of_claims(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        request: &pb::ListLettersRequest,
        (claim, id): (&str, &str),
        limit: usize,
    ) -> Result<Vec<pb::Letter>, Failure> {
        let member_id = self.billed_as(&sandbox.read(), &request.member_id)?;
        let filter = pb::ClaimFilter { member_id, ..Default::default() };
        let mut from = place_before(&sandbox.read(), claim);
        let mut found = Vec::new();
        loop {
            let (claims, next) = self.list_claims(caller, &request.parent, &filter, from, SLICE)?;
            let state = sandbox.read();
            for listed in &claims {
                let Some(place) = keys::parse_control_number(&listed.control_number) else { continue };
                let mut heads = self.heads(sandbox, &state, place, request)?.unwrap_or_default();
                if listed.control_number == claim {
                    skip_through(&mut heads, id);
                }
                found.extend(heads);
                if found.len() >= limit {
                    return Ok(found);
                }
            }
            match next {
                Some(next) => from = Some(next),
                None => return Ok(found),
            }
        }
    }

    /// The letters about a claim that fit, without their bodies; `None` where there is no such claim.
    fn heads(
        &self,
        sandbox: &Sandbox,
        state: &State,
        (lane, sequence): (Lane, u64),
        request: &pb::ListLettersRequest,
    ) -> Result<Option<Vec<pb::Letter>>, Failure> {
        let Some(history) = self.decisions(state, lane, sequence)? else { return Ok(None) };
        let planned = self.planned(state, &history)?;
        let heads = planned.iter().map(|planned| planned.head(&sandbox.name()));
        Ok(Some(heads.filter(|letter| fits(letter, request)).collect()))
    }

    /// The claim that a control number, or the id of an appeal or of a request for documents, leads to.
    fn claim_about(&self, state: &State, about: &str) -> Result<Option<(Lane, u64)>, Failure> {
        let store = self.store.as_ref();
        let claim = if let Some((lane, number)) = Matter::Appeal.parse(about) {
            let record: Option<AppealRecord> =
                super::records::get(store, state.space().matter(Matter::Appeal, lane, number))?;
            record.and_then(|record| record.appeal).map(|appeal| appeal.claim)
        } else if let Some((lane, number)) = Matter::DocumentRequest.parse(about) {
            let key = state.space().matter(Matter::DocumentRequest, lane, number);
            super::records::get::<pb::DocumentRequest>(store, key)?.map(|request| request.claim)
        } else {
            return Ok(keys::parse_control_number(about));
        };
        let number = claim.as_deref().and_then(|name| split_name(name, "claims")).map(|(_, number)| number);
        Ok(number.and_then(keys::parse_control_number))
    }

    /// The number by which claims for a member are billed: the subscriber's.
    fn billed_as(&self, state: &State, member_id: &str) -> Result<String, Failure> {
        if member_id.is_empty() {
            return Ok(String::new());
        }
        self.subscriber_of(state, &state.in_force, member_id, state.directory_version)
    }
}

/// The place of a letter in lists, to go on behind it.
pub fn place_of(letter: &pb::Letter) -> String {
    let claim = letter.re.as_ref().map_or("", |re| re.control_number.as_str());
    format!("{claim}/{}", letter.name.rsplit('/').next().unwrap_or_default())
}

/// Where claims are listed from, so that a claim comes again.
fn place_before(state: &State, claim: &str) -> Option<Key> {
    let (lane, sequence) = keys::parse_control_number(claim)?;
    Some(state.space().claim(lane, sequence.saturating_sub(1)))
}

fn fits(letter: &pb::Letter, request: &pb::ListLettersRequest) -> bool {
    let member = letter.re.as_ref().map_or("", |re| re.member_id.as_str());
    (request.kind() == pb::LetterKind::Unspecified || request.kind() == letter.kind())
        && (request.member_id.is_empty() || request.member_id == member)
        && (request.date_from.is_empty() || request.date_from <= letter.date)
        && (request.date_through.is_empty() || letter.date <= request.date_through)
}

/// Drops the letters through the one of an id.
fn skip_through(letters: &mut Vec<pb::Letter>, id: &str) {
    let end = format!("/{id}");
    if let Some(at) = letters.iter().position(|letter| !id.is_empty() && letter.name.ends_with(&end)) {
        letters.drain(..=at);
    }
}

fn check(request: &pb::ListLettersRequest) -> Result<(), Failure> {
    for (field, text) in [("date_from", &request.date_from), ("date_through", &request.date_through)] {
        if !text.is_empty() && parse_iso(text).is_none() {
            return Err(Failure::field(field, format!("{text:?} is no date: write YYYY-MM-DD")));
        }
    }
    Ok(())
}
