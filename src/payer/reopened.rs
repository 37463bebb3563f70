//! A decision of Original Medicare that is opened again at the request of the biller, with a changed claim. Part B takes no claim of frequency 7 or 8: clerical
//! errors, minor ones and omissions among them, are mended so (42 CFR 405.980(a)(3)).

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::claims::claim_place;
use super::entry::{Entry, attempts};
use super::intake::{self, Gate};
use super::reversal::Reversing;
use super::{Caller, Failure, Payer, Sandbox, State, records};
use crate::adjudication::ClaimFile;
use crate::domain::dates::{Date, parse_iso, plus_years};
use crate::proto::store::v1::{AppealRecord, ReversalRecord};
use crate::proto::v1::{self as pb, claim::Billed};
use crate::store::keys::{Lane, MAX_ID_BYTES, Matter};
use crate::wire;

/// Longest reason and longest good cause, in characters.
const MAX_REASON: usize = 200;
/// Years within which a party may ask for any reason, and for good cause (42 CFR 405.980(c)(1) and (2)).
const FOR_ANY_REASON: i16 = 1;
const FOR_GOOD_CAUSE: i16 = 4;

impl Payer {
    /// Opens a decision again, with what the claim should have said.
    pub fn reopen_claim(&self, caller: &Caller, request: &pb::ReopenClaimRequest) -> Result<pb::Claim, Failure> {
        let unknown = || Failure::Unknown(request.name.clone());
        let (parent, lane, sequence) = claim_place(&request.name).ok_or_else(unknown)?;
        check(request)?;
        let sandbox = self.sandbox(caller, parent)?;
        attempts(|| self.try_to_reopen(caller, &sandbox, (lane, sequence), request))
    }

    fn try_to_reopen(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        (lane, sequence): (Lane, u64),
        request: &pb::ReopenClaimRequest,
    ) -> Result<pb::Claim, Failure> {
        let state = sandbox.read();
        let hash = Bytes::from(Sha256::digest(request.encode_to_vec()).to_vec());
        let unknown = || Failure::Unknown(request.name.clone());
        let claim = self.claim_at(&state, lane, sequence)?.ok_or_else(unknown)?;
        if self.reversed_before(&state, &request.request_id, &hash)? {
            return Ok(claim);
        }
        let mut entry = Entry::open(self, caller, sandbox, &state, lane)?;
        self.stage_reopening(&mut entry, sandbox, (sequence, &claim), request, &hash)?;
        entry.answer(&request.request_id, sequence, hash);
        entry.commit()?;
        self.claim_at(&state, lane, sequence)?.ok_or_else(unknown)
    }

    /// What an opening would bring, with what is looked at; nothing is kept. `None` where it would be refused.
    pub(super) fn rehearse_reopening(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        state: &State,
        request: &pb::ReopenClaimRequest,
    ) -> Result<Option<(pb::Claim, ClaimFile)>, Failure> {
        let unknown = || Failure::Unknown(request.name.clone());
        let (_, lane, sequence) = claim_place(&request.name).ok_or_else(unknown)?;
        let claim = self.claim_at(state, lane, sequence)?.ok_or_else(unknown)?;
        let mut entry = Entry::open(self, caller, sandbox, state, lane)?;
        let mut as_it_is = entry.family.clone();
        let made = match self.stage_reopening(&mut entry, sandbox, (sequence, &claim), request, &Bytes::new()) {
            Ok(made) => made,
            Err(Failure::NotReopened { .. } | Failure::Violations { .. } | Failure::ClaimState { .. }) => {
                return Ok(None);
            }
            Err(failure) => return Err(failure),
        };
        let record = self.claim_record(state, lane, sequence)?.ok_or_else(unknown)?;
        let file = self.file_anew(state, &record, &mut as_it_is, &made, self.today(state))?;
        Ok(Some((pb::Claim { state: made.state, determination: made.correction, ..claim }, file)))
    }

    /// Stages an opening in an entry, where it is not refused.
    fn stage_reopening(
        &self,
        entry: &mut Entry<'_>,
        sandbox: &Sandbox,
        (sequence, claim): (u64, &pb::Claim),
        request: &pb::ReopenClaimRequest,
        hash: &Bytes,
    ) -> Result<ReversalRecord, Failure> {
        let (state, lane) = (entry.state, entry.lane);
        let refuse = |words: String| Failure::NotReopened { claim: claim.name.clone(), words };
        let Some(Billed::Professional(said)) = &claim.billed else {
            return Err(refuse(
                "an institutional bill is corrected by one whose type of bill ends in 7 or 8".to_owned(),
            ));
        };
        self.may_be_reopened(state, (lane, sequence), claim, request).map_err(|failure| match failure {
            Refusal::Words(words) => refuse(words),
            Refusal::Failure(failure) => failure,
        })?;
        let says_now = changed(said, request.professional.clone().unwrap_or_default())?;
        self.could_come_in(sandbox, state, &says_now)?;
        let reversing = Reversing {
            reason: format!("reopened: {}", request.reason),
            redecide: true,
            says_now: Some(says_now),
            request_hash: hash.clone(),
            request_id: request.request_id.clone(),
            ..Reversing::default()
        };
        self.reverse(entry, sequence, reversing)
    }

