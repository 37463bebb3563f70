//! Asking for documents, and taking that back.

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::requests::Opening;
use super::{REQUESTS, claim_place, place, usual_due};
use crate::domain::codes::Code;
use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::domain::document::Wanted;
use crate::payer::entry::{Entry, attempts};
use crate::payer::{Caller, Failure, Payer, Sandbox, State, records};
use crate::proto::store::v1::RequestRecord;
use crate::proto::v1 as pb;
use crate::reference::loinc::is_loinc;
use crate::store::keys::{Lane, MAX_ID_BYTES, Matter};
use crate::wire;

/// Remarks that say what is missing.
const REMARKS: [&str; 6] = ["M127", "M30", "M31", "N26", "N40", "N706"];
/// Most documents of one request.
const MOST_WANTED: usize = 20;
/// Longest text, in characters.
const MAX_TEXT: usize = 250;

/// What is wanted, by LOINC codes and kinds, checked; the bad fields are told by their names.
pub(in crate::payer) fn wanted(loincs: &[String], kinds: &[String]) -> Result<Vec<pb::WantedDocument>, Failure> {
    if loincs.len() > MOST_WANTED || kinds.len() > MOST_WANTED {
        return Err(Failure::field("loincs", format!("at most {MOST_WANTED} of each")));
    }
    if let Some((at, code)) = loincs.iter().enumerate().find(|(_, code)| !is_loinc(code)) {
        let words = format!("{code:?} is no LOINC code: digits, a hyphen and the check digit, such as \"11504-8\"");
        return Err(Failure::field(format!("loincs[{at}]"), words));
    }
    let mut reports = Vec::new();
    for (at, kind) in kinds.iter().enumerate() {
        let words = || format!("{kind:?}: two characters, such as \"OB\" (PWK01)");
        reports.push(Code::parse(kind).ok_or_else(|| Failure::field(format!("report_types[{at}]"), words()))?);
    }
    Ok(wire::wants(loincs.to_vec(), reports).iter().map(|want: &Wanted| wire::documents::wanted(want)).collect())
}