    /// Why a decision may not be opened again at a biller's request, whatever the changes; and where to turn.
    fn may_be_reopened(
        &self,
        state: &State,
        (lane, sequence): (Lane, u64),
        claim: &pb::Claim,
        request: &pb::ReopenClaimRequest,
    ) -> Result<(), Refusal> {
        let words = |words: &str| Err(Refusal::Words(words.to_owned()));
        let determination = claim.determination.clone().unwrap_or_default();
        let medicare = state.in_force.revision.plan(&determination.plan).is_some_and(|plan| plan.medicare);
        if claim.state() == pb::ClaimState::Rejected {
            return words("it was never taken in: mend it and send it as a new claim");
        }
        if !medicare {
            return words("only Original Medicare mends a professional claim so: send a replacement (frequency 7)");
        }
        if determination.rarcs.iter().any(|code| code == "MA130") {
            return words(
                "it could not be processed (MA130), which is no determination that could be opened (Medicare Claims Processing Manual, chapter 1, section 80.3): send a new claim (frequency 1)",
            );
        }
        if self.is_under_appeal(state, lane, sequence)? {
            return words(
                "it is under appeal, and nobody may reopen it until that is over (42 CFR 405.980(a)(4)): await or withdraw the appeal",
            );
        }
        let told = claim.reversals.iter().map(|reversal| &reversal.paid_by).find(|name| !name.is_empty());
        let told = self.remittance_in(state, told.unwrap_or(&claim.remittance))?;
        match told.and_then(|remittance| parse_iso(&remittance.paid_date)) {
            // What no remittance has told is refused where it would be reversed, with what to do first.
            None => Ok(()),
            Some(told) => in_time(told, self.today(state), &determination, &request.good_cause),
        }
    }

    fn is_under_appeal(&self, state: &State, lane: Lane, sequence: u64) -> Result<bool, Failure> {
        let appeals = records::all(self.store.as_ref(), &state.space().matters_of_family(Matter::Appeal, lane))?;
        for pair in &appeals {
            let record: AppealRecord = records::decode(pair)?;
            let open = record.appeal.as_ref().is_some_and(|appeal| appeal.state() == pb::AppealState::Open);
            if open && record.sequence == sequence {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The changed claim must be one that would be taken in.
    fn could_come_in(&self, sandbox: &Sandbox, state: &State, says_now: &pb::ProfessionalClaim) -> Result<(), Failure> {
        let billed = Billed::Professional(says_now.clone());
        let parsed = wire::claim(&billed).map_err(|violations| Failure::within("professional", violations))?;
        let gate = Gate { today: self.today(state), sandbox: sandbox.name(), x12: state.x12() };
        match intake::rejections(&billed, &parsed, &gate).into_iter().next() {
            Some(rejection) => Err(Failure::field(rejection.field, rejection.words)),
            None => Ok(()),
        }
    }
}

/// Why not: in words, or because the store failed.
enum Refusal {
    Words(String),
    Failure(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Refusal {
        Refusal::Failure(failure)
    }
}

/// A party may ask within a year for any reason, within four years for good cause, and at any time to mend a clerical error on which a determination that is
/// unfavorable, in whole or in part, was based (42 CFR 405.980(c)).
fn in_time(told: Date, today: Date, decided: &pb::Determination, good_cause: &str) -> Result<(), Refusal> {
    let unfavorable = decided.lines.iter().any(|line| line.denied);
    if today <= plus_years(told, FOR_ANY_REASON) || unfavorable {
        return Ok(());
    }
    let late = format!("it was told on {told}, more than a year ago, and nothing of it is denied");
    if today > plus_years(told, FOR_GOOD_CAUSE) {
        let words = format!("{late}; after four years it stays as it is (42 CFR 405.980(c)(2))");
        return Err(Refusal::Words(words));
    }
    if good_cause.trim().is_empty() {
        let words = format!(
            "{late}: within four years name good_cause, the new and material evidence or the obvious error (42 CFR 405.980(c)(2) and 405.986)"
        );
        return Err(Refusal::Words(words));
    }
    Ok(())
}

/// The changed claim, in the place of what was said; or the fields that no clerical error explains.
fn changed(said: &pb::ProfessionalClaim, now: pb::ProfessionalClaim) -> Result<pb::ProfessionalClaim, Failure> {
    let now = pb::ProfessionalClaim {
        frequency_code: said.frequency_code.clone(),
        original_control_number: said.original_control_number.clone(),
        ..now
    };
    let refuse = |field: &str, words: &str| Err(Failure::field(format!("professional.{field}"), words));
    if now.subscriber != said.subscriber || now.patient != said.patient {
        let field = if now.subscriber == said.subscriber { "patient" } else { "subscriber" };
        return refuse(
            field,
            "the claim was another person's: send a new claim for them; no clerical error changes whom it is for",
        );
    }
    if now.billing_provider != said.billing_provider || now.pay_to_address != said.pay_to_address {
        let field = if now.billing_provider == said.billing_provider { "pay_to_address" } else { "billing_provider" };
        return refuse(field, "who is paid is not changed so: ask that the claim be taken back, and send a new one");
    }
    if now.payer_id != said.payer_id || now.patient_control_number != said.patient_control_number {
        let field = if now.payer_id == said.payer_id { "patient_control_number" } else { "payer_id" };
        return refuse(field, "is what the claim is known by: leave it as it was");
    }
    if now.other_payers != said.other_payers {
        return refuse(
            "other_payers",
            "what another payer got wrong is no clerical error (42 CFR 405.980(c)(3)): have Medicare's records of other coverage mended, or ask for a redetermination",
        );
    }
    if now.lines.len() > said.lines.len() {
        let words = "a service that was not billed is no omission that is mended so (Medicare Claims Processing Manual, chapter 34, section 10.4): bill it on a new claim";
        return refuse(&format!("lines[{}]", said.lines.len()), words);
    }
    if now.lines.is_empty() {
        return refuse("lines", "nothing would be left: ask that the claim be taken back");
    }
    if now == *said {
        let words =
            "says what was billed: for another look at the same claim ask for a redetermination (42 CFR 405.940)";
        return Err(Failure::field("professional", words));
    }
    Ok(now)
}

fn check(request: &pb::ReopenClaimRequest) -> Result<(), Failure> {
    if request.professional.is_none() {
        return Err(Failure::field("professional", "is missing: the whole claim as it should have been"));
    }
    if request.reason.trim().is_empty() {
        return Err(Failure::field("reason", "is missing: say in a sentence what was wrong"));
    }
    for (field, text) in [("reason", &request.reason), ("good_cause", &request.good_cause)] {
        if text.chars().count() > MAX_REASON || text.chars().any(char::is_control) {
            return Err(Failure::field(field, format!("at most {MAX_REASON} visible characters")));
        }
    }
    if request.request_id.len() > MAX_ID_BYTES || request.request_id.chars().any(char::is_control) {
        return Err(Failure::field("request_id", format!("at most {MAX_ID_BYTES} visible characters")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    fn claim() -> pb::ProfessionalClaim {
        pb::ProfessionalClaim {
            patient_control_number: "V-1".to_owned(),
            lines: vec![pb::ServiceLine { procedure_code: "99213".to_owned(), ..Default::default() }],
            ..Default::default()
        }
    }

    #[test]
    fn what_is_no_clerical_error_is_refused_by_its_field() {
        let refused = |now: pb::ProfessionalClaim| match changed(&claim(), now) {
            Err(Failure::Violations { violations }) => violations[0].field.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(claim()), "professional");
        let another = Some(pb::Subscriber { member_id: "M2".to_owned(), ..Default::default() });
        assert_eq!(refused(pb::ProfessionalClaim { subscriber: another, ..claim() }), "professional.subscriber");
        let mut more = claim();
        more.lines.push(pb::ServiceLine::default());
        assert_eq!(refused(more), "professional.lines[1]");
        let mut mended = claim();
        mended.lines[0].modifiers.push("25".to_owned());
        assert_eq!(changed(&claim(), mended.clone()).unwrap(), mended);
    }

    #[test]
    fn a_year_for_any_reason_four_for_good_cause_and_no_end_where_a_line_was_denied() {
        let (told, mut decided) = (date(2024, 7, 1), pb::Determination::default());
        assert!(in_time(told, date(2025, 7, 1), &decided, "").is_ok());
        assert!(in_time(told, date(2025, 7, 2), &decided, "").is_err());
        assert!(in_time(told, date(2025, 7, 2), &decided, "the note was found").is_ok());
        assert!(in_time(told, date(2028, 7, 2), &decided, "the note was found").is_err());
        decided.lines.push(pb::LineDetermination { denied: true, ..Default::default() });
        assert!(in_time(told, date(2028, 7, 2), &decided, "").is_ok());
    }
}