impl Payer {
    /// Asks for documents of a claim.
    pub fn create_document_request(
        &self,
        caller: &Caller,
        request: &pb::CreateDocumentRequestRequest,
    ) -> Result<pb::DocumentRequest, Failure> {
        let unknown = || Failure::field("claim", format!("there is no claim {:?}", request.claim));
        let (parent, lane, sequence) = claim_place(&request.claim).ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, parent)?;
        attempts(|| self.try_to_ask(caller, &sandbox, (lane, sequence), request))
    }

    fn try_to_ask(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        (lane, sequence): (Lane, u64),
        request: &pb::CreateDocumentRequestRequest,
    ) -> Result<pb::DocumentRequest, Failure> {
        let state = sandbox.read();
        let hash = Bytes::from(Sha256::digest(request.encode_to_vec()).to_vec());
        if let Some(before) = self.documents_asked_before(&state, &request.request_id, &hash)? {
            return Ok(before);
        }
        let unknown = || Failure::field("claim", format!("there is no claim {:?}", request.claim));
        let claim = self.claim_at(&state, lane, sequence)?.ok_or_else(unknown)?;
        may_be_asked(&claim)?;
        let opening = self.opening(&state, &claim, request)?;
        let mut entry = Entry::open(self, caller, sandbox, &state, lane)?;
        let made = entry.draft().open_document_request(sequence, &claim, opening);
        if !request.request_id.is_empty() {
            let key = state.space().request(&request.request_id);
            let number = Matter::DocumentRequest.parse(super::id_of(&made.name)).map_or(0, |(_, number)| number);
            entry.expect(key.clone(), None);
            let used = RequestRecord { lane: lane.0, sequence: number, request_hash: hash };
            entry.write(key, Some(records::encode(&used)));
        }
        entry.commit()?;
        Ok(made)
    }

    pub(in crate::payer) fn opening(
        &self,
        state: &State,
        claim: &pb::Claim,
        request: &pb::CreateDocumentRequestRequest,
    ) -> Result<Opening, Failure> {
        let lines = claim.determination.as_ref().map_or(0, |d| d.lines.len());
        if usize::try_from(request.line).map_or(true, |line| line > lines) {
            return Err(Failure::field("line", format!("the claim has {lines} lines; 0 is the claim")));
        }
        let one_of = |field: &str, text: &str, known: &[&str]| match text.is_empty() || known.contains(&text) {
            true => Ok(()),
            false => Err(Failure::field(field, format!("{text:?}: one of {}", known.join(", ")))),
        };
        one_of("carc", &request.carc, if request.of_patient { &["227"] } else { &["226", "252"] })?;
        one_of("rarc", &request.rarc, if request.of_patient { &["N179"] } else { &REMARKS })?;
        for (field, text) in [("reason", &request.reason), ("requested_by", &request.requested_by)] {
            if text.chars().count() > MAX_TEXT || text.chars().any(char::is_control) {
                return Err(Failure::field(field, format!("at most {MAX_TEXT} visible characters")));
            }
        }
        if request.request_id.len() > MAX_ID_BYTES || request.request_id.chars().any(char::is_control) {
            return Err(Failure::field("request_id", format!("at most {MAX_ID_BYTES} visible characters")));
        }
        Ok(Opening {
            wants: wanted(&request.loincs, &request.report_types)?,
            line: request.line,
            of_patient: request.of_patient,
            due_date: due(state, self.today(state), request)?.to_string(),
            carc: request.carc.clone(),
            rarc: request.rarc.clone(),
            source: "request".to_owned(),
            reason: request.reason.clone(),
            requested_by: request.requested_by.clone(),
            ..Opening::default()
        })
    }

    fn documents_asked_before(
        &self,
        state: &State,
        id: &str,
        hash: &Bytes,
    ) -> Result<Option<pb::DocumentRequest>, Failure> {
        if id.is_empty() {
            return Ok(None);
        }
        let Some(before) = records::get::<RequestRecord>(self.store.as_ref(), state.space().request(id))? else {
            return Ok(None);
        };
        let key = state.space().matter(Matter::DocumentRequest, Lane(before.lane), before.sequence);
        let made: pb::DocumentRequest = records::get(self.store.as_ref(), key)?.unwrap_or_default();
        if before.request_hash == *hash {
            return Ok(Some(made));
        }
        Err(Failure::RequestIdReused { request_id: id.to_owned(), claim: made.name })
    }

    /// Takes a request back; a claim that waits for it is decided again without it.
    pub fn withdraw_document_request(
        &self,
        caller: &Caller,
        request: &pb::WithdrawDocumentRequestRequest,
    ) -> Result<pb::DocumentRequest, Failure> {
        let (parent, lane, number) = place(&request.name, REQUESTS, Matter::DocumentRequest)?;
        if request.reason.trim().is_empty() || request.reason.chars().count() > MAX_TEXT {
            return Err(Failure::field("reason", format!("say in a sentence why, in at most {MAX_TEXT} characters")));
        }
        let sandbox = self.sandbox(caller, &parent)?;
        attempts(|| {
            let state = sandbox.read();
            let mut entry = Entry::open(self, caller, &sandbox, &state, lane)?;
            let key = state.space().matter(Matter::DocumentRequest, lane, number);
            let unknown = || Failure::Unknown(request.name.clone());
            let mut found: pb::DocumentRequest = records::get(self.store.as_ref(), key)?.ok_or_else(unknown)?;
            if found.state() != pb::DocumentRequestState::Open {
                return Err(Failure::field(
                    "name",
                    format!("it is closed since {}: {}", found.closed_date, found.words),
                ));
            }
            let withdrawn = pb::DocumentRequestState::Withdrawn;
            entry.draft().close_document_request(number, &mut found, withdrawn, &request.reason);
            let claim = claim_place(&found.claim).map(|(_, lane, sequence)| self.claim_at(&state, lane, sequence));
            let waits = claim.transpose()?.flatten().is_some_and(|claim| claim.state() == pb::ClaimState::Pended);
            if waits && found.appeal.is_empty() {
                self.decide_on_documents(&mut entry, &found.claim, request.reason.clone())?;
            }
            entry.commit()?;
            Ok(found)
        })
    }
}

/// Documents are asked for of a claim that waits, or whose decision a remittance has told: else what comes could change nothing.
fn may_be_asked(claim: &pb::Claim) -> Result<(), Failure> {
    let words = match claim.state() {
        pb::ClaimState::Pended => return Ok(()),
        pb::ClaimState::Allowed | pb::ClaimState::Denied if !claim.remittance.is_empty() => return Ok(()),
        pb::ClaimState::Allowed | pb::ClaimState::Denied => {
            format!(
                "it is decided and not paid yet: it falls due on {}; turn the clock or run payments first",
                claim.due_date
            )
        }
        pb::ClaimState::Rejected => "it was never taken in".to_owned(),
        _ => "it is closed: ask for documents of the claim that took its place".to_owned(),
    };
    Err(Failure::field("claim", words))
}

/// The last day on which it may come.
fn due(state: &State, today: Date, request: &pb::CreateDocumentRequestRequest) -> Result<Date, Failure> {
    match (request.due_date.as_str(), request.days) {
        ("", 0) => Ok(usual_due(state, today)),
        ("", days) if days > 0 => Ok(plus_days(today, days)),
        ("", days) => Err(Failure::field("days", format!("{days} is negative"))),
        (text, 0) => match parse_iso(text) {
            None => Err(Failure::field("due_date", format!("{text:?} is no date: write YYYY-MM-DD"))),
            Some(due) if due < today => Err(Failure::field("due_date", format!("{due} is over: today is {today}"))),
            Some(due) => Ok(due),
        },
        _ => Err(Failure::field("days", "either a due date or days")),
    }
}
